//! The validation process for time-stamps (EN 319 102-1 clause 5.4; RFC 3161, RFC 5816): a token is
//! judged in full, under its own path, and only one that passes proves anything.

use crate::cms::SignedData;
use crate::crypto::{Digest, DigestAlgorithm, sha256};
use crate::policy::{Acceptance, Use};
use crate::report::TimeStampReport;
use crate::time::Time;
use crate::trust::Purpose;
use crate::tsp::{TimeStampToken, TstInfo};
use crate::validate::acceptance::Made;
use crate::validate::basic::{self, Examined};
use crate::validate::candidate::Profile;
use crate::validate::certificate::{self, Judged};
use crate::validate::freshness::Moment;
use crate::validate::{Context, Existence, Protected};
use crate::verdict::{self, Indication, Reason, StampFault, Used};

/// A judged token.
pub(crate) struct Token {
    /// What it proves; `None` where it did not pass.
    pub(crate) proven: Option<Time>,
    /// What it says.
    pub(crate) time: Option<Time>,
    /// How far the time may be off, in seconds, rounded up.
    pub(crate) accuracy: i64,
    /// What was found, lowering or not.
    pub(crate) found: Vec<Reason>,
    /// What was examined.
    pub(crate) examined: Examined,
    /// Its path and status.
    pub(crate) judged: Option<Judged>,
}

impl Token {
    /// The token in a report.
    pub(crate) fn report(&self, kind: &'static str) -> TimeStampReport {
        TimeStampReport {
            kind,
            time: self.time,
            indication: match verdict::headline(&self.found) {
                None if self.proven.is_some() => "PASSED",
                Some((Indication::TotalFailed, _)) => "FAILED",
                _ => "INDETERMINATE",
            },
            reasons: self.found.clone(),
        }
    }

    /// What a token that did not pass means for its signature.
    pub(crate) fn not_passed(&self, kind: &'static str) -> Option<Reason> {
        if self.proven.is_some() {
            return None;
        }
        Some(Reason::TimeStamp {
            kind,
            time: self.time,
            fault: StampFault::NotPassed {
                sub_indication: verdict::headline(&self.found).and_then(|(_, sub)| sub),
            },
        })
    }
}

/// Judges the token in `octets`, whose imprint has to be the digest that `stamped` gives for the
/// imprint's algorithm.
pub(crate) fn token(
    octets: &[u8],
    kind: &'static str,
    stamped: impl FnOnce(DigestAlgorithm) -> Option<Digest>,
    context: &Context<'_>,
    existence: &Existence,
) -> Token {
    let parsed = match TimeStampToken::parse(octets, context.limits) {
        Ok(parsed) => parsed,
        Err(error) => {
            return Token {
                proven: None,
                time: None,
                accuracy: 0,
                found: vec![Reason::TimeStamp {
                    kind,
                    time: None,
                    fault: StampFault::Malformed {
                        detail: error.detail().to_owned(),
                    },
                }],
                examined: Examined::default(),
                judged: None,
            };
        }
    };
    let digest = parsed.info.imprint.algorithm.and_then(stamped);
    let protected = Protected(digest.into_iter().collect());
    judge(
        &parsed.signed_data,
        octets,
        &protected,
        kind,
        context,
        existence,
    )
}

