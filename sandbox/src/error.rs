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
    /// The folder of an authority is not as it should be, or does not hold what was asked for.
    Folder(FolderFault),
    /// A file could not be read or written, or the service could not be opened.
    Io(io::Error),
}

/// What is wrong with a folder, or with what was asked of it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum FolderFault {
    /// A file that every such folder has is not there: it is none.
    Missing(String),
    /// The index cannot be read.
    BadIndex(String),
    /// No certificate of the folder is called so.
    Unknown(String),
    /// The certificate is revoked for good.
    RevokedAlready(String),
    /// The certificate is not on hold, so there is nothing to lift.
    NotOnHold(String),
    /// Another command has been changing the index for seconds, or was cut off while it did.
    Locked,
    /// A name that files of the folder cannot have.
    BadFileName(String),
}

impl fmt::Display for FolderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FolderFault::Missing(name) => write!(f, "{name} is not there"),
            FolderFault::BadIndex(why) => write!(f, "index.json cannot be read: {why}"),
            FolderFault::Unknown(word) => write!(f, "no certificate is called {word}"),
            FolderFault::RevokedAlready(file) => write!(f, "{file} is revoked already"),
            FolderFault::NotOnHold(file) => write!(f, "{file} is not on hold"),
            FolderFault::Locked => f.write_str("index.lock is held by another"),
            FolderFault::BadFileName(name) => write!(f, "{name:?} is no name for files"),
        }
    }
}

impl From<FolderFault> for SandboxError {
    fn from(fault: FolderFault) -> Self {
        SandboxError::Folder(fault)
    }
}

impl From<x509_cert::der::pem::Error> for SandboxError {
    fn from(cause: x509_cert::der::pem::Error) -> Self {
        SandboxError::Certificate(cause.to_string().into())
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SandboxError::Key(cause) => write!(f, "the key cannot be used: {cause}"),
            SandboxError::Certificate(cause) => write!(f, "the certificate cannot be: {cause}"),
            SandboxError::Container(cause) => write!(f, "PKCS#12 was not written: {cause}"),
            SandboxError::Document(cause) => write!(f, "the document was not drawn: {cause}"),
            SandboxError::TooLong => f.write_str("the text does not fit on one A4 page"),
            SandboxError::Folder(fault) => fault.fmt(f),
            SandboxError::Io(cause) => write!(f, "a file cannot be read or written: {cause}"),
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
            SandboxError::TooLong | SandboxError::Folder(_) => None,
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
