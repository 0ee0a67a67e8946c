//! Who signs: [`Signer`], [`LocalKey`], [`CallbackSigner`].

use crate::crypto::{self, Digest, DigestAlgorithm, KeyKind, PrivateKey, SignatureAlgorithm};
use crate::error::{Error, ErrorKind};
use crate::x509::Certificate;

/// Something that holds a private key, or can reach one: a file, a token, a phone, a service.
///
/// The key never has to be in this process. Implement this for your own HSM or service; for a plain
/// function there is [`CallbackSigner`].
pub trait Signer {
    /// The signer's own certificate first, then the chain to embed.
    fn certificates(&self) -> &[Certificate];

    /// The algorithm that [`sign`](Signer::sign) will use.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs. The answer is the raw signature value: the octets of RSASSA, the DER form of ECDSA
    /// (`SEQUENCE { r, s }`), the 64 octets of Ed25519.
    ///
    /// # Errors
    ///
    /// `SignerFailed` when the device or service does not answer, `SignerRefused` when it refuses,
    /// `KeyPassword` when it refuses the PIN. Nothing is tried again by itself.
    fn sign(&self, data: &ToBeSigned<'_>) -> Result<Vec<u8>, Error>;
}

/// What has to be signed, in both forms: some devices want the message, others its digest.
#[derive(Clone, Copy, Debug)]
pub struct ToBeSigned<'a> {
    message: &'a [u8],
    algorithm: DigestAlgorithm,
}

impl<'a> ToBeSigned<'a> {
    pub(crate) fn new(message: &'a [u8], algorithm: DigestAlgorithm) -> Self {
        Self { message, algorithm }
    }

    /// The message: the DER `SET OF` of the signed attributes (RFC 5652 §5.4).
    pub fn message(&self) -> &'a [u8] {
        self.message
    }

    /// The digest of the message.
    pub fn digest(&self) -> Digest {
        Digest::of(self.algorithm, self.message)
    }
}

/// A private key in a file, with its certificates.
#[derive(Debug)]
pub struct LocalKey {
    key: PrivateKey,
    certificates: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
}

impl LocalKey {
    /// From a PKCS#12 file (`.p12`, `.pfx`), old or new ciphers.
    ///
    /// # Errors
    ///
    /// `KeyPassword` for a wrong password, `Malformed` for a file that is no PKCS#12,
    /// `KeyUnusable` for a key that may not sign, `KeyMismatch` when no certificate in it belongs to
    /// the key.
    pub fn from_p12(bytes: &[u8], password: &str) -> Result<Self, Error> {
        let (key, certificates) = crypto::from_pkcs12(bytes, password)?;
        let certificates = certificates
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(key, certificates)
    }

    /// From a private key in PEM or DER (PKCS#8, encrypted too, or the traditional forms) and its
    /// certificates in PEM, DER or PKCS#7.
    ///
    /// # Errors
    ///
    /// As [`from_p12`](LocalKey::from_p12).
    pub fn from_pem(
        key: &[u8],
        certificates: &[u8],
        password: Option<&str>,
    ) -> Result<Self, Error> {
        Self::new(
            PrivateKey::from_pem(key, password)?,
            Certificate::many_from_pem_or_der(certificates)?,
        )
    }

    fn new(key: PrivateKey, mut certificates: Vec<Certificate>) -> Result<Self, Error> {
        let own = certificates
            .iter()
            .position(|certificate| certificate.public_key() == key.public_key())
            .ok_or_else(|| {
                Error::new(ErrorKind::KeyMismatch, "no certificate belongs to this key")
            })?;
        certificates.swap(0, own);
        let algorithm = key.algorithms().first().copied().ok_or_else(|| {
            Error::new(
                ErrorKind::KeyUnusable,
                "no algorithm is offered for this key",
            )
        })?;
        Ok(Self {
            key,
            certificates,
            algorithm,
        })
    }

