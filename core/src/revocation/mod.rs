//! Who may speak about a certificate's status, and what they say: [`statements`] (RFC 5280 §6.3,
//! RFC 6960 §3.2).
//!
//! It does not decide what that means at a time: freshness and proofs of existence are `validate`'s.
//! "Unknown" is never a statement. What was looked at and cannot be used is told with its reason;
//! what plainly concerns others is passed over.

mod crl;
mod ocsp;

use std::cell::RefCell;
use std::collections::HashMap;

use crate::crypto::{DigestAlgorithm, SignatureAlgorithm, ToVerify, verify};
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::path::{self, Work};
use crate::time::Time;
use crate::trust::{Purpose, TrustStore};
use crate::x509::{Certificate, CrlReason};

/// What an authorised source says about one certificate.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// What.
    pub(crate) status: Status,
    /// In what kind of message.
    pub(crate) source: Source,
    /// SHA-256 of the message.
    pub(crate) sha256: [u8; 32],
    /// As of when.
    pub(crate) this_update: Time,
    /// By when a newer one is to be had.
    pub(crate) next_update: Option<Time>,
    /// When an OCSP response was signed.
    pub(crate) produced_at: Option<Time>,
    /// The source keeps what it knows of certificates that ended after this time.
    pub(crate) covers_expired_since: Option<Time>,
    /// The responder named the certificate by its own digest.
    pub(crate) positive_hash: bool,
    /// Whose signature it carries.
    pub(crate) signer: Certificate,
    /// The hash it is signed with.
    pub(crate) digest: Option<DigestAlgorithm>,
    /// Where it came from.
    #[allow(dead_code)]
    pub(crate) origins: Vec<Origin>,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// When.
        at: Time,
        /// Why, where told.
        reason: Option<CrlReason>,
    },
    /// Suspended.
    OnHold {
        /// Since when.
        since: Time,
    },
}

/// The kinds of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A revocation list.
    Crl,
    /// An OCSP response.
    Ocsp,
}

/// A message that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Its kind.
    pub(crate) source: Source,
    /// Why.
    pub(crate) why: RevocationFault,
}

/// Why a message cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RevocationFault {
    /// Signed with an algorithm that is not known, or not to be used at all.
    Algorithm,
    /// Its signature does not verify under any key that may sign it.
    Signature,
    /// The issuer's key may not sign lists (keyUsage without cRLSign).
    MayNotSign,
    /// The issuer of the list has no path to the anchor of the certificate's path.
    IssuerPath,
    /// It is dated after the validation time.
    Future,
    /// It does not cover this certificate, or not every reason.
    Scope,
    /// A critical extension is not understood.
    CriticalExtension,
    /// An addition to a list that is not at hand.
    DeltaWithoutBase,
    /// An entry cannot be read.
    Malformed,
    /// The responder may not speak for the certificate's issuer.
    Responder,
    /// The responder's certificate was not valid when it signed.
    ResponderValidity,
    /// It is about another certificate of the same serial number.
    OtherCertificate,
    /// The responder does not know the certificate.
    Unknown,
    /// The responder answers with an error.
    Error,
    /// A digest of the certificate is named, and it is another's.
    CertHash,
    /// The work on this file is used up.
    Budget,
}

impl RevocationFault {
    /// A stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Algorithm => "status.algorithm",
            Self::Signature => "status.signature",
            Self::MayNotSign => "crl.issuer_may_not_sign",
            Self::IssuerPath => "crl.issuer_path",
            Self::Future => "status.future",
            Self::Scope => "crl.scope",
            Self::CriticalExtension => "status.critical_extension",
            Self::DeltaWithoutBase => "crl.delta_without_base",
            Self::Malformed => "status.malformed",
            Self::Responder => "ocsp.responder_not_authorised",
            Self::ResponderValidity => "ocsp.responder_validity",
            Self::OtherCertificate => "ocsp.other_certificate",
            Self::Unknown => "ocsp.unknown",
            Self::Error => "ocsp.error",
            Self::CertHash => "ocsp.cert_hash",
            Self::Budget => "limit",
        }
    }
}

/// Everything said about a certificate.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    /// What can be used, the newest first.
    pub(crate) usable: Vec<Statement>,
    /// What cannot.
    pub(crate) refused: Vec<Refused>,
}

/// By what it is judged who may speak.
pub(crate) struct Ask<'a> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) store: &'a TrustStore,
    /// The validation time; what is dated later is refused.
    pub(crate) at: Time,
    pub(crate) limits: &'a Limits,
    pub(crate) work: &'a Work,
    pub(crate) memory: &'a Memory,
    /// The anchor of the certificate's path: an issuer of lists has to reach the same one.
    pub(crate) anchor: &'a Certificate,
}

/// What was verified already, so that ten signatures do not verify one list ten times.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    signatures: RefCell<HashMap<([u8; 32], [u8; 32]), bool>>,
}

/// Everything at hand that speaks about `certificate`, which `issuer` issued.
pub(crate) fn statements(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Statements {
    let mut said = Statements::default();
    crl::statements(certificate, issuer, ask, &mut said);
    ocsp::statements(certificate, issuer, ask, &mut said);
    said.usable
        .sort_by_key(|statement| std::cmp::Reverse(statement.this_update));
    said
}

impl Ask<'_> {
    /// Whether a message is signed under a certificate's key.
    fn is_signed(
        &self,
        message: ([u8; 32], &[u8], &[u8]),
        algorithm: &SignatureAlgorithm,
        signer: &Certificate,
    ) -> Result<bool, RevocationFault> {
        let (sha256, tbs, signature) = message;
        let key = (sha256, signer.sha256());
        if let Some(known) = self.memory.signatures.borrow().get(&key) {
            return Ok(*known);
        }
        if !self.work.spend_signature_check() {
            return Err(RevocationFault::Budget);
        }
        let holds = verify(
            signer.public_key(),
            algorithm,
            ToVerify::Message(tbs),
            signature,
        )
        .is_ok();
        self.memory.signatures.borrow_mut().insert(key, holds);
        Ok(holds)
    }

    /// Whether a certificate has a path to the same anchor as the one asked about.
    fn reaches_anchor(&self, certificate: &Certificate) -> bool {
        // At its own begin where it has ended by now: what it signed then is judged by its date.
        let at = self.at.min(certificate.not_after()).max(certificate.not_before());
        [Purpose::DocumentSignature, Purpose::TimeStamp]
            .into_iter()
            .any(|purpose| {
                path::build_within(
                    certificate,
                    self.evidence,
                    self.store,
                    at,
                    purpose,
                    self.limits,
                    self.work,
                )
                .is_ok_and(|path| path.anchor().certificate() == self.anchor)
            })
    }
}

/// Hashes that forge: nothing signed with them says anything.
fn is_broken(algorithm: &SignatureAlgorithm) -> bool {
    algorithm.digest() == Some(DigestAlgorithm::Md5)
}
