//! Finds every signature of every revision: [`find`].

use std::collections::{HashMap, HashSet};

use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::pades::changes;
use crate::pades::fields::{Field, Form, Forms};
use crate::pades::scan::scan;
use crate::pades::seed;
use crate::pades::signature::{Found, Reader};
use crate::pades::{
    AFTER_END, BEFORE_HEADER, DUPLICATE_KEY, DssItem, DssKind, DssSummary, ENCRYPTED,
    ENCRYPTED_LOCKED, FIELD_VALUE, NO_FIELD, OFFSETS_FROM_HEADER, PdfFinding, PdfFindings,
    PdfSignature, REPAIR_DIFFERS, SCAN_INCOMPLETE, SEED_VALUE, UNLISTED, UNREADABLE, USAGE_RIGHTS,
    WRONG_PASSWORD,
};
use crate::pdf::crypt::{LOCKED, Method, Opened};
use crate::pdf::{Dictionary, File, Object, Reference, repair};
use crate::verdict::{ContentDoubt, Reason};

/// As [`find_with`], without a password.
#[cfg(test)]
pub(crate) fn find<'a>(bytes: &'a [u8], limits: &Limits) -> Result<PdfFindings<'a>, Error> {
    find_with(bytes, limits, None)
}

/// Finds signatures, document time-stamps, the security store and what is odd about the file.
///
/// `password` is tried on an encrypted file that the empty one does not open. Unsupported: a file
/// encrypted in another way than by a password. Locked: an encrypted file that stays closed and
/// shows no signature. Malformed: a file whose cross-reference would have to be rebuilt.
pub(crate) fn find_with<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    password: Option<&[u8]>,
) -> Result<PdfFindings<'a>, Error> {
    let file = File::open_with(bytes, limits, password)?;
    let mut search = Search {
        file: &file,
        reader: Reader::new(&file),
        entries: Vec::new(),
        by_text: HashMap::new(),
        usage: HashSet::new(),
        findings: Vec::new(),
        said: HashSet::new(),
    };
    let form = search.revisions()?;
    search.left_behind()?;
    search.around();
    search.encryption();
    let dss = search.dss()?;
    let Search {
        mut entries,
        findings,
        ..
    } = search;
    let current: HashSet<usize> = form;
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.signature.field_count = u32::try_from(entry.fields.len()).unwrap_or(u32::MAX);
        entry.signature.removed_from_current = !current.contains(&index);
        // Without the password nobody can say which field has it.
        if file.is_locked() && entry.fields.is_empty() {
            entry.signature.field_count = 1;
            entry.signature.removed_from_current = false;
        }
        entry.signature.id = match (&entry.name, entry.signature.object) {
            (Some(name), _) if !name.is_empty() => name.clone(),
            (_, Some((number, _))) => format!("object {number}"),
            _ => String::from("signature"),
        };
    }
    entries.sort_by_key(|entry| entry.key);
    let mut signatures: Vec<_> = entries.into_iter().map(|entry| entry.signature).collect();
    if file.is_locked() && signatures.is_empty() {
        return Err(Error::new(ErrorKind::Locked, locked(&file)));
    }
    changes::judge(&file, &mut signatures);
    let mut findings = findings;
    for doubt in doubts(&file, &mut findings, !signatures.is_empty()) {
        for signature in &mut signatures {
            signature.content.doubt(doubt.clone());
        }
    }
    Ok(PdfFindings {
        signatures,
        dss,
        findings,
        revisions: u32::try_from(file.revisions().len()).unwrap_or(u32::MAX),
    })
}

