//! Any bytes are signed where they can be; what comes out is the input and a signature over all of it
//! that verifies.
#![no_main]

use std::sync::OnceLock;

use kyso::{LocalKey, Time, Verifier, sign};
use kyso_sandbox::{Authority, PersonProfile, Settings};
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_780_000_000;

fuzz_target!(|bytes: &[u8]| {
    static KEY: OnceLock<LocalKey> = OnceLock::new();
    let key = KEY.get_or_init(|| {
        let authority = Authority::new(&Settings::quick(NOW)).unwrap();
        let person = authority.person(&PersonProfile::example()).unwrap();
        let (key, own) = (person.private_key_pem(), person.certificate_pem());
        LocalKey::from_pem(key.as_bytes(), own.as_bytes(), None).unwrap()
    });
    let at = Time::from_unix(NOW);
    let Ok(signed) = sign::pdf(bytes, at).reserve(0).reason("thử").sign(key) else {
        return;
    };
    let signed = signed.to_vec();
    assert!(signed.starts_with(bytes));
    let report = Verifier::new(at).verify(&signed);
    let whole = report.signatures().iter().find(|signature| {
        signature.coverage().and_then(|coverage| coverage.whole_file) == Some(true)
    });
    let integrity = whole.expect("a signature over the whole file").integrity();
    assert_eq!(integrity.digest_intact, Some(true));
    assert_eq!(integrity.signature_intact, Some(true));
});
