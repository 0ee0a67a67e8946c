//! Vietnamese text: whether it can be trusted, and what was meant where it was damaged on its way.
//!
//! Documents of before Unicode are read as Latin, fonts without a right map turn letters into other
//! characters, and some converters lose letters for good. Where the mapping is one to one the text
//! is repaired; where letters are lost it is marked, and no comparison may count on it. Everything
//! here counts words; a text of one or two words is rarely enough to say anything, and is left alone.

mod common;
mod legacy;
mod letters;
mod substitution;
mod syllable;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use letters::{alike, bare, compose, fold};

use letters::{is_mark, is_marked_letter};
use substitution::Solved;
use syllable::{is_syllable, rank};

use crate::message::Lang;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Damage {
    /// TCVN3 (ABC fonts, `.VnTime`) read as Latin.
    Tcvn3,
    /// VNI fonts read as Latin.
    Vni,
    /// VISCII read as Latin.
    Viscii,
    /// windows-1258 read as windows-1252.
    Windows1258,
    /// UTF-8 read as windows-1252.
    Utf8AsLatin,
    /// `ƣ` (U+01A3) in the place of `ư`.
    OiForU,
    /// Letters apart from their marks, or both forms mixed.
    Decomposed,
    /// Each marked letter replaced by one other character.
    Substituted,
    /// Letters are missing.
    LettersLost,
}

/// A text that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Examined<'t> {
    /// The text that was meant, as far as it can be told.
    pub text: Cow<'t, str>,
    /// What was wrong with it, in the order in which it was found.
    pub damage: Vec<Damage>,
    /// Whether `text` may be compared with others: nothing was wrong, or all of it was repaired.
    pub is_reliable: bool,
}

/// Looks at a text. One of more than a mebibyte is not looked at, and not to be relied on.
///
/// ```
/// use kyso::text::{Damage, examine};
///
/// let examined = examine("Uû ban nh©n d©n tØnh NghÖ An");
/// assert_eq!(examined.text, "Uỷ ban nhân dân tỉnh Nghệ An");
/// assert_eq!((examined.damage.as_slice(), examined.is_reliable), (&[Damage::Tcvn3][..], true));
/// assert!(examine("Ủy ban nhân dân tỉnh Nghệ An").damage.is_empty());
/// ```
pub fn examine(text: &str) -> Examined<'_> {
    look(text, Effort::Whole)
}

/// As [`examine`], without working out a substitution: such a text is only told. For short texts in
/// great numbers.
pub(crate) fn glance(text: &str) -> Examined<'_> {
    look(text, Effort::Glance)
}

#[derive(Clone, Copy, PartialEq)]
enum Effort {
    Whole,
    Glance,
}

fn look(text: &str, effort: Effort) -> Examined<'_> {
    let mut out = Examined {
        text: Cow::Borrowed(text),
        damage: Vec::new(),
        is_reliable: true,
    };
    if text.is_ascii() {
        return out;
    }
    let most = if effort == Effort::Whole {
        OCTETS
    } else {
        OCTETS / 64
    };
    if text.len() > most {
        out.is_reliable = false;
        return out;
    }
    if text.contains(['ƣ', 'Ƣ']) {
        out.damage.push(Damage::OiForU);
        out.text = Cow::Owned(text.replace('ƣ', "ư").replace('Ƣ', "Ư"));
    }
    if out.text.chars().any(is_mark) {
        let composed = compose(&out.text).into_owned();
        if *out.text != composed {
            out.damage.push(Damage::Decomposed);
            out.text = Cow::Owned(composed);
        }
    }
    let now = Count::of(&out.text);
    if now.marked > 0 && now.share() < 0.7 {
        if let Some((damage, meant)) = decoded(&out.text, &now) {
            out.damage.push(damage);
            out.text = Cow::Owned(meant);
        } else if now.marked >= SUBSTITUTED && now.odd * 10 >= now.marked {
            out.damage.push(Damage::Substituted);
            let solved = match effort {
                Effort::Whole => substitution::solve(&out.text),
                Effort::Glance => Solved::Uncertain,
            };
            match solved {
                Solved::Repaired(meant) => out.text = Cow::Owned(meant),
                Solved::Uncertain => out.is_reliable = false,
            }
        }
    }
    if lacks_letters(&out.text) {
        out.damage.push(Damage::LettersLost);
        out.is_reliable = false;
    }
    out
}

impl Damage {
    /// Stable words for programs.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// In a few words.
    pub fn text(self, lang: Lang) -> &'static str {
        let (_, vi, en) = self.row();
        lang.pick(vi, en)
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Tcvn3 => (
                "text.tcvn3",
                "bảng mã TCVN3 (ABC)",
                "the encoding TCVN3 (ABC)",
            ),
            Self::Vni => ("text.vni", "bảng mã VNI", "the encoding VNI"),
            Self::Viscii => ("text.viscii", "bảng mã VISCII", "the encoding VISCII"),
            Self::Windows1258 => (
                "text.windows_1258",
                "bảng mã windows-1258",
                "the encoding windows-1258",
            ),
            Self::Utf8AsLatin => (
                "text.utf8_as_latin",
                "UTF-8 bị đọc như chữ Latinh",
                "UTF-8 read as Latin",
            ),
            Self::OiForU => ("text.oi_for_u", "ký tự ƣ thay cho ư", "ƣ in the place of ư"),
            Self::Decomposed => (
                "text.decomposed",
                "chữ và dấu tách rời (NFD)",
                "letters apart from their marks (NFD)",
            ),
            Self::Substituted => (
                "text.substituted",
                "mỗi chữ có dấu bị thay bằng một ký tự khác",
                "each marked letter replaced by another character",
            ),
            Self::LettersLost => (
                "text.letters_lost",
                "văn bản bị mất chữ",
                "letters are missing",
            ),
        }
    }
}

