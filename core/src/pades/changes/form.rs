//! Rules for the catalog, the form, its fields and annotations (ISO 32000-2 §12.7, §12.5, §12.8.2).

use crate::error::Error;
use crate::pades::changes::compare::growth;
use crate::pades::changes::map::{APPEARANCE, FIELD, SHARED};
use crate::pades::changes::step::{Signing, Step, Waiting, stores_only};
use crate::pades::changes::{Level, NewField, name};
use crate::pades::content;
use crate::pdf::{Array, Dictionary, Object, Place, Reference, text};
use crate::verdict::ChangeKind;

impl<'a> Step<'_, '_, 'a> {
    // ---- the catalog

    pub(super) fn catalog(
        &mut self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
        number: Option<u32>,
    ) -> Result<(), Error> {
        let form = |dictionary: &Dictionary<'a>| dictionary.get("AcroForm");
        let is_same_object = matches!(
            (form(old), form(new)),
            (Object::Reference(a), Object::Reference(b)) if a == b
        );
        self.forbid_doubled(ChangeKind::Catalog, number, new);
        for key in self.differing(old, new)? {
            match key.as_str() {
                "AcroForm" if is_same_object => {}
                "AcroForm" => {
                    let before = self.resolve(form(old), self.before)?;
                    let after = self.resolve(form(new), self.revision)?;
                    match (before.dictionary(), after.dictionary()) {
                        (Some(before), Some(after)) => self.form(before, after, number)?,
                        (None, Some(after)) => self.new_form(after, number)?,
                        _ => self.forbid(ChangeKind::Form, number),
                    }
                }
                "DSS" => {
                    let store = self.resolve(new.get("DSS"), self.revision)?;
                    if stores_only(&store) {
                        self.validation(number);
                    } else {
                        self.forbid_key(ChangeKind::Catalog, number, "DSS");
                    }
                }
                "StructTreeRoot" => {
                    if old.get("StructTreeRoot").is_null() {
                        let change = self.change(ChangeKind::Structure, number);
                        self.allow(Level::Form, change);
                    } else {
                        self.forbid_key(ChangeKind::Catalog, number, &key);
                    }
                }
                "Perms" => self.permissions(old, new, number)?,
                key if content::is_metadata(key) => self.metadata(number),
                key => self.forbid_key(name::catalog_key(key), number, key),
            }
        }
        Ok(())
    }

    /// /Perms may come with the certifying signature, and stays as it is afterwards.
    fn permissions(
        &mut self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
        number: Option<u32>,
    ) -> Result<(), Error> {
        let after = self.resolve(new.get("Perms"), self.revision)?;
        let comes = old.get("Perms").is_null()
            && after.dictionary().is_some_and(|after| {
                after.iter().all(|(key, value)| {
                    key.is("DocMDP")
                        && value.reference().is_some_and(|id| {
                            self.signatures.contains_key(&(id.number, self.revision))
                        })
                })
            });
        if !comes {
            self.forbid_key(ChangeKind::Permissions, number, "Perms");
        }
        Ok(())
    }

    // ---- the form

    fn new_form(&mut self, new: &Dictionary<'a>, number: Option<u32>) -> Result<(), Error> {
        self.forbid_doubled(ChangeKind::Form, number, new);
        for (key, _) in new.iter() {
            let key = key.text();
            match key.as_str() {
                "Fields" | "SigFlags" | "Type" | "DA" | "DR" | "Q" => {}
                "NeedAppearances" if matches!(new.get(&key), Object::Boolean(false)) => {}
                _ => self.forbid_key(ChangeKind::FormDefaults, number, &key),
            }
        }
        let fields = self.resolve(new.get("Fields"), self.revision)?;
        match &fields {
            Object::Array(fields) => self.field_list(None, Some(fields), SHARED, number),
            _ => Ok(()),
        }
    }

