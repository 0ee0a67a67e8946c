//! Revocation lists (RFC 5280 §6.3.3).

use crate::evidence::Origin;
use crate::revocation::{
    Ask, Refused, RevocationFault, Source, Statement, Statements, Status, is_broken,
};
use crate::time::Time;
use crate::x509::{Certificate, Crl, CrlReason, DistributionPoint, Name, Reasons};

/// What the lists say. One list speaks for all reasons or several have to do so together.
pub(super) fn statements(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
    said: &mut Statements,
) {
    let points = certificate.distribution_points();
    let mut bases: Vec<Usable<'_>> = Vec::new();
    let mut deltas: Vec<Usable<'_>> = Vec::new();
    for (crl, origins) in ask.evidence.crls() {
        let names_issuer = crl.issuer() == certificate.issuer();
        let named = points
            .iter()
            .any(|point| point.crl_issuer.contains(crl.issuer()));
        if !names_issuer && !named {
            continue;
        }
        match usable(crl, origins, certificate, issuer, &points, ask) {
            Ok(list) if crl.delta_base().is_some() => deltas.push(list),
            Ok(list) => bases.push(list),
            Err(why) => said.refused.push(Refused {
                source: Source::Crl,
                why,
            }),
        }
    }
    let mut partial: Vec<(Reasons, Statement)> = Vec::new();
    for base in &bases {
        let delta = deltas
            .iter()
            .filter(|delta| fits(delta.crl, base.crl))
            .max_by_key(|delta| delta.crl.this_update());
        match look_up(certificate, base, delta) {
            Err(why) => said.refused.push(Refused {
                source: Source::Crl,
                why,
            }),
            Ok(statement) => {
                // Who is revoked for one reason is revoked; who is not, for these alone.
                let is_good = statement.status == Status::Good;
                if is_good && !base.reasons.are_all() {
                    partial.push((base.reasons, statement));
                } else {
                    said.usable.push(statement);
                }
            }
        }
    }
    for delta in &deltas {
        if !bases.iter().any(|base| fits(delta.crl, base.crl)) {
            // Alone it cannot say "good"; a revocation in it is one all the same.
            match look_up(certificate, delta, None) {
                Ok(statement) if statement.status != Status::Good => said.usable.push(statement),
                _ => said.refused.push(Refused {
                    source: Source::Crl,
                    why: RevocationFault::DeltaWithoutBase,
                }),
            }
        }
    }
    together(partial, said);
}

/// Lists for some reasons each that cover all of them together; the oldest dates the answer.
fn together(partial: Vec<(Reasons, Statement)>, said: &mut Statements) {
    let mut covered: Option<Reasons> = None;
    let mut oldest: Option<Statement> = None;
    for (reasons, statement) in partial {
        covered = Some(covered.map_or(reasons, |covered| covered.or(reasons)));
        let is_older = oldest
            .as_ref()
            .is_none_or(|oldest| statement.this_update < oldest.this_update);
        if is_older {
            oldest = Some(statement);
        }
    }
    match (covered, oldest) {
        (Some(covered), Some(oldest)) if covered.are_all() => said.usable.push(oldest),
        (Some(_), _) => said.refused.push(Refused {
            source: Source::Crl,
            why: RevocationFault::Scope,
        }),
        (None, _) => {}
    }
}

/// A list that may speak about the certificate.
struct Usable<'a> {
    crl: &'a Crl,
    origins: &'a [Origin],
    signer: Certificate,
    reasons: Reasons,
    is_indirect: bool,
}

fn usable<'a>(
    crl: &'a Crl,
    origins: &'a [Origin],
    certificate: &Certificate,
    issuer: &Certificate,
    points: &[DistributionPoint],
    ask: &Ask<'_>,
) -> Result<Usable<'a>, RevocationFault> {
    if crl.this_update() > ask.at {
        return Err(RevocationFault::Future);
    }
    if !crl.unhandled_critical().is_empty() {
        return Err(RevocationFault::CriticalExtension);
    }
    let (reasons, is_indirect) = scope(crl, certificate, points)?;
    let signer = signer(crl, issuer, is_indirect, ask)?;
    Ok(Usable {
        crl,
        origins,
        signer,
        reasons,
        is_indirect,
    })
}

/// §6.3.3 (b): which reasons the list covers for this certificate.
fn scope(
    crl: &Crl,
    certificate: &Certificate,
    points: &[DistributionPoint],
) -> Result<(Reasons, bool), RevocationFault> {
    let own_issuer = certificate.issuer();
    let is_authority = certificate.is_ca() == Some(true);
    let point = crl.issuing_distribution_point();
    let is_indirect = point.is_some_and(|point| point.indirect);
    if let Some(point) = point {
        let wrong_kind = point.only_attributes
            || (point.only_users && is_authority)
            || (point.only_authorities && !is_authority);
        if wrong_kind {
            return Err(RevocationFault::Scope);
        }
    }
    let some = point
        .and_then(|point| point.some_reasons)
        .unwrap_or(Reasons::ALL);
    let names = point.map(|point| &point.names);
    let mut covered: Option<Reasons> = None;
    for candidate in points {
        // (b) 1: a point with its own issuer asks for an indirect list of that issuer.
        if candidate.crl_issuer.is_empty() {
            if crl.issuer() != own_issuer {
                continue;
            }
        } else if !candidate.crl_issuer.contains(crl.issuer())
            || (crl.issuer() != own_issuer && !is_indirect)
        {
            continue;
        }
        // (b) 2 (i): where the list is the list of one point, it has to be this one.
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            let issuers: Vec<&Name> = if candidate.crl_issuer.is_empty() {
                vec![own_issuer]
            } else {
                candidate.crl_issuer.iter().collect()
            };
            let meets = if candidate.names.is_empty() {
                candidate
                    .crl_issuer
                    .iter()
                    .any(|name| names.directory.contains(name))
            } else {
                candidate.names.meet(&issuers, names, crl.issuer())
            };
            if !meets {
                continue;
            }
        }
        let reasons = candidate.reasons.unwrap_or(Reasons::ALL).and(some);
        covered = Some(covered.map_or(reasons, |covered| covered.or(reasons)));
    }
    // The issuer's own list that is the list of no single point speaks for every certificate of the
    // issuer, whatever points the certificate names (§6.3.3, last paragraph).
    let is_whole = names.is_none_or(|names| names.is_empty());
    if crl.issuer() == own_issuer && is_whole {
        covered = Some(covered.map_or(some, |covered| covered.or(some)));
    }
    match covered {
        Some(reasons) if !reasons.is_empty() => Ok((reasons, is_indirect)),
        _ => Err(RevocationFault::Scope),
    }
}

