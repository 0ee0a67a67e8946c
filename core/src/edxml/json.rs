//! The JSON form of an envelope; its members are listed in the [module](crate::edxml).

use serde_json::{Map, Value, json};

use crate::crypto::{hex, sha256};
use crate::edxml::record::{Member, Record};
use crate::edxml::{Attachment, Envelope, Kind};
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
    match attachment.bytes(limits) {
        Ok(bytes) => {
            put("size", json!(bytes.len()));
            put("sha256", json!(hex(&sha256(&bytes))));
        }
        Err(error) => {
            let said = json!({ "code": error.code(), "message": error.detail() });
            put("error", said);
        }
    }
    Value::Object(object)
}

pub(super) const SCHEMA: &str = "kyso-envelope/1";