/// What speaks against every signature of the file beside what was found in its content; what is odd
/// about the structure becomes findings. The whole file is looked through only where there is a
/// signature that this could matter to.
fn doubts(file: &File<'_>, findings: &mut Vec<PdfFinding>, signed: bool) -> Vec<Reason> {
    let mut doubts = Vec::new();
    let doubt = |what, object| Reason::Content { what, object };
    if file.is_locked() {
        doubts.push(doubt(ContentDoubt::Encrypted, None));
    }
    if file.encryption_changes() {
        doubts.push(doubt(ContentDoubt::EncryptionChanged, None));
    }
    if signed {
        match file
            .look_for_missing()
            .and_then(|()| repair::differences(file))
        {
            Ok(differences) => {
                let first = differences.first().map(|found| found.number);
                doubts.extend(first.map(|number| {
                    doubt(
                        ContentDoubt::Repair,
                        Some(number).filter(|&number| number != 0),
                    )
                }));
                for found in differences {
                    let number = found.number;
                    let place = Place::Object {
                        number,
                        revision: None,
                    };
                    let place = if number == 0 {
                        Place::Part("trailer".into())
                    } else {
                        place
                    };
                    findings.push(PdfFinding {
                        code: REPAIR_DIFFERS,
                        place,
                        detail: format!("offset {}", found.at),
                    });
                }
            }
            Err(error) => doubts.push(Reason::Limit {
                what: error.detail().to_owned(),
            }),
        }
    }
    let mut oddities = file.oddities();
    if let Some(odd) = oddities.iter().find(|odd| odd.kind.divides_readers()) {
        doubts.push(doubt(ContentDoubt::Structure, odd.number));
    }
    oddities.sort_by_key(|odd| (odd.kind, odd.at));
    for same in oddities.chunk_by(|a, b| a.kind == b.kind) {
        // One line a kind: a tool that writes it once writes it everywhere.
        let Some(odd) = same.first() else { continue };
        let place = match odd.number {
            Some(number) => Place::Object {
                number,
                revision: None,
            },
            None => Place::Offset(u64::try_from(odd.at).unwrap_or(u64::MAX)),
        };
        findings.push(PdfFinding {
            code: odd.kind.code(),
            place,
            detail: match same.len() {
                1 => String::new(),
                many => format!("× {many}"),
            },
        });
    }
    doubts
}

/// What is to be said about a file that no password opened.
fn locked(file: &File<'_>) -> &'static str {
    match file.encryption().map(|facts| facts.opened) {
        Some(Opened::LockedWrongPassword) => "the password that was given does not open this PDF",
        _ => LOCKED,
    }
}

/// Where the text of a dictionary is: the object stream that holds it (0 for the file itself) and
/// the position in it. Two fields that lead to one text lead to one signature.
type Key = (usize, usize);

struct Entry<'a> {
    key: Key,
    signature: PdfSignature<'a>,
    name: Option<String>,
    fields: HashSet<(Option<Reference>, String)>,
    range: Option<(usize, usize)>,
}

struct Search<'f, 'a> {
    file: &'f File<'a>,
    reader: Reader<'f, 'a>,
    entries: Vec<Entry<'a>>,
    by_text: HashMap<Key, usize>,
    /// Where the dictionaries of usage rights are.
    usage: HashSet<Key>,
    findings: Vec<PdfFinding>,
    said: HashSet<(&'static str, u32, String)>,
}

impl<'a> Search<'_, 'a> {
    /// Walks every revision whose form differs from the one before; gives what the newest has.
    fn revisions(&mut self) -> Result<HashSet<usize>, Error> {
        let mut forms = Forms::new(self.file);
        let touched = self.file.touched();
        let mut form: Option<Form<'a>> = None;
        let mut current = HashSet::new();
        let mut values: HashMap<(usize, u32), Option<usize>> = HashMap::new();
        for revision in 0..self.file.revisions().len() {
            let same = form.as_ref().is_some_and(|form| {
                let root = |revision| self.file.trailer(revision, "Root").reference();
                let numbers = touched.get(revision).map(Vec::as_slice).unwrap_or_default();
                Some(root(revision)) == revision.checked_sub(1).map(root)
                    && !numbers.iter().any(|number| form.seen.contains(number))
            });
            if same {
                continue;
            }
            let numbers = touched.get(revision).map(Vec::as_slice).unwrap_or_default();
            let is_same_root = revision.checked_sub(1).is_some_and(|before| {
                let root = |revision| self.file.trailer(revision, "Root").reference();
                root(before) == root(revision)
            });
            // Most updates add a field or two to a form that may have hundreds.
            let grown = match form.as_mut().filter(|_| is_same_root) {
                Some(form) => forms.grow(form, revision, numbers)?,
                None => None,
            };
            let is_grown = grown.is_some();
            let walked = match grown {
                Some(grown) => grown,
                None => {
                    current.clear();
                    forms.walk(revision)?
                }
            };
            self.note(&walked, revision);
            self.usage_rights(revision);
            for field in &walked.fields {
                let index = match field.value {
                    Object::Reference(id) => {
                        let Some(place) = self.file.identity(id, revision) else {
                            continue;
                        };
                        match values.get(&place) {
                            Some(index) => *index,
                            None => {
                                let index = self.value(field, revision)?;
                                values.insert(place, index);
                                self.demands(field, revision, index);
                                index
                            }
                        }
                    }
                    Object::Null => None,
                    _ => {
                        let index = self.value(field, revision)?;
                        self.demands(field, revision, index);
                        index
                    }
                };
                if let Some(index) = index
                    && let Some(entry) = self.entries.get_mut(index)
                {
                    entry.fields.insert((field.id, field.name.clone()));
                    current.insert(index);
                }
            }
            if !is_grown {
                form = Some(walked);
            }
        }
        Ok(current)
    }

