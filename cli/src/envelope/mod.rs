//! `kyso envelope`: show, check, extract, build, status.

pub(crate) mod build;
mod show;

use std::fs;
use std::path::Path;

use kyso::edxml::{self, Mode, Organ, Outcome};
use kyso::message::visible;
use kyso::report::json_line;
use kyso::{Envelope, Error, Limits};
use serde_json::{Value, json};

use crate::args::{self, Answer, CheckMode, Format};
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, is_dash, note, print};

/// Does what the verb says.
pub(crate) fn run(verb: args::Envelope, lang: Lang) -> Result<u8, Failure> {
    match verb {
        args::Envelope::Show { file, format } => show(&file, format, lang),
        args::Envelope::Check { file, mode, format } => check(&file, mode, format, lang),
        args::Envelope::Extract {
            file,
            directory,
            force,
        } => extract(&file, &directory, force, lang),
        args::Envelope::Build {
            spec,
            output,
            force,
        } => build::run(&spec, &output, output::existing(force), lang),
        args::Envelope::Status(arguments) => answer(&arguments, lang),
    }
}

fn show(file: &Path, format: Format, lang: Lang) -> Result<u8, Failure> {
    let bytes = input::open(file)?;
    let envelope = read(file, &bytes)?;
    let said = envelope.to_json();
    match format {
        Format::Json => print(&json_line(&said))?,
        Format::Text => print(&show::text(&said, envelope.breaches(), lang))?,
    }
    Ok(status::DONE)
}

fn check(file: &Path, mode: CheckMode, format: Format, lang: Lang) -> Result<u8, Failure> {
    let bytes = input::open(file)?;
    let (word, mode) = match mode {
        CheckMode::Strict => ("strict", Mode::Strict),
        CheckMode::Lenient => ("lenient", Mode::Lenient),
    };
    let (dialect, breaches) = Envelope::check(&bytes, &Limits::default());
    let told = breaches
        .iter()
        .filter(|breach| breach.outcome(mode) > Outcome::Accept);
    let outcome = told
        .clone()
        .map(|breach| breach.outcome(mode))
        .max()
        .unwrap_or(Outcome::Accept);
    match format {
        Format::Json => {
            let findings: Vec<Value> = told
                .map(|breach| {
                    json!({
                        "rule": breach.rule,
                        "outcome": breach.outcome(mode).name(),
                        "path": breach.path,
                        "raw": breach.raw,
                        "message": breach.message(lang),
                    })
                })
                .collect();
            let said = json!({
                "schema": "kyso-envelope-check/1",
                "file": file.to_string_lossy(),
                "mode": word,
                "dialect": dialect.map(edxml::Dialect::name),
                "outcome": outcome.name(),
                "findings": findings,
            });
            print(&json_line(&said))?;
        }
        Format::Text => {
            let mut text = format!("{}: {}\n", shown(file), show::outcome(outcome, word, lang));
            for breach in told {
                let (outcome, path) = (breach.outcome(mode).name(), visible(&breach.path));
                // A breach's message quotes the file escaped already; escaping is idempotent.
                let message = visible(&breach.message(lang));
                text.push_str(&format!(
                    "  {} {outcome}: {message}\n      {path}\n",
                    breach.rule
                ));
            }
            print(&text)?;
        }
    }
    Ok(match outcome {
        Outcome::Accept => status::DONE,
        Outcome::Warn => status::UNDECIDED,
        _ => status::FAILED,
    })
}

