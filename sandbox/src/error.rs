//! What can go wrong while drawing: rarely anything but a disk or a caller's odd wish.

use std::error::Error;
use std::fmt;
use std::io;

/// The work could not be done. The text is English and for developers; the sandbox has no users
/// who are not.
#[derive(Debug)]
#[non_exhaustive]
pub enum SandboxError {
    /// A key could not be made, read or used.
    Key(Box<dyn Error + Send + Sync>),
    /// The wished certificate cannot be expressed in DER: a time before 1970, a name of
    /// characters its string type lacks, an object identifier that is none.
    Certificate(Box<dyn Error + Send + Sync>),
    /// The PKCS#12 container could not be written.
    Container(Box<dyn Error + Send + Sync>),
    /// The document could not be drawn: a character the typeface lacks, or a day that no
    /// calendar has.
    Document(Box<dyn Error + Send + Sync>),
    /// The text does not fit on one page, even in the smallest size Decree 30/2020 allows.
    TooLong,
    /// A file could not be written.
    Io(io::Error),
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SandboxError::Key(cause) => write!(f, "the key cannot be used: {cause}"),
            SandboxError::Certificate(cause) => write!(f, "the certificate cannot be: {cause}"),
            SandboxError::Container(cause) => write!(f, "PKCS#12 was not written: {cause}"),
            SandboxError::Document(cause) => write!(f, "the document was not drawn: {cause}"),
            SandboxError::TooLong => f.write_str("the text does not fit on one A4 page"),
            SandboxError::Io(cause) => write!(f, "a file was not written: {cause}"),
        }
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            SandboxError::Key(cause)
            | SandboxError::Certificate(cause)
            | SandboxError::Container(cause)
            | SandboxError::Document(cause) => Some(cause.as_ref()),
            SandboxError::TooLong => None,
            SandboxError::Io(cause) => Some(cause),
        }
    }
}

impl From<io::Error> for SandboxError {
    fn from(cause: io::Error) -> Self {
        SandboxError::Io(cause)
    }
}

impl From<x509_cert::der::Error> for SandboxError {
    fn from(cause: x509_cert::der::Error) -> Self {
        SandboxError::Certificate(cause.into())
    }
}

/// For `map_err`: any cause as an unusable key.
pub(crate) fn bad_key(cause: impl Into<Box<dyn Error + Send + Sync>>) -> SandboxError {
    SandboxError::Key(cause.into())
}

/// For `map_err`: any cause as a certificate that cannot be.
pub(crate) fn bad_certificate(cause: impl Into<Box<dyn Error + Send + Sync>>) -> SandboxError {
    SandboxError::Certificate(cause.into())
}

/// For `map_err`: any cause as a container that was not written.
pub(crate) fn bad_container(cause: impl Into<Box<dyn Error + Send + Sync>>) -> SandboxError {
    SandboxError::Container(cause.into())
}

/// For `map_err`: any cause as a document that was not drawn.
pub(crate) fn bad_document(cause: impl Into<Box<dyn Error + Send + Sync>>) -> SandboxError {
    SandboxError::Document(cause.into())
}
