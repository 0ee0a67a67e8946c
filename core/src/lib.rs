//! Signs and verifies the documents of a state.

pub mod crypto;
pub mod error;
pub mod limits;
pub mod message;
pub mod time;
pub mod x509;

pub use error::{Error, ErrorKind, ErrorRow, Place};
pub use limits::Limits;
pub use message::Lang;
pub use time::Time;
