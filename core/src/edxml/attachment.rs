//! [`Attachment`]: what an envelope carries, decoded only when asked for.
//!
//! The content stays base64 in the envelope's own octets. Reading looks at its characters, its first
//! octets and, where those are a zip's, at the zip's directory; nothing else is decoded. What the
//! official SDK wraps in a zip of one entry is unwrapped by content, not by label, since the two
//! disagree in the field. Names are data and never paths: [`Attachment::safe_name`].

use std::collections::HashSet;

use crate::edxml::record::{Layer, Occurs, Reading};
use crate::edxml::rules::Weight;
use crate::edxml::zip::{self, Entry, Listing};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::xml::{ElementId, Index, Piece};

/// One attachment of an envelope that was read.
#[derive(Clone, Copy, Debug)]
pub struct Attachment<'e> {
    pub(super) index: &'e Index<'e>,
    pub(super) stored: &'e Stored,
}

/// What is kept of an attachment.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    pub(super) element: Option<ElementId>,
    pub(super) content_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) safe_name: String,
    content: Option<ElementId>,
    is_clean: bool,
    decoded: u64,
    wrapped: Option<Entry>,
}

impl Attachment<'_> {
    /// Its identifier without any leading `cid:`; empty where it has none.
    pub fn id(&self) -> &str {
        self.stored.content_id.as_deref().map_or("", strip_cid)
    }

    /// `AttachmentName` as it stands; that of the manifest where the attachment itself has none.
    /// It is data: to make a file, use [`safe_name`](Self::safe_name).
    pub fn name(&self) -> &str {
        self.stored.name.as_deref().unwrap_or_default()
    }

    /// A plain file name made from [`name`](Self::name): no path, no control or bidirectional
    /// character, never empty, and no other attachment of the envelope has it.
    pub fn safe_name(&self) -> &str {
        &self.stored.safe_name
    }

    /// `ContentType` as it stands.
    pub fn content_type(&self) -> Option<&str> {
        self.stored.content_type.as_deref()
    }

    /// `Description`.
    pub fn description(&self) -> Option<&str> {
        self.stored.description.as_deref()
    }

    /// Whether the payload lies in a zip of its own inside the envelope.
    pub fn is_wrapped(&self) -> bool {
        self.stored.wrapped.is_some()
    }

    /// How many octets the payload has, as far as can be told without unpacking it.
    pub fn size(&self) -> u64 {
        match &self.stored.wrapped {
            Some(entry) => entry.size,
            None => self.stored.decoded,
        }
    }

    /// The payload: decoded, and taken out of a wrapping zip.
    pub fn bytes(&self, limits: &Limits) -> Result<Vec<u8>, Error> {
        if self.size() > limits.attachment_size {
            let detail = "A5: an attachment larger than the limit";
            return Err(Error::new(ErrorKind::TooLarge, detail).at(self.place()));
        }
        let packed = self.packed_bytes(limits)?;
        match &self.stored.wrapped {
            None => Ok(packed),
            Some(entry) => zip::extract(&packed, entry).map_err(|e| e.at(self.place())),
        }
    }

    /// The octets that the base64 stands for, still in the wrapping zip where there is one.
    pub fn packed_bytes(&self, limits: &Limits) -> Result<Vec<u8>, Error> {
        if self.stored.decoded > limits.attachment_size {
            let detail = "A5: an attachment larger than the limit";
            return Err(Error::new(ErrorKind::TooLarge, detail).at(self.place()));
        }
        let Some(content) = self.stored.content else {
            return Ok(Vec::new());
        };
        let pieces = self.index.pieces(content);
        decode(&pieces, self.stored.is_clean).ok_or_else(|| {
            let detail = "A1: the attachment's content is not base64";
            Error::new(ErrorKind::Malformed, detail).at(self.place())
        })
    }

    fn place(&self) -> Place {
        Place::Part(self.stored.safe_name.clone())
    }
}

impl Stored {
    /// Reads one `Attachment` element.
    pub(super) fn read(reading: &mut Reading<'_>, element: ElementId, limits: &Limits) -> Self {
        let mut stored = Self {
            element: Some(element),
            ..Self::default()
        };
        let layer = |name: &str| match name {
            CONTENT => Layer::Prefixed,
            _ => Layer::Plain,
        };
        reading.members(element, &MEMBERS, layer, |reading, name, child| {
            if name == CONTENT {
                stored.content = Some(child);
                return;
            }
            let text = reading.leaf(child);
            let text = (!text.is_empty()).then_some(text);
            match name {
                "ContentId" => stored.content_id = text,
                "AttachmentName" => stored.name = text,
                "Description" => stored.description = text,
                "ContentType" => stored.content_type = text,
                _ => {}
            }
        });
        stored.check_content(reading, element, limits);
        stored
    }

