//! `kyso doctor`: what is odd about a file and what it will suffer from.

use crate::args::{Doctor, Format};
use crate::failure::Failure;
use crate::input;
use crate::language::Lang;
use crate::output::print;
use crate::secret;

/// Looks and prints; the status says how grave it is.
pub(crate) fn run(arguments: &Doctor, lang: Lang) -> Result<u8, Failure> {
    let mut verifier = arguments.judge.verifier(lang)?;
    if let Some(password) = secret::named(&arguments.secret)? {
        verifier = verifier.password(password);
    }
    let input = input::open(&arguments.file)?;
    let diagnosis = verifier
        .doctor(&input)
        .map_err(|error| Failure::about(&arguments.file, error))?
        .named(arguments.file.to_string_lossy());
    print(&match arguments.format {
        Format::Json => diagnosis.to_json(lang),
        Format::Text => diagnosis.to_text(lang),
    })?;
    Ok(diagnosis.exit())
}
