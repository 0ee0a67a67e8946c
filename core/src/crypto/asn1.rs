//! The few octets of DER that keys and signature values are made of.
//!
//! A key is read before anything else is known about it, so this floor has its own strict reader:
//! definite lengths in their shortest form, tag numbers below 31, nothing skipped. Everything else
//! (CMS, BER, object identifiers as values) is the `der` room's.

/// One tag, length and value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    /// The identifier octet.
    pub(crate) tag: u8,
    /// The octets with their header.
    pub(crate) full: &'a [u8],
    /// The octets behind the header.
    pub(crate) content: &'a [u8],
}

/// A cursor over DER values that stand one behind the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next value, or nothing where the octets are no DER.
    pub(crate) fn next(&mut self) -> Option<Item<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let count = usize::from(first & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (octets, behind) = rest.split_at_checked(count)?;
            length = octets.iter().try_fold(0_usize, |sum, &octet| {
                sum.checked_mul(256)?.checked_add(usize::from(octet))
            })?;
            let shortest = length >= 0x80 && octets.first() != Some(&0);
            if !shortest {
                return None;
            }
            rest = behind;
        }
        let (content, behind) = rest.split_at_checked(length)?;
        let full = self.0.get(..self.0.len().checked_sub(behind.len())?)?;
        self.0 = behind;
        Some(Item { tag, full, content })
    }

    /// The content of the next value, if it has this tag; else nothing is read.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let item = ahead.next().filter(|item| item.tag == tag)?;
        *self = ahead;
        Some(item.content)
    }

    /// Nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The content of `der`, if it is exactly one value with this tag.
pub(crate) fn only(der: &[u8], tag: u8) -> Option<&[u8]> {
    let mut reader = Reader(der);
    let content = reader.take(tag)?;
    reader.is_empty().then_some(content)
}

/// The magnitude of a positive INTEGER's content without leading zero, or nothing where it is
/// negative, empty or not in its shortest form.
pub(crate) fn positive(content: &[u8]) -> Option<&[u8]> {
    match content {
        [] => None,
        [0] => Some(&[]),
        [0, second, ..] if *second < 0x80 => None,
        [0, rest @ ..] => Some(rest),
        [first, ..] if *first >= 0x80 => None,
        all => Some(all),
    }
}

/// A value with this tag.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let length = trimmed(&length);
            // A usize has at most eight octets.
            out.push(0x80 | u8::try_from(length.len()).unwrap_or(8));
            out.extend_from_slice(length);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A SEQUENCE of values that are already encoded.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// A positive INTEGER from its magnitude.
pub(crate) fn integer(magnitude: &[u8]) -> Vec<u8> {
    let magnitude = trimmed(magnitude);
    let mut content = Vec::with_capacity(magnitude.len().saturating_add(1));
    if magnitude.first().is_none_or(|first| *first >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(magnitude);
    tlv(INTEGER, &content)
}

/// An OBJECT IDENTIFIER from its dotted form, which is one of our own constants.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().unwrap_or(0));
    let (first, second) = (arcs.next().unwrap_or(0), arcs.next().unwrap_or(0));
    let head = first.saturating_mul(40).saturating_add(second);
    let mut content = Vec::new();
    for arc in std::iter::once(head).chain(arcs) {
        let mut groups = vec![arc & 0x7f];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push((rest & 0x7f) | 0x80);
            rest >>= 7;
        }
        content.extend(groups.iter().rev().filter_map(|g| u8::try_from(*g).ok()));
    }
    tlv(OID, &content)
}

/// The dotted form of an OBJECT IDENTIFIER's content; nothing where an arc passes 64 bits or the
/// octets are no identifier.
pub(crate) fn dotted(content: &[u8]) -> Option<String> {
    if content.last()? & 0x80 != 0 {
        return None;
    }
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc = 0_u64;
    let mut fresh = true;
    for &octet in content {
        if fresh && octet == 0x80 {
            return None;
        }
        arc = arc.checked_mul(128)?.checked_add(u64::from(octet & 0x7f))?;
        fresh = octet & 0x80 == 0;
        if fresh {
            arcs.push(arc);
            arc = 0;
        }
    }
    let (head, rest) = arcs.split_first()?;
    let first = (*head / 40).min(2);
    let mut text = format!("{first}.{}", head.checked_sub(first.checked_mul(40)?)?);
    for arc in rest {
        text.push('.');
        text.push_str(&arc.to_string());
    }
    Some(text)
}

/// `octets` without leading zeros.
pub(crate) fn trimmed(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// `octets`, of which zeros at the front may be missing or too many, in exactly `length` octets.
pub(crate) fn padded(octets: &[u8], length: usize) -> Option<Vec<u8>> {
    let octets = trimmed(octets);
    let mut out = vec![0; length.checked_sub(octets.len())?];
    out.extend_from_slice(octets);
    Some(out)
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn an_object_identifier_comes_back_as_it_was_written() {
        for dotted_form in [
            "1.2.840.113549.1.1.11",
            "2.16.840.1.101.3.4.2.1",
            "1.3.101.112",
            "2.999.3",
        ] {
            let der = oid(dotted_form);
            assert_eq!(dotted(only(&der, OID).unwrap()).unwrap(), dotted_form);
        }
        assert_eq!(dotted(&[0x2a, 0x80, 0x01]), None);
        assert_eq!(dotted(&[0x2a, 0x86]), None);
    }

    #[test]
    fn lengths_that_are_not_the_shortest_or_reach_beyond_the_octets_are_refused() {
        assert!(Reader(&[0x04, 0x81, 0x01, 0xff]).next().is_none());
        assert!(Reader(&[0x04, 0x82, 0x00, 0x81]).next().is_none());
        assert!(
            Reader(&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff])
                .next()
                .is_none()
        );
        assert!(Reader(&[0x30, 0x80, 0x00, 0x00]).next().is_none());
        assert!(Reader(&[0x04, 0x02, 0x01]).next().is_none());
        assert_eq!(
            Reader(&tlv(0x04, &[7; 200])).next().unwrap().content,
            [7; 200]
        );
    }

    #[test]
    fn an_integer_is_positive_and_in_its_shortest_form() {
        assert_eq!(integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(positive(&[0xff]), None);
        assert_eq!(positive(&[0, 0x7f]), None);
        assert_eq!(positive(&[0, 0x80]), Some(&[0x80_u8][..]));
    }
}
