//! A signature that is no CMS, as its carrier opened it: [`Opened`], and what is said of it by itself
//! (EN 319 102-1 clauses 5.2.3 and 5.2.7).
//!
//! The carrier has digested everything already. Here the certificate is chosen, and the digests and
//! the value are held against what the signature says.

use crate::crypto::{
    Digest, DigestAlgorithm, KeyKind, PublicKey, SignatureAlgorithm, ToVerify, ecdsa_from_fixed,
};
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::ocsp::OcspResponse;
use crate::report::{IntactDigest, VerifiedSignature};
use crate::time::Time;
use crate::tsp::TimeStampToken;
use crate::validate::Context;
use crate::validate::basic::Examined;
use crate::validate::collect;
use crate::verdict::{Reason, XmlFault};
use crate::x509::{Certificate, Crl};

/// Everything that judgement needs of a signature that is no CMS.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opened {
    /// What is signed, part by part.
    pub(crate) parts: Vec<Part>,
    /// The octets that the signature value is over.
    pub(crate) message: Vec<u8>,
    /// The signature algorithm, or the name of one that is not offered.
    pub(crate) algorithm: Option<Result<SignatureAlgorithm, String>>,
    /// The signature value; of ECDSA the two numbers side by side.
    pub(crate) value: Vec<u8>,
    /// The certificates beside the value. They are hints.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// A bare key beside the value. It is compared, never trusted.
    pub(crate) key: Option<PublicKey>,
    /// Serial numbers by which the signer's certificate is named where it is not there.
    pub(crate) serials: Vec<Vec<u8>>,
    /// The signed references to certificates, the signer's first.
    pub(crate) named: Vec<NamedCertificate>,
    /// Whether the profile demands such a reference.
    pub(crate) demands_name: bool,
    /// The signed claim of the time.
    pub(crate) claimed: Option<Time>,
    /// The time-stamps, in the order of the document.
    pub(crate) stamps: Vec<Stamp>,
    /// Certificates, lists and responses that it carries.
    pub(crate) material: Vec<Material>,
    /// What kind of signature it is, and its level.
    pub(crate) format: &'static str,
    /// SHA-256 of what time-stamps name as the signature itself.
    pub(crate) value_sha256: [u8; 32],
    /// Whether it signs another signature.
    pub(crate) is_counter: bool,
}

/// One part of what is signed.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The digest algorithm, or its name where it is not offered.
    pub(crate) algorithm: Result<DigestAlgorithm, String>,
    /// The digest that the signature states.
    pub(crate) signed: Vec<u8>,
    /// The digest of the octets; `None` where they are not at hand, which the form says.
    pub(crate) computed: Option<Digest>,
    /// Whether it could not be computed because of a method that is not offered.
    pub(crate) is_unsupported: bool,
}

/// A signed reference to a certificate.
#[derive(Clone, Debug)]
pub(crate) struct NamedCertificate {
    /// Its digest, by an algorithm that is offered.
    pub(crate) digest: Option<(DigestAlgorithm, Vec<u8>)>,
    /// Its serial number, where told.
    pub(crate) serial: Option<Vec<u8>>,
}

impl NamedCertificate {
    fn names(&self, der: &[u8]) -> bool {
        self.digest
            .as_ref()
            .is_some_and(|(algorithm, octets)| Digest::of(*algorithm, der).as_bytes() == octets)
    }

    /// The same without hashing where the certificate knows its own digest.
    fn is(&self, certificate: &Certificate) -> bool {
        match &self.digest {
            Some((DigestAlgorithm::Sha256, octets)) => certificate.sha256().as_slice() == octets,
            _ => self.names(certificate.der()),
        }
    }
}

/// A time-stamp beside the signature.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// `signature`, `archive` or `content`.
    pub(crate) kind: &'static str,
    /// The token.
    pub(crate) token: Vec<u8>,
    /// The digest of what it has to be over; `None` where that could not be computed.
    pub(crate) over: Option<Digest>,
    /// Whether it covers the signature value.
    pub(crate) covers_value: bool,
    /// What it covers of the signature's material: everything before this position...
    pub(crate) material: usize,
    /// ... and of its time-stamps.
    pub(crate) stamps: usize,
}

impl Stamp {
    /// What the token says of its time.
    pub(crate) fn time(&self, limits: &Limits) -> Option<Time> {
        let token = TimeStampToken::parse(&self.token, limits).ok()?;
        Some(token.info.gen_time)
    }
}

/// A piece of validation data.
#[derive(Clone, Debug)]
pub(crate) enum Material {
    Certificate(Vec<u8>),
    Crl(Vec<u8>),
    Ocsp(Vec<u8>),
}

