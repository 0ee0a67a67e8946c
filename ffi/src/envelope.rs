//! `kyso_envelope` and `kyso_envelope_builder`: the edXML envelope, read and written.

use std::collections::HashMap;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use kyso::edxml::{AttachmentSpec, NewAttachment, Organ, status_reply};
use kyso::{EnvelopeBuilder, Error, Limits, Time};
use kyso_map::{Access, Input};
use serde_json::Value;

use crate::border::{Caller, Handle, OwnedEnvelope, c_string, misuse};
use crate::bytes::kyso_bytes;
use crate::error::kyso_error;
use crate::file;
use crate::status::kyso_status;

/// An envelope that was read. Any number of threads may read one at the same time.
#[allow(non_camel_case_types)]
pub struct kyso_envelope(());

impl Handle for kyso_envelope {
    type Value = Received;
    const TAG: u64 = u64::from_be_bytes(*b"ky1envel");
    const NAME: &'static str = "kyso_envelope";
}

/// An envelope, with its texts as C wants them.
pub(crate) struct Received {
    envelope: OwnedEnvelope,
    /// `AttachmentName` and the safe name of each attachment.
    names: Vec<(CString, CString)>,
    json: OnceLock<CString>,
}

impl Received {
    fn read(input: Input) -> Result<Self, Error> {
        let envelope = OwnedEnvelope::read(input, &Limits::default())?;
        let names = envelope
            .envelope()?
            .attachments()
            .map(|attachment| {
                (
                    c_string(attachment.name()),
                    c_string(attachment.safe_name()),
                )
            })
            .collect();
        Ok(Self {
            envelope,
            names,
            json: OnceLock::new(),
        })
    }
}

/// Reads an envelope in memory; the octets are copied. Reading is lenient: what departs from the
/// rules of QCVN 102 does not fail here as long as it can be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_read(
    data: *const u8,
    len: usize,
    out: *mut *mut kyso_envelope,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        Received::read(Input::from(caller.bytes("data", data, len)?.to_vec()))
    })
}

/// Reads an envelope from a file, which stays open as a map as long as the object lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_read_file(
    path: *const c_char,
    out: *mut *mut kyso_envelope,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        Received::read(file::open(&caller.path("path", path)?, Access::Map)?)
    })
}

/// What the envelope says, as one line of JSON (`kyso-envelope/1`). It is data: escape it before you
/// show it on a terminal. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_json(envelope: *const kyso_envelope) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let received = caller.shared(envelope)?;
        let value = received.envelope.envelope()?;
        let text = received
            .json
            .get_or_init(|| c_string(kyso::report::json_line(&value.to_json())));
        Ok(text.as_ptr())
    })
}

/// How many attachments it has. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_attachment_count(envelope: *const kyso_envelope) -> usize {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(0, || Ok(caller.shared(envelope)?.names.len()))
}

/// The name of one attachment, counted from 0, as it stands: it is data, not a path. NULL where
/// there is none of that number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_attachment_name(
    envelope: *const kyso_envelope,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let received = caller.shared(envelope)?;
        Ok(received
            .names
            .get(index)
            .map_or(ptr::null(), |(name, _)| name.as_ptr()))
    })
}

/// A plain file name made from the name of one attachment: without path, control and bidirectional
/// characters, not empty, and no other attachment of the envelope has it. To be used when a file is
/// made. NULL where there is none of that number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_attachment_safe_name(
    envelope: *const kyso_envelope,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let received = caller.shared(envelope)?;
        Ok(received
            .names
            .get(index)
            .map_or(ptr::null(), |(_, safe)| safe.as_ptr()))
    })
}

/// The content of one attachment, decoded, and taken out of a wrapping zip. `KYSO_MISUSE` where
/// there is none of that number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_attachment_bytes(
    envelope: *const kyso_envelope,
    index: usize,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let received = caller.shared(envelope)?;
        let attachment = received
            .envelope
            .envelope()?
            .attachments()
            .nth(index)
            .ok_or_else(|| misuse("no attachment has this number", "index"))?;
        attachment.bytes(&Limits::default())
    })
}

