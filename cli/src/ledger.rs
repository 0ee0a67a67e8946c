//! An append-only log of one line of JSON an action, each naming the SHA-256 of the line before it,
//! so that a line that is changed or taken out shows.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use kyso::Time;
use kyso::crypto::sha256;
use kyso::report::json_line;
use serde_json::{Map, Value, json};

/// The file's name in its folder.
pub(crate) const NAME: &str = "log.jsonl";

/// Adds a line: when, what, and these members.
pub(crate) fn append(
    folder: &Path,
    at: Time,
    action: &str,
    members: &[(&str, Value)],
) -> io::Result<()> {
    let _turn = Turn::wait(folder)?;
    let path = folder.join(NAME);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let previous = lines(&text).last().map(|line| hex(&sha256(line)));
    let mut entry = Map::new();
    entry.insert("at".into(), json!(at.to_string()));
    entry.insert("action".into(), json!(action));
    for (name, value) in members {
        entry.insert((*name).into(), value.clone());
    }
    entry.insert("previous".into(), json!(previous));
    let mut line = json_line(&Value::Object(entry));
    line.push('\n');
    if !text.is_empty() && !text.ends_with(b"\n") {
        // A line that was cut off stays as it is.
        line.insert(0, '\n');
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_data()
}

/// What a log says.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) entries: Vec<Value>,
    /// The first line, from 1, that is no entry or that the next one does not follow.
    pub(crate) broken_at: Option<usize>,
}

/// Reads the log of a folder; an empty one where there is none.
pub(crate) fn read(folder: &Path) -> io::Result<Log> {
    let text = match fs::read(folder.join(NAME)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Log::default()),
        Err(error) => return Err(error),
    };
    let mut log = Log::default();
    let mut previous: Option<String> = None;
    for (position, line) in lines(&text).enumerate() {
        let entry: Option<Value> = serde_json::from_slice(line).ok();
        let follows = entry
            .as_ref()
            .is_some_and(|entry| entry["previous"].as_str() == previous.as_deref());
        if !follows {
            // An entry that names another line than the one before it: that one was changed, or
            // something between was taken out.
            let line = match (&entry, position) {
                (Some(_), 1..) => position,
                _ => position + 1,
            };
            log.broken_at.get_or_insert(line);
        }
        log.entries.extend(entry);
        previous = Some(hex(&sha256(line)));
    }
    Ok(log)
}

/// Octets in hexadecimal.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|octet| *octet == b'\n')
        .filter(|line| !line.is_empty())
}

/// One process writes at a time: a file that is there while one does.
struct Turn(PathBuf);

impl Turn {
    fn wait(folder: &Path) -> io::Result<Self> {
        let path = folder.join(".log.lock");
        for _ in 0..TRIES {
            match File::create_new(&path) {
                Ok(_) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
            // Whoever made it may have died.
            let age = fs::metadata(&path)
                .and_then(|found| found.modified())
                .ok()
                .and_then(|made| SystemTime::now().duration_since(made).ok());
            if age.is_some_and(|age| age > STALE) {
                let _ = fs::remove_file(&path);
                continue;
            }
            thread::sleep(PAUSE);
        }
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "another process holds the log",
        ))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);
const STALE: Duration = Duration::from_secs(30);
