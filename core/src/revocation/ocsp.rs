//! OCSP responses (RFC 6960 §3.2, §4.2.2).

use std::collections::HashSet;

use crate::crypto::{Digest, DigestAlgorithm};
use crate::ocsp::{CertStatus, OcspResponse, ResponderId, SingleResponse};
use crate::revocation::crl::minimal;
use crate::revocation::fault::{RevocationFault, named};
use crate::revocation::memory::{Checked, Signed};
use crate::revocation::{Ask, Source, Standing, Statement, Statements, Status};
use crate::x509::{Certificate, CrlReason};

/// Whoever signed a response and may.
struct Responder {
    certificate: Certificate,
    standing: Standing,
}

/// Adds what the responses at hand say.
pub(super) fn statements(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
    into: &mut Statements,
) {
    for response in ask.evidence.ocsps() {
        let mut refuse = |why| into.refuse(Source::Ocsp, response.sha256(), why);
        let status = response.status();
        if status != 0 {
            refuse(RevocationFault::OcspStatus { status });
            continue;
        }
        // By the serial number first: it costs no hash.
        let is_same_serial = |single: &&SingleResponse| {
            minimal(&single.cert_id.serial) == minimal(certificate.serial())
        };
        if !response.responses().iter().any(|s| is_same_serial(&s)) {
            continue;
        }
        // The same two certificates are asked about for each signature of a file.
        let pair = (response.sha256(), certificate.sha256());
        let about = ask.memory.answers(pair, || {
            let answers = response.responses().iter().enumerate();
            let about = answers.filter(|(_, single)| {
                is_same_serial(single) && single.cert_id.names(certificate, issuer)
            });
            about.map(|(position, _)| position).collect()
        });
        if about.is_empty() {
            refuse(RevocationFault::OcspOtherCertificate);
            continue;
        }
        let responder = match form(response).and_then(|()| responder(response, issuer, ask)) {
            Ok(responder) => responder,
            Err(why) => {
                refuse(why);
                continue;
            }
        };
        let answers = response.responses();
        for single in about.iter().filter_map(|position| answers.get(*position)) {
            match status_of(single, certificate, response, ask) {
                Ok(status) => {
                    let statement = statement(status, single, response, &responder, ask);
                    into.usable.push(statement);
                }
                Err(why) => into.refuse(Source::Ocsp, response.sha256(), why),
            }
        }
    }
}

/// What can be said of the response as a whole without any key.
fn form(response: &OcspResponse) -> Result<(), RevocationFault> {
    match response.unhandled_critical().first() {
        Some(oid) => Err(RevocationFault::OcspCriticalExtension { oid: oid.clone() }),
        None => Ok(()),
    }
}

/// Who signed the response, where that is somebody who may (§4.2.2.2): the key that issued the
/// certificate; one whose certificate that very key issued for this purpose; or a responder that
/// the operator has made an anchor.
fn responder(
    response: &OcspResponse,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Result<Responder, RevocationFault> {
    let algorithm = response.signature_algorithm();
    let algorithm = algorithm.filter(|a| a.digest() != Some(DigestAlgorithm::Md5));
    let signed = Signed {
        sha256: response.sha256(),
        tbs: response.tbs(),
        algorithm: algorithm.ok_or(RevocationFault::OcspAlgorithm)?,
        signature: response.signature(),
    };
    let candidates = candidates(response, issuer, ask);
    if candidates.is_empty() {
        return Err(RevocationFault::OcspResponderNotFound);
    }
    let mut worst = RevocationFault::OcspSignature;
    for candidate in candidates {
        match ask.memory.verify(&signed, candidate.public_key(), ask.work) {
            Checked::Holds => {}
            Checked::Fails => continue,
            Checked::Unsupported => {
                if worst == RevocationFault::OcspSignature {
                    worst = RevocationFault::OcspAlgorithm;
                }
                continue;
            }
            Checked::GivenUp => return Err(RevocationFault::Budget),
        }
        match standing(candidate, response, issuer, ask) {
            Ok(standing) => {
                return Ok(Responder {
                    certificate: candidate.clone(),
                    standing,
                });
            }
            Err(why) => worst = why,
        }
    }
    Err(worst)
}

/// Everyone at hand who is the responder that the response names.
fn candidates<'a>(
    response: &'a OcspResponse,
    issuer: &'a Certificate,
    ask: &Ask<'a>,
) -> Vec<&'a Certificate> {
    let mut seen = HashSet::new();
    let anchors = ask.store.anchors().map(|anchor| anchor.certificate());
    // By name they are found without walking; by key, only those that could be one are hashed.
    let named: Box<dyn Iterator<Item = &'a Certificate> + 'a> = match response.responder() {
        ResponderId::Name(name) => Box::new(ask.evidence.named(name)),
        ResponderId::KeyHash(_) => {
            let issued = ask.evidence.certificates();
            let issuer = issuer.subject();
            let named = issued.filter(move |c| c.issuer() == issuer && may_respond(c));
            Box::new(named.take(RESPONDERS))
        }
    };
    let own = response.certificates().iter().take(CARRIED);
    std::iter::once(issuer)
        .chain(own)
        .chain(named)
        .chain(anchors.filter(|anchor| may_respond(anchor)))
        .filter(|certificate| !ask.store.refuses(certificate))
        .filter(|certificate| response.responder().names(certificate))
        .filter(|certificate| seen.insert(certificate.sha256()))
        .collect()
}

