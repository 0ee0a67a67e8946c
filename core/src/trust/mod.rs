//! Whom to trust, for what and since when: [`TrustStore`], [`TrustAnchor`], and the national pins.
//!
//! The national authorities are built in as SHA-256 of their certificates, not as certificates:
//! a root is trusted when its octets, from the operator's files or from the document itself, have
//! one of these values. Roots are never deleted because a newer one exists: documents of the
//! 2010 tree stay verifiable. Issuing authorities help to build a path and anchor nothing.
//!
//! It refuses anchors whose certificate has something wrong with its form. It knows no path.

mod mirrors;
mod pins;
mod store;

pub(crate) use mirrors::{PLACES, mirror_of};
pub use pins::{AuthorityRole, Pin, Purpose, Tree, pin_of, pins, pins_as_of};
pub(crate) use store::fingerprint_of;
pub use store::{REMOVED, TrustAnchor, TrustStore, removed};
