//! Revocation lists (RFC 5280 §6.3.3).
//!
//! The order is by cost: form and scope first, the signature then, the entries last.

use std::collections::HashSet;

use crate::crypto::DigestAlgorithm;
use crate::path::{ValidPath, build_within};
use crate::revocation::fault::{RevocationFault, named};
use crate::revocation::memory::{Checked, Signed};
use crate::revocation::{About, Ask, Source, Standing, Statement, Statements, Status};
use crate::time::Time;
use crate::x509::{Certificate, Crl, CrlReason, Reasons};

/// An entry about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    at: Time,
    reason: Option<CrlReason>,
}

impl Found {
    /// Revoked or suspended, and not back again.
    fn is_gone(self) -> bool {
        self.reason != Some(CrlReason::RemoveFromCrl)
    }
}

/// Whoever signed a list and may.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    certificate: Certificate,
    path: Option<ValidPath>,
    standing: Standing,
}

/// A complete list that may speak, perhaps with the changes to it.
struct Voice<'a> {
    /// Complete list first.
    lists: Vec<&'a Crl>,
    reasons: Reasons,
    signer: Signer,
    found: Option<Found>,
}

/// Adds what the lists at hand say.
pub(super) fn statements(
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
    into: &mut Statements,
) {
    let (deltas, lists): (Vec<_>, Vec<_>) = about(certificate, ask)
        .into_iter()
        .partition(|list| list.delta_base().is_some());
    let mut voices = Vec::new();
    for list in lists {
        match voice(list, certificate, issuer, ask) {
            Ok(voice) => voices.push(voice),
            Err(why) => into.refuse(Source::Crl, list.sha256(), why),
        }
    }
    let mut changed = changed(&deltas, &voices, (certificate, issuer), ask, into);
    // Before those without changes, so that of the same time the changed one counts.
    changed.append(&mut voices);

    let mut partial = Vec::new();
    for voice in changed {
        if voice.found.is_none() && !voice.reasons.is_all() {
            partial.push(voice);
        } else if let Some(statement) = statement(&[&voice], ask) {
            into.usable.push(statement);
        }
    }
    together(partial, ask, into);
}

/// The lists of everyone who could speak about the certificate: its issuer, and the issuers of
/// lists that it names.
fn about<'a>(certificate: &Certificate, ask: &Ask<'a>) -> Vec<&'a Crl> {
    let named = certificate.distribution_points().iter();
    let named = named.flat_map(|point| &point.crl_issuer);
    let mut names = HashSet::new();
    let mut lists = Vec::new();
    for name in std::iter::once(certificate.issuer()).chain(named) {
        if names.insert(name) {
            lists.extend(ask.evidence.crls_by(name));
        }
    }
    lists
}

/// A complete list: may it speak, and what does it say?
fn voice<'a>(
    list: &'a Crl,
    certificate: &Certificate,
    issuer: &Certificate,
    ask: &Ask<'_>,
) -> Result<Voice<'a>, RevocationFault> {
    form(list, ask)?;
    let reasons = ask
        .memory
        .scope(list, certificate)
        .map_err(|scope| RevocationFault::CrlScope { scope })?;
    let signer = signer(list, issuer, ask)?;
    let found = look_up(list, certificate, ask)?;
    Ok(Voice {
        lists: vec![list],
        reasons,
        signer,
        found,
    })
}

/// What can be said without any key.
fn form(list: &Crl, ask: &Ask<'_>) -> Result<(), RevocationFault> {
    if let Some(oid) = list.unhandled_critical().first() {
        return Err(RevocationFault::CrlCriticalExtension { oid: oid.clone() });
    }
    if ask.latest(&list.sha256()) < list.this_update() {
        return Err(RevocationFault::CrlFuture {
            this_update: list.this_update(),
        });
    }
    if list
        .next_update()
        .is_some_and(|next| next < list.this_update())
    {
        return Err(RevocationFault::CrlTimes);
    }
    Ok(())
}

