//! The validation process for signatures with time and with long-term material (EN 319 102-1
//! clauses 5.5 and 5.6): time-stamps first, newest proof to oldest, then the signature at the best
//! proven time.
//!
//! The standard runs the basic process now and heals its answer step by step. Here every object is
//! judged at the earliest time at which it is proven to have existed, which gives the same answers
//! and one place to look at: the token at its own proof, the signature at the best of its tokens.

use crate::crypto::{Digest, sha256};
use crate::error::ErrorKind;
use crate::policy::Revocation;
use crate::report::{
    ContentJudgement, JudgedChanges, LinkStatus, Proof, Reasons, SignatureReport, SignerReport,
    SigningTime, TimeStampReport, Verdict, Worth,
};
use crate::time::Time;
use crate::trust::Purpose;
use crate::validate::acceptance::Made;
use crate::validate::archive::Archived;
use crate::validate::basic::{self, Examined};
use crate::validate::candidate::{Candidate, Profile};
use crate::validate::certificate::{self, Judged};
use crate::validate::freshness::Moment;
use crate::validate::opened::Opened;
use crate::validate::timestamp::{self, ARCHIVE, Token};
use crate::validate::{Context, Existence, criteria, identify, with_opened};
use crate::verdict::{
    AttributeFault, Indication, Reason, SignedAttribute, StampFault, SubIndication,
};
use crate::x509::{Certificate, Role};

/// What the validation data of a file looks like from a signature.
#[derive(Clone, Copy, Default)]
pub(crate) struct LongTerm {
    /// Status evidence stands in the file.
    pub(crate) has_status: bool,
    /// A document time-stamp that passed covers the signature.
    pub(crate) is_stamped: bool,
    /// A document time-stamp that passed covers status evidence too.
    pub(crate) is_archived: bool,
}

/// A signature of which everything is judged but the changes after it: these may hang on what later
/// signatures are worth.
pub(crate) struct Waiting {
    whole: Whole,
    id: String,
    format: &'static str,
    is_counter: bool,
    is_timestamp: bool,
    coverage: crate::report::Coverage,
    content: ContentJudgement,
}

impl Waiting {
    /// What the signature is worth to earlier ones.
    pub(crate) fn worth(&self) -> Worth {
        let whole = &self.whole;
        let all = || whole.examined.found.iter().chain(&whole.found);
        let integrity = whole.examined.integrity;
        let failed = |reason: &Reason| reason.indication() == Some(Indication::TotalFailed);
        let broken = [integrity.digest_intact, integrity.signature_intact].contains(&Some(false));
        if broken || all().any(failed) {
            return Worth::Broken;
        }
        let judged = whole.judged.as_ref();
        let is_whole = whole.examined.digest.is_some() && whole.examined.signature.is_some();
        let revoked = judged.is_some_and(|judged| {
            judged
                .links
                .iter()
                .any(|link| matches!(link, LinkStatus::Revoked | LinkStatus::OnHold))
        });
        let stamped = self.is_timestamp && whole.proven.is_some();
        if is_whole && !revoked && (stamped || judged.is_some_and(|judged| judged.path.is_some())) {
            Worth::Trusted
        } else if all().any(|reason| matches!(reason, Reason::RootNotTrusted { .. })) {
            Worth::Untrusted
        } else {
            Worth::Unknown
        }
    }

    /// The report, now that it is known what every candidate is worth.
    pub(crate) fn report(
        mut self,
        worth: &[Option<Worth>],
        context: &Context<'_>,
    ) -> SignatureReport {
        self.content.settle(worth);
        self.whole.found.extend(self.content.reasons());
        self.coverage.changes = self.content.changes();
        let changes = JudgedChanges::check(&self.content);
        let criteria = (!self.is_timestamp).then(|| {
            criteria::Seen {
                found: &self.whole.found,
                examined_found: &self.whole.examined.found,
                integrity: self.whole.examined.integrity,
                has_signer: self.whole.examined.certificate.is_some(),
                links: self
                    .whole
                    .judged
                    .as_ref()
                    .map_or(&[], |judged| &judged.links),
                reaches_anchor: self
                    .whole
                    .judged
                    .as_ref()
                    .is_some_and(|judged| judged.path.is_some()),
                proven: self.whole.proven,
                claimed: self.whole.claimed,
            }
            .criteria()
        });
        let is_counter = self.is_counter;
        let mut report = self.whole.report(
            self.id,
            self.format,
            self.is_timestamp,
            self.coverage,
            changes,
            context,
            criteria,
        );
        report.counter_signature = is_counter;
        report
    }
}

