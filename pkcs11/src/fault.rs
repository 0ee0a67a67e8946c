//! What a driver answers, in the library's own kinds of errors.

use cryptoki::error::{Error as Answer, RvError};
use kyso::{Error, ErrorKind};

/// An error of a driver that is not about a PIN.
pub(crate) fn of(answer: Answer, what: &'static str) -> Error {
    let (kind, en, vi) = match &answer {
        Answer::Pkcs11(code, _) => match code {
            RvError::TokenNotPresent | RvError::DeviceRemoved | RvError::SlotIdInvalid => (
                ErrorKind::SignerFailed,
                "the token is not plugged in",
                "token chưa được cắm",
            ),
            RvError::TokenNotRecognized => (
                ErrorKind::SignerFailed,
                "the driver does not know this token",
                "trình điều khiển không nhận ra token này",
            ),
            RvError::FunctionCanceled | RvError::FunctionRejected => (
                ErrorKind::SignerRefused,
                "it was cancelled at the token",
                "đã bị hủy tại token",
            ),
            RvError::KeyFunctionNotPermitted | RvError::KeyTypeInconsistent => (
                ErrorKind::KeyUnusable,
                "the key may not sign in this way",
                "khóa không được phép ký theo cách này",
            ),
            RvError::UserNotLoggedIn => (
                ErrorKind::SignerRefused,
                "the token wants its PIN",
                "token đòi mã PIN",
            ),
            _ => (ErrorKind::SignerFailed, "", ""),
        },
        _ => (ErrorKind::SignerFailed, "", ""),
    };
    let code = name(&answer);
    let text = |said: &str| match said.is_empty() {
        true => format!("{what}: {code}"),
        false => format!("{said} ({what}: {code})"),
    };
    Error::new(kind, text(en))
        .in_vietnamese(text(vi))
        .caused_by(answer)
}

/// A driver that cannot be loaded.
pub(crate) fn of_loading(answer: Answer, file: &str) -> Error {
    let text = answer.to_string();
    // ELF: "wrong ELF class"; Windows: error 193, ERROR_BAD_EXE_FORMAT; macOS: "incompatible
    // architecture", "wrong architecture".
    let is_other_width = text.contains("wrong ELF class")
        || text.contains("os error 193")
        || text.contains("architecture");
    let (en, vi) = if is_other_width {
        let here = usize::BITS;
        (
            format!(
                "{file} is a driver for another word size than this program ({here} bit): install \
                 the maker's {here}-bit driver"
            ),
            format!(
                "{file} là trình điều khiển khác số bit với chương trình này ({here} bit): hãy cài \
                 bản {here} bit của hãng"
            ),
        )
    } else {
        (
            format!("{file} cannot be loaded as a PKCS#11 driver: {text}"),
            format!("{file} không nạp được làm trình điều khiển PKCS#11: {text}"),
        )
    };
    Error::new(ErrorKind::SignerFailed, en)
        .in_vietnamese(vi)
        .caused_by(answer)
}

/// The name of the code in the standard's spelling, without its prose.
fn name(answer: &Answer) -> String {
    match answer {
        Answer::Pkcs11(code, function) => format!("{code:?} in C_{function:?}"),
        other => other.to_string(),
    }
}