/// What is signed. MD5 collides at will: such a list could have been made from a harmless one.
fn signed(list: &Crl) -> Result<Signed<'_>, RevocationFault> {
    let algorithm = list.signature_algorithm();
    let algorithm = algorithm.filter(|a| a.digest() != Some(DigestAlgorithm::Md5));
    Ok(Signed {
        sha256: list.sha256(),
        tbs: list.tbs(),
        algorithm: algorithm.ok_or(RevocationFault::CrlAlgorithm)?,
        signature: list.signature(),
    })
}

/// Who signed the list, where that is somebody who may: the key that issued the certificate, or
/// another key of the list's issuer with its own path to the same anchor (§6.3.3 f, g).
///
/// Several keys may bear the name; key identifiers only order them.
fn signer(list: &Crl, issuer: &Certificate, ask: &Ask<'_>) -> Result<Signer, RevocationFault> {
    let about = About {
        certificate: list.sha256(),
        issuer: issuer.sha256(),
        anchor: ask.anchor.certificate().sha256(),
        purpose: ask.purpose,
    };
    ask.memory.signer(about, || find_signer(list, issuer, ask))
}

fn find_signer(list: &Crl, issuer: &Certificate, ask: &Ask<'_>) -> Result<Signer, RevocationFault> {
    let signed = signed(list)?;
    let is_own = list.issuer() == issuer.subject();
    let mut worst = RevocationFault::CrlSignature;
    for candidate in candidates(list, issuer, ask) {
        match ask.memory.verify(&signed, candidate.public_key(), ask.work) {
            Checked::Holds => {}
            Checked::Fails => continue,
            Checked::Unsupported => {
                if worst == RevocationFault::CrlSignature {
                    worst = RevocationFault::CrlAlgorithm;
                }
                continue;
            }
            Checked::GivenUp => return Err(RevocationFault::Budget),
        }
        let is_issuer = is_own && candidate.public_key() == issuer.public_key();
        let found = if is_issuer {
            itself(issuer)
        } else {
            another(candidate, issuer, is_own, ask)
        };
        match found {
            Ok(signer) => return Ok(signer),
            Err(why) => worst = why,
        }
    }
    Err(worst)
}

/// Everyone with the name of the list's issuer, likeliest first.
fn candidates<'a>(list: &Crl, issuer: &'a Certificate, ask: &Ask<'a>) -> Vec<&'a Certificate> {
    let name = list.issuer();
    let own = (issuer.subject() == name).then_some(issuer);
    let anchors = ask.store.anchors_named(name).map(|a| a.certificate());
    let others = anchors
        .chain(ask.store.helpers_named(name))
        .chain(ask.evidence.named(name).filter(|c| !ask.store.refuses(c)));
    let mut seen = HashSet::new();
    let mut candidates: Vec<&Certificate> = own
        .into_iter()
        .chain(others)
        .filter(|certificate| seen.insert(certificate.sha256()))
        .collect();
    // The sort is stable: the issuer's own key comes first among its equals.
    candidates.sort_by_key(|c| match (list.authority_key_id(), c.subject_key_id()) {
        (Some(wanted), Some(found)) if wanted == found => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    });
    candidates
}

/// The key that issued the certificate.
fn itself(issuer: &Certificate) -> Result<Signer, RevocationFault> {
    if issuer.key_usage().is_some_and(|usage| !usage.crl_sign()) {
        return Err(RevocationFault::CrlIssuerMayNotSign {
            certificate: named(issuer),
        });
    }
    Ok(Signer {
        certificate: issuer.clone(),
        path: None,
        standing: Standing::Issuer,
    })
}

