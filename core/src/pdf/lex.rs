//! Tokens of PDF syntax (ISO 32000-2 §7.2, §7.3) and how to step over a whole value.
//!
//! Nothing is built here: a value is stepped over without recursion and without memory, however
//! deep it nests, and only then read where somebody asks for it.

use crate::error::{Error, ErrorKind, Place};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `/Name`
    Name,
    /// A token that begins like a number and consists of digits, signs and points.
    Number,
    /// `(literal)`
    Literal,
    /// `<hexadecimal>`
    Hex,
    /// `[`
    ArrayOpen,
    /// `]`
    ArrayClose,
    /// `<<`
    DictionaryOpen,
    /// `>>`
    DictionaryClose,
    /// Any other run of characters: `true`, `obj`, `R`, a stray bracket.
    Word,
    /// The end of the text.
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads tokens from a position on.
#[derive(Clone)]
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    /// Where the next token is looked for.
    pub(super) at: usize,
}

impl<'t> Lexer<'t> {
    /// A reader of `text` that begins at `at`.
    pub(super) fn new(text: &'t [u8], at: usize) -> Self {
        Self { text, at }
    }

    /// The octets of a token.
    pub(super) fn octets(&self, token: Token) -> &'t [u8] {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// Whether a token is this word.
    pub(super) fn is_word(&self, token: Token, word: &[u8]) -> bool {
        token.kind == Kind::Word && self.octets(token) == word
    }

    /// Steps over white space and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(&octet) = self.text.get(self.at) {
            if octet == b'%' {
                let rest = self.text.get(self.at..).unwrap_or_default();
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            } else if is_space(octet) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token, Error> {
        self.skip_space();
        let start = self.at;
        let Some(&first) = self.text.get(start) else {
            return Ok(self.token(Kind::End, start, start));
        };
        let second = self.text.get(start + 1).copied();
        match first {
            b'/' => {
                let end = self.run(start + 1);
                Ok(self.token(Kind::Name, start, end))
            }
            b'(' => {
                let end = self.literal(start)?;
                Ok(self.token(Kind::Literal, start, end))
            }
            b'<' if second == Some(b'<') => Ok(self.token(Kind::DictionaryOpen, start, start + 2)),
            b'<' => {
                let rest = self.text.get(start..).unwrap_or_default();
                match memchr::memchr(b'>', rest) {
                    Some(length) => Ok(self.token(Kind::Hex, start, start + length + 1)),
                    None => Err(broken(
                        "a hexadecimal string that does not end",
                        self.text.len(),
                    )),
                }
            }
            b'>' if second == Some(b'>') => Ok(self.token(Kind::DictionaryClose, start, start + 2)),
            b'[' => Ok(self.token(Kind::ArrayOpen, start, start + 1)),
            b']' => Ok(self.token(Kind::ArrayClose, start, start + 1)),
            b'>' | b')' | b'{' | b'}' => Ok(self.token(Kind::Word, start, start + 1)),
            _ => {
                let rest = self.text.get(start..).unwrap_or_default();
                let (mut seen, mut common, mut length) = (0, NUMERIC, 0);
                for &octet in rest {
                    let class = class(octet);
                    if class & (SPACE | DELIMITER) != 0 {
                        break;
                    }
                    seen |= class;
                    common &= class;
                    length += 1;
                }
                let numeric = common & NUMERIC != 0 && seen & DIGIT != 0;
                let kind = if numeric { Kind::Number } else { Kind::Word };
                let end = start + length;
                Ok(self.token(kind, start, end))
            }
        }
    }

    /// The next token, left where it is.
    pub(super) fn peek(&self) -> Result<Token, Error> {
        self.clone().next()
    }

    /// Steps over one value and says where it stands; an indirect reference counts as one.
    ///
    /// `depth` is how far containers may nest, at most 128.
    pub(super) fn value(&mut self, depth: usize) -> Result<Token, Error> {
        let first = self.next()?;
        match first.kind {
            Kind::ArrayOpen | Kind::DictionaryOpen => {
                let end = self.container(first, depth)?;
                Ok(Token { end, ..first })
            }
            Kind::Number => {
                // `12 0 R` begins like a number.
                let mut ahead = self.clone();
                if let Ok(Token {
                    kind: Kind::Number, ..
                }) = ahead.next()
                    && let Ok(third) = ahead.next()
                    && ahead.is_word(third, b"R")
                {
                    self.at = ahead.at;
                    return Ok(Token {
                        kind: Kind::Word,
                        end: third.end,
                        ..first
                    });
                }
                Ok(first)
            }
            _ => Ok(first),
        }
    }

