//! Writing `SignedData` in DER with one signer (RFC 5652 §5.1, EN 319 122-1 §6, EN 319 142-1 §6).
//!
//! Three steps, because the key may be elsewhere: [`SignedAttributesBuilder`] makes the octets to
//! be signed; somebody signs them; [`NewSignedData`] puts attributes and signature together.
//! What a baseline signature must not have, such as signing-time in a PDF, is not put in.

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use crate::cms::identifiers;
use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm};
use crate::der::{Oid, Reader, Tag, write};
use crate::error::{Error, ErrorKind};
use crate::time::Time;

/// The signed attributes of a PAdES baseline signature: content-type (id-data), message-digest and
/// signing-certificate-v2 with SHA-256, nothing else (EN 319 142-1 table 1).
///
/// Answers the octets to be signed, see [`SignedAttributesBuilder::finish`].
pub fn pades_signed_attributes(message_digest: &Digest, signing_certificate: &[u8]) -> Vec<u8> {
    SignedAttributesBuilder::new(&identifiers::DATA, message_digest)
        .signing_certificate(signing_certificate, DigestAlgorithm::Sha256)
        .finish()
}

/// Collects the signed attributes of a new signature.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignedAttributesBuilder {
    attributes: Vec<Vec<u8>>,
}

impl SignedAttributesBuilder {
    /// With the two attributes that are always there: the type of the content and its digest.
    pub fn new(content_type: &Oid, message_digest: &Digest) -> Self {
        Self {
            attributes: vec![
                attribute(&identifiers::CONTENT_TYPE, &[write::oid(content_type)]),
                attribute(
                    &identifiers::MESSAGE_DIGEST,
                    &[write::octet_string(message_digest.as_bytes())],
                ),
            ],
        }
    }

    /// Adds signing-certificate-v2 for this certificate (all its octets), hashed with `hash`,
    /// without issuerSerial (EN 319 122-1 §5.2.2 and table 1, note g).
    pub fn signing_certificate(self, certificate: &[u8], hash: DigestAlgorithm) -> Self {
        let mut entry = Vec::new();
        // SHA-256 is the DEFAULT, which DER leaves out (RFC 5035 §4).
        if hash != DigestAlgorithm::Sha256 {
            entry.push(digest_identifier(hash));
        }
        let digest = Digest::of(hash, certificate);
        entry.push(write::octet_string(digest.as_bytes()));
        let certificates = write::sequence(&[write::sequence(&entry)]);
        let value = write::sequence(&[certificates]);
        self.attribute(&identifiers::SIGNING_CERTIFICATE_V2, &[value])
    }

    /// Adds signing-time: for CAdES, never for PAdES.
    pub fn signing_time(self, time: Time) -> Self {
        self.attribute(&identifiers::SIGNING_TIME, &[write::time(time)])
    }

    /// Adds another attribute with these values, each a whole value in DER.
    pub fn attribute<V: AsRef<[u8]>>(mut self, oid: &Oid, values: &[V]) -> Self {
        self.attributes.push(attribute(oid, values));
        self
    }

    /// The attributes as a SET in DER (tag 0x31): the octets whose digest is signed.
    pub fn finish(self) -> Vec<u8> {
        write::set_of(&self.attributes)
    }
}

/// One attribute in DER, as the unsigned ones of [`NewSignedData`] want it; each value is a whole
/// value in DER.
pub fn attribute<V: AsRef<[u8]>>(oid: &Oid, values: &[V]) -> Vec<u8> {
    write::sequence(&[write::oid(oid), write::set_of(values)])
}

/// The parts of a `SignedData` with one signer.
#[derive(Clone, Copy, Debug)]
pub struct NewSignedData<'a> {
    /// What the content is; [`identifiers::DATA`] for PAdES and CAdES.
    pub content_type: Oid,
    /// The content, if it is to be inside.
    pub content: Option<&'a [u8]>,
    /// The signer's certificate; it names the signer by issuer and serial number.
    pub signer: &'a [u8],
    /// Other certificates to include, in any order; the signer's own is always included, and
    /// none is written twice.
    pub certificates: &'a [&'a [u8]],
    /// The digest of the content and of the signed attributes.
    pub digest_algorithm: DigestAlgorithm,
    /// What the signature was made with.
    pub signature_algorithm: SignatureAlgorithm,
    /// The octets that were signed, from [`SignedAttributesBuilder::finish`].
    pub signed_attributes: &'a [u8],
    /// The signature value.
    pub signature: &'a [u8],
    /// Unsigned attributes, each from [`attribute`]: signature-time-stamps. May be empty.
    pub unsigned_attributes: &'a [Vec<u8>],
}

