//! [`verify()`]: does this signature value fit this key and these octets?

use ring::signature::{self as ring_signature, UnparsedPublicKey};

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::curve;
use crate::crypto::digest::{Digest, DigestAlgorithm};
use crate::crypto::public::{KeyKind, Material, PublicKey, Restriction, RsaKey};
use crate::crypto::rsa_encoding;

/// What was signed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ToVerify<'a> {
    /// The octets themselves.
    Message(&'a [u8]),
    /// Their digest, made with the signature algorithm's own hash.
    Digest(&'a Digest),
}

/// Why a signature value was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerifyFault {
    /// It does not fit: other octets, another key, an algorithm that the key does not have, or an
    /// encoding that its standard does not allow.
    Invalid,
    /// The key or the algorithm is not one that this library computes.
    Unsupported,
}

/// Checks a signature value.
///
/// Computed for RSA from 512 to 16384 bits, P-256, P-384 and P-521 with any hash, and Ed25519;
/// whether that is strong enough is the policy's question. RSASSA-PSS needs one hash for message
/// and mask, and trailer 1; any salt length is computed.
pub fn verify(
    key: &PublicKey,
    algorithm: &SignatureAlgorithm,
    data: ToVerify<'_>,
    signature: &[u8],
) -> Result<(), VerifyFault> {
    match (key.material(), algorithm) {
        (Material::Other(_), _) => Err(VerifyFault::Unsupported),
        (Material::Rsa(key), SignatureAlgorithm::RsaPkcs1(digest)) => {
            pkcs1(key, *digest, data, signature)
        }
        (
            Material::Rsa(key),
            SignatureAlgorithm::RsaPss {
                digest,
                mgf_digest,
                salt_len,
                trailer,
            },
        ) => {
            if mgf_digest != digest || *trailer != 1 || !allows(key, algorithm) {
                return Err(VerifyFault::Invalid);
            }
            pss(key, *digest, *salt_len, data, signature)
        }
        (Material::Point(kind, point), SignatureAlgorithm::Ecdsa(digest)) => {
            ecdsa(*kind, point, *digest, data, signature)
        }
        (Material::Ed25519(key), SignatureAlgorithm::Ed25519) => match data {
            ToVerify::Message(message) => {
                with_ring(&ring_signature::ED25519, key, message, signature)
            }
            // Ed25519 signs octets, not digests; the prehashed variant is another algorithm.
            ToVerify::Digest(_) => Err(VerifyFault::Unsupported),
        },
        _ => Err(VerifyFault::Invalid),
    }
}

fn pkcs1(
    key: &RsaKey,
    algorithm: DigestAlgorithm,
    data: ToVerify<'_>,
    signature: &[u8],
) -> Result<(), VerifyFault> {
    let bits = rsa_encoding::check_key(key)?;
    if key.restriction != Restriction::None {
        return Err(VerifyFault::Invalid);
    }
    let parameters = match algorithm {
        DigestAlgorithm::Sha1 => &ring_signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        DigestAlgorithm::Sha256 => &ring_signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        DigestAlgorithm::Sha512 => &ring_signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        _ => &ring_signature::RSA_PKCS1_2048_8192_SHA384,
    };
    let (offered, from) = match algorithm {
        // Over a long message the faster SHA-1 outweighs the faster exponentiation.
        DigestAlgorithm::Sha1 => (message_len(data) <= SHORT_MESSAGE, 1024),
        DigestAlgorithm::Sha256 | DigestAlgorithm::Sha512 => (true, 1024),
        DigestAlgorithm::Sha384 => (true, 2048),
        _ => (false, 0),
    };
    match data {
        ToVerify::Message(message) if offered && (from..=8192).contains(&bits) => {
            rsa_with_ring(parameters, key, message, signature)
        }
        _ => rsa_encoding::verify_pkcs1(key, &digest_of(data, algorithm)?, signature),
    }
}

