//! From octets to the parts of an envelope, with every breach on the way.

use std::collections::HashMap;

use crate::edxml::attachment::{Stored, strip_cid};
use crate::edxml::header::{Header, Manifest, Reference, Status, Trace};
use crate::edxml::names::name_safely;
use crate::edxml::other::{Other, Others};
use crate::edxml::record::{Layer, Member, Occurs, Q102, Reading, Record};
use crate::edxml::rules::{Breach, Weight};
use crate::edxml::{
    Dialect, Directory, Envelope, HeaderSignature, Kind, check as rules_between, holders,
};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::x509::Certificate;
use crate::xml::{ElementId, Fault, FaultKind, Index, Namespace};

/// What an envelope holds.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) kind: Kind,
    pub(super) dialect: Dialect,
    pub(super) header: Header,
    pub(super) trace: Trace,
    pub(super) status: Option<Status>,
    pub(super) manifest: Manifest,
    pub(super) attachments: Vec<Stored>,
    pub(super) signature: HeaderSignature,
    pub(super) signatures: Vec<ElementId>,
    /// `MessageHeader`.
    pub(super) message: Option<ElementId>,
    /// Unknown elements of the layers around the structures.
    pub(super) others: Others,
}

/// Where the layers of an envelope are.
#[derive(Clone, Copy, Default)]
pub(super) struct Layers {
    pub(super) envelope: Option<ElementId>,
    pub(super) header: Option<ElementId>,
    pub(super) message: Option<ElementId>,
    pub(super) trace: Option<ElementId>,
    pub(super) body: Option<ElementId>,
    pub(super) manifest: Option<ElementId>,
    pub(super) encoded: Option<ElementId>,
}

/// The envelope, and its breaches apart; an error where nothing could be read.
pub(super) fn examine<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Envelope<'a>, Vec<Breach>), Error> {
    let index = open(bytes, limits).map_err(|fault| {
        let error = Error::from(fault);
        let detail = format!("{}: {}", rule_of(fault), fault.detail);
        let place = Place::Offset(u64::try_from(fault.offset).unwrap_or(u64::MAX));
        Error::new(error.kind(), detail).at(place)
    })?;
    let dialect = recognise(&index)?;
    let mut reading = Reading::new(&index, home_of(dialect));
    let parts = read_parts(&mut reading, dialect, limits);
    let breaches = reading.findings.finish();
    let envelope = Envelope {
        index,
        limits: limits.clone(),
        parts,
        breaches: Vec::new(),
    };
    Ok((envelope, breaches))
}

pub(super) fn check(
    bytes: &[u8],
    limits: &Limits,
    directory: Option<&Directory>,
) -> (Option<Dialect>, Vec<Breach>) {
    let index = match open(bytes, limits) {
        Ok(index) => index,
        Err(fault) => {
            let raw = format!("{}, offset {}", fault.detail, fault.offset);
            let kind = Error::from(fault).kind();
            return (None, vec![Breach::of_document(rule_of(fault), &raw, kind)]);
        }
    };
    match recognise(&index) {
        Ok(dialect) => {
            let mut reading = Reading::new(&index, home_of(dialect));
            let parts = read_parts(&mut reading, dialect, limits);
            if let Some(directory) = directory {
                holders::tell(&mut reading, &parts, directory);
            }
            (Some(dialect), reading.findings.finish())
        }
        Err(error) => {
            let dialect = dialect_of(&index);
            let raw = match dialect {
                Some(dialect) => dialect.name(),
                None => index.qualified_name(index.root()),
            };
            (dialect, vec![Breach::of_document("N1", raw, error.kind())])
        }
    }
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Index<'a>, Fault> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.envelope_size {
        return Err(Fault::new(
            FaultKind::Limit,
            0,
            "an envelope larger than the limit",
        ));
    }
    let mut limits = limits.clone();
    limits.xml_depth = limits.xml_depth.min(limits.envelope_depth);
    limits.xml_elements = limits.xml_elements.min(ELEMENTS);
    let index = Index::read(bytes, &limits)?;
    if index.is_converted() && !index.is_utf16() {
        let detail = "an encoding other than UTF-8 and UTF-16";
        return Err(Fault::new(FaultKind::Encoding, 0, detail));
    }
    Ok(index)
}