fn extract(file: &Path, directory: &Path, force: bool, lang: Lang) -> Result<u8, Failure> {
    let bytes = input::open(file)?;
    let envelope = read(file, &bytes)?;
    let existing = output::existing(force);
    let limits = Limits::default();
    fs::create_dir_all(directory).map_err(|error| Failure::unwritable(directory, &error))?;
    // All are looked at before the first is written: half an envelope helps nobody.
    for attachment in envelope.attachments() {
        output::check(&directory.join(attachment.safe_name()), existing)?;
    }
    let mut exit = status::DONE;
    let mut decoded = 0_u64;
    for attachment in envelope.attachments() {
        let path = directory.join(attachment.safe_name());
        decoded = decoded.saturating_add(attachment.size());
        if decoded > limits.attachments_total {
            let detail = "the attachments together are larger than the limit";
            return Err(Failure::about(
                file,
                Error::new(kyso::ErrorKind::TooLarge, detail),
            ));
        }
        match attachment.bytes(&limits) {
            Ok(content) => {
                output::write(&path, existing, |out| out.write_all(&content))?;
                let name = shown(&path);
                if attachment.name() == attachment.safe_name() {
                    print(&name)?;
                } else {
                    let given = visible(attachment.name());
                    let text = pick(lang, "trong gói tin mang tên", "named in the envelope");
                    print(&format!("{name} ({text} “{given}”)"))?;
                }
            }
            Err(error) => {
                note(&format!("kyso: {}", error.message(lang)));
                exit = status::gravest(exit, error.kind().exit());
            }
        }
    }
    if envelope.attachments().len() == 0 {
        let text = pick(
            lang,
            "gói tin không có tệp đính kèm",
            "the envelope has no attachment",
        );
        note(&format!("kyso: {}: {text}", shown(file)));
    }
    Ok(exit)
}

fn answer(arguments: &Answer, lang: Lang) -> Result<u8, Failure> {
    reply(arguments)?;
    if !is_dash(&arguments.output) {
        let path = shown(&arguments.output);
        let text = pick(lang, "Đã ghi trạng thái", "Status written");
        note(&format!("{text}: {path}"));
    }
    Ok(status::DONE)
}

/// Writes the status message that answers an envelope.
pub(crate) fn reply(arguments: &Answer) -> Result<(), Failure> {
    let existing = output::existing(arguments.force);
    output::check(&arguments.output, existing)?;
    let bytes = input::open(&arguments.input)?;
    let received = read(&arguments.input, &bytes)?;
    let from = answerer(&received, arguments)?;
    let (code, now) = (arguments.code.as_str(), input::now()?);
    let description = arguments.description.as_deref();
    let mut reply = edxml::status_reply(&received, code, description, from, now)?;
    if let Some(organ_id) = &arguments.to_organ_id {
        reply = reply.addressee(organ_id);
    }
    let status = reply.finish(now, &Limits::default())?;
    output::write(&arguments.output, existing, |out| out.write_all(&status))
}

/// Who answers: whom the options name, else the one to whom the document went. Code 13 is the
/// sender's own.
fn answerer(received: &Envelope<'_>, arguments: &Answer) -> Result<Organ, Failure> {
    let header = received.header();
    let known = match (arguments.code.as_str(), &arguments.from_organ_id) {
        ("13", None) => header.from.clone(),
        (_, None) => match header.to.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        (_, Some(code)) => Some(
            header
                .to
                .iter()
                .find(|organ| organ.organ_id.as_ref() == Some(code))
                .cloned()
                .unwrap_or_else(|| {
                    let mut organ = Organ::default();
                    organ.organ_id = Some(code.clone());
                    organ
                }),
        ),
    };
    let mut organ = known.ok_or_else(|| {
        Failure::usage(
            "gói tin không có đúng một nơi nhận: hãy nêu bên trả lời bằng --from-organ-id",
            "the envelope does not have exactly one receiver: say who answers by --from-organ-id",
        )
    })?;
    if let Some(name) = &arguments.from_organ_name {
        organ.organ_name = Some(name.clone());
    }
    Ok(organ)
}

fn read<'b>(file: &Path, bytes: &'b [u8]) -> Result<Envelope<'b>, Failure> {
    Envelope::read(bytes, &Limits::default()).map_err(|error| Failure::about(file, error))
}
