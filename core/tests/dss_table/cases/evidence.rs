//! The forms of lists and responses, and where they may stand.

use kyso_sandbox::{
    CmsAttribute, CrlEntry, CrlRecipe, CrlScope, ExtraExtension, Hash, Issued, OcspCertId,
    OcspRecipe, OcspRefusal, OcspSingle, OcspStatus, ResponderName, RevocationReason, Scheme,
};

use crate::case::{Case, Level, Stamp};
use crate::cases::{SAID, WEEK, all_good, authorities_good, empty, fine, good_at, revoked, tlv};
use crate::world::{DAY, HOUR, NOW, SIGNED, world};

pub(super) fn lists(cases: &mut Vec<Case>) {
    let world = world();
    let issuing = &world.issuing;
    let usual = || CrlRecipe::new(SAID, SAID + WEEK);
    for level in [Level::B, Level::T] {
        let mut push = |name: &str, lists: Vec<Vec<u8>>| {
            let mut case = Case::new(world, level, &world.signer).evidence(authorities_good());
            case.evidence.crls.extend(lists);
            cases.push(case.named(format!("list/{}/{name}", level.name())));
        };
        let mut endless = usual();
        endless.next_update = None;
        push("without-next", vec![endless.signed_by(issuing).unwrap()]);
        push(
            "of-another",
            vec![usual().signed_by(&world.stranger).unwrap()],
        );
        let mut impostor = usual().signed_by(issuing).unwrap();
        let last = impostor.len() - 1;
        impostor[last] ^= 1;
        push("broken", vec![impostor]);
        let mut odd = usual();
        odd.extra = vec![ExtraExtension::unknown_critical()];
        push("critical-extension", vec![odd.signed_by(issuing).unwrap()]);
        let mut entry = CrlEntry::of_serial(vec![1, 2, 3], SIGNED);
        entry.extra = vec![ExtraExtension::unknown_critical()];
        let mut odd = usual();
        odd.entries.push(entry);
        push(
            "critical-entry-extension",
            vec![odd.signed_by(issuing).unwrap()],
        );
        let scoped = |scope: CrlScope| {
            let mut list = usual();
            list.scope = Some(scope);
            list.signed_by(issuing).unwrap()
        };
        let scope = CrlScope::default;
        push(
            "users",
            vec![scoped(CrlScope {
                only_users: true,
                ..scope()
            })],
        );
        push(
            "authorities",
            vec![scoped(CrlScope {
                only_authorities: true,
                ..scope()
            })],
        );
        push(
            "attributes",
            vec![scoped(CrlScope {
                only_attributes: true,
                ..scope()
            })],
        );
        push(
            "indirect",
            vec![scoped(CrlScope {
                indirect: true,
                ..scope()
            })],
        );
        push(
            "some-reasons",
            vec![scoped(CrlScope {
                only_reasons: Some(vec![1, 2]),
                ..scope()
            })],
        );
        push(
            "other-point",
            vec![scoped(CrlScope {
                addresses: vec!["http://127.0.0.1/other.crl".to_owned()],
                ..scope()
            })],
        );
        let mut keeps = usual();
        keeps.keeps_ended_since = Some(SIGNED - 400 * DAY);
        push("keeps-ended", vec![keeps.signed_by(issuing).unwrap()]);
        let mut weak = usual();
        weak.scheme = Scheme::Usual(Hash::Sha1);
        push("sha-1", vec![weak.signed_by(issuing).unwrap()]);

        let numbered = |number, reason: Option<RevocationReason>| {
            let mut list = usual();
            list.number = Some(number);
            if let Some(reason) = reason {
                let entry = CrlEntry::new(&world.signer, SIGNED - DAY).unwrap();
                list.entries.push(entry.because(reason));
            }
            list
        };
        let hold = Some(RevocationReason::CertificateHold);
        let mut delta = numbered(6, Some(RevocationReason::RemoveFromCrl));
        delta.changes = Some(5);
        delta.this_update = SAID + HOUR;
        let delta = delta.signed_by(issuing).unwrap();
        let held = numbered(5, hold).signed_by(issuing).unwrap();
        push("held-and-released-by-delta", vec![held, delta.clone()]);
        push("delta-without-base", vec![delta]);
        let free = numbered(5, None).signed_by(issuing).unwrap();
        let mut delta = numbered(6, Some(RevocationReason::KeyCompromise));
        delta.changes = Some(5);
        delta.this_update = SAID + HOUR;
        push(
            "revoked-by-delta",
            vec![free, delta.signed_by(issuing).unwrap()],
        );
        let removed = numbered(5, Some(RevocationReason::RemoveFromCrl));
        push(
            "removed-in-complete",
            vec![removed.signed_by(issuing).unwrap()],
        );
    }
    // Whether a list still speaks of certificates that have ended.
    for level in Level::ALL {
        for (name, since) in [
            ("keeps-ended-before", SIGNED - 400 * DAY),
            ("keeps-ended-after", NOW - 2 * DAY),
        ] {
            let mut list = usual();
            list.keeps_ended_since = Some(since);
            let case = Case::new(world, level, &world.ended)
                .evidence(authorities_good())
                .crl(list.signed_by(issuing).unwrap());
            cases.push(case.named(format!("list/{}/{name}", level.name())));
        }
    }
}

