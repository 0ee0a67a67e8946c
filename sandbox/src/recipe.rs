//! A certificate described member by member, so that a test can leave out, overstate or misstate
//! any of them. Nothing is checked: what the recipe says is what is signed.

use rand_core::{OsRng, RngCore};
use x509_cert::der::asn1::{BitString, Ia5String, OctetString};
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::der::referenced::OwnedToRef;
use x509_cert::der::{Any, Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::certpolicy::PolicyQualifierInfo;
use x509_cert::ext::pkix::certpolicy::{CertificatePolicies, PolicyInformation};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{self, AccessDescription, AuthorityInfoAccessSyntax};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlDistributionPoints, ExtendedKeyUsage};
use x509_cert::ext::pkix::{KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};
use x509_cert::{Certificate, TbsCertificate, Version};

use crate::asn1;
use crate::error::{SandboxError, bad_certificate};
use crate::hash::Scheme;
use crate::issued::Issued;
use crate::key::{KeyKind, SigningKey};
use crate::name::SubjectName;

/// Everything a certificate of the sandbox says. Fields may be changed at will before issuing.
///
/// ```
/// use kyso_sandbox::{Authority, KeyUse, OrganisationProfile, Settings};
///
/// let authority = Authority::new(&Settings::quick(1_767_225_600))?;
/// let mut recipe = authority.organisation_recipe(&OrganisationProfile::example());
/// recipe.key_usage = vec![KeyUse::KeyEncipherment];
/// recipe.not_after = recipe.not_before + 60;
/// let odd = authority.issue_custom(&recipe)?;
/// # assert!(!odd.certificate_der.is_empty());
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Recipe {
    /// The subject.
    pub subject: SubjectName,
    /// The key to certify: a fresh one, or that of another certificate.
    pub key: KeySource,
    /// First second of validity, Unix time.
    pub not_before: i64,
    /// Last second of validity, Unix time.
    pub not_after: i64,
    /// The serial number's octets, most significant first; `None` draws 16 at random, positive.
    pub serial: Option<Vec<u8>>,
    /// The critical `basicConstraints`; `None` leaves the extension out.
    pub basic_constraints: Option<BasicConstraints>,
    /// The critical `keyUsage`; empty leaves the extension out.
    pub key_usage: Vec<KeyUse>,
    /// `extKeyUsage` as dotted object identifiers; empty leaves the extension out.
    pub extended_key_usage: Vec<String>,
    /// Whether `extKeyUsage` is critical, as RFC 3161 §2.3 wants it of a time-stamping authority.
    pub extended_key_usage_critical: bool,
    /// `certificatePolicies` as dotted object identifiers; empty leaves the extension out.
    pub policies: Vec<String>,
    /// The practice statement's address, written as a qualifier of the first policy.
    pub practice_statement: Option<String>,
    /// Addresses of the issuer's certificate.
    pub ca_issuers: Vec<String>,
    /// Addresses of the issuer's OCSP responder.
    pub ocsp: Vec<String>,
    /// Addresses of the issuer's CRL, one distribution point each.
    pub crl: Vec<String>,
    /// Whether `subjectKeyIdentifier` is written.
    pub subject_key_id: bool,
    /// Whether `authorityKeyIdentifier` is written (never in a self-signed certificate).
    pub authority_key_id: bool,
    /// How the issuer signs it.
    pub scheme: Scheme,
    /// Further extensions, appended as they are.
    pub extra: Vec<ExtraExtension>,
}

/// Where the certified key comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum KeySource {
    /// Made for this certificate.
    Fresh(KeyKind),
    /// Taken from another certificate, as PKCS#8 DER: for renewals and cross-certificates.
    Same(Vec<u8>),
}

/// The members of `basicConstraints` (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum BasicConstraints {
    /// An authority; at most so many authorities may follow below it.
    Authority {
        /// `pathLenConstraint`; `None` leaves it out.
        path_length: Option<u8>,
    },
    /// An end entity, said outright.
    EndEntity,
}

/// The bits of `keyUsage` (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum KeyUse {
    /// `digitalSignature`.
    DigitalSignature,
    /// `nonRepudiation`, today also called `contentCommitment`.
    NonRepudiation,
    /// `keyEncipherment`.
    KeyEncipherment,
    /// `dataEncipherment`.
    DataEncipherment,
    /// `keyCertSign`.
    KeyCertSign,
    /// `cRLSign`.
    CrlSign,
}

/// An extension given by its octets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExtraExtension {
    /// `extnID`, dotted.
    pub oid: String,
    /// Whether it is critical.
    pub critical: bool,
    /// What the OCTET STRING `extnValue` holds.
    pub value: Vec<u8>,
}

