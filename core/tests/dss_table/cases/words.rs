//! Who is said to be good, revoked or held: the signer, the authority, the time-stamp server; by
//! which source; and several words that differ.

use kyso_sandbox::{CrlEntry, CrlRecipe, OcspRecipe, OcspStatus, RevocationReason};

use crate::case::{Case, Level};
use crate::cases::{SAID, WEEK, Word, authorities_good, empty, fine, revoked, words};
use crate::world::{DAY, HOUR, SIGNED, world};

pub(super) fn words_about_the_signer(cases: &mut Vec<Case>) {
    let world = world();
    for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
        for level in Level::ALL {
            let case = |source: &str, word: &str| {
                Case::new(world, level, signer)
                    .evidence(authorities_good())
                    .named(format!("{who}/{}/{source}/{word}", level.name()))
            };
            for (name, word) in words() {
                // The four reasons say the same; each is asked once with each source.
                let is_detail = !matches!(level, Level::B | Level::T)
                    && name.matches('-').count() > 1
                    && name.starts_with("revoked");
                if is_detail {
                    continue;
                }
                cases.push(case("crl", &name).crl(word.list(signer, &world.issuing)));
                let response = word.response(signer, &world.issuing, &world.responder);
                cases.push(case("ocsp", &name).ocsp(response));
            }
            cases.push(case("none", "none"));
            let unknown = OcspRecipe::about(
                signer,
                &world.issuing,
                OcspStatus::Unknown,
                SAID,
                SAID + WEEK,
            );
            let mut unknown = unknown.unwrap();
            unknown
                .certificates
                .push(world.responder.certificate_der.clone());
            let unknown = unknown.signed_by(&world.responder).unwrap();
            cases.push(case("ocsp", "unknown").ocsp(unknown));
            let itself = revoked(SIGNED + 10 * DAY, None);
            let response = itself.response(signer, &world.issuing, &world.issuing);
            cases.push(case("ocsp-of-authority", "revoked-after").ocsp(response));
        }
    }
}

pub(super) fn words_about_the_authority(cases: &mut Vec<Case>) {
    let world = world();
    for level in Level::ALL {
        for (name, word) in [
            ("revoked-before", revoked(SIGNED - 10 * DAY, None)),
            ("revoked-after", revoked(SIGNED + 10 * DAY, None)),
            (
                "compromised-before",
                revoked(SIGNED - 10 * DAY, Some(RevocationReason::CaCompromise)),
            ),
            (
                "compromised-after",
                revoked(SIGNED + 10 * DAY, Some(RevocationReason::CaCompromise)),
            ),
            (
                "held-after",
                revoked(SIGNED + 10 * DAY, Some(RevocationReason::CertificateHold)),
            ),
            (
                "stale",
                Word::Good {
                    at: SIGNED - 30 * DAY,
                    valid: WEEK,
                },
            ),
        ] {
            let case = Case::new(world, level, &world.signer)
                .named(format!("authority/{}/{name}", level.name()))
                .crl(empty(&world.issuing, SAID))
                .crl(word.list(&world.issuing, &world.root));
            cases.push(case);
        }
        let case = Case::new(world, level, &world.signer)
            .named(format!("authority/{}/none", level.name()))
            .crl(empty(&world.issuing, SAID));
        cases.push(case);
        // Time of the word about the signer before the authority's revocation.
        let case = Case::new(world, level, &world.signer)
            .named(format!("authority/{}/revoked-after-the-word", level.name()))
            .crl(empty(&world.issuing, SIGNED + HOUR / 2))
            .crl(revoked(SIGNED + 10 * DAY, None).list(&world.issuing, &world.root));
        cases.push(case);
    }
}

pub(super) fn words_about_the_stamper(cases: &mut Vec<Case>) {
    let world = world();
    for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
        for level in [Level::T, Level::D, Level::Lta] {
            for (name, word) in [
                ("revoked-before", revoked(SIGNED - 10 * DAY, None)),
                ("revoked-after", revoked(SIGNED + 10 * DAY, None)),
                (
                    "superseded-after",
                    revoked(SIGNED + 10 * DAY, Some(RevocationReason::Superseded)),
                ),
                (
                    "held-after",
                    revoked(SIGNED + 10 * DAY, Some(RevocationReason::CertificateHold)),
                ),
            ] {
                let case = Case::new(world, level, signer)
                    .named(format!("stamper/{who}/{}/{name}", level.name()))
                    .crl(empty(&world.issuing, SIGNED + HOUR))
                    .crl(word.list(&world.tsa, &world.root));
                cases.push(case);
            }
        }
    }
}

pub(super) fn several_words(cases: &mut Vec<Case>) {
    let world = world();
    let (signer, issuing, responder) = (&world.signer, &world.issuing, &world.responder);
    let before = revoked(SIGNED - 10 * DAY, None);
    let after = revoked(SIGNED + 10 * DAY, None);
    let early = |word: Word| match word {
        Word::Good { .. } => CrlRecipe::new(SIGNED + DAY, SIGNED + 8 * DAY),
        Word::Revoked { at, .. } => {
            let mut list = CrlRecipe::new(SIGNED + 20 * DAY, SIGNED + 27 * DAY);
            list.entries.push(CrlEntry::new(signer, at).unwrap());
            list
        }
    };
    let fine = fine();
    for level in Level::ALL {
        let mut push = |name: &str, lists: Vec<Vec<u8>>, responses: Vec<Vec<u8>>| {
            let mut case = Case::new(world, level, signer).evidence(authorities_good());
            case.evidence.crls.extend(lists);
            case.evidence.ocsps.extend(responses);
            cases.push(case.named(format!("several/{}/{name}", level.name())));
        };
        push(
            "list-good-response-good",
            vec![fine.list(signer, issuing)],
            vec![fine.response(signer, issuing, responder)],
        );
        push(
            "older-list-good-response-revoked-before",
            vec![early(fine).signed_by(issuing).unwrap()],
            vec![before.response(signer, issuing, responder)],
        );
        push(
            "older-list-good-response-revoked-after",
            vec![early(fine).signed_by(issuing).unwrap()],
            vec![after.response(signer, issuing, responder)],
        );
        push(
            "older-list-revoked-before-response-good",
            vec![early(before).signed_by(issuing).unwrap()],
            vec![fine.response(signer, issuing, responder)],
        );
        push(
            "older-list-revoked-after-response-good",
            vec![early(after).signed_by(issuing).unwrap()],
            vec![fine.response(signer, issuing, responder)],
        );
        push(
            "older-and-newer-list-good",
            vec![
                early(fine).signed_by(issuing).unwrap(),
                fine.list(signer, issuing),
            ],
            Vec::new(),
        );
        let mut held = CrlRecipe::new(SIGNED + 20 * DAY, SIGNED + 27 * DAY);
        let entry = CrlEntry::new(signer, SIGNED + 10 * DAY).unwrap();
        held.entries
            .push(entry.because(RevocationReason::CertificateHold));
        push(
            "held-then-released",
            vec![held.signed_by(issuing).unwrap(), fine.list(signer, issuing)],
            Vec::new(),
        );
    }
}