    pub(super) fn form(
        &mut self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
        number: Option<u32>,
    ) -> Result<(), Error> {
        self.forbid_doubled(ChangeKind::Form, number, new);
        for key in self.differing(old, new)? {
            let (before, after) = (old.get(&key), new.get(&key));
            match key.as_str() {
                "Fields" => {
                    let before = self.resolve(before, self.before)?;
                    let after = self.resolve(after, self.revision)?;
                    match (&before, &after) {
                        (Object::Array(before), Object::Array(after)) => {
                            self.field_list(Some(before), Some(after), SHARED, number)?;
                        }
                        (Object::Null, Object::Array(after)) => {
                            self.field_list(None, Some(after), SHARED, number)?;
                        }
                        _ => self.forbid(ChangeKind::FieldRemoved, number),
                    }
                }
                "SigFlags" | "Type" => {}
                // What was not there before changes no field that has its own; what was there stays.
                "DA" | "Q" if before.is_null() => self.additions(number),
                "DR" => {
                    let before = self.resolve(before, self.before)?;
                    let after = self.resolve(after, self.revision)?;
                    if before.is_null() || self.only_gains(&before, &after)? {
                        self.additions(number);
                    } else {
                        self.forbid_key(ChangeKind::FormDefaults, number, &key);
                    }
                }
                // Without the order to draw fields anew, readers show the signed appearances.
                "NeedAppearances" if !matches!(after, Object::Boolean(true)) => {
                    self.additions(number);
                }
                "DA" | "Q" | "NeedAppearances" | "XFA" => {
                    self.forbid_key(ChangeKind::FormDefaults, number, &key);
                }
                key => self.forbid_key(ChangeKind::Form, number, key),
            }
        }
        Ok(())
    }

    fn additions(&mut self, number: Option<u32>) {
        let change = self.change(ChangeKind::FormAdditions, number);
        self.allow(Level::Form, change);
    }

    /// /Fields, or /Kids of the field `parent`.
    pub(super) fn field_list(
        &mut self,
        old: Option<&Array<'a>>,
        new: Option<&Array<'a>>,
        parent: u32,
        number: Option<u32>,
    ) -> Result<(), Error> {
        let growth = growth(old, new);
        for removed in &growth.removed {
            let number = removed.reference().map(|id| id.number).or(number);
            let mut change = self.change(ChangeKind::FieldRemoved, number);
            change.field = number.and_then(|number| self.field_name(number));
            self.allow(Level::Never, change);
        }
        for added in growth.added {
            match added {
                Object::Reference(id) => self.new_field(id, parent)?,
                _ => self.forbid(ChangeKind::FieldAdded, number),
            }
        }
        Ok(())
    }

    fn field_name(&self, number: u32) -> Option<String> {
        let (roles, owner) = self.map.get(number);
        let field = (roles & FIELD != 0).then(|| self.map.field(owner))??;
        Some(field.name.to_string())
    }

