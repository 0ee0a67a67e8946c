//! What signatures show: the forms of Vietnamese law, rendered and measured, their text taken out
//! again, the files judged by us and by peers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
mod forms_made;

use common::*;
use forms_made::*;
use kyso::appearance::{Corner, Issue, Mark, Placed};
use kyso::font::Font;
use kyso::picture::Picture;
use kyso::report::{Changes, Report};
use kyso::sign::{self, PdfSigning};
use kyso::{Certificate, ErrorKind, Indication, Lang, Policy, Revocation, Signer};
use kyso_sandbox::document::{Decision, Drawn, IssueDate, Rectangle, draw_decision};
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{CmsRecipe, Hash, SandboxError, plain_pdf};

const OFFICE: &str = "CHỦ TỊCH";
const NAME: &str = "Nguyễn Văn Thử";
const PAGE_HEIGHT: f32 = 841.89;

/// A decision that waits for its number and date.
fn unissued() -> Drawn {
    let mut decision = Decision::example();
    decision.number = None;
    decision.date = IssueDate::Blank { year: 2026 };
    draw_decision(&decision).unwrap()
}

fn scan() -> Picture {
    Picture::read(&signature_png()).unwrap()
}

fn seal() -> Picture {
    Picture::read(&seal_png()).unwrap()
}

/// Leaves a file where a person can look at it, if a folder is named.
fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("KYSO_FORMS_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

/// Signs with the organisation's key; the file, and where the marks went.
fn signed(input: &[u8], marks: &[Mark]) -> (Vec<u8>, Vec<Placed>) {
    let world = world();
    let start = || {
        let signing = sign::pdf(input, world.now);
        marks.iter().cloned().fold(signing, PdfSigning::show)
    };
    let chain = world.chain(&world.organisation);
    let placed = start().draft(&chain).unwrap().placed;
    let signed = start().sign(&world.organisation_key()).unwrap();
    (signed.to_vec(), placed)
}

fn refusal(input: &[u8], marks: &[Mark]) -> kyso::Error {
    let world = world();
    let signing = sign::pdf(input, world.now);
    let signing = marks.iter().cloned().fold(signing, PdfSigning::show);
    match signing.sign(&world.organisation_key()) {
        Ok(_) => panic!("signed with {marks:?}"),
        Err(error) => error,
    }
}

fn signed_by_the_person(drawn: &Drawn) -> Vec<u8> {
    let world = world();
    sign::pdf(&drawn.pdf, world.now)
        .show(Mark::signature(scan()).between(OFFICE, NAME))
        .sign(&world.person_key())
        .unwrap()
        .to_vec()
}

/// Everything but status, which the authority of the tests does not publish.
fn verify(pdf: &[u8]) -> Report {
    let policy = Policy::default().revocation(Revocation::None);
    world().verifier().policy(policy).verify(pdf)
}

fn boxed(placed: &Placed) -> Box {
    Box {
        left: placed.left,
        top: placed.top,
        right: placed.left + placed.width,
        bottom: placed.top + placed.height,
    }
}

fn of_points(rectangle: &Rectangle) -> Box {
    let millimetres = |points: f32| f64::from(points) * 25.4 / 72.0;
    let top = PAGE_HEIGHT - rectangle.y - rectangle.height;
    Box {
        left: millimetres(rectangle.x),
        top: millimetres(top),
        right: millimetres(rectangle.x + rectangle.width),
        bottom: millimetres(top + rectangle.height),
    }
}

/// Vietnam's time of the signatures of these tests, as ISO 8601.
fn time_text() -> String {
    world().now.to_string()
}

// ---- the forms of the law

#[test]
fn a_persons_signature_stands_between_office_and_name_in_its_proportions() {
    let drawn = unissued();
    let mark = Mark::signature(scan()).between("chu tich", "NGUYỄN VĂN THỬ");
    let (pdf, placed) = signed(&drawn.pdf, &[mark]);
    keep("4a.pdf", &pdf);
    let [placed] = placed.as_slice() else {
        panic!()
    };
    let own = boxed(placed);
    assert!((placed.width / placed.height - 2.0).abs() < 0.01);
    let (office, name) = (
        of_points(&drawn.places.office),
        of_points(&drawn.places.name),
    );
    let middle = |one: &Box| (one.left + one.right) / 2.0;
    let wanted = (middle(&office) + middle(&name)) / 2.0;
    assert!((middle(&own) - wanted).abs() < 0.5, "{own:?}");
    assert!(own.top > office.bottom - 1.0 && own.bottom < name.top + 1.0);
    if have("pdftoppm") {
        let ink = render(&pdf, 1)
            .ink(&render(&drawn.pdf, 1), is_blue)
            .unwrap();
        ink.assert_near(&own, "the signature");
    }
}

#[test]
fn a_seal_has_its_true_size_and_covers_a_third_of_the_signature_from_the_left() {
    let first = signed_by_the_person(&unissued());
    let (pdf, placed) = signed(&first, &[Mark::seal(seal())]);
    keep("4b.pdf", &pdf);
    let [placed] = placed.as_slice() else {
        panic!()
    };
    assert!((placed.width - 34.04).abs() < 0.05 && (placed.height - 34.04).abs() < 0.05);
    assert!((placed.overlap.unwrap() - 1.0 / 3.0).abs() < 0.02);
    if have("pdftoppm") {
        let (after, before) = (render(&pdf, 1), render(&first, 1));
        let ink = after.ink(&before, is_red).unwrap();
        ink.assert_near(&boxed(placed), "the seal");
        // It lies over the signature: where both are, red is seen.
        let scan = before.ink(&render(&unissued().pdf, 1), is_blue).unwrap();
        assert!(ink.right > scan.left + 10.0 && ink.left < scan.left);
    }
    // Given in millimetres it is what was said.
    let (_, placed) = signed(&first, &[Mark::seal(seal()).width(36.0)]);
    assert!((placed[0].width - 36.0).abs() < 1e-9);
    assert!((placed[0].overlap.unwrap() - 1.0 / 3.0).abs() < 0.02);
}

#[test]
fn a_seal_is_measured_from_the_scan_within_a_larger_field() {
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Ky)/F 4/P 10 0 R/Rect[100 500 400 560]>>";
    for turn in ["", "/Rotate 90"] {
        let pdf = pages_pdf(
            &[&format!("/Annots[30 0 R]{turn}")],
            &[
                (30, widget.as_bytes().to_vec()),
                (31, b"<</Fields[30 0 R]/SigFlags 1>>".to_vec()),
            ],
            "/AcroForm 31 0 R",
        );
        let world = world();
        let first = sign::pdf(&pdf, world.now)
            .field("Ky")
            .show(Mark::signature(scan()).in_field())
            .sign(&world.person_key())
            .unwrap()
            .to_vec();
        let (issued, placed) = signed(&first, &[Mark::seal(seal())]);
        assert!(
            (placed[0].overlap.unwrap() - 1.0 / 3.0).abs() < 0.001,
            "{placed:?}"
        );
        if have("pdftoppm") {
            let plain = render(&pdf, 1);
            let scan = render(&first, 1).ink(&plain, is_blue).unwrap();
            let red = render(&issued, 1).ink(&plain, is_red).unwrap();
            let third = scan.left + (scan.right - scan.left) / 3.0;
            assert!((red.right - third).abs() < 0.5, "{turn} {red:?} {scan:?}");
        }
    }
}

