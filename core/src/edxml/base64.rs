//! The content of an attachment: base64 judged by its characters, decoded whole, in part or as a
//! stream.
//!
//! The content stays where it is, as the runs of text that the index found. Nothing is copied but a
//! block at a time.

use std::io::{self, Read};

use crate::error::{Error, ErrorKind};
use crate::xml::Piece;

/// What the characters of a content are.
#[derive(Debug, PartialEq)]
pub(super) enum Scan {
    /// One padded run of the standard alphabet; how many digits it has.
    Clean(usize),
    /// Base64 with white space, or in another spelling that is told.
    Loose {
        digits: usize,
        told: Option<&'static str>,
    },
    /// Not base64; where it stops being that.
    Foreign(String),
}

pub(super) fn scan(pieces: &[Piece<'_>]) -> Scan {
    if let [Piece::Literal(text)] = pieces {
        let text = text.trim();
        if !text.is_empty() && base64_simd::STANDARD.check(text.as_bytes()).is_ok() {
            let padding = text.bytes().rev().take_while(|b| *b == b'=').count();
            return Scan::Clean(text.len().saturating_sub(padding));
        }
    }
    let (mut digits, mut padding, mut urlsafe) = (0usize, 0usize, false);
    for piece in pieces {
        let mut character = [0; 4];
        let text = text_of(piece, &mut character);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'=' => padding = padding.saturating_add(1),
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {
                    digits = digits.saturating_add(1);
                }
                b'-' | b'_' if padding == 0 => {
                    digits = digits.saturating_add(1);
                    urlsafe = true;
                }
                _ => {
                    let raw = text.as_bytes().get(at..).unwrap_or_default();
                    let raw = raw.get(..raw.len().min(24)).unwrap_or_default();
                    return Scan::Foreign(String::from_utf8_lossy(raw).into_owned());
                }
            }
        }
    }
    let due = match digits % 4 {
        0 => 0,
        2 => 2,
        3 => 1,
        _ => return Scan::Foreign("…".to_owned()),
    };
    let told = match padding {
        0 if digits == 0 => Some(""),
        _ if urlsafe => Some("- _"),
        0 if due > 0 => Some("="),
        padding if padding == due => None,
        _ => return Scan::Foreign("=".repeat(padding.min(24))),
    };
    Scan::Loose { digits, told }
}

/// How many octets so many digits stand for.
pub(super) fn decoded_size(digits: usize) -> u64 {
    u64::try_from(digits).unwrap_or(u64::MAX).saturating_mul(3) / 4
}

/// The octets of a content whose characters were scanned.
pub(super) fn decode(pieces: &[Piece<'_>], is_clean: bool) -> Option<Vec<u8>> {
    if let ([Piece::Literal(text)], true) = (pieces, is_clean) {
        return base64_simd::STANDARD.decode_to_vec(text.trim()).ok();
    }
    let mut digits = Vec::new();
    Digits::new(pieces).take(usize::MAX, &mut digits);
    in_place(&mut digits)?;
    Some(digits)
}

/// Whether the decoded octets begin with these, four at most.
pub(super) fn starts_with(pieces: &[Piece<'_>], head: &[u8]) -> bool {
    let mut digits = Vec::new();
    Digits::new(pieces).take(8, &mut digits);
    in_place(&mut digits).is_some() && digits.starts_with(head)
}

/// The last decoded octets, at least so many where there are so many.
pub(super) fn tail(
    pieces: &[Piece<'_>],
    is_clean: bool,
    digits: usize,
    wanted: usize,
) -> Option<Vec<u8>> {
    let wanted = wanted.div_ceil(3).saturating_mul(4);
    if let ([Piece::Literal(text)], true) = (pieces, is_clean) {
        let text = text.trim();
        // Clean text is a multiple of four long, and so is this part of its end.
        let from = text.len().saturating_sub(wanted);
        return base64_simd::STANDARD.decode_to_vec(text.get(from..)?).ok();
    }
    // As many as are left behind a whole number of groups from the start.
    let keep = match digits.checked_sub(wanted) {
        Some(before) => digits.saturating_sub(before & !3),
        None => digits,
    };
    let mut out = Vec::with_capacity(keep);
    'pieces: for piece in pieces.iter().rev() {
        let mut character = [0; 4];
        for byte in text_of(piece, &mut character).bytes().rev() {
            if out.len() >= keep {
                break 'pieces;
            }
            out.extend(digit(byte));
        }
    }
    out.reverse();
    in_place(&mut out)?;
    Some(out)
}

/// The decoded octets of a content as a stream, a block at a time.
#[derive(Debug)]
pub(super) struct Decoder<'e> {
    source: Source<'e>,
    block: Vec<u8>,
    at: usize,
}

#[derive(Debug)]
enum Source<'e> {
    /// Clean base64 that is still to be decoded.
    Clean(&'e str),
    Loose(Digits<'e>),
}

impl<'e> Decoder<'e> {
    pub(super) fn new(pieces: Vec<Piece<'e>>, is_clean: bool) -> Self {
        let source = match (pieces.as_slice(), is_clean) {
            ([Piece::Literal(text)], true) => Source::Clean(text.trim()),
            _ => Source::Loose(Digits::owning(pieces)),
        };
        Self {
            source,
            block: Vec::new(),
            at: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.block.clear();
        let decoded = match &mut self.source {
            Source::Clean(text) => {
                let (now, rest) = text.split_at_checked(BLOCK).unwrap_or((text, ""));
                *text = rest;
                let decoded = base64_simd::STANDARD.decode_append(now, &mut self.block);
                decoded.is_ok()
            }
            Source::Loose(digits) => {
                digits.take(BLOCK, &mut self.block);
                in_place(&mut self.block).is_some()
            }
        };
        if decoded { Ok(()) } else { Err(not_base64()) }
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.block.len() {
            self.refill()?;
        }
        let ready = self.block.get(self.at..).unwrap_or_default();
        let count = ready.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at = self.at.saturating_add(count);
        Ok(count)
    }
}

/// The digits of a content in the standard alphabet, without white space and padding.
#[derive(Debug)]
struct Digits<'e> {
    pieces: Pieces<'e>,
    piece: usize,
    at: usize,
}

#[derive(Debug)]
enum Pieces<'e> {
    Lent(&'e [Piece<'e>]),
    Owned(Vec<Piece<'e>>),
}

impl<'e> Digits<'e> {
    fn new(pieces: &'e [Piece<'e>]) -> Self {
        Self {
            pieces: Pieces::Lent(pieces),
            piece: 0,
            at: 0,
        }
    }

    fn owning(pieces: Vec<Piece<'e>>) -> Self {
        Self {
            pieces: Pieces::Owned(pieces),
            piece: 0,
            at: 0,
        }
    }

    /// Adds at most so many digits.
    fn take(&mut self, most: usize, out: &mut Vec<u8>) {
        let pieces = match &self.pieces {
            Pieces::Lent(pieces) => pieces,
            Pieces::Owned(pieces) => pieces.as_slice(),
        };
        while let Some(piece) = pieces.get(self.piece) {
            let mut character = [0; 4];
            let text = text_of(piece, &mut character).as_bytes();
            for byte in text.get(self.at..).unwrap_or_default() {
                if out.len() >= most {
                    return;
                }
                self.at = self.at.saturating_add(1);
                out.extend(digit(*byte));
            }
            self.piece = self.piece.saturating_add(1);
            self.at = 0;
        }
    }
}

