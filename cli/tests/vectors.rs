//! The program gives the reports of `test-vectors/`, byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_program_prints_the_report_of_every_vector() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let mut folders: Vec<PathBuf> = fs::read_dir(&vectors)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("expect.json").is_file())
        .collect();
    folders.sort();
    assert!(folders.len() >= 12, "{}", folders.len());
    for folder in folders {
        let mut names = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        let input = names
            .find(|name| name.to_string_lossy().starts_with("input."))
            .unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_kyso"))
            .args("verify --format json --lang en --at 2026-06-01T12:00:00Z --trust".split(' '))
            .arg("../trust/root.pem")
            .arg(&input)
            .current_dir(&folder)
            .output()
            .unwrap();
        let expected = fs::read(folder.join("expect.json")).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&expected),
            "{}",
            folder.display()
        );
        let says = |word: &str| expected.windows(word.len()).any(|at| at == word.as_bytes());
        // The file's own indication stands before everything else that could hold these words.
        let status = if says(r#""indication":"TOTAL-FAILED","error""#) {
            1
        } else if says(r#""error":null,"validation""#) {
            2
        } else {
            65
        };
        assert_eq!(output.status.code(), Some(status), "{}", folder.display());
    }
}
