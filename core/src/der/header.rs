//! Tags, lengths and where values end (X.690 §8.1).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use crate::error::{Error, ErrorKind, Place};

/// The class of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums)] // two bits
pub enum Class {
    /// Types of the standard.
    Universal,
    /// Types of one application.
    Application,
    /// Types that mean something within their structure alone.
    Context,
    /// Types among parties to an agreement.
    Private,
}

/// A tag with its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Tag {
    /// The class.
    pub class: Class,
    /// Whether the value is made of other values.
    pub constructed: bool,
    /// The number within the class.
    pub number: u32,
}

impl Tag {
    /// BOOLEAN.
    pub const BOOLEAN: Self = Self::primitive(1);
    /// INTEGER.
    pub const INTEGER: Self = Self::primitive(2);
    /// BIT STRING in one piece.
    pub const BIT_STRING: Self = Self::primitive(3);
    /// OCTET STRING in one piece.
    pub const OCTET_STRING: Self = Self::primitive(4);
    /// NULL.
    pub const NULL: Self = Self::primitive(5);
    /// OBJECT IDENTIFIER.
    pub const OID: Self = Self::primitive(6);
    /// ENUMERATED.
    pub const ENUMERATED: Self = Self::primitive(10);
    /// UTCTime.
    pub const UTC_TIME: Self = Self::primitive(23);
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: Self = Self::primitive(24);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Self = Self::constructed(16);
    /// SET and SET OF.
    pub const SET: Self = Self::constructed(17);

    /// A context-specific tag of a constructed value: every explicit tag, and implicit tags of
    /// SEQUENCE and SET.
    pub const fn context(number: u32) -> Self {
        Self {
            class: Class::Context,
            constructed: true,
            number,
        }
    }

    /// A context-specific tag of a primitive value: an implicit tag of a string, number or NULL.
    pub const fn context_primitive(number: u32) -> Self {
        Self {
            class: Class::Context,
            constructed: false,
            number,
        }
    }

    /// Whether class and number are the same, in whichever form.
    pub fn same_type(self, other: Self) -> bool {
        self.class == other.class && self.number == other.number
    }

    const fn primitive(number: u32) -> Self {
        Self {
            class: Class::Universal,
            constructed: false,
            number,
        }
    }

    const fn constructed(number: u32) -> Self {
        Self {
            class: Class::Universal,
            constructed: true,
            number,
        }
    }
}

/// Where a value of indefinite length starts and ends, in the octets of the outermost reader.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The ends of the value of indefinite length that `octets` start with and of all such values
/// directly inside one another. Values of definite length are stepped over: what they hold is
/// searched only when somebody reads it, so each octet is visited by one search.
pub(super) fn find_ends(octets: &[u8], offset: usize, depth: usize) -> Result<Vec<Span>, Fault> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0_usize;
    loop {
        let rest = octets.get(at..).ok_or(PAST_THE_END)?;
        let header = Header::parse(rest)?;
        if header.is_end_of_contents() {
            if rest.get(..END_OF_CONTENTS.len()) != Some(&END_OF_CONTENTS[..]) {
                return Err(Fault::Malformed("end-of-contents octets"));
            }
            at = at.saturating_add(END_OF_CONTENTS.len());
            let closed = open.pop().and_then(|index| spans.get_mut(index));
            if let Some(span) = closed {
                span.end = offset.saturating_add(at);
            }
        } else if let Some(length) = header.length {
            at = at
                .checked_add(header.octets)
                .and_then(|content| content.checked_add(length))
                .filter(|end| *end <= octets.len())
                .ok_or(PAST_THE_END)?;
        } else {
            if open.len() >= depth {
                return Err(TOO_DEEP);
            }
            if spans.len() >= INDEFINITE_VALUES {
                return Err(Fault::TooLarge("too many values of indefinite length"));
            }
            open.push(spans.len());
            let start = offset.saturating_add(at);
            spans.push(Span { start, end: start });
            at = at.saturating_add(header.octets);
        }
        if open.is_empty() {
            return Ok(spans);
        }
    }
}

