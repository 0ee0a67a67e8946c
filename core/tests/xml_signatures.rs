//! XML signatures through the public door: what is signed, what is not, and what is said of either.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod xml_made;

use kyso::report::Report;
use kyso::{Indication, SubIndication, Time, TrustStore, Verifier};
use kyso_sandbox::{Authority, CrlRecipe, Issued, PersonProfile, Settings};
use xml_made::{ENVELOPED, EXCLUSIVE, Recipe, properties, signed_properties};

const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;
const INVOICE: &str = "<HDon><DLHDon Id=\"data\"><So>1</So></DLHDon>@SIGNATURE@</HDon>";

struct World {
    person: Issued,
    verifier: Verifier,
}

fn world() -> World {
    let authority = Authority::new(&Settings::quick(NOW)).unwrap();
    let person = authority.person(&PersonProfile::example()).unwrap();
    let root = authority.root.certificate_pem();
    let trust = TrustStore::from_pem(root.as_bytes()).unwrap();
    let mut verifier = Verifier::new(Time::from_unix(NOW + DAY)).trust(trust);
    let issuing = &authority.issuing;
    for issuer in [&authority.root, issuing] {
        let mut list = CrlRecipe::new(NOW + 60, NOW + 7 * DAY);
        list.number = Some(1);
        verifier
            .add_evidence(&list.signed_by(issuer).unwrap())
            .unwrap();
    }
    verifier.add_evidence(&issuing.certificate_der).unwrap();
    World { person, verifier }
}

fn codes(report: &Report) -> Vec<&'static str> {
    let signatures = report.signatures().iter();
    signatures
        .flat_map(|signature| signature.reasons().map(kyso::Reason::code))
        .collect()
}

#[test]
fn a_signed_document_passes_and_a_changed_one_is_a_hash_failure() {
    let world = world();
    let text = Recipe::default().signed(INVOICE, &world.person);
    let report = world.verifier.verify(text.as_bytes());
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&report)
    );
    let signature = &report.signatures()[0];
    assert_eq!(signature.format(), "XMLDSIG");
    assert_eq!(signature.coverage().unwrap().whole_file, Some(true));
    let other = text.replacen("<So>1<", "<So>9<", 1);
    let report = world.verifier.verify(other.as_bytes());
    let signature = &report.signatures()[0];
    assert_eq!(signature.sub_indication(), Some(SubIndication::HashFailure));
    assert_eq!(signature.integrity().signature_intact, Some(true));
}

#[test]
fn white_space_around_attributes_and_line_ends_change_nothing_and_text_does() {
    let world = world();
    let text = Recipe::default().signed(INVOICE, &world.person);
    let same = text.replacen("<DLHDon Id=\"data\">", "<DLHDon\r\n  Id = 'data' >", 1);
    assert_ne!(same, text);
    let report = world.verifier.verify(same.as_bytes());
    assert_eq!(report.indication(), Some(Indication::TotalPassed));
    let other = text.replacen("<So>", "<So> ", 1);
    assert_eq!(
        world.verifier.verify(other.as_bytes()).indication(),
        Some(Indication::TotalFailed)
    );
}

#[test]
fn a_signature_over_a_part_names_it_and_what_it_leaves_out() {
    let world = world();
    let recipe = Recipe {
        references: vec![("#data", vec![EXCLUSIVE])],
        ..Recipe::default()
    };
    let document = INVOICE.replacen("<HDon>", "<HDon><Ghi>x</Ghi>", 1);
    let text = recipe.signed(&document, &world.person);
    let report = world.verifier.verify(text.as_bytes());
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&report)
    );
    let coverage = report.signatures()[0].coverage().unwrap();
    assert_eq!(coverage.whole_file, Some(false));
    let places: Vec<String> = coverage
        .findings
        .iter()
        .map(|one| format!("{} {}", one.code, one.place.as_ref().unwrap()))
        .collect();
    assert_eq!(
        places,
        ["xml.covered /HDon/DLHDon", "xml.not_covered /HDon/Ghi"]
    );
    // What is not signed may change.
    let other = text.replacen("<Ghi>x<", "<Ghi>y<", 1);
    let report = world.verifier.verify(other.as_bytes());
    assert_eq!(report.indication(), Some(Indication::TotalPassed));
}

