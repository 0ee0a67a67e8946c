//! What stands behind each [`Reason`]: its class, its source, its usual cause, and the case that
//! shows it. One row for each code, in the file of its family; the matches below have no wildcard,
//! so that the compiler asks for a row whenever a reason is added.
//!
//! `docs/VERDICTS.md` is written from these rows and the messages; `core/tests/reasons.rs` holds
//! every row's case against what the verifier really answers.

mod content;
mod fetch;
mod form;
mod status;
mod trust;
mod xml;

use crate::message::Lang;
use crate::verdict::{
    CertificationFault, ChainFault, ChangeFault, Class, ContentDoubt, Reason, StampFault,
    StatusFault,
};

/// One row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// The class, by the catalogue of attacks.
    pub(crate) class: Class,
    /// The clauses that ask for the check, in English; see [`Facts::source`].
    pub(crate) source: &'static str,
    /// What usually lies behind it, in Vietnamese and English, without a full stop.
    pub(crate) cause: (&'static str, &'static str),
    /// A folder of `test-vectors/`, or a case of `core/tests/reasons.rs`, that produces it.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) shown: Shown,
}

/// Where a reason can be seen.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) enum Shown {
    /// A folder of `test-vectors/`.
    Vector(&'static str),
    /// A case that `core/tests/reasons.rs` makes afresh.
    Case(&'static str),
}

impl Facts {
    /// The usual cause.
    pub(crate) fn cause(&self, lang: Lang) -> &'static str {
        lang.pick(self.cause.0, self.cause.1)
    }

    /// The clauses; laws are named in the reader's language, standards by their numbers.
    pub(crate) fn source(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.source.to_owned(),
            Lang::Vi => LAWS.iter().fold(self.source.to_owned(), |text, (en, vi)| {
                text.replace(en, vi)
            }),
        }
    }
}

const LAWS: [(&str, &str); 5] = [
    ("Circular ", "Thông tư "),
    ("Decree ", "Nghị định "),
    ("Law ", "Luật "),
    ("Art. ", "Điều "),
    ("App. ", "Phụ lục "),
];

