//! The table of proofs of existence (EN 319 102-1 clauses 4.2.1 and 5.6.2.3): when each object is
//! proven to have existed at the latest.
//!
//! Objects are named by the SHA-256 of their octets. What nothing is proven about exists now.

use std::collections::HashMap;
use std::rc::Rc;

use crate::time::Time;

/// Which object existed when.
#[derive(Clone, Debug)]
pub(crate) struct Existence {
    now: Time,
    proven: HashMap<[u8; 32], Time>,
    /// Where the objects of the file stand; shared by all its signatures.
    places: Rc<Places>,
    /// What document time-stamps prove of the signatures before them, by where their own gap begins.
    signatures: Reach,
    /// What they prove of the validation data, by where their range ends.
    stored: Reach,
}

/// Where each object of a file ends at the earliest: a time-stamp over the octets up to there covers
/// it. Thousands of objects under hundreds of time-stamps are not noted one by one.
#[derive(Debug, Default)]
pub(crate) struct Places {
    in_signatures: HashMap<[u8; 32], u64>,
    stored: HashMap<[u8; 32], u64>,
}

impl Places {
    /// An object in a signature that covers octets up to `end`.
    pub(crate) fn in_signature(&mut self, object: [u8; 32], end: u64) {
        let earliest = self.in_signatures.entry(object).or_insert(end);
        *earliest = end.min(*earliest);
    }

    /// A piece of validation data of a revision that ends here.
    pub(crate) fn stored(&mut self, object: [u8; 32], end: u64) {
        let earliest = self.stored.entry(object).or_insert(end);
        *earliest = end.min(*earliest);
    }
}

/// How far proofs reach, each further one with a later time than all before it.
#[derive(Clone, Debug, Default)]
struct Reach(Vec<(u64, Time)>);

impl Reach {
    fn prove(&mut self, end: u64, at: Time) {
        if self.covering(end).is_some_and(|known| known <= at) {
            return;
        }
        // Those that reach less far and prove a later time say nothing more.
        self.0.retain(|(reach, time)| *reach > end || *time < at);
        let place = self.0.partition_point(|(reach, _)| *reach < end);
        self.0.insert(place, (end, at));
    }

    /// The earliest time that a proof gives about what ends here.
    fn covering(&self, end: u64) -> Option<Time> {
        let first = self.0.partition_point(|(reach, _)| *reach < end);
        self.0.get(first).map(|(_, time)| *time)
    }
}

impl Existence {
    /// Everything exists at the validation time.
    pub(crate) fn new(now: Time) -> Self {
        Self::of_file(now, Places::default())
    }

    /// Everything exists at the validation time, and these objects stand in the file.
    pub(crate) fn of_file(now: Time, places: Places) -> Self {
        Self {
            now,
            proven: HashMap::new(),
            places: Rc::new(places),
            signatures: Reach::default(),
            stored: Reach::default(),
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

    /// Notes that a document time-stamp passed: it proves every signature that ends before its gap
    /// begins, with all that it carries, and the validation data of revisions that its range holds.
    pub(crate) fn prove_file(&mut self, gap_start: u64, covered_end: u64, at: Time) {
        if at > self.now {
            return;
        }
        self.signatures.prove(gap_start, at);
        self.stored.prove(covered_end, at);
    }

    /// The earliest time at which the object is proven to have existed.
    pub(crate) fn of(&self, object: &[u8; 32]) -> Time {
        let by = |places: &HashMap<[u8; 32], u64>, reach: &Reach| {
            places.get(object).and_then(|end| reach.covering(*end))
        };
        [
            self.proven.get(object).copied(),
            by(&self.places.in_signatures, &self.signatures),
            by(&self.places.stored, &self.stored),
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(self.now)
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

    #[test]
    fn a_time_stamp_of_the_file_proves_what_ends_before_it_and_the_earliest_counts() {
        let time = Time::from_unix;
        let (early, late, stored) = ([1; 32], [2; 32], [3; 32]);
        let mut places = Places::default();
        places.in_signature(early, 700);
        places.in_signature(early, 100);
        places.in_signature(late, 300);
        places.stored(stored, 450);
        let mut table = Existence::of_file(time(1_000), places);
        // Newest first, as they are judged; one that proves nothing new; one from the future.
        for (gap, end, at) in [
            (400, 500, 900),
            (350, 440, 950),
            (200, 260, 800),
            (600, 650, 2_000),
        ] {
            table.prove_file(gap, end, time(at));
        }
        assert_eq!(table.of(&early), time(800));
        assert_eq!(table.of(&late), time(900));
        assert_eq!(table.of(&stored), time(900));
        assert_eq!(table.of(&[9; 32]), time(1_000));
        // One that reaches further and proves an earlier time takes their place.
        table.prove_file(600, 650, time(500));
        for object in [early, late, stored] {
            assert_eq!(table.of(&object), time(500));
        }
        assert_eq!(table.signatures.0.len(), 1);
    }
}
