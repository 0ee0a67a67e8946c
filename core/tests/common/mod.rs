//! What the tests share: a throw-away authority, signed documents, folders, and peers by name.

// Each test file uses its own part of this.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub(crate) mod net;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::{Certificate, LocalKey, Report, SignatureReport, Time, TrustStore, Verifier};
use kyso_sandbox::{
    Authority, Issued, KeyKind, OrganisationProfile, PersonProfile, Settings, plain_pdf,
};
use serde_json::Value;

/// One authority and its holders for a whole test file.
pub(crate) struct World {
    pub(crate) now: Time,
    pub(crate) authority: Authority,
    /// On P-256.
    pub(crate) person: Issued,
    /// On RSA of 2048 bits.
    pub(crate) organisation: Issued,
}

/// Around the present: peers go by the clock of the machine.
pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let now = i64::try_from(elapsed.as_secs()).unwrap();
        let authority = Authority::new(&Settings::quick(now)).unwrap();
        let person = authority.person(&PersonProfile::example()).unwrap();
        let mut recipe = authority.organisation_recipe(&OrganisationProfile::example());
        recipe.key = kyso_sandbox::KeySource::Fresh(KeyKind::Rsa2048);
        let organisation = authority.issue_custom(&recipe).unwrap();
        World {
            now: Time::from_unix(now).at_offset(Time::VIET_NAM),
            authority,
            person,
            organisation,
        }
    })
}

impl World {
    /// The person's key with issuing authority and root: ECDSA on P-256.
    pub(crate) fn person_key(&self) -> LocalKey {
        self.key(&self.person)
    }

    /// The organisation's key with issuing authority and root: RSA PKCS#1 v1.5.
    pub(crate) fn organisation_key(&self) -> LocalKey {
        self.key(&self.organisation)
    }

    /// The organisation's key for RSASSA-PSS.
    pub(crate) fn pss_key(&self) -> LocalKey {
        let algorithm = SignatureAlgorithm::rsa_pss(DigestAlgorithm::Sha256);
        self.organisation_key().with_algorithm(algorithm).unwrap()
    }

    pub(crate) fn key(&self, issued: &Issued) -> LocalKey {
        local_key(issued).with_chain(self.chain(issued))
    }

    /// The holder's certificate, the issuing authority's and the root's.
    pub(crate) fn chain(&self, issued: &Issued) -> Vec<Certificate> {
        [issued, &self.authority.issuing, &self.authority.root]
            .map(|issued| Certificate::from_der(&issued.certificate_der).unwrap())
            .to_vec()
    }

    pub(crate) fn trust(&self) -> TrustStore {
        TrustStore::from_pem(self.authority.root.certificate_pem().as_bytes()).unwrap()
    }

    pub(crate) fn verifier(&self) -> Verifier {
        Verifier::new(self.now).trust(self.trust())
    }
}

pub(crate) fn local_key(issued: &Issued) -> LocalKey {
    let certificate = issued.certificate_pem();
    let key = issued.private_key_pem();
    LocalKey::from_pem(key.as_bytes(), certificate.as_bytes(), None).unwrap()
}

/// The smallest signed file: P-256, no chain, as little room as there may be.
pub(crate) fn small_signed() -> Vec<u8> {
    let world = world();
    kyso::sign::pdf(&plain_pdf::pdf_with_table(), world.now)
        .reserve(0)
        .sign(&local_key(&world.person))
        .unwrap()
        .to_vec()
}

// ---- what a report says

#[track_caller]
pub(crate) fn only(report: &Report) -> &SignatureReport {
    assert_eq!(report.signatures().len(), 1, "{report:?}");
    &report.signatures()[0]
}

pub(crate) fn codes(signature: &SignatureReport) -> Vec<&'static str> {
    signature.reasons().map(|reason| reason.code()).collect()
}

/// Codes of what lowers the verdict.
pub(crate) fn lowering(signature: &SignatureReport) -> Vec<&'static str> {
    signature
        .reasons()
        .filter(|reason| reason.indication().is_some())
        .map(|reason| reason.code())
        .collect()
}