/// The row of a reason.
pub(crate) fn facts(reason: &Reason) -> &'static Facts {
    match reason {
        Reason::SignatureDictionary { .. } => &form::SIGNATURE_DICTIONARY,
        Reason::DuplicateKey { .. } => &form::DUPLICATE_KEY,
        Reason::ByteRange(_) => &form::BYTE_RANGE,
        Reason::Contents(_) => &form::CONTENTS,
        Reason::ContentsPadding => &form::CONTENTS_PADDING,
        Reason::RewrittenAfterSigning => &form::REWRITTEN_AFTER_SIGNING,
        Reason::SignatureWithoutField => &form::SIGNATURE_WITHOUT_FIELD,
        Reason::SignatureShared => &form::SIGNATURE_SHARED,
        Reason::SignatureRemoved => &form::SIGNATURE_REMOVED,
        Reason::SubFilterUnsupported { .. } => &form::SUB_FILTER_UNSUPPORTED,
        Reason::SubFilterLegacy { .. } => &form::SUB_FILTER_LEGACY,
        Reason::SignatureType => &form::SIGNATURE_TYPE,
        Reason::CmsMalformed { .. } => &form::CMS_MALFORMED,
        Reason::CmsNotDer => &form::CMS_NOT_DER,
        Reason::CmsContentPresent => &form::CMS_CONTENT_PRESENT,
        Reason::SignerInfoCount { .. } => &form::SIGNER_INFO_COUNT,
        Reason::SignedAttributesAbsent { .. } => &form::SIGNED_ATTRIBUTES_ABSENT,
        Reason::SignedAttribute(..) => &form::SIGNED_ATTRIBUTE,
        Reason::AttributesNotSorted => &form::ATTRIBUTES_NOT_SORTED,
        Reason::AttributesSigned => &form::ATTRIBUTES_RESORTED,
        Reason::AlgorithmsDisagree { .. } => &form::ALGORITHMS_DISAGREE,
        Reason::DigestMismatch { .. } => &form::DIGEST_MISMATCH,
        Reason::SignatureInvalid => &form::SIGNATURE_INVALID,
        Reason::AlgorithmUnsupported { .. } => &form::ALGORITHM_UNSUPPORTED,
        Reason::SigningCertificateNotFound => &trust::SIGNING_CERTIFICATE_NOT_FOUND,
        Reason::SigningCertificateMismatch => &trust::SIGNING_CERTIFICATE_MISMATCH,
        Reason::SigningCertificateSerial => &trust::SIGNING_CERTIFICATE_SERIAL,
        Reason::SigningCertificateUnnamed { .. } => &trust::SIGNING_CERTIFICATE_UNNAMED,
        Reason::TrustStoreEmpty => &trust::TRUST_STORE_EMPTY,
        Reason::IssuerNotFound { .. } => &trust::ISSUER_NOT_FOUND,
        Reason::AuthorityRemoved { .. } => &trust::AUTHORITY_REMOVED,
        Reason::RootNotTrusted { .. } => &trust::ROOT_NOT_TRUSTED,
        Reason::Chain { fault, .. } => chain(fault),
        Reason::KeyUsage { .. } => &trust::KEY_USAGE,
        Reason::OutsideValidity { .. } => &trust::OUTSIDE_VALIDITY,
        Reason::EndedSince { .. } => &trust::ENDED_SINCE,
        Reason::EndedUnknown { .. } => &status::ENDED_STATUS_UNKNOWN,
        Reason::Expired { .. } => &trust::EXPIRED,
        Reason::NotYetValid { .. } => &trust::NOT_YET_VALID,
        Reason::AnchorEnded { .. } => &trust::ANCHOR_ENDED,
        Reason::WeakAlgorithm { .. } => &trust::WEAK_ALGORITHM,
        Reason::WeakAlgorithmProven { .. } => &trust::WEAK_ALGORITHM_PROVEN,
        Reason::AlgorithmHistory { .. } => &trust::ALGORITHM_HISTORY,
        Reason::AlgorithmEnding { .. } => &trust::ALGORITHM_ENDING,
        Reason::WeakKey { .. } => &trust::WEAK_KEY,
        Reason::Sha1History { .. } => &trust::SHA1_HISTORY,
        Reason::RsaPkcs1 => &trust::RSA_PKCS1,
        Reason::RsaPkcs1Refused => &trust::RSA_PKCS1_REFUSED,
        Reason::Status { fault, .. } => status(fault),
        Reason::TimeStamp { fault, .. } => stamp(fault),
        Reason::RevocationNotAsked => &status::NOT_ASKED,
        Reason::Changes { fault, .. } => changes(*fault),
        Reason::Certification { fault } => match fault {
            CertificationFault::NotFirst => &content::CERTIFICATION_NOT_FIRST,
            CertificationFault::UnknownLevel => &content::CERTIFICATION_LEVEL,
        },
        Reason::ContentNotJudged => &content::CONTENT_NOT_JUDGED,
        Reason::Content { what, .. } => doubt(*what),
        Reason::SigningTimeLocal { .. } => &status::SIGNING_TIME_LOCAL,
        Reason::SigningTimeDiffers { .. } => &status::SIGNING_TIME_DIFFERS,
        Reason::SigningTimeFuture { .. } => &status::SIGNING_TIME_FUTURE,
        Reason::SigningTimeUnknown => &status::SIGNING_TIME_UNKNOWN,
        Reason::Envelope { .. } => &content::ENVELOPE_RULE,
        Reason::HeaderSignatureNotXmldsig => &content::HEADER_SIGNATURE_NOT_XMLDSIG,
        Reason::AttachmentUnreadable { .. } => &content::ATTACHMENT_UNREADABLE,
        Reason::AttachmentNotSigned { .. } => &content::ATTACHMENT_NOT_SIGNED,
        Reason::NotFetched { fault, .. } => fetch::row(fault),
        Reason::Limit { .. } => &content::LIMIT,
        Reason::Xml { fault, .. } => xml::facts(*fault),
    }
}

