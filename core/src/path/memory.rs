//! [`Memory`]: which certificates, revocation lists and OCSP responses were found to be signed under
//! which key.
//!
//! A batch meets the same issuers thousands of times. What is kept depends on octets alone, so it
//! changes no answer: the work on a path is counted the same whether a signature is remembered or
//! checked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::crypto::sha256;
use crate::x509::Certificate;

/// Shared by the threads of a batch; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<Mutex<HashMap<Pair, bool>>>);

/// A certificate and an issuer's key, by their SHA-256.
pub(crate) type Pair = ([u8; 32], [u8; 32]);

impl Memory {
    /// Whether the signature on `certificate` holds under the key of `issuer`, asked of `check`
    /// where it is not known. `None`: it cannot be said, and is not kept.
    pub(super) fn holds(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        check: impl FnOnce() -> Option<bool>,
    ) -> Option<bool> {
        let pair = (certificate.sha256(), sha256(issuer.public_key().spki_der()));
        self.known(pair, check)
    }

    /// The same of anything signed: `pair` is the SHA-256 of the whole of it, and of the key.
    pub(crate) fn known(&self, pair: Pair, check: impl FnOnce() -> Option<bool>) -> Option<bool> {
        // A thread that panicked while it held the lock left a table that is whole all the same.
        let locked = || {
            self.0
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner())
        };
        if let Some(known) = locked().get(&pair) {
            return Some(*known);
        }
        let holds = check()?;
        let mut table = locked();
        // Full of hostile files: forget, rather than grow.
        if table.len() >= MOST {
            table.clear();
        }
        table.insert(pair, holds);
        Some(holds)
    }
}

/// Pairs that are kept: a few megabytes.
const MOST: usize = 65_536;
