//! The text on a page with its place: [`Rows::read`], and finding words in it ([`Rows::find`]).
//!
//! Words are compared without regard to case, diacritics, blanks and the form in which letters are
//! composed, since files write the same line in many ways: letter by letter, the marks apart, with
//! blanks or by moving on. Text that does not run from left to right on the visible page is not
//! looked at, nor is what an annotation shows.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::Error;
use crate::page::reader::glyphs;
use crate::page::{Area, Page};
use crate::pdf::File;

/// The lines of a page, from top to bottom.
pub(crate) struct Rows {
    rows: Vec<Row>,
}

/// Everything on one base line, from left to right.
struct Row {
    glyphs: Vec<Glyph>,
    /// The characters that words are looked for in, each with the glyph it belongs to.
    folded: Vec<(char, usize)>,
}

/// A piece of text as it was drawn.
#[derive(Clone)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) base: f64,
    pub(super) size: f64,
}

/// Words that were found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// From the top of the highest letters to the base line and what is below it.
    pub(crate) area: Area,
    /// The base line.
    pub(crate) base: f64,
    /// The size of the letters.
    pub(crate) size: f64,
    /// The free room behind it on the line up to the next letter, dots not counted; `None` where
    /// nothing follows.
    pub(crate) room: Option<f64>,
    /// What follows on the line, as far as words are compared.
    pub(crate) next: String,
    /// Whether nothing else stands near it on the line.
    pub(crate) is_alone: bool,
    /// Whether it is written as it was asked for: case, diacritics and all but blanks.
    pub(crate) is_exact: bool,
    /// The line, as a person would read it.
    pub(crate) line: String,
}

