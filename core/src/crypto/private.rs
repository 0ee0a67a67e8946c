//! [`PrivateKey`]: a local key that signs, with `ring` alone.
//!
//! Reads PKCS#8 in DER and PEM, its encrypted form (PBES2), and OpenSSL's older `RSA PRIVATE KEY`
//! and `EC PRIVATE KEY`. Refuses RSA below 2048 bits and above what `ring` signs with (4096), other
//! curves than P-256 and P-384, and the encryption of PEM itself (RFC 1421).

use std::fmt;

use ring::rand::{SecureRandom, SystemRandom};
use ring::rsa::KeyPair as RsaKeyPair;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};

use crate::crypto::algorithm::{self, SignatureAlgorithm};
use crate::crypto::asn1::{self, BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};
use crate::crypto::digest::DigestAlgorithm;
use crate::crypto::pem;
use crate::crypto::public::{self, CURVES, KeyKind, PublicKey};
use crate::error::{Error, ErrorKind};

/// A private key held in memory.
pub struct PrivateKey {
    inner: Inner,
    public: PublicKey,
}

enum Inner {
    Rsa { pair: RsaKeyPair, use_: RsaUse },
    Ecdsa(EcdsaKeyPair, DigestAlgorithm),
    Ed25519(Ed25519KeyPair),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RsaUse {
    Any,
    PssOnly,
}

impl PrivateKey {
    /// From a PKCS#8 `PrivateKeyInfo` in DER (RFC 5208, RFC 5958). The public key may be missing
    /// in it.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        let Stored {
            oid,
            parameters,
            key,
        } = pkcs8(der).ok_or_else(|| malformed("PKCS#8 private key"))?;
        match oid.as_str() {
            algorithm::RSA_ENCRYPTION => Self::rsa(key, RsaUse::Any),
            algorithm::RSASSA_PSS => Self::rsa(key, RsaUse::PssOnly),
            algorithm::EC_PUBLIC_KEY => {
                let curve = parameters.and_then(|p| asn1::only(p, OID));
                Self::curve(curve, key)
            }
            algorithm::ED25519 => {
                let seed = asn1::only(key, OCTET_STRING)
                    .ok_or_else(|| malformed("Ed25519 private key"))?;
                let pair = Ed25519KeyPair::from_seed_unchecked(seed)
                    .map_err(|_| malformed("Ed25519 private key"))?;
                let spki = public::ed25519_spki(pair.public_key().as_ref());
                Self::new(Inner::Ed25519(pair), &spki)
            }
            _ => Err(unusable("kind of private key that does not sign here")),
        }
    }

    /// From PEM: the first private key in it. A password is needed for `ENCRYPTED PRIVATE KEY`
    /// alone; a missing or wrong one is [`ErrorKind::KeyPassword`].
    pub fn from_pem(pem: &[u8], password: Option<&str>) -> Result<Self, Error> {
        let blocks = pem::blocks(pem).ok_or_else(|| malformed("PEM"))?;
        let key = blocks
            .iter()
            .find(|block| block.label.ends_with("PRIVATE KEY"))
            .ok_or_else(|| malformed("PEM without a private key"))?;
        if key.is_encrypted {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "encryption of PEM (RFC 1421); convert the key to PKCS#8",
            ));
        }
        match key.label.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8_der(&key.octets),
            "RSA PRIVATE KEY" => Self::rsa(&key.octets, RsaUse::Any),
            "EC PRIVATE KEY" => Self::curve(None, &key.octets),
            "ENCRYPTED PRIVATE KEY" => {
                let password = password.ok_or_else(|| {
                    Error::new(ErrorKind::KeyPassword, "the private key is encrypted")
                })?;
                Self::from_pkcs8_der(&decrypt(&key.octets, password)?)
            }
            _ => Err(unusable("kind of private key that does not sign here")),
        }
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// What it signs with; the first is the usual choice for such a key.
    pub fn algorithms(&self) -> Vec<SignatureAlgorithm> {
        let hashes = [
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ];
        match &self.inner {
            Inner::Rsa { use_, .. } => {
                let pkcs1 = hashes.map(SignatureAlgorithm::RsaPkcs1);
                let pkcs1 = pkcs1.into_iter().filter(|_| *use_ == RsaUse::Any);
                pkcs1
                    .chain(hashes.map(SignatureAlgorithm::rsa_pss))
                    .collect()
            }
            Inner::Ecdsa(_, digest) => vec![SignatureAlgorithm::Ecdsa(*digest)],
            Inner::Ed25519(_) => vec![SignatureAlgorithm::Ed25519],
        }
    }

    /// Signs these octets (not their digest). An algorithm that is not among
    /// [`algorithms`](Self::algorithms) is [`ErrorKind::KeyUnusable`].
    pub fn sign(&self, algorithm: &SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        if !self.algorithms().contains(algorithm) {
            return Err(unusable("the key does not make this kind of signature"));
        }
        let random = SystemRandom::new();
        let failed = |_| Error::new(ErrorKind::Internal, "ring refused to sign");
        match &self.inner {
            Inner::Rsa { pair, .. } => {
                let encoding =
                    rsa_encoding(algorithm).ok_or_else(|| unusable("hash of an RSA signature"))?;
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(encoding, &random, message, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
            Inner::Ecdsa(pair, _) => {
                let signature = pair.sign(&random, message).map_err(failed)?;
                Ok(signature.as_ref().to_vec())
            }
            Inner::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }

    fn new(inner: Inner, spki: &[u8]) -> Result<Self, Error> {
        Ok(Self {
            inner,
            public: PublicKey::from_spki_der(spki)?,
        })
    }

    /// ```text
    /// RSAPrivateKey ::= SEQUENCE { version, modulus, publicExponent, privateExponent, … }
    /// ```
    fn rsa(der: &[u8], use_: RsaUse) -> Result<Self, Error> {
        let modulus = (|| {
            let mut reader = Reader(asn1::only(der, SEQUENCE)?);
            reader.take(INTEGER)?;
            asn1::positive(reader.take(INTEGER)?)
        })();
        let bits = modulus.map(public::bits);
        if !(2048..=4096).contains(&bits.ok_or_else(|| malformed("RSA private key"))?) {
            return Err(unusable("RSA key outside 2048 to 4096 bits"));
        }
        let pair = RsaKeyPair::from_der(der).map_err(|_| malformed("RSA private key"))?;
        let spki = public::rsa_spki(pair.public().as_ref());
        Self::new(Inner::Rsa { pair, use_ }, &spki)
    }

    /// ```text
    /// ECPrivateKey ::= SEQUENCE {
    ///   version    INTEGER { ecPrivkeyVer1(1) },
    ///   privateKey OCTET STRING,
    ///   parameters [0] ECParameters OPTIONAL,
    ///   publicKey  [1] BIT STRING OPTIONAL }
    /// ```
    fn curve(named: Option<&[u8]>, der: &[u8]) -> Result<Self, Error> {
        let broken = || malformed("EC private key");
        let mut reader = Reader(asn1::only(der, SEQUENCE).ok_or_else(broken)?);
        reader.take(INTEGER).ok_or_else(broken)?;
        let scalar = reader.take(OCTET_STRING).ok_or_else(broken)?;
        let inside = reader.take(0xa0).and_then(|p| asn1::only(p, OID));
        let given = reader
            .take(0xa1)
            .and_then(|p| asn1::only(p, BIT_STRING))
            .and_then(|p| p.strip_prefix(&[0]));
        let curve = named.or(inside).and_then(asn1::dotted);
        let row = CURVES.iter().find(|row| Some(row.0) == curve.as_deref());
        let Some((_, kind @ (KeyKind::P256 | KeyKind::P384), size)) = row else {
            return Err(unusable("curve other than P-256 and P-384"));
        };
        let scalar = asn1::padded(scalar, *size).ok_or_else(broken)?;
        // Some writers leave the public point out; ring wants it, and checks that it belongs.
        let point = match given {
            Some(point) if point.first() == Some(&4) => point.to_vec(),
            _ => derived_point(*kind, &scalar).ok_or_else(broken)?,
        };
        let (signing, digest) = match kind {
            KeyKind::P256 => (&ECDSA_P256_SHA256_ASN1_SIGNING, DigestAlgorithm::Sha256),
            _ => (&ECDSA_P384_SHA384_ASN1_SIGNING, DigestAlgorithm::Sha384),
        };
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(signing, &scalar, &point, &random)
            .map_err(|_| broken())?;
        let spki = public::curve_spki(*kind, &point);
        Self::new(Inner::Ecdsa(pair, digest), &spki)
    }
}

/// What a PKCS#8 structure holds: the kind of key, and the key in that kind's own form.
struct Stored<'a> {
    oid: String,
    parameters: Option<&'a [u8]>,
    key: &'a [u8],
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey of {:?}", self.public)
    }
}

