//! What signatures show, from the command line: the forms of the law, `kyso issue`, the preview.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;
use kyso_sandbox::document::{Decision, IssueDate, draw_decision};

/// A desk with a decision that waits for number and date, a scan and a seal.
fn office() -> Desk {
    let desk = Desk::new();
    let mut decision = Decision::example();
    decision.number = None;
    decision.date = IssueDate::Blank { year: 2026 };
    desk.write("draft.pdf", draw_decision(&decision).unwrap().pdf);
    desk.write("scan.png", png(60, 30, None));
    desk.write("seal.png", png(400, 400, Some(11_811)));
    desk
}

fn png(width: u32, height: u32, dots: Option<u32>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    if let Some(dots) = dots {
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: dots,
            yppu: dots,
            unit: png::Unit::Meter,
        }));
    }
    let mut writer = encoder.write_header().unwrap();
    let size = usize::try_from(width * height).unwrap();
    let pixels = [200, 20, 30, 180].repeat(size);
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    out
}

const BODY: [&str; 4] = [
    "--p12",
    "authority/organisation.p12",
    "--password-file",
    "authority/password.txt",
];

fn signed_by_the_person(desk: &Desk) {
    let between = ["--between", "chủ tịch", "Nguyễn Văn Thử"];
    let look = ["--form", "signature", "--picture", "scan.png"];
    desk.sign("draft.pdf", "signed.pdf", &[&look[..], &between].concat())
        .exits(0);
}

#[test]
fn a_document_is_signed_by_the_person_and_issued_by_the_clerk() {
    let desk = office();
    signed_by_the_person(&desk);
    let words = [
        &["issue", "signed.pdf", "-o", "issued.pdf", "--number", "7"],
        &["--date", "2026-11-05", "--seal", "seal.png"][..],
        &BODY,
    ];
    desk.run(&words.concat()).exits(0);
    assert!(
        desk.read("issued.pdf")
            .starts_with(&desk.read("signed.pdf"))
    );
    let ran = desk.run(&[
        "verify",
        "issued.pdf",
        "--format",
        "json",
        "--trust",
        "authority/root.pem",
        "--evidence",
        "authority",
        "--revocation",
        "none",
    ]);
    let report = ran.exits(0).json();
    let signatures = report[0]["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 2);
    assert_eq!(signatures[0]["coverage"]["changes"], "permitted");
    assert_eq!(
        signatures[0]["coverage"]["findings"][0]["code"],
        "change.signature_field"
    );
    // Not twice: the year of the document, and dates that are none.
    for (date, exit) in [("2025-11-05", 65), ("2026-02-30", 65), ("5/11/2026", 64)] {
        let words = [
            &["issue", "signed.pdf", "-o", "x.pdf", "--number", "7"],
            &["--date", date][..],
            &BODY,
        ];
        desk.run(&words.concat()).exits(exit);
        assert!(!desk.path("x.pdf").exists());
    }
}

#[test]
fn a_preview_alone_touches_no_key_and_signs_nothing() {
    let desk = office();
    signed_by_the_person(&desk);
    let ran = desk.run(&[
        "issue",
        "signed.pdf",
        "--number",
        "7",
        "--date",
        "2026-11-05",
        "--seal",
        "seal.png",
        "--preview",
        "page.png",
    ]);
    if ran.err.contains("not offered") {
        return;
    }
    let ran = ran.exits(0);
    assert!(desk.read("page.png").starts_with(b"\x89PNG"));
    assert!(
        ran.err.contains("over 33 % of the signature's width"),
        "{}",
        ran.err
    );
    // A page that is not there has no picture.
    desk.run(&[
        "sign",
        "pdf",
        "draft.pdf",
        "--form",
        "archive-copy",
        "--preview",
        "other.png",
        "--preview-page",
        "9",
    ])
    .exits(65);
    assert!(!desk.path("other.png").exists());
}

#[test]
fn several_marks_come_from_a_file_with_pictures_beside_it() {
    let desk = office();
    std::fs::create_dir(desk.path("look")).unwrap();
    desk.write("look/seal.png", png(300, 300, Some(11_811)));
    desk.write(
        "look/marks.json",
        r#"[{"form":"copy","kind":"SAO Y"},
            {"form":"seal","picture":"seal.png","corner":"bottom-left","x":20,"y":20},
            {"form":"text","text":"Bản chính","corner":"bottom-right","x":15,"y":8,"page":"all"}]"#,
    );
    desk.sign("draft.pdf", "out.pdf", &["--marks", "look/marks.json"])
        .exits(0);
    let text = desk.read("out.pdf");
    let count = |what: &[u8]| {
        text.windows(what.len())
            .filter(|window| *window == what)
            .count()
    };
    assert_eq!(count(b"/Subtype/Widget"), 3);
    assert_eq!(count(b"/FT/Sig"), 1);
    desk.write("bad.json", r#"[{"form":"text","text":"a","color":1}]"#);
    desk.sign("draft.pdf", "x.pdf", &["--marks", "bad.json"])
        .exits(64);
}

#[test]
fn what_cannot_be_shown_stops_signing_with_a_reason() {
    let desk = office();
    let sign = |more: &[&str], exit: i32, word: &str| {
        let ran = desk.sign("draft.pdf", "x.pdf", more).exits(exit);
        assert!(ran.err.contains(word), "{}", ran.err);
        assert!(!desk.path("x.pdf").exists());
    };
    let scan = ["--form", "signature", "--picture", "scan.png"];
    sign(
        &[&scan[..], &["--between", "Thủ tướng", "Nguyễn Văn Thử"]].concat(),
        65,
        "Thủ tướng",
    );
    sign(&scan, 65, "nobody said where");
    sign(
        &[&scan[..], &["--at", "middle:1:1"]].concat(),
        64,
        "CORNER:MM:MM",
    );
    sign(&["--form", "appendix", "--document", "15/字"], 65, "U+5B57");
    sign(
        &["--form", "seal", "--picture", "in.pdf"],
        65,
        "neither PNG nor JPEG",
    );
    sign(&["--form", "copy"], 64, "kind");
    sign(&["--picture", "scan.png"], 64, "--form");
}
