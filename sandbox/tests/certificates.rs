//! The certificates, judged by OpenSSL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod tools;

use std::fs;
use std::path::{Path, PathBuf};

use kyso_sandbox::{
    Attribute, Authority, BasicConstraints, ExtraExtension, Issued, KeyKind, KeyUse,
    OrganisationProfile, PASSWORD, PersonProfile, Recipe, SandboxError, Settings, SubjectName,
};
use tools::{Answer, ask, directory, has};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const AT: &str = "1767225600";

fn quick() -> Authority {
    Authority::new(&Settings::quick(NOW)).unwrap()
}

fn put(directory: &Path, name: &str, certificate: &Issued) {
    fs::write(directory.join(name), certificate.certificate_pem()).unwrap();
}

/// `openssl verify` of `leaf` under the root, with the issuers handed in, at the sandbox's time.
fn verify(name: &str, root: &Issued, issuers: &[&Issued], leaf: &Issued) -> Answer {
    let directory = directory(name);
    put(&directory, "root.pem", root);
    put(&directory, "leaf.pem", leaf);
    let issuers: String = issuers
        .iter()
        .map(|issuer| issuer.certificate_pem())
        .collect();
    fs::write(directory.join("issuers.pem"), issuers).unwrap();
    let arguments = [
        "verify",
        "-x509_strict",
        "-attime",
        AT,
        "-CAfile",
        "root.pem",
        "-untrusted",
    ];
    ask(
        &directory,
        "openssl",
        &[&arguments[..], &["issuers.pem", "leaf.pem"]].concat(),
    )
}

fn text_of(name: &str, certificate: &Issued) -> String {
    let directory = directory(name);
    put(&directory, "certificate.pem", certificate);
    let arguments = [
        "x509",
        "-in",
        "certificate.pem",
        "-noout",
        "-text",
        "-nameopt",
        "utf8,sep_comma_plus_space",
    ];
    let answer = ask(&directory, "openssl", &arguments);
    assert!(answer.well, "{}", answer.text);
    answer.text
}

fn subject_of(name: &str, certificate: &Issued) -> String {
    let directory = directory(name);
    put(&directory, "certificate.pem", certificate);
    let arguments = [
        "x509",
        "-in",
        "certificate.pem",
        "-noout",
        "-subject",
        "-nameopt",
        "utf8,sep_comma_plus_space",
    ];
    ask(&directory, "openssl", &arguments)
        .text
        .trim_end()
        .replace("subject=", "")
}

#[test]
fn every_kind_of_key_gives_a_chain_that_openssl_accepts() {
    if !has("openssl") {
        return;
    }
    for (kind, name) in [
        (KeyKind::P256, "chain-p256"),
        (KeyKind::Rsa2048, "chain-rsa"),
    ] {
        let mut settings = Settings::quick(NOW).with_key(kind);
        settings.authority_key = kind;
        let authority = Authority::new(&settings).unwrap();
        let leaf = authority
            .organisation(&OrganisationProfile::example())
            .unwrap();
        let answer = verify(name, &authority.root, &[&authority.issuing], &leaf);
        assert!(answer.well, "{}", answer.text);
        let stamper = authority.time_stamper().unwrap();
        assert!(verify(name, &authority.root, &[&authority.root], &stamper).well);
    }
}

