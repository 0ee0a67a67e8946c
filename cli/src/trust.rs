//! `kyso trust`: the operator's own anchors, one file each, named by SHA-256.

use std::fs;
use std::path::{Path, PathBuf};

use kyso::message::visible;
use kyso::report::json_line;
use kyso::trust::pin_of;
use kyso::{Certificate, ErrorKind, TrustStore};
use kyso_map::{Existing, write_whole};
use serde_json::{Value, json};

use crate::args::{Format, Trust};
use crate::cert;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{note, print};

/// Does what the verb says.
pub(crate) fn run(verb: Trust, lang: Lang) -> Result<u8, Failure> {
    let folder = kyso_map::trust_folder().ok_or_else(|| {
        Failure::usage(
            "hệ thống này không có thư mục dữ liệu của người dùng: hãy đặt KYSO_TRUST_DIR",
            "this system names no data folder of the user: set KYSO_TRUST_DIR",
        )
    })?;
    match verb {
        Trust::List { format } => list(&folder, format, lang),
        Trust::Import { paths, format } => import(&folder, &paths, format, lang),
        Trust::Remove { certificates } => remove(&folder, &certificates, lang),
    }
}

/// A certificate of the store, and the file it lies in.
struct Stored {
    certificate: Certificate,
    file: PathBuf,
    /// How many certificates that file holds.
    among: usize,
}

fn stored(folder: &Path) -> Result<Vec<Stored>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = kyso_map::files(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut all = Vec::new();
    for (file, bytes) in files {
        let found = Certificate::many_from_pem_or_der(&bytes).unwrap_or_default();
        let among = found.len();
        all.extend(found.into_iter().map(|certificate| Stored {
            certificate,
            file: file.clone(),
            among,
        }));
    }
    Ok(all)
}

fn list(folder: &Path, format: Format, lang: Lang) -> Result<u8, Failure> {
    let all = stored(folder)?;
    if format == Format::Json {
        let certificates: Vec<Value> = all
            .iter()
            .map(|each| {
                let mut object = cert::object(&each.certificate);
                object["file"] = json!(each.file.to_string_lossy());
                object
            })
            .collect();
        print(&json_line(&said(folder, &certificates)))?;
        return Ok(status::DONE);
    }
    if all.is_empty() {
        let place = shown(folder);
        print(&pick(
            lang,
            format!(
                "Kho tin cậy trống: {place}\nNạp chứng thư gốc: kyso trust import TỆP_HOẶC_THƯ_MỤC"
            ),
            format!("The trust store is empty: {place}\nFill it: kyso trust import FILE_OR_FOLDER"),
        ))?;
        return Ok(status::DONE);
    }
    for each in &all {
        print(&line(&each.certificate, lang))?;
    }
    Ok(status::DONE)
}

fn import(folder: &Path, paths: &[PathBuf], format: Format, lang: Lang) -> Result<u8, Failure> {
    let mut found = Vec::new();
    for path in paths {
        found.extend(input::some_certificates(path)?);
    }
    // What verifying would refuse must not get in: it would stop every later run.
    let mut store = TrustStore::new();
    for certificate in &found {
        store.add(certificate.clone())?;
    }
    fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    let mut known: Vec<[u8; 32]> = stored(folder)?
        .iter()
        .map(|each| each.certificate.sha256())
        .collect();
    let mut told = Vec::new();
    for certificate in &found {
        let is_new = !known.contains(&certificate.sha256());
        if is_new {
            known.push(certificate.sha256());
            let path = folder.join(format!("{}.cer", certificate.sha256_hex()));
            write_whole(&path, Existing::Replace, |out| {
                out.write_all(certificate.der())
            })
            .map_err(|error| Failure::unwritable(&path, &error))?;
        }
        let mut object = cert::object(certificate);
        object["added"] = json!(is_new);
        told.push(object);
        if format == Format::Text {
            let what = if is_new {
                pick(lang, "Đã nạp", "Added")
            } else {
                pick(lang, "Đã có sẵn", "There already")
            };
            print(&format!("{what}: {}", line(certificate, lang)))?;
        }
    }
    match format {
        Format::Json => print(&json_line(&said(folder, &told)))?,
        Format::Text => {
            let is_new = |object: &&Value| object["added"] == true;
            let added = told.iter().filter(is_new).count();
            let (rest, folder) = (told.len() - added, shown(folder));
            print(&pick(
                lang,
                format!("Đã nạp {added} chứng thư vào {folder}; {rest} đã có sẵn."),
                format!("{added} certificates added to {folder}; {rest} were there already."),
            ))?;
        }
    }
    Ok(status::DONE)
}