#[test]
fn a_seal_without_a_size_is_refused_instead_of_guessed() {
    let first = signed_by_the_person(&unissued());
    let mark = Mark::seal(scan());
    let error = refusal(&first, &[mark]);
    assert_eq!(error.kind(), ErrorKind::Appearance);
    assert!(error.detail().contains("resolution"), "{error}");
    assert!(error.message(Lang::Vi).contains("độ phân giải"));
    // And there is nothing to put it over.
    let error = refusal(&unissued().pdf, &[Mark::seal(seal())]);
    assert!(error.detail().contains("no signature"), "{error}");
}

#[test]
fn the_texts_of_the_corner_forms_are_exact_and_stand_in_their_corner() {
    let pdf = unissued().pdf;
    let time = time_text();
    let body = "Ủy ban nhân dân tỉnh Ví Dụ";
    let cases: [(&str, Mark, Vec<String>, f64); 4] = [
        (
            "4c",
            Mark::appendix("15/QĐ-UBND"),
            vec!["15/QĐ-UBND".into(), time.clone()],
            10.0,
        ),
        (
            "4d",
            Mark::copy("SAO Y"),
            vec!["SAO Y".into(), body.into(), time.clone()],
            10.0,
        ),
        (
            "4e",
            Mark::digitised(),
            vec![body.into(), time.clone()],
            10.0,
        ),
        ("4f", Mark::archive_copy(), vec!["BẢN SAO".into()], 13.0),
    ];
    for (name, mark, lines, size) in cases {
        let (signed, placed) = signed(&pdf, &[mark]);
        keep(&format!("{name}.pdf"), &signed);
        let [placed] = placed.as_slice() else {
            panic!()
        };
        assert!(
            (placed.left + placed.width - 195.0).abs() < 0.2,
            "{name} {placed:?}"
        );
        assert!((placed.top - 6.0).abs() < 0.01);
        let count = f64::from(u32::try_from(lines.len()).unwrap());
        assert!((placed.height - count * size * 1.15 * 25.4 / 72.0).abs() < 0.01);
        if have("pdftotext") {
            // The upper margin alone.
            let area = ["-x", "0", "-y", "0", "-W", "595", "-H", "58", "-layout"];
            let text = text_of(&signed, &area);
            let found: Vec<&str> = text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect();
            assert_eq!(found, lines, "{name}");
        }
        if have("pdftoppm") {
            let ink = render(&signed, 1).ink(&render(&pdf, 1), is_black).unwrap();
            let own = boxed(placed);
            assert!(
                (ink.right - own.right).abs() <= 0.5,
                "{name} {ink:?} {own:?}"
            );
            assert!(
                ink.left >= own.left - 0.5 && ink.left <= own.left + 0.5,
                "{name}"
            );
            assert!(ink.top >= own.top && ink.bottom <= own.bottom, "{name}");
        }
    }
}

