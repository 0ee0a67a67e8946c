//! Paths with certificates that `openssl` makes on the spot, with the national ones, and with the
//! public suites.

use std::cell::Cell;

use serde_json::Value;

use super::*;
use crate::crypto::fixtures::{self, Workshop};
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::time::Time;
use crate::trust::{Purpose, Tree, TrustStore};
use crate::x509::Certificate;

const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
    subjectKeyIdentifier=hash\n";
const EE: &str = "keyUsage=critical,digitalSignature\n";
const CURVE: &str = "ec -pkeyopt ec_paramgen_curve:P-256";

/// Makes certificates; each is named by its common name.
struct Authority {
    shop: Workshop,
    serial: Cell<u32>,
}

impl Authority {
    fn open() -> Option<Self> {
        Some(Self {
            shop: Workshop::open()?,
            serial: Cell::new(1),
        })
    }

    /// A certificate for `name` (files of that name) signed by `issuer`, or by itself.
    fn issue(&self, name: &str, issuer: &str, extensions: &str) -> Certificate {
        self.issue_as(name, name, issuer, CURVE, "-sha256", extensions)
    }

    fn issue_as(
        &self,
        file: &str,
        name: &str,
        issuer: &str,
        key: &str,
        hash: &str,
        extensions: &str,
    ) -> Certificate {
        let shop = &self.shop;
        self.serial.set(self.serial.get() + 1);
        shop.run(&format!(
            "req -new -newkey {key} -nodes -keyout {file}.key -out {file}.csr -subj /C=VN/CN={name}"
        ));
        self.sign(file, issuer, hash, extensions)
    }

    /// Signs the request of `file` (again).
    fn sign(&self, file: &str, issuer: &str, hash: &str, extensions: &str) -> Certificate {
        let shop = &self.shop;
        let serial = self.serial.get();
        self.serial.set(serial + 1);
        shop.write("ext", extensions.as_bytes());
        let by = match issuer == file {
            true => format!("-signkey {file}.key"),
            false => format!("-CA {issuer}.pem -CAkey {issuer}.key"),
        };
        let ext = match extensions.is_empty() {
            true => "",
            false => "-extfile ext",
        };
        shop.run(&format!(
            "x509 -req -in {file}.csr {by} {hash} {ext} -set_serial {serial} -days 300 -out {file}.pem"
        ));
        Certificate::many_from_pem_or_der(&shop.read(&format!("{file}.pem")))
            .unwrap()
            .remove(0)
    }
}

fn store(anchors: &[&Certificate]) -> TrustStore {
    TrustStore::from_der_many(anchors.iter().map(|c| c.der())).unwrap()
}

fn evidence(certificates: &[&Certificate]) -> Evidence {
    let mut evidence = Evidence::new(&Limits::default());
    for certificate in certificates {
        evidence
            .add((*certificate).clone(), Origin::Signature)
            .unwrap();
    }
    evidence
}

fn documents(
    leaf: &Certificate,
    evidence: &Evidence,
    store: &TrustStore,
) -> Result<ValidPath, Vec<PathFault>> {
    let at = leaf.not_before();
    let limits = Limits::default();
    build(
        leaf,
        evidence,
        store,
        at,
        Purpose::DocumentSignature,
        &limits,
    )
}

fn national(file: &str) -> Option<Certificate> {
    let pem = fixtures::data(&format!("vn-pki/{file}.pem"))?;
    Some(Certificate::many_from_pem_or_der(&pem).unwrap().remove(0))
}

#[test]
fn the_paths_of_one_file_share_their_work() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let leaf = ca.issue("la", "goc", EE);
    let limits = Limits {
        path_signature_checks: 1,
        ..Limits::default()
    };
    let (pool, anchors) = (evidence(&[&leaf]), store(&[&root]));
    let work = Work::new(&limits, 2);
    let again = || {
        let (at, purpose) = (leaf.not_before(), Purpose::DocumentSignature);
        build_within(&leaf, &pool, &anchors, at, purpose, &limits, &work)
    };
    assert!(again().is_ok() && again().is_ok());
    let ceiling = Budget::SignatureChecks;
    assert!(
        again()
            .unwrap_err()
            .contains(&PathFault::Budget { ceiling })
    );
}

