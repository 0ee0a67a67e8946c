//! `kyso sign pdf`: the key is unlocked, the library signs, the output appears whole.

use std::path::{Path, PathBuf};

use kyso::crypto::SignatureAlgorithm;
use kyso::sign::{PdfSigning, Profile};
use kyso::{Certificate, Error, ErrorKind, LocalKey, Signer};

use crate::args::{self, Form, Key, Preview, Sign, SignPdf};
use crate::extend::Raising;
#[cfg(not(feature = "pkcs11"))]
use crate::failure::not_offered;
use crate::failure::{Failure, shown, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::output::{self, is_dash};
use crate::secret;
use crate::two_step;

/// Signs, in one step or in two.
pub(crate) fn run(verb: Sign, lang: Lang) -> Result<u8, Failure> {
    match verb {
        Sign::Pdf(arguments) => pdf(arguments, lang),
        Sign::Xml(arguments) => crate::sign_xml::run(&arguments, lang),
        Sign::Prepare(arguments) => two_step::prepare(arguments, lang),
        Sign::Complete(arguments) => two_step::complete(arguments, lang),
    }
}

fn pdf(arguments: SignPdf, lang: Lang) -> Result<u8, Failure> {
    let output = arguments.output.clone();
    make(arguments, lang)?;
    if let Some(output) = &output {
        announce(output, lang);
    }
    Ok(status::DONE)
}

/// Signs and writes the signed file.
pub(crate) fn make(arguments: SignPdf, lang: Lang) -> Result<(), Failure> {
    let raising = Raising::new(arguments.raise, lang)?;
    let input = input::open(&arguments.input)?;
    let at = input::now()?;
    let start = || {
        let signing = arguments.form.apply(kyso::sign::pdf(&input, at));
        arguments.show.apply(signing)
    };
    write_signed(
        &Request {
            path: &arguments.input,
            output: arguments.output.as_deref(),
            key: &arguments.key,
            algorithm: arguments.algorithm,
            preview: &arguments.preview,
            raising: &raising,
            force: arguments.force,
        },
        &start,
        lang,
    )
}

/// What is signed with which key, and where it goes.
pub(crate) struct Request<'r> {
    pub(crate) path: &'r Path,
    pub(crate) output: Option<&'r Path>,
    pub(crate) key: &'r Key,
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    pub(crate) preview: &'r Preview,
    pub(crate) raising: &'r Raising,
    pub(crate) force: bool,
}

/// Draws the page where that is asked for, then unlocks the key, signs, and writes the file.
pub(crate) fn write_signed<'i>(
    request: &Request<'_>,
    start: &dyn Fn() -> Result<PdfSigning<'i>, Failure>,
    lang: Lang,
) -> Result<(), Failure> {
    let existing = output::existing(request.force);
    if let Some(output) = request.output {
        output::check(output, existing)?;
    }
    let signing = start()?;
    if request.preview.preview.is_some() {
        let known = certificates(&request.key.cert)?;
        let (path, preview) = (request.path, request.preview);
        preview.draw(path, start()?, &known, request.force, lang)?;
    }
    let Some(output) = request.output else {
        return Ok(());
    };
    request.preview.confirm(lang)?;
    let key = signer(request.key, request.algorithm, lang)?;
    let signed = signing
        .sign_at(&*key, request.raising.level()?)
        .map_err(|error| Failure::about(request.path, error))?;
    output::write(output, existing, |mut out| signed.write_to(&mut out))
}

/// Says where the signed file is, unless it went to standard output.
pub(crate) fn announce(path: &Path, lang: Lang) {
    if !is_dash(path) {
        let (path, word) = (shown(path), output::quoted_path(path));
        output::note(&pick(
            lang,
            format!(
                "Đã ký: {path}. Kiểm tra: kyso verify {word} (khóa thử nghiệm: thêm --trust GỐC.pem)"
            ),
            format!(
                "Signed: {path}. Verify it: kyso verify {word} (a trial key: add --trust ROOT.pem)"
            ),
        ));
    }
}

impl Form {
    /// Hands the options to the library.
    pub(crate) fn apply<'i>(&self, mut signing: PdfSigning<'i>) -> PdfSigning<'i> {
        signing = signing.profile(match self.profile {
            args::Profile::Pades => Profile::Pades,
            args::Profile::Pkcs7 => Profile::Pkcs7,
        });
        if let Some(text) = &self.reason {
            signing = signing.reason(text.as_str());
        }
        if let Some(text) = &self.location {
            signing = signing.location(text.as_str());
        }
        if let Some(text) = &self.contact {
            signing = signing.contact(text.as_str());
        }
        if let Some(text) = &self.name {
            signing = signing.name(text.as_str());
        }
        if let Some(text) = &self.field {
            signing = signing.field(text.as_str());
        }
        signing
    }
}

