//! OCSP responses (RFC 6960 §3.2, §4.2.2.2).

use crate::crypto::Digest;
use crate::evidence::Origin;
use crate::ocsp::{CertStatus, OcspResponse, SingleResponse};
use crate::revocation::{
    Ask, Refused, RevocationFault, Source, Statement, Statements, Status, is_broken,
};
use crate::x509::{Certificate, CrlReason};

pub(super) fn statements(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
    said: &mut Statements,
) {
    for (response, origins) in ask.evidence.ocsps() {
        let refused = |why| Refused {
            source: Source::Ocsp,
            why,
        };
        if response.status() != 0 {
            // An error names no certificate; it may have been the answer about this one.
            said.refused.push(refused(RevocationFault::Error));
            continue;
        }
        for single in response.responses() {
            if !single.cert_id.names(certificate, issuer) {
                if single.cert_id.serial == certificate.serial() {
                    said.refused
                        .push(refused(RevocationFault::OtherCertificate));
                }
                continue;
            }
            match statement(certificate, issuer, response, single, origins, ask) {
                Ok(statement) => said.usable.push(statement),
                Err(why) => said.refused.push(refused(why)),
            }
        }
    }
}

fn statement(
    certificate: &Certificate,
    issuer: &Certificate,
    response: &OcspResponse,
    single: &SingleResponse,
    origins: &[Origin],
    ask: &Ask<'_>,
) -> Result<Statement, RevocationFault> {
    if single.this_update > ask.at || response.produced_at() > ask.at {
        return Err(RevocationFault::Future);
    }
    if !response.unhandled_critical().is_empty() || !single.unhandled_critical.is_empty() {
        return Err(RevocationFault::CriticalExtension);
    }
    let signer = responder(response, issuer, ask)?;
    let produced = response.produced_at();
    if produced < signer.not_before() || signer.not_after() < produced {
        return Err(RevocationFault::ResponderValidity);
    }
    let positive_hash = match &single.cert_hash {
        Some((digest, hash)) => {
            if Digest::of(*digest, certificate.der()).as_bytes() != hash {
                return Err(RevocationFault::CertHash);
            }
            true
        }
        None => false,
    };
    let status = match single.status {
        CertStatus::Good => Status::Good,
        CertStatus::Revoked {
            at,
            reason: Some(CrlReason::CertificateHold),
        } => Status::OnHold { since: at },
        CertStatus::Revoked { at, reason } => Status::Revoked { at, reason },
        CertStatus::Unknown => return Err(RevocationFault::Unknown),
    };
    Ok(Statement {
        status,
        source: Source::Ocsp,
        sha256: response.sha256(),
        this_update: single.this_update,
        next_update: single.next_update,
        produced_at: Some(produced),
        covers_expired_since: single.archive_cutoff,
        positive_hash,
        signer,
        digest: response
            .signature_algorithm()
            .and_then(|algorithm| algorithm.digest()),
        origins: origins.to_vec(),
    })
}

/// Who signed, and may he: the issuer itself, one whom the issuer named so directly, or one whom
/// the operator trusts by himself (§4.2.2.2).
fn responder(
    response: &OcspResponse,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Result<Certificate, RevocationFault> {
    let algorithm = response
        .signature_algorithm()
        .filter(|algorithm| !is_broken(algorithm))
        .ok_or(RevocationFault::Algorithm)?;
    let message = (response.sha256(), response.tbs(), response.signature());
    let id = response.responder();
    if id.names(issuer) && ask.is_signed(message, &algorithm, issuer)? {
        return Ok(issuer.clone());
    }
    let mut fault = RevocationFault::Signature;
    let carried = response.certificates().iter();
    let known = ask.evidence.certificates();
    let anchors = ask.store.anchors().map(|anchor| anchor.certificate());
    let candidates: Vec<&Certificate> = carried
        .chain(anchors)
        .chain(known)
        .filter(|certificate| id.names(certificate))
        .take(NAMESAKES)
        .collect();
    for certificate in candidates {
        if !ask.is_signed(message, &algorithm, certificate)? {
            continue;
        }
        if is_delegated(certificate, issuer, ask)? || is_trusted(certificate, ask) {
            return Ok(certificate.clone());
        }
        fault = RevocationFault::Responder;
    }
    Err(fault)
}

/// Issued directly by the same issuer, under the same key, for this purpose.
fn is_delegated(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Result<bool, RevocationFault> {
    let has_purpose = certificate
        .extended_key_usage()
        .is_some_and(|purposes| purposes.iter().any(|oid| oid == OCSP_SIGNING));
    if certificate.issuer() != issuer.subject()
        || !has_purpose
        || !certificate.faults().is_empty()
        || !certificate.unhandled_critical().is_empty()
        || certificate
            .key_usage()
            .is_some_and(|usage| !usage.digital_signature() && !usage.non_repudiation())
    {
        return Ok(false);
    }
    let Some(algorithm) = certificate
        .signature_algorithm()
        .filter(|algorithm| !is_broken(algorithm))
    else {
        return Ok(false);
    };
    let message = (
        certificate.sha256(),
        certificate.tbs(),
        certificate.signature(),
    );
    ask.is_signed(message, &algorithm, issuer)
}

/// The operator's own word: the responder's certificate stands in the store by itself.
fn is_trusted(certificate: &Certificate, ask: &Ask<'_>) -> bool {
    certificate.is_ca() != Some(true)
        && ask
            .store
            .anchors()
            .any(|anchor| anchor.certificate() == certificate)
}

/// id-kp-OCSPSigning.
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
const NAMESAKES: usize = 32;
