//! Ten small signed files: every truncation and every single-byte change has an answer, and none is
//! better than what the file itself is worth. Not a sample: every byte, two changed values each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use kyso::sign::{self, Profile};
use kyso::{Indication, LocalKey, Policy, Report, Revocation, Time, TrustStore, Verifier};
use kyso_sandbox::{Authority, OrganisationProfile, PersonProfile, Settings, plain_pdf};

/// The files, and a verifier that all but the last of them pass. Keys of one authority on P-256, so
/// that certificates and signatures are small.
fn vectors() -> (Vec<(&'static str, Vec<u8>)>, Verifier) {
    let now = 1_780_000_000;
    let at = Time::from_unix(now);
    let authority = Authority::new(&Settings::quick(now)).unwrap();
    let person = authority.person(&PersonProfile::example()).unwrap();
    let office = authority
        .organisation(&OrganisationProfile::example())
        .unwrap();
    // The issuing authority's certificate is given to the verifier, so that the files stay small.
    let (person, office) = (common::local_key(&person), common::local_key(&office));
    let issuing = kyso::Certificate::from_der(&authority.issuing.certificate_der).unwrap();
    let sign = |input: &[u8], key: &LocalKey| {
        let made = sign::pdf(input, at).reserve(0).sign(key).unwrap();
        made.to_vec()
    };
    let table = plain_pdf::pdf_with_table();
    let once = sign(&table, &person);
    let legacy = sign::pdf(&table, at).reserve(0).profile(Profile::Pkcs7);
    let spoken = sign::pdf(&table, at)
        .reserve(0)
        .reason("Phê duyệt")
        .location("Ví Dụ");
    let named = sign::pdf(&table, at)
        .reserve(0)
        .field("Chữ ký")
        .contact("a@vidu.example");
    let prefixed = [b"x\n".as_slice(), &table].concat();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let stored = |name: &str| std::fs::read(folder.join(name).join("input.pdf")).unwrap();
    let files = vec![
        ("a table", once.clone()),
        (
            "a cross-reference stream",
            sign(&plain_pdf::pdf_with_xref_stream(), &person),
        ),
        ("a hybrid", sign(&plain_pdf::pdf_hybrid(), &person)),
        ("signed twice", sign(&once, &office)),
        (
            "adbe.pkcs7.detached",
            legacy.sign(&person).unwrap().to_vec(),
        ),
        ("with a reason", spoken.sign(&office).unwrap().to_vec()),
        ("a field with a name", named.sign(&person).unwrap().to_vec()),
        ("something before the header", sign(&prefixed, &person)),
        ("encrypted with AES-128", stored("pdf-encrypted-aes-128")),
        ("encrypted with RC4", stored("pdf-encrypted-rc4-40")),
    ];
    let trust = TrustStore::from_pem(authority.root.certificate_pem().as_bytes()).unwrap();
    let verifier = Verifier::new(at)
        .trust(trust)
        .evidence([issuing])
        .policy(Policy::default().revocation(Revocation::None));
    (files, verifier)
}

/// How good a report is: 2 passed, 1 undecided, 0 failed or nothing to say.
fn worth(report: &Report) -> u8 {
    match report.indication() {
        Some(Indication::TotalPassed) => 2,
        Some(Indication::Indeterminate) => 1,
        _ => 0,
    }
}

/// What may not happen: the octets covered by a passed signature differ from the original's.
fn fault(original: &[u8], usual: &Report, changed: &[u8], report: &Report) -> Option<String> {
    // The whole report is written, lest a member of it be what panics.
    let _ = report.to_json(kyso::Lang::Vi);
    for signature in report.signatures() {
        if signature.indication() != Indication::TotalPassed {
            continue;
        }
        let range = signature
            .coverage()
            .and_then(|c| c.byte_range.clone())
            .unwrap();
        let end = usize::try_from(range[2] + range[3]).unwrap();
        let known = usual.signatures().iter().any(|known| {
            known.indication() == Indication::TotalPassed
                && known.coverage().and_then(|c| c.byte_range.clone()).as_ref() == Some(&range)
        });
        // Hexadecimal digits may change their case, and the padding of white space its octet; all
        // that was digested may not.
        let gap = usize::try_from(range[1]).unwrap()..usize::try_from(range[2]).unwrap();
        let same = |from: usize, to: usize| original.get(from..to) == changed.get(from..to);
        if !known || !same(0, gap.start) || !same(gap.end, end) {
            return Some(String::from("passes over other octets"));
        }
    }
    (worth(report) > worth(usual)).then(|| String::from("is better than the original"))
}

#[test]
fn no_truncation_and_no_changed_byte_passes_where_the_original_did_not() {
    // Without optimisation this takes minutes; ./test runs it with.
    let whole = !cfg!(debug_assertions) || std::env::var_os("KYSO_TOTALITY").is_some();
    let (files, verifier) = vectors();
    let began = Instant::now();
    let runs = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    for (index, (name, original)) in files.iter().enumerate() {
        let usual = verifier.verify(original);
        // Data before the header are another file to another reader: never a plain pass.
        let passes = index < 8 && *name != "something before the header";
        assert_eq!(
            usual.indication() == Some(Indication::TotalPassed),
            passes,
            "{name}: {}",
            usual.to_text(kyso::Lang::En)
        );
        let step = match (whole, index) {
            (true, _) => 1,
            (false, 0) => 16,
            (false, _) => continue,
        };
        let next = AtomicUsize::new(0);
        let threads = std::thread::available_parallelism()
            .map_or(2, usize::from)
            .min(8);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let mut changed = original.clone();
                    loop {
                        let at = next.fetch_add(step, Ordering::Relaxed);
                        let Some(&octet) = original.get(at) else {
                            return;
                        };
                        let look = |changed: &[u8], what: &str| {
                            runs.fetch_add(1, Ordering::Relaxed);
                            let report = verifier.verify(changed);
                            if let Some(fault) = fault(original, &usual, changed, &report) {
                                faults
                                    .lock()
                                    .unwrap()
                                    .push(format!("{name}: {what} {at}: {fault}"));
                            }
                        };
                        look(&original[..at], "cut at");
                        let other = b" 9<(/\0\xffR"[at % 8];
                        for value in [octet ^ 1, other] {
                            if value != octet {
                                changed[at] = value;
                                look(&changed, "changed at");
                            }
                        }
                        changed[at] = octet;
                    }
                });
            }
        });
        println!("{name}: {} octets, {:?}", original.len(), began.elapsed());
    }
    let faults = faults.into_inner().unwrap();
    println!(
        "{} verifications in {:?}",
        runs.into_inner(),
        began.elapsed()
    );
    assert!(
        faults.is_empty(),
        "{} faults: {:#?}",
        faults.len(),
        &faults[..faults.len().min(20)]
    );
}
