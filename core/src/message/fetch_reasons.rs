//! What is said of an address that could not be asked, or answered nothing of use.

use crate::message::reasons::both;
use crate::message::{Lang, called};
use crate::verdict::FetchFault;

/// The message and the advice.
pub(crate) fn not_fetched(
    certificate: &str,
    address: &str,
    fault: &FetchFault,
    lang: Lang,
) -> (String, &'static str) {
    let (vi, en) = why(fault);
    let certificate = called(certificate);
    let text = both(
        lang,
        format!("Không lấy được dữ liệu về chứng thư “{certificate}” từ {address}: {vi}"),
        format!("Nothing about the certificate “{certificate}” was had from {address}: {en}"),
    );
    (text, advice(fault, lang))
}

/// Why something was not fetched, as the end of a sentence.
pub(crate) fn fetch_fault(fault: &FetchFault, lang: Lang) -> String {
    let (vi, en) = why(fault);
    both(lang, vi, en)
}

/// Why, as the end of a sentence, in both languages.
fn why(fault: &FetchFault) -> (String, String) {
    match fault {
        FetchFault::Address { what } => (
            format!("địa chỉ không được phép hỏi ({what})"),
            format!("this address is not asked ({what})"),
        ),
        FetchFault::NotListed => (
            "địa chỉ do một chứng thư chưa nối được tới gốc tin cậy nêu ra, và không có trong danh sách nên không hỏi".into(),
            "it is named by a certificate that no anchor vouches for, and is on no list, so it was not asked".into(),
        ),
        FetchFault::Forbidden { ip } => (
            format!("máy chủ có địa chỉ mạng không công khai ({ip})"),
            format!("the host has a network address that is not public ({ip})"),
        ),
        FetchFault::Unreachable { detail } => (
            format!("không kết nối được ({detail})"),
            format!("no connection ({detail})"),
        ),
        FetchFault::Timeout => (
            "không trả lời đầy đủ trong thời gian cho phép".into(),
            "no whole answer came in time".into(),
        ),
        FetchFault::Redirect { status } => (
            format!("máy chủ chuyển hướng sang nơi khác (HTTP {status}); không đi theo"),
            format!("it sends elsewhere (HTTP {status}), which is never followed"),
        ),
        FetchFault::Status { status } => (
            format!("máy chủ từ chối (HTTP {status})"),
            format!("it refuses (HTTP {status})"),
        ),
        FetchFault::TooLarge { limit } => (
            format!("trả lời lớn hơn giới hạn {limit} byte"),
            format!("the answer is larger than {limit} octets"),
        ),
        FetchFault::Unusable { what } => (
            format!("trả lời không dùng được ({what})"),
            format!("the answer cannot be used ({what})"),
        ),
        FetchFault::Declined { status } => {
            let name = match status {
                1 => "malformedRequest",
                2 => "internalError",
                3 => "tryLater",
                5 => "sigRequired",
                6 => "unauthorized",
                _ => "unknown",
            };
            (
                format!("dịch vụ OCSP không trả lời câu hỏi ({status}, {name})"),
                format!("the OCSP responder does not answer the question ({status}, {name})"),
            )
        }
        FetchFault::Nonce => (
            "trả lời OCSP dành cho một yêu cầu khác (nonce không khớp)".into(),
            "the OCSP response answers another request (its nonce differs)".into(),
        ),
        FetchFault::Budget { what } => (
            format!("đã hỏi quá nhiều cho một tệp ({what})"),
            format!("too much was asked for one file already ({what})"),
        ),
        FetchFault::CacheDamaged => (
            "bản lưu trong bộ nhớ đệm bị hỏng nên đã bỏ qua".into(),
            "what was kept in the cache is damaged and was passed over".into(),
        ),
    }
}

fn advice(fault: &FetchFault, lang: Lang) -> &'static str {
    match fault {
        FetchFault::NotListed => lang.pick(
            "Nếu tin địa chỉ đó, thêm --online-issuers ĐỊA_CHỈ; hoặc tự tải chứng thư rồi đưa vào bằng --evidence.",
            "If you trust that address, add --online-issuers ADDRESS; or fetch the certificate yourself and give it by --evidence.",
        ),
        FetchFault::Address { .. } => lang.pick(
            "Tự tải tệp đó nếu tin cậy rồi đưa vào bằng --evidence.",
            "Fetch the file yourself, where you trust it, and give it by --evidence.",
        ),
        FetchFault::Forbidden { ip } if ip.starts_with("127.") || ip == "::1" => lang.pick(
            "Địa chỉ này là chính máy đang xét. Nếu đó là cơ quan chứng thực thử nghiệm (kyso sandbox serve), thêm --online-loopback; nếu không, đừng tin địa chỉ này.",
            "This address is the machine itself. If it is a throw-away authority (kyso sandbox serve), add --online-loopback; otherwise do not trust this address.",
        ),
        FetchFault::Forbidden { .. } => lang.pick(
            "Nếu đó là máy chủ trong mạng nội bộ của cơ quan, thêm --online-allow TÊN_MÁY; nếu không, đừng tin địa chỉ này.",
            "If it is a server of your own network, add --online-allow HOST; otherwise do not trust this address.",
        ),
        FetchFault::Unreachable { .. } | FetchFault::Timeout => lang.pick(
            "Kiểm tra kết nối mạng rồi làm lại, hoặc đưa tệp vào bằng --evidence.",
            "Check the network and try again, or give the file by --evidence.",
        ),
        FetchFault::Redirect { .. }
        | FetchFault::Status { .. }
        | FetchFault::TooLarge { .. }
        | FetchFault::Unusable { .. }
        | FetchFault::Declined { .. }
        | FetchFault::Nonce => lang.pick(
            "Báo cho đơn vị vận hành dịch vụ, hoặc đưa tệp có từ nguồn khác vào bằng --evidence.",
            "Tell whoever runs the service, or give a file from another source by --evidence.",
        ),
        FetchFault::Budget { .. } | FetchFault::CacheDamaged => "",
    }
}
