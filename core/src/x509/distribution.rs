//! Where revocation lists are cut into parts, said twice: by the certificate (which parts speak
//! about it) and by the list (which part it is). RFC 5280 §4.2.1.13 and §5.2.5.
//!
//! Both are only read here; `revocation` brings them together.

use crate::der::{Class, Reader, Tag, write};
use crate::error::{Error, ErrorKind};
use crate::x509::name::Name;

/// One place of cRLDistributionPoints: which list speaks about a certificate.
///
/// ```text
/// DistributionPoint ::= SEQUENCE {
///   distributionPoint [0] DistributionPointName OPTIONAL,
///   reasons           [1] ReasonFlags OPTIONAL,
///   cRLIssuer         [2] GeneralNames OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DistributionPoint {
    /// The name of the part; nothing where the point names only who issues the list.
    pub name: Option<PointName>,
    /// The reasons that the list speaks about; all where the certificate names none.
    pub reasons: Reasons,
    /// Who issues the list, where that is not the issuer of the certificate. Directory names alone:
    /// no other kind can be the issuer of a list.
    pub crl_issuer: Vec<Name>,
}

/// Which part of all revocations a list holds (issuingDistributionPoint).
///
/// ```text
/// IssuingDistributionPoint ::= SEQUENCE {
///   distributionPoint          [0] DistributionPointName OPTIONAL,
///   onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
///   onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
///   onlySomeReasons            [3] ReasonFlags OPTIONAL,
///   indirectCRL                [4] BOOLEAN DEFAULT FALSE,
///   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuingDistributionPoint {
    /// The name of the part.
    pub name: Option<PointName>,
    /// Only certificates that are no authorities'.
    pub only_user_certificates: bool,
    /// Only authorities' certificates.
    pub only_ca_certificates: bool,
    /// Only revocations for these reasons; all where the list names none.
    pub reasons: Reasons,
    /// Certificates of other issuers stand in it, too.
    pub is_indirect: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
}

/// The name of a distribution point.
///
/// ```text
/// DistributionPointName ::= CHOICE {
///   fullName                [0] GeneralNames,
///   nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointName {
    /// Any of these names.
    Full(Vec<GeneralName>),
    /// The name of the list's issuer with this part (a SET in DER) at its end.
    Relative(Vec<u8>),
}

/// A name of one of the kinds of RFC 5280 §4.2.1.6.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GeneralName {
    /// A distinguished name.
    Directory(Name),
    /// An address, octet for octet.
    Uri(String),
    /// Any other kind, as it stands in DER.
    Other(Vec<u8>),
}

/// A set of reasons for revocation: bit *n* of the BIT STRING `ReasonFlags`.
///
/// ```text
/// ReasonFlags ::= BIT STRING { unused (0), keyCompromise (1), cACompromise (2),
///   affiliationChanged (3), superseded (4), cessationOfOperation (5), certificateHold (6),
///   privilegeWithdrawn (7), aACompromise (8) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reasons(u16);

impl Reasons {
    /// Every reason: what holds where none is named.
    pub const ALL: Self = Self(0b1_1111_1110);
    /// No reason.
    pub const NONE: Self = Self(0);

    /// The reasons that stand in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The reasons that stand in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Every reason is there.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// From the content of the BIT STRING. The bit that means nothing is passed over.
    fn read(content: &[u8]) -> Option<Self> {
        let (unused, octets) = content.split_first()?;
        // Nine bits are defined: two octets.
        if *unused > 7 || octets.len() > 2 || (octets.is_empty() && *unused != 0) {
            return None;
        }
        let mut flags = 0_u16;
        for (position, octet) in (0_u32..).zip(octets) {
            let reversed = u16::from(octet.reverse_bits());
            flags |= reversed.checked_shl(position.saturating_mul(8))?;
        }
        Some(Self(flags).and(Self::ALL))
    }
}

impl PointName {
    /// The names that it stands for, a relative one put behind `issuer`.
    pub fn names(&self, issuer: &Name) -> Vec<GeneralName> {
        match self {
            Self::Full(names) => names.clone(),
            Self::Relative(part) => {
                let whole = extended(issuer, part).map(GeneralName::Directory);
                whole.into_iter().collect()
            }
        }
    }
}

/// The name with one part more.
fn extended(issuer: &Name, part: &[u8]) -> Option<Name> {
    let sequence = Reader::new(issuer.der(), DEPTH)
        .expect(Tag::SEQUENCE)
        .ok()?;
    Name::from_der(&write::sequence(&[sequence.content(), part])).ok()
}

/// The value of cRLDistributionPoints.
pub(super) fn points(value: &[u8]) -> Result<Vec<DistributionPoint>, Error> {
    let mut outer = Reader::new(value, DEPTH);
    let mut list = outer.expect(Tag::SEQUENCE)?.reader()?;
    outer.finish()?;
    let mut points = Vec::new();
    while !list.is_empty() {
        let mut fields = list.expect(Tag::SEQUENCE)?.reader()?;
        let name = optional_name(&mut fields)?;
        let reasons = optional_reasons(&mut fields, 1)?;
        let mut crl_issuer = Vec::new();
        if let Some(names) = fields.optional(Tag::context(2))? {
            for name in general_names(&mut names.reader()?)? {
                if let GeneralName::Directory(name) = name {
                    crl_issuer.push(name);
                }
            }
            // A point whose list nobody could have issued must not count as the issuer's own.
            if crl_issuer.is_empty() {
                return Err(malformed("cRLIssuer without a directory name"));
            }
        }
        fields.finish()?;
        points.push(DistributionPoint {
            name,
            reasons,
            crl_issuer,
        });
    }
    Ok(points)
}

