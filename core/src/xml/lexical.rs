//! The lexical side of XML 1.0: encodings, characters, names, tags, references, declarations.
//!
//! What quick-xml leaves to its caller. Everything here works on one piece of text and allocates no
//! more than that text; nothing recurses.

use std::borrow::Cow;
use std::ops::Range;

use crate::xml::index::{Attribute, Fault, FaultKind, Piece};
use crate::xml::write::is_allowed;

/// How the octets of a document become characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
    /// ISO-8859-1, where the declaration names it.
    Latin1,
}

/// The characters of the input, and how they were encoded (XML 1.0 §4.3.3, appendix F).
pub(super) fn decode(input: &[u8]) -> Result<(Cow<'_, str>, Encoding), Fault> {
    let wide: Option<(&[u8], JoinOctets)> = match input {
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes)),
        [b'<', 0, _, 0, ..] => Some((input, u16::from_le_bytes)),
        [0, b'<', 0, _, ..] => Some((input, u16::from_be_bytes)),
        _ => None,
    };
    if let Some((octets, join)) = wide {
        let units = octets.chunks_exact(2);
        if !units.remainder().is_empty() {
            let detail = "UTF-16 with half a character at its end";
            return fault(FaultKind::InvalidOctets, input.len(), detail);
        }
        let units = units.map(|pair| match pair {
            [a, b] => join([*a, *b]),
            _ => 0,
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        let Ok(text) = text else {
            return fault(FaultKind::InvalidOctets, 0, "octets that are not UTF-16");
        };
        return Ok((Cow::Owned(text), Encoding::Utf16));
    }
    if declares_latin_1(input) {
        let text: String = input.iter().map(|octet| char::from(*octet)).collect();
        return Ok((Cow::Owned(text), Encoding::Latin1));
    }
    match std::str::from_utf8(input) {
        Ok(text) if input.starts_with(MARK) => Ok((Cow::Borrowed(text), Encoding::Utf8WithMark)),
        Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Err(error) => {
            // A declared encoding of another name is the better explanation, where there is one.
            let head = input.get(..input.len().min(200)).unwrap_or_default();
            let head = String::from_utf8_lossy(head);
            let span = 0..head.find("?>").map_or(0, |end| end.saturating_add(2));
            declaration(&head, span, 0, Encoding::Utf8)?;
            let detail = "octets that are not UTF-8";
            fault(FaultKind::InvalidOctets, error.valid_up_to(), detail)
        }
    }
}

/// Whether a document begins with a declaration that names ISO-8859-1. Nothing is guessed: without
/// the name the octets have to be UTF-8.
fn declares_latin_1(input: &[u8]) -> bool {
    let head = input.get(..input.len().min(200)).unwrap_or_default();
    let end = head.windows(2).position(|pair| pair == b"?>");
    let head = end.and_then(|end| head.get(..end.saturating_add(2)));
    let Some(head) = head.and_then(|head| std::str::from_utf8(head).ok()) else {
        return false;
    };
    head.starts_with("<?xml")
        && declaration(head, 0..head.len(), 0, Encoding::Latin1).is_ok()
        && head.contains("encoding")
}

/// The first character of a document that XML 1.0 §2.2 forbids.
pub(super) fn forbidden_character(text: &str) -> Option<usize> {
    let mut from = 0usize;
    for block in text.as_bytes().chunks(BLOCK) {
        // Without an early exit the comparison runs in wide registers; megabytes of base64 pass here.
        let found = block.iter().fold(false, |found, byte| {
            found | ((*byte < 0x20) & (*byte != b'\t') & (*byte != b'\n') & (*byte != b'\r'))
        });
        if found {
            let control = |byte: &u8| *byte < 0x20 && !is_space(*byte);
            let within = block.iter().position(control).unwrap_or(0);
            return Some(from.saturating_add(within));
        }
        from = from.saturating_add(block.len());
    }
    text.find('\u{fffe}').or_else(|| text.find('\u{ffff}'))
}

/// The name and the attributes of a start tag, `<` and `>` included in the span.
pub(super) fn parse_tag(
    text: &str,
    span: Range<usize>,
) -> Result<(&str, Vec<Attribute<'_>>), Fault> {
    let (from, to) = (span.start, span.end);
    let bad = |detail| Fault {
        kind: FaultKind::NotWellFormed,
        offset: from,
        detail,
    };
    let tag = text.get(span).unwrap_or_default();
    let inside = tag
        .strip_prefix('<')
        .and_then(|tag| tag.strip_suffix('>'))
        .ok_or(bad("a start tag without an end"))?;
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    // Where `rest` begins is counted from the end of the tag, which does not move.
    let tail = if tag.ends_with("/>") { 2 } else { 1 };
    let stop = to.saturating_sub(tail);
    let (name, mut rest) = take_name(inside).ok_or(bad("a name that XML does not allow"))?;
    let mut attributes = Vec::new();
    loop {
        let trimmed = rest.trim_start_matches(is_space_character);
        if trimmed.is_empty() {
            return Ok((name, attributes));
        }
        if trimmed.len() == rest.len() {
            return Err(bad("no white space before an attribute"));
        }
        let (qualified, after) =
            take_name(trimmed).ok_or(bad("an attribute's name that XML does not allow"))?;
        let after = after.trim_start_matches(is_space_character);
        let after = after
            .strip_prefix('=')
            .ok_or(bad("an attribute without a value"))?;
        let after = after.trim_start_matches(is_space_character);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.ok_or(bad("an attribute's value without quotes"))?;
        let after = after.get(1..).unwrap_or_default();
        let (raw, after) = after
            .split_once(quote)
            .ok_or(bad("an attribute's value without an end"))?;
        let start = stop
            .saturating_sub(after.len())
            .saturating_sub(1)
            .saturating_sub(raw.len());
        let (prefix, name) = split_name(qualified);
        attributes.push(Attribute {
            prefix,
            name,
            value: attribute_value(raw, start)?,
            span: start..start.saturating_add(raw.len()),
        });
        rest = after;
    }
}

/// An attribute's value with references resolved and white space normalised (XML 1.0 §3.3.3).
fn attribute_value(raw: &str, from: usize) -> Result<Cow<'_, str>, Fault> {
    if !raw
        .bytes()
        .any(|b| matches!(b, b'&' | b'<' | b'\t' | b'\r' | b'\n'))
    {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let mut used = c.len_utf8();
        match c {
            '<' => {
                return fault(
                    FaultKind::NotWellFormed,
                    from,
                    "`<` in an attribute's value",
                );
            }
            '&' => {
                let end = rest
                    .find(';')
                    .map_or(rest.len(), |end| end.saturating_add(1));
                out.push(referenced(rest.get(..end).unwrap_or_default(), from)?);
                used = end;
            }
            '\r' if rest.starts_with("\r\n") => {
                out.push(' ');
                used = 2;
            }
            '\t' | '\r' | '\n' => out.push(' '),
            c => out.push(c),
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    Ok(Cow::Owned(out))
}

/// The character that a reference, `&` and `;` included, stands for.
pub(super) fn referenced(reference: &str, from: usize) -> Result<char, Fault> {
    let Some(name) = reference
        .strip_prefix('&')
        .and_then(|r| r.strip_suffix(';'))
    else {
        return fault(
            FaultKind::NotWellFormed,
            from,
            "`&` that begins no reference",
        );
    };
    let number = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(digits), _) => digits_of(digits, 16),
            (None, Some(digits)) => digits_of(digits, 10),
            (None, None) if take_name(name).is_some_and(|(_, rest)| rest.is_empty()) => {
                let detail = "an entity that is not built in";
                return fault(FaultKind::DocumentType, from, detail);
            }
            (None, None) => None,
        },
    };
    match number.and_then(char::from_u32).filter(|c| is_allowed(*c)) {
        Some(c) => Ok(c),
        None => fault(
            FaultKind::NotWellFormed,
            from,
            "a reference to no character of XML",
        ),
    }
}

