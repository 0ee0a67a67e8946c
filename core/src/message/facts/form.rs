//! Rows about the form of a signature, its CMS, and its cryptography.

use super::{Facts, Shown};
use crate::verdict::Class;

pub(super) const SIGNATURE_DICTIONARY: Facts = Facts {
    class: Class::Malformed,
    source: "ISO 32000-2 §12.8.1, table 255; EN 319 142-1 §5.3",
    cause: (
        "Tệp bị sửa để phần mềm kiểm tra bỏ qua chữ ký mà vẫn hiện tên người ký, hoặc phần mềm ký ghi thiếu mục",
        "The file was changed so that a careless reader skips the check and still shows the signer, or the signing software left the key out",
    ),
    shown: Shown::Case("sub-filter-missing"),
};

pub(super) const DUPLICATE_KEY: Facts = Facts {
    class: Class::Malformed,
    source: "ISO 32000-2 §7.3.7",
    cause: (
        "Tệp được dựng để hai trình đọc thấy hai giá trị khác nhau của cùng một mục",
        "The file was made so that two readers take two values of one key",
    ),
    shown: Shown::Case("signature-key-twice"),
};

pub(super) const BYTE_RANGE: Facts = Facts {
    class: Class::ByteRange,
    source: "ISO 32000-2 §12.8.1; EN 319 142-1 §5.3",
    cause: (
        "Tệp bị sửa để vùng được ký không còn là vùng mà người đọc thấy, hoặc bị cắt, ghép, chuyển đổi sau khi ký",
        "The file was changed so that what is signed is not what is shown, or it was cut, joined or converted after signing",
    ),
    shown: Shown::Case("byte-range-starts-late"),
};

pub(super) const CONTENTS: Facts = Facts {
    class: Class::Malformed,
    source: "ISO 32000-2 §12.8.1, §7.3.4.3; EN 319 142-1 §5.3",
    cause: (
        "Giá trị chữ ký bị xóa hoặc bị ghi đè, hoặc tệp mới chuẩn bị ký mà chưa ký",
        "The signature value was removed or overwritten, or the file was prepared and never signed",
    ),
    shown: Shown::Case("contents-zero"),
};

pub(super) const CONTENTS_PADDING: Facts = Facts {
    class: Class::ContentsPadding,
    source: "ISO 32000-2 §12.8.3.3; EN 319 142-1 §5.3",
    cause: (
        "Có dữ liệu giấu trong chỗ trống của chữ ký, nơi chữ ký không bảo vệ",
        "Data is hidden in the free room of the signature, which the signature does not protect",
    ),
    shown: Shown::Case("contents-padding"),
};

pub(super) const REWRITTEN_AFTER_SIGNING: Facts = Facts {
    class: Class::Coverage,
    source: "ISO 32000-2 §12.8.1, §7.5.6",
    cause: (
        "Tệp đã được nén, in lại ra PDF, ghép trang, mở rồi lưu lại bằng phần mềm khác, hoặc qua hệ thống tự tối ưu tệp",
        "The file was compressed, printed to PDF, merged, saved by another program, or passed through a system that optimises files",
    ),
    shown: Shown::Vector("pdf-rewritten"),
};

pub(super) const SIGNATURE_WITHOUT_FIELD: Facts = Facts {
    class: Class::SignatureMisplaced,
    source: "ISO 32000-2 §12.7.5.5, §12.8.1",
    cause: (
        "Tệp bị ghi lại nên mất biểu mẫu, còn sót từ điển chữ ký cũ",
        "The file was written anew and lost its form; the old signature dictionary was left behind",
    ),
    shown: Shown::Case("rewritten-without-field"),
};

pub(super) const SIGNATURE_SHARED: Facts = Facts {
    class: Class::DuplicateSignatureReference,
    source: "ISO 32000-2 §12.7.5.5",
    cause: (
        "Một chữ ký bị gắn thêm vào trường khác để trông như nhiều người đã ký",
        "One signature was attached to a further field so that it looks like several",
    ),
    shown: Shown::Case("one-signature-in-two-fields"),
};

