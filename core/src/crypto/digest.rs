//! Digests: [`DigestAlgorithm`], [`Hasher`], [`Digest`].
//!
//! MD5 and SHA-1 are computed, because a report says whether an old document is intact before it
//! says that its algorithm is too weak. Nothing here judges.

use std::fmt;

use sha1::Digest as _;
use sha2::Digest as _;

/// A hash function (FIPS 180-4, FIPS 202, RFC 1321).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// MD5, 128 bits; broken.
    Md5,
    /// SHA-1, 160 bits; broken.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-512/224.
    Sha512_224,
    /// SHA-512/256.
    Sha512_256,
    /// SHA3-224.
    Sha3_224,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
}

impl DigestAlgorithm {
    /// Every algorithm, weakest first.
    pub const ALL: [Self; 12] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Sha512_224,
        Self::Sha512_256,
        Self::Sha3_224,
        Self::Sha3_256,
        Self::Sha3_384,
        Self::Sha3_512,
    ];

    /// The usual name: `SHA-256`, `SHA-512/256`, `SHA3-256`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The object identifier in dotted form.
    pub fn oid(self) -> &'static str {
        self.row().1
    }

    /// The algorithm of an object identifier in dotted form.
    pub fn from_oid(dotted: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.oid() == dotted)
    }

    /// Whether an algorithm of this name is known.
    pub(crate) fn named(name: &str) -> bool {
        Self::ALL
            .into_iter()
            .any(|algorithm| algorithm.name() == name)
    }

    /// Octets of a digest.
    pub fn output_len(self) -> usize {
        self.row().2
    }

    fn row(self) -> (&'static str, &'static str, usize) {
        match self {
            Self::Md5 => ("MD5", "1.2.840.113549.2.5", 16),
            Self::Sha1 => ("SHA-1", "1.3.14.3.2.26", 20),
            Self::Sha224 => ("SHA-224", "2.16.840.1.101.3.4.2.4", 28),
            Self::Sha256 => ("SHA-256", "2.16.840.1.101.3.4.2.1", 32),
            Self::Sha384 => ("SHA-384", "2.16.840.1.101.3.4.2.2", 48),
            Self::Sha512 => ("SHA-512", "2.16.840.1.101.3.4.2.3", 64),
            Self::Sha512_224 => ("SHA-512/224", "2.16.840.1.101.3.4.2.5", 28),
            Self::Sha512_256 => ("SHA-512/256", "2.16.840.1.101.3.4.2.6", 32),
            Self::Sha3_224 => ("SHA3-224", "2.16.840.1.101.3.4.2.7", 28),
            Self::Sha3_256 => ("SHA3-256", "2.16.840.1.101.3.4.2.8", 32),
            Self::Sha3_384 => ("SHA3-384", "2.16.840.1.101.3.4.2.9", 48),
            Self::Sha3_512 => ("SHA3-512", "2.16.840.1.101.3.4.2.10", 64),
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A digest being computed. A clone goes on from the same octets, so that one pass over a file
/// can give the digest of every revision in it.
///
/// ```
/// use kyso::crypto::{Digest, DigestAlgorithm, Hasher};
///
/// let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
/// hasher.update(b"a");
/// hasher.update(b"bc");
/// assert_eq!(hasher.finish(), Digest::of(DigestAlgorithm::Sha256, b"abc"));
/// ```
#[derive(Clone)]
pub struct Hasher {
    algorithm: DigestAlgorithm,
    state: State,
}

#[derive(Clone)]
enum State {
    Ring(ring::digest::Context),
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha512_224(sha2::Sha512_224),
    Sha3_224(sha3::Sha3_224),
    Sha3_256(sha3::Sha3_256),
    Sha3_384(sha3::Sha3_384),
    Sha3_512(sha3::Sha3_512),
}

impl Hasher {
    /// Begins a digest.
    pub fn new(algorithm: DigestAlgorithm) -> Self {
        let ring = |algorithm| State::Ring(ring::digest::Context::new(algorithm));
        let state = match algorithm {
            DigestAlgorithm::Md5 => State::Md5(md5::Md5::default()),
            // Not ring's: the `sha1` crate is almost five times as fast on big old files.
            DigestAlgorithm::Sha1 => State::Sha1(sha1::Sha1::default()),
            DigestAlgorithm::Sha224 => State::Sha224(sha2::Sha224::default()),
            DigestAlgorithm::Sha256 => ring(&ring::digest::SHA256),
            DigestAlgorithm::Sha384 => ring(&ring::digest::SHA384),
            DigestAlgorithm::Sha512 => ring(&ring::digest::SHA512),
            DigestAlgorithm::Sha512_224 => State::Sha512_224(sha2::Sha512_224::default()),
            DigestAlgorithm::Sha512_256 => ring(&ring::digest::SHA512_256),
            DigestAlgorithm::Sha3_224 => State::Sha3_224(sha3::Sha3_224::default()),
            DigestAlgorithm::Sha3_256 => State::Sha3_256(sha3::Sha3_256::default()),
            DigestAlgorithm::Sha3_384 => State::Sha3_384(sha3::Sha3_384::default()),
            DigestAlgorithm::Sha3_512 => State::Sha3_512(sha3::Sha3_512::default()),
        };
        Self { algorithm, state }
    }

    /// The algorithm it was begun with.
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Takes in more octets.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Ring(state) => state.update(bytes),
            State::Md5(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha224(state) => state.update(bytes),
            State::Sha512_224(state) => state.update(bytes),
            State::Sha3_224(state) => state.update(bytes),
            State::Sha3_256(state) => state.update(bytes),
            State::Sha3_384(state) => state.update(bytes),
            State::Sha3_512(state) => state.update(bytes),
        }
    }

    /// The digest of all octets taken in.
    pub fn finish(self) -> Digest {
        let octets = match self.state {
            State::Ring(state) => state.finish().as_ref().to_vec(),
            State::Md5(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha224(state) => state.finalize().to_vec(),
            State::Sha512_224(state) => state.finalize().to_vec(),
            State::Sha3_224(state) => state.finalize().to_vec(),
            State::Sha3_256(state) => state.finalize().to_vec(),
            State::Sha3_384(state) => state.finalize().to_vec(),
            State::Sha3_512(state) => state.finalize().to_vec(),
        };
        Digest {
            algorithm: self.algorithm,
            octets,
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hasher").field(&self.algorithm).finish()
    }
}

/// A computed digest with the algorithm that made it. It can only be made by hashing, so its
/// length always fits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Digest {
    algorithm: DigestAlgorithm,
    octets: Vec<u8>,
}

impl Digest {
    /// The digest of these octets.
    pub fn of(algorithm: DigestAlgorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// A digest that was computed elsewhere; nothing where its length does not fit.
    pub fn from_octets(algorithm: DigestAlgorithm, octets: &[u8]) -> Option<Self> {
        (octets.len() == algorithm.output_len()).then(|| Self {
            algorithm,
            octets: octets.to_vec(),
        })
    }

    /// The algorithm.
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets
    }

    /// The octets in lower-case hexadecimal.
    pub fn to_hex(&self) -> String {
        hex(&self.octets)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.to_hex())
    }
}

/// SHA-256, which names certificates, inputs and stores throughout.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let mut octets = [0; 32];
    for (to, from) in octets.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    octets
}

