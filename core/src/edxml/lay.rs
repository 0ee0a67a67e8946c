//! [`LaidEnvelope`]: the one shape that is written, laid out and checked, then written as a stream.
//!
//! Q102 in the official SDK's order, CRLF, two spaces, the literal prefix `edXML`, base64 on one line.
//! The rules of reading are applied to the envelope with stand-ins for the contents, and the rules
//! of packing to the contents themselves; so nothing has to stand in memory as a whole.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::crypto::{hex, sha256};
use crate::edxml::attachment::strip_cid;
use crate::edxml::build::{EnvelopeBuilder, NewAttachment};
use crate::edxml::names::extension;
use crate::edxml::other::{self, Other};
use crate::edxml::packing::{self, is_zip_label};
use crate::edxml::record::{Member, Q102, Record, forbidden, write_record, write_text};
use crate::edxml::rules::{Breach, Mode, Outcome, Rule, Weight};
use crate::edxml::{Kind, read, zip};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::message::Lang;
use crate::time::Time;
use crate::xml::Writer;

/// An envelope that keeps every strict rule and is about to be written.
///
/// ```
/// use kyso::edxml::EnvelopeBuilder;
/// use serde_json::json;
///
/// let header = json!({ "header": {
///     "from": { "organ_id": "G99.07" }, "to": [{ "organ_id": "H99" }],
///     "document_id": "G99.07,2025/11/03,318/VP-TH",
///     "code": { "code_number": "318", "code_notation": "VP-TH" },
///     "promulgation_info": { "promulgation_date": "2025-11-03" },
///     "subject": "V/v rà soát danh mục", "steering_type": 0,
/// } });
/// let builder = EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new()))?.attach("a.pdf", &b"%PDF"[..]);
/// let laid = builder.lay("2025-11-03T14:05:00+07:00".parse()?, &kyso::Limits::default())?;
/// let mut out = Vec::new();
/// laid.write_to(&mut out).unwrap();
/// assert!(out.ends_with(b"</edXML>\r\n"));
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Debug)]
pub struct LaidEnvelope<'b> {
    /// One more than there are contents: what stands between them.
    pieces: Vec<String>,
    packed: Vec<Packed<'b>>,
}

/// An attachment as it will stand.
#[derive(Debug)]
struct Packed<'p> {
    id: String,
    content_type: String,
    /// The name of the one entry of the zip that is made around it.
    entry: Option<String>,
    new: &'p NewAttachment<'p>,
}

impl LaidEnvelope<'_> {
    /// Writes it; a block of one attachment at a time.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let mut text = String::with_capacity(BLOCK.div_ceil(3).saturating_mul(4));
        let mut packed = self.packed.iter();
        for piece in &self.pieces {
            out.write_all(piece.as_bytes())?;
            let Some(packed) = packed.next() else { break };
            for block in packed.content().map_err(io::Error::other)?.chunks(BLOCK) {
                text.clear();
                base64_simd::STANDARD.encode_append(block, &mut text);
                out.write_all(text.as_bytes())?;
            }
        }
        Ok(())
    }

    /// It in memory, read back by the strict rules.
    pub(super) fn to_bytes(&self, limits: &Limits) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(self.room());
        self.write_to(&mut out)
            .map_err(|e| Error::new(ErrorKind::Internal, "writing into memory").caused_by(e))?;
        hold(&out, limits)?;
        Ok(out)
    }

    /// About as many octets as it will have.
    fn room(&self) -> usize {
        let pieces = self.pieces.iter().map(String::len);
        let contents = self
            .packed
            .iter()
            .map(|packed| encoded(packed.new.content.len()));
        pieces.chain(contents).fold(0, usize::saturating_add)
    }
}

