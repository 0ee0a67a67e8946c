//! Objects (ISO 32000-2 §7.3), each a view of the text that it was written in.
//!
//! A container holds only where its parts stand; they are read when they are asked for. Therefore
//! memory does not grow with nesting, doubled keys of a dictionary stay visible, and an object can
//! be written back octet for octet with one value changed.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::pdf::crypt::Crypt;
use crate::pdf::lex::{Kind, Lexer, broken, integer, is_space, offset};

/// The text that objects are read from.
#[derive(Clone)]
pub(crate) enum Source<'a> {
    /// The file.
    File(&'a [u8]),
    /// An object of an encrypted file: its strings and its stream are encrypted by its number.
    Sealed(Sealed<'a>),
    /// A decoded object stream.
    Decoded(Arc<[u8]>),
}

impl Source<'_> {
    pub(super) fn octets(&self) -> &[u8] {
        match self {
            Self::File(octets) => octets,
            Self::Sealed(sealed) => sealed.octets,
            Self::Decoded(octets) => octets,
        }
    }
}

/// The file as the text of an encrypted object.
#[derive(Clone)]
pub(crate) struct Sealed<'a> {
    pub(super) octets: &'a [u8],
    pub(super) crypt: Arc<Crypt>,
    pub(super) id: Reference,
}

/// A piece of text: what an object looks like where it is written.
#[derive(Clone)]
pub(crate) struct Raw<'a> {
    source: Source<'a>,
    start: usize,
    end: usize,
}

impl<'a> Raw<'a> {
    pub(super) fn new(source: Source<'a>, start: usize, end: usize) -> Self {
        Self { source, start, end }
    }

    /// The encryption of the object that it belongs to, if any.
    pub(super) fn sealed(&self) -> Option<&Sealed<'a>> {
        match &self.source {
            Source::Sealed(sealed) => Some(sealed),
            _ => None,
        }
    }

    /// The octets as written.
    pub(crate) fn octets(&self) -> &[u8] {
        self.source
            .octets()
            .get(self.start..self.end)
            .unwrap_or_default()
    }

    /// Where in the file it stands; `None` inside an object stream.
    pub(crate) fn file_range(&self) -> Option<Range<usize>> {
        (!matches!(self.source, Source::Decoded(_))).then(|| self.range())
    }

    /// Where it stands in the text that it is read from.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Another piece of the same text.
    fn part(&self, start: usize, end: usize) -> Self {
        Self {
            source: self.source.clone(),
            start,
            end,
        }
    }
}

/// An indirect reference, `12 0 R`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// Object number.
    pub(crate) number: u32,
    /// Generation number.
    pub(crate) generation: u16,
}

/// A PDF object.
#[derive(Clone)]
pub(crate) enum Object<'a> {
    /// `null`, and whatever is no object at all.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A real, or an integer beyond 64 bits.
    Real(f64),
    /// A name.
    Name(Name<'a>),
    /// A string, still encoded.
    String(Text<'a>),
    /// An array.
    Array(Array<'a>),
    /// A dictionary.
    Dictionary(Dictionary<'a>),
    /// A stream.
    Stream(Stream<'a>),
    /// An indirect reference.
    Reference(Reference),
}

impl<'a> Object<'a> {
    /// Reads the value that begins at `at`; gives it and its end. A stream is read as its
    /// dictionary.
    pub(super) fn read(
        source: &Source<'a>,
        at: usize,
        depth: usize,
    ) -> Result<(Self, usize), Error> {
        let mut lexer = Lexer::new(source.octets(), at);
        let first = lexer.peek()?;
        if first.kind == Kind::DictionaryOpen {
            let dictionary = Dictionary::read(source, first.start, depth)?;
            let end = dictionary.raw.end;
            return Ok((Self::Dictionary(dictionary), end));
        }
        let token = lexer.value(depth)?;
        let octets = lexer.octets(token);
        let raw = || Raw::new(source.clone(), token.start, token.end);
        let object = match token.kind {
            Kind::Name => Self::Name(Name(raw())),
            Kind::Literal => Self::String(Text {
                raw: raw(),
                hex: false,
            }),
            Kind::Hex => Self::String(Text {
                raw: raw(),
                hex: true,
            }),
            Kind::ArrayOpen => Self::Array(Array { raw: raw(), depth }),
            Kind::Number => integer(octets).map_or_else(|| Self::Real(real(octets)), Self::Integer),
            Kind::Word => match octets {
                b"true" => Self::Boolean(true),
                b"false" => Self::Boolean(false),
                // Longer than one letter: `12 0 R`, which the lexer hands out whole.
                [.., b'R'] if octets.first().is_some_and(u8::is_ascii_digit) => {
                    reference(octets).map_or(Self::Null, Self::Reference)
                }
                _ => Self::Null,
            },
            Kind::ArrayClose | Kind::DictionaryOpen | Kind::DictionaryClose | Kind::End => {
                return Err(broken("no object where one must be", token.start));
            }
        };
        Ok((object, token.end))
    }

    /// The integer, if it is one.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The dictionary, or that of a stream.
    pub(crate) fn dictionary(&self) -> Option<&Dictionary<'a>> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The array, if it is one.
    #[cfg(test)]
    pub(crate) fn array(&self) -> Option<&Array<'a>> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The reference, if it is one.
    pub(crate) fn reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    /// Whether it is this name.
    pub(crate) fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(found) if found.is(name))
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A name, with its solidus, as written.
#[derive(Clone)]
pub(crate) struct Name<'a>(pub(super) Raw<'a>);

impl Name<'_> {
    /// Whether it is this name, escapes (`#20`) resolved.
    pub(crate) fn is(&self, name: &str) -> bool {
        name_is(self.0.octets(), name.as_bytes())
    }

    /// Whether it is the same name, escapes resolved.
    pub(crate) fn is_same(&self, other: &Name<'_>) -> bool {
        name_octets(self.0.octets()) == name_octets(other.0.octets())
    }

    /// The name with its solidus, as written.
    pub(crate) fn octets(&self) -> &[u8] {
        self.0.octets()
    }

    /// The name without its solidus, escapes resolved; octets that are no UTF-8 are replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&name_octets(self.0.octets())).into_owned()
    }
}

/// A string: literal or hexadecimal, decoded on demand.
#[derive(Clone)]
pub(crate) struct Text<'a> {
    raw: Raw<'a>,
    hex: bool,
}

