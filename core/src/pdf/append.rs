//! Incremental updates (ISO 32000-2 §7.5.6): what to write after a file so that some of its objects
//! change. Not an octet of the file is written again.
//!
//! The new cross-reference section is of the file's own style (a hybrid gets a table). Refused:
//! offsets of more than ten digits in a table.

use std::fmt::Write as _;

use crate::error::{Error, ErrorKind};
use crate::pdf::file::File;
use crate::pdf::object::{Object, Reference};
use crate::pdf::xref::Style;

/// An object to write: its number and its body, without `obj` and `endobj`.
pub(crate) struct NewObject {
    /// Number and generation.
    pub(crate) id: Reference,
    /// What stands between `obj` and `endobj`.
    pub(crate) body: Vec<u8>,
}

/// What is written after a file.
pub(crate) struct Tail {
    /// The octets, beginning at the end of the file.
    pub(crate) octets: Vec<u8>,
    /// Where each object's body begins in them, in the order given.
    pub(crate) bodies: Vec<usize>,
}

/// Lays an update of these objects after the file. `identifier` becomes the second half of /ID.
pub(crate) fn append(
    file: &File<'_>,
    objects: &[NewObject],
    identifier: &[u8; 16],
) -> Result<Tail, Error> {
    let mut octets = Vec::new();
    if !matches!(file.bytes().last(), Some(b'\n' | b'\r')) {
        octets.push(b'\n');
    }
    let mut bodies = Vec::with_capacity(objects.len());
    let mut places: Vec<(Reference, u64)> = Vec::with_capacity(objects.len() + 1);
    for NewObject { id, body } in objects {
        places.push((*id, offset(file, octets.len())?));
        octets.extend_from_slice(format!("{} {} obj\n", id.number, id.generation).as_bytes());
        bodies.push(octets.len());
        octets.extend_from_slice(body);
        octets.extend_from_slice(b"\nendobj\n");
    }
    let mut taken: Vec<u32> = objects.iter().map(|object| object.id.number).collect();
    taken.sort_unstable();
    if taken
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a == b))
    {
        // The same object as a page and as the catalog, say.
        return Err(Error::new(
            ErrorKind::Malformed,
            "a PDF object in two roles",
        ));
    }
    let section = file.sections().last();
    let section = section.ok_or_else(|| Error::new(ErrorKind::Internal, "no section"))?;
    let highest = objects
        .iter()
        .map(|object| object.id.number)
        .max()
        .unwrap_or(0);
    let highest = highest.max(file.highest_number());
    // Where the chain of a reader of the whole file begins.
    let newest = file
        .revisions()
        .last()
        .and_then(|last| file.sections().get(last.main));
    let previous = newest.unwrap_or(section).at.saturating_sub(file.base());
    let here = offset(file, octets.len())?;
    match newest.unwrap_or(section).style {
        Style::Table | Style::Hybrid => {
            places.sort_unstable_by_key(|(id, _)| id.number);
            octets.extend_from_slice(table(&places)?.as_bytes());
            let trailer = trailer(file, highest, previous, identifier)?;
            octets.extend_from_slice(b"trailer\n<<");
            octets.extend_from_slice(&trailer);
            octets.extend_from_slice(b">>\n");
        }
        Style::Stream => {
            let highest = highest.checked_add(1).ok_or_else(numbers)?;
            let id = Reference {
                number: highest,
                generation: 0,
            };
            places.push((id, here));
            places.sort_unstable_by_key(|(id, _)| id.number);
            let mut data = Vec::new();
            for (id, place) in &places {
                data.push(1);
                data.extend_from_slice(&place.to_be_bytes());
                data.extend_from_slice(&id.generation.to_be_bytes());
            }
            octets.extend_from_slice(format!("{highest} 0 obj\n<</Type/XRef").as_bytes());
            octets.extend_from_slice(&trailer(file, highest, previous, identifier)?);
            octets.extend_from_slice(b"/W[1 8 2]/Index[");
            let runs: Vec<String> = runs(&places)
                .filter_map(|run| Some(format!("{} {}", run.first()?.0.number, run.len())))
                .collect();
            octets.extend_from_slice(runs.join(" ").as_bytes());
            octets.extend_from_slice(format!("]/Length {}>>\nstream\n", data.len()).as_bytes());
            octets.extend_from_slice(&data);
            octets.extend_from_slice(b"\nendstream\nendobj\n");
        }
    }
    octets.extend_from_slice(format!("startxref\n{here}\n%%EOF\n").as_bytes());
    Ok(Tail { octets, bodies })
}

