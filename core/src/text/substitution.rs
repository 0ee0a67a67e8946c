//! Text in which each letter with a mark was replaced by one other character, always the same: what a
//! font without a right ToUnicode map leaves of a page.
//!
//! The unmarked letters stay, so every word is a pattern with holes. Which letter fills a hole is
//! told by all words in which its character stands: by how common the syllables are that the pattern
//! allows, refined while the other holes become known. A result counts only where the mapping is
//! one to one, nearly every word becomes a syllable, and no hole was a guess.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::text::letters::{marked_letters, upper};
use crate::text::syllable::{common, is_syllable, pairs as pairs_of_words, rank};

/// What was found out about a text.
pub(super) enum Solved {
    /// The mapping is known, and this is the text.
    Repaired(String),
    /// It is such a text, and the mapping is not certain.
    Uncertain,
}

/// A word as a pattern, and how often it stands there.
struct Pattern {
    characters: Vec<char>,
    /// Length of the first word of a pair; of a single word, nothing.
    first: usize,
    count: f64,
}

impl Pattern {
    fn lengths(&self) -> (usize, usize) {
        (self.first, self.characters.len())
    }
}

/// Which letter each character stands for, with how likely it is.
type Beliefs = BTreeMap<char, BTreeMap<char, f64>>;

/// Words and pairs of words with their weights, by the lengths of both.
type Lexicon = HashMap<(usize, usize), Vec<(Vec<char>, f64)>>;

pub(super) fn solve(text: &str) -> Solved {
    let patterns = patterns(text);
    let symbols: BTreeSet<char> = patterns
        .iter()
        .flat_map(|pattern| pattern.characters.iter().copied().filter(|c| is_symbol(*c)))
        .collect();
    if patterns.is_empty() || symbols.len() > SYMBOLS {
        return Solved::Uncertain;
    }
    let small = inside_words(text);
    let mut known: BTreeMap<char, char> = BTreeMap::new();
    let mut beliefs: Beliefs = BTreeMap::new();
    for round in 0..ROUNDS {
        let lexicon = lexicon(&patterns, &known);
        let scores = believe(&patterns, &lexicon, &symbols, &beliefs);
        if round >= SOFT {
            let before = known.len();
            settle(&scores, &small, MARGIN, usize::MAX, &mut known);
            if known.len() == before {
                // The surest of what is left may make the others sure.
                settle(&scores, &small, LAST_MARGIN, 1, &mut known);
            }
            if known.len() == before {
                break;
            }
        }
        beliefs = apart(scores, &known, &small);
    }
    if known.len() == symbols.len() && fits(&patterns, &known) {
        Solved::Repaired(replace(text, &known))
    } else {
        Solved::Uncertain
    }
}

/// Common syllables, and before all others the words of this very text that are known by now.
fn lexicon(patterns: &[Pattern], known: &BTreeMap<char, char>) -> Lexicon {
    let mut words: BTreeMap<String, f64> = BTreeMap::new();
    for (at, word) in (0u32..).zip(common()) {
        words.insert(word.to_owned(), 1.0 / (f64::from(at) + 20.0));
    }
    for pattern in patterns.iter().filter(|pattern| pattern.first == 0) {
        let letter = |c: &char| {
            if is_symbol(*c) {
                known.get(c).copied()
            } else {
                Some(*c)
            }
        };
        let word: Option<String> = pattern.characters.iter().map(letter).collect();
        if let Some(word) = word.filter(|word| is_syllable(word)) {
            *words.entry(word).or_default() += OWN * pattern.count;
        }
    }
    let mut lexicon = Lexicon::new();
    for (word, weight) in words {
        let letters: Vec<char> = word.chars().collect();
        let lengths = (0, letters.len());
        lexicon.entry(lengths).or_default().push((letters, weight));
    }
    for (at, (first, second)) in (0u32..).zip(pairs_of_words()) {
        let letters: Vec<char> = first.chars().chain(second.chars()).collect();
        let lengths = (first.chars().count(), letters.len());
        let weight = 1.0 / (f64::from(at) + 100.0);
        lexicon.entry(lengths).or_default().push((letters, weight));
    }
    lexicon
}

