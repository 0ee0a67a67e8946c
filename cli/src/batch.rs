//! Two-step signing of many files: N digests out, N signatures in. What fails stays with its file,
//! and every file has one line of JSON.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use kyso::report::json_line;
use kyso::{Answer, ErrorKind};
use serde_json::{Value, json};

use crate::args::{Complete, Prepare};
use crate::extend::Raising;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::Lang;
use crate::output::{self, is_dash, print};
use crate::two_step::{Waiting, finish, octets};

/// Lays each file and keeps its state in the folder.
pub(crate) fn prepare(arguments: &Prepare, states: &Path, lang: Lang) -> Result<u8, Failure> {
    folder(states)?;
    let mut gravest = status::DONE;
    for (path, name) in named(&arguments.input)? {
        let state = states.join(state_name(&name));
        let existing = output::existing(arguments.force);
        let told = output::check(&state, existing)
            .and_then(|()| Waiting::lay(path, arguments))
            .and_then(|waiting| {
                output::write(&state, existing, |out| out.write_all(&waiting.state()))?;
                Ok(waiting.told(Some(path), &state))
            });
        gravest = say(told, "kyso-prepared/1", path, gravest, lang)?;
    }
    Ok(gravest)
}

/// Completes each file with its answer.
pub(crate) fn complete(
    arguments: &Complete,
    states: &Path,
    raising: &Raising,
    lang: Lang,
) -> Result<u8, Failure> {
    folder(&arguments.output)?;
    let answers = Answers::read(&arguments.signature)?;
    let existing = output::existing(arguments.force);
    let mut gravest = status::DONE;
    for (path, name) in named(&arguments.input)? {
        let output = arguments.output.join(&name);
        let done = output::check(&output, existing).and_then(|()| {
            let state_path = states.join(state_name(&name));
            let state = input::open(&state_path)?;
            let answer = answers.of(path, &state)?;
            let input = input::open(path)?;
            let signed = finish(
                &state_path,
                &state,
                path,
                &input,
                Answer::of(answer),
                raising.level()?,
            )?;
            output::write(&output, existing, |mut out| signed.write_to(&mut out))?;
            Ok(json!({
                "schema": "kyso-signed/1",
                "file": shown(path),
                "output": shown(&output),
            }))
        });
        gravest = say(done, "kyso-signed/1", path, gravest, lang)?;
    }
    Ok(gravest)
}

/// Prints the line of one file. What went wrong with it is in the line, and in the exit status.
fn say(
    told: Result<Value, Failure>,
    schema: &str,
    path: &Path,
    gravest: u8,
    lang: Lang,
) -> Result<u8, Failure> {
    match told {
        Ok(mut line) => {
            if let Some(members) = line.as_object_mut() {
                members.insert("error".into(), Value::Null);
            }
            print(&json_line(&line))?;
            Ok(gravest)
        }
        Err(Failure::Unheard) => Err(Failure::Unheard),
        Err(failure) => {
            let line = json!({
                "schema": schema,
                "file": shown(path),
                "error": { "code": failure.code(), "message": failure.message(lang) },
            });
            print(&json_line(&line))?;
            Ok(status::gravest(gravest, failure.exit()))
        }
    }
}

/// The files with their names, which have to differ: the states stand beside one another.
fn named(paths: &[PathBuf]) -> Result<Vec<(&Path, OsString)>, Failure> {
    let mut seen = HashMap::new();
    let mut named = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.file_name().filter(|_| !is_dash(path));
        let Some(name) = name else {
            return Err(Failure::usage(
                format!("{}: cần một tệp có tên", shown(path)),
                format!("{}: a file with a name is needed", shown(path)),
            ));
        };
        if let Some(other) = seen.insert(name.to_owned(), path) {
            let (a, b) = (shown(other), shown(path));
            return Err(Failure::usage(
                format!("{a} và {b} trùng tên tệp: hãy chạy riêng từng thư mục"),
                format!("{a} and {b} have one name: run each folder by itself"),
            ));
        }
        named.push((path.as_path(), name.to_owned()));
    }
    Ok(named)
}

fn state_name(name: &OsString) -> OsString {
    let mut state = name.clone();
    state.push(".kyso.json");
    state
}

fn folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::unwritable(path, &error))
}

/// Signatures by the digest that they answer, or by the file.
struct Answers {
    path: PathBuf,
    by: HashMap<String, String>,
}

impl Answers {
    fn read(path: &Path) -> Result<Self, Failure> {
        let text = input::open(path)?;
        let text = std::str::from_utf8(&text).map_err(|_| bad(path, 1))?;
        let mut by = HashMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let value: Value = serde_json::from_str(line).map_err(|_| bad(path, number))?;
            let text = |name: &str| value.get(name).and_then(Value::as_str);
            // An item that was refused has no signature; its file then has none either.
            let Some(signature) = text("signature") else {
                continue;
            };
            let keys: Vec<String> = ["digest", "document_digest", "file"]
                .iter()
                .filter_map(|name| text(name))
                .map(str::to_owned)
                .collect();
            if keys.is_empty() {
                return Err(bad(path, number));
            }
            for key in keys {
                by.insert(key, signature.to_owned());
            }
        }
        Ok(Self {
            path: path.to_owned(),
            by,
        })
    }

    /// The answer to a state: by its digests first, since a digest cannot be mistaken.
    fn of(&self, path: &Path, state: &[u8]) -> Result<Vec<u8>, Failure> {
        let state: Value = serde_json::from_slice(state).unwrap_or_default();
        let digests = ["digest", "document_digest"]
            .iter()
            .filter_map(|name| state.get(name).and_then(Value::as_str));
        let file = path.to_string_lossy();
        let shown_file = shown(path);
        let found = digests
            .chain([&*file, shown_file.as_str()])
            .find_map(|key| self.by.get(key));
        let Some(text) = found else {
            return Err(Failure::said(
                ErrorKind::Mismatch,
                format!(
                    "{shown_file}: {} không có chữ ký cho tệp này",
                    shown(&self.path)
                ),
                format!(
                    "{shown_file}: {} holds no signature for it",
                    shown(&self.path)
                ),
            ));
        };
        octets(text.as_bytes()).ok_or_else(|| {
            Failure::said(
                ErrorKind::Malformed,
                format!("{shown_file}: chữ ký không phải hex hay base64"),
                format!("{shown_file}: the signature is neither hex nor base64"),
            )
        })
    }
}

fn bad(path: &Path, line: usize) -> Failure {
    let path = shown(path);
    Failure::said(
        ErrorKind::Malformed,
        format!("{path}, dòng {line}: cần một dòng JSON có digest hoặc file, và signature"),
        format!(
            "{path}, line {line}: a line of JSON with digest or file, and signature, is needed"
        ),
    )
}
