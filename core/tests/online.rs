//! Judging with somebody to ask: who is asked and who is not, what an answer changes, and what is
//! said where none came. The answers are the sandbox's; there is no socket.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use common::{codes, only};
use kyso::fetch::{
    Cache, CacheFault, CacheKey, Fetch, FetchError, Kept, Recorded, Request, Wanted,
};
use kyso::path::PathInputs;
use kyso::report::{PathAnswer, Report};
use kyso::verdict::FetchFault;
use kyso::{
    Certificate, Indication, Lang, Limits, Policy, Revocation, SubIndication, Time, TrustStore,
    Verifier,
};
use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued, OcspRecipe, OcspRefusal, OcspRequest,
    OcspStatus, PersonProfile, Settings, TimeStampRecipe,
};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;
const BASE: &str = "http://pki.example.vn";

struct World {
    authority: Authority,
    person: Issued,
}

impl World {
    fn new() -> Arc<Self> {
        let mut settings = Settings::quick(NOW);
        settings.base_address = BASE.to_owned();
        let authority = Authority::new(&settings).unwrap();
        Arc::new(World {
            person: authority.person(&PersonProfile::example()).unwrap(),
            authority,
        })
    }

    /// Signed with the certificate of the issuing authority inside, or without.
    fn signed(&self, certificates: &[&Issued]) -> SignedPdf {
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            recipe.certificates = certificates
                .iter()
                .map(|issued| issued.certificate_der.clone())
                .collect();
            recipe.signed_by(&self.person)?.to_der()
        })
        .unwrap();
        pdf
    }

    fn with_issuer(&self) -> SignedPdf {
        self.signed(&[&self.authority.issuing])
    }

    fn verifier(&self) -> Verifier {
        let root = self.authority.root.certificate_pem();
        Verifier::new(Time::from_unix(NOW)).trust(TrustStore::from_pem(root.as_bytes()).unwrap())
    }

    fn list(&self, issuer: &Issued, this_update: i64, entries: Vec<CrlEntry>) -> Vec<u8> {
        let mut list = CrlRecipe::new(this_update, this_update + 7 * DAY);
        list.number = Some(1);
        list.entries = entries;
        list.signed_by(issuer).unwrap()
    }

    fn revoked(&self, at: i64) -> Vec<CrlEntry> {
        vec![CrlEntry::new(&self.person, at).unwrap()]
    }

    fn ocsp(&self, status: OcspStatus, this_update: i64, nonce: Option<Vec<u8>>) -> Vec<u8> {
        let issuing = &self.authority.issuing;
        let mut answer = OcspRecipe::about(
            &self.person,
            issuing,
            status,
            this_update,
            this_update + DAY,
        )
        .unwrap();
        answer.nonce = nonce;
        answer.signed_by(issuing).unwrap()
    }
}

