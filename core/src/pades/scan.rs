//! Signature dictionaries that no field leads to: what a rewriting of the file left behind, and
//! usage rights.
//!
//! One pass looks for `/ByteRange`, at about the speed of memory; a hit counts only in the
//! dictionary of an object that a cross-reference lists, never in a stream. Object streams are
//! looked through only in a file where no signature was found otherwise.

use std::collections::HashSet;

use crate::error::{Error, ErrorKind};
use crate::pades::fields::is_signature;
use crate::pades::signature::Found;
use crate::pdf::{Dictionary, File, Object, Reference};

/// What the scan came upon.
#[derive(Default)]
pub(super) struct Scanned<'a> {
    pub(super) found: Vec<Found<'a>>,
    /// Where `/ByteRange [` stands in octets that no cross-reference speaks of; the first few.
    pub(super) unlisted: Vec<usize>,
    /// Whether some object streams were left unread.
    pub(super) incomplete: bool,
}

/// Looks for dictionaries outside of the `known` ranges of the file, which are sorted.
pub(super) fn scan<'a>(file: &File<'a>, known: &[(usize, usize)]) -> Result<Scanned<'a>, Error> {
    let mut scanned = Scanned::default();
    let bytes = file.bytes();
    let mut objects: Option<Vec<(usize, Reference, usize)>> = None;
    let mut seen = HashSet::new();
    // The object that was read last, by where it starts, and where it ends.
    let mut ended: Option<(usize, usize)> = None;
    let mut keywords = Keywords::default();
    let mut at = 0;
    for hit in file.find_word(NEEDLE) {
        // Behind what was stepped over.
        if hit < at {
            continue;
        }
        at = hit + NEEDLE.len();
        let before = known.partition_point(|&(start, _)| start <= hit);
        if let Some(&(_, end)) = before.checked_sub(1).and_then(|index| known.get(index))
            && hit < end
        {
            at = at.max(end);
            continue;
        }
        let objects = objects.get_or_insert_with(|| file.in_file());
        let before = objects.partition_point(|&(start, ..)| start <= hit);
        let nearest = before
            .checked_sub(1)
            .and_then(|index| objects.get(index))
            .copied();
        let outside = nearest
            .is_none_or(|(start, ..)| ended.is_some_and(|(of, end)| of == start && hit >= end));
        let loaded = match nearest {
            Some((start, id, revision)) if !outside => match file.load_at(start, id, revision) {
                Ok(loaded) => {
                    ended = Some((start, loaded.as_ref().map_or(0, |loaded| loaded.end)));
                    loaded.filter(|loaded| hit < loaded.end)
                }
                Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                Err(_) => {
                    ended = Some((start, 0));
                    None
                }
            },
            _ => None,
        };
        let Some(loaded) = loaded else {
            if let Some(found) = in_its_own_place(file, hit, &mut keywords, &mut at) {
                let range = found.dictionary.raw().file_range().unwrap_or_default();
                if seen.insert(range.start) {
                    if seen.len() > file.limits().signatures {
                        return Err(Error::new(ErrorKind::TooLarge, "signatures of a PDF"));
                    }
                    scanned.found.push(found);
                }
                continue;
            }
            if scanned.unlisted.len() < MOST_UNLISTED && opens_array(bytes, hit + NEEDLE.len()) {
                scanned.unlisted.push(hit);
            }
            continue;
        };
        if let Object::Stream(stream) = &loaded.object
            && stream.data.contains(&hit)
        {
            at = at.max(stream.data.end);
            continue;
        }
        let innermost = loaded
            .object
            .dictionary()
            .and_then(|top| innermost(top, hit));
        let Some(dictionary) = innermost else {
            continue;
        };
        let range = dictionary.raw().file_range().unwrap_or_default();
        at = at.max(range.end);
        if is_signature(&dictionary) && seen.insert(range.start) {
            if seen.len() > file.limits().signatures {
                return Err(Error::new(ErrorKind::TooLarge, "signatures of a PDF"));
            }
            scanned.found.push(Found {
                dictionary,
                object: Some(loaded.id),
                seen_in: loaded.revision,
                written_in: loaded.revision,
                unlisted: false,
            });
        }
    }
    if known.is_empty() && scanned.found.is_empty() {
        streams(file, &mut scanned)?;
    }
    Ok(scanned)
}

