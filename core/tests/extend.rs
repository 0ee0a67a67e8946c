//! Signatures whose level is raised: what is stored, what is stamped, what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::net::Net;
use common::{find, world};
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::report::Changes;
use kyso::sign::{self, CallbackSigner, Level, RaiseTo, TimeStampService};
use kyso::verdict::FetchFault;
use kyso::{Error, ErrorKind, Indication, Lang, Policy, Report, Revocation, Time, Verifier};
use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Settings, TimeStampRecipe, plain_pdf,
};

const TSA: &str = "http://tsa.example.vn/";
const DAY: i64 = 86_400;

fn net() -> Net {
    let world = world();
    Net::new(
        &world.authority,
        &[&world.person, &world.organisation],
        world.now.unix(),
    )
}

fn online(net: &Net) -> Verifier {
    world().verifier().fetch(net.clone())
}

fn service(net: &Net) -> TimeStampService {
    TimeStampService::new(net.clone(), [TSA]).unwrap()
}

fn signed(input: &[u8]) -> Vec<u8> {
    let signed = sign::pdf(input, world().now).sign(&world().person_key());
    signed.unwrap().to_vec()
}

/// What whoever gets the file finds at once, with nothing but the anchor.
fn alone(file: &[u8]) -> Report {
    world().verifier().verify(file)
}

/// The same some days later, when every list in the file has ended: with the root's newest list,
/// which speaks of the time-stamping authority, and none that speaks of the signer.
fn later(file: &[u8], days: i64) -> Report {
    let at = world().now.unix() + days * DAY;
    let mut verifier = world().verifier().at(Time::from_unix(at));
    let list = CrlRecipe::new(at - 60, at + DAY);
    let list = list.signed_by(&world().authority.root).unwrap();
    verifier.add_evidence(&list).unwrap();
    verifier.verify(file)
}

#[track_caller]
fn assert_level(report: &Report, format: &str) {
    let text = report.to_text(Lang::En);
    assert!(!report.signatures().is_empty(), "{text}");
    for signature in report.signatures() {
        assert_eq!(signature.indication(), Indication::TotalPassed, "{text}");
        assert_eq!(signature.format(), format, "{text}");
        let changes = signature.coverage().unwrap().changes;
        assert_ne!(changes, Some(Changes::Forbidden), "{text}");
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, kind: ErrorKind) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert_ne!(error.message(Lang::Vi), error.message(Lang::En));
    error.message(Lang::En)
}

#[test]
fn a_signature_is_raised_step_by_step_and_each_step_keeps_the_file_before_it() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    for input in [
        plain_pdf::pdf_with_table(),
        plain_pdf::pdf_with_xref_stream(),
        plain_pdf::pdf_hybrid(),
    ] {
        let mut file = signed(&input);
        for (level, format) in [
            (RaiseTo::BT, "PAdES-BASELINE-T"),
            (RaiseTo::BLt, "PAdES-BASELINE-LT"),
            (RaiseTo::BLta, "PAdES-BASELINE-LTA"),
            (RaiseTo::BLta, "PAdES-BASELINE-LTA"),
        ] {
            let extending = sign::extend(&file, &verifier).time_stamper(&service);
            let raised = extending.to(level).unwrap().to_vec();
            assert!(raised.starts_with(&file));
            file = raised;
            if level != RaiseTo::BT {
                assert_level(&alone(&file), format);
                assert_level(&later(&file, 30), format);
            }
        }
        let report = alone(&file);
        let stamps: Vec<&str> = report
            .document_timestamps()
            .iter()
            .map(|s| s.id())
            .collect();
        assert_eq!(stamps, ["TimeStamp1", "TimeStamp2", "TimeStamp3"]);
    }
}

