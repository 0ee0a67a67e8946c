//! Every [`Error`] and every [`Reason`](crate::verdict::Reason) in Vietnamese and
//! English, with what to do next.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod catalogue;
mod change_reasons;
mod ended;
mod facts;
mod fetch_reasons;
mod offline;
mod reasons;
mod trust_reasons;
mod words;
mod xml_reasons;

pub(crate) use change_reasons::{change, change_brief, further};
pub(crate) use facts::facts;
pub(crate) use fetch_reasons::fetch_fault;
pub(crate) use reasons::reason;
pub(crate) use words::{called, detail, vn};

use crate::error::{Error, ErrorKind};

/// The language of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lang {
    /// Vietnamese.
    Vi,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The language of a locale name such as `vi_VN.UTF-8`; English for every other.
    pub fn from_locale(locale: &str) -> Self {
        if locale.starts_with("vi") {
            Self::Vi
        } else {
            Self::En
        }
    }

    /// The one of two texts that this language asks for.
    pub(crate) fn pick<'t>(self, vi: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}

/// One sentence for an error: what happened, the detail, the place, what to do next.
pub(crate) fn error(error: &Error, lang: Lang) -> String {
    let (what, advice) = error_texts(error.kind(), lang);
    let mut text = what.to_owned();
    if !error.detail().is_empty() {
        text.push_str(": ");
        text.push_str(&visible(words::detail(error.detail_in(lang), lang)));
    }
    if let Some(place) = error.place() {
        text.push_str(" (");
        text.push_str(&visible(&place.to_string()));
        text.push(')');
    }
    text.push_str(". ");
    text.push_str(if error.detail() == REBUILD {
        lang.pick(
            "Tệp có vẻ bị cắt ngắn hoặc hỏng khi tải, khi gửi: hãy tải lại, hoặc xin lại tệp gốc từ nơi gửi.",
            "The file seems to be cut or damaged on its way: download it again, or ask the sender for the original.",
        )
    } else {
        advice
    });
    text
}

/// The phrase for a PDF whose cross-reference is not there: mostly a file that was cut.
const REBUILD: &str = "the cross-reference of this PDF would have to be rebuilt";

/// Text that came from a file, made safe to show: every control, bidirectional and zero-width
/// character is written as `\u{…}`, so that it can neither steer a terminal nor forge a line.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character could steer a terminal, forge a line, reorder the text around it, or open a
/// tag where the text is pasted into a page.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '<' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

