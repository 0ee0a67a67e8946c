//! `docs/VERDICTS.md` is written from the messages themselves, and this test holds them together.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::error::ErrorKind;
use crate::message::facts::{Shown, facts};
use crate::message::words::refusal;
use crate::message::{Lang, change_brief};
use crate::time::Time;
use crate::verdict::{
    AttributeFault, ByteRangeFault, CertificationFault, ChainFault, Change, ChangeFault,
    ChangeKind, ContentDoubt, ContentsFault, FetchFault, Indication, Reason, SignedAttribute,
    StampFault, StatusFault, SubIndication, Used, XmlFault,
};

#[test]
fn the_page_of_verdicts_is_current_and_every_reason_speaks_two_languages() {
    let mut rows: Vec<Row> = Vec::new();
    for reason in every() {
        let code = reason.code();
        for lang in [Lang::Vi, Lang::En] {
            assert!(!reason.message(lang).is_empty(), "{code} says nothing");
            assert!(!reason.cause(lang).is_empty(), "{code} has no cause");
        }
        assert_ne!(reason.message(Lang::Vi), reason.message(Lang::En), "{code}");
        assert_ne!(reason.cause(Lang::Vi), reason.cause(Lang::En), "{code}");
        assert!(!reason.source(Lang::En).is_empty(), "{code} has no source");
        match rows.iter_mut().find(|row| row.code == code) {
            Some(row) => row.also(&reason),
            None => rows.push(Row::of(reason)),
        }
    }
    let page = page(&rows);
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

#[test]
fn every_vector_that_a_row_names_is_there() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    for reason in every() {
        if let Shown::Vector(name) = facts(&reason).shown {
            let code = reason.code();
            let expect = vectors.join(name).join("expect.json");
            assert!(expect.is_file(), "{code}: {name}");
        }
    }
}

/// One code: the first reason that has it, and every constant that it can lead to.
struct Row {
    code: &'static str,
    reason: Reason,
    effects: Vec<(Option<Indication>, Option<SubIndication>)>,
}

impl Row {
    fn of(reason: Reason) -> Self {
        Self {
            code: reason.code(),
            effects: vec![(reason.indication(), reason.sub_indication())],
            reason,
        }
    }

    fn also(&mut self, reason: &Reason) {
        let effect = (reason.indication(), reason.sub_indication());
        if !self.effects.contains(&effect) {
            self.effects.push(effect);
        }
    }

    fn gravest(&self) -> Option<Indication> {
        self.effects
            .iter()
            .filter_map(|(indication, _)| *indication)
            .max()
    }

    fn constants(&self) -> String {
        let names: Vec<&str> = self
            .effects
            .iter()
            .map(|(indication, sub)| match (indication, sub) {
                (_, Some(sub)) => sub.as_str(),
                (Some(indication), None) => indication.as_str(),
                (None, None) => "–",
            })
            .collect();
        names.join(", ")
    }

    fn shown(&self) -> String {
        match facts(&self.reason).shown {
            Shown::Vector(name) => format!("[`{name}`](../test-vectors/{name})"),
            Shown::Case(name) => format!("`{name}`"),
        }
    }
}

fn page(rows: &[Row]) -> String {
    let mut page = String::from(HEAD);
    for (indication, title) in [
        (
            Some(Indication::TotalFailed),
            "KHÔNG HỢP LỆ · NOT VALID (`TOTAL-FAILED`)",
        ),
        (
            Some(Indication::Indeterminate),
            "CHƯA ĐỦ CĂN CỨ · UNDECIDED (`INDETERMINATE`)",
        ),
        (
            None,
            "Chỉ để biết · For information (`TOTAL-PASSED` vẫn đạt)",
        ),
    ] {
        let _ = write!(page, "### {title}\n\n{COLUMNS}");
        for row in rows.iter().filter(|row| row.gravest() == indication) {
            let _ = writeln!(
                page,
                "| [`{code}`](#{anchor}) | {} | `{}` | {} | {} |",
                row.constants(),
                row.reason.class(),
                row.reason.source(Lang::En),
                row.shown(),
                code = row.code,
                anchor = row.code.replace('.', ""),
            );
        }
        page.push('\n');
    }
    page.push_str(DEPARTURES);
    further_codes(&mut page);
    page.push_str(DETAILS);
    for row in rows {
        let _ = write!(page, "### `{}`\n\n", row.code);
        for (lang, name, cause) in [
            (Lang::Vi, "vi", "Nguyên nhân thường gặp"),
            (Lang::En, "en", "Usual cause"),
        ] {
            let reason = &row.reason;
            let _ = write!(page, "- {name}: {}.", reason.message(lang));
            let advice = reason.advice(lang);
            if !advice.is_empty() {
                let _ = write!(page, " → *{advice}*");
            }
            let _ = write!(page, "\\\n  {cause}: {}.\n", reason.cause(lang));
        }
        page.push('\n');
    }
    page.trim_end().to_owned() + "\n"
}