#[test]
fn signing_at_a_level_is_signing_and_raising() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let input = plain_pdf::pdf_with_xref_stream();
    for (level, format, stamps) in [
        (Level::BLt(&service, &verifier), "PAdES-BASELINE-LT", 0),
        (Level::BLta(&service, &verifier), "PAdES-BASELINE-LTA", 1),
    ] {
        for key in [
            world().person_key(),
            world().organisation_key(),
            world().pss_key(),
        ] {
            let signed = sign::pdf(&input, world().now).sign_at(&key, level).unwrap();
            let file = signed.to_vec();
            assert!(file.starts_with(&input));
            let report = later(&file, 30);
            assert_level(&report, format);
            assert_eq!(report.document_timestamps().len(), stamps);
        }
    }
}

#[test]
fn the_second_of_two_steps_raises_too() {
    let world = world();
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let input = plain_pdf::pdf_with_table();
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let chain = world.chain(&world.organisation);
    let prepared = sign::pdf(&input, world.now)
        .prepare(&chain, algorithm)
        .unwrap();
    let value = world
        .organisation
        .sign(prepared.to_be_signed().message())
        .unwrap();
    let signed = prepared
        .complete_at(
            &input,
            kyso::Answer::Raw(value),
            Level::BLta(&service, &verifier),
        )
        .unwrap();
    assert_level(&later(&signed.to_vec(), 30), "PAdES-BASELINE-LTA");
}

#[test]
fn a_second_signature_leaves_the_first_ones_level_as_it_is() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let first = sign::pdf(&plain_pdf::pdf_with_table(), world().now)
        .sign_at(&world().person_key(), Level::BLta(&service, &verifier))
        .unwrap()
        .to_vec();
    let both = sign::pdf(&first, world().now)
        .sign_at(
            &world().organisation_key(),
            Level::BLta(&service, &verifier),
        )
        .unwrap()
        .to_vec();
    let report = later(&both, 30);
    assert_eq!(report.signatures().len(), 2);
    assert_level(&report, "PAdES-BASELINE-LTA");
}

#[test]
fn a_certified_document_that_allows_no_change_is_extended_all_the_same() {
    let world = world();
    let mut pdf = SignedPdf::new();
    let mut certifying = PdfSignature::new();
    certifying.extra =
        "/Reference [<< /TransformMethod /DocMDP /TransformParams << /P 1 >> >>]".into();
    pdf.sign(&certifying, |protected| {
        let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        let mut recipe = recipe.with_chain(&[&world.authority.issuing]);
        recipe.hash = Hash::Sha256;
        recipe.signed_by(&world.person)?.to_der()
    })
    .unwrap();
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let raised = sign::extend(pdf.octets(), &verifier)
        .time_stamper(&service)
        .to(RaiseTo::BLta)
        .unwrap()
        .to_vec();
    let report = later(&raised, 30);
    assert_level(&report, "PAdES-BASELINE-LTA");
    let changes = report.signatures()[0].coverage().unwrap().changes;
    assert_eq!(changes, Some(Changes::Permitted));
}

#[test]
fn missing_status_is_refused_with_the_certificate_and_where_it_can_be_asked() {
    let net = net();
    let service = service(&net);
    let file = sign::pdf(&plain_pdf::pdf_with_table(), world().now)
        .sign_at(&world().person_key(), Level::BT(&service))
        .unwrap()
        .to_vec();
    // Nobody may be asked and nothing is given.
    let verifier = world().verifier();
    for level in [RaiseTo::BLt, RaiseTo::BLta] {
        let raised = sign::extend(&file, &verifier)
            .time_stamper(&service)
            .to(level);
        let message = refused(raised, ErrorKind::Refused);
        assert!(message.contains("http://127.0.0.1:8085/"), "{message}");
        assert!(message.contains("(Signature1)"), "{message}");
    }
    // With the lists given by hand the same file is raised without a network.
    let (from, to) = (world().now.unix(), world().now.unix() + DAY);
    let mut given = world().verifier();
    for issuer in [&world().authority.root, &world().authority.issuing] {
        let crl = CrlRecipe::new(from, to).signed_by(issuer).unwrap();
        given.add_evidence(&crl).unwrap();
    }
    let raised = sign::extend(&file, &given).to(RaiseTo::BLt).unwrap();
    assert_level(&later(&raised.to_vec(), 30), "PAdES-BASELINE-LT");
    // Rules that ask for no status change nothing about what B-LT is.
    let lax = verifier.policy(Policy::default().revocation(Revocation::None));
    let raised = sign::extend(&file, &lax).to(RaiseTo::BLt);
    refused(raised, ErrorKind::Refused);
}

