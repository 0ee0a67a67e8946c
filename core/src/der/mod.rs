//! Tags, lengths and values: reading what real files hold, writing DER, object identifiers.
//!
//! ITU-T X.690. [`Reader`] takes DER and the part of BER that signers of the field produce:
//! indefinite lengths, lengths longer than need be, strings in segments. It keeps the octets of
//! every value as a slice of the input, so that what was signed is never made anew. It refuses
//! values that run past the end, end-of-contents octets out of place and nesting beyond a limit;
//! its work is linear in the input. [`write`](mod@write) makes DER and nothing else.

mod header;
mod oid;
mod read;
pub mod write;

pub use header::{Class, Tag};
pub use oid::Oid;
pub(crate) use oid::oid;
pub use read::{Reader, Tlv};
