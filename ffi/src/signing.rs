//! `kyso_pdf_signing`: how PDFs are signed.

use std::ffi::{c_char, c_void};

use kyso::appearance::{Issue, Mark};
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::picture::Picture;
use kyso::sign::{self, CallbackSigner, Draft, PdfSigning, Profile, Signed, ToBeSigned};
use kyso::{Certificate, Error, Signer, Time};
use kyso_map::Access;

use crate::border::{Caller, Handle, Signing, misuse};
use crate::bytes::kyso_bytes;
use crate::certificate::kyso_certificates;
use crate::error::kyso_error;
use crate::file;
use crate::key::kyso_key;
use crate::prepared::kyso_prepared;
use crate::raise::{Raising, digest};
use crate::status::{kyso_existing, kyso_status};

/// How a PDF is signed: the claimed time and the options. It can be used for any number of files,
/// from any number of threads at the same time.
#[allow(non_camel_case_types)]
pub struct kyso_pdf_signing(());

impl Handle for kyso_pdf_signing {
    type Value = Options;
    const TAG: u64 = u64::from_be_bytes(*b"ky1pdfsg");
    const NAME: &'static str = "kyso_pdf_signing";
}

/// The options of [`sign::pdf`], without the input.
pub(crate) struct Options {
    at: Time,
    pub(crate) field: Option<String>,
    reason: Option<String>,
    location: Option<String>,
    contact: Option<String>,
    name: Option<String>,
    profile: Profile,
    reserve: Option<usize>,
    pub(crate) access: Access,
    pub(crate) raising: Raising,
    marks: Vec<Mark>,
}

/// Signs outside of this library: with a token, an HSM, a phone, a remote service.
///
/// `userdata` is what was given together with the function. `message` is what has to be signed, and
/// `digest` its digest by the algorithm chosen: some devices want the one, some the other (hash the
/// message, or sign the digest as it is; never hash the digest once more). The function writes the
/// raw signature value to `out` (RSA: the octets of the signature; ECDSA: the DER form of r and s;
/// Ed25519: 64 octets), at most `out_cap` octets (at least 4096), writes their number to `*out_len`
/// and returns `KYSO_OK`; or returns `KYSO_SIGNER_REFUSED`, `KYSO_SIGNER_FAILED`,
/// `KYSO_KEY_PASSWORD` or `KYSO_KEY_UNUSABLE`, which the signing call then returns; any other
/// number counts as `KYSO_SIGNER_FAILED`.
///
/// It is called once at most, on the thread of the call it was given to, and never after that call
/// returned. It may call functions of this library on other objects. It must return: no `longjmp`
/// leaves it, and a C++ exception that does ends the process.
#[allow(non_camel_case_types)]
pub type kyso_sign_callback = Option<
    unsafe extern "C-unwind" fn(
        userdata: *mut c_void,
        message: *const u8,
        message_len: usize,
        digest: *const u8,
        digest_len: usize,
        out: *mut u8,
        out_cap: usize,
        out_len: *mut usize,
    ) -> kyso_status,
>;

/// Signing at this time, in seconds since 1970-01-01T00:00:00Z (usually `time(NULL)`); it is
/// written at Viet Nam's offset. NULL only where memory is gone.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_pdf_signing_new(at: i64) -> *mut kyso_pdf_signing {
    // SAFETY: there is no pointer among the arguments.
    let caller = unsafe { Caller::promises() };
    caller.make(|| Options {
        at: Time::from_unix(at).at_offset(Time::VIET_NAM),
        field: None,
        reason: None,
        location: None,
        contact: None,
        name: None,
        profile: Profile::default(),
        reserve: None,
        access: Access::Map,
        raising: Raising::default(),
        marks: Vec::new(),
    })
}

