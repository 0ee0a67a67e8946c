//! `--tsa`, `--level` and `extend`, from the program to a time-stamping service and back.

#![cfg(feature = "online")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod desk;

use std::fs;
use std::net::TcpListener;
use std::time::{SystemTime, UNIX_EPOCH};

use desk::{Desk, Ran};
use kyso_sandbox::{Authority, Server, Settings, plain_pdf};

/// An authority that answers on this machine, and a desk beside it.
struct Office {
    desk: Desk,
    base: String,
    _server: Server,
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

impl Office {
    fn new() -> Self {
        let desk = Desk::bare();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut settings = Settings::quick(now() - 60);
        settings.base_address = format!("http://{}", listener.local_addr().unwrap());
        let base = settings.base_address.clone();
        let folder = desk.path("authority");
        Authority::new(&settings)
            .unwrap()
            .write_to(&folder)
            .unwrap();
        let password = format!("{}\n", kyso_sandbox::PASSWORD);
        desk.write("authority/password.txt", password);
        desk.write("in.pdf", plain_pdf::pdf_with_xref_stream());
        let server = Server::on(listener, &folder, now).unwrap();
        Self {
            desk,
            base,
            _server: server,
        }
    }

    fn tsa(&self) -> String {
        format!("{}/tsa", self.base)
    }

    fn sign(&self, out: &str, more: &[&str]) -> Ran {
        let mut words = vec!["sign", "pdf", "in.pdf", "-o", out];
        words.extend(["--p12", "authority/organisation.p12"]);
        words.extend(["--password-file", "authority/password.txt"]);
        words.extend(more);
        self.desk.run(&words)
    }

    fn extend(&self, from: &str, out: &str, more: &[&str]) -> Ran {
        let mut words = vec!["extend", from, "-o", out];
        words.extend(more);
        self.desk.run(&words)
    }

