//! Files and evidence that try to be called passed, or passed earlier than they were made: by
//! status that is pushed aside, by times that nobody proved, by work that nobody can do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::codes;
use kyso::report::{Report, SignatureReport};
use kyso::{Indication, Lang, Limits, SubIndication, Time, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CertificateReference, CmsAttribute, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued,
    OcspRecipe, OcspStatus, PersonProfile, RevocationReason, Scheme, Settings, TimeStampRecipe,
};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

struct World {
    authority: Authority,
    person: Issued,
    tsa: Issued,
}

impl World {
    fn new() -> Self {
        let authority = Authority::new(&Settings::quick(NOW)).unwrap();
        World {
            person: authority.person(&PersonProfile::example()).unwrap(),
            tsa: authority.time_stamper().unwrap(),
            authority,
        }
    }

    /// The signatures' holder has a certificate that ends at this time.
    fn ending(mut self, not_after: i64) -> Self {
        let mut recipe = self.authority.person_recipe(&PersonProfile::example());
        recipe.not_after = not_after;
        self.person = self.authority.issue_custom(&recipe).unwrap();
        self
    }

    fn stamp(&self, octets: &[u8], time: i64) -> Vec<u8> {
        let mut recipe = TimeStampRecipe::over(Hash::Sha256, octets, time);
        recipe.certificates = vec![self.authority.root.certificate_der.clone()];
        recipe.signed_by(&self.tsa).unwrap()
    }

    /// A CMS of this signer, time-stamped where a time is given.
    fn cms(&self, signer: &Issued, protected: &[u8], stamped: Option<i64>) -> Vec<u8> {
        let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        let signed = recipe.signed_by(signer).unwrap();
        let signed = match stamped {
            Some(time) => {
                let token = self.stamp(signed.signature(), time);
                signed.time_stamped(token)
            }
            None => signed,
        };
        signed.to_der().unwrap()
    }

    fn signed(&self, stamped: Option<i64>) -> SignedPdf {
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            Ok(self.cms(&self.person, protected, stamped))
        })
        .unwrap();
        pdf
    }

    fn archive(&self, pdf: &mut SignedPdf, time: i64) {
        pdf.sign(&PdfSignature::document_time_stamp(), |protected| {
            Ok(self.stamp(protected, time))
        })
        .unwrap();
    }

    fn evidence(&self, crls: Vec<Vec<u8>>) -> PdfEvidence {
        PdfEvidence {
            certificates: vec![self.authority.issuing.certificate_der.clone()],
            crls,
            ..PdfEvidence::default()
        }
    }

    /// A list of the root.
    fn of_root(&self, from: i64, entries: Vec<CrlEntry>) -> Vec<u8> {
        list(&self.authority.root, from, entries)
    }

    /// A list of the issuing authority.
    fn of_issuing(&self, from: i64, entries: Vec<CrlEntry>) -> Vec<u8> {
        list(&self.authority.issuing, from, entries)
    }

    fn verifier(&self, at: i64) -> Verifier {
        let root = self.authority.root.certificate_pem();
        Verifier::new(Time::from_unix(at)).trust(TrustStore::from_pem(root.as_bytes()).unwrap())
    }

    fn judged(&self, pdf: &SignedPdf, at: i64) -> Report {
        self.verifier(at).verify(pdf.octets())
    }
}

/// Holds for twenty days.
fn list(issuer: &Issued, from: i64, entries: Vec<CrlEntry>) -> Vec<u8> {
    let mut list = CrlRecipe::new(from, from + 20 * DAY);
    list.number = Some(1);
    list.entries = entries;
    list.signed_by(issuer).unwrap()
}

/// The same list with other octets at the end of its signature, which then fits no key.
fn spoilt(list: &[u8], number: usize) -> Vec<u8> {
    let mut list = list.to_vec();
    let at = list.len() - 4;
    let octets = u32::try_from(number).unwrap().to_be_bytes();
    list[at..].copy_from_slice(&octets);
    list
}

fn named<'r>(report: &'r Report, name: &str) -> &'r SignatureReport {
    let mut all = report.signatures().iter();
    all.find(|signature| signature.id() == name).unwrap()
}

