//! Files for the functions that take a path: opened as a map, written whole.

use std::ffi::c_char;
use std::io;
use std::path::Path;

use kyso::sign::Signed;
use kyso::{Error, ErrorKind, Place};
use kyso_map::{Access, Existing, Input};

use crate::border::{Caller, misuse};
use crate::status::{existing, kyso_existing};

pub(crate) fn open(path: &Path, access: Access) -> Result<Input, Error> {
    kyso_map::open(path, access).map_err(|e| unreadable(&path.to_string_lossy(), e))
}

fn write(signed: &Signed<'_>, path: &Path, existing: Existing) -> Result<(), Error> {
    kyso_map::write_whole(path, existing, |mut out| signed.write_to(&mut out))
        .map_err(|e| unwritable(&path.to_string_lossy(), e))
}

/// From one file to a signed one. The paths are read before anything is opened.
pub(crate) fn sign_file(
    caller: &Caller,
    (input, output): (*const c_char, *const c_char),
    if_existing: kyso_existing,
    access: Access,
    sign: impl for<'i> FnOnce(&'i [u8]) -> Result<Signed<'i>, Error>,
) -> Result<(), Error> {
    let output = caller.path("output_path", output)?;
    let if_existing = existing(if_existing)?;
    let input = open(&caller.path("input_path", input)?, access)?;
    write(&sign(&input)?, &output, if_existing)
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
