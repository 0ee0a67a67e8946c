//! What could not be done, and where: [`Error`], [`ErrorKind`], [`Place`].
//!
//! Three things never share a type in this library: an [`Error`] says "I could not do it", a
//! [`Reason`](crate::verdict::Reason) says "this is what I found", and an error of the kind
//! [`ErrorKind::Misuse`] says "you called me wrongly". Verifying has no error path: whatever the
//! bytes, it answers with a report.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::message::{self, Lang};

/// The work could not be done.
///
/// One small type for every door: [`kind`](Error::kind) binds the same case to a stable text code,
/// a C number, a Python class and an exit status ([`ErrorKind::table`]).
///
/// ```
/// use kyso::{ErrorKind, Lang, TrustStore};
///
/// let error = TrustStore::from_pem(b"not a certificate").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Malformed);
/// assert_eq!(error.code(), "input.malformed");
/// assert!(error.message(Lang::En).contains("certificate"));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    place: Option<Place>,
    detail: Cow<'static, str>,
    detail_vi: Option<Cow<'static, str>>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this kind; `detail` is a short technical phrase in English that names the thing
    /// at fault. It never holds a secret.
    pub fn new(kind: ErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            place: None,
            detail: detail.into(),
            detail_vi: None,
            source: None,
        }))
    }

    /// The same detail in Vietnamese, for those that a person is meant to act upon.
    #[must_use]
    pub fn in_vietnamese(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail_vi = Some(detail.into());
        self
    }

    /// Adds where in the input it happened.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// Adds the error of another library that lies behind this one.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Where in the input, where that is known.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The technical phrase, in English.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The phrase in a language: in English where there is no other.
    pub(crate) fn detail_in(&self, lang: Lang) -> &str {
        match (lang, &self.0.detail_vi) {
            (Lang::Vi, Some(detail)) => detail,
            _ => &self.0.detail,
        }
    }

    /// The stable text code, such as `input.malformed`.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// One sentence for a person: what happened, where, and what to do next.
    pub fn message(&self, lang: Lang) -> String {
        message::error(self, lang)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("place", &self.0.place)
            .field("detail", &self.0.detail)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|e| &**e as _)
    }
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is not what it claims to be.
    Malformed,
    /// A limit of [`Limits`](crate::Limits) was reached.
    TooLarge,
    /// An algorithm, an encryption or a feature that is not offered.
    Unsupported,
    /// An encrypted input that no known password opens.
    Locked,
    /// What the signature is to show cannot be drawn: a letter without a glyph, a picture that cannot
    /// be read, a place that is not there or does not suffice.
    Appearance,
    /// The password or PIN of a key was refused.
    KeyPassword,
    /// The signing device or service failed or did not answer.
    SignerFailed,
    /// The private key does not belong to the certificate.
    KeyMismatch,
    /// The key cannot be used: its kind or size is not one that may sign.
    KeyUnusable,
    /// The signing device or the person behind it refused.
    SignerRefused,
    /// A service asked over the network failed while signing or extending.
    Fetch,
    /// [`Prepared::complete`](crate::Prepared::complete) got another file, or an answer that does not verify.
    Mismatch,
    /// The result would not be what was asked for, or a signature that is there already would be
    /// worth less; nothing was made.
    Refused,
    /// Contradictory or incomplete settings, found when they are built.
    Misuse,
    /// An input could not be read.
    InputUnreadable,
    /// An output could not be written.
    OutputUnwritable,
    /// A defect of this library.
    Internal,
}

/// One line of the table that binds an [`ErrorKind`] to the five worlds it appears in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorRow {
    /// The kind.
    pub kind: ErrorKind,
    /// Stable text code, the one in JSON.
    pub code: &'static str,
    /// Number in `kyso.h`; numbers are never reused.
    pub c_number: i32,
    /// Class in the Python module.
    pub python: &'static str,
    /// Exit status of the command line (`sysexits.h` where it has one).
    pub exit: u8,
}

