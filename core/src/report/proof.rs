//! A pass is earned: [`Verdict`], [`Proof`], and the witnesses that the checks hand out.
//!
//! Each witness has private fields and one constructor, which *is* the check. A check that did not
//! run cannot have passed, because there is then nothing to build a [`Proof`] from.

use std::rc::Rc;

use crate::crypto::{self, Digest, PublicKey, SignatureAlgorithm, ToVerify, VerifyFault};
use crate::error::Place;
use crate::message::{self, Lang};
use crate::path::ValidPath;
use crate::policy::Revocation;
use crate::report::{Changes, Finding};
use crate::verdict::{self, Change, ChangeFault, Indication, Reason, SubIndication};

/// The answer about one signature. The indication is computed; nobody can set it.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Every check passed; here is what they handed out.
    Passed(#[allow(dead_code)] Box<Proof>),
    /// At least one did not.
    NotPassed(Reasons),
}

impl Verdict {
    /// The main indication of EN 319 102-1.
    pub(crate) fn indication(&self) -> Indication {
        match self {
            Self::Passed(_) => Indication::TotalPassed,
            Self::NotPassed(reasons) => reasons.headline().0,
        }
    }

    /// The sub-indication; `None` for a pass, and where only checks hold the verdict that are not
    /// there yet.
    pub(crate) fn sub_indication(&self) -> Option<SubIndication> {
        match self {
            Self::Passed(_) => None,
            Self::NotPassed(reasons) => reasons.headline().1,
        }
    }
}

/// At least one reason that lowers a verdict, and all others that were found beside it.
#[derive(Clone, Debug)]
pub(crate) struct Reasons(Vec<Reason>);

impl Reasons {
    /// From everything that was found. `None` when nothing in it lowers a verdict: then only a
    /// [`Proof`] can say what holds.
    pub(crate) fn new(mut found: Vec<Reason>) -> Option<Self> {
        // The gravest first, as a reader wants them; equals keep the order they were found in.
        found.sort_by_key(verdict::gravity);
        verdict::headline(&found).map(|_| Self(found))
    }

    /// The verdict of a signature in which nothing was found that lowers it, as long as the checks
    /// that a pass needs are not there yet.
    pub(crate) fn not_judged() -> Self {
        Self(vec![Reason::ContentNotJudged])
    }

    /// All of them, the gravest first.
    pub(crate) fn as_slice(&self) -> &[Reason] {
        &self.0
    }

    fn headline(&self) -> (Indication, Option<SubIndication>) {
        // `new` has seen one that lowers; were it gone, INDETERMINATE is the safe answer.
        verdict::headline(&self.0).unwrap_or((Indication::Indeterminate, None))
    }
}

/// What every check of a passed signature handed out. It can only be made whole.
#[derive(Clone, Debug)]
#[allow(dead_code)] // its worth is that it cannot be made without each of them
pub(crate) struct Proof {
    pub(crate) digest: IntactDigest,
    pub(crate) signature: VerifiedSignature,
    pub(crate) path: ValidPath,
    pub(crate) status: JudgedStatus,
    pub(crate) algorithms: AcceptedAlgorithms,
    pub(crate) changes: JudgedChanges,
}

/// The protected bytes have the signed digest.
#[derive(Clone, Debug)]
pub(crate) struct IntactDigest(());

impl IntactDigest {
    /// Compares each part of what is signed, in full length. There has to be one, and each digest
    /// has to be there.
    pub(crate) fn all<'d>(
        parts: impl Iterator<Item = (&'d [u8], Option<&'d Digest>)>,
    ) -> Option<Self> {
        let mut whole = None;
        for (signed, computed) in parts {
            whole = Some(Self::check(signed, computed?).ok()?);
        }
        whole
    }

    /// Compares in full length.
    pub(crate) fn check(signed: &[u8], computed: &Digest) -> Result<Self, Reason> {
        if signed == computed.as_bytes() {
            Ok(Self(()))
        } else {
            Err(Reason::DigestMismatch {
                algorithm: computed.algorithm().name(),
            })
        }
    }
}

/// The signature value verifies under the signer's key.
#[derive(Clone, Debug)]
pub(crate) struct VerifiedSignature(());

