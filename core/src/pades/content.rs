//! What a signed file may hide, and what later revisions changed: [`judge`].
//!
//! Cautious on purpose: it hands out "nothing" or "no more than validation data and further
//! signatures that show nothing" only where it can prove that, and a doubt otherwise. A doubt holds
//! the verdict at INDETERMINATE; it never says that something was forged.
//!
//! - The file as it is now: every object that the trailer leads to is looked at once. A reference to
//!   nothing could be filled later; actions, scripts and forms of other kinds act; streams that
//!   stand elsewhere are not covered; a second text of a listed object could be switched to.
//! - Between revisions, the objects that existed before may change in their listed places alone:
//!   the catalog gains /DSS and /Extensions, the form and a page gain a field that shows nothing.
//!
//! No page content is decoded.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, ErrorKind};
use crate::pades::PdfSignature;
use crate::pdf::{Array, Dictionary, File, Object, Place, Reference};
use crate::report::ContentJudgement;
use crate::verdict::{ContentDoubt, Reason};

/// Judges what each signature has to know, and writes it into them.
pub(super) fn judge(file: &File<'_>, signatures: &mut [PdfSignature<'_>]) {
    if signatures.is_empty() {
        return;
    }
    let (doubts, uses) = match walk(file) {
        Ok(walk) => (walk.doubts, walk.uses),
        // What a locked file does not show is said of the file as a whole.
        Err(error) if error.kind() == ErrorKind::Locked => (Vec::new(), HashMap::new()),
        Err(error) => {
            let what = error.detail().to_owned();
            (vec![Reason::Limit { what }], HashMap::new())
        }
    };
    // Numbers that some table lists under a generation of its own: nobody's harmless revision.
    let odd: HashSet<u32> = file
        .in_file()
        .into_iter()
        .filter(|(_, id, _)| id.generation != 0)
        .map(|(_, id, _)| id.number)
        .collect();
    let revisions = file.revisions().len();
    let certified = signatures
        .iter()
        .any(|signature| signature.certification == Some(1));
    // From the newest on: how many revisions at the end add only what they may.
    let touched = file.touched();
    let mut harmless = 0_usize;
    for revision in (1..revisions).rev() {
        let numbers = touched.get(revision).map(Vec::as_slice).unwrap_or_default();
        let is_odd = numbers.iter().any(|number| odd.contains(number));
        if is_odd || !matches!(step(file, revision, numbers, certified, &uses), Ok(true)) {
            break;
        }
        harmless += 1;
    }
    for signature in signatures {
        let covered = signature
            .coverage
            .revision
            .and_then(|revision| usize::try_from(revision).ok());
        let mut own = doubts.clone();
        let later = covered.map(|covered| revisions.saturating_sub(covered));
        signature.content = match later {
            Some(0) if !signature.later_revision || signature.coverage.whole_file == Some(true) => {
                ContentJudgement::new(own, Some(crate::report::Changes::None))
            }
            Some(later) if later > 0 && later <= harmless => {
                ContentJudgement::new(own, Some(crate::report::Changes::Permitted))
            }
            _ => {
                let following = later.unwrap_or(0).max(1);
                own.push(Reason::ChangesNotJudged {
                    revisions: u32::try_from(following).unwrap_or(u32::MAX),
                });
                ContentJudgement::new(own, None)
            }
        };
    }
}

