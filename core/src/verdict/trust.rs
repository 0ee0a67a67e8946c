//! What can be found about status and time: [`StatusFault`], [`StampFault`].

use crate::time::Time;
use crate::verdict::SubIndication;

/// What is wrong, or worth knowing, about the status of one certificate (RFC 5280 §6.3, RFC 6960;
/// EN 319 102-1 clauses 5.2.5, 5.2.6 and 5.5.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusFault {
    /// Nothing at hand says anything about it.
    Missing {
        /// The certificate's serial number, in hex.
        serial: String,
        /// Where its status can be asked, as the certificate says.
        addresses: Vec<String>,
        /// When it ended, where that is past: what is issued since may leave it out.
        ended: Option<Time>,
    },
    /// What is at hand was issued after the certificate had ended, and does not say that it keeps
    /// ended certificates: its silence says nothing (RFC 5280 §3.3).
    IssuedAfterEnd {
        /// `CRL` or `OCSP`.
        source: &'static str,
        /// When the newest was issued.
        this_update: Time,
        /// When the certificate ended.
        not_after: Time,
        /// The time proven, where one is.
        stamped: Option<Time>,
    },
    /// What is at hand was not fresh at the time used.
    Stale {
        /// When the newest was issued.
        this_update: Time,
        /// When it asks to be replaced.
        next_update: Option<Time>,
        /// The time used.
        at: Time,
    },
    /// The certificate is suspended.
    OnHold {
        /// Since when.
        since: Time,
    },
    /// Revoked, and nothing proves that the signature is older.
    Revoked {
        /// When.
        at: Time,
        /// The reason, in the words of RFC 5280 §5.3.1.
        reason: Option<&'static str>,
        /// Whether it is an issuing certificate.
        authority: bool,
    },
    /// Revoked, and a content time-stamp proves that the signature is younger.
    RevokedProven {
        /// When it was revoked.
        at: Time,
        /// The time proven.
        stamped: Time,
    },
    /// Revoked, but the signature is proven to be older. Lowers nothing.
    RevokedLater {
        /// When it was revoked.
        at: Time,
        /// The reason, in the words of RFC 5280 §5.3.1.
        reason: Option<&'static str>,
        /// The time proven.
        stamped: Time,
    },
    /// The certificate that signed the status is outside its validity, and nothing proves that the
    /// status is older.
    IssuerOutsideValidity {
        /// The subject of that certificate.
        issuer: String,
        /// When it ended.
        not_after: Time,
    },
    /// A CRL or OCSP response that cannot be used. Lowers nothing by itself.
    Refused {
        /// `CRL` or `OCSP`.
        source: &'static str,
        /// Why, as a code such as `crl.scope`.
        why: &'static str,
    },
}

impl StatusFault {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "revocation.missing",
            Self::IssuedAfterEnd { .. } => "revocation.issued_after_end",
            Self::Stale { .. } => "revocation.stale",
            Self::OnHold { .. } => "revocation.on_hold",
            Self::Revoked {
                authority: false, ..
            } => "revocation.revoked",
            Self::Revoked {
                authority: true, ..
            } => "revocation.authority_revoked",
            Self::RevokedProven { .. } => "revocation.revoked_before_signing",
            Self::RevokedLater { .. } => "revocation.revoked_later",
            Self::IssuerOutsideValidity { .. } => "revocation.issuer_outside_validity",
            Self::Refused { .. } => "revocation.evidence_refused",
        }
    }

    pub(super) fn sub_indication(&self) -> Option<SubIndication> {
        Some(match self {
            Self::Missing { .. }
            | Self::IssuedAfterEnd { .. }
            | Self::Stale { .. }
            | Self::OnHold { .. } => SubIndication::TryLater,
            Self::Revoked {
                authority: false, ..
            } => SubIndication::RevokedNoPoe,
            Self::Revoked {
                authority: true, ..
            } => SubIndication::RevokedCaNoPoe,
            Self::RevokedProven { .. } => SubIndication::Revoked,
            Self::IssuerOutsideValidity { .. } => SubIndication::RevocationOutOfBoundsNoPoe,
            Self::RevokedLater { .. } | Self::Refused { .. } => return None,
        })
    }
}

/// What is wrong, or worth knowing, about one time-stamp (RFC 3161, RFC 5816; EN 319 102-1 clauses
/// 5.4 and 5.5.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StampFault {
    /// The token cannot be read.
    Malformed {
        /// The technical phrase.
        detail: String,
    },
    /// The token is over other data.
    Imprint,
    /// The imprint's digest cannot be computed here.
    ImprintUnsupported {
        /// Its name or identifier.
        algorithm: String,
    },
    /// The token's certificate is not for time-stamping alone: the extended key usage
    /// id-kp-timeStamping has to be there, critical and alone (RFC 3161 §2.3).
    Purpose,
    /// The token has a critical extension that is not understood.
    CriticalExtension {
        /// Its identifier.
        oid: String,
    },
    /// The token speaks of a time after the validation time.
    Future {
        /// The validation time.
        at: Time,
    },
    /// The token was judged by itself and did not pass, so it proves nothing.
    NotPassed {
        /// The constant of the token's own verdict.
        sub_indication: Option<SubIndication>,
    },
    /// The order of several tokens is impossible.
    Order {
        /// The time of the token that had to be later.
        other: Time,
    },
    /// More time lies between the claimed time and the token than the policy allows.
    Delay {
        /// The claimed signing time.
        claimed: Time,
    },
    /// The imprint is made with SHA-1, in a token of the time when the state's own authority still
    /// did so. Lowers nothing.
    ImprintHistory {
        /// The digest.
        algorithm: String,
    },
    /// The policy demands a time-stamp and there is none.
    Demanded,
    /// A kind of time-stamp that is not judged yet.
    NotJudged,
}

impl StampFault {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "time_stamp.malformed",
            Self::Imprint => "time_stamp.imprint",
            Self::ImprintUnsupported { .. } => "time_stamp.imprint_unsupported",
            Self::Purpose => "time_stamp.purpose",
            Self::CriticalExtension { .. } => "time_stamp.critical_extension",
            Self::Future { .. } => "time_stamp.future",
            Self::NotPassed { .. } => "time_stamp.not_passed",
            Self::Order { .. } => "time_stamp.order",
            Self::Delay { .. } => "time_stamp.delay",
            Self::ImprintHistory { .. } => "time_stamp.sha1_history",
            Self::Demanded => "time_stamp.demanded",
            Self::NotJudged => "time_stamp.not_judged",
        }
    }

    pub(super) fn sub_indication(&self) -> Option<SubIndication> {
        Some(match self {
            Self::Malformed { .. } => SubIndication::FormatFailure,
            Self::Imprint => SubIndication::HashFailure,
            Self::Purpose => SubIndication::ChainConstraintsFailure,
            Self::Order { .. } => SubIndication::TimestampOrderFailure,
            Self::ImprintUnsupported { .. } => SubIndication::CryptoConstraintsFailureNoPoe,
            // Why the token itself is undecided; what fails outright only leaves its signature
            // without the proof.
            Self::NotPassed {
                sub_indication: Some(sub),
            } if sub.indication() == super::Indication::Indeterminate => *sub,
            Self::CriticalExtension { .. }
            | Self::Future { .. }
            | Self::NotPassed { .. }
            | Self::Delay { .. }
            | Self::Demanded => SubIndication::SigConstraintsFailure,
            Self::ImprintHistory { .. } | Self::NotJudged => return None,
        })
    }
}
