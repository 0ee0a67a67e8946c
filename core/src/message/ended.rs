//! What is said where a certificate has ended and only later evidence could speak about it: which
//! evidence would do, since that of today does not.

use crate::message::Lang;
use crate::message::reasons::both;
use crate::message::words::vn;
use crate::time::Time;

/// A list or response issued after the end that does not say that it keeps ended certificates;
/// `times` are its own and the end of the certificate.
pub(super) fn issued_after_end(
    certificate: &str,
    source: &str,
    times: (Time, Time),
    lang: Lang,
) -> String {
    let (this_update, end) = times;
    let mark = if source == "CRL" {
        "expiredCertsOnCRL"
    } else {
        "archiveCutoff"
    };
    both(
        lang,
        format!(
            "{source} có ở đây phát hành {}, sau khi chứng thư “{certificate}” hết hạn ({}), và không ghi rằng vẫn giữ chứng thư đã hết hạn ({mark}); vì vậy việc không nêu chứng thư này chưa nói lên điều gì",
            vn(this_update),
            vn(end)
        ),
        format!(
            "The {source} at hand was issued {}, after the certificate “{certificate}” ended ({}), and does not say that it keeps ended certificates ({mark}), so its silence says nothing",
            vn(this_update),
            vn(end)
        ),
    )
}

/// The certificate has ended since the proven time, and its status then is not known.
pub(super) fn status_unknown(
    certificate: &str,
    end: Time,
    stamped: Time,
    lang: Lang,
) -> (String, &'static str) {
    let message = both(
        lang,
        format!(
            "Chữ ký được chứng minh đã có từ {}, trong thời hạn của chứng thư “{certificate}”; chứng thư nay đã hết hạn ({}) và chưa biết trước đó có bị thu hồi hay không",
            vn(stamped),
            vn(end)
        ),
        format!(
            "The signature is proven to have existed at {}, within the validity of “{certificate}”; the certificate has ended since ({}), and whether it had been revoked before is not known",
            vn(stamped),
            vn(end)
        ),
    );
    let advice = lang.pick(
        "Giờ ký đã được chứng minh; chỉ còn thiếu tình trạng thu hồi, xem lý do mang mã revocation.…",
        "The time is proven; the status alone is missing: see the reason with a code revocation.…",
    );
    (message, advice)
}

/// What is added to the advice to fetch a status, where the certificate has ended already.
pub(super) fn warning(end: Time, lang: Lang) -> String {
    both(
        lang,
        format!(
            " Lưu ý: thời hạn của chứng thư tới {}, danh sách hiện hành có thể không còn nói về nó nữa; khi đó cần CRL hoặc trả lời OCSP phát hành trước lúc đó, hoặc loại có ghi rằng vẫn giữ những chứng thư đã qua thời hạn.",
            vn(end)
        ),
        format!(
            " Mind: the certificate's period went to {}, and the list of today may speak of it no longer; then a CRL or OCSP response issued before that is needed, or one that says that it keeps certificates beyond their period.",
            vn(end)
        ),
    )
}

/// The evidence that would do.
pub(super) fn wanted(end: Time, stamped: Option<Time>, lang: Lang) -> String {
    let end = vn(end);
    let (vi, en) = match stamped {
        Some(stamped) => {
            let stamped = vn(stamped);
            (
                format!("trong khoảng từ {stamped} (giờ ký) tới {end} (lúc hết hạn)"),
                format!("between {stamped} (the signing) and {end} (the end)"),
            )
        }
        None => (format!("trước {end}"), format!("before {end}")),
    };
    both(
        lang,
        format!(
            "Tải lại danh sách của ngày hôm nay không giúp được. Hãy xin tổ chức cấp CRL hoặc trả lời OCSP phát hành {vi}, hoặc CRL có expiredCertsOnCRL hay trả lời OCSP có archiveCutoff, rồi kiểm tra lại với --evidence THƯ_MỤC."
        ),
        format!(
            "Today's list again does not help. Ask the issuing body for a CRL or OCSP response issued {en}, or for a CRL with expiredCertsOnCRL or a response with archiveCutoff, and verify again with --evidence FOLDER."
        ),
    )
}
