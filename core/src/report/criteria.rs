//! The ten criteria of Circular 15/2025/TT-BKHCN, App. II with what each answer rests on:
//! [`CriterionReport`]. The answers come from judgement; the sentences are read off the report
//! itself, so that a reader can follow each from what stands elsewhere in it.

use crate::message::{self, Lang, called, vn};
use crate::report::against::{self, Outside};
use crate::report::{Criterion, SignatureReport, StatusSource};
use crate::verdict::{Class, Reason, StatusFault, Used};

/// One criterion, its answer, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CriterionReport {
    /// The number in the circular: `1.1` … `1.6`, `2.1` … `2.4`.
    pub number: &'static str,
    /// The answer.
    pub answer: Criterion,
    /// What the criterion asks, in a few words.
    pub title: &'static str,
    /// What the answer rests on, as one sentence without a full stop: what was compared, and the
    /// time it was judged at.
    pub evidence: String,
    /// The codes of the reasons that bear on it.
    pub reasons: Vec<&'static str>,
}

/// Each criterion of a signature, in the circular's order.
pub(super) fn of(signature: &SignatureReport, lang: Lang) -> Vec<CriterionReport> {
    let Some(criteria) = &signature.criteria else {
        return Vec::new();
    };
    criteria
        .iter()
        .map(|(number, answer)| CriterionReport {
            number,
            answer,
            title: title(number, lang),
            evidence: evidence(signature, number, lang),
            reasons: bearing(signature, number),
        })
        .collect()
}

fn title(number: &str, lang: Lang) -> &'static str {
    match number {
        "1.1" => lang.pick("hiệu lực lúc ký", "in effect when signed"),
        "1.2" => lang.pick("tình trạng (CRL, OCSP)", "status (CRL, OCSP)"),
        "1.3" => lang.pick("thuật toán", "algorithms"),
        "1.4" => lang.pick("phạm vi sử dụng", "scope of use"),
        "1.5" => lang.pick("mục đích sử dụng", "purpose"),
        "1.6" => lang.pick("tuyên bố của tổ chức cấp", "statements of the issuer"),
        "2.1" => lang.pick("đúng người ký", "the right signer"),
        "2.2" => lang.pick("tạo bởi khóa bí mật tương ứng", "made by the matching key"),
        "2.3" => lang.pick("chứng thư kèm theo", "the certificate beside it"),
        _ => lang.pick("toàn vẹn", "integrity"),
    }
}

fn evidence(s: &SignatureReport, number: &str, lang: Lang) -> String {
    match number {
        "1.1" => validity(s, lang),
        "1.2" => status(s, lang),
        "1.3" => algorithms(s, lang),
        "1.4" => scope(s, lang),
        "1.5" => purpose(s, lang),
        "1.6" => lang
            .pick(
                "quy chế chứng thực không nằm trong tệp, kyso không xét",
                "the practice statement is not in the file and not judged",
            )
            .to_owned(),
        "2.1" => identity(s, lang),
        "2.2" => value(s, lang),
        "2.3" => match (&s.signer, lang) {
            (Some(signer), Lang::Vi) => {
                format!("chứng thư số hiệu {}; {}", signer.serial, validity(s, lang))
            }
            (Some(signer), Lang::En) => {
                format!("certificate {}; {}", signer.serial, validity(s, lang))
            }
            (None, _) => validity(s, lang),
        },
        _ => integrity(s, lang),
    }
}

/// The time used, where it comes from, and the period it is held against.
fn validity(s: &SignatureReport, lang: Lang) -> String {
    let Some(signer) = &s.signer else {
        return no_signer(lang);
    };
    let basis = match (s.signing_time.proven, lang) {
        (Some(time), Lang::Vi) => format!("dấu thời gian chứng minh chữ ký đã có vào {}", vn(time)),
        (Some(time), Lang::En) => format!(
            "a time-stamp proves that the signature existed at {}",
            vn(time)
        ),
        (None, Lang::Vi) => {
            "chưa có dấu thời gian được chấp nhận nên xét tại thời điểm kiểm tra".to_owned()
        }
        (None, Lang::En) => "no time-stamp passed, so the time of validation is used".to_owned(),
    };
    let (from, to) = (vn(signer.not_before), vn(signer.not_after));
    let mut text = match lang {
        Lang::Vi => format!("{basis}; thời hạn chứng thư {from} – {to}"),
        Lang::En => format!("{basis}; the certificate holds {from} – {to}"),
    };
    if let Some(gone) = against::gone(s) {
        let (phrase, held) = (gone.phrase(lang), gone.held_against(s, lang));
        text.push_str(&format!("; {phrase}, {held}"));
    }
    match (against::outside(s), lang) {
        (Some(Outside::Confirmed(time, false)), Lang::Vi) => text.push_str(&format!(
            "; chính giờ ký tự khai ({}) cũng nằm ngoài thời hạn đó",
            vn(time)
        )),
        (Some(Outside::Confirmed(time, false)), Lang::En) => text.push_str(&format!(
            "; the very time that the signer claims ({}) lies outside, too",
            vn(time)
        )),
        (Some(Outside::ClaimedWithin(time)), Lang::Vi) => text.push_str(&format!(
            "; giờ ký tự khai ({}) nằm trong thời hạn nhưng chưa được chứng minh",
            vn(time)
        )),
        (Some(Outside::ClaimedWithin(time)), Lang::En) => text.push_str(&format!(
            "; the claimed time ({}) lies within, and nothing proves it",
            vn(time)
        )),
        _ => {}
    }
    text
}

