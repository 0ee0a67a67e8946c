//! Any bytes as the input of a signature in preparation, and as a prepared state.
#![no_main]

use kyso::Prepared;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(prepared) = Prepared::from_bytes(bytes) {
        let again = Prepared::from_bytes(&prepared.to_bytes());
        assert!(again.is_ok());
    }
});
