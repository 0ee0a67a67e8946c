//! What can be found: [`Indication`], [`SubIndication`], [`Reason`], and how reasons make a verdict.
//!
//! The constants are those of ETSI EN 319 102-1 V1.4.1 (clause 5.1.3, tables 5 and 6). A verdict is
//! never stored as a status: it is computed from reasons, and `TOTAL-PASSED` needs a proof that the
//! checks themselves hand out.

use std::fmt;

use crate::message::{self, Lang};
use crate::time::Time;

mod changes;
mod class;
mod fetch;
mod trust;
mod xml;

pub use changes::{CertificationFault, Change, ChangeFault, ChangeKind};
pub use class::Class;
pub use fetch::FetchFault;
pub use trust::{StampFault, StatusFault};
pub use xml::XmlFault;

/// The main answer about one signature (EN 319 102-1 clause 5.1.3).
///
/// ```
/// use kyso::Indication;
///
/// assert_eq!(Indication::TotalPassed.to_string(), "TOTAL-PASSED");
/// let both = [Indication::TotalPassed, Indication::Indeterminate];
/// assert_eq!(Indication::gravest(both), Some(Indication::Indeterminate));
/// assert_eq!(Indication::gravest([]), None); // "all of no signatures" is not a pass
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indication {
    /// Every check passed.
    TotalPassed,
    /// The available information does not suffice to say.
    Indeterminate,
    /// The cryptography fails, or the format does, or it is proven that the key was not valid.
    TotalFailed,
}

impl Indication {
    /// The gravest of several; `None` of none.
    pub fn gravest(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().max()
    }

    /// The constant of the standard: `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL-FAILED",
        }
    }
}

impl fmt::Display for Indication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! sub_indications {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $indication:ident;)*) => {
        /// Why a verdict is not a pass: the constants of EN 319 102-1 V1.4.1, table 6.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum SubIndication {
            $($(#[$doc])* $name,)*
        }

        impl SubIndication {
            /// The constant of the standard.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The indication that this constant belongs to (table 6).
            pub fn indication(self) -> Indication {
                match self { $(Self::$name => Indication::$indication,)* }
            }
        }
    };
}

// The order is the order of gravity: where several reasons hold, the first of these is the headline.
// Failures of the cryptography come before the format, since they say the most; within
// INDETERMINATE, what is wrong with the certificate comes before what is merely not known yet.
sub_indications! {
    /// The digest of the signed data differs from the signed one.
    HashFailure = "HASH_FAILURE", TotalFailed;
    /// The signature value does not verify under the signer's key.
    SigCryptoFailure = "SIG_CRYPTO_FAILURE", TotalFailed;
    /// The signature is too malformed to be verified.
    FormatFailure = "FORMAT_FAILURE", TotalFailed;
    /// The certificate was revoked before a proven signing time.
    Revoked = "REVOKED", TotalFailed;
    /// A content time-stamp proves that the certificate had ended before signing.
    Expired = "EXPIRED", TotalFailed;
    /// The proven signing time is before the certificate began.
    NotYetValid = "NOT_YET_VALID", TotalFailed;
    /// The signing certificate cannot be identified.
    NoSigningCertificateFound = "NO_SIGNING_CERTIFICATE_FOUND", Indeterminate;
    /// No path to a trust anchor.
    NoCertificateChainFound = "NO_CERTIFICATE_CHAIN_FOUND", Indeterminate;
    /// The only path ends in an anchor that is no longer trusted, and nothing proves an earlier time.
    NoCertificateChainFoundNoPoe = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE", Indeterminate;
    /// Revoked, and the time of signing is not proven.
    RevokedNoPoe = "REVOKED_NO_POE", Indeterminate;
    /// An issuing certificate is revoked.
    RevokedCaNoPoe = "REVOKED_CA_NO_POE", Indeterminate;
    /// The path fails RFC 5280 for another reason.
    CertificateChainGeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE", Indeterminate;
    /// The path does not meet the policy's constraints.
    ChainConstraintsFailure = "CHAIN_CONSTRAINTS_FAILURE", Indeterminate;
    /// A weak algorithm is proven to have been used after its end.
    CryptoConstraintsFailure = "CRYPTO_CONSTRAINTS_FAILURE", Indeterminate;
    /// A weak algorithm or key, and nothing proves that it was used in time.
    CryptoConstraintsFailureNoPoe = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", Indeterminate;
    /// An attribute of the signature does not meet the constraints.
    SigConstraintsFailure = "SIG_CONSTRAINTS_FAILURE", Indeterminate;
    /// The order of time-stamps is impossible.
    TimestampOrderFailure = "TIMESTAMP_ORDER_FAILURE", Indeterminate;
    /// The policy cannot be processed.
    PolicyProcessingError = "POLICY_PROCESSING_ERROR", Indeterminate;
    /// The signature policy cannot be had.
    SignaturePolicyNotAvailable = "SIGNATURE_POLICY_NOT_AVAILABLE", Indeterminate;
    /// The signed data cannot be had.
    SignedDataNotFound = "SIGNED_DATA_NOT_FOUND", Indeterminate;
    /// Outside the certificate's validity, known not to be revoked.
    OutOfBoundsNotRevoked = "OUT_OF_BOUNDS_NOT_REVOKED", Indeterminate;
    /// Outside the certificate's validity, and nothing proves an earlier time.
    OutOfBoundsNoPoe = "OUT_OF_BOUNDS_NO_POE", Indeterminate;
    /// Outside the validity of the certificate that signed the status.
    RevocationOutOfBoundsNoPoe = "REVOCATION_OUT_OF_BOUNDS_NO_POE", Indeterminate;
    /// No usable status is proven to have existed in time.
    NoPoe = "NO_POE", Indeterminate;
    /// The status is not fresh, not had, or on hold.
    TryLater = "TRY_LATER", Indeterminate;
    /// None of the above; the reason says which.
    Custom = "CUSTOM", Indeterminate;
}

