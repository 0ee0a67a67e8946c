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
            // Nobody writes these, and every profile of CMS refuses them (RFC 4056 §2.2, §3): they
            // are not computed, which says nothing about the value.
            if mgf_digest != digest || *trailer != 1 {
                return Err(VerifyFault::Unsupported);
            }
            if !allows(key, algorithm) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures;

    fn digest_named(name: &str) -> DigestAlgorithm {
        let same = |a: &DigestAlgorithm| a.name() == name || a.name().replacen('-', "", 1) == name;
        let found = DigestAlgorithm::ALL.into_iter().find(same);
        found.unwrap_or_else(|| panic!("{name}"))
    }

    /// openssl signs; we verify, over message and digest, and refuse after one changed bit.
    #[test]
    fn signatures_by_openssl_verify_also_for_old_sizes_and_rare_hashes() {
        let Some(shop) = fixtures::Workshop::open() else {
            return;
        };
        let message = b"Quyet dinh so 1".repeat(40);
        shop.write("m", &message);
        let usual = SignatureAlgorithm::rsa_pss;
        let sha = digest_named;
        let cases = [
            (
                "RSA -pkeyopt rsa_keygen_bits:512",
                "-sha1",
                SignatureAlgorithm::RsaPkcs1(sha("SHA-1")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:1024",
                "-md5",
                SignatureAlgorithm::RsaPkcs1(sha("MD5")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:1024",
                "-sha1",
                SignatureAlgorithm::RsaPkcs1(sha("SHA-1")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:1024",
                "-sha384",
                SignatureAlgorithm::RsaPkcs1(sha("SHA-384")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:1031",
                "-sha512-256",
                SignatureAlgorithm::RsaPkcs1(sha("SHA-512/256")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3",
                "-sha256",
                SignatureAlgorithm::RsaPkcs1(sha("SHA-256")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:1025",
                "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
                usual(sha("SHA-256")),
            ),
            (
                "RSA -pkeyopt rsa_keygen_bits:2048",
                "-sha3-256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
                usual(sha("SHA3-256")),
            ),
            (
                "EC -pkeyopt ec_paramgen_curve:P-256",
                "-sha1",
                SignatureAlgorithm::Ecdsa(sha("SHA-1")),
            ),
            (
                "EC -pkeyopt ec_paramgen_curve:P-384",
                "-sha1",
                SignatureAlgorithm::Ecdsa(sha("SHA-1")),
            ),
            (
                "EC -pkeyopt ec_paramgen_curve:P-521",
                "-sha256",
                SignatureAlgorithm::Ecdsa(sha("SHA-256")),
            ),
            (
                "EC -pkeyopt ec_paramgen_curve:P-521",
                "-sha3-512",
                SignatureAlgorithm::Ecdsa(sha("SHA3-512")),
            ),
        ];
        for (key, how, algorithm) in cases {
            shop.run(&format!("genpkey -algorithm {key} -out k"));
            shop.run("pkey -in k -pubout -outform DER -out p");
            shop.run(&format!("dgst {how} -sign k -out s m"));
            let public = PublicKey::from_spki_der(&shop.read("p")).unwrap();
            let mut signature = shop.read("s");
            let digest = Digest::of(algorithm.digest().unwrap(), &message);
            for data in [ToVerify::Message(&message), ToVerify::Digest(&digest)] {
                assert_eq!(
                    verify(&public, &algorithm, data, &signature),
                    Ok(()),
                    "{key} {how}"
                );
                *signature.last_mut().unwrap() ^= 1;
                let changed = verify(&public, &algorithm, data, &signature);
                assert_eq!(changed, Err(VerifyFault::Invalid), "{key} {how}");
                *signature.last_mut().unwrap() ^= 1;
            }
        }
    }

    #[test]
    fn a_key_that_would_make_us_work_too_long_is_refused_before_we_do() {
        use crate::crypto::asn1;
        let key = |modulus: &[u8], exponent: &[u8]| {
            let key = asn1::sequence(&[&asn1::integer(modulus), &asn1::integer(exponent)]);
            PublicKey::from_spki_der(&super::super::public::rsa_spki(&key)).unwrap()
        };
        let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
        let fault = |key: &PublicKey, length: usize| {
            verify(key, &algorithm, ToVerify::Message(b""), &vec![1; length]).unwrap_err()
        };
        let (unsupported, invalid) = (VerifyFault::Unsupported, VerifyFault::Invalid);
        assert_eq!(fault(&key(&[0xff; 2049], &[3]), 2049), unsupported);
        assert_eq!(fault(&key(&[0xff; 63], &[3]), 63), unsupported);
        assert_eq!(fault(&key(&[0xff; 256], &[0xff; 5]), 256), unsupported);
        assert_eq!(fault(&key(&[0xff; 256], &[1]), 256), invalid);
        assert_eq!(fault(&key(&[0xff; 256], &[4]), 256), invalid);
        assert_eq!(fault(&key(&[0xfe; 256], &[3]), 256), invalid);
        assert_eq!(fault(&key(&[0xff; 256], &[3]), 255), invalid);
        assert_eq!(fault(&key(&[], &[]), 0), unsupported);
    }

    #[test]
    fn an_algorithm_that_is_not_the_keys_own_is_invalid() {
        use crate::crypto::public::{curve_spki, ed25519_spki};
        let rsa = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
        let curve = PublicKey::from_spki_der(&curve_spki(KeyKind::P256, &[4; 65])).unwrap();
        let message = ToVerify::Message(b"");
        assert_eq!(
            verify(&curve, &rsa, message, &[0; 64]),
            Err(VerifyFault::Invalid)
        );
        let edwards = PublicKey::from_spki_der(&ed25519_spki(&[1; 32])).unwrap();
        let digest = Digest::of(DigestAlgorithm::Sha512, b"");
        let answer = verify(
            &edwards,
            &SignatureAlgorithm::Ed25519,
            ToVerify::Digest(&digest),
            &[0; 64],
        );
        assert_eq!(answer, Err(VerifyFault::Unsupported));
        let other_hash = verify(
            &curve,
            &SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256),
            ToVerify::Digest(&digest),
            &[0; 64],
        );
        assert_eq!(other_hash, Err(VerifyFault::Invalid));
    }
}
