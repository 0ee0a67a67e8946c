//! [`EnvelopeBuilder`]: the one shape that is written.
//!
//! Q102 in the official SDK's order, CRLF, two spaces, the literal prefix `edXML`, base64 on one line.
//! What the strict rules refuse is refused here: the finished octets are read back by the same
//! rules before they are handed out. Nothing is random and no clock is read; the same values, ids
//! and time give the same octets.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::crypto::{hex, sha256};
use crate::edxml::attachment::{extension, is_zip_label, strip_cid};
use crate::edxml::check::STATUS_CODES;
use crate::edxml::date::{DateText, TimeText};
use crate::edxml::header::{Business, Header, Organ, ResponseFor, Status, Trace, TraceHeader};
use crate::edxml::record::{
    Item, Member, Q102, Record, forbidden, write_record, write_text, wrong,
};
use crate::edxml::rules::{Breach, Mode, Outcome};
use crate::edxml::{Envelope, Kind, json, read, zip};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::time::Time;
use crate::xml::Writer;

/// Collects what an envelope shall say, then writes it.
///
/// ```
/// use kyso::edxml::{Envelope, EnvelopeBuilder, Organ};
/// use serde_json::json;
///
/// let header = json!({ "header": {
///     "from": { "organ_id": "G99.07" }, "to": [{ "organ_id": "H99" }],
///     "document_id": "G99.07,2025/11/03,318/VP-TH",
///     "code": { "code_number": "318", "code_notation": "VP-TH" },
///     "promulgation_info": { "promulgation_date": "2025-11-03" },
///     "subject": "V/v rà soát danh mục", "steering_type": 0,
/// } });
/// let now = "2025-11-03T14:05:00+07:00".parse()?;
/// let bytes = EnvelopeBuilder::from_json(&header, |_| unreachable!())?
///     .attach("318-VP-TH.pdf", &b"%PDF-1.7"[..])
///     .finish(now, &kyso::Limits::default())?;
/// let envelope = Envelope::read(&bytes, &kyso::Limits::default())?;
/// assert!(envelope.breaches().is_empty());
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EnvelopeBuilder<'a> {
    kind: Kind,
    header: Header,
    trace: Trace,
    status: Status,
    attachments: Vec<NewAttachment<'a>>,
}

/// A file to be put into an envelope.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct NewAttachment<'a> {
    /// Identifier, with or without `cid:`; made from the content where there is none.
    pub id: Option<String>,
    /// A plain file name.
    pub name: String,
    /// Label. Without one, pdf, doc, docx and zip go as they are; every other file is wrapped in a
    /// zip of one entry and labelled `application/zip`, as the official SDK does it. The label
    /// `application/zip` on another file asks for that zip; any other label for none.
    pub content_type: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// The file's octets.
    pub content: Cow<'a, [u8]>,
}

/// What a JSON description says of an attachment whose octets are still to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachmentSpec {
    /// Where the file lies, relative to the description.
    pub path: Option<String>,
    /// Identifier.
    pub id: Option<String>,
    /// File name; the last step of `path` where there is none.
    pub name: Option<String>,
    /// Label.
    pub content_type: Option<String>,
    /// Description.
    pub description: Option<String>,
}

impl<'a> EnvelopeBuilder<'a> {
    /// A document.
    pub fn document(header: Header) -> Self {
        Self {
            kind: Kind::Document,
            header,
            trace: Trace::default(),
            status: Status::default(),
            attachments: Vec::new(),
        }
    }

    /// A status message from this agency.
    pub fn status(from: Organ, status: Status) -> Self {
        let header = Header {
            from: Some(from),
            ..Header::default()
        };
        Self {
            kind: Kind::Status,
            status,
            ..Self::document(header)
        }
    }

