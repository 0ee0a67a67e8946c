//! What reasons about status and time say.

use crate::message::Lang;
use crate::message::reasons::{both, place_used};
use crate::message::words::{self, called, refusal, revocation_reason, vn};
use crate::verdict::{ContentDoubt, Reason, StampFault, StatusFault};

/// The message and the advice; empty for reasons of other families.
pub(super) fn trust(reason: &Reason, lang: Lang) -> (String, &'static str) {
    match reason {
        Reason::Status { certificate, fault } => status(certificate, fault, lang),
        Reason::TimeStamp { kind, time, fault } => stamp(kind, *time, fault, lang),
        _ => time(reason, lang),
    }
}

fn status(subject: &str, fault: &StatusFault, lang: Lang) -> (String, &'static str) {
    let certificate = called(subject);
    let why = |reason: &Option<&'static str>| match reason {
        Some(reason) => format!(" ({})", revocation_reason(reason, lang)),
        None => String::new(),
    };
    match fault {
        StatusFault::IssuedAfterEnd {
            source,
            this_update,
            not_after,
            ..
        } => {
            let times = (*this_update, *not_after);
            let text = super::ended::issued_after_end(&certificate, source, times, lang);
            // `offline` says which evidence would do.
            (text, "")
        }
        StatusFault::Missing {
            serial, addresses, ..
        } => {
            let holder = words::certificate(subject, serial, lang);
            let mut text = both(
                lang,
                format!(
                    "Chưa biết chứng thư {holder} có bị thu hồi hay không: không có CRL hay trả lời OCSP nào dùng được nói về chứng thư này"
                ),
                format!(
                    "It is not known whether the certificate {holder} is revoked: no usable CRL and no usable OCSP response at hand speaks of it"
                ),
            );
            if !addresses.is_empty() {
                text.push_str(lang.pick("; nơi hỏi: ", "; it can be asked at "));
                text.push_str(&addresses.join(", "));
            }
            // `offline` says how to supply it.
            (text, "")
        }
        StatusFault::Stale {
            this_update,
            next_update,
            at,
        } => {
            let (vi, en) = match next_update {
                Some(next) => (
                    format!(", hẹn thay thế trước {}", vn(*next)),
                    format!(", to be replaced by {}", vn(*next)),
                ),
                None => (String::new(), String::new()),
            };
            (
                both(
                    lang,
                    format!(
                        "CRL hoặc trả lời OCSP về chứng thư “{certificate}” phát hành {}{vi}, đã cũ so với thời điểm {}",
                        vn(*this_update),
                        vn(*at)
                    ),
                    format!(
                        "The status of the certificate “{certificate}” was issued {}{en}; it is not fresh at {}",
                        vn(*this_update),
                        vn(*at)
                    ),
                ),
                lang.pick(
                    "Tải CRL hoặc trả lời OCSP mới hơn của tổ chức cấp, chép vào một thư mục rồi kiểm tra lại với --evidence THƯ_MỤC.",
                    "Get a newer CRL or OCSP response of the issuer, put it into a folder and verify again with --evidence FOLDER.",
                ),
            )
        }
        StatusFault::OnHold { since } => (
            both(
                lang,
                format!("Chứng thư “{certificate}” bị tạm dừng từ {}", vn(*since)),
                format!(
                    "The certificate “{certificate}” is on hold since {}",
                    vn(*since)
                ),
            ),
            lang.pick(
                "Hỏi tổ chức cấp hoặc người ký; kiểm tra lại khi việc tạm dừng kết thúc.",
                "Ask the issuer or the signer; verify again when the suspension has ended.",
            ),
        ),
        StatusFault::Revoked {
            at,
            reason,
            authority,
        } => {
            let what = why(reason);
            let (vi, en) = if *authority {
                ("Chứng thư của tổ chức cấp", "The issuing certificate")
            } else {
                ("Chứng thư", "The certificate")
            };
            (
                both(
                    lang,
                    format!(
                        "{vi} “{certificate}” đã bị thu hồi từ {}{what}, và không có gì chứng minh chữ ký được lập trước đó",
                        vn(*at)
                    ),
                    format!(
                        "{en} “{certificate}” was revoked on {}{what}, and nothing proves that the signature is older",
                        vn(*at)
                    ),
                ),
                lang.pick(
                    "Không dựa vào chữ ký này, trừ khi có dấu thời gian lập trước thời điểm thu hồi.",
                    "Do not rely on this signature without a time-stamp of before the revocation.",
                ),
            )
        }
        StatusFault::RevokedProven { at, stamped } => (
            both(
                lang,
                format!(
                    "Chứng thư “{certificate}” đã bị thu hồi từ {}; dấu thời gian trên nội dung chứng minh chữ ký được lập sau {}",
                    vn(*at),
                    vn(*stamped)
                ),
                format!(
                    "The certificate “{certificate}” was revoked on {}; a content time-stamp proves that the signature was made after {}",
                    vn(*at),
                    vn(*stamped)
                ),
            ),
            lang.pick("Không sử dụng tệp này.", "Do not use this file."),
        ),
        StatusFault::RevokedLater {
            at,
            reason,
            stamped,
        } => (
            both(
                lang,
                format!(
                    "Chứng thư “{certificate}” bị thu hồi từ {}{}, sau thời điểm ký đã được chứng minh ({})",
                    vn(*at),
                    why(reason),
                    vn(*stamped)
                ),
                format!(
                    "The certificate “{certificate}” was revoked on {}{}, after the proven time of the signature ({})",
                    vn(*at),
                    why(reason),
                    vn(*stamped)
                ),
            ),
            "",
        ),
        StatusFault::IssuerOutsideValidity { issuer, not_after } => (
            both(
                lang,
                format!(
                    "CRL hoặc trả lời OCSP về chứng thư “{certificate}” do “{}” ký, mà chứng thư đó đã hết hạn {}; không có gì chứng minh dữ liệu này có trước đó",
                    called(issuer),
                    vn(*not_after)
                ),
                format!(
                    "The status of “{certificate}” is signed by “{}”, whose certificate ended {}, and nothing proves that it is older",
                    called(issuer),
                    vn(*not_after)
                ),
            ),
            lang.pick(
                "Cần dấu thời gian lưu trữ trên dữ liệu này, hoặc CRL hay trả lời OCSP mới hơn.",
                "An archive time-stamp over this status is needed, or a newer status.",
            ),
        ),
        StatusFault::Refused { source, why } => (
            both(
                lang,
                format!(
                    "Có {source} về chứng thư “{certificate}” nhưng không dùng được: {} ({why})",
                    refusal(why, Lang::Vi)
                ),
                format!(
                    "A {source} about the certificate “{certificate}” cannot be used: {} ({why})",
                    refusal(why, Lang::En)
                ),
            ),
            if why.ends_with(".future") {
                lang.pick(
                    "Kiểm tra lại với --at từ lúc dữ liệu này được phát hành trở đi (mặc định là bây giờ), hoặc đưa vào CRL hay trả lời OCSP phát hành trước thời điểm xét.",
                    "Verify again with an --at of after it was issued (the default is now), or give a CRL or OCSP response of before the time used.",
                )
            } else {
                lang.pick(
                    "Lấy CRL hoặc trả lời OCSP của chính tổ chức đã cấp chứng thư này.",
                    "Get a CRL or OCSP response of the very body that issued this certificate.",
                )
            },
        ),
    }
}

