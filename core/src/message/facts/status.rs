//! Rows about status, time-stamps and times.

use super::{Facts, Shown};
use crate::verdict::Class;

pub(super) const NOT_ASKED: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "Circular 15/2025/TT-BKHCN, App. II 1.2",
    cause: (
        "Người xét đã chọn --revocation none",
        "Whoever judged chose --revocation none",
    ),
    shown: Shown::Case("status-not-asked"),
};

pub(super) const MISSING: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "EN 319 102-1 §5.2.5, §5.2.6.4 step 4; Circular 15/2025/TT-BKHCN, App. II 1.2",
    cause: (
        "Tệp không mang CRL hay trả lời OCSP, và chưa ai đưa vào; chương trình không tự kết nối mạng",
        "The file carries no CRL and no OCSP response and nobody gave one; the program opens no connection by itself",
    ),
    shown: Shown::Vector("pdf-table"),
};

pub(super) const ISSUED_AFTER_END: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "RFC 5280 §3.3; EN 319 102-1 §5.2.6.4 step 7; X.509 §9.5.2.8 (expiredCertsOnCRL); RFC 6960 §4.4.4 (archiveCutoff)",
    cause: (
        "Chỉ có CRL hoặc OCSP của ngày nay cho một chứng thư đã hết hạn từ lâu; danh sách thu hồi thường bỏ những chứng thư đã hết hạn",
        "Only a list or response of today is at hand for a certificate that ended long ago; lists usually drop what has ended",
    ),
    shown: Shown::Case("status-issued-after-end"),
};

pub(super) const ENDED_STATUS_UNKNOWN: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "EN 319 102-1 §5.2.6.4 step 7, §5.5.4 step 4; Circular 15/2025/TT-BKHCN, App. II 1.2",
    cause: (
        "Tệp cũ có dấu thời gian, nhưng không kèm CRL hay trả lời OCSP của thời đó",
        "An old file with a time-stamp, and without a CRL or an OCSP response of its time",
    ),
    shown: Shown::Case("status-issued-after-end"),
};

pub(super) const STALE: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "EN 319 102-1 §5.2.5; Circular 15/2025/TT-BKHCN, App. II 1.2",
    cause: (
        "CRL hoặc trả lời OCSP được đưa vào đã cũ so với thời điểm xét",
        "The CRL or OCSP response that was given is too old for the time used",
    ),
    shown: Shown::Case("status-stale"),
};

pub(super) const ON_HOLD: Facts = Facts {
    class: Class::Revoked,
    source: "EN 319 102-1 §5.2.6.4 step 4c; RFC 5280 §5.3.1; Circular 15/2025/TT-BKHCN, App. II 1.1",
    cause: (
        "Người ký báo mất thiết bị hoặc cơ quan yêu cầu tạm dừng; có thể được khôi phục hoặc thu hồi",
        "The signer reported a lost device, or the office asked for the suspension; it may be lifted or become a revocation",
    ),
    shown: Shown::Case("status-on-hold"),
};

pub(super) const REVOKED: Facts = Facts {
    class: Class::Revoked,
    source: "EN 319 102-1 §5.2.6.4 step 4b; Circular 15/2025/TT-BKHCN, App. II 1.1, 1.2",
    cause: (
        "Chứng thư bị thu hồi (lộ khóa, mất thiết bị, đổi tên, thôi việc) và chữ ký không có dấu thời gian trước đó",
        "The certificate was revoked (key exposed, device lost, name changed, office left), and no time-stamp shows that the signature is older",
    ),
    shown: Shown::Case("status-revoked"),
};

pub(super) const AUTHORITY_REVOKED: Facts = Facts {
    class: Class::Revoked,
    source: "EN 319 102-1 §5.2.6.4 step 4d",
    cause: (
        "Tổ chức cấp bị thu hồi chứng thư: mọi chứng thư bên dưới mất căn cứ",
        "The issuer's own certificate was revoked: every certificate below it lost its ground",
    ),
    shown: Shown::Case("issuer-revoked"),
};

pub(super) const REVOKED_BEFORE_SIGNING: Facts = Facts {
    class: Class::Revoked,
    source: "EN 319 102-1 §5.3.4 step 4; Circular 15/2025/TT-BKHCN, App. II 1.1",
    cause: (
        "Khóa được dùng để ký sau khi đã bị thu hồi",
        "The key was used after it had been revoked",
    ),
    shown: Shown::Case("signed-after-revocation"),
};

