//! Where words stand in the octets of a file that several looks begin at: [`Landmarks`].
//!
//! `obj` and `/ObjStm` share two letters, and one pass at about the speed of memory finds both for
//! everybody who asks; what the cross-reference lists anyhow is left out on the way. A file full of
//! such words fills no memory with them: what is kept is bounded, and behind it the octets are
//! searched anew by each who asks.

use crate::pdf::file::File;
use crate::pdf::lex::is_space;

/// Words of a file, found once.
#[derive(Default)]
pub(super) struct Landmarks {
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
    /// Looks through the file. `offsets` are those that a table lists, in order.
    pub(super) fn of(bytes: &[u8], offsets: &[usize]) -> Self {
        let mut found = Self::default();
        let mut listed = offsets.iter().peekable();
        for hit in memchr::memmem::find_iter(bytes, SHARED) {
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
                    &mut found.texts
                }
                Word::Stream => &mut found.streams,
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
        found
    }
}

impl File<'_> {
    /// Where `obj` stands behind white space, in order; without those whose object a table lists at
    /// the very place of its number, as `12 0 obj`.
    pub(crate) fn unlisted_texts(&self) -> impl Iterator<Item = usize> {
        self.walk(
            |landmarks| &landmarks.texts,
            b"obj",
            |bytes, at| word_at(bytes, at + 1).is_some_and(|(word, _)| word == Word::Text),
        )
    }

    /// Where `/ObjStm` stands, in order.
    pub(in crate::pdf) fn stream_words(&self) -> impl Iterator<Item = usize> {
        self.walk(|landmarks| &landmarks.streams, b"/ObjStm", |_, _| true)
    }

    fn walk<'s>(
        &'s self,
        kept: impl Fn(&'s Landmarks) -> &'s Kept,
        word: &'static [u8],
        counts: impl Fn(&[u8], usize) -> bool + 's,
    ) -> impl Iterator<Item = usize> + 's {
        let bytes = self.bytes();
        let kept = kept(self.landmarks());
        let rest = kept.unsearched.map(move |from| {
            let rest = bytes.get(from..).unwrap_or_default();
            memchr::memmem::find_iter(rest, word).map(move |at| from + at)
        });
        let rest = rest
            .into_iter()
            .flatten()
            .filter(move |&at| counts(bytes, at));
        kept.places.iter().copied().chain(rest)
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8], offsets: &[usize]) -> Vec<usize> {
        Landmarks::of(bytes, offsets).texts.places
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
        let found = Landmarks::of(b"/ObjStm /ObjSt Obj /ObjStm", &[]);
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
}
