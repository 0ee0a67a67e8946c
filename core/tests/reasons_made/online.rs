//! What could not be fetched, and why.

use std::collections::BTreeSet;

use kyso::Limits;
use kyso::fetch::{Cache, CacheFault, CacheKey, Kept, Recorded};
use kyso::verdict::FetchFault;
use kyso_sandbox::{OcspRecipe, OcspRefusal, OcspStatus};

use super::{Case, DAY, NOW, Time, plain, world};

pub(super) fn cases() -> Vec<Case> {
    let world = world();
    let file = plain(world);
    let base = "http://127.0.0.1:8085";
    let ocsp = format!("{base}/ocsp");
    let judge = || {
        world.judge().with(|judge| {
            judge.root_list = None;
            judge.issuing_list = None;
        })
    };
    let mut found = BTreeSet::new();
    for fault in [
        FetchFault::Address {
            what: "a port that is not the usual one",
        },
        FetchFault::Forbidden {
            ip: "10.0.0.1".into(),
        },
        FetchFault::Unreachable {
            detail: "connection refused".into(),
        },
        FetchFault::Timeout,
        FetchFault::Redirect { status: 302 },
        FetchFault::Status { status: 404 },
        FetchFault::TooLarge { limit: 1_000 },
    ] {
        let recorded = Recorded::new().fail(&ocsp, fault);
        found.extend(super::super::all(
            &judge().verifier().fetch(recorded).verify(&file),
        ));
    }
    let mut other = OcspRecipe::about(
        &world.person,
        &world.authority.issuing,
        OcspStatus::Good,
        NOW,
        NOW + DAY,
    )
    .unwrap();
    other.nonce = Some(vec![7; 32]);
    for answer in [
        other.signed_by(&world.authority.issuing).unwrap(),
        OcspRefusal::TryLater.to_der(),
        b"<html>".to_vec(),
    ] {
        let recorded = Recorded::new().answer(&ocsp, answer);
        found.extend(super::super::all(
            &judge().verifier().fetch(recorded).verify(&file),
        ));
    }
    let mut limits = Limits::default();
    limits.fetches = 0;
    let verifier = judge().verifier().limits(limits).fetch(Recorded::new());
    found.extend(super::super::all(&verifier.verify(&file)));
    let verifier = judge().verifier().cache(Damaged);
    found.extend(super::super::all(&verifier.verify(&file)));
    let verifier = judge().with(|judge| judge.issuing = None).verifier();
    found.extend(super::super::all(
        &verifier.fetch(Recorded::new()).verify(&file),
    ));
    vec![Case {
        name: "not-fetched",
        found: Some(found),
    }]
}

/// Everything in it was changed.
struct Damaged;

impl Cache for Damaged {
    fn get(&self, _: &CacheKey) -> Result<Option<Kept>, CacheFault> {
        Err(CacheFault)
    }

    fn put(&self, _: &CacheKey, _: &[u8], _: Time) {}
}