const TABLE: [ErrorRow; 17] = [
    row(
        ErrorKind::Malformed,
        "input.malformed",
        10,
        "MalformedError",
        65,
    ),
    row(ErrorKind::TooLarge, "input.too_large", 11, "LimitError", 65),
    row(
        ErrorKind::Unsupported,
        "input.unsupported",
        12,
        "UnsupportedError",
        65,
    ),
    row(ErrorKind::Locked, "input.locked", 13, "LockedError", 65),
    row(
        ErrorKind::Appearance,
        "appearance",
        14,
        "AppearanceError",
        65,
    ),
    row(
        ErrorKind::KeyPassword,
        "key.password",
        20,
        "SigningKeyError",
        77,
    ),
    row(
        ErrorKind::SignerFailed,
        "signer.failed",
        21,
        "SignerError",
        69,
    ),
    row(
        ErrorKind::KeyMismatch,
        "key.mismatch",
        22,
        "SigningKeyError",
        77,
    ),
    row(
        ErrorKind::KeyUnusable,
        "key.unusable",
        23,
        "SigningKeyError",
        77,
    ),
    row(
        ErrorKind::SignerRefused,
        "signer.refused",
        24,
        "SignerError",
        77,
    ),
    row(ErrorKind::Fetch, "fetch.failed", 30, "FetchError", 69),
    row(
        ErrorKind::Mismatch,
        "complete.mismatch",
        40,
        "MismatchError",
        65,
    ),
    row(ErrorKind::Refused, "result.refused", 41, "RefusedError", 65),
    row(ErrorKind::Misuse, "misuse", 50, "UsageError", 64),
    row(ErrorKind::InputUnreadable, "io.input", 60, "InputError", 66),
    row(
        ErrorKind::OutputUnwritable,
        "io.output",
        61,
        "OutputError",
        74,
    ),
    row(ErrorKind::Internal, "internal", 90, "InternalError", 70),
];

const fn row(
    kind: ErrorKind,
    code: &'static str,
    c_number: i32,
    python: &'static str,
    exit: u8,
) -> ErrorRow {
    ErrorRow {
        kind,
        code,
        c_number,
        python,
        exit,
    }
}

impl ErrorKind {
    /// Every kind with its code, C number, Python class and exit status.
    pub fn table() -> &'static [ErrorRow] {
        &TABLE
    }

    /// This kind's line of the [table](ErrorKind::table).
    pub fn row(self) -> &'static ErrorRow {
        // A test walks every kind, so the fallback (the last row, `internal`) is never reached.
        TABLE
            .iter()
            .find(|row| row.kind == self)
            .unwrap_or(&TABLE[TABLE.len() - 1])
    }

    /// The stable text code.
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// The exit status of the command line.
    pub fn exit(self) -> u8 {
        self.row().exit
    }
}

/// Where in an input something is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A byte offset from the start of the input.
    Offset(u64),
    /// A PDF object, and the revision (counted from 1) that holds it, where known.
    Object {
        /// Object number.
        number: u32,
        /// Revision, counted from 1.
        revision: Option<u32>,
    },
    /// An XML element by path, such as `/edXML/edXMLEnvelope/edXMLHeader`.
    Element(String),
    /// A named part: an attachment, a field, a setting.
    Part(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset(offset) => write!(f, "offset {offset}"),
            Self::Object {
                number,
                revision: Some(revision),
            } => write!(f, "object {number}, revision {revision}"),
            Self::Object {
                number,
                revision: None,
            } => write!(f, "object {number}"),
            Self::Element(path) | Self::Part(path) => f.write_str(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_exactly_one_row_and_no_c_number_is_used_twice() {
        for (i, a) in TABLE.iter().enumerate() {
            assert_eq!(a.kind.row(), a);
            for b in &TABLE[i + 1..] {
                assert_ne!(a.kind, b.kind);
                assert_ne!(a.c_number, b.c_number);
                assert_ne!(a.code, b.code);
            }
        }
    }
}
