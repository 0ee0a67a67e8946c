//! The reader against real and broken files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::limits::Limits;

/// The folder of test data, where there is one.
pub(crate) fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("KYSO_DATA").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no test data at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Every PDF below a folder of the test data, with its path below it.
pub(crate) fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Some(root) = data().map(|data| data.join(folder)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "pdf") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_corpus_opens_but_for_encrypted_and_broken_files() {
    let mut refused = Vec::new();
    for (name, bytes) in files("corpus/pdf") {
        match File::open(&bytes, &Limits::default()) {
            Ok(file) => {
                let root = file.catalog(file.newest());
                if !root.as_ref().is_ok_and(Option::is_some) {
                    println!("no catalog in {name}: {:?}", root.err());
                }
            }
            Err(error) => refused.push(format!("{name}: {error:?}")),
        }
    }
    println!("{}", refused.join("\n"));
    assert!(refused.len() <= 50, "{} refused", refused.len());
}
