//! Online certificate status: [`OcspResponse`] and what it says; requests (RFC 6960 §4).
//!
//! Nothing is judged: who signed the response and whether he may, `revocation` asks.

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::sync::Arc;

use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm, sha256};
use crate::cms::AlgorithmIdentifier;
use crate::der::{Reader, Tag, Tlv, oid, write};
use crate::error::{Error, ErrorKind};
use crate::time::Time;
use crate::x509::{Certificate, CrlReason, Name, extension};

/// An answer about the status of certificates. Cheap to clone.
#[derive(Clone, Debug)]
pub struct OcspResponse(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    der: Vec<u8>,
    sha256: [u8; 32],
    status: u64,
    tbs: Vec<u8>,
    responder: ResponderId,
    produced_at: Time,
    responses: Vec<SingleResponse>,
    nonce: Option<Vec<u8>>,
    unhandled_critical: Vec<String>,
    algorithm: Option<SignatureAlgorithm>,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponderId {
    /// By name.
    Name(Name),
    /// By the SHA-1 of the key's bits.
    KeyHash(Vec<u8>),
    /// Nobody: the response holds an error instead of an answer.
    Nobody,
}

impl ResponderId {
    /// Whether this certificate is the one meant.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.subject() == name,
            Self::KeyHash(hash) => {
                key_hash(certificate, DigestAlgorithm::Sha1).is_some_and(|own| own == *hash)
            }
            Self::Nobody => false,
        }
    }
}

/// What is said about one certificate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SingleResponse {
    /// Which certificate.
    pub cert_id: CertId,
    /// Its status.
    pub status: CertStatus,
    /// As of when.
    pub this_update: Time,
    /// By when a newer answer is to be had.
    pub next_update: Option<Time>,
    /// The responder keeps what it knows of certificates that ended after this time (§4.4.4).
    pub archive_cutoff: Option<Time>,
    /// A digest of the certificate itself (Common PKI certHash): the responder knows it.
    pub cert_hash: Option<(DigestAlgorithm, Vec<u8>)>,
    /// Critical extensions that are not understood.
    pub unhandled_critical: Vec<String>,
}

/// ```text
/// CertID ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING,
///   issuerKeyHash OCTET STRING, serialNumber CertificateSerialNumber }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertId {
    /// The digest both hashes are made with; `None`: not known here.
    pub digest: Option<DigestAlgorithm>,
    /// Digest of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// Digest of the issuer's key.
    pub issuer_key_hash: Vec<u8>,
    /// The serial number: the INTEGER's octets.
    pub serial: Vec<u8>,
}

impl CertId {
    /// Whether it is this certificate of this issuer: all three recomputed. SHA-1 is only a name
    /// here.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let Some(digest) = self.digest else {
            return false;
        };
        self.serial == certificate.serial()
            && Digest::of(digest, certificate.issuer().der()).as_bytes() == self.issuer_name_hash
            && key_hash(issuer, digest).is_some_and(|hash| hash == self.issuer_key_hash)
    }
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked, or on hold by the reason.
    Revoked {
        /// When.
        at: Time,
        /// Why, where told.
        reason: Option<CrlReason>,
    },
    /// The responder does not know it. Never good.
    Unknown,
}

