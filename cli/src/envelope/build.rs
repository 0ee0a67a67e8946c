//! `kyso envelope build`: a description in JSON or TOML, and the files it names.

use std::path::Path;

use kyso::edxml::EnvelopeBuilder;
use kyso::message::visible;
use kyso::{Error, ErrorKind, Limits, Place};
use kyso_map::{Existing, Input};
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
    let about = |error| Failure::about(spec, error);
    // Opened first and kept: the builder reads from the maps, and nothing is copied.
    let files = files(&description, folder).map_err(about)?;
    let mut next = files.iter();
    let builder = EnvelopeBuilder::from_json(&description, |attachment| {
        let missing = || {
            let name = attachment.name.clone().unwrap_or_default();
            Error::new(ErrorKind::Misuse, "the attachment has no path").at(Place::Part(name))
        };
        next.next().map(|file| &**file).ok_or_else(missing)
    })
    .map_err(about)?;
    let laid = builder.lay(now, &Limits::default()).map_err(about)?;
    output::write(output, existing, |out| laid.write_to(out))
}

/// The files that the description names, opened in its order.
fn files(description: &Value, folder: &Path) -> Result<Vec<Input>, Error> {
    let attachments = description.get("attachments").and_then(Value::as_array);
    let mut files = Vec::new();
    for attachment in attachments.into_iter().flatten() {
        let Some(path) = attachment.get("path").and_then(Value::as_str) else {
            // The builder names what is wrong with this one.
            break;
        };
        let path = folder.join(path);
        let file = kyso_map::open(&path, kyso_map::Access::Map).map_err(|error| {
            Error::new(ErrorKind::InputUnreadable, error.to_string())
                .at(Place::Part(path.to_string_lossy().into_owned()))
        })?;
        files.push(file);
    }
    Ok(files)
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
