//! What each [`Reason`] says to a person, and what to do next.
//!
//! Text that came from a file (names, addresses) is kept as it is: the doors make it safe to show,
//! each in its own way ([`visible`](crate::message::visible) for terminals, escaping for HTML).

use crate::message::Lang;
use crate::message::words::{self, called, certificate, vn};
use crate::verdict::{
    AttributeFault, ByteRangeFault, ChainFault, ContentsFault, Reason, SignedAttribute, Used,
};

/// The message and the advice of a reason.
pub(crate) fn reason(reason: &Reason, lang: Lang) -> (String, String) {
    let (message, advice) = match reason {
        Reason::SignatureDictionary { .. }
        | Reason::DuplicateKey { .. }
        | Reason::ByteRange(_)
        | Reason::Contents(_)
        | Reason::ContentsPadding
        | Reason::RewrittenAfterSigning
        | Reason::SignatureWithoutField
        | Reason::SignatureShared
        | Reason::SignatureRemoved
        | Reason::SubFilterUnsupported { .. }
        | Reason::SubFilterLegacy { .. }
        | Reason::SignatureType => pdf(reason, lang),
        Reason::Content { what, object } => super::trust_reasons::content(*what, *object, lang),
        Reason::Changes {
            fault,
            change,
            more,
        } => super::change_reasons::reason(*fault, change, *more, lang),
        Reason::Certification { fault } => super::change_reasons::certification(*fault, lang),
        Reason::CmsMalformed { .. }
        | Reason::CmsNotDer
        | Reason::CmsContentPresent
        | Reason::SignerInfoCount { .. }
        | Reason::SignedAttributesAbsent { .. }
        | Reason::SignedAttribute(..)
        | Reason::AttributesNotSorted
        | Reason::AttributesSigned
        | Reason::AlgorithmsDisagree { .. } => cms(reason, lang),
        Reason::Envelope { .. }
        | Reason::HeaderSignatureNotXmldsig
        | Reason::AttachmentUnreadable { .. }
        | Reason::AttachmentNotSigned { .. } => envelope(reason, lang),
        Reason::TrustStoreEmpty
        | Reason::IssuerNotFound { .. }
        | Reason::AuthorityRemoved { .. }
        | Reason::RootNotTrusted { .. }
        | Reason::Chain { .. }
        | Reason::KeyUsage { .. }
        | Reason::OutsideValidity { .. } => path(reason, lang),
        Reason::Status { .. }
        | Reason::TimeStamp { .. }
        | Reason::EndedSince { .. }
        | Reason::EndedUnknown { .. }
        | Reason::Expired { .. }
        | Reason::NotYetValid { .. }
        | Reason::AnchorEnded { .. }
        | Reason::WeakAlgorithmProven { .. }
        | Reason::AlgorithmHistory { .. }
        | Reason::AlgorithmEnding { .. }
        | Reason::RsaPkcs1Refused
        | Reason::SigningTimeDiffers { .. } => super::trust_reasons::trust(reason, lang),
        Reason::NotFetched {
            certificate,
            address,
            fault,
        } => super::fetch_reasons::not_fetched(certificate, address, fault, lang),
        Reason::Xml { fault, what } => super::xml_reasons::xml(*fault, what, lang),
        _ => general(reason, lang),
    };
    let advice = super::offline::advice(reason, lang).unwrap_or_else(|| advice.to_owned());
    (message, advice)
}