#[test]
fn the_signed_part_moved_away_and_a_forged_one_in_its_place_never_passes() {
    let world = world();
    let recipe = Recipe {
        references: vec![("#data", vec![EXCLUSIVE])],
        ..Recipe::default()
    };
    let text = recipe.signed(INVOICE, &world.person);
    let part = "<DLHDon Id=\"data\"><So>1</So></DLHDon>";
    let moved = "<DLHDon xmlns=\"\" Id=\"data\"><So>1</So></DLHDon>";
    let forged = "<DLHDon><So>9</So></DLHDon>";
    let wraps = [
        text.replacen(part, &format!("{forged}<old>{part}</old>"), 1),
        text.replacen(part, &format!("{forged}{part}"), 1),
        text.replacen(part, &format!("<DLHDon><So>9</So>{part}</DLHDon>"), 1),
        text.replacen(part, forged, 1).replacen(
            "</Signature>",
            &format!("<Object>{moved}</Object></Signature>"),
            1,
        ),
    ];
    for wrapped in wraps {
        let report = world.verifier.verify(wrapped.as_bytes());
        assert_ne!(
            report.indication(),
            Some(Indication::TotalPassed),
            "{wrapped}"
        );
        assert!(
            codes(&report).contains(&"xml.wrapped"),
            "{:?}: {wrapped}",
            codes(&report)
        );
    }
}

#[test]
fn every_spelling_of_an_identifier_counts_when_it_stands_twice() {
    let world = world();
    let recipe = Recipe {
        references: vec![("#data", vec![EXCLUSIVE])],
        ..Recipe::default()
    };
    let text = recipe.signed(INVOICE, &world.person);
    for twin in [
        "Id='data'",
        "ID='data'",
        "id='data'",
        "xml:id='data'",
        "iD='d&#97;ta'",
    ] {
        let other = text.replacen("<HDon>", &format!("<HDon><x {twin}/>"), 1);
        let report = world.verifier.verify(other.as_bytes());
        let signature = &report.signatures()[0];
        assert_eq!(signature.indication(), Indication::TotalFailed, "{twin}");
        assert!(codes(&report).contains(&"xml.duplicate_id"), "{twin}");
    }
    let other = text.replacen("<HDon>", "<HDon><x Id='b'/><y Id='b'/>", 1);
    let report = world.verifier.verify(other.as_bytes());
    assert_eq!(report.indication(), Some(Indication::TotalPassed));
}

#[test]
fn signed_properties_name_the_signer_and_the_time() {
    let world = world();
    let signed = signed_properties("2026-01-01T07:00:00+07:00", &world.person.certificate_der);
    let recipe = Recipe {
        references: vec![
            ("", vec![ENVELOPED, EXCLUSIVE]),
            ("#props", vec![EXCLUSIVE]),
        ],
        objects: properties(&signed, ""),
        ..Recipe::default()
    };
    let text = recipe.signed(INVOICE, &world.person);
    let report = world.verifier.verify(text.as_bytes());
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&report)
    );
    let signature = &report.signatures()[0];
    assert_eq!(signature.format(), "XAdES-BASELINE-B");
    assert_eq!(signature.signing_time().claimed, Some(Time::from_unix(NOW)));
    // Another certificate named: nobody is known to have signed.
    let stranger = signed_properties("2026-01-01T07:00:00+07:00", b"another");
    let recipe = Recipe {
        objects: properties(&stranger, ""),
        ..recipe
    };
    let text = recipe.signed(INVOICE, &world.person);
    let report = world.verifier.verify(text.as_bytes());
    let signature = &report.signatures()[0];
    let expected = Some(SubIndication::NoSigningCertificateFound);
    assert_eq!(signature.sub_indication(), expected);
    assert_eq!(signature.integrity().signature_intact, Some(true));
}

