//! Rows about XML signatures.

use super::{Facts, Shown};
use crate::verdict::{Class, XmlFault};

pub(super) fn facts(fault: XmlFault) -> &'static Facts {
    match fault {
        XmlFault::Malformed => &MALFORMED,
        XmlFault::DuplicateId => &DUPLICATE_ID,
        XmlFault::External => &EXTERNAL,
        XmlFault::NotFound => &NOT_FOUND,
        XmlFault::Transform => &TRANSFORM,
        XmlFault::NothingSigned => &NOTHING_SIGNED,
        XmlFault::Ambiguous => &AMBIGUOUS,
        XmlFault::Wrapped => &WRAPPED,
        XmlFault::NotCovered => &NOT_COVERED,
        XmlFault::Include => &INCLUDE,
        XmlFault::KeyInfo => &KEY_INFO,
        XmlFault::PropertiesNotSigned => &PROPERTIES_NOT_SIGNED,
        XmlFault::Manifest => &MANIFEST,
        XmlFault::UnsafeText => &UNSAFE_TEXT,
        XmlFault::HeaderBroken => &HEADER_BROKEN,
        XmlFault::TraceAdded => &TRACE_ADDED,
    }
}

const MALFORMED: Facts = Facts {
    class: Class::Malformed,
    source: "W3C XMLDSig 1.1 §4; EN 319 102-1 §5.2.2",
    cause: (
        "Chữ ký bị sửa hoặc ghép để hai phần mềm đọc hai giá trị khác nhau, hoặc phần mềm ký ghi sai",
        "The signature was changed or pieced together so that two programs read two values, or the signing software is at fault",
    ),
    shown: Shown::Case("xml-two-signed-infos"),
};

const DUPLICATE_ID: Facts = Facts {
    class: Class::DuplicateId,
    source: "XML 1.0 §3.3.1 (ID); W3C XML Signature Best Practices §2.1.4",
    cause: (
        "Có người chép thêm phần tử giả mang cùng mã để đánh lừa phần mềm đọc",
        "A forged element with the same identifier was put beside the signed one",
    ),
    shown: Shown::Case("xml-duplicate-id"),
};

const EXTERNAL: Facts = Facts {
    class: Class::ExternalReference,
    source: "W3C XMLDSig 1.1 §4.4.3.2; EN 319 102-1 §5.2.7",
    cause: (
        "Chữ ký rời, nội dung nằm ở tệp hoặc địa chỉ khác; hoặc mồi nhử để phần mềm mở kết nối",
        "A detached signature whose content stands elsewhere, or bait to make software connect",
    ),
    shown: Shown::Case("xml-external-reference"),
};

const NOT_FOUND: Facts = Facts {
    class: Class::Malformed,
    source: "W3C XMLDSig 1.1 §4.4.3.3; EN 319 102-1 §5.2.7",
    cause: (
        "Phần đã ký bị cắt khỏi tệp, hoặc mã định danh bị đổi",
        "The signed part was cut out of the file, or its identifier was changed",
    ),
    shown: Shown::Case("xml-reference-to-nothing"),
};

const TRANSFORM: Facts = Facts {
    class: Class::TransformNotAllowed,
    source: "W3C XML Signature Best Practices §2.1.2",
    cause: (
        "Chữ ký dùng XPath, XSLT hoặc phép biến đổi riêng, có thể làm phần đã ký khác phần nhìn thấy",
        "The signature uses XPath, XSLT or a transform of its own, by which what is signed may differ from what is seen",
    ),
    shown: Shown::Case("xml-xpath"),
};

const NOTHING_SIGNED: Facts = Facts {
    class: Class::Coverage,
    source: "W3C XML Signature Best Practices §2.2",
    cause: (
        "Chữ ký hợp lệ của nơi khác được dán vào tệp này, hoặc ký nhầm phần trống",
        "A signature from elsewhere was pasted into this file, or an empty part was signed by mistake",
    ),
    shown: Shown::Case("xml-nothing-signed"),
};

