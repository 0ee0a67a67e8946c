//! The document by itself; what it is good for is tested through the doors.

use super::*;
use crate::{ErrorKind, Verifier};

fn text(name: &str) -> String {
    let at = Time::from_unix(1_800_000_000);
    let (_, bundle) = Verifier::new(at).verify_and_keep(b"no document", Some(name));
    String::from_utf8(bundle.as_bytes().to_vec()).unwrap()
}

#[test]
fn a_bundle_reads_back_as_it_was_written_and_in_no_other_spelling() {
    let text = text("văn bản \u{202e}.pdf");
    let bundle = Bundle::from_bytes(text.as_bytes()).unwrap();
    assert_eq!(bundle.as_bytes(), text.as_bytes());
    assert_eq!(bundle.file(), Some("văn bản \u{202e}.pdf"));
    assert!(bundle.is_reproved() && bundle.has_built_in_policy());
    assert_eq!(bundle.indication(), "NONE");
    for other in [
        text.trim_end().to_owned(),
        text.replacen(':', ": ", 1),
        text.replacen("\"size\":11", "\"size\":11.0", 1),
        text.replacen("{\"schema\"", "{\"more\":1,\"schema\"", 1),
        text.replacen("\"trust\":{", "\"trust\":{\"removed\":[],", 1),
        text.replacen("\"reproved\":true", "\"reproved\":1", 1),
        text.replacen("\"at\":\"", "\"at\":\"x", 1),
    ] {
        assert_ne!(other, text);
        let error = Bundle::from_bytes(other.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{other}");
    }
    let later = text.replacen("kyso-evidence/1", "kyso-evidence/2", 1);
    let error = Bundle::from_bytes(later.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let deep = "[".repeat(100_000);
    assert!(Bundle::from_bytes(deep.as_bytes()).is_err());
    for end in (0..text.len()).step_by(97) {
        assert!(Bundle::from_bytes(text.as_bytes().get(..end).unwrap()).is_err());
    }
}

#[test]
fn rules_that_are_not_built_in_are_not_taken_unasked() {
    let lax = Policy::default()
        .to_toml()
        .replace("\"default\"", "\"lax\"")
        .replace("min_bits = 2048", "min_bits = 512");
    let lax = Policy::from_toml(&lax).unwrap();
    let at = Time::from_unix(1_800_000_000);
    let (_, bundle) = Verifier::new(at)
        .policy(lax.clone())
        .verify_and_keep(b"no document", None);
    assert!(!bundle.has_built_in_policy());
    let mine = Verifier::new(at);
    assert_eq!(mine.as_of(&bundle).unwrap_err().kind(), ErrorKind::Misuse);
    assert!(mine.policy(lax).as_of(&bundle).is_ok());
    // The name alone makes no rules built-in ones.
    let renamed = bundle.policy().to_toml().replace("\"lax\"", "\"default\"");
    let (_, bundle) = Verifier::new(at)
        .policy(Policy::from_toml(&renamed).unwrap())
        .verify_and_keep(b"no document", None);
    assert!(!bundle.has_built_in_policy());
}

#[test]
fn a_record_of_what_was_cancelled_is_no_bundle() {
    let text = tombstone(
        &[1; 32],
        &[2; 32],
        Time::from_unix(0),
        None,
        Some("hết hạn"),
    );
    let error = Bundle::from_bytes(text.as_bytes()).unwrap_err();
    assert!(error.detail().contains("cancelled"), "{error:?}");
}
