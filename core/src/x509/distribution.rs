//! Where a CRL is found and what it covers: `DistributionPoint` (RFC 5280 §4.2.1.13) and
//! `IssuingDistributionPoint` (§5.2.5).

use crate::der::{Reader, Tag, Tlv, write};
use crate::error::{Error, ErrorKind};
use crate::x509::Name;

/// Which reasons for revocation a list covers: bit *n* of `ReasonFlags`. Bit 0 is unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reasons(u16);

impl Reasons {
    /// All reasons that RFC 5280 §4.2.1.13 defines, keyCompromise to aACompromise.
    pub const ALL: Self = Self(0b0111_1111_1000_0000);

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// There is none.
    pub fn is_empty(self) -> bool {
        self.0 & Self::ALL.0 == 0
    }

    /// Every one of RFC 5280 is among them.
    pub fn are_all(self) -> bool {
        self.0 & Self::ALL.0 == Self::ALL.0
    }

    fn read(value: &Tlv<'_>) -> Result<Self, Error> {
        let [unused, octets @ ..] = value.content() else {
            return Err(malformed("reason flags"));
        };
        if *unused > 7 {
            return Err(malformed("reason flags"));
        }
        let first = octets.first().copied().unwrap_or(0);
        let second = octets.get(1).copied().unwrap_or(0);
        Ok(Self(u16::from_be_bytes([first, second])))
    }
}

/// ```text
/// DistributionPoint ::= SEQUENCE {
///   distributionPoint [0] DistributionPointName OPTIONAL,
///   reasons           [1] ReasonFlags OPTIONAL,
///   cRLIssuer         [2] GeneralNames OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DistributionPoint {
    /// Its names; empty where it has none.
    pub names: PointNames,
    /// The reasons it covers; all where it does not say.
    pub reasons: Option<Reasons>,
    /// Who issues the list, where that is not the certificate's issuer.
    pub crl_issuer: Vec<Name>,
}

/// ```text
/// DistributionPointName ::= CHOICE {
///   fullName                [0] GeneralNames,
///   nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PointNames {
    /// Each full name, as all octets of its `GeneralName`; directory names stand in
    /// [`directory`](Self::directory) too, because they are compared by their own rules.
    pub full: Vec<Vec<u8>>,
    /// The full names that are directory names.
    pub directory: Vec<Name>,
    /// The relative name: the content octets of its SET.
    pub relative: Option<Vec<u8>>,
}

impl PointNames {
    /// It names nothing.
    pub fn is_empty(&self) -> bool {
        self.full.is_empty() && self.relative.is_none()
    }

    /// Whether both have a name in common (RFC 5280 §6.3.3 b 2 i). `issuers` complete a relative
    /// name.
    pub fn meet(&self, own_issuers: &[&Name], other: &Self, other_issuer: &Name) -> bool {
        if self.full.iter().any(|name| other.full.contains(name)) {
            return true;
        }
        let own = self.directories(own_issuers);
        let theirs = other.directories(&[other_issuer]);
        own.iter().any(|name| theirs.contains(name))
    }

    fn directories(&self, issuers: &[&Name]) -> Vec<Name> {
        let mut all = self.directory.clone();
        if let Some(relative) = &self.relative {
            for issuer in issuers {
                all.extend(complete(issuer, relative));
            }
        }
        all
    }
}

/// ```text
/// IssuingDistributionPoint ::= SEQUENCE {
///   distributionPoint          [0] DistributionPointName OPTIONAL,
///   onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
///   onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
///   onlySomeReasons            [3] ReasonFlags OPTIONAL,
///   indirectCRL                [4] BOOLEAN DEFAULT FALSE,
///   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuingDistributionPoint {
    /// The names of the point it is the list of.
    pub names: PointNames,
    /// It speaks of certificates that are no authorities' alone.
    pub only_users: bool,
    /// It speaks of authorities' certificates alone.
    pub only_authorities: bool,
    /// It speaks of attribute certificates alone.
    pub only_attributes: bool,
    /// The reasons it covers; all where it does not say.
    pub some_reasons: Option<Reasons>,
    /// It may speak of certificates of other issuers.
    pub indirect: bool,
}

