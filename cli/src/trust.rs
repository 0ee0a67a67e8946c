//! `kyso trust`: the operator's own anchors, one file each, named by SHA-256; what was taken out;
//! and a log of both.

mod import;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use kyso::message::visible;
use kyso::report::json_line;
use kyso::trust::{Pin, REMOVED, pin_of, pins, pins_as_of, removed};
use kyso::{Certificate, ErrorKind, Time, TrustStore};
use kyso_map::{Existing, write_whole};
use serde_json::{Value, json};

use crate::args::{Format, Trust};
use crate::cert;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::ledger::{self, hex};
use crate::output::{note, print};
use import::{Accept, Import, anchors};

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
        Trust::Import {
            paths,
            accept,
            dry_run,
            format,
        } => Import {
            folder: &folder,
            accept: Accept::new(&accept)?,
            dry_run,
            format,
            lang,
        }
        .run(&paths),
        Trust::Remove {
            certificates,
            dry_run,
        } => remove(&folder, &certificates, dry_run, lang),
        Trust::Diff { paths, format } => diff(&folder, &paths, format, lang),
    }
}

/// The operator's own trust store; empty where there is none. `at`: says so where the store is old
/// for that time.
pub(crate) fn own_store(at: Option<Time>, lang: Lang) -> Result<TrustStore, Failure> {
    let folder = kyso_map::trust_folder().unwrap_or_default();
    let files = kyso_map::trust_files().map_err(|error| Failure::unreadable(&folder, &error))?;
    let store = TrustStore::from_files(files.iter().map(|(_, bytes)| bytes))?;
    if let Some(at) = at
        && !store.is_empty()
        && let Some(renewed) = renewed(&folder).filter(|renewed| is_old(*renewed, at))
    {
        let (days, day) = (age(renewed, at), day(renewed));
        note(&pick(
            lang,
            format!(
                "kyso: kho tin cậy đã cũ {days} ngày (lần nạp cuối {day}), có thể thiếu gốc mới: kyso trust import"
            ),
            format!(
                "kyso: the trust store is {days} days old (last import {day}); newer roots may be missing: kyso trust import"
            ),
        ));
    }
    if let Some(line) = ledger::read(&folder).unwrap_or_default().broken_at {
        changed_log(line, lang);
    }
    Ok(store)
}

/// The log says who changed the store; where somebody has changed the log, that is told.
fn changed_log(line: usize, lang: Lang) {
    note(&pick(
        lang,
        format!("kyso: nhật ký của kho tin cậy bị sửa từ dòng {line}"),
        format!("kyso: the log of the trust store was changed from line {line} on"),
    ));
}

/// The day on which a certificate was removed, by the log.
fn removed_on(log: &ledger::Log, sha256: &[u8; 32]) -> Option<String> {
    let sha256 = hex(sha256);
    let mut entries = log.entries.iter().rev();
    let entry =
        entries.find(|entry| entry["action"] == "remove" && entry["sha256"] == sha256.as_str())?;
    entry["at"].as_str()?.parse().ok().map(day)
}

/// «removed on …, no longer trusted».
fn removal(log: &ledger::Log, sha256: &[u8; 32], lang: Lang) -> String {
    match removed_on(log, sha256) {
        Some(day) => pick(
            lang,
            format!("ĐÃ GỠ ngày {day}, không còn được tin"),
            format!("REMOVED on {day}, no longer trusted"),
        ),
        None => pick(
            lang,
            "ĐÃ GỠ, không còn được tin".to_owned(),
            "REMOVED, no longer trusted".to_owned(),
        ),
    }
}

/// A certificate of the store, and the file it lies in.
struct Stored {
    certificate: Certificate,
    file: PathBuf,
    /// How many certificates that file holds.
    among: usize,
}

/// What lies in the folder: certificates, and what was taken out.
struct Held {
    all: Vec<Stored>,
    removed: BTreeSet<[u8; 32]>,
}