#[track_caller]
fn assert_found(signature: &SignatureReport, code: &str, report: &Report) {
    let text = report.to_text(Lang::En);
    let found = codes(signature);
    assert!(found.contains(&code), "{code} is not in {found:?}: {text}");
    assert_ne!(signature.indication(), Indication::TotalPassed, "{text}");
}

#[track_caller]
fn assert_passed(report: &Report) {
    let text = report.to_text(Lang::En);
    assert_eq!(report.indication(), Some(Indication::TotalPassed), "{text}");
}

#[test]
fn a_copy_in_a_field_without_a_range_does_not_make_a_signature_as_old_as_an_archive_stamp() {
    let world = World::new();
    let thief = world.authority.person(&PersonProfile::example()).unwrap();
    let later = NOW + 20 * DAY;
    let gone = CrlEntry::new(&thief, NOW + 10 * DAY).unwrap();
    let mut pdf = world.signed(Some(NOW));
    world.archive(&mut pdf, NOW + 120);
    pdf.add_evidence(&world.evidence(vec![
        world.of_root(later, Vec::new()),
        world.of_issuing(later, vec![gone]),
    ]));
    // Signed after the revocation, and after the time-stamp.
    let mut made = Vec::new();
    pdf.sign(&PdfSignature::new(), |protected| {
        made = world.cms(&thief, protected, None);
        Ok(made.clone())
    })
    .unwrap();
    pdf.sign(&PdfSignature::new(), |_| Ok(made)).unwrap();
    let mut octets = pdf.into_octets();
    // The copy says nothing about what it covers.
    let range = b"/ByteRange [0 ";
    let at = octets.windows(range.len()).rposition(|w| w == range);
    let numbers = at.unwrap() + range.len();
    for octet in &mut octets[numbers..numbers + 12] {
        *octet = if *octet == b' ' { b' ' } else { b'0' };
    }
    let report = world.verifier(NOW + 25 * DAY).verify(&octets);
    let signature = named(&report, "Signature3");
    assert_eq!(signature.integrity().digest_intact, Some(true));
    assert_found(signature, "revocation.revoked", &report);
    assert_eq!(signature.signing_time().proven, None);
}

#[test]
fn a_file_full_of_lists_does_not_push_aside_the_list_that_the_operator_gave() {
    let world = World::new();
    let mut pdf = world.signed(Some(NOW));
    let root = world.of_root(NOW + 60, Vec::new());
    let mut lists = vec![root, world.of_issuing(NOW + 60, Vec::new())];
    let foreign = list(&world.tsa, NOW, Vec::new());
    lists.extend((0..3_997).map(|number| spoilt(&foreign, number)));
    pdf.add_evidence(&world.evidence(lists));
    let gone = CrlEntry::new(&world.person, NOW - 30).unwrap();
    let mut verifier = world.verifier(NOW + DAY);
    let given = world.of_issuing(NOW + DAY / 2, vec![gone]);
    verifier.add_evidence(&given).unwrap();
    let report = verifier.verify(pdf.octets());
    assert_found(named(&report, "Signature1"), "revocation.revoked", &report);
    // Nobody gave anything: what was left out may have said as much.
    let report = world.judged(&pdf, NOW + DAY);
    assert_found(named(&report, "Signature1"), "limit.reached", &report);
}

#[test]
fn work_that_ran_out_over_lists_of_no_worth_is_no_word_that_nothing_was_revoked() {
    let world = World::new();
    let mut pdf = world.signed(Some(NOW));
    let good = world.of_issuing(NOW + 60, Vec::new());
    let gone = CrlEntry::new(&world.person, NOW - 30).unwrap();
    let mut lists = vec![world.of_root(NOW + 60, Vec::new()), good.clone()];
    lists.extend((0..150).map(|number| spoilt(&good, number)));
    lists.push(world.of_issuing(NOW + 120, vec![gone]));
    let mut evidence = world.evidence(lists);
    // Other keys under the authority's name, each to be tried on each list.
    for _ in 0..4 {
        let namesake = Authority::new(&Settings::quick(NOW)).unwrap().issuing;
        evidence.certificates.push(namesake.certificate_der);
    }
    pdf.add_evidence(&evidence);
    let mut limits = Limits::default();
    limits.path_signature_checks = 10;
    let report = world
        .verifier(NOW + DAY)
        .limits(limits)
        .verify(pdf.octets());
    assert_found(named(&report, "Signature1"), "limit.reached", &report);
}

