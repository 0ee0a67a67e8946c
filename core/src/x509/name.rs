//! [`Name`]: a distinguished name (RFC 5280 §4.1.2.4), compared and shown.
//!
//! The order of its parts differs by issuer (VGCA writes the country first, the national roots of
//! 2025 the common name), so names are compared by RFC 5280 §7.1 and never as text. Of that
//! comparison, case folding, white space and the difference of string types are done; the
//! normalisation of RFC 4518 (NFKC) is not, so a name in decomposed letters differs from the same
//! name in composed ones.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::crypto::asn1::{self, OID, Reader, SEQUENCE};
use crate::crypto::hex;
use crate::error::{Error, ErrorKind};

/// A distinguished name.
///
/// Two names are equal when RFC 5280 §7.1 says so: the same parts in the same order, letters
/// folded, runs of white space counted once.
#[derive(Clone)]
pub struct Name {
    der: Vec<u8>,
    parts: Vec<Vec<Attribute>>,
    /// What is compared; equal exactly when the names are.
    canonical: Vec<u8>,
}

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribute {
    /// The type's object identifier in dotted form.
    pub oid: String,
    /// The value as text; a value that is no string is `#` and its DER in hexadecimal.
    pub value: String,
}

impl Name {
    /// From a `Name` in DER.
    ///
    /// ```text
    /// Name ::= CHOICE { rdnSequence SEQUENCE OF RelativeDistinguishedName }
    /// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
    /// AttributeTypeAndValue ::= SEQUENCE { type AttributeType, value AttributeValue }
    /// ```
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        parse(der).ok_or_else(|| Error::new(ErrorKind::Malformed, "distinguished name"))
    }

    /// The octets it was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The relative distinguished names in their order, each with its attributes; more than one
    /// attribute in one part is rare and kept.
    pub fn parts(&self) -> &[Vec<Attribute>] {
        &self.parts
    }

    /// Every value of this attribute type (dotted), in order.
    pub fn values<'a>(&'a self, oid: &'a str) -> impl Iterator<Item = &'a str> {
        let attributes = self.parts.iter().flatten();
        attributes
            .filter(move |attribute| attribute.oid == oid)
            .map(|attribute| attribute.value.as_str())
    }

    /// It has no part at all.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The octets that are compared: equal names have equal ones.
    pub(crate) fn canonical(&self) -> &[u8] {
        &self.canonical
    }
}

