//! What is found when later revisions hide, move or share a signature.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::lay_tests::{page, signed};
use super::*;
use crate::limits::Limits;
use crate::pdf::append::{NewObject, append};
use crate::pdf::{File, Reference};

fn search(octets: &[u8]) -> PdfFindings<'_> {
    find(octets, &Limits::default()).unwrap()
}

/// The file with one more revision that writes these objects.
fn updated(input: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let file = File::open(input, &Limits::default()).unwrap();
    let objects: Vec<_> = objects
        .iter()
        .map(|&(number, body)| NewObject {
            id: Reference {
                number,
                generation: 0,
            },
            body: body.as_bytes().to_vec(),
        })
        .collect();
    [input, &append(&file, &objects, &[7; 16]).unwrap().octets].concat()
}

/// A signed file: dictionary 6, field 7, form 8.
fn base() -> Vec<u8> {
    signed(&page("", "", "null", "null"), None).unwrap().0
}

fn codes(found: &PdfFindings<'_>) -> Vec<&'static str> {
    found.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_signature_that_a_later_revision_hides_is_still_found() {
    let hidden = [
        (1, "<</Type/Catalog/Pages 2 0 R>>"),
        (8, "<</Fields[]>>"),
        (7, "<</FT/Sig/T(Signature1)>>"),
        (7, "null"),
        (6, "null"),
    ];
    for (number, body) in hidden {
        let octets = updated(&base(), &[(number, body)]);
        let found = search(&octets);
        let [one] = found.signatures.as_slice() else {
            panic!("{number} {body}")
        };
        assert!(one.removed_from_current, "{number} {body}");
        assert!(one.byte_range.is_ok() && one.later_revision);
        assert_eq!(
            (one.coverage.revision, one.coverage.revisions),
            (Some(2), 3)
        );
        assert_eq!((one.id.as_str(), one.written_in), ("Signature1", 2));
    }
}

#[test]
fn a_change_beside_the_form_hides_nothing() {
    let octets = updated(&base(), &[(4, "(note)")]);
    let found = search(&octets);
    assert_eq!(found.signatures.len(), 1);
    assert!(!found.signatures[0].removed_from_current);
}

#[test]
fn one_dictionary_of_two_fields_is_one_signature_with_two_fields() {
    let octets = updated(
        &base(),
        &[
            (8, "<</Fields[7 0 R 9 0 R]>>"),
            (9, "<</FT/Sig/T(b)/V 6 0 R>>"),
        ],
    );
    let found = search(&octets);
    assert_eq!(found.signatures.len(), 1);
    assert_eq!(found.signatures[0].field_count, 2);
}

#[test]
fn a_field_that_points_to_a_copy_gives_a_second_signature_that_fails() {
    let octets = base();
    let at = memchr::memmem::find(&octets, b"<</Type/Sig/Filter").unwrap();
    let end = at + memchr::memmem::find(&octets[at..], b"\nendobj").unwrap();
    let copy = String::from_utf8(octets[at..end].to_vec()).unwrap();
    for number in [6, 9] {
        let field = format!("<</FT/Sig/T(Signature1)/V {number} 0 R>>");
        let changed = updated(&octets, &[(7, &field), (number, &copy)]);
        let found = search(&changed);
        let [first, second] = found.signatures.as_slice() else {
            panic!()
        };
        assert!(first.byte_range.is_ok() && first.removed_from_current);
        assert_eq!(second.byte_range, Err(ByteRangeFault::GapIsNotContents));
        assert!(second.rewritten && !second.removed_from_current);
        assert_eq!(second.coverage.whole_file, Some(false));
    }
}

#[test]
fn what_a_rewriting_left_behind_is_a_signature_and_usage_rights_are_not() {
    let dictionary = "<</Type/Sig/ByteRange[0 90000 91000 5]/Contents<3000>>>";
    let found = page("", "", dictionary, "null");
    let found = search(&found);
    let [one] = found.signatures.as_slice() else {
        panic!()
    };
    assert_eq!(one.id, "object 4");
    assert_eq!(one.byte_range, Err(ByteRangeFault::BeyondEnd));
    assert!(one.rewritten && one.removed_from_current && one.spans[0].is_empty());
    assert_eq!((one.field_count, one.coverage.revision), (0, None));
    let octets = page("/Perms<</UR3 4 0 R>>", "", dictionary, "null");
    assert_eq!(codes(&search(&octets)), [USAGE_RIGHTS]);
    assert!(search(&octets).signatures.is_empty());
    // In a stream it is somebody else's.
    let stream = format!(
        "<</Length {}>>stream\n{dictionary}\nendstream",
        dictionary.len()
    );
    let octets = page("", "", &stream, "null");
    assert!(search(&octets).signatures.is_empty() && search(&octets).findings.is_empty());
}

#[test]
fn an_intact_dictionary_without_a_field_is_a_finding() {
    // The field goes by a table that forgets its first revision.
    let octets = signed(&page("", "", "null", "null"), None).unwrap().0;
    let octets = updated(&octets, &[(1, "<</Type/Catalog/Pages 2 0 R>>")]);
    let without = String::from_utf8(octets.clone())
        .unwrap()
        .replacen("/AcroForm", "/AcroNone", 1);
    let found = search(without.as_bytes());
    assert!(found.signatures.is_empty());
    assert_eq!(codes(&found), [NO_FIELD]);
}

#[test]
fn octets_after_the_end_are_named_and_white_space_is_not() {
    let octets = base();
    for (after, trailing) in [
        ("", false),
        (" \r\n\n", false),
        ("PK\x03\x04", true),
        ("\n9 0 obj<<>>endobj\n", true),
    ] {
        let octets = [octets.as_slice(), after.as_bytes()].concat();
        let found = search(&octets);
        assert_eq!(codes(&found).contains(&AFTER_END), trailing);
        let one = &found.signatures[0];
        assert_eq!(one.later_revision, trailing);
        assert_eq!(one.coverage.whole_file, Some(!trailing));
        assert!(one.byte_range.is_ok());
    }
}

#[test]
fn doubled_keys_are_named_wherever_they_decide_something() {
    let octets = base();
    let text = String::from_utf8(octets.clone()).unwrap();
    let at = text.find("/Location").unwrap();
    let text = format!("{}/#54#79pe{}", &text[..at], &text[at + 9..]);
    let found = search(text.as_bytes());
    assert_eq!(found.signatures[0].duplicate_keys, ["Type"]);
    let octets = updated(&octets, &[(8, "<</Fields[7 0 R]/Fields[7 0 R]>>")]);
    assert_eq!(codes(&search(&octets)), [DUPLICATE_KEY]);
}

#[test]
fn several_widgets_of_one_field_are_one_field() {
    let kids = "<</FT/Sig/T(con dau)/V 5 0 R/Kids[7 0 R 8 0 R]>>";
    let octets = page("/AcroForm<</Fields[4 0 R]>>", "", kids, "<</Type/Sig>>");
    let octets = updated(
        &octets,
        &[
            (7, "<</Parent 4 0 R/Subtype/Widget>>"),
            (8, "<</Parent 4 0 R/V 5 0 R>>"),
        ],
    );
    let found = search(&octets);
    assert_eq!(found.signatures.len(), 1);
    assert_eq!(
        (
            found.signatures[0].field_count,
            found.signatures[0].id.as_str()
        ),
        (1, "con dau")
    );
    assert_eq!(found.signatures[0].contents, Err(ContentsFault::Missing));
}

#[test]
fn a_broken_field_hides_none_of_the_fields_behind_it() {
    for broken in ["<<[1]>>", "<</Kids[]<<>> 1>>"] {
        let form = format!("<</Fields[{broken} 7 0 R]>>");
        let octets = updated(&base(), &[(8, &form)]);
        let found = search(&octets);
        assert_eq!(found.signatures.len(), 1, "{broken}");
        assert!(!found.signatures[0].removed_from_current, "{broken}");
    }
}

#[test]
fn an_update_that_writes_only_an_object_stream_anew_changes_the_form_in_it() {
    let packed = |form: &str, number: u32| {
        let index = "8 0 ";
        let length = index.len() + form.len();
        let first = index.len();
        format!(
            "{number} 0 obj\n<</Type/ObjStm/N 1/First {first}/Length {length}>>stream\n{index}{form}\nendstream\nendobj\n"
        )
    };
    let mut octets = Vec::new();
    let mut previous = String::new();
    let signature = "5 0 obj\n<</Type/Sig/ByteRange[0 1 2 3]/Contents<3000>>>\nendobj\n";
    let field = "6 0 obj\n<</FT/Sig/T(a)/V 5 0 R>>\nendobj\n";
    for form in ["<</Fields[]>>", "<</Fields[6 0 R]>>"] {
        let mut row = |number: u8, text: &str| {
            let at = u32::try_from(octets.len()).unwrap().to_be_bytes();
            octets.extend_from_slice(text.as_bytes());
            [[1].as_slice(), &at, &[0]]
                .concat()
                .into_iter()
                .chain([number])
                .collect::<Vec<_>>()
        };
        let mut rows = Vec::new();
        if previous.is_empty() {
            row(0, "%PDF-1.7\n");
            rows.push(row(
                1,
                "1 0 obj\n<</Type/Catalog/AcroForm 8 0 R>>\nendobj\n",
            ));
            rows.push(row(5, signature));
            rows.push(row(6, field));
            rows.push(vec![2, 0, 0, 0, 4, 0, 8]);
        }
        rows.push(row(4, &packed(form, 4)));
        let index: String = rows.iter().map(|row| format!("{} 1 ", row[6])).collect();
        let data: Vec<u8> = rows.iter().flat_map(|row| row[..6].to_vec()).collect();
        let at = octets.len();
        octets.extend_from_slice(
            format!(
                "9 0 obj\n<</Type/XRef/Size 10/Root 1 0 R/W[1 4 1]/Index[{index}]{previous}\
                 /Length {}>>stream\n",
                data.len()
            )
            .as_bytes(),
        );
        octets.extend_from_slice(&data);
        octets
            .extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
        previous = format!("/Prev {at}");
    }
    let found = search(&octets);
    assert_eq!(found.revisions, 2);
    assert_eq!(found.signatures.len(), 1);
    assert!(!found.signatures[0].removed_from_current);
}