/// Answers a received document with a status message. `code` is the status of QCVN 102, such as
/// `03`; `description` may be NULL; `organ_id` and `organ_name` say who answers (the name may be
/// NULL); `now` is in seconds since 1970-01-01T00:00:00Z. `*out` is the answer's envelope.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_status_reply(
    envelope: *const kyso_envelope,
    code: *const c_char,
    description: *const c_char,
    organ_id: *const c_char,
    organ_name: *const c_char,
    now: i64,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let received = caller.shared(envelope)?;
        let mut from = Organ::default();
        from.organ_id = Some(caller.text("organ_id", organ_id)?.to_owned());
        from.organ_name = caller
            .optional_text("organ_name", organ_name)?
            .map(str::to_owned);
        let description = caller.optional_text("description", description)?;
        let code = caller.text("code", code)?;
        let now = Time::from_unix(now).at_offset(Time::VIET_NAM);
        status_reply(received.envelope.envelope()?, code, description, from, now)?
            .finish(now, &Limits::default())
    })
}

/// Ends an envelope. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_free(envelope: *mut kyso_envelope) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(envelope);
}

/// An envelope about to be written.
#[allow(non_camel_case_types)]
pub struct kyso_envelope_builder(());

impl Handle for kyso_envelope_builder {
    type Value = Draft;
    const TAG: u64 = u64::from_be_bytes(*b"ky1envbd");
    const NAME: &'static str = "kyso_envelope_builder";
}

/// The description of an envelope, and the files for it.
pub(crate) struct Draft {
    description: Value,
    files: Vec<(String, Vec<u8>)>,
}

/// From a description in JSON: the members `kind`, `header`, `trace`, `business`, `status` and
/// `attachments` as `kyso_envelope_json` gives them. What it says is checked when it is finished.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_builder_new(
    json: *const c_char,
    out: *mut *mut kyso_envelope_builder,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let description = serde_json::from_str(caller.text("json", json)?)
            .map_err(|e| misuse("the description is not JSON", "json").caused_by(e))?;
        Ok(Draft {
            description,
            files: Vec::new(),
        })
    })
}

/// Adds a file under a plain name; its octets are copied. An attachment that the description names
/// (`attachments[].name`, else the last step of `path`) takes its octets from the file of that
/// name; the other files follow in the order given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_builder_attach(
    builder: *mut kyso_envelope_builder,
    name: *const c_char,
    data: *const u8,
    len: usize,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut draft = caller.exclusive(builder)?;
        let name = caller.text("name", name)?.to_owned();
        let content = caller.bytes("data", data, len)?.to_vec();
        if draft.files.iter().any(|(other, _)| *other == name) {
            return Err(misuse("a file of this name was added already", "name"));
        }
        draft.files.push((name, content));
        Ok(())
    })
}

/// Writes the envelope, after checking it by the strict rules. `now`, in seconds since
/// 1970-01-01T00:00:00Z, is the time of the sender's trace line or of the status, where the
/// description gives none. The same description, files and time give the same octets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_builder_finish(
    builder: *const kyso_envelope_builder,
    now: i64,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let draft = caller.shared(builder)?;
        draft.finish(Time::from_unix(now).at_offset(Time::VIET_NAM))
    })
}

/// Ends a builder. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_envelope_builder_free(builder: *mut kyso_envelope_builder) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(builder);
}

impl Draft {
    fn finish(&self, now: Time) -> Result<Vec<u8>, Error> {
        let mut left: HashMap<&str, &[u8]> = self
            .files
            .iter()
            .map(|(name, content)| (name.as_str(), content.as_slice()))
            .collect();
        let mut builder = EnvelopeBuilder::from_json(&self.description, |spec| {
            named(spec)
                .and_then(|name| left.remove(name))
                .ok_or_else(|| misuse("no file was added under this attachment's name", "json"))
        })?;
        for (name, content) in &self.files {
            if left.contains_key(name.as_str()) {
                let mut attachment = NewAttachment::default();
                attachment.name = name.clone();
                attachment.content = content.as_slice().into();
                builder = builder.attach_as(attachment);
            }
        }
        builder.finish(now, &Limits::default())
    }
}

fn named(spec: &AttachmentSpec) -> Option<&str> {
    let last_step = |path: &'_ str| -> usize { path.rfind(['/', '\\']).map_or(0, |at| at + 1) };
    match (&spec.name, &spec.path) {
        (Some(name), _) => Some(name),
        (None, Some(path)) => path.get(last_step(path)..),
        (None, None) => None,
    }
}