impl Rows {
    /// Reads the text of a page.
    ///
    /// # Errors
    ///
    /// `Unsupported` for content packed in a way that is not read, `TooLarge` for more content than
    /// is looked through.
    pub(crate) fn read<'a>(file: &File<'a>, page: &Page<'a>) -> Result<Self, Error> {
        Ok(Self::of(glyphs(file, page)?))
    }

    fn of(mut glyphs: Vec<Glyph>) -> Self {
        glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
        let mut rows: Vec<Vec<Glyph>> = Vec::new();
        for glyph in glyphs {
            match rows.last_mut() {
                Some(row)
                    if row.last().is_some_and(|last| {
                        glyph.base - last.base <= last.size.min(glyph.size) * SAME_LINE
                    }) =>
                {
                    row.push(glyph);
                }
                _ => rows.push(vec![glyph]),
            }
        }
        let rows = rows.into_iter().map(|mut glyphs| {
            glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
            let mut folded = Vec::new();
            for (index, glyph) in glyphs.iter().enumerate() {
                folded.extend(fold(&glyph.text).map(|character| (character, index)));
            }
            Row { glyphs, folded }
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// The lines as a person would read them, from top to bottom; what stands beside one another in
    /// two columns is one line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().map(Row::line)
    }

    /// Everywhere that these words stand, from top to bottom.
    pub(crate) fn find(&self, words: &str) -> Vec<Found> {
        let wanted: Vec<char> = fold(words).collect();
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        for row in &self.rows {
            let mut at = 0;
            while let Some(window) = row.folded.get(at..at + wanted.len()) {
                let same = window.iter().map(|(character, _)| character).eq(&wanted);
                let hit = same.then(|| row.hit(at, wanted.len(), words)).flatten();
                if let Some(hit) = hit {
                    found.push(hit);
                    at += wanted.len();
                    if found.len() >= MOST_FOUND {
                        return found;
                    }
                } else {
                    at += 1;
                }
            }
        }
        found
    }

    /// Whether letters stand within an area.
    pub(crate) fn any_in(&self, area: &Area) -> bool {
        self.rows.iter().flat_map(|row| &row.glyphs).any(|glyph| {
            let own = Area {
                left: glyph.left,
                top: glyph.base - glyph.size * X_HEIGHT,
                width: glyph.right - glyph.left,
                height: glyph.size * X_HEIGHT,
            };
            !glyph.text.trim().is_empty() && own.common(area).is_some()
        })
    }
}

impl Row {
    fn hit(&self, at: usize, length: usize, words: &str) -> Option<Found> {
        let (_, first) = *self.folded.get(at)?;
        let (_, last) = *self.folded.get(at + length - 1)?;
        let glyphs = self.glyphs.get(first..=last)?;
        // Words do not begin within a word: `so` is no part of `soan`.
        let is_word = |index: usize| self.glyphs.get(index).is_some_and(Glyph::is_word);
        let joined = |a: Option<&Glyph>, b: Option<&Glyph>| match (a, b) {
            (Some(a), Some(b)) => b.left - a.right < a.size.min(b.size) * WORD_GAP,
            _ => false,
        };
        let before = first.checked_sub(1);
        let starts_within = before.is_some_and(|before| {
            is_word(before)
                && is_word(first)
                && joined(self.glyphs.get(before), self.glyphs.get(first))
        });
        let next = self.glyphs.get(last + 1);
        let ends_within = is_word(last) && is_word(last + 1) && joined(self.glyphs.get(last), next);
        // Within one drawn piece as well as between two.
        let cut_within = self
            .folded
            .get(at.wrapping_sub(1))
            .is_some_and(|(_, glyph)| *glyph == first)
            || self
                .folded
                .get(at + length)
                .is_some_and(|(_, glyph)| *glyph == last);
        if starts_within || ends_within || cut_within {
            return None;
        }
        let is_close = |pair: &[Glyph]| match pair {
            [a, b] => b.left - a.right <= a.size.max(b.size) * COLUMN_GAP,
            _ => true,
        };
        if !glyphs.windows(2).all(is_close) {
            return None;
        }
        let left = glyphs.first()?.left;
        let right = glyphs.iter().map(|glyph| glyph.right).fold(left, f64::max);
        let base = glyphs.first()?.base;
        let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f64::max);
        let after = self.glyphs.get(last + 1..).unwrap_or_default();
        let next = after.iter().find(|glyph| !glyph.is_filling());
        let written: String = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        let near_before = self.glyphs.get(..first).unwrap_or_default().iter().rev();
        let near_before = near_before.clone().find(|glyph| !glyph.is_blank());
        let near = |gap: f64| gap <= size * COLUMN_GAP;
        let is_alone = near_before.is_none_or(|glyph| !near(left - glyph.right))
            && next.is_none_or(|glyph| !near(glyph.left - right));
        Some(Found {
            area: Area {
                left,
                top: base - size * ASCENT,
                width: right - left,
                height: size * (ASCENT + DESCENT),
            },
            base,
            size,
            room: next.map(|glyph| glyph.left - right),
            next: after
                .iter()
                .filter(|glyph| !glyph.is_filling())
                .flat_map(|glyph| fold(&glyph.text))
                .take(MOST_NEXT)
                .collect(),
            is_alone,
            is_exact: plain(&written) == plain(words),
            line: self.line(),
        })
    }

    fn line(&self) -> String {
        let mut line = String::new();
        let mut right = None;
        for glyph in self.glyphs.iter().take(MOST_LINE) {
            if right.is_some_and(|right| glyph.left - right > glyph.size * WORD_GAP)
                && !line.ends_with(' ')
                && !glyph.text.starts_with(' ')
            {
                line.push(' ');
            }
            line.push_str(&glyph.text);
            right = Some(glyph.right);
        }
        line.nfc().collect::<String>().trim().to_owned()
    }
}

impl Glyph {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// A blank, or one of the dots that forms are filled in over.
    fn is_filling(&self) -> bool {
        self.text
            .chars()
            .all(|character| character.is_whitespace() || ".…_․‥".contains(character))
    }

    fn is_word(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }
}

/// Characters without case, diacritics and blanks.
fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfkd()
        .filter(|character| !is_combining_mark(*character) && !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'đ' { 'd' } else { character })
}

/// Text in one form of composing, without blanks.
fn plain(text: &str) -> String {
    text.nfc().filter(|one| !one.is_whitespace()).collect()
}

/// Base lines that differ by less than this part of the size are one.
const SAME_LINE: f64 = 0.2;
/// Letters nearer than this part of the size belong to one word.
const WORD_GAP: f64 = 0.15;
/// What is farther away than so many sizes belongs to another column.
const COLUMN_GAP: f64 = 2.5;
/// How high letters reach and how low, in sizes; a capital with two marks is the highest.
const ASCENT: f64 = 0.9;
const DESCENT: f64 = 0.22;
const X_HEIGHT: f64 = 0.46;
const MOST_FOUND: usize = 64;
const MOST_NEXT: usize = 24;
const MOST_LINE: usize = 120;
