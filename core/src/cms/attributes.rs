//! [`Attributes`]: signed and unsigned attributes, with their octets (RFC 5652 §§5.3, 11).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::borrow::Cow;
use std::fmt;

use crate::cms::ess::{self, EssCertId};
use crate::cms::identifiers;
use crate::cms::read::{AlgorithmIdentifier, check_count};
use crate::der::{Oid, Reader, Tag, Tlv, write};
use crate::error::Error;
use crate::limits::Limits;
use crate::time::Time;

/// ```text
/// SignedAttributes ::= SET SIZE (1..MAX) OF Attribute
/// UnsignedAttributes ::= SET SIZE (1..MAX) OF Attribute
/// Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
/// ```
///
/// Attributes are kept as they stand, also twice or out of order; the readers below say so.
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    original: &'a [u8],
    content: &'a [u8],
    indefinite: bool,
    attributes: Vec<Attribute<'a>>,
    depth: usize,
}

/// One attribute.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attribute<'a> {
    /// What it is.
    pub oid: Oid,
    /// Its values, each with all its octets.
    pub values: Vec<&'a [u8]>,
    /// All octets of the attribute.
    pub full: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// The attributes, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Attribute<'a>> {
        self.attributes.iter()
    }

    /// All octets as they stand, with their implicit tag.
    pub fn original(&self) -> &'a [u8] {
        self.original
    }

    /// The octets as they stand with the tag of a SET: what RFC 5652 §5.4 has the signer sign when
    /// the file holds DER, and what signers that keep their own order have signed. Of an
    /// indefinite length only the header is made anew.
    pub fn original_as_set(&self) -> Vec<u8> {
        if self.indefinite {
            return write::tlv(SET, self.content);
        }
        let mut set = self.original.to_vec();
        if let Some(tag) = set.first_mut() {
            *tag = SET;
        }
        set
    }

    /// The attributes in the order of DER, each with its own octets, as a SET: what signers have
    /// signed that wrote another order into the file.
    pub fn der_sorted(&self) -> Vec<u8> {
        let elements: Vec<&[u8]> = self.iter().map(|attribute| attribute.full).collect();
        write::set_of(&elements)
    }

    /// All values of all attributes of this type.
    pub fn values_of(&self, oid: Oid) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .filter(move |attribute| attribute.oid == oid)
            .flat_map(|attribute| attribute.values.iter().copied())
    }

    /// The one value of an attribute that may be there once and has one value.
    pub fn single(&self, oid: Oid) -> Result<Option<&'a [u8]>, AttributeFault> {
        let mut found = self.iter().filter(|attribute| attribute.oid == oid);
        let Some(attribute) = found.next() else {
            return Ok(None);
        };
        if found.next().is_some() {
            return Err(AttributeFault::Repeated);
        }
        match attribute.values[..] {
            [value] => Ok(Some(value)),
            [] => Err(AttributeFault::Malformed),
            _ => Err(AttributeFault::SeveralValues),
        }
    }

    /// content-type (RFC 5652 §11.1).
    pub fn content_type(&self) -> Result<Option<Oid>, AttributeFault> {
        self.typed(identifiers::CONTENT_TYPE, |reader| reader.oid())
    }

    /// message-digest (RFC 5652 §11.2).
    pub fn message_digest(&self) -> Result<Option<Cow<'a, [u8]>>, AttributeFault> {
        self.typed(identifiers::MESSAGE_DIGEST, |reader| reader.octet_string())
    }

    /// signing-time (RFC 5652 §11.3): a claim of the signer.
    pub fn signing_time(&self) -> Result<Option<Time>, AttributeFault> {
        self.typed(identifiers::SIGNING_TIME, |reader| reader.tlv()?.time())
    }

    /// signing-certificate (RFC 2634 §5.4), always with SHA-1. The first entry is the signer.
    pub fn signing_certificate(&self) -> Result<Option<Vec<EssCertId<'a>>>, AttributeFault> {
        self.typed(identifiers::SIGNING_CERTIFICATE, ess::read_v1)
    }

    /// signing-certificate-v2 (RFC 5035 §3). The first entry is the signer.
    pub fn signing_certificate_v2(&self) -> Result<Option<Vec<EssCertId<'a>>>, AttributeFault> {
        self.typed(identifiers::SIGNING_CERTIFICATE_V2, ess::read_v2)
    }

    /// cms-algorithm-protection (RFC 6211).
    pub fn algorithm_protection(&self) -> Result<Option<AlgorithmProtection<'a>>, AttributeFault> {
        self.typed(identifiers::ALGORITHM_PROTECTION, AlgorithmProtection::read)
    }

    /// adbe-revocationInfoArchival (ISO 32000-2 §12.8.3.3.2).
    pub fn revocation_info_archival(
        &self,
    ) -> Result<Option<RevocationInfoArchival<'a>>, AttributeFault> {
        self.typed(
            identifiers::REVOCATION_INFO_ARCHIVAL,
            RevocationInfoArchival::read,
        )
    }

    /// The signature-time-stamp tokens, each all octets of a `ContentInfo`.
    pub fn signature_time_stamps(&self) -> Vec<&'a [u8]> {
        self.values_of(identifiers::SIGNATURE_TIME_STAMP).collect()
    }

    /// The counter-signatures, each all octets of a
    /// [`SignerInfo`](crate::cms::SignerInfo::parse) over the signature value.
    pub fn counter_signatures(&self) -> Vec<&'a [u8]> {
        self.values_of(identifiers::COUNTER_SIGNATURE).collect()
    }

    fn typed<T>(
        &self,
        oid: Oid,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<Option<T>, AttributeFault> {
        let Some(value) = self.single(oid)? else {
            return Ok(None);
        };
        let mut reader = Reader::new(value, self.depth);
        let typed = read(&mut reader).and_then(|typed| reader.finish().map(|()| typed));
        typed.map(Some).map_err(|_| AttributeFault::Malformed)
    }

    /// From the value with the implicit tag.
    pub(crate) fn of(set: &Tlv<'a>, limits: &Limits) -> Result<Self, Error> {
        let mut elements = set.reader()?;
        let mut attributes = Vec::new();
        let mut items = 0_usize;
        while !elements.is_empty() {
            check_count(items, limits.evidence_items)?;
            items = items.saturating_add(1);
            let attribute = elements.expect(Tag::SEQUENCE)?;
            let mut fields = attribute.reader()?;
            let oid = fields.oid()?;
            let mut members = fields.expect(Tag::SET)?.reader()?;
            fields.finish()?;
            let mut values = Vec::new();
            while !members.is_empty() {
                check_count(items, limits.evidence_items)?;
                items = items.saturating_add(1);
                values.push(members.tlv()?.full());
            }
            attributes.push(Attribute {
                oid,
                values,
                full: attribute.full(),
            });
        }
        Ok(Self {
            original: set.full(),
            content: set.content(),
            indefinite: set.is_indefinite(),
            attributes,
            depth: limits.asn1_depth,
        })
    }
}