impl NewSignedData<'_> {
    /// The `ContentInfo` in DER.
    pub fn to_der(&self) -> Result<Vec<u8>, Error> {
        let digest_algorithm = digest_identifier(self.digest_algorithm);
        let is_data = self.content_type == identifiers::DATA;
        // RFC 5652 §5.1: 1 for plain data with X.509 certificates and issuerAndSerialNumber.
        let version = write::integer(if is_data { 1 } else { 3 });
        let mut encapsulated = vec![write::oid(&self.content_type)];
        if let Some(content) = self.content {
            encapsulated.push(write::context(0, &[write::octet_string(content)]));
        }
        let mut certificates = self.certificates.to_vec();
        certificates.push(self.signer);
        certificates.sort_unstable();
        certificates.dedup();
        let signed_data = write::sequence(&[
            version,
            write::set_of(&[&digest_algorithm]),
            write::sequence(&encapsulated),
            write::context(0, &certificates),
            write::set_of(&[self.signer_info(digest_algorithm)?]),
        ]);
        Ok(write::sequence(&[
            write::oid(&identifiers::SIGNED_DATA),
            write::context(0, &[signed_data]),
        ]))
    }

    fn signer_info(&self, digest_algorithm: Vec<u8>) -> Result<Vec<u8>, Error> {
        let (issuer, serial) = issuer_and_serial(self.signer)?;
        let mut attributes = Reader::new(self.signed_attributes, WRITTEN_DEPTH);
        let attributes = attributes.expect(Tag::SET)?.content();
        let signature_algorithm = self.signature_algorithm.identifier_der().ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "a signature algorithm without an identifier",
            )
        })?;
        let mut fields = vec![
            write::integer(1),
            write::sequence(&[issuer, serial]),
            digest_algorithm,
            write::context(0, &[attributes]),
            signature_algorithm,
            write::octet_string(self.signature),
        ];
        if !self.unsigned_attributes.is_empty() {
            let sorted = write::sorted(self.unsigned_attributes);
            fields.push(write::context(1, &[sorted]));
        }
        Ok(write::sequence(&fields))
    }
}

/// Issuer and serial number of a certificate, all octets of each.
///
/// ```text
/// TBSCertificate ::= SEQUENCE { version [0] EXPLICIT … DEFAULT v1, serialNumber INTEGER,
///   signature AlgorithmIdentifier, issuer Name, … }
/// ```
fn issuer_and_serial(certificate: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let mut outer = Reader::new(certificate, WRITTEN_DEPTH)
        .expect(Tag::SEQUENCE)?
        .reader()?;
    let mut fields = outer.expect(Tag::SEQUENCE)?.reader()?;
    fields.optional(Tag::context(0))?;
    let serial = fields.expect(Tag::INTEGER)?.full();
    fields.expect(Tag::SEQUENCE)?;
    let issuer = fields.expect(Tag::SEQUENCE)?.full();
    Ok((issuer, serial))
}

/// Without parameters, as RFC 5754 §2 prefers.
fn digest_identifier(algorithm: DigestAlgorithm) -> Vec<u8> {
    let oid = algorithm.oid().parse().map(|oid| write::oid(&oid));
    // Every identifier of `crypto` is one; a test there and here reads them.
    write::sequence(&[oid.unwrap_or_default()])
}

