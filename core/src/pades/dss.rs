//! Lays validation data after a file (EN 319 142-1 §5.4.2, ISO 32000-2 §12.8.4.3): [`lay_evidence`].
//!
//! The document security store keeps all that it holds and gains what is new; a piece that is there
//! already is not stored twice. Each signature gets an entry in `/VRI` of its own, and an entry that
//! is there stays as it is: others may rest on it. Nothing else of the file changes.
//!
//! Refused: encrypted files.

use std::collections::HashMap;

use crate::crypto::{DigestAlgorithm, Hasher, hex, sha256};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::pades::DssKind;
use crate::pdf::append::{NewObject, append};
use crate::pdf::edit::{with_element, with_values};
use crate::pdf::{Dictionary, File, Object, Reference};

/// What to store.
#[derive(Default)]
pub(crate) struct StoreRequest<'r> {
    /// Certificates, lists and OCSP responses in DER, in the order in which they are stored.
    pub(crate) items: Vec<(DssKind, &'r [u8])>,
    /// For each signature, the octets of its /Contents with their padding, and which of the items
    /// it needs, by position.
    pub(crate) related: Vec<(&'r [u8], Vec<usize>)>,
}

/// The name of a signature's entry in /VRI: the SHA-1 of the whole string /Contents, upper-case
/// hexadecimal. Its padding belongs to the string, and EU DSS and pyHanko digest it too.
pub(crate) fn related_name(contents: &[u8]) -> String {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha1);
    hasher.update(contents);
    hex(hasher.finish().as_bytes()).to_ascii_uppercase()
}

/// Lays an update of the document security store; nothing where it holds all of it already.
pub(crate) fn lay_evidence(
    input: &[u8],
    request: &StoreRequest<'_>,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, Error> {
    let file = File::open(input, limits)?;
    if file.encryption().is_some() {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "extending an encrypted PDF",
        ));
    }
    let newest = file.newest();
    let missing = || Error::new(ErrorKind::Malformed, "no document catalog");
    let catalog = file.catalog(newest)?.ok_or_else(missing)?;
    let root = catalog.object.dictionary().ok_or_else(missing)?;
    let value = root.get("DSS");
    let id = value.reference();
    let old = file.resolve(value, newest)?;
    if !old.is_null() && old.dictionary().is_none() {
        let what = "a document security store that is no dictionary";
        return Err(Error::new(ErrorKind::Malformed, what));
    }
    let mut store = Store::read(&file, old.dictionary())?;
    let places = store.add(&request.items)?;
    let related = store.relate(request, &places)?;
    if !store.is_changed {
        return Ok(None);
    }
    let mut values: Vec<(&str, &[u8])> = Vec::new();
    if !old.dictionary().is_some_and(|old| old.has("Type")) {
        values.push(("Type", b"/DSS"));
    }
    for (kind, list) in DssKind::ALL.into_iter().zip(&store.lists) {
        if let Some(text) = &list.text {
            values.push((keys(kind).0, text));
        }
    }
    if let Some(text) = &related {
        values.push(("VRI", text));
    }
    let body = match old.dictionary() {
        Some(old) => with_values(old, &values),
        None => new_dictionary(&values),
    };
    let mut objects = store.objects;
    match (id, old.is_null()) {
        (Some(id), false) => {
            // Arrays and /VRI may be objects of their own: then the store itself stays as it is.
            if !values.is_empty() {
                objects.push(NewObject { id, body });
            }
        }
        (None, false) => objects.push(NewObject {
            id: catalog.id,
            body: with_values(root, &[("DSS", &body)]),
        }),
        (_, true) => {
            let id = number(&mut store.next)?;
            objects.push(NewObject { id, body });
            let written = written(id);
            objects.push(NewObject {
                id: catalog.id,
                body: with_values(root, &[("DSS", written.as_bytes())]),
            });
        }
    }
    let tail = append(&file, &objects, &identifier(input, &objects))?;
    Ok(Some(tail.octets))
}

/// One of the three arrays of the store.
#[derive(Default)]
struct List<'a> {
    /// The array that is there.
    old: Option<crate::pdf::Array<'a>>,
    /// Its object, where it is one of its own.
    id: Option<Reference>,
    /// What is added.
    added: Vec<Reference>,
    /// The new text, where the array stands in the store itself.
    text: Option<Vec<u8>>,
}

struct Store<'a> {
    lists: [List<'a>; 3],
    /// What is stored, by kind and SHA-256.
    known: HashMap<(usize, [u8; 32]), Reference>,
    related: Object<'a>,
    related_id: Option<Reference>,
    objects: Vec<NewObject>,
    next: u32,
    is_changed: bool,
}

impl<'a> Store<'a> {
    fn read(file: &File<'a>, old: Option<&Dictionary<'a>>) -> Result<Self, Error> {
        let mut store = Self {
            lists: Default::default(),
            known: HashMap::new(),
            related: Object::Null,
            related_id: None,
            objects: Vec::new(),
            next: file.highest_number(),
            is_changed: false,
        };
        let Some(old) = old else {
            return Ok(store);
        };
        let newest = file.newest();
        let mut left = file.limits().evidence_items;
        for (index, kind) in DssKind::ALL.into_iter().enumerate() {
            let value = old.get(keys(kind).0);
            let id = value.reference();
            let array = match file.resolve(value, newest)? {
                Object::Array(array) => array,
                Object::Null => continue,
                _ => {
                    let what = "a list of the document security store that is no array";
                    return Err(Error::new(ErrorKind::Malformed, what));
                }
            };
            for element in array.iter() {
                left = left.checked_sub(1).ok_or_else(|| {
                    Error::new(ErrorKind::TooLarge, "items of a document security store")
                })?;
                let Some(reference) = element.reference() else {
                    continue;
                };
                // What cannot be read is no reason to leave the rest out; it is just not found.
                if let Ok(Object::Stream(stream)) = file.resolve(element, newest)
                    && let Ok(der) = file.decode(&stream, newest)
                {
                    store
                        .known
                        .entry((index, sha256(&der)))
                        .or_insert(reference);
                }
            }
            if let Some(list) = store.lists.get_mut(index) {
                (list.old, list.id) = (Some(array), id);
            }
        }
        let value = old.get("VRI");
        store.related_id = value.reference();
        store.related = file.resolve(value, newest)?;
        Ok(store)
    }

