//! How to supply what is missing, for somebody whose machine may have no network: the address to
//! ask, the file that comes from there, the folder to put it in, and the command to give.

use crate::message::Lang;
use crate::verdict::{Reason, StatusFault};

/// The advice for a missing issuer or status; `None` for every other reason.
pub(super) fn advice(reason: &Reason, lang: Lang) -> Option<String> {
    match reason {
        Reason::IssuerNotFound { addresses, .. } => Some(issuer(addresses, lang)),
        Reason::Status {
            fault: StatusFault::Missing {
                addresses, ended, ..
            },
            ..
        } => {
            let mut text = status(addresses, lang);
            if let Some(end) = ended {
                text.push_str(&super::ended::warning(*end, lang));
            }
            Some(text)
        }
        Reason::Status {
            fault:
                StatusFault::IssuedAfterEnd {
                    not_after, stamped, ..
                },
            ..
        } => Some(super::ended::wanted(*not_after, *stamped, lang)),
        _ => None,
    }
}

fn issuer(addresses: &[String], lang: Lang) -> String {
    match (addresses.iter().find(|address| is_http(address)), lang) {
        (Some(address), Lang::Vi) => format!(
            "Máy này có mạng: thêm --online. Nếu không: trên máy có mạng, tải {address} (chứng thư của tổ chức cấp), chép tệp {} vào một thư \
             mục rồi kiểm tra lại với --evidence THƯ_MỤC. Chứng thư này không cần đáng tin sẵn: \
             chuỗi vẫn phải nối tới chứng thư gốc trong kho tin cậy hoặc gốc quốc gia cài sẵn.",
            file_name(address, "chung-thu-ca.crt")
        ),
        (Some(address), Lang::En) => format!(
            "With a network here: add --online. Without: on a machine with one, download {address} (the issuer's certificate), put the \
             file {} into a folder and verify again with --evidence FOLDER. It need not be trusted \
             beforehand: the path still has to end in a root of the trust store or a built-in national one.",
            file_name(address, "issuer.crt")
        ),
        (None, Lang::Vi) => "Chứng thư không ghi nơi tải. Hãy xin chứng thư CA của tổ chức cấp \
            (ca.gov.vn, rootca.gov.vn hoặc trang của nhà cung cấp), chép tệp .crt hoặc .p7b vào \
            một thư mục rồi kiểm tra lại với --evidence THƯ_MỤC."
            .to_owned(),
        (None, Lang::En) => "The certificate names no address. Ask the issuing body for its CA \
            certificate (ca.gov.vn, rootca.gov.vn or the provider's site), put the .crt or .p7b \
            file into a folder and verify again with --evidence FOLDER."
            .to_owned(),
    }
}

fn status(addresses: &[String], lang: Lang) -> String {
    let is_list = |address: &&String| is_http(address) && ends_with(address, ".crl");
    let list = addresses.iter().find(is_list);
    let other = addresses.iter().find(|address| is_http(address));
    match (list, other, lang) {
        (Some(address), _, Lang::Vi) => format!(
            "Máy này có mạng: thêm --online. Nếu không: trên máy có mạng, tải {address} (danh sách thu hồi CRL), chép tệp {} vào một thư mục \
             rồi kiểm tra lại với --evidence THƯ_MỤC.",
            file_name(address, "thu-hoi.crl")
        ),
        (Some(address), _, Lang::En) => format!(
            "With a network here: add --online. Without: on a machine with one, download {address} (the revocation list), put the file \
             {} into a folder and verify again with --evidence FOLDER.",
            file_name(address, "list.crl")
        ),
        (None, Some(address), Lang::Vi) => format!(
            "Máy này có mạng: thêm --online. Nếu không: trên máy có mạng, hỏi OCSP tại {address} (openssl ocsp -issuer CA.pem -cert \
             CHUNG_THU.pem -url {address} -respout tra-loi.ors), chép tệp tra-loi.ors vào một thư \
             mục rồi kiểm tra lại với --evidence THƯ_MỤC."
        ),
        (None, Some(address), Lang::En) => format!(
            "With a network here: add --online. Without: on a machine with one, ask the OCSP responder at {address} (openssl ocsp \
             -issuer CA.pem -cert CERT.pem -url {address} -respout answer.ors), put the file \
             answer.ors into a folder and verify again with --evidence FOLDER."
        ),
        (None, None, Lang::Vi) => "Chứng thư không ghi nơi hỏi. Hãy xin CRL hoặc trả lời OCSP của \
            tổ chức cấp, chép tệp vào một thư mục rồi kiểm tra lại với --evidence THƯ_MỤC."
            .to_owned(),
        (None, None, Lang::En) => "The certificate names no address. Ask the issuing body for a \
            CRL or OCSP response, put the file into a folder and verify again with --evidence \
            FOLDER."
            .to_owned(),
    }
}

fn is_http(address: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    })
}

fn ends_with(address: &str, ending: &str) -> bool {
    file_name(address, "")
        .to_ascii_lowercase()
        .ends_with(ending)
}

/// The last part of the address where it is a plain file name; the address comes from a certificate
/// that nobody vouches for yet.
fn file_name<'a>(address: &'a str, otherwise: &'a str) -> &'a str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_plain = name.contains('.')
        && !name.starts_with(['.', '-'])
        && name.len() <= 64
        && path.matches('/').count() > 2
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if is_plain { name } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_status_names_the_address_the_file_and_the_option() {
        let addresses = [
            "http://ocsp.ca.gov.vn".to_owned(),
            "http://ca.gov.vn/pki/pub/crl/cp.crl".to_owned(),
        ];
        let vi = status(&addresses, Lang::Vi);
        assert!(
            vi.contains("tải http://ca.gov.vn/pki/pub/crl/cp.crl"),
            "{vi}"
        );
        assert!(vi.contains("tệp cp.crl"), "{vi}");
        assert!(vi.contains("--evidence"), "{vi}");
        let only_ocsp = status(addresses.get(..1).unwrap_or_default(), Lang::En);
        assert!(only_ocsp.contains("-respout answer.ors"), "{only_ocsp}");
    }

    #[test]
    fn an_address_cannot_choose_a_dangerous_file_name() {
        for address in [
            "http://x/..",
            "http://x/-rf.crl",
            "http://x/a%2fb.crl",
            "http://ca.example",
            "http://x/.crl",
        ] {
            assert_eq!(file_name(address, "list.crl"), "list.crl", "{address}");
        }
        assert_eq!(file_name("http://x/y/sscag2.crt?a", "-"), "sscag2.crt");
    }
}