#[test]
fn an_organisation_has_the_profile_of_the_state_tree() {
    if !has("openssl") {
        return;
    }
    let leaf = quick()
        .organisation(&OrganisationProfile::example())
        .unwrap();
    let text = text_of("organisation", &leaf);
    for expected in [
        "Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment",
        "TLS Web Client Authentication, E-mail Protection, Microsoft Smartcard Login",
        "CA:FALSE",
        "CA Issuers - URI:http://127.0.0.1:8085/issuing.crt",
        "OCSP - URI:http://127.0.0.1:8085/ocsp",
        "URI:http://127.0.0.1:8085/issuing.crl",
        "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier",
        "Not After : Dec 31 00:00:00 2030 GMT",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
}

#[test]
fn the_authorities_may_sign_certificates_and_lists_and_say_that_they_are_worth_nothing() {
    if !has("openssl") {
        return;
    }
    let authority = quick();
    let root = text_of("root", &authority.root);
    assert!(
        root.contains("RootCA thử nghiệm kyso (KHÔNG CÓ GIÁ TRỊ PHÁP LÝ)"),
        "{root}"
    );
    assert!(
        root.contains("Basic Constraints: critical\n                CA:TRUE\n"),
        "{root}"
    );
    assert!(root.contains("Key Usage: critical\n                Certificate Sign, CRL Sign"));
    let issuing = text_of("issuing", &authority.issuing);
    assert!(issuing.contains("CA:TRUE, pathlen:0"), "{issuing}");
    assert!(
        issuing.contains("URI:http://127.0.0.1:8085/root.crl"),
        "{issuing}"
    );
}

#[test]
fn a_time_stamper_has_its_one_critical_purpose() {
    if !has("openssl") {
        return;
    }
    let text = text_of("stamper", &quick().time_stamper().unwrap());
    assert!(
        text.contains("Extended Key Usage: critical\n                Time Stamping\n"),
        "{text}"
    );
}

#[test]
fn names_keep_the_order_of_the_encoding_and_every_unit() {
    if !has("openssl") {
        return;
    }
    let authority = quick();
    let person = authority.person(&PersonProfile::example()).unwrap();
    assert_eq!(
        subject_of("person", &person),
        "C=VN, L=Ví Dụ, O=Ủy ban nhân dân tỉnh Ví Dụ, OU=Lãnh đạo Ủy ban nhân dân tỉnh, \
         OU=Thường trực Ủy ban nhân dân tỉnh, CN=Chủ tịch Nguyễn Văn Thử, \
         emailAddress=nguyenvanthu@vidu.example"
    );
    let company = authority
        .organisation(&OrganisationProfile::public_example())
        .unwrap();
    assert_eq!(
        subject_of("company", &company),
        "C=VN, ST=Ví Dụ, O=Công ty TNHH Thử Nghiệm Ví Dụ, CN=Công ty TNHH Thử Nghiệm Ví Dụ, \
         UID=MST:0000000000"
    );
    let citizen = authority.person(&PersonProfile::public_example()).unwrap();
    assert!(subject_of("citizen", &citizen).ends_with("CN=Trần Thị Mẫu, UID=CCCD:000000000000"));
}

#[test]
fn a_part_of_several_values_stays_one_part() {
    if !has("openssl") {
        return;
    }
    let authority = quick();
    let mut recipe = authority.person_recipe(&PersonProfile::example());
    recipe.subject = SubjectName::new()
        .with(Attribute::Country, "VN")
        .with_set(&[
            (Attribute::CommonName, "Nguyễn Văn Thử"),
            (Attribute::Unit, "Phòng Một"),
            (Attribute::Unit, "Phòng Hai"),
        ]);
    let subject = subject_of("set", &authority.issue_custom(&recipe).unwrap());
    // DER sorts a set by its octets (X.690 §11.6), which puts the shorter value first.
    assert_eq!(
        subject,
        "C=VN, OU=Phòng Hai + OU=Phòng Một + CN=Nguyễn Văn Thử"
    );
}

#[test]
fn what_a_recipe_spoils_openssl_refuses_for_that_reason() {
    if !has("openssl") {
        return;
    }
    let authority = quick();
    let recipe = || authority.organisation_recipe(&OrganisationProfile::example());
    let issuing_recipe = || {
        let mut recipe = recipe();
        recipe.basic_constraints = Some(BasicConstraints::Authority { path_length: None });
        recipe.key_usage = vec![KeyUse::KeyCertSign, KeyUse::CrlSign];
        recipe.extended_key_usage.clear();
        recipe
    };

    let mut expired = recipe();
    expired.not_after = NOW - 1;
    let expired = authority.issue_custom(&expired).unwrap();
    let answer = verify("expired", &authority.root, &[&authority.issuing], &expired);
    assert!(
        answer.text.contains("certificate has expired"),
        "{}",
        answer.text
    );

    let mut unknown = recipe();
    unknown.extra.push(ExtraExtension::unknown_critical());
    let unknown = authority.issue_custom(&unknown).unwrap();
    let answer = verify("unknown", &authority.root, &[&authority.issuing], &unknown);
    assert!(
        answer.text.contains("unhandled critical extension"),
        "{}",
        answer.text
    );

    let mut bare = issuing_recipe();
    bare.basic_constraints = None;
    let bare = bare.signed_by(&authority.root).unwrap();
    let below = recipe().signed_by(&bare).unwrap();
    let answer = verify("bare", &authority.root, &[&bare], &below);
    assert!(
        answer.text.contains("invalid CA certificate"),
        "{}",
        answer.text
    );

    let deeper = authority.issue_custom(&issuing_recipe()).unwrap();
    let below = recipe().signed_by(&deeper).unwrap();
    let answer = verify(
        "deeper",
        &authority.root,
        &[&authority.issuing, &deeper],
        &below,
    );
    assert!(
        answer.text.contains("path length constraint exceeded"),
        "{}",
        answer.text
    );
}

#[test]
fn a_bare_recipe_has_no_more_than_the_key_identifiers() {
    if !has("openssl") {
        return;
    }
    let subject = SubjectName::new().with(Attribute::CommonName, "Trơn");
    let recipe = Recipe::new(subject, KeyKind::P256, NOW, NOW + 1);
    let text = text_of("bare-recipe", &quick().issue_custom(&recipe).unwrap());
    assert_eq!(
        text.matches("X509v3 ").count(),
        3,
        "the heading and two identifiers: {text}"
    );
    assert!(!text.contains("Key Usage"), "{text}");
}

#[test]
fn serial_numbers_are_sixteen_positive_octets_and_differ() {
    if !has("openssl") {
        return;
    }
    let authority = quick();
    let serial = |certificate: &Issued| {
        let directory = directory("serial");
        put(&directory, "certificate.pem", certificate);
        ask(
            &directory,
            "openssl",
            &["x509", "-in", "certificate.pem", "-noout", "-serial"],
        )
        .text
    };
    let (root, issuing) = (serial(&authority.root), serial(&authority.issuing));
    assert_ne!(root, issuing);
    for text in [root, issuing] {
        let digits = text.trim().trim_start_matches("serial=");
        assert_eq!(digits.len(), 32, "{text}");
        assert!(
            ('4'..='7').contains(&digits.chars().next().unwrap()),
            "{text}"
        );
    }
}

#[test]
fn the_container_opens_with_its_password_and_no_other() {
    if !has("openssl") {
        return;
    }
    let authority = quick();
    let person = authority.person(&PersonProfile::example()).unwrap();
    let container = person
        .pkcs12("mật khẩu", &[&authority.issuing, &authority.root])
        .unwrap();
    let directory = directory("container");
    fs::write(directory.join("person.p12"), container).unwrap();
    let open = |password: &str| {
        let password = format!("pass:{password}");
        let arguments = [
            "pkcs12",
            "-in",
            "person.p12",
            "-noenc",
            "-info",
            "-passin",
            &password,
        ];
        ask(&directory, "openssl", &arguments)
    };
    let opened = open("mật khẩu");
    assert!(opened.well, "{}", opened.text);
    assert_eq!(opened.text.matches("BEGIN CERTIFICATE").count(), 3);
    assert!(opened.text.contains("AES-256-CBC"), "{}", opened.text);
    assert!(opened.text.contains("MAC: sha256"), "{}", opened.text);
    let key = person.private_key_pem();
    assert!(opened.text.contains(key.trim()), "the key is another one");
    assert!(!open("sai").well);
}

#[test]
fn what_a_holder_signs_openssl_verifies() {
    if !has("openssl") {
        return;
    }
    for (kind, name) in [
        (KeyKind::P256, "signs-p256"),
        (KeyKind::Rsa2048, "signs-rsa"),
    ] {
        let authority = Authority::new(&Settings::quick(NOW).with_key(kind)).unwrap();
        let person = authority.person(&PersonProfile::example()).unwrap();
        let directory = directory(name);
        put(&directory, "certificate.pem", &person);
        fs::write(directory.join("message"), b"Xin ch\xc3\xa0o").unwrap();
        fs::write(
            directory.join("signature"),
            person.sign(b"Xin ch\xc3\xa0o").unwrap(),
        )
        .unwrap();
        let export = [
            "x509",
            "-in",
            "certificate.pem",
            "-noout",
            "-pubkey",
            "-out",
            "key.pem",
        ];
        assert!(ask(&directory, "openssl", &export).well);
        let check = [
            "dgst",
            "-sha256",
            "-verify",
            "key.pem",
            "-signature",
            "signature",
            "message",
        ];
        let answer = ask(&directory, "openssl", &check);
        assert!(answer.well, "{}", answer.text);
    }
}

#[test]
fn everything_is_written_once_and_never_over() {
    let authority = quick();
    let directory = directory("written").join("new");
    let written = authority.write_to(&directory).unwrap();
    let mut names: Vec<_> = written
        .files
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    names.sort_unstable();
    let expected = [
        "index.json",
        "issuing.key.pem",
        "issuing.pem",
        "organisation.key.pem",
        "organisation.p12",
        "organisation.pem",
        "password.txt",
        "person.key.pem",
        "person.p12",
        "person.pem",
        "responder.key.pem",
        "responder.pem",
        "root.key.pem",
        "root.pem",
        "time-stamper.key.pem",
        "time-stamper.p12",
        "time-stamper.pem",
    ];
    assert_eq!(names, expected);
    #[cfg(unix)]
    for path in &written.files {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).unwrap().permissions().mode();
        let name = path.to_string_lossy();
        let is_secret = name.ends_with(".key.pem") || name.ends_with(".p12");
        assert_eq!(mode & 0o077 == 0, is_secret, "{name}: {mode:o}");
    }
    let note = fs::read_to_string(directory.join("password.txt")).unwrap();
    assert_eq!(note.lines().next(), Some(PASSWORD));
    assert!(note.contains("Throw-away"));

    let before: Vec<Vec<u8>> = written
        .files
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(matches!(
        authority.write_to(&directory),
        Err(SandboxError::Io(_))
    ));
    let after: Vec<Vec<u8>> = written
        .files
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert_eq!(before, after);

    if has("openssl") {
        let arguments = [
            "pkcs12",
            "-in",
            "organisation.p12",
            "-passin",
            "file:password.txt",
        ];
        assert!(
            ask(
                &directory,
                "openssl",
                &[&arguments[..], &["-noenc"]].concat()
            )
            .well
        );
    }
}

#[test]
fn a_time_that_der_cannot_write_is_refused() {
    let settings = Settings::quick(0);
    assert!(matches!(
        Authority::new(&settings),
        Err(SandboxError::Certificate(_))
    ));
    assert!(Authority::new(&Settings::quick(i64::MAX)).is_err());
}

#[test]
fn text_that_its_string_type_lacks_is_refused() {
    let mut profile = OrganisationProfile::example();
    profile.email = Some("thư@vidu.example".to_owned());
    assert!(matches!(
        quick().organisation(&profile),
        Err(SandboxError::Certificate(_))
    ));
}

#[test]
fn the_example_names_are_composed() {
    let sources = ["src/profile.rs", "src/authority.rs", "src/document.rs"];
    for source in sources {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(source);
        let text = fs::read_to_string(path).unwrap();
        let combining = text
            .chars()
            .any(|each| ('\u{300}'..='\u{36f}').contains(&each));
        assert!(!combining, "{source} holds a combining mark");
    }
}