#[test]
fn the_portals_form_has_three_lines_behind_its_emblem() {
    let pdf = unissued().pdf;
    let (signed, placed) = signed(&pdf, &[Mark::portal(Some(seal()))]);
    keep("4g.pdf", &signed);
    assert!((placed[0].left - 10.0).abs() < 0.01);
    if have("pdftotext") {
        let text = text_of(
            &signed,
            &["-x", "0", "-y", "0", "-W", "595", "-H", "58", "-layout"],
        );
        let time = time_text().replace('T', " ").replace('+', " +");
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let wanted = [
            "Ký bởi: Ủy ban nhân dân tỉnh Ví Dụ".to_owned(),
            "Cơ quan: Ủy ban nhân dân tỉnh Ví Dụ".to_owned(),
            format!("Ngày ký: {time}"),
        ];
        assert_eq!(lines, wanted);
    }
}

#[test]
fn the_time_that_is_shown_is_viet_nams_whatever_offset_the_caller_has() {
    let world = world();
    let pdf = unissued().pdf;
    for minutes in [0, 420, -300] {
        let at = world.now.at_offset(minutes);
        let signed = sign::pdf(&pdf, at)
            .show(Mark::digitised())
            .sign(&world.organisation_key())
            .unwrap();
        if have("pdftotext") {
            assert!(text_of(&signed.to_vec(), &[]).contains(&time_text()));
        }
    }
}

// ---- the clerk's step

fn issue_marks() -> Vec<Mark> {
    let issue = Issue::new("7", (2026, 11, 5)).unwrap().seal(seal());
    issue.marks().cloned().collect()
}

#[test]
fn the_year_printed_in_the_document_is_the_one_it_is_issued_in() {
    let first = signed_by_the_person(&unissued());
    let issue = Issue::new("7", (2025, 12, 31)).unwrap();
    let marks: Vec<Mark> = issue.marks().cloned().collect();
    let error = refusal(&first, &marks);
    assert!(
        error.detail().contains("of the year 2026, not of 2025"),
        "{error}"
    );
    for date in [
        (2026, 2, 29),
        (2026, 4, 31),
        (2026, 13, 1),
        (2026, 1, 0),
        (26, 1, 1),
    ] {
        assert!(Issue::new("7", date).is_err(), "{date:?}");
    }
    assert!(Issue::new("7", (2028, 2, 29)).is_ok());
}

#[test]
fn a_year_that_is_blank_is_filled_in() {
    let content = "BT /F1 13 Tf 60 700 Td (Ha Noi, ngay       thang       nam) Tj ET";
    let stream = format!(
        "<</Length {}>>\nstream\n{content}\nendstream",
        content.len()
    );
    let pdf = pages_pdf(&["/Contents 50 0 R"], &[(50, stream.into_bytes())], "");
    let issue = Issue::new("7", (2026, 11, 5)).unwrap();
    let marks: Vec<Mark> = issue.marks().skip(1).cloned().collect();
    let (signed, placed) = signed(&pdf, &marks);
    assert_eq!(placed.len(), 3);
    if have("pdftotext") {
        let text = text_of(&signed, &["-layout"]);
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(
            words.join(" ").contains("ngay 05 thang 11 nam 2026"),
            "{text}"
        );
    }
}

#[test]
fn number_and_date_fill_the_blanks_of_the_head() {
    let drawn = unissued();
    let first = signed_by_the_person(&drawn);
    let (pdf, placed) = signed(&first, &issue_marks());
    keep("issue.pdf", &pdf);
    let places = [&drawn.places.number, &drawn.places.day, &drawn.places.month];
    for (placed, blank) in placed.iter().zip(places) {
        let (own, blank) = (boxed(placed), of_points(blank));
        assert!(
            own.left > blank.left - 0.1 && own.right < blank.right + 0.1,
            "{own:?} {blank:?}"
        );
        // In the middle of the blank, and on its line.
        let apart = (own.left + own.right) - (blank.left + blank.right);
        assert!(apart.abs() < 1.0, "{own:?} {blank:?}");
    }
    if have("pdftotext") {
        let text = text_of(&pdf, &["-layout"]);
        let words: Vec<&str> = text.split_whitespace().collect();
        let joined = words.join(" ");
        assert!(joined.contains("Số: 07 /QĐ-UBND"), "{joined}");
        assert!(joined.contains("ngày 05 tháng 11 năm 2026"), "{joined}");
    }
    if have("pdftoppm") {
        let (after, before) = (render(&pdf, 1), render(&first, 1));
        let ink = after.ink(&before, is_black).unwrap();
        // Digits reach from the base line to two thirds of their size.
        let (number, month) = (boxed(&placed[0]), boxed(&placed[2]));
        assert!((ink.left - number.left).abs() < 0.5 && (ink.right - month.right).abs() < 0.8);
        assert!(
            (ink.bottom - ink.top - 13.0 * 0.68 * 25.4 / 72.0).abs() < 0.5,
            "{ink:?}"
        );
    }
}