#[test]
fn a_chain_to_an_anchor_is_found_whatever_lies_beside_it() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let sub = ca.issue("cap2", "goc", CA);
    let leaf = ca.issue("la", "cap2", EE);
    let stranger = ca.issue("la2", "la2", EE);
    let beside = evidence(&[&stranger, &leaf, &sub, &root]);
    let path = documents(&leaf, &beside, &store(&[&root])).unwrap();
    assert_eq!(
        path.certificates(),
        [leaf.clone(), sub.clone(), root.clone()]
    );
    assert_eq!(path.anchor().tree(), Tree::Operator);
    // The issuing authority as the anchor, and the signer's certificate itself.
    let short = documents(&leaf, &beside, &store(&[&sub])).unwrap();
    assert_eq!(short.certificates(), [leaf.clone(), sub]);
    let own = documents(&leaf, &beside, &store(&[&leaf])).unwrap();
    assert_eq!(own.certificates(), std::slice::from_ref(&leaf));
    // Nothing trusted: the faults end at the root that the document carries.
    let faults = documents(&leaf, &beside, &TrustStore::new()).unwrap_err();
    let certificate = CertificateId::from(&root);
    assert_eq!(faults, [PathFault::UntrustedRoot { certificate }]);
}

#[test]
fn a_missing_issuer_is_named_with_the_address_the_certificate_gives() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    ca.issue("cap2", "goc", CA);
    let aia = format!("{EE}authorityInfoAccess=caIssuers;URI:http://ca.example.vn/cap2.crt\n");
    let leaf = ca.issue("la", "cap2", &aia);
    let faults = documents(&leaf, &evidence(&[]), &store(&[&root])).unwrap_err();
    let [
        PathFault::IssuerNotFound {
            issuer, ca_issuers, ..
        },
    ] = &faults[..]
    else {
        panic!("{faults:?}");
    };
    assert_eq!(issuer, "C=VN, CN=cap2");
    assert_eq!(ca_issuers, &["http://ca.example.vn/cap2.crt"]);
}

#[test]
fn a_lookalike_of_the_anchor_does_not_anchor() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let fake = ca.issue_as("gia", "goc", "gia", CURVE, "-sha256", CA);
    let leaf = ca.issue("la", "gia", EE);
    assert_eq!(root.subject(), fake.subject());
    let faults = documents(&leaf, &evidence(&[&fake]), &store(&[&root])).unwrap_err();
    let certificate = CertificateId::from(&fake);
    // The fake did sign it, and is nobody's anchor, whatever its name.
    assert!(
        matches!(&faults[..], [PathFault::UntrustedRoot { certificate: c }] if *c == certificate),
        "{faults:?}"
    );
}

#[test]
fn an_issuer_that_may_not_issue_is_refused_with_both_certificates_named() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let cases = [
        ("keyUsage=keyCertSign\n", "NotCa"),
        ("", "NotCa"),
        ("basicConstraints=critical,CA:FALSE\n", "NotCa"),
        (
            "basicConstraints=critical,CA:TRUE\nkeyUsage=digitalSignature\n",
            "KeyUsage",
        ),
        (
            "basicConstraints=critical,CA:TRUE\n1.2.3.4=critical,DER:0500\n",
            "UnknownCritical",
        ),
    ];
    for (extensions, expected) in cases {
        let sub = ca.issue("cap2", "goc", extensions);
        let leaf = ca.issue("la", "cap2", EE);
        let faults = documents(&leaf, &evidence(&[&sub]), &store(&[&root])).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        let shown = format!("{:?}", faults[0]);
        assert!(shown.starts_with(expected), "{extensions}: {shown}");
        assert!(shown.contains("CN=cap2"), "{shown}");
    }
    let sub = ca.issue(
        "cap2",
        "goc",
        "basicConstraints=critical,CA:TRUE\ncertificatePolicies=critical,1.2.3\n",
    );
    let leaf = ca.issue("la", "cap2", EE);
    assert!(documents(&leaf, &evidence(&[&sub]), &store(&[&root])).is_ok());
}