/// Sets an option:
///
/// - `field`: the full name of the signature field; by default the next free `Signature1`, …;
/// - `reason`, `location`, `contact`: why and where it is signed, how the signer can be reached;
/// - `name`: the signer's name as the signature shows it; by default the certificate's common name;
/// - `profile`: `pades` (the default) or `pkcs7` (`adbe.pkcs7.detached`, for old receivers);
/// - `reserve`: octets kept free for the signature, in decimal; by default 16384;
/// - `access`: how the functions on files open one: `map` (the default) or `read`, as for
///   `kyso_verifier_set`;
/// - `level`: `b-b`, `b-t` (with a time-stamp; the default with `tsa`), `b-lt` (with all in the file
///   that is needed to verify it) or `b-lta` (with a time-stamp over that); the last two need
///   `kyso_pdf_signing_set_verifier`. For `kyso_pdf_signing_extend` also `document-time-stamp`;
/// - `tsa`: the address of a time-stamping service (RFC 3161); each call adds one, which is asked
///   where those before it fail. Without one no socket is opened;
/// - `tsa-digest`: `sha256` (the default), `sha384` or `sha512`; `tsa-policy`: the policy that the
///   service has to stamp under, an object identifier; `tsa-proxy`: the proxy to ask it through.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_set(
    signing: *mut kyso_pdf_signing,
    option: *const c_char,
    value: *const c_char,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut options = caller.exclusive(signing)?;
        let value = caller.text("value", value)?;
        options.set(caller.text("option", option)?, value)
    })
}

/// Shows a mark on the pages; by default a signature shows nothing. `description` is a JSON object as
/// docs/FORMS.md has it, such as `{"form":"copy","kind":"SAO Y"}`; `picture` holds the octets of the
/// PNG or JPEG that the mark shows, and is NULL with the length 0 where it shows none. Several marks
/// are several widgets of one signature, drawn in the order they were added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_show(
    signing: *mut kyso_pdf_signing,
    description: *const c_char,
    picture: *const u8,
    picture_len: usize,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut options = caller.exclusive(signing)?;
        let description = caller.text("description", description)?;
        let picture = optional_picture(&caller, "picture", picture, picture_len)?;
        options.marks.push(Mark::described(description, picture)?);
        Ok(())
    })
}

/// The clerk's step: number and date in the blanks of the document's head, and the organisation's
/// seal (PNG or JPEG; NULL with the length 0 for none) over a third of the person's signature, as marks
/// of one signature. A year that the document has printed has to be this one. `seal_width` is in
/// millimetres; 0 takes the size that the picture's resolution names. Other places are had by
/// `kyso_pdf_signing_show` with the forms `number`, `day`, `month`, `year` and `seal`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_issue(
    signing: *mut kyso_pdf_signing,
    number: *const c_char,
    year: i32,
    month: i32,
    day: i32,
    seal: *const u8,
    seal_len: usize,
    seal_width: f64,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let mut options = caller.exclusive(signing)?;
        let number = caller.text("number", number)?;
        // What does not fit is no date either, and refused as such.
        let date = (
            u16::try_from(year).unwrap_or_default(),
            u8::try_from(month).unwrap_or_default(),
            u8::try_from(day).unwrap_or_default(),
        );
        let mut issue = Issue::new(number, date)?;
        if let Some(picture) = optional_picture(&caller, "seal", seal, seal_len)? {
            let seal = Mark::seal(picture);
            issue = issue.seal_mark(if seal_width == 0.0 {
                seal
            } else {
                seal.width(seal_width)
            });
        }
        options.marks.extend(issue.marks().cloned());
        Ok(())
    })
}

/// The file as it will look, before any key is touched, for whoever is about to sign: the marks are
/// where they will be, the signature is zeros. `certificates` holds the signer's own first; NULL where
/// no mark shows a name that only the certificate tells.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_draft(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    certificates: *const kyso_certificates,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let drawn = draft(&caller, signing, (input, input_len), certificates)?;
        Ok(drawn.bytes)
    })
}

/// Where the marks of `kyso_pdf_signing_draft` are, as a JSON array in UTF-8, without a NUL at its end:
/// for each `mark` (counted from 0), `page` (from 1), `left`, `top`, `width` and `height` in
/// millimetres on the page as it is seen, `rectangle` in its user space, `overlap` (the covered part of
/// the width of the signature below it) or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_placed(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    certificates: *const kyso_certificates,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let drawn = draft(&caller, signing, (input, input_len), certificates)?;
        Ok(drawn.placed_json().into_bytes())
    })
}