#[test]
fn issuing_is_one_signature_and_leaves_the_persons_good() {
    let first = signed_by_the_person(&unissued());
    let (pdf, placed) = signed(&first, &issue_marks());
    assert_eq!(placed.len(), 4);
    let report = verify(&pdf);
    assert_eq!(report.signatures().len(), 2);
    let [person, clerk] = report.signatures() else {
        panic!()
    };
    for one in [person, clerk] {
        assert_eq!(
            one.indication(),
            Indication::TotalPassed,
            "{:?}",
            codes(one)
        );
    }
    let coverage = person.coverage().unwrap();
    assert_eq!(coverage.changes, Some(Changes::Permitted));
    let found: Vec<_> = coverage.findings.iter().map(|one| one.code).collect();
    assert_eq!(found, ["change.signature_field"]);
    assert_eq!(clerk.coverage().unwrap().changes, Some(Changes::None));
}

#[test]
fn peers_find_both_signatures_of_an_issued_document_good() {
    let first = signed_by_the_person(&unissued());
    let (pdf, _) = signed(&first, &issue_marks());
    let folder = Folder::new();
    let file = folder.write("issued.pdf", &pdf);
    if let Some(python) = python_with_pyhanko() {
        let root = folder.write("root.pem", world().authority.root.certificate_pem());
        let found = json(&run(python, &[&script("pyhanko_verify.py"), &root, &file]));
        let found = found[file.to_str().unwrap()].as_array().unwrap().clone();
        assert_eq!(found.len(), 2);
        for (signature, changes) in found.iter().zip(["FORM_FILLING", "NONE"]) {
            assert_eq!(signature["valid"], true, "{signature}");
            assert_eq!(signature["changes"], changes, "{signature}");
        }
    }
    if have("pdfsig") {
        let said = run("pdfsig", &[&"-nocert", &file]).stdout;
        let said = String::from_utf8_lossy(&said).into_owned();
        // It counts widgets: one of the person's, number, day, month and seal of the clerk's.
        assert_eq!(said.matches("Signature is Valid").count(), 5, "{said}");
        assert!(!said.contains("not signed"), "{said}");
    }
    if have("qpdf") {
        run("qpdf", &[&"--check", &file]);
    }
}

#[test]
fn a_blank_that_is_filled_already_is_not_filled_again() {
    let drawn = draw_decision(&Decision::example()).unwrap();
    let error = refusal(&drawn.pdf, &[Mark::number("16")]);
    assert_eq!(error.kind(), ErrorKind::Appearance);
    assert!(error.detail().contains("no blank"), "{error}");
    assert!(error.detail().contains("page 1"), "{error}");
    let error = refusal(&drawn.pdf, &[Mark::day(9).unwrap()]);
    assert!(error.detail().contains("no blank"), "{error}");
}

#[test]
fn days_and_months_that_no_calendar_has_are_refused_and_zeros_are_put_as_the_decree_says() {
    for day in [0, 32] {
        assert!(Mark::day(day).is_err());
    }
    for month in [0, 13] {
        assert!(Mark::month(month).is_err());
    }
    let marks = [Mark::day(9).unwrap(), Mark::month(2).unwrap()];
    let (pdf, _) = signed(&unissued().pdf, &marks);
    if have("pdftotext") {
        let text = text_of(&pdf, &["-layout"]);
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(words.join(" ").contains("ngày 09 tháng 02 năm 2026"));
    }
}

#[test]
fn issuing_after_a_certification_that_allows_it_is_permitted() {
    let world = world();
    let mut pdf = SignedPdf::new();
    let mut certifying = PdfSignature::new();
    certifying.extra =
        "/Reference [<< /TransformMethod /DocMDP /TransformParams << /P 2 >> >>]".into();
    pdf.sign(&certifying, |protected| -> Result<_, SandboxError> {
        let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        recipe.signed_by(&world.person)?.to_der()
    })
    .unwrap();
    let marks = [
        Mark::text(["15"]).at(Corner::TopLeft, 40.0, 40.0),
        Mark::seal(seal()).at(Corner::BottomRight, 40.0, 40.0),
    ];
    let (issued, _) = signed(pdf.octets(), &marks);
    let issuing = Certificate::from_der(&world.authority.issuing.certificate_der).unwrap();
    let policy = Policy::default().revocation(Revocation::None);
    let verifier = world.verifier().evidence([issuing]).policy(policy);
    let report = verifier.verify(&issued);
    assert_eq!(report.signatures().len(), 2);
    for one in report.signatures() {
        assert_eq!(
            one.indication(),
            Indication::TotalPassed,
            "{:?}",
            codes(one)
        );
    }
    let coverage = report.signatures()[0].coverage().unwrap();
    assert_eq!(coverage.changes, Some(Changes::Permitted));
}

