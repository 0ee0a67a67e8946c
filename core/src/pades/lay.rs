//! Lays a new signature after a file: [`lay`].
//!
//! The signature dictionary with its hole, a field with an invisible widget on the first page (or
//! an empty field that is there already), the form and the catalog where they change. The input is
//! not touched; what is written again is written as it was but for the one thing that changes.
//!
//! Refused: encrypted files, and documents whose certification allows no change (ISO 32000-2
//! §12.8.2.2, P = 1).

use std::collections::HashSet;
use std::ops::Range;

use crate::appearance::{Mark, Placed};
use crate::crypto::sha256;
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::pades::SubFilter;
use crate::pades::fields::{Field, Form, Forms};
use crate::pades::show::{ShowRequest, ShownWidget, show};
use crate::pades::signature::{Found, Reader};
use crate::pdf::append::{NewObject, append};
use crate::pdf::edit::{with_element, with_values};
use crate::pdf::{Dictionary, File, Loaded, Object, Reference, text};
use crate::time::Time;

/// What to lay.
pub(crate) struct LayRequest<'r> {
    /// `ETSI.CAdES.detached`, `adbe.pkcs7.detached` or, for a document time-stamp, `ETSI.RFC3161`.
    pub(crate) sub_filter: SubFilter,
    /// The full name of an empty signature field, or the name of a new one; without it a new field
    /// `Signature1`, `Signature2`, … is made, for a time-stamp `TimeStamp1`, ….
    pub(crate) field_name: Option<&'r str>,
    /// Room for the CMS, in octets.
    pub(crate) reserve: usize,
    /// /M; not written for a time-stamp.
    pub(crate) signed_at: Time,
    /// /Reason
    pub(crate) reason: Option<&'r str>,
    /// /Location
    pub(crate) location: Option<&'r str>,
    /// /Name
    pub(crate) name: Option<&'r str>,
    /// /ContactInfo
    pub(crate) contact_info: Option<&'r str>,
    /// What the signature shows on the pages; nothing for an invisible one.
    pub(crate) marks: &'r [Mark],
    /// The signing organisation's name, where a mark shows it.
    pub(crate) organisation: Option<&'r str>,
}

/// What to write after the input.
#[derive(Debug)]
#[allow(dead_code)] // the places are read by the tests of this room
pub(crate) struct Laid {
    /// The octets that follow the input.
    pub(crate) tail: Vec<u8>,
    /// Where they go: the length of the input.
    pub(crate) at: u64,
    /// The hexadecimal digits of /Contents in `tail`, without their brackets.
    pub(crate) hole: Range<usize>,
    /// The octets to digest, of input and tail together.
    pub(crate) byte_range: [u64; 4],
    /// The full name of the field.
    pub(crate) field_name: String,
    /// The number of the new revision, from 1.
    pub(crate) revision: u32,
    /// Where the marks were put.
    pub(crate) placed: Vec<Placed>,
}

