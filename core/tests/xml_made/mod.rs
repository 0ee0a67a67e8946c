//! XML documents signed afresh by the sandbox's keys: what a test asks for, be it sound or not.

#![allow(dead_code)]

use kyso::crypto::{KeyKind, ecdsa_to_fixed, sha256};
use kyso::xml::{Index, Method, canonicalize_element};
use kyso::{Limits, verify};
use kyso_sandbox::Issued;

pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// A signature to be made.
pub(crate) struct Recipe<'r> {
    /// Each reference: its URI, and its transforms as algorithm URIs.
    pub(crate) references: Vec<(&'r str, Vec<&'r str>)>,
    /// What stands behind `KeyInfo`.
    pub(crate) objects: String,
    /// Certificates in `KeyInfo`; the signer's where it is empty.
    pub(crate) certificates: Vec<&'r [u8]>,
    /// The `Id` of the signature.
    pub(crate) id: &'r str,
}

impl Default for Recipe<'_> {
    fn default() -> Self {
        Self {
            references: vec![("", vec![ENVELOPED, EXCLUSIVE])],
            objects: String::new(),
            certificates: Vec::new(),
            id: "sig",
        }
    }
}

impl Recipe<'_> {
    /// Puts the signature into the place of `@SIGNATURE@`.
    pub(crate) fn signed(&self, document: &str, signer: &Issued) -> String {
        let mut references = String::new();
        for (at, (uri, transforms)) in self.references.iter().enumerate() {
            let transforms: String = transforms
                .iter()
                .map(|uri| format!("<Transform Algorithm=\"{uri}\"/>"))
                .collect();
            let transforms = match transforms.is_empty() {
                true => String::new(),
                false => format!("<Transforms>{transforms}</Transforms>"),
            };
            // Placeholders that are base64, so that the reference can be read.
            references.push_str(&format!(
                "<Reference URI=\"{uri}\">{transforms}<DigestMethod \
                 Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>\
                 {}</DigestValue></Reference>",
                placeholder(at)
            ));
        }
        let own = [signer.certificate_der.as_slice()];
        let certificates = match self.certificates.is_empty() {
            true => &own[..],
            false => &self.certificates,
        };
        let certificates: String = certificates
            .iter()
            .map(|der| format!("<X509Certificate>{}</X509Certificate>", base64(der)))
            .collect();
        let signature = format!(
            "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"{}\"><SignedInfo>\
             <CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/><SignatureMethod \
             Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/>{references}\
             </SignedInfo><SignatureValue>AAAA</SignatureValue><KeyInfo><X509Data>{certificates}\
             </X509Data></KeyInfo>{}</Signature>",
            self.id, self.objects
        );
        let mut text = document.replacen("@SIGNATURE@", &signature, 1);
        assert_ne!(text, document);
        for at in 0..self.references.len() {
            let mut octets = Vec::new();
            let made = verify::reference(text.as_bytes(), at, &Limits::default(), |piece| {
                octets.extend_from_slice(piece);
            });
            // What cannot be digested here gets a digest of nothing.
            let _ = made;
            text = text.replacen(&placeholder(at), &base64(&sha256(&octets)), 1);
        }
        let message = {
            let index = Index::read(text.as_bytes(), &Limits::default()).unwrap();
            let signed_info = index
                .elements()
                .find(|id| index.local_name(*id) == "SignedInfo")
                .unwrap();
            let mut message = Vec::new();
            let method = Method::from_uri(EXCLUSIVE).unwrap();
            canonicalize_element(
                &index,
                signed_info,
                &[],
                &method,
                &Limits::default(),
                |piece| message.extend_from_slice(piece),
            )
            .unwrap();
            message
        };
        let value = ecdsa_to_fixed(KeyKind::P256, &signer.sign(&message).unwrap()).unwrap();
        text.replacen(
            "<SignatureValue>AAAA<",
            &format!("<SignatureValue>{}<", base64(&value)),
            1,
        )
    }
}

fn placeholder(at: usize) -> String {
    base64(&sha256(format!("placeholder {at}").as_bytes()))
}

pub(crate) fn base64(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in octets.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, octet| bits << 8 | u32::from(*octet))
            << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= chunk.len() {
                letter as char
            } else {
                '='
            });
        }
    }
    out
}

/// XAdES properties for the signature `sig`, in an `Object`.
pub(crate) fn properties(signed: &str, unsigned: &str) -> String {
    format!(
        "<Object><x:QualifyingProperties xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\" \
         Target=\"#sig\"><x:SignedProperties Id=\"props\"><x:SignedSignatureProperties>{signed}\
         </x:SignedSignatureProperties></x:SignedProperties>{unsigned}</x:QualifyingProperties>\
         </Object>"
    )
}

/// `SigningTime` and `SigningCertificateV2` of a certificate.
pub(crate) fn signed_properties(time: &str, certificate: &[u8]) -> String {
    format!(
        "<x:SigningTime>{time}</x:SigningTime><x:SigningCertificateV2><x:Cert><x:CertDigest>\
         <DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>{}\
         </DigestValue></x:CertDigest></x:Cert></x:SigningCertificateV2>",
        base64(&sha256(certificate))
    )
}
