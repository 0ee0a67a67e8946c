//! The habits of real files of the country, rebuilt by the sandbox: what the tools of 2021 to 2026
//! wrote is neither taken for forgery nor passed over in silence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, data, only};
use kyso::path::PathInputs;
use kyso::report::Report;
use kyso::{
    Certificate, Indication, Policy, Reason, Revocation, SignatureReport, SubIndication, Time,
    TrustStore, Verifier,
};
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{
    Attribute, Authority, BasicConstraints, CertificateReference, CmsRecipe, CrlRecipe, Hash,
    Issued, KeyKind, KeyUse, PersonProfile, Recipe, Scheme, Settings, SubjectName, TimeStampRecipe,
};

/// 2022-06-01T00:00:00Z.
const NOW: i64 = 1_654_041_600;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

struct World {
    authority: Authority,
    person: Issued,
    tsa: Issued,
    /// Another generation: time-stamps under a root of their own.
    other: Authority,
    other_tsa: Issued,
}

impl World {
    fn new() -> Self {
        let authority = Authority::new(&Settings::quick(NOW)).unwrap();
        let other = Authority::new(&Settings::quick(NOW)).unwrap();
        World {
            person: authority.person(&PersonProfile::example()).unwrap(),
            tsa: authority.time_stamper().unwrap(),
            other_tsa: other.time_stamper().unwrap(),
            authority,
            other,
        }
    }

    /// As `adbe.pkcs7.detached` of 2022: the signer's certificate alone, no word about which it is,
    /// the claimed time so far off the token's, a token with this imprint.
    fn sign(&self, pdf: &mut SignedPdf, by: &Issued, token: &Token<'_>) {
        let mut form = PdfSignature::new();
        form.sub_filter = "adbe.pkcs7.detached".to_owned();
        pdf.sign(&form, |protected| {
            let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            recipe.reference = CertificateReference::Absent;
            recipe.signing_time = Some(token.time + token.ahead);
            let signed = recipe.signed_by(by)?;
            let stamp = TimeStampRecipe::over(token.imprint, signed.signature(), token.time);
            let stamp = stamp.signed_by(token.tsa)?;
            signed.time_stamped(stamp).to_der()
        })
        .unwrap();
    }

    fn signed(&self, token: &Token<'_>) -> SignedPdf {
        let mut pdf = SignedPdf::new();
        self.sign(&mut pdf, &self.person, token);
        pdf
    }

    fn token(&self) -> Token<'_> {
        Token {
            tsa: &self.tsa,
            imprint: Hash::Sha1,
            time: NOW,
            ahead: 7 * HOUR,
        }
    }

    /// With both roots, the issuing authority and the status of everyone.
    fn verifier(&self, at: i64) -> Verifier {
        let roots = [&self.authority.root, &self.other.root];
        let roots = roots.map(|root| &root.certificate_der);
        let mut verifier =
            Verifier::new(Time::from_unix(at)).trust(TrustStore::from_der_many(roots).unwrap());
        verifier
            .add_evidence(&self.authority.issuing.certificate_der)
            .unwrap();
        for issuer in [
            &self.authority.root,
            &self.authority.issuing,
            &self.other.root,
        ] {
            let list = CrlRecipe::new(at - DAY, at + DAY)
                .signed_by(issuer)
                .unwrap();
            verifier.add_evidence(&list).unwrap();
        }
        verifier
    }
}

struct Token<'t> {
    tsa: &'t Issued,
    imprint: Hash,
    time: i64,
    ahead: i64,
}

#[track_caller]
fn passes(report: &Report) {
    let text = report.to_text(kyso::Lang::En);
    assert_eq!(report.indication(), Some(Indication::TotalPassed), "{text}");
}

fn stamp_codes(signature: &SignatureReport) -> Vec<&'static str> {
    let stamps = signature.timestamps().iter();
    stamps
        .flat_map(|stamp| stamp.reasons.iter().map(Reason::code))
        .collect()
}

#[test]
fn a_signature_as_the_tools_of_2022_made_it_passes_and_each_habit_is_named() {
    let world = World::new();
    let pdf = world.signed(&world.token());
    let report = world.verifier(NOW + 300 * DAY).verify(pdf.octets());
    passes(&report);
    let signature = only(&report);
    let found = codes(signature);
    assert!(found.contains(&"signing_time.local_as_utc"), "{found:?}");
    assert!(found.contains(&"signing_certificate.unnamed"), "{found:?}");
    assert!(stamp_codes(signature).contains(&"time_stamp.sha1_history"));
    // The token's time is never shifted, whatever the clock of the signer said.
    assert_eq!(signature.signing_time().proven.unwrap().unix(), NOW);
}

#[test]
fn an_imprint_by_sha_1_after_its_time_proves_nothing() {
    let world = World::new();
    let time = NOW + 250 * DAY;
    let pdf = world.signed(&Token {
        time,
        ..world.token()
    });
    let report = world.verifier(NOW + 300 * DAY).verify(pdf.octets());
    let signature = only(&report);
    assert_ne!(signature.indication(), Indication::TotalPassed);
    assert!(codes(signature).contains(&"time_stamp.not_passed"));
    assert!(stamp_codes(signature).contains(&"algorithm.weak"));
    assert_eq!(signature.signing_time().proven, None);
    let imprint = Hash::Sha256;
    let pdf = world.signed(&Token {
        time,
        imprint,
        ..world.token()
    });
    passes(&world.verifier(NOW + 300 * DAY).verify(pdf.octets()));
}

