//! [`Evidence`]: what was found beside a signature that may help to judge it.
//!
//! Nothing in it is trusted. Certificates, CRLs and OCSP responses are kept once each, by SHA-256, with every place they
//! came from, and are found by subject without being walked through, so that a document stuffed
//! with thousands of certificates costs no more than a lean one.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::ocsp::OcspResponse;
use crate::x509::{Certificate, Crl, Name};

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
    /// An OCSP response that carries it.
    Response,
    /// The operator.
    Operator,
    /// An address that was asked.
    Online,
}

/// The pool of certificates, CRLs and OCSP responses seen.
#[derive(Clone, Debug)]
pub struct Evidence {
    entries: Vec<Entry>,
    by_sha256: HashMap<[u8; 32], usize>,
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    crls: Vec<(Crl, Vec<Origin>)>,
    ocsps: Vec<(OcspResponse, Vec<Origin>)>,
    limit: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    certificate: Certificate,
    origins: Vec<Origin>,
}

impl Evidence {
    /// An empty pool that takes [`Limits::evidence_items`] of each kind.
    pub fn new(limits: &Limits) -> Self {
        Self {
            entries: Vec::new(),
            by_sha256: HashMap::new(),
            by_subject: HashMap::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            limit: limits.evidence_items,
        }
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
        if position >= self.limit {
            return Err(Error::new(ErrorKind::TooLarge, "certificates of one file"));
        }
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
        let certificate = Certificate::from_der(der)?;
        self.add(certificate.clone(), origin)?;
        Ok(certificate)
    }

    /// Adds a revocation list. One that is there already only gains an origin.
    pub fn add_crl(&mut self, crl: Crl, origin: Origin) -> Result<(), Error> {
        let known = self
            .crls
            .iter_mut()
            .find(|(known, _)| known.sha256() == crl.sha256());
        if let Some((_, origins)) = known {
            if !origins.contains(&origin) {
                origins.push(origin);
            }
            return Ok(());
        }
        if self.crls.len() >= self.limit {
            return Err(Error::new(ErrorKind::TooLarge, "CRLs of one file"));
        }
        self.crls.push((crl, vec![origin]));
        Ok(())
    }

    /// Adds an OCSP response, and the certificates it carries. One that is there already only gains
    /// an origin.
    pub fn add_ocsp(&mut self, response: OcspResponse, origin: Origin) -> Result<(), Error> {
        let known = self
            .ocsps
            .iter_mut()
            .find(|(known, _)| known.sha256() == response.sha256());
        if let Some((_, origins)) = known {
            if !origins.contains(&origin) {
                origins.push(origin);
            }
            return Ok(());
        }
        if self.ocsps.len() >= self.limit {
            return Err(Error::new(ErrorKind::TooLarge, "OCSP responses of one file"));
        }
        for certificate in response.certificates() {
            self.add(certificate.clone(), Origin::Response)?;
        }
        self.ocsps.push((response, vec![origin]));
        Ok(())
    }

    /// Adds whatever some bytes are: certificates (PEM, DER, PKCS#7), revocation lists (PEM, DER),
    /// an OCSP response (DER, or its Base64). How many items were taken; none is
    /// [`ErrorKind::Malformed`].
    pub fn add_bytes(&mut self, bytes: &[u8], origin: Origin) -> Result<usize, Error> {
        let mut taken = 0_usize;
        if let Ok(certificates) = Certificate::many_from_pem_or_der(bytes) {
            for certificate in certificates {
                self.add(certificate, origin)?;
                taken = taken.saturating_add(1);
            }
        }
        if let Ok(crls) = Crl::many_from_pem_or_der(bytes) {
            for crl in crls {
                self.add_crl(crl, origin)?;
                taken = taken.saturating_add(1);
            }
        }
        if taken == 0 {
            let decoded = base64(bytes);
            let der = decoded.as_deref().unwrap_or(bytes);
            let response = OcspResponse::from_der(der).map_err(|_| {
                Error::new(
                    ErrorKind::Malformed,
                    "neither certificate, CRL nor OCSP response",
                )
            })?;
            self.add_ocsp(response, origin)?;
            taken = 1;
        }
        Ok(taken)
    }

    /// The revocation lists, each with where it came from, in the order they came.
    pub fn crls(&self) -> impl Iterator<Item = (&Crl, &[Origin])> {
        self.crls
            .iter()
            .map(|(crl, origins)| (crl, origins.as_slice()))
    }

    /// The OCSP responses, each with where it came from, in the order they came.
    pub fn ocsps(&self) -> impl Iterator<Item = (&OcspResponse, &[Origin])> {
        self.ocsps
            .iter()
            .map(|(response, origins)| (response, origins.as_slice()))
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

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The octets of a text that is nothing but Base64, as some authorities hand out their answers.
fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let clean: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    base64_simd::STANDARD.decode_to_vec(clean).ok()
}

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
}