fn stamp(
    kind: &str,
    time: Option<crate::time::Time>,
    fault: &StampFault,
    lang: Lang,
) -> (String, &'static str) {
    let (vi, en) = match kind {
        "content" => ("Dấu thời gian trên nội dung", "The content time-stamp"),
        "archive" => ("Dấu thời gian lưu trữ", "The archive time-stamp"),
        _ => ("Dấu thời gian", "The time-stamp"),
    };
    let says = match time {
        Some(time) => both(
            lang,
            format!(" lúc {}", vn(time)),
            format!(" of {}", vn(time)),
        ),
        None => String::new(),
    };
    let proves_nothing = lang.pick(
        "Dấu thời gian này không chứng minh được thời điểm nào.",
        "This time-stamp proves no time.",
    );
    let (text_vi, text_en, advice) = match fault {
        StampFault::Malformed { detail } => (
            format!("không đọc được ({})", words::detail(detail, Lang::Vi)),
            format!("cannot be read ({detail})"),
            proves_nothing,
        ),
        StampFault::Imprint => (
            "được lập cho dữ liệu khác, không phải cho chữ ký này".into(),
            "is over other data".into(),
            proves_nothing,
        ),
        StampFault::ImprintUnsupported { algorithm } => (
            format!("dùng giá trị băm {algorithm} không tính được"),
            format!("has an imprint by {algorithm}, which cannot be computed"),
            proves_nothing,
        ),
        StampFault::Purpose => (
            "được ký bằng chứng thư không dành riêng cho việc cấp dấu thời gian (RFC 3161 mục 2.3)"
                .into(),
            "is signed under a certificate that is not for time-stamping alone (RFC 3161 §2.3)"
                .into(),
            proves_nothing,
        ),
        StampFault::CriticalExtension { oid } => (
            format!("có phần mở rộng tới hạn không hiểu được: {oid}"),
            format!("has a critical extension that is not understood: {oid}"),
            proves_nothing,
        ),
        StampFault::Future { at } => (
            format!("ở sau thời điểm xét {}", vn(*at)),
            format!("lies after the validation time {}", vn(*at)),
            lang.pick(
                "Kiểm tra đồng hồ của máy đang xét.",
                "Check the clock of this machine.",
            ),
        ),
        StampFault::NotPassed { sub_indication } => {
            let sub = sub_indication.map_or_else(String::new, |sub| format!(" ({sub})"));
            (
                format!("chưa được chấp nhận{sub}, nên chưa chứng minh được thời điểm ký"),
                format!("does not pass by itself{sub}, so it does not prove the time of signing"),
                lang.pick(
                    "Xem lý do ghi ngay dưới dấu thời gian này.",
                    "See the reasons below that time-stamp.",
                ),
            )
        }
        StampFault::Order { other } => (
            format!(
                "không thể có trước dấu thời gian lúc {} mà nó phải theo sau",
                vn(*other)
            ),
            format!(
                "cannot lie before the time-stamp of {} that it has to follow",
                vn(*other)
            ),
            lang.pick(
                "Đừng dựa vào giờ ký nào trong hai giờ này; hỏi người ký, và báo cho đơn vị vận hành dịch vụ dấu thời gian.",
                "Rely on neither time; ask the signer, and tell whoever runs the time-stamping service.",
            ),
        ),
        StampFault::Delay { claimed } => (
            format!(
                "cách giờ ký tự khai ({}) quá xa so với mức chính sách này cho phép",
                vn(*claimed)
            ),
            format!("is too far from the claimed signing time {}", vn(*claimed)),
            lang.pick(
                "Hỏi người ký vì sao lấy dấu thời gian muộn; mức cho phép nằm ở longest_delay_seconds của chính sách (--policy).",
                "Ask the signer why the time-stamp was taken so late; the policy's longest_delay_seconds sets what is allowed (--policy).",
            ),
        ),
        StampFault::ImprintHistory { algorithm } => (
            format!("dùng giá trị băm {algorithm}; vẫn được chấp nhận vì lập trước năm 2023"),
            format!(
                "has an imprint by {algorithm}, accepted as history since it is of before 2023"
            ),
            "",
        ),
        StampFault::NotJudged => (
            "thuộc loại mà phiên bản này chưa kiểm tra được".into(),
            "is of a kind that this version does not judge yet".into(),
            "",
        ),
        StampFault::Demanded => (
            "bắt buộc theo chính sách này nhưng không có".into(),
            "is demanded by this policy and is not there".into(),
            lang.pick(
                "Nếu chứng thư còn hiệu lực, thêm dấu thời gian: kyso extend TỆP -o RA.pdf --level b-t --tsa URL; hoặc xin bản ký có dấu thời gian.",
                "While the certificate is valid, add one: kyso extend FILE -o OUT.pdf --level b-t --tsa URL; or ask for a file that was signed with one.",
            ),
        ),
    };
    (
        both(
            lang,
            format!("{vi}{says} {text_vi}"),
            format!("{en}{says} {text_en}"),
        ),
        advice,
    )
}