fn pem(list: &[u8]) -> Vec<u8> {
    let base64 = base64_simd::STANDARD.encode_to_string(list);
    format!("-----BEGIN X509 CRL-----\n{base64}\n-----END X509 CRL-----\n").into_bytes()
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

type Answer = Result<Vec<u8>, FetchFault>;

type Responder = dyn Fn(&World, OcspRequest) -> Answer + Send + Sync;

/// The authority's server, and what was asked of it.
#[derive(Clone)]
struct Server {
    world: Arc<World>,
    ocsp: Arc<Responder>,
    pages: HashMap<&'static str, Answer>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Everything is good, answered at `NOW`.
    fn good(world: &Arc<World>) -> Self {
        let lists = [
            ("/root.crl", &world.authority.root),
            ("/issuing.crl", &world.authority.issuing),
        ];
        let mut pages: HashMap<&'static str, Answer> = lists
            .into_iter()
            .map(|(path, issuer)| (path, Ok(world.list(issuer, NOW, Vec::new()))))
            .collect();
        let issuing = world.authority.issuing.certificate_der.clone();
        pages.insert("/issuing.crt", Ok(issuing));
        Self {
            world: world.clone(),
            ocsp: Arc::new(|world, request| Ok(world.ocsp(OcspStatus::Good, NOW, request.nonce))),
            pages,
            asked: Arc::default(),
        }
    }

    fn ocsp(
        mut self,
        answer: impl Fn(&World, OcspRequest) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.ocsp = Arc::new(answer);
        self
    }

    fn page(mut self, path: &'static str, answer: Answer) -> Self {
        self.pages.insert(path, answer);
        self
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Fetch for Server {
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError> {
        let address = request.address.to_string();
        self.asked.lock().unwrap().push(address.clone());
        let path = address.strip_prefix(BASE).expect("another server");
        let answer = match &request.body {
            Some(body) => {
                assert_eq!((path, request.wanted), ("/ocsp", Wanted::Ocsp));
                (self.ocsp)(&self.world, OcspRequest::read(body).expect("a question"))
            }
            None => self
                .pages
                .get(path)
                .cloned()
                .unwrap_or(Err(FetchFault::Status { status: 404 })),
        };
        answer.map_err(|fault| FetchError::new(&request.address, fault))
    }
}

#[track_caller]
fn assert_passed(report: &Report) {
    let text = report.to_text(Lang::En);
    assert_eq!(report.indication(), Some(Indication::TotalPassed), "{text}");
}

#[track_caller]
fn assert_undecided(report: &Report, sub: SubIndication) {
    let text = report.to_text(Lang::En);
    assert_eq!(
        report.indication(),
        Some(Indication::Indeterminate),
        "{text}"
    );
    assert_eq!(only(report).sub_indication(), Some(sub), "{text}");
}

#[test]
fn the_responder_and_the_list_that_the_certificates_name_make_a_signature_pass() {
    let world = World::new();
    let pdf = world.with_issuer();
    let offline = world.verifier().verify(pdf.octets());
    assert_undecided(&offline, SubIndication::TryLater);
    assert!(offline.validation().offline);

    let server = Server::good(&world);
    let report = world.verifier().fetch(server.clone()).verify(pdf.octets());
    assert_passed(&report);
    assert!(!report.validation().offline);
    let mut asked = server.asked();
    asked.sort();
    // OCSP for the signer suffices; the issuing authority names a list alone.
    assert_eq!(asked, [format!("{BASE}/ocsp"), format!("{BASE}/root.crl")]);
}

#[test]
fn the_question_carries_a_nonce_and_an_answer_to_another_question_is_refused() {
    let world = World::new();
    let pdf = world.with_issuer();
    let nonces: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let noted = nonces.clone();
    let server = Server::good(&world).ocsp(move |world, request| {
        noted.lock().unwrap().push(request.nonce.unwrap());
        Ok(world.ocsp(OcspStatus::Good, NOW, Some(vec![7; 32])))
    });
    for _ in 0..2 {
        let report = world.verifier().fetch(server.clone()).verify(pdf.octets());
        // The list answers instead.
        assert_passed(&report);
        assert!(codes(only(&report)).contains(&"fetch.nonce"));
    }
    let nonces = nonces.lock().unwrap();
    assert_eq!(nonces[0].len(), 32);
    assert_ne!(nonces[0], nonces[1]);
    // One without a nonce is held by its times.
    let without = Server::good(&world)
        .ocsp(|world, _| Ok(world.ocsp(OcspStatus::Good, NOW, None)))
        .page("/issuing.crl", Err(FetchFault::Timeout));
    assert_passed(&world.verifier().fetch(without).verify(pdf.octets()));
    let stale = Server::good(&world)
        .ocsp(|world, _| Ok(world.ocsp(OcspStatus::Good, NOW - 9 * DAY, None)))
        .page("/issuing.crl", Err(FetchFault::Timeout));
    let report = world.verifier().fetch(stale).verify(pdf.octets());
    assert_undecided(&report, SubIndication::TryLater);
    assert!(codes(only(&report)).contains(&"revocation.stale"));
    // An old answer sent once more does not keep the list from being asked.
    let replayed = Server::good(&world)
        .ocsp(|world, _| Ok(world.ocsp(OcspStatus::Good, NOW - 9 * DAY, None)))
        .page(
            "/issuing.crl",
            Ok(world.list(&world.authority.issuing, NOW, world.revoked(NOW - DAY))),
        );
    let report = world.verifier().fetch(replayed).verify(pdf.octets());
    assert_undecided(&report, SubIndication::RevokedNoPoe);
}

#[test]
fn whatever_is_wrong_with_the_responder_the_list_is_asked_and_the_fault_is_named() {
    let world = World::new();
    let pdf = world.with_issuer();
    let stranger = World::new();
    let refusal = OcspRefusal::TryLater.to_der();
    let fail = |fault: FetchFault| -> Answer { Err(fault) };
    let cases: Vec<(&str, Answer)> = vec![
        ("fetch.status", fail(FetchFault::Status { status: 500 })),
        ("fetch.redirect", fail(FetchFault::Redirect { status: 302 })),
        ("fetch.too_large", fail(FetchFault::TooLarge { limit: 1 })),
        ("fetch.declined", Ok(refusal)),
        ("fetch.unusable", Ok(b"<html>".to_vec())),
        ("fetch.unusable", Ok(Vec::new())),
        // About a certificate of another authority.
        (
            "fetch.unusable",
            Ok(stranger.ocsp(OcspStatus::Good, NOW, None)),
        ),
        (
            "revocation.evidence_refused",
            Ok(world.ocsp(OcspStatus::Unknown, NOW, None)),
        ),
        (
            "revocation.evidence_refused",
            Ok(world.ocsp(OcspStatus::Good, NOW + 400, None)),
        ),
        (
            "revocation.evidence_refused",
            Ok({
                let issuing = &world.authority.issuing;
                OcspRecipe::about(&world.person, issuing, OcspStatus::Good, NOW, NOW + DAY)
                    .unwrap()
                    .signed_by(&stranger.person)
                    .unwrap()
            }),
        ),
    ];
    for (code, answer) in cases {
        let server = Server::good(&world).ocsp({
            let answer = answer.clone();
            move |_, _| answer.clone()
        });
        let report = world.verifier().fetch(server.clone()).verify(pdf.octets());
        let text = report.to_text(Lang::En);
        assert_passed(&report);
        assert!(codes(only(&report)).contains(&code), "{code}: {text}");
        assert!(
            server.asked().contains(&format!("{BASE}/issuing.crl")),
            "{text}"
        );

        // Without the list it stays unknown, and unknown is never good.
        let server = server.page("/issuing.crl", Err(FetchFault::Status { status: 404 }));
        let report = world.verifier().fetch(server).verify(pdf.octets());
        let text = report.to_text(Lang::En);
        assert_undecided(&report, SubIndication::TryLater);
        assert_eq!(only(&report).chain()[0].revocation, "unknown", "{code}");
        assert!(
            text.contains(&format!("{BASE}/issuing.crl: it refuses")),
            "{text}"
        );
    }
}

#[test]
fn a_list_in_pem_counts_and_one_of_somebody_else_does_not() {
    let world = World::new();
    let pdf = world.with_issuer();
    let silent = |server: Server| server.ocsp(|_, _| Err(FetchFault::Status { status: 503 }));
    let list = world.list(&world.authority.issuing, NOW, Vec::new());
    let pem = pem(&list);
    let server = silent(Server::good(&world)).page("/issuing.crl", Ok(pem));
    assert_passed(&world.verifier().fetch(server).verify(pdf.octets()));

    let forged = world.list(&World::new().authority.issuing, NOW, Vec::new());
    for (wrong, code) in [
        (forged, "revocation.evidence_refused"),
        (b"no list".to_vec(), "fetch.unusable"),
        (list[..list.len() - 1].to_vec(), "fetch.unusable"),
    ] {
        let server = silent(Server::good(&world)).page("/issuing.crl", Ok(wrong));
        let report = world.verifier().fetch(server).verify(pdf.octets());
        assert_undecided(&report, SubIndication::TryLater);
        assert!(
            codes(only(&report)).contains(&code),
            "{:?}",
            codes(only(&report))
        );
    }
}

#[test]
fn a_newer_revocation_online_beats_an_older_good_in_the_file() {
    let world = World::new();
    let mut pdf = world.with_issuer();
    pdf.add_evidence(&PdfEvidence {
        certificates: vec![world.authority.issuing.certificate_der.clone()],
        crls: vec![
            world.list(&world.authority.root, NOW - 60, Vec::new()),
            world.list(&world.authority.issuing, NOW - 60, Vec::new()),
        ],
        ocsps: vec![world.ocsp(OcspStatus::Good, NOW - 60, None)],
        vri: true,
    });
    // Fresh enough to pass by itself.
    assert_passed(&world.verifier().verify(pdf.octets()));
    let said = OcspStatus::Revoked {
        at: NOW - 30,
        reason: None,
    };
    let by_responder =
        Server::good(&world).ocsp(move |world, request| Ok(world.ocsp(said, NOW, request.nonce)));
    let by_list = Server::good(&world)
        .ocsp(|_, _| Err(FetchFault::Status { status: 500 }))
        .page(
            "/issuing.crl",
            Ok(world.list(&world.authority.issuing, NOW, world.revoked(NOW - 30))),
        );
    for server in [by_responder, by_list] {
        let report = world.verifier().fetch(server).verify(pdf.octets());
        assert_undecided(&report, SubIndication::RevokedNoPoe);
        assert_eq!(only(&report).chain()[0].revocation, "revoked");
    }
    // And where nobody answers, what the file holds stands as it stood.
    let silent = Server::good(&world)
        .ocsp(|_, _| Err(FetchFault::Timeout))
        .page("/issuing.crl", Err(FetchFault::Timeout));
    let report = world.verifier().fetch(silent).verify(pdf.octets());
    assert_passed(&report);
    assert!(codes(only(&report)).contains(&"fetch.timeout"));
}

#[test]
fn a_revocation_in_the_seconds_after_the_call_began_counts() {
    let world = World::new();
    let pdf = world.with_issuer();
    let said = OcspStatus::Revoked {
        at: NOW + 2,
        reason: None,
    };
    let server = Server::good(&world)
        .ocsp(move |world, request| Ok(world.ocsp(said, NOW + 3, request.nonce)));
    let report = world.verifier().fetch(server).verify(pdf.octets());
    assert_undecided(&report, SubIndication::RevokedNoPoe);
    let server = Server::good(&world)
        .ocsp(|world, request| Ok(world.ocsp(OcspStatus::Good, NOW + 3, request.nonce)));
    assert_passed(&world.verifier().fetch(server).verify(pdf.octets()));
}

#[test]
fn a_revocation_after_the_time_that_a_stamp_proves_is_history_online_too() {
    let world = World::new();
    let tsa = world.authority.time_stamper().unwrap();
    let mut pdf = SignedPdf::new();
    pdf.sign(&PdfSignature::new(), |protected| {
        let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        recipe.certificates = vec![world.authority.issuing.certificate_der.clone()];
        let signed = recipe.signed_by(&world.person)?;
        let mut token = TimeStampRecipe::over(Hash::Sha256, signed.signature(), NOW - 5 * DAY);
        token.certificates = vec![world.authority.root.certificate_der.clone()];
        let token = token.signed_by(&tsa)?;
        signed.time_stamped(token).to_der()
    })
    .unwrap();
    let revoked = |at| {
        let said = OcspStatus::Revoked { at, reason: None };
        Server::good(&world).ocsp(move |world, request| Ok(world.ocsp(said, NOW, request.nonce)))
    };
    let later = world
        .verifier()
        .fetch(revoked(NOW - DAY))
        .verify(pdf.octets());
    assert_passed(&later);
    assert!(codes(only(&later)).contains(&"revocation.revoked_later"));
    let before = world
        .verifier()
        .fetch(revoked(NOW - 6 * DAY))
        .verify(pdf.octets());
    assert_ne!(before.indication(), Some(Indication::TotalPassed));
}

#[test]
fn no_address_of_a_certificate_is_asked_before_an_anchor_vouches_for_it() {
    let world = World::new();
    let stranger = World::new();
    let server = Server::good(&world);
    for pdf in [
        world.with_issuer(),
        world.signed(&[&world.authority.issuing, &world.authority.root]),
        world.signed(&[]),
    ] {
        // Another root, and none at all.
        for verifier in [stranger.verifier(), Verifier::new(Time::from_unix(NOW))] {
            let report = verifier.fetch(server.clone()).verify(pdf.octets());
            assert_undecided(&report, SubIndication::NoCertificateChainFound);
        }
    }
    assert_eq!(server.asked(), Vec::<String>::new());

    // The issuer is missing, and the root is trusted: still nobody vouches for the address.
    let report = world
        .verifier()
        .fetch(server.clone())
        .verify(world.signed(&[]).octets());
    assert_undecided(&report, SubIndication::NoCertificateChainFound);
    let text = report.to_text(Lang::En);
    assert!(codes(only(&report)).contains(&"fetch.not_listed"), "{text}");
    assert!(text.contains(&format!("{BASE}/issuing.crt")), "{text}");
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn a_missing_issuer_is_fetched_from_the_operators_list_and_has_to_be_the_issuer() {
    let world = World::new();
    let pdf = world.signed(&[]);
    let place = format!("{BASE}/");
    let verifier = || world.verifier().issuers_from([&place]).unwrap();
    let server = Server::good(&world);
    let report = verifier().fetch(server.clone()).verify(pdf.octets());
    assert_passed(&report);
    assert_eq!(server.asked().first(), Some(&format!("{BASE}/issuing.crt")));

    let namesake = World::new().authority.issuing.certificate_der.clone();
    for wrong in [
        namesake,
        world.person.certificate_der.clone(),
        b"nothing".to_vec(),
    ] {
        let server = Server::good(&world).page("/issuing.crt", Ok(wrong));
        let report = verifier().fetch(server.clone()).verify(pdf.octets());
        assert_undecided(&report, SubIndication::NoCertificateChainFound);
        assert!(codes(only(&report)).contains(&"fetch.unusable"));
        assert_eq!(server.asked(), [format!("{BASE}/issuing.crt")]);
    }
    // Other places do not cover it.
    for place in ["http://pki.example.vn:81/", "http://pki.example.vn/other/"] {
        let server = Server::good(&world);
        let verifier = world.verifier().issuers_from([place]).unwrap();
        let report = verifier.fetch(server.clone()).verify(pdf.octets());
        assert_undecided(&report, SubIndication::NoCertificateChainFound);
        assert!(server.asked().is_empty());
    }
    assert!(world.verifier().issuers_from(["ftp://x/"]).is_err());
}

#[test]
fn nothing_is_asked_about_status_where_the_policy_wants_none() {
    let world = World::new();
    let server = Server::good(&world);
    let report = world
        .verifier()
        .policy(Policy::default().revocation(Revocation::None))
        .fetch(server.clone())
        .verify(world.with_issuer().octets());
    assert_passed(&report);
    assert!(server.asked().is_empty());
}

#[test]
fn questions_are_counted_for_a_file_and_for_a_host_and_their_answers_by_size() {
    let world = World::new();
    let pdf = world.with_issuer();
    for (ceilings, most, code) in [
        (limits(|all| all.fetches = 1), 1, "fetch.budget"),
        (limits(|all| all.fetches_per_host = 1), 1, "fetch.budget"),
        (limits(|all| all.fetch_total = 1), 1, "fetch.too_large"),
        (limits(|all| all.fetch_size = 16), 3, "fetch.too_large"),
    ] {
        let server = Server::good(&world);
        let report = world
            .verifier()
            .limits(ceilings)
            .fetch(server.clone())
            .verify(pdf.octets());
        assert_undecided(&report, SubIndication::TryLater);
        assert!(server.asked().len() <= most, "{:?}", server.asked());
        assert!(
            codes(only(&report)).contains(&code),
            "{:?}",
            codes(only(&report))
        );
    }
}

#[test]
fn a_host_that_does_not_answer_is_not_asked_again_for_the_same_file() {
    let world = World::new();
    for fault in [
        FetchFault::Timeout,
        FetchFault::Unreachable {
            detail: "connection refused".into(),
        },
        FetchFault::Forbidden {
            ip: "10.0.0.1".into(),
        },
    ] {
        let code = fault.code();
        let server = Server::good(&world).ocsp(move |_, _| Err(fault.clone()));
        let report = world
            .verifier()
            .fetch(server.clone())
            .verify(world.with_issuer().octets());
        assert_undecided(&report, SubIndication::TryLater);
        assert_eq!(server.asked(), [format!("{BASE}/ocsp")]);
        assert!(codes(only(&report)).contains(&code));
    }
}

#[test]
fn a_certificate_by_itself_is_judged_online_too() {
    let world = World::new();
    let server = Server::good(&world);
    let person = Certificate::from_der(&world.person.certificate_der).unwrap();
    let verifier = world
        .verifier()
        .issuers_from([format!("{BASE}/issuing.crt")])
        .unwrap();
    let inputs = PathInputs::default();
    let offline = verifier.certificate(&person, &inputs);
    assert_eq!(offline.path, PathAnswer::Indeterminate);
    let online = verifier.fetch(server).certificate(&person, &inputs);
    assert_eq!(
        online.path,
        PathAnswer::Valid,
        "{}",
        online.to_text(Lang::En)
    );
}

/// Keeps for ever, as if everything had come at the time given.
#[derive(Clone, Default)]
struct Shelf {
    items: Arc<Mutex<HashMap<CacheKey, Vec<u8>>>>,
    since: i64,
    is_damaged: bool,
}

impl Cache for Shelf {
    fn get(&self, key: &CacheKey) -> Result<Option<Kept>, CacheFault> {
        if self.is_damaged {
            return Err(CacheFault);
        }
        let items = self.items.lock().unwrap();
        Ok(items.get(key).map(|octets| Kept {
            octets: octets.clone(),
            since: Time::from_unix(self.since),
        }))
    }

    fn put(&self, key: &CacheKey, octets: &[u8], until: Time) {
        assert!(until.unix() > NOW);
        self.items.lock().unwrap().insert(*key, octets.to_vec());
    }
}

#[test]
fn what_was_fetched_and_verified_is_kept_and_counts_without_a_network() {
    let world = World::new();
    let pdf = world.signed(&[]);
    let place = format!("{BASE}/");
    let verifier = || world.verifier().issuers_from([&place]).unwrap();
    let shelf = Shelf {
        since: NOW,
        ..Shelf::default()
    };
    let server = Server::good(&world);
    let report = verifier()
        .fetch(server.clone())
        .cache(shelf.clone())
        .verify(pdf.octets());
    assert_passed(&report);
    assert_eq!(server.asked().len(), 3);
    assert_eq!(shelf.items.lock().unwrap().len(), 3);

    let offline = verifier().cache(shelf.clone()).verify(pdf.octets());
    assert_passed(&offline);
    assert!(offline.validation().offline);

    // Lately enough: nobody is asked again. Long ago: the network has the last word.
    let server = Server::good(&world).ocsp(|world, request| {
        let said = OcspStatus::Revoked {
            at: NOW - 60,
            reason: None,
        };
        Ok(world.ocsp(said, NOW, request.nonce))
    });
    let recent = verifier()
        .fetch(server.clone())
        .cache(shelf.clone())
        .verify(pdf.octets());
    assert_passed(&recent);
    assert!(server.asked().is_empty());
    let old = Shelf {
        since: NOW - 2 * 3_600,
        ..shelf.clone()
    };
    let report = verifier()
        .fetch(server.clone())
        .cache(old)
        .verify(pdf.octets());
    assert_undecided(&report, SubIndication::RevokedNoPoe);

    // What is changed on the shelf is no evidence, and is named.
    let damaged = Shelf {
        is_damaged: true,
        ..shelf
    };
    let report = verifier().cache(damaged).verify(pdf.octets());
    assert_undecided(&report, SubIndication::NoCertificateChainFound);
    assert!(codes(only(&report)).contains(&"fetch.cache_damaged"));
}

#[test]
fn what_does_not_verify_is_never_kept_and_a_poisoned_cache_changes_nothing() {
    let world = World::new();
    let pdf = world.with_issuer();
    let forged = world.list(&World::new().authority.issuing, NOW, Vec::new());
    let shelf = Shelf {
        since: NOW,
        ..Shelf::default()
    };
    let server = Server::good(&world)
        .ocsp(|world, _| Ok(world.ocsp(OcspStatus::Unknown, NOW, None)))
        .page("/issuing.crl", Ok(forged.clone()));
    let report = world
        .verifier()
        .fetch(server)
        .cache(shelf.clone())
        .verify(pdf.octets());
    assert_undecided(&report, SubIndication::TryLater);
    // The root's list alone.
    assert_eq!(shelf.items.lock().unwrap().len(), 1);

    let keys: Vec<CacheKey> = ["ocsp", "issuing.crl"]
        .iter()
        .flat_map(|page| {
            let address = kyso::fetch::Address::parse(&format!("{BASE}/{page}")).unwrap();
            let person = kyso::crypto::sha256(&world.person.certificate_der);
            [
                CacheKey::new(Wanted::Ocsp, &address, Some(&person)),
                CacheKey::new(Wanted::Crl, &address, None),
            ]
        })
        .collect();
    for key in keys {
        shelf.items.lock().unwrap().insert(key, forged.clone());
    }
    let server = Server::good(&world);
    let report = world
        .verifier()
        .fetch(server.clone())
        .cache(shelf)
        .verify(pdf.octets());
    assert_passed(&report);
    assert!(server.asked().contains(&format!("{BASE}/ocsp")));
}

#[test]
fn the_national_trees_are_climbed_by_their_own_addresses_with_an_empty_store() {
    let names = ["g2-cp", "g2-root", "g1-cp", "g1-root"];
    let files = names.map(|name| common::data(&format!("vn-pki/vgca-{name}.pem")));
    let [Some(g2), Some(g2_root), Some(g1), Some(g1_root)] = files else {
        return;
    };
    let at: Time = "2026-11-22T09:00:00+07:00".parse().unwrap();
    let places = "http://ca.gov.vn/pki/pub";
    let ocsp = "http://ocsp.ca.gov.vn/".to_owned();
    for (authority, root, its_place, lists) in [
        (
            // Names its issuer's place itself.
            &g2,
            &g2_root,
            format!("{places}/crt/rootcag2.crt"),
            vec![
                format!("{places}/crl/rootcag2.crl"),
                "http://ca.dcs.vn/pki/pub/crl/rootcag2.crl".to_owned(),
            ],
        ),
        (
            // Names no place: the list knows it by the issuer's name.
            &g1,
            &g1_root,
            format!("{places}/cert/rootca.crt"),
            vec![format!("{places}/crl/rootca.crl")],
        ),
    ] {
        let certificate = Certificate::many_from_pem_or_der(authority).unwrap();
        let server = Arc::new(Recorded::new().answer(&its_place, root.clone()));
        let answer = Verifier::new(at)
            .fetch(server.clone())
            .certificate(&certificate[0], &PathInputs::default());
        let text = answer.to_text(Lang::En);
        // The path holds by the pin of the root that came; its status nobody told.
        assert_eq!(answer.path, PathAnswer::Indeterminate, "{text}");
        assert_eq!(answer.sub_indication(), Some(SubIndication::TryLater));
        assert!(answer.chain[1].trust_anchor, "{text}");
        assert!(text.contains("ocsp.ca.gov.vn/: it refuses"), "{text}");
        let asked = [vec![its_place, ocsp.clone()], lists].concat();
        assert_eq!(server.asked(), asked);

        // A root that is not the pinned one anchors nothing, whatever its address.
        let other = if root == &g2_root { &g1_root } else { &g2_root };
        let server = Recorded::new().answer(&asked[0], other.clone());
        let answer = Verifier::new(at)
            .fetch(server)
            .certificate(&certificate[0], &PathInputs::default());
        assert_eq!(
            answer.sub_indication(),
            Some(SubIndication::NoCertificateChainFound)
        );
    }
}