#[test]
fn a_path_length_constraint_counts_the_authorities_below() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", &CA.replace("CA:TRUE", "CA:TRUE,pathlen:1"));
    let two = ca.issue("cap2", "goc", CA);
    let three = ca.issue("cap3", "cap2", CA);
    let leaf = ca.issue("la", "cap2", EE);
    let deep = ca.issue("la3", "cap3", EE);
    let beside = evidence(&[&two, &three]);
    assert!(documents(&leaf, &beside, &store(&[&root])).is_ok());
    let faults = documents(&deep, &beside, &store(&[&root])).unwrap_err();
    let certificate = CertificateId::from(&root);
    let (allowed, found) = (1, 2);
    assert_eq!(
        faults,
        [PathFault::PathTooLong {
            certificate,
            allowed,
            found
        }]
    );
}

#[test]
fn an_authority_is_asked_for_its_validity_and_the_leaf_is_not() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let leaf = ca.issue("la", "goc", EE);
    let at = Time::from_unix(root.not_after().unix() + 1);
    let limits = Limits::default();
    let (none, trust) = (evidence(&[]), store(&[&root]));
    let faults = build(&leaf, &none, &trust, at, Purpose::TimeStamp, &limits).unwrap_err();
    assert!(
        matches!(faults[..], [PathFault::OutsideValidity { .. }]),
        "{faults:?}"
    );
    let own = store(&[&leaf]);
    let late = Time::from_unix(leaf.not_after().unix() + 1);
    assert!(build(&leaf, &none, &own, late, Purpose::TimeStamp, &limits).is_ok());
}

#[test]
fn weak_keys_and_hashes_are_refused_anywhere_in_the_path() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue_as("goc", "goc", "goc", "rsa:2048", "-sha1", CA);
    // The anchor's own signature is never asked about.
    let good = ca.issue("la", "goc", EE);
    assert!(documents(&good, &evidence(&[]), &store(&[&root])).is_ok());
    for (key, hash, expected) in [
        (CURVE, "-sha1", "WeakAlgorithm"),
        (CURVE, "-md5", "WeakAlgorithm"),
        ("rsa:1024", "-sha256", "WeakKey"),
    ] {
        let leaf = ca.issue_as("la", "la", "goc", key, hash, EE);
        let faults = documents(&leaf, &evidence(&[]), &store(&[&root])).unwrap_err();
        assert!(
            format!("{faults:?}").starts_with(&format!("[{expected}")),
            "{faults:?}"
        );
    }
}

#[test]
fn a_changed_octet_breaks_the_signature_and_both_certificates_are_named() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let leaf = ca.issue("la", "goc", EE);
    let mut changed = leaf.der().to_vec();
    let at = changed.windows(2).rposition(|w| w == b"la").unwrap();
    changed[at + 1] = b'o';
    let changed = Certificate::from_der(&changed).unwrap();
    let faults = documents(&changed, &evidence(&[]), &store(&[&root])).unwrap_err();
    let certificate = CertificateId::from(&changed);
    let issuer = CertificateId::from(&root);
    assert_eq!(
        faults,
        [PathFault::SignatureBroken {
            certificate,
            issuer
        }]
    );
}