fn rule_of(fault: Fault) -> &'static str {
    match fault.kind {
        FaultKind::Encoding => "X2",
        FaultKind::InvalidOctets => "X2b",
        FaultKind::DocumentType => "X3",
        FaultKind::Limit => "X6",
        _ => "X1",
    }
}

/// The dialect, where it is one that is read; else the sentence that names it.
fn recognise(index: &Index<'_>) -> Result<Dialect, Error> {
    let place = Place::Element(index.path(index.root()));
    match dialect_of(index) {
        Some(dialect @ (Dialect::Q102 | Dialect::Q102Lgsp | Dialect::FlatGovn)) => Ok(dialect),
        Some(dialect) => {
            let detail = format!(
                "N1: this is the dialect {dialect}, and only envelopes of QCVN 102:2016 are read"
            );
            Err(Error::new(ErrorKind::Unsupported, detail).at(place))
        }
        None => {
            let detail = "N1: this XML is not an edXML envelope";
            Err(Error::new(ErrorKind::Malformed, detail).at(place))
        }
    }
}

fn home_of(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::FlatGovn => GO_VN,
        _ => Q102,
    }
}

fn dialect_of(index: &Index<'_>) -> Option<Dialect> {
    let root = index.root();
    let has = |name: &str| index.elements().any(|e| index.local_name(e) == name);
    let is_in = |uri: &str| {
        let mut elements = index.elements();
        elements.any(|e| index.namespace(e) == Namespace::Uri(uri))
    };
    match (index.namespace(root), index.local_name(root)) {
        (Namespace::Uri(SOAP_1_1 | SOAP_1_2), _) if is_in(E_DOC) => {
            let is_512 = ["Author", "ContactInfo", "Secret"].into_iter().any(has);
            Some(if is_512 {
                Dialect::Soap512
            } else {
                Dialect::Soap2803
            })
        }
        (Namespace::Uri(E_DOC), _) => Some(Dialect::Soap512),
        (Namespace::Uri(GO_VN), _) => Some(Dialect::FlatGovn),
        (Namespace::Uri(Q102), "edXMLEnvelope") if has("AVReport") => Some(Dialect::SocReport),
        (Namespace::Uri(Q102) | Namespace::None | Namespace::Unbound, name) => {
            let is_envelope = name == "edXML" || name == ENVELOPE || has(ENVELOPE);
            is_envelope.then(|| variant(index))
        }
        _ => None,
    }
}

/// Q102 or the provincial variant of it.
fn variant(index: &Index<'_>) -> Dialect {
    let is_lgsp = |element: ElementId| match index.local_name(element) {
        "DigitalSignature" => true,
        "TraceHeaderList" => {
            let attributes = index.attributes(element);
            let mut names = attributes.iter().map(|a| a.name);
            names.any(|name| matches!(name, "mustUnderstand" | "actor"))
        }
        _ => false,
    };
    if index.elements().any(is_lgsp) {
        Dialect::Q102Lgsp
    } else {
        Dialect::Q102
    }
}

fn read_parts(reading: &mut Reading<'_>, dialect: Dialect, limits: &Limits) -> Parts {
    let index = reading.index;
    let root = index.root();
    if index.has_byte_order_mark() {
        reading.findings.push("X2", root, "", "BOM", Weight::Light);
    }
    if index.is_utf16() {
        reading.findings.add("X2", root, "UTF-16");
    }
    for element in index.unbound() {
        let name = index.qualified_name(*element);
        reading.findings.add("X5", *element, name);
    }
    let mut parts = Parts {
        dialect,
        ..Parts::default()
    };
    let layers = match dialect {
        Dialect::FlatGovn => find_flat_layers(reading),
        _ => find_layers(reading, &mut parts.others),
    };
    parts.message = layers.message;
    if let Some(message) = layers.message {
        read_message(reading, message, &mut parts);
    }
    if let Some(trace) = layers.trace {
        parts.trace = reading.record(trace);
        parts.others.trace = std::mem::take(&mut parts.trace.other);
    }
    if let Some(manifest) = layers.manifest {
        parts.manifest = reading.record(manifest);
        parts.others.manifest = std::mem::take(&mut parts.manifest.other);
    }
    if let Some(header) = layers.header {
        read_signatures(reading, header, &mut parts);
    }
    if let Some(encoded) = layers.encoded {
        read_attachments(reading, encoded, &layers, limits, &mut parts);
    }
    rules_between::parts(reading, &parts, &layers, limits);
    parts
}

