//! [`Map`]: which part of the document each object belongs to.
//!
//! Built once for the earliest signed revision and extended by what each later one touched, so that
//! the work follows the bytes of the revisions and not their number. Sixteen octets an object; what
//! waits to be looked at is kept as numbers.
//!
//! An object that is reached in several ways has several roles, and a later change of it has to be
//! permitted in each of them. Pages, fields, annotations and the catalog are found first, by the
//! ways that ISO 32000-2 gives them; other references to them (destinations, structure) lead
//! nowhere else.

use std::rc::Rc;

use crate::error::{Error, ErrorKind};
use crate::pades::content;
use crate::pdf::{Array, Dictionary, Elements, File, Object, Place, Reference, text};
use crate::verdict::ContentDoubt;

/// What an object is to the document: a set of bits.
pub(super) type Roles = u32;

pub(super) const CATALOG: Roles = 1;
pub(super) const PAGES: Roles = 1 << 1;
pub(super) const PAGE: Roles = 1 << 2;
pub(super) const FORM: Roles = 1 << 3;
/// A form field, or a widget of one.
pub(super) const FIELD: Roles = 1 << 4;
/// An annotation that belongs to no field.
pub(super) const ANNOTATION: Roles = 1 << 5;
/// /Fields, or /Kids of a field, as an object of its own.
pub(super) const FIELD_LIST: Roles = 1 << 6;
/// /Annots as an object of its own.
pub(super) const ANNOTATION_LIST: Roles = 1 << 7;
/// An appearance of a field's widget, or a dictionary of them.
pub(super) const APPEARANCE: Roles = 1 << 8;
pub(super) const METADATA: Roles = 1 << 9;
pub(super) const VALIDATION: Roles = 1 << 10;
pub(super) const SIGNATURE: Roles = 1 << 11;
pub(super) const VALUE: Roles = 1 << 12;
pub(super) const STRUCTURE: Roles = 1 << 13;
pub(super) const ANNOTATION_PART: Roles = 1 << 14;
/// An object stream that holds objects which have roles.
pub(super) const CONTAINER: Roles = 1 << 15;
/// Everything else: it may not change.
pub(super) const CONTENT: Roles = 1 << 16;

/// Dictionaries found by their own way.
const WALLS: Roles = CATALOG | PAGES | PAGE | FORM | FIELD | ANNOTATION;
/// Roles whose owner is a field.
const OF_FIELD: Roles = FIELD | FIELD_LIST | APPEARANCE | SIGNATURE | VALUE;

/// The owner of what no page shows.
pub(super) const NOWHERE: u32 = 0;
/// The owner of what is shown on some page or other.
pub(super) const SOMEWHERE: u32 = u32::MAX - 1;
/// The owner of what several fields share.
pub(super) const SHARED: u32 = u32::MAX;

/// A form field.
pub(super) struct FieldInfo {
    pub(super) name: Rc<str>,
    pub(super) number: u32,
    pub(super) is_signature: bool,
    /// The page of its first widget, from 1; 0 where there is none.
    pub(super) page: u32,
    /// The revision, from 0, that it was met in first; for all of the earliest signed one, that.
    pub(super) since: usize,
}

/// What was found in the document that lets another one be seen.
#[derive(Clone, Copy)]
pub(super) struct Doubt {
    pub(super) what: ContentDoubt,
    /// The revision, from 0, that first had it.
    pub(super) revision: usize,
    pub(super) object: Option<u32>,
}

pub(super) struct Map<'f, 'a> {
    file: &'f File<'a>,
    numbers: Vec<u32>,
    roles: Vec<Roles>,
    owners: Vec<u32>,
    pub(super) fields: Vec<FieldInfo>,
    pub(super) doubts: Vec<Doubt>,
    /// The numbers of /DR of the form and of its /Font, where they are objects of their own.
    pub(super) form_resources: [Option<u32>; 2],
    pages: u32,
    revision: usize,
    /// Whether the first revision is taken in, so that only what later ones add is new.
    built: bool,
    /// By object, the roles that it was not looked at for yet.
    fresh: Vec<Roles>,
    /// The objects that have such roles, by their position in the table.
    waiting: Vec<u32>,
}

