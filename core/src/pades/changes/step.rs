//! [`Step`]: what one revision changed, object by object, each named once.
//!
//! Only the objects that the revision lists are compared, each with what it was before, under every
//! role that it had ([`crate::pades::changes::map`]). Whatever no rule allows is forbidden.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, ErrorKind};
use crate::pades::changes::compare::{same, same_resolved};
use crate::pades::changes::map::{
    ANNOTATION, ANNOTATION_LIST, ANNOTATION_PART, APPEARANCE, CATALOG, CONTAINER, CONTENT, FIELD,
    FIELD_LIST, FORM, METADATA, Map, PAGE, PAGES, Roles, SHARED, SIGNATURE, STRUCTURE, VALIDATION,
    VALUE,
};
use crate::pades::changes::{Level, Named, name};
use crate::pdf::{Dictionary, File, Object, Place, Reference};
use crate::verdict::{Change, ChangeKind};

/// One revision against the one before.
pub(super) struct Step<'s, 'f, 'a> {
    pub(super) file: &'f File<'a>,
    pub(super) map: &'s Map<'f, 'a>,
    /// Signatures by the number of their object and the revision, from 0, that wrote it.
    pub(super) signatures: &'s HashMap<(u32, usize), usize>,
    pub(super) revision: usize,
    pub(super) before: usize,
    pub(super) named: Vec<Named>,
    /// Fields whose value changed, by index.
    pub(super) filled: HashSet<u32>,
    /// Fields that were signed, by index.
    pub(super) signed: HashSet<u32>,
    /// How fields that waited for a signature were signed.
    pub(super) signings: Vec<Signing>,
    /// Objects of fields and widgets that came with a signature.
    pub(super) widgets: HashSet<u32>,
    /// Appearances that may change only together with a value.
    pub(super) waiting: Vec<Waiting>,
    /// Fields whose value changed while something else shows it.
    pub(super) shown_by: HashSet<u32>,
    /// Fields with an appearance whose value changed.
    pub(super) drawn: HashSet<u32>,
    /// How many changes nobody may make.
    never: usize,
    /// Whether objects that are shown were listed again in their old places.
    listed_again: bool,
    /// Whether objects that are shown were written again as they were.
    written_again: bool,
}

/// A change that is permitted only where its field was filled or signed.
pub(super) struct Waiting {
    pub(super) field: u32,
    pub(super) number: u32,
    pub(super) detail: Option<String>,
    /// Whether it may draw something.
    pub(super) is_visible: bool,
}

/// A signature in a field that was there.
pub(super) struct Signing {
    pub(super) field: u32,
    pub(super) number: u32,
    /// The signature, as an index.
    pub(super) signature: Option<usize>,
    pub(super) is_stamp: bool,
    /// Whether the field itself draws something; its widgets may, too.
    pub(super) is_visible: bool,
}

impl<'s, 'f, 'a> Step<'s, 'f, 'a> {
    pub(super) fn new(
        map: &'s Map<'f, 'a>,
        file: &'f File<'a>,
        signatures: &'s HashMap<(u32, usize), usize>,
        revision: usize,
    ) -> Self {
        Self {
            file,
            map,
            signatures,
            revision,
            before: revision.saturating_sub(1),
            named: Vec::new(),
            filled: HashSet::new(),
            signed: HashSet::new(),
            signings: Vec::new(),
            widgets: HashSet::new(),
            waiting: Vec::new(),
            shown_by: HashSet::new(),
            drawn: HashSet::new(),
            never: 0,
            listed_again: false,
            written_again: false,
        }
    }

    /// Everything that the revision changed.
    pub(super) fn judge(mut self, touched: &[u32]) -> Result<Vec<Named>, Error> {
        self.trailer()?;
        // The form first: which widgets a page may gain depends on it.
        let early = CATALOG | FORM | FIELD | FIELD_LIST;
        for first in [true, false] {
            for &number in touched {
                let (roles, _) = self.map.get(number);
                if roles != 0 && (roles & early != 0) == first {
                    self.object(number, roles)?;
                }
                if self.named.len() > MOST_CHANGES {
                    return Err(Error::new(ErrorKind::TooLarge, "changes of one revision"));
                }
            }
        }
        self.settle();
        self.freed(touched);
        // Seen: updates that only list or write form fields again, which moves them over others in
        // some readers. An update that does something else as well may do so out of carelessness.
        let only_metadata = self.named.iter().all(|named| {
            matches!(
                named.change.kind,
                ChangeKind::Metadata | ChangeKind::UnusedFreed
            )
        });
        if self.written_again && only_metadata || self.listed_again && self.named.is_empty() {
            self.forbid(ChangeKind::WithoutPurpose, None);
        }
        Ok(self.named)
    }

