//! `kyso xml`: the octets that XML signatures digest.

use std::path::Path;

use kyso::message::visible;
use kyso::report::json_line;
use kyso::xml::{Method, canonicalize};
use kyso::{Error, Limits, verify};

use serde_json::json;

use crate::args::{Format, Xml};
use crate::failure::{Failure, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output;

/// Does what the verb says.
pub(crate) fn run(verb: &Xml, lang: Lang) -> Result<u8, Failure> {
    let (file, algorithm, prefixes, reference) = match verb {
        Xml::Roles { file, format } => return roles(file, *format, lang),
        Xml::C14n {
            file,
            algorithm,
            prefixes,
            reference,
        } => (file, algorithm, prefixes, reference),
    };
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

/// Which role signed what.
fn roles(file: &Path, format: Format, lang: Lang) -> Result<u8, Failure> {
    let input = input::open(file)?;
    let all = verify::tax_roles(&input, &Limits::default())
        .map_err(|error| Failure::about(file, error))?;
    if format == Format::Json {
        let signatures: Vec<_> = all
            .iter()
            .map(|one| {
                let departures: Vec<_> = one.departures.iter().map(|d| d.as_str()).collect();
                json!({
                    "role": one.role,
                    "id": one.id,
                    "covers": one.covers,
                    "covers_number": one.covers_number,
                    "departures": departures,
                })
            })
            .collect();
        let value = json!({ "schema": "kyso-xml-roles/1", "signatures": signatures });
        output::print(&json_line(&value))?;
        return Ok(status::DONE);
    }
    for one in &all {
        let covers: Vec<String> = one.covers.iter().map(|path| visible(path)).collect();
        let mut text = format!(
            "{} ({}): {}",
            visible(&one.role),
            visible(&one.id),
            covers.join(", ")
        );
        match one.covers_number {
            Some(true) => text.push_str(pick(lang, "; có ký số thông báo", "; covers the number")),
            Some(false) => {
                text.push_str(pick(
                    lang,
                    "; không ký số thông báo",
                    "; does not cover the number",
                ));
            }
            None => {}
        }
        let departures: Vec<&str> = one.departures.iter().map(|d| d.as_str()).collect();
        if !departures.is_empty() {
            text.push_str(pick(lang, "; khác hồ sơ ở: ", "; departs in: "));
            text.push_str(&departures.join(", "));
        }
        output::print(&text)?;
    }
    Ok(status::DONE)
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
