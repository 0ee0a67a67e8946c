//! XML signatures.

use kyso::report::Report;

use super::{Case, case, world};
use crate::xml_made::{ENVELOPED, EXCLUSIVE, Recipe, properties, signed_properties};

const INVOICE: &str = "<HDon><DLHDon Id=\"data\"><So>1</So></DLHDon>@SIGNATURE@</HDon>";

pub(super) fn cases() -> Vec<Case> {
    let world = world();
    let signer = &world.person;
    let judged = |text: &str| -> Report { world.judge().verify(text.as_bytes()) };
    let by_id = |uri| Recipe {
        references: vec![(uri, vec![EXCLUSIVE])],
        ..Recipe::default()
    };
    let plain = by_id("#data").signed(INVOICE, signer);
    let changed = |text: &str, from: &str, to: &str| {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from}");
        other
    };
    let made = |recipe: &Recipe<'_>| judged(&recipe.signed(INVOICE, signer));
    let info = |text: &str| {
        let (from, to) = (text.find("<SignedInfo>"), text.find("</SignedInfo>"));
        text[from.unwrap()..to.unwrap() + 13].to_owned()
    };
    let own = info(&plain);
    let issuing = &world.authority.issuing.certificate_der;
    let stranger = &world.tsa.certificate_der;
    vec![
        case(
            "xml-two-signed-infos",
            judged(&changed(&plain, &own, &format!("{own}{own}"))),
        ),
        case(
            "xml-duplicate-id",
            judged(&changed(&plain, "<HDon>", "<HDon><x id=\"data\"/>")),
        ),
        case("xml-external-reference", made(&by_id("http://127.0.0.1/x"))),
        case("xml-reference-to-nothing", made(&by_id("#none"))),
        case(
            "xml-xpath",
            made(&Recipe {
                references: vec![("", vec!["http://www.w3.org/TR/1999/REC-xpath-19991116"])],
                ..Recipe::default()
            }),
        ),
        case(
            "xml-nothing-signed",
            made(&Recipe {
                references: vec![("#props", vec![EXCLUSIVE])],
                objects: properties(
                    &signed_properties("2026-01-01T07:00:00+07:00", &signer.certificate_der),
                    "",
                ),
                ..Recipe::default()
            }),
        ),
        case(
            "xml-comment-in-digest",
            judged(&changed(&plain, "<DigestValue>", "<DigestValue><!-- -->")),
        ),
        case(
            "xml-wrapped",
            judged(&changed(
                &plain,
                "<HDon>",
                "<HDon><DLHDon Id=\"other\"><So>9</So></DLHDon>",
            )),
        ),
        case(
            "xml-include",
            judged(&Recipe::default().signed(
                &changed(
                    INVOICE,
                    "<So>",
                    "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"a\"/><So>",
                ),
                signer,
            )),
        ),
        case(
            "xml-two-signers-in-key-info",
            made(&Recipe {
                certificates: vec![&signer.certificate_der, issuing, stranger],
                references: vec![("", vec![ENVELOPED])],
                ..Recipe::default()
            }),
        ),
        case(
            "xml-properties-not-signed",
            made(&Recipe {
                references: vec![("#data", vec![])],
                objects: properties(
                    &signed_properties("2026-01-01T07:00:00+07:00", &signer.certificate_der),
                    "",
                ),
                ..Recipe::default()
            }),
        ),
        case(
            "xml-manifest-entry-changed",
            made(&Recipe {
                references: vec![("#list", vec![]), ("#data", vec![])],
                objects: "<Object><Manifest Id=\"list\"><Reference URI=\"#data\"><DigestMethod \
                          Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>\
                          AAAA</DigestValue></Reference></Manifest></Object>"
                    .into(),
                ..Recipe::default()
            }),
        ),
    ]
}
