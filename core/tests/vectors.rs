//! Every folder of `test-vectors/`: the input has to give the report beside it, byte for byte.
//!
//! `KYSO_UPDATE=1` writes the reports instead of comparing them. The doors have tests of their own
//! over the same folders.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use kyso::{Lang, Report, TrustStore, Verifier};
use serde_json::Value;

/// The name of each folder, its input, and what its report has to be.
fn vectors() -> Vec<(String, PathBuf, PathBuf)> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.ends_with("trust"))
        .collect();
    folders.sort();
    let vector = |folder: PathBuf| {
        let mut inputs = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let input = inputs.find(|path| path.file_stem().is_some_and(|stem| stem == "input"));
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let input = input.unwrap_or_else(|| panic!("{name}: no input"));
        (name, input, folder.join("expect.json"))
    };
    folders.into_iter().map(vector).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors")
}

fn verified(input: &Path) -> Report {
    let trust = TrustStore::from_pem(&fs::read(root().join("trust/root.pem")).unwrap()).unwrap();
    // The doors show every time at Viet Nam's offset; this is 12:00 UTC.
    let at = "2026-06-01T19:00:00+07:00".parse().unwrap();
    let name = input.file_name().unwrap().to_string_lossy();
    Verifier::new(at)
        .trust(trust)
        .verify(&fs::read(input).unwrap())
        .named(name)
}

#[test]
fn every_vector_gives_its_report_byte_for_byte() {
    let update = std::env::var_os("KYSO_UPDATE").is_some();
    let mut wrong = Vec::new();
    let vectors = vectors();
    assert!(vectors.len() >= 12, "{}", vectors.len());
    for (name, input, expect) in vectors {
        let report = verified(&input).to_json(Lang::En) + "\n";
        if update {
            fs::write(&expect, &report).unwrap();
        }
        let expected = fs::read_to_string(&expect).unwrap_or_default();
        if report != expected {
            wrong.push(format!("{name}\n  expected {expected}  got      {report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_vector_says_what_it_shows_and_how_it_was_made() {
    for (name, input, _) in vectors() {
        let about = fs::read_to_string(input.with_file_name("about.md")).unwrap_or_default();
        assert!(about.starts_with("# "), "{name}: about.md");
        for part in ["Rule:", "Origin:", "Licence:"] {
            assert!(about.contains(part), "{name}: {part}");
        }
    }
}

#[test]
fn no_vector_holds_a_private_key() {
    for (name, input, _) in vectors() {
        let bytes = fs::read(input).unwrap();
        assert!(
            !String::from_utf8_lossy(&bytes).contains("PRIVATE KEY"),
            "{name}"
        );
    }
}

/// What each vector is there for, said once more beside the whole report: it holds even when the
/// reports are written anew.
#[test]
fn every_vector_shows_what_its_folder_is_named_after() {
    let undecided = ("INDETERMINATE", Value::Null);
    let failed = |sub: &str| ("TOTAL-FAILED", Value::from(sub));
    for (name, (indication, sub)) in [
        ("pdf-table", ("INDETERMINATE", "TRY_LATER".into())),
        ("pdf-xref-stream", ("INDETERMINATE", "TRY_LATER".into())),
        ("pdf-hybrid", ("INDETERMINATE", "TRY_LATER".into())),
        ("pdf-signed-twice", ("INDETERMINATE", "TRY_LATER".into())),
        ("pdf-rsa-pss", ("INDETERMINATE", "TRY_LATER".into())),
        ("pdf-adbe-pkcs7", ("INDETERMINATE", "TRY_LATER".into())),
        (
            "pdf-untrusted-signer",
            ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND".into()),
        ),
        ("pdf-changed-byte", failed("HASH_FAILURE")),
        ("pdf-changed-signature-value", failed("SIG_CRYPTO_FAILURE")),
        ("pdf-rewritten", failed("FORMAT_FAILURE")),
        ("pdf-unsigned", ("NONE", Value::Null)),
        ("pdf-truncated", ("NONE", Value::Null)),
        ("text", ("NONE", Value::Null)),
        ("edxml-document", undecided),
        ("edxml-changed-attachment", ("TOTAL-FAILED", Value::Null)),
        ("edxml-status", ("NONE", Value::Null)),
    ] {
        let input = vectors().into_iter().find(|vector| vector.0 == name);
        let (_, input, _) = input.unwrap_or_else(|| panic!("{name} is not there"));
        let report: Value = serde_json::from_str(&verified(&input).to_json(Lang::En)).unwrap();
        assert_eq!(report["indication"], indication, "{name}");
        assert_eq!(report["signatures"][0]["sub_indication"], sub, "{name}");
    }
}
