//! [`Reader`] and [`Tlv`]: values one after another, without recursion (X.690 §8).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::borrow::Cow;
use std::sync::Arc;

use crate::der::header::{
    Class, END_OF_CONTENTS, Fault, Header, PAST_THE_END, Span, TOO_DEEP, Tag, find_ends, place,
};
use crate::der::oid::Oid;
use crate::error::Error;
use crate::time::Time;

/// Reads values one after another.
///
/// Nothing is copied and nothing is read that was not asked for; only the end of a value of
/// indefinite length is searched, once for all such values nested in one another.
///
/// ```
/// use kyso::der::{Reader, Tag};
///
/// let mut reader = Reader::new(&[0x30, 0x03, 0x02, 0x01, 0x05], 32);
/// let mut inside = reader.expect(Tag::SEQUENCE)?.reader()?;
/// assert_eq!(inside.expect(Tag::INTEGER)?.small_unsigned()?, 5);
/// inside.finish()?;
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    depth_left: usize,
    ends: Option<Arc<[Span]>>,
    ber: bool,
}

impl<'a> Reader<'a> {
    /// Reads these octets; values may nest `depth` levels deep
    /// ([`Limits::asn1_depth`](crate::Limits)).
    pub fn new(octets: &'a [u8], depth: usize) -> Self {
        Self {
            rest: octets,
            offset: 0,
            depth_left: depth,
            ends: None,
            ber: false,
        }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The octets not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Where the next value starts, in the octets that the outermost reader was given.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether a value that this reader itself has read had a length that DER does not allow:
    /// indefinite, or in more octets than needed. What lies inside those values does not count.
    pub fn is_ber(&self) -> bool {
        self.ber
    }

    /// The tag of the next value, or `None` at the end.
    pub fn peek(&self) -> Result<Option<Tag>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        match Header::parse(self.rest) {
            Ok(header) => Ok(Some(header.tag)),
            Err(fault) => Err(self.error(fault)),
        }
    }

    /// The next value, whatever its tag.
    pub fn tlv(&mut self) -> Result<Tlv<'a>, Error> {
        let header = Header::parse(self.rest).map_err(|fault| self.error(fault))?;
        if header.is_end_of_contents() {
            return Err(self.error(Fault::Malformed("end-of-contents octets out of place")));
        }
        let (full, content) = match header.length {
            Some(length) => {
                let end = header.octets.checked_add(length);
                let full = end.and_then(|end| self.rest.get(..end));
                let full = full.ok_or_else(|| self.error(PAST_THE_END))?;
                (full, full.get(header.octets..))
            }
            None => {
                let end = self.end_of_indefinite()?;
                let full = end
                    .checked_sub(self.offset)
                    .and_then(|length| self.rest.get(..length))
                    .ok_or_else(|| self.error(PAST_THE_END))?;
                let inner = full.len().checked_sub(END_OF_CONTENTS.len());
                (full, inner.and_then(|inner| full.get(header.octets..inner)))
            }
        };
        let content = content.ok_or_else(|| self.error(PAST_THE_END))?;
        let tlv = Tlv {
            tag: header.tag,
            full,
            content,
            indefinite: header.length.is_none(),
            ber: header.ber,
            offset: self.offset,
            depth_left: self.depth_left,
            ends: self.ends.clone(),
        };
        self.ber |= header.ber;
        self.rest = self.rest.get(full.len()..).unwrap_or_default();
        self.offset = self.offset.saturating_add(full.len());
        Ok(tlv)
    }

    /// The next value, which must have this tag in this form.
    pub fn expect(&mut self, tag: Tag) -> Result<Tlv<'a>, Error> {
        match self.peek()? {
            Some(found) if found == tag => self.tlv(),
            Some(_) => Err(self.error(Fault::Malformed("an ASN.1 value of another type"))),
            None => Err(self.error(Fault::Malformed("an ASN.1 value is missing"))),
        }
    }

    /// The next value if it has this tag in this form.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, Error> {
        match self.peek()? {
            Some(found) if found == tag => Ok(Some(self.tlv()?)),
            _ => Ok(None),
        }
    }

    /// The next value, which must be an OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Result<Oid, Error> {
        self.expect(Tag::OID)?.oid()
    }

    /// The next value, which must be an OCTET STRING; segments are joined.
    pub fn octet_string(&mut self) -> Result<Cow<'a, [u8]>, Error> {
        match self.peek()? {
            Some(found) if found.same_type(Tag::OCTET_STRING) => {
                self.ber |= found.constructed;
                self.tlv()?.octets()
            }
            _ => Err(self.error(Fault::Malformed("an OCTET STRING is missing"))),
        }
    }

    /// Checks that nothing is left.
    pub fn finish(&self) -> Result<(), Error> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(self.error(Fault::Malformed("octets behind the last ASN.1 value")))
    }

    /// Where the value of indefinite length ends that starts here.
    fn end_of_indefinite(&mut self) -> Result<usize, Error> {
        if let Some(end) = self.known_end() {
            return Ok(end);
        }
        let spans = find_ends(self.rest, self.offset, self.depth_left)
            .map_err(|fault| self.error(fault))?;
        self.ends = Some(spans.into());
        self.known_end().ok_or_else(|| self.error(PAST_THE_END))
    }

    fn known_end(&self) -> Option<usize> {
        let spans = self.ends.as_ref()?;
        let index = spans
            .binary_search_by_key(&self.offset, |span| span.start)
            .ok()?;
        spans.get(index).map(|span| span.end)
    }

    fn error(&self, fault: Fault) -> Error {
        fault.at(self.offset)
    }
}

