//! The form's fields (ISO 32000-2 §12.7) as each revision has them, as far as signatures need them.
//!
//! A signature that a later revision removed, re-pointed or whose form it dropped is still one:
//! every revision is walked. A revision that touches nothing of the form is not walked again, and a
//! field is read once however many revisions list it, so the work stays near the size of the file.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::error::{Error, ErrorKind};
use crate::pdf::{Array, Dictionary, File, Object, Reference, text};

/// A signature field.
#[derive(Clone)]
pub(super) struct Field<'a> {
    /// Its full name; empty where no part has one.
    pub(super) name: String,
    /// The object of the field, where it is one of its own.
    pub(super) id: Option<Reference>,
    /// /V; `Null` for an empty field.
    pub(super) value: Object<'a>,
}

/// What one revision's form says.
#[derive(Clone, Default)]
pub(super) struct Form<'a> {
    /// The signature fields, in the order of the form.
    pub(super) fields: Vec<Field<'a>>,
    /// The full names of all fields.
    pub(super) names: HashSet<String>,
    /// Keys that stand more than once, with the object they stand in.
    pub(super) doubled: Vec<(u32, String)>,
    /// Objects that cannot be read.
    pub(super) unreadable: Vec<u32>,
    /// The numbers of all objects that were looked at.
    pub(super) seen: HashSet<u32>,
    /// The list of its fields, and the objects that do no more than lead to it.
    list: Option<Array<'a>>,
    leads: [Option<u32>; 3],
}

/// Walks the forms of a file's revisions.
pub(super) struct Forms<'f, 'a> {
    file: &'f File<'a>,
    nodes: HashMap<(usize, u32), Option<Rc<Node<'a>>>>,
    left: usize,
}

/// A node of the tree of fields.
struct Node<'a> {
    name: Option<String>,
    kind: Option<bool>,
    value: Object<'a>,
    kids: Object<'a>,
    /// Keys that stand in it more than once.
    doubled: Vec<String>,
}

/// A node to be visited, with what it inherits.
struct Visit<'a> {
    object: Object<'a>,
    parent: Rc<str>,
    /// Whether the type inherited is `Sig`.
    signature: bool,
    value: Object<'a>,
    /// The field that a widget without a name of its own belongs to.
    field: Option<Reference>,
    depth: usize,
}