pub(super) const REVOKED_LATER: Facts = Facts {
    class: Class::Valid,
    source: "EN 319 102-1 §5.5.4 step 4; Decree 23/2025/NĐ-CP, Art. 16",
    cause: (
        "Người ký đổi chứng thư, đổi tên hoặc thôi việc sau khi đã ký",
        "The signer changed certificate, name or office after signing",
    ),
    shown: Shown::Case("revoked-after-stamp"),
};

pub(super) const ISSUER_OUTSIDE_VALIDITY: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "EN 319 102-1 §5.2.6.4 step 8, §5.6.2.4.4",
    cause: (
        "CRL hoặc trả lời OCSP cũ, mà chứng thư ký chúng nay đã hết hạn và không có dấu thời gian lưu trữ",
        "An old CRL or OCSP response whose signer has ended since, without an archive time-stamp over it",
    ),
    shown: Shown::Case("status-signer-ended"),
};

pub(super) const EVIDENCE_REFUSED: Facts = Facts {
    class: Class::RevocationUnknown,
    source: "RFC 5280 §6.3.3; RFC 6960 §3.2, §4.2.2.2",
    cause: (
        "CRL hoặc trả lời OCSP bị giả, của tổ chức khác, sai phạm vi, hoặc do người không có quyền ký",
        "The CRL or OCSP response is forged, of another issuer, of another scope, or signed by somebody who may not",
    ),
    shown: Shown::Case("status-forged"),
};

pub(super) const STAMP_MALFORMED: Facts = Facts {
    class: Class::TimestampInvalid,
    source: "RFC 3161 §2.4.2; EN 319 102-1 §5.4",
    cause: (
        "Dấu thời gian bị hỏng hoặc được ghi sai cấu trúc",
        "The time-stamp was damaged or written wrongly",
    ),
    shown: Shown::Case("stamp-malformed"),
};

pub(super) const STAMP_IMPRINT: Facts = Facts {
    class: Class::TimestampInvalid,
    source: "RFC 3161 §2.4.2; EN 319 102-1 §5.5.4 step 3",
    cause: (
        "Dấu thời gian của một tài liệu khác được gắn vào chữ ký này",
        "The time-stamp of another document was put on this signature",
    ),
    shown: Shown::Case("stamp-of-other-data"),
};

pub(super) const STAMP_IMPRINT_UNSUPPORTED: Facts = Facts {
    class: Class::Unsupported,
    source: "RFC 3161 §2.4.1; Circular 15/2025/TT-BKHCN, App. I 1.3",
    cause: (
        "Máy chủ dấu thời gian dùng hàm băm ngoài danh mục",
        "The time-stamp server used a digest outside of the list",
    ),
    shown: Shown::Case("stamp-by-unknown-digest"),
};

pub(super) const STAMP_PURPOSE: Facts = Facts {
    class: Class::TimestampInvalid,
    source: "RFC 3161 §2.3; RFC 5280 §4.2.1.12",
    cause: (
        "Dấu thời gian tự tạo bằng một chứng thư thường",
        "A time-stamp made by oneself with an ordinary certificate",
    ),
    shown: Shown::Case("stamp-by-a-person"),
};

pub(super) const STAMP_CRITICAL_EXTENSION: Facts = Facts {
    class: Class::TimestampInvalid,
    source: "RFC 3161 §2.4.2; RFC 5280 §4.2",
    cause: (
        "Máy chủ dấu thời gian thêm một điều kiện mà phần mềm bắt buộc phải hiểu",
        "The time-stamp server added a condition that nobody may ignore",
    ),
    shown: Shown::Case("stamp-with-critical-extension"),
};

pub(super) const STAMP_FUTURE: Facts = Facts {
    class: Class::TimeInconsistent,
    source: "RFC 3161 §2.4.2; EN 319 102-1 §5.4",
    cause: (
        "Đồng hồ của máy đang xét chạy chậm, --at đặt trước thời điểm ký, hoặc dấu thời gian bị giả",
        "The clock of this machine is slow, --at lies before the signing, or the time-stamp is forged",
    ),
    shown: Shown::Case("stamp-in-the-future"),
};

pub(super) const STAMP_NOT_PASSED: Facts = Facts {
    class: Class::TimestampInvalid,
    source: "EN 319 102-1 §5.4, §5.5.4 step 3; Circular 15/2025/TT-BKHCN, Art. 6(1)g",
    cause: (
        "Thiếu chứng thư hoặc tình trạng của máy chủ dấu thời gian, hoặc dấu thời gian không đáng tin",
        "The certificate or status of the time-stamp server is missing, or the time-stamp is not to be trusted",
    ),
    shown: Shown::Case("stamp-without-status"),
};

