//! `kyso evidence`: evidence that is kept in a folder, and cancelled, with a log of both (Circular
//! 15/2025/TT-BKHCN Art. 5(4) and 6(2)).

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kyso::bundle::{ItemKind, tombstone};
use kyso::message::visible;
use kyso::report::json_line;
use kyso::x509::Crl;
use kyso::{Bundle, Certificate, ErrorKind, Time, TrustStore, Verifier};
use kyso_map::{Existing, write_whole};
use serde_json::{Value, json};

use crate::args::{Evidence, EvidenceFolder, Format, Words};
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::judge::{bundles, named_store};
use crate::language::{Lang, pick};
use crate::ledger::{self, hex};
use crate::output::{note, print};
use crate::trust;

/// Does what the verb says.
pub(crate) fn run(verb: Evidence, lang: Lang) -> Result<u8, Failure> {
    match verb {
        Evidence::Keep {
            bundles,
            folder,
            words,
        } => keep(&bundles, &folder.store, &words, lang),
        Evidence::List { folder, format } => list(&folder, format, lang),
        Evidence::Show {
            bundle,
            policy,
            format,
        } => show(&bundle, policy, format, lang),
        Evidence::Check {
            files,
            folder,
            trust,
            format,
        } => check(&files, &folder.store, &trust, format, lang),
        Evidence::Cancel {
            bundles,
            folder,
            words,
        } => cancel(&bundles, &folder.store, &words, lang),
    }
}

fn keep(paths: &[PathBuf], store: &Path, words: &Words, lang: Lang) -> Result<u8, Failure> {
    // Nothing is kept before everything that was named has been read.
    let mut all = Vec::new();
    for path in paths {
        let bundle = bundle_of(path)?;
        let id = hex(&bundle.sha256());
        if grave(store, &id).is_file() {
            return Err(Failure::usage(
                format!("gói chứng cứ {id} đã bị hủy; không lưu lại"),
                format!("the evidence bundle {id} was cancelled; it is not kept again"),
            ));
        }
        all.push((id, bundle));
    }
    fs::create_dir_all(store).map_err(|error| Failure::unwritable(store, &error))?;
    for (id, bundle) in all {
        let place = store.join(format!("{id}.json"));
        if place.is_file() {
            let what = pick(lang, "Đã lưu từ trước", "Kept already");
            print(&format!("{what}: {id}"))?;
            continue;
        }
        write_whole(&place, Existing::Keep, |out| {
            out.write_all(bundle.as_bytes())
        })
        .map_err(|error| Failure::unwritable(&place, &error))?;
        let logged = log(store, "keep", &id, &hex(bundle.file_sha256()), words);
        if let Err(failure) = logged {
            // What no line of the log speaks of is not kept.
            let _ = fs::remove_file(&place);
            return Err(failure);
        }
        let what = pick(lang, "Đã lưu", "Kept");
        print(&format!("{what}: {id}"))?;
    }
    Ok(status::DONE)
}

fn cancel(wanted: &[String], store: &Path, words: &Words, lang: Lang) -> Result<u8, Failure> {
    let is_said = |word: &Option<String>| word.as_deref().is_some_and(|w| !w.trim().is_empty());
    if !is_said(&words.who) || !is_said(&words.why) {
        return Err(Failure::usage(
            "hủy là xóa hẳn chứng cứ: cần nêu cả --who (ai hủy) và --why (vì sao)",
            "cancelling deletes the evidence for good: both --who and --why are needed",
        ));
    }
    let all = bundles(store)?;
    let mut chosen = Vec::new();
    for digits in wanted {
        chosen.push(choose(&all, digits)?);
    }
    for (id, path, about) in chosen {
        let octets = |text: &str| unhex(text).unwrap_or_default();
        let now = input::now()?;
        let (who, why) = (words.who.as_deref(), words.why.as_deref());
        let text = tombstone(&octets(&id), &octets(&about), now, who, why);
        // The log first: what is deleted has been logged, whatever happens in between.
        log(store, "cancel", &id, &about, words)?;
        let grave = grave(store, &id);
        write_whole(&grave, Existing::Replace, |out| {
            out.write_all(text.as_bytes())
        })
        .map_err(|error| Failure::unwritable(&grave, &error))?;
        fs::remove_file(&path).map_err(|error| Failure::unwritable(&path, &error))?;
        let what = pick(lang, "Đã hủy", "Cancelled");
        print(&format!("{what}: {id}"))?;
    }
    Ok(status::DONE)
}

