//! Made documents, each signed and then changed in one way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use crate::limits::Limits;
use crate::message::Lang;
use crate::pades::find::find;
use crate::report::{Changes, ContentJudgement};
use crate::verdict::Reason;

/// Objects by number.
pub(super) type Objects = BTreeMap<u32, String>;

/// Two pages, a font, a form with a text field that has an appearance, a signature field.
pub(super) fn document() -> Objects {
    let stream = |extra: &str, data: &str| {
        format!("<<{extra}/Length {}>>stream\n{data}\nendstream", data.len())
    };
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 100 20]";
    [
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R>>".into()),
        (2, "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>".into()),
        (
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
             /Resources<</Font<</F1 5 0 R>>/XObject<</X 13 0 R>>>>/Annots[9 0 R 11 0 R 14 0 R]>>"
                .into(),
        ),
        (4, stream("", "BT /F1 12 Tf (Quyet dinh) Tj ET")),
        (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into()),
        (
            6,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R\
             /Resources<</Font<</F1 5 0 R>>>>>>"
                .into(),
        ),
        (7, stream("", "BT /F1 12 Tf (Dieu 1) Tj ET")),
        (
            8,
            "<</Fields[9 0 R 11 0 R]/SigFlags 3/DA(/F1 12 Tf)/DR 15 0 R>>".into(),
        ),
        (
            9,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(so)/F 4/Rect[50 700 150 720]/P 3 0 R\
             /AP<</N 10 0 R>>/V(1)>>"
                .into(),
        ),
        (10, stream(form, "BT (1) Tj ET")),
        (
            11,
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(ky)/F 132/Rect[50 50 200 100]/P 3 0 R\
             /AP<</N 16 0 R>>/V 12 0 R>>"
                .into(),
        ),
        (13, stream(form, "0 0 10 10 re f")),
        (
            14,
            "<</Type/Annot/Subtype/Text/Rect[1 1 20 20]/Contents(note)>>".into(),
        ),
        (15, "<</Font<</F1 5 0 R>>>>".into()),
        (16, stream(form, "0 0 1 1 re f")),
        (17, "<</Producer(x)>>".into()),
    ]
    .into()
}

/// A signature dictionary; the numbers are put in when the revision is written.
pub(super) fn signature(extra: &str) -> String {
    format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached\
         /ByteRange[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]/Contents<{}>{extra}>>",
        "30".repeat(8)
    )
}

pub(super) fn certified(level: &str) -> String {
    signature(&format!(
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams\
         <</Type/TransformParams/P {level}/V/1.2>>>>]"
    ))
}

