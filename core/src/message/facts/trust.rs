//! Rows about the signing certificate, its path, and algorithms.

use super::{Facts, Shown};
use crate::verdict::Class;

pub(super) const SIGNING_CERTIFICATE_NOT_FOUND: Facts = Facts {
    class: Class::KeyNotFound,
    source: "EN 319 102-1 §5.2.3; RFC 5652 §5.3; Circular 15/2025/TT-BKHCN, App. II 2.1",
    cause: (
        "Phần mềm ký không gắn kèm chứng thư của người ký, hoặc chứng thư bị gỡ ra",
        "The signing software did not attach the signer's certificate, or it was taken out",
    ),
    shown: Shown::Case("signer-not-attached"),
};

pub(super) const SIGNING_CERTIFICATE_MISMATCH: Facts = Facts {
    class: Class::SigningCertificateMismatch,
    source: "EN 319 102-1 §5.2.3; RFC 5035 §3; EN 319 122-1 §5.2.2",
    cause: (
        "Chứng thư trong tệp bị thay bằng chứng thư khác để hiện tên người khác",
        "The certificate in the file was exchanged so that another name is shown",
    ),
    shown: Shown::Case("signer-exchanged"),
};

pub(super) const SIGNING_CERTIFICATE_SERIAL: Facts = Facts {
    class: Class::Valid,
    source: "EN 319 102-1 §5.2.3; RFC 5035 §5",
    cause: (
        "Phần mềm ký ghi sai số hiệu hoặc tên tổ chức cấp; giá trị băm mới là căn cứ và vẫn khớp",
        "The signing software wrote a wrong serial or issuer; the hash decides, and it matches",
    ),
    shown: Shown::Case("signer-serial-differs"),
};

pub(super) const SIGNING_CERTIFICATE_UNNAMED: Facts = Facts {
    class: Class::SigningCertificateMissing,
    source: "EN 319 122-1 §5.2.2; EN 319 142-1 §6.3; RFC 5035 §3",
    cause: (
        "Phần mềm ký trước chuẩn ETSI (phần lớn chữ ký công vụ trước năm 2023), hoặc thuộc tính bị bỏ",
        "Signing software of before the ETSI standard (most state signatures of before 2023), or the attribute was left out",
    ),
    shown: Shown::Case("signer-unnamed"),
};

pub(super) const TRUST_STORE_EMPTY: Facts = Facts {
    class: Class::Untrusted,
    source: "EN 319 102-1 §5.2.6; Circular 15/2025/TT-BKHCN, Art. 6(1)b",
    cause: (
        "Máy này chưa được nạp chứng thư gốc nào",
        "No root certificate was loaded on this machine yet",
    ),
    shown: Shown::Case("trust-store-empty"),
};

pub(super) const ISSUER_NOT_FOUND: Facts = Facts {
    class: Class::Untrusted,
    source: "EN 319 102-1 §5.2.6.4 step 2a; RFC 5280 §6.1; Circular 15/2025/TT-BKHCN, Art. 6(1)b",
    cause: (
        "Tệp chỉ mang chứng thư của người ký, không mang chứng thư của tổ chức cấp",
        "The file carries the signer's certificate alone and not that of its issuer",
    ),
    shown: Shown::Case("issuer-not-found"),
};

pub(super) const AUTHORITY_REMOVED: Facts = Facts {
    class: Class::Untrusted,
    source: "EN 319 102-1 §5.2.6.4 step 2a; Circular 15/2025/TT-BKHCN, Art. 5(5), 6(4)",
    cause: (
        "Người quản trị đã gỡ chứng thư gốc hoặc CA này (kyso trust remove)",
        "The operator removed this root or issuing authority (kyso trust remove)",
    ),
    shown: Shown::Case("authority-removed"),
};

