//! Hashes and what is signed with them.

use rsa::sha2::digest::Digest;
use rsa::sha2::{Sha224, Sha256, Sha384, Sha512};
use sha1::Sha1;

use crate::asn1;
use crate::error::SandboxError;

/// The hashes of signatures past and present.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Hash {
    /// SHA-1: of files up to 2016 and of time-stamps up to 2022.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256, as everything of today.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Every hash the sandbox knows.
    pub const ALL: [Hash; 5] = [
        Hash::Sha1,
        Hash::Sha224,
        Hash::Sha256,
        Hash::Sha384,
        Hash::Sha512,
    ];

    /// The hash of `octets`.
    ///
    /// ```
    /// use kyso_sandbox::Hash;
    ///
    /// assert_eq!(Hash::Sha1.of(b"").len(), 20);
    /// assert_eq!(Hash::Sha512.of(b"").len(), 64);
    /// ```
    pub fn of(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => Sha1::digest(octets).to_vec(),
            Hash::Sha224 => Sha224::digest(octets).to_vec(),
            Hash::Sha256 => Sha256::digest(octets).to_vec(),
            Hash::Sha384 => Sha384::digest(octets).to_vec(),
            Hash::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }

    /// The object identifier, dotted.
    pub fn oid(self) -> &'static str {
        match self {
            Hash::Sha1 => "1.3.14.3.2.26",
            Hash::Sha224 => "2.16.840.1.101.3.4.2.4",
            Hash::Sha256 => "2.16.840.1.101.3.4.2.1",
            Hash::Sha384 => "2.16.840.1.101.3.4.2.2",
            Hash::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }

    /// The hash with this object identifier, given as DER with tag and length.
    pub(crate) fn of_oid(der: &[u8]) -> Option<Self> {
        Hash::ALL
            .into_iter()
            .find(|hash| asn1::oid(hash.oid()).is_ok_and(|oid| oid == der))
    }

    /// The AlgorithmIdentifier: with NULL for SHA-1 as old tools write it, without parameters
    /// for the others (RFC 5754 §2).
    pub(crate) fn algorithm(self) -> Result<Vec<u8>, SandboxError> {
        let parameters = match self {
            Hash::Sha1 => asn1::null(),
            _ => Vec::new(),
        };
        asn1::algorithm(self.oid(), &parameters)
    }

    /// The length of the hash in octets.
    pub(crate) fn length(self) -> u8 {
        match self {
            Hash::Sha1 => 20,
            Hash::Sha224 => 28,
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }
}

/// How a key signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Scheme {
    /// RSA by PKCS#1 v1.5, P-256 by ECDSA: as all real signatures of the country.
    Usual(Hash),
    /// RSASSA-PSS with the hash in the mask too and a salt of its length, as Circular 15/2025
    /// asks for. A P-256 key refuses it.
    Pss(Hash),
}

impl Default for Scheme {
    fn default() -> Self {
        Scheme::Usual(Hash::Sha256)
    }
}

impl Scheme {
    /// The hash of the message.
    pub fn hash(self) -> Hash {
        match self {
            Scheme::Usual(hash) | Scheme::Pss(hash) => hash,
        }
    }
}
