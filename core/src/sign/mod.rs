//! Signing: prepare → sign the digest → complete. There is no second, "simple" implementation.
//!
//! [`pdf`] starts; [`PdfSigning::sign`] does all three steps with a [`Signer`] at hand,
//! [`PdfSigning::prepare`] stops after the first and hands out a [`Prepared`], a small value that
//! outlives process, host and language. A signed file is the input, byte for byte, plus one patch.
//!
//! Levels B-B, B-T, B-LT and B-LTA of EN 319 142-1 (PAdES): RSA PKCS#1 v1.5 and PSS, ECDSA on P-256
//! and P-384, Ed25519. [`extend`] raises signatures that are there, whoever made them. Visible forms
//! are not there yet.

mod diagnose;
mod extend;
mod prepared;
mod service;
mod signer;
mod stamp;
mod state;
mod xml;

use std::io::{self, Write};

pub use diagnose::SignedInstead;
pub use extend::{Extending, RaiseTo, extend};
pub use prepared::{Answer, Prepared, PreparedDocument};
pub use service::TimeStampService;
pub use signer::{CallbackSigner, LocalKey, Signer, ToBeSigned};
pub use stamp::{Level, TimeStamper};
pub use xml::{PreparedXml, SignedXml, XmlForm, XmlProfile, XmlSigning, xml};

use serde_json::{Value, json};

use crate::appearance::{Issue, Mark, Placed};
use crate::crypto::{DigestAlgorithm, Hasher, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::pades::{self, LayRequest};
use crate::time::Time;
use crate::x509::{Certificate, Role};

/// Starts signing a PDF. `at` is the claimed time of signing (`/M`), since the library reads no
/// clock; it is written at its own offset, so pass Viet Nam's with
/// [`Time::at_offset`]`(`[`Time::VIET_NAM`]`)`.
///
/// ```
/// use kyso::{LocalKey, Time, sign};
///
/// # fn demo(input: &[u8], p12: &[u8], now: Time) -> Result<Vec<u8>, kyso::Error> {
/// let signer = LocalKey::from_p12(p12, "mật khẩu")?;
/// let signed = sign::pdf(input, now).reason("Phát hành văn bản").sign(&signer)?;
/// # Ok(signed.to_vec())
/// # }
/// ```
pub fn pdf(input: &[u8], at: Time) -> PdfSigning<'_> {
    PdfSigning {
        input,
        at,
        field: None,
        reason: None,
        location: None,
        contact: None,
        name: None,
        profile: Profile::Pades,
        reserve: DEFAULT_RESERVE,
        limits: Limits::default(),
        marks: Vec::new(),
        organisation: None,
    }
}

/// The form of the signature inside the PDF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `ETSI.CAdES.detached` (EN 319 142-1): what new signatures should be.
    #[default]
    Pades,
    /// `adbe.pkcs7.detached` (ISO 32000-1): for receivers that know nothing newer. It carries the
    /// same signed attributes.
    Pkcs7,
}

/// A PDF about to be signed.
#[derive(Clone, Debug)]
pub struct PdfSigning<'i> {
    input: &'i [u8],
    at: Time,
    field: Option<String>,
    reason: Option<String>,
    location: Option<String>,
    contact: Option<String>,
    name: Option<String>,
    profile: Profile,
    reserve: usize,
    limits: Limits,
    marks: Vec<Mark>,
    organisation: Option<String>,
}

