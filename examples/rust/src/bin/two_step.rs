//! Signs in two steps, between which hours and hosts may lie.
//!
//! `two_step prepare IN.pdf CERTIFICATES.pem STATE` prints the digest for the phone or service;
//! `two_step complete IN.pdf STATE SIGNATURE OUT.pdf` takes its raw answer.

use std::error::Error;
use std::fs::{self, File};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::{Answer, Certificate, Prepared, Time, sign};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["prepare", input, certificates, state] => {
            let input = fs::read(input)?;
            let certificates = Certificate::many_from_pem_or_der(&fs::read(certificates)?)?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
            let now = Time::from_unix(i64::try_from(now)?).at_offset(Time::VIET_NAM);
            let prepared =
                sign::pdf(&input, now).prepare(&certificates, "rsa-pkcs1-sha256".parse()?)?;
            fs::write(state, prepared.to_bytes())?;
            println!("{}", prepared.digest().to_hex());
        }
        ["complete", input, state, signature, output] => {
            let input = fs::read(input)?;
            let prepared = Prepared::from_bytes(&fs::read(state)?)?;
            let signed = prepared.complete(&input, Answer::Raw(fs::read(signature)?))?;
            signed.write_to(&mut File::create(output)?)?;
        }
        _ => return Err("two_step prepare|complete …".into()),
    }
    Ok(())
}
