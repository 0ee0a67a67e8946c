//! Verifying: bytes in, [`Report`] out, whatever the bytes.

mod covered;
mod covered_xml;
mod dossier;
mod keep;
mod xml;

use std::sync::{Arc, OnceLock};

use crate::bundle::Bundle;
use crate::crypto;
use crate::edxml::{Directory, Envelope, HeaderSignature};
use crate::error::{Error, ErrorKind, Place};
use crate::evidence::{Evidence, Origin, ReadCertificates, Recorder};
use crate::fetch::{Address, Cache, Fetch};
use crate::limits::Limits;
use crate::message::Lang;
use crate::pades;
use crate::path::{self, Algorithms, PathInputs, Work};
use crate::policy::Policy;
use crate::report::{AttachmentReport, Finding, Kind, PathReport, Report, ReportError, Validation};
use crate::revocation::{LookedUp, Memory};
use crate::time::Time;
use crate::trust::TrustStore;
use crate::validate::{self, Context, Online, ROUNDS, Session};
use crate::verdict::{FetchFault, Reason};
use crate::x509::Certificate;

pub use crate::xades::{RoleDeparture, RoleSignature};
pub use covered::Covered;
pub use covered_xml::{CoveredPart, CoveredXml};
pub use keep::Reproved;
pub use xml::{reference, tax_roles};

/// Verifies files: trust, policy, time and limits in one value that threads can share.
///
/// The time is an argument because the library reads no clock. The network is never touched, but by
/// a fetcher that the caller hands in ([`fetch`](Self::fetch)).
///
/// ```
/// use kyso::{Indication, Time, TrustStore, Verifier};
///
/// # fn demo(certificates: &[u8], pdf: &[u8], now: Time) -> Result<(), kyso::Error> {
/// let verifier = Verifier::new(now).trust(TrustStore::from_pem(certificates)?);
/// let report = verifier.verify(pdf).named("quyet-dinh.pdf");
/// for signature in report.signatures() {
///     println!("{} {}", signature.id(), signature.indication());
/// }
/// println!("{}", report.to_text(kyso::Lang::Vi));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    at: Time,
    trust: TrustStore,
    evidence: Evidence,
    policy: Policy,
    limits: Limits,
    memory: Option<Batch>,
    online: Online,
    recorder: Option<Recorder>,
    /// The SHA-256 of policy and store, which every report names.
    names: OnceLock<([u8; 32], [u8; 32])>,
    password: Option<Password>,
    directory: Option<Arc<Directory>>,
}

/// What the files of a batch have in common.
#[derive(Clone, Debug, Default)]
struct Batch {
    signed: path::Memory,
    read: ReadCertificates,
    looked_up: LookedUp,
}

/// A password, which nothing prints.
#[derive(Clone)]
struct Password(Vec<u8>);