fn pss(
    key: &RsaKey,
    algorithm: DigestAlgorithm,
    salt_len: u32,
    data: ToVerify<'_>,
    signature: &[u8],
) -> Result<(), VerifyFault> {
    let bits = rsa_encoding::check_key(key)?;
    let parameters = match algorithm {
        DigestAlgorithm::Sha256 => Some(&ring_signature::RSA_PSS_2048_8192_SHA256),
        DigestAlgorithm::Sha384 => Some(&ring_signature::RSA_PSS_2048_8192_SHA384),
        DigestAlgorithm::Sha512 => Some(&ring_signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    };
    let usual_salt = usize::try_from(salt_len) == Ok(algorithm.output_len());
    match (data, parameters) {
        (ToVerify::Message(message), Some(parameters))
            if usual_salt && (2048..=8192).contains(&bits) =>
        {
            rsa_with_ring(parameters, key, message, signature)
        }
        _ => rsa_encoding::verify_pss(key, &digest_of(data, algorithm)?, salt_len, signature),
    }
}

fn ecdsa(
    kind: KeyKind,
    point: &[u8],
    algorithm: DigestAlgorithm,
    data: ToVerify<'_>,
    signature: &[u8],
) -> Result<(), VerifyFault> {
    let offered = match (kind, algorithm) {
        (KeyKind::P256, DigestAlgorithm::Sha256) => Some(&ring_signature::ECDSA_P256_SHA256_ASN1),
        (KeyKind::P256, DigestAlgorithm::Sha384) => Some(&ring_signature::ECDSA_P256_SHA384_ASN1),
        (KeyKind::P384, DigestAlgorithm::Sha256) => Some(&ring_signature::ECDSA_P384_SHA256_ASN1),
        (KeyKind::P384, DigestAlgorithm::Sha384) => Some(&ring_signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    };
    match (data, offered, point.first()) {
        // ring takes uncompressed points only.
        (ToVerify::Message(message), Some(parameters), Some(4)) => {
            with_ring(parameters, point, message, signature)
        }
        _ => {
            let digest = digest_of(data, algorithm)?;
            curve::verify(kind, point, digest.as_bytes(), signature)
        }
    }
}

/// An `id-RSASSA-PSS` key with parameters allows these hashes alone and a salt at least as long
/// (RFC 4055 §3.3).
fn allows(key: &RsaKey, algorithm: &SignatureAlgorithm) -> bool {
    let Restriction::PssWith(allowed) = &key.restriction else {
        return true;
    };
    match (allowed, algorithm) {
        (
            SignatureAlgorithm::RsaPss {
                digest,
                mgf_digest,
                salt_len,
                trailer,
            },
            SignatureAlgorithm::RsaPss {
                digest: used_digest,
                mgf_digest: used_mgf,
                salt_len: used_salt,
                trailer: used_trailer,
            },
        ) => {
            digest == used_digest
                && mgf_digest == used_mgf
                && trailer == used_trailer
                && used_salt >= salt_len
        }
        _ => false,
    }
}

fn rsa_with_ring(
    parameters: &'static ring_signature::RsaParameters,
    key: &RsaKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyFault> {
    ring_signature::RsaPublicKeyComponents {
        n: &key.modulus,
        e: &key.exponent,
    }
    .verify(parameters, message, signature)
    .map_err(|_| VerifyFault::Invalid)
}

fn with_ring(
    parameters: &'static dyn ring_signature::VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyFault> {
    UnparsedPublicKey::new(parameters, key)
        .verify(message, signature)
        .map_err(|_| VerifyFault::Invalid)
}

fn digest_of(data: ToVerify<'_>, algorithm: DigestAlgorithm) -> Result<Digest, VerifyFault> {
    match data {
        ToVerify::Message(message) => Ok(Digest::of(algorithm, message)),
        ToVerify::Digest(digest) if digest.algorithm() == algorithm => Ok(digest.clone()),
        ToVerify::Digest(_) => Err(VerifyFault::Invalid),
    }
}

fn message_len(data: ToVerify<'_>) -> usize {
    match data {
        ToVerify::Message(message) => message.len(),
        ToVerify::Digest(_) => 0,
    }
}

/// Octets below which ring's SHA-1 is fast enough.
const SHORT_MESSAGE: usize = 1 << 18;
