//! How a file is encrypted, as its newest revision says ([`crate::pdf::crypt`] does the work).

use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::pdf::crypt::{Crypt, CryptFacts};
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::xref::Place;

impl<'a> File<'a> {
    /// Reads how the file is encrypted, if it is. All revisions are read by the newest's word.
    pub(super) fn decryption(&mut self, password: Option<&[u8]>) -> Result<(), Error> {
        let any = self.sections.iter().any(|section| {
            section.trailer.has("Encrypt") && !section.trailer.get("Encrypt").is_null()
        });
        if !any {
            return Ok(());
        }
        let newest = self.newest();
        let value = self.trailer(newest, "Encrypt");
        let number = value.reference().map(|id| id.number);
        let object = self.resolve(value, newest)?;
        let said = |revision| self.said_about_encryption(revision);
        self.crypt_changes = (0..newest).any(|revision| said(revision) != said(newest));
        let Some(dictionary) = object.dictionary() else {
            return if object.is_null() {
                Ok(())
            } else {
                Err(Error::new(
                    ErrorKind::Malformed,
                    "the encryption dictionary of a PDF",
                ))
            };
        };
        let identifier = match self.resolve(self.trailer(newest, "ID"), newest)? {
            Object::Array(array) => match array.iter().next() {
                Some(Object::String(first)) => first.octets(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let get = |dictionary: &Dictionary<'a>, key: &str| self.get(dictionary, key, newest);
        let crypt = Crypt::open(dictionary, number, &identifier, password, &get)?;
        self.crypt = Some(Arc::new(crypt));
        // Whatever was decoded until here was not decrypted.
        self.cache.borrow_mut().clear();
        Ok(())
    }

    /// Where a revision has its encryption dictionary, or its text; and the identifier that keys are
    /// made of.
    fn said_about_encryption(&self, revision: usize) -> (Option<Place>, Vec<u8>, Option<Vec<u8>>) {
        let value = self.trailer(revision, "Encrypt");
        let identifier = match self.resolve(self.trailer(revision, "ID"), revision) {
            Ok(Object::Array(array)) => match array.iter().next() {
                Some(Object::String(first)) => Some(first.octets()),
                _ => None,
            },
            _ => None,
        };
        let (place, text) = match &value {
            Object::Reference(id) => (self.place(*id, revision).map(|found| found.0), Vec::new()),
            other => {
                let text = other
                    .dictionary()
                    .map(|dictionary| dictionary.raw().octets());
                (None, text.unwrap_or_default().to_vec())
            }
        };
        (place, text, identifier)
    }

    /// What is worth telling about the encryption; `None` for a file that is not encrypted.
    pub(crate) fn encryption(&self) -> Option<CryptFacts> {
        self.crypt.as_ref().map(|crypt| crypt.facts())
    }

    /// Whether no known password opens the file: structure can be read, strings and streams not.
    pub(crate) fn is_locked(&self) -> bool {
        self.crypt.as_ref().is_some_and(|crypt| crypt.is_locked())
    }

    /// Whether revisions of the file differ in how they are encrypted, so that a reader of an
    /// earlier one sees other strings.
    pub(crate) fn encryption_changes(&self) -> bool {
        self.crypt_changes
    }
}
