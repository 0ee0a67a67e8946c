//! Who may speak about a certificate, and what they say: [`Statement`].
//!
//! Revocation lists by RFC 5280 §6.3.3, with their scope, delta and indirect lists, lists for some
//! reasons and lists under another key of the authority; OCSP responses by RFC 6960 §3.2.
//!
//! It does not decide what a statement means: whether it is fresh enough, whether the hash of its
//! signature still held, whether a revocation came before a signature. That is `validate`'s. It
//! never asks about the status of those who sign the evidence; it says who they are and whether
//! they have to be asked about ([`Standing`]).
//!
//! What was looked at and cannot be used is kept with the reason ([`Refused`]). Evidence that
//! plainly concerns other certificates is passed over.

mod crl;
mod fault;
mod memory;
mod ocsp;
mod scope;

use std::rc::Rc;

use crate::crypto::DigestAlgorithm;
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::path::{ValidPath, Work};
use crate::time::Time;
use crate::trust::{Purpose, TrustAnchor, TrustStore};
use crate::x509::{Certificate, CrlReason};

pub(crate) use fault::RevocationFault;
pub(crate) use memory::{LookedUp, Memory};

/// What one who may speak says about a certificate.
#[derive(Clone, Debug)]

pub(crate) struct Statement {
    /// What is said.
    pub(crate) status: Status,
    /// By which kind of evidence.
    pub(crate) source: Source,
    /// SHA-256 of the list or response; of several lists that speak together, of the one with the
    /// time below.
    pub sha256: [u8; 32],
    /// The number of the list (RFC 5280 §5.2.3), as its octets stand.
    pub(crate) number: Option<Vec<u8>>,
    /// The other lists that it rests on: the complete list below a delta list, lists for other
    /// reasons.
    pub(crate) together_with: Vec<[u8; 32]>,
    /// From when it holds.
    pub(crate) this_update: Time,
    /// When the next one is due at the latest.
    pub(crate) next_update: Option<Time>,
    /// When the response was signed.
    #[allow(dead_code)] // read by the tests of this room
    pub(crate) produced_at: Option<Time>,
    /// Certificates that expired since this time are still spoken about (expiredCertsOnCRL,
    /// archiveCutoff).
    pub(crate) covers_expired_since: Option<Time>,
    /// The responder has seen the very certificate: it names its hash (certHash).
    pub(crate) positive_hash: bool,
    /// Who signed.
    pub(crate) signer: Certificate,
    /// The signer's own path, where it is not the issuer and was not issued by it directly.
    pub(crate) signer_path: Option<ValidPath>,
    /// What the signer's word rests on.
    pub(crate) standing: Standing,
    /// The hash of the signature; nothing where the algorithm has none of its own.
    pub(crate) digest: Option<DigestAlgorithm>,
    /// Where the evidence came from.
    pub(crate) origins: Vec<Origin>,
}

/// What is said about a certificate. «Unknown» is never said: it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]

pub(crate) enum Status {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        at: Time,
        /// Why, where that is said.
        reason: Option<CrlReason>,
    },
    /// Suspended; may come back.
    OnHold {
        /// Since when.
        since: Time,
    },
}

/// The kind of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]

pub(crate) enum Source {
    /// A revocation list.
    Crl,
    /// An OCSP response.
    Ocsp,
}

/// What the word of a signer of evidence rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]

pub(crate) enum Standing {
    /// It is the key that issued the certificate.
    Issuer,
    /// It is an anchor.
    Anchor,
    /// Its issuer wants its status not asked for (id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1).
    NoCheck,
    /// Its own status counts, and was not asked for here.
    MustBeAsked,
}

/// A piece of evidence that says nothing about the certificate, and why.
#[derive(Clone, Debug, PartialEq, Eq)]

pub(crate) struct Refused {
    /// Its kind.
    pub(crate) source: Source,
    /// SHA-256 of the list or response.
    pub sha256: [u8; 32],
    /// Why.
    pub(crate) why: RevocationFault,
}

/// Everything said about a certificate.
#[derive(Clone, Debug, Default)]

pub(crate) struct Statements {
    /// What counts, newest `this_update` first; of the same time a delta list before its base.
    pub(crate) usable: Vec<Statement>,
    /// What does not.
    pub(crate) refused: Vec<Refused>,
}

/// What a question needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) store: &'a TrustStore,
    /// The anchor of the path that the certificate stands in: whoever speaks besides the issuer
    /// must come from it, too.
    pub(crate) anchor: &'a TrustAnchor,
    /// What that path is for.
    pub(crate) purpose: Purpose,
    /// Evidence from after this time is refused; that of before is never too old here.
    pub(crate) at: Time,
    pub(crate) limits: &'a Limits,
    pub(crate) work: &'a Work,
    pub(crate) memory: &'a Memory,
}

/// What is said about `certificate`, whose signature by `issuer` was checked. An anchor is never
/// asked about: nobody stands above it (RFC 5280 §6.1).
pub(crate) fn statements(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Statements {
    let mut found = Statements::default();
    crl::statements(certificate, issuer, ask, &mut found);
    ocsp::statements(certificate, issuer, ask, &mut found);
    // The sort is stable.
    found
        .usable
        .sort_by_key(|statement| std::cmp::Reverse(statement.this_update));
    found
}

/// The same, asked once for each certificate of a file that has hundreds of signatures by it.
pub(crate) fn remembered(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Rc<Statements> {
    let about = About {
        certificate: certificate.sha256(),
        issuer: issuer.sha256(),
        anchor: ask.anchor.certificate().sha256(),
        purpose: ask.purpose,
    };
    ask.memory
        .statements(about, || statements(certificate, issuer, ask))
}

/// What was asked: about what, and in which path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct About {
    /// SHA-256 of the certificate, or of the list.
    certificate: [u8; 32],
    issuer: [u8; 32],
    anchor: [u8; 32],
    purpose: Purpose,
}

impl Ask<'_> {
    /// The latest time that this piece of evidence may be from.
    fn latest(&self, sha256: &[u8; 32]) -> Time {
        let origins = self.evidence.status_origins(sha256);
        if origins.contains(&Origin::Online) {
            latest(self.at)
        } else {
            self.at
        }
    }
}

/// The latest time that evidence fetched for this call may be from: a responder answers after the
/// call began, and its clock is not ours (RFC 5019 §4).
pub(crate) fn latest(at: Time) -> Time {
    Time::from_unix(at.unix().saturating_add(CLOCKS_DIFFER)).at_offset(at.offset_minutes())
}

/// Clocks may differ by this many seconds.
const CLOCKS_DIFFER: i64 = 5 * 60;

impl Statements {
    fn refuse(&mut self, source: Source, sha256: [u8; 32], why: RevocationFault) {
        self.refused.push(Refused {
            source,
            sha256,
            why,
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
