//! [`TrustStore`]: the anchors and helpers that the operator has loaded.

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::crypto::sha256;
use crate::error::{Error, ErrorKind};
use crate::time::Time;
use crate::trust::pins::{AuthorityRole, Pin, Purpose, Tree, pin_of, pins};
use crate::x509::{Certificate, Name};

/// Anchors of trust, and certificates of issuing authorities that help to reach them.
///
/// What a certificate is, its pin decides: a pinned root is an anchor with the purposes of its
/// pin, a pinned issuing authority a helper. A certificate that is not pinned is an anchor, because
/// the operator says so; also one of a signer, for paths of that certificate alone.
///
/// The national pins hold in every store, also in an empty one, for roots found in a document.
/// [`without`](Self::without) takes any of them out.
#[derive(Clone, Default)]
pub struct TrustStore {
    anchors: Vec<TrustAnchor>,
    helpers: Vec<Certificate>,
    known: HashSet<[u8; 32]>,
    refused: HashSet<[u8; 32]>,
    anchors_by_name: HashMap<Vec<u8>, Vec<usize>>,
    helpers_by_name: HashMap<Vec<u8>, Vec<usize>>,
}

/// A certificate that ends paths.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustAnchor {
    certificate: Certificate,
    pin: Option<&'static Pin>,
}

impl TrustStore {
    /// An empty store. Paths can still end in a national root that the document carries.
    pub fn new() -> Self {
        Self::default()
    }

    /// From certificates in DER, one to an item.
    pub fn from_der_many<I>(certificates: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let mut store = Self::new();
        for der in certificates {
            store.add(Certificate::from_der(der.as_ref())?)?;
        }
        Ok(store)
    }

    /// From the certificates of one PEM text.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        Self::from_bytes_many([pem])
    }

    /// From files, each PEM, DER or PKCS#7 (DER or BER).
    pub fn from_bytes_many<I>(files: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let mut store = Self::new();
        for file in files {
            for certificate in Certificate::many_from_pem_or_der(file.as_ref())? {
                store.add(certificate)?;
            }
        }
        Ok(store)
    }

    /// From the files of a folder: those that hold no certificate are passed over, as a folder of an
    /// operator has readme files and lists beside them. A list of what was taken out ([`removed`])
    /// is obeyed, for the national roots too.
    ///
    /// # Errors
    ///
    /// A certificate with something wrong in its form, or such a list: a store that is silently
    /// incomplete would change verdicts.
    pub fn from_files<I>(files: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item: AsRef<[u8]>>,
    {
        let mut store = Self::new();
        for file in files {
            if let Some(values) = removed(file.as_ref()) {
                store.refused.extend(values?);
                continue;
            }
            for certificate in Certificate::many_from_pem_or_der(file.as_ref()).unwrap_or_default()
            {
                store.add(certificate)?;
            }
        }
        Ok(store)
    }

    /// Adds a certificate; one that is there already is not added again. Refuses a certificate
    /// with something wrong in its form.
    pub fn add(&mut self, certificate: Certificate) -> Result<(), Error> {
        if let Some(fault) = certificate.faults().first() {
            return Err(Error::new(
                ErrorKind::Malformed,
                format!("certificate of {}: {fault}", certificate.subject()),
            ));
        }
        if !self.known.insert(certificate.sha256()) {
            return Ok(());
        }
        let name = certificate.subject().canonical().to_vec();
        let pin = pin_of(&certificate);
        if pin.is_some_and(|pin| pin.role != AuthorityRole::Root) {
            let position = self.helpers.len();
            self.helpers_by_name.entry(name).or_default().push(position);
            self.helpers.push(certificate);
        } else {
            let position = self.anchors.len();
            self.anchors_by_name.entry(name).or_default().push(position);
            self.anchors.push(TrustAnchor { certificate, pin });
        }
        Ok(())
    }

    /// No longer trusts the certificate with this SHA-256, loaded or pinned, whatever else says so.
    #[must_use]
    pub fn without(mut self, sha256: [u8; 32]) -> Self {
        self.refused.insert(sha256);
        self
    }

    /// The anchors loaded, in the order they came, those taken out included not.
    pub fn anchors(&self) -> impl Iterator<Item = &TrustAnchor> {
        self.anchors
            .iter()
            .filter(|anchor| !self.refuses(&anchor.certificate))
    }

    /// The certificates of issuing authorities loaded.
    pub fn helpers(&self) -> impl Iterator<Item = &Certificate> {
        self.helpers.iter().filter(|helper| !self.refuses(helper))
    }

    /// Nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.anchors().next().is_none() && self.helpers().next().is_none()
    }

    /// How many certificates are loaded, anchors and issuing authorities together.
    pub fn len(&self) -> usize {
        self.anchors().count() + self.helpers().count()
    }

    /// SHA-256 over the sorted SHA-256 values of all that is loaded, and of what was taken out:
    /// what a report names the store by.
    pub fn fingerprint(&self) -> [u8; 32] {
        fingerprint_of(&self.loaded(), &self.taken_out())
    }

    /// The anchor that is exactly this certificate: loaded, or a national root by its pin.
    pub fn anchor_of(&self, certificate: &Certificate) -> Option<TrustAnchor> {
        if self.refuses(certificate) {
            return None;
        }
        let mut loaded = self.anchors_named(certificate.subject());
        if let Some(anchor) = loaded.find(|anchor| anchor.certificate == *certificate) {
            return Some(anchor.clone());
        }
        let pin = pin_of(certificate).filter(|pin| pin.role == AuthorityRole::Root)?;
        Some(TrustAnchor {
            certificate: certificate.clone(),
            pin: Some(pin),
        })
    }

    /// The anchors of this name.
    pub(crate) fn anchors_named(&self, name: &Name) -> impl Iterator<Item = &TrustAnchor> {
        let positions = self.anchors_by_name.get(name.canonical());
        positions
            .into_iter()
            .flatten()
            .filter_map(|position| self.anchors.get(*position))
            .filter(|anchor| !self.refuses(&anchor.certificate))
    }

    /// The helpers of this name.
    pub(crate) fn helpers_named(&self, name: &Name) -> impl Iterator<Item = &Certificate> {
        let positions = self.helpers_by_name.get(name.canonical());
        positions
            .into_iter()
            .flatten()
            .filter_map(|position| self.helpers.get(*position))
            .filter(|helper| !self.refuses(helper))
    }

    /// SHA-256 of every certificate loaded, in order, those taken out included.
    pub fn loaded(&self) -> Vec<[u8; 32]> {
        sorted(&self.known)
    }

    /// SHA-256 of what was taken out, in order.
    pub fn taken_out(&self) -> Vec<[u8; 32]> {
        sorted(&self.refused)
    }

    /// It is loaded, and was not taken out.
    pub(crate) fn holds(&self, certificate: &Certificate) -> bool {
        self.known.contains(&certificate.sha256()) && !self.refuses(certificate)
    }

    /// A certificate with this subject that was taken out: one that is still loaded, or a national
    /// authority by the name of its pin.
    pub(crate) fn taken_out_named(&self, subject: &str, common_name: &str) -> Option<[u8; 32]> {
        if self.refused.is_empty() {
            return None;
        }
        let loaded = self.anchors.iter().map(TrustAnchor::certificate);
        let loaded = loaded.chain(&self.helpers);
        let pinned = pins().iter().filter(|pin| pin.name == common_name);
        loaded
            .filter(|certificate| certificate.subject().to_string() == subject)
            .map(Certificate::sha256)
            .chain(pinned.map(|pin| pin.sha256))
            .find(|sha256| self.refused.contains(sha256))
    }

    /// It was taken out.
    pub(crate) fn refuses(&self, certificate: &Certificate) -> bool {
        self.refused.contains(&certificate.sha256())
    }
}

