//! Signing: prepare → sign → complete, with a key in a file or a signer written in Python.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use kyso::appearance::Mark;
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::picture::Picture;
use kyso::sign::{PdfSigning, Profile, Signed, ToBeSigned};
use kyso::{Answer, Error, ErrorKind, Signer};
use kyso_map::{Existing, write_whole};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::certificate::Certificate;
use crate::error::{Fault, work};
use crate::input::{Given, Source, certificates, files, lang as lang_of, time};
use crate::raise::Raising;

/// A private key in a file, with its certificates.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct LocalKey(kyso::LocalKey);

#[pymethods]
impl LocalKey {
    #[staticmethod]
    fn from_p12(
        py: Python<'_>,
        source: Source,
        password: &str,
        chain: Vec<Given>,
        algorithm: Option<&str>,
    ) -> Result<Self, Fault> {
        work(py, || {
            let key = kyso::LocalKey::from_p12(&source.open()?, password)?;
            Self::with(key, chain, algorithm)
        })
    }

    #[staticmethod]
    fn from_pem(
        py: Python<'_>,
        key: Source,
        own: Vec<Given>,
        password: Option<&str>,
        chain: Vec<Given>,
        algorithm: Option<&str>,
    ) -> Result<Self, Fault> {
        work(py, || {
            let key = key.open()?;
            let files = files(own)?;
            let key = of_these(&key, &files, password)?;
            Self::with(key.with_chain(every(&files)?), chain, algorithm)
        })
    }

    fn certificates(&self) -> Vec<Certificate> {
        self.0
            .certificates()
            .iter()
            .cloned()
            .map(Certificate)
            .collect()
    }

    fn algorithm(&self) -> String {
        self.0.algorithm().to_string()
    }
}

impl LocalKey {
    fn with(
        key: kyso::LocalKey,
        chain: Vec<Given>,
        algorithm: Option<&str>,
    ) -> Result<Self, Fault> {
        let key = key.with_chain(certificates(chain)?);
        Ok(Self(match algorithm {
            Some(word) => key.with_algorithm(named(word)?)?,
            None => key,
        }))
    }
}

/// The settings of one signature, from the keywords of the Python functions.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    at: Option<String>,
    profile: String,
    field: Option<String>,
    reason: Option<String>,
    location: Option<String>,
    contact: Option<String>,
    name: Option<String>,
    reserve: Option<usize>,
    /// A description each, and the picture where it shows one.
    marks: Vec<(String, Option<Source>)>,
}

impl Settings {
    fn on(self, input: &[u8]) -> Result<PdfSigning<'_>, Fault> {
        let profile = match self.profile.as_str() {
            "pades" => Profile::Pades,
            "pkcs7" => Profile::Pkcs7,
            _ => return Err(Fault::usage("a profile is pades or pkcs7", "profile")),
        };
        let mut pdf = kyso::sign::pdf(input, time(self.at.as_deref(), "at")?).profile(profile);
        if let Some(text) = self.field {
            pdf = pdf.field(text);
        }
        if let Some(text) = self.reason {
            pdf = pdf.reason(text);
        }
        if let Some(text) = self.location {
            pdf = pdf.location(text);
        }
        if let Some(text) = self.contact {
            pdf = pdf.contact(text);
        }
        if let Some(text) = self.name {
            pdf = pdf.name(text);
        }
        if let Some(octets) = self.reserve {
            pdf = pdf.reserve(octets);
        }
        for (description, picture) in self.marks {
            let picture = match picture {
                Some(source) => Some(Picture::read(&source.open()?)?),
                None => None,
            };
            pdf = pdf.show(Mark::described(&description, picture)?);
        }
        Ok(pdf)
    }
}

/// Who signs: a key in a file, or certificates, algorithm and function of an object in Python.
#[derive(FromPyObject)]
pub(crate) enum Who {
    Local(Py<LocalKey>),
    Other(Vec<Given>, String, Py<PyAny>),
}

impl Who {
    fn sign<'i>(self, pdf: PdfSigning<'i>, raising: &Raising) -> Result<Signed<'i>, Fault> {
        let (given, word, function) = match self {
            Self::Local(key) => {
                return raising.at_level(|level| Ok(pdf.sign_at(&key.get().0, level)?));
            }
            Self::Other(given, word, function) => (given, word, function),
        };
        let other = Other {
            certificates: certificates(given)?,
            algorithm: named(&word)?,
            function,
            raised: Mutex::new(None),
        };
        let signed = raising.at_level(|level| Ok(pdf.sign_at(&other, level)?));
        let raised = other
            .raised
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match raised {
            Some(raised) => Err(Fault::Signer(raised)),
            None => signed,
        }
    }
}

