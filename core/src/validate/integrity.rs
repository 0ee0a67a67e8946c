//! Cryptographic verification (EN 319 102-1 clause 5.2.7): the digest of the signed data, then the
//! signature value.
//!
//! Both are computed whatever the chain's, the algorithm's or the policy's fate: a reader is told
//! both "the bytes are intact" and "this proves nothing, because …".

use crate::cms::{Attributes, SignedData, SignerInfo};
use crate::crypto::{Digest, DigestAlgorithm, PublicKey, SignatureAlgorithm, ToVerify};
use crate::limits::Limits;
use crate::report::{IntactDigest, Integrity, VerifiedSignature};
use crate::tsp::TstInfo;
use crate::validate::candidate::{Profile, Protected};
use crate::validate::format::unusable;
use crate::verdict::{AttributeFault, Reason, SignedAttribute};

/// What was computed, and the witnesses where it holds.
#[derive(Default)]
pub(crate) struct Verified {
    pub(crate) integrity: Integrity,
    pub(crate) digest: Option<IntactDigest>,
    pub(crate) signature: Option<VerifiedSignature>,
}

impl From<Integrity> for Verified {
    fn from(integrity: Integrity) -> Self {
        Self {
            integrity,
            ..Self::default()
        }
    }
}

/// Verifies a CMS signature over the protected bytes.
pub(crate) fn check(
    cms: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    key: Option<&PublicKey>,
    profile: Profile,
    protected: &Protected,
    found: &mut Vec<Reason>,
) -> Verified {
    let Some(digest_algorithm) = signer.digest() else {
        found.push(unsupported(signer.digest_algorithm.oid.to_string()));
        return Verified::default();
    };
    let mut integrity = Integrity::default();
    let mut inner = None;
    // What the message-digest attribute speaks of: the content inside, or the protected bytes.
    let content = match profile {
        Profile::Pkcs7Sha1 | Profile::DocumentTimeStamp => cms.content.as_deref(),
        _ => None,
    };
    let message = match content {
        Some(content) => Some(Digest::of(digest_algorithm, content)),
        None => protected.by(digest_algorithm).cloned(),
    };
    if let Some(content) = content {
        // The content in turn holds the digest of the protected bytes.
        let (intact, witness) = settle(inner_digest(profile, content, protected), found);
        integrity.digest_intact = intact;
        inner = witness;
    }
    let algorithm = match signer.signature_algorithm() {
        Ok(algorithm) => Some(algorithm),
        Err(oid) => {
            found.push(unsupported(oid.to_string()));
            None
        }
    };
    if let Some(disagreement) = algorithm
        .as_ref()
        .and_then(|a| disagree(a, digest_algorithm))
    {
        found.push(disagreement);
    }
    let Some(attributes) = &signer.signed_attributes else {
        // Without attributes the value is over the content itself: digest and value are one answer.
        let intact = match (key, algorithm, &message) {
            (Some(key), Some(algorithm), Some(message)) => {
                let data = match content {
                    Some(content) => ToVerify::Message(content),
                    None => ToVerify::Digest(message),
                };
                settle(
                    VerifiedSignature::check(key, &algorithm, data, &signer.signature),
                    found,
                )
                .0
            }
            (Some(_), Some(_), None) => Some(false),
            _ => None,
        };
        integrity.signature_intact = intact;
        if content.is_none() {
            integrity.digest_intact = intact;
        }
        // Every profile that can pass demands attributes, so no witness is handed out here.
        return integrity.into();
    };
    let (digest_intact, outer) = match (attributes.message_digest(), &message) {
        (Ok(Some(signed)), Some(message)) => settle(IntactDigest::check(&signed, message), found),
        // The protected bytes are not there (the carrier's reason says why), so they cannot have
        // the signed digest.
        (Ok(Some(_)), None) => (Some(false), None),
        (Ok(None), _) => {
            found.push(message_digest(AttributeFault::Missing));
            (Some(false), None)
        }
        (Err(fault), _) => {
            found.push(message_digest(unusable(fault)));
            (Some(false), None)
        }
    };
    let digest = match content {
        None => {
            integrity.digest_intact = digest_intact;
            outer
        }
        // Both have to hold: the content has the signed digest, the bytes that of the content.
        Some(_) => {
            integrity.digest_intact = both(integrity.digest_intact, digest_intact);
            outer.and(inner)
        }
    };
    let mut signature = None;
    if let (Some(key), Some(algorithm)) = (key, algorithm) {
        let (intact, witness) = attributes_value(signer, attributes, key, &algorithm, found);
        integrity.signature_intact = intact;
        signature = witness;
    }
    Verified {
        integrity,
        digest,
        signature,
    }
}

