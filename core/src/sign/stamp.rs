//! Time-stamps for signatures: who gives them ([`TimeStamper`]), and what is checked before one is
//! put into a file.

use crate::cms::{augment, identifiers, write};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::Lang;
use crate::validate;
use crate::verdict::Reason;

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
}

impl std::fmt::Debug for Level<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::BB => "BB",
            Self::BT(_) => "BT",
        })
    }
}

impl Level<'_> {
    /// Octets that a token of this level needs, measured on a trial: asked for before any key is
    /// used, so that neither a small hole nor a service that does not answer costs a PIN.
    pub(super) fn room(&self) -> Result<usize, Error> {
        match self {
            Self::BB => Ok(0),
            Self::BT(stamper) => {
                let algorithm = stamper.digest_algorithm();
                let digest = Digest::of(algorithm, b"");
                let token = token(*stamper, &digest)?;
                Ok(token.len().saturating_add(TOKEN_MARGIN))
            }
        }
    }

    /// The CMS with what the level adds to it.
    pub(super) fn raise(&self, cms: Vec<u8>, value: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Self::BB => Ok(cms),
            Self::BT(stamper) => {
                let digest = Digest::of(stamper.digest_algorithm(), value);
                let token = token(*stamper, &digest)?;
                let attribute = write::attribute(&identifiers::SIGNATURE_TIME_STAMP, &[token]);
                augment::with_unsigned_attribute(&cms, &attribute, &Limits::default())
            }
        }
    }
}

/// A token over the digest that is worth putting into a file.
pub(crate) fn token(stamper: &dyn TimeStamper, digest: &Digest) -> Result<Vec<u8>, Error> {
    let octets = stamper.time_stamp(digest)?;
    let limits = Limits::default();
    let (length, found) = validate::examine_token(&octets, digest, &limits)?;
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
const TOKEN_MARGIN: usize = 512;
