//! `kyso_certificates`: a list of certificates, for whatever a call takes certificates for.

use kyso::{Certificate, Error};

use crate::border::{Caller, Handle, misuse};
use crate::error::kyso_error;
use crate::file;
use crate::status::kyso_status;

use std::ffi::c_char;

/// A list of certificates: anchors to trust, or the signer's own certificate with its chain.
#[allow(non_camel_case_types)]
pub struct kyso_certificates(());

impl Handle for kyso_certificates {
    type Value = Vec<Certificate>;
    const TAG: u64 = u64::from_be_bytes(*b"ky1certs");
    const NAME: &'static str = "kyso_certificates";
}

/// An empty list. NULL only where memory is gone.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_certificates_new() -> *mut kyso_certificates {
    // SAFETY: there are no arguments.
    let caller = unsafe { Caller::promises() };
    caller.make(Vec::new)
}

/// Adds every certificate of some octets: PEM (one or several), DER, or PKCS#7 (`.p7b`, `.p7c`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_certificates_add(
    certificates: *mut kyso_certificates,
    data: *const u8,
    len: usize,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut list = caller.exclusive(certificates)?;
        let found = Certificate::many_from_pem_or_der(caller.bytes("data", data, len)?)?;
        list.extend(found);
        Ok(())
    })
}

/// Adds every certificate of a file, or of the files of a folder (files in it that hold none are
/// passed over). `KYSO_MISUSE` where none is found at all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_certificates_add_path(
    certificates: *mut kyso_certificates,
    path: *const c_char,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut list = caller.exclusive(certificates)?;
        let found = of_path(&caller.path("path", path)?)?;
        list.extend(found);
        Ok(())
    })
}

/// Adds the anchors of the trust store that the command line uses: the folder that the environment
/// variable `KYSO_TRUST_DIR` names, else `kyso/trust` in the platform's data folder. A missing or
/// empty store is no error and adds nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_certificates_add_store(
    certificates: *mut kyso_certificates,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut list = caller.exclusive(certificates)?;
        let files = kyso_map::trust_files().map_err(|e| file::unreadable("the trust store", e))?;
        list.extend(of_files(files.into_iter().map(|(_, bytes)| bytes)));
        Ok(())
    })
}

/// How many there are. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_certificates_count(certificates: *const kyso_certificates) -> usize {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(0, || Ok(caller.shared(certificates)?.len()))
}

/// Ends the list. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_certificates_free(certificates: *mut kyso_certificates) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(certificates);
}

/// The certificates of a file or folder.
pub(crate) fn of_path(path: &std::path::Path) -> Result<Vec<Certificate>, Error> {
    let files = kyso_map::files(path).map_err(|e| file::unreadable(&path.to_string_lossy(), e))?;
    let found = of_files(files.into_iter().map(|(_, bytes)| bytes));
    if found.is_empty() {
        return Err(misuse("no certificate is there", "path"));
    }
    Ok(found)
}

fn of_files(files: impl Iterator<Item = Vec<u8>>) -> Vec<Certificate> {
    files
        .filter_map(|bytes| Certificate::many_from_pem_or_der(&bytes).ok())
        .flatten()
        .collect()
}