pub(super) fn responses(cases: &mut Vec<Case>) {
    let world = world();
    let (signer, issuing) = (&world.signer, &world.issuing);
    let usual = || OcspRecipe::about(signer, issuing, OcspStatus::Good, SAID, SAID + WEEK).unwrap();
    let by = |mut recipe: OcspRecipe, responder: &Issued| {
        recipe.certificates.push(responder.certificate_der.clone());
        recipe.signed_by(responder).unwrap()
    };
    for level in [Level::B, Level::T] {
        let mut push = |name: &str, responses: Vec<Vec<u8>>| {
            let mut case = Case::new(world, level, signer).evidence(authorities_good());
            case.evidence.ocsps.extend(responses);
            cases.push(case.named(format!("response/{}/{name}", level.name())));
        };
        push("by-authority", vec![usual().signed_by(issuing).unwrap()]);
        push(
            "to-be-asked-about",
            vec![by(usual(), &world.responder_asked)],
        );
        push(
            "without-purpose",
            vec![by(usual(), &world.responder_without_purpose)],
        );
        push("of-root", vec![by(usual(), &world.responder_of_root)]);
        push("of-nobody", vec![by(usual(), &world.stranger_signer)]);
        push("ended-responder", vec![by(usual(), &world.responder_ended)]);
        let early = OcspRecipe::about(
            signer,
            issuing,
            OcspStatus::Good,
            SIGNED + DAY,
            SIGNED + 200 * DAY,
        );
        push(
            "ended-responder-in-time",
            vec![by(early.unwrap(), &world.responder_ended)],
        );
        let mut named = usual();
        named.responder = ResponderName::Subject;
        push("named-by-subject", vec![by(named, &world.responder)]);
        push(
            "without-responder-certificate",
            vec![usual().signed_by(&world.responder).unwrap()],
        );
        let mut late = usual();
        late.produced_at = SAID + HOUR;
        push("produced-later", vec![by(late, &world.responder)]);
        let mut endless = usual();
        endless.singles[0].next_update = None;
        push("without-next", vec![by(endless, &world.responder)]);
        let mut cut = usual();
        cut.singles[0].archive_cutoff = Some(SIGNED - 400 * DAY);
        push("archive-cutoff", vec![by(cut, &world.responder)]);
        let sha256 = OcspCertId::new(Hash::Sha256, signer, issuing).unwrap();
        let mut hashed = usual();
        hashed.singles[0].id = sha256;
        push("id-by-sha-256", vec![by(hashed, &world.responder)]);
        let other = OcspRecipe::about(&world.rsa, issuing, OcspStatus::Good, SAID, SAID + WEEK);
        push("about-another", vec![by(other.unwrap(), &world.responder)]);
        let mut two = usual();
        let id = OcspCertId::new(Hash::Sha1, &world.rsa, issuing).unwrap();
        let gone = OcspStatus::Revoked {
            at: SIGNED - DAY,
            reason: None,
        };
        two.singles
            .push(OcspSingle::new(id, gone, SAID, SAID + WEEK));
        push("of-two", vec![by(two, &world.responder)]);
        push("refused", vec![OcspRefusal::TryLater.to_der()]);
        let mut broken = by(usual(), &world.responder);
        let middle = broken.len() / 3;
        broken[middle] ^= 1;
        push("broken", vec![broken]);
        let mut weak = usual();
        weak.scheme = Scheme::Usual(Hash::Sha1);
        push("sha-1", vec![by(weak, &world.responder)]);
        let mut odd = usual();
        odd.extra = vec![ExtraExtension::unknown_critical()];
        push("critical-extension", vec![by(odd, &world.responder)]);
        let mut odd = usual();
        odd.singles[0].extra = vec![ExtraExtension::unknown_critical()];
        push("critical-single-extension", vec![by(odd, &world.responder)]);

        // The status of the responder itself, where somebody says something.
        let list = revoked(SIGNED - DAY, None).list(&world.responder_asked, issuing);
        let mut case = Case::new(world, level, signer)
            .evidence(authorities_good())
            .ocsp(by(usual(), &world.responder_asked));
        case.evidence.crls.push(list);
        cases.push(case.named(format!(
            "response/{}/revoked-responder-and-list",
            level.name()
        )));
    }
}

