//! Signatures in PDF files (ISO 32000-2 §12.8, ETSI EN 319 142-1): what is signed, by which octets,
//! and how far it reaches; and the update that a new signature is.
//!
//! Nothing here knows trust or policy. Every signature of every revision is found, also one that a
//! later revision hides, and what a rewriting of the file left behind; a dictionary that lacks what
//! it must have is a signature with a fault, never one that is passed over.

mod candidate;
mod changes;
mod content;
mod digest;
mod dss;
mod fields;
mod find;
mod lay;
mod scan;
mod seed;
mod show;
mod signature;

use std::borrow::Cow;

use crate::crypto::sha256;
use crate::error::Place;
use crate::evidence::{Evidence, Origin};
use crate::ocsp::OcspResponse;
use crate::report::ContentJudgement;
use crate::time::Time;
use crate::validate::StoredEvidence;
use crate::x509::Crl;

pub(crate) use candidate::{candidates, findings};
pub(crate) use digest::digests;
pub(crate) use dss::{StoreRequest, lay_evidence};
#[cfg(test)]
pub(crate) use find::find;
pub(crate) use find::find_with;
pub(crate) use lay::{Laid, LayRequest, lay};

/// What a PDF says about its signatures.
#[derive(Debug)]
pub(crate) struct PdfFindings<'a> {
    /// Signatures and document time-stamps, in the order in which they stand in the file.
    pub(crate) signatures: Vec<PdfSignature<'a>>,
    /// The document security store of the newest revision.
    pub(crate) dss: DssSummary<'a>,
    /// What else is worth saying about the file.
    pub(crate) findings: Vec<PdfFinding>,
    /// How many revisions the file has.
    #[allow(dead_code)] // read by the tests of this room
    pub(crate) revisions: u32,
}

/// A remark about the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PdfFinding {
    /// Stable code.
    pub(crate) code: &'static str,
    /// Where.
    pub(crate) place: Place,
    /// A short phrase in English; may hold text from the file.
    pub(crate) detail: String,
}

/// What the document security store holds (EN 319 142-1 §5.4.2).
#[derive(Debug, Default)]
pub(crate) struct DssSummary<'a> {
    /// What is stored, each stream once.
    pub(crate) items: Vec<DssItem<'a>>,
}

/// One piece of validation data of the document security store.
#[derive(Debug)]
pub(crate) struct DssItem<'a> {
    /// What it is said to be.
    pub(crate) kind: DssKind,
    /// Its octets.
    pub(crate) der: Cow<'a, [u8]>,
    /// Where its stream ends in the file: a time-stamp over the bytes up to there proves it.
    pub(crate) end: usize,
}

/// The kinds of validation data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DssKind {
    /// A certificate.
    Certificate,
    /// A revocation list.
    Crl,
    /// An OCSP response.
    Ocsp,
}

impl DssKind {
    /// In the order of the keys of the dictionary.
    pub(crate) const ALL: [Self; 3] = [Self::Certificate, Self::Crl, Self::Ocsp];
}

impl DssSummary<'_> {
    /// Adds everything to the pool, and tells what stands where. Octets that are not what they are
    /// said to be, and those beyond the limit, help nobody.
    pub(crate) fn collect(&self, evidence: &mut Evidence) -> Vec<StoredEvidence> {
        let mut stored = Vec::new();
        for item in &self.items {
            let taken = match item.kind {
                DssKind::Certificate => evidence.add_der(&item.der, Origin::Dss).map(drop),
                DssKind::Crl => {
                    Crl::from_der(&item.der).and_then(|crl| evidence.add_crl(crl, Origin::Dss))
                }
                DssKind::Ocsp => OcspResponse::from_der(&item.der)
                    .and_then(|response| evidence.add_ocsp(response, Origin::Dss)),
            };
            if taken.is_ok() {
                stored.push(StoredEvidence {
                    sha256: sha256(&item.der),
                    revision_end: u64::try_from(item.end).unwrap_or(u64::MAX),
                    is_status: item.kind != DssKind::Certificate,
                });
            }
        }
        stored
    }
}

