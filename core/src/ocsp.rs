//! OCSP (RFC 6960): [`OcspResponse`] is read, and [`request`] asks for one.
//!
//! Nothing is judged here: who may answer, and about whom, is the `revocation` room's question.
//! What was signed stays a slice of the input.
//!
//! It refuses: BER outside, response types other than `id-pkix-ocsp-basic`, extensions that stand
//! twice or that decide something and cannot be read.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm, sha256};
use crate::der::{Class, Oid, Reader, Tag, Tlv, oid, write};
use crate::error::{Error, ErrorKind};
use crate::time::Time;
use crate::x509::{Certificate, CrlReason, Name};

/// An OCSP response. Cloning shares it.
///
/// ```text
/// OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED,
///   responseBytes [0] EXPLICIT SEQUENCE { responseType OBJECT IDENTIFIER,
///     response OCTET STRING (BasicOCSPResponse) } OPTIONAL }
/// BasicOCSPResponse ::= SEQUENCE { tbsResponseData ResponseData,
///   signatureAlgorithm AlgorithmIdentifier, signature BIT STRING,
///   certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
/// ResponseData ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT v1,
///   responderID CHOICE { byName [1] Name, byKey [2] OCTET STRING },
///   producedAt GeneralizedTime, responses SEQUENCE OF SingleResponse,
///   responseExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
#[derive(Clone)]
pub struct OcspResponse(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    sha256: [u8; 32],
    status: u64,
    basic: Basic,
}

/// What an answer holds; empty where there was none.
struct Basic {
    tbs: Range<usize>,
    signature_algorithm: Option<SignatureAlgorithm>,
    signature: Range<usize>,
    responder: ResponderId,
    produced_at: Time,
    certificates: Vec<Certificate>,
    nonce: Option<Vec<u8>>,
    unhandled_critical: Vec<String>,
    responses: Vec<SingleResponse>,
}

/// Who answered (§4.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponderId {
    /// The subject of its certificate.
    Name(Name),
    /// SHA-1 of its key: of the BIT STRING's content, tag, length and unused bits left out.
    KeyHash(Vec<u8>),
}

/// One answer about one certificate (§4.2.1).
///
/// ```text
/// SingleResponse ::= SEQUENCE { certID CertID, certStatus CertStatus,
///   thisUpdate GeneralizedTime, nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL,
///   singleExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SingleResponse {
    /// About which certificate.
    pub cert_id: CertId,
    /// What is said.
    pub status: CertStatus,
    /// From when it holds.
    pub this_update: Time,
    /// When the next answer is due at the latest.
    pub next_update: Option<Time>,
    /// archiveCutoff (§4.4.4): certificates that expired since this time are still spoken about.
    pub archive_cutoff: Option<Time>,
    /// certHash (Common PKI part 4 §3.1.2): the hash of the very certificate.
    pub cert_hash: Option<(DigestAlgorithm, Vec<u8>)>,
    /// Critical extensions that are not known or could not be read.
    pub unhandled_critical: Vec<String>,
}

/// Names a certificate by hashes of its issuer and by its serial number.
///
/// ```text
/// CertID ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING,
///   issuerKeyHash OCTET STRING, serialNumber INTEGER }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertId {
    /// The hash; nothing where it is not one of ours.
    pub digest: Option<DigestAlgorithm>,
    /// Hash of the issuer's name in DER.
    pub issuer_name_hash: Vec<u8>,
    /// Hash of the issuer's key, as in [`ResponderId::KeyHash`].
    pub issuer_key_hash: Vec<u8>,
    /// The serial number: the INTEGER's octets as they stand.
    pub serial: Vec<u8>,
}

/// What is said of a certificate (§2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        at: Time,
        /// Why, where that is said.
        reason: Option<CrlReason>,
    },
    /// Not known to the responder.
    Unknown,
}

