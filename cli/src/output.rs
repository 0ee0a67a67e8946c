//! Standard output, standard error, and files that appear whole.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use kyso::message::visible;
use kyso_map::{Existing, write_whole};

use crate::failure::Failure;

/// Writes text to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    to_stdout(|out| {
        out.write_all(text.as_bytes())?;
        if text.ends_with('\n') {
            Ok(())
        } else {
            out.write_all(b"\n")
        }
    })
}

/// Writes a line to standard error. A closed standard error is nobody's concern.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a file is meant by `-`: standard input or output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What `--force` says about a file that is there already.
pub(crate) fn existing(force: bool) -> Existing {
    if force {
        Existing::Replace
    } else {
        Existing::Keep
    }
}

/// Refuses, before any work and any password, an output that could not be written in the end.
pub(crate) fn check(path: &Path, existing: Existing) -> Result<(), Failure> {
    if is_dash(path) {
        if io::stdout().is_terminal() {
            return Err(Failure::usage(
                "đầu ra là màn hình: hãy chuyển hướng hoặc ghi vào tệp bằng -o TỆP",
                "standard output is a terminal: redirect it, or write to a file with -o FILE",
            ));
        }
        return Ok(());
    }
    let plain = fs::symlink_metadata(path).is_ok_and(|found| found.is_file() || found.is_symlink());
    if existing == Existing::Keep && plain && !is_device(path) {
        let error = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(Failure::unwritable(path, &error));
    }
    if fs::metadata(path).is_ok_and(|found| found.is_dir()) {
        let error = io::Error::from(io::ErrorKind::IsADirectory);
        return Err(Failure::unwritable(path, &error));
    }
    Ok(())
}

/// Writes a file whole or not at all, or standard output for `-`.
pub(crate) fn write(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if is_dash(path) {
        return to_stdout(write);
    }
    // A link to a device (/dev/stdout) is no file that could be lost.
    let existing = if is_device(path) {
        Existing::Replace
    } else {
        existing
    };
    write_whole(path, existing, write).map_err(|error| Failure::unwritable(path, &error))
}

/// A path as a shell takes it, for commands that are shown to be typed.
pub(crate) fn quoted_path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:,+@%=\\".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", visible(word).replace('\'', "'\\''"))
}

fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

pub(crate) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = io::BufWriter::with_capacity(BUFFER, io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Unheard,
            _ => Failure::unwritable(Path::new("-"), &error),
        })
}

const BUFFER: usize = 64 * 1024;
