//! Laying signatures after real and odd files, judged by our own reader and by qpdf.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use super::lay::{Laid, LayRequest, lay};
use super::*;
use crate::error::ErrorKind;
use crate::limits::Limits;
use crate::pdf::tests::files;
use crate::pdf::{File, Object, Style};

fn request(field_name: Option<&str>) -> LayRequest<'_> {
    LayRequest {
        sub_filter: SubFilter::EtsiCadesDetached,
        field_name,
        reserve: 2_000,
        signed_at: "2026-11-24T08:30:00+07:00".parse().unwrap(),
        reason: Some("Ký ban hành (bản chính)"),
        location: Some("Ha Noi"),
        name: Some("Nguyễn Văn A"),
        contact_info: None,
        marks: &[],
        organisation: None,
    }
}

/// Lays a signature with something in its hole.
pub(super) fn signed(
    input: &[u8],
    field_name: Option<&str>,
) -> Result<(Vec<u8>, Laid), crate::Error> {
    let mut laid = lay(input, &request(field_name), &Limits::default())?;
    assert!(
        laid.tail[laid.hole.clone()]
            .iter()
            .all(|&octet| octet == b'0')
    );
    laid.tail[laid.hole.start..laid.hole.start + 8].copy_from_slice(b"30820004");
    let output = [input, &laid.tail].concat();
    Ok((output, laid))
}

fn check(output: &[u8], laid: &Laid, name: &str) {
    let found = find(output, &Limits::default()).unwrap();
    let one = found
        .signatures
        .iter()
        .find(|one| one.id == laid.field_name)
        .unwrap();
    assert_eq!(one.byte_range, Ok(laid.byte_range), "{name}");
    assert_eq!(one.coverage.whole_file, Some(true), "{name}");
    assert_eq!(one.coverage.revision, Some(laid.revision), "{name}");
    assert_eq!(one.coverage.revisions, laid.revision, "{name}");
    assert_eq!(one.contents.as_ref().unwrap().len(), 2_000);
    assert_eq!(one.reason.as_deref(), Some("Ký ban hành (bản chính)"));
    assert_eq!(one.name.as_deref(), Some("Nguyễn Văn A"));
    assert_eq!(one.location.as_deref(), Some("Ha Noi"));
    assert_eq!(
        one.signed_at.unwrap().to_string(),
        "2026-11-24T08:30:00+07:00"
    );
    assert!(
        one.type_is_right && !one.later_revision && !one.removed_from_current,
        "{name}"
    );
    assert_eq!(one.field_count, 1);
}

/// What qpdf says: 0 good, 3 warnings, 2 errors; `None` where it is not installed.
fn qpdf(octets: &[u8], folder: &Path) -> Option<i32> {
    let path = folder.join("check.pdf");
    fs::write(&path, octets).unwrap();
    let output = Command::new("qpdf")
        .arg("--check")
        .arg(&path)
        .output()
        .ok()?;
    output.status.code()
}

