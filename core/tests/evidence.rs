//! Evidence bundles: a verdict is given again by its file, its bundle and the same store, and by
//! nothing that a bundle says of itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, only};
use kyso::bundle::{Difference, Item, ItemKind};
use kyso::report::json_line;
use kyso::{Bundle, Indication, Lang, Policy, Revocation, Time, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued, OcspRecipe, OcspStatus, PersonProfile,
    Settings, TimeStampRecipe,
};
use serde_json::{Value, json};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

struct World {
    authority: Authority,
    person: Issued,
    responder: Issued,
    pdf: Vec<u8>,
}

impl World {
    /// A file whose signature carries its signer's certificate alone, and a time-stamp.
    fn new() -> Self {
        let authority = Authority::new(&Settings::quick(NOW)).unwrap();
        let person = authority.person(&PersonProfile::example()).unwrap();
        let tsa = authority.time_stamper().unwrap();
        let responder = authority.responder().unwrap();
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            let signed = recipe.signed_by(&person)?;
            let stamp = TimeStampRecipe::over(Hash::Sha256, signed.signature(), NOW);
            let token = stamp.signed_by(&tsa)?;
            signed.time_stamped(token).to_der()
        })
        .unwrap();
        Self {
            pdf: pdf.into_octets(),
            authority,
            person,
            responder,
        }
    }

    fn list(&self, issuer: &Issued, entries: Vec<CrlEntry>) -> Vec<u8> {
        let mut list = CrlRecipe::new(NOW + 60, NOW + 7 * DAY);
        list.number = Some(1);
        list.entries = entries;
        list.signed_by(issuer).unwrap()
    }

    fn trust(&self) -> TrustStore {
        TrustStore::from_pem(self.authority.root.certificate_pem().as_bytes()).unwrap()
    }

    fn verifier(&self, evidence: &[Vec<u8>]) -> Verifier {
        let mut verifier = Verifier::new(Time::from_unix(NOW + DAY)).trust(self.trust());
        for item in evidence {
            verifier.add_evidence(item).unwrap();
        }
        verifier
    }

    /// What the file needs besides itself: the issuing certificate and two lists.
    fn evidence(&self) -> Vec<Vec<u8>> {
        vec![
            self.authority.issuing.certificate_der.clone(),
            self.list(&self.authority.root, Vec::new()),
            self.list(&self.authority.issuing, Vec::new()),
        ]
    }

    /// What nobody needs: another authority's certificates and list.
    fn noise() -> Vec<Vec<u8>> {
        let other = Authority::new(&Settings::quick(NOW)).unwrap();
        let list = CrlRecipe::new(NOW + 60, NOW + 7 * DAY);
        vec![
            other.root.certificate_der.clone(),
            other.issuing.certificate_der.clone(),
            list.signed_by(&other.root).unwrap(),
        ]
    }
}

/// The same document with other items.
fn with_items(bundle: &Bundle, change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(bundle.as_bytes()).unwrap();
    change(document["items"].as_array_mut().unwrap());
    format!("{}\n", json_line(&document)).into_bytes()
}

fn again(world: &World, bundle: &Bundle) -> kyso::verify::Reproved {
    let verifier = Verifier::of_bundle(bundle, world.trust());
    verifier.reprove(bundle, &world.pdf, bundle.file()).unwrap()
}