type Texts = (String, &'static str);

fn pdf(reason: &Reason, lang: Lang) -> Texts {
    let ask_original = lang.pick(
        "Hãy xin lại tệp gốc, đúng từng byte như khi ký.",
        "Ask for the original file, byte for byte as it was signed.",
    );
    let ask_original = match reason {
        Reason::ByteRange(ByteRangeFault::PastTheEnd) => lang.pick(
            "Tệp có vẻ bị cắt ngắn khi tải hoặc gửi: hãy tải lại, hoặc xin lại tệp gốc.",
            "The file seems to be cut on its way: download it again, or ask for the original.",
        ),
        _ => ask_original,
    };
    let text = match reason {
        Reason::SignatureDictionary { key } => both(
            lang,
            format!("Từ điển chữ ký thiếu mục bắt buộc /{key} hoặc mục đó sai kiểu"),
            format!(
                "The signature dictionary lacks the mandatory /{key}, or it has the wrong type"
            ),
        ),
        Reason::DuplicateKey { key } => both(
            lang,
            format!("Từ điển chữ ký có hai mục /{key}: hai trình đọc sẽ hiểu thành hai tài liệu"),
            format!(
                "The signature dictionary has /{key} twice: two readers would read two documents"
            ),
        ),
        Reason::ByteRange(fault) => both(
            lang,
            format!("/ByteRange không hợp lệ: {}", byte_range(*fault, Lang::Vi)),
            format!(
                "The /ByteRange is not valid: {}",
                byte_range(*fault, Lang::En)
            ),
        ),
        Reason::Contents(fault) => both(
            lang,
            format!("/Contents không hợp lệ: {}", contents(*fault, Lang::Vi)),
            format!("The /Contents is not valid: {}", contents(*fault, Lang::En)),
        ),
        Reason::ContentsPadding => both(
            lang,
            "Sau cấu trúc CMS trong /Contents còn dữ liệu khác, không phải các số 0".into(),
            "Something other than zeros follows the CMS in /Contents".into(),
        ),
        Reason::RewrittenAfterSigning => both(
            lang,
            "Tệp đã bị ghi lại sau khi ký (nén lại, chuyển đổi, tối ưu…): chữ ký không còn gắn \
             với các byte hiện có"
                .into(),
            "The file was written anew after signing (compressed, converted, optimised …): the \
             signature no longer belongs to these bytes"
                .into(),
        ),
        Reason::SignatureWithoutField => both(
            lang,
            "Không trường nào của biểu mẫu trỏ tới từ điển chữ ký này".into(),
            "No field of the form refers to this signature dictionary".into(),
        ),
        Reason::SignatureShared => both(
            lang,
            "Nhiều trường cùng trỏ tới một từ điển chữ ký".into(),
            "Several fields refer to one signature dictionary".into(),
        ),
        Reason::SignatureRemoved => both(
            lang,
            "Một lần sửa sau khi ký đã bỏ trường chữ ký này khỏi tài liệu".into(),
            "A later revision took this signature's field out of the document".into(),
        ),
        Reason::SubFilterUnsupported { name } => both(
            lang,
            format!("Không hỗ trợ loại chữ ký /SubFilter {name}"),
            format!("The signature's /SubFilter {name} is not supported"),
        ),
        Reason::SubFilterLegacy { name } => both(
            lang,
            format!("Loại chữ ký cũ /SubFilter {name} dựa vào SHA-1 và đã bị ISO 32000-2 bỏ"),
            format!("The old /SubFilter {name} rests on SHA-1 and was withdrawn by ISO 32000-2"),
        ),
        _ => both(
            lang,
            "/Type, /SubFilter và nội dung của từ điển chữ ký mâu thuẫn nhau".into(),
            "/Type, /SubFilter and what the signature dictionary holds contradict each other"
                .into(),
        ),
    };
    (text, ask_original)
}

fn byte_range(fault: ByteRangeFault, lang: Lang) -> &'static str {
    match fault {
        ByteRangeFault::Missing => lang.pick("không có", "there is none"),
        ByteRangeFault::NotFourIntegers => lang.pick(
            "không phải đúng bốn số nguyên",
            "it is not exactly four integers",
        ),
        ByteRangeFault::OutOfRange => {
            lang.pick("có số âm hoặc quá lớn", "a number is negative or too large")
        }
        ByteRangeFault::StartsLate => {
            lang.pick("không bắt đầu từ byte 0", "it does not start at byte 0")
        }
        ByteRangeFault::Overlap => lang.pick(
            "hai đoạn chồng lên nhau hoặc ngược thứ tự",
            "its ranges overlap or stand in the wrong order",
        ),
        ByteRangeFault::PastTheEnd => {
            lang.pick("vượt quá cuối tệp", "it reaches past the end of the file")
        }
        ByteRangeFault::GapIsNotContents => lang.pick(
            "phần chừa ra không đúng bằng chuỗi /Contents của chính nó",
            "what it leaves out is not exactly its own /Contents string",
        ),
        ByteRangeFault::EndsInsideRevision => lang.pick(
            "không kết thúc ở cuối một phiên bản của tệp",
            "it does not end where a revision of the file ends",
        ),
    }
}