    /// A1, A1b and A5 as far as the characters tell them.
    fn check_content(&mut self, reading: &mut Reading<'_>, element: ElementId, limits: &Limits) {
        let Some(content) = self.content else {
            reading.findings.missing("A1", element, CONTENT);
            return;
        };
        for child in reading.index.children(content) {
            let name = reading.index.local_name(child);
            reading.findings.add("A1", child, name);
        }
        let pieces = reading.index.pieces(content);
        match scan(&pieces) {
            Scan::Clean(decoded) => {
                self.is_clean = true;
                self.decoded = decoded;
            }
            Scan::Loose { decoded, told } => {
                self.decoded = decoded;
                if let Some(told) = told {
                    reading.findings.add("A1b", content, told);
                }
            }
            Scan::Foreign(raw) => reading.findings.add("A1", content, &raw),
        }
        if self.decoded > limits.attachment_size {
            let raw = self.decoded.to_string();
            let weight = Weight::Fatal(ErrorKind::TooLarge);
            reading.findings.push("A5", content, "", &raw, weight);
        }
    }

    /// How the payload is packed, and whether the label says so (A2, A3, A5). Needs the name.
    pub(super) fn check_packing(&mut self, reading: &mut Reading<'_>, limits: &Limits) {
        let (Some(element), Some(content)) = (self.element, self.content) else {
            return;
        };
        if self.decoded > limits.attachment_size {
            return;
        }
        let label = self.content_type.clone().unwrap_or_default();
        let lower = label.to_ascii_lowercase();
        let says_zip = ZIP_LABELS.contains(&&*lower);
        let pieces = reading.index.pieces(content);
        let is_zip = ZIP_HEADS.iter().any(|head| starts_with(&pieces, head));
        let extension = extension(self.name.as_deref().unwrap_or_default());
        let findings = &mut reading.findings;
        if !is_zip {
            if says_zip && self.decoded > 0 {
                findings.add("A2", element, &label);
            }
            return;
        }
        if extension == "zip" {
            if !says_zip && !label.is_empty() && lower != "application/octet-stream" {
                findings.add("A2", element, &label);
            }
            return;
        }
        let listing = match tail(&pieces, self.is_clean, self.decoded) {
            Some(tail) => zip::list(&tail, self.decoded),
            None => Listing::Damaged,
        };
        let refused = |kind| Weight::Fatal(kind);
        match listing {
            Listing::One(entry)
                if extension_of_entry(&entry) == extension && entry.is_readable() =>
            {
                let raw = format!("{} / {}", entry.size, entry.packed);
                let ratio = entry.packed.max(1).saturating_mul(limits.attachment_ratio);
                let unfolds = entry.size > MEBIBYTE && entry.size > ratio;
                if entry.size > limits.attachment_size || unfolds {
                    let weight = refused(ErrorKind::TooLarge);
                    findings.push("A5", content, "", &raw, weight);
                    return;
                }
                if !says_zip {
                    findings.add("A2", element, &label);
                }
                if !is_plain_name(&entry.name) {
                    findings.add("A4", content, &entry.name);
                }
                self.wrapped = Some(entry);
            }
            Listing::One(entry) if entry.is_encrypted && says_zip => {
                let weight = refused(ErrorKind::Unsupported);
                findings.push("A5", content, "", &entry.name, weight);
            }
            Listing::Split if says_zip => {
                findings.push("A5", content, "", "", refused(ErrorKind::Unsupported));
            }
            Listing::Empty if says_zip => {
                findings.push("A3", content, "", "", refused(ErrorKind::Malformed));
            }
            Listing::One(entry) if says_zip => findings.add("A3", content, &entry.name),
            Listing::Many if says_zip => findings.add("A3", content, ""),
            Listing::Damaged if says_zip => findings.add("A2", element, &label),
            _ => {}
        }
    }

    pub(super) fn payload_size(&self) -> u64 {
        self.wrapped.as_ref().map_or(self.decoded, |e| e.size)
    }
}

/// An identifier without any leading `cid:`; each re-writing by the SDK adds one.
pub(super) fn strip_cid(id: &str) -> &str {
    let mut id = id.trim();
    while let Some(rest) = id.strip_prefix("cid:") {
        id = rest.trim_start();
    }
    id
}

/// Gives every attachment a file name of its own.
pub(super) fn name_safely(attachments: &mut [Stored]) {
    let mut taken: HashSet<String> = HashSet::new();
    for (number, stored) in (1usize..).zip(attachments) {
        let name = safe_name(stored.name.as_deref().unwrap_or_default(), number);
        let (stem, dotted) = match name.rsplit_once('.') {
            Some((stem, extension)) => (stem, format!(".{extension}")),
            None => (name.as_str(), String::new()),
        };
        let mut unique = name.clone();
        // The number of the attachment comes second, so that a thousand equal names stay cheap.
        let mut suffix = number;
        while !taken.insert(unique.to_lowercase()) {
            unique = format!("{stem} ({suffix}){dotted}");
            suffix = suffix.saturating_add(1);
        }
        stored.safe_name = unique;
    }
}

