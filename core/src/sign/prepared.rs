//! The state between the two steps of signing: [`Prepared`], and [`PreparedDocument`] while the
//! signer's certificate is not known.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::cms::{self, SignedData, identifiers, write::NewSignedData};
use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm, hex};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::Lang;
use crate::report::Kind;
use crate::sign::diagnose::{Asked, SignedInstead};
use crate::sign::signer::{self, ToBeSigned};
use crate::sign::stamp::Level;
use crate::sign::state::{
    self, bad, base64, certificates, mismatch, number, range, sha256, text, unbase64, unhex,
};
use crate::sign::{Patch, Profile, SIGNATURE_ROOM, Signed, digest_of_all, digests, hole_fault};
use crate::validate::{self, Protected};
use crate::x509::Certificate;

/// A document that waits for its signature, whoever will sign: a patch with a hole, and the digest
/// of the document.
///
/// Made by [`PdfSigning::prepare_document`](crate::sign::PdfSigning::prepare_document) where the
/// certificate is known only afterwards. Two ways lead on: a service that makes a whole CMS is
/// handed [`document_digest`](Self::document_digest), and its answer completes the file; or the
/// certificate arrives, and [`with_signer`](Self::with_signer) makes a [`Prepared`] of it.
///
/// It holds no secret and not the file.
///
/// ```
/// use kyso::{PreparedDocument, crypto::DigestAlgorithm, sign};
///
/// # fn demo(input: &[u8], now: kyso::Time, service: impl Fn(&[u8]) -> Vec<u8>) -> Result<(), kyso::Error> {
/// let prepared = sign::pdf(input, now).prepare_document(DigestAlgorithm::Sha256)?;
/// let state = prepared.to_bytes(); // kept or sent
/// let cms = service(prepared.document_digest().as_bytes());
/// let signed = PreparedDocument::from_bytes(&state)?.complete(input, &cms)?;
/// # let _ = signed; Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PreparedDocument(pub(crate) Laid);

/// A signature that waits for its value: a patch with a hole, and what has to be signed.
///
/// It holds no secret. [`to_bytes`](Prepared::to_bytes) makes a small state file that another
/// process, on another host, through another language's binding, can complete hours later.
///
/// ```
/// use kyso::{Answer, Prepared};
///
/// # fn demo(state: &[u8], input: &[u8], phone: impl Fn(&[u8]) -> Vec<u8>) -> Result<(), kyso::Error> {
/// let prepared = Prepared::from_bytes(state)?;
/// let value = phone(prepared.digest().as_bytes());
/// let signed = prepared.complete(input, Answer::Raw(value))?; // verified before it is returned
/// # let _ = signed; Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Prepared {
    laid: Laid,
    algorithm: SignatureAlgorithm,
    /// The signed attributes as they are signed: a DER `SET OF`.
    attributes: Vec<u8>,
    certificates: Vec<Certificate>,
}

/// What the signing device or service answered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The raw signature value over [`Prepared::to_be_signed`]: RSASSA octets, ECDSA in DER form
    /// or as r and s side by side, or the 64 octets of Ed25519. Octets in the reverse order, as
    /// Microsoft's CryptoAPI hands RSA values out, are put right.
    Raw(Vec<u8>),
    /// A whole CMS `SignedData` (DER or BER, detached) made over
    /// [`Prepared::document_digest`]. It is embedded as it stands, and has to name the signer's
    /// certificate that was prepared for.
    Cms(Vec<u8>),
}

impl Answer {
    /// What a service answered, a value or a whole CMS, by its octets. The two cannot be mistaken
    /// for one another: a CMS opens with the identifier of signed data, and either is verified.
    pub fn of(octets: Vec<u8>) -> Self {
        match crate::verify::kind(&octets) {
            Kind::Cms => Self::Cms(octets),
            _ => Self::Raw(octets),
        }
    }
}

/// The update that waits, without its signer.
#[derive(Clone, Debug)]
pub(crate) struct Laid {
    pub(crate) input_len: usize,
    pub(crate) input_sha256: [u8; 32],
    pub(crate) tail: Vec<u8>,
    /// The hexadecimal digits of `/Contents` within `tail`, without `<` and `>`.
    pub(crate) hole: Range<usize>,
    pub(crate) field: String,
    pub(crate) profile: Profile,
    /// The digest of everything but the hole.
    pub(crate) document: Digest,
}