/// Looks at every object of the newest revision once.
fn walk(file: &File<'_>) -> Result<Walk, Error> {
    let newest = file.newest();
    let mut walk = Walk {
        doubts: Vec::new(),
        seen: HashSet::new(),
        uses: HashMap::new(),
        data: Vec::new(),
    };
    // Each object with the revision that wrote what leads to it.
    let mut waiting: Vec<(Object<'_>, usize)> = vec![
        (file.trailer(newest, "Root"), newest),
        (file.trailer(newest, "Info"), newest),
    ];
    if file.is_locked() {
        walk.doubt(ContentDoubt::Encrypted, None);
    }
    let mut number = None;
    let mut found = Vec::new();
    while let Some((object, written)) = waiting.pop() {
        let mut inside = written;
        match object {
            Object::Reference(id) => {
                let uses = walk.uses.entry(id.number).or_insert(0_u32);
                *uses = uses.saturating_add(1);
                // What was not there when the reference was written was supplied later.
                if matches!(file.place(id, written), None | Some((Place::Free, _))) {
                    walk.doubt(ContentDoubt::Dangling, Some(id.number));
                }
                if !walk.seen.insert(id) {
                    continue;
                }
                if walk.seen.len() > file.limits().pdf_objects {
                    walk.doubt(ContentDoubt::TooMany, None);
                    return Ok(walk);
                }
                match file.load(id, newest)? {
                    Some(loaded) => {
                        number = Some(id.number);
                        inside = file.place(id, newest).map_or(newest, |(_, by)| by);
                        walk.look(&loaded.object, number, &mut found);
                    }
                    None => walk.doubt(ContentDoubt::Dangling, Some(id.number)),
                }
            }
            other => walk.look(&other, number, &mut found),
        }
        waiting.extend(found.drain(..).map(|object| (object, inside)));
    }
    walk.second_texts(file);
    Ok(walk)
}

struct Walk {
    doubts: Vec<Reason>,
    seen: HashSet<Reference>,
    /// How often each object is referred to.
    uses: HashMap<u32, u32>,
    /// Where the data of streams stand.
    data: Vec<(usize, usize)>,
}

impl Walk {
    fn look<'a>(
        &mut self,
        object: &Object<'a>,
        number: Option<u32>,
        waiting: &mut Vec<Object<'a>>,
    ) {
        match object {
            Object::Array(array) => waiting.extend(array.iter().filter(|element| is_deep(element))),
            Object::Dictionary(dictionary) => self.dictionary(dictionary, number, waiting),
            Object::Stream(stream) => {
                if !stream.dictionary.get("F").is_null() {
                    self.doubt(ContentDoubt::External, number);
                }
                self.data.push((stream.data.start, stream.data.end));
                self.dictionary(&stream.dictionary, number, waiting);
            }
            _ => {}
        }
    }

    fn dictionary<'a>(
        &mut self,
        dictionary: &Dictionary<'a>,
        number: Option<u32>,
        waiting: &mut Vec<Object<'a>>,
    ) {
        if !dictionary.doubled().is_empty() {
            self.doubt(ContentDoubt::DoubledKey, number);
        }
        for (key, value) in dictionary.iter() {
            let name = key.text();
            let octets = name.as_bytes();
            if ACTIVE_KEYS.contains(&octets) && !value.is_null() {
                self.doubt(ContentDoubt::Active, number);
            }
            if octets == b"S" && ACTIVE_ACTIONS.iter().any(|action| value.is_name(action)) {
                self.doubt(ContentDoubt::Active, number);
            }
            if octets == b"OCProperties" {
                self.doubt(ContentDoubt::OptionalContent, number);
            }
            if octets == b"Ref" && dictionary.get("Subtype").is_name("Form") {
                self.doubt(ContentDoubt::External, number);
            }
            if octets == b"FS" && value.is_name("URL") {
                self.doubt(ContentDoubt::External, number);
            }
            if is_deep(&value) {
                waiting.push(value);
            }
        }
    }

    /// A text `12 0 obj` that no cross-reference leads to, outside of any stream: a body that a
    /// later table could switch to.
    fn second_texts(&mut self, file: &File<'_>) {
        let listed: HashSet<usize> = file.in_file().into_iter().map(|(at, ..)| at).collect();
        let sections: HashSet<usize> = file.sections().iter().map(|section| section.at).collect();
        let bytes = file.bytes();
        let finder = memchr::memmem::Finder::new(b" obj");
        // The data of streams are passed over; a large file is little else.
        self.data.sort_unstable();
        let data = std::mem::take(&mut self.data);
        let mut from = 0;
        for (start, end) in data.into_iter().chain([(bytes.len(), bytes.len())]) {
            let gap = bytes.get(from..start).unwrap_or_default();
            for found in finder.find_iter(gap) {
                let known = number_before(bytes, from + found)
                    .is_none_or(|at| listed.contains(&at) || sections.contains(&at));
                if !known {
                    self.doubt(ContentDoubt::Hidden, None);
                    return;
                }
            }
            from = from.max(end);
        }
    }

    fn doubt(&mut self, what: ContentDoubt, object: Option<u32>) {
        let reason = Reason::Content { what, object };
        let known = self
            .doubts
            .iter()
            .any(|known| matches!(known, Reason::Content { what: other, .. } if *other == what));
        if !known {
            self.doubts.push(reason);
        }
    }
}

