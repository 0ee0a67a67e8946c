//! The table of proofs of existence (EN 319 102-1 clauses 4.2.1 and 5.6.2.3): when each object is
//! proven to have existed at the latest.
//!
//! Objects are named by the SHA-256 of their octets. What nothing is proven about exists now.

use std::collections::HashMap;

use crate::time::Time;

/// Which object existed when.
#[derive(Clone, Debug)]
pub(crate) struct Existence {
    now: Time,
    proven: HashMap<[u8; 32], Time>,
}

impl Existence {
    /// Everything exists at the validation time.
    pub(crate) fn new(now: Time) -> Self {
        Self {
            now,
            proven: HashMap::new(),
        }
    }

    /// Notes that an object existed at a time, by a time-stamp that passed. The earliest counts.
    pub(crate) fn prove(&mut self, object: [u8; 32], at: Time) {
        if at > self.now {
            return;
        }
        let earliest = self.proven.entry(object).or_insert(at);
        if at < *earliest {
            *earliest = at;
        }
    }

    /// The earliest time at which the object is proven to have existed.
    pub(crate) fn of(&self, object: &[u8; 32]) -> Time {
        self.proven.get(object).copied().unwrap_or(self.now)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_proof_counts_and_none_lies_in_the_future() {
        let time = Time::from_unix;
        let mut table = Existence::new(time(1_000));
        let object = [1; 32];
        assert_eq!(table.of(&object), time(1_000));
        table.prove(object, time(2_000));
        assert_eq!(table.of(&object), time(1_000));
        table.prove(object, time(500));
        table.prove(object, time(700));
        assert_eq!(table.of(&object), time(500));
    }
}
