//! The main job through the C door: sign, verify, two steps, envelope.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::ptr::{null, null_mut};
use std::slice;

use common::*;
use kyso_ffi::*;

#[test]
fn a_signed_pdf_begins_with_its_input_and_is_found_intact() {
    // SAFETY: all pointers are good.
    unsafe {
        let signed = signed();
        assert!(signed.starts_with(&world().pdf));
        let verifier = trusting();
        let report = verify(verifier, &signed);
        assert_eq!(kyso_report_signature_count(report), 1);
        // Nothing at hand tells the status of the certificates, so this cannot be a pass.
        assert_eq!(kyso_report_indication(report), KYSO_INDETERMINATE);
        assert_eq!(
            kyso_report_signature_indication(report, 0),
            KYSO_INDETERMINATE
        );
        assert_eq!(kyso_report_exit(report), 2);
        assert!(kyso_report_error_code(report).is_null());
        assert!(!text(kyso_report_signature_signer(report, 0)).is_empty());
        let json = text(kyso_report_json(report, KYSO_LANG_VI));
        assert!(json.contains("\"digest_intact\":true"), "{json}");
        assert!(json.contains("\"signature_intact\":true"), "{json}");
        // Asking once more gives the same text, not a second one.
        assert_eq!(
            kyso_report_json(report, KYSO_LANG_VI),
            kyso_report_json(report, KYSO_LANG_VI)
        );
        assert_ne!(
            text(kyso_report_text(report, KYSO_LANG_VI)),
            text(kyso_report_text(report, KYSO_LANG_EN))
        );
        kyso_report_free(report);

        let mut broken = signed;
        broken[world().pdf.len() / 2] ^= 1;
        let report = verify(verifier, &broken);
        assert_eq!(kyso_report_indication(report), KYSO_TOTAL_FAILED);
        assert_eq!(
            text(kyso_report_signature_sub_indication(report, 0)),
            "HASH_FAILURE"
        );
        kyso_report_free(report);
        kyso_verifier_free(verifier);
    }
}

#[test]
fn a_file_is_signed_beside_and_in_place_but_never_over_another_by_default() {
    let folder = Folder::new("files");
    std::fs::write(folder.path("in.pdf"), &world().pdf).unwrap();
    let (input, output) = (folder.c("in.pdf"), folder.c("out.pdf"));
    // SAFETY: all pointers are good.
    unsafe {
        let signing = kyso_pdf_signing_new(NOW);
        let key = key(null());
        let sign = |input: &std::ffi::CStr, output: &std::ffi::CStr, existing| {
            let (input, output) = (input.as_ptr(), output.as_ptr());
            kyso_pdf_signing_sign_file(signing, input, key, output, existing, null_mut())
        };
        assert_eq!(sign(&input, &output, KYSO_EXISTING_KEEP), KYSO_OK);
        let first = std::fs::read(folder.path("out.pdf")).unwrap();
        assert!(first.starts_with(&world().pdf));
        assert_eq!(
            sign(&input, &output, KYSO_EXISTING_KEEP),
            KYSO_OUTPUT_UNWRITABLE
        );
        assert_eq!(sign(&input, &output, 7), KYSO_MISUSE);
        assert_eq!(std::fs::read(folder.path("out.pdf")).unwrap(), first);
        assert_eq!(sign(&output, &output, KYSO_EXISTING_REPLACE), KYSO_OK);
        let second = std::fs::read(folder.path("out.pdf")).unwrap();
        assert!(second.starts_with(&first));

        let verifier = trusting();
        let mut report = null_mut();
        let status =
            kyso_verifier_verify_file(verifier, output.as_ptr(), &raw mut report, null_mut());
        assert_eq!(status, KYSO_OK);
        assert_eq!(kyso_report_signature_count(report), 2);
        assert!(text(kyso_report_json(report, KYSO_LANG_EN)).contains("out.pdf"));
        kyso_report_free(report);
        kyso_verifier_free(verifier);
        kyso_key_free(key);
        kyso_pdf_signing_free(signing);
    }
}

