//! An authority that lives in a folder: its keys, its holders, and what became of them.
//!
//! `index.json` says what was issued and revoked, in a form to be read and, between two commands,
//! edited. Whoever changes it holds `index.lock` meanwhile.

use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::der::{DecodePem, Encode};

use crate::authority::{Authority, PASSWORD, Settings, Written};
use crate::crl::{CrlEntry, CrlRecipe, RevocationReason};
use crate::disk::{self, Lock, hex, load, read, serial_word, unhex};
use crate::error::{FolderFault, SandboxError};
use crate::facts::Facts;
use crate::issued::Issued;
use crate::key::KeyKind;
use crate::name::Attribute;
use crate::profile::{OrganisationProfile, PersonProfile};
use crate::recipe::Recipe;
use crate::slug::slug;
use crate::spelling;

/// Which of the two authorities issued a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Issuer {
    /// The root: the issuing authority and the time-stamp signer are its own.
    Root,
    /// The issuing authority: the holders and the OCSP responder.
    Issuing,
}

impl Issuer {
    /// The word of the index and of the file names.
    pub fn name(self) -> &'static str {
        match self {
            Issuer::Root => "root",
            Issuer::Issuing => "issuing",
        }
    }
}

/// When and why a certificate was revoked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Revocation {
    /// When, Unix time.
    #[serde(with = "spelling::moment")]
    pub at: i64,
    /// Why; a hold may be lifted.
    #[serde(with = "spelling::reason", default)]
    pub reason: Option<RevocationReason>,
}

/// A certificate of the index.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// What its files begin with.
    pub file: String,
    /// The common name.
    pub name: String,
    /// Who issued it.
    pub issuer: Issuer,
    /// The serial number, hexadecimal, two digits an octet.
    pub serial: String,
    /// First second of validity, Unix time.
    #[serde(with = "spelling::moment")]
    pub not_before: i64,
    /// Last second of validity, Unix time.
    #[serde(with = "spelling::moment")]
    pub not_after: i64,
    /// Whether it was revoked.
    #[serde(default)]
    pub revoked: Option<Revocation>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Index {
    schema: String,
    about: String,
    base_address: String,
    #[serde(with = "spelling::kind")]
    key: KeyKind,
    certificates: Vec<Record>,
}

/// A sandbox on the disk.
///
/// ```
/// use kyso_sandbox::{Authority, Folder, Issuer, PersonProfile, Revocation, Settings};
///
/// # let directory = std::env::temp_dir().join(format!("kyso-folder-{}", std::process::id()));
/// # let _ = std::fs::remove_dir_all(&directory);
/// let now = 1_767_225_600;
/// Authority::new(&Settings::quick(now))?.write_to(&directory)?;
/// let mut folder = Folder::open(&directory)?;
/// let recipe = folder.authority(now).person_recipe(&PersonProfile::public_example());
/// let issued = folder.issue(None, &recipe)?;
/// assert!(issued.files[0].ends_with("tran-thi-mau.pem"));
/// let serial = folder.find("tran-thi-mau")?.serial.clone();
/// folder.revoke(&serial, Revocation { at: now, reason: None })?;
/// let list = folder.crl(Issuer::Issuing, now, now + 86_400)?;
/// # assert!(!list.is_empty());
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    root: Issued,
    issuing: Issued,
    index: Index,
}

/// What [`Folder::issue`] made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IssuedFiles {
    /// The certificate and its key.
    pub issued: Issued,
    /// The files: certificate, key, container.
    pub files: Vec<PathBuf>,
}

