//! What each symptom says and what to do about it, in Vietnamese and English.

/// Message and advice of a code: Vietnamese, English, Vietnamese advice, English advice.
pub(super) fn of(code: &str) -> [&'static str; 4] {
    TABLE.iter().find(|(known, _)| *known == code).map_or(
        ["Điểm bất thường", "Something odd", "", ""],
        |(_, words)| *words,
    )
}

/// Every code of this room's own, with its words.
const TABLE: &[(&str, [&str; 4])] = &[
    (
        "structure.traces",
        [
            "Không đọc được cấu trúc tệp, nhưng có dấu vết của chữ ký",
            "The structure cannot be read, yet there are traces of a signature",
            "Hãy xin lại tệp gốc; tệp đã hỏng hoặc bị cắt sau khi ký.",
            "Ask for the original file: this one was damaged or cut after it was signed.",
        ],
    ),
    (
        "structure.revisions",
        [
            "Số phiên bản trong tệp",
            "Revisions in the file",
            "Mỗi chữ ký chỉ bảo vệ phiên bản của nó; dùng verify --revision để lấy ra.",
            "Each signature covers its own revision only; verify --revision hands it out.",
        ],
    ),
    (
        "structure.prefix",
        [
            "Có dữ liệu trước phần đầu %PDF-",
            "There are bytes before the header %PDF-",
            "Hãy xuất lại tệp trước khi ký; một số trình đọc tính vị trí khác đi.",
            "Export the file again before signing; readers count offsets differently.",
        ],
    ),
    (
        "structure.no_catalog",
        [
            "Không đọc được mục lục của tài liệu",
            "The document catalog cannot be read",
            "Hãy xin lại tệp gốc.",
            "Ask for the original file.",
        ],
    ),
    (
        "structure.object",
        [
            "Không đọc được một đối tượng",
            "An object cannot be read",
            "Hãy xuất lại tệp trước khi ký.",
            "Export the file again before signing.",
        ],
    ),
    (
        "structure.odd",
        [
            "Cấu trúc bất thường",
            "The structure is odd",
            "Trước khi ký: hãy xuất lại tệp. Sau khi ký: đừng sửa, vì sửa sẽ làm hỏng chữ ký.",
            "Before signing, export the file again. After signing leave it: mending breaks signatures.",
        ],
    ),
    (
        "pdf.repair_differs",
        [
            "Trình đọc tự dựng lại bảng tham chiếu sẽ thấy tài liệu khác; số chỗ khác",
            "A reader that rebuilds the cross-reference sees another document; differences",
            "Đừng tin điều hiển thị; hãy xin lại tệp gốc.",
            "Do not rely on what is shown; ask for the original file.",
        ],
    ),
    (
        "encryption.present",
        [
            "Tệp được mã hóa",
            "The file is encrypted",
            "Người nhận phải có trình đọc mở được; hồ sơ lưu trữ không nên mã hóa.",
            "Every receiver needs a reader that opens it; archives should not be encrypted.",
        ],
    ),
    (
        "encryption.locked",
        [
            "Tệp được mã hóa và chưa có mật khẩu mở được",
            "The file is encrypted, and no known password opens it",
            "Hãy cung cấp mật khẩu bằng --password-file.",
            "Give the password with --password-file.",
        ],
    ),
    (
        "encryption.weak",
        [
            "Mã hóa yếu, không còn bảo vệ được nội dung",
            "The encryption is weak and protects nothing any more",
            "Hãy mã hóa lại bằng AES-256 (R 6) trước khi ký, hoặc bỏ mã hóa.",
            "Encrypt anew with AES-256 (R 6) before signing, or not at all.",
        ],
    ),
    (
        "encryption.forbids_signing",
        [
            "Quyền của tệp không cho điền biểu mẫu và ký",
            "The permissions of the file forbid filling forms and signing",
            "Hãy xin bản có quyền ký, hoặc mở bằng mật khẩu chủ sở hữu.",
            "Ask for a file that may be signed, or open it with the owner password.",
        ],
    ),
    (
        "encryption.permissions_differ",
        [
            "/Perms và /P nói khác nhau về quyền",
            "/Perms and /P say different things about permissions",
            "Tệp có thể đã bị sửa; hãy xin lại bản gốc.",
            "The file may have been tampered with; ask for the original.",
        ],
    ),
    (
        "font.not_embedded",
        [
            "Phông chữ không được nhúng",
            "A font is not embedded",
            "Hãy nhúng phông khi xuất tệp: máy khác có thể hiển thị chữ khác.",
            "Embed fonts when exporting: another machine may show other letters.",
        ],
    ),
    (
        "font.before_unicode",
        [
            "Phông chữ TCVN3 hoặc VNI, trước Unicode",
            "A TCVN3 or VNI font, from before Unicode",
            "Hãy chuyển văn bản sang Unicode (TCVN 6909) rồi xuất lại trước khi ký.",
            "Convert the text to Unicode (TCVN 6909) and export again before signing.",
        ],
    ),
    (
        "font.no_to_unicode",
        [
            "Phông chữ không có bảng ToUnicode: không tìm hay sao chép được chữ",
            "A font without ToUnicode: its text cannot be searched or copied",
            "Hãy xuất lại tệp có kèm bảng ToUnicode.",
            "Export the file again with ToUnicode maps.",
        ],
    ),
    (
        "text.replacement_character",
        [
            "Văn bản có ký tự thay thế U+FFFD: chữ đã mất",
            "Text with the replacement character U+FFFD: letters were lost",
            "Hãy xuất lại từ văn bản gốc bằng Unicode.",
            "Export again from the source text in Unicode.",
        ],
    ),
    (
        "text.before_unicode",
        [
            "Văn bản theo bảng mã TCVN3 hoặc VNI bị đọc sai",
            "Text of TCVN3 or VNI read as another encoding",
            "Hãy chuyển sang Unicode (TCVN 6909) trước khi ký.",
            "Convert it to Unicode (TCVN 6909) before signing.",
        ],
    ),
    (
        "content.xfa",
        [
            "Biểu mẫu XFA: nội dung hiển thị không nằm trong các trang",
            "An XFA form: what is shown does not stand in the pages",
            "Hãy làm phẳng biểu mẫu trước khi ký.",
            "Flatten the form before signing.",
        ],
    ),
    (
        "content.need_appearances",
        [
            "Biểu mẫu yêu cầu trình đọc tự vẽ lại các trường",
            "The form asks readers to draw its fields themselves",
            "Hãy lưu hình hiển thị của các trường rồi mới ký.",
            "Store the appearance of the fields before signing.",
        ],
    ),
    (
        "content.layers",
        [
            "Tệp có các lớp nội dung bật tắt được",
            "The file has layers that can be switched on and off",
            "Hãy gộp các lớp trước khi ký.",
            "Merge the layers before signing.",
        ],
    ),
    (
        "content.opening_action",
        [
            "Tệp có hành động khi mở",
            "The file does something when it is opened",
            "Hãy bỏ hành động nếu không cần.",
            "Take it out unless it is needed.",
        ],
    ),
    (
        "content.script",
        [
            "Tệp có mã JavaScript",
            "The file holds JavaScript",
            "Hãy bỏ mã trước khi ký; chữ ký trên tệp này sẽ không được chấp nhận trọn vẹn.",
            "Take it out before signing; a signature over it will not pass.",
        ],
    ),
    (
        "content.action",
        [
            "Tệp có hành động ra bên ngoài",
            "The file has an action that reaches outside",
            "Hãy bỏ hành động trước khi ký.",
            "Take it out before signing.",
        ],
    ),
    (
        "content.external",
        [
            "Nội dung nằm ở tệp khác, không được chữ ký bảo vệ",
            "Content stands in another file, which no signature covers",
            "Hãy đưa nội dung vào trong tệp.",
            "Put the content into the file.",
        ],
    ),
    (
        "content.attachment",
        [
            "Tệp có tệp đính kèm",
            "The file has files attached",
            "Chữ ký của tệp bảo vệ cả tệp đính kèm, nhưng không xét nội dung của chúng.",
            "A signature covers them too, but nobody judges what is in them.",
        ],
    ),
    (
        "signature.allows_no_change",
        [
            "Chữ ký chứng nhận không cho thay đổi gì (DocMDP, P=1)",
            "The certification allows no change (DocMDP, P=1)",
            "Không thể cấp số, ngày hay đóng dấu sau đó; hãy chứng nhận với P=2.",
            "Number, date and seal cannot be added any more; certify with P=2.",
        ],
    ),
    (
        "certificate.ended",
        [
            "Chứng thư của người ký đã hết hạn",
            "The signer's certificate has ended",
            "Chỉ dấu thời gian có trước ngày đó mới giữ được hiệu lực.",
            "Only a time-stamp from before that day keeps the signature's worth.",
        ],
    ),
    (
        "certificate.ends_soon",
        [
            "Chứng thư của người ký sắp hết hạn",
            "The signer's certificate ends soon",
            "Hãy thêm dấu thời gian và dữ liệu trạng thái trước ngày đó.",
            "Add a time-stamp and status evidence before that day.",
        ],
    ),
    (
        "evidence.time_stamp_not_proven",
        [
            "Chữ ký có dấu thời gian nhưng dấu đó chưa được chấp nhận, nên chưa chứng minh giờ ký",
            "The signature has a time-stamp that does not pass, so it proves no time yet",
            "kyso verify nêu còn thiếu gì cho dấu thời gian (thường là CRL hoặc chứng thư CA của máy chủ dấu thời gian): đưa vào bằng --evidence.",
            "kyso verify says what it lacks (mostly the CRL or issuing CA of the time-stamp server): give it by --evidence.",
        ],
    ),
    (
        "evidence.no_time_stamp",
        [
            "Chữ ký không có dấu thời gian",
            "The signature has no time-stamp",
            "Hãy nâng lên mức B-T trước khi chứng thư hết hạn hoặc bị thu hồi.",
            "Raise it to level B-T before the certificate ends or is revoked.",
        ],
    ),
    (
        "evidence.no_status_stored",
        [
            "Tệp không lưu dữ liệu trạng thái chứng thư",
            "The file stores no evidence of the certificate's status",
            "Hãy lưu CRL hoặc OCSP vào tệp (mức B-LT).",
            "Store CRL or OCSP in the file (level B-LT).",
        ],
    ),
    (
        "limit.reached",
        [
            "Đã đạt giới hạn an toàn trước khi xem hết",
            "A safety limit was reached before everything was looked at",
            "Nếu tin nguồn của tệp, hãy nâng giới hạn bằng --limit.",
            "If you trust where the file comes from, raise the limit with --limit.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::{TABLE, of};

    #[test]
    fn every_code_speaks_two_languages_and_has_advice() {
        for (code, words) in TABLE {
            assert!(words.iter().all(|word| !word.is_empty()), "{code}");
            assert_eq!(of(code), *words, "{code} stands twice");
        }
    }
}
