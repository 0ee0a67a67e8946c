//! Signing through the public doors: what we sign is found good by others, and the other way round.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::OnceLock;

use common::{Folder, assert_good, have, only, openssl, qpdf, run, signed_parts, world};
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::report::Changes;
use kyso::sign::{self, CallbackSigner, Profile};
use kyso::{
    Certificate, Error, ErrorKind, Indication, Lang, LocalKey, Policy, Revocation, SignatureReport,
};
use kyso_sandbox::document::{Decision, decision_pdf};
use kyso_sandbox::{Issued, KeyKind, KeySource, PASSWORD, PersonProfile, SubjectName, plain_pdf};

const REASON: &str = "Phát hành văn bản – Ủy ban nhân dân tỉnh Ví Dụ (đã duyệt)";

/// One input of each cross-reference style, signed once and, behind that, a second time.
struct Signing {
    name: &'static str,
    input: Vec<u8>,
    once: Vec<u8>,
    twice: Vec<u8>,
}

fn signings() -> &'static [Signing] {
    static SIGNINGS: OnceLock<Vec<Signing>> = OnceLock::new();
    SIGNINGS.get_or_init(|| {
        let world = world();
        let (ec, rsa, pss) = (
            world.person_key(),
            world.organisation_key(),
            world.pss_key(),
        );
        // Two holders a file: pdfsig trusts a certificate only the first time it meets it in one.
        let mut made = vec![
            signing("table", plain_pdf::pdf_with_table(), &rsa, &ec),
            signing("stream", plain_pdf::pdf_with_xref_stream(), &ec, &pss),
            signing("hybrid", plain_pdf::pdf_hybrid(), &pss, &ec),
            signing(
                "drawn",
                decision_pdf(&Decision::example()).unwrap(),
                &rsa,
                &ec,
            ),
        ];
        if have("qpdf") {
            let old = qpdf(&plain_pdf::pdf_with_table(), &["--linearize"]);
            let new = qpdf(&plain_pdf::pdf_with_xref_stream(), &["--linearize"]);
            assert!(old.starts_with(b"%PDF-") && new.windows(11).any(|at| at == b"/Linearized"));
            made.push(signing("linearised-table", old, &rsa, &ec));
            made.push(signing("linearised-stream", new, &ec, &rsa));
        }
        made
    })
}

fn signing(name: &'static str, input: Vec<u8>, first: &LocalKey, second: &LocalKey) -> Signing {
    let now = world().now;
    let sign = |input: &[u8], key| {
        let signing = sign::pdf(input, now).reason(REASON).location("Ví Dụ");
        signing.sign(key).unwrap().to_vec()
    };
    let once = sign(&input, first);
    let twice = sign(&once, second);
    Signing {
        name,
        input,
        once,
        twice,
    }
}

/// Every signed file, in a folder, with the root beside them.
fn written() -> (Folder, PathBuf, Vec<(PathBuf, usize)>) {
    let folder = Folder::new();
    let root = folder.write("root.pem", world().authority.root.certificate_pem());
    let mut files = Vec::new();
    for signing in signings() {
        let path = |suffix| format!("{}-{suffix}.pdf", signing.name);
        files.push((folder.write(&path("once"), &signing.once), 1));
        files.push((folder.write(&path("twice"), &signing.twice), 2));
    }
    (folder, root, files)
}

// ---- what we sign

#[test]
fn the_input_is_a_prefix_of_what_is_signed() {
    for signing in signings() {
        assert!(signing.once.starts_with(&signing.input), "{}", signing.name);
        assert!(signing.twice.starts_with(&signing.once), "{}", signing.name);
        assert!(signing.once.len() > signing.input.len());
    }
}

