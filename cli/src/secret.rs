//! The password of a key or of an encrypted PDF: from a file, from the environment, or (of a key)
//! asked for without echo. Never from an argument, which every user of the machine could read.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;

use kyso::ErrorKind;
use kyso::message::visible;

use crate::args::Secret;
use crate::failure::{Failure, shown};
use crate::input;
use crate::language::{Lang, pick};

/// The password that the options name; nothing where they name none.
pub(crate) fn named(secret: &Secret) -> Result<Option<String>, Failure> {
    if let Some(path) = &secret.password_file {
        return of_file(path).map(Some);
    }
    let Some(name) = &secret.password_env else {
        return Ok(None);
    };
    env::var(name).map(Some).map_err(|_| {
        let name = visible(name);
        Failure::usage(
            format!("biến môi trường {name} không có, hoặc không phải văn bản UTF-8"),
            format!("there is no environment variable {name}, or it is not UTF-8"),
        )
    })
}

/// Whether a person can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// Asks for the password of this file, without echo.
pub(crate) fn ask(file: &Path, lang: Lang) -> Result<String, Failure> {
    let file = shown(file);
    let prompt = pick(
        lang,
        format!("Mật khẩu của {file}: "),
        format!("Password of {file}: "),
    );
    hidden(&prompt).map_err(|error| Failure::unreadable(Path::new("/dev/tty"), &error))
}

/// Asks without echo.
pub(crate) fn hidden(prompt: &str) -> io::Result<String> {
    rpassword::prompt_password(prompt)
}

fn of_file(path: &Path) -> Result<String, Failure> {
    let bytes = input::open(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Failure::said(
            ErrorKind::Malformed,
            format!("{}: mật khẩu không phải văn bản UTF-8", shown(path)),
            format!("{}: the password is not UTF-8", shown(path)),
        )
    })?;
    Ok(without_line_end(text).to_owned())
}

/// Editors end the last line of a file; that is no part of the secret. Only one is taken off.
fn without_line_end(text: &str) -> &str {
    text.strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::without_line_end;

    #[test]
    fn one_line_end_is_taken_off_and_no_more() {
        assert_eq!(without_line_end("mật khẩu \r\n"), "mật khẩu ");
        assert_eq!(without_line_end("a\n"), "a");
        assert_eq!(without_line_end("a\n\n"), "a\n");
        assert_eq!(without_line_end("a\r"), "a\r");
        assert_eq!(without_line_end(""), "");
    }
}
