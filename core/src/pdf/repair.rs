//! What a reader would show that rebuilds the cross-reference from the bytes: [`differences`].
//!
//! Such a reader scans for `12 0 obj` and lets the last text of each number count, whatever the
//! tables say; readers fall back to it over faults that others read past. It is never used to judge
//! anything here. Where it would show another object for a number that the tables list, or another
//! catalog, the file is two documents, and that is a finding.
//!
//! Objects that were freed, and numbers that no table ever listed, are left to the judgement of
//! content, which names references to nothing and texts that nothing leads to.

use std::collections::HashSet;

use crate::error::{Error, ErrorKind};
use crate::pdf::file::File;
use crate::pdf::lex::is_space;
use crate::pdf::object::{Object, Reference, Source};
use crate::pdf::xref::Place;

/// Where a rebuilt table would differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The object whose text would be another; 0 for the catalog of another trailer.
    pub(crate) number: u32,
    /// Where the other text, or the object stream that holds it, stands.
    pub(crate) at: usize,
}

/// The first few differences between the newest revision and a rebuilt table. `TooLarge` where a
/// limit was reached before everything was looked at.
pub(crate) fn differences(file: &File<'_>) -> Result<Vec<Difference>, Error> {
    let mut scan = Scan {
        file,
        found: Vec::new(),
        objects: file.in_file(),
        last_read: None,
    };
    // An older text behind the one that counts. A table may have listed it under a number that is
    // not its own.
    let mut spent = Ok(());
    file.each_position(|number, at, is_newest| {
        if is_newest {
            return;
        }
        scan.compare(number, at);
        // Listed again where it counts, it was looked at already.
        if spent.is_err() || scan.here(number) == Some(at) {
            return;
        }
        spent = file.charge(LOOKING);
        if let Some(own) = file.number_at(at).filter(|own| *own != number) {
            scan.compare(own, at);
        }
    });
    spent?;
    scan.texts()?;
    scan.object_streams()?;
    scan.trailers()?;
    scan.found
        .sort_unstable_by_key(|found| (found.number, found.at));
    scan.found.dedup_by_key(|found| found.number);
    scan.found.truncate(MOST_SAID);
    Ok(scan.found)
}

struct Scan<'f, 'a> {
    file: &'f File<'a>,
    found: Vec<Difference>,
    /// Every object that a table puts at an offset, in the order of the file.
    objects: Vec<(usize, Reference, usize)>,
    /// The object that was read last, by its offset: where its stream's data stand.
    last_read: Option<(usize, std::ops::Range<usize>)>,
}

impl Scan<'_, '_> {
    /// Where the text of a number stands that counts; for one in an object stream, the stream. Looked
    /// up, since a table of it would weigh as much as the file's own.
    fn here(&self, number: u32) -> Option<usize> {
        let newest = self.file.newest();
        let (generation, _) = self.file.listed(number, newest)?;
        match self.file.place(Reference { number, generation }, newest)? {
            (Place::Offset(at), _) => Some(at),
            (Place::InStream { stream, .. }, revision) => {
                match self.file.listed(stream, revision)? {
                    (_, Place::Offset(at)) => Some(at),
                    _ => None,
                }
            }
            (Place::Free, _) => None,
        }
    }

    /// Takes down a text that would count more than the one that does.
    fn compare(&mut self, number: u32, at: usize) {
        let later = self.here(number).is_some_and(|here| here < at);
        if later && self.found.len() < MOST_FOUND {
            self.found.push(Difference { number, at });
        }
    }

    /// Texts that no table lists.
    fn texts(&mut self) -> Result<(), Error> {
        let sections: HashSet<usize> = self.file.section_places().collect();
        let bytes = self.file.bytes();
        let mut looked = 0_usize;
        for hit in self.file.unlisted_texts() {
            let Some((number, at)) = head_before(bytes, hit) else {
                continue;
            };
            // A table may point at the white space before an object.
            if self.is_listed(at) || sections.contains(&at) || self.is_listed_near(at) {
                continue;
            }
            if self.here(number).is_none() || self.in_stream_data(at)? {
                continue;
            }
            looked += 1;
            if looked > MOST_FOUND {
                return Err(too_many());
            }
            self.compare(number, at);
        }
        Ok(())
    }

    fn is_listed(&self, at: usize) -> bool {
        self.objects
            .binary_search_by_key(&at, |(start, ..)| *start)
            .is_ok()
    }

    fn is_listed_near(&self, at: usize) -> bool {
        let bytes = self.file.bytes();
        let blanks = bytes
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(MOST_BLANKS)
            .take_while(|&&octet| is_space(octet))
            .count();
        (1..=blanks).any(|step| self.is_listed(at - step))
    }

