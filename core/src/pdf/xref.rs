//! Cross-reference sections (ISO 32000-2 §7.5.4, §7.5.8): tables, streams, hybrids, and the chain
//! that /Prev makes of them.
//!
//! What `qpdf --check` answers with a warning is read. A file whose sections cannot be found where
//! they are said to be is refused: to rebuild a table before judging a signature would be to judge
//! a file that nobody signed.

use std::collections::HashSet;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Place as ErrorPlace};
use crate::limits::Limits;
use crate::pdf::indirect;
use crate::pdf::lex::{Kind, Lexer, broken, integer, is_space};
use crate::pdf::object::{Dictionary, Object, Source, Stream};
use crate::pdf::odd::{Odd, Oddity};

/// Where an object is. Packed, since a file may have millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) number: u32,
    /// The section it stands in; higher is newer.
    pub(super) rank: u16,
    pub(super) generation: u16,
    packed: u64,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// Free: there is no such object.
    Free,
    /// At this offset of the file.
    Offset(usize),
    /// In an object stream.
    InStream {
        /// Object number of the stream.
        stream: u32,
        /// Which of its objects, from 0.
        index: u32,
    },
}

impl Entry {
    fn new(number: u32, generation: u16, place: Place) -> Self {
        let packed = match place {
            Place::Free => 0,
            Place::Offset(at) => u64::try_from(at).unwrap_or(u64::MAX) & PAYLOAD | OFFSET,
            Place::InStream { stream, index } => {
                u64::from(stream) << 30 | u64::from(index) & INDEX | IN_STREAM
            }
        };
        Self {
            number,
            rank: 0,
            generation,
            packed,
        }
    }

    pub(super) fn place(&self) -> Place {
        let payload = self.packed & PAYLOAD;
        match self.packed & !PAYLOAD {
            OFFSET => Place::Offset(usize::try_from(payload).unwrap_or(usize::MAX)),
            IN_STREAM => Place::InStream {
                stream: u32::try_from(payload >> 30).unwrap_or(u32::MAX),
                index: u32::try_from(payload & INDEX).unwrap_or(u32::MAX),
            },
            _ => Place::Free,
        }
    }
}

/// How a section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `xref`, `trailer`.
    Table,
    /// A cross-reference stream.
    Stream,
    /// A table whose trailer names a cross-reference stream beside it.
    Hybrid,
}

/// A cross-reference section.
pub(crate) struct Section<'a> {
    /// Where `xref`, or the number of the stream object, stands in the file.
    pub(crate) at: usize,
    /// Where the trailer dictionary, or the stream object, ends.
    pub(crate) end: usize,
    /// How it is written.
    pub(crate) style: Style,
    /// The trailer dictionary, or the stream's.
    pub(crate) trailer: Dictionary<'a>,
    /// Its ranks: two for a hybrid, the table's above the stream's.
    pub(super) ranks: Range<u16>,
    /// Where the stream of a hybrid stands.
    pub(super) beside: Option<usize>,
}

/// All sections, oldest first, and all entries, by number and then from old to new.
pub(super) struct Chain<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) entries: Vec<Entry>,
    /// What is odd about them.
    pub(super) odd: Vec<Oddity>,
}