#[test]
fn a_signature_shows_what_it_is_told_and_says_where_before_it_is_made() {
    let world = world();
    let (pdf, len) = (world.pdf.as_ptr(), world.pdf.len());
    let octets = |out: *mut kyso_bytes| {
        // SAFETY: the object is good, and copied before it ends.
        unsafe {
            let copy = slice::from_raw_parts(kyso_bytes_data(out), kyso_bytes_len(out)).to_vec();
            kyso_bytes_free(out);
            copy
        }
    };
    // SAFETY: all pointers are good.
    unsafe {
        let signing = kyso_pdf_signing_new(NOW);
        let show = |description: &std::ffi::CStr| {
            kyso_pdf_signing_show(signing, description.as_ptr(), null(), 0, null_mut())
        };
        assert_eq!(show(c"{\"form\":\"stamp\"}"), KYSO_MISUSE);
        assert_eq!(show(c"{\"form\":\"seal\"}"), KYSO_MISUSE);
        let mark = c"{\"form\":\"copy\",\"kind\":\"SAO Y\",\"organisation\":\"Sở Ví Dụ\"}";
        assert_eq!(show(mark), KYSO_OK);
        let no_picture = b"GIF89a";
        let status = kyso_pdf_signing_show(
            signing,
            c"{\"form\":\"seal\"}".as_ptr(),
            no_picture.as_ptr(),
            no_picture.len(),
            null_mut(),
        );
        assert_eq!(status, KYSO_APPEARANCE);
        let mut out = null_mut();
        let placed = kyso_pdf_signing_placed(signing, pdf, len, null(), &raw mut out, null_mut());
        assert_eq!(placed, KYSO_OK);
        let json = String::from_utf8(octets(out)).unwrap();
        assert!(json.starts_with("[{\"mark\":0,\"page\":1,"), "{json}");
        let mut out = null_mut();
        let status = kyso_pdf_signing_draft(signing, pdf, len, null(), &raw mut out, null_mut());
        assert_eq!(status, KYSO_OK);
        assert!(octets(out).starts_with(&world.pdf));
        let key = key(null());
        let mut out = null_mut();
        let status = kyso_pdf_signing_sign(signing, pdf, len, key, &raw mut out, null_mut());
        assert_eq!(status, KYSO_OK);
        let signed = octets(out);
        assert!(signed.windows(8).any(|window| window == b"/AP<</N "));
        // The document has its number already: there is no blank to fill.
        let issue = |year| {
            let (number, none) = (c"7".as_ptr(), null());
            kyso_pdf_signing_issue(signing, number, year, 1, 5, none, 0, 0.0, null_mut())
        };
        assert_eq!(issue(-1), KYSO_APPEARANCE);
        assert_eq!(issue(2026), KYSO_OK);
        let mut out = null_mut();
        let status = kyso_pdf_signing_sign(signing, pdf, len, key, &raw mut out, null_mut());
        assert_eq!(status, KYSO_APPEARANCE);
        assert!(out.is_null());
        kyso_key_free(key);
        kyso_pdf_signing_free(signing);
    }
}

#[test]
fn a_key_is_refused_with_its_own_number() {
    let world = world();
    // SAFETY: all pointers are good.
    unsafe {
        let mut key = null_mut();
        let p12 = |password: &std::ffi::CStr, algorithm: &std::ffi::CStr, key: *mut _| {
            kyso_key_from_p12(
                world.p12.as_ptr(),
                world.p12.len(),
                password.as_ptr(),
                algorithm.as_ptr(),
                key,
                null_mut(),
            )
        };
        assert_eq!(
            p12(c"wrong", c"ecdsa-sha256", &raw mut key),
            KYSO_KEY_PASSWORD
        );
        assert_eq!(
            p12(&world.password, c"rsa-pss-sha256", &raw mut key),
            KYSO_MISUSE
        );
        assert_ne!(p12(&world.password, c"rot13", &raw mut key), KYSO_OK);
        assert!(key.is_null());
        assert_eq!(p12(&world.password, c"ecdsa-sha256", &raw mut key), KYSO_OK);
        let chain = certificates(&world.chain_pem);
        assert_eq!(kyso_key_add_chain(key, chain, null_mut()), KYSO_OK);
        kyso_certificates_free(chain);
        kyso_key_free(key);

        let mut key = null_mut();
        let mut pem = |certificates: &[u8]| {
            kyso_key_from_pem(
                world.key_pem.as_ptr(),
                world.key_pem.len(),
                certificates.as_ptr(),
                certificates.len(),
                null(),
                null(),
                &raw mut key,
                null_mut(),
            )
        };
        assert_eq!(pem(&world.root_pem), KYSO_KEY_MISMATCH);
        assert_eq!(pem(&world.chain_pem), KYSO_OK);
        kyso_key_free(key);
    }
}

