//! Real signed documents of state bodies, 2016 to 2026, made by nobody here. They lie elsewhere
//! (`KYSO_DATA`); what has to be found in each is written beside them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, data, only};
use kyso::report::{Report, SignatureReport};
use kyso::verdict::StatusFault;
use kyso::{
    Certificate, Indication, Lang, Policy, Reason, Revocation, SubIndication, Time, Verifier,
};

fn later() -> Time {
    "2026-06-01T19:00:00+07:00".parse().unwrap()
}

/// No real file may be called passed, and none expired: its certificates ended, its signature not.
fn neither_passed_nor_expired(report: &Report) {
    for text in [Lang::Vi, Lang::En].map(|lang| report.to_json(lang) + &report.to_text(lang)) {
        assert!(!text.contains("TOTAL-PASSED"), "{text}");
        let text = text.to_lowercase();
        for word in ["expired", "hết hạn", "hết hiệu lực"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    assert_ne!(report.indication(), Some(Indication::TotalPassed));
    assert_ne!(report.exit(), 0);
}

fn addresses<'r>(signature: &'r SignatureReport, code: &str) -> &'r [String] {
    let reason = signature.reasons().find(|reason| reason.code() == code);
    match reason {
        Some(Reason::Status {
            fault: StatusFault::Missing { addresses, .. },
            ..
        }) => addresses,
        Some(Reason::IssuerNotFound { addresses, .. }) => addresses,
        other => panic!("{code}: {other:?}"),
    }
}

#[test]
fn the_decree_of_2022_is_intact_and_its_issuer_is_asked_for_by_name() {
    let Some(file) = data("vn-pdf/gov-nd-57-2022.pdf") else {
        return;
    };
    let report = Verifier::new(later()).verify(&file);
    neither_passed_nor_expired(&report);
    let signature = only(&report);
    assert_eq!(signature.format(), "PDF-PKCS7-DETACHED");
    assert_eq!(signature.integrity().digest_intact, Some(true));
    assert_eq!(signature.integrity().signature_intact, Some(true));
    assert_eq!(signature.coverage().unwrap().whole_file, Some(true));
    assert_eq!(signature.algorithms().digest.as_deref(), Some("SHA-256"));
    assert_eq!(signature.algorithms().key_bits, Some(2048));
    let signer = signature.signer().unwrap();
    assert_eq!(signer.common_name, "Cổng Thông tin điện tử Chính phủ");
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::NoCertificateChainFound)
    );
}