impl VerifiedSignature {
    /// Verifies.
    pub(crate) fn check(
        key: &PublicKey,
        algorithm: &SignatureAlgorithm,
        data: ToVerify<'_>,
        signature: &[u8],
    ) -> Result<Self, Reason> {
        match crypto::verify(key, algorithm, data, signature) {
            Ok(()) => Ok(Self(())),
            Err(VerifyFault::Invalid) => Err(Reason::SignatureInvalid),
            Err(VerifyFault::Unsupported) => Err(Reason::AlgorithmUnsupported {
                algorithm: format!("{} / {} bit", algorithm.name(), key.bits()),
            }),
        }
    }
}

/// The status of one certificate of a path at the proven time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkStatus {
    /// Known not to be revoked.
    Good,
    /// Revoked before the proven time.
    Revoked,
    /// Suspended.
    OnHold,
    /// Nothing usable says anything.
    Unknown,
    /// The anchor: its status is the operator's to know.
    NotNeeded,
}

impl LinkStatus {
    /// The word in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked | Self::OnHold => "revoked",
            Self::Unknown => "unknown",
            Self::NotNeeded => "not-needed",
        }
    }
}

/// No certificate of the path was revoked at the proven time, as far as the policy demands to know.
#[derive(Clone, Debug)]
pub(crate) struct JudgedStatus(());

impl JudgedStatus {
    /// From the status of every certificate below the anchor.
    pub(crate) fn check(rule: Revocation, links: &[LinkStatus]) -> Option<Self> {
        let holds = |status: &LinkStatus| match status {
            LinkStatus::Good | LinkStatus::NotNeeded => true,
            LinkStatus::Unknown => rule == Revocation::None,
            LinkStatus::Revoked | LinkStatus::OnHold => false,
        };
        links.iter().all(holds).then_some(Self(()))
    }
}

/// Every algorithm and key was accepted by the policy at the time it has to be accepted at.
#[derive(Clone, Debug)]
pub(crate) struct AcceptedAlgorithms(());

impl AcceptedAlgorithms {
    /// From everything that the policy refused; nothing may be in it.
    pub(crate) fn check(refused: &[Reason]) -> Option<Self> {
        refused.is_empty().then_some(Self(()))
    }
}

/// What the carrier found about hidden content and later changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentJudgement {
    /// Why it cannot be said that nothing is hidden and nothing was changed; empty where it can.
    doubts: Vec<Reason>,
    /// What later revisions changed; `None`: not judged.
    changes: Option<Changes>,
    /// The changes by name, as many as a report shows.
    named: Vec<Change>,
    /// How many are not among these.
    further: usize,
    /// What hangs on signatures that were added later.
    conditions: Conditions,
}

/// The signature fields that were added to a file, and from where on they are later than a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    /// All of the file, in the order of the revisions; shared by all its signatures.
    pub(crate) all: Rc<[NewSignature]>,
    /// The first that is later.
    pub(crate) from: usize,
    /// The revision, from 1, that the signature covers.
    pub(crate) covered: u32,
    /// Whether a certification binds the signature that is judged.
    pub(crate) certified: bool,
}

impl Conditions {
    fn is_empty(&self) -> bool {
        self.from >= self.all.len()
    }
}

/// A signature in a field that was added later and draws something: permitted if it is trusted (an
/// overlay in a field that anybody could have signed is an attack).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewSignature {
    /// The position of its signature among the candidates.
    pub(crate) candidate: usize,
    /// The change that adds it.
    pub(crate) change: Change,
    /// The revision, from 1, that added the field; for signatures that cover it, it is no new one.
    pub(crate) since: u32,
}

/// What a signature is worth to earlier ones, whatever came after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It verifies, and its path reaches an anchor.
    Trusted,
    /// It does not verify.
    Broken,
    /// Its path ends in a root that is not trusted.
    Untrusted,
    /// Cannot be told.
    Unknown,
}

impl ContentJudgement {
    /// Somebody looked, and these are the doubts.
    pub(crate) fn new(doubts: Vec<Reason>, changes: Option<Changes>) -> Self {
        Self {
            doubts,
            changes,
            ..Self::default()
        }
    }

