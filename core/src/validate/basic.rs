//! The validation process for basic signatures (EN 319 102-1 clause 5.3).

use crate::cms::{Attributes, SignedData, SignerInfo, identifiers};
use crate::policy::Revocation;
use crate::report::{
    Algorithms, ChainLink, Criteria, Criterion, Integrity, Reasons, SignatureReport, SignerReport,
    SigningTime, TimeStampReport, Verdict,
};
use crate::time::Time;
use crate::tsp::{TimeStampToken, TstInfo};
use crate::validate::candidate::{Bare, Candidate, Profile};
use crate::validate::{Context, acceptance, certificate, format, identify, integrity};
use crate::verdict::{Reason, SubIndication};
use crate::x509::{Certificate, Role};

/// Judges one candidate. Every check that can run does run.
pub(crate) fn validate(candidate: Candidate<'_>, context: &Context<'_>) -> SignatureReport {
    let mut judged = Judged {
        found: candidate.form,
        ..Judged::default()
    };
    match (&candidate.cms, &candidate.bare) {
        (Some(Ok((cms, container))), _) => {
            judged.cms(
                cms,
                container,
                candidate.profile,
                &candidate.protected,
                context,
            );
        }
        (Some(Err(error)), _) => judged.found.push(match error.kind() {
            crate::error::ErrorKind::TooLarge => Reason::Limit {
                what: error.detail().to_owned(),
            },
            _ => Reason::CmsMalformed {
                detail: error.detail().to_owned(),
            },
        }),
        (None, Some(bare)) => judged.bare(bare, &candidate.protected, context),
        (None, None) => {}
    }
    judged.claimed = judged.claimed.or(candidate.claimed);
    judged.times(context);
    judged.not_judged(candidate.later_revisions, context);
    judged.report(candidate.id, candidate.profile, candidate.coverage)
}

/// What has been found about one candidate so far.
#[derive(Default)]
struct Judged {
    found: Vec<Reason>,
    integrity: Integrity,
    algorithms: Algorithms,
    signer: Option<Certificate>,
    chain: Vec<ChainLink>,
    reaches_anchor: bool,
    claimed: Option<Time>,
    claimed_in_cms: bool,
    timestamps: Vec<TimeStampReport>,
    status_in_signature: bool,
    signing_certificate_named: bool,
}

impl Judged {
    fn cms(
        &mut self,
        cms: &SignedData<'_>,
        container: &[u8],
        profile: Profile,
        protected: &crate::validate::Protected,
        context: &Context<'_>,
    ) {
        format::check(cms, container, profile, &mut self.found);
        let Some(signer) = cms.signer_infos.first() else {
            return;
        };
        let certificate =
            identify::signing_certificate(cms, signer, profile, context.evidence, &mut self.found);
        self.signing_certificate_named =
            identify::references(signer).is_ok_and(|references| references.is_some());
        let key = certificate.map(Certificate::public_key);
        self.integrity = integrity::check(cms, signer, key, profile, protected, &mut self.found);
        self.algorithms(signer);
        let attributes = signer.signed_attributes.as_ref();
        self.claimed = attributes.and_then(|all| all.signing_time().ok().flatten());
        self.claimed_in_cms = self.claimed.is_some();
        if profile == Profile::DocumentTimeStamp {
            let content = cms.content.as_deref().unwrap_or_default();
            let time = TstInfo::parse(content, context.limits)
                .ok()
                .map(|info| info.gen_time);
            self.found.push(Reason::TimeStampNotJudged { time });
            self.claimed = time.or(self.claimed);
            self.claimed_in_cms = false;
        }
        self.signature_timestamps(signer, context);
        self.status_in_signature = !cms.crls.is_empty()
            || !cms.other_revocation.is_empty()
            || [&signer.signed_attributes, &signer.unsigned_attributes]
                .into_iter()
                .flatten()
                .any(carries_status);
        let algorithm = signer.signature_algorithm().ok();
        let digest = signer.digest().map(|digest| digest.name());
        acceptance::signature(digest, algorithm.as_ref(), context, &mut self.found);
        if let Some(certificate) = certificate {
            self.certificate(certificate, profile, context);
        }
    }