/// Judges a token that is read already. `protected` holds the digest of what it has to be over.
pub(crate) fn judge(
    cms: &SignedData<'_>,
    container: &[u8],
    protected: &Protected,
    kind: &'static str,
    context: &Context<'_>,
    existence: &Existence,
) -> Token {
    let octets = container.get(..cms.length).unwrap_or(container);
    if let Some(recorder) = context.work.recorder() {
        recorder.token(octets);
    }
    let best = existence.of(&sha256(octets));
    let moment = Moment { best, after: None };
    let mut examined = basic::cms(
        cms,
        container,
        Profile::DocumentTimeStamp,
        protected,
        context,
    );
    let mut found = std::mem::take(&mut examined.found);
    let info = cms
        .content
        .as_deref()
        .and_then(|content| TstInfo::parse(content, context.limits).ok());
    let reason = |fault, time| Reason::TimeStamp { kind, time, fault };
    let time = info.as_ref().map(|info| info.gen_time);
    if let Some(info) = &info {
        imprint(info, protected, kind, context, &mut found);
        for oid in &info.critical_extensions {
            let oid = oid.to_string();
            found.push(reason(StampFault::CriticalExtension { oid }, time));
        }
        if info.gen_time.unix() > context.at.unix().saturating_add(CLOCK_TOLERANCE) {
            found.push(reason(StampFault::Future { at: context.at }, time));
        }
    } else if found.is_empty() {
        found.push(reason(
            StampFault::Malformed {
                detail: "no TSTInfo".into(),
            },
            None,
        ));
    }
    if let Some(certificate) = &examined.certificate
        && let Some(at) = time.filter(|time| *time < certificate.not_before())
    {
        // Nobody vouched for the authority at that time.
        found.push(Reason::OutsideValidity {
            certificate: certificate.subject().to_string(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            at,
            not_revoked: false,
        });
    }
    let judged = examined.certificate.as_ref().map(|certificate| {
        certificate::check(
            certificate,
            Purpose::TimeStamp,
            moment,
            context,
            existence,
            &mut found,
        )
    });
    let made = Made {
        digests: &examined.digest_names,
        algorithm: examined.algorithm.as_ref(),
        certificate: examined.certificate.as_ref(),
        path: judged.as_ref().and_then(|judged| judged.path.as_ref()),
        is_token: true,
    };
    let algorithms = made.check(moment, context, existence, &mut found);
    // Passed only where every check handed out its witness and nothing was found against it.
    let has_witnesses = examined.digest.is_some()
        && examined.signature.is_some()
        && algorithms.is_some()
        && judged
            .as_ref()
            .is_some_and(|judged| judged.path.is_some() && judged.status.is_some());
    let passed = has_witnesses && verdict::headline(&found).is_none();
    Token {
        proven: time.filter(|_| passed),
        time,
        accuracy: info
            .as_ref()
            .and_then(|info| info.accuracy_micros)
            .and_then(|micros| i64::try_from(micros.div_ceil(1_000_000)).ok())
            .unwrap_or(0),
        found,
        examined,
        judged,
    }
}

/// The imprint: over the right data, and by a digest that the policy accepts for its time.
fn imprint(
    info: &TstInfo,
    protected: &Protected,
    kind: &'static str,
    context: &Context<'_>,
    found: &mut Vec<Reason>,
) {
    let reason = |fault| Reason::TimeStamp {
        kind,
        time: Some(info.gen_time),
        fault,
    };
    let Some(algorithm) = info.imprint.algorithm else {
        found.push(reason(StampFault::ImprintUnsupported {
            algorithm: info.imprint.oid.to_string(),
        }));
        return;
    };
    // A document time-stamp over changed bytes is said in the words of any signature; one over
    // other data than the signature it stands in, in its own.
    let is_over_it = protected
        .by(algorithm)
        .is_some_and(|digest| info.covers(digest));
    if !is_over_it && kind != ARCHIVE {
        found.retain(|other| !matches!(other, Reason::DigestMismatch { .. }));
        found.push(reason(StampFault::Imprint));
    }
    let name = algorithm.name();
    match context.policy.digest(name, Use::Imprint, info.gen_time) {
        Acceptance::Accepted => {
            let now = context.policy.digest(name, Use::Imprint, context.at);
            if !matches!(now, Acceptance::Accepted) {
                found.push(reason(StampFault::ImprintHistory {
                    algorithm: name.to_owned(),
                }));
            }
        }
        Acceptance::Departure => found.push(Reason::AlgorithmEnding {
            used: Used::Imprint,
            algorithm: name.to_owned(),
        }),
        Acceptance::Ended { .. } | Acceptance::Refused => {
            found.push(Reason::WeakAlgorithm {
                used: Used::Imprint,
                algorithm: name.to_owned(),
            });
        }
    }
}

/// The kind of a document time-stamp.
pub(crate) const ARCHIVE: &str = "archive";
/// A token this many seconds ahead of us is taken for a clock that is off.
const CLOCK_TOLERANCE: i64 = 5 * 60;
