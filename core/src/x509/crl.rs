//! [`Crl`]: certificate revocation lists (RFC 5280 §5).
//!
//! What stands around the entries is read once and strictly. The entries are never kept: a list of
//! a hundred thousand is read as a stream each time that a serial number is looked up.

use std::sync::Arc;

use crate::crypto::{SignatureAlgorithm, pem, sha256};
use crate::der::{Reader, Tag, Tlv};
use crate::error::{Error, ErrorKind};
use crate::time::Time;
use crate::x509::Name;
use crate::x509::distribution::IssuingDistributionPoint;

/// A list of revoked certificates. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Crl(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    der: Vec<u8>,
    sha256: [u8; 32],
    tbs: (usize, usize),
    entries: Option<(usize, usize)>,
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    algorithm: Option<SignatureAlgorithm>,
    signature: (usize, usize),
    authority_key_id: Option<Vec<u8>>,
    number: Option<Vec<u8>>,
    delta_base: Option<Vec<u8>>,
    point: Option<IssuingDistributionPoint>,
    expired_certs: Option<Time>,
    unhandled_critical: Vec<String>,
}

/// Why a certificate was revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlReason {
    /// 0
    Unspecified,
    /// 1
    KeyCompromise,
    /// 2
    CaCompromise,
    /// 3
    AffiliationChanged,
    /// 4
    Superseded,
    /// 5
    CessationOfOperation,
    /// 6: suspended, not revoked.
    CertificateHold,
    /// 8: only in delta lists.
    RemoveFromCrl,
    /// 9
    PrivilegeWithdrawn,
    /// 10
    AaCompromise,
}

impl CrlReason {
    /// From the number of the `CRLReason`; `None` for one that is not defined.
    pub fn from_code(code: u64) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    /// The name in RFC 5280.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

/// One entry of a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CrlEntry<'a> {
    /// The serial number: the INTEGER's octets as they stand.
    pub serial: &'a [u8],
    /// When it was revoked.
    pub revoked_at: Time,
    /// Why, where told.
    pub reason: Option<CrlReason>,
    /// Since when the key is thought to be bad, where told. Only for information.
    pub invalidity_date: Option<Time>,
    /// Whose certificate it is, in an indirect list; `None`: the issuer's of the list.
    pub certificate_issuer: Option<Arc<Name>>,
    /// It has a critical extension that is not understood: the whole list must not be used.
    pub unhandled_critical: bool,
}

