//! Files of a folder, and where the operator's trust store lies.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The bytes of a file, or of every file of a folder (its own, not those of folders below it),
/// sorted by name so that the same folder always gives the same order.
///
/// Files over 16 MiB are left out of a folder: no certificate, CRL bundle of an operator or OCSP
/// response is that large.
///
/// # Errors
///
/// Those of the operating system. A file of a folder that cannot be read is an error too: a trust
/// store that is silently incomplete would change verdicts.
pub fn files(path: &Path) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![(path.to_owned(), fs::read(path)?)]);
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let metadata = fs::metadata(&path)?;
        if metadata.is_file() && metadata.len() <= LARGEST {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| fs::read(&path).map(|bytes| (path, bytes)))
        .collect()
}

/// The folder of the trust store: `KYSO_TRUST_DIR`, else `kyso/trust` in the platform's data folder
/// (`$XDG_DATA_HOME` or `~/.local/share`, `~/Library/Application Support`, `%APPDATA%`). `None`
/// where the platform names none. The folder need not exist.
pub fn trust_folder() -> Option<PathBuf> {
    if let Some(folder) = named("KYSO_TRUST_DIR") {
        return Some(PathBuf::from(folder));
    }
    let data = if cfg!(windows) {
        PathBuf::from(named("APPDATA")?)
    } else if cfg!(target_os = "macos") {
        PathBuf::from(named("HOME")?).join("Library/Application Support")
    } else if let Some(data) = named("XDG_DATA_HOME") {
        PathBuf::from(data)
    } else {
        PathBuf::from(named("HOME")?).join(".local/share")
    };
    Some(data.join("kyso").join("trust"))
}

/// The bytes of every file of the trust store; none where the folder does not exist.
///
/// # Errors
///
/// As [`files`].
pub fn trust_files() -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    match trust_folder() {
        Some(folder) if folder.is_dir() => files(&folder),
        _ => Ok(Vec::new()),
    }
}

/// The folder of what was fetched: `KYSO_CACHE_DIR`, else `kyso` in the platform's folder for caches
/// (`$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`). `None` where the platform
/// names none. The folder need not exist.
pub fn cache_folder() -> Option<PathBuf> {
    if let Some(folder) = named("KYSO_CACHE_DIR") {
        return Some(PathBuf::from(folder));
    }
    let caches = if cfg!(windows) {
        PathBuf::from(named("LOCALAPPDATA")?)
    } else if cfg!(target_os = "macos") {
        PathBuf::from(named("HOME")?).join("Library/Caches")
    } else if let Some(caches) = named("XDG_CACHE_HOME") {
        PathBuf::from(caches)
    } else {
        PathBuf::from(named("HOME")?).join(".cache")
    };
    Some(caches.join("kyso"))
}

/// What the environment says, where it says something.
fn named(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

const LARGEST: u64 = 16 << 20;