fn is_deep(object: &Object<'_>) -> bool {
    matches!(
        object,
        Object::Array(_) | Object::Dictionary(_) | Object::Stream(_) | Object::Reference(_)
    )
}

/// Where `12 0` begins that stands before ` obj`.
fn number_before(bytes: &[u8], end: usize) -> Option<usize> {
    let digits_before = |end: usize| {
        let head = bytes.get(..end)?;
        let digits = head
            .iter()
            .rev()
            .take(10)
            .take_while(|octet| octet.is_ascii_digit())
            .count();
        (digits > 0).then(|| end - digits)
    };
    let generation = digits_before(end)?;
    let space = generation.checked_sub(1)?;
    if !bytes.get(space)?.is_ascii_whitespace() {
        return None;
    }
    digits_before(space)
}

/// Whether a revision adds only what shows nothing and changes nothing that was there.
fn step(
    file: &File<'_>,
    revision: usize,
    numbers: &[u32],
    certified: bool,
    uses: &HashMap<u32, u32>,
) -> Result<bool, Error> {
    let before = revision - 1;
    if file.trailer(before, "Root").reference() != file.trailer(revision, "Root").reference()
        || numbers.len() > MOST_TOUCHED
    {
        return Ok(false);
    }
    let Some(catalog) = file.catalog(before)? else {
        return Ok(false);
    };
    let places = Places::of(file, before, catalog.id, &catalog.object)?;
    let mut stamps = Stamps {
        file,
        revision,
        fields: HashSet::new(),
        certified,
    };
    for number in numbers {
        let number = *number;
        let generation = 0;
        let id = Reference { number, generation };
        let old = file.load(id, before)?.map(|loaded| loaded.object);
        let new = file.load(id, revision)?.map(|loaded| loaded.object);
        let was_free = matches!(file.place(id, before), None | Some((Place::Free, _)));
        let fits = match (old, new) {
            // An object that did not exist: harmless by itself, since what existed does not lead
            // to it. A reference to nothing is a doubt of its own.
            (None, _) => was_free,
            (Some(old), Some(new)) => match places.roles.get(&number) {
                // What something else refers to as well is not validation data alone.
                Some(Role::Validation) if uses.get(&number).is_none_or(|uses| *uses != 1) => false,
                Some(role) => role.allows(file, before, &old, &new, &mut stamps)?,
                // A copy of the same value changes nothing. A table that only lists again what is
                // listed already has no purpose that shows (seen in files of «hide and replace»).
                None => {
                    file.identity(id, before) != file.identity(id, revision) && same(&old, &new)
                }
            },
            (Some(_), None) => false,
        };
        if !fits {
            return Ok(false);
        }
    }
    stamps.all_show_nothing()
}

/// Which objects may change, and how.
struct Places {
    roles: HashMap<u32, Role>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Catalog,
    Form,
    Page,
    /// The array of a form's fields or of a page's annotations, where it is an object of its own.
    References,
    /// The validation data and what belongs to them.
    Validation,
}