/// The encoding under which nearly all words become syllables.
fn decoded(text: &str, now: &Count) -> Option<(Damage, String)> {
    let readings = [
        (Damage::Utf8AsLatin, legacy::utf8(text)),
        (Damage::Tcvn3, Some(legacy::tcvn3(text))),
        (Damage::Vni, Some(legacy::vni(text))),
        (Damage::Viscii, Some(legacy::viscii(text))),
        (Damage::Windows1258, Some(legacy::windows_1258(text))),
    ];
    let mut best: Option<(f64, Damage, String)> = None;
    for (damage, reading) in readings {
        let Some(reading) = reading.filter(|reading| reading != text) else {
            continue;
        };
        let count = Count::of(&reading);
        if count.marked == 0 || count.share() < 0.85 || count.share() < now.share() + 0.3 {
            continue;
        }
        let merit = count.merit();
        if best.as_ref().is_none_or(|(known, _, _)| merit > *known) {
            best = Some((merit, damage, reading));
        }
    }
    best.map(|(_, damage, reading)| (damage, reading))
}

/// What the words of a text are.
#[derive(Debug, Default)]
struct Count {
    /// Words with a character that is none of ASCII.
    marked: usize,
    /// Of these, syllables.
    valid: usize,
    /// Of these, common ones.
    common: usize,
    /// Of the marked words, those with a character that no Vietnamese word has.
    odd: usize,
}

impl Count {
    fn of(text: &str) -> Self {
        let mut count = Self::default();
        for word in words(text).filter(|word| !word.is_ascii()) {
            count.marked = count.marked.saturating_add(1);
            let lower: String = word.chars().flat_map(char::to_lowercase).collect();
            let is_valid = is_syllable(&lower);
            count.valid = count.valid.saturating_add(usize::from(is_valid));
            count.common = count
                .common
                .saturating_add(usize::from(rank(&lower).is_some()));
            let foreign = word.chars().any(|c| !c.is_ascii() && !is_marked_letter(c));
            count.odd = count.odd.saturating_add(usize::from(foreign || !is_valid));
        }
        count
    }

    fn share(&self) -> f64 {
        ratio(self.valid, self.marked)
    }

    /// A reading is better that has more syllables, and among these more common ones.
    fn merit(&self) -> f64 {
        ratio(self.valid.saturating_add(self.common), self.marked)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    number(part) / number(whole).max(1.0)
}

/// Runs of letters and of whatever else is none of ASCII and no sign of punctuation.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| {
        c.is_ascii() && !c.is_ascii_alphabetic()
            || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203f}' | '\u{a0}' | '\u{fffd}')
            || c.is_whitespace()
    };
    text.split(ends).filter(|word| !word.is_empty())
}

/// Whether words are missing letters: too many are no syllables and would be common ones with one
/// marked letter put back.
fn lacks_letters(text: &str) -> bool {
    if text.contains('\u{fffd}') {
        return true;
    }
    let (mut all, mut marked, mut lacking, mut tried) = (0usize, 0usize, 0usize, 0usize);
    for word in words(text) {
        let is_capital = word.chars().all(char::is_uppercase);
        if is_capital || word.chars().any(|c| !c.is_ascii() && !is_marked_letter(c)) {
            continue;
        }
        all = all.saturating_add(1);
        marked = marked.saturating_add(usize::from(!word.is_ascii()));
        let lower: String = word.chars().flat_map(char::to_lowercase).collect();
        let is_odd = lower.len() > 1 && lower.len() < 8 && tried < TRIED && !is_syllable(&lower);
        if is_odd {
            tried = tried.saturating_add(1);
            lacking = lacking.saturating_add(usize::from(lacks_one(&lower)));
        }
    }
    // Text without any marks is typed so; and a few foreign words are no damage.
    marked.saturating_mul(4) >= all && lacking >= 3 && lacking.saturating_mul(50) >= all
}

/// Whether a common syllable is this word with one marked letter more.
fn lacks_one(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    (0..=letters.len()).any(|at| {
        letters::marked_letters().any(|letter| {
            let (before, after) = letters.split_at(at);
            let longer: String = before.iter().chain([&letter]).chain(after).collect();
            rank(&longer).is_some()
        })
    })
}

/// Words that a missing letter is looked for in.
const TRIED: usize = 400;
/// Octets of a text that are looked at.
const OCTETS: usize = 1 << 20;
/// Marked words from which on a substitution can be told.
const SUBSTITUTED: usize = 12;
