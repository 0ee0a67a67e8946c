//! [`Evidence`]: what was found beside a signature that may help to judge it.
//!
//! Nothing in it is trusted. Everything is kept once, by SHA-256, with every place it came from;
//! certificates are found by subject and revocation lists by issuer without being walked through,
//! so that a document stuffed with thousands of them costs no more than a lean one.

mod recorder;

use std::collections::HashMap;

use crate::crypto::{pem, sha256};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::ocsp::OcspResponse;
use crate::x509::{Certificate, Crl, Name};
pub(crate) use recorder::{Place as UsedPlace, Recorder, Used};

mod remembered;

pub(crate) use remembered::Remembered;

/// Certificates that a batch has read already, by the SHA-256 of their octets.
pub(crate) type ReadCertificates = Remembered<[u8; 32], Certificate>;

/// Where a piece of evidence came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The signature itself (CMS certificates, XAdES KeyInfo).
    Signature,
    /// A time-stamp token.
    TimeStamp,
    /// The document security store, or XAdES CertificateValues.
    Dss,
    /// The operator.
    Operator,
    /// What was fetched or given at an earlier time and kept.
    Cache,
    /// What was fetched for this call.
    Online,
    /// Another piece of revocation evidence: the certificates of an OCSP response.
    Revocation,
}

/// The pool of certificates and revocation evidence seen.
#[derive(Clone, Debug)]
pub struct Evidence {
    entries: Vec<Entry>,
    by_sha256: HashMap<[u8; 32], usize>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    crls: Kept<Crl>,
    crls_by_issuer: HashMap<Vec<u8>, Vec<usize>>,
    ocsps: Kept<OcspResponse>,
    limit: usize,
    read: Option<ReadCertificates>,
}

/// Things kept once each, with where they came from.
#[derive(Clone, Debug)]
struct Kept<T> {
    items: Vec<(T, Vec<Origin>)>,
    by_sha256: HashMap<[u8; 32], usize>,
}

impl<T> Kept<T> {
    fn new() -> Self {
        Self {
            items: Vec::new(),
            by_sha256: HashMap::new(),
        }
    }

    /// Notes the origin of what is there already; whether it is.
    fn note(&mut self, sha256: &[u8; 32], origin: Origin) -> bool {
        let known = self.by_sha256.get(sha256).copied();
        let Some((_, origins)) = known.and_then(|position| self.items.get_mut(position)) else {
            return false;
        };
        if !origins.contains(&origin) {
            origins.push(origin);
        }
        true
    }

    /// Keeps what is not there; its position.
    fn push(&mut self, item: T, sha256: [u8; 32], origin: Origin) -> usize {
        let position = self.items.len();
        self.by_sha256.insert(sha256, position);
        self.items.push((item, vec![origin]));
        position
    }

    fn origins(&self, sha256: &[u8; 32]) -> &[Origin] {
        let position = self.by_sha256.get(sha256);
        let item = position.and_then(|position| self.items.get(*position));
        item.map(|item| item.1.as_slice()).unwrap_or_default()
    }
}

#[derive(Clone, Debug)]
struct Entry {
    certificate: Certificate,
    origins: Vec<Origin>,
}

impl Evidence {
    /// An empty pool that takes [`Limits::evidence_items`] items of all kinds together.
    pub fn new(limits: &Limits) -> Self {
        Self {
            entries: Vec::new(),
            by_sha256: HashMap::new(),
            by_subject: HashMap::new(),
            crls: Kept::new(),
            crls_by_issuer: HashMap::new(),
            ocsps: Kept::new(),
            limit: limits.evidence_items,
            read: None,
        }
    }

    /// The same, that reads no certificate anew which its batch has read.
    pub(crate) fn remembering(mut self, read: Option<ReadCertificates>) -> Self {
        self.read = read;
        self
    }

    /// Adds a certificate. One that is there already only gains an origin. A full pool is
    /// [`ErrorKind::TooLarge`].
    pub fn add(&mut self, certificate: Certificate, origin: Origin) -> Result<(), Error> {
        let known = self.by_sha256.get(&certificate.sha256()).copied();
        if let Some(entry) = known.and_then(|position| self.entries.get_mut(position)) {
            if !entry.origins.contains(&origin) {
                entry.origins.push(origin);
            }
            return Ok(());
        }
        let position = self.entries.len();
        self.room()?;
        self.by_sha256.insert(certificate.sha256(), position);
        let subject = certificate.subject().canonical().to_vec();
        self.by_subject.entry(subject).or_default().push(position);
        self.entries.push(Entry {
            certificate,
            origins: vec![origin],
        });
        Ok(())
    }