    /// Steps over a container whose opening token was read; gives its end.
    fn container(&mut self, open: Token, depth: usize) -> Result<usize, Error> {
        let depth = depth.min(128);
        // One bit a level: set for a dictionary.
        let mut kinds = u128::from(open.kind == Kind::DictionaryOpen);
        let mut level = 1_usize;
        loop {
            let token = self.next()?;
            match token.kind {
                Kind::ArrayOpen | Kind::DictionaryOpen => {
                    level += 1;
                    if level > depth {
                        return Err(Error::new(ErrorKind::TooLarge, "nesting of PDF objects")
                            .at(offset(token.start)));
                    }
                    kinds = kinds << 1 | u128::from(token.kind == Kind::DictionaryOpen);
                }
                Kind::ArrayClose | Kind::DictionaryClose => {
                    if (kinds & 1 == 1) != (token.kind == Kind::DictionaryClose) {
                        return Err(broken("brackets that do not match", token.start));
                    }
                    kinds >>= 1;
                    level -= 1;
                    if level == 0 {
                        return Ok(token.end);
                    }
                }
                Kind::End => return Err(broken("an object that does not end", token.start)),
                Kind::Word if self.ends_object(token) => {
                    return Err(broken("an object that does not end", token.start));
                }
                _ => {}
            }
        }
    }

    /// Whether this word can only stand after an object, so that a container before it was cut.
    pub(super) fn ends_object(&self, token: Token) -> bool {
        matches!(
            self.octets(token),
            b"endobj" | b"endstream" | b"stream" | b"startxref"
        )
    }

    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        Token { kind, start, end }
    }

    /// The end of a run of regular characters.
    fn run(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from + rest
            .iter()
            .position(|&c| !is_regular(c))
            .unwrap_or(rest.len())
    }

    /// The end of a literal string; brackets inside balance, a backslash takes away their meaning.
    fn literal(&self, start: usize) -> Result<usize, Error> {
        let mut at = start;
        let mut open = 0_usize;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(step) = memchr::memchr3(b'(', b')', b'\\', rest) else {
                return Err(broken("a string that does not end", self.text.len()));
            };
            match rest.get(step) {
                Some(b'(') => open += 1,
                Some(b')') => open -= 1,
                _ => at += 1,
            }
            at += step + 1;
            if open == 0 {
                return Ok(at);
            }
        }
    }
}

/// The six white-space characters of ISO 32000-2 table 1.
pub(crate) fn is_space(octet: u8) -> bool {
    class(octet) & SPACE != 0
}

/// Whether a character can be part of a name, a number or a word.
fn is_regular(octet: u8) -> bool {
    class(octet) & (SPACE | DELIMITER) == 0
}

fn class(octet: u8) -> u8 {
    CLASSES.get(usize::from(octet)).copied().unwrap_or_default()
}

const SPACE: u8 = 1;
const DELIMITER: u8 = 2;
/// What numbers consist of.
const NUMERIC: u8 = 4;
const DIGIT: u8 = 8;

/// What each octet is (ISO 32000-2 §7.2.3).
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        classes[octet] = match octet as u8 {
            0 | b'\t' | b'\n' | 12 | b'\r' | b' ' => SPACE,
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' => DELIMITER,
            b'0'..=b'9' => NUMERIC | DIGIT,
            b'+' | b'-' | b'.' => NUMERIC,
            _ => 0,
        };
        octet += 1;
    }
    classes
};

/// An integer as PDF writes it; `None` for a real or one that does not fit.
pub(super) fn integer(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok()
}

/// An error whose place is where the reading was given up: what it cost can be told from that.
pub(super) fn broken(what: &'static str, at: usize) -> Error {
    Error::new(ErrorKind::Malformed, what).at(offset(at))
}

pub(super) fn offset(at: usize) -> Place {
    Place::Offset(u64::try_from(at).unwrap_or(u64::MAX))
}