/// A signer in Python, called with the message and its digest.
struct Other {
    certificates: Vec<kyso::Certificate>,
    algorithm: SignatureAlgorithm,
    function: Py<PyAny>,
    raised: Mutex<Option<PyErr>>,
}

impl Signer for Other {
    fn certificates(&self) -> &[kyso::Certificate] {
        &self.certificates
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, data: &ToBeSigned<'_>) -> Result<Vec<u8>, Error> {
        Python::attach(|py| {
            let message = PyBytes::new(py, data.message());
            let digest = PyBytes::new(py, data.digest().as_bytes());
            let answer = self.function.bind(py).call1((message, digest));
            answer.and_then(|value| Ok(value.extract::<PyBackedBytes>()?.to_vec()))
        })
        .map_err(|raised| {
            *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
            Error::new(ErrorKind::SignerFailed, "an exception in Python")
        })
    }
}

/// Signs a PDF in memory.
#[pyfunction]
pub(crate) fn sign_pdf<'py>(
    py: Python<'py>,
    source: Source,
    who: Who,
    settings: Settings,
    raising: Raising,
) -> Result<Bound<'py, PyBytes>, Fault> {
    let input = work(py, || source.open())?;
    let signed = work(py, || who.sign(settings.on(&input)?, &raising))?;
    in_memory(py, &signed)
}

/// Signs a PDF on disk.
#[pyfunction]
pub(crate) fn sign_pdf_file(
    py: Python<'_>,
    source: Source,
    destination: PathBuf,
    force: bool,
    who: Who,
    settings: Settings,
    raising: Raising,
) -> Result<(), Fault> {
    work(py, || {
        let input = source.open()?;
        let signed = who.sign(settings.on(&input)?, &raising)?;
        on_disk(&signed, destination, force)
    })
}

/// The file as it will look, and where the marks are, as JSON.
#[pyfunction]
pub(crate) fn draft_pdf<'py>(
    py: Python<'py>,
    source: Source,
    chain: Vec<Given>,
    settings: Settings,
) -> Result<(Bound<'py, PyBytes>, String), Fault> {
    let draft = work(py, || {
        let input = source.open()?;
        Ok(settings.on(&input)?.draft(&certificates(chain)?)?)
    })?;
    Ok((PyBytes::new(py, &draft.bytes), draft.placed_json()))
}

/// The first of two steps.
#[pyfunction]
pub(crate) fn prepare_pdf(
    py: Python<'_>,
    source: Source,
    chain: Vec<Given>,
    algorithm: &str,
    settings: Settings,
) -> Result<Prepared, Fault> {
    work(py, || {
        let input = source.open()?;
        let pdf = settings.on(&input)?;
        Ok(Prepared(
            pdf.prepare(&certificates(chain)?, named(algorithm)?)?,
        ))
    })
}

/// The first of two steps, before anyone knows who will sign.
#[pyfunction]
pub(crate) fn prepare_document(
    py: Python<'_>,
    source: Source,
    digest: &str,
    settings: Settings,
) -> Result<PreparedDocument, Fault> {
    let digest = self::digest(digest, "digest")?;
    work(py, || {
        let input = source.open()?;
        Ok(PreparedDocument(
            settings.on(&input)?.prepare_document(digest)?,
        ))
    })
}

/// A document that waits for its signature, whoever will sign.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct PreparedDocument(kyso::PreparedDocument);

#[pymethods]
impl PreparedDocument {
    #[staticmethod]
    fn from_bytes(state: &[u8]) -> Result<Self, Fault> {
        Ok(Self(kyso::PreparedDocument::from_bytes(state)?))
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    fn document_digest<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.document_digest().as_bytes())
    }

    fn field(&self) -> &str {
        self.0.field()
    }

    fn input_sha256<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.input_sha256())
    }

    fn with_signer(
        &self,
        py: Python<'_>,
        chain: Vec<Given>,
        algorithm: &str,
    ) -> Result<Prepared, Fault> {
        work(py, || {
            Ok(Prepared(
                self.0
                    .clone()
                    .with_signer(&certificates(chain)?, named(algorithm)?)?,
            ))
        })
    }

    fn complete<'py>(
        &self,
        py: Python<'py>,
        source: Source,
        cms: PyBackedBytes,
        raising: Raising,
    ) -> Result<Bound<'py, PyBytes>, Fault> {
        let input = work(py, || source.open())?;
        let signed = work(py, || {
            raising.at_level(|level| Ok(self.0.clone().complete_at(&input, &cms, level)?))
        })?;
        in_memory(py, &signed)
    }

    fn complete_file(
        &self,
        py: Python<'_>,
        source: Source,
        destination: PathBuf,
        force: bool,
        cms: PyBackedBytes,
        raising: Raising,
    ) -> Result<(), Fault> {
        work(py, || {
            let input = source.open()?;
            let signed =
                raising.at_level(|level| Ok(self.0.clone().complete_at(&input, &cms, level)?))?;
            on_disk(&signed, destination, force)
        })
    }
}

