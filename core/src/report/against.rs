//! What a reader must not miss beside the verdict, read off the report: changes after signing, a
//! revocation, an end that the signer's own time confirms, a status that nobody asked for, and what
//! could not be computed. The first sentence and the criteria say it in the same words.

use crate::message::{self, Lang, vn};
use crate::report::SignatureReport;
use crate::time::Time;
use crate::verdict::{Change, ChangeFault, Reason, StatusFault};

/// Whether the protected bytes have the signed digest; `None` where there was nothing to compare.
/// The JSON says `false` there, since such bytes have no digest at all.
pub(super) fn digest(s: &SignatureReport) -> Option<bool> {
    let compared = || has(s, |reason| matches!(reason, Reason::DigestMismatch { .. }));
    s.integrity
        .digest_intact
        .filter(|intact| *intact || compared())
}

/// Whether the value verifies; `None` where nothing was computed.
pub(super) fn value(s: &SignatureReport) -> Option<bool> {
    let computed = || has(s, |reason| matches!(reason, Reason::SignatureInvalid));
    s.integrity
        .signature_intact
        .filter(|intact| *intact || computed())
}

/// The gravest change after signing that lowers the verdict.
pub(super) fn changed(s: &SignatureReport) -> Option<(ChangeFault, &Change)> {
    // Reasons stand gravest first.
    s.reasons().find_map(|reason| match reason {
        Reason::Changes { fault, change, .. } => Some((*fault, &**change)),
        _ => None,
    })
}

/// That a certificate is revoked or on hold at the time used.
pub(super) struct Gone {
    pub(super) since: Time,
    on_hold: bool,
    authority: bool,
    /// A content time-stamp proves that the signature is younger.
    younger: bool,
}

/// The signer's certificate, else one of its issuers.
pub(super) fn gone(s: &SignatureReport) -> Option<Gone> {
    let mut all = s.reasons().filter_map(|reason| match reason {
        Reason::Status { fault, .. } => match fault {
            StatusFault::Revoked { at, authority, .. } => Some(Gone {
                since: *at,
                on_hold: false,
                authority: *authority,
                younger: false,
            }),
            StatusFault::RevokedProven { at, .. } => Some(Gone {
                since: *at,
                on_hold: false,
                authority: false,
                younger: true,
            }),
            StatusFault::OnHold { since } => Some(Gone {
                since: *since,
                on_hold: true,
                authority: false,
                younger: false,
            }),
            _ => None,
        },
        _ => None,
    });
    let first = all.next()?;
    if first.authority {
        return Some(all.find(|other| !other.authority).unwrap_or(first));
    }
    Some(first)
}

impl Gone {
    /// «the certificate was revoked on …».
    pub(super) fn phrase(&self, lang: Lang) -> String {
        let since = vn(self.since);
        match (self.on_hold, self.authority, lang) {
            (true, _, Lang::Vi) => format!("chứng thư bị tạm dừng từ {since}"),
            (true, _, Lang::En) => format!("a certificate is on hold since {since}"),
            (_, true, Lang::Vi) => format!("chứng thư của tổ chức cấp đã bị thu hồi từ {since}"),
            (_, true, Lang::En) => format!("an issuing certificate was revoked on {since}"),
            (_, _, Lang::Vi) => format!("chứng thư đã bị thu hồi từ {since}"),
            (_, _, Lang::En) => format!("the certificate was revoked on {since}"),
        }
    }

    /// How the time of the signature lies to it, as far as anybody says.
    pub(super) fn held_against(&self, s: &SignatureReport, lang: Lang) -> &'static str {
        let times = &s.signing_time;
        match (times.proven, times.claimed) {
            _ if self.younger => lang.pick(
                "trước khi ký, như dấu thời gian trên nội dung chứng minh",
                "before the signing, as a content time-stamp proves",
            ),
            (Some(_), _) => lang.pick(
                "trước giờ ký được chứng minh",
                "before the proven time of the signature",
            ),
            (None, Some(claimed)) if claimed >= self.since => lang.pick(
                "trước cả giờ ký mà người ký tự khai",
                "before the very time that the signer claims",
            ),
            (None, Some(_)) => lang.pick(
                "giờ ký tự khai ở trước đó nhưng không có gì chứng minh",
                "the claimed time lies before that, and nothing proves it",
            ),
            (None, None) => lang.pick(
                "không có gì chứng minh chữ ký được lập trước đó",
                "nothing proves that the signature is older",
            ),
        }
    }
}

