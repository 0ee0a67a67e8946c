//! `kyso verify`: the reports of the files, in the order given.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kyso::message::visible;
use kyso::report::json_line;
use kyso::{Error, ErrorKind, Limits, Verifier};
use serde_json::{Value, json};

use crate::args::{Format, Verify};
use crate::failure::{Failure, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, is_dash, note, print};
use crate::secret;

/// Verifies and prints; the status is the gravest of all files.
pub(crate) fn run(arguments: &Verify, lang: Lang) -> Result<u8, Failure> {
    if arguments.files.iter().filter(|file| is_dash(file)).count() > 1 {
        return Err(Failure::usage(
            "chỉ được dùng - (đầu vào chuẩn) một lần",
            "- (standard input) can be given once only",
        ));
    }
    let mut verifier = arguments.judge.verifier()?;
    if let Some(password) = secret::named(&arguments.secret)? {
        verifier = verifier.password(password);
    }
    if !arguments.limit.is_empty() {
        let mut limits = Limits::default();
        for (name, value) in &arguments.limit {
            // The names were looked at when the arguments were read.
            let _ = limits.set(name, *value);
        }
        verifier = verifier.limits(limits);
    }
    if let (Some(number), Some(output)) = (arguments.revision, &arguments.output) {
        return covered(&verifier, arguments, number, output, lang);
    }
    let work = Work {
        verifier,
        format: arguments.format,
        lang,
    };
    let files = &arguments.files;
    let at_most = arguments
        .jobs
        .or_else(|| thread::available_parallelism().ok());
    let jobs = files.len().min(at_most.map_or(1, NonZeroUsize::get));
    let mut gravest = status::DONE;
    let mut progress = Progress::new(files.len());
    let mut show = |index: usize, answer: Answer| {
        progress.clear();
        gravest = status::gravest(gravest, answer.exit);
        if let Some(text) = &answer.note {
            note(text);
        }
        if let Some(text) = &answer.text {
            if index > 0 && work.format == Format::Text {
                print("")?;
            }
            print(text)?;
        }
        progress.show(index + 1);
        Ok(())
    };
    if jobs > 1 {
        many(&work, files, jobs, &mut show)?;
    } else {
        for (index, file) in files.iter().enumerate() {
            show(index, work.answer(file))?;
        }
    }
    progress.clear();
    Ok(gravest)
}

/// Writes what one signature of one file covers.
fn covered(
    verifier: &Verifier,
    arguments: &Verify,
    number: NonZeroUsize,
    path: &Path,
    lang: Lang,
) -> Result<u8, Failure> {
    let [file] = arguments.files.as_slice() else {
        return Err(Failure::usage(
            "--revision cần đúng một tệp",
            "--revision takes exactly one file",
        ));
    };
    let existing = output::existing(arguments.force);
    output::check(path, existing)?;
    let input = input::open(file)?;
    let covered = verifier
        .covered(&input, number.get())
        .map_err(|error| Failure::about(file, error))?;
    output::write(path, existing, |out| out.write_all(covered.revision()))?;
    // What is handed out is what was signed, which is not to say that the signature is good.
    let (id, indication) = (visible(covered.id()), covered.indication());
    note(&pick(
        lang,
        format!("kyso: phần mà chữ ký “{id}” ({indication}) đã ký"),
        format!("kyso: what the signature “{id}” ({indication}) covers"),
    ));
    Ok(status::DONE)
}

/// What has to be known to verify a file; shared by all threads.
struct Work {
    verifier: Verifier,
    format: Format,
    lang: Lang,
}

/// What is said about one file.
struct Answer {
    text: Option<String>,
    note: Option<String>,
    exit: u8,
}

impl Work {
    fn answer(&self, path: &Path) -> Answer {
        // A defect that one file shows must not take the other files' reports with it.
        catch_unwind(AssertUnwindSafe(|| self.report(path))).unwrap_or_else(|_| {
            let defect = Error::new(ErrorKind::Internal, "");
            self.failed(path, &Failure::about(path, defect))
        })
    }

    fn report(&self, path: &Path) -> Answer {
        let input = match input::open(path) {
            Ok(input) => input,
            Err(failure) => return self.failed(path, &failure),
        };
        let report = self.verifier.verify(&input).named(path.to_string_lossy());
        let text = match self.format {
            Format::Text => report.to_text(self.lang),
            Format::Json => report.to_json(self.lang),
        };
        Answer {
            text: Some(text),
            note: None,
            exit: report.exit(),
        }
    }

    /// For a program a line in its place among the others, for a person a note.
    fn failed(&self, path: &Path, failure: &Failure) -> Answer {
        let message = failure.message(self.lang).unwrap_or_default();
        let (text, note) = match self.format {
            Format::Text => (None, Some(format!("kyso: {message}"))),
            Format::Json => (Some(self.unread(path, failure.code(), &message)), None),
        };
        Answer {
            text,
            note,
            exit: failure.exit(),
        }
    }

    /// A report without a verdict. Its members are those of the report of no bytes at all, so that
    /// policy, trust and time stand there as in every other line.
    fn unread(&self, path: &Path, code: &str, message: &str) -> String {
        let nothing = self.verifier.verify(&[]).to_json(self.lang);
        let mut report = serde_json::from_str(&nothing).unwrap_or_else(|_| json!({}));
        if let Value::Object(members) = &mut report {
            members.insert("file".into(), json!(visible(&path.to_string_lossy())));
            members.insert("kind".into(), json!("unknown"));
            members.insert("sha256".into(), Value::Null);
            members.insert("indication".into(), json!("NONE"));
            members.insert("error".into(), json!({ "code": code, "message": message }));
        }
        json_line(&report)
    }
}

/// Several files at once; shown in the order given, each as soon as those before it are.
fn many(
    work: &Work,
    files: &[impl AsRef<Path> + Sync],
    jobs: usize,
    show: &mut impl FnMut(usize, Answer) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, answers) = mpsc::sync_channel(jobs.saturating_mul(2));
        for _ in 0..jobs {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(index) else { return };
                    // Nobody listens any more: standard output is gone.
                    if sender.send((index, work.answer(file.as_ref()))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (index, answer) in answers {
            waiting.insert(index, answer);
            while let Some(answer) = waiting.remove(&due) {
                show(due, answer)?;
                due += 1;
            }
        }
        Ok(())
    })
}

/// How many of many files are done, for work of more than a second whose results go elsewhere than
/// to the terminal.
struct Progress {
    all: usize,
    begun: Instant,
    is_wanted: bool,
    is_shown: bool,
}

impl Progress {
    fn new(all: usize) -> Self {
        Self {
            all,
            begun: Instant::now(),
            is_wanted: all > 1 && io::stderr().is_terminal() && !io::stdout().is_terminal(),
            is_shown: false,
        }
    }

    fn show(&mut self, done: usize) {
        if self.is_wanted && self.begun.elapsed() > PATIENCE {
            let width = done
                .saturating_mul(BAR)
                .checked_div(self.all)
                .unwrap_or(BAR);
            let bar = "#".repeat(width);
            let _ = write!(io::stderr(), "\r[{bar:.<BAR$}] {done}/{}", self.all);
            self.is_shown = true;
        }
    }

    fn clear(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
            self.is_shown = false;
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(1);
const BAR: usize = 30;
