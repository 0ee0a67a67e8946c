//! XML as signatures need it: [`Index`] reads, [`Writer`] writes, [`canonicalize`] makes the octets
//! that are digested.
//!
//! The index refuses a DOCTYPE and every entity but the five built-in ones (XML 1.0 §4.6), binds
//! names to namespaces (Namespaces in XML 1.0) and keeps byte spans instead of a tree of copies:
//! what was signed stays a slice of the input. No recursion by input depth happens anywhere.

mod c14n;
mod index;
mod lexical;
mod write;

pub use c14n::{Method, canonicalize, canonicalize_document, canonicalize_element};
pub use index::{Attribute, ElementId, Fault, FaultKind, Index, Namespace, Piece};
pub use write::{Forbidden, Writer};
