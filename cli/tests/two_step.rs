//! `kyso sign prepare` and `complete`: services that make a whole CMS, certificates known later,
//! and many files at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use std::process::Command;

use desk::Desk;
use serde_json::Value;

/// A program that holds the key signs a digest; nothing where there is none.
fn signed(desk: &Desk, digest: &str) -> Option<String> {
    let octets: Vec<u8> = (0..digest.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digest[at..at + 2], 16).unwrap())
        .collect();
    desk.write("digest", octets);
    let output = Command::new("openssl")
        .args(["pkeyutl", "-sign", "-pkeyopt", "digest:sha256"])
        .args(["-inkey", "authority/person.key.pem", "-in", "digest"])
        .current_dir(desk.folder())
        .output();
    let Ok(output) = output else {
        println!("skipped: there is no openssl here");
        return None;
    };
    assert!(output.status.success());
    Some(
        output
            .stdout
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect(),
    )
}

fn is_intact(desk: &Desk, file: &str) {
    let words = ["verify", file, "--trust", "authority/root.pem", "--format"];
    let report = desk.run(&[&words[..], &["json"]].concat()).exits(2).json();
    let integrity = &report[0]["signatures"][0]["integrity"];
    assert_eq!(integrity["signature_intact"], true, "{file}");
    assert_eq!(integrity["digest_intact"], true, "{file}");
}

#[test]
fn a_certificate_that_comes_later_is_put_into_the_state() {
    let desk = Desk::new();
    let open = ["sign", "prepare", "in.pdf", "--state", "open.json"];
    let digest = desk.run(&open).exits(0);
    assert_eq!(digest.text().trim().len(), 64);
    assert!(digest.err.contains("--from open.json"), "{digest:?}");
    // A raw value says nothing without a certificate.
    desk.write("value", "00ff00ff");
    let complete = |state: &str| {
        desk.run(&[
            "sign",
            "complete",
            "in.pdf",
            "--state",
            state,
            "--signature",
            "value",
            "-o",
            "out.pdf",
        ])
    };
    let refused = complete("open.json").exits(64);
    assert!(refused.err.contains("sign prepare --from"), "{refused:?}");
    let digest = desk
        .run(&[
            "sign",
            "prepare",
            "--from",
            "open.json",
            "--cert",
            "authority/person.pem",
            "--state",
            "closed.json",
        ])
        .exits(0);
    let Some(value) = signed(&desk, digest.text().trim()) else {
        return;
    };
    desk.write("value", value);
    complete("closed.json").exits(0);
    is_intact(&desk, "out.pdf");
}

#[test]
fn what_a_service_signed_instead_is_said_in_the_language_of_the_user() {
    let desk = Desk::new();
    let prepared = desk
        .run(&[
            "sign",
            "prepare",
            "in.pdf",
            "--cert",
            "authority/person.pem",
            "--state",
            "s",
            "--format",
            "json",
        ])
        .exits(0)
        .json();
    let document = prepared[0]["document_digest"].as_str().unwrap();
    assert_ne!(prepared[0]["digest"], document);
    let Some(value) = signed(&desk, document) else {
        return;
    };
    desk.write("value", value);
    for (lang, word) in [
        ("vi", "giá trị băm của tài liệu"),
        ("en", "digest of the document"),
    ] {
        let refused = desk
            .run(&[
                "--lang",
                lang,
                "sign",
                "complete",
                "in.pdf",
                "--state",
                "s",
                "--signature",
                "value",
                "-o",
                "x.pdf",
            ])
            .exits(65);
        assert!(refused.err.contains(word), "{refused:?}");
    }
    assert!(!desk.path("x.pdf").exists());
}

#[test]
fn of_many_files_each_has_its_own_line_and_what_fails_stays_with_its_file() {
    let desk = Desk::new();
    // Files of the same octets, prepared in the same second, would have the same digest.
    for name in ["a.pdf", "b.pdf"] {
        desk.write(
            name,
            [&desk.read("in.pdf")[..], format!("% {name}\n").as_bytes()].concat(),
        );
    }
    desk.write("c.pdf", "no PDF");
    let files = ["a.pdf", "b.pdf", "c.pdf"];
    let mut words = vec!["sign", "prepare"];
    words.extend(files);
    words.extend(["--cert", "authority/person.pem", "--states", "states"]);
    let lines = desk.run(&words).exits(65).json();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["error"]["code"], "input.malformed");
    assert!(desk.path("states/a.pdf.kyso.json").exists());
    assert!(!desk.path("states/c.pdf.kyso.json").exists());

    // The service answers a by its digest, and refuses b.
    let Some(value) = signed(&desk, lines[0]["digest"].as_str().unwrap()) else {
        return;
    };
    let answers = [
        serde_json::json!({ "digest": lines[0]["digest"], "signature": value }),
        serde_json::json!({ "file": "b.pdf", "signature": Value::Null }),
    ];
    desk.write("answers", format!("{}\n\n{}\n", answers[0], answers[1]));
    let complete = |more: &[&str]| {
        let mut words = vec!["sign", "complete"];
        words.extend(files);
        words.extend(["--states", "states", "--signature", "answers", "-o", "out"]);
        words.extend(more);
        desk.run(&words)
    };
    let done = complete(&[]).exits(66).json();
    assert_eq!(done[0]["error"], Value::Null);
    assert_eq!(done[1]["error"]["code"], "complete.mismatch");
    assert_eq!(done[2]["error"]["code"], "io.input");
    is_intact(&desk, "out/a.pdf");
    assert!(!desk.path("out/b.pdf").exists());

    // The rest is done by a second run; what is there is kept.
    let Some(value) = signed(&desk, lines[1]["digest"].as_str().unwrap()) else {
        return;
    };
    desk.write(
        "answers",
        serde_json::json!({ "file": "b.pdf", "signature": value }).to_string(),
    );
    let before = desk.read("out/a.pdf");
    let done = complete(&[]).json();
    assert_eq!(done[1]["error"], Value::Null);
    assert_eq!(desk.read("out/a.pdf"), before);
    is_intact(&desk, "out/b.pdf");
}

#[test]
fn files_that_would_share_a_state_are_refused_before_anything_is_written() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("other")).unwrap();
    desk.write("other/in.pdf", desk.read("in.pdf"));
    desk.run(&["sign", "prepare", "in.pdf", "other/in.pdf", "--states", "s"])
        .exits(64);
    desk.run(&["sign", "prepare", "in.pdf", "other/in.pdf", "--state", "s"])
        .exits(64);
    desk.run(&["sign", "prepare", "--state", "s"]).exits(64);
}
