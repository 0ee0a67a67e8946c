//! Digests, signature algorithms, verifying and local keys.
//!
//! The only room that names `ring`, `rsa`, the curve crates and the hash crates. It answers one
//! question, "does this signature value fit this key and these octets", and knows neither
//! certificates nor policy: an RSA key of 1024 bits or a SHA-1 digest is computed here and refused
//! elsewhere, so that integrity can be reported even where the verdict is a refusal.
//!
//! It refuses: signing with anything but `ring` (RSA from 2048 bits, P-256, P-384, Ed25519), curves
//! with explicit parameters, RSA moduli outside 512 to 16384 bits, and every encoding of a
//! signature but the one its standard gives (RFC 8017, FIPS 186-5 with RFC 3279 §2.2.3, RFC 8032).

mod algorithm;
pub(crate) mod asn1;
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
pub use public::{KeyKind, PublicKey};
pub use verify::{ToVerify, VerifyFault, verify};
use sha1::Digest as _;

/// A digest algorithm.
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum DigestAlgorithm {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A running digest; a clone copies the state.
#[derive(Clone)]
pub struct Hasher(DigestAlgorithm, State);

#[derive(Clone)]
enum State {
    Ring(ring::digest::Context),
    Sha1(sha1::Sha1),
}

impl DigestAlgorithm {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

impl Hasher {
    /// An empty one.
    pub fn new(algorithm: DigestAlgorithm) -> Self {
        let state = match algorithm {
            DigestAlgorithm::Sha1 => State::Sha1(sha1::Sha1::new()),
            DigestAlgorithm::Sha256 => {
                State::Ring(ring::digest::Context::new(&ring::digest::SHA256))
            }
            DigestAlgorithm::Sha384 => {
                State::Ring(ring::digest::Context::new(&ring::digest::SHA384))
            }
            DigestAlgorithm::Sha512 => {
                State::Ring(ring::digest::Context::new(&ring::digest::SHA512))
            }
        };
        Self(algorithm, state)
    }

    /// Takes in more octets.
    pub fn update(&mut self, octets: &[u8]) {
        match &mut self.1 {
            State::Ring(context) => context.update(octets),
            State::Sha1(context) => context.update(octets),
        }
    }

    /// The digest.
    pub fn finish(self) -> Digest {
        let octets = match self.1 {
            State::Ring(context) => context.finish().as_ref().to_vec(),
            State::Sha1(context) => context.finalize().to_vec(),
        };
        Digest {
            algorithm: self.0,
            octets,
        }
    }
}

/// A digest and its algorithm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Digest {
    algorithm: DigestAlgorithm,
    octets: Vec<u8>,
}

impl Digest {
    /// The digest of these octets.
    pub fn of(algorithm: DigestAlgorithm, octets: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(octets);
        hasher.finish()
    }

    /// The algorithm.
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets
    }

    /// The octets in lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        let mut text = String::new();
        for octet in &self.octets {
            let _ = write!(text, "{octet:02x}");
        }
        text
    }
}

/// SHA-256.
pub fn sha256(octets: &[u8]) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, octets);
    let mut out = [0; 32];
    out.copy_from_slice(digest.as_ref());
    out
}