pub(super) const ROOT_NOT_TRUSTED: Facts = Facts {
    class: Class::Untrusted,
    source: "EN 319 102-1 §5.2.6.4 step 2a; Circular 15/2025/TT-BKHCN, Art. 6(1)b",
    cause: (
        "Chứng thư tự tạo, hoặc do một tổ chức không có trong kho tin cậy cấp; kẻ giả mạo có thể đặt cùng tên",
        "A certificate made by oneself, or issued by a body that the store does not hold; a forger can use the same name",
    ),
    shown: Shown::Vector("pdf-untrusted-signer"),
};

pub(super) const SIGNATURE_BROKEN: Facts = Facts {
    class: Class::Untrusted,
    source: "RFC 5280 §6.1.3 (a)(1); EN 319 102-1 §5.2.6.4 step 2a",
    cause: (
        "Chứng thư bị giả: mang tên tổ chức cấp nhưng không do khóa của tổ chức đó ký",
        "A forged certificate: it bears the issuer's name and was not signed by the issuer's key",
    ),
    shown: Shown::Case("certificate-forged"),
};

pub(super) const NOT_A_CA: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §6.1.4 (k), §4.2.1.9",
    cause: (
        "Chủ chứng thư thường đem khóa của mình đi cấp chứng thư cho người khác",
        "The holder of an ordinary certificate issued others with its key",
    ),
    shown: Shown::Case("issued-by-a-person"),
};

pub(super) const MAY_NOT_ISSUE: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §6.1.4 (n), §4.2.1.3",
    cause: (
        "Chứng thư của tổ chức cấp thiếu quyền ký chứng thư (keyCertSign)",
        "The issuing certificate lacks the right to sign certificates (keyCertSign)",
    ),
    shown: Shown::Case("issuer-without-key-cert-sign"),
};

pub(super) const PATH_TOO_LONG: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §6.1.4 (m), §4.2.1.9",
    cause: (
        "Một tổ chức cấp lập thêm cấp trung gian mà chứng thư gốc không cho phép",
        "An issuer set up a further authority below itself, which its own certificate does not allow",
    ),
    shown: Shown::Case("path-too-long"),
};

pub(super) const AUTHORITY_OUTSIDE_VALIDITY: Facts = Facts {
    class: Class::Expired,
    source: "RFC 5280 §6.1.3 (a)(2); EN 319 102-1 §5.2.6.4 step 4",
    cause: (
        "Chứng thư của tổ chức cấp đã hết hạn và chữ ký không có dấu thời gian trước đó",
        "The issuing certificate has ended and no time-stamp shows that the signature is older",
    ),
    shown: Shown::Case("issuer-ended"),
};

pub(super) const UNKNOWN_CRITICAL: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §4.2, §6.1.4 (o), §6.1.5 (f)",
    cause: (
        "Chứng thư mang một ràng buộc mà phần mềm bắt buộc phải hiểu mới được chấp nhận",
        "The certificate carries a constraint that nobody may ignore, and it is not known here",
    ),
    shown: Shown::Case("certificate-unknown-critical"),
};

pub(super) const MALFORMED_CERTIFICATE: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §4.1, §4.2",
    cause: (
        "Chứng thư bị dựng sai: phần mở rộng lặp lại, thuật toán trong và ngoài khác nhau…",
        "The certificate is made wrongly: an extension twice, inner and outer algorithm unlike …",
    ),
    shown: Shown::Case("certificate-malformed"),
};

pub(super) const ANCHOR_PURPOSE: Facts = Facts {
    class: Class::Chain,
    source: "EN 319 102-1 §5.2.6.4 step 5; Circular 15/2025/TT-BKHCN, App. II 1.4",
    cause: (
        "Chứng thư dẫn tới một gốc chỉ dùng cho việc khác (ví dụ: cấp dấu thời gian)",
        "The certificate leads to a root that is for something else (time-stamps, for one)",
    ),
    shown: Shown::Case("anchor-of-another-purpose"),
};

