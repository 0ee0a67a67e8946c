//! What was found: [`Report`] and [`SignatureReport`], as JSON (`kyso-report/1`) and as text.
//!
//! There is one report; JSON and text are both written from it and from nothing else, so two can
//! never drift apart.

mod against;
mod criteria;
mod headline;
mod json;
mod path;
mod proof;
mod text;

pub use criteria::CriterionReport;
pub(crate) use json::report_value;
pub use json::to_string as json_line;
pub use path::{PathAnswer, PathReport};
pub(crate) use proof::{
    AcceptedAlgorithms, Conditions, ContentJudgement, IntactDigest, JudgedChanges, JudgedStatus,
    LinkStatus, NewSignature, Proof, Reasons, Verdict, VerifiedSignature, Worth,
};

use crate::error::{Error, Place};
use crate::message::Lang;
use crate::policy::Revocation;
use crate::time::Time;
use crate::verdict::{Indication, Reason, SubIndication};

/// The answer about one file. Verifying always gives one, whatever the bytes.
///
/// The [`indication`](Report::indication) of a file is the gravest of its signatures' and of its
/// attachments'; `None` when it carries none. There is no `is_valid`, because "all of no
/// signatures" is true.
#[derive(Clone, Debug)]
#[must_use = "a report says nothing until it is read"]
pub struct Report {
    pub(crate) file: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) sha256: [u8; 32],
    pub(crate) error: Option<ReportError>,
    pub(crate) validation: Validation,
    pub(crate) signatures: Vec<SignatureReport>,
    pub(crate) document_timestamps: Vec<SignatureReport>,
    pub(crate) attachments: Vec<AttachmentReport>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) findings: Vec<Finding>,
}

impl Report {
    /// The same report under the name that the caller knows the file by.
    pub fn named(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// The name given by [`named`](Report::named).
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// What kind of file its bytes are.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// SHA-256 of the whole input.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Why the file could not be read as its kind; what could be read of it is still reported.
    pub fn error(&self) -> Option<&ReportError> {
        self.error.as_ref()
    }

    /// By what it was judged.
    pub fn validation(&self) -> &Validation {
        &self.validation
    }

    /// One entry for each signature, in the order of the revisions.
    pub fn signatures(&self) -> &[SignatureReport] {
        &self.signatures
    }

    /// One entry for each document time-stamp (PDF DocTimeStamp).
    pub fn document_timestamps(&self) -> &[SignatureReport] {
        &self.document_timestamps
    }

    /// One entry for each attachment of an envelope.
    pub fn attachments(&self) -> &[AttachmentReport] {
        &self.attachments
    }

    /// What holds the file as a whole, beside its signatures (an envelope's rules).
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// What is odd about the file and belongs to no signature.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The gravest indication of its signatures, document time-stamps, attachments and of the file
    /// itself; `None` when it carries no signature, document time-stamps or not.
    ///
    /// An attachment without a signature does not count here; the envelope's reasons name it.
    pub fn indication(&self) -> Option<Indication> {
        // Anybody gets a time-stamp for any file: alone it signs nothing.
        let stamps = match self.signatures.as_slice() {
            [] => &[],
            _ => self.document_timestamps.as_slice(),
        };
        let own = self
            .signatures
            .iter()
            .chain(stamps)
            // Any relay can break the header signature of an envelope; that is a reason of the file.
            .map(|one| match self.kind == Kind::Edxml && one.is_broken() {
                true => Indication::Indeterminate,
                false => one.indication(),
            });
        let inner = self
            .attachments
            .iter()
            .filter_map(|attachment| attachment.report.as_ref()?.indication());
        let signed = Indication::gravest(own.chain(inner))?;
        let file = self.reasons.iter().filter_map(Reason::indication);
        Indication::gravest(file.chain([signed]))
    }

    /// The exit status of the command line for this file: 0 every signature passed, 1 at least one
    /// failed, 2 at least one is indeterminate or there is none, 65 the input is no document.
    pub fn exit(&self) -> u8 {
        match (self.indication(), &self.error) {
            (Some(Indication::TotalPassed), None) => 0,
            (Some(Indication::TotalFailed), _) => 1,
            (Some(_), _) => 2,
            (None, Some(_)) => 65,
            (None, None) => 2,
        }
    }

    /// The report as one line of JSON (`kyso-report/1`), without a line end. Messages are in `lang`.
    ///
    /// Characters that could steer a terminal or reorder text are written as `\u` escapes, which
    /// means the same to a JSON reader.
    pub fn to_json(&self, lang: Lang) -> String {
        json::report(self, lang)
    }

    /// The report as text for a person. The first sentence says who signed, when, how that is known
    /// and whether it holds; nothing from the file reaches the text unescaped.
    pub fn to_text(&self, lang: Lang) -> String {
        text::report(self, lang)
    }
}

/// What kind of file some bytes are; found from the bytes, never from the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A PDF (ISO 32000).
    Pdf,
    /// An XML document.
    Xml,
    /// An edXML envelope (QCVN 102).
    Edxml,
    /// A CMS structure (RFC 5652).
    Cms,
    /// None of these.
    Unknown,
}