/// The key that the options name, unlocked, wherever it is.
pub(crate) fn signer(
    key: &Key,
    algorithm: Option<SignatureAlgorithm>,
    lang: Lang,
) -> Result<Box<dyn Signer>, Failure> {
    if let Some(uri) = &key.pkcs11 {
        return on_token(uri, key, algorithm, lang);
    }
    if !key.cert.is_empty() && key.key.is_none() {
        return Err(Failure::usage(
            "--cert cần đi cùng --key hoặc --pkcs11",
            "--cert needs --key or --pkcs11",
        ));
    }
    let mut local = unlock(key, lang)?;
    if let Some(algorithm) = algorithm {
        local = local.with_algorithm(algorithm)?;
    }
    Ok(Box::new(local))
}

#[cfg(feature = "pkcs11")]
fn on_token(
    uri: &str,
    key: &Key,
    algorithm: Option<SignatureAlgorithm>,
    lang: Lang,
) -> Result<Box<dyn Signer>, Failure> {
    let mut token = crate::token::open(uri, key, lang)?;
    if let Some(algorithm) = algorithm {
        token = token.with_algorithm(algorithm)?;
    }
    let mut chain = Vec::new();
    for path in &key.chain {
        chain.extend(input::some_certificates(path)?);
    }
    Ok(Box::new(token.with_chain(chain)))
}

#[cfg(not(feature = "pkcs11"))]
fn on_token(
    _: &str,
    _: &Key,
    _: Option<SignatureAlgorithm>,
    _: Lang,
) -> Result<Box<dyn Signer>, Failure> {
    Err(not_offered("--pkcs11"))
}

/// The key in a file that the options name, unlocked.
fn unlock(key: &Key, lang: Lang) -> Result<LocalKey, Failure> {
    let password = secret::named(&key.secret)?;
    let unlocked = match (&key.p12, &key.key) {
        (Some(path), _) => with_password(path, password, Ask::First, lang, |bytes, password| {
            LocalKey::from_p12(bytes, password.unwrap_or_default())
        })?,
        (None, Some(path)) => {
            let mut files = Vec::new();
            for certificate in &key.cert {
                files.push(input::open(certificate)?);
            }
            with_password(path, password, Ask::WhenRefused, lang, |bytes, password| {
                of_files(bytes, &files, password)
            })?
        }
        (None, None) => {
            return Err(Failure::usage(
                "thiếu khóa: --p12 TỆP, hoặc --key TỆP cùng --cert TỆP, hoặc --pkcs11 URI",
                "no key: give --p12 FILE, or --key FILE with --cert FILE, or --pkcs11 URI",
            ));
        }
    };
    let mut chain = Vec::new();
    for path in key.cert.iter().chain(&key.chain) {
        chain.extend(input::some_certificates(path)?);
    }
    Ok(unlocked.with_chain(chain))
}

/// When a person is asked for a password that no option names.
#[derive(PartialEq, Eq)]
enum Ask {
    /// Before trying: nearly every PKCS#12 file has one.
    First,
    /// After the key was refused without: most PEM keys have none.
    WhenRefused,
}

fn with_password(
    path: &Path,
    named: Option<String>,
    ask: Ask,
    lang: Lang,
    open: impl Fn(&[u8], Option<&str>) -> Result<LocalKey, Error>,
) -> Result<LocalKey, Failure> {
    let bytes = input::open(path)?;
    let password = match named {
        None if ask == Ask::First && secret::can_ask() => Some(secret::ask(path, lang)?),
        named => named,
    };
    match open(&bytes, password.as_deref()) {
        Err(error) if error.kind() == ErrorKind::KeyPassword && password.is_none() => {
            if !secret::can_ask() {
                return Err(locked(path));
            }
            let password = secret::ask(path, lang)?;
            open(&bytes, Some(&password)).map_err(|error| Failure::about(path, error))
        }
        opened => opened.map_err(|error| Failure::about(path, error)),
    }
}

/// A key that needs a password which nobody gave.
fn locked(path: &Path) -> Failure {
    let path = shown(path);
    Failure::said(
        ErrorKind::KeyPassword,
        format!("{path}: cần mật khẩu; hãy dùng --password-file TỆP hoặc --password-env TÊN"),
        format!("{path}: a password is needed; use --password-file FILE or --password-env NAME"),
    )
}

/// A key with its certificate, which is in one of these files.
fn of_files(
    key: &[u8],
    certificates: &[kyso_map::Input],
    password: Option<&str>,
) -> Result<LocalKey, Error> {
    let mut refusal = Error::new(ErrorKind::KeyMismatch, "no certificate belongs to this key");
    for bytes in certificates {
        match LocalKey::from_pem(key, bytes, password) {
            Err(error) if error.kind() == ErrorKind::KeyMismatch => refusal = error,
            opened => return opened,
        }
    }
    Err(refusal)
}

/// The certificates of these files, in the order given.
pub(crate) fn certificates(paths: &[PathBuf]) -> Result<Vec<Certificate>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(input::some_certificates(path)?);
    }
    Ok(all)
}