#[test]
fn the_status_of_one_path_is_not_enough() {
    let net = net().ruled(|request| {
        // Everything but the list that speaks of the issuing and the time-stamping authority.
        let is_root = request.address.to_string().ends_with("/root.crl");
        is_root.then_some(Err(FetchFault::Timeout))
    });
    let service = service(&net);
    let file = sign::pdf(&plain_pdf::pdf_with_table(), world().now)
        .sign_at(&world().person_key(), Level::BT(&service))
        .unwrap()
        .to_vec();
    let raised = sign::extend(&file, &online(&net))
        .time_stamper(&service)
        .to(RaiseTo::BLt);
    let message = refused(raised, ErrorKind::Refused);
    assert!(message.contains("root.crl"), "{message}");
}

#[test]
fn what_the_signers_certificate_lacks_costs_no_key() {
    let used = Cell::new(false);
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let world = world();
    let token = CallbackSigner::new(world.chain(&world.organisation), algorithm, |data| {
        used.set(true);
        Ok(world.organisation.sign(data.message()).unwrap())
    });
    let net = net();
    let (service, verifier) = (service(&net), world.verifier());
    let input = plain_pdf::pdf_with_table();
    let signing = sign::pdf(&input, world.now);
    let result = signing.sign_at(&token, Level::BLt(&service, &verifier));
    refused(result, ErrorKind::Refused);
    assert!(!used.get());
}

#[test]
fn a_revoked_signer_is_not_raised() {
    let world = world();
    let net = net();
    let service = service(&net);
    let file = signed(&plain_pdf::pdf_with_table());
    let mut verifier = world.verifier();
    let (from, to) = (world.now.unix(), world.now.unix() + DAY);
    let mut list = CrlRecipe::new(from, to);
    list.entries = vec![CrlEntry::new(&world.person, from - 60).unwrap()];
    let list = list.signed_by(&world.authority.issuing).unwrap();
    verifier.add_evidence(&list).unwrap();
    let raised = sign::extend(&file, &verifier)
        .time_stamper(&service)
        .to(RaiseTo::BLta);
    refused(raised, ErrorKind::Refused);
    // Before any time-stamp was asked for.
    assert!(net.asked().is_empty());
}

#[test]
fn a_broken_signature_is_not_raised_and_one_beside_it_is_by_its_name() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let mut file = signed(&plain_pdf::pdf_with_table());
    let at = find(&file, b"/Contents<") + b"/Contents<".len();
    let digits = file[at..].iter().position(|octet| *octet == b'>').unwrap();
    let cms = &file[at..at + digits];
    let end = cms.iter().rposition(|octet| *octet != b'0').unwrap();
    // The last octets are those of the signature value.
    file[at + end - 4] = if file[at + end - 4] == b'1' {
        b'2'
    } else {
        b'1'
    };
    let both = sign::pdf(&file, world().now)
        .sign(&world().organisation_key())
        .unwrap()
        .to_vec();
    let extending = sign::extend(&both, &verifier).time_stamper(&service);
    for level in [RaiseTo::BT, RaiseTo::BLt, RaiseTo::BLta] {
        let message = refused(extending.to(level), ErrorKind::Refused);
        assert!(message.contains("(Signature1)"), "{message}");
    }
    let raised = extending
        .field("Signature2")
        .to(RaiseTo::BLta)
        .unwrap()
        .to_vec();
    let report = later(&raised, 30);
    assert_eq!(report.signatures()[0].indication(), Indication::TotalFailed);
    assert_eq!(report.signatures()[1].indication(), Indication::TotalPassed);
    let unknown = extending.field("Signature3").to(RaiseTo::BT);
    refused(unknown, ErrorKind::Misuse);
}

