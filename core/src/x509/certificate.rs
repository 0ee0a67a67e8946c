//! [`Certificate`]: an X.509 certificate (RFC 5280 §4), owned and parsed once.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Version};

use crate::crypto::asn1::{self, BIT_STRING, OID, Reader, SEQUENCE};
use crate::crypto::{PublicKey, SignatureAlgorithm, hex, sha256};
use crate::error::{Error, ErrorKind};
use crate::time::Time;
use crate::x509::bundle;
use crate::x509::distribution::{self, DistributionPoint};
use crate::x509::identity::Identity;
use crate::x509::name::Name;

/// A certificate. Cloning shares it; two are equal when their octets are.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    sha256: [u8; 32],
    tbs: Range<usize>,
    version: u32,
    serial: Vec<u8>,
    subject: Name,
    issuer: Name,
    not_before: Time,
    not_after: Time,
    public_key: PublicKey,
    signature_algorithm: Result<SignatureAlgorithm, String>,
    signature: Vec<u8>,
    extensions: Vec<Extension>,
    fields: Fields,
    faults: Vec<&'static str>,
}

/// One extension as it stands.
struct Extension {
    oid: String,
    is_critical: bool,
    value: Vec<u8>,
}

/// What the extensions say, read.
#[derive(Default)]
struct Fields {
    is_ca: Option<bool>,
    path_len: Option<u32>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<Vec<String>>,
    subject_key_id: Option<Vec<u8>>,
    authority_key_id: Option<Vec<u8>>,
    ca_issuers: Vec<String>,
    ocsp: Vec<String>,
    crl_addresses: Vec<String>,
    distribution_points: Vec<DistributionPoint>,
    no_check: bool,
    policies: Vec<String>,
    email: Option<String>,
    unhandled_critical: Vec<String>,
}

/// What a key may be used for (RFC 5280 §4.2.1.3): bit *n* of the BIT STRING.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