impl ExtraExtension {
    /// A critical extension that no verifier knows, from the arc reserved for documentation
    /// (RFC 5612): a certificate with it must be refused.
    pub fn unknown_critical() -> Self {
        ExtraExtension {
            oid: "1.3.6.1.4.1.32473.1.99".to_owned(),
            critical: true,
            value: vec![0x05, 0x00],
        }
    }

    /// `id-pkix-ocsp-nocheck` (RFC 6960 §4.2.2.2.1): nobody need ask for the status of this
    /// responder.
    pub fn ocsp_no_check() -> Self {
        ExtraExtension {
            oid: "1.3.6.1.5.5.7.48.1.5".to_owned(),
            critical: false,
            value: vec![0x05, 0x00],
        }
    }
}

impl Recipe {
    /// A bare end-entity certificate: a subject, a key and a time, both key identifiers, and no
    /// other extension.
    pub fn new(subject: SubjectName, key: KeyKind, not_before: i64, not_after: i64) -> Self {
        Recipe {
            subject,
            key: KeySource::Fresh(key),
            not_before,
            not_after,
            serial: None,
            basic_constraints: None,
            key_usage: Vec::new(),
            extended_key_usage: Vec::new(),
            extended_key_usage_critical: false,
            policies: Vec::new(),
            practice_statement: None,
            ca_issuers: Vec::new(),
            ocsp: Vec::new(),
            crl: Vec::new(),
            subject_key_id: true,
            authority_key_id: true,
            scheme: Scheme::default(),
            extra: Vec::new(),
        }
    }

    /// Draws the certificate and signs it with its own key.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] or [`SandboxError::Key`] for what cannot be encoded.
    pub fn self_signed(&self) -> Result<Issued, SandboxError> {
        self.draw(None)
    }

    /// Draws the certificate and signs it with the key of `issuer`, whatever that one may sign.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] or [`SandboxError::Key`] for what cannot be encoded.
    pub fn signed_by(&self, issuer: &Issued) -> Result<Issued, SandboxError> {
        self.draw(Some(issuer))
    }

    fn draw(&self, issuer: Option<&Issued>) -> Result<Issued, SandboxError> {
        let private_key = match &self.key {
            KeySource::Fresh(kind) => kind.generate()?,
            KeySource::Same(der) => der.clone(),
        };
        let own = SigningKey::from_pkcs8_der(&private_key)?;
        let subject = self.subject.to_x509()?;
        let subject_key = SubjectPublicKeyInfoOwned::from_der(&own.public_key_der()?)?;
        let (issuer_name, issuer_key, signer) = match issuer {
            None => (subject.clone(), None, own),
            Some(issuer) => {
                let certificate = Certificate::from_der(&issuer.certificate_der)?.tbs_certificate;
                (
                    certificate.subject,
                    Some(certificate.subject_public_key_info),
                    SigningKey::from_pkcs8_der(&issuer.private_key_pkcs8_der)?,
                )
            }
        };
        let extensions = self.extensions(&subject_key, issuer_key.as_ref())?;
        let algorithm = AlgorithmIdentifierOwned::from_der(&signer.algorithm(self.scheme)?)?;
        let body = TbsCertificate {
            version: Version::V3,
            serial_number: self.serial_number()?,
            signature: algorithm.clone(),
            issuer: issuer_name,
            validity: self.validity()?,
            subject,
            subject_public_key_info: subject_key,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(extensions).filter(|extensions| !extensions.is_empty()),
        };
        let signature = signer.sign(self.scheme, &body.to_der()?)?;
        let certificate = Certificate {
            tbs_certificate: body,
            signature_algorithm: algorithm,
            signature: BitString::from_bytes(&signature)?,
        };
        Ok(Issued {
            certificate_der: certificate.to_der()?,
            private_key_pkcs8_der: private_key,
        })
    }

    fn serial_number(&self) -> Result<SerialNumber, SandboxError> {
        if let Some(octets) = &self.serial {
            return Ok(SerialNumber::new(octets)?);
        }
        let mut octets = [0_u8; 16];
        OsRng.fill_bytes(&mut octets);
        // Positive, and of full length: neither a set top bit nor a leading zero octet.
        octets[0] = (octets[0] & 0x7f) | 0x40;
        Ok(SerialNumber::new(&octets)?)
    }

    fn validity(&self) -> Result<Validity, SandboxError> {
        Ok(Validity {
            not_before: time(self.not_before)?,
            not_after: time(self.not_after)?,
        })
    }

