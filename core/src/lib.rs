//! Signs and verifies the documents of a state.

pub mod cms;
pub mod crypto;
pub mod der;
pub mod edxml;
pub mod error;
pub mod evidence;
pub mod limits;
pub mod message;
mod pades;
pub mod path;
mod pdf;
pub mod policy;
pub mod report;
pub mod sign;
pub mod time;
pub mod trust;
pub mod tsp;
mod validate;
pub mod verdict;
pub mod verify;
pub mod x509;
pub mod xml;

pub use edxml::{Envelope, EnvelopeBuilder};
pub use error::{Error, ErrorKind, ErrorRow, Place};
pub use limits::Limits;
pub use message::Lang;
pub use policy::{Policy, Revocation};
pub use report::{Report, SignatureReport};
pub use sign::{Answer, LocalKey, Prepared, Signed, Signer};
pub use time::Time;
pub use trust::TrustStore;
pub use verdict::{Indication, Reason, SubIndication};
pub use verify::Verifier;
pub use x509::Certificate;
