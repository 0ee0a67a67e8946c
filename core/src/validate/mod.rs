//! Judgement by ETSI EN 319 102-1 V1.4.1: [`Candidate`]s in,
//! [`SignatureReport`](crate::report::SignatureReport)s out. It knows no PDF and no XML.
//!
//! One file a building block; every check that can run does run, and hands out a witness or a
//! [`Reason`](crate::verdict::Reason): format (5.2.2), identification of the signing certificate
//! (5.2.3), revocation freshness (5.2.5), X.509 validation (5.2.6), cryptographic verification
//! (5.2.7), acceptance of algorithms (5.2.8); then the processes for basic signatures (5.3),
//! time-stamps (5.4), and signatures with time and long-term material (5.5, 5.6).

mod acceptance;
mod archive;
mod basic;
mod candidate;
mod certificate;
mod collect;
mod control;
mod criteria;
mod existence;
mod format;
mod freshness;
mod identify;
mod integrity;
mod online;
mod opened;
mod timestamp;
mod with_opened;
mod with_time;

pub(crate) use basic::Examined;
pub(crate) use candidate::{Bare, Candidate, Profile, Protected, StoredEvidence};
use existence::{Existence, Places};
pub(crate) use online::{Online, ROUNDS, Session, Subject};
pub(crate) use opened::{Material, NamedCertificate, Opened, Part, Stamp};

use std::cmp::Reverse;

use crate::cms::SignedData;
use crate::crypto::{Digest, sha256};
use crate::error::Error;
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::path::{PathInputs, Work};
use crate::policy::Policy;
use crate::report::{ChainLink, SignatureReport, Worth};
use crate::revocation::Memory;
use crate::time::Time;
use crate::trust::TrustStore;
use crate::tsp::TimeStampToken;
use crate::verdict::{Reason, StampFault};
use crate::x509::Certificate;
use with_time::{LongTerm, Waiting};

/// How many paths of a file may use up their ceilings. With many hundred signatures that is still
/// several checks each, more than real paths need.
pub(crate) const HARD_PATHS: usize = 50;

/// What every candidate of a file is judged by.
pub(crate) struct Context<'v> {
    /// The anchors.
    pub(crate) trust: &'v TrustStore,
    /// Every certificate, CRL and OCSP response seen in the file and given by the operator.
    pub(crate) evidence: &'v Evidence,
    /// The rules.
    pub(crate) policy: &'v Policy,
    /// The validation time.
    pub(crate) at: Time,
    /// The ceilings.
    pub(crate) limits: &'v Limits,
    /// What is left of the work on paths, for all signatures of the file together.
    pub(crate) work: Work,
    /// Which CRLs and OCSP responses were verified already.
    pub(crate) memory: Memory,
    /// Who may be asked for what is missing.
    pub(crate) session: &'v Session<'v>,
}

/// What a signature that is no CMS says by itself: signer and cryptography, nothing about paths or
/// policy.
pub(crate) fn examine_opened(opened: &Opened, limits: &Limits) -> Examined {
    let mut evidence = Evidence::new(limits);
    opened.collect(&mut evidence, limits);
    let (nobody, trust, at) = (Online::default(), TrustStore::default(), Time::from_unix(0));
    opened.examine(&Context {
        trust: &trust,
        evidence: &evidence,
        policy: &Policy::default(),
        at,
        limits,
        work: Work::new(limits, HARD_PATHS),
        memory: Memory::new(limits),
        session: &Session::new(&nobody, &trust, limits, at),
    })
}

impl Context<'_> {
    /// Tells whoever notes what verdicts rest on which candidate is judged now.
    fn note_about(&self, position: usize) {
        if let Some(recorder) = self.work.recorder() {
            recorder.about(position);
        }
    }
}

/// What a CMS that was made elsewhere says by itself: form, signer and cryptography, nothing about
/// paths or policy.
pub(crate) fn examine(
    cms: &SignedData<'_>,
    container: &[u8],
    profile: Profile,
    protected: Protected,
    limits: &Limits,
) -> Examined {
    let mut evidence = Evidence::new(limits);
    for der in &cms.certificates {
        // What is no certificate signs nothing.
        let _ = evidence.add_der(der, Origin::Signature);
    }
    let (nobody, trust, at) = (Online::default(), TrustStore::default(), Time::from_unix(0));
    let context = Context {
        trust: &trust,
        evidence: &evidence,
        policy: &Policy::default(),
        at,
        limits,
        work: Work::new(limits, HARD_PATHS),
        memory: Memory::new(limits),
        session: &Session::new(&nobody, &trust, limits, at),
    };
    basic::cms(cms, container, profile, &protected, &context)
}

/// What a time-stamp token says by itself about the digest it has to be over: how long it is, and
/// what stands against it. No path, no policy.
pub(crate) fn examine_token(
    octets: &[u8],
    digest: &Digest,
    limits: &Limits,
) -> Result<(usize, Vec<Reason>), Error> {
    let token = TimeStampToken::parse(octets, limits)?;
    let length = token.signed_data.length;
    let protected = Protected(vec![digest.clone()]);
    let profile = Profile::DocumentTimeStamp;
    let examined = examine(&token.signed_data, octets, profile, protected, limits);
    let mut found = examined.found;
    let stamp = |fault| Reason::TimeStamp {
        kind: "signature",
        time: Some(token.info.gen_time),
        fault,
    };
    if !token.info.covers(digest) {
        found.push(stamp(StampFault::Imprint));
    }
    if examined.digest.is_none() || examined.signature.is_none() {
        found.push(stamp(StampFault::Malformed {
            detail: "the token does not verify".into(),
        }));
    }
    if let Some(certificate) = &examined.certificate {
        certificate::time_stamping(certificate, &mut found);
        let time = token.info.gen_time;
        if time < certificate.not_before() || certificate.not_after() < time {
            found.push(Reason::OutsideValidity {
                certificate: certificate.subject().to_string(),
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
                at: time,
                not_revoked: false,
            });
        }
    }
    Ok((length, found))
}