/// The codes that stand beside reasons: in a refusal, in a finding, of an error.
fn further_codes(page: &mut String) {
    page.push_str(REFUSALS_HEAD);
    for code in REFUSALS {
        let (vi, en) = (refusal(code, Lang::Vi), refusal(code, Lang::En));
        assert!(vi != code && en != code, "{code} says nothing");
        let _ = writeln!(page, "| `{code}` | {vi} | {en} |");
    }
    page.push_str(CHANGES_HEAD);
    for kind in ChangeKind::ALL {
        let change = Change::new(*kind, 1);
        let (vi, en) = (
            change_brief(&change, Lang::Vi),
            change_brief(&change, Lang::En),
        );
        let _ = writeln!(page, "| `{}` | {vi} | {en} |", kind.code());
    }
    page.push_str(ERRORS_HEAD);
    for row in ErrorKind::table() {
        let ((vi, _), (en, _)) = (
            super::error_texts(row.kind, Lang::Vi),
            super::error_texts(row.kind, Lang::En),
        );
        let _ = writeln!(page, "| `{}` | {} | {vi} | {en} |", row.code, row.exit);
    }
    page.push('\n');
}

/// Why a list or response cannot be used: what stands in parentheses in
/// `revocation.evidence_refused`.
const REFUSALS: [&str; 24] = [
    "crl.algorithm",
    "crl.critical_extension",
    "crl.delta_without_base",
    "crl.future",
    "crl.issuer_elsewhere",
    "crl.issuer_may_not_sign",
    "crl.issuer_outside_validity",
    "crl.issuer_without_path",
    "crl.malformed",
    "crl.scope",
    "crl.signature",
    "crl.some_reasons",
    "crl.times",
    "ocsp.algorithm",
    "ocsp.cert_hash",
    "ocsp.critical_extension",
    "ocsp.future",
    "ocsp.other_certificate",
    "ocsp.responder_not_authorised",
    "ocsp.responder_not_found",
    "ocsp.signature",
    "ocsp.status",
    "ocsp.unknown",
    "status.signer_revoked",
];

const REFUSALS_HEAD: &str = "\
## Vì sao một CRL hay trả lời OCSP không dùng được · Why a list or response cannot be used

Mã trong ngoặc đơn của `revocation.evidence_refused` · The code in parentheses of `revocation.evidence_refused`

| mã · code | nghĩa là | it means |
|---|---|---|
";

const CHANGES_HEAD: &str = "
## Thay đổi sau khi ký · Changes after signing

Mã của các mục “Ghi nhận” (`coverage.findings`); mục nào làm giảm kết luận thì có lý do `changes.…` · The codes of what is “Noted” (`coverage.findings`); one that lowers the answer has a reason `changes.…`

| mã · code | nghĩa là | it means |
|---|---|---|
";

const ERRORS_HEAD: &str = "
## Lỗi · Errors

Việc không làm được, khác với kết luận (`error.code`) · What could not be done, which is no answer (`error.code`)