impl Packed<'_> {
    fn content(&self) -> Result<Cow<'_, [u8]>, Error> {
        match &self.entry {
            Some(entry) => zip::wrap(entry, &self.new.content).map(Cow::Owned),
            None => Ok(Cow::Borrowed(&self.new.content)),
        }
    }

    /// Content of the same kind and next to no size.
    fn stand_in(&self) -> Result<Cow<'static, [u8]>, Error> {
        if self.new.content.is_empty() && self.entry.is_none() {
            return Ok(Cow::Borrowed(b""));
        }
        match &self.entry {
            Some(entry) => zip::wrap(entry, b"").map(Cow::Owned),
            None if is_zip_label(&self.content_type) => Ok(Cow::Borrowed(EMPTY_ZIP)),
            None => Ok(Cow::Borrowed(b"x")),
        }
    }
}

/// Everything that is checked before a single octet is written.
pub(super) fn lay<'b>(
    builder: &'b EnvelopeBuilder<'_>,
    now: Time,
    limits: &Limits,
) -> Result<LaidEnvelope<'b>, Error> {
    if builder.attachments.len() > limits.attachments {
        let detail = "X6: more attachments than the limit";
        return Err(Error::new(ErrorKind::TooLarge, detail));
    }
    let mut packed = Vec::with_capacity(builder.attachments.len());
    let mut inflated = 0u64;
    for (number, attachment) in builder.attachments.iter().enumerate() {
        let one = pack(attachment, number);
        inflated = inflated.saturating_add(hold_content(&one, limits)?);
        packed.push(one);
    }
    if inflated > limits.attachments_total {
        let detail = "A5: the attachments together are larger than the limit";
        return Err(Error::new(ErrorKind::TooLarge, detail));
    }
    let pieces = write(builder, now, &packed)?;
    let mut skeleton = String::new();
    let mut contents = packed.iter();
    for piece in &pieces {
        skeleton.push_str(piece);
        if let Some(packed) = contents.next() {
            base64_simd::STANDARD.encode_append(packed.stand_in()?, &mut skeleton);
        }
    }
    hold(skeleton.as_bytes(), limits)?;
    let laid = LaidEnvelope { pieces, packed };
    if u64::try_from(laid.room()).unwrap_or(u64::MAX) > limits.envelope_size {
        let detail = "X6: an envelope larger than the limit";
        return Err(Error::new(ErrorKind::TooLarge, detail));
    }
    Ok(laid)
}

/// The strict rules over finished octets.
fn hold(octets: &[u8], limits: &Limits) -> Result<(), Error> {
    let (_, breaches) = read::examine(octets, limits)?;
    let refused = |breach: &&Breach| breach.outcome(Mode::Strict) == Outcome::Reject;
    match breaches.iter().find(refused) {
        Some(breach) => Err(breach.misuse()),
        None => Ok(()),
    }
}

/// The rules of size and packing over one content; how much reading it will inflate.
fn hold_content(packed: &Packed<'_>, limits: &Limits) -> Result<u64, Error> {
    let content = &*packed.new.content;
    let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
    let place = || Place::Part(packed.new.name.clone());
    if size > limits.attachment_size {
        let detail = "A5: an attachment larger than the limit";
        return Err(Error::new(ErrorKind::TooLarge, detail).at(place()));
    }
    if packed.entry.is_some() {
        return Ok(size);
    }
    let is_zip = zip::HEADS.iter().any(|head| content.starts_with(head));
    let tail = content.get(content.len().saturating_sub(zip::TAIL)..);
    let listing = || zip::list(tail.unwrap_or_default(), size);
    let (label, name) = (&packed.content_type, packed.new.name.trim());
    let packing = packing::judge(label, name, size, is_zip, listing, limits);
    match packing.told.first() {
        Some((rule, raw, weight)) => {
            let kind = match weight {
                Weight::Fatal(ErrorKind::TooLarge) => ErrorKind::TooLarge,
                _ => ErrorKind::Misuse,
            };
            let text = Rule::of(rule).map_or("", |rule| rule.text(Lang::En));
            Err(Error::new(kind, format!("{rule}: {text} (found \"{raw}\")")).at(place()))
        }
        None => Ok(packing.wrapped.map_or(0, |entry| entry.size)),
    }
}

