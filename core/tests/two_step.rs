//! Signing in two steps: the digest goes elsewhere, the state outlives the process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, World, assert_good, have, openssl, world};
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::{Answer, ErrorKind, Prepared, sign};
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
                    assert!(
                        ["field", "digest"].contains(&name.as_str()),
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
