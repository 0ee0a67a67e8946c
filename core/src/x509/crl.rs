//! [`Crl`]: a certificate revocation list (RFC 5280 §5).
//!
//! The fields outside are read once and strictly, in DER. The entries are not kept: a list of the
//! field holds tens of thousands, and each look-up reads them as a stream. What is wrong with an
//! entry is therefore found by [`Crl::entries`], and not before.
//!
//! It refuses: BER, another algorithm inside than outside, an extension that stands twice or that
//! decides something and cannot be read, extensions in a version 1 list.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::crypto::{SignatureAlgorithm, pem, sha256};
use crate::der::{Oid, Reader, Tag, Tlv, oid};
use crate::error::{Error, ErrorKind, Place};
use crate::time::Time;
use crate::x509::bundle;
use crate::x509::distribution::{self, GeneralName, IssuingDistributionPoint};
use crate::x509::name::Name;

/// A certificate revocation list. Cloning shares it.
///
/// ```text
/// CertificateList ::= SEQUENCE { tbsCertList TBSCertList,
///   signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
/// TBSCertList ::= SEQUENCE { version Version OPTIONAL, signature AlgorithmIdentifier,
///   issuer Name, thisUpdate Time, nextUpdate Time OPTIONAL,
///   revokedCertificates SEQUENCE OF SEQUENCE { userCertificate CertificateSerialNumber,
///     revocationDate Time, crlEntryExtensions Extensions OPTIONAL } OPTIONAL,
///   crlExtensions [0] EXPLICIT Extensions OPTIONAL }
/// ```
#[derive(Clone)]
pub struct Crl(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    sha256: [u8; 32],
    tbs: Range<usize>,
    entries: Range<usize>,
    issuer: Arc<Name>,
    this_update: Time,
    next_update: Option<Time>,
    signature_algorithm: Option<SignatureAlgorithm>,
    signature: Range<usize>,
    extensions: Extensions,
}

#[derive(Default)]
struct Extensions {
    authority_key_id: Option<Vec<u8>>,
    number: Option<Vec<u8>>,
    delta_base: Option<Vec<u8>>,
    point: Option<IssuingDistributionPoint>,
    expired_certs: Option<Time>,
    unhandled_critical: Vec<String>,
}

/// One revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrlEntry<'a> {
    /// Its serial number: the INTEGER's octets as they stand.
    pub serial: &'a [u8],
    /// Since when it is revoked.
    pub revoked_at: Time,
    /// Why; nothing where the list does not say.
    pub reason: Option<CrlReason>,
    /// Since when the key is known or suspected to be in other hands (§5.3.2). Informative.
    pub invalidity_date: Option<Time>,
    /// Who issued it (§5.3.3); nothing where that is the issuer of the list. In an indirect list it
    /// holds for the following entries, too, until another one is named; that is resolved here.
    pub certificate_issuer: Option<Arc<Name>>,
    /// A critical extension that is not known, or that is out of place. The whole list must then
    /// not be used (§5.3).
    pub unhandled_critical: bool,
}

/// Why a certificate was revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlReason {
    /// Not said.
    Unspecified,
    /// The key is, or may be, in other hands.
    KeyCompromise,
    /// The authority's key is, or may be, in other hands.
    CaCompromise,
    /// Name or affiliation have changed.
    AffiliationChanged,
    /// Another certificate takes its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// Suspended; may come back.
    CertificateHold,
    /// Back again; in delta lists alone.
    RemoveFromCrl,
    /// A privilege was taken away.
    PrivilegeWithdrawn,
    /// The attribute authority's key is, or may be, in other hands.
    AaCompromise,
}

impl CrlReason {
    /// From the number of `CRLReason`; 7 is not used.
    pub fn from_number(number: u64) -> Option<Self> {
        REASONS.iter().find(|row| row.0 == number).map(|row| row.1)
    }

    /// The number of `CRLReason`.
    pub fn number(self) -> u64 {
        let row = REASONS.iter().find(|row| row.1 == self);
        row.map(|row| row.0).unwrap_or_default()
    }

    /// Its name in RFC 5280: `keyCompromise`.
    pub fn name(self) -> &'static str {
        let row = REASONS.iter().find(|row| row.1 == self);
        row.map(|row| row.2).unwrap_or_default()
    }
}

