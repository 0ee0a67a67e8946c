//! Time-stamps: [`TimeStampToken`] and what it says, requests and responses.
//!
//! RFC 3161, RFC 5816. Nothing is judged: who signed the token, whether its certificate may, and
//! when, is for `validate`. [`TstInfo::covers`] only compares an imprint.

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use crate::cms::{AlgorithmIdentifier, SignedData, identifiers};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::der::{Oid, Reader, Tag, Tlv, write};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::time::Time;

/// A `SignedData` whose content is a [`TstInfo`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TimeStampToken<'a> {
    /// The signed structure; its one signer is the time-stamping authority.
    pub signed_data: SignedData<'a>,
    /// What is signed.
    pub info: TstInfo,
}

impl<'a> TimeStampToken<'a> {
    /// Reads the token that `octets` begin with: the value of an attribute, or the `Contents` of a
    /// document time-stamp with its padding. How far it reaches tells [`SignedData::length`].
    pub fn parse(octets: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let signed_data = SignedData::parse(octets, limits)?;
        if signed_data.content_type != identifiers::TST_INFO {
            return Err(malformed("a time-stamp token with another content type"));
        }
        let Some(content) = &signed_data.content else {
            return Err(malformed("a time-stamp token without its content"));
        };
        let info = TstInfo::parse(content, limits)?;
        Ok(Self { signed_data, info })
    }
}

/// ```text
/// TSTInfo ::= SEQUENCE {
///   version        INTEGER { v1(1) },
///   policy         TSAPolicyId,
///   messageImprint MessageImprint,
///   serialNumber   INTEGER,
///   genTime        GeneralizedTime,
///   accuracy       Accuracy OPTIONAL,
///   ordering       BOOLEAN DEFAULT FALSE,
///   nonce          INTEGER OPTIONAL,
///   tsa        [0] GeneralName OPTIONAL,
///   extensions [1] IMPLICIT Extensions OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TstInfo {
    /// The version; 1 is the only one defined.
    pub version: u64,
    /// The policy under which the token was issued.
    pub policy: Oid,
    /// The digest of what is stamped.
    pub imprint: MessageImprint,
    /// The content octets of the token's serial number.
    pub serial: Vec<u8>,
    /// The time, to the second; a fraction is dropped.
    pub gen_time: Time,
    /// How far the time may be off, in microseconds, where told.
    pub accuracy_micros: Option<u64>,
    /// Whether tokens of this authority may be ordered by their time alone.
    pub ordering: bool,
    /// The content octets of the nonce, where there is one.
    pub nonce: Option<Vec<u8>>,
    /// The authority's name as a `GeneralName`, all octets, where given.
    pub tsa: Option<Vec<u8>>,
    /// The extensions marked critical. None are understood here.
    pub critical_extensions: Vec<Oid>,
}

impl TstInfo {
    /// Reads a `TSTInfo`, which must fill `octets`.
    pub fn parse(octets: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut file = Reader::new(octets, limits.asn1_depth);
        let mut fields = file.expect(Tag::SEQUENCE)?.reader()?;
        file.finish()?;
        let version = fields.expect(Tag::INTEGER)?.small_unsigned()?;
        let policy = fields.oid()?;
        let imprint = MessageImprint::read(&fields.expect(Tag::SEQUENCE)?)?;
        let serial = fields.expect(Tag::INTEGER)?.integer()?.to_vec();
        let gen_time = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
        let accuracy_micros = match fields.optional(Tag::SEQUENCE)? {
            Some(value) => Some(read_accuracy(&value)?),
            None => None,
        };
        let ordering = match fields.optional(Tag::BOOLEAN)? {
            Some(value) => value.boolean()?,
            None => false,
        };
        let nonce = match fields.optional(Tag::INTEGER)? {
            Some(value) => Some(value.integer()?.to_vec()),
            None => None,
        };
        let tsa = match fields.optional(Tag::context(0))? {
            Some(explicit) => {
                let mut inside = explicit.reader()?;
                let name = inside.tlv()?.full().to_vec();
                inside.finish()?;
                Some(name)
            }
            None => None,
        };
        let critical_extensions = match fields.optional(Tag::context(1))? {
            Some(list) => read_critical_extensions(&list, limits)?,
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self {
            version,
            policy,
            imprint,
            serial,
            gen_time,
            accuracy_micros,
            ordering,
            nonce,
            tsa,
            critical_extensions,
        })
    }

