//! Project Wycheproof's vectors of signatures. They lie elsewhere (`KYSO_DATA`).
//!
//! Every vector of every file is computed, over the message and over its digest. What this library
//! does not compute is listed below, set by set and with its number of vectors: a set that is
//! computed one day has to leave the list, and a new one has to be entered.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::data;
use kyso::crypto::{
    Digest, DigestAlgorithm, PublicKey, SignatureAlgorithm, ToVerify, VerifyFault,
    ecdsa_from_fixed, ecdsa_to_fixed, sha256, verify,
};
use serde_json::Value;

/// What is answered `unsupported`, whatever the vector: curves that no crate at hand computes, and
/// RSASSA-PSS with another hash in the mask than over the message, which CMS profiles refuse.
const UNSUPPORTED: [(&str, usize); 24] = [
    ("ECDSA brainpoolP256r1 SHA-256", 243),
    ("ECDSA brainpoolP384r1 SHA-384", 258),
    ("ECDSA brainpoolP512r1 SHA-512", 280),
    ("EdDSA edwards448", 44),
    ("RSA-PSS SHA-1 MGF1 SHA-224", 7),
    ("RSA-PSS SHA-1 MGF1 SHA-256", 6),
    ("RSA-PSS SHA-1 MGF1 SHA-384", 4),
    ("RSA-PSS SHA-1 MGF1 SHA-512", 8),
    ("RSA-PSS SHA-224 MGF1 SHA-1", 6),
    ("RSA-PSS SHA-224 MGF1 SHA-256", 5),
    ("RSA-PSS SHA-224 MGF1 SHA-384", 8),
    ("RSA-PSS SHA-224 MGF1 SHA-512", 9),
    ("RSA-PSS SHA-256 MGF1 SHA-1", 6),
    ("RSA-PSS SHA-256 MGF1 SHA-224", 8),
    ("RSA-PSS SHA-256 MGF1 SHA-384", 6),
    ("RSA-PSS SHA-256 MGF1 SHA-512", 9),
    ("RSA-PSS SHA-384 MGF1 SHA-1", 4),
    ("RSA-PSS SHA-384 MGF1 SHA-224", 4),
    ("RSA-PSS SHA-384 MGF1 SHA-256", 2),
    ("RSA-PSS SHA-384 MGF1 SHA-512", 5),
    ("RSA-PSS SHA-512 MGF1 SHA-1", 5),
    ("RSA-PSS SHA-512 MGF1 SHA-224", 7),
    ("RSA-PSS SHA-512 MGF1 SHA-256", 6),
    ("RSA-PSS SHA-512 MGF1 SHA-384", 5),
];

/// The DigestInfo without NULL, which RFC 8017 tolerates for old signers. It is refused: one
/// encoded message is built and compared, so that no parser can be led astray.
const ACCEPTABLE: usize = 6;

fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

fn digest_named(name: &str) -> DigestAlgorithm {
    let same = |a: &DigestAlgorithm| a.name() == name || a.name().replacen('-', "", 1) == name;
    let found = DigestAlgorithm::ALL.into_iter().find(same);
    found.unwrap_or_else(|| panic!("{name}"))
}

/// The algorithm of a group of vectors, and what to call the set that it belongs to.
fn algorithm_of(file: &str, group: &Value) -> (SignatureAlgorithm, String) {
    let text = |name: &str| group[name].as_str().unwrap();
    let digest = || digest_named(text("sha"));
    if file.starts_with("rsa_pss") {
        let (digest, mgf_digest) = (digest(), digest_named(text("mgfSha")));
        let salt_len = u32::try_from(group["sLen"].as_u64().unwrap()).unwrap();
        let algorithm = SignatureAlgorithm::RsaPss {
            digest,
            mgf_digest,
            salt_len,
            trailer: 1,
        };
        let set = format!("RSA-PSS {} MGF1 {}", digest.name(), mgf_digest.name());
        return (algorithm, set);
    }
    if file.starts_with("rsa_signature") {
        let set = format!("RSA-PKCS1 {}", digest().name());
        return (SignatureAlgorithm::RsaPkcs1(digest()), set);
    }
    let curve = group["publicKey"]["curve"].as_str().unwrap();
    if file.starts_with("ecdsa") {
        let set = format!("ECDSA {curve} {}", digest().name());
        return (SignatureAlgorithm::Ecdsa(digest()), set);
    }
    (SignatureAlgorithm::Ed25519, format!("EdDSA {curve}"))
}

