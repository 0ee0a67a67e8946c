//! What judgement lacks, and who may be asked for it: [`Session`], for one file.
//!
//! The status of a certificate is asked for only when its path has reached an anchor, and only of
//! the addresses that this certificate names: then an authority that is trusted vouches for them.
//! Where an issuer is missing there is no such path, and only addresses on a list are asked: the
//! built-in one of the national authorities, and the operator's own.
//!
//! Order: what the file, the operator and the cache hold; OCSP; the revocation list; the list's
//! other places. What comes is evidence like any other and has to verify. Each address is asked
//! once for each certificate, a host that does not answer not again, and all of it is counted.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::crypto::{ToVerify, random, verify};
use crate::evidence::{Evidence, Origin};
use crate::fetch::{Address, Cache, CacheKey, Fetch, Host, Request, Wanted};
use crate::limits::Limits;
use crate::ocsp::{self, OcspResponse};
use crate::path::{PathFault, ValidPath, Work};
use crate::revocation::{self, Ask, Memory, Statement};
use crate::time::Time;
use crate::trust::{PLACES, TrustStore, mirror_of};
use crate::validate::HARD_PATHS;
use crate::verdict::{FetchFault, Reason};
use crate::x509::{Certificate, Crl};

/// Whom a verifier may ask, and what it remembers.
#[derive(Clone, Default)]
pub(crate) struct Online {
    pub(crate) fetch: Option<Arc<dyn Fetch + Send + Sync>>,
    pub(crate) cache: Option<Arc<dyn Cache + Send + Sync>>,
    /// The operator's own places of issuing certificates.
    pub(crate) places: Vec<Address>,
}

impl fmt::Debug for Online {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Online")
            .field("fetches", &self.fetch.is_some())
            .field("keeps", &self.cache.is_some())
            .field("places", &self.places)
            .finish()
    }
}

/// What was asked for one file.
pub(crate) struct Session<'v> {
    online: &'v Online,
    trust: &'v TrustStore,
    limits: &'v Limits,
    at: Time,
    wants: RefCell<Vec<Want>>,
    /// What is asked for no more, whether it was had or not.
    settled: RefCell<HashSet<Key>>,
    notes: RefCell<HashMap<Key, Vec<(String, FetchFault)>>>,
    silent: RefCell<HashMap<(Host, u16), FetchFault>>,
    asked: RefCell<HashMap<Host, usize>>,
    left: Cell<usize>,
    octets_left: Cell<u64>,
}

/// A certificate, and what about it.
type Key = ([u8; 32], Subject);

/// What is asked about a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// Whether it is revoked.
    Status,
    /// Who issued it.
    Issuer,
}

enum Want {
    /// The status of a certificate whose path is anchored.
    Status {
        certificate: Certificate,
        issuer: Certificate,
        path: ValidPath,
    },
    /// The certificate of whoever issued this one.
    Issuer(Certificate),
}

/// One question about a certificate.
struct Step {
    address: String,
    wanted: Wanted,
}

impl<'v> Session<'v> {
    pub(crate) fn new(
        online: &'v Online,
        trust: &'v TrustStore,
        limits: &'v Limits,
        at: Time,
    ) -> Self {
        Self {
            online,
            trust,
            limits,
            at,
            wants: RefCell::default(),
            settled: RefCell::default(),
            notes: RefCell::default(),
            silent: RefCell::default(),
            asked: RefCell::default(),
            left: Cell::new(limits.fetches),
            octets_left: Cell::new(limits.fetch_total),
        }
    }

