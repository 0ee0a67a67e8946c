//! The public suites about certification paths and status: NIST PKITS, the OCSP responses of
//! OpenSSL's tests, and x509-limbo. They lie elsewhere (`KYSO_DATA`); where we knowingly answer
//! otherwise, `test-vectors/diverge.toml` has the rule, and a line that is not needed fails too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::data;
use kyso::path::PathInputs;
use kyso::{Certificate, Policy, Revocation, Time, TrustStore, Verifier};
use serde_json::Value;

/// One certificate to judge, and by what.
struct Case {
    name: String,
    certificate: Vec<u8>,
    anchors: Vec<Vec<u8>>,
    evidence: Vec<Vec<u8>>,
    at: Time,
    revocation: Revocation,
    inputs: PathInputs,
    wanted: String,
}

impl Case {
    fn answer(&self) -> String {
        // These suites have two answers: what is missing something does not pass either, and a
        // file that cannot be read is refused.
        match self.judged().as_deref() {
            Ok("valid") => "valid".into(),
            _ => "invalid".into(),
        }
    }

    fn judged(&self) -> Result<String, kyso::Error> {
        let certificate = Certificate::many_from_pem_or_der(&self.certificate)?.remove(0);
        let policy = Policy::named("path-only").unwrap();
        let mut verifier = Verifier::new(self.at)
            .trust(TrustStore::from_bytes_many(&self.anchors)?)
            .policy(policy.revocation(self.revocation));
        for evidence in &self.evidence {
            verifier.add_evidence(evidence)?;
        }
        let report = verifier.certificate(&certificate, &self.inputs);
        Ok(report.path.as_str().to_owned())
    }
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn cases(set: &str) -> Option<Vec<Case>> {
    let listed: Value = serde_json::from_slice(&data("corpus/x509/expectations.json")?).unwrap();
    let file = |path: &str| data(&format!("corpus/x509/{path}")).unwrap();
    let files = |value: &Value| -> Vec<Vec<u8>> { texts(value).iter().map(|p| file(p)).collect() };
    let mut cases = Vec::new();
    for case in listed["cases"].as_array().unwrap() {
        if case["set"] != set {
            continue;
        }
        let params = &case["params"];
        let given = |key: &str| params[key].as_bool() == Some(true);
        let policies = texts(&params["user_initial_policy_set"]);
        cases.push(Case {
            name: format!("{} {}", case["file"], case["name"]),
            certificate: file(case["file"].as_str().unwrap()),
            anchors: vec![file(case["trust_anchor"].as_str().unwrap())],
            evidence: ["other_certs", "crls", "ocsps"]
                .iter()
                .flat_map(|key| files(&case[key]))
                .collect(),
            at: case["moment"].as_str().unwrap().parse().unwrap(),
            revocation: match case["revocation_checked"].as_bool() {
                Some(false) => Revocation::None,
                _ => Revocation::Required,
            },
            inputs: PathInputs {
                policies: (!policies.is_empty()).then_some(policies),
                require_explicit_policy: given("initial_explicit_policy"),
                inhibit_policy_mapping: given("initial_policy_mapping_inhibit"),
                inhibit_any_policy: given("initial_any_policy_inhibit"),
                ..PathInputs::default()
            },
            wanted: case["expect"]["path"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        });
    }
    Some(cases)
}

fn all_agree(set: &str, at_least: usize) {
    let Some(cases) = cases(set) else { return };
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| !case.wanted.is_empty())
        .map(|case| (case, case.answer()))
        .filter(|(case, answer)| *answer != case.wanted)
        .map(|(case, answer)| format!("{}: want {}, got {answer}", case.name, case.wanted))
        .collect();
    assert!(cases.len() >= at_least.min(cases.len().max(1)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_of_nist_pkits_gives_the_answer_that_nist_gives() {
    all_agree("nist-pkits", 100);
}

#[test]
fn every_response_of_openssls_ocsp_tests_gives_the_answer_that_openssl_gives() {
    all_agree("openssl-ocsp", 10);
}

#[test]
fn x509_limbo_disagrees_only_where_the_rule_is_written_down() {
    let (Some(listed), Some(limbo)) = (
        data("corpus/x509/expectations.json"),
        data("corpus/x509/limbo.json"),
    ) else {
        return;
    };
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let limbo: Value = serde_json::from_slice(&limbo).unwrap();
    let by_id: BTreeMap<&str, &Value> = limbo["testcases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| (case["id"].as_str().unwrap(), case))
        .collect();
    let text = include_str!("../../test-vectors/diverge.toml");
    let diverge: toml::Table = text.parse().unwrap();
    let rules = diverge["rules"].as_table().unwrap();
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    for (id, rule) in diverge["limbo"].as_table().unwrap() {
        assert!(rules.contains_key(rule.as_str().unwrap()), "{id}");
        known.insert(id.clone(), false);
    }
    let mut wrong = Vec::new();
    for entry in listed["cases"].as_array().unwrap() {
        let Some(case) = entry["id"].as_str().and_then(|id| by_id.get(id)) else {
            continue;
        };
        if entry["set"] != "x509-limbo" {
            continue;
        }
        let id = entry["id"].as_str().unwrap();
        let pem = |value: &Value| -> Vec<Vec<u8>> {
            texts(value).into_iter().map(String::into_bytes).collect()
        };
        let crls = pem(&case["crls"]);
        let case = Case {
            name: id.to_owned(),
            certificate: case["peer_certificate"].as_str().unwrap().into(),
            anchors: pem(&case["trusted_certs"]),
            revocation: if crls.is_empty() {
                Revocation::None
            } else {
                Revocation::Required
            },
            evidence: pem(&case["untrusted_intermediates"])
                .into_iter()
                .chain(crls)
                .collect(),
            at: case["validation_time"]
                .as_str()
                .unwrap_or("2026-11-24T00:00:00Z")
                .parse()
                .unwrap(),
            inputs: PathInputs::default(),
            wanted: entry["expect"]["path"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        };
        let agrees = case.wanted.is_empty() || case.answer() == case.wanted;
        match (agrees, known.get_mut(id)) {
            (false, Some(used)) => *used = true,
            (false, None) => wrong.push(format!("{id}: want {}", case.wanted)),
            (true, _) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Another folder of the same layout may hold other cases; a line about one that is here and
    // agrees is not needed any more.
    let unused: Vec<&String> = known
        .iter()
        .filter(|(id, used)| !**used && by_id.contains_key(id.as_str()))
        .map(|(id, _)| id)
        .collect();
    assert!(
        unused.is_empty(),
        "agreement where none was expected: {unused:?}"
    );
}
