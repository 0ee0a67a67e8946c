//! Several certificates in one file: PEM, DER, and PKCS#7 with certificates alone.
//!
//! The national authority publishes its roots as PKCS#7, some in DER, some in BER with indefinite
//! lengths. Only the walk to the certificates is read leniently; each certificate is then read as
//! strictly as ever.

use crate::crypto::asn1;
use crate::crypto::pem;
use crate::error::{Error, ErrorKind, Place};
use crate::x509::certificate::Certificate;

/// See [`Certificate::many_from_pem_or_der`].
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Certificate>, Error> {
    let none = || Error::new(ErrorKind::Malformed, "no certificate in the file");
    if !pem::looks_like_pem(bytes) {
        return one_or_pkcs7(bytes);
    }
    let blocks = pem::blocks(bytes).ok_or_else(|| Error::new(ErrorKind::Malformed, "PEM"))?;
    let mut certificates = Vec::new();
    for (position, block) in blocks.iter().enumerate() {
        let of_block = match block.label.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                Certificate::from_der(&block.octets).map(|certificate| vec![certificate])
            }
            // Some authorities label one what is the other.
            "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => one_or_pkcs7(&block.octets),
            _ => continue,
        };
        let number = position.saturating_add(1);
        certificates.extend(
            of_block.map_err(|error| error.at(Place::Part(format!("PEM block {number}"))))?,
        );
    }
    if certificates.is_empty() {
        return Err(none());
    }
    Ok(certificates)
}

fn one_or_pkcs7(bytes: &[u8]) -> Result<Vec<Certificate>, Error> {
    let Some(spans) = pkcs7(bytes) else {
        return Ok(vec![Certificate::from_der(bytes)?]);
    };
    if spans.is_empty() {
        return Err(Error::new(
            ErrorKind::Malformed,
            "PKCS#7 without a certificate",
        ));
    }
    spans.into_iter().map(Certificate::from_der).collect()
}

/// The certificates of a `SignedData`, or nothing where it is none. Other choices are attribute
/// certificates, which name no issuer.
fn pkcs7(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    Some(sequences(signed_data(bytes)?.enter(CONTEXT_0)))
}

/// The revocation lists of a `SignedData`, or nothing where it is none. Other choices are formats
/// of RFC 5652 §10.2.1, which `cms` reads.
pub(super) fn lists(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = signed_data(bytes)?;
    fields.enter(CONTEXT_0);
    Some(sequences(fields.enter(CONTEXT_1)))
}

/// The fields of a `SignedData` from `certificates` on.
///
/// ```text
/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT SignedData }
/// SignedData ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo SEQUENCE,
///   certificates [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
///   crls [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL, … }
/// ```
fn signed_data(bytes: &[u8]) -> Option<Walk<'_>> {
    let mut content_info = Walk(Walk(bytes).enter(SEQUENCE)?);
    let content_type = content_info.enter(asn1::OID)?;
    (asn1::dotted(content_type)? == SIGNED_DATA).then_some(())?;
    let mut signed_data = Walk(Walk(content_info.enter(CONTEXT_0)?).enter(SEQUENCE)?);
    signed_data.enter(asn1::INTEGER)?;
    signed_data.enter(SET)?;
    signed_data.enter(SEQUENCE)?;
    Some(signed_data)
}

fn sequences(set: Option<&[u8]>) -> Vec<&[u8]> {
    let mut set = Walk(set.unwrap_or_default());
    let mut spans = Vec::new();
    while let Some(item) = set.next() {
        if item.tag == SEQUENCE {
            spans.push(item.full);
        }
    }
    spans
}

/// A cursor over BER values; indefinite lengths allowed.
struct Walk<'a>(&'a [u8]);

struct Span<'a> {
    tag: u8,
    full: &'a [u8],
    content: &'a [u8],
}

impl<'a> Walk<'a> {
    fn enter(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = Walk(self.0);
        let span = ahead.next().filter(|span| span.tag == tag)?;
        self.0 = ahead.0;
        Some(span.content)
    }