/// A request for the status of one certificate (§4.1), with the nonce of RFC 9654 where one is
/// given. The hash is SHA-1, which responders of the field answer to (RFC 5019 §2.1.1); it only
/// names the issuer.
pub fn request(certificate: &Certificate, issuer: &Certificate, nonce: Option<&[u8]>) -> Vec<u8> {
    let hash =
        |octets: &[u8]| write::octet_string(Digest::of(DigestAlgorithm::Sha1, octets).as_bytes());
    let id = write::sequence(&[
        write::sequence(&[write::oid(&SHA1), write::null()]),
        hash(certificate.issuer().der()),
        hash(key_bits(issuer).unwrap_or_default()),
        write::tlv(INTEGER, certificate.serial()),
    ]);
    let mut fields = vec![write::sequence(&[write::sequence(&[id])])];
    if let Some(nonce) = nonce {
        let value = write::octet_string(&write::octet_string(nonce));
        let extension = write::sequence(&[write::oid(&NONCE), value]);
        fields.push(write::context(2, &[write::sequence(&[extension])]));
    }
    write::sequence(&[write::sequence(&fields)])
}

impl OcspResponse {
    /// From an `OCSPResponse`, or from a bare `BasicOCSPResponse` as RFC 5940 stores it in CMS.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let inner = read(der).map_err(|error| {
            let detail = format!("OCSP response: {}", error.detail());
            let renamed = Error::new(error.kind(), detail);
            match error.place() {
                Some(place) => renamed.at(place.clone()),
                None => renamed,
            }
        })?;
        Ok(Self(Arc::new(inner)))
    }

    /// The octets.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of all octets, which names the response.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// The octets that the responder signed.
    pub fn tbs(&self) -> &[u8] {
        self.0.der.get(self.0.basic.tbs.clone()).unwrap_or_default()
    }

    /// The algorithm it is signed with; nothing where it is not one of ours.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.basic.signature_algorithm
    }

    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        let span = self.0.basic.signature.clone();
        self.0.der.get(span).unwrap_or_default()
    }

    /// `OCSPResponseStatus`: 0 successful, 1 malformedRequest, 2 internalError, 3 tryLater,
    /// 5 sigRequired, 6 unauthorized. Where it is not 0 there are no answers.
    pub fn status(&self) -> u64 {
        self.0.status
    }

    /// Who answered.
    pub fn responder(&self) -> &ResponderId {
        &self.0.basic.responder
    }

    /// When it was signed.
    pub fn produced_at(&self) -> Time {
        self.0.basic.produced_at
    }

    /// The certificates that it carries.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.basic.certificates
    }

    /// The nonce of the request (§4.4.1).
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.basic.nonce.as_deref()
    }

    /// Critical extensions of the whole response that are not known.
    pub fn unhandled_critical(&self) -> &[String] {
        &self.0.basic.unhandled_critical
    }

    /// The answers, in their order.
    pub fn responses(&self) -> &[SingleResponse] {
        &self.0.basic.responses
    }
}

impl PartialEq for OcspResponse {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for OcspResponse {}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OcspResponse({:?}, {})",
            self.responder(),
            self.produced_at()
        )
    }
}

impl CertId {
    /// Whether it names this certificate of this issuer: name and key of the issuer hashed anew
    /// with its own hash. That the hash may be SHA-1 is no weakness here: the signature of the
    /// certificate binds it to the issuer.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let (Some(digest), Some(key)) = (self.digest, key_bits(issuer)) else {
            return false;
        };
        let is = |octets: &[u8], hash: &[u8]| Digest::of(digest, octets).as_bytes() == hash;
        // The two may spell the same name differently.
        self.serial == certificate.serial()
            && certificate.issuer() == issuer.subject()
            && (is(certificate.issuer().der(), &self.issuer_name_hash)
                || is(issuer.subject().der(), &self.issuer_name_hash))
            && is(key, &self.issuer_key_hash)
    }
}

