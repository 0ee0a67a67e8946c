//! Envelopes.

use kyso::{EnvelopeBuilder, Limits, Time};
use kyso_sandbox::plain_pdf;
use serde_json::json;

use super::{Case, NOW, case, plain, world};
use crate::xml_made::Recipe;

pub(super) fn cases() -> Vec<Case> {
    let world = world();
    let good = plain(world);
    let envelope = |content: &[u8]| {
        let header = json!({ "header": {
            "from": { "organ_id": "G99.07" }, "to": [{ "organ_id": "H99" }],
            "document_id": "G99.07,2026/01/01,318/VP-TH",
            "code": { "code_number": "318", "code_notation": "VP-TH" },
            "promulgation_info": { "promulgation_date": "2026-01-01" },
            "subject": "V/v thử nghiệm", "steering_type": 0,
        } });
        EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new()))
            .unwrap()
            .attach("1.pdf", content.to_vec())
            .finish(Time::from_unix(NOW), &Limits::default())
            .unwrap()
    };
    let text = |content: &[u8]| String::from_utf8(envelope(content)).unwrap();
    let judged = |bytes: &[u8]| world.judge().verify(bytes);
    let whole = text(&good);
    // What stands at the end of the header, for a signature of its own.
    let end = whole
        .rfind("</edXML:edXMLHeader>")
        .or_else(|| whole.rfind("</edXMLHeader>"));
    let end = end.unwrap_or_else(|| panic!("{}", &whole[..1_500]));
    let signed = |signature: &str| format!("{}{signature}{}", &whole[..end], &whole[end..]);
    let header = signed("@SIGNATURE@");
    let little = Recipe {
        references: vec![("#head", vec![])],
        ..Recipe::default()
    };
    let message = header.find("MessageHeader>").unwrap();
    let named = format!(
        "{}MessageHeader Id=\"head\"{}",
        &header[..message],
        &header[message + 13..]
    );
    let little = little.signed(&named, &world.person);
    let relayed = Recipe::default().signed(&header, &world.person);
    let traces = relayed.rfind("TraceHeaderList>").unwrap();
    let traces = relayed[..traces].rfind("</").unwrap();
    let relayed = format!(
        "{}<TraceHeader><OrganId>G1</OrganId></TraceHeader>{}",
        &relayed[..traces],
        &relayed[traces..]
    );
    let reversed = whole.replacen("V/v thử nghiệm", "V/v \u{202e}thử nghiệm", 1);
    assert_ne!(reversed, whole);
    let placeholder = signed("<Signature/>");
    let other = whole.replacen("ContentId>cid:", "ContentId>cid:x", 1);
    assert_ne!(other, whole);
    vec![
        case("envelope-manifest-mismatch", judged(other.as_bytes())),
        case("envelope-header-covers-little", judged(little.as_bytes())),
        case("envelope-header-relayed", judged(relayed.as_bytes())),
        case("envelope-header-reverses-text", judged(reversed.as_bytes())),
        case(
            "envelope-header-not-xmldsig",
            judged(placeholder.as_bytes()),
        ),
        case(
            "envelope-attachment-damaged",
            judged(&envelope(b"%PDF-1.7\nnothing of the kind")),
        ),
        case(
            "envelope-attachment-unsigned",
            judged(&envelope(&plain_pdf::pdf_with_table())),
        ),
    ]
}