fn pack<'p>(attachment: &'p NewAttachment<'p>, number: usize) -> Packed<'p> {
    let given = attachment.id.as_deref().map(strip_cid).map(str::trim);
    let id = match given.filter(|id| !id.is_empty()) {
        Some(id) => id.to_owned(),
        None => identifier(&attachment.content, number),
    };
    let extension = extension(attachment.name.trim());
    let label = attachment.content_type.as_deref().map(str::trim);
    let (content_type, wraps) = match label.filter(|label| !label.is_empty()) {
        Some(label) => (label.to_owned(), is_zip_label(label) && extension != "zip"),
        None if AS_THEY_ARE.contains(&&*extension) => (format!("application/{extension}"), false),
        None => ("application/zip".to_owned(), true),
    };
    // The entry's name is no path, whatever the identifier holds.
    let plain = |name: String| {
        name.replace(['/', '\\', ':', '<', '>'], "_")
            .replace("..", "_")
    };
    let entry = wraps.then(|| match extension.as_str() {
        "" => plain(id.clone()),
        extension => format!("{}.{extension}", plain(id.clone())),
    });
    Packed {
        id: format!("cid:{id}"),
        content_type,
        entry,
        new: attachment,
    }
}

fn write(
    builder: &EnvelopeBuilder<'_>,
    now: Time,
    packed: &[Packed<'_>],
) -> Result<Vec<String>, Error> {
    let mut out = Writer::new("\r\n");
    let (others, is_document) = (&builder.others, builder.kind == Kind::Document);
    open(&mut out, "edXML", &[("xmlns", Q102)])?;
    other::write(&others.root, None, &mut out)?;
    open(&mut out, "edXML:edXMLEnvelope", &[("xmlns:edXML", Q102)])?;
    other::write(&others.envelope, None, &mut out)?;
    open(&mut out, "edXML:edXMLHeader", &[])?;
    other::write(&others.header, None, &mut out)?;
    open(&mut out, "edXML:MessageHeader", &[])?;
    if is_document {
        builder.header.write_members(&mut out)?;
    } else {
        let header = &builder.header;
        other::write(&header.other, None, &mut out)?;
        Member::write(&header.from, &mut out, "edXML:From")?;
        other::write(&header.other, Some("From"), &mut out)?;
        builder.status_at(now)?.write_members(&mut out)?;
    }
    out.close();
    other::write(&others.header, Some("MessageHeader"), &mut out)?;
    if is_document {
        write_record(&builder.trace_at(now), &mut out, "edXML:TraceHeaderList")?;
    }
    other::write(&others.header, Some("TraceHeaderList"), &mut out)?;
    other::write(&others.header, Some("DigitalSignature"), &mut out)?;
    out.close();
    other::write(&others.envelope, Some("edXMLHeader"), &mut out)?;
    if is_document {
        open(&mut out, "edXML:edXMLBody", &[])?;
        other::write(&others.body, None, &mut out)?;
        write_manifest(&mut out, packed, &others.manifest)?;
        other::write(&others.body, Some("edXMLManifest"), &mut out)?;
        other::write(&others.body, Some("Manifest"), &mut out)?;
        out.close();
    }
    other::write(&others.envelope, Some("edXMLBody"), &mut out)?;
    out.close();
    other::write(&others.root, Some("edXMLEnvelope"), &mut out)?;
    if is_document || !packed.is_empty() {
        write_attachments(&mut out, packed, &others.encoded)?;
    }
    other::write(&others.root, Some("AttachmentEncoded"), &mut out)?;
    Ok(out.finish_around())
}

fn write_manifest(
    writer: &mut Writer,
    packed: &[Packed<'_>],
    others: &[Other],
) -> Result<(), Error> {
    let name = "edXML:edXMLManifest";
    let version = [("version", "1.0")];
    if packed.is_empty() && others.is_empty() {
        return writer.empty(name, &version).map_err(|f| forbidden(f, name));
    }
    open(writer, name, &version)?;
    other::write(others, None, writer)?;
    for attachment in packed {
        let new = attachment.new;
        open(writer, "edXML:Reference", &[])?;
        other::write(&new.listed_other, None, writer)?;
        for (name, element, value) in [
            ("ContentId", "edXML:ContentId", Some(&*attachment.id)),
            (
                "ContentType",
                "edXML:ContentType",
                Some(&*attachment.content_type),
            ),
            (
                "Description",
                "edXML:Description",
                new.description.as_deref(),
            ),
            ("AttachmentName", "edXML:AttachmentName", Some(&*new.name)),
        ] {
            write_text(writer, element, value.unwrap_or_default())?;
            other::write(&new.listed_other, Some(name), writer)?;
        }
        writer.close();
    }
    other::write(others, Some("Reference"), writer)?;
    writer.close();
    Ok(())
}

fn write_attachments(
    writer: &mut Writer,
    packed: &[Packed<'_>],
    others: &[Other],
) -> Result<(), Error> {
    let name = "AttachmentEncoded";
    if packed.is_empty() && others.is_empty() {
        return writer.empty(name, &[]).map_err(|f| forbidden(f, name));
    }
    open(writer, name, &[])?;
    other::write(others, None, writer)?;
    for attachment in packed {
        let new = attachment.new;
        open(writer, "Attachment", &[])?;
        other::write(&new.other, None, writer)?;
        for (name, value) in [
            ("ContentId", Some(&*attachment.id)),
            ("AttachmentName", Some(&*new.name)),
            ("Description", new.description.as_deref()),
            ("FieldName", new.field_name.as_deref()),
            ("MimeType", new.mime_type.as_deref()),
            ("Format", new.format.as_deref()),
            ("ContentType", Some(&*attachment.content_type)),
        ] {
            write_text(writer, name, value.unwrap_or_default())?;
            other::write(&new.other, Some(name), writer)?;
        }
        let name = "edXML:ContentTransferEncoded";
        writer
            .hole(name, &[("xmlns:edXML", Q102)])
            .map_err(|f| forbidden(f, name))?;
        other::write(&new.other, Some("ContentTransferEncoded"), writer)?;
        writer.close();
    }
    other::write(others, Some("Attachment"), writer)?;
    writer.close();
    Ok(())
}

fn open(writer: &mut Writer, name: &'static str, of: &[(&str, &str)]) -> Result<(), Error> {
    writer.open(name, of).map_err(|f| forbidden(f, name))
}

/// Whether an unknown element may be said to stand behind this one in an attachment.
pub(super) fn is_attachment_member(name: &str) -> bool {
    matches!(
        name,
        "ContentId"
            | "AttachmentName"
            | "Description"
            | "FieldName"
            | "MimeType"
            | "Format"
            | "ContentType"
            | "ContentTransferEncoded"
    )
}

/// A name in the shape of a UUID (RFC 9562 version 8) made of the content and its place.
fn identifier(content: &[u8], number: usize) -> String {
    let mut seed = sha256(content).to_vec();
    seed.extend(u64::try_from(number).unwrap_or(0).to_le_bytes());
    let digits = hex(&sha256(&seed));
    let part = |range| digits.get(range).unwrap_or_default();
    format!(
        "{}-{}-8{}-8{}-{}",
        part(0..8),
        part(8..12),
        part(13..16),
        part(17..20),
        part(20..32)
    )
}

fn encoded(octets: usize) -> usize {
    octets.div_ceil(3).saturating_mul(4)
}

/// Files that go as they are, labelled by their extension.
const AS_THEY_ARE: [&str; 4] = ["pdf", "doc", "docx", "zip"];
/// Octets encoded at once; a multiple of three, so that no padding falls inside.
const BLOCK: usize = 48 << 10;
/// The end record of a zip with nothing in it.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
