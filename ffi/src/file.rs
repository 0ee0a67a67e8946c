//! Files for the functions that take a path: opened as a map, written whole.

use std::io;
use std::path::Path;

use kyso::sign::Signed;
use kyso::{Error, ErrorKind, Place};
use kyso_map::{Access, Existing, Input};

use crate::border::misuse;

pub(crate) fn open(path: &Path, access: Access) -> Result<Input, Error> {
    kyso_map::open(path, access).map_err(|e| unreadable(&path.to_string_lossy(), e))
}

pub(crate) fn write(signed: &Signed<'_>, path: &Path, existing: Existing) -> Result<(), Error> {
    kyso_map::write_whole(path, existing, |mut out| signed.write_to(&mut out))
        .map_err(|e| unwritable(&path.to_string_lossy(), e))
}

pub(crate) fn unreadable(name: &str, error: io::Error) -> Error {
    Error::new(ErrorKind::InputUnreadable, error.to_string())
        .at(Place::Part(name.to_owned()))
        .caused_by(error)
}

pub(crate) fn unwritable(name: &str, error: io::Error) -> Error {
    Error::new(ErrorKind::OutputUnwritable, error.to_string())
        .at(Place::Part(name.to_owned()))
        .caused_by(error)
}

/// The option `access` of verifying and signing.
pub(crate) fn access(word: &str) -> Result<Access, Error> {
    match word {
        "map" => Ok(Access::Map),
        "read" => Ok(Access::Read),
        _ => Err(misuse("access is map or read", "value")),
    }
}
