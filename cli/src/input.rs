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
        return Err(Failure::said(
            ErrorKind::Malformed,
            format!("{} không chứa chứng thư nào", shown(path)),
            format!("{} holds no certificate", shown(path)),
        ));
    }
    Ok(found)
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
