//! [`Attachment`]: what an envelope carries, decoded only when asked for.
//!
//! The content stays base64 in the envelope's own octets. Reading looks at its characters, its first
//! octets and, where those are a zip's, at the zip's directory; nothing else is decoded.
//! [`Attachment::reader`] hands the payload out as a stream, so that an envelope of any size costs
//! the memory of its header. Names are data and never paths: [`Attachment::safe_name`].

use std::io::{self, Read};

use crate::edxml::base64::{self, Decoder, Scan};
use crate::edxml::other::Other;
use crate::edxml::packing::{self, Packing};
use crate::edxml::record::{Layer, Occurs, Reading};
use crate::edxml::rules::Weight;
use crate::edxml::zip::{self, Entry, Listing, Unzip};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::xml::{ElementId, Index};

/// One attachment of an envelope that was read.
#[derive(Clone, Copy, Debug)]
pub struct Attachment<'e> {
    pub(super) index: &'e Index<'e>,
    pub(super) stored: &'e Stored,
}

/// The payload of an attachment as a stream: decoded, and taken out of a wrapping zip.
///
/// An error of the kind `InvalidData` holds a [`kyso::Error`](Error) that says what is wrong with
/// the attachment.
#[derive(Debug)]
pub struct AttachmentReader<'e>(Payload<'e>);

#[derive(Debug)]
enum Payload<'e> {
    Plain(Decoder<'e>),
    Unzipped(Box<Unzip<Decoder<'e>>>),
}

/// A file in a zip that should wrap one file and holds another number of them (A3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrappedEntry<'e> {
    /// The entry's name as it stands: data, not a path.
    pub name: &'e str,
    /// Octets of the file, as the zip says.
    pub size: u64,
}

/// What is kept of an attachment.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    pub(super) element: Option<ElementId>,
    pub(super) content_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) field_name: Option<String>,
    pub(super) mime_type: Option<String>,
    pub(super) format: Option<String>,
    pub(super) other: Vec<Other>,
    /// Those of its line in the manifest.
    pub(super) listed_other: Vec<Other>,
    pub(super) safe_name: String,
    content: Option<ElementId>,
    is_clean: bool,
    digits: usize,
    wrapped: Option<Entry>,
    entries: Vec<Entry>,
}

