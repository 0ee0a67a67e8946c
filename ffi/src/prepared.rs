//! `kyso_prepared`: a signature that waits for its value.

use std::ffi::{CString, c_char};
use std::ptr;

use kyso::{Answer, Prepared};
use kyso_map::Access;

use crate::border::{Caller, Handle, c_string};
use crate::bytes::kyso_bytes;
use crate::error::kyso_error;
use crate::file;
use crate::status::{existing, kyso_existing, kyso_status};

/// A signature that waits for its value. It holds no secret and not the file.
#[allow(non_camel_case_types)]
pub struct kyso_prepared(());

impl Handle for kyso_prepared {
    type Value = Waiting;
    const TAG: u64 = u64::from_be_bytes(*b"ky1prepa");
    const NAME: &'static str = "kyso_prepared";
}

/// A prepared signature, with what its accessors show.
pub(crate) struct Waiting {
    message: Vec<u8>,
    digest: Vec<u8>,
    algorithm: CString,
    prepared: Prepared,
}

impl From<Prepared> for Waiting {
    fn from(prepared: Prepared) -> Self {
        Self {
            message: prepared.to_be_signed().message().to_vec(),
            digest: prepared.digest().as_bytes().to_vec(),
            algorithm: c_string(prepared.algorithm().to_string()),
            prepared,
        }
    }
}

/// The digest that has to be signed, as it is: do not hash it once more. Its length goes to `*len`.
/// NULL, and `*len` is left alone, for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_digest(
    prepared: *const kyso_prepared,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let waiting = caller.shared(prepared)?;
        caller.out("len", len)?.set(waiting.digest.len());
        Ok(waiting.digest.as_ptr())
    })
}

/// The message that has to be signed, for devices that hash it themselves and for Ed25519. Its
/// length goes to `*len`. NULL, and `*len` is left alone, for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_message(
    prepared: *const kyso_prepared,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let waiting = caller.shared(prepared)?;
        caller.out("len", len)?.set(waiting.message.len());
        Ok(waiting.message.as_ptr())
    })
}

/// The word of the algorithm chosen when preparing, such as `rsa-pkcs1-sha256`. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_algorithm(prepared: *const kyso_prepared) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        Ok(caller.shared(prepared)?.algorithm.as_ptr())
    })
}

/// The state as octets (JSON, `kyso-prepared/1`), to be kept or sent, and read by
/// `kyso_prepared_from_bytes`, the command line or another binding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_to_bytes(
    prepared: *const kyso_prepared,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        Ok(caller.shared(prepared)?.prepared.to_bytes())
    })
}

/// Reads a state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_from_bytes(
    data: *const u8,
    len: usize,
    out: *mut *mut kyso_prepared,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        Ok(Prepared::from_bytes(caller.bytes("data", data, len)?)?.into())
    })
}

/// The second step, in memory: puts the raw signature value (as a `kyso_sign_callback` gives it)
/// into the very file that was prepared. `KYSO_MISMATCH` for another file, and for a value that
/// does not verify under the certificate; the state can then be tried again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_complete(
    prepared: *const kyso_prepared,
    input: *const u8,
    input_len: usize,
    signature: *const u8,
    signature_len: usize,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let waiting = caller.shared(prepared)?;
        let input = caller.bytes("input", input, input_len)?;
        let signature = caller.bytes("signature", signature, signature_len)?;
        let answer = Answer::Raw(signature.to_vec());
        Ok(waiting.prepared.clone().complete(input, answer)?.to_vec())
    })
}

/// As `kyso_prepared_complete`, for a file. The output appears whole or not at all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_complete_file(
    prepared: *const kyso_prepared,
    input_path: *const c_char,
    signature: *const u8,
    signature_len: usize,
    output_path: *const c_char,
    if_existing: kyso_existing,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let waiting = caller.shared(prepared)?;
        let signature = caller.bytes("signature", signature, signature_len)?;
        let output = caller.path("output_path", output_path)?;
        let if_existing = existing(if_existing)?;
        let input = file::open(&caller.path("input_path", input_path)?, Access::Map)?;
        let answer = Answer::Raw(signature.to_vec());
        let signed = waiting.prepared.clone().complete(&input, answer)?;
        file::write(&signed, &output, if_existing)
    })
}

/// Ends it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_free(prepared: *mut kyso_prepared) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(prepared);
}
