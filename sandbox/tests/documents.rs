//! The documents, judged by qpdf and poppler.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod tools;

use std::fs;

use kyso_sandbox::SandboxError;
use kyso_sandbox::document::{Decision, IssueDate, Rectangle, decision_pdf, draw_decision};
use kyso_sandbox::plain_pdf::{large_pdf, pdf_hybrid, pdf_with_table, pdf_with_xref_stream};
use tools::{Answer, ask, directory, has};

fn blank() -> Decision<'static> {
    Decision {
        superior: Some("Ủy ban nhân dân tỉnh Ví Dụ"),
        agency: "Sở Thử nghiệm",
        number: None,
        date: IssueDate::Blank { year: 2026 },
        on_behalf_of: Some("KT. Giám đốc"),
        signer_office: "Phó Giám đốc",
        ..Decision::example()
    }
}

/// Writes `pdf` and runs a program over it as `file.pdf`.
fn over(name: &str, pdf: &[u8], program: &str, arguments: &[&str]) -> Answer {
    let directory = directory(name);
    fs::write(directory.join("file.pdf"), pdf).unwrap();
    ask(&directory, program, arguments)
}

/// The text that stands in `place` of the first page.
fn text_in(name: &str, pdf: &[u8], place: Rectangle) -> String {
    // At 720 dots an inch, since the program takes whole dots only.
    let whole = |value: f32| format!("{}", (value * 10.0).round());
    let top = 841.89 - place.y - place.height;
    // Half a point less on either side: a neighbour that touches the box is not in it.
    let (x, y) = (whole(place.x + 0.5), whole(top));
    let (width, height) = (whole(place.width - 1.0), whole(place.height));
    let arguments = [
        "-r", "720", "-x", &x, "-y", &y, "-W", &width, "-H", &height, "file.pdf", "-",
    ];
    over(name, pdf, "pdftotext", &arguments)
        .text
        .trim()
        .to_owned()
}

#[test]
fn a_decision_is_one_clean_page_of_a4() {
    if !has("qpdf") || !has("pdfinfo") {
        return;
    }
    for (name, decision) in [
        ("decision", Decision::example()),
        ("decision-blank", blank()),
    ] {
        let pdf = decision_pdf(&decision).unwrap();
        let answer = over(name, &pdf, "qpdf", &["--check", "file.pdf"]);
        assert!(
            answer.well && !answer.text.contains("WARNING"),
            "{}",
            answer.text
        );
        let facts = over(name, &pdf, "pdfinfo", &["file.pdf"]).text;
        assert!(facts.contains("Pages:           1\n"), "{facts}");
        assert!(facts.contains("(A4)"), "{facts}");
        assert!(facts.contains("Quyết định về việc ban hành"), "{facts}");
    }
}

#[test]
fn a_decision_says_its_language_and_that_it_is_pdf_a() {
    let pdf = decision_pdf(&Decision::example()).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/Lang(vi)") || text.contains("/Lang (vi)"));
    assert!(text.contains("<pdfaid:part>2</pdfaid:part>"));
    assert!(text.contains("<pdfaid:conformance>U</pdfaid:conformance>"));
}

#[test]
fn the_words_come_out_as_they_went_in() {
    if !has("pdftotext") {
        return;
    }
    let pdf = decision_pdf(&Decision::example()).unwrap();
    let text = over("words", &pdf, "pdftotext", &["-layout", "file.pdf", "-"]).text;
    for expected in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN",
        "Số: 15/QĐ-UBND",
        "Ví Dụ, ngày 05 tháng 01 năm 2026",
        "Về việc ban hành Quy chế thử nghiệm chữ ký số",
        "QUYẾT ĐỊNH:",
        "Điều 1. Ban hành kèm theo",
        "không có giá trị pháp lý",
        "Nơi nhận:",
        "- Như Điều 3;",
        "CHỦ TỊCH",
        "Nguyễn Văn Thử",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    assert!(
        !text
            .chars()
            .any(|each| ('\u{300}'..='\u{36f}').contains(&each)),
        "not NFC"
    );
}

#[test]
fn every_typeface_is_embedded_as_a_subset() {
    if !has("pdffonts") {
        return;
    }
    let pdf = decision_pdf(&Decision::example()).unwrap();
    let answer = over("fonts", &pdf, "pdffonts", &["file.pdf"]);
    let fonts: Vec<&str> = answer.text.lines().skip(2).collect();
    assert_eq!(fonts.len(), 4, "{}", answer.text);
    assert!(
        fonts.iter().all(|line| line.contains(" yes yes yes ")),
        "{}",
        answer.text
    );
}

#[test]
fn the_same_decision_gives_the_same_octets() {
    let decision = Decision::example();
    assert_eq!(
        decision_pdf(&decision).unwrap(),
        decision_pdf(&decision).unwrap()
    );
    let other = Decision {
        number: Some("16"),
        ..decision
    };
    assert_ne!(
        decision_pdf(&other).unwrap(),
        decision_pdf(&Decision::example()).unwrap()
    );
}