    /// Says in what a signature is not what its field demanded.
    fn demands(&mut self, field: &Field<'a>, revision: usize, index: Option<usize>) {
        let entry = index.and_then(|index| self.entries.get(index));
        let (Some(entry), Some(id)) = (entry, field.id) else {
            return;
        };
        for unmet in seed::unmet(self.file, id, revision, &entry.signature) {
            let detail = format!("{}: {unmet}", field.name);
            self.say(SEED_VALUE, id.number, Some(revision), &detail);
        }
    }

    /// The entry for the value of a field, made where there is none.
    fn value(&mut self, field: &Field<'a>, revision: usize) -> Result<Option<usize>, Error> {
        let loaded = match field.value {
            Object::Reference(id) => match self.file.load(id, revision) {
                Ok(Some(loaded)) => Some((loaded.object, Some(id), loaded.revision)),
                Ok(None) => None,
                Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                Err(_) => {
                    self.say(
                        UNREADABLE,
                        id.number,
                        Some(revision),
                        "the value of a field",
                    );
                    None
                }
            },
            ref direct => {
                let writer = field.id.and_then(|id| self.file.place(id, revision));
                Some((
                    direct.clone(),
                    field.id,
                    writer.map_or(revision, |place| place.1),
                ))
            }
        };
        let Some((object, id, written_in)) = loaded else {
            return Ok(None);
        };
        let object = self.file.resolve(object, revision)?;
        let Some(dictionary) = object.dictionary() else {
            if !object.is_null() {
                let number = field.id.map_or(0, |id| id.number);
                self.say(FIELD_VALUE, number, Some(revision), &field.name);
            }
            return Ok(None);
        };
        let found = Found {
            dictionary: dictionary.clone(),
            object: id,
            seen_in: revision,
            written_in,
            unlisted: false,
        };
        let index = self.add(&found, id, revision)?;
        if let Some(entry) = self.entries.get_mut(index)
            && entry.name.is_none()
        {
            entry.name = Some(field.name.clone());
        }
        Ok(Some(index))
    }

    fn add(
        &mut self,
        found: &Found<'a>,
        id: Option<Reference>,
        revision: usize,
    ) -> Result<usize, Error> {
        let key = self.key(&found.dictionary, id, revision);
        if let Some(&index) = self.by_text.get(&key) {
            return Ok(index);
        }
        if self.entries.len() >= self.file.limits().signatures {
            return Err(Error::new(ErrorKind::TooLarge, "signatures of a PDF"));
        }
        let signature = self.reader.read(found)?;
        let index = self.entries.len();
        self.by_text.insert(key, index);
        let range = found
            .dictionary
            .raw()
            .file_range()
            .map(|range| (range.start, range.end));
        let fields = HashSet::new();
        self.entries.push(Entry {
            key,
            signature,
            name: None,
            fields,
            range,
        });
        Ok(index)
    }