fn contents(fault: ContentsFault, lang: Lang) -> &'static str {
    match fault {
        ContentsFault::Missing => lang.pick("không có", "there is none"),
        ContentsFault::NotHexString => lang.pick(
            "không phải chuỗi thập lục phân trực tiếp",
            "it is not a direct hexadecimal string",
        ),
        ContentsFault::OddDigits => lang.pick("số chữ số lẻ", "it has an odd number of digits"),
        ContentsFault::ForeignCharacter => {
            lang.pick("có ký tự lạ", "it holds a character that is no digit")
        }
        ContentsFault::Empty => {
            lang.pick("rỗng hoặc toàn số 0", "it is empty or nothing but zeros")
        }
    }
}

fn cms(reason: &Reason, lang: Lang) -> Texts {
    let ask_original = lang.pick(
        "Hãy xin lại tệp gốc; nếu tệp gốc cũng vậy, báo cho đơn vị làm phần mềm ký.",
        "Ask for the original file; if that is the same, tell the maker of the signing software.",
    );
    let text = match reason {
        Reason::CmsMalformed { detail } => both(
            lang,
            format!(
                "Không đọc được cấu trúc CMS của chữ ký ({})",
                words::detail(detail, Lang::Vi)
            ),
            format!("The CMS of the signature cannot be read ({detail})"),
        ),
        Reason::CmsNotDer => {
            return (
                both(
                    lang,
                    "Cấu trúc CMS được ghi theo BER thay vì DER".into(),
                    "The CMS is written in BER, not DER".into(),
                ),
                "",
            );
        }
        Reason::CmsContentPresent => both(
            lang,
            "Chữ ký tách rời lại mang nội dung riêng bên trong".into(),
            "A detached signature carries content of its own".into(),
        ),
        Reason::SignerInfoCount { count } => both(
            lang,
            format!("Chữ ký phải có đúng một SignerInfo, ở đây có {count}"),
            format!("A signature has exactly one SignerInfo; here there are {count}"),
        ),
        Reason::SignedAttributesAbsent { .. } => both(
            lang,
            "Chữ ký không có thuộc tính được ký (signedAttrs)".into(),
            "The signature has no signed attributes".into(),
        ),
        Reason::SignedAttribute(attribute, fault) => signed_attribute(*attribute, *fault, lang),
        Reason::AttributesNotSorted => {
            return (
                both(
                    lang,
                    "Thuộc tính được ký không theo thứ tự DER; chữ ký đúng trên đúng các byte \
                     đang có"
                        .into(),
                    "The signed attributes are not in DER order; the signature holds over the \
                     bytes as they stand"
                        .into(),
                ),
                "",
            );
        }
        Reason::AttributesSigned => {
            return (
                both(
                    lang,
                    "Chữ ký đúng trên các thuộc tính đã sắp theo DER, không phải trên thứ tự đang \
                     có"
                    .into(),
                    "The signature holds over the attributes in DER order, not as they stand"
                        .into(),
                ),
                "",
            );
        }
        Reason::AlgorithmsDisagree { digest, signature } => both(
            lang,
            format!("Thuật toán băm là {digest} nhưng thuật toán ký lại dùng {signature}"),
            format!(
                "The digest algorithm is {digest}, yet the signature algorithm uses {signature}"
            ),
        ),
        _ => String::new(),
    };
    (text, ask_original)
}