/// Lays a signature.
///
/// Misuse: a field that is signed already or no signature field, a name that a field cannot have,
/// no room for the CMS, another sub-filter. Unsupported: see the module.
pub(crate) fn lay(input: &[u8], request: &LayRequest<'_>, limits: &Limits) -> Result<Laid, Error> {
    let (kind, sub_filter) = match request.sub_filter {
        SubFilter::EtsiCadesDetached => ("Sig", "ETSI.CAdES.detached"),
        SubFilter::AdbePkcs7Detached => ("Sig", "adbe.pkcs7.detached"),
        SubFilter::EtsiRfc3161 => ("DocTimeStamp", "ETSI.RFC3161"),
        _ => return Err(misuse("a sub-filter that is not written")),
    };
    if request.reserve == 0 || request.reserve > limits.cms_size {
        return Err(misuse("the room for the CMS"));
    }
    let file = File::open(input, limits)?;
    if file.encryption().is_some() {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "signing an encrypted PDF",
        ));
    }
    let form = Forms::new(&file).walk(file.newest())?;
    // A document time-stamp is no change in the sense of any certification (§12.8.2.2.2).
    if kind == "Sig" {
        refuse_certified(&file, &form)?;
    }
    let mut update = Update {
        file: &file,
        next: file.highest_number(),
        objects: Vec::new(),
    };
    let signature = update.number()?;
    let target = target(&file, &form, request.field_name, kind)?;
    let shown = match request.marks {
        [] => None,
        marks => Some(show(
            &file,
            &ShowRequest {
                marks,
                at: request.signed_at,
                organisation: request.organisation,
                signer: request.name,
                field: match &target {
                    Target::Empty(field) => Some(&field.name),
                    Target::New(_) => None,
                },
            },
            &mut || update.number(),
        )?),
    };
    let lock = match (&target, &shown) {
        (Target::Empty(field), shown) => {
            let widgets = shown.as_ref().map(|shown| shown.widgets.as_slice());
            update.sign_field(field, signature, widgets.unwrap_or_default())?
        }
        (Target::New(name), None) => {
            update.add_field(name, signature)?;
            None
        }
        (Target::New(name), Some(shown)) => {
            update.add_shown_field(name, signature, shown)?;
            None
        }
    };
    let (drawn, placed) =
        shown.map_or_else(Default::default, |shown| (shown.objects, shown.placed));
    update.objects.extend(drawn);
    let body = Body::new(kind, sub_filter, request, lock.as_deref());
    update.objects.insert(
        0,
        NewObject {
            id: signature,
            body: body.octets,
        },
    );
    let field_name = match target {
        Target::Empty(field) => field.name.clone(),
        Target::New(name) => name,
    };
    let tail = append(
        &file,
        &update.objects,
        &identifier(input, request, &field_name),
    )?;
    let from = tail.bodies.first().copied().unwrap_or(0);
    let mut octets = tail.octets;
    let hole = from + body.hole.start..from + body.hole.end;
    let at = size(input.len());
    let first = at + size(hole.start.saturating_sub(1));
    let second = at + size(hole.end + 1);
    let byte_range = [
        0,
        first,
        second,
        (at + size(octets.len())).saturating_sub(second),
    ];
    let numbers = byte_range.map(|number| number.to_string()).join(" ");
    let room = from + body.range.start..from + body.range.end;
    if let Some(room) = octets.get_mut(room)
        && let Some(room) = room.get_mut(..numbers.len())
    {
        room.copy_from_slice(numbers.as_bytes());
    } else {
        return Err(Error::new(ErrorKind::TooLarge, "the size of the PDF"));
    }
    let revision = u32::try_from(file.revisions().len() + 1).unwrap_or(u32::MAX);
    Ok(Laid {
        tail: octets,
        at,
        hole,
        byte_range,
        field_name,
        revision,
        placed,
    })
}

/// The field that is to be signed.
enum Target<'f, 'a> {
    Empty(&'f Field<'a>),
    New(String),
}

/// The text of the signature dictionary, and where its two gaps are.
struct Body {
    octets: Vec<u8>,
    /// Room for the numbers of /ByteRange.
    range: Range<usize>,
    /// The digits of /Contents.
    hole: Range<usize>,
}

impl Body {
    fn new(kind: &str, sub_filter: &str, request: &LayRequest<'_>, lock: Option<&[u8]>) -> Self {
        let mut octets =
            format!("<</Type/{kind}/Filter/Adobe.PPKLite/SubFilter/{sub_filter}/ByteRange[")
                .into_bytes();
        let range = octets.len()..octets.len() + RANGE_WIDTH;
        octets.resize(range.end, b' ');
        octets.extend_from_slice(b"]/Contents<");
        let hole = octets.len()..octets.len() + request.reserve * 2;
        octets.resize(hole.end, b'0');
        octets.push(b'>');
        if kind == "Sig" {
            let time = request.signed_at.to_pdf_date();
            octets.extend_from_slice(format!("/M{}", text::encode(&time)).as_bytes());
        }
        for (key, value) in [
            ("Name", request.name),
            ("Reason", request.reason),
            ("Location", request.location),
            ("ContactInfo", request.contact_info),
        ] {
            if let Some(value) = value {
                octets.extend_from_slice(format!("/{key}{}", text::encode(value)).as_bytes());
            }
        }
        octets.extend_from_slice(lock.unwrap_or_default());
        octets.extend_from_slice(b">>");
        Self {
            octets,
            range,
            hole,
        }
    }
}