impl ResponderId {
    /// Whether it names the holder of this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => certificate.subject() == name,
            Self::KeyHash(hash) => key_bits(certificate)
                .is_some_and(|key| Digest::of(DigestAlgorithm::Sha1, key).as_bytes() == hash),
        }
    }
}

/// The content of the BIT STRING of the certificate's SubjectPublicKeyInfo.
fn key_bits(certificate: &Certificate) -> Option<&[u8]> {
    let spki = certificate.public_key().spki_der();
    let whole = Reader::new(spki, DEPTH).expect(Tag::SEQUENCE).ok()?;
    let mut fields = whole.reader().ok()?;
    fields.expect(Tag::SEQUENCE).ok()?;
    fields.expect(Tag::BIT_STRING).ok()?.bit_string().ok()
}

fn read(der: &[u8]) -> Result<Inner, Error> {
    let mut file = Reader::new(der, DEPTH);
    let whole = strict(file.expect(Tag::SEQUENCE)?)?;
    file.finish()?;
    let mut fields = whole.reader()?;
    // A BasicOCSPResponse begins with a SEQUENCE, an OCSPResponse with its status.
    let (status, basic) = if fields.peek()? == Some(Tag::SEQUENCE) {
        (0, Basic::read(&whole, 0)?)
    } else {
        let status = fields.expect(Tag::ENUMERATED)?.small_unsigned()?;
        let bytes = fields.optional(Tag::context(0))?;
        fields.finish()?;
        let basic = match bytes {
            Some(bytes) if status == 0 => wrapped(&strict(bytes)?)?,
            None if status == 0 => return Err(malformed("success without an answer")),
            _ => Basic::none(),
        };
        (status, basic)
    };
    Ok(Inner {
        sha256: sha256(der),
        status,
        basic,
        der: der.to_vec(),
    })
}

/// The answer within `responseBytes`.
fn wrapped(explicit: &Tlv<'_>) -> Result<Basic, Error> {
    let mut explicit = explicit.reader()?;
    let mut bytes = strict(explicit.expect(Tag::SEQUENCE)?)?.reader()?;
    explicit.finish()?;
    if bytes.oid()? != BASIC {
        return Err(malformed("a type of response that is not basic"));
    }
    let octets = strict(bytes.expect(Tag::OCTET_STRING)?)?;
    bytes.finish()?;
    let header = octets.full().len().saturating_sub(octets.content().len());
    let mut inside = Reader::new(octets.content(), DEPTH);
    let whole = strict(inside.expect(Tag::SEQUENCE)?)?;
    inside.finish()?;
    Basic::read(&whole, octets.offset().saturating_add(header))
}

impl Basic {
    fn none() -> Self {
        Self {
            tbs: 0..0,
            signature_algorithm: None,
            signature: 0..0,
            responder: ResponderId::KeyHash(Vec::new()),
            produced_at: Time::from_unix(0),
            certificates: Vec::new(),
            nonce: None,
            unhandled_critical: Vec::new(),
            responses: Vec::new(),
        }
    }