#[test]
fn a_crowd_of_authorities_with_one_name_costs_no_more_than_the_budget() {
    let Some(ca) = Authority::open() else {
        return;
    };
    // Six certificates of one name with six keys, each issued by another: a maze without an exit.
    let files = ["m0", "m1", "m2", "m3", "m4", "m5"];
    for file in files {
        ca.issue_as(file, "me", file, CURVE, "-sha256", CA);
    }
    let mut maze = Vec::new();
    for file in files {
        for issuer in files {
            if issuer != file {
                // Signing overwrites the issuer's own certificate file, which is not read again
                // but for its name and key; both stay.
                maze.push(ca.sign(file, issuer, "-sha256", CA));
            }
        }
    }
    let leaf = ca.issue("la", "m0", EE);
    let beside = evidence(&maze.iter().collect::<Vec<_>>());
    let faults = documents(&leaf, &beside, &TrustStore::new()).unwrap_err();
    let ceiling = Budget::SignatureChecks;
    assert!(
        faults.contains(&PathFault::Budget { ceiling }),
        "{faults:?}"
    );
    let limits = Limits {
        path_name_checks: 3,
        ..Limits::default()
    };
    let at = leaf.not_before();
    let purpose = Purpose::DocumentSignature;
    let faults = build(&leaf, &beside, &TrustStore::new(), at, purpose, &limits).unwrap_err();
    let ceiling = Budget::NameChecks;
    assert!(
        faults.contains(&PathFault::Budget { ceiling }),
        "{faults:?}"
    );
}

#[test]
fn a_chain_longer_than_the_limit_is_given_up() {
    let Some(ca) = Authority::open() else {
        return;
    };
    let root = ca.issue("goc", "goc", CA);
    let two = ca.issue("cap2", "goc", CA);
    let three = ca.issue("cap3", "cap2", CA);
    let leaf = ca.issue("la", "cap3", EE);
    let beside = evidence(&[&two, &three]);
    let mut limits = Limits::default();
    let at = leaf.not_before();
    let purpose = Purpose::DocumentSignature;
    let mut with = |length| {
        limits.path_length = length;
        build(&leaf, &beside, &store(&[&root]), at, purpose, &limits)
    };
    assert!(with(4).is_ok());
    let ceiling = Budget::Length;
    assert_eq!(with(3).unwrap_err(), [PathFault::Budget { ceiling }]);
}

#[test]
fn a_national_root_in_the_document_anchors_by_its_pin_and_old_sha1_authorities_are_history() {
    let files = ["vgca-g1-root", "vgca-g1-cp", "vgca-g1-bng"];
    let [Some(root), Some(cp), Some(bng)] = files.map(national) else {
        return;
    };
    for issuing in [&cp, &bng] {
        let path = documents(issuing, &evidence(&[&root]), &TrustStore::new()).unwrap();
        assert_eq!(path.anchor().tree(), Tree::Vgca);
        assert_eq!(path.anchor().generation(), Some("G1"));
    }
    let without = TrustStore::new().without(root.sha256());
    let faults = documents(&cp, &evidence(&[&root]), &without).unwrap_err();
    assert!(
        matches!(faults[..], [PathFault::IssuerNotFound { .. }]),
        "{faults:?}"
    );
    // An issuing authority alone helps, and anchors nothing.
    let helper = store(&[&cp]);
    assert_eq!((helper.anchors().count(), helper.helpers().count()), (0, 1));
    assert!(documents(&cp, &evidence(&[]), &helper).is_err());
    // One octet more, and the pin no longer matches.
    let almost = Certificate::from_der(&[root.der(), &[0]].concat()).unwrap();
    assert!(documents(&cp, &evidence(&[&almost]), &TrustStore::new()).is_err());
}

