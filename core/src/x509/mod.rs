//! Certificates and names (RFC 5280 §4), read and shown; who a certificate speaks for.
//!
//! A [`Certificate`] is parsed once, owns its octets and never judges: a version 1 certificate, one
//! that is signed with MD5 or one whose extensions stand twice can still be shown to a person. What
//! is wrong with its form is kept in [`Certificate::faults`], and `path` refuses it there.
//!
//! A [`Crl`] is read once outside and as a stream inside; whether it may speak about a certificate is
//! the `revocation` room's question.
//!
//! It refuses octets that are no certificate, or no list, at all.

mod bundle;
mod certificate;
mod crl;
mod distribution;
mod identity;
mod name;

pub use certificate::{Certificate, KeyUsage};
pub use crl::{Crl, CrlEntry, CrlReason};
pub use distribution::{
    DistributionPoint, GeneralName, IssuingDistributionPoint, PointName, Reasons,
};
pub use identity::{Identity, Role};
pub use name::{Attribute, Name};
