//! Answers about the status of single certificates (RFC 6960), and the questions they answer.

use crate::asn1::{self, Reader};
use crate::crl::{RevocationReason, push_extra};
use crate::error::SandboxError;
use crate::facts::Facts;
use crate::hash::{Hash, Scheme};
use crate::issued::Issued;
use crate::recipe::ExtraExtension;

/// What is said about a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum OcspStatus {
    /// `good`: not revoked.
    Good,
    /// `revoked`, for good or on hold.
    Revoked {
        /// Since when, Unix time.
        at: i64,
        /// Why; `None` leaves it out.
        reason: Option<RevocationReason>,
    },
    /// `unknown`: the responder does not know it.
    Unknown,
}

/// Which certificate is meant: a `CertID` (RFC 6960 §4.1.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OcspCertId {
    der: Vec<u8>,
    serial: Vec<u8>,
}

impl OcspCertId {
    /// Names `certificate` by hashes of the name and key of `issuer`.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when one of them holds no certificate.
    pub fn new(hash: Hash, certificate: &Issued, issuer: &Issued) -> Result<Self, SandboxError> {
        let serial = Facts::of(&certificate.certificate_der)?.serial;
        Self::of_serial(hash, &serial, issuer)
    }

    /// The same for another serial number (its octets, most significant first).
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when `issuer` holds no certificate.
    pub fn of_serial(hash: Hash, serial: &[u8], issuer: &Issued) -> Result<Self, SandboxError> {
        let issuer = Facts::of(&issuer.certificate_der)?;
        let der = cert_id(hash, &issuer, serial)?;
        let serial = asn1::positive(serial);
        Ok(OcspCertId { der, serial })
    }