impl Password {
    fn octets(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Verifier {
    /// A verifier that judges at this time, by the default policy, with an empty trust store.
    pub fn new(at: Time) -> Self {
        Self {
            at,
            trust: TrustStore::default(),
            evidence: Evidence::new(&Limits::default()),
            policy: Policy::default(),
            limits: Limits::default(),
            memory: Some(Batch::default()),
            online: Online::default(),
            recorder: None,
            names: OnceLock::new(),
            password: None,
            directory: None,
        }
    }

    /// Whether a batch remembers the certificates it has read, what is signed by whom, and what lists
    /// say about whom, so that the thousandth file of one issuer costs little more than its own
    /// signature. On by default; no answer depends on it.
    /// Clones share what they remember.
    #[must_use]
    pub fn remember(mut self, remember: bool) -> Self {
        self.memory = remember.then(Batch::default);
        self
    }

    /// The anchors.
    #[must_use]
    pub fn trust(mut self, trust: TrustStore) -> Self {
        self.trust = trust;
        self.names = OnceLock::new();
        self
    }

    /// Further certificates to build paths with; they are hints, never anchors.
    #[must_use]
    pub fn evidence(mut self, certificates: impl IntoIterator<Item = Certificate>) -> Self {
        for certificate in certificates {
            // Beyond the limit they are left out; what they would have shown is then missing.
            let _ = self.evidence.add(certificate, Origin::Operator);
        }
        self
    }

    /// Adds whatever a file holds: issuing certificates (PEM, DER, PKCS#7), CRLs, an OCSP response;
    /// of an evidence [`Bundle`] the evidence alone, not its time, rules or anchors.
    /// All of it must verify by itself before it counts. Bytes that are none of these are
    /// [`ErrorKind::Malformed`].
    pub fn add_evidence(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        if Bundle::is_one(bytes) {
            let bundle = Bundle::from_bytes(bytes)?;
            return Ok(self.take_bundle(&bundle));
        }
        self.evidence.add_bytes(bytes, Origin::Operator)
    }

    /// Judges a certificate by itself: builds its path to an anchor and checks it by RFC 5280 §6
    /// with these initial inputs, and the status of each certificate, at the verifier's time. What
    /// the certificate may be used for is not asked.
    ///
    /// ```
    /// use kyso::path::PathInputs;
    /// use kyso::{Certificate, Time, TrustStore, Verifier};
    ///
    /// # fn demo(anchors: &[u8], certificate: &Certificate, now: Time) -> Result<(), kyso::Error> {
    /// let verifier = Verifier::new(now).trust(TrustStore::from_pem(anchors)?);
    /// let answer = verifier.certificate(certificate, &PathInputs::default());
    /// println!("{}", answer.to_text(kyso::Lang::Vi));
    /// # Ok(())
    /// # }
    /// ```
    pub fn certificate(&self, certificate: &Certificate, inputs: &PathInputs) -> PathReport {
        let mut evidence = self.pool();
        self.given(&mut evidence);
        let mut inputs = inputs.clone();
        if self.policy.accepts_short_keys(self.at) {
            inputs.algorithms = Algorithms::Any;
        }
        let (chain, found, holds) = self.judged(&mut evidence, |context| {
            validate::certificate_path(certificate, &inputs, context)
        });
        PathReport::new(chain, found, holds)
    }

    /// Judges; asks for what is missing, where somebody may be asked; judges again with what came.
    fn judged<T>(&self, evidence: &mut Evidence, judge: impl Fn(&Context<'_>) -> T) -> T {
        let session = Session::new(&self.online, &self.trust, &self.limits, self.at);
        let judge = |evidence: &Evidence| {
            judge(&Context {
                trust: &self.trust,
                evidence,
                policy: &self.policy,
                at: self.at,
                limits: &self.limits,
                work: self.work(),
                memory: self.memory(),
                session: &session,
            })
        };
        let mut judged = judge(evidence);
        for _ in 0..ROUNDS {
            if !session.supply(evidence) {
                break;
            }
            judged = judge(evidence);
        }
        judged
    }

    fn pool(&self) -> Evidence {
        let read = self.memory.as_ref().map(|batch| batch.read.clone());
        Evidence::new(&self.limits).remembering(read)
    }

    fn work(&self) -> Work {
        let signed = self.memory.as_ref().map(|batch| batch.signed.clone());
        Work::new(&self.limits, validate::HARD_PATHS)
            .remembering(signed)
            .recording(self.recorder.clone())
    }

    fn memory(&self) -> Memory {
        let looked_up = self.memory.as_ref().map(|batch| batch.looked_up.clone());
        Memory::new(&self.limits).remembering(looked_up)
    }

    fn given(&self, evidence: &mut Evidence) {
        evidence.make_room_for(&self.evidence);
        // What was fetched for the call that a bundle was made by stays so.
        let origin = |origins: &[Origin]| match origins.contains(&Origin::Online) {
            true => Origin::Online,
            false => Origin::Operator,
        };
        // In one order, so that the order in which it was given decides nothing.
        let mut certificates: Vec<_> = self.evidence.certificates().collect();
        certificates.sort_unstable_by_key(|certificate| certificate.sha256());
        for certificate in certificates {
            let origin = origin(self.evidence.origins(certificate));
            let _ = evidence.add(certificate.clone(), origin);
        }
        let mut crls: Vec<_> = self.evidence.crls().collect();
        crls.sort_unstable_by_key(|crl| crl.sha256());
        for crl in crls {
            let origin = origin(self.evidence.status_origins(&crl.sha256()));
            let _ = evidence.add_crl(crl.clone(), origin);
        }
        let mut responses: Vec<_> = self.evidence.ocsps().collect();
        responses.sort_unstable_by_key(|response| response.sha256());
        for response in responses {
            let origin = origin(self.evidence.status_origins(&response.sha256()));
            let _ = evidence.add_ocsp(response.clone(), origin);
        }
    }

    /// May ask for status and missing issuers by this fetcher; without one nobody is asked.
    ///
    /// The status of a certificate is asked for of the addresses that it names, once its path has
    /// reached an anchor: OCSP first, then the revocation list. A missing issuer is asked for only
    /// of the places of the national authorities that are built in, and those of
    /// [`issuers_from`](Self::issuers_from). What comes has to verify like all other evidence.
    ///
    /// ```
    /// use kyso::fetch::Recorded;
    /// use kyso::{Time, Verifier};
    ///
    /// let now = Time::from_unix(1_800_000_000);
    /// let verifier = Verifier::new(now).fetch(Recorded::new());
    /// assert!(!verifier.verify(b"no document").validation().offline);
    /// ```
    #[must_use]
    pub fn fetch(mut self, fetch: impl Fetch + Send + Sync + 'static) -> Self {
        self.online.fetch = Some(Arc::new(fetch));
        self
    }

    /// Asks nobody any more.
    #[must_use]
    pub fn offline(mut self) -> Self {
        self.online.fetch = None;
        self
    }

    /// Takes what is kept in this cache for evidence, and puts there what was fetched and verified.
    /// It is looked into without a fetcher, too.
    #[must_use]
    pub fn cache(mut self, cache: impl Cache + Send + Sync + 'static) -> Self {
        self.online.cache = Some(Arc::new(cache));
        self
    }

    /// Further places where a missing issuer may be asked for before any path is anchored: whole
    /// addresses, or beginnings that end in `/`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for what is no http or https address.
    pub fn issuers_from<I>(mut self, places: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        for place in places {
            let place = place.as_ref();
            let address = Address::parse(place).map_err(|fault| {
                let what = match fault {
                    FetchFault::Address { what } => what,
                    _ => "not an address",
                };
                Error::new(ErrorKind::Misuse, what).at(Place::Part(place.to_owned()))
            })?;
            self.online.places.push(address);
        }
        Ok(self)
    }

    /// The same verifier with other evidence and nobody who notes what it rests on: the pieces that
    /// an earlier verdict rested on, each marked whether it was fetched for that. Nobody else is
    /// asked, neither network nor cache.
    pub(crate) fn with_evidence(&self, evidence: Evidence) -> Self {
        Self {
            evidence,
            recorder: None,
            online: Online::default(),
            ..self.clone()
        }
    }

    /// The same verifier, with somebody who notes what the verdict rests on.
    pub(crate) fn recording(&self, recorder: Recorder) -> Self {
        Self {
            recorder: Some(recorder),
            ..self.clone()
        }
    }

    /// Adds the evidence of a bundle; how many pieces were taken.
    fn take_bundle(&mut self, bundle: &Bundle) -> usize {
        bundle.add_to(&mut self.evidence)
    }

    /// By what it judges.
    pub(crate) fn judging(&self) -> (Time, &Policy, &TrustStore, &Limits) {
        (self.at, &self.policy, &self.trust, &self.limits)
    }

    /// The validation time, in place of that of [`new`](Self::new).
    #[must_use]
    pub fn at(mut self, at: Time) -> Self {
        self.at = at;
        self
    }

    /// The rules.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self.names = OnceLock::new();
        self
    }

    /// The password of encrypted PDF files, as user or as owner password (ISO 32000-2 §7.6.4): UTF-8,
    /// or the octets that the writer made of it. It is tried where the empty password does not open
    /// a file. The digests of signatures need no password; what a file may hide does.
    ///
    /// ```
    /// use kyso::{Time, Verifier};
    ///
    /// let verifier = Verifier::new(Time::from_unix(1_800_000_000)).password("bí mật");
    /// assert!(!format!("{verifier:?}").contains("bí mật"));
    /// ```
    #[must_use]
    pub fn password(mut self, password: impl Into<Vec<u8>>) -> Self {
        self.password = Some(Password(password.into()));
        self
    }

    /// The ceilings.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Verifies every signature of a file. There is no error path: a file that cannot be read as
    /// its kind is a report with [`Report::error`].
    pub fn verify(&self, bytes: &[u8]) -> Report {
        self.verify_nested(bytes, 0)
    }

    /// The limits that it verifies within.
    pub(crate) fn ceilings(&self) -> &Limits {
        &self.limits
    }

    /// Holds the codes and names of envelopes against a list of agencies: what it knows better is a
    /// finding of the envelope and changes no verdict.
    #[must_use]
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = Some(Arc::new(directory));
        self
    }

    /// The password of encrypted files.
    pub(crate) fn secret(&self) -> Option<&[u8]> {
        self.password.as_ref().map(Password::octets)
    }

    fn verify_nested(&self, bytes: &[u8], depth: usize) -> Report {
        match kind(bytes) {
            Kind::Pdf => self.pdf(bytes),
            Kind::Xml => self.xml(bytes),
            Kind::Edxml if depth < NESTED_ENVELOPES => self.edxml(bytes, depth),
            kind => self.refused(kind, bytes, &not_offered(kind)),
        }
    }

    fn pdf(&self, bytes: &[u8]) -> Report {
        let found = match pades::find_with(bytes, &self.limits, self.secret()) {
            Ok(found) => found,
            Err(error) => return self.refused(Kind::Pdf, bytes, &error),
        };
        let (candidates, sha256) = pades::candidates(bytes, &found, &self.limits);
        let mut evidence = self.pool();
        // First, so that no file can push aside what the operator says.
        self.given(&mut evidence);
        for candidate in &candidates {
            candidate.collect(&mut evidence, &self.limits);
        }
        let stored = found.dss.collect(&mut evidence);
        let mut report = self.empty(Kind::Pdf, sha256);
        let signatures = self.judged(&mut evidence, |context| {
            validate::validate(candidates.clone(), &stored, context)
        });
        for signature in signatures {
            if signature.document_timestamp {
                report.document_timestamps.push(signature);
            } else {
                report.signatures.push(signature);
            }
        }
        report.findings = pades::findings(&found);
        self.recorded(&evidence);
        report
    }

    fn recorded(&self, evidence: &Evidence) {
        if let Some(recorder) = &self.recorder {
            recorder.end(evidence, |certificate| self.trust.holds(certificate));
        }
    }

    fn edxml(&self, bytes: &[u8], depth: usize) -> Report {
        let envelope = match Envelope::read(bytes, &self.limits) {
            Ok(envelope) => envelope,
            Err(error) => return self.refused(Kind::Edxml, bytes, &error),
        };
        let mut report = self.empty(Kind::Edxml, crypto::sha256(bytes));
        match envelope.header_signature() {
            HeaderSignature::Present => self.header_signatures(&envelope, &mut report),
            HeaderSignature::NotXmldsig => report.reasons.push(Reason::HeaderSignatureNotXmldsig),
            _ => {}
        }
        xml::unsafe_text(&envelope, &mut report);
        let known = self.directory.as_ref();
        let known = known.map(|directory| envelope.against(directory));
        for breach in envelope.breaches().iter().chain(known.iter().flatten()) {
            if LOWERING_RULES.contains(&breach.rule) {
                report.reasons.push(Reason::Envelope {
                    rule: breach.rule,
                    path: breach.path.clone(),
                    detail: breach.raw.clone(),
                });
            } else {
                report.findings.push(Finding {
                    code: "envelope.rule",
                    place: Some(Place::Element(breach.path.clone())),
                    message_vi: format!("{}: {}", breach.rule, breach.message(Lang::Vi)),
                    message_en: format!("{}: {}", breach.rule, breach.message(Lang::En)),
                });
            }
        }
        let mut decoded = 0u64;
        let mut texts = Vec::new();
        for attachment in envelope.attachments() {
            let name = attachment.name().to_owned();
            let mut text = None;
            let inner = match attachment.bytes(&self.limits) {
                Ok(content) => {
                    if depth == 0 && texts.len() < dossier::READ {
                        text = dossier::words_of(&content, &self.limits, self.secret());
                    }
                    if attachment.is_wrapped() {
                        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
                        decoded = decoded.saturating_add(size);
                    }
                    if decoded > self.limits.attachments_total {
                        report.reasons.push(Reason::Limit {
                            what: "size of all attachments".into(),
                        });
                        break;
                    }
                    self.attachment(&name, &content, depth, &mut report.reasons)
                }
                Err(error) => {
                    report.reasons.push(Reason::AttachmentUnreadable {
                        name: name.clone(),
                        detail: error.detail().to_owned(),
                    });
                    None
                }
            };
            report.attachments.push(AttachmentReport {
                name,
                report: inner,
            });
            texts.push(text);
        }
        if depth == 0 {
            let attachments = report.attachments.iter().zip(texts);
            let parts = attachments.map(|(attachment, text)| dossier::Part {
                name: &attachment.name,
                text,
                report: attachment.report.as_ref(),
            });
            let told = dossier::differences(&envelope, &parts.collect::<Vec<_>>());
            report.findings.extend(told);
        }
        report
    }

    fn attachment(
        &self,
        name: &str,
        content: &[u8],
        depth: usize,
        reasons: &mut Vec<Reason>,
    ) -> Option<Report> {
        let kind = kind(content);
        if kind == Kind::Unknown {
            return None;
        }
        let report = self.verify_nested(content, depth + 1).named(name);
        if report.indication().is_none() {
            reasons.push(match &report.error {
                Some(error) => Reason::AttachmentUnreadable {
                    name: name.to_owned(),
                    detail: error.code.to_owned(),
                },
                None => Reason::AttachmentNotSigned {
                    name: name.to_owned(),
                },
            });
        }
        Some(report)
    }

    fn refused(&self, kind: Kind, bytes: &[u8], error: &Error) -> Report {
        let mut report = self.empty(kind, crypto::sha256(bytes));
        report.error = Some(ReportError::from(error));
        report
    }

    fn empty(&self, kind: Kind, sha256: [u8; 32]) -> Report {
        let names = || (self.policy.sha256(), self.trust.fingerprint());
        let (policy_sha256, trust_sha256) = *self.names.get_or_init(names);
        Report {
            file: None,
            kind,
            sha256,
            error: None,
            validation: Validation {
                at: self.at,
                policy: self.policy.name().to_owned(),
                policy_sha256,
                trust_sha256,
                revocation: self.policy.revocation_rule(),
                offline: self.online.fetch.is_none(),
                version: env!("CARGO_PKG_VERSION"),
            },
            signatures: Vec::new(),
            document_timestamps: Vec::new(),
            attachments: Vec::new(),
            reasons: Vec::new(),
            findings: Vec::new(),
        }
    }
}

/// What kind of file these bytes are, by their beginning alone.
///
/// ```
/// use kyso::{report::Kind, verify};
///
/// assert_eq!(verify::kind(b"%PDF-1.7\n"), Kind::Pdf);
/// assert_eq!(verify::kind(b"plain text"), Kind::Unknown);
/// ```
pub fn kind(bytes: &[u8]) -> Kind {
    let text = [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .find_map(|mark| bytes.strip_prefix(*mark))
        .unwrap_or(bytes);
    let head = text.trim_ascii_start();
    if head.starts_with(b"<") || head.starts_with(b"\0<") {
        return if crate::edxml::is_envelope(bytes) {
            Kind::Edxml
        } else {
            Kind::Xml
        };
    }
    let pem = [&b"-----BEGIN CMS-----"[..], b"-----BEGIN PKCS7-----"];
    if pem.iter().any(|label| head.starts_with(label)) {
        return Kind::Cms;
    }
    // The octets of id-signedData open every ContentInfo that holds one.
    let opening = bytes.get(..bytes.len().min(24)).unwrap_or_default();
    if opening.first() == Some(&0x30)
        && opening
            .windows(SIGNED_DATA.len())
            .any(|octets| octets == SIGNED_DATA)
    {
        return Kind::Cms;
    }
    // ISO 32000-2 Annex: readers accept a header within the first 1024 bytes.
    let start = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    if start.windows(5).any(|octets| octets == b"%PDF-") {
        return Kind::Pdf;
    }
    Kind::Unknown
}

fn not_offered(kind: Kind) -> Error {
    let detail = match kind {
        Kind::Cms => "bare CMS signatures",
        Kind::Edxml => "an envelope inside an envelope",
        _ => return Error::new(ErrorKind::Malformed, "neither PDF, XML, edXML nor CMS"),
    };
    Error::new(ErrorKind::Unsupported, detail)
}

const HEAD: usize = 1_024;
/// id-signedData, 1.2.840.113549.1.7.2, as a value.
const SIGNED_DATA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02,
];
/// Manifest and attachments that do not correspond, and a name that is no plain file name. What
/// lenient reading refuses outright has ended in an error before.
const LOWERING_RULES: [&str; 3] = ["M1", "M2", "A4"];
/// An envelope attached to an envelope is not opened.
const NESTED_ENVELOPES: usize = 1;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        Verifier::new(Time::from_unix(1_800_000_000))
            .verify(bytes)
            .to_text(Lang::En)
    }

    fn pdf(field: &str) -> Vec<u8> {
        let objects = ["<</AcroForm<</Fields[2 0 R]>>>>", field];
        let mut text = String::from("%PDF-1.7\n");
        let mut table = String::from("xref\n0 3\n0000000000 65535 f \n");
        for (number, body) in (1..).zip(objects) {
            table.push_str(&format!("{:010} 00000 n \n", text.len()));
            text.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
        }
        let at = text.len();
        format!("{text}{table}trailer<</Size 3/Root 1 0 R>>\nstartxref\n{at}\n%%EOF").into_bytes()
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_said_to_carry_no_signature() {
        let answer = text(b"%PDF-1.7 cut");
        assert!(answer.starts_with("NOT CHECKED"), "{answer}");
        assert!(!answer.contains("NO SIGNATURE"), "{answer}");
    }

    #[test]
    fn a_file_with_traces_of_a_signature_is_not_said_to_carry_none() {
        let plain = text(&pdf("<</FT/Sig/T(a)>>"));
        assert!(plain.contains("the file carries no signature"), "{plain}");
        let odd = text(&pdf("<</FT/Sig/T(a)/V(odd)>>"));
        assert!(!odd.contains("carries no signature"), "{odd}");
        assert!(odd.contains("traces of one"), "{odd}");
    }
}
