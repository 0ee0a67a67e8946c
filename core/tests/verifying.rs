//! Verifying through the public doors: real files, changed files, every file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{codes, find, have, only, qpdf, signed_parts, small_signed, world};
use kyso::report::{Kind, Report};
use kyso::{Certificate, Envelope, EnvelopeBuilder, Indication, Lang, Limits, SubIndication};
use kyso::{Policy, Revocation, Time, TrustStore, Verifier, sign};
use kyso_sandbox::{PersonProfile, plain_pdf};
use serde_json::{Value, json};

fn later() -> Time {
    "2026-06-01T19:00:00+07:00".parse().unwrap()
}

fn parsed(report: &Report, lang: Lang) -> Value {
    let text = report.to_json(lang);
    assert!(!text.contains(['\n', '\r']), "not one line");
    serde_json::from_str(&text).unwrap()
}

// ---- every signature of every revision

#[test]
fn every_signature_of_every_revision_is_in_the_report_in_their_order() {
    let world = world();
    let mut file = plain_pdf::pdf_hybrid();
    let keys = [
        world.person_key(),
        world.organisation_key(),
        world.pss_key(),
    ];
    for (key, name) in keys.iter().zip(["Soát", "Duyệt", "Phát hành"]) {
        file = sign::pdf(&file, world.now)
            .field(name)
            .sign(key)
            .unwrap()
            .to_vec();
    }
    let report = world.verifier().verify(&file);
    common::assert_good(&report, "three");
    let found: Vec<_> = report
        .signatures()
        .iter()
        .map(|signature| {
            (
                signature.id(),
                signature.algorithms().signature.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("Soát", "ECDSA"),
            ("Duyệt", "RSA-PKCS1"),
            ("Phát hành", "RSA-PSS")
        ]
    );
    let revisions: Vec<_> = report
        .signatures()
        .iter()
        .map(|signature| signature.coverage().unwrap().revision.unwrap())
        .collect();
    assert!(
        revisions.windows(2).all(|pair| pair[0] < pair[1]),
        "{revisions:?}"
    );
    let organisation = report.signatures()[1].signer().unwrap();
    assert_eq!(organisation.common_name, "Ủy ban nhân dân tỉnh Ví Dụ");
}

#[test]
fn a_change_under_the_second_signature_breaks_that_one_alone() {
    let world = world();
    let once = small_signed();
    let mut twice = sign::pdf(&once, world.now)
        .reason("APPROVED")
        .sign(&world.person_key())
        .unwrap()
        .to_vec();
    let at = find(&twice, b"APPROVED");
    assert!(at > once.len());
    twice[at] ^= 1;
    let report = world.verifier().verify(&twice);
    let sub: Vec<_> = report
        .signatures()
        .iter()
        .map(|one| one.sub_indication())
        .collect();
    assert_eq!(sub[1], Some(SubIndication::HashFailure));
    assert_eq!(report.signatures()[0].integrity().digest_intact, Some(true));
    assert_eq!(report.indication(), Some(Indication::TotalFailed));
}

#[test]
fn rewriting_a_signed_file_leaves_a_failed_signature_behind_not_an_unsigned_file() {
    if !have("qpdf") {
        return;
    }
    let mut file = small_signed();
    for options in [
        &["--qdf"][..],
        &["--object-streams=generate"],
        &["--linearize"],
    ] {
        let rewritten = qpdf(&file, options);
        let report = world().verifier().verify(&rewritten);
        let signature = only(&report);
        assert_eq!(
            signature.indication(),
            Indication::TotalFailed,
            "{options:?}"
        );
        assert!(
            codes(signature).contains(&"pdf.rewritten_after_signing"),
            "{options:?}"
        );
        file = rewritten;
    }
}

// ---- what was changed

#[test]
fn a_changed_byte_on_the_page_is_a_hash_failure() {
    let mut file = small_signed();
    let at = find(&file, b"/MediaBox");
    file[at + 11] ^= 1;
    let report = world().verifier().verify(&file);
    let signature = only(&report);
    assert_eq!(signature.indication(), Indication::TotalFailed);
    assert_eq!(signature.sub_indication(), Some(SubIndication::HashFailure));
    assert_eq!(signature.integrity().digest_intact, Some(false));
    assert_eq!(signature.integrity().signature_intact, Some(true));
    assert_eq!(report.exit(), 1);
}

#[test]
fn a_changed_signature_value_is_a_sig_crypto_failure() {
    let mut file = small_signed();
    let report = world().verifier().verify(&file);
    let (_, cms) = signed_parts(&file, only(&report));
    let range = only(&report)
        .coverage()
        .unwrap()
        .byte_range
        .clone()
        .unwrap();
    // The value is the last field of the only SignerInfo; this is its last octet's last digit.
    let at = usize::try_from(range[1]).unwrap() + 2 * cms.len();
    file[at] = if file[at] == b'1' { b'2' } else { b'1' };
    let report = world().verifier().verify(&file);
    let signature = only(&report);
    assert_eq!(signature.indication(), Indication::TotalFailed);
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::SigCryptoFailure)
    );
    assert_eq!(signature.integrity().digest_intact, Some(true));
    assert_eq!(signature.integrity().signature_intact, Some(false));
}

