//! The border as hostile or careless C sees it. Each test is one promise of `kyso.h`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::ffi::{CStr, c_void};
use std::ptr::{null, null_mut};

use common::*;
use kyso_ffi::*;

#[test]
fn null_is_refused_by_every_function_and_harms_none() {
    // SAFETY: NULL is what the header allows to be given, to see it refused.
    unsafe {
        let e = null_mut();
        let refused = [
            kyso_certificates_add(null_mut(), null(), 0, e),
            kyso_certificates_add_path(null_mut(), null(), e),
            kyso_certificates_add_store(null_mut(), e),
            kyso_verifier_set(null_mut(), null(), null(), e),
            kyso_verifier_set_trust(null_mut(), null(), e),
            kyso_verifier_add_evidence(null_mut(), null(), 0, e),
            kyso_verifier_add_evidence_path(null_mut(), null(), e),
            kyso_verifier_verify(null(), null(), 0, null_mut(), e),
            kyso_verifier_verify_file(null(), null(), null_mut(), e),
            kyso_key_from_p12(null(), 0, null(), null(), null_mut(), e),
            kyso_key_from_pem(null(), 0, null(), 0, null(), null(), null_mut(), e),
            kyso_key_add_chain(null_mut(), null(), e),
            kyso_pdf_signing_set(null_mut(), null(), null(), e),
            kyso_pdf_signing_sign(null(), null(), 0, null(), null_mut(), e),
            kyso_pdf_signing_sign_file(null(), null(), null(), null(), 0, e),
            kyso_pdf_signing_sign_with(
                null(),
                null(),
                0,
                null(),
                null(),
                None,
                null_mut(),
                null_mut(),
                e,
            ),
            kyso_pdf_signing_sign_file_with(
                null(),
                null(),
                null(),
                null(),
                None,
                null_mut(),
                null(),
                0,
                e,
            ),
            kyso_pdf_signing_prepare(null(), null(), 0, null(), null(), null_mut(), e),
            kyso_pdf_signing_prepare_file(null(), null(), null(), null(), null_mut(), e),
            kyso_prepared_to_bytes(null(), null_mut(), e),
            kyso_prepared_from_bytes(null(), 0, null_mut(), e),
            kyso_prepared_complete(null(), null(), 0, null(), 0, null_mut(), e),
            kyso_prepared_complete_file(null(), null(), null(), 0, null(), 0, e),
            kyso_envelope_read(null(), 0, null_mut(), e),
            kyso_envelope_read_file(null(), null_mut(), e),
            kyso_envelope_attachment_bytes(null(), 0, null_mut(), e),
            kyso_envelope_status_reply(null(), null(), null(), null(), null(), 0, null_mut(), e),
            kyso_envelope_builder_new(null(), null_mut(), e),
            kyso_envelope_builder_attach(null_mut(), null(), null(), 0, e),
            kyso_envelope_builder_finish(null(), 0, null_mut(), e),
        ];
        assert!(
            refused.iter().all(|status| *status == KYSO_MISUSE),
            "{refused:?}"
        );

        assert_eq!(kyso_error_status(null()), KYSO_MISUSE);
        assert!(kyso_error_code(null()).is_null());
        assert!(kyso_error_message(null(), KYSO_LANG_VI).is_null());
        assert!(kyso_bytes_data(null()).is_null());
        assert_eq!(kyso_bytes_len(null()), 0);
        assert_eq!(kyso_certificates_count(null()), 0);
        assert_eq!(kyso_report_indication(null()), KYSO_INDICATION_NONE);
        assert_eq!(kyso_report_exit(null()), 70);
        assert!(kyso_report_error_code(null()).is_null());
        assert_eq!(kyso_report_signature_count(null()), 0);
        assert_eq!(
            kyso_report_signature_indication(null(), 0),
            KYSO_INDICATION_NONE
        );
        assert!(kyso_report_signature_sub_indication(null(), 0).is_null());
        assert!(kyso_report_signature_signer(null(), 0).is_null());
        assert!(kyso_report_json(null(), 0).is_null());
        assert!(kyso_report_text(null(), 0).is_null());
        assert!(kyso_prepared_digest(null(), null_mut()).is_null());
        assert!(kyso_prepared_message(null(), null_mut()).is_null());
        assert!(kyso_prepared_algorithm(null()).is_null());
        assert!(kyso_envelope_json(null()).is_null());
        assert_eq!(kyso_envelope_attachment_count(null()), 0);
        assert!(kyso_envelope_attachment_name(null(), 0).is_null());
        assert!(kyso_envelope_attachment_safe_name(null(), 0).is_null());

        kyso_error_free(null_mut());
        kyso_bytes_free(null_mut());
        kyso_certificates_free(null_mut());
        kyso_verifier_free(null_mut());
        kyso_report_free(null_mut());
        kyso_key_free(null_mut());
        kyso_pdf_signing_free(null_mut());
        kyso_prepared_free(null_mut());
        kyso_envelope_free(null_mut());
        kyso_envelope_builder_free(null_mut());
    }
}