impl Crl {
    /// From one list in DER.
    ///
    /// ```text
    /// CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signature BIT STRING }
    /// TBSCertList ::= SEQUENCE {
    ///   version INTEGER OPTIONAL, signature AlgorithmIdentifier, issuer Name,
    ///   thisUpdate Time, nextUpdate Time OPTIONAL,
    ///   revokedCertificates SEQUENCE OF SEQUENCE { … } OPTIONAL,
    ///   crlExtensions [0] EXPLICIT Extensions OPTIONAL }
    /// ```
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut file = Reader::new(der, DEPTH);
        let list = file.expect(Tag::SEQUENCE)?;
        file.finish()?;
        let mut parts = list.reader()?;
        let tbs = parts.expect(Tag::SEQUENCE)?;
        let outer = parts.expect(Tag::SEQUENCE)?;
        let signature = parts.expect(Tag::BIT_STRING)?.bit_string()?;
        parts.finish()?;
        if file.is_ber() || parts.is_ber() {
            return Err(malformed("a CRL that is not in DER"));
        }
        let mut fields = tbs.reader()?;
        let version = match fields.optional(Tag::INTEGER)? {
            Some(version) => version.small_unsigned()?,
            None => 0,
        };
        let inner = fields.expect(Tag::SEQUENCE)?;
        if inner.full() != outer.full() {
            return Err(malformed("a CRL whose two signature algorithms differ"));
        }
        let issuer = Name::from_der(fields.expect(Tag::SEQUENCE)?.full())?;
        let this_update = fields.tlv()?.time()?;
        let next_update = match fields.peek()? {
            Some(tag) if tag == Tag::UTC_TIME || tag == Tag::GENERALIZED_TIME => {
                Some(fields.tlv()?.time()?)
            }
            _ => None,
        };
        let entries = match fields.optional(Tag::SEQUENCE)? {
            Some(entries) => Some(span(der, entries.content())?),
            None => None,
        };
        let mut read = Inner {
            der: der.to_vec(),
            sha256: sha256(der),
            tbs: span(der, tbs.full())?,
            entries,
            issuer,
            this_update,
            next_update,
            algorithm: SignatureAlgorithm::from_identifier_der(outer.full()).ok(),
            signature: span(der, signature)?,
            authority_key_id: None,
            number: None,
            delta_base: None,
            point: None,
            expired_certs: None,
            unhandled_critical: Vec::new(),
        };
        if let Some(explicit) = fields.optional(Tag::context(0))? {
            if version != 1 {
                return Err(malformed("a CRL of version 1 with extensions"));
            }
            read.extensions(&explicit)?;
        }
        fields.finish()?;
        Ok(Self(Arc::new(read)))
    }

    /// From a file that holds lists: DER, or PEM with any number of blocks.
    pub fn many_from_pem_or_der(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        if !pem::looks_like_pem(bytes) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let blocks =
            pem::blocks(bytes).ok_or_else(|| Error::new(ErrorKind::Malformed, "PEM"))?;
        let lists: Result<Vec<Self>, Error> = blocks
            .iter()
            .filter(|block| block.label == "X509 CRL" || block.label == "CRL")
            .map(|block| Self::from_der(&block.octets))
            .collect();
        let lists = lists?;
        if lists.is_empty() {
            return Err(malformed("no CRL in the file"));
        }
        Ok(lists)
    }

    /// All octets.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of all octets, which names the list.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// The octets that are signed.
    pub fn tbs(&self) -> &[u8] {
        self.slice(self.0.tbs)
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was issued.
    pub fn this_update(&self) -> Time {
        self.0.this_update
    }

    /// By when the next one is to be had.
    pub fn next_update(&self) -> Option<Time> {
        self.0.next_update
    }

    /// With what it is signed; `None` where that is not known here.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.algorithm
    }

    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        self.slice(self.0.signature)
    }

    /// The key identifier of the issuer's key, where told.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.0.authority_key_id.as_deref()
    }

    /// The number, as a magnitude without leading zeros.
    pub fn number(&self) -> Option<&[u8]> {
        self.0.number.as_deref()
    }

    /// The number of the list that this one adds to; `None`: it is complete.
    pub fn delta_base(&self) -> Option<&[u8]> {
        self.0.delta_base.as_deref()
    }

    /// What it covers, where it says.
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.0.point.as_ref()
    }

    /// Certificates that ended after this time are kept on the list (expiredCertsOnCRL, ITU-T
    /// X.509 §9.5.2.8).
    pub fn expired_certs_on_crl(&self) -> Option<Time> {
        self.0.expired_certs
    }

    /// Critical extensions that are not understood: such a list must not be used.
    pub fn unhandled_critical(&self) -> &[String] {
        &self.0.unhandled_critical
    }

    /// The entries, read one by one. After an error the rest is not read.
    pub fn entries(&self) -> impl Iterator<Item = Result<CrlEntry<'_>, Error>> {
        let octets = match self.0.entries {
            Some(place) => self.slice(place),
            None => &[],
        };
        Entries {
            rest: Reader::new(octets, DEPTH),
            issuer: None,
            ended: false,
        }
    }

    fn slice(&self, (start, length): (usize, usize)) -> &[u8] {
        self.0
            .der
            .get(start..start.saturating_add(length))
            .unwrap_or_default()
    }
}

impl Inner {
    fn extensions(&mut self, explicit: &Tlv<'_>) -> Result<(), Error> {
        let mut outside = explicit.reader()?;
        let mut list = outside.expect(Tag::SEQUENCE)?.reader()?;
        outside.finish()?;
        let mut seen = Vec::new();
        while !list.is_empty() {
            let (oid, critical, value) = extension(&mut list)?;
            if seen.contains(&oid) || seen.len() >= MOST_EXTENSIONS {
                return Err(malformed("a CRL with an extension twice"));
            }
            let mut inside = Reader::new(value, DEPTH);
            match oid.as_str() {
                "2.5.29.35" => {
                    let mut fields = inside.expect(Tag::SEQUENCE)?.reader()?;
                    let id = fields.optional(Tag::context_primitive(0))?;
                    self.authority_key_id = id.map(|id| id.content().to_vec());
                }
                "2.5.29.20" => {
                    self.number = Some(magnitude(inside.expect(Tag::INTEGER)?.integer()?)?);
                    // RFC 5280 §5.2.3: it MUST be non-critical; a critical one is another profile.
                    if critical {
                        self.unhandled_critical.push(oid.clone());
                    }
                }
                "2.5.29.27" => {
                    self.delta_base = Some(magnitude(inside.expect(Tag::INTEGER)?.integer()?)?);
                }
                "2.5.29.28" => self.point = Some(IssuingDistributionPoint::read(value)?),
                "2.5.29.60" => self.expired_certs = Some(inside.tlv()?.time()?),
                _ if critical => self.unhandled_critical.push(oid.clone()),
                _ => {}
            }
            seen.push(oid);
        }
        Ok(())
    }
}