#[test]
fn two_steps_give_a_file_only_for_the_prepared_input_and_a_true_value() {
    let pdf = &world().pdf;
    // SAFETY: all pointers are good.
    unsafe {
        let signing = kyso_pdf_signing_new(NOW);
        let chain = certificates(&world().chain_pem);
        let mut prepared = null_mut();
        let status = kyso_pdf_signing_prepare(
            signing,
            pdf.as_ptr(),
            pdf.len(),
            chain,
            c"ecdsa-sha256".as_ptr(),
            &raw mut prepared,
            null_mut(),
        );
        assert_eq!(status, KYSO_OK);
        assert_eq!(text(kyso_prepared_algorithm(prepared)), "ecdsa-sha256");
        let mut state = null_mut();
        assert_eq!(
            kyso_prepared_to_bytes(prepared, &raw mut state, null_mut()),
            KYSO_OK
        );
        kyso_prepared_free(prepared);
        kyso_certificates_free(chain);
        kyso_pdf_signing_free(signing);

        let mut prepared = null_mut();
        let (data, len) = (kyso_bytes_data(state), kyso_bytes_len(state));
        assert_eq!(
            kyso_prepared_from_bytes(data, len, &raw mut prepared, null_mut()),
            KYSO_OK
        );
        kyso_bytes_free(state);

        let mut len = 0;
        let message = kyso_prepared_message(prepared, &raw mut len);
        let message = slice::from_raw_parts(message, len).to_vec();
        let digest = kyso_prepared_digest(prepared, &raw mut len);
        let digest = slice::from_raw_parts(digest, len);
        assert_eq!(digest, kyso::crypto::sha256(&message));

        let key = kyso::crypto::PrivateKey::from_pem(&world().key_pem, None).unwrap();
        let algorithm = "ecdsa-sha256".parse().unwrap();
        let value = key.sign(&algorithm, &message).unwrap();
        let complete = |input: &[u8], value: &[u8], out: *mut _| {
            kyso_prepared_complete(
                prepared,
                input.as_ptr(),
                input.len(),
                value.as_ptr(),
                value.len(),
                out,
                null_mut(),
            )
        };
        let mut out = null_mut();
        let mut other = pdf.clone();
        other[20] ^= 1;
        assert_eq!(complete(&other, &value, &raw mut out), KYSO_MISMATCH);
        assert_eq!(complete(pdf, &[], &raw mut out), KYSO_MISMATCH);
        assert_eq!(complete(pdf, &value[..8], &raw mut out), KYSO_MISMATCH);
        assert!(out.is_null());
        assert_eq!(complete(pdf, &value, &raw mut out), KYSO_OK);
        let signed = slice::from_raw_parts(kyso_bytes_data(out), kyso_bytes_len(out));
        assert!(signed.starts_with(pdf));
        kyso_bytes_free(out);
        kyso_prepared_free(prepared);
    }
}

