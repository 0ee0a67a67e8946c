//! The digests of what signatures cover, in one pass over the file an algorithm.
//!
//! Every range begins at octet 0, so the state of one running digest is copied where each gap
//! begins: the work grows with the file and not with the number of its signatures.

use crate::crypto::{Digest, DigestAlgorithm, Hasher};
use crate::error::{Error, ErrorKind};

/// The digest of each request, in their order. A request is the four numbers of a /ByteRange and an
/// algorithm; `[0, n, n, 0]` over a file of *n* octets is the digest of the whole file and shares
/// the pass.
///
/// Malformed: numbers outside the file. Too large: second ranges that together would have to be
/// read many times over, as only a hostile file asks for.
pub(crate) fn digests(
    bytes: &[u8],
    requests: &[([u64; 4], DigestAlgorithm)],
) -> Vec<Result<Digest, Error>> {
    let mut done: Vec<([usize; 4], DigestAlgorithm, Digest)> = Vec::new();
    let mut budget = bytes.len().saturating_mul(2).saturating_add(LEAST_BUDGET);
    let mut wanted: Vec<([usize; 4], DigestAlgorithm)> = requests
        .iter()
        .filter_map(|(range, algorithm)| Some((inside(bytes, range)?, *algorithm)))
        .collect();
    // By algorithm, then by where the gap begins, so that one running digest serves all.
    wanted.sort_unstable_by_key(|(range, algorithm)| (algorithm.name(), *range));
    wanted.dedup();
    let mut running: Option<(DigestAlgorithm, Hasher, usize)> = None;
    for (range, algorithm) in wanted {
        let [start, length, second, rest] = range;
        let gap = start + length;
        let mut hasher = if start == 0 {
            let (same, mut hasher, reached) = match running.take() {
                Some(state) if state.0 == algorithm => state,
                _ => (algorithm, Hasher::new(algorithm), 0),
            };
            feed(&mut hasher, bytes, reached, gap);
            running = Some((same, hasher.clone(), gap));
            hasher
        } else {
            let Some(left) = budget.checked_sub(length) else {
                continue;
            };
            budget = left;
            let mut hasher = Hasher::new(algorithm);
            feed(&mut hasher, bytes, start, gap);
            hasher
        };
        let Some(left) = budget.checked_sub(rest) else {
            continue;
        };
        budget = left;
        feed(&mut hasher, bytes, second, second + rest);
        done.push((range, algorithm, hasher.finish()));
    }
    requests
        .iter()
        .map(|(range, algorithm)| {
            let range = inside(bytes, range).ok_or_else(|| {
                Error::new(ErrorKind::Malformed, "a byte range outside of the file")
            })?;
            done.iter()
                .find(|found| found.0 == range && found.1 == *algorithm)
                .map(|found| found.2.clone())
                .ok_or_else(|| Error::new(ErrorKind::TooLarge, "octets to digest"))
        })
        .collect()
}

/// The numbers, if both ranges lie in the file and the second does not begin inside the first.
pub(super) fn inside(bytes: &[u8], range: &[u64; 4]) -> Option<[usize; 4]> {
    let [start, length, second, rest] = *range;
    let gap = start.checked_add(length)?;
    let end = second.checked_add(rest)?;
    (gap <= second && end <= u64::try_from(bytes.len()).ok()?).then_some(())?;
    let small = |number: u64| usize::try_from(number).ok();
    Some([small(start)?, small(length)?, small(second)?, small(rest)?])
}

fn feed(hasher: &mut Hasher, bytes: &[u8], from: usize, to: usize) {
    for slice in bytes.get(from..to).unwrap_or_default().chunks(SLICE) {
        hasher.update(slice);
    }
}

const SLICE: usize = 256 << 10;
const LEAST_BUDGET: usize = 1 << 30;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_gives_the_same_digests_as_one_for_each() {
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let all = u64::try_from(bytes.len()).unwrap();
        let ranges = [
            [0, 50, 100, 200],
            [0, 300_000, 300_100, all - 300_100],
            [0, 50, 100, 200],
            [10, 20, 40, 5],
            [0, all, all, 0],
            [0, 0, 0, all],
        ];
        for algorithm in [
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha512,
        ] {
            let requests: Vec<_> = ranges.iter().map(|&range| (range, algorithm)).collect();
            for (range, found) in ranges.iter().zip(digests(&bytes, &requests)) {
                let [a, b, c, d] = range.map(|n| usize::try_from(n).unwrap());
                let alone = [&bytes[a..a + b], &bytes[c..c + d]].concat();
                assert_eq!(found.unwrap(), Digest::of(algorithm, &alone));
            }
        }
    }

    #[test]
    fn numbers_outside_of_the_file_are_an_error() {
        let ranges = [
            [0, 1, 2, 9],
            [0, 5, 4, 1],
            [u64::MAX, 1, 2, 3],
            [0, 1, u64::MAX, 3],
        ];
        let requests: Vec<_> = ranges
            .iter()
            .map(|&range| (range, DigestAlgorithm::Sha256))
            .collect();
        assert!(digests(b"0123456789", &requests).iter().all(Result::is_err));
    }
}