/// Lower-case hexadecimal.
pub(crate) fn hex(octets: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    octets
        .iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .filter_map(|nibble| DIGITS.get(usize::from(nibble)))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_gives_the_published_digest_of_abc() {
        let expected = [
            ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
            ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "SHA-224",
                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            ),
            (
                "SHA-256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "SHA-512/224",
                "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
            ),
            (
                "SHA-512/256",
                "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
            ),
            (
                "SHA3-224",
                "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
            ),
            (
                "SHA3-256",
                "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
            ),
        ];
        for (name, hex) in expected {
            let algorithm = DigestAlgorithm::ALL
                .into_iter()
                .find(|a| a.name() == name)
                .unwrap();
            assert_eq!(Digest::of(algorithm, b"abc").to_hex(), hex, "{name}");
        }
        assert_eq!(hex(&sha256(b"abc")), expected[3].1);
    }

    #[test]
    fn every_algorithm_is_found_by_its_identifier_and_keeps_its_length() {
        for algorithm in DigestAlgorithm::ALL {
            assert_eq!(DigestAlgorithm::from_oid(algorithm.oid()), Some(algorithm));
            assert_eq!(
                Digest::of(algorithm, b"").as_bytes().len(),
                algorithm.output_len()
            );
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"shared");
            let mut other = hasher.clone();
            hasher.update(b" one");
            other.update(b" two");
            assert_eq!(hasher.finish(), Digest::of(algorithm, b"shared one"));
            assert_eq!(other.finish(), Digest::of(algorithm, b"shared two"));
        }
        assert!(Digest::from_octets(DigestAlgorithm::Sha256, &[0; 31]).is_none());
    }
}
