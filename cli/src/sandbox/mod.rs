//! `kyso sandbox`: a throw-away authority in a folder, and what becomes of its holders.

pub(crate) mod args;

use std::fs;
use std::io::{self, ErrorKind as Io};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::ErrorKind;
use kyso::message::visible;
use kyso_map::{Existing, write_whole};
use kyso_sandbox::{
    Authority, Folder, FolderFault, Issuer, KeySource, Naming, OrganisationProfile, PASSWORD,
    PersonProfile, Recipe, Revocation, SandboxError, Server, Settings, Written,
};

use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{existing, note, print, quoted_path, write};
use crate::sandbox::args::{Agency, Holder, Init, Person, Revoke, Sandbox, Serve, WriteCrl};

/// Does what the verb says.
pub(crate) fn run(verb: Sandbox, lang: Lang) -> Result<u8, Failure> {
    match verb {
        Sandbox::Init(arguments) => init(&arguments, lang),
        Sandbox::Person(arguments) => person(&arguments),
        Sandbox::Agency(arguments) => agency(&arguments),
        Sandbox::Revoke(arguments) => revoke(&arguments, lang),
        Sandbox::Crl(arguments) => crl(&arguments),
        Sandbox::Serve(arguments) => serve(&arguments, lang),
    }
}

fn init(arguments: &Init, lang: Lang) -> Result<u8, Failure> {
    let directory = &arguments.directory;
    let mut settings = Settings::new(input::now()?.unix());
    settings.key = arguments.key.0;
    settings.authority_key = arguments.key.0;
    settings.base_address = format!("http://127.0.0.1:{}", arguments.port);
    let written = make_with(directory, &settings)?;
    for file in &written.files {
        print(&shown(file))?;
    }
    let word = |name: &str| quoted_path(&directory.join(name));
    let (key, password) = (word("person.p12"), word("password.txt"));
    let (root, folder) = (word("root.pem"), quoted_path(directory));
    print(&pick(
        lang,
        format!(
            "\nKhóa thử nghiệm, không có giá trị pháp lý. Ký thử:\n  kyso sign pdf VÀO.pdf -o RA.pdf \
             --p12 {key} --password-file {password}\nTrả lời về trạng thái và cấp dấu thời gian (để \
             chạy ở cửa sổ khác):\n  kyso sandbox serve {folder}\nKiểm tra, khi dịch vụ đó đang \
             chạy:\n  kyso verify RA.pdf --trust {root} --online --online-loopback"
        ),
        format!(
            "\nThrow-away keys without legal value. Try them:\n  kyso sign pdf IN.pdf -o OUT.pdf \
             --p12 {key} --password-file {password}\nAnswer questions about status and time (in \
             another window):\n  kyso sandbox serve {folder}\nVerify, while that runs:\n  kyso verify \
             OUT.pdf --trust {root} --online --online-loopback"
        ),
    ))?;
    Ok(status::DONE)
}

/// Makes a root, an issuing authority and their holders, and writes them.
pub(crate) fn make(directory: &Path) -> Result<Written, Failure> {
    make_with(directory, &Settings::new(input::now()?.unix()))
}

fn make_with(directory: &Path, settings: &Settings) -> Result<Written, Failure> {
    let failed = |error| failure(directory, &error);
    let authority = Authority::new(settings).map_err(failed)?;
    let written = authority.write_to(directory).map_err(failed)?;
    // `--password-file` takes the whole file for the password but for one line end, and so the file
    // holds nothing else.
    let path = directory.join("password.txt");
    write_whole(&path, Existing::Replace, |out| writeln!(out, "{PASSWORD}"))
        .map_err(|error| Failure::unwritable(&path, &error))?;
    Ok(written)
}

fn person(arguments: &Person) -> Result<u8, Failure> {
    let holder = &arguments.holder;
    let profile = PersonProfile {
        naming: naming(holder.public),
        office: arguments.office.clone(),
        name: arguments.name.clone(),
        organisation: arguments.organisation.clone(),
        units: holder.unit.clone(),
        place: holder.place.clone(),
        citizen_id: arguments.citizen_id.clone(),
        email: holder.email.clone(),
    };
    issue(&arguments.directory, holder, |authority| {
        authority.person_recipe(&profile)
    })
}

fn agency(arguments: &Agency) -> Result<u8, Failure> {
    let holder = &arguments.holder;
    let parent = arguments.parent.as_ref().unwrap_or(&arguments.name);
    let profile = OrganisationProfile {
        naming: naming(holder.public || arguments.tax_code.is_some()),
        name: arguments.name.clone(),
        parent: parent.clone(),
        units: holder.unit.clone(),
        place: holder.place.clone(),
        tax_code: arguments.tax_code.clone(),
        email: holder.email.clone(),
    };
    issue(&arguments.directory, holder, |authority| {
        authority.organisation_recipe(&profile)
    })
}

fn naming(public: bool) -> Naming {
    if public {
        Naming::Public
    } else {
        Naming::State
    }
}

