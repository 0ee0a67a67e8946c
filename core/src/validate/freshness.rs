//! Revocation freshness and what the status of a certificate means at a time (EN 319 102-1 clauses
//! 5.2.5, 5.2.6.4 steps 4 and 8, and 5.5.4 steps 4, 6 and 7).
//!
//! `revocation` says who may speak and what they say. Here it is held against the best proven time
//! of the signature: a revocation after that time is history, one before it is not; what is said
//! must have been fresh then; and a statement about a certificate that had ended when the statement
//! was issued counts only where its issuer keeps ended certificates on the list.

use std::cell::RefCell;

use crate::crypto::hex;
use crate::path::ValidPath;
use crate::policy::{Revocation, Use};
use crate::report::{JudgedStatus, LinkStatus, StatusSource};
use crate::revocation::{self, Ask, Refused, Source, Standing, Statement, Status};
use crate::time::Time;
use crate::validate::control::Control;
use crate::validate::{Context, Existence, Subject};
use crate::verdict::{Reason, StatusFault, Used};
use crate::x509::Certificate;

/// What is known about the time of the signature whose certificates are asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// It existed at this time: the earliest proof, else the validation time (best-signature-time).
    pub(crate) best: Time,
    /// It did not exist before this time, by a content time-stamp that passed.
    pub(crate) after: Option<Time>,
}

/// The status of every certificate below the anchor, and the witness where all are as the policy
/// demands.
pub(crate) fn check(
    path: &ValidPath,
    moment: Moment,
    context: &Context<'_>,
    existence: &Existence,
    found: &mut Vec<Reason>,
) -> (
    Vec<(LinkStatus, Option<StatusSource>)>,
    Option<JudgedStatus>,
) {
    let chain = path.certificates();
    let mut questions: Vec<Question<'_>> = Vec::new();
    for (position, pair) in chain.windows(2).enumerate() {
        let [certificate, issuer] = pair else {
            continue;
        };
        questions.push(Question {
            certificate,
            issuer,
            path,
            is_authority: position > 0,
            moment,
            context,
            existence,
            control: Control::new(context.at),
            told: RefCell::new(None),
        });
    }
    if chain
        .first()
        .is_some_and(|signer| signer.not_after() < context.at)
    {
        let mut control = Control::new(context.at);
        for question in questions.iter_mut().rev() {
            question.control = control.clone();
            if let Some((at, reason)) = question.revoked() {
                let subject = question.certificate.subject().to_string();
                control.slide(at, subject, reason);
            }
        }
    }
    let links: Vec<LinkStatus> = questions
        .iter()
        .map(|question| question.answer(found))
        .collect();
    let witness = JudgedStatus::check(context.policy.revocation_rule(), &links);
    let told = questions.into_iter().map(|question| question.told);
    let mut answers: Vec<(LinkStatus, Option<StatusSource>)> = links
        .into_iter()
        .zip(told.map(RefCell::into_inner))
        .collect();
    answers.push((LinkStatus::NotNeeded, None));
    (answers, witness)
}

struct Question<'q> {
    certificate: &'q Certificate,
    issuer: &'q Certificate,
    path: &'q ValidPath,
    is_authority: bool,
    moment: Moment,
    context: &'q Context<'q>,
    existence: &'q Existence,
    control: Control,
    /// What the answer rests on, for a reader.
    told: RefCell<Option<StatusSource>>,
}

