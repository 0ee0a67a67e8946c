//! A certificate together with its private key, in the forms people want them in.

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use x509_cert::der::pem::{LineEnding, encode_string};

use crate::error::{SandboxError, bad_container};
use crate::hash::Scheme;
use crate::key::SigningKey;

/// A certificate and the key it certifies.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate, DER (RFC 5280).
    pub certificate_der: Vec<u8>,
    /// The private key, unencrypted PKCS#8 DER (RFC 5958).
    pub private_key_pkcs8_der: Vec<u8>,
}

impl Issued {
    /// The certificate as PEM, lines ending in a line feed (RFC 7468 §5).
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate_der)
    }

    /// The private key as unencrypted PEM (RFC 7468 §10).
    pub fn private_key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.private_key_pkcs8_der)
    }

    /// The key, the certificate and `chain` (issuers, nearest first) as PKCS#12 (RFC 7292),
    /// encrypted by AES-256 under PBES2 and sealed by HMAC with SHA-256.
    ///
    /// # Errors
    /// [`SandboxError::Container`] when a part cannot be encoded.
    pub fn pkcs12(&self, password: &str, chain: &[&Issued]) -> Result<Vec<u8>, SandboxError> {
        let key = PrivateKey::from_der(&self.private_key_pkcs8_der).map_err(bad_container)?;
        let certificates = std::iter::once(self)
            .chain(chain.iter().copied())
            .map(|each| Certificate::from_der(&each.certificate_der))
            .collect::<Result<Vec<_>, _>>()
            .map_err(bad_container)?;
        let entry = PrivateKeyChain::new("kyso-sandbox", key, certificates);
        let mut store = KeyStore::new();
        store.add_entry("kyso-sandbox", KeyStoreEntry::PrivateKeyChain(entry));
        store.writer(password).write().map_err(bad_container)
    }

    /// Signs `message` as its holder would: SHA-256 with RSA PKCS#1 v1.5, or with ECDSA (the
    /// signature then DER). For tests that play a remote signing service.
    ///
    /// # Errors
    /// [`SandboxError::Key`] when the key is of a kind the sandbox does not make.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SandboxError> {
        self.sign_with(Scheme::default(), message)
    }

    /// The same by another scheme.
    ///
    /// # Errors
    /// [`SandboxError::Key`] when the key is none of the sandbox's or cannot do it.
    pub fn sign_with(&self, scheme: Scheme, message: &[u8]) -> Result<Vec<u8>, SandboxError> {
        self.key()?.sign(scheme, message)
    }

    pub(crate) fn key(&self) -> Result<SigningKey, SandboxError> {
        SigningKey::from_pkcs8_der(&self.private_key_pkcs8_der)
    }
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued")
            .field("certificate_octets", &self.certificate_der.len())
            .finish_non_exhaustive()
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    // The only failures are a label of odd characters and a length beyond the address space.
    encode_string(label, LineEnding::LF, der).unwrap_or_default()
}