const AMBIGUOUS: Facts = Facts {
    class: Class::AmbiguousText,
    source: "W3C Canonical XML 1.0 §2.1; XMLDSig 1.1 §4.4.3.6",
    cause: (
        "Chú thích được chèn vào giá trị băm hoặc chữ ký để phần mềm đọc nhầm",
        "A comment was put into a digest or signature value to mislead a reader",
    ),
    shown: Shown::Case("xml-comment-in-digest"),
};

const WRAPPED: Facts = Facts {
    class: Class::Coverage,
    source: "W3C XML Signature Best Practices §2.2; Decree 130/2018/NĐ-CP, Art. 9",
    cause: (
        "Phần đã ký bị dời đi chỗ khác và phần giả được đặt vào chỗ của nó",
        "The signed part was moved elsewhere and a forged one put into its place",
    ),
    shown: Shown::Case("xml-wrapped"),
};

const NOT_COVERED: Facts = Facts {
    class: Class::Coverage,
    source: "QCVN 102:2016/BTTTT; W3C XML Signature Best Practices §2.2",
    cause: (
        "Chỉ một phần của gói tin được ký, phần còn lại ai cũng sửa được",
        "Only a part of the envelope is signed, and anybody can change the rest",
    ),
    shown: Shown::Case("envelope-header-covers-little"),
};

const INCLUDE: Facts = Facts {
    class: Class::ExternalReference,
    source: "W3C XInclude 1.0 §4; EN 319 102-1 §5.1.3, table 6 (CUSTOM)",
    cause: (
        "Nội dung được nạp từ nơi khác có thể bị thay mà chữ ký không biết",
        "Content that is loaded from elsewhere can be replaced without the signature noticing",
    ),
    shown: Shown::Case("xml-include"),
};

const KEY_INFO: Facts = Facts {
    class: Class::SigningCertificateMismatch,
    source: "W3C XMLDSig 1.1 §4.5; EN 319 102-1 §5.2.3",
    cause: (
        "Chứng thư của người khác được đặt cạnh khóa của người ký để mạo danh",
        "Somebody else's certificate was put beside the signer's key to pose as them",
    ),
    shown: Shown::Case("xml-two-signers-in-key-info"),
};

const PROPERTIES_NOT_SIGNED: Facts = Facts {
    class: Class::SignedAttributesMissing,
    source: "EN 319 132-1 §4.3, §5.2",
    cause: (
        "Khối thuộc tính bị thay sau khi ký, hoặc phần mềm ký quên đưa vào phần được ký",
        "The properties were put in after signing, or the signing software forgot to sign them",
    ),
    shown: Shown::Case("xml-properties-not-signed"),
};

const MANIFEST: Facts = Facts {
    class: Class::ManifestMismatch,
    source: "W3C XMLDSig 1.1 §5.1",
    cause: (
        "Nội dung mà danh mục nêu bị sửa sau khi ký",
        "Content that the manifest lists was changed after signing",
    ),
    shown: Shown::Case("xml-manifest-entry-changed"),
};

const UNSAFE_TEXT: Facts = Facts {
    class: Class::UnsafeText,
    source: "Unicode TR 36 §2.4; EN 319 102-1 §5.1.3, table 6 (CUSTOM)",
    cause: (
        "Nội dung được dựng để giả lời báo của phần mềm kiểm tra, hoặc sao chép từ nguồn có ký tự lạ",
        "Text made to pose as the words of a verifier, or copied from a source with odd characters",
    ),
    shown: Shown::Case("envelope-header-reverses-text"),
};

const HEADER_BROKEN: Facts = Facts {
    class: Class::ModifiedAfterSigning,
    source: "QCVN 102:2016/BTTTT; Circular 15/2025/TT-BKHCN, App. II",
    cause: (
        "Trục liên thông thêm TraceHeader hoặc ghi lại XML của gói tin",
        "A relay appended a TraceHeader or wrote the envelope's XML anew",
    ),
    shown: Shown::Case("envelope-header-relayed"),
};

const TRACE_ADDED: Facts = Facts {
    class: Class::Valid,
    source: "QCVN 102:2016/BTTTT",
    cause: (
        "Mỗi hệ thống trung gian ghi thêm một TraceHeader",
        "Every system on the way appends a TraceHeader",
    ),
    shown: Shown::Case("envelope-header-relayed"),
};
