//! The edXML envelope of QCVN 102:2016/BTTTT (amendment 1:2022): a document or a status message with
//! its attachments, read leniently and told exactly, written one way only.
//!
//! [`Envelope::read`] keeps the input and the place of each element in it; an attachment's octets
//! are decoded when asked for. Every departure from the [numbered rules](Rule) is a [`Breach`] in
//! document order; those that lenient reading refuses too end with an [`Error`].
//! [`EnvelopeBuilder`] refuses whatever the strict rules refuse, and writes the same octets for the
//! same values. Read are the dialects Q102 and Q102-lgsp, and leniently the flat `go.vn` form; the
//! SOAP forms of 2803 and 512, and SOC reports are recognised, named and refused. No DOCTYPE, no
//! entity, no file, no clock.
//!
//! # The JSON form
//!
//! [`Envelope::to_json`] and [`EnvelopeBuilder::from_json`] speak `kyso-envelope/1`:
//!
//! - `kind` is `document` or `status`; `dialect` is `Q102` or `Q102-lgsp`.
//! - `header` holds the children of `MessageHeader`, each under its element's name in snake case
//!   (`document_type.type`, `other_info.typer_notation`), nested as the elements are: `to` and
//!   `response_for` are arrays, `to_places` is `{"place": […]}`, `appendixes` `{"appendix": […]}`.
//! - `trace` is an array of `{"organ_id", "timestamp"}`, one for each `TraceHeader`.
//! - `business` is the element `Bussiness`; its members keep the regulation's spelling
//!   (`bussiness_doc_type`, `bussiness_doc_reason`, `bussiness_document_info`), `staff_info` is an array.
//! - `status` holds what a status has beside `header.from`: `response_for` and `staff_info` (objects,
//!   since each occurs once), `status_code` (text: `"03"`), `description`, `timestamp`.
//! - `attachments`: `id` (without `cid:`), `name` (as it stands; data, not a path), `safe_name` where
//!   that differs, `content_type`, `description`, and `size` and `sha256` of the payload; `error`
//!   instead of these two where the payload cannot be unpacked.
//! - Integers are numbers, `direction` is a boolean, dates are `yyyy-mm-dd`, times RFC 3339 at +07:00.
//!   What is absent, empty or has no value (a date that the calendar lacks) is absent.

mod attachment;
mod base64;
mod build;
mod check;
pub mod codes;
mod date;
mod directory;
pub mod flow;
mod header;
mod holders;
mod item;
mod json;
mod lay;
mod names;
mod organ;
mod other;
mod packing;
mod read;
mod record;
mod rules;
mod sniff;
mod zip;

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::error::Error;
use crate::limits::Limits;
use crate::xml::{ElementId, Index};

pub use attachment::{Attachment, AttachmentReader, WrappedEntry};
pub use build::{AttachmentSpec, EnvelopeBuilder, NewAttachment, status_reply};
pub use date::{Date, DateText, TimeText};
pub use directory::{Agency, Directory, Held};
pub use header::{
    Appendixes, Business, BusinessDocumentInfo, Code, DocumentType, Header, Manifest, Organ,
    OrganIdList, OtherInfo, PromulgationInfo, Receiver, ReceiverList, Reference, ReplacementInfo,
    ReplacementInfoList, ResponseFor, ResponseForTask, SignerInfo, StaffInfo, Status, ToPlaces,
    Trace, TraceHeader,
};
pub use lay::LaidEnvelope;
pub use organ::{CodeForm, OrganCode};
pub use other::Other;
pub use rules::{Breach, Mode, Outcome, Rule};
pub use sniff::is_envelope;

/// An envelope that was read: its values, and the octets they stand in.
///
/// ```
/// use kyso::edxml::Envelope;
///
/// let text = r#"<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
///   <edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXML:edXMLHeader>
///     <edXML:MessageHeader><edXML:Subject>V/v rà soát</edXML:Subject></edXML:MessageHeader>
///   </edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>"#;
/// let envelope = Envelope::read(text.as_bytes(), &kyso::Limits::default())?;
/// assert_eq!(envelope.header().subject.as_deref(), Some("V/v rà soát"));
/// assert!(envelope.breaches().iter().any(|breach| breach.rule == "H1"));
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Debug)]
pub struct Envelope<'a> {
    index: Index<'a>,
    limits: Limits,
    parts: read::Parts,
    breaches: Vec<Breach>,
}

/// The two kinds of message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A document with its attachments (văn bản).
    #[default]
    Document,
    /// What became of a document (trạng thái).
    Status,
}

/// The shapes that envelopes have had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// QCVN 102:2016 as the official SDK writes it.
    #[default]
    Q102,
    /// The same as provincial axes write it: attributes on `TraceHeaderList`, `DigitalSignature`.
    Q102Lgsp,
    /// Namespace `http://www.go.vn/eDoc`, without layers. Read leniently.
    FlatGovn,
    /// SOAP form of official letter 2803/BTTTT-THH (2014). Not read.
    Soap2803,
    /// SOAP form of official letter 512/BTTTT-ƯDCNTT (2013). Not read.
    Soap512,
    /// A security report that borrows the header. Not a document, not read.
    SocReport,
}