/// Another key: a second key of the same authority, the key before or after a rollover, or the
/// issuer of indirect lists.
fn another(
    candidate: &Certificate,
    issuer: &Certificate,
    is_own: bool,
    ask: &Ask<'_>,
) -> Result<Signer, RevocationFault> {
    // Without keyUsage every use is allowed (§6.3.3 f), but a mere subscriber issues no lists.
    let may_sign = match candidate.key_usage() {
        Some(usage) => usage.crl_sign(),
        None => candidate.is_ca() == Some(true) || ask.store.anchor_of(candidate).is_some(),
    };
    if !may_sign {
        return Err(RevocationFault::CrlIssuerMayNotSign {
            certificate: named(candidate),
        });
    }
    if ask.at < candidate.not_before() || candidate.not_after() < ask.at {
        return Err(RevocationFault::CrlIssuerOutsideValidity {
            certificate: named(candidate),
            at: ask.at,
        });
    }
    let key = (candidate.sha256(), ask.at.utc(), ask.purpose);
    let path = ask.memory.path(key, || {
        build_within(
            candidate,
            ask.evidence,
            ask.store,
            ask.at,
            ask.purpose,
            ask.limits,
            ask.work,
        )
    });
    let path = path.map_err(|faults| RevocationFault::CrlIssuerWithoutPath {
        certificate: named(candidate),
        faults,
    })?;
    let here = ask.anchor.certificate();
    let there = path.anchor().certificate();
    let is_same_anchor =
        here.subject() == there.subject() && here.public_key() == there.public_key();
    // Another authority may bear the same name under another parent; also one below the anchor that
    // took the anchor's name. Who stands above an authority that named itself anew is not known here.
    let is_renewed = issuer.is_self_issued() && issuer != here;
    let is_same_authority = !is_own || is_renewed || parent(&path) == Some(issuer.issuer());
    if !is_same_anchor || !is_same_authority {
        return Err(RevocationFault::CrlIssuerElsewhere {
            certificate: named(candidate),
        });
    }
    let standing = match path.certificates() {
        [_] => Standing::Anchor,
        _ => Standing::MustBeAsked,
    };
    Ok(Signer {
        certificate: candidate.clone(),
        path: Some(path),
        standing,
    })
}

/// Who stands above the authority at the foot of the path, its self-issued certificates passed
/// over.
fn parent(path: &ValidPath) -> Option<&crate::x509::Name> {
    let first = path.certificates().first()?;
    let same = path.certificates().iter();
    let last = same.take_while(|c| c.subject() == first.subject()).last()?;
    Some(last.issuer())
}

/// The entry about the certificate. All entries are read: one that must not be passed over makes
/// the whole list unusable, wherever it stands.
fn look_up(
    list: &Crl,
    certificate: &Certificate,
    ask: &Ask<'_>,
) -> Result<Option<Found>, RevocationFault> {
    let pair = (list.sha256(), certificate.sha256());
    ask.memory.look_up(pair, list.der().len(), || {
        let serial = minimal(certificate.serial());
        let is_own = list.issuer() == certificate.issuer();
        let mut found: Option<Found> = None;
        for entry in list.entries() {
            let entry = entry.map_err(|error| RevocationFault::CrlMalformed {
                what: error.detail().to_owned(),
            })?;
            if entry.unhandled_critical {
                return Err(RevocationFault::CrlCriticalEntryExtension);
            }
            let is_back = entry.reason == Some(CrlReason::RemoveFromCrl);
            if is_back && list.delta_base().is_none() {
                return Err(RevocationFault::CrlMalformed {
                    what: "removeFromCRL in a complete list".to_owned(),
                });
            }
            if minimal(entry.serial) != serial {
                continue;
            }
            let is_meant = match &entry.certificate_issuer {
                Some(issuer) => **issuer == *certificate.issuer(),
                None => is_own,
            };
            if !is_meant {
                continue;
            }
            // Twice in one list is against the rules; the graver counts.
            if found.is_none_or(|found| found.reason == Some(CrlReason::RemoveFromCrl)) {
                found = Some(Found {
                    at: entry.revoked_at,
                    reason: entry.reason,
                });
            }
        }
        Ok(found)
    })
}

