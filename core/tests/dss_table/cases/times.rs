//! When it is judged: long ago, in many years, to the second.

use kyso_sandbox::{CrlRecipe, RevocationReason};

use crate::case::{Case, Level, Stamp};
use crate::cases::{SAID, WEEK, Word, all_good, authorities_good, good, good_at, revoked};
use crate::world::{DAY, HOUR, NOW, SIGNED, world};

pub(super) fn times(cases: &mut Vec<Case>) {
    let world = world();
    for level in Level::ALL {
        for (when, at) in [
            ("a-year-before", SIGNED - 400 * DAY),
            ("a-minute-before", SIGNED - 60),
            ("at-once", SIGNED + 2 * HOUR),
            ("a-week-later", SIGNED + 6 * DAY),
            ("in-a-year", NOW + 365 * DAY),
            ("in-four-years", NOW + 4 * 365 * DAY),
            ("in-nine-years", NOW + 9 * 365 * DAY),
            ("in-twenty-years", NOW + 20 * 365 * DAY),
        ] {
            let case = Case::new(world, level, &world.signer)
                .evidence(good_at(SIGNED + HOUR / 2))
                .evidence(all_good())
                .at(at);
            cases.push(case.named(format!("time/{}/{when}", level.name())));
        }
    }
    for (name, claimed) in [
        ("none", None),
        ("future", Some(NOW + 10 * DAY)),
        ("before-certificate", Some(SIGNED - 500 * DAY)),
    ] {
        for level in [Level::B, Level::T] {
            let mut case = good(level);
            case.claimed = claimed;
            cases.push(case.named(format!("claimed/{}/{name}", level.name())));
        }
    }
}

/// Evidence gathered at once and sealed, judged when everything has ended.
pub(super) fn long_term(cases: &mut Vec<Case>) {
    let world = world();
    let sealed = |signer, tsa| {
        let mut case = Case::new(world, Level::Lta, signer).evidence(good_at(SIGNED + HOUR / 2));
        case.stamps = vec![Stamp::new(tsa, SIGNED + 5)];
        case.document_stamps = vec![Stamp::new(&world.tsa, SIGNED + HOUR)];
        case
    };
    for (when, at) in [
        ("soon", SIGNED + 2 * DAY),
        ("now", NOW),
        ("in-four-years", NOW + 4 * 365 * DAY),
    ] {
        // The newest time-stamp has to be judged by itself: a word about its server is at hand.
        let with_word = |mut case: Case| {
            let list = CrlRecipe::new(at - DAY / 4, at + WEEK)
                .signed_by(&world.root)
                .unwrap();
            case.evidence.crls.push(list);
            case
        };
        for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
            for (which, tsa) in [("tsa", &world.tsa), ("ended-tsa", &world.tsa_ended)] {
                let case = sealed(signer, tsa).at(at);
                cases.push(case.named(format!("sealed/{who}/{which}/{when}/no-new-word")));
                let mut case = sealed(signer, tsa).at(at);
                // A second store and a second seal, a day before it is judged.
                case = with_word(case);
                if at > SIGNED + DAY {
                    case.document_stamps.push(Stamp::new(&world.tsa, at - HOUR));
                }
                cases.push(case.named(format!("sealed/{who}/{which}/{when}/new-word")));
            }
        }
    }
    // The server of the first time-stamp was revoked after the seal, or before it.
    for (when, at) in [("before", SIGNED + HOUR / 3), ("after", SIGNED + 10 * DAY)] {
        for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
            let word = revoked(at, Some(RevocationReason::KeyCompromise));
            let mut case = sealed(signer, &world.tsa_rsa);
            case.evidence
                .crls
                .push(word.list(&world.tsa_rsa, &world.root));
            case.document_stamps
                .push(Stamp::new(&world.tsa, NOW - HOUR));
            cases.push(case.named(format!("sealed/{who}/revoked-tsa/{when}-the-seal")));
        }
    }
    let mut tampered = sealed(&world.ended, &world.tsa);
    tampered.document_stamps[0] = Stamp::new(&world.tsa, SIGNED + HOUR)
        .with(|recipe| recipe.message_digest = Some(vec![1; 32]));
    cases.push(tampered.named("sealed/ended/tsa/now/broken-seal"));
    let mut weak = sealed(&world.rsa_short, &world.tsa);
    weak.at = NOW;
    cases.push(weak.named("sealed/short-rsa/tsa/now/no-new-word"));
}

pub(super) fn edges(cases: &mut Vec<Case>) {
    let world = world();
    let ended = SIGNED + 30 * DAY;
    for (name, delta) in [("before", -1), ("at", 0), ("after", 1)] {
        let stamped = |signer, time| {
            let mut case = Case::new(world, Level::T, signer).evidence(authorities_good());
            case.stamps = vec![Stamp::new(&world.tsa, time)];
            case
        };
        let at = SIGNED + 10 * DAY;
        for (word, reason) in [
            ("revocation", None),
            ("hold", Some(RevocationReason::CertificateHold)),
        ] {
            let list = revoked(at, reason).list(&world.signer, &world.issuing);
            let case = stamped(&world.signer, at + delta).crl(list);
            cases.push(case.named(format!("edge/stamp/{name}-the-{word}")));
        }
        let list = revoked(at, None).list(&world.signer, &world.issuing);
        let mut case = Case::new(world, Level::B, &world.signer)
            .evidence(authorities_good())
            .crl(list);
        case.content_stamps = vec![Stamp::new(&world.tsa, at + delta)];
        cases.push(case.named(format!("edge/content-stamp/{name}-the-revocation")));

        let long = Word::Good {
            at: SIGNED + DAY,
            valid: 200 * DAY,
        };
        let list = || long.list(&world.ended, &world.issuing);
        let case = stamped(&world.ended, ended + delta).crl(list());
        cases.push(case.named(format!("edge/stamp/{name}-the-end")));
        let mut case = Case::new(world, Level::B, &world.ended)
            .evidence(authorities_good())
            .crl(list());
        case.content_stamps = vec![Stamp::new(&world.tsa, ended + delta)];
        cases.push(case.named(format!("edge/content-stamp/{name}-the-end")));
        let case = stamped(&world.later, SIGNED + 30 * DAY + delta)
            .crl(long.list(&world.later, &world.issuing));
        cases.push(case.named(format!("edge/stamp/{name}-the-beginning")));

        for level in [Level::B, Level::T] {
            let case = Case::new(world, level, &world.ended)
                .evidence(good_at(ended - DAY))
                .at(ended + delta);
            cases.push(case.named(format!("edge/judged/{}/{name}-the-end", level.name())));
            let case = Case::new(world, level, &world.signer)
                .evidence(good_at(SAID))
                .at(SAID + delta);
            cases.push(case.named(format!("edge/judged/{}/{name}-the-word", level.name())));
            // The granted tolerance of clocks is five minutes.
            let case = Case::new(world, level, &world.signer)
                .evidence(good_at(SIGNED + 10 * DAY))
                .at(SIGNED + 17 * DAY + delta);
            cases.push(case.named(format!("edge/judged/{}/{name}-the-next-word", level.name())));
        }
        // Both by one server with an accuracy of a second.
        let mut case = good(Level::T);
        case.content_stamps = vec![Stamp::new(&world.tsa, SIGNED + 5 + 2 * delta)];
        cases.push(case.named(format!("edge/content-stamp/{name}-the-stamp")));
    }
}