impl fmt::Display for SubIndication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is wrong with a `/ByteRange` (ISO 32000-2 §12.8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ByteRangeFault {
    /// There is none, or it is no array.
    Missing,
    /// It does not hold exactly four integers.
    NotFourIntegers,
    /// A number is negative or beyond any file.
    OutOfRange,
    /// The first range does not start at byte 0.
    StartsLate,
    /// The ranges overlap or stand in the wrong order.
    Overlap,
    /// It reaches past the end of the file.
    PastTheEnd,
    /// What it leaves out is not exactly this dictionary's own `/Contents` string.
    GapIsNotContents,
    /// It ends where no revision of the file ends.
    EndsInsideRevision,
}

/// What is wrong with a `/Contents` (ISO 32000-2 §12.8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentsFault {
    /// There is none, or it is no string.
    Missing,
    /// It is not a direct hexadecimal string.
    NotHexString,
    /// An odd number of hexadecimal digits.
    OddDigits,
    /// A character that is no hexadecimal digit.
    ForeignCharacter,
    /// It is empty or all zeros: nothing was signed.
    Empty,
}

/// A signed attribute of CMS (RFC 5652 §5.3, §11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedAttribute {
    /// content-type, 1.2.840.113549.1.9.3.
    ContentType,
    /// message-digest, 1.2.840.113549.1.9.4.
    MessageDigest,
    /// signing-time, 1.2.840.113549.1.9.5.
    SigningTime,
    /// signing-certificate or signing-certificate-v2 (RFC 5035).
    SigningCertificate,
    /// cms-algorithm-protection (RFC 6211).
    AlgorithmProtection,
}

impl SignedAttribute {
    /// The name in the standard's spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::ContentType => "content-type",
            Self::MessageDigest => "message-digest",
            Self::SigningTime => "signing-time",
            Self::SigningCertificate => "signing-certificate",
            Self::AlgorithmProtection => "cms-algorithm-protection",
        }
    }
}

/// How a signed attribute departs from what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttributeFault {
    /// It is not there.
    Missing,
    /// It is there more than once, or has more than one value.
    Repeated,
    /// Its value cannot be read.
    Malformed,
    /// Its value contradicts the rest of the signature.
    Contradicts,
}

/// What is wrong with one certificate of a path (RFC 5280 §6.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChainFault {
    /// Its signature does not verify under the issuer's key.
    SignatureBroken,
    /// It issued a certificate and is not a certification authority (basicConstraints).
    NotCa,
    /// It issued a certificate and its key usage does not allow that (keyCertSign).
    MayNotIssue,
    /// More certificates follow than its path length allows.
    PathTooLong,
    /// An issuing certificate outside its validity at the time used.
    OutsideValidity {
        /// When it begins.
        not_before: Time,
        /// When it ends.
        not_after: Time,
        /// The time used.
        at: Time,
    },
    /// A critical extension that is not understood; its identifier.
    UnknownCritical(String),
    /// The certificate breaks the rules of its own syntax.
    Malformed(&'static str),
    /// The anchor may not be used for this purpose or at this time.
    AnchorPurpose,
    /// A name lies outside what an authority above allows (nameConstraints); the authority.
    NameNotPermitted(String),
    /// No certificate policy holds for the whole path, and one is demanded.
    NoPolicy,
}

