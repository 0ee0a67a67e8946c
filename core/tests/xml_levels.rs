//! XAdES at its levels, made afresh: what a time-stamp proves, and that EU DSS reads the same files the
//! same way. The octets that time-stamps are over are put together here by the text of EN 319 132-1,
//! not by the code that is tested.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod xml_made;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kyso::report::Report;
use kyso::sign::{self, XmlForm, XmlProfile};
use kyso::xml::{Index, Method, canonicalize_element};
use kyso::{
    Certificate, Indication, Limits, LocalKey, SubIndication, Time, TrustStore, Verifier, verify,
};
use kyso_sandbox::{
    Authority, CrlEntry, CrlRecipe, Hash, Issued, KeyKind, PersonProfile, Settings, TimeStampRecipe,
};
use serde_json::Value;
use xml_made::{EXCLUSIVE, base64};

const NOW: i64 = 1_767_225_600;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const DOCUMENT: &str = "<HDon xmlns='urn:x'><DLHDon Id='data'><So>1</So></DLHDon></HDon>";

struct World {
    authority: Authority,
    person: Issued,
    tsa: Issued,
    key: LocalKey,
}

fn world(kind: KeyKind) -> World {
    let mut settings = Settings::quick(NOW);
    settings.key = kind;
    let authority = Authority::new(&settings).unwrap();
    let person = authority.person(&PersonProfile::example()).unwrap();
    let key = LocalKey::from_pem(
        person.private_key_pem().as_bytes(),
        person.certificate_pem().as_bytes(),
        None,
    )
    .unwrap()
    .with_chain([Certificate::from_der(&authority.issuing.certificate_der).unwrap()]);
    World {
        tsa: authority.time_stamper().unwrap(),
        authority,
        person,
        key,
    }
}

impl World {
    fn list(&self, issuer: &Issued, entries: Vec<CrlEntry>, at: i64) -> Vec<u8> {
        let mut list = CrlRecipe::new(at, at + 30 * DAY);
        list.number = Some(1);
        list.entries = entries;
        list.signed_by(issuer).unwrap()
    }

    /// Good lists of root and issuing authority, of four hours later.
    fn lists(&self) -> Vec<Vec<u8>> {
        let at = NOW + 4 * HOUR;
        let issuing = &self.authority.issuing;
        vec![
            self.list(&self.authority.root, Vec::new(), at),
            self.list(issuing, Vec::new(), at),
        ]
    }

    fn verify(&self, text: &[u8], at: i64, evidence: &[Vec<u8>]) -> Report {
        let root = self.authority.root.certificate_pem();
        let trust = TrustStore::from_pem(root.as_bytes()).unwrap();
        let mut verifier = Verifier::new(Time::from_unix(at)).trust(trust);
        let issuing = &self.authority.issuing.certificate_der;
        verifier.add_evidence(issuing).unwrap();
        for item in evidence {
            verifier.add_evidence(item).unwrap();
        }
        verifier.verify(text)
    }

    fn signed(&self, form: XmlForm, profile: XmlProfile) -> String {
        let at = Time::from_unix(NOW).at_offset(Time::VIET_NAM);
        let signing = sign::xml(DOCUMENT.as_bytes(), at)
            .form(form)
            .profile(profile);
        String::from_utf8(signing.sign(&self.key).unwrap().to_vec()).unwrap()
    }

    fn token(&self, octets: &[u8], at: i64) -> String {
        let recipe = TimeStampRecipe::over(Hash::Sha256, octets, at);
        base64(&recipe.signed_by(&self.tsa).unwrap())
    }
}

/// The exclusive canonical form of the elements of these names, in order.
fn canonical(text: &str, names: &[&str]) -> Vec<u8> {
    let index = Index::read(text.as_bytes(), &Limits::default()).unwrap();
    let method = Method::from_uri(EXCLUSIVE).unwrap();
    let mut octets = Vec::new();
    for name in names {
        let mut elements = index.elements();
        let element = elements
            .find(|id| index.local_name(*id) == *name)
            .unwrap_or_else(|| panic!("{name}"));
        let sink = |piece: &[u8]| octets.extend_from_slice(piece);
        canonicalize_element(&index, element, &[], &method, &Limits::default(), sink).unwrap();
    }
    octets
}

const METHOD: &str =
    "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";