    /// The serial number's octets, most significant first.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Whether the certificate meant is one of `issuer`'s.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when `issuer` holds no certificate.
    pub fn is_of(&self, issuer: &Issued) -> Result<bool, SandboxError> {
        let facts = Facts::of(&issuer.certificate_der)?;
        for hash in Hash::ALL {
            let same = read_cert_id(&self.der).is_some_and(|id| {
                id.hash == Some(hash)
                    && id.name_hash == hash.of(&facts.subject)
                    && id.key_hash == hash.of(&facts.key)
            });
            if same {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// One certificate's status in an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct OcspSingle {
    /// Whose.
    pub id: OcspCertId,
    /// What is said.
    pub status: OcspStatus,
    /// `thisUpdate`, Unix time.
    pub this_update: i64,
    /// `nextUpdate`, Unix time; `None` leaves it out.
    pub next_update: Option<i64>,
    /// `id-pkix-ocsp-archive-cutoff`: answers reach back to then.
    pub archive_cutoff: Option<i64>,
    /// Further extensions of this status.
    pub extra: Vec<ExtraExtension>,
}

impl OcspSingle {
    /// A status without further extensions.
    pub fn new(id: OcspCertId, status: OcspStatus, this_update: i64, next_update: i64) -> Self {
        OcspSingle {
            id,
            status,
            this_update,
            next_update: Some(next_update),
            archive_cutoff: None,
            extra: Vec::new(),
        }
    }

    fn to_der(&self) -> Result<Vec<u8>, SandboxError> {
        let status = match self.status {
            OcspStatus::Good => asn1::context_primitive(0, &[]),
            OcspStatus::Revoked { at, reason } => {
                let mut fields = vec![asn1::generalized_time(at)?];
                if let Some(reason) = reason {
                    fields.push(asn1::context(0, &asn1::enumerated(reason.number())));
                }
                asn1::context(1, &fields.concat())
            }
            OcspStatus::Unknown => asn1::context_primitive(2, &[]),
        };
        let mut fields = vec![
            self.id.der.clone(),
            status,
            asn1::generalized_time(self.this_update)?,
        ];
        if let Some(next) = self.next_update {
            fields.push(asn1::context(0, &asn1::generalized_time(next)?));
        }
        let mut extensions = Vec::new();
        if let Some(since) = self.archive_cutoff {
            let value = asn1::generalized_time(since)?;
            extensions.push(asn1::extension(ARCHIVE_CUTOFF, false, &value)?);
        }
        push_extra(&mut extensions, &self.extra)?;
        if !extensions.is_empty() {
            fields.push(asn1::context(1, &asn1::sequence(&extensions)));
        }
        Ok(asn1::sequence(&fields))
    }
}

/// How the answer names who signed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum ResponderName {
    /// By the SHA-1 of its key.
    #[default]
    Key,
    /// By its subject.
    Subject,
}

/// An OCSP answer, to be signed by the issuer itself or by one it delegated. Nothing is checked:
/// what the recipe says is what is signed.
///
/// ```
/// use kyso_sandbox::{Authority, Hash, OcspCertId, OcspRecipe, OcspSingle, OcspStatus};
/// use kyso_sandbox::{OrganisationProfile, Settings};
///
/// let now = 1_767_225_600;
/// let authority = Authority::new(&Settings::quick(now))?;
/// let agency = authority.organisation(&OrganisationProfile::example())?;
/// let id = OcspCertId::new(Hash::Sha1, &agency, &authority.issuing)?;
/// let mut answer = OcspRecipe::new(now);
/// let single = OcspSingle::new(id, OcspStatus::Good, now, now + 3_600);
/// answer.singles.push(single);
/// let responder = authority.responder()?;
/// answer.certificates.push(responder.certificate_der.clone());
/// let der = answer.signed_by(&responder)?;
/// # assert!(!der.is_empty());
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct OcspRecipe {
    /// `producedAt`, Unix time.
    pub produced_at: i64,
    /// The statuses.
    pub singles: Vec<OcspSingle>,
    /// How the responder is named.
    pub responder: ResponderName,
    /// The question's nonce: what its OCTET STRING held.
    pub nonce: Option<Vec<u8>>,
    /// Certificates that go along, DER: a delegated responder's own.
    pub certificates: Vec<Vec<u8>>,
    /// How it is signed.
    pub scheme: Scheme,
    /// What the answer says of how it is signed: an AlgorithmIdentifier, DER, that is not the
    /// scheme's.
    pub told_algorithm: Option<Vec<u8>>,
    /// Further extensions of the answer.
    pub extra: Vec<ExtraExtension>,
}

impl OcspRecipe {
    /// An answer about nothing yet.
    pub fn new(produced_at: i64) -> Self {
        OcspRecipe {
            produced_at,
            singles: Vec::new(),
            responder: ResponderName::default(),
            nonce: None,
            certificates: Vec::new(),
            scheme: Scheme::default(),
            told_algorithm: None,
            extra: Vec::new(),
        }
    }

    /// An answer about one certificate: by SHA-1, the default of RFC 6960 and the habit of
    /// clients.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when one of them holds no certificate.
    pub fn about(
        certificate: &Issued,
        issuer: &Issued,
        status: OcspStatus,
        this_update: i64,
        next_update: i64,
    ) -> Result<Self, SandboxError> {
        let id = OcspCertId::new(Hash::Sha1, certificate, issuer)?;
        let mut recipe = Self::new(this_update);
        recipe
            .singles
            .push(OcspSingle::new(id, status, this_update, next_update));
        Ok(recipe)
    }

    /// Draws the answer and signs it with the key of `responder`, whoever that is. A whole
    /// `OCSPResponse`, DER.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] or [`SandboxError::Key`] for what cannot be encoded.
    pub fn signed_by(&self, responder: &Issued) -> Result<Vec<u8>, SandboxError> {
        let key = responder.key()?;
        let facts = Facts::of(&responder.certificate_der)?;
        let name = match self.responder {
            ResponderName::Key => asn1::context(2, &asn1::octet_string(&facts.key_id())),
            ResponderName::Subject => asn1::context(1, &facts.subject),
        };
        let singles = self.singles.iter().map(OcspSingle::to_der);
        let mut fields = vec![
            name,
            asn1::generalized_time(self.produced_at)?,
            asn1::sequence(&singles.collect::<Result<Vec<_>, _>>()?),
        ];
        let mut extensions = Vec::new();
        if let Some(nonce) = &self.nonce {
            let value = asn1::octet_string(nonce);
            extensions.push(asn1::extension(NONCE, false, &value)?);
        }
        push_extra(&mut extensions, &self.extra)?;
        if !extensions.is_empty() {
            fields.push(asn1::context(1, &asn1::sequence(&extensions)));
        }
        let body = asn1::sequence(&fields);
        let signature = asn1::bit_string(&key.sign(self.scheme, &body)?);
        let algorithm = match &self.told_algorithm {
            Some(told) => told.clone(),
            None => key.algorithm(self.scheme)?,
        };
        let mut basic = vec![body, algorithm, signature];
        if !self.certificates.is_empty() {
            basic.push(asn1::context(0, &asn1::sequence(&self.certificates)));
        }
        let bytes = asn1::sequence(&[
            asn1::oid(BASIC_RESPONSE)?,
            asn1::octet_string(&asn1::sequence(&basic)),
        ]);
        Ok(asn1::sequence(&[
            asn1::enumerated(0),
            asn1::context(0, &bytes),
        ]))
    }
}

/// Why there is no answer (RFC 6960 §4.2.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum OcspRefusal {
    /// `malformedRequest` (1).
    MalformedRequest,
    /// `internalError` (2).
    InternalError,
    /// `tryLater` (3).
    TryLater,
    /// `sigRequired` (5).
    SignatureRequired,
    /// `unauthorized` (6).
    Unauthorised,
}

impl OcspRefusal {
    /// The whole `OCSPResponse`, DER; nobody signs it.
    pub fn to_der(self) -> Vec<u8> {
        let status = match self {
            OcspRefusal::MalformedRequest => 1,
            OcspRefusal::InternalError => 2,
            OcspRefusal::TryLater => 3,
            OcspRefusal::SignatureRequired => 5,
            OcspRefusal::Unauthorised => 6,
        };
        asn1::sequence(&[asn1::enumerated(status)])
    }
}

/// A question, as a responder reads it. A signature on it is passed over.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct OcspRequest {
    /// The certificates asked about.
    pub ids: Vec<OcspCertId>,
    /// What the nonce's OCTET STRING held.
    pub nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// Reads an `OCSPRequest`, DER; `None` when it is none, or asks about more than 64
    /// certificates.
    pub fn read(der: &[u8]) -> Option<Self> {
        let mut outer = Reader(der);
        let mut request = Reader(outer.expect(0x30)?.content);
        if !outer.is_empty() {
            return None;
        }
        let mut body = Reader(request.expect(0x30)?.content);
        let _version = body.optional(0xa0);
        let _requestor = body.optional(0xa1);
        let mut list = Reader(body.expect(0x30)?.content);
        let mut ids = Vec::new();
        while !list.is_empty() {
            if ids.len() == MOST_IDS {
                return None;
            }
            let id = Reader(list.expect(0x30)?.content).expect(0x30)?;
            let serial = read_cert_id(id.whole)?.serial;
            ids.push(OcspCertId {
                der: id.whole.to_vec(),
                serial,
            });
        }
        let mut nonce = None;
        if let Some(extensions) = body.optional(0xa2) {
            let mut extensions = Reader(Reader(extensions.content).expect(0x30)?.content);
            while !extensions.is_empty() {
                let mut extension = Reader(extensions.expect(0x30)?.content);
                let oid = extension.expect(0x06)?.whole;
                let _critical = extension.optional(0x01);
                let value = extension.expect(0x04)?.content;
                if asn1::oid(NONCE).is_ok_and(|nonce| nonce == oid) {
                    nonce = Some(Reader(value).expect(0x04)?.content.to_vec());
                }
            }
        }
        Some(OcspRequest { ids, nonce }).filter(|request| !request.ids.is_empty())
    }
}