/// The octets of an INTEGER without those that DER leaves out: old authorities did not.
pub(super) fn minimal(mut octets: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = octets {
        let is_superfluous = match rest.first() {
            Some(second) => matches!((first, second & 0x80), (0, 0) | (0xff, 0x80)),
            None => false,
        };
        if !is_superfluous {
            break;
        }
        octets = rest;
    }
    octets
}

/// Puts to each complete list the newest list of changes that fits it (§5.2.4).
fn changed<'a>(
    deltas: &[&'a Crl],
    voices: &[Voice<'a>],
    (certificate, issuer): (&Certificate, &Certificate),
    ask: &Ask<'_>,
    into: &mut Statements,
) -> Vec<Voice<'a>> {
    let mut newest_first = Vec::new();
    for delta in deltas {
        match form(delta, ask).and_then(|()| signed(delta)) {
            Ok(signed) => newest_first.push(Change {
                delta,
                signed,
                why: Some(RevocationFault::CrlDeltaWithoutBase),
            }),
            Err(why) => into.refuse(Source::Crl, delta.sha256(), why),
        }
    }
    newest_first.sort_by(|a, b| compare(b.delta.number(), a.delta.number()));
    let mut changed = Vec::new();
    for voice in voices {
        let Some(base) = voice.lists.first() else {
            continue;
        };
        let mut is_changed = false;
        for change in newest_first.iter_mut().filter(|c| fits(c.delta, base)) {
            if is_changed {
                // A newer one stands in for it.
                change.why = None;
                continue;
            }
            match change.apply(voice, certificate, ask) {
                Ok(found) => {
                    is_changed = true;
                    change.why = None;
                    changed.push(Voice {
                        lists: vec![base, change.delta],
                        reasons: voice.reasons,
                        signer: voice.signer.clone(),
                        found,
                    });
                }
                Err(why) => change.why = change.why.take().map(|_| why),
            }
        }
    }
    for change in newest_first {
        let Some(why) = change.why else {
            continue;
        };
        // Whom it names is revoked whatever it changes; only its silence says nothing.
        match voice(change.delta, certificate, issuer, ask) {
            Ok(voice) if voice.found.is_some_and(Found::is_gone) => changed.push(voice),
            Err(RevocationFault::Budget) => {
                into.refuse(Source::Crl, change.delta.sha256(), RevocationFault::Budget);
            }
            _ => into.refuse(Source::Crl, change.delta.sha256(), why),
        }
    }
    changed
}

/// A list of changes, and why it counts for nothing; nothing once it does.
struct Change<'a> {
    delta: &'a Crl,
    signed: Signed<'a>,
    why: Option<RevocationFault>,
}

impl Change<'_> {
    /// What the complete list says with these changes. They must be signed by the same key.
    fn apply(
        &self,
        voice: &Voice<'_>,
        certificate: &Certificate,
        ask: &Ask<'_>,
    ) -> Result<Option<Found>, RevocationFault> {
        let key = voice.signer.certificate.public_key();
        match ask.memory.verify(&self.signed, key, ask.work) {
            Checked::Holds => {}
            Checked::GivenUp => return Err(RevocationFault::Budget),
            _ => return Err(RevocationFault::CrlSignature),
        }
        Ok(match look_up(self.delta, certificate, ask)? {
            Some(found) if found.reason == Some(CrlReason::RemoveFromCrl) => None,
            Some(found) => Some(found),
            None => voice.found,
        })
    }
}

/// Whether the changes are changes to this list: same issuer, same part, same key, and no gap
/// between the two (§5.2.4, §6.3.3 c).
fn fits(delta: &Crl, base: &Crl) -> bool {
    use std::cmp::Ordering::Less;
    let (Some(from), Some(number), Some(of_base)) =
        (delta.delta_base(), delta.number(), base.number())
    else {
        return false;
    };
    delta.issuer() == base.issuer()
        && delta.issuing_distribution_point() == base.issuing_distribution_point()
        && delta.authority_key_id() == base.authority_key_id()
        && compare(Some(of_base), Some(from)) != Less
        && compare(Some(number), Some(of_base)) != Less
}