fn status(s: &SignatureReport, lang: Lang) -> String {
    let links: Vec<String> = s
        .chain
        .iter()
        .filter(|link| !link.trust_anchor)
        .map(|link| {
            let known = match link.revocation {
                "good" if is_revoked_later(s, &link.subject) => {
                    lang.pick("chưa bị thu hồi lúc ký", "not revoked when signed")
                }
                "good" => lang.pick("không bị thu hồi", "not revoked"),
                "revoked" => lang.pick("bị thu hồi hoặc tạm dừng", "revoked or on hold"),
                "not-needed" => lang.pick("không cần hỏi", "not asked for"),
                _ => lang.pick("chưa biết", "not known"),
            };
            let by = link
                .status
                .as_ref()
                .map_or_else(String::new, |status| source(status, lang));
            format!("“{}”: {known}{by}", called(&link.subject))
        })
        .collect();
    if links.is_empty() {
        match s.chain.is_empty() {
            true => no_signer(lang),
            false => lang
                .pick(
                    "chứng thư của người ký chính là gốc tin cậy",
                    "the signer's certificate is an anchor itself",
                )
                .to_owned(),
        }
    } else {
        links.join("; ")
    }
}

/// The certificate was revoked after the proven time.
fn is_revoked_later(s: &SignatureReport, subject: &str) -> bool {
    s.reasons().any(|reason| {
        matches!(reason, Reason::Status { certificate, fault: StatusFault::RevokedLater { .. } }
            if certificate == subject)
    })
}

/// By which list or response a status is known: what an auditor can look up again.
fn source(status: &StatusSource, lang: Lang) -> String {
    let this_update = vn(status.this_update);
    let mut text = match (status.source, &status.number, lang) {
        ("OCSP", _, Lang::Vi) => format!(" theo trả lời OCSP lúc {this_update}"),
        ("OCSP", _, Lang::En) => format!(" by the OCSP response of {this_update}"),
        (_, Some(number), Lang::Vi) => format!(" theo CRL số {number}, phát hành {this_update}"),
        (_, Some(number), Lang::En) => format!(" by CRL number {number}, issued {this_update}"),
        (_, None, Lang::Vi) => format!(" theo CRL phát hành {this_update}"),
        (_, None, Lang::En) => format!(" by the CRL issued {this_update}"),
    };
    if let Some(next) = status.next_update {
        text.push_str(lang.pick(", kế tiếp ", ", next due "));
        text.push_str(&vn(next));
    }
    text
}

