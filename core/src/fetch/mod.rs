//! Asking addresses: the trait [`Fetch`] that a door hands in, what is asked ([`Request`]), and the
//! trait [`Cache`] for what was had before.
//!
//! There is no socket here. The default is to ask nobody; [`Recorded`] answers from memory. Whose
//! addresses may be asked, and in which order, is decided in judgement: only those of a certificate
//! on a path that reached an anchor, and those on a list.

mod address;
mod cache;
mod recorded;

pub use address::{Address, Host, Reach};
pub use cache::{Cache, CacheFault, CacheKey, Kept};
pub use recorded::Recorded;

use std::error::Error as StdError;
use std::fmt;

use crate::error::{Error, ErrorKind};
use crate::message::{self, Lang};
use crate::verdict::FetchFault;

/// Asks an address. One method, so that an HTTP stack of one's own can stand behind it.
///
/// What an implementation has to keep, since addresses come out of certificates: no redirects; no
/// answer beyond [`Request::limit`]; a limit of time; only hosts that resolve to a public address
/// ([`Reach::of`]), and the connection made to the very address that was looked at.
///
/// ```
/// use kyso::fetch::{Fetch, FetchError, Request};
/// use kyso::verdict::FetchFault;
///
/// /// Asks nobody.
/// struct Offline;
///
/// impl Fetch for Offline {
///     fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError> {
///         Err(FetchError::new(&request.address, FetchFault::Timeout))
///     }
/// }
/// ```
pub trait Fetch {
    /// The octets that the address answers with, of at most [`Request::limit`].
    ///
    /// # Errors
    ///
    /// [`FetchError`] with what stood in the way. It lowers no verdict by itself, and stands in the
    /// report beside what is missing for it.
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError>;

    /// Waits a little before an address is asked for the `attempt`th time again, counted from 1.
    /// By default not at all: the library has no clock.
    fn pause(&self, attempt: u32) {
        let _ = attempt;
    }
}

/// One question to one address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Where to ask.
    pub address: Address,
    /// What is asked for.
    pub wanted: Wanted,
    /// What to send (POST); nothing: GET.
    pub body: Option<Vec<u8>>,
    /// The most octets that an answer may have.
    pub limit: u64,
}

impl Request {
    /// A question with a body is sent by POST, one without by GET.
    pub fn new(address: Address, wanted: Wanted, body: Option<Vec<u8>>, limit: u64) -> Self {
        Self {
            address,
            wanted,
            body,
            limit,
        }
    }
}

/// What a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wanted {
    /// An OCSP response (RFC 6960 App. A).
    Ocsp,
    /// A revocation list (RFC 2585).
    Crl,
    /// Certificates: one in DER, or PKCS#7 (RFC 5280 §4.2.2.1).
    Certificates,
    /// A time-stamp token (RFC 3161 §3.4).
    TimeStamp,
}

impl Wanted {
    /// The media type of what is sent; nothing is sent for lists and certificates.
    pub fn content_type(self) -> Option<&'static str> {
        match self {
            Self::Ocsp => Some("application/ocsp-request"),
            Self::TimeStamp => Some("application/timestamp-query"),
            Self::Crl | Self::Certificates => None,
        }
    }

    /// The media types that are hoped for. What comes is judged by its octets alone: real servers
    /// send certificates as text.
    pub fn accept(self) -> &'static str {
        match self {
            Self::Ocsp => "application/ocsp-response",
            Self::TimeStamp => "application/timestamp-reply",
            Self::Crl => "application/pkix-crl, */*;q=0.5",
            Self::Certificates => "application/pkix-cert, application/pkcs7-mime, */*;q=0.5",
        }
    }
}

/// What stood in the way, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    address: String,
    fault: FetchFault,
}

impl FetchError {
    /// This fault at this address.
    pub fn new(address: &Address, fault: FetchFault) -> Self {
        Self {
            address: address.to_string(),
            fault,
        }
    }

    /// The address that was asked.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What stood in the way.
    pub fn fault(&self) -> &FetchFault {
        &self.fault
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = message::fetch_fault(&self.fault, Lang::En);
        write!(f, "{}: {}", message::visible(&self.address), why)
    }
}

impl StdError for FetchError {}

impl From<FetchError> for Error {
    fn from(error: FetchError) -> Self {
        Self::new(ErrorKind::Fetch, error.to_string()).caused_by(error)
    }
}
