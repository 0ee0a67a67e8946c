//! DER by hand: the writer behind lists, answers, tokens and signatures, and a reader for the
//! requests that a service gets.
//!
//! Written by hand, since a test wants each octet to be its own choice, wrong ones included.

use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{DateTime, Encode};

use crate::error::{SandboxError, bad_certificate};

/// One element: tag, length, content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let skipped = octets.iter().take_while(|octet| **octet == 0).count();
            let count = octets.len() - skipped;
            // A length has at most eight octets, and so its count fits.
            out.push(0x80 | u8::try_from(count).unwrap_or(0));
            out.extend(octets.iter().skip(skipped));
        }
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn sequence(fields: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &fields.concat())
}

/// A SET OF in the order DER wants.
pub(crate) fn set_of(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    tlv(0x31, &elements.concat())
}

pub(crate) fn octet_string(octets: &[u8]) -> Vec<u8> {
    tlv(0x04, octets)
}

pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], octets].concat())
}

/// A BIT STRING of named bits: those set, without trailing zeros (X.690 §11.2.2).
pub(crate) fn named_bits(tag: u8, set: &[u8]) -> Vec<u8> {
    let mut octets: Vec<u8> = Vec::new();
    for bit in set {
        let at = usize::from(bit / 8);
        if octets.len() <= at {
            octets.resize(at + 1, 0);
        }
        if let Some(octet) = octets.get_mut(at) {
            *octet |= 0x80 >> (bit % 8);
        }
    }
    let unused = octets.last().map_or(0, |last| last.trailing_zeros());
    let unused = u8::try_from(unused).unwrap_or(0);
    tlv(tag, &[&[unused][..], &octets].concat())
}

/// A non-negative INTEGER of octets, most significant first.
pub(crate) fn unsigned(octets: &[u8]) -> Vec<u8> {
    tlv(0x02, &positive(octets))
}

pub(crate) fn integer(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// The shortest content of a non-negative INTEGER.
pub(crate) fn positive(octets: &[u8]) -> Vec<u8> {
    let skipped = octets.iter().take_while(|octet| **octet == 0).count();
    let rest = octets.get(skipped..).unwrap_or_default();
    let lead = rest.first().is_none_or(|first| first & 0x80 != 0);
    let mut out = Vec::new();
    if lead {
        out.push(0);
    }
    out.extend_from_slice(rest);
    out
}

pub(crate) fn enumerated(value: u8) -> Vec<u8> {
    tlv(0x0a, &[value])
}

pub(crate) fn boolean_true() -> Vec<u8> {
    tlv(0x01, &[0xff])
}

pub(crate) fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// `[number]` around whole elements: EXPLICIT, or IMPLICIT over something constructed.
pub(crate) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, content)
}

/// `[number]` IMPLICIT over something primitive.
pub(crate) fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, content)
}

pub(crate) fn oid(dotted: &str) -> Result<Vec<u8>, SandboxError> {
    let oid = ObjectIdentifier::new(dotted).map_err(bad_certificate)?;
    Ok(oid.to_der()?)
}

/// An AlgorithmIdentifier.
pub(crate) fn algorithm(dotted: &str, parameters: &[u8]) -> Result<Vec<u8>, SandboxError> {
    Ok(sequence(&[oid(dotted)?, parameters.to_vec()]))
}

/// An Extension (RFC 5280 §4.1).
pub(crate) fn extension(
    dotted: &str,
    is_critical: bool,
    value: &[u8],
) -> Result<Vec<u8>, SandboxError> {
    let mut fields = vec![oid(dotted)?];
    if is_critical {
        fields.push(boolean_true());
    }
    fields.push(octet_string(value));
    Ok(sequence(&fields))
}

/// A GeneralizedTime in UTC, whole seconds.
pub(crate) fn generalized_time(unix: i64) -> Result<Vec<u8>, SandboxError> {
    Ok(tlv(0x18, format!("{}Z", digits(unix)?).as_bytes()))
}

/// A Time as RFC 5280 §4.1.2.5 has it: UTCTime up to 2049.
pub(crate) fn time(unix: i64) -> Result<Vec<u8>, SandboxError> {
    let digits = digits(unix)?;
    Ok(match digits.as_str() {
        late if late >= "2050" => tlv(0x18, format!("{late}Z").as_bytes()),
        usual => tlv(
            0x17,
            format!("{}Z", usual.get(2..).unwrap_or_default()).as_bytes(),
        ),
    })
}

fn digits(unix: i64) -> Result<String, SandboxError> {
    let moment = civil(unix)?;
    Ok(format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        moment.year(),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minutes(),
        moment.seconds()
    ))
}

/// The moment in UTC.
pub(crate) fn civil(unix: i64) -> Result<DateTime, SandboxError> {
    let seconds = u64::try_from(unix).map_err(bad_certificate)?;
    Ok(DateTime::from_unix_duration(
        std::time::Duration::from_secs(seconds),
    )?)
}

/// One element read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    /// With tag and length.
    pub(crate) whole: &'a [u8],
}

/// Elements one after the other; DER alone, and `None` for what is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        // Tags of several octets are not in any request.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 {
                return None;
            }
            let octets = rest.get(..count)?;
            rest = rest.get(count..)?;
            length = octets
                .iter()
                .try_fold(0_usize, |sum, octet| {
                    sum.checked_mul(256)?.checked_add(usize::from(*octet))
                })
                .filter(|length| *length >= 0x80)?;
        }
        let content = rest.get(..length)?;
        let after = rest.get(length..)?;
        let whole = self.0.get(..self.0.len() - after.len())?;
        self.0 = after;
        Some(Element {
            tag,
            content,
            whole,
        })
    }

    /// The next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The next element if it has this tag; otherwise nothing is consumed.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.0.first() == Some(&tag) {
            return self.next();
        }
        None
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn lengths_integers_and_bits_are_as_short_as_der_wants() {
        assert_eq!(tlv(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(tlv(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(unsigned(&[0, 0, 1]), [2, 1, 1]);
        assert_eq!(named_bits(3, &[1]), [3, 2, 6, 0x40]);
        assert_eq!(named_bits(3, &[0, 8]), [3, 3, 7, 0x80, 0x80]);
        assert_eq!(named_bits(3, &[]), [3, 1, 0]);
    }

    #[test]
    fn the_year_2050_is_a_generalized_time() {
        assert_eq!(time(1_767_225_600).unwrap()[2..], *b"260101000000Z");
        assert_eq!(time(2_524_608_000).unwrap()[2..], *b"20500101000000Z");
        assert!(time(-1).is_err());
    }

    #[test]
    fn every_prefix_of_an_element_is_refused() {
        let whole = sequence(&[tlv(4, &[7; 200]), integer(5)]);
        for length in 0..whole.len() {
            assert!(Reader(&whole[..length]).next().is_none());
        }
        let mut reader = Reader(&whole);
        let mut inner = Reader(reader.expect(0x30).unwrap().content);
        assert!(reader.is_empty());
        assert_eq!(inner.next().unwrap().content.len(), 200);
        assert!(inner.optional(4).is_none());
        assert_eq!(inner.expect(2).unwrap().content, [5]);
        assert!(inner.next().is_none());
        // Lengths that are longer than need be, indefinite, or beyond any request.
        for bad in [
            &[4, 0x81, 1, 7][..],
            &[4, 0x80, 0, 0],
            &[4, 0x85, 1, 1, 1, 1, 1],
        ] {
            assert!(Reader(bad).next().is_none());
        }
    }
}
