//! A desk to work at: a folder of its own, keys, a document to sign, and the program.

// Each test file uses its own part of this.
#![allow(dead_code, unreachable_pub)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso_sandbox::{Authority, Settings, plain_pdf};
use serde_json::Value;

/// A folder that goes away with the test, holding `authority/` and `in.pdf`.
pub struct Desk {
    folder: PathBuf,
}

impl Desk {
    /// With keys on P-256, which are made at once.
    pub fn new() -> Self {
        let desk = Self::bare();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let settings = Settings::quick(i64::try_from(now).unwrap());
        Authority::new(&settings)
            .unwrap()
            .write_to(&desk.path("authority"))
            .unwrap();
        desk.write(
            "authority/password.txt",
            format!("{}\n", kyso_sandbox::PASSWORD),
        );
        desk.write("in.pdf", plain_pdf::pdf_with_table());
        desk
    }

    /// An empty folder.
    pub fn bare() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("kyso-cli-test-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// The program, started in this folder, in English, with an empty trust store.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kyso"));
        command
            .args(words)
            .current_dir(&self.folder)
            .env("LC_ALL", "C")
            .env("KYSO_TRUST_DIR", self.path("trust"))
            .env("KYSO_CACHE_DIR", self.path("cache"))
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Ran {
        Ran::from(self.command(words).output().unwrap())
    }

    /// With these bytes on standard input.
    pub fn run_with_input(&self, words: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }

    /// Signs as the person, with more options at the end.
    pub fn sign(&self, input: &str, output: &str, more: &[&str]) -> Ran {
        let mut words = vec!["sign", "pdf", input, "-o", output];
        words.extend(["--p12", "authority/person.p12"]);
        words.extend(["--password-file", "authority/password.txt"]);
        words.extend(more);
        self.run(&words)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What a run gave.
#[derive(Debug)]
pub struct Ran {
    pub exit: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Ran {
    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }

    /// Each line of standard output as JSON.
    pub fn json(&self) -> Vec<Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.exit, status, "{self:?}");
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or(-1),
            out: output.stdout,
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
