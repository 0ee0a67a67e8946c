//! `docs/VERDICTS.md` is written from the messages themselves, and this test holds them together.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::message::Lang;
use crate::time::Time;
use crate::verdict::{
    AttributeFault, ByteRangeFault, ChainFault, ContentDoubt, ContentsFault, Indication, Reason,
    SignedAttribute, StampFault, StatusFault, SubIndication, Used,
};

#[test]
fn the_page_of_verdicts_is_current_and_every_reason_speaks_two_languages() {
    let mut page = String::from(HEAD);
    let mut codes = Vec::new();
    for reason in every() {
        let code = reason.code();
        for lang in [Lang::Vi, Lang::En] {
            assert!(!reason.message(lang).is_empty(), "{code} says nothing");
        }
        assert_ne!(reason.message(Lang::Vi), reason.message(Lang::En), "{code}");
        if codes.contains(&code) {
            continue;
        }
        codes.push(code);
        let sub = match (reason.indication(), reason.sub_indication()) {
            (None, _) => "lowers nothing".to_owned(),
            (Some(_), Some(sub)) => sub.to_string(),
            (Some(Indication::Indeterminate), None) => "INDETERMINATE".to_owned(),
            (Some(indication), None) => indication.to_string(),
        };
        let _ = write!(page, "### `{code}`\n\n{sub}\n\n");
        for (lang, name) in [(Lang::Vi, "vi"), (Lang::En, "en")] {
            let _ = write!(page, "- {name}: {}.", reason.message(lang));
            let advice = reason.advice(lang);
            if !advice.is_empty() {
                let _ = write!(page, " → *{advice}*");
            }
            page.push('\n');
        }
        page.push('\n');
    }
    let page = page.trim_end().to_owned() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/VERDICTS.md");
    if std::env::var_os("KYSO_UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let committed = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        committed == page,
        "docs/VERDICTS.md is not current; write it anew with KYSO_UPDATE=1"
    );
}

