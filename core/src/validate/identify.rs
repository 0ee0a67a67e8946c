//! Identification of the signing certificate (EN 319 102-1 clause 5.2.3).

use crate::cms::{EssCertId, SignedData, SignerInfo};
use crate::evidence::Evidence;
use crate::validate::candidate::Profile;
use crate::validate::format::unusable;
use crate::verdict::{AttributeFault, Reason, SignedAttribute};
use crate::x509::{Certificate, Name};

/// The certificate that the SignerInfo names, checked against the signed reference to it.
///
/// The name and serial of a SignerInfo are not signed, so they alone identify nobody: where several
/// certificates fit, the signed reference (RFC 5035) chooses, and where it fits none of them the
/// signing certificate is not found.
///
/// The certificates that the signature itself carries come first: one of another signature of the
/// file with the same name and serial cannot push itself before them.
pub(crate) fn signing_certificate<'e>(
    cms: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    profile: Profile,
    evidence: &'e Evidence,
    found: &mut Vec<Reason>,
) -> Option<&'e Certificate> {
    let fits = signer.sid.matcher();
    let fitting = || {
        evidence
            .certificates()
            .filter(|certificate| fits(certificate))
    };
    let own = |certificate: &&Certificate| cms.certificates.contains(&certificate.der());
    let candidates: Vec<&Certificate> = fitting()
        .filter(own)
        .take(NAMESAKES)
        .chain(
            fitting()
                .filter(|certificate| !own(certificate))
                .take(NAMESAKES),
        )
        .collect();
    let reference = references(signer).unwrap_or_else(|fault| {
        found.push(Reason::SignedAttribute(
            SignedAttribute::SigningCertificate,
            fault,
        ));
        None
    });
    // The first reference is the signer's; the others restrict its path (RFC 5035 §3).
    let Some(reference) = reference.as_ref().and_then(|all| all.first()) else {
        let certificate = candidates.first().copied();
        match certificate {
            None => found.push(Reason::SigningCertificateNotFound),
            Some(_) => found.push(Reason::SigningCertificateUnnamed {
                demanded: profile == Profile::Pades || profile == Profile::DocumentTimeStamp,
            }),
        }
        return certificate;
    };
    let by_hash = candidates
        .iter()
        .find(|certificate| reference.names(certificate.der()));
    match (by_hash, candidates.first()) {
        (Some(certificate), _) => {
            if reference.issuer_serial.as_ref().is_some_and(|named| {
                named.serial != certificate.serial()
                    || named
                        .issuer
                        .is_some_and(|issuer| !is_name(certificate.issuer(), issuer))
            }) {
                // The standard asks for a warning only, since the hash decides.
                found.push(Reason::SigningCertificateSerial);
            }
            Some(certificate)
        }
        (None, Some(certificate)) => {
            found.push(Reason::SigningCertificateMismatch);
            // Kept to compute the integrity by: "the bytes are intact" and "this proves nothing"
            // are two answers.
            Some(certificate)
        }
        (None, None) => {
            found.push(Reason::SigningCertificateNotFound);
            None
        }
    }
}

/// The signed references to certificates: signing-certificate-v2, else version 1. Where both
/// stand, as some signers write them, the newer decides.
pub(crate) fn references<'a>(
    signer: &SignerInfo<'a>,
) -> Result<Option<Vec<EssCertId<'a>>>, AttributeFault> {
    let Some(attributes) = &signer.signed_attributes else {
        return Ok(None);
    };
    let new = attributes.signing_certificate_v2().map_err(unusable)?;
    let old = attributes.signing_certificate().map_err(unusable)?;
    match (new, old) {
        (Some(new), _) => Ok(Some(new)),
        (None, old) => Ok(old),
    }
}

/// Names are compared by RFC 5280 §7.1, never as strings.
fn is_name(name: &Name, der: &[u8]) -> bool {
    name.der() == der || Name::from_der(der).is_ok_and(|other| other == *name)
}

/// Certificates that one signer may name; real files have one.
const NAMESAKES: usize = 64;
