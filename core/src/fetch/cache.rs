//! [`Cache`]: what was fetched before, kept by what was asked.

use std::fmt;

use crate::crypto::{hex, sha256};
use crate::fetch::{Address, Wanted};
use crate::time::Time;

/// Keeps what was fetched. Only what verified is put in; what comes out must verify again, like
/// everything else, so that a cache that others can write changes no verdict to the better.
pub trait Cache {
    /// What is kept under this key, and when it came; nothing where there is none or it has ended.
    ///
    /// # Errors
    ///
    /// [`CacheFault`] for what was kept and has been changed or cut since.
    fn get(&self, key: &CacheKey) -> Result<Option<Kept>, CacheFault>;

    /// Keeps these octets until then. That it could not is no error: it is fetched again.
    fn put(&self, key: &CacheKey, octets: &[u8], until: Time);
}

impl<C: Cache + ?Sized> Cache for std::sync::Arc<C> {
    fn get(&self, key: &CacheKey) -> Result<Option<Kept>, CacheFault> {
        (**self).get(key)
    }

    fn put(&self, key: &CacheKey, octets: &[u8], until: Time) {
        (**self).put(key, octets, until);
    }
}

/// What was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The octets.
    pub octets: Vec<u8>,
    /// When they came.
    pub since: Time,
}

/// What was kept was changed or cut since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheFault;

impl fmt::Display for CacheFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what was kept in the cache has been changed")
    }
}

impl std::error::Error for CacheFault {}

/// Names what was asked: the address, and for OCSP about which certificate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey {
    sha256: [u8; 32],
    wanted: Wanted,
}

impl CacheKey {
    /// Lists and certificates of an address; answers about `subject`, the SHA-256 of a certificate.
    pub fn new(wanted: Wanted, address: &Address, subject: Option<&[u8; 32]>) -> Self {
        let mut octets = format!("kyso-cache/1\n{wanted:?}\n{address}\n").into_bytes();
        octets.extend(subject.into_iter().flatten());
        Self {
            sha256: sha256(&octets),
            wanted,
        }
    }

    /// What is kept.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex(&self.sha256)
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheKey({:?}, {})", self.wanted, self.to_hex())
    }
}
