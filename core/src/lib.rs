//! Signs and verifies the documents of a state: PDF signatures and the edXML envelope of Viet Nam.
//!
//! ```text
//!            bytes ─► Verifier ─► Report           every signature, by EN 319 102-1, with reasons
//!            input ─► sign::pdf ─► Prepared ─► Signed         one path, in one step or in two
//!            bytes ─► Envelope ─► header, attachments   and back by EnvelopeBuilder
//! ```
//!
//! Which type for which case:
//!
//! - to know what a file is worth: [`Verifier`], which always answers with a [`Report`];
//! - to sign with a key in a file: [`LocalKey`] and [`sign::pdf`]; with a token, HSM or service behind
//!   a function: [`sign::CallbackSigner`]; with a phone, hours later: [`Prepared`];
//! - to read or write an envelope: [`Envelope`], [`EnvelopeBuilder`];
//! - to choose whom to trust: [`TrustStore`]; by which rules: [`Policy`].
//!
//! The library touches no file, socket, clock or environment: the caller passes bytes and the time
//! in. It does not panic on any input, and what hostile input may cost is bounded by [`Limits`].
//!
//! ```
//! use kyso::{Time, Verifier};
//!
//! let now: Time = "2026-11-24T09:00:00+07:00".parse()?;
//! let report = Verifier::new(now).verify(b"not a document");
//! assert_eq!(report.indication(), None);
//! assert_eq!(report.error().map(|error| error.code), Some("input.malformed"));
//! # Ok::<(), kyso::Error>(())
//! ```
//!
//! What is not judged yet is named in each answer; see `docs/KNOWN-LIMITS.md`.

#![forbid(unsafe_code)]

pub mod appearance;
pub mod bundle;
pub mod cms;
pub mod crypto;
pub mod der;
pub mod doctor;
pub mod edxml;
pub mod error;
pub mod evidence;
pub mod fetch;
pub mod font;
pub mod limits;
pub mod message;
pub mod ocsp;
mod pades;
mod page;
pub mod path;
mod pdf;
pub mod picture;
pub mod policy;
pub mod report;
mod revocation;
pub mod sign;
pub mod text;
pub mod time;
pub mod trust;
pub mod tsp;
mod validate;
pub mod verdict;
pub mod verify;
pub mod x509;
mod xades;
pub mod xml;

pub use bundle::Bundle;
pub use doctor::{Diagnosis, Severity, Symptom};
pub use edxml::{Envelope, EnvelopeBuilder};
pub use error::{Error, ErrorKind, ErrorRow, Place};
pub use limits::Limits;
pub use message::Lang;
pub use policy::{Policy, Revocation};
pub use report::{Report, SignatureReport};
pub use sign::{Answer, LocalKey, Prepared, PreparedDocument, Signed, Signer};
pub use time::Time;
pub use trust::TrustStore;
pub use verdict::{Indication, Reason, SubIndication};
pub use verify::{Covered, Verifier};
pub use x509::Certificate;