    /// Wishes for a newer word about a certificate on an anchored path.
    pub(crate) fn want_status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        path: &ValidPath,
    ) {
        if self.begin((certificate.sha256(), Subject::Status)) {
            self.wants.borrow_mut().push(Want::Status {
                certificate: certificate.clone(),
                issuer: issuer.clone(),
                path: path.clone(),
            });
        }
    }

    /// Wishes for the issuers that a path could not be built without, and names what was asked for
    /// them in vain.
    pub(crate) fn want_issuers(
        &self,
        leaf: &Certificate,
        faults: &[PathFault],
        evidence: &Evidence,
        found: &mut Vec<Reason>,
    ) {
        for fault in faults {
            let PathFault::IssuerNotFound { certificate, .. } = fault else {
                continue;
            };
            let child = if leaf.sha256() == certificate.sha256 {
                Some(leaf)
            } else {
                evidence.find(&certificate.sha256)
            };
            let Some(child) = child else { continue };
            found.extend(self.notes(child, Subject::Issuer));
            if self.begin((child.sha256(), Subject::Issuer)) {
                self.wants.borrow_mut().push(Want::Issuer(child.clone()));
            }
        }
    }

    /// What was asked about a certificate in vain.
    pub(crate) fn notes(&self, certificate: &Certificate, subject: Subject) -> Vec<Reason> {
        let notes = self.notes.borrow();
        let about = notes
            .get(&(certificate.sha256(), subject))
            .into_iter()
            .flatten();
        about
            .take(NOTES)
            .map(|(address, fault)| Reason::NotFetched {
                certificate: certificate.subject().to_string(),
                address: address.clone(),
                fault: fault.clone(),
            })
            .collect()
    }

    /// Asks for what was wished for. Whether anything was: then the file is to be judged again.
    pub(crate) fn supply(&self, evidence: &mut Evidence) -> bool {
        let wants = self.wants.take();
        for want in &wants {
            match want {
                Want::Status {
                    certificate,
                    issuer,
                    path,
                } => self.status(certificate, issuer, path, evidence),
                Want::Issuer(child) => self.issuer(child, evidence),
            }
        }
        !wants.is_empty()
    }

    /// Notes that something is asked for; whether it was not before and somebody can be asked.
    fn begin(&self, key: Key) -> bool {
        let online = self.online;
        (online.fetch.is_some() || online.cache.is_some()) && self.settled.borrow_mut().insert(key)
    }

    fn note(&self, key: Key, address: &str, fault: FetchFault) {
        let mut notes = self.notes.borrow_mut();
        let about = notes.entry(key).or_default();
        let note = (address.to_owned(), fault);
        if !about.contains(&note) {
            about.push(note);
        }
    }

    fn status(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        path: &ValidPath,
        evidence: &mut Evidence,
    ) {
        let steps = status_steps(certificate, issuer);
        let subject = certificate.sha256();
        let key = (subject, Subject::Status);
        let about = |wanted| (wanted == Wanted::Ocsp).then_some(&subject);
        let question = Question {
            certificate,
            issuer,
            path,
        };
        let kept = self.kept(key, &steps, about, |octets, wanted| {
            let pieces = question.read(octets, wanted, None).ok()?;
            let pieces = add(pieces, Origin::Cache, evidence);
            self.said(&question, &pieces, evidence).map(|_| ())
        });
        let Some(fetch) = &self.online.fetch else {
            return;
        };
        if kept.is_some_and(|since| self.is_recent(since)) {
            return;
        }
        for step in &steps {
            let Some(address) = self.address(key, step) else {
                continue;
            };
            let nonce: Option<[u8; NONCE]> = (step.wanted == Wanted::Ocsp).then(random).flatten();
            let nonce = nonce.as_ref().map(<[u8; NONCE]>::as_slice);
            let body =
                (step.wanted == Wanted::Ocsp).then(|| ocsp::request(certificate, issuer, nonce));
            let answer = self.ask(&**fetch, &address, step.wanted, body);
            let read = answer.and_then(|octets| {
                let pieces = question.read(&octets, step.wanted, nonce)?;
                Ok((octets, pieces))
            });
            match read {
                Ok((octets, pieces)) => {
                    let pieces = add(pieces, Origin::Online, evidence);
                    // What cannot be used is named with the evidence, and the next is asked.
                    if let Some(statement) = self.said(&question, &pieces, evidence) {
                        let kept = CacheKey::new(step.wanted, &address, about(step.wanted));
                        if let (Some(cache), Some(until)) =
                            (&self.online.cache, statement.next_update)
                        {
                            cache.put(&kept, &octets, until);
                        }
                        return;
                    }
                }
                Err(fault) => self.note(key, &step.address, fault),
            }
        }
    }

    /// What one of these pieces says about the certificate, where it may speak and is not overdue: an
    /// old answer sent once more must not keep the next address from being asked.
    fn said(
        &self,
        question: &Question<'_>,
        pieces: &[[u8; 32]],
        evidence: &Evidence,
    ) -> Option<Statement> {
        let work = Work::new(self.limits, HARD_PATHS);
        let memory = Memory::new(self.limits);
        let ask = Ask {
            evidence,
            store: self.trust,
            anchor: question.path.anchor(),
            purpose: question.path.purpose(),
            at: self.at,
            limits: self.limits,
            work: &work,
            memory: &memory,
        };
        let said = revocation::statements(question.certificate, question.issuer, &ask);
        let mut usable = said.usable.into_iter();
        usable.find(|statement| {
            pieces.contains(&statement.sha256)
                && statement.next_update.is_none_or(|next| next >= self.at)
        })
    }

    fn issuer(&self, child: &Certificate, evidence: &mut Evidence) {
        let key = (child.sha256(), Subject::Issuer);
        let mut addresses: Vec<String> = mirror_of(child.issuer())
            .map(|mirror| mirror.certificates)
            .unwrap_or_default()
            .iter()
            .map(|address| (*address).to_owned())
            .collect();
        for address in child.ca_issuers() {
            if addresses.contains(address) || !is_http(address) {
                continue;
            }
            match Address::parse(address) {
                Ok(parsed) if self.is_listed(&parsed) => addresses.push(address.clone()),
                Ok(_) if self.online.fetch.is_some() => {
                    self.note(key, address, FetchFault::NotListed);
                }
                Ok(_) => {}
                Err(fault) => self.note(key, address, fault),
            }
        }
        let steps: Vec<Step> = addresses
            .into_iter()
            .map(|address| Step {
                address,
                wanted: Wanted::Certificates,
            })
            .collect();
        let kept = self.kept(
            key,
            &steps,
            |_| None,
            |octets, _| {
                let issuers = issuers(child, octets).ok()?;
                for issuer in issuers {
                    let _ = evidence.add(issuer, Origin::Cache);
                }
                Some(())
            },
        );
        let (None, Some(fetch)) = (kept, &self.online.fetch) else {
            return;
        };
        for step in &steps {
            let Some(address) = self.address(key, step) else {
                continue;
            };
            let answer = self.ask(&**fetch, &address, step.wanted, None);
            let read = answer.and_then(|octets| {
                let issuers = issuers(child, &octets)?;
                Ok((octets, issuers))
            });
            match read {
                Ok((octets, issuers)) => {
                    let until = issuers.iter().map(Certificate::not_after).min();
                    for issuer in issuers {
                        let _ = evidence.add(issuer, Origin::Online);
                    }
                    if let (Some(cache), Some(until)) = (&self.online.cache, until) {
                        cache.put(&CacheKey::new(step.wanted, &address, None), &octets, until);
                    }
                    return;
                }
                Err(fault) => self.note(key, &step.address, fault),
            }
        }
    }

    fn is_listed(&self, address: &Address) -> bool {
        let built_in = PLACES.iter().filter_map(|place| Address::parse(place).ok());
        let own = self.online.places.iter().cloned();
        built_in.chain(own).any(|place| address.is_under(&place))
    }

    /// The first thing that is kept and that `take` can use; when it came.
    fn kept<'s>(
        &self,
        about_what: Key,
        steps: &[Step],
        about: impl Fn(Wanted) -> Option<&'s [u8; 32]>,
        mut take: impl FnMut(&[u8], Wanted) -> Option<()>,
    ) -> Option<Time> {
        let cache = self.online.cache.as_ref()?;
        for step in steps {
            let Ok(address) = Address::parse(&step.address) else {
                continue;
            };
            match cache.get(&CacheKey::new(step.wanted, &address, about(step.wanted))) {
                Ok(None) => {}
                Ok(Some(kept)) => {
                    if take(&kept.octets, step.wanted).is_some() {
                        return Some(kept.since);
                    }
                }
                Err(_) => self.note(about_what, &step.address, FetchFault::CacheDamaged),
            }
        }
        None
    }

    /// What came so lately that asking again would say the same.
    fn is_recent(&self, since: Time) -> bool {
        let age = self.at.unix().saturating_sub(since.unix());
        (0..=RECENT).contains(&age)
    }

    fn address(&self, key: Key, step: &Step) -> Option<Address> {
        match Address::parse(&step.address) {
            Ok(address) => Some(address),
            Err(fault) => {
                self.note(key, &step.address, fault);
                None
            }
        }
    }

    /// Asks, within what is left for the file.
    fn ask(
        &self,
        fetch: &dyn Fetch,
        address: &Address,
        wanted: Wanted,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, FetchFault> {
        let server = (address.host().clone(), address.port());
        if let Some(fault) = self.silent.borrow().get(&server) {
            return Err(fault.clone());
        }
        let spent = |what| Err(FetchFault::Budget { what });
        let left = self.left.get();
        if left == 0 {
            return spent("requests for one file");
        }
        {
            let mut asked = self.asked.borrow_mut();
            let of_host = asked.entry(address.host().clone()).or_default();
            if *of_host >= self.limits.fetches_per_host {
                return spent("requests to one host");
            }
            *of_host = of_host.saturating_add(1);
        }
        self.left.set(left.saturating_sub(1));
        let limit = match wanted {
            Wanted::Crl => self.limits.fetch_size,
            _ => self.limits.fetch_size / 16,
        };
        let octets_left = self.octets_left.get();
        if octets_left == 0 {
            return spent("size of everything fetched for one file");
        }
        let limit = limit.min(octets_left);
        let answer = fetch.fetch(&Request::new(address.clone(), wanted, body, limit));
        match answer {
            Ok(octets) => {
                let size = u64::try_from(octets.len()).unwrap_or(u64::MAX);
                self.octets_left.set(octets_left.saturating_sub(size));
                // A fetcher of somebody else's may have passed the limit over.
                if size > limit {
                    return Err(FetchFault::TooLarge { limit });
                }
                Ok(octets)
            }
            Err(error) => {
                let fault = error.fault().clone();
                if matches!(fault, FetchFault::TooLarge { .. }) {
                    self.octets_left.set(octets_left.saturating_sub(limit));
                }
                if matches!(
                    fault,
                    FetchFault::Unreachable { .. }
                        | FetchFault::Timeout
                        | FetchFault::Forbidden { .. }
                ) {
                    self.silent.borrow_mut().insert(server, fault.clone());
                }
                Err(fault)
            }
        }
    }
}

