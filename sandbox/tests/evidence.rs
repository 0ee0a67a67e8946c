//! Lists, answers, time-stamps and signatures, judged by OpenSSL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod tools;

use std::fs;
use std::path::PathBuf;

use kyso_sandbox::{
    Authority, CertificateReference, CmsRecipe, CrlEntry, CrlRecipe, CrlScope, Hash, Issued,
    KeyKind, OcspCertId, OcspRecipe, OcspRefusal, OcspRequest, OcspSingle, OcspStatus,
    OrganisationProfile, PersonProfile, ResponderName, RevocationReason, Scheme, Settings,
    SignerName, TimeStampRecipe, TimeStampRefusal, TimeStampRequest, time_stamp_granted,
};
use tools::{Answer, ask, directory};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const AT: &str = "1767225600";
const DAY: i64 = 86_400;

struct World {
    authority: Authority,
    agency: Issued,
    folder: PathBuf,
}

impl World {
    /// An authority and an agency in a folder of their own, as PEM.
    fn new(name: &str, settings: &Settings) -> Self {
        let authority = Authority::new(settings).unwrap();
        let agency = authority
            .organisation(&OrganisationProfile::example())
            .unwrap();
        let world = World {
            folder: directory(name),
            agency,
            authority,
        };
        world.put("root.pem", world.authority.root.certificate_pem());
        world.put("issuing.pem", world.authority.issuing.certificate_pem());
        world.put("agency.pem", world.agency.certificate_pem());
        world
    }

    fn quick(name: &str) -> Self {
        Self::new(name, &Settings::quick(NOW))
    }

    fn rsa(name: &str) -> Self {
        Self::new(name, &Settings::new(NOW))
    }

    fn put(&self, name: &str, octets: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), octets).unwrap();
    }

    fn ask(&self, words: &str) -> Answer {
        let words: Vec<&str> = words.split_whitespace().collect();
        ask(&self.folder, "openssl", &words)
    }

    #[track_caller]
    fn well(&self, words: &str) -> String {
        let answer = self.ask(words);
        assert!(answer.well, "{words}: {}", answer.text);
        answer.text
    }

    #[track_caller]
    fn badly(&self, words: &str) -> String {
        let answer = self.ask(words);
        assert!(!answer.well, "{words}: {}", answer.text);
        answer.text
    }

    /// `openssl verify` of the agency with these lists, those of both authorities.
    fn check_crls(&self, lists: &[(&CrlRecipe, &Issued)]) -> Answer {
        let mut pem = String::new();
        for (recipe, issuer) in lists {
            self.put("one.crl", recipe.signed_by(issuer).unwrap());
            pem.push_str(&self.well("crl -inform DER -in one.crl"));
        }
        self.put("lists.pem", pem);
        self.ask(&format!(
            "verify -x509_strict -attime {AT} -crl_check_all -use_deltas -extended_crl \
             -CAfile root.pem -untrusted issuing.pem -CRLfile lists.pem agency.pem"
        ))
    }
}

fn list(number: u64) -> CrlRecipe {
    let mut list = CrlRecipe::new(NOW - 60, NOW + 7 * DAY);
    list.number = Some(number);
    list
}