fn held(folder: &Path) -> Result<Held, Failure> {
    let mut held = Held {
        all: Vec::new(),
        removed: BTreeSet::new(),
    };
    if !folder.is_dir() {
        return Ok(held);
    }
    let files = kyso_map::files(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    for (file, bytes) in files {
        if let Some(values) = removed(&bytes) {
            held.removed
                .extend(values.map_err(|error| Failure::about(&file, error))?);
            continue;
        }
        let found = Certificate::many_from_pem_or_der(&bytes).unwrap_or_default();
        let among = found.len();
        held.all.extend(found.into_iter().map(|certificate| Stored {
            certificate,
            file: file.clone(),
            among,
        }));
    }
    Ok(held)
}

fn list(folder: &Path, format: Format, lang: Lang) -> Result<u8, Failure> {
    let held = held(folder)?;
    let renewed = renewed(folder);
    let now = input::now()?;
    let is_old = renewed.is_some_and(|renewed| is_old(renewed, now)) && !held.all.is_empty();
    let log = ledger::read(folder).unwrap_or_default();
    let is_there = |pin: &&Pin| {
        held.all
            .iter()
            .any(|each| each.certificate.sha256() == pin.sha256)
    };
    if format == Format::Json {
        let certificates: Vec<Value> = held
            .all
            .iter()
            .map(|each| {
                let mut object = cert::object(&each.certificate);
                object["file"] = json!(each.file.to_string_lossy());
                object["removed"] = json!(held.removed.contains(&each.certificate.sha256()));
                object
            })
            .collect();
        let mut said = said(folder, &certificates);
        let not_loaded = pins().iter().filter(|pin| !is_there(pin));
        said["not_loaded"] = json!(not_loaded.map(cert::pin_object).collect::<Vec<_>>());
        said["removed"] = json!(
            held.removed
                .iter()
                .map(|each| hex(each))
                .collect::<Vec<_>>()
        );
        said["renewed_at"] = json!(renewed.map(|time| time.to_string()));
        said["pins_as_of"] = json!(pins_as_of().to_string());
        said["is_old"] = json!(is_old);
        said["log"] = json!({ "entries": log.entries.len(), "broken_at": log.broken_at });
        print(&json_line(&said))?;
        return Ok(status::DONE);
    }
    if held.all.is_empty() {
        let place = shown(folder);
        print(&pick(
            lang,
            format!(
                "Kho tin cậy trống: {place}\nChứng thư gốc quốc gia có vân tay SHA-256 cài sẵn nên vẫn được tin khi nằm trong tệp hoặc --evidence; chứng thư khác thì không.\nNạp chứng thư gốc và CA: kyso trust import TỆP_HOẶC_THƯ_MỤC"
            ),
            format!(
                "The trust store is empty: {place}\nThe national roots are known by built-in SHA-256 pins and trusted all the same where a file or --evidence brings them; no other certificate is.\nFill it: kyso trust import FILE_OR_FOLDER"
            ),
        ))?;
    }
    for each in &held.all {
        let text = line(&each.certificate, lang);
        if held.removed.contains(&each.certificate.sha256()) {
            let what = removal(&log, &each.certificate.sha256(), lang);
            print(&format!("{text}\n  {what}"))?;
        } else {
            print(&text)?;
        }
    }
    let is_held = |sha256: &&[u8; 32]| {
        let mut all = held.all.iter();
        all.any(|each| each.certificate.sha256() == **sha256)
    };
    for sha256 in held.removed.iter().filter(|sha256| !is_held(sha256)) {
        let what = removal(&log, sha256, lang);
        let name = pins()
            .iter()
            .find(|pin| pin.sha256 == *sha256)
            .map_or("?", |pin| pin.name);
        print(&format!("{name}\n  SHA-256: {}\n  {what}", hex(sha256)))?;
    }
    if let Some(renewed) = renewed.filter(|_| !held.all.is_empty()) {
        let day = day(renewed);
        print(&pick(
            lang,
            format!("Lần nạp cuối: {day}"),
            format!("Last import: {day}"),
        ))?;
    }
    if is_old {
        note(pick(
            lang,
            "kyso: kho tin cậy đã cũ hơn một năm; có thể thiếu gốc mới",
            "kyso: the trust store is older than a year; newer roots may be missing",
        ));
    }
    if let Some(line) = log.broken_at {
        changed_log(line, lang);
    }
    Ok(status::DONE)
}

fn remove(folder: &Path, wanted: &[String], dry_run: bool, lang: Lang) -> Result<u8, Failure> {
    let mut held = held(folder)?;
    let mut chosen = Vec::new();
    for digits in wanted {
        chosen.push(choose(&held, digits)?);
    }
    let was_empty = held.all.is_empty();
    for choice in chosen {
        let (sha256, stored) = match choice {
            Choice::Stored(position) => match held.all.get(position) {
                Some(stored) => (stored.certificate.sha256(), Some(stored)),
                None => continue,
            },
            Choice::Pin(pin) => (pin.sha256, None),
        };
        let is_pinned = pins().iter().any(|pin| pin.sha256 == sha256);
        let what = if dry_run {
            pick(lang, "Sẽ gỡ", "Would be removed")
        } else {
            pick(lang, "Đã gỡ", "Removed")
        };
        let shown_line = match stored {
            Some(stored) => line(&stored.certificate, lang),
            None => hex(&sha256),
        };
        if !dry_run {
            // First that it is not trusted, then that it is gone.
            if is_pinned && held.removed.insert(sha256) {
                fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
                write_removed(folder, &held.removed)?;
            }
            if let Some(stored) = stored {
                fs::remove_file(&stored.file)
                    .map_err(|error| Failure::unwritable(&stored.file, &error))?;
                log(folder, "remove", &stored.certificate, lang)?;
            } else {
                log_words(folder, "remove", None, &hex(&sha256), lang)?;
            }
        }
        print(&format!("{what}: {shown_line}"))?;
        if is_pinned {
            print(&format!(
                "  {}",
                pick(
                    lang,
                    "gốc hoặc CA quốc gia: từ nay không được tin dù nằm trong tài liệu; nạp lại thì được tin lại",
                    "a national authority: no longer trusted wherever it is met; importing it undoes this",
                )
            ))?;
        }
    }
    if !dry_run && !was_empty && self::held(folder)?.all.is_empty() {
        note(pick(
            lang,
            "Kho tin cậy nay đã trống.",
            "The trust store is empty now.",
        ));
    }
    Ok(status::DONE)
}

fn diff(folder: &Path, paths: &[PathBuf], format: Format, lang: Lang) -> Result<u8, Failure> {
    let mut found: Vec<Certificate> = Vec::new();
    for path in paths {
        for certificate in anchors(path)? {
            if !found.contains(&certificate) {
                found.push(certificate);
            }
        }
    }
    let held = held(folder)?;
    let is_held = |certificate: &Certificate| {
        let mut all = held.all.iter();
        all.any(|each| each.certificate == *certificate)
            && !held.removed.contains(&certificate.sha256())
    };
    let mut told: Vec<(&'static str, &Certificate)> = Vec::new();
    for certificate in &found {
        let change = match (is_held(certificate), pin_of(certificate)) {
            (true, _) => "known",
            (false, Some(_)) => "add",
            // It would come in only by its fingerprint.
            (false, None) => "unknown",
        };
        told.push((change, certificate));
    }
    let alone = held.all.iter().map(|each| &each.certificate);
    let alone = alone.filter(|certificate| !found.contains(certificate));
    told.extend(alone.map(|certificate| ("absent", certificate)));
    if format == Format::Json {
        let certificates: Vec<Value> = told
            .iter()
            .map(|(change, certificate)| {
                let mut object = cert::object(certificate);
                object["change"] = json!(change);
                object["removed"] = json!(held.removed.contains(&certificate.sha256()));
                object
            })
            .collect();
        let mut said = said(folder, &certificates);
        said["schema"] = json!("kyso-trust-diff/1");
        print(&json_line(&said))?;
        return Ok(status::DONE);
    }
    let log = ledger::read(folder).unwrap_or_default();
    for (change, certificate) in told {
        let sha256 = certificate.sha256();
        if change == "add" && held.removed.contains(&sha256) {
            let (line, what) = (line(certificate, lang), removal(&log, &sha256, lang));
            let mark = pick(lang, "+ sẽ nạp lại", "+ would be trusted again");
            print(&format!("{mark}: {line}\n  {what}"))?;
            continue;
        }
        let mark = match change {
            "known" => pick(lang, "= đã có", "= known"),
            "add" => pick(lang, "+ sẽ nạp", "+ would be added"),
            "absent" => pick(lang, "- chỉ có trong kho", "- in the store alone"),
            _ => pick(
                lang,
                "? không thuộc các gốc quốc gia, cần --accept",
                "? none of the national ones, needs --accept",
            ),
        };
        print(&format!("{mark}: {}", line(certificate, lang)))?;
    }
    Ok(status::DONE)
}

/// What is to be removed: one of the folder by its position, or a national authority by its pin.
enum Choice {
    Stored(usize),
    Pin(&'static Pin),
}

/// The one certificate whose SHA-256 begins with these digits.
fn choose(held: &Held, digits: &str) -> Result<Choice, Failure> {
    let plain = plain_digits(digits)?;
    let mut fitting = held
        .all
        .iter()
        .enumerate()
        .filter(|(_, each)| each.certificate.sha256_hex().starts_with(&plain));
    match (fitting.next(), fitting.next()) {
        (Some((position, only)), None) if only.among == 1 => return Ok(Choice::Stored(position)),
        (Some((_, only)), None) => {
            let file = shown(&only.file);
            return Err(Failure::usage(
                format!("{file} chứa nhiều chứng thư: hãy tự tách hoặc xóa tệp này"),
                format!("{file} holds several certificates: divide or delete it by hand"),
            ));
        }
        (Some(_), Some(_)) => return Err(several(&plain)),
        (None, _) => {}
    }
    let mut known = pins()
        .iter()
        .filter(|pin| hex(&pin.sha256).starts_with(&plain));
    match (known.next(), known.next()) {
        (Some(only), None) => Ok(Choice::Pin(only)),
        (Some(_), Some(_)) => Err(several(&plain)),
        (None, _) => Err(Failure::said(
            ErrorKind::InputUnreadable,
            format!("không có chứng thư nào trong kho mang SHA-256 {plain}"),
            format!("there is no certificate with the SHA-256 {plain} in the store"),
        )),
    }
}

fn several(plain: &str) -> Failure {
    Failure::usage(
        format!("“{plain}” hợp với nhiều chứng thư: hãy nêu thêm chữ số"),
        format!("“{plain}” fits several certificates: give more digits"),
    )
}

/// The beginning of a fingerprint as it may be typed: colons and spaces between, capitals.
pub(crate) fn plain_digits(digits: &str) -> Result<String, Failure> {
    let plain: String = digits
        .chars()
        .filter(|c| *c != ':' && *c != ' ')
        .collect::<String>()
        .to_ascii_lowercase();
    if plain.len() < FEWEST_DIGITS || !plain.chars().all(|c| c.is_ascii_hexdigit()) {
        let digits = visible(digits);
        return Err(Failure::usage(
            format!("“{digits}”: cần ít nhất {FEWEST_DIGITS} chữ số hex đầu của SHA-256"),
            format!(
                "“{digits}”: at least the first {FEWEST_DIGITS} hex digits of the SHA-256 are needed"
            ),
        ));
    }
    Ok(plain)
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
    let period = [certificate.not_before(), certificate.not_after()]
        .map(day)
        .join(" – ");
    let label = pick(lang, "Thời hạn", "Valid");
    format!(
        "{subject}\n  SHA-256: {}\n  {label}: {period}\n  {standing}",
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

fn write_removed(folder: &Path, removed: &BTreeSet<[u8; 32]>) -> Result<(), Failure> {
    let mut text = format!("{REMOVED}\n");
    for sha256 in removed {
        text.push_str(&hex(sha256));
        text.push('\n');
    }
    let path = folder.join("removed.txt");
    write_whole(&path, Existing::Replace, |out| {
        out.write_all(text.as_bytes())
    })
    .map_err(|error| Failure::unwritable(&path, &error))
}

fn log(folder: &Path, action: &str, certificate: &Certificate, lang: Lang) -> Result<(), Failure> {
    let subject = certificate.subject().to_string();
    log_words(
        folder,
        action,
        Some(&subject),
        &certificate.sha256_hex(),
        lang,
    )
}

/// A log that cannot be written is told, and stops nothing: the store is what counts.
fn log_words(
    folder: &Path,
    action: &str,
    subject: Option<&str>,
    sha256: &str,
    lang: Lang,
) -> Result<(), Failure> {
    let members = [("subject", json!(subject)), ("sha256", json!(sha256))];
    if let Err(error) = ledger::append(folder, input::now()?, action, &members) {
        let failure = Failure::unwritable(&folder.join(ledger::NAME), &error);
        note(&format!(
            "kyso: {}",
            failure.message(lang).unwrap_or_default()
        ));
    }
    Ok(())
}

/// When something came in last: by the log, else by the dates of the files.
fn renewed(folder: &Path) -> Option<Time> {
    let log = ledger::read(folder).unwrap_or_default();
    let logged = log
        .entries
        .iter()
        .filter(|entry| entry["action"] == "import")
        .filter_map(|entry| entry["at"].as_str()?.parse::<Time>().ok());
    if let Some(latest) = logged.max_by_key(|time| time.unix()) {
        return Some(latest);
    }
    let mut latest = None;
    for entry in fs::read_dir(folder).ok()? {
        let modified = entry.ok()?.metadata().ok()?.modified().ok()?;
        let seconds = modified.duration_since(UNIX_EPOCH).ok()?.as_secs();
        latest = latest.max(i64::try_from(seconds).ok());
    }
    latest.map(|seconds| Time::from_unix(seconds).at_offset(Time::VIET_NAM))
}

fn age(renewed: Time, at: Time) -> i64 {
    (at.unix() - renewed.unix()) / DAY
}

fn is_old(renewed: Time, at: Time) -> bool {
    age(renewed, at) > OLD
}

/// The day of a time in Viet Nam.
fn day(time: Time) -> String {
    let text = time.at_offset(Time::VIET_NAM).to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

const FEWEST_DIGITS: usize = 8;
const DAY: i64 = 86_400;
/// New national roots came in 2024, 2025 and 2026: after this many days one may be missing.
const OLD: i64 = 366;
