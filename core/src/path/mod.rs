//! Builds a chain from a certificate to an anchor and checks it (RFC 5280 §6): [`build`].
//!
//! All of §6.1 but revocation, which is another room's, and the leaf's own validity, which is the
//! caller's, who knows the time to ask about.
//!
//! Issuers come from three places: the store's anchors first, then the issuing authorities of the
//! store, then what the document carries. Key identifiers only order the candidates. A national
//! root in the document is an anchor when its octets match a pin. The work has three ceilings in
//! [`Limits`](crate::Limits), and reaching one is a fault of its own.

mod build;
mod check;
mod fault;
mod memory;
mod names;
mod policies;

pub use build::{ValidPath, build, build_with};
pub(crate) use build::{Work, build_within, search};
pub use fault::{Budget, CertificateId, PathFault};
pub(crate) use memory::Memory;

/// The initial inputs of RFC 5280 §6.1.1, and which algorithms a path may rest on.
///
/// ```
/// use kyso::path::PathInputs;
///
/// let inputs = PathInputs::default();
/// assert!(inputs.policies.is_none() && !inputs.require_explicit_policy);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathInputs {
    /// user-initial-policy-set, as dotted object identifiers; `None`: any policy.
    pub policies: Option<Vec<String>>,
    /// initial-explicit-policy.
    pub require_explicit_policy: bool,
    /// initial-policy-mapping-inhibit.
    pub inhibit_policy_mapping: bool,
    /// initial-any-policy-inhibit.
    pub inhibit_any_policy: bool,
    /// Which algorithms a path may rest on.
    pub algorithms: Algorithms,
}

/// Which algorithms a path may rest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithms {
    /// RSA from 2048 bits; SHA-1 only where a pin accepts it as history.
    #[default]
    Strict,
    /// Whatever can be computed and is not forgeable at once: SHA-1 and RSA from 1024 bits too.
    Any,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
