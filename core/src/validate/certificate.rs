//! X.509 certificate validation (EN 319 102-1 clauses 5.2.6 and 5.6.2): the path to an anchor, the
//! status of each certificate, what the signer's certificate may be used for, and its validity
//! period at the best proven time.

use crate::crypto::hex;
use crate::message::called;
use crate::path::{self, Budget, CertificateId, PathFault, PathInputs, ValidPath};
use crate::policy::Revocation;
use crate::report::{ChainLink, JudgedStatus, LinkStatus, StatusSource};
use crate::trust::{Purpose, Tree};
use crate::validate::freshness::{self, Moment};
use crate::validate::{Context, Existence};
use crate::verdict::{ChainFault, Reason, StampFault, Used};
use crate::x509::Certificate;

/// What the path and the certificate are worth.
pub(crate) struct Judged {
    /// From the signing certificate upwards.
    pub(crate) chain: Vec<ChainLink>,
    /// The path, where one holds.
    pub(crate) path: Option<ValidPath>,
    /// The witness that no certificate of it was revoked.
    pub(crate) status: Option<JudgedStatus>,
    /// The status of each certificate, from the signing certificate upwards.
    pub(crate) links: Vec<LinkStatus>,
}

/// Builds and checks the path, asks for the status of each certificate, and judges purpose and
/// validity of the signer's certificate at the best proven time.
pub(crate) fn check(
    certificate: &Certificate,
    purpose: Purpose,
    moment: Moment,
    context: &Context<'_>,
    existence: &Existence,
    found: &mut Vec<Reason>,
) -> Judged {
    match purpose {
        Purpose::TimeStamp => time_stamping(certificate, found),
        _ => key_usage(certificate, found),
    }
    let path = match build(certificate, purpose, moment, context) {
        Ok(path) => path,
        Err(faults) => {
            let store_is_empty = context.trust.is_empty();
            context
                .session
                .want_issuers(certificate, &faults, context.evidence, found);
            for fault in faults {
                if store_is_empty && ends_nowhere(&fault) {
                    found.push(Reason::TrustStoreEmpty);
                }
                found.push(removed(&fault, context).unwrap_or_else(|| reason(fault)));
            }
            found.dedup();
            validity(certificate, moment, context, Known::Unknown, found);
            return Judged {
                chain: vec![own_link(certificate)],
                path: None,
                status: None,
                links: Vec::new(),
            };
        }
    };
    if let Some(recorder) = context.work.recorder() {
        recorder.certificates(path.certificates());
        recorder.anchor(path.anchor().certificate());
    }
    history(&path, found);
    authorities(&path, moment, context, found);
    let (answers, status) = freshness::check(&path, moment, context, existence, found);
    let links: Vec<LinkStatus> = answers.iter().map(|(status, _)| *status).collect();
    let known = match (links.first(), context.policy.revocation_rule()) {
        (Some(LinkStatus::Revoked | LinkStatus::OnHold), _) => Known::Gone,
        // What nobody asks for cannot stand in the way (DSS: CertificateValidityRangeCheck).
        (Some(LinkStatus::Good | LinkStatus::NotNeeded), _) | (_, Revocation::None) => {
            Known::NotRevoked
        }
        _ => Known::Unknown,
    };
    validity(certificate, moment, context, known, found);
    Judged {
        chain: self::links(&path, answers),
        path: Some(path),
        status,
        links,
    }
}