impl<'f, 'a> Forms<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>) -> Self {
        let left = file.limits().pdf_fields.saturating_mul(WALKS);
        Self {
            file,
            nodes: HashMap::new(),
            left,
        }
    }

    /// The form of a revision, from 0.
    pub(super) fn walk(&mut self, revision: usize) -> Result<Form<'a>, Error> {
        let mut form = Form::default();
        let Object::Reference(root) = self.file.trailer(revision, "Root") else {
            return Ok(form);
        };
        let root_object = Object::Reference(root);
        let Some((catalog, number)) =
            self.dictionary(root_object, revision, root.number, &mut form)?
        else {
            return Ok(form);
        };
        note_doubled(&catalog, number, &mut form);
        let acro_form = catalog.get("AcroForm");
        let Some((acro_form, number)) = self.dictionary(acro_form, revision, number, &mut form)?
        else {
            return Ok(form);
        };
        note_doubled(&acro_form, number, &mut form);
        let mut stack = Vec::new();
        let fields = acro_form.get("Fields");
        form.leads = [
            Some(root.number),
            catalog.get("AcroForm").reference().map(|id| id.number),
            fields.reference().map(|id| id.number),
        ];
        form.list = match self.resolve(fields.clone(), revision, &mut form)? {
            Some(Object::Array(list)) => Some(list),
            _ => None,
        };
        self.push(&mut stack, &top(), fields, revision, &mut form)?;
        self.visit_all(stack, revision, &mut form)?;
        Ok(form)
    }

    /// Takes a revision into a form that it only adds fields to: gives these, or `None` where it did
    /// something else. `touched` are the numbers that it lists.
    pub(super) fn grow(
        &mut self,
        form: &mut Form<'a>,
        revision: usize,
        touched: &[u32],
    ) -> Result<Option<Form<'a>>, Error> {
        let leads = form.leads;
        let other = |number: &&u32| form.seen.contains(number) && !leads.contains(&Some(**number));
        if touched.iter().any(|number| other(&number)) {
            return Ok(None);
        }
        let mut added = Form::default();
        let Object::Reference(root) = self.file.trailer(revision, "Root") else {
            return Ok(None);
        };
        let root_object = Object::Reference(root);
        let Some((catalog, number)) =
            self.dictionary(root_object, revision, root.number, &mut added)?
        else {
            return Ok(None);
        };
        note_doubled(&catalog, number, &mut added);
        let found = catalog.get("AcroForm");
        let Some((acro_form, number)) = self.dictionary(found, revision, number, &mut added)?
        else {
            return Ok(None);
        };
        note_doubled(&acro_form, number, &mut added);
        let fields = acro_form.get("Fields");
        added.leads = [
            Some(root.number),
            catalog.get("AcroForm").reference().map(|id| id.number),
            fields.reference().map(|id| id.number),
        ];
        if added.leads != leads {
            return Ok(None);
        }
        let list = match self.resolve(fields, revision, &mut added)? {
            Some(Object::Array(list)) => list,
            _ => return Ok(None),
        };
        let Some(before) = &form.list else {
            return Ok(None);
        };
        let (mut gone, news) = before.behind_common(&list);
        // What stands behind the common beginning may be the last element, written on.
        let last: Vec<Object<'a>> = gone.by_ref().take(2).collect();
        let news: Vec<Object<'a>> = news.take(self.file.limits().pdf_fields).collect();
        let stays = match (last.as_slice(), news.first()) {
            ([], _) => true,
            ([last], Some(first)) => {
                last.reference().is_some() && last.reference() == first.reference()
            }
            _ => false,
        };
        if !stays {
            return Ok(None);
        }
        let mut stack = Vec::new();
        for object in news.into_iter().skip(last.len()).rev() {
            // A field that is listed once more is visited once.
            if object
                .reference()
                .is_none_or(|id| form.seen.contains(&id.number))
            {
                return Ok(None);
            }
            stack.push(Visit { object, ..top() });
        }
        self.visit_all(stack, revision, &mut added)?;
        form.list = Some(list);
        form.names.extend(added.names.iter().cloned());
        form.seen.extend(added.seen.iter().copied());
        Ok(Some(added))
    }

    fn visit_all(
        &mut self,
        mut stack: Vec<Visit<'a>>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<(), Error> {
        let mut visited = HashSet::new();
        while let Some(visit) = stack.pop() {
            self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
            if let Object::Reference(id) = visit.object
                && !visited.insert(id)
            {
                continue;
            }
            if visited.len() > self.file.limits().pdf_fields {
                return Err(too_many());
            }
            self.visit(&visit, revision, &mut stack, form)?;
        }
        Ok(())
    }

    fn visit(
        &mut self,
        visit: &Visit<'a>,
        revision: usize,
        stack: &mut Vec<Visit<'a>>,
        form: &mut Form<'a>,
    ) -> Result<(), Error> {
        let Some(node) = self.node(&visit.object, revision, form)? else {
            return Ok(());
        };
        let id = visit.object.reference();
        if let Some(id) = id {
            form.doubled
                .extend(node.doubled.iter().map(|key| (id.number, key.clone())));
        }
        let name: Rc<str> = match &node.name {
            None => visit.parent.clone(),
            Some(name) if visit.parent.is_empty() => name.as_str().into(),
            Some(name) => format!("{}.{name}", visit.parent).into(),
        };
        // Every kid's full name repeats its parent's: a long one over many kids would fill memory.
        let beyond = name.len().saturating_sub(ORDINARY_NAME);
        self.file.charge(beyond.saturating_mul(4))?;
        // A kid without a name is a widget of its parent's field.
        let field = if node.name.is_none() {
            visit.field.or(id)
        } else {
            id
        };
        let signature = node.kind.unwrap_or(visit.signature);
        let own = !node.value.is_null();
        let value = if own {
            node.value.clone()
        } else {
            visit.value.clone()
        };
        let below = Visit {
            object: Object::Null,
            parent: name.clone(),
            signature,
            value: value.clone(),
            field,
            depth: visit.depth + 1,
        };
        let kids = self.push(stack, &below, node.kids.clone(), revision, form)?;
        form.names.insert(name.to_string());
        let widget = node.name.is_none() && visit.field.is_some();
        let group = kids && !own;
        // A widget speaks only where it says something else than its field.
        if widget && !own || group && !self.widgets_only(&node.kids, revision, form)? {
            return Ok(());
        }
        if let Object::Reference(id) = value {
            self.see(id.number, revision, form);
        }
        if signature || own && self.looks_signed(&node.value, revision, form)? {
            form.fields.push(Field {
                name: name.to_string(),
                id: field,
                value,
            });
        }
        Ok(())
    }

    /// Puts the kids of a node on the stack, so that the first comes off first.
    fn push(
        &self,
        stack: &mut Vec<Visit<'a>>,
        like: &Visit<'a>,
        kids: Object<'a>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<bool, Error> {
        if let Object::Reference(id) = kids {
            self.see(id.number, revision, form);
        }
        let Some(Object::Array(kids)) = self.resolve(kids, revision, form)? else {
            return Ok(false);
        };
        if like.depth > self.file.limits().pdf_depth {
            return Err(Error::new(ErrorKind::TooLarge, "nesting of form fields"));
        }
        let first = stack.len();
        for object in kids.iter() {
            if stack.len() - first > self.file.limits().pdf_fields.saturating_mul(2) {
                return Err(too_many());
            }
            stack.push(Visit {
                object,
                parent: like.parent.clone(),
                value: like.value.clone(),
                ..*like
            });
        }
        stack.get_mut(first..).unwrap_or_default().reverse();
        Ok(stack.len() > first)
    }

    /// Whether the kids of a field are its widgets and not fields of their own.
    fn widgets_only(
        &mut self,
        kids: &Object<'a>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<bool, Error> {
        let Some(Object::Array(kids)) = self.resolve(kids.clone(), revision, form)? else {
            return Ok(true);
        };
        for kid in kids.iter() {
            self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
            if self
                .node(&kid, revision, form)?
                .is_some_and(|node| node.name.is_some())
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a value is a dictionary that only a signature can be.
    fn looks_signed(
        &self,
        value: &Object<'a>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<bool, Error> {
        let value = match value {
            Object::Dictionary(dictionary) => Some(dictionary.clone()),
            Object::Reference(_) => {
                let value = self.resolve(value.clone(), revision, form)?;
                value.and_then(|value| value.dictionary().cloned())
            }
            _ => None,
        };
        Ok(value.is_some_and(|value| is_signature(&value)))
    }

    fn node(
        &mut self,
        object: &Object<'a>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<Option<Rc<Node<'a>>>, Error> {
        let id = match object {
            Object::Dictionary(dictionary) => {
                return Ok(Some(Rc::new(self.read(dictionary, revision, form)?)));
            }
            Object::Reference(id) => *id,
            _ => return Ok(None),
        };
        self.see(id.number, revision, form);
        let Some(place) = self.file.identity(id, revision) else {
            return Ok(None);
        };
        if let Some(known) = self.nodes.get(&place) {
            return Ok(known.clone());
        }
        let object = self.resolve(Object::Reference(id), revision, form)?;
        let node = match object.as_ref().and_then(Object::dictionary) {
            Some(dictionary) => Some(Rc::new(self.read(dictionary, revision, form)?)),
            None => None,
        };
        self.nodes.insert(place, node.clone());
        Ok(node)
    }

    fn read(
        &self,
        dictionary: &Dictionary<'a>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<Node<'a>, Error> {
        let name = match self.resolve(dictionary.get("T"), revision, form)? {
            Some(Object::String(name)) => Some(text::decode(&name.octets())),
            _ => None,
        };
        let kind = match self.resolve(dictionary.get("FT"), revision, form)? {
            Some(Object::Name(kind)) => Some(kind.is("Sig")),
            _ => None,
        };
        let doubled = dictionary.doubled();
        let (value, kids) = (dictionary.get("V"), dictionary.get("Kids"));
        Ok(Node {
            name,
            kind,
            value,
            kids,
            doubled,
        })
    }

    /// Takes down that the form rests on this object, and on the object stream that holds it: an
    /// update that writes only the stream anew changes what is in it, too.
    fn see(&self, number: u32, revision: usize, form: &mut Form<'a>) {
        form.seen.insert(number);
        if let Some(stream) = self.file.stream_of(number, revision) {
            form.seen.insert(stream);
        }
    }

    /// A dictionary and the number of the object that it stands in.
    fn dictionary(
        &self,
        object: Object<'a>,
        revision: usize,
        number: u32,
        form: &mut Form<'a>,
    ) -> Result<Option<(Dictionary<'a>, u32)>, Error> {
        let number = object.reference().map_or(number, |id| id.number);
        self.see(number, revision, form);
        let object = self.resolve(object, revision, form)?;
        Ok(object
            .and_then(|object| object.dictionary().cloned())
            .map(|found| (found, number)))
    }

    /// Follows references; what cannot be read is noted, and a limit that is reached ends all.
    fn resolve(
        &self,
        object: Object<'a>,
        revision: usize,
        form: &mut Form<'a>,
    ) -> Result<Option<Object<'a>>, Error> {
        let number = object.reference().map(|id| id.number);
        if let Some(number) = number {
            self.see(number, revision, form);
        }
        match self.file.resolve(object, revision) {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.kind() == ErrorKind::TooLarge => Err(error),
            Err(_) => {
                form.unreadable.extend(number);
                Ok(None)
            }
        }
    }
}

/// Whether a dictionary has what only a signature dictionary has.
pub(super) fn is_signature(dictionary: &Dictionary<'_>) -> bool {
    let kind = dictionary.get("Type");
    dictionary.has("ByteRange") || kind.is_name("Sig") || kind.is_name("DocTimeStamp")
}

/// What the fields at the top of the form inherit.
fn top<'a>() -> Visit<'a> {
    Visit {
        object: Object::Null,
        parent: "".into(),
        signature: false,
        value: Object::Null,
        field: None,
        depth: 0,
    }
}

fn note_doubled(dictionary: &Dictionary<'_>, number: u32, form: &mut Form<'_>) {
    form.doubled
        .extend(dictionary.doubled().into_iter().map(|key| (number, key)));
}

fn too_many() -> Error {
    Error::new(ErrorKind::TooLarge, "form fields of a PDF")
}

/// How many times over the fields of a form may be visited, all revisions together.
const WALKS: usize = 200;
/// Octets of a full name that are not counted as work.
const ORDINARY_NAME: usize = 128;