/// What in a file lets another document be seen than the signed one (ISO 32000-2 §12.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentDoubt {
    /// A reference to an object that is not there and could be supplied later.
    Dangling,
    /// Scripts, actions that reach outside, or forms that draw themselves.
    Active,
    /// Content that stands outside the file.
    External,
    /// A second text of objects that no cross-reference leads to.
    Hidden,
    /// A key that stands twice in a dictionary.
    DoubledKey,
    /// Something stands before the header, so that the file is another one to other readers.
    BeforeHeader,
    /// The file is encrypted and no known password opens it, so that nobody looked.
    Encrypted,
    /// Revisions differ in how they are encrypted: a reader of an earlier one sees other text.
    EncryptionChanged,
    /// A reader that rebuilds the cross-reference from the bytes would show other objects.
    Repair,
    /// The cross-reference says something of an object that the bytes do not bear out.
    Structure,
    /// More objects than are looked at.
    TooMany,
}

impl ContentDoubt {
    fn code(self) -> &'static str {
        match self {
            Self::Dangling => "content.dangling_reference",
            Self::Active => "content.active",
            Self::External => "content.external",
            Self::Hidden => "content.hidden_objects",
            Self::DoubledKey => "content.doubled_key",
            Self::BeforeHeader => "content.before_header",
            Self::Encrypted => "content.encrypted",
            Self::EncryptionChanged => "content.encryption_changed",
            Self::Repair => "content.repair_differs",
            Self::Structure => "content.structure",
            Self::TooMany => "content.too_many_objects",
        }
    }
}

/// Where an algorithm or a key was used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Used {
    /// Over the document.
    Document,
    /// Over the signed attributes.
    Signature,
    /// In a certificate; its subject.
    Certificate(String),
    /// Over a CRL or an OCSP response about a certificate; that certificate's subject.
    Status(String),
    /// As the imprint of a time-stamp.
    Imprint,
    /// Over a time-stamp token.
    Token,
}