    /// Whether a place lies in the data of a stream that a table lists.
    fn in_stream_data(&mut self, at: usize) -> Result<bool, Error> {
        let before = self.objects.partition_point(|(start, ..)| *start <= at);
        let Some(&(start, id, revision)) = before
            .checked_sub(1)
            .and_then(|index| self.objects.get(index))
        else {
            return Ok(false);
        };
        if let Some((of, data)) = &self.last_read
            && *of == start
        {
            return Ok(data.contains(&at));
        }
        let data = match self.file.load_at(start, id, revision) {
            Ok(Some(loaded)) => match loaded.object {
                Object::Stream(stream) => stream.data,
                _ => 0..0,
            },
            Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
            _ => 0..0,
        };
        let inside = data.contains(&at);
        self.last_read = Some((start, data));
        Ok(inside)
    }

    /// Object streams that hold more than the tables take from them.
    fn object_streams(&mut self) -> Result<(), Error> {
        // Made only where there is an object stream: every place, as often as something stands there.
        let mut taken: Option<Vec<usize>> = None;
        let mut seen = HashSet::new();
        for hit in self.file.stream_words() {
            let before = self.objects.partition_point(|(start, ..)| *start <= hit);
            let Some(&(start, id, revision)) = before
                .checked_sub(1)
                .and_then(|index| self.objects.get(index))
            else {
                continue;
            };
            if !seen.insert(start) {
                continue;
            }
            if seen.len() > MOST_STREAMS {
                return Err(too_many());
            }
            let stream = match self.file.load_at(start, id, revision) {
                Ok(Some(loaded)) => loaded.object,
                Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                _ => continue,
            };
            let Object::Stream(stream) = stream else {
                continue;
            };
            if !stream.dictionary.get("Type").is_name("ObjStm") {
                continue;
            }
            // The stream itself is one of the texts at its place.
            let holds = self.file.get(&stream.dictionary, "N", revision)?.integer();
            let holds = holds
                .and_then(|count| usize::try_from(count).ok())
                .unwrap_or(0);
            let taken = taken.get_or_insert_with(|| {
                let mut places = Vec::new();
                self.file.each_position(|_, at, _| places.push(at));
                places.sort_unstable();
                places
            });
            let first = taken.partition_point(|at| *at < start);
            let behind = taken.partition_point(|at| *at <= start);
            if behind - first > holds {
                continue;
            }
            for number in self.file.numbers_in_stream(&stream, start, revision)? {
                if self.here(number).is_some_and(|here| here != start) {
                    self.compare(number, start);
                }
            }
        }
        Ok(())
    }

    /// The last trailer of the file, whoever points at it.
    fn trailers(&mut self) -> Result<(), Error> {
        let bytes = self.file.bytes();
        let root = self.file.trailer(self.file.newest(), "Root").reference();
        let finder = memchr::memmem::FinderRev::new(b"trailer");
        for (tried, hit) in finder.rfind_iter(bytes).enumerate() {
            if tried >= MOST_TRAILERS {
                break;
            }
            if self.in_stream_data(hit)? {
                continue;
            }
            let at = hit + b"trailer".len();
            self.file.charge(64)?;
            let depth = self.file.limits().pdf_depth;
            let Ok((object, end)) = Object::read(&Source::File(bytes), at, depth) else {
                continue;
            };
            self.file.charge(end.saturating_sub(at))?;
            let Some(other) = object.dictionary().map(|found| found.get("Root")) else {
                continue;
            };
            if other.is_null() {
                continue;
            }
            if other.reference() != root {
                self.found.push(Difference { number: 0, at: hit });
            }
            break;
        }
        Ok(())
    }
}

/// The number of the object whose `obj` stands at `keyword`, and where its head begins.
fn head_before(bytes: &[u8], keyword: usize) -> Option<(u32, usize)> {
    let next = bytes.get(keyword + b"obj".len());
    if next.is_some_and(|octet| octet.is_ascii_alphanumeric()) {
        return None;
    }
    let back_over = |end: usize, wanted: &dyn Fn(u8) -> bool, most: usize| {
        let count = bytes
            .get(..end)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(most)
            .take_while(|&&octet| wanted(octet))
            .count();
        (count > 0).then_some(end - count)
    };
    let space = back_over(keyword, &is_space, MOST_BLANKS)?;
    let generation = back_over(space, &|octet| octet.is_ascii_digit(), 5)?;
    let space = back_over(generation, &is_space, MOST_BLANKS)?;
    let start = back_over(space, &|octet| octet.is_ascii_digit(), 10)?;
    let digits = std::str::from_utf8(bytes.get(start..space)?).ok()?;
    Some((digits.parse().ok()?, start))
}

fn too_many() -> Error {
    Error::new(ErrorKind::TooLarge, "texts that no cross-reference lists")
}