impl Certificate {
    /// From one certificate in DER. What is no certificate is [`ErrorKind::Malformed`]; what is
    /// one with something wrong in it is read, and says so in [`faults`](Self::faults).
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let (rest, parsed) = X509Certificate::from_der(der)
            .map_err(|_| Error::new(ErrorKind::Malformed, "certificate"))?;
        let inner = read(der, rest, &parsed)?;
        Ok(Self(Arc::new(inner)))
    }

    /// From a file that holds certificates: PEM with any number of blocks and text around them,
    /// one certificate in DER, or PKCS#7 in DER or BER. A file without one is an error.
    pub fn many_from_pem_or_der(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        bundle::read(bytes)
    }

    /// The octets, all that were given.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of all octets, which names the certificate.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// [`sha256`](Self::sha256) in lower-case hexadecimal.
    pub fn sha256_hex(&self) -> String {
        hex(&self.0.sha256)
    }

    /// The version: 1, 2 or 3.
    pub fn version(&self) -> u32 {
        self.0.version
    }

    /// Whose key it is.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// Who says so.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// The serial number: the INTEGER's octets as they stand, a leading zero included.
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The serial number in lower-case hexadecimal, without the zero octet that marks it positive.
    pub fn serial_hex(&self) -> String {
        match self.serial() {
            [0, rest @ ..] if !rest.is_empty() => hex(rest),
            all => hex(all),
        }
    }

    /// Begin of the validity period, included.
    pub fn not_before(&self) -> Time {
        self.0.not_before
    }

    /// End of the validity period, included.
    pub fn not_after(&self) -> Time {
        self.0.not_after
    }

    /// The key.
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// The octets that the issuer signed.
    pub fn tbs(&self) -> &[u8] {
        self.0.der.get(self.0.tbs.clone()).unwrap_or_default()
    }

    /// The algorithm the issuer signed with; nothing where it is not one of ours.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.signature_algorithm.as_ref().ok().copied()
    }

    /// The algorithm the issuer signed with, in words: `RSA-PKCS1 SHA-256`, or the object
    /// identifier where it is not one of ours.
    pub fn signature_algorithm_name(&self) -> String {
        match &self.0.signature_algorithm {
            Ok(algorithm) => match algorithm.digest() {
                Some(digest) => format!("{} {digest}", algorithm.name()),
                None => algorithm.name().to_owned(),
            },
            Err(oid) => oid.clone(),
        }
    }

    /// The issuer's signature value.
    pub fn signature(&self) -> &[u8] {
        &self.0.signature
    }

    /// `cA` of basicConstraints; nothing where the extension is missing.
    pub fn is_ca(&self) -> Option<bool> {
        self.0.fields.is_ca
    }

    /// `pathLenConstraint` of basicConstraints.
    pub fn path_len(&self) -> Option<u32> {
        self.0.fields.path_len
    }

    /// keyUsage; nothing where the extension is missing.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.fields.key_usage
    }

    /// extKeyUsage as object identifiers; nothing where the extension is missing.
    pub fn extended_key_usage(&self) -> Option<&[String]> {
        self.0.fields.extended_key_usage.as_deref()
    }

    /// subjectKeyIdentifier.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.0.fields.subject_key_id.as_deref()
    }

    /// keyIdentifier of authorityKeyIdentifier.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.0.fields.authority_key_id.as_deref()
    }

    /// Addresses of the issuer's certificate. Not trustworthy before the path is.
    pub fn ca_issuers(&self) -> &[String] {
        &self.0.fields.ca_issuers
    }

    /// Addresses of OCSP responders. Not trustworthy before the path is.
    pub fn ocsp(&self) -> &[String] {
        &self.0.fields.ocsp
    }

    /// Addresses of revocation lists. Not trustworthy before the path is.
    pub fn crl_addresses(&self) -> &[String] {
        &self.0.fields.crl_addresses
    }

    /// Which revocation lists speak about it (cRLDistributionPoints, RFC 5280 §4.2.1.13).
    pub fn distribution_points(&self) -> &[DistributionPoint] {
        &self.0.fields.distribution_points
    }

    /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1): its issuer wants its status not asked for.
    pub fn no_check(&self) -> bool {
        self.0.fields.no_check
    }

    /// certificatePolicies as object identifiers.
    pub fn policies(&self) -> &[String] {
        &self.0.fields.policies
    }

    /// Critical extensions that this library does not know or could not read. A path through such
    /// a certificate is refused.
    pub fn unhandled_critical(&self) -> &[String] {
        &self.0.fields.unhandled_critical
    }

    /// The first extension with this identifier (dotted): whether it is critical, and its value.
    pub fn extension(&self, oid: &str) -> Option<(bool, &[u8])> {
        let mut extensions = self.0.extensions.iter();
        let extension = extensions.find(|extension| extension.oid == oid)?;
        Some((extension.is_critical, &extension.value))
    }

    /// Subject and issuer have the same name.
    pub fn is_self_issued(&self) -> bool {
        self.0.subject == self.0.issuer
    }

    /// What is wrong with its form, in technical English: octets behind the end, two algorithms
    /// that differ, an extension that stands twice or cannot be read. A path refuses it.
    pub fn faults(&self) -> &[&'static str] {
        &self.0.faults
    }

    /// Whom it speaks for.
    pub fn identity(&self) -> Identity {
        let email = self.0.fields.email.as_deref();
        Identity::of(&self.0.subject, &self.0.issuer, email)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Certificate({}, serial {})",
            self.subject(),
            self.serial_hex()
        )
    }
}

impl KeyUsage {
    /// Signatures other than on certificates and revocation lists.
    pub fn digital_signature(self) -> bool {
        self.bit(0)
    }

    /// nonRepudiation, today contentCommitment.
    pub fn non_repudiation(self) -> bool {
        self.bit(1)
    }

    /// Encrypting keys.
    pub fn key_encipherment(self) -> bool {
        self.bit(2)
    }

    /// Signatures on certificates.
    pub fn key_cert_sign(self) -> bool {
        self.bit(5)
    }