/// The symbols that stand behind a small letter, and so are small letters themselves.
fn inside_words(text: &str) -> BTreeSet<char> {
    let mut before = ' ';
    let mut small = BTreeSet::new();
    for c in text.chars() {
        if is_symbol(c) && before.is_ascii_lowercase() {
            small.insert(c);
        }
        before = c;
    }
    small
}

/// The words that hold a symbol, and such words with the one before them; in lower case as far as
/// they are ASCII.
fn patterns(text: &str) -> Vec<Pattern> {
    let mut counts: BTreeMap<(usize, String), f64> = BTreeMap::new();
    for run in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() && c != ' ') {
        let mut before: Option<&str> = None;
        for word in run.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            let has_ascii = word.chars().any(|c| c.is_ascii_alphabetic());
            let is_word = length <= WORD && (has_ascii || length == 1);
            if is_word && !word.is_ascii() {
                *counts.entry((0, word.to_ascii_lowercase())).or_default() += 1.0;
            }
            if let Some(before) =
                before.filter(|before| is_word && !(before.is_ascii() && word.is_ascii()))
            {
                let pair = format!("{before}{word}").to_ascii_lowercase();
                *counts.entry((before.chars().count(), pair)).or_default() += 1.0;
            }
            before = is_word.then_some(word);
        }
    }
    let patterns = counts
        .into_iter()
        .take(WORDS)
        .map(|((first, word), count)| Pattern {
            characters: word.chars().collect(),
            first,
            count,
        });
    patterns.collect()
}

fn is_symbol(c: char) -> bool {
    !c.is_ascii()
}

/// One round: what the words say about each symbol, given what is believed about the others.
fn believe(
    patterns: &[Pattern],
    lexicon: &Lexicon,
    symbols: &BTreeSet<char>,
    beliefs: &Beliefs,
) -> Beliefs {
    let letters: Vec<char> = marked_letters().collect();
    let floor = FLOOR.ln();
    let mut scores: Beliefs = symbols
        .iter()
        .map(|symbol| {
            (
                *symbol,
                letters.iter().map(|letter| (*letter, 0.0)).collect(),
            )
        })
        .collect();
    for pattern in patterns {
        // For each symbol of the word: how likely the word is with each letter in its place.
        let mut likely: BTreeMap<(char, char), f64> = BTreeMap::new();
        let known = lexicon.get(&pattern.lengths());
        for (word, weight) in known.into_iter().flatten() {
            let Some(pairs) = pairs(&pattern.characters, word) else {
                continue;
            };
            for (symbol, letter) in &pairs {
                let others = pairs.iter().filter(|(other, _)| other != symbol);
                let belief = others.map(|(other, letter)| {
                    let said = beliefs.get(other);
                    said.map_or(1.0, |letters| letters.get(letter).copied().unwrap_or(0.0))
                });
                *likely.entry((*symbol, *letter)).or_default() += weight * belief.product::<f64>();
            }
        }
        let symbols: BTreeSet<char> = pattern
            .characters
            .iter()
            .copied()
            .filter(|c| is_symbol(*c))
            .collect();
        for symbol in symbols {
            let Some(letters) = scores.get_mut(&symbol) else {
                continue;
            };
            for (letter, score) in letters {
                let likely = likely.get(&(symbol, *letter)).copied().unwrap_or(0.0);
                // Repeated words say little more than the first.
                let gain = (likely + FLOOR).ln() - floor;
                *score += gain * (1.0 + pattern.count.ln());
            }
        }
    }
    scores
}

/// The letters that fill a pattern to make this word, each symbol always the same one.
fn pairs(pattern: &[char], word: &[char]) -> Option<Vec<(char, char)>> {
    let mut pairs: Vec<(char, char)> = Vec::new();
    for (p, w) in pattern.iter().zip(word) {
        if !is_symbol(*p) {
            if p != w {
                return None;
            }
            continue;
        }
        if w.is_ascii() {
            return None;
        }
        match pairs
            .iter()
            .find(|(symbol, letter)| symbol == p || letter == w)
        {
            Some((symbol, letter)) if symbol == p && letter == w => {}
            Some(_) => return None,
            None => pairs.push((*p, *w)),
        }
    }
    Some(pairs)
}

