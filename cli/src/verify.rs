//! `kyso verify`: the reports of the files, in the order given.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kyso::edxml::Directory;
use kyso::message::visible;
use kyso::report::{Kind, json_line};
use kyso::{Bundle, Error, ErrorKind, Limits, Report, Verifier};
use kyso_map::Existing;
use serde_json::{Value, json};

use crate::args::{Format, Verify};
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::judge::Judging;
use crate::language::{Lang, pick};
use crate::ledger::hex;
use crate::output::{check, existing, is_dash, note, print, write};
use crate::secret;

/// Verifies and prints; the status is the gravest of all files.
pub(crate) fn run(arguments: &Verify, lang: Lang) -> Result<u8, Failure> {
    if arguments.files.iter().filter(|file| is_dash(file)).count() > 1 {
        return Err(Failure::usage(
            "chỉ được dùng - (đầu vào chuẩn) một lần",
            "- (standard input) can be given once only",
        ));
    }
    let mut judging = arguments.judge.judging(lang)?;
    if let Some(password) = secret::named(&arguments.secret)? {
        judging.verifier = judging.verifier.password(password);
    }
    if let Some(path) = &arguments.directory {
        let directory =
            Directory::read(&input::open(path)?).map_err(|error| Failure::about(path, error))?;
        judging.verifier = judging.verifier.directory(directory);
    }
    if !arguments.limit.is_empty() {
        let mut limits = Limits::default();
        for (name, value) in &arguments.limit {
            // The names were looked at when the arguments were read.
            let _ = limits.set(name, *value);
        }
        judging.verifier = judging.verifier.limits(limits);
    }
    if let (Some(number), Some(output)) = (arguments.revision, &arguments.output) {
        return covered(&judging.verifier, arguments, number, output, lang);
    }
    let work = Work {
        judging,
        out: match &arguments.evidence_out {
            Some(path) => Some(Out::new(path, arguments)?),
            None => None,
        },
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
    let keep = existing(arguments.force);
    check(path, keep)?;
    let input = input::open(file)?;
    let about = |error| Failure::about(file, error);
    let is_xml = matches!(kyso::verify::kind(&input), Kind::Xml | Kind::Edxml);
    let (id, indication) = if is_xml {
        let covered = verifier.covered_xml(&input, number.get()).map_err(about)?;
        let [part] = covered.parts() else {
            return Err(Failure::usage(
                "chữ ký này ký nhiều phần: lấy từng phần bằng kyso xml c14n --reference N",
                "this signature covers several parts: take each by kyso xml c14n --reference N",
            ));
        };
        write(path, keep, |out| out.write_all(part.octets()))?;
        (covered.id().to_owned(), covered.indication())
    } else {
        let covered = verifier.covered(&input, number.get()).map_err(about)?;
        write(path, keep, |out| out.write_all(covered.revision()))?;
        (covered.id().to_owned(), covered.indication())
    };
    // What is handed out is what was signed, which is not to say that the signature is good.
    let id = visible(&id);
    note(&pick(
        lang,
        format!("kyso: phần mà chữ ký “{id}” ({indication}) đã ký"),
        format!("kyso: what the signature “{id}” ({indication}) covers"),
    ));
    Ok(status::DONE)
}

/// What has to be known to verify a file; shared by all threads.
struct Work {
    judging: Judging,
    out: Option<Out>,
    format: Format,
    lang: Lang,
}

/// Where evidence bundles go.
struct Out {
    path: PathBuf,
    is_folder: bool,
    existing: Existing,
}

impl Out {
    fn new(path: &Path, arguments: &Verify) -> Result<Self, Failure> {
        let existing = existing(arguments.force);
        let ends_as_folder = path
            .to_string_lossy()
            .ends_with(['/', std::path::MAIN_SEPARATOR]);
        let is_folder = path.is_dir() || ends_as_folder;
        if is_folder {
            fs::create_dir_all(path).map_err(|error| Failure::unwritable(path, &error))?;
        } else if arguments.files.len() > 1 {
            return Err(Failure::usage(
                "nhiều tệp thì --evidence-out phải là một thư mục (kết thúc bằng /)",
                "with several files --evidence-out has to be a folder (ending in /)",
            ));
        } else if is_dash(path) {
            return Err(Failure::usage(
                "--evidence-out phải là một tệp: đầu ra chuẩn dành cho báo cáo",
                "--evidence-out has to be a file: standard output is for the report",
            ));
        } else {
            check(path, existing)?;
        }
        Ok(Self {
            path: path.to_owned(),
            is_folder,
            existing,
        })
    }

    /// In a folder a bundle is named by its file's name and digest, so that files of one name do not
    /// meet.
    fn write(&self, file: &Path, bundle: &Bundle) -> Result<(), Failure> {
        let path = if self.is_folder {
            let name = match file.file_name() {
                Some(name) if !is_dash(file) => name.to_string_lossy().into_owned(),
                _ => "stdin".to_owned(),
            };
            let digest: String = hex(bundle.file_sha256()).chars().take(12).collect();
            self.path.join(format!("{name}.{digest}.evidence.json"))
        } else {
            self.path.clone()
        };
        write(&path, self.existing, |out| out.write_all(bundle.as_bytes()))
    }
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
        let kept = match self.judging.of_bundle(&input) {
            Ok(kept) => kept,
            Err(failure) => return self.failed(path, &failure),
        };
        let name = path.to_string_lossy();
        let mut notes = Vec::new();
        let verifier = kept.as_ref().map_or(&self.judging.verifier, |kept| &kept.0);
        let mut report = None;
        if let Some((_, bundle)) = &kept {
            match verifier.reprove(bundle, &input, Some(&name)) {
                Ok(again) => {
                    notes.push(self.as_of(&again.report));
                    let told = again.differences.iter().map(|each| each.message(self.lang));
                    notes.extend(told);
                    if again.differences.is_empty() {
                        let same = pick(self.lang, "giống kết quả đã lưu", "the same as was kept");
                        notes.push(same.to_owned());
                    }
                    report = Some(again.report);
                }
                Err(error) => return self.failed(path, &Failure::about(path, error)),
            }
        }
        let mut unwritten = None;
        if let Some(out) = &self.out {
            let (judged, bundle) = verifier.verify_and_keep(&input, Some(&name));
            report = Some(judged);
            if let Err(failure) = out.write(path, &bundle) {
                notes.extend(failure.message(self.lang));
                unwritten = Some(failure.exit());
            } else if !bundle.is_reproved() {
                let told = pick(
                    self.lang,
                    "chỉ riêng gói chứng cứ này thì chưa cho lại đúng kết quả",
                    "by itself this evidence bundle does not give the same verdict",
                );
                notes.push(told.to_owned());
            }
        }
        let report = report.unwrap_or_else(|| verifier.verify(&input).named(&*name));
        let exit = match unwritten {
            Some(worse) => status::gravest(report.exit(), worse),
            None => report.exit(),
        };
        let text = match self.format {
            Format::Text => report.to_text(self.lang),
            Format::Json => report.to_json(self.lang),
        };
        let shown = shown(path);
        let notes: Vec<String> = notes
            .iter()
            .map(|text| format!("kyso: {shown}: {text}"))
            .collect();
        Answer {
            text: Some(text),
            note: (!notes.is_empty()).then(|| notes.join("\n")),
            exit,
        }
    }

    /// That a verdict is one of another day, which nobody shall take for one of today.
    fn as_of(&self, report: &Report) -> String {
        let validation = report.validation();
        let (at, policy) = (validation.at, visible(&validation.policy));
        pick(
            self.lang,
            format!("kiểm tra lại theo gói chứng cứ: tại thời điểm {at}, chính sách {policy}"),
            format!("judged again by its evidence bundle: as of {at}, by the policy {policy}"),
        )
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
        let nothing = self.judging.verifier.verify(&[]).to_json(self.lang);
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