#[test]
fn every_national_authority_has_a_path_to_its_root_as_the_table_says() {
    let pairs = [
        ("vgca-g1-btc", "vgca-g1-root"),
        ("vgca-g1-bca", "vgca-g1-root"),
        ("vgca-g1-dcs", "vgca-g1-root"),
        ("vgca-g2-cp", "vgca-g2-root"),
        ("vgca-g2-dcs", "vgca-g2-root"),
        ("public-vnpt-ca-sha2-2024", "neac-g2-vietnam-national-root"),
        ("public-vnpt-ca-2009", "neac-g1-mic-national-root"),
        ("public-newtel-ca-2013", "neac-g1-mic-national-root"),
        ("public-bkavca-2015", "neac-g1-mic-national-root"),
        ("public-ca2-2015", "neac-g1-mic-national-root"),
        ("public-viettel-ca-2015", "neac-g1-mic-national-root"),
        ("public-fpt-ca-2015", "neac-g1-mic-national-root"),
    ];
    for (file, root) in pairs {
        let (Some(authority), Some(root)) = (national(file), national(root)) else {
            return;
        };
        let path = documents(&authority, &evidence(&[]), &store(&[&root])).unwrap();
        assert_eq!(path.certificates(), [authority, root], "{file}");
    }
    // Signed with SHA-1 in 2017, when that was no longer history.
    for file in ["public-smartsign-2017", "public-safe-ca-2017"] {
        let (authority, root) = (
            national(file).unwrap(),
            national("neac-g1-mic-national-root"),
        );
        let faults = documents(&authority, &evidence(&[]), &store(&[&root.unwrap()])).unwrap_err();
        assert!(
            matches!(faults[..], [PathFault::WeakAlgorithm { .. }]),
            "{file}: {faults:?}"
        );
    }
}

#[test]
fn the_time_stamping_root_anchors_no_document_and_the_attesting_root_nothing_else() {
    let files = [
        "neac-2025-root-tsa",
        "neac-2026-root-ema",
        "neac-2025-root-usbtoken",
    ];
    let [Some(tsa), Some(ema), Some(usb)] = files.map(national) else {
        return;
    };
    let limits = Limits::default();
    let path = |leaf: &Certificate, purpose| {
        let trust = store(&[&tsa, &ema, &usb]);
        build(
            leaf,
            &evidence(&[]),
            &trust,
            ema.not_before(),
            purpose,
            &limits,
        )
    };
    assert!(path(&tsa, Purpose::TimeStamp).is_ok());
    assert!(path(&usb, Purpose::DocumentSignature).is_ok());
    assert!(path(&ema, Purpose::Attestation).is_ok());
    for (leaf, purpose) in [
        (&tsa, Purpose::DocumentSignature),
        (&ema, Purpose::DocumentSignature),
        (&ema, Purpose::TimeStamp),
    ] {
        let faults = path(leaf, purpose).unwrap_err();
        let certificate = CertificateId::from(leaf);
        assert_eq!(
            faults,
            [PathFault::AnchorPurpose {
                certificate,
                purpose
            }]
        );
    }
}