/// The value of issuingDistributionPoint.
pub(super) fn issuing(value: &[u8]) -> Result<IssuingDistributionPoint, Error> {
    let mut outer = Reader::new(value, DEPTH);
    let mut fields = outer.expect(Tag::SEQUENCE)?.reader()?;
    outer.finish()?;
    let point = IssuingDistributionPoint {
        name: optional_name(&mut fields)?,
        only_user_certificates: optional_flag(&mut fields, 1)?,
        only_ca_certificates: optional_flag(&mut fields, 2)?,
        reasons: optional_reasons(&mut fields, 3)?,
        is_indirect: optional_flag(&mut fields, 4)?,
        only_attribute_certificates: optional_flag(&mut fields, 5)?,
    };
    fields.finish()?;
    Ok(point)
}

/// `GeneralNames`, the header already taken off.
pub(super) fn general_names(reader: &mut Reader<'_>) -> Result<Vec<GeneralName>, Error> {
    let mut names = Vec::new();
    while !reader.is_empty() {
        let item = reader.tlv()?;
        let tag = item.tag();
        names.push(match (tag.class, tag.number, tag.constructed) {
            // The name is a CHOICE, so its tag is explicit.
            (Class::Context, 4, true) => GeneralName::Directory(Name::from_der(item.content())?),
            (Class::Context, 6, false) => {
                GeneralName::Uri(String::from_utf8_lossy(item.content()).into_owned())
            }
            _ => GeneralName::Other(item.full().to_vec()),
        });
    }
    if names.is_empty() {
        return Err(malformed("GeneralNames without a name"));
    }
    Ok(names)
}

fn optional_name(fields: &mut Reader<'_>) -> Result<Option<PointName>, Error> {
    // A CHOICE under [0]: the tag is explicit.
    let Some(outer) = fields.optional(Tag::context(0))? else {
        return Ok(None);
    };
    let mut inner = outer.reader()?;
    let name = match inner.optional(Tag::context(0))? {
        Some(full) => PointName::Full(general_names(&mut full.reader()?)?),
        None => {
            let relative = inner.expect(Tag::context(1))?;
            PointName::Relative(write::tlv(SET, relative.content()))
        }
    };
    inner.finish()?;
    Ok(Some(name))
}

fn optional_flag(fields: &mut Reader<'_>, number: u32) -> Result<bool, Error> {
    match fields.optional(Tag::context_primitive(number))? {
        None => Ok(false),
        Some(flag) => match flag.content() {
            [octet] => Ok(*octet != 0),
            _ => Err(malformed("a flag of issuingDistributionPoint")),
        },
    }
}

fn optional_reasons(fields: &mut Reader<'_>, number: u32) -> Result<Reasons, Error> {
    match fields.optional(Tag::context_primitive(number))? {
        None => Ok(Reasons::ALL),
        Some(flags) => Reasons::read(flags.content()).ok_or_else(|| malformed("ReasonFlags")),
    }
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

/// Names nest a handful of levels.
const DEPTH: usize = 16;
const SET: u8 = 0x31;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_from_the_left() {
        // keyCompromise and cACompromise: bits 1 and 2.
        let some = Reasons::read(&[5, 0b0110_0000]).unwrap();
        assert_eq!(some, Reasons(0b110));
        let rest = Reasons::read(&[7, 0b1001_1111, 0x80]).unwrap();
        assert_eq!(some.or(rest), Reasons::ALL);
        assert_eq!(some.and(rest), Reasons::NONE);
        assert!(Reasons::read(&[]).is_none() && Reasons::read(&[8, 0]).is_none());
        assert_eq!(Reasons::read(&[0]), Some(Reasons::NONE));
    }

    #[test]
    fn a_relative_name_stands_behind_the_issuers_name() {
        let issuer = crate::x509::name::tests::name(&[("2.5.4.6", "VN")]);
        let whole = crate::x509::name::tests::name(&[("2.5.4.6", "VN"), ("2.5.4.3", "part")]);
        let content = Reader::new(whole.der(), DEPTH)
            .tlv()
            .unwrap()
            .content()
            .to_vec();
        let mut parts = Reader::new(&content, DEPTH);
        parts.tlv().unwrap();
        let relative = write::tlv(0xa1, parts.tlv().unwrap().content());
        let value = write::sequence(&[write::tlv(0xa0, &relative)]);
        let point = issuing(&value).unwrap();
        let names = point.name.unwrap().names(&issuer);
        assert_eq!(names, [GeneralName::Directory(whole)]);
        assert!(point.reasons.is_all() && !point.is_indirect);
    }

    #[test]
    fn points_that_say_too_little_or_too_much_are_refused() {
        assert!(points(&[0x30, 0]).unwrap().is_empty());
        assert!(points(&[0x30, 0, 0]).is_err());
        assert!(points(&[0x30, 4, 0x30, 2, 0xa2, 0]).is_err());
        assert!(
            issuing(&[0x30, 3, 0x81, 1, 0xff])
                .unwrap()
                .only_user_certificates
        );
        assert!(issuing(&[0x30, 4, 0x81, 2, 0xff, 0]).is_err());
        assert!(issuing(&[0x30, 3, 0x86, 1, 0xff]).is_err());
    }
}