fn error_texts(kind: ErrorKind, lang: Lang) -> (&'static str, &'static str) {
    let (vi, en) = match kind {
        ErrorKind::Malformed => (
            (
                "Dữ liệu đầu vào không đúng như nó tự nhận",
                "Hãy xin lại tệp gốc từ nơi gửi; đừng sửa tệp bằng tay.",
            ),
            (
                "The input is not what it claims to be",
                "Ask the sender for the original file; do not mend it by hand.",
            ),
        ),
        ErrorKind::TooLarge => (
            (
                "Vượt quá giới hạn an toàn",
                "Nếu tin cậy nguồn của tệp, hãy nâng giới hạn tương ứng rồi làm lại.",
            ),
            (
                "A safety limit was reached",
                "If you trust where the file comes from, raise that limit and try again.",
            ),
        ),
        ErrorKind::Unsupported => (
            (
                "Chưa hỗ trợ",
                "Xem docs/KNOWN-LIMITS.md để biết những gì chưa có.",
            ),
            (
                "Not supported",
                "docs/KNOWN-LIMITS.md lists what is not there yet.",
            ),
        ),
        ErrorKind::Locked => (
            (
                "Tệp được mã hóa và chưa có mật khẩu mở được",
                "Hãy cung cấp mật khẩu mở tệp (--password-file), hoặc xin một bản không mã hóa.",
            ),
            (
                "The file is encrypted, and no known password opens it",
                "Give the password that opens it (--password-file), or ask for a file that is not encrypted.",
            ),
        ),
        ErrorKind::Appearance => (
            (
                "Không vẽ được hình thức chữ ký",
                "Hãy sửa phần được nêu rồi ký lại; chưa có gì được ký.",
            ),
            (
                "What the signature is to show cannot be drawn",
                "Correct what is named and sign again; nothing was signed.",
            ),
        ),
        ErrorKind::KeyPassword => (
            (
                "Mật khẩu hoặc mã PIN của khóa không đúng",
                "Hãy kiểm tra lại; chương trình không tự thử lần nữa.",
            ),
            (
                "The password or PIN of the key was refused",
                "Check it; it is not tried again by itself.",
            ),
        ),
        ErrorKind::SignerFailed => (
            (
                "Thiết bị hoặc dịch vụ ký không trả lời",
                "Hãy kiểm tra kết nối rồi ký lại; chưa có tệp nào được ghi.",
            ),
            (
                "The signing device or service did not answer",
                "Check the connection and sign again; nothing was written.",
            ),
        ),
        ErrorKind::KeyMismatch => (
            (
                "Khóa bí mật không khớp với chứng thư",
                "Hãy chọn đúng cặp khóa và chứng thư.",
            ),
            (
                "The private key does not belong to the certificate",
                "Choose the key and the certificate that belong together.",
            ),
        ),
        ErrorKind::KeyUnusable => (
            (
                "Khóa này không dùng để ký được",
                "Cần khóa RSA từ 2048 bit trở lên, hoặc ECDSA P-256, P-384.",
            ),
            (
                "This key cannot be used to sign",
                "An RSA key of at least 2048 bits, or an ECDSA key on P-256 or P-384, is needed.",
            ),
        ),
        ErrorKind::SignerRefused => (
            (
                "Người ký hoặc thiết bị ký đã từ chối",
                "Chưa có gì được ký; hãy hỏi lại người giữ khóa.",
            ),
            (
                "The signer or the signing device refused",
                "Nothing was signed; ask the holder of the key.",
            ),
        ),
        ErrorKind::Fetch => (
            (
                "Không lấy được dữ liệu từ dịch vụ trên mạng",
                "Hãy kiểm tra địa chỉ và kết nối rồi làm lại.",
            ),
            (
                "A service on the network could not be reached",
                "Check the address and the connection, then try again.",
            ),
        ),
        ErrorKind::Mismatch => (
            (
                "Kết quả ký không khớp với tệp hoặc với bước chuẩn bị",
                "Hãy dùng đúng tệp đã chuẩn bị và đúng chữ ký của tệp đó.",
            ),
            (
                "The answer does not fit the file or what was prepared",
                "Use the very file that was prepared, and the signature made for it.",
            ),
        ),
        ErrorKind::Refused => (
            (
                "Không làm, vì kết quả sẽ không đạt điều được yêu cầu hoặc làm hại chữ ký đã có",
                "Chưa ghi gì cả. Hãy xử lý lý do được nêu: đưa thêm chứng cứ (--evidence), cho phép hỏi mạng (--online), hoặc chọn mức khác.",
            ),
            (
                "Not done, since the result would not be what was asked for, or would harm a signature",
                "Nothing was written. Mend the reason that is named: give evidence (--evidence), let it be fetched (--online), or choose another level.",
            ),
        ),
        ErrorKind::Misuse => (
            ("Cách gọi không đúng", "Hãy sửa các thiết lập được nêu."),
            ("Wrong usage", "Mend the settings that are named."),
        ),
        ErrorKind::InputUnreadable => (
            (
                "Không đọc được tệp đầu vào",
                "Hãy kiểm tra đường dẫn và quyền đọc.",
            ),
            (
                "An input could not be read",
                "Check the path and the permission to read it.",
            ),
        ),
        ErrorKind::OutputUnwritable => (
            (
                "Không ghi được tệp kết quả",
                "Hãy kiểm tra thư mục, dung lượng và quyền ghi.",
            ),
            (
                "The output could not be written",
                "Check the folder, the free space and the permission to write.",
            ),
        ),
        ErrorKind::Internal => (
            (
                "Lỗi bên trong chương trình",
                "Đây là lỗi của kyso: hãy báo cho chúng tôi cùng với tệp gây ra nó.",
            ),
            (
                "A defect inside the program",
                "This is a fault of kyso: please report it with the file that shows it.",
            ),
        ),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}