| mã · code | mã thoát · exit | nghĩa là | it means |
|---|---|---|---|
";

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
    let changes = |fault, kind| {
        let mut change = Change::new(kind, 3);
        change.page = Some(2);
        change.object = Some(14);
        Reason::Changes {
            fault,
            change: Box::new(change),
            more: 0,
        }
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
    let not_fetched = |fault| Reason::NotFetched {
        certificate: subject(),
        address: "http://pki.example.vn/ca.crl".into(),
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
        Reason::Contents(ContentsFault::OddDigits),
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
        Reason::SignedAttributesAbsent { demanded: false },
        Reason::SignedAttribute(SignedAttribute::MessageDigest, AttributeFault::Repeated),
        Reason::SignedAttribute(SignedAttribute::SigningTime, AttributeFault::Malformed),
        Reason::AttributesNotSorted,
        Reason::AttributesSigned,
        Reason::SigningCertificateNotFound,
        Reason::SigningCertificateMismatch,
        Reason::SigningCertificateSerial,
        Reason::SigningCertificateUnnamed { demanded: false },
        Reason::SigningCertificateUnnamed { demanded: true },
        Reason::TrustStoreEmpty,
        Reason::IssuerNotFound {
            subject: subject(),
            serial: "3006aa".into(),
            issuer: issuer(),
            addresses: vec!["http://ca.example/ca.crt".into()],
        },
        Reason::AuthorityRemoved {
            subject: issuer(),
            sha256: "00…".into(),
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
        Reason::OutsideValidity {
            certificate: subject(),
            not_before: begin,
            not_after: end,
            at,
            not_revoked: true,
        },
        Reason::EndedSince {
            certificate: subject(),
            not_after: end,
            stamped: at,
        },
        Reason::EndedUnknown {
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
            serial: "3006aa".into(),
            addresses: vec![
                "http://ocsp.example/".into(),
                "http://ca.example/crl/ca.crl".into(),
            ],
            ended: None,
        }),
        status(StatusFault::IssuedAfterEnd {
            source: "CRL",
            this_update: at,
            not_after: begin,
            stamped: None,
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
        stamp(StampFault::NotPassed {
            sub_indication: None,
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
        changes(ChangeFault::Forbidden, ChangeKind::PageContent),
        changes(ChangeFault::Certification, ChangeKind::FieldValue),
        changes(ChangeFault::FieldLock, ChangeKind::FieldValue),
        changes(ChangeFault::Annotation, ChangeKind::AnnotationAdded),
        changes(ChangeFault::Appearance, ChangeKind::FieldValueNotShown),
        changes(ChangeFault::UntrustedField, ChangeKind::SignatureField),
        changes(ChangeFault::UnsettledField, ChangeKind::SignatureField),
        changes(ChangeFault::Trailing, ChangeKind::TrailingBytes),
        Reason::Certification {
            fault: CertificationFault::NotFirst,
        },
        Reason::Certification {
            fault: CertificationFault::UnknownLevel,
        },
        Reason::ContentNotJudged,
        doubt(ContentDoubt::Dangling),
        doubt(ContentDoubt::Active),
        doubt(ContentDoubt::External),
        doubt(ContentDoubt::Hidden),
        doubt(ContentDoubt::DoubledKey),
        doubt(ContentDoubt::BeforeHeader),
        doubt(ContentDoubt::Encrypted),
        doubt(ContentDoubt::EncryptionChanged),
        doubt(ContentDoubt::Repair),
        doubt(ContentDoubt::Structure),
        doubt(ContentDoubt::TooMany),
        Reason::SigningTimeLocal {
            claimed: time(1_661_446_800),
            stamped: at,
        },
        Reason::SigningTimeFuture {
            claimed: at,
            confirmed: false,
        },
        Reason::SigningTimeUnknown,
        Reason::Envelope {
            rule: "M1",
            path: "/edXML/edXMLEnvelope".into(),
            detail: "cid:1".into(),
        },
        Reason::HeaderSignatureNotXmldsig,
        Reason::AttachmentUnreadable {
            name: "a.pdf".into(),
            detail: "base64".into(),
        },
        Reason::AttachmentNotSigned {
            name: "phu-luc.pdf".into(),
        },
        not_fetched(FetchFault::Address {
            what: "a scheme that is not http or https",
        }),
        not_fetched(FetchFault::NotListed),
        not_fetched(FetchFault::Forbidden {
            ip: "10.0.0.5".into(),
        }),
        not_fetched(FetchFault::Unreachable {
            detail: "connection refused".into(),
        }),
        not_fetched(FetchFault::Timeout),
        not_fetched(FetchFault::Redirect { status: 302 }),
        not_fetched(FetchFault::Status { status: 404 }),
        not_fetched(FetchFault::TooLarge { limit: 1_048_576 }),
        not_fetched(FetchFault::Unusable {
            what: "not a revocation list",
        }),
        not_fetched(FetchFault::Declined { status: 3 }),
        not_fetched(FetchFault::Nonce),
        not_fetched(FetchFault::Budget {
            what: "requests for one file",
        }),
        not_fetched(FetchFault::CacheDamaged),
        Reason::Limit {
            what: "ASN.1".into(),
        },
    ];
    let mut all = all;
    all.extend(XmlFault::ALL.map(|fault| Reason::Xml {
        fault,
        what: "/HDon/DLHDon".into(),
    }));
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
            | Reason::AuthorityRemoved { .. }
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
            | Reason::EndedUnknown { .. }
            | Reason::Expired { .. }
            | Reason::NotYetValid { .. }
            | Reason::AnchorEnded { .. }
            | Reason::WeakAlgorithmProven { .. }
            | Reason::AlgorithmHistory { .. }
            | Reason::AlgorithmEnding { .. }
            | Reason::RsaPkcs1Refused
            | Reason::SigningTimeDiffers { .. }
            | Reason::ContentNotJudged
            | Reason::Changes { .. }
            | Reason::Certification { .. }
            | Reason::Content { .. }
            | Reason::SigningTimeLocal { .. }
            | Reason::SigningTimeFuture { .. }
            | Reason::SigningTimeUnknown
            | Reason::Envelope { .. }
            | Reason::HeaderSignatureNotXmldsig
            | Reason::AttachmentUnreadable { .. }
            | Reason::AttachmentNotSigned { .. }
            | Reason::NotFetched { .. }
            | Reason::Limit { .. }
            | Reason::Xml { .. } => {}
        }
    }
    all
}

const HEAD: &str = "\
# Đọc một kết quả · How to read an answer

*This page is written from the program's own tables by a test; change those, then `KYSO_UPDATE=1 cargo test -p kyso --lib catalogue`.*

## Tiếng Việt

`kyso verify` trả lời cho từng chữ ký bằng một trong ba kết luận:

| kết luận | hằng ETSI | nghĩa là | nên làm |
|---|---|---|---|
| **HỢP LỆ** | `TOTAL-PASSED` | mọi phép kiểm tra đều đạt | dùng được; lưu tệp cùng báo cáo |
| **CHƯA ĐỦ CĂN CỨ** | `INDETERMINATE` | chưa thấy điều gì chứng tỏ chữ ký sai, nhưng thiếu căn cứ để nói là đúng | xem dòng “Lý do”, bổ sung thứ còn thiếu rồi kiểm tra lại |
| **KHÔNG HỢP LỆ** | `TOTAL-FAILED` | nội dung bị đổi, giá trị chữ ký sai, hoặc chứng minh được chứng thư không còn hiệu lực khi ký | không sử dụng; xin lại bản gốc |

1. Đọc câu đầu tiên: ai ký, lúc nào, vì sao biết, có còn nguyên vẹn không. “Người ký tự khai” nghĩa là chưa có gì chứng minh giờ ký đó.
2. Mỗi dòng “Lý do” làm giảm kết luận; mỗi dòng “Lưu ý” thì không. Dấu → là việc nên làm tiếp theo.
3. Mã trong ngoặc vuông, ví dụ `[revocation.missing]`, không đổi giữa các phiên bản; tra mã đó ở bảng dưới đây.
4. Toàn vẹn và tin cậy là hai việc: “nội dung còn nguyên vẹn” không có nghĩa là biết chắc ai đã ký.
5. Một tệp được kết luận theo chữ ký yếu nhất của nó. Tệp không có chữ ký nào thì không có kết luận (`NONE`).

Mười tiêu chí của Thông tư 15/2025/TT-BKHCN, Phụ lục II được trả lời riêng, mỗi tiêu chí kèm căn cứ.

## English

`kyso verify` gives one of three answers for each signature:

| answer | ETSI constant | it means | what to do |
|---|---|---|---|
| **VALID** | `TOTAL-PASSED` | every check passed | rely on it; keep the file with the report |
| **UNDECIDED** | `INDETERMINATE` | nothing shows that the signature is wrong, and something is missing to say that it is right | read the lines “Reason”, supply what is missing, verify again |
| **NOT VALID** | `TOTAL-FAILED` | the content was changed, the value is wrong, or it is proven that the certificate was not in effect | do not use it; ask for the original |

1. The first sentence says who signed, when, how that is known, and whether it is intact. “As the signer claims” means that nothing proves the time.
2. A line “Reason” lowers the answer, a line “Note” does not. An arrow → says what to do next.
3. The code in brackets, such as `[revocation.missing]`, stays the same in all versions; look it up below.
4. Intact and trusted are two things: “what was signed is intact” does not say who signed it.
5. A file is as good as its weakest signature. A file without a signature has no answer (`NONE`).

The ten criteria of Circular 15/2025/TT-BKHCN, App. II are answered apart, each with its evidence.

## Mọi lý do · Every reason

Mỗi lý do có một mã cố định; hằng ETSI EN 319 102-1 V1.4.1 mà nó dẫn tới; một lớp, theo từ của danh mục tấn công; các điều khoản đòi hỏi phép kiểm tra đó (luật Việt Nam theo số hiệu, EN và TS của ETSI, RFC, ISO 32000-2, QCVN); và một ví dụ tạo ra nó. Mã dẫn tới nhiều hằng thì đứng ở hằng nặng nhất. Mã kết thúc bằng `.not_judged` là phép kiểm tra chưa có; nó giữ kết luận ở CHƯA ĐỦ CĂN CỨ khi phép kiểm tra đó có thể làm đổi kết luận.

A reason has a stable code; the constant of ETSI EN 319 102-1 V1.4.1 that it leads to; a class, by the words of the catalogue of attacks; the clauses that ask for the check (laws of Viet Nam by their numbers, EN and TS of ETSI, RFC, ISO 32000-2, QCVN); and an example that produces it: a folder of `test-vectors/`, or a case that `core/tests/reasons.rs` makes afresh.
A code that can lead to several constants stands under the gravest. A code ending in `.not_judged` names a check that is not there yet; it holds the answer at INDETERMINATE where the check could have changed it.

";

const COLUMNS: &str = "\
| mã · code | hằng ETSI · constant | lớp · class | căn cứ · source | ví dụ · example |
|---|---|---|---|---|
";

const DEPARTURES: &str = "\
## Nơi chính sách mặc định khác cách đọc chặt của chuẩn · Where the default policy departs from the strict reading

| điều · what | chuẩn nói · the standard | `default` | vì sao · why |
|---|---|---|---|
| RSA PKCS#1 v1.5 (`policy.rsa_pkcs1`) | Circular 15/2025/TT-BKHCN, App. I 1.2: RSASSA-PSS | chấp nhận, có lưu ý · accepted, noted | mọi chữ ký công vụ hiện nay · every state signature of today; `circular-15-2025-strict` hạ xuống INDETERMINATE · lowers it |
| SHA-1 trong chứng thư CA trước 2017, biết đích danh · in pinned CA certificates of before 2017 (`algorithm.sha1_history`) | TS 119 312: tới · until 2012 | chấp nhận, có lưu ý · accepted, noted | chuỗi 2008–2016 của Nhà nước · the state's trees of 2008 to 2016 |
| SHA-1 trong dấu thời gian trước 2023 · in imprints of before 2023 (`time_stamp.sha1_history`) | TS 119 312: tới · until 2012 | chấp nhận, có lưu ý · accepted, noted | máy chủ dấu thời gian của Nhà nước · the state's own time-stamp server |
| SHA-1 trên tài liệu tới hết 2016 · over documents until the end of 2016 (`algorithm.history`) | TS 119 312: tới · until 2012 | chấp nhận khi có dấu thời gian · accepted with a time-stamp of then | thực tế ký trước 2017 · practice of before 2017 |
| RSA 2048 bit sau 2028 · after 2028 (`algorithm.ending`) | TS 119 312: khuyến nghị thôi dùng · advised against | cảnh báo · a warning | mốc do danh mục dự kiến, chưa phải quy định · foreseen, not laid down |
| Dấu thời gian kèm theo không đạt · a time-stamp that is there and does not pass (`time_stamp.not_passed`) | EN 319 102-1 §5.5.4 step 3: bỏ qua · dropped | không bao giờ đạt · never a pass | người đọc phải biết · a reader has to know |
| Thứ tự xét · the order of judging | EN 319 102-1 §5.3–5.6: xét tại hiện tại rồi sửa dần · now, then healed step by step | mỗi vật xét tại thời điểm sớm nhất được chứng minh · each object at its earliest proven time | cùng kết luận, một nơi để xem · the same answers, one place to look |
| Nội dung có thể che giấu · what a file may hide (`content.…`) | EN 319 102-1 không nói tới · does not speak of it | INDETERMINATE, CUSTOM | ISO 32000-2 §12.8; tấn công đã biết · known attacks |
| `--revocation none` (`revocation.not_asked`) | Circular 15/2025/TT-BKHCN, App. II 1.2: phải hỏi tình trạng · status has to be asked for | không hạ kết luận, tiêu chí 1.2 “chưa rõ” · lowers nothing, criterion 1.2 is unknown | lựa chọn rõ ràng của người xét · an explicit choice |

";

const DETAILS: &str = "\
## Từng lý do · Reason by reason

What is said, with example names and times; → what to do next; and what usually lies behind it.

";