#[test]
fn an_object_of_another_type_is_refused_and_not_freed() {
    // SAFETY: objects of this library are given; that their types are wrong is what is tested.
    unsafe {
        let verifier = kyso_verifier_new(NOW);
        let mut report = null_mut();
        let stranger = verifier.cast::<kyso_certificates>();
        assert_eq!(kyso_certificates_count(stranger), 0);
        let mut error = null_mut();
        let status = kyso_verifier_set_trust(verifier, stranger, &raw mut error);
        assert_eq!(status, KYSO_MISUSE);
        assert_eq!(kyso_error_status(error), KYSO_MISUSE);
        assert_eq!(text(kyso_error_code(error)), "misuse");
        assert!(text(kyso_error_message(error, KYSO_LANG_EN)).contains("kyso_certificates"));
        assert_ne!(
            text(kyso_error_message(error, KYSO_LANG_EN)),
            text(kyso_error_message(error, KYSO_LANG_VI))
        );
        kyso_error_free(error);

        kyso_report_free(verifier.cast());
        assert_eq!(
            kyso_verifier_verify(verifier, null(), 0, &raw mut report, null_mut()),
            KYSO_OK
        );
        kyso_report_free(report);
        kyso_verifier_free(verifier);
    }
}

#[test]
fn a_pointer_that_is_not_aligned_is_refused() {
    // SAFETY: the pointers lie within an object, and are refused before they are read.
    unsafe {
        let verifier = kyso_verifier_new(NOW);
        let inside = verifier.cast::<u8>().add(1).cast::<kyso_verifier>();
        let mut report = null_mut();
        assert_eq!(
            kyso_verifier_verify(inside, null(), 0, &raw mut report, null_mut()),
            KYSO_MISUSE
        );
        let mut room = [null_mut::<kyso_report>(); 2];
        let out = room.as_mut_ptr().cast::<u8>().add(1).cast();
        assert_eq!(
            kyso_verifier_verify(verifier, null(), 0, out, null_mut()),
            KYSO_MISUSE
        );
        kyso_verifier_free(verifier);
    }
}

#[test]
fn a_result_is_written_only_on_success_and_an_error_only_on_failure() {
    let mut mark = 0u8;
    // SAFETY: the marks are pointers that the calls must neither read nor change.
    unsafe {
        let mut out = (&raw mut mark).cast::<kyso_prepared>();
        let mut error = (&raw mut mark).cast::<kyso_error>();
        let status = kyso_prepared_from_bytes(b"x".as_ptr(), 1, &raw mut out, &raw mut error);
        assert_eq!(status, KYSO_MALFORMED);
        assert_eq!(out.cast::<u8>(), &raw mut mark);
        assert_ne!(error.cast::<u8>(), &raw mut mark);
        assert_eq!(text(kyso_error_code(error)), "input.malformed");
        kyso_error_free(error);

        let verifier = kyso_verifier_new(NOW);
        let mut error = (&raw mut mark).cast::<kyso_error>();
        let mut report = null_mut();
        let status =
            kyso_verifier_verify(verifier, b"x".as_ptr(), 1, &raw mut report, &raw mut error);
        assert_eq!(status, KYSO_OK);
        assert_eq!(error.cast::<u8>(), &raw mut mark);
        assert_eq!(text(kyso_report_error_code(report)), "input.malformed");
        assert_eq!(kyso_report_indication(report), KYSO_INDICATION_NONE);
        assert_eq!(kyso_report_exit(report), 65);
        kyso_report_free(report);
        kyso_verifier_free(verifier);
    }
}