#[test]
fn bytes_put_behind_a_signed_file_are_outside_the_signature_and_said_to_be() {
    let mut file = small_signed();
    file.extend_from_slice(b"\n% and a little more\n");
    let report = world().verifier().verify(&file);
    let signature = only(&report);
    assert_eq!(signature.integrity().digest_intact, Some(true));
    assert_eq!(signature.coverage().unwrap().whole_file, Some(false));
    assert_ne!(signature.indication(), Indication::TotalPassed);
}

// ---- trust, time and policy

#[test]
fn without_an_anchor_nothing_is_trusted_and_the_advice_says_what_to_do() {
    let file = small_signed();
    let report = Verifier::new(world().now).verify(&file);
    let signature = only(&report);
    assert_eq!(signature.indication(), Indication::Indeterminate);
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::NoCertificateChainFound)
    );
    let empty = signature
        .reasons()
        .find(|reason| reason.code() == "path.trust_store_empty")
        .unwrap();
    assert!(!empty.advice(Lang::Vi).is_empty() && !empty.advice(Lang::En).is_empty());
    assert_eq!(report.exit(), 2);
}

#[test]
fn a_signers_own_certificate_as_anchor_is_a_path_of_length_nought() {
    let world = world();
    let own = TrustStore::from_pem(world.person.certificate_pem().as_bytes()).unwrap();
    let report = Verifier::new(world.now).trust(own).verify(&small_signed());
    let chain = only(&report).chain();
    assert_eq!((chain.len(), chain[0].trust_anchor), (1, true));
}

#[test]
fn an_issuer_that_the_file_lacks_is_taken_from_the_evidence() {
    let world = world();
    let file = small_signed();
    let report = world.verifier().verify(&file);
    assert!(codes(only(&report)).contains(&"path.issuer_not_found"));
    let issuing = Certificate::from_der(&world.authority.issuing.certificate_der).unwrap();
    let report = world.verifier().evidence([issuing]).verify(&file);
    common::assert_good(&report, "evidence");
}

#[test]
fn a_certificate_that_ended_is_out_of_bounds_with_no_proof_and_called_so() {
    let world = world();
    let file = small_signed();
    let after = Time::from_unix(world.now.unix() + 6 * 365 * 86_400);
    let report = Verifier::new(after)
        .trust(world.trust())
        .evidence(world.chain(&world.person))
        .verify(&file);
    let signature = only(&report);
    assert_eq!(signature.indication(), Indication::Indeterminate);
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::OutOfBoundsNoPoe)
    );
}

#[test]
fn a_key_that_may_only_encipher_signs_no_document() {
    let world = world();
    let mut recipe = world.authority.person_recipe(&PersonProfile::example());
    recipe.key_usage = vec![kyso_sandbox::KeyUse::KeyEncipherment];
    let holder = world.authority.issue_custom(&recipe).unwrap();
    let input = plain_pdf::pdf_with_table();
    let signed = sign::pdf(&input, world.now)
        .sign(&world.key(&holder))
        .unwrap();
    let report = world.verifier().verify(&signed.to_vec());
    assert!(codes(only(&report)).contains(&"certificate.key_usage"));
}

#[test]
fn an_unknown_critical_extension_fails_the_path() {
    let world = world();
    let mut recipe = world.authority.person_recipe(&PersonProfile::example());
    recipe.extra = vec![kyso_sandbox::ExtraExtension::unknown_critical()];
    let holder = world.authority.issue_custom(&recipe).unwrap();
    let input = plain_pdf::pdf_with_table();
    let signed = sign::pdf(&input, world.now)
        .sign(&world.key(&holder))
        .unwrap();
    let report = world.verifier().verify(&signed.to_vec());
    let signature = only(&report);
    assert!(codes(signature).contains(&"path.unknown_critical"));
    assert_eq!(
        signature.sub_indication(),
        Some(SubIndication::CertificateChainGeneralFailure)
    );
}

#[test]
fn status_that_was_not_asked_for_lowers_nothing_and_is_told() {
    let world = world();
    let signed = sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .sign(&world.person_key())
        .unwrap()
        .to_vec();
    let policy = Policy::default().revocation(Revocation::None);
    let report = world.verifier().policy(policy).verify(&signed);
    let signature = only(&report);
    assert!(codes(signature).contains(&"revocation.not_asked"));
    assert!(!codes(signature).contains(&"revocation.not_judged"));
    let value = parsed(&report, Lang::En);
    assert_eq!(value["signatures"][0]["criteria"]["1.2"], "unknown");
}