#[test]
fn files_of_every_style_take_marks_and_stay_whole() {
    for pdf in [
        plain_pdf::pdf_with_table(),
        plain_pdf::pdf_with_xref_stream(),
        plain_pdf::pdf_hybrid(),
    ] {
        let marks = [
            Mark::text(["Bản chính"]).at(Corner::BottomLeft, 20.0, 20.0),
            Mark::seal(seal()).at(Corner::BottomRight, 20.0, 20.0),
        ];
        let (once, _) = signed(&pdf, &marks);
        let again = Mark::text(["Lần hai"]).at(Corner::TopLeft, 90.0, 5.0);
        let (twice, _) = signed(&once, &[again]);
        let report = verify(&twice);
        assert_eq!(report.signatures().len(), 2);
        for one in report.signatures() {
            assert_eq!(
                one.indication(),
                Indication::TotalPassed,
                "{:?}",
                codes(one)
            );
        }
        if have("qpdf") {
            let folder = Folder::new();
            let file = folder.write("twice.pdf", &twice);
            run("qpdf", &[&"--check", &file]);
        }
    }
}

#[test]
fn in_two_steps_the_marks_are_in_what_is_prepared() {
    let world = world();
    let pdf = unissued().pdf;
    let key = world.organisation_key();
    let chain = world.chain(&world.organisation);
    let start = || sign::pdf(&pdf, world.now).show(Mark::copy("SAO LỤC"));
    let prepared = start().prepare(&chain, key.algorithm()).unwrap();
    let value = key.sign(&prepared.to_be_signed()).unwrap();
    let state = prepared.to_bytes();
    let prepared = kyso::Prepared::from_bytes(&state).unwrap();
    let signed = prepared.complete(&pdf, kyso::Answer::Raw(value)).unwrap();
    if have("pdftotext") {
        assert!(text_of(&signed.to_vec(), &[]).contains("SAO LỤC"));
    }
    // Before the certificate is known its names are not.
    let digest = kyso::crypto::DigestAlgorithm::Sha256;
    let error = start().prepare_document(digest).unwrap_err();
    assert!(error.detail().contains("organisation's name"), "{error}");
    let named = Mark::copy("SAO LỤC").organisation("Sở Ví Dụ");
    assert!(
        sign::pdf(&pdf, world.now)
            .show(named)
            .prepare_document(digest)
            .is_ok()
    );
}

// ---- where marks go

/// Pages turned and cut in every way; `media` begins elsewhere than at the origin.
fn turned() -> Vec<(String, f64)> {
    let mut pages = Vec::new();
    for turn in [0, 90, 180, -90] {
        for (cut, unit) in [
            ("", 1.0),
            ("/MediaBox[-100 50 495 892]/CropBox[-60 90 430 800]", 1.0),
            ("/MediaBox[0 0 300 400]/UserUnit 2", 2.0),
        ] {
            pages.push((format!("/Rotate {turn}{cut}"), unit));
        }
    }
    pages
}

#[test]
fn on_turned_and_cut_pages_a_mark_stands_upright_where_it_was_asked_for() {
    if !have("pdftoppm") {
        return;
    }
    // Wider than high, its left half red, so that upside down and on its side are seen.
    let mut pixels = Vec::new();
    for _ in 0..20 {
        for x in 0..40 {
            pixels.extend_from_slice(if x < 20 {
                &[210, 10, 10]
            } else {
                &[10, 10, 210]
            });
        }
    }
    let picture = Picture::read(&png(40, 20, ::png::ColorType::Rgb, None, &pixels)).unwrap();
    for (entries, unit) in turned() {
        let pdf = pages_pdf(&[&entries], &[], "");
        for (corner, across, down) in [
            (Corner::TopLeft, 12.0, 7.5),
            (Corner::BottomRight, 20.0, 31.0),
        ] {
            let mark = Mark::picture(picture.clone())
                .width(30.0)
                .at(corner, across, down);
            let (signed, placed) = signed(&pdf, &[mark]);
            let (after, before) = (render(&signed, 1), render(&pdf, 1));
            // pdftoppm knows no /UserUnit, and draws a unit as a point.
            let all = after.ink(&before, |_| true).unwrap().times(unit);
            let red = after.ink(&before, is_red).unwrap().times(unit);
            let wide = |pixels: usize| {
                f64::from(u32::try_from(pixels).unwrap()) * 25.4 / RESOLUTION * unit
            };
            let (width, height) = (wide(after.width), wide(after.height));
            let (left, top) = match corner {
                Corner::TopLeft => (across, down),
                _ => (width - across - 30.0, height - down - 15.0),
            };
            let wanted = Box {
                left,
                top,
                right: left + 30.0,
                bottom: top + 15.0,
            };
            all.assert_within(&wanted, 0.5 * unit, &entries);
            boxed(&placed[0]).assert_near(&wanted, &entries);
            let half = Box {
                right: left + 15.0,
                ..wanted
            };
            red.assert_within(&half, 0.5 * unit, &entries);
        }
    }
}

