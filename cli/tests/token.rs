//! `--pkcs11`: keys on a token, here SoftHSM's.

#![cfg(feature = "pkcs11")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use std::path::Path;
use std::process::Command;

use desk::{Desk, Ran};
use kyso_sandbox::{Authority, KeyKind, KeySource, OrganisationProfile, Settings};

const PIN: &str = "1234";

/// A desk with a token on it. Nothing where SoftHSM is not installed.
struct Token {
    desk: Desk,
    driver: &'static str,
}

impl Token {
    fn new() -> Option<Self> {
        let driver = DRIVERS.into_iter().find(|path| Path::new(path).exists());
        let Some(driver) = driver else {
            println!("skipped: SoftHSM is not installed");
            return None;
        };
        let token = Self {
            desk: Desk::new(),
            driver,
        };
        std::fs::create_dir(token.desk.path("tokens")).unwrap();
        let folder = token.desk.path("tokens");
        token.desk.write(
            "softhsm2.conf",
            format!("directories.tokendir = {}\n", folder.display()),
        );
        token.desk.write("pin", format!("{PIN}\n"));
        token.util(&[
            "--init-token",
            "--free",
            "--label",
            "Văn thư",
            "--pin",
            PIN,
            "--so-pin",
            "12345678",
        ]);
        Some(token)
    }