fn issue(
    directory: &Path,
    holder: &Holder,
    recipe: impl FnOnce(&Authority) -> Recipe,
) -> Result<u8, Failure> {
    let mut folder = open(directory)?;
    let now = input::now()?.unix();
    let mut recipe = recipe(&folder.authority(now));
    if let Some(kind) = holder.key {
        recipe.key = KeySource::Fresh(kind.0);
    }
    if holder.expired {
        recipe.not_before = now.saturating_sub(300 * DAY);
        recipe.not_after = now.saturating_sub(DAY);
    }
    if let Some(from) = holder.valid_from {
        recipe.not_before = from.unix();
    }
    if let Some(until) = holder.valid_until {
        recipe.not_after = until.unix();
    }
    if recipe.not_after < recipe.not_before {
        return Err(Failure::usage(
            "thời hạn kết thúc trước khi bắt đầu: hãy xem lại --valid-from và --valid-until",
            "the validity ends before it begins: see --valid-from and --valid-until",
        ));
    }
    let issued = folder
        .issue(holder.file.as_deref(), &recipe)
        .map_err(|error| failure(directory, &error))?;
    for file in &issued.files {
        print(&shown(file))?;
    }
    Ok(status::DONE)
}

fn revoke(arguments: &Revoke, lang: Lang) -> Result<u8, Failure> {
    let directory = &arguments.directory;
    let failed = |error| failure(directory, &error);
    let mut folder = open(directory)?;
    let record = match fs::read(&arguments.which) {
        Ok(octets) => folder.find_certificate(&octets),
        Err(_) => folder.find(&arguments.which.to_string_lossy()),
    };
    let record = record.map_err(failed)?.clone();
    if arguments.lift {
        folder.lift(&record.serial).map_err(failed)?;
    } else {
        let at = match arguments.at {
            Some(at) => at,
            None => input::now()?,
        };
        let revocation = Revocation {
            at: at.unix(),
            reason: arguments.reason,
        };
        folder.revoke(&record.serial, revocation).map_err(failed)?;
    }
    let (name, serial) = (visible(&record.name), &record.serial);
    let file = visible(&record.file);
    let done = if arguments.lift {
        pick(lang, "đã bỏ tạm dừng", "the hold is lifted")
    } else if arguments.reason == Some(kyso_sandbox::RevocationReason::CertificateHold) {
        pick(lang, "đã tạm dừng", "on hold")
    } else {
        pick(lang, "đã thu hồi", "revoked")
    };
    print(&format!("{file} ({name}, {serial}): {done}"))?;
    Ok(status::DONE)
}

fn crl(arguments: &WriteCrl) -> Result<u8, Failure> {
    for path in write_lists(arguments)? {
        print(&shown(&path))?;
    }
    Ok(status::DONE)
}

/// Writes the lists, and answers where those of the folder are.
pub(crate) fn write_lists(arguments: &WriteCrl) -> Result<Vec<PathBuf>, Failure> {
    let directory = &arguments.directory;
    let folder = open(directory)?;
    let now = match arguments.at {
        Some(at) => at.unix(),
        None => input::now()?.unix(),
    };
    let next = now.saturating_add(i64::from(arguments.days) * DAY);
    let list = |issuer| {
        let list = folder.crl(issuer, now, next);
        list.map_err(|error| failure(directory, &error))
    };
    if let (Some(issuer), Some(output)) = (arguments.issuer, &arguments.output) {
        let octets = list(issuer.into())?;
        write(output, existing(arguments.force), |out| {
            out.write_all(&octets)
        })?;
        return Ok(Vec::new());
    }
    let mut written = Vec::new();
    for issuer in [Issuer::Root, Issuer::Issuing] {
        let path = directory.join(format!("{}.crl", issuer.name()));
        let octets = list(issuer)?;
        write(&path, Existing::Replace, |out| out.write_all(&octets))?;
        written.push(path);
    }
    Ok(written)
}