/// One thing found about a signature, a time-stamp or an envelope, made of plain facts.
///
/// [`code`](Reason::code) is stable; [`message`](Reason::message) and [`advice`](Reason::advice) are
/// for people, in Vietnamese and English. Every reason is listed in `docs/VERDICTS.md`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    // ---- the carrier's form
    /// A mandatory key of the signature dictionary is missing or of the wrong type.
    SignatureDictionary {
        /// The key.
        key: &'static str,
    },
    /// A key stands twice in the signature dictionary, so that two readers would read two documents.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// The `/ByteRange` is not what it must be.
    ByteRange(ByteRangeFault),
    /// The `/Contents` is not what it must be.
    Contents(ContentsFault),
    /// Something other than zeros follows the CMS in `/Contents`.
    ContentsPadding,
    /// The file was written anew after signing: the signature no longer belongs to these bytes.
    RewrittenAfterSigning,
    /// No field of the form refers to the signature dictionary.
    SignatureWithoutField,
    /// Several fields refer to one signature dictionary.
    SignatureShared,
    /// A later revision took the signature's field away.
    SignatureRemoved,
    /// The `/SubFilter` is not one that is offered.
    SubFilterUnsupported {
        /// Its name.
        name: String,
    },
    /// An old `/SubFilter` that ISO 32000-2 withdrew; it rests on SHA-1.
    SubFilterLegacy {
        /// Its name.
        name: &'static str,
    },
    /// `/Type`, `/SubFilter` and what is inside contradict each other.
    SignatureType,
    // ---- CMS
    /// The CMS cannot be read.
    CmsMalformed {
        /// The technical phrase.
        detail: String,
    },
    /// The CMS is written in BER, not DER.
    CmsNotDer,
    /// The CMS of a detached signature carries content of its own.
    CmsContentPresent,
    /// There is not exactly one SignerInfo.
    SignerInfoCount {
        /// How many there are.
        count: usize,
    },
    /// The signature has no signed attributes.
    SignedAttributesAbsent {
        /// Whether the format asks for them.
        demanded: bool,
    },
    /// A signed attribute departs from what it must be.
    SignedAttribute(SignedAttribute, AttributeFault),
    /// The signed attributes are not in DER order; the signature holds over them as they stand.
    AttributesNotSorted,
    /// The signature holds over the attributes in DER order, not as they stand.
    AttributesSigned,
    /// The hash of the signature algorithm is not the digest algorithm.
    AlgorithmsDisagree {
        /// The digest algorithm.
        digest: &'static str,
        /// The hash of the signature algorithm.
        signature: &'static str,
    },
    // ---- integrity
    /// The protected bytes do not have the signed digest.
    DigestMismatch {
        /// The digest algorithm.
        algorithm: &'static str,
    },
    /// The signature value does not verify under the signer's key.
    SignatureInvalid,
    /// No library at hand can compute this algorithm.
    AlgorithmUnsupported {
        /// Its name or identifier.
        algorithm: String,
    },
    // ---- signing certificate
    /// No certificate in the file is the signer's.
    SigningCertificateNotFound,
    /// The certificate that fits is not the one that the signed attribute names.
    SigningCertificateMismatch,
    /// The issuer and serial of the signed attribute differ from the certificate's.
    SigningCertificateSerial,
    /// No signed attribute names the signing certificate.
    SigningCertificateUnnamed {
        /// Whether the format asks for it.
        demanded: bool,
    },
    // ---- path
    /// The trust store holds nothing to end a path in.
    TrustStoreEmpty,
    /// No certificate at hand issued this one.
    IssuerNotFound {
        /// The subject whose issuer is missing.
        subject: String,
        /// Its serial number, in hex.
        serial: String,
        /// The name of the missing issuer.
        issuer: String,
        /// Where the certificate says that its issuer can be had (caIssuers).
        addresses: Vec<String>,
    },
    /// The path needs an authority that the operator has taken out of the trust store.
    AuthorityRemoved {
        /// Its subject.
        subject: String,
        /// Its SHA-256, in hex.
        sha256: String,
    },
    /// The path ends in a self-signed certificate that is no anchor.
    RootNotTrusted {
        /// Its subject.
        subject: String,
        /// Its SHA-256, in hex.
        sha256: String,
    },
    /// A certificate of the path breaks a rule.
    Chain {
        /// Its subject.
        certificate: String,
        /// Its issuer.
        issuer: String,
        /// The rule.
        fault: ChainFault,
    },
    /// The key usage of the signer's certificate is not for signing documents.
    KeyUsage {
        /// Its subject.
        certificate: String,
    },
    /// The time used lies outside the validity of the signer's certificate, and nothing proves another.
    OutsideValidity {
        /// Its subject.
        certificate: String,
        /// When it begins.
        not_before: Time,
        /// When it ends.
        not_after: Time,
        /// The time used.
        at: Time,
        /// Whether it is known that it was not revoked.
        not_revoked: bool,
    },
    /// The signer's certificate has ended since; the signature is proven to be older. Lowers
    /// nothing.
    EndedSince {
        /// Its subject.
        certificate: String,
        /// When it ended.
        not_after: Time,
        /// The time proven.
        stamped: Time,
    },
    /// The signer's certificate has ended since; the signature is proven to be older, and whether the
    /// certificate was revoked before that is not known.
    EndedUnknown {
        /// Its subject.
        certificate: String,
        /// When it ended.
        not_after: Time,
        /// The time proven.
        stamped: Time,
    },
    /// A content time-stamp proves that the certificate had ended before signing.
    Expired {
        /// Its subject.
        certificate: String,
        /// When it ended.
        not_after: Time,
        /// The time proven.
        stamped: Time,
    },
    /// The proven signing time lies before the certificate's begin.
    NotYetValid {
        /// Its subject.
        certificate: String,
        /// When it begins.
        not_before: Time,
        /// The time proven.
        stamped: Time,
    },
    /// The anchor is not trusted any longer at the time used.
    AnchorEnded {
        /// Its subject.
        certificate: String,
        /// The time used.
        at: Time,
    },
    /// A hash that no longer protects.
    WeakAlgorithm {
        /// Where it was used.
        used: Used,
        /// Its name.
        algorithm: String,
    },
    /// A hash that no longer protects, and a content time-stamp proves that it was used after its
    /// end.
    WeakAlgorithmProven {
        /// Where it was used.
        used: Used,
        /// Its name.
        algorithm: String,
        /// The time proven.
        stamped: Time,
    },
    /// An algorithm that is accepted no longer, and was when it was used. Lowers nothing.
    AlgorithmHistory {
        /// Where it was used.
        used: Used,
        /// Its name.
        algorithm: String,
        /// The time it was used at the latest.
        stamped: Time,
    },
    /// An algorithm that a published catalogue lets end before the time used, announced later than
    /// that catalogue: a warning.
    AlgorithmEnding {
        /// Where it was used.
        used: Used,
        /// Its name.
        algorithm: String,
    },
    /// A key that is too small.
    WeakKey {
        /// Where it was used.
        used: Used,
        /// Its size in bits.
        bits: u32,
    },
    /// SHA-1 in a pinned CA certificate of before 2017, accepted as history.
    Sha1History {
        /// The certificate's subject.
        certificate: String,
    },
    // ---- policy
    /// RSA PKCS#1 v1.5 where Circular 15/2025 App. I 1.2 names RSASSA-PSS; lowers nothing.
    RsaPkcs1,
    /// RSA PKCS#1 v1.5 under a policy that takes Circular 15/2025 App. I 1.2 by the letter.
    RsaPkcs1Refused,
    // ---- status and time
    /// Something about the status of one certificate.
    Status {
        /// Its subject.
        certificate: String,
        /// What.
        fault: StatusFault,
    },
    /// Something about a time-stamp.
    TimeStamp {
        /// `signature`, `content` or `archive`.
        kind: &'static str,
        /// What the token says; proves nothing by itself.
        time: Option<Time>,
        /// What.
        fault: StampFault,
    },
    /// The certificate status was not asked for.
    RevocationNotAsked,
    /// A later revision changed what it should not.
    Changes {
        /// Why that lowers the verdict.
        fault: ChangeFault,
        /// The first such change.
        change: Box<Change>,
        /// How many further ones there are.
        more: u32,
    },
    /// A certification that is not made as the standard wants it.
    Certification {
        /// What is wrong.
        fault: CertificationFault,
    },
    /// What the signed revision itself may hide is not judged yet.
    ContentNotJudged,
    /// The file holds something that could show another document than the signed one, or that acts.
    Content {
        /// What.
        what: ContentDoubt,
        /// The object, where it is one.
        object: Option<u32>,
    },
    // ---- time
    /// The claimed signing time is local time written as UTC.
    SigningTimeLocal {
        /// The claimed time.
        claimed: Time,
        /// The time of the token.
        stamped: Time,
    },
    /// The claimed signing time and the time-stamp are further apart than clocks and queues explain.
    SigningTimeDiffers {
        /// The claimed time.
        claimed: Time,
        /// The time of the token.
        stamped: Time,
    },
    /// The claimed signing time lies after the validation time.
    SigningTimeFuture {
        /// The claimed time.
        claimed: Time,
        /// Whether the PDF's own /M says the same: then it is the validation time that is early, and
        /// nothing is lowered.
        confirmed: bool,
    },
    /// The signature names no time at all.
    SigningTimeUnknown,
    // ---- envelope
    /// A numbered rule of the interchange format is broken.
    Envelope {
        /// The rule's id.
        rule: &'static str,
        /// The element's path.
        path: String,
        /// What was found there.
        detail: String,
    },
    /// The header signature is no XML signature: it stands in the wrong namespace.
    HeaderSignatureNotXmldsig,
    /// An attachment could not be read.
    AttachmentUnreadable {
        /// Its name.
        name: String,
        /// Why.
        detail: String,
    },
    /// An attachment is not signed.
    AttachmentNotSigned {
        /// Its name.
        name: String,
    },
    // ---- network
    /// Something that could have helped to judge a certificate was not had from this address, or
    /// could not be used. Lowers nothing: what is missing for it does.
    NotFetched {
        /// The subject of the certificate that it is about.
        certificate: String,
        /// The address.
        address: String,
        /// Why.
        fault: FetchFault,
    },
    // ---- limits
    /// A limit was reached before the work was done.
    Limit {
        /// Which.
        what: String,
    },
    // ---- XML signatures
    /// Something about the form or the reach of an XML signature.
    Xml {
        /// What.
        fault: XmlFault,
        /// Where, or which: the path of an element, a URI, a name.
        what: String,
    },
}