    fn key(&self, dictionary: &Dictionary<'a>, id: Option<Reference>, revision: usize) -> Key {
        let range = dictionary.raw().range();
        if dictionary.raw().file_range().is_some() {
            return (0, range.start);
        }
        let place = id.and_then(|id| self.file.identity(id, revision));
        (place.map_or(usize::MAX, |(stream, _)| stream), range.start)
    }

    /// Dictionaries that no field of any revision leads to.
    fn left_behind(&mut self) -> Result<(), Error> {
        let mut known: Vec<_> = self
            .entries
            .iter()
            .filter_map(|entry| entry.range)
            .collect();
        known.sort_unstable();
        let scanned = scan(self.file, &known)?;
        for at in scanned.unlisted {
            let place = Place::Offset(u64::try_from(at).unwrap_or(u64::MAX));
            let detail = String::from("a signature dictionary that no cross-reference lists");
            self.findings.push(PdfFinding {
                code: UNLISTED,
                place,
                detail,
            });
        }
        if scanned.incomplete {
            self.say(SCAN_INCOMPLETE, 0, None, "object streams");
        }
        for found in scanned.found {
            let number = found.object.map_or(0, |id| id.number);
            let key = self.key(&found.dictionary, found.object, found.seen_in);
            let usage = self.usage.contains(&key)
                || self.reader.grants_usage(&found.dictionary, found.seen_in);
            if usage {
                self.say(USAGE_RIGHTS, number, Some(found.written_in), "usage rights");
                continue;
            }
            let signature = self.reader.read(&found)?;
            if found.unlisted {
                self.add(&found, found.object, found.seen_in)?;
            } else if signature.byte_range.is_ok()
                && signature.contents.is_ok()
                && !self.file.is_locked()
            {
                self.say(
                    NO_FIELD,
                    number,
                    Some(found.written_in),
                    "no field refers to it",
                );
            } else if signature.contents.is_ok() || found.dictionary.has("Contents") {
                self.add(&found, found.object, found.seen_in)?;
            }
        }
        Ok(())
    }

    /// What stands before and after the file proper.
    fn around(&mut self) {
        let mut push = |code, at: usize, detail: &str| {
            let place = Place::Offset(u64::try_from(at).unwrap_or(u64::MAX));
            self.findings.push(PdfFinding {
                code,
                place,
                detail: detail.to_owned(),
            });
        };
        if self.file.header() > 0 {
            push(BEFORE_HEADER, 0, "octets before the header");
        }
        if self.file.base() > 0 {
            push(
                OFFSETS_FROM_HEADER,
                self.file.base(),
                "offsets count from the header",
            );
        }
        let end = self
            .file
            .revisions()
            .last()
            .map_or(0, |revision| revision.marker_end);
        if end < self.reader.content_end() {
            push(AFTER_END, end, "octets after the end of the last revision");
        }
    }

    /// How the file is encrypted.
    fn encryption(&mut self) {
        let Some(facts) = self.file.encryption() else {
            return;
        };
        let name = match facts.method {
            Method::Identity | Method::Aes256 => facts.method.name().to_owned(),
            method => format!("{}, {} bits", method.name(), facts.bits),
        };
        let code = match facts.opened {
            Opened::LockedNoPassword => ENCRYPTED_LOCKED,
            Opened::LockedWrongPassword => WRONG_PASSWORD,
            Opened::Empty | Opened::User | Opened::Owner => ENCRYPTED,
        };
        self.findings.push(PdfFinding {
            code,
            place: Place::Part(String::from("/Encrypt")),
            detail: name,
        });
    }

    fn note(&mut self, form: &Form<'a>, revision: usize) {
        for (number, key) in &form.doubled {
            self.say(DUPLICATE_KEY, *number, Some(revision), key);
        }
        for number in &form.unreadable {
            self.say(UNREADABLE, *number, Some(revision), "an object of the form");
        }
    }

