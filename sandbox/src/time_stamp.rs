//! Time-stamps (RFC 3161, RFC 5816), the questions they answer and the refusals.

use crate::asn1::{self, Reader};
use crate::crl::push_extra;
use crate::error::SandboxError;
use crate::facts::Facts;
use crate::hash::{Hash, Scheme};
use crate::issued::Issued;
use crate::recipe::ExtraExtension;
use crate::signed_data::{CertificateReference, CmsAttribute, CmsRecipe};

/// A time-stamp token, to be signed by a time-stamping authority or by one that is none. Nothing
/// is checked: what the recipe says is what is signed.
///
/// ```
/// use kyso_sandbox::{Authority, Hash, Settings, TimeStampRecipe};
///
/// let now = 1_767_225_600;
/// let authority = Authority::new(&Settings::quick(now))?;
/// let tsa = authority.time_stamper()?;
/// let mut recipe = TimeStampRecipe::over(Hash::Sha256, b"a signature value", now);
/// recipe.certificates = vec![authority.root.certificate_der.clone()];
/// let token = recipe.signed_by(&tsa)?;
/// # assert!(!token.is_empty());
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct TimeStampRecipe {
    /// The hash of the imprint.
    pub imprint_hash: Hash,
    /// The imprint.
    pub imprint: Vec<u8>,
    /// `genTime`, Unix time, whole seconds.
    pub time: i64,
    /// The serial number's octets, most significant first.
    pub serial: Vec<u8>,
    /// The policy, dotted.
    pub policy: String,
    /// `accuracy` in seconds; `None` leaves it out.
    pub accuracy: Option<u32>,
    /// `ordering`.
    pub ordering: bool,
    /// The question's nonce: the octets of its INTEGER.
    pub nonce: Option<Vec<u8>>,
    /// Whether `tsa` names the signer.
    pub names_signer: bool,
    /// Further extensions.
    pub extensions: Vec<ExtraExtension>,
    /// The hash of the token's own signature.
    pub hash: Hash,
    /// How it is signed.
    pub scheme: Scheme,
    /// `message-digest`, where it is not the one of the content.
    pub message_digest: Option<Vec<u8>>,
    /// The reference to the signer's certificate, which RFC 3161 §2.4.1 demands.
    pub reference: CertificateReference,
    /// Whether the signer's certificate goes along.
    pub own_certificate: bool,
    /// Further certificates that go along, DER; real tokens carry the root.
    pub certificates: Vec<Vec<u8>>,
    /// Lists that go along, DER.
    pub crls: Vec<Vec<u8>>,
    /// Further signed attributes of the token.
    pub extra: Vec<CmsAttribute>,
}

impl TimeStampRecipe {
    /// A token over `octets`, hashed here.
    pub fn over(hash: Hash, octets: &[u8], time: i64) -> Self {
        Self::of_imprint(hash, hash.of(octets), time)
    }