impl PreparedDocument {
    pub(crate) fn new(laid: Laid) -> Result<Self, Error> {
        let in_tail = laid.hole.start >= 1
            && laid.hole.start < laid.hole.end
            && laid.tail.get(laid.hole.start - 1) == Some(&b'<')
            && laid.tail.get(laid.hole.end) == Some(&b'>')
            && laid
                .tail
                .get(laid.hole.clone())
                .is_some_and(|digits| digits.iter().all(|digit| *digit == b'0'));
        if !in_tail {
            return Err(hole_fault());
        }
        Ok(Self(laid))
    }

    /// The digest of the document: of all octets that the signature covers (`/ByteRange`). What a
    /// service that makes a whole CMS is handed; its message-digest attribute then holds it.
    pub fn document_digest(&self) -> &Digest {
        &self.0.document
    }

    /// SHA-256 of the input that was prepared.
    pub fn input_sha256(&self) -> &[u8; 32] {
        &self.0.input_sha256
    }

    /// The full name of the signature's field.
    pub fn field(&self) -> &str {
        &self.0.field
    }

    /// The certificate is known now: the signer's own first, then the chain to embed.
    ///
    /// # Errors
    ///
    /// `Misuse` without a certificate, with an algorithm that does not fit its key, and with one of
    /// another hash than the document was prepared with; `TooLarge` where the chain does not fit
    /// into the hole, which cannot grow any more.
    pub fn with_signer(
        self,
        certificates: &[Certificate],
        algorithm: SignatureAlgorithm,
    ) -> Result<Prepared, Error> {
        let own = certificates.first().ok_or_else(no_certificate)?;
        signer::check_fits(own, &algorithm)?;
        let digest_algorithm = algorithm.digest().unwrap_or(DigestAlgorithm::Sha512);
        if digest_algorithm != self.0.document.algorithm() {
            return Err(Error::new(
                ErrorKind::Misuse,
                format!(
                    "{algorithm} needs {digest_algorithm}, and the document was prepared with {}",
                    self.0.document.algorithm()
                ),
            ));
        }
        let needed = room_for(certificates);
        let room = self.0.hole.len() / 2;
        if needed > room {
            return Err(too_large(needed, room));
        }
        let attributes = cms::write::pades_signed_attributes(&self.0.document, own.der());
        Ok(Prepared {
            laid: self.0,
            algorithm,
            attributes,
            certificates: certificates.to_vec(),
        })
    }

    /// The last step with a whole CMS that a service made over
    /// [`document_digest`](Self::document_digest). It is embedded as it stands.
    ///
    /// # Errors
    ///
    /// `Mismatch` for another file, and for a CMS that is not over this document, does not verify,
    /// or lacks what its form demands (EN 319 142-1: signed attributes with the signing
    /// certificate); `Malformed` for octets that are no CMS; `TooLarge` when it does not fit into
    /// the hole.
    pub fn complete<'i>(self, input: &'i [u8], cms: &[u8]) -> Result<Signed<'i>, Error> {
        self.complete_at(input, cms, Level::BB)
    }

    /// As [`complete`](Self::complete), at a higher level. A time-stamp that the service put in
    /// already stays; another one is added.
    ///
    /// # Errors
    ///
    /// Those of [`complete`](Self::complete), and `Fetch` where no time-stamp is to be had.
    pub fn complete_at<'i>(
        self,
        input: &'i [u8],
        cms: &[u8],
        level: Level<'_>,
    ) -> Result<Signed<'i>, Error> {
        self.0.check(input)?;
        let field = self.0.field.clone();
        let signed = self.0.complete_cms(input, cms, None, level)?;
        level.lift(signed, &field)
    }

    /// The state as bytes (JSON, `kyso-prepared/1`), to be kept or sent. It holds the patch, not
    /// the file, and no secret.
    pub fn to_bytes(&self) -> Vec<u8> {
        state::written(&Value::Object(self.0.members()))
    }

    /// Reads what [`to_bytes`](Self::to_bytes) or [`Prepared::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// `Malformed` for anything else; `Unsupported` for the state of a newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::new(Laid::read(&read(bytes)?)?)
    }
}

