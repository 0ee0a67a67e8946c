//! A throw-away certificate authority shaped like the national ones of Viet Nam, the documents
//! to sign with it, and nothing that is worth keeping.
//!
//! It is for developing against, for the examples and for the tests of every door. The keys lie
//! open, the names are invented, and every authority drawn here says in its own name that it has
//! no legal value.
//!
//! It shares no code with the crate `kyso` and must not: a misreading of a standard must then be
//! made twice, by other crates than ours, to go unseen. It reads no clock, the time is handed in;
//! and only [`Server`] opens a socket, on the loopback address.
//!
//! ```
//! use kyso_sandbox::{Authority, OrganisationProfile, Settings};
//!
//! let authority = Authority::new(&Settings::quick(1_767_225_600))?;
//! let agency = authority.organisation(&OrganisationProfile::example())?;
//! let container = agency.pkcs12("thu-nghiem", &[&authority.issuing, &authority.root])?;
//! assert!(agency.certificate_pem().starts_with("-----BEGIN CERTIFICATE-----"));
//! assert!(!container.is_empty());
//! # Ok::<(), kyso_sandbox::SandboxError>(())
//! ```
//!
//! A document to sign, and where on it the blanks and the room for the signature are:
//!
//! ```
//! use kyso_sandbox::document::{Decision, decision_pdf, draw_decision};
//!
//! let pdf = decision_pdf(&Decision::example())?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! let drawn = draw_decision(&Decision::example())?;
//! assert!(drawn.places.signature.width > 100.0);
//! # Ok::<(), kyso_sandbox::SandboxError>(())
//! ```

#![forbid(unsafe_code)]

mod asn1;
mod authority;
mod crl;
mod disk;
pub mod document;
mod error;
mod facts;
mod folder;
mod hash;
mod issued;
mod key;
mod name;
mod ocsp;
pub mod plain_pdf;
mod profile;
mod recipe;
mod serve;
mod service;
mod signed_data;
pub mod signed_pdf;
mod slug;
mod spelling;
mod time_stamp;
mod typeset;

pub use authority::{Authority, PASSWORD, Settings, Written};
pub use crl::{CrlEntry, CrlRecipe, CrlScope, RevocationReason};
pub use error::{FolderFault, SandboxError};
pub use folder::{Folder, IssuedFiles, Issuer, Record, Revocation};
pub use hash::{Hash, Scheme};
pub use issued::Issued;
pub use key::KeyKind;
pub use name::{Attribute, SubjectName};
pub use ocsp::{
    OcspCertId, OcspRecipe, OcspRefusal, OcspRequest, OcspSingle, OcspStatus, ResponderName,
};
pub use profile::{Naming, OrganisationProfile, PersonProfile};
pub use recipe::{BasicConstraints, ExtraExtension, KeySource, KeyUse, Recipe};
pub use serve::Server;
pub use service::{Answer, Service};
pub use signed_data::{CertificateReference, CmsAttribute, CmsRecipe, SignedCms, SignerName};
pub use time_stamp::{TimeStampRecipe, TimeStampRefusal, TimeStampRequest, time_stamp_granted};