/// A signature with a time-stamp over its value, of two hours later.
fn stamped(world: &World, text: &str) -> String {
    let token = world.token(&canonical(text, &["SignatureValue"]), NOW + 2 * HOUR);
    let property = format!(
        "</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties>\
         <xades:SignatureTimeStamp Id=\"ts-1\">{METHOD}<xades:EncapsulatedTimeStamp>{token}\
         </xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>\
         </xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    );
    text.replacen("</xades:SignedProperties>", &property, 1)
}

const END: &str = "</xades:UnsignedSignatureProperties>";

/// With the validation data.
fn with_values(world: &World, text: &str) -> String {
    let certificates: String = [&world.authority.root, &world.authority.issuing, &world.tsa]
        .iter()
        .map(|one| {
            let der = base64(&one.certificate_der);
            format!("<xades:EncapsulatedX509Certificate>{der}</xades:EncapsulatedX509Certificate>")
        })
        .collect();
    let lists: String = world
        .lists()
        .iter()
        .map(|list| {
            let der = base64(list);
            format!("<xades:EncapsulatedCRLValue>{der}</xades:EncapsulatedCRLValue>")
        })
        .collect();
    let values = format!(
        "<xades:CertificateValues>{certificates}</xades:CertificateValues><xades:RevocationValues>\
         <xades:CRLValues>{lists}</xades:CRLValues></xades:RevocationValues>{END}"
    );
    text.replacen(END, &values, 1)
}

/// With an archive time-stamp over all of it.
fn archived(world: &World, text: &str) -> String {
    let mut octets = Vec::new();
    for number in 0.. {
        let sink = |piece: &[u8]| octets.extend_from_slice(piece);
        if verify::reference(text.as_bytes(), number, &Limits::default(), sink).is_err() {
            break;
        }
    }
    octets.extend(canonical(
        text,
        &[
            "SignedInfo",
            "SignatureValue",
            "KeyInfo",
            "SignatureTimeStamp",
            "CertificateValues",
            "RevocationValues",
        ],
    ));
    let token = world.token(&octets, NOW + 6 * HOUR);
    let property = format!(
        "<xades141:ArchiveTimeStamp xmlns:xades141=\"http://uri.etsi.org/01903/v1.4.1#\" \
         Id=\"ts-2\">{METHOD}<xades:EncapsulatedTimeStamp>{token}</xades:EncapsulatedTimeStamp>\
         </xades141:ArchiveTimeStamp>{END}"
    );
    text.replacen(END, &property, 1)
}

fn codes(report: &Report) -> Vec<&'static str> {
    let signatures = report.signatures().iter();
    signatures
        .flat_map(|one| one.reasons().map(kyso::Reason::code))
        .collect()
}

#[test]
fn each_level_is_named_and_its_time_is_proven() {
    let world = world(KeyKind::P256);
    let plain = world.signed(XmlForm::Enveloped, XmlProfile::Xades);
    let t = stamped(&world, &plain);
    let lt = with_values(&world, &t);
    let lta = archived(&world, &lt);
    for (text, level, stamps, given) in [
        (&plain, "XAdES-BASELINE-B", 0, true),
        (&t, "XAdES-BASELINE-T", 1, true),
        (&lt, "XAdES-BASELINE-LT", 1, false),
        (&lta, "XAdES-BASELINE-LTA", 2, false),
    ] {
        let evidence = if given { world.lists() } else { Vec::new() };
        let report = world.verify(text.as_bytes(), NOW + DAY, &evidence);
        assert_eq!(
            report.indication(),
            Some(Indication::TotalPassed),
            "{level}: {:?}",
            codes(&report)
        );
        let signature = &report.signatures()[0];
        assert_eq!(signature.format(), level);
        assert_eq!(signature.timestamps().len(), stamps, "{level}");
        let passed = |stamp: &kyso::report::TimeStampReport| stamp.indication == "PASSED";
        assert!(signature.timestamps().iter().all(passed), "{level}");
        let proven = (stamps > 0).then(|| Time::from_unix(NOW + 2 * HOUR));
        assert_eq!(signature.signing_time().proven, proven, "{level}");
    }
}

#[test]
fn a_certificate_revoked_after_the_time_stamp_still_signed_and_before_it_did_not() {
    let world = world(KeyKind::P256);
    let plain = world.signed(XmlForm::Enveloped, XmlProfile::Xades);
    let t = stamped(&world, &plain);
    let judged = |text: &str, revoked: i64| {
        let entry = CrlEntry::new(&world.person, revoked).unwrap();
        let issuing = &world.authority.issuing;
        let lists = vec![
            world.list(&world.authority.root, Vec::new(), NOW + 5 * HOUR),
            world.list(issuing, vec![entry], NOW + 5 * HOUR),
        ];
        let report = world.verify(text.as_bytes(), NOW + DAY, &lists);
        let signature = &report.signatures()[0];
        (signature.indication(), signature.sub_indication())
    };
    let passed = (Indication::TotalPassed, None);
    assert_eq!(judged(&t, NOW + 3 * HOUR), passed);
    let (indication, sub) = judged(&t, NOW + HOUR);
    assert_eq!(indication, Indication::Indeterminate);
    assert_eq!(sub, Some(SubIndication::RevokedNoPoe));
    let (_, sub) = judged(&plain, NOW + 3 * HOUR);
    assert_eq!(sub, Some(SubIndication::RevokedNoPoe));
}