/// A revision after `before`: objects, table, trailer. `freed` numbers are listed as free.
pub(super) fn revision(before: &[u8], objects: &Objects, freed: &[u32], trailer: &str) -> Vec<u8> {
    let mut out = before.to_vec();
    if before.is_empty() {
        out.extend_from_slice(b"%PDF-1.7\n");
    }
    let mut places: BTreeMap<u32, String> = freed
        .iter()
        .map(|number| (*number, "0000000000 00001 f \n".to_owned()))
        .collect();
    for (number, body) in objects {
        places.insert(*number, format!("{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    table(&mut out, before, &places, trailer);
    seal(&mut out, before.len());
    out
}

/// The table and trailer of a revision whose objects stand already.
pub(super) fn table(
    out: &mut Vec<u8>,
    before: &[u8],
    places: &BTreeMap<u32, String>,
    trailer: &str,
) {
    let at = out.len();
    let mut text = String::from("xref\n");
    if before.is_empty() {
        text.push_str("0 1\n0000000000 65535 f \n");
    }
    for (number, entry) in places {
        text.push_str(&format!("{number} 1\n{entry}"));
    }
    let root = if trailer.contains("/Root") {
        ""
    } else {
        "/Root 1 0 R"
    };
    let info = if trailer.contains("/Info") {
        ""
    } else {
        "/Info 17 0 R"
    };
    text.push_str(&format!("trailer<</Size 100{root}{info}{trailer}"));
    if !before.is_empty() && !trailer.contains("/Prev") {
        let start = String::from_utf8_lossy(before);
        let start = start.rsplit("startxref\n").next().unwrap();
        let start: u64 = start.lines().next().unwrap().parse().unwrap();
        text.push_str(&format!("/Prev {start}"));
    }
    text.push_str(&format!(">>\nstartxref\n{at}\n%%EOF\n"));
    out.extend_from_slice(text.as_bytes());
}

/// Puts the numbers into the /ByteRange of the newest revision.
pub(super) fn seal(out: &mut Vec<u8>, from: usize) {
    let find =
        |needle: &[u8], from: usize| memchr::memmem::find(&out[from..], needle).map(|at| from + at);
    let Some(range) = find(b"AAAAAAAAAA", from) else {
        return;
    };
    let start = find(b"/Contents<", range).unwrap() + 9;
    let end = find(b">", start).unwrap() + 1;
    let numbers = format!("{start:010} {end:010} {:010}", out.len() - end);
    out.splice(range..range + 32, numbers.into_bytes());
}

/// The document with a signature.
pub(super) fn signed(dictionary: String) -> Vec<u8> {
    signed_with(document(), dictionary)
}

pub(super) fn signed_with(mut objects: Objects, dictionary: String) -> Vec<u8> {
    objects.insert(12, dictionary);
    revision(&[], &objects, &[], "")
}

pub(super) fn update(before: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let objects = objects
        .iter()
        .map(|(number, body)| (*number, (*body).to_owned()))
        .collect();
    revision(before, &objects, &[], "")
}

/// What the signatures have to know, in the order of the file.
pub(super) fn judged(bytes: &[u8]) -> Vec<ContentJudgement> {
    let found = find(bytes, &Limits::default()).unwrap();
    found
        .signatures
        .into_iter()
        .map(|signature| signature.content)
        .collect()
}

pub(super) fn first(bytes: &[u8]) -> (Option<Changes>, Vec<&'static str>, Vec<&'static str>) {
    let judged = judged(bytes).remove(0);
    let reasons = judged.reasons();
    let codes = reasons.iter().map(Reason::code).collect();
    let findings = judged.findings().iter().map(|one| one.code).collect();
    (judged.changes(), codes, findings)
}

#[track_caller]
fn forbidden(bytes: &[u8], kind: &str) {
    let (changes, codes, findings) = first(bytes);
    assert_eq!(
        changes,
        Some(Changes::Forbidden),
        "{kind}: {codes:?} {findings:?}"
    );
    assert!(findings.contains(&kind), "{kind}: {codes:?} {findings:?}");
    assert!(codes.contains(&"changes.forbidden"), "{kind}: {codes:?}");
}

#[track_caller]
fn permitted(bytes: &[u8], kinds: &[&str]) {
    let (changes, codes, findings) = first(bytes);
    assert_eq!(
        changes,
        Some(Changes::Permitted),
        "{kinds:?}: {codes:?} {findings:?}"
    );
    assert_eq!(codes, [] as [&str; 0], "{kinds:?}: {findings:?}");
    let (mut findings, mut kinds) = (findings, kinds.to_vec());
    findings.sort_unstable();
    kinds.sort_unstable();
    assert_eq!(findings, kinds);
}

fn approval() -> Vec<u8> {
    signed(signature(""))
}

#[test]
fn a_signature_over_the_whole_file_has_no_changes() {
    let (changes, codes, findings) = first(&approval());
    assert_eq!(changes, Some(Changes::None), "{codes:?}");
    assert!(
        codes.is_empty() && findings.is_empty(),
        "{codes:?} {findings:?}"
    );
}

#[test]
fn replaced_content_is_named_with_page_object_and_revision_in_both_languages() {
    let bytes = update(&approval(), &[(7, "<</Length 1>>stream\nx\nendstream")]);
    forbidden(&bytes, "change.page_content");
    let finding = judged(&bytes).remove(0).findings().remove(0);
    assert_eq!(
        finding.message(Lang::Vi),
        "trang 2: nội dung bị thay; đối tượng 7, phiên bản 2"
    );
    assert_eq!(
        finding.message(Lang::En),
        "page 2: content replaced; object 7, revision 2"
    );
}

#[test]
fn whatever_is_shown_may_not_change() {
    let page =
        |keys: &str| format!("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>{keys}>>");
    let cases: Vec<(u32, String, &str)> = vec![
        (
            5,
            "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".into(),
            "change.font",
        ),
        (
            13,
            "<</Length 0>>stream\n\nendstream".into(),
            "change.page_content",
        ),
        (13, "null".into(), "change.page_content"),
        (
            6,
            page("/MediaBox[0 0 10 10]/Contents 7 0 R"),
            "change.page_boxes",
        ),
        (
            6,
            page("/MediaBox[0 0 595 842]/Contents 7 0 R/Rotate 180"),
            "change.page_rotation",
        ),
        (
            6,
            page("/MediaBox[0 0 595 842]/Contents 20 0 R"),
            "change.page_content",
        ),
        (
            6,
            page("/MediaBox[0 0 595 842]/Contents 7 0 R/AA<<>>"),
            "change.action",
        ),
        (
            2,
            "<</Type/Pages/Kids[6 0 R 3 0 R]/Count 2>>".into(),
            "change.page_tree",
        ),
        (
            2,
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
            "change.page_tree",
        ),
        (
            2,
            "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2/Rotate 90>>".into(),
            "change.page_rotation",
        ),
        (
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/OCProperties<<>>>>".into(),
            "change.optional_content",
        ),
        (
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/OpenAction<</S/JavaScript/JS(x)>>>>".into(),
            "change.action",
        ),
        (1, "<</Type/Catalog/Pages 2 0 R>>".into(), "change.form"),
        (
            1,
            "<</Type/Catalog/Pages 20 0 R/AcroForm 8 0 R>>".into(),
            "change.page_tree",
        ),
        (
            8,
            "<</Fields[9 0 R]/SigFlags 3/DA(/F1 12 Tf)/DR 15 0 R>>".into(),
            "change.field_removed",
        ),
        (
            8,
            "<</Fields[9 0 R 11 0 R]/SigFlags 3/DA(/F1 99 Tf)/DR 15 0 R>>".into(),
            "change.form_defaults",
        ),
        (
            8,
            "<</Fields[9 0 R 11 0 R]/SigFlags 3/DA(/F1 12 Tf)/DR 15 0 R/NeedAppearances true>>"
                .into(),
            "change.form_defaults",
        ),
        (15, "<</Font<</F1 20 0 R>>>>".into(), "change.form_defaults"),
        (
            10,
            "<</Length 0>>stream\n\nendstream".into(),
            "change.field_appearance",
        ),
        (
            16,
            "<</Length 0>>stream\n\nendstream".into(),
            "change.signature_appearance",
        ),
        (12, "<</Type/Sig>>".into(), "change.signature_replaced"),
        (
            14,
            "<</Type/Annot/Subtype/Text/Rect[1 1 90 90]>>".into(),
            "change.annotation_changed",
        ),
    ];
    for (number, body, kind) in cases {
        forbidden(&update(&approval(), &[(number, &body)]), kind);
    }
}

#[test]
fn a_signature_field_that_is_moved_or_drawn_anew_is_named() {
    for (rect, appearance, flags, value, kind) in [
        ("9 9 9 9", 16, 132, "12 0 R", "change.signature_appearance"),
        (
            "50 50 200 100",
            20,
            132,
            "12 0 R",
            "change.signature_appearance",
        ),
        ("50 50 200 100", 16, 2, "12 0 R", "change.field_changed"),
        (
            "50 50 200 100",
            16,
            132,
            "20 0 R",
            "change.signature_replaced",
        ),
        (
            "50 50 200 100",
            16,
            132,
            "null",
            "change.signature_replaced",
        ),
    ] {
        let field = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(ky)/F {flags}/Rect[{rect}]/P 3 0 R\
             /AP<</N {appearance} 0 R>>/V {value}>>"
        );
        let drawn = "<</Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream";
        forbidden(&update(&approval(), &[(11, &field), (20, drawn)]), kind);
    }
}

#[test]
fn objects_may_not_be_freed_raised_in_generation_or_put_back() {
    let signed = approval();
    forbidden(
        &revision(&signed, &Objects::new(), &[13], ""),
        "change.object_removed",
    );
    // A generation of its own.
    let mut out = signed.clone();
    let at = out.len();
    out.extend_from_slice(b"5 1 obj\n<</Type/Font/Subtype/Type1/BaseFont/Courier>>\nendobj\n");
    let places = [(5, format!("{at:010} 00001 n \n"))].into();
    table(&mut out, &signed, &places, "");
    forbidden(&out, "change.generation");
    // An older text of the page's content, superseded before signing.
    let draft = revision(&[], &document(), &[], "");
    let at = memchr::memmem::find(&draft, b"7 0 obj").unwrap();
    let objects = [
        (7, "<</Length 1>>stream\ny\nendstream".to_owned()),
        (12, signature("")),
    ];
    let signed = revision(&draft, &objects.into(), &[], "");
    let mut out = signed.clone();
    let places = [(7, format!("{at:010} 00000 n \n"))].into();
    table(&mut out, &signed, &places, "");
    forbidden(&out, "change.old_text");
}

#[test]
fn a_reference_to_nothing_is_a_doubt_when_signed_and_supplying_it_is_a_change() {
    let mut objects = document();
    objects.insert(
        6,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[7 0 R 30 0 R]>>".into(),
    );
    let signed = signed_with(objects, signature(""));
    let (changes, codes, _) = first(&signed);
    assert_eq!(changes, Some(Changes::None));
    assert_eq!(codes, ["content.dangling_reference"]);
    let bytes = update(&signed, &[(30, "<</Length 1>>stream\nx\nendstream")]);
    forbidden(&bytes, "change.object_supplied");
}

#[test]
fn what_nothing_leads_to_may_be_given_up_or_added_and_is_named() {
    let mut objects = document();
    objects.insert(40, "<</X 1>>".into());
    let signed = signed_with(objects, certified("1"));
    let bytes = revision(&signed, &Objects::new(), &[40], "");
    permitted(&bytes, &["change.unused_freed"]);
    permitted(&update(&signed, &[(41, "<</Y 1>>")]), &[]);
}

#[test]
fn validation_data_and_metadata_are_permitted_even_after_certification_without_changes() {
    let signed = signed(certified("1"));
    let store = [
        (
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/DSS 20 0 R/Version/1.7/Metadata 22 0 R\
             /Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>>>",
        ),
        (20, "<</Type/DSS/Certs[21 0 R]/VRI<<>>>>"),
        (21, "<</Length 1>>stream\nx\nendstream"),
        (
            22,
            "<</Type/Metadata/Subtype/XML/Length 1>>stream\nx\nendstream",
        ),
        (17, "<</Producer(another)/ModDate(D:20260101)>>"),
    ];
    let bytes = update(&signed, &store);
    permitted(&bytes, &["change.metadata", "change.validation_data"]);
    // Again, in place.
    let bytes = update(
        &bytes,
        &[
            (20, "<</Type/DSS/Certs[21 0 R 23 0 R]/VRI<<>>>>"),
            (23, "<</Length 1>>stream\ny\nendstream"),
        ],
    );
    permitted(
        &bytes,
        &[
            "change.metadata",
            "change.validation_data",
            "change.validation_data",
        ],
    );
    // A store with keys of its own is none.
    let bytes = update(
        &signed,
        &[(
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/DSS<</Foo 4 0 R>>>>",
        )],
    );
    forbidden(&bytes, "change.catalog");
}

/// The text field with another value, and an appearance of its own or the old one.
fn filled(appearance: &str) -> Vec<(u32, String)> {
    vec![
        (
            9,
            format!(
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(so)/F 4/Rect[50 700 150 720]/P 3 0 R\
                 /AP<</N {appearance}>>/V(2)>>"
            ),
        ),
        (
            20,
            "<</Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\n2\nendstream".into(),
        ),
    ]
}

fn fill(before: &[u8], appearance: &str) -> Vec<u8> {
    revision(before, &filled(appearance).into_iter().collect(), &[], "")
}

#[test]
fn filling_in_a_form_is_permitted_but_for_level_one_and_locked_fields() {
    permitted(&fill(&approval(), "20 0 R"), &["change.field_value"]);
    for level in ["2", "3"] {
        permitted(
            &fill(&signed(certified(level)), "20 0 R"),
            &["change.field_value"],
        );
    }
    for level in ["1", "0", "/Two"] {
        let (changes, codes, _) = first(&fill(&signed(certified(level)), "20 0 R"));
        assert_eq!(changes, Some(Changes::Forbidden), "{level}");
        assert!(
            codes.contains(&"changes.certification"),
            "{level}: {codes:?}"
        );
    }
    let lock = |action: &str, fields: &str| {
        signature(&format!(
            "/Reference[<</TransformMethod/FieldMDP/TransformParams\
             <</Action/{action}/Fields[{fields}]>>>>]"
        ))
    };
    for (action, fields, holds) in [
        ("All", "", true),
        ("Include", "(so)", true),
        ("Include", "(s)", false),
        ("Include", "(so.khac)", false),
        ("Exclude", "(so)", false),
        ("Exclude", "(khac)", true),
        ("Unheard", "(khac)", true),
    ] {
        let (changes, codes, _) = first(&fill(&signed(lock(action, fields)), "20 0 R"));
        let locked = codes == ["changes.field_locked"];
        assert_eq!(locked, holds, "{action} {fields}: {codes:?}");
        assert_eq!(changes == Some(Changes::Forbidden), holds);
    }
    // /Lock of the signature field, with a level of its own.
    for (entry, code) in [
        (
            "/Lock<</Action/Include/Fields[(so)]>>",
            "changes.field_locked",
        ),
        (
            "/Lock<</Action/Include/Fields[(khac)]/P 1>>",
            "changes.certification",
        ),
    ] {
        let mut objects = document();
        let field = objects[&11].replace(">>/V", &format!(">>{entry}/V"));
        objects.insert(11, field);
        let (_, codes, _) = first(&fill(&signed_with(objects, signature("")), "20 0 R"));
        assert_eq!(codes, [code]);
    }
}

#[test]
fn a_value_that_changes_without_what_shows_it_is_a_doubt() {
    let (changes, codes, findings) = first(&fill(&approval(), "10 0 R"));
    assert_eq!(changes, Some(Changes::Permitted));
    assert_eq!(codes, ["changes.appearance_differs"], "{findings:?}");
}

#[test]
fn a_field_may_not_be_renamed_retyped_moved_hidden_or_given_an_action() {
    let field = |kind: &str, name: &str, flags: u32, rect: &str, extra: &str| {
        format!(
            "<</Type/Annot/Subtype/Widget/FT/{kind}/T({name})/F {flags}/Rect[{rect}]/P 3 0 R\
             /AP<</N 10 0 R>>/V(1){extra}>>"
        )
    };
    let area = "50 700 150 720";
    for (body, kind) in [
        (field("Tx", "khac", 4, area, ""), "change.field_changed"),
        (field("Btn", "so", 4, area, ""), "change.field_changed"),
        (field("Tx", "so", 2, area, ""), "change.field_changed"),
        (field("Tx", "so", 4, "1 1 2 2", ""), "change.field_changed"),
        (
            field("Tx", "so", 4, area, "/Ff 4096"),
            "change.field_changed",
        ),
        (field("Tx", "so", 4, area, "/AA<</K<<>>>>"), "change.action"),
        (
            field("Tx", "so", 4, area, "/DA(/F1 0 Tf)"),
            "change.field_appearance",
        ),
    ] {
        forbidden(&update(&approval(), &[(9, &body)]), kind);
    }
    let read_only = field("Tx", "so", 4, area, "/Ff 1");
    permitted(&update(&approval(), &[(9, &read_only)]), &[]);
}

fn annotated(before: &[u8], annotation: &str) -> Vec<u8> {
    let page = document()[&3].replace("14 0 R]", "14 0 R 20 0 R]");
    update(before, &[(3, &page), (20, annotation)])
}

const FREE_TEXT: &str = "<</Type/Annot/Subtype/FreeText/Rect[50 50 400 80]/Contents(100)>>";

#[test]
fn an_annotation_after_an_approval_or_at_level_three_is_shown_and_never_passes() {
    for dictionary in [signature(""), certified("3")] {
        let bytes = annotated(&signed(dictionary), FREE_TEXT);
        let (changes, codes, _) = first(&bytes);
        assert_eq!(changes, Some(Changes::Permitted));
        assert_eq!(codes, ["changes.annotation"]);
        let finding = judged(&bytes).remove(0).findings().remove(0);
        assert_eq!(
            finding.message(Lang::En),
            "page 1: annotation added (FreeText [50 50 400 80]); object 20, revision 2"
        );
    }
    for level in ["1", "2"] {
        let (changes, codes, _) = first(&annotated(&signed(certified(level)), FREE_TEXT));
        assert_eq!(changes, Some(Changes::Forbidden));
        assert_eq!(codes, ["changes.certification"]);
    }
    // A widget that no field has is an annotation like any other; one that acts is more than that.
    let orphan = "<</Type/Annot/Subtype/Widget/FT/Tx/T(x)/Rect[1 1 9 9]>>";
    let (_, codes, _) = first(&annotated(&signed(certified("2")), orphan));
    assert_eq!(codes, ["changes.certification"]);
    let acts = "<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/A<</S/Launch/F(x)>>>>";
    forbidden(&annotated(&signed(certified("3")), acts), "change.action");
}

#[test]
fn annotations_may_not_be_drawn_in_another_order() {
    let page = document()[&3].replace("[9 0 R 11 0 R 14 0 R]", "[14 0 R 11 0 R 9 0 R]");
    forbidden(
        &update(&approval(), &[(3, &page)]),
        "change.annotation_changed",
    );
}

/// A second signature with a field of its own; its form and page as after `step` such updates.
pub(super) fn signed_again(before: &[u8], step: u32, area: &str, dictionary: &str) -> Vec<u8> {
    let first = 20 + step * 3;
    let added: Vec<String> = (0..=step)
        .map(|step| format!("{} 0 R", 20 + step * 3))
        .collect();
    let added = added.join(" ");
    let page = document()[&3].replace("14 0 R]", &format!("14 0 R {added}]"));
    let form = document()[&8].replace("11 0 R]", &format!("11 0 R {added}]"));
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(ky {step})/F 132/Rect[{area}]/P 3 0 R\
         /AP<</N {} 0 R>>/V {} 0 R>>",
        first + 2,
        first + 1
    );
    let drawn = "<</Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream";
    let objects = [
        (3, page),
        (8, form),
        (first, field),
        (first + 1, dictionary.to_owned()),
        (first + 2, drawn.to_owned()),
    ];
    revision(before, &objects.into(), &[], "")
}

#[test]
fn a_further_signature_is_permitted_if_it_draws_nothing_and_else_hangs_on_its_worth() {
    use crate::report::Worth;
    let invisible = signed_again(&signed(certified("2")), 0, "0 0 0 0", &signature(""));
    permitted(&invisible, &["change.signature_field"]);
    let (changes, codes, _) = first(&signed_again(
        &signed(certified("1")),
        0,
        "0 0 0 0",
        &signature(""),
    ));
    assert_eq!(changes, Some(Changes::Forbidden));
    assert_eq!(codes, ["changes.certification"]);
    for (dictionary, worth, changes, wanted) in [
        (
            certified("2"),
            Some(Worth::Trusted),
            Changes::Permitted,
            vec![],
        ),
        (
            certified("2"),
            Some(Worth::Untrusted),
            Changes::Forbidden,
            vec!["changes.untrusted_field"],
        ),
        (
            certified("2"),
            Some(Worth::Broken),
            Changes::Forbidden,
            vec!["changes.untrusted_field"],
        ),
        (
            certified("2"),
            Some(Worth::Unknown),
            Changes::Permitted,
            vec!["changes.field_not_settled"],
        ),
        (
            certified("2"),
            None,
            Changes::Permitted,
            vec!["changes.field_not_settled"],
        ),
        (
            signature(""),
            Some(Worth::Trusted),
            Changes::Permitted,
            vec![],
        ),
        (
            signature(""),
            Some(Worth::Untrusted),
            Changes::Permitted,
            vec!["changes.field_not_settled"],
        ),
    ] {
        let bytes = signed_again(&signed(dictionary), 0, "10 10 90 90", &signature(""));
        let mut content = judged(&bytes).remove(0);
        // Not settled is not passed.
        assert!(crate::report::JudgedChanges::check(&content).is_err());
        content.settle(&[Some(Worth::Trusted), worth]);
        let codes: Vec<_> = content.reasons().iter().map(Reason::code).collect();
        assert_eq!(codes, wanted);
        assert_eq!(content.changes(), Some(changes));
        assert_eq!(
            crate::report::JudgedChanges::check(&content).is_ok(),
            wanted.is_empty()
        );
    }
}

#[test]
fn a_document_time_stamp_is_permitted_after_any_certification() {
    let stamp = signature("")
        .replace("/Type/Sig", "/Type/DocTimeStamp")
        .replace("adbe.pkcs7.detached", "ETSI.RFC3161");
    let bytes = signed_again(&signed(certified("1")), 0, "0 0 0 0", &stamp);
    permitted(&bytes, &["change.document_time_stamp"]);
}

#[test]
fn a_new_signature_field_without_a_signature_or_with_an_action_is_refused_after_certification() {
    let empty = |before: &[u8], extra: &str| {
        let page = document()[&3].replace("14 0 R]", "14 0 R 20 0 R]");
        let form = document()[&8].replace("11 0 R]", "11 0 R 20 0 R]");
        let field = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(moi)/F 4/Rect[1 1 99 99]/P 3 0 R\
             /AP<</N 16 0 R>>{extra}>>"
        );
        update(before, &[(3, &page), (8, &form), (20, &field)])
    };
    let (_, codes, _) = first(&empty(&signed(certified("2")), ""));
    assert_eq!(codes, ["changes.certification"]);
    let (_, codes, _) = first(&empty(&approval(), ""));
    assert_eq!(codes, ["changes.annotation"]);
    forbidden(
        &empty(&approval(), "/AA<</E<</S/JavaScript/JS(x)>>>>"),
        "change.action",
    );
    // An object of the page is no signature of the file.
    let refused = judged(&empty(&approval(), "/V 4 0 R"));
    let added = |content: &ContentJudgement| {
        content
            .findings()
            .iter()
            .any(|one| one.code == "change.field_added")
            && content.changes() == Some(Changes::Forbidden)
    };
    assert!(refused.iter().any(added));
}