// ---- files that are no signed PDF

#[test]
fn an_unsigned_file_is_none_and_neither_passed_nor_failed() {
    for file in [
        plain_pdf::pdf_with_table(),
        plain_pdf::pdf_with_xref_stream(),
        plain_pdf::pdf_hybrid(),
    ] {
        let report = world().verifier().verify(&file);
        assert_eq!((report.indication(), report.exit()), (None, 2));
        assert!(report.error().is_none());
        let value = parsed(&report, Lang::Vi);
        assert_eq!(value["indication"], "NONE");
        assert_eq!(value["error"], Value::Null);
    }
}

#[test]
fn garbage_is_no_document() {
    for bytes in [&b""[..], b"plain text", &[0xff; 4_096], b"\0\0\0\0"] {
        let report = world().verifier().verify(bytes);
        assert_eq!((report.kind(), report.exit()), (Kind::Unknown, 65));
        assert_eq!(report.error().unwrap().code, "input.malformed");
        assert_eq!(parsed(&report, Lang::En)["indication"], "NONE");
    }
}

#[test]
fn an_encrypted_file_opens_with_the_empty_password_and_others_are_refused_by_name() {
    if !have("qpdf") {
        return;
    }
    for (user, code) in [("", None), ("user", Some("input.locked"))] {
        let options = ["--encrypt", user, "owner", "256", "--"];
        let file = qpdf(&plain_pdf::pdf_with_table(), &options);
        let report = world().verifier().verify(&file);
        assert_eq!(report.kind(), Kind::Pdf);
        assert_eq!(report.error().map(|error| error.code), code);
        assert_eq!(report.exit(), if code.is_some() { 65 } else { 2 });
    }
}

#[test]
fn an_envelope_is_as_good_as_the_gravest_of_its_attachments() {
    let world = world();
    let good = small_signed();
    let mut broken = good.clone();
    let at = find(&broken, b"/MediaBox");
    broken[at + 11] ^= 1;
    let envelope = |attachments: &[&[u8]]| {
        let header = json!({ "header": {
            "from": { "organ_id": "G99.07" }, "to": [{ "organ_id": "H99" }],
            "document_id": "G99.07,2025/11/03,318/VP-TH",
            "code": { "code_number": "318", "code_notation": "VP-TH" },
            "promulgation_info": { "promulgation_date": "2025-11-03" },
            "subject": "V/v thử nghiệm", "steering_type": 0,
        } });
        let mut builder = EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new())).unwrap();
        for (number, content) in (1..).zip(attachments) {
            builder = builder.attach(&format!("{number}.pdf"), content.to_vec());
        }
        builder.finish(later(), &Limits::default()).unwrap()
    };
    let verify = |bytes: &[u8]| world.verifier().verify(bytes);
    let report = verify(&envelope(&[&good, &broken]));
    assert_eq!(report.kind(), Kind::Edxml);
    assert_eq!(
        (report.indication(), report.exit()),
        (Some(Indication::TotalFailed), 1)
    );
    assert_eq!(report.attachments().len(), 2);
    let value = parsed(&report, Lang::En);
    assert_eq!(
        value["attachments"][0]["report"]["indication"],
        "INDETERMINATE"
    );
    assert_eq!(
        value["attachments"][1]["report"]["indication"],
        "TOTAL-FAILED"
    );
    assert_eq!(value["attachments"][1]["name"], "2.pdf");

    let report = verify(&envelope(&[&good]));
    assert_eq!(report.indication(), Some(Indication::Indeterminate));
    let report = verify(&envelope(&[&plain_pdf::pdf_with_table()]));
    assert_eq!((report.indication(), report.exit()), (None, 2));
    assert_eq!(report.reasons()[0].code(), "envelope.attachment_not_signed");
    let bytes = envelope(&[&good]);
    assert!(
        Envelope::read(&bytes, &Limits::default())
            .unwrap()
            .breaches()
            .is_empty()
    );
}

// ---- the report itself

#[test]
fn the_same_input_gives_the_same_bytes() {
    let file = small_signed();
    let verifier = world().verifier();
    for lang in [Lang::Vi, Lang::En] {
        let (first, second) = (verifier.verify(&file), verifier.verify(&file));
        assert_eq!(first.to_json(lang), second.to_json(lang));
        assert_eq!(first.to_text(lang), second.to_text(lang));
    }
}

