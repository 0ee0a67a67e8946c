//! By what is judged: the options `--trust`, `--evidence`, `--at`, `--policy`, `--revocation`.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use kyso::crypto::sha256;
use kyso::message::visible;
use kyso::{Bundle, Certificate, ErrorKind, Policy, Revocation, Time, TrustStore, Verifier};

use crate::args::{Judge, Status};
use crate::failure::{Failure, shown};
use crate::input;
use crate::language::Lang;
use crate::ledger::hex;
use crate::output::{is_dash, note};
use crate::trust;

/// A verifier, and the evidence bundles by which a verdict is given again.
pub(crate) struct Judging {
    pub(crate) verifier: Verifier,
    kept: Vec<Kept>,
    /// Bundles were named one by one, so that each file has to have its own.
    are_named: bool,
    at: Option<Time>,
    policy: Option<String>,
    revocation: Option<Status>,
    now: Time,
}

/// A bundle that is at hand, by the file that it is about.
struct Kept {
    path: PathBuf,
    file_sha256: String,
}

impl Judge {
    /// A verifier that judges by these options; of evidence bundles, the evidence is taken.
    pub(crate) fn verifier(&self, lang: Lang) -> Result<Verifier, Failure> {
        let mut judging = self.judging(lang)?;
        for kept in &judging.kept {
            let bytes = read(&kept.path)?;
            let taken = judging.verifier.add_evidence(&bytes);
            taken.map_err(|error| Failure::about(&kept.path, error))?;
        }
        Ok(judging.verifier)
    }

    /// The same for files of which some may have evidence bundles.
    pub(crate) fn judging(&self, lang: Lang) -> Result<Judging, Failure> {
        let now = input::now()?;
        let at = self.at.unwrap_or(now).at_offset(Time::VIET_NAM);
        let mut verifier =
            Verifier::new(at)
                .trust(self.store(at, lang)?)
                .policy(match self.policy.as_deref() {
                    None | Some(OF_BUNDLE) => with_status(Policy::default(), self.revocation),
                    Some(words) => with_status(policy(words)?, self.revocation),
                });
        let mut kept = Vec::new();
        let mut are_named = false;
        for path in &self.evidence {
            if is_dash(path) || !path.is_dir() {
                are_named |= evidence(path, &mut verifier, &mut kept)?;
            } else {
                folder(path, &mut verifier, &mut kept)?;
            }
        }
        Ok(Judging {
            verifier: self.network.add_to(verifier)?,
            kept,
            are_named,
            at: self.at,
            policy: self.policy.clone(),
            revocation: self.revocation,
            now,
        })
    }

    fn store(&self, at: Time, lang: Lang) -> Result<TrustStore, Failure> {
        if self.trust.is_empty() {
            return trust::own_store(Some(at), lang);
        }
        named_store(&self.trust)
    }
}

impl Judging {
    /// The bundle of a file, and a verifier that gives its verdict again; nothing where there is
    /// none, which is a failure where bundles were named.
    pub(crate) fn of_bundle(&self, bytes: &[u8]) -> Result<Option<(Verifier, Bundle)>, Failure> {
        if self.kept.is_empty() {
            return Ok(None);
        }
        let about = hex(&sha256(bytes));
        let Some(kept) = self.kept.iter().find(|kept| kept.file_sha256 == about) else {
            if !self.are_named {
                return Ok(None);
            }
            let of = &self
                .kept
                .first()
                .map(|kept| shown(&kept.path))
                .unwrap_or_default();
            return Err(Failure::said(
                ErrorKind::Malformed,
                format!("gói chứng cứ ({of}) là của tệp khác: SHA-256 của tệp này là {about}"),
                format!(
                    "the evidence bundle ({of}) is about another file: this one's SHA-256 is {about}"
                ),
            ));
        };
        let bundle = Bundle::from_bytes(&read(&kept.path)?)
            .map_err(|error| Failure::about(&kept.path, error))?;
        let rules = match self.policy.as_deref() {
            Some(OF_BUNDLE) => bundle.policy().clone(),
            Some(words) => policy(words)?.revocation(bundle.policy().revocation_rule()),
            None if bundle.has_built_in_policy() => bundle.policy().clone(),
            None => {
                let (name, kept) = (visible(bundle.policy().name()), shown(&kept.path));
                return Err(Failure::usage(
                    format!(
                        "gói chứng cứ {kept} theo chính sách riêng “{name}”: hãy xem bằng kyso evidence \
                         show --policy, rồi nêu --policy TỆP, hoặc --policy bundle để dùng nguyên chính \
                         sách đó"
                    ),
                    format!(
                        "the evidence bundle {kept} goes by rules of its own, “{name}”: look at them with \
                         kyso evidence show --policy, then give --policy FILE, or --policy bundle to take \
                         them as they are"
                    ),
                ));
            }
        };
        let at = self.at.unwrap_or(bundle.at());
        if self.at.is_none() && at.unix() > self.now.unix().saturating_add(CLOCKS_DIFFER) {
            return Err(Failure::said(
                ErrorKind::Malformed,
                format!("gói chứng cứ ghi thời điểm kiểm tra {at}, chưa tới"),
                format!("the evidence bundle names a time that is still to come, {at}"),
            ));
        }
        let mut verifier = self
            .verifier
            .clone()
            .offline()
            .at(at)
            .policy(with_status(rules, self.revocation));
        let taken = verifier.add_evidence(bundle.as_bytes());
        taken.map_err(|error| Failure::about(&kept.path, error))?;
        Ok(Some((verifier, bundle)))
    }
}

