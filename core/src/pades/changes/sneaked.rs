//! Updates that try to draw something, and to be taken for one that does not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use crate::pades::changes::tests::{
    certified, document, first, judged, revision, seal, signature, signed, signed_again,
    signed_with, table, update,
};
use crate::report::{Changes, JudgedChanges, Worth};
use crate::verdict::Reason;

/// A document time-stamp's dictionary: anybody gets one for any file.
fn stamp() -> String {
    signature("")
        .replace("/Type/Sig", "/Type/DocTimeStamp")
        .replace("adbe.pkcs7.detached", "ETSI.RFC3161")
}

/// A field of the form and the page, and its value.
fn with_field(before: &[u8], field: &str, value: Option<String>) -> Vec<u8> {
    let page = document()[&3].replace("14 0 R]", "14 0 R 20 0 R]");
    let form = document()[&8].replace("11 0 R]", "11 0 R 20 0 R]");
    let mut objects = vec![(3, page), (8, form), (20, field.to_owned())];
    objects.extend(value.map(|value| (21, value)));
    revision(before, &objects.into_iter().collect(), &[], "")
}

/// What the first signature has to know once every other one is worth this.
fn settled(bytes: &[u8], worth: Worth) -> (bool, Vec<&'static str>) {
    let mut content = judged(bytes).remove(0);
    content.settle(&[Some(worth); 8]);
    let codes = content.reasons().iter().map(Reason::code).collect();
    (JudgedChanges::check(&content).is_ok(), codes)
}

#[test]
fn an_annotation_that_poses_as_a_signature_field_is_refused() {
    for subtype in ["FreeText", "Square", "Stamp", "Highlight"] {
        let field = format!(
            "<</Type/Annot/Subtype/{subtype}/FT/Sig/T(moi)/F 4/Rect[0 0 595 842]/P 3 0 R\
             /Contents(100)/DA(/F1 12 Tf)/C[1 1 1]"
        );
        let empty = with_field(&signed(signature("")), &format!("{field}>>"), None);
        let (changes, codes, _) = first(&empty);
        assert_eq!(changes, Some(Changes::Forbidden), "{subtype} {codes:?}");
        let stamped = with_field(
            &signed(certified("1")),
            &format!("{field}/V 21 0 R>>"),
            Some(stamp()),
        );
        let (changes, codes, _) = first(&stamped);
        assert_eq!(changes, Some(Changes::Forbidden), "{subtype} {codes:?}");
    }
}

#[test]
fn an_area_that_is_written_in_an_odd_way_is_an_area() {
    for area in [
        "22 0 R 22 0 R 23 0 R 24 0 R",
        "99999999999 0 -99999999999 842",
        "0 99999999999 595 -99999999999",
        "0 0 99999999998 99999999999",
        "99999999998 99999999998 99999999999 99999999999",
        "0 0 true 842",
    ] {
        let field = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(moi)/F 4/Rect[{area}]/P 3 0 R\
             /AP<</N 16 0 R>>/V 21 0 R>>"
        );
        let base = signed(certified("2"));
        let base = update(&base, &[(22, "0"), (23, "595"), (24, "842")]);
        let bytes = with_field(&base, &field, Some(signature("")));
        let (holds, codes) = settled(&bytes, Worth::Unknown);
        assert!(!holds, "{area}: {codes:?}");
    }
}

