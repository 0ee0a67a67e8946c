//! X.509 certificate validation (EN 319 102-1 clause 5.2.6), the certificate status left aside: the
//! path to an anchor, what the signer's certificate may be used for, and its validity period.

use crate::crypto::hex;
use crate::path::{self, Budget, CertificateId, PathFault, ValidPath};
use crate::report::ChainLink;
use crate::trust::{Purpose, Tree};
use crate::validate::Context;
use crate::validate::candidate::Profile;
use crate::verdict::{ChainFault, Reason, Used};
use crate::x509::Certificate;

/// How far the path goes.
pub(crate) struct Path {
    /// From the signing certificate upwards.
    pub(crate) chain: Vec<ChainLink>,
    /// Whether it ends in an anchor.
    pub(crate) reaches_anchor: bool,
}

/// Builds and checks the path, and judges the purpose of the signer's certificate.
pub(crate) fn check(
    certificate: &Certificate,
    profile: Profile,
    context: &Context<'_>,
    found: &mut Vec<Reason>,
) -> Path {
    let purpose = match profile {
        Profile::DocumentTimeStamp => Purpose::TimeStamp,
        _ => {
            key_usage(certificate, found);
            Purpose::DocumentSignature
        }
    };
    let built = path::build_within(
        certificate,
        context.evidence,
        context.trust,
        context.at,
        purpose,
        context.limits,
        &context.work,
    );
    match built {
        Ok(path) => {
            history(&path, found);
            Path {
                chain: links(&path),
                reaches_anchor: true,
            }
        }
        Err(faults) => {
            let store_is_empty = context.trust.is_empty();
            for fault in faults {
                if store_is_empty && ends_nowhere(&fault) {
                    found.push(Reason::TrustStoreEmpty);
                }
                found.push(reason(fault));
            }
            found.dedup();
            Path {
                chain: vec![own_link(certificate)],
                reaches_anchor: false,
            }
        }
    }
}

/// Holds the validation time against the signer's own validity period.
pub(crate) fn check_validity(
    certificate: &Certificate,
    context: &Context<'_>,
    found: &mut Vec<Reason>,
) {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if context.at < not_before || context.at > not_after {
        found.push(Reason::OutsideValidity {
            certificate: certificate.subject().to_string(),
            not_before,
            not_after,
            at: context.at,
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

fn links(path: &ValidPath) -> Vec<ChainLink> {
    let tree = match path.anchor().tree() {
        Tree::Vgca => "vgca",
        Tree::Neac => "neac",
        _ => "operator",
    };
    let anchor = path.anchor().certificate();
    path.certificates()
        .iter()
        .map(|certificate| {
            let trust_anchor = certificate == anchor;
            ChainLink {
                subject: certificate.subject().to_string(),
                sha256: certificate.sha256(),
                trust_anchor,
                tree: Some(tree),
                revocation: if trust_anchor {
                    "not-needed"
                } else {
                    "unknown"
                },
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
    }
}

fn ends_nowhere(fault: &PathFault) -> bool {
    matches!(
        fault,
        PathFault::IssuerNotFound { .. } | PathFault::UntrustedRoot { .. }
    )
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
        PathFault::OutsideTrust { certificate, .. }
        | PathFault::AnchorPurpose { certificate, .. } => {
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
        PathFault::NotJudged {
            certificate,
            extension,
        } => Reason::PathNotJudged {
            certificate: certificate.subject,
            what: extension.to_owned(),
        },
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