#[test]
fn the_catalog_may_move_only_if_it_stays_what_it_is() {
    let signed = approval();
    let catalog = |body: &str| {
        let objects = [(30, body.to_owned())].into();
        revision(&signed, &objects, &[], "/Root 30 0 R")
    };
    let (changes, codes, _) = first(&catalog("<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R>>"));
    assert_eq!((changes, codes), (Some(Changes::Permitted), vec![]));
    forbidden(
        &catalog("<</Type/Catalog/Pages 31 0 R/AcroForm 8 0 R>>"),
        "change.page_tree",
    );
}

#[test]
fn a_second_catalog_or_body_in_the_signed_state_is_a_doubt() {
    let mut objects = document();
    objects.insert(40, "<</Type/Catalog/Pages 2 0 R>>".into());
    let (_, codes, _) = first(&signed_with(objects, signature("")));
    assert_eq!(codes, ["content.hidden_objects"]);
    // Another text of object 7 that no table lists.
    let mut objects = document();
    let body = format!(
        "{}\nendobj\n7 0 obj\n<</Length 0>>stream\n\nendstream",
        objects[&5]
    );
    objects.insert(5, body);
    let (_, codes, _) = first(&signed_with(objects, signature("")));
    assert_eq!(codes, ["content.hidden_objects"]);
}