impl fmt::Display for Name {
    /// `C=VN, O=…, CN=…`: the parts in the certificate's own order, escaped as RFC 4514 §2.4 has
    /// it. Control characters stand as they are; a door that prints to a screen makes them visible.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.parts.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            for (position, attribute) in part.iter().enumerate() {
                if position > 0 {
                    f.write_str("+")?;
                }
                write!(f, "{}=", short_name(&attribute.oid))?;
                escape(f, &attribute.value)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

fn parse(der: &[u8]) -> Option<Name> {
    let mut sequence = Reader(asn1::only(der, SEQUENCE)?);
    let mut parts = Vec::new();
    let mut canonical = Vec::new();
    while !sequence.is_empty() {
        let mut set = Reader(sequence.take(SET)?);
        let mut part = Vec::new();
        let mut keys = Vec::new();
        while !set.is_empty() {
            let mut pair = Reader(set.take(SEQUENCE)?);
            let oid_content = pair.take(OID)?;
            let oid = asn1::dotted(oid_content)?;
            let value = pair.next()?;
            pair.is_empty().then_some(())?;
            let text = decode(value.tag, value.content);
            let mut key = framed(oid_content);
            match &text {
                Some(text) => key.extend(framed(folded(text).as_bytes())),
                None => {
                    // No folded text begins with an octet that UTF-8 does not have.
                    key.push(0xff);
                    key.extend(framed(value.full));
                }
            }
            keys.push(key);
            let value = text.unwrap_or_else(|| format!("#{}", hex(value.full)));
            part.push(Attribute { oid, value });
        }
        (!part.is_empty()).then_some(())?;
        // The parts are a sequence, the attributes of one part a set.
        keys.sort();
        canonical.extend(framed(&keys.concat()));
        parts.push(part);
    }
    Some(Name {
        der: der.to_vec(),
        parts,
        canonical,
    })
}

/// Length and octets, so that what stands side by side cannot be read in two ways.
fn framed(octets: &[u8]) -> Vec<u8> {
    let length = u32::try_from(octets.len()).unwrap_or(u32::MAX);
    let mut framed = length.to_be_bytes().to_vec();
    framed.extend_from_slice(octets);
    framed
}

/// A directory string as text. Old tools put Latin-1 or UTF-8 into types that have neither.
fn decode(tag: u8, content: &[u8]) -> Option<String> {
    match tag {
        // UTF8String
        0x0c => std::str::from_utf8(content).ok().map(str::to_owned),
        // NumericString, PrintableString, TeletexString, IA5String, VisibleString
        0x12 | 0x13 | 0x14 | 0x16 | 0x1a => Some(match std::str::from_utf8(content) {
            Ok(text) => text.to_owned(),
            Err(_) => content.iter().map(|octet| char::from(*octet)).collect(),
        }),
        // UniversalString
        0x1c => {
            let (units, rest) = content.as_chunks::<4>();
            let letters = units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            rest.is_empty().then(|| letters.collect()).flatten()
        }
        // BMPString
        0x1e => {
            let (units, rest) = content.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let letters = char::decode_utf16(units).map(Result::ok);
            rest.is_empty().then(|| letters.collect()).flatten()
        }
        _ => None,
    }
}

/// Lower case, white space trimmed and each run of it one space.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

fn escape(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    use std::fmt::Write as _;
    let last = value.chars().count().saturating_sub(1);
    for (position, letter) in value.chars().enumerate() {
        let special = matches!(letter, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || (position == 0 && letter == ' ')
            || (position == last && letter == ' ');
        match letter {
            '\0' => f.write_str("\\00")?,
            _ if special => {
                f.write_char('\\')?;
                f.write_char(letter)?;
            }
            _ => f.write_char(letter)?,
        }
    }
    Ok(())
}

fn short_name(oid: &str) -> &str {
    SHORT_NAMES
        .iter()
        .find(|row| row.0 == oid)
        .map_or(oid, |row| row.1)
}

const SET: u8 = 0x31;

pub(super) const COMMON_NAME: &str = "2.5.4.3";
pub(super) const SERIAL_NUMBER: &str = "2.5.4.5";
pub(super) const COUNTRY: &str = "2.5.4.6";
pub(super) const LOCALITY: &str = "2.5.4.7";
pub(super) const PROVINCE: &str = "2.5.4.8";
pub(super) const ORGANISATION: &str = "2.5.4.10";
pub(super) const UNIT: &str = "2.5.4.11";
pub(super) const TITLE: &str = "2.5.4.12";
pub(super) const SURNAME: &str = "2.5.4.4";
pub(super) const GIVEN_NAME: &str = "2.5.4.42";
pub(super) const ORGANISATION_IDENTIFIER: &str = "2.5.4.97";
pub(super) const EMAIL: &str = "1.2.840.113549.1.9.1";
pub(super) const USER_ID: &str = "0.9.2342.19200300.100.1.1";

const SHORT_NAMES: [(&str, &str); 15] = [
    (COMMON_NAME, "CN"),
    (SURNAME, "SN"),
    (SERIAL_NUMBER, "serialNumber"),
    (COUNTRY, "C"),
    (LOCALITY, "L"),
    (PROVINCE, "ST"),
    ("2.5.4.9", "street"),
    (ORGANISATION, "O"),
    (UNIT, "OU"),
    (TITLE, "title"),
    (GIVEN_NAME, "GN"),
    (ORGANISATION_IDENTIFIER, "organizationIdentifier"),
    (EMAIL, "E"),
    (USER_ID, "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
pub(crate) mod tests {
    use super::*;

    /// A name of one attribute to a part, UTF8String throughout.
    pub(crate) fn name(parts: &[(&str, &str)]) -> Name {
        let typed: Vec<_> = parts
            .iter()
            .map(|p| vec![(p.0, 0x0c, p.1.as_bytes())])
            .collect();
        typed_name(&typed)
    }

    fn typed_name(parts: &[Vec<(&str, u8, &[u8])>]) -> Name {
        let mut sequence = Vec::new();
        for part in parts {
            let mut set = Vec::new();
            for (oid, tag, value) in part {
                set.extend(asn1::sequence(&[&asn1::oid(oid), &asn1::tlv(*tag, value)]));
            }
            sequence.extend(asn1::tlv(SET, &set));
        }
        Name::from_der(&asn1::tlv(SEQUENCE, &sequence)).unwrap()
    }

    #[test]
    fn names_are_equal_whatever_the_case_the_spaces_and_the_string_type() {
        let utf8 = name(&[(COUNTRY, "VN"), (ORGANISATION, "Ban Cơ yếu  Chính phủ")]);
        let bmp: Vec<u8> = " BAN CƠ YẾU Chính phủ "
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let other = typed_name(&[
            vec![(COUNTRY, 0x13, b"vn")],
            vec![(ORGANISATION, 0x1e, &bmp)],
        ]);
        assert_eq!(utf8, other);
        assert_ne!(utf8.der(), other.der());
    }

    #[test]
    fn the_order_of_parts_counts_and_the_order_within_a_part_does_not() {
        let vn = (COUNTRY, 0x13, &b"VN"[..]);
        let a = (COMMON_NAME, 0x13, &b"A"[..]);
        assert_ne!(
            typed_name(&[vec![vn], vec![a]]),
            typed_name(&[vec![a], vec![vn]])
        );
        assert_eq!(typed_name(&[vec![vn, a]]), typed_name(&[vec![a, vn]]));
        assert_ne!(typed_name(&[vec![vn, a]]), typed_name(&[vec![vn], vec![a]]));
    }

    #[test]
    fn an_en_dash_is_not_a_hyphen() {
        let dash = name(&[(COMMON_NAME, "VIETNAM NATIONAL ROOT CA \u{2013} RS")]);
        let hyphen = name(&[(COMMON_NAME, "VIETNAM NATIONAL ROOT CA - RS")]);
        assert_ne!(dash, hyphen);
    }

    #[test]
    fn a_name_is_shown_in_its_own_order_with_what_could_mislead_escaped() {
        let shown = name(&[(COUNTRY, "VN"), (ORGANISATION, "A, CN=B"), ("1.2.3", " x ")]);
        assert_eq!(shown.to_string(), "C=VN, O=A\\, CN=B, 1.2.3=\\ x\\ ");
        let odd = typed_name(&[vec![(COMMON_NAME, 0x02, &[5]), (UNIT, 0x13, &[0xe9])]]);
        assert_eq!(odd.to_string(), "CN=#020105+OU=é");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for der in [
            &[][..],
            &[0x30],
            &[0x30, 2, 0x31, 0],
            &[0x30, 1, 0],
            &[0x30, 0, 0],
        ] {
            assert!(Name::from_der(der).is_err());
        }
        assert!(Name::from_der(&[0x30, 0]).unwrap().is_empty());
    }
}
