//! Where each revision of a file ends (ISO 32000-2 §7.5.6).
//!
//! A revision is what one writing of the file added. It ends after its `%%EOF` and the one end of
//! line that follows, so that revision *k* is `bytes[..end]` read as a file of its own. The two
//! sections of a linearised file (Annex F) were written at once and are one revision.

use std::ops::Range;

use crate::pdf::lex::is_space;
use crate::pdf::xref::Section;

/// One writing of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revision {
    /// Where it ends, with the one end of line that follows `%%EOF`.
    pub(crate) end: usize,
    /// Where its `%%EOF` ends, without an end of line.
    pub(crate) marker_end: usize,
    /// Its cross-reference sections, as indices into [`File::sections`](super::File::sections);
    /// the one that `startxref` names is [`main`](Revision::main).
    pub(crate) sections: Range<usize>,
    /// The section that a reader of this revision begins with.
    pub(crate) main: usize,
}

impl Revision {
    /// Whether a range of octets that ends here covers this revision whole: it ends after the
    /// `%%EOF`, and what it leaves out of the revision is white space.
    pub(crate) fn ends_at(&self, end: usize, bytes: &[u8]) -> bool {
        end >= self.marker_end
            && bytes
                .get(self.marker_end..end)
                .is_some_and(|between| between.iter().all(|&octet| is_space(octet)))
    }
}

/// The revisions, oldest first, of sections that are in the order of the /Prev chain, oldest first.
pub(super) fn revisions(bytes: &[u8], sections: &[Section<'_>]) -> Vec<Revision> {
    let mut revisions: Vec<Revision> = Vec::new();
    // Sections that wait for the end of their revision.
    let mut first = 0;
    let mut marker: Option<usize> = None;
    let mut highest = 0;
    for (index, section) in sections.iter().enumerate() {
        highest = highest.max(section.at);
        let newer = sections.get(index + 1).map(|newer| newer.at);
        let until = newer.filter(|&at| at > section.end).unwrap_or(bytes.len());
        marker = marker.max(marker_end(bytes, section.end, until));
        // A newer section before an older one: a linearised file's first page.
        let goes_on = newer.is_some_and(|at| at < highest);
        let last = index + 1 == sections.len();
        if goes_on && !last {
            continue;
        }
        let marker_end = match marker {
            Some(end) => end,
            // Without a mark of its own it cannot be read as a file: it belongs to the next.
            None if !last => continue,
            None => bytes.len(),
        };
        revisions.push(Revision {
            end: line_end(bytes, marker_end),
            marker_end,
            sections: first..index + 1,
            main: index,
        });
        first = index + 1;
        marker = None;
    }
    revisions
}

/// The end of the `%%EOF` that follows a section.
fn marker_end(bytes: &[u8], section_end: usize, until: usize) -> Option<usize> {
    let window = section_end.saturating_add(WINDOW).min(until);
    let rest = bytes.get(section_end..window)?;
    let keyword = memchr::memmem::find(rest, b"startxref")?;
    let number = keyword + b"startxref".len();
    let tail = rest.get(number..)?;
    let length = tail
        .iter()
        .position(|&octet| !is_space(octet) && !octet.is_ascii_digit() && octet != b'-')
        .unwrap_or(tail.len());
    match memchr::memmem::find(tail.get(length..)?, b"%%EOF") {
        Some(step) if step <= MARKER_WINDOW => {
            Some(section_end + number + length + step + b"%%EOF".len())
        }
        // A file cut after its startxref still ends there.
        _ => {
            let digits = tail.get(..length)?;
            let blank = digits
                .iter()
                .rev()
                .take_while(|&&octet| is_space(octet))
                .count();
            Some(section_end + number + length - blank)
        }
    }
}

/// The position after one end of line, if there is one.
fn line_end(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => at + 2,
        (Some(b'\r' | b'\n'), _) => at + 1,
        _ => at,
    }
}

const WINDOW: usize = 2048;
const MARKER_WINDOW: usize = 64;