    /// Stores what is not there; where each item is.
    fn add(&mut self, items: &[(DssKind, &[u8])]) -> Result<Vec<Reference>, Error> {
        let mut places = Vec::with_capacity(items.len());
        for (kind, der) in items {
            let index = DssKind::ALL.iter().position(|known| known == kind);
            let index = index.unwrap_or_default();
            let key = (index, sha256(der));
            if let Some(known) = self.known.get(&key) {
                places.push(*known);
                continue;
            }
            let id = number(&mut self.next)?;
            let mut body = format!("<</Length {}>>\nstream\n", der.len()).into_bytes();
            body.extend_from_slice(der);
            body.extend_from_slice(b"\nendstream");
            self.objects.push(NewObject { id, body });
            self.known.insert(key, id);
            places.push(id);
            if let Some(list) = self.lists.get_mut(index) {
                list.added.push(id);
            }
        }
        for list in &mut self.lists {
            if list.added.is_empty() {
                continue;
            }
            self.is_changed = true;
            let added: Vec<String> = list.added.iter().map(|id| written(*id)).collect();
            let added = added.join(" ");
            let text = match &list.old {
                Some(old) => with_element(old, added.as_bytes()),
                None => format!("[{added}]").into_bytes(),
            };
            match list.id {
                Some(id) if list.old.is_some() => self.objects.push(NewObject { id, body: text }),
                _ => list.text = Some(text),
            }
        }
        Ok(places)
    }

    /// The new text of /VRI where it stands in the store itself.
    fn relate(
        &mut self,
        request: &StoreRequest<'_>,
        places: &[Reference],
    ) -> Result<Option<Vec<u8>>, Error> {
        let old = self.related.dictionary().cloned();
        let mut entries: Vec<(String, Vec<u8>)> = Vec::new();
        for (contents, items) in &request.related {
            let name = related_name(contents);
            let is_there = old.as_ref().is_some_and(|old| old.has(&name))
                || entries.iter().any(|(known, _)| *known == name);
            if is_there || items.is_empty() {
                continue;
            }
            let mut lists: [Vec<String>; 3] = Default::default();
            for item in items {
                let kind = request.items.get(*item).map(|(kind, _)| *kind);
                let index = DssKind::ALL.iter().position(|known| Some(*known) == kind);
                let list = index.and_then(|index| lists.get_mut(index));
                if let (Some(list), Some(place)) = (list, places.get(*item)) {
                    list.push(written(*place));
                }
            }
            let mut text = b"<</Type/VRI".to_vec();
            for (kind, list) in DssKind::ALL.into_iter().zip(lists) {
                if !list.is_empty() {
                    let list = format!("/{}[{}]", keys(kind).1, list.join(" "));
                    text.extend_from_slice(list.as_bytes());
                }
            }
            text.extend_from_slice(b">>");
            entries.push((name, text));
        }
        if entries.is_empty() {
            return Ok(None);
        }
        self.is_changed = true;
        let values: Vec<(&str, &[u8])> = entries
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_slice()))
            .collect();
        let text = match &old {
            Some(old) => with_values(old, &values),
            None => new_dictionary(&values),
        };
        match (self.related_id, old.is_some()) {
            (Some(id), true) => {
                self.objects.push(NewObject { id, body: text });
                Ok(None)
            }
            _ => Ok(Some(text)),
        }
    }
}

fn new_dictionary(values: &[(&str, &[u8])]) -> Vec<u8> {
    let mut text = b"<<".to_vec();
    for (key, value) in values {
        text.extend_from_slice(format!("/{key} ").as_bytes());
        text.extend_from_slice(value);
    }
    text.extend_from_slice(b">>");
    text
}

/// The key of a kind in the store, and in an entry of /VRI.
fn keys(kind: DssKind) -> (&'static str, &'static str) {
    match kind {
        DssKind::Certificate => ("Certs", "Cert"),
        DssKind::Crl => ("CRLs", "CRL"),
        DssKind::Ocsp => ("OCSPs", "OCSP"),
    }
}

/// A number that no object has.
fn number(next: &mut u32) -> Result<Reference, Error> {
    *next = next
        .checked_add(1)
        .ok_or_else(|| Error::new(ErrorKind::TooLarge, "object numbers"))?;
    Ok(Reference {
        number: *next,
        generation: 0,
    })
}

/// The second half of /ID: other for other data, the same for the same.
fn identifier(input: &[u8], objects: &[NewObject]) -> [u8; 16] {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    hasher.update(input.len().to_string().as_bytes());
    for object in objects {
        hasher.update(&object.body);
    }
    let mut identifier = [0; 16];
    for (to, from) in identifier.iter_mut().zip(hasher.finish().as_bytes()) {
        *to = *from;
    }
    identifier
}

fn written(id: Reference) -> String {
    format!("{} {} R", id.number, id.generation)
}
