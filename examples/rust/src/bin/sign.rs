//! Signs a PDF with a PKCS#12 file: `sign IN.pdf KEY.p12 PASSWORD OUT.pdf`
//!
//! A real program takes the password from a prompt or a file, never from its arguments.

use std::error::Error;
use std::fs::{self, File};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::{LocalKey, Time, sign};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, key, password, output] = arguments.as_slice() else {
        return Err("sign IN.pdf KEY.p12 PASSWORD OUT.pdf".into());
    };
    let input = fs::read(input)?;
    let signer = LocalKey::from_p12(&fs::read(key)?, password)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_unix(i64::try_from(now)?).at_offset(Time::VIET_NAM);
    let signed = sign::pdf(&input, now)
        .reason("Phát hành văn bản")
        .sign(&signer)?;
    // `signed` is the borrowed input plus one patch; nothing was copied until here.
    signed.write_to(&mut File::create(output)?)?;
    println!("{} octets added", signed.patch().bytes().len());
    Ok(())
}