impl Material {
    /// Its octets.
    pub(crate) fn octets(&self) -> &[u8] {
        let (Self::Certificate(octets) | Self::Crl(octets) | Self::Ocsp(octets)) = self;
        octets
    }
}

impl Opened {
    /// Adds everything that it carries; what is none of what it should be helps nobody.
    pub(crate) fn collect(&self, evidence: &mut Evidence, limits: &Limits) {
        for der in &self.certificates {
            let _ = evidence.add_der(der, Origin::Signature);
        }
        for item in &self.material {
            match item {
                Material::Certificate(der) => {
                    let _ = evidence.add_der(der, Origin::Dss);
                }
                Material::Crl(der) => {
                    if let Ok(crl) = Crl::from_der(der) {
                        let _ = evidence.add_crl(crl, Origin::Dss);
                    }
                }
                Material::Ocsp(der) => {
                    if let Ok(response) = OcspResponse::from_der(der) {
                        let _ = evidence.add_ocsp(response, Origin::Dss);
                    }
                }
            }
        }
        for stamp in &self.stamps {
            collect::stamp(&stamp.token, limits, evidence);
        }
    }

    /// What can be said of it by itself. Every check that can run does run.
    pub(crate) fn examine(&self, context: &Context<'_>) -> Examined {
        let mut examined = Examined::default();
        let certificate = self.signing_certificate(context.evidence, &mut examined.found);
        if let Some(recorder) = context.work.recorder() {
            recorder.certificates(&certificate);
        }
        self.digests(&mut examined);
        let key = certificate
            .as_ref()
            .map(Certificate::public_key)
            .or(self.key.as_ref());
        if let Some(key) = key {
            self.value(key, &mut examined);
            examined.algorithms.key_bits = Some(key.bits());
        }
        if let (Some(own), Some(certificate)) = (&self.key, &certificate)
            && own.spki_der() != certificate.public_key().spki_der()
        {
            examined.found.push(Reason::Xml {
                fault: XmlFault::KeyInfo,
                what: "KeyValue".into(),
            });
        }
        if let Some(Err(name)) = &self.algorithm {
            examined.found.push(Reason::AlgorithmUnsupported {
                algorithm: name.clone(),
            });
        }
        examined.algorithm = self
            .algorithm
            .as_ref()
            .and_then(|a| a.as_ref().ok().copied());
        examined.algorithms.signature = self.algorithm.as_ref().map(|algorithm| match algorithm {
            Ok(algorithm) => algorithm.name().to_owned(),
            Err(name) => name.clone(),
        });
        examined.claimed = self.claimed;
        examined.is_named = !self.named.is_empty();
        examined.certificate = certificate;
        examined
    }