#[test]
fn a_key_that_an_update_writes_twice_shows_two_readers_two_things() {
    let base = signed(signature(""));
    for (doubled, name) in [
        ("/AP<</N 16 0 R>>/AP null", "AP"),
        ("/Rect[0 0 595 842]/Rect[0 0 0 0]/AP<</N 16 0 R>>", "Rect"),
        ("/Subtype/FreeText/Subtype/Widget", "Subtype"),
    ] {
        let field = format!("<</Type/Annot/FT/Sig/T(moi)/F 4/P 3 0 R{doubled}>>");
        let (changes, codes, _) = first(&with_field(&base, &field, None));
        assert_eq!(changes, Some(Changes::Forbidden), "{name} {codes:?}");
    }
    let page = document()[&3].replace("/Annots[", "/Annots 30 0 R/Annots[");
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 30 0 R/AcroForm 8 0 R>>";
    let form = document()[&8].replace("/Fields[", "/Fields[30 0 R]/Fields[");
    let filled = document()[&9].replace("/AP<<", "/AP<</N 13 0 R>>/AP<<");
    for (number, body) in [(3, page.as_str()), (1, catalog), (8, &form), (9, &filled)] {
        let (changes, codes, _) = first(&update(&base, &[(number, body), (30, "[]")]));
        assert_eq!(changes, Some(Changes::Forbidden), "{number} {codes:?}");
    }
}

#[test]
fn a_document_time_stamp_that_draws_is_nobodys_signature() {
    let drawn = signed_again(&signed(signature("")), 0, "0 0 595 842", &stamp());
    let (holds, codes) = settled(&drawn, Worth::Trusted);
    assert!(!holds, "{codes:?}");
    // However its kind is written.
    let veiled = stamp().replace("/ETSI.RFC3161", " 60 0 R");
    let base = update(&signed(signature("")), &[(60, "/ETSI.RFC3161")]);
    let (holds, codes) = settled(
        &signed_again(&base, 0, "0 0 595 842", &veiled),
        Worth::Trusted,
    );
    assert!(!holds, "{codes:?}");
    let drawn = signed_again(&signed(certified("2")), 0, "0 0 595 842", &stamp());
    let (changes, codes, _) = first(&drawn);
    assert_eq!(changes, Some(Changes::Forbidden), "{codes:?}");
}

#[test]
fn a_field_that_came_empty_and_is_signed_later_hangs_on_the_worth_of_its_signature() {
    let base = signed(signature(""));
    let empty = "<</Type/Annot/Subtype/Widget/FT/Sig/T(moi)/F 4/Rect[0 0 595 842]/P 3 0 R";
    let waiting = with_field(&base, &format!("{empty}>>"), None);
    let filled = format!("{empty}/AP<</N 16 0 R>>/V 21 0 R>>");
    let by = |value: String| {
        let objects = [(20, filled.clone()), (21, value)];
        revision(&waiting, &objects.into(), &[], "")
    };
    let (holds, codes) = settled(&by(signature("")), Worth::Trusted);
    assert!(holds, "{codes:?}");
    let (holds, codes) = settled(&by(signature("")), Worth::Unknown);
    assert!(!holds, "{codes:?}");
    let (holds, codes) = settled(&by(stamp()), Worth::Trusted);
    assert!(!holds, "{codes:?}");
    // A field that was signed with the document waits for anybody.
    let mut objects = document();
    objects.insert(20, format!("{empty}>>"));
    objects.insert(3, document()[&3].replace("14 0 R]", "14 0 R 20 0 R]"));
    objects.insert(8, document()[&8].replace("11 0 R]", "11 0 R 20 0 R]"));
    let signed = signed_with(objects, signature(""));
    let objects = [(20, filled.clone()), (21, signature(""))];
    let (holds, codes) = settled(&revision(&signed, &objects.into(), &[], ""), Worth::Unknown);
    assert!(holds, "{codes:?}");
}