#[test]
fn a_length_beyond_memory_is_refused() {
    // SAFETY: the length is refused before anything is read.
    unsafe {
        let verifier = kyso_verifier_new(NOW);
        let mut report = null_mut();
        for len in [usize::MAX, usize::MAX / 2 + 1] {
            let status =
                kyso_verifier_verify(verifier, b"x".as_ptr(), len, &raw mut report, null_mut());
            assert_eq!(status, KYSO_MISUSE);
            let status = kyso_verifier_verify(verifier, null(), len, &raw mut report, null_mut());
            assert_eq!(status, KYSO_MISUSE);
        }
        kyso_verifier_free(verifier);
    }
}

#[test]
fn text_that_is_not_utf_8_and_words_without_meaning_are_refused() {
    // SAFETY: all pointers are good; what they point at is not.
    unsafe {
        let signing = kyso_pdf_signing_new(NOW);
        let verifier = kyso_verifier_new(NOW);
        let set = |option: &CStr, value: &CStr| {
            kyso_pdf_signing_set(signing, option.as_ptr(), value.as_ptr(), null_mut())
        };
        let judge = |option: &CStr, value: &CStr| {
            kyso_verifier_set(verifier, option.as_ptr(), value.as_ptr(), null_mut())
        };
        assert_eq!(set(c"reason", c"\xff\xfe"), KYSO_MISUSE);
        assert_eq!(set(c"\xff", c"x"), KYSO_MISUSE);
        assert_eq!(set(c"Reason", c"x"), KYSO_MISUSE);
        assert_eq!(set(c"profile", c"xades"), KYSO_MISUSE);
        assert_eq!(set(c"reserve", c"-1"), KYSO_MISUSE);
        assert_eq!(set(c"reserve", c"20000"), KYSO_OK);
        assert_eq!(set(c"reason", c"Phát hành"), KYSO_OK);
        assert_eq!(judge(c"policy", c"anything-goes"), KYSO_MISUSE);
        assert_eq!(judge(c"revocation", c"maybe"), KYSO_MISUSE);
        assert_eq!(judge(c"access", c"write"), KYSO_MISUSE);
        assert_eq!(judge(c"online", c"maybe"), KYSO_MISUSE);
        assert_eq!(judge(c"online-allow", c"http://ca.btc/"), KYSO_MISUSE);
        assert_eq!(judge(c"online-issuers", c"ldap://ca.btc/"), KYSO_MISUSE);
        assert_eq!(judge(c"online", c"yes"), KYSO_OK);
        assert_eq!(judge(c"proxy", c"socks5://ca.btc"), KYSO_MISUSE);
        assert_eq!(judge(c"online-allow", c"ca.btc"), KYSO_OK);
        assert_eq!(judge(c"online-issuers", c"http://ca.btc/crt/"), KYSO_OK);
        assert_eq!(
            judge(c"cache", c"/dev/null/nowhere"),
            KYSO_OUTPUT_UNWRITABLE
        );
        let report = verify(verifier, b"no document");
        let json = text(kyso_report_json(report, KYSO_LANG_EN));
        assert!(json.contains("\"offline\":false"), "{json}");
        kyso_report_free(report);
        assert_eq!(judge(c"online", c"no"), KYSO_OK);
        assert_eq!(judge(c"policy", c"path-only"), KYSO_OK);
        assert_eq!(judge(c"revocation", c"none"), KYSO_OK);
        assert_eq!(judge(c"access", c"read"), KYSO_OK);
        kyso_pdf_signing_free(signing);

        let report = verify(verifier, b"no document");
        let json = text(kyso_report_json(report, KYSO_LANG_EN));
        assert!(json.contains("\"policy\":\"path-only\""), "{json}");
        assert!(json.contains("\"offline\":true"), "{json}");
        assert_eq!(json, text(kyso_report_json(report, 12_345)));
        kyso_report_free(report);
        kyso_verifier_free(verifier);
    }
}