impl Prepared {
    /// What has to be signed, as message and as digest.
    pub fn to_be_signed(&self) -> ToBeSigned<'_> {
        ToBeSigned::new(&self.attributes, self.laid.document.algorithm())
    }

    /// The digest that has to be signed (of the signed attributes, RFC 5652 §5.4): 32 octets for
    /// SHA-256. Sign it as a digest: do not hash it once more.
    pub fn digest(&self) -> Digest {
        self.to_be_signed().digest()
    }

    /// The digest of the document, for a service that makes a whole CMS and is answered by
    /// [`Answer::Cms`]. Never sign this one with a bare key: it would prove less, and is refused.
    pub fn document_digest(&self) -> &Digest {
        &self.laid.document
    }

    /// The signature algorithm that was chosen when preparing.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The certificates that will be embedded, the signer's own first.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// SHA-256 of the input that was prepared.
    pub fn input_sha256(&self) -> &[u8; 32] {
        &self.laid.input_sha256
    }

    /// The full name of the signature's field.
    pub fn field(&self) -> &str {
        &self.laid.field
    }

    /// What a service really signed: `None` where the value is right, else what it is over. For
    /// trying a new service out; [`complete`](Self::complete) says the same in its error.
    pub fn explain(&self, value: &[u8]) -> Option<SignedInstead> {
        let Ok(own) = self.own_certificate() else {
            return Some(SignedInstead::Unknown);
        };
        let asked = self.asked(own);
        match asked.right(value.to_vec()) {
            Ok(_) => None,
            Err(value) => Some(asked.instead(&value)),
        }
    }

    /// The last step. The input has to be the very file that was prepared, and the answer has to
    /// verify under the certificate; both are checked before anything is returned.
    ///
    /// # Errors
    ///
    /// `Mismatch` for another file or an answer that does not verify, in words of what was signed
    /// instead where that can be told; `TooLarge` when the CMS does not fit into the hole.
    pub fn complete<'i>(self, input: &'i [u8], answer: Answer) -> Result<Signed<'i>, Error> {
        self.complete_at(input, answer, Level::BB)
    }

    /// As [`complete`](Self::complete), at a higher level: the time-stamp belongs into the CMS and
    /// is fetched now, over the value that was checked.
    ///
    /// # Errors
    ///
    /// Those of [`complete`](Self::complete), and `Fetch` where no time-stamp is to be had.
    pub fn complete_at<'i>(
        self,
        input: &'i [u8],
        answer: Answer,
        level: Level<'_>,
    ) -> Result<Signed<'i>, Error> {
        self.laid.check(input)?;
        // The state may have come a long way: what is to be signed must speak of these very bytes.
        let own = self.own_certificate()?;
        let attributes = cms::write::pades_signed_attributes(&self.laid.document, own.der());
        if attributes != self.attributes {
            return mismatch("the prepared state does not belong to this input");
        }
        let field = self.laid.field.clone();
        let signed = self.complete_unmoved(input, answer, level)?;
        level.lift(signed, &field)
    }

    /// As [`complete`](Prepared::complete), for an input that was borrowed all the while since
    /// preparing, and hence need not be hashed again.
    pub(crate) fn complete_unmoved<'i>(
        self,
        input: &'i [u8],
        answer: Answer,
        level: Level<'_>,
    ) -> Result<Signed<'i>, Error> {
        let own = self.own_certificate()?.clone();
        let value = match answer {
            Answer::Raw(value) => value,
            Answer::Cms(octets) => {
                return self.laid.complete_cms(input, &octets, Some(&own), level);
            }
        };
        let asked = self.asked(&own);
        let value = match asked.right(value) {
            Ok(value) => value,
            Err(value) => {
                let instead = asked.instead(&value);
                return Err(Error::new(ErrorKind::Mismatch, instead.message(Lang::En))
                    .in_vietnamese(instead.message(Lang::Vi)));
            }
        };
        let chain: Vec<&[u8]> = self.certificates.iter().map(Certificate::der).collect();
        let octets = NewSignedData {
            content_type: identifiers::DATA,
            content: None,
            signer: own.der(),
            certificates: &chain,
            digest_algorithm: self.laid.document.algorithm(),
            signature_algorithm: self.algorithm,
            signed_attributes: &self.attributes,
            signature: &value,
            unsigned_attributes: &[],
        }
        .to_der()?;
        let octets = level.raise(octets, &value)?;
        self.laid.fill(input, &octets)
    }

    fn asked<'a>(&'a self, own: &'a Certificate) -> Asked<'a> {
        Asked {
            key: own.public_key(),
            algorithm: self.algorithm,
            attributes: &self.attributes,
            document: &self.laid.document,
        }
    }

    fn own_certificate(&self) -> Result<&Certificate, Error> {
        self.certificates.first().ok_or_else(hole_fault)
    }

    /// The state as bytes (JSON, `kyso-prepared/1`), to be kept or sent. It holds the patch, not
    /// the file, and no secret.
    pub fn to_bytes(&self) -> Vec<u8> {
        let certificates: Vec<String> = self
            .certificates
            .iter()
            .map(|certificate| base64(certificate.der()))
            .collect();
        let mut members = self.laid.members();
        members.insert("algorithm".into(), json!(self.algorithm.to_string()));
        members.insert("digest".into(), json!(self.digest().to_hex()));
        members.insert("attributes".into(), json!(base64(&self.attributes)));
        members.insert("certificates".into(), json!(certificates));
        state::written(&Value::Object(members))
    }

    /// Reads what [`to_bytes`](Prepared::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// `Malformed` for anything else; `Unsupported` for the state of a newer version; `Misuse` for
    /// the state of a [`PreparedDocument`], which has no signer yet.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let value = read(bytes)?;
        let PreparedDocument(laid) = PreparedDocument::new(Laid::read(&value)?)?;
        if value.get("attributes").is_none() && value.get("certificates").is_none() {
            return Err(Error::new(
                ErrorKind::Misuse,
                "the state has no signer yet: its certificate has to be given",
            )
            .in_vietnamese("trạng thái chưa có người ký: cần đưa chứng thư"));
        }
        let certificates = certificates(&value, "base64")?;
        let algorithm: SignatureAlgorithm = text(&value, "algorithm")?.parse()?;
        if certificates.is_empty()
            || algorithm.digest().unwrap_or(DigestAlgorithm::Sha512) != laid.document.algorithm()
        {
            return Err(bad("algorithm"));
        }
        Ok(Self {
            laid,
            algorithm,
            attributes: unbase64(text(&value, "attributes")?, "base64")?,
            certificates,
        })
    }
}