#[test]
fn our_own_verifier_finds_both_signatures_of_every_style() {
    let verifier = world().verifier();
    for signing in signings() {
        let report = verifier.verify(&signing.once);
        assert_good(&report, signing.name);
        let coverage = only(&report).coverage().unwrap();
        assert_eq!(coverage.whole_file, Some(true), "{}", signing.name);
        let report = verifier.verify(&signing.twice);
        assert_good(&report, signing.name);
        let [first, second] = report.signatures() else {
            panic!("{}: {}", signing.name, report.signatures().len());
        };
        assert_eq!((first.id(), second.id()), ("Signature1", "Signature2"));
        let covers = |signature: &SignatureReport| signature.coverage().unwrap().whole_file;
        assert_eq!(covers(first), Some(false), "{}", signing.name);
        assert_eq!(covers(second), Some(true), "{}", signing.name);
        let changes = |signature: &SignatureReport| signature.coverage().unwrap().changes;
        assert_eq!(changes(second), Some(Changes::None), "{}", signing.name);
        assert_eq!(changes(first), Some(Changes::Permitted), "{}", signing.name);
        // Where status is not asked for, both pass.
        let lax = Policy::default().revocation(Revocation::None);
        let report = world().verifier().policy(lax).verify(&signing.twice);
        assert_eq!(
            report.indication(),
            Some(Indication::TotalPassed),
            "{}",
            signing.name
        );
        assert_eq!(report.exit(), 0);
        assert_eq!(second.signing_time().claimed, Some(world().now));
        assert_eq!(second.format(), "PAdES-BASELINE-B");
    }
}

#[test]
fn openssl_finds_every_signature_good() {
    if !have("openssl") {
        return;
    }
    let (folder, root, _) = written();
    let verifier = world().verifier();
    let mut checked = 0;
    for file in signings().iter().flat_map(|s| [&s.once, &s.twice]) {
        for signature in verifier.verify(file).signatures() {
            let (content, cms) = signed_parts(file, signature);
            let content = folder.write("content", content);
            let cms = folder.write("signature.der", cms);
            openssl(
                "cms -verify -binary -inform DER -purpose any -out /dev/null",
                &[("-in", &cms), ("-content", &content), ("-CAfile", &root)],
            );
            checked += 1;
        }
    }
    assert!(checked >= 12, "{checked}");
}

#[test]
fn pdfsig_finds_every_signature_valid() {
    if !have("pdfsig") || !have("certutil") {
        return;
    }
    let (folder, root, files) = written();
    let store = folder.path("nss");
    std::fs::create_dir(&store).unwrap();
    let store = format!("sql:{}", store.display());
    run("certutil", &[&"-N", &"-d", &store, &"--empty-password"]);
    let add: [&dyn AsRef<OsStr>; 9] = [
        &"-A",
        &"-d",
        &store,
        &"-n",
        &"root",
        &"-t",
        &"CT,CT,CT",
        &"-i",
        &root,
    ];
    run("certutil", &add);
    for (file, signatures) in &files {
        let output = run("pdfsig", &[&"-no-ocsp", &"-nssdir", &store, file]);
        let said = String::from_utf8(output.stdout).unwrap();
        let count = |text: &str| said.matches(text).count();
        assert_eq!(count("Signature is Valid."), *signatures, "{said}");
        assert_eq!(count("Certificate is Trusted."), *signatures, "{said}");
        assert_eq!(count("ETSI.CAdES.detached"), *signatures, "{said}");
        // Only the last one reaches the end of the file.
        assert_eq!(count("Total document signed"), 1, "{said}");
    }
}

