//! Builds a chain from a certificate to an anchor and checks it (RFC 5280 §6): [`build`].
//!
//! Strict where it judges, and honest where it does not yet: name constraints and the policy
//! extensions are not processed, so a path through a certificate that has them is refused as
//! [`PathFault::NotJudged`] and never passed. Revocation is another room's; whether the signer's
//! own certificate is within its validity is the caller's, who knows the time to ask about.
//!
//! Issuers come from three places: the store's anchors first, then the issuing authorities of the
//! store, then what the document carries. Key identifiers only order the candidates. A national
//! root in the document is an anchor when its octets match a pin. The work has three ceilings in
//! [`Limits`](crate::Limits), and reaching one is a fault of its own.

mod build;
mod check;
mod fault;

pub use build::{ValidPath, build};
pub(crate) use build::{Work, build_within};
pub use fault::{Budget, CertificateId, PathFault};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
