//! What the states between two steps of signing have in common: one line of JSON, octets in base64,
//! digests in hexadecimal.

use std::ops::Range;

use serde_json::Value;

use crate::error::{Error, ErrorKind, Place};
use crate::report::json_line;
use crate::x509::Certificate;

pub(super) fn written(members: &Value) -> Vec<u8> {
    let mut text = json_line(members);
    text.push('\n');
    text.into_bytes()
}

pub(super) fn read(bytes: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(bytes).map_err(|e| bad("JSON").caused_by(e))
}

pub(super) fn text<'v>(value: &'v Value, name: &'static str) -> Result<&'v str, Error> {
    let found = value.get(name).and_then(Value::as_str);
    found.ok_or_else(|| bad(name))
}

pub(super) fn number(value: &Value, name: &'static str) -> Result<usize, Error> {
    counted(value.get(name), name)
}

/// Two numbers, start and end.
pub(super) fn range(value: &Value, name: &'static str) -> Result<Range<usize>, Error> {
    let both = value.get(name);
    let at = |position: usize| counted(both.and_then(|both| both.get(position)), name);
    Ok(at(0)?..at(1)?)
}

fn counted(value: Option<&Value>, name: &'static str) -> Result<usize, Error> {
    let number = value.and_then(Value::as_u64);
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| bad(name))
}

/// The SHA-256 that a member holds.
pub(super) fn sha256(value: &Value, name: &'static str) -> Result<[u8; 32], Error> {
    let octets = unhex(text(value, name)?).and_then(|octets| octets.try_into().ok());
    octets.ok_or_else(|| bad(name))
}

/// The signer's certificate and the chain; `part` is what is at fault where one is no base64.
pub(super) fn certificates(value: &Value, part: &'static str) -> Result<Vec<Certificate>, Error> {
    let all = value.get("certificates").and_then(Value::as_array);
    let all = all.ok_or_else(|| bad("certificates"))?.iter();
    all.map(|one| {
        let text = one.as_str().ok_or_else(|| bad("certificates"))?;
        Certificate::from_der(&unbase64(text, part)?)
    })
    .collect()
}

pub(super) fn base64(octets: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(octets)
}

pub(super) fn unbase64(text: &str, part: &'static str) -> Result<Vec<u8>, Error> {
    let octets = base64_simd::STANDARD.decode_to_vec(text);
    octets.map_err(|_| bad(part))
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    hex_simd::decode_to_vec(text).ok()
}

/// The state is no such state.
pub(super) fn bad(part: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, "the prepared state of a signature")
        .at(Place::Part(part.into()))
}

/// The state does not fit what it is completed with.
pub(super) fn mismatch<T>(detail: &'static str) -> Result<T, Error> {
    Err(Error::new(ErrorKind::Mismatch, detail))
}
