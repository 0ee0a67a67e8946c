//! The state between the two steps of signing: [`Prepared`].

use std::ops::Range;

use serde_json::{Value, json};

use crate::cms::{self, identifiers, write::NewSignedData};
use crate::crypto::{self, Digest, DigestAlgorithm, SignatureAlgorithm, ToVerify, hex};
use crate::error::{Error, ErrorKind, Place};
use crate::report::json_line;
use crate::sign::signer::ToBeSigned;
use crate::sign::{Patch, Signed, digests, hole_fault};
use crate::x509::Certificate;

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
pub struct Prepared(Parts);

/// What the signing device or service answered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The raw signature value over [`Prepared::to_be_signed`]: RSASSA octets, ECDSA in DER form,
    /// or the 64 octets of Ed25519.
    Raw(Vec<u8>),
}

/// The fields of a [`Prepared`].
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) input_len: usize,
    pub(crate) input_sha256: [u8; 32],
    pub(crate) tail: Vec<u8>,
    /// The hexadecimal digits of `/Contents` within `tail`, without `<` and `>`.
    pub(crate) hole: Range<usize>,
    pub(crate) field: String,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) digest_algorithm: DigestAlgorithm,
    /// The signed attributes as they are signed: a DER `SET OF`.
    pub(crate) attributes: Vec<u8>,
    pub(crate) certificates: Vec<Certificate>,
}

impl Prepared {
    pub(crate) fn new(parts: Parts) -> Result<Self, Error> {
        let in_tail = parts.hole.start >= 1
            && parts.hole.start < parts.hole.end
            && parts.tail.get(parts.hole.start - 1) == Some(&b'<')
            && parts.tail.get(parts.hole.end) == Some(&b'>')
            && parts
                .tail
                .get(parts.hole.clone())
                .is_some_and(|digits| digits.iter().all(|digit| *digit == b'0'));
        if !in_tail || parts.certificates.is_empty() {
            return Err(hole_fault());
        }
        Ok(Self(parts))
    }

