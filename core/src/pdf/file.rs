//! [`File`]: a lazy reader over the octets of a PDF, which it never copies.
//!
//! Opening reads the cross-reference sections and nothing else. Objects are read when they are
//! asked for, as they stood after a given revision; decoded object streams are kept in a small
//! cache. All work is counted and bounded ([`Limits`]).
//!
//! Encrypted files are read with the empty password or a given one ([`crate::pdf::crypt`]). Refused:
//! files whose cross-reference would have to be rebuilt ([`crate::pdf::xref`]).

mod encryption;
mod inspect;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Place as ErrorPlace};
use crate::limits::Limits;
use crate::pdf::crypt::Crypt;
use crate::pdf::indirect::{self, Indirect};
use crate::pdf::landmarks::Landmarks;
use crate::pdf::lex::{Lexer, integer};
use crate::pdf::object::{Dictionary, Object, Reference, Sealed, Source, Stream};
use crate::pdf::odd::{Odd, Oddity};
use crate::pdf::revision::{self, Revision};
use crate::pdf::xref::{self, Chain, Entry, Place, Section};

/// A PDF file, read lazily.
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    limits: Limits,
    header: usize,
    base: usize,
    sections: Vec<Section<'a>>,
    /// For each section, the newest up to it whose trailer names the catalog.
    roots: Vec<Option<usize>>,
    revisions: Vec<Revision>,
    /// By number, then from old to new.
    entries: Vec<Entry>,
    cache: RefCell<Vec<ObjectStream>>,
    decoded: Cell<u64>,
    work: Cell<u64>,
    depth: Cell<usize>,
    /// What is odd about the structure, with the object or offset where it is.
    odd: RefCell<Vec<Oddity>>,
    landmarks: OnceCell<Landmarks>,
    crypt: Option<Arc<Crypt>>,
    /// Whether revisions differ in how they are encrypted.
    crypt_changes: bool,
}

/// An indirect object as it stood after some revision.
#[derive(Clone)]
pub(crate) struct Loaded<'a> {
    /// Its number and generation.
    pub(crate) id: Reference,
    /// The object.
    pub(crate) object: Object<'a>,
    /// The revision that wrote it, from 0.
    pub(crate) revision: usize,
    /// Where it ends in the file, `endobj` included; 0 for one in an object stream.
    pub(crate) end: usize,
}

/// A decoded object stream.
#[derive(Clone)]
struct ObjectStream {
    /// Where the stream stands in the file.
    at: usize,
    octets: Arc<[u8]>,
    /// Object numbers and where each object begins.
    index: Arc<[(u32, usize)]>,
}