impl Authority {
    /// Draws the example organisation, person, time-stamp signer and OCSP responder and writes
    /// everything into `directory`, which is made if need be: for each certificate, `root` and
    /// `issuing` included, the certificate (`.pem`) and the open key (`.key.pem`), for each holder
    /// both with the chain too (`.p12`); `password.txt` holds the password on its first line, and
    /// `index.json` what was issued. On Unix, nobody else may read the keys.
    ///
    /// # Errors
    /// [`SandboxError::Io`]; no existing file is ever overwritten.
    pub fn write_to(&self, directory: &Path) -> Result<Written, SandboxError> {
        let mut written = Written {
            organisation: self.organisation(&OrganisationProfile::example())?,
            person: self.person(&PersonProfile::example())?,
            time_stamper: self.time_stamper()?,
            responder: self.responder()?,
            files: Vec::new(),
        };
        DirBuilder::new().recursive(true).create(directory)?;
        let mut folder = Folder {
            path: directory.to_owned(),
            root: self.root.clone(),
            issuing: self.issuing.clone(),
            index: Index {
                schema: SCHEMA.to_owned(),
                about: ABOUT.to_owned(),
                base_address: self.settings().base_address.clone(),
                key: self.settings().key,
                certificates: Vec::new(),
            },
        };
        // The first of all, so that a second run stops before it has written anything.
        let mut files = vec![disk::put(
            directory,
            "root.pem",
            self.root.certificate_pem().as_bytes(),
        )?];
        files.push(disk::put_secret(
            directory,
            "root.key.pem",
            self.root.private_key_pem().as_bytes(),
        )?);
        let note = format!("{PASSWORD}\n{PASSWORD_NOTE}");
        files.push(disk::put(directory, "password.txt", note.as_bytes())?);
        let holders = [
            ("issuing", &self.issuing, Issuer::Root, Container::None),
            (
                "organisation",
                &written.organisation,
                Issuer::Issuing,
                Container::Pkcs12,
            ),
            (
                "person",
                &written.person,
                Issuer::Issuing,
                Container::Pkcs12,
            ),
            (
                "time-stamper",
                &written.time_stamper,
                Issuer::Root,
                Container::Pkcs12,
            ),
            (
                "responder",
                &written.responder,
                Issuer::Issuing,
                Container::None,
            ),
        ];
        for (stem, issued, issuer, container) in holders {
            files.extend(folder.keep(stem, issued, issuer, container)?);
        }
        files.push(folder.save()?);
        written.files = files;
        Ok(written)
    }
}

/// Whether a holder's key goes into a container too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Pkcs12,
    None,
}

impl Folder {
    /// Opens what [`Authority::write_to`] wrote.
    ///
    /// # Errors
    /// [`SandboxError::Folder`] when it is no such folder, [`SandboxError::Io`] when it cannot be
    /// read.
    pub fn open(path: &Path) -> Result<Self, SandboxError> {
        let index = read_index(path)?;
        Ok(Folder {
            root: load(path, "root")?,
            issuing: load(path, "issuing")?,
            path: path.to_owned(),
            index,
        })
    }

    /// The authority, issuing at `now` (Unix time).
    pub fn authority(&self, now_unix: i64) -> Authority {
        let settings = Settings {
            now_unix,
            key: self.index.key,
            authority_key: self.index.key,
            base_address: self.index.base_address.clone(),
        };
        Authority::from_parts(self.root.clone(), self.issuing.clone(), &settings)
    }

    /// Where the addresses in the certificates point.
    pub fn base_address(&self) -> &str {
        &self.index.base_address
    }

    /// What was issued, in the order of issuing.
    pub fn records(&self) -> &[Record] {
        &self.index.certificates
    }

    /// A certificate and its key by what its files begin with: `root`, `responder`, `person`.
    ///
    /// # Errors
    /// [`SandboxError::Io`] or [`SandboxError::Certificate`] when they cannot be read.
    pub fn load(&self, file: &str) -> Result<Issued, SandboxError> {
        load(&self.path, file)
    }

    /// Issues what the recipe says, under the issuing authority, and writes it beside the others.
    /// The files begin with `file`, or with the common name in small unmarked letters.
    ///
    /// # Errors
    /// [`SandboxError::Folder`] for a file name that is none, [`SandboxError::Io`] when the files
    /// are there already or cannot be written, and what drawing the certificate gives.
    pub fn issue(
        &mut self,
        file: Option<&str>,
        recipe: &Recipe,
    ) -> Result<IssuedFiles, SandboxError> {
        let stem = match file {
            Some(file) if is_file_stem(file) => file.to_owned(),
            Some(file) => return Err(FolderFault::BadFileName(file.to_owned()).into()),
            None => self.free_stem(&slug(common_name(recipe))),
        };
        let issued = recipe.signed_by(&self.issuing)?;
        let mut files = Vec::new();
        let index = self.change(|folder| {
            files = folder.keep(&stem, &issued, Issuer::Issuing, Container::Pkcs12)?;
            Ok(())
        })?;
        files.push(index);
        Ok(IssuedFiles { issued, files })
    }

