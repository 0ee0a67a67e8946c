//! `doctor`: what is odd about a file and what it will suffer from.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use kyso::{Diagnosis, ErrorKind, Lang, Severity, Time, Verifier};
use kyso_sandbox::plain_pdf;
use serde_json::Value;

fn doctor(bytes: &[u8]) -> Diagnosis {
    Verifier::new(Time::from_unix(1_780_000_000))
        .doctor(bytes)
        .unwrap()
}

fn codes(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis
        .symptoms()
        .iter()
        .map(|symptom| symptom.code)
        .collect()
}

/// A file of these objects; the first is the catalog.
fn file(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut text = String::from("%PDF-1.7\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, body) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
    }
    let at = text.len();
    text.push_str(&format!(
        "{table}trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{at}\n%%EOF\n",
        objects.len() + 1
    ));
    text.into_bytes()
}

#[test]
fn a_plain_file_has_nothing_and_what_acts_or_hides_is_named() {
    let plain = file(
        &[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[]/Count 0>>",
        ],
        "",
    );
    let diagnosis = doctor(&plain);
    assert_eq!(codes(&diagnosis), Vec::<&str>::new());
    assert_eq!((diagnosis.exit(), diagnosis.severity()), (0, None));
    for (catalog, code, exit) in [
        ("/OpenAction<</S/JavaScript/JS(x)>>", "content.script", 1),
        ("/X<</S/Launch/F(x)>>", "content.action", 2),
        ("/OCProperties<<>>", "content.layers", 2),
        ("/AcroForm<</XFA(x)/Fields[]>>", "content.xfa", 1),
        (
            "/AcroForm<</NeedAppearances true/Fields[]>>",
            "content.need_appearances",
            2,
        ),
        ("/X<</Type/EmbeddedFile>>", "content.attachment", 0),
        (
            "/X<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+.VnTime>>",
            "font.before_unicode",
            2,
        ),
        (
            "/X<</Type/Font/Subtype/Type0/BaseFont/Arial>>",
            "font.no_to_unicode",
            2,
        ),
        (
            "/X<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            "font.not_embedded",
            2,
        ),
        (
            "/AcroForm<</Fields[<</FT/Tx/T(a)/V(QuyÕt ®Þnh c¸n bé)>>]>>",
            "text.before_unicode",
            2,
        ),
        (
            "/Perms<</DocMDP<</Reference[<</TransformParams<</P 1>>>>]>>>>",
            "signature.allows_no_change",
            2,
        ),
    ] {
        let catalog = format!("<</Type/Catalog{catalog}>>");
        // Octets of Latin-1, as such files have them.
        let bytes: Vec<u8> = String::from_utf8(file(&[&catalog], ""))
            .unwrap()
            .chars()
            .map(|c| u8::try_from(c).unwrap())
            .collect();
        // The letters above take two octets each where the offsets were counted.
        let shift = catalog.len() - catalog.chars().count();
        let bytes = if shift == 0 {
            bytes
        } else {
            restart(&bytes, shift)
        };
        let diagnosis = doctor(&bytes);
        assert!(
            codes(&diagnosis).contains(&code),
            "{catalog}: {:?}",
            codes(&diagnosis)
        );
        assert_eq!(diagnosis.exit(), exit, "{catalog}: {:?}", codes(&diagnosis));
    }
}

/// The file with its startxref moved forward.
fn restart(bytes: &[u8], shift: usize) -> Vec<u8> {
    let at = bytes
        .windows(10)
        .rposition(|ten| ten == b"startxref\n")
        .unwrap()
        + 10;
    let digits = bytes[at..]
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .count();
    let number: usize = std::str::from_utf8(&bytes[at..at + digits])
        .unwrap()
        .parse()
        .unwrap();
    let text = (number - shift).to_string();
    [&bytes[..at], text.as_bytes(), &bytes[at + digits..]].concat()
}