    fn bare(
        &mut self,
        bare: &Bare<'_>,
        protected: &crate::validate::Protected,
        context: &Context<'_>,
    ) {
        let certificate = bare
            .certificates
            .first()
            .and_then(|der| Certificate::from_der(der).ok());
        let Some(certificate) = certificate else {
            self.found.push(Reason::SigningCertificateNotFound);
            return;
        };
        self.integrity = integrity::check_bare(
            &bare.signature,
            certificate.public_key(),
            protected,
            &mut self.found,
        );
        self.algorithms.digest = Some("SHA-1".into());
        self.algorithms.signature = Some("RSA-PKCS1".into());
        self.algorithms.key_bits = Some(certificate.public_key().bits());
        self.certificate(&certificate, Profile::X509RsaSha1, context);
    }

    fn algorithms(&mut self, signer: &SignerInfo<'_>) {
        self.algorithms.digest = Some(match signer.digest() {
            Some(digest) => digest.name().to_owned(),
            None => signer.digest_algorithm.oid.to_string(),
        });
        self.algorithms.signature = Some(match signer.signature_algorithm() {
            Ok(algorithm) => algorithm.name().to_owned(),
            Err(oid) => oid.to_string(),
        });
    }

    fn certificate(&mut self, certificate: &Certificate, profile: Profile, context: &Context<'_>) {
        self.algorithms.key_bits = Some(certificate.public_key().bits());
        acceptance::key(certificate, context, &mut self.found);
        let path = certificate::check(certificate, profile, context, &mut self.found);
        self.reaches_anchor = path.reaches_anchor;
        self.chain = path.chain;
        // Outside its validity now says nothing while a time-stamp waits to be judged: the time to
        // judge at is not known yet, and `time_stamp.not_judged` holds the verdict.
        if self.timestamps.is_empty() && profile != Profile::DocumentTimeStamp {
            certificate::check_validity(certificate, context, &mut self.found);
        }
        self.signer = Some(certificate.clone());
    }

    fn signature_timestamps(&mut self, signer: &SignerInfo<'_>, context: &Context<'_>) {
        let Some(unsigned) = &signer.unsigned_attributes else {
            return;
        };
        for token in unsigned.signature_time_stamps() {
            let time = TimeStampToken::parse(token, context.limits)
                .ok()
                .map(|token| token.info.gen_time);
            let reason = Reason::TimeStampNotJudged { time };
            self.found.push(reason.clone());
            self.timestamps.push(TimeStampReport {
                kind: "signature",
                time,
                indication: "INDETERMINATE",
                reasons: vec![reason],
            });
        }
    }

    /// What the claimed time alone can be checked against.
    fn times(&mut self, context: &Context<'_>) {
        let Some(claimed) = self.claimed else {
            if self.timestamps.is_empty() {
                self.found.push(Reason::SigningTimeUnknown);
            }
            return;
        };
        let stamped = self.timestamps.iter().find_map(|stamp| stamp.time);
        if let (true, Some(stamped)) = (self.claimed_in_cms, stamped) {
            // Real tools of 2021 and 2022 wrote Viet Nam's local time and marked it UTC: the claim
            // lies seven hours ahead of the token, give or take a clock that is off.
            if (6 * 3_600..=8 * 3_600).contains(&(claimed.unix() - stamped.unix())) {
                self.found
                    .push(Reason::SigningTimeLocal { claimed, stamped });
            }
        }
        if claimed.unix() > context.at.unix().saturating_add(CLOCK_TOLERANCE) {
            self.found.push(Reason::SigningTimeFuture { claimed });
        }
    }

    fn not_judged(&mut self, later_revisions: u32, context: &Context<'_>) {
        let evidence = self.status_in_signature || context.status_evidence;
        match context.policy.revocation_rule() {
            Revocation::Required => {
                let mut addresses = Vec::new();
                if let Some(signer) = &self.signer {
                    addresses.extend(signer.ocsp().iter().cloned());
                    addresses.extend(signer.crl_addresses().iter().cloned());
                }
                self.found.push(Reason::RevocationNotJudged { addresses });
            }
            Revocation::None if evidence => self.found.push(Reason::EvidenceNotJudged),
            Revocation::None => self.found.push(Reason::RevocationNotAsked),
        }
        if later_revisions > 0 {
            self.found.push(Reason::ChangesNotJudged {
                revisions: later_revisions,
            });
        }
        self.found.push(Reason::ContentNotJudged);
    }

