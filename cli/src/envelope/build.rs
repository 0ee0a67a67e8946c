//! `kyso envelope build`: a description in JSON or TOML, and the files it names.

use std::path::Path;

use kyso::edxml::{AttachmentSpec, EnvelopeBuilder};
use kyso::message::visible;
use kyso::{Error, ErrorKind, Limits, Place};
use kyso_map::Existing;
use serde_json::{Map, Value};

use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, is_dash, note};

/// Builds the envelope and says where it is.
pub(super) fn run(
    spec: &Path,
    output: &Path,
    existing: Existing,
    lang: Lang,
) -> Result<u8, Failure> {
    make(spec, output, existing)?;
    if !is_dash(output) {
        let (path, word) = (shown(output), output::quoted_path(output));
        note(&pick(
            lang,
            format!("Đã ghi gói tin: {path}. Xem lại: kyso envelope show {word}"),
            format!("Envelope written: {path}. Look at it: kyso envelope show {word}"),
        ));
    }
    Ok(status::DONE)
}

/// Builds the envelope; nothing is written when the rules are not kept.
pub(crate) fn make(spec: &Path, output: &Path, existing: Existing) -> Result<(), Failure> {
    output::check(output, existing)?;
    let description = description(spec, &input::open(spec)?)?;
    let folder = if is_dash(spec) { None } else { spec.parent() };
    let folder = folder.unwrap_or(Path::new(""));
    let now = input::now()?;
    let bytes = EnvelopeBuilder::from_json(&description, |attachment| content(attachment, folder))
        .and_then(|builder| builder.finish(now, &Limits::default()))
        .map_err(|error| Failure::about(spec, error))?;
    output::write(output, existing, |out| out.write_all(&bytes))
}

fn content(attachment: &AttachmentSpec, folder: &Path) -> Result<Vec<u8>, Error> {
    let Some(path) = &attachment.path else {
        let name = attachment.name.clone().unwrap_or_default();
        let error = Error::new(ErrorKind::Misuse, "the attachment has no path");
        return Err(error.at(Place::Part(name)));
    };
    let path = folder.join(path);
    match kyso_map::open(&path, kyso_map::Access::Map) {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) => Err(Error::new(ErrorKind::InputUnreadable, error.to_string())
            .at(Place::Part(path.to_string_lossy().into_owned()))),
    }
}

/// JSON when it opens as JSON does, else TOML.
fn description(spec: &Path, bytes: &[u8]) -> Result<Value, Failure> {
    let malformed = |detail: String| {
        Failure::said(
            ErrorKind::Malformed,
            format!(
                "{}: không đọc được mô tả gói tin: {}",
                shown(spec),
                visible(&detail)
            ),
            format!(
                "{}: the description cannot be read: {}",
                shown(spec),
                visible(&detail)
            ),
        )
    };
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| malformed(error.to_string()));
    }
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| malformed(error.message().to_owned()))?;
    Ok(of_table(table))
}

fn of_table(table: toml::Table) -> Value {
    let members: Map<String, Value> = table
        .into_iter()
        .map(|(name, value)| (name, of_toml(value)))
        .collect();
    Value::Object(members)
}

/// TOML and JSON have the same values but for dates, which JSON spells as texts.
fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(items) => items.into_iter().map(of_toml).collect(),
        toml::Value::Table(table) => of_table(table),
    }
}