/// ```text
/// OneAsymmetricKey ::= SEQUENCE {
///   version             INTEGER { v1(0), v2(1) },
///   privateKeyAlgorithm AlgorithmIdentifier,
///   privateKey          OCTET STRING,
///   attributes          [0] OPTIONAL,
///   publicKey           [1] OPTIONAL }
/// ```
fn pkcs8(der: &[u8]) -> Option<Stored<'_>> {
    let mut reader = Reader(asn1::only(der, SEQUENCE)?);
    let version = reader.take(INTEGER)?;
    matches!(version, [0 | 1]).then_some(())?;
    let (oid, parameters) = algorithm::parts(reader.next()?.full)?;
    Some(Stored {
        oid,
        parameters,
        key: reader.take(OCTET_STRING)?,
    })
}

/// ```text
/// EncryptedPrivateKeyInfo ::= SEQUENCE {
///   encryptionAlgorithm AlgorithmIdentifier,
///   encryptedData       OCTET STRING }
/// ```
fn decrypt(der: &[u8], password: &str) -> Result<Vec<u8>, Error> {
    let parts = (|| {
        let mut reader = Reader(asn1::only(der, SEQUENCE)?);
        let scheme = reader.next()?.full;
        Some((scheme, reader.take(OCTET_STRING)?))
    })();
    let (scheme, data) = parts.ok_or_else(|| malformed("encrypted private key"))?;
    let scheme = pkcs5::EncryptionScheme::try_from(scheme).map_err(|e| {
        Error::new(ErrorKind::Unsupported, "encryption of the private key").caused_by(e.to_string())
    })?;
    // Padding that does not come out is how a wrong password shows; there is no checksum.
    scheme
        .decrypt(password, data)
        .ok()
        .filter(|plain| pkcs8(plain).is_some())
        .ok_or_else(|| Error::new(ErrorKind::KeyPassword, "wrong password of the private key"))
}