    /// What has to be signed, as message and as digest.
    pub fn to_be_signed(&self) -> ToBeSigned<'_> {
        ToBeSigned::new(&self.0.attributes, self.0.digest_algorithm)
    }

    /// The digest that has to be signed (of the signed attributes, RFC 5652 §5.4): 32 octets for
    /// SHA-256. Sign it as a digest: do not hash it once more.
    pub fn digest(&self) -> Digest {
        self.to_be_signed().digest()
    }

    /// The signature algorithm that was chosen when preparing.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm
    }

    /// The certificates that will be embedded, the signer's own first.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// SHA-256 of the input that was prepared.
    pub fn input_sha256(&self) -> &[u8; 32] {
        &self.0.input_sha256
    }

    /// The full name of the signature's field.
    pub fn field(&self) -> &str {
        &self.0.field
    }

    /// The last step. The input has to be the very file that was prepared, and the answer has to
    /// verify under the certificate; both are checked before anything is returned.
    ///
    /// # Errors
    ///
    /// `Mismatch` for another file or an answer that does not verify, `TooLarge` when the CMS does
    /// not fit into the hole.
    pub fn complete<'i>(self, input: &'i [u8], answer: Answer) -> Result<Signed<'i>, Error> {
        let mismatch = |detail| Err(Error::new(ErrorKind::Mismatch, detail));
        if input.len() != self.0.input_len {
            return mismatch("the input is not the file that was prepared");
        }
        let (input_sha256, document) =
            digests(input, &self.0.tail, &self.0.hole, self.0.digest_algorithm);
        if input_sha256 != self.0.input_sha256 {
            return mismatch("the input is not the file that was prepared");
        }
        // The state may have come a long way: what is to be signed must speak of these very bytes.
        let own = self.own_certificate()?;
        if cms::write::pades_signed_attributes(&document, own.der()) != self.0.attributes {
            return mismatch("the prepared state does not belong to this input");
        }
        self.complete_unmoved(input, answer)
    }

    /// As [`complete`](Prepared::complete), for an input that was borrowed all the while since
    /// preparing, and hence need not be hashed again.
    pub(crate) fn complete_unmoved<'i>(
        self,
        input: &'i [u8],
        answer: Answer,
    ) -> Result<Signed<'i>, Error> {
        let Answer::Raw(value) = answer;
        let own = self.own_certificate()?;
        crypto::verify(
            own.public_key(),
            &self.0.algorithm,
            ToVerify::Message(&self.0.attributes),
            &value,
        )
        .map_err(|_| {
            Error::new(
                ErrorKind::Mismatch,
                "the signature does not verify under the signer's certificate",
            )
        })?;
        let chain: Vec<&[u8]> = self.0.certificates.iter().map(Certificate::der).collect();
        let octets = NewSignedData {
            content_type: identifiers::DATA,
            content: None,
            signer: own.der(),
            certificates: &chain,
            digest_algorithm: self.0.digest_algorithm,
            signature_algorithm: self.0.algorithm,
            signed_attributes: &self.0.attributes,
            signature: &value,
            unsigned_attributes: &[],
        }
        .to_der()?;
        let mut tail = self.0.tail;
        let digits = hex(&octets);
        let hole = tail.get_mut(self.0.hole.clone()).ok_or_else(hole_fault)?;
        let room = hole.len();
        hole.get_mut(..digits.len())
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::TooLarge,
                    format!("a CMS of {} octets in room for {}", octets.len(), room / 2),
                )
            })?
            .copy_from_slice(digits.as_bytes());
        let at = u64::try_from(input.len())
            .map_err(|_| Error::new(ErrorKind::TooLarge, "size of the input"))?;
        Ok(Signed::new(input, Patch::new(at, tail)))
    }

    fn own_certificate(&self) -> Result<&Certificate, Error> {
        self.0.certificates.first().ok_or_else(hole_fault)
    }

    /// The state as bytes (JSON, `kyso-prepared/1`), to be kept or sent. It holds the patch, not
    /// the file, and no secret.
    pub fn to_bytes(&self) -> Vec<u8> {
        let certificates: Vec<String> = self
            .0
            .certificates
            .iter()
            .map(|certificate| base64(certificate.der()))
            .collect();
        let value = json!({
            "schema": SCHEMA,
            "input_length": self.0.input_len,
            "input_sha256": hex(&self.0.input_sha256),
            "field": self.0.field,
            "algorithm": self.0.algorithm.to_string(),
            "digest": self.digest().to_hex(),
            "attributes": base64(&self.0.attributes),
            "certificates": certificates,
            "hole": [self.0.hole.start, self.0.hole.end],
            "tail": base64(&self.0.tail),
        });
        let mut text = json_line(&value);
        text.push('\n');
        text.into_bytes()
    }

    /// Reads what [`to_bytes`](Prepared::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// `Malformed` for anything else; `Unsupported` for the state of a newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let value: Value = serde_json::from_slice(bytes).map_err(|e| bad("JSON").caused_by(e))?;
        match value.get("schema").and_then(Value::as_str) {
            Some(SCHEMA) => {}
            Some(other) if other.starts_with("kyso-prepared/") => {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "a prepared state of a newer version",
                ));
            }
            _ => return Err(bad("schema")),
        }
        let text = |name: &'static str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .ok_or_else(|| bad(name))
        };
        let number = |value: Option<&Value>, name| {
            value
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok())
                .ok_or_else(|| bad(name))
        };
        let certificates = value
            .get("certificates")
            .and_then(Value::as_array)
            .ok_or_else(|| bad("certificates"))?
            .iter()
            .map(|entry| {
                let der = unbase64(entry.as_str().ok_or_else(|| bad("certificates"))?)?;
                Certificate::from_der(&der)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let algorithm: SignatureAlgorithm = text("algorithm")?.parse()?;
        let hole = value.get("hole");
        Self::new(Parts {
            input_len: number(value.get("input_length"), "input_length")?,
            input_sha256: unhex(text("input_sha256")?).ok_or_else(|| bad("input_sha256"))?,
            tail: unbase64(text("tail")?)?,
            hole: number(hole.and_then(|h| h.get(0)), "hole")?
                ..number(hole.and_then(|h| h.get(1)), "hole")?,
            field: text("field")?.to_owned(),
            algorithm,
            digest_algorithm: algorithm.digest().unwrap_or(DigestAlgorithm::Sha512),
            attributes: unbase64(text("attributes")?)?,
            certificates,
        })
    }
}

fn base64(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

fn unbase64(text: &str) -> Result<Vec<u8>, Error> {
    base64_simd::STANDARD
        .decode_to_vec(text)
        .map_err(|_| bad("base64"))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}

fn bad(part: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, "the prepared state of a signature")
        .at(Place::Part(part.into()))
}

const SCHEMA: &str = "kyso-prepared/1";
