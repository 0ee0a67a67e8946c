//! Cryptographic Message Syntax: `SignedData` and its attributes, read and written.
//!
//! RFC 5652, RFC 5035 (signing certificate), RFC 6211 (algorithm protection), EN 319 122-1. Reading
//! is lenient where the field is (BER around the signed parts, wrong version numbers, incomplete
//! sets of digest algorithms, certificate formats of other times) and strict where two readers
//! could see two different things: octets behind the last field, fields twice, wrong tags.
//!
//! Signed attributes are never made anew: their octets are slices of the input. Nothing is judged
//! here: no digest is compared, no signature verified, no certificate trusted.

mod attributes;
pub(crate) mod augment;
mod ess;
pub mod identifiers;
#[cfg(test)]
pub(crate) mod openssl;
mod read;
mod signer;
pub mod write;

pub use attributes::{
    AlgorithmProtection, Attribute, AttributeFault, Attributes, RevocationInfoArchival,
};
pub use ess::{EssCertId, IssuerSerial};
pub(crate) use read::check_count;
pub use read::{AlgorithmIdentifier, OtherRevocationInfo, SignedData};
pub use signer::{SignerIdentifier, SignerInfo, UnsupportedAlgorithm};
