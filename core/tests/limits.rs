//! Every limit, lowered to nothing: what a file is worth may then be unknown, never better, and what
//! changed is said to be a limit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use kyso::{Indication, Lang, Limits, Policy, Revocation};
use kyso_sandbox::plain_pdf;

#[test]
fn a_limit_that_is_reached_is_said_and_never_passes() {
    let world = common::world();
    let verifier = world
        .verifier()
        .policy(Policy::default().revocation(Revocation::None));
    let mut reached = Vec::new();
    for input in [
        plain_pdf::pdf_with_table(),
        plain_pdf::pdf_with_xref_stream(),
    ] {
        let signed = kyso::sign::pdf(&input, world.now)
            .reserve(0)
            .sign(&world.person_key())
            .unwrap()
            .to_vec();
        let usual = verifier.verify(&signed);
        assert_eq!(usual.indication(), Some(Indication::TotalPassed));
        let usual = usual.to_json(Lang::En);
        for name in Limits::NAMES {
            for value in [0, 1] {
                let mut limits = Limits::default();
                assert!(limits.set(name, value));
                let report = verifier.clone().limits(limits).verify(&signed);
                let json = report.to_json(Lang::En);
                if json == usual {
                    continue;
                }
                reached.push(*name);
                let passed = report.indication() == Some(Indication::TotalPassed);
                let said = [
                    "limit.reached",
                    "input.too_large",
                    "path.limit",
                    "too_many_objects",
                ]
                .iter()
                .any(|code| json.contains(code));
                assert!(!passed, "{name} = {value} passes: {json}");
                assert!(said, "{name} = {value} is no limit in {json}");
            }
        }
    }
    reached.sort_unstable();
    reached.dedup();
    println!("{reached:?}");
    for name in [
        "pdf_depth",
        "pdf_revisions",
        "pdf_stream",
        "pdf_streams_total",
        "signatures",
        "asn1_depth",
        "cms_size",
    ] {
        assert!(reached.contains(&name), "{name} was not reached");
    }
}