pub(super) const SIGNATURE_REMOVED: Facts = Facts {
    class: Class::SignatureRemoved,
    source: "ISO 32000-2 §7.5.6, §12.7.5.5",
    cause: (
        "Có người xóa chữ ký khỏi tài liệu bằng một lần lưu bổ sung; chữ ký cũ vẫn còn trong tệp",
        "Somebody removed the signature by a later save; it is still in the file",
    ),
    shown: Shown::Case("signature-field-removed"),
};

pub(super) const SUB_FILTER_UNSUPPORTED: Facts = Facts {
    class: Class::Unsupported,
    source: "ISO 32000-2 §12.8.3.1; EN 319 142-1 §5.3",
    cause: (
        "Phần mềm ký dùng định dạng riêng, hoặc tên định dạng bị sửa để né kiểm tra",
        "The signing software uses a format of its own, or the name was changed to dodge the check",
    ),
    shown: Shown::Case("sub-filter-unknown"),
};

pub(super) const SUB_FILTER_LEGACY: Facts = Facts {
    class: Class::WeakAlgorithm,
    source: "ISO 32000-2 §12.8.3.1; Circular 15/2025/TT-BKHCN, App. I 1.3",
    cause: (
        "Tệp được ký bằng phần mềm cũ (trước khoảng năm 2010)",
        "The file was signed by old software (of before about 2010)",
    ),
    shown: Shown::Case("sub-filter-pkcs7-sha1"),
};

pub(super) const SIGNATURE_TYPE: Facts = Facts {
    class: Class::NotADocumentSignature,
    source: "ISO 32000-2 §12.8.1, §12.8.5; RFC 3161 §2.4.2",
    cause: (
        "Dấu thời gian được đặt vào chỗ của chữ ký để giả làm chữ ký, hoặc ngược lại",
        "A time-stamp stands in the place of a signature to pose as one, or the other way round",
    ),
    shown: Shown::Case("signature-typed-as-time-stamp"),
};

pub(super) const CMS_MALFORMED: Facts = Facts {
    class: Class::Malformed,
    source: "RFC 5652 §5.1; EN 319 102-1 §5.2.2",
    cause: (
        "Chữ ký bị hỏng khi truyền hoặc lưu, bị cắt bớt, hoặc được ghi sai cấu trúc",
        "The signature was damaged on its way, cut short, or written wrongly",
    ),
    shown: Shown::Case("cms-malformed"),
};

pub(super) const CMS_NOT_DER: Facts = Facts {
    class: Class::Valid,
    source: "RFC 5652 §5.1; ISO 32000-2 §12.8.3.3",
    cause: (
        "Thói quen của một số phần mềm ký; không ảnh hưởng tới giá trị chữ ký",
        "A habit of some signing software; it does not touch what the signature is worth",
    ),
    shown: Shown::Case("cms-in-ber"),
};

pub(super) const CMS_CONTENT_PRESENT: Facts = Facts {
    class: Class::Malformed,
    source: "RFC 5652 §5.2; ISO 32000-2 §12.8.3.3",
    cause: (
        "Chữ ký của một dữ liệu khác được đặt vào tệp này, hoặc phần mềm ký dùng sai loại CMS",
        "A signature over other data was put into this file, or the signing software made the wrong kind of CMS",
    ),
    shown: Shown::Case("cms-content-present"),
};

pub(super) const SIGNER_INFO_COUNT: Facts = Facts {
    class: Class::Malformed,
    source: "RFC 5652 §5.1; ISO 32000-2 §12.8.3.3; EN 319 142-1 §5.3",
    cause: (
        "Chữ ký bị ghép thêm người ký, hoặc phần người ký bị bỏ đi",
        "Another signer was added to the signature, or the signer was taken out of it",
    ),
    shown: Shown::Case("signer-info-none"),
};

