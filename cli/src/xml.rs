//! `kyso xml`: the octets that XML signatures digest.

use std::path::Path;

use kyso::xml::{Method, canonicalize};
use kyso::{Error, Limits, verify};

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
        reference,
    } = verb;
    let limits = Limits::default();
    if let Some(number) = reference {
        let input = input::open(file)?;
        return twice(file, |sink| {
            verify::reference(&input, *number, &limits, sink)
        });
    }
    let algorithm = algorithm.as_deref().unwrap_or(INCLUSIVE);
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
    twice(file, |sink| canonicalize(&input, &method, &limits, sink))
}

/// Writes the octets that are made.
fn twice(
    file: &Path,
    make: impl Fn(&mut dyn FnMut(&[u8])) -> Result<(), Error>,
) -> Result<u8, Failure> {
    // Nothing is written of a document that turns out not to be well formed at its end: the octets
    // are made twice, and never kept.
    make(&mut |_| ()).map_err(|error| Failure::about(file, error))?;
    output::to_stdout(|out| {
        let mut written = Ok(());
        let made = make(&mut |piece| {
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

/// Canonical XML 1.0 without comments.
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
