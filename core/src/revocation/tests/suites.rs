//! NIST PKITS, x509-limbo and OpenSSL's OCSP cases, as the corpus lists them: path and status
//! together, every certificate below the anchor asked about.

use std::collections::HashSet;

use serde_json::Value;

use crate::crypto::fixtures;
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::path::{self, Work};
use crate::revocation::{Ask, Memory, Standing, Status, statements};
use crate::time::Time;
use crate::trust::{Purpose, TrustAnchor, TrustStore};
use crate::x509::Certificate;

/// What a case came to.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Valid,
    Revoked,
    NotKnown(String),
    Stale,
    /// The path itself fails, or needs what `path` does not judge.
    NoPath(String),
}

struct Case {
    leaf: Certificate,
    store: TrustStore,
    evidence: Evidence,
    at: Time,
}

impl Case {
    fn read(leaf: &[u8], anchors: &[Vec<u8>], rest: &[Vec<u8>], at: Time) -> Self {
        let mut store = TrustStore::new();
        for anchor in anchors {
            store
                .add(Certificate::many_from_pem_or_der(anchor).unwrap().remove(0))
                .unwrap();
        }
        let mut evidence = Evidence::new(&Limits::default());
        for item in rest {
            // Some cases are about evidence that is none.
            if let Err(error) = evidence.add_bytes(item, Origin::Operator) {
                println!("evidence: {error}");
            }
        }
        Self {
            leaf: Certificate::many_from_pem_or_der(leaf).unwrap().remove(0),
            store,
            evidence,
            at,
        }
    }

    fn judge(&self) -> Outcome {
        let limits = Limits::default();
        let (work, memory) = (Work::new(&limits, 4), Memory::new(&limits));
        let purpose = Purpose::DocumentSignature;
        let chain = match path::build(
            &self.leaf,
            &self.evidence,
            &self.store,
            self.at,
            purpose,
            &limits,
        ) {
            Ok(path) => path.certificates().to_vec(),
            // OpenSSL's cases of 2012 are signed with SHA-1, which is not their question.
            Err(faults) => match self.by_name(&faults) {
                Some(chain) => chain,
                None => return Outcome::NoPath(format!("{faults:?}")),
            },
        };
        let anchor = self.store.anchor_of(chain.last().unwrap()).unwrap();
        let ask = Ask {
            evidence: &self.evidence,
            store: &self.store,
            anchor: &anchor,
            purpose,
            at: self.at,
            limits: &limits,
            work: &work,
            memory: &memory,
        };
        chain_status(&chain, &ask, &mut HashSet::new())
    }

    fn by_name(&self, faults: &[path::PathFault]) -> Option<Vec<Certificate>> {
        let is_weak = |fault: &path::PathFault| {
            matches!(
                fault,
                path::PathFault::WeakAlgorithm { .. } | path::PathFault::WeakKey { .. }
            )
        };
        faults.iter().all(is_weak).then_some(())?;
        let mut chain = vec![self.leaf.clone()];
        loop {
            let last = chain.last()?;
            let anchor: Option<&TrustAnchor> = self.store.anchors_named(last.issuer()).next();
            if let Some(anchor) = anchor {
                chain.push(anchor.certificate().clone());
                return Some(chain);
            }
            let above = self.evidence.named(last.issuer()).next()?.clone();
            chain.push(above);
        }
    }
}

fn chain_status(chain: &[Certificate], ask: &Ask<'_>, asked: &mut HashSet<[u8; 32]>) -> Outcome {
    // From the anchor down.
    for pair in chain.windows(2).rev() {
        let [certificate, issuer] = pair else {
            unreachable!()
        };
        // The issuer of an indirect list may stand in its own list (PKITS 4.14.30).
        if !asked.insert(certificate.sha256()) {
            continue;
        }
        let found = statements(certificate, issuer, ask);
        let Some(newest) = found.usable.first() else {
            let refused: Vec<_> = found.refused.iter().map(|r| r.why.code()).collect();
            return Outcome::NotKnown(refused.join(" "));
        };
        if newest.status != Status::Good {
            return Outcome::Revoked;
        }
        if newest.next_update.is_some_and(|next| next < ask.at) {
            return Outcome::Stale;
        }
        if newest.standing == Standing::MustBeAsked
            && let Some(path) = &newest.signer_path
        {
            let signer = chain_status(path.certificates(), ask, asked);
            if signer != Outcome::Valid {
                return Outcome::NotKnown(format!("signer: {signer:?}"));
            }
        }
    }
    Outcome::Valid
}

fn cases(set: &str) -> Vec<Value> {
    let Some(listed) = fixtures::data("corpus/x509/expectations.json") else {
        return Vec::new();
    };
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let cases = listed["cases"].as_array().unwrap();
    let wanted = cases.iter().filter(|case| {
        case["set"] == set
            && case["revocation_checked"] != false
            && case.get("out_of_scope").is_none()
    });
    wanted.cloned().collect()
}

fn file(name: &Value) -> Vec<u8> {
    fixtures::data(&format!("corpus/x509/{}", name.as_str().unwrap())).unwrap()
}