pub(super) const NAME_NOT_PERMITTED: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §6.1.3 (b)(c), §4.2.1.10",
    cause: (
        "Tổ chức cấp đã cấp chứng thư ngoài phạm vi tên được giao",
        "The issuer issued a certificate for a name outside of what it was given",
    ),
    shown: Shown::Case("name-not-permitted"),
};

pub(super) const NO_POLICY: Facts = Facts {
    class: Class::Chain,
    source: "RFC 5280 §6.1.3 (f), §6.1.5 (g)",
    cause: (
        "Các chứng thư trong chuỗi không cùng một chính sách chứng thư mà chuỗi đòi phải có",
        "The certificates of the path share no certificate policy, and the path demands one",
    ),
    shown: Shown::Case("no-certificate-policy"),
};

pub(super) const ANCHOR_ENDED: Facts = Facts {
    class: Class::Untrusted,
    source: "EN 319 102-1 §5.2.6.4 steps 1a, 3",
    cause: (
        "Chứng thư gốc thuộc thế hệ cũ đã thôi được tin cậy, và chữ ký không có dấu thời gian",
        "The root is of an old generation that is trusted no longer, and there is no time-stamp",
    ),
    shown: Shown::Case("anchor-ended"),
};

pub(super) const KEY_USAGE: Facts = Facts {
    class: Class::KeyUsage,
    source: "RFC 5280 §4.2.1.3, §4.2.1.12; Circular 15/2025/TT-BKHCN, App. II 1.4, 1.5",
    cause: (
        "Người ký dùng chứng thư cấp cho việc khác (máy chủ web, cấp dấu thời gian, mã hóa)",
        "The signer used a certificate made for something else (a web server, time-stamps, encryption)",
    ),
    shown: Shown::Case("signer-is-a-web-server"),
};

pub(super) const OUTSIDE_VALIDITY: Facts = Facts {
    class: Class::Expired,
    source: "EN 319 102-1 §5.2.6.4 step 7; Circular 15/2025/TT-BKHCN, App. II 1.1, 2.3",
    cause: (
        "Chứng thư của người ký đã hết hạn (hoặc chưa có hiệu lực) và chữ ký không có dấu thời gian",
        "The signer's certificate has ended (or not begun), and the signature has no time-stamp",
    ),
    shown: Shown::Case("signer-ended"),
};

pub(super) const ENDED_SINCE: Facts = Facts {
    class: Class::Valid,
    source: "EN 319 102-1 §5.5.4, §5.6.2.4; Decree 23/2025/NĐ-CP, Art. 16",
    cause: (
        "Tệp cũ: chứng thư hết hạn sau khi ký, đúng như mọi chứng thư",
        "An old file: the certificate ended after signing, as every certificate does",
    ),
    shown: Shown::Case("signer-ended-after-stamp"),
};

pub(super) const EXPIRED: Facts = Facts {
    class: Class::Expired,
    source: "EN 319 102-1 §5.3.4 step 4; Circular 15/2025/TT-BKHCN, App. II 1.1, 2.3",
    cause: (
        "Người ký đã ký bằng chứng thư hết hạn",
        "The signer used a certificate that had ended",
    ),
    shown: Shown::Case("signed-after-the-end"),
};

pub(super) const NOT_YET_VALID: Facts = Facts {
    class: Class::NotYetValid,
    source: "EN 319 102-1 §5.5.4 step 4, §5.6.2.4.4; Circular 15/2025/TT-BKHCN, App. II 1.1, 2.3",
    cause: (
        "Chứng thư được cấp sau khi chữ ký đã có: giá trị chữ ký hoặc dấu thời gian bị ghép",
        "The certificate was issued after the signature existed: value or time-stamp were pieced together",
    ),
    shown: Shown::Case("stamped-before-the-begin"),
};

