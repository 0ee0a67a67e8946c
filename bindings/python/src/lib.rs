//! `kyso._kyso`: the private module under the typed Python of `python/kyso`.
//!
//! Each function translates and decides nothing: arguments into the core's types, results and
//! errors back. The interpreter is released while the core works. What is public, its documentation
//! and its types stand in the Python files; what is here is described for them in `_kyso.pyi`.

#![deny(unsafe_code)]

mod certificate;
mod envelope;
mod error;
mod input;
mod network;
mod raise;
mod sign;
mod verify;

use pyo3::prelude::pymodule;

/// The private module.
#[pymodule]
mod _kyso {
    use pyo3::prelude::*;
    use pyo3::types::PyTuple;

    #[pymodule_export]
    use crate::certificate::{Certificate, certificates};
    #[pymodule_export]
    use crate::envelope::{Envelope, build_envelope, reply_status, track_envelopes};
    #[pymodule_export]
    use crate::raise::{extend_pdf, extend_pdf_file};
    #[pymodule_export]
    use crate::sign::{
        LocalKey, Prepared, PreparedDocument, draft_pdf, prepare_document, prepare_pdf, sign_pdf,
        sign_pdf_file,
    };
    #[pymodule_export]
    use crate::verify::{Report, Verifier, report_from_state};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let rows = crate::error::table();
        module.add("ERRORS", PyTuple::new(module.py(), rows)?)?;
        module.add("VERSION", env!("CARGO_PKG_VERSION"))
    }
}
