//! Text strings (ISO 32000-2 §7.9.2.2): PDFDocEncoding, UTF-16BE or UTF-8, each told by its first
//! octets.

use std::fmt::Write as _;

/// The text that the octets of a text string stand for; what cannot be decoded is replaced.
pub(crate) fn decode(octets: &[u8]) -> String {
    match octets {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Not allowed, yet written by some tools.
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => octets.iter().map(|&octet| character(octet)).collect(),
    }
}

/// A text string with its brackets: a literal for printable ASCII, else UTF-16BE in hexadecimal
/// digits, so that Vietnamese letters stay what they are in every reader.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    if text.bytes().all(|octet| matches!(octet, b' '..=b'~')) {
        out.push('(');
        for character in text.chars() {
            if matches!(character, '(' | ')' | '\\') {
                out.push('\\');
            }
            out.push(character);
        }
        out.push(')');
    } else {
        out.push_str("<FEFF");
        for unit in text.encode_utf16() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{unit:04X}");
        }
        out.push('>');
    }
    out
}

fn utf16(octets: &[u8], order: fn([u8; 2]) -> u16) -> String {
    let units = octets.as_chunks::<2>().0.iter().map(|&pair| order(pair));
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// PDFDocEncoding (annex D.3).
fn character(octet: u8) -> char {
    let table = |first: u8, characters: &str| {
        characters
            .chars()
            .nth(usize::from(octet - first))
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    match octet {
        0x18..=0x1f => table(0x18, "˘ˇˆ˙˝˛˚˜"),
        0x80..=0xa0 => table(0x80, "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{fffd}€"),
        0x7f | 0xad => char::REPLACEMENT_CHARACTER,
        _ => char::from(octet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_text_comes_back_as_it_was_written() {
        let written = encode("Quyết định số 1 (bản chính)");
        assert!(written.starts_with("<FEFF0051"));
        let digits: Vec<u8> = written
            .bytes()
            .filter_map(crate::pdf::object::digit)
            .collect();
        let octets: Vec<u8> = digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect();
        assert_eq!(decode(&octets), "Quyết định số 1 (bản chính)");
    }

    #[test]
    fn plain_text_is_written_as_a_literal_with_its_brackets_escaped() {
        assert_eq!(encode(r"a(b)\c"), r"(a\(b\)\\c)");
        assert_eq!(encode("a\0b"), "<FEFF006100000062>");
    }

    #[test]
    fn the_four_encodings_are_told_apart() {
        assert_eq!(decode(b"\xef\xbb\xbfVi\xe1\xbb\x87t"), "Việt");
        assert_eq!(decode(b"\xfe\xff\x1e\xc7"), "ệ");
        assert_eq!(decode(b"\xff\xfe\xc7\x1e"), "ệ");
        assert_eq!(decode(b"\x80\x92\xa0\xe9\x9e"), "•™€éž");
    }
}
