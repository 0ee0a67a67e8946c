//! [`SignatureAlgorithm`]: what a signature value is made with, and its `AlgorithmIdentifier`.

use std::fmt;
use std::str::FromStr;

use crate::crypto::asn1::{self, INTEGER, NULL, OID, Reader, SEQUENCE};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind};

/// A signature algorithm with everything that its verification needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017 §8.1) with the parameters of RFC 4055 §3.1.
    RsaPss {
        /// The hash of the message.
        digest: DigestAlgorithm,
        /// The hash within the mask generation function MGF1.
        mgf_digest: DigestAlgorithm,
        /// Octets of salt.
        salt_len: u32,
        /// `trailerField`; only 1 is defined.
        trailer: u32,
    },
    /// ECDSA with a DER-encoded `Ecdsa-Sig-Value` (RFC 5480, RFC 5758).
    Ecdsa(DigestAlgorithm),
    /// Ed25519 (RFC 8410).
    Ed25519,
}

impl SignatureAlgorithm {
    /// RSASSA-PSS as everyone writes it: one hash for message and mask, salt as long as the hash.
    pub fn rsa_pss(digest: DigestAlgorithm) -> Self {
        Self::RsaPss {
            digest,
            mgf_digest: digest,
            salt_len: u32::try_from(digest.output_len()).unwrap_or(u32::MAX),
            trailer: 1,
        }
    }

    /// The family: `RSA-PKCS1`, `RSA-PSS`, `ECDSA` or `Ed25519`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RsaPkcs1(_) => "RSA-PKCS1",
            Self::RsaPss { .. } => "RSA-PSS",
            Self::Ecdsa(_) => "ECDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The hash of the message; none for Ed25519, which hashes within.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1(digest) | Self::RsaPss { digest, .. } | Self::Ecdsa(digest) => {
                Some(*digest)
            }
            Self::Ed25519 => None,
        }
    }

    /// From the parts of an `AlgorithmIdentifier`: the identifier in dotted form and the whole
    /// value of its parameters. `digest` is used where the identifier names a key kind alone, as
    /// real CMS does (`rsaEncryption`, `id-ecPublicKey`; RFC 5652 §5.3). Nothing where it is not
    /// supported or the parameters do not fit.
    ///
    /// For RSASSA-PKCS1-v1_5, parameters may be NULL or absent; for ECDSA NULL is tolerated.
    pub fn from_identifier(
        oid: &str,
        parameters: Option<&[u8]>,
        digest: Option<DigestAlgorithm>,
    ) -> Option<Self> {
        let null_or_absent = matches!(parameters, None | Some([NULL, 0]));
        if oid == RSASSA_PSS {
            return pss(parameters?);
        }
        if oid == ED25519 {
            return parameters.is_none().then_some(Self::Ed25519);
        }
        if oid == EC_PUBLIC_KEY {
            // The parameters name the curve here; the key knows it already.
            return Some(Self::Ecdsa(digest?));
        }
        if !null_or_absent {
            return None;
        }
        if oid == RSA_ENCRYPTION {
            return Some(Self::RsaPkcs1(digest?));
        }
        let of = |table: &[(&str, DigestAlgorithm)]| {
            table.iter().find(|row| row.0 == oid).map(|row| row.1)
        };
        of(RSA_WITH)
            .map(Self::RsaPkcs1)
            .or_else(|| of(ECDSA_WITH).map(Self::Ecdsa))
    }

    /// From the octets of an `AlgorithmIdentifier` that names its hash itself, as certificates,
    /// CRLs and OCSP responses have it. The error is the identifier in dotted form, or nothing
    /// where there is none.
    pub fn from_identifier_der(der: &[u8]) -> Result<Self, Option<String>> {
        let (oid, parameters) = parts(der).ok_or(None)?;
        Self::from_identifier(&oid, parameters, None).ok_or(Some(oid))
    }

    /// The `AlgorithmIdentifier` in DER: NULL parameters for RSASSA-PKCS1-v1_5, none for ECDSA and
    /// Ed25519 (RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3). Nothing where the pairing has no
    /// identifier.
    pub fn identifier_der(&self) -> Option<Vec<u8>> {
        let of = |table: &[(&str, DigestAlgorithm)], digest| {
            table
                .iter()
                .find(|row| row.1 == digest)
                .map(|row| asn1::oid(row.0))
        };
        Some(match self {
            Self::RsaPkcs1(digest) => asn1::sequence(&[&of(RSA_WITH, *digest)?, &[NULL, 0]]),
            Self::Ecdsa(digest) => asn1::sequence(&[&of(ECDSA_WITH, *digest)?]),
            Self::Ed25519 => asn1::sequence(&[&asn1::oid(ED25519)]),
            Self::RsaPss {
                digest,
                mgf_digest,
                salt_len,
                trailer,
            } => {
                let hash = |digest: &DigestAlgorithm| {
                    asn1::sequence(&[&asn1::oid(digest.oid()), &[NULL, 0]])
                };
                let mask = asn1::sequence(&[&asn1::oid(MGF1), &hash(mgf_digest)]);
                // DEFAULT values are left out in DER.
                let mut fields = Vec::new();
                if *digest != DigestAlgorithm::Sha1 {
                    fields.extend(asn1::tlv(0xa0, &hash(digest)));
                }
                if *mgf_digest != DigestAlgorithm::Sha1 {
                    fields.extend(asn1::tlv(0xa1, &mask));
                }
                if *salt_len != 20 {
                    fields.extend(asn1::tlv(0xa2, &asn1::integer(&salt_len.to_be_bytes())));
                }
                if *trailer != 1 {
                    fields.extend(asn1::tlv(0xa3, &asn1::integer(&trailer.to_be_bytes())));
                }
                asn1::sequence(&[&asn1::oid(RSASSA_PSS), &asn1::tlv(SEQUENCE, &fields)])
            }
        })
    }
}

