//! Verifies files: `verify ANCHORS.pem FILE…`

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

use kyso::{Lang, Time, TrustStore, Verifier};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let anchors = arguments.next().ok_or("verify ANCHORS.pem FILE…")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let verifier = Verifier::new(Time::from_unix(i64::try_from(now)?))
        .trust(TrustStore::from_pem(&fs::read(anchors)?)?);
    for file in arguments {
        let report = verifier.verify(&fs::read(&file)?).named(&file);
        println!("{}", report.to_text(Lang::Vi));
        for signature in report.signatures() {
            for reason in signature.reasons() {
                eprintln!("{}: {}", reason.code(), reason.message(Lang::En));
            }
        }
    }
    Ok(())
}