    /// `shift`: where the octets that `whole` was read from begin in all octets.
    fn read(whole: &Tlv<'_>, shift: usize) -> Result<Self, Error> {
        let end = |tlv: &Tlv<'_>| {
            let behind = tlv.offset().saturating_add(tlv.full().len());
            behind.saturating_add(shift)
        };
        let mut outer = whole.reader()?;
        let tbs = strict(outer.expect(Tag::SEQUENCE)?)?;
        let algorithm = strict(outer.expect(Tag::SEQUENCE)?)?;
        let signature = strict(outer.expect(Tag::BIT_STRING)?)?;
        // A value that is not whole octets fits no key.
        let signature_length = match signature.content().split_first() {
            Some((0, value)) => value.len(),
            _ => 0,
        };
        let mut basic = Self::none();
        basic.tbs = end(&tbs).saturating_sub(tbs.full().len())..end(&tbs);
        basic.signature_algorithm = SignatureAlgorithm::from_identifier_der(algorithm.full()).ok();
        basic.signature = end(&signature).saturating_sub(signature_length)..end(&signature);
        if let Some(explicit) = outer.optional(Tag::context(0))? {
            let mut list = explicit.reader()?.expect(Tag::SEQUENCE)?.reader()?;
            while !list.is_empty() {
                let certificate = Certificate::from_der(list.expect(Tag::SEQUENCE)?.full())?;
                basic.certificates.push(certificate);
            }
        }
        outer.finish()?;
        basic.data(&mut tbs.reader()?)?;
        Ok(basic)
    }

    /// `ResponseData`.
    fn data(&mut self, fields: &mut Reader<'_>) -> Result<(), Error> {
        if let Some(version) = fields.optional(Tag::context(0))?
            && version.reader()?.tlv()?.small_unsigned()? != 0
        {
            return Err(malformed("version that does not exist"));
        }
        let responder = strict(fields.tlv()?)?;
        let mut inside = responder.reader()?;
        self.responder = match (responder.tag().class, responder.tag().number) {
            (Class::Context, 1) => {
                ResponderId::Name(Name::from_der(inside.expect(Tag::SEQUENCE)?.full())?)
            }
            (Class::Context, 2) => {
                ResponderId::KeyHash(inside.expect(Tag::OCTET_STRING)?.content().to_vec())
            }
            _ => return Err(malformed("responder")),
        };
        inside.finish()?;
        self.produced_at = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
        let mut answers = strict(fields.expect(Tag::SEQUENCE)?)?.reader()?;
        if let Some(explicit) = fields.optional(Tag::context(1))? {
            for extension in extensions(&explicit)? {
                let (identifier, is_critical, value) = extension;
                if identifier == NONCE {
                    // Some responders left the OCTET STRING around the nonce out.
                    let inner = Reader::new(value, DEPTH).expect(Tag::OCTET_STRING);
                    let nonce = inner.map(|nonce| nonce.content().to_vec());
                    self.nonce = Some(nonce.unwrap_or_else(|_| value.to_vec()));
                } else if is_critical {
                    self.unhandled_critical.push(identifier.to_string());
                }
            }
        }
        fields.finish()?;
        while !answers.is_empty() {
            let answer = strict(answers.expect(Tag::SEQUENCE)?)?;
            self.responses.push(single(&mut answer.reader()?)?);
        }
        Ok(())
    }
}

fn single(fields: &mut Reader<'_>) -> Result<SingleResponse, Error> {
    let mut id = strict(fields.expect(Tag::SEQUENCE)?)?.reader()?;
    let digest = id.expect(Tag::SEQUENCE)?.reader()?.oid()?;
    let cert_id = CertId {
        digest: DigestAlgorithm::from_oid(&digest.to_string()),
        issuer_name_hash: id.expect(Tag::OCTET_STRING)?.content().to_vec(),
        issuer_key_hash: id.expect(Tag::OCTET_STRING)?.content().to_vec(),
        serial: id.tlv()?.integer()?.to_vec(),
    };
    id.finish()?;
    let mut single = SingleResponse {
        cert_id,
        status: cert_status(&strict(fields.tlv()?)?)?,
        this_update: fields.expect(Tag::GENERALIZED_TIME)?.time()?,
        next_update: None,
        archive_cutoff: None,
        cert_hash: None,
        unhandled_critical: Vec::new(),
    };
    if let Some(explicit) = fields.optional(Tag::context(0))? {
        let mut inside = explicit.reader()?;
        single.next_update = Some(inside.expect(Tag::GENERALIZED_TIME)?.time()?);
        inside.finish()?;
    }
    if let Some(explicit) = fields.optional(Tag::context(1))? {
        for (identifier, is_critical, value) in extensions(&explicit)? {
            let is_known = match identifier {
                ARCHIVE_CUTOFF => {
                    single.archive_cutoff = Some(Reader::new(value, DEPTH).tlv()?.time()?);
                    true
                }
                CERT_HASH => {
                    single.cert_hash = cert_hash(value)?;
                    single.cert_hash.is_some()
                }
                _ => false,
            };
            if is_critical && !is_known {
                single.unhandled_critical.push(identifier.to_string());
            }
        }
    }
    fields.finish()?;
    Ok(single)
}

