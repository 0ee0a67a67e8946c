//! What a candidate brings along: certificates, CRLs and OCSP responses for the pool, and what a
//! time-stamp over it proves.

use crate::cms::{Attributes, SignedData, identifiers};
use crate::crypto::sha256;
use crate::der::{Oid, Reader, Tag, Tlv};
use crate::error::Error;
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::ocsp::OcspResponse;
use crate::tsp::TimeStampToken;
use crate::validate::candidate::Candidate;
use crate::x509::Crl;

impl Candidate<'_> {
    /// Adds everything that the signature and its time-stamps carry. Real tokens carry the root of
    /// their tree, which a pin may recognise.
    ///
    /// Octets that are none of what they should be, and those beyond the limit, help nobody and are
    /// left out: what they would have proven is then missing, which the verdict says.
    pub(crate) fn collect(&self, evidence: &mut Evidence, limits: &Limits) {
        if let Some(bare) = &self.bare {
            for der in &bare.certificates {
                let _ = evidence.add_der(der, Origin::Signature);
            }
        }
        if let Some(opened) = &self.opened {
            opened.collect(evidence, limits);
        }
        let Some(Ok((cms, _))) = &self.cms else {
            return;
        };
        add(cms, limits, evidence);
    }
}

/// Adds everything that a signature and its time-stamps carry.
pub(super) fn add(cms: &SignedData<'_>, limits: &Limits, evidence: &mut Evidence) {
    each(cms, limits, &mut |item, origin| item.add(evidence, origin));
}

/// Adds everything that a time-stamp token carries.
pub(super) fn stamp(octets: &[u8], limits: &Limits, evidence: &mut Evidence) {
    token(octets, limits, &mut |item, origin| {
        item.add(evidence, origin);
    });
}

/// The SHA-256 of a time-stamp token and of everything that it carries.
pub(super) fn stamp_objects(octets: &[u8], limits: &Limits, objects: &mut Vec<[u8; 32]>) {
    token(octets, limits, &mut |item, _| objects.push(item.name()));
}

/// The SHA-256 of everything in a signature that a time-stamp over the whole of it proves: the
/// signature value, certificates, status, and tokens.
pub(super) fn objects(cms: &SignedData<'_>, limits: &Limits, objects: &mut Vec<[u8; 32]>) {
    for signer in &cms.signer_infos {
        objects.push(sha256(&signer.signature));
    }
    each(cms, limits, &mut |item, _| objects.push(item.name()));
}

/// The SHA-256 of the certificates and status evidence of a CMS that stand outside its signers.
pub(super) fn own_objects(cms: &SignedData<'_>, objects: &mut Vec<[u8; 32]>) {
    structure(cms, Origin::Signature, &mut |item, _| {
        objects.push(item.name());
    });
}

/// The SHA-256 of everything that one value of an unsigned attribute holds.
pub(super) fn value_objects(oid: Oid, value: &[u8], limits: &Limits, objects: &mut Vec<[u8; 32]>) {
    let take = &mut |item: Item<'_>, _| objects.push(item.name());
    if STAMPS.contains(&oid) {
        token(value, limits, take);
    } else {
        values(oid, value, limits, take);
    }
}

/// The attributes that hold time-stamp tokens.
const STAMPS: [Oid; 4] = [
    identifiers::CONTENT_TIME_STAMP,
    identifiers::SIGNATURE_TIME_STAMP,
    identifiers::ARCHIVE_TIME_STAMP_V2,
    identifiers::ARCHIVE_TIME_STAMP_V3,
];