impl<'s, 'a> IntoIterator for &'s Attributes<'a> {
    type Item = &'s Attribute<'a>;
    type IntoIter = std::slice::Iter<'s, Attribute<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Why an attribute that is there cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeFault {
    /// The attribute is there more than once.
    Repeated,
    /// It has more than one value.
    SeveralValues,
    /// It has no value, or one that is not what the attribute holds.
    Malformed,
}

impl fmt::Display for AttributeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "an attribute that is there more than once",
            Self::SeveralValues => "an attribute with several values",
            Self::Malformed => "an attribute with a malformed value",
        })
    }
}

impl std::error::Error for AttributeFault {}

/// ```text
/// CMSAlgorithmProtection ::= SEQUENCE {
///   digestAlgorithm         DigestAlgorithmIdentifier,
///   signatureAlgorithm  [1] SignatureAlgorithmIdentifier OPTIONAL,
///   macAlgorithm        [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlgorithmProtection<'a> {
    /// Must be the signer's digest algorithm.
    pub digest_algorithm: AlgorithmIdentifier<'a>,
    /// Must be the signer's signature algorithm.
    pub signature_algorithm: Option<AlgorithmIdentifier<'a>>,
}

impl<'a> AlgorithmProtection<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let mut fields = reader.expect(Tag::SEQUENCE)?.reader()?;
        let digest_algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let signature_algorithm = match fields.optional(Tag::context(1))? {
            Some(value) => Some(AlgorithmIdentifier::of(&value)?),
            None => None,
        };
        fields.optional(Tag::context(2))?;
        fields.finish()?;
        Ok(Self {
            digest_algorithm,
            signature_algorithm,
        })
    }
}

