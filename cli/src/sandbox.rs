//! `kyso sandbox`: a throw-away authority in a folder.

use std::io::{self, ErrorKind as Io};
use std::path::Path;

use kyso::ErrorKind;
use kyso::message::visible;
use kyso_map::{Existing, write_whole};
use kyso_sandbox::{Authority, PASSWORD, SandboxError, Settings, Written};

use crate::args::Sandbox;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{print, quoted_path};

/// Does what the verb says.
pub(crate) fn run(verb: Sandbox, lang: Lang) -> Result<u8, Failure> {
    match verb {
        Sandbox::Init { directory } => init(&directory, lang),
    }
}

fn init(directory: &Path, lang: Lang) -> Result<u8, Failure> {
    let written = make(directory)?;
    for file in &written.files {
        print(&shown(file))?;
    }
    let word = |name: &str| quoted_path(&directory.join(name));
    let (key, password) = (word("person.p12"), word("password.txt"));
    let root = word("root.pem");
    print(&pick(
        lang,
        format!(
            "\nKhóa thử nghiệm, không có giá trị pháp lý. Ký thử:\n  kyso sign pdf VÀO.pdf -o RA.pdf \
             --p12 {key} --password-file {password}\nKiểm tra:\n  kyso \
             verify RA.pdf --trust {root}"
        ),
        format!(
            "\nThrow-away keys without legal value. Try them:\n  kyso sign pdf IN.pdf -o OUT.pdf \
             --p12 {key} --password-file {password}\nVerify:\n  kyso verify \
             OUT.pdf --trust {root}"
        ),
    ))?;
    Ok(status::DONE)
}

/// Makes a root, an issuing authority and their holders, and writes them.
pub(crate) fn make(directory: &Path) -> Result<Written, Failure> {
    let settings = Settings::new(input::now()?.unix());
    let failed = |error| failure(directory, &error);
    let authority = Authority::new(&settings).map_err(failed)?;
    let written = authority.write_to(directory).map_err(failed)?;
    // `--password-file` takes the whole file for the password but for one line end, and so the file
    // holds nothing else.
    let path = directory.join("password.txt");
    write_whole(&path, Existing::Replace, |out| writeln!(out, "{PASSWORD}"))
        .map_err(|error| Failure::unwritable(&path, &error))?;
    Ok(written)
}

/// What the sandbox could not do. A file is never overwritten: what was signed with the keys of an
/// earlier run would be orphaned.
pub(crate) fn failure(directory: &Path, error: &SandboxError) -> Failure {
    match error {
        SandboxError::Io(error) if error.kind() == Io::AlreadyExists => {
            let folder = shown(directory);
            Failure::said(
                ErrorKind::OutputUnwritable,
                format!(
                    "{folder} đã có một CA thử nghiệm, và khóa cũ không bị ghi đè: hãy chọn thư mục khác"
                ),
                format!(
                    "{folder} holds such an authority already, whose keys are not replaced: choose another folder"
                ),
            )
        }
        SandboxError::Io(error) => {
            let error = io::Error::new(error.kind(), error.to_string());
            Failure::unwritable(directory, &error)
        }
        other => {
            let text = visible(&other.to_string());
            Failure::said(ErrorKind::Internal, text.clone(), text)
        }
    }
}