    /// The certificate whose files begin with `word`, or whose serial number it is (hexadecimal,
    /// with or without colons, leading zeros and `0x`).
    ///
    /// # Errors
    /// [`SandboxError::Folder`] when there is none.
    pub fn find(&self, word: &str) -> Result<&Record, SandboxError> {
        let serial = serial_word(word);
        let by_file = |record: &&Record| record.file == word;
        let by_serial =
            |record: &&Record| Some(serial_word(&record.serial)) == Some(serial.clone());
        let all = &self.index.certificates;
        all.iter()
            .find(by_file)
            .or_else(|| all.iter().find(by_serial).filter(|_| !serial.is_empty()))
            .ok_or_else(|| FolderFault::Unknown(word.to_owned()).into())
    }

    /// The record of a certificate given as PEM or DER.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when it is none, [`SandboxError::Folder`] when it is not one
    /// of this folder.
    pub fn find_certificate(&self, octets: &[u8]) -> Result<&Record, SandboxError> {
        let der = match Certificate::from_pem(octets) {
            Ok(certificate) => certificate.to_der()?,
            Err(_) => octets.to_vec(),
        };
        let facts = Facts::of(&der)?;
        let serial = hex(&facts.serial);
        let record = self.find(&serial)?;
        let issuer = Facts::of(&self.issuer(record.issuer).certificate_der)?;
        if issuer.subject != facts.issuer {
            return Err(FolderFault::Unknown(serial).into());
        }
        Ok(record)
    }

    /// Revokes the certificate of this serial number, or puts it on hold. One on hold may be
    /// revoked for good; what is revoked for good stays so.
    ///
    /// # Errors
    /// [`SandboxError::Folder`] when there is no such certificate or it is revoked already,
    /// [`SandboxError::Io`] when the index cannot be written.
    pub fn revoke(&mut self, serial: &str, revocation: Revocation) -> Result<(), SandboxError> {
        self.change(|folder| {
            let record = folder.record(serial)?;
            if record.revoked.is_some_and(|earlier| !earlier.is_hold()) {
                return Err(FolderFault::RevokedAlready(record.file.clone()).into());
            }
            record.revoked = Some(revocation);
            Ok(())
        })?;
        Ok(())
    }

    /// Lifts a hold.
    ///
    /// # Errors
    /// [`SandboxError::Folder`] when there is no such certificate or it is not on hold,
    /// [`SandboxError::Io`] when the index cannot be written.
    pub fn lift(&mut self, serial: &str) -> Result<(), SandboxError> {
        self.change(|folder| {
            let record = folder.record(serial)?;
            if !record.revoked.is_some_and(Revocation::is_hold) {
                return Err(FolderFault::NotOnHold(record.file.clone()).into());
            }
            record.revoked = None;
            Ok(())
        })?;
        Ok(())
    }

    /// The full list of an authority, as it is at `now`, DER. Its number is the time, so that it
    /// grows; ended certificates stay on it, and it says so.
    ///
    /// # Errors
    /// What drawing the list gives.
    pub fn crl(
        &self,
        issuer: Issuer,
        now_unix: i64,
        next_update: i64,
    ) -> Result<Vec<u8>, SandboxError> {
        let signer = self.issuer(issuer);
        let mut list = CrlRecipe::new(now_unix, next_update);
        list.number = u64::try_from(now_unix).ok();
        list.keeps_ended_since = Some(self.beginning()?);
        for record in self.index.certificates.iter() {
            let of_issuer = record.issuer == issuer;
            let known = record
                .revoked
                .filter(|revoked| of_issuer && revoked.at <= now_unix);
            if let Some(revoked) = known {
                let mut entry = CrlEntry::of_serial(unhex(&record.serial), revoked.at);
                entry.reason = revoked.reason;
                list.entries.push(entry);
            }
        }
        list.signed_by(signer)
    }

    /// Since when the folder's authority has issued: the root's first second, Unix time.
    ///
    /// # Errors
    /// [`SandboxError::Certificate`] when the root's file holds no certificate.
    pub fn beginning(&self) -> Result<i64, SandboxError> {
        Ok(Facts::of(&self.root.certificate_der)?.not_before)
    }

    /// The root or the issuing authority.
    pub fn issuer(&self, issuer: Issuer) -> &Issued {
        match issuer {
            Issuer::Root => &self.root,
            Issuer::Issuing => &self.issuing,
        }
    }

    fn record(&mut self, serial: &str) -> Result<&mut Record, SandboxError> {
        self.index
            .certificates
            .iter_mut()
            .find(|record| record.serial == serial)
            .ok_or_else(|| FolderFault::Unknown(serial.to_owned()).into())
    }

