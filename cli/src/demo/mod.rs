//! `kyso demo`: everything once, with nothing but this program: an authority, a decision, two
//! signatures, an envelope, its answer, and what verifying says of each.
//!
//! Each step is a command that is printed and then parsed and run as if it had been typed, so that
//! what is printed is what was done.

mod decision;
mod story;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use kyso::{Error, ErrorKind, Report, Verifier};

use crate::args::{self, Arguments, Demo, Verb};
use crate::demo::story::Story;
use crate::envelope;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, existing};
use crate::sandbox::args::Sandbox;
use crate::{sandbox, sign};

/// Makes everything and tells it.
pub(crate) fn run(arguments: &Demo, lang: Lang) -> Result<u8, Failure> {
    let place = Place::new(&arguments.directory);
    place.clear(arguments.force)?;
    let mut story = Story::new(lang);
    story.opening(&place)?;

    story.authority(&place)?;
    sandbox::make(&place.authority)?;
    let today = input::now()?;
    story.decision(&place)?;
    let decision =
        decision::pdf(today).map_err(|error| sandbox::failure(&place.unsigned, &error))?;
    write(&place.unsigned, &decision)?;

    let words = place.sign_as_person(lang);
    story.person(&place, &words)?;
    obey(&words, lang)?;

    let words = place.sign_as_organisation(lang);
    story.organisation(&place, &words)?;
    obey(&words, lang)?;

    write(&place.description, decision::description(today).as_bytes())?;
    let words = place.build();
    story.envelope(&place, &words)?;
    obey(&words, lang)?;

    let words = place.answer(lang);
    story.answer(&place, &words)?;
    obey(&words, lang)?;

    let words = place.list();
    story.lists(&words)?;
    obey(&words, lang)?;

    verify(&mut story, &place, lang)?;
    story.closing(&place)?;
    write(&place.summary, story.told().as_bytes())?;
    Ok(status::DONE)
}

/// Verifies every file as `kyso verify` does by the authority's root and lists, and keeps the reports.
fn verify(story: &mut Story, place: &Place, lang: Lang) -> Result<(), Failure> {
    let judged = place.judged();
    let files: Vec<&Path> = judged.iter().map(PathBuf::as_path).collect();
    let words = place.verify(&files);
    let Verb::Verify(arguments) = parsed(&words)? else {
        return Err(defect());
    };
    story.verifying(&words)?;
    let verifier = arguments.judge.verifier(lang)?;
    let reports = reports(&verifier, &judged)?;
    for (file, report) in judged.iter().zip(&reports) {
        story.verdict(file, report)?;
    }
    story.why(&reports)?;
    let texts: Vec<String> = reports.iter().map(|report| report.to_text(lang)).collect();
    write(&place.texts, texts.join("\n").as_bytes())?;
    let envelope = judged.iter().position(|file| *file == place.envelope);
    if let Some(report) = envelope.and_then(|index| reports.get(index)) {
        write(
            &place.report,
            format!("{}\n", report.to_json(lang)).as_bytes(),
        )?;
    }
    Ok(())
}

fn reports(verifier: &Verifier, files: &[PathBuf]) -> Result<Vec<Report>, Failure> {
    let mut all = Vec::new();
    for file in files {
        let bytes = input::open(file)?;
        all.push(verifier.verify(&bytes).named(file.to_string_lossy()));
    }
    Ok(all)
}

/// Runs a command of the demo, whose words are the demo's own.
fn obey(words: &[String], lang: Lang) -> Result<(), Failure> {
    match parsed(words)? {
        Verb::Sign(args::Sign::Pdf(arguments)) => sign::pdf(arguments, lang).map(drop),
        Verb::Envelope(args::Envelope::Build {
            spec,
            output,
            force,
        }) => envelope::build::make(&spec, &output, existing(force)),
        Verb::Envelope(args::Envelope::Status(arguments)) => envelope::reply(&arguments),
        Verb::Sandbox(Sandbox::Crl(arguments)) => sandbox::write_lists(&arguments).map(drop),
        _ => Err(defect()),
    }
}

fn parsed(words: &[String]) -> Result<Verb, Failure> {
    let arguments = Arguments::try_parse_from(words).map_err(|_| defect())?;
    arguments.verb.ok_or_else(defect)
}

fn defect() -> Failure {
    Error::new(ErrorKind::Internal, "a command of the demo").into()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    output::write(path, existing(false), |out| out.write_all(bytes))
}

/// The files of the demo.
pub(crate) struct Place {
    folder: PathBuf,
    authority: PathBuf,
    unsigned: PathBuf,
    once: PathBuf,
    signed: PathBuf,
    description: PathBuf,
    envelope: PathBuf,
    status: PathBuf,
    texts: PathBuf,
    report: PathBuf,
    summary: PathBuf,
}