/// The verdicts over which the properties are held: passed by lists, by an answer of a responder,
/// revoked, undecided for want of a list, and with a list that is refused.
fn verdicts(world: &World) -> Vec<(&'static str, Vec<Vec<u8>>, Indication)> {
    let issuing = &world.authority.issuing;
    let evidence = world.evidence();
    let mut answer = OcspRecipe::about(
        &world.person,
        issuing,
        OcspStatus::Good,
        NOW + 60,
        NOW + DAY,
    )
    .unwrap();
    answer.certificates = vec![world.responder.certificate_der.clone()];
    let answer = answer.signed_by(&world.responder).unwrap();
    let revoked = CrlEntry::new(&world.person, NOW - DAY).unwrap();
    let revoked = world.list(issuing, vec![revoked]);
    // Under the issuing authority's name by another key.
    let mut forged = world.list(issuing, Vec::new());
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let with = |more: &[Vec<u8>]| [&evidence[..2], more].concat();
    vec![
        ("lists", evidence.clone(), Indication::TotalPassed),
        ("answer", with(&[answer]), Indication::TotalPassed),
        ("revoked", with(&[revoked]), Indication::Indeterminate),
        ("no list", with(&[]), Indication::Indeterminate),
        ("refused", with(&[forged]), Indication::Indeterminate),
        ("no issuer", Vec::new(), Indication::Indeterminate),
    ]
}

#[test]
fn a_verdict_is_given_again_to_the_octet_by_its_file_its_bundle_and_the_store() {
    let world = World::new();
    for (name, evidence, indication) in verdicts(&world) {
        let mut given = World::noise();
        given.extend(evidence.clone());
        let (report, bundle) = world
            .verifier(&given)
            .verify_and_keep(&world.pdf, Some("a.pdf"));
        let text = report.to_text(Lang::En);
        assert_eq!(report.indication(), Some(indication), "{name}: {text}");
        assert!(bundle.is_reproved(), "{name}");
        let kept = Bundle::from_bytes(bundle.as_bytes()).unwrap();
        let again = again(&world, &kept);
        assert_eq!(again.differences, [], "{name}");
        for lang in [Lang::En, Lang::Vi] {
            assert_eq!(again.report.to_json(lang), report.to_json(lang), "{name}");
            assert_eq!(bundle.report_json(lang), report.to_json(lang), "{name}");
        }
        // The order in which evidence is given decides nothing, and a bundle of a verdict that was
        // given again is the same bundle.
        given.reverse();
        let (_, other) = world
            .verifier(&given)
            .verify_and_keep(&world.pdf, Some("a.pdf"));
        assert_eq!(other.as_bytes(), bundle.as_bytes(), "{name}");
        let verifier = Verifier::of_bundle(&kept, world.trust());
        let (_, other) = verifier.verify_and_keep(&world.pdf, Some("a.pdf"));
        assert_eq!(other.as_bytes(), bundle.as_bytes(), "{name}");
    }
}

#[test]
fn what_the_verdict_rested_on_is_there_and_nothing_else() {
    let world = World::new();
    // The other authority has the same names, so its list would be one that is refused.
    let mut given = World::noise();
    given.truncate(2);
    given.extend(world.evidence());
    let (_, bundle) = world.verifier(&given).verify_and_keep(&world.pdf, None);
    let of = |kind| {
        bundle
            .items()
            .iter()
            .filter(move |item: &&Item| item.kind == kind)
    };
    // Signer, issuing authority, root, time-stamp signer.
    assert_eq!(of(ItemKind::Certificate).count(), 4);
    assert_eq!(of(ItemKind::Crl).count(), 2);
    assert_eq!(of(ItemKind::TimeStamp).count(), 1);
    assert_eq!(of(ItemKind::Ocsp).count(), 0);
    let root = &world.authority.root.certificate_der;
    assert_eq!(bundle.anchors().len(), 1);
    assert_eq!(bundle.anchors()[0].der(), root);
    let places: Vec<&str> = of(ItemKind::Crl).map(|item| item.from).collect();
    assert_eq!(places, ["beside", "beside"]);
    let plain = |item: &&Item| item.der == world.person.certificate_der;
    assert_eq!(bundle.items().iter().find(plain).unwrap().from, "file");
}