/// Follows the chain from the newest section.
pub(super) fn chain<'a>(
    bytes: &'a [u8],
    base: usize,
    newest: usize,
    limits: &Limits,
) -> Result<Chain<'a>, Error> {
    let mut reader = Reader {
        bytes,
        base,
        limits,
        entries: Vec::new(),
        decoded: 0,
        odd: Vec::new(),
    };
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some(newest);
    // Newest first while reading; turned round below.
    let mut rank = u16::MAX - 1;
    while let Some(at) = next {
        if sections.len() >= limits.pdf_revisions || rank < 2 {
            return Err(Error::new(ErrorKind::TooLarge, "revisions of a PDF"));
        }
        let first = reader.entries.len();
        let mut section = reader.section(at)?;
        if !seen.insert(section.at) {
            return Err(broken("a loop of cross-reference sections", section.at));
        }
        let newest_rank = rank;
        reader.rank(first, rank);
        rank -= 1;
        if let Some(beside) = reader.offset(&section.trailer, "XRefStm") {
            let middle = reader.entries.len();
            let stream = reader.section(beside)?;
            if stream.style != Style::Stream || !seen.insert(stream.at) {
                return Err(broken("the cross-reference stream of a hybrid", beside));
            }
            reader.rank(middle, rank);
            rank -= 1;
            reader.prefer_stream(first, middle);
            section.style = Style::Hybrid;
            section.beside = Some(stream.at);
        }
        section.ranks = rank + 1..newest_rank + 1;
        next = reader.previous(&section)?.filter(|&at| at != base);
        sections.push(section);
    }
    sections.reverse();
    let mut entries = reader.entries;
    entries.shrink_to_fit();
    // Stable: of two entries of one section for one number the later stays the later.
    entries.sort_by_key(|entry| (entry.number, entry.rank));
    let mut odd = reader.odd;
    if let Some(oddity) = beyond_size(&sections, &entries) {
        odd.push(oddity);
    }
    Ok(Chain {
        sections,
        entries,
        odd,
    })
}

struct Reader<'a, 'l> {
    bytes: &'a [u8],
    base: usize,
    limits: &'l Limits,
    entries: Vec<Entry>,
    decoded: u64,
    odd: Vec<Oddity>,
}

