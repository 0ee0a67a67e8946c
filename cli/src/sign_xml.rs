//! `kyso sign xml`: the same steps as for a PDF, with the forms and profiles of XML signatures.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kyso::Time;
use kyso::crypto::SignatureAlgorithm;
use kyso::sign::{XmlForm, XmlProfile};

use crate::args::{Key, Level, algorithm};
use crate::failure::{Failure, not_offered, status};
use crate::input;
use crate::language::Lang;
use crate::output;
use crate::sign::{announce, signer};

/// The options of `kyso sign xml`.
#[derive(Debug, Args)]
pub(crate) struct SignXml {
    /// The document; `-` is standard input.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The signed document; `-` is standard output.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    #[command(flatten)]
    key: Key,
    /// The algorithm, such as rsa-pkcs1-sha256, rsa-pss-sha256 or ecdsa-sha256; by default one that
    /// fits the key.
    #[arg(long, value_parser = algorithm)]
    algorithm: Option<SignatureAlgorithm>,
    /// Where the signature stands: in the document, over all of it; or around the document (anything
    /// that is no XML as base64).
    #[arg(long, value_enum, default_value_t)]
    form: FormWord,
    /// Sign the element of this identifier alone (repeatable): of a tax message the data first, then
    /// the number where the role assigns one.
    #[arg(long, value_name = "ID", conflicts_with = "form")]
    part: Vec<String>,
    /// Put the signature into this element, by its identifier or path (/HDon/DSCKS/NBan); by default
    /// into the root.
    #[arg(long, value_name = "ID|PATH", conflicts_with = "form")]
    into: Option<String>,
    /// The identifier of the signature; by default the next free sig-1, sig-2, ….
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// `xades` is what new signatures should be; `xmldsig` has no time; `tax` is as the systems of the
    /// tax authority and of e-invoices write it, with --role.
    #[arg(long, value_enum, default_value_t)]
    profile: ProfileWord,
    /// Who signs a tax message, as the element in DSCKS is called: NBan, NMua, NNT, TTCQT, CQT.
    #[arg(long, value_name = "NAME", required_if_eq("profile", "tax"))]
    role: Option<String>,
    /// The level of the signature; only b-b is offered yet.
    #[arg(long, value_enum)]
    level: Option<Level>,
    /// A time-stamping service (not offered yet).
    #[arg(long, value_name = "URL", hide = true)]
    tsa: Option<String>,
    /// Replace an output that is there already.
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FormWord {
    #[default]
    Enveloped,
    Enveloping,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ProfileWord {
    #[default]
    Xades,
    Xmldsig,
    Tax,
}

/// Signs and writes the signed document.
pub(crate) fn run(arguments: &SignXml, lang: Lang) -> Result<u8, Failure> {
    if arguments.tsa.is_some() {
        return Err(not_offered("--tsa"));
    }
    match arguments.level {
        None | Some(Level::BB) => {}
        Some(Level::BT) => return Err(not_offered("--level b-t")),
        Some(Level::BLt) => return Err(not_offered("--level b-lt")),
        Some(Level::BLta) => return Err(not_offered("--level b-lta")),
    }
    let existing = output::existing(arguments.force);
    output::check(&arguments.output, existing)?;
    let document = input::open(&arguments.input)?;
    let at = input::now()?.at_offset(Time::VIET_NAM);
    let mut signing = kyso::sign::xml(&document, at)
        .form(match (&*arguments.part, arguments.form) {
            ([], FormWord::Enveloped) => XmlForm::Enveloped,
            ([], FormWord::Enveloping) => XmlForm::Enveloping,
            (parts, _) => XmlForm::Parts(parts.to_vec()),
        })
        .profile(match arguments.profile {
            ProfileWord::Xades => XmlProfile::Xades,
            ProfileWord::Xmldsig => XmlProfile::Xmldsig,
            ProfileWord::Tax => XmlProfile::Tax {
                role: arguments.role.clone().unwrap_or_default(),
            },
        });
    if let Some(place) = &arguments.into {
        signing = signing.into(place.as_str());
    }
    if let Some(id) = &arguments.id {
        signing = signing.id(id.as_str());
    }
    let key = signer(&arguments.key, arguments.algorithm, lang)?;
    let signed = signing
        .sign(&*key)
        .map_err(|error| Failure::about(&arguments.input, error))?;
    output::write(&arguments.output, existing, |mut out| {
        signed.write_to(&mut out)
    })?;
    announce(&arguments.output, lang);
    Ok(status::DONE)
}
