//! How an attachment is packed, and whether its label says so (A2, A3, A5).
//!
//! The official SDK wraps most files in a zip of one entry. What is unwrapped is decided by the
//! octets, since labels and octets disagree in the field.

use crate::edxml::names::{extension, is_plain_name};
use crate::edxml::rules::Weight;
use crate::edxml::zip::{Entry, Listing};
use crate::error::ErrorKind;
use crate::limits::Limits;

/// What the packing of an attachment turned out to be.
#[derive(Debug, Default)]
pub(super) struct Packing {
    /// The one file of a wrapping zip: the payload.
    pub(super) wrapped: Option<Entry>,
    /// The files of a zip that should wrap one file and does not (A3): shown, none chosen.
    pub(super) entries: Vec<Entry>,
    /// Rule, text found, weight.
    pub(super) told: Vec<(&'static str, String, Weight)>,
}

/// Judges the packing of `decoded` octets under this label and name; `listing` reads the directory
/// where the octets begin as a zip does.
pub(super) fn judge(
    label: &str,
    name: &str,
    decoded: u64,
    is_zip: bool,
    listing: impl FnOnce() -> Listing,
    limits: &Limits,
) -> Packing {
    let mut packing = Packing::default();
    let says_zip = is_zip_label(label);
    let extension = extension(name);
    if !is_zip {
        if says_zip && decoded > 0 {
            packing.tell("A2", label, Weight::Usual);
        }
        return packing;
    }
    let is_neutral = label.is_empty() || label.eq_ignore_ascii_case("application/octet-stream");
    if extension == "zip" {
        if !says_zip && !is_neutral {
            packing.tell("A2", label, Weight::Usual);
        }
        return packing;
    }
    let refused = Weight::Fatal;
    match listing() {
        Listing::One(entry) if entry_extension(&entry) == extension => {
            packing.unwrap(entry, label, limits);
            return packing;
        }
        Listing::One(entry) if entry.is_encrypted && says_zip => {
            packing.tell("A5", &entry.name, refused(ErrorKind::Unsupported));
        }
        Listing::Split if says_zip => {
            packing.tell("A5", "split", refused(ErrorKind::Unsupported));
        }
        Listing::Empty if says_zip => packing.tell("A3", "", refused(ErrorKind::Malformed)),
        Listing::One(entry) if says_zip => {
            packing.tell("A3", &entry.name, Weight::Usual);
            packing.entries.push(entry);
        }
        Listing::Many(entries) if says_zip => {
            let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            packing.tell("A3", &names.join(", "), Weight::Usual);
            packing.entries = entries;
        }
        Listing::Damaged if says_zip => packing.tell("A2", label, Weight::Usual),
        // Formats that are zips themselves carry a label of their own.
        _ if !is_neutral && !ZIP_BASED.contains(&&*extension) => {
            packing.tell("A2", label, Weight::Usual);
        }
        _ => {}
    }
    packing.entries.retain(|entry| !unfolds(entry, limits));
    packing
}

/// Whether a label says that the octets are a zip.
pub(super) fn is_zip_label(label: &str) -> bool {
    ZIP_LABELS.contains(&&*label.to_ascii_lowercase())
}

impl Packing {
    fn unwrap(&mut self, entry: Entry, label: &str, limits: &Limits) {
        if entry.is_encrypted || !entry.is_readable() {
            self.tell("A5", &entry.name, Weight::Fatal(ErrorKind::Unsupported));
            return;
        }
        if entry.size > limits.attachment_size || unfolds(&entry, limits) {
            let raw = format!("{} / {}", entry.size, entry.packed);
            self.tell("A5", &raw, Weight::Fatal(ErrorKind::TooLarge));
            return;
        }
        if !is_zip_label(label) {
            self.tell("A2", label, Weight::Usual);
        }
        if !is_plain_name(&entry.name) {
            self.tell("A4", &entry.name, Weight::Usual);
        }
        self.wrapped = Some(entry);
    }

    fn tell(&mut self, rule: &'static str, raw: &str, weight: Weight) {
        self.told.push((rule, raw.to_owned(), weight));
    }
}

/// A5: beyond one mebibyte, a ratio that no honest file has.
fn unfolds(entry: &Entry, limits: &Limits) -> bool {
    let most = entry.packed.max(1).saturating_mul(limits.attachment_ratio);
    entry.size > MEBIBYTE && entry.size > most
}

fn entry_extension(entry: &Entry) -> String {
    extension(entry.name.rsplit(['/', '\\']).next().unwrap_or_default())
}

const ZIP_LABELS: [&str; 3] = [
    "application/zip",
    "application/x-zip",
    "application/x-zip-compressed",
];
/// Extensions of formats that are zips (OOXML, ODF, EPUB and their like).
const ZIP_BASED: [&str; 24] = [
    "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "xlsb", "pptx", "pptm", "ppsx", "potx", "vsdx",
    "odt", "ods", "odp", "odg", "ott", "ots", "epub", "xps", "oxps", "jar", "kmz", "asice",
];
const MEBIBYTE: u64 = 1 << 20;