/// Judges a document time-stamp: the token by itself, and the form it stands in. The second value
/// is the time it proves about everything it covers.
pub(crate) fn document_timestamp(
    candidate: Candidate<'_>,
    context: &Context<'_>,
    existence: &Existence,
) -> (Waiting, Option<Time>) {
    let mut found = candidate.form;
    let token = match &candidate.cms {
        Some(Ok((cms, container))) => Some(timestamp::judge(
            cms,
            container,
            &candidate.protected,
            ARCHIVE,
            context,
            existence,
        )),
        Some(Err(error)) => {
            found.push(unreadable(error));
            None
        }
        None => None,
    };
    // A token under a broken form covers nobody knows what.
    let form_holds = found.iter().all(|reason| reason.indication().is_none());
    let proven = token
        .as_ref()
        .and_then(|token| token.proven)
        .filter(|_| form_holds);
    let mut whole = Whole {
        found,
        moment: Moment {
            best: context.at,
            after: None,
        },
        ..Whole::default_at(context.at)
    };
    if let Some(token) = token {
        whole.found.extend(token.found);
        whole.claimed = token.time;
        whole.examined = token.examined;
        whole.judged = token.judged;
        whole.proven = proven;
    }
    let waiting = Waiting {
        whole,
        id: candidate.id,
        format: "PDF-DOCUMENT-TIMESTAMP",
        is_counter: false,
        is_timestamp: true,
        coverage: candidate.coverage,
        content: candidate.content,
    };
    (waiting, proven)
}

/// Judges a signature.
pub(crate) fn signature(
    candidate: Candidate<'_>,
    long_term: LongTerm,
    context: &Context<'_>,
    existence: &Existence,
) -> Waiting {
    let mut whole = Whole::default_at(context.at);
    whole.found = candidate.form;
    let mut existence = existence.clone();
    match (&candidate.cms, &candidate.bare) {
        (Some(Ok((cms, container))), _) => {
            let profile = candidate.profile;
            whole.examined = basic::cms(cms, container, profile, &candidate.protected, context);
            if let Some(signer) = cms.signer_infos.first() {
                whole.claimed = whole.examined.claimed;
                whole.claimed_in_cms = whole.claimed.is_some();
                let archived = Archived {
                    cms,
                    octets: container,
                    signer,
                    protected: &candidate.protected,
                };
                let archives = archived.judge(context, &mut existence);
                whole.stamps(signer, &candidate.protected, context, &existence);
                for token in &archives {
                    whole.keep(token, ARCHIVE);
                }
            }
        }
        (Some(Err(error)), _) => whole.found.push(unreadable(error)),
        (None, Some(bare)) => whole.examined = basic::bare(bare, &candidate.protected),
        (None, None) => {
            if let Some(opened) = &candidate.opened {
                whole.opened(opened, context, &mut existence);
            }
        }
    }
    whole.claimed = whole.claimed.or(candidate.claimed);
    whole.times(context, candidate.claimed);
    whole.certificate(context, &existence);
    if let Some(Ok((cms, _))) = &candidate.cms
        && let Some(signer) = cms.signer_infos.first()
    {
        whole.references(signer);
    }
    if context.policy.revocation_rule() == Revocation::None {
        whole.found.push(Reason::RevocationNotAsked);
    }
    let format = match &candidate.opened {
        Some(opened) => opened.format,
        None => whole.format(candidate.profile, long_term),
    };
    let is_counter = candidate.opened.is_some_and(|opened| opened.is_counter);
    Waiting {
        whole,
        id: candidate.id,
        format,
        is_counter,
        is_timestamp: false,
        coverage: candidate.coverage,
        content: candidate.content,
    }
}

/// What has been found about one signature so far.
struct Whole {
    found: Vec<Reason>,
    examined: Examined,
    judged: Option<Judged>,
    algorithms: Option<crate::report::AcceptedAlgorithms>,
    timestamps: Vec<TimeStampReport>,
    moment: Moment,
    claimed: Option<Time>,
    claimed_in_cms: bool,
    has_signature_stamp: bool,
    proven: Option<Time>,
}

impl Whole {
    fn default_at(at: Time) -> Self {
        Self {
            found: Vec::new(),
            examined: Examined::default(),
            judged: None,
            algorithms: None,
            timestamps: Vec::new(),
            moment: Moment {
                best: at,
                after: None,
            },
            claimed: None,
            claimed_in_cms: false,
            has_signature_stamp: false,
            proven: None,
        }
    }

