//! Time-stamp servers, tokens, and time-stamps over the content.

use kyso_sandbox::{CertificateReference, ExtraExtension, Hash, Scheme};

use crate::case::{Case, Level, Stamp};
use crate::cases::{SAID, WEEK, Word, all_good, authorities_good, empty, good, good_at, revoked};
use crate::world::{DAY, HOUR, NOW, SIGNED, world};

pub(super) fn stampers(cases: &mut Vec<Case>) {
    let world = world();
    for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
        for (name, tsa) in [
            ("ended", &world.tsa_ended),
            ("gone", &world.tsa_gone),
            ("without-purpose", &world.tsa_without_purpose),
            ("not-critical", &world.tsa_not_critical),
            ("two-purposes", &world.tsa_two_purposes),
            ("of-nobody", &world.stranger_tsa),
            ("on-rsa", &world.tsa_rsa),
            ("on-short-rsa", &world.tsa_rsa_short),
            ("is-the-signer", &world.signer),
        ] {
            for level in [Level::T, Level::Lta] {
                let mut case = Case::new(world, level, signer)
                    .evidence(good_at(SIGNED + DAY))
                    .crl(empty(&world.root, SAID));
                case.stamps = vec![Stamp::new(tsa, SIGNED + 5)];
                cases.push(case.named(format!("tsa/{who}/{}/{name}", level.name())));
            }
            let mut case = Case::new(world, Level::D, signer)
                .evidence(good_at(SIGNED + DAY))
                .crl(empty(&world.root, SAID));
            case.document_stamps = vec![Stamp::new(tsa, SIGNED + HOUR)];
            cases.push(case.named(format!("tsa/{who}/D/{name}")));
        }
    }
}

pub(super) fn tokens(cases: &mut Vec<Case>) {
    let world = world();
    let tsa = &world.tsa;
    let usual = || Stamp::new(tsa, SIGNED + 5);
    for (who, signer) in [("signer", &world.signer), ("ended", &world.ended)] {
        let mut push = |name: &str, stamps: Vec<Stamp>| {
            let mut case = Case::new(world, Level::B, signer)
                .evidence(good_at(SIGNED + DAY))
                .evidence(all_good());
            case.stamps = stamps;
            cases.push(case.named(format!("token/{who}/{name}")));
        };
        let other = Hash::Sha256.of(b"something else");
        push(
            "other-imprint",
            vec![usual().with(move |recipe| recipe.imprint = other.clone())],
        );
        push("future", vec![Stamp::new(tsa, NOW + DAY)]);
        push(
            "before-certificate",
            vec![Stamp::new(tsa, SIGNED - 500 * DAY)],
        );
        push("two", vec![usual(), Stamp::new(tsa, SIGNED + DAY)]);
        push(
            "one-of-nobody",
            vec![usual(), Stamp::new(&world.stranger_tsa, SIGNED + 5)],
        );
        push(
            "without-certificate",
            vec![usual().with(|recipe| recipe.own_certificate = false)],
        );
        let another = world.tsa_rsa.certificate_der.clone();
        push(
            "names-another",
            vec![usual().with(move |recipe| {
                recipe.reference = CertificateReference::ToAnother(another.clone());
            })],
        );
        push(
            "names-nobody",
            vec![usual().with(|recipe| recipe.reference = CertificateReference::Absent)],
        );
        push(
            "names-by-sha-1",
            vec![usual().with(|recipe| recipe.reference = CertificateReference::V1)],
        );
        push(
            "message-digest",
            vec![usual().with(|recipe| recipe.message_digest = Some(vec![7; 32]))],
        );
        push(
            "critical-extension",
            vec![
                usual().with(|recipe| recipe.extensions = vec![ExtraExtension::unknown_critical()]),
            ],
        );
        push(
            "names-the-tsa",
            vec![usual().with(|recipe| recipe.names_signer = true)],
        );
        push(
            "without-accuracy",
            vec![usual().with(|recipe| recipe.accuracy = None)],
        );
        for hash in Hash::ALL {
            let mut stamp = usual();
            stamp.hash = hash;
            push(&format!("imprint-{hash:?}").to_lowercase(), vec![stamp]);
        }
        push(
            "signed-by-sha-1",
            vec![usual().with(|recipe| {
                recipe.hash = Hash::Sha1;
                recipe.scheme = Scheme::Usual(Hash::Sha1);
            })],
        );
        push(
            "signed-by-sha-512",
            vec![usual().with(|recipe| {
                recipe.hash = Hash::Sha512;
                recipe.scheme = Scheme::Usual(Hash::Sha512);
            })],
        );
    }
}

pub(super) fn content_stamps(cases: &mut Vec<Case>) {
    let world = world();
    for level in [Level::B, Level::T] {
        for (when, time) in [
            ("before", SIGNED - HOUR),
            ("after-the-stamp", SIGNED + DAY),
            ("after-revocation", SIGNED + 20 * DAY),
            ("after-the-end", SIGNED + 35 * DAY),
        ] {
            for (name, signer, word) in [
                (
                    "good",
                    &world.signer,
                    Word::Good {
                        at: SAID,
                        valid: WEEK,
                    },
                ),
                ("revoked", &world.signer, revoked(SIGNED + 10 * DAY, None)),
                (
                    "ended",
                    &world.ended,
                    Word::Good {
                        at: SIGNED + DAY,
                        valid: 200 * DAY,
                    },
                ),
                (
                    "ended-and-stale",
                    &world.ended,
                    Word::Good {
                        at: SIGNED + DAY,
                        valid: WEEK,
                    },
                ),
            ] {
                let mut case = Case::new(world, level, signer)
                    .evidence(authorities_good())
                    .crl(word.list(signer, &world.issuing));
                case.content_stamps = vec![Stamp::new(&world.tsa, time)];
                cases.push(case.named(format!("content/{}/{when}/{name}", level.name())));
            }
        }
        let mut case = good(level);
        case.content_stamps = vec![Stamp::new(&world.stranger_tsa, SIGNED - HOUR)];
        cases.push(case.named(format!("content/{}/of-nobody", level.name())));
        let mut case = good(level);
        let other = Hash::Sha256.of(b"something else");
        case.content_stamps = vec![
            Stamp::new(&world.tsa, SIGNED - HOUR)
                .with(move |recipe| recipe.imprint = other.clone()),
        ];
        cases.push(case.named(format!("content/{}/other-imprint", level.name())));
    }
}
