//! Symptoms of a PDF: structure, encryption, fonts, text, what acts or hides.

use std::collections::{BTreeMap, HashSet};

use crate::doctor::{Severity, Symptom, fonts};
use crate::error::{ErrorKind, Place};
use crate::limits::Limits;
use crate::pdf::crypt::{CryptFacts, Method, Opened};
use crate::pdf::odd::Odd;
use crate::pdf::{Dictionary, File, Object, repair, text};

/// Looks at everything that the newest revision lists.
pub(super) fn look(
    bytes: &[u8],
    limits: &Limits,
    password: Option<&[u8]>,
    symptoms: &mut Vec<Symptom>,
) {
    let Ok(file) = File::open_with(bytes, limits, password) else {
        // Why is in the report; what the bytes still show may help.
        if memchr::memmem::find(bytes, b"/ByteRange").is_some() {
            symptoms.push(Symptom::new(
                "structure.traces",
                Severity::Grave,
                None,
                String::new(),
            ));
        }
        return;
    };
    let mut look = Look {
        file: &file,
        symptoms,
        said: HashSet::new(),
    };
    if let Some(facts) = file.encryption() {
        look.encryption(facts);
    }
    look.document();
    look.objects();
    look.structure();
}

struct Look<'l, 'a> {
    file: &'l File<'a>,
    symptoms: &'l mut Vec<Symptom>,
    /// What is said once for a file.
    said: HashSet<&'static str>,
}

