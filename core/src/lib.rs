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
#[allow(dead_code, unreachable_pub)]
mod crypto;
#[allow(dead_code)] // the doors that use these rooms are not built yet
mod pades;
#[allow(dead_code)] // the same
mod pdf;
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