impl Places {
    fn of(
        file: &File<'_>,
        revision: usize,
        catalog: Reference,
        object: &Object<'_>,
    ) -> Result<Self, Error> {
        let mut roles = HashMap::new();
        let Some(dictionary) = object.dictionary() else {
            return Ok(Self { roles });
        };
        if let Some(form) = dictionary.get("AcroForm").reference() {
            roles.insert(form.number, Role::Form);
        }
        let form = file.get(dictionary, "AcroForm", revision)?;
        if let Some(fields) = form
            .dictionary()
            .and_then(|form| form.get("Fields").reference())
        {
            roles.insert(fields.number, Role::References);
        }
        if let Some(store) = dictionary.get("DSS").reference() {
            roles.insert(store.number, Role::Validation);
        }
        let store = file.get(dictionary, "DSS", revision)?;
        if let Some(store) = store.dictionary() {
            for key in ["Certs", "CRLs", "OCSPs", "VRI"] {
                if let Some(id) = store.get(key).reference() {
                    roles.insert(id.number, Role::Validation);
                }
            }
        }
        let mut waiting = vec![dictionary.get("Pages")];
        let mut seen = HashSet::new();
        while let Some(node) = waiting.pop() {
            let Some(id) = node.reference() else {
                continue;
            };
            if !seen.insert(id.number) || seen.len() > file.limits().pdf_objects {
                continue;
            }
            let Some(loaded) = file.load(id, revision)? else {
                continue;
            };
            let Some(node) = loaded.object.dictionary() else {
                continue;
            };
            match file.get(node, "Kids", revision)? {
                Object::Array(kids) => waiting.extend(kids.iter()),
                _ => {
                    roles.insert(id.number, Role::Page);
                    if let Some(list) = node.get("Annots").reference() {
                        roles.insert(list.number, Role::References);
                    }
                }
            }
        }
        roles.insert(catalog.number, Role::Catalog);
        Ok(Self { roles })
    }
}

impl Role {
    fn allows<'a>(
        self,
        file: &File<'a>,
        before: usize,
        old: &Object<'a>,
        new: &Object<'a>,
        stamps: &mut Stamps<'_, 'a>,
    ) -> Result<bool, Error> {
        let may: &[&str] = match self {
            Self::Catalog => &["DSS", "Extensions", "AcroForm", "Version"],
            Self::Form => &["Fields", "SigFlags"],
            Self::Page => &["Annots"],
            Self::References => {
                return match (old, new) {
                    (Object::Array(old), Object::Array(new)) => Ok(stamps.grows(old, new)),
                    _ => Ok(false),
                };
            }
            // Every piece verifies by itself, so only its kind has to stay.
            Self::Validation => {
                return Ok(matches!(
                    (old, new),
                    (Object::Dictionary(_), Object::Dictionary(_))
                        | (Object::Array(_), Object::Array(_))
                ) && stores_only(new));
            }
        };
        let (Some(old), Some(new)) = (old.dictionary(), new.dictionary()) else {
            return Ok(false);
        };
        if !same_but(old, new, may) {
            return Ok(false);
        }
        match self {
            Self::Catalog => {
                Ok(stamps.form(file, before, old, new)? && stores_only(&new.get("DSS")))
            }
            Self::Form => Ok(stamps.list(&old.get("Fields"), &new.get("Fields"))),
            _ => Ok(stamps.list(&old.get("Annots"), &new.get("Annots"))),
        }
    }
}

/// The fields that a revision adds.
struct Stamps<'f, 'a> {
    file: &'f File<'a>,
    revision: usize,
    fields: HashSet<Reference>,
    certified: bool,
}