/// ```text
/// RevocationInfoArchival ::= SEQUENCE {
///   crl          [0] EXPLICIT SEQUENCE OF CRL OPTIONAL,
///   ocsp         [1] EXPLICIT SEQUENCE OF OCSPResponse OPTIONAL,
///   otherRevInfo [2] EXPLICIT SEQUENCE OF OtherRevInfo OPTIONAL }
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RevocationInfoArchival<'a> {
    /// The CRLs, each with all its octets.
    pub crls: Vec<&'a [u8]>,
    /// The OCSP responses, each with all its octets.
    pub ocsp_responses: Vec<&'a [u8]>,
    /// Information of other formats, not read.
    pub others: Vec<&'a [u8]>,
}

impl<'a> RevocationInfoArchival<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        let mut this = Self::default();
        let mut fields = reader.expect(Tag::SEQUENCE)?.reader()?;
        let lists = [&mut this.crls, &mut this.ocsp_responses, &mut this.others];
        for (number, list) in (0..).zip(lists) {
            let Some(explicit) = fields.optional(Tag::context(number))? else {
                continue;
            };
            let mut inside = explicit.reader()?;
            let mut elements = inside.expect(Tag::SEQUENCE)?.reader()?;
            inside.finish()?;
            while !elements.is_empty() {
                check_count(list.len(), ARCHIVED_ITEMS)?;
                list.push(elements.tlv()?.full());
            }
        }
        fields.finish()?;
        Ok(this)
    }
}