    /// What the file says by itself.
    fn format(&self, file: &str) -> (String, String) {
        let words = ["verify", file, "--trust", ROOT, "--format", "json"];
        let report = self.desk.run(&words).json();
        let signature = &report[0]["signatures"][0];
        let text = |name: &str| signature[name].as_str().unwrap().to_owned();
        (text("format"), text("indication"))
    }
}

const ROOT: &str = "authority/root.pem";
const ASKING: [&str; 4] = ["--trust", ROOT, "--online", "--online-loopback"];

#[test]
fn a_service_makes_level_b_t_the_default_and_the_next_one_is_asked_where_one_is_down() {
    let office = Office::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/tsa", closed.local_addr().unwrap());
    drop(closed);
    let ran = office.sign("out.pdf", &["--tsa", &dead, "--tsa", &office.tsa()]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(office.format("out.pdf").0, "PAdES-BASELINE-T");
    let digest = ["--tsa", &office.tsa(), "--tsa-digest", "sha512"];
    assert_eq!(office.sign("out512.pdf", &digest).exit, 0);
    assert_eq!(office.format("out512.pdf").0, "PAdES-BASELINE-T");
    let policy = ["--tsa", &office.tsa(), "--tsa-policy", "1.2.3.4"];
    let ran = office.sign("none.pdf", &policy);
    assert_eq!(ran.exit, 69);
    assert!(ran.err.contains("unacceptedPolicy"), "{}", ran.err);

    let ran = office.sign("none.pdf", &["--tsa", &dead]);
    assert_eq!(ran.exit, 69);
    assert!(ran.err.contains(&dead), "{}", ran.err);
    assert!(!office.desk.path("none.pdf").exists());
}

#[test]
fn a_level_that_lacks_its_service_is_wrong_usage_and_no_file() {
    let office = Office::new();
    for words in [
        &["--level", "b-t"][..],
        &["--level", "b-lta", "--trust", ROOT],
        &["--level", "b-b", "--tsa", "http://127.0.0.1:1/"],
        &["--tsa", "tsa.example.vn"],
        &["--proxy", "http://127.0.0.1:1"],
        &["--tsa-digest", "sha256"],
    ] {
        let ran = office.sign("none.pdf", words);
        assert_eq!(ran.exit, 64, "{words:?}: {}", ran.err);
        assert!(!office.desk.path("none.pdf").exists(), "{words:?}");
    }
}

#[test]
fn signing_for_the_archive_makes_a_file_that_needs_nothing_beside_it() {
    let office = Office::new();
    let tsa = office.tsa();
    for (level, format) in [
        ("b-lt", "PAdES-BASELINE-LT"),
        ("b-lta", "PAdES-BASELINE-LTA"),
    ] {
        let mut words = vec!["--level", level, "--tsa", &tsa];
        words.extend(ASKING);
        let ran = office.sign("out.pdf", &[&words[..], &["--force"]].concat());
        assert_eq!(ran.exit, 0, "{}", ran.err);
        assert_eq!(
            office.format("out.pdf"),
            (format.into(), "TOTAL-PASSED".into())
        );
        let file = office.desk.read("out.pdf");
        assert!(file.starts_with(&office.desk.read("in.pdf")));
    }
}

#[test]
fn a_signature_is_extended_level_by_level() {
    let office = Office::new();
    let tsa = office.tsa();
    assert_eq!(office.sign("b.pdf", &[]).exit, 0);
    let ran = office.extend("b.pdf", "t.pdf", &["--level", "b-t", "--tsa", &tsa]);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.err.contains("kyso verify t.pdf"), "{}", ran.err);
    let lt = [&["--level", "b-lt"], &ASKING[..]].concat();
    let ran = office.extend("t.pdf", "lt.pdf", &lt);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let lta = [&["--level", "b-lta", "--tsa", &tsa], &ASKING[..]].concat();
    for (from, out) in [("lt.pdf", "lta.pdf"), ("lta.pdf", "again.pdf")] {
        let ran = office.extend(from, out, &lta);
        assert_eq!(ran.exit, 0, "{}", ran.err);
        assert!(office.desk.read(out).starts_with(&office.desk.read(from)));
    }
    let passed = |file| {
        let (format, indication) = office.format(file);
        assert_eq!(indication, "TOTAL-PASSED", "{file}");
        format
    };
    assert_eq!(passed("lt.pdf"), "PAdES-BASELINE-LT");
    assert_eq!(passed("lta.pdf"), "PAdES-BASELINE-LTA");
    assert_eq!(passed("again.pdf"), "PAdES-BASELINE-LTA");
    let ran = office.extend(
        "in.pdf",
        "stamped.pdf",
        &["--document-time-stamp", "--tsa", &tsa],
    );
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(
        office.extend("in.pdf", "none.pdf", &["--tsa", &tsa]).exit,
        64
    );
    assert_eq!(
        office
            .extend("in.pdf", "none.pdf", &["--level", "b-b"])
            .exit,
        64
    );
}

#[test]
fn missing_evidence_is_said_with_its_certificate_and_address_and_nothing_is_written() {
    let office = Office::new();
    assert_eq!(office.sign("t.pdf", &["--tsa", &office.tsa()]).exit, 0);
    let ran = office.extend("t.pdf", "none.pdf", &["--level", "b-lt", "--trust", ROOT]);
    assert_eq!(ran.exit, 65);
    assert!(
        ran.err.contains(&format!("{}/ocsp", office.base)),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("--online"), "{}", ran.err);
    assert!(!office.desk.path("none.pdf").exists());
    // The same by lists that were fetched by hand.
    for (name, issuer) in [("root.crl", "root"), ("issuing.crl", "issuing")] {
        let words = [
            "sandbox",
            "crl",
            "authority",
            "--issuer",
            issuer,
            "-o",
            name,
        ];
        let ran = office.desk.run(&words);
        if ran.exit != 0 {
            panic!("{}", ran.err);
        }
    }
    let words = [
        "--level",
        "b-lt",
        "--trust",
        ROOT,
        "--evidence",
        "root.crl",
        "--evidence",
        "issuing.crl",
    ];
    let ran = office.extend("t.pdf", "lt.pdf", &words);
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(office.format("lt.pdf").0, "PAdES-BASELINE-LT");
    let _ = fs::metadata(office.desk.path("lt.pdf")).unwrap();
}