impl Kind {
    /// The word in JSON: `pdf`, `xml`, `edxml`, `cms`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xml => "xml",
            Self::Edxml => "edxml",
            Self::Cms => "cms",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a file could not be read as its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportError {
    /// The code of the [`Error`], such as `input.malformed`.
    pub code: &'static str,
    /// The sentence in Vietnamese.
    pub message_vi: String,
    /// The sentence in English.
    pub message_en: String,
}

impl ReportError {
    /// The sentence in a language.
    pub fn message(&self, lang: Lang) -> &str {
        lang.pick(&self.message_vi, &self.message_en)
    }
}

impl From<&Error> for ReportError {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code(),
            message_vi: error.message(Lang::Vi),
            message_en: error.message(Lang::En),
        }
    }
}

/// By what a file was judged, so that the same answer can be had again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Validation {
    /// The validation time.
    pub at: Time,
    /// The policy's name.
    pub policy: String,
    /// SHA-256 of the policy.
    pub policy_sha256: [u8; 32],
    /// SHA-256 over the fingerprints of the anchors.
    pub trust_sha256: [u8; 32],
    /// Whether the status of certificates was demanded.
    pub revocation: Revocation,
    /// Whether the network was left alone.
    pub offline: bool,
    /// The version of this library.
    pub version: &'static str,
}

/// The answer about one signature, or about one document time-stamp.
#[derive(Clone, Debug)]
pub struct SignatureReport {
    pub(crate) id: String,
    pub(crate) format: &'static str,
    pub(crate) document_timestamp: bool,
    pub(crate) counter_signature: bool,
    pub(crate) verdict: Verdict,
    pub(crate) notes: Vec<Reason>,
    pub(crate) integrity: Integrity,
    pub(crate) coverage: Option<Coverage>,
    pub(crate) algorithms: Algorithms,
    pub(crate) signer: Option<SignerReport>,
    pub(crate) signing_time: SigningTime,
    pub(crate) chain: Vec<ChainLink>,
    pub(crate) timestamps: Vec<TimeStampReport>,
    pub(crate) criteria: Option<Criteria>,
}

impl SignatureReport {
    /// The name of the signature: the PDF field's, or the XML Id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The format and level, such as `PAdES-BASELINE-B`.
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// Whether it failed because the octets or the form are not those that were signed.
    pub(crate) fn is_broken(&self) -> bool {
        use SubIndication as S;
        self.indication() == Indication::TotalFailed
            && matches!(
                self.sub_indication(),
                Some(S::HashFailure | S::SigCryptoFailure | S::FormatFailure)
            )
    }

    /// Whether it signs another signature instead of a document.
    pub fn is_counter_signature(&self) -> bool {
        self.counter_signature
    }

    /// The main indication.
    pub fn indication(&self) -> Indication {
        self.verdict.indication()
    }

    /// The sub-indication of the gravest reason.
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.verdict.sub_indication()
    }

    /// Everything that was found, including what lowers nothing.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        let lowering = match &self.verdict {
            Verdict::Passed(_) => &[],
            Verdict::NotPassed(reasons) => reasons.as_slice(),
        };
        lowering.iter().chain(&self.notes)
    }

    /// What cryptography alone says.
    pub fn integrity(&self) -> Integrity {
        self.integrity
    }

    /// How far the signature reaches; `None` where the format has no such thing.
    pub fn coverage(&self) -> Option<&Coverage> {
        self.coverage.as_ref()
    }

    /// With what it was made.
    pub fn algorithms(&self) -> &Algorithms {
        &self.algorithms
    }

    /// Who signed, by the signing certificate; `None` when it cannot be identified.
    pub fn signer(&self) -> Option<&SignerReport> {
        self.signer.as_ref()
    }

    /// When it was signed, claimed and proven.
    pub fn signing_time(&self) -> &SigningTime {
        &self.signing_time
    }

    /// The path from the signing certificate to the anchor, as far as it could be built.
    pub fn chain(&self) -> &[ChainLink] {
        &self.chain
    }

    /// The time-stamps that the signature carries.
    pub fn timestamps(&self) -> &[TimeStampReport] {
        &self.timestamps
    }

    /// The ten criteria of Circular 15/2025/TT-BKHCN, App. II; `None` for a document time-stamp.
    pub fn criteria(&self) -> Option<&Criteria> {
        self.criteria.as_ref()
    }

    /// The ten criteria again, each with what its answer rests on; empty for a document
    /// time-stamp.
    pub fn criteria_with_evidence(&self, lang: Lang) -> Vec<CriterionReport> {
        criteria::of(self, lang)
    }
}

/// What cryptography alone says, whatever the chain's, the algorithm's or the policy's fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Integrity {
    /// The protected bytes have the signed digest; `None` where that could not be computed.
    pub digest_intact: Option<bool>,
    /// The signature value verifies under the signer's key; `None` where that could not be computed.
    pub signature_intact: Option<bool>,
}