#[test]
fn nothing_is_added_where_nothing_is_missing() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let file = sign::pdf(&plain_pdf::pdf_with_table(), world().now)
        .sign_at(&world().person_key(), Level::BLt(&service, &verifier))
        .unwrap()
        .to_vec();
    let offline = world().verifier();
    let extending = sign::extend(&file, &offline).time_stamper(&service);
    refused(extending.to(RaiseTo::BT), ErrorKind::Misuse);
    refused(extending.to(RaiseTo::BLt), ErrorKind::Misuse);
    // What is stored already is not stored twice.
    let renewed = extending.to(RaiseTo::BLta).unwrap();
    let added = String::from_utf8_lossy(renewed.patch().bytes()).into_owned();
    assert!(!added.contains("/DSS"), "{added}");
}

#[test]
fn without_a_service_a_level_that_needs_one_is_misuse() {
    let net = net();
    let verifier = online(&net);
    let file = signed(&plain_pdf::pdf_with_table());
    for level in [RaiseTo::BT, RaiseTo::BLt, RaiseTo::BLta] {
        refused(sign::extend(&file, &verifier).to(level), ErrorKind::Misuse);
    }
    assert!(net.asked().iter().all(|address| !address.starts_with(TSA)));
}

#[test]
fn the_evidence_for_the_last_time_stamp_is_gathered_before_the_new_one() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let first = sign::pdf(&plain_pdf::pdf_with_table(), world().now)
        .sign_at(&world().person_key(), Level::BLta(&service, &verifier))
        .unwrap()
        .to_vec();
    // A year later all lists have ended, and the network has newer ones.
    let then = world().now.unix() + 365 * DAY;
    let stamper = world().authority.time_stamper().unwrap();
    let mut there = net.clone().stamped_by(stamper);
    there.now = then;
    let at = Time::from_unix(then);
    let verifier = world().verifier().at(at).fetch(there.clone());
    let asked = net.asked().len();
    let renewed = sign::extend(&first, &verifier)
        .time_stamper(&TimeStampService::new(there.clone(), [TSA]).unwrap())
        .to(RaiseTo::BLta)
        .unwrap()
        .to_vec();
    let now = there.asked();
    assert!(
        now[asked..]
            .iter()
            .any(|address| address.ends_with("/root.crl")),
        "{now:?}"
    );
    // The signature is good from the file and the newest word about the last time-stamp alone.
    let report = later(&renewed, 365 + 300);
    assert_level(&report, "PAdES-BASELINE-LTA");
    let stamps = report.document_timestamps();
    assert_eq!(stamps.len(), 2);
    assert!(
        stamps
            .iter()
            .all(|stamp| stamp.indication() == Indication::TotalPassed)
    );
    // The old store has an entry for the signature, the new one for the first time-stamp as well.
    assert_eq!(find_all(&first, b"/Type/VRI"), 1);
    assert_eq!(find_all(&renewed, b"/Type/VRI"), 1 + 2);
    // Offline it is refused: the old evidence says nothing about today.
    let offline = world().verifier().at(at);
    let raised = sign::extend(&first, &offline)
        .time_stamper(&service_of(&there))
        .to(RaiseTo::BLta);
    refused(raised, ErrorKind::Refused);
}

fn service_of(net: &Net) -> TimeStampService {
    TimeStampService::new(net.clone(), [TSA]).unwrap()
}

fn find_all(bytes: &[u8], text: &[u8]) -> usize {
    bytes
        .windows(text.len())
        .filter(|window| *window == text)
        .count()
}

