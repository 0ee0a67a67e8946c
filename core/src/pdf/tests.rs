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

#[test]
fn a_linearised_file_and_a_hybrid_have_the_revisions_that_they_were_written_in() {
    for (name, bytes) in files("attacks/benign") {
        let file = File::open(&bytes, &Limits::default()).unwrap();
        for (index, revision) in file.revisions().iter().enumerate() {
            // Each is a file of its own, with the same revisions up to there.
            let alone = File::open(&bytes[..revision.end], &Limits::default()).unwrap();
            assert_eq!(alone.revisions(), &file.revisions()[..=index], "{name}");
        }
        let styles: Vec<_> = file
            .sections()
            .iter()
            .map(|section| section.style)
            .collect();
        match name.as_str() {
            "linearised-signed.pdf" => assert_eq!((styles.len(), file.revisions().len()), (3, 2)),
            "hybrid-xref.pdf" => assert!(styles.contains(&Style::Hybrid), "{styles:?}"),
            "xref-stream-update.pdf" => assert!(styles.contains(&Style::Stream)),
            _ => {}
        }
    }
}

#[test]
fn every_revision_of_the_corpus_opens_as_a_file_of_its_own() {
    let mut odd = Vec::new();
    for (name, bytes) in files("corpus/pdf") {
        let Ok(file) = File::open(&bytes, &Limits::default()) else {
            continue;
        };
        for revision in file.revisions() {
            if File::open(&bytes[..revision.end], &Limits::default()).is_err() {
                odd.push(format!("{name}: {revision:?}"));
            }
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn values_come_back_as_they_were_meant() {
    let text = b"<</A(a\\(b\\)\\101\\\r\nc\\n(d))/B<4142 4>/C[1 2 3 0 R -5 +6 .5]/D#20x/N/E<</F null>>/A 1>>";
    let (object, end) = Object::read(&Source::File(text), 0, 128).unwrap();
    assert_eq!(end, text.len());
    let dictionary = object.dictionary().unwrap();
    assert_eq!(dictionary.get("A").integer(), Some(1));
    assert_eq!(dictionary.doubled(), ["A"]);
    let first = dictionary.iter().next().unwrap().1;
    let Object::String(first) = first else {
        panic!()
    };
    assert_eq!(first.octets(), b"a(b)Ac\n(d)");
    let Object::String(hex) = dictionary.get("B") else {
        panic!()
    };
    assert_eq!((hex.octets(), hex.is_hex()), (b"AB@".to_vec(), true));
    let array = dictionary.get("C");
    let elements: Vec<_> = array.array().unwrap().iter().collect();
    assert_eq!(elements.len(), 6);
    assert_eq!(elements[0].integer(), Some(1));
    let third = Reference {
        number: 3,
        generation: 0,
    };
    assert!(elements[2].reference() == Some(third));
    assert_eq!(
        (elements[3].integer(), elements[4].integer()),
        (Some(-5), Some(6))
    );
    assert!(matches!(elements[5], Object::Real(half) if half == 0.5));
    assert!(dictionary.get("D x").is_name("N"));
    assert!(dictionary.get("E").dictionary().unwrap().get("F").is_null());
}

#[test]
fn what_does_not_end_is_an_error_and_not_a_value() {
    for text in [
        "<</A 1",
        "[1 2",
        "(a",
        "<41",
        "<</A[1>>",
        "[<</A 1]>>",
        "<</A 1 endobj>>",
        "",
        "]",
    ] {
        assert!(
            Object::read(&Source::File(text.as_bytes()), 0, 128).is_err(),
            "{text}"
        );
    }
    let deep = "[".repeat(129) + &"]".repeat(129);
    assert!(Object::read(&Source::File(deep.as_bytes()), 0, 128).is_err());
    let deep = "[".repeat(128) + &"]".repeat(128);
    assert!(Object::read(&Source::File(deep.as_bytes()), 0, 128).is_ok());
}
