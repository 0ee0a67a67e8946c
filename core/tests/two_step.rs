//! Signing in two steps: the digest goes elsewhere, the state outlives the process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, World, assert_good, have, only, openssl, signed_parts, world};
use kyso::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm, ecdsa_to_fixed};
use kyso::sign::SignedInstead;
use kyso::{Answer, ErrorKind, Lang, Prepared, PreparedDocument, sign};
use kyso_sandbox::{Issued, plain_pdf};

const REASON: &str = "Phát hành văn bản";

/// Another device: it has the key and sees 32 octets, nothing else.
fn phone(holder: &Issued, digest: &[u8]) -> Vec<u8> {
    let folder = Folder::new();
    let key = folder.write("key.pem", holder.private_key_pem());
    let (from, to) = (folder.write("digest", digest), folder.path("signature"));
    openssl(
        "pkeyutl -sign -pkeyopt digest:sha256",
        &[("-inkey", &key), ("-in", &from), ("-out", &to)],
    );
    std::fs::read(to).unwrap()
}

fn prepared(world: &World, holder: &Issued, input: &[u8]) -> Vec<u8> {
    let algorithm = if std::ptr::eq(holder, &world.person) {
        SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)
    } else {
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256)
    };
    let signing = sign::pdf(input, world.now).reason(REASON);
    signing
        .prepare(&world.chain(holder), algorithm)
        .unwrap()
        .to_bytes()
}

#[test]
fn the_digest_is_signed_elsewhere_and_the_state_survives_as_bytes() {
    if !have("openssl") {
        return;
    }
    let world = world();
    for holder in [&world.person, &world.organisation] {
        let input = plain_pdf::pdf_with_xref_stream();
        let state = prepared(world, holder, &input);
        let prepared = Prepared::from_bytes(&state).unwrap();
        assert_eq!(prepared.to_bytes(), state);
        assert_eq!(prepared.field(), "Signature1");
        let value = phone(holder, prepared.digest().as_bytes());
        let signed = prepared.complete(&input, Answer::Raw(value)).unwrap();
        let signed = signed.to_vec();
        assert!(signed.starts_with(&input));
        assert_good(&world.verifier().verify(&signed), "two steps");
    }
}

#[test]
fn the_state_holds_neither_the_document_nor_a_secret() {
    let world = world();
    let marker = b"% A SENTENCE THAT NOBODY ELSE SHOULD READ\n";
    let input = [&plain_pdf::pdf_with_table()[..], marker].concat();
    let state = String::from_utf8(prepared(world, &world.organisation, &input)).unwrap();
    let value: serde_json::Value = serde_json::from_str(&state).unwrap();
    assert_eq!(value["schema"], "kyso-prepared/1");
    assert!(!state.contains("NOBODY ELSE") && !state.contains("PRIVATE"));
    assert!(!format!("{:?}", world.organisation_key()).contains("PRIVATE"));
}

#[test]
fn another_input_at_completing_is_a_mismatch() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let state = prepared(world, &world.person, &input);
    let prepared = Prepared::from_bytes(&state).unwrap();
    let value = world
        .person
        .sign(prepared.to_be_signed().message())
        .unwrap();
    let mut changed = input.clone();
    let at = common::find(&changed, b"/MediaBox");
    changed[at + 11] ^= 1;
    for other in [&changed[..], &input[..input.len() - 1], b""] {
        let completed = prepared.clone().complete(other, Answer::Raw(value.clone()));
        assert_eq!(completed.unwrap_err().kind(), ErrorKind::Mismatch);
    }
    prepared.complete(&input, Answer::Raw(value)).unwrap();
}

#[test]
fn a_value_that_does_not_verify_is_a_mismatch() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let prepared = Prepared::from_bytes(&prepared(world, &world.person, &input)).unwrap();
    let good = world
        .person
        .sign(prepared.to_be_signed().message())
        .unwrap();
    let of_another = world
        .organisation
        .sign(prepared.to_be_signed().message())
        .unwrap();
    let hashed_twice = world.person.sign(prepared.digest().as_bytes()).unwrap();
    for wrong in [
        of_another,
        hashed_twice,
        good[1..].to_vec(),
        vec![0; 70],
        vec![],
    ] {
        let completed = prepared.clone().complete(&input, Answer::Raw(wrong));
        assert_eq!(completed.unwrap_err().kind(), ErrorKind::Mismatch);
    }
}