impl<'a> Text<'a> {
    /// The string with its brackets, as written.
    pub(crate) fn raw(&self) -> &Raw<'a> {
        &self.raw
    }

    /// Whether it is written in hexadecimal digits.
    pub(crate) fn is_hex(&self) -> bool {
        self.hex
    }

    /// The octets that it stands for, decrypted in an encrypted file; none where that is locked.
    pub(crate) fn octets(&self) -> Vec<u8> {
        let octets = self.written_octets();
        match &self.raw.source {
            Source::Sealed(sealed) => sealed.crypt.string(sealed.id, octets),
            _ => octets,
        }
    }

    /// The octets that are written there, also in an encrypted file: what /Contents of a signature
    /// means (§7.6.2). Characters that are no digits are left out, a missing last digit is zero
    /// (§7.3.4.3).
    pub(crate) fn written_octets(&self) -> Vec<u8> {
        let raw = self.raw.octets();
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if self.hex {
            hex_octets(inner)
        } else {
            literal_octets(inner)
        }
    }
}

/// An array.
#[derive(Clone)]
pub(crate) struct Array<'a> {
    raw: Raw<'a>,
    depth: usize,
}

impl<'a> Array<'a> {
    /// The array with its brackets, as written.
    pub(crate) fn raw(&self) -> &Raw<'a> {
        &self.raw
    }

    /// The elements of this array and of a newer one behind the references that both begin with,
    /// octet for octet. Lists that only grow are not read anew in each revision.
    pub(crate) fn behind_common(&self, newer: &Self) -> (Elements<'a>, Elements<'a>) {
        let (old, new) = (self.raw.octets(), newer.raw.octets());
        let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let common = old.get(1..same).unwrap_or_default();
        // A reference ends where white space follows it.
        let end = common
            .windows(2)
            .rposition(|pair| matches!(pair, [b'R', next] if is_space(*next)));
        let skip = end.map_or(0, |end| end + 1);
        let plain = common.get(..skip).unwrap_or_default().iter();
        let is_plain = plain
            .copied()
            .all(|octet| octet.is_ascii_digit() || octet == b'R' || is_space(octet));
        let skip = if is_plain { skip } else { 0 };
        let (mut a, mut b) = (self.iter(), newer.iter());
        a.at += skip;
        b.at += skip;
        (a, b)
    }

    /// Its elements, read one after another; `Null` for a dictionary that cannot be read.
    pub(crate) fn iter(&self) -> Elements<'a> {
        Elements {
            raw: self.raw.clone(),
            at: self.raw.start + 1,
            depth: self.depth,
        }
    }
}

/// The elements of an array.
pub(crate) struct Elements<'a> {
    raw: Raw<'a>,
    at: usize,
    depth: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Object<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at + 1 >= self.raw.end {
            return None;
        }
        let (object, end) = match Object::read(&self.raw.source, self.at, self.depth) {
            Ok(read) => read,
            // One that cannot be read hides none of those behind it: it is stepped over.
            Err(_) => {
                let mut lexer = Lexer::new(self.raw.source.octets(), self.at);
                let container = lexer.value(self.depth).ok()?;
                (container.kind == Kind::DictionaryOpen).then_some((Object::Null, container.end))?
            }
        };
        // The closing bracket itself ends the reading with an error; a value may not reach it.
        if end >= self.raw.end {
            return None;
        }
        self.at = end;
        Some(object)
    }
}