#[test]
fn only_a_clock_of_the_country_is_taken_for_local_time_and_other_clocks_are_told() {
    let world = World::new();
    for (ahead, code) in [
        (6 * HOUR + 60, Some("signing_time.local_as_utc")),
        (8 * HOUR, Some("signing_time.local_as_utc")),
        // Six minutes and 44 seconds were seen.
        (404, Some("signing_time.differs")),
        (-404, Some("signing_time.differs")),
        (5 * HOUR, Some("signing_time.differs")),
        (9 * HOUR, Some("signing_time.differs")),
        (-7 * HOUR, Some("signing_time.differs")),
        (30, None),
    ] {
        let pdf = world.signed(&Token {
            ahead,
            ..world.token()
        });
        let report = world.verifier(NOW + 300 * DAY).verify(pdf.octets());
        passes(&report);
        let found = codes(only(&report));
        let told = found
            .iter()
            .find(|found| found.starts_with("signing_time."));
        assert_eq!(told.copied(), code, "{ahead}: {found:?}");
    }
}

#[test]
fn a_cms_with_its_leaf_alone_needs_its_issuer_and_says_where_it_is_to_be_had() {
    let world = World::new();
    let pdf = world.signed(&world.token());
    let root = &world.authority.root.certificate_der;
    let report = Verifier::new(Time::from_unix(NOW + DAY))
        .trust(TrustStore::from_der_many([root]).unwrap())
        .verify(pdf.octets());
    let signature = only(&report);
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::NoCertificateChainFound)
    );
    assert_eq!(signature.integrity().digest_intact, Some(true));
    assert_eq!(signature.integrity().signature_intact, Some(true));
    let addresses = signature.reasons().find_map(|reason| match reason {
        Reason::IssuerNotFound { addresses, .. } => Some(addresses.clone()),
        _ => None,
    });
    assert!(addresses.is_some_and(|addresses| addresses[0].ends_with("issuing.crt")));
}

#[test]
fn tokens_of_one_file_may_stand_under_roots_of_two_generations_and_each_is_asked_for_its_own() {
    let world = World::new();
    let second = world.authority.person(&PersonProfile::example()).unwrap();
    let mut pdf = world.signed(&world.token());
    let newer = Token {
        tsa: &world.other_tsa,
        imprint: Hash::Sha256,
        ..world.token()
    };
    world.sign(&mut pdf, &second, &newer);
    let verifier = world.verifier(NOW + DAY);
    let report = verifier.verify(pdf.octets());
    passes(&report);
    assert_eq!(report.signatures().len(), 2);
    // Without the second root the second token proves nothing, and the first is as good as before.
    let root = &world.authority.root.certificate_der;
    let report = verifier
        .trust(TrustStore::from_der_many([root]).unwrap())
        .verify(pdf.octets());
    let [first, second] = report.signatures() else {
        panic!("two signatures")
    };
    assert_eq!(
        first.indication(),
        Indication::TotalPassed,
        "{:?}",
        codes(first)
    );
    assert_ne!(second.indication(), Indication::TotalPassed);
    assert!(codes(second).contains(&"time_stamp.not_passed"));
}

#[test]
fn sha_1_in_an_issuing_certificate_is_history_where_it_is_pinned_and_weak_elsewhere() {
    let world = World::new();
    let subject = SubjectName::new().with(Attribute::CommonName, "An issuing authority of 2011");
    let mut recipe = Recipe::new(subject, KeyKind::P256, NOW - 900 * DAY, NOW + 900 * DAY);
    recipe.basic_constraints = Some(BasicConstraints::Authority { path_length: None });
    recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
    recipe.scheme = Scheme::Usual(Hash::Sha1);
    let issuing = recipe.signed_by(&world.authority.root).unwrap();
    let holder = world.authority.person_recipe(&PersonProfile::example());
    let person = holder.signed_by(&issuing).unwrap();
    let mut pdf = SignedPdf::new();
    world.sign(&mut pdf, &person, &world.token());
    let mut verifier = world.verifier(NOW + DAY);
    verifier.add_evidence(&issuing.certificate_der).unwrap();
    let report = verifier.verify(pdf.octets());
    let found = codes(only(&report));
    assert_ne!(report.indication(), Some(Indication::TotalPassed));
    assert!(found.contains(&"algorithm.weak"), "{found:?}");

    let (Some(root), Some(issuing)) = (
        data("vn-pki/vgca-g1-root.pem"),
        data("vn-pki/vgca-g1-cp.pem"),
    ) else {
        return;
    };
    let issuing = Certificate::many_from_pem_or_der(&issuing)
        .unwrap()
        .remove(0);
    let report = Verifier::new(Time::from_unix(NOW))
        .trust(TrustStore::from_pem(&root).unwrap())
        .policy(Policy::default().revocation(Revocation::None))
        .certificate(&issuing, &PathInputs::default());
    assert_eq!(report.path.as_str(), "valid");
    assert!(report.to_text(kyso::Lang::En).contains("SHA-1"));
}

#[test]
fn a_key_usage_for_signatures_suffices_where_no_purpose_for_documents_exists() {
    let world = World::new();
    for (usage, is_good) in [
        (KeyUse::DigitalSignature, true),
        (KeyUse::NonRepudiation, true),
        (KeyUse::KeyEncipherment, false),
    ] {
        let mut recipe = world.authority.person_recipe(&PersonProfile::example());
        recipe.key_usage = vec![usage];
        recipe.extended_key_usage = Vec::new();
        let person = recipe.signed_by(&world.authority.issuing).unwrap();
        let mut pdf = SignedPdf::new();
        world.sign(&mut pdf, &person, &world.token());
        let report = world.verifier(NOW + DAY).verify(pdf.octets());
        if is_good {
            passes(&report);
        } else {
            let refused = Some(SubIndication::ChainConstraintsFailure);
            assert_eq!(only(&report).sub_indication(), refused);
        }
    }
}