/// One value: its tag, its content and all its octets.
#[derive(Clone, Debug)]
pub struct Tlv<'a> {
    tag: Tag,
    full: &'a [u8],
    content: &'a [u8],
    indefinite: bool,
    ber: bool,
    offset: usize,
    depth_left: usize,
    ends: Option<Arc<[Span]>>,
}

impl<'a> Tlv<'a> {
    /// The tag.
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// All octets of the value, with header and, for an indefinite length, end-of-contents.
    pub fn full(&self) -> &'a [u8] {
        self.full
    }

    /// The octets between the header and the end, end-of-contents octets left out.
    pub fn content(&self) -> &'a [u8] {
        self.content
    }

    /// Whether the length was indefinite.
    pub fn is_indefinite(&self) -> bool {
        self.indefinite
    }

    /// Whether the length was indefinite or in more octets than DER allows.
    pub fn is_ber(&self) -> bool {
        self.ber
    }

    /// Where the value starts, in the octets that the outermost reader was given.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Reads what is inside a constructed value.
    pub fn reader(&self) -> Result<Reader<'a>, Error> {
        if !self.tag.constructed {
            return Err(self.error(Fault::Malformed("an ASN.1 value that holds no others")));
        }
        let Some(depth_left) = self.depth_left.checked_sub(1) else {
            return Err(self.error(TOO_DEEP));
        };
        let tail = if self.indefinite {
            END_OF_CONTENTS.len()
        } else {
            0
        };
        let header = self
            .full
            .len()
            .saturating_sub(self.content.len())
            .saturating_sub(tail);
        Ok(Reader {
            rest: self.content,
            offset: self.offset.saturating_add(header),
            depth_left,
            ends: self.ends.clone(),
            ber: false,
        })
    }

    /// The OBJECT IDENTIFIER that it is.
    pub fn oid(&self) -> Result<Oid, Error> {
        self.must_be(Tag::OID)?;
        Oid::from_octets(self.content).map_err(|error| error.at(place(self.offset)))
    }

    /// The content octets of the INTEGER that it is: two's complement, most significant first, as
    /// they stand in the file.
    pub fn integer(&self) -> Result<&'a [u8], Error> {
        self.must_be(Tag::INTEGER)?;
        self.not_empty()
    }

    /// The INTEGER or ENUMERATED that it is, from 0 to 2⁶⁴−1. A context-specific tag may stand in
    /// its place (an implicit tag).
    pub fn small_unsigned(&self) -> Result<u64, Error> {
        let implicit = self.tag.class == Class::Context && !self.tag.constructed;
        if self.tag != Tag::ENUMERATED && !implicit {
            self.must_be(Tag::INTEGER)?;
        }
        small_unsigned(self.not_empty()?).ok_or_else(|| {
            self.error(Fault::Malformed(
                "an INTEGER that is negative or beyond 64 bits",
            ))
        })
    }

    /// The BOOLEAN that it is.
    pub fn boolean(&self) -> Result<bool, Error> {
        self.must_be(Tag::BOOLEAN)?;
        match self.content {
            [octet] => Ok(*octet != 0),
            _ => Err(self.error(Fault::Malformed("a BOOLEAN"))),
        }
    }

    /// The octets of the BIT STRING in one piece that it is. The number of unused bits must be
    /// zero, as it is for keys and signatures.
    pub fn bit_string(&self) -> Result<&'a [u8], Error> {
        self.must_be(Tag::BIT_STRING)?;
        match self.content.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(self.error(Fault::Malformed("a BIT STRING of whole octets"))),
        }
    }

    /// The octets of a string that may stand in one piece or in OCTET STRING segments, whatever
    /// the tag of the whole (X.690 §8.7.3). Copied only where there are several segments.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, Error> {
        if !self.tag.constructed {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut whole = Cow::Borrowed(&[][..]);
        let mut open = vec![self.reader()?];
        while let Some(reader) = open.last_mut() {
            if reader.is_empty() {
                open.pop();
                continue;
            }
            let segment = reader.tlv()?;
            if !segment.tag.same_type(Tag::OCTET_STRING) {
                return Err(segment.error(Fault::Malformed("a segment of an OCTET STRING")));
            }
            if segment.tag.constructed {
                open.push(segment.reader()?);
            } else if whole.is_empty() {
                whole = Cow::Borrowed(segment.content);
            } else {
                whole.to_mut().extend_from_slice(segment.content);
            }
        }
        Ok(whole)
    }

    /// The UTCTime or GeneralizedTime that it is.
    pub fn time(&self) -> Result<Time, Error> {
        let time = if self.tag == Tag::UTC_TIME {
            Time::from_utc_time(self.content)
        } else {
            self.must_be(Tag::GENERALIZED_TIME)?;
            Time::from_generalized_time(self.content)
        };
        time.map_err(|error| error.at(place(self.offset)))
    }

    fn must_be(&self, tag: Tag) -> Result<(), Error> {
        if self.tag == tag {
            return Ok(());
        }
        Err(self.error(Fault::Malformed("an ASN.1 value of another type")))
    }

    fn not_empty(&self) -> Result<&'a [u8], Error> {
        if self.content.is_empty() {
            return Err(self.error(Fault::Malformed("an INTEGER without octets")));
        }
        Ok(self.content)
    }

    fn error(&self, fault: Fault) -> Error {
        fault.at(self.offset)
    }
}