impl OcspResponse {
    /// From an `OCSPResponse`, or from the `BasicOCSPResponse` alone that CMS holds (RFC 5940).
    ///
    /// ```text
    /// OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED,
    ///   responseBytes [0] EXPLICIT SEQUENCE { responseType OID, response OCTET STRING } OPTIONAL }
    /// BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING,
    ///   certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
    /// ```
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut file = Reader::new(der, DEPTH);
        let whole = file.expect(Tag::SEQUENCE)?;
        file.finish()?;
        let mut fields = whole.reader()?;
        if fields.peek()? != Some(Tag::ENUMERATED) {
            return basic(der, &whole, 0);
        }
        let status = fields.tlv()?.small_unsigned()?;
        let Some(explicit) = fields.optional(Tag::context(0))? else {
            fields.finish()?;
            if status == 0 {
                return Err(malformed("an OCSP response without an answer"));
            }
            return Ok(Self(Arc::new(Inner {
                der: der.to_vec(),
                sha256: sha256(der),
                status,
                tbs: Vec::new(),
                responder: ResponderId::Nobody,
                produced_at: Time::from_unix(0),
                responses: Vec::new(),
                nonce: None,
                unhandled_critical: Vec::new(),
                algorithm: None,
                signature: Vec::new(),
                certificates: Vec::new(),
            })));
        };
        fields.finish()?;
        let mut outside = explicit.reader()?;
        let mut bytes = outside.expect(Tag::SEQUENCE)?.reader()?;
        outside.finish()?;
        if bytes.oid()? != oid!("1.3.6.1.5.5.7.48.1.1") {
            return Err(malformed("an OCSP response of another type"));
        }
        let octets = bytes.expect(Tag::OCTET_STRING)?;
        bytes.finish()?;
        let mut inside = Reader::new(octets.content(), DEPTH);
        let response = inside.expect(Tag::SEQUENCE)?;
        inside.finish()?;
        basic(der, &response, status)
    }

    /// All octets.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of all octets, which names the response.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// The `OCSPResponseStatus`: 0 is an answer, anything else an error.
    pub fn status(&self) -> u64 {
        self.0.status
    }

    /// The octets that are signed.
    pub fn tbs(&self) -> &[u8] {
        &self.0.tbs
    }

    /// Who answers.
    pub fn responder(&self) -> &ResponderId {
        &self.0.responder
    }

    /// When the answer was signed.
    pub fn produced_at(&self) -> Time {
        self.0.produced_at
    }

    /// What is said, certificate by certificate.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.0.responses
    }

    /// The nonce of the request, where it is repeated.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.nonce.as_deref()
    }

    /// Critical extensions that are not understood.
    pub fn unhandled_critical(&self) -> &[String] {
        &self.0.unhandled_critical
    }

    /// With what it is signed; `None` where that is not known here.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.algorithm
    }

    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// The certificates it brings along: hints for the responder's.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }
}

/// ```text
/// ResponseData ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT v1, responderID CHOICE {
///     byName [1] Name, byKey [2] OCTET STRING },
///   producedAt GeneralizedTime, responses SEQUENCE OF SingleResponse,
///   responseExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
fn basic(der: &[u8], response: &Tlv<'_>, status: u64) -> Result<OcspResponse, Error> {
    let mut parts = response.reader()?;
    let tbs = parts.expect(Tag::SEQUENCE)?;
    let algorithm = parts.expect(Tag::SEQUENCE)?;
    let signature = parts.expect(Tag::BIT_STRING)?.bit_string()?.to_vec();
    let mut certificates = Vec::new();
    if let Some(explicit) = parts.optional(Tag::context(0))? {
        let mut outside = explicit.reader()?;
        let mut list = outside.expect(Tag::SEQUENCE)?.reader()?;
        outside.finish()?;
        while !list.is_empty() {
            let certificate = list.tlv()?;
            if certificates.len() >= MOST_CERTIFICATES {
                return Err(Error::new(ErrorKind::TooLarge, "certificates of an OCSP response"));
            }
            // One that cannot be read helps nobody; the answer may still be verified without it.
            certificates.extend(Certificate::from_der(certificate.full()).ok());
        }
    }
    parts.finish()?;
    let mut fields = tbs.reader()?;
    fields.optional(Tag::context(0))?;
    let id = fields.tlv()?;
    let responder = match id.tag() {
        tag if tag == Tag::context(1) => ResponderId::Name(Name::from_der(id.content())?),
        tag if tag == Tag::context(2) => {
            let mut inside = id.reader()?;
            let hash = inside.expect(Tag::OCTET_STRING)?.content().to_vec();
            inside.finish()?;
            ResponderId::KeyHash(hash)
        }
        _ => return Err(malformed("an OCSP responder's name")),
    };
    let produced_at = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
    let mut list = fields.expect(Tag::SEQUENCE)?.reader()?;
    let mut responses = Vec::new();
    while !list.is_empty() {
        if responses.len() >= MOST_RESPONSES {
            return Err(Error::new(ErrorKind::TooLarge, "answers of an OCSP response"));
        }
        responses.push(single(&list.expect(Tag::SEQUENCE)?)?);
    }
    let (mut nonce, mut unhandled_critical) = (None, Vec::new());
    if let Some(explicit) = fields.optional(Tag::context(1))? {
        each_extension(&explicit, |oid, critical, value| {
            match oid {
                "1.3.6.1.5.5.7.48.1.2" => {
                    // RFC 8954 wraps it in an OCTET STRING of its own; older writers did not.
                    let mut inside = Reader::new(value, DEPTH);
                    nonce = Some(match inside.expect(Tag::OCTET_STRING) {
                        Ok(octets) => octets.content().to_vec(),
                        Err(_) => value.to_vec(),
                    });
                }
                // Says what the whole response is, which the type has said already.
                "1.3.6.1.5.5.7.48.1.9" => {}
                _ if critical => unhandled_critical.push(oid.to_owned()),
                _ => {}
            }
            Ok(())
        })?;
    }
    fields.finish()?;
    Ok(OcspResponse(Arc::new(Inner {
        der: der.to_vec(),
        sha256: sha256(der),
        status,
        tbs: tbs.full().to_vec(),
        responder,
        produced_at,
        responses,
        nonce,
        unhandled_critical,
        algorithm: SignatureAlgorithm::from_identifier_der(algorithm.full()).ok(),
        signature,
        certificates,
    })))
}

