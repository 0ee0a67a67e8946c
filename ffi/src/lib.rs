//! The C interface of kyso: `libkyso` and `kyso.h`.
//!
//! A translation, never a decision: each function turns its arguments into a call of the crate
//! `kyso` and the answer into numbers, text and opaque objects. The conventions are the comment at
//! the top of `include/kyso.h`, which is made from these sources (`cbindgen.toml`).
//!
//! There is one file for each type of the header; all pointer work is in `border`.

#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]
// What a caller has to keep is written once, at the top of the header, for all functions.
#![allow(clippy::missing_safety_doc)]

mod border;
mod bytes;
mod certificate;
mod envelope;
mod error;
mod file;
mod key;
mod network;
mod prepared;
mod raise;
mod report;
mod signing;
mod status;
mod verifier;

pub use bytes::*;
pub use certificate::*;
pub use envelope::*;
pub use error::*;
pub use key::*;
pub use prepared::*;
pub use raise::*;
pub use report::*;
pub use signing::*;
pub use status::*;
pub use verifier::*;