    // ---- naming

    pub(super) fn change(&self, kind: ChangeKind, number: Option<u32>) -> Change {
        let revision = u32::try_from(self.revision + 1).unwrap_or(u32::MAX);
        let mut change = Change::new(kind, revision);
        change.object = number;
        change.page = number.and_then(|number| self.map.page(number));
        change
    }

    pub(super) fn allow(&mut self, level: Level, change: Change) {
        self.push(Named::new(change, level));
    }

    pub(super) fn push(&mut self, named: Named) {
        if named.level == Level::Never {
            // Some are enough to say what happened; the first is enough to forbid.
            self.never += 1;
            if self.never > MOST_NEVER {
                return;
            }
        }
        self.named.push(named);
    }

    pub(super) fn forbid(&mut self, kind: ChangeKind, number: Option<u32>) {
        let change = self.change(kind, number);
        self.allow(Level::Never, change);
    }

    pub(super) fn forbid_key(&mut self, kind: ChangeKind, number: Option<u32>, key: &str) {
        let mut change = self.change(kind, number);
        change.detail = Some(format!("/{key}"));
        self.allow(Level::Never, change);
    }

    /// A key that is written twice shows two readers two values.
    pub(super) fn forbid_doubled(
        &mut self,
        kind: ChangeKind,
        number: Option<u32>,
        new: &Dictionary<'a>,
    ) -> bool {
        let doubled = new.doubled();
        let Some(key) = doubled.first() else {
            return false;
        };
        self.forbid_key(kind, number, key);
        true
    }

    pub(super) fn metadata(&mut self, number: Option<u32>) {
        let known = self
            .named
            .iter()
            .any(|named| named.change.kind == ChangeKind::Metadata);
        if !known {
            let mut change = self.change(ChangeKind::Metadata, number);
            change.page = None;
            self.allow(Level::Evidence, change);
        }
    }

    pub(super) fn validation(&mut self, number: Option<u32>) {
        let known = self
            .named
            .iter()
            .any(|named| named.change.kind == ChangeKind::ValidationData);
        if !known {
            let change = self.change(ChangeKind::ValidationData, number);
            self.allow(Level::Evidence, change);
        }
    }

    // ---- the trailer

    fn trailer(&mut self) -> Result<(), Error> {
        let (old, new) = (
            self.file.trailer(self.before, "Root"),
            self.file.trailer(self.revision, "Root"),
        );
        if old.reference() != new.reference() {
            let number = new.reference().map(|id| id.number);
            let old = self.file.catalog(self.before)?;
            let new = self.file.catalog(self.revision)?;
            match (
                old.as_ref().and_then(|old| old.object.dictionary()),
                new.as_ref().and_then(|new| new.object.dictionary()),
            ) {
                (Some(old), Some(new)) => self.catalog(old, new, number)?,
                _ => self.forbid(ChangeKind::Catalog, number),
            }
        }
        // A trailer that says nothing changes nothing; most say nothing about it.
        if !self.file.states(self.revision, "Encrypt") {
            return Ok(());
        }
        let encrypt = |revision| self.file.trailer(revision, "Encrypt");
        let (old, new) = (encrypt(self.before), encrypt(self.revision));
        if !same(self.file, &old, &new) {
            self.forbid(ChangeKind::Encryption, None);
        }
        Ok(())
    }

    // ---- one object

