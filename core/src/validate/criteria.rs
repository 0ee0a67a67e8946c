//! The ten criteria of Circular 15/2025/TT-BKHCN, App. II, from what was found.

use crate::report::{Criteria, Criterion, Integrity, LinkStatus};
use crate::verdict::{Reason, StampFault, StatusFault, SubIndication};

/// What was found about one signature.
pub(crate) struct Seen<'s> {
    pub(crate) found: &'s [Reason],
    pub(crate) examined_found: &'s [Reason],
    pub(crate) integrity: Integrity,
    pub(crate) has_signer: bool,
    /// The status of each certificate of the path, the signer's first; empty without a path.
    pub(crate) links: &'s [LinkStatus],
    pub(crate) reaches_anchor: bool,
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
            answer(self.integrity.digest_intact),
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
        let outside = self.all().any(|reason| {
            matches!(
                reason,
                Reason::OutsideValidity { .. }
                    | Reason::Expired { .. }
                    | Reason::NotYetValid { .. }
            )
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
        if unproven && !revoked && !outside {
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

fn answer(known: Option<bool>) -> Criterion {
    match known {
        Some(true) => Criterion::Passed,
        Some(false) => Criterion::Failed,
        None => Criterion::Unknown,
    }
}
