//! The practice of the state's offices: a person certifies with P=2, then the
//! organisation puts number, date and seal into signature fields of their own within seconds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kyso::report::{Changes, Report};
use kyso::{Certificate, Indication, Policy, Revocation, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, Hash, Issued, OrganisationProfile, PersonProfile, SandboxError, Settings,
};

const NOW: i64 = 1_780_000_000;

fn issued(authority: &Authority) -> SignedPdf {
    let person = authority.person(&PersonProfile::example()).unwrap();
    let organisation = authority
        .organisation(&OrganisationProfile::example())
        .unwrap();
    let mut pdf = SignedPdf::new();
    // A number that nothing refers to, as a cross-reference stream has.
    let unused = pdf.number();
    pdf.revise(&[(unused, b"<< /Unused true >>".to_vec())]);
    let sign = |pdf: &mut SignedPdf, signature: &PdfSignature, signer: &Issued| {
        pdf.sign(signature, |protected| -> Result<_, SandboxError> {
            let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            recipe.signed_by(signer)?.to_der()
        })
        .unwrap();
    };
    let mut certifying = PdfSignature::new();
    certifying.extra =
        "/Reference [<< /TransformMethod /DocMDP /TransformParams << /P 2 >> >>]".into();
    sign(&mut pdf, &certifying, &person);
    for (index, what) in (0_u8..).zip(["so", "ngay", "dau"]) {
        let mut field = PdfSignature::new();
        // The name ends early, so that the field draws something.
        field.field = Some(format!("{what}) /AP << /N 5 0 R >> /TU ("));
        let left = f32::from(index) * 100.0;
        field.rectangle = Some([left, 700.0, left + 90.0, 720.0]);
        sign(&mut pdf, &field, &organisation);
    }
    pdf
}

fn verify(authority: &Authority, octets: &[u8]) -> Report {
    let root = authority.root.certificate_pem();
    let issuing = Certificate::from_der(&authority.issuing.certificate_der).unwrap();
    let policy = Policy::default().revocation(Revocation::None);
    Verifier::new(kyso::Time::from_unix(NOW))
        .trust(TrustStore::from_pem(root.as_bytes()).unwrap())
        .evidence([issuing])
        .policy(policy)
        .verify(octets)
}

#[test]
fn a_document_issued_in_steps_has_four_signatures_with_permitted_and_named_changes() {
    let authority = Authority::new(&Settings::quick(NOW)).unwrap();
    let pdf = issued(&authority);
    let report = verify(&authority, pdf.octets());
    assert_eq!(report.signatures().len(), 4);
    for (index, signature) in report.signatures().iter().enumerate() {
        let coverage = signature.coverage().unwrap();
        let wanted = if index == 3 {
            Changes::None
        } else {
            Changes::Permitted
        };
        assert_eq!(coverage.changes, Some(wanted), "{coverage:?}");
        let codes: Vec<_> = coverage.findings.iter().map(|one| one.code).collect();
        assert_eq!(codes, vec!["change.signature_field"; 3 - index]);
        assert_eq!(
            signature.indication(),
            Indication::TotalPassed,
            "{:?}",
            signature.reasons().collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_same_document_with_one_content_replaced_is_forbidden_for_all_four() {
    let authority = Authority::new(&Settings::quick(NOW)).unwrap();
    let mut pdf = issued(&authority);
    pdf.revise(&[(5, b"<< /Length 2 >>\nstream\nBT\nendstream".to_vec())]);
    let report = verify(&authority, pdf.octets());
    for signature in report.signatures() {
        let coverage = signature.coverage().unwrap();
        assert_eq!(coverage.changes, Some(Changes::Forbidden));
        assert_eq!(signature.indication(), Indication::TotalFailed);
        let named = &coverage.findings[0];
        assert_eq!(named.code, "change.page_content");
        assert!(named.message_vi.starts_with("trang 1: nội dung bị thay"));
    }
}

#[test]
fn without_the_organisations_root_the_certified_first_signature_is_not_settled() {
    let authority = Authority::new(&Settings::quick(NOW)).unwrap();
    let other = Authority::new(&Settings::quick(NOW)).unwrap();
    let pdf = issued(&authority);
    let report = verify(&other, pdf.octets());
    for signature in report.signatures() {
        assert_ne!(signature.indication(), Indication::TotalPassed);
    }
}