impl fmt::Display for SignatureAlgorithm {
    /// One word, the same on the command line, in C and in Python: `rsa-pkcs1-sha256`,
    /// `rsa-pss-sha256`, `ecdsa-sha384`, `ed25519`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = |digest: &DigestAlgorithm| {
            let name = digest.name().to_ascii_lowercase();
            // `SHA-256` is one word here, `SHA3-256` and `SHA-512/256` keep their parts apart.
            name.replacen("sha-", "sha", 1).replace('/', "-")
        };
        match self {
            Self::RsaPkcs1(digest) => write!(f, "rsa-pkcs1-{}", hash(digest)),
            Self::RsaPss { digest, .. } => write!(f, "rsa-pss-{}", hash(digest)),
            Self::Ecdsa(digest) => write!(f, "ecdsa-{}", hash(digest)),
            Self::Ed25519 => f.write_str("ed25519"),
        }
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = Error;

    /// The algorithms that new signatures may be made with, spelled as [`Display`](fmt::Display)
    /// writes them. RSASSA-PSS is the usual one: one hash, salt as long as it.
    fn from_str(text: &str) -> Result<Self, Error> {
        CREATED
            .into_iter()
            .flat_map(|digest| {
                [
                    Self::RsaPkcs1(digest),
                    Self::rsa_pss(digest),
                    Self::Ecdsa(digest),
                ]
            })
            .chain([Self::Ed25519])
            .find(|algorithm| algorithm.to_string() == text)
            .ok_or_else(|| Error::new(ErrorKind::Misuse, "the name of a signature algorithm"))
    }
}

/// The hashes of new signatures.
const CREATED: [DigestAlgorithm; 3] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];

/// The identifier and the parameters of an `AlgorithmIdentifier`.
pub(crate) fn parts(der: &[u8]) -> Option<(String, Option<&[u8]>)> {
    let mut reader = Reader(asn1::only(der, SEQUENCE)?);
    let oid = asn1::dotted(reader.take(OID)?)?;
    let parameters = if reader.is_empty() {
        None
    } else {
        Some(reader.next()?.full)
    };
    reader.is_empty().then_some((oid, parameters))
}

/// ```text
/// RSASSA-PSS-params ::= SEQUENCE {
///   hashAlgorithm    [0] HashAlgorithm    DEFAULT sha1Identifier,
///   maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///   saltLength       [2] INTEGER          DEFAULT 20,
///   trailerField     [3] INTEGER          DEFAULT 1 }
/// ```
pub(crate) fn pss(parameters: &[u8]) -> Option<SignatureAlgorithm> {
    let mut reader = Reader(asn1::only(parameters, SEQUENCE)?);
    let hash = |der: &[u8]| {
        let (oid, parameters) = parts(der)?;
        matches!(parameters, None | Some([NULL, 0]))
            .then(|| DigestAlgorithm::from_oid(&oid))
            .flatten()
    };
    let number = |der: &[u8]| {
        let magnitude = asn1::positive(asn1::only(der, INTEGER)?)?;
        magnitude.iter().try_fold(0_u32, |sum, octet| {
            sum.checked_mul(256)?.checked_add(u32::from(*octet))
        })
    };
    let digest = match reader.take(0xa0) {
        Some(der) => hash(der)?,
        None => DigestAlgorithm::Sha1,
    };
    let mgf_digest = match reader.take(0xa1) {
        Some(der) => {
            let (oid, parameters) = parts(der)?;
            (oid == MGF1).then_some(())?;
            hash(parameters?)?
        }
        None => DigestAlgorithm::Sha1,
    };
    let salt_len = match reader.take(0xa2) {
        Some(der) => number(der)?,
        None => 20,
    };
    let trailer = match reader.take(0xa3) {
        Some(der) => number(der)?,
        None => 1,
    };
    reader.is_empty().then_some(SignatureAlgorithm::RsaPss {
        digest,
        mgf_digest,
        salt_len,
        trailer,
    })
}