/// Enough for what is read here: certificates to their issuer, attributes to their first level.
const WRITTEN_DEPTH: usize = 8;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod tests {
    use super::*;
    use crate::cms::openssl::{EC, Openssl, RSA};
    use crate::cms::{SignedData, SignerIdentifier};
    use crate::limits::Limits;

    #[test]
    fn what_is_written_openssl_verifies_and_it_is_der() {
        let Some(openssl) = Openssl::found() else {
            return;
        };
        openssl.signer("rsa", RSA, "");
        openssl.signer("ec", EC, "");
        openssl.write("message", b"noi dung");
        let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
        let sha256 = DigestAlgorithm::Sha256;
        let sha512 = DigestAlgorithm::Sha512;
        for (signer, algorithm, digest, options) in [
            ("rsa", SignatureAlgorithm::RsaPkcs1(sha256), sha256, ""),
            ("rsa", SignatureAlgorithm::RsaPkcs1(sha512), sha512, ""),
            ("rsa", SignatureAlgorithm::rsa_pss(sha256), sha256, pss),
            ("ec", SignatureAlgorithm::Ecdsa(sha256), sha256, ""),
        ] {
            let certificate = openssl.read(&format!("{signer}.der"));
            let other = openssl.read(if signer == "ec" { "rsa.der" } else { "ec.der" });
            let message_digest = Digest::of(digest, b"noi dung");
            let attributes = pades_signed_attributes(&message_digest, &certificate);
            openssl.write("attributes", &attributes);
            let name = digest.name().to_lowercase().replace('-', "");
            let sign =
                format!("dgst -{name} {options} -sign {signer}.key -out signature attributes");
            assert!(openssl.run(&sign));
            let extra = attribute(&"1.3.6.1.4.1.99999.1".parse().unwrap(), &[write::null()]);
            for unsigned in [&[][..], &[extra]] {
                let signature = openssl.read("signature");
                let written = NewSignedData {
                    content_type: identifiers::DATA,
                    content: None,
                    signer: &certificate,
                    certificates: &[&other, &certificate],
                    digest_algorithm: digest,
                    signature_algorithm: algorithm,
                    signed_attributes: &attributes,
                    signature: &signature,
                    unsigned_attributes: unsigned,
                };
                let der = written.to_der().unwrap();
                openssl.write("out.p7s", &der);
                assert!(openssl.run(
                    "cms -verify -binary -noverify -inform DER -in out.p7s -content message \
                     -out verified"
                ));
                assert!(openssl.run("asn1parse -inform DER -in out.p7s"));
                // A DER encoder on the other side gives the same octets back.
                assert!(openssl.run("cms -cmsout -inform DER -outform DER -in out.p7s -out again"));
                assert_eq!(openssl.read("again"), der);

                let read = SignedData::parse(&der, &Limits::default()).unwrap();
                assert!(!read.is_ber);
                assert_eq!((read.length, read.version), (der.len(), Some(1)));
                assert_eq!(read.certificates.len(), 2);
                assert!(read.certificates.is_sorted());
                let info = &read.signer_infos[0];
                assert_eq!(info.signature_algorithm(), Ok(algorithm));
                assert_eq!(*info.signature, signature[..]);
                let found = info.signed_attributes.as_ref().unwrap();
                assert_eq!(found.original_as_set(), attributes);
                assert_eq!(found.iter().count(), 3);
                assert_eq!(found.signing_time(), Ok(None));
                let ess = found.signing_certificate_v2().unwrap().unwrap();
                assert!(ess[0].names(&certificate) && ess[0].issuer_serial.is_none());
                let count = info
                    .unsigned_attributes
                    .as_ref()
                    .map_or(0, |a| a.iter().count());
                assert_eq!(count, unsigned.len());
            }
        }
    }

    #[test]
    fn ed25519_and_attached_content_are_written_and_read_back() {
        let Some(openssl) = Openssl::found() else {
            return;
        };
        openssl.signer("ed", "-newkey ed25519", "");
        let certificate = openssl.read("ed.der");
        let message_digest = Digest::of(DigestAlgorithm::Sha512, b"xyz");
        let attributes = SignedAttributesBuilder::new(&identifiers::TST_INFO, &message_digest)
            .signing_certificate(&certificate, DigestAlgorithm::Sha384)
            .signing_time("2026-02-04T09:29:58Z".parse().unwrap())
            .finish();
        let der = NewSignedData {
            content_type: identifiers::TST_INFO,
            content: Some(b"xyz"),
            signer: &certificate,
            certificates: &[],
            digest_algorithm: DigestAlgorithm::Sha512,
            signature_algorithm: SignatureAlgorithm::Ed25519,
            signed_attributes: &attributes,
            signature: &[0; 64],
            unsigned_attributes: &[],
        }
        .to_der()
        .unwrap();
        let read = SignedData::parse(&der, &Limits::default()).unwrap();
        assert_eq!(
            (read.version, read.content.as_deref()),
            (Some(3), Some(&b"xyz"[..]))
        );
        assert_eq!(read.certificates, [&certificate[..]]);
        let info = &read.signer_infos[0];
        assert!(matches!(info.sid, SignerIdentifier::IssuerAndSerial { .. }));
        assert_eq!(info.signature_algorithm(), Ok(SignatureAlgorithm::Ed25519));
        assert_eq!(info.signature_algorithm.parameters, None);
        let found = info.signed_attributes.as_ref().unwrap();
        let ess = found.signing_certificate_v2().unwrap().unwrap();
        assert!(ess[0].names(&certificate));
        assert_eq!(ess[0].hash_algorithm, Some(DigestAlgorithm::Sha384));
        assert!(found.signing_time().unwrap().is_some());
    }

    #[test]
    fn what_cannot_be_put_together_is_refused() {
        let attributes = write::set_of(&[write::null()]);
        let written = NewSignedData {
            content_type: identifiers::DATA,
            content: None,
            signer: b"not a certificate",
            certificates: &[],
            digest_algorithm: DigestAlgorithm::Sha256,
            signature_algorithm: SignatureAlgorithm::Ed25519,
            signed_attributes: &attributes,
            signature: &[],
            unsigned_attributes: &[],
        };
        assert_eq!(written.to_der().unwrap_err().kind(), ErrorKind::Malformed);
    }

    #[test]
    fn every_digest_algorithm_has_an_identifier() {
        for algorithm in DigestAlgorithm::ALL {
            assert!(digest_identifier(algorithm).len() > 5);
        }
    }
}