fn list(folder: &EvidenceFolder, format: Format, lang: Lang) -> Result<u8, Failure> {
    let store = &folder.store;
    let log = ledger::read(store).map_err(|error| Failure::unreadable(store, &error))?;
    let mut kept = Vec::new();
    let mut intact = true;
    let found = bundles(store)?;
    if found.is_empty() && log.entries.is_empty() && log.broken_at.is_none() {
        let place = shown(store);
        note(&pick(
            lang,
            format!(
                "kyso: {place} không có chứng cứ nào và không có nhật ký: có đúng là kho chứng cứ không?"
            ),
            format!(
                "kyso: {place} holds no evidence and no log: is it the folder that evidence is kept in?"
            ),
        ));
        intact = false;
    }
    for (path, _) in found {
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let read = bundle_of(&path).ok();
        // Kept by its own digest: another content is another bundle.
        let bundle = read.filter(|bundle| hex(&bundle.sha256()) == name);
        let entry = |member: &str| {
            let mut entries = log.entries.iter().rev();
            let is_it =
                |entry: &&Value| entry["action"] == "keep" && entry["bundle_sha256"] == *name;
            entries
                .find(is_it)
                .map_or(Value::Null, |entry| entry[member].clone())
        };
        intact &= bundle.is_some() && !entry("at").is_null();
        kept.push(json!({
            "bundle_sha256": name,
            "intact": bundle.is_some(),
            "logged": !entry("at").is_null(),
            "file": bundle.as_ref().and_then(Bundle::file),
            "file_sha256": bundle.as_ref().map(|bundle| hex(bundle.file_sha256())),
            "at": bundle.as_ref().map(|bundle| bundle.at().to_string()),
            "indication": bundle.as_ref().map(Bundle::indication),
            "kept_at": entry("at"),
            "who": entry("who"),
            "why": entry("why"),
        }));
    }
    let gone: Vec<Value> = log
        .entries
        .iter()
        .filter(|entry| entry["action"] == "cancel")
        .map(|entry| {
            json!({
                "bundle_sha256": entry["bundle_sha256"],
                "file_sha256": entry["file_sha256"],
                "cancelled_at": entry["at"],
                "who": entry["who"],
                "why": entry["why"],
            })
        })
        .collect();
    // What was kept, is not there and was not cancelled was taken away.
    let missing: Vec<&Value> = log
        .entries
        .iter()
        .filter(|entry| entry["action"] == "keep")
        .map(|entry| &entry["bundle_sha256"])
        .filter(|id| {
            let is_it = |other: &&Value| other["bundle_sha256"] == **id;
            !kept.iter().any(|each| is_it(&each)) && !gone.iter().any(|each| is_it(&each))
        })
        .collect();
    intact &= missing.is_empty() && log.broken_at.is_none();
    if format == Format::Json {
        print(&json_line(&json!({
            "schema": "kyso-evidence-store/1",
            "folder": store.to_string_lossy(),
            "bundles": kept,
            "cancelled": gone,
            "missing": missing,
            "log": { "entries": log.entries.len(), "broken_at": log.broken_at },
        })))?;
    } else {
        for each in &kept {
            let text = |member: &str| visible(each[member].as_str().unwrap_or("–"));
            let mark = match (each["intact"].as_bool(), each["logged"].as_bool()) {
                (Some(true), Some(true)) => "",
                (Some(true), _) => pick(lang, " (không có trong nhật ký)", " (not in the log)"),
                _ => pick(lang, " (ĐÃ BỊ THAY ĐỔI)", " (CHANGED)"),
            };
            print(&format!(
                "{} {} {} {}{mark}",
                text("bundle_sha256"),
                text("at"),
                text("indication"),
                text("file"),
            ))?;
        }
        for each in &gone {
            let text = |member: &str| visible(each[member].as_str().unwrap_or("–"));
            let what = pick(lang, "đã hủy", "cancelled");
            print(&format!(
                "{} {} {what}: {} ({})",
                text("bundle_sha256"),
                text("cancelled_at"),
                text("why"),
                text("who"),
            ))?;
        }
        for id in &missing {
            let what = pick(
                lang,
                "MẤT, không có trong thư mục",
                "MISSING from the folder",
            );
            print(&format!("{} {what}", visible(id.as_str().unwrap_or("–"))))?;
        }
        if let Some(line) = log.broken_at {
            print(&pick(
                lang,
                format!("Nhật ký bị sửa từ dòng {line}."),
                format!("The log was changed from line {line} on."),
            ))?;
        }
    }
    Ok(if intact { status::DONE } else { status::FAILED })
}