    /// Whether the imprint is this digest: same algorithm, same octets.
    pub fn covers(&self, digest: &Digest) -> bool {
        self.imprint.algorithm == Some(digest.algorithm())
            && self.imprint.octets == digest.as_bytes()
    }
}

/// ```text
/// MessageImprint ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageImprint {
    /// The digest algorithm as it stands.
    pub oid: Oid,
    /// The digest algorithm, where it is known.
    pub algorithm: Option<DigestAlgorithm>,
    /// The digest. Its length is not compared with the algorithm here.
    pub octets: Vec<u8>,
}

impl MessageImprint {
    fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        let mut fields = value.reader()?;
        let identifier = AlgorithmIdentifier::read(&mut fields)?;
        let octets = fields.octet_string()?.into_owned();
        fields.finish()?;
        Ok(Self {
            oid: identifier.oid,
            algorithm: identifier.digest(),
            octets,
        })
    }
}

/// A `TimeStampReq` in DER for this digest, asking for the authority's certificate. The nonce is a
/// number that was never used before, most significant octet first; the caller makes it, because
/// the core has no source of randomness.
///
/// ```text
/// TimeStampReq ::= SEQUENCE {
///   version INTEGER { v1(1) }, messageImprint MessageImprint, reqPolicy TSAPolicyId OPTIONAL,
///   nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE, … }
/// ```
pub fn request(
    digest: &Digest,
    policy: Option<&Oid>,
    nonce: Option<&[u8]>,
) -> Result<Vec<u8>, Error> {
    let algorithm = write::sequence(&[write::oid(&digest.algorithm().oid().parse()?)]);
    let imprint = write::sequence(&[algorithm, write::octet_string(digest.as_bytes())]);
    let mut fields = vec![write::integer(1), imprint];
    fields.extend(policy.map(write::oid));
    fields.extend(nonce.map(write::unsigned_integer));
    fields.push(write::boolean_true());
    Ok(write::sequence(&fields))
}

/// ```text
/// TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
/// PKIStatusInfo ::= SEQUENCE {
///   status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo BIT STRING OPTIONAL }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TimeStampResponse<'a> {
    /// The `PKIStatus`: 0 granted, 1 granted with modifications, others refused.
    pub status: u64,
    /// What the authority says in words, unescaped; empty where it says nothing.
    pub text: String,
    /// Why it refused (`PKIFailureInfo`), where it says so in a way that is known.
    pub failure: Option<StampFailure>,
    /// The token, all octets, where there is one.
    pub token: Option<&'a [u8]>,
}

impl<'a> TimeStampResponse<'a> {
    /// Reads a response, which must fill `octets`.
    pub fn parse(octets: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut file = Reader::new(octets, limits.asn1_depth);
        let mut fields = file.expect(Tag::SEQUENCE)?.reader()?;
        file.finish()?;
        let mut info = fields.expect(Tag::SEQUENCE)?.reader()?;
        let status = info.expect(Tag::INTEGER)?.small_unsigned()?;
        let mut text = String::new();
        if let Some(list) = info.optional(Tag::SEQUENCE)? {
            let mut lines = list.reader()?;
            while !lines.is_empty() && text.len() < TEXT {
                let line = String::from_utf8_lossy(lines.tlv()?.content());
                if !text.is_empty() {
                    text.push(' ');
                }
                text.extend(line.chars().take(TEXT));
            }
        }
        let failure = match info.optional(Tag::BIT_STRING)? {
            // The unused bits at the end say nothing; what is named is the first bit that is set.
            Some(bits) => StampFailure::of(bits.content().get(1..).unwrap_or_default()),
            None => None,
        };
        info.finish()?;
        let token = fields.optional(Tag::SEQUENCE)?.map(|token| token.full());
        fields.finish()?;
        Ok(Self {
            status,
            text,
            failure,
            token,
        })
    }

    /// Whether the authority answered with a token.
    pub fn is_granted(&self) -> bool {
        self.status <= 1 && self.token.is_some()
    }
}

