//! [`RevocationFault`]: why a list or a response says nothing about a certificate, in plain data.

use std::fmt;

use crate::path::{CertificateId, PathFault};
use crate::time::Time;
use crate::x509::Certificate;

/// Why a piece of evidence was refused for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]

pub(crate) enum RevocationFault {
    /// The list is signed with an algorithm that is not computed here, or with MD5.
    CrlAlgorithm,
    /// The list's signature verifies under no key of its issuer that is at hand.
    CrlSignature,
    /// The key that signed the list may not sign lists (keyUsage without cRLSign).
    CrlIssuerMayNotSign {
        /// The certificate of that key.
        certificate: Box<CertificateId>,
    },
    /// The list is signed by another key than the one that issued the certificate, and there is no
    /// path from that key's certificate.
    CrlIssuerWithoutPath {
        /// The certificate of that key.
        certificate: Box<CertificateId>,
        /// What is wrong with the path.
        faults: Vec<PathFault>,
    },
    /// The path of the key that signed the list ends elsewhere than the certificate's (RFC 5280
    /// §6.3.3 f), or the two authorities share only their name.
    CrlIssuerElsewhere {
        /// The certificate of that key.
        certificate: Box<CertificateId>,
    },
    /// The certificate of the key that signed the list was not valid at the time.
    CrlIssuerOutsideValidity {
        /// That certificate.
        certificate: Box<CertificateId>,
        /// The time asked about.
        at: Time,
    },
    /// The list does not speak about this certificate (RFC 5280 §6.3.3 b).
    CrlScope {
        /// What its scope is.
        scope: Scope,
    },
    /// The lists at hand do not cover all reasons for revocation together.
    CrlSomeReasons,
    /// The list was issued after the time asked about.
    CrlFuture {
        /// When it was issued.
        this_update: Time,
    },
    /// The next list was due before this one was issued.
    CrlTimes,
    /// A critical extension that is not known, or must not be critical (RFC 5280 §5.2).
    CrlCriticalExtension {
        /// Its object identifier.
        oid: String,
    },
    /// An entry has a critical extension that is not known (RFC 5280 §5.3): the whole list must not
    /// be used.
    CrlCriticalEntryExtension,
    /// An entry cannot be read.
    CrlMalformed {
        /// What is wrong with it, in technical English.
        what: String,
    },
    /// A list of changes without the list that it changes (RFC 5280 §5.2.4).
    CrlDeltaWithoutBase,
    /// The responder gave no answer; the number of OCSPResponseStatus (RFC 6960 §4.2.1).
    OcspStatus {
        /// The number: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired,
        /// 6 unauthorized.
        status: u64,
    },
    /// The response is signed with an algorithm that is not computed here, or with MD5.
    OcspAlgorithm,
    /// The response's signature verifies under no key that the responder's name or key hash leads
    /// to.
    OcspSignature,
    /// Nobody at hand is the responder that the response names.
    OcspResponderNotFound,
    /// The responder is neither the issuer nor authorised by it (RFC 6960 §4.2.2.2).
    OcspResponderNotAuthorised {
        /// The responder's certificate.
        certificate: Box<CertificateId>,
        /// What it lacks, in technical English.
        what: &'static str,
    },
    /// The responder's certificate was not valid when the response was made.
    OcspResponderOutsideValidity {
        /// That certificate.
        certificate: Box<CertificateId>,
        /// When the response was made.
        produced_at: Time,
    },
    /// The responder does not know the certificate.
    OcspUnknown,
    /// The response is about a certificate with the same serial number of another issuer, or names
    /// the issuer wrongly.
    OcspOtherCertificate,
    /// The answer was made after the time asked about.
    OcspFuture {
        /// From when it holds.
        this_update: Time,
    },
    /// The next answer was due before this one held.
    OcspTimes,
    /// A critical extension that is not known (RFC 6960 §4.4).
    OcspCriticalExtension {
        /// Its object identifier.
        oid: String,
    },
    /// The answer names the hash of another certificate (certHash).
    OcspCertHash,
    /// The work on the evidence of one file was given up.
    Budget,
}

/// What a list is about, where that does not hold the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]

pub(crate) enum Scope {
    /// Certificates of users alone, and this is an authority's.
    UserCertificates,
    /// Certificates of authorities alone, and this is a user's.
    CaCertificates,
    /// Attribute certificates alone.
    AttributeCertificates,
    /// Another distribution point than any the certificate names.
    OtherDistributionPoint,
}

impl RevocationFault {
    /// Whether work was given up: what was not looked at may have said «revoked».
    pub(crate) fn is_budget(&self) -> bool {
        match self {
            Self::Budget => true,
            Self::CrlIssuerWithoutPath { faults, .. } => faults
                .iter()
                .any(|fault| matches!(fault, PathFault::Budget { .. })),
            _ => false,
        }
    }

    /// A short stable name.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::CrlAlgorithm => "crl.algorithm",
            Self::CrlSignature => "crl.signature",
            Self::CrlIssuerMayNotSign { .. } => "crl.issuer_may_not_sign",
            Self::CrlIssuerWithoutPath { .. } => "crl.issuer_without_path",
            Self::CrlIssuerElsewhere { .. } => "crl.issuer_elsewhere",
            Self::CrlIssuerOutsideValidity { .. } => "crl.issuer_outside_validity",
            Self::CrlScope { .. } => "crl.scope",
            Self::CrlSomeReasons => "crl.some_reasons",
            Self::CrlFuture { .. } => "crl.future",
            Self::CrlTimes => "crl.times",
            Self::CrlCriticalExtension { .. } => "crl.critical_extension",
            Self::CrlCriticalEntryExtension => "crl.critical_entry_extension",
            Self::CrlMalformed { .. } => "crl.malformed",
            Self::CrlDeltaWithoutBase => "crl.delta_without_base",
            Self::OcspStatus { status } => match status {
                1 => "ocsp.status_1",
                2 => "ocsp.status_2",
                3 => "ocsp.status_3",
                5 => "ocsp.status_5",
                6 => "ocsp.status_6",
                _ => "ocsp.status",
            },
            Self::OcspAlgorithm => "ocsp.algorithm",
            Self::OcspSignature => "ocsp.signature",
            Self::OcspResponderNotFound => "ocsp.responder_not_found",
            Self::OcspResponderNotAuthorised { .. } => "ocsp.responder_not_authorised",
            Self::OcspResponderOutsideValidity { .. } => "ocsp.responder_outside_validity",
            Self::OcspUnknown => "ocsp.unknown",
            Self::OcspOtherCertificate => "ocsp.other_certificate",
            Self::OcspFuture { .. } => "ocsp.future",
            Self::OcspTimes => "ocsp.times",
            Self::OcspCriticalExtension { .. } => "ocsp.critical_extension",
            Self::OcspCertHash => "ocsp.cert_hash",
            Self::Budget => "revocation.budget",
        }
    }
}

/// The certificate without its octets, as faults name it.
pub(super) fn named(certificate: &Certificate) -> Box<CertificateId> {
    Box::new(certificate.into())
}

impl fmt::Display for RevocationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