impl<'i> PdfSigning<'i> {
    /// The full name of the signature field: an empty one of that name is used, else it is made.
    /// By default the next free `Signature1`, `Signature2`, ….
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.field = Some(name.into());
        self
    }

    /// Why it is signed (`/Reason`).
    #[must_use]
    pub fn reason(mut self, text: impl Into<String>) -> Self {
        self.reason = Some(text.into());
        self
    }

    /// Where it is signed (`/Location`).
    #[must_use]
    pub fn location(mut self, text: impl Into<String>) -> Self {
        self.location = Some(text.into());
        self
    }

    /// How the signer can be reached (`/ContactInfo`).
    #[must_use]
    pub fn contact(mut self, text: impl Into<String>) -> Self {
        self.contact = Some(text.into());
        self
    }

    /// The signer's name as the dictionary shows it (`/Name`); by default the certificate's common
    /// name.
    #[must_use]
    pub fn name(mut self, text: impl Into<String>) -> Self {
        self.name = Some(text.into());
        self
    }

    /// The form of the signature; PAdES by default.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Octets kept free for the CMS; 16 KiB by default, or what the chain needs if that is more.
    /// The hole cannot grow after the digest was handed out.
    #[must_use]
    pub fn reserve(mut self, octets: usize) -> Self {
        self.reserve = octets;
        self
    }

    /// Other ceilings than the default ones for reading the input.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Shows a mark on the pages; by default a signature shows nothing. Several marks are several
    /// widgets of one signature, drawn one over another in the order they were added.
    #[must_use]
    pub fn show(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }

    /// The clerk's step: number, date and seal as marks of this one signature.
    #[must_use]
    pub fn issue(mut self, issue: &Issue) -> Self {
        self.marks.extend(issue.marks().cloned());
        self
    }

    /// The first step: lays the patch and computes what has to be signed. `certificates` holds the
    /// signer's own certificate first, then the chain to embed.
    ///
    /// # Errors
    ///
    /// `Misuse` without a certificate or with an algorithm that does not fit its key; `Malformed`,
    /// `Unsupported` or `TooLarge` where the input cannot take a signature.
    pub fn prepare(
        mut self,
        certificates: &[Certificate],
        algorithm: SignatureAlgorithm,
    ) -> Result<Prepared, Error> {
        let own = certificates.first().ok_or_else(prepared::no_certificate)?;
        // Before anything is laid.
        signer::check_fits(own, &algorithm)?;
        self.reserve = self.reserve.max(prepared::room_for(certificates));
        self.know(own);
        let digest_algorithm = algorithm.digest().unwrap_or(DigestAlgorithm::Sha512);
        self.prepare_document(digest_algorithm)?
            .with_signer(certificates, algorithm)
    }

    /// The first step where the signer's certificate is known only afterwards, or where a service
    /// makes the whole CMS: lays the patch and computes the digest of the document. `/Name` is
    /// written only if [`name`](Self::name) gave one, and the hole has the size of
    /// [`reserve`](Self::reserve), which cannot grow later.
    ///
    /// # Errors
    ///
    /// `Misuse` for a hash that new signatures may not use; `Malformed`, `Unsupported` or
    /// `TooLarge` where the input cannot take a signature.
    pub fn prepare_document(self, digest: DigestAlgorithm) -> Result<PreparedDocument, Error> {
        if !signer::may_create(digest) {
            return Err(Error::new(
                ErrorKind::Misuse,
                format!("{digest} may not be used for new signatures"),
            ));
        }
        if self.reserve > self.limits.cms_size {
            return Err(Error::new(ErrorKind::TooLarge, "room for the signature"));
        }
        let laid = self.lay()?;
        let (input_sha256, document) = digests(self.input, &laid.tail, &laid.hole, digest);
        PreparedDocument::new(prepared::Laid {
            input_len: self.input.len(),
            input_sha256,
            tail: laid.tail,
            hole: laid.hole,
            field: laid.field_name,
            profile: self.profile,
            document,
        })
    }

    /// What the signer's certificate says of names, where nobody gave others.
    fn know(&mut self, own: &Certificate) {
        let identity = own.identity();
        // A body's own name is the common name; its organisation is the one above it.
        let organisation = match identity.role {
            Role::Organisation => identity.common_name.clone().or(identity.organisation),
            _ => identity
                .organisation
                .or_else(|| identity.common_name.clone()),
        };
        self.organisation = self.organisation.take().or(organisation);
        self.name = self.name.take().or(identity.common_name);
    }

    /// The file as it will look, before any key is touched: the marks where they will be, and in the
    /// place of the signature nothing. To be shown to whoever is about to sign, never to be sent: its
    /// signature field holds zeros. `certificates` as for [`prepare`](Self::prepare); none where the
    /// marks show no name that only the certificate tells.
    ///
    /// # Errors
    ///
    /// `Appearance` where a mark cannot be drawn, and those of [`prepare`](Self::prepare).
    pub fn draft(mut self, certificates: &[Certificate]) -> Result<Draft, Error> {
        if let Some(own) = certificates.first() {
            self.know(own);
        }
        let laid = self.lay()?;
        Ok(Draft {
            bytes: [self.input, laid.tail.as_slice()].concat(),
            placed: laid.placed,
        })
    }

    fn lay(&self) -> Result<pades::Laid, Error> {
        pades::lay(
            self.input,
            &LayRequest {
                sub_filter: match self.profile {
                    Profile::Pades => pades::SubFilter::EtsiCadesDetached,
                    Profile::Pkcs7 => pades::SubFilter::AdbePkcs7Detached,
                },
                field_name: self.field.as_deref(),
                reserve: self.reserve,
                signed_at: self.at,
                reason: self.reason.as_deref(),
                location: self.location.as_deref(),
                name: self.name.as_deref(),
                contact_info: self.contact.as_deref(),
                marks: &self.marks,
                organisation: self.organisation.as_deref(),
            },
            &self.limits,
        )
    }

    /// All three steps with a signer at hand. The new signature is verified before anything is
    /// returned.
    ///
    /// # Errors
    ///
    /// Those of [`prepare`](PdfSigning::prepare), those of the signer, and `Mismatch` when what the
    /// signer answered does not verify under its certificate.
    pub fn sign(self, signer: &dyn Signer) -> Result<Signed<'i>, Error> {
        self.sign_at(signer, Level::BB)
    }

    /// As [`sign`](PdfSigning::sign), at a higher level. The hole is sized by the chain and by a
    /// trial time-stamp, which is asked for before the key is used: a service that does not answer
    /// costs no PIN.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](PdfSigning::sign), `Fetch` where no time-stamp is to be had, and `Refused`
    /// where the evidence for B-LT is not complete: there is then no output, never one that silently
    /// lacks something. What the signer's certificate lacks is found before the key is used.
    pub fn sign_at(mut self, signer: &dyn Signer, level: Level<'_>) -> Result<Signed<'i>, Error> {
        let input = self.input;
        level.check(signer.certificates())?;
        let needed = prepared::room_for(signer.certificates()).saturating_add(level.room()?);
        self.reserve = self.reserve.max(needed);
        let prepared = self.prepare(signer.certificates(), signer.algorithm())?;
        let field = prepared.field().to_owned();
        let signature = signer.sign(&prepared.to_be_signed())?;
        let signed = prepared.complete_unmoved(input, Answer::Raw(signature), level)?;
        level.lift(signed, &field)
    }
}