#[test]
fn pyhanko_finds_every_signature_valid_and_trusted() {
    let Some(python) = common::python_with_pyhanko() else {
        return;
    };
    let (_folder, root, files) = written();
    let script = common::script("pyhanko_verify.py");
    let mut words: Vec<&dyn AsRef<OsStr>> = vec![&script, &root];
    words.extend(files.iter().map(|(file, _)| file as &dyn AsRef<_>));
    let found = common::json(&run(python, &words));
    for (file, signatures) in &files {
        let found = found[file.to_str().unwrap()].as_array().unwrap();
        assert_eq!(found.len(), *signatures, "{file:?}");
        for (index, signature) in found.iter().enumerate() {
            assert_eq!(signature["intact"], true, "{file:?} {signature}");
            assert_eq!(signature["valid"], true, "{file:?} {signature}");
            assert_eq!(signature["trusted"], true, "{file:?} {signature}");
            assert_eq!(signature["reason"], REASON, "{file:?}");
            let last = index + 1 == *signatures;
            let coverage = if last {
                "ENTIRE_FILE"
            } else {
                "ENTIRE_REVISION"
            };
            assert_eq!(signature["coverage"], coverage, "{file:?}");
            // A further signature is no change that pyHanko minds.
            let changes = &signature["changes"];
            assert!(
                last || changes == "LTA_UPDATES" || changes == "FORM_FILLING",
                "{file:?} {changes}"
            );
        }
    }
}

#[test]
fn qpdf_has_nothing_to_say_against_a_signed_file() {
    if !have("qpdf") {
        return;
    }
    let (_folder, _, files) = written();
    for (file, _) in &files {
        if file.to_str().unwrap().contains("linearised") {
            // Its own words: a linearised file that was appended to is no longer linearised.
            continue;
        }
        run("qpdf", &[&"--check", file]);
    }
}

#[test]
fn the_old_profile_is_found_good_by_others_too() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let signing = sign::pdf(&input, world.now).profile(Profile::Pkcs7);
    let signed = signing.sign(&world.organisation_key()).unwrap().to_vec();
    let report = world.verifier().verify(&signed);
    assert_good(&report, "adbe");
    assert_eq!(only(&report).format(), "PDF-PKCS7-DETACHED");
    let Some(python) = common::python_with_pyhanko() else {
        return;
    };
    let folder = Folder::new();
    let root = folder.write("root.pem", world.authority.root.certificate_pem());
    let file = folder.write("adbe.pdf", &signed);
    let found = run(
        python,
        &[&common::script("pyhanko_verify.py"), &root, &file],
    );
    let found = &common::json(&found)[file.to_str().unwrap()][0];
    assert_eq!(
        (&found["valid"], &found["trusted"]),
        (&true.into(), &true.into())
    );
    if have("pdfsig") {
        let said = String::from_utf8(run("pdfsig", &[&"-nocert", &file]).stdout).unwrap();
        assert!(said.contains("Signature is Valid."), "{said}");
        assert!(said.contains("adbe.pkcs7.detached"), "{said}");
    }
}

#[test]
fn a_field_is_named_as_asked_and_never_signed_twice() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let sign = |input: &[u8], name: &str| {
        let signing = sign::pdf(input, world.now).field(name);
        signing
            .sign(&world.person_key())
            .map(|signed| signed.to_vec())
    };
    let once = sign(&input, "Chữ ký người duyệt").unwrap();
    assert_eq!(
        only(&world.verifier().verify(&once)).id(),
        "Chữ ký người duyệt"
    );
    let error = sign(&once, "Chữ ký người duyệt").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse, "{error:?}");
    let twice = sign(&once, "Signature1").unwrap();
    assert_good(&world.verifier().verify(&twice), "two fields");
}

#[test]
fn twenty_signatures_behind_each_other_all_hold() {
    let world = world();
    let key = common::local_key(&world.person);
    let mut file = plain_pdf::pdf_with_xref_stream();
    for _ in 0..20 {
        let signed = sign::pdf(&file, world.now).reserve(0).sign(&key).unwrap();
        file = signed.to_vec();
    }
    let report = world
        .verifier()
        .evidence(world.chain(&world.person))
        .verify(&file);
    assert_eq!(report.signatures().len(), 20);
    assert_good(&report, "twenty");
}

