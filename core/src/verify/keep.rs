//! Verifying and keeping what the verdict rested on; and giving the verdict again.

use crate::bundle::{Bundle, Difference, Facts, essence};
use crate::error::{Error, ErrorKind};
use crate::evidence::{Evidence, Recorder, Used};
use crate::message::Lang;
use crate::report::{Report, report_value};
use crate::trust::TrustStore;
use crate::verify::Verifier;

/// A verdict that was given again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reproved {
    /// The report as it is now.
    pub report: Report,
    /// In what it differs from the one that was kept; empty where it is the same, which a change of
    /// the file's name, or whether the network might be asked, does not undo.
    pub differences: Vec<Difference>,
}

impl Verifier {
    /// As [`verify`](Self::verify), with everything that the verdict rested on: certificates of
    /// paths, those of time-stamps and of the signers of status among them; the lists and answers
    /// that decided, those that were refused among them; tokens; policy; the digest of the store;
    /// the report under this name.
    ///
    /// The bundle is tried before it is handed out: with its evidence alone the file is verified
    /// again. See [`Bundle::is_reproved`].
    pub fn verify_and_keep(&self, bytes: &[u8], name: Option<&str>) -> (Report, Bundle) {
        let recorder = Recorder::default();
        let report = named(self.recording(recorder.clone()).verify(bytes), name);
        let (used, at_hand) = recorder.take();
        let (_, _, _, limits) = self.judging();
        let tried = |used: Used| {
            let bundle = Bundle::new(self.facts(bytes, name, &report), used, &report);
            let mut evidence = Evidence::new(limits);
            bundle.add_to(&mut evidence);
            let again = self.with_evidence(evidence).verify(bytes);
            let [first, again] = [&report, &again].map(|report| report_value(report, Lang::En));
            if essence(&first, true) == essence(&again, true) {
                bundle.proven()
            } else {
                bundle
            }
        };
        // What the checks did not note may still decide, such as which of two refusals is told; then
        // everything at hand is kept.
        let mut bundle = tried(used.clone());
        if !bundle.is_reproved() {
            bundle = tried(used.and(at_hand));
        }
        (report, bundle)
    }

    /// A verifier as it was when the bundle was made, but for the trust, which no bundle brings: its
    /// time, its rules, and its evidence in place of any other.
    ///
    /// Time and rules are those of whoever made the bundle. Of a stranger's look at both first
    /// ([`Bundle::at`], [`Bundle::policy`]): what was good once may not be so now, and rules may be
    /// lax.
    pub fn of_bundle(bundle: &Bundle, trust: TrustStore) -> Self {
        Self::new(bundle.at()).trust(trust).taking(bundle)
    }

    /// The same verifier at the time and by the rules of a bundle, with its evidence besides: as
    /// [`of_bundle`](Self::of_bundle), but not by rules that are neither built-in ones nor this
    /// verifier's own already. The network is left alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for such rules.
    pub fn as_of(&self, bundle: &Bundle) -> Result<Self, Error> {
        let (_, policy, _, _) = self.judging();
        let status = bundle.policy().revocation_rule();
        let is_own = policy.clone().revocation(status) == *bundle.policy();
        if !is_own && !bundle.has_built_in_policy() {
            return Err(Error::new(
                ErrorKind::Misuse,
                "the evidence bundle goes by rules of its own: set them first, if they are to count",
            ));
        }
        Ok(self.clone().taking(bundle))
    }

    fn taking(self, bundle: &Bundle) -> Self {
        let policy = bundle.policy().clone();
        let mut verifier = self.offline().at(bundle.at()).policy(policy);
        verifier.take_bundle(bundle);
        verifier
    }

    /// Verifies the file of a bundle and holds the answer against the one in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Malformed`] where the bundle is about another file.
    pub fn reprove(
        &self,
        bundle: &Bundle,
        bytes: &[u8],
        name: Option<&str>,
    ) -> Result<Reproved, Error> {
        if crate::crypto::sha256(bytes) != *bundle.file_sha256() {
            return Err(Error::new(
                ErrorKind::Malformed,
                "the evidence bundle is about another file",
            ));
        }
        let recorder = Recorder::default();
        let report = named(self.recording(recorder.clone()).verify(bytes), name);
        let (used, _) = recorder.take();
        let later = Bundle::new(self.facts(bytes, name, &report), used, &report);
        Ok(Reproved {
            differences: bundle.compare(&report, &later),
            report,
        })
    }

    fn facts(&self, bytes: &[u8], name: Option<&str>, report: &Report) -> Facts {
        let (at, policy, trust, _) = self.judging();
        Facts {
            name: name.map(str::to_owned),
            sha256: *report.sha256(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            kind: report.kind().as_str().to_owned(),
            at,
            policy: policy.clone(),
            loaded: trust.loaded(),
            taken_out: trust.taken_out(),
            trust_sha256: trust.fingerprint(),
            offline: report.validation().offline,
            version: report.validation().version.to_owned(),
            reproved: false,
        }
    }
}

fn named(report: Report, name: Option<&str>) -> Report {
    match name {
        Some(name) => report.named(name),
        None => report,
    }
}