fn files(names: &Value) -> Vec<Vec<u8>> {
    names.as_array().unwrap().iter().map(file).collect()
}

/// Runs the cases whose question is status; how many ran. Those about the path alone are `path`'s.
fn run(set: &str) -> usize {
    let mut wrong = Vec::new();
    let (mut ran, mut without_path) = (0, 0);
    for case in cases(set) {
        let reason = case["expect"]["reason_class"].as_str();
        if reason == Some("PathValidationError") {
            continue;
        }
        let mut rest = files(&case["other_certs"]);
        rest.extend(files(&case["crls"]));
        rest.extend(files(&case["ocsps"]));
        let at: Time = case["moment"].as_str().unwrap().parse().unwrap();
        let made = Case::read(
            &file(&case["file"]),
            &[file(&case["trust_anchor"])],
            &rest,
            at,
        );
        let outcome = made.judge();
        if let Outcome::NoPath(faults) = &outcome {
            println!("{}: no path: {faults:.200}", case["file"]);
            without_path += 1;
            continue;
        }
        ran += 1;
        let is_right = match reason {
            None => outcome == Outcome::Valid,
            Some("RevokedError") => outcome == Outcome::Revoked,
            Some("StaleRevinfoError") => outcome == Outcome::Stale,
            Some(_) => matches!(outcome, Outcome::NotKnown(_)),
        };
        if !is_right {
            wrong.push(format!(
                "{} {}: {reason:?}, got {outcome:?}",
                case["file"], case["ocsps"]
            ));
        } else {
            println!("{} {}: {outcome:?}", case["file"], case["ocsps"]);
        }
    }
    println!("{set}: {ran} ran, {without_path} without a path");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    ran
}

#[test]
fn nist_pkits_agrees_on_every_case_about_status() {
    let ran = run("nist-pkits");
    assert!(ran == 0 || ran >= 30, "{ran} cases ran");
}

#[test]
fn openssls_ocsp_cases_come_out_as_listed() {
    let ran = run("openssl-ocsp");
    assert!(ran == 0 || ran == 15, "{ran} cases ran");
}

/// The cases above stop at an authority without a response, so each wrong response is asked for
/// itself here.
#[test]
fn each_of_openssls_wrong_responses_is_refused_for_its_own_reason() {
    let cases = [
        ("D1", "ISOP_D1", "ocsp.signature"),
        ("D1", "WINH_D1", "ocsp.other_certificate"),
        ("D1", "WIKH_D1", "ocsp.other_certificate"),
        ("D1", "WKDOSC_D1", "ocsp.responder_not_found"),
        ("ND1", "WRID_ND1", "ocsp.responder_not_found"),
        ("ND1", "ISOP_ND1", "ocsp.signature"),
    ];
    for (chain, response, code) in cases {
        let read = |name: String| fixtures::data(&format!("corpus/x509/ocsp/{name}"));
        let (Some(leaf), Some(issuer), Some(response)) = (
            read(format!("{chain}_Cert_EE.pem")),
            read(format!("{chain}_Issuer_ICA.pem")),
            read(format!("{response}.ors")),
        ) else {
            continue;
        };
        let at = "2012-10-12T14:00:00Z".parse().unwrap();
        let case = Case::read(&leaf, &[issuer], &[response], at);
        let limits = Limits::default();
        let anchor = case.store.anchors().next().unwrap();
        let ask = Ask {
            evidence: &case.evidence,
            store: &case.store,
            anchor,
            purpose: Purpose::DocumentSignature,
            at,
            limits: &limits,
            work: &Work::new(&limits, 1),
            memory: &Memory::new(&limits),
        };
        let found = statements(&case.leaf, anchor.certificate(), &ask);
        assert!(found.usable.is_empty());
        assert_eq!(
            found.refused[0].why.code(),
            code,
            "{chain} {:?}",
            found.refused
        );
    }
}

#[test]
fn x509_limbo_agrees_on_lists() {
    let Some(limbo) = fixtures::data("corpus/x509/limbo.json") else {
        return;
    };
    let limbo: Value = serde_json::from_slice(&limbo).unwrap();
    let bytes = |list: &Value| -> Vec<Vec<u8>> {
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter()
            .map(|text| text.as_str().unwrap().as_bytes().to_vec())
            .collect()
    };
    let mut ran = 0;
    for case in limbo["testcases"].as_array().unwrap() {
        let lists = bytes(&case["crls"]);
        if lists.is_empty() {
            continue;
        }
        let mut rest = bytes(&case["untrusted_intermediates"]);
        rest.extend(lists);
        let at: Time = case["validation_time"].as_str().unwrap().parse().unwrap();
        let leaf = case["peer_certificate"].as_str().unwrap();
        let made = Case::read(leaf.as_bytes(), &bytes(&case["trusted_certs"]), &rest, at);
        let outcome = made.judge();
        println!("{}: {outcome:?}", case["id"]);
        let must_pass = case["expected_result"] == "SUCCESS";
        assert_eq!(outcome == Outcome::Valid, must_pass, "{}", case["id"]);
        ran += 1;
    }
    assert!(ran >= 5);
}