    /// Every time-stamp that the signature carries is judged; the best signature time is the
    /// earliest that one proves (clause 5.5.4 step 3).
    fn stamps(
        &mut self,
        signer: &crate::cms::SignerInfo<'_>,
        protected: &crate::validate::Protected,
        context: &Context<'_>,
        existence: &Existence,
    ) {
        let value = &*signer.signature;
        self.moment.best = existence.of(&sha256(value));
        self.stamps_in_number(signer);
        let mut latest_content: Option<(Time, i64)> = None;
        if let Some(attributes) = &signer.signed_attributes {
            let content = attributes.values_of(crate::cms::identifiers::CONTENT_TIME_STAMP);
            for octets in content.take(MOST_STAMPS) {
                let stamped = |algorithm| protected.by(algorithm).cloned();
                let token = timestamp::token(octets, "content", stamped, context, existence);
                if let Some(time) = token.proven
                    && latest_content.is_none_or(|(latest, _)| time > latest)
                {
                    latest_content = Some((time, token.accuracy));
                }
                self.keep(&token, "content");
            }
        }
        self.moment.after = latest_content.map(|(time, _)| time);
        let Some(unsigned) = &signer.unsigned_attributes else {
            return;
        };
        for octets in unsigned
            .signature_time_stamps()
            .into_iter()
            .take(MOST_STAMPS)
        {
            self.has_signature_stamp = true;
            let stamped = |algorithm| Some(Digest::of(algorithm, value));
            let token = timestamp::token(octets, "signature", stamped, context, existence);
            if let Some(time) = token.proven {
                self.moment.best = self.moment.best.min(time);
                if let Some((content, accuracy)) = latest_content
                    && content.unix() - time.unix() > accuracy.saturating_add(token.accuracy)
                {
                    self.found.push(Reason::TimeStamp {
                        kind: "signature",
                        time: Some(time),
                        fault: StampFault::Order { other: content },
                    });
                }
            }
            self.keep(&token, "signature");
        }
    }

    /// The same of a signature that is no CMS.
    fn opened(&mut self, opened: &Opened, context: &Context<'_>, existence: &mut Existence) {
        self.examined = opened.examine(context);
        self.claimed = self.examined.claimed;
        self.claimed_in_cms = self.claimed.is_some();
        let stamped = with_opened::judge(opened, context, existence, MOST_STAMPS);
        self.moment.best = stamped.best.unwrap_or(context.at);
        self.moment.after = stamped.content.map(|(time, _)| time);
        self.has_signature_stamp = stamped.has_signature_stamp;
        self.found.extend(stamped.found);
        for (token, kind) in &stamped.tokens {
            self.keep(token, kind);
        }
    }

