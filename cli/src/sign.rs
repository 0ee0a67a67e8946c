//! `kyso sign pdf`: the key is unlocked, the library signs, the output appears whole.

use std::path::{Path, PathBuf};

use kyso::crypto::SignatureAlgorithm;
use kyso::sign::{PdfSigning, Profile};
use kyso::{Certificate, Error, ErrorKind, LocalKey, Signer};

use crate::args::{self, Form, Key, Making, Sign, SignPdf};
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
        Sign::Pdf(arguments) => Ok(announced(pdf(arguments, lang)?, lang)),
        Sign::Xml(arguments) => crate::sign_xml::run(&arguments, lang),
        Sign::Prepare(arguments) => two_step::prepare(arguments, lang),
        Sign::Complete(arguments) => two_step::complete(arguments, lang),
    }
}

/// Signs a PDF; gives where it went.
pub(crate) fn pdf(arguments: SignPdf, lang: Lang) -> Result<Option<PathBuf>, Failure> {
    let show = arguments.show;
    make(&arguments.input, arguments.making, lang, &|signing| {
        show.apply(signing)
    })
}

/// Draws the page where that is asked for, then unlocks the key, signs and writes the file; gives
/// where it went. `dress` says what the signature shows.
pub(crate) fn make(
    path: &Path,
    making: Making,
    lang: Lang,
    dress: &dyn for<'i> Fn(PdfSigning<'i>) -> Result<PdfSigning<'i>, Failure>,
) -> Result<Option<PathBuf>, Failure> {
    let raising = Raising::new(making.raise, lang)?;
    let input = input::open(path)?;
    let at = input::now()?;
    let start = || dress(making.form.apply(kyso::sign::pdf(&input, at)));
    let existing = output::existing(making.force);
    if let Some(output) = &making.output {
        output::check(output, existing)?;
    }
    let signing = start()?;
    if making.preview.preview.is_some() {
        let known = certificates(&making.key.cert)?;
        let preview = &making.preview;
        preview.draw(path, start()?, &known, making.force, lang)?;
    }
    let Some(output) = making.output else {
        return Ok(None);
    };
    making.preview.confirm(lang)?;
    let key = signer(&making.key, making.algorithm, lang)?;
    let signed = signing
        .sign_at(&*key, raising.level()?)
        .map_err(|error| Failure::about(path, error))?;
    output::write(&output, existing, |mut out| signed.write_to(&mut out))?;
    Ok(Some(output))
}

/// Says where the signed file is, if there is one.
pub(crate) fn announced(written: Option<PathBuf>, lang: Lang) -> u8 {
    if let Some(path) = written {
        announce(&path, lang);
    }
    status::DONE
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