    /// Signatures on revocation lists.
    pub fn crl_sign(self) -> bool {
        self.bit(6)
    }

    /// The names of the set bits, as in RFC 5280.
    pub fn names(self) -> Vec<&'static str> {
        let names = KEY_USAGE_NAMES.iter().enumerate();
        names
            .filter(|(position, _)| u32::try_from(*position).is_ok_and(|bit| self.bit(bit)))
            .map(|(_, name)| *name)
            .collect()
    }

    fn bit(self, number: u32) -> bool {
        self.0.checked_shr(number).is_some_and(|bits| bits & 1 == 1)
    }
}

fn read(der: &[u8], rest: &[u8], parsed: &X509Certificate<'_>) -> Result<Inner, Error> {
    let broken = |what| Error::new(ErrorKind::Malformed, what);
    let mut faults = Vec::new();
    if !rest.is_empty() {
        faults.push("octets behind the certificate");
    }
    let whole = der
        .get(..der.len().saturating_sub(rest.len()))
        .unwrap_or_default();
    let outer = Outer::read(whole).ok_or_else(|| broken("certificate"))?;
    if outer.inner_algorithm != outer.algorithm {
        faults.push("signature algorithm inside and outside differ");
    }
    if !outer.is_exact {
        faults.push("octets behind a field of the certificate");
    }
    let version = match parsed.version() {
        X509Version::V1 => 1,
        X509Version::V2 => 2,
        X509Version::V3 => 3,
        _ => {
            faults.push("version that does not exist");
            parsed.version().0.saturating_add(1)
        }
    };
    if version != 3 && !parsed.extensions().is_empty() {
        faults.push("extensions in a certificate that is not version 3");
    }
    let signature = match outer.signature.split_first() {
        Some((0, signature)) => signature.to_vec(),
        _ => {
            faults.push("signature value that is not whole octets");
            Vec::new()
        }
    };
    let (extensions, fields) = extensions(parsed, &mut faults);
    let time = |at: &x509_parser::time::ASN1Time| Time::from_unix(at.timestamp());
    Ok(Inner {
        sha256: sha256(der),
        tbs: outer.tbs,
        version,
        serial: parsed.raw_serial().to_vec(),
        subject: Name::from_der(parsed.subject().as_raw())?,
        issuer: Name::from_der(parsed.issuer().as_raw())?,
        not_before: time(&parsed.validity().not_before),
        not_after: time(&parsed.validity().not_after),
        public_key: PublicKey::from_spki_der(parsed.public_key().raw)?,
        signature_algorithm: SignatureAlgorithm::from_identifier_der(outer.algorithm)
            .map_err(Option::unwrap_or_default),
        signature,
        extensions,
        fields,
        faults,
        der: der.to_vec(),
    })
}

/// The skeleton in strict DER, beside the parser's own reading of it.
struct Outer<'a> {
    tbs: Range<usize>,
    inner_algorithm: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
    /// Nothing stands behind the last field, in the certificate or in what is signed.
    is_exact: bool,
}

impl<'a> Outer<'a> {
    fn read(whole: &'a [u8]) -> Option<Self> {
        let content = asn1::only(whole, SEQUENCE)?;
        let mut outer = Reader(content);
        let tbs = outer.next().filter(|item| item.tag == SEQUENCE)?;
        let start = whole.len().checked_sub(content.len())?;
        let algorithm = outer.next()?.full;
        let signature = outer.take(BIT_STRING)?;
        let mut fields = Reader(tbs.content);
        fields.take(0xa0);
        fields.take(asn1::INTEGER)?;
        let inner_algorithm = fields.next()?.full;
        for _ in ["issuer", "validity", "subject", "subjectPublicKeyInfo"] {
            fields.take(SEQUENCE)?;
        }
        for tag in [0x81, 0x82, 0xa3] {
            fields.take(tag);
        }
        Some(Self {
            tbs: start..start.checked_add(tbs.full.len())?,
            inner_algorithm,
            algorithm,
            signature,
            is_exact: outer.is_empty() && fields.is_empty(),
        })
    }
}

