//! PEM (RFC 7468): the blocks of a text, whatever stands around them.
//!
//! Lenient where real files are: text between blocks, CRLF, any line length, `Proc-Type` headers
//! (which are handed on, not acted upon). Refuses base64 that is none.

/// One block.
#[derive(Debug)]
pub(crate) struct Block {
    /// What stands after `BEGIN`.
    pub(crate) label: String,
    /// The old encryption of PEM (`Proc-Type: 4,ENCRYPTED`, RFC 1421) is announced.
    pub(crate) is_encrypted: bool,
    /// The decoded octets.
    pub(crate) octets: Vec<u8>,
}

/// There is at least one `-----BEGIN`.
pub(crate) fn looks_like_pem(bytes: &[u8]) -> bool {
    find(bytes, BEGIN).is_some()
}

/// Every block, in order; nothing where one of them is broken.
pub(crate) fn blocks(mut bytes: &[u8]) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    while let Some(start) = find(bytes, BEGIN) {
        let rest = bytes.get(start.checked_add(BEGIN.len())?..)?;
        let label_end = find(rest, DASHES)?;
        let label = rest.get(..label_end)?;
        let body = rest.get(label_end.checked_add(DASHES.len())?..)?;
        let end = find(body, END)?;
        let after = body.get(end.checked_add(END.len())?..)?;
        let behind = after.strip_prefix(label)?.strip_prefix(DASHES)?;
        blocks.push(block(label, body.get(..end)?)?);
        bytes = behind;
    }
    Some(blocks)
}

fn block(label: &[u8], body: &[u8]) -> Option<Block> {
    let label = std::str::from_utf8(label).ok()?.to_owned();
    let mut is_encrypted = false;
    let mut base64 = Vec::with_capacity(body.len());
    for line in body.split(|octet| *octet == b'\n') {
        if line.contains(&b':') {
            is_encrypted |= find(line, b"ENCRYPTED").is_some();
        } else {
            base64.extend(line.iter().filter(|octet| !octet.is_ascii_whitespace()));
        }
    }
    let octets = base64_simd::STANDARD.decode_to_vec(&base64).ok()?;
    Some(Block {
        label,
        is_encrypted,
        octets,
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn several_blocks_with_text_around_them_are_found_in_order() {
        let text = b"Bag Attributes\r\n-----BEGIN A-----\r\nAQID\r\n-----END A-----\r\nnote\n\
            -----BEGIN B C-----\nProc-Type: 4,ENCRYPTED\n\nBAUG\n-----END B C-----";
        let blocks = blocks(text).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!(
            (blocks[0].label.as_str(), blocks[0].octets.as_slice()),
            ("A", &[1, 2, 3][..])
        );
        assert!(blocks[1].is_encrypted && !blocks[0].is_encrypted);
        assert_eq!(blocks[1].octets, [4, 5, 6]);
    }

    #[test]
    fn a_block_without_its_end_or_with_other_letters_is_refused() {
        assert!(blocks(b"-----BEGIN A-----\nAQID\n").is_none());
        assert!(blocks(b"-----BEGIN A-----\nAQID\n-----END B-----").is_none());
        assert!(blocks(b"-----BEGIN A-----\nA*ID\n-----END A-----").is_none());
        assert!(blocks(b"nothing here").unwrap().is_empty());
    }
}