/// ```text
/// CertStatus ::= CHOICE { good [0] IMPLICIT NULL,
///   revoked [1] IMPLICIT SEQUENCE { revocationTime GeneralizedTime,
///     revocationReason [0] EXPLICIT CRLReason OPTIONAL },
///   unknown [2] IMPLICIT NULL }
/// ```
fn cert_status(status: &Tlv<'_>) -> Result<CertStatus, Error> {
    if status.tag().class != Class::Context {
        return Err(malformed("status of a certificate"));
    }
    match (status.tag().number, status.tag().constructed) {
        (0, false) => Ok(CertStatus::Good),
        (1, true) => {
            let mut fields = status.reader()?;
            let at = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
            let reason = match fields.optional(Tag::context(0))? {
                None => None,
                Some(explicit) => {
                    let number = explicit
                        .reader()?
                        .expect(Tag::ENUMERATED)?
                        .small_unsigned()?;
                    let reason = CrlReason::from_number(number);
                    Some(reason.ok_or_else(|| malformed("reason that does not exist"))?)
                }
            };
            fields.finish()?;
            Ok(CertStatus::Revoked { at, reason })
        }
        (2, false) => Ok(CertStatus::Unknown),
        _ => Err(malformed("status of a certificate")),
    }
}

/// `CertHash ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, certificateHash OCTET STRING }`;
/// nothing where the hash is not one of ours.
fn cert_hash(value: &[u8]) -> Result<Option<(DigestAlgorithm, Vec<u8>)>, Error> {
    let mut fields = Reader::new(value, DEPTH).expect(Tag::SEQUENCE)?.reader()?;
    let digest = fields.expect(Tag::SEQUENCE)?.reader()?.oid()?;
    let hash = fields.expect(Tag::OCTET_STRING)?.content().to_vec();
    fields.finish()?;
    let digest = DigestAlgorithm::from_oid(&digest.to_string());
    Ok(digest.map(|digest| (digest, hash)))
}

/// Identifier, whether it is critical, value.
type Extension<'a> = (Oid, bool, &'a [u8]);

/// The extensions under an explicit tag.
fn extensions<'a>(explicit: &Tlv<'a>) -> Result<Vec<Extension<'a>>, Error> {
    let mut outer = explicit.reader()?;
    let mut list = strict(outer.expect(Tag::SEQUENCE)?)?.reader()?;
    outer.finish()?;
    let mut extensions = Vec::new();
    let mut seen = HashSet::new();
    while !list.is_empty() {
        let mut fields = strict(list.expect(Tag::SEQUENCE)?)?.reader()?;
        let identifier = fields.oid()?;
        let is_critical = match fields.optional(Tag::BOOLEAN)? {
            Some(flag) => flag.boolean()?,
            None => false,
        };
        let value = strict(fields.expect(Tag::OCTET_STRING)?)?.content();
        fields.finish()?;
        if !seen.insert(identifier) {
            return Err(malformed("extension that stands twice"));
        }
        extensions.push((identifier, is_critical, value));
    }
    Ok(extensions)
}

