//! The numbers that calls return, and the words and numbers of `kyso.h` that belong to no object.

use std::ffi::{CStr, c_char};

use kyso::{ErrorKind, Indication, Lang};

use crate::border::misuse;

/// What a call returns: `KYSO_OK`, or the number of an error. Numbers are added over time and never
/// used again for something else; treat a number that you do not know as a failure.
#[allow(non_camel_case_types)]
pub type kyso_status = i32;

/// The work is done.
pub const KYSO_OK: kyso_status = 0;
/// The input is not what it claims to be.
pub const KYSO_MALFORMED: kyso_status = 10;
/// A limit was reached.
pub const KYSO_TOO_LARGE: kyso_status = 11;
/// An algorithm, an encryption or a feature that is not offered.
pub const KYSO_UNSUPPORTED: kyso_status = 12;
/// An encrypted input that no known password opens.
pub const KYSO_LOCKED: kyso_status = 13;
/// What the signature is to show cannot be drawn: a letter without a glyph, a picture that cannot be
/// read, a place that is not there or does not suffice.
pub const KYSO_APPEARANCE: kyso_status = 14;
/// The password or PIN of a key was refused.
pub const KYSO_KEY_PASSWORD: kyso_status = 20;
/// The signing device or service failed or did not answer.
pub const KYSO_SIGNER_FAILED: kyso_status = 21;
/// The private key does not belong to the certificate.
pub const KYSO_KEY_MISMATCH: kyso_status = 22;
/// The key cannot be used: its kind or size is not one that may sign.
pub const KYSO_KEY_UNUSABLE: kyso_status = 23;
/// The signing device or the person behind it refused.
pub const KYSO_SIGNER_REFUSED: kyso_status = 24;
/// A service asked over the network failed.
pub const KYSO_FETCH: kyso_status = 30;
/// `kyso_prepared_complete` got another file, or an answer that does not verify.
pub const KYSO_MISMATCH: kyso_status = 40;
/// The result would not be what was asked for, or a signature that is there already would be worth
/// less; nothing was made.
pub const KYSO_REFUSED: kyso_status = 41;
/// A wrong call: NULL where none may be, an object of another type, text that is not UTF-8,
/// contradictory or incomplete settings.
pub const KYSO_MISUSE: kyso_status = 50;
/// An input could not be read.
pub const KYSO_INPUT_UNREADABLE: kyso_status = 60;
/// An output could not be written.
pub const KYSO_OUTPUT_UNWRITABLE: kyso_status = 61;
/// A defect of this library.
pub const KYSO_INTERNAL: kyso_status = 90;

/// The language of a message; any other number counts as English.
#[allow(non_camel_case_types)]
pub type kyso_lang = i32;

/// English.
pub const KYSO_LANG_EN: kyso_lang = 0;
/// Vietnamese.
pub const KYSO_LANG_VI: kyso_lang = 1;

/// The main answer about a signature or a file (ETSI EN 319 102-1). Only `KYSO_TOTAL_PASSED` is
/// good.
#[allow(non_camel_case_types)]
pub type kyso_indication = i32;

/// There is no signature.
pub const KYSO_INDICATION_NONE: kyso_indication = 0;
/// Every check passed.
pub const KYSO_TOTAL_PASSED: kyso_indication = 1;
/// The available information does not suffice to say.
pub const KYSO_INDETERMINATE: kyso_indication = 2;
/// The cryptography fails, or the format does, or it is proven that the key was not valid.
pub const KYSO_TOTAL_FAILED: kyso_indication = 3;

/// What happens to an output file that is already there.
#[allow(non_camel_case_types)]
pub type kyso_existing = i32;

/// It stays, and the call fails with `KYSO_OUTPUT_UNWRITABLE`.
pub const KYSO_EXISTING_KEEP: kyso_existing = 0;
/// It is replaced, in one step.
pub const KYSO_EXISTING_REPLACE: kyso_existing = 1;