#[test]
fn a_suspension_counts_where_the_newest_list_may_have_dropped_the_certificate() {
    let world = World::new().ending(NOW + 2 * DAY);
    let held = CrlEntry::new(&world.person, NOW - 30).unwrap();
    let held = held.because(RevocationReason::CertificateHold);
    let mut pdf = world.signed(Some(NOW));
    pdf.add_evidence(&world.evidence(vec![
        world.of_root(NOW + 5 * DAY, Vec::new()),
        world.of_issuing(NOW + 60, vec![held]),
        // Issued after the certificate's end: silence says nothing.
        world.of_issuing(NOW + 5 * DAY, Vec::new()),
    ]));
    let report = world.judged(&pdf, NOW + 6 * DAY);
    assert_found(named(&report, "Signature1"), "revocation.on_hold", &report);
}

#[test]
fn a_token_does_not_speak_of_a_time_before_its_authoritys_certificate() {
    let mut world = World::new();
    let mut recipe = world.authority.time_stamper_recipe();
    recipe.not_before = NOW - DAY;
    world.tsa = recipe.signed_by(&world.authority.root).unwrap();
    let gone = CrlEntry::new(&world.person, NOW - 10 * DAY).unwrap();
    for (stamped, passes) in [(NOW - 20 * DAY, false), (NOW, true)] {
        let entries = if passes { vec![] } else { vec![gone.clone()] };
        let mut pdf = world.signed(Some(stamped));
        pdf.add_evidence(&world.evidence(vec![
            world.of_root(NOW + 60, Vec::new()),
            world.of_issuing(NOW + 60, entries),
        ]));
        let report = world.judged(&pdf, NOW + DAY);
        if passes {
            assert_passed(&report);
        } else {
            let signature = named(&report, "Signature1");
            assert_found(signature, "revocation.revoked", &report);
            assert_eq!(signature.signing_time().proven, None);
        }
    }
}

/// The person's status by this responder and by nobody else.
fn by_responder(world: &World, responder: &Issued, status: OcspStatus) -> SignedPdf {
    let issuing = &world.authority.issuing;
    let answer = OcspRecipe::about(&world.person, issuing, status, NOW + 60, NOW + 20 * DAY);
    let mut answer = answer.unwrap();
    answer.certificates = vec![responder.certificate_der.clone()];
    let mut evidence = world.evidence(vec![world.of_root(NOW + 60, Vec::new())]);
    evidence.ocsps = vec![answer.signed_by(responder).unwrap()];
    let mut pdf = world.signed(Some(NOW));
    pdf.add_evidence(&evidence);
    pdf
}

#[test]
fn a_responder_that_was_revoked_cannot_say_that_a_certificate_is_good_until_some_day() {
    let world = World::new();
    let issuing = &world.authority.issuing;
    let mut recipe = world.authority.responder_recipe();
    recipe.extra = Vec::new();
    let responder = world.authority.issue_custom(&recipe).unwrap();
    let later = OcspStatus::Revoked {
        at: NOW + 30,
        reason: Some(RevocationReason::Superseded),
    };
    let mut pdf = by_responder(&world, &responder, later);
    assert_passed(&world.judged(&pdf, NOW + DAY));
    let gone = OcspStatus::Revoked {
        at: NOW - DAY,
        reason: Some(RevocationReason::KeyCompromise),
    };
    let about = OcspRecipe::about(&responder, issuing, gone, NOW + 60, NOW + 20 * DAY).unwrap();
    pdf.add_evidence(&PdfEvidence {
        ocsps: vec![about.signed_by(issuing).unwrap()],
        ..PdfEvidence::default()
    });
    let report = world.judged(&pdf, NOW + DAY);
    assert_found(
        named(&report, "Signature1"),
        "revocation.evidence_refused",
        &report,
    );
}

#[test]
fn a_responder_whose_certificate_is_signed_with_sha_1_says_nothing() {
    let world = World::new();
    for (hash, passes) in [(Hash::Sha256, true), (Hash::Sha1, false)] {
        let mut recipe = world.authority.responder_recipe();
        recipe.scheme = Scheme::Usual(hash);
        let responder = world.authority.issue_custom(&recipe).unwrap();
        let pdf = by_responder(&world, &responder, OcspStatus::Good);
        let report = world.judged(&pdf, NOW + DAY);
        if passes {
            assert_passed(&report);
        } else {
            assert_found(named(&report, "Signature1"), "algorithm.weak", &report);
        }
    }
}