#[test]
fn a_callback_signs_as_a_key_in_a_file_does() {
    let world = world();
    let input = plain_pdf::pdf_hybrid();
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let chain = world.chain(&world.organisation);
    let signer = CallbackSigner::new(chain.clone(), algorithm, |data| {
        assert_eq!(data.digest().as_bytes().len(), 32);
        Ok(world.organisation.sign(data.message()).unwrap())
    });
    let signed = sign::pdf(&input, world.now).sign(&signer).unwrap();
    let by_key = sign::pdf(&input, world.now)
        .sign(&world.organisation_key())
        .unwrap();
    // RSA PKCS#1 v1.5 has no chance in it: both ways give the same bytes.
    assert_eq!(signed.to_vec(), by_key.to_vec());

    let refuses = CallbackSigner::new(chain, algorithm, |_| {
        Err(Error::new(
            ErrorKind::SignerRefused,
            "pressed the red button",
        ))
    });
    let error = sign::pdf(&input, world.now).sign(&refuses).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignerRefused);
}

#[test]
fn a_pkcs12_file_with_its_chain_signs_too() {
    let world = world();
    let (issuing, root) = (&world.authority.issuing, &world.authority.root);
    let p12 = world
        .organisation
        .pkcs12(PASSWORD, &[issuing, root])
        .unwrap();
    let key = LocalKey::from_p12(&p12, PASSWORD).unwrap();
    let signed = sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .sign(&key)
        .unwrap()
        .to_vec();
    assert_good(&world.verifier().verify(&signed), "p12");
    let error = LocalKey::from_p12(&p12, "sai mật khẩu").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyPassword);
}

// ---- what is refused

#[test]
fn an_encrypted_input_is_refused_by_its_name() {
    if !have("qpdf") {
        return;
    }
    let options = ["--encrypt", "", "owner", "256", "--"];
    let input = qpdf(&plain_pdf::pdf_with_table(), &options);
    let error = sign::pdf(&input, world().now)
        .sign(&world().person_key())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
    assert_eq!(error.code(), "input.unsupported");
    assert!(!error.message(Lang::Vi).is_empty());
}

#[test]
fn what_is_no_pdf_is_malformed() {
    for input in [
        &b""[..],
        b"plain text",
        b"%PDF-1.7\n",
        &plain_pdf::pdf_with_table()[..300],
    ] {
        let signed = sign::pdf(input, world().now).sign(&world().person_key());
        assert_eq!(signed.unwrap_err().kind(), ErrorKind::Malformed);
    }
}

#[test]
fn an_algorithm_that_does_not_fit_the_certificate_is_refused_before_anything_is_laid() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let prepare = |certificates: &[Certificate], algorithm| {
        let prepared = sign::pdf(&input, world.now).prepare(certificates, algorithm);
        prepared.unwrap_err().kind()
    };
    let (person, organisation) = (world.chain(&world.person), world.chain(&world.organisation));
    let rsa = SignatureAlgorithm::RsaPkcs1;
    let sha256 = DigestAlgorithm::Sha256;
    assert_eq!(prepare(&person, rsa(sha256)), ErrorKind::Misuse);
    assert_eq!(
        prepare(&person, SignatureAlgorithm::Ed25519),
        ErrorKind::Misuse
    );
    let ecdsa = SignatureAlgorithm::Ecdsa(sha256);
    assert_eq!(prepare(&organisation, ecdsa), ErrorKind::Misuse);
    assert_eq!(
        prepare(&organisation, rsa(DigestAlgorithm::Sha1)),
        ErrorKind::Misuse
    );
    assert_eq!(prepare(&[], ecdsa), ErrorKind::Misuse);
}

