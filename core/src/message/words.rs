//! The parts that messages are made of: names, times, and the technical phrases after a colon.

use crate::message::Lang;
use crate::time::Time;

/// The common name of a distinguished name as [`Name`](crate::Certificate::subject) writes it, the
/// whole where it has none. Commas inside values are escaped there (RFC 4514 §2.4), so that no
/// value of another attribute can pose as a common name.
pub(crate) fn called(name: &str) -> String {
    let mut parts = vec![String::new()];
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if let Some(part) = parts.last_mut() {
                    part.push('\\');
                    part.extend(chars.next());
                }
            }
            ',' | '+' => parts.push(String::new()),
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    let common = parts
        .iter()
        .rev()
        .find_map(|part| part.trim_start().strip_prefix("CN="));
    match common {
        Some(common) if !common.is_empty() => unescaped(common),
        _ => name.to_owned(),
    }
}

/// Escaped punctuation as it is; octets in hexadecimal stay escaped, since they may be no text.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(next)) if !next.is_ascii_hexdigit() => {}
            _ => out.push(c),
        }
    }
    out
}

/// A certificate by common name and serial number, as a person can look it up.
pub(crate) fn certificate(name: &str, serial: &str, lang: Lang) -> String {
    let name = called(name);
    match lang {
        Lang::Vi => format!("“{name}” (số hiệu {serial})"),
        Lang::En => format!("“{name}” (serial number {serial})"),
    }
}

/// A time as it is shown in Viet Nam: ISO 8601 at UTC+7 with a blank for the T, never without its
/// offset (R-301).
pub(crate) fn vn(time: Time) -> String {
    let text = time.at_offset(Time::VIET_NAM).to_string();
    text.replacen('T', " ", 1).replacen('+', " +", 1)
}