/// A field to be looked at.
struct Visit {
    id: Reference,
    parent: Option<u32>,
    is_signature: bool,
    depth: usize,
}

impl<'f, 'a> Map<'f, 'a> {
    /// The map of a revision.
    pub(super) fn of(file: &'f File<'a>, revision: usize) -> Result<Self, Error> {
        let numbers = file.numbers();
        let count = numbers.len();
        let mut map = Self {
            file,
            numbers,
            roles: vec![0; count],
            owners: vec![NOWHERE; count],
            fresh: vec![0; count],
            fields: Vec::new(),
            doubts: Vec::new(),
            form_resources: [None; 2],
            pages: 0,
            revision,
            built: false,
            waiting: Vec::new(),
        };
        map.root()?;
        map.deep()?;
        map.built = true;
        Ok(map)
    }

    /// What an object is and to whom it belongs: a field's index, or a page.
    pub(super) fn get(&self, number: u32) -> (Roles, u32) {
        self.index(number).map_or((0, NOWHERE), |index| {
            (
                self.roles.get(index).copied().unwrap_or(0),
                self.owners.get(index).copied().unwrap_or(NOWHERE),
            )
        })
    }

    /// The page, from 1, that shows an object, where that is known.
    pub(super) fn page(&self, number: u32) -> Option<u32> {
        let (roles, owner) = self.get(number);
        let page = if is_of_field(roles) {
            self.field(owner)?.page
        } else {
            owner
        };
        (page != NOWHERE && page < SOMEWHERE).then_some(page)
    }

    /// A field by its index.
    pub(super) fn field(&self, index: u32) -> Option<&FieldInfo> {
        self.fields.get(usize::try_from(index).ok()?)
    }

    /// Numbers in use after a revision that nothing leads to.
    pub(super) fn unreached(&self, revision: usize) -> impl Iterator<Item = u32> {
        self.numbers
            .iter()
            .zip(&self.roles)
            .filter(move |(number, roles)| {
                **roles == 0
                    && matches!(
                        self.file.listed(**number, revision),
                        Some((_, Place::Offset(_) | Place::InStream { .. }))
                    )
            })
            .map(|(number, _)| *number)
    }

    /// Takes in what a revision touched.
    pub(super) fn extend(&mut self, revision: usize, touched: &[u32]) -> Result<(), Error> {
        self.revision = revision;
        let root = self.file.trailer(revision, "Root").reference();
        let before = revision
            .checked_sub(1)
            .map(|before| self.file.trailer(before, "Root"));
        if root != before.and_then(|root| root.reference()) {
            self.root()?;
        }
        for &number in touched {
            let (roles, owner) = self.get(number);
            if roles & (CATALOG | FORM | FIELD | FIELD_LIST | PAGES | PAGE | ANNOTATION_LIST) != 0 {
                self.structure(number, roles, owner)?;
            }
        }
        for &number in touched {
            let (roles, _) = self.get(number);
            self.wait(number, roles);
        }
        if self.file.states(revision, "Info") {
            self.spread_trailer();
        }
        self.deep()
    }

    // ---- what has a way of its own

    fn root(&mut self) -> Result<(), Error> {
        let Object::Reference(root) = self.file.trailer(self.revision, "Root") else {
            return Ok(());
        };
        self.add_seed(root.number, CATALOG, NOWHERE);
        self.structure(root.number, CATALOG, NOWHERE)?;
        self.spread_trailer();
        Ok(())
    }

