//! [`EnvelopeBuilder`]: the one shape that is written.
//!
//! What the strict rules refuse is refused here, before an octet is written: [`EnvelopeBuilder::lay`]
//! holds the values and the attachments against the rules, [`EnvelopeBuilder::finish`] reads the
//! finished octets back as well. Nothing is random and no clock is read; the same values, ids and
//! time give the same octets.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::edxml::check::STATUS_CODES;
use crate::edxml::date::{DateText, TimeText};
use crate::edxml::header::{Business, Header, Organ, ResponseFor, Status, Trace, TraceHeader};
use crate::edxml::lay::{self, LaidEnvelope};
use crate::edxml::other::{self, Other, Others};
use crate::edxml::record::{Item, Member, Record, wrong};
use crate::edxml::{Envelope, Kind, json};
use crate::error::Error;
use crate::limits::Limits;
use crate::time::Time;

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
/// let bytes = EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new()))?
///     .attach("318-VP-TH.pdf", &b"%PDF-1.7"[..])
///     .finish(now, &kyso::Limits::default())?;
/// let envelope = Envelope::read(&bytes, &kyso::Limits::default())?;
/// assert!(envelope.breaches().is_empty());
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EnvelopeBuilder<'a> {
    pub(super) kind: Kind,
    pub(super) header: Header,
    pub(super) trace: Trace,
    pub(super) status: Status,
    pub(super) attachments: Vec<NewAttachment<'a>>,
    pub(super) others: Others,
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
    /// An extension of the official SDK.
    pub field_name: Option<String>,
    /// An extension of the official SDK.
    pub mime_type: Option<String>,
    /// An extension of the official SDK.
    pub format: Option<String>,
    /// Elements that the regulation does not know.
    pub other: Vec<Other>,
    /// Those in its line of the manifest.
    pub listed_other: Vec<Other>,
    /// The file's octets. They may be a memory map: writing goes through them once and copies none.
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
    /// An extension of the official SDK.
    pub field_name: Option<String>,
    /// An extension of the official SDK.
    pub mime_type: Option<String>,
    /// An extension of the official SDK.
    pub format: Option<String>,
    /// Elements that the regulation does not know.
    pub other: Vec<Other>,
    /// Those in its line of the manifest.
    pub listed_other: Vec<Other>,
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
            others: Others::default(),
        }
    }

    /// Everything that an envelope holds, to be changed and written anew: every value, the unknown
    /// elements in their order, the attachments decoded. A header signature is left out, since it
    /// would not hold over what is written.
    ///
    /// # Errors
    ///
    /// Where an attachment cannot be decoded within the limits.
    pub fn of(envelope: &Envelope<'_>, limits: &Limits) -> Result<EnvelopeBuilder<'static>, Error> {
        let parts = &envelope.parts;
        let mut attachments = Vec::with_capacity(parts.attachments.len());
        for attachment in envelope.attachments() {
            let stored = attachment.stored;
            attachments.push(NewAttachment {
                id: Some(attachment.id().to_owned()),
                name: attachment.name().to_owned(),
                content_type: stored.content_type.clone(),
                description: stored.description.clone(),
                field_name: stored.field_name.clone(),
                mime_type: stored.mime_type.clone(),
                format: stored.format.clone(),
                other: stored.other.clone(),
                listed_other: stored.listed_other.clone(),
                content: Cow::Owned(attachment.bytes(limits)?),
            });
        }
        Ok(EnvelopeBuilder {
            kind: parts.kind,
            header: parts.header.clone(),
            trace: parts.trace.clone(),
            status: parts.status.clone().unwrap_or_default(),
            attachments,
            others: parts.others.clone(),
        })
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
    pub fn from_json<C: Into<Cow<'a, [u8]>>>(
        value: &Value,
        mut load: impl FnMut(&AttachmentSpec) -> Result<C, Error>,
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
                "other" => builder.others = Others::from_json(value)?,
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

    /// Holds everything against the strict rules and lays it out. `now` is the time of the sender's
    /// trace line or of the status, where none was given. What comes out is written in one go,
    /// attachment by attachment, without ever standing in memory as a whole.
    ///
    /// # Errors
    ///
    /// `Misuse` where a rule is not kept, named by its number; `TooLarge` beyond the limits.
    pub fn lay(&self, now: Time, limits: &Limits) -> Result<LaidEnvelope<'_>, Error> {
        lay::lay(self, now, limits)
    }

    /// Writes the envelope into memory, and reads it back by the strict rules.
    ///
    /// # Errors
    ///
    /// As [`lay`](Self::lay).
    pub fn finish(&self, now: Time, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.lay(now, limits)?.to_bytes(limits)
    }

    pub(super) fn trace_at(&self, now: Time) -> Trace {
        let mut trace = self.trace.clone();
        trace.other.clone_from(&self.others.trace);
        if trace.passed.is_empty() {
            let from = self.header.from.as_ref();
            trace.passed.push(TraceHeader {
                organ_id: from.and_then(|from| from.organ_id.clone()),
                timestamp: Some(TimeText::Time(now)),
                other: Vec::new(),
            });
        }
        trace.business.get_or_insert_default().kind.get_or_insert(0);
        trace
    }

    pub(super) fn status_at(&self, now: Time) -> Result<Status, Error> {
        let mut status = self.status.clone();
        status.timestamp.get_or_insert(TimeText::Time(now));
        let needs_reason = matches!(status.status_code.as_deref(), Some("02" | "13" | "16"));
        if needs_reason && status.description.is_none() {
            let detail = "the statuses 02, 13 and 16 give their reason in Description";
            return Err(wrong("status.description", detail));
        }
        Ok(status)
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

    fn take_attachments<C: Into<Cow<'a, [u8]>>>(
        &mut self,
        value: &Value,
        load: &mut impl FnMut(&AttachmentSpec) -> Result<C, Error>,
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
            let content = load(&spec)?.into();
            let last = |path: &String| path.rsplit(['/', '\\']).next().map(str::to_owned);
            let name = spec.name.or_else(|| spec.path.as_ref().and_then(last));
            self.attachments.push(NewAttachment {
                id: spec.id,
                name: name.ok_or_else(|| wrong(&at, "an attachment needs a name"))?,
                content_type: spec.content_type,
                description: spec.description,
                field_name: spec.field_name,
                mime_type: spec.mime_type,
                format: spec.format,
                other: spec.other,
                listed_other: spec.listed_other,
                content,
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
                "field_name" => &mut spec.field_name,
                "mime_type" => &mut spec.mime_type,
                "format" => &mut spec.format,
                "other" => {
                    spec.other = other::from_json(value, &at, lay::is_attachment_member)?;
                    continue;
                }
                "listed_other" => {
                    spec.listed_other = other::from_json(value, &at, lay::is_attachment_member)?;
                    continue;
                }
                // What `show` adds and the file itself decides.
                "size" | "sha256" | "safe_name" | "entries" | "error" => continue,
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
            other: Vec::new(),
        }),
        staff_info: None,
        status_code: Some(code.to_owned()),
        description: description.map(str::to_owned),
        timestamp: Some(TimeText::Time(now)),
        other: Vec::new(),
    };
    Ok(EnvelopeBuilder::status(from, status))
}

fn of_json<R: Record + Item>(value: &Value, at: &str) -> Result<R, Error> {
    Ok(<R as Item>::from_json(value, at)?.unwrap_or_default())
}