/// The order of list numbers: INTEGERs that are not negative.
fn compare(a: Option<&[u8]>, b: Option<&[u8]>) -> std::cmp::Ordering {
    let key = |number: Option<&[u8]>| {
        let octets = minimal(number.unwrap_or_default()).to_vec();
        // A leading zero octet marks a high bit as no sign.
        let octets = match octets.as_slice() {
            [0, rest @ ..] => rest.to_vec(),
            _ => octets,
        };
        (octets.len(), octets)
    };
    key(a).cmp(&key(b))
}

/// What voices under one key say together. One alone, or several that say nothing about the
/// certificate, each for some reasons: then the oldest sets the time.
fn statement(voices: &[&Voice<'_>], ask: &Ask<'_>) -> Option<Statement> {
    let newest = |voice: &&&Voice<'_>| voice.lists.last().map(|list| list.this_update());
    let first = voices.iter().min_by_key(newest)?;
    let list = first.lists.last()?;
    let every = || voices.iter().flat_map(|voice| &voice.lists);
    let last_lists = || voices.iter().filter_map(|voice| voice.lists.last());
    let mut origins = Vec::new();
    for origin in every().flat_map(|list| ask.evidence.status_origins(&list.sha256())) {
        if !origins.contains(origin) {
            origins.push(*origin);
        }
    }
    let expired: Option<Vec<Time>> = every().map(|list| list.expired_certs_on_crl()).collect();
    Some(Statement {
        status: status(first.found),
        source: Source::Crl,
        sha256: list.sha256(),
        number: list.number().map(<[u8]>::to_vec),
        together_with: every()
            .map(|other| other.sha256())
            .filter(|sha256| *sha256 != list.sha256())
            .collect(),
        this_update: list.this_update(),
        next_update: last_lists().filter_map(|list| list.next_update()).min(),
        produced_at: None,
        covers_expired_since: expired.and_then(|times| times.into_iter().max()),
        positive_hash: false,
        signer: first.signer.certificate.clone(),
        signer_path: first.signer.path.clone(),
        standing: first.signer.standing,
        digest: weakest(every()),
        origins,
    })
}

/// The weakest hash among the signatures.
fn weakest<'a>(lists: impl Iterator<Item = &'a &'a Crl>) -> Option<DigestAlgorithm> {
    let digests = lists.filter_map(|list| list.signature_algorithm()?.digest());
    // The order of the type is weakest first.
    digests.min()
}

fn status(found: Option<Found>) -> Status {
    match found {
        None => Status::Good,
        Some(Found {
            at,
            reason: Some(CrlReason::CertificateHold),
        }) => Status::OnHold { since: at },
        Some(Found { at, reason }) => Status::Revoked { at, reason },
    }
}

/// Puts lists for some reasons together until every reason is spoken about (§6.3.3, the loop over
/// reasons_mask). Only lists of one signer: a statement has one.
fn together(mut partial: Vec<Voice<'_>>, ask: &Ask<'_>, into: &mut Statements) {
    partial
        .sort_by_key(|voice| std::cmp::Reverse(voice.lists.last().map(|list| list.this_update())));
    let mut signers = Vec::new();
    for voice in &partial {
        if !signers.contains(&&voice.signer.certificate) {
            signers.push(&voice.signer.certificate);
        }
    }
    for signer in signers {
        let mut reasons = Reasons::NONE;
        let mut chosen: Vec<&Voice<'_>> = Vec::new();
        for voice in partial.iter().filter(|v| v.signer.certificate == *signer) {
            if reasons.or(voice.reasons) != reasons {
                reasons = reasons.or(voice.reasons);
                chosen.push(voice);
            }
        }
        if reasons.is_all() {
            into.usable.extend(statement(&chosen, ask));
            continue;
        }
        for list in chosen.iter().filter_map(|voice| voice.lists.last()) {
            into.refuse(Source::Crl, list.sha256(), RevocationFault::CrlSomeReasons);
        }
    }
}