/// Judges every signature of a file: the document time-stamps first, the one that covers most
/// before those it covers, since what it proves decides when the others have to be good.
///
/// The reports stand in the order of the candidates.
pub(crate) fn validate(
    candidates: Vec<Candidate<'_>>,
    stored: &[StoredEvidence],
    context: &Context<'_>,
) -> Vec<SignatureReport> {
    // Only a document time-stamp proves anything about what stands in the signatures.
    let is_stamped = candidates
        .iter()
        .any(|candidate| candidate.profile == Profile::DocumentTimeStamp);
    let outlines: Vec<Outline> = candidates.iter().map(Outline::of).collect();
    let mut places = Places::default();
    if is_stamped {
        note_places(&candidates, stored, context.limits, &mut places);
    }
    let mut existence = Existence::of_file(context.at, places);
    let mut waiting: Vec<Option<Candidate<'_>>> = candidates.into_iter().map(Some).collect();
    let mut judged: Vec<Option<Waiting>> = waiting.iter().map(|_| None).collect();

    let mut order: Vec<usize> = (0..outlines.len()).collect();
    order.sort_by_key(|position| {
        Reverse(outlines.get(*position).map(|outline| outline.covered_end))
    });
    let mut passed: Vec<u64> = Vec::new();
    for position in order {
        let Some(outline) = outlines.get(position) else {
            continue;
        };
        if !outline.is_timestamp {
            continue;
        }
        let Some(candidate) = waiting.get_mut(position).and_then(Option::take) else {
            continue;
        };
        context.note_about(position);
        let (report, proven) = with_time::document_timestamp(candidate, context, &existence);
        if let Some(time) = proven {
            passed.push(outline.covered_end);
            // EN 319 102-1 clause 5.6.2.3.
            existence.prove_file(outline.gap_start, outline.covered_end, time);
        }
        if let Some(place) = judged.get_mut(position) {
            *place = Some(report);
        }
    }
    for (position, slot) in waiting.iter_mut().enumerate() {
        let (Some(candidate), Some(outline)) = (slot.take(), outlines.get(position)) else {
            continue;
        };
        let covers = |end: &&u64| outline.covered_end <= **end;
        let is_status = |item: &&StoredEvidence| item.is_status;
        let first_status = stored
            .iter()
            .filter(is_status)
            .map(|item| item.revision_end);
        let first_status = first_status.min();
        let long_term = LongTerm {
            has_status: first_status.is_some(),
            is_stamped: passed.iter().any(|end| covers(&end)),
            is_archived: passed
                .iter()
                .filter(covers)
                .any(|end| first_status.is_some_and(|status| status <= *end)),
        };
        context.note_about(position);
        let report = with_time::signature(candidate, long_term, context, &existence);
        if let Some(place) = judged.get_mut(position) {
            *place = Some(report);
        }
    }
    // A later signature may be what permits a change after an earlier one.
    let worth: Vec<Option<Worth>> = judged
        .iter()
        .map(|judged| judged.as_ref().map(Waiting::worth))
        .collect();
    judged
        .into_iter()
        .flatten()
        .map(|judged| judged.report(&worth, context))
        .collect()
}

/// A certificate by itself: its path and the status of each certificate of it. The reasons are those
/// that were found, lowering or not; the flag says whether every check handed out its witness.
pub(crate) fn certificate_path(
    certificate: &Certificate,
    inputs: &PathInputs,
    context: &Context<'_>,
) -> (Vec<ChainLink>, Vec<Reason>, bool) {
    let mut found = Vec::new();
    let existence = Existence::new(context.at);
    let judged = certificate::path_of(certificate, inputs, context, &existence, &mut found);
    let holds = judged.path.is_some() && judged.status.is_some();
    (judged.chain, found, holds)
}

/// Where everything stands that a document time-stamp over it proves: each signature with all it
/// carries, and the validation data.
fn note_places(
    candidates: &[Candidate<'_>],
    stored: &[StoredEvidence],
    limits: &Limits,
    places: &mut Places,
) {
    let mut objects = Vec::new();
    for candidate in candidates {
        let Some(Ok((cms, container))) = &candidate.cms else {
            continue;
        };
        if candidate.profile == Profile::DocumentTimeStamp {
            objects.push(sha256(container.get(..cms.length).unwrap_or(container)));
        }
        collect::objects(cms, limits, &mut objects);
        for object in objects.drain(..) {
            places.in_signature(object, candidate.covered_end);
        }
    }
    for item in stored {
        places.stored(item.sha256, item.revision_end);
    }
}

/// What is kept of a candidate to know what covers it.
struct Outline {
    is_timestamp: bool,
    covered_end: u64,
    gap_start: u64,
}

impl Outline {
    fn of(candidate: &Candidate<'_>) -> Self {
        Self {
            is_timestamp: candidate.profile == Profile::DocumentTimeStamp,
            covered_end: candidate.covered_end,
            gap_start: candidate.gap_start,
        }
    }
}