fn digits_of(digits: &str, radix: u32) -> Option<u32> {
    // `from_str_radix` would take a sign too.
    let first = digits.chars().next()?;
    first.is_digit(radix).then_some(())?;
    u32::from_str_radix(digits, radix).ok()
}

/// Literal text and references of a stretch that holds no element.
pub(super) fn runs<'i>(stretch: &'i str, pieces: &mut Vec<Piece<'i>>) {
    // Megabytes of base64 are one run; the search for one character runs in wide registers.
    if !stretch.contains('<') && !stretch.contains('&') {
        pieces.extend((!stretch.is_empty()).then_some(Piece::Literal(stretch)));
        return;
    }
    let mut rest = stretch;
    while !rest.is_empty() {
        let stop = rest.find(['<', '&']).unwrap_or(rest.len());
        let (literal, markup) = rest.split_at_checked(stop).unwrap_or((rest, ""));
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        let after = |end: &str| {
            let length = markup
                .find(end)
                .map(|found| found.saturating_add(end.len()));
            length.unwrap_or(markup.len())
        };
        let used = if markup.starts_with('&') {
            let end = after(";");
            let reference = markup.get(..end).unwrap_or_default();
            pieces.extend(referenced(reference, 0).ok().map(Piece::Character));
            end
        } else if let Some(section) = markup.strip_prefix("<![CDATA[") {
            let section = section.split_once("]]>").map_or("", |(text, _)| text);
            if !section.is_empty() {
                pieces.push(Piece::Literal(section));
            }
            after("]]>")
        } else if markup.starts_with("<!--") {
            after("-->")
        } else {
            after("?>")
        };
        rest = markup.get(used..).unwrap_or_default();
    }
}

