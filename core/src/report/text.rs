//! The report as text for a person, in Vietnamese and English.
//!
//! Lines that carry a verdict begin with a fixed string of ours, and everything that came from the
//! file goes through [`visible`], so that no name can forge a verdict or steer a terminal. The
//! fields of Circular 15/2025 Art. 6(5)b are all there: issuing body, signer, managing unit, time,
//! integrity, validity at that time, validity of the certificate.

use std::fmt::Write as _;

use crate::crypto::hex;
use crate::error::Place;
use crate::message::{Lang, called, visible, vn};
use crate::report::{Criterion, Kind, Report, SignatureReport, against};
use crate::time::Time;
use crate::verdict::{Indication, Reason, StampFault};

/// The whole report.
pub(crate) fn report(report: &Report, lang: Lang) -> String {
    let mut out = Text {
        lang,
        out: String::new(),
    };
    out.file(report, 0);
    out.out
}

struct Text {
    lang: Lang,
    out: String,
}

impl Text {
    fn file(&mut self, report: &Report, depth: usize) {
        let lang = self.lang;
        let headline = headline(report, lang);
        self.line(depth, &headline);
        if let Some(file) = &report.file {
            self.field(depth, "Tệp", "File", file);
        }
        self.field(depth, "SHA-256", "SHA-256", &hex(&report.sha256));
        let v = &report.validation;
        let judged = match lang {
            Lang::Vi => format!("{} theo chính sách {}", show(v.at), v.policy),
            Lang::En => format!("{} by the policy {}", show(v.at), v.policy),
        };
        self.field(depth, "Thời điểm xét", "Judged at", &judged);
        if let Some(error) = &report.error {
            self.field(depth, "Lỗi", "Error", error.message(lang));
        }
        let all = report.signatures.iter().chain(&report.document_timestamps);
        let total = report.signatures.len() + report.document_timestamps.len();
        for (index, signature) in all.enumerate() {
            self.signature(signature, index + 1, total, depth + 1);
        }
        self.reasons(&report.reasons, depth + 1);
        for finding in &report.findings {
            let place = finding.place.as_ref().map(ToString::to_string);
            let text = match place {
                Some(place) => format!("{} ({place}) [{}]", finding.message(lang), finding.code),
                None => format!("{} [{}]", finding.message(lang), finding.code),
            };
            self.field(depth + 1, "Ghi nhận", "Noted", &text);
        }
        for attachment in &report.attachments {
            self.out.push('\n');
            self.field(depth + 1, "Tệp đính kèm", "Attachment", &attachment.name);
            match &attachment.report {
                Some(inner) => self.file(inner, depth + 1),
                None => {
                    let text = lang.pick(
                        "kyso chưa kiểm tra chữ ký trong loại tệp này.",
                        "kyso does not check signatures in files of this kind yet.",
                    );
                    self.line(depth + 1, text);
                }
            }
        }
    }

