//! Each example is run on a throw-away authority's key and a sample decision.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kyso_sandbox::document::{Decision, decision_pdf};
use kyso_sandbox::{Authority, OrganisationProfile, PASSWORD, Settings};

struct Bench {
    folder: PathBuf,
}

impl Bench {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("kyso-examples-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let authority = Authority::new(&Settings::new(i64::try_from(now).unwrap())).unwrap();
        let organisation = authority
            .organisation(&OrganisationProfile::example())
            .unwrap();
        let p12 = organisation
            .pkcs12(PASSWORD, &[&authority.issuing])
            .unwrap();
        fs::write(folder.join("key.p12"), p12).unwrap();
        fs::write(folder.join("key.pem"), organisation.private_key_pem()).unwrap();
        let chain = organisation.certificate_pem() + &authority.issuing.certificate_pem();
        fs::write(folder.join("chain.pem"), chain).unwrap();
        fs::write(folder.join("root.pem"), authority.root.certificate_pem()).unwrap();
        fs::write(
            folder.join("in.pdf"),
            decision_pdf(&Decision::example()).unwrap(),
        )
        .unwrap();
        Self { folder }
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = output(program, arguments, &self.folder);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {text}{error}"
        );
        text
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn output(program: &str, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn a_decision_is_signed_by_key_and_by_callback_and_both_are_verified() {
    let bench = Bench::new("sign");
    let sign = env!("CARGO_BIN_EXE_sign");
    bench.run(sign, &["in.pdf", "key.p12", PASSWORD, "once.pdf"]);
    let callback = env!("CARGO_BIN_EXE_callback");
    let said = bench.run(callback, &["once.pdf", "key.p12", PASSWORD, "twice.pdf"]);
    assert!(said.contains("asked to sign the digest "));
    let report = bench.run(env!("CARGO_BIN_EXE_verify"), &["root.pem", "twice.pdf"]);
    assert_eq!(
        report
            .matches("giá trị băm khớp, chữ ký đúng với khóa")
            .count(),
        2,
        "{report}"
    );
    assert!(!report.contains("KHÔNG HỢP LỆ"), "{report}");
}

#[test]
fn a_signature_made_elsewhere_completes_a_prepared_document() {
    let bench = Bench::new("two-step");
    let two_step = env!("CARGO_BIN_EXE_two_step");
    let digest = bench.run(two_step, &["prepare", "in.pdf", "chain.pem", "state"]);
    let digest = digest.trim();
    assert_eq!(digest.len(), 64);
    let bytes: Vec<u8> = (0..32)
        .map(|i| u8::from_str_radix(&digest[2 * i..2 * i + 2], 16).unwrap())
        .collect();
    fs::write(bench.folder.join("digest"), bytes).unwrap();
    // The phone: a program we did not write.
    let phone = [
        "pkeyutl",
        "-sign",
        "-inkey",
        "key.pem",
        "-in",
        "digest",
        "-out",
        "value",
        "-pkeyopt",
        "digest:sha256",
    ];
    match Command::new("openssl")
        .args(phone)
        .current_dir(&bench.folder)
        .output()
    {
        Ok(output) => assert!(output.status.success()),
        Err(_) => {
            println!("skipped: openssl is not here");
            return;
        }
    }
    bench.run(
        two_step,
        &["complete", "in.pdf", "state", "value", "out.pdf"],
    );
    let report = bench.run(env!("CARGO_BIN_EXE_verify"), &["root.pem", "out.pdf"]);
    assert!(
        report.contains("giá trị băm khớp, chữ ký đúng với khóa"),
        "{report}"
    );
    let wrong = output(
        two_step,
        &["complete", "root.pem", "state", "value", "x.pdf"],
        &bench.folder,
    );
    assert!(!wrong.status.success());
    assert!(!bench.folder.join("x.pdf").exists());
}

#[test]
fn a_document_goes_into_an_envelope_and_comes_out() {
    let bench = Bench::new("envelope");
    let spec = r#"{
        "kind": "document",
        "header": {
            "from": { "organ_id": "H99.01", "organ_name": "Văn phòng UBND tỉnh Ví Dụ" },
            "to": [ { "organ_id": "H99.02", "organ_name": "Sở Thử nghiệm" } ],
            "document_id": "H99.01,2026/01/05,15/QĐ-UBND",
            "code": { "code_number": "15", "code_notation": "QĐ-UBND" },
            "promulgation_info": { "place": "Ví Dụ", "promulgation_date": "2026-01-05" },
            "subject": "Ban hành Quy chế thử nghiệm chữ ký số",
            "steering_type": 0
        },
        "attachments": [ { "path": "in.pdf", "name": "quyet-dinh.pdf", "content_type": "application/pdf" } ]
    }"#;
    fs::write(bench.folder.join("spec.json"), spec).unwrap();
    let said = bench.run(
        env!("CARGO_BIN_EXE_envelope"),
        &["spec.json", "in.pdf", "out.edxml"],
    );
    assert!(said.contains("Ban hành Quy chế thử nghiệm chữ ký số"));
    assert!(said.contains("quyet-dinh.pdf: "));
}
