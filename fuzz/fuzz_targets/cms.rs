//! Any bytes to the CMS reader, and as evidence.
#![no_main]

use kyso::cms::SignedData;
use kyso::{Limits, Time, Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = SignedData::parse(bytes, &Limits::default());
    let _ = Verifier::new(Time::from_unix(1_780_000_000)).add_evidence(bytes);
});
