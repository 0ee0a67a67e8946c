//! `KeyInfo`: hints about who signed (W3C XMLDSig 1.1 §4.5). Nothing in it is trusted, and nothing is
//! fetched for it.

use crate::crypto::{PublicKey, pem};
use crate::xades::element::{child, is_named, octets, serial};
use crate::xades::{DS, DS11};
use crate::xml::{ElementId, Index};

/// What a `KeyInfo` says.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyInfo {
    /// The certificates, in order.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// Revocation lists.
    pub(crate) crls: Vec<Vec<u8>>,
    /// A bare key.
    pub(crate) key: Option<PublicKey>,
    /// Serial numbers of certificates that are named.
    pub(crate) serials: Vec<Vec<u8>>,
    /// Whether a certificate could not be read as base64.
    pub(crate) is_damaged: bool,
}

impl KeyInfo {
    /// Reads it. What is of another kind is left aside.
    pub(crate) fn read(index: &Index<'_>, element: ElementId) -> Self {
        let mut info = Self::default();
        for child in index.children(element).take(MOST) {
            if is_named(index, child, DS, "X509Data") {
                info.x509(index, child);
            } else if is_named(index, child, DS, "KeyValue") {
                info.key = info.key.or_else(|| key_value(index, child));
            } else if is_named(index, child, DS11, "DEREncodedKeyValue") {
                let key = octets(index, child);
                let key = key.and_then(|der| PublicKey::from_spki_der(&der).ok());
                info.key = info.key.or(key);
            }
        }
        info
    }

    fn x509(&mut self, index: &Index<'_>, data: ElementId) {
        for item in index.children(data).take(MOST) {
            if is_named(index, item, DS, "X509Certificate") {
                let der = octets(index, item).or_else(|| {
                    // Some writers put the lines of a PEM file around it.
                    let text = index.text(item);
                    let all = pem::blocks(text.as_bytes()).unwrap_or_default();
                    all.into_iter().next().map(|block| block.octets)
                });
                match der {
                    Some(der) => self.certificates.push(der),
                    None => self.is_damaged = true,
                }
            } else if is_named(index, item, DS, "X509CRL") {
                self.crls.extend(octets(index, item));
            } else if is_named(index, item, DS, "X509IssuerSerial") {
                let number = child(index, item, DS, "X509SerialNumber");
                let number = number.and_then(|id| serial(&index.text(id)));
                self.serials.extend(number);
            }
        }
    }
}

fn key_value(index: &Index<'_>, value: ElementId) -> Option<PublicKey> {
    if let Some(rsa) = child(index, value, DS, "RSAKeyValue") {
        let number = |name| octets(index, child(index, rsa, DS, name)?);
        return PublicKey::from_rsa_numbers(&number("Modulus")?, &number("Exponent")?);
    }
    let curve = child(index, value, DS11, "ECKeyValue")?;
    let named = child(index, curve, DS11, "NamedCurve")?;
    let uri = index.attribute(named, "URI")?;
    let point = octets(index, child(index, curve, DS11, "PublicKey")?)?;
    PublicKey::from_curve_point(uri.strip_prefix("urn:oid:")?, &point)
}

/// Children of one element that are looked at; real ones have a handful.
const MOST: usize = 256;
