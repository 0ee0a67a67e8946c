//! Digests, signature algorithms, verifying and local keys.
//!
//! The only room that names `ring`, `rsa`, the curve, hash and cipher crates. It answers one
//! question, "does this signature value fit this key and these octets", and knows neither
//! certificates nor policy: an RSA key of 1024 bits or a SHA-1 digest is computed here and refused
//! elsewhere, so that integrity can be reported even where the verdict is a refusal.
//!
//! It refuses: signing with anything but `ring` (RSA from 2048 bits, P-256, P-384, Ed25519), curves
//! with explicit parameters, RSA moduli outside 512 to 16384 bits, and every encoding of a
//! signature but the one its standard gives (RFC 8017, FIPS 186-5 with RFC 3279 §2.2.3, RFC 8032).

mod algorithm;
pub(crate) mod asn1;
pub(crate) mod cipher;
mod curve;
mod digest;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
pub(crate) mod fixtures;
pub(crate) mod pem;
mod pkcs12;
mod private;
mod public;
mod rsa_encoding;
mod verify;

pub use algorithm::SignatureAlgorithm;
pub use curve::{ecdsa_from_fixed, ecdsa_to_fixed};
pub(crate) use digest::hex;
pub use digest::{Digest, DigestAlgorithm, Hasher, sha256};
pub use pkcs12::from_pkcs12;
pub use private::PrivateKey;
pub(crate) use private::random;
pub use public::{KeyKind, PublicKey};
pub(crate) use rsa_encoding::pkcs1_payload;
pub use verify::{ToVerify, VerifyFault, verify};
