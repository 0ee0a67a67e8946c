//! [`Candidate`]: what a carrier hands to judgement.
//!
//! The carrier answers only what is signed, by which bytes, and how far it reaches. It has hashed
//! the protected bytes already, once; nothing here can choose other bytes than those.

use std::borrow::Cow;
use std::rc::Rc;

use crate::cms::SignedData;
use crate::crypto::Digest;
use crate::error::Error;
use crate::report::{ContentJudgement, Coverage};
use crate::time::Time;
use crate::validate::opened::Opened;
use crate::verdict::Reason;

/// One signature as its carrier found it. It can be judged again when more evidence has come.
#[derive(Clone)]
pub(crate) struct Candidate<'f> {
    /// Its name in the carrier.
    pub(crate) id: String,
    /// What kind of signature the carrier says it is.
    pub(crate) profile: Profile,
    /// What is wrong or odd with its form, in the carrier's eyes.
    pub(crate) form: Vec<Reason>,
    /// How far it reaches.
    pub(crate) coverage: Coverage,
    /// The CMS, and the octets of its container behind it; `None` where the carrier has none.
    pub(crate) cms: Option<Cms<'f>>,
    /// The signature value and certificates of a signature that is no CMS.
    pub(crate) bare: Option<Bare<'f>>,
    /// A signature that is neither, read and digested by its carrier.
    pub(crate) opened: Option<Rc<Opened>>,
    /// The digests of the protected bytes.
    pub(crate) protected: Protected,
    /// The time the carrier claims (`/M`).
    pub(crate) claimed: Option<Time>,
    /// Where the covered bytes end; beyond any file where that cannot be told.
    pub(crate) covered_end: u64,
    /// Where the gap for the signature's own value begins; what ends before it stood there before.
    pub(crate) gap_start: u64,
    /// What the signed revision hides and later ones changed.
    pub(crate) content: ContentJudgement,
}

/// A piece of validation data that stands beside the signatures of a file, such as in a DSS.
#[derive(Clone, Debug)]
pub(crate) struct StoredEvidence {
    /// SHA-256 of its octets.
    pub(crate) sha256: [u8; 32],
    /// Where the revision ends that brought it first.
    pub(crate) revision_end: u64,
    /// Whether it is a CRL or an OCSP response.
    pub(crate) is_status: bool,
}

/// A CMS inside its container.
pub(crate) type Cms<'f> = Result<(SignedData<'f>, &'f [u8]), Error>;

/// `adbe.x509.rsa_sha1`: a PKCS#1 value and its certificates, without CMS.
#[derive(Clone)]
pub(crate) struct Bare<'f> {
    pub(crate) signature: Cow<'f, [u8]>,
    pub(crate) certificates: Vec<&'f [u8]>,
}

/// What kind of signature the carrier says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// `ETSI.CAdES.detached`.
    Pades,
    /// `adbe.pkcs7.detached`.
    Pkcs7Detached,
    /// `adbe.pkcs7.sha1`: the CMS signs the SHA-1 of the protected bytes.
    Pkcs7Sha1,
    /// `adbe.x509.rsa_sha1`.
    X509RsaSha1,
    /// `ETSI.RFC3161`: the CMS is a time-stamp token over the protected bytes.
    DocumentTimeStamp,
    /// A signature that its carrier opened; its format is told there.
    Opened,
    /// Anything else; read as a detached CMS where it is one.
    Other,
}

/// The digests of the protected bytes: the one that the signature names, and any other it needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Protected(pub(crate) Vec<Digest>);

impl Protected {
    /// The digest by an algorithm, if the carrier computed it.
    pub(crate) fn by(&self, algorithm: crate::crypto::DigestAlgorithm) -> Option<&Digest> {
        self.0.iter().find(|digest| digest.algorithm() == algorithm)
    }
}
