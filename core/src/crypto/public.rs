//! [`PublicKey`]: a `SubjectPublicKeyInfo`, read (RFC 5280 §4.1.2.7, RFC 3279, RFC 5480, RFC 8410).

use std::fmt;

use crate::crypto::algorithm::{self, SignatureAlgorithm};
use crate::crypto::asn1::{self, BIT_STRING, INTEGER, NULL, OID, Reader, SEQUENCE};
use crate::error::{Error, ErrorKind};

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA, also under the identifier of RSASSA-PSS.
    Rsa,
    /// ECDSA on NIST P-256.
    P256,
    /// ECDSA on NIST P-384.
    P384,
    /// ECDSA on NIST P-521.
    P521,
    /// Ed25519.
    Ed25519,
    /// Anything else: other curves, curves by explicit parameters, DSA, Ed448. Never verifies.
    Other,
}

impl KeyKind {
    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Ed25519 => "Ed25519",
            Self::Other => "other",
        }
    }
}

/// A public key.
///
/// Two keys are equal when they are the same key, however their `SubjectPublicKeyInfo` is spelled
/// (RSA with or without NULL parameters).
#[derive(Clone)]
pub struct PublicKey {
    spki: Vec<u8>,
    material: Material,
}

/// The numbers of a key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Material {
    Rsa(RsaKey),
    /// A SEC 1 point as it stands, compressed or not.
    Point(KeyKind, Vec<u8>),
    Ed25519(Vec<u8>),
    Other(Vec<u8>),
}

/// An RSA key: big-endian magnitudes without leading zeros, not yet judged.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct RsaKey {
    pub(super) modulus: Vec<u8>,
    pub(super) exponent: Vec<u8>,
    pub(super) restriction: Restriction,
}

/// What an `id-RSASSA-PSS` key may be used for (RFC 4055 §1.2, §3.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Restriction {
    /// `rsaEncryption`: any padding.
    None,
    /// RSASSA-PSS with any parameters.
    Pss,
    /// RSASSA-PSS with these hashes and at least this much salt.
    PssWith(SignatureAlgorithm),
}

impl PublicKey {
    /// From a `SubjectPublicKeyInfo` in DER. Keys of a kind that is not known parse as
    /// [`KeyKind::Other`]; only broken encodings are an error.
    ///
    /// ```text
    /// SubjectPublicKeyInfo ::= SEQUENCE {
    ///   algorithm        AlgorithmIdentifier,
    ///   subjectPublicKey BIT STRING }
    /// ```
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        let material = material(der)
            .ok_or_else(|| Error::new(ErrorKind::Malformed, "subject public key info"))?;
        Ok(Self {
            spki: der.to_vec(),
            material,
        })
    }

    /// An RSA key from its two numbers, most significant octet first, as XML signatures write it.
    pub(crate) fn from_rsa_numbers(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let key = asn1::sequence(&[&asn1::integer(modulus), &asn1::integer(exponent)]);
        Self::from_spki_der(&rsa_spki(&key)).ok()
    }

    /// A point on the curve of this identifier in dotted form.
    pub(crate) fn from_curve_point(curve: &str, point: &[u8]) -> Option<Self> {
        let kind = CURVES.iter().find(|row| row.0 == curve)?.1;
        Self::from_spki_der(&curve_spki(kind, point)).ok()
    }

    /// The `SubjectPublicKeyInfo` in DER, as it was read.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// Size in bits: of the RSA modulus or the curve's field; 0 where the kind is not known.
    pub fn bits(&self) -> u32 {
        match &self.material {
            Material::Rsa(key) => bits(&key.modulus),
            Material::Point(KeyKind::P256, _) | Material::Ed25519(_) => 256,
            Material::Point(KeyKind::P384, _) => 384,
            Material::Point(KeyKind::P521, _) => 521,
            Material::Point(..) | Material::Other(_) => 0,
        }
    }

    /// What kind of key it is.
    pub fn kind(&self) -> KeyKind {
        match &self.material {
            Material::Rsa(_) => KeyKind::Rsa,
            Material::Point(kind, _) => *kind,
            Material::Ed25519(_) => KeyKind::Ed25519,
            Material::Other(_) => KeyKind::Other,
        }
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        match (&self.material, &other.material) {
            // Whether the key is marked for PSS alone does not make it another key.
            (Material::Rsa(a), Material::Rsa(b)) => {
                a.modulus == b.modulus && a.exponent == b.exponent
            }
            (a, b) => a == b,
        }
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({}, {} bits)", self.kind().name(), self.bits())
    }
}

/// Size in bits of a magnitude without leading zeros.
pub(super) fn bits(magnitude: &[u8]) -> u32 {
    let octets = u32::try_from(magnitude.len()).unwrap_or(u32::MAX);
    let spare = magnitude.first().map_or(0, |first| first.leading_zeros());
    octets.saturating_mul(8).saturating_sub(spare)
}