    /// A field that was not there: a signature field that came with its signature, else nothing
    /// that is permitted.
    fn new_field(&mut self, id: Reference, parent: u32) -> Result<(), Error> {
        let own = Some(id.number);
        let (roles, _) = self.map.get(id.number);
        let field = self.resolve(Object::Reference(id), self.revision)?;
        let Some(field) = field.dictionary().cloned() else {
            // A reference to nothing adds nothing; supplying it later is a change.
            return Ok(());
        };
        let name = match self.resolve(field.get("T"), self.revision)? {
            Object::String(name) => text::decode(&name.octets()),
            _ => String::new(),
        };
        let name = match self.map.field(parent) {
            Some(parent) if !parent.name.is_empty() => format!("{}.{name}", parent.name),
            _ => name,
        };
        let kind = self.resolve(field.get("FT"), self.revision)?;
        let is_signature = kind.is_name("Sig")
            || kind.is_null()
                && self
                    .map
                    .field(parent)
                    .is_some_and(|parent| parent.is_signature);
        let mut change = self.change(ChangeKind::FieldAdded, own);
        change.field = Some(name);
        // What a page showed as something else is no new field.
        if !is_signature || roles & !APPEARANCE != 0 {
            self.allow(Level::Never, change);
            return Ok(());
        }
        let mut widgets = vec![(id.number, field.clone())];
        if let Object::Array(kids) = self.resolve(field.get("Kids"), self.revision)? {
            for kid in kids.iter().take(MOST_WIDGETS) {
                let number = kid.reference().map_or(id.number, |id| id.number);
                let kid = self.resolve(kid, self.revision)?;
                if let Some(kid) = kid.dictionary() {
                    if kid.has("T") {
                        self.allow(Level::Never, change);
                        return Ok(());
                    }
                    widgets.push((number, kid.clone()));
                }
            }
        }
        let mut is_visible = false;
        for (number, widget) in &widgets {
            let odd = widget.iter().find_map(|(key, _)| {
                let key = key.text();
                (!WIDGET_KEYS.contains(&key.as_str())).then_some(key)
            });
            if let Some(key) = odd {
                let kind = match key.as_str() {
                    "A" | "AA" => ChangeKind::Action,
                    _ => ChangeKind::FieldAdded,
                };
                self.forbid_key(kind, Some(*number), &key);
                return Ok(());
            }
            if self.forbid_doubled(ChangeKind::FieldAdded, Some(*number), widget) {
                return Ok(());
            }
            // Other annotations are drawn by what stands in them, without any appearance.
            for (key, only) in [("Type", "Annot"), ("Subtype", "Widget")] {
                let found = self.resolve(widget.get(key), self.revision)?;
                if !found.is_null() && !found.is_name(only) {
                    self.forbid_key(ChangeKind::FieldAdded, Some(*number), key);
                    return Ok(());
                }
            }
            is_visible |= self.is_visible(widget)?;
            self.widgets.insert(*number);
        }
        let value = field.get("V");
        let (signature, is_stamp) = self.signature(&value)?;
        if value.is_null() {
            change.kind = ChangeKind::EmptySignatureField;
        } else if signature.is_none() && !is_stamp {
            // A value that is no signature of the file.
            change.kind = ChangeKind::FieldAdded;
            self.allow(Level::Never, change);
            return Ok(());
        } else if is_stamp && !is_visible {
            change.kind = ChangeKind::DocumentTimeStamp;
            self.allow(Level::Evidence, change);
            return Ok(());
        } else {
            change.kind = ChangeKind::SignatureField;
        }
        let mut named = super::Named::new(change, Level::Form);
        named.new_field = Some(NewField {
            signature,
            is_visible,
            is_stamp,
            since: self.revision,
        });
        self.push(named);
        Ok(())
    }

    /// The signature that a value is, and whether it is a time-stamp.
    fn signature(&self, value: &Object<'a>) -> Result<(Option<usize>, bool), Error> {
        let Object::Reference(id) = value else {
            return Ok((None, false));
        };
        let is_new = matches!(
            self.file.listed(id.number, self.before),
            None | Some((_, Place::Free))
        );
        let signature = self.signatures.get(&(id.number, self.revision)).copied();
        let value = self.resolve(value.clone(), self.revision)?;
        let get = |key| match value.dictionary() {
            Some(value) => self.resolve(value.get(key), self.revision),
            None => Ok(Object::Null),
        };
        let kind = get("Type")?;
        let is_stamp = get("SubFilter")?.is_name("ETSI.RFC3161")
            && (kind.is_name("DocTimeStamp") || kind.is_null());
        Ok((signature.filter(|_| is_new), is_stamp && is_new))
    }

    /// Whether a widget may draw something: it has an area, and an appearance or colours and words
    /// that readers make one of.
    fn is_visible(&self, widget: &Dictionary<'a>) -> Result<bool, Error> {
        let makings = self.resolve(widget.get("MK"), self.revision)?;
        let has_makings = makings
            .dictionary()
            .is_some_and(|makings| makings.keys().next().is_some());
        if widget.get("AP").is_null() && !has_makings {
            return Ok(false);
        }
        let Object::Array(area) = self.resolve(widget.get("Rect"), self.revision)? else {
            return Ok(!widget.get("Rect").is_null());
        };
        let mut sides = Vec::new();
        for side in area.iter().take(5) {
            let side = match self.resolve(side, self.revision)? {
                Object::Integer(side) => i32::try_from(side).ok().map(f64::from),
                Object::Real(side) => Some(side).filter(|side| side.abs() < FAR),
                _ => None,
            };
            // What cannot be told is an area.
            let Some(side) = side else {
                return Ok(true);
            };
            sides.push(side);
        }
        Ok(match sides.as_slice() {
            [left, bottom, right, top] => left != right && bottom != top,
            _ => true,
        })
    }

