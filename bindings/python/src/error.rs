//! [`Fault`]: what went wrong, on its way to becoming a class of `kyso._errors`.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use kyso::{Error, ErrorKind, Lang, Place};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

/// A failure of a call from Python.
pub(crate) enum Fault {
    /// Of the core.
    Core(Error),
    /// Of the operating system, with the file it concerns.
    File(ErrorKind, PathBuf, io::Error),
    /// Raised by a signer written in Python.
    Signer(PyErr),
    /// Raised by Python itself.
    Python(PyErr),
}

impl Fault {
    /// A wrong argument; `part` is its name in Python.
    pub(crate) fn usage(detail: impl Into<String>, part: &'static str) -> Self {
        let error = Error::new(ErrorKind::Misuse, detail.into());
        Self::Core(error.at(Place::Part(part.to_owned())))
    }

    /// A file that could not be read.
    pub(crate) fn input(path: &Path, error: io::Error) -> Self {
        Self::File(ErrorKind::InputUnreadable, path.to_owned(), error)
    }

    /// A file that could not be written.
    pub(crate) fn output(path: &Path, error: io::Error) -> Self {
        Self::File(ErrorKind::OutputUnwritable, path.to_owned(), error)
    }

    fn raised(self, py: Python<'_>) -> PyResult<PyErr> {
        match self {
            Self::Core(error) => made(py, &error, None),
            Self::File(kind, path, error) => {
                let place = Place::Part(path.to_string_lossy().into_owned());
                let shown = Error::new(kind, words(&error)).at(place);
                made(py, &shown, Some((&path, &error)))
            }
            Self::Signer(raised) => {
                let base = py.import(ERRORS)?.getattr("KysoError")?;
                let value = raised.value(py);
                // An interrupt is no answer of the signer's, and an error of our own classes says
                // already what it means (a refused PIN, say).
                if !value.is_instance_of::<PyException>() || value.is_instance(&base)? {
                    return Ok(raised);
                }
                let detail = format!("{} raised by the signer", value.get_type().name()?);
                let error = made(py, &Error::new(ErrorKind::SignerFailed, detail), None)?;
                error.set_cause(py, Some(raised));
                Ok(error)
            }
            Self::Python(raised) => Ok(raised),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| fault.raised(py).unwrap_or_else(|error| error))
    }
}

/// Does a piece of the core's work with the interpreter released. A panic, a defect of ours, stops
/// here.
pub(crate) fn work<T: Send>(
    py: Python<'_>,
    job: impl FnOnce() -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    py.detach(|| {
        catch_unwind(AssertUnwindSafe(job))
            .unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "a panic").into()))
    })
}

/// One line for each kind of error: kind, code, C number, class, exit status.
pub(crate) fn table() -> Vec<(String, &'static str, i32, &'static str, u8)> {
    ErrorKind::table()
        .iter()
        .map(|row| {
            (
                snake(row.kind),
                row.code,
                row.c_number,
                row.python,
                row.exit,
            )
        })
        .collect()
}

fn made(py: Python<'_>, error: &Error, file: Option<(&Path, &io::Error)>) -> PyResult<PyErr> {
    let kind = error.kind();
    let raised = py.import(ERRORS)?.getattr("_raised")?.call1((
        kind.row().python,
        snake(kind),
        kind.code(),
        kind.exit(),
        error.message(Lang::En),
        error.message(Lang::Vi),
        error.place().map(ToString::to_string),
        file.and_then(|(_, error)| error.raw_os_error()),
        file.map(|(_, error)| words(error)),
        file.map(|(path, _)| path.as_os_str()),
    ))?;
    Ok(PyErr::from_value(raised))
}

/// What the operating system says, without the number that Python has a place of its own for.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// `KeyPassword` as `key_password`: the kind as Python spells it.
fn snake(kind: ErrorKind) -> String {
    let mut out = String::new();
    for c in format!("{kind:?}").chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

const ERRORS: &str = "kyso._errors";
