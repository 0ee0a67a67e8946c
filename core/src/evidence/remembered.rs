//! [`Remembered`]: what the threads of a batch tell one another about octets they have met.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard};

/// A table of what follows from octets alone, so that it changes no answer; cheap to clone, and
/// bounded: full of hostile files it forgets, rather than grows.
#[derive(Debug)]
pub(crate) struct Remembered<K, V>(Arc<Mutex<HashMap<K, V>>>);

impl<K, V> Clone for Remembered<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    /// What is known.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.table().get(key).cloned()
    }

    /// Keeps what was found out.
    pub(crate) fn keep(&self, key: K, value: V) {
        let mut table = self.table();
        if table.len() >= MOST {
            table.clear();
        }
        table.insert(key, value);
    }

    fn table(&self) -> MutexGuard<'_, HashMap<K, V>> {
        // A thread that panicked while it held the lock left a table that is whole all the same.
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Entries that are kept. Nothing of more than [`SMALL`] octets is an entry, so a few megabytes.
const MOST: usize = 8_192;

/// Certificates up to so many octets are kept; real ones have two thousand.
pub(crate) const SMALL: usize = 8_192;
