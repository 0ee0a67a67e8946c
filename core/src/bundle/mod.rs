//! [`Bundle`]: everything that a verdict rested on, in one canonical document (`kyso-evidence/1`).
//!
//! Circular 15/2025/TT-BKHCN Art. 5(4) and 6(2) want the evidence of a check kept: the signer's
//! certificate, the list or answer about its status, the result. A bundle holds these, and the
//! time-stamp tokens, the policy, the digest of the trust store and the report; with the file and
//! the same store it gives the same report again, on any machine, years later.
//!
//! A bundle is evidence, and evidence is never trusted: its certificates are hints, its lists and
//! answers count where they verify, and the anchors it names are anchors only where the store says
//! so. It is read strictly: octets that are not exactly what writing would give are refused, and so
//! is an item that does not have the digest it is named by.
//!
//! The document is not in it, only the document's SHA-256.

mod difference;
mod read;
mod write;

use serde_json::Value;

use crate::crypto::sha256;
use crate::evidence::{Evidence, Origin, Used};
use crate::message::Lang;
use crate::policy::Policy;
use crate::report::json_line;
use crate::time::Time;
use crate::x509::{Certificate, Crl};
use crate::{ocsp::OcspResponse, report::Report};

pub use difference::Difference;
pub(crate) use difference::essence;

/// The evidence of one verdict about one file.
///
/// ```
/// use kyso::{Bundle, Time, TrustStore, Verifier};
///
/// # fn demo(roots: &[u8], list: &[u8], pdf: &[u8], now: Time) -> Result<(), kyso::Error> {
/// let mut verifier = Verifier::new(now).trust(TrustStore::from_pem(roots)?);
/// verifier.add_evidence(list)?;
/// let (report, bundle) = verifier.verify_and_keep(pdf, Some("quyet-dinh.pdf"));
/// let kept: Vec<u8> = bundle.as_bytes().to_vec();
///
/// // Years later, on a machine that has the store and nothing else:
/// let bundle = Bundle::from_bytes(&kept)?;
/// let verifier = Verifier::of_bundle(&bundle, TrustStore::from_pem(roots)?);
/// let again = verifier.reprove(&bundle, pdf, Some("quyet-dinh.pdf"))?;
/// assert!(again.differences.is_empty());
/// assert_eq!(again.report.to_json(kyso::Lang::Vi), report.to_json(kyso::Lang::Vi));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Bundle {
    text: String,
    facts: Facts,
    items: Vec<Item>,
    reports: [Value; 2],
}

/// What a verdict was about and by what it was given.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) name: Option<String>,
    pub(crate) sha256: [u8; 32],
    pub(crate) size: u64,
    pub(crate) kind: String,
    pub(crate) at: Time,
    pub(crate) policy: Policy,
    pub(crate) loaded: Vec<[u8; 32]>,
    pub(crate) taken_out: Vec<[u8; 32]>,
    pub(crate) trust_sha256: [u8; 32],
    pub(crate) offline: bool,
    pub(crate) version: String,
    pub(crate) reproved: bool,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// SHA-256 of its octets.
    pub sha256: [u8; 32],
    /// Where it stood when the verdict was given: `file`, `store`, `status` (inside an OCSP
    /// response), `beside` (given by the operator, from a cache) or `online` (fetched for the call).
    pub from: &'static str,
    /// A path ended in this certificate. Whether it is trusted is the store's to say.
    pub anchor: bool,
    /// Its octets.
    pub der: Vec<u8>,
}

/// The kinds of evidence in a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ItemKind {
    /// A certificate.
    Certificate,
    /// A revocation list.
    Crl,
    /// An OCSP response.
    Ocsp,
    /// A time-stamp token. It stands in the file as well, and is here as a record.
    TimeStamp,
}