impl Reason {
    /// The stable code, such as `integrity.digest_mismatch`. Codes are added over time, never
    /// renamed. One ending in `.not_judged` names a check that is not there yet.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignatureDictionary { .. } => "pdf.signature_dictionary",
            Self::DuplicateKey { .. } => "pdf.duplicate_key",
            Self::ByteRange(_) => "pdf.byte_range",
            Self::Contents(_) => "pdf.contents",
            Self::ContentsPadding => "pdf.contents_padding",
            Self::RewrittenAfterSigning => "pdf.rewritten_after_signing",
            Self::SignatureWithoutField => "pdf.signature_without_field",
            Self::SignatureShared => "pdf.signature_shared",
            Self::SignatureRemoved => "pdf.signature_removed",
            Self::SubFilterUnsupported { .. } => "pdf.sub_filter_unsupported",
            Self::SubFilterLegacy { .. } => "pdf.sub_filter_legacy",
            Self::SignatureType => "pdf.signature_type",
            Self::CmsMalformed { .. } => "cms.malformed",
            Self::CmsNotDer => "cms.not_der",
            Self::CmsContentPresent => "cms.content_present",
            Self::SignerInfoCount { .. } => "cms.signer_info_count",
            Self::SignedAttributesAbsent { .. } => "cms.signed_attributes_absent",
            Self::SignedAttribute(..) => "cms.signed_attribute",
            Self::AttributesNotSorted => "cms.attributes_not_sorted",
            Self::AttributesSigned => "cms.attributes_resorted",
            Self::AlgorithmsDisagree { .. } => "algorithm.disagree",
            Self::DigestMismatch { .. } => "integrity.digest_mismatch",
            Self::SignatureInvalid => "integrity.signature_invalid",
            Self::AlgorithmUnsupported { .. } => "algorithm.unsupported",
            Self::SigningCertificateNotFound => "signing_certificate.not_found",
            Self::SigningCertificateMismatch => "signing_certificate.mismatch",
            Self::SigningCertificateSerial => "signing_certificate.serial",
            Self::SigningCertificateUnnamed { .. } => "signing_certificate.unnamed",
            Self::TrustStoreEmpty => "path.trust_store_empty",
            Self::IssuerNotFound { .. } => "path.issuer_not_found",
            Self::AuthorityRemoved { .. } => "path.authority_removed",
            Self::RootNotTrusted { .. } => "path.root_not_trusted",
            Self::Chain { fault, .. } => match fault {
                ChainFault::SignatureBroken => "path.signature_broken",
                ChainFault::NotCa => "path.not_a_ca",
                ChainFault::MayNotIssue => "path.may_not_issue",
                ChainFault::PathTooLong => "path.too_long",
                ChainFault::OutsideValidity { .. } => "path.outside_validity",
                ChainFault::UnknownCritical(_) => "path.unknown_critical",
                ChainFault::Malformed(_) => "path.malformed_certificate",
                ChainFault::AnchorPurpose => "path.anchor_purpose",
                ChainFault::NameNotPermitted(_) => "path.name_not_permitted",
                ChainFault::NoPolicy => "path.no_policy",
            },
            Self::KeyUsage { .. } => "certificate.key_usage",
            Self::OutsideValidity { .. } => "certificate.outside_validity",
            Self::EndedSince { .. } => "certificate.ended_since",
            Self::EndedUnknown { .. } => "certificate.ended_status_unknown",
            Self::Expired { .. } => "certificate.expired",
            Self::NotYetValid { .. } => "certificate.not_yet_valid",
            Self::AnchorEnded { .. } => "path.anchor_ended",
            Self::WeakAlgorithm { .. } => "algorithm.weak",
            Self::WeakAlgorithmProven { .. } => "algorithm.weak_proven",
            Self::AlgorithmHistory { .. } => "algorithm.history",
            Self::AlgorithmEnding { .. } => "algorithm.ending",
            Self::WeakKey { .. } => "algorithm.weak_key",
            Self::Sha1History { .. } => "algorithm.sha1_history",
            Self::RsaPkcs1 => "policy.rsa_pkcs1",
            Self::RsaPkcs1Refused => "policy.rsa_pkcs1_refused",
            Self::Status { fault, .. } => fault.code(),
            Self::TimeStamp { fault, .. } => fault.code(),
            Self::RevocationNotAsked => "revocation.not_asked",
            Self::Changes { fault, .. } => fault.code(),
            Self::Certification { fault } => fault.code(),
            Self::ContentNotJudged => "content.not_judged",
            Self::Content { what, .. } => what.code(),
            Self::SigningTimeLocal { .. } => "signing_time.local_as_utc",
            Self::SigningTimeDiffers { .. } => "signing_time.differs",
            Self::SigningTimeFuture { .. } => "signing_time.future",
            Self::SigningTimeUnknown => "signing_time.unknown",
            Self::Envelope { .. } => "envelope.rule",
            Self::HeaderSignatureNotXmldsig => "envelope.header_signature.not_xmldsig",
            Self::AttachmentUnreadable { .. } => "envelope.attachment_unreadable",
            Self::AttachmentNotSigned { .. } => "envelope.attachment_not_signed",
            Self::NotFetched { fault, .. } => fault.code(),
            Self::Limit { .. } => "limit.reached",
            Self::Xml { fault, .. } => fault.code(),
        }
    }

    /// The constant of EN 319 102-1 that this reason leads to; `None` for a reason that lowers
    /// nothing and for a check that is not there yet.
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.effect().1
    }

    /// What this reason holds the verdict at: `None` lowers nothing.
    pub fn indication(&self) -> Option<Indication> {
        self.effect().0
    }

    /// Something is missing to judge: an issuer, a status, a method; nothing speaks against it.
    pub(crate) fn lacks_something(&self) -> bool {
        matches!(
            self,
            Self::TrustStoreEmpty
                | Self::IssuerNotFound { .. }
                | Self::AuthorityRemoved { .. }
                | Self::AlgorithmUnsupported { .. }
                | Self::Limit { .. }
                | Self::Xml {
                    fault: XmlFault::Transform,
                    ..
                }
                | Self::Status {
                    fault: StatusFault::Missing { .. }
                        | StatusFault::Stale { .. }
                        | StatusFault::IssuedAfterEnd { .. },
                    ..
                }
        )
    }

    /// One sentence for a person: what was found.
    pub fn message(&self, lang: Lang) -> String {
        message::reason(self, lang).0
    }

    /// The class of the finding, by the catalogue of attacks: coarser than the code.
    pub fn class(&self) -> Class {
        message::facts(self).class
    }

    /// What usually lies behind it; a help for whoever has to find out, never a finding.
    pub fn cause(&self, lang: Lang) -> &'static str {
        message::facts(self).cause(lang)
    }

    /// The clauses of law and standard that ask for the check, parted by semicolons.
    ///
    /// ```
    /// use kyso::{Lang, Reason};
    ///
    /// let reason = Reason::RsaPkcs1;
    /// assert!(reason.source(Lang::Vi).starts_with("Thông tư 15/2025/TT-BKHCN, Phụ lục I 1.2"));
    /// ```
    pub fn source(&self, lang: Lang) -> String {
        message::facts(self).source(lang)
    }

    /// What to do next; empty where nothing is to be done.
    pub fn advice(&self, lang: Lang) -> String {
        message::reason(self, lang).1
    }

    fn effect(&self) -> (Option<Indication>, Option<SubIndication>) {
        use SubIndication as S;
        let named = |sub: S| (Some(sub.indication()), Some(sub));
        let undecided = (Some(Indication::Indeterminate), None);
        let nothing = (None, None);
        match self {
            Self::SignatureDictionary { .. }
            | Self::DuplicateKey { .. }
            | Self::ByteRange(_)
            | Self::RewrittenAfterSigning
            | Self::SignatureWithoutField
            | Self::SignatureShared
            | Self::SubFilterUnsupported { .. }
            | Self::SignatureType
            | Self::CmsMalformed { .. }
            | Self::CmsContentPresent
            | Self::SignerInfoCount { .. } => named(S::FormatFailure),
            // An odd last digit is read as if a zero followed (ISO 32000-2 §7.3.4.3); it stands in
            // the padding, and the cryptography decides about the rest.
            Self::Contents(ContentsFault::OddDigits) | Self::ContentsPadding => {
                named(S::SigConstraintsFailure)
            }
            Self::Contents(_) => named(S::FormatFailure),
            Self::SignedAttributesAbsent { demanded: true } => named(S::FormatFailure),
            Self::SignedAttributesAbsent { demanded: false } | Self::SignatureRemoved => {
                named(S::SigConstraintsFailure)
            }
            Self::SignedAttribute(
                SignedAttribute::ContentType | SignedAttribute::MessageDigest,
                _,
            ) => named(S::FormatFailure),
            Self::SignedAttribute(..) => named(S::SigConstraintsFailure),
            Self::SubFilterLegacy { .. }
            | Self::WeakAlgorithm { .. }
            | Self::WeakKey { .. }
            | Self::AlgorithmsDisagree { .. }
            | Self::AlgorithmUnsupported { .. } => named(S::CryptoConstraintsFailureNoPoe),
            Self::DigestMismatch { .. } => named(S::HashFailure),
            Self::SignatureInvalid => named(S::SigCryptoFailure),
            Self::SigningCertificateNotFound | Self::SigningCertificateMismatch => {
                named(S::NoSigningCertificateFound)
            }
            Self::SigningCertificateUnnamed { demanded: true } => named(S::SigConstraintsFailure),
            Self::TrustStoreEmpty
            | Self::IssuerNotFound { .. }
            | Self::AuthorityRemoved { .. }
            | Self::RootNotTrusted { .. } => named(S::NoCertificateChainFound),
            Self::Chain { fault, .. } => match fault {
                ChainFault::AnchorPurpose => named(S::ChainConstraintsFailure),
                // Whoever bears the issuer's name and has another key did not issue it: there is no
                // chain (clause 5.2.6.4 step 2a).
                ChainFault::SignatureBroken => named(S::NoCertificateChainFound),
                _ => named(S::CertificateChainGeneralFailure),
            },
            Self::KeyUsage { .. } => named(S::ChainConstraintsFailure),
            Self::OutsideValidity { not_revoked, .. } => named(if *not_revoked {
                S::OutOfBoundsNotRevoked
            } else {
                S::OutOfBoundsNoPoe
            }),
            Self::EndedUnknown { .. } => named(S::OutOfBoundsNoPoe),
            Self::Expired { .. } => named(S::Expired),
            Self::NotYetValid { .. } => named(S::NotYetValid),
            Self::AnchorEnded { .. } => named(S::NoCertificateChainFoundNoPoe),
            Self::WeakAlgorithmProven { .. } => named(S::CryptoConstraintsFailure),
            Self::RsaPkcs1Refused => named(S::SigConstraintsFailure),
            Self::Status { fault, .. } => match fault.sub_indication() {
                Some(sub) => named(sub),
                None => nothing,
            },
            Self::TimeStamp {
                fault: StampFault::NotJudged,
                ..
            } => undecided,
            Self::TimeStamp { fault, .. } => match fault.sub_indication() {
                Some(sub) => named(sub),
                None => nothing,
            },
            Self::ContentNotJudged => undecided,
            Self::Xml { fault, .. } => fault.effect(),
            Self::Changes { fault, .. } => fault.effect(),
            Self::SigningTimeFuture {
                confirmed: true, ..
            } => nothing,
            Self::Certification { .. } | Self::SigningTimeFuture { .. } => {
                named(S::SigConstraintsFailure)
            }
            Self::Content { .. }
            | Self::Envelope { .. }
            | Self::AttachmentUnreadable { .. }
            | Self::Limit { .. } => named(S::Custom),
            Self::CmsNotDer
            | Self::AttributesNotSorted
            | Self::AttributesSigned
            | Self::SigningCertificateSerial
            | Self::SigningCertificateUnnamed { demanded: false }
            | Self::Sha1History { .. }
            | Self::RsaPkcs1
            | Self::EndedSince { .. }
            | Self::AlgorithmHistory { .. }
            | Self::AlgorithmEnding { .. }
            | Self::RevocationNotAsked
            | Self::SigningTimeDiffers { .. }
            | Self::SigningTimeLocal { .. }
            | Self::SigningTimeUnknown
            | Self::HeaderSignatureNotXmldsig
            | Self::AttachmentNotSigned { .. }
            | Self::NotFetched { .. } => nothing,
        }
    }
}

