//! Any bytes as an envelope: read, shown, every attachment decoded.
#![no_main]

use kyso::{Envelope, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    if let Ok(envelope) = Envelope::read(bytes, &limits) {
        let _ = envelope.to_json();
        for attachment in envelope.attachments() {
            let _ = attachment.bytes(&limits);
        }
    }
});