#[test]
fn every_file_of_the_corpus_can_be_signed_twice_and_is_no_worse_for_it() {
    let folder = std::env::temp_dir().join(format!("kyso-lay-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut done = 0;
    for set in ["corpus/pdf", "vn-pdf", "attacks/benign"] {
        for (name, input) in files(set) {
            let (first, laid) = match signed(&input, None) {
                Ok(signed) => signed,
                Err(error) => {
                    println!("{name}: {error:?}");
                    continue;
                }
            };
            check(&first, &laid, &name);
            let (second, laid_again) = signed(&first, None).unwrap();
            check(&second, &laid_again, &name);
            assert_ne!(laid.field_name, laid_again.field_name);
            let found = find(&second, &Limits::default()).unwrap();
            let before = find(&input, &Limits::default()).unwrap();
            assert_eq!(
                found.signatures.len(),
                before.signatures.len() + 2,
                "{name}"
            );
            for old in &before.signatures {
                let now = found
                    .signatures
                    .iter()
                    .find(|now| now.object == old.object)
                    .unwrap();
                assert_eq!(now.byte_range.is_ok(), old.byte_range.is_ok(), "{name}");
                assert_eq!(now.coverage.revision, old.coverage.revision, "{name}");
            }
            let ours = File::open(&second, &Limits::default()).unwrap();
            let style = |index: usize| ours.sections()[index].style;
            let last = ours.sections().len() - 1;
            assert_eq!(
                style(last) == Style::Stream,
                style(last - 2) == Style::Stream,
                "{name}"
            );
            if let (Some(before), Some(after)) = (qpdf(&input, &folder), qpdf(&second, &folder)) {
                // In the order of gravity: 0, 3, 2.
                assert!(
                    (5 - after) % 5 <= (5 - before) % 5,
                    "{name}: {before}, {after}"
                );
            }
            done += 1;
        }
    }
    println!("{done} files signed");
    fs::remove_dir_all(&folder).unwrap();
}

const ONE_PAGE: &str = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R FORM>>\nendobj\n\
    2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
    3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100] ANNOTS>>\nendobj\n\
    4 0 obj\nFOUR\nendobj\n5 0 obj\nFIVE\nendobj\n";

/// A file of one page, with these pieces put in.
pub(super) fn page(form: &str, annotations: &str, four: &str, five: &str) -> Vec<u8> {
    let mut text = ONE_PAGE
        .replace("FORM", form)
        .replace("ANNOTS", annotations)
        .replace("FOUR", four)
        .replace("FIVE", five);
    let at = text.len();
    let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
    for number in 1..6 {
        let offset = text.find(&format!("\n{number} 0 obj")).unwrap() + 1;
        table.push_str(&format!("{offset:010} 00000 n \n"));
    }
    text.push_str(&table);
    text.push_str(&format!(
        "trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{at}\n%%EOF"
    ));
    text.into_bytes()
}

#[test]
fn a_new_object_does_not_become_what_a_trailer_refers_to_in_vain() {
    // Found by fuzzing: the new signature became the encryption dictionary of an unencrypted file.
    let input = page("", "", "null", "null");
    let text = String::from_utf8(input).unwrap();
    let text = text.replace("/Root 1 0 R>>", "/Root 1 0 R/Encrypt 6 0 R>>");
    let (output, laid) = signed(text.as_bytes(), None).unwrap();
    check(&output, &laid, "a trailer with a reference to nothing");
}

#[test]
fn the_form_and_the_annotations_are_found_wherever_they_stand() {
    let cases = [
        ("", "", "null", "null"),
        (
            "/AcroForm<</Fields[]/DA(/F 0 Tf)>>",
            "/Annots[]",
            "null",
            "null",
        ),
        (
            "/AcroForm 4 0 R",
            "/Annots 5 0 R",
            "<</Fields 5 0 R>>",
            "[]",
        ),
        (
            "/AcroForm 4 0 R",
            "/Annots null",
            "<</Fields[]/SigFlags 1>>",
            "null",
        ),
        ("/AcroForm<</Fields 4 0 R>>", "/Annots 5 0 R", "[]", "[]"),
        ("/AcroForm 9 0 R", "/Annots 9 0 R", "null", "null"),
        ("/AcroForm<</Fields>>", "/Annots", "null", "null"),
    ];
    for (form, annotations, four, five) in cases {
        let input = page(form, annotations, four, five);
        let name = format!("{form} {annotations} {four} {five}");
        let (output, laid) = signed(&input, None).unwrap();
        check(&output, &laid, &name);
        let file = File::open(&output, &Limits::default()).unwrap();
        let newest = file.newest();
        let catalog = file.catalog(newest).unwrap().unwrap().object;
        let form = file
            .get(catalog.dictionary().unwrap(), "AcroForm", newest)
            .unwrap();
        let form = form.dictionary().unwrap();
        assert_eq!(form.get("SigFlags").integer(), Some(3), "{name}");
        assert_eq!(form.has("DA"), name.contains("/DA"), "{name}");
        let page = crate::pdf::Reference {
            number: 3,
            generation: 0,
        };
        let page = file.load(page, newest).unwrap().unwrap().object;
        let annotations = file
            .get(page.dictionary().unwrap(), "Annots", newest)
            .unwrap();
        assert_eq!(annotations.array().unwrap().iter().count(), 1, "{name}");
        let folder = std::env::temp_dir().join(format!("kyso-page-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        assert!(
            qpdf(&output, &folder).is_none_or(|code| code == 0),
            "{name}"
        );
        fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn an_empty_field_is_signed_by_its_full_name_and_only_once() {
    let form = "/AcroForm<</Fields[4 0 R]>>";
    let four = "<</T(don vi)/FT/Sig/Kids[5 0 R]>>";
    let five = "<</T<FEFF004B00FD>/Parent 4 0 R/Subtype/Widget/Rect[0 0 9 9]/V null\
        /Lock<</Type/SigFieldLock/Action/Include/Fields[(a)]>>>>";
    let input = page(form, "/Annots[5 0 R]", four, five);
    let (output, laid) = signed(&input, Some("don vi.Ký")).unwrap();
    check(&output, &laid, "field");
    let text = String::from_utf8_lossy(&laid.tail).into_owned();
    assert!(text.contains("/TransformMethod/FieldMDP"));
    assert!(text.contains("/Action/Include/Fields[(a)]"));
    for (input, name) in [
        (&output, "don vi.Ký"),
        (&input, "don vi"),
        (&input, ""),
        (&input, "a.b"),
    ] {
        let error = signed(input, Some(name)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{name}");
    }
    assert_eq!(signed(&input, Some("mới")).unwrap().1.field_name, "mới");
}

#[test]
fn a_document_that_allows_no_change_is_not_signed() {
    let form = "/AcroForm<</Fields[4 0 R]>>/Perms<</DocMDP 5 0 R>>";
    let four = "<</T(a)/FT/Sig/V 5 0 R>>";
    let five = "<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</P LEVEL>>>>]>>";
    for level in ["1", "7", "0"] {
        let input = page(form, "", four, &five.replace("LEVEL", level));
        assert_eq!(
            signed(&input, None).unwrap_err().kind(),
            ErrorKind::Unsupported
        );
    }
    let input = page(form, "", four, &five.replace("LEVEL", "2"));
    signed(&input, None).unwrap();
}

#[test]
fn a_file_with_octets_before_its_header_keeps_its_own_way_of_counting() {
    let input = page("", "", "null", "null");
    let shifted = [b"junk before\n".as_slice(), &input].concat();
    let (output, laid) = signed(&shifted, None).unwrap();
    check(&output, &laid, "shifted");
    let found = find(&output, &Limits::default()).unwrap();
    let codes: Vec<_> = found.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [BEFORE_HEADER, OFFSETS_FROM_HEADER]);
}

#[test]
fn the_first_identifier_stays_and_the_trailer_keeps_its_root() {
    for (name, input) in files("attacks/benign") {
        let (output, _) = signed(&input, None).unwrap();
        let (before, after) = (
            File::open(&input, &Limits::default()).unwrap(),
            File::open(&output, &Limits::default()).unwrap(),
        );
        let first = |file: &File<'_>| match file.trailer(file.newest(), "ID") {
            Object::Array(array) => match array.iter().next() {
                Some(Object::String(first)) => Some(first.octets()),
                _ => None,
            },
            _ => None,
        };
        assert!(
            first(&before).is_none() || first(&before) == first(&after),
            "{name}"
        );
        let root = |file: &File<'_>| file.trailer(file.newest(), "Root").reference();
        assert_eq!(root(&before), root(&after), "{name}");
    }
}
