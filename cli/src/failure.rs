//! Why a verb could not do its work, and with which exit status it says so.

use std::fmt::Display;
use std::io;
use std::path::Path;

use kyso::message::visible;
use kyso::{Error, ErrorKind};

use crate::language::{Lang, pick};

/// The exit statuses of `spec`: `sysexits.h` where it has one.
pub(crate) mod status {
    /// The verb did its work; every signature passed.
    pub(crate) const DONE: u8 = 0;
    /// At least one signature failed; an envelope is to be rejected.
    pub(crate) const FAILED: u8 = 1;
    /// No failure, but not everything is certain.
    pub(crate) const UNDECIDED: u8 = 2;
    /// Wrong usage.
    pub(crate) const USAGE: u8 = 64;
    /// An input is not what it should be.
    pub(crate) const INPUT: u8 = 65;
    /// An input cannot be read.
    pub(crate) const UNREADABLE: u8 = 66;
    /// A service did not answer.
    pub(crate) const SERVICE: u8 = 69;
    /// A defect of ours.
    pub(crate) const DEFECT: u8 = 70;
    /// An output cannot be written.
    pub(crate) const OUTPUT: u8 = 74;
    /// The key or PIN was refused.
    pub(crate) const KEY: u8 = 77;

    /// The gravest of two statuses, in the order that several files are folded in.
    pub(crate) fn gravest(a: u8, b: u8) -> u8 {
        let rank = |status: u8| {
            GRAVEST_FIRST
                .iter()
                .position(|known| *known == status)
                // What is not in the list cannot be told apart from a defect.
                .unwrap_or(0)
        };
        if rank(a) <= rank(b) { a } else { b }
    }

    const GRAVEST_FIRST: [u8; 9] = [
        DEFECT, OUTPUT, UNREADABLE, INPUT, SERVICE, KEY, FAILED, UNDECIDED, DONE,
    ];
}

/// Why a verb could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read our output went away; there is nobody to tell.
    Unheard,
    /// The library could not do it; with the file it was about.
    Core(Option<String>, Error),
    /// What this program itself has to say.
    Said {
        kind: ErrorKind,
        vi: String,
        en: String,
    },
}

impl Failure {
    /// Wrong usage.
    pub(crate) fn usage(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::said(ErrorKind::Misuse, vi, en)
    }

    /// A failure of this kind in our own words, which are safe to show already.
    pub(crate) fn said(kind: ErrorKind, vi: impl Into<String>, en: impl Into<String>) -> Self {
        let (vi, en) = (vi.into(), en.into());
        Self::Said { kind, vi, en }
    }

    /// The library's error about a file.
    pub(crate) fn about(path: &Path, error: Error) -> Self {
        Self::Core(Some(shown(path)), error)
    }

    /// An input that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let vi = format!(
            "không đọc được {}: {}",
            shown(path),
            reason(error, Lang::Vi)
        );
        let en = format!("cannot read {}: {}", shown(path), reason(error, Lang::En));
        Self::said(ErrorKind::InputUnreadable, vi, en)
    }

    /// An output that cannot be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::AlreadyExists {
            let path = shown(path);
            return Self::said(
                ErrorKind::OutputUnwritable,
                format!("{path} đã có sẵn; thêm --force nếu muốn thay thế"),
                format!("{path} is there already; --force replaces it"),
            );
        }
        let vi = format!(
            "không ghi được {}: {}",
            shown(path),
            reason(error, Lang::Vi)
        );
        let en = format!("cannot write {}: {}", shown(path), reason(error, Lang::En));
        Self::said(ErrorKind::OutputUnwritable, vi, en)
    }

    /// The exit status.
    pub(crate) fn exit(&self) -> u8 {
        match self {
            // Silent, but never the status of success: nobody saw what was found.
            Self::Unheard => status::OUTPUT,
            Self::Core(_, error) => error.kind().exit(),
            Self::Said { kind, .. } => kind.exit(),
        }
    }

    /// One sentence; nothing when there is nobody to tell.
    pub(crate) fn message(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Unheard => None,
            Self::Core(Some(file), error) => Some(format!("{file}: {}", error.message(lang))),
            Self::Core(None, error) => Some(error.message(lang)),
            Self::Said { vi, en, .. } => Some(pick(lang, vi, en).clone()),
        }
    }

    /// The stable text code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unheard => ErrorKind::OutputUnwritable.code(),
            Self::Core(_, error) => error.code(),
            Self::Said { kind, .. } => kind.code(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(None, error)
    }
}

/// A path as it may be shown.
pub(crate) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// What is said of a panic.
pub(crate) fn defect(lang: Lang) -> String {
    let error = Error::new(ErrorKind::Internal, "");
    format!("kyso: {}", error.message(lang))
}

/// Something that is not there.
pub(crate) fn not_offered(what: impl Display) -> Failure {
    Failure::usage(
        format!("{what}: chưa có trong phiên bản này (xem docs/KNOWN-LIMITS.md)"),
        format!("{what}: not offered yet (see docs/KNOWN-LIMITS.md)"),
    )
}

fn reason(error: &io::Error, lang: Lang) -> String {
    let (vi, en) = match error.kind() {
        io::ErrorKind::NotFound => ("không có tệp hoặc thư mục này", "no such file or folder"),
        io::ErrorKind::PermissionDenied => ("không có quyền", "permission denied"),
        io::ErrorKind::IsADirectory => (
            "đây là thư mục, không phải tệp",
            "it is a folder, not a file",
        ),
        io::ErrorKind::NotADirectory => (
            "một phần của đường dẫn không phải thư mục",
            "a part of the path is no folder",
        ),
        io::ErrorKind::StorageFull => ("hết chỗ trên đĩa", "the disk is full"),
        _ => return visible(&error.to_string()),
    };
    pick(lang, vi, en).to_owned()
}

#[cfg(test)]
mod tests {
    use super::status::gravest;

    #[test]
    fn the_gravest_status_wins_in_the_order_of_the_contract() {
        let order = [70, 74, 66, 65, 69, 77, 1, 2, 0];
        for (rank, grave) in order.into_iter().enumerate() {
            for lighter in order.into_iter().skip(rank) {
                assert_eq!(gravest(grave, lighter), grave);
                assert_eq!(gravest(lighter, grave), grave);
            }
        }
    }
}
