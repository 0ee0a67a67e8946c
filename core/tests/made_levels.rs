//! Files of every level that the sandbox made without a line of ours, judged; and each of the ways
//! in which one falls short.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, codes, only, run};
use kyso::report::Report;
use kyso::{Indication, SubIndication, Time, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CertificateReference, CmsAttribute, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued,
    OcspRecipe, OcspStatus, PersonProfile, RevocationReason, Settings, TimeStampRecipe,
};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

struct World {
    now: i64,
    authority: Authority,
    person: Issued,
    tsa: Issued,
    responder: Issued,
}

impl World {
    fn new() -> Self {
        Self::at(NOW)
    }

    fn at(now: i64) -> Self {
        let authority = Authority::new(&Settings::quick(now)).unwrap();
        World {
            now,
            person: authority.person(&PersonProfile::example()).unwrap(),
            tsa: authority.time_stamper().unwrap(),
            responder: authority.responder().unwrap(),
            authority,
        }
    }

    fn stamp(&self, octets: &[u8], change: impl FnOnce(&mut TimeStampRecipe)) -> Vec<u8> {
        let mut recipe = TimeStampRecipe::over(Hash::Sha256, octets, self.now);
        recipe.certificates = vec![self.authority.root.certificate_der.clone()];
        change(&mut recipe);
        recipe.signed_by(&self.tsa).unwrap()
    }

    /// Signs with a time-stamp of `token`'s making.
    fn signed(&self, token: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> SignedPdf {
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            let signed = recipe.signed_by(&self.person)?;
            match token(signed.signature()) {
                Some(token) => signed.time_stamped(token).to_der(),
                None => signed.to_der(),
            }
        })
        .unwrap();
        pdf
    }

    /// A document time-stamp over all that is there.
    fn archive(&self, pdf: &mut SignedPdf) {
        pdf.sign(&PdfSignature::document_time_stamp(), |protected| {
            Ok(self.stamp(protected, |recipe| recipe.time = self.now + 120))
        })
        .unwrap();
    }

    fn list(&self, issuer: &Issued, entries: Vec<CrlEntry>) -> Vec<u8> {
        let mut list = CrlRecipe::new(self.now + 60, self.now + 7 * DAY);
        list.number = Some(1);
        list.entries = entries;
        list.signed_by(issuer).unwrap()
    }

    fn evidence(&self, entries: Vec<CrlEntry>) -> PdfEvidence {
        PdfEvidence {
            certificates: vec![self.authority.issuing.certificate_der.clone()],
            crls: vec![
                self.list(&self.authority.root, Vec::new()),
                self.list(&self.authority.issuing, entries),
            ],
            vri: true,
            ..PdfEvidence::default()
        }
    }

    fn judged(&self, pdf: &SignedPdf, after: i64) -> Report {
        let root = self.authority.root.certificate_pem();
        Verifier::new(Time::from_unix(self.now + after))
            .trust(TrustStore::from_pem(root.as_bytes()).unwrap())
            .verify(pdf.octets())
    }
}

#[track_caller]
fn assert_passed(report: &Report, format: &str) {
    let text = report.to_text(kyso::Lang::En);
    assert_eq!(report.indication(), Some(Indication::TotalPassed), "{text}");
    assert_eq!(only(report).format(), format);
}

#[test]
fn every_level_from_b_b_to_b_lta_passes_with_the_status_it_needs() {
    let world = World::new();
    let plain = world.signed(|_| None);
    let report = world.judged(&plain, DAY);
    // As the state's tools write it: the signer's certificate alone.
    assert!(codes(only(&report)).contains(&"path.issuer_not_found"));
    assert_eq!(only(&report).format(), "PAdES-BASELINE-B");

    let mut pdf = world.signed(|signature| Some(world.stamp(signature, |_| {})));
    assert_eq!(only(&world.judged(&pdf, DAY)).format(), "PAdES-BASELINE-T");
    pdf.add_evidence(&world.evidence(Vec::new()));
    assert_passed(&world.judged(&pdf, DAY), "PAdES-BASELINE-LT");

    world.archive(&mut pdf);
    let report = world.judged(&pdf, DAY);
    assert_passed(&report, "PAdES-BASELINE-LTA");
    assert_eq!(report.document_timestamps().len(), 1);
}