    /// Takes down where /Perms has the dictionaries of usage rights.
    fn usage_rights(&mut self, revision: usize) {
        let Ok(Some(catalog)) = self.file.catalog(revision) else {
            return;
        };
        let Some(catalog) = catalog.object.dictionary() else {
            return;
        };
        let Ok(permissions) = self.file.get(catalog, "Perms", revision) else {
            return;
        };
        let Some(permissions) = permissions.dictionary() else {
            return;
        };
        for key in ["UR", "UR3"] {
            let value = permissions.get(key);
            let id = value.reference();
            if let Ok(value) = self.file.resolve(value, revision)
                && let Some(dictionary) = value.dictionary()
            {
                self.usage.insert(self.key(dictionary, id, revision));
            }
        }
    }

    /// A finding about an object, once.
    fn say(&mut self, code: &'static str, number: u32, revision: Option<usize>, detail: &str) {
        if self.findings.len() < MOST_FINDINGS
            && self.said.insert((code, number, detail.to_owned()))
        {
            let revision = revision.and_then(|revision| u32::try_from(revision + 1).ok());
            let place = Place::Object { number, revision };
            self.findings.push(PdfFinding {
                code,
                place,
                detail: detail.to_owned(),
            });
        }
    }

    fn dss(&mut self) -> Result<DssSummary<'a>, Error> {
        let mut summary = DssSummary::default();
        let newest = self.file.newest();
        let Ok(Some(catalog)) = self.file.catalog(newest) else {
            return Ok(summary);
        };
        let Some(catalog) = catalog.object.dictionary().cloned() else {
            return Ok(summary);
        };
        let Some(dss) = self.read(catalog.get("DSS"))? else {
            return Ok(summary);
        };
        let Some(dss) = dss.dictionary().cloned() else {
            return Ok(summary);
        };
        // The document's own arrays, and those of each signature (VRI), which older writers fill.
        let mut sources = vec![(dss.clone(), ["Certs", "CRLs", "OCSPs"])];
        if let Some(related) = self.read(dss.get("VRI"))?
            && let Some(related) = related.dictionary()
        {
            for (_, entry) in related.iter().take(MOST_RELATED) {
                if let Some(entry) = self.read(entry)?
                    && let Some(entry) = entry.dictionary()
                {
                    sources.push((entry.clone(), ["Cert", "CRL", "OCSP"]));
                }
            }
        }
        let mut left = self.file.limits().evidence_items;
        let mut seen = std::collections::HashSet::new();
        for (source, keys) in sources {
            for (key, kind) in keys.into_iter().zip(DssKind::ALL) {
                let Some(Object::Array(array)) = self.read(source.get(key))? else {
                    continue;
                };
                for element in array.iter() {
                    left = left.checked_sub(1).ok_or_else(|| {
                        Error::new(ErrorKind::TooLarge, "items of a document security store")
                    })?;
                    let number = element.reference().map_or(0, |id| id.number);
                    let Some(Object::Stream(stream)) = self.read(element)? else {
                        continue;
                    };
                    if !seen.insert((stream.data.start, stream.data.end)) {
                        continue;
                    }
                    match self.file.decode(&stream, newest) {
                        Ok(der) => summary.items.push(DssItem {
                            kind,
                            der,
                            end: stream.data.end,
                        }),
                        Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                        Err(_) => self.say(UNREADABLE, number, Some(newest), "an item of the DSS"),
                    }
                }
            }
        }
        Ok(summary)
    }

    /// An object of the newest revision; what cannot be read is noted.
    fn read(&mut self, object: Object<'a>) -> Result<Option<Object<'a>>, Error> {
        let newest = self.file.newest();
        let number = object.reference().map_or(0, |id| id.number);
        match self.file.resolve(object, newest) {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.kind() == ErrorKind::TooLarge => Err(error),
            Err(_) => {
                self.say(
                    UNREADABLE,
                    number,
                    Some(newest),
                    "the document security store",
                );
                Ok(None)
            }
        }
    }
}

const MOST_FINDINGS: usize = 1_000;
/// Entries of a VRI dictionary: one for each signature.
const MOST_RELATED: usize = 1_000;
