//! Status and time over signed files that nobody here made (`KYSO_DATA`, the folder of attacks and
//! of their benign controls): what is found in each, by its code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, data};
use kyso::report::Report;
use kyso::{Indication, Policy, Revocation, Time, TrustStore, Verifier};

fn judged(file: &str, revocation: Revocation) -> Option<Report> {
    let root = data("attacks/trust/root.pem")?;
    let at: Time = "2026-06-01T12:00:00Z".parse().unwrap();
    let verifier = Verifier::new(at)
        .trust(TrustStore::from_pem(&root).unwrap())
        .policy(Policy::default().revocation(revocation));
    Some(verifier.verify(&data(&format!("attacks/{file}"))?))
}

fn found(report: &Report) -> Vec<&'static str> {
    let all = report
        .signatures()
        .iter()
        .chain(report.document_timestamps());
    all.flat_map(codes).collect()
}

#[test]
fn evidence_that_may_not_speak_is_refused_by_name_and_leaves_the_status_missing() {
    for (file, why) in [
        ("rev-none", ""),
        ("rev-crl-forged-signature", "crl.signature"),
        ("rev-crl-of-other-ca-same-name", "crl."),
        ("rev-crl-from-future", "crl.future"),
        ("rev-crl-idp-only-ca-certs", "crl.scope"),
        (
            "rev-crl-unknown-critical-extension",
            "crl.critical_extension",
        ),
        ("rev-crl-issuer-lacks-crlsign", "crl.issuer_may_not_sign"),
        ("rev-ocsp-unknown-status", "ocsp.unknown"),
        ("rev-ocsp-signature-broken", "ocsp.signature"),
        (
            "rev-ocsp-issuer-key-hash-mismatch",
            "ocsp.other_certificate",
        ),
        (
            "rev-ocsp-responder-without-eku",
            "ocsp.responder_not_authorised",
        ),
    ] {
        let Some(report) = judged(&format!("cms/{file}.pdf"), Revocation::Required) else {
            return;
        };
        assert_eq!(
            report.indication(),
            Some(Indication::Indeterminate),
            "{file}"
        );
        let codes = found(&report);
        assert!(codes.contains(&"revocation.missing"), "{file}: {codes:?}");
        let text = report.to_text(kyso::Lang::En);
        assert!(text.contains(why), "{file}: {text}");
    }
}

#[test]
fn a_revocation_before_the_proven_time_is_named_and_stale_or_weak_evidence_does_not_count() {
    for (file, code) in [
        ("rev-crl-revoked-before-signing", "revocation.revoked"),
        ("rev-crl-expired", "revocation.stale"),
        ("rev-ocsp-stale", "revocation.stale"),
        ("rev-ocsp-stale-without-nextupdate", "revocation.stale"),
        ("rev-crl-signed-sha1", "algorithm.weak"),
    ] {
        let Some(report) = judged(&format!("cms/{file}.pdf"), Revocation::Required) else {
            return;
        };
        assert_eq!(
            report.indication(),
            Some(Indication::Indeterminate),
            "{file}"
        );
        let codes = found(&report);
        assert!(codes.contains(&code), "{file}: {codes:?}");
    }
    // Evidence that is present is obeyed where none is demanded, too.
    let file = "cms/rev-crl-revoked-before-signing.pdf";
    let Some(report) = judged(file, Revocation::None) else {
        return;
    };
    assert!(found(&report).contains(&"revocation.revoked"));
}

#[test]
fn a_time_stamp_that_fails_is_never_passed_over() {
    for file in [
        "tsp-imprint-of-other-data",
        "tsp-untrusted-tsa",
        "tsp-eku-missing",
    ] {
        let Some(report) = judged(&format!("cms/{file}.pdf"), Revocation::None) else {
            return;
        };
        assert_ne!(report.indication(), Some(Indication::TotalPassed), "{file}");
        let signature = &report.signatures()[0];
        assert!(
            codes(signature).contains(&"time_stamp.not_passed"),
            "{file}"
        );
        assert_ne!(signature.timestamps()[0].indication, "PASSED", "{file}");
        assert_eq!(signature.signing_time().proven, None, "{file}");
    }
}

#[test]
fn what_is_genuine_passes_at_its_proven_time_with_the_status_it_carries() {
    for (file, revocation) in [
        ("ltv-dss-crl", Revocation::Required),
        ("ltv-dss-ocsp", Revocation::Required),
        ("ocsp-signed-by-ca-itself", Revocation::Required),
        ("doc-timestamp", Revocation::None),
        ("signature-timestamp", Revocation::None),
        ("expired-signer-with-good-timestamp", Revocation::None),
        ("cms-outer-indefinite-length", Revocation::None),
    ] {
        let Some(report) = judged(&format!("benign/{file}.pdf"), revocation) else {
            return;
        };
        let text = report.to_text(kyso::Lang::En);
        assert_eq!(report.indication(), Some(Indication::TotalPassed), "{text}");
        assert_eq!(report.exit(), 0);
    }
    let file = "benign/expired-signer-with-good-timestamp.pdf";
    let Some(report) = judged(file, Revocation::None) else {
        return;
    };
    let signature = &report.signatures()[0];
    assert!(signature.signing_time().proven.is_some());
    assert!(codes(signature).contains(&"certificate.ended_since"));
}
