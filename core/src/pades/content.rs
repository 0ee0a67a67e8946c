//! What a signed file may hide: [`look`] at one dictionary, [`hidden`] for what nothing leads to.
//!
//! A doubt holds the verdict at INDETERMINATE; it never says that something was forged. Plain links,
//! layers as they are and references to nothing that no page shows are no doubts: genuine documents
//! have them. What later revisions make of them is judged as a change ([`crate::pades::changes`]).
//!
//! No page content is decoded.

use crate::error::{Error, ErrorKind};
use crate::pdf::{Dictionary, File, Object, Reference, is_space};
use crate::verdict::ContentDoubt;

/// Keys of the catalog and of pages that show nothing.
pub(super) fn is_metadata(key: &str) -> bool {
    matches!(
        key,
        "Metadata"
            | "Extensions"
            | "Version"
            | "MarkInfo"
            | "PieceInfo"
            | "LastModified"
            | "StructParents"
            | "Tabs"
    )
}

/// What one dictionary gives reason to doubt. `is_read` is false where no reader draws from it:
/// metadata, structure, validation data.
pub(super) fn look(
    dictionary: &Dictionary<'_>,
    is_stream: bool,
    is_read: bool,
    doubt: &mut dyn FnMut(ContentDoubt),
) {
    if !is_read {
        return;
    }
    if !dictionary.doubled().is_empty() {
        doubt(ContentDoubt::DoubledKey);
    }
    if is_stream && !dictionary.get("F").is_null() {
        doubt(ContentDoubt::External);
    }
    for (key, value) in dictionary.iter() {
        if ACTIVE_KEYS.iter().any(|active| key.is(active)) && !value.is_null() {
            doubt(ContentDoubt::Active);
        }
        if key.is("S") && ACTIVE_ACTIONS.iter().any(|action| value.is_name(action)) {
            doubt(ContentDoubt::Active);
        }
        let external = key.is("Ref") && dictionary.get("Subtype").is_name("Form")
            || key.is("FS") && value.is_name("URL")
            || key.is("OPI") && !value.is_null();
        if external {
            doubt(ContentDoubt::External);
        }
    }
}

/// Whether a dictionary acts, by itself or by what stands in it.
pub(super) fn is_active(dictionary: &Dictionary<'_>) -> bool {
    let mut found = false;
    let mut waiting = vec![dictionary.clone()];
    let mut left = MOST_LOOKED_AT;
    while let Some(dictionary) = waiting.pop() {
        look(&dictionary, false, true, &mut |what| {
            found |= what == ContentDoubt::Active;
        });
        let inner = dictionary.iter().map(|(_, value)| value);
        waiting.extend(inner.filter_map(|value| value.dictionary().cloned()));
        left -= 1;
        if left == 0 {
            return true;
        }
    }
    found
}

/// A text `12 0 obj` outside of any listed object that no cross-reference leads to.
pub(super) struct HiddenText {
    /// Its number.
    pub(super) number: u32,
    /// Where it stands.
    pub(super) at: usize,
    /// Whether it is a catalog or a page tree of its own.
    pub(super) is_document: bool,
}

/// Finds the texts of objects that no cross-reference leads to: bodies that a later table could
/// switch to. `wanted` says which numbers count; a catalog or page tree always does.
pub(super) fn hidden(
    file: &File<'_>,
    wanted: &dyn Fn(u32) -> bool,
) -> Result<Vec<HiddenText>, Error> {
    let mut found = Vec::new();
    let offsets = file.offsets();
    let sections: Vec<usize> = file.sections().iter().map(|section| section.at).collect();
    let bytes = file.bytes();
    let mut at = 0;
    // The listed object that was read last, and where it ends.
    let mut ended: Option<(usize, usize)> = None;
    let mut tries = 0;
    for keyword in file.unlisted_texts() {
        // Behind what a listed object reaches over.
        if keyword < at {
            continue;
        }
        at = keyword + b"obj".len();
        let Some((start, id)) = header(bytes, keyword) else {
            continue;
        };
        if offsets.binary_search(&start).is_ok() || sections.contains(&start) {
            continue;
        }
        // Lenient tables point at the white space before.
        let before = offsets.partition_point(|&listed| listed <= start);
        let nearest = before.checked_sub(1).and_then(|before| offsets.get(before));
        if let Some(&nearest) = nearest {
            let between = bytes.get(nearest..start).unwrap_or_default();
            if between.iter().all(|&octet| is_space(octet)) {
                continue;
            }
            if ended.is_none_or(|(of, _)| of != nearest) {
                ended = Some((nearest, end_of(file, nearest)?));
            }
            if let Some((_, end)) = ended
                && start < end
            {
                at = at.max(end);
                continue;
            }
        }
        // Read only what looks like one, and not without end.
        let is_document = looks_like_document(bytes, at) && {
            tries += 1;
            if tries > MOST_TRIED {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    "texts that look like documents of their own",
                ));
            }
            match file.load_at(start, id, file.newest()) {
                Ok(loaded) => {
                    loaded.is_some_and(|loaded| loaded.object.dictionary().is_some_and(is_document))
                }
                Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                Err(_) => false,
            }
        };
        if is_document || wanted(id.number) {
            found.push(HiddenText {
                number: id.number,
                at: start,
                is_document,
            });
            if found.len() >= MOST_HIDDEN {
                break;
            }
        }
    }
    Ok(found)
}

