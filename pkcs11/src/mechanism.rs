//! Which mechanism a token signs with, and what it is handed.

use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use kyso::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm};
use kyso::sign::ToBeSigned;
use kyso::{Error, ErrorKind};

/// How one signature is asked for.
pub(crate) struct Asked {
    pub(crate) mechanism: Mechanism<'static>,
    pub(crate) data: Vec<u8>,
    /// Whether the mechanism hashes, and so can be fed in parts.
    pub(crate) hashes: bool,
}

/// The mechanism that hashes where the token has it, else the bare one over what we hashed: many
/// tokens have only the one or the other.
pub(crate) fn asked(
    algorithm: SignatureAlgorithm,
    data: &ToBeSigned<'_>,
    offered: &[MechanismType],
) -> Result<Asked, Error> {
    let (hashing, bare) = both(algorithm).ok_or_else(|| not_offered(algorithm))?;
    let has = |mechanism: &Mechanism<'_>| offered.contains(&mechanism.mechanism_type());
    if has(&hashing) {
        return Ok(Asked {
            mechanism: hashing,
            data: data.message().to_vec(),
            hashes: true,
        });
    }
    if !has(&bare) {
        return Err(not_offered(algorithm));
    }
    let digest = data.digest();
    let data = match algorithm {
        SignatureAlgorithm::RsaPkcs1(_) => digest_info(&digest),
        _ => digest.as_bytes().to_vec(),
    };
    Ok(Asked {
        mechanism: bare,
        data,
        hashes: false,
    })
}

fn both(algorithm: SignatureAlgorithm) -> Option<(Mechanism<'static>, Mechanism<'static>)> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    Some(match algorithm {
        SignatureAlgorithm::RsaPkcs1(digest) => (
            match digest {
                Sha256 => Mechanism::Sha256RsaPkcs,
                Sha384 => Mechanism::Sha384RsaPkcs,
                Sha512 => Mechanism::Sha512RsaPkcs,
                _ => return None,
            },
            Mechanism::RsaPkcs,
        ),
        SignatureAlgorithm::RsaPss {
            digest, salt_len, ..
        } => {
            let (hash_alg, mgf) = match digest {
                Sha256 => (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256),
                Sha384 => (MechanismType::SHA384, PkcsMgfType::MGF1_SHA384),
                Sha512 => (MechanismType::SHA512, PkcsMgfType::MGF1_SHA512),
                _ => return None,
            };
            let parameters = PkcsPssParams {
                hash_alg,
                mgf,
                s_len: usize::try_from(salt_len).ok()?.try_into().ok()?,
            };
            (
                match digest {
                    Sha256 => Mechanism::Sha256RsaPkcsPss(parameters),
                    Sha384 => Mechanism::Sha384RsaPkcsPss(parameters),
                    _ => Mechanism::Sha512RsaPkcsPss(parameters),
                },
                Mechanism::RsaPkcsPss(parameters),
            )
        }
        SignatureAlgorithm::Ecdsa(digest) => (
            match digest {
                Sha256 => Mechanism::EcdsaSha256,
                Sha384 => Mechanism::EcdsaSha384,
                Sha512 => Mechanism::EcdsaSha512,
                _ => return None,
            },
            Mechanism::Ecdsa,
        ),
        _ => return None,
    })
}

fn not_offered(algorithm: SignatureAlgorithm) -> Error {
    Error::new(
        ErrorKind::KeyUnusable,
        format!("the token does not sign with {algorithm}"),
    )
    .in_vietnamese(format!("token không ký được bằng {algorithm}"))
}

/// `DigestInfo` (RFC 8017 §9.2 note 1): the bare mechanism pads what it is handed and adds nothing.
fn digest_info(digest: &Digest) -> Vec<u8> {
    let prefix: &[u8] = match digest.algorithm() {
        DigestAlgorithm::Sha384 => &[
            0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x02, 0x05, 0x00, 0x04, 0x30,
        ],
        DigestAlgorithm::Sha512 => &[
            0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x03, 0x05, 0x00, 0x04, 0x40,
        ],
        _ => &[
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ],
    };
    [prefix, digest.as_bytes()].concat()
}
