//! The first sentence of a report: who signed, when, how that is known, whether it holds, and what
//! is held against it. Everything that came from the file goes through [`visible`].

use crate::message::{Lang, visible, vn};
use crate::report::{Kind, Report, SignatureReport, against};
use crate::verdict::{Indication, Reason, StampFault};

/// The first sentence: who signed, when, how we know, whether it holds.
pub(super) fn headline(report: &Report, lang: Lang) -> String {
    let mut signatures = Vec::new();
    collect(report, &mut signatures);
    let verdict = verdict_words(report.indication(), lang);
    let envelope = report.kind == Kind::Edxml && report.error.is_none();
    if let ([only], false, true) = (signatures.as_slice(), envelope, report.reasons.is_empty())
        && !only.document_timestamp
    {
        return sentence(only, lang);
    }
    let mut text = format!("{verdict} – ");
    if envelope {
        let count = report.attachments.len();
        text.push_str(&match (lang, count) {
            (Lang::Vi, _) => format!("gói tin edXML, {count} tệp đính kèm"),
            (Lang::En, 1) => "an edXML envelope with 1 attachment".to_owned(),
            (Lang::En, _) => format!("an edXML envelope with {count} attachments"),
        });
        if !signatures.is_empty() {
            text.push_str(": ");
        }
    } else if signatures.is_empty() {
        let has = |code: &&str| report.findings.iter().any(|found| found.code == *code);
        if report.error.is_some() {
            // It may well carry signatures: nobody has looked.
            return lang
                .pick(
                    "CHƯA KIỂM TRA ĐƯỢC – không đọc được tệp này.",
                    "NOT CHECKED – this file could not be read.",
                )
                .to_owned();
        }
        text.push_str(if DOUBTS.iter().any(has) {
            lang.pick(
                "không trường nào của tệp trỏ tới chữ ký đọc được, nhưng tệp có dấu vết của chữ ký; \
                 xem các mục Ghi nhận",
                "no field leads to a signature that can be read, yet the file has traces of one; see \
                 what is noted",
            )
        } else {
            lang.pick("tệp không mang chữ ký nào", "the file carries no signature")
        });
        // Octets after the last end, with a signature among them: the end that belongs to it is gone.
        if has(&"pdf.octets_after_end") && has(&"pdf.signature_unlisted") {
            text.push_str(lang.pick(
                "; tệp có vẻ bị cắt ngắn khi tải hoặc gửi: hãy tải lại, hoặc xin lại tệp gốc",
                "; the file seems to be cut on its way: download it again, or ask for the original",
            ));
        }
    }
    let uniform = report.indication().filter(|all| {
        signatures.len() > 1
            && signatures
                .iter()
                .all(|signature| signature.indication() == *all)
    });
    if let Some(all) = uniform {
        let count = signatures.len();
        let answer = match all {
            Indication::TotalPassed => lang.pick("chữ ký đạt", "signatures hold"),
            Indication::Indeterminate => {
                lang.pick("chữ ký chưa đủ căn cứ", "signatures are undecided")
            }
            Indication::TotalFailed => lang.pick("chữ ký không đạt", "signatures do not hold"),
        };
        text.push_str(&format!("{count}/{count} {answer}: "));
    }
    let mut last = String::new();
    for (index, signature) in signatures.iter().enumerate() {
        if index == MOST_IN_HEADLINE {
            text.push_str(lang.pick("; và những chữ ký khác", "; and others"));
            break;
        }
        if index > 0 {
            text.push_str("; ");
        }
        // Whoever signed several times is named once.
        let (who, when) = parts(signature, lang);
        if who != last || signature.signer.is_none() {
            text.push_str(&joined(signature, &who, &when));
        } else {
            text.push_str(&when);
        }
        last = who;
        text.push_str(match signature.indication() {
            _ if uniform.is_some() && against::digest(signature) != Some(false) => "",
            Indication::TotalPassed => lang.pick(": đạt", ": holds"),
            Indication::Indeterminate => lang.pick(": chưa đủ căn cứ", ": undecided"),
            Indication::TotalFailed if against::digest(signature) == Some(false) => lang.pick(
                ": không đạt, nội dung được ký không còn nguyên vẹn",
                ": does not hold, what was signed is not intact",
            ),
            Indication::TotalFailed => lang.pick(": không đạt", ": does not hold"),
        });
        text.push_str(&visible(&against::clauses(signature, lang)));
    }
    text.push('.');
    text
}