    /// The same key with further certificates of its chain to embed.
    #[must_use]
    pub fn with_chain(mut self, chain: impl IntoIterator<Item = Certificate>) -> Self {
        for certificate in chain {
            if !self.certificates.contains(&certificate) {
                self.certificates.push(certificate);
            }
        }
        self
    }

    /// The same key with another algorithm that its kind allows.
    ///
    /// # Errors
    ///
    /// `Misuse` for an algorithm that this key cannot sign with.
    pub fn with_algorithm(mut self, algorithm: SignatureAlgorithm) -> Result<Self, Error> {
        if !self.key.algorithms().contains(&algorithm) {
            return Err(Error::new(
                ErrorKind::Misuse,
                "the key cannot sign with this algorithm",
            ));
        }
        self.algorithm = algorithm;
        Ok(self)
    }
}

impl Signer for LocalKey {
    fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, data: &ToBeSigned<'_>) -> Result<Vec<u8>, Error> {
        self.key.sign(&self.algorithm, data.message())
    }
}

/// A [`Signer`] made of a function: for tokens, HSMs and services behind an interface of your own.
///
/// ```
/// use kyso::{Certificate, Error, sign::CallbackSigner};
/// use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
///
/// # fn demo(certificates: Vec<Certificate>, token: impl Fn(&[u8]) -> Vec<u8>) {
/// let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
/// let signer = CallbackSigner::new(certificates, algorithm, |data| {
///     Ok(token(data.digest().as_bytes()))
/// });
/// # let _ = signer;
/// # }
/// ```
pub struct CallbackSigner<F> {
    certificates: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
    callback: F,
}

impl<F> CallbackSigner<F>
where
    F: Fn(&ToBeSigned<'_>) -> Result<Vec<u8>, Error>,
{
    /// From the certificates (the signer's own first), the algorithm and the function.
    pub fn new(certificates: Vec<Certificate>, algorithm: SignatureAlgorithm, callback: F) -> Self {
        Self {
            certificates,
            algorithm,
            callback,
        }
    }
}

impl<F> Signer for CallbackSigner<F>
where
    F: Fn(&ToBeSigned<'_>) -> Result<Vec<u8>, Error>,
{
    fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, data: &ToBeSigned<'_>) -> Result<Vec<u8>, Error> {
        (self.callback)(data)
    }
}

impl<F> std::fmt::Debug for CallbackSigner<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallbackSigner")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Whether this algorithm can be the one of this certificate's key, found before anything is laid.
pub(crate) fn check_fits(own: &Certificate, algorithm: &SignatureAlgorithm) -> Result<(), Error> {
    let key = own.public_key();
    let fits = match algorithm {
        SignatureAlgorithm::RsaPkcs1(digest) | SignatureAlgorithm::RsaPss { digest, .. } => {
            if key.kind() == KeyKind::Rsa && key.bits() < MIN_RSA_BITS {
                return Err(Error::new(
                    ErrorKind::KeyUnusable,
                    format!("an RSA key of {} bits", key.bits()),
                ));
            }
            key.kind() == KeyKind::Rsa && may_create(*digest)
        }
        SignatureAlgorithm::Ecdsa(digest) => {
            matches!(key.kind(), KeyKind::P256 | KeyKind::P384 | KeyKind::P521)
                && may_create(*digest)
        }
        SignatureAlgorithm::Ed25519 => key.kind() == KeyKind::Ed25519,
    };
    if fits {
        Ok(())
    } else {
        Err(Error::new(
            ErrorKind::Misuse,
            "the algorithm does not fit the certificate's key, or may not be used for new signatures",
        ))
    }
}

/// SHA-1, SHA-224 and MD5 are never created (Circular 15/2025 App. I 1.3).
pub(crate) fn may_create(digest: DigestAlgorithm) -> bool {
    matches!(
        digest,
        DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512
    )
}

const MIN_RSA_BITS: u32 = 2_048;
