//! `kyso_bytes`: octets that a call made.

use std::ptr;

use crate::border::{Caller, Handle};

/// Octets that a call made: a signed file, an attachment, a state to be kept.
#[allow(non_camel_case_types)]
pub struct kyso_bytes(());

impl Handle for kyso_bytes {
    type Value = Vec<u8>;
    const TAG: u64 = u64::from_be_bytes(*b"ky1bytes");
    const NAME: &'static str = "kyso_bytes";
}

/// The octets, owned by the object; never NULL for an object, even an empty one. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_bytes_data(bytes: *const kyso_bytes) -> *const u8 {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || Ok(caller.shared(bytes)?.as_ptr()))
}

/// How many there are. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_bytes_len(bytes: *const kyso_bytes) -> usize {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(0, || Ok(caller.shared(bytes)?.len()))
}

/// Ends it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_bytes_free(bytes: *mut kyso_bytes) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(bytes);
}