/// The version of this library, such as `0.1.0`. The text lives as long as the process.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The constant of the standard: `TOTAL-PASSED`, `INDETERMINATE`, `TOTAL-FAILED`, or `NONE` for
/// every other number. The text lives as long as the process.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_indication_name(indication: kyso_indication) -> *const c_char {
    let name = match indication {
        KYSO_TOTAL_PASSED => c"TOTAL-PASSED",
        KYSO_INDETERMINATE => c"INDETERMINATE",
        KYSO_TOTAL_FAILED => c"TOTAL-FAILED",
        _ => c"NONE",
    };
    name.as_ptr()
}

pub(crate) fn number(kind: ErrorKind) -> kyso_status {
    kind.row().c_number
}

/// What a signing function means by a number other than `KYSO_OK`.
pub(crate) fn refusal(status: kyso_status) -> ErrorKind {
    match status {
        KYSO_KEY_PASSWORD => ErrorKind::KeyPassword,
        KYSO_KEY_UNUSABLE => ErrorKind::KeyUnusable,
        KYSO_SIGNER_REFUSED => ErrorKind::SignerRefused,
        _ => ErrorKind::SignerFailed,
    }
}

pub(crate) fn lang(lang: kyso_lang) -> Lang {
    match lang {
        KYSO_LANG_VI => Lang::Vi,
        _ => Lang::En,
    }
}

pub(crate) fn indication(indication: Option<Indication>) -> kyso_indication {
    match indication {
        None => KYSO_INDICATION_NONE,
        Some(Indication::TotalPassed) => KYSO_TOTAL_PASSED,
        Some(Indication::Indeterminate) => KYSO_INDETERMINATE,
        Some(Indication::TotalFailed) => KYSO_TOTAL_FAILED,
    }
}

pub(crate) fn existing(existing: kyso_existing) -> Result<kyso_map::Existing, kyso::Error> {
    match existing {
        KYSO_EXISTING_KEEP => Ok(kyso_map::Existing::Keep),
        KYSO_EXISTING_REPLACE => Ok(kyso_map::Existing::Replace),
        _ => Err(misuse("the number has no meaning", "existing")),
    }
}

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_its_number_in_the_header() {
        let numbers = [
            (ErrorKind::Malformed, KYSO_MALFORMED),
            (ErrorKind::TooLarge, KYSO_TOO_LARGE),
            (ErrorKind::Unsupported, KYSO_UNSUPPORTED),
            (ErrorKind::Locked, KYSO_LOCKED),
            (ErrorKind::Appearance, KYSO_APPEARANCE),
            (ErrorKind::KeyPassword, KYSO_KEY_PASSWORD),
            (ErrorKind::SignerFailed, KYSO_SIGNER_FAILED),
            (ErrorKind::KeyMismatch, KYSO_KEY_MISMATCH),
            (ErrorKind::KeyUnusable, KYSO_KEY_UNUSABLE),
            (ErrorKind::SignerRefused, KYSO_SIGNER_REFUSED),
            (ErrorKind::Fetch, KYSO_FETCH),
            (ErrorKind::Mismatch, KYSO_MISMATCH),
            (ErrorKind::Refused, KYSO_REFUSED),
            (ErrorKind::Misuse, KYSO_MISUSE),
            (ErrorKind::InputUnreadable, KYSO_INPUT_UNREADABLE),
            (ErrorKind::OutputUnwritable, KYSO_OUTPUT_UNWRITABLE),
            (ErrorKind::Internal, KYSO_INTERNAL),
        ];
        assert_eq!(ErrorKind::table().len(), numbers.len());
        for row in ErrorKind::table() {
            let found = numbers.iter().find(|(kind, _)| *kind == row.kind);
            assert_eq!(
                found.map(|(_, number)| *number),
                Some(row.c_number),
                "{:?}",
                row.kind
            );
            assert_eq!(number(row.kind), row.c_number);
        }
    }

    #[test]
    fn a_number_without_meaning_never_reads_as_a_pass() {
        for number in [-1, 0, 4, i32::MAX, i32::MIN] {
            let name = kyso_indication_name(number);
            // SAFETY: the text is a constant of this library.
            assert_eq!(unsafe { CStr::from_ptr(name) }, c"NONE");
        }
    }
}