/// A signature or a document time-stamp.
#[derive(Debug)]
#[allow(dead_code)] // what the report does not show yet is read by the tests of this room
pub(crate) struct PdfSignature<'a> {
    /// Full name of its field, else `object 14`.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: SignatureKind,
    /// /SubFilter.
    pub(crate) sub_filter: SubFilter,
    /// /Filter.
    pub(crate) filter: Option<String>,
    /// Whether /Type is absent or the one that fits /SubFilter.
    pub(crate) type_is_right: bool,
    /// The four numbers of /ByteRange, or what is wrong with it.
    pub(crate) byte_range: Result<[u64; 4], ByteRangeFault>,
    /// The numbers of /ByteRange as they stand there; `None` without an array of integers.
    pub(crate) raw_byte_range: Option<Vec<i64>>,
    /// The octets of /Contents with their padding, or what is wrong with it.
    pub(crate) contents: Result<Cow<'a, [u8]>, ContentsFault>,
    /// The octets that can be read from a /Contents that has a fault.
    pub(crate) faulty_contents: Option<Vec<u8>>,
    /// Whether white space stands between the digits of /Contents: unusual, but allowed.
    pub(crate) contents_have_white_space: bool,
    /// The strings of /Cert, for `adbe.x509.rsa_sha1`.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// The octets to digest: there whenever the four numbers lie in the file and do not overlap,
    /// even where another rule is broken; else empty.
    pub(crate) spans: [&'a [u8]; 2],
    /// The four numbers that `spans` was cut by, to be given to [`digests`].
    pub(crate) digest_range: Option<[u64; 4]>,
    /// How far the signature reaches.
    pub(crate) coverage: Coverage,
    /// Whether anything but white space follows the covered end.
    pub(crate) later_revision: bool,
    /// Whether the gap between the ranges is this dictionary's own /Contents, bracket to bracket.
    pub(crate) gap_is_contents: bool,
    /// Keys that stand in the signature dictionary more than once.
    pub(crate) duplicate_keys: Vec<String>,
    /// How many fields refer to the dictionary, over all revisions.
    pub(crate) field_count: u32,
    /// Whether the newest revision no longer has it in a field.
    pub(crate) removed_from_current: bool,
    /// Whether the file was written anew after signing, so that the range covers other octets than
    /// those that were signed.
    pub(crate) rewritten: bool,
    /// /M, where it can be read as a time.
    pub(crate) signed_at: Option<Time>,
    /// /M as it stands there.
    pub(crate) raw_signed_at: Option<String>,
    /// /Name.
    pub(crate) name: Option<String>,
    /// /Reason.
    pub(crate) reason: Option<String>,
    /// /Location.
    pub(crate) location: Option<String>,
    /// /ContactInfo.
    pub(crate) contact_info: Option<String>,
    /// The permissions (1 to 3) that a DocMDP transform of this dictionary grants; an unknown value
    /// counts as 1.
    pub(crate) certification: Option<u8>,
    /// Whether that value is none of the standard's.
    pub(crate) certification_is_odd: bool,
    /// The fields that its FieldMDP transforms lock.
    pub(crate) locks: Vec<changes::Lock>,
    /// Number and generation of the object that holds the dictionary.
    pub(crate) object: Option<(u32, u16)>,
    /// The revision, from 1, that wrote the dictionary; 0 where no cross-reference lists it.
    pub(crate) written_in: u32,
    /// What the file may hide, and what later revisions changed.
    pub(crate) content: ContentJudgement,
}

/// How far a signature reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// The four numbers, where they are four and none is negative.
    pub(crate) byte_range: Option<[u64; 4]>,
    /// Whether everything but its own /Contents is covered; `None` where that cannot be told.
    pub(crate) whole_file: Option<bool>,
    /// The revision, from 1, at whose end the range ends.
    pub(crate) revision: Option<u32>,
    /// How many revisions the file has.
    pub(crate) revisions: u32,
    /// Whether the range ends at the end of a revision or of the file.
    pub(crate) covers_revision_end: bool,
}

