//! `kyso_error`: why a call failed.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use kyso::{Error, Lang};

use crate::border::{Caller, Handle, c_string};
use crate::status::{KYSO_MISUSE, kyso_lang, kyso_status, lang, number};

/// Why a call failed.
#[allow(non_camel_case_types)]
pub struct kyso_error(());

impl Handle for kyso_error {
    type Value = Failure;
    const TAG: u64 = u64::from_be_bytes(*b"ky1error");
    const NAME: &'static str = "kyso_error";
}

/// An error, with its texts as C wants them.
pub(crate) struct Failure {
    error: Error,
    code: CString,
    vi: OnceLock<CString>,
    en: OnceLock<CString>,
}

impl Failure {
    pub(crate) fn new(error: Error) -> Self {
        Self {
            code: c_string(error.code()),
            error,
            vi: OnceLock::new(),
            en: OnceLock::new(),
        }
    }
}

/// The number: what the call returned. `KYSO_MISUSE` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_status(error: *const kyso_error) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(KYSO_MISUSE, || {
        Ok(number(caller.shared(error)?.error.kind()))
    })
}

/// The stable text code, such as `input.malformed`: the one of the JSON report and of the other
/// bindings. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_code(error: *const kyso_error) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || Ok(caller.shared(error)?.code.as_ptr()))
}

/// One sentence or two for a person: what happened, where, and what to do next. Nothing in it can
/// steer a terminal. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_message(
    error: *const kyso_error,
    language: kyso_lang,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let failure = caller.shared(error)?;
        let language = lang(language);
        let text = match language {
            Lang::Vi => &failure.vi,
            _ => &failure.en,
        };
        let text = text.get_or_init(|| c_string(failure.error.message(language)));
        Ok(text.as_ptr())
    })
}

/// Ends an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_free(error: *mut kyso_error) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(error);
}