/// A dictionary: its keys in order, doubled ones too.
#[derive(Clone)]
pub(crate) struct Dictionary<'a> {
    raw: Raw<'a>,
    entries: Vec<Entry>,
    depth: usize,
}

/// Where a key (with its solidus) and its value stand in the text.
#[derive(Clone, Copy)]
struct Entry {
    key: (usize, usize),
    value: (usize, usize),
}

impl<'a> Dictionary<'a> {
    /// Reads the dictionary whose `<<` stands at `at`.
    fn read(source: &Source<'a>, at: usize, depth: usize) -> Result<Self, Error> {
        let mut lexer = Lexer::new(source.octets(), at);
        let open = lexer.next()?;
        let mut entries = Vec::new();
        let end = loop {
            let key = lexer.next()?;
            match key.kind {
                Kind::Name => {}
                Kind::DictionaryClose => break key.end,
                Kind::End => return Err(broken("a dictionary that does not end", key.start)),
                Kind::Word if lexer.ends_object(key) => {
                    return Err(broken("a dictionary that does not end", key.start));
                }
                Kind::ArrayOpen | Kind::DictionaryOpen => {
                    return Err(broken("a dictionary key that is no name", key.start));
                }
                // Stray tokens are stepped over, as other readers do.
                _ => continue,
            }
            if lexer.peek()?.kind == Kind::DictionaryClose {
                entries.push(Entry {
                    key: (key.start, key.end),
                    value: (key.end, key.end),
                });
                continue;
            }
            let value = lexer.value(depth.saturating_sub(1))?;
            if value.kind == Kind::End || value.kind == Kind::Word && lexer.ends_object(value) {
                return Err(broken("a dictionary that does not end", value.start));
            }
            entries.push(Entry {
                key: (key.start, key.end),
                value: (value.start, value.end),
            });
            if entries.len() > MOST_KEYS {
                return Err(
                    Error::new(ErrorKind::TooLarge, "keys of a dictionary").at(offset(open.start))
                );
            }
        };
        Ok(Self {
            raw: Raw::new(source.clone(), open.start, end),
            entries,
            depth,
        })
    }

    /// The dictionary with its brackets, as written.
    pub(crate) fn raw(&self) -> &Raw<'a> {
        &self.raw
    }

    /// The value of a key: the last one where the key is doubled, `Null` where there is none or
    /// it cannot be read.
    pub(crate) fn get(&self, key: &str) -> Object<'a> {
        self.last(key)
            .map_or(Object::Null, |entry| self.object(entry))
    }

    /// Whether the key stands in the dictionary, whatever its value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.last(key).is_some()
    }

    /// Where the value of a key stands, relative to the text of the dictionary.
    pub(crate) fn value_range(&self, key: &str) -> Option<Range<usize>> {
        let entry = self.last(key)?;
        let start = entry.value.0.checked_sub(self.raw.start)?;
        Some(start..entry.value.1.checked_sub(self.raw.start)?)
    }

    /// The value of a key as written.
    pub(crate) fn raw_value(&self, key: &str) -> Option<Raw<'a>> {
        let entry = self.last(key)?;
        Some(self.raw.part(entry.value.0, entry.value.1))
    }

    /// Its keys, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Name<'a>> {
        self.entries
            .iter()
            .map(|entry| Name(self.raw.part(entry.key.0, entry.key.1)))
    }

    /// Its keys and values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Name<'a>, Object<'a>)> {
        self.entries.iter().map(|entry| {
            (
                Name(self.raw.part(entry.key.0, entry.key.1)),
                self.object(entry),
            )
        })
    }

    /// The keys that stand in it more than once, each once.
    pub(crate) fn doubled(&self) -> Vec<String> {
        let mut keys: Vec<_> = self
            .entries
            .iter()
            .filter_map(|entry| self.text().get(entry.key.0..entry.key.1))
            .map(name_octets)
            .collect();
        keys.sort();
        let mut doubled: Vec<_> = keys
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] if a == b => Some(String::from_utf8_lossy(a).into_owned()),
                _ => None,
            })
            .collect();
        doubled.dedup();
        doubled
    }

    fn text(&self) -> &[u8] {
        self.raw.source.octets()
    }

    fn last(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| {
            let name = self
                .text()
                .get(entry.key.0..entry.key.1)
                .unwrap_or_default();
            name_is(name, key.as_bytes())
        })
    }

    fn object(&self, entry: &Entry) -> Object<'a> {
        if entry.value.0 == entry.value.1 {
            return Object::Null;
        }
        // Where an array ends is known from reading the dictionary, with the same depth.
        if self.text().get(entry.value.0) == Some(&b'[') {
            return Object::Array(Array {
                raw: self.raw.part(entry.value.0, entry.value.1),
                depth: self.depth.saturating_sub(1),
            });
        }
        Object::read(
            &self.raw.source,
            entry.value.0,
            self.depth.saturating_sub(1),
        )
        .map_or(Object::Null, |(object, _)| object)
    }
}