    /// Writes a certificate's files and notes it in the index, which is not saved yet.
    fn keep(
        &mut self,
        stem: &str,
        issued: &Issued,
        issuer: Issuer,
        container: Container,
    ) -> Result<Vec<PathBuf>, SandboxError> {
        let facts = Facts::of(&issued.certificate_der)?;
        let mut files = vec![
            disk::put(
                &self.path,
                &format!("{stem}.pem"),
                issued.certificate_pem().as_bytes(),
            )?,
            disk::put_secret(
                &self.path,
                &format!("{stem}.key.pem"),
                issued.private_key_pem().as_bytes(),
            )?,
        ];
        if container == Container::Pkcs12 {
            let both = [&self.issuing, &self.root];
            let chain = match issuer {
                Issuer::Issuing => &both[..],
                Issuer::Root => &both[1..],
            };
            let octets = issued.pkcs12(PASSWORD, chain)?;
            files.push(disk::put_secret(
                &self.path,
                &format!("{stem}.p12"),
                &octets,
            )?);
        }
        self.index.certificates.push(Record {
            file: stem.to_owned(),
            name: facts.common_name,
            issuer,
            serial: hex(&facts.serial),
            not_before: facts.not_before,
            not_after: facts.not_after,
            revoked: None,
        });
        Ok(files)
    }

    /// The stem itself, or with the next number, so that no file of it is there.
    fn free_stem(&self, stem: &str) -> String {
        let is_free = |stem: &str| {
            [".pem", ".key.pem", ".p12"]
                .iter()
                .all(|end| fs::symlink_metadata(self.path.join(format!("{stem}{end}"))).is_err())
        };
        if is_free(stem) {
            return stem.to_owned();
        }
        let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
        numbered
            .into_iter()
            .find(|stem| is_free(stem))
            .unwrap_or_default()
    }

    /// Changes the index as it is by now, with nobody else at it, and saves it.
    fn change(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<(), SandboxError>,
    ) -> Result<PathBuf, SandboxError> {
        let _lock = Lock::take(&self.path)?;
        self.index = read_index(&self.path)?;
        change(self)?;
        self.save()
    }

    /// Writes the index whole or not at all.
    fn save(&self) -> Result<PathBuf, SandboxError> {
        let path = self.path.join(INDEX);
        let new = self
            .path
            .join(format!("{INDEX}.{}.new", std::process::id()));
        let mut text = serde_json::to_vec_pretty(&self.index)
            .map_err(|error| FolderFault::BadIndex(error.to_string()))?;
        text.push(b'\n');
        fs::write(&new, text)?;
        fs::rename(&new, &path)?;
        Ok(path)
    }
}

impl Revocation {
    /// Whether it may be lifted.
    pub fn is_hold(self) -> bool {
        self.reason == Some(RevocationReason::CertificateHold)
    }
}

fn read_index(path: &Path) -> Result<Index, SandboxError> {
    let text = read(&path.join(INDEX))?;
    let index: Index =
        serde_json::from_slice(&text).map_err(|error| FolderFault::BadIndex(error.to_string()))?;
    if index.schema != SCHEMA {
        return Err(FolderFault::BadIndex(format!("schema {:?}", index.schema)).into());
    }
    Ok(index)
}

fn common_name(recipe: &Recipe) -> &str {
    let values = recipe.subject.parts().iter().flatten();
    values
        .filter(|(attribute, _)| *attribute == Attribute::CommonName)
        .map(|(_, value)| value.as_str())
        .next_back()
        .unwrap_or_default()
}

/// A name for files that stays in the folder and out of the way of shells.
fn is_file_stem(stem: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=64).contains(&stem.len()) && !stem.starts_with(['.', '-']) && stem.chars().all(plain)
}

const INDEX: &str = "index.json";
const SCHEMA: &str = "kyso-sandbox/1";
const ABOUT: &str =
    "Khóa thử nghiệm, không có giá trị pháp lý. / Throw-away keys without legal value.";

const PASSWORD_NOTE: &str = "\
# Dòng đầu là mật khẩu của các tệp .p12 trong thư mục này. Khóa thử nghiệm, không có giá trị
# pháp lý, không dùng để ký văn bản thật. / The first line is the password of the .p12 files in
# this directory. Throw-away keys without legal value: never sign a real document with them.
";