/// ```text
/// SingleResponse ::= SEQUENCE { certID CertID, certStatus CHOICE { good [0] IMPLICIT NULL,
///     revoked [1] IMPLICIT SEQUENCE { revocationTime GeneralizedTime,
///       revocationReason [0] EXPLICIT ENUMERATED OPTIONAL }, unknown [2] IMPLICIT NULL },
///   thisUpdate GeneralizedTime, nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL,
///   singleExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
fn single(value: &Tlv<'_>) -> Result<SingleResponse, Error> {
    let mut fields = value.reader()?;
    let mut id = fields.expect(Tag::SEQUENCE)?.reader()?;
    let digest = AlgorithmIdentifier::read(&mut id)?.digest();
    let cert_id = CertId {
        digest,
        issuer_name_hash: id.expect(Tag::OCTET_STRING)?.content().to_vec(),
        issuer_key_hash: id.expect(Tag::OCTET_STRING)?.content().to_vec(),
        serial: id.expect(Tag::INTEGER)?.integer()?.to_vec(),
    };
    id.finish()?;
    let status = fields.tlv()?;
    let status = match status.tag() {
        tag if tag == Tag::context_primitive(0) => CertStatus::Good,
        tag if tag == Tag::context(1) => {
            let mut inside = status.reader()?;
            let at = inside.expect(Tag::GENERALIZED_TIME)?.time()?;
            let reason = match inside.optional(Tag::context(0))? {
                Some(explicit) => {
                    let mut code = explicit.reader()?;
                    let reason = code.expect(Tag::ENUMERATED)?.small_unsigned()?;
                    code.finish()?;
                    CrlReason::from_code(reason)
                }
                None => None,
            };
            inside.finish()?;
            CertStatus::Revoked { at, reason }
        }
        tag if tag == Tag::context_primitive(2) => CertStatus::Unknown,
        _ => return Err(malformed("an OCSP certificate status")),
    };
    let this_update = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
    let next_update = match fields.optional(Tag::context(0))? {
        Some(explicit) => {
            let mut inside = explicit.reader()?;
            let time = inside.expect(Tag::GENERALIZED_TIME)?.time()?;
            inside.finish()?;
            Some(time)
        }
        None => None,
    };
    let mut single = SingleResponse {
        cert_id,
        status,
        this_update,
        next_update,
        archive_cutoff: None,
        cert_hash: None,
        unhandled_critical: Vec::new(),
    };
    if let Some(explicit) = fields.optional(Tag::context(1))? {
        each_extension(&explicit, |oid, critical, value| {
            let mut inside = Reader::new(value, DEPTH);
            match oid {
                "1.3.6.1.5.5.7.48.1.6" => {
                    single.archive_cutoff = Some(inside.expect(Tag::GENERALIZED_TIME)?.time()?);
                }
                "1.3.36.8.3.13" => {
                    let mut hash = inside.expect(Tag::SEQUENCE)?.reader()?;
                    let digest = AlgorithmIdentifier::read(&mut hash)?.digest();
                    let octets = hash.expect(Tag::OCTET_STRING)?.content().to_vec();
                    match digest {
                        Some(digest) => single.cert_hash = Some((digest, octets)),
                        None if critical => single.unhandled_critical.push(oid.to_owned()),
                        None => {}
                    }
                }
                // What CRL entries may say too; none changes the status.
                "2.5.29.21" | "2.5.29.24" => {}
                _ if critical => single.unhandled_critical.push(oid.to_owned()),
                _ => {}
            }
            Ok(())
        })?;
    }
    fields.finish()?;
    Ok(single)
}