    // ---- a field that was there

    pub(super) fn fill(&mut self, field: u32, number: u32) {
        if self.filled.insert(field) {
            let mut change = self.change(ChangeKind::FieldValue, Some(number));
            change.field = self.map.field(field).map(|field| field.name.to_string());
            self.allow(Level::Form, change);
        }
    }

    fn forbid_field(&mut self, kind: ChangeKind, field: u32, number: u32, key: &str) {
        let mut change = self.change(kind, Some(number));
        change.field = self.map.field(field).map(|field| field.name.to_string());
        change.detail = Some(format!("/{key}"));
        self.allow(Level::Never, change);
    }

    pub(super) fn field(
        &mut self,
        old: &Dictionary<'a>,
        new: &Dictionary<'a>,
        number: u32,
    ) -> Result<(), Error> {
        let (_, owner) = self.map.get(number);
        let is_signature = self
            .map
            .field(owner)
            .is_some_and(|field| field.is_signature);
        let was_signed = is_signature && self.was_signed(owner, old)?;
        self.forbid_doubled(ChangeKind::FieldChanged, Some(number), new);
        let keys = self.differing(old, new)?;
        let signs = is_signature
            && !was_signed
            && keys.iter().any(|key| key == "V")
            && self.sign(owner, number, new)?;
        for key in keys {
            let (before, after) = (old.get(&key), new.get(&key));
            let refuse = match key.as_str() {
                "Type" => !after.is_name("Annot"),
                // In the configuration of layers the key means something else.
                "AS" if !matches!(after, Object::Name(_) | Object::Null) => true,
                "Ff" => !flags_fit(&before, &after, HARMLESS_FIELD_FLAGS),
                "P" | "StructParent" | "NM" | "M" => !before.is_null() && key == "P",
                "V" if signs => false,
                "V" if is_signature => {
                    self.forbid_field(ChangeKind::SignatureReplaced, owner, number, &key);
                    continue;
                }
                "V" => {
                    self.fill(owner, number);
                    self.shows_value(owner, old)?;
                    false
                }
                "Lock" => !(signs && before.is_null()),
                "AP" if was_signed => {
                    self.forbid_field(ChangeKind::SignatureAppearance, owner, number, &key);
                    continue;
                }
                "AP" => {
                    // An appearance that something else uses, too, was put there for that.
                    if let Object::Reference(id) = before {
                        let (roles, of) = self.map.get(id.number);
                        if roles != APPEARANCE || of != owner {
                            self.forbid_field(ChangeKind::FieldAppearance, owner, number, &key);
                            continue;
                        }
                    }
                    self.shown_by.insert(owner);
                    self.appearance(owner, number, &key, new)?;
                    false
                }
                "AS" | "RV" | "I" | "DA" | "Q" | "MK" if !was_signed => {
                    if key == "AS" {
                        self.shown_by.insert(owner);
                    }
                    self.appearance(owner, number, &key, new)?;
                    false
                }
                "F" if signs => false,
                "F" => !flags_fit(&before, &after, HARMLESS_ANNOTATION_FLAGS),
                "Rect" if is_signature => {
                    self.forbid_field(ChangeKind::SignatureAppearance, owner, number, &key);
                    continue;
                }
                "A" | "AA" => {
                    self.forbid_field(ChangeKind::Action, owner, number, &key);
                    continue;
                }
                "Kids" => {
                    let before = self.resolve(before, self.before)?;
                    let after = self.resolve(after, self.revision)?;
                    match (&before, &after) {
                        (Object::Array(before), Object::Array(after)) => {
                            self.field_list(Some(before), Some(after), owner, Some(number))?;
                            false
                        }
                        _ => true,
                    }
                }
                _ => true,
            };
            if refuse {
                self.forbid_field(ChangeKind::FieldChanged, owner, number, &key);
            }
        }
        Ok(())
    }

    fn appearance(
        &mut self,
        field: u32,
        number: u32,
        key: &str,
        new: &Dictionary<'a>,
    ) -> Result<(), Error> {
        let is_visible = self.is_visible(new)?;
        self.waiting.push(Waiting {
            field,
            number,
            detail: Some(format!("/{key}")),
            is_visible,
        });
        Ok(())
    }