#[test]
fn without_any_one_piece_the_verdict_is_another_or_the_loss_is_told() {
    let world = World::new();
    for (name, evidence, _) in verdicts(&world) {
        let (report, bundle) = world.verifier(&evidence).verify_and_keep(&world.pdf, None);
        for position in 0..bundle.items().len() {
            let item = &bundle.items()[position];
            let less = with_items(&bundle, |items| {
                items.remove(position);
            });
            let less = Bundle::from_bytes(&less).unwrap();
            let again = again(&world, &less);
            let what = format!("{name}: {} {}", item.kind.as_str(), item.from);
            // What stands in the file or in the store is had from there all the same.
            let is_needed = ["beside", "online"].contains(&item.from);
            let is_other = again.report.to_json(Lang::En) != report.to_json(Lang::En);
            assert_eq!(is_other, is_needed, "{what}");
            let told = |each: &Difference| {
                matches!(each, Difference::Verdict { .. } | Difference::Lacking(_))
            };
            assert!(again.differences.iter().any(told), "{what}");
        }
    }
}

#[test]
fn a_piece_with_a_changed_octet_is_refused_and_earns_no_pass_under_its_new_digest() {
    let world = World::new();
    let (_, bundle) = world
        .verifier(&world.evidence())
        .verify_and_keep(&world.pdf, None);
    let mut read = 0;
    for (position, item) in bundle.items().iter().enumerate() {
        for at in (0..item.der.len()).step_by(item.der.len() / 40 + 1) {
            let mut der = item.der.clone();
            der[at] ^= 0x10;
            let text = base64_simd::STANDARD.encode_to_string(&der);
            let changed = with_items(&bundle, |items| items[position]["der"] = json!(text));
            assert!(Bundle::from_bytes(&changed).is_err());
            // A forger names the new digest, and keeps the order.
            let digest = kyso::crypto::sha256(&der);
            let hex: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
            let forged = with_items(&bundle, |items| {
                items[position]["der"] = json!(text);
                items[position]["sha256"] = json!(hex);
                items.sort_by_key(|item| (item["kind"].to_string(), item["sha256"].to_string()));
            });
            let Ok(forged) = Bundle::from_bytes(&forged) else {
                continue;
            };
            read += 1;
            let again = again(&world, &forged);
            if item.from == "beside" {
                assert_ne!(
                    again.report.indication(),
                    Some(Indication::TotalPassed),
                    "{} at {at}",
                    item.kind.as_str()
                );
            }
            assert!(again.differences.iter().any(|each| !each.is_circumstance()));
        }
    }
    assert!(read > 40, "{read}");
}

#[test]
fn any_octet_of_the_document_changed_is_refused_or_changes_no_verdict() {
    let world = World::new();
    let evidence = world.evidence();
    let (report, bundle) = world
        .verifier(&evidence[..2])
        .verify_and_keep(&world.pdf, None);
    assert_ne!(report.indication(), Some(Indication::TotalPassed));
    let octets = bundle.as_bytes();
    for at in (0..octets.len()).step_by(31) {
        let mut changed = octets.to_vec();
        changed[at] ^= 1;
        if let Ok(changed) = Bundle::from_bytes(&changed)
            && *changed.file_sha256() == *bundle.file_sha256()
        {
            let verifier = Verifier::new(Time::from_unix(NOW + DAY)).trust(world.trust());
            if let Ok(verifier) = verifier.as_of(&changed) {
                let report = verifier.verify(&world.pdf);
                assert_ne!(report.indication(), Some(Indication::TotalPassed));
            }
        }
    }
}

#[test]
fn a_bundle_brings_no_trust() {
    let world = World::new();
    let (_, bundle) = world
        .verifier(&world.evidence())
        .verify_and_keep(&world.pdf, None);
    let stranger = Verifier::of_bundle(&bundle, TrustStore::new());
    let again = stranger.reprove(&bundle, &world.pdf, None).unwrap();
    assert_eq!(again.report.indication(), Some(Indication::Indeterminate));
    assert!(
        codes(only(&again.report)).contains(&"path.root_not_trusted")
            || codes(only(&again.report)).contains(&"path.trust_store_empty")
    );
    let told: Vec<&str> = again.differences.iter().map(Difference::code).collect();
    assert!(told.contains(&"evidence.other_trust"), "{told:?}");
    // To trust its anchors is a decision of its own.
    let mut trust = TrustStore::new();
    for anchor in bundle.anchors() {
        trust.add(anchor).unwrap();
    }
    let again = Verifier::of_bundle(&bundle, trust)
        .reprove(&bundle, &world.pdf, None)
        .unwrap();
    assert_eq!(again.differences, []);
}

