//! The ten criteria of Circular 15/2025/TT-BKHCN, App. II, from what was found.

use crate::report::{Criteria, Criterion, Integrity, LinkStatus};
use crate::time::Time;
use crate::verdict::{ChangeFault, Reason, StampFault, StatusFault, SubIndication};

/// What was found about one signature.
pub(crate) struct Seen<'s> {
    pub(crate) found: &'s [Reason],
    pub(crate) examined_found: &'s [Reason],
    pub(crate) integrity: Integrity,
    pub(crate) has_signer: bool,
    /// The status of each certificate of the path, the signer's first; empty without a path.
    pub(crate) links: &'s [LinkStatus],
    pub(crate) reaches_anchor: bool,
    /// When it was signed, by a time-stamp and by the signer.
    pub(crate) proven: Option<Time>,
    pub(crate) claimed: Option<Time>,
}

impl Seen<'_> {
    /// The answers, in the circular's order: 1.1 … 1.6, 2.1 … 2.4.
    pub(crate) fn criteria(&self) -> Criteria {
        let validity = self.validity();
        Criteria([
            validity,
            self.status(),
            self.algorithms(),
            self.scope(),
            self.purpose(),
            // What an issuer states beyond the certificate is not in the file.
            Criterion::NotApplicable,
            self.identity(),
            answer(self.integrity.signature_intact),
            validity,
            self.intact(),
        ])
    }

    fn all(&self) -> impl Iterator<Item = &Reason> {
        self.found.iter().chain(self.examined_found)
    }

    fn has(&self, constants: &[SubIndication]) -> bool {
        self.all()
            .filter_map(Reason::sub_indication)
            .any(|found| constants.contains(&found))
    }

    /// 1.1 and 2.3: the signing time lies within the validity, not suspended or revoked then.
    fn validity(&self) -> Criterion {
        let revoked = self
            .links
            .first()
            .is_some_and(|status| matches!(status, LinkStatus::Revoked | LinkStatus::OnHold));
        let outside = self.all().any(|reason| match reason {
            Reason::Expired { .. } | Reason::NotYetValid { .. } => true,
            // Where nothing is proven, the signer's own word may count against the signature.
            Reason::OutsideValidity {
                not_before,
                not_after,
                ..
            } => {
                let is_outside = |time: Time| time < *not_before || *not_after < time;
                match self.proven {
                    Some(_) => true,
                    None => self.reaches_anchor && self.claimed.is_some_and(is_outside),
                }
            }
            _ => false,
        });
        let unproven = self.all().any(|reason| {
            matches!(
                reason,
                Reason::TimeStamp {
                    fault: StampFault::NotPassed { .. },
                    ..
                }
            )
        });
        // The validation time lies outside, and nobody knows about the time of the signature.
        let unknown = self
            .all()
            .any(|reason| matches!(reason, Reason::OutsideValidity { .. }));
        if (unproven || unknown) && !revoked && !outside {
            return Criterion::Unknown;
        }
        match (self.has_signer, revoked || outside) {
            (false, _) => Criterion::Unknown,
            (true, true) => Criterion::Failed,
            (true, false) if self.reaches_anchor => Criterion::Passed,
            (true, false) => Criterion::Unknown,
        }
    }

    /// 1.2: the status by CRL or OCSP.
    fn status(&self) -> Criterion {
        let gone = self.all().any(|reason| {
            matches!(
                reason,
                Reason::Status {
                    fault: StatusFault::Revoked { .. } | StatusFault::RevokedProven { .. },
                    ..
                }
            )
        });
        let asked =
            |status: &LinkStatus| matches!(status, LinkStatus::Good | LinkStatus::NotNeeded);
        if gone || self.links.contains(&LinkStatus::Revoked) {
            Criterion::Failed
        } else if !self.links.is_empty() && self.links.iter().all(asked) {
            Criterion::Passed
        } else {
            Criterion::Unknown
        }
    }

    /// 1.3: the algorithms.
    fn algorithms(&self) -> Criterion {
        let weak = self.has(&[
            SubIndication::CryptoConstraintsFailure,
            SubIndication::CryptoConstraintsFailureNoPoe,
        ]);
        match (self.has_signer, weak) {
            (false, _) => Criterion::Unknown,
            (true, true) => Criterion::Failed,
            (true, false) => Criterion::Passed,
        }
    }

    /// 1.4: the scope of use, which the tree of the anchor sets.
    fn scope(&self) -> Criterion {
        match (self.reaches_anchor, self.refuses_purpose()) {
            (true, false) => Criterion::Passed,
            (_, true) => Criterion::Failed,
            (false, false) => Criterion::Unknown,
        }
    }

    /// 1.5: Key Usage and Extended Key Usage.
    fn purpose(&self) -> Criterion {
        match (self.has_signer, self.refuses_purpose()) {
            (false, _) => Criterion::Unknown,
            (true, true) => Criterion::Failed,
            (true, false) => Criterion::Passed,
        }
    }

    fn refuses_purpose(&self) -> bool {
        self.has(&[SubIndication::ChainConstraintsFailure])
    }

    /// 2.1: the right signer on the message.
    fn identity(&self) -> Criterion {
        let intact = answer(self.integrity.signature_intact);
        let unidentified = self.has(&[SubIndication::NoSigningCertificateFound]);
        if intact == Criterion::Failed || unidentified {
            Criterion::Failed
        } else if intact == Criterion::Passed && self.reaches_anchor {
            Criterion::Passed
        } else {
            Criterion::Unknown
        }
    }
}

impl Seen<'_> {
    /// 2.4: integrity. What was signed is intact, and the document is still what was signed.
    fn intact(&self) -> Criterion {
        let mut all = self.all().filter_map(|reason| match reason {
            Reason::Changes { fault, .. } => Some(*fault),
            _ => None,
        });
        let is_forbidden = |fault: ChangeFault| match fault {
            ChangeFault::Forbidden
            | ChangeFault::Certification
            | ChangeFault::FieldLock
            | ChangeFault::UntrustedField => true,
            ChangeFault::Annotation
            | ChangeFault::Appearance
            | ChangeFault::UnsettledField
            | ChangeFault::Trailing => false,
        };
        let doubted = all.next();
        let forbidden = doubted.into_iter().chain(all).any(is_forbidden);
        match (answer(self.integrity.digest_intact), doubted) {
            (Criterion::Failed, _) => Criterion::Failed,
            _ if forbidden => Criterion::Failed,
            (_, Some(_)) => Criterion::Unknown,
            (own, None) => own,
        }
    }
}

fn answer(known: Option<bool>) -> Criterion {
    match known {
        Some(true) => Criterion::Passed,
        Some(false) => Criterion::Failed,
        None => Criterion::Unknown,
    }
}