#[test]
fn an_rsa_key_of_1024_bits_signs_nothing() {
    if !have("openssl") {
        return;
    }
    let world = world();
    let folder = Folder::new();
    let (pem, der) = (folder.path("small.pem"), folder.path("small.der"));
    openssl(
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        &[("-out", &pem)],
    );
    openssl(
        "pkcs8 -topk8 -nocrypt -outform DER",
        &[("-in", &pem), ("-out", &der)],
    );
    let mut recipe = world.authority.person_recipe(&PersonProfile::example());
    recipe.key = KeySource::Same(std::fs::read(der).unwrap());
    let holder = world.authority.issue_custom(&recipe).unwrap();
    let input = plain_pdf::pdf_with_table();
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let error = sign::pdf(&input, world.now)
        .prepare(&world.chain(&holder), algorithm)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyUnusable);
    let (key, certificate) = (holder.private_key_pem(), holder.certificate_pem());
    let error = LocalKey::from_pem(key.as_bytes(), certificate.as_bytes(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyUnusable);
}

#[test]
fn a_key_and_a_certificate_of_two_holders_are_no_signer() {
    let world = world();
    let key = world.person.private_key_pem();
    let certificate = world.organisation.certificate_pem();
    let error = LocalKey::from_pem(key.as_bytes(), certificate.as_bytes(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyMismatch);
}

#[test]
fn a_signer_whose_certificate_reaches_no_anchor_signs_and_is_told_so_when_verified() {
    let world = world();
    let subject = SubjectName::new().with(kyso_sandbox::Attribute::CommonName, "Tự xưng");
    let now = world.now.unix();
    let recipe = kyso_sandbox::Recipe::new(subject, KeyKind::P256, now - 60, now + 3_600);
    let key = common::local_key(&recipe.self_signed().unwrap());
    let signed = sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .sign(&key)
        .unwrap()
        .to_vec();
    let report = world.verifier().verify(&signed);
    let signature = only(&report);
    assert_eq!(signature.indication(), Indication::Indeterminate);
    assert!(common::codes(signature).contains(&"path.root_not_trusted"));
}

// ---- the other direction

#[test]
fn what_pyhanko_signs_is_intact_and_reaches_the_root_here() {
    let Some(python) = common::python_with_pyhanko() else {
        return;
    };
    let world = world();
    let folder = Folder::new();
    let (issuing, root) = (&world.authority.issuing, &world.authority.root);
    let p12 = |name, holder: &Issued| {
        folder.write(name, holder.pkcs12(PASSWORD, &[issuing, root]).unwrap())
    };
    let (rsa, curve) = (
        p12("rsa.p12", &world.organisation),
        p12("ec.p12", &world.person),
    );
    let input = folder.write("in.pdf", plain_pdf::pdf_with_table());
    let out = folder.path("out");
    std::fs::create_dir(&out).unwrap();
    let script = common::script("pyhanko_sign.py");
    run(python, &[&script, &input, &rsa, &curve, &PASSWORD, &out]);
    for (name, signatures, algorithm, digest) in [
        ("pades-rsa", 1, "RSA-PKCS1", "SHA-256"),
        ("pades-pss", 1, "RSA-PSS", "SHA-256"),
        ("pades-ecdsa-sha384", 1, "ECDSA", "SHA-384"),
        ("adbe-rsa-sha512", 1, "RSA-PKCS1", "SHA-512"),
        ("twice", 2, "RSA-PKCS1", "SHA-256"),
        ("certified", 1, "RSA-PKCS1", "SHA-256"),
    ] {
        let file = std::fs::read(out.join(format!("{name}.pdf"))).unwrap();
        let report = world.verifier().verify(&file);
        assert_good(&report, name);
        assert_eq!(report.signatures().len(), signatures, "{name}");
        let first = &report.signatures()[0];
        assert_eq!(first.id(), "Theirs", "{name}");
        assert_eq!(
            first.algorithms().signature.as_deref(),
            Some(algorithm),
            "{name}"
        );
        assert_eq!(first.algorithms().digest.as_deref(), Some(digest), "{name}");
        // And ours behind theirs.
        let both = sign::pdf(&file, world.now)
            .sign(&world.person_key())
            .unwrap()
            .to_vec();
        let report = world.verifier().verify(&both);
        assert_good(&report, name);
        assert_eq!(report.signatures().len(), signatures + 1, "{name}");
    }
}