impl<'a> File<'a> {
    /// Reads the cross-reference sections; of an encrypted file, tries the empty password.
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        Self::open_with(bytes, limits, None)
    }

    /// Reads the cross-reference sections; of an encrypted file, tries the empty password and this
    /// one. A file that neither opens is [locked](File::is_locked), which is no error.
    pub(crate) fn open_with(
        bytes: &'a [u8],
        limits: &Limits,
        password: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let start = bytes
            .get(..bytes.len().min(HEADER_WINDOW))
            .unwrap_or_default();
        let header = memchr::memmem::find(start, b"%PDF-")
            .ok_or_else(|| Error::new(ErrorKind::Malformed, "no PDF header"))?;
        let newest = last_startxref(bytes)?;
        // In a file with something before its header, offsets may count from either.
        let shifted = newest.saturating_add(header);
        let from_header =
            header > 0 && !xref::is_section(bytes, newest) && xref::is_section(bytes, shifted);
        let (base, chain) = if from_header {
            (header, xref::chain(bytes, header, shifted, limits)?)
        } else {
            (0, xref::chain(bytes, 0, newest, limits)?)
        };
        let Chain {
            sections,
            entries,
            odd,
        } = chain;
        let revisions = revision::revisions(bytes, &sections);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut file = Self {
            bytes,
            limits: limits.clone(),
            header,
            base,
            roots: roots(&sections),
            sections,
            revisions,
            entries,
            cache: RefCell::default(),
            decoded: Cell::new(0),
            work: Cell::new(length.saturating_mul(2).saturating_add(limits.pdf_work)),
            depth: Cell::new(0),
            odd: RefCell::new(odd),
            landmarks: OnceCell::new(),
            crypt: None,
            crypt_changes: false,
        };
        file.decryption(password)?;
        Ok(file)
    }

    fn odd(&self, kind: Odd, at: usize, number: u32) {
        let mut all = self.odd.borrow_mut();
        let oddity = Oddity {
            kind,
            at,
            number: Some(number),
        };
        // A flood of one kind hides no other.
        let has_room = all.len() < MOST_ODD || all.iter().all(|known| known.kind != kind);
        if has_room && !all.contains(&oddity) {
            all.push(oddity);
        }
    }

    /// A text that reaches over the end of the revision that lists it was not there, or not all of
    /// it, when that was the whole file.
    fn look_beyond(&self, at: usize, end: usize, number: u32, rank: u16) {
        let revision = self.revisions.get(self.revision_of(rank));
        if revision.is_some_and(|revision| revision.end < end) {
            self.odd(Odd::BeyondRevision, at, number);
        }
    }

    /// The octets of the file.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The limits that it was opened with.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Where the header stands; anything but 0 is worth a remark.
    pub(crate) fn header(&self) -> usize {
        self.header
    }

    /// What offsets in the file count from: 0, or the header where only that works.
    pub(crate) fn base(&self) -> usize {
        self.base
    }

    /// The cross-reference sections, oldest first.
    pub(crate) fn sections(&self) -> &[Section<'a>] {
        &self.sections
    }

    /// The revisions, oldest first; never empty.
    pub(crate) fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The newest revision, from 0.
    pub(crate) fn newest(&self) -> usize {
        self.revisions.len().saturating_sub(1)
    }

    /// The value of a trailer's key as a reader of this revision (from 0) sees it.
    pub(crate) fn trailer(&self, revision: usize, key: &str) -> Object<'a> {
        let newest = self
            .revisions
            .get(revision)
            .map_or(0, |revision| revision.main);
        let newest = match key {
            // Asked for again and again, over revisions that may all lack it.
            "Root" => match self.roots.get(newest) {
                Some(&Some(section)) => section,
                _ => return Object::Null,
            },
            _ => newest,
        };
        let sections = self.sections.get(..=newest).unwrap_or_default();
        let found = sections
            .iter()
            .rev()
            .find(|section| section.trailer.has(key));
        found.map_or(Object::Null, |section| section.trailer.get(key))
    }

    /// Whether a section of this revision itself has this key in its trailer.
    pub(crate) fn states(&self, revision: usize, key: &str) -> bool {
        let sections = self.revisions.get(revision).map(|one| one.sections.clone());
        let sections = sections.and_then(|sections| self.sections.get(sections));
        sections.is_some_and(|sections| sections.iter().any(|one| one.trailer.has(key)))
    }

    /// The document catalog of a revision.
    pub(crate) fn catalog(&self, revision: usize) -> Result<Option<Loaded<'a>>, Error> {
        match self.trailer(revision, "Root") {
            Object::Reference(root) => self.load(root, revision),
            _ => Ok(None),
        }
    }

    /// The highest object number that any section, /Size or trailer speaks of. A trailer may refer
    /// to nothing, such as /Encrypt to an object that never was; a new object must not become that.
    pub(crate) fn highest_number(&self) -> u32 {
        let listed = self.entries.last().map_or(0, |entry| entry.number);
        let stated = self.sections.iter().filter_map(|section| {
            let size = section.trailer.get("Size").integer()?;
            u32::try_from(size.checked_sub(1)?).ok()
        });
        // A /Size of billions over a small table would leave no room for new numbers.
        let most = u32::try_from(self.limits.pdf_xref_entries).unwrap_or(u32::MAX);
        let values = self.sections.iter().flat_map(|section| {
            let values = section.trailer.iter();
            values.filter_map(|(_, value)| Some(value.reference()?.number))
        });
        stated
            .chain(values)
            .filter(|&number| number <= most)
            .max()
            .unwrap_or(0)
            .max(listed)
    }

    /// The object that a reference means after a revision (from 0). `None`: there is none, it is
    /// free, or what stands at its offset is another.
    pub(crate) fn load(&self, id: Reference, revision: usize) -> Result<Option<Loaded<'a>>, Error> {
        match self.entry(id.number, revision) {
            Some(entry) if entry.generation == id.generation => self.load_entry(entry, revision),
            _ => Ok(None),
        }
    }

    /// Follows references until there is something else.
    pub(crate) fn resolve(&self, object: Object<'a>, revision: usize) -> Result<Object<'a>, Error> {
        let mut object = object;
        for _ in 0..self.limits.pdf_references {
            let Object::Reference(reference) = object else {
                return Ok(object);
            };
            match self.load(reference, revision)? {
                Some(loaded) => object = loaded.object,
                None => return Ok(Object::Null),
            }
        }
        Err(Error::new(
            ErrorKind::TooLarge,
            "references that lead to references",
        ))
    }

    /// The value of a dictionary's key, references followed.
    pub(crate) fn get(
        &self,
        dictionary: &Dictionary<'a>,
        key: &str,
        revision: usize,
    ) -> Result<Object<'a>, Error> {
        self.resolve(dictionary.get(key), revision)
    }

    /// Where an object is after a revision, and the revision that said so.
    pub(crate) fn place(&self, id: Reference, revision: usize) -> Option<(Place, usize)> {
        let entry = self.entry(id.number, revision)?;
        (entry.generation == id.generation).then(|| (entry.place(), self.revision_of(entry.rank)))
    }

    /// The generation and place that a number has after a revision.
    pub(crate) fn listed(&self, number: u32, revision: usize) -> Option<(u16, Place)> {
        let entry = self.entry(number, revision)?;
        Some((entry.generation, entry.place()))
    }

    /// Every number that some cross-reference lists, in order, each once.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        let count = self
            .entries
            .chunk_by(|a, b| a.number == b.number)
            .map(|_| 1_usize)
            .sum();
        let mut numbers = Vec::with_capacity(count);
        let first = |same: &[Entry]| same.first().map(|entry| entry.number);
        let chunks = self.entries.chunk_by(|a, b| a.number == b.number);
        numbers.extend(chunks.filter_map(first));
        numbers
    }

    /// Numbers that the table and the stream of one hybrid section put in different places, each
    /// with its revision.
    pub(crate) fn hybrid_differences(&self) -> Vec<(usize, u32)> {
        let hybrid = |section: &Section<'_>| section.ranks.end - section.ranks.start > 1;
        if !self.sections.iter().any(hybrid) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for pair in self.entries.windows(2) {
            let [stream, table] = pair else { continue };
            let used = |entry: &Entry| entry.place() != Place::Free;
            if stream.number == table.number
                && stream.rank != table.rank
                && used(stream)
                && used(table)
                && stream.place() != table.place()
                && self.section_of(stream.rank) == self.section_of(table.rank)
            {
                found.push((self.revision_of(table.rank), table.number));
            }
        }
        found
    }

    fn section_of(&self, rank: u16) -> usize {
        self.sections
            .partition_point(|section| section.ranks.end <= rank)
    }

    /// The object stream that holds an object after a revision, if one does.
    pub(crate) fn stream_of(&self, number: u32, revision: usize) -> Option<u32> {
        match self.entry(number, revision)?.place() {
            Place::InStream { stream, .. } => Some(stream),
            _ => None,
        }
    }

    /// Where the text of an object is: the same for two revisions when it is the same text.
    pub(crate) fn identity(&self, id: Reference, revision: usize) -> Option<(usize, u32)> {
        match self.place(id, revision)?.0 {
            Place::Offset(at) => Some((at, u32::MAX)),
            Place::InStream { stream, index } => {
                let stream = Reference {
                    number: stream,
                    generation: 0,
                };
                match self.place(stream, revision)?.0 {
                    Place::Offset(at) => Some((at, index)),
                    _ => None,
                }
            }
            Place::Free => None,
        }
    }

    /// The octets of a stream as written.
    pub(crate) fn stream_data(&self, stream: &Stream<'a>) -> &'a [u8] {
        self.bytes.get(stream.data.clone()).unwrap_or_default()
    }

    /// The decoded octets of a stream.
    pub(crate) fn decode(
        &self,
        stream: &Stream<'a>,
        revision: usize,
    ) -> Result<Cow<'a, [u8]>, Error> {
        let filters = indirect::filters(stream, self.limits.pdf_filters, &|object| {
            self.resolve(object, revision)
        })?;
        let data = self.stream_data(stream);
        let data = match stream.dictionary.raw().sealed() {
            Some(sealed) => {
                let filter = filters.crypt();
                self.charge(data.len())?;
                sealed
                    .crypt
                    .stream(sealed.id, &stream.dictionary, filter, data)?
            }
            None => Cow::Borrowed(data),
        };
        if filters.is_empty() {
            return Ok(data);
        }
        let left = self
            .limits
            .pdf_streams_total
            .saturating_sub(self.decoded.get());
        let octets = filters.decode(&data, left.min(self.limits.pdf_stream))?;
        let length = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.decoded.set(self.decoded.get().saturating_add(length));
        Ok(Cow::Owned(octets))
    }

    /// Reads the object at an offset, whatever its number.
    pub(crate) fn load_at(
        &self,
        at: usize,
        id: Reference,
        revision: usize,
    ) -> Result<Option<Loaded<'a>>, Error> {
        let Some(read) = self.read(at, revision, Some(id.number))? else {
            return Ok(None);
        };
        Ok(Some(Loaded {
            id,
            object: read.object,
            revision,
            end: read.end,
        }))
    }

    fn load_entry(&self, entry: Entry, revision: usize) -> Result<Option<Loaded<'a>>, Error> {
        let Entry {
            number,
            generation,
            rank,
            ..
        } = entry;
        let id = Reference { number, generation };
        let place = entry.place();
        let (object, end) = match place {
            Place::Free => return Ok(None),
            Place::Offset(at) => match self.read(at, revision, Some(number))? {
                Some(read) => {
                    self.look_beyond(at, read.end, number, rank);
                    (read.object, read.end)
                }
                None => return Ok(None),
            },
            Place::InStream { stream, index } => {
                match self.in_object_stream(stream, index, number, revision)? {
                    Some(object) => (object, 0),
                    None => return Ok(None),
                }
            }
        };
        let revision = self.revision_of(rank);
        Ok(Some(Loaded {
            id,
            object,
            revision,
            end,
        }))
    }

    /// Reads the object at an offset if it has this number.
    fn read(
        &self,
        at: usize,
        revision: usize,
        number: Option<u32>,
    ) -> Result<Option<Indirect<'a>>, Error> {
        self.charge(LEAST_CHARGE)?;
        let Some(id) = starts_object(self.bytes, at, number) else {
            return Ok(None);
        };
        let source = match &self.crypt {
            Some(crypt) if crypt.dictionary != Some(id.number) => Source::Sealed(Sealed {
                octets: self.bytes,
                crypt: Arc::clone(crypt),
                id,
            }),
            _ => Source::File(self.bytes),
        };
        // The length of a stream may stand in an object stream, whose length may stand …
        if self.depth.get() >= MOST_DEPTH {
            return Err(Error::new(ErrorKind::Malformed, "a loop of stream lengths"));
        }
        self.depth.set(self.depth.get() + 1);
        let depth = self.limits.pdf_depth;
        let read = indirect::read(self.bytes, &source, at, depth, &|reference| {
            let entry = self.entry(reference.number, revision)?;
            let loaded = self.load_entry(entry, revision).ok()??;
            usize::try_from(loaded.object.integer()?).ok()
        });
        self.depth.set(self.depth.get() - 1);
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                let reached = match error.place() {
                    Some(ErrorPlace::Offset(reached)) => usize::try_from(*reached).unwrap_or(at),
                    _ => at,
                };
                self.charge(reached.saturating_sub(at))?;
                return Err(error);
            }
        };
        for kind in &read.odd {
            self.odd(*kind, at, id.number);
        }
        let data = match &read.object {
            Object::Stream(stream) => stream.data.len(),
            _ => 0,
        };
        // The data of a stream are only searched where its length is wrong.
        self.charge(
            read.end
                .saturating_sub(at)
                .saturating_sub(data)
                .saturating_add(data >> 4),
        )?;
        Ok(Some(read))
    }

    fn in_object_stream(
        &self,
        stream: u32,
        index: u32,
        number: u32,
        revision: usize,
    ) -> Result<Option<Object<'a>>, Error> {
        let Some(found) = self.object_stream(stream, revision)? else {
            return Ok(None);
        };
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let start = match found.index.get(index) {
            Some(&(at_index, start)) if at_index == number => start,
            _ => {
                // The index of the entry is wrong, so that the whole list is searched.
                self.charge(found.index.len())?;
                match found.index.iter().find(|(listed, _)| *listed == number) {
                    Some(&(_, start)) => start,
                    None => return Ok(None),
                }
            }
        };
        let source = Source::Decoded(found.octets);
        let (object, end) = Object::read(&source, start, self.limits.pdf_depth)?;
        self.charge(end.saturating_sub(start))?;
        Ok(Some(object))
    }

    fn object_stream(&self, number: u32, revision: usize) -> Result<Option<ObjectStream>, Error> {
        let Some(entry) = self.entry(number, revision) else {
            return Ok(None);
        };
        let Place::Offset(at) = entry.place() else {
            return Ok(None);
        };
        if let Some(found) = self.cached(at) {
            return Ok(Some(found));
        }
        let Some(read) = self.read(at, revision, Some(number))? else {
            return Ok(None);
        };
        self.look_beyond(at, read.end, number, entry.rank);
        let Object::Stream(stream) = read.object else {
            return Ok(None);
        };
        let found = self.indexed(&stream, at, revision)?;
        let mut cache = self.cache.borrow_mut();
        while cache.iter().map(|kept| kept.octets.len()).sum::<usize>() > MOST_CACHED {
            cache.remove(0);
        }
        cache.push(found.clone());
        Ok(Some(found))
    }

    /// Decodes an object stream and reads what it lists.
    fn indexed(
        &self,
        stream: &Stream<'a>,
        at: usize,
        revision: usize,
    ) -> Result<ObjectStream, Error> {
        let octets: Arc<[u8]> = self.decode(stream, revision)?.into();
        let first = self.get(&stream.dictionary, "First", revision)?.integer();
        let first = first
            .and_then(|first| usize::try_from(first).ok())
            .unwrap_or(usize::MAX);
        let count = self
            .get(&stream.dictionary, "N", revision)?
            .integer()
            .unwrap_or(0);
        let mut lexer = Lexer::new(octets.get(..first.min(octets.len())).unwrap_or_default(), 0);
        let mut index = Vec::new();
        for _ in 0..count {
            let (Ok(number), Ok(offset)) = (lexer.next(), lexer.next()) else {
                break;
            };
            let number = integer(lexer.octets(number)).and_then(|n| u32::try_from(n).ok());
            let offset = integer(lexer.octets(offset)).and_then(|n| usize::try_from(n).ok());
            let (Some(number), Some(offset)) = (number, offset) else {
                break;
            };
            if index.len() >= self.limits.pdf_stream_objects {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    "objects of one PDF object stream",
                ));
            }
            index.push((number, first.saturating_add(offset)));
        }
        Ok(ObjectStream {
            at,
            octets,
            index: index.into(),
        })
    }

    fn cached(&self, at: usize) -> Option<ObjectStream> {
        self.cache
            .borrow()
            .iter()
            .find(|kept| kept.at == at)
            .cloned()
    }

    /// The newest entry for a number that a reader of this revision sees.
    fn entry(&self, number: u32, revision: usize) -> Option<Entry> {
        let newest = self.revisions.get(revision)?.main;
        let limit = self.sections.get(newest)?.ranks.end;
        let after = self
            .entries
            .partition_point(|entry| (entry.number, entry.rank) < (number, limit));
        let entry = self.entries.get(after.checked_sub(1)?)?;
        (entry.number == number).then_some(*entry)
    }

    fn revision_of(&self, rank: u16) -> usize {
        self.revisions.partition_point(|revision| {
            self.sections
                .get(revision.main)
                .is_some_and(|section| section.ranks.end <= rank)
        })
    }

    /// Counts work, and ends it where a file makes us read the same octets again and again.
    pub(crate) fn charge(&self, octets: usize) -> Result<(), Error> {
        let octets = u64::try_from(octets).unwrap_or(u64::MAX);
        match self.work.get().checked_sub(octets) {
            Some(left) => {
                self.work.set(left);
                Ok(())
            }
            None => {
                // Whoever goes on all the same gets nothing more.
                self.work.set(0);
                Err(Error::new(
                    ErrorKind::TooLarge,
                    "work to read the objects of a PDF",
                ))
            }
        }
    }
}