#[test]
fn an_envelope_gives_back_what_was_put_in_and_is_answered() {
    let pdf = &world().pdf;
    // SAFETY: all pointers are good.
    unsafe {
        let builder = builder(DESCRIPTION);
        let attach = |name: &std::ffi::CStr| {
            let (data, len) = (pdf.as_ptr(), pdf.len());
            kyso_envelope_builder_attach(builder, name.as_ptr(), data, len, null_mut())
        };
        assert_eq!(attach(c"318-VP-TH.pdf"), KYSO_OK);
        assert_eq!(attach(c"318-VP-TH.pdf"), KYSO_MISUSE);
        let mut bytes = null_mut();
        assert_eq!(
            kyso_envelope_builder_finish(builder, NOW, &raw mut bytes, null_mut()),
            KYSO_OK
        );
        kyso_envelope_builder_free(builder);

        let mut envelope = null_mut();
        let (data, len) = (kyso_bytes_data(bytes), kyso_bytes_len(bytes));
        assert_eq!(
            kyso_envelope_read(data, len, &raw mut envelope, null_mut()),
            KYSO_OK
        );
        kyso_bytes_free(bytes);
        let json = text(kyso_envelope_json(envelope)).to_owned();
        assert!(
            json.contains("kyso-envelope/1") && json.contains("V/v rà soát"),
            "{json}"
        );
        assert_eq!(kyso_envelope_attachment_count(envelope), 1);
        assert_eq!(
            text(kyso_envelope_attachment_name(envelope, 0)),
            "318-VP-TH.pdf"
        );
        assert_eq!(
            text(kyso_envelope_attachment_safe_name(envelope, 0)),
            "318-VP-TH.pdf"
        );
        assert!(kyso_envelope_attachment_name(envelope, 1).is_null());
        let mut content = null_mut();
        let get = |index, content: *mut _| {
            kyso_envelope_attachment_bytes(envelope, index, content, null_mut())
        };
        assert_eq!(get(1, &raw mut content), KYSO_MISUSE);
        assert_eq!(get(0, &raw mut content), KYSO_OK);
        let found = slice::from_raw_parts(kyso_bytes_data(content), kyso_bytes_len(content));
        assert_eq!(found, pdf);
        kyso_bytes_free(content);

        let mut answer = null_mut();
        let reply = |code: &std::ffi::CStr, answer: *mut _| {
            kyso_envelope_status_reply(
                envelope,
                code.as_ptr(),
                null(),
                c"H99".as_ptr(),
                c"Sở thử nghiệm".as_ptr(),
                NOW,
                answer,
                null_mut(),
            )
        };
        assert_eq!(reply(c"99", &raw mut answer), KYSO_MISUSE);
        assert_eq!(reply(c"03", &raw mut answer), KYSO_OK);
        let answer_text = slice::from_raw_parts(kyso_bytes_data(answer), kyso_bytes_len(answer));
        assert!(String::from_utf8_lossy(answer_text).contains("Sở thử nghiệm"));
        kyso_bytes_free(answer);
        kyso_envelope_free(envelope);
    }
}

#[test]
fn a_described_attachment_takes_its_octets_from_the_file_of_its_name() {
    let described = DESCRIPTION
        .to_str()
        .unwrap()
        .trim_end()
        .trim_end_matches('}')
        .to_owned()
        + ", \"attachments\": [ { \"path\": \"in/a.pdf\", \"description\": \"Văn bản\" } ] }";
    let described = std::ffi::CString::new(described).unwrap();
    // SAFETY: all pointers are good.
    unsafe {
        let builder = builder(&described);
        let mut bytes = null_mut();
        let mut error = null_mut();
        let status = kyso_envelope_builder_finish(builder, NOW, &raw mut bytes, &raw mut error);
        assert_eq!(
            status,
            KYSO_MISUSE,
            "{}",
            text(kyso_error_message(error, KYSO_LANG_EN))
        );
        kyso_error_free(error);
        let pdf = &world().pdf;
        let name = c"a.pdf".as_ptr();
        kyso_envelope_builder_attach(builder, name, pdf.as_ptr(), pdf.len(), null_mut());
        let status = kyso_envelope_builder_finish(builder, NOW, &raw mut bytes, null_mut());
        assert_eq!(status, KYSO_OK);
        let written = slice::from_raw_parts(kyso_bytes_data(bytes), kyso_bytes_len(bytes));
        assert!(String::from_utf8_lossy(written).contains("Văn bản"));
        kyso_bytes_free(bytes);
        kyso_envelope_builder_free(builder);
    }
}

fn builder(description: &std::ffi::CStr) -> *mut kyso_envelope_builder {
    let mut builder = null_mut();
    // SAFETY: all pointers are good.
    let status =
        unsafe { kyso_envelope_builder_new(description.as_ptr(), &raw mut builder, null_mut()) };
    assert_eq!(status, KYSO_OK);
    builder
}

fn trusting() -> *mut kyso_verifier {
    let verifier = kyso_verifier_new(NOW);
    let anchors = certificates(&world().root_pem);
    // SAFETY: all pointers are good.
    unsafe {
        assert_eq!(
            kyso_verifier_set_trust(verifier, anchors, null_mut()),
            KYSO_OK
        );
        kyso_certificates_free(anchors);
    }
    verifier
}

fn key(algorithm: *const std::ffi::c_char) -> *mut kyso_key {
    let world = world();
    let mut key = null_mut();
    // SAFETY: all pointers are good.
    let status = unsafe {
        kyso_key_from_p12(
            world.p12.as_ptr(),
            world.p12.len(),
            world.password.as_ptr(),
            algorithm,
            &raw mut key,
            null_mut(),
        )
    };
    assert_eq!(status, KYSO_OK);
    key
}

