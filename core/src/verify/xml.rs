//! XML documents with their signatures.

use crate::crypto;
use crate::edxml::{Dialect, Envelope};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::report::{Kind, Report, SignatureReport};
use crate::validate::{self, Candidate};
use crate::verdict::{Reason, XmlFault};
use crate::verify::Verifier;
use crate::xades::{self, Document, Dsig, Trouble};
use crate::xml::{ElementId, Index};

impl Verifier {
    pub(super) fn xml(&self, bytes: &[u8]) -> Report {
        let limits = self.ceilings();
        let index = match Index::read(bytes, limits) {
            Ok(index) => index,
            Err(fault) => return self.refused(Kind::Xml, bytes, &fault.into()),
        };
        let mut report = self.empty(Kind::Xml, crypto::sha256(bytes));
        let (elements, is_cut) = xades::find(&index, limits);
        if is_cut {
            report.reasons.push(Reason::Limit {
                what: "signatures of one file".into(),
            });
        }
        let read = read(&Document::new(&index, limits), &elements);
        report.signatures = self.judge_xml(read);
        report
    }

    /// Judges the header signatures of an envelope. One that is broken fails by itself, and holds the
    /// file, since any relay can break it.
    pub(super) fn header_signatures(&self, envelope: &Envelope<'_>, report: &mut Report) {
        let limits = self.ceilings();
        let index = envelope.index();
        let document = Document::new(index, limits);
        let elements = envelope.header_signatures();
        let elements = elements.get(..elements.len().min(limits.signatures));
        let mut read = read(&document, elements.unwrap_or_default());
        let is_known = matches!(envelope.dialect(), Dialect::Q102 | Dialect::Q102Lgsp);
        // Where the parts of another dialect stand is not known here: it has to be signed whole.
        let parts: Vec<ElementId> = match is_known {
            true => index
                .elements()
                .filter(|id| HEADER_COVERS.contains(&index.local_name(*id)))
                .collect(),
            false => vec![index.root()],
        };
        for dsig in &mut read {
            dsig.form
                .extend(xades::demanded(index, &dsig.covered, &parts));
            if let Some(count) = xades::traces(&document, dsig) {
                dsig.fault(XmlFault::TraceAdded, format!("TraceHeader × {count}"));
            }
        }
        report.signatures = self.judge_xml(read);
        for signature in &report.signatures {
            if signature.is_broken() {
                report.reasons.push(Reason::Xml {
                    fault: XmlFault::HeaderBroken,
                    what: signature.id().to_owned(),
                });
            }
        }
    }

    /// Judges signatures that were read.
    fn judge_xml(&self, read: Vec<Dsig>) -> Vec<SignatureReport> {
        let candidates: Vec<Candidate<'_>> = read.into_iter().map(Dsig::candidate).collect();
        let mut evidence = self.pool();
        // First, so that no file can push aside what the operator says.
        self.given(&mut evidence);
        for candidate in &candidates {
            candidate.collect(&mut evidence, self.ceilings());
        }
        let signatures = self.judged(&mut evidence, |context| {
            validate::validate(candidates.clone(), &[], context)
        });
        self.recorded(&evidence);
        signatures
    }
}

/// Names the first element of an envelope's header whose text could steer a terminal or reorder what
/// a person sees.
pub(super) fn unsafe_text(envelope: &Envelope<'_>, report: &mut Report) {
    let index = envelope.index();
    let is_unsafe = |c: char| {
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let headers = index
        .elements()
        .filter(|id| index.local_name(*id) == "MessageHeader");
    let mut open: Vec<ElementId> = headers.take(1).collect();
    while let Some(element) = open.pop() {
        if index.text(element).contains(is_unsafe) {
            report.reasons.push(Reason::Xml {
                fault: XmlFault::UnsafeText,
                what: index.path(element),
            });
            return;
        }
        open.extend(index.children(element));
    }
}

/// The canonical octets that a reference of the first signature of an XML document digests, handed
/// out in pieces. References are counted from 0.
///
/// ```
/// # fn demo(xml: &[u8]) -> Result<(), kyso::Error> {
/// let mut octets = Vec::new();
/// kyso::verify::reference(xml, 0, &kyso::Limits::default(), |piece| {
///     octets.extend_from_slice(piece);
/// })?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// `Misuse` where there is no such signature or reference; `Unsupported` for a reference that leads
/// out of the document and for a transform that is not carried out; `Malformed` for one that leads
/// nowhere or to several elements, and for what is no XML; `TooLarge` beyond a limit.
pub fn reference(
    input: &[u8],
    number: usize,
    limits: &Limits,
    mut sink: impl FnMut(&[u8]),
) -> Result<(), Error> {
    let index = Index::read(input, limits)?;
    let (elements, _) = xades::find(&index, limits);
    let document = Document::new(&index, limits);
    let misuse = |what: &'static str| Error::new(ErrorKind::Misuse, what);
    let first = elements
        .first()
        .ok_or_else(|| misuse("the document has no XML signature"))?;
    let references = xades::references(&document, *first);
    let reference = references.into_iter().nth(number).flatten();
    let reference = reference.ok_or_else(|| misuse("the signature has no such reference"))?;
    reference
        .octets(&document, None, &mut sink)
        .map_err(|trouble| {
            let (kind, what) = match trouble {
                Trouble::Limit => (ErrorKind::TooLarge, "octets that are canonicalised"),
                Trouble::Fault(XmlFault::External) => (
                    ErrorKind::Unsupported,
                    "a reference that leads out of the document",
                ),
                Trouble::Fault(XmlFault::Transform) => (
                    ErrorKind::Unsupported,
                    "a transform that is not carried out",
                ),
                Trouble::Fault(XmlFault::DuplicateId) => {
                    (ErrorKind::Malformed, "an identifier that stands twice")
                }
                Trouble::Fault(_) => (ErrorKind::Malformed, "a reference that leads nowhere"),
            };
            Error::new(kind, what).at(Place::Part(reference.name()))
        })
}

/// Which role of a tax message or e-invoice signed which elements, and in what each signature departs
/// from the profile of these systems. What the signatures are worth is for
/// [`Verifier::verify`](crate::Verifier::verify).
///
/// ```
/// # fn demo(xml: &[u8]) -> Result<(), kyso::Error> {
/// for one in kyso::verify::tax_roles(xml, &kyso::Limits::default())? {
///     println!("{}: {}", one.role, one.covers.join(", "));
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Those of reading the document.
pub fn tax_roles(input: &[u8], limits: &Limits) -> Result<Vec<xades::RoleSignature>, Error> {
    let index = Index::read(input, limits)?;
    Ok(xades::roles(&Document::new(&index, limits)))
}

/// Reads signatures, and how far they reach among one another.
fn read(document: &Document<'_, '_>, elements: &[ElementId]) -> Vec<Dsig> {
    let mut read: Vec<Dsig> = elements
        .iter()
        .map(|element| Dsig::read(document, *element))
        .collect();
    xades::reach(document, &mut read);
    read
}

/// What a header signature has to cover: what is read of the header, the list of the attachments, and
/// each attachment.
const HEADER_COVERS: [&str; 4] = ["MessageHeader", "edXMLManifest", "Manifest", "Attachment"];