#[test]
fn a_report_is_one_line_whatever_the_file_is_called() {
    let name = "a\nb\r\u{1b}[31mđỏ\u{202e}fdp.\u{2028}pdf";
    let report = world().verifier().verify(&small_signed()).named(name);
    for lang in [Lang::Vi, Lang::En] {
        let json = report.to_json(lang);
        let hidden = ['\n', '\r', '\u{1b}', '\u{202e}', '\u{2028}'];
        assert!(!json.contains(hidden));
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["file"], name);
        let text = report.to_text(lang);
        assert!(!text.contains(&hidden[1..]), "{text:?}");
        assert!(!text.contains("a\nb"), "{text:?}");
    }
}

#[test]
fn names_from_a_certificate_and_a_field_reach_no_text_unescaped() {
    let world = world();
    let mut profile = PersonProfile::example();
    profile.office = None;
    profile.name = "Nguyễn\u{1b}[2J\u{202e}\nVALID\u{200b}".to_owned();
    let holder = world.authority.person(&profile).unwrap();
    let signed = sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .field("F\u{1b}[31m\u{202e}\n")
        .sign(&world.key(&holder))
        .unwrap()
        .to_vec();
    let report = world.verifier().verify(&signed);
    for lang in [Lang::Vi, Lang::En] {
        let (text, json) = (report.to_text(lang), report.to_json(lang));
        for hidden in ['\u{1b}', '\u{202e}', '\u{200b}'] {
            assert!(!text.contains(hidden) && !json.contains(hidden), "{text:?}");
        }
        assert!(
            !text.lines().any(|line| line.starts_with("VALID")),
            "{text}"
        );
    }
    assert_eq!(only(&report).signer().unwrap().common_name, profile.name);
}

// ---- totality

/// Whatever the bytes: a report that serialises, with a known exit status, and never a pass.
fn total(verifier: &Verifier, bytes: &[u8]) {
    let report = verifier.verify(bytes);
    let value = parsed(&report, Lang::En);
    assert_eq!(value["schema"], "kyso-report/1");
    assert!([1, 2, 65].contains(&report.exit()), "{value}");
}

#[test]
fn every_prefix_of_a_signed_file_has_a_report() {
    let (verifier, file) = (world().verifier(), small_signed());
    let zeros = find(&file, &[b'0'; 256]);
    let padding = zeros..zeros + file[zeros..].iter().take_while(|b| **b == b'0').count();
    for end in 0..file.len() {
        // One cut in the padding is like the other.
        if !padding.contains(&end) || end % 64 == 0 {
            total(&verifier, &file[..end]);
        }
    }
}

#[test]
fn every_seventh_byte_changed_still_has_a_report_and_never_a_pass() {
    let (verifier, file) = (world().verifier(), small_signed());
    let mut changed = file.clone();
    for at in (0..file.len()).step_by(7) {
        for bits in [0x01, 0x20, 0xff] {
            changed[at] = file[at] ^ bits;
            total(&verifier, &changed);
        }
        changed[at] = file[at];
    }
}

#[test]
fn no_changed_byte_of_the_signed_ranges_goes_unseen() {
    let (verifier, file) = (world().verifier(), small_signed());
    let report = verifier.verify(&file);
    let range = only(&report)
        .coverage()
        .unwrap()
        .byte_range
        .clone()
        .unwrap();
    let gap = usize::try_from(range[1]).unwrap()..usize::try_from(range[2]).unwrap();
    let mut changed = file.clone();
    let (mut tried, mut judged) = (0, 0);
    for at in (0..file.len()).filter(|at| !gap.contains(at)).step_by(5) {
        changed[at] = file[at] ^ 1;
        let report = verifier.verify(&changed);
        assert_ne!(report.exit(), 0, "byte {at}");
        if report.signatures().is_empty() {
            let said = report.error().is_some() || !report.findings().is_empty();
            assert!(said, "byte {at} turns a signed file into an unsigned one");
        }
        (tried, judged) = (tried + 1, judged + report.signatures().len());
        for signature in report.signatures() {
            assert_eq!(signature.indication(), Indication::TotalFailed, "byte {at}");
            assert_ne!(signature.integrity().digest_intact, Some(true), "byte {at}");
        }
        changed[at] = file[at];
    }
    // The rest breaks the file's own structure, which is an error or a finding.
    assert!(judged * 4 > tried * 3, "{judged} of {tried}");
}

#[test]
fn what_a_batch_remembers_changes_no_answer() {
    let world = world();
    let file = small_signed();
    let remembering = world.verifier();
    let forgetful = world.verifier().remember(false);
    for _ in 0..3 {
        let (a, b) = (remembering.verify(&file), forgetful.verify(&file));
        assert_eq!(a.to_json(Lang::Vi), b.to_json(Lang::Vi));
    }
}
