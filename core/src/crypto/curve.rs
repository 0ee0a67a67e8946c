//! ECDSA that `ring` does not verify: P-521, curves with a hash of another size, and digests
//! computed elsewhere (FIPS 186-5 §6.4.2); and the two spellings of a signature value.

use p256::ecdsa::signature::hazmat::PrehashVerifier;

use crate::crypto::asn1::{self, INTEGER, Reader, SEQUENCE};
use crate::crypto::public::{CURVES, KeyKind};
use crate::crypto::verify::VerifyFault;

/// ECDSA over a digest. `signature` is an `Ecdsa-Sig-Value` in strict DER with 1 ≤ r, s < n.
pub(super) fn verify(
    kind: KeyKind,
    point: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), VerifyFault> {
    let size = coordinate(kind).ok_or(VerifyFault::Unsupported)?;
    let (r, s) = numbers(signature, size).ok_or(VerifyFault::Invalid)?;
    // The leftmost bits of a long digest count; a short one is a small number.
    let digest = match digest.get(..size) {
        Some(leftmost) => leftmost.to_vec(),
        None => asn1::padded(digest, size).ok_or(VerifyFault::Invalid)?,
    };
    let fixed = [r, s].concat();
    macro_rules! on {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(point)
                .map_err(|_| VerifyFault::Invalid)?;
            // Refuses r or s of zero, or not below the order.
            let signature =
                $curve::ecdsa::Signature::from_slice(&fixed).map_err(|_| VerifyFault::Invalid)?;
            key.verify_prehash(&digest, &signature)
                .map_err(|_| VerifyFault::Invalid)
        }};
    }
    match kind {
        KeyKind::P256 => on!(p256),
        KeyKind::P384 => on!(p384),
        KeyKind::P521 => on!(p521),
        _ => Err(VerifyFault::Unsupported),
    }
}

/// An ECDSA signature in DER from the two numbers side by side, each as long as a coordinate: the
/// form of XML signatures (XMLDSig 1.1 §6.4.3), of PKCS#11 tokens and of many remote services.
/// Nothing where the length does not fit the key.
pub fn ecdsa_from_fixed(kind: KeyKind, fixed: &[u8]) -> Option<Vec<u8>> {
    let size = coordinate(kind)?;
    (fixed.len() == size.checked_mul(2)?).then_some(())?;
    let (r, s) = fixed.split_at_checked(size)?;
    Some(asn1::sequence(&[&asn1::integer(r), &asn1::integer(s)]))
}

/// The two numbers side by side, each as long as a coordinate, from an ECDSA signature in strict
/// DER: the inverse of [`ecdsa_from_fixed`].
pub fn ecdsa_to_fixed(kind: KeyKind, der: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = numbers(der, coordinate(kind)?)?;
    Some([r, s].concat())
}

/// ```text
/// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
/// ```
fn numbers(der: &[u8], size: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut reader = Reader(asn1::only(der, SEQUENCE)?);
    let r = asn1::padded(asn1::positive(reader.take(INTEGER)?)?, size)?;
    let s = asn1::padded(asn1::positive(reader.take(INTEGER)?)?, size)?;
    reader.is_empty().then_some((r, s))
}

fn coordinate(kind: KeyKind) -> Option<usize> {
    CURVES.iter().find(|row| row.1 == kind).map(|row| row.2)
}
