//! [`Oid`]: an object identifier, compared by its octets (X.690 §8.19).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// An object identifier. It is small and copied freely.
///
/// Identifiers of more than 63 octets and arcs of more than 128 bits (the size of a UUID arc) are
/// refused: nobody has registered one.
///
/// ```
/// use kyso::der::Oid;
///
/// const DATA: Option<Oid> = Oid::from_dotted("1.2.840.113549.1.7.1");
/// assert_eq!(DATA, Oid::from_octets(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]).ok());
/// assert_eq!(DATA.unwrap().to_string(), "1.2.840.113549.1.7.1");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    octets: [u8; CAPACITY],
    length: u8,
}

impl Oid {
    /// From the content octets of an OBJECT IDENTIFIER. Each arc must be in its shortest form.
    pub fn from_octets(content: &[u8]) -> Result<Self, Error> {
        let mut oid = Self::EMPTY;
        let Some(slot) = oid.octets.get_mut(..content.len()) else {
            return Err(Error::new(
                ErrorKind::TooLarge,
                "an object identifier of more than 63 octets",
            ));
        };
        slot.copy_from_slice(content);
        oid.length = u8::try_from(content.len()).unwrap_or(0);
        let mut arcs = Arcs(content);
        let mut read = 0_usize;
        while let Some(arc) = arcs.take() {
            arc?;
            read = read.saturating_add(1);
        }
        if read == 0 {
            return Err(malformed());
        }
        Ok(oid)
    }

    /// From dotted text such as `1.2.840.113549.1.1.11`; `None` where it is not an identifier.
    /// It can be asked while compiling.
    #[allow(clippy::indexing_slicing, clippy::as_conversions)] // every index is compared
    pub const fn from_dotted(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let mut oid = Self::EMPTY;
        let mut first: Option<u128> = None;
        let mut at = 0;
        let mut arcs = 0_usize;
        loop {
            let mut arc: u128 = 0;
            let start = at;
            while at < text.len() && text[at] != b'.' {
                if !text[at].is_ascii_digit() || (at > start && text[start] == b'0') {
                    return None;
                }
                arc = match arc.checked_mul(10) {
                    Some(tens) => match tens.checked_add((text[at] - b'0') as u128) {
                        Some(sum) => sum,
                        None => return None,
                    },
                    None => return None,
                };
                at += 1;
            }
            if at == start {
                return None;
            }
            arcs += 1;
            match first {
                None if arcs == 1 => {
                    if arc > 2 {
                        return None;
                    }
                    first = Some(arc);
                }
                Some(root) => {
                    if root < 2 && arc > 39 {
                        return None;
                    }
                    oid = match arc.checked_add(root * 40) {
                        Some(joined) => match oid.with_arc(joined) {
                            Some(longer) => longer,
                            None => return None,
                        },
                        None => return None,
                    };
                    first = None;
                }
                None => {
                    oid = match oid.with_arc(arc) {
                        Some(longer) => longer,
                        None => return None,
                    };
                }
            }
            if at == text.len() {
                return if arcs >= 2 { Some(oid) } else { None };
            }
            at += 1;
        }
    }

    /// The content octets.
    pub fn octets(&self) -> &[u8] {
        self.octets
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }

    #[allow(clippy::indexing_slicing, clippy::as_conversions)] // const; see above
    const fn with_arc(mut self, arc: u128) -> Option<Self> {
        let mut groups = 1;
        while groups < 19 && (arc >> (7 * groups)) != 0 {
            groups += 1;
        }
        while groups > 0 {
            groups -= 1;
            if self.length as usize >= CAPACITY {
                return None;
            }
            let more = if groups > 0 { 0x80 } else { 0 };
            self.octets[self.length as usize] = ((arc >> (7 * groups)) & 0x7f) as u8 | more;
            self.length += 1;
        }
        Some(self)
    }

    const EMPTY: Self = Self {
        octets: [0; CAPACITY],
        length: 0,
    };
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arcs = Arcs(self.octets());
        // The octets were checked when the identifier was made; the first holds two arcs.
        let Some(Ok(joined)) = arcs.take() else {
            return Ok(());
        };
        let root = (joined / 40).min(2);
        write!(f, "{root}.{}", joined - root * 40)?;
        while let Some(Ok(arc)) = arcs.take() {
            write!(f, ".{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

impl FromStr for Oid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_dotted(text).ok_or_else(malformed)
    }
}

/// An identifier known while compiling; text that is none does not compile.
macro_rules! oid {
    ($text:literal) => {
        const {
            match $crate::der::Oid::from_dotted($text) {
                Some(oid) => oid,
                None => panic!("not an object identifier"),
            }
        }
    };
}
pub(crate) use oid;

/// The arcs of an identifier's content octets; the first is the joined one.
struct Arcs<'a>(&'a [u8]);

impl Arcs<'_> {
    fn take(&mut self) -> Option<Result<u128, Error>> {
        if self.0.is_empty() {
            return None;
        }
        if self.0.first() == Some(&0x80) {
            return Some(Err(malformed()));
        }
        let mut arc: u128 = 0;
        while let Some((octet, rest)) = self.0.split_first() {
            self.0 = rest;
            if arc > u128::MAX >> 7 {
                return Some(Err(malformed()));
            }
            arc = arc << 7 | u128::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                return Some(Ok(arc));
            }
        }
        Some(Err(malformed()))
    }
}

fn malformed() -> Error {
    Error::new(ErrorKind::Malformed, "an object identifier")
}

/// The longest identifiers seen in certificates (template identifiers of one vendor) have 31.
const CAPACITY: usize = 63;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;

    #[test]
    fn dotted_text_and_octets_are_the_same_identifier() {
        for text in [
            "0.0",
            "0.39",
            "1.0",
            "1.39.5",
            "2.0",
            "2.5.29.15",
            "2.999.3",
            "1.2.840.113549.1.9.16.2.47",
            "1.3.6.1.4.1.311.21.8.15541429.6544834.3952316.9166771.9527823.88.1.1",
            "2.25.329800735698586629295641978511506172918",
        ] {
            let oid: Oid = text.parse().unwrap();
            assert_eq!(oid.to_string(), text);
            assert_eq!(Oid::from_octets(oid.octets()).unwrap(), oid);
        }
    }

    #[test]
    fn what_is_not_an_identifier_is_refused() {
        for text in [
            "", "1", "3.1", "1.40", "1.2.", ".1.2", "1..2", "1.02", "1.a", "1.2.-3",
        ] {
            assert!(Oid::from_dotted(text).is_none(), "{text}");
        }
        for octets in [
            &[][..],
            &[0x80],
            &[0x2a, 0x80, 0x01],
            &[0x2a, 0x86],
            &[0x83, 0xff, 0xff],
        ] {
            assert!(Oid::from_octets(octets).is_err(), "{octets:?}");
        }
    }

    #[test]
    fn a_huge_arc_or_a_huge_identifier_is_refused() {
        let mut arc = vec![0x2a];
        arc.extend([0xff; 30]);
        arc.push(0x01);
        assert!(Oid::from_octets(&arc).is_err());
        assert!(Oid::from_octets(&[1; 64]).is_err());
        assert!(Oid::from_dotted(&"1.2".repeat(70)).is_none());
        assert!(Oid::from_dotted("2.340282366920938463463374607431768211455").is_none());
    }
}