/// A value in DER: not of indefinite length, its length in no more octets than needed.
fn strict(value: Tlv<'_>) -> Result<Tlv<'_>, Error> {
    if value.is_ber() {
        return Err(malformed("BER where DER is due"));
    }
    Ok(value)
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

/// Responses nest a dozen levels; the certificates in them are read for themselves.
const DEPTH: usize = 32;
const INTEGER: u8 = 0x02;

const BASIC: Oid = oid!("1.3.6.1.5.5.7.48.1.1");
const NONCE: Oid = oid!("1.3.6.1.5.5.7.48.1.2");
const ARCHIVE_CUTOFF: Oid = oid!("1.3.6.1.5.5.7.48.1.6");
const CERT_HASH: Oid = oid!("1.3.36.8.3.13");
const SHA1: Oid = oid!("1.3.14.3.2.26");

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures::{self, Workshop};

    fn published(name: &str) -> Option<Vec<u8>> {
        let text = fixtures::data(&format!("corpus/x509/ocsp/{name}.ors"))?;
        let base64: Vec<u8> = text
            .into_iter()
            .filter(|o| !o.is_ascii_whitespace())
            .collect();
        Some(base64_simd::STANDARD.decode_to_vec(&base64).unwrap())
    }

    fn certificate(name: &str) -> Certificate {
        let pem = fixtures::data(&format!("corpus/x509/ocsp/{name}.pem")).unwrap();
        Certificate::many_from_pem_or_der(&pem).unwrap().remove(0)
    }

    #[test]
    fn a_published_response_is_read_and_names_its_certificate() {
        let Some(der) = published("D3") else {
            return;
        };
        let response = OcspResponse::from_der(&der).unwrap();
        let (leaf, issuer) = (certificate("D3_Cert_EE"), certificate("D3_Issuer_Root"));
        assert_eq!(response.status(), 0);
        let [single] = response.responses() else {
            panic!("one answer")
        };
        assert!(single.cert_id.names(&leaf, &issuer));
        assert!(!single.cert_id.names(&issuer, &issuer));
        assert_eq!(single.status, CertStatus::Good);
        assert_eq!(response.certificates().len(), 1);
        assert!(response.responder().names(&response.certificates()[0]));
        assert!(!response.responder().names(&leaf));
        assert_eq!(response.tbs()[0], 0x30);
        assert_eq!(response.signature().len(), 256);

        // The bare form, as CMS stores it.
        let start = der.windows(3).position(|w| w == [0x04, 0x82, 0x05]);
        if let Some(start) = start {
            let bare = OcspResponse::from_der(&der[start + 4..]).unwrap();
            assert_eq!(bare.tbs(), response.tbs());
            assert_eq!(bare.signature(), response.signature());
        }
    }

    #[test]
    fn a_response_without_success_has_no_answers() {
        let later = OcspResponse::from_der(&[0x30, 3, 0x0a, 1, 3]).unwrap();
        assert_eq!(later.status(), 3);
        assert!(later.responses().is_empty());
        assert!(OcspResponse::from_der(&[0x30, 3, 0x0a, 1, 0]).is_err());
    }

    #[test]
    fn openssl_reads_the_request_and_answers_it() {
        let (Some(_), Some(shop)) = (published("D3"), Workshop::open()) else {
            return;
        };
        let (leaf, issuer) = (certificate("D3_Cert_EE"), certificate("D3_Issuer_Root"));
        shop.write("plain", &request(&leaf, &issuer, None));
        shop.write("nonce", &request(&leaf, &issuer, Some(&[7; 32])));
        let pem = fixtures::data("corpus/x509/ocsp/D3_Cert_EE.pem").unwrap();
        shop.write("leaf.pem", &pem);
        let pem = fixtures::data("corpus/x509/ocsp/D3_Issuer_Root.pem").unwrap();
        shop.write("issuer.pem", &pem);
        shop.run("ocsp -issuer issuer.pem -cert leaf.pem -no_nonce -reqout theirs");
        assert_eq!(shop.read("plain"), shop.read("theirs"));
        shop.run("ocsp -reqin nonce -req_text -noverify");
    }

    #[test]
    fn a_response_cut_short_or_changed_anywhere_never_panics() {
        let Some(der) = published("ND1") else {
            return;
        };
        for length in 0..der.len() {
            assert!(OcspResponse::from_der(&der[..length]).is_err());
        }
        for position in 0..der.len() {
            let mut changed = der.clone();
            for octet in [0, 0x30, 0x80, 0xff] {
                changed[position] = octet;
                let _ = OcspResponse::from_der(&changed);
            }
        }
    }
}
