//! Judgement by ETSI EN 319 102-1 V1.4.1: a [`Candidate`] in, a
//! [`SignatureReport`](crate::report::SignatureReport) out. It knows no PDF and no XML.
//!
//! One file a building block; every check that can run does run, and hands out a witness or a
//! [`Reason`](crate::verdict::Reason). Present so far: format (5.2.2), identification of the signing
//! certificate (5.2.3), the path of X.509 validation (5.2.6, without status), cryptographic
//! verification (5.2.7), acceptance of algorithms (5.2.8), and the process for basic signatures
//! (5.3). Status, time-stamps and proofs of existence are not judged yet, which each report says.

mod acceptance;
mod basic;
mod candidate;
mod certificate;
mod collect;
mod format;
mod identify;
mod integrity;

pub(crate) use basic::validate;
pub(crate) use candidate::{Bare, Candidate, Profile, Protected};

use crate::evidence::Evidence;
use crate::limits::Limits;
use crate::path::Work;
use crate::policy::Policy;
use crate::time::Time;
use crate::trust::TrustStore;

/// How many paths of a file may use up their ceilings. With many hundred signatures that is still
/// several checks each, more than real paths need.
pub(crate) const HARD_PATHS: usize = 50;

/// What every candidate of a file is judged by.
pub(crate) struct Context<'v> {
    /// The anchors.
    pub(crate) trust: &'v TrustStore,
    /// Every certificate seen in the file and given by the operator.
    pub(crate) evidence: &'v Evidence,
    /// The rules.
    pub(crate) policy: &'v Policy,
    /// The validation time.
    pub(crate) at: Time,
    /// The ceilings.
    pub(crate) limits: &'v Limits,
    /// What is left of the work on paths, for all signatures of the file together.
    pub(crate) work: Work,
    /// Whether the file carries status evidence (CRLs, OCSP responses).
    pub(crate) status_evidence: bool,
}
