//! Signing XML: the same three steps as for a PDF, with a `Signature` element put in at one place.

use std::io::{self, Write};

use serde_json::json;

use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm, ecdsa_to_fixed, hex, sha256};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::Lang;
use crate::sign::diagnose::Asked;
use crate::sign::signer::{self, Signer, ToBeSigned};
use crate::sign::state::{self, bad, base64, mismatch, number, range, text, unbase64};
use crate::time::Time;
use crate::validate;
use crate::x509::Certificate;
use crate::xades::{self, Document, Dsig, LayRequest, Reach, Style};
use crate::xml::Index;

/// Starts signing an XML document. `at` is the claimed time of signing, since the library reads no
/// clock; it is written at its own offset.
///
/// No octet of the input changes: the signature is put in as the last child of the root, or of the
/// element that [`into`](XmlSigning::into) names.
///
/// ```
/// use kyso::{LocalKey, Time, sign};
///
/// # fn demo(input: &[u8], p12: &[u8], now: Time) -> Result<Vec<u8>, kyso::Error> {
/// let signer = LocalKey::from_p12(p12, "mật khẩu")?;
/// let signed = sign::xml(input, now).sign(&signer)?;
/// # Ok(signed.to_vec())
/// # }
/// ```
pub fn xml(input: &[u8], at: Time) -> XmlSigning<'_> {
    XmlSigning {
        input,
        at,
        form: XmlForm::Enveloped,
        profile: XmlProfile::Xades,
        into: None,
        id: None,
        limits: Limits::default(),
    }
}

/// What a new XML signature is over, and where it stands (W3C XMLDSig 1.1 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum XmlForm {
    /// The whole document, which the signature stands in.
    #[default]
    Enveloped,
    /// The input stands in the signature, which becomes the root: the root element of an XML document,
    /// what stands around it left away; anything else as base64.
    Enveloping,
    /// Elements of the document, by their identifiers (`Id`, `ID`, `id`), each of which has to stand
    /// once.
    Parts(Vec<String>),
}

/// How a new XML signature is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum XmlProfile {
    /// XAdES B-B (EN 319 132-1): what new signatures should be.
    #[default]
    Xades,
    /// Plain XMLDSig, without time and signed reference to the certificate.
    Xmldsig,
    /// As the tax authority's and e-invoice systems of Viet Nam write it: elements by identifiers,
    /// without transforms; the signing time as local time in an object of its own; the signature in
    /// `DSCKS`, in an element named as the role that signs.
    ///
    /// Identifiers are given by [`XmlForm::Parts`]: the data first, then the number, where the role
    /// assigns one.
    Tax {
        /// The role that signs, as its element is called: `NBan`, `NMua`, `NNT`, `TTCQT`, `CQT`.
        role: String,
    },
}

/// An XML document about to be signed.
#[derive(Clone, Debug)]
pub struct XmlSigning<'i> {
    input: &'i [u8],
    at: Time,
    form: XmlForm,
    profile: XmlProfile,
    into: Option<String>,
    id: Option<String>,
    limits: Limits,
}

impl<'i> XmlSigning<'i> {
    /// What is signed; the whole document by default.
    #[must_use]
    pub fn form(mut self, form: XmlForm) -> Self {
        self.form = form;
        self
    }

    /// How it is written; XAdES B-B by default.
    #[must_use]
    pub fn profile(mut self, profile: XmlProfile) -> Self {
        self.profile = profile;
        self
    }

    /// The element that the signature becomes the last child of: its identifier, or its path
    /// (`/HDon/DSCKS/NBan`). The root by default; `DSCKS` for the tax profile, which is made where it
    /// is missing.
    #[must_use]
    pub fn into(mut self, place: impl Into<String>) -> Self {
        self.into = Some(place.into());
        self
    }