/// The offset, as the file counts them, of a position in the tail.
fn offset(file: &File<'_>, in_tail: usize) -> Result<u64, Error> {
    file.bytes()
        .len()
        .checked_add(in_tail)
        .and_then(|at| u64::try_from(at.checked_sub(file.base())?).ok())
        .ok_or_else(|| Error::new(ErrorKind::TooLarge, "the size of the PDF"))
}

fn table(places: &[(Reference, u64)]) -> Result<String, Error> {
    let mut table = String::from("xref\n");
    for run in runs(places) {
        let first = run.first().map_or(0, |(id, _)| id.number);
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{first} {}", run.len());
        for (id, place) in run {
            if *place > LAST_OFFSET {
                let what = "a cross-reference table beyond 10 gigabytes";
                return Err(Error::new(ErrorKind::Unsupported, what));
            }
            let _ = writeln!(table, "{place:010} {:05} n ", id.generation);
        }
    }
    Ok(table)
}

/// Runs of consecutive object numbers.
fn runs(places: &[(Reference, u64)]) -> impl Iterator<Item = &[(Reference, u64)]> {
    places.chunk_by(|a, b| a.0.number.checked_add(1) == Some(b.0.number))
}

/// The entries of the new trailer. Those of the old one are taken over as they are written, but for
/// what this writes anew and what describes the old section.
fn trailer(
    file: &File<'_>,
    highest: u32,
    previous: usize,
    identifier: &[u8; 16],
) -> Result<Vec<u8>, Error> {
    let size = highest.checked_add(1).ok_or_else(numbers)?;
    let mut out = format!("/Size {size}").into_bytes();
    let revision = file.newest();
    let last = file
        .revisions()
        .last()
        .and_then(|revision| file.sections().get(revision.main));
    let mut written = Vec::new();
    for (name, _) in last.into_iter().flat_map(|section| section.trailer.iter()) {
        let key = name.text();
        let ours = OWN_KEYS.contains(&key.as_str()) || key == "Root" || key == "Info";
        if ours || written.contains(&key) {
            continue;
        }
        if let Some(value) = last.and_then(|section| section.trailer.raw_value(&key))
            && !value.octets().is_empty()
        {
            entry(&mut out, name.octets(), value.octets());
        }
        written.push(key);
    }
    for key in ["Root", "Info"] {
        if let Object::Reference(id) = file.trailer(revision, key) {
            let value = format!("{} {} R", id.number, id.generation);
            entry(&mut out, format!("/{key}").as_bytes(), value.as_bytes());
        }
    }
    let new = identifier.iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02X}");
        text
    });
    let first = match file.resolve(file.trailer(revision, "ID"), revision)? {
        Object::Array(array) => match array.iter().next() {
            Some(Object::String(first)) => Some(first.raw().octets().to_vec()),
            _ => None,
        },
        _ => None,
    };
    out.extend_from_slice(b"/ID[");
    out.extend_from_slice(&first.unwrap_or_else(|| format!("<{new}>").into_bytes()));
    out.extend_from_slice(format!("<{new}>]/Prev {previous}").as_bytes());
    Ok(out)
}

fn entry(out: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    out.extend_from_slice(key);
    out.push(b' ');
    out.extend_from_slice(value);
}

fn numbers() -> Error {
    Error::new(ErrorKind::TooLarge, "object numbers of a PDF")
}

/// Keys of a trailer that belong to one section, or that are written anew.
const OWN_KEYS: [&str; 16] = [
    "Size",
    "Prev",
    "XRefStm",
    "ID",
    "Type",
    "W",
    "Index",
    "Length",
    "Filter",
    "DecodeParms",
    "F",
    "FFilter",
    "FDecodeParms",
    "DL",
    "DocChecksum",
    "Encrypt",
];
const LAST_OFFSET: u64 = 9_999_999_999;
