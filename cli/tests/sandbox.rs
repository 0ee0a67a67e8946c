//! `kyso sandbox`: holders come and go, and the rest of the program obeys.

#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use desk::Desk;

/// A desk with a sandbox `ca` of quick keys.
fn desk() -> Desk {
    let desk = Desk::new();
    let words = ["sandbox", "init", "ca", "--key", "p-256", "--port", "8999"];
    desk.run(&words).exits(0);
    desk
}

/// Signs `in.pdf` as a holder of `ca`.
fn sign(desk: &Desk, holder: &str, output: &str) {
    let container = format!("ca/{holder}.p12");
    let words = ["sign", "pdf", "in.pdf", "-o", output, "--p12", &container];
    let words = [&words[..], &["--password-file", "ca/password.txt"]].concat();
    desk.run(&words).exits(0);
}

/// The first signature of a report, with the lists of `ca` at hand.
fn verify(desk: &Desk, file: &str, exit: i32) -> serde_json::Value {
    let words = ["verify", file, "--trust", "ca/root.pem", "--format", "json"];
    let words = [&words[..], &["--evidence", "ca"]].concat();
    let ran = desk.run(&words).exits(exit);
    ran.json().swap_remove(0)["signatures"][0].clone()
}

#[test]
fn a_signature_passes_by_the_sandbox_s_lists_until_its_certificate_is_revoked() {
    let desk = desk();
    sign(&desk, "person", "person.pdf");
    sign(&desk, "organisation", "organisation.pdf");
    let told = desk.run(&["sandbox", "crl", "ca"]).exits(0).text();
    assert_eq!(told, "ca/root.crl\nca/issuing.crl\n");
    let passed = verify(&desk, "person.pdf", 0);
    assert_eq!(passed["indication"], "TOTAL-PASSED");
    assert_eq!(passed["chain"][0]["revocation"], "good");

    let words = [
        "sandbox",
        "revoke",
        "ca",
        "person",
        "--reason",
        "keycompromise",
    ];
    let told = desk.run(&words).exits(0).text();
    assert!(
        told.contains("Nguyễn Văn Thử") && told.contains(": revoked"),
        "{told}"
    );
    // Lists are replaced, and one of the past knows nothing of it.
    desk.run(&["sandbox", "crl", "ca", "--days", "1"]).exits(0);
    let revoked = verify(&desk, "person.pdf", 2);
    assert_eq!(revoked["sub_indication"], "REVOKED_NO_POE");
    verify(&desk, "organisation.pdf", 0);
    desk.run(&["sandbox", "revoke", "ca", "person"]).exits(64);
    desk.run(&["sandbox", "revoke", "ca", "person", "--lift"])
        .exits(64);
}

#[test]
fn a_hold_is_lifted_by_the_file_of_the_certificate() {
    let desk = desk();
    let words = ["sandbox", "revoke", "ca", "ca/organisation.pem"];
    let hold = [&words[..], &["--reason", "certificateHold"]].concat();
    let told = desk.run(&hold).exits(0).text();
    assert!(told.ends_with(": on hold\n"), "{told}");
    let lift = [&words[..], &["--lift", "--lang", "vi"]].concat();
    let told = desk.run(&lift).exits(0).text();
    assert!(told.ends_with("đã bỏ tạm dừng\n"), "{told}");
    sign(&desk, "organisation", "out.pdf");
    desk.run(&["sandbox", "crl", "ca"]).exits(0);
    verify(&desk, "out.pdf", 0);
}