/// Section 2 of the regulation's shape, with what stands elsewhere (S1, S2, S3).
fn find_layers(reading: &mut Reading<'_>, others: &mut Others) -> Layers {
    let index = reading.index;
    let root = index.root();
    let mut layers = Layers::default();
    let layer = |name: &str| match name {
        ENCODED => Layer::Plain,
        _ => Layer::Prefixed,
    };
    if index.local_name(root) == ENVELOPE {
        reading.findings.add("S1", root, ENVELOPE);
        layers.envelope = Some(root);
    } else {
        match index.namespace(root) {
            Namespace::Uri(Q102) if index.local_name(root) != "edXML" => {
                reading.findings.add("S1", root, index.local_name(root));
            }
            Namespace::Uri(Q102) if !index.prefix(root).is_empty() => {
                reading.findings.add("N2", root, index.qualified_name(root));
            }
            Namespace::None => reading.findings.add("N1", root, index.local_name(root)),
            _ => {}
        }
        let known = [(ENVELOPE, Occurs::Once), (ENCODED, Occurs::Once)];
        let others = &mut others.root;
        reading.members(root, &known, layer, others, |_, name, child| match name {
            ENVELOPE => layers.envelope = Some(child),
            _ => layers.encoded = Some(child),
        });
    }
    let Some(envelope) = layers.envelope else {
        let below = "edXMLEnvelope/edXMLHeader/MessageHeader";
        reading.findings.missing("S2", root, below);
        return layers;
    };
    let mut misplaced = None;
    let known = [
        (HEADER, Occurs::Once),
        (BODY, Occurs::Once),
        (ENCODED, Occurs::Once),
    ];
    let (own, place) = (&mut others.envelope, &mut misplaced);
    reading.members(envelope, &known, layer, own, |_, name, child| match name {
        HEADER => layers.header = Some(child),
        BODY => layers.body = Some(child),
        _ => *place = Some(child),
    });
    if let Some(body) = layers.body {
        let known = [
            (MANIFEST, Occurs::Once),
            ("Manifest", Occurs::Once),
            (ENCODED, Occurs::Once),
        ];
        let own = &mut others.body;
        let take = |reading: &mut Reading<'_>, name: &str, child| match name {
            ENCODED => misplaced = Some(child),
            _ if layers.manifest.is_some() => reading.findings.add("S3", child, name),
            _ => layers.manifest = Some(child),
        };
        reading.members(body, &known, layer, own, take);
    }
    if let Some(child) = misplaced {
        reading.findings.add("S1", child, ENCODED);
        if layers.encoded.is_some() {
            reading.findings.add("S3", child, ENCODED);
        }
        layers.encoded = layers.encoded.or(misplaced);
    }
    let Some(header) = layers.header else {
        let below = "edXMLHeader/MessageHeader";
        reading.findings.missing("S2", envelope, below);
        return layers;
    };
    let known = [
        ("MessageHeader", Occurs::Once),
        ("TraceHeaderList", Occurs::Once),
        ("DigitalSignature", Occurs::Once),
    ];
    let own = &mut others.header;
    reading.members(header, &known, layer, own, |_, name, child| match name {
        "MessageHeader" => layers.message = Some(child),
        "TraceHeaderList" => layers.trace = Some(child),
        _ => {}
    });
    if layers.message.is_none() {
        reading.findings.missing("S2", header, "MessageHeader");
    }
    layers
}