fn each_extension(
    explicit: &Tlv<'_>,
    mut take: impl FnMut(&str, bool, &[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut outside = explicit.reader()?;
    let mut list = outside.expect(Tag::SEQUENCE)?.reader()?;
    outside.finish()?;
    let mut count = 0_usize;
    while !list.is_empty() {
        count = count.saturating_add(1);
        if count > MOST_EXTENSIONS {
            return Err(Error::new(ErrorKind::TooLarge, "extensions of an OCSP response"));
        }
        let (oid, critical, value) = extension(&mut list)?;
        take(&oid, critical, value)?;
    }
    Ok(())
}

/// An `OCSPRequest` in DER about one certificate. The `CertID` is made with SHA-1, which is what
/// every responder takes (RFC 6960 §4.3, RFC 5019 §2.1.1); the nonce is the caller's, because the
/// core has no source of randomness.
///
/// ```text
/// OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE { requestList SEQUENCE OF SEQUENCE { CertID },
///   requestExtensions [2] EXPLICIT Extensions OPTIONAL } }
/// ```
pub fn request(
    certificate: &Certificate,
    issuer: &Certificate,
    nonce: Option<&[u8]>,
) -> Result<Vec<u8>, Error> {
    let digest = DigestAlgorithm::Sha1;
    let key = key_hash(issuer, digest).ok_or_else(|| malformed("the issuer's key"))?;
    let algorithm = write::sequence(&[write::oid(&digest.oid().parse()?), write::null()]);
    let id = write::sequence(&[
        algorithm,
        write::octet_string(Digest::of(digest, certificate.issuer().der()).as_bytes()),
        write::octet_string(&key),
        write::tlv(0x02, certificate.serial()),
    ]);
    let mut fields = vec![write::sequence(&[write::sequence(&[id])])];
    if let Some(nonce) = nonce {
        let extension = write::sequence(&[
            write::oid(&oid!("1.3.6.1.5.5.7.48.1.2")),
            write::octet_string(&write::octet_string(nonce)),
        ]);
        fields.push(write::context(2, &[write::sequence(&[extension])]));
    }
    Ok(write::sequence(&[write::sequence(&fields)]))
}

/// The digest of the key's bits: the BIT STRING's octets without tag, length and unused bits.
fn key_hash(certificate: &Certificate, digest: DigestAlgorithm) -> Option<Vec<u8>> {
    let mut outside = Reader::new(certificate.public_key().spki_der(), DEPTH);
    let mut fields = outside.expect(Tag::SEQUENCE).ok()?.reader().ok()?;
    fields.expect(Tag::SEQUENCE).ok()?;
    let key = fields.expect(Tag::BIT_STRING).ok()?.bit_string().ok()?;
    Some(Digest::of(digest, key).as_bytes().to_vec())
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

const DEPTH: usize = 24;
const MOST_CERTIFICATES: usize = 64;
const MOST_RESPONSES: usize = 1_024;
const MOST_EXTENSIONS: usize = 32;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::crypto::fixtures;

    #[test]
    fn a_real_response_names_its_certificate_and_damage_never_panics() {
        let (Some(text), Some(issuer), Some(leaf)) = (
            fixtures::data("corpus/x509/ocsp/ND1.ors"),
            fixtures::data("corpus/x509/ocsp/ND1_Issuer_ICA.pem"),
            fixtures::data("corpus/x509/ocsp/ND1_Cert_EE.pem"),
        ) else {
            return;
        };
        let der = if text.first() == Some(&0x30) {
            text
        } else {
            use base64_simd::STANDARD;
            let clean: Vec<u8> = text
                .into_iter()
                .filter(|octet| !octet.is_ascii_whitespace())
                .collect();
            STANDARD.decode_to_vec(clean).unwrap()
        };
        let read = |bytes: &[u8]| Certificate::many_from_pem_or_der(bytes).unwrap().remove(0);
        let (issuer, leaf) = (read(&issuer), read(&leaf));
        let response = OcspResponse::from_der(&der).unwrap();
        assert_eq!(response.status(), 0);
        assert_eq!(response.responses().len(), 1);
        assert!(response.responses()[0].cert_id.names(&leaf, &issuer));
        assert!(!response.responses()[0].cert_id.names(&leaf, &leaf));
        assert_eq!(response.responses()[0].status, CertStatus::Good);
        for end in 0..der.len() {
            assert!(OcspResponse::from_der(&der[..end]).is_err());
        }
        for position in 0..der.len() {
            let mut damaged = der.clone();
            damaged[position] ^= 0x41;
            let _ = OcspResponse::from_der(&damaged);
        }
        let asked = request(&leaf, &issuer, Some(&[1, 2, 3])).unwrap();
        assert_eq!(asked.first(), Some(&0x30));
    }
}
