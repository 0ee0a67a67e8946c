//! Any bytes as an envelope: held against the rules, read, shown, every attachment decoded at once and
//! as a stream, written again, tracked.
#![no_main]

use std::io::Read;

use kyso::edxml::flow::Flow;
use kyso::edxml::{Directory, EnvelopeBuilder, Mode, Outcome};
use kyso::message::Lang;
use kyso::{Envelope, Limits, Time};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let directory = Directory::read(b"code,name\nG99,A\nG99,B\n").unwrap_or_default();
    let (_, breaches) = Envelope::check(bytes, &limits);
    let refuses = |breach: &kyso::edxml::Breach| breach.outcome(Mode::Lenient) == Outcome::Reject;
    let is_refused = breaches.iter().any(refuses);
    for breach in &breaches {
        assert!(breach.outcome(Mode::Lenient) <= breach.outcome(Mode::Strict));
        let _ = (breach.message(Lang::Vi), breach.to_string());
    }
    assert!(Envelope::check_against(bytes, &limits, &directory).1.len() >= breaches.len());
    let Ok(envelope) = Envelope::read(bytes, &limits) else {
        assert!(is_refused);
        return;
    };
    assert!(!is_refused);
    let shown = envelope.to_json();
    for attachment in envelope.attachments() {
        assert!(!attachment.safe_name().contains(['/', '\\', '\0']));
        let whole = attachment.bytes(&limits);
        let mut streamed = Vec::new();
        let read = attachment
            .reader(&limits)
            .map(|mut reader| reader.read_to_end(&mut streamed).is_ok());
        match (whole, read) {
            (Ok(whole), Ok(true)) => assert_eq!(whole, streamed),
            (whole, read) => assert!(whole.is_err() && !matches!(read, Ok(true))),
        }
        for number in 0..attachment.entries().len() {
            let mut out = Vec::new();
            let _ = attachment
                .entry_reader(number, &limits)
                .map(|mut reader| reader.read_to_end(&mut out));
        }
    }
    let mut flow = Flow::new();
    flow.apply(&envelope);
    flow.apply(&envelope);
    let _ = (flow.tell(Lang::Vi), flow.to_json());
    let now = Time::from_unix(1_800_000_000);
    let _ = EnvelopeBuilder::from_json(&shown, |_| Ok(&b"%PDF-1.7"[..]))
        .and_then(|builder| builder.finish(now, &limits));
    // What is written from what was read is read back equal, and no rule is broken in it.
    if let Ok(again) = EnvelopeBuilder::of(&envelope, &limits)
        && let Ok(written) = again.finish(now, &limits)
    {
        let second = EnvelopeBuilder::of(&Envelope::read(&written, &limits).expect("own"), &limits);
        let second = second.and_then(|builder| builder.finish(now, &limits));
        assert_eq!(second.expect("own"), written);
    }
});
