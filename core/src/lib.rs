//! Signs and verifies the documents of a state.

pub mod cms;
pub mod crypto;
pub mod edxml;
pub mod der;
pub mod error;
pub mod limits;
pub mod message;
pub mod policy;
pub mod report;
pub mod time;
pub mod verdict;
pub mod xml;
pub mod x509;
pub mod tsp;

pub use edxml::Envelope;
pub use error::{Error, ErrorKind, ErrorRow, Place};
pub use limits::Limits;
pub use message::Lang;
pub use policy::{Policy, Revocation};
pub use report::{Report, SignatureReport};
pub use time::Time;
pub use verdict::{Indication, Reason, SubIndication};