#[test]
fn things_stand_where_the_places_say() {
    if !has("pdftotext") {
        return;
    }
    let drawn = draw_decision(&Decision::example()).unwrap();
    let text = |place| text_in("places", &drawn.pdf, place);
    assert_eq!(text(drawn.places.number), "15");
    assert_eq!(text(drawn.places.day), "05");
    assert_eq!(text(drawn.places.month), "01");
    assert_eq!(text(drawn.places.office), "CHỦ TỊCH");
    assert_eq!(text(drawn.places.name), "Nguyễn Văn Thử");
    assert_eq!(text(drawn.places.signature), "");

    let drawn = draw_decision(&blank()).unwrap();
    let text = |place| text_in("places-blank", &drawn.pdf, place);
    assert_eq!(text(drawn.places.number), "");
    assert_eq!(text(drawn.places.day), "");
    assert_eq!(text(drawn.places.office), "PHÓ GIÁM ĐỐC");
    assert!(drawn.places.number.width > 25.0 && drawn.places.month.width > 15.0);
}

#[test]
fn a_text_for_two_pages_is_refused() {
    let long = "Quy định này rất dài. ".repeat(60);
    let paragraphs = [long.as_str(); 4];
    let decision = Decision {
        paragraphs: &paragraphs,
        ..Decision::example()
    };
    assert!(matches!(
        decision_pdf(&decision),
        Err(SandboxError::TooLong)
    ));
}

#[test]
fn a_text_just_too_long_is_set_smaller() {
    let filler = "Quy định này hơi dài. ".repeat(22);
    let paragraphs = [filler.as_str(); 3];
    let decision = Decision {
        paragraphs: &paragraphs,
        ..Decision::example()
    };
    let drawn = draw_decision(&decision).unwrap();
    let usual = draw_decision(&Decision::example()).unwrap();
    assert!(drawn.places.name.height < usual.places.name.height);
}

#[test]
fn decomposed_text_and_unknown_characters_are_refused() {
    for title in ["Ve\u{302}\u{300} việc", "漢字"] {
        let decision = Decision {
            title,
            ..Decision::example()
        };
        assert!(
            matches!(decision_pdf(&decision), Err(SandboxError::Document(_))),
            "{title}"
        );
    }
    let date = IssueDate::Given {
        year: 2026,
        month: 13,
        day: 1,
    };
    assert!(
        decision_pdf(&Decision {
            date,
            ..Decision::example()
        })
        .is_err()
    );
}

#[test]
fn the_three_ways_of_cross_references_hold_the_same_page() {
    if !has("qpdf") || !has("pdftotext") {
        return;
    }
    let files = [
        ("table", pdf_with_table(), 0),
        ("stream", pdf_with_xref_stream(), 4),
        ("hybrid", pdf_hybrid(), 1),
    ];
    for (name, pdf, packed) in files {
        let answer = over(name, &pdf, "qpdf", &["--check", "file.pdf"]);
        assert!(
            answer.well && !answer.text.contains("WARNING"),
            "{name}: {}",
            answer.text
        );
        let xref = over(name, &pdf, "qpdf", &["--show-xref", "file.pdf"]).text;
        assert_eq!(
            xref.matches("compressed; stream = 6").count(),
            packed,
            "{name}: {xref}"
        );
        let text = over(name, &pdf, "pdftotext", &["file.pdf", "-"]).text;
        assert_eq!(text.trim(), "Van ban thu nghiem", "{name}");
        let linear = over(
            name,
            &pdf,
            "qpdf",
            &["--linearize", "file.pdf", "linear.pdf"],
        );
        assert!(linear.well, "{name}: {}", linear.text);
    }
}

#[test]
fn a_large_file_has_the_size_asked_for_and_is_the_same_every_time() {
    let mut file = Vec::new();
    large_pdf(&mut file, 7).unwrap();
    assert!(
        (7_000_000..7_010_000).contains(&file.len()),
        "{}",
        file.len()
    );
    let mut again = Vec::new();
    large_pdf(&mut again, 7).unwrap();
    assert!(file == again);
    if has("qpdf") {
        let answer = over("large", &file, "qpdf", &["--check", "file.pdf"]);
        assert!(
            answer.well && !answer.text.contains("WARNING"),
            "{}",
            answer.text
        );
    }
    if has("pdfinfo") {
        let facts = over("large", &file, "pdfinfo", &["file.pdf"]).text;
        assert!(facts.contains("Pages:           3\n"), "{facts}");
    }
    let mut empty = Vec::new();
    large_pdf(&mut empty, 0).unwrap();
    assert!(empty.len() < 10_000);
    assert!(large_pdf(&mut Vec::new(), 10_000).is_err());
}

#[test]
fn large_data_does_not_compress() {
    use std::io::Write;
    let mut file = Vec::new();
    large_pdf(&mut file, 1).unwrap();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&file).unwrap();
    assert!(encoder.finish().unwrap().len() * 100 > file.len() * 99);
}
