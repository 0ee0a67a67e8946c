//! Inputs: a file as a map, or standard input for `-`.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::{Certificate, Error, ErrorKind, Time};
use kyso_map::{Access, Input};

use crate::failure::{Failure, shown};
use crate::output::is_dash;

/// Opens a file, or reads standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<Input, Failure> {
    let input = if is_dash(path) {
        kyso_map::stdin()
    } else {
        kyso_map::open(path, Access::Map)
    };
    input.map_err(|error| Failure::unreadable(path, &error))
}

/// The certificates of a file or of every file of a folder; files that hold none give none.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let files = if is_dash(path) {
        vec![(path.to_owned(), open(path)?.to_vec())]
    } else {
        kyso_map::files(path).map_err(|error| Failure::unreadable(path, &error))?
    };
    Ok(files
        .iter()
        .filter_map(|(_, bytes)| Certificate::many_from_pem_or_der(bytes).ok())
        .flatten()
        .collect())
}

/// The certificates of files that have to hold some.
pub(crate) fn some_certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let found = certificates(path)?;
    if found.is_empty() {
        if let Some((vi, en)) = container(path) {
            let path = shown(path);
            return Err(Failure::said(
                ErrorKind::Malformed,
                format!("{path} {vi}"),
                format!("{path} {en}"),
            ));
        }
        return Err(Failure::said(
            ErrorKind::Malformed,
            format!("{} không chứa chứng thư nào", shown(path)),
            format!("{} holds no certificate", shown(path)),
        ));
    }
    Ok(found)
}

/// What a file is that holds certificates, but not as a certificate file does, and what to do.
fn container(path: &Path) -> Option<(&'static str, &'static str)> {
    if is_dash(path) || !path.is_file() {
        return None;
    }
    let bytes = open(path).ok()?;
    let start = bytes.get(..bytes.len().min(16)).unwrap_or_default();
    // PFX ::= SEQUENCE { version INTEGER 3, … (RFC 7292 §4).
    let is_pfx = start.first() == Some(&0x30) && start.windows(3).any(|w| w == [0x02, 0x01, 0x03]);
    if start.starts_with(b"%PDF-") {
        return Some((
            "là tệp PDF: chứng thư của người ký xem bằng kyso verify",
            "is a PDF: kyso verify shows the certificates of its signers",
        ));
    }
    is_pfx.then_some((
        "là kho khóa PKCS#12 (.p12, .pfx), khóa bằng mật khẩu: trích chứng thư ra trước (openssl pkcs12 -in TỆP -nokeys -out chung-thu.pem)",
        "is a PKCS#12 key store (.p12, .pfx) under a password: take the certificates out first (openssl pkcs12 -in FILE -nokeys -out certificates.pem)",
    ))
}

/// The present, shown at Viet Nam's offset.
pub(crate) fn now() -> Result<Time, Failure> {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .ok_or_else(|| Error::new(ErrorKind::Internal, "the clock stands before 1970"))?;
    Ok(Time::from_unix(seconds).at_offset(Time::VIET_NAM))
}