    /// From the JSON form that [`Envelope::to_json`] prints; `load` gives the octets of each attachment.
    /// A member that the form does not have is refused by name.
    pub fn from_json(
        value: &Value,
        mut load: impl FnMut(&AttachmentSpec) -> Result<Vec<u8>, Error>,
    ) -> Result<Self, Error> {
        let Value::Object(members) = value else {
            return Err(wrong("description", "an object is expected here"));
        };
        let mut builder = Self::document(Header::default());
        let mut kind = None;
        for (name, value) in members {
            match name.as_str() {
                "schema" if value != json::SCHEMA => {
                    return Err(wrong(name, "the schema is not kyso-envelope/1"));
                }
                "schema" | "file" | "dialect" => {}
                "kind" => {
                    kind = match value.as_str() {
                        Some("document") => Some(Kind::Document),
                        Some("status") => Some(Kind::Status),
                        _ => return Err(wrong(name, "kind is document or status")),
                    };
                }
                "header" => builder.header = of_json(value, name)?,
                "trace" => builder.trace.passed = Member::from_json(value, name)?,
                "business" | "bussiness" => {
                    builder.trace.business = Member::from_json(value, name)?;
                }
                "status" => builder.take_status(value)?,
                "attachments" => builder.take_attachments(value, &mut load)?,
                _ => return Err(wrong(name, "an envelope has no such member")),
            }
        }
        let has_status = !builder.status.is_absent();
        builder.kind = kind.unwrap_or(if has_status {
            Kind::Status
        } else {
            Kind::Document
        });
        if builder.kind == Kind::Document && has_status {
            return Err(wrong("status", "a document has no status"));
        }
        Ok(builder)
    }

    /// The systems passed; without them the sender at the time of writing.
    #[must_use]
    pub fn trace(mut self, passed: Vec<TraceHeader>) -> Self {
        self.trace.passed = passed;
        self
    }

    /// The business action; without one it is a new document (type 0).
    #[must_use]
    pub fn business(mut self, business: Business) -> Self {
        self.trace.business = Some(business);
        self
    }