fn algorithms(s: &SignatureReport, lang: Lang) -> String {
    let used: Vec<String> = [
        s.algorithms.signature.clone(),
        s.algorithms.digest.clone(),
        s.algorithms.key_bits.map(|bits| format!("{bits} bit")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if used.is_empty() {
        lang.pick("không đọc được thuật toán", "no algorithm could be read")
            .to_owned()
    } else {
        used.join(", ")
    }
}

fn scope(s: &SignatureReport, lang: Lang) -> String {
    match (s.chain.last().filter(|link| link.trust_anchor), lang) {
        (Some(anchor), Lang::Vi) => format!(
            "chuỗi chứng thư dẫn tới gốc tin cậy “{}” ({})",
            called(&anchor.subject),
            tree(anchor.tree, lang)
        ),
        (Some(anchor), Lang::En) => format!(
            "the path ends in the anchor “{}” ({})",
            called(&anchor.subject),
            tree(anchor.tree, lang)
        ),
        (None, _) => {
            let none = lang.pick(
                "chưa nối được chứng thư tới gốc tin cậy",
                "no path to a trust anchor",
            );
            match s.reasons().find(|reason| stops_the_path(reason)) {
                Some(reason) => format!("{none}: {}", reason.message(lang)),
                None => none.to_owned(),
            }
        }
    }
}

/// What a path is not built by; without an anchor this is why.
fn stops_the_path(reason: &Reason) -> bool {
    match reason {
        Reason::IssuerNotFound { .. }
        | Reason::AuthorityRemoved { .. }
        | Reason::RootNotTrusted { .. }
        | Reason::AnchorEnded { .. }
        | Reason::Chain { .. } => true,
        // Algorithms and keys of certificates, such as SHA-1 below an authority.
        Reason::WeakAlgorithm { used, .. } | Reason::WeakKey { used, .. } => {
            matches!(used, Used::Certificate(_))
        }
        _ => false,
    }
}

fn tree(tree: Option<&str>, lang: Lang) -> &'static str {
    match tree {
        Some("vgca") => lang.pick(
            "hệ thống chuyên dùng công vụ",
            "the specialised tree of state bodies",
        ),
        Some("neac") => lang.pick("hệ thống công cộng quốc gia", "the national public tree"),
        _ => lang.pick("do người vận hành thêm", "added by the operator"),
    }
}

fn purpose(s: &SignatureReport, lang: Lang) -> String {
    if s.signer.is_none() {
        return no_signer(lang);
    }
    let refused = s.reasons().any(|reason| reason.class() == Class::KeyUsage);
    if refused {
        lang.pick(
            "Key Usage hoặc Extended Key Usage không cho phép ký tài liệu",
            "Key Usage or Extended Key Usage does not allow signing documents",
        )
    } else {
        lang.pick(
            "Key Usage và Extended Key Usage cho phép ký tài liệu",
            "Key Usage and Extended Key Usage allow signing documents",
        )
    }
    .to_owned()
}

fn identity(s: &SignatureReport, lang: Lang) -> String {
    let Some(signer) = &s.signer else {
        return no_signer(lang);
    };
    let name = if signer.common_name.is_empty() {
        &signer.subject
    } else {
        &signer.common_name
    };
    let vouched = s.chain.iter().any(|link| link.trust_anchor);
    match (vouched, lang) {
        (true, Lang::Vi) => format!("“{name}”, được tổ chức cấp tin cậy xác nhận"),
        (true, Lang::En) => format!("“{name}”, for whom a trusted issuer vouches"),
        (false, Lang::Vi) => format!("“{name}” theo chứng thư, chưa có gốc tin cậy xác nhận"),
        (false, Lang::En) => format!("“{name}” by the certificate, for which no anchor vouches"),
    }
}

fn value(s: &SignatureReport, lang: Lang) -> String {
    match against::value(s) {
        Some(true) => lang.pick(
            "giá trị chữ ký kiểm tra được bằng khóa công khai trong chứng thư",
            "the value verifies under the public key of the certificate",
        ),
        Some(false) => lang.pick(
            "giá trị chữ ký KHÔNG đúng với khóa công khai trong chứng thư",
            "the value does NOT verify under the public key of the certificate",
        ),
        None => lang.pick("chưa tính được", "could not be computed"),
    }
    .to_owned()
}

fn integrity(s: &SignatureReport, lang: Lang) -> String {
    let digest = s.algorithms.digest.as_deref().unwrap_or("?");
    let own = match (against::digest(s), lang) {
        (Some(true), Lang::Vi) => format!("giá trị băm {digest} của nội dung khớp với chữ ký"),
        (Some(true), Lang::En) => format!("the {digest} digest of the content is the signed one"),
        (Some(false), Lang::Vi) => format!("giá trị băm {digest} của nội dung KHÔNG khớp"),
        (Some(false), Lang::En) => {
            format!("the {digest} digest of the content is NOT the signed one")
        }
        (None, _) => lang
            .pick(
                "chưa tính được giá trị băm để so sánh",
                "no digest could be computed to compare",
            )
            .to_owned(),
    };
    match against::changed(s) {
        Some((fault, change)) => format!(
            "{own}; {} {} ({})",
            lang.pick("nhưng", "but"),
            against::changed_words(fault, lang),
            message::change_brief(change, lang)
        ),
        None => own,
    }
}

fn no_signer(lang: Lang) -> String {
    lang.pick(
        "không xác định được chứng thư của người ký",
        "the signer's certificate could not be identified",
    )
    .to_owned()
}

/// The reasons whose class belongs to a criterion.
fn bearing(s: &SignatureReport, number: &str) -> Vec<&'static str> {
    use Class as C;
    let classes: &[Class] = match number {
        "1.1" | "2.3" => &[
            C::Expired,
            C::NotYetValid,
            C::Revoked,
            C::TimestampInvalid,
            C::TimeInconsistent,
        ],
        "1.2" => &[C::Revoked, C::RevocationUnknown],
        "1.3" => &[C::WeakAlgorithm, C::WeakKey],
        "1.4" => &[C::Untrusted, C::Chain],
        "1.5" => &[C::KeyUsage],
        "2.1" => &[
            C::KeyNotFound,
            C::SigningCertificateMismatch,
            C::SigningCertificateMissing,
            C::Untrusted,
        ],
        "2.2" => &[C::SignatureInvalid],
        "2.4" => &[
            C::DigestMismatch,
            C::ByteRange,
            C::Coverage,
            C::ModifiedAfterSigning,
            C::DocmdpViolation,
            C::FieldmdpViolation,
            C::AnnotationAfterSigning,
            C::ValueAppearanceMismatch,
            C::TrailingData,
        ],
        _ => &[],
    };
    let vouched = s.chain.iter().any(|link| link.trust_anchor);
    let concerns = |reason: &&Reason| {
        classes.contains(&reason.class())
            || (number == "1.3" && is_about_algorithms(reason.code()))
            || (number == "1.4" && !vouched && stops_the_path(reason))
    };
    let mut codes: Vec<&'static str> = Vec::new();
    for reason in s.reasons().filter(concerns) {
        if !codes.contains(&reason.code()) {
            codes.push(reason.code());
        }
    }
    codes
}

fn is_about_algorithms(code: &str) -> bool {
    code.starts_with("algorithm.") || code.starts_with("policy.rsa")
}