    fn object(&mut self, number: u32, roles: Roles) -> Result<(), Error> {
        let harmless = roles & !(METADATA | VALIDATION | STRUCTURE) == 0;
        let listed = |revision| self.file.listed(number, revision);
        let is_used = |place: &Option<(u16, Place)>| {
            matches!(place, Some((_, Place::Offset(_) | Place::InStream { .. })))
        };
        let (old, new) = (listed(self.before), listed(self.revision));
        match (is_used(&old), is_used(&new)) {
            (false, false) => return Ok(()),
            (false, true) if !harmless => {
                self.forbid(ChangeKind::ObjectSupplied, Some(number));
                return Ok(());
            }
            (true, false) if !harmless => {
                self.forbid(ChangeKind::ObjectRemoved, Some(number));
                return Ok(());
            }
            (true, true) => {}
            _ => {
                self.harmless(number, roles);
                return Ok(());
            }
        }
        let (Some((old_generation, old_place)), Some((new_generation, new_place))) = (old, new)
        else {
            return Ok(());
        };
        if old_generation != new_generation {
            self.forbid(ChangeKind::Generation, Some(number));
            return Ok(());
        }
        let id = Reference {
            number,
            generation: old_generation,
        };
        if old_place == new_place
            && self.file.identity(id, self.before) == self.file.identity(id, self.revision)
        {
            self.listed_again |= roles & SHOWN != 0;
            return Ok(());
        }
        // An update writes its objects behind what was there; a text from before is an old one.
        let end = self.file.revisions().get(self.before);
        let is_old = match new_place {
            Place::Offset(at) => end.is_some_and(|before| at < before.end),
            _ => false,
        };
        if is_old && !harmless {
            self.forbid(ChangeKind::OldText, Some(number));
            return Ok(());
        }
        let (Some(old), Some(new)) = (self.read(id, self.before)?, self.read(id, self.revision)?)
        else {
            if harmless {
                self.harmless(number, roles);
            } else {
                self.forbid(ChangeKind::ObjectRemoved, Some(number));
            }
            return Ok(());
        };
        self.file.charge(COMPARING)?;
        if same(self.file, &old, &new) {
            self.written_again |= roles & SHOWN != 0;
            return Ok(());
        }
        self.rules(number, roles, &old, &new)
    }