/// A certificate by itself: its path, the status of each certificate, and its own validity at the
/// validation time (RFC 5280 §6). What it may be used for is not asked.
pub(crate) fn path_of(
    certificate: &Certificate,
    inputs: &PathInputs,
    context: &Context<'_>,
    existence: &Existence,
    found: &mut Vec<Reason>,
) -> Judged {
    let moment = Moment {
        best: context.at,
        after: None,
    };
    let is_authority_of_time = certificate
        .extended_key_usage()
        .is_some_and(|purposes| purposes.iter().any(|oid| oid == TIME_STAMPING));
    let purpose = if is_authority_of_time {
        Purpose::TimeStamp
    } else {
        Purpose::DocumentSignature
    };
    let built = path::search(
        certificate,
        context.evidence,
        context.trust,
        context.at,
        purpose,
        context.limits,
        &context.work,
        inputs,
    );
    let judged = match built {
        Ok(path) => {
            history(&path, found);
            let (answers, status) = freshness::check(&path, moment, context, existence, found);
            let links = answers.iter().map(|(status, _)| *status).collect();
            Judged {
                chain: self::links(&path, answers),
                path: Some(path),
                status,
                links,
            }
        }
        Err(faults) => {
            context
                .session
                .want_issuers(certificate, &faults, context.evidence, found);
            for fault in faults {
                if context.trust.is_empty() && ends_nowhere(&fault) {
                    found.push(Reason::TrustStoreEmpty);
                }
                found.push(removed(&fault, context).unwrap_or_else(|| reason(fault)));
            }
            found.dedup();
            Judged {
                chain: vec![own_link(certificate)],
                path: None,
                status: None,
                links: Vec::new(),
            }
        }
    };
    let known = match judged.links.first() {
        Some(LinkStatus::Good | LinkStatus::NotNeeded) => Known::NotRevoked,
        Some(LinkStatus::Revoked | LinkStatus::OnHold) => Known::Gone,
        _ => Known::Unknown,
    };
    validity(certificate, moment, context, known, found);
    judged
}

/// A path that holds now; else one that holds at the best proven time (clause 5.6.2.1: an issuing
/// certificate that has ended since does not undo what it issued).
fn build(
    certificate: &Certificate,
    purpose: Purpose,
    moment: Moment,
    context: &Context<'_>,
) -> Result<ValidPath, Vec<PathFault>> {
    let at = |at| {
        path::build_within(
            certificate,
            context.evidence,
            context.trust,
            at,
            purpose,
            context.limits,
            &context.work,
        )
    };
    let now = at(context.at);
    match now {
        Err(faults) if moment.best < context.at => at(moment.best).map_err(|_| faults),
        now => now,
    }
}

/// Issuing certificates that have ended since the proven time are named.
fn authorities(path: &ValidPath, moment: Moment, context: &Context<'_>, found: &mut Vec<Reason>) {
    for authority in path.certificates().iter().skip(1) {
        if authority.not_after() < context.at {
            found.push(Reason::EndedSince {
                certificate: authority.subject().to_string(),
                not_after: authority.not_after(),
                stamped: moment.best,
            });
        }
    }
}

/// What is known about the status of the signer's certificate at the time used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    NotRevoked,
    /// Revoked or on hold, which a reason of its own says and holds the verdict by.
    Gone,
    Unknown,
}

/// Holds the times against the signer's own validity period (clauses 5.2.6.4 step 7, 5.3.4 step 4,
/// 5.5.4 step 4).
fn validity(
    certificate: &Certificate,
    moment: Moment,
    context: &Context<'_>,
    known: Known,
    found: &mut Vec<Reason>,
) {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    let subject = || certificate.subject().to_string();
    let outside = || Reason::OutsideValidity {
        certificate: subject(),
        not_before,
        not_after,
        at: moment.best,
        not_revoked: known == Known::NotRevoked,
    };
    if let Some(stamped) = moment.after.filter(|after| *after > not_after) {
        found.push(Reason::Expired {
            certificate: subject(),
            not_after,
            stamped,
        });
    } else if moment.best < not_before {
        found.push(if moment.best < context.at {
            Reason::NotYetValid {
                certificate: subject(),
                not_before,
                stamped: moment.best,
            }
        } else {
            outside()
        });
    } else if moment.best > not_after {
        found.push(outside());
    } else if context.at > not_after {
        // The signature is older than the end. Without any word about revocation that does not
        // suffice: a list may have dropped the certificate since.
        found.push(match known {
            Known::NotRevoked | Known::Gone => Reason::EndedSince {
                certificate: subject(),
                not_after,
                stamped: moment.best,
            },
            Known::Unknown => Reason::EndedUnknown {
                certificate: subject(),
                not_after,
                stamped: moment.best,
            },
        });
    }
}

