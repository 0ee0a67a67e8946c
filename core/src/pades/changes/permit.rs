//! What a signature permits to later revisions (ISO 32000-2 §12.8.2.2, §12.8.2.4, table 236), read
//! from the revision that it covers and from nothing later.

use std::collections::HashSet;
use std::rc::Rc;

use crate::error::{Error, ErrorKind};
use crate::pdf::{Dictionary, File, Object, text};

/// Which fields may no longer change.
#[derive(Clone, Debug)]
pub(crate) enum Lock {
    /// All of them.
    All,
    /// These and what is below them.
    Include(Rc<HashSet<String>>),
    /// All but these and what is below them.
    Exclude(Rc<HashSet<String>>),
}

impl Lock {
    /// From a lock dictionary or the parameters of FieldMDP: /Action and /Fields. What cannot be
    /// understood locks everything.
    pub(crate) fn read<'a>(file: &File<'a>, lock: &Dictionary<'a>, revision: usize) -> Self {
        let get = |key| file.get(lock, key, revision).unwrap_or(Object::Null);
        let mut names = HashSet::new();
        if let Object::Array(list) = get("Fields") {
            for element in list.iter().take(file.limits().pdf_fields) {
                if let Ok(Object::String(name)) = file.resolve(element, revision) {
                    names.insert(text::decode(&name.octets()));
                }
            }
        }
        match get("Action") {
            Object::Name(action) if action.is("Include") => Self::Include(Rc::new(names)),
            Object::Name(action) if action.is("Exclude") => Self::Exclude(Rc::new(names)),
            _ => Self::All,
        }
    }

    /// Whether a field is locked; names are compared whole, part by part.
    pub(super) fn holds(&self, name: &str) -> bool {
        let listed = |names: &HashSet<String>| {
            names.contains(name)
                || name
                    .match_indices('.')
                    .any(|(dot, _)| name.get(..dot).is_some_and(|above| names.contains(above)))
        };
        match self {
            Self::All => true,
            Self::Include(names) => listed(names),
            Self::Exclude(names) => !listed(names),
        }
    }
}

/// What holds for the changes after a revision: the strictest of all signatures up to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Permission {
    /// 1 to 3 by DocMDP; `None` without a certification.
    pub(super) level: Option<u8>,
    pub(super) locks: Vec<Lock>,
}

impl Permission {
    pub(super) fn restrict(&mut self, level: Option<u8>) {
        self.level = match (self.level, level) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
    }

    /// Takes in the /Lock of a field: which fields, and a level of its own (/P).
    pub(super) fn lock<'a>(
        &mut self,
        file: &File<'a>,
        field: &Dictionary<'a>,
        revision: usize,
    ) -> Result<(), Error> {
        let lock = match file.get(field, "Lock", revision) {
            Ok(lock) => lock,
            Err(error) if error.kind() == ErrorKind::Malformed => return Ok(()),
            Err(error) => return Err(error),
        };
        let Some(lock) = lock.dictionary() else {
            return Ok(());
        };
        self.locks.push(Lock::read(file, lock, revision));
        match file.get(lock, "P", revision) {
            Ok(Object::Integer(level @ 1..=3)) => {
                self.restrict(u8::try_from(level).ok());
            }
            Ok(Object::Null) => {}
            _ => self.restrict(Some(1)),
        }
        Ok(())
    }

    pub(super) fn is_locked(&self, field: &str) -> bool {
        self.locks.iter().any(|lock| lock.holds(field))
    }
}