#[test]
fn openssl_obeys_a_list_and_reads_all_it_says() {
    let world = World::quick("list");
    let (root, issuing) = (&world.authority.root, &world.authority.issuing);
    let good = world.check_crls(&[(&list(1), issuing), (&list(1), root)]);
    assert!(good.well, "{}", good.text);

    let mut revoking = list(2);
    let entry = CrlEntry::new(&world.agency, NOW - DAY).unwrap();
    let mut entry = entry.because(RevocationReason::KeyCompromise);
    entry.invalid_since = Some(NOW - 2 * DAY);
    revoking.entries.push(entry);
    revoking.keeps_ended_since = Some(NOW - 100 * DAY);
    revoking.scope = Some(CrlScope {
        addresses: vec!["http://127.0.0.1:8085/issuing.crl".to_owned()],
        only_users: true,
        ..CrlScope::default()
    });
    let revoked = world.check_crls(&[(&revoking, issuing), (&list(1), root)]);
    assert!(!revoked.well && revoked.text.contains("certificate revoked"));

    world.put("one.crl", revoking.signed_by(issuing).unwrap());
    let text = world.well("crl -inform DER -in one.crl -noout -text -CAfile issuing.pem");
    for part in [
        "verify OK",
        "Version 2 (0x1)",
        "ecdsa-with-SHA256",
        "X509v3 CRL Number: \n                2",
        "Next Update: Jan  8 00:00:00 2026 GMT",
        "Revocation Date: Dec 31 00:00:00 2025 GMT",
        "Key Compromise",
        "Invalidity Date: \n                Dec 30 00:00:00 2025 GMT",
        "Issuing Distribution Point: critical",
        "URI:http://127.0.0.1:8085/issuing.crl",
        "Only User Certificates",
        "20250923000000Z",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[test]
fn a_hold_is_obeyed_and_a_list_of_changes_says_so() {
    let world = World::quick("changes");
    let (root, issuing) = (&world.authority.root, &world.authority.issuing);
    let entry = CrlEntry::new(&world.agency, NOW - DAY).unwrap();
    let mut base = list(1);
    let held = entry.clone().because(RevocationReason::CertificateHold);
    base.entries.push(held);
    let answer = world.check_crls(&[(&base, issuing), (&list(1), root)]);
    assert!(
        answer.text.contains("certificate revoked"),
        "{}",
        answer.text
    );
    let mut changes = list(2);
    changes.changes = Some(1);
    changes
        .entries
        .push(entry.because(RevocationReason::RemoveFromCrl));
    world.put("one.crl", changes.signed_by(issuing).unwrap());
    let text = world.well("crl -inform DER -in one.crl -noout -text -CAfile issuing.pem");
    for part in [
        "verify OK",
        "Delta CRL Indicator: critical\n                1",
        "Remove From CRL",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_list_is_signed_with_every_hash_and_scheme() {
    for (name, settings) in [
        ("list-rsa", Settings::new(NOW)),
        ("list-ec", Settings::quick(NOW)),
    ] {
        let world = World::new(name, &settings);
        let mut schemes: Vec<Scheme> = Hash::ALL.into_iter().map(Scheme::Usual).collect();
        if name == "list-rsa" {
            schemes.extend(Hash::ALL.map(Scheme::Pss));
        }
        for scheme in schemes {
            let mut list = list(1);
            list.scheme = scheme;
            let der = list.signed_by(&world.authority.root).unwrap();
            world.put("one.crl", &der);
            let check = "crl -inform DER -in one.crl -noout -CAfile root.pem";
            assert!(world.well(check).contains("verify OK"), "{scheme:?}");
            // Another octet in the signature, and nothing is right any more.
            let mut bad = der;
            *bad.last_mut().unwrap() ^= 1;
            world.put("one.crl", bad);
            let text = world.ask(check).text;
            assert!(!text.contains("verify OK"), "{scheme:?}: {text}");
        }
    }
}

/// What `openssl ocsp` says of an answer about the agency.
fn ocsp(world: &World, der: &[u8], more: &str) -> Answer {
    world.put("answer.ocsp", der);
    world.ask(&format!(
        "ocsp -respin answer.ocsp -issuer issuing.pem -cert agency.pem -CAfile root.pem \
         -no_nonce -attime {AT} -validity_period 2000000000 {more}"
    ))
}

#[test]
fn openssl_takes_answers_of_the_issuer_and_of_its_delegate_and_no_other() {
    let world = World::quick("ocsp");
    let issuing = &world.authority.issuing;
    let about =
        |status| OcspRecipe::about(&world.agency, issuing, status, NOW - 60, NOW + DAY).unwrap();
    let good = about(OcspStatus::Good);
    let answer = ocsp(
        &world,
        &good.signed_by(issuing).unwrap(),
        "-verify_other issuing.pem",
    );
    assert!(
        answer.text.contains("Response verify OK"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("agency.pem: good"), "{}", answer.text);

    let responder = world.authority.responder().unwrap();
    let mut revoked = about(OcspStatus::Revoked {
        at: NOW - DAY,
        reason: Some(RevocationReason::CessationOfOperation),
    });
    revoked.certificates = vec![responder.certificate_der.clone()];
    revoked.responder = ResponderName::Subject;
    revoked.singles[0].archive_cutoff = Some(NOW - 100 * DAY);
    let untrusted = "-verify_other issuing.pem";
    let answer = ocsp(&world, &revoked.signed_by(&responder).unwrap(), untrusted);
    assert!(
        answer.text.contains("Response verify OK"),
        "{}",
        answer.text
    );
    for part in [
        "agency.pem: revoked",
        "Reason: cessationOfOperation",
        "Revocation Time: Dec 31 00:00:00 2025 GMT",
    ] {
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }

    let unknown = about(OcspStatus::Unknown).signed_by(issuing).unwrap();
    let answer = ocsp(&world, &unknown, untrusted);
    assert!(
        answer.text.contains("agency.pem: unknown"),
        "{}",
        answer.text
    );

    // The agency itself is nobody to ask, and a time-stamper neither.
    for stranger in [&world.agency, &world.authority.time_stamper().unwrap()] {
        let mut good = about(OcspStatus::Good);
        good.certificates = vec![stranger.certificate_der.clone()];
        let answer = ocsp(&world, &good.signed_by(stranger).unwrap(), untrusted);
        assert!(answer.text.contains("Verify Failure"), "{}", answer.text);
    }
    for refusal in [OcspRefusal::TryLater, OcspRefusal::Unauthorised] {
        let answer = ocsp(&world, &refusal.to_der(), "");
        assert!(answer.text.contains("Responder Error"), "{}", answer.text);
    }
}

#[test]
fn a_question_of_openssl_is_read_and_answered_with_its_nonce() {
    let world = World::quick("question");
    let issuing = &world.authority.issuing;
    let other = world.authority.person(&PersonProfile::example()).unwrap();
    world.put("other.pem", other.certificate_pem());
    for hash in ["sha1", "sha256", "sha512"] {
        world.well(&format!(
            "ocsp -{hash} -issuer issuing.pem -cert agency.pem -cert other.pem -reqout question"
        ));
        let question = fs::read(world.folder.join("question")).unwrap();
        let request = OcspRequest::read(&question).unwrap();
        assert_eq!(request.ids.len(), 2);
        assert!(request.ids[0].is_of(issuing).unwrap());
        assert!(!request.ids[0].is_of(&world.authority.root).unwrap());
        let mut answer = OcspRecipe::new(NOW);
        answer.nonce = request.nonce.clone();
        assert!(answer.nonce.is_some());
        for id in request.ids {
            let single = OcspSingle::new(id, OcspStatus::Good, NOW, NOW + DAY);
            answer.singles.push(single);
        }
        world.put("answer.ocsp", answer.signed_by(issuing).unwrap());
        let text = world.well(&format!(
            "ocsp -reqin question -respin answer.ocsp -CAfile root.pem -verify_other issuing.pem \
             -attime {AT} -validity_period 2000000000 -resp_text"
        ));
        assert!(text.contains("Response verify OK"), "{text}");
        assert!(!text.contains("nonce"), "{text}");
        for length in 0..question.len() {
            assert!(OcspRequest::read(&question[..length]).is_none());
        }
        // Any other octet anywhere is read or refused, and never more than that.
        for at in 0..question.len() {
            for octet in [0x00, 0x7f, 0x80, 0xff] {
                let mut changed = question.clone();
                changed[at] = octet;
                let read = OcspRequest::read(&changed);
                assert!(read.is_none_or(|request| request.ids.len() <= 2));
            }
        }
    }
    let id = OcspCertId::new(Hash::Sha1, &world.agency, issuing).unwrap();
    assert_eq!(id.serial().len(), 16);
}

/// `openssl ts -verify` of `token.tsr` over the file `data`.
fn ts(world: &World, token: &[u8], more: &str) -> Answer {
    world.put("data", b"a signature value");
    world.put("token", token);
    world.ask(&format!(
        "ts -verify -in token -token_in -data data -CAfile root.pem -attime {AT} {more}"
    ))
}

#[test]
fn openssl_takes_a_time_stamp_and_refuses_each_broken_one() {
    let world = World::rsa("time-stamp");
    let root = &world.authority.root;
    let tsa = world.authority.time_stamper().unwrap();
    for hash in Hash::ALL {
        let mut recipe = TimeStampRecipe::over(hash, b"a signature value", NOW);
        recipe.certificates = vec![root.certificate_der.clone()];
        recipe.hash = hash;
        recipe.scheme = Scheme::Usual(hash);
        recipe.ordering = true;
        recipe.names_signer = true;
        recipe.reference = CertificateReference::V2(hash);
        if hash == Hash::Sha1 {
            recipe.reference = CertificateReference::V1;
        }
        let answer = ts(&world, &recipe.signed_by(&tsa).unwrap(), "");
        assert!(answer.well, "{hash:?}: {}", answer.text);
    }
    // One that the issuing authority issued, which then goes along.
    let recipe = world.authority.time_stamper_recipe();
    let below = recipe.signed_by(&world.authority.issuing).unwrap();
    let token = |change: &dyn Fn(&mut TimeStampRecipe), signer: &Issued| {
        let mut recipe = TimeStampRecipe::over(Hash::Sha256, b"a signature value", NOW);
        recipe.certificates = vec![world.authority.issuing.certificate_der.clone()];
        change(&mut recipe);
        recipe.signed_by(signer).unwrap()
    };
    let answer = ts(&world, &token(&|_| {}, &below), "");
    assert!(answer.well, "{}", answer.text);

    let stranger = Authority::new(&Settings::new(NOW)).unwrap();
    let stranger = stranger.time_stamper().unwrap();
    let other = tsa.certificate_der.clone();
    type Change<'a> = Box<dyn Fn(&mut TimeStampRecipe) + 'a>;
    let change = |change: fn(&mut TimeStampRecipe)| -> Change<'_> { Box::new(change) };
    let refused: [(&str, Change<'_>, &Issued); 6] = [
        (
            "message imprint mismatch",
            change(|recipe| recipe.imprint[0] ^= 1),
            &below,
        ),
        ("certificate verify error", change(|_| {}), &world.agency),
        ("certificate verify error", change(|_| {}), &stranger),
        (
            "no signing-certificate",
            change(|recipe| recipe.reference = CertificateReference::Absent),
            &below,
        ),
        (
            "ess",
            Box::new(|recipe: &mut TimeStampRecipe| {
                recipe.reference = CertificateReference::ToAnother(other.clone());
            }),
            &below,
        ),
        (
            "digest",
            change(|recipe| recipe.message_digest = Some(vec![7; 32])),
            &below,
        ),
    ];
    for (why, change, signer) in refused {
        let answer = ts(&world, &token(&change, signer), "");
        assert!(!answer.well, "{why}: {}", answer.text);
    }
}

#[test]
fn a_question_for_a_time_stamp_is_answered_as_openssl_wants_it() {
    let world = World::rsa("time-stamp-question");
    let tsa = world.authority.time_stamper().unwrap();
    world.put("data", b"a signature value");
    for hash in ["sha1", "sha256", "sha384"] {
        world.well(&format!(
            "ts -query -data data -{hash} -tspolicy 1.2.3.4 -cert -out question"
        ));
        let question = fs::read(world.folder.join("question")).unwrap();
        let request = TimeStampRequest::read(&question).unwrap();
        assert!(request.nonce.is_some() && request.wants_certificates);
        assert_eq!(request.policy.as_deref(), Some("1.2.3.4"));
        let mut recipe = TimeStampRecipe::answering(&request, NOW);
        recipe.certificates = vec![world.authority.root.certificate_der.clone()];
        let token = recipe.signed_by(&tsa).unwrap();
        world.put("answer", time_stamp_granted(&token));
        world.well(&format!(
            "ts -verify -queryfile question -in answer -CAfile root.pem -attime {AT}"
        ));
        let text = world.well("ts -reply -in answer -text");
        assert!(text.contains("Status: Granted."), "{text}");
        assert!(
            text.contains("Time stamp: Jan  1 00:00:00 2026 GMT"),
            "{text}"
        );
        assert!(text.contains("Accuracy: 0x01 seconds"), "{text}");
        for length in 0..question.len() {
            assert!(TimeStampRequest::read(&question[..length]).is_err());
        }
        for at in 0..question.len() {
            for octet in [0x00, 0x7f, 0x80, 0xff] {
                let mut changed = question.clone();
                changed[at] = octet;
                if let Ok(request) = TimeStampRequest::read(&changed) {
                    assert_eq!(request.imprint.len(), request.hash.of(b"").len());
                }
            }
        }
    }
    world.put(
        "answer",
        TimeStampRefusal::UnacceptedPolicy.to_der("no such policy"),
    );
    let text = world.ask("ts -reply -in answer -text").text;
    for part in [
        "Status: Rejected.",
        "no such policy",
        "policy is not supported",
    ] {
        assert!(text.contains(part), "{text}");
    }
    // MD5 is no hash of the sandbox.
    world.well("ts -query -data data -md5 -out question");
    let question = fs::read(world.folder.join("question")).unwrap();
    let refused = TimeStampRequest::read(&question);
    assert_eq!(refused, Err(TimeStampRefusal::BadAlgorithm));
}

#[test]
fn openssl_verifies_signatures_of_every_hash_and_kind() {
    for (name, key) in [("cms-rsa", KeyKind::Rsa2048), ("cms-ec", KeyKind::P256)] {
        let world = World::new(name, &Settings::quick(NOW).with_key(key));
        let authority = &world.authority;
        let document = b"a document";
        world.put("document", document);
        let [root, issuing] = [&authority.root, &authority.issuing].map(Issued::certificate_pem);
        world.put("authorities.pem", root + &issuing);
        let check = format!(
            "cms -verify -binary -inform DER -in signature -content document -out content \
             -CAfile authorities.pem -attime {AT} -purpose any -cades"
        );
        for hash in Hash::ALL {
            let mut recipe = CmsRecipe::new(hash, &hash.of(document));
            recipe.reference = CertificateReference::V2(hash);
            let cms = recipe.signed_by(&world.agency).unwrap().to_der().unwrap();
            world.put("signature", &cms);
            world.well(&check);
            // The whole chain, a token beside the signature, the key's name, more attributes.
            let tsa = authority.time_stamper().unwrap();
            let mut recipe = recipe.with_chain(&[&authority.issuing, &authority.root]);
            recipe.signer_name = SignerName::KeyId;
            recipe.signing_time = Some(NOW);
            let token = TimeStampRecipe::over(hash, document, NOW);
            recipe.content_time_stamps = vec![token.signed_by(&tsa).unwrap()];
            recipe.crls = vec![list(1).signed_by(&authority.issuing).unwrap()];
            if key == KeyKind::Rsa2048 {
                recipe.scheme = Scheme::Pss(hash);
            }
            let signed = recipe.signed_by(&world.agency).unwrap();
            let token = TimeStampRecipe::over(hash, signed.signature(), NOW);
            let signed = signed.time_stamped(token.signed_by(&tsa).unwrap());
            world.put("signature", signed.to_der().unwrap());
            world.well(&check);
            let broken = signed
                .clone()
                .with_signature(vec![7; signed.signature().len()]);
            world.put("signature", broken.to_der().unwrap());
            world.badly(&check);
        }
        let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(document));
        recipe.signed_attributes = false;
        let cms = recipe.signed_by(&world.agency).unwrap().to_der().unwrap();
        world.put("signature", cms);
        world.well(&check.replace(" -cades", ""));
        recipe.signed_attributes = true;
        recipe.reference = CertificateReference::ToAnother(authority.root.certificate_der.clone());
        let cms = recipe.signed_by(&world.agency).unwrap().to_der().unwrap();
        world.put("signature", cms);
        world.badly(&check);
    }
}

#[test]
fn a_certificate_may_be_signed_with_an_old_hash() {
    let world = World::rsa("old-hash");
    let mut recipe = world
        .authority
        .organisation_recipe(&OrganisationProfile::example());
    recipe.scheme = Scheme::Usual(Hash::Sha1);
    let old = world.authority.issue_custom(&recipe).unwrap();
    world.put("old.pem", old.certificate_pem());
    let text = world.well("x509 -in old.pem -noout -text");
    assert!(text.contains("sha1WithRSAEncryption"), "{text}");
    let verify = "-CAfile root.pem -untrusted issuing.pem old.pem";
    world.well(&format!("verify -attime {AT} -auth_level 0 {verify}"));
    world.badly(&format!("verify -attime {AT} -auth_level 2 {verify}"));
}