impl Crl {
    /// From one list in DER, which must be all there is.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let inner = read(der).map_err(|error| named(error, "revocation list"))?;
        Ok(Self(Arc::new(inner)))
    }

    /// From a file that holds lists: PEM with any number of blocks (one national authority serves
    /// PEM where DER is due), one list in DER, or PKCS#7 in DER or BER. A file without one is an
    /// error.
    pub fn many_from_pem_or_der(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        let none = || Error::new(ErrorKind::Malformed, "no revocation list in the file");
        let mut lists = Vec::new();
        if pem::looks_like_pem(bytes) {
            let blocks =
                pem::blocks(bytes).ok_or_else(|| Error::new(ErrorKind::Malformed, "PEM"))?;
            for (position, block) in blocks.iter().enumerate() {
                let of_block = match block.label.as_str() {
                    "X509 CRL" | "CRL" => Self::from_der(&block.octets).map(|list| vec![list]),
                    "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => one_or_pkcs7(&block.octets),
                    _ => continue,
                };
                let place = Place::Part(format!("PEM block {}", position.saturating_add(1)));
                lists.extend(of_block.map_err(|error| error.at(place))?);
            }
        } else {
            lists = one_or_pkcs7(bytes)?;
        }
        if lists.is_empty() {
            return Err(none());
        }
        Ok(lists)
    }

    /// The octets.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of all octets, which names the list.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// The octets that the issuer signed.
    pub fn tbs(&self) -> &[u8] {
        self.0.der.get(self.0.tbs.clone()).unwrap_or_default()
    }

    /// Who says so.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was issued.
    pub fn this_update(&self) -> Time {
        self.0.this_update
    }

    /// When the next one is due at the latest.
    pub fn next_update(&self) -> Option<Time> {
        self.0.next_update
    }

    /// The algorithm it is signed with; nothing where it is not one of ours.
    pub fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.signature_algorithm
    }

    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        self.0.der.get(self.0.signature.clone()).unwrap_or_default()
    }

    /// keyIdentifier of authorityKeyIdentifier (§5.2.1).
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.0.extensions.authority_key_id.as_deref()
    }

    /// cRLNumber (§5.2.3): the INTEGER's octets.
    pub fn number(&self) -> Option<&[u8]> {
        self.0.extensions.number.as_deref()
    }

    /// BaseCRLNumber of deltaCRLIndicator (§5.2.4). A list that has it holds changes alone.
    pub fn delta_base(&self) -> Option<&[u8]> {
        self.0.extensions.delta_base.as_deref()
    }

    /// Which part of all revocations it holds (§5.2.5); nothing: all of its issuer's.
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.0.extensions.point.as_ref()
    }

    /// expiredCertsOnCRL (ITU-T X.509 §9.5.2.8): certificates that expired since this time are
    /// still listed.
    pub fn expired_certs_on_crl(&self) -> Option<Time> {
        self.0.extensions.expired_certs
    }

    /// Critical extensions that this library does not know, or that must not be critical. Such a
    /// list must not be used (§5.2).
    pub fn unhandled_critical(&self) -> &[String] {
        &self.0.extensions.unhandled_critical
    }

    /// The entries in their order, read now. The first fault is the last item.
    pub fn entries(&self) -> impl Iterator<Item = Result<CrlEntry<'_>, Error>> {
        let octets = self.0.der.get(self.0.entries.clone()).unwrap_or_default();
        Entries {
            reader: Reader::new(octets, DEPTH),
            is_indirect: self
                .issuing_distribution_point()
                .is_some_and(|point| point.is_indirect),
            certificate_issuer: None,
            has_failed: false,
        }
    }
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Crl {}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({}, {})", self.issuer(), self.this_update())
    }
}

fn one_or_pkcs7(bytes: &[u8]) -> Result<Vec<Crl>, Error> {
    match bundle::lists(bytes) {
        Some(spans) => spans.into_iter().map(Crl::from_der).collect(),
        None => Ok(vec![Crl::from_der(bytes)?]),
    }
}