struct ReadId<'a> {
    hash: Option<Hash>,
    name_hash: &'a [u8],
    key_hash: &'a [u8],
    serial: Vec<u8>,
}

fn read_cert_id(der: &[u8]) -> Option<ReadId<'_>> {
    let mut fields = Reader(Reader(der).expect(0x30)?.content);
    let algorithm = Reader(fields.expect(0x30)?.content).expect(0x06)?;
    let read = ReadId {
        hash: Hash::of_oid(algorithm.whole),
        name_hash: fields.expect(0x04)?.content,
        key_hash: fields.expect(0x04)?.content,
        serial: asn1::positive(fields.expect(0x02)?.content),
    };
    Some(read).filter(|_| fields.is_empty())
}

fn cert_id(hash: Hash, issuer: &Facts, serial: &[u8]) -> Result<Vec<u8>, SandboxError> {
    Ok(asn1::sequence(&[
        asn1::algorithm(hash.oid(), &asn1::null())?,
        asn1::octet_string(&hash.of(&issuer.subject)),
        asn1::octet_string(&hash.of(&issuer.key)),
        asn1::unsigned(serial),
    ]))
}

const MOST_IDS: usize = 64;

const BASIC_RESPONSE: &str = "1.3.6.1.5.5.7.48.1.1";
const NONCE: &str = "1.3.6.1.5.5.7.48.1.2";
const ARCHIVE_CUTOFF: &str = "1.3.6.1.5.5.7.48.1.6";
