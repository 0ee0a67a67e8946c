//! The search: depth first, anchors first, with a budget.

use std::cell::Cell;
use std::cmp::Reverse;

use crate::crypto::{ToVerify, VerifyFault, verify};
use crate::evidence::{Evidence, Recorder};
use crate::limits::Limits;
use crate::path::check;
use crate::path::fault::{Budget, PathFault};
use crate::path::{Memory, PathInputs};
use crate::time::Time;
use crate::trust::{Purpose, TrustAnchor, TrustStore};
use crate::x509::Certificate;

/// A chain that was checked. Only [`build`] makes one.
#[derive(Clone, Debug)]
pub struct ValidPath {
    certificates: Vec<Certificate>,
    anchor: TrustAnchor,
    at: Time,
    purpose: Purpose,
}

impl ValidPath {
    /// The certificates: first the one the path is for, last the anchor's. One alone where the
    /// certificate is an anchor itself.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The anchor it ends in.
    pub fn anchor(&self) -> &TrustAnchor {
        &self.anchor
    }

    /// The time it was checked for.
    pub fn at(&self) -> Time {
        self.at
    }

    /// What it was checked for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}

/// A path from `leaf` to an anchor that holds at `at`, or what is wrong with the one that came
/// furthest: a path that reached an anchor before one that did not, then the longer, then the one
/// with fewer faults. The faults are never empty.
///
/// The leaf's own validity period, key usage and purpose are not asked about here.
pub fn build(
    leaf: &Certificate,
    evidence: &Evidence,
    store: &TrustStore,
    at: Time,
    purpose: Purpose,
    limits: &Limits,
) -> Result<ValidPath, Vec<PathFault>> {
    let work = Work::new(limits, 1);
    build_within(leaf, evidence, store, at, purpose, limits, &work)
}

/// As [`build`], with RFC 5280's initial inputs (§6.1.1) and rules about algorithms.
pub fn build_with(
    leaf: &Certificate,
    evidence: &Evidence,
    store: &TrustStore,
    at: Time,
    purpose: Purpose,
    limits: &Limits,
    inputs: &PathInputs,
) -> Result<ValidPath, Vec<PathFault>> {
    let work = Work::new(limits, 1);
    search(leaf, evidence, store, at, purpose, limits, &work, inputs)
}

/// What is left of the work on the paths of one file.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    signature_checks: Cell<usize>,
    name_checks: Cell<usize>,
    memory: Option<Memory>,
    recorder: Option<Recorder>,
}

impl Work {
    /// The same, with what a batch remembers.
    pub(crate) fn remembering(mut self, memory: Option<Memory>) -> Self {
        self.memory = memory;
        self
    }

    /// The same, with somebody who notes what the verdict rests on; a judgement begins.
    pub(crate) fn recording(mut self, recorder: Option<Recorder>) -> Self {
        if let Some(recorder) = &recorder {
            recorder.begin();
        }
        self.recorder = recorder;
        self
    }

    /// Whoever notes what the verdict rests on.
    pub(crate) fn recorder(&self) -> Option<&Recorder> {
        self.recorder.as_ref()
    }

    /// As much as so many paths that use up their own ceilings.
    pub(crate) fn new(limits: &Limits, paths: usize) -> Self {
        Self {
            signature_checks: Cell::new(limits.path_signature_checks.saturating_mul(paths)),
            name_checks: Cell::new(limits.path_name_checks.saturating_mul(paths)),
            memory: None,
            recorder: None,
        }
    }

    /// What a batch remembers, where it does.
    pub(crate) fn memory(&self) -> Option<&Memory> {
        self.memory.as_ref()
    }

    /// Takes one signature check out, for evidence of revocation; whether one was left.
    pub(crate) fn take_signature_check(&self) -> bool {
        let left = self.signature_checks.get();
        self.signature_checks.set(left.saturating_sub(1));
        left > 0
    }
}

/// As [`build`], with work that is shared by several paths.
pub(crate) fn build_within(
    leaf: &Certificate,
    evidence: &Evidence,
    store: &TrustStore,
    at: Time,
    purpose: Purpose,
    limits: &Limits,
    work: &Work,
) -> Result<ValidPath, Vec<PathFault>> {
    let inputs = PathInputs::default();
    search(leaf, evidence, store, at, purpose, limits, work, &inputs)
}