    /// Whether the signature field that a dictionary belongs to had a value.
    fn was_signed(&self, owner: u32, old: &Dictionary<'a>) -> Result<bool, Error> {
        if !self.resolve(old.get("V"), self.before)?.is_null() {
            return Ok(true);
        }
        let Some(number) = self.map.field(owner).map(|field| field.number) else {
            return Ok(false);
        };
        let Some((generation, _)) = self.file.listed(number, self.before) else {
            return Ok(false);
        };
        let field = self.resolve(
            Object::Reference(Reference { number, generation }),
            self.before,
        )?;
        match field.dictionary() {
            Some(field) => Ok(!self.resolve(field.get("V"), self.before)?.is_null()),
            None => Ok(false),
        }
    }

    /// A signature is put into a field that waited for it.
    fn sign(&mut self, owner: u32, number: u32, new: &Dictionary<'a>) -> Result<bool, Error> {
        let (signature, is_stamp) = self.signature(&new.get("V"))?;
        if signature.is_none() && !is_stamp {
            return Ok(false);
        }
        self.signed.insert(owner);
        self.widgets.insert(number);
        let is_visible = self.is_visible(new)?;
        self.signings.push(Signing {
            field: owner,
            number,
            signature,
            is_stamp,
            is_visible,
        });
        Ok(true)
    }

    /// Takes down that the value of a field is drawn by an appearance that has to change with it.
    fn shows_value(&mut self, owner: u32, old: &Dictionary<'a>) -> Result<(), Error> {
        let appearance = self.resolve(old.get("AP"), self.before)?;
        let is_drawn = appearance
            .dictionary()
            .is_some_and(|appearance| appearance.has("N"));
        if is_drawn {
            self.drawn.insert(owner);
        }
        Ok(())
    }

    /// What waited for a value to change with it, and what was signed.
    pub(super) fn settle(&mut self) {
        for signing in std::mem::take(&mut self.signings) {
            self.settle_signing(&signing);
        }
        for waiting in std::mem::take(&mut self.waiting) {
            let Waiting {
                field,
                number,
                detail,
                ..
            } = waiting;
            if self.filled.contains(&field) || self.signed.contains(&field) {
                continue;
            }
            let is_signature = self
                .map
                .field(field)
                .is_some_and(|field| field.is_signature);
            let kind = if is_signature {
                ChangeKind::SignatureAppearance
            } else {
                ChangeKind::FieldAppearance
            };
            let mut change = self.change(kind, Some(number));
            change.field = self.map.field(field).map(|field| field.name.to_string());
            change.detail = detail;
            self.allow(Level::Never, change);
        }
        let mut stale: Vec<u32> = self.drawn.difference(&self.shown_by).copied().collect();
        stale.sort_unstable();
        for field in stale {
            let number = self.map.field(field).map(|field| field.number);
            let mut change = self.change(ChangeKind::FieldValueNotShown, number);
            change.field = self.map.field(field).map(|field| field.name.to_string());
            self.allow(Level::Form, change);
        }
    }

    /// Names a signature in a field that was there; now that it is known whether a widget of the
    /// field draws something.
    fn settle_signing(&mut self, signing: &Signing) {
        let Signing {
            field,
            number,
            signature,
            is_stamp,
            ..
        } = *signing;
        let drawn = |waiting: &Waiting| waiting.field == field && waiting.is_visible;
        let is_visible = signing.is_visible || self.waiting.iter().any(drawn);
        let known = self.map.field(field);
        let kind = if is_stamp && !is_visible {
            ChangeKind::DocumentTimeStamp
        } else {
            ChangeKind::Signature
        };
        let mut change = self.change(kind, Some(number));
        change.field = known.map(|field| field.name.to_string());
        let level = match kind {
            ChangeKind::DocumentTimeStamp => Level::Evidence,
            _ => Level::Form,
        };
        let mut named = super::Named::new(change, level);
        named.new_field = Some(NewField {
            signature,
            is_visible,
            is_stamp,
            since: known.map_or(self.revision, |field| field.since),
        });
        self.push(named);
    }

