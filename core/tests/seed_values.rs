//! What the author of a form demanded of the signature in a field: told where it is not met, and
//! no verdict is lowered by it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{only, world};
use kyso::{Indication, Lang, LocalKey, Policy, Revocation, TrustStore, Verifier, sign};

/// A page with an empty signature field `Duyet` that makes these demands.
fn form(demands: &str) -> Vec<u8> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[4 0 R]>>".to_owned(),
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Duyet)/F 132/Rect[0 0 0 0]/P 3 0 R/SV {demands}>>"
        ),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (index, body) in bodies.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).into_bytes());
    }
    let at = file.len();
    file.extend(
        format!("{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n").into_bytes(),
    );
    file
}

/// What is said about a signature in a field with these demands.
fn unmet(key: &LocalKey, reason: &str, demands: &str) -> Vec<String> {
    let world = world();
    let signed = sign::pdf(&form(demands), world.now)
        .field("Duyet")
        .reason(reason)
        .sign(key)
        .unwrap()
        .to_vec();
    let verifier = Verifier::new(world.now)
        .trust(TrustStore::from_der_many([&world.authority.root.certificate_der]).unwrap())
        .policy(Policy::default().revocation(Revocation::None));
    let report = verifier.verify(&signed);
    assert_eq!(
        only(&report).indication(),
        Indication::TotalPassed,
        "{demands}"
    );
    assert_ne!(
        report.to_text(Lang::Vi).contains("seed value"),
        report.findings().is_empty()
    );
    let said = report.findings().iter();
    said.filter(|finding| finding.code == "pdf.seed_value")
        .map(|finding| {
            finding
                .message_en
                .rsplit_once("Duyet: ")
                .unwrap()
                .1
                .to_owned()
        })
        .collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[test]
fn a_demand_of_the_form_that_a_signature_does_not_meet_is_told_with_both_values() {
    let key = world().key(&world().person);
    let cases = [
        ("<</Ff 1/Filter/Other>>", "Filter: Adobe.PPKLite ≠ Other"),
        (
            "<</Ff 2/SubFilter[/adbe.pkcs7.detached/adbe.x509.rsa_sha1]>>",
            "SubFilter: ETSI.CAdES.detached ≠ adbe.pkcs7.detached | adbe.x509.rsa_sha1",
        ),
        ("<</Ff 8/Reasons[(Ban hanh)]>>", "Reason: Duyet ≠ Ban hanh"),
        ("<</Ff 8/Reasons[(.)]>>", "Reason: Duyet ≠ ."),
        (
            "<</Ff 64/DigestMethod[/SHA512]>>",
            "DigestMethod: SHA-256 ≠ SHA512",
        ),
        ("<</MDP<</P 2>>>>", "MDP: 0 ≠ 2"),
        (
            "<</TimeStamp<</URL(http://tsa.example)/Ff 1>>>>",
            "TimeStamp",
        ),
    ];
    for (demands, expected) in cases {
        assert_eq!(unmet(&key, "Duyet", demands), [expected], "{demands}");
    }
}

#[test]
fn demands_that_are_met_and_those_that_are_only_wishes_are_not_told() {
    let key = world().key(&world().person);
    let cases = [
        "<</Ff 1/Filter/Adobe.PPKLite>>",
        "<</Ff 2/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]>>",
        "<</Ff 8/Reasons[(Ban hanh)(Duyet)]>>",
        "<</Ff 64/DigestMethod[/SHA384/SHA256]>>",
        "<</MDP<</P 0>>>>",
        "<</TimeStamp<</URL(http://tsa.example)/Ff 0>>>>",
        "<</Ff 0/Filter/Other/SubFilter[/adbe.pkcs7.detached]/DigestMethod[/SHA512]>>",
        "null",
        "[1 2 3]",
    ];
    for demands in cases {
        assert_eq!(unmet(&key, "Duyet", demands), [""; 0], "{demands}");
    }
}

#[test]
fn who_may_sign_and_under_which_issuer_is_compared_by_certificates() {
    let world = world();
    let key = world.key(&world.person);
    let own = hex(&world.person.certificate_der);
    let issuing = hex(&world.authority.issuing.certificate_der);
    let root = hex(&world.authority.root.certificate_der);
    let fine = format!("<</Cert<</Ff 3/Subject[<{own}>]/Issuer[<{root}><{issuing}>]>>>>");
    assert_eq!(unmet(&key, "Duyet", &fine), [""; 0]);
    let other = format!("<</Cert<</Ff 3/Subject[<{issuing}>]/Issuer[<{root}>]>>>>");
    let said = unmet(&key, "Duyet", &other);
    assert!(said[0].starts_with("Cert Subject: "), "{said:?}");
    assert!(said[1].starts_with("Cert Issuer: "), "{said:?}");
}
