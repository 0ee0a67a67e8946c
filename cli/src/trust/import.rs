//! `kyso trust import`: what may come in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kyso::message::visible;
use kyso::report::json_line;
use kyso::trust::pin_of;
use kyso::x509::Crl;
use kyso::{Certificate, ErrorKind, TrustStore};
use kyso_map::{Existing, write_whole};
use serde_json::json;

use crate::args::Format;
use crate::cert;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{note, print};
use crate::trust::{held, line, log, plain_digits, said, write_removed};

/// What may come in besides the national authorities.
pub(super) struct Accept {
    any: bool,
    fingerprints: BTreeSet<String>,
}

impl Accept {
    pub(super) fn new(words: &[String]) -> Result<Self, Failure> {
        let mut accept = Self {
            any: false,
            fingerprints: BTreeSet::new(),
        };
        for word in words {
            if word == "any" {
                accept.any = true;
                continue;
            }
            let plain = plain_digits(word)?;
            if plain.len() != 64 {
                let word = visible(word);
                return Err(Failure::usage(
                    format!("--accept “{word}”: cần đủ 64 chữ số hex của SHA-256, hoặc any"),
                    format!(
                        "--accept “{word}”: all 64 hex digits of the SHA-256 are needed, or any"
                    ),
                ));
            }
            accept.fingerprints.insert(plain);
        }
        Ok(accept)
    }

    /// A known one comes in by its pin, an authority by its fingerprint or by `any`, anybody else's
    /// certificate by its fingerprint alone.
    fn takes(&self, certificate: &Certificate) -> bool {
        pin_of(certificate).is_some()
            || self.fingerprints.contains(&certificate.sha256_hex())
            || self.any && certificate.is_ca() == Some(true)
    }
}

/// What is to be imported, and how.
pub(super) struct Import<'i> {
    pub(super) folder: &'i Path,
    pub(super) accept: Accept,
    pub(super) dry_run: bool,
    pub(super) format: Format,
    pub(super) lang: Lang,
}

impl Import<'_> {
    pub(super) fn run(&self, paths: &[PathBuf]) -> Result<u8, Failure> {
        let (folder, lang) = (self.folder, self.lang);
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for path in paths {
            let all = anchors(path)?.into_iter();
            // The same certificate in two files is one.
            found.extend(all.filter(|certificate| seen.insert(certificate.sha256())));
        }
        // What verifying would refuse must not get in: it would stop every later run.
        let mut store = TrustStore::new();
        for certificate in &found {
            store.add(certificate.clone())?;
        }
        let mut held = held(folder)?;
        let mut known: BTreeSet<[u8; 32]> = held
            .all
            .iter()
            .map(|each| each.certificate.sha256())
            .collect();
        let mut told = Vec::new();
        let mut left_out = 0_usize;
        let mut brought_back = false;
        for certificate in &found {
            let sha256 = certificate.sha256();
            let is_taken = self.accept.takes(certificate);
            let was_removed = is_taken && held.removed.remove(&sha256);
            let is_new = is_taken && (known.insert(sha256) || was_removed);
            if is_new && !self.dry_run {
                self.put(certificate)?;
            }
            brought_back |= was_removed;
            left_out += usize::from(!is_taken);
            let mut object = cert::object(certificate);
            object["added"] = json!(is_new);
            object["accepted"] = json!(is_taken);
            object["was_removed"] = json!(was_removed);
            told.push(object);
            if self.format == Format::Text {
                let what = match (is_taken, is_new, self.dry_run) {
                    (false, ..) => pick(lang, "Để lại", "Left out"),
                    (_, true, true) if was_removed => pick(
                        lang,
                        "Sẽ nạp lại (trước đó đã bị gỡ)",
                        "Would be trusted again (it was removed)",
                    ),
                    (_, true, false) if was_removed => pick(
                        lang,
                        "Đã nạp lại (trước đó đã bị gỡ)",
                        "Trusted again (it was removed)",
                    ),
                    (_, true, true) => pick(lang, "Sẽ nạp", "Would be added"),
                    (_, true, false) => pick(lang, "Đã nạp", "Added"),
                    (_, false, _) => pick(lang, "Đã có sẵn", "There already"),
                };
                print(&format!("{what}: {}", line(certificate, lang)))?;
            }
        }
        if brought_back && !self.dry_run {
            write_removed(folder, &held.removed)?;
        }
        let added = told.iter().filter(|object| object["added"] == true).count();
        match self.format {
            Format::Json => {
                let mut said = said(folder, &told);
                said["dry_run"] = json!(self.dry_run);
                print(&json_line(&said))?;
            }
            Format::Text if self.dry_run => {}
            Format::Text => {
                let rest = told.len().saturating_sub(added).saturating_sub(left_out);
                let folder = shown(folder);
                print(&pick(
                    lang,
                    format!("Đã nạp {added} chứng thư vào {folder}; {rest} đã có sẵn."),
                    format!("{added} certificates added to {folder}; {rest} were there already."),
                ))?;
            }
        }
        if left_out == 0 {
            return Ok(status::DONE);
        }
        note(&pick(
            lang,
            format!(
                "kyso: để lại {left_out} chứng thư không thuộc các gốc quốc gia đã biết. Nếu đã đối chiếu vân \
                 tay với chủ của nó: --accept SHA256 (hoặc --accept any cho mọi CA trong tệp). Chứng thư CA cấp \
                 dưới chỉ để nối đường dẫn thì đưa vào bằng --evidence."
            ),
            format!(
                "kyso: {left_out} certificates were left out, which are none of the known national ones. Where \
                 you have compared the fingerprint with the owner's: --accept SHA256 (or --accept any for every \
                 authority in the files). An issuing CA that only helps to build paths is given by --evidence."
            ),
        ));
        Ok(status::UNDECIDED)
    }

    fn put(&self, certificate: &Certificate) -> Result<(), Failure> {
        let folder = self.folder;
        fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
        let path = folder.join(format!("{}.cer", certificate.sha256_hex()));
        write_whole(&path, Existing::Replace, |out| {
            out.write_all(certificate.der())
        })
        .map_err(|error| Failure::unwritable(&path, &error))?;
        log(folder, "import", certificate, self.lang)
    }
}

/// The certificates of a file or folder that has to hold some. A list alone is told what it is.
pub(super) fn anchors(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let found = input::some_certificates(path);
    let is_list = || {
        let bytes = input::open(path).ok()?;
        Crl::many_from_pem_or_der(&bytes)
            .ok()
            .filter(|lists| !lists.is_empty())
    };
    if found.is_err() && path.is_file() && is_list().is_some() {
        let path = shown(path);
        return Err(Failure::said(
            ErrorKind::Malformed,
            format!("{path} là danh sách thu hồi (CRL): đưa vào bằng --evidence khi kiểm tra"),
            format!("{path} is a revocation list (CRL): give it by --evidence when you verify"),
        ));
    }
    found
}