    fn read(&self, id: Reference, revision: usize) -> Result<Option<Object<'a>>, Error> {
        match self.file.load(id, revision) {
            Ok(loaded) => Ok(loaded.map(|loaded| loaded.object)),
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn resolve(&self, object: Object<'a>, revision: usize) -> Result<Object<'a>, Error> {
        match self.file.resolve(object, revision) {
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(Object::Null),
            other => other,
        }
    }

    fn harmless(&mut self, number: u32, roles: Roles) {
        if roles & VALIDATION != 0 {
            self.validation(Some(number));
        }
        if roles & METADATA != 0 {
            self.metadata(Some(number));
        }
        if roles & STRUCTURE != 0 {
            let change = self.change(ChangeKind::Structure, Some(number));
            self.allow(Level::Form, change);
        }
    }

    /// Every role that the object has has to permit the change.
    fn rules(
        &mut self,
        number: u32,
        roles: Roles,
        old: &Object<'a>,
        new: &Object<'a>,
    ) -> Result<(), Error> {
        if roles & CONTAINER != 0 {
            self.forbid(ChangeKind::Object, Some(number));
            return Ok(());
        }
        if roles & CONTENT != 0 {
            let [resources, fonts] = self.map.form_resources;
            let grows = (Some(number) == resources || Some(number) == fonts)
                && self.only_gains(old, new)?;
            if grows {
                let change = self.change(ChangeKind::FormAdditions, Some(number));
                self.allow(Level::Form, change);
            } else if Some(number) == resources || Some(number) == fonts {
                self.forbid(ChangeKind::FormDefaults, Some(number));
            } else {
                let kind = name::content(old, self.map.page(number));
                self.forbid(kind, Some(number));
            }
            return Ok(());
        }
        let own = Some(number);
        let dictionaries = old.dictionary().zip(new.dictionary());
        let is_plain = !matches!(new, Object::Stream(_));
        for role in [
            CATALOG,
            PAGES,
            PAGE,
            FORM,
            FIELD,
            ANNOTATION,
            FIELD_LIST,
            ANNOTATION_LIST,
            APPEARANCE,
            METADATA,
            VALIDATION,
            SIGNATURE,
            VALUE,
            STRUCTURE,
            ANNOTATION_PART,
        ] {
            if roles & role == 0 {
                continue;
            }
            match (role, dictionaries) {
                (CATALOG, Some((old, new))) if is_plain => self.catalog(old, new, own)?,
                (PAGES, Some((old, new))) if is_plain => self.pages(old, new, number)?,
                (PAGE, Some((old, new))) if is_plain => self.page(old, new, number)?,
                (FORM, Some((old, new))) if is_plain => self.form(old, new, own)?,
                (FIELD, Some((old, new))) if is_plain => self.field(old, new, number)?,
                (ANNOTATION, Some((_, new))) if is_plain => {
                    self.annotation(ChangeKind::AnnotationChanged, Some(new), own, None);
                }
                (ANNOTATION_PART, _) => {
                    self.annotation(ChangeKind::AnnotationChanged, None, own, None);
                }
                (FIELD_LIST, _) => match (old, new) {
                    (Object::Array(old), Object::Array(new)) => {
                        let (_, owner) = self.map.get(number);
                        self.field_list(Some(old), Some(new), owner, own)?;
                    }
                    _ => self.forbid(ChangeKind::FieldRemoved, own),
                },
                (ANNOTATION_LIST, _) => {
                    let page = self.map.page(number);
                    match (old, new) {
                        (Object::Array(old), Object::Array(new)) => {
                            self.annotation_list(Some(old), Some(new), page, own)?;
                        }
                        _ => self.forbid(ChangeKind::AnnotationRemoved, own),
                    }
                }
                (APPEARANCE | VALUE, _) => {
                    let (_, owner) = self.map.get(number);
                    if owner == SHARED {
                        self.forbid(ChangeKind::FieldAppearance, own);
                    } else if role == VALUE {
                        self.fill(owner, number);
                    } else {
                        self.shown_by.insert(owner);
                        self.waiting.push(Waiting {
                            field: owner,
                            number,
                            detail: None,
                            is_visible: true,
                        });
                    }
                }
                (SIGNATURE, _) => self.forbid(ChangeKind::SignatureReplaced, own),
                (METADATA, _) => self.metadata(own),
                (VALIDATION, _) if stores_only(new) => self.validation(own),
                (STRUCTURE, _) if self.structure_grows(old, new)? => {
                    self.harmless(number, STRUCTURE);
                }
                _ => {
                    let kind = match role {
                        CATALOG => ChangeKind::Catalog,
                        PAGES => ChangeKind::PageTree,
                        PAGE => ChangeKind::PageOther,
                        FORM => ChangeKind::Form,
                        FIELD => ChangeKind::FieldChanged,
                        ANNOTATION => ChangeKind::AnnotationChanged,
                        _ => ChangeKind::Object,
                    };
                    self.forbid(kind, own);
                }
            }
        }
        Ok(())
    }

    /// A dictionary that keeps all its entries and gains some.
    pub(super) fn only_gains(&self, old: &Object<'a>, new: &Object<'a>) -> Result<bool, Error> {
        let mut waiting = vec![(old.clone(), new.clone())];
        while let Some((old, new)) = waiting.pop() {
            let (Object::Dictionary(old), Object::Dictionary(new)) = (&old, &new) else {
                let (old, new) = ((&old, self.before), (&new, self.revision));
                if !same_resolved(self.file, old, new)? {
                    return Ok(false);
                }
                continue;
            };
            if !new.doubled().is_empty() {
                return Ok(false);
            }
            for (key, value) in old.iter() {
                let key = key.text();
                if !new.has(&key) {
                    return Ok(false);
                }
                waiting.push((value, new.get(&key)));
            }
        }
        Ok(true)
    }

    /// A structure element or tree that keeps what it has and gains kids.
    fn structure_grows(&self, old: &Object<'a>, new: &Object<'a>) -> Result<bool, Error> {
        let (Object::Dictionary(old), Object::Dictionary(new)) = (old, new) else {
            return Ok(matches!((old, new), (Object::Array(_), Object::Array(_))));
        };
        let grows = |key: &str| {
            matches!(
                key,
                "K" | "Nums" | "Kids" | "Limits" | "ParentTree" | "ParentTreeNextKey"
            )
        };
        for (key, value) in old.iter() {
            let key = key.text();
            let now = new.get(&key);
            if !grows(&key)
                && !same_resolved(self.file, (&value, self.before), (&now, self.revision))?
            {
                return Ok(false);
            }
        }
        Ok(new
            .iter()
            .all(|(key, _)| old.has(&key.text()) || grows(&key.text())))
    }

    // ---- pages

    fn pages(
        &mut self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
        number: u32,
    ) -> Result<(), Error> {
        self.forbid_doubled(ChangeKind::PageTree, Some(number), new);
        for key in self.differing(old, new)? {
            let kind = match name::page_key(&key) {
                ChangeKind::PageOther => ChangeKind::PageTree,
                kind => kind,
            };
            self.forbid_key(kind, Some(number), &key);
        }
        Ok(())
    }

    fn page(
        &mut self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
        number: u32,
    ) -> Result<(), Error> {
        self.forbid_doubled(ChangeKind::PageOther, Some(number), new);
        for key in self.differing(old, new)? {
            if key == "Annots" {
                let before = self.resolve(old.get("Annots"), self.before)?;
                let after = self.resolve(new.get("Annots"), self.revision)?;
                let page = self.map.page(number);
                let list = |object: &Object<'a>| match object {
                    Object::Array(array) => Some(array.clone()),
                    _ => None,
                };
                let (before, after) = (list(&before), list(&after));
                self.annotation_list(before.as_ref(), after.as_ref(), page, Some(number))?;
            } else if crate::pades::content::is_metadata(&key) {
                self.metadata(Some(number));
            } else {
                self.forbid_key(name::page_key(&key), Some(number), &key);
            }
        }
        Ok(())
    }

    /// The keys whose values differ, renumbered copies aside.
    pub(super) fn differing(
        &self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
    ) -> Result<Vec<String>, Error> {
        let mut keys: Vec<String> = Vec::new();
        let names = old.keys().chain(new.keys()).map(|key| key.text());
        let mut known = HashSet::new();
        let doubled = new.doubled();
        for key in names {
            if !known.insert(key.clone()) {
                continue;
            }
            let is_doubled = doubled.contains(&key);
            let written = (old.raw_value(&key), new.raw_value(&key));
            if let (Some(before), Some(after)) = &written
                && !is_doubled
                && before.octets() == after.octets()
            {
                continue;
            }
            let (before, after) = (old.get(&key), new.get(&key));
            let alike = same_resolved(self.file, (&before, self.before), (&after, self.revision))?;
            if !alike || is_doubled {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    // ---- the rest

    /// Numbers given up that nothing led to.
    fn freed(&mut self, touched: &[u32]) {
        let freed = touched.iter().filter(|number| {
            let listed = |revision| self.file.listed(**number, revision).map(|(_, place)| place);
            self.map.get(**number).0 == 0
                && **number != 0
                && listed(self.revision) == Some(Place::Free)
                && !matches!(listed(self.before), None | Some(Place::Free))
        });
        let first = freed.copied().next();
        if let Some(number) = first {
            let change = self.change(ChangeKind::UnusedFreed, Some(number));
            self.allow(Level::Evidence, change);
        }
    }
}

/// A dictionary of validation data, or a part of it, has no other keys than those of the standard;
/// every piece verifies by itself.
pub(super) fn stores_only(object: &Object<'_>) -> bool {
    let mut waiting = vec![object.clone()];
    while let Some(object) = waiting.pop() {
        match &object {
            Object::Dictionary(dictionary) => {
                for (key, value) in dictionary.iter() {
                    let key = key.text();
                    let known = STORE_KEYS.contains(&key.as_str())
                        // VRI: upper-case SHA-1 of a signature.
                        || (key.len() == 40 && key.bytes().all(|octet| octet.is_ascii_hexdigit()));
                    if !known {
                        return false;
                    }
                    if matches!(value, Object::Dictionary(_)) {
                        waiting.push(value);
                    }
                }
            }
            Object::Stream(_) | Object::Array(_) | Object::Reference(_) | Object::Null => {}
            _ => return false,
        }
    }
    true
}

const STORE_KEYS: [&str; 11] = [
    "Type", "Certs", "CRLs", "OCSPs", "VRI", "Cert", "CRL", "OCSP", "TU", "TS", "DSS",
];
/// What draws.
const SHOWN: Roles = FIELD | ANNOTATION | ANNOTATION_PART | APPEARANCE | CONTENT;
/// Forbidden changes of one revision that are kept.
const MOST_NEVER: usize = 64;
/// Changes of one revision.
const MOST_CHANGES: usize = 8_192;
/// What comparing one object costs at least.
const COMPARING: usize = 64;
