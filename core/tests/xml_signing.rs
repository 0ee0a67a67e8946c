//! Signing XML: no octet of the input changes, what is signed passes here, and xmlsec1 and signxml take
//! it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kyso::crypto::SignatureAlgorithm;
use kyso::sign::{self, PreparedXml, SignedXml, XmlForm, XmlProfile};
use kyso::{Certificate, ErrorKind, Indication, LocalKey, Signer, Time, TrustStore, Verifier};
use kyso_sandbox::{Authority, CrlRecipe, KeyKind, PersonProfile, Settings};

const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

struct World {
    authority: Authority,
    key: LocalKey,
    verifier: Verifier,
}

fn world(key: KeyKind) -> World {
    let mut settings = Settings::quick(NOW);
    settings.key = key;
    let authority = Authority::new(&settings).unwrap();
    let person = authority.person(&PersonProfile::example()).unwrap();
    let key = LocalKey::from_pem(
        person.private_key_pem().as_bytes(),
        person.certificate_pem().as_bytes(),
        None,
    )
    .unwrap()
    .with_chain([Certificate::from_der(&authority.issuing.certificate_der).unwrap()]);
    let root = authority.root.certificate_pem();
    let trust = TrustStore::from_pem(root.as_bytes()).unwrap();
    let mut verifier = Verifier::new(Time::from_unix(NOW + DAY)).trust(trust);
    for issuer in [&authority.root, &authority.issuing] {
        let mut list = CrlRecipe::new(NOW + 60, NOW + 7 * DAY);
        list.number = Some(1);
        verifier
            .add_evidence(&list.signed_by(issuer).unwrap())
            .unwrap();
    }
    // A tax signature carries no chain.
    let issuing = &authority.issuing.certificate_der;
    verifier.add_evidence(issuing).unwrap();
    World {
        authority,
        key,
        verifier,
    }
}

fn at() -> Time {
    Time::from_unix(NOW).at_offset(Time::VIET_NAM)
}

const DOCUMENT: &str = "\u{feff}<?xml version='1.0'?>\r\n<!-- a -->\r\n<HDon xmlns='urn:x'  a = \"1\">\r\n\
     <DLHDon Id='data' b='2' a='1'><So>1</So><Ten>Công ty &lt;A&gt;</Ten></DLHDon>\r\n</HDon>\r\n<?end?>";

fn passes(world: &World, signed: &[u8]) {
    let report = world.verifier.verify(signed);
    let signatures = report.signatures().iter();
    let found: Vec<_> = signatures
        .flat_map(|one| one.reasons().map(kyso::Reason::code))
        .collect();
    let text = String::from_utf8_lossy(signed);
    assert_eq!(
        report.indication(),
        Some(Indication::TotalPassed),
        "{found:?}\n{text}"
    );
}

/// The input with exactly one insertion.
fn only_adds(input: &[u8], signed: &SignedXml<'_>) {
    let (at, text) = signed.insertion().unwrap();
    let whole = signed.to_vec();
    assert_eq!(&whole[..at], &input[..at]);
    assert_eq!(&whole[at..at + text.len()], text);
    assert_eq!(&whole[at + text.len()..], &input[at..]);
    assert_eq!(whole.len(), signed.len());
}

#[test]
fn a_signed_document_is_the_input_with_one_insertion_and_passes() {
    let world = world(KeyKind::P256);
    let signed = sign::xml(DOCUMENT.as_bytes(), at())
        .sign(&world.key)
        .unwrap();
    only_adds(DOCUMENT.as_bytes(), &signed);
    assert_eq!(signed.id(), "sig-1");
    let whole = signed.to_vec();
    passes(&world, &whole);
    let report = world.verifier.verify(&whole);
    let signature = &report.signatures()[0];
    assert_eq!(signature.format(), "XAdES-BASELINE-B");
    assert_eq!(signature.signing_time().claimed, Some(Time::from_unix(NOW)));
    // A second signature breaks the first, as it is over the whole document; over parts it does not.
    let again = sign::xml(&whole, at()).sign(&world.key).unwrap();
    assert_eq!(again.id(), "sig-2");
}