    /// A token over what has this imprint.
    pub fn of_imprint(hash: Hash, imprint: Vec<u8>, time: i64) -> Self {
        TimeStampRecipe {
            imprint_hash: hash,
            imprint,
            time,
            serial: vec![1],
            policy: TIME_STAMP_POLICY.to_owned(),
            accuracy: Some(1),
            ordering: false,
            nonce: None,
            names_signer: false,
            extensions: Vec::new(),
            hash: Hash::Sha256,
            scheme: Scheme::default(),
            message_digest: None,
            reference: CertificateReference::V2(Hash::Sha256),
            own_certificate: true,
            certificates: Vec::new(),
            crls: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// The answer to `request` at `time`: its imprint, its policy if it asks for one, its nonce,
    /// and certificates if it wants them.
    pub fn answering(request: &TimeStampRequest, time: i64) -> Self {
        let mut recipe = Self::of_imprint(request.hash, request.imprint.clone(), time);
        recipe.nonce.clone_from(&request.nonce);
        recipe.own_certificate = request.wants_certificates;
        if let Some(policy) = &request.policy {
            recipe.policy.clone_from(policy);
        }
        recipe
    }

    /// The token: a ContentInfo, DER.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] or [`SandboxError::Key`] for what cannot be encoded.
    pub fn signed_by(&self, signer: &Issued) -> Result<Vec<u8>, SandboxError> {
        let content = self.content(signer)?;
        let digest = match &self.message_digest {
            Some(digest) => digest.clone(),
            None => self.hash.of(&content),
        };
        let mut recipe = CmsRecipe::new(self.hash, &digest);
        recipe.scheme = self.scheme;
        recipe.content_type = CONTENT.to_owned();
        recipe.content = Some(content);
        recipe.reference = self.reference.clone();
        // As the tokens of the national authorities have it; clients do not look at it.
        recipe.signing_time = Some(self.time);
        recipe.own_certificate = self.own_certificate;
        recipe.certificates.clone_from(&self.certificates);
        recipe.crls.clone_from(&self.crls);
        recipe.extra.clone_from(&self.extra);
        recipe.signed_by(signer)?.to_der()
    }

    /// TSTInfo (RFC 3161 §2.4.2).
    fn content(&self, signer: &Issued) -> Result<Vec<u8>, SandboxError> {
        let imprint = asn1::sequence(&[
            asn1::algorithm(self.imprint_hash.oid(), &asn1::null())?,
            asn1::octet_string(&self.imprint),
        ]);
        let mut fields = vec![
            asn1::integer(1),
            asn1::oid(&self.policy)?,
            imprint,
            asn1::unsigned(&self.serial),
            asn1::generalized_time(self.time)?,
        ];
        if let Some(seconds) = self.accuracy {
            fields.push(asn1::sequence(&[asn1::integer(u64::from(seconds))]));
        }
        if self.ordering {
            fields.push(asn1::boolean_true());
        }
        if let Some(nonce) = &self.nonce {
            fields.push(asn1::tlv(0x02, nonce));
        }
        if self.names_signer {
            let subject = Facts::of(&signer.certificate_der)?.subject;
            fields.push(asn1::context(0, &asn1::context(4, &subject)));
        }
        if !self.extensions.is_empty() {
            let mut extensions = Vec::new();
            push_extra(&mut extensions, &self.extensions)?;
            fields.push(asn1::context(1, &extensions.concat()));
        }
        Ok(asn1::sequence(&fields))
    }
}

/// A `TimeStampResp` that grants `token` (RFC 3161 §2.4.2), DER.
pub fn time_stamp_granted(token: &[u8]) -> Vec<u8> {
    let status = asn1::sequence(&[asn1::integer(0)]);
    asn1::sequence(&[status, token.to_vec()])
}

/// Why a time-stamp is refused (RFC 3161 §2.4.2, `PKIFailureInfo`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TimeStampRefusal {
    /// `badAlg` (0): an unknown hash.
    BadAlgorithm,
    /// `badRequest` (2).
    BadRequest,
    /// `badDataFormat` (5).
    BadDataFormat,
    /// `timeNotAvailable` (14).
    TimeNotAvailable,
    /// `unacceptedPolicy` (15).
    UnacceptedPolicy,
    /// `unacceptedExtension` (16).
    UnacceptedExtension,
    /// `systemFailure` (25).
    SystemFailure,
}

impl TimeStampRefusal {
    /// A `TimeStampResp` with status `rejection` and `text`, DER.
    pub fn to_der(self, text: &str) -> Vec<u8> {
        let bit = match self {
            TimeStampRefusal::BadAlgorithm => 0,
            TimeStampRefusal::BadRequest => 2,
            TimeStampRefusal::BadDataFormat => 5,
            TimeStampRefusal::TimeNotAvailable => 14,
            TimeStampRefusal::UnacceptedPolicy => 15,
            TimeStampRefusal::UnacceptedExtension => 16,
            TimeStampRefusal::SystemFailure => 25,
        };
        asn1::sequence(&[asn1::sequence(&[
            asn1::integer(2),
            asn1::sequence(&[asn1::utf8(text)]),
            asn1::named_bits(0x03, &[bit]),
        ])])
    }
}

/// A question for a time-stamp.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct TimeStampRequest {
    /// The hash of the imprint.
    pub hash: Hash,
    /// The imprint.
    pub imprint: Vec<u8>,
    /// The policy asked for, dotted.
    pub policy: Option<String>,
    /// The octets of the nonce's INTEGER.
    pub nonce: Option<Vec<u8>>,
    /// `certReq`.
    pub wants_certificates: bool,
    /// Whether there are extensions; none is known here.
    pub has_extensions: bool,
}

impl TimeStampRequest {
    /// Reads a `TimeStampReq` (RFC 3161 §2.4.1), DER.
    ///
    /// # Errors
    /// The refusal that answers it.
    pub fn read(der: &[u8]) -> Result<Self, TimeStampRefusal> {
        let format = TimeStampRefusal::BadDataFormat;
        let mut outer = Reader(der);
        let mut fields = Reader(outer.expect(0x30).ok_or(format)?.content);
        let version = fields.expect(0x02).ok_or(format)?.content;
        if !outer.is_empty() || version != [1] {
            return Err(format);
        }
        let mut imprint = Reader(fields.expect(0x30).ok_or(format)?.content);
        let mut algorithm = Reader(imprint.expect(0x30).ok_or(format)?.content);
        let oid = algorithm.expect(0x06).ok_or(format)?.whole;
        let hash = Hash::of_oid(oid).ok_or(TimeStampRefusal::BadAlgorithm)?;
        let octets = imprint.expect(0x04).ok_or(format)?.content.to_vec();
        if octets.len() != usize::from(hash.length()) || !imprint.is_empty() {
            return Err(format);
        }
        let policy = match fields.optional(0x06) {
            Some(oid) => Some(dotted(oid.whole).ok_or(format)?),
            None => None,
        };
        let nonce = fields.optional(0x02).map(|nonce| nonce.content.to_vec());
        if nonce.as_ref().is_some_and(Vec::is_empty) {
            return Err(format);
        }
        let wants = fields.optional(0x01).map(|wants| wants.content != [0]);
        let has_extensions = fields.optional(0xa0).is_some();
        if !fields.is_empty() {
            return Err(format);
        }
        Ok(TimeStampRequest {
            hash,
            imprint: octets,
            policy,
            nonce,
            wants_certificates: wants.unwrap_or(false),
            has_extensions,
        })
    }
}

fn dotted(der: &[u8]) -> Option<String> {
    use x509_cert::der::Decode;
    use x509_cert::der::oid::ObjectIdentifier;
    Some(ObjectIdentifier::from_der(der).ok()?.to_string())
}

// The arc 32473 is reserved for examples (RFC 5612); the national policies are under 2.16.704.
pub(crate) const TIME_STAMP_POLICY: &str = "1.3.6.1.4.1.32473.704.1.1.1.2";
const CONTENT: &str = "1.2.840.113549.1.9.16.1.4";
