//! Encrypted PDF files: encrypted by qpdf, signed by pyHanko, read with no password, the right ones
//! and a wrong one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use kyso::{Indication, Lang, Report, Time, Verifier};

fn input(vector: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-vectors")
        .join(vector)
        .join("input.pdf");
    std::fs::read(path).unwrap()
}

fn verify(bytes: &[u8], password: Option<&str>) -> Report {
    let verifier = Verifier::new(Time::from_unix(1_780_000_000));
    match password {
        Some(password) => verifier.password(password),
        None => verifier,
    }
    .verify(bytes)
}

fn codes(report: &Report) -> Vec<&'static str> {
    let signature = &report.signatures()[0];
    signature.reasons().map(|reason| reason.code()).collect()
}

#[test]
fn every_kind_of_encryption_is_read_with_the_empty_password_and_the_signature_is_intact() {
    for kind in ["rc4-40", "rc4-128", "aes-128", "aes-256"] {
        let report = verify(&input(&format!("pdf-encrypted-{kind}")), None);
        let json = report.to_json(Lang::En);
        assert_eq!(report.signatures().len(), 1, "{kind}");
        // The field's name is encrypted.
        assert_eq!(report.signatures()[0].id(), "Chữ ký số", "{kind}");
        assert!(
            json.contains(r#""integrity":{"digest_intact":true,"signature_intact":true}"#),
            "{kind}"
        );
        let codes = codes(&report);
        assert!(
            !codes.iter().any(|code| code.starts_with("content.")),
            "{kind}: {codes:?}"
        );
        assert!(json.contains("pdf.encrypted"), "{kind}");
        assert!(json.contains("2026") || json.contains("202"), "{kind}");
    }
}

#[test]
fn the_owner_password_opens_as_the_user_password_does() {
    let bytes = input("pdf-encrypted-password");
    for password in ["người đọc", "chủ sở hữu"] {
        let report = verify(&bytes, Some(password));
        assert_eq!(report.signatures()[0].id(), "Chữ ký số", "{password}");
        let codes = codes(&report);
        assert!(
            !codes.iter().any(|code| code.starts_with("content.")),
            "{codes:?}"
        );
    }
}

#[test]
fn without_the_password_the_bytes_are_still_known_to_be_intact_and_nothing_passes() {
    let bytes = input("pdf-encrypted-password");
    for (password, finding) in [
        (None, "pdf.encrypted_locked"),
        (Some("khác"), "pdf.encrypted_wrong_password"),
    ] {
        let report = verify(&bytes, password);
        let json = report.to_json(Lang::En);
        assert_eq!(report.indication(), Some(Indication::Indeterminate));
        assert!(json.contains(r#""digest_intact":true,"signature_intact":true"#));
        assert!(codes(&report).contains(&"content.encrypted"));
        assert!(json.contains(finding), "{json}");
    }
}

#[test]
fn a_changed_byte_of_an_encrypted_file_is_a_hash_failure() {
    for kind in ["rc4-40", "aes-256", "password"] {
        let mut bytes = input(&format!("pdf-encrypted-{kind}"));
        let at = bytes.windows(9).position(|at| at == b"/MediaBox").unwrap();
        bytes[at + 11] ^= 1;
        let report = verify(&bytes, Some("người đọc"));
        assert_eq!(report.indication(), Some(Indication::TotalFailed), "{kind}");
        assert!(
            codes(&report).contains(&"integrity.digest_mismatch"),
            "{kind}"
        );
    }
}

#[test]
fn a_closed_file_without_a_visible_signature_is_an_error_of_its_own() {
    // The first revision alone: encrypted, not signed.
    let bytes = input("pdf-encrypted-password");
    let end = bytes.windows(5).position(|at| at == b"%%EOF").unwrap() + 5;
    let report = verify(&bytes[..end], None);
    let json = report.to_json(Lang::En);
    assert!(json.contains(r#""code":"input.locked""#), "{json}");
    assert_eq!(report.indication(), None);
    let open = verify(&bytes[..end], Some("người đọc")).to_json(Lang::En);
    assert!(open.contains(r#""error":null"#), "{open}");
}

#[test]
fn revisions_that_are_encrypted_differently_never_pass() {
    // A later revision that adds /Encrypt to the trailer of a file that had none.
    let mut bytes = input("pdf-table");
    let report = verify(&bytes, None);
    assert!(!codes(&report).contains(&"content.encryption_changed"));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let previous: usize = text
        .rsplit("startxref\n")
        .next()
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let root = text
        .rsplit("/Root")
        .next()
        .unwrap()
        .split('R')
        .next()
        .unwrap()
        .trim()
        .to_owned();
    let at = bytes.len();
    let encrypt = "<</Filter/Standard/V 1/R 2/P -4/O(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)/U(bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb)>>";
    bytes.extend_from_slice(
        format!(
            "xref\n0 0\ntrailer\n<</Size 99/Root {root} R/Prev {previous}/Encrypt {encrypt}>>\nstartxref\n{at}\n%%EOF\n"
        )
        .as_bytes(),
    );
    let report = verify(&bytes, None);
    assert!(
        codes(&report).contains(&"content.encryption_changed"),
        "{:?}",
        codes(&report)
    );
    assert_ne!(report.indication(), Some(Indication::TotalPassed));
}
