//! Periods, anchors and what may stand in a path.

use kyso_sandbox::Issued;

use crate::case::{Case, Level};
use crate::cases::{SAID, all_good, authorities_good, empty, good, revoked, words};
use crate::world::{DAY, SIGNED, world};

pub(super) fn periods(cases: &mut Vec<Case>) {
    let world = world();
    for (who, signer) in [("later", &world.later), ("future", &world.future)] {
        for level in Level::ALL {
            let case = Case::new(world, level, signer).evidence(all_good());
            cases.push(case.named(format!("{who}/{}", level.name())));
        }
    }
    // Lists that are older than the certificate they say nothing about.
    for level in Level::ALL {
        for (name, word) in words()
            .into_iter()
            .filter(|(name, _)| name.starts_with("good"))
        {
            let case = Case::new(world, level, &world.young)
                .evidence(authorities_good())
                .crl(word.list(&world.young, &world.issuing));
            cases.push(case.named(format!("young/{}/{name}", level.name())));
        }
    }
    for level in Level::ALL {
        let case = || {
            let mut case = Case::new(world, level, &world.ended_issuing_signer);
            case.chain = vec![&world.ended_issuing];
            case.crl(empty(&world.root, SAID))
        };
        // Its lists end with the authority.
        let fresh = case().crl(empty(&world.ended_issuing, SIGNED + DAY));
        cases.push(fresh.named(format!("ended-authority/{}/word-in-time", level.name())));
        let late = case().crl(empty(&world.ended_issuing, SAID));
        cases.push(late.named(format!("ended-authority/{}/word-too-late", level.name())));
        let none = case();
        cases.push(none.named(format!("ended-authority/{}/none", level.name())));
    }
}

pub(super) fn paths(cases: &mut Vec<Case>) {
    let world = world();
    for level in [Level::B, Level::T, Level::Lt] {
        let mut push = |name: &str, case: Case| {
            cases.push(case.named(format!("path/{}/{name}", level.name())));
        };
        let under = |signer: &'static Issued, issuer: &'static Issued| {
            let mut case = Case::new(world, level, signer);
            case.chain = vec![issuer];
            case.crl(empty(issuer, SAID)).evidence(all_good())
        };
        push("of-nobody", under(&world.stranger_signer, &world.stranger));
        push(
            "issuer-on-short-rsa",
            under(&world.short_issuing_signer, &world.short_issuing),
        );
        push(
            "issuer-is-no-authority",
            under(&world.no_authority_signer, &world.no_authority),
        );
        push(
            "issuer-may-not-issue",
            under(&world.may_not_issue_signer, &world.may_not_issue),
        );
        let mut deep = under(&world.too_deep_signer, &world.too_deep);
        deep.chain.push(&world.issuing);
        push("too-deep", deep);
        push("unknown-critical", under(&world.odd, &world.issuing));
        push("encipherer", under(&world.encipherer, &world.issuing));
        push("without-usage", under(&world.plain, &world.issuing));

        let mut leaf = good(level);
        leaf.chain.clear();
        push("leaf-alone", leaf);
        let mut leaf = good(level);
        leaf.chain.clear();
        leaf.evidence
            .certificates
            .push(world.issuing.certificate_der.clone());
        push("issuer-beside", leaf);
        let mut whole = good(level);
        whole.chain.push(&world.root);
        push("root-inside", whole);

        let mut middle = good(level);
        middle.anchors = vec![&world.issuing, &world.root];
        push("issuing-is-anchor", middle);
        let mut own = good(level);
        own.anchors = vec![&world.signer, &world.root];
        push("signer-is-anchor", own);
        let mut nobody = good(level);
        nobody.anchors = vec![&world.stranger];
        push("other-anchor", nobody);
        let mut ended = Case::new(world, level, &world.ended).evidence(all_good());
        ended.anchors = vec![&world.ended, &world.root];
        push("ended-signer-is-anchor", ended);
    }
}

pub(super) fn keys_and_depth(cases: &mut Vec<Case>) {
    let world = world();
    for level in [Level::B, Level::T, Level::Lt, Level::Lta] {
        let mut push = |name: &str, case: Case| {
            cases.push(case.named(format!("keys/{}/{name}", level.name())));
        };
        let renewed = || {
            let mut case = Case::new(world, level, &world.renewed_signer);
            case.chain = vec![&world.renewed, &world.issuing];
            case.evidence(authorities_good())
        };
        push("own-list", renewed().crl(empty(&world.renewed, SAID)));
        push(
            "list-of-the-former-key",
            renewed().crl(empty(&world.issuing, SAID)),
        );
        let gone = revoked(SIGNED - DAY, None).list(&world.renewed_signer, &world.issuing);
        push("revoked-by-the-former-key", renewed().crl(gone));
        let gone = revoked(SIGNED - DAY, None).list(&world.renewed_signer, &world.renewed);
        push("revoked-by-the-own-key", renewed().crl(gone));
        let mut case = Case::new(world, level, &world.renewed_signer).evidence(all_good());
        case.chain = vec![&world.issuing];
        push("only-the-former-key", case.crl(empty(&world.renewed, SAID)));

        let deep = || {
            let mut case = Case::new(world, level, &world.lower_signer);
            case.chain = vec![&world.lower, &world.middle];
            case.evidence(authorities_good())
        };
        let fine = || deep().crl(empty(&world.lower, SAID));
        push("four-deep", fine().crl(empty(&world.middle, SAID)));
        push("four-deep-without-a-word", fine());
        for (name, at) in [("before", SIGNED - 10 * DAY), ("after", SIGNED + 10 * DAY)] {
            let word = revoked(at, None);
            let lower = fine().crl(word.list(&world.lower, &world.middle));
            push(&format!("lower-revoked-{name}"), lower);
            let mut middle = deep();
            middle.evidence.crls = vec![
                word.list(&world.middle, &world.root),
                empty(&world.middle, SAID),
                empty(&world.lower, SAID),
            ];
            push(&format!("middle-revoked-{name}"), middle);
            let signer = deep().crl(empty(&world.middle, SAID));
            let signer = signer.crl(word.list(&world.lower_signer, &world.lower));
            push(&format!("deep-signer-revoked-{name}"), signer);
        }
        let mut case = fine().crl(empty(&world.middle, SAID));
        case.anchors = vec![&world.middle, &world.root];
        push("middle-is-anchor", case);
    }
}