    fn spread_trailer(&mut self) {
        let info = self.file.trailer(self.revision, "Info");
        self.spread(&info, METADATA, NOWHERE, None);
        // What every string and stream is read by.
        let encryption = self.file.trailer(self.revision, "Encrypt");
        self.spread(&encryption, CONTENT, NOWHERE, None);
    }

    /// Finds pages, annotations and fields below an object that has one of these roles. Of lists that
    /// grew, only what is new is looked at.
    fn structure(&mut self, number: u32, roles: Roles, owner: u32) -> Result<(), Error> {
        let Some(object) = self.load(number)? else {
            return Ok(());
        };
        let before = self.known(number)?;
        let is_signature = self.field(owner).is_some_and(|field| field.is_signature);
        if let Object::Array(_) = object {
            let before = match &before {
                Some(Object::Array(before)) => Some(before),
                _ => None,
            };
            if roles & FIELD_LIST != 0 {
                let parent = self.field(owner).is_some().then_some(owner);
                self.fields_below(object.clone(), parent, is_signature, before)?;
            }
            if roles & ANNOTATION_LIST != 0 {
                self.annotations(object, owner, before)?;
            }
            return Ok(());
        }
        let Some(dictionary) = object.dictionary().cloned() else {
            return Ok(());
        };
        let before = before.and_then(|before| before.dictionary().cloned());
        if roles & CATALOG != 0 {
            match dictionary.get("Pages") {
                // It has to stand elsewhere, and readers do not mind.
                Object::Dictionary(pages) => self.page_tree(pages.get("Kids"))?,
                pages => self.page_tree(pages)?,
            }
            let form = dictionary.get("AcroForm");
            if let Object::Reference(id) = form {
                self.add_seed(id.number, FORM, NOWHERE);
            }
            let is_known = self.built && matches!(form, Object::Reference(_));
            if let Some(form) = self.resolve(form)?.dictionary().cloned() {
                let old = match &before {
                    Some(before) if !is_known => before.get("AcroForm").dictionary().cloned(),
                    _ => None,
                };
                self.form(&form, old.as_ref())?;
            }
        }
        if roles & FORM != 0 {
            self.form(&dictionary, before.as_ref())?;
        }
        let list = |key: &str| match before.as_ref().map(|before| before.get(key)) {
            Some(Object::Array(list)) => Some(list),
            _ => None,
        };
        if roles & FIELD != 0 {
            let before = list("Kids");
            let kids = dictionary.get("Kids");
            self.fields_below(kids, Some(owner), is_signature, before.as_ref())?;
        }
        if roles & PAGES != 0 {
            self.page_tree(dictionary.get("Kids"))?;
        }
        if roles & PAGE != 0 {
            let before = list("Annots");
            self.annotations(dictionary.get("Annots"), owner, before.as_ref())?;
        }
        Ok(())
    }