#[test]
fn what_an_object_stream_says_about_itself_elsewhere_may_not_change() {
    // The font stands in an object stream that leaves its /First to another object.
    let inner = "5 0 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\
                 <</Type/Font/Subtype/Type1/BaseFont/Courier  >>";
    let mut objects = document();
    objects.remove(&5);
    let stream = format!(
        "<</Type/ObjStm/N 1/First 41 0 R/Length {}>>stream\n{inner}\nendstream",
        inner.len()
    );
    objects.insert(40, stream);
    objects.insert(41, "4".into());
    objects.insert(12, signature(""));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = BTreeMap::new();
    for (number, body) in &objects {
        places.insert(*number, format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let beside = bytes.len();
    bytes.extend_from_slice(
        b"42 0 obj\n<</Type/XRef/Size 100/Root 1 0 R/W[1 1 1]/Index[5 1]/Length 3>>stream\n",
    );
    bytes.extend_from_slice(&[2, 40, 0]);
    bytes.extend_from_slice(b"\nendstream\nendobj\n");
    table(&mut bytes, &[], &places, &format!("/XRefStm {beside}"));
    seal(&mut bytes, 0);
    let (changes, codes, _) = first(&bytes);
    assert_eq!(changes, Some(Changes::None), "{codes:?}");
    let (changes, codes, _) = first(&update(&bytes, &[(41, "51")]));
    assert_eq!(changes, Some(Changes::Forbidden), "{codes:?}");
}

#[test]
fn an_object_stream_whose_type_is_written_in_an_odd_way_is_a_doubt() {
    let inner = "2 0 <</Type/Pages/Kids[]/Count 0>>";
    for kind in ["/Obj#53tm", "41 0 R"] {
        let mut objects = document();
        let stream = format!(
            "<</Type {kind}/N 1/First 4/Length {}>>stream\n{inner}\nendstream",
            inner.len()
        );
        objects.insert(40, stream);
        objects.insert(41, "/ObjStm".into());
        let (_, codes, _) = first(&signed_with(objects, signature("")));
        assert_eq!(codes, ["content.hidden_objects"], "{kind}");
    }
}

#[test]
fn what_is_shown_is_found_however_the_way_to_it_is_written() {
    let page = |more: &str| {
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R{more}>>")
    };
    let fonts = "/Resources<</Font<</F1 70 0 R>>>>";
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let cases: [(&str, Vec<(u32, String)>); 6] = [
        // A page tree that stands in the catalog.
        (
            "pages",
            vec![
                (
                    1,
                    "<</Type/Catalog/Pages<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>\
                     /AcroForm 8 0 R>>"
                        .into(),
                ),
                (6, page(fonts)),
                (70, font.into()),
                (2, "null".into()),
            ],
        ),
        // What a page inherits from somebody who does not know it.
        (
            "parent",
            vec![
                (6, page("").replace("/Parent 2 0 R", "/Parent 70 0 R")),
                (70, format!("<<{fonts}>>").replace("70 0 R", "5 0 R")),
            ],
        ),
        // Objects that are references to others.
        (
            "kid",
            vec![
                (2, "<</Type/Pages/Kids[3 0 R 71 0 R]/Count 2>>".into()),
                (71, "6 0 R".into()),
                (6, page(fonts)),
                (70, font.into()),
            ],
        ),
        (
            "root",
            vec![
                (1, "<</Type/Catalog/Pages 71 0 R/AcroForm 8 0 R>>".into()),
                (71, "2 0 R".into()),
                (6, page(fonts)),
                (70, font.into()),
            ],
        ),
        (
            "annotation",
            vec![
                (14, "70 0 R".into()),
                (
                    70,
                    "<</Type/Annot/Subtype/Text/Rect[1 1 20 20]/Contents(note)>>".into(),
                ),
            ],
        ),
        (
            "field",
            vec![
                (
                    8,
                    "<</Fields[9 0 R 11 0 R 71 0 R]/SigFlags 3/DA(/F1 12 Tf)/DR 15 0 R>>".into(),
                ),
                (71, "70 0 R".into()),
                (70, "<</FT/Tx/T(b)/V(1)/DA(/F1 12 Tf)>>".into()),
            ],
        ),
    ];
    for (what, changed) in cases {
        let mut objects = document();
        objects.extend(changed);
        let bytes = signed_with(objects, signature(""));
        let (changes, codes, _) = first(&bytes);
        assert_eq!(changes, Some(Changes::None), "{what} {codes:?}");
        assert!(codes.is_empty(), "{what} {codes:?}");
        let (changes, codes, _) = first(&update(&bytes, &[(70, "<</Type/Font/X 1>>")]));
        assert_eq!(changes, Some(Changes::Forbidden), "{what} {codes:?}");
    }
}

#[test]
fn layers_that_pose_as_a_form_field_do_not_change_their_state() {
    let config = "<</FT/Tx/T(x)/V(1)/OFF[31 0 R]>>";
    let mut objects = document();
    objects.insert(
        1,
        "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/OCProperties<</OCGs[31 0 R]/D 30 0 R>>>>"
            .into(),
    );
    objects.insert(8, document()[&8].replace("11 0 R]", "11 0 R 30 0 R]"));
    objects.insert(30, config.into());
    objects.insert(31, "<</Type/OCG/Name(a)>>".into());
    let bytes = signed_with(objects, signature(""));
    let changed = "<</FT/Tx/T(x)/V(2)/OFF[31 0 R]/AS[<</Event/View/OCGs[31 0 R]>>]>>";
    let (changes, codes, _) = first(&update(&bytes, &[(30, changed)]));
    assert_eq!(changes, Some(Changes::Forbidden), "{codes:?}");
}

/// The first signature's reasons, what is odd about the file among them.
fn reasons(bytes: &[u8]) -> Vec<&'static str> {
    let content = judged(bytes).remove(0);
    content.reasons().iter().map(Reason::code).collect()
}

#[test]
fn what_is_appended_at_a_place_that_the_signed_table_names_is_no_part_of_the_signed_state() {
    let two = document()[&6].replace("/Contents 7 0 R", "/Contents[7 0 R 50 0 R]");
    let metadata = [(17, "<</Producer(y)>>")];
    // The whole object, at an offset behind the end.
    let mut objects = document();
    objects.insert(6, two.clone());
    objects.insert(12, signature(""));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = BTreeMap::from([(50, String::from("0000009000 00000 n \n"))]);
    for (number, body) in &objects {
        places.insert(*number, format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    table(&mut bytes, &[], &places, "");
    seal(&mut bytes, 0);
    assert!(!reasons(&bytes).is_empty());
    bytes.resize(9_000, b' ');
    bytes.extend_from_slice(b"50 0 obj\n<</Length 3>>stream\nq Q\nendstream\nendobj\n");
    assert_eq!(reasons(&update(&bytes, &metadata)), ["content.structure"]);
    // The end of a stream that was cut when it was signed.
    let mut objects = document();
    objects.insert(6, two);
    objects.insert(50, "<</Length 6000>>stream\nq ".into());
    let mut bytes = signed_with(objects, signature(""));
    assert!(!reasons(&bytes).is_empty());
    let data = memchr::memmem::find(&bytes, b"6000>>stream\n").unwrap() + 13;
    bytes.resize(data + 6_000, b' ');
    bytes.extend_from_slice(b"\nendstream\nendobj\n");
    assert_eq!(reasons(&update(&bytes, &metadata)), ["content.structure"]);
}

#[test]
fn a_flood_of_harmless_oddities_hides_no_grave_one() {
    let mut objects = document();
    for number in 100..400 {
        objects.insert(number, "<<>>".into());
    }
    let kids: String = (100..400).map(|number| format!("{number} 0 R ")).collect();
    objects.insert(1, document()[&1].replace(">>", &format!("/X[{kids}]>>")));
    objects.insert(401, "<</Length 9>>stream\nq\nendstream".into());
    objects.insert(
        6,
        document()[&6].replace("/Contents 7 0 R", "/Contents[7 0 R 401 0 R]"),
    );
    let bytes = signed_with(objects, signature(""));
    let mut text = String::from_utf8(bytes).unwrap();
    for number in 100..400 {
        let (whole, cut) = (
            format!("{number} 0 obj\n<<>>\nendobj"),
            format!("{number} 0 obj\n<<>>\n      "),
        );
        text = text.replace(&whole, &cut).replace("/Size 100", "/Size 500");
    }
    let codes = reasons(text.as_bytes());
    assert!(codes.contains(&"content.structure"), "{codes:?}");
}