    /// Text or reason of a status.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        self.status.description = Some(description.to_owned());
        self
    }

    /// Whom a status is for.
    #[must_use]
    pub fn addressee(mut self, organ_id: &str) -> Self {
        let answered = self.status.response_for.get_or_insert_default();
        answered.organ_id = Some(organ_id.to_owned());
        self
    }

    /// Adds a file under a plain name.
    #[must_use]
    pub fn attach(self, name: &str, content: impl Into<Cow<'a, [u8]>>) -> Self {
        self.attach_as(NewAttachment {
            name: name.to_owned(),
            content: content.into(),
            ..NewAttachment::default()
        })
    }

    /// Adds a file with its identifier, label and description.
    #[must_use]
    pub fn attach_as(mut self, attachment: NewAttachment<'a>) -> Self {
        self.attachments.push(attachment);
        self
    }

    /// Writes the envelope. `now` is the time of the sender's trace line or of the status, where
    /// none was given.
    pub fn finish(&self, now: Time, limits: &Limits) -> Result<Vec<u8>, Error> {
        let bytes = self.write(now, limits)?;
        let (_, breaches) = read::examine(&bytes, limits)?;
        let refused = |breach: &&Breach| breach.outcome(Mode::Strict) == Outcome::Reject;
        match breaches.iter().find(refused) {
            Some(breach) => Err(breach.misuse()),
            None => Ok(bytes),
        }
    }

    fn write(&self, now: Time, limits: &Limits) -> Result<Vec<u8>, Error> {
        let packed = self.pack(limits)?;
        let mut writer = Writer::new("\r\n");
        let room = packed
            .iter()
            .map(|p| p.content.len().div_ceil(3).saturating_mul(4));
        writer.reserve(room.fold(16_384, usize::saturating_add));
        let open = |writer: &mut Writer, name, attributes: &[(&str, &str)]| {
            writer
                .open(name, attributes)
                .map_err(|f| forbidden(f, name))
        };
        open(&mut writer, "edXML", &[("xmlns", Q102)])?;
        open(&mut writer, "edXML:edXMLEnvelope", &[("xmlns:edXML", Q102)])?;
        open(&mut writer, "edXML:edXMLHeader", &[])?;
        open(&mut writer, "edXML:MessageHeader", &[])?;
        match self.kind {
            Kind::Document => self.header.write_members(&mut writer)?,
            Kind::Status => {
                Member::write(&self.header.from, &mut writer, "edXML:From")?;
                self.status_at(now)?.write_members(&mut writer)?;
            }
        }
        writer.close();
        if self.kind == Kind::Document {
            write_record(&self.trace_at(now), &mut writer, "edXML:TraceHeaderList")?;
        }
        writer.close();
        if self.kind == Kind::Document {
            open(&mut writer, "edXML:edXMLBody", &[])?;
            write_manifest(&mut writer, &packed)?;
            writer.close();
        }
        writer.close();
        if self.kind == Kind::Document || !packed.is_empty() {
            write_attachments(&mut writer, &packed)?;
        }
        Ok(writer.finish().into_bytes())
    }

    fn trace_at(&self, now: Time) -> Trace {
        let mut trace = self.trace.clone();
        if trace.passed.is_empty() {
            let from = self.header.from.as_ref();
            trace.passed.push(TraceHeader {
                organ_id: from.and_then(|from| from.organ_id.clone()),
                timestamp: Some(TimeText::Time(now)),
            });
        }
        trace.business.get_or_insert_default().kind.get_or_insert(0);
        trace
    }

    fn status_at(&self, now: Time) -> Result<Status, Error> {
        let mut status = self.status.clone();
        status.timestamp.get_or_insert(TimeText::Time(now));
        let needs_reason = matches!(status.status_code.as_deref(), Some("02" | "13" | "16"));
        if needs_reason && status.description.is_none() {
            let detail = "the statuses 02, 13 and 16 give their reason in Description";
            return Err(wrong("status.description", detail));
        }
        Ok(status)
    }

    fn pack(&self, limits: &Limits) -> Result<Vec<Packed<'_>>, Error> {
        let mut packed = Vec::with_capacity(self.attachments.len());
        for (number, attachment) in self.attachments.iter().enumerate() {
            let content = &*attachment.content;
            let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
            let place = || Place::Part(attachment.name.clone());
            if size > limits.attachment_size {
                let detail = "A5: an attachment larger than the limit";
                return Err(Error::new(ErrorKind::TooLarge, detail).at(place()));
            }
            let given = attachment.id.as_deref().map(strip_cid).map(str::trim);
            let id = match given.filter(|id| !id.is_empty()) {
                Some(id) => id.to_owned(),
                None => identifier(content, number),
            };
            let name = attachment.name.trim();
            let extension = extension(name);
            let label = attachment.content_type.as_deref().map(str::trim);
            let label = label.filter(|label| !label.is_empty());
            let is_own_zip = extension == "zip";
            let (content_type, wraps) = match label {
                Some(label) => (label.to_owned(), is_zip_label(label) && !is_own_zip),
                None if AS_THEY_ARE.contains(&&*extension) => {
                    (format!("application/{extension}"), false)
                }
                None => ("application/zip".to_owned(), true),
            };
            let content = if wraps {
                let entry = if extension.is_empty() {
                    id.clone()
                } else {
                    format!("{id}.{extension}")
                };
                // The entry's name is no path, whatever the identifier holds.
                let entry = entry.replace(['/', '\\', ':'], "_");
                Cow::Owned(zip::wrap(&entry, content).map_err(|e| e.at(place()))?)
            } else {
                Cow::Borrowed(content)
            };
            packed.push(Packed {
                id: format!("cid:{id}"),
                name,
                content_type,
                description: attachment.description.as_deref().unwrap_or_default(),
                content,
            });
        }
        Ok(packed)
    }

    fn take_status(&mut self, value: &Value) -> Result<(), Error> {
        let mut members = match value {
            Value::Null => return Ok(()),
            Value::Object(members) => members.clone(),
            _ => return Err(wrong("status", "an object is expected here")),
        };
        // Who describes a status in one place may say there who sends it.
        if let Some(from) = members.remove("from") {
            self.header.from = Member::from_json(&from, "status.from")?;
        }
        self.status = of_json(&Value::Object(members), "status")?;
        Ok(())
    }

    fn take_attachments(
        &mut self,
        value: &Value,
        load: &mut impl FnMut(&AttachmentSpec) -> Result<Vec<u8>, Error>,
    ) -> Result<(), Error> {
        let Value::Array(items) = value else {
            return Err(wrong("attachments", "a list is expected here"));
        };
        for (number, item) in items.iter().enumerate() {
            let at = format!("attachments[{number}]");
            let Value::Object(members) = item else {
                return Err(wrong(&at, "an object is expected here"));
            };
            let spec = AttachmentSpec::from_members(members, &at)?;
            let content = load(&spec)?;
            let last = |path: &String| path.rsplit(['/', '\\']).next().map(str::to_owned);
            let name = spec.name.or_else(|| spec.path.as_ref().and_then(last));
            self.attachments.push(NewAttachment {
                id: spec.id,
                name: name.ok_or_else(|| wrong(&at, "an attachment needs a name"))?,
                content_type: spec.content_type,
                description: spec.description,
                content: Cow::Owned(content),
            });
        }
        Ok(())
    }
}

