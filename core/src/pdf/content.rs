//! Content streams (ISO 32000-2 §7.8.2): operators with their operands, one after another.

use std::sync::Arc;

use crate::pdf::is_space;
use crate::pdf::lex::{Kind, Lexer};
use crate::pdf::object::{Object, Source};

/// Reads the operations of a content stream. What cannot be read ends it, as it does for readers.
pub(crate) struct Operations {
    source: Source<'static>,
    at: usize,
    depth: usize,
}

/// An operator with the operands that stand before it.
pub(crate) struct Operation {
    pub(crate) operator: Vec<u8>,
    pub(crate) operands: Vec<Object<'static>>,
}

impl Operations {
    /// The operations of this content; `depth` is how far containers may nest.
    pub(crate) fn new(content: Arc<[u8]>, depth: usize) -> Self {
        Self {
            source: Source::Decoded(content),
            at: 0,
            depth,
        }
    }

    /// Steps over the data of an inline image, whose `ID` was just read (§8.9.7): up to an `EI` that
    /// stands by itself.
    fn skip_image(&mut self) {
        let octets = self.source.octets();
        let rest = octets.get(self.at..).unwrap_or_default();
        let end = memchr::memmem::find_iter(rest, b"EI").find(|&at| {
            let before = at.checked_sub(1).and_then(|before| rest.get(before));
            before.is_some_and(|octet| is_space(*octet))
                && rest.get(at + 2).is_none_or(|octet| is_space(*octet))
        });
        self.at += end.map_or(rest.len(), |at| at + 2);
    }
}

impl Iterator for Operations {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        let mut operands = Vec::new();
        loop {
            let mut lexer = Lexer::new(self.source.octets(), self.at);
            let token = lexer.next().ok()?;
            match token.kind {
                Kind::End => return None,
                // Stray brackets close nothing.
                Kind::ArrayClose | Kind::DictionaryClose => self.at = token.end,
                Kind::Word => {
                    let operator = lexer.octets(token).to_vec();
                    self.at = token.end;
                    match operator.as_slice() {
                        b"true" | b"false" | b"null" => operands.push(Object::Null),
                        b"ID" => {
                            self.skip_image();
                            operands.clear();
                        }
                        _ => return Some(Operation { operator, operands }),
                    }
                }
                _ => {
                    let (object, end) = Object::read(&self.source, token.start, self.depth).ok()?;
                    self.at = end.max(token.end);
                    operands.push(object);
                }
            }
            if operands.len() > MOST_OPERANDS {
                operands.clear();
            }
        }
    }
}

/// More operands than any operator takes; maps of codes have the longest lists.
const MOST_OPERANDS: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Vec<(String, usize)> {
        Operations::new(Arc::from(content), 16)
            .map(|one| {
                let name = String::from_utf8_lossy(&one.operator).into_owned();
                (name, one.operands.len())
            })
            .collect()
    }

    #[test]
    fn operators_come_with_their_operands() {
        let wanted = [("BT", 0), ("Tf", 2), ("TJ", 1), ("'", 1), ("ET", 0)];
        let found = read(b"BT /F1 12 Tf [(a) -20 <62>] TJ (c)' ET");
        assert_eq!(found, wanted.map(|(name, count)| (name.to_owned(), count)));
    }

    #[test]
    fn the_data_of_an_inline_image_are_no_operators() {
        let found = read(b"q BI /W 1 /H 1 ID (BT \x00EIx Tj EI Q");
        let wanted = [("q", 0), ("BI", 0), ("Q", 0)];
        assert_eq!(found, wanted.map(|(name, count)| (name.to_owned(), count)));
    }

    #[test]
    fn broken_content_ends_without_a_panic() {
        for content in [&b"(a"[..], b"<<", b"]] >> Q", b"[[[[", b"1 0 R 2", b"<0"] {
            let _ = read(content);
        }
        let deep = b"[".repeat(10_000);
        assert!(read(&deep).is_empty());
    }
}