    /// More time-stamps than are judged are a limit: each is a report of its own.
    fn stamps_in_number(&mut self, signer: &crate::cms::SignerInfo<'_>) {
        let of = |attributes: &Option<crate::cms::Attributes<'_>>, oid| {
            let all = attributes.iter().flat_map(|all| all.values_of(oid));
            all.count()
        };
        use crate::cms::identifiers;
        let most = [
            of(&signer.signed_attributes, identifiers::CONTENT_TIME_STAMP),
            of(
                &signer.unsigned_attributes,
                identifiers::SIGNATURE_TIME_STAMP,
            ),
            of(
                &signer.unsigned_attributes,
                identifiers::ARCHIVE_TIME_STAMP_V2,
            ),
            of(
                &signer.unsigned_attributes,
                identifiers::ARCHIVE_TIME_STAMP_V3,
            ),
        ];
        if most.into_iter().any(|count| count > MOST_STAMPS) {
            self.found.push(Reason::Limit {
                what: "time-stamps of one signature".into(),
            });
        }
    }

    fn keep(&mut self, token: &Token, kind: &'static str) {
        self.found.extend(token.not_passed(kind));
        self.timestamps.push(token.report(kind));
    }

    /// What the claimed time can be checked against; `stated` is the time outside of the CMS (/M).
    fn times(&mut self, context: &Context<'_>, stated: Option<Time>) {
        if self.moment.best < context.at {
            self.proven = Some(self.moment.best);
        } else if let Some(stamp) = self
            .timestamps
            .iter()
            .find(|stamp| stamp.kind == "signature" && stamp.indication == "PASSED")
        {
            self.proven = stamp.time;
        }
        let demanded = context.policy.demands_time_stamp() && self.proven.is_none();
        if demanded && !self.has_signature_stamp {
            self.found.push(Reason::TimeStamp {
                kind: "signature",
                time: None,
                fault: StampFault::Demanded,
            });
        }
        let Some(claimed) = self.claimed else {
            if self.timestamps.is_empty() && self.proven.is_none() {
                self.found.push(Reason::SigningTimeUnknown);
            }
            return;
        };
        let stamped = self.proven.or_else(|| {
            self.timestamps
                .iter()
                .filter(|stamp| stamp.kind == "signature")
                .find_map(|stamp| stamp.time)
        });
        if let Some(stamped) = stamped {
            let ahead = claimed.unix() - stamped.unix();
            // Real tools of 2021 and 2022 wrote Viet Nam's local time and marked it UTC: the claim
            // lies seven hours ahead of the token, give or take a clock that is off.
            if self.claimed_in_cms && (6 * 3_600..=8 * 3_600).contains(&ahead) {
                self.found
                    .push(Reason::SigningTimeLocal { claimed, stamped });
                return;
            }
            if ahead.abs() > CLOCKS_DIFFER {
                self.found
                    .push(Reason::SigningTimeDiffers { claimed, stamped });
            }
            if let Some(longest) = context.policy.longest_delay()
                && stamped.unix() - claimed.unix() > longest
            {
                self.found.push(Reason::TimeStamp {
                    kind: "signature",
                    time: Some(stamped),
                    fault: StampFault::Delay { claimed },
                });
            }
        }
        if claimed.unix() > context.at.unix().saturating_add(CLOCK_TOLERANCE) {
            let confirmed = self.claimed_in_cms
                && stated.is_some_and(|stated| {
                    stated.unix().abs_diff(claimed.unix()) <= CLOCKS_DIFFER.unsigned_abs()
                });
            self.found
                .push(Reason::SigningTimeFuture { claimed, confirmed });
        }
    }

    fn certificate(&mut self, context: &Context<'_>, existence: &Existence) {
        let moment = self.moment;
        if let Some(certificate) = &self.examined.certificate {
            self.judged = Some(certificate::check(
                certificate,
                Purpose::DocumentSignature,
                moment,
                context,
                existence,
                &mut self.found,
            ));
        }
        self.waits_for_a_stamp();
        let made = Made {
            digests: &self.examined.digest_names,
            algorithm: self.examined.algorithm.as_ref(),
            certificate: self.examined.certificate.as_ref(),
            path: self.judged.as_ref().and_then(|judged| judged.path.as_ref()),
            is_token: false,
        };
        self.algorithms = made.check(moment, context, existence, &mut self.found);
    }

    /// The signed references behind the first bind the path (RFC 5035 §3; clause 5.2.8.4.2).
    fn references(&mut self, signer: &crate::cms::SignerInfo<'_>) {
        let Some(path) = self.judged.as_ref().and_then(|judged| judged.path.as_ref()) else {
            return;
        };
        let references = identify::references(signer).ok().flatten();
        let mut further = references.iter().flatten().skip(1);
        let all = path.certificates();
        if !further.all(|reference| all.iter().any(|one| reference.names(one.der()))) {
            self.found.push(Reason::SignedAttribute(
                SignedAttribute::SigningCertificate,
                AttributeFault::Contradicts,
            ));
        }
    }

    /// A certificate that has ended now, and was valid at the time of a token that only lacks the
    /// status of its own certificates: the missing status is what to tell, and it holds the verdict.
    fn waits_for_a_stamp(&mut self) {
        let Some(certificate) = &self.examined.certificate else {
            return;
        };
        let waits = self.timestamps.iter().any(|stamp| {
            stamp.kind == "signature"
                && stamp.time.is_some_and(|time| {
                    certificate.not_before() <= time && time <= certificate.not_after()
                })
                && crate::verdict::headline(&stamp.reasons)
                    .is_some_and(|(_, sub)| sub == Some(SubIndication::TryLater))
        });
        if waits {
            self.found
                .retain(|reason| !matches!(reason, Reason::OutsideValidity { .. }));
        }
    }

    fn format(&self, profile: Profile, long_term: LongTerm) -> &'static str {
        match profile {
            Profile::Pades if !self.examined.is_named => "PAdES",
            Profile::Pades => {
                let has_time = self.has_signature_stamp || long_term.is_stamped;
                match (has_time, long_term.has_status, long_term.is_archived) {
                    (true, true, true) => "PAdES-BASELINE-LTA",
                    (true, true, false) => "PAdES-BASELINE-LT",
                    (true, false, _) => "PAdES-BASELINE-T",
                    (false, ..) => "PAdES-BASELINE-B",
                }
            }
            Profile::Pkcs7Detached => "PDF-PKCS7-DETACHED",
            Profile::Pkcs7Sha1 => "PDF-PKCS7-SHA1",
            Profile::X509RsaSha1 => "PDF-X509-RSA-SHA1",
            Profile::DocumentTimeStamp => "PDF-DOCUMENT-TIMESTAMP",
            Profile::Other | Profile::Opened => "PDF-UNKNOWN",
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn report(
        self,
        id: String,
        format: &'static str,
        document_timestamp: bool,
        coverage: crate::report::Coverage,
        changes: Result<JudgedChanges, Reason>,
        context: &Context<'_>,
        criteria: Option<crate::report::Criteria>,
    ) -> SignatureReport {
        let mut all = self.examined.found;
        all.extend(self.found);
        let mut found: Vec<Reason> = Vec::with_capacity(all.len());
        for reason in all {
            if !found.contains(&reason) {
                found.push(reason);
            }
        }
        let (lowering, mut notes): (Vec<Reason>, Vec<Reason>) = found
            .into_iter()
            .partition(|reason| reason.indication().is_some());
        let chain = self
            .judged
            .as_ref()
            .map(|judged| judged.chain.clone())
            .unwrap_or_default();
        let signer = self.examined.certificate.as_ref().map(signer_report);
        let verdict = match Reasons::new(lowering) {
            Some(reasons) => Verdict::NotPassed(reasons),
            None => {
                let judged = self
                    .judged
                    .and_then(|judged| judged.path.zip(judged.status));
                // A document time-stamp's algorithms are judged with its token.
                let algorithms =
                    match (self.algorithms, document_timestamp && self.proven.is_some()) {
                        (Some(algorithms), _) => Some(algorithms),
                        (None, true) => crate::report::AcceptedAlgorithms::check(&[]),
                        (None, false) => None,
                    };
                match (
                    self.examined.digest,
                    self.examined.signature,
                    judged,
                    algorithms,
                    changes,
                ) {
                    (
                        Some(digest),
                        Some(signature),
                        Some((path, status)),
                        Some(algorithms),
                        Ok(changes),
                    ) => Verdict::Passed(Box::new(Proof {
                        digest,
                        signature,
                        path,
                        status,
                        algorithms,
                        changes,
                    })),
                    // Nothing was found against it, and a check did not hand out its witness.
                    _ => Verdict::NotPassed(Reasons::not_judged()),
                }
            }
        };
        // The first sentence of a report says whether the time is proven; notes come by gravity of
        // nothing, so in the order they were found.
        notes.dedup();
        let _ = context;
        SignatureReport {
            id,
            format,
            document_timestamp,
            counter_signature: false,
            verdict,
            notes,
            integrity: self.examined.integrity,
            coverage: Some(coverage),
            algorithms: self.examined.algorithms,
            signer,
            signing_time: SigningTime {
                claimed: self.claimed,
                proven: self.proven,
            },
            chain,
            timestamps: self.timestamps,
            criteria,
        }
    }
}

