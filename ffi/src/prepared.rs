//! `kyso_prepared`: a signature that waits for its value.

use std::ffi::{CString, c_char};
use std::ptr;

use kyso::sign::Level;
use kyso::{Answer, Error, ErrorKind, Prepared, PreparedDocument, Signed};
use kyso_map::Access;

use crate::border::{Caller, Handle, c_string};
use crate::bytes::kyso_bytes;
use crate::certificate::kyso_certificates;
use crate::error::kyso_error;
use crate::file;
use crate::status::{kyso_existing, kyso_status};

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
    document_digest: Vec<u8>,
    algorithm: Option<CString>,
    state: State,
}

/// With its signer, or before anyone knows whose it will be.
enum State {
    Signer(Prepared),
    Open(PreparedDocument),
}

impl From<Prepared> for Waiting {
    fn from(prepared: Prepared) -> Self {
        Self {
            message: prepared.to_be_signed().message().to_vec(),
            digest: prepared.digest().as_bytes().to_vec(),
            document_digest: prepared.document_digest().as_bytes().to_vec(),
            algorithm: Some(c_string(prepared.algorithm().to_string())),
            state: State::Signer(prepared),
        }
    }
}

impl From<PreparedDocument> for Waiting {
    fn from(document: PreparedDocument) -> Self {
        Self {
            message: Vec::new(),
            digest: Vec::new(),
            document_digest: document.document_digest().as_bytes().to_vec(),
            algorithm: None,
            state: State::Open(document),
        }
    }
}

impl Waiting {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        match Prepared::from_bytes(bytes) {
            Err(error) if error.kind() == ErrorKind::Misuse => {
                Ok(PreparedDocument::from_bytes(bytes)?.into())
            }
            prepared => Ok(prepared?.into()),
        }
    }

    fn complete<'i>(&self, input: &'i [u8], answer: &[u8]) -> Result<Signed<'i>, Error> {
        self.complete_at(input, answer, Level::BB)
    }

    pub(crate) fn complete_at<'i>(
        &self,
        input: &'i [u8],
        answer: &[u8],
        level: Level<'_>,
    ) -> Result<Signed<'i>, Error> {
        match (&self.state, Answer::of(answer.to_vec())) {
            (State::Signer(prepared), answer) => prepared.clone().complete_at(input, answer, level),
            (State::Open(document), Answer::Cms(cms)) => {
                document.clone().complete_at(input, &cms, level)
            }
            (State::Open(_), _) => Err(Error::new(
                ErrorKind::Misuse,
                "the state has no signer yet, so a whole CMS is needed",
            )),
        }
    }
}

/// The digest that has to be signed, as it is: do not hash it once more. Its length goes to `*len`;
/// it is 0 while the state has no signer. NULL, and `*len` is left alone, for NULL.
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

/// The digest of the document, for a service that makes a whole CMS; its message-digest attribute
/// then holds it. Never have it signed by a bare key: that is refused. Its length goes to `*len`.
/// NULL, and `*len` is left alone, for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_document_digest(
    prepared: *const kyso_prepared,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let waiting = caller.shared(prepared)?;
        caller.out("len", len)?.set(waiting.document_digest.len());
        Ok(waiting.document_digest.as_ptr())
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

/// The word of the algorithm chosen when preparing, such as `rsa-pkcs1-sha256`. NULL for NULL and
/// while the state has no signer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_algorithm(prepared: *const kyso_prepared) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let algorithm = &caller.shared(prepared)?.algorithm;
        Ok(algorithm.as_ref().map_or(ptr::null(), |word| word.as_ptr()))
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
        Ok(match &caller.shared(prepared)?.state {
            State::Signer(prepared) => prepared.to_bytes(),
            State::Open(document) => document.to_bytes(),
        })
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
        Waiting::read(caller.bytes("data", data, len)?)
    })
}

/// The certificate is known now: makes a state with a signer of one that has none. `certificates`
/// holds the signer's own first, then the chain to embed. `KYSO_MISUSE` for a state that has a
/// signer, for an algorithm that does not fit the key or has another hash than was prepared with;
/// `KYSO_TOO_LARGE` where the chain does not fit into the room, which cannot grow any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_with_signer(
    prepared: *const kyso_prepared,
    certificates: *const kyso_certificates,
    algorithm: *const c_char,
    out: *mut *mut kyso_prepared,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let State::Open(document) = &caller.shared(prepared)?.state else {
            return Err(Error::new(
                ErrorKind::Misuse,
                "the state has a signer already",
            ));
        };
        let certificates = caller.shared(certificates)?;
        let algorithm = caller.text("algorithm", algorithm)?.parse()?;
        Ok(document
            .clone()
            .with_signer(&certificates, algorithm)?
            .into())
    })
}

/// The second step, in memory: puts the answer into the very file that was prepared. The answer is
/// the raw signature value (as a `kyso_sign_callback` gives it, or r and s side by side), or a whole
/// CMS, DER, made over `kyso_prepared_document_digest`. `KYSO_MISMATCH` for another file, and for
/// what does not verify, in words of what was signed instead where that can be told; the state can
/// then be tried again.
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
        Ok(waiting.complete(input, signature)?.to_vec())
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
        file::sign_file(
            &caller,
            (input_path, output_path),
            if_existing,
            Access::Map,
            |input| waiting.complete(input, signature),
        )
    })
}

/// Ends it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_free(prepared: *mut kyso_prepared) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(prepared);
}