/// A signature that waits for its value.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Prepared(kyso::Prepared);

#[pymethods]
impl Prepared {
    #[staticmethod]
    fn from_bytes(state: &[u8]) -> Result<Self, Fault> {
        Ok(Self(kyso::Prepared::from_bytes(state)?))
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    fn digest<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.digest().as_bytes())
    }

    fn document_digest<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.document_digest().as_bytes())
    }

    fn explain(&self, raw: &[u8], lang: &str) -> Result<Option<String>, Fault> {
        let lang = lang_of(lang)?;
        Ok(self.0.explain(raw).map(|instead| instead.message(lang)))
    }

    fn message<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.to_be_signed().message())
    }

    fn algorithm(&self) -> String {
        self.0.algorithm().to_string()
    }

    fn field(&self) -> &str {
        self.0.field()
    }

    fn input_sha256<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.input_sha256())
    }

    fn certificates(&self) -> Vec<Certificate> {
        self.0
            .certificates()
            .iter()
            .cloned()
            .map(Certificate)
            .collect()
    }

    fn complete<'py>(
        &self,
        py: Python<'py>,
        source: Source,
        answer: PyBackedBytes,
        is_cms: bool,
        raising: Raising,
    ) -> Result<Bound<'py, PyBytes>, Fault> {
        let input = work(py, || source.open())?;
        let answer = self::answer(&answer, is_cms);
        let signed = work(py, || {
            raising.at_level(|level| Ok(self.0.clone().complete_at(&input, answer, level)?))
        })?;
        in_memory(py, &signed)
    }

    #[allow(clippy::too_many_arguments)] // each is one setting
    fn complete_file(
        &self,
        py: Python<'_>,
        source: Source,
        destination: PathBuf,
        force: bool,
        answer: PyBackedBytes,
        is_cms: bool,
        raising: Raising,
    ) -> Result<(), Fault> {
        let answer = self::answer(&answer, is_cms);
        work(py, || {
            let input = source.open()?;
            let signed = raising
                .at_level(|level| Ok(self.0.clone().complete_at(&input, answer, level)?))?;
            on_disk(&signed, destination, force)
        })
    }
}

fn answer(octets: &[u8], is_cms: bool) -> Answer {
    match is_cms {
        true => Answer::Cms(octets.to_vec()),
        false => Answer::Raw(octets.to_vec()),
    }
}

/// The signed file as `bytes`, written straight into Python's memory: there is one copy of it.
pub(crate) fn in_memory<'py>(
    py: Python<'py>,
    signed: &Signed<'_>,
) -> Result<Bound<'py, PyBytes>, Fault> {
    let bytes = PyBytes::new_with(py, signed.len(), |mut out| {
        signed.write_to(&mut out).map_err(PyErr::from)
    })?;
    Ok(bytes)
}

pub(crate) fn on_disk(signed: &Signed<'_>, destination: PathBuf, force: bool) -> Result<(), Fault> {
    let existing = if force {
        Existing::Replace
    } else {
        Existing::Keep
    };
    write_whole(&destination, existing, |mut out| signed.write_to(&mut out))
        .map_err(|error| Fault::output(&destination, error))
}

/// The words for hashes that new signatures and time-stamps are made with.
pub(crate) fn digest(word: &str, argument: &'static str) -> Result<DigestAlgorithm, Fault> {
    match word {
        "sha256" => Ok(DigestAlgorithm::Sha256),
        "sha384" => Ok(DigestAlgorithm::Sha384),
        "sha512" => Ok(DigestAlgorithm::Sha512),
        _ => Err(Fault::usage(
            "a digest is sha256, sha384 or sha512",
            argument,
        )),
    }
}

fn named(word: &str) -> Result<SignatureAlgorithm, Fault> {
    word.parse().map_err(|_| {
        Fault::usage(
            "an algorithm is such as rsa-pkcs1-sha256, ecdsa-sha256 or ed25519",
            "algorithm",
        )
    })
}

/// The key with the first of these files that holds its certificate.
fn of_these(
    key: &[u8],
    files: &[Vec<u8>],
    password: Option<&str>,
) -> Result<kyso::LocalKey, Fault> {
    let mut fault = Fault::usage("no certificate was given", "certificates");
    for file in files {
        match kyso::LocalKey::from_pem(key, file, password) {
            Err(error) if error.kind() == ErrorKind::KeyMismatch => fault = error.into(),
            other => return Ok(other?),
        }
    }
    Err(fault)
}

fn every(files: &[Vec<u8>]) -> Result<Vec<kyso::Certificate>, Fault> {
    let mut all = Vec::new();
    for file in files {
        all.extend(kyso::Certificate::many_from_pem_or_der(file)?);
    }
    Ok(all)
}