impl<'a> Stamps<'_, 'a> {
    /// An array that keeps its elements in order and gains references.
    fn grows(&mut self, old: &Array<'a>, new: &Array<'a>) -> bool {
        let mut news = new.iter();
        for before in old.iter() {
            let Some(after) = news.next() else {
                return false;
            };
            if !same(&before, &after) {
                return false;
            }
        }
        for added in news {
            match added {
                Object::Reference(id) => self.fields.insert(id),
                _ => return false,
            };
        }
        true
    }

    /// The value of /Fields or /Annots.
    fn list(&mut self, old: &Object<'a>, new: &Object<'a>) -> bool {
        match (old, new) {
            (Object::Array(old), Object::Array(new)) => self.grows(old, new),
            (Object::Null, Object::Array(new)) => {
                let mut all = true;
                for added in new.iter() {
                    match added {
                        Object::Reference(id) => {
                            self.fields.insert(id);
                        }
                        _ => all = false,
                    }
                }
                all
            }
            // A list that is an object of its own is judged where that object changes; a new one
            // in place of an array would hide what it held.
            (Object::Null, Object::Null) => true,
            (Object::Reference(old), Object::Reference(new)) => old == new,
            _ => false,
        }
    }

    /// The form in the catalog: the same reference, or grown in place.
    fn form(
        &mut self,
        file: &File<'a>,
        _before: usize,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
    ) -> Result<bool, Error> {
        match (old.get("AcroForm"), new.get("AcroForm")) {
            (Object::Null, Object::Null) => Ok(true),
            (Object::Reference(old), Object::Reference(new)) => Ok(old == new),
            (Object::Dictionary(old), Object::Dictionary(new)) => {
                Ok(same_but(&old, &new, &["Fields", "SigFlags"])
                    && self.list(&old.get("Fields"), &new.get("Fields")))
            }
            (Object::Null, form) => {
                let form = file.resolve(form, self.revision)?;
                let Some(form) = form.dictionary() else {
                    return Ok(false);
                };
                let known = form
                    .iter()
                    .all(|(key, _)| matches!(key.text().as_str(), "Fields" | "SigFlags" | "Type"));
                let fields = self.file.get(form, "Fields", self.revision)?;
                Ok(known && self.list(&Object::Null, &fields))
            }
            _ => Ok(false),
        }
    }

    /// Every added reference is a signature field with a value, and its widget shows nothing.
    fn all_show_nothing(&self) -> Result<bool, Error> {
        for id in &self.fields {
            let Some(loaded) = self.file.load(*id, self.revision)? else {
                return Ok(false);
            };
            let Some(field) = loaded.object.dictionary() else {
                return Ok(false);
            };
            let known = field
                .iter()
                .all(|(key, _)| FIELD_KEYS.contains(&key.text().as_bytes()));
            let get = |key| self.file.get(field, key, self.revision);
            let value = get("V")?;
            let Some(value) = value.dictionary() else {
                return Ok(false);
            };
            let is_stamp = value.get("SubFilter").is_name("ETSI.RFC3161");
            let area: Vec<i64> = match get("Rect")? {
                Object::Array(area) => area
                    .iter()
                    .filter_map(|number| match number {
                        Object::Integer(number) => Some(number),
                        Object::Real(0.0) => Some(0),
                        _ => None,
                    })
                    .collect(),
                _ => return Ok(false),
            };
            let shows_nothing = match area.as_slice() {
                [left, bottom, right, top] => left == right || bottom == top,
                _ => false,
            };
            if !known
                || !field.get("FT").is_name("Sig")
                || !field.get("Subtype").is_name("Widget")
                || !shows_nothing
                || (self.certified && !is_stamp)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A dictionary of validation data, or a part of it, has no other keys than those of the standard.
fn stores_only(object: &Object<'_>) -> bool {
    match object {
        Object::Dictionary(dictionary) => dictionary.iter().all(|(key, value)| {
            let key = key.text();
            let key = key.as_bytes();
            let known = STORE_KEYS.contains(&key)
                // VRI: upper-case SHA-1 of a signature.
                || (key.len() == 40 && key.iter().all(u8::is_ascii_hexdigit));
            known && (matches!(value, Object::Dictionary(_)) <= stores_only(&value))
        }),
        _ => true,
    }
}

/// Two dictionaries that differ at most in these keys.
fn same_but(old: &Dictionary<'_>, new: &Dictionary<'_>, may: &[&str]) -> bool {
    let is_free = |key: &str| may.contains(&key);
    if !new.doubled().is_empty() {
        return false;
    }
    let old_keys = old.iter().filter(|(key, _)| !is_free(&key.text())).count();
    let new_keys = new.iter().filter(|(key, _)| !is_free(&key.text())).count();
    old_keys == new_keys
        && old
            .iter()
            .filter(|(key, _)| !is_free(&key.text()))
            .all(|(key, value)| {
                let name = key.text();
                let name = name.as_str();
                let written = |dictionary: &Dictionary<'_>| {
                    dictionary.raw_value(name).map(|raw| raw.octets().to_vec())
                };
                new.has(name) && (written(old) == written(new) || same(&value, &new.get(name)))
            })
}

/// The same value, whatever white space it is written with. Two streams are never the same here.
fn same(old: &Object<'_>, new: &Object<'_>) -> bool {
    let mut waiting = vec![(old.clone(), new.clone())];
    while let Some((old, new)) = waiting.pop() {
        let alike = match (&old, &new) {
            (Object::Null, Object::Null) => true,
            (Object::Integer(a), Object::Integer(b)) => a == b,
            (Object::Real(a), Object::Real(b)) => a == b,
            (Object::Name(a), Object::Name(b)) => a.text() == b.text(),
            (Object::String(a), Object::String(b)) => a.octets() == b.octets(),
            (Object::Reference(a), Object::Reference(b)) => a == b,
            (Object::Array(a), Object::Array(b)) => {
                let (a, b): (Vec<_>, Vec<_>) = (a.iter().collect(), b.iter().collect());
                let alike = a.len() == b.len();
                waiting.extend(a.into_iter().zip(b));
                alike
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => {
                if a.raw().octets() == b.raw().octets() {
                    continue;
                }
                let alike = a.iter().count() == b.iter().count() && b.doubled().is_empty();
                for (key, value) in a.iter() {
                    let name = key.text();
                    if !b.has(&name) {
                        return false;
                    }
                    waiting.push((value, b.get(&name)));
                }
                alike
            }
            // true and false are not told apart by the reader: doubt.
            _ => false,
        };
        if !alike {
            return false;
        }
    }
    true
}

/// Keys of dictionaries that make a document act, or be another one.
const ACTIVE_KEYS: [&[u8]; 5] = [b"JS", b"JavaScript", b"AA", b"XFA", b"RichMedia"];
/// Types of actions that reach outside the document or change what it shows.
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
const FIELD_KEYS: [&[u8]; 12] = [
    b"Type", b"Subtype", b"FT", b"T", b"V", b"F", b"Rect", b"P", b"Parent", b"TU", b"Ff", b"M",
];
const STORE_KEYS: [&[u8]; 11] = [
    b"Type", b"Certs", b"CRLs", b"OCSPs", b"VRI", b"Cert", b"CRL", b"OCSP", b"TU", b"TS", b"DSS",
];
/// Objects that one harmless revision touches.
const MOST_TOUCHED: usize = 10_000;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures;
    use crate::limits::Limits;

    fn steps(path: &str) -> Option<Vec<bool>> {
        let bytes = fixtures::data(path)?;
        let limits = Limits::default();
        let file = File::open(&bytes, &limits).unwrap();
        let touched = file.touched();
        let answers = (1..file.revisions().len())
            .map(|revision| {
                let uses = walk(&file).unwrap().uses;
                step(&file, revision, &touched[revision], false, &uses).unwrap()
            })
            .collect();
        Some(answers)
    }

    /// Its update lists two objects again where they stood.
    const RELISTED: &str = "corpus/pdf/rub-shadow/hide-and-replace__variant-2_change_objects_usage__\
                            4_original-document-shadowed-signed-manipulated-b4f64b.pdf";

    #[test]
    fn validation_data_and_a_document_time_stamp_change_nothing() {
        for (path, wanted) in [
            ("attacks/benign/ltv-dss-crl.pdf", vec![true, true]),
            ("attacks/benign/doc-timestamp.pdf", vec![true, true]),
            // Emptied, replaced, substituted: never harmless.
            (
                "attacks/pdf/shadow-hide-xobject-emptied.pdf",
                vec![true, false],
            ),
            ("attacks/pdf/isa-content-replaced.pdf", vec![true, false]),
            ("attacks/pdf/isa-page-replaced.pdf", vec![true, false]),
            ("attacks/pdf/isa-font-substituted.pdf", vec![true, false]),
            ("attacks/pdf/eaa-freetext-p3.pdf", vec![false, false]),
            (RELISTED, vec![false, false]),
        ] {
            let Some(answers) = steps(path) else { return };
            assert_eq!(answers, wanted, "{path}");
        }
    }

    fn doubts(catalog: &str, rest: &[&str]) -> Vec<ContentDoubt> {
        let mut text = String::from("%PDF-1.7\n");
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", rest.len() + 2);
        for (number, body) in (1..).zip(std::iter::once(&catalog).chain(rest)) {
            table.push_str(&format!("{:010} 00000 n \n", text.len()));
            text.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
        }
        let at = text.len();
        let size = rest.len() + 2;
        text.push_str(&format!(
            "{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF"
        ));
        let limits = Limits::default();
        let file = File::open(text.as_bytes(), &limits).unwrap();
        walk(&file)
            .unwrap()
            .doubts
            .into_iter()
            .filter_map(|reason| match reason {
                Reason::Content { what, .. } => Some(what),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn an_object_that_was_missing_when_it_was_referred_to_and_is_supplied_later_is_a_doubt() {
        let mut text = String::from("%PDF-1.7\n");
        let mut places = Vec::new();
        for body in [
            "1 0 obj\n<</Pages 2 0 R>>\nendobj\n",
            "2 0 obj\n<</X 3 0 R>>\nendobj\n",
        ] {
            places.push(text.len());
            text.push_str(body);
        }
        let first = text.len();
        text.push_str(&format!(
            "xref\n0 3\n0000000000 65535 f \n{:010} 00000 n \n{:010} 00000 n \n\
             trailer<</Size 3/Root 1 0 R>>\nstartxref\n{first}\n%%EOF\n",
            places[0], places[1]
        ));
        let supplied = text.len();
        text.push_str("3 0 obj\n<<>>\nendobj\n");
        let second = text.len();
        text.push_str(&format!(
            "xref\n3 1\n{supplied:010} 00000 n \ntrailer<</Size 4/Root 1 0 R/Prev {first}>>\n\
             startxref\n{second}\n%%EOF\n"
        ));
        let limits = Limits::default();
        let file = File::open(text.as_bytes(), &limits).unwrap();
        assert_eq!(file.revisions().len(), 2);
        let doubts = walk(&file).unwrap().doubts;
        let dangling = Reason::Content {
            what: ContentDoubt::Dangling,
            object: Some(3),
        };
        assert_eq!(doubts, [dangling]);
    }

    #[test]
    fn what_acts_hides_or_is_not_there_is_a_doubt_and_a_plain_file_gives_none() {
        assert_eq!(doubts("<</Pages 2 0 R>>", &["<</Type/Pages/Kids[]>>"]), []);
        let cases = [
            ("<</Pages 9 0 R>>", ContentDoubt::Dangling),
            (
                "<</OpenAction<</S/JavaScript/JS(x)>>>>",
                ContentDoubt::Active,
            ),
            ("<</OpenAction<</S/L#61unch>>>>", ContentDoubt::Active),
            ("<</AA<</O 2 0 R>>>>", ContentDoubt::Active),
            ("<</OCProperties<<>>>>", ContentDoubt::OptionalContent),
            ("<</A 1/A 2>>", ContentDoubt::DoubledKey),
            ("<</X<</FS/URL/F(http://x)>>>>", ContentDoubt::External),
            ("<<>>\nendobj\n7 0 obj\n<<>>", ContentDoubt::Hidden),
        ];
        for (catalog, wanted) in cases {
            let found = doubts(catalog, &["<<>>"]);
            assert!(found.contains(&wanted), "{catalog}: {found:?}");
        }
    }
}