/// Where the status of a certificate can be asked, in order.
fn status_steps(certificate: &Certificate, issuer: &Certificate) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut add = |address: &str, wanted| {
        if is_http(address) && !steps.iter().any(|step| step.address == address) {
            steps.push(Step {
                address: address.to_owned(),
                wanted,
            });
        }
    };
    for address in certificate.ocsp() {
        add(address, Wanted::Ocsp);
    }
    for address in certificate.crl_addresses() {
        add(address, Wanted::Crl);
    }
    let mirror = mirror_of(issuer.subject());
    for address in mirror.map(|mirror| mirror.lists).unwrap_or_default() {
        add(address, Wanted::Crl);
    }
    steps.truncate(STEPS);
    steps
}

/// Directories (LDAP) and file shares stand beside http addresses in many certificates.
fn is_http(address: &str) -> bool {
    let scheme = address.split(':').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// A certificate whose status is asked for.
struct Question<'q> {
    certificate: &'q Certificate,
    issuer: &'q Certificate,
    path: &'q ValidPath,
}

enum Piece {
    Crl(Crl),
    Ocsp(OcspResponse),
}

impl Question<'_> {
    /// Reads an answer. Whether it may speak is not asked here.
    fn read(
        &self,
        octets: &[u8],
        wanted: Wanted,
        nonce: Option<&[u8]>,
    ) -> Result<Vec<Piece>, FetchFault> {
        let unusable = |what| FetchFault::Unusable { what };
        if wanted != Wanted::Ocsp {
            let lists =
                Crl::many_from_pem_or_der(octets).map_err(|_| unusable("not a revocation list"))?;
            let pieces: Vec<Piece> = lists.into_iter().take(PIECES).map(Piece::Crl).collect();
            return Ok(pieces);
        }
        let response =
            OcspResponse::from_der(octets).map_err(|_| unusable("not an OCSP response"))?;
        if response.status() != 0 {
            return Err(FetchFault::Declined {
                status: response.status(),
            });
        }
        // RFC 9654 §2: what carries a nonce must carry ours; what carries none is held by its times.
        if let (Some(sent), Some(answered)) = (nonce, response.nonce())
            && sent != answered
        {
            return Err(FetchFault::Nonce);
        }
        let is_about = response
            .responses()
            .iter()
            .any(|single| single.cert_id.names(self.certificate, self.issuer));
        if !is_about {
            return Err(unusable("an OCSP response about another certificate"));
        }
        Ok(vec![Piece::Ocsp(response)])
    }
}

