//! Arguments: files, certificates, times, languages.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::{Lang, Time};
use kyso_map::Access;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::certificate::Certificate;
use crate::error::Fault;

/// A file as an argument: `bytes` are its content, `str` is its path.
#[derive(FromPyObject)]
pub(crate) enum Source {
    /// Its content, borrowed from Python.
    Content(PyBackedBytes),
    /// Where it lies.
    Path(PathBuf),
}

impl Source {
    /// The octets; a file is mapped.
    pub(crate) fn open(self) -> Result<Octets, Fault> {
        self.open_by(Access::Map)
    }

    /// The octets; a file is read, for what is kept longer than one call.
    pub(crate) fn read(self) -> Result<Octets, Fault> {
        self.open_by(Access::Read)
    }

    fn open_by(self, access: Access) -> Result<Octets, Fault> {
        Ok(match self {
            Self::Content(content) => Octets::Python(content),
            Self::Path(path) => Octets::File(open(&path, access)?),
        })
    }

    /// The path as it was given.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Content(_) => None,
            Self::Path(path) => Some(path.to_string_lossy().into_owned()),
        }
    }
}

/// The octets of a [`Source`].
pub(crate) enum Octets {
    Python(PyBackedBytes),
    File(kyso_map::Input),
}

impl Deref for Octets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Python(bytes) => bytes,
            Self::File(input) => input,
        }
    }
}

/// Certificates as an argument: one that was read, the content of a file, or its path.
#[derive(FromPyObject)]
pub(crate) enum Given {
    One(Py<Certificate>),
    Content(PyBackedBytes),
    Path(PathBuf),
}

/// The certificates of a signer, in the order given; each file has to hold one at least.
pub(crate) fn certificates(given: Vec<Given>) -> Result<Vec<kyso::Certificate>, Fault> {
    let mut all = Vec::new();
    for item in given {
        match item {
            Given::One(one) => all.push(one.get().0.clone()),
            Given::Content(content) => {
                all.extend(kyso::Certificate::many_from_pem_or_der(&content)?);
            }
            Given::Path(path) => {
                let content = open(&path, Access::Read)?;
                let many = kyso::Certificate::many_from_pem_or_der(&content);
                all.extend(many.map_err(|error| placed(error, &path))?);
            }
        }
    }
    Ok(all)
}

/// The octets of everything given, a folder's files each; for those that may hold no certificate.
pub(crate) fn files(given: Vec<Given>) -> Result<Vec<Vec<u8>>, Fault> {
    let mut all = Vec::new();
    for item in given {
        match item {
            Given::One(one) => all.push(one.get().0.der().to_vec()),
            Given::Content(content) => all.push(content.to_vec()),
            Given::Path(path) => {
                let files = kyso_map::files(&path).map_err(|error| Fault::input(&path, error))?;
                all.extend(files.into_iter().map(|(_, content)| content));
            }
        }
    }
    Ok(all)
}

/// The time of an argument in RFC 3339, else the clock's; the core reads none.
pub(crate) fn time(text: Option<&str>, part: &'static str) -> Result<Time, Fault> {
    match text {
        Some(text) => text
            .parse()
            .map_err(|_| Fault::usage("a time as RFC 3339 writes it, with its offset", part)),
        None => {
            let now = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
            Ok(Time::from_unix(seconds).at_offset(Time::VIET_NAM))
        }
    }
}

/// `vi` or `en`.
pub(crate) fn lang(text: &str) -> Result<Lang, Fault> {
    match text {
        "vi" => Ok(Lang::Vi),
        "en" => Ok(Lang::En),
        _ => Err(Fault::usage("a language is vi or en", "lang")),
    }
}

/// Opens a file.
pub(crate) fn open(path: &Path, access: Access) -> Result<kyso_map::Input, Fault> {
    kyso_map::open(path, access).map_err(|error| Fault::input(path, error))
}

fn placed(error: kyso::Error, path: &Path) -> Fault {
    if error.place().is_some() {
        return error.into();
    }
    error
        .at(kyso::Place::Part(path.to_string_lossy().into_owned()))
        .into()
}