fn material(der: &[u8]) -> Option<Material> {
    let mut reader = Reader(asn1::only(der, SEQUENCE)?);
    let (oid, parameters) = algorithm::parts(reader.next()?.full)?;
    let bit_string = reader.take(BIT_STRING)?;
    reader.is_empty().then_some(())?;
    let (0, key) = bit_string
        .split_first()
        .map(|(unused, key)| (*unused, key))?
    else {
        return None;
    };
    let other = || Some(Material::Other(der.to_vec()));
    match oid.as_str() {
        algorithm::RSA_ENCRYPTION => match parameters {
            None | Some([NULL, 0]) => rsa(key, Restriction::None),
            Some(_) => None,
        },
        algorithm::RSASSA_PSS => match parameters {
            // NULL is not what RFC 4055 writes, but it restricts nothing either.
            None | Some([NULL, 0]) => rsa(key, Restriction::Pss),
            Some(parameters) => rsa(key, Restriction::PssWith(algorithm::pss(parameters)?)),
        },
        algorithm::EC_PUBLIC_KEY => {
            let Some(curve) = parameters.and_then(|p| asn1::only(p, OID)) else {
                return other();
            };
            let curve = asn1::dotted(curve)?;
            let Some((_, kind, octets)) = CURVES.iter().find(|row| row.0 == curve) else {
                return other();
            };
            let fits = match key.first() {
                Some(4) => key.len().checked_sub(1)? == octets.checked_mul(2)?,
                Some(2 | 3) => key.len().checked_sub(1)? == *octets,
                _ => false,
            };
            fits.then(|| Material::Point(*kind, key.to_vec()))
        }
        algorithm::ED25519 => {
            (parameters.is_none() && key.len() == 32).then(|| Material::Ed25519(key.to_vec()))
        }
        _ => other(),
    }
}

/// ```text
/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
/// ```
fn rsa(der: &[u8], restriction: Restriction) -> Option<Material> {
    let mut reader = Reader(asn1::only(der, SEQUENCE)?);
    let modulus = asn1::positive(reader.take(INTEGER)?)?.to_vec();
    let exponent = asn1::positive(reader.take(INTEGER)?)?.to_vec();
    reader.is_empty().then_some(Material::Rsa(RsaKey {
        modulus,
        exponent,
        restriction,
    }))
}

/// The `SubjectPublicKeyInfo` of an RSA key from its `RSAPublicKey`.
pub(super) fn rsa_spki(rsa_public_key: &[u8]) -> Vec<u8> {
    let identifier = asn1::sequence(&[&asn1::oid(algorithm::RSA_ENCRYPTION), &[NULL, 0]]);
    asn1::sequence(&[&identifier, &bit_string(rsa_public_key)])
}

/// The `SubjectPublicKeyInfo` of a point on a named curve.
pub(super) fn curve_spki(kind: KeyKind, point: &[u8]) -> Vec<u8> {
    let curve = CURVES
        .iter()
        .find(|row| row.1 == kind)
        .map_or("", |row| row.0);
    let identifier = asn1::sequence(&[&asn1::oid(algorithm::EC_PUBLIC_KEY), &asn1::oid(curve)]);
    asn1::sequence(&[&identifier, &bit_string(point)])
}

/// The `SubjectPublicKeyInfo` of an Ed25519 key.
pub(super) fn ed25519_spki(key: &[u8]) -> Vec<u8> {
    let identifier = asn1::sequence(&[&asn1::oid(algorithm::ED25519)]);
    asn1::sequence(&[&identifier, &bit_string(key)])
}

fn bit_string(octets: &[u8]) -> Vec<u8> {
    asn1::tlv(BIT_STRING, &[&[0], octets].concat())
}

/// Named curves: identifier, kind, octets of a coordinate.
pub(super) const CURVES: [(&str, KeyKind, usize); 3] = [
    ("1.2.840.10045.3.1.7", KeyKind::P256, 32),
    ("1.3.132.0.34", KeyKind::P384, 48),
    ("1.3.132.0.35", KeyKind::P521, 66),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        asn1::sequence(&[&asn1::integer(modulus), &asn1::integer(exponent)])
    }

    #[test]
    fn an_rsa_key_is_the_same_key_with_and_without_null_parameters() {
        let key = rsa_key(&[0xc0; 128], &[1, 0, 1]);
        let with = PublicKey::from_spki_der(&rsa_spki(&key)).unwrap();
        let identifier = asn1::sequence(&[&asn1::oid(algorithm::RSA_ENCRYPTION)]);
        let without = asn1::sequence(&[&identifier, &bit_string(&key)]);
        let without = PublicKey::from_spki_der(&without).unwrap();
        assert_eq!(with, without);
        assert_ne!(with.spki_der(), without.spki_der());
        assert_eq!((with.kind(), with.bits()), (KeyKind::Rsa, 1024));
    }

    #[test]
    fn broken_keys_are_errors_and_unknown_ones_are_kept() {
        let negative = asn1::sequence(&[&[2, 1, 0x80], &[2, 1, 3]]);
        assert!(PublicKey::from_spki_der(&rsa_spki(&negative)).is_err());
        let mut trailing = rsa_spki(&rsa_key(&[0xc1; 64], &[3]));
        trailing.push(0);
        assert!(PublicKey::from_spki_der(&trailing).is_err());
        assert!(PublicKey::from_spki_der(&curve_spki(KeyKind::P256, &[4; 64])).is_err());
        assert!(PublicKey::from_spki_der(&[]).is_err());
        // Explicit curve parameters: a SEQUENCE where the curve's name should be.
        let explicit = asn1::sequence(&[&asn1::oid(algorithm::EC_PUBLIC_KEY), &[0x30, 0]]);
        let explicit = asn1::sequence(&[&explicit, &bit_string(&[4; 65])]);
        let explicit = PublicKey::from_spki_der(&explicit).unwrap();
        assert_eq!((explicit.kind(), explicit.bits()), (KeyKind::Other, 0));
    }
}