#[test]
fn a_tampered_state_is_refused_whatever_was_changed() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let state = prepared(world, &world.person, &input);
    let other = prepared(world, &world.organisation, &plain_pdf::pdf_hybrid());
    let (good, other): (serde_json::Value, serde_json::Value) = (
        serde_json::from_slice(&state).unwrap(),
        serde_json::from_slice(&other).unwrap(),
    );
    let value = {
        let prepared = Prepared::from_bytes(&state).unwrap();
        world
            .person
            .sign(prepared.to_be_signed().message())
            .unwrap()
    };
    let members: Vec<String> = good.as_object().unwrap().keys().cloned().collect();
    for name in &members {
        let mut swapped = good.clone();
        swapped[name] = other[name].clone();
        let mut missing = good.clone();
        missing.as_object_mut().unwrap().remove(name);
        for (what, changed) in [("swapped", swapped), ("missing", missing)] {
            if changed == good {
                continue;
            }
            let completed = Prepared::from_bytes(changed.to_string().as_bytes())
                .and_then(|p| Ok(p.complete(&input, Answer::Raw(value.clone()))?.to_vec()));
            // What `field` and `digest` say is only told, never used: the file is the same then.
            match completed {
                Ok(signed) => {
                    // `profile` decides what a whole CMS must hold, and this answer is none.
                    assert!(
                        ["field", "digest", "profile"].contains(&name.as_str()),
                        "{what} {name}"
                    );
                    assert_good(&world.verifier().verify(&signed), name);
                }
                Err(error) => assert!(
                    matches!(
                        error.kind(),
                        ErrorKind::Mismatch | ErrorKind::Malformed | ErrorKind::Misuse
                    ),
                    "{what} {name}: {error:?}"
                ),
            }
        }
    }
    for garbage in [&b""[..], b"{}", b"null", &state[..state.len() / 2]] {
        assert_eq!(
            Prepared::from_bytes(garbage).unwrap_err().kind(),
            ErrorKind::Malformed
        );
    }
    let newer = String::from_utf8(state)
        .unwrap()
        .replace("kyso-prepared/1", "kyso-prepared/2");
    let error = Prepared::from_bytes(newer.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

/// A service that makes a whole CMS: it sees the signed octets here, as OpenSSL wants them.
fn service(holder: &Issued, content: &[u8], options: &str) -> Vec<u8> {
    let world = world();
    let folder = Folder::new();
    let key = folder.write("key.pem", holder.private_key_pem());
    let certificate = folder.write("certificate.pem", holder.certificate_pem());
    let issuing = folder.write("issuing.pem", world.authority.issuing.certificate_pem());
    let (from, to) = (folder.write("content", content), folder.path("cms"));
    openssl(
        &format!("cms -sign -binary -outform DER {options}"),
        &[
            ("-inkey", &key),
            ("-signer", &certificate),
            ("-certfile", &issuing),
            ("-in", &from),
            ("-out", &to),
        ],
    );
    std::fs::read(to).unwrap()
}

/// The octets that a signature on this prepared document covers.
fn covered(world: &World, input: &[u8], holder: &Issued) -> Vec<u8> {
    let key = world.key(holder);
    let open = sign::pdf(input, world.now).reason(REASON).name("Người ký");
    let signed = open.sign(&key).unwrap().to_vec();
    let report = world.verifier().verify(&signed);
    signed_parts(&signed, only(&report)).0
}

fn open(world: &World, input: &[u8]) -> PreparedDocument {
    let signing = sign::pdf(input, world.now).reason(REASON).name("Người ký");
    signing.prepare_document(DigestAlgorithm::Sha256).unwrap()
}

#[test]
fn a_certificate_that_is_known_only_afterwards_completes_the_same_file() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let state = open(world, &input).to_bytes();
    assert_eq!(
        Prepared::from_bytes(&state).unwrap_err().kind(),
        ErrorKind::Misuse
    );
    let document = PreparedDocument::from_bytes(&state).unwrap();
    assert_eq!(document.to_bytes(), state);
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let prepared = document
        .with_signer(&world.chain(&world.person), algorithm)
        .unwrap();
    // The signer is known now, and its state is one of the other kind.
    let prepared = Prepared::from_bytes(&prepared.to_bytes()).unwrap();
    let value = world.person.sign(prepared.to_be_signed().message());
    let signed = prepared.complete(&input, Answer::Raw(value.unwrap()));
    let report = world.verifier().verify(&signed.unwrap().to_vec());
    assert_good(&report, "certificate afterwards");
}

