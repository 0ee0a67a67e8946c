//! RSA signatures that `ring` does not verify: the public operation and the two encodings of
//! RFC 8017 §9, for old key sizes, rare hashes, unusual salts, and digests computed elsewhere.
//!
//! PKCS#1 v1.5 is checked by building the one encoded message that is right and comparing, never
//! by parsing what came out: forgeries for small exponents live in lenient parsers. The DigestInfo
//! has NULL parameters, as `ring` demands too; the form without them, which RFC 8017 mentions for
//! old signers, is refused.

use rsa::BigUint;

use crate::crypto::asn1::{self, NULL, OCTET_STRING};
use crate::crypto::digest::{Digest, DigestAlgorithm, Hasher};
use crate::crypto::public::{Material, PublicKey, RsaKey, bits};
use crate::crypto::verify::VerifyFault;

/// Refuses a key before anything is computed with it: even or tiny numbers are no RSA key, numbers
/// beyond our bounds would let a document choose how long we work.
pub(super) fn check_key(key: &RsaKey) -> Result<u32, VerifyFault> {
    let size = bits(&key.modulus);
    if !(MIN_BITS..=MAX_BITS).contains(&size) || bits(&key.exponent) > MAX_EXPONENT_BITS {
        return Err(VerifyFault::Unsupported);
    }
    let is_odd = |octets: &[u8]| octets.last().is_some_and(|last| last & 1 == 1);
    if !is_odd(&key.modulus) || !is_odd(&key.exponent) || key.exponent == [1] {
        return Err(VerifyFault::Invalid);
    }
    Ok(size)
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2) over a digest.
pub(super) fn verify_pkcs1(
    key: &RsaKey,
    digest: &Digest,
    signature: &[u8],
) -> Result<(), VerifyFault> {
    let encoded = public_operation(key, signature)?;
    let expected = emsa_pkcs1(digest, encoded.len()).ok_or(VerifyFault::Invalid)?;
    if encoded == expected {
        Ok(())
    } else {
        Err(VerifyFault::Invalid)
    }
}

/// What stands behind the padding `00 01 FF … FF 00` of a signature, whatever it is. To explain a
/// value that was refused, never to accept one: what is accepted is built and compared.
pub(crate) fn pkcs1_payload(key: &PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    let Material::Rsa(key) = key.material() else {
        return None;
    };
    let encoded = public_operation(key, signature).ok()?;
    let padded = encoded.strip_prefix(&[0, 1])?;
    let padding = padded.iter().take_while(|octet| **octet == 0xff).count();
    let payload = padded.get(padding..)?.strip_prefix(&[0])?;
    (padding >= 8).then(|| payload.to_vec())
}

/// RSASSA-PSS (RFC 8017 §8.1.2, §9.1.2) over a digest, with one hash for message and mask.
pub(super) fn verify_pss(
    key: &RsaKey,
    digest: &Digest,
    salt_len: u32,
    signature: &[u8],
) -> Result<(), VerifyFault> {
    let encoded = public_operation(key, signature)?;
    let em_bits = bits(&key.modulus)
        .checked_sub(1)
        .ok_or(VerifyFault::Invalid)?;
    let salt_len = usize::try_from(salt_len).map_err(|_| VerifyFault::Invalid)?;
    if emsa_pss_matches(digest, &encoded, em_bits, salt_len) == Some(true) {
        Ok(())
    } else {
        Err(VerifyFault::Invalid)
    }
}

/// RSAVP1 and I2OSP: `signature` as long as the modulus, as a number below it, raised.
fn public_operation(key: &RsaKey, signature: &[u8]) -> Result<Vec<u8>, VerifyFault> {
    check_key(key)?;
    if signature.len() != key.modulus.len() {
        return Err(VerifyFault::Invalid);
    }
    let modulus = BigUint::from_bytes_be(&key.modulus);
    let value = BigUint::from_bytes_be(signature);
    if value >= modulus {
        return Err(VerifyFault::Invalid);
    }
    let raised = value.modpow(&BigUint::from_bytes_be(&key.exponent), &modulus);
    asn1::padded(&raised.to_bytes_be(), key.modulus.len()).ok_or(VerifyFault::Invalid)
}

/// `00 01 FF … FF 00 DigestInfo`, at least eight octets of `FF`.
fn emsa_pkcs1(digest: &Digest, length: usize) -> Option<Vec<u8>> {
    let identifier = asn1::sequence(&[&asn1::oid(digest.algorithm().oid()), &[NULL, 0]]);
    let info = asn1::sequence(&[&identifier, &asn1::tlv(OCTET_STRING, digest.as_bytes())]);
    let padding = length.checked_sub(info.len())?.checked_sub(3)?;
    (padding >= 8).then_some(())?;
    let mut encoded = vec![0, 1];
    encoded.resize(padding.checked_add(2)?, 0xff);
    encoded.push(0);
    encoded.extend(info);
    Some(encoded)
}

/// EMSA-PSS-VERIFY; `None` and `Some(false)` both say no.
fn emsa_pss_matches(
    digest: &Digest,
    encoded: &[u8],
    em_bits: u32,
    salt_len: usize,
) -> Option<bool> {
    let hash_len = digest.as_bytes().len();
    let em_len = usize::try_from(em_bits.div_ceil(8)).ok()?;
    // The encoded message is one octet shorter than the modulus where that has 8k+1 bits.
    let (spare, encoded) = encoded.split_at_checked(encoded.len().checked_sub(em_len)?)?;
    if spare.iter().any(|octet| *octet != 0) {
        return Some(false);
    }
    let (encoded, trailer) = encoded.split_at_checked(em_len.checked_sub(1)?)?;
    if trailer != [0xbc] {
        return Some(false);
    }
    let (masked, hash) = encoded.split_at_checked(encoded.len().checked_sub(hash_len)?)?;
    let unused = u32::try_from(em_len)
        .ok()?
        .checked_mul(8)?
        .checked_sub(em_bits)?;
    let top = 0xff_u8.checked_shr(unused)?;
    if masked.first()? & !top != 0 {
        return Some(false);
    }
    let mask = mgf1(digest.algorithm(), hash, masked.len());
    let mut block: Vec<u8> = masked.iter().zip(mask).map(|(a, b)| a ^ b).collect();
    *block.first_mut()? &= top;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(salt_len)?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|octet| *octet != 0) {
        return Some(false);
    }
    let mut hasher = Hasher::new(digest.algorithm());
    hasher.update(&[0; 8]);
    hasher.update(digest.as_bytes());
    hasher.update(salt);
    Some(hasher.finish().as_bytes() == hash)
}

/// MGF1 (RFC 8017 §B.2.1): `length` octets at least.
fn mgf1(algorithm: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length.saturating_add(64));
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        let mut hasher = Hasher::new(algorithm);
        hasher.update(seed);
        hasher.update(&counter.to_be_bytes());
        mask.extend_from_slice(hasher.finish().as_bytes());
    }
    mask
}

/// Below this even a legitimate encoding does not fit.
const MIN_BITS: u32 = 512;
/// OpenSSL's own ceiling for verifying.
const MAX_BITS: u32 = 16_384;
/// ring's ceiling for public exponents.
const MAX_EXPONENT_BITS: u32 = 33;
