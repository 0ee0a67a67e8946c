//! Certificates, read.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{Fault, work};
use crate::input::Source;

/// An X.509 certificate.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Certificate(pub(crate) kyso::Certificate);

#[pymethods]
impl Certificate {
    fn der<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.der())
    }

    fn sha256(&self) -> String {
        self.0
            .sha256()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect()
    }

    fn subject(&self) -> String {
        self.0.subject().to_string()
    }

    fn issuer(&self) -> String {
        self.0.issuer().to_string()
    }

    fn serial(&self) -> String {
        self.0.serial_hex()
    }

    fn common_name(&self) -> Option<String> {
        self.0.identity().common_name
    }

    fn not_before(&self) -> String {
        self.0.not_before().to_string()
    }

    fn not_after(&self) -> String {
        self.0.not_after().to_string()
    }
}

/// Every certificate of a file in PEM, DER or PKCS#7.
#[pyfunction]
pub(crate) fn certificates(py: Python<'_>, source: Source) -> Result<Vec<Certificate>, Fault> {
    let found = work(py, || {
        let given = source.open()?;
        Ok(kyso::Certificate::many_from_pem_or_der(&given)?)
    })?;
    Ok(found.into_iter().map(Certificate).collect())
}