#[test]
fn a_signer_that_does_not_fit_what_was_prepared_is_refused_before_anyone_signs() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let chain = world.chain(&world.person);
    let other_hash = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384);
    let refused = open(world, &input).with_signer(&chain, other_hash);
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Misuse);
    let small = sign::pdf(&input, world.now).reserve(1_000);
    let small = small.prepare_document(DigestAlgorithm::Sha256).unwrap();
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let refused = small.with_signer(&chain, algorithm);
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::TooLarge);
    let weak = sign::pdf(&input, world.now).prepare_document(DigestAlgorithm::Sha1);
    assert_eq!(weak.unwrap_err().kind(), ErrorKind::Misuse);
}

#[test]
fn a_whole_cms_made_by_openssl_over_the_document_digest_is_embedded_as_it_stands() {
    if !have("openssl") {
        return;
    }
    let world = world();
    let input = plain_pdf::pdf_with_xref_stream();
    for holder in [&world.person, &world.organisation] {
        let content = covered(world, &input, holder);
        let document = open(world, &input);
        let digest = Digest::of(DigestAlgorithm::Sha256, &content);
        assert_eq!(document.document_digest(), &digest);
        // SHA-384 by the service: its digest is computed from the input.
        for options in ["-cades -md sha256 -nosmimecap", "-cades -md sha384"] {
            let cms = service(holder, &content, options);
            let signed = document.clone().complete(&input, &cms).unwrap().to_vec();
            let report = world.verifier().verify(&signed);
            assert_eq!(signed_parts(&signed, only(&report)).1, cms);
            assert_good(&report, options);
        }
    }
}

#[test]
fn a_cms_that_is_not_a_good_signature_of_this_document_is_refused() {
    if !have("openssl") {
        return;
    }
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let content = covered(world, &input, &world.person);
    let document = open(world, &input);
    let refusal = |cms: &[u8]| {
        let refused = document.clone().complete(&input, cms).unwrap_err();
        (refused.kind(), refused.message(Lang::Vi))
    };
    let good = service(&world.person, &content, "-cades -md sha256");
    document.clone().complete(&input, &good).unwrap();
    let of_other = service(&world.person, b"another document", "-cades -md sha256");
    let without_name = service(&world.person, &content, "-md sha256");
    let without_attributes = service(&world.person, &content, "-noattr -md sha256");
    let attached = service(&world.person, &content, "-cades -nodetach -md sha256");
    let weak = service(&world.organisation, &content, "-cades -md sha1");
    let mut changed = good.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    let followed = [&good[..], b"\x00\x30"].concat();
    for (what, cms) in [
        ("other document", of_other),
        ("no signing-certificate", without_name),
        ("no attributes", without_attributes),
        ("attached", attached),
        ("value", changed),
        ("octets behind", followed),
    ] {
        let (kind, message) = refusal(&cms);
        assert_eq!(kind, ErrorKind::Mismatch, "{what}: {message}");
    }
    assert!(matches!(
        refusal(&weak).0,
        ErrorKind::Misuse | ErrorKind::Mismatch
    ));
    assert_eq!(refusal(b"no CMS at all").0, ErrorKind::Malformed);
    // A CMS of somebody else than the one it was prepared for.
    let prepared = document
        .clone()
        .with_signer(
            &world.chain(&world.organisation),
            SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
        )
        .unwrap();
    let refused = prepared.complete(&input, Answer::Cms(good)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Mismatch);
}