    /// With the changes by name, the count of those left out, and what hangs on later signatures.
    pub(crate) fn with(
        mut self,
        named: Vec<Change>,
        further: usize,
        conditions: Conditions,
    ) -> Self {
        self.named = named;
        self.further = further;
        self.conditions = conditions;
        self
    }

    /// Settles what hangs on later signatures, by what each candidate is worth.
    pub(crate) fn settle(&mut self, worth: &[Option<Worth>]) {
        let mut faults: Vec<(ChangeFault, Change, u32)> = Vec::new();
        let Conditions {
            all,
            from,
            covered,
            certified,
        } = std::mem::take(&mut self.conditions);
        let later = all.get(from..).unwrap_or_default().iter();
        for condition in later.filter(|condition| condition.since > covered) {
            let worth = worth.get(condition.candidate).copied().flatten();
            let fault = match worth {
                Some(Worth::Trusted) => continue,
                Some(Worth::Broken | Worth::Untrusted) if certified => {
                    self.changes = Some(Changes::Forbidden);
                    ChangeFault::UntrustedField
                }
                _ => ChangeFault::UnsettledField,
            };
            match faults.iter_mut().find(|(known, ..)| *known == fault) {
                Some((.., more)) => *more = more.saturating_add(1),
                None => faults.push((fault, condition.change.clone(), 0)),
            }
        }
        for (fault, change, more) in faults {
            self.doubts.push(Reason::Changes {
                fault,
                change: Box::new(change),
                more,
            });
        }
    }

    /// Adds a doubt, once.
    pub(crate) fn doubt(&mut self, reason: Reason) {
        if !self.doubts.contains(&reason) {
            self.doubts.push(reason);
        }
    }

    /// What later revisions changed.
    pub(crate) fn changes(&self) -> Option<Changes> {
        self.changes
    }

    /// The changes by name, for the report.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .named
            .iter()
            .map(|change| Finding {
                code: change.kind.code(),
                place: Some(match change.object {
                    Some(number) => Place::Object {
                        number,
                        revision: Some(change.revision),
                    },
                    None => Place::Part(format!("revision {}", change.revision)),
                }),
                message_vi: change.message(Lang::Vi),
                message_en: change.message(Lang::En),
            })
            .collect();
        if self.further > 0 {
            findings.push(Finding {
                code: "change.further",
                place: None,
                message_vi: message::further(self.further, Lang::Vi),
                message_en: message::further(self.further, Lang::En),
            });
        }
        findings
    }

    /// The reasons for the report.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        match self.changes {
            None if self.doubts.is_empty() => vec![Reason::ContentNotJudged],
            _ => self.doubts.clone(),
        }
    }
}

/// The signed revision hides nothing, and later ones changed no more than they may.
#[derive(Clone, Debug)]
pub(crate) struct JudgedChanges(());

impl JudgedChanges {
    /// From what the carrier found.
    pub(crate) fn check(content: &ContentJudgement) -> Result<Self, Reason> {
        // What hangs on a later signature has to be settled first.
        let is_settled = content.conditions.is_empty();
        match (content.reasons().into_iter().next(), content.changes) {
            (None, Some(Changes::None | Changes::Permitted)) if is_settled => Ok(Self(())),
            (None, _) => Err(Reason::ContentNotJudged),
            (Some(doubt), _) => Err(doubt),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crypto::DigestAlgorithm;

    #[test]
    fn a_digest_of_another_length_is_a_mismatch() {
        let computed = Digest::of(DigestAlgorithm::Sha256, b"a");
        assert!(IntactDigest::check(computed.as_bytes(), &computed).is_ok());
        assert!(IntactDigest::check(&computed.as_bytes()[..31], &computed).is_err());
        assert!(IntactDigest::check(b"", &computed).is_err());
    }

    #[test]
    fn reasons_that_lower_nothing_are_no_verdict() {
        assert!(Reasons::new(vec![Reason::RsaPkcs1]).is_none());
        assert!(Reasons::new(vec![]).is_none());
        let reasons = Reasons::new(vec![Reason::RsaPkcs1, Reason::ContentNotJudged]).unwrap();
        assert_eq!(
            Verdict::NotPassed(reasons).indication(),
            Indication::Indeterminate
        );
    }
}
