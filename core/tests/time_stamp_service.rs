//! Time-stamps over HTTP: who is asked how often, and which answers are not used.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::net::Net;
use common::{only, world};
use kyso::crypto::{Digest, DigestAlgorithm};
use kyso::fetch::{Request, Wanted};
use kyso::sign::{self, Level, TimeStampService, TimeStamper};
use kyso::tsp::TimeStampToken;
use kyso::verdict::FetchFault;
use kyso::{Error, ErrorKind, Lang, Limits};
use kyso_sandbox::{OrganisationProfile, TimeStampRefusal, plain_pdf};

const FIRST: &str = "http://tsa.example.vn/";
const SECOND: &str = "http://tsa2.example.vn/tsa";

fn net() -> Net {
    let world = world();
    Net::new(&world.authority, &[&world.person], world.now.unix())
}

fn pool(net: &Net) -> TimeStampService {
    TimeStampService::new(net.clone(), [FIRST, SECOND]).unwrap()
}

fn digest(algorithm: DigestAlgorithm) -> Digest {
    Digest::of(algorithm, b"a signature value")
}

fn stamp(service: &TimeStampService) -> Result<Vec<u8>, Error> {
    service.time_stamp(&digest(DigestAlgorithm::Sha256))
}

#[track_caller]
fn refused(service: &TimeStampService) -> String {
    let error = stamp(service).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fetch);
    assert!(error.message(Lang::Vi).contains("dấu thời gian"));
    error.message(Lang::En)
}

/// Fails at the first address with `fault`, `times` times.
fn failing(fault: FetchFault, times: usize) -> Net {
    let count = Arc::new(AtomicUsize::new(0));
    net().ruled(move |request: &Request| {
        let is_first = request.address.to_string() == FIRST;
        let fails = is_first && count.fetch_add(1, Ordering::SeqCst) < times;
        fails.then(|| Err(fault.clone()))
    })
}

#[test]
fn a_token_is_asked_for_with_a_fresh_nonce_by_each_of_three_hashes() {
    for algorithm in [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ] {
        let net = net();
        let service = pool(&net).digest(algorithm).unwrap();
        let tokens: Vec<Vec<u8>> = (0..2)
            .map(|_| service.time_stamp(&digest(algorithm)).unwrap())
            .collect();
        let nonces: Vec<Vec<u8>> = tokens
            .iter()
            .map(|token| {
                let token = TimeStampToken::parse(token, &Limits::default()).unwrap();
                assert!(token.info.covers(&digest(algorithm)));
                token.info.nonce.unwrap()
            })
            .collect();
        assert_ne!(nonces[0], nonces[1]);
        assert!(nonces.iter().all(|nonce| nonce.len() == 8));
        assert_eq!(net.asked(), [FIRST, FIRST]);
        let input = plain_pdf::pdf_with_table();
        let signed = sign::pdf(&input, world().now)
            .sign_at(&world().person_key(), Level::BT(&service))
            .unwrap();
        let report = world().verifier().verify(&signed.to_vec());
        assert_eq!(only(&report).format(), "PAdES-BASELINE-T");
    }
    assert!(pool(&net()).digest(DigestAlgorithm::Sha1).is_err());
}

#[test]
fn the_next_address_is_asked_where_the_first_one_fails_and_nobody_waits_for_it() {
    for fault in [
        FetchFault::Timeout,
        FetchFault::Status { status: 404 },
        FetchFault::Redirect { status: 302 },
    ] {
        let net = failing(fault, usize::MAX);
        stamp(&pool(&net)).unwrap();
        assert_eq!(net.asked(), [FIRST, SECOND]);
        assert!(net.paused().is_empty());
    }
}

#[test]
fn only_what_may_pass_is_asked_for_again_and_not_for_ever() {
    let alone = |net: &Net| TimeStampService::new(net.clone(), [FIRST]).unwrap();
    let transient = [
        FetchFault::Timeout,
        FetchFault::Unreachable {
            detail: "connection refused".into(),
        },
        FetchFault::Status { status: 503 },
        FetchFault::Status { status: 429 },
    ];
    for fault in transient {
        let net = failing(fault.clone(), 2);
        stamp(&alone(&net)).unwrap();
        assert_eq!(
            (net.asked().len(), net.paused()),
            (3, vec![1, 2]),
            "{fault:?}"
        );
        let net = failing(fault.clone(), 3);
        assert!(refused(&alone(&net)).contains(FIRST), "{fault:?}");
        assert_eq!(net.asked().len(), 3, "{fault:?}");
        let net = failing(fault, 3);
        stamp(&alone(&net).attempts(4)).unwrap();
    }
    let lasting = [
        FetchFault::Status { status: 400 },
        FetchFault::Status { status: 404 },
        FetchFault::Redirect { status: 301 },
        FetchFault::Forbidden {
            ip: "10.0.0.1".into(),
        },
        FetchFault::TooLarge { limit: 1 },
    ];
    for fault in lasting {
        let net = failing(fault.clone(), 1);
        refused(&alone(&net));
        assert_eq!((net.asked().len(), net.paused().len()), (1, 0), "{fault:?}");
    }
}