fn show(path: &Path, policy: bool, format: Format, lang: Lang) -> Result<u8, Failure> {
    let bundle = bundle_of(path)?;
    if policy {
        print(&bundle.policy().to_toml())?;
        return Ok(status::DONE);
    }
    let report = bundle.report_json(match lang {
        Lang::Vi => kyso::Lang::Vi,
        _ => kyso::Lang::En,
    });
    if format == Format::Json {
        let items: Vec<Value> = bundle
            .items()
            .iter()
            .map(|item| {
                json!({
                    "kind": item.kind.as_str(),
                    "sha256": hex(&item.sha256),
                    "from": item.from,
                    "anchor": item.anchor,
                    "octets": item.der.len(),
                    "about": about(item.kind, &item.der),
                })
            })
            .collect();
        print(&json_line(&json!({
            "schema": "kyso-evidence-show/1",
            "bundle_sha256": hex(&bundle.sha256()),
            "file": bundle.file(),
            "file_sha256": hex(bundle.file_sha256()),
            "at": bundle.at().to_string(),
            "policy": bundle.policy().name(),
            "policy_is_built_in": bundle.has_built_in_policy(),
            "revocation": bundle.policy().revocation_rule().as_str(),
            "trust_sha256": hex(bundle.trust_sha256()),
            "version": bundle.version(),
            "reproved": bundle.is_reproved(),
            "items": items,
            "report": serde_json::from_str::<Value>(&report).unwrap_or(Value::Null),
        })))?;
        return Ok(status::DONE);
    }
    let mut text = String::new();
    let mut field = |vi: &str, en: &str, value: &str| {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}: {}", pick(lang, vi, en), visible(value));
    };
    field("Gói chứng cứ", "Evidence bundle", &hex(&bundle.sha256()));
    field("Tệp", "File", bundle.file().unwrap_or("–"));
    field(
        "SHA-256 của tệp",
        "SHA-256 of the file",
        &hex(bundle.file_sha256()),
    );
    field(
        "Thời điểm kiểm tra",
        "Judged as of",
        &bundle.at().to_string(),
    );
    field("Kết luận", "Indication", bundle.indication());
    let rules = format!(
        "{} (revocation: {})",
        bundle.policy().name(),
        bundle.policy().revocation_rule().as_str()
    );
    field("Chính sách", "Policy", &rules);
    if !bundle.has_built_in_policy() {
        field(
            "Lưu ý",
            "Note",
            pick(
                lang,
                "chính sách riêng, không có sẵn",
                "rules of its own, not built-in ones",
            ),
        );
    }
    field(
        "SHA-256 của kho tin cậy",
        "SHA-256 of the trust store",
        &hex(bundle.trust_sha256()),
    );
    field("Phiên bản", "Version", bundle.version());
    for item in bundle.items() {
        let anchor = if item.anchor {
            pick(lang, ", gốc tin cậy khi đó", ", anchor then")
        } else {
            ""
        };
        let value = format!(
            "{} ({}{anchor}) {}",
            hex(&item.sha256),
            item.from,
            about(item.kind, &item.der)
        );
        field(item.kind.as_str(), item.kind.as_str(), &value);
    }
    print(&text)?;
    Ok(status::DONE)
}

fn check(
    files: &[PathBuf],
    store: &Path,
    trust: &[PathBuf],
    format: Format,
    lang: Lang,
) -> Result<u8, Failure> {
    let trust = if trust.is_empty() {
        trust::own_store(None, lang)?
    } else {
        named_store(trust)?
    };
    let kept = bundles(store)?;
    let mut gravest = status::DONE;
    for file in files {
        let mut found = Vec::new();
        let exit = match again(file, &kept, &trust, &mut found) {
            Ok(exit) => exit,
            Err(failure) => {
                if format == Format::Text {
                    let told = failure.message(lang).unwrap_or_default();
                    note(&format!("kyso: {told}"));
                } else {
                    let told = failure.message(lang).unwrap_or_default();
                    print(&json_line(&json!({
                        "schema": "kyso-evidence-check/1",
                        "file": file.to_string_lossy(),
                        "outcome": Value::Null,
                        "error": { "code": failure.code(), "message": told },
                        "checks": [],
                    })))?;
                }
                gravest = status::gravest(gravest, failure.exit());
                continue;
            }
        };
        gravest = status::gravest(gravest, exit);
        let outcome = match exit {
            status::DONE => "same",
            status::FAILED => "differs",
            _ => "none",
        };
        if format == Format::Json {
            let checks: Vec<Value> = found
                .iter()
                .map(|again| {
                    let told = again.differences.iter().map(|each| {
                        json!({ "code": each.code(), "message": each.message(core_lang(lang)) })
                    });
                    json!({
                        "bundle_sha256": again.id,
                        "same": again.is_same,
                        "indication": again.indication,
                        "differences": told.collect::<Vec<_>>(),
                    })
                })
                .collect();
            print(&json_line(&json!({
                "schema": "kyso-evidence-check/1",
                "file": file.to_string_lossy(),
                "outcome": outcome,
                "error": Value::Null,
                "checks": checks,
            })))?;
            continue;
        }
        let word = match outcome {
            "same" => pick(lang, "giống kết quả đã lưu", "the same as was kept"),
            "differs" => pick(lang, "KHÁC kết quả đã lưu", "DIFFERS from what was kept"),
            _ => pick(
                lang,
                "không có gói chứng cứ nào",
                "no evidence bundle is kept",
            ),
        };
        print(&format!("{}: {word}", shown(file)))?;
        for again in &found {
            for each in &again.differences {
                print(&format!("  {}", visible(&each.message(core_lang(lang)))))?;
            }
        }
    }
    Ok(gravest)
}