#[test]
fn three_canonicalisations_are_made_and_four_are_refused() {
    let world = world();
    let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    let made = |transforms: Vec<&'static str>| {
        let recipe = Recipe {
            references: vec![("#data", transforms)],
            ..Recipe::default()
        };
        let text = recipe.signed(INVOICE, &world.person);
        world.verifier.verify(text.as_bytes()).indication()
    };
    let passed = Some(Indication::TotalPassed);
    assert_eq!(made(vec![]), passed);
    assert_eq!(made(vec![inclusive, EXCLUSIVE, inclusive]), passed);
    assert_ne!(made(vec![inclusive; 4]), passed);
    // Out of its place.
    assert_ne!(made(vec![EXCLUSIVE, ENVELOPED]), passed);
}

#[test]
fn what_base64_decodes_to_is_what_is_signed() {
    let world = world();
    let recipe = Recipe {
        references: vec![("#file", vec!["http://www.w3.org/2000/09/xmldsig#base64"])],
        objects: "<Object Id=\"file\">eMOhYw==</Object>".into(),
        ..Recipe::default()
    };
    let text = recipe.signed("<a>@SIGNATURE@</a>", &world.person);
    let report = world.verifier.verify(text.as_bytes());
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&report)
    );
    let broken = text.replacen("eMOhYw==", "eM\nOh Yw==", 1);
    let report = world.verifier.verify(broken.as_bytes());
    assert_eq!(report.indication(), Some(Indication::TotalPassed));
    let split = text.replacen("eMOhYw==", "eMOh<!-- -->Yw==", 1);
    let report = world.verifier.verify(split.as_bytes());
    assert_eq!(report.indication(), Some(Indication::TotalFailed));
}

#[test]
fn any_octet_changed_or_cut_gives_a_report_and_never_a_pass_of_other_text() {
    let world = world();
    let text = Recipe::default().signed(INVOICE, &world.person);
    let bytes = text.as_bytes();
    for end in (0..bytes.len()).step_by(7) {
        let report = world.verifier.verify(&bytes[..end]);
        assert_ne!(report.indication(), Some(Indication::TotalPassed), "{end}");
    }
    let signed = text.find("<Signature").unwrap();
    for at in (0..signed).step_by(3) {
        let mut other = bytes.to_vec();
        other[at] ^= 1;
        let report = world.verifier.verify(&other);
        assert_ne!(report.indication(), Some(Indication::TotalPassed), "{at}");
    }
}

#[test]
fn only_what_was_signed_is_handed_out_and_nothing_once_it_is_changed() {
    let world = world();
    let recipe = Recipe {
        references: vec![("#data", vec![EXCLUSIVE])],
        ..Recipe::default()
    };
    let document = INVOICE.replacen("<So>1<", "<So >1<!-- x -->2<", 1);
    let text = recipe.signed(&document, &world.person);
    let covered = world.verifier.covered_xml(text.as_bytes(), 1).unwrap();
    assert_eq!(covered.indication(), Indication::TotalPassed);
    let [part] = covered.parts() else {
        panic!("{covered:?}");
    };
    assert_eq!(part.path(), "/HDon/DLHDon");
    assert_eq!(
        &text[part.span()],
        "<DLHDon Id=\"data\"><So >1<!-- x -->2</So></DLHDon>"
    );
    assert_eq!(part.octets(), b"<DLHDon Id=\"data\"><So>12</So></DLHDon>");
    let other = text.replacen("2</So", "3</So", 1);
    assert!(world.verifier.covered_xml(other.as_bytes(), 1).is_err());
    assert!(world.verifier.covered_xml(text.as_bytes(), 0).is_err());
    assert!(world.verifier.covered_xml(text.as_bytes(), 2).is_err());
}