/// §6.3.3 (f), (g): whose key signed it.
fn signer(
    crl: &Crl,
    issuer: &Certificate,
    is_indirect: bool,
    ask: &Ask<'_>,
) -> Result<Certificate, RevocationFault> {
    let algorithm = crl
        .signature_algorithm()
        .filter(|algorithm| !is_broken(algorithm))
        .ok_or(RevocationFault::Algorithm)?;
    let message = (crl.sha256(), crl.tbs(), crl.signature());
    let mut fault = RevocationFault::Signature;
    let may_sign = |certificate: &Certificate| {
        certificate
            .key_usage()
            .is_none_or(|usage| usage.crl_sign())
    };
    if crl.issuer() == issuer.subject() && ask.is_signed(message, &algorithm, issuer)? {
        if may_sign(issuer) {
            return Ok(issuer.clone());
        }
        fault = RevocationFault::MayNotSign;
    }
    // Another key of the same issuer, or the issuer of an indirect list: it needs a path of its own
    // to the same anchor.
    let others: Vec<Certificate> = ask
        .store
        .anchors_named(crl.issuer())
        .map(|anchor| anchor.certificate().clone())
        .chain(ask.store.helpers_named(crl.issuer()).cloned())
        .chain(ask.evidence.named(crl.issuer()).cloned())
        .filter(|other| other.public_key() != issuer.public_key())
        .filter(|other| match (crl.authority_key_id(), other.subject_key_id()) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        })
        .take(NAMESAKES)
        .collect();
    for other in others {
        if !ask.is_signed(message, &algorithm, &other)? {
            continue;
        }
        if !may_sign(&other) {
            fault = RevocationFault::MayNotSign;
        } else if ask.reaches_anchor(&other) {
            return Ok(other);
        } else {
            fault = RevocationFault::IssuerPath;
        }
    }
    let _ = is_indirect;
    Err(fault)
}

/// Whether an addition belongs to a complete list (§6.3.3 (c), §5.2.4).
fn fits(delta: &Crl, base: &Crl) -> bool {
    let (Some(from), Some(base_number), Some(delta_number)) =
        (delta.delta_base(), base.number(), delta.number())
    else {
        return false;
    };
    delta.issuer() == base.issuer()
        && delta.issuing_distribution_point() == base.issuing_distribution_point()
        && delta.authority_key_id() == base.authority_key_id()
        && at_least(base_number, from)
        && at_least(delta_number, base_number)
}

/// Magnitudes without leading zeros.
fn at_least(a: &[u8], b: &[u8]) -> bool {
    (a.len(), a) >= (b.len(), b)
}

fn look_up(
    certificate: &Certificate,
    base: &Usable<'_>,
    delta: Option<&Usable<'_>>,
) -> Result<Statement, RevocationFault> {
    let mut entry = find(certificate, base)?;
    let mut newest = base;
    if let Some(delta) = delta {
        newest = delta;
        match find(certificate, delta)? {
            Some((_, Some(CrlReason::RemoveFromCrl))) => entry = None,
            Some(found) => entry = Some(found),
            None => {}
        }
    }
    let status = match entry {
        None => Status::Good,
        Some((since, Some(CrlReason::CertificateHold))) => Status::OnHold { since },
        Some((at, reason)) => Status::Revoked { at, reason },
    };
    Ok(Statement {
        status,
        source: Source::Crl,
        sha256: newest.crl.sha256(),
        this_update: newest.crl.this_update(),
        next_update: newest.crl.next_update(),
        produced_at: None,
        covers_expired_since: base.crl.expired_certs_on_crl(),
        positive_hash: false,
        signer: newest.signer.clone(),
        digest: newest
            .crl
            .signature_algorithm()
            .and_then(|algorithm| algorithm.digest()),
        origins: newest.origins.to_vec(),
    })
}

type Entry = (Time, Option<CrlReason>);

/// One pass over the entries; the last about this certificate counts.
fn find(certificate: &Certificate, list: &Usable<'_>) -> Result<Option<Entry>, RevocationFault> {
    let mut found = None;
    for entry in list.crl.entries() {
        let entry = entry.map_err(|_| RevocationFault::Malformed)?;
        if entry.unhandled_critical {
            return Err(RevocationFault::CriticalExtension);
        }
        if entry.serial != certificate.serial() {
            continue;
        }
        let issuer = match &entry.certificate_issuer {
            Some(named) if list.is_indirect => named.as_ref(),
            Some(_) => return Err(RevocationFault::CriticalExtension),
            None => list.crl.issuer(),
        };
        if issuer == certificate.issuer() {
            found = Some((entry.revoked_at, entry.reason));
        }
    }
    Ok(found)
}

/// Certificates of one name that may have signed a list; real lists have one or two.
const NAMESAKES: usize = 16;