    fn next(&mut self) -> Option<Span<'a>> {
        let (tag, length, content) = header(self.0)?;
        let (content, behind) = match length {
            Some(length) => content.split_at_checked(length)?,
            None => {
                let length = indefinite(content)?;
                let (content, behind) = content.split_at_checked(length)?;
                (content, behind.get(2..)?)
            }
        };
        let full = self.0.get(..self.0.len().checked_sub(behind.len())?)?;
        self.0 = behind;
        Some(Span { tag, full, content })
    }
}

/// Tag, length (nothing: indefinite) and what follows.
fn header(bytes: &[u8]) -> Option<(u8, Option<usize>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    match first {
        0..0x80 => Some((tag, Some(usize::from(first)), rest)),
        0x80 if tag & 0x20 != 0 => Some((tag, None, rest)),
        0x80 => None,
        _ => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = octets.iter().try_fold(0_usize, |sum, octet| {
                sum.checked_mul(256)?.checked_add(usize::from(*octet))
            })?;
            Some((tag, Some(length), rest))
        }
    }
}

/// Octets up to the end-of-contents that closes an indefinite length. Values of definite length
/// are stepped over, those of indefinite length counted: one pass, no recursion.
fn indefinite(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    let mut open = 1_usize;
    loop {
        if let [0, 0, behind @ ..] = rest {
            open = open.checked_sub(1)?;
            if open == 0 {
                return bytes.len().checked_sub(rest.len());
            }
            rest = behind;
            continue;
        }
        let (_, length, content) = header(rest)?;
        rest = match length {
            Some(length) => content.get(length..)?,
            None => {
                open = open.checked_add(1)?;
                content
            }
        };
    }
}

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;
const CONTEXT_1: u8 = 0xa1;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures;

    #[test]
    fn the_authoritys_own_bundles_give_the_same_certificates_as_their_pem() {
        for (bundle, pem) in [
            (
                "neac-2025-root-remote-signing.ber.p7b",
                "neac-2025-root-remote-signing.pem",
            ),
            (
                "neac-g3-vietnam-national-root.der.p7b",
                "neac-g3-vietnam-national-root.pem",
            ),
        ] {
            let both = (
                fixtures::data(&format!("vn-pki/{bundle}")),
                fixtures::data(&format!("vn-pki/{pem}")),
            );
            let (Some(bundle), Some(pem)) = both else {
                return;
            };
            let certificates = read(&bundle).unwrap();
            assert!(
                read(&pem)
                    .unwrap()
                    .iter()
                    .all(|one| certificates.contains(one))
            );
            // The same, cut short anywhere: an answer, never a panic.
            for end in 0..bundle.len() {
                assert!(read(&bundle[..end]).is_err());
            }
        }
    }

    #[test]
    fn a_file_of_several_blocks_gives_all_of_them_and_skips_keys() {
        let Some(shop) = fixtures::Workshop::open() else {
            return;
        };
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        shop.run(&format!(
            "req -x509 {curve} -keyout a.key -out a.pem -subj /CN=A -days 30"
        ));
        shop.run(&format!(
            "req -x509 {curve} -keyout b.key -out b.pem -subj /CN=B -days 30"
        ));
        shop.run("crl2pkcs7 -nocrl -certfile b.pem -out b.p7");
        let file = [
            b"Ghi chu truoc\n".to_vec(),
            shop.read("a.pem"),
            shop.read("a.key"),
            shop.read("b.p7"),
        ]
        .concat();
        let names: Vec<_> = read(&file)
            .unwrap()
            .iter()
            .map(|c| c.subject().to_string())
            .collect();
        assert_eq!(names, ["CN=A", "CN=B"]);
        assert!(read(&shop.read("a.key")).is_err());
        shop.run("x509 -in a.pem -outform DER -out a.der");
        assert_eq!(read(&shop.read("a.der")).unwrap().len(), 1);
    }

    #[test]
    fn nesting_without_end_is_no_certificate() {
        let mut deep = Vec::new();
        for _ in 0..100_000 {
            deep.extend([0x30, 0x80]);
        }
        assert!(read(&deep).is_err());
        assert!(read(b"").is_err());
        assert!(read(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").is_err());
    }
}