#[test]
fn a_path_to_nothing_and_a_folder_without_certificates_have_their_own_numbers() {
    let folder = Folder::new("paths");
    std::fs::write(folder.path("note.txt"), "no certificate").unwrap();
    // SAFETY: all pointers are good.
    unsafe {
        let list = kyso_certificates_new();
        let add = |path: &CStr| kyso_certificates_add_path(list, path.as_ptr(), null_mut());
        assert_eq!(add(&folder.c("missing.pem")), KYSO_INPUT_UNREADABLE);
        assert_eq!(add(&folder.c("")), KYSO_MISUSE);
        assert_eq!(add(c""), KYSO_MISUSE);
        assert_eq!(kyso_certificates_count(list), 0);
        std::fs::write(folder.path("root.pem"), &world().root_pem).unwrap();
        assert_eq!(add(&folder.c("")), KYSO_OK);
        assert_eq!(kyso_certificates_count(list), 1);
        kyso_certificates_free(list);

        let verifier = kyso_verifier_new(NOW);
        let mut report = null_mut();
        let missing = folder.c("missing.pdf");
        let status =
            kyso_verifier_verify_file(verifier, missing.as_ptr(), &raw mut report, null_mut());
        assert_eq!(status, KYSO_INPUT_UNREADABLE);
        kyso_verifier_free(verifier);
    }
}

#[test]
fn what_a_signing_function_returns_is_what_the_call_returns() {
    for (answer, expected) in [
        (KYSO_SIGNER_REFUSED, KYSO_SIGNER_REFUSED),
        (KYSO_SIGNER_FAILED, KYSO_SIGNER_FAILED),
        (KYSO_KEY_PASSWORD, KYSO_KEY_PASSWORD),
        (KYSO_KEY_UNUSABLE, KYSO_KEY_UNUSABLE),
        (KYSO_INTERNAL, KYSO_SIGNER_FAILED),
        (-7, KYSO_SIGNER_FAILED),
    ] {
        assert_eq!(sign_with(&mut |_, _, _, _| answer), expected);
    }
}

#[test]
fn a_signing_function_that_lies_about_its_signature_is_found_out() {
    let nothing = sign_with(&mut |_, _, _, _| KYSO_OK);
    assert_eq!(nothing, KYSO_SIGNER_FAILED);
    let too_many = sign_with(&mut |_, _, room, len| {
        *len = room.len() + 1;
        KYSO_OK
    });
    assert_eq!(too_many, KYSO_SIGNER_FAILED);
    let beyond = sign_with(&mut |_, _, room, len| {
        // SAFETY: not within the rules; the fence behind the room keeps it from doing harm.
        unsafe { room.as_mut_ptr().add(room.len()).write(0) };
        *len = 64;
        KYSO_OK
    });
    assert_eq!(beyond, KYSO_SIGNER_FAILED);
    let wrong = sign_with(&mut |_, _, room, len| {
        room[..64].fill(1);
        *len = 64;
        KYSO_OK
    });
    assert_eq!(wrong, KYSO_MISMATCH);
}

#[test]
fn a_panic_in_a_signing_function_stops_at_the_border() {
    let status = sign_with(&mut |_, _, _, _| panic!("a defect, on purpose"));
    assert_eq!(status, KYSO_INTERNAL);
}

