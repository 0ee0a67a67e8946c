//! What is said about XML signatures.

use crate::message::Lang;
use crate::verdict::XmlFault;

/// The message and the advice.
pub(super) fn xml(fault: XmlFault, what: &str, lang: Lang) -> (String, &'static str) {
    let (vi, en) = sentence(fault);
    let message = match lang {
        Lang::Vi => format!("{vi}: {what}"),
        Lang::En => format!("{en}: {what}"),
    };
    let (vi, en) = advice(fault);
    (message, lang.pick(vi, en))
}

fn sentence(fault: XmlFault) -> (&'static str, &'static str) {
    match fault {
        XmlFault::Malformed => (
            "Phần tử Signature không đúng cấu trúc của chữ ký XML",
            "The Signature element is not built as an XML signature must be",
        ),
        XmlFault::DuplicateId => (
            "Mã định danh mà chữ ký dẫn tới xuất hiện nhiều lần trong tệp",
            "The identifier that the signature refers to stands more than once in the file",
        ),
        XmlFault::External => (
            "Chữ ký dẫn tới nội dung nằm ngoài tệp, hoặc không nói rõ nội dung nào",
            "The signature refers to content outside of the file, or does not say to which",
        ),
        XmlFault::NotFound => (
            "Chữ ký dẫn tới phần tử không có trong tệp",
            "The signature refers to an element that is not in the file",
        ),
        XmlFault::Transform => (
            "Chữ ký yêu cầu phép biến đổi không được phép dùng khi kiểm tra",
            "The signature asks for a transform that is not carried out when verifying",
        ),
        XmlFault::NothingSigned => (
            "Chữ ký chỉ ký chính các phần của nó, không ký nội dung nào của tệp",
            "The signature signs nothing but parts of itself, and no content of the file",
        ),
        XmlFault::Ambiguous => (
            "Có chú thích hoặc chỉ thị XML xen trong giá trị của chữ ký, nên hai trình đọc có thể \
             hiểu khác nhau",
            "Comments or instructions stand inside a value of the signature, so that two readers \
             may read two values",
        ),
        XmlFault::Wrapped => (
            "Có phần tử trùng tên với phần đã ký nhưng không được ký, dễ bị đọc nhầm là đã ký",
            "An element of the same name as a signed one is not signed, and could be taken for it",
        ),
        XmlFault::NotCovered => (
            "Chữ ký không bao gồm phần bắt buộc phải ký",
            "The signature does not cover a part that it must cover",
        ),
        XmlFault::Include => (
            "Tệp yêu cầu nạp thêm nội dung từ nơi khác (XInclude), nội dung đó không được ký",
            "The file asks for content from elsewhere (XInclude), which is not signed",
        ),
        XmlFault::KeyInfo => (
            "Các chứng thư hoặc khóa trong KeyInfo mâu thuẫn nhau",
            "The certificates or keys in KeyInfo contradict each other",
        ),
        XmlFault::PropertiesNotSigned => (
            "Thuộc tính được ghi là đã ký (SignedProperties) nhưng thật ra không được ký",
            "Properties that are said to be signed (SignedProperties) are not",
        ),
        XmlFault::Manifest => (
            "Danh mục (Manifest) đã ký có mục không khớp với nội dung",
            "A signed Manifest has an entry that does not match the content",
        ),
        XmlFault::UnsafeText => (
            "Phần đầu gói tin có ký tự điều khiển hoặc đảo chiều chữ, có thể làm người đọc nhầm",
            "The header holds characters that control a terminal or reverse the direction of text, \
             and may mislead a reader",
        ),
        XmlFault::HeaderBroken => (
            "Chữ ký ở phần đầu gói tin không còn khớp; trục liên thông thường sửa gói tin trên \
             đường đi",
            "The header signature does not hold any more; relays often change envelopes on their \
             way",
        ),
        XmlFault::TraceAdded => (
            "Phần đã ký vẫn nguyên nếu bỏ các TraceHeader do trục liên thông thêm vào sau khi ký",
            "What was signed is intact but for the TraceHeaders that relays appended after signing",
        ),
    }
}

fn advice(fault: XmlFault) -> (&'static str, &'static str) {
    match fault {
        XmlFault::External => (
            "Hãy xin bản có chữ ký bao gồm chính nội dung trong tệp.",
            "Ask for a file whose signature covers the content inside it.",
        ),
        XmlFault::Transform => (
            "Đề nghị bên ký dùng các phép biến đổi thông dụng: enveloped-signature và chuẩn hóa.",
            "Ask the signer to use the usual transforms: enveloped-signature and canonicalisation.",
        ),
        XmlFault::Wrapped | XmlFault::NotCovered => (
            "Chỉ dùng những phần tử mà báo cáo liệt kê là đã ký.",
            "Use only the elements that the report names as signed.",
        ),
        XmlFault::HeaderBroken => (
            "Dựa vào chữ ký bên trong các tệp đính kèm.",
            "Rely on the signatures inside the attachments.",
        ),
        XmlFault::TraceAdded => ("", ""),
        _ => (
            "Hãy xin lại tệp gốc, đúng từng byte như khi ký.",
            "Ask for the original file, byte for byte as it was signed.",
        ),
    }
}
