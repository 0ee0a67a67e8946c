//! A signed file with one object replaced by an update: the page, its content, the page tree, the
//! catalog, the form. Whatever stands there now, the signature no longer covers the file, and where
//! a page or its content changed it may not pass.
#![no_main]

use std::sync::OnceLock;

use kyso::{Indication, Policy, Revocation, Time, TrustStore, Verifier};
use libfuzzer_sys::fuzz_target;

const SIGNED: &[u8] = include_bytes!("../../test-vectors/pdf-table/input.pdf");
const ROOT: &[u8] = include_bytes!("../../test-vectors/trust/root.pem");

fuzz_target!(|input: &[u8]| {
    let Some((&choice, body)) = input.split_first() else {
        return;
    };
    static VERIFIER: OnceLock<Verifier> = OnceLock::new();
    let verifier = VERIFIER.get_or_init(|| {
        let at: Time = "2026-06-01T12:00:00Z".parse().unwrap();
        let verifier = Verifier::new(at)
            .trust(TrustStore::from_pem(ROOT).unwrap())
            .policy(Policy::default().revocation(Revocation::None));
        let usual = verifier.verify(SIGNED).indication();
        assert_eq!(usual, Some(Indication::TotalPassed));
        verifier
    });
    // Number 0 heads the list of the free and is never an object.
    let number = usize::from(1 + choice % 9);
    let free = choice & 0x80 != 0;
    let text = String::from_utf8_lossy(SIGNED);
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap();
    let mut file = SIGNED.to_vec();
    let at = file.len();
    file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    file.extend_from_slice(body);
    file.extend_from_slice(b"\nendobj\n");
    let table = file.len();
    let (offset, flag) = if free { (0, "f") } else { (at, "n") };
    file.extend_from_slice(
        format!(
            "xref\n{number} 1\n{offset:010} 00000 {flag} \ntrailer\n<</Size 20/Root 1 0 R/Prev {previous}>>\n\
             startxref\n{table}\n%%EOF\n"
        )
        .as_bytes(),
    );
    let report = verifier.verify(&file);
    for signature in report.signatures() {
        let coverage = signature.coverage().unwrap();
        let whole = coverage.whole_file == Some(true);
        assert!(!whole || coverage.byte_range.as_ref().unwrap()[1] > at as i64);
    }
    // What shows the page may be written again, and may not be another: the page tree leads to the page,
    // its content is the same octets.
    let squeezed: Vec<u8> = body.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
    let has = |text: &[u8], part: &[u8]| text.windows(part.len()).any(|at| at == part);
    let other = match number {
        2 => !has(&squeezed, b"30R"),
        5 => !has(body, b"BT /F1 14 Tf 85 760 Td (Van ban thu nghiem) Tj ET"),
        _ => false,
    };
    let passes = report.indication() == Some(Indication::TotalPassed);
    assert!(!(other || free) || !passes || number > 5, "passes over another object {number}");
});