    fn extensions(
        &self,
        subject_key: &SubjectPublicKeyInfoOwned,
        issuer_key: Option<&SubjectPublicKeyInfoOwned>,
    ) -> Result<Vec<Extension>, SandboxError> {
        let mut ready = Vec::new();
        if let Some(constraints) = self.basic_constraints {
            let (ca, path_len_constraint) = match constraints {
                BasicConstraints::Authority { path_length } => (true, path_length),
                BasicConstraints::EndEntity => (false, None),
            };
            push(
                &mut ready,
                true,
                &pkix::BasicConstraints {
                    ca,
                    path_len_constraint,
                },
            )?;
        }
        if self.subject_key_id {
            let id = SubjectKeyIdentifier::try_from(subject_key.owned_to_ref())?;
            push(&mut ready, false, &id)?;
        }
        if let (true, Some(issuer_key)) = (self.authority_key_id, issuer_key) {
            let id = AuthorityKeyIdentifier::try_from(issuer_key.owned_to_ref())?;
            push(&mut ready, false, &id)?;
        }
        if !self.key_usage.is_empty() {
            let mut bits = FlagSet::<KeyUsages>::default();
            for use_ in &self.key_usage {
                bits |= use_.to_x509();
            }
            push(&mut ready, true, &KeyUsage(bits))?;
        }
        if !self.extended_key_usage.is_empty() {
            let purposes = oids(&self.extended_key_usage)?;
            push(
                &mut ready,
                self.extended_key_usage_critical,
                &ExtendedKeyUsage(purposes),
            )?;
        }
        if !self.policies.is_empty() {
            push(&mut ready, false, &self.certificate_policies()?)?;
        }
        let access = self.access()?;
        if !access.is_empty() {
            push(&mut ready, false, &AuthorityInfoAccessSyntax(access))?;
        }
        if !self.crl.is_empty() {
            let points = self.crl.iter().map(|address| {
                Ok(DistributionPoint {
                    distribution_point: Some(DistributionPointName::FullName(vec![uri(address)?])),
                    reasons: None,
                    crl_issuer: None,
                })
            });
            let points = points.collect::<Result<Vec<_>, SandboxError>>()?;
            push(&mut ready, false, &CrlDistributionPoints(points))?;
        }
        for extra in &self.extra {
            ready.push(Extension {
                extn_id: ObjectIdentifier::new(&extra.oid).map_err(bad_certificate)?,
                critical: extra.critical,
                extn_value: OctetString::new(extra.value.as_slice())?,
            });
        }
        Ok(ready)
    }

    fn certificate_policies(&self) -> Result<CertificatePolicies, SandboxError> {
        let mut policies: Vec<PolicyInformation> = oids(&self.policies)?
            .into_iter()
            .map(|oid| PolicyInformation {
                policy_identifier: oid,
                policy_qualifiers: None,
            })
            .collect();
        if let (Some(first), Some(address)) = (policies.first_mut(), &self.practice_statement) {
            first.policy_qualifiers = Some(vec![PolicyQualifierInfo {
                policy_qualifier_id: PRACTICE_STATEMENT,
                qualifier: Some(Any::encode_from(&Ia5String::new(address)?)?),
            }]);
        }
        Ok(CertificatePolicies(policies))
    }

    fn access(&self) -> Result<Vec<AccessDescription>, SandboxError> {
        let issuers = self.ca_issuers.iter().map(|address| (CA_ISSUERS, address));
        let responders = self.ocsp.iter().map(|address| (OCSP, address));
        let described = issuers.chain(responders).map(|(access_method, address)| {
            Ok(AccessDescription {
                access_method,
                access_location: uri(address)?,
            })
        });
        described.collect()
    }
}

impl KeyUse {
    fn to_x509(self) -> KeyUsages {
        match self {
            KeyUse::DigitalSignature => KeyUsages::DigitalSignature,
            KeyUse::NonRepudiation => KeyUsages::NonRepudiation,
            KeyUse::KeyEncipherment => KeyUsages::KeyEncipherment,
            KeyUse::DataEncipherment => KeyUsages::DataEncipherment,
            KeyUse::KeyCertSign => KeyUsages::KeyCertSign,
            KeyUse::CrlSign => KeyUsages::CRLSign,
        }
    }
}

fn push<E: AssociatedOid + Encode>(
    ready: &mut Vec<Extension>,
    critical: bool,
    value: &E,
) -> Result<(), SandboxError> {
    ready.push(Extension {
        extn_id: E::OID,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    });
    Ok(())
}

fn oids(dotted: &[String]) -> Result<Vec<ObjectIdentifier>, SandboxError> {
    dotted
        .iter()
        .map(|oid| ObjectIdentifier::new(oid).map_err(bad_certificate))
        .collect()
}

fn uri(address: &str) -> Result<GeneralName, SandboxError> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(
        address,
    )?))
}

fn time(unix: i64) -> Result<Time, SandboxError> {
    Ok(Time::from_der(&asn1::time(unix)?)?)
}

const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const PRACTICE_STATEMENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1");