/// A file as it will look once it is signed: what [`PdfSigning::draft`] answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Draft {
    /// The whole file. It is not signed.
    pub bytes: Vec<u8>,
    /// Where the marks were put, in the order they were added.
    pub placed: Vec<Placed>,
}

impl Draft {
    /// Where the marks were put, as a JSON array of objects with `mark`, `page`, `left`, `top`,
    /// `width`, `height`, `rectangle` and `overlap` (or null): the members of [`Placed`].
    pub fn placed_json(&self) -> String {
        let placed = self.placed.iter().map(|placed| {
            json!({
                "mark": placed.mark,
                "page": placed.page,
                "left": placed.left,
                "top": placed.top,
                "width": placed.width,
                "height": placed.height,
                "rectangle": placed.rectangle,
                "overlap": placed.overlap,
            })
        });
        Value::from_iter(placed).to_string()
    }
}

/// A signed file: the input and one patch behind it. Nothing of the input is copied.
#[derive(Clone, Debug)]
pub struct Signed<'i> {
    input: &'i [u8],
    patch: Patch,
}

impl<'i> Signed<'i> {
    pub(crate) fn new(input: &'i [u8], patch: Patch) -> Self {
        Self { input, patch }
    }

    /// The input, unchanged.
    pub fn input(&self) -> &'i [u8] {
        self.input
    }

    /// What signing adds.
    pub fn patch(&self) -> &Patch {
        &self.patch
    }

    /// Length of the signed file in bytes.
    pub fn len(&self) -> usize {
        self.input.len() + self.patch.bytes.len()
    }

    /// A signed file is never empty; here for completeness beside [`len`](Signed::len).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the signed file.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        // One write of a whole large file costs the kernel twice what its pieces cost.
        for piece in self.input.chunks(WRITE_STEP) {
            out.write_all(piece)?;
        }
        out.write_all(&self.patch.bytes)
    }

    /// The signed file in memory.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len());
        out.extend_from_slice(self.input);
        out.extend_from_slice(&self.patch.bytes);
        out
    }
}

