//! Signs a PDF through a function, as a token, an HSM or a remote service would be reached:
//! `callback IN.pdf KEY.p12 PASSWORD OUT.pdf`. Here the "service" is a local key.

use std::error::Error;
use std::fs::{self, File};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::sign::{self, CallbackSigner};
use kyso::{LocalKey, Signer, Time};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, key, password, output] = arguments.as_slice() else {
        return Err("callback IN.pdf KEY.p12 PASSWORD OUT.pdf".into());
    };
    let input = fs::read(input)?;
    let service = LocalKey::from_p12(&fs::read(key)?, password)?;
    let signer = CallbackSigner::new(
        service.certificates().to_vec(),
        service.algorithm(),
        |data| {
            println!("asked to sign the digest {}", data.digest().to_hex());
            service.sign(data)
        },
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Time::from_unix(i64::try_from(now)?).at_offset(Time::VIET_NAM);
    sign::pdf(&input, now)
        .sign(&signer)?
        .write_to(&mut File::create(output)?)?;
    Ok(())
}