/// The points of a `CRLDistributionPoints` or `FreshestCRL` extension.
pub(super) fn points(octets: &[u8]) -> Result<Vec<DistributionPoint>, Error> {
    let mut outside = Reader::new(octets, DEPTH);
    let mut list = outside.expect(Tag::SEQUENCE)?.reader()?;
    outside.finish()?;
    let mut points = Vec::new();
    while !list.is_empty() {
        if points.len() >= MOST {
            return Err(Error::new(ErrorKind::TooLarge, "distribution points"));
        }
        let mut fields = list.expect(Tag::SEQUENCE)?.reader()?;
        let names = match fields.optional(Tag::context(0))? {
            Some(value) => point_names(&value)?,
            None => PointNames::default(),
        };
        let reasons = match fields.optional(Tag::context_primitive(1))? {
            Some(value) => Some(Reasons::read(&value)?),
            None => None,
        };
        let crl_issuer = match fields.optional(Tag::context(2))? {
            Some(value) => general_names(&value)?.directory,
            None => Vec::new(),
        };
        fields.finish()?;
        points.push(DistributionPoint {
            names,
            reasons,
            crl_issuer,
        });
    }
    Ok(points)
}

impl IssuingDistributionPoint {
    pub(super) fn read(octets: &[u8]) -> Result<Self, Error> {
        let mut outside = Reader::new(octets, DEPTH);
        let mut fields = outside.expect(Tag::SEQUENCE)?.reader()?;
        outside.finish()?;
        let mut point = Self::default();
        if let Some(value) = fields.optional(Tag::context(0))? {
            point.names = point_names(&value)?;
        }
        point.only_users = flag(&mut fields, 1)?;
        point.only_authorities = flag(&mut fields, 2)?;
        if let Some(value) = fields.optional(Tag::context_primitive(3))? {
            point.some_reasons = Some(Reasons::read(&value)?);
        }
        point.indirect = flag(&mut fields, 4)?;
        point.only_attributes = flag(&mut fields, 5)?;
        fields.finish()?;
        Ok(point)
    }
}

fn flag(fields: &mut Reader<'_>, number: u32) -> Result<bool, Error> {
    match fields.optional(Tag::context_primitive(number))? {
        Some(value) => match value.content() {
            [0] => Ok(false),
            [_] => Ok(true),
            _ => Err(malformed("issuing distribution point")),
        },
        None => Ok(false),
    }
}

fn point_names(value: &Tlv<'_>) -> Result<PointNames, Error> {
    let mut choice = value.reader()?;
    let names = match choice.peek()? {
        Some(tag) if tag == Tag::context(0) => general_names(&choice.tlv()?)?,
        Some(tag) if tag == Tag::context(1) => PointNames {
            relative: Some(choice.tlv()?.content().to_vec()),
            ..PointNames::default()
        },
        _ => return Err(malformed("distribution point name")),
    };
    choice.finish()?;
    Ok(names)
}

fn general_names(value: &Tlv<'_>) -> Result<PointNames, Error> {
    let mut list = value.reader()?;
    let mut names = PointNames::default();
    while !list.is_empty() {
        if names.full.len() >= MOST {
            return Err(Error::new(ErrorKind::TooLarge, "general names"));
        }
        let name = list.tlv()?;
        if name.tag() == Tag::context(4) {
            names.directory.push(Name::from_der(name.content())?);
        }
        names.full.push(name.full().to_vec());
    }
    Ok(names)
}

/// The name of an issuer with one relative name added.
fn complete(issuer: &Name, relative: &[u8]) -> Option<Name> {
    let mut outside = Reader::new(issuer.der(), DEPTH);
    let inside = outside.expect(Tag::SEQUENCE).ok()?;
    let mut content = inside.content().to_vec();
    content.extend_from_slice(&write::tlv(0x31, relative));
    Name::from_der(&write::tlv(0x30, &content)).ok()
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

/// Nesting of these extensions; a directory name needs the most.
const DEPTH: usize = 12;
/// Points and names of one extension; real ones have fewer than ten.
const MOST: usize = 64;
