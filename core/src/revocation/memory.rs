//! [`Memory`]: what was found out about the evidence of one file, so that it is found out once.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::crypto::{Digest, PublicKey, SignatureAlgorithm, ToVerify, VerifyFault, sha256, verify};
use crate::evidence::Remembered;
use crate::limits::Limits;
use crate::path::{ValidPath, Work};
use crate::revocation::crl::{Found, Signer};
use crate::revocation::fault::{RevocationFault, Scope};
use crate::revocation::{About, Statements, scope};
use crate::time::Time;
use crate::trust::Purpose;
use crate::x509::{Certificate, Crl, Reasons};

/// Ten signatures of one file ask about the same authorities, and their lists may hold tens of
/// thousands of entries: each signature is checked once, each certificate looked up once in each
/// list. What is kept depends on octets alone, never on the time asked about, but for paths, which
/// are kept by their time.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Of what was tried under one key already; the digest from the second key on.
    digests: RefCell<HashMap<[u8; 32], Option<Digest>>>,
    signatures: RefCell<HashMap<Pair, Checked>>,
    found: RefCell<HashMap<Pair, Result<Option<Found>, RevocationFault>>>,
    paths: RefCell<HashMap<PathOf, ValidPath>>,
    scopes: RefCell<HashMap<Pair, Result<Reasons, Scope>>>,
    answers: RefCell<HashMap<Pair, Vec<usize>>>,
    signers: RefCell<HashMap<About, Result<Signer, RevocationFault>>>,
    statements: RefCell<HashMap<About, Rc<Statements>>>,
    kept: Cell<usize>,
    octets: Cell<u64>,
    batch: Option<LookedUp>,
}

/// What a batch has looked up in which lists about which certificates.
pub(crate) type LookedUp = Remembered<Pair, Option<Found>>;

/// A piece of evidence, and a key or certificate: their SHA-256.
pub(crate) type Pair = ([u8; 32], [u8; 32]);

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
            signers: RefCell::default(),
            statements: RefCell::default(),
            kept: Cell::new(0),
            octets: Cell::new(limits.crl_octets),
            batch: None,
        }
    }

    /// The same, that looks nothing up which its batch has looked up.
    pub(crate) fn remembering(mut self, batch: Option<LookedUp>) -> Self {
        self.batch = batch;
        self
    }

    /// Whether this key made the signature. The octets are hashed twice at most, whatever the number
    /// of keys that are tried.
    pub(super) fn verify(&self, signed: &Signed<'_>, key: &PublicKey, work: &Work) -> Checked {
        let pair = (signed.sha256, sha256(key.spki_der()));
        if let Some(known) = self.signatures.borrow().get(&pair) {
            return *known;
        }
        if !work.take_signature_check() {
            return Checked::GivenUp;
        }
        let check = || self.check(signed, key);
        // What is remembered counts as work all the same, so that no answer depends on it.
        let checked = match work.memory() {
            Some(memory) => match memory.known(pair, || match check() {
                Checked::Holds => Some(true),
                Checked::Fails => Some(false),
                _ => None,
            }) {
                Some(true) => Checked::Holds,
                Some(false) => Checked::Fails,
                None => Checked::Unsupported,
            },
            None => check(),
        };
        self.signatures.borrow_mut().insert(pair, checked);
        checked
    }

    fn check(&self, signed: &Signed<'_>, key: &PublicKey) -> Checked {
        let mut digests = self.digests.borrow_mut();
        let result = match (signed.algorithm.digest(), digests.get(&signed.sha256)) {
            (Some(_), Some(Some(digest))) => {
                let data = ToVerify::Digest(digest);
                verify(key, &signed.algorithm, data, signed.signature)
            }
            (digest, tried) => {
                // Nearly always the first key is the right one, and over the octets themselves the
                // fast path of the library is open; from the second key on they are hashed no more.
                let known = match (digest, tried) {
                    (Some(algorithm), Some(None)) => Some(Digest::of(algorithm, signed.tbs)),
                    _ => None,
                };
                let data = known
                    .as_ref()
                    .map_or(ToVerify::Message(signed.tbs), ToVerify::Digest);
                let result = verify(key, &signed.algorithm, data, signed.signature);
                digests.insert(signed.sha256, known);
                result
            }
        };
        match result {
            Ok(()) => Checked::Holds,
            Err(VerifyFault::Unsupported) => Checked::Unsupported,
            Err(_) => Checked::Fails,
        }
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
        // What is remembered costs the file as much, so that no answer depends on it.
        let found = match self.batch.as_ref().and_then(|batch| batch.get(&pair)) {
            Some(known) => Ok(known),
            None => now(),
        };
        if let (Some(batch), Ok(found)) = (&self.batch, &found) {
            batch.keep(pair, *found);
        }
        self.found.borrow_mut().insert(pair, found.clone());
        found
    }

    /// Whether a list speaks about a certificate, and for which reasons.
    pub(super) fn scope(&self, list: &Crl, certificate: &Certificate) -> Result<Reasons, Scope> {
        let pair = (list.sha256(), certificate.sha256());
        let mut scopes = self.scopes.borrow_mut();
        if scopes.len() >= MOST_KEPT {
            scopes.clear();
        }
        let scope = scopes.entry(pair);
        *scope.or_insert_with(|| scope::reasons(list, certificate))
    }

    /// Which answers of a response are about a certificate, by position.
    pub(super) fn answers(&self, pair: Pair, now: impl FnOnce() -> Vec<usize>) -> Vec<usize> {
        let mut answers = self.answers.borrow_mut();
        if answers.len() >= MOST_KEPT {
            answers.clear();
        }
        answers.entry(pair).or_insert_with(now).clone()
    }

    /// Who signed a list, found now where it is not known.
    pub(super) fn signer(
        &self,
        about: About,
        now: impl FnOnce() -> Result<Signer, RevocationFault>,
    ) -> Result<Signer, RevocationFault> {
        if let Some(known) = self.signers.borrow().get(&about) {
            return known.clone();
        }
        let found = now();
        let mut signers = self.signers.borrow_mut();
        if signers.len() >= MOST_KEPT {
            signers.clear();
        }
        signers.insert(about, found.clone());
        found
    }

    /// Everything said about a certificate, asked now where it was not yet.
    pub(super) fn statements(
        &self,
        about: About,
        now: impl FnOnce() -> Statements,
    ) -> Rc<Statements> {
        if let Some(known) = self.statements.borrow().get(&about) {
            return Rc::clone(known);
        }
        let found = Rc::new(now());
        let mut statements = self.statements.borrow_mut();
        let size = found.usable.len().saturating_add(found.refused.len());
        let kept = self.kept.get().saturating_add(size).saturating_add(1);
        if kept > MOST_KEPT {
            statements.clear();
        }
        self.kept.set(if kept > MOST_KEPT { size } else { kept });
        statements.insert(about, Rc::clone(&found));
        found
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

/// What a file makes us keep of one kind; beyond it everything is found out anew.
const MOST_KEPT: usize = 100_000;