/// One of each, the variable parts filled with examples. The match makes the compiler ask for a
/// new line here whenever a reason is added.
fn every() -> Vec<Reason> {
    let time = |seconds| Time::from_unix(seconds).at_offset(Time::VIET_NAM);
    let (begin, end, at) = (
        time(1_546_534_800),
        time(1_704_214_800),
        time(1_661_421_600),
    );
    let subject = || "C=VN, O=Ủy ban nhân dân tỉnh Ví Dụ, CN=Văn phòng".to_owned();
    let issuer = || "C=VN, O=Cơ quan thử nghiệm, CN=CA thử nghiệm".to_owned();
    let chain = |fault| Reason::Chain {
        certificate: subject(),
        issuer: issuer(),
        fault,
    };
    let status = |fault| Reason::Status {
        certificate: subject(),
        fault,
    };
    let doubt = |what| Reason::Content {
        what,
        object: Some(14),
    };
    let stamp = |fault| Reason::TimeStamp {
        kind: "signature",
        time: Some(at),
        fault,
    };
    let all = vec![
        Reason::DigestMismatch {
            algorithm: "SHA-256",
        },
        Reason::SignatureInvalid,
        Reason::AlgorithmUnsupported {
            algorithm: "1.3.101.113".into(),
        },
        Reason::AlgorithmsDisagree {
            digest: "SHA-256",
            signature: "SHA-1",
        },
        Reason::WeakAlgorithm {
            used: Used::Document,
            algorithm: "SHA-1".into(),
        },
        Reason::WeakKey {
            used: Used::Certificate(subject()),
            bits: 1024,
        },
        Reason::Sha1History {
            certificate: issuer(),
        },
        Reason::RsaPkcs1,
        Reason::SignatureDictionary { key: "SubFilter" },
        Reason::DuplicateKey {
            key: "Contents".into(),
        },
        Reason::ByteRange(ByteRangeFault::GapIsNotContents),
        Reason::Contents(ContentsFault::Empty),
        Reason::ContentsPadding,
        Reason::RewrittenAfterSigning,
        Reason::SignatureWithoutField,
        Reason::SignatureShared,
        Reason::SignatureRemoved,
        Reason::SubFilterUnsupported {
            name: "X.Unknown".into(),
        },
        Reason::SubFilterLegacy {
            name: "adbe.pkcs7.sha1",
        },
        Reason::SignatureType,
        Reason::CmsMalformed {
            detail: "length".into(),
        },
        Reason::CmsNotDer,
        Reason::CmsContentPresent,
        Reason::SignerInfoCount { count: 2 },
        Reason::SignedAttributesAbsent { demanded: true },
        Reason::SignedAttribute(SignedAttribute::MessageDigest, AttributeFault::Repeated),
        Reason::AttributesNotSorted,
        Reason::AttributesSigned,
        Reason::SigningCertificateNotFound,
        Reason::SigningCertificateMismatch,
        Reason::SigningCertificateSerial,
        Reason::SigningCertificateUnnamed { demanded: false },
        Reason::TrustStoreEmpty,
        Reason::IssuerNotFound {
            subject: subject(),
            issuer: issuer(),
            addresses: vec!["http://ca.example/ca.crt".into()],
        },
        Reason::RootNotTrusted {
            subject: issuer(),
            sha256: "00…".into(),
        },
        chain(ChainFault::SignatureBroken),
        chain(ChainFault::NotCa),
        chain(ChainFault::MayNotIssue),
        chain(ChainFault::PathTooLong),
        chain(ChainFault::OutsideValidity {
            not_before: begin,
            not_after: end,
            at,
        }),
        chain(ChainFault::UnknownCritical("1.2.3.4".into())),
        chain(ChainFault::Malformed("trailing octets")),
        chain(ChainFault::AnchorPurpose),
        chain(ChainFault::NameNotPermitted(issuer())),
        chain(ChainFault::NoPolicy),
        chain(ChainFault::Budget),
        Reason::KeyUsage {
            certificate: subject(),
        },
        Reason::OutsideValidity {
            certificate: subject(),
            not_before: begin,
            not_after: end,
            at,
            not_revoked: false,
        },
        Reason::EndedSince {
            certificate: subject(),
            not_after: end,
            stamped: at,
        },
        Reason::Expired {
            certificate: subject(),
            not_after: begin,
            stamped: at,
        },
        Reason::NotYetValid {
            certificate: subject(),
            not_before: end,
            stamped: at,
        },
        Reason::AnchorEnded {
            certificate: issuer(),
            at,
        },
        status(StatusFault::Missing {
            addresses: vec!["http://ocsp.example/".into()],
        }),
        status(StatusFault::Stale {
            this_update: begin,
            next_update: Some(at),
            at: end,
        }),
        status(StatusFault::OnHold { since: at }),
        status(StatusFault::Revoked {
            at,
            reason: Some("keyCompromise"),
            authority: false,
        }),
        status(StatusFault::Revoked {
            at,
            reason: None,
            authority: true,
        }),
        status(StatusFault::RevokedProven {
            at: begin,
            stamped: at,
        }),
        status(StatusFault::RevokedLater {
            at: end,
            reason: Some("superseded"),
            stamped: at,
        }),
        status(StatusFault::IssuerOutsideValidity {
            issuer: issuer(),
            not_after: at,
        }),
        status(StatusFault::Refused {
            source: "CRL",
            why: "crl.scope",
        }),
        stamp(StampFault::Malformed {
            detail: "length".into(),
        }),
        stamp(StampFault::Imprint),
        stamp(StampFault::ImprintUnsupported {
            algorithm: "1.2.3.4".into(),
        }),
        stamp(StampFault::Purpose),
        stamp(StampFault::CriticalExtension {
            oid: "1.2.3.4".into(),
        }),
        stamp(StampFault::Future { at: begin }),
        stamp(StampFault::NotPassed {
            sub_indication: Some(SubIndication::NoCertificateChainFound),
        }),
        stamp(StampFault::Order { other: end }),
        stamp(StampFault::Delay { claimed: begin }),
        stamp(StampFault::ImprintHistory {
            algorithm: "SHA-1".into(),
        }),
        stamp(StampFault::Demanded),
        stamp(StampFault::NotJudged),
        Reason::WeakAlgorithmProven {
            used: Used::Document,
            algorithm: "SHA-1".into(),
            stamped: at,
        },
        Reason::AlgorithmHistory {
            used: Used::Document,
            algorithm: "SHA-1".into(),
            stamped: at,
        },
        Reason::AlgorithmEnding {
            used: Used::Certificate(subject()),
            algorithm: "RSA 2048".into(),
        },
        Reason::RsaPkcs1Refused,
        Reason::SigningTimeDiffers {
            claimed: begin,
            stamped: at,
        },
        Reason::RevocationNotAsked,
        Reason::ChangesNotJudged { revisions: 1 },
        Reason::ContentNotJudged,
        doubt(ContentDoubt::Dangling),
        doubt(ContentDoubt::Active),
        doubt(ContentDoubt::External),
        doubt(ContentDoubt::Hidden),
        doubt(ContentDoubt::DoubledKey),
        doubt(ContentDoubt::OptionalContent),
        doubt(ContentDoubt::Encrypted),
        doubt(ContentDoubt::TooMany),
        Reason::SigningTimeLocal {
            claimed: time(1_661_446_800),
            stamped: at,
        },
        Reason::SigningTimeFuture { claimed: at },
        Reason::SigningTimeUnknown,
        Reason::Envelope {
            rule: "M1",
            path: "/edXML/edXMLEnvelope".into(),
            detail: "cid:1".into(),
        },
        Reason::HeaderSignatureNotJudged,
        Reason::HeaderSignatureNotXmldsig,
        Reason::AttachmentUnreadable {
            name: "a.pdf".into(),
            detail: "base64".into(),
        },
        Reason::AttachmentNotSigned {
            name: "phu-luc.pdf".into(),
        },
        Reason::Limit {
            what: "ASN.1".into(),
        },
    ];
    for reason in &all {
        match reason {
            Reason::SignatureDictionary { .. }
            | Reason::DuplicateKey { .. }
            | Reason::ByteRange(_)
            | Reason::Contents(_)
            | Reason::ContentsPadding
            | Reason::RewrittenAfterSigning
            | Reason::SignatureWithoutField
            | Reason::SignatureShared
            | Reason::SignatureRemoved
            | Reason::SubFilterUnsupported { .. }
            | Reason::SubFilterLegacy { .. }
            | Reason::SignatureType
            | Reason::CmsMalformed { .. }
            | Reason::CmsNotDer
            | Reason::CmsContentPresent
            | Reason::SignerInfoCount { .. }
            | Reason::SignedAttributesAbsent { .. }
            | Reason::SignedAttribute(..)
            | Reason::AttributesNotSorted
            | Reason::AttributesSigned
            | Reason::AlgorithmsDisagree { .. }
            | Reason::DigestMismatch { .. }
            | Reason::SignatureInvalid
            | Reason::AlgorithmUnsupported { .. }
            | Reason::SigningCertificateNotFound
            | Reason::SigningCertificateMismatch
            | Reason::SigningCertificateSerial
            | Reason::SigningCertificateUnnamed { .. }
            | Reason::TrustStoreEmpty
            | Reason::IssuerNotFound { .. }
            | Reason::RootNotTrusted { .. }
            | Reason::Chain { .. }
            | Reason::KeyUsage { .. }
            | Reason::OutsideValidity { .. }
            | Reason::WeakAlgorithm { .. }
            | Reason::WeakKey { .. }
            | Reason::Sha1History { .. }
            | Reason::RsaPkcs1
            | Reason::RevocationNotAsked
            | Reason::Status { .. }
            | Reason::TimeStamp { .. }
            | Reason::EndedSince { .. }
            | Reason::Expired { .. }
            | Reason::NotYetValid { .. }
            | Reason::AnchorEnded { .. }
            | Reason::WeakAlgorithmProven { .. }
            | Reason::AlgorithmHistory { .. }
            | Reason::AlgorithmEnding { .. }
            | Reason::RsaPkcs1Refused
            | Reason::SigningTimeDiffers { .. }
            | Reason::ChangesNotJudged { .. }
            | Reason::ContentNotJudged
            | Reason::Content { .. }
            | Reason::SigningTimeLocal { .. }
            | Reason::SigningTimeFuture { .. }
            | Reason::SigningTimeUnknown
            | Reason::Envelope { .. }
            | Reason::HeaderSignatureNotJudged
            | Reason::HeaderSignatureNotXmldsig
            | Reason::AttachmentUnreadable { .. }
            | Reason::AttachmentNotSigned { .. }
            | Reason::Limit { .. } => {}
        }
    }
    all
}

const HEAD: &str = "\
# The reasons in an answer

Every reason a report can hold: its stable code, the constant of EN 319 102-1 it leads to, and what it says, with example names and times. This page is written from the program's own messages by a test.

A code ending in `.not_judged` names a check that is not there yet; it holds the verdict at INDETERMINATE where the check could have changed it.

";
