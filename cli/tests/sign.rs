//! `kyso sign`: passwords, outputs, and two steps with OpenSSL as the phone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use std::process::Command;

use desk::Desk;
use kyso_sandbox::PASSWORD;

#[test]
fn the_input_is_a_prefix_of_the_output_and_a_signed_file_is_signed_again() {
    let desk = Desk::new();
    desk.sign("in.pdf", "one.pdf", &["--reason", "Phê duyệt"])
        .exits(0);
    desk.sign("one.pdf", "two.pdf", &["--profile", "pkcs7"])
        .exits(0);
    assert!(desk.read("one.pdf").starts_with(&desk.read("in.pdf")));
    assert!(desk.read("two.pdf").starts_with(&desk.read("one.pdf")));
    let report = desk
        .run(&["verify", "two.pdf", "--format", "json"])
        .exits(2)
        .json();
    let signatures = report[0]["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 2);
    for signature in signatures {
        assert_eq!(signature["integrity"]["signature_intact"], true);
    }
}

#[test]
fn a_password_file_may_end_with_one_line_end_and_a_wrong_password_is_77() {
    let desk = Desk::new();
    let sign = |output: &str, password: &str| {
        desk.write("password", password);
        desk.run(&[
            "sign",
            "pdf",
            "in.pdf",
            "-o",
            output,
            "--p12",
            "authority/person.p12",
            "--password-file",
            "password",
        ])
    };
    sign("a.pdf", PASSWORD).exits(0);
    sign("b.pdf", &format!("{PASSWORD}\r\n")).exits(0);
    let wrong = sign("c.pdf", &format!("{PASSWORD}\n\n")).exits(77);
    assert!(!wrong.err.contains(PASSWORD));
    assert!(!desk.path("c.pdf").exists());
}

#[test]
fn a_password_comes_from_the_environment_or_is_asked_of_a_terminal_alone() {
    let desk = Desk::new();
    let words = [
        "sign",
        "pdf",
        "in.pdf",
        "-o",
        "out.pdf",
        "--p12",
        "authority/person.p12",
    ];
    let silent = desk.run(&words).exits(77);
    assert!(silent.err.contains("--password-file"), "{silent:?}");
    let words = [&words[..], &["--password-env", "KYSO_TEST_PASSWORD"]].concat();
    desk.run(&words).exits(64);
    let output = desk
        .command(&words)
        .env("KYSO_TEST_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    desk.run(&[
        "sign",
        "pdf",
        "in.pdf",
        "-o",
        "x.pdf",
        "--password",
        PASSWORD,
    ])
    .exits(64);
}

