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
    let finder = memchr::memmem::Finder::new(NEEDLE);
    let bytes = file.bytes();
    let mut objects: Option<Vec<(usize, Reference, usize)>> = None;
    let mut seen = HashSet::new();
    // The object that was read last, by where it starts, and where it ends.
    let mut ended: Option<(usize, usize)> = None;
    let mut at = 0;
    while let Some(step) = finder.find(bytes.get(at..).unwrap_or_default()) {
        let hit = at + step;
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
            if scanned.unlisted.len() < MOST_UNLISTED && opens_array(bytes, at) {
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
            });
        }
    }
    if known.is_empty() && scanned.found.is_empty() {
        streams(file, &mut scanned)?;
    }
    Ok(scanned)
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
const MOST_UNLISTED: usize = 16;
const MOST_DECODED: u64 = 64 << 20;