fn text_of<'t>(piece: &Piece<'t>, character: &'t mut [u8; 4]) -> &'t str {
    match piece {
        Piece::Literal(text) => text,
        Piece::Character(c) => c.encode_utf8(character),
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b' ' | b'\t' | b'\r' | b'\n' | b'=' => None,
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        byte => Some(byte),
    }
}

fn in_place(digits: &mut Vec<u8>) -> Option<()> {
    let length = base64_simd::forgiving_decode_inplace(digits).ok()?.len();
    digits.truncate(length);
    Some(())
}

/// A1, as an error of reading.
fn not_base64() -> io::Error {
    let detail = "A1: the attachment's content is not base64";
    io::Error::new(
        io::ErrorKind::InvalidData,
        Error::new(ErrorKind::Malformed, detail),
    )
}

/// Digits decoded at once; a multiple of four.
const BLOCK: usize = 64 << 10;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_judged_by_its_characters() {
        let scan = |text| super::scan(&[Piece::Literal(text)]);
        let loose = |digits, told| Scan::Loose { digits, told };
        assert_eq!(scan("AAAA"), Scan::Clean(4));
        assert_eq!(scan("\n AAA= "), Scan::Clean(3));
        assert_eq!(scan("AA\nAA"), loose(4, None));
        assert_eq!(scan("AAA"), loose(3, Some("=")));
        assert_eq!(scan("-_8="), loose(3, Some("- _")));
        assert_eq!(scan(""), loose(0, Some("")));
        for text in ["A", "AAAAA", "AA=A", "AA===", "A$AA", "====", "AAAA=", "é"] {
            assert!(matches!(scan(text), Scan::Foreign(_)), "{text}");
        }
        assert_eq!(decode(&[Piece::Literal("_w\n")], false).unwrap(), [0xff]);
    }

    #[test]
    fn a_stream_gives_what_decoding_whole_gives_however_the_content_is_broken_up() {
        let octets: Vec<u8> = (0..200_003u32).map(|n| (n * 7 % 251) as u8).collect();
        let text = base64_simd::STANDARD.encode_to_string(&octets);
        let lines: String = text
            .as_bytes()
            .chunks(76)
            .map(|line| format!("{}\r\n", std::str::from_utf8(line).unwrap()))
            .collect();
        let (head, rest) = text.split_at(1_001);
        let c = rest.chars().next().unwrap();
        for pieces in [
            vec![Piece::Literal(&text)],
            vec![Piece::Literal(&lines)],
            vec![
                Piece::Literal(head),
                Piece::Character(c),
                Piece::Literal(&rest[1..]),
            ],
        ] {
            let (is_clean, digits) = match scan(&pieces) {
                Scan::Clean(digits) => (true, digits),
                Scan::Loose { digits, told: None } => (false, digits),
                other => panic!("{other:?}"),
            };
            assert_eq!(decoded_size(digits), octets.len() as u64);
            let end = tail(&pieces, is_clean, digits, 5_000).unwrap();
            assert!(end.len() >= 5_000 && octets.ends_with(&end));
            assert_eq!(decode(&pieces, is_clean).unwrap(), octets);
            let mut out = Vec::new();
            Decoder::new(pieces, is_clean)
                .read_to_end(&mut out)
                .unwrap();
            assert!(out == octets);
        }
    }
}