/// What a file of a trust store says was taken out: a text that begins with the line [`REMOVED`],
/// then one SHA-256 in hexadecimal a line. `None` for any other file. A line that is none is
/// [`ErrorKind::Malformed`]: what is not read would be trusted again.
pub fn removed(file: &[u8]) -> Option<Result<Vec<[u8; 32]>, Error>> {
    let text = file.strip_prefix(REMOVED.as_bytes())?;
    let line = |line: &[u8]| {
        let mut octets = [0; 32];
        let text = std::str::from_utf8(line)
            .ok()
            .filter(|text| text.len() == 64)?;
        for (position, octet) in octets.iter_mut().enumerate() {
            let at = position.checked_mul(2)?;
            let digits = text.get(at..at.checked_add(2)?)?;
            *octet = u8::from_str_radix(digits, 16).ok()?;
        }
        Some(octets)
    };
    let lines = text.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii);
    let values: Option<Vec<[u8; 32]>> = lines.filter(|text| !text.is_empty()).map(line).collect();
    Some(values.ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            "the list of what the trust store no longer trusts",
        )
    }))
}

/// The first line of a list of what was taken out.
pub const REMOVED: &str = "kyso-trust-removed/1";

/// [`TrustStore::fingerprint`] of a store of which only these are known: SHA-256 values, in order.
pub(crate) fn fingerprint_of(loaded: &[[u8; 32]], taken_out: &[[u8; 32]]) -> [u8; 32] {
    let mut octets = loaded.concat();
    if !taken_out.is_empty() {
        octets.extend_from_slice(b"without");
        octets.extend(taken_out.concat());
    }
    sha256(&octets)
}

fn sorted(values: &HashSet<[u8; 32]>) -> Vec<[u8; 32]> {
    let mut values: Vec<_> = values.iter().copied().collect();
    values.sort_unstable();
    values
}

impl fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustStore")
            .field("anchors", &self.anchors)
            .field("helpers", &self.helpers)
            .finish_non_exhaustive()
    }
}

impl TrustAnchor {
    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Its tree.
    pub fn tree(&self) -> Tree {
        self.pin.map_or(Tree::Operator, |pin| pin.tree)
    }