#[test]
fn an_answer_of_a_delegated_responder_is_as_good_as_a_list() {
    let world = World::new();
    let issuing = &world.authority.issuing;
    let status = |status| {
        let mut answer =
            OcspRecipe::about(&world.person, issuing, status, NOW + 60, NOW + DAY).unwrap();
        answer.certificates = vec![world.responder.certificate_der.clone()];
        let mut evidence = world.evidence(Vec::new());
        evidence.crls.truncate(1);
        evidence.ocsps = vec![answer.signed_by(&world.responder).unwrap()];
        let mut pdf = world.signed(|signature| Some(world.stamp(signature, |_| {})));
        pdf.add_evidence(&evidence);
        world.judged(&pdf, DAY)
    };
    assert_passed(&status(OcspStatus::Good), "PAdES-BASELINE-LT");
    let later = OcspStatus::Revoked {
        at: NOW + 30,
        reason: Some(RevocationReason::CessationOfOperation),
    };
    assert_passed(&status(later), "PAdES-BASELINE-LT");
    let earlier = OcspStatus::Revoked {
        at: NOW - 30,
        reason: None,
    };
    let report = status(earlier);
    assert!(codes(only(&report)).contains(&"revocation.revoked"));
    assert_ne!(report.indication(), Some(Indication::TotalPassed));
    assert_ne!(
        status(OcspStatus::Unknown).indication(),
        Some(Indication::TotalPassed)
    );
}

/// A signature with evidence of `recipe`'s making inside it, judged where there is no other.
fn with_evidence_inside(world: &World, change: impl FnOnce(&mut CmsRecipe)) -> Report {
    let mut pdf = SignedPdf::new();
    pdf.sign(&PdfSignature::new(), |protected| {
        let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        let mut recipe = recipe.with_chain(&[&world.authority.issuing]);
        change(&mut recipe);
        recipe.signed_by(&world.person)?.to_der()
    })
    .unwrap();
    world.judged(&pdf, DAY / 2)
}

#[test]
fn evidence_inside_the_signature_is_heard_wherever_it_stands() {
    let world = World::new();
    let report = with_evidence_inside(&world, |_| {});
    assert!(codes(only(&report)).contains(&"revocation.missing"));
    let lists = world.evidence(Vec::new()).crls;
    let answer = |status| {
        let issuing = &world.authority.issuing;
        let answer = OcspRecipe::about(&world.person, issuing, status, NOW + 60, NOW + DAY);
        answer.unwrap().signed_by(issuing).unwrap()
    };
    let good = answer(OcspStatus::Good);
    let report = with_evidence_inside(&world, |recipe| recipe.crls = lists.clone());
    assert_passed(&report, "PAdES-BASELINE-B");
    let report = with_evidence_inside(&world, |recipe| {
        recipe.crls = lists[..1].to_vec();
        recipe.ocsps = vec![good.clone()];
    });
    assert_passed(&report, "PAdES-BASELINE-B");
    let report = with_evidence_inside(&world, |recipe| {
        let all = CmsAttribute::adobe_evidence(&lists[..1], std::slice::from_ref(&good));
        recipe.extra.push(all);
    });
    assert_passed(&report, "PAdES-BASELINE-B");
    let revoked = answer(OcspStatus::Revoked {
        at: NOW - 30,
        reason: None,
    });
    let report = with_evidence_inside(&world, |recipe| {
        let all = CmsAttribute::adobe_evidence(&lists[..1], &[revoked]);
        recipe.extra.push(all);
    });
    assert!(codes(only(&report)).contains(&"revocation.revoked"));
}

