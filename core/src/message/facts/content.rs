//! Rows about what a file may hide, later changes, envelopes and limits.

use super::{Facts, Shown};
use crate::verdict::Class;

pub(super) const CHANGES_NOT_JUDGED: Facts = Facts {
    class: Class::ModifiedAfterSigning,
    source: "ISO 32000-2 §12.8.2.2, §7.5.6",
    cause: (
        "Sau khi ký, tệp được ký tiếp, đóng số và ngày, điền biểu mẫu, ghi chú, hoặc bị sửa nội dung",
        "After signing, the file was signed again, given number and date, filled in, annotated, or its content was changed",
    ),
    shown: Shown::Case("changed-after-signing"),
};

pub(super) const CONTENT_NOT_JUDGED: Facts = Facts {
    class: Class::Unsupported,
    source: "ISO 32000-2 §12.8",
    cause: (
        "Phiên bản này của chương trình chưa có phép kiểm tra đó",
        "This version of the program does not have that check",
    ),
    shown: Shown::Case("content-not-judged"),
};

pub(super) const DANGLING: Facts = Facts {
    class: Class::DanglingReference,
    source: "ISO 32000-2 §7.3.10",
    cause: (
        "Phần mềm tạo PDF để sót, hoặc tệp được chuẩn bị để thêm nội dung sau khi ký",
        "A slip of the software that made the PDF, or a file prepared to be given content after signing",
    ),
    shown: Shown::Case("content-dangling"),
};

pub(super) const ACTIVE: Facts = Facts {
    class: Class::ActiveContent,
    source: "ISO 32000-2 §12.6",
    cause: (
        "Biểu mẫu có tính toán tự động, hoặc tệp được dựng để đổi điều hiển thị",
        "A form that computes, or a file made to change what it shows",
    ),
    shown: Shown::Case("content-active"),
};

pub(super) const EXTERNAL: Facts = Facts {
    class: Class::ExternalContent,
    source: "ISO 32000-2 §7.3.8.1, §7.11",
    cause: (
        "Tệp dùng ảnh hoặc nội dung lấy từ nơi khác; người giữ nơi đó đổi được điều hiển thị",
        "The file takes an image or content from elsewhere; whoever holds that place can change what is shown",
    ),
    shown: Shown::Case("content-external"),
};

pub(super) const HIDDEN: Facts = Facts {
    class: Class::HiddenObjects,
    source: "ISO 32000-2 §7.5.4, §7.5.6",
    cause: (
        "Phần mềm tạo PDF để lại bản cũ, hoặc tệp chứa sẵn nội dung khác để tráo sau khi ký",
        "An old text that the software left behind, or another content laid ready to be switched to after signing",
    ),
    shown: Shown::Case("content-hidden"),
};

pub(super) const DOUBLED_KEY: Facts = Facts {
    class: Class::AmbiguousText,
    source: "ISO 32000-2 §7.3.7",
    cause: (
        "Phần mềm tạo PDF làm sai chuẩn, hoặc tệp được dựng để mỗi trình đọc thấy một khác",
        "Software that departs from the standard, or a file made to be read in two ways",
    ),
    shown: Shown::Case("content-doubled-key"),
};

pub(super) const OPTIONAL: Facts = Facts {
    class: Class::HiddenObjects,
    source: "ISO 32000-2 §8.11",
    cause: (
        "Bản vẽ hoặc bản đồ có lớp, hoặc tệp được dựng để ẩn hiện một phần nội dung",
        "A drawing or map with layers, or a file made to show and hide a part",
    ),
    shown: Shown::Case("content-optional"),
};

pub(super) const ENCRYPTED: Facts = Facts {
    class: Class::Unsupported,
    source: "ISO 32000-2 §7.6",
    cause: (
        "Tệp được đặt mật khẩu hoặc giới hạn quyền in, sao chép",
        "The file was given a password, or limits on printing and copying",
    ),
    shown: Shown::Vector("pdf-encrypted-password"),
};

