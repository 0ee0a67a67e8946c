//! What the URIs of algorithms mean (W3C XMLDSig 1.1 §6; RFC 9231).

use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::xades::element::{child, is_named, number};
use crate::xades::{DS, PSS};
use crate::xml::{ElementId, Index};

/// A digest by its URI, or the URI where it is not offered.
pub(crate) fn digest(uri: &str) -> Result<DigestAlgorithm, String> {
    DIGESTS
        .iter()
        .find(|row| row.0 == uri)
        .map(|row| row.1)
        .ok_or_else(|| uri.to_owned())
}

/// The URI of a digest; nothing where RFC 9231 names none.
pub(crate) fn digest_uri(algorithm: DigestAlgorithm) -> Option<&'static str> {
    DIGESTS
        .iter()
        .find(|row| row.1 == algorithm)
        .map(|row| row.0)
}

/// The signature algorithm that a `SignatureMethod` names, or its URI where it is not offered.
pub(crate) fn signature(
    index: &Index<'_>,
    method: ElementId,
) -> Result<SignatureAlgorithm, String> {
    let uri = index.attribute(method, "Algorithm").unwrap_or_default();
    if uri == RSA_PSS {
        return pss(index, method).ok_or_else(|| uri.into_owned());
    }
    if uri == ED25519 {
        return Ok(SignatureAlgorithm::Ed25519);
    }
    let split = FAMILIES.iter().find_map(|(space, family)| {
        let name = uri.strip_prefix(space)?;
        let digest = match family {
            Family::RsaPkcs1 => by_word(name.strip_prefix("rsa-")?),
            Family::Ecdsa => by_word(name.strip_prefix("ecdsa-")?),
            Family::Pss => by_word(name.strip_suffix("-rsa-MGF1")?),
        }?;
        Some(match family {
            Family::RsaPkcs1 => SignatureAlgorithm::RsaPkcs1(digest),
            Family::Ecdsa => SignatureAlgorithm::Ecdsa(digest),
            Family::Pss => SignatureAlgorithm::rsa_pss(digest),
        })
    });
    split.ok_or_else(|| match uri.contains("hmac") {
        true => format!("HMAC ({uri})"),
        false => uri.into_owned(),
    })
}

/// The URI of a signature algorithm; nothing where there is none for it.
pub(crate) fn signature_uri(algorithm: &SignatureAlgorithm) -> Option<String> {
    let (space, name) = match algorithm {
        SignatureAlgorithm::Ed25519 => return Some(ED25519.to_owned()),
        SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1) => (DSIG, "rsa-sha1".to_owned()),
        SignatureAlgorithm::RsaPkcs1(digest) => (MORE_2001, format!("rsa-{}", word(*digest)?)),
        SignatureAlgorithm::Ecdsa(digest) => {
            let word = word(*digest)?;
            let space = if word.starts_with("sha3") {
                MORE_2021
            } else {
                MORE_2001
            };
            (space, format!("ecdsa-{word}"))
        }
        SignatureAlgorithm::RsaPss { digest, .. }
            if *algorithm == SignatureAlgorithm::rsa_pss(*digest) =>
        {
            (MORE_2007, format!("{}-rsa-MGF1", word(*digest)?))
        }
        SignatureAlgorithm::RsaPss { .. } => return None,
    };
    Some(format!("{space}{name}"))
}

enum Family {
    RsaPkcs1,
    Ecdsa,
    Pss,
}

/// RSASSA-PSS with its parameters beside it (RFC 9231 §2.3.9). What is absent is SHA-256, the same
/// hash in the mask, and salt as long as the hash.
fn pss(index: &Index<'_>, method: ElementId) -> Option<SignatureAlgorithm> {
    let Some(parameters) = child(index, method, PSS, "RSAPSSParams") else {
        return Some(SignatureAlgorithm::rsa_pss(DigestAlgorithm::Sha256));
    };
    let named = |element: ElementId| {
        let uri = index.attribute(element, "Algorithm")?;
        digest(&uri).ok()
    };
    let mut hash = DigestAlgorithm::Sha256;
    let mut mask = None;
    let mut salt = None;
    let mut trailer = 1;
    for element in index.children(parameters) {
        if is_named(index, element, DS, "DigestMethod") {
            hash = named(element)?;
        } else if is_named(index, element, PSS, "MaskGenerationFunction") {
            let inner = child(index, element, DS, "DigestMethod");
            mask = Some(match inner {
                Some(inner) => named(inner)?,
                None => return None,
            });
        } else if is_named(index, element, PSS, "SaltLength") {
            salt = Some(number(index, element)?);
        } else if is_named(index, element, PSS, "TrailerField") {
            trailer = number(index, element)?;
        } else {
            return None;
        }
    }
    Some(SignatureAlgorithm::RsaPss {
        digest: hash,
        mgf_digest: mask.unwrap_or(hash),
        salt_len: salt.or_else(|| u32::try_from(hash.output_len()).ok())?,
        trailer,
    })
}