/// NIST PKITS as far as it asks what this room answers: where we pass, the suite passes too, or
/// its reason is one that others judge (revocation, policies demanded, the leaf's own validity).
#[test]
fn nist_pkits_is_never_passed_where_it_must_fail() {
    let Some(json) = fixtures::data("corpus/x509/expectations.json") else {
        return;
    };
    let json: Value = serde_json::from_slice(&json).unwrap();
    let file = |value: &Value| {
        let path = format!("corpus/x509/{}", value.as_str().unwrap());
        Certificate::many_from_pem_or_der(&fixtures::data(&path).unwrap())
    };
    let (mut passed, mut failed) = (0, 0);
    for case in json["cases"].as_array().unwrap() {
        if case["set"] != "nist-pkits" {
            continue;
        }
        let name = case["name"].as_str().unwrap();
        let expected = &case["expect"];
        // Revocation, and policies that the caller demands.
        let class = expected["reason_class"].as_str().unwrap_or_default();
        let is_others = [
            "RevokedError",
            "InsufficientRevinfoError",
            "StaleRevinfoError",
        ]
        .contains(&class)
            || !case["params"].is_null();
        let Ok(leaf) = file(&case["file"]) else {
            assert_ne!(expected["path"], "valid", "{name}");
            continue;
        };
        let leaf = &leaf[0];
        let anchor = file(&case["trust_anchor"]).unwrap().remove(0);
        let others = case["other_certs"].as_array().unwrap().iter();
        let others: Vec<_> = others
            .filter_map(|path| file(path).ok())
            .flatten()
            .collect();
        let beside = evidence(&others.iter().collect::<Vec<_>>());
        let at: Time = case["moment"].as_str().unwrap().parse().unwrap();
        let purpose = Purpose::DocumentSignature;
        let limits = Limits::default();
        match build(leaf, &beside, &store(&[&anchor]), at, purpose, &limits) {
            Ok(_) => {
                let leaf_is_valid = leaf.not_before() <= at && at <= leaf.not_after();
                let ok = expected["path"] == "valid" || is_others || !leaf_is_valid;
                assert!(ok, "{name}: passed, expected {expected}");
                passed += 1;
            }
            Err(faults) => {
                assert_ne!(expected["path"], "valid", "{name}: {faults:?}");
                failed += 1;
            }
        }
    }
    println!("PKITS: {passed} passed, {failed} refused");
}

/// What x509-limbo refuses for a reason that is not the path's: revocation, names and purposes of
/// a TLS server, the leaf's own validity, rules of the Web, and of RFC 5280 those for whoever
/// issues a certificate (key identifiers must be there, serial numbers positive).
const NOT_ASKED: &[&str] = &[
    "crl::",
    "webpki::",
    "rfc5280::aki::",
    "rfc5280::ski::",
    "rfc5280::san::",
    "rfc5280::ca-as-leaf-wrong-san",
    "rfc5280::eku::ee-wrong-eku",
    "rfc5280::nc::not-allowed-in-ee-noncritical",
    "rfc5280::serial::negative",
    "rfc5280::validity::expired-leaf",
];

/// x509-limbo judges for TLS servers; what it says of names, purposes and revocation is not asked
/// here, and its rules for the Web alone are left out.
#[test]
fn x509_limbo_is_never_passed_where_the_path_itself_must_fail() {
    let Some(json) = fixtures::data("corpus/x509/limbo.json") else {
        return;
    };
    let json: Value = serde_json::from_slice(&json).unwrap();
    let read =
        |value: &Value| Certificate::many_from_pem_or_der(value.as_str().unwrap().as_bytes());
    let mut agreed = 0;
    for case in json["testcases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let must_fail = case["expected_result"] == "FAILURE";
        let all = |member: &str| -> Vec<Certificate> {
            let texts = case[member].as_array().unwrap().iter();
            texts.filter_map(|text| read(text).ok()).flatten().collect()
        };
        let (Ok(leaf), trusted, others) = (
            read(&case["peer_certificate"]),
            all("trusted_certs"),
            all("untrusted_intermediates"),
        ) else {
            assert!(must_fail, "{id}");
            continue;
        };
        let Ok(trust) = TrustStore::from_der_many(trusted.iter().map(|c| c.der())) else {
            assert!(must_fail, "{id}");
            continue;
        };
        let beside = evidence(&others.iter().collect::<Vec<_>>());
        let at = case["validation_time"].as_str();
        let at: Time = at.unwrap_or("2024-06-01T00:00:00Z").parse().unwrap();
        let limits = Limits::default();
        let answer = build(
            &leaf[0],
            &beside,
            &trust,
            at,
            Purpose::DocumentSignature,
            &limits,
        );
        match answer {
            answer if answer.is_err() == must_fail => agreed += 1,
            answer => {
                let is_others = NOT_ASKED.iter().any(|prefix| id.starts_with(prefix));
                assert!(must_fail && is_others, "{id}: {answer:?}");
            }
        }
    }
    println!("limbo: {agreed} agreed");
}