    /// Its generation within a national tree.
    pub fn generation(&self) -> Option<&'static str> {
        self.pin.map(|pin| pin.generation)
    }

    /// What paths to it may be wanted for. The operator's own anchors serve every purpose.
    pub fn purposes(&self) -> &'static [Purpose] {
        self.pin.map_or(EVERY_PURPOSE, |pin| pin.purposes)
    }

    /// Begin of its trust, where that differs from the certificate's.
    pub fn trusted_from(&self) -> Option<Time> {
        self.pin.and_then(|pin| pin.trusted_from)
    }

    /// End of its trust, where that differs from the certificate's.
    pub fn trusted_until(&self) -> Option<Time> {
        self.pin.and_then(|pin| pin.trusted_until)
    }
}

impl fmt::Debug for TrustAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TrustAnchor({:?}, {})",
            self.tree(),
            self.certificate.subject()
        )
    }
}

const EVERY_PURPOSE: &[Purpose] = &[
    Purpose::DocumentSignature,
    Purpose::TimeStamp,
    Purpose::Attestation,
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::fixtures::{self, Workshop};

    fn national() -> Option<Vec<Vec<u8>>> {
        let files = [
            "vgca-g1-root",
            "vgca-g1-cp",
            "vgca-g1-btc",
            "vgca-g1-bca",
            "vgca-g1-dcs",
            "vgca-g1-bng",
            "vgca-g2-root",
            "vgca-g2-cp",
            "vgca-g2-dcs",
            "neac-g1-mic-national-root",
            "neac-g2-vietnam-national-root",
            "neac-g3-vietnam-national-root",
            "neac-2025-root-usbtoken",
            "neac-2025-root-remote-signing",
            "neac-2025-root-mobilepki",
            "neac-2025-root-tsa",
            "neac-2026-root-ema",
            "public-vnpt-ca-sha2-2024",
            "public-vnpt-ca-2009",
            "public-newtel-ca-2013",
            "public-bkavca-2015",
            "public-ca2-2015",
            "public-viettel-ca-2015",
            "public-fpt-ca-2015",
            "public-smartsign-2017",
            "public-safe-ca-2017",
        ];
        files
            .iter()
            .map(|file| fixtures::data(&format!("vn-pki/{file}.pem")))
            .collect()
    }

    #[test]
    fn every_certificate_of_the_national_trees_is_pinned_and_every_pin_has_its_certificate() {
        let Some(files) = national() else {
            return;
        };
        let store = TrustStore::from_bytes_many(&files).unwrap();
        assert_eq!(store.known.len(), pins().len());
        assert!(pins().iter().all(|pin| store.known.contains(&pin.sha256)));
        let loaded = store.anchors().map(TrustAnchor::certificate);
        for certificate in loaded.chain(store.helpers()) {
            let name = certificate.identity().common_name.unwrap();
            assert_eq!(pin_of(certificate).unwrap().name, name);
        }
        assert_eq!(store.anchors().count(), 10);
        assert!(
            store
                .anchors()
                .all(|anchor| anchor.certificate().is_self_issued())
        );
        assert_eq!(store.helpers().count(), 16);
        // The exception is for issuing authorities of before 2017 that are signed with SHA-1.
        let year_2017 = "2017-01-01T00:00:00Z".parse().unwrap();
        for helper in store.helpers() {
            let algorithm = helper.signature_algorithm().unwrap();
            let is_old = algorithm.digest() == Some(DigestAlgorithm::Sha1)
                && helper.not_before() < year_2017;
            assert_eq!(pin_of(helper).unwrap().allows_sha1, is_old, "{helper:?}");
        }
        let tsa = store
            .anchors()
            .find(|a| a.generation() == Some("2025 TSA"))
            .unwrap();
        assert_eq!(tsa.purposes(), [Purpose::TimeStamp]);
        assert!(tsa.certificate().extension("2.5.29.37").unwrap().0);
    }

    #[test]
    fn an_unpinned_certificate_of_the_operator_is_an_anchor_and_is_counted_once() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        shop.run(&format!(
            "req -x509 {curve} -keyout k -out c -subj /CN=A -days 30"
        ));
        let pem = shop.read("c");
        let store = TrustStore::from_bytes_many([&pem, &pem]).unwrap();
        let anchor = store.anchors().next().unwrap();
        assert_eq!(
            (anchor.tree(), anchor.purposes().len()),
            (Tree::Operator, 3)
        );
        assert_eq!(store.anchors().count(), 1);
        let sha256 = anchor.certificate().sha256();
        assert_ne!(store.fingerprint(), TrustStore::new().fingerprint());
        assert_eq!(
            store.fingerprint(),
            TrustStore::from_pem(&pem).unwrap().fingerprint()
        );
        let fewer = store.clone().without(sha256);
        assert!(fewer.is_empty() && !store.is_empty());
        assert_ne!(store.fingerprint(), fewer.fingerprint());
    }

    #[test]
    fn what_is_no_certificate_or_a_faulty_one_is_not_loaded() {
        let error = TrustStore::from_pem(b"not a certificate").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        let Some(files) = national() else {
            return;
        };
        let root = Certificate::many_from_pem_or_der(&files[0]).unwrap();
        let trailing = [root[0].der(), &[0]].concat();
        assert!(TrustStore::from_der_many([trailing]).is_err());
    }
}