/// Whether the header carries a signature. Nothing here judges one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeaderSignature {
    /// There is none.
    #[default]
    Absent,
    /// An empty `DigitalSignature` stands for none.
    Placeholder,
    /// There is a `Signature` outside the namespace of XMLDSig, as the official SDK writes it: it
    /// cannot be verified by anyone.
    NotXmldsig,
    /// There is an XMLDSig `Signature`.
    Present,
}

impl<'a> Envelope<'a> {
    /// Reads an envelope leniently.
    ///
    /// Fails where lenient reading must: not well-formed XML, a DOCTYPE, no `MessageHeader`, a
    /// single element twice, an attachment that is not base64 or beyond the limits, a dialect that
    /// is not read. The error's detail begins with the rule.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let (envelope, breaches) = read::examine(bytes, limits)?;
        if let Some(error) = breaches.iter().find_map(Breach::fatal) {
            return Err(error);
        }
        Ok(Self {
            breaches,
            ..envelope
        })
    }

    /// Every breach of the rules, in document order, also of what cannot be read as an envelope.
    pub fn check(bytes: &[u8], limits: &Limits) -> (Option<Dialect>, Vec<Breach>) {
        read::check(bytes, limits, None)
    }

    /// As [`check`](Self::check), with the codes and names held against a directory as well: whether
    /// a code is anybody's (O1), whose it was on the day of issue (O2), and by which name (O3).
    pub fn check_against(
        bytes: &[u8],
        limits: &Limits,
        directory: &Directory,
    ) -> (Option<Dialect>, Vec<Breach>) {
        read::check(bytes, limits, Some(directory))
    }

    /// Document or status.
    pub fn kind(&self) -> Kind {
        self.parts.kind
    }

    /// The dialect it is written in.
    pub fn dialect(&self) -> Dialect {
        self.parts.dialect
    }

    /// What the message says of the document; of a status only who sends it.
    pub fn header(&self) -> &Header {
        &self.parts.header
    }

    /// The systems passed, the first first.
    pub fn trace(&self) -> &[TraceHeader] {
        &self.parts.trace.passed
    }

    /// The business action.
    pub fn business(&self) -> Option<&Business> {
        self.parts.trace.business.as_ref()
    }

    /// What a status says; `None` for a document.
    pub fn status(&self) -> Option<&Status> {
        self.parts.status.as_ref()
    }

    /// The attachments that the message says it has.
    pub fn manifest(&self) -> &[Reference] {
        &self.parts.manifest.reference
    }

    /// The attachments that are there, in document order.
    pub fn attachments(&self) -> impl ExactSizeIterator<Item = Attachment<'_>> {
        self.parts.attachments.iter().map(|stored| Attachment {
            index: &self.index,
            stored,
        })
    }

    /// Whether the header carries a signature.
    pub fn header_signature(&self) -> HeaderSignature {
        self.parts.signature
    }

    /// The XMLDSig signatures that are children of the header.
    pub fn header_signatures(&self) -> &[ElementId] {
        &self.parts.signatures
    }

    /// Where the attachment elements stand in the input, in the order of
    /// [`attachments`](Self::attachments): what a signature must cover.
    pub fn attachment_spans(&self) -> Vec<Range<usize>> {
        let elements = self.parts.attachments.iter().filter_map(|s| s.element);
        elements.map(|element| self.index.span(element)).collect()
    }

    /// The elements of the whole input.
    pub fn index(&self) -> &Index<'a> {
        &self.index
    }

    /// Where the rules are not kept, in document order.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    /// The codes and names held against a directory (O1 to O3), in document order.
    pub fn against(&self, directory: &Directory) -> Vec<Breach> {
        let mut reading = record::Reading::new(&self.index, record::Q102);
        holders::tell(&mut reading, &self.parts, directory);
        reading.findings.finish()
    }

    /// The JSON form, `kyso-envelope/1`. Decodes every attachment, one after the other.
    pub fn to_json(&self) -> serde_json::Value {
        json::envelope(self, &self.limits)
    }
}

impl Kind {
    /// The word of the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Status => "status",
        }
    }
}

impl Dialect {
    /// The word of the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Q102 => "Q102",
            Self::Q102Lgsp => "Q102-lgsp",
            Self::FlatGovn => "flat-govn",
            Self::Soap2803 => "SOAP-2803",
            Self::Soap512 => "SOAP-512",
            Self::SocReport => "SOC report",
        }
    }
}

impl HeaderSignature {
    /// The word of reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Placeholder => "placeholder",
            Self::NotXmldsig => "not-xmldsig",
            Self::Present => "present",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