/// Line ends as XML 1.0 §2.11 hands them on: one LF each.
pub(super) fn normal_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The XML declaration: first of all, and naming the encoding that the octets have.
pub(super) fn declaration(
    text: &str,
    span: Range<usize>,
    base: usize,
    encoding: Encoding,
) -> Result<(), Fault> {
    let from = span.start;
    if from != base {
        let detail = "something stands before the XML declaration";
        return fault(FaultKind::NotWellFormed, from, detail);
    }
    let text = text.get(span).unwrap_or_default();
    let Some(inside) = text
        .strip_prefix("<?xml")
        .and_then(|t| t.strip_suffix("?>"))
    else {
        return Ok(());
    };
    let tag = format!("<xml{inside}>");
    let Ok((_, attributes)) = parse_tag(&tag, 0..tag.len()) else {
        let detail = "the XML declaration is not well formed";
        return fault(FaultKind::NotWellFormed, from, detail);
    };
    let declared = attributes.iter().find(|a| a.name == "encoding");
    let Some(declared) = declared.map(|a| a.value.to_ascii_lowercase()) else {
        return Ok(());
    };
    let is_wide = declared.starts_with("utf-16") || declared == "utf16";
    let is_latin_1 = matches!(&*declared, "iso-8859-1" | "iso_8859-1" | "latin1");
    let is_narrow = matches!(&*declared, "utf-8" | "utf8" | "us-ascii" | "ascii");
    match encoding {
        Encoding::Utf16 if is_wide => Ok(()),
        Encoding::Latin1 if is_latin_1 => Ok(()),
        Encoding::Utf8 | Encoding::Utf8WithMark if is_narrow => Ok(()),
        _ if is_wide || is_narrow || is_latin_1 => {
            let detail = "the octets are not in the encoding that the declaration names";
            fault(FaultKind::InvalidOctets, from, detail)
        }
        _ => fault(
            FaultKind::Encoding,
            from,
            "an encoding other than UTF-8, UTF-16 and ISO-8859-1",
        ),
    }
}

/// A processing instruction whose target is a name other than `xml`.
pub(super) fn instruction(text: &str, span: Range<usize>) -> Result<(), Fault> {
    let from = span.start;
    let inside = text.get(span).unwrap_or_default();
    let target = inside
        .strip_prefix("<?")
        .and_then(take_name)
        .filter(|(name, rest)| {
            !name.eq_ignore_ascii_case("xml")
                && (rest.starts_with("?>") || rest.starts_with(is_space_character))
        });
    match target {
        Some(_) => Ok(()),
        None => fault(
            FaultKind::NotWellFormed,
            from,
            "a processing instruction that XML does not allow",
        ),
    }
}

/// A name with at most one colon (Namespaces in XML 1.0 §4) at the start of a text, and the rest.
fn take_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c| !is_name_character(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let starts_well = |part: &str| part.chars().next().is_some_and(is_name_start);
    let well_formed = match name.split_once(':') {
        Some((prefix, local)) => starts_well(prefix) && starts_well(local) && !local.contains(':'),
        None => starts_well(name),
    };
    (well_formed && name.len() <= NAME_OCTETS).then_some((name, rest))
}

pub(super) fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// XML 1.0 (fifth edition) production 4, the colon left to [`take_name`].
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// XML 1.0 (fifth edition) production 4a.
fn is_name_character(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '0'..='9' | '-' | '.' | ':' | '\u{b7}' | '\u{300}'..='\u{36f}'
            | '\u{203f}' | '\u{2040}')
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_space_character(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn fault<T>(kind: FaultKind, offset: usize, detail: &'static str) -> Result<T, Fault> {
    Err(Fault {
        kind,
        offset,
        detail,
    })
}

/// How two octets are one unit of UTF-16.
type JoinOctets = fn([u8; 2]) -> u16;

/// The byte order mark in UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";
/// Octets of one name.
const NAME_OCTETS: usize = 1_024;
const BLOCK: usize = 16 * 1_024;