pub(crate) const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
pub(crate) const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
pub(crate) const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
pub(crate) const ED25519: &str = "1.3.101.112";
const MGF1: &str = "1.2.840.113549.1.1.8";

const RSA_WITH: &[(&str, DigestAlgorithm)] = &[
    ("1.2.840.113549.1.1.11", DigestAlgorithm::Sha256),
    ("1.2.840.113549.1.1.5", DigestAlgorithm::Sha1),
    ("1.2.840.113549.1.1.12", DigestAlgorithm::Sha384),
    ("1.2.840.113549.1.1.13", DigestAlgorithm::Sha512),
    ("1.2.840.113549.1.1.14", DigestAlgorithm::Sha224),
    ("1.2.840.113549.1.1.15", DigestAlgorithm::Sha512_224),
    ("1.2.840.113549.1.1.16", DigestAlgorithm::Sha512_256),
    ("1.2.840.113549.1.1.4", DigestAlgorithm::Md5),
    // The name that OIW gave the same thing; seen in files of Microsoft's older tools.
    ("1.3.14.3.2.29", DigestAlgorithm::Sha1),
    ("2.16.840.1.101.3.4.3.13", DigestAlgorithm::Sha3_224),
    ("2.16.840.1.101.3.4.3.14", DigestAlgorithm::Sha3_256),
    ("2.16.840.1.101.3.4.3.15", DigestAlgorithm::Sha3_384),
    ("2.16.840.1.101.3.4.3.16", DigestAlgorithm::Sha3_512),
];

const ECDSA_WITH: &[(&str, DigestAlgorithm)] = &[
    ("1.2.840.10045.4.3.2", DigestAlgorithm::Sha256),
    ("1.2.840.10045.4.3.3", DigestAlgorithm::Sha384),
    ("1.2.840.10045.4.3.4", DigestAlgorithm::Sha512),
    ("1.2.840.10045.4.3.1", DigestAlgorithm::Sha224),
    ("1.2.840.10045.4.1", DigestAlgorithm::Sha1),
    ("2.16.840.1.101.3.4.3.9", DigestAlgorithm::Sha3_224),
    ("2.16.840.1.101.3.4.3.10", DigestAlgorithm::Sha3_256),
    ("2.16.840.1.101.3.4.3.11", DigestAlgorithm::Sha3_384),
    ("2.16.840.1.101.3.4.3.12", DigestAlgorithm::Sha3_512),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_that_was_written_is_read_back_as_the_same_algorithm() {
        let pss = SignatureAlgorithm::rsa_pss(DigestAlgorithm::Sha512);
        let odd = SignatureAlgorithm::RsaPss {
            digest: DigestAlgorithm::Sha1,
            mgf_digest: DigestAlgorithm::Sha256,
            salt_len: 200,
            trailer: 2,
        };
        let mut all = vec![pss, odd, SignatureAlgorithm::Ed25519];
        all.extend(
            RSA_WITH
                .iter()
                .map(|row| SignatureAlgorithm::RsaPkcs1(row.1)),
        );
        all.extend(
            ECDSA_WITH
                .iter()
                .map(|row| SignatureAlgorithm::Ecdsa(row.1)),
        );
        for algorithm in all {
            let der = algorithm.identifier_der().unwrap();
            assert_eq!(SignatureAlgorithm::from_identifier_der(&der), Ok(algorithm));
        }
    }

    #[test]
    fn pss_without_parameters_and_unknown_identifiers_are_not_guessed() {
        assert_eq!(
            SignatureAlgorithm::from_identifier(RSASSA_PSS, None, None),
            None
        );
        let defaults = SignatureAlgorithm::from_identifier(RSASSA_PSS, Some(&[0x30, 0]), None);
        assert_eq!(
            defaults,
            Some(SignatureAlgorithm::rsa_pss(DigestAlgorithm::Sha1))
        );
        assert_eq!(
            SignatureAlgorithm::from_identifier(RSA_ENCRYPTION, None, None),
            None
        );
        let unknown = asn1::sequence(&[&asn1::oid("1.2.3.4")]);
        assert_eq!(
            SignatureAlgorithm::from_identifier_der(&unknown),
            Err(Some("1.2.3.4".to_owned()))
        );
    }
}
