//! Levels: the options of `kyso_pdf_signing` about time-stamps and evidence, and raising the level
//! of signatures that are there.

use std::ffi::c_char;

#[cfg(not(feature = "online"))]
use kyso::ErrorKind;
use kyso::crypto::DigestAlgorithm;
use kyso::der::Oid;
use kyso::sign::{self, Level, RaiseTo, Signed, TimeStampService, TimeStamper};
use kyso::{Error, Verifier};

use crate::border::{Caller, misuse};
use crate::bytes::kyso_bytes;
use crate::error::kyso_error;
use crate::file;
use crate::prepared::kyso_prepared;
use crate::signing::kyso_pdf_signing;
use crate::status::{kyso_existing, kyso_status};
use crate::verifier::kyso_verifier;

/// What was set so far.
#[derive(Default)]
pub(crate) struct Raising {
    level: Option<String>,
    tsa: Vec<String>,
    digest: Option<DigestAlgorithm>,
    policy: Option<Oid>,
    proxy: Option<String>,
    verifier: Option<Verifier>,
}

impl Raising {
    /// Sets one of the options; `None` where it is none of them.
    pub(crate) fn set(&mut self, option: &str, value: &str) -> Option<Result<(), Error>> {
        let set = match option {
            "level" => {
                let is_known = ["b-b", DOCUMENT].contains(&value);
                if !is_known && let Err(error) = value.parse::<RaiseTo>() {
                    return Some(Err(error));
                }
                self.level = Some(value.to_owned());
                Ok(())
            }
            "tsa" => {
                self.tsa.push(value.to_owned());
                Ok(())
            }
            "tsa-digest" => digest(value).map(|digest| self.digest = Some(digest)),
            "tsa-policy" => value
                .parse()
                .map(|policy| self.policy = Some(policy))
                .map_err(|_| misuse("an object identifier is expected", "value")),
            "tsa-proxy" => {
                self.proxy = Some(value.to_owned());
                Ok(())
            }
            _ => return None,
        };
        Some(set)
    }

    /// Hands the level on, with whom it needs.
    pub(crate) fn at_level<T>(
        &self,
        work: impl FnOnce(Level<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let stamper = self.stamper()?;
        let stamper = stamper.as_ref().map(|stamper| stamper as &dyn TimeStamper);
        let level = Level::named(self.level.as_deref(), stamper, self.verifier.as_ref())?;
        work(level)
    }

    fn extend<'i>(&self, input: &'i [u8], field: Option<&str>) -> Result<Signed<'i>, Error> {
        let verifier = self
            .verifier
            .as_ref()
            .ok_or_else(|| misuse("a verifier has to be set, to say whom to trust", "signing"))?;
        let stamper = self.stamper()?;
        let mut extending = sign::extend(input, verifier);
        if let Some(field) = field {
            extending = extending.field(field);
        }
        if let Some(stamper) = &stamper {
            extending = extending.time_stamper(stamper);
        }
        match self.level.as_deref() {
            Some(DOCUMENT) => extending.document_time_stamp(),
            Some(word) => extending.to(word.parse()?),
            None => Err(misuse("a level has to be set", "signing")),
        }
    }

    fn stamper(&self) -> Result<Option<TimeStampService>, Error> {
        if self.tsa.is_empty() {
            return Ok(None);
        }
        let mut service = client(&self.tsa, self.proxy.as_deref())?;
        if let Some(digest) = self.digest {
            service = service.digest(digest)?;
        }
        if let Some(policy) = self.policy {
            service = service.policy(policy);
        }
        Ok(Some(service))
    }
}

/// Sets the verifier that says, for the levels `b-lt` and `b-lta` and for extending, by whose trust
/// and rules evidence is gathered, at what time, and whether the network may be asked for it. It is
/// copied as it is now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_set_verifier(
    signing: *mut kyso_pdf_signing,
    verifier: *const kyso_verifier,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut options = caller.exclusive(signing)?;
        let verifier = caller.shared(verifier)?.verifier().clone();
        options.raising.verifier = Some(verifier);
        Ok(())
    })
}

