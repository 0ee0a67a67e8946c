//! The C door gives the reports of `test-vectors/`, byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ffi::{CStr, CString};
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;

use kyso_ffi::*;

/// 2026-06-01T12:00:00Z.
const AT: i64 = 1_780_315_200;

// The only test of its program: the working directory is the process's.
#[test]
fn the_c_functions_give_the_report_of_every_vector() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let vectors = vectors.canonicalize().unwrap();
    let mut folders: Vec<PathBuf> = fs::read_dir(&vectors)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("expect.json").is_file())
        .collect();
    folders.sort();
    assert!(folders.len() >= 12, "{}", folders.len());
    let root = fs::read(vectors.join("trust/root.pem")).unwrap();
    let trust = kyso_certificates_new();
    let verifier = kyso_verifier_new(AT);
    // SAFETY: the objects are alive, and the octets are there for the call.
    unsafe {
        let added = kyso_certificates_add(trust, root.as_ptr(), root.len(), null_mut());
        assert_eq!(added, KYSO_OK);
        assert_eq!(
            kyso_verifier_set_trust(verifier, trust, null_mut()),
            KYSO_OK
        );
        kyso_certificates_free(trust);
    }
    for folder in folders {
        let mut names = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        let input = names
            .find(|name| name.to_string_lossy().starts_with("input."))
            .unwrap();
        let input = CString::new(input.into_string().unwrap()).unwrap();
        // The report names the file as it was asked for.
        std::env::set_current_dir(&folder).unwrap();
        let mut report = null_mut();
        // SAFETY: the objects are alive; the text belongs to the report and is copied before its end.
        let found = unsafe {
            let verified =
                kyso_verifier_verify_file(verifier, input.as_ptr(), &raw mut report, null_mut());
            assert_eq!(verified, KYSO_OK);
            let json = CStr::from_ptr(kyso_report_json(report, KYSO_LANG_EN));
            let json = json.to_str().unwrap().to_owned();
            kyso_report_free(report);
            json
        };
        let expected = fs::read_to_string("expect.json").unwrap();
        assert_eq!(found + "\n", expected, "{}", folder.display());
    }
    // SAFETY: it is alive and used no more.
    unsafe { kyso_verifier_free(verifier) };
}