/// The certificate of a time-stamping authority has the one purpose, and says so critically
/// (RFC 3161 §2.3).
pub(super) fn time_stamping(certificate: &Certificate, found: &mut Vec<Reason>) {
    let alone = certificate.extended_key_usage().is_some_and(|purposes| {
        purposes.iter().all(|oid| oid == TIME_STAMPING) && !purposes.is_empty()
    });
    let critical = certificate
        .extension(EXTENDED_KEY_USAGE)
        .is_some_and(|(critical, _)| critical);
    let usage = certificate
        .key_usage()
        .is_none_or(|usage| usage.digital_signature() || usage.non_repudiation());
    if !alone || !critical || !usage {
        found.push(Reason::TimeStamp {
            kind: "signature",
            time: None,
            fault: StampFault::Purpose,
        });
    }
}

/// No extended key usage for documents exists in the specialised tree, so the key usage decides:
/// digitalSignature or nonRepudiation. A certificate made for time-stamps, OCSP or TLS
/// servers alone is refused.
fn key_usage(certificate: &Certificate, found: &mut Vec<Reason>) {
    let usage_fits = certificate
        .key_usage()
        .is_none_or(|usage| usage.digital_signature() || usage.non_repudiation());
    let extended_fits = certificate.extended_key_usage().is_none_or(|purposes| {
        purposes
            .iter()
            .any(|purpose| !OTHER_PURPOSES.contains(&purpose.as_str()))
    });
    if !usage_fits || !extended_fits {
        found.push(Reason::KeyUsage {
            certificate: certificate.subject().to_string(),
        });
    }
}

/// SHA-1 below a pinned anchor, which `path` has let through as history, is named.
fn history(path: &ValidPath, found: &mut Vec<Reason>) {
    let below_anchor = path.certificates().split_last().map(|(_, below)| below);
    for certificate in below_anchor.unwrap_or_default() {
        let hash = certificate
            .signature_algorithm()
            .and_then(|algorithm| algorithm.digest())
            .map(|digest| digest.name());
        if hash == Some("SHA-1") {
            found.push(Reason::Sha1History {
                certificate: certificate.subject().to_string(),
            });
        }
    }
}

fn links(path: &ValidPath, answers: Vec<(LinkStatus, Option<StatusSource>)>) -> Vec<ChainLink> {
    let tree = match path.anchor().tree() {
        Tree::Vgca => "vgca",
        Tree::Neac => "neac",
        _ => "operator",
    };
    let anchor = path.anchor().certificate();
    let mut answers = answers.into_iter();
    path.certificates()
        .iter()
        .map(|certificate| {
            let (revocation, status) = answers.next().unwrap_or((LinkStatus::Unknown, None));
            ChainLink {
                subject: certificate.subject().to_string(),
                sha256: certificate.sha256(),
                trust_anchor: certificate == anchor,
                tree: Some(tree),
                revocation: revocation.as_str(),
                status,
            }
        })
        .collect()
}

fn own_link(certificate: &Certificate) -> ChainLink {
    ChainLink {
        subject: certificate.subject().to_string(),
        sha256: certificate.sha256(),
        trust_anchor: false,
        tree: None,
        revocation: "unknown",
        status: None,
    }
}

fn ends_nowhere(fault: &PathFault) -> bool {
    matches!(
        fault,
        PathFault::IssuerNotFound { .. } | PathFault::UntrustedRoot { .. }
    )
}

