//! `kyso verify`: reports, their order, and exit statuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;
use serde_json::Value;

const JSON: [&str; 2] = ["--format", "json"];

#[test]
fn a_signed_file_is_undecided_an_unsigned_one_carries_none_and_a_changed_one_fails() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    let trust = ["--trust", "authority/root.pem"];
    let signed = desk
        .run(&[&["verify", "out.pdf"][..], &trust, &JSON].concat())
        .exits(2);
    let report = &signed.json()[0];
    assert_eq!(report["schema"], "kyso-report/1");
    assert_eq!(report["file"], "out.pdf");
    assert_eq!(report["indication"], "INDETERMINATE");
    let signature = &report["signatures"][0];
    assert_eq!(signature["integrity"]["digest_intact"], true);
    assert_eq!(signature["integrity"]["signature_intact"], true);
    assert_eq!(signature["chain"].as_array().unwrap().len(), 3);
    assert!(
        signature["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .any(|reason| { reason["code"] == "revocation.missing" })
    );

    // Where status is not asked for, nothing is missing.
    let lax = [
        &["verify", "out.pdf", "--revocation", "none"][..],
        &trust,
        &JSON,
    ]
    .concat();
    let passed = desk.run(&lax).exits(0);
    assert_eq!(passed.json()[0]["indication"], "TOTAL-PASSED");

    let unsigned = desk.run(&["verify", "in.pdf", "--format", "json"]).exits(2);
    assert_eq!(unsigned.json()[0]["indication"], "NONE");

    let mut bytes = desk.read("out.pdf");
    bytes[7] ^= 1;
    desk.write("header.pdf", &bytes);
    desk.run(&["verify", "header.pdf"]).exits(1);
}

#[test]
fn reports_come_in_the_order_given_and_an_unreadable_file_takes_nothing_from_the_others() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    desk.write("text.txt", "no document at all");
    let files = ["out.pdf", "gone.pdf", "text.txt", "in.pdf", "out.pdf"];
    for jobs in ["1", "4"] {
        let words = [&["verify"][..], &files, &JSON, &["--jobs", jobs]].concat();
        // 66 is graver than 65, 2 and 0.
        let reports = desk.run(&words).exits(66).json();
        let names: Vec<&Value> = reports.iter().map(|report| &report["file"]).collect();
        assert_eq!(names, files);
        assert_eq!(reports[1]["error"]["code"], "io.input");
        assert_eq!(reports[1]["indication"], "NONE");
        assert_eq!(reports[1]["validation"]["policy"], "default");
        assert_eq!(reports[2]["error"]["code"], "input.malformed");
        assert!(reports[0]["error"].is_null());
    }
    let words = ["verify", "text.txt", "in.pdf"];
    desk.run(&words).exits(65);
    let folder = desk.run(&["verify", "authority"]).exits(66);
    assert!(folder.err.contains("it is a folder"), "{folder:?}");
}

#[test]
fn standard_input_is_verified_like_a_file() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    let words = [
        "verify",
        "-",
        "--format",
        "json",
        "--at",
        "2026-11-22T09:00:00+07:00",
    ];
    let piped = desk.run_with_input(&words, &desk.read("out.pdf")).json();
    let mut named = desk
        .run(&[
            "verify",
            "out.pdf",
            "--format",
            "json",
            "--at",
            "2026-11-22T09:00:00+07:00",
        ])
        .json();
    assert_eq!(piped[0]["file"], "-");
    assert_eq!(piped[0]["validation"]["at"], "2026-11-22T09:00:00+07:00");
    named[0]["file"] = "-".into();
    assert_eq!(piped, named);
    desk.run(&["verify", "-", "-"]).exits(64);
}

#[test]
fn an_anchor_is_needed_in_what_trust_names_and_not_in_what_evidence_names() {
    let desk = Desk::new();
    desk.write("text.txt", "no certificate");
    desk.run(&["verify", "in.pdf", "--trust", "text.txt"])
        .exits(64);
    desk.run(&["verify", "in.pdf", "--trust", "gone.pem"])
        .exits(66);
    desk.run(&["verify", "in.pdf", "--evidence", "text.txt"])
        .exits(2);
    desk.run(&["verify", "in.pdf", "--evidence", "authority"])
        .exits(2);
    desk.run(&["verify", "in.pdf", "--trust", "authority"])
        .exits(2);
}

#[test]
fn what_is_not_offered_is_refused_in_a_sentence() {
    let desk = Desk::new();
    for more in [&["--policy", "rules.toml"][..], &["--policy", "lax"]] {
        let ran = desk
            .run(&[&["verify", "in.pdf"][..], more].concat())
            .exits(64);
        assert!(
            ran.err.starts_with("kyso: ") && ran.err.lines().count() == 1,
            "{ran:?}"
        );
    }
    desk.run(&["verify", "in.pdf", "--policy", "path-only"])
        .exits(2);
    desk.run(&["verify", "in.pdf", "--at", "yesterday"])
        .exits(64);
    desk.run(&["verify"]).exits(64);
    desk.run(&["verfiy", "in.pdf"]).exits(64);
    desk.run(&["verify", "--help"]).exits(0);
}

