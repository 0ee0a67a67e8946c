//! Signatures with a time-stamp: what is asked of a service, what is checked, what is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::cell::{Cell, RefCell};

use common::{Folder, codes, have, only, openssl, signed_parts, world};
use kyso::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm};
use kyso::sign::{CallbackSigner, Level, TimeStamper};
use kyso::{Answer, Error, ErrorKind, Indication, Lang, Policy, Signed, sign};
use kyso_sandbox::{CrlRecipe, Hash, Issued, OrganisationProfile, TimeStampRecipe, plain_pdf};

/// A service of this process.
struct Service {
    signer: Issued,
    asked: RefCell<Vec<Digest>>,
    change: Change,
}

/// What is done to a good token before it is signed.
type Change = fn(&mut TimeStampRecipe);

impl Service {
    fn new() -> Self {
        Self::with(|_| ())
    }

    fn with(change: Change) -> Self {
        Self {
            signer: world().authority.time_stamper().unwrap(),
            asked: RefCell::default(),
            change,
        }
    }
}

impl TimeStamper for Service {
    fn time_stamp(&self, digest: &Digest) -> Result<Vec<u8>, Error> {
        self.asked.borrow_mut().push(digest.clone());
        let imprint = digest.as_bytes().to_vec();
        let now = world().now.unix();
        let mut recipe = TimeStampRecipe::of_imprint(Hash::Sha256, imprint, now);
        recipe.certificates = vec![world().authority.root.certificate_der.clone()];
        (self.change)(&mut recipe);
        Ok(recipe.signed_by(&self.signer).unwrap())
    }
}

fn judged(signed: &Signed<'_>) -> kyso::Report {
    let world = world();
    let mut verifier = world.verifier();
    let (from, to) = (world.now.unix() - 60, world.now.unix() + 86_400);
    for issuer in [&world.authority.root, &world.authority.issuing] {
        let crl = CrlRecipe::new(from, to).signed_by(issuer).unwrap();
        verifier.add_evidence(&crl).unwrap();
    }
    verifier.verify(&signed.to_vec())
}

#[test]
fn a_signature_with_a_time_stamp_passes_at_its_proven_time() {
    let world = world();
    let input = plain_pdf::pdf_with_xref_stream();
    for key in [
        world.person_key(),
        world.organisation_key(),
        world.pss_key(),
    ] {
        let service = Service::new();
        let signing = sign::pdf(&input, world.now).reserve(0);
        let signed = signing.sign_at(&key, Level::BT(&service)).unwrap();
        let report = judged(&signed);
        let signature = only(&report);
        assert_eq!(
            signature.indication(),
            Indication::TotalPassed,
            "{report:?}"
        );
        assert_eq!(signature.format(), "PAdES-BASELINE-T");
        let proven = signature.signing_time().proven.unwrap();
        assert_eq!(proven.unix(), world.now.unix());
        // Once on trial, for the size of the hole, and once over the signature value.
        assert_eq!(service.asked.borrow().len(), 2);
    }
}

#[test]
fn a_service_that_does_not_answer_costs_no_key_and_leaves_no_file() {
    struct Silent;
    impl TimeStamper for Silent {
        fn time_stamp(&self, _: &Digest) -> Result<Vec<u8>, Error> {
            Err(Error::new(ErrorKind::Fetch, "no answer"))
        }
    }
    let world = world();
    let used = Cell::new(false);
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let chain = world.chain(&world.organisation);
    let token = CallbackSigner::new(chain, algorithm, |data| {
        used.set(true);
        Ok(world.organisation.sign(data.message()).unwrap())
    });
    let input = plain_pdf::pdf_with_table();
    let refused = sign::pdf(&input, world.now).sign_at(&token, Level::BT(&Silent));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Fetch);
    assert!(!used.get());
}