/// How the time used lies to the certificate's own period, where it lies outside.
pub(super) enum Outside {
    /// It is proven, or the signer says so: the certificate was not in effect.
    Confirmed(Time, bool),
    /// The claimed time lies within, and nothing proves it.
    ClaimedWithin(Time),
    /// Nobody says when.
    Unknown,
}

/// `None` where the period is no obstacle.
pub(super) fn outside(s: &SignatureReport) -> Option<Outside> {
    let (from, to) = s.reasons().find_map(|reason| match reason {
        Reason::OutsideValidity {
            not_before,
            not_after,
            ..
        } => Some((*not_before, *not_after)),
        _ => None,
    })?;
    let is_within = |time: Time| from <= time && time <= to;
    Some(match (s.signing_time.proven, s.signing_time.claimed) {
        (Some(time), _) if !is_within(time) => Outside::Confirmed(time, true),
        (_, Some(time)) if is_within(time) => Outside::ClaimedWithin(time),
        (_, Some(time)) => Outside::Confirmed(time, false),
        (_, None) => Outside::Unknown,
    })
}

/// The policy demands no status, and there is none.
pub(super) fn is_not_asked(s: &SignatureReport) -> bool {
    let unknown = s.chain.iter().any(|link| link.revocation == "unknown");
    unknown && has(s, |reason| matches!(reason, Reason::RevocationNotAsked))
}

/// What is held against the signature, as clauses that begin with a semicolon or a blank; nothing
/// where there is nothing.
pub(super) fn clauses(s: &SignatureReport, lang: Lang) -> String {
    let mut text = String::new();
    if let Some((fault, change)) = changed(s) {
        let what = changed_words(fault, lang);
        let where_ = message::change_brief(change, lang);
        text.push_str(&format!(
            "{}{what} ({where_})",
            lang.pick("; nhưng ", "; but ")
        ));
    }
    if let Some(gone) = gone(s) {
        let (phrase, held) = (gone.phrase(lang), gone.held_against(s, lang));
        text.push_str(&format!("; {phrase}, {held}"));
    }
    if let (Some(Outside::Confirmed(_, proven)), Some(signer)) = (outside(s), &s.signer) {
        let by = match proven {
            true => lang.pick("theo giờ ký được chứng minh", "at the proven time"),
            false => lang.pick(
                "theo chính giờ mà người ký tự khai",
                "at the very time that the signer claims",
            ),
        };
        let is_early = |time: Time| time < signer.not_before;
        let times = s.signing_time.proven.or(s.signing_time.claimed);
        text.push_str(&match (times.is_some_and(is_early), lang) {
            (true, Lang::Vi) => format!(
                "; {by}, chứng thư chưa có hiệu lực (từ {})",
                vn(signer.not_before)
            ),
            (true, Lang::En) => format!(
                "; {by} the certificate had not begun ({})",
                vn(signer.not_before)
            ),
            (false, Lang::Vi) => {
                format!("; {by}, chứng thư đã hết hạn ({})", vn(signer.not_after))
            }
            (false, Lang::En) => {
                format!(
                    "; {by} the certificate had ended ({})",
                    vn(signer.not_after)
                )
            }
        });
    }
    if is_not_asked(s) {
        text.push_str(lang.pick(
            " (chưa kiểm tra tình trạng thu hồi)",
            " (revocation status not checked)",
        ));
    }
    text
}

/// What a change amounts to, for a sentence.
pub(super) fn changed_words(fault: ChangeFault, lang: Lang) -> &'static str {
    match fault {
        ChangeFault::Forbidden | ChangeFault::Certification | ChangeFault::FieldLock => lang.pick(
            "tài liệu đã bị thay đổi sau khi ký",
            "the document was changed after signing",
        ),
        ChangeFault::Annotation => lang.pick(
            "sau khi ký có chú thích được thêm hoặc sửa",
            "annotations were added or changed after signing",
        ),
        ChangeFault::Appearance => lang.pick(
            "một trường hiển thị khác với giá trị của nó",
            "a field shows another value than it holds",
        ),
        ChangeFault::UntrustedField => lang.pick(
            "sau khi ký có trường chữ ký mới không được tin cậy",
            "a signature field that is not trusted was added after signing",
        ),
        ChangeFault::UnsettledField => lang.pick(
            "sau khi ký có trường chữ ký mới chưa rõ có tin cậy không",
            "a signature field was added after signing that is not known to be trusted",
        ),
        ChangeFault::Trailing => lang.pick(
            "sau phần cuối của tệp còn dữ liệu mà chữ ký không bảo vệ",
            "bytes that no signature protects stand after the end of the file",
        ),
    }
}

fn has(s: &SignatureReport, is: impl Fn(&Reason) -> bool) -> bool {
    s.reasons().any(is)
}
