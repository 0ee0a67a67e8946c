//! Levels through the C door: time-stamps, evidence, signatures raised.

#![cfg(feature = "online")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::ffi::{CStr, CString};
use std::net::TcpListener;
use std::ptr::{null, null_mut};
use std::time::{SystemTime, UNIX_EPOCH};

use common::*;
use kyso_ffi::*;
use kyso_sandbox::{Authority, Issued, PASSWORD, Server, Settings, plain_pdf};

/// An authority that answers on this machine, and a signing that asks it.
struct Office {
    folder: Folder,
    p12: Vec<u8>,
    person: Issued,
    /// The person's certificate and the issuing authority's, PEM.
    chain: Vec<u8>,
    root: Vec<u8>,
    tsa: CString,
    _server: Server,
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

impl Office {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut settings = Settings::quick(now() - 60);
        settings.base_address = format!("http://{}", listener.local_addr().unwrap());
        let tsa = CString::new(format!("{}/tsa", settings.base_address)).unwrap();
        let authority = Authority::new(&settings).unwrap();
        let written = authority.write_to(&folder.path("authority")).unwrap();
        let chain = [&authority.issuing, &authority.root];
        Self {
            p12: written.person.pkcs12(PASSWORD, &chain).unwrap(),
            chain: [&written.person, &authority.issuing]
                .map(Issued::certificate_pem)
                .concat()
                .into_bytes(),
            person: written.person,
            root: authority.root.certificate_pem().into_bytes(),
            _server: Server::on(listener, &folder.path("authority"), now).unwrap(),
            folder,
            tsa,
        }
    }

    unsafe fn verifier(&self, online: &CStr) -> *mut kyso_verifier {
        // SAFETY: all pointers are good.
        unsafe {
            let verifier = kyso_verifier_new(now());
            let anchors = kyso_certificates_new();
            let (data, len) = (self.root.as_ptr(), self.root.len());
            assert_eq!(
                kyso_certificates_add(anchors, data, len, null_mut()),
                KYSO_OK
            );
            assert_eq!(
                kyso_verifier_set_trust(verifier, anchors, null_mut()),
                KYSO_OK
            );
            kyso_certificates_free(anchors);
            let option = c"online".as_ptr();
            let set = kyso_verifier_set(verifier, option, online.as_ptr(), null_mut());
            assert_eq!(set, KYSO_OK);
            verifier
        }
    }

    unsafe fn key(&self) -> *mut kyso_key {
        let password = CString::new(PASSWORD).unwrap();
        let mut key = null_mut();
        // SAFETY: all pointers are good.
        let status = unsafe {
            kyso_key_from_p12(
                self.p12.as_ptr(),
                self.p12.len(),
                password.as_ptr(),
                null(),
                &raw mut key,
                null_mut(),
            )
        };
        assert_eq!(status, KYSO_OK);
        key
    }
}

unsafe fn set(signing: *mut kyso_pdf_signing, option: &CStr, value: &CStr) -> kyso_status {
    // SAFETY: all pointers are good.
    unsafe { kyso_pdf_signing_set(signing, option.as_ptr(), value.as_ptr(), null_mut()) }
}

unsafe fn octets(bytes: *mut kyso_bytes) -> Vec<u8> {
    // SAFETY: all pointers are good.
    unsafe {
        let data = std::slice::from_raw_parts(kyso_bytes_data(bytes), kyso_bytes_len(bytes));
        let copy = data.to_vec();
        kyso_bytes_free(bytes);
        copy
    }
}

/// The report on a file by the anchor alone.
unsafe fn judged(office: &Office, file: &[u8]) -> String {
    // SAFETY: all pointers are good.
    unsafe {
        let verifier = office.verifier(c"no");
        let report = verify(verifier, file);
        let json = text(kyso_report_json(report, KYSO_LANG_EN)).to_owned();
        kyso_report_free(report);
        kyso_verifier_free(verifier);
        json
    }
}

#[test]
fn a_signature_is_made_at_each_level_and_raised_to_each() {
    let office = Office::new("levels");
    let input = plain_pdf::pdf_with_table();
    // SAFETY: all pointers are good.
    unsafe {
        let (key, verifier) = (office.key(), office.verifier(c"loopback"));
        let sign = |signing: *mut kyso_pdf_signing| {
            let mut out = null_mut();
            let (data, len) = (input.as_ptr(), input.len());
            let status = kyso_pdf_signing_sign(signing, data, len, key, &raw mut out, null_mut());
            (status == KYSO_OK).then(|| octets(out)).ok_or(status)
        };
        let signing = kyso_pdf_signing_new(now());
        let plain = sign(signing).unwrap();
        assert_eq!(set(signing, c"level", c"b-lta"), KYSO_OK);
        assert_eq!(sign(signing), Err(KYSO_MISUSE));
        assert_eq!(set(signing, c"tsa", &office.tsa), KYSO_OK);
        assert_eq!(set(signing, c"tsa-digest", c"sha384"), KYSO_OK);
        assert_eq!(sign(signing), Err(KYSO_MISUSE));
        assert_eq!(
            kyso_pdf_signing_set_verifier(signing, verifier, null_mut()),
            KYSO_OK
        );
        for (word, format) in [
            (c"b-t", "\"PAdES-BASELINE-T\""),
            (c"b-lt", "\"PAdES-BASELINE-LT\""),
            (c"b-lta", "\"PAdES-BASELINE-LTA\""),
        ] {
            assert_eq!(set(signing, c"level", word), KYSO_OK);
            let signed = sign(signing).unwrap();
            assert!(signed.starts_with(&input));
            assert!(judged(&office, &signed).contains(format));
            let mut out = null_mut();
            let (data, len) = (plain.as_ptr(), plain.len());
            let status = kyso_pdf_signing_extend(signing, data, len, &raw mut out, null_mut());
            assert_eq!(status, KYSO_OK);
            let raised = octets(out);
            assert!(raised.starts_with(&plain));
            if word != c"b-t" {
                assert!(judged(&office, &raised).contains(format));
                assert!(judged(&office, &raised).contains("\"indication\":\"TOTAL-PASSED\""));
            }
        }
        assert_eq!(set(signing, c"level", c"document-time-stamp"), KYSO_OK);
        std::fs::write(office.folder.path("in.pdf"), &input).unwrap();
        let (from, to) = (office.folder.c("in.pdf"), office.folder.c("out.pdf"));
        let status = kyso_pdf_signing_extend_file(
            signing,
            from.as_ptr(),
            to.as_ptr(),
            KYSO_EXISTING_KEEP,
            null_mut(),
        );
        assert_eq!(status, KYSO_OK);
        let stamped = std::fs::read(office.folder.path("out.pdf")).unwrap();
        assert!(judged(&office, &stamped).contains("TimeStamp1"));
        kyso_pdf_signing_free(signing);
        kyso_verifier_free(verifier);
        kyso_key_free(key);
    }
}

