//! [`Other`]: elements that the regulation does not know, kept through reading and writing (W4).

use serde_json::{Map, Value, json};

use crate::edxml::record::{Reading, wrong};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::xml::{ElementId, Index, Method, Writer, canonicalize_element};

/// An element that the regulation does not know, kept so that writing gives it back.
///
/// Systems add elements of their own. They are told (S4), never used as values, and written again
/// at the place where they stood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Other {
    /// The known element before it, such as `OrganId`; none where it comes before all of them.
    pub after: Option<String>,
    /// The element as exclusive canonical XML, so that it means the same wherever it stands.
    pub xml: String,
}

/// The unknown elements of the layers that are no structures of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Others {
    pub(super) root: Vec<Other>,
    pub(super) envelope: Vec<Other>,
    pub(super) header: Vec<Other>,
    pub(super) body: Vec<Other>,
    pub(super) trace: Vec<Other>,
    pub(super) manifest: Vec<Other>,
    pub(super) encoded: Vec<Other>,
}

impl Others {
    const LAYERS: [&'static str; 7] = [
        "root",
        "envelope",
        "header",
        "trace",
        "body",
        "manifest",
        "attachments",
    ];

    fn layer(&mut self, name: &str) -> Option<&mut Vec<Other>> {
        match name {
            "root" => Some(&mut self.root),
            "envelope" => Some(&mut self.envelope),
            "header" => Some(&mut self.header),
            "body" => Some(&mut self.body),
            "trace" => Some(&mut self.trace),
            "manifest" => Some(&mut self.manifest),
            "attachments" => Some(&mut self.encoded),
            _ => None,
        }
    }

    pub(super) fn to_json(&self) -> Option<Value> {
        let mut layers = self.clone();
        let mut object = Map::new();
        for name in Self::LAYERS {
            let others = layers.layer(name).map(std::mem::take).unwrap_or_default();
            if let Some(list) = to_json(&others) {
                object.insert(name.to_owned(), list);
            }
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }

    pub(super) fn from_json(value: &Value) -> Result<Self, Error> {
        let mut out = Self::default();
        let Value::Object(members) = value else {
            return Err(wrong("other", "an object is expected here"));
        };
        for (name, value) in members {
            let at = format!("other.{name}");
            let known = |after: &str| AROUND.contains(&after);
            match out.layer(name) {
                Some(layer) => *layer = from_json(value, &at, known)?,
                None => return Err(wrong(&at, "an envelope has no such layer")),
            }
        }
        Ok(out)
    }
}

/// How much of them is kept of one envelope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    octets: usize,
    elements: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            octets: 1 << 20,
            elements: 1_000,
        }
    }
}

/// Keeps an element that has no place of its own. What is too large, or could not be written
/// elsewhere because a prefix in it is not bound, is told as S4 like the others and not kept.
pub(super) fn keep(
    reading: &mut Reading<'_>,
    element: ElementId,
    after: Option<&str>,
    into: &mut Vec<Other>,
) {
    let index = reading.index;
    let (span, room) = (index.span(element), reading.room);
    if span.len() > room.octets || room.elements == 0 || has_unbound(index, element) {
        return;
    }
    let mut out = Vec::new();
    let sink = |octets: &[u8]| out.extend_from_slice(octets);
    let method = Method::exclusive([]);
    let written = canonicalize_element(index, element, &[], &method, &Limits::default(), sink);
    let (Ok(()), Ok(xml)) = (written, String::from_utf8(out)) else {
        return;
    };
    reading.room = Room {
        octets: room.octets.saturating_sub(xml.len()),
        elements: room.elements.saturating_sub(1),
    };
    let after = after.map(str::to_owned);
    into.push(Other { after, xml });
}

fn has_unbound(index: &Index<'_>, element: ElementId) -> bool {
    let (span, unbound) = (index.span(element), index.unbound());
    let first = unbound.partition_point(|id| index.span(*id).start < span.start);
    let next = unbound.get(first).map(|id| index.span(*id).start);
    next.is_some_and(|start| start < span.end)
}

/// Writes those that stood behind this element (`None`: before all).
pub(super) fn write(
    others: &[Other],
    after: Option<&str>,
    writer: &mut Writer,
) -> Result<(), Error> {
    for other in others
        .iter()
        .filter(|other| other.after.as_deref() == after)
    {
        check(&other.xml)?;
        writer.raw(&other.xml);
    }
    Ok(())
}

pub(super) fn to_json(others: &[Other]) -> Option<Value> {
    let list = others.iter().map(|other| match &other.after {
        Some(after) => json!({ "after": after, "xml": other.xml }),
        None => json!({ "xml": other.xml }),
    });
    (!others.is_empty()).then(|| list.collect())
}

/// `known` says which elements one may stand behind.
pub(super) fn from_json(
    value: &Value,
    at: &str,
    known: impl Fn(&str) -> bool,
) -> Result<Vec<Other>, Error> {
    let items = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(items) => items,
        _ => return Err(wrong(at, "a list of unknown elements is expected here")),
    };
    let mut out = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let at = format!("{at}[{number}]");
        let after = match item.get("after") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) if known(name) => Some(name.clone()),
            Some(_) => return Err(wrong(&at, "`after` names no element of this structure")),
        };
        let xml = item.get("xml").and_then(Value::as_str);
        let xml = xml.ok_or_else(|| wrong(&at, "`xml` is one element"))?;
        check(xml)?;
        let xml = xml.to_owned();
        out.push(Other { after, xml });
    }
    Ok(out)
}

/// Whether a text is one well-formed element and nothing else.
fn check(xml: &str) -> Result<(), Error> {
    let refused = |detail| Error::new(ErrorKind::Misuse, detail).at(Place::Part("other".into()));
    let index = Index::read(xml.as_bytes(), &Limits::default())
        .map_err(|_| refused("W3: an unknown element that is not well formed"))?;
    let is_whole = index.span(index.root()) == (0..xml.len());
    if !is_whole || !index.unbound().is_empty() {
        return Err(refused("W3: an unknown element that stands by itself"));
    }
    Ok(())
}

/// The elements of the layers.
const AROUND: [&str; 13] = [
    "edXMLEnvelope",
    "AttachmentEncoded",
    "edXMLHeader",
    "edXMLBody",
    "MessageHeader",
    "TraceHeaderList",
    "DigitalSignature",
    "edXMLManifest",
    "Manifest",
    "Attachment",
    "Bussiness",
    "TraceHeader",
    "Reference",
];
