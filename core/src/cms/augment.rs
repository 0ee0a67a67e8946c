//! Adds what is not signed to a signature that somebody made: [`with_unsigned_attribute`].
//!
//! Only lengths around the place change. Every other octet stays as it stands, also where it is BER
//! or out of order: what was signed, and what earlier time-stamps cover, must not move.

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use crate::der::{Reader, Tag, write};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;

/// The CMS with one more unsigned attribute of its one signer, behind those that are there.
/// `attribute` is a whole attribute in DER, from [`attribute`](super::write::attribute).
///
/// # Errors
///
/// `Malformed` for octets that are no `SignedData`, `Unsupported` for several signers.
pub(crate) fn with_unsigned_attribute(
    cms: &[u8],
    attribute: &[u8],
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    let mut file = Reader::new(cms, limits.asn1_depth);
    let mut content_info = file.expect(Tag::SEQUENCE)?.reader()?;
    let kind = content_info.tlv()?;
    let mut explicit = content_info.expect(Tag::context(0))?.reader()?;
    let mut fields = explicit.expect(Tag::SEQUENCE)?.reader()?;
    let mut parts = Vec::new();
    while !fields.is_empty() {
        parts.push(fields.tlv()?);
    }
    let signers = parts
        .pop()
        .filter(|last| last.tag() == Tag::SET)
        .ok_or_else(|| Error::new(ErrorKind::Malformed, "a CMS without signerInfos"))?;
    let mut inside = signers.reader()?;
    let signer = inside.expect(Tag::SEQUENCE)?;
    if !inside.is_empty() {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "a CMS of several signers",
        ));
    }
    let mut fields = signer.reader()?;
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut unsigned = Vec::new();
    while !fields.is_empty() {
        let field = fields.tlv()?;
        if field.tag() == Tag::context(1) {
            let mut attributes = field.reader()?;
            while !attributes.is_empty() {
                unsigned.extend_from_slice(attributes.tlv()?.full());
            }
        } else {
            kept.push(field.full());
        }
    }
    unsigned.extend_from_slice(attribute);
    let unsigned = write::context(1, &[unsigned]);
    kept.push(&unsigned);
    let signers = write::tlv(SET, &write::sequence(&kept));
    let mut all: Vec<&[u8]> = parts.iter().map(|part| part.full()).collect();
    all.push(&signers);
    let signed_data = write::sequence(&all);
    Ok(write::sequence(&[
        kind.full(),
        &write::context(0, &[signed_data]),
    ]))
}

const SET: u8 = 0x31;
