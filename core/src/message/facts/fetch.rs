//! Rows about what could not be fetched. None of them lowers a verdict.

use super::{Facts, Shown};
use crate::verdict::{Class, FetchFault};

/// The row of a fault.
pub(super) fn row(fault: &FetchFault) -> &'static Facts {
    match fault {
        FetchFault::Address { .. } => &ADDRESS,
        FetchFault::NotListed => &NOT_LISTED,
        FetchFault::Forbidden { .. } => &FORBIDDEN,
        FetchFault::Unreachable { .. } => &UNREACHABLE,
        FetchFault::Timeout => &TIMEOUT,
        FetchFault::Redirect { .. } => &REDIRECT,
        FetchFault::Status { .. } => &STATUS,
        FetchFault::TooLarge { .. } => &TOO_LARGE,
        FetchFault::Unusable { .. } => &UNUSABLE,
        FetchFault::Declined { .. } => &DECLINED,
        FetchFault::Nonce => &NONCE,
        FetchFault::Budget { .. } => &BUDGET,
        FetchFault::CacheDamaged => &CACHE_DAMAGED,
    }
}

const fn informs(source: &'static str, cause: (&'static str, &'static str)) -> Facts {
    Facts {
        class: Class::Valid,
        source,
        cause,
        shown: Shown::Case("not-fetched"),
    }
}

static ADDRESS: Facts = informs(
    "RFC 5280 §8; RFC 2585 §4",
    (
        "Chứng thư ghi một địa chỉ lạ: cổng khác 80 và 443, có tên người dùng, hoặc viết khó hiểu",
        "The certificate names an odd address: another port than 80 and 443, a user name, or an unclear spelling",
    ),
);
static NOT_LISTED: Facts = informs(
    "RFC 5280 §8",
    (
        "Chứng thư của tổ chức cấp không có trong tệp, và địa chỉ tải chỉ do chính chứng thư chưa được kiểm ấy nêu ra",
        "The file lacks the issuer's certificate, and only the certificate that is not vouched for says where it is",
    ),
);
static FORBIDDEN: Facts = informs(
    "RFC 5280 §8; RFC 6890",
    (
        "Máy chủ chỉ có trong mạng nội bộ của một cơ quan, hoặc ai đó muốn máy này kết nối tới nơi không nên",
        "The server stands in an office's own network, or somebody wants this machine to connect where it should not",
    ),
);
static UNREACHABLE: Facts = informs(
    "RFC 9110",
    (
        "Máy này không có mạng, hoặc máy chủ đã ngừng",
        "This machine has no network, or the server is gone",
    ),
);
static TIMEOUT: Facts = informs(
    "RFC 9110",
    (
        "Máy chủ quá tải, hoặc tường lửa bỏ các gói tin",
        "The server is overloaded, or a firewall drops the packets",
    ),
);
static REDIRECT: Facts = informs(
    "RFC 9110 §15.4; RFC 5280 §8",
    (
        "Máy chủ đã dời sang địa chỉ khác hoặc sang https",
        "The server has moved to another address, or to https",
    ),
);
static STATUS: Facts = informs(
    "RFC 9110 §15",
    (
        "Tệp không còn ở địa chỉ đó, hoặc máy chủ từ chối người hỏi",
        "The file is no longer at that address, or the server refuses whoever asks",
    ),
);
static TOO_LARGE: Facts = informs(
    "RFC 5280 §8",
    (
        "Máy chủ gửi thứ khác với điều được hỏi, hoặc danh sách thu hồi rất lớn",
        "The server sends something else than what was asked for, or the list is very large",
    ),
);
static UNUSABLE: Facts = informs(
    "RFC 2585 §4; RFC 6960 App. A",
    (
        "Máy chủ trả về trang thông báo, hoặc chứng thư của một tổ chức khác",
        "The server sends a notice page, or the certificate of another authority",
    ),
);
static DECLINED: Facts = informs(
    "RFC 6960 §4.2.1",
    (
        "Dịch vụ OCSP bận, hoặc không phục vụ chứng thư này",
        "The OCSP responder is busy, or does not serve this certificate",
    ),
);
static NONCE: Facts = informs(
    "RFC 9654 §2",
    (
        "Dịch vụ trả lời bằng bản lập sẵn cho người khác, hoặc ai đó gửi lại trả lời cũ",
        "The responder answers with what it made for another, or somebody sends an old answer again",
    ),
);
static BUDGET: Facts = informs(
    "RFC 5280 §8",
    (
        "Tệp có rất nhiều chữ ký của nhiều tổ chức",
        "The file carries very many signatures of many authorities",
    ),
);
static CACHE_DAMAGED: Facts = informs(
    "RFC 5280 §6.3",
    (
        "Đĩa lỗi, hoặc ai đó đã sửa thư mục lưu",
        "The disk has a fault, or somebody changed the folder",
    ),
);
