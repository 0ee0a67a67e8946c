//! What a candidate brings along: certificates, CRLs and OCSP responses for the pool, and what a
//! time-stamp over it proves.

use crate::cms::{Attributes, SignedData, identifiers};
use crate::crypto::sha256;
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
        let Some(Ok((cms, _))) = &self.cms else {
            return;
        };
        each(cms, limits, &mut |item, origin| item.add(evidence, origin));
    }
}

/// The SHA-256 of everything in a signature that a time-stamp over the whole of it proves: the
/// signature value, certificates, status, and tokens.
pub(super) fn objects(cms: &SignedData<'_>, limits: &Limits, objects: &mut Vec<[u8; 32]>) {
    for signer in &cms.signer_infos {
        objects.push(sha256(&signer.signature));
    }
    each(cms, limits, &mut |item, _| match item {
        Item::Certificate(der) | Item::Crl(der) | Item::Ocsp(der) | Item::Token(der) => {
            objects.push(sha256(der));
        }
    });
}

enum Item<'a> {
    Certificate(&'a [u8]),
    Crl(&'a [u8]),
    Ocsp(&'a [u8]),
    Token(&'a [u8]),
}

impl Item<'_> {
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
        let mut tokens = Vec::new();
        for attributes in [&signer.signed_attributes, &signer.unsigned_attributes]
            .into_iter()
            .flatten()
        {
            archived(attributes, take);
            tokens.extend(attributes.values_of(identifiers::CONTENT_TIME_STAMP));
            tokens.extend(attributes.values_of(identifiers::SIGNATURE_TIME_STAMP));
        }
        for octets in tokens {
            take(Item::Token(octets), Origin::TimeStamp);
            let Ok(token) = TimeStampToken::parse(octets, limits) else {
                continue;
            };
            structure(&token.signed_data, Origin::TimeStamp, take);
            for signer in &token.signed_data.signer_infos {
                for attributes in [&signer.signed_attributes, &signer.unsigned_attributes]
                    .into_iter()
                    .flatten()
                {
                    archived(attributes, take);
                }
            }
        }
    }
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
