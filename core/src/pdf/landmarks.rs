//! Where words stand in the octets of a file that several looks begin at: [`Landmarks`].
//!
//! `obj` and `/ObjStm` share two letters, and one pass at about the speed of memory finds both for
//! everybody who asks; what the cross-reference lists anyhow is left out on the way. The data of
//! wide streams, most of a file, are stepped over: no look counts what stands in the data of a
//! stream that a table lists. A file full of such words fills no memory with them: what is kept is
//! bounded, and behind it the octets are searched anew by each who asks.

use std::ops::Range;

use crate::pdf::file::File;
use crate::pdf::lex::is_space;
use crate::pdf::object::Object;

/// Words of a file, found once.
pub(super) struct Landmarks {
    /// The data of wide streams, in order, none over another.
    wide: Vec<Range<usize>>,
    texts: Kept,
    streams: Kept,
}

/// Some places, and from where on there may be further ones.
#[derive(Default)]
struct Kept {
    places: Vec<usize>,
    unsearched: Option<usize>,
}

impl Landmarks {
    /// Looks through the file.
    pub(super) fn of(file: &File<'_>) -> Self {
        let offsets = file.offsets();
        let wide = wide(file, &offsets);
        Self::outside(file.bytes(), &offsets, wide)
    }

    /// Looks through the octets outside of the data of wide streams. `offsets` are those that a
    /// table lists, in order.
    fn outside(bytes: &[u8], offsets: &[usize], wide: Vec<Range<usize>>) -> Self {
        let (mut texts, mut streams) = (Kept::default(), Kept::default());
        let mut listed = offsets.iter().peekable();
        for hit in around(bytes, &wide, 0, SHARED) {
            let Some((word, at)) = word_at(bytes, hit) else {
                continue;
            };
            let kept = match word {
                Word::Text => {
                    if let Some(start) = plain_head(bytes, at) {
                        // Hits only grow, and so do the offsets.
                        while listed.next_if(|&&offset| offset < start).is_some() {}
                        if listed.peek() == Some(&&start) {
                            continue;
                        }
                    }
                    &mut texts
                }
                Word::Stream => &mut streams,
            };
            if kept.unsearched.is_some() {
                continue;
            }
            if kept.places.len() == MOST_KEPT {
                kept.unsearched = Some(at);
            } else {
                kept.places.push(at);
            }
        }
        Self {
            wide,
            texts,
            streams,
        }
    }
}

impl File<'_> {
    /// Where `obj` stands behind white space, in order; without those whose object a table lists at
    /// the very place of its number, as `12 0 obj`.
    pub(crate) fn unlisted_texts(&self) -> impl Iterator<Item = usize> {
        let landmarks = self.landmarks();
        self.walk(landmarks, &landmarks.texts, b"obj", |bytes, at| {
            word_at(bytes, at + 1).is_some_and(|(word, _)| word == Word::Text)
        })
    }

    /// Where `/ObjStm` stands, in order.
    pub(in crate::pdf) fn stream_words(&self) -> impl Iterator<Item = usize> {
        let landmarks = self.landmarks();
        self.walk(landmarks, &landmarks.streams, b"/ObjStm", |_, _| true)
    }

    /// Where a word stands outside of the data of wide streams that a table lists, in order.
    pub(crate) fn find_word(&self, word: &'static [u8]) -> impl Iterator<Item = usize> {
        around(self.bytes(), &self.landmarks().wide, 0, word)
    }

    fn walk<'s>(
        &'s self,
        landmarks: &'s Landmarks,
        kept: &'s Kept,
        word: &'static [u8],
        counts: impl Fn(&[u8], usize) -> bool + 's,
    ) -> impl Iterator<Item = usize> + 's {
        let bytes = self.bytes();
        let rest = kept
            .unsearched
            .map(|from| around(bytes, &landmarks.wide, from, word));
        let rest = rest.into_iter().flatten();
        let rest = rest.filter(move |&at| counts(bytes, at));
        kept.places.iter().copied().chain(rest)
    }
}

/// Where a word stands from a position on, outside of these ranges. One that reaches over the
/// border of a range is in it.
fn around<'s>(
    bytes: &'s [u8],
    ranges: &'s [Range<usize>],
    from: usize,
    word: &'static [u8],
) -> impl Iterator<Item = usize> + 's {
    let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
    let ends = ranges.iter().map(|range| range.start);
    let ends = ends.chain(std::iter::once(bytes.len()));
    starts.zip(ends).flat_map(move |(start, end)| {
        let start = start.max(from);
        let piece = bytes.get(start..end).unwrap_or_default();
        memchr::memmem::find_iter(piece, word).map(move |at| start + at)
    })
}

