//! What is asked of each certificate of a path, and of each issuer (RFC 5280 §6.1.3, §6.1.4).

use crate::crypto::{DigestAlgorithm, KeyKind};
use crate::path::fault::{CertificateId, PathFault};
use crate::path::names::{self, Constraints};
use crate::path::policies;
use crate::path::{Algorithms, PathInputs};
use crate::time::Time;
use crate::trust::{Purpose, TrustAnchor, pin_of};
use crate::x509::Certificate;

/// Every certificate: its form, its critical extensions, its key.
pub(super) fn certificate(
    certificate: &Certificate,
    rules: Algorithms,
    faults: &mut Vec<PathFault>,
) {
    let id = || CertificateId::from(certificate);
    for what in certificate.faults() {
        faults.push(PathFault::Malformed {
            certificate: id(),
            what,
        });
    }
    for oid in certificate.unhandled_critical() {
        faults.push(PathFault::UnknownCritical {
            certificate: id(),
            oid: oid.clone(),
        });
    }
    let mut malformed = |what| {
        faults.push(PathFault::Malformed {
            certificate: id(),
            what,
        });
    };
    if !names::are_readable(certificate) {
        malformed("subjectAltName");
    }
    if certificate.is_ca() != Some(true) && certificate.extension("2.5.29.30").is_some() {
        malformed("nameConstraints in a certificate that is no authority's (RFC 5280 §4.2.1.10)");
    }
    if rules == Algorithms::Any {
        // RFC 5280 alone is also its profile for those who issue. The trees of this country are
        // older than some habits, so the other policies do not ask for it.
        // A leaf without any key identifier comes from an authority that does not use them.
        let uses_them = certificate.is_ca() == Some(true) || certificate.subject_key_id().is_some();
        if certificate.authority_key_id().is_none() && !certificate.is_self_issued() && uses_them {
            malformed("no authorityKeyIdentifier (RFC 5280 §4.2.1.1)");
        }
        if certificate.is_ca() == Some(true) && certificate.subject_key_id().is_none() {
            malformed("no subjectKeyIdentifier (RFC 5280 §4.2.1.2)");
        }
        // The same clause asks users to bear with such authorities, and the other policies do.
        if certificate
            .serial()
            .first()
            .is_some_and(|octet| octet & 0x80 != 0)
        {
            malformed("a negative serial number (RFC 5280 §4.1.2.2)");
        }
    }
    let key = certificate.public_key();
    if key.kind() == KeyKind::Rsa && key.bits() < rules.min_rsa_bits() {
        faults.push(PathFault::WeakKey {
            certificate: id(),
            kind: key.kind().name(),
            bits: key.bits(),
        });
    }
}

/// The hash that a certificate is signed with; the anchor's own is never asked about.
pub(super) fn algorithm(certificate: &Certificate, rules: Algorithms, faults: &mut Vec<PathFault>) {
    let digest = certificate.signature_algorithm().and_then(|a| a.digest());
    let is_weak = match digest {
        Some(DigestAlgorithm::Md5) => true,
        Some(DigestAlgorithm::Sha1) if rules == Algorithms::Any => false,
        Some(DigestAlgorithm::Sha1) => !pin_of(certificate).is_some_and(|pin| pin.allows_sha1),
        _ => false,
    };
    if is_weak {
        faults.push(PathFault::WeakAlgorithm {
            certificate: certificate.into(),
            algorithm: certificate.signature_algorithm_name(),
        });
    }
}

/// An authority that issued the last of `below` (leaf first).
pub(super) fn authority(
    issuer: &Certificate,
    below: &[Certificate],
    at: Time,
    faults: &mut Vec<PathFault>,
) {
    let Some(issued) = below.last() else {
        return;
    };
    if issuer.version() != 3 || issuer.is_ca() != Some(true) {
        faults.push(PathFault::NotCa {
            certificate: issuer.into(),
            issued: issued.into(),
        });
    }
    if issuer
        .key_usage()
        .is_some_and(|usage| !usage.key_cert_sign())
    {
        faults.push(PathFault::KeyUsage {
            certificate: issuer.into(),
            issued: issued.into(),
        });
    }
    if let Some(allowed) = issuer.path_len() {
        // Authorities between this one and the leaf; self-issued ones do not count (§4.2.1.9).
        let between = below.iter().skip(1).filter(|c| !c.is_self_issued());
        let found = between.count();
        if u32::try_from(found).map_or(true, |found| found > allowed) {
            faults.push(PathFault::PathTooLong {
                certificate: issuer.into(),
                allowed,
                found,
            });
        }
    }
    if at < issuer.not_before() || issuer.not_after() < at {
        faults.push(PathFault::OutsideValidity {
            certificate: issuer.into(),
            not_before: issuer.not_before(),
            not_after: issuer.not_after(),
            at,
        });
    }
}

/// The anchor: is it trusted for this, and then?
pub(super) fn anchor(
    anchor: &TrustAnchor,
    purpose: Purpose,
    at: Time,
    faults: &mut Vec<PathFault>,
) {
    if !anchor.purposes().contains(&purpose) {
        faults.push(PathFault::AnchorPurpose {
            certificate: anchor.into(),
            purpose,
        });
    }
    let too_early = anchor.trusted_from().is_some_and(|from| at < from);
    let too_late = anchor.trusted_until().is_some_and(|until| until < at);
    if too_early || too_late {
        faults.push(PathFault::OutsideTrust {
            certificate: anchor.into(),
            at,
        });
    }
}

impl Algorithms {
    fn min_rsa_bits(self) -> u32 {
        match self {
            Self::Strict => 2_048,
            Self::Any => 1_024,
        }
    }
}

/// What holds for a chain as a whole: name constraints and policies. The leaf stands first.
pub(super) fn whole(chain: &[Certificate], inputs: &PathInputs, faults: &mut Vec<PathFault>) {
    let down: Vec<&Certificate> = chain.iter().rev().collect();
    let mut constraints = Constraints::default();
    for (position, certificate) in down.iter().enumerate() {
        let is_leaf = position.saturating_add(1) == down.len();
        // §6.1.3 (b): an authority that names itself anew is bound by nobody above it.
        if position > 0 && (is_leaf || !certificate.is_self_issued()) {
            constraints.check(certificate, faults);
        }
        if !is_leaf {
            // Those of the anchor too, as its own certificate states them (RFC 5937).
            constraints.add(certificate, faults);
        }
    }
    policies::check(&down, inputs, faults);
}
