//! Throw-away keys and what they sign.
//!
//! The crate `rsa` signs here although its private operation leaks time (RUSTSEC-2023-0071): no
//! key of the sandbox is worth that attack, and the library itself signs with other code.

use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rand_core::OsRng;
use rsa::sha2::{Sha224, Sha256, Sha384, Sha512};
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha1::Sha1;

use crate::asn1;
use crate::error::{SandboxError, bad_key};
use crate::hash::{Hash, Scheme};

/// The kind of key to make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits, as under the specialised government root of 2010.
    Rsa2048,
    /// RSA with a modulus of 3072 bits, as under the root of 2018; takes seconds to make.
    Rsa3072,
    /// ECDSA on P-256. None was seen in the country; it is here because it is made at once.
    P256,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [KeyKind; 3] = [KeyKind::Rsa2048, KeyKind::Rsa3072, KeyKind::P256];

    /// The kind as a word: `rsa-2048`, `rsa-3072`, `p-256`.
    pub fn name(self) -> &'static str {
        match self {
            KeyKind::Rsa2048 => "rsa-2048",
            KeyKind::Rsa3072 => "rsa-3072",
            KeyKind::P256 => "p-256",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Makes a fresh key from the system's randomness and returns it as PKCS#8 DER.
    pub(crate) fn generate(self) -> Result<Vec<u8>, SandboxError> {
        let bits = match self {
            KeyKind::Rsa2048 => 2048,
            KeyKind::Rsa3072 => 3072,
            KeyKind::P256 => {
                let key = p256::SecretKey::random(&mut OsRng);
                return Ok(key.to_pkcs8_der().map_err(bad_key)?.as_bytes().to_vec());
            }
        };
        let key = RsaPrivateKey::new(&mut OsRng, bits).map_err(bad_key)?;
        Ok(key.to_pkcs8_der().map_err(bad_key)?.as_bytes().to_vec())
    }
}

/// A private key ready to sign.
pub(crate) enum SigningKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
}

impl SigningKey {
    pub(crate) fn from_pkcs8_der(der: &[u8]) -> Result<Self, SandboxError> {
        if let Ok(key) = RsaPrivateKey::from_pkcs8_der(der) {
            return Ok(SigningKey::Rsa(Box::new(key)));
        }
        let key = p256::ecdsa::SigningKey::from_pkcs8_der(der).map_err(bad_key)?;
        Ok(SigningKey::P256(key))
    }

    /// The SubjectPublicKeyInfo, DER.
    pub(crate) fn public_key_der(&self) -> Result<Vec<u8>, SandboxError> {
        let document = match self {
            SigningKey::Rsa(key) => key.to_public_key().to_public_key_der(),
            SigningKey::P256(key) => key.verifying_key().to_public_key_der(),
        };
        Ok(document.map_err(bad_key)?.as_bytes().to_vec())
    }

    /// Signs `message`: an RSA number, or an ECDSA signature in DER.
    pub(crate) fn sign(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>, SandboxError> {
        self.sign_digest(scheme, &scheme.hash().of(message))
    }

    /// Signs what has this digest.
    pub(crate) fn sign_digest(
        &self,
        scheme: Scheme,
        digest: &[u8],
    ) -> Result<Vec<u8>, SandboxError> {
        match (self, scheme) {
            (SigningKey::Rsa(key), Scheme::Usual(hash)) => {
                key.sign(pkcs1(hash), digest).map_err(bad_key)
            }
            (SigningKey::Rsa(key), Scheme::Pss(hash)) => key
                .sign_with_rng(&mut OsRng, pss(hash), digest)
                .map_err(bad_key),
            (SigningKey::P256(key), Scheme::Usual(_)) => {
                let signature: DerSignature = key.sign_prehash(digest).map_err(bad_key)?;
                Ok(signature.as_bytes().to_vec())
            }
            (SigningKey::P256(_), Scheme::Pss(_)) => Err(bad_key("P-256 has no PSS")),
        }
    }

    /// The AlgorithmIdentifier of such a signature.
    pub(crate) fn algorithm(&self, scheme: Scheme) -> Result<Vec<u8>, SandboxError> {
        match (self, scheme) {
            (SigningKey::Rsa(_), Scheme::Usual(hash)) => {
                asn1::algorithm(rsa_oid(hash), &asn1::null())
            }
            (SigningKey::P256(_), Scheme::Usual(hash)) => asn1::algorithm(ecdsa_oid(hash), &[]),
            // RFC 4055 §3.1; the trailer has its default.
            (_, Scheme::Pss(hash)) => {
                let inner = asn1::algorithm(hash.oid(), &asn1::null())?;
                let mask = asn1::algorithm(MASK_GENERATION, &inner)?;
                let parameters = asn1::sequence(&[
                    asn1::context(0, &inner),
                    asn1::context(1, &mask),
                    asn1::context(2, &asn1::integer(u64::from(hash.length()))),
                ]);
                asn1::algorithm(RSASSA_PSS, &parameters)
            }
        }
    }

    /// The AlgorithmIdentifier as CMS has it: the bare key's for RSA (RFC 3370 §3.2).
    pub(crate) fn cms_algorithm(&self, scheme: Scheme) -> Result<Vec<u8>, SandboxError> {
        match (self, scheme) {
            (SigningKey::Rsa(_), Scheme::Usual(_)) => {
                asn1::algorithm(RSA_ENCRYPTION, &asn1::null())
            }
            _ => self.algorithm(scheme),
        }
    }
}

fn pkcs1(hash: Hash) -> Pkcs1v15Sign {
    match hash {
        Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
        Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    }
}

fn pss(hash: Hash) -> Pss {
    match hash {
        Hash::Sha1 => Pss::new::<Sha1>(),
        Hash::Sha224 => Pss::new::<Sha224>(),
        Hash::Sha256 => Pss::new::<Sha256>(),
        Hash::Sha384 => Pss::new::<Sha384>(),
        Hash::Sha512 => Pss::new::<Sha512>(),
    }
}

fn rsa_oid(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha1 => "1.2.840.113549.1.1.5",
        Hash::Sha224 => "1.2.840.113549.1.1.14",
        Hash::Sha256 => "1.2.840.113549.1.1.11",
        Hash::Sha384 => "1.2.840.113549.1.1.12",
        Hash::Sha512 => "1.2.840.113549.1.1.13",
    }
}

fn ecdsa_oid(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha1 => "1.2.840.10045.4.1",
        Hash::Sha224 => "1.2.840.10045.4.3.1",
        Hash::Sha256 => "1.2.840.10045.4.3.2",
        Hash::Sha384 => "1.2.840.10045.4.3.3",
        Hash::Sha512 => "1.2.840.10045.4.3.4",
    }
}

const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const MASK_GENERATION: &str = "1.2.840.113549.1.1.8";
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