fn signed_attribute(attribute: SignedAttribute, fault: AttributeFault, lang: Lang) -> String {
    let name = attribute.name();
    match fault {
        AttributeFault::Missing => both(
            lang,
            format!("Thiếu thuộc tính được ký {name}"),
            format!("The signed attribute {name} is missing"),
        ),
        AttributeFault::Repeated => both(
            lang,
            format!("Thuộc tính được ký {name} có nhiều hơn một giá trị"),
            format!("The signed attribute {name} has more than one value"),
        ),
        AttributeFault::Malformed => both(
            lang,
            format!("Không đọc được thuộc tính được ký {name}"),
            format!("The signed attribute {name} cannot be read"),
        ),
        AttributeFault::Contradicts => both(
            lang,
            format!("Thuộc tính được ký {name} mâu thuẫn với phần còn lại của chữ ký"),
            format!("The signed attribute {name} contradicts the rest of the signature"),
        ),
    }
}

fn path(reason: &Reason, lang: Lang) -> Texts {
    match reason {
        Reason::TrustStoreEmpty => (
            both(
                lang,
                "Kho chứng thư tin cậy đang trống. Chứng thư gốc quốc gia vẫn được tin nhờ vân tay \
                 SHA-256 cài sẵn, nếu có trong tệp hoặc trong --evidence; chuỗi chứng thư này \
                 chưa dẫn tới gốc nào"
                    .into(),
                "The trust store is empty. A national root is trusted all the same, by its \
                 built-in SHA-256, where the file or --evidence brings it; this path reaches none"
                    .into(),
            ),
            lang.pick(
                "Bổ sung chứng thư mà lý do “path.…” bên cạnh nêu là còn thiếu, bằng --evidence; hoặc nạp \
                 trọn bộ chứng thư gốc và CA của Ban Cơ yếu (ca.gov.vn) hay NEAC (rootca.gov.vn): \
                 kyso trust import TỆP_HOẶC_THƯ_MỤC.",
                "Supply the certificate that the other reason “path.…” says is missing by --evidence; or \
                 load the roots and issuing CAs of VGCA (ca.gov.vn) or NEAC (rootca.gov.vn): kyso \
                 trust import FILE_OR_FOLDER.",
            ),
        ),
        Reason::IssuerNotFound {
            subject,
            serial,
            issuer,
            addresses,
        } => {
            let holder = certificate(subject, serial, lang);
            let issuer = called(issuer);
            let mut text = both(
                lang,
                format!("Thiếu chứng thư của tổ chức cấp “{issuer}”, nên chưa nối được chứng thư {holder} tới chứng thư gốc"),
                format!("The certificate of the issuer “{issuer}” is not at hand, so the certificate {holder} leads to no root"),
            );
            if !addresses.is_empty() {
                text.push_str(lang.pick(
                    "; nơi tải ghi trong chứng thư: ",
                    "; the certificate says where it can be had: ",
                ));
                text.push_str(&addresses.join(", "));
            }
            // `offline` says how to supply it.
            (text, "")
        }
        Reason::AuthorityRemoved { subject, sha256 } => (
            both(
                lang,
                format!("Chuỗi chứng thư cần “{}” (SHA-256 {sha256}), mà chứng thư này đã bị gỡ khỏi kho tin cậy", called(subject)),
                format!("The path needs “{}” (SHA-256 {sha256}), which was removed from the trust store", called(subject)),
            ),
            lang.pick(
                "Đó là lựa chọn của người quản trị máy này: kyso trust list cho biết gỡ lúc nào. Muốn tin lại thì nạp tệp chứng thư đó: kyso trust import TỆP; --evidence không thay được.",
                "That was the choice of whoever keeps this machine: kyso trust list says when. To trust it again import its file: kyso trust import FILE; --evidence does not help.",
            ),
        ),
        Reason::RootNotTrusted { subject, sha256 } => (
            both(
                lang,
                format!("Chứng thư tự ký “{}” (SHA-256 {sha256}) không có trong kho tin cậy", called(subject)),
                format!("The self-signed “{}” (SHA-256 {sha256}) is not in the trust store", called(subject)),
            ),
            lang.pick(
                "Chỉ thêm chứng thư này vào kho (kyso trust import) khi đã đối chiếu dấu vân tay SHA-256 với chính tổ chức cấp.",
                "Add it (kyso trust import) only after comparing its fingerprint with the issuing body itself.",
            ),
        ),
        Reason::Chain {
            certificate,
            issuer,
            fault,
        } => (
            chain(certificate, issuer, fault, lang),
            lang.pick(
                "Hỏi tổ chức cấp chứng thư; chưa coi chữ ký là hợp lệ cho tới khi rõ.",
                "Ask the body that issued the certificate; do not rely on the signature until then.",
            ),
        ),
        Reason::KeyUsage { certificate } => {
            let certificate = called(certificate);
            (
            both(
                lang,
                format!("Chứng thư “{certificate}” không được cấp để ký tài liệu (key usage)"),
                format!("The certificate “{certificate}” is not for signing documents (key usage)"),
            ),
            lang.pick(
                "Người ký phải ký lại bằng chứng thư chữ ký số đúng mục đích.",
                "The signer has to sign again with a certificate made for signatures.",
            ),
        )}
        Reason::OutsideValidity {
            certificate,
            not_before,
            not_after,
            at,
            ..
        } => {
            let certificate = called(certificate);
            (
            both(
                lang,
                format!(
                    "Thời điểm xét {} nằm ngoài thời hạn của chứng thư “{certificate}” ({} – {}), \
                     và không có gì chứng minh chữ ký được lập trong thời hạn đó",
                    vn(*at),
                    vn(*not_before),
                    vn(*not_after)
                ),
                format!(
                    "The time used, {}, is outside the validity of “{certificate}” ({} – {}), and \
                     nothing proves that it was signed within it",
                    vn(*at),
                    vn(*not_before),
                    vn(*not_after)
                ),
            ),
            lang.pick(
                "Chỉ dấu thời gian mới chứng minh được thời điểm ký. Nếu biết chắc thời điểm ký từ nguồn khác (sổ văn bản đến), kiểm tra lại với --at THỜI_ĐIỂM, không sớm hơn giờ ký tự khai, và kèm CRL hoặc OCSP của thời đó.",
                "Only a time-stamp proves the time of signing. If it is known for certain from elsewhere \
                 (a register of incoming documents), verify again with --at TIME, not before the claimed time, and with a CRL or OCSP response of then.",
            ),
        )}
        _ => (String::new(), ""),
    }
}