impl Question<'_> {
    /// Since when it is revoked, by whoever may say so.
    fn revoked(&self) -> Option<(Time, Option<&'static str>)> {
        let said = revocation::remembered(self.certificate, self.issuer, &self.ask());
        let revoked = said
            .usable
            .iter()
            .filter_map(|statement| match &statement.status {
                Status::Revoked { at, reason } => Some((*at, reason.map(|reason| reason.name()))),
                _ => None,
            });
        revoked.min_by_key(|(at, _)| *at)
    }

    /// The status, and the wish to know more: what was asked over the network already, and gave
    /// nothing, is named; what was not is asked for.
    fn answer(&self, found: &mut Vec<Reason>) -> LinkStatus {
        let status = self.at_hand(found);
        let session = self.context.session;
        found.extend(session.notes(self.certificate, Subject::Status));
        let is_asked = self.context.policy.revocation_rule() == Revocation::Required;
        let has_ended = self.certificate.not_after() < self.context.at;
        match status {
            // Nobody keeps the status of what has ended; what is known of it stays so.
            LinkStatus::Good if has_ended => {}
            LinkStatus::Revoked | LinkStatus::NotNeeded => {}
            // A newer word may be «revoked», whatever an older one said.
            _ if is_asked => session.want_status(self.certificate, self.issuer, self.path),
            _ => {}
        }
        status
    }

    /// The status by the evidence at hand.
    fn at_hand(&self, found: &mut Vec<Reason>) -> LinkStatus {
        let ask = self.ask();
        let said = revocation::remembered(self.certificate, self.issuer, &ask);
        let mut refused: Vec<(&'static str, &'static str)> = said
            .refused
            .iter()
            .map(|refused| (source_name(refused.source), refused.why.code()))
            .collect();
        refused.sort_unstable();
        refused.dedup();
        for (source, why) in refused.into_iter().take(REFUSED_SHOWN) {
            self.rests_on_refused(&said.refused, source, why);
            found.push(self.reason(StatusFault::Refused { source, why }));
        }
        // Whoever says "revoked" and may say so is obeyed, whatever else is said, fresh or not.
        let revoked = said
            .usable
            .iter()
            .filter_map(|statement| match &statement.status {
                Status::Revoked { at, reason } => Some((*at, *reason, statement)),
                _ => None,
            })
            .min_by_key(|(at, ..)| *at);
        let mut gone_later = None;
        // What was fetched just now may be a moment younger than the time that the call began at.
        let is_fetched =
            |statement: &&Statement| statement.origins.contains(&crate::evidence::Origin::Online);
        let best =
            if self.moment.best == self.context.at && said.usable.iter().any(|s| is_fetched(&s)) {
                revocation::latest(self.context.at)
            } else {
                self.moment.best
            };
        if let Some((at, reason, statement)) = revoked {
            self.rests_on(statement);
            self.tell(statement);
            let reason = reason.map(|reason| reason.name());
            if let Some(stamped) = self.moment.after.filter(|after| *after > at) {
                found.push(self.reason(if self.is_authority {
                    StatusFault::Revoked {
                        at,
                        reason,
                        authority: true,
                    }
                } else {
                    StatusFault::RevokedProven { at, stamped }
                }));
                return LinkStatus::Revoked;
            }
            if best >= at {
                found.push(self.reason(StatusFault::Revoked {
                    at,
                    reason,
                    authority: self.is_authority,
                }));
                return LinkStatus::Revoked;
            }
            found.push(self.reason(StatusFault::RevokedLater {
                at,
                reason,
                stamped: self.moment.best,
            }));
            gone_later = Some(statement);
        }
        let newest = said.usable.first();
        if let Some(Status::OnHold { since }) = newest.map(|statement| &statement.status)
            && best >= *since
        {
            if let Some(statement) = newest {
                self.rests_on(statement);
                self.tell(statement);
            }
            found.push(self.reason(StatusFault::OnHold { since: *since }));
            return LinkStatus::OnHold;
        }
        let status = match gone_later {
            // It was revoked later than the signature: so it was not, at the time of the signature,
            // if whoever says so can be relied on.
            Some(statement) if self.is_sound(statement).is_ok() => LinkStatus::Good,
            _ => self.good(&said.usable, best, found),
        };
        // What was not looked at may say "revoked".
        let given_up = said.refused.iter().any(|refused| refused.why.is_budget());
        if status == LinkStatus::Good && (given_up || self.context.evidence.is_incomplete()) {
            found.push(Reason::Limit {
                what: "evidence of one file".into(),
            });
            self.told.replace(None);
            return LinkStatus::Unknown;
        }
        status
    }

    /// Looks for a statement that carries "not revoked at the time of the signature".
    fn good(&self, usable: &[Statement], best: Time, found: &mut Vec<Reason>) -> LinkStatus {
        let mut obstacle = None;
        for statement in usable {
            match self.carries(statement) {
                Ok(()) => {
                    self.rests_on(statement);
                    self.tell(statement);
                    if let Status::OnHold { since } = statement.status
                        && best >= since
                    {
                        found.push(self.reason(StatusFault::OnHold { since }));
                        return LinkStatus::OnHold;
                    }
                    return LinkStatus::Good;
                }
                // Statements come newest first, and what stands in the newest one's way says most.
                Err(reason) => obstacle = obstacle.or(Some(reason)),
            }
        }
        if self.context.policy.revocation_rule() == Revocation::Required {
            // What was the newest's obstacle is told, so it is what the answer rests on.
            usable
                .first()
                .into_iter()
                .for_each(|statement| self.rests_on(statement));
            found.push(obstacle.unwrap_or_else(|| {
                self.reason(StatusFault::Missing {
                    serial: self.certificate.serial_hex(),
                    addresses: self
                        .certificate
                        .ocsp()
                        .iter()
                        .chain(self.certificate.crl_addresses())
                        .cloned()
                        .collect(),
                    ended: Some(self.certificate.not_after()).filter(|end| *end < self.context.at),
                })
            }));
        }
        self.told.replace(None);
        LinkStatus::Unknown
    }

    /// Notes what a reader is told that the answer rests on.
    fn tell(&self, statement: &Statement) {
        self.told.replace(Some(StatusSource {
            source: source_name(statement.source),
            number: statement.number.as_deref().map(list_number),
            this_update: statement.this_update,
            next_update: statement.next_update,
            sha256: statement.sha256,
        }));
    }

    /// Whether the statement says that the certificate was not revoked at the time of the
    /// signature, and can be relied on.
    fn carries(&self, statement: &Statement) -> Result<(), Reason> {
        self.is_strong(statement)?;
        if !self.is_informed(statement) {
            return Err(self.reason(StatusFault::IssuedAfterEnd {
                source: source_name(statement.source),
                this_update: statement.this_update,
                not_after: self.certificate.not_after(),
                stamped: Some(self.moment.best).filter(|best| *best < self.context.at),
            }));
        }
        if !self.is_fresh(statement) {
            return Err(self.reason(StatusFault::Stale {
                this_update: statement.this_update,
                next_update: statement.next_update,
                at: self.moment.best,
            }));
        }
        self.is_in_office(statement)
    }

    /// Whether the statement can be relied on, whatever it says.
    fn is_sound(&self, statement: &Statement) -> Result<(), Reason> {
        self.is_strong(statement)?;
        self.is_in_office(statement)
    }

    /// Whether algorithms, key and certificate of whoever speaks hold.
    fn is_strong(&self, statement: &Statement) -> Result<(), Reason> {
        let known = self.existence.of(&statement.sha256);
        let issued = self.existence.of(&self.certificate.sha256());
        if let Some((authority, reason)) = &self.control.revoked
            && (known > self.control.until || issued > self.control.until)
        {
            return Err(Reason::Status {
                certificate: authority.clone(),
                fault: StatusFault::Revoked {
                    at: self.control.until,
                    reason: *reason,
                    authority: true,
                },
            });
        }
        // An algorithm without a hash of its own to choose (Ed25519) is as strong as its key.
        if let Some(digest) = statement.digest
            && !self
                .context
                .policy
                .digest(digest.name(), Use::Status, known)
                .holds()
        {
            return Err(Reason::WeakAlgorithm {
                used: Used::Status(self.certificate.subject().to_string()),
                algorithm: digest.name().to_owned(),
            });
        }
        let key = statement.signer.public_key();
        if !self
            .context
            .policy
            .key(key.kind(), key.bits(), known)
            .holds()
        {
            return Err(Reason::WeakKey {
                used: Used::Status(self.certificate.subject().to_string()),
                bits: key.bits(),
            });
        }
        self.is_delegated_by_a_strong_hash(statement)?;
        let not_after = statement.signer.not_after();
        if not_after < known {
            return Err(self.reason(StatusFault::IssuerOutsideValidity {
                issuer: statement.signer.subject().to_string(),
                not_after,
            }));
        }
        Ok(())
    }

    /// The certificate of a delegated responder stands in no path that was checked.
    fn is_delegated_by_a_strong_hash(&self, statement: &Statement) -> Result<(), Reason> {
        let is_delegated = statement.source == Source::Ocsp
            && matches!(
                statement.standing,
                Standing::NoCheck | Standing::MustBeAsked
            );
        let algorithm = statement.signer.signature_algorithm();
        let Some(digest) = algorithm.and_then(|a| a.digest()).filter(|_| is_delegated) else {
            return Ok(());
        };
        let known = self.existence.of(&statement.signer.sha256());
        if self
            .context
            .policy
            .digest(digest.name(), Use::Status, known)
            .holds()
        {
            return Ok(());
        }
        Err(Reason::WeakAlgorithm {
            used: Used::Certificate(statement.signer.subject().to_string()),
            algorithm: digest.name().to_owned(),
        })
    }

    /// Whether whoever speaks was not revoked, as far as is known.
    fn is_in_office(&self, statement: &Statement) -> Result<(), Reason> {
        if self.signer_is_revoked(statement)? {
            return Err(self.reason(StatusFault::Refused {
                source: source_name(statement.source),
                why: "status.signer_revoked",
            }));
        }
        Ok(())
    }

    /// A list may drop a certificate once it has ended (RFC 5280 §3.3), so that silence about an
    /// ended certificate says nothing, unless the issuer says that it keeps them.
    fn is_informed(&self, statement: &Statement) -> bool {
        let ended = self.certificate.not_after();
        statement.this_update <= ended
            || statement.positive_hash
            || statement
                .covers_expired_since
                .is_some_and(|since| since <= ended)
    }

    /// Clause 5.2.5: `thisUpdate` lies later than the time used minus the longest age, which is
    /// `nextUpdate - thisUpdate` where the policy sets none.
    fn is_fresh(&self, statement: &Statement) -> bool {
        let issued = statement.this_update.unix();
        let best = self.moment.best.unix();
        if issued >= best {
            return true;
        }
        let age = best.saturating_sub(issued);
        let window = statement
            .next_update
            .map(|next| next.unix().saturating_sub(issued));
        self.context.policy.is_fresh(age, window)
    }

    /// A delegated responder without `id-pkix-ocsp-nocheck` (RFC 6960 §4.2.2.2.1), and the issuer of
    /// lists under a key of its own, may be revoked themselves. Only what is at hand is asked.
    fn signer_is_revoked(&self, statement: &Statement) -> Result<bool, Reason> {
        if statement.standing != Standing::MustBeAsked {
            return Ok(false);
        }
        let issuer = statement
            .signer_path
            .as_ref()
            .and_then(|path| path.certificates().get(1))
            .unwrap_or(self.issuer);
        let said = revocation::remembered(&statement.signer, issuer, &self.ask());
        let against = said.usable.iter().find(|other| {
            other.sha256 != statement.sha256 && !matches!(other.status, Status::Good)
        });
        against.into_iter().for_each(|other| self.rests_on(other));
        if against.is_none() && said.refused.iter().any(|refused| refused.why.is_budget()) {
            return Err(Reason::Limit {
                what: "evidence of one file".into(),
            });
        }
        Ok(against.is_some())
    }

    /// Notes what the answer rests on, for whoever keeps the evidence.
    fn rests_on(&self, statement: &Statement) {
        let Some(recorder) = self.context.work.recorder() else {
            return;
        };
        recorder.status(statement.sha256);
        for other in &statement.together_with {
            recorder.status(*other);
        }
        recorder.certificates([&statement.signer]);
        if let Some(path) = &statement.signer_path {
            recorder.certificates(path.certificates());
        }
    }

    /// Of several pieces that are refused for one reason, which is told once, one is noted.
    fn rests_on_refused(&self, refused: &[Refused], source: &str, why: &str) {
        let Some(recorder) = self.context.work.recorder() else {
            return;
        };
        let fitting = refused
            .iter()
            .filter(|refused| source_name(refused.source) == source && refused.why.code() == why);
        if let Some(sha256) = fitting.map(|refused| refused.sha256).min() {
            recorder.refused(sha256);
        }
    }

    fn ask(&self) -> Ask<'_> {
        Ask {
            evidence: self.context.evidence,
            store: self.context.trust,
            at: self.context.at,
            limits: self.context.limits,
            work: &self.context.work,
            memory: &self.context.memory,
            anchor: self.path.anchor(),
            purpose: self.path.purpose(),
        }
    }

    fn reason(&self, fault: StatusFault) -> Reason {
        Reason::Status {
            certificate: self.certificate.subject().to_string(),
            fault,
        }
    }
}

/// The number of a list as people write it.
fn list_number(octets: &[u8]) -> String {
    let digits = octets.iter().position(|octet| *octet != 0);
    let digits = digits
        .and_then(|from| octets.get(from..))
        .unwrap_or_default();
    let mut value = [0; 8];
    let from = value.len().checked_sub(digits.len());
    match from.and_then(|from| value.get_mut(from..)) {
        Some(place) => {
            place.copy_from_slice(digits);
            u64::from_be_bytes(value).to_string()
        }
        None => format!("0x{}", hex(digits)),
    }
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::Crl => "CRL",
        _ => "OCSP",
    }
}

/// Pieces of evidence that cannot be used are named up to this many for each certificate.
const REFUSED_SHOWN: usize = 8;
