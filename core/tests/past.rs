//! Certificates that were revoked, suspended or have ended since the signature: what a time-stamp, an
//! archive time-stamp and status evidence of that time make of them (EN 319 102-1 clauses 5.3.4,
//! 5.5.4 and 5.6.2), over files that the sandbox made.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, only};
use kyso::report::{Criterion, Report};
use kyso::{Indication, Lang, SubIndication, Time, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued, OcspRecipe, OcspStatus, PersonProfile,
    RevocationReason, Settings, TimeStampRecipe,
};

/// The day of the signature; all else is told in days from it.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

struct World {
    authority: Authority,
    person: Issued,
    tsa: Issued,
    responder: Issued,
}

impl World {
    /// The signer's certificate ends after `person` days, that of the time-stamps after `tsa`.
    fn ending(person: i64, tsa: i64) -> Self {
        let authority = Authority::new(&Settings::quick(NOW)).unwrap();
        let mut holder = authority.person_recipe(&PersonProfile::example());
        holder.not_after = NOW + person * DAY;
        let mut stamper = authority.time_stamper_recipe();
        stamper.not_after = NOW + tsa * DAY;
        World {
            person: authority.issue_custom(&holder).unwrap(),
            tsa: stamper.signed_by(&authority.root).unwrap(),
            responder: authority.responder().unwrap(),
            authority,
        }
    }

    fn new() -> Self {
        Self::ending(1_000, 1_000)
    }

    fn stamp(&self, octets: &[u8], day: i64) -> Vec<u8> {
        self.stamp_by(&self.tsa, octets, day)
    }

    fn stamp_by(&self, tsa: &Issued, octets: &[u8], day: i64) -> Vec<u8> {
        let mut recipe = TimeStampRecipe::over(Hash::Sha256, octets, NOW + day * DAY);
        recipe.certificates = vec![self.authority.root.certificate_der.clone()];
        recipe.signed_by(tsa).unwrap()
    }

    /// A signature with its chain, and the time-stamps of these days.
    fn signed(&self, content: Option<i64>, signature: Option<i64>) -> SignedPdf {
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            let mut recipe = recipe.with_chain(&[&self.authority.issuing]);
            recipe.content_time_stamps = content
                .iter()
                .map(|day| self.stamp(protected, *day))
                .collect();
            let signed = recipe.signed_by(&self.person)?;
            match signature {
                Some(day) => {
                    let token = self.stamp(signed.signature(), day);
                    signed.time_stamped(token).to_der()
                }
                None => signed.to_der(),
            }
        })
        .unwrap();
        pdf
    }

    /// An archive time-stamp over all that is there.
    fn archive(&self, pdf: &mut SignedPdf, tsa: &Issued, day: i64) {
        pdf.sign(&PdfSignature::document_time_stamp(), |protected| {
            Ok(self.stamp_by(tsa, protected, day))
        })
        .unwrap();
    }
}

/// A list of this day that speaks for a week.
fn list(issuer: &Issued, day: i64, entries: Vec<CrlEntry>) -> Vec<u8> {
    let mut list = CrlRecipe::new(NOW + day * DAY, NOW + (day + 7) * DAY);
    list.entries = entries;
    list.signed_by(issuer).unwrap()
}

fn revoked(issued: &Issued, day: i64) -> CrlEntry {
    CrlEntry::new(issued, NOW + day * DAY).unwrap()
}

fn judged(world: &World, pdf: &SignedPdf, lists: &[Vec<u8>], day: i64) -> Report {
    let root = &world.authority.root.certificate_der;
    let mut verifier = Verifier::new(Time::from_unix(NOW + day * DAY))
        .trust(TrustStore::from_der_many([root]).unwrap());
    for list in lists {
        verifier.add_evidence(list).unwrap();
    }
    verifier.verify(pdf.octets())
}

#[track_caller]
fn says(report: &Report, indication: Indication, sub: Option<SubIndication>) {
    let signature = only(report);
    let found = (signature.indication(), signature.sub_indication());
    assert_eq!(found, (indication, sub), "{:?}", codes(signature));
}

const INDETERMINATE: Indication = Indication::Indeterminate;

#[track_caller]
fn passes(report: &Report) {
    says(report, Indication::TotalPassed, None);
}