/// Signs a PDF in memory with a key. `*out` is the whole signed file: the input, octet for octet,
/// and the signature behind it. The new signature is verified before it is handed out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_sign(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    key: *const kyso_key,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let input = caller.bytes("input", input, input_len)?;
        let key = caller.shared(key)?;
        Ok(options.sign(input, key.key()?)?.to_vec())
    })
}

/// Signs a PDF file with a key. The output appears whole or not at all; it may be the input itself
/// with `KYSO_EXISTING_REPLACE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_sign_file(
    signing: *const kyso_pdf_signing,
    input_path: *const c_char,
    key: *const kyso_key,
    output_path: *const c_char,
    if_existing: kyso_existing,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let options = caller.shared(signing)?;
        let key = caller.shared(key)?;
        file::sign_file(
            &caller,
            (input_path, output_path),
            if_existing,
            options.access,
            |input| options.sign(input, key.key()?),
        )
    })
}

/// As `kyso_pdf_signing_sign`, with a key that only a function of yours can reach. `certificates`
/// holds the signer's own certificate first, then the chain to embed; `algorithm` is a word as for
/// `kyso_key_from_p12`. An answer that does not verify under the certificate is `KYSO_MISMATCH`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_sign_with(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    certificates: *const kyso_certificates,
    algorithm: *const c_char,
    callback: kyso_sign_callback,
    userdata: *mut c_void,
    out: *mut *mut kyso_bytes,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let input = caller.bytes("input", input, input_len)?;
        let certificates = caller.shared(certificates)?;
        let algorithm = caller.text("algorithm", algorithm)?.parse()?;
        let callback = caller.signing(callback, userdata)?;
        let signer = signer(&certificates, algorithm, callback);
        Ok(options.sign(input, &signer)?.to_vec())
    })
}

/// As `kyso_pdf_signing_sign_file`, with a key that only a function of yours can reach.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_sign_file_with(
    signing: *const kyso_pdf_signing,
    input_path: *const c_char,
    certificates: *const kyso_certificates,
    algorithm: *const c_char,
    callback: kyso_sign_callback,
    userdata: *mut c_void,
    output_path: *const c_char,
    if_existing: kyso_existing,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.status(error, || {
        let options = caller.shared(signing)?;
        let certificates = caller.shared(certificates)?;
        let algorithm = caller.text("algorithm", algorithm)?.parse()?;
        let callback = caller.signing(callback, userdata)?;
        file::sign_file(
            &caller,
            (input_path, output_path),
            if_existing,
            options.access,
            |input| options.sign(input, &signer(&certificates, algorithm, callback)),
        )
    })
}

/// The first of two steps: lays the signature into a PDF in memory and computes what has to be
/// signed. The key may be on another host, and the second step hours later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_prepare(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    certificates: *const kyso_certificates,
    algorithm: *const c_char,
    out: *mut *mut kyso_prepared,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let input = caller.bytes("input", input, input_len)?;
        let certificates = caller.shared(certificates)?;
        let algorithm = caller.text("algorithm", algorithm)?.parse()?;
        Ok(options.of(input).prepare(&certificates, algorithm)?.into())
    })
}

/// As `kyso_pdf_signing_prepare`, for a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_prepare_file(
    signing: *const kyso_pdf_signing,
    input_path: *const c_char,
    certificates: *const kyso_certificates,
    algorithm: *const c_char,
    out: *mut *mut kyso_prepared,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let certificates = caller.shared(certificates)?;
        let algorithm = caller.text("algorithm", algorithm)?.parse()?;
        let input = file::open(&caller.path("input_path", input_path)?, options.access)?;
        Ok(options.of(&input).prepare(&certificates, algorithm)?.into())
    })
}

/// The first step where the signer's certificate is known only afterwards, or where a service makes
/// a whole CMS. `digest` is `sha256`, `sha384` or `sha512`, or NULL for the first. What leads on is
/// `kyso_prepared_document_digest`, or `kyso_prepared_with_signer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_prepare_document(
    signing: *const kyso_pdf_signing,
    input: *const u8,
    input_len: usize,
    digest: *const c_char,
    out: *mut *mut kyso_prepared,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let input = caller.bytes("input", input, input_len)?;
        let digest = hash(&caller, digest)?;
        Ok(options.of(input).prepare_document(digest)?.into())
    })
}