/// Why a time-stamp was refused (RFC 3161 §2.4.2, `PKIFailureInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StampFailure {
    /// The hash of the imprint is not offered.
    BadAlgorithm,
    /// The request is not permitted.
    BadRequest,
    /// The request cannot be read.
    BadDataFormat,
    /// The service has no time at the moment.
    TimeNotAvailable,
    /// The policy that was asked for is not offered.
    UnacceptedPolicy,
    /// An extension that was asked for is not offered.
    UnacceptedExtension,
    /// Additional information is not available.
    AdditionalInfoNotAvailable,
    /// The service has a fault of its own.
    SystemFailure,
}

impl StampFailure {
    const BITS: [(usize, Self, &'static str); 8] = [
        (0, Self::BadAlgorithm, "badAlg"),
        (2, Self::BadRequest, "badRequest"),
        (5, Self::BadDataFormat, "badDataFormat"),
        (14, Self::TimeNotAvailable, "timeNotAvailable"),
        (15, Self::UnacceptedPolicy, "unacceptedPolicy"),
        (16, Self::UnacceptedExtension, "unacceptedExtension"),
        (17, Self::AdditionalInfoNotAvailable, "addInfoNotAvailable"),
        (25, Self::SystemFailure, "systemFailure"),
    ];

    fn of(octets: &[u8]) -> Option<Self> {
        let is_set = |bit: &usize| {
            let octet = octets.get(bit / 8).copied().unwrap_or(0);
            octet & (0x80_u8 >> (bit % 8)) != 0
        };
        let mut named = Self::BITS.iter();
        named
            .find(|(bit, ..)| is_set(bit))
            .map(|(_, this, _)| *this)
    }

    /// The name in the standard, such as `badAlg`.
    pub fn name(self) -> &'static str {
        let mut named = Self::BITS.iter();
        named
            .find(|(_, this, _)| *this == self)
            .map_or("", |row| row.2)
    }

    /// Whether asking again later may help.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::TimeNotAvailable | Self::SystemFailure)
    }
}

/// `Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0] INTEGER (1..999) OPTIONAL,
/// micros [1] INTEGER (1..999) OPTIONAL }`, in microseconds.
fn read_accuracy(value: &Tlv<'_>) -> Result<u64, Error> {
    let mut fields = value.reader()?;
    let mut sum = 0_u64;
    for (tag, micros) in [
        (Tag::INTEGER, 1_000_000),
        (Tag::context_primitive(0), 1_000),
        (Tag::context_primitive(1), 1),
    ] {
        if let Some(part) = fields.optional(tag)? {
            // An accuracy of millennia is as good as none; it must not wrap into a fine one.
            sum = sum.saturating_add(part.small_unsigned()?.saturating_mul(micros));
        }
    }
    fields.finish()?;
    Ok(sum)
}

/// `Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`
fn read_critical_extensions(list: &Tlv<'_>, limits: &Limits) -> Result<Vec<Oid>, Error> {
    let mut extensions = list.reader()?;
    let mut critical = Vec::new();
    while !extensions.is_empty() {
        let mut fields = extensions.expect(Tag::SEQUENCE)?.reader()?;
        let oid = fields.oid()?;
        if let Some(flag) = fields.optional(Tag::BOOLEAN)?
            && flag.boolean()?
        {
            if critical.len() >= limits.evidence_items {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    "too many extensions in a time-stamp",
                ));
            }
            critical.push(oid);
        }
        fields.octet_string()?;
        fields.finish()?;
    }
    Ok(critical)
}

fn malformed(detail: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, detail)
}