impl<'e> Attachment<'e> {
    /// Its identifier without any leading `cid:`; empty where it has none.
    pub fn id(&self) -> &'e str {
        self.stored.content_id.as_deref().map_or("", strip_cid)
    }

    /// `AttachmentName` as it stands; that of the manifest where the attachment itself has none.
    /// It is data: to make a file, use [`safe_name`](Self::safe_name).
    pub fn name(&self) -> &'e str {
        self.stored.name.as_deref().unwrap_or_default()
    }

    /// A plain file name made from [`name`](Self::name): no path, no control or bidirectional
    /// character, never empty, and no other attachment of the envelope has it.
    pub fn safe_name(&self) -> &'e str {
        &self.stored.safe_name
    }

    /// `ContentType` as it stands.
    pub fn content_type(&self) -> Option<&'e str> {
        self.stored.content_type.as_deref()
    }

    /// `Description`.
    pub fn description(&self) -> Option<&'e str> {
        self.stored.description.as_deref()
    }

    /// Whether the payload lies in a zip of its own inside the envelope.
    pub fn is_wrapped(&self) -> bool {
        self.stored.wrapped.is_some()
    }

    /// How many octets the payload has, as far as can be told without unpacking it.
    pub fn size(&self) -> u64 {
        self.stored.payload_size()
    }

    /// The files of a wrapping zip that does not hold exactly one file of the attachment's own kind.
    /// None of them is the payload, since nothing says which the sender meant.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = WrappedEntry<'e>> + use<'e> {
        self.stored.entries.iter().map(|entry| WrappedEntry {
            name: &entry.name,
            size: entry.size,
        })
    }

    /// One of the [`entries`](Self::entries), counted from 0, as a stream.
    ///
    /// # Errors
    ///
    /// `Misuse` where there is none of that number; `TooLarge` and `Unsupported` as A5 says.
    pub fn entry_reader(
        &self,
        number: usize,
        limits: &Limits,
    ) -> Result<AttachmentReader<'e>, Error> {
        let Some(entry) = self.stored.entries.get(number) else {
            let detail = "the attachment has no such entry";
            return Err(Error::new(ErrorKind::Misuse, detail).at(self.place()));
        };
        self.unzipped(entry, limits)
    }

    /// The payload as a stream: decoded, and taken out of a wrapping zip.
    ///
    /// # Errors
    ///
    /// `TooLarge` beyond [`Limits::attachment_size`]; the stream itself ends with an error where the
    /// content is damaged.
    pub fn reader(&self, limits: &Limits) -> Result<AttachmentReader<'e>, Error> {
        self.hold_size(self.size(), limits)?;
        match &self.stored.wrapped {
            None => Ok(AttachmentReader(Payload::Plain(self.decoder()))),
            Some(entry) => self.unzipped(entry, limits),
        }
    }

    /// The payload: decoded, and taken out of a wrapping zip.
    pub fn bytes(&self, limits: &Limits) -> Result<Vec<u8>, Error> {
        if self.stored.wrapped.is_none() {
            return self.packed_bytes(limits);
        }
        let mut out = Vec::new();
        self.reader(limits)?
            .read_to_end(&mut out)
            .map_err(|error| AttachmentReader::fault(error).at(self.place()))?;
        Ok(out)
    }

    /// The octets that the base64 stands for, still in the wrapping zip where there is one.
    pub fn packed_bytes(&self, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.hold_size(self.stored.decoded(), limits)?;
        let Some(content) = self.stored.content else {
            return Ok(Vec::new());
        };
        let pieces = self.index.pieces(content);
        base64::decode(&pieces, self.stored.is_clean).ok_or_else(|| {
            let detail = "A1: the attachment's content is not base64";
            Error::new(ErrorKind::Malformed, detail).at(self.place())
        })
    }

    fn decoder(&self) -> Decoder<'e> {
        let pieces = self.stored.content.map(|id| self.index.pieces(id));
        Decoder::new(pieces.unwrap_or_default(), self.stored.is_clean)
    }

    fn unzipped(&self, entry: &Entry, limits: &Limits) -> Result<AttachmentReader<'e>, Error> {
        self.hold_size(entry.size, limits)?;
        let unzip = Unzip::new(self.decoder(), entry).map_err(|e| e.at(self.place()))?;
        Ok(AttachmentReader(Payload::Unzipped(Box::new(unzip))))
    }

    fn hold_size(&self, size: u64, limits: &Limits) -> Result<(), Error> {
        if size > limits.attachment_size {
            let detail = "A5: an attachment larger than the limit";
            return Err(Error::new(ErrorKind::TooLarge, detail).at(self.place()));
        }
        Ok(())
    }

    fn place(&self) -> Place {
        Place::Part(self.stored.safe_name.clone())
    }
}

impl AttachmentReader<'_> {
    /// What lies behind an error of reading.
    pub fn fault(error: io::Error) -> Error {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Error>())
        {
            Some(inner) => inner.clone(),
            None => {
                Error::new(ErrorKind::Malformed, "A3: the wrapping zip is damaged").caused_by(error)
            }
        }
    }
}

impl Read for AttachmentReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Payload::Plain(decoder) => decoder.read(out),
            Payload::Unzipped(unzip) => unzip.read(out),
        }
    }
}

impl Stored {
    /// Reads one `Attachment` element.
    pub(super) fn read(reading: &mut Reading<'_>, element: ElementId, limits: &Limits) -> Self {
        let layer = |name: &str| match name {
            CONTENT => Layer::Prefixed,
            _ => Layer::Plain,
        };
        Self::of(reading, element, &MEMBERS, layer, limits)
    }

    /// Reads one `Attachment` of the flat dialect.
    pub(super) fn read_flat(
        reading: &mut Reading<'_>,
        element: ElementId,
        limits: &Limits,
    ) -> Self {
        Self::of(reading, element, &FLAT_MEMBERS, |_| Layer::Plain, limits)
    }

