//! `kyso cert verify`: a certificate by itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;

#[test]
fn a_certificate_is_valid_undecided_without_status_and_nobody_without_an_anchor() {
    let desk = Desk::new();
    let issuing = "authority/issuing.pem";
    let trust = ["--trust", "authority/root.pem"];
    let verify = ["cert", "verify", issuing, "--format", "json"];
    let ran = desk
        .run(&[&verify[..], &trust, &["--revocation", "none"]].concat())
        .exits(0);
    let answer = &ran.json()[0];
    assert_eq!(answer["schema"], "kyso-path/1");
    assert_eq!(answer["path"], "valid");
    assert_eq!(answer["chain"].as_array().unwrap().len(), 2);

    let ran = desk.run(&[&verify[..], &trust].concat()).exits(2);
    let answer = &ran.json()[0];
    assert_eq!(answer["path"], "indeterminate");
    assert_eq!(answer["sub_indication"], "TRY_LATER");
    assert_eq!(answer["reasons"][0]["code"], "revocation.missing");

    // A policy that nobody states, and that is demanded.
    let demand = [
        "--revocation",
        "none",
        "--policy-oid",
        "1.2.3",
        "--require-explicit-policy",
    ];
    let ran = desk.run(&[&verify[..], &trust, &demand].concat()).exits(1);
    assert_eq!(ran.json()[0]["reasons"][0]["code"], "path.no_policy");

    let other = ["cert", "verify", "authority/root.pem", "--trust", issuing];
    let ran = desk.run(&[&other[..], &["--revocation", "none"]].concat());
    assert_ne!(ran.exits(1).exit, 0);
}

#[test]
fn a_file_that_holds_certificates_in_another_way_is_told_what_it_is() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    for (file, what) in [
        ("out.pdf", "is a PDF: kyso verify shows"),
        ("authority/person.p12", "is a PKCS#12 key store"),
    ] {
        let ran = desk.run(&["cert", "show", file]).exits(65);
        assert!(ran.err.contains(what), "{ran:?}");
    }
    let shown = desk.run(&["cert", "show", "authority/organisation.pem"]);
    assert!(!shown.text().contains("Rsa"), "{shown:?}");
}