#[test]
fn thousands_of_time_stamps_in_one_signature_are_a_limit() {
    let world = World::new();
    let mut pdf = SignedPdf::new();
    pdf.sign(&PdfSignature::new(), |protected| {
        let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        let mut signed = recipe.signed_by(&world.person)?;
        for _ in 0..500 {
            signed = signed.time_stamped(vec![0x30, 0]);
        }
        signed.to_der()
    })
    .unwrap();
    let report = world.judged(&pdf, NOW + DAY);
    let signature = named(&report, "Signature1");
    assert_found(signature, "limit.reached", &report);
    assert!(signature.timestamps().len() <= 100);
}

#[test]
fn a_list_of_changes_that_fits_no_list_at_hand_still_says_who_was_revoked() {
    let world = World::new();
    let gone = CrlEntry::new(&world.person, NOW - 30).unwrap();
    let mut pdf = world.signed(Some(NOW));
    pdf.add_evidence(&world.evidence(vec![
        world.of_root(NOW + 60, Vec::new()),
        world.of_issuing(NOW + 60, Vec::new()),
    ]));
    for (base, entries, passes) in [(9, vec![gone], false), (9, vec![], true)] {
        let mut changes = CrlRecipe::new(NOW + 120, NOW + DAY);
        changes.number = Some(10);
        changes.changes = Some(base);
        changes.entries = entries;
        let changes = changes.signed_by(&world.authority.issuing).unwrap();
        let mut verifier = world.verifier(NOW + DAY / 2);
        verifier.add_evidence(&changes).unwrap();
        let report = verifier.verify(pdf.octets());
        if passes {
            assert_passed(&report);
        } else {
            assert_found(named(&report, "Signature1"), "revocation.revoked", &report);
        }
    }
}

#[test]
fn further_references_of_the_signer_bind_the_path() {
    let world = World::new();
    let der = |tag: u8, content: Vec<u8>| {
        assert!(content.len() < 128);
        let length = u8::try_from(content.len()).unwrap();
        [vec![tag, length], content].concat()
    };
    let reference = |certificate: &Issued| {
        der(
            0x30,
            der(0x04, Hash::Sha256.of(&certificate.certificate_der)),
        )
    };
    let stranger = Authority::new(&Settings::quick(NOW)).unwrap().issuing;
    for (other, passes) in [(&world.authority.issuing, true), (&stranger, false)] {
        let all = [reference(&world.person), reference(other)].concat();
        let value = der(0x30, der(0x30, all));
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            recipe.reference = CertificateReference::Absent;
            let attribute = CmsAttribute::new("1.2.840.113549.1.9.16.2.47", value);
            recipe.extra.push(attribute);
            recipe.signed_by(&world.person)?.to_der()
        })
        .unwrap();
        pdf.add_evidence(&world.evidence(vec![
            world.of_root(NOW + 60, Vec::new()),
            world.of_issuing(NOW + 60, Vec::new()),
        ]));
        let report = world.judged(&pdf, NOW + DAY);
        if passes {
            assert_passed(&report);
            continue;
        }
        let signature = named(&report, "Signature1");
        assert_found(signature, "cms.signed_attribute", &report);
        let sub = signature.sub_indication();
        assert_eq!(sub, Some(SubIndication::SigConstraintsFailure));
    }
}

#[test]
fn a_time_stamp_that_anybody_gets_for_any_file_is_no_signature() {
    let world = World::new();
    let mut pdf = SignedPdf::new();
    world.archive(&mut pdf, NOW);
    pdf.add_evidence(&world.evidence(vec![world.of_root(NOW + 60, Vec::new())]));
    let report = world.judged(&pdf, NOW + DAY);
    let [stamp] = report.document_timestamps() else {
        panic!("{report:?}")
    };
    assert_eq!(stamp.indication(), Indication::TotalPassed);
    assert_eq!((report.indication(), report.exit()), (None, 2));
    let text = report.to_text(Lang::En);
    assert!(text.starts_with("NO SIGNATURE"), "{text}");
}
