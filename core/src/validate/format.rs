//! Format checking (EN 319 102-1 clause 5.2.2): is this a signature that can be verified at all?

use crate::cms::{self, SignedData, identifiers};
use crate::validate::candidate::Profile;
use crate::verdict::{AttributeFault, Reason, SignedAttribute};

/// What the form of the CMS says. `container` holds the octets from the start of the CMS to the end
/// of the place it stands in.
pub(crate) fn check(
    cms: &SignedData<'_>,
    container: &[u8],
    profile: Profile,
    found: &mut Vec<Reason>,
) {
    if cms.is_ber {
        found.push(Reason::CmsNotDer);
    }
    let padding = container.get(cms.length..).unwrap_or_default();
    if padding.iter().any(|octet| *octet != 0) {
        found.push(Reason::ContentsPadding);
    }
    let count = cms.signer_infos.len();
    if count != 1 {
        found.push(Reason::SignerInfoCount { count });
    }
    let is_token = cms.content_type == identifiers::TST_INFO;
    match profile {
        Profile::DocumentTimeStamp if !is_token => found.push(Reason::SignatureType),
        Profile::DocumentTimeStamp => {}
        _ if is_token => found.push(Reason::SignatureType),
        Profile::Pkcs7Sha1 if cms.content.is_none() => found.push(Reason::CmsMalformed {
            detail: "no content, which adbe.pkcs7.sha1 asks for".into(),
        }),
        Profile::Pkcs7Sha1 => {}
        _ if cms.content.is_some() => found.push(Reason::CmsContentPresent),
        _ => {}
    }
    let Some(signer) = cms.signer_infos.first() else {
        return;
    };
    let Some(attributes) = &signer.signed_attributes else {
        found.push(Reason::SignedAttributesAbsent {
            demanded: profile == Profile::Pades || profile == Profile::DocumentTimeStamp,
        });
        return;
    };
    match attributes.content_type() {
        Ok(Some(content_type)) if content_type == cms.content_type => {}
        Ok(Some(_)) => found.push(attribute(AttributeFault::Contradicts)),
        Ok(None) => found.push(attribute(AttributeFault::Missing)),
        Err(fault) => found.push(attribute(unusable(fault))),
    }
    if let Err(fault) = attributes.signing_time() {
        found.push(Reason::SignedAttribute(
            SignedAttribute::SigningTime,
            unusable(fault),
        ));
    }
    match attributes.algorithm_protection() {
        // RFC 6211 §2: where it is present it has to name the same algorithms.
        Ok(Some(protection))
            if protection.digest_algorithm.oid != signer.digest_algorithm.oid
                || protection
                    .signature_algorithm
                    .is_some_and(|named| named.oid != signer.signature_algorithm.oid) =>
        {
            found.push(Reason::SignedAttribute(
                SignedAttribute::AlgorithmProtection,
                AttributeFault::Contradicts,
            ));
        }
        Err(fault) => found.push(Reason::SignedAttribute(
            SignedAttribute::AlgorithmProtection,
            unusable(fault),
        )),
        Ok(_) => {}
    }
}

/// Why an attribute that is there cannot be used, in the words of a verdict.
pub(crate) fn unusable(fault: cms::AttributeFault) -> AttributeFault {
    match fault {
        cms::AttributeFault::Repeated | cms::AttributeFault::SeveralValues => {
            AttributeFault::Repeated
        }
        _ => AttributeFault::Malformed,
    }
}

fn attribute(fault: AttributeFault) -> Reason {
    Reason::SignedAttribute(SignedAttribute::ContentType, fault)
}