fn chain(certificate: &str, issuer: &str, fault: &ChainFault, lang: Lang) -> String {
    let what = match fault {
        ChainFault::SignatureBroken => both(
            lang,
            "chữ ký trên chứng thư không đúng với khóa của tổ chức cấp".into(),
            "its signature does not verify under the issuer's key".into(),
        ),
        ChainFault::NotCa => both(
            lang,
            "đã cấp chứng thư khác nhưng không phải là CA".into(),
            "it issued a certificate and is not a certification authority".into(),
        ),
        ChainFault::MayNotIssue => both(
            lang,
            "không có quyền ký chứng thư (key usage thiếu keyCertSign)".into(),
            "its key usage does not allow it to issue certificates".into(),
        ),
        ChainFault::PathTooLong => both(
            lang,
            "chuỗi chứng thư dài hơn mức chứng thư này cho phép".into(),
            "more certificates follow than it allows".into(),
        ),
        ChainFault::OutsideValidity {
            not_before,
            not_after,
            at,
        } => both(
            lang,
            format!(
                "thời điểm xét {} nằm ngoài thời hạn {} – {}",
                vn(*at),
                vn(*not_before),
                vn(*not_after)
            ),
            format!(
                "the time used, {}, is outside its validity {} – {}",
                vn(*at),
                vn(*not_before),
                vn(*not_after)
            ),
        ),
        ChainFault::UnknownCritical(oid) => both(
            lang,
            format!("có phần mở rộng tới hạn không hiểu được: {oid}"),
            format!("it has a critical extension that is not understood: {oid}"),
        ),
        ChainFault::Malformed(detail) => both(
            lang,
            format!("sai cấu trúc: {}", words::detail(detail, Lang::Vi)),
            format!("it breaks the rules of its syntax: {detail}"),
        ),
        ChainFault::AnchorPurpose => both(
            lang,
            "chứng thư gốc này không dùng cho mục đích đang xét".into(),
            "this anchor is not for this purpose".into(),
        ),
        ChainFault::NameNotPermitted(authority) => both(
            lang,
            format!("tên trong chứng thư nằm ngoài phạm vi mà “{}” cho phép (nameConstraints)", called(authority)),
            format!("a name in it lies outside what “{}” allows (nameConstraints)", called(authority)),
        ),
        ChainFault::NoPolicy => both(
            lang,
            "không chính sách chứng thư nào có hiệu lực trên cả chuỗi chứng thư, mà chuỗi này đòi phải có".into(),
            "no certificate policy holds for the whole path, and one is demanded".into(),
        ),
    };
    let (certificate, issuer) = (called(certificate), called(issuer));
    both(
        lang,
        format!("Chứng thư “{certificate}” (do “{issuer}” cấp): {what}"),
        format!("The certificate “{certificate}” (issued by “{issuer}”): {what}"),
    )
}