#[test]
fn a_revocation_counts_by_whether_the_signature_is_proven_to_be_older() {
    let world = World::new();
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let lists = |day| {
        [
            list(root, 9, vec![]),
            list(ca, 9, vec![revoked(&world.person, day)]),
        ]
    };
    let no_poe = Some(SubIndication::RevokedNoPoe);
    let (plain, stamped) = (world.signed(None, None), world.signed(None, Some(0)));
    // Before the time-stamp.
    says(
        &judged(&world, &plain, &lists(-1), 10),
        INDETERMINATE,
        no_poe,
    );
    says(
        &judged(&world, &stamped, &lists(-1), 10),
        INDETERMINATE,
        no_poe,
    );
    // After it.
    says(
        &judged(&world, &plain, &lists(5), 10),
        INDETERMINATE,
        no_poe,
    );
    passes(&judged(&world, &stamped, &lists(5), 10));
    // The content itself is proven to be younger.
    for signature in [None, Some(7)] {
        let pdf = world.signed(Some(6), signature);
        let report = judged(&world, &pdf, &lists(5), 10);
        says(
            &report,
            Indication::TotalFailed,
            Some(SubIndication::Revoked),
        );
    }
}

#[test]
fn a_suspension_after_the_time_stamp_is_history() {
    let world = World::new();
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let hold = revoked(&world.person, 5).because(RevocationReason::CertificateHold);
    let lists = [list(root, 9, vec![]), list(ca, 9, vec![hold])];
    let later = Some(SubIndication::TryLater);
    says(
        &judged(&world, &world.signed(None, None), &lists, 10),
        INDETERMINATE,
        later,
    );
    passes(&judged(&world, &world.signed(None, Some(0)), &lists, 10));
}

#[test]
fn an_authority_that_was_revoked_after_the_time_stamp_does_not_undo_the_signature() {
    let world = World::new();
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let lists = [list(root, 9, vec![revoked(ca, 5)]), list(ca, 4, vec![])];
    let no_poe = Some(SubIndication::RevokedCaNoPoe);
    says(
        &judged(&world, &world.signed(None, None), &lists, 10),
        INDETERMINATE,
        no_poe,
    );
    passes(&judged(&world, &world.signed(None, Some(0)), &lists, 10));
}

/// A signer's certificate that has ended, and evidence of its time in the file.
fn long_ago(world: &World, archived: i64) -> SignedPdf {
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let mut pdf = world.signed(None, Some(0));
    pdf.add_evidence(&PdfEvidence {
        crls: vec![list(root, 1, vec![]), list(ca, 1, vec![])],
        ..PdfEvidence::default()
    });
    world.archive(&mut pdf, &world.tsa, archived);
    pdf
}

#[test]
fn a_certificate_that_has_ended_since_passes_by_the_archived_word_of_its_time() {
    let world = World::ending(100, 1_000);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let fresh = [list(root, 199, vec![]), list(ca, 199, vec![])];
    let pdf = long_ago(&world, 2);
    passes(&judged(&world, &pdf, &fresh, 200));
    // Without any word of that time the new list, which drops ended certificates, says nothing.
    let report = judged(&world, &world.signed(None, Some(0)), &fresh, 200);
    says(
        &report,
        INDETERMINATE,
        Some(SubIndication::OutOfBoundsNoPoe),
    );
}