/// What was counted over a file.
#[derive(Default)]
struct Count {
    results: BTreeMap<String, usize>,
    unsupported: BTreeMap<String, usize>,
}

fn file(name: &str, octets: &[u8]) -> Count {
    let json: Value = serde_json::from_slice(octets).unwrap();
    let mut count = Count::default();
    for group in json["testGroups"].as_array().unwrap() {
        let spki = unhex(group["publicKeyDer"].as_str().unwrap());
        let key = PublicKey::from_spki_der(&spki).unwrap();
        let (algorithm, set) = algorithm_of(name, group);
        let is_listed = UNSUPPORTED.iter().any(|(listed, _)| *listed == set);
        for test in group["tests"].as_array().unwrap() {
            let message = unhex(test["msg"].as_str().unwrap());
            let mut signature = unhex(test["sig"].as_str().unwrap());
            if name.contains("p1363") {
                signature = match ecdsa_from_fixed(key.kind(), &signature) {
                    Some(der) => {
                        let back = ecdsa_to_fixed(key.kind(), &der);
                        assert_eq!(back.as_deref(), Some(&signature[..]));
                        der
                    }
                    None => Vec::new(),
                };
            }
            let result = test["result"].as_str().unwrap();
            let expected = match result {
                _ if is_listed => Err(VerifyFault::Unsupported),
                "valid" => Ok(()),
                "invalid" | "acceptable" => Err(VerifyFault::Invalid),
                other => panic!("{name}: {other}"),
            };
            let id = format!("{name} {}: {}", test["tcId"], test["comment"]);
            let whole = verify(&key, &algorithm, ToVerify::Message(&message), &signature);
            assert_eq!(whole, expected, "{id}");
            if let Some(digest) = algorithm.digest() {
                let digest = Digest::of(digest, &message);
                let prehashed = verify(&key, &algorithm, ToVerify::Digest(&digest), &signature);
                assert_eq!(prehashed, expected, "{id}, over the digest");
            }
            *count.results.entry(result.to_owned()).or_default() += 1;
            if is_listed {
                *count.unsupported.entry(set.clone()).or_default() += 1;
            }
        }
    }
    count
}

#[test]
fn every_published_vector_comes_out_as_published_or_is_listed_as_unsupported() {
    let Some(listed) = data("corpus/wycheproof/expectations.json") else {
        return;
    };
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let mut unsupported: BTreeMap<String, usize> = BTreeMap::new();
    let mut results: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for case in listed["cases"].as_array().unwrap() {
        let name = case["file"].as_str().unwrap();
        let octets = data(&format!("corpus/wycheproof/{name}")).unwrap();
        assert_eq!(sha256(&octets)[..], unhex(case["sha256"].as_str().unwrap()));
        let count = file(name, &octets);
        let expected: BTreeMap<String, usize> =
            serde_json::from_value(case["results"].clone()).unwrap();
        assert_eq!(count.results, expected, "{name}: not every vector was run");
        println!("{name}: {:?} {:?}", count.results, count.unsupported);
        for (set, number) in count.unsupported {
            *unsupported.entry(set).or_default() += number;
        }
        for (result, number) in count.results {
            *results.entry(result).or_default() += number;
        }
        assert!(seen.insert(name.to_owned()), "{name} twice");
    }
    let list: BTreeMap<String, usize> = UNSUPPORTED
        .iter()
        .map(|(set, number)| ((*set).to_owned(), *number))
        .collect();
    assert_eq!(unsupported, list);
    assert_eq!(results.get("acceptable"), Some(&ACCEPTABLE));
    println!("{} files, {results:?}", seen.len());
}
