//! The signature in the header of an envelope: good, and broken in each way that the road breaks it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod xml_made;

use kyso::report::Report;
use kyso::sign::{self, XmlForm, XmlProfile};
use kyso::xml::Index;
use kyso::{
    EnvelopeBuilder, Indication, Limits, LocalKey, SubIndication, Time, TrustStore, Verifier,
};
use kyso_sandbox::{Authority, CrlRecipe, Issued, PersonProfile, Settings};
use serde_json::json;
use xml_made::{EXCLUSIVE, Recipe};

const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

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
    for issuer in [&authority.root, &authority.issuing] {
        let mut list = CrlRecipe::new(NOW + 60, NOW + 7 * DAY);
        list.number = Some(1);
        let list = list.signed_by(issuer).unwrap();
        verifier.add_evidence(&list).unwrap();
    }
    let issuing = &authority.issuing.certificate_der;
    verifier.add_evidence(issuing).unwrap();
    World { person, verifier }
}

fn envelope() -> Vec<u8> {
    let header = json!({ "header": {
        "from": { "organ_id": "G99.07" }, "to": [{ "organ_id": "H99" }],
        "document_id": "G99.07,2026/01/01,318/VP-TH",
        "code": { "code_number": "318", "code_notation": "VP-TH" },
        "promulgation_info": { "promulgation_date": "2026-01-01" },
        "subject": "V/v thử nghiệm", "steering_type": 0,
    } });
    EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new()))
        .unwrap()
        .attach("1.txt", b"van ban".to_vec())
        .finish(Time::from_unix(NOW), &Limits::default())
        .unwrap()
}

/// The envelope with `@SIGNATURE@` as the last child of its header.
fn open() -> String {
    let text = String::from_utf8(envelope()).unwrap();
    let end = text
        .rfind("</edXML:edXMLHeader>")
        .or_else(|| text.rfind("</edXMLHeader>"))
        .unwrap();
    format!("{}@SIGNATURE@{}", &text[..end], &text[end..])
}

fn codes(report: &Report) -> Vec<&'static str> {
    let file = report.reasons().iter();
    let own = report
        .signatures()
        .iter()
        .flat_map(kyso::SignatureReport::reasons);
    file.chain(own).map(kyso::Reason::code).collect()
}

#[test]
fn a_good_header_signature_counts_like_any() {
    let world = world();
    let text = Recipe::default().signed(&open(), &world.person);
    let report = world.verifier.verify(text.as_bytes());
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&report)
    );
    assert_eq!(report.signatures().len(), 1);
    let covered = world.verifier.covered_xml(text.as_bytes(), 1).unwrap();
    assert_eq!(covered.parts().len(), 1);
}

#[test]
fn the_library_writes_a_header_signature_that_it_takes() {
    let world = world();
    let key = LocalKey::from_pem(
        world.person.private_key_pem().as_bytes(),
        world.person.certificate_pem().as_bytes(),
        None,
    )
    .unwrap();
    let input = envelope();
    let signed = sign::xml(&input, Time::from_unix(NOW).at_offset(Time::VIET_NAM))
        .form(XmlForm::Enveloped)
        .profile(XmlProfile::Xmldsig)
        .into("/edXML/edXMLEnvelope/edXMLHeader")
        .sign(&key)
        .unwrap();
    let (at, _) = signed.insertion().unwrap();
    assert_eq!(&signed.to_vec()[..at], &input[..at]);
    let report = world.verifier.verify(&signed.to_vec());
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&report)
    );
}

#[test]
fn a_trace_header_that_a_relay_appends_is_named_and_holds_the_file_only() {
    let world = world();
    let text = Recipe::default().signed(&open(), &world.person);
    let list = text.rfind("TraceHeaderList>").unwrap();
    let end = text[..list].rfind("</").unwrap();
    let hop = |organ: &str| format!("<TraceHeader><OrganId>{organ}</OrganId></TraceHeader>");
    for hops in [hop("G1"), hop("G1") + &hop("G2")] {
        let relayed = format!("{}{hops}{}", &text[..end], &text[end..]);
        let report = world.verifier.verify(relayed.as_bytes());
        assert_eq!(report.indication(), Some(Indication::Indeterminate));
        let signature = &report.signatures()[0];
        assert_eq!(signature.indication(), Indication::TotalFailed);
        assert_eq!(signature.sub_indication(), Some(SubIndication::HashFailure));
        assert_eq!(signature.integrity().signature_intact, Some(true));
        let found = codes(&report);
        assert!(
            found.contains(&"envelope.header_signature.trace_added"),
            "{found:?}"
        );
        assert!(
            found.contains(&"envelope.header_signature.broken"),
            "{found:?}"
        );
    }
    // A change elsewhere is not excused by a trace header.
    let relayed = format!("{}{}{}", &text[..end], hop("G1"), &text[end..]);
    let other = relayed.replacen("V/v thử nghiệm", "V/v thử nghiện", 1);
    let found = codes(&world.verifier.verify(other.as_bytes()));
    assert!(
        !found.contains(&"envelope.header_signature.trace_added"),
        "{found:?}"
    );
    assert!(
        found.contains(&"envelope.header_signature.broken"),
        "{found:?}"
    );
}