/// As [`build_within`], with RFC 5280's initial inputs.
#[allow(clippy::too_many_arguments)] // each is one input of the algorithm
pub(crate) fn search(
    leaf: &Certificate,
    evidence: &Evidence,
    store: &TrustStore,
    at: Time,
    purpose: Purpose,
    limits: &Limits,
    work: &Work,
    inputs: &PathInputs,
) -> Result<ValidPath, Vec<PathFault>> {
    let signature_checks = limits
        .path_signature_checks
        .min(work.signature_checks.get());
    let name_checks = limits.path_name_checks.min(work.name_checks.get());
    let mut search = Search {
        evidence,
        store,
        at,
        purpose,
        // The search goes one call deeper for each certificate, so the operator's ceiling has one.
        length: limits.path_length.min(MAX_LENGTH),
        signature_checks,
        name_checks,
        exhausted: None,
        best: None,
        inputs,
        memory: work.memory.clone(),
    };
    let mut faults = Vec::new();
    check::certificate(leaf, inputs.algorithms, &mut faults);
    let mut chain = vec![leaf.clone()];
    let found = match store.anchor_of(leaf) {
        Some(anchor) => search.end(&chain, anchor, faults),
        None => {
            check::algorithm(leaf, inputs.algorithms, &mut faults);
            search.climb(&mut chain, &faults)
        }
    };
    let spend = |left: &Cell<usize>, before: usize, after: usize| {
        left.set(left.get().saturating_sub(before.saturating_sub(after)));
    };
    spend(
        &work.signature_checks,
        signature_checks,
        search.signature_checks,
    );
    spend(&work.name_checks, name_checks, search.name_checks);
    if let Some(path) = found {
        return Ok(path);
    }
    let mut faults = Vec::new();
    if let Some(failure) = search.best {
        if let Some(recorder) = work.recorder() {
            recorder.certificates(&failure.chain);
        }
        faults = failure.faults;
    }
    if let Some(ceiling) = search.exhausted {
        faults.push(PathFault::Budget { ceiling });
    }
    Err(faults)
}

struct Search<'a> {
    evidence: &'a Evidence,
    store: &'a TrustStore,
    at: Time,
    purpose: Purpose,
    length: usize,
    signature_checks: usize,
    name_checks: usize,
    exhausted: Option<Budget>,
    best: Option<Failure>,
    inputs: &'a PathInputs,
    memory: Option<Memory>,
}

/// A path that did not work out.
struct Failure {
    rank: (usize, End, Reverse<usize>),
    faults: Vec<PathFault>,
    /// How it came there, with the certificate that it broke at.
    chain: Vec<Certificate>,
}

/// How far a path came; later is further.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    NoIssuer,
    NotVerified,
    TooLong,
    Anchor,
}

/// An issuer that may be tried.
enum Candidate {
    Anchor(TrustAnchor),
    Authority(Certificate),
}

impl Candidate {
    fn certificate(&self) -> &Certificate {
        match self {
            Self::Anchor(anchor) => anchor.certificate(),
            Self::Authority(certificate) => certificate,
        }
    }
}

/// What a signature check on the way up gave.
enum Step {
    Holds,
    Fails(Box<PathFault>),
    GivenUp,
}

