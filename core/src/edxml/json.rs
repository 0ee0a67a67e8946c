//! The JSON form of an envelope; its members are listed in the [module](crate::edxml).

use std::io::Read;

use serde_json::{Map, Value, json};

use crate::crypto::{Digest, DigestAlgorithm, Hasher};
use crate::edxml::record::{Member, Record};
use crate::edxml::{Attachment, AttachmentReader, Envelope, Kind, other};
use crate::error::Error;
use crate::limits::Limits;

/// `kyso-envelope/1`.
pub(super) fn envelope(envelope: &Envelope<'_>, limits: &Limits) -> Value {
    let mut object = Map::new();
    object.insert("schema".to_owned(), json!(SCHEMA));
    object.insert("kind".to_owned(), json!(envelope.kind().name()));
    object.insert("dialect".to_owned(), json!(envelope.dialect().name()));
    let mut header = Map::new();
    envelope.header().put_json(&mut header);
    object.insert("header".to_owned(), Value::Object(header));
    let trace = &envelope.parts.trace;
    if let Some(passed) = Member::to_json(&trace.passed) {
        object.insert("trace".to_owned(), passed);
    }
    if let Some(business) = Member::to_json(&trace.business) {
        object.insert("business".to_owned(), business);
    }
    if let Some(status) = &envelope.parts.status {
        let mut members = Map::new();
        status.put_json(&mut members);
        object.insert("status".to_owned(), Value::Object(members));
    }
    if envelope.kind() == Kind::Document || envelope.attachments().len() > 0 {
        let attachments = envelope.attachments();
        let list: Vec<Value> = attachments.map(|a| attachment(&a, limits)).collect();
        object.insert("attachments".to_owned(), Value::Array(list));
    }
    if let Some(others) = envelope.parts.others.to_json() {
        object.insert("other".to_owned(), others);
    }
    Value::Object(object)
}

fn attachment(attachment: &Attachment<'_>, limits: &Limits) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("id", json!(attachment.id()));
    put("name", json!(attachment.name()));
    if attachment.safe_name() != attachment.name() {
        put("safe_name", json!(attachment.safe_name()));
    }
    if let Some(content_type) = attachment.content_type() {
        put("content_type", json!(content_type));
    }
    if let Some(description) = attachment.description() {
        put("description", json!(description));
    }
    let stored = attachment.stored;
    for (name, value) in [
        ("field_name", &stored.field_name),
        ("mime_type", &stored.mime_type),
        ("format", &stored.format),
    ] {
        if let Some(value) = value {
            put(name, json!(value));
        }
    }
    if let Some(others) = other::to_json(&stored.other) {
        put("other", others);
    }
    if let Some(others) = other::to_json(&stored.listed_other) {
        put("listed_other", others);
    }
    if attachment.entries().len() > 0 {
        let entries = attachment.entries();
        let list = entries.map(|entry| json!({ "name": entry.name, "size": entry.size }));
        put("entries", list.collect());
    }
    match digest(attachment, limits) {
        Ok((size, sha256)) => {
            put("size", json!(size));
            put("sha256", json!(sha256.to_hex()));
        }
        Err(error) => {
            let said = json!({ "code": error.code(), "message": error.detail() });
            put("error", said);
        }
    }
    Value::Object(object)
}

/// Size and SHA-256 of the payload, read as a stream.
fn digest(attachment: &Attachment<'_>, limits: &Limits) -> Result<(u64, Digest), Error> {
    let mut reader = attachment.reader(limits)?;
    let (mut hasher, mut size) = (Hasher::new(DigestAlgorithm::Sha256), 0u64);
    let mut block = vec![0; BLOCK];
    loop {
        let count = reader.read(&mut block).map_err(AttachmentReader::fault)?;
        if count == 0 {
            return Ok((size, hasher.finish()));
        }
        size = size.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        hasher.update(block.get(..count).unwrap_or_default());
    }
}

const BLOCK: usize = 64 << 10;
pub(super) const SCHEMA: &str = "kyso-envelope/1";