    fn of(
        reading: &mut Reading<'_>,
        element: ElementId,
        members: &[(&str, Occurs)],
        layer: impl Fn(&str) -> Layer,
        limits: &Limits,
    ) -> Self {
        let mut stored = Self {
            element: Some(element),
            ..Self::default()
        };
        let mut other = Vec::new();
        reading.members(
            element,
            members,
            layer,
            &mut other,
            |reading, name, child| {
                if matches!(name, CONTENT | "Content") {
                    stored.content = Some(child);
                    return;
                }
                let text = reading.leaf(child);
                let text = (!text.is_empty()).then_some(text);
                match name {
                    "ContentId" => stored.content_id = text,
                    "AttachmentName" | "FileName" => stored.name = text,
                    "Description" => stored.description = text,
                    "ContentType" | "FileType" => stored.content_type = text,
                    "FieldName" => stored.field_name = text,
                    "MimeType" => stored.mime_type = text,
                    "Format" => stored.format = text,
                    _ => {}
                }
            },
        );
        stored.other = other;
        stored.check_content(reading, element, limits);
        stored
    }

    /// A1, A1b and A5 as far as the characters tell them.
    fn check_content(&mut self, reading: &mut Reading<'_>, element: ElementId, limits: &Limits) {
        let Some(content) = self.content else {
            reading.findings.missing("A1", element, CONTENT);
            return;
        };
        for child in reading.index.children(content) {
            let name = reading.index.local_name(child);
            reading.findings.add("A1", child, name);
        }
        let pieces = reading.index.pieces(content);
        match base64::scan(&pieces) {
            Scan::Clean(digits) => {
                self.is_clean = true;
                self.digits = digits;
            }
            Scan::Loose { digits, told } => {
                self.digits = digits;
                if let Some(told) = told {
                    reading.findings.add("A1b", content, told);
                }
            }
            Scan::Foreign(raw) => reading.findings.add("A1", content, &raw),
        }
        if self.decoded() > limits.attachment_size {
            let raw = self.decoded().to_string();
            let weight = Weight::Fatal(ErrorKind::TooLarge);
            reading.findings.push("A5", content, "", &raw, weight);
        }
    }

    /// How the payload is packed, and whether the label says so (A2, A3, A5). Needs the name.
    pub(super) fn check_packing(&mut self, reading: &mut Reading<'_>, limits: &Limits) {
        let (Some(element), Some(content)) = (self.element, self.content) else {
            return;
        };
        let decoded = self.decoded();
        if decoded > limits.attachment_size {
            return;
        }
        let pieces = reading.index.pieces(content);
        let is_zip = zip::HEADS
            .iter()
            .any(|head| base64::starts_with(&pieces, head));
        let listing = || match base64::tail(&pieces, self.is_clean, self.digits, zip::TAIL) {
            Some(tail) => zip::list(&tail, decoded),
            None => Listing::Damaged,
        };
        let label = self.content_type.as_deref().unwrap_or_default();
        let name = self.name.as_deref().unwrap_or_default();
        let packing = packing::judge(label, name, decoded, is_zip, listing, limits);
        let Packing {
            wrapped,
            entries,
            told,
        } = packing;
        for (rule, raw, weight) in told {
            let at = if rule == "A2" { element } else { content };
            reading.findings.push(rule, at, "", &raw, weight);
        }
        self.wrapped = wrapped;
        self.entries = entries;
    }

    fn decoded(&self) -> u64 {
        base64::decoded_size(self.digits)
    }

    fn payload_size(&self) -> u64 {
        self.wrapped.as_ref().map_or(self.decoded(), |e| e.size)
    }

    /// What reading the payload inflates: nothing where it lies there as it is.
    pub(super) fn inflated_size(&self) -> u64 {
        self.wrapped.as_ref().map_or(0, |e| e.size)
    }
}

/// An identifier without any leading `cid:`; each re-writing by the SDK adds one.
pub(super) fn strip_cid(id: &str) -> &str {
    let mut id = id.trim();
    while let Some(rest) = id.strip_prefix("cid:") {
        id = rest.trim_start();
    }
    id
}

const CONTENT: &str = "ContentTransferEncoded";
const MEMBERS: [(&str, Occurs); 8] = [
    ("ContentId", Occurs::Once),
    ("AttachmentName", Occurs::Once),
    ("Description", Occurs::Once),
    ("FieldName", Occurs::Once),
    ("MimeType", Occurs::Once),
    ("Format", Occurs::Once),
    ("ContentType", Occurs::Once),
    (CONTENT, Occurs::Once),
];
const FLAT_MEMBERS: [(&str, Occurs); 5] = [
    ("ContentId", Occurs::Once),
    ("FileName", Occurs::Once),
    ("Description", Occurs::Once),
    ("FileType", Occurs::Once),
    ("Content", Occurs::Once),
];