/// What a signature dictionary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureKind {
    /// A signature.
    Signature,
    /// A document time-stamp.
    DocumentTimeStamp,
}

/// /SubFilter: how /Contents is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubFilter {
    /// `adbe.pkcs7.detached`
    AdbePkcs7Detached,
    /// `ETSI.CAdES.detached`
    EtsiCadesDetached,
    /// `adbe.pkcs7.sha1`
    AdbePkcs7Sha1,
    /// `adbe.x509.rsa_sha1`
    AdbeX509RsaSha1,
    /// `ETSI.RFC3161`
    EtsiRfc3161,
    /// Any other.
    Other(String),
    /// There is none.
    Missing,
}

/// What is wrong with a /ByteRange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteRangeFault {
    /// It is missing or `null`.
    Missing,
    /// It is no array of integers.
    NotIntegers,
    /// It has not exactly four numbers.
    NotFour,
    /// A number is negative.
    Negative,
    /// The first range does not begin at octet 0.
    NotFromStart,
    /// The second range does not begin behind the first.
    Overlap,
    /// It reaches beyond the end of the file.
    BeyondEnd,
    /// The gap is not this dictionary's own /Contents, bracket to bracket.
    GapIsNotContents,
    /// It ends neither with a revision nor with the file.
    EndsInside,
}

/// What is wrong with a /Contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentsFault {
    /// It is missing or `null`.
    Missing,
    /// It is an indirect reference.
    Indirect,
    /// It is no string.
    NotAString,
    /// It is a literal string, not a hexadecimal one.
    NotHexadecimal,
    /// It stands in an object stream.
    InObjectStream,
    /// It has an odd number of digits.
    OddDigits,
    /// It has characters that are no hexadecimal digits.
    ForeignCharacters,
    /// It is empty.
    Empty,
}

/// A usage-rights signature (/Perms /UR, /UR3): it is no signature of the document.
pub(crate) const USAGE_RIGHTS: &str = "pdf.usage_rights_signature";
/// A signature dictionary that no field refers to, intact in its own place.
pub(crate) const NO_FIELD: &str = "pdf.signature_without_field";
/// A signature dictionary in octets that no cross-reference speaks of.
pub(crate) const UNLISTED: &str = "pdf.signature_unlisted";
/// A field that says it is signed by something that is no dictionary.
pub(crate) const FIELD_VALUE: &str = "pdf.field_value";
/// An object that the form needs and that cannot be read.
pub(crate) const UNREADABLE: &str = "pdf.object_unreadable";
/// Octets before the header.
pub(crate) const BEFORE_HEADER: &str = "pdf.octets_before_header";
/// Offsets that count from the header instead of the start of the file.
pub(crate) const OFFSETS_FROM_HEADER: &str = "pdf.offsets_from_header";
/// Octets after the end of the last revision.
pub(crate) const AFTER_END: &str = "pdf.octets_after_end";
/// A key that stands more than once in the catalog, the form or a field.
pub(crate) const DUPLICATE_KEY: &str = "pdf.duplicate_key";
/// Not every object stream was looked through for signatures left behind.
pub(crate) const SCAN_INCOMPLETE: &str = "pdf.scan_incomplete";
/// A signature that is not what its field demanded.
pub(crate) const SEED_VALUE: &str = "pdf.seed_value";

/// A reader that rebuilds the cross-reference would show another object.
pub(crate) const REPAIR_DIFFERS: &str = "pdf.repair_differs";
/// The file is encrypted, and a password opened it.
pub(crate) const ENCRYPTED: &str = "pdf.encrypted";
/// The file is encrypted, and the empty password does not open it.
pub(crate) const ENCRYPTED_LOCKED: &str = "pdf.encrypted_locked";
/// The file is encrypted, and the password that was given does not open it.
pub(crate) const WRONG_PASSWORD: &str = "pdf.encrypted_wrong_password";

#[cfg(test)]
mod dss_tests;
#[cfg(test)]
mod find_tests;
#[cfg(test)]
mod lay_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod totality_tests;