enum Item<'a> {
    Certificate(&'a [u8]),
    Crl(&'a [u8]),
    Ocsp(&'a [u8]),
    Token(&'a [u8]),
}

impl Item<'_> {
    fn name(&self) -> [u8; 32] {
        let (Self::Certificate(der) | Self::Crl(der) | Self::Ocsp(der) | Self::Token(der)) = self;
        sha256(der)
    }

    fn add(&self, evidence: &mut Evidence, origin: Origin) {
        match self {
            Self::Certificate(der) => {
                let _ = evidence.add_der(der, origin);
            }
            Self::Crl(der) => {
                if let Ok(crl) = Crl::from_der(der) {
                    let _ = evidence.add_crl(crl, origin);
                }
            }
            Self::Ocsp(der) => {
                if let Ok(response) = OcspResponse::from_der(der) {
                    let _ = evidence.add_ocsp(response, origin);
                }
            }
            Self::Token(_) => {}
        }
    }
}

fn each(cms: &SignedData<'_>, limits: &Limits, take: &mut dyn FnMut(Item<'_>, Origin)) {
    structure(cms, Origin::Signature, take);
    for signer in &cms.signer_infos {
        for attributes in [&signer.signed_attributes, &signer.unsigned_attributes]
            .into_iter()
            .flatten()
        {
            archived(attributes, take);
            for attribute in attributes {
                for value in &attribute.values {
                    if STAMPS.contains(&attribute.oid) {
                        token(value, limits, take);
                    } else {
                        values(attribute.oid, value, limits, take);
                    }
                }
            }
        }
    }
}

/// A token and what it carries.
fn token(octets: &[u8], limits: &Limits, take: &mut dyn FnMut(Item<'_>, Origin)) {
    take(Item::Token(octets), Origin::TimeStamp);
    let Ok(token) = TimeStampToken::parse(octets, limits) else {
        return;
    };
    structure(&token.signed_data, Origin::TimeStamp, take);
    for signer in &token.signed_data.signer_infos {
        for attributes in [&signer.signed_attributes, &signer.unsigned_attributes]
            .into_iter()
            .flatten()
        {
            archived(attributes, take);
            for attribute in attributes {
                for value in &attribute.values {
                    values(attribute.oid, value, limits, take);
                }
            }
        }
    }
}

/// Certificates and lists of the older long-term form (EN 319 122-1 annex A): certificate-values and
/// revocation-values. What is not built as it says helps nobody.
fn values(oid: Oid, value: &[u8], limits: &Limits, take: &mut dyn FnMut(Item<'_>, Origin)) {
    let mut each = |list: Tlv<'_>, item: for<'i> fn(&'i [u8]) -> Item<'i>| {
        let mut items = list.reader()?;
        while !items.is_empty() {
            take(item(items.expect(Tag::SEQUENCE)?.full()), Origin::Signature);
        }
        Ok::<(), Error>(())
    };
    let mut read = || {
        let mut outer = Reader::new(value, limits.asn1_depth);
        let list = outer.expect(Tag::SEQUENCE)?;
        if oid == identifiers::CERTIFICATE_VALUES {
            return each(list, |der| Item::Certificate(der));
        }
        if oid == identifiers::REVOCATION_VALUES
            && let Some(explicit) = list.reader()?.optional(Tag::context(0))?
        {
            return each(explicit.reader()?.expect(Tag::SEQUENCE)?, |der| {
                Item::Crl(der)
            });
        }
        Ok(())
    };
    // What could be read before the fault has been taken.
    let _ = read();
}

fn structure(cms: &SignedData<'_>, origin: Origin, take: &mut dyn FnMut(Item<'_>, Origin)) {
    for der in &cms.certificates {
        take(Item::Certificate(der), origin);
    }
    for der in &cms.crls {
        take(Item::Crl(der), origin);
    }
    for other in &cms.other_revocation {
        if other.format == Some(identifiers::OCSP_RESPONSE) {
            take(Item::Ocsp(other.value), origin);
        }
    }
}

/// Adobe's archive of status evidence, a signed attribute of older signatures.
fn archived(attributes: &Attributes<'_>, take: &mut dyn FnMut(Item<'_>, Origin)) {
    if let Ok(Some(archival)) = attributes.revocation_info_archival() {
        for der in &archival.crls {
            take(Item::Crl(der), Origin::Signature);
        }
        for der in &archival.ocsp_responses {
            take(Item::Ocsp(der), Origin::Signature);
        }
    }
}