/// A stream: its dictionary, and where its data stand in the file.
#[derive(Clone)]
pub(crate) struct Stream<'a> {
    pub(crate) dictionary: Dictionary<'a>,
    pub(crate) data: Range<usize>,
}

fn name_is(written: &[u8], name: &[u8]) -> bool {
    match written.split_first() {
        Some((b'/', rest)) if rest == name => true,
        Some((b'/', rest)) => rest.contains(&b'#') && *name_octets(written) == *name,
        _ => false,
    }
}

fn name_octets(written: &[u8]) -> Cow<'_, [u8]> {
    let rest = written.strip_prefix(b"/").unwrap_or(written);
    if !rest.contains(&b'#') {
        return Cow::Borrowed(rest);
    }
    let mut octets = Vec::with_capacity(rest.len());
    let mut at = 0;
    while let Some(&octet) = rest.get(at) {
        let digits = (
            rest.get(at + 1).and_then(|&c| digit(c)),
            rest.get(at + 2).and_then(|&c| digit(c)),
        );
        match digits {
            (Some(high), Some(low)) if octet == b'#' => {
                octets.push(high << 4 | low);
                at += 3;
            }
            _ => {
                octets.push(octet);
                at += 1;
            }
        }
    }
    Cow::Owned(octets)
}

/// The value of a hexadecimal digit.
pub(crate) fn digit(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'a'..=b'f' => Some(octet - b'a' + 10),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    }
}

/// Octets from hexadecimal digits; other characters are left out.
pub(super) fn hex_octets(digits: &[u8]) -> Vec<u8> {
    // Thousands of digits and nothing else are the rule.
    if let Ok(octets) = hex_simd::decode_to_vec(digits) {
        return octets;
    }
    let mut octets = Vec::with_capacity(digits.len().div_ceil(2));
    let mut high = None;
    for value in digits.iter().filter_map(|&c| digit(c)) {
        match high.take() {
            None => high = Some(value),
            Some(first) => octets.push(first << 4 | value),
        }
    }
    if let Some(first) = high {
        octets.push(first << 4);
    }
    octets
}

/// How many hexadecimal digits there are.
pub(crate) fn count_digits(octets: &[u8]) -> usize {
    if hex_simd::check(octets).is_ok() {
        return octets.len();
    }
    octets
        .iter()
        .filter(|octet| octet.is_ascii_hexdigit())
        .count()
}

fn literal_octets(inner: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(inner.len());
    let mut at = 0;
    while let Some(&octet) = inner.get(at) {
        at += 1;
        if octet == b'\r' {
            // An end of line counts as one line feed, however it is written.
            at += usize::from(inner.get(at) == Some(&b'\n'));
            octets.push(b'\n');
        } else if octet != b'\\' {
            octets.push(octet);
        } else if let Some(&escaped) = inner.get(at) {
            at += 1;
            match escaped {
                b'n' => octets.push(b'\n'),
                b'r' => octets.push(b'\r'),
                b't' => octets.push(b'\t'),
                b'b' => octets.push(8),
                b'f' => octets.push(12),
                b'\n' => {}
                b'\r' => at += usize::from(inner.get(at) == Some(&b'\n')),
                b'0'..=b'7' => {
                    let mut value = u16::from(escaped - b'0');
                    for _ in 0..2 {
                        let Some(&next @ b'0'..=b'7') = inner.get(at) else {
                            break;
                        };
                        value = value << 3 | u16::from(next - b'0');
                        at += 1;
                    }
                    octets.push(value.to_le_bytes()[0]);
                }
                other => octets.push(other),
            }
        }
    }
    octets
}

fn reference(octets: &[u8]) -> Option<Reference> {
    let mut lexer = Lexer::new(octets, 0);
    let number = lexer.next().ok()?;
    let generation = lexer.next().ok()?;
    Some(Reference {
        number: u32::try_from(integer(lexer.octets(number))?).ok()?,
        generation: u16::try_from(integer(lexer.octets(generation))?).ok()?,
    })
}

fn real(octets: &[u8]) -> f64 {
    std::str::from_utf8(octets)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

/// More keys than any dictionary that is read here has.
const MOST_KEYS: usize = 65_536;