impl<'a> Reader<'a, '_> {
    /// Reads the section at or near `at`.
    fn section(&mut self, at: usize) -> Result<Section<'a>, Error> {
        let (found, style) = self.locate(at).ok_or_else(|| rebuild(at))?;
        // White space before a section is nothing worth a word.
        if begins(self.bytes, at).is_none() {
            self.odd(Odd::SectionMisplaced, found);
        }
        match style {
            Style::Stream => self.stream(found),
            _ => self.table(found),
        }
    }

    /// Where the section before this one is. A /Prev that is neither a number nor nothing may be read
    /// in two ways, so that the file is refused.
    fn previous(&mut self, section: &Section<'a>) -> Result<Option<usize>, Error> {
        match section.trailer.get("Prev") {
            Object::Null => return Ok(None),
            Object::Integer(_) => {}
            Object::Real(_) => self.odd(Odd::PrevReal, section.at),
            _ => return Err(rebuild(section.at)),
        }
        Ok(self.offset(&section.trailer, "Prev"))
    }

    fn odd(&mut self, kind: Odd, at: usize) {
        let oddity = Oddity {
            kind,
            at,
            number: None,
        };
        if self.odd.len() < MOST_ODD && !self.odd.contains(&oddity) {
            self.odd.push(oddity);
        }
    }

    /// Finds where a section begins: at the offset given, else some octets beside it, as writers
    /// that count line ends wrongly leave it.
    fn locate(&self, at: usize) -> Option<(usize, Style)> {
        let exact = begins(self.bytes, at);
        if exact.is_some() {
            return exact;
        }
        (1..=NEARBY)
            .flat_map(|step| [at.checked_sub(step), at.checked_add(step)])
            .flatten()
            .filter(|&near| {
                // Only where a token begins.
                near.checked_sub(1)
                    .and_then(|before| self.bytes.get(before))
                    .is_none_or(|&octet| is_space(octet))
            })
            .find_map(|near| begins(self.bytes, near))
    }

    fn table(&mut self, at: usize) -> Result<Section<'a>, Error> {
        let mut lexer = Lexer::new(self.bytes, at);
        lexer.next()?;
        // The number that the next entry has.
        let mut number = 0_u32;
        loop {
            let first = lexer.next()?;
            if lexer.is_word(first, b"trailer") {
                break;
            }
            let second = lexer.next()?;
            if first.kind != Kind::Number || second.kind != Kind::Number {
                return Err(rebuild(at));
            }
            let third = lexer.peek()?;
            if lexer.is_word(third, b"n") || lexer.is_word(third, b"f") {
                // More entries than the subsection said.
                self.odd(Odd::EntryCount, at);
                lexer.at = first.start;
                let (entry, end) = self.loose_entry(first.start, number)?;
                lexer.at = end;
                self.push(entry)?;
                number = number.checked_add(1).ok_or_else(|| rebuild(at))?;
                continue;
            }
            let count = integer(lexer.octets(second)).ok_or_else(|| rebuild(at))?;
            number = integer(lexer.octets(first))
                .and_then(|number| u32::try_from(number).ok())
                .ok_or_else(|| rebuild(at))?;
            lexer.at = self.subsection(at, lexer.at, &mut number, count)?;
        }
        let (trailer, end) =
            Object::read(&Source::File(self.bytes), lexer.at, self.limits.pdf_depth)?;
        let Object::Dictionary(trailer) = trailer else {
            return Err(rebuild(at));
        };
        Ok(Section {
            at,
            end,
            style: Style::Table,
            trailer,
            ranks: 0..0,
            beside: None,
        })
    }

    /// Reads the entries of a subsection; gives where they end.
    fn subsection(
        &mut self,
        section: usize,
        at: usize,
        number: &mut u32,
        count: i64,
    ) -> Result<usize, Error> {
        let mut at = at;
        for index in 0..count {
            while self.bytes.get(at).is_some_and(|&octet| is_space(octet)) {
                at += 1;
            }
            let (entry, end) = match self.fixed_entry(at, *number) {
                Some(entry) => {
                    let line_end = self.bytes.get(at + 18..at + 20).unwrap_or_default();
                    if !matches!(line_end, b" \n" | b" \r" | b"\r\n") {
                        self.odd(Odd::EntryWidth, section);
                    }
                    (entry, at + 18)
                }
                None => {
                    // Fewer entries than the subsection said: what follows is judged by the caller.
                    let mut lexer = Lexer::new(self.bytes, at);
                    let tokens = [lexer.next()?, lexer.next()?, lexer.next()?];
                    let flag = tokens.last().is_some_and(|&token| {
                        lexer.is_word(token, b"n") || lexer.is_word(token, b"f")
                    });
                    if !flag {
                        self.odd(Odd::EntryCount, section);
                        return Ok(at);
                    }
                    self.odd(Odd::EntryWidth, section);
                    self.loose_entry(at, *number)?
                }
            };
            let mut entry = entry;
            // A subsection that starts at 1 with the head of the free list is off by one.
            if index == 0
                && *number == 1
                && entry.generation == u16::MAX
                && entry.place() == Place::Free
            {
                entry.number = 0;
                *number = 0;
                self.odd(Odd::FirstNumber, section);
            }
            self.push(entry)?;
            *number = number.checked_add(1).ok_or_else(|| rebuild(at))?;
            at = end;
        }
        Ok(at)
    }

    /// An entry as the standard lays it out: ten digits, five digits, `n` or `f`.
    fn fixed_entry(&self, at: usize, number: u32) -> Option<Entry> {
        let octets: &[u8; 18] = self.bytes.get(at..at.checked_add(18)?)?.try_into().ok()?;
        let digits = |digits: &[u8]| {
            digits.iter().try_fold(0_u64, |value, &octet| {
                octet
                    .is_ascii_digit()
                    .then(|| value * 10 + u64::from(octet - b'0'))
            })
        };
        let offset = digits(octets.get(..10)?)?;
        let generation = u16::try_from(digits(octets.get(11..16)?)?);
        let possible = generation.is_ok();
        let generation = generation.unwrap_or(u16::MAX);
        match (octets.get(10)?, octets.get(16)?, octets.get(17)?) {
            // A generation that cannot be is no object, as in other readers.
            (b' ', b' ', b'n') if !possible => Some(Entry::new(number, generation, Place::Free)),
            (b' ', b' ', b'n') => Some(Entry::new(number, generation, self.used(offset))),
            (b' ', b' ', b'f') => Some(Entry::new(number, generation, Place::Free)),
            _ => None,
        }
    }

    /// An entry of any width.
    fn loose_entry(&self, at: usize, number: u32) -> Result<(Entry, usize), Error> {
        let mut lexer = Lexer::new(self.bytes, at);
        let offset = lexer.next()?;
        let generation = lexer.next()?;
        let flag = lexer.next()?;
        let offset = integer(lexer.octets(offset)).and_then(|n| u64::try_from(n).ok());
        let generation = integer(lexer.octets(generation)).and_then(|n| u16::try_from(n).ok());
        let (Some(offset), Some(generation)) = (offset, generation) else {
            return Err(rebuild(at));
        };
        let place = if lexer.is_word(flag, b"n") {
            self.used(offset)
        } else {
            Place::Free
        };
        Ok((Entry::new(number, generation, place), flag.end))
    }

    /// An entry in use; offset 0 is no object, whatever the flag says.
    fn used(&self, offset: u64) -> Place {
        match usize::try_from(offset)
            .ok()
            .and_then(|at| at.checked_add(self.base))
        {
            Some(at) if offset > 0 => Place::Offset(at),
            _ => Place::Free,
        }
    }

    fn stream(&mut self, at: usize) -> Result<Section<'a>, Error> {
        let read = indirect::read(
            self.bytes,
            &Source::File(self.bytes),
            at,
            self.limits.pdf_depth,
            &|_| None,
        )?;
        let Object::Stream(stream) = read.object else {
            return Err(rebuild(at));
        };
        if !stream.dictionary.get("Type").is_name("XRef") {
            return Err(rebuild(at));
        }
        let data = self.decode(&stream)?;
        let trailer = stream.dictionary;
        let integers = |key: &str| -> Option<Vec<u64>> {
            match trailer.get(key) {
                Object::Array(array) => array
                    .iter()
                    .map(|n| n.integer().and_then(|n| u64::try_from(n).ok()))
                    .collect(),
                _ => None,
            }
        };
        let widths = integers("W").unwrap_or_default();
        let (&[first, second, third], true) = (widths.as_slice(), widths.iter().all(|&w| w <= 8))
        else {
            return Err(broken("/W of a cross-reference stream", at));
        };
        let small = |width: u64| usize::try_from(width).unwrap_or(8);
        let (first, second, third) = (small(first), small(second), small(third));
        let width = first + second + third;
        if width == 0 {
            return Err(broken("/W of a cross-reference stream", at));
        }
        let index = if trailer.has("Index") {
            integers("Index").ok_or_else(|| broken("/Index of a cross-reference stream", at))?
        } else {
            let size = trailer
                .get("Size")
                .integer()
                .and_then(|n| u64::try_from(n).ok());
            vec![0, size.unwrap_or(u64::MAX)]
        };
        let mut rows = data.chunks_exact(width);
        for pair in index.chunks_exact(2) {
            let &[start, count] = pair else { break };
            for step in 0..count {
                let Some(row) = rows.next() else {
                    self.odd(Odd::EntryCount, at);
                    break;
                };
                let field = |from: usize, width: usize| {
                    let octets = row.get(from..from + width).unwrap_or_default();
                    octets
                        .iter()
                        .fold(0_u64, |value, &octet| value << 8 | u64::from(octet))
                };
                let number = start.checked_add(step).and_then(|n| u32::try_from(n).ok());
                let number = number.ok_or_else(|| broken("an object number", at))?;
                let kind = if first == 0 { 1 } else { field(0, first) };
                let (b, c) = (field(first, second), field(first + second, third));
                let generation = u16::try_from(c).unwrap_or(u16::MAX);
                let entry = match kind {
                    0 => Entry::new(number, generation, Place::Free),
                    1 => Entry::new(number, generation, self.used(b)),
                    2 => {
                        let (Ok(stream), Ok(index)) = (u32::try_from(b), u32::try_from(c)) else {
                            return Err(broken("an entry of a cross-reference stream", at));
                        };
                        Entry::new(number, 0, Place::InStream { stream, index })
                    }
                    // Types to come are references to the null object (§7.5.8.3).
                    _ => Entry::new(number, 0, Place::Free),
                };
                self.push(entry)?;
            }
        }
        Ok(Section {
            at,
            end: read.end,
            style: Style::Stream,
            trailer,
            ranks: 0..0,
            beside: None,
        })
    }

    fn decode(&mut self, stream: &Stream<'a>) -> Result<Vec<u8>, Error> {
        // What a cross-reference stream needs must stand in it directly.
        let filters = indirect::filters(stream, self.limits.pdf_filters, &|object| Ok(object))?;
        let left = self.limits.pdf_streams_total.saturating_sub(self.decoded);
        let data = self.bytes.get(stream.data.clone()).unwrap_or_default();
        let data = filters.decode(data, left.min(self.limits.pdf_stream))?;
        self.decoded += u64::try_from(data.len()).unwrap_or(u64::MAX);
        Ok(data)
    }

    fn push(&mut self, entry: Entry) -> Result<(), Error> {
        if self.entries.len() >= self.limits.pdf_xref_entries {
            return Err(Error::new(
                ErrorKind::TooLarge,
                "cross-reference entries of a PDF",
            ));
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Gives all entries from `first` on their rank.
    fn rank(&mut self, first: usize, rank: u16) {
        for entry in self.entries.get_mut(first..).unwrap_or_default() {
            entry.rank = rank;
        }
    }

    /// In a hybrid, an object that the stream has and the table of the same section calls free is
    /// hidden from old readers only (§7.5.8.4): the table's entry goes.
    fn prefer_stream(&mut self, first: usize, middle: usize) {
        let streams = self.entries.get(middle..).unwrap_or_default();
        let used: HashSet<u32> = streams
            .iter()
            .filter(|entry| entry.place() != Place::Free)
            .map(|entry| entry.number)
            .collect();
        // Only the tail is touched, so that many hybrid sections stay linear.
        let tail = self.entries.split_off(first);
        let kept = tail.into_iter().zip(first..).filter(|(entry, index)| {
            *index >= middle || entry.place() != Place::Free || !used.contains(&entry.number)
        });
        self.entries.extend(kept.map(|(entry, _)| entry));
    }

    /// An offset that a trailer names, counted from the start of the file.
    fn offset(&self, trailer: &Dictionary<'a>, key: &str) -> Option<usize> {
        let offset = match trailer.get(key) {
            Object::Integer(offset) => usize::try_from(offset).ok(),
            // Seen: `/Prev 1234.0`.
            Object::Real(offset) if offset.fract() == 0.0 => format!("{offset:.0}").parse().ok(),
            _ => None,
        }?;
        offset.checked_add(self.base)
    }
}

/// An object in use whose number the newest trailer says is not there: readers disagree about it.
fn beyond_size(sections: &[Section<'_>], entries: &[Entry]) -> Option<Oddity> {
    let newest = sections.last()?;
    let size = newest.trailer.get("Size").integer()?;
    let last = entries
        .iter()
        .rev()
        .find(|entry| entry.place() != Place::Free)?;
    (i64::from(last.number) >= size).then_some(Oddity {
        kind: Odd::Size,
        at: newest.at,
        number: Some(last.number),
    })
}

/// Whether a section begins exactly here.
pub(super) fn is_section(bytes: &[u8], at: usize) -> bool {
    begins(bytes, at).is_some_and(|(found, _)| found == at)
}

/// Whether a section begins at this offset, white space before it allowed, and of which style.
fn begins(bytes: &[u8], at: usize) -> Option<(usize, Style)> {
    // A window, lest a string that never ends be searched for its end again and again.
    let window = at.saturating_add(WINDOW).min(bytes.len());
    let mut lexer = Lexer::new(bytes.get(..window)?, at);
    let first = lexer.next().ok()?;
    if lexer.is_word(first, b"xref") {
        return Some((first.start, Style::Table));
    }
    let second = lexer.next().ok()?;
    let third = lexer.next().ok()?;
    let object = first.kind == Kind::Number
        && second.kind == Kind::Number
        && lexer.is_word(third, b"obj")
        && lexer.next().ok()?.kind == Kind::DictionaryOpen;
    object.then_some((first.start, Style::Stream))
}

fn rebuild(at: usize) -> Error {
    Error::new(
        ErrorKind::Malformed,
        "the cross-reference of this PDF would have to be rebuilt",
    )
    .at(ErrorPlace::Offset(u64::try_from(at).unwrap_or(u64::MAX)))
}

/// The error for a file without any usable section.
pub(super) fn missing(at: usize) -> Error {
    rebuild(at)
}

const PAYLOAD: u64 = (1 << 62) - 1;
const INDEX: u64 = (1 << 30) - 1;
const OFFSET: u64 = 1 << 62;
const IN_STREAM: u64 = 2 << 62;
const NEARBY: usize = 24;
const MOST_ODD: usize = 64;
const WINDOW: usize = 1024;