/// Identifier and length octets.
pub(super) struct Header {
    pub(super) tag: Tag,
    /// How many octets identifier and length have.
    pub(super) octets: usize,
    /// `None` where indefinite.
    pub(super) length: Option<usize>,
    /// Whether DER has another length.
    pub(super) ber: bool,
}

impl Header {
    pub(super) fn parse(input: &[u8]) -> Result<Self, Fault> {
        let (tag, rest) = parse_tag(input)?;
        let (first, mut rest) = rest.split_first().ok_or(PAST_THE_END)?;
        let mut ber = false;
        let length = match *first {
            short @ 0..=0x7f => Some(usize::from(short)),
            0x80 if tag.constructed => {
                ber = true;
                None
            }
            0x80 => {
                return Err(Fault::Malformed(
                    "an indefinite length on a value that holds no others",
                ));
            }
            0xff => return Err(Fault::Malformed("a reserved length octet")),
            long => {
                let count = usize::from(long & 0x7f);
                let (digits, behind) = rest.split_at_checked(count).ok_or(PAST_THE_END)?;
                rest = behind;
                let mut length = 0_usize;
                for digit in digits {
                    // A length that does not fit the machine does not fit the input either.
                    length = length
                        .checked_mul(256)
                        .and_then(|high| high.checked_add(usize::from(*digit)))
                        .ok_or(PAST_THE_END)?;
                }
                ber = length < 0x80 || digits.first() == Some(&0);
                Some(length)
            }
        };
        Ok(Self {
            tag,
            octets: input.len().saturating_sub(rest.len()),
            length,
            ber,
        })
    }

    pub(super) fn is_end_of_contents(&self) -> bool {
        self.tag.class == Class::Universal && self.tag.number == 0
    }
}

fn parse_tag(input: &[u8]) -> Result<(Tag, &[u8]), Fault> {
    let (first, mut rest) = input.split_first().ok_or(PAST_THE_END)?;
    let class = match first >> 6 {
        0 => Class::Universal,
        1 => Class::Application,
        2 => Class::Context,
        _ => Class::Private,
    };
    let mut number = u32::from(first & 0x1f);
    if number == 0x1f {
        number = 0;
        loop {
            let (octet, behind) = rest.split_first().ok_or(PAST_THE_END)?;
            rest = behind;
            if number == 0 && *octet == 0x80 || number > u32::MAX >> 7 {
                return Err(Fault::Malformed("an ASN.1 tag"));
            }
            number = number << 7 | u32::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                break;
            }
        }
        // X.690 §8.1.2.2: numbers up to 30 have one spelling only, in BER too.
        if number < 0x1f {
            return Err(Fault::Malformed("an ASN.1 tag"));
        }
    }
    let constructed = first & 0x20 != 0;
    Ok((
        Tag {
            class,
            constructed,
            number,
        },
        rest,
    ))
}

pub(super) fn place(offset: usize) -> Place {
    Place::Offset(u64::try_from(offset).unwrap_or(u64::MAX))
}

/// An [`Error`] before its place is known.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    Malformed(&'static str),
    TooLarge(&'static str),
}

impl Fault {
    pub(super) fn at(self, offset: usize) -> Error {
        let (kind, detail) = match self {
            Self::Malformed(detail) => (ErrorKind::Malformed, detail),
            Self::TooLarge(detail) => (ErrorKind::TooLarge, detail),
        };
        Error::new(kind, detail).at(place(offset))
    }
}

pub(super) const END_OF_CONTENTS: [u8; 2] = [0, 0];
pub(super) const PAST_THE_END: Fault = Fault::Malformed("an ASN.1 value that runs past the end");
pub(super) const TOO_DEEP: Fault = Fault::TooLarge("ASN.1 values nested too deep");
/// Real files hold about ten; each costs four octets of input and sixteen of memory.
const INDEFINITE_VALUES: usize = 65_536;
