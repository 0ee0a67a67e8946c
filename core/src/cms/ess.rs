//! [`EssCertId`]: which certificate the signer says is its own (RFC 5035).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::borrow::Cow;

use crate::cms::read::{AlgorithmIdentifier, check_count};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::der::{Oid, Reader, Tag};
use crate::error::{Error, ErrorKind};

/// ```text
/// ESSCertID ::= SEQUENCE { certHash OCTET STRING, issuerSerial IssuerSerial OPTIONAL }
/// ESSCertIDv2 ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier DEFAULT { algorithm id-sha256 },
///   certHash      OCTET STRING,
///   issuerSerial  IssuerSerial OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EssCertId<'a> {
    /// The hash algorithm; `None` where it is unknown.
    pub hash_algorithm: Option<DigestAlgorithm>,
    /// The identifier of an unknown hash algorithm.
    pub unknown_hash: Option<Oid>,
    /// The hash of the whole certificate.
    pub hash: Cow<'a, [u8]>,
    /// Issuer and serial number, where given.
    pub issuer_serial: Option<IssuerSerial<'a>>,
}

impl<'a> EssCertId<'a> {
    /// Whether the hash is that of this certificate (all its octets).
    pub fn names(&self, certificate: &[u8]) -> bool {
        self.hash_algorithm
            .is_some_and(|algorithm| Digest::of(algorithm, certificate).as_bytes() == &*self.hash)
    }

    fn read(reader: &mut Reader<'a>, version: Version) -> Result<Self, Error> {
        let mut fields = reader.expect(Tag::SEQUENCE)?.reader()?;
        let (mut hash_algorithm, mut unknown_hash) = match version {
            Version::One => (Some(DigestAlgorithm::Sha1), None),
            Version::Two => (Some(DigestAlgorithm::Sha256), None),
        };
        if matches!(version, Version::Two) && fields.peek()? == Some(Tag::SEQUENCE) {
            let identifier = AlgorithmIdentifier::read(&mut fields)?;
            hash_algorithm = identifier.digest();
            unknown_hash = hash_algorithm.is_none().then_some(identifier.oid);
        }
        let hash = fields.octet_string()?;
        let issuer_serial = if fields.is_empty() {
            None
        } else {
            Some(IssuerSerial::read(&mut fields)?)
        };
        fields.finish()?;
        Ok(Self {
            hash_algorithm,
            unknown_hash,
            hash,
            issuer_serial,
        })
    }
}

/// ```text
/// IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber CertificateSerialNumber }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuerSerial<'a> {
    /// The issuer's `Name`, all octets; `None` where it is not one directoryName.
    pub issuer: Option<&'a [u8]>,
    /// The content octets of the serial number.
    pub serial: &'a [u8],
}

impl<'a> IssuerSerial<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let mut fields = reader.expect(Tag::SEQUENCE)?.reader()?;
        let names = fields.expect(Tag::SEQUENCE)?;
        let serial = fields.expect(Tag::INTEGER)?.integer()?;
        fields.finish()?;
        // directoryName [4] EXPLICIT Name; a CHOICE is never tagged implicitly.
        let directory_name = || {
            let mut list = names.reader()?;
            let mut explicit = list.expect(Tag::context(4))?.reader()?;
            let name = explicit.expect(Tag::SEQUENCE)?;
            explicit.finish()?;
            list.finish()?;
            Ok::<_, Error>(name.full())
        };
        Ok(Self {
            issuer: directory_name().ok(),
            serial,
        })
    }
}

/// `SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, policies … OPTIONAL }`
pub(crate) fn read_v1<'a>(reader: &mut Reader<'a>) -> Result<Vec<EssCertId<'a>>, Error> {
    read(reader, Version::One)
}

/// `SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies … OPTIONAL }`
pub(crate) fn read_v2<'a>(reader: &mut Reader<'a>) -> Result<Vec<EssCertId<'a>>, Error> {
    read(reader, Version::Two)
}

fn read<'a>(reader: &mut Reader<'a>, version: Version) -> Result<Vec<EssCertId<'a>>, Error> {
    let mut fields = reader.expect(Tag::SEQUENCE)?.reader()?;
    let mut entries = fields.expect(Tag::SEQUENCE)?.reader()?;
    fields.optional(Tag::SEQUENCE)?;
    fields.finish()?;
    let mut certificates = Vec::new();
    while !entries.is_empty() {
        check_count(certificates.len(), ENTRIES)?;
        certificates.push(EssCertId::read(&mut entries, version)?);
    }
    if certificates.is_empty() {
        return Err(Error::new(
            ErrorKind::Malformed,
            "a signing-certificate attribute that names none",
        ));
    }
    Ok(certificates)
}

/// Which of the two attributes is read.
#[derive(Clone, Copy)]
enum Version {
    One,
    Two,
}

/// A path has fewer than ten certificates.
const ENTRIES: usize = 100;