/// Verifies `adbe.x509.rsa_sha1`: a PKCS#1 value over the SHA-1 of the protected bytes, no
/// attributes, so digest and value are one answer.
pub(crate) fn check_bare(
    signature: &[u8],
    key: &PublicKey,
    protected: &Protected,
    found: &mut Vec<Reason>,
) -> Integrity {
    let Some(digest) = protected.by(DigestAlgorithm::Sha1) else {
        return Integrity {
            digest_intact: Some(false),
            signature_intact: None,
        };
    };
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1);
    let (intact, _) = settle(
        VerifiedSignature::check(key, &algorithm, ToVerify::Digest(digest), signature),
        found,
    );
    Integrity {
        digest_intact: intact,
        signature_intact: intact,
    }
}

/// The attributes are hashed as they stand; if that does not verify, in DER order. Signers of both
/// kinds exist, and libraries that re-encode have refused good files of both.
fn attributes_value(
    signer: &SignerInfo<'_>,
    attributes: &Attributes<'_>,
    key: &PublicKey,
    algorithm: &SignatureAlgorithm,
    found: &mut Vec<Reason>,
) -> (Option<bool>, Option<VerifiedSignature>) {
    let original = attributes.original_as_set();
    let sorted = attributes.der_sorted();
    let verify = |octets: &[u8]| {
        VerifiedSignature::check(key, algorithm, ToVerify::Message(octets), &signer.signature)
    };
    match verify(&original) {
        Ok(witness) => {
            if original != sorted {
                found.push(Reason::AttributesNotSorted);
            }
            (Some(true), Some(witness))
        }
        Err(Reason::SignatureInvalid) if original != sorted => match verify(&sorted) {
            Ok(witness) => {
                found.push(Reason::AttributesSigned);
                (Some(true), Some(witness))
            }
            Err(_) => settle(Err(Reason::SignatureInvalid), found),
        },
        Err(reason) => settle(Err(reason), found),
    }
}

/// What the content of an `adbe.pkcs7.sha1` or of a time-stamp token says about the protected bytes.
fn inner_digest(
    profile: Profile,
    content: &[u8],
    protected: &Protected,
) -> Result<IntactDigest, Reason> {
    if profile == Profile::Pkcs7Sha1 {
        return match protected.by(DigestAlgorithm::Sha1) {
            Some(computed) => IntactDigest::check(content, computed),
            None => Err(missing(DigestAlgorithm::Sha1)),
        };
    }
    let info =
        TstInfo::parse(content, &Limits::default()).map_err(|error| Reason::CmsMalformed {
            detail: error.detail().to_owned(),
        })?;
    let algorithm = info
        .imprint
        .algorithm
        .ok_or_else(|| unsupported(info.imprint.oid.to_string()))?;
    let computed = protected.by(algorithm).ok_or_else(|| missing(algorithm))?;
    IntactDigest::check(&info.imprint.octets, computed)
}

/// A reason becomes `Some(false)`, or `None` where the algorithm is not offered.
fn settle<T>(result: Result<T, Reason>, found: &mut Vec<Reason>) -> (Option<bool>, Option<T>) {
    match result {
        Ok(witness) => (Some(true), Some(witness)),
        Err(reason) => {
            let answer = match reason {
                Reason::AlgorithmUnsupported { .. } => None,
                _ => Some(false),
            };
            found.push(reason);
            (answer, None)
        }
    }
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn disagree(algorithm: &SignatureAlgorithm, digest: DigestAlgorithm) -> Option<Reason> {
    let signature = algorithm.digest()?;
    (signature != digest).then(|| Reason::AlgorithmsDisagree {
        digest: digest.name(),
        signature: signature.name(),
    })
}

fn message_digest(fault: AttributeFault) -> Reason {
    Reason::SignedAttribute(SignedAttribute::MessageDigest, fault)
}

/// The protected bytes are not there, so they do not have the signed digest.
fn missing(algorithm: DigestAlgorithm) -> Reason {
    Reason::DigestMismatch {
        algorithm: algorithm.name(),
    }
}

fn unsupported(algorithm: String) -> Reason {
    Reason::AlgorithmUnsupported { algorithm }
}