const SET: u8 = 0x31;
/// A path has fewer than ten certificates, each with one CRL or OCSP response.
const ARCHIVED_ITEMS: usize = 1_000;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;
    use crate::cms::write::attribute;

    fn read(set: &[u8]) -> Result<Attributes<'_>, Error> {
        Attributes::of(&Reader::new(set, 32).tlv()?, &Limits::default())
    }

    fn tagged(attributes: &[Vec<u8>]) -> Vec<u8> {
        write::context(0, attributes)
    }

    fn digest(octets: &[u8]) -> Vec<u8> {
        attribute(&identifiers::MESSAGE_DIGEST, &[write::octet_string(octets)])
    }

    fn content_type() -> Vec<u8> {
        attribute(
            &identifiers::CONTENT_TYPE,
            &[write::oid(&identifiers::DATA)],
        )
    }

    #[test]
    fn the_original_order_is_kept_beside_the_order_of_der() {
        let wire = tagged(&[digest(&[9; 32]), content_type()]);
        let attributes = read(&wire).unwrap();
        let mut expected = wire.clone();
        expected[0] = 0x31;
        assert_eq!(attributes.original_as_set(), expected);
        let sorted = attributes.der_sorted();
        assert_ne!(sorted, expected);
        assert_eq!(sorted, write::set_of(&[digest(&[9; 32]), content_type()]));
        assert_eq!(attributes.original(), wire);
    }

    #[test]
    fn of_an_indefinite_length_only_the_header_is_made_anew() {
        let mut wire = vec![0xa0, 0x80];
        wire.extend(content_type());
        wire.extend(digest(&[1; 20]));
        wire.extend([0, 0]);
        let attributes = read(&wire).unwrap();
        let expected = write::tlv(0x31, &[content_type(), digest(&[1; 20])].concat());
        assert_eq!(attributes.original_as_set(), expected);
    }

    #[test]
    fn a_longer_length_than_needed_stays_in_the_original_and_goes_from_the_der_form() {
        let content = content_type();
        let mut wire = vec![0xa0, 0x81, u8::try_from(content.len()).unwrap()];
        wire.extend(&content);
        let attributes = read(&wire).unwrap();
        assert_eq!(attributes.original_as_set()[..2], [0x31, 0x81]);
        assert_eq!(attributes.der_sorted(), write::tlv(0x31, &content));
    }

    #[test]
    fn an_attribute_twice_or_with_two_values_or_with_none_is_told_apart() {
        let two = [write::octet_string(&[1]), write::octet_string(&[2])];
        let none: &[&[u8]] = &[];
        for (attributes, fault) in [
            (vec![digest(&[1]), digest(&[2])], AttributeFault::Repeated),
            (
                vec![attribute(&identifiers::MESSAGE_DIGEST, &two)],
                AttributeFault::SeveralValues,
            ),
            (
                vec![attribute(&identifiers::MESSAGE_DIGEST, none)],
                AttributeFault::Malformed,
            ),
            (
                vec![attribute(&identifiers::MESSAGE_DIGEST, &[write::null()])],
                AttributeFault::Malformed,
            ),
        ] {
            let wire = tagged(&attributes);
            let attributes = read(&wire).unwrap();
            assert_eq!(attributes.message_digest().unwrap_err(), fault);
            assert_eq!(attributes.content_type(), Ok(None));
        }
    }

    #[test]
    fn attributes_that_are_not_a_well_formed_set_are_refused() {
        let oid = write::oid(&identifiers::CONTENT_TYPE);
        for element in [
            write::null(),
            write::sequence(std::slice::from_ref(&oid)),
            write::sequence(&[oid.clone(), write::set_of(&[write::null()]), write::null()]),
            write::sequence(&[oid.clone(), write::null()]),
            write::set_of(&[oid]),
        ] {
            assert!(read(&tagged(&[element])).is_err());
        }
    }

    #[test]
    fn too_many_values_are_a_limit() {
        let values = vec![write::null(); 5_000];
        let wire = tagged(&[attribute(&identifiers::MESSAGE_DIGEST, &values)]);
        assert_eq!(read(&wire).unwrap_err().kind(), crate::ErrorKind::TooLarge);
    }

    #[test]
    fn archived_revocation_information_is_counted_by_kind() {
        let item = write::sequence(&[write::null()]);
        let list = |number, items: &[Vec<u8>]| write::context(number, &[write::sequence(items)]);
        let value = write::sequence(&[
            list(0, &[item.clone(), item.clone()]),
            list(1, std::slice::from_ref(&item)),
        ]);
        let wire = tagged(&[attribute(&identifiers::REVOCATION_INFO_ARCHIVAL, &[value])]);
        let attributes = read(&wire).unwrap();
        let found = attributes.revocation_info_archival().unwrap().unwrap();
        assert_eq!((found.crls.len(), found.ocsp_responses.len()), (2, 1));
        assert_eq!(found.crls[0], item);
        assert!(found.others.is_empty());
        let swapped = write::sequence(&[list(1, std::slice::from_ref(&item)), list(0, &[item])]);
        let wire = tagged(&[attribute(
            &identifiers::REVOCATION_INFO_ARCHIVAL,
            &[swapped],
        )]);
        assert!(read(&wire).unwrap().revocation_info_archival().is_err());
    }

    #[test]
    fn algorithm_protection_is_read() {
        let algorithm = |text: &str| write::oid(&text.parse().unwrap());
        let sha256 = write::sequence(&[algorithm("2.16.840.1.101.3.4.2.1")]);
        let rsa = write::context(1, &[algorithm("1.2.840.113549.1.1.1"), write::null()]);
        let value = write::sequence(&[sha256, rsa]);
        let wire = tagged(&[attribute(&identifiers::ALGORITHM_PROTECTION, &[value])]);
        let found = read(&wire)
            .unwrap()
            .algorithm_protection()
            .unwrap()
            .unwrap();
        assert!(found.digest_algorithm.digest().is_some());
        assert_eq!(
            found.signature_algorithm.unwrap().parameters,
            Some(&[5, 0][..])
        );
    }

    #[test]
    fn a_signing_certificate_attribute_of_the_first_version_is_sha_1() {
        let hash = crate::crypto::Digest::of(crate::crypto::DigestAlgorithm::Sha1, b"certificate");
        let entry = write::sequence(&[write::octet_string(hash.as_bytes())]);
        let value = write::sequence(&[write::sequence(&[entry])]);
        let wire = tagged(&[attribute(&identifiers::SIGNING_CERTIFICATE, &[value])]);
        let attributes = read(&wire).unwrap();
        let found = attributes.signing_certificate().unwrap().unwrap();
        assert!(found[0].names(b"certificate"));
        assert_eq!(attributes.signing_certificate_v2(), Ok(None));
        let none: &[&[u8]] = &[];
        let value = write::sequence(&[write::sequence(none)]);
        let wire = tagged(&[attribute(&identifiers::SIGNING_CERTIFICATE, &[value])]);
        let fault = read(&wire).unwrap().signing_certificate().unwrap_err();
        assert_eq!(fault, AttributeFault::Malformed);
    }
}
