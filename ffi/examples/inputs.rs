//! Writes what the examples in C need: a throw-away authority with keys, and a document to sign.
//!
//! `cargo run -p kyso-ffi --example inputs -- FOLDER`

use std::error::Error;
use std::path::PathBuf;
use std::time::SystemTime;

use kyso_sandbox::document::{Decision, decision_pdf};
use kyso_sandbox::{Authority, Settings};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: inputs FOLDER")?);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let settings = Settings::quick(i64::try_from(now.as_secs())?);
    Authority::new(&settings)?.write_to(&folder)?;
    std::fs::write(
        folder.join("decision.pdf"),
        decision_pdf(&Decision::example())?,
    )?;
    Ok(())
}