#[test]
fn pyhanko_finds_the_archived_file_good_for_long_too() {
    let Some(python) = common::python_with_pyhanko() else {
        return;
    };
    // It goes by the clock, and by the newest of the lists.
    let world = World::at(common::world().now.unix() - 3_600);
    let mut pdf = world.signed(|signature| Some(world.stamp(signature, |_| {})));
    pdf.add_evidence(&world.evidence(Vec::new()));
    world.archive(&mut pdf);
    let folder = Folder::new();
    let root = folder.write("root.pem", world.authority.root.certificate_pem());
    let file = folder.write("archived.pdf", pdf.octets());
    let script = common::script("pyhanko_evidence.py");
    let found = common::json(&run(python, &[&script, &root, &file]));
    assert_eq!(found["bottom_line"], true, "{found}");
    assert_eq!(found["stamped"], world.now, "{found}");
    assert_eq!(found["archived"], world.now + 120, "{found}");
    assert_eq!(found["changes"], "LTA_UPDATES", "{found}");
    assert_eq!(found["names"].as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn a_revocation_counts_by_the_proven_time() {
    let world = World::new();
    for (at, passes) in [(NOW - 30, false), (NOW + 30, true)] {
        let entry = CrlEntry::new(&world.person, at).unwrap();
        let entry = entry.because(RevocationReason::KeyCompromise);
        let evidence = world.evidence(vec![entry]);
        let mut pdf = world.signed(|signature| Some(world.stamp(signature, |_| {})));
        pdf.add_evidence(&evidence);
        let report = world.judged(&pdf, DAY);
        let passed = report.indication() == Some(Indication::TotalPassed);
        assert_eq!(passed, passes, "{at}: {}", report.to_text(kyso::Lang::En));
        // Without a time-stamp nothing proves that the signature was earlier.
        let mut pdf = world.signed(|_| None);
        pdf.add_evidence(&evidence);
        let report = world.judged(&pdf, DAY);
        assert_eq!(
            only(&report).sub_indication(),
            Some(SubIndication::RevokedNoPoe)
        );
    }
}

#[test]
fn no_broken_time_stamp_proves_anything() {
    let world = World::new();
    let stranger = Authority::new(&Settings::quick(NOW)).unwrap();
    let stranger = stranger.time_stamper().unwrap();
    let as_signed_by = |signer: &Issued, signature: &[u8]| {
        TimeStampRecipe::over(Hash::Sha256, signature, NOW)
            .signed_by(signer)
            .unwrap()
    };
    type Made<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;
    let broken: [(&str, Made<'_>); 6] = [
        (
            "of something else",
            Box::new(|_| world.stamp(b"something else", |_| {})),
        ),
        (
            "by an unknown authority",
            Box::new(|signature| as_signed_by(&stranger, signature)),
        ),
        (
            "by a person",
            Box::new(|signature| as_signed_by(&world.person, signature)),
        ),
        (
            "of another signer's certificate",
            Box::new(|signature| {
                world.stamp(signature, |recipe| {
                    let other = stranger.certificate_der.clone();
                    recipe.reference = CertificateReference::ToAnother(other);
                })
            }),
        ),
        (
            "with another digest of its content",
            Box::new(|signature| {
                world.stamp(signature, |recipe| {
                    recipe.message_digest = Some(vec![7; 32]);
                })
            }),
        ),
        (
            "of tomorrow",
            Box::new(|signature| world.stamp(signature, |recipe| recipe.time = NOW + 10 * DAY)),
        ),
    ];
    for (what, token) in &broken {
        let mut pdf = world.signed(|signature| Some(token(signature)));
        pdf.add_evidence(&world.evidence(Vec::new()));
        let report = world.judged(&pdf, DAY);
        let signature = only(&report);
        let text = report.to_text(kyso::Lang::En);
        assert_ne!(signature.timestamps()[0].indication, "PASSED", "{what}");
        assert_eq!(signature.signing_time().proven, None, "{what}: {text}");
        assert_ne!(signature.indication(), Indication::TotalPassed, "{what}");
    }
}