fn derived_point(kind: KeyKind, scalar: &[u8]) -> Option<Vec<u8>> {
    match kind {
        KeyKind::P256 => {
            let key = p256::SecretKey::from_slice(scalar).ok()?;
            Some(key.public_key().to_sec1_bytes().to_vec())
        }
        KeyKind::P384 => {
            let key = p384::SecretKey::from_slice(scalar).ok()?;
            Some(key.public_key().to_sec1_bytes().to_vec())
        }
        _ => None,
    }
}

fn rsa_encoding(algorithm: &SignatureAlgorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match algorithm {
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256) => &RSA_PKCS1_SHA256,
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha384) => &RSA_PKCS1_SHA384,
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha512) => &RSA_PKCS1_SHA512,
        SignatureAlgorithm::RsaPss { digest, .. } => match digest {
            DigestAlgorithm::Sha256 => &RSA_PSS_SHA256,
            DigestAlgorithm::Sha384 => &RSA_PSS_SHA384,
            DigestAlgorithm::Sha512 => &RSA_PSS_SHA512,
            _ => return None,
        },
        _ => return None,
    })
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

fn unusable(what: &'static str) -> Error {
    Error::new(ErrorKind::KeyUnusable, what)
}

/// Octets that nobody can foresee; nothing where the system has none.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut octets = [0; N];
    SystemRandom::new().fill(&mut octets).ok()?;
    Some(octets)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures::Workshop;
    use crate::crypto::{ToVerify, verify};

    const RSA: &str = "RSA -pkeyopt rsa_keygen_bits:2048";
    const P256: &str = "EC -pkeyopt ec_paramgen_curve:P-256";
    const P384: &str = "EC -pkeyopt ec_paramgen_curve:P-384";

    /// Every algorithm of the key makes a signature that verifies.
    fn signs(key: &PrivateKey) {
        for algorithm in key.algorithms() {
            let signature = key.sign(&algorithm, b"message").unwrap();
            let message = ToVerify::Message(b"message");
            assert_eq!(
                verify(key.public_key(), &algorithm, message, &signature),
                Ok(())
            );
            let other = verify(
                key.public_key(),
                &algorithm,
                ToVerify::Message(b"massage"),
                &signature,
            );
            assert!(other.is_err());
        }
    }

    #[test]
    fn keys_by_openssl_sign_in_every_form_they_are_stored_in() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        for (kind, count) in [(RSA, 6), (P256, 1), (P384, 1), ("ED25519", 1)] {
            shop.run(&format!("genpkey -algorithm {kind} -out k.pem"));
            shop.run("pkey -in k.pem -pubout -outform DER -out p.der");
            let public = PublicKey::from_spki_der(&shop.read("p.der")).unwrap();
            let key = PrivateKey::from_pem(&shop.read("k.pem"), None).unwrap();
            assert_eq!(*key.public_key(), public);
            assert_eq!(key.public_key().spki_der(), public.spki_der());
            assert_eq!(key.algorithms().len(), count);
            signs(&key);
            if kind != "ED25519" {
                shop.run("pkey -in k.pem -traditional -out t.pem");
                let key = PrivateKey::from_pem(&shop.read("t.pem"), None).unwrap();
                assert_eq!(*key.public_key(), public);
                signs(&key);
            }
        }
    }

    #[test]
    fn an_openssl_verification_accepts_what_we_sign() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        shop.write("m", b"message");
        for kind in [RSA, P256, P384] {
            shop.run(&format!("genpkey -algorithm {kind} -out k.pem"));
            shop.run("pkey -in k.pem -pubout -out p.pem");
            let key = PrivateKey::from_pem(&shop.read("k.pem"), None).unwrap();
            for algorithm in key.algorithms() {
                shop.write("s", &key.sign(&algorithm, b"message").unwrap());
                let hash = algorithm.digest().unwrap().name().replace('-', "");
                let padding = match algorithm {
                    SignatureAlgorithm::RsaPss { .. } => "-sigopt rsa_padding_mode:pss",
                    _ => "",
                };
                shop.run(&format!(
                    "dgst -{hash} {padding} -verify p.pem -signature s m"
                ));
            }
        }
    }

    #[test]
    fn an_ec_key_stored_without_its_point_gets_it_back() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        for kind in [P256, P384] {
            shop.run(&format!("genpkey -algorithm {kind} -out k.pem"));
            shop.run("pkey -in k.pem -pubout -outform DER -out p.der");
            shop.run("ec -in k.pem -no_public -out n.pem");
            let key = PrivateKey::from_pem(&shop.read("n.pem"), None).unwrap();
            assert_eq!(key.public_key().spki_der(), shop.read("p.der"));
            signs(&key);
        }
    }

    #[test]
    fn an_encrypted_key_opens_with_its_password_alone() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        shop.run(&format!("genpkey -algorithm {P256} -out k.pem"));
        for how in [
            "-v2 aes-256-cbc",
            "-v2 aes-128-cbc -v2prf hmacWithSHA1",
            "-v2 des3",
            "-scrypt",
        ] {
            shop.run(&format!(
                "pkcs8 -topk8 -in k.pem -out e.pem -passout pass:bimat {how}"
            ));
            let pem = shop.read("e.pem");
            signs(&PrivateKey::from_pem(&pem, Some("bimat")).unwrap());
            for password in [Some("sai"), Some(""), None] {
                let error = PrivateKey::from_pem(&pem, password).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::KeyPassword, "{how} {password:?}");
            }
        }
    }

    #[test]
    fn keys_that_may_not_sign_are_refused_by_name() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        for kind in [
            "RSA -pkeyopt rsa_keygen_bits:1024",
            "EC -pkeyopt ec_paramgen_curve:P-521",
            "EC -pkeyopt ec_paramgen_curve:secp256k1",
            "ED448",
        ] {
            shop.run(&format!("genpkey -algorithm {kind} -out k.pem"));
            let error = PrivateKey::from_pem(&shop.read("k.pem"), None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::KeyUnusable, "{kind}");
        }
        let error = PrivateKey::from_pem(b"no key", None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(PrivateKey::from_pkcs8_der(&[0x30, 0x80]).is_err());
    }

    #[test]
    fn an_rsa_key_marked_for_pss_signs_with_pss_alone() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        shop.run("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out k.pem");
        let key = PrivateKey::from_pem(&shop.read("k.pem"), None).unwrap();
        assert!(key.algorithms().iter().all(|a| a.name() == "RSA-PSS"));
        signs(&key);
        let pkcs1 = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
        let error = key.sign(&pkcs1, b"").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KeyUnusable);
    }
}