/// The flat form: everything under the root, attachments there or under `Manifest`, and no layer.
/// One finding names the dialect; the rules of the layers that it lacks are not told beside it.
fn find_flat_layers(reading: &mut Reading<'_>) -> Layers {
    let index = reading.index;
    let root = index.root();
    reading.findings.add("N1", root, Dialect::FlatGovn.name());
    let mut layers = Layers {
        envelope: Some(root),
        header: Some(root),
        encoded: Some(root),
        ..Layers::default()
    };
    let known = [
        ("MessageHeader", Occurs::Once),
        ("TraceHeaderList", Occurs::Once),
        ("DigitalSignature", Occurs::Once),
        ("Manifest", Occurs::Once),
        ("Attachment", Occurs::Often),
    ];
    let layer = |_: &str| Layer::Plain;
    let own = &mut Vec::new();
    reading.members(root, &known, layer, own, |_, name, child| match name {
        "MessageHeader" => layers.message = Some(child),
        "TraceHeaderList" => layers.trace = Some(child),
        "Manifest" => layers.encoded = Some(child),
        _ => {}
    });
    if layers.message.is_none() {
        reading.findings.missing("S2", root, "MessageHeader");
    }
    layers
}

fn read_message(reading: &mut Reading<'_>, message: ElementId, parts: &mut Parts) {
    let index = reading.index;
    let has = |name: &str| index.children(message).any(|e| index.local_name(e) == name);
    let is_document = ["To", "Code", "Subject"].into_iter().any(has);
    let is_status = has("StatusCode") || (has("Timestamp") && !is_document);
    if !is_status {
        parts.header = reading.record(message);
        return;
    }
    parts.kind = Kind::Status;
    let mut members = vec![("From", Occurs::Once)];
    members.extend(Status::MEMBERS);
    let mut status = Status::default();
    let header = &mut parts.header;
    let layer = |_: &str| Layer::Prefixed;
    let mut others = Vec::new();
    reading.members(
        message,
        &members,
        layer,
        &mut others,
        |reading, name, child| {
            if name == "From" {
                Member::take(&mut header.from, reading, child, "");
            } else {
                Record::take(&mut status, reading, name, child);
            }
        },
    );
    (header.other, status.other) = others.into_iter().partition(is_before_status);
    // T1: one digit is read as the code it means, and told.
    if let Some(code) = status.status_code.as_mut().filter(|code| code.len() == 1) {
        code.insert(0, '0');
    }
    parts.status = Some(status);
}

/// Of a status, what stands beside `From` belongs to the header, the rest to the status.
fn is_before_status(other: &Other) -> bool {
    matches!(other.after.as_deref(), None | Some("From"))
}

/// The signatures that are children of the header; others are not the header's (G1, G6, S3).
fn read_signatures(reading: &mut Reading<'_>, header: ElementId, parts: &mut Parts) {
    let index = reading.index;
    let mut first = true;
    let mut seen = 0usize;
    for child in index.children(header) {
        match index.local_name(child) {
            "Signature" => {
                if !std::mem::take(&mut first) {
                    reading.findings.add("S3", child, "Signature");
                }
                if seen < SIGNATURES {
                    seen = seen.saturating_add(1);
                    look_at_signature(reading, child);
                }
                if index.namespace(child) == Namespace::Uri(XMLDSIG) {
                    parts.signature = HeaderSignature::Present;
                    parts.signatures.push(child);
                    continue;
                }
                let raw = match index.namespace(child) {
                    Namespace::Uri(uri) => uri,
                    _ => "",
                };
                reading.findings.add("G1", child, raw);
                if parts.signature != HeaderSignature::Present {
                    parts.signature = HeaderSignature::NotXmldsig;
                }
            }
            "DigitalSignature" => {
                let is_empty =
                    index.children(child).next().is_none() && index.text(child).trim().is_empty();
                if is_empty && parts.signature == HeaderSignature::Absent {
                    parts.signature = HeaderSignature::Placeholder;
                } else if !is_empty {
                    reading.findings.add("G1", child, "DigitalSignature");
                    if parts.signature != HeaderSignature::Present {
                        parts.signature = HeaderSignature::NotXmldsig;
                    }
                }
            }
            _ => {}
        }
    }
}