/// The signatures of a file and of its attachments, in order.
fn collect<'r>(report: &'r Report, all: &mut Vec<&'r SignatureReport>) {
    all.extend(&report.signatures);
    all.extend(&report.document_timestamps);
    for attachment in &report.attachments {
        if let Some(inner) = &attachment.report {
            // An envelope is not opened inside another, so this goes one step deep.
            collect(inner, all);
        }
    }
}

/// Findings beside which nobody may say that a file carries no signature.
const DOUBTS: [&str; 5] = [
    "pdf.signature_without_field",
    "pdf.signature_unlisted",
    "pdf.field_value",
    "pdf.object_unreadable",
    "pdf.scan_incomplete",
];

/// The verdict in two words.
pub(super) fn verdict_words(indication: Option<Indication>, lang: Lang) -> &'static str {
    match indication {
        None => lang.pick("KHÔNG CÓ CHỮ KÝ", "NO SIGNATURE"),
        Some(Indication::TotalPassed) => lang.pick("HỢP LỆ", "VALID"),
        Some(Indication::Indeterminate) => lang.pick("CHƯA ĐỦ CĂN CỨ", "UNDECIDED"),
        Some(Indication::TotalFailed) => lang.pick("KHÔNG HỢP LỆ", "NOT VALID"),
    }
}

/// Who signed, when, whether it is intact, and what is held against it.
pub(super) fn sentence(s: &SignatureReport, lang: Lang) -> String {
    let integrity = match (against::digest(s), against::value(s)) {
        (Some(true), Some(true)) => lang.pick(
            "nội dung được ký còn nguyên vẹn",
            "what was signed is intact",
        ),
        (Some(false), _) => lang.pick(
            "nội dung được ký KHÔNG còn nguyên vẹn",
            "what was signed is NOT intact",
        ),
        (_, Some(false)) => lang.pick(
            "giá trị chữ ký KHÔNG đúng với khóa của người ký",
            "the signature value does NOT fit the signer's key",
        ),
        _ => lang.pick(
            "chưa tính được tính toàn vẹn",
            "integrity could not be computed",
        ),
    };
    format!(
        "{} – {}; {integrity}{}.",
        verdict_words(Some(s.indication()), lang),
        clause(s, lang),
        visible(&against::clauses(s, lang))
    )
}

/// Who signed, when, and how we know.
fn clause(s: &SignatureReport, lang: Lang) -> String {
    let (who, when) = parts(s, lang);
    joined(s, &who, &when)
}

/// Where nobody is known, nobody «signed».
fn joined(s: &SignatureReport, who: &str, when: &str) -> String {
    match (&s.signer, s.document_timestamp) {
        (None, false) => format!("{who}; {when}"),
        _ => format!("{who} {when}"),
    }
}