/// The anchors of what `--trust` names.
pub(crate) fn named_store(paths: &[PathBuf]) -> Result<TrustStore, Failure> {
    let mut anchors = Vec::new();
    for path in paths {
        let found = anchors_of(path)?;
        if found.is_empty() {
            return Err(Failure::usage(
                format!("--trust {}: không có chứng thư nào ở đó", shown(path)),
                format!("--trust {}: there is no certificate in it", shown(path)),
            ));
        }
        anchors.extend(found);
    }
    Ok(store(&anchors)?)
}

/// Every certificate of a file or folder; of an evidence bundle that is named, the anchors that its
/// verdict went by: whoever names it here knows whose it is.
fn anchors_of(path: &Path) -> Result<Vec<Certificate>, Failure> {
    if !is_dash(path) && path.is_file() && is_bundle(path) {
        let bundle = Bundle::from_bytes(&read(path)?);
        let bundle = bundle.map_err(|error| Failure::about(path, error))?;
        return Ok(bundle.anchors());
    }
    input::certificates(path)
}

fn policy(words: &str) -> Result<Policy, Failure> {
    if let Some(policy) = Policy::named(words) {
        return Ok(policy);
    }
    let names = Policy::NAMES.join(", ");
    let name = visible(words);
    let text = fs::read_to_string(Path::new(words)).map_err(|_| {
        Failure::usage(
            format!(
                "“{name}” không phải chính sách có sẵn ({names}), cũng không phải tệp TOML đọc được"
            ),
            format!(
                "“{name}” is neither a built-in policy ({names}) nor a TOML file that can be read"
            ),
        )
    })?;
    Ok(Policy::from_toml(&text)?)
}

/// What is said about status on the command line goes before what the rules say.
fn with_status(policy: Policy, status: Option<Status>) -> Policy {
    match status {
        Some(Status::Required) => policy.revocation(Revocation::Required),
        Some(Status::None) => policy.revocation(Revocation::None),
        None => policy,
    }
}

/// What a file holds that helps to judge; whether it is a bundle. A file that is nothing of the kind
/// is spoken of.
fn evidence(path: &Path, verifier: &mut Verifier, kept: &mut Vec<Kept>) -> Result<bool, Failure> {
    let bytes = input::open(path)?;
    if Bundle::is_one(&bytes) {
        // A bundle that was named and cannot be read is no slip.
        let bundle = Bundle::from_bytes(&bytes).map_err(|error| Failure::about(path, error))?;
        kept.push(Kept {
            path: path.to_owned(),
            file_sha256: hex(bundle.file_sha256()),
        });
        return Ok(true);
    }
    match verifier.add_evidence(&bytes) {
        Err(error) if error.kind() == ErrorKind::TooLarge => Err(error.into()),
        Err(_) => {
            // It may have been a slip; nothing rests on it, so the work goes on.
            note(&format!(
                "kyso: --evidence {}: neither certificate, CRL nor OCSP response / không phải \
                 chứng thư, CRL hay trả lời OCSP",
                shown(path)
            ));
            Ok(false)
        }
        Ok(_) => Ok(false),
    }
}

/// The same of every file of a folder; those that are nothing of the kind are passed over.
fn folder(path: &Path, verifier: &mut Verifier, kept: &mut Vec<Kept>) -> Result<(), Failure> {
    let files = kyso_map::files(path).map_err(|error| Failure::unreadable(path, &error))?;
    for (_, bytes) in files.iter().filter(|(_, bytes)| !Bundle::is_one(bytes)) {
        match verifier.add_evidence(bytes) {
            Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error.into()),
            _ => {}
        }
    }
    for (path, file_sha256) in bundles(path)? {
        kept.push(Kept { path, file_sha256 });
    }
    Ok(())
}

/// The bundles of a folder, however large, with the SHA-256 of the files that they are about by
/// their first octets.
pub(crate) fn bundles(folder: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let unreadable = |error| Failure::unreadable(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file()
            && let Some(about) = head(&path).and_then(|head| about(&head))
        {
            found.push((path, about));
        }
    }
    found.sort();
    Ok(found)
}

fn is_bundle(path: &Path) -> bool {
    head(path).is_some_and(|head| Bundle::is_one(&head))
}

fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let file = File::open(path).ok()?;
    file.take(HEAD).read_to_end(&mut head).ok()?;
    Some(head)
}

/// The file's digest is the first one in a bundle; the bundle is read whole before it is used.
fn about(head: &[u8]) -> Option<String> {
    if !Bundle::is_one(head) {
        return None;
    }
    let text = String::from_utf8_lossy(head);
    let behind = text.split("\"sha256\":\"").nth(1)?;
    behind.get(..64).map(str::to_owned)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(input::open(path)?.to_vec())
}

/// A trust store of these certificates.
pub(crate) fn store(certificates: &[Certificate]) -> Result<TrustStore, kyso::Error> {
    let mut store = TrustStore::new();
    for certificate in certificates {
        store.add(certificate.clone())?;
    }
    Ok(store)
}

/// The word for the rules of the evidence bundle.
const OF_BUNDLE: &str = "bundle";
/// A clock may be off by this many seconds.
const CLOCKS_DIFFER: i64 = 5 * 60;
/// Longer file names than this are nobody's.
const HEAD: u64 = 16 << 10;