    fn digests(&self, examined: &mut Examined) {
        let mut names: Vec<String> = Vec::new();
        for part in &self.parts {
            let name = match &part.algorithm {
                Ok(algorithm) => {
                    if !examined.digest_names.contains(&algorithm.name()) {
                        examined.digest_names.push(algorithm.name());
                    }
                    algorithm.name().to_owned()
                }
                Err(name) => {
                    let reason = Reason::AlgorithmUnsupported {
                        algorithm: name.clone(),
                    };
                    if !examined.found.contains(&reason) {
                        examined.found.push(reason);
                    }
                    name.clone()
                }
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut intact = Some(!self.parts.is_empty());
        for part in &self.parts {
            let one = match &part.computed {
                Some(computed) => match IntactDigest::check(&part.signed, computed) {
                    Ok(_) => Some(true),
                    Err(reason) => {
                        if !examined.found.contains(&reason) {
                            examined.found.push(reason);
                        }
                        Some(false)
                    }
                },
                None if part.is_unsupported => None,
                None => Some(false),
            };
            intact = match (intact, one) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        examined.integrity.digest_intact = intact;
        let pairs = self.parts.iter();
        examined.digest =
            IntactDigest::all(pairs.map(|part| (part.signed.as_slice(), part.computed.as_ref())));
        examined.algorithms.digest = (!names.is_empty()).then(|| names.join(", "));
    }

    fn value(&self, key: &PublicKey, examined: &mut Examined) {
        let Some(Ok(algorithm)) = &self.algorithm else {
            return;
        };
        let fixed;
        let value = match algorithm {
            SignatureAlgorithm::Ecdsa(_) => {
                fixed = side_by_side(key.kind(), &self.value);
                fixed.as_deref()
            }
            _ => Some(self.value.as_slice()),
        };
        let checked = match value {
            Some(value) => {
                VerifiedSignature::check(key, algorithm, ToVerify::Message(&self.message), value)
            }
            None if key.kind() == KeyKind::Other => Err(Reason::AlgorithmUnsupported {
                algorithm: algorithm.to_string(),
            }),
            None => Err(Reason::SignatureInvalid),
        };
        match checked {
            Ok(witness) => {
                examined.integrity.signature_intact = Some(true);
                examined.signature = Some(witness);
            }
            Err(reason) => {
                if !matches!(reason, Reason::AlgorithmUnsupported { .. }) {
                    examined.integrity.signature_intact = Some(false);
                }
                examined.found.push(reason);
            }
        }
    }

    /// The certificate that the signed reference names; without one, the one that no other
    /// certificate beside it was issued by. Where that fits several, they contradict each other.
    fn signing_certificate(
        &self,
        evidence: &Evidence,
        found: &mut Vec<Reason>,
    ) -> Option<Certificate> {
        let read = |der: &Vec<u8>| Certificate::from_der(der).ok();
        let mut own: Vec<Certificate> = Vec::new();
        for certificate in self.certificates.iter().take(MOST).filter_map(read) {
            if !own.contains(&certificate) {
                own.push(certificate);
            }
        }
        if let Some(reference) = self.named.first() {
            let by_hash = |certificate: &&Certificate| reference.is(certificate);
            let is_cheap = matches!(&reference.digest, Some((DigestAlgorithm::Sha256, _)));
            let most = if is_cheap { usize::MAX } else { MOST };
            let certificate = own
                .iter()
                .find(by_hash)
                .or_else(|| evidence.certificates().take(most).find(by_hash));
            if let Some(certificate) = certificate {
                let serial = reference.serial.as_deref();
                if serial.is_some_and(|serial| serial != certificate.serial()) {
                    // The standard asks for a warning only, since the hash decides.
                    found.push(Reason::SigningCertificateSerial);
                }
                return Some(certificate.clone());
            }
        }
        let leaves: Vec<&Certificate> = own
            .iter()
            .filter(|one| {
                let issued = |other: &&Certificate| {
                    other.issuer() == one.subject() && other.der() != one.der()
                };
                !own.iter().any(|other| issued(&other))
            })
            .collect();
        let chosen = leaves
            .iter()
            .find(|one| self.verifies(one.public_key()))
            .or(leaves.first())
            .map(|one| (*one).clone())
            .or_else(|| own.first().cloned())
            .or_else(|| {
                let serials = &self.serials;
                let fits = |one: &&Certificate| {
                    serials
                        .iter()
                        .any(|serial| serial.as_slice() == one.serial())
                        && self.verifies(one.public_key())
                };
                evidence.certificates().take(MOST).find(fits).cloned()
            });
        if leaves.len() > 1 {
            found.push(Reason::Xml {
                fault: XmlFault::KeyInfo,
                what: "X509Data".into(),
            });
        }
        // What is made with a secret that is shared has no signer, with or without a certificate.
        let is_mac = matches!(&self.algorithm, Some(Err(name)) if name.starts_with("HMAC"));
        match (&chosen, self.named.is_empty()) {
            (None, _) if is_mac => {}
            (None, _) => found.push(Reason::SigningCertificateNotFound),
            (Some(_), false) => found.push(Reason::SigningCertificateMismatch),
            (Some(_), true) => found.push(Reason::SigningCertificateUnnamed {
                demanded: self.demands_name,
            }),
        }
        chosen
    }

    fn verifies(&self, key: &PublicKey) -> bool {
        let mut tried = Examined::default();
        self.value(key, &mut tried);
        tried.signature.is_some()
    }
}

/// An ECDSA value in DER from the two numbers side by side (RFC 9231 §2.3.6). Some signers pad them
/// with zeros beyond the length of a coordinate.
fn side_by_side(kind: KeyKind, value: &[u8]) -> Option<Vec<u8>> {
    if let Some(der) = ecdsa_from_fixed(kind, value) {
        return Some(der);
    }
    let half = value.len().checked_div(2)?;
    let size = match kind {
        KeyKind::P256 => 32,
        KeyKind::P384 => 48,
        KeyKind::P521 => 66,
        _ => return None,
    };
    let (r, s) = value.split_at_checked(half)?;
    let extra = half.checked_sub(size)?;
    let strip = |number: &[u8]| {
        let (zeros, rest) = number.split_at_checked(extra)?;
        zeros.iter().all(|octet| *octet == 0).then(|| rest.to_vec())
    };
    (r.len() == s.len()).then_some(())?;
    ecdsa_from_fixed(kind, &[strip(r)?, strip(s)?].concat())
}

/// Certificates beside one signature that are looked at; real signatures have a handful.
const MOST: usize = 64;