#[test]
fn a_key_in_pem_is_matched_with_its_certificate_among_several() {
    let desk = Desk::new();
    let words = [
        "sign",
        "pdf",
        "in.pdf",
        "-o",
        "out.pdf",
        "--key",
        "authority/person.key.pem",
        "--cert",
        "authority/issuing.pem",
        "authority/person.pem",
    ];
    desk.run(&words).exits(0);
    let report = desk
        .run(&[
            "verify",
            "out.pdf",
            "--trust",
            "authority/root.pem",
            "--format",
            "json",
        ])
        .exits(2)
        .json();
    assert_eq!(
        report[0]["signatures"][0]["chain"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let stranger = [
        "sign",
        "pdf",
        "in.pdf",
        "-o",
        "x.pdf",
        "--key",
        "authority/person.key.pem",
        "--cert",
        "authority/organisation.pem",
    ];
    desk.run(&stranger).exits(77);
}

#[test]
fn an_output_is_replaced_only_when_asked_and_appears_whole_or_not_at_all() {
    let desk = Desk::new();
    desk.write("out.pdf", "precious");
    let refused = desk.sign("in.pdf", "out.pdf", &[]).exits(74);
    assert!(refused.err.contains("--force"), "{refused:?}");
    assert_eq!(desk.read("out.pdf"), b"precious");
    desk.sign("in.pdf", "out.pdf", &["--force"]).exits(0);
    assert!(desk.read("out.pdf").starts_with(b"%PDF-"));
    desk.sign("in.pdf", "no-such-folder/out.pdf", &[]).exits(74);
    desk.sign("gone.pdf", "x.pdf", &[]).exits(66);
    desk.write("text.txt", "no document");
    desk.sign("text.txt", "x.pdf", &[]).exits(65);
    assert!(!desk.path("x.pdf").exists());
    // A file may be signed in place.
    desk.sign("out.pdf", "out.pdf", &["--force"]).exits(0);
    let names: Vec<_> = std::fs::read_dir(desk.folder()).unwrap().collect();
    assert!(
        names
            .iter()
            .flatten()
            .all(|entry| { !entry.file_name().to_string_lossy().ends_with(".part") })
    );
}

#[test]
fn signing_works_from_standard_input_to_standard_output() {
    let desk = Desk::new();
    let words = [
        "sign",
        "pdf",
        "-",
        "-o",
        "-",
        "--p12",
        "authority/person.p12",
        "--password-file",
        "authority/password.txt",
    ];
    let input = desk.read("in.pdf");
    let signed = desk.run_with_input(&words, &input).exits(0);
    assert!(signed.out.len() > input.len() && signed.out.starts_with(&input));
    let verified = desk.run_with_input(&["verify", "-", "--format", "json"], &signed.out);
    assert_eq!(
        verified.exits(2).json()[0]["signatures"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn levels_without_their_service_and_algorithms_that_do_not_fit_are_64() {
    let desk = Desk::new();
    for more in [
        &["--level", "b-t"][..],
        &["--level", "b-lta"],
        &["--level", "b-x"],
        &["--algorithm", "rsa-pkcs1-sha1"],
        // It does not fit a key on P-256.
        &["--algorithm", "rsa-pkcs1-sha256"],
    ] {
        desk.sign("in.pdf", "out.pdf", more).exits(64);
    }
    desk.run(&[
        "sign", "pdf", "in.pdf", "-o", "x.pdf", "--pkcs11", "pkcs11:",
    ])
    .exits(64);
    desk.run(&["sign", "pdf", "in.pdf", "-o", "x.pdf"])
        .exits(64);
    desk.sign("in.pdf", "out.pdf", &["--level", "b-b"]).exits(0);
}

#[test]
fn openssl_signs_the_digest_as_a_phone_would_and_the_answer_may_be_raw_hex_or_base64() {
    let desk = Desk::new();
    let prepare = [
        "sign",
        "prepare",
        "in.pdf",
        "--cert",
        "authority/person.pem",
        "authority/issuing.pem",
        "--state",
        "state",
    ];
    let digest = desk.run(&prepare).exits(0);
    assert!(digest.err.contains("sign complete"), "{digest:?}");
    let digest = digest.text().trim().to_owned();
    assert_eq!(digest.len(), 64);
    desk.run(&prepare).exits(74);
    let Some(signature) = openssl_signs(&desk, &digest) else {
        println!("skipped: there is no openssl here");
        return;
    };
    desk.write("raw", &signature);
    let hex: String = signature
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    desk.write("hex", format!("{hex}\n"));
    let complete = |answer: &str, output: &str| {
        desk.run(&[
            "sign",
            "complete",
            "in.pdf",
            "--state",
            "state",
            "--signature",
            answer,
            "-o",
            output,
        ])
    };
    complete("raw", "one.pdf").exits(0);
    complete("hex", "two.pdf").exits(0);
    assert_eq!(desk.read("one.pdf"), desk.read("two.pdf"));
    let report = desk
        .run(&[
            "verify",
            "one.pdf",
            "--trust",
            "authority/root.pem",
            "--format",
            "json",
        ])
        .exits(2)
        .json();
    assert_eq!(
        report[0]["signatures"][0]["integrity"]["signature_intact"],
        true
    );

    // Another file, another answer, a damaged state: nothing is written.
    desk.write("wrong", [&signature[..signature.len() - 1], &[0]].concat());
    complete("wrong", "x.pdf").exits(65);
    desk.write("in.pdf", [&desk.read("in.pdf")[..], b"\n"].concat());
    complete("raw", "x.pdf").exits(65);
    desk.write("state", "no state");
    complete("raw", "x.pdf").exits(65);
    assert!(!desk.path("x.pdf").exists());
}

#[test]
fn preparing_says_as_json_what_has_to_be_signed() {
    let desk = Desk::new();
    let said = desk
        .run(&[
            "sign",
            "prepare",
            "in.pdf",
            "--cert",
            "authority/person.pem",
            "--algorithm",
            "ecdsa-sha384",
            "--state",
            "state",
            "--field",
            "Ký",
            "--format",
            "json",
        ])
        .exits(0)
        .json();
    assert_eq!(said[0]["schema"], "kyso-prepared/1");
    assert_eq!(said[0]["algorithm"], "ecdsa-sha384");
    assert_eq!(said[0]["digest_algorithm"], "SHA-384");
    assert_eq!(said[0]["digest"].as_str().unwrap().len(), 96);
    assert_eq!(said[0]["field"], "Ký");
    assert_eq!(said[0]["state"], "state");
}

/// The signature over a digest, by another program that holds the key.
fn openssl_signs(desk: &Desk, digest: &str) -> Option<Vec<u8>> {
    let octets: Vec<u8> = (0..digest.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digest[at..at + 2], 16).unwrap())
        .collect();
    desk.write("digest", octets);
    let output = Command::new("openssl")
        .args([
            "pkeyutl",
            "-sign",
            "-inkey",
            "authority/person.key.pem",
            "-in",
            "digest",
        ])
        .args(["-pkeyopt", "digest:sha256"])
        .current_dir(desk.folder())
        .output()
        .ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(output.stdout)
}