#[test]
fn circumstances_that_differ_are_told_and_another_file_is_refused() {
    let world = World::new();
    let (_, bundle) = world
        .verifier(&world.evidence())
        .verify_and_keep(&world.pdf, None);
    let other = [&world.pdf[..], b"\n"].concat();
    let verifier = Verifier::of_bundle(&bundle, world.trust());
    assert!(verifier.reprove(&bundle, &other, None).is_err());
    let later = verifier
        .clone()
        .at(Time::from_unix(NOW + 2 * DAY))
        .policy(Policy::default().revocation(Revocation::None));
    let again = later.reprove(&bundle, &world.pdf, None).unwrap();
    let told: Vec<&str> = again.differences.iter().map(Difference::code).collect();
    for code in ["evidence.other_time", "evidence.other_policy"] {
        assert!(told.contains(&code), "{told:?}");
    }
    for difference in &again.differences {
        assert!(!difference.message(Lang::Vi).is_empty());
        assert!(!difference.message(Lang::En).is_empty());
    }
    // The name that the file goes by is no part of the verdict.
    let again = verifier
        .reprove(&bundle, &world.pdf, Some("b.pdf"))
        .unwrap();
    assert_eq!(again.differences, []);
}

#[test]
fn evidence_of_a_bundle_is_taken_like_any_other() {
    let world = World::new();
    let (_, bundle) = world
        .verifier(&world.evidence())
        .verify_and_keep(&world.pdf, None);
    let report = world
        .verifier(&[bundle.as_bytes().to_vec()])
        .verify(&world.pdf);
    assert_eq!(report.indication(), Some(Indication::TotalPassed));
}

#[test]
fn what_was_fetched_is_kept_and_gives_the_verdict_again_without_a_network() {
    const BASE: &str = "http://pki.example.vn";
    let mut settings = Settings::quick(NOW);
    settings.base_address = BASE.to_owned();
    let authority = Authority::new(&settings).unwrap();
    let person = authority.person(&PersonProfile::example()).unwrap();
    let mut pdf = SignedPdf::new();
    pdf.sign(&PdfSignature::new(), |protected| {
        let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        recipe.certificates = vec![authority.issuing.certificate_der.clone()];
        recipe.signed_by(&person)?.to_der()
    })
    .unwrap();
    // A moment younger than the time that the call began at, as answers are; OCSP does not answer.
    let list = |issuer: &Issued| {
        let mut list = CrlRecipe::new(NOW + 2, NOW + DAY);
        list.number = Some(1);
        list.signed_by(issuer).unwrap()
    };
    let recorded = kyso::fetch::Recorded::new()
        .answer(format!("{BASE}/root.crl"), list(&authority.root))
        .answer(format!("{BASE}/issuing.crl"), list(&authority.issuing));
    let trust = TrustStore::from_pem(authority.root.certificate_pem().as_bytes()).unwrap();
    let verifier = Verifier::new(Time::from_unix(NOW)).trust(trust.clone());
    let (report, bundle) = verifier
        .fetch(recorded)
        .verify_and_keep(pdf.octets(), Some("a.pdf"));
    let text = report.to_text(Lang::En);
    assert_eq!(report.indication(), Some(Indication::TotalPassed), "{text}");
    assert!(!report.validation().offline && bundle.is_reproved());
    let online = |item: &&Item| item.from == "online" && item.kind == ItemKind::Crl;
    assert_eq!(bundle.items().iter().filter(online).count(), 2);

    let again = Verifier::of_bundle(&bundle, trust)
        .reprove(&bundle, pdf.octets(), Some("a.pdf"))
        .unwrap();
    assert_eq!(again.differences, []);
    assert!(again.report.validation().offline);
    assert_eq!(again.report.indication(), Some(Indication::TotalPassed));
}
