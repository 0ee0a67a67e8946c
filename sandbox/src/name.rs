//! Distinguished names in the order of the encoding.
//!
//! The national trees write the country first, several units one after the other, and both tax
//! codes and citizen numbers as user ids; a name here is therefore the list of its parts as they
//! stand in the DER, repeated attributes and sets of several values included.

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::Tag;
use x509_cert::der::asn1::{
    Any, Ia5StringRef, ObjectIdentifier, PrintableStringRef, SetOfVec, Utf8StringRef,
};
use x509_cert::name::{Name, RelativeDistinguishedName};

use crate::error::SandboxError;

/// The attribute types that certificates of the national trees were seen to use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Attribute {
    /// `C`, always `VN` there; a `PrintableString`.
    Country,
    /// `ST`.
    Province,
    /// `L`.
    Locality,
    /// `O`.
    Organisation,
    /// `OU`; may be repeated.
    Unit,
    /// `title`.
    Title,
    /// `CN`.
    CommonName,
    /// `E`; an `IA5String`.
    Email,
    /// `UID`, with the prefixes `MST:`, `CCCD:` or `CMND:`; may be repeated.
    UserId,
}

/// A subject: its relative distinguished names in the order of the encoding, each of one or
/// several values. Text becomes `UTF8String`; hand it in as NFC, it is not changed.
///
/// ```
/// use kyso_sandbox::{Attribute, SubjectName};
///
/// let name = SubjectName::new()
///     .with(Attribute::Country, "VN")
///     .with(Attribute::Unit, "Phòng Một")
///     .with(Attribute::Unit, "Phòng Hai")
///     .with(Attribute::CommonName, "Nguyễn Văn Thử");
/// assert_eq!(name.parts().len(), 4);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SubjectName {
    parts: Vec<Vec<(Attribute, String)>>,
}

impl SubjectName {
    /// A name without parts, which a certificate may have.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a part of one value.
    #[must_use]
    pub fn with(self, attribute: Attribute, value: &str) -> Self {
        self.with_set(&[(attribute, value)])
    }

    /// Appends one part of several values (a multi-valued relative distinguished name). DER
    /// sorts them; their order here does not matter.
    #[must_use]
    pub fn with_set(mut self, values: &[(Attribute, &str)]) -> Self {
        let owned = values
            .iter()
            .map(|(attribute, value)| (*attribute, (*value).to_owned()));
        self.parts.push(owned.collect());
        self
    }

    /// The parts, first of the encoding first.
    pub fn parts(&self) -> &[Vec<(Attribute, String)>] {
        &self.parts
    }

    pub(crate) fn to_x509(&self) -> Result<Name, SandboxError> {
        let mut sequence = Name::default();
        for part in &self.parts {
            let mut set = SetOfVec::new();
            for (attribute, value) in part {
                set.insert(attribute.to_x509(value)?)?;
            }
            sequence.0.push(RelativeDistinguishedName(set));
        }
        Ok(sequence)
    }
}

impl Attribute {
    fn to_x509(self, value: &str) -> Result<AttributeTypeAndValue, SandboxError> {
        let (oid, tag) = match self {
            Attribute::Country => ("2.5.4.6", Tag::PrintableString),
            Attribute::Province => ("2.5.4.8", Tag::Utf8String),
            Attribute::Locality => ("2.5.4.7", Tag::Utf8String),
            Attribute::Organisation => ("2.5.4.10", Tag::Utf8String),
            Attribute::Unit => ("2.5.4.11", Tag::Utf8String),
            Attribute::Title => ("2.5.4.12", Tag::Utf8String),
            Attribute::CommonName => ("2.5.4.3", Tag::Utf8String),
            Attribute::Email => ("1.2.840.113549.1.9.1", Tag::Ia5String),
            Attribute::UserId => ("0.9.2342.19200300.100.1.1", Tag::Utf8String),
        };
        let value = match tag {
            Tag::PrintableString => Any::from(PrintableStringRef::new(value)?),
            Tag::Ia5String => Any::from(Ia5StringRef::new(value)?),
            _ => Any::from(Utf8StringRef::new(value)?),
        };
        Ok(AttributeTypeAndValue {
            oid: ObjectIdentifier::new_unwrap(oid),
            value,
        })
    }
}