    /// Reads a certificate in DER and adds it; octets that are none are an error and change
    /// nothing.
    pub fn add_der(&mut self, der: &[u8], origin: Origin) -> Result<Certificate, Error> {
        let name = sha256(der);
        let known = self
            .find(&name)
            .cloned()
            .or_else(|| self.read.as_ref()?.get(&name));
        let certificate = match known {
            Some(certificate) => certificate,
            None => {
                let certificate = Certificate::from_der(der)?;
                if let Some(read) = self
                    .read
                    .as_ref()
                    .filter(|_| der.len() <= remembered::SMALL)
                {
                    read.keep(name, certificate.clone());
                }
                certificate
            }
        };
        self.add(certificate.clone(), origin)?;
        Ok(certificate)
    }

    /// Adds a revocation list, as [`add`](Self::add) does a certificate.
    pub fn add_crl(&mut self, crl: Crl, origin: Origin) -> Result<(), Error> {
        let sha256 = crl.sha256();
        if self.crls.note(&sha256, origin) {
            return Ok(());
        }
        self.room()?;
        let issuer = crl.issuer().canonical().to_vec();
        let position = self.crls.push(crl, sha256, origin);
        self.crls_by_issuer
            .entry(issuer)
            .or_default()
            .push(position);
        Ok(())
    }

    /// Adds an OCSP response, as [`add`](Self::add) does a certificate, and the certificates that
    /// it carries as [`Origin::Revocation`].
    pub fn add_ocsp(&mut self, response: OcspResponse, origin: Origin) -> Result<(), Error> {
        let sha256 = response.sha256();
        if self.ocsps.note(&sha256, origin) {
            return Ok(());
        }
        self.room()?;
        self.ocsps.push(response.clone(), sha256, origin);
        for certificate in response.certificates() {
            self.add(certificate.clone(), Origin::Revocation)?;
        }
        Ok(())
    }

    /// Adds whatever these octets are: a certificate, a revocation list or an OCSP response in
    /// DER, PKCS#7 with the former two, PEM or bare base64 of any of these. Gives how many items were taken; octets that
    /// are none of it are an error.
    pub fn add_bytes(&mut self, bytes: &[u8], origin: Origin) -> Result<usize, Error> {
        if pem::looks_like_pem(bytes) {
            let blocks =
                pem::blocks(bytes).ok_or_else(|| Error::new(ErrorKind::Malformed, "PEM"))?;
            let mut taken = 0_usize;
            for (position, block) in blocks.iter().enumerate() {
                if !EVIDENCE_LABELS.contains(&block.label.as_str()) {
                    continue;
                }
                let place = Place::Part(format!("PEM block {}", position.saturating_add(1)));
                let added = self.add_octets(&block.octets, origin);
                taken = taken.saturating_add(added.map_err(|error| error.at(place))?);
            }
            if taken == 0 {
                return Err(nothing());
            }
            return Ok(taken);
        }
        match bare_base64(bytes) {
            Some(octets) => self.add_octets(&octets, origin),
            None => self.add_octets(bytes, origin),
        }
    }

    /// As [`add_bytes`](Self::add_bytes), of one item or one PKCS#7.
    fn add_octets(&mut self, octets: &[u8], origin: Origin) -> Result<usize, Error> {
        let certificates = Certificate::many_from_pem_or_der(octets).unwrap_or_default();
        let crls = Crl::many_from_pem_or_der(octets).unwrap_or_default();
        let taken = certificates.len().saturating_add(crls.len());
        for certificate in certificates {
            self.add(certificate, origin)?;
        }
        for crl in crls {
            self.add_crl(crl, origin)?;
        }
        if taken == 0 {
            let response = OcspResponse::from_der(octets).map_err(|_| nothing())?;
            self.add_ocsp(response, origin)?;
            return Ok(1);
        }
        Ok(taken)
    }

    fn room(&self) -> Result<(), Error> {
        let lists = self.crls.items.len();
        let items = self.entries.len().saturating_add(lists);
        if items.saturating_add(self.ocsps.items.len()) < self.limit {
            return Ok(());
        }
        Err(Error::new(ErrorKind::TooLarge, "evidence of one file"))
    }

    /// Every revocation list, in the order they came.
    pub fn crls(&self) -> impl Iterator<Item = &Crl> {
        self.crls.items.iter().map(|item| &item.0)
    }

    /// The revocation lists of this issuer.
    pub fn crls_by(&self, issuer: &Name) -> impl Iterator<Item = &Crl> {
        let positions = self.crls_by_issuer.get(issuer.canonical());
        positions
            .into_iter()
            .flatten()
            .filter_map(|position| self.crls.items.get(*position))
            .map(|item| &item.0)
    }

    /// Where the list or response with this SHA-256 came from; empty where it is not in the pool.
    pub fn status_origins(&self, sha256: &[u8; 32]) -> &[Origin] {
        match self.crls.origins(sha256) {
            [] => self.ocsps.origins(sha256),
            origins => origins,
        }
    }

    /// Every OCSP response, in the order they came.
    pub fn ocsps(&self) -> impl Iterator<Item = &OcspResponse> {
        self.ocsps.items.iter().map(|item| &item.0)
    }