fn signed() -> Vec<u8> {
    let world = world();
    // SAFETY: all pointers are good.
    unsafe {
        let signing = kyso_pdf_signing_new(NOW);
        let (option, value) = (c"reason".as_ptr(), c"Phát hành văn bản".as_ptr());
        assert_eq!(
            kyso_pdf_signing_set(signing, option, value, null_mut()),
            KYSO_OK
        );
        let key = key(null());
        let mut out = null_mut();
        let (pdf, len) = (world.pdf.as_ptr(), world.pdf.len());
        let status = kyso_pdf_signing_sign(signing, pdf, len, key, &raw mut out, null_mut());
        assert_eq!(status, KYSO_OK);
        let signed = slice::from_raw_parts(kyso_bytes_data(out), kyso_bytes_len(out)).to_vec();
        kyso_bytes_free(out);
        kyso_key_free(key);
        kyso_pdf_signing_free(signing);
        signed
    }
}

const DESCRIPTION: &std::ffi::CStr = c"{ \"kind\": \"document\", \"header\": {
    \"from\": { \"organ_id\": \"G99.07\" }, \"to\": [ { \"organ_id\": \"H99\" } ],
    \"document_id\": \"G99.07,2025/11/03,318/VP-TH\",
    \"code\": { \"code_number\": \"318\", \"code_notation\": \"VP-TH\" },
    \"promulgation_info\": { \"promulgation_date\": \"2025-11-03\" },
    \"subject\": \"V/v rà soát danh mục\", \"steering_type\": 0 } }";

#[test]
fn a_verdict_is_kept_and_given_again_with_the_anchors_of_the_verifier_alone() {
    // SAFETY: all pointers are good.
    unsafe {
        let signed = signed();
        let verifier = trusting();
        let mut report = null_mut();
        let name = c"a.pdf".as_ptr();
        let status = kyso_verifier_verify_and_keep(
            verifier,
            signed.as_ptr(),
            signed.len(),
            name,
            &raw mut report,
            null_mut(),
        );
        assert_eq!(status, KYSO_OK);
        let mut len = 0;
        let evidence = kyso_report_evidence(report, &raw mut len);
        let bundle = slice::from_raw_parts(evidence, len).to_vec();
        assert!(bundle.starts_with(b"{\"schema\":\"kyso-evidence/1\""));
        assert!(kyso_report_differences(report, KYSO_LANG_EN).is_null());
        let json = text(kyso_report_json(report, KYSO_LANG_VI)).to_owned();

        let again = |verifier, bundle: &[u8], bytes: &[u8]| {
            let mut out = null_mut();
            let (data, len) = (bytes.as_ptr(), bytes.len());
            let status = kyso_verifier_reprove(
                verifier,
                bundle.as_ptr(),
                bundle.len(),
                data,
                len,
                name,
                &raw mut out,
                null_mut(),
            );
            (status, out)
        };
        let (status, same) = again(verifier, &bundle, &signed);
        assert_eq!(status, KYSO_OK);
        assert_eq!(text(kyso_report_json(same, KYSO_LANG_VI)), json);
        assert_eq!(text(kyso_report_differences(same, KYSO_LANG_VI)), "[]");
        assert!(kyso_report_evidence(same, &raw mut len).is_null());
        assert_eq!(len, 0);

        let stranger = kyso_verifier_new(NOW);
        let (status, other) = again(stranger, &bundle, &signed);
        assert_eq!(status, KYSO_OK);
        let told = text(kyso_report_differences(other, KYSO_LANG_EN));
        assert!(told.contains("evidence.other_trust"), "{told}");

        let (status, none) = again(verifier, &bundle, &world().pdf);
        assert_eq!(status, KYSO_MALFORMED);
        assert!(none.is_null());
        let (status, _) = again(verifier, &bundle[..bundle.len() - 1], &signed);
        assert_eq!(status, KYSO_MALFORMED);
        // As evidence it may be given, too.
        let status =
            kyso_verifier_add_evidence(stranger, bundle.as_ptr(), bundle.len(), null_mut());
        assert_eq!(status, KYSO_OK);
        assert_eq!(
            kyso_verifier_set_trust_store(null_mut(), null_mut()),
            KYSO_MISUSE
        );
        for report in [report, same, other] {
            kyso_report_free(report);
        }
        kyso_verifier_free(stranger);
        kyso_verifier_free(verifier);
    }
}
