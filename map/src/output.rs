//! Output files appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What happens to a file that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Existing {
    /// It stays, and writing is an error of the kind `AlreadyExists`.
    Keep,
    /// It is replaced.
    Replace,
}

/// Writes a file: under a temporary name beside it, flushed to the disk, then renamed. After a
/// failure or a crash the old file, or none, is there, never half of the new one.
///
/// ```
/// use kyso_map::{Existing, write_whole};
///
/// let path = std::env::temp_dir().join("kyso-output-example.txt");
/// write_whole(&path, Existing::Replace, |out| out.write_all(b"abc"))?;
/// assert_eq!(std::fs::read(&path)?, b"abc");
/// assert!(write_whole(&path, Existing::Keep, |out| out.write_all(b"x")).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Those of the operating system and of `write`; `AlreadyExists` under [`Existing::Keep`].
pub fn write_whole(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if existing == Existing::Keep && fs::symlink_metadata(path).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    // A device or pipe (/dev/stdout) cannot be replaced; it is written as it is.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let mut out = File::create(path)?;
        return write(&mut out);
    }
    let (temporary, file) = create_beside(path)?;
    let guard = Guard(Some(temporary));
    let mut out = BufWriter::with_capacity(BUFFER, file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_data()?;
    drop(file);
    guard.rename(path, existing)
}

/// Removes the temporary file unless it was renamed.
struct Guard(Option<PathBuf>);

impl Guard {
    fn rename(mut self, path: &Path, existing: Existing) -> io::Result<()> {
        let Some(temporary) = self.0.as_ref() else {
            return Ok(());
        };
        match existing {
            Existing::Replace => fs::rename(temporary, path)?,
            // A hard link fails when somebody made the file meanwhile; a rename would replace it.
            // Where the file system has no links, looking once more is the best there is.
            Existing::Keep => match fs::hard_link(temporary, path) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if fs::symlink_metadata(path).is_ok() => {
                    return Err(io::Error::from(io::ErrorKind::AlreadyExists));
                }
                Err(_) => fs::rename(temporary, path)?,
            },
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(temporary) = self.0.take() {
            // It may be gone already; then there is nothing to tidy.
            let _ = fs::remove_file(temporary);
        }
    }
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    for attempt in 0..ATTEMPTS {
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.{attempt}.part", std::process::id()));
        let temporary = path.with_file_name(hidden);
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)
        {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

const BUFFER: usize = 256 * 1024;
const ATTEMPTS: u32 = 100;
