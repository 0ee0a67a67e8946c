//! Maps from the codes of a font to characters (ISO 32000-2 §9.10.3), read as far as finding text
//! needs them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::pdf::{Object, Operations};

/// Which characters the codes of a font stand for.
#[derive(Default)]
pub(super) struct CodeMap {
    single: HashMap<u32, String>,
    /// First and last code, and the first character.
    ranges: Vec<(u32, u32, u32)>,
    /// Whether the map says that codes have one octet.
    pub(super) short: bool,
}

impl CodeMap {
    /// Reads a map; what it does not understand it leaves out.
    pub(super) fn read(octets: &[u8]) -> Self {
        let mut map = Self::default();
        for operation in Operations::new(Arc::from(octets), 8) {
            let operands = &operation.operands;
            match operation.operator.as_slice() {
                b"endcodespacerange" => {
                    map.short = operands
                        .chunks_exact(2)
                        .all(|pair| pair.iter().all(|one| octet_count(one) == 1));
                }
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let [code, text] = pair
                            && let (Some(code), Some(text)) = (code_of(code), text_of(text))
                            && map.single.len() < MOST_CODES
                        {
                            map.single.insert(code, text);
                        }
                    }
                }
                b"endbfrange" => {
                    for range in operands.chunks_exact(3) {
                        if let [first, last, to] = range {
                            map.range(first, last, to);
                        }
                    }
                }
                _ => {}
            }
        }
        map
    }

    fn range(&mut self, first: &Object<'_>, last: &Object<'_>, to: &Object<'_>) {
        let (Some(first), Some(last)) = (code_of(first), code_of(last)) else {
            return;
        };
        match to {
            Object::Array(texts) => {
                for (code, text) in (first..=last).zip(texts.iter()) {
                    if let Some(text) = text_of(&text)
                        && self.single.len() < MOST_CODES
                    {
                        self.single.insert(code, text);
                    }
                }
            }
            to => {
                let Some(text) = text_of(to) else { return };
                let mut characters = text.chars();
                match (characters.next(), characters.next()) {
                    (Some(one), None) if self.ranges.len() < MOST_CODES => {
                        self.ranges.push((first, last, u32::from(one)));
                    }
                    (Some(_), Some(_)) if self.single.len() < MOST_CODES => {
                        self.single.insert(first, text);
                    }
                    _ => {}
                }
            }
        }
    }

    /// What a code stands for.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.single.get(&code) {
            return Some(text.clone());
        }
        let (first, _, to) = self
            .ranges
            .iter()
            .find(|(first, last, _)| (first..=last).contains(&&code))?;
        char::from_u32(to.checked_add(code - first)?).map(String::from)
    }
}

fn octet_count(object: &Object<'_>) -> usize {
    match object {
        Object::String(text) => text.octets().len(),
        _ => 0,
    }
}

fn code_of(object: &Object<'_>) -> Option<u32> {
    let Object::String(text) = object else {
        return None;
    };
    let octets = text.octets();
    (octets.len() <= 4).then(|| {
        octets
            .iter()
            .fold(0, |code, octet| code << 8 | u32::from(*octet))
    })
}

fn text_of(object: &Object<'_>) -> Option<String> {
    let Object::String(text) = object else {
        return None;
    };
    let octets = text.octets();
    if octets.len() > MOST_TEXT {
        return None;
    }
    let units = octets.as_chunks::<2>().0;
    let units = units.iter().map(|pair| u16::from_be_bytes(*pair));
    let text: String = char::decode_utf16(units).filter_map(Result::ok).collect();
    Some(text)
}

const MOST_CODES: usize = 70_000;
const MOST_TEXT: usize = 64;
