//! Signatures in CMS (RFC 5652) with the attributes of CAdES and PAdES (ETSI EN 319 122-1,
//! EN 319 142-1), described member by member.

use crate::asn1;
use crate::error::SandboxError;
use crate::facts::Facts;
use crate::hash::{Hash, Scheme};
use crate::issued::Issued;

/// The signed attribute that names the signer's certificate by its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CertificateReference {
    /// `signing-certificate-v2` (RFC 5035) with this hash.
    V2(Hash),
    /// `signing-certificate` (RFC 2634) with SHA-1, as old time-stamps have it.
    V1,
    /// `signing-certificate-v2` with SHA-256 of another certificate, DER: a wrong one.
    ToAnother(Vec<u8>),
    /// Left out, as most real signatures of the country do.
    Absent,
}

/// How the signer is named in the signer information.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum SignerName {
    /// By issuer and serial number.
    #[default]
    IssuerAndSerial,
    /// By the identifier of its key.
    KeyId,
}

/// An attribute by its object identifier and its one value, DER.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CmsAttribute {
    /// The type, dotted.
    pub oid: String,
    /// The value with tag and length.
    pub value: Vec<u8>,
}

impl CmsAttribute {
    /// An attribute.
    pub fn new(oid: &str, value: Vec<u8>) -> Self {
        CmsAttribute {
            oid: oid.to_owned(),
            value,
        }
    }

    /// Adobe's signed attribute of evidence (`adbe-revocationInfoArchival`, ISO 32000-2
    /// §12.8.3.3.2): lists and whole `OCSPResponse`s, DER.
    pub fn adobe_evidence(crls: &[Vec<u8>], ocsps: &[Vec<u8>]) -> Self {
        let mut fields = Vec::new();
        for (number, all) in [(0, crls), (1, ocsps)] {
            if !all.is_empty() {
                fields.push(asn1::context(number, &asn1::sequence(all)));
            }
        }
        Self::new(ADOBE_EVIDENCE, asn1::sequence(&fields))
    }

    fn to_der(&self) -> Result<Vec<u8>, SandboxError> {
        Ok(asn1::sequence(&[
            asn1::oid(&self.oid)?,
            asn1::tlv(0x31, &self.value),
        ]))
    }
}

/// A signature in CMS over a document that stands elsewhere. Nothing is checked: what the recipe
/// says is what is signed.
///
/// ```
/// use kyso_sandbox::{Authority, CmsRecipe, Hash, PersonProfile, Settings};
///
/// let authority = Authority::new(&Settings::quick(1_767_225_600))?;
/// let person = authority.person(&PersonProfile::example())?;
/// let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(b"a document"));
/// let der = recipe.signed_by(&person)?.to_der()?;
/// # assert!(!der.is_empty());
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CmsRecipe {
    /// The hash of the document: `digestAlgorithm`.
    pub hash: Hash,
    /// What `message-digest` says.
    pub digest: Vec<u8>,
    /// How the signed attributes are signed.
    pub scheme: Scheme,
    /// `eContentType` and the attribute `content-type`, dotted.
    pub content_type: String,
    /// The content, when it goes along.
    pub content: Option<Vec<u8>>,
    /// How the signer is named.
    pub signer_name: SignerName,
    /// The reference to the signer's certificate.
    pub reference: CertificateReference,
    /// `signing-time`, Unix time. PAdES forbids it beside `/M`.
    pub signing_time: Option<i64>,
    /// `content-time-stamp`: tokens over the document, DER.
    pub content_time_stamps: Vec<Vec<u8>>,
    /// Whether there are signed attributes at all; without, the document itself is signed.
    pub signed_attributes: bool,
    /// Further signed attributes.
    pub extra: Vec<CmsAttribute>,
    /// Whether the signer's certificate goes along.
    pub own_certificate: bool,
    /// Further certificates that go along, DER.
    pub certificates: Vec<Vec<u8>>,
    /// Lists and other revocation information that go along: each a `RevocationInfoChoice`, DER.
    pub crls: Vec<Vec<u8>>,
    /// Whole `OCSPResponse`s that go along, DER (RFC 5940 §2.1).
    pub ocsps: Vec<Vec<u8>>,
}