/// Everything that signing does to a file: bytes put in at one place, nothing else touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    at: u64,
    bytes: Vec<u8>,
}

impl Patch {
    pub(crate) fn new(at: u64, bytes: Vec<u8>) -> Self {
        Self { at, bytes }
    }

    /// Where they are put, as an offset into the input: for a PDF its end.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// SHA-256 of the input, and the digest of input and tail without the hole and its delimiters, in
/// one pass where both use the same algorithm.
pub(crate) fn digests(
    input: &[u8],
    tail: &[u8],
    hole: &std::ops::Range<usize>,
    algorithm: DigestAlgorithm,
) -> ([u8; 32], crate::crypto::Digest) {
    let mut hasher = Hasher::new(algorithm);
    for slice in input.chunks(HASH_STEP) {
        hasher.update(slice);
    }
    let input_sha256 = if algorithm == DigestAlgorithm::Sha256 {
        let mut out = [0; 32];
        out.copy_from_slice(hasher.clone().finish().as_bytes());
        out
    } else {
        crate::crypto::sha256(input)
    };
    (input_sha256, without_hole(hasher, tail, hole))
}

/// The digest of input and tail without the hole, by another algorithm than was prepared with.
pub(crate) fn digest_of_all(
    input: &[u8],
    tail: &[u8],
    hole: &std::ops::Range<usize>,
    algorithm: DigestAlgorithm,
) -> crate::crypto::Digest {
    let mut hasher = Hasher::new(algorithm);
    for slice in input.chunks(HASH_STEP) {
        hasher.update(slice);
    }
    without_hole(hasher, tail, hole)
}

/// Ends the digest of a document with what follows the input.
fn without_hole(
    mut hasher: Hasher,
    tail: &[u8],
    hole: &std::ops::Range<usize>,
) -> crate::crypto::Digest {
    // The hole is the hexadecimal digits alone; `<` and `>` around it belong to the gap, too.
    hasher.update(tail.get(..hole.start.saturating_sub(1)).unwrap_or_default());
    hasher.update(tail.get(hole.end.saturating_add(1)..).unwrap_or_default());
    hasher.finish()
}

/// A fault of the hole, named by its part.
fn hole_fault() -> Error {
    Error::new(ErrorKind::Malformed, "the hole for the signature")
        .at(Place::Part("prepared state".into()))
}

/// Room for signature value, attributes and headers beside the certificates.
const SIGNATURE_ROOM: usize = 4_096;
/// Real signatures with chain and time-stamp take 5 to 7 KB; 16 KiB leaves room for both to grow.
const DEFAULT_RESERVE: usize = 16 * 1024;
const HASH_STEP: usize = 256 * 1024;
const WRITE_STEP: usize = 1024 * 1024;
