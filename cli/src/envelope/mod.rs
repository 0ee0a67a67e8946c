//! `kyso envelope`: show, check, extract, build, status.

pub(crate) mod build;
mod show;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use kyso::edxml::flow::Flow;
use kyso::edxml::{self, Attachment, AttachmentReader, Directory, Mode, Organ, Outcome};
use kyso::message::visible;
use kyso::report::json_line;
use kyso::{Envelope, Error, Limits, Place};
use kyso_map::Existing;
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
        args::Envelope::Check {
            file,
            mode,
            directory,
            format,
        } => check(&file, mode, directory.as_deref(), format, lang),
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
        args::Envelope::Track { files, format } => track(&files, format, lang),
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

fn check(
    file: &Path,
    mode: CheckMode,
    directory: Option<&Path>,
    format: Format,
    lang: Lang,
) -> Result<u8, Failure> {
    let bytes = input::open(file)?;
    let (word, mode) = match mode {
        CheckMode::Strict => ("strict", Mode::Strict),
        CheckMode::Lenient => ("lenient", Mode::Lenient),
    };
    let limits = Limits::default();
    let (dialect, breaches) = match directory {
        Some(path) => {
            let directory = Directory::read(&input::open(path)?)
                .map_err(|error| Failure::about(path, error))?;
            Envelope::check_against(&bytes, &limits, &directory)
        }
        None => Envelope::check(&bytes, &limits),
    };
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
    for attachment in envelope.attachments() {
        let path = directory.join(attachment.safe_name());
        match unpack(&attachment, &path, existing, &limits)? {
            Ok(()) => {
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

/// Writes one attachment, a block at a time; inside, what is wrong with the attachment itself.
fn unpack(
    attachment: &Attachment<'_>,
    path: &Path,
    existing: Existing,
    limits: &Limits,
) -> Result<Result<(), Error>, Failure> {
    let mut reader = match attachment.reader(limits) {
        Ok(reader) => reader,
        Err(error) => return Ok(Err(error)),
    };
    let mut damaged = None;
    let written = output::write(path, existing, |out| {
        let mut block = vec![0; 128 << 10];
        loop {
            let count = match reader.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) => {
                    damaged = Some(AttachmentReader::fault(error));
                    return Err(io::Error::from(io::ErrorKind::InvalidData));
                }
            };
            out.write_all(block.get(..count).unwrap_or_default())?;
        }
    });
    match damaged {
        Some(error) => Ok(Err(error.at(Place::Part(attachment.safe_name().to_owned())))),
        None => written.map(Ok),
    }
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

fn track(files: &[PathBuf], format: Format, lang: Lang) -> Result<u8, Failure> {
    let mut flow = Flow::new();
    for file in files {
        flow.apply(&read(file, &input::open(file)?)?);
    }
    match format {
        Format::Json => print(&json_line(&flow.to_json()))?,
        Format::Text => print(&flow.tell(lang))?,
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