fn unreadable(error: &crate::error::Error) -> Reason {
    match error.kind() {
        ErrorKind::TooLarge => Reason::Limit {
            what: error.detail().to_owned(),
        },
        _ => Reason::CmsMalformed {
            detail: error.detail().to_owned(),
        },
    }
}

fn signer_report(certificate: &Certificate) -> SignerReport {
    let identity = certificate.identity();
    let mut identifiers = Vec::new();
    for (name, value) in [
        ("tax_code", identity.tax_code),
        ("citizen_id", identity.citizen_id),
        ("email", identity.email),
    ] {
        if let Some(value) = value {
            identifiers.push((name, value));
        }
    }
    SignerReport {
        subject: certificate.subject().to_string(),
        common_name: identity.common_name.unwrap_or_default(),
        organisation: identity.organisation,
        role: match identity.role {
            Role::Person => "person",
            Role::Organisation => "organisation",
            _ => "unknown",
        },
        identifiers,
        serial: certificate.serial_hex(),
        sha256: certificate.sha256(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        issuer: certificate.issuer().to_string(),
    }
}

/// A claim this many seconds ahead of us is taken for a clock that is off, not for a lie.
const CLOCK_TOLERANCE: i64 = 5 * 60;
/// Time-stamps of one kind that are judged in one signature; real ones have one.
pub(super) const MOST_STAMPS: usize = 64;
/// Claimed time and token apart by more than this is told (6 minutes 44 seconds were seen).
const CLOCKS_DIFFER: i64 = 2 * 60;