fn time(reason: &Reason, lang: Lang) -> (String, &'static str) {
    match reason {
        Reason::EndedSince {
            certificate,
            not_after,
            stamped,
        } => {
            let certificate = called(certificate);
            (
            both(
                lang,
                format!(
                    "Chứng thư “{certificate}” đã hết hạn {}, sau thời điểm ký đã được chứng minh ({})",
                    vn(*not_after),
                    vn(*stamped)
                ),
                format!(
                    "The certificate “{certificate}” ended {}, after the proven time of the signature ({})",
                    vn(*not_after),
                    vn(*stamped)
                ),
            ),
            "",
        )}
        Reason::EndedUnknown {
            certificate,
            not_after,
            stamped,
        } => super::ended::status_unknown(&called(certificate), *not_after, *stamped, lang),
        Reason::Expired {
            certificate,
            not_after,
            stamped,
        } => {
            let certificate = called(certificate);
            (
            both(
                lang,
                format!(
                    "Chứng thư “{certificate}” đã hết hạn {}; dấu thời gian trên nội dung chứng minh chữ ký được lập sau {}",
                    vn(*not_after),
                    vn(*stamped)
                ),
                format!(
                    "The certificate “{certificate}” ended {}; a content time-stamp proves that the signature was made after {}",
                    vn(*not_after),
                    vn(*stamped)
                ),
            ),
            lang.pick("Không sử dụng tệp này.", "Do not use this file."),
        )}
        Reason::NotYetValid {
            certificate,
            not_before,
            stamped,
        } => {
            let certificate = called(certificate);
            (
            both(
                lang,
                format!(
                    "Chữ ký đã có từ {}, trước khi chứng thư “{certificate}” bắt đầu có hiệu lực ({})",
                    vn(*stamped),
                    vn(*not_before)
                ),
                format!(
                    "The signature existed at {}, before the certificate “{certificate}” began ({})",
                    vn(*stamped),
                    vn(*not_before)
                ),
            ),
            lang.pick("Không sử dụng tệp này.", "Do not use this file."),
        )}
        Reason::AnchorEnded { certificate, at } => (
            both(
                lang,
                format!("Chứng thư gốc “{}” không còn được tin cậy tại thời điểm {}, và không có gì chứng minh chữ ký được lập sớm hơn", called(certificate), vn(*at)),
                format!("The anchor “{}” is not trusted at {}, and nothing proves an earlier time", called(certificate), vn(*at)),
            ),
            lang.pick(
                "Cần dấu thời gian lập khi chứng thư gốc còn được tin cậy.",
                "A time-stamp of when the root was still trusted is needed.",
            ),
        ),
        Reason::WeakAlgorithmProven {
            used,
            algorithm,
            stamped,
        } => (
            both(
                lang,
                format!(
                    "{algorithm} ({}) được dùng sau {}, khi đã không còn được chấp nhận; dấu thời gian trên nội dung chứng minh điều đó",
                    place_used(used, Lang::Vi),
                    vn(*stamped)
                ),
                format!(
                    "{algorithm} ({}) was used after {}, when it no longer protected: a content time-stamp proves it",
                    place_used(used, Lang::En),
                    vn(*stamped)
                ),
            ),
            lang.pick("Xin bản ký lại.", "A new signature is needed."),
        ),
        Reason::AlgorithmHistory {
            used,
            algorithm,
            stamped,
        } => (
            both(
                lang,
                format!(
                    "{algorithm} ({}) nay không còn được chấp nhận, nhưng vẫn được chấp nhận vào {}",
                    place_used(used, Lang::Vi),
                    vn(*stamped)
                ),
                format!(
                    "{algorithm} ({}) is accepted no longer, and was on {}",
                    place_used(used, Lang::En),
                    vn(*stamped)
                ),
            ),
            "",
        ),
        Reason::AlgorithmEnding { used, algorithm } => (
            both(
                lang,
                format!(
                    "{algorithm} ({}) đã qua ngày kết thúc mà danh mục ETSI dự kiến",
                    place_used(used, Lang::Vi)
                ),
                format!(
                    "{algorithm} ({}) is past the end that the ETSI catalogue foresaw for it",
                    place_used(used, Lang::En)
                ),
            ),
            lang.pick(
                "Lấy dấu thời gian lưu trữ cho những tài liệu còn phải giữ.",
                "Give documents that are to be kept an archive time-stamp.",
            ),
        ),
        Reason::RsaPkcs1Refused => (
            both(
                lang,
                "Chữ ký theo RSA PKCS#1 v1.5, còn chính sách này đòi RSASSA-PSS theo Thông tư 15/2025/TT-BKHCN, Phụ lục I mục 1.2".into(),
                "Signed with RSA PKCS#1 v1.5; this policy asks for RSASSA-PSS by Circular 15/2025/TT-BKHCN, App. I 1.2".into(),
            ),
            lang.pick(
                "Kiểm tra lại với --policy default để biết kết luận theo thực tế hiện nay.",
                "Verify again with --policy default to have the answer of today's practice.",
            ),
        ),
        Reason::SigningTimeDiffers { claimed, stamped } => (
            both(
                lang,
                format!(
                    "Giờ ký tự khai ({}) lệch với dấu thời gian ({})",
                    vn(*claimed),
                    vn(*stamped)
                ),
                format!(
                    "The claimed signing time ({}) differs from the time-stamp ({})",
                    vn(*claimed),
                    vn(*stamped)
                ),
            ),
            "",
        ),
        _ => (String::new(), ""),
    }
}

