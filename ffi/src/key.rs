//! `kyso_key`: a private key in a file, with its certificates.

use std::ffi::c_char;

use kyso::{Error, ErrorKind, LocalKey};

use crate::border::{Caller, Handle};
use crate::certificate::kyso_certificates;
use crate::error::kyso_error;
use crate::status::kyso_status;

/// A private key, with the certificate of its owner and the chain to embed.
#[allow(non_camel_case_types)]
pub struct kyso_key(());

impl Handle for kyso_key {
    type Value = HeldKey;
    const TAG: u64 = u64::from_be_bytes(*b"ky1key\0\0");
    const NAME: &'static str = "kyso_key";
}

/// Empty only after a panic while it was changed.
pub(crate) struct HeldKey(Option<LocalKey>);

impl HeldKey {
    pub(crate) fn key(&self) -> Result<&LocalKey, Error> {
        self.0.as_ref().ok_or_else(lost)
    }
}

/// From a PKCS#12 file (`.p12`, `.pfx`) in memory. `algorithm` is NULL for the key's usual one, or
/// a word such as `rsa-pkcs1-sha256`, `rsa-pss-sha256`, `ecdsa-sha256`, `ed25519`. Fails with
/// `KYSO_KEY_PASSWORD` for a wrong password.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_key_from_p12(
    data: *const u8,
    len: usize,
    password: *const c_char,
    algorithm: *const c_char,
    out: *mut *mut kyso_key,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let bytes = caller.bytes("data", data, len)?;
        let password = caller.text("password", password)?;
        let algorithm = caller.optional_text("algorithm", algorithm)?;
        with_algorithm(LocalKey::from_p12(bytes, password)?, algorithm)
    })
}

/// From a private key in PEM or DER (PKCS#8, encrypted too, or the traditional forms) and its
/// certificates in PEM, DER or PKCS#7, both in memory. `password` is NULL for a key that is not
/// encrypted; `algorithm` is as for `kyso_key_from_p12`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_key_from_pem(
    key: *const u8,
    key_len: usize,
    certificates: *const u8,
    certificates_len: usize,
    password: *const c_char,
    algorithm: *const c_char,
    out: *mut *mut kyso_key,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let key = caller.bytes("key", key, key_len)?;
        let certificates = caller.bytes("certificates", certificates, certificates_len)?;
        let password = caller.optional_text("password", password)?;
        let algorithm = caller.optional_text("algorithm", algorithm)?;
        with_algorithm(LocalKey::from_pem(key, certificates, password)?, algorithm)
    })
}

/// Adds certificates of the chain to embed; those it has already are not added twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_key_add_chain(
    key: *mut kyso_key,
    chain: *const kyso_certificates,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut held = caller.exclusive(key)?;
        let chain = caller.shared(chain)?.clone();
        let key = held.0.take().ok_or_else(lost)?;
        held.0 = Some(key.with_chain(chain));
        Ok(())
    })
}

/// Ends a key. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_key_free(key: *mut kyso_key) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(key);
}

fn with_algorithm(key: LocalKey, algorithm: Option<&str>) -> Result<HeldKey, Error> {
    let key = match algorithm {
        None => key,
        Some(word) => key.with_algorithm(word.parse()?)?,
    };
    Ok(HeldKey(Some(key)))
}

fn lost() -> Error {
    Error::new(
        ErrorKind::Internal,
        "the key was lost in an earlier failure",
    )
}