    /// Every certificate, in the order they came.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.entries.iter().map(|entry| &entry.certificate)
    }

    /// Where this certificate came from; empty where it is not in the pool.
    pub fn origins(&self, certificate: &Certificate) -> &[Origin] {
        let position = self.by_sha256.get(&certificate.sha256());
        let entry = position.and_then(|position| self.entries.get(*position));
        entry
            .map(|entry| entry.origins.as_slice())
            .unwrap_or_default()
    }

    /// The certificate with this SHA-256.
    pub fn find(&self, sha256: &[u8; 32]) -> Option<&Certificate> {
        let entry = self.entries.get(*self.by_sha256.get(sha256)?)?;
        Some(&entry.certificate)
    }

    /// The certificates with this subject.
    pub fn named(&self, subject: &Name) -> impl Iterator<Item = &Certificate> {
        let positions = self.by_subject.get(subject.canonical());
        positions
            .into_iter()
            .flatten()
            .filter_map(|position| self.entries.get(*position))
            .map(|entry| &entry.certificate)
    }

    /// How many certificates there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// There is no certificate.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// What base64 without PEM around it stands for, as some responders' answers are kept.
fn bare_base64(bytes: &[u8]) -> Option<Vec<u8>> {
    // A SEQUENCE of more than 127 octets.
    bytes.trim_ascii_start().starts_with(b"MI").then_some(())?;
    let text: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    base64_simd::STANDARD.decode_to_vec(&text).ok()
}

fn nothing() -> Error {
    Error::new(
        ErrorKind::Malformed,
        "no certificate, revocation list or OCSP response in the file",
    )
}

const EVIDENCE_LABELS: [&str; 8] = [
    "CERTIFICATE",
    "X509 CERTIFICATE",
    "X509 CRL",
    "CRL",
    "PKCS7",
    "PKCS #7 SIGNED DATA",
    "CMS",
    "OCSP RESPONSE",
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures;

    #[test]
    fn a_certificate_is_kept_once_with_every_origin_and_found_by_its_subject() {
        let (Some(root), Some(issuing)) = (
            fixtures::data("vn-pki/vgca-g1-root.pem"),
            fixtures::data("vn-pki/vgca-g1-cp.pem"),
        ) else {
            return;
        };
        let read = |pem: &[u8]| Certificate::many_from_pem_or_der(pem).unwrap().remove(0);
        let (root, issuing) = (read(&root), read(&issuing));
        let limits = Limits {
            evidence_items: 1,
            ..Limits::default()
        };
        let mut evidence = Evidence::new(&limits);
        evidence.add_der(root.der(), Origin::TimeStamp).unwrap();
        evidence.add(root.clone(), Origin::Signature).unwrap();
        evidence.add(root.clone(), Origin::Signature).unwrap();
        assert_eq!(evidence.len(), 1);
        assert_eq!(
            evidence.origins(&root),
            [Origin::TimeStamp, Origin::Signature]
        );
        assert_eq!(evidence.named(issuing.issuer()).next(), Some(&root));
        let full = evidence.add(issuing.clone(), Origin::Dss).unwrap_err();
        assert_eq!(full.kind(), ErrorKind::TooLarge);
        assert!(evidence.find(&issuing.sha256()).is_none());
        assert!(evidence.add_der(b"", Origin::Dss).is_err());
    }

    #[test]
    fn a_revocation_list_is_found_by_its_issuer_whatever_it_came_in() {
        let (Some(der), Some(certificate)) = (
            fixtures::data("corpus/x509/pkits/GoodCACRL.crl"),
            fixtures::data("corpus/x509/pkits/GoodCACert.crt"),
        ) else {
            return;
        };
        let mut evidence = Evidence::new(&Limits::default());
        assert_eq!(evidence.add_bytes(&der, Origin::Online).unwrap(), 1);
        let base64 = base64_simd::STANDARD.encode_to_string(&der);
        let text = format!("-----BEGIN X509 CRL-----\n{base64}\n-----END X509 CRL-----\n");
        assert_eq!(
            evidence.add_bytes(text.as_bytes(), Origin::Cache).unwrap(),
            1
        );
        evidence.add_bytes(base64.as_bytes(), Origin::Dss).unwrap();
        assert_eq!(
            evidence.add_bytes(&certificate, Origin::Operator).unwrap(),
            1
        );
        let certificate = Certificate::from_der(&certificate).unwrap();
        let found: Vec<_> = evidence.crls_by(certificate.subject()).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(
            evidence.status_origins(&found[0].sha256()),
            [Origin::Online, Origin::Cache, Origin::Dss]
        );
        assert_eq!(evidence.crls_by(certificate.issuer()).count(), 0);
        assert_eq!((evidence.len(), evidence.crls().count()), (1, 1));
        assert!(evidence.add_bytes(b"text", Origin::Operator).is_err());
        assert!(evidence.add_bytes(b"MIIB", Origin::Operator).is_err());
    }
}