/// Whether the text of an object speaks of a catalog or a page tree.
fn looks_like_document(bytes: &[u8], at: usize) -> bool {
    let window = bytes.get(at..at.saturating_add(DOCUMENT).min(bytes.len()));
    let window = window.unwrap_or_default();
    let end = memchr::memmem::find(window, b"endobj").unwrap_or(window.len());
    let text = window.get(..end).unwrap_or_default();
    [b"/Catalog".as_slice(), b"/Pages"]
        .iter()
        .any(|word| memchr::memmem::find(text, word).is_some())
}

/// Whether a dictionary is a catalog or a page tree.
pub(super) fn is_document(dictionary: &Dictionary<'_>) -> bool {
    let kind = dictionary.get("Type");
    kind.is_name("Catalog") || kind.is_name("Pages")
}

/// Whether a stream is an object stream and says so in a way that only some readers understand, and
/// a search for the word does not find.
pub(super) fn is_veiled_object_stream(
    file: &File<'_>,
    object: &Object<'_>,
    revision: usize,
) -> bool {
    let Object::Stream(stream) = object else {
        return false;
    };
    match stream.dictionary.get("Type") {
        Object::Name(kind) => kind.is("ObjStm") && kind.octets() != b"/ObjStm",
        Object::Reference(id) => file
            .load(id, revision)
            .is_ok_and(|kind| kind.is_some_and(|kind| kind.object.is_name("ObjStm"))),
        _ => false,
    }
}

/// Where the listed object that begins here ends.
fn end_of(file: &File<'_>, at: usize) -> Result<usize, Error> {
    let bytes = file.bytes();
    let window = bytes.get(at..at.saturating_add(HEADER).min(bytes.len()));
    let keyword = window.and_then(|window| memchr::memmem::find(window, b"obj"));
    let Some((_, id)) = keyword.and_then(|step| header(bytes, at + step)) else {
        return Ok(0);
    };
    match file.load_at(at, id, file.newest()) {
        Ok(loaded) => Ok(loaded.map_or(0, |loaded| loaded.end)),
        Err(error) if error.kind() == ErrorKind::TooLarge => Err(error),
        Err(_) => Ok(0),
    }
}

/// Where `12 0` begins that stands before a keyword, and what it says.
fn header(bytes: &[u8], keyword: usize) -> Option<(usize, Reference)> {
    let number = |end: usize| {
        let head = bytes.get(..end)?;
        let blanks = head.iter().rev().take(16);
        let blanks = blanks.take_while(|octet| is_space(**octet)).count();
        let head = head.get(..end - blanks)?;
        let digits = head.iter().rev().take(10);
        let digits = digits.take_while(|octet| octet.is_ascii_digit()).count();
        let start = end - blanks - digits;
        let text = std::str::from_utf8(bytes.get(start..end - blanks)?).ok()?;
        (blanks > 0 && digits > 0).then(|| (start, text.parse::<u32>().ok()))
    };
    let (generation_at, generation) = number(keyword)?;
    let (start, found) = number(generation_at)?;
    Some((
        start,
        Reference {
            number: found?,
            generation: u16::try_from(generation?).ok()?,
        },
    ))
}

/// Keys of dictionaries that make a document act, or be another one.
const ACTIVE_KEYS: [&str; 5] = ["JS", "JavaScript", "AA", "XFA", "RichMedia"];
/// Types of actions that reach outside the document or change what it shows. A link to an address
/// ([`URI`]) or to a place of the document waits for a click and says where it leads.
const ACTIVE_ACTIONS: [&str; 13] = [
    "JavaScript",
    "Launch",
    "SubmitForm",
    "ImportData",
    "GoToR",
    "GoToE",
    "Rendition",
    "Movie",
    "Sound",
    "Hide",
    "ResetForm",
    "SetOCGState",
    "RichMediaExecute",
];
const HEADER: usize = 64;
const DOCUMENT: usize = 4_096;
const MOST_HIDDEN: usize = 64;
const MOST_TRIED: usize = 4_096;
const MOST_LOOKED_AT: usize = 4_096;