#[test]
fn several_sign_parts_side_by_side() {
    let world = world(KeyKind::P256);
    let mut whole = DOCUMENT.as_bytes().to_vec();
    for _ in 0..3 {
        let input = whole.clone();
        let signed = sign::xml(&input, at())
            .form(XmlForm::Parts(vec!["data".into()]))
            .sign(&world.key)
            .unwrap();
        only_adds(&input, &signed);
        whole = signed.to_vec();
        passes(&world, &whole);
    }
    assert_eq!(world.verifier.verify(&whole).signatures().len(), 3);
}

#[test]
fn an_enveloping_signature_holds_the_document_or_any_octets() {
    let world = world(KeyKind::P256);
    for input in [DOCUMENT.as_bytes(), b"\x00\xff no XML <"] {
        let signed = sign::xml(input, at())
            .form(XmlForm::Enveloping)
            .sign(&world.key)
            .unwrap();
        assert!(signed.insertion().is_none());
        passes(&world, &signed.to_vec());
    }
}

#[test]
fn a_state_outlives_its_process_and_belongs_to_one_document() {
    let world = world(KeyKind::P256);
    let input = DOCUMENT.as_bytes();
    let prepare = || {
        sign::xml(input, at())
            .prepare(world.key.certificates(), world.key.algorithm())
            .unwrap()
    };
    let prepared = prepare();
    let value = world.key.sign(&prepared.to_be_signed()).unwrap();
    let state = prepared.to_bytes();
    let read = PreparedXml::from_bytes(&state).unwrap();
    assert_eq!(read.digest(), prepared.digest());
    passes(
        &world,
        &read.complete(input, value.clone()).unwrap().to_vec(),
    );
    let other = DOCUMENT.replacen("<So>1", "<So>2", 1);
    let error = prepare()
        .complete(other.as_bytes(), value.clone())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    let error = prepare().complete(input, vec![1; 64]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    // A state that was changed on its way signs nothing.
    let text = String::from_utf8(state).unwrap();
    let from = text.find("\"inserted\":\"").unwrap() + 60;
    let mut other = text.clone().into_bytes();
    other[from] = if other[from] == b'A' { b'B' } else { b'A' };
    if let Ok(read) = PreparedXml::from_bytes(&other) {
        assert!(read.complete(input, value).is_err());
    }
}

#[test]
fn what_cannot_take_a_signature_is_refused_in_words() {
    let world = world(KeyKind::P256);
    let refused = |input: &str, signing: fn(sign::XmlSigning<'_>) -> sign::XmlSigning<'_>| {
        let signing = signing(sign::xml(input.as_bytes(), at()));
        signing.sign(&world.key).unwrap_err().kind()
    };
    assert_eq!(refused("<a/>", |s| s), ErrorKind::Unsupported);
    assert_eq!(refused("<a>", |s| s), ErrorKind::Malformed);
    assert_eq!(refused("<!DOCTYPE a><a></a>", |s| s), ErrorKind::Malformed);
    assert_eq!(
        refused("<a></a>", |s| s.form(XmlForm::Parts(vec!["x".into()]))),
        ErrorKind::Misuse
    );
    assert_eq!(
        refused("<a><b Id='x'/><c id='x'/></a>", |s| s
            .form(XmlForm::Parts(vec!["x".into()]))),
        ErrorKind::Malformed
    );
    assert_eq!(refused("<a></a>", |s| s.into("/b")), ErrorKind::Misuse);
    assert_eq!(refused("<a></a>", |s| s.id("1 2")), ErrorKind::Misuse);
}

const NOTICE: &str = "<TBao><DLTBao Id=\"id-1\"><MST>0100000000</MST></DLTBao><STBao Id=\"so-1\">\
     <So>12</So></STBao></TBao>";

#[test]
fn a_tax_notice_is_signed_by_its_roles_and_each_covers_what_it_should() {
    let world = world(KeyKind::Rsa2048);
    let role = |input: &[u8], role: &str, parts: &[&str]| {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        sign::xml(input, at())
            .form(XmlForm::Parts(parts))
            .profile(XmlProfile::Tax { role: role.into() })
            .sign(&world.key)
            .unwrap()
            .to_vec()
    };
    let head = role(NOTICE.as_bytes(), "TTCQT", &["id-1"]);
    let both = role(&head, "CQT", &["id-1", "so-1"]);
    passes(&world, &both);
    let text = String::from_utf8(both.clone()).unwrap();
    assert!(
        text.contains("</STBao><DSCKS><TTCQT><Signature xmlns="),
        "{text}"
    );
    assert!(text.contains("</TTCQT><CQT><Signature"), "{text}");
    assert!(!text.contains("<Transform"), "{text}");
    let expected = "<Object Id=\"Object-CQT-id-1\"><SignatureProperties xmlns=\"\">\
         <SignatureProperty Id=\"SigningTime-CQT-id-1\" Target=\"#CQT-id-1\">\
         <SigningTime>2026-01-01T07:00:00</SigningTime>";
    assert!(text.contains(expected), "{text}");
    let report = world.verifier.verify(&both);
    let covered: Vec<Vec<String>> = report
        .signatures()
        .iter()
        .map(|signature| {
            let findings = signature.coverage().unwrap().findings.iter();
            findings
                .filter(|one| one.code == "xml.covered")
                .map(|one| one.place.as_ref().unwrap().to_string())
                .collect()
        })
        .collect();
    assert_eq!(
        covered,
        [vec!["/TBao/DLTBao"], vec!["/TBao/DLTBao", "/TBao/STBao"]]
    );
    assert_eq!(
        report.signatures()[0].signing_time().claimed,
        Some(Time::from_unix(NOW))
    );
    let roles = kyso::verify::tax_roles(&both, &kyso::Limits::default()).unwrap();
    let said: Vec<_> = roles
        .iter()
        .map(|one| {
            (
                one.role.as_str(),
                one.covers_number,
                one.departures.as_slice(),
            )
        })
        .collect();
    let none: &[kyso::verify::RoleDeparture] = &[];
    assert_eq!(
        said,
        [("TTCQT", Some(false), none), ("CQT", Some(true), none)]
    );
    let other = sign::xml(NOTICE.as_bytes(), at()).sign(&world.key).unwrap();
    let other = kyso::verify::tax_roles(&other.to_vec(), &kyso::Limits::default()).unwrap();
    assert!(other[0].departures.len() >= 5, "{other:?}");
    let error = sign::xml(&both, at())
        .form(XmlForm::Parts(vec!["id-1".into()]))
        .profile(XmlProfile::Tax { role: "CQT".into() })
        .sign(&world.key)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
}

/// Documents of every form and profile, by a key of each kind.
fn made(folder: &Path, document: &str, world: &World, kind: &str) -> Vec<PathBuf> {
    let parts = || XmlForm::Parts(vec!["data".into()]);
    let cases: [(&str, XmlForm, XmlProfile); 5] = [
        ("enveloped", XmlForm::Enveloped, XmlProfile::Xades),
        ("plain", XmlForm::Enveloped, XmlProfile::Xmldsig),
        ("enveloping", XmlForm::Enveloping, XmlProfile::Xades),
        ("part", parts(), XmlProfile::Xades),
        (
            "tax",
            parts(),
            XmlProfile::Tax {
                role: "NBan".into(),
            },
        ),
    ];
    let mut files = Vec::new();
    for (name, form, profile) in cases {
        let signed = sign::xml(document.as_bytes(), at())
            .form(form)
            .profile(profile)
            .sign(&world.key)
            .unwrap();
        let path = folder.join(format!("{kind}-{name}.xml"));
        fs::write(&path, signed.to_vec()).unwrap();
        passes(world, &signed.to_vec());
        files.push(path);
    }
    fs::write(
        folder.join(format!("{kind}-root.pem")),
        world.authority.root.certificate_pem() + &world.authority.issuing.certificate_pem(),
    )
    .unwrap();
    fs::write(
        folder.join(format!("{kind}-issuing.pem")),
        world.authority.issuing.certificate_pem(),
    )
    .unwrap();
    files
}

#[test]
fn xmlsec1_takes_what_is_signed() {
    let folder = std::env::temp_dir().join(format!("kyso-xmlsec-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    if Command::new("xmlsec1").arg("--version").output().is_err() {
        println!("skipped: no xmlsec1");
        return;
    }
    for (kind, key) in [("p256", KeyKind::P256), ("rsa", KeyKind::Rsa2048)] {
        let world = world(key);
        for path in made(&folder, DOCUMENT, &world, kind) {
            let output = Command::new("xmlsec1")
                .args(["--verify", "--enabled-key-data", "x509"])
                .args(["--verification-time", "2026-01-02 00:00:00"])
                .arg("--trusted-pem")
                .arg(folder.join(format!("{kind}-root.pem")))
                .arg("--untrusted-pem")
                .arg(folder.join(format!("{kind}-issuing.pem")))
                .args([
                    "--id-attr:Id",
                    "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
                    "--id-attr:Id",
                    "urn:x:DLHDon",
                    "--id-attr:Id",
                    "http://www.w3.org/2000/09/xmldsig#:Object",
                ])
                .arg(&path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {said}", path.display());
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn signxml_takes_what_is_signed() {
    let python = std::env::var_os("KYSO_PYTHON").map_or_else(|| "python3".into(), PathBuf::from);
    let has = Command::new(&python)
        .args(["-c", "import signxml"])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        println!("skipped: no signxml in {} (KYSO_PYTHON)", python.display());
        return;
    }
    let folder = std::env::temp_dir().join(format!("kyso-signxml-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/signxml_verify.py");
    let mut answers = Vec::new();
    for (kind, key) in [("p256", KeyKind::P256), ("rsa", KeyKind::Rsa2048)] {
        let world = world(key);
        // It takes the root element for the document, without what stands around it.
        let document = DOCUMENT.replace("<!-- a -->", "").replace("<?end?>", "");
        let mut files = made(&folder, &document, &world, kind);
        // lxml, on which it stands, writes xmlns="" into the inclusive canonical form of an element
        // that is below another default namespace; xmlsec1 does not.
        files.retain(|path| !path.to_string_lossy().ends_with("tax.xml"));
        let output = Command::new(&python)
            .arg(&script)
            .arg(folder.join(format!("{kind}-root.pem")))
            .args(&files)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = said.lines().map(str::to_owned);
        answers.extend(files.into_iter().zip(lines));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    for (path, answer) in &answers {
        assert!(answer.starts_with("ok "), "{}: {answer}", path.display());
    }
    assert_eq!(answers.len(), 8);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn every_offered_algorithm_is_written_and_read_back() {
    for (key, names) in [
        (KeyKind::P256, vec!["ecdsa-sha256"]),
        (
            KeyKind::Rsa2048,
            vec![
                "rsa-pkcs1-sha256",
                "rsa-pkcs1-sha512",
                "rsa-pss-sha256",
                "rsa-pss-sha384",
            ],
        ),
    ] {
        for name in names {
            let mut world = world(key);
            let algorithm: SignatureAlgorithm = name.parse().unwrap();
            world.key = world.key.with_algorithm(algorithm).unwrap();
            let signed = sign::xml(DOCUMENT.as_bytes(), at())
                .sign(&world.key)
                .unwrap();
            passes(&world, &signed.to_vec());
            let report = world.verifier.verify(&signed.to_vec());
            let named = report.signatures()[0].algorithms();
            assert_eq!(named.signature.as_deref(), Some(algorithm.name()));
        }
    }
}