#[test]
fn a_token_that_proves_nothing_is_never_embedded() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let key = world.person_key();
    let broken: [(&str, Change); 6] = [
        ("another imprint", |recipe| recipe.imprint[0] ^= 1),
        ("no certificate", |recipe| {
            recipe.own_certificate = false;
            recipe.certificates.clear();
        }),
        ("no reference to it", |recipe| {
            recipe.reference = kyso_sandbox::CertificateReference::Absent;
        }),
        ("another digest of its content", |recipe| {
            recipe.message_digest = Some(vec![0; 32]);
        }),
        ("before its certificate", |recipe| {
            recipe.time -= 50 * 366 * 86_400
        }),
        ("after its certificate", |recipe| {
            recipe.time += 50 * 366 * 86_400
        }),
    ];
    for (what, change) in broken {
        let service = Service::with(change);
        let refused = sign::pdf(&input, world.now).sign_at(&key, Level::BT(&service));
        let refused = refused.expect_err(what);
        assert_eq!(refused.kind(), ErrorKind::Fetch, "{what}");
        assert!(refused.message(Lang::Vi).contains("dấu"), "{what}");
    }
    // A certificate that is not one for time-stamps.
    let mut service = Service::new();
    service.signer = world
        .authority
        .organisation(&OrganisationProfile::example())
        .unwrap();
    let refused = sign::pdf(&input, world.now).sign_at(&key, Level::BT(&service));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Fetch);
}

#[test]
fn the_second_of_two_steps_fetches_the_stamp_and_adds_it_to_a_cms_made_elsewhere_too() {
    if !have("openssl") {
        return;
    }
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let signing = || sign::pdf(&input, world.now).name("x");
    let chain = world.chain(&world.organisation);
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let prepared = signing().prepare(&chain, algorithm).unwrap();
    let value = world
        .organisation
        .sign(prepared.to_be_signed().message())
        .unwrap();
    let service = Service::new();
    let answer = Answer::Raw(value.clone());
    let signed = prepared
        .complete_at(&input, answer, Level::BT(&service))
        .unwrap();
    let digest = Digest::of(DigestAlgorithm::Sha256, &value);
    assert_eq!(*service.asked.borrow(), [digest]);
    let report = judged(&signed);
    assert_eq!(only(&report).format(), "PAdES-BASELINE-T");
    let content = signed_parts(&signed.to_vec(), only(&report)).0;

    let folder = Folder::new();
    let key = folder.write("key.pem", world.organisation.private_key_pem());
    let own = folder.write("own.pem", world.organisation.certificate_pem());
    let issuing = folder.write("issuing.pem", world.authority.issuing.certificate_pem());
    let (from, to) = (folder.write("content", &content), folder.path("cms"));
    openssl(
        "cms -sign -binary -cades -md sha256 -outform DER",
        &[
            ("-inkey", &key),
            ("-signer", &own),
            ("-certfile", &issuing),
            ("-in", &from),
            ("-out", &to),
        ],
    );
    let cms = std::fs::read(to).unwrap();
    let document = signing().prepare_document(DigestAlgorithm::Sha256).unwrap();
    let signed = document
        .complete_at(&input, &cms, Level::BT(&service))
        .unwrap();
    let report = judged(&signed);
    let signature = only(&report);
    assert_eq!(
        signature.indication(),
        Indication::TotalPassed,
        "{report:?}"
    );
    assert_eq!(signature.format(), "PAdES-BASELINE-T");
    // OpenSSL reads the CMS with what was added, and still finds it good.
    let stamped = folder.write("stamped", signed_parts(&signed.to_vec(), signature).1);
    let root = folder.write("root.pem", world.authority.root.certificate_pem());
    openssl(
        "cms -verify -binary -cades -inform DER -purpose any",
        &[
            ("-in", &stamped),
            ("-content", &from),
            ("-CAfile", &root),
            ("-out", &folder.path("verified")),
        ],
    );
}

#[test]
fn a_policy_that_demands_a_time_stamp_is_met_by_one() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let policy = Policy::named("state-practice").unwrap();
    let verifier = world.verifier().policy(policy);
    let key = world.person_key();
    let plain = sign::pdf(&input, world.now).sign(&key).unwrap();
    let service = Service::new();
    let stamped = sign::pdf(&input, world.now)
        .sign_at(&key, Level::BT(&service))
        .unwrap();
    let lacks = |signed: &Signed<'_>| {
        let report = verifier.verify(&signed.to_vec());
        codes(only(&report)).contains(&"time_stamp.demanded")
    };
    assert!(lacks(&plain));
    assert!(!lacks(&stamped));
}