pub(super) const ENCRYPTION_CHANGED: Facts = Facts {
    class: Class::HiddenObjects,
    source: "ISO 32000-2 §7.6",
    cause: (
        "Một phiên bản sau thêm hoặc đổi cách mã hóa, nên chữ trong phiên bản đã ký bị đọc thành khác",
        "A later revision adds or changes the encryption, so that text of the signed one reads as other",
    ),
    shown: Shown::Case("content-encryption-changed"),
};

pub(super) const REPAIR: Facts = Facts {
    class: Class::HiddenObjects,
    source: "ISO 32000-2 §7.5.4, §7.5.6",
    cause: (
        "Tệp chứa hai bản của một đối tượng, xếp sao cho trình đọc khác nhau chọn khác nhau",
        "The file holds two texts of one object, laid so that different readers choose differently",
    ),
    shown: Shown::Case("content-repair"),
};

pub(super) const STRUCTURE: Facts = Facts {
    class: Class::HiddenObjects,
    source: "ISO 32000-2 §7.3.8, §7.5.4",
    cause: (
        "Công cụ ghi sai độ dài luồng hoặc vị trí đối tượng, hoặc tệp bị sửa bằng tay",
        "A tool that writes wrong lengths or offsets, or a file that was edited by hand",
    ),
    shown: Shown::Case("content-structure"),
};

pub(super) const TOO_MANY: Facts = Facts {
    class: Class::Limit,
    source: "ISO 32000-2 annex C",
    cause: (
        "Tệp rất lớn, hoặc được dựng để làm tê liệt phần mềm",
        "A very large file, or one made to paralyse software",
    ),
    shown: Shown::Case("content-too-many-objects"),
};

pub(super) const ENVELOPE_RULE: Facts = Facts {
    class: Class::ManifestMismatch,
    source: "QCVN 102:2016/BTTTT",
    cause: (
        "Danh mục và tệp đính kèm trong gói tin không khớp nhau, hoặc tên tệp nguy hiểm",
        "Manifest and attachments of the envelope disagree, or a file name is dangerous",
    ),
    shown: Shown::Case("envelope-manifest-mismatch"),
};

pub(super) const HEADER_SIGNATURE_NOT_JUDGED: Facts = Facts {
    class: Class::Unsupported,
    source: "QCVN 102:2016/BTTTT; W3C XMLDSig 1.1",
    cause: (
        "Gói tin mang chữ ký XML ở phần đầu, thứ mà phiên bản này chưa kiểm tra",
        "The envelope carries an XML signature in its header, which this version does not check",
    ),
    shown: Shown::Case("envelope-header-signature"),
};

pub(super) const HEADER_SIGNATURE_NOT_XMLDSIG: Facts = Facts {
    class: Class::Valid,
    source: "QCVN 102:2016/BTTTT; W3C XMLDSig 1.1",
    cause: (
        "Phần mềm gửi chỉ ghi khối Signature cho đủ hình thức",
        "The sending software wrote the Signature block for its form alone",
    ),
    shown: Shown::Case("envelope-header-not-xmldsig"),
};

pub(super) const ATTACHMENT_UNREADABLE: Facts = Facts {
    class: Class::Malformed,
    source: "QCVN 102:2016/BTTTT",
    cause: (
        "Tệp đính kèm bị hỏng khi mã hóa hoặc khi truyền",
        "The attachment was damaged when it was encoded or sent",
    ),
    shown: Shown::Case("envelope-attachment-damaged"),
};

pub(super) const ATTACHMENT_NOT_SIGNED: Facts = Facts {
    class: Class::NoSignature,
    source: "Decree 30/2020/NĐ-CP, App. I",
    cause: (
        "Phụ lục gửi kèm chưa được ký",
        "An appendix was sent along unsigned",
    ),
    shown: Shown::Case("envelope-attachment-unsigned"),
};

pub(super) const LIMIT: Facts = Facts {
    class: Class::Limit,
    source: "EN 319 102-1 §5.1.3, table 6 (CUSTOM)",
    cause: (
        "Tệp được dựng để làm tê liệt phần mềm, hoặc lớn hơn mức thường gặp nhiều lần",
        "A file made to paralyse software, or many times larger than usual ones",
    ),
    shown: Shown::Case("limit-of-path-checks"),
};