#[test]
fn a_signed_file_is_told_what_it_will_suffer_from() {
    let world = common::world();
    let key = world.person_key();
    let signed = kyso::sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .sign(&key)
        .unwrap()
        .to_vec();
    let diagnosis = world.verifier().doctor(&signed).unwrap();
    let found = codes(&diagnosis);
    assert!(found.contains(&"evidence.no_time_stamp"), "{found:?}");
    assert!(found.contains(&"evidence.no_status_stored"), "{found:?}");
    assert!(!found.contains(&"certificate.ends_soon"), "{found:?}");
    assert_eq!(diagnosis.severity(), Some(Severity::Warning));
    // Some days before the certificate ends, and after.
    let end = kyso::Certificate::from_der(&world.person.certificate_der)
        .unwrap()
        .not_after();
    for (days, code) in [(-30, "certificate.ends_soon"), (1, "certificate.ended")] {
        let at = Time::from_unix(end.unix() + days * 86_400);
        let later = Verifier::new(at)
            .trust(world.trust())
            .doctor(&signed)
            .unwrap();
        assert!(codes(&later).contains(&code), "{code}: {:?}", codes(&later));
    }
}

#[test]
fn an_encrypted_file_is_told_how_and_a_closed_one_that_it_is() {
    let vector = |name: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
        std::fs::read(folder.join(name).join("input.pdf")).unwrap()
    };
    let weak = doctor(&vector("pdf-encrypted-rc4-40"));
    assert!(
        codes(&weak).contains(&"encryption.weak"),
        "{:?}",
        codes(&weak)
    );
    let strong = doctor(&vector("pdf-encrypted-aes-256"));
    assert!(codes(&strong).contains(&"encryption.present"));
    assert!(!codes(&strong).contains(&"encryption.weak"));
    let closed = doctor(&vector("pdf-encrypted-password"));
    assert!(codes(&closed).contains(&"encryption.locked"));
    assert_eq!(closed.exit(), 1);
}

#[test]
fn a_structure_that_readers_differ_about_is_grave_and_a_cut_file_shows_its_traces() {
    let hidden = "<</Type/Catalog>>\nendobj\n2 0 obj\n(one)\nendobj\n2 0 obj\n(other)";
    let bytes = file(&[hidden, "(two)"], "");
    assert!(!codes(&doctor(&bytes)).contains(&"pdf.repair_differs"));
    let later = [bytes.as_slice(), b"2 0 obj\n(other)\nendobj\n"].concat();
    let diagnosis = doctor(&later);
    assert!(
        codes(&diagnosis).contains(&"pdf.repair_differs"),
        "{:?}",
        codes(&diagnosis)
    );
    assert_eq!(diagnosis.exit(), 1);
    let mut cut = common::small_signed();
    while let Some(at) = cut.windows(9).position(|nine| nine == b"startxref") {
        cut[at] = b'x';
    }
    let cut = doctor(&cut);
    assert!(
        codes(&cut).contains(&"structure.traces"),
        "{:?}",
        codes(&cut)
    );
}

#[test]
fn json_and_text_say_the_same_and_nothing_of_the_file_steers_a_terminal() {
    let catalog = "<</Type/Catalog/X<</Type/Font/Subtype/Type1/BaseFont/A#1b#5b2J>>>>";
    let diagnosis = doctor(&file(&[catalog], "")).named("a\u{202e}b.pdf");
    let json: Value = serde_json::from_str(&diagnosis.to_json(Lang::En)).unwrap();
    assert_eq!(json["schema"], "kyso-doctor/1");
    assert_eq!(json["severity"], "warning");
    assert_eq!(json["symptoms"][0]["code"], "font.not_embedded");
    for lang in [Lang::Vi, Lang::En] {
        let text = diagnosis.to_text(lang);
        assert!(text.contains("font.not_embedded"), "{text}");
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text:?}"
        );
    }
    let refused = Verifier::new(Time::from_unix(0))
        .doctor(b"plain text")
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Malformed);
}