pub(super) const SIGNED_ATTRIBUTES_ABSENT: Facts = Facts {
    class: Class::SignedAttributesMissing,
    source: "RFC 5652 §5.3; EN 319 122-1 §5.1; ISO 32000-2 §12.8.3.3",
    cause: (
        "Phần mềm ký cũ, hoặc chữ ký của một tài liệu khác được mang sang",
        "Old signing software, or a signature that was carried over from another document",
    ),
    shown: Shown::Case("signed-attributes-absent"),
};

pub(super) const SIGNED_ATTRIBUTE: Facts = Facts {
    class: Class::SignedAttributesMissing,
    source: "RFC 5652 §5.3, §11; RFC 5035 §3; RFC 6211 §2; EN 319 122-1 §5",
    cause: (
        "Phần mềm ký làm sai chuẩn, hoặc chữ ký bị dựng lại từ các mảnh",
        "The signing software departs from the standard, or the signature was pieced together",
    ),
    shown: Shown::Case("message-digest-twice"),
};

pub(super) const ATTRIBUTES_NOT_SORTED: Facts = Facts {
    class: Class::Valid,
    source: "RFC 5652 §5.4; X.690 §11.6",
    cause: (
        "Thói quen của một số phần mềm ký; chữ ký vẫn đúng trên các byte như đang có",
        "A habit of some signing software; the signature holds over the bytes as they stand",
    ),
    shown: Shown::Case("attributes-not-sorted"),
};

pub(super) const ATTRIBUTES_RESORTED: Facts = Facts {
    class: Class::Valid,
    source: "RFC 5652 §5.4; X.690 §11.6",
    cause: (
        "Phần mềm ký tính đúng theo DER nhưng ghi ra theo thứ tự khác",
        "The signing software signed the DER order and wrote another one",
    ),
    shown: Shown::Case("attributes-resorted"),
};

pub(super) const ALGORITHMS_DISAGREE: Facts = Facts {
    class: Class::WeakAlgorithm,
    source: "RFC 5652 §5.4; RFC 4056 §2; RFC 8933 §3",
    cause: (
        "Phần mềm ký đặt sai tham số, hoặc chữ ký bị sửa để dùng hàm băm yếu hơn",
        "The signing software set wrong parameters, or the signature was changed towards a weaker hash",
    ),
    shown: Shown::Case("algorithms-disagree"),
};

pub(super) const DIGEST_MISMATCH: Facts = Facts {
    class: Class::DigestMismatch,
    source: "EN 319 102-1 §5.2.7; ISO 32000-2 §12.8.1; Circular 15/2025/TT-BKHCN, App. II 2.4",
    cause: (
        "Nội dung bị sửa sau khi ký (số, ngày, tên, con dấu…), hoặc tệp bị hỏng khi truyền",
        "The content was changed after signing (a number, a date, a name, a seal …), or the file was damaged on its way",
    ),
    shown: Shown::Vector("pdf-changed-byte"),
};

pub(super) const SIGNATURE_INVALID: Facts = Facts {
    class: Class::SignatureInvalid,
    source: "EN 319 102-1 §5.2.7; RFC 5652 §5.6; Circular 15/2025/TT-BKHCN, App. II 2.2",
    cause: (
        "Giá trị chữ ký bị sửa hoặc bị hỏng, hoặc chứng thư gắn kèm không phải của người đã ký",
        "The signature value was changed or damaged, or the certificate beside it is not the signer's",
    ),
    shown: Shown::Vector("pdf-changed-signature-value"),
};

pub(super) const ALGORITHM_UNSUPPORTED: Facts = Facts {
    class: Class::Unsupported,
    source: "EN 319 102-1 §5.2.8.4.1; Circular 15/2025/TT-BKHCN, App. I 1.2, 1.3",
    cause: (
        "Chữ ký dùng thuật toán ngoài danh mục (GOST, DSA, brainpool…)",
        "The signature uses an algorithm outside of every list (GOST, DSA, brainpool …)",
    ),
    shown: Shown::Case("algorithm-unsupported"),
};