fn extensions(
    parsed: &X509Certificate<'_>,
    faults: &mut Vec<&'static str>,
) -> (Vec<Extension>, Fields) {
    let mut extensions: Vec<Extension> = Vec::new();
    let mut fields = Fields::default();
    let mut seen = std::collections::HashSet::new();
    for extension in parsed.extensions() {
        let oid = extension.oid.to_id_string();
        // An extension that stands twice could be read in two ways; the first is shown.
        if !seen.insert(oid.clone()) {
            if !faults.contains(&TWICE) {
                faults.push(TWICE);
            }
            continue;
        }
        let is_known = CRITICAL_KNOWN.contains(&oid.as_str());
        let was_read = fields.take(&oid, extension.value, extension.parsed_extension());
        if extension.critical && !(is_known && was_read) {
            fields.unhandled_critical.push(oid.clone());
        }
        if !was_read && DECIDING.contains(&oid.as_str()) && !faults.contains(&UNREADABLE) {
            faults.push(UNREADABLE);
        }
        extensions.push(Extension {
            oid,
            is_critical: extension.critical,
            value: extension.value.to_vec(),
        });
    }
    (extensions, fields)
}

impl Fields {
    /// Takes one extension in; whether it could be read.
    fn take(&mut self, oid: &str, value: &[u8], parsed: &ParsedExtension<'_>) -> bool {
        match parsed {
            ParsedExtension::ParseError { .. } => return false,
            ParsedExtension::BasicConstraints(constraints) => {
                self.is_ca = Some(constraints.ca);
                self.path_len = constraints.path_len_constraint;
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                self.extended_key_usage = identifiers(value, |item| Some(item.full));
                return self.extended_key_usage.is_some();
            }
            ParsedExtension::CertificatePolicies(_) => {
                let first = identifiers(value, |item| {
                    Reader(asn1::only(item.full, SEQUENCE)?)
                        .next()
                        .map(|i| i.full)
                });
                let was_read = first.is_some();
                self.policies = first.unwrap_or_default();
                return was_read;
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(id.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(authority) => {
                self.authority_key_id = authority.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                for access in access.iter() {
                    let GeneralName::URI(address) = access.access_location else {
                        continue;
                    };
                    match access.access_method.to_id_string().as_str() {
                        "1.3.6.1.5.5.7.48.1" => self.ocsp.push(address.to_owned()),
                        "1.3.6.1.5.5.7.48.2" => self.ca_issuers.push(address.to_owned()),
                        _ => {}
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in points.iter() {
                    let Some(DistributionPointName::FullName(names)) = &point.distribution_point
                    else {
                        continue;
                    };
                    for name in names {
                        if let GeneralName::URI(address) = name {
                            self.crl_addresses.push((*address).to_owned());
                        }
                    }
                }
                let points = distribution::points(value);
                let was_read = points.is_ok();
                self.distribution_points = points.unwrap_or_default();
                return was_read;
            }
            ParsedExtension::SubjectAlternativeName(names) => {
                self.email = names.general_names.iter().find_map(|name| match name {
                    GeneralName::RFC822Name(address) => Some((*address).to_owned()),
                    _ => None,
                });
            }
            _ if oid == OCSP_NO_CHECK => self.no_check = true,
            // Known by number and not by the parser: path asks whether it is there at all.
            _ => return CRITICAL_KNOWN.contains(&oid),
        }
        true
    }
}

/// The object identifiers of a SEQUENCE OF something that holds one.
fn identifiers<'a>(
    value: &'a [u8],
    identifier: impl Fn(asn1::Item<'a>) -> Option<&'a [u8]>,
) -> Option<Vec<String>> {
    let mut reader = Reader(asn1::only(value, SEQUENCE)?);
    let mut found = Vec::new();
    while !reader.is_empty() {
        let oid = identifier(reader.next()?)?;
        found.push(asn1::dotted(asn1::only(oid, OID)?)?);
    }
    Some(found)
}

const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
const TWICE: &str = "extension that stands twice";
const UNREADABLE: &str = "extension that cannot be read";

/// Extensions that `path`, `revocation` or the checks of a signer's certificate act upon.
/// certificatePolicies restricts nothing as long as no policy is demanded (RFC 5280 §6.1.3 d), and
/// the national roots of 2025 mark it and cRLDistributionPoints critical.
const CRITICAL_KNOWN: [&str; 13] = [
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.18",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.35",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
];

/// Extensions whose absence means more freedom: one that cannot be read must not pass for absent.
const DECIDING: [&str; 7] = [
    "2.5.29.15",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
];

const KEY_USAGE_NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures::{self, Workshop};
    use crate::crypto::{ToVerify, verify};

    fn national(file: &str) -> Option<Certificate> {
        let pem = fixtures::data(&format!("vn-pki/{file}.pem"))?;
        let mut certificates = Certificate::many_from_pem_or_der(&pem).unwrap();
        assert_eq!(certificates.len(), 1);
        certificates.pop()
    }

    /// File, issuer's file, serial, validity, bits, pathLen; from the table of known authorities.
    type Row = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        u32,
        Option<u32>,
    );

    const TABLE: &[Row] = &[
        (
            "vgca-g1-root",
            "vgca-g1-root",
            "ff303ae4e90ac1ed",
            "2010-03-10",
            "2030-03-05",
            2048,
            None,
        ),
        (
            "vgca-g1-cp",
            "vgca-g1-root",
            "4",
            "2010-03-25",
            "2030-03-04",
            2048,
            None,
        ),
        (
            "vgca-g1-btc",
            "vgca-g1-root",
            "3",
            "2010-03-10",
            "2030-03-04",
            2048,
            None,
        ),
        (
            "vgca-g1-bca",
            "vgca-g1-root",
            "5",
            "2010-04-15",
            "2030-03-04",
            2048,
            None,
        ),
        (
            "vgca-g1-dcs",
            "vgca-g1-root",
            "6",
            "2010-11-08",
            "2030-02-26",
            2048,
            None,
        ),
        (
            "vgca-g1-bng",
            "vgca-g1-root",
            "b",
            "2016-04-07",
            "2029-12-15",
            4096,
            None,
        ),
        (
            "vgca-g2-root",
            "vgca-g2-root",
            "3b65b0a03006f9ab",
            "2018-08-22",
            "2048-08-14",
            4096,
            None,
        ),
        (
            "vgca-g2-cp",
            "vgca-g2-root",
            "7af2df52182653d3",
            "2018-08-22",
            "2048-08-14",
            4096,
            Some(0),
        ),
        (
            "vgca-g2-dcs",
            "vgca-g2-root",
            "53e3b1bf542322cc",
            "2018-08-22",
            "2048-08-14",
            4096,
            Some(0),
        ),
        (
            "neac-g1-mic-national-root",
            "neac-g1-mic-national-root",
            "1be4738a1f3ec08f479fa6cf35c59822",
            "2008-05-16",
            "2040-05-16",
            2048,
            None,
        ),
        (
            "neac-g2-vietnam-national-root",
            "neac-g2-vietnam-national-root",
            "9592bb8ceead5a24a6b8f71d7d323b5a",
            "2014-04-15",
            "2039-04-15",
            4096,
            None,
        ),
        (
            "neac-g3-vietnam-national-root",
            "neac-g3-vietnam-national-root",
            "f64aee58000000006673a905",
            "2024-06-20",
            "2049-06-20",
            4096,
            None,
        ),
        (
            "neac-2025-root-usbtoken",
            "neac-2025-root-usbtoken",
            "742e23b4a0a4470be6fd23ae3086a167425bddb0",
            "2025-11-25",
            "2050-11-19",
            4096,
            None,
        ),
        (
            "neac-2025-root-remote-signing",
            "neac-2025-root-remote-signing",
            "76ecddde33e0fc78edf1193c70bee222a930efd3",
            "2025-11-25",
            "2050-11-19",
            4096,
            None,
        ),
        (
            "neac-2025-root-mobilepki",
            "neac-2025-root-mobilepki",
            "df8600c697bd0f79db0002d44412f67f20304c2",
            "2025-11-25",
            "2050-11-19",
            4096,
            None,
        ),
        (
            "neac-2025-root-tsa",
            "neac-2025-root-tsa",
            "6d842d9a130e84d06f9561255fdbe018af7ea0dc",
            "2025-11-25",
            "2050-11-19",
            4096,
            None,
        ),
        (
            "neac-2026-root-ema",
            "neac-2026-root-ema",
            "60b80fe929fdb297fa58b49426f2856a893762d",
            "2026-05-07",
            "2051-05-01",
            4096,
            None,
        ),
        (
            "public-vnpt-ca-sha2-2024",
            "neac-g2-vietnam-national-root",
            "fc4f741b4bc0896cac601ba22e9abf04",
            "2024-08-30",
            "2029-08-30",
            4096,
            Some(0),
        ),
        (
            "public-vnpt-ca-2009",
            "neac-g1-mic-national-root",
            "",
            "2009",
            "2019",
            4096,
            None,
        ),
        (
            "public-newtel-ca-2013",
            "neac-g1-mic-national-root",
            "",
            "2013",
            "2018",
            0,
            None,
        ),
        (
            "public-bkavca-2015",
            "neac-g1-mic-national-root",
            "",
            "2015",
            "2020",
            0,
            None,
        ),
        (
            "public-ca2-2015",
            "neac-g1-mic-national-root",
            "",
            "2015",
            "2020",
            0,
            None,
        ),
        (
            "public-viettel-ca-2015",
            "neac-g1-mic-national-root",
            "",
            "2015",
            "2020",
            0,
            None,
        ),
        (
            "public-fpt-ca-2015",
            "neac-g1-mic-national-root",
            "",
            "2015",
            "2020",
            0,
            None,
        ),
        (
            "public-smartsign-2017",
            "neac-g1-mic-national-root",
            "",
            "2017",
            "2022",
            0,
            None,
        ),
        (
            "public-safe-ca-2017",
            "neac-g1-mic-national-root",
            "",
            "2017",
            "2022",
            0,
            None,
        ),
    ];

    #[test]
    fn every_national_authority_is_read_as_the_table_says_and_chains_to_its_issuer() {
        for (file, issuer, serial, from, until, bits, path_len) in TABLE {
            let (Some(certificate), Some(issuer)) = (national(file), national(issuer)) else {
                return;
            };
            if !serial.is_empty() {
                assert_eq!(
                    certificate.serial_hex().trim_start_matches('0'),
                    *serial,
                    "{file}"
                );
                assert_eq!(certificate.path_len(), *path_len, "{file}");
            }
            assert!(
                certificate.not_before().to_string().starts_with(from),
                "{file}"
            );
            assert!(
                certificate.not_after().to_string().starts_with(until),
                "{file}"
            );
            if *bits > 0 {
                assert_eq!(certificate.public_key().bits(), *bits, "{file}");
            }
            assert_eq!(certificate.faults(), [""; 0], "{file}");
            assert_eq!(certificate.unhandled_critical(), [""; 0], "{file}");
            assert_eq!(certificate.is_ca(), Some(true), "{file}");
            assert!(certificate.key_usage().unwrap().key_cert_sign(), "{file}");
            assert_eq!(certificate.version(), 3);
            assert_eq!(certificate.issuer(), issuer.subject(), "{file}");
            let algorithm = certificate.signature_algorithm().unwrap();
            let message = ToVerify::Message(certificate.tbs());
            let answer = verify(
                issuer.public_key(),
                &algorithm,
                message,
                certificate.signature(),
            );
            assert_eq!(answer, Ok(()), "{file}");
        }
    }

    #[test]
    fn a_version_1_certificate_is_readable_and_no_authority() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        shop.run(&format!(
            "req -new {curve} -keyout k -out r -subj /C=VN/CN=A"
        ));
        shop.run("x509 -req -in r -signkey k -outform DER -out c");
        let certificate = Certificate::from_der(&shop.read("c")).unwrap();
        assert_eq!((certificate.version(), certificate.is_ca()), (1, None));
        assert!(certificate.faults().is_empty() && certificate.is_self_issued());
        assert!(certificate.key_usage().is_none());
    }

    #[test]
    fn octets_behind_and_algorithms_that_differ_are_faults_of_a_certificate_that_is_still_shown() {
        let Some(root) = national("vgca-g2-root") else {
            return;
        };
        let trailing = [root.der(), &[0]].concat();
        let trailing = Certificate::from_der(&trailing).unwrap();
        assert_eq!(trailing.faults(), ["octets behind the certificate"]);
        assert_ne!(trailing.sha256(), root.sha256());
        // The outer algorithm stands behind what is signed: sha256 becomes sha384 there.
        let mut differing = root.der().to_vec();
        let outer = differing.len() - 512 - 5 - 2 - 1;
        assert_eq!(differing[outer], 0x0b);
        differing[outer] = 0x0c;
        let differing = Certificate::from_der(&differing).unwrap();
        assert_eq!(
            differing.faults(),
            ["signature algorithm inside and outside differ"]
        );
        assert_eq!(differing.subject(), root.subject());
    }

    #[test]
    fn an_extension_that_stands_twice_is_a_fault_and_an_unknown_critical_one_is_named() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=A";
        shop.run(&format!(
            "req -x509 {curve} -keyout k -out c -outform DER \
             -addext 1.2.3.4=critical,DER:0500 -addext 1.2.3.5=DER:0500 -addext keyUsage=digitalSignature"
        ));
        let certificate = Certificate::from_der(&shop.read("c")).unwrap();
        assert_eq!(certificate.unhandled_critical(), ["1.2.3.4"]);
        assert_eq!(
            certificate.extension("1.2.3.4"),
            Some((true, &[5_u8, 0][..]))
        );
        assert_eq!(
            certificate.extension("1.2.3.5"),
            Some((false, &[5_u8, 0][..]))
        );
        assert_eq!(
            certificate.key_usage().unwrap().names(),
            ["digitalSignature"]
        );
        // Rename one extension into the other, octets elsewhere unchanged.
        let mut twice = shop.read("c");
        let oid = [6, 3, 0x2a, 3, 5];
        let at = twice.windows(5).position(|w| w == oid).unwrap();
        twice[at + 4] = 4;
        let twice = Certificate::from_der(&twice).unwrap();
        assert_eq!(twice.faults(), [TWICE]);
    }

