//! Other people's programs, asked for a second opinion, and a place for files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a program answered.
pub(crate) struct Answer {
    /// Whether it ended well.
    pub(crate) well: bool,
    /// Standard output and error output.
    pub(crate) text: String,
}

/// Whether `program` is there; prints why a test is skipped where it is not.
pub(crate) fn has(program: &str) -> bool {
    let found = Command::new(program).arg("-v").output().is_ok();
    if !found {
        println!("skipped: no {program} on this machine");
    }
    found
}

/// Runs `program` in `directory`.
pub(crate) fn ask(directory: &Path, program: &str, arguments: &[&str]) -> Answer {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    Answer {
        well: output.status.success(),
        text: String::from_utf8_lossy(&text).into_owned(),
    }
}

/// An empty directory of its own for the test `name`.
pub(crate) fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}
