//! Levels: whom a signature asks for its time-stamp and by whose trust its evidence is gathered; and
//! raising the level of signatures that are there.

use std::path::PathBuf;

use kyso::Time;
use kyso::sign::{self, Level, RaiseTo, Signed, TimeStampService, TimeStamper};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{Fault, work};
use crate::input::{Source, time};
use crate::sign::{digest, in_memory, on_disk};
use crate::verify::Verifier;

/// The settings about the level, from the keywords of the Python functions.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Raising {
    level: Option<String>,
    tsa: Vec<String>,
    tsa_digest: String,
    tsa_policy: Option<String>,
    proxy: Option<String>,
    verifier: Option<Py<Verifier>>,
}

impl Raising {
    /// Hands the level on, with whom it needs.
    pub(crate) fn at_level<T>(
        &self,
        work: impl FnOnce(Level<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (stamper, verifier) = (self.stamper()?, self.verifier()?);
        let stamper = stamper.as_ref().map(|stamper| stamper as &dyn TimeStamper);
        work(Level::named(
            self.level.as_deref(),
            stamper,
            verifier.as_ref(),
        )?)
    }

    fn extend<'i>(&self, input: &'i [u8], field: Option<&str>) -> Result<Signed<'i>, Fault> {
        let (stamper, verifier) = (self.stamper()?, self.verifier()?);
        let verifier = verifier.ok_or_else(|| Fault::usage("a verifier is needed", "verifier"))?;
        let mut extending = sign::extend(input, &verifier);
        if let Some(field) = field {
            extending = extending.field(field);
        }
        if let Some(stamper) = &stamper {
            extending = extending.time_stamper(stamper);
        }
        match self.level.as_deref() {
            Some(DOCUMENT) => Ok(extending.document_time_stamp()?),
            Some(word) => Ok(extending.to(word.parse::<RaiseTo>()?)?),
            None => Err(Fault::usage("a level is needed", "level")),
        }
    }

    fn verifier(&self) -> Result<Option<kyso::Verifier>, Fault> {
        let made = |verifier: &Py<Verifier>| {
            let verifier = verifier.get();
            verifier.made(verifier.now()?)
        };
        self.verifier.as_ref().map(made).transpose()
    }

    fn stamper(&self) -> Result<Option<TimeStampService>, Fault> {
        let digest = digest(&self.tsa_digest, "tsa_digest")?;
        if self.tsa.is_empty() {
            return Ok(None);
        }
        let service = client(&self.tsa, self.proxy.as_deref())?.digest(digest)?;
        let Some(policy) = &self.tsa_policy else {
            return Ok(Some(service));
        };
        let policy = policy
            .parse()
            .map_err(|_| Fault::usage("an object identifier is expected", "tsa_policy"))?;
        Ok(Some(service.policy(policy)))
    }
}

/// Raises signatures of a PDF in memory.
#[pyfunction]
pub(crate) fn extend_pdf<'py>(
    py: Python<'py>,
    source: Source,
    field: Option<String>,
    raising: Raising,
) -> Result<Bound<'py, PyBytes>, Fault> {
    let input = work(py, || source.open())?;
    let raised = work(py, || raising.extend(&input, field.as_deref()))?;
    in_memory(py, &raised)
}

/// Raises signatures of a PDF on disk.
#[pyfunction]
pub(crate) fn extend_pdf_file(
    py: Python<'_>,
    source: Source,
    destination: PathBuf,
    force: bool,
    field: Option<String>,
    raising: Raising,
) -> Result<(), Fault> {
    work(py, || {
        let input = source.open()?;
        let raised = raising.extend(&input, field.as_deref())?;
        on_disk(&raised, destination, force)
    })
}

impl Verifier {
    /// The time that it judges at: its own, or the clock's.
    fn now(&self) -> Result<Time, Fault> {
        Ok(time(self.at(), "at")?.at_offset(Time::VIET_NAM))
    }
}

#[cfg(feature = "online")]
fn client(addresses: &[String], proxy: Option<&str>) -> Result<TimeStampService, Fault> {
    Ok(kyso_fetch::time_stamps(addresses, proxy)?)
}

#[cfg(not(feature = "online"))]
fn client(_: &[String], _: Option<&str>) -> Result<TimeStampService, Fault> {
    let detail = "this module was built without the network";
    Err(kyso::Error::new(kyso::ErrorKind::Unsupported, detail).into())
}

/// The word for a time-stamp over the document and nothing else.
const DOCUMENT: &str = "document-time-stamp";