/// Differences that are taken down before the walk ends.
const MOST_FOUND: usize = 10_000;
/// Differences that are told.
const MOST_SAID: usize = 16;
const MOST_BLANKS: usize = 32;
/// What it costs to look at the head of an object.
const LOOKING: usize = 64;
const MOST_STREAMS: usize = 200_000;
const MOST_TRAILERS: usize = 64;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    /// A file under construction: text, and where each object's last text stands.
    struct Made(Vec<u8>);

    impl Made {
        fn new() -> Self {
            Self(b"%PDF-1.7\n".to_vec())
        }

        fn object(&mut self, number: u32, body: &str) -> usize {
            let at = self.0.len();
            let text = format!("{number} 0 obj\n{body}\nendobj\n");
            self.0.extend_from_slice(text.as_bytes());
            at
        }

        /// A table of these entries; gives where it stands.
        fn table(&mut self, entries: &[(u32, usize)], more: &str) -> usize {
            let at = self.0.len();
            let mut text = String::from("xref\n");
            for (number, offset) in entries {
                text.push_str(&format!("{number} 1\n{offset:010} 00000 n \n"));
            }
            text.push_str(&format!(
                "trailer\n<</Size 9/Root 1 0 R{more}>>\nstartxref\n{at}\n%%EOF\n"
            ));
            self.0.extend_from_slice(text.as_bytes());
            at
        }

        fn differences(&self) -> Vec<u32> {
            let file = File::open(&self.0, &Limits::default()).unwrap();
            let found = differences(&file).unwrap();
            found.into_iter().map(|found| found.number).collect()
        }
    }

    #[test]
    fn an_ordinary_update_shows_a_rebuilding_reader_the_same() {
        let mut made = Made::new();
        let catalog = made.object(1, "<</Pages 2 0 R>>");
        let pages = made.object(2, "<</Kids[]>>");
        let first = made.table(&[(1, catalog), (2, pages)], "");
        let newer = made.object(2, "<</Kids[]/Count 0>>");
        made.table(&[(2, newer)], &format!("/Prev {first}"));
        assert!(made.differences().is_empty());
    }

    #[test]
    fn a_table_that_points_back_to_an_earlier_text_shows_another_object() {
        let mut made = Made::new();
        let catalog = made.object(1, "<</Pages 2 0 R>>");
        let earlier = made.object(2, "<</Kids[]>>");
        let later = made.object(2, "<</Kids[]/Count 0>>");
        let first = made.table(&[(1, catalog), (2, later)], "");
        assert!(made.differences().is_empty());
        made.table(&[(2, earlier)], &format!("/Prev {first}"));
        assert_eq!(made.differences(), [2]);
    }

    #[test]
    fn a_text_that_a_table_once_listed_under_another_number_shows_another_object() {
        let mut made = Made::new();
        let catalog = made.object(1, "<</Pages 2 0 R>>");
        let pages = made.object(2, "<</Kids[]>>");
        let posing = made.object(2, "<</Kids[3 0 R]>>");
        let first = made.table(&[(1, catalog), (2, pages), (7, posing)], "");
        let seven = made.object(7, "null");
        made.table(&[(7, seven)], &format!("/Prev {first}"));
        assert_eq!(made.differences(), [2]);
    }

    #[test]
    fn a_text_that_no_table_lists_shows_another_object_however_its_head_is_spaced() {
        for head in ["2 0 obj", "2\t0\nobj", "2  0  obj"] {
            let mut made = Made::new();
            let catalog = made.object(1, "<</Pages 2 0 R>>");
            let pages = made.object(2, "<</Kids[]>>");
            let text = format!("{head}\n<</Kids[3 0 R]>>\nendobj\n");
            made.0.extend_from_slice(text.as_bytes());
            made.table(&[(1, catalog), (2, pages)], "");
            assert_eq!(made.differences(), [2], "{head:?}");
        }
    }

    #[test]
    fn what_stands_in_a_stream_is_no_object() {
        let mut made = Made::new();
        let catalog = made.object(1, "<</Pages 2 0 R>>");
        let pages = made.object(2, "<</Kids[]>>");
        let inner = "1 0 obj<</Pages 9 0 R>>endobj trailer<</Root 9 0 R>>";
        let body = format!("<</Length {}>>stream\n{inner}\nendstream", inner.len());
        let stream = made.object(3, &body);
        made.table(&[(1, catalog), (2, pages), (3, stream)], "");
        assert!(made.differences().is_empty());
    }

    #[test]
    fn another_trailer_behind_the_one_that_counts_shows_another_catalog() {
        let mut made = Made::new();
        let catalog = made.object(1, "<</Pages 2 0 R>>");
        let other = made.object(4, "<</Pages 2 0 R>>");
        made.table(&[(1, catalog), (4, other)], "");
        made.0.extend_from_slice(b"trailer\n<</Root 4 0 R>>\n");
        assert_eq!(made.differences(), [0]);
    }

    #[test]
    fn an_object_in_a_stream_that_the_table_takes_from_elsewhere_shows_another_object() {
        let mut made = Made::new();
        let catalog = made.object(1, "<</Pages 2 0 R>>");
        let pages = made.object(2, "<</Kids[]>>");
        let inner = "2 0 <</Kids[5 0 R]>>";
        let body = format!(
            "<</Type/ObjStm/N 1/First 4/Length {}>>stream\n{inner}\nendstream",
            inner.len()
        );
        let stream = made.object(3, &body);
        made.table(&[(1, catalog), (2, pages), (3, stream)], "");
        assert_eq!(made.differences(), [2]);
    }
}
