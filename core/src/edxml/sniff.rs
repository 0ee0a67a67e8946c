//! Whether some octets are an envelope, by their first element alone.

/// Whether the first element is one that a dialect of edXML begins with. Nothing is read behind it,
/// so that a kind is known before any work is done.
///
/// ```
/// assert!(kyso::edxml::is_envelope(b"<?xml version='1.0'?><edXML xmlns='urn:x'/>"));
/// assert!(!kyso::edxml::is_envelope(b"<HDon/>"));
/// ```
pub fn is_envelope(bytes: &[u8]) -> bool {
    // UTF-16 with a byte order mark: the ASCII of a tag is every other octet.
    let narrow: Vec<u8>;
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let head = match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            narrow = head.iter().copied().filter(|octet| *octet != 0).collect();
            &narrow
        }
        _ => head,
    };
    let mut rest = head;
    while let Some(at) = rest.iter().position(|octet| *octet == b'<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let skip_to: &[u8] = match rest {
            [b'!', b'-', b'-', ..] => b"-->",
            [b'?', ..] => b"?>",
            [b'!', ..] => b">",
            _ => return is_root(rest),
        };
        let end = rest
            .windows(skip_to.len())
            .position(|octets| octets == skip_to);
        rest = end.and_then(|end| rest.get(end..)).unwrap_or_default();
    }
    false
}

fn is_root(tag: &[u8]) -> bool {
    let end = tag
        .iter()
        .position(|octet| octet.is_ascii_whitespace() || matches!(octet, b'>' | b'/'))
        .unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or_default();
    let local = name
        .rsplit(|octet| *octet == b':')
        .next()
        .unwrap_or_default();
    if [&b"edXML"[..], b"edXMLEnvelope", b"EdXMLEnvelope"].contains(&local) {
        return true;
    }
    // The SOAP forms of 2803 and 512 name their schema on the envelope or soon behind it.
    local == b"Envelope" && tag.windows(SCHEMA.len()).any(|octets| octets == SCHEMA)
}

const HEAD: usize = 4_096;
const SCHEMA: &[u8] = b"www.e-doc.vn/Schema";