/// id-kp-OCSPSigning, said outright: anyExtendedKeyUsage delegates nothing.
fn may_respond(certificate: &Certificate) -> bool {
    let purposes = certificate.extended_key_usage().unwrap_or_default();
    purposes.iter().any(|oid| oid == OCSP_SIGNING)
}

/// What the word of this certificate's key rests on.
fn standing(
    candidate: &Certificate,
    response: &OcspResponse,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Result<Standing, RevocationFault> {
    if candidate.subject() == issuer.subject() && candidate.public_key() == issuer.public_key() {
        return Ok(Standing::Issuer);
    }
    let lacks = |what| RevocationFault::OcspResponderNotAuthorised {
        certificate: named(candidate),
        what,
    };
    if !may_respond(candidate) {
        return Err(lacks("extKeyUsage with OCSPSigning"));
    }
    // RFC 5280 §4.2.1.3: the bits for signatures on other things than certificates and lists.
    let usage = candidate.key_usage();
    if usage.is_some_and(|usage| !usage.digital_signature() && !usage.non_repudiation()) {
        return Err(lacks("keyUsage for signatures"));
    }
    let produced_at = response.produced_at();
    if produced_at < candidate.not_before() || candidate.not_after() < produced_at {
        return Err(RevocationFault::OcspResponderOutsideValidity {
            certificate: named(candidate),
            produced_at,
        });
    }
    // An authority that is an anchor speaks for its own certificates alone.
    if candidate.is_ca() != Some(true) && ask.store.anchor_of(candidate).is_some() {
        return Ok(Standing::Anchor);
    }
    if !candidate.faults().is_empty() || !candidate.unhandled_critical().is_empty() {
        return Err(lacks("a certificate of sound form"));
    }
    if candidate.issuer() != issuer.subject() {
        return Err(lacks("the issuer of the certificate as its own issuer"));
    }
    let algorithm = candidate.signature_algorithm();
    let algorithm = algorithm.filter(|a| a.digest() != Some(DigestAlgorithm::Md5));
    let signed = Signed {
        sha256: candidate.sha256(),
        tbs: candidate.tbs(),
        algorithm: algorithm.ok_or_else(|| lacks("a signature that can be checked"))?,
        signature: candidate.signature(),
    };
    match ask.memory.verify(&signed, issuer.public_key(), ask.work) {
        Checked::Holds if candidate.no_check() => Ok(Standing::NoCheck),
        Checked::Holds => Ok(Standing::MustBeAsked),
        Checked::GivenUp => Err(RevocationFault::Budget),
        _ => Err(lacks("a signature of the issuer of the certificate")),
    }
}

/// What one answer says about the certificate.
fn status_of(
    single: &SingleResponse,
    certificate: &Certificate,
    response: &OcspResponse,
    ask: &Ask<'_>,
) -> Result<Status, RevocationFault> {
    if let Some(oid) = single.unhandled_critical.first() {
        return Err(RevocationFault::OcspCriticalExtension { oid: oid.clone() });
    }
    if ask.latest(&response.sha256()) < single.this_update {
        return Err(RevocationFault::OcspFuture {
            this_update: single.this_update,
        });
    }
    if single
        .next_update
        .is_some_and(|next| next < single.this_update)
    {
        return Err(RevocationFault::OcspTimes);
    }
    if let Some((algorithm, hash)) = &single.cert_hash
        && Digest::of(*algorithm, certificate.der()).as_bytes() != hash
    {
        return Err(RevocationFault::OcspCertHash);
    }
    match single.status {
        CertStatus::Good => Ok(Status::Good),
        CertStatus::Revoked {
            at,
            reason: Some(CrlReason::CertificateHold),
        } => Ok(Status::OnHold { since: at }),
        CertStatus::Revoked { at, reason } => Ok(Status::Revoked { at, reason }),
        CertStatus::Unknown => Err(RevocationFault::OcspUnknown),
    }
}

fn statement(
    status: Status,
    single: &SingleResponse,
    response: &OcspResponse,
    responder: &Responder,
    ask: &Ask<'_>,
) -> Statement {
    let algorithm = response.signature_algorithm();
    Statement {
        status,
        source: Source::Ocsp,
        sha256: response.sha256(),
        number: None,
        together_with: Vec::new(),
        this_update: single.this_update,
        next_update: single.next_update,
        produced_at: Some(response.produced_at()),
        covers_expired_since: single.archive_cutoff,
        positive_hash: single.cert_hash.is_some(),
        signer: responder.certificate.clone(),
        signer_path: None,
        standing: responder.standing,
        digest: algorithm.and_then(|algorithm| algorithm.digest()),
        origins: ask.evidence.status_origins(&response.sha256()).to_vec(),
    }
}

/// Certificates of a response that are looked at; real ones carry a path.
const CARRIED: usize = 64;
/// Responders of one authority that are tried besides those in the response itself.
const RESPONDERS: usize = 16;
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