    fn util(&self, words: &[&str]) {
        let done = Command::new("softhsm2-util")
            .args(words)
            .current_dir(self.desk.folder())
            .env("SOFTHSM2_CONF", self.desk.path("softhsm2.conf"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    /// Puts a key on the token, with its certificate where pkcs11-tool is there.
    fn put(&self, key_pem: &str, certificate: Option<&[u8]>, label: &str, id: &str) {
        self.desk.write("key.pem", key_pem);
        self.util(&[
            "--import",
            "key.pem",
            "--token",
            "Văn thư",
            "--label",
            label,
            "--id",
            id,
            "--pin",
            PIN,
        ]);
        if let Some(der) = certificate {
            self.desk.write("certificate.der", der);
            self.tool(&[
                "--write-object",
                "certificate.der",
                "--type",
                "cert",
                "--label",
                label,
                "--id",
                id,
            ]);
        }
    }

    fn tool(&self, words: &[&str]) -> String {
        let done = Command::new("pkcs11-tool")
            .args(["--module", self.driver, "--token-label", "Văn thư"])
            .args(["--login", "--pin", PIN])
            .args(words)
            .current_dir(self.desk.folder())
            .env("SOFTHSM2_CONF", self.desk.path("softhsm2.conf"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    fn uri(&self, rest: &str) -> String {
        format!(
            "pkcs11:token=V%C4%83n%20th%C6%B0{rest}?module-path={}",
            self.driver
        )
    }

    fn run(&self, words: &[&str]) -> Ran {
        let mut command = self.desk.command(words);
        command.env("SOFTHSM2_CONF", self.desk.path("softhsm2.conf"));
        Ran::from(command.output().unwrap())
    }

    fn sign(&self, uri: &str, output: &str, more: &[&str]) -> Ran {
        let mut words = vec!["sign", "pdf", "in.pdf", "-o", output, "--pkcs11", uri];
        words.extend(["--password-file", "pin"]);
        words.extend(more);
        self.run(&words)
    }

    fn intact(&self, file: &str, algorithm: &str) {
        let words = ["verify", file, "--format", "json", "--trust", "root.pem"];
        let report = self.run(&words).exits(2).json();
        let signature = &report[0]["signatures"][0];
        assert_eq!(signature["integrity"]["signature_intact"], true, "{file}");
        assert_eq!(signature["algorithms"]["signature"], algorithm, "{file}");
        assert_eq!(signature["chain"].as_array().unwrap().len(), 3, "{file}");
    }
}

/// An agency with an RSA key and a person with one on P-256, of one authority.
fn holders(desk: &Desk) -> [(String, Vec<u8>); 2] {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let settings = Settings::quick(i64::try_from(now).unwrap());
    let authority = Authority::new(&settings).unwrap();
    desk.write("root.pem", authority.root.certificate_pem());
    desk.write("issuing.pem", authority.issuing.certificate_pem());
    [KeyKind::Rsa2048, KeyKind::P256].map(|kind| {
        let mut recipe = authority.organisation_recipe(&OrganisationProfile::example());
        recipe.key = KeySource::Fresh(kind);
        let issued = authority.issue_custom(&recipe).unwrap();
        (
            issued.private_key_pem().to_string(),
            issued.certificate_der.clone(),
        )
    })
}

#[test]
fn a_key_on_a_token_signs_and_the_chain_from_a_file_is_embedded() {
    let Some(token) = Token::new() else { return };
    let [(rsa, rsa_der), (curve, curve_der)] = holders(&token.desk);
    token.put(&rsa, Some(&rsa_der), "Con dấu", "01");
    token.put(&curve, Some(&curve_der), "Lãnh đạo", "02");

    let tokens = token.run(&["token", "list", token.driver, "--format", "json"]);
    let tokens = tokens.exits(0).json();
    assert_eq!(tokens[0]["label"], "Văn thư");
    assert!(
        tokens[0]["uri"]
            .as_str()
            .unwrap()
            .starts_with("pkcs11:token=V%C4%83n")
    );

    let chain = ["--chain", "issuing.pem", "root.pem"];
    let chain = [chain[0], chain[1], chain[0], chain[2]];
    token
        .sign(&token.uri(";id=%01"), "rsa.pdf", &chain)
        .exits(0);
    token.intact("rsa.pdf", "RSA-PKCS1");
    let label = token.uri(";object=L%C3%A3nh%20%C4%91%E1%BA%A1o");
    token.sign(&label, "curve.pdf", &chain).exits(0);
    token.intact("curve.pdf", "ECDSA");
    let pss = [&chain[..], &["--algorithm", "rsa-pss-sha384"]].concat();
    token.sign(&token.uri(";id=%01"), "pss.pdf", &pss).exits(0);
    token.intact("pss.pdf", "RSA-PSS");

    // Which of the two keys is not guessed, and neither is a key that is not there.
    let refused = token.sign(&token.uri(""), "x.pdf", &[]).exits(64);
    assert!(refused.err.contains("object=Con dấu;id=%01"), "{refused:?}");
    token.sign(&token.uri(";id=%09"), "x.pdf", &[]).exits(77);
    let elsewhere = format!("pkcs11:token=other?module-path={}", token.driver);
    let refused = token.sign(&elsewhere, "x.pdf", &[]).exits(69);
    assert!(refused.err.contains("Văn thư"), "{refused:?}");
    let not_for_rsa = ["--algorithm", "ecdsa-sha256"];
    token
        .sign(&token.uri(";id=%01"), "x.pdf", &not_for_rsa)
        .exits(64);
    assert!(!token.desk.path("x.pdf").exists());
}

#[test]
fn a_certificate_that_is_not_on_the_token_is_taken_from_a_file_if_it_belongs_to_the_key() {
    let Some(token) = Token::new() else { return };
    let [(rsa, rsa_der), (curve, curve_der)] = holders(&token.desk);
    token.put(&rsa, None, "a", "01");
    token.put(&curve, None, "b", "02");
    token.desk.write("rsa.der", &rsa_der);
    token.desk.write("curve.der", &curve_der);
    for (id, own, other) in [
        (";id=%01", "rsa.der", "curve.der"),
        (";id=%02", "curve.der", "rsa.der"),
    ] {
        let uri = token.uri(id);
        let refused = token.sign(&uri, "x.pdf", &[]).exits(77);
        assert!(refused.err.contains("--cert"), "{refused:?}");
        token.sign(&uri, "x.pdf", &["--cert", other]).exits(77);
        let output = format!("{own}.pdf");
        token
            .sign(&uri, &output, &["--cert", own, "issuing.pem", "root.pem"])
            .exits(0);
    }
    token.intact("rsa.der.pdf", "RSA-PKCS1");
    token.intact("curve.der.pdf", "ECDSA");
}

#[test]
fn a_key_that_wants_its_pin_for_each_signature_gets_it() {
    let Some(token) = Token::new() else { return };
    let [(rsa, rsa_der), _] = holders(&token.desk);
    token.desk.write("key.pem", rsa);
    token.desk.write("certificate.der", rsa_der);
    let object = ["--id", "01", "--label", "a"];
    let key = [
        "--write-object",
        "key.pem",
        "--type",
        "privkey",
        "--always-auth",
        "--usage-sign",
    ];
    token.tool(&[&key[..], &object].concat());
    let certificate = ["--write-object", "certificate.der", "--type", "cert"];
    token.tool(&[&certificate[..], &object].concat());
    let seen = token.tool(&["--list-objects", "--type", "privkey"]);
    assert!(seen.contains("always authenticate"), "{seen}");
    let chain = ["--chain", "issuing.pem", "--chain", "root.pem"];
    token.sign(&token.uri(""), "out.pdf", &chain).exits(0);
    token.intact("out.pdf", "RSA-PKCS1");
}

#[test]
fn a_wrong_pin_is_tried_once_and_a_locked_token_is_said_to_be_locked() {
    let Some(token) = Token::new() else { return };
    let [(rsa, rsa_der), _] = holders(&token.desk);
    token.put(&rsa, Some(&rsa_der), "a", "01");
    token.desk.write("pin", "9999");
    let refused = token.sign(&token.uri(""), "x.pdf", &[]).exits(77);
    assert!(refused.err.contains("PIN is wrong"), "{refused:?}");
    // Without a PIN and without a terminal nobody is asked, and the token is not troubled.
    let words = ["sign", "pdf", "in.pdf", "-o", "x.pdf", "--pkcs11"];
    let uri = token.uri("");
    token.run(&[&words[..], &[&uri]].concat()).exits(77);
    token.desk.write("pin", PIN);
    token.sign(&token.uri(""), "out.pdf", &[]).exits(0);
}

#[test]
fn a_file_that_is_no_driver_or_one_of_another_width_is_said_to_be_so() {
    let desk = Desk::new();
    let path = desk.path("driver.so");
    let list = |desk: &Desk| desk.run(&["token", "list", path.to_str().unwrap()]);
    let missing = list(&desk).exits(69);
    assert!(missing.err.contains("cannot be loaded"), "{missing:?}");
    // The head of a 32-bit library, as makers still ship them.
    if cfg!(all(target_os = "linux", target_pointer_width = "64")) {
        let mut head = b"\x7fELF\x01\x01\x01".to_vec();
        head.resize(52, 0);
        head[16] = 3;
        head[18] = 3;
        head[20] = 1;
        head.resize(4_096, 0);
        desk.write("driver.so", head);
        let other = list(&desk).exits(69);
        assert!(other.err.contains("another word size"), "{other:?}");
    }
    desk.run(&[
        "sign", "pdf", "in.pdf", "-o", "x.pdf", "--pkcs11", "pkcs11:",
    ])
    .exits(64);
    let pin = "pkcs11:?module-path=/x&pin-value=1234";
    let refused = desk.run(&["sign", "pdf", "in.pdf", "-o", "x.pdf", "--pkcs11", pin]);
    assert!(refused.exits(64).err.contains("no PIN in the URI"));
}

const DRIVERS: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
];
