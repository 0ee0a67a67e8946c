//! Fonts as far as finding text needs them: which characters the codes of a string stand for, and
//! how wide they are (ISO 32000-2 §9.6, §9.7).

use std::collections::HashMap;

use crate::error::Error;
use crate::font::Font;
use crate::page::cmap::CodeMap;
use crate::page::number;
use crate::pdf::{Dictionary, File, Object};

/// A font of a page.
pub(super) struct PageFont {
    /// Codes of two octets.
    wide: bool,
    map: Option<CodeMap>,
    /// What codes of one octet stand for where the map does not say.
    names: HashMap<u8, char>,
    widths: HashMap<u32, f64>,
    /// The width of what is not listed, in thousandths.
    other: f64,
    /// Where the file gives no widths: those of one of the fourteen standard fonts.
    standard: Option<Standard>,
    scale: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Standard {
    Helvetica,
    Times,
    Courier,
}

/// A code of a string: what it stands for, and its width in ems.
pub(super) struct Coded {
    pub(super) text: String,
    pub(super) width: f64,
    /// Whether it is the single octet 32, which /Tw widens (§9.3.3).
    pub(super) is_blank: bool,
}

impl PageFont {
    pub(super) fn read<'a>(file: &File<'a>, font: &Dictionary<'a>) -> Result<Self, Error> {
        let newest = file.newest();
        let get = |key| file.get(font, key, newest);
        let map = match get("ToUnicode")? {
            Object::Stream(stream) => file
                .decode(&stream, newest)
                .ok()
                .map(|octets| CodeMap::read(&octets)),
            _ => None,
        };
        let subtype = get("Subtype")?;
        let mut read = Self {
            wide: subtype.is_name("Type0"),
            map,
            names: HashMap::new(),
            widths: HashMap::new(),
            other: 0.0,
            standard: None,
            scale: 0.001,
        };
        if read.wide {
            read.composite(file, font)?;
        } else {
            if subtype.is_name("Type3")
                && let Object::Array(matrix) = get("FontMatrix")?
            {
                read.scale = matrix
                    .iter()
                    .next()
                    .as_ref()
                    .and_then(number)
                    .unwrap_or(0.001);
            }
            read.simple(file, font)?;
        }
        Ok(read)
    }

    fn composite<'a>(&mut self, file: &File<'a>, font: &Dictionary<'a>) -> Result<(), Error> {
        let newest = file.newest();
        if let Some(map) = &self.map {
            let encoding = file.get(font, "Encoding", newest)?;
            let identity =
                matches!(&encoding, Object::Name(name) if name.text().starts_with("Identity"));
            self.wide = identity || !map.short;
        }
        self.other = 1000.0;
        let Object::Array(descendants) = file.get(font, "DescendantFonts", newest)? else {
            return Ok(());
        };
        let descendant = descendants.iter().next().unwrap_or(Object::Null);
        let descendant = file.resolve(descendant, newest)?;
        let Some(descendant) = descendant.dictionary() else {
            return Ok(());
        };
        self.other = number(&file.get(descendant, "DW", newest)?).unwrap_or(1000.0);
        let Object::Array(widths) = file.get(descendant, "W", newest)? else {
            return Ok(());
        };
        let mut elements = widths.iter();
        while let Some(first) = elements.next() {
            let Some(first) = code(&file.resolve(first, newest)?) else {
                break;
            };
            let Some(second) = elements.next() else { break };
            match file.resolve(second, newest)? {
                Object::Array(list) => {
                    for (code, width) in (first..).zip(list.iter()) {
                        let width = file.resolve(width, newest)?;
                        self.width(code, number(&width));
                    }
                }
                last => {
                    let width = elements.next().unwrap_or(Object::Null);
                    let width = number(&file.resolve(width, newest)?);
                    let Some(last) = code(&last) else { break };
                    for code in first..=last.min(0xffff) {
                        self.width(code, width);
                    }
                }
            }
            if self.widths.len() >= MOST_WIDTHS {
                break;
            }
        }
        Ok(())
    }

    fn simple<'a>(&mut self, file: &File<'a>, font: &Dictionary<'a>) -> Result<(), Error> {
        let newest = file.newest();
        let descriptor = file.get(font, "FontDescriptor", newest)?;
        if let Some(descriptor) = descriptor.dictionary() {
            let missing = file.get(descriptor, "MissingWidth", newest)?;
            self.other = number(&missing).unwrap_or(0.0);
        }
        if let Object::Array(widths) = file.get(font, "Widths", newest)? {
            let first = code(&file.get(font, "FirstChar", newest)?).unwrap_or(0);
            for (code, width) in (first..=255).zip(widths.iter()) {
                let width = file.resolve(width, newest)?;
                self.width(code, number(&width));
            }
        } else {
            let name = match file.get(font, "BaseFont", newest)? {
                Object::Name(name) => name.text(),
                _ => String::new(),
            };
            self.standard = Some(if name.contains("Times") || name.contains("Serif") {
                Standard::Times
            } else if name.contains("Courier") {
                Standard::Courier
            } else {
                Standard::Helvetica
            });
        }
        let encoding = file.get(font, "Encoding", newest)?;
        let Some(encoding) = encoding.dictionary() else {
            return Ok(());
        };
        let Object::Array(differences) = file.get(encoding, "Differences", newest)? else {
            return Ok(());
        };
        let mut at = 0_u32;
        for element in differences.iter() {
            match file.resolve(element, newest)? {
                Object::Name(name) => {
                    if let (Ok(code), Some(character)) = (u8::try_from(at), named(&name.text())) {
                        self.names.insert(code, character);
                    }
                    at = at.saturating_add(1);
                }
                other => at = code(&other).unwrap_or(at),
            }
        }
        Ok(())
    }

    fn width(&mut self, code: u32, width: Option<f64>) {
        if let Some(width) = width
            && width.is_finite()
            && self.widths.len() < MOST_WIDTHS
        {
            self.widths.insert(code, width);
        }
    }

    /// The codes of a string.
    pub(super) fn codes(&self, octets: &[u8]) -> Vec<Coded> {
        if !self.wide {
            return octets
                .iter()
                .map(|&octet| self.coded(octet.into(), Some(octet)))
                .collect();
        }
        let pairs = octets.as_chunks::<2>().0;
        pairs
            .iter()
            .map(|pair| self.coded(u16::from_be_bytes(*pair).into(), None))
            .collect()
    }

    fn coded(&self, code: u32, octet: Option<u8>) -> Coded {
        let mapped = self.map.as_ref().and_then(|map| map.text(code));
        let text = mapped.or_else(|| {
            let octet = octet?;
            let character = self.names.get(&octet).copied();
            Some(String::from(character.unwrap_or_else(|| windows(octet))))
        });
        let text = text.unwrap_or_default();
        let width = self.widths.get(&code).copied().unwrap_or_else(|| {
            self.standard
                .map_or(self.other, |standard| standard.width(&text))
        });
        Coded {
            width: width * self.scale,
            is_blank: octet == Some(b' '),
            text,
        }
    }
}