/// How far a signature reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The numbers of the `/ByteRange`, as they stand.
    pub byte_range: Option<Vec<i64>>,
    /// Whether everything but the signature itself is covered.
    pub whole_file: Option<bool>,
    /// Which revision it covers, counted from 1.
    pub revision: Option<u32>,
    /// How many revisions the file has.
    pub revisions: Option<u32>,
    /// What later revisions changed; `None`: not judged.
    pub changes: Option<Changes>,
    /// Each change, and what is odd about the coverage.
    pub findings: Vec<Finding>,
}

/// What was changed after a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Changes {
    /// Nothing.
    None,
    /// No more than the signature's own permissions and the policy allow.
    Permitted,
    /// More than that.
    Forbidden,
}

impl Changes {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Permitted => "permitted",
            Self::Forbidden => "forbidden",
        }
    }
}

/// Something about a file that a person should know, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The stable code.
    pub code: &'static str,
    /// Where it is.
    pub place: Option<Place>,
    /// The sentence in Vietnamese.
    pub message_vi: String,
    /// The sentence in English.
    pub message_en: String,
}

impl Finding {
    /// The sentence in a language.
    pub fn message(&self, lang: Lang) -> &str {
        lang.pick(&self.message_vi, &self.message_en)
    }
}

/// With what a signature was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Algorithms {
    /// The digest over the document, such as `SHA-256`.
    pub digest: Option<String>,
    /// The signature algorithm, such as `RSA-PKCS1`.
    pub signature: Option<String>,
    /// Size of the signer's key in bits.
    pub key_bits: Option<u32>,
}

/// Who signed, by the signing certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignerReport {
    /// The subject, most significant part first as in the certificate.
    pub subject: String,
    /// The common name; empty when there is none.
    pub common_name: String,
    /// The organisation, where named.
    pub organisation: Option<String>,
    /// `person`, `organisation` or `unknown`: a guess from the certificate's profile.
    pub role: &'static str,
    /// Identifiers found in the subject: `tax_code`, `citizen_id`, `email`.
    pub identifiers: Vec<(&'static str, String)>,
    /// The serial number, in hex.
    pub serial: String,
    /// SHA-256 of the certificate.
    pub sha256: [u8; 32],
    /// When the certificate begins.
    pub not_before: Time,
    /// When it ends.
    pub not_after: Time,
    /// The issuer's name.
    pub issuer: String,
}

/// When something was signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SigningTime {
    /// What the signer says (CMS signing-time, else `/M`).
    pub claimed: Option<Time>,
    /// What a valid time-stamp proves.
    pub proven: Option<Time>,
}

/// One certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChainLink {
    /// Its subject.
    pub subject: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Whether it is an anchor.
    pub trust_anchor: bool,
    /// The tree it belongs to: `vgca`, `neac`, `operator`; `None` where the path does not reach an
    /// anchor.
    pub tree: Option<&'static str>,
    /// `good`, `revoked`, `unknown` or `not-needed`.
    pub revocation: &'static str,
    /// What the status rests on; `None` where nothing says it.
    pub status: Option<StatusSource>,
}

/// The revocation list or OCSP response that the status of a certificate rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusSource {
    /// `CRL` or `OCSP`.
    pub source: &'static str,
    /// The number of the list, where it has one (RFC 5280 §5.2.3): decimal, or hexadecimal digits
    /// after `0x` where it is beyond 64 bits.
    pub number: Option<String>,
    /// From when it holds.
    pub this_update: Time,
    /// When the next one is due at the latest.
    pub next_update: Option<Time>,
    /// SHA-256 of the list or response.
    pub sha256: [u8; 32],
}

/// One time-stamp that a signature carries.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TimeStampReport {
    /// `signature`, `archive` or `content`.
    pub kind: &'static str,
    /// What the token says; nothing is proven by that alone.
    pub time: Option<Time>,
    /// `PASSED`, `INDETERMINATE` or `FAILED`.
    pub indication: &'static str,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The answer to one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Met.
    Passed,
    /// Not met.
    Failed,
    /// Cannot be said.
    Unknown,
    /// Does not apply.
    NotApplicable,
}

impl Criterion {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The ten criteria of Circular 15/2025/TT-BKHCN, App. II, in its order and numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria(pub(crate) [Criterion; 10]);

impl Criteria {
    /// The numbers of the criteria in the circular.
    pub const NUMBERS: [&'static str; 10] = [
        "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "2.4",
    ];

    /// Each number with its answer.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Criterion)> {
        Self::NUMBERS.into_iter().zip(self.0)
    }
}

/// One attachment of an envelope.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttachmentReport {
    /// Its name as the envelope writes it.
    pub name: String,
    /// Its own report; `None` where it is of no kind that can be signed.
    pub report: Option<Report>,
}