#[test]
fn what_a_service_signed_instead_is_named() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    for holder in [&world.person, &world.organisation] {
        let state = prepared(world, holder, &input);
        let prepared = Prepared::from_bytes(&state).unwrap();
        let message = prepared.to_be_signed().message().to_vec();
        let digest = prepared.digest();
        let upper = digest.to_hex().to_uppercase();
        let base64 = base64_simd::STANDARD.encode_to_string(digest.as_bytes());
        let mut in_file = message.clone();
        in_file[0] = 0xa0;
        let right = holder.sign(&message).unwrap();
        assert_eq!(prepared.explain(&right), None);
        for (signed, instead) in [
            (digest.as_bytes(), SignedInstead::DigestHashedAgain),
            (digest.to_hex().as_bytes(), SignedInstead::HexadecimalText),
            (upper.as_bytes(), SignedInstead::HexadecimalText),
            (base64.as_bytes(), SignedInstead::Base64Text),
            (
                prepared.document_digest().as_bytes(),
                SignedInstead::DocumentDigestHashedAgain,
            ),
            (&in_file, SignedInstead::AttributesAsInFile),
            (b"something else", SignedInstead::Unknown),
        ] {
            let value = holder.sign(signed).unwrap();
            assert_eq!(prepared.explain(&value), Some(instead), "{instead:?}");
            let refused = prepared.clone().complete(&input, Answer::Raw(value));
            let refused = refused.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Mismatch);
            assert!(
                refused
                    .message(Lang::En)
                    .contains(&instead.message(Lang::En))
            );
            assert!(
                refused
                    .message(Lang::Vi)
                    .contains(&instead.message(Lang::Vi))
            );
        }
    }
}

#[test]
fn a_device_that_pads_the_bare_digest_or_uses_another_algorithm_is_told_so() {
    if !have("openssl") {
        return;
    }
    let world = world();
    let input = plain_pdf::pdf_with_table();
    let holder = &world.organisation;
    let prepared = Prepared::from_bytes(&prepared(world, holder, &input)).unwrap();
    let device = |options: &str, octets: &[u8]| {
        let folder = Folder::new();
        let key = folder.write("key.pem", holder.private_key_pem());
        let (from, to) = (folder.write("digest", octets), folder.path("signature"));
        openssl(
            &format!("pkeyutl -sign{options}"),
            &[("-inkey", &key), ("-in", &from), ("-out", &to)],
        );
        std::fs::read(to).unwrap()
    };
    let digest = prepared.digest();
    let document = prepared.document_digest().clone();
    let pss = " -pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32";
    let used = SignatureAlgorithm::rsa_pss(DigestAlgorithm::Sha256);
    for (options, octets, instead) in [
        ("", digest.as_bytes(), SignedInstead::WithoutDigestInfo),
        (pss, digest.as_bytes(), SignedInstead::Algorithm(used)),
        (
            " -pkeyopt digest:sha256",
            document.as_bytes(),
            SignedInstead::DocumentDigest,
        ),
    ] {
        let value = device(options, octets);
        assert_eq!(prepared.explain(&value), Some(instead));
    }
}

#[test]
fn values_in_the_forms_that_devices_hand_out_are_taken() {
    let world = world();
    let input = plain_pdf::pdf_with_table();
    // r and s side by side, as PKCS#11 and smart cards answer.
    let state = prepared(world, &world.person, &input);
    let waiting = Prepared::from_bytes(&state).unwrap();
    let der = world.person.sign(waiting.to_be_signed().message()).unwrap();
    let kind = waiting.certificates()[0].public_key().kind();
    let fixed = ecdsa_to_fixed(kind, &der).unwrap();
    assert_eq!(fixed.len(), 64);
    assert_eq!(waiting.explain(&fixed), None);
    let signed = waiting.complete(&input, Answer::Raw(fixed)).unwrap();
    assert_good(&world.verifier().verify(&signed.to_vec()), "r and s");
    // The last octet first, as CryptoAPI answers.
    let state = prepared(world, &world.organisation, &input);
    let waiting = Prepared::from_bytes(&state).unwrap();
    let value = world
        .organisation
        .sign(waiting.to_be_signed().message())
        .unwrap();
    let reversed: Vec<u8> = value.into_iter().rev().collect();
    let signed = waiting.complete(&input, Answer::Raw(reversed)).unwrap();
    assert_good(&world.verifier().verify(&signed.to_vec()), "reversed");
}