#[test]
fn words_are_found_on_turned_pages_as_they_are_seen() {
    for turn in [0, 90, 180, 270] {
        // The content turned the other way, so that it reads upright.
        let (matrix, entries) = match turn {
            0 => ("1 0 0 1 0 0", "/Rotate 0"),
            90 => ("0 1 -1 0 595 0", "/Rotate 90"),
            180 => ("-1 0 0 -1 595 842", "/Rotate 180"),
            _ => ("0 -1 1 0 0 842", "/Rotate 270"),
        };
        let content =
            format!("q {matrix} cm BT /F1 12 Tf 60 160 Td (OFFICE) Tj 0 -100 Td (Name) Tj ET Q");
        let stream = format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        );
        let entries = format!("{entries}/Contents 50 0 R");
        let pdf = pages_pdf(&[&entries], &[(50, stream.into_bytes())], "");
        let mark = Mark::signature(scan()).between("Office", "name");
        let (signed, placed) = signed(&pdf, &[mark]);
        keep(&format!("turned-{turn}.pdf"), &signed);
        let height = if turn % 180 == 0 { 842.0 } else { 595.0 };
        let middle = (placed[0].top + placed[0].height / 2.0) * 72.0 / 25.4;
        // Between the base lines, less what letters reach up and down.
        assert!((height - middle - 110.0).abs() < 8.0, "{turn}: {placed:?}");
    }
}

#[test]
fn a_mark_on_all_pages_is_one_signature_with_a_widget_on_each() {
    let pages = ["", "/Rotate 90", "/CropBox[50 50 400 500]", "/Rotate 270"];
    let pdf = pages_pdf(&pages, &[], "");
    let mark = Mark::text(["Bản chính"])
        .at(Corner::BottomLeft, 10.0, 8.0)
        .on_all_pages();
    let (signed, placed) = signed(&pdf, &[mark]);
    keep("all-pages.pdf", &signed);
    assert_eq!(
        placed.iter().map(|one| one.page).collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
    let report = verify(&signed);
    assert_eq!(only(&report).indication(), Indication::TotalPassed);
    if have("pdftotext") {
        assert_eq!(text_of(&signed, &[]).matches("Bản chính").count(), 4);
    }
    if have("qpdf") {
        qpdf(&signed, &[]);
    }
}

#[test]
fn an_empty_field_shows_the_mark_where_it_is() {
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Ky)/F 4/P 10 0 R/Rect[100 500 300 560]>>";
    let pdf = pages_pdf(
        &["/Annots[30 0 R]"],
        &[
            (30, widget.as_bytes().to_vec()),
            (31, b"<</Fields[30 0 R]/SigFlags 1>>".to_vec()),
        ],
        "/AcroForm 31 0 R",
    );
    let world = world();
    let key = world.organisation_key();
    let start = || {
        sign::pdf(&pdf, world.now)
            .field("Ky")
            .show(Mark::signature(scan()).in_field())
    };
    let placed = start().draft(&[]).unwrap().placed;
    let signed = start().sign(&key).unwrap().to_vec();
    // 60 points high, and twice as wide.
    let wanted = Box {
        left: 140.0 * 25.4 / 72.0,
        top: (842.0 - 560.0) * 25.4 / 72.0,
        right: 260.0 * 25.4 / 72.0,
        bottom: (842.0 - 500.0) * 25.4 / 72.0,
    };
    boxed(&placed[0]).assert_near(&wanted, "placed");
    if have("pdftoppm") {
        let ink = render(&signed, 1).ink(&render(&pdf, 1), is_blue).unwrap();
        ink.assert_near(&wanted, "drawn");
    }
    assert_eq!(only(&verify(&signed)).indication(), Indication::TotalPassed);
    // It cannot be drawn elsewhere: the field has its place.
    let elsewhere = Mark::signature(scan())
        .at(Corner::TopLeft, 10.0, 10.0)
        .width(30.0);
    let error = sign::pdf(&pdf, world.now)
        .field("Ky")
        .show(elsewhere)
        .sign(&key)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    // And a new field has none.
    let error = refusal(&pdf, &[Mark::signature(scan()).in_field()]);
    assert_eq!(error.kind(), ErrorKind::Appearance);
}

#[test]
fn what_would_stand_out_of_the_page_is_moved_in_and_keeps_its_size() {
    let pdf = pages_pdf(&[""], &[], "");
    let mark = Mark::seal(seal()).at(Corner::TopLeft, 205.0, 290.0);
    let (_, placed) = signed(&pdf, &[mark]);
    assert!((placed[0].width - 34.04).abs() < 0.05);
    assert!((placed[0].left + placed[0].width - 595.0 * 25.4 / 72.0).abs() < 0.01);
    let error = refusal(
        &pdf,
        &[Mark::seal(seal())
            .width(400.0)
            .at(Corner::TopLeft, 0.0, 0.0)],
    );
    assert!(error.detail().contains("larger than the page"), "{error}");
}

