//! `kyso envelope`: built, shown, unpacked, answered.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;
use serde_json::{Value, json};

fn description() -> Value {
    json!({
        "kind": "document",
        "header": {
            "from": { "organ_id": "H99", "organ_name": "Ủy ban nhân dân tỉnh Ví Dụ" },
            "to": [{ "organ_id": "H99.07", "organ_name": "Sở Thử nghiệm" }],
            "document_id": "H99,2026/11/24,15/QĐ-UBND",
            "code": { "code_number": "15", "code_notation": "QĐ-UBND" },
            "promulgation_info": { "promulgation_date": "2026-11-24" },
            "subject": "V/v thử nghiệm",
            "steering_type": 0,
        },
        "attachments": [
            { "path": "files/quyet-dinh.pdf" },
            { "path": "files/phu-luc.txt", "name": "Phụ lục.txt", "description": "Phụ lục" },
        ],
    })
}

/// A desk with a description and its files.
fn desk() -> Desk {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("files")).unwrap();
    desk.sign("in.pdf", "files/quyet-dinh.pdf", &[]).exits(0);
    desk.write("files/phu-luc.txt", "một phụ lục");
    desk.write("spec.json", description().to_string());
    desk
}

#[test]
fn what_is_built_is_shown_and_unpacked_and_what_is_shown_builds_the_same() {
    let desk = desk();
    desk.run(&["envelope", "build", "spec.json", "-o", "a.edxml"])
        .exits(0);
    desk.run(&["envelope", "check", "a.edxml", "--mode", "strict"])
        .exits(0);
    let shown = desk
        .run(&["envelope", "show", "a.edxml", "--format", "json"])
        .exits(0);
    let mut shown = shown.json().remove(0);
    assert_eq!(shown["schema"], "kyso-envelope/1");
    for member in [
        "from",
        "to",
        "document_id",
        "code",
        "subject",
        "steering_type",
    ] {
        assert_eq!(shown["header"][member], description()["header"][member]);
    }
    let text = desk
        .run(&["envelope", "show", "a.edxml", "--lang", "vi"])
        .exits(0)
        .text();
    assert!(
        text.contains("Trích yếu: V/v thử nghiệm") && text.contains("Phụ lục.txt"),
        "{text}"
    );

    desk.run(&["envelope", "extract", "a.edxml", "-d", "out"])
        .exits(0);
    assert_eq!(
        desk.read("out/quyet-dinh.pdf"),
        desk.read("files/quyet-dinh.pdf")
    );
    assert_eq!(desk.read("out/Phụ lục.txt"), desk.read("files/phu-luc.txt"));
    desk.write("out/Phụ lục.txt", "another");
    std::fs::remove_file(desk.path("out/quyet-dinh.pdf")).unwrap();
    desk.run(&["envelope", "extract", "a.edxml", "-d", "out"])
        .exits(74);
    assert_eq!(desk.read("out/Phụ lục.txt"), b"another");
    assert!(!desk.path("out/quyet-dinh.pdf").exists());
    desk.run(&["envelope", "extract", "a.edxml", "-d", "out", "--force"])
        .exits(0);
    assert_eq!(desk.read("out/Phụ lục.txt"), desk.read("files/phu-luc.txt"));

    for (attachment, path) in shown["attachments"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(["files/quyet-dinh.pdf", "files/phu-luc.txt"])
    {
        attachment["path"] = path.into();
    }
    desk.write("again.json", shown.to_string());
    desk.run(&["envelope", "build", "again.json", "-o", "b.edxml"])
        .exits(0);
    assert_eq!(desk.read("a.edxml"), desk.read("b.edxml"));
}

#[test]
fn an_envelope_is_verified_with_what_is_signed_inside() {
    let desk = desk();
    desk.run(&["envelope", "build", "spec.json", "-o", "a.edxml"])
        .exits(0);
    let words = [
        "verify",
        "a.edxml",
        "--trust",
        "authority/root.pem",
        "--format",
        "json",
    ];
    let report = desk.run(&words).exits(2).json().remove(0);
    assert_eq!(report["kind"], "edxml");
    assert_eq!(report["indication"], "INDETERMINATE");
    assert_eq!(
        report["attachments"][0]["report"]["signatures"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_description_in_toml_builds_what_the_same_in_json_does() {
    let desk = desk();
    desk.write(
        "spec.toml",
        r#"
kind = "document"
[header]
document_id = "H99,2026/11/24,15/QĐ-UBND"
subject = "V/v thử nghiệm"
steering_type = 0
from = { organ_id = "H99", organ_name = "Ủy ban nhân dân tỉnh Ví Dụ" }
to = [{ organ_id = "H99.07", organ_name = "Sở Thử nghiệm" }]
code = { code_number = "15", code_notation = "QĐ-UBND" }
promulgation_info = { promulgation_date = 2026-11-24 }
[[trace]]
organ_id = "H99"
timestamp = 2026-11-24T15:00:00+07:00
[[attachments]]
path = "files/quyet-dinh.pdf"
[[attachments]]
path = "files/phu-luc.txt"
name = "Phụ lục.txt"
description = "Phụ lục"
"#,
    );
    let mut same = description();
    same["trace"] = json!([{ "organ_id": "H99", "timestamp": "2026-11-24T15:00:00+07:00" }]);
    desk.write("spec.json", same.to_string());
    desk.run(&["envelope", "build", "spec.toml", "-o", "a.edxml"])
        .exits(0);
    desk.run(&["envelope", "build", "spec.json", "-o", "b.edxml"])
        .exits(0);
    assert_eq!(desk.read("a.edxml"), desk.read("b.edxml"));
}

#[test]
fn a_description_that_breaks_a_rule_or_names_a_missing_file_builds_nothing() {
    let desk = desk();
    let build = |description: &Value| {
        desk.write("bad.json", description.to_string());
        desk.run(&["envelope", "build", "bad.json", "-o", "x.edxml"])
    };
    let mut lacking = description();
    lacking["header"].as_object_mut().unwrap().remove("subject");
    build(&lacking).exits(64);
    let mut missing = description();
    missing["attachments"][0]["path"] = "gone.pdf".into();
    build(&missing).exits(66);
    let mut unknown = description();
    unknown["heder"] = json!({});
    build(&unknown).exits(64);
    desk.write("bad.json", "{ \"kind\": ");
    desk.run(&["envelope", "build", "bad.json", "-o", "x.edxml"])
        .exits(65);
    desk.write("bad.toml", "kind = ");
    desk.run(&["envelope", "build", "bad.toml", "-o", "x.edxml"])
        .exits(65);
    assert!(!desk.path("x.edxml").exists());
}

#[test]
fn the_one_receiver_answers_and_of_several_one_has_to_be_named() {
    let desk = desk();
    desk.run(&["envelope", "build", "spec.json", "-o", "a.edxml"])
        .exits(0);
    let answer = |input: &str, more: &[&str]| {
        let words = ["envelope", "status", input, "-o", "status.edxml", "--force"];
        desk.run(&[&words[..], more].concat())
    };
    answer(
        "a.edxml",
        &["--code", "03", "--description", "Đã tiếp nhận"],
    )
    .exits(0);
    let words = ["envelope", "show", "status.edxml", "--format", "json"];
    let status = desk.run(&words).exits(0).json().remove(0);
    assert_eq!(status["kind"], "status");
    assert_eq!(status["header"]["from"]["organ_id"], "H99.07");
    assert_eq!(status["status"]["status_code"], "03");
    assert_eq!(status["status"]["response_for"]["organ_id"], "H99");
    desk.run(&["envelope", "check", "status.edxml"]).exits(0);
    answer("a.edxml", &["--code", "09"]).exits(64);
    // A refusal needs its reason.
    answer("a.edxml", &["--code", "02"]).exits(64);
    answer("status.edxml", &["--code", "03"]).exits(64);

    let mut several = description();
    several["header"]["to"] = json!([{ "organ_id": "H99.07" }, { "organ_id": "H99.08" }]);
    desk.write("several.json", several.to_string());
    desk.run(&["envelope", "build", "several.json", "-o", "b.edxml"])
        .exits(0);
    answer("b.edxml", &["--code", "03"]).exits(64);
    answer("b.edxml", &["--code", "03", "--from-organ-id", "H99.08"]).exits(0);
}

#[test]
fn the_story_of_a_document_is_told_from_its_messages_in_any_order() {
    let desk = desk();
    desk.run(&["envelope", "build", "spec.json", "-o", "a.edxml"])
        .exits(0);
    for code in ["01", "03"] {
        let output = format!("{code}.edxml");
        let words = [
            "envelope", "status", "a.edxml", "-o", &output, "--code", code,
        ];
        desk.run(&words).exits(0);
    }
    let words = [
        "envelope", "track", "03.edxml", "a.edxml", "01.edxml", "a.edxml",
    ];
    let told = desk.run(&[&words[..], &["--lang", "vi"]].concat()).exits(0);
    assert!(told.text().contains("đã tiếp nhận"), "{told:?}");
    let told = desk
        .run(&[&words[..], &["--format", "json"]].concat())
        .exits(0);
    let flow = &told.json()[0];
    assert_eq!(flow["schema"], "kyso-envelope-flow/1");
    assert_eq!(flow["documents"].as_array().unwrap().len(), 1);
    assert_eq!(flow["documents"][0]["receivers"][0]["state"], "accepted");
    assert_eq!(
        flow["documents"][0]["messages"].as_array().unwrap().len(),
        3
    );
    desk.run(&["envelope", "track", "in.pdf"]).exits(65);
}

#[test]
fn an_envelope_is_held_against_an_agency_list() {
    let desk = desk();
    desk.run(&["envelope", "build", "spec.json", "-o", "a.edxml"])
        .exits(0);
    desk.write("agencies.csv", "code,name\nH99,Tỉnh\n");
    let words = [
        "envelope",
        "check",
        "a.edxml",
        "--directory",
        "agencies.csv",
        "--format",
        "json",
    ];
    let told = desk.run(&words).exits(2).json().remove(0);
    let rules: Vec<&str> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    assert!(rules.contains(&"O1"), "{told}");
    desk.write("agencies.csv", "no list");
    desk.run(&words).exits(65);
}

#[test]
fn an_attachment_named_like_a_path_lands_in_the_folder_under_a_safe_name() {
    let desk = desk();
    desk.run(&["envelope", "build", "spec.json", "-o", "a.edxml"])
        .exits(0);
    let text = String::from_utf8(desk.read("a.edxml")).unwrap();
    desk.write(
        "bad.edxml",
        text.replace("Phụ lục.txt", "../../phu\u{202e}luc.txt"),
    );
    let ran = desk.run(&["envelope", "extract", "bad.edxml", "-d", "deep/out"]);
    if ran.exit == 0 {
        assert!(!ran.text().contains('\u{202e}'), "{ran:?}");
        assert_eq!(std::fs::read_dir(desk.path("deep/out")).unwrap().count(), 2);
    } else {
        ran.exits(65);
    }
    assert!(!desk.path("phuluc.txt").exists());
    let strict = desk
        .run(&["envelope", "check", "bad.edxml", "--format", "json"])
        .exits(1);
    assert_eq!(strict.json()[0]["outcome"], "reject");
    let shown = desk.run(&["envelope", "show", "bad.edxml"]);
    assert!(!shown.text().contains('\u{202e}'), "{shown:?}");
}

#[test]
fn what_is_no_envelope_is_refused_in_one_sentence() {
    let desk = Desk::new();
    let ran = desk.run(&["envelope", "show", "in.pdf"]).exits(65);
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    desk.run(&["envelope", "show", "gone.edxml"]).exits(66);
    desk.run(&["envelope", "check", "in.pdf"]).exits(1);
}