struct Entries<'a> {
    rest: Reader<'a>,
    issuer: Option<Arc<Name>>,
    ended: bool,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<CrlEntry<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended || self.rest.is_empty() {
            return None;
        }
        let entry = self.entry();
        self.ended = entry.is_err();
        Some(entry)
    }
}

impl<'a> Entries<'a> {
    fn entry(&mut self) -> Result<CrlEntry<'a>, Error> {
        let mut fields = self.rest.expect(Tag::SEQUENCE)?.reader()?;
        let serial = fields.expect(Tag::INTEGER)?.integer()?;
        let revoked_at = fields.tlv()?.time()?;
        let mut entry = CrlEntry {
            serial,
            revoked_at,
            reason: None,
            invalidity_date: None,
            certificate_issuer: None,
            unhandled_critical: false,
        };
        if let Some(extensions) = fields.optional(Tag::SEQUENCE)? {
            let mut list = extensions.reader()?;
            while !list.is_empty() {
                let (oid, critical, value) = extension(&mut list)?;
                let mut inside = Reader::new(value, DEPTH);
                match oid.as_str() {
                    "2.5.29.21" => {
                        let code = inside.expect(Tag::ENUMERATED)?;
                        let code = match code.content() {
                            [code] => u64::from(*code),
                            _ => return Err(malformed("a CRL entry's reason")),
                        };
                        entry.reason = CrlReason::from_code(code);
                        entry.unhandled_critical |= critical && entry.reason.is_none();
                    }
                    "2.5.29.24" => entry.invalidity_date = Some(inside.tlv()?.time()?),
                    "2.5.29.29" => self.issuer = Some(Arc::new(entry_issuer(&mut inside)?)),
                    _ => entry.unhandled_critical |= critical,
                }
            }
        }
        fields.finish()?;
        // §5.3.3: it holds for the entries that follow, until another one says otherwise.
        entry.certificate_issuer = self.issuer.clone();
        Ok(entry)
    }
}

fn entry_issuer(inside: &mut Reader<'_>) -> Result<Name, Error> {
    let mut names = inside.expect(Tag::SEQUENCE)?.reader()?;
    while !names.is_empty() {
        let name = names.tlv()?;
        if name.tag() == Tag::context(4) {
            return Name::from_der(name.content());
        }
    }
    Err(malformed("a CRL entry's certificate issuer"))
}

/// ```text
/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
pub(crate) fn extension<'a>(
    list: &mut Reader<'a>,
) -> Result<(String, bool, &'a [u8]), Error> {
    let mut fields = list.expect(Tag::SEQUENCE)?.reader()?;
    let oid = fields.oid()?.to_string();
    let critical = match fields.optional(Tag::BOOLEAN)? {
        Some(value) => value.boolean()?,
        None => false,
    };
    let value = fields.expect(Tag::OCTET_STRING)?.content();
    fields.finish()?;
    Ok((oid, critical, value))
}

/// The octets of a number that is not negative, without leading zeros.
fn magnitude(integer: &[u8]) -> Result<Vec<u8>, Error> {
    if integer.first().is_some_and(|first| *first & 0x80 != 0) {
        return Err(malformed("a negative CRL number"));
    }
    let start = integer.iter().position(|octet| *octet != 0);
    Ok(start
        .and_then(|start| integer.get(start..))
        .unwrap_or_default()
        .to_vec())
}

/// Where a slice of `der` stands in it.
fn span(der: &[u8], part: &[u8]) -> Result<(usize, usize), Error> {
    let base = der.as_ptr().addr();
    let start = part.as_ptr().addr().checked_sub(base);
    match start {
        Some(start) if der.get(start..start.saturating_add(part.len())) == Some(part) => {
            Ok((start, part.len()))
        }
        _ => Err(malformed("CRL")),
    }
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

const DEPTH: usize = 16;
const MOST_EXTENSIONS: usize = 32;
