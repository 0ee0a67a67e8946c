//! `kyso xml`: the octets that XML signatures digest.

use kyso::Limits;
use kyso::xml::{Method, canonicalize};

use crate::args::Xml;
use crate::failure::{Failure, status};
use crate::input;
use crate::output;

/// Does what the verb says.
pub(crate) fn run(verb: &Xml) -> Result<u8, Failure> {
    let Xml::C14n {
        file,
        algorithm,
        prefixes,
    } = verb;
    let unknown = || {
        Failure::usage(
            format!("không có phương pháp chuẩn hóa {algorithm}"),
            format!("there is no canonicalisation method {algorithm}"),
        )
    };
    let mut method = Method::from_uri(algorithm).ok_or_else(unknown)?;
    if let Some(prefixes) = prefixes {
        method = method.with_prefix_list(prefixes).ok_or_else(|| {
            Failure::usage(
                "--prefixes chỉ dùng với phương pháp exclusive",
                "--prefixes is for the exclusive method alone",
            )
        })?;
    }
    let input = input::open(file)?;
    let limits = Limits::default();
    // Nothing is written of a document that turns out not to be well formed at its end: the octets
    // are made twice, and never kept.
    canonicalize(&input, &method, &limits, |_| ()).map_err(|error| Failure::about(file, error))?;
    output::to_stdout(|out| {
        let mut written = Ok(());
        let made = canonicalize(&input, &method, &limits, |piece| {
            if written.is_ok() {
                written = out.write_all(piece);
            }
        });
        // It went through a moment ago.
        let _ = made;
        written
    })?;
    Ok(status::DONE)
}