#[test]
fn text_is_not_put_over_other_text_or_another_signature() {
    let pdf = unissued().pdf;
    let error = refusal(&pdf, &[Mark::text(["x"]).at(Corner::TopRight, 40.0, 21.0)]);
    assert!(error.detail().contains("taken"), "{error}");
    let (first, _) = signed(&pdf, &[Mark::appendix("1/QĐ")]);
    let error = refusal(&first, &[Mark::digitised()]);
    assert!(error.detail().contains("taken"), "{error}");
}

#[test]
fn words_that_are_missing_or_there_twice_are_an_error_that_names_the_candidates() {
    let pdf = unissued().pdf;
    let error = refusal(
        &pdf,
        &[Mark::signature(scan()).between("GIÁM ĐỐC SỞ", NAME)],
    );
    assert!(error.detail().contains("“GIÁM ĐỐC SỞ”"), "{error}");
    let error = refusal(&pdf, &[Mark::text(["xxx"]).after("Điều")]);
    assert!(error.detail().contains("no blank"), "{error}");
    assert!(error.detail().matches("page 1 at").count() >= 3, "{error}");
    assert!(error.message(Lang::Vi).contains("trang 1 tại"));
    let twice = pages_pdf(&["", ""], &[], "");
    let mark = Mark::signature(scan()).between("Office", "Name");
    let error = refusal(&twice, std::slice::from_ref(&mark));
    assert!(error.detail().contains("several times"), "{error}");
    assert!(error.detail().contains("page 1 at") && error.detail().contains("page 2 at"));
    let (_, placed) = signed(&twice, &[mark.on_page(2)]);
    assert_eq!(placed[0].page, 2);
    let error = refusal(&pdf, &[Mark::signature(scan()).between(NAME, OFFICE)]);
    assert_eq!(error.kind(), ErrorKind::Appearance);
    let error = refusal(
        &pdf,
        &[Mark::text(["x"]).at(Corner::TopLeft, 1.0, 1.0).on_page(2)],
    );
    assert!(error.detail().contains("page 2"), "{error}");
}

// ---- text and pictures

#[test]
fn decomposed_text_draws_the_same_octets_as_composed() {
    let pdf = pages_pdf(&[""], &[], "");
    let world = world();
    let draw = |text: &str| {
        let mark = Mark::text([text]).at(Corner::TopLeft, 20.0, 20.0);
        sign::pdf(&pdf, world.now)
            .show(mark)
            .draft(&[])
            .unwrap()
            .bytes
    };
    let (nfc, nfd) = (
        "Huyện Đắk Rấp",
        "Huye\u{323}\u{302}n Đa\u{306}\u{301}k Ra\u{302}\u{301}p",
    );
    assert!(draw(nfc) == draw(nfd));
    if have("pdftotext") {
        assert!(text_of(&draw(nfd), &[]).contains(nfc));
    }
}

#[test]
fn a_letter_without_a_glyph_stops_signing_and_is_named() {
    let error = refusal(&unissued().pdf, &[Mark::appendix("15/決定")]);
    assert_eq!(error.kind(), ErrorKind::Appearance);
    assert!(error.detail().contains("U+6C7A"), "{error}");
    assert!(error.message(Lang::Vi).contains("“決”"));
}

#[test]
fn every_vietnamese_letter_comes_out_of_the_file_as_it_went_in() {
    if !have("pdftotext") {
        return;
    }
    let mut lines = Vec::new();
    for base in "aăâeêioôơuưy".chars() {
        let mut line = String::from(base);
        for mark in ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'] {
            line.extend([base, mark]);
        }
        let line: String =
            unicode_normalization::UnicodeNormalization::nfc(line.as_str()).collect();
        let upper: String = line.to_uppercase();
        lines.push(line + &upper + "đĐ 0123456789 “”–…/.,;:()");
    }
    for font in [Font::serif(), Font::serif_bold(), Font::serif_italic()] {
        let mark = Mark::text(lines.clone())
            .font(font)
            .at(Corner::TopLeft, 20.0, 20.0);
        let (pdf, _) = signed(&pages_pdf(&[""], &[], ""), &[mark]);
        keep("letters.pdf", &pdf);
        let text = text_of(&pdf, &["-layout"]);
        for line in &lines {
            assert!(text.contains(line.as_str()), "{line}\n{text}");
        }
    }
}