#[test]
fn names_that_steer_a_terminal_are_escaped_wherever_they_are_shown() {
    let desk = Desk::new();
    let name = "a\u{1b}[2J\u{202e}fdp.exe";
    let is_calm = |text: &str| {
        text.chars()
            .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}')
    };
    // Not there, there, and where no such option is.
    let missing = desk.run(&["verify", name]).exits(66);
    std::fs::copy(desk.path("in.pdf"), desk.path(name)).unwrap();
    let found = desk.run(&["verify", name]).exits(2);
    let lines = desk.run(&["verify", name, "--format", "json"]).exits(2);
    let refused = desk.run(&["verify", "in.pdf", "--at", name]).exits(64);
    let unknown = desk.run(&[&format!("--{name}")]).exits(64);
    for ran in [&missing, &found, &lines, &refused, &unknown] {
        assert!(is_calm(&ran.err) && is_calm(&ran.text()), "{ran:?}");
    }
    assert!(missing.err.contains("\\u{1b}"), "{missing:?}");
    assert_eq!(lines.json()[0]["file"], name);
}

#[test]
fn the_language_follows_the_locale_and_the_option() {
    let desk = Desk::new();
    let said = |words: &[&str], locale: &str| {
        let output = desk.command(words).env("LC_ALL", locale).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said(&["verify", "in.pdf"], "vi_VN.UTF-8").starts_with("KHÔNG CÓ CHỮ KÝ"));
    assert!(said(&["verify", "in.pdf"], "de_DE.UTF-8").starts_with("NO SIGNATURE"));
    let words = ["verify", "in.pdf", "--lang", "en"];
    assert!(said(&words, "vi_VN.UTF-8").starts_with("NO SIGNATURE"));
    assert!(said(&[], "vi_VN.UTF-8").contains("Năm việc"));
    assert!(said(&[], "C").contains("Five things"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_ends_the_run_without_a_word() {
    use std::process::Stdio;

    let desk = Desk::new();
    let mut files = vec!["verify"];
    files.extend(["in.pdf"; 2_000]);
    let mut child = desk
        .command(&files)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    assert_ne!(output.status.code(), Some(0));
}

#[test]
fn revision_hands_out_what_each_signature_signed_and_nothing_later() {
    let desk = Desk::new();
    desk.sign("in.pdf", "once.pdf", &[]).exits(0);
    desk.sign("once.pdf", "twice.pdf", &[]).exits(0);
    let get = |number: &str, out: &str, status| {
        let words = ["verify", "twice.pdf", "--revision", number, "-o", out];
        desk.run(&words).exits(status)
    };
    get("1", "first.pdf", 0);
    assert_eq!(desk.read("first.pdf"), desk.read("once.pdf"));
    // What is there already stays, unless it is asked for.
    get("2", "first.pdf", 74);
    desk.run(&[
        "verify",
        "twice.pdf",
        "--revision",
        "2",
        "-o",
        "first.pdf",
        "--force",
    ])
    .exits(0);
    assert_eq!(desk.read("first.pdf"), desk.read("twice.pdf"));
    get("3", "third.pdf", 64);
    get("0", "zero.pdf", 64);
    assert!(!desk.path("third.pdf").exists());
    // Without a place to write to, and for many files, there is nothing to hand out.
    desk.run(&["verify", "twice.pdf", "--revision", "1"])
        .exits(64);
    desk.run(&[
        "verify",
        "twice.pdf",
        "once.pdf",
        "--revision",
        "1",
        "-o",
        "x.pdf",
    ])
    .exits(64);

    // Bytes that are no longer those that were signed are not handed out as if they were.
    let mut bytes = desk.read("twice.pdf");
    bytes[7] ^= 1;
    desk.write("twice.pdf", &bytes);
    get("1", "changed.pdf", 65);
    assert!(!desk.path("changed.pdf").exists());
}

#[test]
fn the_password_of_an_encrypted_file_comes_from_a_file_or_the_environment() {
    let desk = Desk::bare();
    let vector = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-vectors/pdf-encrypted-password/input.pdf");
    desk.write("sealed.pdf", std::fs::read(vector).unwrap());
    let codes = |words: &[&str]| {
        let report = desk.run(&[&["verify", "sealed.pdf"][..], words, &JSON].concat());
        report.exits(2).json()[0].to_string()
    };
    assert!(codes(&[]).contains("content.encrypted"));
    desk.write("password.txt", "chủ sở hữu\n");
    let open = codes(&["--password-file", "password.txt"]);
    assert!(!open.contains("content.encrypted"), "{open}");
    assert!(open.contains("Chữ ký số"));
    desk.write("password.txt", "khác");
    assert!(codes(&["--password-file", "password.txt"]).contains("pdf.encrypted_wrong_password"));
}