impl CmsRecipe {
    /// A CAdES or PAdES baseline signature over a document of this digest, with the signer's
    /// certificate alone, as the state's tools write it.
    pub fn new(hash: Hash, digest: &[u8]) -> Self {
        CmsRecipe {
            hash,
            digest: digest.to_vec(),
            scheme: Scheme::Usual(hash),
            content_type: DATA.to_owned(),
            content: None,
            signer_name: SignerName::default(),
            reference: CertificateReference::V2(Hash::Sha256),
            signing_time: None,
            content_time_stamps: Vec::new(),
            signed_attributes: true,
            extra: Vec::new(),
            own_certificate: true,
            certificates: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
        }
    }

    /// With the certificates of `chain` too.
    #[must_use]
    pub fn with_chain(mut self, chain: &[&Issued]) -> Self {
        let certificates = chain.iter().map(|issued| issued.certificate_der.clone());
        self.certificates.extend(certificates);
        self
    }

    /// Signs with the key of `signer`.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] or [`SandboxError::Key`] for what cannot be encoded.
    pub fn signed_by(&self, signer: &Issued) -> Result<SignedCms, SandboxError> {
        let key = signer.key()?;
        let facts = Facts::of(&signer.certificate_der)?;
        let attributes = self.attributes(signer, &facts)?;
        let signature = if self.signed_attributes {
            key.sign(self.scheme, &attributes)?
        } else {
            key.sign_digest(self.scheme, &self.digest)?
        };
        let (version, name) = match self.signer_name {
            SignerName::IssuerAndSerial => (1, facts.issuer_and_serial()),
            SignerName::KeyId => (3, asn1::context_primitive(0, &facts.key_id())),
        };
        let mut head = vec![asn1::integer(version), name, self.hash.algorithm()?];
        if self.signed_attributes {
            // The same SET under the tag [0] (RFC 5652 §5.4).
            let content = asn1::Reader(&attributes).next();
            head.push(asn1::context(0, content.map_or(&[], |set| set.content)));
        }
        head.push(key.cms_algorithm(self.scheme)?);
        let mut certificates = self.certificates.clone();
        if self.own_certificate {
            certificates.insert(0, signer.certificate_der.clone());
        }
        Ok(SignedCms {
            recipe: self.clone(),
            certificates,
            head,
            signature,
            unsigned: Vec::new(),
        })
    }

    /// The SET OF signed attributes, as it is signed.
    fn attributes(&self, signer: &Issued, facts: &Facts) -> Result<Vec<u8>, SandboxError> {
        let mut all = vec![
            CmsAttribute::new(CONTENT_TYPE, asn1::oid(&self.content_type)?),
            CmsAttribute::new(MESSAGE_DIGEST, asn1::octet_string(&self.digest)),
        ];
        if let Some(time) = self.signing_time {
            all.push(CmsAttribute::new(SIGNING_TIME, asn1::time(time)?));
        }
        all.extend(self.reference.attribute(signer, facts)?);
        if !self.content_time_stamps.is_empty() {
            // One attribute of several values.
            let mut tokens = self.content_time_stamps.clone();
            tokens.sort();
            all.push(CmsAttribute::new(CONTENT_TIME_STAMP, tokens.concat()));
        }
        all.extend_from_slice(&self.extra);
        let all = all.iter().map(CmsAttribute::to_der);
        Ok(asn1::set_of(all.collect::<Result<_, _>>()?))
    }
}

impl CertificateReference {
    fn attribute(
        &self,
        signer: &Issued,
        facts: &Facts,
    ) -> Result<Option<CmsAttribute>, SandboxError> {
        let own = &signer.certificate_der;
        Ok(match self {
            CertificateReference::V2(hash) => Some(version_2(*hash, own, facts)?),
            CertificateReference::ToAnother(other) => {
                Some(version_2(Hash::Sha256, other, &Facts::of(other)?)?)
            }
            CertificateReference::V1 => {
                let digest = asn1::octet_string(&Hash::Sha1.of(own));
                let id = asn1::sequence(&[digest, issuer_serial(facts)]);
                let value = asn1::sequence(&[asn1::sequence(&[id])]);
                Some(CmsAttribute::new(SIGNING_CERTIFICATE, value))
            }
            CertificateReference::Absent => None,
        })
    }
}