/// The objects that change.
pub(super) struct Update<'f, 'a> {
    file: &'f File<'a>,
    next: u32,
    pub(super) objects: Vec<NewObject>,
}

impl<'a> Update<'_, 'a> {
    /// A number that no object has.
    pub(super) fn number(&mut self) -> Result<Reference, Error> {
        let number = self.next.checked_add(1);
        self.next = number.ok_or_else(|| Error::new(ErrorKind::TooLarge, "object numbers"))?;
        Ok(Reference {
            number: self.next,
            generation: 0,
        })
    }

    /// Signs a field that is there; gives the /Reference that its /Lock asks for. `widgets` are those
    /// of the field that show something now.
    fn sign_field(
        &mut self,
        field: &Field<'a>,
        signature: Reference,
        widgets: &[ShownWidget<'a>],
    ) -> Result<Option<Vec<u8>>, Error> {
        let loaded = match field.id {
            Some(id) => self.file.load(id, self.file.newest())?,
            None => None,
        };
        let dictionary = loaded
            .as_ref()
            .and_then(|loaded| loaded.object.dictionary());
        let (Some(id), Some(dictionary)) = (field.id, dictionary) else {
            let what = "a signature field that is no object of its own";
            return Err(Error::new(ErrorKind::Unsupported, what));
        };
        let value = written(signature);
        let mut values = vec![("V", value.as_bytes())];
        let mut own = None;
        for widget in widgets {
            let look = format!("<</N {}>>", written(widget.appearance));
            match &widget.known {
                Some((place, _)) if *place == id => own = Some(look),
                Some((place, kid)) => self.objects.push(NewObject {
                    id: *place,
                    body: with_values(kid, &[("AP", look.as_bytes())]),
                }),
                None => return Err(Error::new(ErrorKind::Internal, "a widget of the field")),
            }
        }
        if let Some(look) = &own {
            values.push(("AP", look.as_bytes()));
        }
        let body = with_values(dictionary, &values);
        self.objects.push(NewObject { id, body });
        self.form(None)?;
        self.lock(dictionary)
    }

    /// Adds a field whose only widget is invisible, on the first page.
    fn add_field(&mut self, name: &str, signature: Reference) -> Result<(), Error> {
        let field = self.number()?;
        let page = first_page(self.file)?;
        let body = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T{}/V {}/F 132/Rect[0 0 0 0]/P {}>>",
            text::encode(name),
            written(signature),
            written(page.id)
        );
        self.objects.push(NewObject {
            id: field,
            body: body.into_bytes(),
        });
        let dictionary = page.object.dictionary();
        let dictionary = dictionary.ok_or_else(|| malformed("the first page", page.id))?;
        if let Some(annotations) = self.extend(dictionary, "Annots", field)? {
            let body = with_values(dictionary, &[("Annots", &annotations)]);
            self.objects.push(NewObject { id: page.id, body });
        }
        self.form(Some(field))
    }

    /// Brings the form, and the catalog where it holds the form, up to date.
    pub(super) fn form(&mut self, field: Option<Reference>) -> Result<(), Error> {
        let newest = self.file.newest();
        let catalog = self
            .file
            .catalog(newest)?
            .ok_or_else(|| Error::new(ErrorKind::Malformed, "no document catalog"))?;
        let root = catalog
            .object
            .dictionary()
            .ok_or_else(|| malformed("the catalog", catalog.id))?;
        let value = root.get("AcroForm");
        let id = value.reference();
        let form = self.file.resolve(value, newest)?;
        let Some(form) = form.dictionary() else {
            let Some(field) = field else { return Ok(()) };
            let id = self.number()?;
            let body = format!("<</Fields[{}]/SigFlags 3>>", written(field)).into_bytes();
            self.objects.push(NewObject { id, body });
            let body = with_values(root, &[("AcroForm", written(id).as_bytes())]);
            self.objects.push(NewObject {
                id: catalog.id,
                body,
            });
            return Ok(());
        };
        let fields = match field {
            Some(field) => self.extend(form, "Fields", field)?,
            None => None,
        };
        let old = self
            .file
            .get(form, "SigFlags", newest)?
            .integer()
            .unwrap_or(0);
        let flags = (old | SIGNATURES_EXIST_AND_APPEND_ONLY).to_string();
        let mut values: Vec<(&str, &[u8])> = Vec::new();
        if let Some(fields) = &fields {
            values.push(("Fields", fields));
        }
        if flags != old.to_string() {
            values.push(("SigFlags", flags.as_bytes()));
        }
        if values.is_empty() {
            return Ok(());
        }
        let body = with_values(form, &values);
        let object = match id {
            // A reference to a reference is written as the object that it leads to in the end.
            Some(id) => NewObject { id, body },
            None => NewObject {
                id: catalog.id,
                body: with_values(root, &[("AcroForm", &body)]),
            },
        };
        self.objects.push(object);
        Ok(())
    }

    /// Adds a reference to an array that is a value of a dictionary. The array's new text where it
    /// stands in the dictionary; `None` where it is an object of its own, which then is updated.
    fn extend(
        &mut self,
        dictionary: &Dictionary<'a>,
        key: &str,
        element: Reference,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.extend_all(dictionary, key, &[element])
    }

    /// As [`extend`](Self::extend), with several references.
    pub(super) fn extend_all(
        &mut self,
        dictionary: &Dictionary<'a>,
        key: &str,
        elements: &[Reference],
    ) -> Result<Option<Vec<u8>>, Error> {
        let newest = self.file.newest();
        let element: Vec<String> = elements.iter().copied().map(written).collect();
        let element = element.join(" ");
        let value = dictionary.get(key);
        let id = value.reference();
        match self.file.resolve(value, newest)? {
            Object::Array(array) => {
                let text = with_element(&array, element.as_bytes());
                let Some(id) = id else { return Ok(Some(text)) };
                // One array may be both the fields of the form and the annotations of the page.
                match self.objects.iter().find(|object| object.id == id) {
                    None => self.objects.push(NewObject { id, body: text }),
                    Some(known) if known.body == text => {}
                    Some(_) => {
                        let what = format!("/{key} that is the list of something else as well");
                        return Err(Error::new(ErrorKind::Unsupported, what));
                    }
                }
                Ok(None)
            }
            Object::Null => Ok(Some(format!("[{element}]").into_bytes())),
            _ => Err(Error::new(
                ErrorKind::Malformed,
                format!("/{key} that is no array"),
            )),
        }
    }

    /// The /Reference of a field's /Lock (§12.7.5.5): the fields that it locks are named again in
    /// the signature, so that readers can hold later revisions to it.
    fn lock(&self, field: &Dictionary<'a>) -> Result<Option<Vec<u8>>, Error> {
        let newest = self.file.newest();
        let lock = self.file.get(field, "Lock", newest)?;
        let Some(lock) = lock.dictionary() else {
            return Ok(None);
        };
        let Object::Name(action) = self.file.get(lock, "Action", newest)? else {
            return Ok(None);
        };
        let mut text = b"/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams\
            <</Type/TransformParams/V/1.2/Action"
            .to_vec();
        text.extend_from_slice(action.octets());
        if let Object::Array(fields) = self.file.get(lock, "Fields", newest)? {
            text.extend_from_slice(b"/Fields");
            text.extend_from_slice(fields.raw().octets());
        }
        text.extend_from_slice(b">>>>]");
        Ok(Some(text))
    }
}