impl<'a> Look<'_, 'a> {
    fn once(&mut self, code: &'static str, severity: Severity, number: Option<u32>, detail: &str) {
        if self.said.insert(code) {
            let place = number.map(|number| Place::Object {
                number,
                revision: None,
            });
            self.symptoms
                .push(Symptom::new(code, severity, place, detail.to_owned()));
        }
    }

    fn encryption(&mut self, facts: CryptFacts) {
        let name = format!(
            "{}, {} bits, R {}",
            facts.method.name(),
            facts.bits,
            facts.revision
        );
        match facts.opened {
            Opened::LockedNoPassword | Opened::LockedWrongPassword => {
                self.once("encryption.locked", Severity::Grave, None, &name);
            }
            _ => self.once("encryption.present", Severity::Note, None, &name),
        }
        if matches!(facts.method, Method::Rc4) || facts.revision == 5 {
            self.once("encryption.weak", Severity::Warning, None, &name);
        }
        // Bits 6 (annotations and form fields) and 9 (form fields), counted from 1 (§7.6.4.2).
        let may_sign = facts.permissions & (1 << 5 | 1 << 8) != 0;
        if !may_sign && facts.opened != Opened::Owner {
            self.once("encryption.forbids_signing", Severity::Warning, None, "");
        }
        if facts.permissions_agree == Some(false) {
            self.once("encryption.permissions_differ", Severity::Warning, None, "");
        }
    }

    /// The catalog and what it leads to at once.
    fn document(&mut self) {
        let newest = self.file.newest();
        let revisions = self.file.revisions().len();
        if revisions > 1 {
            let count = revisions.to_string();
            self.once("structure.revisions", Severity::Note, None, &count);
        }
        if self.file.header() > 0 {
            self.once("structure.prefix", Severity::Warning, None, "");
        }
        let catalog = match self.file.catalog(newest) {
            Ok(Some(catalog)) => catalog,
            _ => {
                self.once("structure.no_catalog", Severity::Grave, None, "");
                return;
            }
        };
        let Some(root) = catalog.object.dictionary().cloned() else {
            return;
        };
        let form = self
            .file
            .get(&root, "AcroForm", newest)
            .unwrap_or(Object::Null);
        if form.dictionary().is_some_and(|form| form.has("XFA")) {
            self.once("content.xfa", Severity::Grave, Some(catalog.id.number), "");
        }
        if form
            .dictionary()
            .and_then(|form| form.raw_value("NeedAppearances"))
            .is_some_and(|raw| raw.octets() == b"true")
        {
            self.once("content.need_appearances", Severity::Warning, None, "");
        }
        if root.has("OCProperties") {
            self.once(
                "content.layers",
                Severity::Warning,
                Some(catalog.id.number),
                "",
            );
        }
        if root.has("OpenAction") || root.has("AA") {
            self.once(
                "content.opening_action",
                Severity::Note,
                Some(catalog.id.number),
                "",
            );
        }
        self.certified(&root);
        if let Ok(Object::Dictionary(info)) =
            self.file.resolve(self.file.trailer(newest, "Info"), newest)
        {
            for (key, value) in info.iter() {
                if let Ok(Object::String(value)) = self.file.resolve(value, newest) {
                    let value = text::decode(&value.octets());
                    self.damaged(&key.text(), &value, None);
                }
            }
        }
    }

    /// A certification that forbids every later change, so also the issuing step.
    fn certified(&mut self, root: &Dictionary<'a>) {
        let newest = self.file.newest();
        let get = |dictionary: &Dictionary<'a>, key: &str| {
            let found = self
                .file
                .get(dictionary, key, newest)
                .unwrap_or(Object::Null);
            found.dictionary().cloned()
        };
        let signature = get(root, "Perms").and_then(|perms| get(&perms, "DocMDP"));
        let Some(signature) = signature else { return };
        let Ok(Object::Array(all)) = self.file.get(&signature, "Reference", newest) else {
            return;
        };
        for one in all.iter().take(64) {
            let one = self.file.resolve(one, newest).unwrap_or(Object::Null);
            let level = one
                .dictionary()
                .and_then(|one| get(one, "TransformParams"))
                .map(|parameters| self.file.get(&parameters, "P", newest));
            if let Some(Ok(Object::Integer(1))) = level {
                self.once("signature.allows_no_change", Severity::Warning, None, "");
                return;
            }
        }
    }

    /// Every object of the newest revision.
    fn objects(&mut self) {
        let newest = self.file.newest();
        let mut stack: Vec<Object<'a>> = Vec::new();
        for id in self.file.in_use() {
            match self.file.load(id, newest) {
                Ok(Some(loaded)) => stack.push(loaded.object),
                Ok(None) => continue,
                Err(error) if error.kind() == ErrorKind::TooLarge => {
                    let detail = error.detail().to_owned();
                    self.once("limit.reached", Severity::Warning, Some(id.number), &detail);
                    return;
                }
                Err(error) if error.kind() == ErrorKind::Locked => return,
                Err(error) => {
                    let detail = error.detail().to_owned();
                    self.once(
                        "structure.object",
                        Severity::Warning,
                        Some(id.number),
                        &detail,
                    );
                    continue;
                }
            }
            while let Some(object) = stack.pop() {
                match &object {
                    Object::Array(array) => stack.extend(array.iter().filter(is_container)),
                    Object::Dictionary(dictionary) => {
                        self.dictionary(dictionary, id.number, &mut stack);
                    }
                    Object::Stream(stream) => {
                        if !stream.dictionary.get("F").is_null() {
                            self.once("content.external", Severity::Grave, Some(id.number), "");
                        }
                        self.dictionary(&stream.dictionary, id.number, &mut stack);
                    }
                    _ => {}
                }
            }
        }
    }

    fn dictionary(&mut self, found: &Dictionary<'a>, number: u32, stack: &mut Vec<Object<'a>>) {
        if found.get("Type").is_name("Font") {
            fonts::look(self.file, found, number, self.symptoms);
        }
        let action = found.get("S");
        if found.has("JS") || found.has("JavaScript") || action.is_name("JavaScript") {
            self.once("content.script", Severity::Grave, Some(number), "");
        }
        for active in ["Launch", "ImportData", "SubmitForm", "GoToR", "GoToE"] {
            if action.is_name(active) {
                self.once("content.action", Severity::Warning, Some(number), active);
            }
        }
        if found.get("Type").is_name("EmbeddedFile") {
            self.once("content.attachment", Severity::Note, Some(number), "");
        }
        // Names and values of fields are text that people read.
        for key in ["T", "TU", "V"] {
            if found.has("FT")
                && let Object::String(value) = found.get(key)
            {
                self.damaged(key, &text::decode(&value.octets()), Some(number));
            }
        }
        stack.extend(found.iter().map(|(_, value)| value).filter(is_container));
    }

    fn damaged(&mut self, key: &str, value: &str, number: Option<u32>) {
        if let Some(code) = fonts::damage(value) {
            let shown: String = value.chars().take(80).collect();
            self.once(code, Severity::Warning, number, &format!("/{key} {shown}"));
        }
    }

    /// What is odd about how the file is laid out; everything was read by now.
    fn structure(&mut self) {
        let differences = self
            .file
            .look_for_missing()
            .and_then(|()| repair::differences(self.file));
        match differences {
            Ok(found) => {
                if let Some(first) = found.first() {
                    let place = Place::Offset(u64::try_from(first.at).unwrap_or(u64::MAX));
                    let detail = found.len().to_string();
                    let code = "pdf.repair_differs";
                    self.symptoms
                        .push(Symptom::new(code, Severity::Grave, Some(place), detail));
                }
            }
            Err(error) => {
                let detail = error.detail().to_owned();
                self.once("limit.reached", Severity::Warning, None, &detail);
            }
        }
        let mut kinds: BTreeMap<Odd, (usize, Option<u32>, usize)> = BTreeMap::new();
        for odd in self.file.oddities() {
            let entry = kinds.entry(odd.kind).or_insert((0, odd.number, odd.at));
            entry.0 += 1;
        }
        for (kind, (count, number, at)) in kinds {
            let (vi, en) = kind.words();
            let place = match number {
                Some(number) => Place::Object {
                    number,
                    revision: None,
                },
                None => Place::Offset(u64::try_from(at).unwrap_or(u64::MAX)),
            };
            let severity = if kind.divides_readers() {
                Severity::Grave
            } else {
                Severity::Warning
            };
            let detail = if count > 1 {
                format!("× {count}")
            } else {
                String::new()
            };
            let mut symptom = Symptom::new("structure.odd", severity, Some(place), detail);
            symptom.code = kind.code();
            symptom.said = [vi.to_owned(), en.to_owned()];
            self.symptoms.push(symptom);
        }
    }
}

fn is_container(object: &Object<'_>) -> bool {
    matches!(object, Object::Array(_) | Object::Dictionary(_))
}
