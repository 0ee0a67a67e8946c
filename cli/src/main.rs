//! `kyso` on the command line: arguments, files, threads, exit statuses. It judges nothing; whatever
//! is decided is decided in the crate `kyso`.
//!
//! Nothing that comes from a file or an argument reaches the terminal unescaped
//! ([`kyso::message::visible`]), no secret is taken from an argument, and no socket is opened but for
//! `--online`, `--tsa` and `sandbox serve`, whose crate listens on 127.0.0.1.

#![forbid(unsafe_code)]

mod args;
mod batch;
mod cert;
#[cfg(feature = "sandbox")]
mod demo;
mod doctor;
mod envelope;
mod evidence;
mod extend;
mod failure;
mod input;
mod issue;
mod judge;
mod language;
mod ledger;
mod network;
mod output;
mod preview;
#[cfg(feature = "sandbox")]
mod sandbox;
mod secret;
mod show;
mod sign;
mod sign_xml;
#[cfg(feature = "pkcs11")]
mod token;
mod trust;
mod two_step;
mod verify;
mod welcome;
mod xml;

use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind as Fault;
use kyso::message::visible;

use crate::args::{Arguments, Verb};
use crate::failure::{Failure, status};
use crate::language::{Lang, pick};

fn main() -> ExitCode {
    // What a panic says to a developer is noise, or worse a way to the terminal, for everyone else.
    panic::set_hook(Box::new(|_| {
        output::note(&failure::defect(language::of_environment()));
    }));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(panic::catch_unwind(|| start(&arguments)).unwrap_or(status::DEFECT))
}

fn start(words: &[OsString]) -> u8 {
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(words, error),
    };
    let lang = arguments
        .lang
        .map_or_else(language::of_environment, Lang::from);
    let Some(verb) = arguments.verb else {
        return match output::print(&welcome::text(lang)) {
            Ok(()) => status::USAGE,
            Err(failure) => failure.exit(),
        };
    };
    run(verb, lang).unwrap_or_else(|failure| {
        if let Some(message) = failure.message(lang) {
            output::note(&format!("kyso: {message}"));
        }
        failure.exit()
    })
}

fn run(verb: Verb, lang: Lang) -> Result<u8, Failure> {
    match verb {
        Verb::Verify(arguments) => verify::run(&arguments, lang),
        Verb::Doctor(arguments) => doctor::run(&arguments, lang),
        Verb::Sign(verb) => sign::run(verb, lang),
        Verb::Extend(arguments) => extend::run(arguments, lang),
        Verb::Issue(arguments) => issue::run(arguments, lang),
        Verb::Envelope(verb) => envelope::run(verb, lang),
        Verb::Trust(verb) => trust::run(verb, lang),
        Verb::Cert(verb) => cert::run(verb, lang),
        Verb::Xml(verb) => xml::run(&verb, lang),
        Verb::Evidence(verb) => evidence::run(verb, lang),
        #[cfg(feature = "pkcs11")]
        Verb::Token(verb) => token::run(&verb, lang),
        #[cfg(feature = "sandbox")]
        Verb::Sandbox(verb) => sandbox::run(verb, lang),
        #[cfg(feature = "sandbox")]
        Verb::Demo(arguments) => demo::run(&arguments, lang),
    }
}

/// Help, version, or what is wrong with the arguments.
fn refuse(words: &[OsString], error: clap::Error) -> u8 {
    if matches!(error.kind(), Fault::DisplayHelp | Fault::DisplayVersion) {
        return match output::print(&error.render().to_string()) {
            Ok(()) => status::DONE,
            Err(failure) => failure.exit(),
        };
    }
    // The message quotes the arguments as they are; so it is made from escaped ones instead.
    let escaped: Vec<OsString> = words
        .iter()
        .map(|word| visible(&word.to_string_lossy()).into())
        .collect();
    let message = match Arguments::try_parse_from(escaped) {
        Err(error) => error.render().to_string(),
        Ok(_) => {
            let lang = language::of_environment();
            format!(
                "kyso: {}",
                pick(lang, "tham số không đúng", "wrong arguments")
            )
        }
    };
    output::note(message.trim_end());
    status::USAGE
}