impl AttachmentSpec {
    fn from_members(members: &Map<String, Value>, at: &str) -> Result<Self, Error> {
        let mut spec = Self::default();
        for (name, value) in members {
            let at = format!("{at}.{name}");
            let slot = match name.as_str() {
                "path" => &mut spec.path,
                "id" => &mut spec.id,
                "name" => &mut spec.name,
                "content_type" => &mut spec.content_type,
                "description" => &mut spec.description,
                // What `show` adds and the file itself decides.
                "size" | "sha256" | "safe_name" | "error" => continue,
                _ => return Err(wrong(&at, "an attachment has no such member")),
            };
            *slot = <String as Item>::from_json(value, &at)?;
        }
        Ok(spec)
    }
}

/// The status message that answers a received document: `code` with its text, from this agency.
///
/// It is addressed to the document's sender. Code 13 asks a receiver to give the document back: it
/// is addressed to the one receiver; where there are several, use
/// [`EnvelopeBuilder::addressee`] on the builder that this returns.
pub fn status_reply(
    received: &Envelope<'_>,
    code: &str,
    description: Option<&str>,
    from: Organ,
    now: Time,
) -> Result<EnvelopeBuilder<'static>, Error> {
    if received.kind() != Kind::Document {
        return Err(wrong("kind", "only a document is answered with a status"));
    }
    if !STATUS_CODES.contains(&code) {
        let detail = "T1: the status is one of 01 to 06, 13, 15 and 16";
        return Err(wrong("status.status_code", detail));
    }
    let header = received.header();
    let organ_id = match (code, header.to.as_slice()) {
        ("13", [one]) => one.organ_id.clone(),
        ("13", _) => None,
        _ => header.from.as_ref().and_then(|from| from.organ_id.clone()),
    };
    let issued = header.promulgation_info.as_ref();
    let issued = issued.and_then(|issued| issued.promulgation_date.as_ref()?.date());
    let status = Status {
        response_for: Some(ResponseFor {
            organ_id,
            code: header.code.as_ref().and_then(|code| code.joined()),
            document_id: header.document_id.clone(),
            promulgation_date: issued.map(DateText::Date),
        }),
        staff_info: None,
        status_code: Some(code.to_owned()),
        description: description.map(str::to_owned),
        timestamp: Some(TimeText::Time(now)),
    };
    Ok(EnvelopeBuilder::status(from, status))
}

/// An attachment as it will stand.
struct Packed<'p> {
    id: String,
    name: &'p str,
    content_type: String,
    description: &'p str,
    content: Cow<'p, [u8]>,
}

fn write_manifest(writer: &mut Writer, packed: &[Packed<'_>]) -> Result<(), Error> {
    let name = "edXML:edXMLManifest";
    let version = [("version", "1.0")];
    if packed.is_empty() {
        return writer.empty(name, &version).map_err(|f| forbidden(f, name));
    }
    writer
        .open(name, &version)
        .map_err(|f| forbidden(f, name))?;
    for attachment in packed {
        let name = "edXML:Reference";
        writer.open(name, &[]).map_err(|f| forbidden(f, name))?;
        write_text(writer, "edXML:ContentId", &attachment.id)?;
        write_text(writer, "edXML:ContentType", &attachment.content_type)?;
        write_text(writer, "edXML:Description", attachment.description)?;
        write_text(writer, "edXML:AttachmentName", attachment.name)?;
        writer.close();
    }
    writer.close();
    Ok(())
}

fn write_attachments(writer: &mut Writer, packed: &[Packed<'_>]) -> Result<(), Error> {
    let name = "AttachmentEncoded";
    if packed.is_empty() {
        return writer.empty(name, &[]).map_err(|f| forbidden(f, name));
    }
    writer.open(name, &[]).map_err(|f| forbidden(f, name))?;
    for attachment in packed {
        let name = "Attachment";
        writer.open(name, &[]).map_err(|f| forbidden(f, name))?;
        write_text(writer, "ContentId", &attachment.id)?;
        write_text(writer, "AttachmentName", attachment.name)?;
        write_text(writer, "Description", attachment.description)?;
        write_text(writer, "ContentType", &attachment.content_type)?;
        let name = "edXML:ContentTransferEncoded";
        let declared = [("xmlns:edXML", Q102)];
        writer
            .base64(name, &declared, &attachment.content)
            .map_err(|f| forbidden(f, name))?;
        writer.close();
    }
    writer.close();
    Ok(())
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

fn of_json<R: Record + Item>(value: &Value, at: &str) -> Result<R, Error> {
    Ok(<R as Item>::from_json(value, at)?.unwrap_or_default())
}

/// Files that go as they are, labelled by their extension.
const AS_THEY_ARE: [&str; 4] = ["pdf", "doc", "docx", "zip"];