#[test]
fn persons_and_agencies_are_issued_as_they_are_described() {
    let desk = desk();
    let words = [
        "sandbox",
        "person",
        "ca",
        "Lê Thị Thử",
        "--office",
        "Phó Chủ tịch",
        "--unit",
        "Phòng Một",
        "--unit",
        "Phòng Hai",
        "--email",
        "thu@vidu.example",
    ];
    let told = desk.run(&words).exits(0).text();
    let first = told.lines().next().unwrap();
    assert_eq!(first, "ca/pho-chu-tich-le-thi-thu.pem");
    let shown = desk.run(&["cert", "show", first]).exits(0).text();
    for part in ["Phó Chủ tịch Lê Thị Thử", "Phòng Một", "Phòng Hai"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let words = [
        "sandbox",
        "agency",
        "ca",
        "Công ty Thử",
        "--tax-code",
        "0123456789",
        "--file",
        "cty",
        "--key",
        "rsa-2048",
    ];
    desk.run(&words).exits(0);
    let shown = desk
        .run(&["cert", "show", "ca/cty.pem", "--format", "json"])
        .exits(0);
    let shown = shown.text();
    assert!(
        shown.contains("0123456789") && shown.contains("2048"),
        "{shown}"
    );
    sign(&desk, "cty", "out.pdf");
    let index: serde_json::Value = serde_json::from_slice(&desk.read("ca/index.json")).unwrap();
    assert_eq!(index["certificates"].as_array().unwrap().len(), 7);
    assert_eq!(index["certificates"][6]["file"], "cty");
    // The same name again gets the next files; the same file name is refused.
    let again = ["sandbox", "person", "ca", "Công ty Thử"];
    let told = desk.run(&again).exits(0).text();
    assert!(told.starts_with("ca/cong-ty-thu.pem"), "{told}");
    let words = ["sandbox", "agency", "ca", "X", "--file", "cty"];
    desk.run(&words).exits(74);
    desk.run(&["sandbox", "agency", "ca", "X", "--file", "../x"])
        .exits(64);
    let email = [
        "sandbox",
        "agency",
        "ca",
        "X",
        "--email",
        "thư@vidu.example",
    ];
    desk.run(&email).exits(65);
}

#[test]
fn a_holder_whose_certificate_has_ended_is_made_in_one_word() {
    let desk = desk();
    let words = ["sandbox", "person", "ca", "Cũ", "--expired"];
    desk.run(&words).exits(0);
    let verify = |file| {
        let words = [
            "cert",
            "verify",
            file,
            "--trust",
            "ca/root.pem",
            "--evidence",
            "ca",
        ];
        desk.run(&words)
    };
    let ended = verify("ca/cu.pem");
    assert_ne!(ended.exit, 0);
    let text = ended.text();
    assert!(text.contains("certificate.outside_validity"), "{text}");
    let words = [
        "sandbox",
        "person",
        "ca",
        "Hẹp",
        "--valid-from",
        "2026-01-01T00:00:00Z",
        "--valid-until",
        "2026-01-02T00:00:00Z",
    ];
    desk.run(&words).exits(0);
    let shown = desk.run(&["cert", "show", "ca/hep.pem"]).exits(0).text();
    assert!(
        shown.contains("2026-01-01") && shown.contains("2026-01-02"),
        "{shown}"
    );
    let swapped = [
        "sandbox",
        "person",
        "ca",
        "X",
        "--valid-until",
        "1990-01-01T00:00:00Z",
    ];
    desk.run(&swapped).exits(64);
}

#[test]
fn one_list_goes_where_it_is_wanted_and_a_folder_that_is_none_is_named() {
    let desk = desk();
    let words = ["sandbox", "crl", "ca", "--issuer", "root", "-o", "one.crl"];
    desk.run(&words).exits(0);
    desk.run(&words).exits(74);
    desk.run(&[&words[..], &["--force"]].concat()).exits(0);
    assert_eq!(desk.read("one.crl")[0], 0x30);
    desk.run(&["sandbox", "crl", "ca", "-o", "x.crl"]).exits(64);
    desk.run(&["sandbox", "crl", "ca", "--days", "0"]).exits(64);
    for verb in [&["crl"][..], &["serve"], &["person"], &["revoke"]] {
        let mut words = vec!["sandbox"];
        words.extend(verb);
        words.push("nowhere");
        if ["person", "revoke"].contains(&verb[0]) {
            words.push("x");
        }
        let ran = desk.run(&words).exits(66);
        assert!(ran.err.contains("index.json"), "{ran:?}");
    }
    desk.run(&["sandbox", "revoke", "ca", "nobody"]).exits(64);
    desk.run(&["sandbox", "revoke", "ca", "in.pdf"]).exits(65);
    desk.run(&["sandbox", "revoke", "ca", "person", "--reason", "x"])
        .exits(64);
}

/// The service, which ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_service_says_where_it_listens_and_answers_there() {
    let desk = desk();
    let mut child = desk
        .command(&["sandbox", "serve", "ca", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = String::new();
    let output = child.stdout.take().unwrap();
    let serving = Serving(child);
    BufReader::new(output).read_line(&mut told).unwrap();
    let address = told.trim_end().strip_prefix("http://").unwrap().to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let question = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(question.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let body = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        answer.split_off(body + 4)
    };
    sign(&desk, "person", "out.pdf");
    desk.write("ca/fetched-1.crl", get("/root.crl"));
    desk.write("ca/fetched-2.crl", get("/issuing.crl"));
    verify(&desk, "out.pdf", 0);
    let taken = address.rsplit_once(':').unwrap().1;
    let ran = desk.run(&["sandbox", "serve", "ca", "--port", taken]);
    ran.exits(74);
    drop(serving);
}
