//! Any bytes to `verify`: a report, whatever they are, and both its forms can be written.
#![no_main]

use kyso::{Lang, Time, Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let report = Verifier::new(Time::from_unix(1_780_000_000)).verify(bytes);
    let _ = report.to_json(Lang::Vi);
    let _ = report.to_text(Lang::En);
});