fn envelope(reason: &Reason, lang: Lang) -> Texts {
    match reason {
        Reason::Envelope { rule, path, detail } => (
            both(
                lang,
                format!("Quy tắc {rule} của gói tin không đạt tại {path}: {detail}"),
                format!("Rule {rule} of the envelope is broken at {path}: {detail}"),
            ),
            lang.pick(
                "kyso envelope check liệt kê đầy đủ các quy tắc.",
                "kyso envelope check lists every rule.",
            ),
        ),
        Reason::HeaderSignatureNotXmldsig => (
            both(
                lang,
                "Khối Signature ở phần đầu không phải chữ ký XML (sai không gian tên), không có \
                 giá trị"
                    .into(),
                "The Signature block of the header is no XML signature (wrong namespace) and \
                 proves nothing"
                    .into(),
            ),
            lang.pick(
                "Dựa vào chữ ký bên trong các tệp đính kèm.",
                "Rely on the signatures inside the attachments.",
            ),
        ),
        Reason::AttachmentUnreadable { name, detail } => (
            both(
                lang,
                format!(
                    "Không đọc được tệp đính kèm “{name}” ({})",
                    words::detail(detail, Lang::Vi)
                ),
                format!("The attachment “{name}” cannot be read ({detail})"),
            ),
            lang.pick(
                "Đề nghị cơ quan gửi gửi lại gói tin.",
                "Ask the sender to send it again.",
            ),
        ),
        Reason::AttachmentNotSigned { name } => (
            both(
                lang,
                format!("Tệp đính kèm “{name}” không có chữ ký"),
                format!("The attachment “{name}” is not signed"),
            ),
            lang.pick(
                "Phụ lục ở tệp riêng phải có chữ ký của cơ quan (Nghị định 30/2020).",
                "An appendix in a file of its own carries the organisation's signature (Decree \
                 30/2020).",
            ),
        ),
        _ => (String::new(), ""),
    }
}