impl ItemKind {
    /// The word in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Crl => "crl",
            Self::Ocsp => "ocsp",
            Self::TimeStamp => "time-stamp",
        }
    }

    const ALL: [Self; 4] = [Self::Certificate, Self::Crl, Self::Ocsp, Self::TimeStamp];
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for octets that are no bundle, or not
    /// in the one spelling a bundle has, and for an item that does not have its digest;
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) for a later version;
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) beyond 512 MiB.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, crate::Error> {
        read::bundle(bytes)
    }

    /// Whether these octets say that they are a bundle; whether they are one, reading them tells.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(b"{\"schema\":\"kyso-evidence/")
    }

    /// The document: one line of JSON with its line end, the same octets for the same verdict.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// SHA-256 of the document, the name that a bundle is kept by.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.as_bytes())
    }

    /// SHA-256 of the file that the verdict is about.
    pub fn file_sha256(&self) -> &[u8; 32] {
        &self.facts.sha256
    }

    /// What the caller knew the file by.
    pub fn file(&self) -> Option<&str> {
        self.facts.name.as_deref()
    }

    /// The validation time.
    pub fn at(&self) -> Time {
        self.facts.at
    }

    /// The rules, with the one about the certificates' status. They may be anybody's: see
    /// [`has_built_in_policy`](Self::has_built_in_policy).
    pub fn policy(&self) -> &Policy {
        &self.facts.policy
    }

    /// Whether the rules are built-in ones, be status demanded or not. Whoever re-proves a bundle
    /// that is not their own should not take other rules from it unread.
    pub fn has_built_in_policy(&self) -> bool {
        let policy = &self.facts.policy;
        let built_in = Policy::named(policy.name());
        built_in.is_some_and(|known| known.revocation(policy.revocation_rule()) == *policy)
    }

    /// The digest of the trust store.
    pub fn trust_sha256(&self) -> &[u8; 32] {
        &self.facts.trust_sha256
    }

    /// The version of the library that gave the verdict.
    pub fn version(&self) -> &str {
        &self.facts.version
    }

    /// Whether the bundle was tried when it was made, and gave the same verdict by itself. It does,
    /// unless judging the file ran into a ceiling.
    pub fn is_reproved(&self) -> bool {
        self.facts.reproved
    }

    /// What the verdict rested on, by kind and SHA-256.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The certificates that paths ended in. To trust them is a decision of its own, which only
    /// somebody who knows whose bundle this is can make.
    pub fn anchors(&self) -> Vec<Certificate> {
        let anchors = self.items.iter().filter(|item| item.anchor);
        anchors
            .filter_map(|item| Certificate::from_der(&item.der).ok())
            .collect()
    }

    /// The report as it was given: one line of JSON (`kyso-report/1`), without a line end.
    pub fn report_json(&self, lang: Lang) -> String {
        json_line(self.report(lang))
    }

    /// The indication of the report: `TOTAL-PASSED`, `INDETERMINATE`, `TOTAL-FAILED` or `NONE`.
    pub fn indication(&self) -> &str {
        let [en, _] = &self.reports;
        en.get("indication")
            .and_then(Value::as_str)
            .unwrap_or("NONE")
    }

    pub(crate) fn report(&self, lang: Lang) -> &Value {
        let [en, vi] = &self.reports;
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The bundle of a verdict.
    pub(crate) fn new(facts: Facts, used: Used, report: &Report) -> Self {
        let items = write::items(used);
        let reports = [Lang::En, Lang::Vi].map(|lang| crate::report::report_value(report, lang));
        Self {
            text: write::document(&facts, &items, &reports),
            facts,
            items,
            reports,
        }
    }

    /// The same, with the word that it was tried and gives the same verdict by itself.
    pub(crate) fn proven(mut self) -> Self {
        self.facts.reproved = true;
        self.text = write::document(&self.facts, &self.items, &self.reports);
        self
    }

    /// The evidence in it, as that of an operator or as fetched. Beyond the ceiling it is left out;
    /// what it would have shown is then missing.
    pub(crate) fn add_to(&self, evidence: &mut Evidence) -> usize {
        let mut taken = 0_usize;
        for item in &self.items {
            let origin = match item.from {
                "online" => Origin::Online,
                _ => Origin::Operator,
            };
            let added = match item.kind {
                ItemKind::Certificate => evidence.add_der(&item.der, origin).map(drop),
                ItemKind::Crl => {
                    Crl::from_der(&item.der).and_then(|crl| evidence.add_crl(crl, origin))
                }
                ItemKind::Ocsp => OcspResponse::from_der(&item.der)
                    .and_then(|response| evidence.add_ocsp(response, origin)),
                ItemKind::TimeStamp => continue,
            };
            taken = taken.saturating_add(usize::from(added.is_ok()));
        }
        taken
    }

    /// In what a later verdict about the same file, with its own bundle, differs from this one.
    pub(crate) fn compare(&self, report: &Report, later: &Self) -> Vec<Difference> {
        difference::between(self, report, later)
    }
}

/// The record of a bundle that was cancelled: that there was one, about which file, and why it is
/// gone; nothing of what it held. One line of JSON (`kyso-evidence-cancelled/1`) with its line end.
///
/// `bundle` and `file` are SHA-256 values; `who` and `why` are the caller's words.
pub fn tombstone(
    bundle: &[u8; 32],
    file: &[u8; 32],
    at: Time,
    who: Option<&str>,
    why: Option<&str>,
) -> String {
    write::tombstone(bundle, file, at, who, why)
}

const SCHEMA: &str = "kyso-evidence/1";

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