impl Laid {
    /// The input is the very file that was prepared, and the digest is its own.
    fn check(&self, input: &[u8]) -> Result<(), Error> {
        if input.len() != self.input_len {
            return mismatch("the input is not the file that was prepared");
        }
        let (input_sha256, document) =
            digests(input, &self.tail, &self.hole, self.document.algorithm());
        if input_sha256 != self.input_sha256 {
            return mismatch("the input is not the file that was prepared");
        }
        if document != self.document {
            return mismatch("the prepared state does not belong to this input");
        }
        Ok(())
    }

    /// Embeds a CMS that was made elsewhere, if it is a good signature over this document.
    fn complete_cms<'i>(
        self,
        input: &'i [u8],
        octets: &[u8],
        own: Option<&Certificate>,
        level: Level<'_>,
    ) -> Result<Signed<'i>, Error> {
        let limits = Limits::default();
        let cms = SignedData::parse(octets, &limits)?;
        if octets
            .get(cms.length..)
            .is_some_and(|rest| rest.iter().any(|octet| *octet != 0))
        {
            return mismatch("there are octets behind the CMS");
        }
        let signer_digest = cms.signer_infos.first().and_then(|signer| signer.digest());
        let document = match signer_digest {
            Some(other) if other != self.document.algorithm() => {
                digest_of_all(input, &self.tail, &self.hole, other)
            }
            _ => self.document.clone(),
        };
        let profile = match self.profile {
            Profile::Pades => validate::Profile::Pades,
            Profile::Pkcs7 => validate::Profile::Pkcs7Detached,
        };
        let examined = validate::examine(&cms, octets, profile, Protected(vec![document]), &limits);
        let lowering = examined
            .found
            .iter()
            .find(|reason| reason.indication().is_some());
        if let Some(reason) = lowering {
            return Err(Error::new(ErrorKind::Mismatch, reason.message(Lang::En))
                .in_vietnamese(reason.message(Lang::Vi)));
        }
        let (Some(_), Some(_), Some(signer)) =
            (examined.digest, examined.signature, &examined.certificate)
        else {
            return mismatch("the CMS does not verify");
        };
        if let Some(algorithm) = &examined.algorithm {
            signer::check_fits(signer, algorithm)?;
        }
        if own.is_some_and(|own| own != signer) {
            return mismatch("the CMS is by another certificate than the one prepared for");
        }
        let value = cms.signer_infos.first().map(|signer| &*signer.signature);
        let octets = octets.get(..cms.length).unwrap_or(octets).to_vec();
        let octets = level.raise(octets, value.unwrap_or_default())?;
        self.fill(input, &octets)
    }

    /// Writes a CMS into the hole.
    fn fill<'i>(self, input: &'i [u8], octets: &[u8]) -> Result<Signed<'i>, Error> {
        let mut tail = self.tail;
        let digits = hex(octets);
        let hole = tail.get_mut(self.hole.clone()).ok_or_else(hole_fault)?;
        let room = hole.len();
        hole.get_mut(..digits.len())
            .ok_or_else(|| too_large(octets.len(), room / 2))?
            .copy_from_slice(digits.as_bytes());
        let at = u64::try_from(input.len())
            .map_err(|_| Error::new(ErrorKind::TooLarge, "size of the input"))?;
        Ok(Signed::new(input, Patch::new(at, tail)))
    }

    fn members(&self) -> Map<String, Value> {
        let members = json!({
            "schema": SCHEMA,
            "input_length": self.input_len,
            "input_sha256": hex(&self.input_sha256),
            "field": self.field,
            "profile": match self.profile {
                Profile::Pades => "pades",
                Profile::Pkcs7 => "pkcs7",
            },
            "digest_algorithm": self.document.algorithm().name(),
            "document_digest": self.document.to_hex(),
            "hole": [self.hole.start, self.hole.end],
            "tail": base64(&self.tail),
        });
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn read(value: &Value) -> Result<Self, Error> {
        let name = text(value, "digest_algorithm")?;
        let algorithm = CREATED
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| bad("digest_algorithm"))?;
        let octets =
            unhex(text(value, "document_digest")?).ok_or_else(|| bad("document_digest"))?;
        Ok(Self {
            input_len: number(value, "input_length")?,
            input_sha256: sha256(value, "input_sha256")?,
            tail: unbase64(text(value, "tail")?, "base64")?,
            hole: range(value, "hole")?,
            field: text(value, "field")?.to_owned(),
            profile: match text(value, "profile")? {
                "pades" => Profile::Pades,
                "pkcs7" => Profile::Pkcs7,
                _ => return Err(bad("profile")),
            },
            document: Digest::from_octets(algorithm, &octets)
                .ok_or_else(|| bad("document_digest"))?,
        })
    }
}

/// Room that a CMS with these certificates needs.
pub(crate) fn room_for(certificates: &[Certificate]) -> usize {
    certificates
        .iter()
        .map(|certificate| certificate.der().len())
        .fold(SIGNATURE_ROOM, usize::saturating_add)
}

pub(crate) fn no_certificate() -> Error {
    Error::new(ErrorKind::Misuse, "no certificate of the signer was given")
}

fn too_large(needed: usize, room: usize) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!("a CMS of {needed} octets in room for {room}"),
    )
}

fn read(bytes: &[u8]) -> Result<Value, Error> {
    let value = state::read(bytes)?;
    match value.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => Ok(value),
        Some(other) if other.starts_with("kyso-prepared/") => Err(Error::new(
            ErrorKind::Unsupported,
            "a prepared state of a newer version",
        )),
        _ => Err(bad("schema")),
    }
}

/// The hashes that new signatures are made with (Circular 15/2025 App. I 1.3).
const CREATED: [DigestAlgorithm; 3] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];
const SCHEMA: &str = "kyso-prepared/1";
