//! Writing DER: one function a type, each returns the whole value (X.690 §§8, 10, 11).
//!
//! ```
//! use kyso::der::{Oid, write};
//!
//! let sha256 = Oid::from_dotted("2.16.840.1.101.3.4.2.1").unwrap();
//! let algorithm = write::sequence(&[write::oid(&sha256), write::null()]);
//! assert_eq!(algorithm[..4], [0x30, 13, 0x06, 9]);
//! ```

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use crate::der::oid::Oid;
use crate::time::Time;

/// A value with this identifier octet; tags up to 30 need no more.
pub fn tlv(identifier: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len().saturating_add(6));
    out.push(identifier);
    push_length(&mut out, content.len());
    out.extend_from_slice(content);
    out
}

/// SEQUENCE or SEQUENCE OF of these values.
pub fn sequence<P: AsRef<[u8]>>(values: &[P]) -> Vec<u8> {
    tlv(SEQUENCE, &joined(values))
}

/// SET OF of these values, put in the order of DER (X.690 §11.6).
pub fn set_of<P: AsRef<[u8]>>(values: &[P]) -> Vec<u8> {
    tlv(SET, &sorted(values))
}

/// These values one behind the other in the order of a DER SET OF, without a header.
///
/// The standard compares encodings padded with zeros; for whole values, of which none is the
/// beginning of another, that is the order of octet strings.
pub fn sorted<P: AsRef<[u8]>>(values: &[P]) -> Vec<u8> {
    let mut order: Vec<&[u8]> = values.iter().map(AsRef::as_ref).collect();
    order.sort_unstable();
    joined(&order)
}

/// An explicit tag `[number]` around these values, or the implicit tag of a SEQUENCE or SET of
/// them. `number` is at most 30.
pub fn context<P: AsRef<[u8]>>(number: u8, values: &[P]) -> Vec<u8> {
    tlv(0xa0 | (number & 0x1f), &joined(values))
}

/// An implicit tag `[number]` on a primitive value with this content. `number` is at most 30.
pub fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | (number & 0x1f), content)
}

/// OCTET STRING.
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    tlv(0x04, octets)
}

/// BIT STRING of whole octets.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    tlv(0x03, &joined(&[&[0][..], octets]))
}

/// INTEGER.
pub fn integer(value: i64) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let mut content = &octets[..];
    while let [first, rest @ ..] = content {
        // Nine equal bits at the front are one octet too many.
        let Some(next) = rest.first() else { break };
        let spare = *first == 0x00 && next & 0x80 == 0 || *first == 0xff && next & 0x80 != 0;
        if !spare {
            break;
        }
        content = rest;
    }
    tlv(INTEGER, content)
}

/// INTEGER from the octets of a number that is not negative, most significant first.
pub fn unsigned_integer(magnitude: &[u8]) -> Vec<u8> {
    let first = magnitude.iter().position(|octet| *octet != 0);
    let digits = first
        .and_then(|first| magnitude.get(first..))
        .unwrap_or_default();
    let sign = match digits.first() {
        Some(octet) if octet & 0x80 == 0 => &[][..],
        _ => &[0][..],
    };
    tlv(INTEGER, &joined(&[sign, digits]))
}

/// ENUMERATED of a value below 128.
pub fn enumerated(value: u8) -> Vec<u8> {
    tlv(0x0a, &[value & 0x7f])
}

/// BOOLEAN TRUE. (FALSE is nearly always a default, which DER leaves out.)
pub fn boolean_true() -> Vec<u8> {
    tlv(0x01, &[0xff])
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

/// OBJECT IDENTIFIER.
pub fn oid(oid: &Oid) -> Vec<u8> {
    tlv(0x06, oid.octets())
}

/// UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// PrintableString; the caller knows that the characters are among those it has.
pub fn printable_string(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// IA5String; the caller knows that the characters are ASCII.
pub fn ia5_string(text: &str) -> Vec<u8> {
    tlv(0x16, text.as_bytes())
}

/// UTCTime up to 2049, GeneralizedTime before 1950 and after, both in UTC to the second
/// (RFC 5280 §4.1.2.5, RFC 5652 §11.3).
pub fn time(time: Time) -> Vec<u8> {
    let (year, month, day) = time.utc().date();
    if !(1950..2050).contains(&year) {
        return generalized_time(time);
    }
    let (hour, minute, second) = time.utc().clock();
    let year = year % 100;
    let text = format!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    tlv(0x17, text.as_bytes())
}

/// GeneralizedTime in UTC to the second.
pub fn generalized_time(time: Time) -> Vec<u8> {
    let (year, month, day) = time.utc().date();
    let (hour, minute, second) = time.utc().clock();
    let text = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    tlv(0x18, text.as_bytes())
}

/// Appends length octets, as few as DER wants.
fn push_length(out: &mut Vec<u8>, length: usize) {
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        out.push(short);
        return;
    }
    let octets = length.to_be_bytes();
    let digits = octets.iter().skip_while(|octet| **octet == 0);
    let count = u8::try_from(digits.clone().count()).unwrap_or(0);
    out.push(0x80 | count);
    out.extend(digits);
}

fn joined<P: AsRef<[u8]>>(values: &[P]) -> Vec<u8> {
    let length = values.iter().map(|value| value.as_ref().len()).sum();
    let mut out = Vec::with_capacity(length);
    for value in values {
        out.extend_from_slice(value.as_ref());
    }
    out
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;
    use crate::der::Reader;

    #[test]
    fn lengths_are_written_in_as_few_octets_as_possible_and_read_back() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let value = octet_string(&vec![7; length]);
            let mut reader = Reader::new(&value, 32);
            assert_eq!(reader.octet_string().unwrap().len(), length);
            reader.finish().unwrap();
            assert!(!reader.is_ber());
        }
    }

    #[test]
    fn numbers_have_no_spare_octets() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(127), [2, 1, 127]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(integer(-1), [2, 1, 0xff]);
        assert_eq!(integer(-129), [2, 2, 0xff, 0x7f]);
        assert_eq!(unsigned_integer(&[]), [2, 1, 0]);
        assert_eq!(unsigned_integer(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned_integer(&[0, 1, 0]), [2, 2, 1, 0]);
    }

    #[test]
    fn a_set_of_is_sorted_by_octets() {
        let set = set_of(&[integer(300), integer(2), null(), integer(1)]);
        assert_eq!(set, [0x31, 12, 2, 1, 1, 2, 1, 2, 2, 2, 1, 44, 5, 0]);
    }

    #[test]
    fn times_up_to_2049_are_utc_times() {
        let written = |text: &str| time(text.parse().unwrap());
        assert_eq!(written("2049-12-31T23:59:59Z"), *b"\x17\x0d491231235959Z");
        assert_eq!(
            written("2050-01-01T07:00:00+07:00"),
            *b"\x18\x0f20500101000000Z"
        );
        assert_eq!(written("1949-12-31T00:00:00Z"), *b"\x18\x0f19491231000000Z");
    }
}
