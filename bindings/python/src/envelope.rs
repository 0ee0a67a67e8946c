//! The edXML envelope: read, built, answered.

use std::path::PathBuf;

use kyso::edxml::{self, EnvelopeBuilder};
use kyso::report::json_line;
use kyso::{Error, ErrorKind, Lang, Limits, Place};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::Value;

use crate::error::{Fault, work};
use crate::input::{Octets, Source, time};

/// An envelope that was read. It keeps the octets, not what they mean: the core's view borrows
/// them, so each attachment is found again when it is asked for.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Envelope {
    octets: Octets,
    json: String,
    kind: &'static str,
    dialect: &'static str,
    attachments: Vec<Described>,
}

/// Id, name, safe name, content type, description, size.
type Described = (String, String, String, Option<String>, Option<String>, u64);

#[pymethods]
impl Envelope {
    #[new]
    fn new(py: Python<'_>, source: Source) -> Result<Self, Fault> {
        work(py, || {
            let octets = source.read()?;
            let envelope = edxml::Envelope::read(&octets, &Limits::default())?;
            let attachments = envelope.attachments().map(|attachment| {
                (
                    attachment.id().to_owned(),
                    attachment.name().to_owned(),
                    attachment.safe_name().to_owned(),
                    attachment.content_type().map(str::to_owned),
                    attachment.description().map(str::to_owned),
                    attachment.size(),
                )
            });
            Ok(Self {
                json: json_line(&envelope.to_json()),
                kind: envelope.kind().name(),
                dialect: envelope.dialect().name(),
                attachments: attachments.collect(),
                octets,
            })
        })
    }

    fn to_json(&self) -> &str {
        &self.json
    }

    fn kind(&self) -> &str {
        self.kind
    }

    fn dialect(&self) -> &str {
        self.dialect
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.octets)
    }

    fn attachments(&self) -> Vec<Described> {
        self.attachments.clone()
    }

    fn read<'py>(&self, py: Python<'py>, number: usize) -> Result<Bound<'py, PyBytes>, Fault> {
        let content = work(py, || {
            let limits = Limits::default();
            let envelope = edxml::Envelope::read(&self.octets, &limits)?;
            let attachment = envelope.attachments().nth(number);
            let attachment = attachment
                .ok_or_else(|| Fault::usage("the envelope has no such attachment", "number"))?;
            Ok(attachment.bytes(&limits)?)
        })?;
        Ok(PyBytes::new(py, &content))
    }
}

/// Builds an envelope from the JSON form and the contents that Python holds already.
#[pyfunction]
pub(crate) fn build_envelope<'py>(
    py: Python<'py>,
    spec: &str,
    contents: Vec<Option<Source>>,
    base: Option<PathBuf>,
    now: Option<&str>,
) -> Result<Bound<'py, PyBytes>, Fault> {
    let built = work(py, || {
        let value: Value = serde_json::from_str(spec)
            .map_err(|_| Fault::usage("a description that JSON can hold", "spec"))?;
        let mut contents = contents.into_iter();
        // What the closure cannot say in the core's error: which file the system refused.
        let mut unreadable = None;
        let builder = EnvelopeBuilder::from_json(&value, |attachment| {
            let given = contents.next().flatten();
            let source = match (given, &attachment.path) {
                (Some(given), _) => given,
                (None, Some(path)) => Source::Path(
                    base.as_ref()
                        .map_or_else(|| path.into(), |base| base.join(path)),
                ),
                (None, None) => {
                    let detail = "an attachment needs content or a path";
                    return Err(Error::new(ErrorKind::Misuse, detail)
                        .at(Place::Part("attachments".to_owned())));
                }
            };
            source
                .read()
                .map(|octets| octets.to_vec())
                .map_err(|fault| {
                    unreadable = Some(fault);
                    Error::new(ErrorKind::InputUnreadable, "an attachment")
                })
        });
        if let Some(fault) = unreadable {
            return Err(fault);
        }
        Ok(builder?.finish(time(now, "now")?, &Limits::default())?)
    })?;
    Ok(PyBytes::new(py, &built))
}

/// Answers a received document with a status message.
#[pyfunction]
pub(crate) fn reply_status<'py>(
    py: Python<'py>,
    received: &Envelope,
    code: &str,
    description: Option<&str>,
    sender: Option<Vec<(String, String)>>,
    addressee: Option<&str>,
    now: Option<&str>,
) -> Result<Bound<'py, PyBytes>, Fault> {
    let built = work(py, || {
        let limits = Limits::default();
        let envelope = edxml::Envelope::read(&received.octets, &limits)?;
        let header = envelope.header();
        // Code 13 is the sender's own; every other is a receiver's.
        let known = match (sender, code, header.to.as_slice()) {
            (Some(members), _, _) => Some(organ(members)?),
            (None, "13", _) => header.from.clone(),
            (None, _, [one]) => Some(one.clone()),
            (None, _, _) => None,
        };
        let organ = known.ok_or_else(|| {
            Fault::usage(
                "the document has not one receiver: say who answers",
                "sender",
            )
        })?;
        let now = time(now, "now")?;
        let mut builder = edxml::status_reply(&envelope, code, description, organ, now)?;
        if let Some(organ_id) = addressee {
            builder = builder.addressee(organ_id);
        }
        Ok(builder.finish(now, &limits)?)
    })?;
    Ok(PyBytes::new(py, &built))
}

/// What became of documents, from the messages about them: the JSON form and the story.
#[pyfunction]
pub(crate) fn track_envelopes(
    py: Python<'_>,
    messages: Vec<PyRef<'_, Envelope>>,
    lang: &str,
) -> Result<(String, String), Fault> {
    let messages: Vec<&Envelope> = messages.iter().map(|message| &**message).collect();
    work(py, || {
        let limits = Limits::default();
        let mut flow = edxml::flow::Flow::new();
        for message in messages {
            flow.apply(&edxml::Envelope::read(&message.octets, &limits)?);
        }
        let lang = if lang == "vi" { Lang::Vi } else { Lang::En };
        Ok((json_line(&flow.to_json()), flow.tell(lang)))
    })
}

fn organ(members: Vec<(String, String)>) -> Result<edxml::Organ, Fault> {
    let mut organ = edxml::Organ::default();
    for (name, value) in members {
        let slot = match name.as_str() {
            "organ_id" => &mut organ.organ_id,
            "organization_in_charge" => &mut organ.organization_in_charge,
            "organ_name" => &mut organ.organ_name,
            "organ_add" => &mut organ.organ_add,
            "email" => &mut organ.email,
            "telephone" => &mut organ.telephone,
            "fax" => &mut organ.fax,
            "website" => &mut organ.website,
            _ => {
                return Err(Fault::usage(
                    format!("an agency has no member {name}"),
                    "sender",
                ));
            }
        };
        *slot = Some(value);
    }
    Ok(organ)
}
