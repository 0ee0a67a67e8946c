//! [`SignerInfo`]: one signer (RFC 5652 §5.3).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::borrow::Cow;
use std::fmt;

use crate::cms::attributes::Attributes;
use crate::cms::read::AlgorithmIdentifier;
use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::der::{Oid, Reader, Tag};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::x509::{Certificate, Name};

/// ```text
/// SignerInfo ::= SEQUENCE {
///   version                CMSVersion,
///   sid                    SignerIdentifier,
///   digestAlgorithm        DigestAlgorithmIdentifier,
///   signedAttrs        [0] IMPLICIT SignedAttributes OPTIONAL,
///   signatureAlgorithm     SignatureAlgorithmIdentifier,
///   signature              OCTET STRING,
///   unsignedAttrs      [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignerInfo<'a> {
    /// The version, where it is a small number. It is often wrong and decides nothing.
    pub version: Option<u32>,
    /// Which certificate the signer claims.
    pub sid: SignerIdentifier<'a>,
    /// The digest of the content and, mostly, of the signed attributes.
    pub digest_algorithm: AlgorithmIdentifier<'a>,
    /// What is signed instead of the content, which it names by its digest.
    pub signed_attributes: Option<Attributes<'a>>,
    /// The algorithm of the signature as it stands; see [`SignerInfo::signature_algorithm`].
    pub signature_algorithm: AlgorithmIdentifier<'a>,
    /// The signature value.
    pub signature: Cow<'a, [u8]>,
    /// What was added after signing; nothing protects it.
    pub unsigned_attributes: Option<Attributes<'a>>,
    /// All octets of the structure.
    pub full: &'a [u8],
    /// The octets of the fields from `version` to `signature`, as encoded: what an archive
    /// time-stamp of version 3 covers (EN 319 122-1 §5.5.3).
    pub up_to_signature: &'a [u8],
}

impl<'a> SignerInfo<'a> {
    /// Reads a signer that stands alone: the value of a counter-signature attribute.
    pub fn parse(octets: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut reader = Reader::new(octets, limits.asn1_depth);
        let (signer, _) = Self::read(&mut reader, limits)?;
        reader.finish()?;
        Ok(signer)
    }

    /// The digest algorithm, where it is known.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        self.digest_algorithm.digest()
    }

    /// The signature algorithm. Where only the kind of key is named (`rsaEncryption`, as nearly
    /// all Vietnamese signatures have it, or `id-ecPublicKey`), its hash is
    /// [`digest`](SignerInfo::digest); where it names a hash itself, that one, which the caller
    /// must compare with [`digest`](SignerInfo::digest).
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        let AlgorithmIdentifier { oid, parameters } = self.signature_algorithm;
        SignatureAlgorithm::from_identifier(&oid.to_string(), parameters, self.digest())
            .ok_or(UnsupportedAlgorithm { oid })
    }

    /// Reads the next value; answers also whether its own lengths are other than in DER.
    pub(crate) fn read(reader: &mut Reader<'a>, limits: &Limits) -> Result<(Self, bool), Error> {
        let value = reader.expect(Tag::SEQUENCE)?;
        let mut fields = value.reader()?;
        let start = fields.offset();
        let version = fields.expect(Tag::INTEGER)?.small_unsigned().ok();
        let sid = SignerIdentifier::read(&mut fields)?;
        let digest_algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let signed_attributes = match fields.optional(Tag::context(0))? {
            Some(set) => Some(Attributes::of(&set, limits)?),
            None => None,
        };
        let signature_algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let signature = fields.octet_string()?;
        let end = fields.offset().saturating_sub(start);
        let unsigned_attributes = match fields.optional(Tag::context(1))? {
            Some(set) => Some(Attributes::of(&set, limits)?),
            None => None,
        };
        fields.finish()?;
        let signer = Self {
            version: version.and_then(|number| u32::try_from(number).ok()),
            sid,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
            full: value.full(),
            up_to_signature: value.content().get(..end).unwrap_or_default(),
        };
        Ok((signer, fields.is_ber()))
    }
}

/// ```text
/// SignerIdentifier ::= CHOICE {
///   issuerAndSerialNumber IssuerAndSerialNumber,
///   subjectKeyIdentifier [0] SubjectKeyIdentifier }
/// ```
///
/// It is a hint: neither form identifies a certificate by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignerIdentifier<'a> {
    /// By issuer and serial number.
    IssuerAndSerial {
        /// The issuer's `Name`, all octets.
        issuer: &'a [u8],
        /// The content octets of the serial number.
        serial: &'a [u8],
    },
    /// By the value of the subject key identifier extension.
    SubjectKeyId(&'a [u8]),
}

impl<'a> SignerIdentifier<'a> {
    /// Tells the certificates that this identifies. Issuers are compared by RFC 5280 §7.1; the one
    /// named here is read once, not for each certificate of a file that may be stuffed with them.
    ///
    /// It is a hint, as RFC 5652 §5.3 has it: whoever wrote the structure chose it, and nothing
    /// signs it.
    pub(crate) fn matcher(&self) -> impl Fn(&Certificate) -> bool {
        let name = match self {
            Self::IssuerAndSerial { issuer, .. } => Name::from_der(issuer).ok(),
            Self::SubjectKeyId(_) => None,
        };
        move |certificate| match self {
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.serial() == *serial
                    && (certificate.issuer().der() == *issuer
                        || name.as_ref() == Some(certificate.issuer()))
            }
            Self::SubjectKeyId(id) => certificate.subject_key_id() == Some(*id),
        }
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let value = reader.tlv()?;
        if value.tag() == Tag::SEQUENCE {
            let mut fields = value.reader()?;
            let issuer = fields.expect(Tag::SEQUENCE)?.full();
            let serial = fields.expect(Tag::INTEGER)?.integer()?;
            fields.finish()?;
            return Ok(Self::IssuerAndSerial { issuer, serial });
        }
        if value.tag().same_type(Tag::context(0))
            && let Cow::Borrowed(key_id) = value.octets()?
        {
            return Ok(Self::SubjectKeyId(key_id));
        }
        Err(Error::new(ErrorKind::Malformed, "the signer identifier"))
    }
}

/// A signature algorithm that is unknown, has parameters that do not fit, or would need a digest
/// algorithm that is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnsupportedAlgorithm {
    /// The identifier that stands in the file.
    pub oid: Oid,
}

impl fmt::Display for UnsupportedAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.oid, f)
    }
}

impl std::error::Error for UnsupportedAlgorithm {}