fn roots(sections: &[Section<'_>]) -> Vec<Option<usize>> {
    let mut newest = None;
    let named = sections.iter().enumerate().map(|(index, section)| {
        if section.trailer.has("Root") {
            newest = Some(index);
        }
        newest
    });
    named.collect()
}

/// The number and generation of the indirect object that begins here, if it has this number. A
/// cheap look, in a window.
fn starts_object(bytes: &[u8], at: usize, number: Option<u32>) -> Option<Reference> {
    let window = at.saturating_add(OBJECT_WINDOW).min(bytes.len());
    let mut lexer = Lexer::new(bytes.get(..window)?, at);
    let found = lexer.next().ok()?;
    let found = integer(lexer.octets(found)).and_then(|found| u32::try_from(found).ok());
    let generation = lexer
        .next()
        .ok()
        .and_then(|token| integer(lexer.octets(token)));
    let keyword = lexer.next().is_ok_and(|token| lexer.is_word(token, b"obj"));
    let (found, generation) = (found?, generation?);
    // An impossible generation was never a reason to refuse an object.
    let generation = u16::try_from(generation).unwrap_or(u16::MAX);
    let fits = keyword && number.is_none_or(|number| number == found);
    fits.then_some(Reference {
        number: found,
        generation,
    })
}

/// The offset that the last `startxref` names.
fn last_startxref(bytes: &[u8]) -> Result<usize, Error> {
    let from = bytes.len().saturating_sub(TAIL_WINDOW);
    let tail = bytes.get(from..).unwrap_or_default();
    let found = memchr::memmem::rfind(tail, b"startxref").ok_or_else(|| xref::missing(from))?;
    let mut lexer = Lexer::new(tail, found + b"startxref".len());
    let number = lexer.next()?;
    integer(lexer.octets(number))
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| {
            let at = u64::try_from(from + found).unwrap_or(u64::MAX);
            xref::missing(from).at(ErrorPlace::Offset(at))
        })
}

/// Oddities that are kept.
const MOST_ODD: usize = 256;
const HEADER_WINDOW: usize = 1024;
const TAIL_WINDOW: usize = 64 << 10;
const OBJECT_WINDOW: usize = 1024;
const MOST_DEPTH: usize = 8;
const MOST_CACHED: usize = 16 << 20;
const LEAST_CHARGE: usize = 64;
