//! `include/kyso.h` and `symbols.txt` are what the sources say.
//!
//! `KYSO_UPDATE=1 cargo test -p kyso-ffi --test header` writes both anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_header_is_current() {
    compare("include/kyso.h", &header());
}

#[test]
fn the_list_of_symbols_is_current() {
    let names = functions(&header());
    let mut list: String = names.iter().map(|name| format!("{name}\n")).collect();
    list.insert_str(
        0,
        "# What libkyso exports; nothing else, and nothing is ever taken away.\n",
    );
    compare("symbols.txt", &list);
}

#[test]
fn every_exported_function_stands_in_the_header() {
    let header = functions(&header());
    let mut sources = BTreeSet::new();
    for entry in fs::read_dir(folder().join("src")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line == "#[unsafe(no_mangle)]" {
                let line = lines.next().unwrap();
                let name = line.split("fn ").nth(1).unwrap().split('(').next().unwrap();
                sources.insert(name.to_owned());
            }
        }
    }
    assert_eq!(header, sources);
}

#[test]
fn each_object_has_one_free() {
    let header = header();
    let functions = functions(&header);
    for line in header
        .lines()
        .filter(|line| line.starts_with("typedef struct "))
    {
        let name = line.trim_end_matches(';').rsplit(' ').next().unwrap();
        assert!(functions.contains(&format!("{name}_free")), "{name}");
    }
}

fn header() -> String {
    let root = folder();
    let mut builder = cbindgen::Builder::new()
        .with_config(cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap());
    for file in FILES {
        builder = builder.with_src(root.join("src").join(file));
    }
    let mut out = Vec::new();
    builder.generate().unwrap().write(&mut out);
    String::from_utf8(out).unwrap()
}

fn functions(header: &str) -> BTreeSet<String> {
    // A function is the first word before a parenthesis on a line that no comment holds.
    header
        .lines()
        .filter(|line| !line.starts_with([' ', '*', '/', '#']) && !line.starts_with("typedef"))
        .filter_map(|line| {
            let name = line.split('(').next()?.rsplit([' ', '*']).next()?;
            (line.contains('(') && name.starts_with("kyso_")).then(|| name.to_owned())
        })
        .collect()
}

fn compare(file: &str, expected: &str) {
    let path = folder().join(file);
    if std::env::var_os("KYSO_UPDATE").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        found == expected,
        "{file} is not current: KYSO_UPDATE=1 cargo test -p kyso-ffi --test header"
    );
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// In the order in which a reader wants them.
const FILES: [&str; 11] = [
    "status.rs",
    "error.rs",
    "bytes.rs",
    "certificate.rs",
    "verifier.rs",
    "report.rs",
    "key.rs",
    "signing.rs",
    "prepared.rs",
    "raise.rs",
    "envelope.rs",
];