#[test]
fn a_time_stamp_over_something_else_holds_the_signature_and_proves_nothing() {
    let world = world(KeyKind::P256);
    let plain = world.signed(XmlForm::Enveloped, XmlProfile::Xades);
    let t = stamped(&world, &plain);
    let lta = archived(&world, &with_values(&world, &t));
    // The attribute is part of what the archive time-stamp is over, and of nothing else.
    let other = lta.replacen(
        "<xades:CertificateValues>",
        "<xades:CertificateValues Id=\"x\">",
        1,
    );
    let report = world.verify(other.as_bytes(), NOW + DAY, &[]);
    let signature = &report.signatures()[0];
    assert_eq!(signature.indication(), Indication::Indeterminate);
    let kinds: Vec<_> = signature
        .timestamps()
        .iter()
        .map(|stamp| (stamp.kind, stamp.indication))
        .collect();
    assert_eq!(kinds, [("archive", "FAILED"), ("signature", "PASSED")]);
    // Another signature's time-stamp.
    let again = world.signed(XmlForm::Enveloped, XmlProfile::Xades);
    let stranger = stamped(&world, &again);
    let from = stranger.find("<xades:UnsignedProperties>").unwrap();
    let to = stranger.find("</xades:UnsignedProperties>").unwrap();
    let copied = plain.replacen(
        "</xades:SignedProperties>",
        &format!(
            "</xades:SignedProperties>{}</xades:UnsignedProperties>",
            &stranger[from..to]
        ),
        1,
    );
    let report = world.verify(copied.as_bytes(), NOW + DAY, &world.lists());
    let signature = &report.signatures()[0];
    assert_eq!(
        signature.indication(),
        Indication::Indeterminate,
        "{:?}",
        codes(&report)
    );
    assert_eq!(signature.signing_time().proven, None);
}

/// What EU DSS says of files, by their names: the indication and the format.
fn dss(files: &[(String, String)], world: &World) -> Option<BTreeMap<String, (String, String)>> {
    let Some(peer) = std::env::var_os("KYSO_DSS").map(PathBuf::from) else {
        println!("skipped: no EU DSS (KYSO_DSS); ./test dss builds it");
        return None;
    };
    let folder = std::env::temp_dir().join(format!("kyso-xml-dss-{}", std::process::id()));
    fs::create_dir_all(folder.join("evidence")).unwrap();
    fs::write(
        folder.join("root.crt"),
        &world.authority.root.certificate_der,
    )
    .unwrap();
    fs::write(
        folder.join("evidence/issuing"),
        &world.authority.issuing.certificate_der,
    )
    .unwrap();
    for (number, list) in world.lists().iter().enumerate() {
        fs::write(folder.join(format!("evidence/{number}")), list).unwrap();
    }
    let at = Time::from_unix(NOW + DAY).utc().to_string();
    let mut jobs = String::new();
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        let columns = [path, folder.join("root.crt"), folder.join("evidence")];
        let columns = columns.map(|path| path.display().to_string());
        writeln!(jobs, "{name}\t{at}\t{}", columns.join("\t")).unwrap();
    }
    let (list, answers) = (folder.join("jobs.tsv"), folder.join("answers.jsonl"));
    fs::write(&list, jobs).unwrap();
    let class_path = format!("{0}/classes:{0}/lib/*", peer.display());
    let output = Command::new("java")
        .args(["-Xmx1g", "-cp", &class_path, "peer.Peer"])
        .args([&list, &answers])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut said = BTreeMap::new();
    for line in fs::read_to_string(&answers).unwrap().lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let name = answer["name"].as_str().unwrap().to_owned();
        let first = &answer["signatures"][0];
        let text = |member: &str| match &first[member] {
            Value::String(text) => text.clone(),
            _ => answer.to_string(),
        };
        let mut indication = text("indication");
        if indication != "TOTAL-PASSED" {
            indication = format!("{indication}: {first}");
        }
        said.insert(name, (indication, text("format")));
    }
    fs::remove_dir_all(&folder).unwrap();
    Some(said)
}

#[test]
fn eu_dss_passes_what_is_signed_and_reads_the_same_levels() {
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let world = world(kind);
        let parts = || XmlForm::Parts(vec!["data".into()]);
        let xades = || XmlProfile::Xades;
        let plain = world.signed(XmlForm::Enveloped, xades());
        let t = stamped(&world, &plain);
        let lt = with_values(&world, &t);
        let files = [
            ("part", world.signed(parts(), xades()), "XAdES-BASELINE-B"),
            (
                "enveloping",
                world.signed(XmlForm::Enveloping, xades()),
                "XAdES-BASELINE-B",
            ),
            ("t", t, "XAdES-BASELINE-T"),
            ("lta", archived(&world, &lt), "XAdES-BASELINE-LTA"),
            ("lt", lt, "XAdES-BASELINE-LT"),
            ("enveloped", plain, "XAdES-BASELINE-B"),
        ];
        let named: Vec<(String, String)> = files
            .iter()
            .map(|(name, text, _)| ((*name).to_owned(), text.clone()))
            .collect();
        let Some(said) = dss(&named, &world) else {
            return;
        };
        for (name, text, level) in &files {
            let (indication, format) = &said[*name];
            assert_eq!(indication, "TOTAL-PASSED", "{name}");
            assert_eq!(format.replace('_', "-"), *level, "{name}");
            let report = world.verify(text.as_bytes(), NOW + DAY, &world.lists());
            assert_eq!(report.indication(), Some(Indication::TotalPassed), "{name}");
            assert_eq!(report.signatures()[0].format(), *level, "{name}");
        }
    }
}