#[test]
fn an_object_in_use_can_neither_be_changed_nor_freed_by_the_signing_function() {
    let mut seen = Vec::new();
    let status = sign_with_object(&mut |signing, _, _, _, _| {
        // SAFETY: the object is alive; that it is in use is what is tested.
        unsafe {
            let option = c"reason".as_ptr();
            seen.push(kyso_pdf_signing_set(signing, option, option, null_mut()));
            kyso_pdf_signing_free(signing);
            // Reading calls on the same object are fine.
            let mut key = null_mut::<kyso_bytes>();
            seen.push(kyso_pdf_signing_sign(
                signing,
                null(),
                0,
                null(),
                &raw mut key,
                null_mut(),
            ));
        }
        KYSO_SIGNER_REFUSED
    });
    assert_eq!(status, KYSO_SIGNER_REFUSED);
    assert_eq!(seen, [KYSO_MISUSE, KYSO_MISUSE]);
}

#[test]
fn one_verifier_serves_many_threads() {
    // SAFETY: all pointers are good; the object is only read by the threads.
    unsafe {
        let verifier = kyso_verifier_new(NOW);
        let shared = Shared(verifier);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let shared = &shared;
                    for _ in 0..50 {
                        let report = verify(shared.0, b"%PDF-1.7\n");
                        assert_eq!(kyso_report_indication(report), KYSO_INDICATION_NONE);
                        kyso_report_free(report);
                    }
                });
            }
        });
        kyso_verifier_free(verifier);
    }
}

#[test]
fn an_index_beyond_the_last_gives_nothing() {
    // SAFETY: all pointers are good.
    unsafe {
        let verifier = kyso_verifier_new(NOW);
        let report = verify(verifier, b"");
        for index in [0, 1, usize::MAX] {
            assert_eq!(
                kyso_report_signature_indication(report, index),
                KYSO_INDICATION_NONE
            );
            assert!(kyso_report_signature_sub_indication(report, index).is_null());
            assert!(kyso_report_signature_signer(report, index).is_null());
        }
        kyso_report_free(report);
        kyso_verifier_free(verifier);
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    // SAFETY: the text lives as long as the process.
    assert_eq!(unsafe { text(kyso_version()) }, env!("CARGO_PKG_VERSION"));
}

type Function<'f> =
    dyn FnMut(*mut kyso_pdf_signing, &[u8], &[u8], &mut [u8], &mut usize) -> kyso_status + 'f;

struct Asked<'a, 'f> {
    signing: *mut kyso_pdf_signing,
    function: &'a mut Function<'f>,
}

fn sign_with(
    function: &mut impl FnMut(&[u8], &[u8], &mut [u8], &mut usize) -> kyso_status,
) -> kyso_status {
    sign_with_object(&mut |_, message, digest, room, len| function(message, digest, room, len))
}

fn sign_with_object(function: &mut Function<'_>) -> kyso_status {
    // SAFETY: all pointers are good.
    unsafe {
        let list = certificates(&world().chain_pem);
        let signing = kyso_pdf_signing_new(NOW);
        let mut asked = Asked { signing, function };
        let mut out = null_mut();
        let mut error = null_mut();
        let status = kyso_pdf_signing_sign_with(
            signing,
            world().pdf.as_ptr(),
            world().pdf.len(),
            list,
            c"ecdsa-sha256".as_ptr(),
            Some(ask),
            (&raw mut asked).cast(),
            &raw mut out,
            &raw mut error,
        );
        assert!(out.is_null());
        assert_eq!(kyso_error_status(error), status);
        kyso_error_free(error);
        kyso_pdf_signing_free(signing);
        kyso_certificates_free(list);
        status
    }
}

unsafe extern "C-unwind" fn ask(
    userdata: *mut c_void,
    message: *const u8,
    message_len: usize,
    digest: *const u8,
    digest_len: usize,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
) -> kyso_status {
    // SAFETY: the header says what these are.
    unsafe {
        let asked = &mut *userdata.cast::<Asked<'_, '_>>();
        let message = std::slice::from_raw_parts(message, message_len);
        let digest = std::slice::from_raw_parts(digest, digest_len);
        let room = std::slice::from_raw_parts_mut(out, out_cap);
        (asked.function)(asked.signing, message, digest, room, &mut *out_len)
    }
}

struct Shared(*const kyso_verifier);

// SAFETY: the header says that an object may be read by several threads.
unsafe impl Sync for Shared {}
