//! Whether a list speaks about a certificate, and for which reasons (RFC 5280 §6.3.3 b, d).

use std::collections::HashSet;

use crate::revocation::fault::Scope;
use crate::x509::{Certificate, Crl, DistributionPoint, GeneralName, Reasons};

/// The reasons for which the list speaks about the certificate.
pub(super) fn reasons(list: &Crl, certificate: &Certificate) -> Result<Reasons, Scope> {
    let is_own = list.issuer() == certificate.issuer();
    let Some(point) = list.issuing_distribution_point() else {
        // A list without the extension holds everything of its issuer, and of nobody else.
        return match is_own {
            true => Ok(Reasons::ALL),
            false => Err(Scope::OtherDistributionPoint),
        };
    };
    let is_ca = certificate.is_ca() == Some(true);
    if point.only_attribute_certificates {
        return Err(Scope::AttributeCertificates);
    }
    if point.only_user_certificates && is_ca {
        return Err(Scope::UserCertificates);
    }
    if point.only_ca_certificates && !is_ca {
        return Err(Scope::CaCertificates);
    }
    let list_names: Option<HashSet<GeneralName>> = point
        .name
        .as_ref()
        .map(|name| name.names(list.issuer()).into_iter().collect());
    let meets = |names: &[GeneralName]| {
        let list_names = list_names.as_ref();
        list_names.is_none_or(|list_names| names.iter().any(|name| list_names.contains(name)))
    };
    let mut reasons = Reasons::NONE;
    for named in certificate.distribution_points() {
        let is_issuer = if named.crl_issuer.contains(list.issuer()) {
            // Some authorities name themselves, which adds nothing.
            point.is_indirect || is_own
        } else {
            named.crl_issuer.is_empty() && is_own
        };
        if is_issuer && meets(&names(named, certificate)) {
            reasons = reasons.or(named.reasons.and(point.reasons));
        }
    }
    // A list of the issuer itself that no point names: as if a point with the issuer's name stood
    // there (§6.3.3, last paragraph).
    if is_own && meets(&[GeneralName::Directory(certificate.issuer().clone())]) {
        reasons = reasons.or(point.reasons);
    }
    if reasons == Reasons::NONE {
        return Err(Scope::OtherDistributionPoint);
    }
    Ok(reasons)
}

/// The names of a point of the certificate; where it has none, those of the list's issuer.
fn names(point: &DistributionPoint, certificate: &Certificate) -> Vec<GeneralName> {
    let directory = || point.crl_issuer.iter().cloned().map(GeneralName::Directory);
    match &point.name {
        Some(name) => {
            // §4.2.1.13: relative to the one cRLIssuer, where there is one.
            name.names(point.crl_issuer.first().unwrap_or(certificate.issuer()))
        }
        None => directory().collect(),
    }
}