#[test]
fn a_list_of_after_the_end_is_named_as_such_and_the_proven_time_is_not_denied() {
    let world = World::ending(100, 1_000);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let fresh = [list(root, 199, vec![]), list(ca, 199, vec![])];
    let report = judged(&world, &world.signed(None, Some(0)), &fresh, 200);
    let signature = only(&report);
    let found = codes(signature);
    for code in [
        "revocation.issued_after_end",
        "certificate.ended_status_unknown",
    ] {
        assert!(found.contains(&code), "{found:?}");
    }
    for code in ["certificate.outside_validity", "revocation.missing"] {
        assert!(!found.contains(&code), "{found:?}");
    }
    let answers: Vec<_> = signature.criteria().unwrap().iter().collect();
    for number in ["1.1", "2.3"] {
        assert!(
            answers.contains(&(number, Criterion::Passed)),
            "{answers:?}"
        );
    }
    assert!(answers.contains(&("1.2", Criterion::Unknown)));
    let advice = signature
        .reasons()
        .find(|reason| reason.code() == "revocation.issued_after_end")
        .unwrap()
        .advice(Lang::En);
    for part in [
        "between 2026-01-01 07:00:00",
        "2026-04-11",
        "expiredCertsOnCRL",
    ] {
        assert!(advice.contains(part), "{advice}");
    }
    // A list of the time between, or one that keeps what has ended, is what the advice asks for.
    let then = [list(root, 199, vec![]), list(ca, 50, vec![])];
    passes(&judged(&world, &world.signed(None, Some(0)), &then, 200));
    // Without any list the advice warns that today's may be silent.
    let report = judged(&world, &world.signed(None, Some(0)), &fresh[..1], 200);
    let missing = only(&report)
        .reasons()
        .find(|reason| reason.code() == "revocation.missing");
    let advice = missing.unwrap().advice(Lang::Vi);
    assert!(
        advice.contains("có thể không còn nói về nó nữa"),
        "{advice}"
    );
}

#[test]
fn the_word_of_an_authority_that_was_revoked_counts_if_it_is_proven_to_be_older() {
    let world = World::ending(100, 1_000);
    let root = &world.authority.root;
    let ca = &world.authority.issuing;
    // The authority was revoked on day 50, and the signer's certificate ended on day 100.
    let fresh = [list(root, 199, vec![revoked(ca, 50)])];
    passes(&judged(&world, &long_ago(&world, 2), &fresh, 200));
    let report = judged(&world, &long_ago(&world, 60), &fresh, 200);
    assert_ne!(report.indication(), Some(Indication::TotalPassed));
    assert!(
        codes(only(&report)).contains(&"revocation.authority_revoked"),
        "{:?}",
        codes(only(&report))
    );
    // While the signer's certificate was valid the time-stamp alone decided.
    passes(&judged(
        &world,
        &long_ago(&world, 60),
        &[list(root, 79, vec![revoked(ca, 50)])],
        80,
    ));
}

#[test]
fn a_responder_whose_certificate_has_ended_is_heard_if_its_answer_was_archived_before() {
    let mut world = World::new();
    let ca = world.authority.issuing.clone();
    let mut recipe = world.authority.responder_recipe();
    recipe.not_after = NOW + 20 * DAY;
    world.responder = recipe.signed_by(&ca).unwrap();
    let (from, until) = (NOW + DAY, NOW + 400 * DAY);
    let mut answer = OcspRecipe::about(&world.person, &ca, OcspStatus::Good, from, until).unwrap();
    answer.certificates = vec![world.responder.certificate_der.clone()];
    let ocsps = vec![answer.signed_by(&world.responder).unwrap()];
    let mut pdf = world.signed(None, Some(0));
    pdf.add_evidence(&PdfEvidence {
        ocsps,
        ..PdfEvidence::default()
    });
    let fresh = [list(&world.authority.root, 29, vec![])];
    let report = judged(&world, &pdf, &fresh, 30);
    let late = Some(SubIndication::RevocationOutOfBoundsNoPoe);
    says(&report, INDETERMINATE, late);
    let tsa = world.tsa.clone();
    world.archive(&mut pdf, &tsa, 2);
    passes(&judged(&world, &pdf, &fresh, 30));
}

#[test]
fn a_time_stamp_whose_authority_has_ended_is_healed_by_a_later_one_alone() {
    let world = World::ending(100, 150);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let newer = world.authority.time_stamper().unwrap();
    let evidence = PdfEvidence {
        crls: vec![list(root, 1, vec![]), list(ca, 1, vec![])],
        ..PdfEvidence::default()
    };
    let fresh = [list(root, 199, vec![]), list(ca, 199, vec![])];
    let mut pdf = world.signed(None, Some(0));
    pdf.add_evidence(&evidence);
    let report = judged(&world, &pdf, &fresh, 200);
    assert_eq!(report.indication(), Some(INDETERMINATE));
    world.archive(&mut pdf, &newer, 3);
    passes(&judged(&world, &pdf, &fresh, 200));
}
