//! [`Memory`]: what was found out about the evidence of one file, so that it is found out once.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::crypto::{Digest, PublicKey, SignatureAlgorithm, ToVerify, VerifyFault, sha256, verify};
use crate::limits::Limits;
use crate::path::{ValidPath, Work};
use crate::revocation::crl::Found;
use crate::revocation::fault::{RevocationFault, Scope};
use crate::revocation::scope;
use crate::time::Time;
use crate::trust::Purpose;
use crate::x509::{Certificate, Crl, Reasons};

/// Ten signatures of one file ask about the same authorities, and their lists may hold tens of
/// thousands of entries: each signature is checked once, each certificate looked up once in each
/// list. What is kept depends on octets alone, never on the time asked about, but for paths, which
/// are kept by their time.
#[derive(Debug)]
pub(crate) struct Memory {
    digests: RefCell<HashMap<[u8; 32], Digest>>,
    signatures: RefCell<HashMap<Pair, Checked>>,
    found: RefCell<HashMap<Pair, Result<Option<Found>, RevocationFault>>>,
    paths: RefCell<HashMap<PathOf, ValidPath>>,
    scopes: RefCell<HashMap<Pair, Result<Reasons, Scope>>>,
    answers: RefCell<HashMap<Pair, Vec<usize>>>,
    octets: Cell<u64>,
}

/// A piece of evidence, and a key or certificate: their SHA-256.
type Pair = ([u8; 32], [u8; 32]);

/// The SHA-256 of the certificate, when, and for what.
type PathOf = ([u8; 32], Time, Purpose);

/// What a signature check gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    Holds,
    Fails,
    Unsupported,
    GivenUp,
}

/// What is signed, by its whole and its signed octets.
pub(super) struct Signed<'a> {
    pub(super) sha256: [u8; 32],
    pub(super) tbs: &'a [u8],
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) signature: &'a [u8],
}

impl Memory {
    /// Nothing is known yet.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            digests: RefCell::default(),
            signatures: RefCell::default(),
            found: RefCell::default(),
            paths: RefCell::default(),
            scopes: RefCell::default(),
            answers: RefCell::default(),
            octets: Cell::new(limits.crl_octets),
        }
    }

    /// Whether this key made the signature. The octets are hashed once, whatever the number of
    /// keys that are tried.
    pub(super) fn verify(&self, signed: &Signed<'_>, key: &PublicKey, work: &Work) -> Checked {
        let pair = (signed.sha256, sha256(key.spki_der()));
        if let Some(known) = self.signatures.borrow().get(&pair) {
            return *known;
        }
        if !work.take_signature_check() {
            return Checked::GivenUp;
        }
        let result = match signed.algorithm.digest() {
            Some(digest) => {
                let mut digests = self.digests.borrow_mut();
                let digest = digests
                    .entry(signed.sha256)
                    .or_insert_with(|| Digest::of(digest, signed.tbs));
                let data = ToVerify::Digest(digest);
                verify(key, &signed.algorithm, data, signed.signature)
            }
            None => {
                let data = ToVerify::Message(signed.tbs);
                verify(key, &signed.algorithm, data, signed.signature)
            }
        };
        let checked = match result {
            Ok(()) => Checked::Holds,
            Err(VerifyFault::Unsupported) => Checked::Unsupported,
            Err(_) => Checked::Fails,
        };
        self.signatures.borrow_mut().insert(pair, checked);
        checked
    }

    /// What a look-up gave, made now where it is not known. `octets` is what it costs.
    pub(super) fn look_up(
        &self,
        pair: Pair,
        octets: usize,
        now: impl FnOnce() -> Result<Option<Found>, RevocationFault>,
    ) -> Result<Option<Found>, RevocationFault> {
        if let Some(known) = self.found.borrow().get(&pair) {
            return known.clone();
        }
        let cost = u64::try_from(octets).unwrap_or(u64::MAX);
        let Some(left) = self.octets.get().checked_sub(cost) else {
            return Err(RevocationFault::Budget);
        };
        self.octets.set(left);
        let found = now();
        self.found.borrow_mut().insert(pair, found.clone());
        found
    }

    /// Whether a list speaks about a certificate, and for which reasons.
    pub(super) fn scope(&self, list: &Crl, certificate: &Certificate) -> Result<Reasons, Scope> {
        let pair = (list.sha256(), certificate.sha256());
        let mut scopes = self.scopes.borrow_mut();
        let scope = scopes.entry(pair);
        *scope.or_insert_with(|| scope::reasons(list, certificate))
    }

    /// Which answers of a response are about a certificate, by position.
    pub(super) fn answers(&self, pair: Pair, now: impl FnOnce() -> Vec<usize>) -> Vec<usize> {
        let mut answers = self.answers.borrow_mut();
        answers.entry(pair).or_insert_with(now).clone()
    }

    /// A path, built now where none is known. That there is none is not kept: more certificates
    /// may come.
    pub(super) fn path<E>(
        &self,
        key: PathOf,
        now: impl FnOnce() -> Result<ValidPath, E>,
    ) -> Result<ValidPath, E> {
        if let Some(known) = self.paths.borrow().get(&key) {
            return Ok(known.clone());
        }
        let path = now()?;
        self.paths.borrow_mut().insert(key, path.clone());
        Ok(path)
    }
}