pub(super) fn places(cases: &mut Vec<Case>) {
    let world = world();
    let lists = || vec![empty(&world.root, SAID), empty(&world.issuing, SAID)];
    for level in [Level::B, Level::T] {
        let case =
            Case::new(world, level, &world.signer).changed(move |recipe| recipe.crls = lists());
        cases.push(case.named(format!("place/{}/lists-in-cms", level.name())));
        let gone = revoked(SIGNED - DAY, None).list(&world.signer, &world.issuing);
        let both = vec![empty(&world.root, SAID), gone];
        let case = Case::new(world, level, &world.signer)
            .changed(move |recipe| recipe.crls.clone_from(&both));
        cases.push(case.named(format!("place/{}/revoked-in-cms", level.name())));
    }
    // Adobe's own attribute (ISO 32000-2 §12.8.3.3.2), a signed one.
    let gone = revoked(SIGNED - DAY, None).list(&world.signer, &world.issuing);
    let response = fine().response(&world.signer, &world.issuing, &world.responder);
    for (name, crls, ocsps) in [
        ("good", lists(), Vec::new()),
        ("revoked", vec![empty(&world.root, SAID), gone], Vec::new()),
        ("response", vec![empty(&world.root, SAID)], vec![response]),
    ] {
        for level in [Level::B, Level::T] {
            let mut members = tlv(0xa0, &tlv(0x30, &crls.concat()));
            if !ocsps.is_empty() {
                members.extend(tlv(0xa1, &tlv(0x30, &ocsps.concat())));
            }
            let value = tlv(0x30, &members);
            let mut case = Case::new(world, level, &world.signer).changed(move |recipe| {
                let attribute = CmsAttribute::new("1.2.840.113583.1.1.8", value.clone());
                recipe.extra.push(attribute);
                recipe.signing_time = Some(SIGNED);
            });
            case.sub_filter = "adbe.pkcs7.detached";
            let name = format!("place/{}/adobe-attribute/{name}", level.name());
            cases.push(case.named(name));
        }
    }
    // A server under an authority of its own, with and without a word about that. There is one
    // word of the root of each time, so that nobody has to choose.
    for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
        let deep = |level, of_root: Vec<u8>| {
            let mut case = Case::new(world, level, signer).evidence(good_at(SIGNED + DAY));
            let middle = world.middle.certificate_der.clone();
            let stamp = Stamp::new(&world.tsa_deep, SIGNED + 5);
            case.stamps =
                vec![stamp.with(move |recipe| recipe.certificates = vec![middle.clone()])];
            case.crl(empty(&world.issuing, SAID)).crl(of_root)
        };
        for level in [Level::T, Level::Lta] {
            let name = |what: &str| format!("place/{}/deep-stamper/{who}/{what}", level.name());
            let fine = || deep(level, empty(&world.root, SAID));
            cases.push(fine().named(name("without-a-word")));
            let case = fine().crl(empty(&world.middle, SAID));
            cases.push(case.named(name("good")));
            for (when, at) in [("before", SIGNED - DAY), ("after", SIGNED + DAY)] {
                let word = revoked(at, None).list(&world.middle, &world.root);
                let case = deep(level, word).crl(empty(&world.middle, SAID));
                cases.push(case.named(name(&format!("authority-revoked-{when}"))));
            }
        }
    }
    let mut case = Case::new(world, Level::B, &world.signer);
    case.stamps =
        vec![Stamp::new(&world.tsa, SIGNED + 5).with(move |recipe| recipe.crls = lists())];
    cases.push(case.named("place/T/lists-in-token"));
    let mut case = Case::new(world, Level::Lt, &world.signer).evidence(all_good());
    case.chain.clear();
    case.evidence
        .certificates
        .push(world.issuing.certificate_der.clone());
    cases.push(case.named("place/LT/issuer-in-store"));
    let mut case = Case::new(world, Level::Lta, &world.signer).evidence(all_good());
    case.chain.clear();
    case.stamps =
        vec![Stamp::new(&world.tsa, SIGNED + 5).with(|recipe| recipe.own_certificate = false)];
    case.evidence.certificates = [&world.issuing, &world.tsa]
        .map(|issued| issued.certificate_der.clone())
        .to_vec();
    cases.push(case.named("place/LTA/stamper-in-store"));
}