pub(super) const WEAK_ALGORITHM: Facts = Facts {
    class: Class::WeakAlgorithm,
    source: "EN 319 102-1 §5.2.8.4.1; TS 119 312; Circular 15/2025/TT-BKHCN, App. I 1.3",
    cause: (
        "Phần mềm ký hoặc tổ chức cấp còn dùng SHA-1, MD5; với các hàm này, có thể dựng hai tài liệu chung một chữ ký",
        "Signing software or an issuer that still uses SHA-1 or MD5, by which two documents can be made to share a signature",
    ),
    shown: Shown::Case("signed-with-sha1"),
};

pub(super) const WEAK_ALGORITHM_PROVEN: Facts = Facts {
    class: Class::WeakAlgorithm,
    source: "EN 319 102-1 §5.3.4 step 6; TS 119 312",
    cause: (
        "Phần mềm ký dùng thuật toán đã bị bỏ, và một dấu thời gian lập trước khi ký cho biết điều đó",
        "The signing software used an algorithm after its end, and a time-stamp made before signing shows it",
    ),
    shown: Shown::Case("signed-with-sha1-after-stamp"),
};

pub(super) const ALGORITHM_HISTORY: Facts = Facts {
    class: Class::Valid,
    source: "EN 319 102-1 §5.5.4 step 8; TS 119 312",
    cause: (
        "Tệp cũ có dấu thời gian của thời kỳ thuật toán còn được chấp nhận",
        "An old file with a time-stamp of the days when the algorithm was accepted",
    ),
    shown: Shown::Case("sha1-stamped-in-time"),
};

pub(super) const ALGORITHM_ENDING: Facts = Facts {
    class: Class::Valid,
    source: "TS 119 312; EN 319 102-1 §5.2.8.4.1",
    cause: (
        "Khóa RSA 2048 bit được xét sau năm 2028, khi danh mục ETSI đã khuyến nghị thôi dùng",
        "An RSA key of 2048 bits, judged after 2028, when the ETSI catalogue advises against it",
    ),
    shown: Shown::Case("rsa-2048-after-2028"),
};

pub(super) const WEAK_KEY: Facts = Facts {
    class: Class::WeakKey,
    source: "Circular 15/2025/TT-BKHCN, App. I 1.2; TS 119 312; EN 319 102-1 §5.2.8.4.1",
    cause: (
        "Chứng thư cũ dùng khóa RSA 1024 bit",
        "An old certificate with an RSA key of 1024 bits",
    ),
    shown: Shown::Case("rsa-1024"),
};

pub(super) const SHA1_HISTORY: Facts = Facts {
    class: Class::Valid,
    source: "TS 119 312; EN 319 102-1 §5.2.8.4.1",
    cause: (
        "Chứng thư CA của hệ thống quốc gia cấp trước năm 2017; chương trình ghim sẵn dấu vân tay của đúng chứng thư này",
        "A CA certificate of the national systems of before 2017; the program knows this very certificate by its fingerprint",
    ),
    shown: Shown::Case("national-ca-of-2008"),
};

pub(super) const RSA_PKCS1: Facts = Facts {
    class: Class::Valid,
    source: "Circular 15/2025/TT-BKHCN, App. I 1.2; RFC 8017 §8.2",
    cause: (
        "Mọi thiết bị và phần mềm ký của cơ quan nhà nước hiện nay đều ký như vậy",
        "Every device and program of state bodies of today signs so",
    ),
    shown: Shown::Case("rsa-pkcs1"),
};

pub(super) const RSA_PKCS1_REFUSED: Facts = Facts {
    class: Class::WeakAlgorithm,
    source: "Circular 15/2025/TT-BKHCN, App. I 1.2; RFC 8017 §8.2",
    cause: (
        "Người xét đã chọn chính sách circular-15-2025-strict, theo đúng từng chữ của Thông tư",
        "The policy circular-15-2025-strict was chosen, which takes the circular by the letter",
    ),
    shown: Shown::Case("rsa-pkcs1-refused"),
};