    fn signature(&mut self, s: &SignatureReport, index: usize, total: usize, depth: usize) {
        let lang = self.lang;
        let what = if s.document_timestamp {
            lang.pick("Dấu thời gian của tài liệu", "Document time-stamp")
        } else {
            lang.pick("Chữ ký", "Signature")
        };
        self.out.push('\n');
        let constants = match s.sub_indication() {
            Some(sub) => format!("{}, {sub}", s.indication()),
            None => s.indication().to_string(),
        };
        let title = format!(
            "{what} {index}/{total} – {} ({constants}) – {} ({})",
            verdict_words(Some(s.indication()), lang),
            visible(&s.id),
            s.format
        );
        self.line(depth - 1, &title);
        if total > 1 {
            self.line(depth, &sentence(s, lang));
        }
        if let Some(signer) = &s.signer {
            self.field(depth, "Người ký", "Signer", &signer.subject);
            if let Some(organisation) = &signer.organisation {
                self.field(
                    depth,
                    "Đơn vị quản lý chứng thư",
                    "Managing unit",
                    organisation,
                );
            }
            for (name, value) in &signer.identifiers {
                let (vi, en) = identifier_label(name);
                self.field(depth, vi, en, value);
            }
            self.field(depth, "Nơi cấp chứng thư", "Issued by", &signer.issuer);
            let validity = format!("{} – {}", show(signer.not_before), show(signer.not_after));
            self.field(depth, "Thời hạn chứng thư", "Certificate valid", &validity);
            self.field(depth, "Số hiệu chứng thư", "Serial number", &signer.serial);
        }
        self.claimed_time(s, depth);
        if let Some(proven) = s.signing_time.proven {
            self.field(
                depth,
                "Giờ ký được chứng minh",
                "Proven time",
                &show(proven),
            );
        }
        for stamp in &s.timestamps {
            let time = stamp.time.map_or_else(|| "?".to_owned(), show);
            let (kind, answer) = stamp_words(stamp.kind, stamp.indication, lang);
            let text = format!("{time} – {answer} ({kind}, {})", stamp.indication);
            self.field(depth, "Dấu thời gian", "Time-stamp", &text);
            self.reasons(&stamp.reasons, depth + 2);
        }
        self.effect(s, depth);
        let integrity = integrity(s, lang);
        self.field(depth, "Toàn vẹn", "Integrity", integrity);
        self.coverage(s, index, depth);
        let algorithms: Vec<String> = [
            s.algorithms.signature.clone(),
            s.algorithms.digest.clone(),
            s.algorithms.key_bits.map(|bits| format!("{bits} bit")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !algorithms.is_empty() {
            self.field(depth, "Thuật toán", "Algorithms", &algorithms.join(", "));
        }
        self.chain(s, depth);
        let reasons: Vec<Reason> = s.reasons().cloned().collect();
        self.reasons(&reasons, depth + 1);
        self.criteria(s, depth);
    }

    /// What the signer says, and what that means where the clock wrote local time as UTC: the
    /// correction is for display alone.
    fn claimed_time(&mut self, s: &SignatureReport, depth: usize) {
        let Some(claimed) = s.signing_time.claimed else {
            return;
        };
        let is_local = s
            .reasons()
            .any(|reason| matches!(reason, Reason::SigningTimeLocal { .. }));
        let mut text = show(claimed);
        if is_local {
            let meant = show(Time::from_unix(claimed.unix().saturating_sub(7 * 3_600)));
            text.push_str(&match self.lang {
                Lang::Vi => format!(" (máy ký ghi nhầm múi giờ; hiểu là {meant})"),
                Lang::En => format!(" (written in the wrong zone; it means {meant})"),
            });
        }
        self.field(depth, "Giờ ký tự khai", "Claimed time", &text);
    }

    /// Whether the certificate was in effect when signed: Circular 15/2025 Art. 6(5)b asks for it
    /// by itself, and criterion 1.1 answers.
    fn effect(&mut self, s: &SignatureReport, depth: usize) {
        let lang = self.lang;
        let first = s.criteria_with_evidence(lang).into_iter().next();
        let Some(first) = first else { return };
        let answer = match first.answer {
            Criterion::Passed => lang.pick("có hiệu lực", "in effect"),
            Criterion::Failed => lang.pick("KHÔNG có hiệu lực", "NOT in effect"),
            _ => lang.pick("chưa đủ căn cứ", "undecided"),
        };
        let text = format!("{answer} – {}", first.evidence);
        let (vi, en) = ("Hiệu lực lúc ký", "Validity when signed");
        self.field(depth, vi, en, &text);
    }

    fn chain(&mut self, s: &SignatureReport, depth: usize) {
        let lang = self.lang;
        let names: Vec<String> = s
            .chain
            .iter()
            .map(|link| {
                let anchor = if link.trust_anchor {
                    lang.pick(" (gốc tin cậy)", " (trust anchor)")
                } else {
                    ""
                };
                format!("{}{anchor}", called(&link.subject))
            })
            .collect();
        if names.len() > 1 {
            self.field(depth, "Chuỗi chứng thư", "Path", &names.join(" ← "));
        }
    }

    fn criteria(&mut self, s: &SignatureReport, depth: usize) {
        let lang = self.lang;
        let all = s.criteria_with_evidence(lang);
        if all.is_empty() {
            return;
        }
        let title = lang.pick(
            "Mười tiêu chí của Thông tư 15/2025/TT-BKHCN, Phụ lục II:",
            "The ten criteria of Circular 15/2025/TT-BKHCN, App. II:",
        );
        self.line(depth + 1, title);
        for one in all {
            let mut text = format!(
                "{} {}: {} – {}",
                one.number,
                one.title,
                criterion(one.answer, lang),
                visible(&one.evidence)
            );
            if !one.reasons.is_empty() {
                text.push_str(&format!(" [{}]", one.reasons.join(", ")));
            }
            self.line(depth + 2, &text);
        }
    }

    /// `index` is the number of the signature, as `--revision` takes it.
    fn coverage(&mut self, s: &SignatureReport, index: usize, depth: usize) {
        let Some(coverage) = &s.coverage else { return };
        let lang = self.lang;
        let text = match (coverage.whole_file, coverage.revision, coverage.revisions) {
            (Some(true), ..) => lang.pick("toàn bộ tệp", "the whole file").to_owned(),
            (_, Some(revision), Some(revisions)) => match lang {
                Lang::Vi => format!(
                    "phiên bản {revision} trên {revisions} của tệp (lấy ra: --revision {index})"
                ),
                Lang::En => {
                    format!(
                        "revision {revision} of {revisions} (to take it out: --revision {index})"
                    )
                }
            },
            (Some(false), None, None) => lang
                .pick("một phần của tệp", "a part of the file")
                .to_owned(),
            _ => lang
                .pick("không xác định được", "cannot be told")
                .to_owned(),
        };
        self.field(depth, "Phạm vi", "Covers", &text);
        for finding in &coverage.findings {
            let mut text = finding.message(lang).to_owned();
            // Elements are named by their place alone.
            if let Some(Place::Element(path)) = &finding.place {
                text = format!("{path}: {text}");
            }
            self.field(depth, "Ghi nhận", "Noted", &text);
        }
    }

    fn reasons(&mut self, reasons: &[Reason], depth: usize) {
        for (index, reason) in reasons.iter().enumerate() {
            let (message, advice) = (reason.message(self.lang), reason.advice(self.lang));
            let label = if reason.indication().is_some() {
                self.lang.pick("Lý do", "Reason")
            } else {
                self.lang.pick("Lưu ý", "Note")
            };
            let text = format!("{label}: {} [{}]", visible(&message), reason.code());
            self.line(depth, &text);
            // The same advice for several reasons in a row is given once, after the last.
            let next = reasons.get(index + 1).map(|next| next.advice(self.lang));
            if !advice.is_empty() && next.as_ref() != Some(&advice) {
                self.line(depth + 1, &format!("→ {}", visible(&advice)));
            }
        }
    }

    fn field(&mut self, depth: usize, vi: &str, en: &str, value: &str) {
        let text = format!("{}: {}", self.lang.pick(vi, en), visible(value));
        self.line(depth + 1, &text);
    }

    /// One line; `text` is fixed text of ours or has gone through [`visible`].
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = depth * 2);
    }
}