#[test]
fn objects_that_no_table_lists_and_bytes_after_the_end_are_changes() {
    let signed = approval();
    let with = |tail: &str| [signed.as_slice(), tail.as_bytes()].concat();
    forbidden(
        &with("7 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n"),
        "change.trailing_objects",
    );
    let (changes, codes, findings) = first(&with("rubbish"));
    assert_eq!(changes, Some(Changes::Forbidden));
    assert_eq!(codes, ["changes.trailing_bytes"]);
    assert_eq!(findings, ["change.trailing_bytes"]);
    let (changes, codes, _) = first(&with("\n\n  \0\n"));
    assert_eq!((changes, codes), (Some(Changes::None), vec![]));
    // In an update that lists something else.
    let body = "<</Y 1>>\nendobj\n7 0 obj\n<</Length 0>>stream\n\nendstream";
    forbidden(&update(&signed, &[(41, body)]), "change.unlisted_object");
}

#[test]
fn a_table_that_forgets_the_signed_revision_is_named() {
    let signed = approval();
    let mut objects = document();
    objects.insert(12, "12 0 R".into());
    objects.remove(&12);
    let field = objects[&11].clone();
    objects.insert(11, field);
    objects.insert(7, "<</Length 1>>stream\nx\nendstream".into());
    let at = memchr::memmem::find(&signed, b"12 0 obj").unwrap();
    let mut out = signed.clone();
    let mut places: BTreeMap<u32, String> = [(12, format!("{at:010} 00000 n \n"))].into();
    for (number, body) in &objects {
        places.insert(*number, format!("{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    table(&mut out, &[], &places, "");
    let (changes, codes, findings) = first(&out);
    assert_eq!(changes, Some(Changes::Forbidden), "{codes:?}");
    assert_eq!(findings, ["change.cross_reference_rebuilt"]);
}

#[test]
fn a_certification_has_to_be_the_first_signature_and_keep_its_permissions() {
    let bytes = signed_again(&approval(), 0, "0 0 0 0", &certified("2"));
    let content = judged(&bytes);
    let codes =
        |index: usize| -> Vec<&str> { content[index].reasons().iter().map(Reason::code).collect() };
    assert_eq!(codes(0), [] as [&str; 0]);
    assert_eq!(codes(1), ["certification.not_first"]);
    let (_, codes, _) = first(&signed(certified("7")));
    assert_eq!(codes, ["certification.unknown_level"]);
    let mut objects = document();
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R/Perms<</DocMDP 12 0 R>>>>";
    objects.insert(1, catalog.into());
    let certified = signed_with(objects, certified("2"));
    forbidden(
        &update(&certified, &[(1, &document()[&1])]),
        "change.permissions",
    );
}

#[test]
fn a_later_signature_cannot_relax_what_an_earlier_one_forbids() {
    let first_signed = signed(certified("1"));
    let bytes = signed_again(&first_signed, 0, "0 0 0 0", &certified("3"));
    let bytes = revision(
        &bytes,
        &filled("20 0 R").into_iter().take(1).collect(),
        &[],
        "",
    );
    for content in judged(&bytes) {
        let codes: Vec<_> = content.reasons().iter().map(Reason::code).collect();
        assert!(codes.contains(&"changes.certification"), "{codes:?}");
        assert_eq!(content.changes(), Some(Changes::Forbidden));
    }
}

#[test]
fn an_update_without_a_purpose_is_named() {
    let signed = approval();
    // The text field once more, as it was and where it was.
    let at = memchr::memmem::find(&signed, b"9 0 obj").unwrap();
    let mut out = signed.clone();
    let places = [(9, format!("{at:010} 00000 n \n"))].into();
    table(&mut out, &signed, &places, "");
    forbidden(&out, "change.without_purpose");
    forbidden(
        &update(&signed, &[(9, &document()[&9])]),
        "change.without_purpose",
    );
    // A copy of the catalog beside new metadata is carelessness.
    let catalog = &document()[&1];
    permitted(
        &update(&signed, &[(1, catalog), (17, "<</Producer(another)>>")]),
        &["change.metadata"],
    );
}

#[test]
fn an_appearance_that_something_else_uses_is_no_appearance_of_a_field_alone() {
    let mut objects = document();
    objects.insert(3, objects[&3].replace("/X 13 0 R", "/X 10 0 R"));
    let signed = signed_with(objects, signature(""));
    let mut changes: Objects = filled("10 0 R").into_iter().take(1).collect();
    changes.insert(10, "<</Subtype/Form/Length 1>>stream\n2\nendstream".into());
    let bytes = revision(&signed, &changes, &[], "");
    forbidden(&bytes, "change.page_content");
    // By itself it may follow the value.
    permitted(
        &revision(&approval(), &changes, &[], ""),
        &["change.field_value"],
    );
}

#[test]
fn a_document_issued_in_the_practice_of_the_state_has_permitted_named_changes() {
    // Certified first, then three more signature fields within seconds, an unused number freed.
    let mut objects = document();
    objects.insert(60, "<</X 1>>".into());
    let mut bytes = signed_with(objects, certified("2"));
    for step in 0..3 {
        bytes = signed_again(&bytes, step, "10 10 90 30", &signature(""));
    }
    let bytes = revision(&bytes, &Objects::new(), &[60], "");
    let settled = |bytes: &[u8]| -> Vec<ContentJudgement> {
        let mut all = judged(bytes);
        for content in &mut all {
            content.settle(&[Some(crate::report::Worth::Trusted); 4]);
        }
        all
    };
    let all = settled(&bytes);
    assert_eq!(all.len(), 4);
    for (index, content) in all.iter().enumerate() {
        assert!(content.reasons().is_empty(), "{:?}", content.reasons());
        assert_eq!(content.changes(), Some(Changes::Permitted));
        assert_eq!(content.findings().len(), 4 - index);
    }
    let forged = update(&bytes, &[(7, "<</Length 1>>stream\nx\nendstream")]);
    for content in settled(&forged) {
        assert_eq!(content.changes(), Some(Changes::Forbidden));
    }
}

#[test]
fn data_before_the_header_are_a_doubt() {
    let mut objects = document();
    objects.insert(12, signature(""));
    let plain = revision(&[], &objects, &[], "");
    assert!(first(&plain).1.is_empty());
    let foreign = "MZ\n%PDF-1.7\n";
    let mut out = foreign.as_bytes().to_vec();
    out.extend_from_slice(&plain[9..]);
    // Offsets count from the header, which other readers do not do.
    let codes = match find(&out, &Limits::default()) {
        Ok(_) => first(&out).1,
        Err(_) => vec!["refused"],
    };
    assert!(
        codes.contains(&"content.before_header") || codes == ["refused"],
        "{codes:?}"
    );
}

#[test]
fn what_acts_shows_from_outside_or_is_written_twice_is_a_doubt_and_plain_links_are_none() {
    let with = |number: u32, body: &str| {
        let mut objects = document();
        objects.insert(number, body.to_owned());
        first(&signed_with(objects, signature(""))).1
    };
    let catalog = |extra: &str| format!("<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R{extra}>>");
    let link = |action: &str| format!("<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/A<<{action}>>>>");
    assert_eq!(with(14, &link("/S/URI/URI(http://x)")), [] as [&str; 0]);
    assert_eq!(with(14, &link("/S/GoTo/D[3 0 R/Fit]")), [] as [&str; 0]);
    assert_eq!(
        with(1, &catalog("/OCProperties<</OCGs[]/D<<>>>>")),
        [] as [&str; 0]
    );
    assert_eq!(with(1, &catalog("/Outlines 50 0 R")), [] as [&str; 0]);
    for (number, body, code) in [
        (14, link("/S/L#61unch/F(x)"), "content.active"),
        (
            1,
            catalog("/OpenAction<</S/JavaScript/JS(x)>>"),
            "content.active",
        ),
        (1, catalog("/AA<</WC<<>>>>"), "content.active"),
        (
            4,
            "<</F(x)/Length 0>>stream\n\nendstream".into(),
            "content.external",
        ),
        (
            4,
            "<</A 1/A 2/Length 0>>stream\n\nendstream".into(),
            "content.doubled_key",
        ),
        (
            2,
            "<</Type/Pages/Kids[3 0 R 6 0 R 50 0 R]/Count 2>>".into(),
            "content.dangling_reference",
        ),
    ] {
        assert_eq!(with(number, &body), [code], "{body}");
    }
}
