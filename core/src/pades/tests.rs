//! Finding signatures in real, odd and hostile files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::time::Duration;

use cpu_time::ThreadTime;

use serde_json::Value;

use super::*;
use crate::error::ErrorKind;
use crate::limits::Limits;
use crate::pdf::tests::{data, files};

fn search(bytes: &[u8]) -> Result<PdfFindings<'_>, crate::Error> {
    find(bytes, &Limits::default())
}

fn count(found: &PdfFindings<'_>, kind: SignatureKind) -> usize {
    found
        .signatures
        .iter()
        .filter(|signature| signature.kind == kind)
        .count()
}

#[test]
fn the_corpus_has_the_signatures_that_others_find() {
    let Some(root) = data().map(|data| data.join("corpus/pdf")) else {
        return;
    };
    let text = fs::read(root.join("expectations.json")).unwrap();
    let text: Value = serde_json::from_slice(&text).unwrap();
    let mut wrong = Vec::new();
    let mut refused = Vec::new();
    for case in text["cases"].as_array().unwrap() {
        let name = case["file"].as_str().unwrap();
        let expect = &case["expect"];
        let bytes = fs::read(root.join(name)).unwrap();
        let found = match search(&bytes) {
            Ok(found) => found,
            Err(error) => {
                let encrypted = error.kind() == ErrorKind::Locked
                    || error.detail().contains("encryption handler");
                refused.push(format!("{name}: {} {}", expect["opens"], error.detail()));
                if expect["opens"] == true && !encrypted {
                    wrong.push(format!("{name}: does not open: {error:?}"));
                }
                continue;
            }
        };
        for (what, kind) in [
            ("n_signatures", SignatureKind::Signature),
            ("n_doc_timestamps", SignatureKind::DocumentTimeStamp),
        ] {
            let here = count(&found, kind);
            if let Some(there) = expect[what].as_u64()
                && u64::try_from(here).unwrap() != there
            {
                wrong.push(format!("{name}: {what} is {there} there and {here} here"));
            }
        }
        for fact in expect["signatures"].as_array().unwrap() {
            let range: Vec<i64> = fact["byte_range"]
                .as_array()
                .unwrap()
                .iter()
                .map(|n| n.as_i64().unwrap())
                .collect();
            let here = found
                .signatures
                .iter()
                .find(|signature| signature.raw_byte_range.as_ref() == Some(&range));
            let Some(here) = here else {
                wrong.push(format!("{name}: no signature over {range:?}"));
                continue;
            };
            if here.coverage.whole_file != fact["covers_whole_document"].as_bool() {
                wrong.push(format!("{name}: covers whole: {} {here:?}", fact));
            }
            if here.byte_range.is_err() || here.contents.is_err() {
                println!(
                    "{name}: {:?} {:?}",
                    here.byte_range,
                    here.contents.as_ref().err()
                );
            }
        }
        for finding in &found.findings {
            println!("{name}: {finding:?}");
        }
    }
    println!("refused: {}\n{}", refused.len(), refused.join("\n"));
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(refused.len() <= 33);
}

#[test]
fn state_documents_have_their_signatures_and_rewritten_ones_say_so() {
    let wanted = [
        ("congbao-nd-28-2026.pdf", 1, false),
        ("gov-nd-57-2022.pdf", 1, false),
        ("stale-blhs-2015-rewritten-large.pdf", 4, true),
        ("stale-nd-57-2022-recompressed.pdf", 1, true),
    ];
    for (name, bytes) in files("vn-pdf") {
        let found = search(&bytes).unwrap();
        let (_, number, rewritten) = wanted.iter().find(|wanted| wanted.0 == name).unwrap();
        assert_eq!(found.signatures.len(), *number, "{name}");
        for signature in &found.signatures {
            println!(
                "{name}: {} {:?} {:?}",
                signature.id, signature.sub_filter, signature.coverage
            );
            println!("{:?} {:?}", signature.raw_signed_at, signature.reason);
            assert_eq!(signature.rewritten, *rewritten, "{name}");
            assert_eq!(signature.byte_range.is_err(), *rewritten, "{name}");
            assert_eq!(signature.coverage.covers_revision_end, !rewritten, "{name}");
            assert!(signature.contents.is_ok());
        }
        println!("{:?}", found.findings);
    }
}

#[test]
fn attacks_and_bombs_are_read_quickly_and_have_their_faults() {
    for folder in ["attacks/pdf", "attacks/bomb", "attacks/benign"] {
        for (name, bytes) in files(folder) {
            let start = ThreadTime::now();
            let found = search(&bytes);
            let took = start.elapsed();
            match &found {
                Ok(found) => {
                    for one in &found.signatures {
                        println!(
                            "{name}: {} {:?} br {:?} contents {:?} rev {:?}/{} whole {:?} later {} rewritten {} type {} P {:?}",
                            one.id,
                            one.kind,
                            one.byte_range.as_ref().err(),
                            one.contents.as_ref().err(),
                            one.coverage.revision,
                            one.coverage.revisions,
                            one.coverage.whole_file,
                            one.later_revision,
                            one.rewritten,
                            one.type_is_right,
                            one.certification
                        );
                    }
                    if found.signatures.is_empty() {
                        println!("{name}: none");
                    }
                    println!("{name}: {:?} {took:?}", found.findings);
                }
                Err(error) => println!("{name}: {error:?} {took:?}"),
            }
            assert!(took < Duration::from_secs(2), "{name} took {took:?}");
            if folder == "attacks/benign" {
                for signature in found.unwrap().signatures {
                    assert!(
                        signature.byte_range.is_ok() && signature.contents.is_ok(),
                        "{name}"
                    );
                    assert!(!signature.rewritten && signature.type_is_right, "{name}");
                }
            } else if name.starts_with("br-") || name.starts_with("usf-br") {
                let found = found.unwrap();
                assert!(
                    found.signatures.iter().any(|one| one.byte_range.is_err()),
                    "{name}"
                );
            } else if name.starts_with("usf-contents-") && name != "usf-contents-garbage.pdf" {
                let found = found.unwrap();
                let faulty = |one: &PdfSignature<'_>| {
                    one.contents
                        .as_ref()
                        .map_or(true, |octets| octets.iter().all(|o| *o == 0))
                };
                assert!(found.signatures.iter().any(faulty), "{name}");
            }
        }
    }
}