/// A name without path, control or direction, that Windows and a shell take as a plain file too.
fn safe_name(name: &str, number: usize) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c));
    let replaced = visible.map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        c => c,
    });
    let whole: String = replaced.collect();
    let trimmed = whole
        .trim_start_matches(|c: char| c == '.' || c.is_whitespace())
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let mut out = shorten(trimmed);
    let stem = out.split('.').next().unwrap_or_default().trim_end();
    let upper = stem.to_ascii_uppercase();
    let is_port = ["COM", "LPT"].iter().any(|port| {
        let rest = upper.strip_prefix(port);
        rest.is_some_and(|rest| rest.chars().count() == 1)
    });
    if is_port || matches!(&*upper, "CON" | "PRN" | "AUX" | "NUL") || out.starts_with('-') {
        out.insert(0, '_');
    }
    if out.is_empty() {
        out = format!("attachment-{number}");
    }
    out
}

/// At most [`NAME_OCTETS`] octets, the extension kept.
fn shorten(name: &str) -> String {
    if name.len() <= NAME_OCTETS {
        return name.to_owned();
    }
    let (stem, dotted) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut out = String::new();
    for c in stem.chars() {
        if out
            .len()
            .saturating_add(c.len_utf8())
            .saturating_add(dotted.len())
            > NAME_OCTETS
        {
            break;
        }
        out.push(c);
    }
    out.push_str(&dotted);
    out
}

/// Whether `AttachmentName` is a plain file name (A4).
pub(super) fn is_plain_name(name: &str) -> bool {
    let foreign =
        |c: char| matches!(c, '/' | '\\' | '<' | '>') || c.is_control() || is_invisible(c);
    !name.contains(foreign) && !name.contains("..") && name != "."
}

/// Characters that change how a name looks without being seen.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// What follows the last dot of a name, in lower case.
pub(super) fn extension(name: &str) -> String {
    name.rsplit_once('.')
        .map_or_else(String::new, |(_, extension)| extension.to_lowercase())
}

/// Whether a label says that the octets are a zip.
pub(super) fn is_zip_label(label: &str) -> bool {
    ZIP_LABELS.contains(&&*label.to_ascii_lowercase())
}

fn extension_of_entry(entry: &Entry) -> String {
    let name = entry.name.rsplit(['/', '\\']).next().unwrap_or_default();
    extension(name)
}

/// What the characters of an attachment's content are.
#[derive(Debug, PartialEq)]
enum Scan {
    /// One padded run of the standard alphabet; its decoded size.
    Clean(u64),
    /// Base64 with white space, or in another spelling that is told.
    Loose {
        decoded: u64,
        told: Option<&'static str>,
    },
    /// Not base64; where it stops being that.
    Foreign(String),
}

