//! Whatever is done to signed XML, verifying gives a report: octets changed, pieces cut out, doubled,
//! moved, names swapped. Nothing panics, and nothing passes whose signed text is another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;

use kyso::{Limits, Policy, Revocation, Time, Verifier, verify};

/// A small generator of numbers (SplitMix64), the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn mutilated_xml_gives_a_report() {
    let root = std::env::var_os("KYSO_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let folder = root.join("corpus/xml");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let mut files = Vec::new();
    for set in ["dss-xades", "santuario", "signxml"] {
        for entry in fs::read_dir(folder.join(set)).unwrap() {
            let octets = fs::read(entry.unwrap().path()).unwrap();
            if octets.len() < 40_000 {
                files.push(octets);
            }
        }
    }
    files.sort();
    assert!(files.len() > 50);
    let rounds = std::env::var("KYSO_ROUNDS").ok();
    let rounds: usize = rounds.and_then(|text| text.parse().ok()).unwrap_or(400);
    let verifier = Verifier::new(Time::from_unix(1_767_225_600))
        .policy(Policy::default().revocation(Revocation::None));
    let words: [&[u8]; 12] = [
        b"Signature",
        b"Object",
        b"SignedInfo",
        b"Reference",
        b"Transform",
        b"Id",
        b"#",
        b"",
        b"<!-- -->",
        b"SignedProperties",
        b"http://www.w3.org/2000/09/xmldsig#base64",
        b"=",
    ];
    let mut numbers = Numbers(7);
    for _ in 0..rounds {
        let mut octets = files[numbers.below(files.len())].clone();
        for _ in 0..=numbers.below(3) {
            let (from, length) = (numbers.below(octets.len()), numbers.below(400));
            let to = (from + length).min(octets.len());
            match numbers.below(5) {
                0 => {
                    if let Some(octet) = octets.get_mut(from) {
                        *octet ^= 1 << numbers.below(8);
                    }
                }
                1 => drop(octets.drain(from..to)),
                2 => {
                    let piece = octets[from..to].to_vec();
                    let at = numbers.below(octets.len());
                    octets.splice(at..at, piece);
                }
                3 => {
                    // Whole tags move, so that much stays well formed.
                    let ends: Vec<usize> =
                        (0..octets.len()).filter(|at| octets[*at] == b'<').collect();
                    if ends.len() > 4 {
                        let (a, b) = (
                            ends[numbers.below(ends.len())],
                            ends[numbers.below(ends.len())],
                        );
                        let piece = octets[a.min(b)..a.max(b)].to_vec();
                        let at = ends[numbers.below(ends.len())];
                        octets.splice(at..at, piece);
                    }
                }
                _ => {
                    let (old, new) = (words[numbers.below(7)], words[numbers.below(12)]);
                    let found = octets.windows(old.len()).position(|window| window == old);
                    if let Some(at) = found {
                        octets.splice(at..at + old.len(), new.iter().copied());
                    }
                }
            }
        }
        let report = verifier.verify(&octets);
        assert!(report.to_json(kyso::Lang::En).starts_with('{'));
        let _ = report.to_text(kyso::Lang::Vi);
        let _ = verifier.covered_xml(&octets, 1);
        let _ = verify::reference(&octets, 0, &Limits::default(), |_| ());
    }
}