    fn report(
        mut self,
        id: String,
        profile: Profile,
        coverage: crate::report::Coverage,
    ) -> SignatureReport {
        let format = self.format(profile);
        let document_timestamp = profile == Profile::DocumentTimeStamp;
        let criteria = (!document_timestamp).then(|| self.criteria());
        let (lowering, notes): (Vec<Reason>, Vec<Reason>) = std::mem::take(&mut self.found)
            .into_iter()
            .partition(|reason| reason.indication().is_some());
        let verdict =
            Verdict::NotPassed(Reasons::new(lowering).unwrap_or_else(Reasons::not_judged));
        SignatureReport {
            id,
            format,
            document_timestamp,
            verdict,
            notes,
            integrity: self.integrity,
            coverage: Some(coverage),
            algorithms: self.algorithms,
            signer: self.signer.as_ref().map(signer_report),
            signing_time: SigningTime {
                claimed: self.claimed,
                proven: None,
            },
            chain: self.chain,
            timestamps: self.timestamps,
            criteria,
        }
    }

    fn format(&self, profile: Profile) -> &'static str {
        match profile {
            Profile::Pades if !self.signing_certificate_named => "PAdES",
            Profile::Pades if self.timestamps.is_empty() => "PAdES-BASELINE-B",
            Profile::Pades => "PAdES-BASELINE-T",
            Profile::Pkcs7Detached => "PDF-PKCS7-DETACHED",
            Profile::Pkcs7Sha1 => "PDF-PKCS7-SHA1",
            Profile::X509RsaSha1 => "PDF-X509-RSA-SHA1",
            Profile::DocumentTimeStamp => "PDF-DOCUMENT-TIMESTAMP",
            Profile::Other => "PDF-UNKNOWN",
        }
    }

    /// The ten criteria, from what is known so far. Whatever rests on the certificate's status or on
    /// a proven time stays unknown.
    fn criteria(&self) -> Criteria {
        use Criterion::{Failed, NotApplicable, Passed, Unknown};
        let has = |sub: &[SubIndication]| {
            self.found
                .iter()
                .filter_map(Reason::sub_indication)
                .any(|found| sub.contains(&found))
        };
        let of = |answer: Option<bool>| match answer {
            Some(true) => Passed,
            Some(false) => Failed,
            None => Unknown,
        };
        let weak = self.found.iter().any(|reason| {
            matches!(
                reason,
                Reason::WeakAlgorithm { .. } | Reason::WeakKey { .. }
            )
        });
        let algorithms = match (&self.signer, weak) {
            (None, _) => Unknown,
            (Some(_), true) => Failed,
            (Some(_), false) => Passed,
        };
        let purpose = match (&self.signer, has(&[SubIndication::ChainConstraintsFailure])) {
            (None, _) => Unknown,
            (Some(_), true) => Failed,
            (Some(_), false) => Passed,
        };
        let intact = of(self.integrity.signature_intact);
        let unidentified = has(&[SubIndication::NoSigningCertificateFound]);
        let identity = if intact == Failed || unidentified {
            Failed
        } else if intact == Passed
            && self.reaches_anchor
            && !has(&[SubIndication::CertificateChainGeneralFailure])
        {
            Passed
        } else {
            Unknown
        };
        Criteria([
            Unknown,
            Unknown,
            algorithms,
            Unknown,
            purpose,
            NotApplicable,
            identity,
            intact,
            Unknown,
            of(self.integrity.digest_intact),
        ])
    }
}

/// Whether attributes hold status evidence: Adobe's archive of it, or CAdES revocation values.
fn carries_status(attributes: &Attributes<'_>) -> bool {
    attributes.iter().any(|attribute| {
        attribute.oid == identifiers::REVOCATION_INFO_ARCHIVAL
            || attribute.oid == identifiers::REVOCATION_VALUES
    })
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