fn small_unsigned(content: &[u8]) -> Option<u64> {
    if content.first()? & 0x80 != 0 {
        return None;
    }
    content.iter().try_fold(0_u64, |value, octet| {
        value.checked_mul(256)?.checked_add(u64::from(*octet))
    })
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn one(octets: &[u8]) -> Result<Tlv<'_>, Error> {
        Reader::new(octets, 32).tlv()
    }

    fn kind(octets: &[u8]) -> ErrorKind {
        one(octets).unwrap_err().kind()
    }

    #[test]
    fn a_value_knows_all_its_octets_and_the_reader_goes_on_behind_it() {
        let octets = [0x30, 0x03, 0x02, 0x01, 0x05, 0x05, 0x00];
        let mut reader = Reader::new(&octets, 32);
        let sequence = reader.expect(Tag::SEQUENCE).unwrap();
        assert_eq!(sequence.full(), &octets[..5]);
        assert_eq!(sequence.content(), &octets[2..5]);
        let mut inside = sequence.reader().unwrap();
        assert_eq!(inside.offset(), 2);
        assert_eq!(inside.tlv().unwrap().small_unsigned().unwrap(), 5);
        inside.finish().unwrap();
        assert!(reader.finish().is_err());
        assert!(reader.optional(Tag::BOOLEAN).unwrap().is_none());
        assert_eq!(reader.tlv().unwrap().tag(), Tag::NULL);
        assert!(!reader.is_ber());
    }

    #[test]
    fn nested_indefinite_lengths_end_where_their_own_end_is() {
        // [0]{ SEQUENCE{ INTEGER 1 } SEQUENCE{} } behind which a NULL stands.
        let octets = [
            0xa0, 0x80, 0x30, 0x80, 2, 1, 1, 0, 0, 0x30, 0x80, 0, 0, 0, 0, 5, 0,
        ];
        let mut reader = Reader::new(&octets, 32);
        let outer = reader.expect(Tag::context(0)).unwrap();
        assert_eq!(outer.full().len(), 15);
        assert!(outer.is_indefinite() && reader.is_ber());
        let mut inside = outer.reader().unwrap();
        let first = inside.tlv().unwrap();
        assert_eq!(first.full(), &octets[2..9]);
        assert_eq!(first.content(), &[2, 1, 1]);
        assert!(inside.tlv().unwrap().content().is_empty());
        inside.finish().unwrap();
        assert_eq!(reader.tlv().unwrap().tag(), Tag::NULL);
    }

    #[test]
    fn an_indefinite_value_inside_a_definite_one_inside_an_indefinite_one_is_read() {
        // The inner end-of-contents octets lie beyond their SEQUENCE.
        let octets = [0x30, 0x80, 0x30, 0x05, 0x31, 0x80, 5, 0, 0, 0, 0];
        let middle = one(&octets).unwrap().reader().unwrap().tlv().unwrap();
        assert!(middle.reader().unwrap().tlv().is_err());
        let octets = [0x30, 0x80, 0x30, 0x06, 0x31, 0x80, 5, 0, 0, 0, 0, 0];
        let middle = one(&octets).unwrap().reader().unwrap().tlv().unwrap();
        let inner = middle.reader().unwrap().tlv().unwrap();
        assert_eq!(inner.content(), &[5, 0]);
        assert_eq!(inner.offset(), 4);
    }

    #[test]
    fn a_longer_length_than_needed_is_read_and_told() {
        let value = one(&[0x04, 0x81, 0x01, 0xaa]).unwrap();
        assert!(value.is_ber());
        let value = one(&[0x04, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0xaa]).unwrap();
        assert!(value.is_ber());
        assert_eq!(value.content(), &[0xaa]);
    }

    #[test]
    fn lengths_beyond_the_input_are_refused_at_once() {
        assert_eq!(
            kind(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0]),
            ErrorKind::Malformed
        );
        assert_eq!(
            kind(&[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ErrorKind::Malformed
        );
        let mut octets = vec![0x30, 0xfe];
        octets.extend([0xff; 126]);
        assert_eq!(kind(&octets), ErrorKind::Malformed);
        assert_eq!(kind(&[0x30, 0xfe, 1]), ErrorKind::Malformed);
        assert_eq!(kind(&[0x30, 0xff]), ErrorKind::Malformed);
        assert_eq!(kind(&[0x30]), ErrorKind::Malformed);
        assert_eq!(kind(&[]), ErrorKind::Malformed);
    }

    #[test]
    fn a_hundred_thousand_nested_indefinite_values_are_too_deep() {
        let bomb = [0x30, 0x80].repeat(100_000);
        assert_eq!(kind(&bomb), ErrorKind::TooLarge);
        let mut shallow = [0x24, 0x80].repeat(32);
        shallow.extend([0, 0].repeat(32));
        assert_eq!(one(&shallow).unwrap().full().len(), shallow.len());
        assert_eq!(one(&shallow).unwrap().octets().unwrap().len(), 0);
        let mut deep = [0x24, 0x80].repeat(33);
        deep.extend([0, 0].repeat(33));
        assert_eq!(kind(&deep), ErrorKind::TooLarge);
    }

    #[test]
    fn definite_values_nested_beyond_the_limit_are_not_entered() {
        let mut octets = vec![0x05, 0x00];
        for _ in 0..33 {
            let mut outer = vec![0x30, u8::try_from(octets.len()).unwrap()];
            outer.extend(&octets);
            octets = outer;
        }
        let mut value = one(&octets).unwrap();
        for _ in 0..32 {
            value = value.reader().unwrap().tlv().unwrap();
        }
        assert_eq!(value.reader().unwrap_err().kind(), ErrorKind::TooLarge);
    }

    #[test]
    fn many_indefinite_siblings_are_a_limit_not_a_delay() {
        let mut octets = vec![0x30, 0x80];
        octets.extend([0x30, 0x80, 0, 0].repeat(2_000_000));
        octets.extend([0, 0]);
        assert_eq!(kind(&octets), ErrorKind::TooLarge);
    }

    #[test]
    fn end_of_contents_octets_out_of_place_are_refused() {
        assert_eq!(kind(&[0, 0]), ErrorKind::Malformed);
        let sequence = [0x30, 2, 0, 0];
        let inside = one(&sequence).unwrap().reader().unwrap().tlv().map(|_| ());
        assert_eq!(inside.unwrap_err().kind(), ErrorKind::Malformed);
        assert_eq!(kind(&[0x30, 0x80, 0, 1, 0, 0, 0]), ErrorKind::Malformed);
        assert_eq!(kind(&[0x30, 0x80, 5, 0]), ErrorKind::Malformed);
        assert_eq!(kind(&[0x04, 0x80, 0, 0]), ErrorKind::Malformed);
    }

    #[test]
    fn segments_of_an_octet_string_are_joined_and_one_segment_is_borrowed() {
        let octets = [0x24, 0x80, 4, 2, 1, 2, 0x24, 3, 4, 1, 3, 4, 0, 0, 0];
        assert_eq!(*one(&octets).unwrap().octets().unwrap(), [1, 2, 3]);
        let octets = [0x24, 4, 4, 2, 1, 2];
        let single = one(&octets).unwrap().octets().unwrap();
        assert!(matches!(single, Cow::Borrowed([1, 2])));
        assert!(one(&[0x24, 2, 5, 0]).unwrap().octets().is_err());
    }

    #[test]
    fn a_tag_has_one_spelling() {
        assert_eq!(one(&[0xbf, 0x1f, 0]).unwrap().tag(), Tag::context(31));
        for octets in [
            &[0xbf, 0x1e, 0][..],
            &[0xbf, 0x80, 0x1f, 0],
            &[0xbf, 0xff, 0xff, 0xff, 0xff, 0x7f, 0],
            &[0xbf, 0xff],
        ] {
            assert_eq!(kind(octets), ErrorKind::Malformed);
        }
    }

    #[test]
    fn numbers_and_strings_of_the_wrong_form_are_refused() {
        assert!(one(&[2, 0]).unwrap().integer().is_err());
        assert!(one(&[2, 1, 0xff]).unwrap().small_unsigned().is_err());
        assert!(
            one(&[2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0])
                .unwrap()
                .small_unsigned()
                .is_err()
        );
        assert_eq!(
            one(&[2, 2, 0, 0x80]).unwrap().small_unsigned().unwrap(),
            128
        );
        assert!(one(&[1, 2, 0, 0]).unwrap().boolean().is_err());
        assert!(one(&[3, 1, 4]).unwrap().bit_string().is_err());
        assert!(one(&[0x22, 3, 2, 1, 5]).unwrap().integer().is_err());
    }
}