/// As `kyso_pdf_signing_prepare_document`, for a file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_prepare_document_file(
    signing: *const kyso_pdf_signing,
    input_path: *const c_char,
    digest: *const c_char,
    out: *mut *mut kyso_prepared,
    error: *mut *mut kyso_error,
) -> kyso_status {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.create(out, error, || {
        let options = caller.shared(signing)?;
        let digest = hash(&caller, digest)?;
        let input = file::open(&caller.path("input_path", input_path)?, options.access)?;
        Ok(options.of(&input).prepare_document(digest)?.into())
    })
}

fn optional_picture(
    caller: &Caller,
    name: &'static str,
    octets: *const u8,
    length: usize,
) -> Result<Option<Picture>, Error> {
    match caller.bytes(name, octets, length)? {
        [] => Ok(None),
        octets => Picture::read(octets).map(Some),
    }
}

fn draft(
    caller: &Caller,
    signing: *const kyso_pdf_signing,
    (input, length): (*const u8, usize),
    certificates: *const kyso_certificates,
) -> Result<Draft, Error> {
    let options = caller.shared(signing)?;
    let signing = options.of(caller.bytes("input", input, length)?);
    if certificates.is_null() {
        return signing.draft(&[]);
    }
    signing.draft(&caller.shared(certificates)?)
}

fn hash(caller: &Caller, word: *const c_char) -> Result<DigestAlgorithm, Error> {
    if word.is_null() {
        return Ok(DigestAlgorithm::Sha256);
    }
    digest(caller.text("digest", word)?)
}

/// Ends it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_pdf_signing_free(signing: *mut kyso_pdf_signing) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(signing);
}

impl Options {
    fn set(&mut self, option: &str, value: &str) -> Result<(), Error> {
        let text = match option {
            "field" => &mut self.field,
            "reason" => &mut self.reason,
            "location" => &mut self.location,
            "contact" => &mut self.contact,
            "name" => &mut self.name,
            "profile" => {
                self.profile = match value {
                    "pades" => Profile::Pades,
                    "pkcs7" => Profile::Pkcs7,
                    _ => return Err(misuse("a profile is pades or pkcs7", "value")),
                };
                return Ok(());
            }
            "reserve" => {
                let octets = value.parse();
                self.reserve = Some(octets.map_err(|_| misuse("a number is expected", "value"))?);
                return Ok(());
            }
            "access" => {
                self.access = file::access(value)?;
                return Ok(());
            }
            _ => {
                let set = self.raising.set(option, value);
                return set.ok_or_else(|| misuse("signing a PDF has no such option", "option"))?;
            }
        };
        *text = Some(value.to_owned());
        Ok(())
    }

    fn sign<'i>(&self, input: &'i [u8], signer: &dyn Signer) -> Result<Signed<'i>, Error> {
        self.raising
            .at_level(|level| self.of(input).sign_at(signer, level))
    }

    fn of<'i>(&self, input: &'i [u8]) -> PdfSigning<'i> {
        let mut signing = sign::pdf(input, self.at).profile(self.profile);
        if let Some(text) = &self.field {
            signing = signing.field(text);
        }
        if let Some(text) = &self.reason {
            signing = signing.reason(text);
        }
        if let Some(text) = &self.location {
            signing = signing.location(text);
        }
        if let Some(text) = &self.contact {
            signing = signing.contact(text);
        }
        if let Some(text) = &self.name {
            signing = signing.name(text);
        }
        if let Some(octets) = self.reserve {
            signing = signing.reserve(octets);
        }
        self.marks.iter().cloned().fold(signing, PdfSigning::show)
    }
}

fn signer<'c>(
    certificates: &[Certificate],
    algorithm: SignatureAlgorithm,
    callback: Signing<'c>,
) -> impl Signer + use<'c> {
    CallbackSigner::new(
        certificates.to_vec(),
        algorithm,
        move |data: &ToBeSigned<'_>| callback.sign(data.message(), data.digest().as_bytes()),
    )
}