    #[test]
    fn a_basic_constraints_that_cannot_be_read_does_not_pass_for_absent() {
        let Some(shop) = Workshop::open() else {
            return;
        };
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=A";
        shop.write(
            "cnf",
            b"[req]\ndistinguished_name=d\n[d]\n[e]\n2.5.29.19=DER:0500\n",
        );
        shop.run(&format!(
            "req -x509 -config cnf -extensions e {curve} -keyout k -out c -outform DER"
        ));
        let certificate = Certificate::from_der(&shop.read("c")).unwrap();
        assert_eq!(certificate.faults(), [UNREADABLE]);
    }

    #[test]
    fn every_prefix_and_every_changed_octet_gives_an_answer() {
        let Some(root) = national("vgca-g1-bng") else {
            return;
        };
        for end in 0..root.der().len() {
            assert!(Certificate::from_der(&root.der()[..end]).is_err());
        }
        for at in 0..root.der().len() {
            let mut changed = root.der().to_vec();
            for octet in [0x00, 0x80, 0xff] {
                changed[at] = octet;
                let _ = Certificate::from_der(&changed).map(|c| (c.identity(), c.to_debug()));
            }
        }
    }

    impl Certificate {
        fn to_debug(&self) -> String {
            format!("{self:?}")
        }
    }
}