/// Adds what was read; the SHA-256 of each.
fn add(pieces: Vec<Piece>, origin: Origin, evidence: &mut Evidence) -> Vec<[u8; 32]> {
    pieces
        .into_iter()
        .map(|piece| match piece {
            // A full pool leaves it out, and it says nothing then.
            Piece::Crl(list) => {
                let sha256 = list.sha256();
                let _ = evidence.add_crl(list, origin);
                sha256
            }
            Piece::Ocsp(response) => {
                let sha256 = response.sha256();
                let _ = evidence.add_ocsp(response, origin);
                sha256
            }
        })
        .collect()
}

/// The certificates of an answer that issued this one: whose name it bears and whose key signed it.
fn issuers(child: &Certificate, octets: &[u8]) -> Result<Vec<Certificate>, FetchFault> {
    let unusable = |what| FetchFault::Unusable { what };
    let all = Certificate::many_from_pem_or_der(octets).map_err(|_| unusable("no certificate"))?;
    let issued = |issuer: &Certificate| {
        issuer.subject() == child.issuer()
            && child.signature_algorithm().is_some_and(|algorithm| {
                let message = ToVerify::Message(child.tbs());
                verify(issuer.public_key(), &algorithm, message, child.signature()).is_ok()
            })
    };
    let issuers: Vec<Certificate> = all
        .into_iter()
        .take(CANDIDATES)
        .filter(issued)
        .take(PIECES)
        .collect();
    if issuers.is_empty() {
        return Err(unusable("not the certificate of the issuer"));
    }
    Ok(issuers)
}

/// How often a file is judged again with what has come: an issuer for each certificate of a path,
/// and the status at the end.
pub(crate) const ROUNDS: usize = 8;
/// Octets of a nonce (RFC 9654 §2.1).
const NONCE: usize = 32;
/// Seconds in which the same answer is not asked for again.
const RECENT: i64 = 3_600;
/// Addresses asked about one certificate.
const STEPS: usize = 8;
/// Faults named for one certificate.
const NOTES: usize = 8;
/// Items taken from one answer.
const PIECES: usize = 4;
/// Certificates of one answer that are looked at.
const CANDIDATES: usize = 32;