/// The gravest indication that some reasons lead to, and its constant. Where only checks that are
/// not there yet hold it, the constant is `None`; `None` as a whole when nothing lowers it.
pub fn headline<'r>(
    reasons: impl IntoIterator<Item = &'r Reason>,
) -> Option<(Indication, Option<SubIndication>)> {
    reasons
        .into_iter()
        .filter(|reason| reason.indication().is_some())
        .min_by_key(|reason| gravity(reason))
        .and_then(|reason| Some((reason.indication()?, reason.sub_indication())))
}

/// The order of gravity, the gravest least: failures first, within one indication a named constant
/// before an unnamed one, and what lowers nothing last.
pub(crate) fn gravity(reason: &Reason) -> impl Ord + use<> {
    let (indication, sub) = reason.effect();
    (std::cmp::Reverse(indication), sub.is_none(), sub)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_failure_is_the_headline_whatever_else_was_found() {
        let reasons = [
            Reason::Limit { what: "x".into() },
            Reason::TrustStoreEmpty,
            Reason::DigestMismatch {
                algorithm: "SHA-256",
            },
            Reason::RewrittenAfterSigning,
        ];
        assert_eq!(
            headline(&reasons),
            Some((Indication::TotalFailed, Some(SubIndication::HashFailure)))
        );
    }

    #[test]
    fn a_named_cause_is_shown_before_a_check_that_is_not_there_yet() {
        let reasons = [
            Reason::ContentNotJudged,
            Reason::TrustStoreEmpty,
            Reason::RsaPkcs1,
        ];
        assert_eq!(
            headline(&reasons),
            Some((
                Indication::Indeterminate,
                Some(SubIndication::NoCertificateChainFound)
            ))
        );
        assert_eq!(
            headline(&[Reason::ContentNotJudged]),
            Some((Indication::Indeterminate, None))
        );
    }

    #[test]
    fn reasons_that_only_inform_lower_nothing() {
        assert_eq!(
            headline(&[Reason::RsaPkcs1, Reason::RevocationNotAsked]),
            None
        );
    }
}