impl Standard {
    fn width(self, text: &str) -> f64 {
        match self {
            Self::Courier => 600.0,
            Self::Times => Font::serif().width(text).unwrap_or(500.0),
            Self::Helvetica => {
                let place = text
                    .bytes()
                    .next()
                    .and_then(|octet| octet.checked_sub(b' '));
                let width = place.and_then(|place| HELVETICA.get(usize::from(place)));
                width.copied().map_or(556.0, f64::from)
            }
        }
    }
}

fn code(object: &Object<'_>) -> Option<u32> {
    number(object)
        .filter(|value| (0.0..=65_535.0).contains(value))
        .map(whole)
}

/// A number within what codes can be, without its fraction.
fn whole(value: f64) -> u32 {
    // Counted rather than cast: there are at most 65 536 of them, and the search halves the rest.
    let (mut low, mut high) = (0_u32, 65_536_u32);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if f64::from(middle) <= value {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The character that a glyph is named for, as far as text that is looked for needs it.
fn named(name: &str) -> Option<char> {
    let by_number = |digits: &str| {
        u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32)
    };
    let mut characters = name.chars();
    if let (Some(one), None) = (characters.next(), characters.next()) {
        return Some(one);
    }
    if let Some(digits) = name.strip_prefix("uni").and_then(|rest| rest.get(..4)) {
        return by_number(digits);
    }
    if let Some(digits) = name.strip_prefix('u')
        && (4..=6).contains(&digits.len())
        && let Some(character) = by_number(digits)
    {
        return Some(character);
    }
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, character)| *character)
        .or_else(|| accented(name))
}

/// A letter and its mark by their names, such as `Abreve`.
fn accented(name: &str) -> Option<char> {
    let mut rest = name.chars();
    let letter = rest.next().filter(char::is_ascii_alphabetic)?;
    let mark = MARKS.iter().find(|(known, _)| *known == rest.as_str())?;
    unicode_normalization::char::compose(letter, mark.1)
}

/// Windows code page 1252, what codes of one octet mean in nearly every file.
fn windows(octet: u8) -> char {
    match octet {
        0x80..=0x9f => "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ"
            .chars()
            .nth(usize::from(octet - 0x80))
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(octet),
    }
}

const NAMES: [(&str, char); 42] = [
    ("space", ' '),
    ("nbspace", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("minus", '-'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("underscore", '_'),
    ("ellipsis", '…'),
    ("endash", '–'),
    ("emdash", '—'),
    ("quoteright", '’'),
    ("quoteleft", '‘'),
    ("Dcroat", 'Đ'),
    ("dcroat", 'đ'),
    ("Eth", 'Đ'),
];

const MARKS: [(&str, char); 8] = [
    ("grave", '\u{300}'),
    ("acute", '\u{301}'),
    ("circumflex", '\u{302}'),
    ("tilde", '\u{303}'),
    ("breve", '\u{306}'),
    ("hookabove", '\u{309}'),
    ("horn", '\u{31b}'),
    ("dotbelow", '\u{323}'),
];

/// The widths of Helvetica from the blank to the tilde.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const MOST_WIDTHS: usize = 65_536;
