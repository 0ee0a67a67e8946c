//! [`MemoryCache`]: what was fetched, for as long as the process runs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kyso::Time;
use kyso::fetch::{Cache, CacheFault, CacheKey, Kept};

use crate::now;

/// Keeps in memory what was fetched, so that a batch asks for the list of one authority once.
#[derive(Debug, Default)]
pub struct MemoryCache(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    items: HashMap<CacheKey, (Kept, Time)>,
    octets: usize,
}

impl MemoryCache {
    /// Nothing is kept yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Cache for MemoryCache {
    fn get(&self, key: &CacheKey) -> Result<Option<Kept>, CacheFault> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let item = table.items.get(key);
        Ok(item
            .filter(|(_, until)| *until >= now())
            .map(|(kept, _)| kept.clone()))
    }

    fn put(&self, key: &CacheKey, octets: &[u8], until: Time) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if octets.len() > LARGEST {
            return;
        }
        if table.octets.saturating_add(octets.len()) > LARGEST || table.items.len() >= MOST {
            // Forget, rather than grow.
            *table = Table::default();
        }
        let kept = Kept {
            octets: octets.to_vec(),
            since: now(),
        };
        table.octets = table.octets.saturating_add(octets.len());
        if let Some((old, _)) = table.items.insert(*key, (kept, until)) {
            table.octets = table.octets.saturating_sub(old.octets.len());
        }
    }
}

/// Octets that are kept.
const LARGEST: usize = 64 << 20;
/// Items that are kept.
const MOST: usize = 10_000;