fn general(reason: &Reason, lang: Lang) -> Texts {
    let not_judged = lang.pick(
        "Phiên bản này chưa xét; docs/KNOWN-LIMITS.md liệt kê những gì chưa có.",
        "This version does not judge it yet; docs/KNOWN-LIMITS.md lists what is missing.",
    );
    match reason {
        Reason::DigestMismatch { algorithm } => (
            both(
                lang,
                format!("Nội dung được ký đã bị thay đổi: giá trị băm {algorithm} không khớp"),
                format!("The signed bytes were changed: their {algorithm} digest does not match"),
            ),
            lang.pick(
                "Không sử dụng tệp này; xin lại bản gốc từ cơ quan ban hành.",
                "Do not use this file; ask the issuing body for the original.",
            ),
        ),
        Reason::SignatureInvalid => (
            both(
                lang,
                "Giá trị chữ ký không đúng với khóa của người ký".into(),
                "The signature value does not verify under the signer's key".into(),
            ),
            lang.pick(
                "Không sử dụng tệp này; xin lại bản gốc từ cơ quan ban hành.",
                "Do not use this file; ask the issuing body for the original.",
            ),
        ),
        Reason::AlgorithmUnsupported { algorithm } => (
            both(
                lang,
                format!("Thuật toán {algorithm} không được hỗ trợ nên không tính được"),
                format!("The algorithm {algorithm} is not supported and cannot be computed"),
            ),
            lang.pick(
                "Hỏi người ký vì sao dùng thuật toán này; chưa coi chữ ký là hợp lệ.",
                "Ask the signer why this algorithm was used; do not rely on the signature until then.",
            ),
        ),
        Reason::SigningCertificateNotFound => (
            both(
                lang,
                "Trong tệp không có chứng thư của người ký, nên không biết ai đã ký".into(),
                "No certificate in the file is the signer's, so nobody is known to have signed".into(),
            ),
            lang.pick(
                "Xin chứng thư của người ký (tệp .cer hoặc .crt), chép vào một thư mục rồi kiểm tra lại với --evidence THƯ_MỤC.",
                "Ask for the signer's certificate (a .cer or .crt file), put it into a folder and verify again with --evidence FOLDER.",
            ),
        ),
        Reason::SigningCertificateMismatch => (
            both(
                lang,
                "Chứng thư trong tệp không phải chứng thư mà thuộc tính được ký nêu tên".into(),
                "The certificate in the file is not the one that the signed attribute names".into(),
            ),
            lang.pick(
                "Không tin tên người ký hiển thị trong tệp.",
                "Do not trust the signer's name that the file shows.",
            ),
        ),
        Reason::SigningCertificateSerial => (
            both(
                lang,
                "Số hiệu hoặc tên tổ chức cấp ghi trong thuộc tính được ký khác với chứng thư; giá \
                 trị băm vẫn khớp"
                    .into(),
                "Issuer or serial in the signed attribute differ from the certificate; its hash \
                 matches"
                    .into(),
            ),
            "",
        ),
        Reason::SigningCertificateUnnamed { .. } => (
            both(
                lang,
                "Chữ ký không mang thuộc tính gắn nó với chứng thư của người ký (signing-certificate)".into(),
                "No signed attribute names the signing certificate".into(),
            ),
            "",
        ),
        Reason::WeakAlgorithm { used, algorithm } => (
            both(
                lang,
                format!(
                    "{algorithm} ({}) không còn được chấp nhận, và không có gì chứng minh nó được \
                     dùng khi còn được chấp nhận",
                    place_used(used, Lang::Vi)
                ),
                format!(
                    "{algorithm} no longer protects ({}), and nothing proves that it was used in \
                     time",
                    place_used(used, Lang::En)
                ),
            ),
            lang.pick(
                "Xin bản ký lại; hoặc cần một dấu thời gian lập khi thuật toán còn được chấp nhận.",
                "A new signature is needed, or a time-stamp of when the algorithm was accepted.",
            ),
        ),
        Reason::WeakKey { used, bits } => (
            both(
                lang,
                format!("Khóa dài {bits} bit ({}) quá ngắn", place_used(used, Lang::Vi)),
                format!(
                    "A key of {bits} bits is too small ({})",
                    place_used(used, Lang::En)
                ),
            ),
            lang.pick(
                "Người ký cần chứng thư mới với khóa RSA từ 2048 bit hoặc ECDSA từ 256 bit, rồi ký lại.",
                "The signer needs a new certificate with RSA of at least 2048 bits or ECDSA of at least 256 bits, and has to sign again.",
            ),
        ),
        Reason::Sha1History { certificate } => (
            both(
                lang,
                format!(
                    "Chứng thư CA “{}” được ký bằng SHA-1 trước năm 2017; chương trình biết đích danh chứng thư này nên vẫn chấp nhận",
                    called(certificate)
                ),
                format!(
                    "The CA certificate “{}” was signed with SHA-1 before 2017 and is pinned: accepted as history",
                    called(certificate)
                ),
            ),
            "",
        ),
        Reason::RsaPkcs1 => (
            both(
                lang,
                "Chữ ký theo RSA PKCS#1 v1.5, còn Thông tư 15/2025/TT-BKHCN, Phụ lục I mục 1.2 nêu \
                 RSASSA-PSS. Điều này không làm giảm kết luận, vì mọi chữ ký công vụ hiện nay đều \
                 như vậy"
                    .into(),
                "Signed with RSA PKCS#1 v1.5, where Circular 15/2025/TT-BKHCN, App. I 1.2 names \
                 RSASSA-PSS. Lowers nothing: every state signature of today is made so"
                    .into(),
            ),
            "",
        ),
        Reason::RevocationNotAsked => (
            both(
                lang,
                "Tình trạng thu hồi không được kiểm tra, theo lựa chọn --revocation none".into(),
                "The revocation status was not asked for (--revocation none)".into(),
            ),
            "",
        ),
        Reason::ContentNotJudged => (
            both(
                lang,
                "Chưa xét những gì tài liệu được ký có thể che giấu (mã chạy, đối tượng ẩn, nội \
                 dung bên ngoài)"
                    .into(),
                "What the signed document may hide (scripts, shadowed objects, external content) \
                 is not judged yet"
                    .into(),
            ),
            not_judged,
        ),
        Reason::SigningTimeLocal { claimed, stamped } => (
            both(
                lang,
                format!(
                    "Giờ ký trong chữ ký ({}) là giờ Việt Nam bị ghi nhầm thành UTC; dấu thời gian \
                     ghi {}",
                    claimed.utc().to_string().replacen('T', " ", 1),
                    vn(*stamped)
                ),
                format!(
                    "The signing time in the signature ({}) is local time written as UTC; the \
                     time-stamp says {}",
                    claimed.utc().to_string().replacen('T', " ", 1),
                    vn(*stamped)
                ),
            ),
            "",
        ),
        Reason::SigningTimeFuture { claimed, .. } => (
            both(
                lang,
                format!(
                    "Giờ ký tự khai ({}) ở sau thời điểm xét",
                    vn(*claimed)
                ),
                format!(
                    "The claimed signing time ({}) lies after the validation time",
                    vn(*claimed)
                ),
            ),
            lang.pick(
                "Nếu đã đặt --at: đặt không sớm hơn giờ ký này. Nếu không: kiểm tra đồng hồ của máy đang xét và của máy ký.",
                "Where --at was given: it must not lie before this time. Otherwise check the clocks of this machine and of the signer's.",
            ),
        ),
        Reason::SigningTimeUnknown => (
            both(
                lang,
                "Chữ ký không ghi thời điểm ký".into(),
                "The signature names no signing time".into(),
            ),
            "",
        ),
        Reason::Limit { what } => (
            both(
                lang,
                format!(
                    "Việc kiểm tra dừng lại vì đạt giới hạn an toàn: {}",
                    words::detail(what, Lang::Vi)
                ),
                format!("Stopped at a safety limit: {what}"),
            ),
            lang.pick(
                "Tệp có thể được dựng để làm tê liệt phần mềm; đừng mở bằng công cụ khác trước khi hỏi nơi gửi. Nếu tin nguồn của tệp, nâng giới hạn: --limit TÊN=SỐ (kyso verify --help nêu các tên).",
                "The file may be made to paralyse software; do not open it with other tools before asking the sender. Where you trust it, raise the limit: --limit NAME=NUMBER (kyso verify --help has the names).",
            ),
        ),
        _ => (String::new(), ""),
    }
}

pub(super) fn place_used(used: &Used, lang: Lang) -> String {
    match used {
        Used::Document => lang
            .pick("dùng để băm tài liệu", "over the document")
            .to_owned(),
        Used::Signature => lang
            .pick("dùng trong chữ ký", "over the signature")
            .to_owned(),
        Used::Certificate(subject) => both(
            lang,
            format!("chứng thư “{}”", called(subject)),
            format!("certificate “{}”", called(subject)),
        ),
        Used::Status(subject) => both(
            lang,
            format!("dữ liệu thu hồi về chứng thư “{}”", called(subject)),
            format!("status of the certificate “{}”", called(subject)),
        ),
        Used::Imprint => lang
            .pick("giá trị băm trong dấu thời gian", "in a time-stamp")
            .to_owned(),
        Used::Token => lang
            .pick("dùng để ký dấu thời gian", "over a time-stamp")
            .to_owned(),
    }
}

pub(super) fn both(lang: Lang, vi: String, en: String) -> String {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}
