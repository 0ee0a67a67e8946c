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
use crate::report::headline::{headline, sentence, verdict_words};
use crate::report::{Criterion, Report, SignatureReport, against};
use crate::time::Time;
use crate::verdict::Reason;

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
            visible(&called_by(&s.id, lang)),
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
        let mut reasons: Vec<Reason> = s.reasons().cloned().collect();
        // Why nothing fits any more comes before what does not fit.
        reasons.sort_by_key(|reason| *reason != Reason::RewrittenAfterSigning);
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

/// A signature without a field is known by its object.
fn called_by(id: &str, lang: Lang) -> String {
    match (id.strip_prefix("object "), lang) {
        (Some(number), Lang::Vi) => format!("đối tượng {number}"),
        _ => id.to_owned(),
    }
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