fn by_word(text: &str) -> Option<DigestAlgorithm> {
    WORDS.iter().find(|row| row.0 == text).map(|row| row.1)
}

fn word(algorithm: DigestAlgorithm) -> Option<&'static str> {
    WORDS.iter().find(|row| row.1 == algorithm).map(|row| row.0)
}

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const MORE_2001: &str = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_2007: &str = "http://www.w3.org/2007/05/xmldsig-more#";
const MORE_2021: &str = "http://www.w3.org/2021/04/xmldsig-more#";
const RSA_PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";
const ED25519: &str = "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519";

const FAMILIES: [(&str, Family); 5] = [
    (DSIG, Family::RsaPkcs1),
    (MORE_2001, Family::RsaPkcs1),
    (MORE_2001, Family::Ecdsa),
    (MORE_2021, Family::Ecdsa),
    (MORE_2007, Family::Pss),
];

const WORDS: [(&str, DigestAlgorithm); 10] = [
    ("md5", DigestAlgorithm::Md5),
    ("sha1", DigestAlgorithm::Sha1),
    ("sha224", DigestAlgorithm::Sha224),
    ("sha256", DigestAlgorithm::Sha256),
    ("sha384", DigestAlgorithm::Sha384),
    ("sha512", DigestAlgorithm::Sha512),
    ("sha3-224", DigestAlgorithm::Sha3_224),
    ("sha3-256", DigestAlgorithm::Sha3_256),
    ("sha3-384", DigestAlgorithm::Sha3_384),
    ("sha3-512", DigestAlgorithm::Sha3_512),
];

const DIGESTS: [(&str, DigestAlgorithm); 10] = [
    (
        "http://www.w3.org/2001/04/xmlenc#sha256",
        DigestAlgorithm::Sha256,
    ),
    (
        "http://www.w3.org/2000/09/xmldsig#sha1",
        DigestAlgorithm::Sha1,
    ),
    (
        "http://www.w3.org/2001/04/xmlenc#sha512",
        DigestAlgorithm::Sha512,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        DigestAlgorithm::Sha384,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#sha224",
        DigestAlgorithm::Sha224,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#md5",
        DigestAlgorithm::Md5,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha3-224",
        DigestAlgorithm::Sha3_224,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
        DigestAlgorithm::Sha3_256,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
        DigestAlgorithm::Sha3_384,
    ),
    (
        "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
        DigestAlgorithm::Sha3_512,
    ),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn an_algorithm_that_was_written_is_read_back_as_the_same() {
        let mut all = vec![SignatureAlgorithm::Ed25519];
        for (_, hash) in WORDS {
            all.push(SignatureAlgorithm::RsaPkcs1(hash));
            all.push(SignatureAlgorithm::Ecdsa(hash));
            all.push(SignatureAlgorithm::rsa_pss(hash));
            assert_eq!(digest(digest_uri(hash).unwrap()), Ok(hash));
        }
        for algorithm in all {
            let uri = signature_uri(&algorithm).unwrap();
            let text = format!("<a Algorithm='{uri}'/>");
            let index = Index::read(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(signature(&index, index.root()), Ok(algorithm), "{uri}");
        }
    }

    #[test]
    fn a_mac_and_what_is_unknown_are_named_and_not_computed() {
        for uri in [
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
            "",
        ] {
            let text = format!("<a Algorithm='{uri}'/>");
            let index = Index::read(text.as_bytes(), &Limits::default()).unwrap();
            assert!(signature(&index, index.root()).is_err(), "{uri}");
            assert!(digest(uri).is_err(), "{uri}");
        }
    }
}