#[test]
fn a_time_stamp_of_a_stranger_is_no_archive() {
    let stranger = Authority::new(&Settings::quick(world().now.unix())).unwrap();
    let net = net();
    let verifier = online(&net);
    let file = sign::pdf(&plain_pdf::pdf_with_table(), world().now)
        .sign_at(&world().person_key(), Level::BLt(&service(&net), &verifier))
        .unwrap()
        .to_vec();
    let strange = service_of(&net.clone().stamped_by(stranger.time_stamper().unwrap()));
    let extending = sign::extend(&file, &verifier).time_stamper(&strange);
    refused(extending.to(RaiseTo::BLta), ErrorKind::Refused);
    // As a bare time-stamp it may be put there: whom a verifier trusts is his own affair.
    let stamped = extending.document_time_stamp().unwrap().to_vec();
    let report = alone(&stamped);
    assert_level(&report, "PAdES-BASELINE-LT");
    assert_eq!(report.document_timestamps().len(), 1);
    assert_eq!(
        report.document_timestamps()[0].indication(),
        Indication::Indeterminate
    );
}

#[test]
fn a_file_without_a_signature_can_be_time_stamped_and_not_raised() {
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let input = plain_pdf::pdf_with_table();
    let extending = sign::extend(&input, &verifier).time_stamper(&service);
    for level in [RaiseTo::BT, RaiseTo::BLt, RaiseTo::BLta] {
        refused(extending.to(level), ErrorKind::Misuse);
    }
    let stamped = extending.document_time_stamp().unwrap().to_vec();
    let report = online(&net).verify(&stamped);
    let stamp = &report.document_timestamps()[0];
    assert_eq!(
        stamp.indication(),
        Indication::TotalPassed,
        "{}",
        report.to_text(Lang::En)
    );
    assert_eq!(stamp.id(), "TimeStamp1");
}

#[test]
fn a_token_that_outgrows_its_hole_is_asked_for_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    let net = net().changing(move |recipe| {
        // Only the second token carries a load: the trial was small.
        if seen.fetch_add(1, Ordering::SeqCst) == 1 {
            recipe.certificates = vec![world().authority.root.certificate_der.clone(); 20];
        }
    });
    let (verifier, service) = (online(&net), service(&net));
    let file = signed(&plain_pdf::pdf_with_table());
    let raised = sign::extend(&file, &verifier)
        .time_stamper(&service)
        .to(RaiseTo::BT);
    assert_level(
        &online(&net).verify(&raised.unwrap().to_vec()),
        "PAdES-BASELINE-T",
    );
    let stamps = net.asked().iter().filter(|address| *address == TSA).count();
    assert_eq!(stamps, 3);
}

#[test]
fn a_store_that_somebody_else_wrote_is_kept_and_grows() {
    let world = world();
    let now = world.now.unix();
    let mut pdf = SignedPdf::new();
    pdf.sign(&PdfSignature::new(), |protected| {
        let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
        let signed = recipe.signed_by(&world.person)?;
        let stamp = TimeStampRecipe::over(Hash::Sha256, signed.signature(), now);
        signed
            .time_stamped(stamp.signed_by(&world.authority.time_stamper()?)?)
            .to_der()
    })
    .unwrap();
    // Theirs is half a store: the issuing certificate and one of two lists.
    let list = CrlRecipe::new(now, now + DAY);
    pdf.add_evidence(&PdfEvidence {
        certificates: vec![world.authority.issuing.certificate_der.clone()],
        crls: vec![list.signed_by(&world.authority.issuing).unwrap()],
        vri: true,
        ..PdfEvidence::default()
    });
    let net = net();
    let (verifier, service) = (online(&net), service(&net));
    let raised = sign::extend(pdf.octets(), &verifier)
        .time_stamper(&service)
        .to(RaiseTo::BLta)
        .unwrap()
        .to_vec();
    assert!(raised.starts_with(pdf.octets()));
    assert_level(&later(&raised, 30), "PAdES-BASELINE-LTA");
}