/// The signature dictionary around a `/ByteRange` that no cross-reference speaks of, where its
/// numbers speak of this very place: their gap is the `/Contents` beside it. Such a dictionary was
/// signed in this file and the way to it was lost; one with other numbers belongs to another file,
/// as in an embedded PDF.
///
/// `at` moves behind the dictionary, whatever it is, so that none is read for every word in it.
fn in_its_own_place<'a>(
    file: &File<'a>,
    hit: usize,
    keywords: &mut Keywords,
    at: &mut usize,
) -> Option<Found<'a>> {
    let bytes = file.bytes();
    let from = hit.saturating_sub(WIDEST_DICTIONARY);
    let keyword = keywords.before(bytes, hit).filter(|&at| at >= from)?;
    if keywords.barren == Some(keyword) {
        return None;
    }
    // `12 0 obj`: two numbers before the keyword.
    let (generation, rest) = number_before(bytes.get(from..keyword)?)?;
    let (number, rest) = number_before(rest.strip_suffix(b" ")?)?;
    let id = Reference {
        number,
        generation: u16::try_from(generation).ok()?,
    };
    let start = from + rest.len();
    let revision = file.newest();
    let loaded = file.load_at(start, id, revision).ok().flatten();
    let top = loaded
        .as_ref()
        .and_then(|loaded| loaded.object.dictionary());
    let dictionary = top.and_then(|top| innermost(top, hit));
    let dictionary = dictionary.filter(|found| {
        let range = found.raw().file_range();
        range.is_some_and(|range| range.contains(&hit))
    });
    let Some(dictionary) = dictionary else {
        keywords.barren = Some(keyword);
        return None;
    };
    *at = (*at).max(dictionary.raw().file_range().unwrap_or_default().end);
    let Object::Array(numbers) = file.get(&dictionary, "ByteRange", revision).ok()? else {
        return None;
    };
    let mut numbers = numbers.iter().map(|number| number.integer());
    let (start, length) = (numbers.next()??, numbers.next()??);
    let Object::String(contents) = file.get(&dictionary, "Contents", revision).ok()? else {
        return None;
    };
    let own = contents.raw().file_range()?.start;
    let fits = start == 0 && usize::try_from(length).is_ok_and(|length| length == own);
    (fits && is_signature(&dictionary)).then_some(Found {
        dictionary,
        object: Some(id),
        seen_in: revision,
        written_in: revision,
        unlisted: true,
    })
}

/// The last ` obj` before a position. Positions only grow, and no octet is searched twice, lest a
/// file full of `/ByteRange` be searched backwards from each of them.
#[derive(Default)]
struct Keywords {
    last: Option<usize>,
    searched: usize,
    /// One whose object cannot be read, or whose dictionary ends before what is looked for: so it is
    /// for all that comes behind.
    barren: Option<usize>,
}

impl Keywords {
    fn before(&mut self, bytes: &[u8], hit: usize) -> Option<usize> {
        const KEYWORD: &[u8] = b" obj";
        let from = self.searched.saturating_sub(KEYWORD.len());
        let found = memchr::memmem::rfind(bytes.get(from..hit)?, KEYWORD);
        self.last = found.map(|step| from + step).or(self.last);
        self.searched = hit;
        self.last
    }
}

/// The decimal number that octets end in, and what stands before it.
fn number_before(octets: &[u8]) -> Option<(u32, &[u8])> {
    let digits = octets
        .iter()
        .rev()
        .take_while(|octet| octet.is_ascii_digit())
        .count();
    let (rest, digits) = octets.split_at_checked(octets.len() - digits)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

fn streams<'a>(file: &File<'a>, scanned: &mut Scanned<'a>) -> Result<(), Error> {
    let (objects, complete) = file.search_streams(NEEDLE, MOST_DECODED)?;
    scanned.incomplete = !complete;
    let newest = file.newest();
    for id in objects.into_iter().take(file.limits().signatures) {
        let loaded = match file.load(id, newest) {
            Ok(Some(loaded)) => loaded,
            Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
            _ => continue,
        };
        if let Some(dictionary) = loaded.object.dictionary()
            && dictionary.has("ByteRange")
        {
            scanned.found.push(Found {
                dictionary: dictionary.clone(),
                object: Some(id),
                seen_in: newest,
                written_in: loaded.revision,
                unlisted: false,
            });
        }
    }
    Ok(())
}

/// The innermost dictionary around a position of the file, among those that are values of keys.
fn innermost<'a>(top: &Dictionary<'a>, at: usize) -> Option<Dictionary<'a>> {
    let mut found = top.clone();
    loop {
        let inner = found.iter().find_map(|(_, value)| {
            let inner = value.dictionary()?.clone();
            let range = inner.raw().file_range()?;
            range.contains(&at).then_some(inner)
        });
        match inner {
            Some(inner) => found = inner,
            None => return Some(found),
        }
    }
}

fn opens_array(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at..).unwrap_or_default().iter().take(64);
    next.copied().find(|&octet| !crate::pdf::is_space(octet)) == Some(b'[')
}

const NEEDLE: &[u8] = b"/ByteRange";
/// A signature dictionary is mostly its `/Contents`, which may stand before the `/ByteRange`.
const WIDEST_DICTIONARY: usize = 1 << 20;
const MOST_UNLISTED: usize = 16;
const MOST_DECODED: u64 = 64 << 20;