    /// The identifier of the signature; by default the next free `sig-1`, `sig-2`, …, and for the tax
    /// profile the role and the identifier of the data.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Other ceilings than the default ones for reading the input.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The first step: lays the signature and computes what has to be signed. `certificates` holds the
    /// signer's own certificate first, then the chain to embed.
    ///
    /// # Errors
    ///
    /// `Misuse` without a certificate, with an algorithm that does not fit its key, for an identifier
    /// or place that is not there, and for a role that has signed already; `Malformed` and `TooLarge`
    /// for what cannot be read; `Unsupported` for another encoding than UTF-8 and for a place without
    /// an end tag.
    pub fn prepare(
        self,
        certificates: &[Certificate],
        algorithm: SignatureAlgorithm,
    ) -> Result<PreparedXml, Error> {
        let own = certificates.first();
        signer::check_fits(own.ok_or_else(super::prepared::no_certificate)?, &algorithm)?;
        let request = LayRequest {
            reach: match self.form {
                XmlForm::Enveloped => Reach::Enveloped,
                XmlForm::Enveloping => Reach::Enveloping,
                XmlForm::Parts(parts) if parts.is_empty() => {
                    return Err(Error::new(ErrorKind::Misuse, "no element is named"));
                }
                XmlForm::Parts(parts) => Reach::Parts(parts),
            },
            style: match self.profile {
                XmlProfile::Xades => Style::Xades,
                XmlProfile::Xmldsig => Style::Xmldsig,
                XmlProfile::Tax { role } => Style::Tax { role },
            },
            into: self.into.as_deref(),
            id: self.id.as_deref(),
            at: self.at,
            certificates,
            algorithm: &algorithm,
        };
        let laid = xades::lay(self.input, &request, &self.limits)?;
        Ok(PreparedXml {
            input_len: self.input.len(),
            input_sha256: sha256(self.input),
            laid,
            algorithm,
            certificates: certificates.to_vec(),
            limits: self.limits,
        })
    }

    /// All three steps with a signer at hand. The new signature is verified before anything is
    /// returned.
    ///
    /// # Errors
    ///
    /// Those of [`prepare`](XmlSigning::prepare), those of the signer, and `Mismatch` when what the
    /// signer answered does not verify under its certificate.
    pub fn sign(self, signer: &dyn Signer) -> Result<SignedXml<'i>, Error> {
        let input = self.input;
        let prepared = self.prepare(signer.certificates(), signer.algorithm())?;
        let value = signer.sign(&prepared.to_be_signed())?;
        prepared.complete(input, value)
    }
}

/// An XML signature that waits for its value.
///
/// It holds no secret and not the document. [`to_bytes`](Self::to_bytes) makes a small state file that
/// another process, on another host, can complete hours later.
///
/// ```
/// use kyso::sign::PreparedXml;
///
/// # fn demo(state: &[u8], input: &[u8], phone: impl Fn(&[u8]) -> Vec<u8>) -> Result<(), kyso::Error> {
/// let prepared = PreparedXml::from_bytes(state)?;
/// let value = phone(prepared.digest().as_bytes());
/// let signed = prepared.complete(input, value)?; // verified before it is returned
/// # let _ = signed; Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PreparedXml {
    input_len: usize,
    input_sha256: [u8; 32],
    laid: xades::Laid,
    algorithm: SignatureAlgorithm,
    certificates: Vec<Certificate>,
    limits: Limits,
}