fn read(der: &[u8]) -> Result<Inner, Error> {
    let mut file = Reader::new(der, DEPTH);
    let whole = strict(file.expect(Tag::SEQUENCE)?)?;
    file.finish()?;
    let mut outer = whole.reader()?;
    let tbs = strict(outer.expect(Tag::SEQUENCE)?)?;
    let algorithm = strict(outer.expect(Tag::SEQUENCE)?)?;
    let signature = strict(outer.expect(Tag::BIT_STRING)?)?;
    outer.finish()?;

    let mut fields = tbs.reader()?;
    let version = match fields.optional(Tag::INTEGER)? {
        None => 1,
        Some(version) if version.content() == [1] => 2,
        Some(_) => return Err(malformed("version that does not exist")),
    };
    let inner_algorithm = strict(fields.expect(Tag::SEQUENCE)?)?;
    // §5.1.1.2: the two must be the same; otherwise an unsigned field chose the algorithm.
    if inner_algorithm.full() != algorithm.full() {
        return Err(malformed("signature algorithm inside and outside differ"));
    }
    let issuer = Name::from_der(strict(fields.expect(Tag::SEQUENCE)?)?.full())?;
    if issuer.is_empty() {
        return Err(malformed("issuer without a name"));
    }
    let this_update = strict(fields.tlv()?)?.time()?;
    let next_update = match fields.peek()? {
        Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Some(strict(fields.tlv()?)?.time()?),
        _ => None,
    };
    let entries = match fields.optional(Tag::SEQUENCE)? {
        Some(entries) => span(&strict(entries)?),
        None => 0..0,
    };
    let mut extensions = Extensions::default();
    if let Some(explicit) = fields.optional(Tag::context(0))? {
        if version != 2 {
            return Err(malformed("extensions in a list that is not version 2"));
        }
        let mut explicit = strict(explicit)?.reader()?;
        let list = strict(explicit.expect(Tag::SEQUENCE)?)?;
        explicit.finish()?;
        extensions = Extensions::read(&list)?;
    }
    fields.finish()?;

    // A value that is not whole octets fits no key: the list is read, and verifies under none.
    let value_length = match signature.content().split_first() {
        Some((0, value)) => value.len(),
        _ => 0,
    };
    let signature_end = signature.offset().saturating_add(signature.full().len());
    Ok(Inner {
        sha256: sha256(der),
        tbs: tbs.offset()..tbs.offset().saturating_add(tbs.full().len()),
        entries,
        issuer: Arc::new(issuer),
        this_update,
        next_update,
        signature_algorithm: SignatureAlgorithm::from_identifier_der(algorithm.full()).ok(),
        signature: signature_end.saturating_sub(value_length)..signature_end,
        extensions,
        der: der.to_vec(),
    })
}

/// Where the content of a value in one piece lies.
fn span(value: &Tlv<'_>) -> Range<usize> {
    let end = value.offset().saturating_add(value.full().len());
    end.saturating_sub(value.content().len())..end
}

/// One extension: identifier, whether it is critical, value.
///
/// ```text
/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
fn extension<'a>(list: &mut Reader<'a>) -> Result<(Oid, bool, &'a [u8]), Error> {
    let mut fields = strict(list.expect(Tag::SEQUENCE)?)?.reader()?;
    let identifier = fields.oid()?;
    let is_critical = match fields.optional(Tag::BOOLEAN)? {
        Some(flag) => flag.boolean()?,
        None => false,
    };
    let value = strict(fields.expect(Tag::OCTET_STRING)?)?;
    fields.finish()?;
    Ok((identifier, is_critical, value.content()))
}

impl Extensions {
    fn read(list: &Tlv<'_>) -> Result<Self, Error> {
        let mut extensions = Self::default();
        let mut seen = std::collections::HashSet::new();
        let mut reader = list.reader()?;
        while !reader.is_empty() {
            let (identifier, is_critical, value) = extension(&mut reader)?;
            // Two could be read in two ways.
            if !seen.insert(identifier) {
                return Err(malformed("extension that stands twice"));
            }
            let is_known = extensions.take(identifier, value)?;
            // §5.2.3: cRLNumber is never critical.
            let may_be_critical = is_known && identifier != CRL_NUMBER;
            if is_critical && !may_be_critical {
                extensions.unhandled_critical.push(identifier.to_string());
            }
        }
        Ok(extensions)
    }

    /// Takes one extension in; whether it is one that is acted upon.
    fn take(&mut self, identifier: Oid, value: &[u8]) -> Result<bool, Error> {
        let mut reader = Reader::new(value, DEPTH);
        match identifier {
            AUTHORITY_KEY_ID => {
                let mut fields = reader.expect(Tag::SEQUENCE)?.reader()?;
                let id = fields.optional(Tag::context_primitive(0))?;
                self.authority_key_id = id.map(|id| id.content().to_vec());
            }
            CRL_NUMBER => self.number = Some(unsigned(&reader.tlv()?)?),
            DELTA_INDICATOR => self.delta_base = Some(unsigned(&reader.tlv()?)?),
            ISSUING_POINT => {
                self.point = Some(distribution::issuing(value)?);
                return Ok(true);
            }
            EXPIRED_CERTS => self.expired_certs = Some(reader.tlv()?.time()?),
            _ => return Ok(false),
        }
        reader.finish()?;
        Ok(true)
    }
}

/// The octets of an INTEGER that is not negative.
fn unsigned(value: &Tlv<'_>) -> Result<Vec<u8>, Error> {
    let octets = value.integer()?;
    if octets.first().is_some_and(|first| first & 0x80 != 0) {
        return Err(malformed("a negative list number"));
    }
    Ok(octets.to_vec())
}

/// The entries as a stream.
struct Entries<'a> {
    reader: Reader<'a>,
    is_indirect: bool,
    certificate_issuer: Option<Arc<Name>>,
    has_failed: bool,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<CrlEntry<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed || self.reader.is_empty() {
            return None;
        }
        let entry = self.entry();
        self.has_failed = entry.is_err();
        Some(entry.map_err(|error| named(error, "entry of a revocation list")))
    }
}