    /// An object as the map knows it, while a revision is taken in.
    fn known(&self, number: u32) -> Result<Option<Object<'a>>, Error> {
        if !self.built {
            return Ok(None);
        }
        let Some(before) = self.revision.checked_sub(1) else {
            return Ok(None);
        };
        let Some((generation, _)) = self.file.listed(number, before) else {
            return Ok(None);
        };
        match self.file.load(Reference { number, generation }, before) {
            Ok(loaded) => Ok(loaded.map(|loaded| loaded.object)),
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn form(
        &mut self,
        form: &Dictionary<'a>,
        before: Option<&Dictionary<'a>>,
    ) -> Result<(), Error> {
        let resources = form.get("DR");
        let fonts = self
            .resolve(resources.clone())?
            .dictionary()
            .and_then(|resources| resources.get("Font").reference());
        self.form_resources = [
            resources.reference().map(|id| id.number),
            fonts.map(|id| id.number),
        ];
        let before = match before.map(|before| before.get("Fields")) {
            Some(Object::Array(list)) => Some(list),
            _ => None,
        };
        self.fields_below(form.get("Fields"), None, false, before.as_ref())
    }

    /// Walks the page tree below a node or a list of kids, in the order of the pages.
    fn page_tree(&mut self, top: Object<'a>) -> Result<(), Error> {
        let mut stack: Vec<Reference> = Vec::new();
        self.push_kids(top, &mut stack)?;
        while let Some(id) = stack.pop() {
            let (roles, _) = self.get(id.number);
            if roles & (PAGES | PAGE) != 0 {
                continue;
            }
            let Some(object) = self.load_reference(id)? else {
                // A missing page could be supplied.
                self.reach(id, CONTENT, SOMEWHERE);
                continue;
            };
            let Some(node) = object.dictionary().cloned() else {
                // An object that is a reference, or something that a reader may make sense of.
                self.reach(id, CONTENT, SOMEWHERE);
                continue;
            };
            if node.has("Kids") {
                self.add_seed(id.number, PAGES, NOWHERE);
                let kids = node.get("Kids");
                if let Object::Reference(list) = kids {
                    self.reach(list, CONTENT, SOMEWHERE);
                }
                self.push_kids(kids, &mut stack)?;
            } else {
                self.pages = self.pages.saturating_add(1);
                let page = self.pages;
                self.add_seed(id.number, PAGE, page);
                self.annotations(node.get("Annots"), page, None)?;
            }
        }
        Ok(())
    }

    fn push_kids(&self, kids: Object<'a>, stack: &mut Vec<Reference>) -> Result<(), Error> {
        let first = stack.len();
        match kids {
            Object::Reference(id) => match self.load_reference(id)? {
                Some(Object::Array(array)) => {
                    stack.extend(array.iter().filter_map(|kid| kid.reference()));
                }
                _ => stack.push(id),
            },
            Object::Array(array) => {
                stack.extend(array.iter().filter_map(|kid| kid.reference()));
            }
            _ => {}
        }
        stack.get_mut(first..).unwrap_or_default().reverse();
        Ok(())
    }

    /// `before` is the list as the map knows it.
    fn annotations(
        &mut self,
        list: Object<'a>,
        page: u32,
        before: Option<&Array<'a>>,
    ) -> Result<(), Error> {
        if let Object::Reference(id) = list {
            self.add_seed(id.number, ANNOTATION_LIST, page);
        }
        let Object::Array(list) = self.resolve(list)? else {
            return Ok(());
        };
        for element in behind(&list, before) {
            if let Object::Reference(id) = element {
                let (roles, owner) = self.get(id.number);
                if roles & FIELD != 0 {
                    self.shown_on(owner, page);
                } else if roles & WALLS == 0 {
                    self.dangling(id, true);
                    self.add_seed(id.number, ANNOTATION, page);
                }
            }
        }
        Ok(())
    }

    fn shown_on(&mut self, field: u32, page: u32) {
        let field = usize::try_from(field)
            .ok()
            .and_then(|index| self.fields.get_mut(index));
        if let Some(field) = field
            && field.page == NOWHERE
        {
            field.page = page;
        }
    }

    fn fields_below(
        &mut self,
        list: Object<'a>,
        parent: Option<u32>,
        is_signature: bool,
        before: Option<&Array<'a>>,
    ) -> Result<(), Error> {
        let mut stack = Vec::new();
        self.push_fields(list, parent, is_signature, 0, before, &mut stack)?;
        while let Some(visit) = stack.pop() {
            let number = visit.id.number;
            let (roles, page) = self.get(number);
            if roles & (FIELD | CATALOG | PAGES | PAGE | FORM) != 0 {
                continue;
            }
            let Some(object) = self.load_reference(visit.id)? else {
                self.reach(visit.id, CONTENT, SOMEWHERE);
                continue;
            };
            let Some(node) = object.dictionary().cloned() else {
                self.reach(visit.id, CONTENT, SOMEWHERE);
                continue;
            };
            let name = match self.resolve(node.get("T"))? {
                Object::String(name) => Some(text::decode(&name.octets())),
                _ => None,
            };
            let is_signature = match self.resolve(node.get("FT"))? {
                Object::Name(kind) => kind.is("Sig"),
                _ => visit.is_signature,
            };
            let field = match (visit.parent, name) {
                // A kid without a name is a widget of its parent's field.
                (Some(parent), None) => parent,
                (parent, name) => {
                    let above = parent.and_then(|parent| self.field(parent));
                    let name = name.unwrap_or_default();
                    let name: Rc<str> = match above {
                        Some(above) if !above.name.is_empty() => {
                            let name = format!("{}.{name}", above.name);
                            self.file.charge(name.len())?;
                            name.into()
                        }
                        _ => name.into(),
                    };
                    if self.fields.len() >= self.file.limits().pdf_fields {
                        return Err(Error::new(ErrorKind::TooLarge, "form fields of a PDF"));
                    }
                    let index = u32::try_from(self.fields.len()).unwrap_or(SHARED);
                    self.fields.push(FieldInfo {
                        name,
                        number,
                        is_signature,
                        page: NOWHERE,
                        since: self.revision,
                    });
                    index
                }
            };
            if roles & ANNOTATION != 0 {
                self.shown_on(field, page);
            }
            if let Some(index) = self.index(number) {
                if let Some(roles) = self.roles.get_mut(index) {
                    *roles = *roles & !ANNOTATION | FIELD;
                }
                if let Some(owner) = self.owners.get_mut(index) {
                    *owner = field;
                }
            }
            self.wait(number, FIELD);
            let kids = node.get("Kids");
            let depth = visit.depth + 1;
            self.push_fields(kids, Some(field), is_signature, depth, None, &mut stack)?;
        }
        Ok(())
    }

    fn push_fields(
        &mut self,
        list: Object<'a>,
        parent: Option<u32>,
        is_signature: bool,
        depth: usize,
        before: Option<&Array<'a>>,
        stack: &mut Vec<Visit>,
    ) -> Result<(), Error> {
        if let Object::Reference(id) = list {
            self.add_seed(id.number, FIELD_LIST, parent.unwrap_or(SHARED));
        }
        let Object::Array(list) = self.resolve(list)? else {
            return Ok(());
        };
        if depth > self.file.limits().pdf_depth {
            return Err(Error::new(ErrorKind::TooLarge, "nesting of form fields"));
        }
        let first = stack.len();
        for element in behind(&list, before) {
            if let Object::Reference(id) = element {
                if stack.len() - first > self.file.limits().pdf_fields.saturating_mul(2) {
                    return Err(Error::new(ErrorKind::TooLarge, "form fields of a PDF"));
                }
                stack.push(Visit {
                    id,
                    parent,
                    is_signature,
                    depth,
                });
            }
        }
        stack.get_mut(first..).unwrap_or_default().reverse();
        Ok(())
    }

    // ---- everything else

    /// Looks at what waits, wave by wave and each wave in the order of the numbers, so that an
    /// object stream is decoded once for a wave.
    fn deep(&mut self) -> Result<(), Error> {
        while !self.waiting.is_empty() {
            let mut wave = std::mem::take(&mut self.waiting);
            wave.sort_unstable();
            for position in wave {
                self.look(position)?;
            }
        }
        Ok(())
    }

    fn look(&mut self, position: u32) -> Result<(), Error> {
        let Ok(index) = usize::try_from(position) else {
            return Ok(());
        };
        let (Some(&number), Some(fresh)) = (self.numbers.get(index), self.fresh.get_mut(index))
        else {
            return Ok(());
        };
        let fresh = std::mem::take(fresh);
        let (all, owner) = self.get(number);
        // What was taken for an annotation may have turned out to be a field.
        let roles = fresh & all;
        // The page of what belongs to a field is the field's.
        let shown = if is_of_field(all) {
            self.page(number).unwrap_or(SOMEWHERE)
        } else {
            owner
        };
        if let Some(container) = self.file.stream_of(number, self.revision) {
            self.add_seed(container, CONTAINER, NOWHERE);
        }
        let Some(object) = self.load(number)? else {
            let is_shown = roles & (WALLS | APPEARANCE | ANNOTATION_PART) != 0
                || roles & CONTENT != 0 && shown != NOWHERE;
            if is_shown {
                self.doubt(ContentDoubt::Dangling, Some(number));
            }
            return Ok(());
        };
        let own = Some(number);
        if content::is_veiled_object_stream(self.file, &object, self.revision) {
            self.doubt(ContentDoubt::Hidden, own);
        }
        if roles & APPEARANCE != 0 {
            match &object {
                Object::Stream(_) => self.spread(&object, CONTENT, shown, own),
                _ => self.spread(&object, APPEARANCE, owner, own),
            }
        }
        for role in [
            METADATA,
            VALIDATION,
            SIGNATURE,
            VALUE,
            STRUCTURE,
            ANNOTATION_PART,
            CONTENT,
        ] {
            if roles & role != 0 {
                let of_field = role & OF_FIELD != 0;
                self.spread(&object, role, if of_field { owner } else { shown }, own);
            }
        }
        if matches!(object, Object::Reference(_)) {
            // What such an object leads to may be shown as if it stood here.
            self.spread(&object, CONTENT, SOMEWHERE, own);
            return Ok(());
        }
        if roles & CONTAINER != 0 {
            // Where its objects begin may be said elsewhere (/First, /N, /Length, /DecodeParms).
            self.spread(&object, CONTENT, SOMEWHERE, own);
        }
        if roles & (FIELD_LIST | ANNOTATION_LIST) != 0
            && let Object::Array(list) = &object
        {
            self.direct_elements(list.iter(), SOMEWHERE, own);
        }
        let Some(dictionary) = object.dictionary() else {
            return Ok(());
        };
        if roles & WALLS != 0 {
            self.note(dictionary, roles, own, matches!(object, Object::Stream(_)));
        }
        for role in [CATALOG, PAGES, PAGE, FORM, FIELD, ANNOTATION] {
            if roles & role != 0 {
                for key in dictionary.keys() {
                    let key = key.text();
                    // Long lists that were read by their own way, and are mostly references.
                    let is_list =
                        matches!((role, key.as_str()), (PAGE, "Annots") | (PAGES, "Kids"));
                    let is_plain = || {
                        dictionary
                            .raw_value(&key)
                            .is_some_and(|raw| memchr::memchr(b'<', raw.octets()).is_none())
                    };
                    if (role, key.as_str()) == (FORM, "Fields") || is_list && is_plain() {
                        continue;
                    }
                    self.key(role, &key, dictionary.get(&key), owner, own);
                }
            }
        }
        Ok(())
    }

    /// Where a value of a key leads, by what the dictionary is.
    fn key(&mut self, role: Roles, key: &str, value: Object<'a>, owner: u32, own: Option<u32>) {
        let (role, owner) = match (role, key) {
            (CATALOG, "Pages") => {
                if let Object::Dictionary(pages) = value {
                    self.note(&pages, PAGES, own, false);
                    for (key, value) in pages.iter() {
                        self.key(PAGES, &key.text(), value, NOWHERE, own);
                    }
                }
                return;
            }
            (ANNOTATION, "Parent") => return,
            // Whoever they inherit from; in a sound tree it was found on the way down.
            (PAGES | PAGE | FIELD, "Parent") => (CONTENT, NOWHERE),
            (FIELD | ANNOTATION, "P") | (FORM, "Fields") | (FIELD, "Kids") => return,
            (CATALOG, "AcroForm") => match value {
                Object::Dictionary(form) => {
                    self.note(&form, FORM, own, false);
                    for (key, value) in form.iter() {
                        self.key(FORM, &key.text(), value, NOWHERE, own);
                    }
                    return;
                }
                _ => return,
            },
            (CATALOG, "DSS") => (VALIDATION, NOWHERE),
            (CATALOG, "StructTreeRoot") => (STRUCTURE, NOWHERE),
            (CATALOG | PAGE, key) if content::is_metadata(key) => (METADATA, NOWHERE),
            (CATALOG, _) => (CONTENT, NOWHERE),
            (PAGES, "Kids") | (PAGE, "Annots") => {
                // References alone are the rule, and they were looked at already.
                if let Object::Array(list) = &value
                    && memchr::memchr(b'<', list.raw().octets()).is_some()
                {
                    self.direct_elements(list.iter(), owner, own);
                }
                return;
            }
            (PAGES | FORM, _) => (CONTENT, SOMEWHERE),
            // Article threads: reading order, not what is shown.
            (PAGE, "B") => (CONTENT, NOWHERE),
            (FIELD, "AP") => (APPEARANCE, owner),
            (FIELD, "V") => {
                let is_signature = self.field(owner).is_some_and(|field| field.is_signature);
                (if is_signature { SIGNATURE } else { VALUE }, owner)
            }
            (FIELD, _) => {
                let page = self.field(owner).map_or(NOWHERE, |field| field.page);
                (CONTENT, if page == NOWHERE { SOMEWHERE } else { page })
            }
            (ANNOTATION, _) => (ANNOTATION_PART, owner),
            _ => (CONTENT, owner),
        };
        self.spread(&value, role, owner, own);
    }

    fn direct_elements(&mut self, elements: Elements<'a>, owner: u32, own: Option<u32>) {
        for element in elements {
            if !matches!(element, Object::Reference(_)) {
                self.spread(&element, CONTENT, owner, own);
            }
        }
    }

    /// Gives every reference in a value this role.
    fn spread(&mut self, object: &Object<'a>, role: Roles, owner: u32, own: Option<u32>) {
        let mut stack: Vec<Frame<'a>> = vec![Frame::One(object.clone())];
        while let Some(frame) = stack.pop() {
            let object = match frame {
                Frame::One(object) => object,
                Frame::Array(mut elements) => match elements.next() {
                    None => continue,
                    Some(element) => {
                        stack.push(Frame::Array(elements));
                        element
                    }
                },
            };
            match &object {
                Object::Reference(id) => self.reach(*id, role, owner),
                Object::Array(array) => stack.push(Frame::Array(array.iter())),
                Object::Dictionary(_) | Object::Stream(_) => {
                    let is_stream = matches!(object, Object::Stream(_));
                    let Some(dictionary) = object.dictionary() else {
                        continue;
                    };
                    self.note(dictionary, role, own, is_stream);
                    let deep = dictionary.iter().map(|(_, value)| value).filter(is_deep);
                    stack.extend(deep.map(Frame::One));
                }
                _ => {}
            }
        }
    }

    fn reach(&mut self, id: Reference, role: Roles, owner: u32) {
        let (roles, _) = self.get(id.number);
        if roles & WALLS != 0 {
            return;
        }
        let is_shown = match role {
            CONTENT => owner != NOWHERE,
            APPEARANCE | ANNOTATION_PART => true,
            _ => false,
        };
        self.dangling(id, is_shown);
        self.add_seed(id.number, role, owner);
    }

    /// A reference to nothing could be filled later.
    fn dangling(&mut self, id: Reference, is_shown: bool) {
        if is_shown
            && matches!(
                self.file.place(id, self.revision),
                None | Some((Place::Free, _))
            )
        {
            self.doubt(ContentDoubt::Dangling, Some(id.number));
        }
    }

    fn note(&mut self, dictionary: &Dictionary<'a>, role: Roles, own: Option<u32>, stream: bool) {
        let is_read = role & (METADATA | STRUCTURE | VALIDATION) == 0;
        let mut found = Vec::new();
        content::look(dictionary, stream, is_read, &mut |what| found.push(what));
        for what in found {
            self.doubt(what, own);
        }
    }

    /// The first of each kind is kept.
    pub(super) fn doubt(&mut self, what: ContentDoubt, object: Option<u32>) {
        if !self.doubts.iter().any(|known| known.what == what) {
            self.doubts.push(Doubt {
                what,
                revision: self.revision,
                object,
            });
        }
    }

    // ---- the table

    fn add_seed(&mut self, number: u32, role: Roles, owner: u32) {
        if self.add(number, role, owner) {
            self.wait(number, role);
        }
    }

    /// Lets an object be looked at for these roles.
    fn wait(&mut self, number: u32, roles: Roles) {
        let Some(index) = self.index(number) else {
            return;
        };
        let (Some(fresh), Ok(position)) = (self.fresh.get_mut(index), u32::try_from(index)) else {
            return;
        };
        if roles != 0 && *fresh == 0 {
            self.waiting.push(position);
        }
        *fresh |= roles;
    }

    /// Gives an object a role; whether it has to be looked at for that.
    fn add(&mut self, number: u32, role: Roles, owner: u32) -> bool {
        let Some(index) = self.index(number) else {
            return false;
        };
        let (Some(roles), Some(of)) = (self.roles.get_mut(index), self.owners.get_mut(index))
        else {
            return false;
        };
        let is_new = *roles & role == 0;
        // Reached from somewhere that is not shown first, and now from a page.
        let mut is_shown = false;
        if *roles == 0 {
            *of = owner;
        } else if role == CONTENT && is_of_field(*roles) {
            // From now on it may not change, whatever a field says: the page is what counts.
            *of = owner;
        } else if role & OF_FIELD != 0 && is_of_field(*roles) && *of != owner {
            *of = SHARED;
        } else if role == CONTENT && *of == NOWHERE && owner != NOWHERE {
            is_shown = true;
            *of = owner;
        }
        *roles |= role;
        is_new || is_shown
    }

    fn index(&self, number: u32) -> Option<usize> {
        // Most files number their objects without a gap.
        let guess = usize::try_from(number).ok()?;
        if self.numbers.get(guess) == Some(&number) {
            return Some(guess);
        }
        self.numbers.binary_search(&number).ok()
    }

    /// An object as it is now; what cannot be read is nothing, and a limit ends all.
    fn load(&self, number: u32) -> Result<Option<Object<'a>>, Error> {
        let Some((generation, _)) = self.file.listed(number, self.revision) else {
            return Ok(None);
        };
        self.load_reference(Reference { number, generation })
    }

    fn load_reference(&self, id: Reference) -> Result<Option<Object<'a>>, Error> {
        match self.file.load(id, self.revision) {
            Ok(loaded) => Ok(loaded.map(|loaded| loaded.object)),
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn resolve(&self, object: Object<'a>) -> Result<Object<'a>, Error> {
        match self.file.resolve(object, self.revision) {
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(Object::Null),
            other => other,
        }
    }
}

/// The elements of a list behind those that it began with before.
fn behind<'a>(list: &Array<'a>, before: Option<&Array<'a>>) -> Elements<'a> {
    match before {
        Some(before) => before.behind_common(list).1,
        None => list.iter(),
    }
}

/// Whether the owner of an object with these roles is a field; what is content as well has a page.
fn is_of_field(roles: Roles) -> bool {
    roles & OF_FIELD != 0 && roles & CONTENT == 0
}

enum Frame<'a> {
    One(Object<'a>),
    Array(Elements<'a>),
}

fn is_deep(object: &Object<'_>) -> bool {
    matches!(
        object,
        Object::Array(_) | Object::Dictionary(_) | Object::Stream(_) | Object::Reference(_)
    )
}