impl PreparedXml {
    /// What has to be signed, as message and as digest: the canonical `SignedInfo`.
    pub fn to_be_signed(&self) -> ToBeSigned<'_> {
        ToBeSigned::new(&self.laid.message, self.hash())
    }

    /// The digest that has to be signed. Sign it as a digest: do not hash it once more.
    pub fn digest(&self) -> Digest {
        self.to_be_signed().digest()
    }

    /// The signature algorithm that was chosen when preparing.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The identifier of the signature.
    pub fn id(&self) -> &str {
        &self.laid.id
    }

    /// SHA-256 of the input that was prepared.
    pub fn input_sha256(&self) -> &[u8; 32] {
        &self.input_sha256
    }

    fn hash(&self) -> DigestAlgorithm {
        self.algorithm.digest().unwrap_or(DigestAlgorithm::Sha512)
    }

    /// The last step. The input has to be the very document that was prepared, and the value has to
    /// verify under the certificate; both are checked before anything is returned. The value may be
    /// in any of the forms that [`Answer::Raw`](crate::Answer::Raw) takes.
    ///
    /// # Errors
    ///
    /// `Mismatch` for another document or a value that does not verify, in words of what was signed
    /// instead where that can be told.
    pub fn complete(self, input: &[u8], value: Vec<u8>) -> Result<SignedXml<'_>, Error> {
        if input.len() != self.input_len || sha256(input) != self.input_sha256 {
            return mismatch("the input is not the file that was prepared");
        }
        let own = self.certificates.first();
        let own = own.ok_or_else(super::prepared::no_certificate)?;
        let hash = Digest::of(self.hash(), &self.laid.message);
        let asked = Asked {
            key: own.public_key(),
            algorithm: self.algorithm,
            attributes: &self.laid.message,
            document: &hash,
        };
        let value = match asked.right(value) {
            Ok(value) => value,
            Err(value) => {
                let instead = asked.instead(&value);
                return Err(Error::new(ErrorKind::Mismatch, instead.message(Lang::En))
                    .in_vietnamese(instead.message(Lang::Vi)));
            }
        };
        let value = match self.algorithm {
            SignatureAlgorithm::Ecdsa(_) => ecdsa_to_fixed(own.public_key().kind(), &value)
                .ok_or_else(|| Error::new(ErrorKind::Mismatch, "an ECDSA value"))?,
            _ => value,
        };
        let value = base64(&value);
        self.check(&self.laid.document(input, &value), own)?;
        let (before, inserted) = self.laid.filled(&value);
        let piece = |range: &std::ops::Range<usize>| input.get(range.clone()).unwrap_or_default();
        Ok(SignedXml {
            before,
            head: piece(&self.laid.head),
            inserted,
            tail: piece(&self.laid.tail),
            id: self.laid.id,
        })
    }

    /// The signature verifies where it stands now, as anybody will read it.
    fn check(&self, document: &[u8], own: &Certificate) -> Result<(), Error> {
        let index = Index::read(document, &self.limits)?;
        let read = Document::new(&index, &self.limits);
        let element = read.by_id(&self.laid.id).ok();
        let element = element.filter(|id| index.local_name(*id) == "Signature");
        let Some(element) = element else {
            return mismatch("the prepared state does not belong to this input");
        };
        let dsig = Dsig::read(&read, element);
        if let Some(reason) = dsig.form.iter().find(|one| one.indication().is_some()) {
            return Err(Error::new(ErrorKind::Mismatch, reason.message(Lang::En))
                .in_vietnamese(reason.message(Lang::Vi)));
        }
        let examined = validate::examine_opened(dsig.opened(), &self.limits);
        let is_own = examined.certificate.as_ref() == Some(own);
        match (examined.digest, examined.signature) {
            (Some(_), Some(_)) if is_own => Ok(()),
            _ => mismatch("the prepared state does not belong to this input"),
        }
    }

    /// The state as bytes (JSON, `kyso-prepared-xml/1`), to be kept or sent. It holds the signature's
    /// text, not the document, and no secret.
    pub fn to_bytes(&self) -> Vec<u8> {
        let certificates = self.certificates.iter().map(|one| base64(one.der()));
        let certificates: Vec<String> = certificates.collect();
        let laid = &self.laid;
        let members = json!({
            "schema": SCHEMA,
            "input_length": self.input_len,
            "input_sha256": hex(&self.input_sha256),
            "id": laid.id,
            "before": base64(&laid.before),
            "head": [laid.head.start, laid.head.end],
            "inserted": base64(&laid.inserted),
            "tail": [laid.tail.start, laid.tail.end],
            "hole": laid.hole,
            "signed_info": base64(&laid.message),
            "algorithm": self.algorithm.to_string(),
            "digest": self.digest().to_hex(),
            "certificates": certificates,
        });
        state::written(&members)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// `Malformed` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let value = &state::read(bytes)?;
        if text(value, "schema")? != SCHEMA {
            return Err(bad("schema"));
        }
        let octets = |name| unbase64(text(value, name)?, name);
        Ok(Self {
            input_len: number(value, "input_length")?,
            input_sha256: state::sha256(value, "input_sha256")?,
            laid: xades::Laid {
                before: octets("before")?,
                head: range(value, "head")?,
                inserted: octets("inserted")?,
                tail: range(value, "tail")?,
                hole: number(value, "hole")?,
                message: octets("signed_info")?,
                id: text(value, "id")?.to_owned(),
            },
            algorithm: text(value, "algorithm")?.parse()?,
            certificates: state::certificates(value, "certificates")?,
            limits: Limits::default(),
        })
    }
}

/// A signed XML document: pieces of the input with new text at one place, or around it for an
/// enveloping signature. Nothing of the input is copied.
#[derive(Clone, Debug)]
pub struct SignedXml<'i> {
    before: Vec<u8>,
    head: &'i [u8],
    inserted: Vec<u8>,
    tail: &'i [u8],
    id: String,
}

impl SignedXml<'_> {
    /// The identifier of the new signature.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The text that was put in, and the offset into the input where it stands; nothing for an
    /// enveloping signature, which stands around it.
    pub fn insertion(&self) -> Option<(usize, &[u8])> {
        self.before
            .is_empty()
            .then_some((self.head.len(), self.inserted.as_slice()))
    }

    /// Length of the signed document in bytes.
    pub fn len(&self) -> usize {
        let pieces = [&self.before, self.head, &self.inserted, self.tail];
        pieces.iter().map(|piece| piece.len()).sum()
    }

    /// A signed document is never empty; here for completeness beside [`len`](SignedXml::len).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the signed document.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        for piece in [&self.before, self.head, &self.inserted, self.tail] {
            out.write_all(piece)?;
        }
        Ok(())
    }

    /// The signed document in memory.
    pub fn to_vec(&self) -> Vec<u8> {
        [&self.before, self.head, &self.inserted, self.tail].concat()
    }
}

const SCHEMA: &str = "kyso-prepared-xml/1";