/// Why a certificate was revoked, from the words of RFC 5280 §5.3.1.
pub(crate) fn revocation_reason(reason: &'static str, lang: Lang) -> &'static str {
    let vi = match reason {
        "unspecified" => "không nêu lý do",
        "keyCompromise" => "lộ khóa bí mật",
        "cACompromise" => "lộ khóa của tổ chức cấp",
        "affiliationChanged" => "thay đổi đơn vị",
        "superseded" => "đã cấp chứng thư thay thế",
        "cessationOfOperation" => "ngừng hoạt động",
        "certificateHold" => "tạm dừng",
        "removeFromCRL" => "thôi tạm dừng",
        "privilegeWithdrawn" => "thu hồi thẩm quyền",
        "aACompromise" => "lộ khóa của tổ chức cấp thuộc tính",
        _ => reason,
    };
    lang.pick(vi, reason)
}

/// Why a list or a response cannot be used, from its code.
pub(crate) fn refusal(code: &'static str, lang: Lang) -> &'static str {
    let (vi, en) = match code {
        "crl.algorithm" | "ocsp.algorithm" => (
            "ký bằng thuật toán không tính được hoặc không an toàn",
            "it is signed by an algorithm that is not computed here or not safe",
        ),
        "crl.signature" => (
            "chữ ký trên CRL không đúng với khóa nào của tổ chức cấp",
            "its signature verifies under no key of the issuer",
        ),
        "crl.issuer_may_not_sign" => (
            "chứng thư ký CRL không có quyền ký CRL (cRLSign)",
            "the certificate that signed it may not sign lists (cRLSign)",
        ),
        "crl.issuer_without_path" => (
            "chứng thư ký CRL không nối được tới gốc tin cậy",
            "the certificate that signed it has no path to an anchor",
        ),
        "crl.issuer_elsewhere" => (
            "CRL của một tổ chức khác, chỉ trùng tên",
            "it is of another authority that shares only the name",
        ),
        "crl.issuer_outside_validity" | "ocsp.responder_outside_validity" => (
            "chứng thư đã ký dữ liệu này không còn hiệu lực lúc ký",
            "the certificate that signed it was not valid then",
        ),
        "crl.scope" => (
            "phạm vi của CRL không gồm chứng thư này",
            "its scope does not hold this certificate",
        ),
        "crl.some_reasons" => (
            "CRL chỉ nói về một số lý do thu hồi",
            "it speaks about some reasons for revocation only",
        ),
        "crl.future" | "ocsp.future" => (
            "được phát hành sau thời điểm xét",
            "it was issued after the time asked about",
        ),
        "crl.times" | "ocsp.times" => (
            "hạn thay thế đứng trước ngày phát hành",
            "it asks to be replaced before it was issued",
        ),
        "crl.critical_extension" | "crl.critical_entry_extension" | "ocsp.critical_extension" => (
            "có phần mở rộng tới hạn không hiểu được",
            "it has a critical extension that is not understood",
        ),
        "crl.malformed" => ("sai cấu trúc", "it cannot be read"),
        "crl.delta_without_base" => (
            "CRL thay đổi (delta) mà không có CRL gốc của nó",
            "a list of changes without the list that it changes",
        ),
        "ocsp.signature" => (
            "chữ ký trên trả lời OCSP không đúng",
            "its signature does not verify",
        ),
        "ocsp.responder_not_found" => (
            "không có chứng thư của máy chủ OCSP",
            "the certificate of the responder is not at hand",
        ),
        "ocsp.responder_not_authorised" => (
            "máy chủ OCSP không được tổ chức cấp ủy quyền",
            "the responder is not authorised by the issuer",
        ),
        "ocsp.unknown" => (
            "máy chủ OCSP không biết chứng thư này",
            "the responder does not know the certificate",
        ),
        "ocsp.other_certificate" | "ocsp.cert_hash" => (
            "trả lời về một chứng thư khác",
            "it is about another certificate",
        ),
        "ocsp.status_1" | "ocsp.status_2" | "ocsp.status_3" | "ocsp.status_5" | "ocsp.status_6"
        | "ocsp.status" => (
            "máy chủ OCSP từ chối trả lời",
            "the responder refused to answer",
        ),
        "status.signer_revoked" => (
            "chứng thư đã ký dữ liệu này bị thu hồi",
            "the certificate that signed it is revoked",
        ),
        "revocation.budget" => (
            "dừng lại vì đạt giới hạn an toàn",
            "stopped at a safety limit",
        ),
        other => (other, other),
    };
    lang.pick(vi, en)
}

/// The technical phrase after a colon: the common ones in Vietnamese too, the others as they are.
pub(crate) fn detail(text: &str, lang: Lang) -> &str {
    match lang {
        Lang::En => text,
        Lang::Vi => DETAILS
            .iter()
            .find(|(en, _)| *en == text)
            .map_or(text, |(_, vi)| vi),
    }
}

/// Sorted by room: limits, ASN.1, CMS and time-stamps, PDF, certificates, doors.
const DETAILS: [(&str, &str); 75] = [
    ("octets before the header", "có byte trước phần đầu"),
    (
        "offsets count from the header",
        "vị trí được tính từ phần đầu",
    ),
    (
        "a signature dictionary that no cross-reference lists",
        "từ điển chữ ký ngoài mọi bảng tham chiếu",
    ),
    (
        "octets after the end of the last revision",
        "còn byte thừa sau phần cuối của tệp",
    ),
    ("certificates of one path", "số chứng thư trong một chuỗi"),
    (
        "signature checks while building a path",
        "số lần kiểm tra chữ ký khi dựng chuỗi chứng thư",
    ),
    (
        "names compared while building a path",
        "số lần so sánh tên khi dựng chuỗi chứng thư",
    ),
    (
        "time-stamps of one signature",
        "số dấu thời gian của một chữ ký",
    ),
    ("size of the CMS", "kích thước của CMS"),
    (
        "size of all attachments",
        "tổng kích thước các tệp đính kèm",
    ),
    ("size of the input", "kích thước đầu vào"),
    ("signatures of a PDF", "số chữ ký trong một PDF"),
    ("revisions of a PDF", "số lần lưu của một PDF"),
    ("the size of the PDF", "kích thước của PDF"),
    ("form fields of a PDF", "số trường biểu mẫu của một PDF"),
    ("nesting of form fields", "độ sâu của các trường biểu mẫu"),
    ("nesting of PDF objects", "độ sâu của các đối tượng PDF"),
    ("filters of a PDF stream", "số bộ lọc của một luồng PDF"),
    (
        "a decoded PDF stream",
        "kích thước một luồng PDF sau khi giải nén",
    ),
    (
        "cross-reference entries of a PDF",
        "số mục trong bảng tham chiếu của PDF",
    ),
    (
        "objects of one PDF object stream",
        "số đối tượng trong một luồng đối tượng",
    ),
    ("object numbers of a PDF", "số hiệu đối tượng của PDF"),
    (
        "work to read the objects of a PDF",
        "công sức đọc các đối tượng của PDF",
    ),
    ("keys of a dictionary", "số mục của một từ điển"),
    (
        "references that lead to references",
        "chuỗi tham chiếu dẫn tới tham chiếu",
    ),
    (
        "items of a document security store",
        "số mục trong kho bằng chứng (DSS)",
    ),
    ("evidence of one file", "số bằng chứng của một tệp"),
    ("octets to digest", "số byte phải băm"),
    (
        "too many extensions in a time-stamp",
        "dấu thời gian có quá nhiều phần mở rộng",
    ),
    (
        "too many items in a CMS structure",
        "quá nhiều phần tử trong cấu trúc CMS",
    ),
    ("a CMS structure of too many octets", "cấu trúc CMS quá lớn"),
    ("a CMS content of too many octets", "nội dung CMS quá lớn"),
    (
        "too many values of indefinite length",
        "quá nhiều giá trị có độ dài không xác định",
    ),
    (
        "ASN.1 values nested too deep",
        "các giá trị ASN.1 lồng nhau quá sâu",
    ),
    ("an ASN.1 value of another type", "giá trị ASN.1 sai kiểu"),
    ("an ASN.1 tag", "nhãn ASN.1 sai"),
    (
        "an ASN.1 value that runs past the end",
        "giá trị ASN.1 vượt quá cuối dữ liệu",
    ),
    (
        "an ASN.1 value that holds no others",
        "giá trị ASN.1 không chứa giá trị khác",
    ),
    ("an ASN.1 value is missing", "thiếu một giá trị ASN.1"),
    (
        "octets behind the last ASN.1 value",
        "còn byte thừa sau giá trị ASN.1 cuối cùng",
    ),
    ("a reserved length octet", "byte độ dài ASN.1 không hợp lệ"),
    ("an INTEGER without octets", "số nguyên ASN.1 rỗng"),
    ("BER where DER is due", "dùng BER ở chỗ phải là DER"),
    (
        "a CMS content type other than SignedData",
        "CMS không thuộc loại SignedData",
    ),
    (
        "a signing-certificate attribute that names none",
        "thuộc tính signing-certificate không nêu chứng thư nào",
    ),
    (
        "no content, which adbe.pkcs7.sha1 asks for",
        "thiếu nội dung mà adbe.pkcs7.sha1 đòi hỏi",
    ),
    (
        "a time-stamp token without its content",
        "dấu thời gian không có nội dung",
    ),
    (
        "a time-stamp token with another content type",
        "dấu thời gian sai kiểu nội dung",
    ),
    ("no TSTInfo", "không có TSTInfo"),
    (
        "the cross-reference of this PDF would have to be rebuilt",
        "bảng tham chiếu của PDF hỏng, phải dựng lại mới đọc được",
    ),
    ("no PDF header", "không có phần đầu %PDF-"),
    ("no section", "không có bảng tham chiếu"),
    ("no document catalog", "không có danh mục gốc của tài liệu"),
    ("no page", "không có trang nào"),
    (
        "a byte range outside of the file",
        "vùng byte nằm ngoài tệp",
    ),
    ("a broken Flate stream", "luồng nén Flate bị hỏng"),
    ("a Flate stream that is cut", "luồng nén Flate bị cắt"),
    (
        "a date that the calendar does not have",
        "ngày không có trong lịch",
    ),
    ("extension that stands twice", "phần mở rộng lặp lại"),
    ("version that does not exist", "phiên bản không tồn tại"),
    (
        "signature algorithm inside and outside differ",
        "thuật toán ký bên trong và bên ngoài khác nhau",
    ),
    (
        "no authorityKeyIdentifier (RFC 5280 §4.2.1.1)",
        "thiếu authorityKeyIdentifier (RFC 5280 mục 4.2.1.1)",
    ),
    (
        "no subjectKeyIdentifier (RFC 5280 §4.2.1.2)",
        "thiếu subjectKeyIdentifier (RFC 5280 mục 4.2.1.2)",
    ),
    (
        "octets behind the certificate",
        "còn byte thừa sau chứng thư",
    ),
    (
        "no certificate in the file",
        "trong tệp không có chứng thư nào",
    ),
    (
        "no certificate, revocation list or OCSP response in the file",
        "trong tệp không có chứng thư, CRL hay trả lời OCSP nào",
    ),
    (
        "neither PDF, XML, edXML nor CMS",
        "không phải PDF, XML, edXML hay CMS",
    ),
    (
        "wrong password of the private key",
        "sai mật khẩu của khóa bí mật",
    ),
    ("the private key is encrypted", "khóa bí mật được mã hóa"),
    (
        "no certificate belongs to this key",
        "không có chứng thư nào của khóa này",
    ),
    (
        "N1: this XML is not an edXML envelope",
        "N1: XML này không phải gói tin edXML",
    ),
    ("base64", "mã base64 sai"),
    ("input.malformed", "không đúng như nó tự nhận"),
    ("input.unsupported", "chưa hỗ trợ"),
    ("input.too_large", "vượt quá giới hạn an toàn"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_inside_another_attribute_cannot_pose_as_a_common_name() {
        assert_eq!(called("C=VN, O=A, CN=Văn phòng"), "Văn phòng");
        assert_eq!(called(r"CN=A\, B, O=x\, CN=Bộ Công an"), "A, B");
        assert_eq!(called("C=VN, O=Không tên"), "C=VN, O=Không tên");
        assert_eq!(called(r"CN=a\"), "a\\");
        assert_eq!(called(""), "");
    }

    #[test]
    fn phrases_that_are_common_are_told_in_vietnamese_and_the_others_as_they_are() {
        assert_eq!(
            detail("certificates of one path", Lang::Vi),
            "số chứng thư trong một chuỗi"
        );
        assert_eq!(detail("something rare", Lang::Vi), "something rare");
        assert_eq!(
            refusal("crl.scope", Lang::En),
            "its scope does not hold this certificate"
        );
    }
}