/// Scores as chances; what is known is certain, and a letter that is taken is nobody else's.
fn apart(scores: Beliefs, known: &BTreeMap<char, char>, small: &BTreeSet<char>) -> Beliefs {
    let mut beliefs = scores;
    for (symbol, letters) in &mut beliefs {
        let best = letters.values().copied().fold(f64::MIN, f64::max);
        for (letter, score) in letters.iter_mut() {
            *score = match known.get(symbol) {
                Some(known) => f64::from(u8::from(known == letter)),
                None if is_taken(*symbol, *letter, known, small) => 0.0,
                None => (*score - best).max(-30.0).exp(),
            };
        }
        normalise(letters);
    }
    let mut wanted: BTreeMap<char, f64> = BTreeMap::new();
    for (letter, belief) in beliefs.values().flatten() {
        *wanted.entry(*letter).or_default() += belief;
    }
    for (symbol, letters) in &mut beliefs {
        if known.contains_key(symbol) {
            continue;
        }
        for (letter, belief) in letters.iter_mut() {
            *belief /= wanted.get(letter).copied().unwrap_or(1.0).max(1.0);
        }
        normalise(letters);
    }
    beliefs
}

/// Whether another symbol has this letter: of small letters each has one symbol, and no letter has
/// more than its two cases.
fn is_taken(
    symbol: char,
    letter: char,
    known: &BTreeMap<char, char>,
    small: &BTreeSet<char>,
) -> bool {
    let holders = || {
        known
            .iter()
            .filter(|(other, held)| **held == letter && **other != symbol)
    };
    let by_small = small.contains(&symbol) && holders().any(|(other, _)| small.contains(other));
    by_small || holders().count() >= 2
}

fn normalise(letters: &mut BTreeMap<char, f64>) {
    let sum: f64 = letters.values().sum();
    if sum > 0.0 {
        letters.values_mut().for_each(|belief| *belief /= sum);
    }
}

/// Makes known what is sure by this margin, the surest first, so many at most.
fn settle(
    scores: &Beliefs,
    small: &BTreeSet<char>,
    margin: f64,
    most: usize,
    known: &mut BTreeMap<char, char>,
) {
    for _ in 0..most.min(scores.len()) {
        let mut surest: Option<(f64, char, char)> = None;
        for (symbol, letters) in scores {
            if known.contains_key(symbol) {
                continue;
            }
            let (mut best, mut second) = (('\0', 0.0), 0.0);
            for (letter, score) in letters {
                if is_taken(*symbol, *letter, known, small) {
                    continue;
                }
                if *score > best.1 {
                    second = best.1;
                    best = (*letter, *score);
                } else if *score > second {
                    second = *score;
                }
            }
            let lead = best.1 - second;
            if lead >= margin && surest.is_none_or(|(known, _, _)| lead > known) {
                surest = Some((lead, *symbol, best.0));
            }
        }
        let Some((_, symbol, letter)) = surest else {
            return;
        };
        known.insert(symbol, letter);
    }
}

/// Whether nearly every word becomes a syllable, and nearly every syllable a common one.
fn fits(patterns: &[Pattern], mapping: &BTreeMap<char, char>) -> bool {
    let (mut total, mut valid, mut known) = (0.0, 0.0, 0.0);
    for pattern in patterns.iter().filter(|pattern| pattern.first == 0) {
        let letters = pattern.characters.iter();
        let word: String = letters
            .map(|c| mapping.get(c).copied().unwrap_or(*c))
            .collect();
        total += pattern.count;
        if is_syllable(&word) {
            valid += pattern.count;
        }
        if rank(&word).is_some() {
            known += pattern.count;
        }
    }
    valid >= 0.97 * total && known >= 0.8 * total && !stands_for_two(patterns, mapping)
}