#[test]
fn the_parts_of_a_description_do_what_the_functions_do() {
    let pdf = pages_pdf(&["", ""], &[], "");
    let world = world();
    let draw = |mark: Mark| {
        sign::pdf(&pdf, world.now)
            .show(mark)
            .draft(&[])
            .unwrap()
            .bytes
    };
    let described = |json: &str, picture| Mark::described(json, picture).unwrap();
    for (json, picture, mark) in [
        (
            r#"{"form":"copy","kind":"SAO Y","organisation":"Sở Ví Dụ","page":2}"#,
            None,
            Mark::copy("SAO Y").organisation("Sở Ví Dụ").on_page(2),
        ),
        (
            r#"{"form":"seal","corner":"bottom-left","x":10,"y":12.5,"width":36,"page":"last"}"#,
            Some(seal()),
            Mark::seal(seal())
                .at(Corner::BottomLeft, 10.0, 12.5)
                .width(36.0)
                .on_last_page(),
        ),
        (
            r#"{"form":"text","text":["a","b"],"relative":[0.5,0.25],"bold":true,"page":"all","font_size":8}"#,
            None,
            Mark::text(["a", "b"])
                .at_relative(0.5, 0.25)
                .font(Font::serif_bold())
                .on_all_pages()
                .font_size(8.0),
        ),
        (
            r#"{"form":"signature","between":["Office","Name"]}"#,
            Some(scan()),
            Mark::signature(scan()).between("Office", "Name").on_page(1),
        ),
    ] {
        let json = match json.contains("between") {
            true => json.replace('}', r#","page":1}"#),
            false => json.to_owned(),
        };
        assert_eq!(draw(described(&json, picture)), draw(mark), "{json}");
    }
    for json in [
        "",
        "[]",
        r#"{"form":"stamp"}"#,
        r#"{"form":"text","text":"a","colour":"red"}"#,
        r#"{"form":"text"}"#,
        r#"{"form":"day","value":"x"}"#,
        r#"{"form":"text","text":"a","x":1}"#,
        r#"{"form":"text","text":"a","corner":"middle"}"#,
        r#"{"form":"text","text":"a","after":"b","in_field":true}"#,
    ] {
        let error = Mark::described(json, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{json}");
    }
}

// ---- hostile pages

#[test]
fn a_page_that_would_never_end_is_given_up() {
    let form = |number: u32| {
        let content = "/X Do ".repeat(40);
        let body = format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X {} 0 R>>>>/Length {}>>\
             \nstream\n{content}\nendstream",
            if number == 59 { 50 } else { number + 1 },
            content.len()
        );
        (number, body.into_bytes())
    };
    let mut more: Vec<(u32, Vec<u8>)> = (50..60).map(form).collect();
    let content = "/X Do BT /F1 12 Tf 10 10 Td (Name) Tj ET";
    more.push((
        60,
        format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        )
        .into_bytes(),
    ));
    let entries = "/Contents 60 0 R/Resources<</XObject<</X 50 0 R>>>>";
    let pdf = pages_pdf(&[entries], &more, "");
    let started = std::time::Instant::now();
    let error = refusal(&pdf, &[Mark::signature(scan()).between("Office", "Name")]);
    assert!(started.elapsed().as_secs() < 60);
    assert!(
        matches!(
            error.kind(),
            ErrorKind::TooLarge | ErrorKind::Appearance | ErrorKind::Malformed
        ),
        "{error}"
    );
}

#[test]
fn a_damaged_page_ends_in_an_error_or_in_a_draft_and_never_in_a_panic() {
    let world = world();
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Ky)/V 4 0 R/F 4/Rect[100 500 300 560]\
        /AP<</N 32 0 R>>>>";
    let look = "<</Subtype/Form/BBox[0 0 200 60]/Length 31>>\nstream\n\
        q 90 0 0 40 5 5 cm BI ID x EI Q\nendstream";
    let mut pdf = pages_pdf(
        &["/Annots[30 0 R]/Rotate 90"],
        &[(30, widget.into()), (32, look.into())],
        "",
    );
    let start = pdf
        .windows(5)
        .position(|window| window == b"1 0 o")
        .unwrap();
    let small = png(4, 4, ::png::ColorType::Grayscale, Some(500), &[0; 16]);
    let small = Picture::read(&small).unwrap();
    for at in (start..pdf.len()).step_by(2) {
        for flip in [0x01, 0x10] {
            pdf[at] ^= flip;
            for mark in [
                Mark::text(["x"]).after("Office"),
                Mark::seal(small.clone()).over_signature(),
                Mark::text(["x"]).between("Office", "Name"),
            ] {
                let _ = sign::pdf(&pdf, world.now).show(mark).draft(&[]);
            }
            pdf[at] ^= flip;
        }
    }
}

#[test]
fn boxes_that_no_page_can_have_are_an_error() {
    for entries in [
        "/MediaBox[0 0 0 0]",
        "/MediaBox[0 0 1e300 1e300]",
        "/MediaBox[(a) 0 1 1]",
        "/MediaBox[0 0 99999999999999 10]",
        "/UserUnit 99999.5",
    ] {
        let pdf = pages_pdf(&[entries], &[], "");
        let mark = Mark::text(["x"]).at(Corner::TopLeft, 1.0, 1.0);
        let error = refusal(&pdf, &[mark]);
        assert_eq!(error.kind(), ErrorKind::Malformed, "{entries}");
    }
}