fn target<'f, 'a>(
    file: &File<'a>,
    form: &'f Form<'a>,
    name: Option<&str>,
    kind: &str,
) -> Result<Target<'f, 'a>, Error> {
    let Some(name) = name else {
        let first = if kind == "Sig" {
            "Signature"
        } else {
            "TimeStamp"
        };
        let name = (1_u32..)
            .map(|number| format!("{first}{number}"))
            .find(|name| !form.names.contains(name));
        return Ok(Target::New(name.unwrap_or_default()));
    };
    let at = |error: Error| error.at(Place::Part(name.to_owned()));
    if let Some(field) = form.fields.iter().find(|field| field.name == name) {
        return if file.resolve(field.value.clone(), file.newest())?.is_null() {
            Ok(Target::Empty(field))
        } else {
            Err(at(misuse("the field is signed already")))
        };
    }
    if form.names.contains(name) {
        return Err(at(misuse("the field is no signature field")));
    }
    // §12.7.4.2: a period separates the parts of a full name.
    if name.is_empty() || name.contains('.') {
        return Err(at(misuse("a name that no new field can have")));
    }
    Ok(Target::New(name.to_owned()))
}

/// Refuses a document whose certification forbids every change.
fn refuse_certified(file: &File<'_>, form: &Form<'_>) -> Result<(), Error> {
    let newest = file.newest();
    let mut values: Vec<Object<'_>> = form
        .fields
        .iter()
        .map(|field| field.value.clone())
        .collect();
    if let Some(catalog) = file.catalog(newest)?
        && let Some(catalog) = catalog.object.dictionary()
        && let Some(permissions) = file.get(catalog, "Perms", newest)?.dictionary()
    {
        values.push(permissions.get("DocMDP"));
    }
    let reader = Reader::new(file);
    for value in values {
        let value = file.resolve(value, newest)?;
        let Some(dictionary) = value.dictionary().cloned() else {
            continue;
        };
        let found = Found {
            dictionary,
            object: None,
            seen_in: newest,
            written_in: newest,
            unlisted: false,
        };
        if reader.read(&found)?.certification == Some(1) {
            let what = "a document whose certification allows no change";
            return Err(Error::new(ErrorKind::Unsupported, what));
        }
    }
    Ok(())
}

