//! Whether a word is a syllable that Vietnamese can have: onset, rime and tone fit one another.
//!
//! Loan words and names of other peoples are none; the answer is for counting, never for one word.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::text::common::{PAIRS, SYLLABLES};
use crate::text::letters::{Vowel, lower};

/// How the syllable stands in the list of common ones: the smaller the more common.
pub(super) fn rank(word: &str) -> Option<usize> {
    static RANKS: OnceLock<HashMap<&'static str, usize>> = OnceLock::new();
    let ranks = RANKS.get_or_init(|| common().enumerate().map(|(at, word)| (word, at)).collect());
    ranks.get(word).copied()
}

/// Common syllables with a letter that is none of ASCII, the most common first.
pub(super) fn common() -> impl Iterator<Item = &'static str> {
    SYLLABLES.split_whitespace()
}

/// Common pairs of syllables, the most common first.
pub(super) fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAIRS
        .split_whitespace()
        .filter_map(|pair| pair.split_once('_'))
}

/// Whether a word, in any case and composed, has the form of a syllable.
pub(super) fn is_syllable(word: &str) -> bool {
    let mut toneless = String::with_capacity(word.len());
    let mut tone = 0;
    for c in word.chars().map(lower) {
        match Vowel::of(c) {
            Some(vowel) => {
                if vowel.tone > 0 && tone > 0 {
                    return false;
                }
                tone = tone.max(vowel.tone);
                toneless.push(vowel.base());
            }
            None => toneless.push(c),
        }
    }
    let fits = |onset: &&str| {
        toneless
            .strip_prefix(*onset)
            .is_some_and(|rime| goes(onset, rime, tone))
    };
    ONSETS.iter().any(fits)
}

fn goes(onset: &str, rime: &str, tone: usize) -> bool {
    let is_front = rime.starts_with(['i', 'e', 'ê', 'y']);
    let fits = match onset {
        "k" | "gh" | "ngh" => is_front,
        "c" | "ng" => !is_front,
        "g" => !is_front || rime.starts_with('i'),
        // `qu` is an onset; the glide is part of it.
        "qu" => !rime.starts_with(['u', 'ư', 'o']) || rime == "ôc",
        _ => true,
    };
    let is_stopped = ["c", "ch", "p", "t"]
        .iter()
        .any(|end| rime.ends_with(end) && !(*end == "c" && rime.ends_with("ch")));
    // A syllable that ends in a stop is sắc or nặng.
    fits && RIMES.contains(&rime) && (!is_stopped || matches!(tone, 4 | 5))
}

const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
];
#[rustfmt::skip]
const RIMES: [&str; 163] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng",
    "ăp", "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "e", "ec", "em", "en", "eng", "eo", "ep",
    "et", "ê", "êch", "êm", "ên", "ênh", "êp", "êt", "êu", "i", "ia", "ich", "iêc", "iêm", "iên", "iêng",
    "iêp", "iêt", "iêu", "im", "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oach", "oai", "oam", "oan",
    "oang", "oanh", "oao", "oap", "oat", "oay", "oăc", "oăm", "oăn", "oăng", "oăt", "oc", "oe", "oen", "oeo",
    "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp",
    "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "ua", "uân", "uâng", "uât", "uây", "uc", "uê", "uêch",
    "uênh", "uêt", "ui", "um", "un", "ung", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "up", "ut", "uy",
    "uya", "uych", "uyên", "uyêt", "uyn", "uynh", "uyp", "uyt", "uyu", "uơ", "ư", "ưa", "ưc", "ưi", "ưn",
    "ưng", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "ưt", "ưu", "y", "yêm", "yên", "yêng",
    "yêt", "yêu", "ôông", "uâc", "âng",
];