/// Intact, and the path reaches the root that the authority was drawn with.
#[track_caller]
pub(crate) fn assert_good(report: &Report, what: &str) {
    let root = Certificate::from_der(&world().authority.root.certificate_der).unwrap();
    assert!(!report.signatures().is_empty(), "{what}");
    for signature in report.signatures() {
        let id = signature.id();
        let integrity = signature.integrity();
        assert_eq!(integrity.digest_intact, Some(true), "{what} {id}");
        assert_eq!(integrity.signature_intact, Some(true), "{what} {id}");
        let anchor = signature.chain().last().unwrap();
        assert!(anchor.trust_anchor, "{what} {id}");
        assert_eq!(anchor.sha256, root.sha256(), "{what} {id}");
        assert_eq!(signature.indication(), kyso::Indication::Indeterminate);
        for code in lowering(signature) {
            // The authority of these tests publishes no status, which is demanded by default.
            let waits = code == "revocation.missing" || code.ends_with(".not_judged");
            assert!(waits, "{what} {id}: {code}");
        }
    }
}

/// The signed ranges, one after the other, and the CMS without its padding.
pub(crate) fn signed_parts(file: &[u8], signature: &SignatureReport) -> (Vec<u8>, Vec<u8>) {
    let range = signature.coverage().unwrap().byte_range.clone().unwrap();
    let range: Vec<usize> = range
        .iter()
        .map(|number| usize::try_from(*number).unwrap())
        .collect();
    let (first, second) = (&file[range[0]..][..range[1]], &file[range[2]..][..range[3]]);
    let digits = &file[range[0] + range[1] + 1..range[2] - 1];
    let mut cms: Vec<u8> = digits.chunks(2).map(octet).collect();
    let length = match cms[1] {
        0x82 => 4 + usize::from(cms[2]) * 256 + usize::from(cms[3]),
        other => panic!("a CMS of an unlikely size: {other:#x}"),
    };
    cms.truncate(length);
    ([first, second].concat(), cms)
}

fn octet(digits: &[u8]) -> u8 {
    u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap()
}

/// Where a text stands; it must be there.
#[track_caller]
pub(crate) fn find(bytes: &[u8], text: &[u8]) -> usize {
    bytes
        .windows(text.len())
        .position(|window| window == text)
        .unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(text)))
}

// ---- folders and data

/// A folder that goes when the test does.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("kyso-core-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file of the data that lives elsewhere; says so where it is missing.
pub(crate) fn data(name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("KYSO_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let path = root.join(name);
    let bytes = fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    bytes
}

// ---- peers

/// Whether a program can be started; says so where it cannot.
pub(crate) fn have(program: &str) -> bool {
    let mut command = Command::new(program);
    let found = quiet(command.arg("-h")).status().is_ok();
    if !found {
        println!("skipped: {program} is not installed");
    }
    found
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

/// Runs a program and shows what it said when it fails.
#[track_caller]
pub(crate) fn run(program: impl AsRef<Path>, words: &[&dyn AsRef<OsStr>]) -> Output {
    let mut command = Command::new(program.as_ref());
    command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    for word in words {
        command.arg(word.as_ref());
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}: {}\n{}\n{}",
        program.as_ref().display(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Words parted by blanks, then options that take a file.
#[track_caller]
pub(crate) fn openssl(words: &str, files: &[(&str, &PathBuf)]) {
    let words: Vec<&str> = words.split(' ').collect();
    let mut all: Vec<&dyn AsRef<OsStr>> = Vec::new();
    all.extend(words.iter().map(|word| word as &dyn AsRef<OsStr>));
    for (option, file) in files {
        all.extend([option as &dyn AsRef<OsStr>, file]);
    }
    run("openssl", &all);
}

/// A Python that has pyHanko: the one that `KYSO_PYTHON` names, else `python3`.
pub(crate) fn python_with_pyhanko() -> Option<PathBuf> {
    let python = std::env::var_os("KYSO_PYTHON").map_or_else(|| "python3".into(), PathBuf::from);
    let mut command = Command::new(&python);
    let found = quiet(command.args(["-c", "import pyhanko.sign.validation"])).status();
    if found.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    println!("skipped: no pyHanko in {} (KYSO_PYTHON)", python.display());
    None
}

/// A script beside the tests.
pub(crate) fn script(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers")).join(name)
}

/// What qpdf makes of a file.
#[track_caller]
pub(crate) fn qpdf(input: &[u8], options: &[&str]) -> Vec<u8> {
    let folder = Folder::new();
    let (from, to) = (folder.write("in.pdf", input), folder.path("out.pdf"));
    let mut words: Vec<&dyn AsRef<OsStr>> = Vec::new();
    words.extend(options.iter().map(|word| word as &dyn AsRef<_>));
    words.push(&from);
    words.push(&to);
    run("qpdf", &words);
    fs::read(to).unwrap()
}

/// Standard output as JSON.
pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}