impl Search<'_> {
    /// Goes on from the last certificate of `chain`, whose `faults` so far are known.
    fn climb(&mut self, chain: &mut Vec<Certificate>, faults: &[PathFault]) -> Option<ValidPath> {
        let current = chain.last()?.clone();
        // A self-signed certificate that is no anchor ends the chain, whatever bears its name.
        if current.is_self_issued() && matches!(self.verify(&current, &current), Step::Holds) {
            self.fail(End::NotVerified, chain, None, faults, no_issuer(&current));
            return None;
        }
        let candidates = self.candidates(&current, chain);
        if candidates.is_empty() && self.exhausted.is_none() {
            self.fail(End::NoIssuer, chain, None, faults, no_issuer(&current));
        }
        for candidate in candidates {
            let issuer = candidate.certificate();
            match self.verify(&current, issuer) {
                Step::Holds => {}
                Step::Fails(fault) => {
                    self.fail(End::NotVerified, chain, Some(issuer), faults, *fault);
                    continue;
                }
                Step::GivenUp => return None,
            }
            let mut faults = faults.to_vec();
            check::certificate(issuer, self.inputs.algorithms, &mut faults);
            check::authority(issuer, chain, self.at, &mut faults);
            let found = match candidate {
                Candidate::Anchor(anchor) => {
                    chain.push(anchor.certificate().clone());
                    self.end(chain, anchor, faults)
                }
                Candidate::Authority(issuer) => {
                    check::algorithm(&issuer, self.inputs.algorithms, &mut faults);
                    chain.push(issuer);
                    if chain.len() >= self.length {
                        let ceiling = Budget::Length;
                        let fault = PathFault::Budget { ceiling };
                        self.fail(End::TooLong, chain, None, &faults, fault);
                        None
                    } else {
                        self.climb(chain, &faults)
                    }
                }
            };
            if found.is_some() {
                return found;
            }
            chain.pop();
            if self.exhausted.is_some() {
                return None;
            }
        }
        None
    }

    /// A chain that has reached its anchor.
    fn end(
        &mut self,
        chain: &[Certificate],
        anchor: TrustAnchor,
        mut faults: Vec<PathFault>,
    ) -> Option<ValidPath> {
        check::anchor(&anchor, self.purpose, self.at, &mut faults);
        check::whole(chain, self.inputs, &mut faults);
        if faults.is_empty() {
            return Some(ValidPath {
                certificates: chain.to_vec(),
                anchor,
                at: self.at,
                purpose: self.purpose,
            });
        }
        self.keep(End::Anchor, chain, None, faults);
        None
    }

    /// Everyone with the issuer's name who does not stand in the chain already, likeliest first.
    fn candidates(&mut self, current: &Certificate, chain: &[Certificate]) -> Vec<Candidate> {
        let name = current.issuer();
        let mut found: Vec<Candidate> = Vec::new();
        let loaded = self
            .store
            .anchors_named(name)
            .cloned()
            .map(Candidate::Anchor);
        let helpers = self.store.helpers_named(name);
        let beside = self.evidence.named(name).filter(|c| !self.store.refuses(c));
        let others =
            helpers
                .chain(beside)
                .map(|certificate| match self.store.anchor_of(certificate) {
                    Some(anchor) => Candidate::Anchor(anchor),
                    None => Candidate::Authority(certificate.clone()),
                });
        let mut seen = std::collections::HashSet::new();
        let mut exhausted = None;
        for candidate in loaded.chain(others) {
            if self.name_checks == 0 {
                exhausted = Some(Budget::NameChecks);
                break;
            }
            self.name_checks = self.name_checks.saturating_sub(1);
            let issuer = candidate.certificate();
            // The same key under the same name would only lead round in a circle.
            let is_in_chain = chain
                .iter()
                .any(|c| c.subject() == issuer.subject() && c.public_key() == issuer.public_key());
            if !is_in_chain && seen.insert(issuer.sha256()) {
                found.push(candidate);
            }
        }
        if exhausted.is_some() {
            self.exhausted = exhausted;
        }
        found.sort_by_cached_key(|candidate| self.order(candidate, current));
        found
    }

    /// Smaller is tried earlier. None of this decides whether a path is good.
    fn order(&self, candidate: &Candidate, current: &Certificate) -> (bool, u8, bool, bool) {
        let issuer = candidate.certificate();
        let key_id = match (current.authority_key_id(), issuer.subject_key_id()) {
            (Some(wanted), Some(found)) if wanted == found => 0,
            (Some(_), Some(_)) => 2,
            _ => 1,
        };
        (
            !matches!(candidate, Candidate::Anchor(_)),
            key_id,
            issuer.is_ca() != Some(true),
            self.at < issuer.not_before() || issuer.not_after() < self.at,
        )
    }

    /// Whether `issuer` signed `certificate`.
    fn verify(&mut self, certificate: &Certificate, issuer: &Certificate) -> Step {
        let unsupported = || {
            Step::Fails(Box::new(PathFault::UnsupportedAlgorithm {
                certificate: certificate.into(),
                algorithm: certificate.signature_algorithm_name(),
            }))
        };
        let Some(algorithm) = certificate.signature_algorithm() else {
            return unsupported();
        };
        if self.signature_checks == 0 {
            self.exhausted = Some(Budget::SignatureChecks);
            return Step::GivenUp;
        }
        self.signature_checks = self.signature_checks.saturating_sub(1);
        let check = || {
            let message = ToVerify::Message(certificate.tbs());
            let signature = certificate.signature();
            match verify(issuer.public_key(), &algorithm, message, signature) {
                Ok(()) => Some(true),
                Err(VerifyFault::Unsupported) => None,
                Err(_) => Some(false),
            }
        };
        let holds = match &self.memory {
            Some(memory) => memory.holds(certificate, issuer, check),
            None => check(),
        };
        match holds {
            Some(true) => Step::Holds,
            None => unsupported(),
            Some(false) => Step::Fails(Box::new(PathFault::SignatureBroken {
                certificate: certificate.into(),
                issuer: issuer.into(),
            })),
        }
    }

    /// `next` is the certificate that the chain could not go on with.
    fn fail(
        &mut self,
        end: End,
        chain: &[Certificate],
        next: Option<&Certificate>,
        faults: &[PathFault],
        last: PathFault,
    ) {
        let mut faults = faults.to_vec();
        faults.push(last);
        self.keep(end, chain, next, faults);
    }

    /// Keeps the failure that says most.
    fn keep(
        &mut self,
        end: End,
        chain: &[Certificate],
        next: Option<&Certificate>,
        faults: Vec<PathFault>,
    ) {
        // What reached an anchor says most; of the others the longer chain, then how it ended.
        let length = if end == End::Anchor {
            usize::MAX
        } else {
            chain.len()
        };
        let rank = (length, end, Reverse(faults.len()));
        let is_better = self.best.as_ref().is_none_or(|best| rank > best.rank);
        if is_better {
            let chain = chain.iter().chain(next).cloned().collect();
            self.best = Some(Failure {
                rank,
                faults,
                chain,
            });
        }
    }
}

fn no_issuer(current: &Certificate) -> PathFault {
    if current.is_self_issued() {
        PathFault::UntrustedRoot {
            certificate: current.into(),
        }
    } else {
        PathFault::IssuerNotFound {
            certificate: current.into(),
            issuer: current.issuer().to_string(),
            ca_issuers: current.ca_issuers().to_vec(),
        }
    }
}

/// Longer chains than this are nobody's.
const MAX_LENGTH: usize = 64;