/// The missing issuer is an authority that the operator has taken out of the store: nobody can bring
/// it as evidence.
fn removed(fault: &PathFault, context: &Context<'_>) -> Option<Reason> {
    let PathFault::IssuerNotFound { issuer, .. } = fault else {
        return None;
    };
    let store = context.trust;
    let brought = || {
        let mut all = context.evidence.certificates();
        all.find(|one| store.refuses(one) && one.subject().to_string() == *issuer)
            .map(Certificate::sha256)
    };
    let sha256 = store
        .taken_out_named(issuer, &called(issuer))
        .or_else(brought)?;
    Some(Reason::AuthorityRemoved {
        subject: issuer.clone(),
        sha256: hex(&sha256),
    })
}

/// A path's fault in the words of a verdict.
fn reason(fault: PathFault) -> Reason {
    let chain = |certificate: CertificateId, fault: ChainFault| Reason::Chain {
        certificate: certificate.subject,
        issuer: certificate.issuer,
        fault,
    };
    match fault {
        PathFault::IssuerNotFound {
            certificate,
            issuer,
            ca_issuers,
        } => Reason::IssuerNotFound {
            subject: certificate.subject,
            serial: certificate.serial,
            issuer,
            addresses: ca_issuers,
        },
        PathFault::UntrustedRoot { certificate } => Reason::RootNotTrusted {
            sha256: hex(&certificate.sha256),
            subject: certificate.subject,
        },
        PathFault::SignatureBroken { certificate, .. } => {
            chain(certificate, ChainFault::SignatureBroken)
        }
        PathFault::Malformed { certificate, what } => {
            chain(certificate, ChainFault::Malformed(what))
        }
        PathFault::NotCa { certificate, .. } => chain(certificate, ChainFault::NotCa),
        PathFault::KeyUsage { certificate, .. } => chain(certificate, ChainFault::MayNotIssue),
        PathFault::PathTooLong { certificate, .. } => chain(certificate, ChainFault::PathTooLong),
        PathFault::OutsideValidity {
            certificate,
            not_before,
            not_after,
            at,
        } => chain(
            certificate,
            ChainFault::OutsideValidity {
                not_before,
                not_after,
                at,
            },
        ),
        PathFault::OutsideTrust { certificate, at } => Reason::AnchorEnded {
            certificate: certificate.subject,
            at,
        },
        PathFault::AnchorPurpose { certificate, .. } => {
            chain(certificate, ChainFault::AnchorPurpose)
        }
        PathFault::UnknownCritical { certificate, oid } => {
            chain(certificate, ChainFault::UnknownCritical(oid))
        }
        PathFault::WeakAlgorithm {
            certificate,
            algorithm,
        } => Reason::WeakAlgorithm {
            used: Used::Certificate(certificate.subject),
            algorithm,
        },
        PathFault::UnsupportedAlgorithm { algorithm, .. } => {
            Reason::AlgorithmUnsupported { algorithm }
        }
        PathFault::WeakKey {
            certificate, bits, ..
        } => Reason::WeakKey {
            used: Used::Certificate(certificate.subject),
            bits,
        },
        PathFault::NameNotPermitted {
            certificate,
            authority,
        } => chain(certificate, ChainFault::NameNotPermitted(authority.subject)),
        PathFault::NoPolicy { certificate } => chain(certificate, ChainFault::NoPolicy),
        PathFault::Budget { ceiling } => Reason::Limit {
            what: match ceiling {
                Budget::Length => "certificates of one path",
                Budget::SignatureChecks => "signature checks while building a path",
                Budget::NameChecks => "names compared while building a path",
            }
            .into(),
        },
    }
}

/// Extended key usages that a signer's certificate may have beside others, but not alone.
const OTHER_PURPOSES: [&str; 4] = [
    "1.3.6.1.5.5.7.3.1", // serverAuth
    "1.3.6.1.5.5.7.3.3", // codeSigning
    "1.3.6.1.5.5.7.3.8", // timeStamping
    "1.3.6.1.5.5.7.3.9", // OCSPSigning
];
/// id-kp-timeStamping.
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