/// A verdict that was given again.
struct Again {
    id: String,
    is_same: bool,
    indication: String,
    differences: Vec<kyso::bundle::Difference>,
}

/// Every bundle about the file is tried.
fn again(
    file: &Path,
    kept: &[(PathBuf, String)],
    trust: &TrustStore,
    found: &mut Vec<Again>,
) -> Result<u8, Failure> {
    let bytes = input::open(file)?;
    let about = hex(&kyso::crypto::sha256(&bytes));
    let mut exit = status::UNDECIDED;
    for (path, _) in kept.iter().filter(|(_, of)| *of == about) {
        let bundle = bundle_of(path)?;
        let verifier = Verifier::of_bundle(&bundle, trust.clone());
        let again = verifier
            .reprove(&bundle, &bytes, bundle.file())
            .map_err(|error| Failure::about(file, error))?;
        let is_same = again.differences.iter().all(|each| each.is_circumstance());
        let indication = again.report.indication();
        found.push(Again {
            id: hex(&bundle.sha256()),
            is_same,
            indication: indication.map_or("NONE", |found| found.as_str()).to_owned(),
            differences: again.differences,
        });
        let this = if is_same {
            status::DONE
        } else {
            status::FAILED
        };
        exit = match exit {
            status::UNDECIDED => this,
            other => status::gravest(other, this),
        };
    }
    Ok(exit)
}

fn bundle_of(path: &Path) -> Result<Bundle, Failure> {
    let bytes = input::open(path)?;
    Bundle::from_bytes(&bytes).map_err(|error| Failure::about(path, error))
}

/// The one bundle whose digest begins so: its name, its file, and the digest of what it is about.
fn choose(all: &[(PathBuf, String)], digits: &str) -> Result<(String, PathBuf, String), Failure> {
    let plain = trust::plain_digits(digits)?;
    let name = |path: &Path| {
        let stem = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        stem.unwrap_or_default()
    };
    let mut fitting = all
        .iter()
        .filter(|(path, _)| name(path).starts_with(&plain));
    match (fitting.next(), fitting.next()) {
        (Some((path, about)), None) => Ok((name(path), path.clone(), about.clone())),
        (Some(_), Some(_)) => Err(Failure::usage(
            format!("“{plain}” hợp với nhiều gói chứng cứ: hãy nêu thêm chữ số"),
            format!("“{plain}” fits several evidence bundles: give more digits"),
        )),
        (None, _) => Err(Failure::said(
            ErrorKind::InputUnreadable,
            format!("không có gói chứng cứ nào mang SHA-256 {plain}"),
            format!("there is no evidence bundle with the SHA-256 {plain}"),
        )),
    }
}

fn log(store: &Path, action: &str, id: &str, about: &str, words: &Words) -> Result<(), Failure> {
    let now: Time = input::now()?;
    let members = [
        ("bundle_sha256", json!(id)),
        ("file_sha256", json!(about)),
        ("who", json!(words.who)),
        ("why", json!(words.why)),
    ];
    let path = store.join(ledger::NAME);
    ledger::append(store, now, action, &members).map_err(|error| Failure::unwritable(&path, &error))
}

/// Where the record of a cancelled bundle lies.
fn grave(store: &Path, id: &str) -> PathBuf {
    store.join(format!("{id}.cancelled.json"))
}

fn about(kind: ItemKind, der: &[u8]) -> String {
    match kind {
        ItemKind::Certificate => Certificate::from_der(der)
            .map(|certificate| certificate.subject().to_string())
            .unwrap_or_default(),
        ItemKind::Crl => Crl::from_der(der)
            .map(|crl| format!("{}, {}", crl.issuer(), crl.this_update()))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn core_lang(lang: Lang) -> kyso::Lang {
    match lang {
        Lang::Vi => kyso::Lang::Vi,
        _ => kyso::Lang::En,
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut octets = [0; 32];
    for (position, octet) in octets.iter_mut().enumerate() {
        let at = position * 2;
        *octet = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(octets)
}
