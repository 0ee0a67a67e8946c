//! The files of a folder: keys that nobody else reads, an index that one at a time changes.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use x509_cert::Certificate;
use x509_cert::der::{DecodePem, Encode};

use crate::error::{FolderFault, SandboxError};
use crate::issued::Issued;

pub(crate) fn put(directory: &Path, name: &str, octets: &[u8]) -> Result<PathBuf, SandboxError> {
    put_with(directory, name, octets, &mut OpenOptions::new())
}

/// With a mode that keeps others out, where the system has modes.
pub(crate) fn put_secret(
    directory: &Path,
    name: &str,
    octets: &[u8],
) -> Result<PathBuf, SandboxError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    put_with(directory, name, octets, &mut options)
}

fn put_with(
    directory: &Path,
    name: &str,
    octets: &[u8],
    options: &mut OpenOptions,
) -> Result<PathBuf, SandboxError> {
    let path = directory.join(name);
    // Overwriting would orphan what was signed with the keys of an earlier run.
    options
        .write(true)
        .create_new(true)
        .open(&path)?
        .write_all(octets)?;
    Ok(path)
}

/// The right to change the index; given back when dropped.
pub(crate) struct Lock(PathBuf);

impl Lock {
    pub(crate) fn take(path: &Path) -> Result<Self, SandboxError> {
        let path = path.join("index.lock");
        for _ in 0..TRIES {
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => return Ok(Lock(path)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => thread::sleep(PAUSE),
                Err(error) => return Err(error.into()),
            }
        }
        Err(FolderFault::Locked.into())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A certificate and its key by what their files begin with.
pub(crate) fn load(path: &Path, stem: &str) -> Result<Issued, SandboxError> {
    let certificate = read(&path.join(format!("{stem}.pem")))?;
    let key = read(&path.join(format!("{stem}.key.pem")))?;
    let (_, key) = x509_cert::der::pem::decode_vec(&key)?;
    Ok(Issued {
        certificate_der: Certificate::from_pem(&certificate)?.to_der()?,
        private_key_pkcs8_der: key,
    })
}

/// A file of the folder; that it is missing means that the folder is none of ours.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, SandboxError> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            let name = path.file_name().unwrap_or_default();
            FolderFault::Missing(name.to_string_lossy().into_owned()).into()
        }
        _ => error.into(),
    })
}

pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

pub(crate) fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// The digits of a serial number, without what does not count; empty when it is none.
pub(crate) fn serial_word(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let digits: String = lower
        .strip_prefix("0x")
        .unwrap_or(&lower)
        .chars()
        .filter(|c| *c != ':')
        .collect();
    if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return String::new();
    }
    digits.trim_start_matches('0').to_owned()
}

/// How long the index may be held by another: five seconds.
const TRIES: usize = 250;
const PAUSE: Duration = Duration::from_millis(20);