/// The data of the streams that a table lists at these offsets, as far as the next of them, where
/// they are wide. Where revisions see another end, as far as all of them see data.
fn wide(file: &File<'_>, offsets: &[usize]) -> Vec<Range<usize>> {
    let next = offsets.iter().copied().skip(1);
    let next = next.chain(std::iter::once(file.bytes().len()));
    let mut wide: Vec<_> = offsets
        .iter()
        .zip(next)
        .filter(|(at, next)| next.saturating_sub(**at) >= WIDE)
        .map(|(&at, next)| (at, 0..next))
        .collect();
    if wide.is_empty() {
        return Vec::new();
    }
    let starts: Vec<usize> = wide.iter().map(|(at, _)| *at).collect();
    for (at, id, writer) in file.listed_at(|at| starts.binary_search(&at).is_ok()) {
        let Ok(index) = starts.binary_search(&at) else {
            continue;
        };
        let Some((_, range)) = wide.get_mut(index) else {
            continue;
        };
        let data = |revision| match file.load_at(at, id, revision) {
            Ok(Some(loaded)) => match loaded.object {
                Object::Stream(stream) => stream.data,
                _ => 0..0,
            },
            _ => 0..0,
        };
        let newest = file.newest();
        let both = [writer, newest]
            .into_iter()
            .take(1 + usize::from(writer != newest));
        for data in both.map(data) {
            range.start = range.start.max(data.start);
            range.end = range.end.min(data.end);
        }
    }
    let ranges = wide.into_iter().map(|(_, range)| range);
    ranges.filter(|range| !range.is_empty()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Text,
    Stream,
}

/// The word around the shared letters, and where it begins.
fn word_at(bytes: &[u8], shared: usize) -> Option<(Word, usize)> {
    let before = |steps: usize| {
        let at = shared.checked_sub(steps)?;
        Some((at, *bytes.get(at)?))
    };
    match before(1)? {
        (at, b'o') if before(2).is_some_and(|(_, octet)| is_space(octet)) => Some((Word::Text, at)),
        (_, b'O') => {
            let (at, _) = before(2)?;
            let is_whole = bytes.get(at..)?.starts_with(b"/ObjStm");
            is_whole.then_some((Word::Stream, at))
        }
        _ => None,
    }
}

/// Where `12 0 obj` begins, if it is written just so: with single spaces, a number of at most ten
/// digits and a generation of at most five.
fn plain_head(bytes: &[u8], keyword: usize) -> Option<usize> {
    let number_before = |space: usize, most: usize| {
        let head = bytes.get(..space)?.strip_suffix(b" ")?;
        let digits = head.iter().rev().take(most + 1);
        let digits = digits.take_while(|octet| octet.is_ascii_digit()).count();
        (1..=most).contains(&digits).then(|| head.len() - digits)
    };
    number_before(number_before(keyword, 5)?, 10)
}

const SHARED: &[u8] = b"bj";
/// Places of one word that are kept.
const MOST_KEPT: usize = 10_000;
/// An object so wide is read for the end of its data. That costs as much as searching some thousand
/// octets.
const WIDE: usize = 16 << 10;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8], offsets: &[usize]) -> Vec<usize> {
        Landmarks::outside(bytes, offsets, Vec::new()).texts.places
    }

    #[test]
    fn a_text_at_a_listed_offset_is_left_out_and_one_beside_it_is_found() {
        let bytes = b"1 0 obj\nendobj 2 0 obj 3  0 obj";
        assert_eq!(texts(bytes, &[0]), [19, 28]);
        assert_eq!(texts(bytes, &[0, 15]), [28]);
        // Written otherwise, it is for those to judge who ask.
        assert_eq!(texts(bytes, &[0, 15, 23]), [28]);
        assert_eq!(texts(bytes, &[]), [4, 19, 28]);
    }

    #[test]
    fn object_streams_are_told_from_texts() {
        let found = Landmarks::outside(b"/ObjStm /ObjSt Obj /ObjStm", &[], Vec::new());
        assert_eq!(found.streams.places, [0, 19]);
        assert!(found.texts.places.is_empty());
    }

    #[test]
    fn nothing_is_lost_behind_what_is_kept() {
        use crate::limits::Limits;
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut expected = Vec::new();
        for number in 0..MOST_KEPT + 3 {
            expected.push(bytes.len() + "1 0 ".len());
            bytes.extend_from_slice(format!("{} 0 obj /ObjStm endobj\n", number % 10).as_bytes());
        }
        let start = bytes.len();
        bytes.extend_from_slice(
            format!("xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n")
                .as_bytes(),
        );
        let file = File::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(file.unlisted_texts().collect::<Vec<_>>(), expected);
        let streams: Vec<usize> = expected.iter().map(|at| at + "obj ".len()).collect();
        assert_eq!(file.stream_words().collect::<Vec<_>>(), streams);
    }

    #[test]
    fn what_stands_in_the_data_of_a_wide_stream_is_stepped_over_and_what_stands_behind_is_not() {
        use crate::limits::Limits;
        let noise = " 7 0 obj /ByteRange".repeat(1_000);
        let make = |length: usize| {
            let mut bytes = b"%PDF-1.7\n".to_vec();
            let object = bytes.len();
            bytes.extend_from_slice(format!("1 0 obj\n<</Length {length}>>stream\n").as_bytes());
            let data = bytes.len();
            bytes.extend_from_slice(noise.as_bytes());
            bytes.extend_from_slice(b"\nendstream\nendobj\n");
            let hidden = bytes.len();
            bytes.extend_from_slice(b"7 0 obj 8 endobj /ByteRange\n");
            let start = bytes.len();
            bytes.extend_from_slice(
                format!(
                    "xref\n1 1\n{object:010} 00000 n \ntrailer\n<</Size 9/Root 1 0 R>>\n\
                     startxref\n{start}\n%%EOF\n"
                )
                .as_bytes(),
            );
            (bytes, data, hidden)
        };
        let (bytes, _, hidden) = make(noise.len());
        let file = File::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(file.unlisted_texts().collect::<Vec<_>>(), [hidden + 4]);
        assert_eq!(
            file.find_word(b"/ByteRange").collect::<Vec<_>>(),
            [hidden + 17]
        );
        assert_eq!(file.landmarks().wide.len(), 1);
        // A length that reaches over the end hides nothing behind it.
        let (bytes, data, hidden) = make(noise.len() + 40);
        let file = File::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(file.unlisted_texts().last(), Some(hidden + 4));
        assert!(
            file.landmarks()
                .wide
                .iter()
                .all(|range| *range == (data..data + noise.len()))
        );
    }
}