#[test]
fn with_its_issuer_the_decree_of_2022_reaches_the_pinned_root_in_its_own_time_stamp() {
    let Some(file) = data("vn-pdf/gov-nd-57-2022.pdf") else {
        return;
    };
    let Some(issuer) = data("vn-pki/vgca-g1-cp.pem") else {
        return;
    };
    let issuer = Certificate::many_from_pem_or_der(&issuer).unwrap();
    let verifier = Verifier::new(later()).evidence(issuer);
    let report = verifier.verify(&file);
    neither_passed_nor_expired(&report);
    let signature = only(&report);
    let chain = signature.chain();
    assert_eq!(chain.len(), 3);
    assert!(chain.iter().all(|link| link.tree == Some("vgca")));
    assert!(chain[2].trust_anchor && !chain[1].trust_anchor);
    assert!(chain[2].subject.contains("RootCA"));
    let codes = codes(signature);
    for code in [
        "algorithm.sha1_history",
        "signing_time.local_as_utc",
        "revocation.missing",
        "time_stamp.not_passed",
        "policy.rsa_pkcs1",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    assert_eq!(signature.sub_indication(), Some(SubIndication::TryLater));
    assert_eq!(
        addresses(signature, "revocation.missing"),
        [
            "http://ocsp.ca.gov.vn/",
            "http://ca.gov.vn/pki/pub/crl/cp.crl",
            "http://pub.ca.gov.vn/pki/pub/crl/cp.crl"
        ]
    );
    // The instant is the token's, not the wrong one of the attribute.
    let stamp: Time = "2022-08-26T10:42:20+07:00".parse().unwrap();
    let stamped = signature.timestamps()[0].time.unwrap();
    assert_eq!(stamped.unix(), stamp.unix());
}

#[test]
fn where_status_is_not_asked_for_the_decree_of_2022_passes_at_the_time_of_its_stamp() {
    let (Some(file), Some(root), Some(issuer)) = (
        data("vn-pdf/gov-nd-57-2022.pdf"),
        data("vn-pki/vgca-g1-root.pem"),
        data("vn-pki/vgca-g1-cp.pem"),
    ) else {
        return;
    };
    let mut verifier = Verifier::new(later())
        .trust(kyso::TrustStore::from_pem(&root).unwrap())
        .policy(Policy::default().revocation(Revocation::None));
    verifier.add_evidence(&issuer).unwrap();
    let report = verifier.verify(&file);
    let signature = only(&report);
    assert_eq!(signature.indication(), Indication::TotalPassed);
    assert_eq!(report.exit(), 0);
    let stamp: Time = "2022-08-26T10:42:20+07:00".parse().unwrap();
    assert_eq!(signature.signing_time().proven, Some(stamp));
    assert_eq!(signature.timestamps()[0].indication, "PASSED");
    // Every weakness is named, and lowers nothing.
    let codes = codes(signature);
    for code in [
        "algorithm.sha1_history",
        "certificate.ended_since",
        "policy.rsa_pkcs1",
        "revocation.not_asked",
        "signing_certificate.unnamed",
        "signing_time.local_as_utc",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    let stamped: Vec<_> = signature.timestamps()[0]
        .reasons
        .iter()
        .map(Reason::code)
        .collect();
    assert!(stamped.contains(&"time_stamp.sha1_history"), "{stamped:?}");
    // One byte of it changed, and nothing of that holds.
    let mut changed = file.clone();
    let at = changed.len() / 3;
    changed[at] ^= 1;
    assert_eq!(verifier.verify(&changed).exit(), 1);
    // By the letter of the circular it does not pass, and says why.
    let strict = Policy::named("circular-15-2025-strict").unwrap();
    let strict = verifier.policy(strict.revocation(Revocation::None));
    let report = strict.verify(&file);
    assert_eq!(report.indication(), Some(Indication::Indeterminate));
    assert!(common::codes(only(&report)).contains(&"policy.rsa_pkcs1_refused"));
}

#[test]
fn the_gazette_of_2026_is_intact_and_its_missing_issuer_has_a_name_and_an_address() {
    let Some(file) = data("vn-pdf/congbao-nd-28-2026.pdf") else {
        return;
    };
    let report = Verifier::new(later()).verify(&file);
    neither_passed_nor_expired(&report);
    let signature = only(&report);
    assert!(signature.format().starts_with("PAdES-"));
    assert_eq!(signature.integrity().digest_intact, Some(true));
    assert_eq!(signature.integrity().signature_intact, Some(true));
    assert_eq!(signature.algorithms().key_bits, Some(3072));
    assert_eq!(signature.indication(), Indication::Indeterminate);
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::NoCertificateChainFound)
    );
    let code = "path.issuer_not_found";
    assert_eq!(
        addresses(signature, code),
        ["http://ca.gov.vn/pki/pub/crt/sscag2.crt"]
    );
    let missing = signature
        .reasons()
        .find(|reason| reason.code() == code)
        .unwrap();
    for lang in [Lang::Vi, Lang::En] {
        let message = missing.message(lang);
        assert!(
            message.contains("CA phục vụ cho dịch vụ phần mềm G2"),
            "{message}"
        );
        assert!(
            message.contains("http://ca.gov.vn/pki/pub/crt/sscag2.crt"),
            "{message}"
        );
    }
}

#[test]
fn documents_that_a_tool_rewrote_after_signing_fail_and_are_never_called_unsigned() {
    for (name, signatures) in [
        ("vn-pdf/stale-nd-57-2022-recompressed.pdf", 1),
        ("vn-pdf/stale-blhs-2015-rewritten-large.pdf", 4),
    ] {
        let Some(file) = data(name) else {
            return;
        };
        let report = Verifier::new(later()).verify(&file);
        neither_passed_nor_expired(&report);
        assert_eq!(report.signatures().len(), signatures, "{name}");
        assert_eq!(report.exit(), 1);
        for signature in report.signatures() {
            assert_eq!(signature.indication(), Indication::TotalFailed, "{name}");
            assert_eq!(signature.integrity().digest_intact, Some(false), "{name}");
            assert_eq!(signature.integrity().signature_intact, Some(true), "{name}");
            assert_eq!(
                signature.coverage().unwrap().whole_file,
                Some(false),
                "{name}"
            );
            assert!(codes(signature).contains(&"pdf.rewritten_after_signing"));
            if signatures == 4 {
                assert!(codes(signature).contains(&"integrity.digest_mismatch"));
                assert_eq!(signature.algorithms().digest.as_deref(), Some("SHA-1"));
                let claimed = signature.signing_time().claimed.unwrap();
                assert_eq!((claimed.date().0, claimed.date().1), (2016, 1));
            }
        }
    }
}