/// Raises the level of signatures of a PDF in memory, whoever made them: to the option `level`
/// (`b-t`, `b-lt`, `b-lta`, or `document-time-stamp` for a time-stamp over the document and nothing
/// else), of the signature that the option `field` names, or of all. It needs a verifier
/// (`kyso_pdf_signing_set_verifier`) and, where a time-stamp is needed, the option `tsa`. `*out` is
/// the whole file: the input, octet for octet, and what is added behind it. `KYSO_REFUSED` where
/// evidence is missing, with the certificate and the addresses where it can be asked, or where a
/// signature that is there would be worth less.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_extend(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let input = caller.bytes("input", input, input_len)?;
        let raised = options.raising.extend(input, options.field.as_deref())?;
        Ok(raised.to_vec())
    })
}

/// As `kyso_pdf_signing_extend`, for a file. The output appears whole or not at all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_extend_file(
    signing: *const kyso_pdf_signing,
    input_path: *const c_char,
    output_path: *const c_char,
    if_existing: kyso_existing,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let options = caller.shared(signing)?;
        file::sign_file(
            &caller,
            (input_path, output_path),
            if_existing,
            options.access,
            |input| options.raising.extend(input, options.field.as_deref()),
        )
    })
}

/// As `kyso_prepared_complete`, at the level that the options of `signing` say (`level`, `tsa` and
/// those beside it, and its verifier): the time-stamp belongs into the signature and is fetched now.
/// `KYSO_FETCH` where none is to be had.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_complete_at(
    prepared: *const kyso_prepared,
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    signature: *const u8,
    signature_len: usize,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let waiting = caller.shared(prepared)?;
        let options = caller.shared(signing)?;
        let input = caller.bytes("input", input, input_len)?;
        let signature = caller.bytes("signature", signature, signature_len)?;
        let completed = options
            .raising
            .at_level(|level| waiting.complete_at(input, signature, level))?;
        Ok(completed.to_vec())
    })
}

/// As `kyso_prepared_complete_at`, for a file. The output appears whole or not at all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_prepared_complete_file_at(
    prepared: *const kyso_prepared,
    signing: *const kyso_pdf_signing,
    input_path: *const c_char,
    signature: *const u8,
    signature_len: usize,
    output_path: *const c_char,
    if_existing: kyso_existing,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let waiting = caller.shared(prepared)?;
        let options = caller.shared(signing)?;
        let signature = caller.bytes("signature", signature, signature_len)?;
        file::sign_file(
            &caller,
            (input_path, output_path),
            if_existing,
            options.access,
            |input| {
                options
                    .raising
                    .at_level(|level| waiting.complete_at(input, signature, level))
            },
        )
    })
}

/// The words for hashes that new signatures and time-stamps are made with.
pub(crate) fn digest(word: &str) -> Result<DigestAlgorithm, Error> {
    match word {
        "sha256" => Ok(DigestAlgorithm::Sha256),
        "sha384" => Ok(DigestAlgorithm::Sha384),
        "sha512" => Ok(DigestAlgorithm::Sha512),
        _ => Err(misuse("a digest is sha256, sha384 or sha512", "digest")),
    }
}

#[cfg(feature = "online")]
fn client(addresses: &[String], proxy: Option<&str>) -> Result<TimeStampService, Error> {
    kyso_fetch::time_stamps(addresses, proxy)
}

#[cfg(not(feature = "online"))]
fn client(_: &[String], _: Option<&str>) -> Result<TimeStampService, Error> {
    let detail = "this library was built without the network";
    Err(Error::new(ErrorKind::Unsupported, detail))
}

/// The word for a time-stamp over the document and nothing else.
const DOCUMENT: &str = "document-time-stamp";