fn remove(folder: &Path, wanted: &[String], lang: Lang) -> Result<u8, Failure> {
    let all = stored(folder)?;
    let mut chosen = Vec::new();
    for digits in wanted {
        chosen.push(choose(&all, digits)?);
    }
    for each in chosen {
        fs::remove_file(&each.file).map_err(|error| Failure::unwritable(&each.file, &error))?;
        let what = pick(lang, "Đã gỡ", "Removed");
        print(&format!("{what}: {}", line(&each.certificate, lang)))?;
    }
    if !all.is_empty() && stored(folder)?.is_empty() {
        note(pick(
            lang,
            "Kho tin cậy nay đã trống.",
            "The trust store is empty now.",
        ));
    }
    Ok(status::DONE)
}

/// The one certificate whose SHA-256 begins with these digits.
fn choose<'s>(all: &'s [Stored], digits: &str) -> Result<&'s Stored, Failure> {
    let shown_digits = visible(digits);
    let plain: String = digits
        .chars()
        .filter(|c| *c != ':')
        .collect::<String>()
        .to_ascii_lowercase();
    if plain.len() < FEWEST_DIGITS || !plain.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(Failure::usage(
            format!("“{shown_digits}”: cần ít nhất {FEWEST_DIGITS} chữ số hex đầu của SHA-256"),
            format!(
                "“{shown_digits}”: at least the first {FEWEST_DIGITS} hex digits of the SHA-256 are needed"
            ),
        ));
    }
    let mut fitting = all
        .iter()
        .filter(|each| each.certificate.sha256_hex().starts_with(&plain));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) if only.among == 1 => Ok(only),
        (Some(only), None) => {
            let file = shown(&only.file);
            Err(Failure::usage(
                format!("{file} chứa nhiều chứng thư: hãy tự tách hoặc xóa tệp này"),
                format!("{file} holds several certificates: divide or delete it by hand"),
            ))
        }
        (Some(_), Some(_)) => Err(Failure::usage(
            format!("“{shown_digits}” hợp với nhiều chứng thư: hãy nêu thêm chữ số"),
            format!("“{shown_digits}” fits several certificates: give more digits"),
        )),
        (None, _) => Err(Failure::said(
            ErrorKind::InputUnreadable,
            format!("không có chứng thư nào trong kho mang SHA-256 {shown_digits}"),
            format!("there is no certificate with the SHA-256 {shown_digits} in the store"),
        )),
    }
}

fn line(certificate: &Certificate, lang: Lang) -> String {
    let subject = visible(&certificate.subject().to_string());
    let standing = match (pin_of(certificate), certificate.is_ca()) {
        (Some(_), _) => visible(&cert::standing(certificate, lang)),
        (None, Some(true)) => pick(
            lang,
            "gốc do người dùng tự nạp, không thuộc các gốc quốc gia đã biết",
            "the operator's own anchor, none of the known national ones",
        )
        .to_owned(),
        (None, _) => pick(
            lang,
            "do người dùng tự nạp; không phải CA, nên chỉ chữ ký của chính chứng thư này được tin",
            "the operator's own; no authority, and so trusted for its own signatures alone",
        )
        .to_owned(),
    };
    format!(
        "{subject}\n  SHA-256: {}\n  {standing}",
        certificate.sha256_hex()
    )
}

fn said(folder: &Path, certificates: &[Value]) -> Value {
    json!({
        "schema": "kyso-trust/1",
        "folder": folder.to_string_lossy(),
        "certificates": certificates,
    })
}

const FEWEST_DIGITS: usize = 8;