/// What a file may hide.
pub(super) fn content(
    what: ContentDoubt,
    object: Option<u32>,
    lang: Lang,
) -> (String, &'static str) {
    let (vi, en) = match what {
        ContentDoubt::Dangling => (
            "Tệp trỏ tới một đối tượng không có trong tệp; nội dung đó có thể được thêm vào sau khi ký",
            "The file refers to an object that is not there and could be supplied after signing",
        ),
        ContentDoubt::Active => (
            "Tệp có mã lệnh hoặc hành động tự động (JavaScript, mở tệp khác, gửi biểu mẫu…)",
            "The file holds scripts or actions (opening other files, sending forms …)",
        ),
        ContentDoubt::External => (
            "Tệp hiển thị nội dung lấy từ ngoài tệp; chữ ký không bảo vệ phần đó",
            "The file shows content from outside, which the signature does not protect",
        ),
        ContentDoubt::Hidden => (
            "Tệp chứa nội dung ẩn mà bảng tham chiếu không dẫn tới",
            "The file holds hidden objects that no cross-reference leads to",
        ),
        ContentDoubt::DoubledKey => (
            "Một từ điển có khóa lặp lại: hai trình đọc có thể hiểu thành hai tài liệu",
            "A dictionary has a key twice: two readers may read two documents",
        ),
        ContentDoubt::BeforeHeader => (
            "Trước phần đầu %PDF- có dữ liệu khác: trình đọc khác có thể hiểu là tệp khác",
            "Other data stand before the header %PDF-: another reader may see another file",
        ),
        ContentDoubt::Encrypted => (
            "Tệp được mã hóa và chưa có mật khẩu mở được, nên chưa xét được nội dung",
            "The file is encrypted and no known password opens it, so its content is not judged",
        ),
        ContentDoubt::EncryptionChanged => (
            "Các phiên bản của tệp được mã hóa khác nhau",
            "The revisions of the file differ in how they are encrypted",
        ),
        ContentDoubt::Repair => (
            "Trình đọc tự dựng lại bảng tham chiếu sẽ thấy đối tượng khác",
            "A reader that rebuilds the cross-reference would see other objects",
        ),
        ContentDoubt::Structure => (
            "Bảng tham chiếu không khớp với các byte của tệp",
            "The cross-reference does not fit the bytes of the file",
        ),
        ContentDoubt::TooMany => (
            "Tệp có quá nhiều đối tượng để xét hết",
            "The file has more objects than are looked at",
        ),
    };
    let place = match object {
        Some(number) => both(
            lang,
            format!(" (đối tượng {number})"),
            format!(" (object {number})"),
        ),
        None => String::new(),
    };
    if what == ContentDoubt::Encrypted {
        return (
            both(lang, vi.to_owned(), en.to_owned()),
            lang.pick(
                "Xin mật khẩu mở tệp, ghi vào một tệp rồi kiểm tra lại với --password-file TỆP_MẬT_KHẨU; hoặc xin một bản không mã hóa.",
                "Ask for the password, put it into a file and verify again with --password-file FILE; or ask for a file that is not encrypted.",
            ),
        );
    }
    (
        both(lang, format!("{vi}{place}"), format!("{en}{place}")),
        lang.pick(
            "Chữ ký có thể đúng, nhưng điều hiển thị có thể khác điều đã ký; xin cơ quan ban hành bản không có phần này.",
            "The signature may hold, but what is shown may differ from what was signed; ask for a file without this.",
        ),
    )
}