fn version_2(hash: Hash, der: &[u8], facts: &Facts) -> Result<CmsAttribute, SandboxError> {
    let mut id = Vec::new();
    // SHA-256 is the default and so left out.
    if hash != Hash::Sha256 {
        id.push(hash.algorithm()?);
    }
    id.push(asn1::octet_string(&hash.of(der)));
    id.push(issuer_serial(facts));
    let value = asn1::sequence(&[asn1::sequence(&[asn1::sequence(&id)])]);
    Ok(CmsAttribute::new(SIGNING_CERTIFICATE_V2, value))
}

fn issuer_serial(facts: &Facts) -> Vec<u8> {
    let names = asn1::sequence(&[asn1::context(4, &facts.issuer)]);
    asn1::sequence(&[names, asn1::unsigned(&facts.serial)])
}

/// A signature that was made, to which unsigned attributes can be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedCms {
    recipe: CmsRecipe,
    certificates: Vec<Vec<u8>>,
    head: Vec<Vec<u8>>,
    signature: Vec<u8>,
    unsigned: Vec<CmsAttribute>,
}

impl SignedCms {
    /// The signature value: what a signature time-stamp is over.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// With another signature value: a broken one.
    #[must_use]
    pub fn with_signature(self, signature: Vec<u8>) -> Self {
        SignedCms { signature, ..self }
    }

    /// With a `signature-time-stamp` (RFC 3161 App. A), DER.
    #[must_use]
    pub fn time_stamped(self, token: Vec<u8>) -> Self {
        self.with_unsigned(CmsAttribute::new(SIGNATURE_TIME_STAMP, token))
    }

    /// With an unsigned attribute.
    #[must_use]
    pub fn with_unsigned(mut self, attribute: CmsAttribute) -> Self {
        self.unsigned.push(attribute);
        self
    }

    /// The whole ContentInfo, DER.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] for an object identifier that is none.
    pub fn to_der(&self) -> Result<Vec<u8>, SandboxError> {
        let recipe = &self.recipe;
        let mut signer = self.head.clone();
        signer.push(asn1::octet_string(&self.signature));
        if !self.unsigned.is_empty() {
            let unsigned = self.unsigned.iter().map(CmsAttribute::to_der);
            let mut unsigned: Vec<Vec<u8>> = unsigned.collect::<Result<_, _>>()?;
            unsigned.sort();
            signer.push(asn1::context(1, &unsigned.concat()));
        }
        let mut content = vec![asn1::oid(&recipe.content_type)?];
        if let Some(octets) = &recipe.content {
            content.push(asn1::context(0, &asn1::octet_string(octets)));
        }
        // RFC 5652 §5.1.
        let version = match (&*recipe.content_type, recipe.signer_name) {
            _ if !recipe.ocsps.is_empty() => 5,
            (DATA, SignerName::IssuerAndSerial) => 1,
            _ => 3,
        };
        let mut fields = vec![
            asn1::integer(version),
            asn1::set_of(vec![recipe.hash.algorithm()?]),
            asn1::sequence(&content),
        ];
        if !self.certificates.is_empty() {
            let mut certificates = self.certificates.clone();
            certificates.sort();
            fields.push(asn1::context(0, &certificates.concat()));
        }
        let mut information = recipe.crls.clone();
        for ocsp in &recipe.ocsps {
            let other = [asn1::oid(OCSP_INFORMATION)?, ocsp.clone()].concat();
            information.push(asn1::context(1, &other));
        }
        if !information.is_empty() {
            information.sort();
            fields.push(asn1::context(1, &information.concat()));
        }
        fields.push(asn1::set_of(vec![asn1::sequence(&signer)]));
        let data = asn1::context(0, &asn1::sequence(&fields));
        Ok(asn1::sequence(&[asn1::oid(SIGNED_DATA)?, data]))
    }
}

const DATA: &str = "1.2.840.113549.1.7.1";
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
const SIGNATURE_TIME_STAMP: &str = "1.2.840.113549.1.9.16.2.14";
const CONTENT_TIME_STAMP: &str = "1.2.840.113549.1.9.16.2.20";
const ADOBE_EVIDENCE: &str = "1.2.840.113583.1.1.8";
const OCSP_INFORMATION: &str = "1.3.6.1.5.5.7.16.2";