impl Place {
    fn new(folder: &Path) -> Self {
        let at = |name: &str| folder.join(name);
        Self {
            folder: folder.to_owned(),
            authority: at("authority"),
            unsigned: at("quyet-dinh.pdf"),
            once: at("quyet-dinh.signed-1.pdf"),
            signed: at("quyet-dinh.signed.pdf"),
            description: at("van-ban.json"),
            envelope: at("van-ban.edxml"),
            status: at("trang-thai-03.edxml"),
            texts: at("bao-cao.txt"),
            report: at("bao-cao.json"),
            summary: at("README.txt"),
        }
    }

    /// Sees to it that nothing of anyone else's is in the way.
    fn clear(&self, force: bool) -> Result<(), Failure> {
        fs::create_dir_all(&self.folder)
            .map_err(|error| Failure::unwritable(&self.folder, &error))?;
        let mut entries = fs::read_dir(&self.folder)
            .map_err(|error| Failure::unreadable(&self.folder, &error))?;
        if entries.next().is_none() {
            return Ok(());
        }
        if !force {
            let folder = shown(&self.folder);
            return Err(Failure::said(
                ErrorKind::OutputUnwritable,
                format!("{folder} không trống; hãy chọn thư mục khác, hoặc thêm --force"),
                format!("{folder} is not empty; choose another folder, or add --force"),
            ));
        }
        let authority = AUTHORITY_FILES.iter().map(|name| self.authority.join(name));
        let own = [
            &self.unsigned,
            &self.once,
            &self.signed,
            &self.description,
            &self.envelope,
            &self.status,
            &self.texts,
            &self.report,
            &self.summary,
        ];
        for path in authority.chain(own.into_iter().cloned()) {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Failure::unwritable(&path, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn judged(&self) -> [PathBuf; 5] {
        [
            &self.unsigned,
            &self.once,
            &self.signed,
            &self.envelope,
            &self.status,
        ]
        .map(Clone::clone)
    }

    fn sign_as_person(&self, lang: Lang) -> Vec<String> {
        let reason = pick(lang, "Phê duyệt", "Approval");
        self.sign(&self.unsigned, &self.once, "person.p12", reason)
    }

    fn sign_as_organisation(&self, lang: Lang) -> Vec<String> {
        let reason = pick(lang, "Phát hành văn bản", "Issue of the document");
        self.sign(&self.once, &self.signed, "organisation.p12", reason)
    }

    fn sign(&self, input: &Path, output: &Path, key: &str, reason: &str) -> Vec<String> {
        let mut words = command(&["sign", "pdf"]);
        words.extend([word(input), "-o".into(), word(output)]);
        words.extend(["--p12".into(), word(&self.authority.join(key))]);
        words.extend([
            "--password-file".into(),
            word(&self.authority.join("password.txt")),
        ]);
        words.extend(["--reason".into(), reason.to_owned()]);
        words
    }

    fn build(&self) -> Vec<String> {
        let mut words = command(&["envelope", "build"]);
        words.extend([word(&self.description), "-o".into(), word(&self.envelope)]);
        words
    }

    fn answer(&self, lang: Lang) -> Vec<String> {
        let text = pick(
            lang,
            "Đã tiếp nhận, vào sổ văn bản đến",
            "Received and registered",
        );
        let mut words = command(&["envelope", "status"]);
        words.extend([word(&self.envelope), "-o".into(), word(&self.status)]);
        words.extend(["--code", "03", "--description", text].map(str::to_owned));
        words
    }

    fn list(&self) -> Vec<String> {
        let mut words = command(&["sandbox", "crl"]);
        words.push(word(&self.authority));
        words
    }

    fn verify(&self, files: &[&Path]) -> Vec<String> {
        let mut words = command(&["verify"]);
        words.extend(files.iter().map(|file| word(file)));
        words.extend(["--trust".into(), word(&self.authority.join("root.pem"))]);
        words.extend(["--evidence".into(), word(&self.authority)]);
        words
    }
}

fn command(verb: &[&str]) -> Vec<String> {
    std::iter::once(&"kyso")
        .chain(verb)
        .map(|word| (*word).to_owned())
        .collect()
}

fn word(path: &Path) -> String {
    // A path that begins with a dash would be an option.
    let text = path.to_string_lossy().into_owned();
    if text.starts_with('-') {
        format!("./{text}")
    } else {
        text
    }
}

const AUTHORITY_FILES: [&str; 19] = [
    "root.crl",
    "issuing.crl",
    "root.pem",
    "root.key.pem",
    "issuing.pem",
    "issuing.key.pem",
    "responder.pem",
    "responder.key.pem",
    "index.json",
    "password.txt",
    "organisation.pem",
    "organisation.key.pem",
    "organisation.p12",
    "person.pem",
    "person.key.pem",
    "person.p12",
    "time-stamper.pem",
    "time-stamper.key.pem",
    "time-stamper.p12",
];
