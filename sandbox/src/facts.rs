//! What others have to repeat of a certificate: names, serial number, key.

use x509_cert::Certificate;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::time::Time;

use crate::asn1;
use crate::error::{SandboxError, bad_certificate};
use crate::hash::Hash;

/// The parts of a certificate that lists, answers and signatures name.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The issuer's Name, DER.
    pub(crate) issuer: Vec<u8>,
    /// The subject's Name, DER.
    pub(crate) subject: Vec<u8>,
    /// The serial number's octets, most significant first.
    pub(crate) serial: Vec<u8>,
    /// The BIT STRING's octets of the public key.
    pub(crate) key: Vec<u8>,
    /// The last common name of the subject, or nothing.
    pub(crate) common_name: String,
    /// Unix time.
    pub(crate) not_before: i64,
    /// Unix time.
    pub(crate) not_after: i64,
}

impl Facts {
    pub(crate) fn of(certificate_der: &[u8]) -> Result<Self, SandboxError> {
        let body = Certificate::from_der(certificate_der)?.tbs_certificate;
        let names = body.subject.0.iter().flat_map(|part| part.0.iter());
        let common_name = names
            .filter(|value| value.oid == COMMON_NAME)
            .filter_map(|value| std::str::from_utf8(value.value.value()).ok())
            .next_back()
            .unwrap_or_default()
            .to_owned();
        let key = body.subject_public_key_info.subject_public_key;
        Ok(Facts {
            issuer: body.issuer.to_der()?,
            subject: body.subject.to_der()?,
            serial: asn1::positive(body.serial_number.as_bytes()),
            key: key
                .as_bytes()
                .ok_or_else(|| bad_certificate("a key of odd bits"))?
                .to_vec(),
            common_name,
            not_before: unix(body.validity.not_before)?,
            not_after: unix(body.validity.not_after)?,
        })
    }

    /// The key's identifier as certificates of the sandbox write it (RFC 5280 §4.2.1.2).
    pub(crate) fn key_id(&self) -> Vec<u8> {
        Hash::Sha1.of(&self.key)
    }

    /// IssuerAndSerialNumber (RFC 5652 §10.2.4).
    pub(crate) fn issuer_and_serial(&self) -> Vec<u8> {
        asn1::sequence(&[self.issuer.clone(), asn1::unsigned(&self.serial)])
    }

    /// The extension that names the key of whoever signs a list.
    pub(crate) fn authority_key_id(&self) -> Result<Vec<u8>, SandboxError> {
        let id = asn1::context_primitive(0, &self.key_id());
        asn1::extension("2.5.29.35", false, &asn1::sequence(&[id]))
    }
}

fn unix(time: Time) -> Result<i64, SandboxError> {
    i64::try_from(time.to_unix_duration().as_secs()).map_err(bad_certificate)
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