pub(super) const STAMP_ORDER: Facts = Facts {
    class: Class::TimeInconsistent,
    source: "EN 319 102-1 §5.5.4 step 4e; RFC 3161 §2.4.2",
    cause: (
        "Một trong các dấu thời gian được ghép từ nơi khác, hoặc đồng hồ của một máy chủ sai",
        "One of the time-stamps comes from elsewhere, or the clock of a server is wrong",
    ),
    shown: Shown::Case("stamps-out-of-order"),
};

pub(super) const STAMP_DELAY: Facts = Facts {
    class: Class::TimeInconsistent,
    source: "EN 319 102-1 §5.5.4 step 5",
    cause: (
        "Dấu thời gian được lấy lâu sau khi ký, quá mức mà chính sách đang dùng cho phép",
        "The time-stamp was taken later after signing than the policy in use allows",
    ),
    shown: Shown::Case("stamp-too-late"),
};

pub(super) const STAMP_SHA1_HISTORY: Facts = Facts {
    class: Class::Valid,
    source: "TS 119 312; EN 319 102-1 §5.5.4",
    cause: (
        "Máy chủ dấu thời gian của Nhà nước còn dùng SHA-1 cho tới năm 2022",
        "The state's own time-stamp server used SHA-1 until 2022",
    ),
    shown: Shown::Case("stamp-by-sha1-of-2022"),
};

pub(super) const STAMP_DEMANDED: Facts = Facts {
    class: Class::TimestampInvalid,
    source: "Circular 15/2025/TT-BKHCN, Art. 5(1)e; EN 319 102-1 §5.5.4",
    cause: (
        "Chính sách đang dùng bắt buộc có dấu thời gian; người ký đã ký mà không lấy",
        "The policy in use demands a time-stamp, and the signer took none",
    ),
    shown: Shown::Case("stamp-demanded"),
};

pub(super) const STAMP_NOT_JUDGED: Facts = Facts {
    class: Class::Unsupported,
    source: "EN 319 122-1 §5.5; TS 101 733 §6.4.1",
    cause: (
        "Chữ ký mang dấu thời gian lưu trữ kiểu cũ (CAdES v2), tính trên cả nội dung, mà nội dung lại nằm ngoài chữ ký",
        "The signature carries an archive time-stamp of the old kind (CAdES v2), which is over the content itself, and the content stands elsewhere",
    ),
    shown: Shown::Case("stamp-for-the-archive"),
};

pub(super) const SIGNING_TIME_LOCAL: Facts = Facts {
    class: Class::Valid,
    source: "RFC 5652 §11.3; EN 319 122-1 §5.2.1",
    cause: (
        "Lỗi của phần mềm ký những năm 2021–2022: giờ Việt Nam ghi như thể là giờ UTC",
        "A fault of signing software of 2021 and 2022: Viet Nam's time written as if it were UTC",
    ),
    shown: Shown::Case("signing-time-local"),
};

pub(super) const SIGNING_TIME_DIFFERS: Facts = Facts {
    class: Class::Valid,
    source: "EN 319 102-1 §5.5.4 step 5; RFC 5652 §11.3",
    cause: (
        "Đồng hồ của máy ký sai, hoặc dấu thời gian được lấy muộn hơn",
        "The clock of the signing machine was wrong, or the time-stamp was taken later",
    ),
    shown: Shown::Case("signing-time-differs"),
};

pub(super) const SIGNING_TIME_FUTURE: Facts = Facts {
    class: Class::TimeInconsistent,
    source: "RFC 5652 §11.3; EN 319 102-1 §5.2.8",
    cause: (
        "Đồng hồ của máy ký chạy nhanh, đồng hồ của máy đang xét chạy chậm, hoặc --at đặt trước thời điểm ký",
        "The signer's clock was fast, the clock of this machine is slow, or --at lies before the signing",
    ),
    shown: Shown::Case("signing-time-future"),
};

pub(super) const SIGNING_TIME_UNKNOWN: Facts = Facts {
    class: Class::Valid,
    source: "Circular 15/2025/TT-BKHCN, Art. 5(1)d; EN 319 122-1 §5.2.1",
    cause: (
        "Phần mềm ký không ghi giờ ký và không lấy dấu thời gian",
        "The signing software wrote no time and took no time-stamp",
    ),
    shown: Shown::Case("signing-time-unknown"),
};
