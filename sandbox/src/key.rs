//! Throw-away keys and what they sign.
//!
//! The crate `rsa` signs here although its private operation leaks time (RUSTSEC-2023-0071): no
//! key of the sandbox is worth that attack, and the library itself signs with other code.

use p256::ecdsa::DerSignature;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rand_core::OsRng;
use rsa::RsaPrivateKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

use crate::error::{SandboxError, bad_key};

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

/// A private key ready to sign with SHA-256: RSA by PKCS#1 v1.5, P-256 by ECDSA.
pub(crate) enum SigningKey {
    Rsa(Box<rsa::pkcs1v15::SigningKey<Sha256>>),
    P256(p256::ecdsa::SigningKey),
}

impl SigningKey {
    pub(crate) fn from_pkcs8_der(der: &[u8]) -> Result<Self, SandboxError> {
        if let Ok(key) = RsaPrivateKey::from_pkcs8_der(der) {
            return Ok(SigningKey::Rsa(Box::new(rsa::pkcs1v15::SigningKey::new(
                key,
            ))));
        }
        let key = p256::ecdsa::SigningKey::from_pkcs8_der(der).map_err(bad_key)?;
        Ok(SigningKey::P256(key))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SandboxError> {
        Ok(match self {
            SigningKey::Rsa(key) => key.try_sign(message).map_err(bad_key)?.to_vec(),
            SigningKey::P256(key) => {
                let signature: DerSignature = key.try_sign(message).map_err(bad_key)?;
                signature.as_bytes().to_vec()
            }
        })
    }
}