fn chain(fault: &ChainFault) -> &'static Facts {
    match fault {
        ChainFault::SignatureBroken => &trust::SIGNATURE_BROKEN,
        ChainFault::NotCa => &trust::NOT_A_CA,
        ChainFault::MayNotIssue => &trust::MAY_NOT_ISSUE,
        ChainFault::PathTooLong => &trust::PATH_TOO_LONG,
        ChainFault::OutsideValidity { .. } => &trust::AUTHORITY_OUTSIDE_VALIDITY,
        ChainFault::UnknownCritical(_) => &trust::UNKNOWN_CRITICAL,
        ChainFault::Malformed(_) => &trust::MALFORMED_CERTIFICATE,
        ChainFault::AnchorPurpose => &trust::ANCHOR_PURPOSE,
        ChainFault::NameNotPermitted(_) => &trust::NAME_NOT_PERMITTED,
        ChainFault::NoPolicy => &trust::NO_POLICY,
    }
}

fn status(fault: &StatusFault) -> &'static Facts {
    match fault {
        StatusFault::Missing { .. } => &status::MISSING,
        StatusFault::IssuedAfterEnd { .. } => &status::ISSUED_AFTER_END,
        StatusFault::Stale { .. } => &status::STALE,
        StatusFault::OnHold { .. } => &status::ON_HOLD,
        StatusFault::Revoked {
            authority: false, ..
        } => &status::REVOKED,
        StatusFault::Revoked {
            authority: true, ..
        } => &status::AUTHORITY_REVOKED,
        StatusFault::RevokedProven { .. } => &status::REVOKED_BEFORE_SIGNING,
        StatusFault::RevokedLater { .. } => &status::REVOKED_LATER,
        StatusFault::IssuerOutsideValidity { .. } => &status::ISSUER_OUTSIDE_VALIDITY,
        StatusFault::Refused { .. } => &status::EVIDENCE_REFUSED,
    }
}

fn stamp(fault: &StampFault) -> &'static Facts {
    match fault {
        StampFault::Malformed { .. } => &status::STAMP_MALFORMED,
        StampFault::Imprint => &status::STAMP_IMPRINT,
        StampFault::ImprintUnsupported { .. } => &status::STAMP_IMPRINT_UNSUPPORTED,
        StampFault::Purpose => &status::STAMP_PURPOSE,
        StampFault::CriticalExtension { .. } => &status::STAMP_CRITICAL_EXTENSION,
        StampFault::Future { .. } => &status::STAMP_FUTURE,
        StampFault::NotPassed { .. } => &status::STAMP_NOT_PASSED,
        StampFault::Order { .. } => &status::STAMP_ORDER,
        StampFault::Delay { .. } => &status::STAMP_DELAY,
        StampFault::ImprintHistory { .. } => &status::STAMP_SHA1_HISTORY,
        StampFault::Demanded => &status::STAMP_DEMANDED,
        StampFault::NotJudged => &status::STAMP_NOT_JUDGED,
    }
}

fn changes(fault: ChangeFault) -> &'static Facts {
    match fault {
        ChangeFault::Forbidden => &content::CHANGES_FORBIDDEN,
        ChangeFault::Certification => &content::CHANGES_CERTIFICATION,
        ChangeFault::FieldLock => &content::CHANGES_FIELD_LOCKED,
        ChangeFault::Annotation => &content::CHANGES_ANNOTATION,
        ChangeFault::Appearance => &content::CHANGES_APPEARANCE,
        ChangeFault::UntrustedField => &content::CHANGES_UNTRUSTED_FIELD,
        ChangeFault::UnsettledField => &content::CHANGES_UNSETTLED_FIELD,
        ChangeFault::Trailing => &content::CHANGES_TRAILING,
    }
}

fn doubt(what: ContentDoubt) -> &'static Facts {
    match what {
        ContentDoubt::Dangling => &content::DANGLING,
        ContentDoubt::Active => &content::ACTIVE,
        ContentDoubt::External => &content::EXTERNAL,
        ContentDoubt::Hidden => &content::HIDDEN,
        ContentDoubt::DoubledKey => &content::DOUBLED_KEY,
        ContentDoubt::BeforeHeader => &content::BEFORE_HEADER,
        ContentDoubt::Encrypted => &content::ENCRYPTED,
        ContentDoubt::EncryptionChanged => &content::ENCRYPTION_CHANGED,
        ContentDoubt::Repair => &content::REPAIR,
        ContentDoubt::Structure => &content::STRUCTURE,
        ContentDoubt::TooMany => &content::TOO_MANY,
    }
}