/// What a signature block says of itself: SHA-1 (G4), and a certificate that is none (G5).
fn look_at_signature(reading: &mut Reading<'_>, signature: ElementId) {
    let index = reading.index;
    let span = index.span(signature);
    let is_inside = |e: &ElementId| span.contains(&index.span(*e).start);
    let mut is_weak = false;
    for element in index.elements().filter(is_inside) {
        match index.local_name(element) {
            "SignatureMethod" | "DigestMethod" => {
                let algorithm = index.attribute(element, "Algorithm").unwrap_or_default();
                if algorithm.ends_with("sha1") && !std::mem::replace(&mut is_weak, true) {
                    reading.findings.add("G4", element, &algorithm);
                }
            }
            "X509Certificate" => {
                let text = index.text(element);
                let octets = base64_simd::forgiving_decode_to_vec(text.trim().as_bytes());
                let is_whole = octets.is_ok_and(|der| Certificate::from_der(&der).is_ok());
                if !is_whole {
                    reading.findings.add("G5", element, text.trim());
                }
            }
            _ => {}
        }
    }
}

fn read_attachments(
    reading: &mut Reading<'_>,
    encoded: ElementId,
    layers: &Layers,
    limits: &Limits,
    parts: &mut Parts,
) {
    let known = [("Attachment", Occurs::Often)];
    let layer = |_: &str| Layer::Plain;
    let mut stored = Vec::new();
    let mut surplus = false;
    let own = &mut parts.others.encoded;
    let is_flat = parts.dialect == Dialect::FlatGovn;
    if is_flat && layers.envelope == layers.encoded {
        // The root holds other things too, and they have been looked at already.
        let index = reading.index;
        let named = |e: &ElementId| index.local_name(*e) == "Attachment";
        for child in index.children(encoded).filter(named) {
            if stored.len() < limits.attachments {
                stored.push(Stored::read_flat(reading, child, limits));
            } else if !std::mem::replace(&mut surplus, true) {
                let weight = Weight::Fatal(ErrorKind::TooLarge);
                reading.findings.push("X6", child, "", "", weight);
            }
        }
    } else {
        reading.members(encoded, &known, layer, own, |reading, _, child| {
            if stored.len() >= limits.attachments {
                if !std::mem::replace(&mut surplus, true) {
                    let weight = Weight::Fatal(ErrorKind::TooLarge);
                    reading.findings.push("X6", child, "", "", weight);
                }
                return;
            }
            stored.push(if is_flat {
                Stored::read_flat(reading, child, limits)
            } else {
                Stored::read(reading, child, limits)
            });
        });
    }
    let mut total = 0u64;
    let mut lines: HashMap<&str, &Reference> = HashMap::new();
    for line in &parts.manifest.reference {
        if let Some(id) = line.content_id.as_deref() {
            lines.entry(strip_cid(id)).or_insert(line);
        }
    }
    for stored in &mut stored {
        complete_from_manifest(stored, &lines);
        stored.check_packing(reading, limits);
        total = total.saturating_add(stored.inflated_size());
    }
    if total > limits.attachments_total {
        let weight = Weight::Fatal(ErrorKind::TooLarge);
        let raw = total.to_string();
        reading.findings.push("A5", encoded, "", &raw, weight);
    }
    name_safely(&mut stored);
    parts.attachments = stored;
}

/// What the attachment leaves out and its line of the manifest has.
fn complete_from_manifest(stored: &mut Stored, lines: &HashMap<&str, &Reference>) {
    let id = stored.content_id.as_deref().map(strip_cid);
    let Some(line) = id.and_then(|id| lines.get(id)) else {
        return;
    };
    if stored.name.is_none() {
        stored.name.clone_from(&line.attachment_name);
    }
    stored.listed_other.clone_from(&line.other);
    if stored.description.is_none() {
        stored.description.clone_from(&line.description);
    }
}

/// Signature blocks of a header that are looked into.
const SIGNATURES: usize = 16;
/// Elements of one envelope: far above a thousand receivers and a thousand attachments.
const ELEMENTS: usize = 200_000;
const ENVELOPE: &str = "edXMLEnvelope";
const HEADER: &str = "edXMLHeader";
const BODY: &str = "edXMLBody";
const MANIFEST: &str = "edXMLManifest";
const ENCODED: &str = "AttachmentEncoded";
const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const SOAP_1_1: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP_1_2: &str = "http://www.w3.org/2003/05/soap-envelope";
const E_DOC: &str = "http://www.e-doc.vn/Schema/";
const GO_VN: &str = "http://www.go.vn/eDoc";