/// Whether a symbol stands for more than its letter: too many of its words are no common syllables, and
/// would be with another letter in its place. Then two letters became one, and no table helps.
fn stands_for_two(patterns: &[Pattern], mapping: &BTreeMap<char, char>) -> bool {
    mapping.keys().any(|symbol| {
        let (mut all, mut astray) = (0.0, 0.0);
        let holds = |pattern: &&Pattern| pattern.first == 0 && pattern.characters.contains(symbol);
        for pattern in patterns.iter().filter(holds) {
            let with = |letter: Option<char>| -> String {
                let letters = pattern.characters.iter();
                let of = |c: &char| mapping.get(c).copied().unwrap_or(*c);
                letters
                    .map(|c| letter.filter(|_| c == symbol).unwrap_or_else(|| of(c)))
                    .collect()
            };
            all += pattern.count;
            let is_known = rank(&with(None)).is_some();
            if !is_known && marked_letters().any(|letter| rank(&with(Some(letter))).is_some()) {
                astray += pattern.count;
            }
        }
        astray >= ASTRAY && astray >= 0.15 * all
    })
}

/// Puts the letters in. A symbol that mostly begins capitalised words, or stands among capitals, is a
/// capital letter.
fn replace(text: &str, mapping: &BTreeMap<char, char>) -> String {
    let mut capitals: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    for word in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphabetic()) {
        let ascii: Vec<char> = word.chars().filter(char::is_ascii_alphabetic).collect();
        let all_upper = ascii.len() > 1 && ascii.iter().all(char::is_ascii_uppercase);
        for c in word.chars().filter(|c| mapping.contains_key(c)) {
            let (upper, all) = capitals.entry(c).or_default();
            *upper = upper.saturating_add(usize::from(all_upper));
            *all = all.saturating_add(1);
        }
    }
    // Two symbols of one letter are its two cases: the one that stands among capitals more often, or
    // of two that never do the one that begins words more often.
    let mut of_letter: BTreeMap<char, Vec<char>> = BTreeMap::new();
    for (symbol, letter) in mapping {
        of_letter.entry(*letter).or_default().push(*symbol);
    }
    let share = |symbol: &char| {
        let (upper, all) = capitals.get(symbol).copied().unwrap_or_default();
        (
            upper.saturating_mul(1_000) / all.max(1),
            begins(text, *symbol),
        )
    };
    let mut upper_case: BTreeSet<char> = BTreeSet::new();
    for symbols in of_letter.values() {
        match symbols.as_slice() {
            [one] if share(one).0 > 500 => {
                upper_case.insert(*one);
            }
            [a, b] => {
                upper_case.insert(if share(a) > share(b) { *a } else { *b });
            }
            _ => {}
        }
    }
    let letter = |c: char| match mapping.get(&c) {
        Some(letter) if upper_case.contains(&c) => upper(*letter),
        Some(letter) => *letter,
        None => c,
    };
    text.chars().map(letter).collect()
}

/// How often of a thousand times a symbol begins its word.
fn begins(text: &str, symbol: char) -> usize {
    let (mut first, mut all) = (0usize, 0usize);
    let mut before = ' ';
    for c in text.chars() {
        if c == symbol {
            all = all.saturating_add(1);
            let starts = before.is_ascii() && !before.is_ascii_alphabetic();
            first = first.saturating_add(usize::from(starts));
        }
        before = c;
    }
    first.saturating_mul(1_000) / all.max(1)
}

/// Words of a symbol that want another letter, for that to tell something.
const ASTRAY: f64 = 3.0;
const ROUNDS: usize = 16;
/// Rounds in which nothing is settled yet.
const SOFT: usize = 4;
/// What a word of the text itself weighs; the most common syllable has a twentieth.
const OWN: f64 = 0.02;
/// Words that are looked at.
const WORDS: usize = 2_500;
/// Characters of a word.
const WORD: usize = 8;
/// More characters than Vietnamese has marked letters in both cases.
const SYMBOLS: usize = 140;
/// How likely a word is that no list has.
const FLOOR: f64 = 1e-6;
/// How much surer a letter has to be than the next one.
const MARGIN: f64 = 1.5;
/// How much surer the surest has to be where nothing else is sure.
const LAST_MARGIN: f64 = 0.3;
