//! What an auditor has to be told, in Vietnamese: the fields of Circular 15/2025/TT-BKHCN, Art.
//! 6(5)b, the ten criteria of its App. II with their evidence, and how to supply what is missing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{only, world};
use kyso::Lang;
use kyso::report::Criteria;
use kyso_sandbox::plain_pdf;
use serde_json::Value;

/// Signed with the whole chain; nothing tells the status.
fn signed() -> Vec<u8> {
    let world = world();
    kyso::sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .sign(&world.person_key())
        .unwrap()
        .to_vec()
}

#[test]
fn the_text_holds_every_field_that_the_circular_asks_for() {
    let text = world().verifier().verify(&signed()).to_text(Lang::Vi);
    for label in [
        "Nơi cấp chứng thư: ",
        "Người ký: ",
        "Đơn vị quản lý chứng thư: ",
        "Giờ ký tự khai: ",
        "Toàn vẹn: giá trị băm khớp, chữ ký đúng với khóa",
        "Hiệu lực lúc ký: ",
        "Thời hạn chứng thư: ",
        "Mười tiêu chí của Thông tư 15/2025/TT-BKHCN, Phụ lục II:",
    ] {
        assert!(text.contains(label), "{label}\n{text}");
    }
    for number in Criteria::NUMBERS {
        let line = text
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{number} ")));
        let line = line.unwrap_or_else(|| panic!("{number}\n{text}"));
        let (_, evidence) = line.split_once(" – ").unwrap();
        assert!(evidence.chars().count() > 8, "{line}");
    }
}

#[test]
fn each_criterion_has_the_same_answer_with_and_without_its_evidence() {
    let report = world().verifier().verify(&signed());
    let signature = only(&report);
    let told = signature.criteria_with_evidence(Lang::En);
    let told: Vec<_> = told.iter().map(|one| (one.number, one.answer)).collect();
    let answers: Vec<_> = signature.criteria().unwrap().iter().collect();
    assert_eq!(told, answers);
    let json: Value = serde_json::from_str(&report.to_json(Lang::En)).unwrap();
    let evidence = json["signatures"][0]["criteria_evidence"]
        .as_object()
        .unwrap();
    assert_eq!(evidence.len(), 10);
    let status = &evidence["1.2"];
    assert_eq!(status["reasons"][0], "revocation.missing");
    assert!(status["evidence"].as_str().unwrap().contains("not known"));
}

#[test]
fn a_missing_status_names_the_certificate_the_address_the_file_and_the_folder() {
    let report = world().verifier().verify(&signed());
    let signature = only(&report);
    let signer = signature.signer().unwrap();
    let missing = signature
        .reasons()
        .find(|reason| reason.code() == "revocation.missing")
        .unwrap();
    let (message, advice) = (missing.message(Lang::Vi), missing.advice(Lang::Vi));
    for part in [&signer.common_name, &signer.serial] {
        assert!(message.contains(part.as_str()), "{message}");
    }
    for part in [
        "http://127.0.0.1:8085/issuing.crl",
        "issuing.crl",
        "--evidence",
    ] {
        assert!(advice.contains(part), "{advice}");
    }
}