/// The first page of the page tree (§7.7.3).
fn first_page<'a>(file: &File<'a>) -> Result<Loaded<'a>, Error> {
    let newest = file.newest();
    let missing = || Error::new(ErrorKind::Malformed, "no page");
    let catalog = file.catalog(newest)?.ok_or_else(missing)?;
    let catalog = catalog.object.dictionary().ok_or_else(missing)?;
    let mut stack = vec![catalog.get("Pages")];
    let mut visited = HashSet::new();
    while let Some(object) = stack.pop() {
        let Object::Reference(id) = object else {
            continue;
        };
        if !visited.insert(id) || visited.len() > MOST_NODES {
            continue;
        }
        let Some(node) = file.load(id, newest)? else {
            continue;
        };
        let Some(dictionary) = node.object.dictionary() else {
            continue;
        };
        match file.get(dictionary, "Kids", newest)? {
            Object::Array(kids) if !dictionary.get("Type").is_name("Page") => {
                let first = stack.len();
                stack.extend(kids.iter().take(MOST_NODES));
                stack.get_mut(first..).unwrap_or_default().reverse();
            }
            _ => return Ok(node),
        }
    }
    Err(missing())
}

/// The second half of /ID: other for every signing, the same for the same one.
fn identifier(input: &[u8], request: &LayRequest<'_>, field: &str) -> [u8; 16] {
    let last = input
        .get(input.len().saturating_sub(IDENTIFYING)..)
        .unwrap_or_default();
    let words = [
        request.signed_at.to_pdf_date(),
        input.len().to_string(),
        field.to_owned(),
    ];
    let digest = sha256(&[last, words.join(" ").as_bytes()].concat());
    let mut identifier = [0; 16];
    for (to, from) in identifier.iter_mut().zip(digest) {
        *to = from;
    }
    identifier
}

pub(super) fn written(id: Reference) -> String {
    format!("{} {} R", id.number, id.generation)
}

fn misuse(what: &'static str) -> Error {
    Error::new(ErrorKind::Misuse, what)
}

fn malformed(what: &'static str, id: Reference) -> Error {
    Error::new(ErrorKind::Malformed, what).at(Place::Object {
        number: id.number,
        revision: None,
    })
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX >> 1)
}

/// Four numbers, the largest of 19 digits, and the blanks between them.
const RANGE_WIDTH: usize = 64;
const SIGNATURES_EXIST_AND_APPEND_ONLY: i64 = 3;
const MOST_NODES: usize = 100_000;
const IDENTIFYING: usize = 4096;