    // ---- annotations

    pub(super) fn annotation_list(
        &mut self,
        old: Option<&Array<'a>>,
        new: Option<&Array<'a>>,
        page: Option<u32>,
        number: Option<u32>,
    ) -> Result<(), Error> {
        let growth = growth(old, new);
        if !growth.in_order {
            // What is drawn over what depends on it.
            let mut change = self.change(ChangeKind::AnnotationChanged, number);
            change.page = page;
            self.allow(Level::Never, change);
        }
        for removed in growth.removed {
            let id = removed.reference();
            let gone = id.map(|id| id.number);
            let is_field = gone.is_some_and(|number| self.map.get(number).0 & FIELD != 0);
            if is_field {
                let mut change = self.change(ChangeKind::FieldRemoved, gone);
                change.page = page;
                change.field = gone.and_then(|number| self.field_name(number));
                self.allow(Level::Never, change);
            } else {
                let removed = self.resolve(removed, self.before)?;
                if removed.is_null() {
                    continue;
                }
                let kind = ChangeKind::AnnotationRemoved;
                self.annotation(kind, removed.dictionary(), gone.or(number), page);
            }
        }
        for added in growth.added {
            let id = added.reference().map(|id| id.number);
            if id.is_some_and(|number| self.widgets.contains(&number)) {
                continue;
            }
            let annotation = self.resolve(added, self.revision)?;
            let Some(annotation) = annotation.dictionary() else {
                continue;
            };
            let is_field = id.is_some_and(|number| self.map.get(number).0 & FIELD != 0);
            if is_field {
                let mut change = self.change(ChangeKind::FieldChanged, id);
                change.page = page;
                change.field = id.and_then(|number| self.field_name(number));
                self.allow(Level::Never, change);
            } else if content::is_active(annotation) {
                let mut change = self.change(ChangeKind::Action, id.or(number));
                change.page = page;
                change.detail = Some(name::annotation(annotation));
                self.allow(Level::Never, change);
            } else {
                let kind = ChangeKind::AnnotationAdded;
                self.annotation(kind, Some(annotation), id.or(number), page);
            }
        }
        Ok(())
    }

    pub(super) fn annotation(
        &mut self,
        kind: ChangeKind,
        annotation: Option<&Dictionary<'a>>,
        number: Option<u32>,
        page: Option<u32>,
    ) {
        let mut change = self.change(kind, number);
        change.page = page.or(change.page);
        change.detail = annotation.map(name::annotation);
        let level = match kind {
            ChangeKind::AnnotationAdded => Level::NewAnnotation,
            _ => Level::OldAnnotation,
        };
        self.allow(level, change);
    }
}

/// Whether two sets of flags differ in harmless bits alone.
fn flags_fit(old: &Object<'_>, new: &Object<'_>, harmless: i64) -> bool {
    let flags = |object: &Object<'_>| match object {
        Object::Null => Some(0),
        other => other.integer(),
    };
    match (flags(old), flags(new)) {
        (Some(old), Some(new)) => (old ^ new) & !harmless == 0,
        _ => false,
    }
}

/// ReadOnly, Required, NoExport.
const HARMLESS_FIELD_FLAGS: i64 = 0b111;
/// Print, ReadOnly, Locked, LockedContents.
const HARMLESS_ANNOTATION_FLAGS: i64 = 1 << 2 | 1 << 6 | 1 << 7 | 1 << 9;
/// What a signature field and its widgets have.
const WIDGET_KEYS: [&str; 29] = [
    "Type",
    "Subtype",
    "FT",
    "T",
    "V",
    "F",
    "Rect",
    "P",
    "Parent",
    "Kids",
    "TU",
    "TM",
    "Ff",
    "M",
    "NM",
    "AP",
    "AS",
    "MK",
    "DA",
    "DR",
    "Q",
    "Lock",
    "SV",
    "Border",
    "BS",
    "H",
    "StructParent",
    "C",
    "Contents",
];
const MOST_WIDGETS: usize = 1_000;
/// Sides of an area that lie further away are beyond what can be told.
const FAR: f64 = 1e9;
