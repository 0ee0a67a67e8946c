//! XML signatures: XMLDSig 1.1 and XAdES (EN 319 132-1, and the older forms of TS 101 903) in any XML
//! document, by byte spans over one [`Index`](crate::xml::Index).
//!
//! The carrier answers what is signed, by which octets, how far it reaches, and nothing else. Every
//! reference stays within the document; identifiers have to be unique; transforms go by an allow-list;
//! `KeyInfo` is a hint. Each element that a signature covers is named by path and span, and only its
//! octets are handed out.

mod algorithm;
mod element;
mod key_info;
mod lay;
mod properties;
mod reach;
mod reference;
mod relayed;
mod signature;
mod tax;

pub(crate) use lay::{Laid, LayRequest, Reach, Style, lay};
pub(crate) use reach::{Role, demanded, reach};
pub(crate) use reference::{Document, Trouble};
pub(crate) use relayed::traces;
pub(crate) use signature::{Dsig, find, references};
pub(crate) use tax::roles;
pub use tax::{RoleDeparture, RoleSignature};

/// The namespace of XMLDSig.
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of XMLDSig 1.1's additions.
const DS11: &str = "http://www.w3.org/2009/xmldsig11#";
/// The namespace of RSASSA-PSS parameters (RFC 9231 §2.3.9).
const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#";
/// The namespace, and transform, of XPath filter 2.0.
const FILTER2: &str = "http://www.w3.org/2002/06/xmldsig-filter2";
/// The namespace of exclusive canonicalisation.
const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Canonical XML 1.0.
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
/// The namespaces that XAdES has had.
const XADES: [&str; 3] = [
    "http://uri.etsi.org/01903/v1.3.2#",
    "http://uri.etsi.org/01903/v1.2.2#",
    "http://uri.etsi.org/01903/v1.1.1#",
];
/// The namespace of XAdES's later additions.
const XADES141: &str = "http://uri.etsi.org/01903/v1.4.1#";
/// The namespace of XInclude.
const XINCLUDE: &str = "http://www.w3.org/2001/XInclude";
