use super::*;
use crate::crypto::fixtures;
use crate::evidence::Evidence;
use crate::path::Work;
use crate::policy::{Policy, Revocation};
use crate::revocation::Memory;
use crate::trust::TrustStore;
use crate::validate::{Online, Session};

/// What each archive time-stamp of a file says, the newest first: the codes of what lowers it, or
/// the time that it proves; and since when the signature value is proven.
fn judged(octets: &[u8], at: &str) -> Option<(Vec<String>, String)> {
    let limits = Limits::default();
    let cms = SignedData::parse(octets, &limits).ok()?;
    let signer = cms.signer_infos.first()?;
    // A content that is elsewhere is known by its signed digest.
    let digest = signer.digest().and_then(|algorithm| {
        let signed = signer.signed_attributes.as_ref()?.message_digest().ok()??;
        Digest::from_octets(algorithm, &signed)
    });
    let protected = Protected(digest.into_iter().collect());
    let mut evidence = Evidence::new(&limits);
    collect::add(&cms, &limits, &mut evidence);
    // Whoever signed them is trusted here: these tests ask about form and imprint.
    let mut trust = TrustStore::new();
    for certificate in evidence.certificates() {
        let _ = trust.add(certificate.clone());
    }
    let policy = Policy::named("path-only")
        .unwrap()
        .revocation(Revocation::None);
    let online = Online::default();
    let at = at.parse().unwrap();
    let session = Session::new(&online, &trust, &limits, at);
    let context = Context {
        trust: &trust,
        evidence: &evidence,
        policy: &policy,
        at,
        limits: &limits,
        work: Work::new(&limits, 50),
        memory: Memory::new(&limits),
        session: &session,
    };
    let mut existence = Existence::new(context.at);
    let archived = Archived {
        cms: &cms,
        octets,
        signer,
        protected: &protected,
    };
    let tokens = archived.judge(&context, &mut existence);
    let about = tokens
        .iter()
        .map(|token| match token.proven {
            Some(time) => time.to_string(),
            None => {
                let lowering = token.found.iter().filter(|r| r.indication().is_some());
                let codes: Vec<_> = lowering.map(Reason::code).collect();
                codes.join(" ")
            }
        })
        .collect();
    let since = existence.of(&sha256(&signer.signature)).to_string();
    Some((about, since))
}

fn file(name: &str) -> Option<Vec<u8>> {
    fixtures::data(&format!("corpus/cms/dss-cades/{name}"))
}

/// Files with archive time-stamps of both forms that other programs made (EU DSS's own tests).
#[test]
fn archive_time_stamps_of_the_field_prove_the_signature_or_say_why_not() {
    for (name, at, expected, since) in [
        // Version 3, attached.
        (
            "cades-extended-a.pkcs7",
            "2022-01-08T00:00:00Z",
            &["2022-01-07T08:05:16Z"][..],
            "2022-01-07T08:05:16Z",
        ),
        // Two of version 3 in one second; certificates were added later, which hurts neither.
        (
            "cades_signeddata_extended_after_lta.p7m",
            "2019-06-20T00:00:00Z",
            &["2019-06-19T12:46:26Z", "2019-06-19T12:46:26Z"],
            "2019-06-19T12:46:26Z",
        ),
        // Version 3 over a content that is elsewhere.
        (
            "dss-2011__cades-lta-detached.pkcs7",
            "2020-03-27T00:00:00Z",
            &["2020-03-26T09:44:44Z"],
            "2020-03-26T09:44:44Z",
        ),
        // Its index was changed.
        (
            "dss-1220__CAdES-BpLTA_modified_ats_hash_element.p7m",
            "2017-07-12T00:00:00Z",
            &["time_stamp.imprint time_stamp.malformed"],
            "2017-07-12T00:00:00Z",
        ),
        // The older form, attached; where the content is elsewhere its octets would be needed.
        (
            "dss-1469__cadesLTAwithATv2expired.p7s",
            "2013-08-15T00:00:00Z",
            &["2013-08-14T15:44:37Z"],
            "2013-08-14T15:44:37Z",
        ),
        (
            "dss-2011__cades-tstv2-detached.p7s",
            "2013-09-07T00:00:00Z",
            &["time_stamp.not_judged"],
            "2013-09-07T00:00:00Z",
        ),
    ] {
        let Some(octets) = file(name) else {
            return;
        };
        let (tokens, proven) = judged(&octets, at).unwrap();
        assert_eq!(tokens, expected, "{name}");
        assert_eq!(proven, since, "{name}");
        // Long after, when the certificate of the authority has ended, nothing is proven.
        let (tokens, proven) = judged(&octets, "2046-01-01T00:00:00Z").unwrap();
        assert!(
            tokens
                .iter()
                .all(|token| token.contains("outside_validity"))
        );
        assert_eq!(proven, "2046-01-01T00:00:00Z", "{name}");
    }
}

/// The file with the last octet of a part of it changed.
fn spoilt(octets: &[u8], part: &[u8]) -> Vec<u8> {
    let at = octets
        .windows(part.len())
        .position(|window| window == part)
        .unwrap();
    let mut spoilt = octets.to_vec();
    spoilt[at + part.len() - 1] ^= 1;
    spoilt
}

#[test]
fn whatever_a_version_3_covers_cannot_be_changed_and_it_proves_nothing_then() {
    let Some(octets) = file("cades-extended-a.pkcs7") else {
        return;
    };
    let at = "2022-01-08T00:00:00Z";
    let limits = Limits::default();
    let cms = SignedData::parse(&octets, &limits).unwrap();
    let signer = &cms.signer_infos[0];
    let stamps = signer.unsigned_attributes.as_ref().unwrap();
    let stamp = stamps.signature_time_stamps()[0];
    let content = cms.content.as_deref().unwrap();
    let mut parts = vec![
        (content, "time_stamp.imprint"),
        (&*signer.signature, "time_stamp.imprint"),
        (stamp, "time_stamp.malformed"),
    ];
    parts.extend(cms.crls.first().map(|der| (*der, "time_stamp.malformed")));
    for (part, code) in parts {
        let (tokens, proven) = judged(&spoilt(&octets, part), at).unwrap();
        assert!(tokens[0].contains(code), "{code}: {tokens:?}");
        assert_eq!(proven, at, "{code}");
    }
}

#[test]
fn whatever_the_older_form_covers_cannot_be_changed() {
    let Some(octets) = file("dss-1469__cadesLTAwithATv2expired.p7s") else {
        return;
    };
    let at = "2013-08-15T00:00:00Z";
    let limits = Limits::default();
    let cms = SignedData::parse(&octets, &limits).unwrap();
    let signer = &cms.signer_infos[0];
    let stamps = signer.unsigned_attributes.as_ref().unwrap();
    for part in [
        cms.content.as_deref().unwrap(),
        &*signer.signature,
        stamps.signature_time_stamps()[0],
    ] {
        let (tokens, proven) = judged(&spoilt(&octets, part), at).unwrap();
        assert!(tokens[0].contains("time_stamp.imprint"), "{tokens:?}");
        assert_eq!(proven, at);
    }
}
