//! [`PathFault`]: why there is no path, in plain data.

use crate::time::Time;
use crate::trust::{Purpose, TrustAnchor};
use crate::x509::Certificate;

/// A certificate named without its octets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CertificateId {
    /// Its subject as text.
    pub subject: String,
    /// Its issuer as text.
    pub issuer: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// SHA-256 of its octets.
    pub sha256: [u8; 32],
}

impl From<&Certificate> for CertificateId {
    fn from(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial: certificate.serial_hex(),
            sha256: certificate.sha256(),
        }
    }
}

impl From<&TrustAnchor> for CertificateId {
    fn from(anchor: &TrustAnchor) -> Self {
        anchor.certificate().into()
    }
}

/// Why a path was refused. `certificate` is the one at fault; where it is at fault as an issuer,
/// `issued` is the one below it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFault {
    /// No certificate of this issuer is at hand.
    IssuerNotFound {
        /// The topmost certificate that was found.
        certificate: CertificateId,
        /// The name of the missing issuer.
        issuer: String,
        /// Where the certificate says that its issuer can be had. Said by an unverified
        /// certificate: to be shown, not to be fetched.
        ca_issuers: Vec<String>,
    },
    /// The chain ends in a self-signed certificate that is no anchor.
    UntrustedRoot {
        /// That certificate.
        certificate: CertificateId,
    },
    /// The signature on a certificate does not verify under its issuer's key.
    SignatureBroken {
        /// The certificate.
        certificate: CertificateId,
        /// The certificate whose name is its issuer's.
        issuer: CertificateId,
    },
    /// Something is wrong with a certificate's form.
    Malformed {
        /// The certificate.
        certificate: CertificateId,
        /// What, in technical English.
        what: &'static str,
    },
    /// The issuer is no certification authority (basicConstraints).
    NotCa {
        /// The issuer.
        certificate: CertificateId,
        /// The certificate it issued.
        issued: CertificateId,
    },
    /// The issuer's key may not sign certificates (keyUsage).
    KeyUsage {
        /// The issuer.
        certificate: CertificateId,
        /// The certificate it issued.
        issued: CertificateId,
    },
    /// More authorities stand below an authority than it allows (pathLenConstraint).
    PathTooLong {
        /// The authority.
        certificate: CertificateId,
        /// How many it allows.
        allowed: u32,
        /// How many there are.
        found: usize,
    },
    /// An authority's certificate was not valid at the time.
    OutsideValidity {
        /// The authority.
        certificate: CertificateId,
        /// Begin of its validity.
        not_before: Time,
        /// End of its validity.
        not_after: Time,
        /// The time asked about.
        at: Time,
    },
    /// The anchor is not trusted at the time, though its certificate is valid.
    OutsideTrust {
        /// The anchor.
        certificate: CertificateId,
        /// The time asked about.
        at: Time,
    },
    /// The anchor is not trusted for this.
    AnchorPurpose {
        /// The anchor.
        certificate: CertificateId,
        /// What the path is wanted for.
        purpose: Purpose,
    },
    /// A critical extension that is not known, or could not be read.
    UnknownCritical {
        /// The certificate.
        certificate: CertificateId,
        /// The extension's object identifier.
        oid: String,
    },
    /// The signature on a certificate is made with a broken hash.
    WeakAlgorithm {
        /// The certificate.
        certificate: CertificateId,
        /// The algorithm in words.
        algorithm: String,
    },
    /// The signature on a certificate is made with an algorithm, or a key, that is not computed
    /// here.
    UnsupportedAlgorithm {
        /// The certificate.
        certificate: CertificateId,
        /// The algorithm in words.
        algorithm: String,
    },
    /// A key is too short.
    WeakKey {
        /// The certificate of the key.
        certificate: CertificateId,
        /// The kind of key.
        kind: &'static str,
        /// Its size in bits.
        bits: u32,
    },
    /// A name of a certificate lies outside what an authority above it allows.
    NameNotPermitted {
        /// The certificate with the name.
        certificate: CertificateId,
        /// The authority whose nameConstraints it breaks.
        authority: CertificateId,
    },
    /// No certificate policy is valid for the whole path, and one is demanded.
    NoPolicy {
        /// The certificate at which the last one was lost.
        certificate: CertificateId,
    },
    /// The search was given up.
    Budget {
        /// Which ceiling was reached.
        ceiling: Budget,
    },
}

/// The ceilings of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Budget {
    /// Certificates of one path.
    Length,
    /// Signature checks.
    SignatureChecks,
    /// Candidates looked at.
    NameChecks,
}