impl<'a> Entries<'a> {
    fn entry(&mut self) -> Result<CrlEntry<'a>, Error> {
        let mut fields = strict(self.reader.expect(Tag::SEQUENCE)?)?.reader()?;
        let serial = strict(fields.tlv()?)?.integer()?;
        let revoked_at = strict(fields.tlv()?)?.time()?;
        let mut entry = CrlEntry {
            serial,
            revoked_at,
            reason: None,
            invalidity_date: None,
            certificate_issuer: None,
            unhandled_critical: false,
        };
        if let Some(list) = fields.optional(Tag::SEQUENCE)? {
            let mut list = strict(list)?.reader()?;
            let mut seen = [false; 3];
            while !list.is_empty() {
                let (identifier, is_critical, value) = extension(&mut list)?;
                self.extension(&mut entry, &mut seen, identifier, is_critical, value)?;
            }
        }
        fields.finish()?;
        entry.certificate_issuer = self.certificate_issuer.clone();
        Ok(entry)
    }

    fn extension(
        &mut self,
        entry: &mut CrlEntry<'_>,
        seen: &mut [bool; 3],
        identifier: Oid,
        is_critical: bool,
        value: &[u8],
    ) -> Result<(), Error> {
        let known = [REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER];
        let position = known.iter().position(|known| *known == identifier);
        if let Some(seen) = position.and_then(|position| seen.get_mut(position))
            && std::mem::replace(seen, true)
        {
            return Err(malformed("extension that stands twice"));
        }
        let mut reader = Reader::new(value, DEPTH);
        match identifier {
            REASON_CODE => {
                let number = reader.expect(Tag::ENUMERATED)?.small_unsigned()?;
                let reason = CrlReason::from_number(number);
                entry.reason = Some(reason.ok_or_else(|| malformed("reason that does not exist"))?);
                reader.finish()?;
            }
            INVALIDITY_DATE => {
                entry.invalidity_date = Some(reader.tlv()?.time()?);
                reader.finish()?;
            }
            CERTIFICATE_ISSUER if self.is_indirect => {
                let names = reader.expect(Tag::SEQUENCE)?;
                reader.finish()?;
                let names = distribution::general_names(&mut names.reader()?)?;
                let name = names.into_iter().find_map(|name| match name {
                    GeneralName::Directory(name) => Some(name),
                    _ => None,
                });
                let name =
                    name.ok_or_else(|| malformed("certificateIssuer without a directory name"))?;
                self.certificate_issuer = Some(Arc::new(name));
            }
            // Also a certificateIssuer in a list that does not call itself indirect: whoever does
            // not know the extension would take the entry for the list's own issuer's.
            _ => entry.unhandled_critical |= is_critical || identifier == CERTIFICATE_ISSUER,
        }
        Ok(())
    }
}

/// A value in DER: not of indefinite length, its length in no more octets than needed.
fn strict(value: Tlv<'_>) -> Result<Tlv<'_>, Error> {
    if value.is_ber() {
        return Err(malformed("BER where DER is due"));
    }
    Ok(value)
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

/// Says which thing is at fault before what is.
fn named(error: Error, thing: &str) -> Error {
    let renamed = Error::new(error.kind(), format!("{thing}: {}", error.detail()));
    match error.place() {
        Some(place) => renamed.at(place.clone()),
        None => renamed,
    }
}

/// Lists nest a dozen levels.
const DEPTH: usize = 32;

const AUTHORITY_KEY_ID: Oid = oid!("2.5.29.35");
const CRL_NUMBER: Oid = oid!("2.5.29.20");
const DELTA_INDICATOR: Oid = oid!("2.5.29.27");
const ISSUING_POINT: Oid = oid!("2.5.29.28");
const EXPIRED_CERTS: Oid = oid!("2.5.29.60");
const REASON_CODE: Oid = oid!("2.5.29.21");
const INVALIDITY_DATE: Oid = oid!("2.5.29.24");
const CERTIFICATE_ISSUER: Oid = oid!("2.5.29.29");

const REASONS: [(u64, CrlReason, &str); 10] = [
    (0, CrlReason::Unspecified, "unspecified"),
    (1, CrlReason::KeyCompromise, "keyCompromise"),
    (2, CrlReason::CaCompromise, "cACompromise"),
    (3, CrlReason::AffiliationChanged, "affiliationChanged"),
    (4, CrlReason::Superseded, "superseded"),
    (5, CrlReason::CessationOfOperation, "cessationOfOperation"),
    (6, CrlReason::CertificateHold, "certificateHold"),
    (8, CrlReason::RemoveFromCrl, "removeFromCRL"),
    (9, CrlReason::PrivilegeWithdrawn, "privilegeWithdrawn"),
    (10, CrlReason::AaCompromise, "aACompromise"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