#[test]
fn the_second_of_two_steps_fetches_the_time_stamp() {
    let office = Office::new("two-steps");
    let input = plain_pdf::pdf_with_table();
    // SAFETY: all pointers are good.
    unsafe {
        let signing = kyso_pdf_signing_new(now());
        let (data, len) = (input.as_ptr(), input.len());
        let chain = certificates(&office.chain);
        let mut prepared = null_mut();
        let status = kyso_pdf_signing_prepare(
            signing,
            data,
            len,
            chain,
            c"ecdsa-sha256".as_ptr(),
            &raw mut prepared,
            null_mut(),
        );
        assert_eq!(status, KYSO_OK);
        let mut message_len = 0;
        let message = kyso_prepared_message(prepared, &raw mut message_len);
        let message = std::slice::from_raw_parts(message, message_len);
        let value = office.person.sign(message).unwrap();
        assert_eq!(set(signing, c"tsa", &office.tsa), KYSO_OK);
        let mut out = null_mut();
        let status = kyso_prepared_complete_at(
            prepared,
            signing,
            data,
            len,
            value.as_ptr(),
            value.len(),
            &raw mut out,
            null_mut(),
        );
        assert_eq!(status, KYSO_OK);
        assert!(judged(&office, &octets(out)).contains("\"PAdES-BASELINE-T\""));
        std::fs::write(office.folder.path("in.pdf"), &input).unwrap();
        let (from, to) = (office.folder.c("in.pdf"), office.folder.c("out.pdf"));
        let status = kyso_prepared_complete_file_at(
            prepared,
            signing,
            from.as_ptr(),
            value.as_ptr(),
            value.len(),
            to.as_ptr(),
            KYSO_EXISTING_KEEP,
            null_mut(),
        );
        assert_eq!(status, KYSO_OK);
        let file = std::fs::read(office.folder.path("out.pdf")).unwrap();
        assert!(judged(&office, &file).contains("\"PAdES-BASELINE-T\""));
        kyso_certificates_free(chain);
        kyso_prepared_free(prepared);
        kyso_pdf_signing_free(signing);
    }
}

#[test]
fn missing_evidence_is_refused_with_its_own_number_and_words_that_have_no_meaning_are_misuse() {
    let office = Office::new("refused");
    let input = plain_pdf::pdf_with_table();
    // SAFETY: all pointers are good.
    unsafe {
        let (key, verifier) = (office.key(), office.verifier(c"no"));
        let signing = kyso_pdf_signing_new(now());
        assert_eq!(set(signing, c"tsa", &office.tsa), KYSO_OK);
        let (data, len) = (input.as_ptr(), input.len());
        let mut out = null_mut();
        let status = kyso_pdf_signing_sign(signing, data, len, key, &raw mut out, null_mut());
        assert_eq!(status, KYSO_OK);
        let signed = octets(out);
        assert!(judged(&office, &signed).contains("PAdES-BASELINE-T"));
        assert_eq!(set(signing, c"level", c"b-lt"), KYSO_OK);
        let (data, len) = (signed.as_ptr(), signed.len());
        let (mut out, mut error) = (null_mut(), null_mut());
        let status = kyso_pdf_signing_extend(signing, data, len, &raw mut out, &raw mut error);
        assert_eq!(status, KYSO_MISUSE);
        kyso_error_free(error);
        assert_eq!(
            kyso_pdf_signing_set_verifier(signing, verifier, null_mut()),
            KYSO_OK
        );
        let mut error = null_mut();
        let status = kyso_pdf_signing_extend(signing, data, len, &raw mut out, &raw mut error);
        assert_eq!(status, KYSO_REFUSED);
        assert!(out.is_null());
        let message = text(kyso_error_message(error, KYSO_LANG_VI));
        assert!(message.contains("/ocsp"), "{message}");
        kyso_error_free(error);
        for (option, value) in [
            (c"level", c"b-x"),
            (c"tsa-digest", c"sha1"),
            (c"tsa-policy", c"policy"),
        ] {
            assert_eq!(set(signing, option, value), KYSO_MISUSE);
        }
        kyso_pdf_signing_free(signing);
        kyso_verifier_free(verifier);
        kyso_key_free(key);
    }
}
