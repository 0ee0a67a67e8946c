//! The letters of Vietnamese: their parts, their composed form (TCVN 6909:2001, Unicode NFC).

use std::borrow::Cow;

/// A vowel with its tone, or đ; in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vowel {
    /// The row of [`VOWELS`].
    row: usize,
    /// 0 level, 1 huyền, 2 hỏi, 3 ngã, 4 sắc, 5 nặng.
    pub(super) tone: usize,
}

impl Vowel {
    pub(super) fn of(c: char) -> Option<Self> {
        let c = lower(c);
        VOWELS.iter().enumerate().find_map(|(row, letters)| {
            let tone = letters.chars().position(|letter| letter == c)?;
            Some(Self { row, tone })
        })
    }

    /// The vowel without its tone.
    pub(super) fn base(self) -> char {
        Self { tone: 0, ..self }.letter()
    }

    fn letter(self) -> char {
        let letters = VOWELS.get(self.row).map(|row| row.chars());
        letters
            .and_then(|mut letters| letters.nth(self.tone))
            .unwrap_or('\u{fffd}')
    }

    /// With one more mark, where Vietnamese has such a letter.
    fn with(self, mark: char) -> Option<Self> {
        let tone = MARKS.iter().position(|tone| *tone == mark);
        if let Some(tone) = tone {
            let tone = tone.saturating_add(1);
            return (self.tone == 0).then_some(Self { tone, ..self });
        }
        let shaped = match (self.base(), mark) {
            ('a', BREVE) => 'ă',
            ('a', CIRCUMFLEX) => 'â',
            ('e', CIRCUMFLEX) => 'ê',
            ('o', CIRCUMFLEX) => 'ô',
            ('o', HORN) => 'ơ',
            ('u', HORN) => 'ư',
            _ => return None,
        };
        let row = Self::of(shaped)?.row;
        Some(Self { row, ..self })
    }
}

/// Whether a letter of Vietnamese is none of ASCII.
pub(super) fn is_marked_letter(c: char) -> bool {
    !c.is_ascii() && (matches!(c, 'đ' | 'Đ') || Vowel::of(c).is_some())
}

/// Every letter that is none of ASCII, in lower case.
pub(super) fn marked_letters() -> impl Iterator<Item = char> {
    let vowels = VOWELS.iter().flat_map(|row| row.chars());
    vowels.filter(|c| !c.is_ascii()).chain(['đ'])
}

/// The text with every Vietnamese letter as one character: letters and the marks behind them, in
/// any order, put together. Other characters stay as they are.
///
/// ```
/// assert_eq!(kyso::text::compose("Quye\u{302}\u{301}t đi\u{323}nh"), "Quyết định");
/// assert_eq!(kyso::text::compose("Vie\u{323}\u{302}t"), "Việt");
/// ```
pub fn compose(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    for c in text.chars() {
        if is_mark(c)
            && let Some(letter) = last
            && let Some(vowel) = Vowel::of(letter).and_then(|vowel| vowel.with(c))
        {
            let letter = if letter.is_uppercase() {
                upper(vowel.letter())
            } else {
                vowel.letter()
            };
            last = Some(letter);
            continue;
        }
        out.extend(last.replace(c));
    }
    out.extend(last);
    Cow::Owned(out)
}

/// A text as it is compared: composed, in lower case, one space between words, none around.
///
/// ```
/// assert_eq!(kyso::text::fold("  UỶ  BAN\n"), "uỷ ban");
/// ```
pub fn fold(text: &str) -> String {
    let composed = compose(text);
    let mut out = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// A name as it is compared: [folded](fold), the tone where the new spelling has it (`uỷ` is `ủy`,
/// `hoà` is `hòa`), and the usual short forms of bodies written out.
///
/// ```
/// use kyso::text::alike;
///
/// assert_eq!(alike("UBND Tỉnh Nghệ An"), alike("Uỷ ban nhân dân tỉnh Nghệ An"));
/// ```
pub fn alike(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(' ').map(|word| match word {
        "ubnd" => "ủy ban nhân dân".to_owned(),
        "hđnd" => "hội đồng nhân dân".to_owned(),
        "vp" => "văn phòng".to_owned(),
        "tp" | "tp." => "thành phố".to_owned(),
        word => placed(word),
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The text without the marks of Vietnamese letters.
///
/// ```
/// assert_eq!(kyso::text::bare("Đà Nẵng"), "Da Nang");
/// ```
pub fn bare(text: &str) -> String {
    let composed = compose(text);
    let letters = composed.chars().map(|c| {
        let plain = match lower(c) {
            'đ' => 'd',
            letter => match Vowel::of(letter).map(Vowel::base) {
                Some('ă' | 'â') => 'a',
                Some('ê') => 'e',
                Some('ô' | 'ơ') => 'o',
                Some('ư') => 'u',
                Some(base) => base,
                None => return c,
            },
        };
        if c.is_uppercase() {
            upper(plain)
        } else {
            plain
        }
    });
    letters.collect()
}

/// `oa`, `oe` and `uy` at the end of a word bear their tone on the first vowel.
fn placed(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if let [.., first, last] = letters.as_mut_slice()
        && let Some(vowel) = Vowel::of(*last)
        && vowel.tone > 0
        && matches!((*first, vowel.base()), ('o', 'a' | 'e') | ('u', 'y'))
        && let Some(glide) = Vowel::of(*first)
        && !word.starts_with("qu")
    {
        *first = Vowel {
            tone: vowel.tone,
            ..glide
        }
        .letter();
        *last = vowel.base();
    }
    letters.into_iter().collect()
}

pub(super) fn is_mark(c: char) -> bool {
    MARKS.contains(&c) || matches!(c, CIRCUMFLEX | BREVE | HORN)
}

pub(super) fn lower(c: char) -> char {
    let mut folded = c.to_lowercase();
    match (folded.next(), folded.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

pub(super) fn upper(c: char) -> char {
    let mut folded = c.to_uppercase();
    match (folded.next(), folded.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Each vowel level, huyền, hỏi, ngã, sắc, nặng.
const VOWELS: [&str; 12] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
];
/// The marks of the tones, in the same order.
const MARKS: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
const CIRCUMFLEX: char = '\u{302}';
const BREVE: char = '\u{306}';
const HORN: char = '\u{31b}';
