//! Puts a document into an envelope and takes it out again:
//! `envelope SPEC.json DOCUMENT.pdf OUT.edxml`

use std::error::Error;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::edxml::EnvelopeBuilder;
use kyso::{Envelope, Limits, Time};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [spec, document, output] = arguments.as_slice() else {
        return Err("envelope SPEC.json DOCUMENT.pdf OUT.edxml".into());
    };
    let limits = Limits::default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_unix(i64::try_from(now)?).at_offset(Time::VIET_NAM);
    let spec = serde_json::from_slice(&fs::read(spec)?)?;
    let content = fs::read(document)?;
    let envelope = EnvelopeBuilder::from_json(&spec, |_| Ok(content.clone()))?;
    fs::write(output, envelope.finish(now, &limits)?)?;

    let octets = fs::read(output)?;
    let envelope = Envelope::read(&octets, &limits)?;
    println!(
        "{}",
        envelope.header().subject.as_deref().unwrap_or_default()
    );
    for attachment in envelope.attachments() {
        println!(
            "{}: {} octets",
            attachment.safe_name(),
            attachment.bytes(&limits)?.len()
        );
    }
    Ok(())
}
