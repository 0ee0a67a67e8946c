//! Time-stamps for signatures: who gives them ([`TimeStamper`]), and what is checked before one is
//! put into a file.

use crate::cms::{augment, identifiers, write};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::Lang;
use crate::sign::extend::{self, RaiseTo};
use crate::sign::{Patch, Signed};
use crate::validate;
use crate::verdict::Reason;
use crate::verify::Verifier;
use crate::x509::Certificate;

/// Gives time-stamps (RFC 3161): a service behind an address, a device, a function.
///
/// What it answers is checked before it is used: that it is over the digest, that its signature
/// verifies under the certificate it carries, and that this certificate is one for time-stamps.
/// Whether its authority is trusted is a verifier's question.
pub trait TimeStamper {
    /// A token over this digest: the `TimeStampToken`, a `ContentInfo` in DER.
    ///
    /// # Errors
    ///
    /// `Fetch` where the service does not answer or refuses. A caller never gets a file without
    /// the stamp that it asked for.
    fn time_stamp(&self, digest: &Digest) -> Result<Vec<u8>, Error>;

    /// The hash of the imprint; SHA-256 unless the service wants another one.
    fn digest_algorithm(&self) -> DigestAlgorithm {
        DigestAlgorithm::Sha256
    }
}

/// How much a signature proves by itself, and what that takes (EN 319 142-1 §6).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Level<'l> {
    /// The signature alone; the time is the signer's claim.
    BB,
    /// With a time-stamp over the signature value: it existed at the time of the token.
    BT(&'l dyn TimeStamper),
    /// As B-T, with all in the file that is needed to verify it, gathered by this verifier: see
    /// [`extend`](crate::sign::extend). The signed file is copied once.
    BLt(&'l dyn TimeStamper, &'l Verifier),
    /// As B-LT, with a document time-stamp over all of that.
    BLta(&'l dyn TimeStamper, &'l Verifier),
}

impl std::fmt::Debug for Level<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::BB => "BB",
            Self::BT(_) => "BT",
            Self::BLt(..) => "BLt",
            Self::BLta(..) => "BLta",
        })
    }
}

impl<'l> Level<'l> {
    /// The level of this word: `b-b`, `b-t`, `b-lt` or `b-lta`; without one b-t where there is a
    /// time-stamper, else b-b.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for any other word, for a level that lacks its time-stamper or verifier,
    /// and for b-b with a time-stamper, which would not be asked.
    pub fn named(
        word: Option<&str>,
        stamper: Option<&'l dyn TimeStamper>,
        verifier: Option<&'l Verifier>,
    ) -> Result<Self, Error> {
        let to = match word {
            Some("b-b") => None,
            Some(word) => Some(word.parse::<RaiseTo>()?),
            None => stamper.map(|_| RaiseTo::BT),
        };
        match (to, stamper, verifier) {
            (None, None, _) => Ok(Self::BB),
            (None, Some(_), _) => Err(Error::new(
                ErrorKind::Misuse,
                "a time-stamping service does not go with the level b-b",
            )
            .in_vietnamese("dịch vụ cấp dấu thời gian không đi cùng mức b-b")),
            (Some(_), None, _) => Err(extend::no_stamper()),
            (Some(RaiseTo::BT), Some(stamper), _) => Ok(Self::BT(stamper)),
            (Some(RaiseTo::BLt), Some(stamper), Some(verifier)) => Ok(Self::BLt(stamper, verifier)),
            (Some(RaiseTo::BLta), Some(stamper), Some(verifier)) => {
                Ok(Self::BLta(stamper, verifier))
            }
            (Some(_), Some(_), None) => Err(Error::new(
                ErrorKind::Misuse,
                "a verifier has to say whom to trust, for b-lt and b-lta",
            )
            .in_vietnamese("mức b-lt và b-lta cần biết tin cậy ai")),
        }
    }

