//! What the tests share: a throw-away authority, a document, and C text.

#![allow(dead_code)]

use std::ffi::{CStr, CString, c_char};
use std::path::PathBuf;
use std::ptr::null_mut;
use std::sync::OnceLock;

use kyso_ffi::*;
use kyso_sandbox::document::{Decision, decision_pdf};
use kyso_sandbox::{Authority, PASSWORD, PersonProfile, Settings};

pub(crate) const NOW: i64 = 1_793_000_000;

pub(crate) struct World {
    pub(crate) pdf: Vec<u8>,
    pub(crate) root_pem: Vec<u8>,
    /// The signer's own certificate, the issuing one, the root.
    pub(crate) chain_pem: Vec<u8>,
    pub(crate) key_pem: Vec<u8>,
    pub(crate) p12: Vec<u8>,
    pub(crate) password: CString,
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let authority = Authority::new(&Settings::quick(NOW)).unwrap();
        let person = authority.person(&PersonProfile::example()).unwrap();
        let (issuing, root) = (&authority.issuing, &authority.root);
        let chain = [
            person.certificate_pem(),
            issuing.certificate_pem(),
            root.certificate_pem(),
        ];
        World {
            pdf: decision_pdf(&Decision::example()).unwrap(),
            root_pem: root.certificate_pem().into_bytes(),
            chain_pem: chain.concat().into_bytes(),
            key_pem: person.private_key_pem().into_bytes(),
            p12: person.pkcs12(PASSWORD, &[issuing, root]).unwrap(),
            password: CString::new(PASSWORD).unwrap(),
        }
    })
}

/// # Safety
///
/// As for C text of the header.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> &'a str {
    assert!(!text.is_null());
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap()
}

/// # Safety
///
/// As for an object of the header.
pub(crate) unsafe fn verify(verifier: *const kyso_verifier, bytes: &[u8]) -> *mut kyso_report {
    let mut report = null_mut();
    // SAFETY: the caller's promise.
    let status = unsafe {
        kyso_verifier_verify(
            verifier,
            bytes.as_ptr(),
            bytes.len(),
            &raw mut report,
            null_mut(),
        )
    };
    assert_eq!(status, KYSO_OK);
    report
}

pub(crate) fn certificates(bytes: &[u8]) -> *mut kyso_certificates {
    let list = kyso_certificates_new();
    // SAFETY: all pointers are good.
    let status = unsafe { kyso_certificates_add(list, bytes.as_ptr(), bytes.len(), null_mut()) };
    assert_eq!(status, KYSO_OK);
    list
}

/// A folder that goes when the test does.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kyso-ffi-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn c(&self, name: &str) -> CString {
        CString::new(self.path(name).to_str().unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