fn scan(pieces: &[Piece<'_>]) -> Scan {
    if let [Piece::Literal(text)] = pieces {
        let text = text.trim();
        if !text.is_empty() && base64_simd::STANDARD.check(text.as_bytes()).is_ok() {
            let padding = text.bytes().rev().take_while(|b| *b == b'=').count();
            return Scan::Clean(decoded_size(text.len().saturating_sub(padding)));
        }
    }
    let (mut digits, mut padding, mut urlsafe) = (0usize, 0usize, false);
    for piece in pieces {
        let mut character = [0; 4];
        let text = match piece {
            Piece::Literal(text) => text,
            Piece::Character(c) => &*c.encode_utf8(&mut character),
        };
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
    let decoded = decoded_size(digits);
    Scan::Loose { decoded, told }
}

fn decoded_size(digits: usize) -> u64 {
    u64::try_from(digits).unwrap_or(u64::MAX).saturating_mul(3) / 4
}

/// The octets of a content whose characters were scanned.
fn decode(pieces: &[Piece<'_>], is_clean: bool) -> Option<Vec<u8>> {
    if let ([Piece::Literal(text)], true) = (pieces, is_clean) {
        return base64_simd::STANDARD.decode_to_vec(text.trim()).ok();
    }
    let mut digits = digits_of(pieces, usize::MAX);
    let length = base64_simd::forgiving_decode_inplace(&mut digits)
        .ok()?
        .len();
    digits.truncate(length);
    Some(digits)
}

/// The base64 digits of a content in the standard alphabet, without white space and padding.
fn digits_of(pieces: &[Piece<'_>], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        let mut character = [0; 4];
        let text = match piece {
            Piece::Literal(text) => text,
            Piece::Character(c) => &*c.encode_utf8(&mut character),
        };
        for byte in text.bytes() {
            if out.len() >= most {
                return out;
            }
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b'=' => {}
                b'-' => out.push(b'+'),
                b'_' => out.push(b'/'),
                byte => out.push(byte),
            }
        }
    }
    out
}

/// Whether the decoded octets begin with these four.
fn starts_with(pieces: &[Piece<'_>], head: &[u8]) -> bool {
    let mut digits = digits_of(pieces, 8);
    base64_simd::forgiving_decode_inplace(&mut digits).is_ok_and(|octets| octets.starts_with(head))
}

/// The last decoded octets, enough for a zip's directory of one entry.
fn tail(pieces: &[Piece<'_>], is_clean: bool, decoded: u64) -> Option<Vec<u8>> {
    if let ([Piece::Literal(text)], true) = (pieces, is_clean) {
        let text = text.trim();
        // Clean text is a multiple of four long, and so is this part of its end.
        let wanted = zip::TAIL.div_ceil(3).saturating_mul(4);
        let from = text.len().saturating_sub(wanted);
        return base64_simd::STANDARD.decode_to_vec(text.get(from..)?).ok();
    }
    let whole = decode(pieces, is_clean)?;
    (u64::try_from(whole.len()).ok()? == decoded).then_some(whole)
}

const CONTENT: &str = "ContentTransferEncoded";
const MEMBERS: [(&str, Occurs); 8] = [
    ("ContentId", Occurs::Once),
    ("AttachmentName", Occurs::Once),
    ("Description", Occurs::Once),
    ("FieldName", Occurs::Once),
    ("MimeType", Occurs::Once),
    ("Format", Occurs::Once),
    ("ContentType", Occurs::Once),
    (CONTENT, Occurs::Once),
];
const ZIP_LABELS: [&str; 3] = [
    "application/zip",
    "application/x-zip",
    "application/x-zip-compressed",
];
const ZIP_HEADS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
const MEBIBYTE: u64 = 1 << 20;
const NAME_OCTETS: usize = 200;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn safe(names: &[&str]) -> Vec<String> {
        let mut stored: Vec<Stored> = names
            .iter()
            .map(|name| Stored {
                name: (!name.is_empty()).then(|| (*name).to_owned()),
                ..Stored::default()
            })
            .collect();
        name_safely(&mut stored);
        stored.into_iter().map(|s| s.safe_name).collect()
    }

    #[test]
    fn a_hostile_name_becomes_a_plain_one_and_no_two_are_equal() {
        assert_eq!(
            safe(&[
                "../../etc/passwd",
                "C:\\Windows\\a.pdf",
                "/etc/passwd",
                "..",
                "",
                ".bashrc",
                "-rf",
                "nul.txt",
                "com1",
                "a\u{202e}fdp.exe",
                "x\u{0}\u{1b}[31m.pdf",
                "a<b>:c.pdf",
                "Phụ lục.xlsx",
                "PHỤ LỤC.XLSX",
                "a. ",
            ]),
            [
                "passwd",
                "a.pdf",
                "passwd (3)",
                "attachment-4",
                "attachment-5",
                "bashrc",
                "_-rf",
                "_nul.txt",
                "_com1",
                "afdp.exe",
                "x[31m.pdf",
                "a_b__c.pdf",
                "Phụ lục.xlsx",
                "PHỤ LỤC (14).XLSX",
                "a",
            ]
        );
        let long = "ă".repeat(400) + ".pdf";
        let names = safe(&[&long, &long]);
        assert!(
            names
                .iter()
                .all(|n| n.len() <= NAME_OCTETS + 8 && n.ends_with(".pdf"))
        );
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn base64_is_judged_by_its_characters() {
        let scan = |text| super::scan(&[Piece::Literal(text)]);
        let loose = |decoded, told| Scan::Loose { decoded, told };
        assert_eq!(scan("AAAA"), Scan::Clean(3));
        assert_eq!(scan("\n AAA= "), Scan::Clean(2));
        assert_eq!(scan("AA\nAA"), loose(3, None));
        assert_eq!(scan("AAA"), loose(2, Some("=")));
        assert_eq!(scan("-_8="), loose(2, Some("- _")));
        assert_eq!(scan(""), loose(0, Some("")));
        for text in ["A", "AAAAA", "AA=A", "AA===", "A$AA", "====", "AAAA=", "é"] {
            assert!(matches!(scan(text), Scan::Foreign(_)), "{text}");
        }
        assert_eq!(decode(&[Piece::Literal("_w\n")], false).unwrap(), [0xff]);
    }
}