#[test]
fn a_rewritten_envelope_breaks_its_signature_and_the_namespace_makes_it_none() {
    let world = world();
    let text = Recipe::default().signed(&open(), &world.person);
    // Indented anew.
    let indented = text.replacen("<SignedInfo>", "<SignedInfo>\n      ", 1);
    let report = world.verifier.verify(indented.as_bytes());
    assert_eq!(report.indication(), Some(Indication::Indeterminate));
    let signature = &report.signatures()[0];
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::SigCryptoFailure)
    );
    // Moved into the namespace of the regulation, as the official SDK does.
    let moved = text.replacen(" xmlns=\"http://www.w3.org/2000/09/xmldsig#\"", "", 1);
    let report = world.verifier.verify(moved.as_bytes());
    assert_eq!(report.indication(), None);
    let found = codes(&report);
    assert!(
        found.contains(&"envelope.header_signature.not_xmldsig"),
        "{found:?}"
    );
}

#[test]
fn a_transform_that_nobody_registered_and_an_attachment_by_cid_are_unsupported_and_not_good() {
    let world = world();
    let made = |uri: &'static str, transform: &'static str| {
        let recipe = Recipe {
            references: vec![("", vec![xml_made::ENVELOPED]), (uri, vec![transform])],
            ..Recipe::default()
        };
        let text = recipe.signed(&open(), &world.person);
        world.verifier.verify(text.as_bytes())
    };
    let report = made("", "http://www.w3.org/TR/xml-exc-c14n#");
    assert_eq!(report.indication(), Some(Indication::Indeterminate));
    let found = codes(&report);
    assert!(found.contains(&"xml.transform_unsupported"), "{found:?}");
    assert!(
        !found.contains(&"envelope.header_signature.broken"),
        "{found:?}"
    );
    let report = made("cid:1", EXCLUSIVE);
    assert_eq!(report.indication(), Some(Indication::Indeterminate));
    let found = codes(&report);
    assert!(found.contains(&"xml.reference_external"), "{found:?}");
    assert!(
        !found.contains(&"envelope.header_signature.broken"),
        "{found:?}"
    );
}

#[test]
fn every_part_that_is_read_has_to_be_covered() {
    let world = world();
    let open = open();
    let named = |element: &str, id: &str, text: &str| {
        let index = Index::read(text.as_bytes(), &Limits::default()).unwrap();
        let mut elements = index.elements();
        let element = elements
            .find(|id| index.local_name(*id) == element)
            .unwrap();
        let at = index.span(element).start + 1 + index.qualified_name(element).len();
        format!("{} Id=\"{id}\"{}", &text[..at], &text[at..])
    };
    let open = open.replacen("@SIGNATURE@", "<placeholder/>", 1);
    let text = named("MessageHeader", "m", &open);
    let text = named("AttachmentEncoded", "a", &text);
    let text = named("edXMLManifest", "f", &text);
    let text = text.replacen("<placeholder/>", "@SIGNATURE@", 1);
    let signed = |parts: &[&'static str]| {
        let recipe = Recipe {
            references: parts.iter().map(|part| (*part, vec![EXCLUSIVE])).collect(),
            ..Recipe::default()
        };
        let text = recipe.signed(&text, &world.person);
        world.verifier.verify(text.as_bytes())
    };
    let all = signed(&["#m", "#f", "#a"]);
    assert_eq!(
        all.indication(),
        Some(Indication::TotalPassed),
        "{:?}",
        codes(&all)
    );
    for less in [["#m", "#f"], ["#m", "#a"], ["#f", "#a"]] {
        let report = signed(&less);
        assert_ne!(
            report.indication(),
            Some(Indication::TotalPassed),
            "{less:?}"
        );
        assert!(codes(&report).contains(&"xml.not_covered"), "{less:?}");
    }
}