fn parts(s: &SignatureReport, lang: Lang) -> (String, String) {
    let who = match &s.signer {
        None if s.document_timestamp => lang
            .pick("dấu thời gian của tài liệu", "a document time-stamp")
            .to_owned(),
        None => lang
            .pick("chưa xác định được người ký", "an unidentified signer")
            .to_owned(),
        Some(signer) => {
            let name = if signer.common_name.is_empty() {
                &signer.subject
            } else {
                &signer.common_name
            };
            // A name that nobody vouches for is not said as if it were the signer's.
            let vouched = s.chain.iter().any(|link| link.trust_anchor);
            let is_server = !s.reasons().any(is_no_server);
            let role = match (s.document_timestamp, signer.role) {
                _ if !vouched => lang.pick(
                    "người dùng chứng thư mang tên",
                    "whoever holds a certificate in the name of",
                ),
                (true, _) if is_server => {
                    lang.pick("máy chủ dấu thời gian", "the time-stamp server")
                }
                (false, "organisation") => lang.pick("tổ chức", "the organisation"),
                (false, "person") => lang.pick("cá nhân", "the person"),
                _ => lang.pick(
                    "người dùng chứng thư mang tên",
                    "whoever holds the certificate in the name of",
                ),
            };
            let unvouched = lang.pick(
                " (chưa nối được tới gốc tin cậy)",
                " (which leads to no trust anchor)",
            );
            let unvouched = if vouched { "" } else { unvouched };
            format!("{role} “{}”{unvouched}", visible(name))
        }
    };
    let stamped = s.timestamps.iter().find_map(|stamp| stamp.time);
    let when = match (s.signing_time.proven, stamped, s.signing_time.claimed) {
        (Some(time), ..) => match lang {
            Lang::Vi => format!("ký lúc {}, có dấu thời gian chứng minh", vn(time)),
            Lang::En => format!("signed at {}, as a time-stamp proves", vn(time)),
        },
        (None, Some(time), _) => match lang {
            Lang::Vi => format!(
                "ký lúc {}, theo dấu thời gian chưa được chấp nhận",
                vn(time)
            ),
            Lang::En => format!("signed at {}, by a time-stamp that does not pass", vn(time)),
        },
        (None, None, Some(time)) => match lang {
            Lang::Vi => format!("ký lúc {}, theo giờ người ký tự khai", vn(time)),
            Lang::En => format!("signed at {}, as the signer claims", vn(time)),
        },
        (None, None, None) => lang
            .pick("ký lúc nào không rõ", "signed at an unknown time")
            .to_owned(),
    };
    (who, when)
}

/// The certificate of a time-stamp is not for time-stamps.
fn is_no_server(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::TimeStamp {
            fault: StampFault::Purpose,
            ..
        }
    )
}

/// A sentence with more signers than this is no sentence.
const MOST_IN_HEADLINE: usize = 4;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::report::{
        Algorithms, ChainLink, Integrity, Reasons, SignerReport, SigningTime, Verdict,
    };
    use crate::time::Time;

    #[test]
    fn a_name_that_no_anchor_vouches_for_is_not_said_to_be_the_signers() {
        let link = |trust_anchor| ChainLink {
            subject: "CN=x".into(),
            sha256: [0; 32],
            trust_anchor,
            tree: None,
            revocation: "unknown",
            status: None,
        };
        let mut signature = SignatureReport {
            id: "a".into(),
            format: "PAdES",
            document_timestamp: false,
            counter_signature: false,
            verdict: Verdict::NotPassed(Reasons::not_judged()),
            notes: Vec::new(),
            integrity: Integrity::default(),
            coverage: None,
            algorithms: Algorithms::default(),
            signer: Some(SignerReport {
                subject: "CN=Văn phòng".into(),
                common_name: "Văn phòng".into(),
                organisation: None,
                role: "organisation",
                identifiers: Vec::new(),
                serial: "01".into(),
                sha256: [0; 32],
                not_before: Time::from_unix(0),
                not_after: Time::from_unix(1),
                issuer: "CN=x".into(),
            }),
            signing_time: SigningTime::default(),
            chain: vec![link(false)],
            timestamps: Vec::new(),
            criteria: None,
        };
        let unknown = sentence(&signature, Lang::En);
        assert!(
            unknown.contains("“Văn phòng” (which leads to no trust anchor)"),
            "{unknown}"
        );
        signature.chain.push(link(true));
        let known = sentence(&signature, Lang::En);
        assert!(known.contains("the organisation “Văn phòng”"), "{known}");
    }
}