    fn stamper(&self) -> Option<&dyn TimeStamper> {
        match self {
            Self::BB => None,
            Self::BT(stamper) | Self::BLt(stamper, _) | Self::BLta(stamper, _) => Some(*stamper),
        }
    }

    /// Octets that a token of this level needs, measured on a trial: asked for before any key is
    /// used, so that neither a small hole nor a service that does not answer costs a PIN.
    pub(super) fn room(&self) -> Result<usize, Error> {
        let Some(stamper) = self.stamper() else {
            return Ok(0);
        };
        let digest = Digest::of(stamper.digest_algorithm(), b"");
        let token = token(stamper, &digest)?;
        Ok(token.len().saturating_add(TOKEN_MARGIN))
    }

    /// Whether the level can be reached by a signer with these certificates, his own first, as far
    /// as that can be told before the key is used.
    pub(super) fn check(&self, certificates: &[Certificate]) -> Result<(), Error> {
        let (Self::BLt(_, verifier) | Self::BLta(_, verifier)) = self else {
            return Ok(());
        };
        match certificates.first() {
            Some(own) => extend::refuse_unprovable(own, certificates, verifier),
            None => Ok(()),
        }
    }

    /// The CMS with what the level adds to it.
    pub(super) fn raise(&self, cms: Vec<u8>, value: &[u8]) -> Result<Vec<u8>, Error> {
        let Some(stamper) = self.stamper() else {
            return Ok(cms);
        };
        let digest = Digest::of(stamper.digest_algorithm(), value);
        let token = token(stamper, &digest)?;
        let attribute = write::attribute(&identifiers::SIGNATURE_TIME_STAMP, &[token]);
        augment::with_unsigned_attribute(&cms, &attribute, &Limits::default())
    }

    /// The signed file with what the level adds behind the signature of this field.
    pub(super) fn lift<'i>(&self, signed: Signed<'i>, field: &str) -> Result<Signed<'i>, Error> {
        let (stamper, verifier, to) = match self {
            Self::BB | Self::BT(_) => return Ok(signed),
            Self::BLt(stamper, verifier) => (*stamper, *verifier, RaiseTo::BLt),
            Self::BLta(stamper, verifier) => (*stamper, *verifier, RaiseTo::BLta),
        };
        let whole = signed.to_vec();
        let raised = extend::extend(&whole, verifier)
            .field(field)
            .time_stamper(stamper)
            .to(to)?;
        let Patch { at, mut bytes } = signed.patch;
        bytes.extend_from_slice(raised.patch.bytes());
        Ok(Signed::new(signed.input, Patch::new(at, bytes)))
    }
}

/// A token over the digest that is worth putting into a file.
pub(crate) fn token(stamper: &dyn TimeStamper, digest: &Digest) -> Result<Vec<u8>, Error> {
    usable(&stamper.time_stamp(digest)?, digest)
}

/// What a service answered, if it is a token over the digest that proves something.
pub(super) fn usable(octets: &[u8], digest: &Digest) -> Result<Vec<u8>, Error> {
    let limits = Limits::default();
    let (length, found) = validate::examine_token(octets, digest, &limits)?;
    if let Some(reason) = found.iter().find(|reason| reason.indication().is_some()) {
        return Err(unusable(reason));
    }
    match octets.get(..length) {
        Some(token) if octets.len() == length => Ok(token.to_vec()),
        _ => Err(Error::new(
            ErrorKind::Fetch,
            "the time-stamping service answered with octets behind the token",
        )),
    }
}

fn unusable(reason: &Reason) -> Error {
    Error::new(
        ErrorKind::Fetch,
        format!(
            "the time-stamping service answered with a token that cannot be used: {}",
            reason.message(Lang::En)
        ),
    )
    .in_vietnamese(format!(
        "dịch vụ cấp dấu thời gian trả về một dấu không dùng được: {}",
        reason.message(Lang::Vi)
    ))
}

/// Tokens of one service differ by a few octets: their time, serial number, signature value.
pub(super) const TOKEN_MARGIN: usize = 512;