/// The first sentence: who signed, when, how we know, whether it holds.
fn headline(report: &Report, lang: Lang) -> String {
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

fn verdict_words(indication: Option<Indication>, lang: Lang) -> &'static str {
    match indication {
        None => lang.pick("KHÔNG CÓ CHỮ KÝ", "NO SIGNATURE"),
        Some(Indication::TotalPassed) => lang.pick("HỢP LỆ", "VALID"),
        Some(Indication::Indeterminate) => lang.pick("CHƯA ĐỦ CĂN CỨ", "UNDECIDED"),
        Some(Indication::TotalFailed) => lang.pick("KHÔNG HỢP LỆ", "NOT VALID"),
    }
}

fn sentence(s: &SignatureReport, lang: Lang) -> String {
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
            Lang::Vi => format!("ký lúc {}, có dấu thời gian chứng minh", show(time)),
            Lang::En => format!("signed at {}, as a time-stamp proves", show(time)),
        },
        (None, Some(time), _) => match lang {
            Lang::Vi => format!(
                "ký lúc {}, theo dấu thời gian chưa được chấp nhận",
                show(time)
            ),
            Lang::En => format!(
                "signed at {}, by a time-stamp that does not pass",
                show(time)
            ),
        },
        (None, None, Some(time)) => match lang {
            Lang::Vi => format!("ký lúc {}, theo giờ người ký tự khai", show(time)),
            Lang::En => format!("signed at {}, as the signer claims", show(time)),
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

fn integrity(s: &SignatureReport, lang: Lang) -> &'static str {
    match (against::digest(s), against::value(s)) {
        (Some(true), Some(true)) => lang.pick(
            "giá trị băm khớp, chữ ký đúng với khóa",
            "the digest matches, the signature fits the key",
        ),
        (Some(false), _) => lang.pick("giá trị băm KHÔNG khớp", "the digest does NOT match"),
        (_, Some(false)) => lang.pick(
            "chữ ký KHÔNG đúng với khóa",
            "the signature does NOT fit the key",
        ),
        _ => lang.pick("chưa tính được", "could not be computed"),
    }
}

fn criterion(answer: Criterion, lang: Lang) -> &'static str {
    match answer {
        Criterion::Passed => lang.pick("đạt", "met"),
        Criterion::Failed => lang.pick("không đạt", "not met"),
        Criterion::Unknown => lang.pick("chưa rõ", "unknown"),
        Criterion::NotApplicable => lang.pick("không áp dụng", "not applicable"),
    }
}

fn identifier_label(name: &str) -> (&'static str, &'static str) {
    match name {
        "tax_code" => ("Mã số thuế", "Tax code"),
        "citizen_id" => ("Số định danh cá nhân", "Citizen id"),
        "email" => ("Thư điện tử", "E-mail"),
        _ => ("Định danh", "Identifier"),
    }
}

/// ISO 8601 with its offset, a space for the T.
fn show(time: Time) -> String {
    vn(time)
}

/// The kind and the answer of a time-stamp in words.
fn stamp_words(kind: &str, indication: &str, lang: Lang) -> (&'static str, &'static str) {
    let kind = match kind {
        "content" => lang.pick("trên nội dung", "over the content"),
        "archive" => lang.pick("lưu trữ", "for the archive"),
        _ => lang.pick("trên chữ ký", "over the signature"),
    };
    let answer = match indication {
        "PASSED" => lang.pick("được chấp nhận", "accepted"),
        "FAILED" => lang.pick("không được chấp nhận", "refused"),
        _ => lang.pick("chưa đủ căn cứ", "undecided"),
    };
    (kind, answer)
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
