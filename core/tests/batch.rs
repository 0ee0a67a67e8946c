//! What a batch remembers changes no octet of any report: good, revoked, broken and unknown files
//! in any order, over several threads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, local_key, only, world};
use kyso::der::{Oid, write};
use kyso::{Certificate, Indication, Lang, Time, TrustStore, Verifier, sign};
use kyso_sandbox::{Authority, Issued, PersonProfile, Settings, plain_pdf};

const DAY: i64 = 86_400;

/// A list of an authority on P-256, fresh at `now`, with these certificates on it since `since`.
fn list(authority: &Issued, now: i64, revoked: &[(&Issued, i64)]) -> Vec<u8> {
    let oid: Oid = "1.2.840.10045.4.3.2".parse().unwrap();
    let algorithm = write::sequence(&[write::oid(&oid)]);
    let read = |issued: &Issued| Certificate::from_der(&issued.certificate_der).unwrap();
    let time = |at| write::time(Time::from_unix(at));
    let mut fields = vec![
        write::integer(1),
        algorithm.clone(),
        read(authority).subject().der().to_vec(),
        time(now - DAY),
        time(now + DAY),
    ];
    let entries: Vec<Vec<u8>> = revoked
        .iter()
        .map(|(issued, since)| {
            let serial = write::tlv(0x02, read(issued).serial());
            write::sequence(&[serial, time(*since)])
        })
        .collect();
    if !entries.is_empty() {
        fields.push(write::sequence(&entries));
    }
    let tbs = write::sequence(&fields);
    let signature = write::bit_string(&authority.sign(&tbs).unwrap());
    write::sequence(&[tbs, algorithm, signature])
}

/// Files of four kinds, interleaved, and a verifier that knows the status of their signers.
fn batch() -> (Vec<(&'static str, Vec<u8>)>, Verifier) {
    let world = world();
    let now = world.now.unix();
    let authority = &world.authority;
    let people: Vec<Issued> = (0..4)
        .map(|number| {
            let mut profile = PersonProfile::example();
            profile.name = format!("Nguyễn Văn {number}");
            authority.person(&profile).unwrap()
        })
        .collect();
    let gone = authority.person(&PersonProfile::example()).unwrap();
    let stranger = Authority::new(&Settings::quick(now)).unwrap();
    let strange = stranger.person(&PersonProfile::example()).unwrap();
    let strange_key = local_key(&strange).with_chain(
        [&strange, &stranger.issuing, &stranger.root]
            .map(|issued| Certificate::from_der(&issued.certificate_der).unwrap()),
    );
    let input = plain_pdf::pdf_with_table();
    let signed = |key: &kyso::LocalKey, minute: i64| {
        let at = Time::from_unix(now - 3_600 + minute * 60);
        sign::pdf(&input, at).sign(key).unwrap().to_vec()
    };
    let mut files = Vec::new();
    for round in 0..15_i64 {
        let person = &people[usize::try_from(round).unwrap() % people.len()];
        let good = signed(&world.key(person), round);
        let mut broken = good.clone();
        broken[20] ^= 1;
        files.push(("good", good));
        files.push(("revoked", signed(&world.key(&gone), round)));
        files.push(("broken", broken));
        files.push(("unknown", signed(&strange_key, round)));
    }
    let mut verifier = Verifier::new(world.now)
        .trust(TrustStore::from_der_many([&authority.root.certificate_der]).unwrap());
    let of_people = list(&authority.issuing, now, &[(&gone, now - 2 * DAY)]);
    verifier.add_evidence(&of_people).unwrap();
    verifier
        .add_evidence(&list(&authority.root, now, &[]))
        .unwrap();
    // The other authority bears the same names, so that its lists are tried under our keys too.
    verifier
        .add_evidence(&list(&stranger.issuing, now, &[(&people[0], now - DAY)]))
        .unwrap();
    (files, verifier)
}

#[test]
fn reports_are_the_same_octet_by_octet_whatever_the_batch_remembers() {
    let (files, verifier) = batch();
    let forgetful = verifier.clone().remember(false);
    let expected: Vec<String> = files
        .iter()
        .map(|(kind, file)| {
            let report = forgetful.verify(file);
            let signature = only(&report);
            let codes = codes(signature);
            let (indication, code) = match *kind {
                "good" => (Indication::TotalPassed, ""),
                "revoked" => (Indication::Indeterminate, "revocation.revoked"),
                "broken" => (Indication::TotalFailed, "integrity.digest_mismatch"),
                _ => (Indication::Indeterminate, "path.root_not_trusted"),
            };
            assert_eq!(signature.indication(), indication, "{kind}: {codes:?}");
            let is_told = codes.iter().any(|found| found.starts_with(code));
            assert!(is_told, "{kind}: {codes:?}");
            report.to_json(Lang::En)
        })
        .collect();
    // Four threads share one memory and go through the files from different places on.
    std::thread::scope(|scope| {
        for thread in 0..4_usize {
            let (verifier, files, expected) = (verifier.clone(), &files, &expected);
            scope.spawn(move || {
                for turn in 0..2 * files.len() {
                    let at = (turn * 7 + thread * 13) % files.len();
                    let report = verifier.verify(&files[at].1);
                    assert_eq!(report.to_json(Lang::En), expected[at], "{}", files[at].0);
                }
            });
        }
    });
}