/// How much of an authority's words is kept, in characters.
const TEXT: usize = 1_000;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;
    use crate::cms::openssl::{EC, Openssl, corpus};

    /// A time-stamp response for this request, and the token in it.
    fn stamped(openssl: &Openssl, request: &[u8]) -> Vec<u8> {
        openssl.signer(
            "tsa",
            EC,
            "-addext extendedKeyUsage=critical,timeStamping -addext keyUsage=digitalSignature",
        );
        openssl.write(
            "tsa.cnf",
            b"[tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\n\
              signer_cert = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256\n\
              default_policy = 1.2.3.4.5\nother_policies = 1.2.3.4.6\ndigests = sha256, sha512\n\
              accuracy = secs:1, millisecs:500, microsecs:100\nordering = yes\ntsa_name = yes\n\
              ess_cert_id_chain = no\ness_cert_id_alg = sha256\n",
        );
        openssl.write("request", request);
        assert!(openssl.run("ts -reply -config tsa.cnf -queryfile request -out response"));
        openssl.read("response")
    }

    #[test]
    fn a_token_for_our_request_covers_our_digest_and_nothing_else() {
        let Some(openssl) = Openssl::found() else {
            return;
        };
        let digest = Digest::of(DigestAlgorithm::Sha256, b"signature value");
        let policy: Oid = "1.2.3.4.6".parse().unwrap();
        let nonce = [0x80, 1, 2, 3, 4, 5, 6, 7];
        let request = request(&digest, Some(&policy), Some(&nonce)).unwrap();
        let response = stamped(&openssl, &request);
        let limits = Limits::default();
        let response = TimeStampResponse::parse(&response, &limits).unwrap();
        assert!(response.is_granted());
        let octets = response.token.unwrap();
        let token = TimeStampToken::parse(octets, &limits).unwrap();
        assert_eq!(token.signed_data.length, octets.len());
        assert_eq!(token.signed_data.certificates.len(), 1);
        let info = &token.info;
        assert!(info.covers(&digest));
        assert!(!info.covers(&Digest::of(DigestAlgorithm::Sha256, b"other")));
        assert!(!info.covers(&Digest::of(DigestAlgorithm::Sha512, b"signature value")));
        assert_eq!((info.version, info.policy), (1, policy));
        assert_eq!(info.accuracy_micros, Some(1_500_100));
        assert!(info.ordering && info.tsa.is_some());
        assert_eq!(
            info.nonce.as_deref(),
            Some(&[&[0][..], &nonce].concat()[..])
        );
        assert!(info.gen_time.unix() > 1_700_000_000);
        let attributes = token.signed_data.signer_infos[0].signed_attributes.as_ref();
        let certificate = openssl.read("tsa.der");
        let ess = attributes
            .unwrap()
            .signing_certificate_v2()
            .unwrap()
            .unwrap();
        assert!(ess[0].names(&certificate));
        assert_eq!(
            attributes.unwrap().content_type(),
            Ok(Some(identifiers::TST_INFO))
        );
        for length in 0..octets.len() {
            assert!(TimeStampToken::parse(&octets[..length], &limits).is_err());
        }
    }

    #[test]
    fn a_refusal_is_read_with_its_words() {
        let Some(openssl) = Openssl::found() else {
            return;
        };
        let digest = Digest::of(DigestAlgorithm::Sha384, b"this authority takes no SHA-384");
        let response = stamped(&openssl, &request(&digest, None, None).unwrap());
        let response = TimeStampResponse::parse(&response, &Limits::default()).unwrap();
        assert_eq!((response.status, response.is_granted()), (2, false));
        assert!(!response.text.is_empty());
        assert_eq!(response.failure, Some(StampFailure::BadAlgorithm));
    }

    #[test]
    fn a_token_of_the_field_is_read_and_a_plain_signature_is_none() {
        for (name, octets) in corpus("corpus/cms/dss-cades") {
            let token = TimeStampToken::parse(&octets, &Limits::default());
            assert_eq!(token.is_ok(), name == "d-trust.tsr", "{name}");
        }
    }

    #[test]
    fn octets_behind_the_info_and_fields_out_of_order_are_refused() {
        let limits = Limits::default();
        let algorithm = write::sequence(&[write::oid(&"2.16.840.1.101.3.4.2.1".parse().unwrap())]);
        let imprint = write::sequence(&[algorithm, write::octet_string(&[1; 32])]);
        let time = write::generalized_time("2026-02-04T09:29:58Z".parse().unwrap());
        let oid = write::oid(&identifiers::DATA);
        let mut fields = vec![write::integer(1), oid, imprint, write::integer(5), time];
        let info = write::sequence(&fields);
        assert!(TstInfo::parse(&info, &limits).is_ok());
        assert!(TstInfo::parse(&[&info[..], &[0]].concat(), &limits).is_err());
        fields.push(write::integer(7));
        let with_nonce = TstInfo::parse(&write::sequence(&fields), &limits).unwrap();
        assert_eq!(with_nonce.nonce, Some(vec![7]));
        fields.push(write::boolean_true());
        assert!(TstInfo::parse(&write::sequence(&fields), &limits).is_err());
    }
}