fn serve(arguments: &Serve, lang: Lang) -> Result<u8, Failure> {
    let directory = &arguments.directory;
    let folder = open(directory)?;
    let named = folder.base_address().to_owned();
    let port = match arguments.port {
        Some(port) => port,
        None => port_of(&named).ok_or_else(|| {
            Failure::usage(
                "chứng thư không chỉ tới cổng nào của 127.0.0.1: hãy thêm --port N",
                "the certificates name no port of 127.0.0.1: add --port N",
            )
        })?,
    };
    // The clock was read once, by `now`; one that stands before 1970 was refused there.
    input::now()?;
    let server = Server::start(directory, port, || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map(|since| since.as_secs()).unwrap_or_default();
        i64::try_from(seconds).unwrap_or(i64::MAX)
    });
    let server = server.map_err(|error| match error {
        SandboxError::Io(error) => Failure::said(
            ErrorKind::OutputUnwritable,
            format!(
                "không mở được 127.0.0.1:{port}: {}",
                visible(&error.to_string())
            ),
            format!(
                "cannot listen on 127.0.0.1:{port}: {}",
                visible(&error.to_string())
            ),
        ),
        other => failure(directory, &other),
    })?;
    let address = format!("http://{}", server.address());
    print(&address)?;
    if address != named {
        let named = visible(&named);
        note(&pick(
            lang,
            format!("lưu ý: chứng thư trong thư mục này chỉ tới {named}"),
            format!("note: the certificates of this folder name {named}"),
        ));
    }
    note(pick(
        lang,
        "OCSP: /ocsp, CRL: /root.crl /issuing.crl, CA: /root.crt /issuing.crt, dấu thời gian: /tsa; \
         nhấn Ctrl-C để dừng",
        "OCSP: /ocsp, CRL: /root.crl /issuing.crl, CA: /root.crt /issuing.crt, time-stamps: /tsa; \
         Ctrl-C stops",
    ));
    server.wait();
    Ok(status::DONE)
}

/// The port of an address like `http://127.0.0.1:8085`.
fn port_of(address: &str) -> Option<u16> {
    address.strip_prefix("http://127.0.0.1:")?.parse().ok()
}

fn open(directory: &Path) -> Result<Folder, Failure> {
    Folder::open(directory).map_err(|error| match error {
        SandboxError::Io(error) => Failure::unreadable(directory, &error),
        other => failure(directory, &other),
    })
}

/// What the sandbox could not do. A file is never overwritten: what was signed with the keys of an
/// earlier run would be orphaned.
pub(crate) fn failure(directory: &Path, error: &SandboxError) -> Failure {
    let folder = shown(directory);
    match error {
        SandboxError::Io(error) if error.kind() == Io::AlreadyExists => Failure::said(
            ErrorKind::OutputUnwritable,
            format!(
                "{folder} đã có các tệp này, và khóa cũ không bị ghi đè: hãy chọn thư mục hoặc tên tệp khác"
            ),
            format!(
                "{folder} holds these files already, and keys are not replaced: choose another folder or file name"
            ),
        ),
        SandboxError::Io(error) => {
            let error = io::Error::new(error.kind(), error.to_string());
            Failure::unwritable(directory, &error)
        }
        SandboxError::Folder(fault) => said(&folder, fault),
        SandboxError::Certificate(cause) => {
            let cause = visible(&cause.to_string());
            Failure::said(
                ErrorKind::Malformed,
                format!("không thể lập hoặc đọc chứng thư này: {cause}"),
                format!("this certificate cannot be made or read: {cause}"),
            )
        }
        other => {
            let text = visible(&other.to_string());
            Failure::said(ErrorKind::Internal, text.clone(), text)
        }
    }
}

fn said(folder: &str, fault: &FolderFault) -> Failure {
    match fault {
        FolderFault::Missing(name) => {
            let name = visible(name);
            Failure::said(
                ErrorKind::InputUnreadable,
                format!("{folder} không có {name}: hãy tạo bằng `kyso sandbox init`"),
                format!("{folder} has no {name}: make one with `kyso sandbox init`"),
            )
        }
        FolderFault::BadIndex(why) => {
            let why = visible(why);
            Failure::said(
                ErrorKind::Malformed,
                format!("{folder}: không đọc được index.json: {why}"),
                format!("{folder}: index.json cannot be read: {why}"),
            )
        }
        FolderFault::Unknown(word) => {
            let word = visible(word);
            Failure::usage(
                format!("{folder} không có chứng thư nào là {word}: xem index.json"),
                format!("{folder} has no certificate called {word}: see index.json"),
            )
        }
        FolderFault::RevokedAlready(file) => {
            let file = visible(file);
            Failure::usage(
                format!("{file} đã bị thu hồi, và điều đó không thể rút lại"),
                format!("{file} is revoked already, and that cannot be taken back"),
            )
        }
        FolderFault::NotOnHold(file) => {
            let file = visible(file);
            Failure::usage(
                format!("{file} không bị tạm dừng, nên không có gì để bỏ"),
                format!("{file} is not on hold, so there is nothing to lift"),
            )
        }
        FolderFault::Locked => Failure::said(
            ErrorKind::OutputUnwritable,
            format!("{folder}: một lệnh khác đang sửa; nếu không có lệnh nào, hãy xóa index.lock"),
            format!(
                "{folder}: another command is changing it; if there is none, remove index.lock"
            ),
        ),
        FolderFault::BadFileName(name) => {
            let name = visible(name);
            Failure::usage(
                format!("{name:?} không dùng làm tên tệp được: chỉ chữ không dấu, số và - _ ."),
                format!("{name:?} is no name for files: plain letters, digits and - _ . alone"),
            )
        }
        other => {
            let text = visible(&other.to_string());
            Failure::said(ErrorKind::Internal, text.clone(), text)
        }
    }
}

const DAY: i64 = 86_400;