#[test]
fn each_address_and_what_it_said_is_told_where_none_gives_a_token() {
    let net = net().ruled(|request| {
        assert_eq!(request.wanted, Wanted::TimeStamp);
        Some(match request.address.to_string().as_str() {
            FIRST => Err(FetchFault::Timeout),
            _ => Ok(TimeStampRefusal::UnacceptedPolicy.to_der("không cấp\u{1b}[31m")),
        })
    });
    let message = refused(&pool(&net));
    assert!(
        message.contains(FIRST) && message.contains(SECOND),
        "{message}"
    );
    assert!(message.contains("unacceptedPolicy"), "{message}");
    assert!(!message.contains('\u{1b}'), "{message}");
    // The refusal is final, the time-out is not.
    assert_eq!(net.asked(), [FIRST, SECOND, FIRST, FIRST]);
}

#[test]
fn a_service_that_has_no_time_at_the_moment_is_asked_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let net = net().ruled(move |_| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        first.then(|| Ok(TimeStampRefusal::TimeNotAvailable.to_der("")))
    });
    stamp(&TimeStampService::new(net.clone(), [FIRST]).unwrap()).unwrap();
    assert_eq!(net.asked().len(), 2);
}

#[test]
fn an_answer_that_is_not_the_one_to_this_question_is_not_used() {
    let other = net();
    let replayed = other.clone();
    let faults: Vec<(&str, Net)> = vec![
        (
            "nonce",
            net().changing(|recipe| recipe.nonce = Some(vec![7; 8])),
        ),
        ("nonce", net().changing(|recipe| recipe.nonce = None)),
        (
            "cannot be used",
            net().changing(|recipe| recipe.imprint[0] ^= 1),
        ),
        (
            "cannot be used",
            net().changing(|recipe| recipe.message_digest = Some(vec![0; 32])),
        ),
        (
            "cannot be used",
            net().changing(|recipe| {
                recipe.own_certificate = false;
                recipe.certificates.clear();
            }),
        ),
        (
            "no time-stamp response",
            net().ruled(|_| Some(Ok(b"<html>".to_vec()))),
        ),
        (
            "no time-stamp response",
            net().ruled(|_| Some(Ok(Vec::new()))),
        ),
        (
            "cannot be used",
            net().stamped_by(
                world()
                    .authority
                    .organisation(&OrganisationProfile::example())
                    .unwrap(),
            ),
        ),
        (
            "nonce",
            net().ruled(move |_| {
                let question =
                    kyso::tsp::request(&digest(DigestAlgorithm::Sha256), None, Some(&[0x11; 8]));
                Some(Ok(replayed.stamp(&question.unwrap())))
            }),
        ),
    ];
    for (what, net) in faults {
        let service = TimeStampService::new(net.clone(), [FIRST]).unwrap();
        let message = refused(&service);
        assert!(message.contains(what), "{what}: {message}");
        assert_eq!(net.asked().len(), 1, "{what}");
    }
    // The next address is asked all the same.
    let good = net();
    let spoiled = good.clone();
    let net = good.clone().ruled(move |request| {
        let question = request.body.as_ref().unwrap();
        let is_first = request.address.to_string() == FIRST;
        is_first.then(|| {
            let strange = spoiled.clone().changing(|recipe| recipe.imprint[0] ^= 1);
            Ok(strange.stamp(question))
        })
    });
    stamp(&pool(&net)).unwrap();
    assert_eq!(net.asked(), [FIRST, SECOND]);
}

#[test]
fn a_token_under_another_policy_than_was_asked_for_is_not_used() {
    let policy: kyso::der::Oid = "1.2.3.4".parse().unwrap();
    stamp(&pool(&net()).policy(policy)).unwrap();
    let other = net().changing(|recipe| recipe.policy = "1.2.3.5".into());
    let message = refused(&pool(&other).policy(policy));
    assert!(message.contains("another policy (1.2.3.5)"), "{message}");
}

#[test]
fn a_service_has_from_one_to_sixteen_addresses_that_may_be_asked() {
    let none: [&str; 0] = [];
    assert!(TimeStampService::new(net(), none).is_err());
    assert!(TimeStampService::new(net(), [FIRST; 17]).is_err());
    for wrong in [
        "tsa.example.vn",
        "ftp://tsa.example.vn/",
        "http://a@tsa.example.vn/",
    ] {
        let error = TimeStampService::new(net(), [wrong]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{wrong}");
    }
}
