//! Any bytes to the PDF reader: every object is read, every revision handed out, and what a rebuilding
//! reader would see is compared.
#![no_main]

use kyso::{Lang, Time, Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let verifier = Verifier::new(Time::from_unix(1_780_000_000)).password("user");
    if let Ok(diagnosis) = verifier.doctor(bytes) {
        let _ = diagnosis.to_json(Lang::En);
        let _ = diagnosis.to_text(Lang::Vi);
    }
    for number in 0..3 {
        if let Ok(covered) = verifier.covered(bytes, number) {
            assert!(bytes.starts_with(covered.revision()));
        }
    }
});
