//! Where the national authorities offer their certificates and revocation lists.
//!
//! Nothing is trusted for coming from one of these addresses. They are on this list so that they may
//! be asked before a path reaches an anchor, when the addresses that a certificate names are
//! anybody's words. All were read in certificates, signed files or public code; none is confirmed by
//! its authority in writing. Some answer inside government networks alone.

use crate::x509::Name;

/// What an authority offers, by the common name that it bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mirror {
    common_name: &'static str,
    /// Where its own certificate is offered.
    pub(crate) certificates: &'static [&'static str],
    /// Where its revocation list is offered.
    pub(crate) lists: &'static [&'static str],
}

/// What the authority of this name offers. A certificate can claim any name: it only chooses among
/// the addresses of this list.
pub(crate) fn mirror_of(name: &Name) -> Option<&'static Mirror> {
    let mut names = name.values(COMMON_NAME);
    let common_name = names.next()?;
    MIRRORS
        .iter()
        .find(|mirror| mirror.common_name == common_name)
}

/// Beginnings of addresses where the national authorities offer certificates.
pub(crate) const PLACES: [&str; 5] = [
    "http://ca.gov.vn/pki/",
    "http://pub.ca.gov.vn/pki/",
    "http://ca.dcs.vn/pki/",
    "https://rootca.gov.vn/crt/",
    "http://public.rootca.gov.vn/crt/",
];

const fn mirror(
    common_name: &'static str,
    certificates: &'static [&'static str],
    lists: &'static [&'static str],
) -> Mirror {
    Mirror {
        common_name,
        certificates,
        lists,
    }
}

static MIRRORS: [Mirror; 14] = [
    // VGCA, 2010.
    mirror(
        "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        &["http://ca.gov.vn/pki/pub/cert/rootca.crt"],
        &["http://ca.gov.vn/pki/pub/crl/rootca.crl"],
    ),
    mirror(
        "Co quan chung thuc so Chinh phu",
        &["http://ca.gov.vn/pki/pub/cert/cp.crt"],
        &[
            "http://ca.gov.vn/pki/pub/crl/cp.crl",
            "http://pub.ca.gov.vn/pki/pub/crl/cp.crl",
        ],
    ),
    mirror(
        "Co quan chung thuc so Bo Tai chinh",
        &["http://ca.gov.vn/pki/pub/cert/btc.crt"],
        &["http://ca.gov.vn/pki/pub/crl/btc.crl"],
    ),
    // VGCA, 2018.
    mirror(
        "RootCA chuyên dùng Chính phủ G2",
        &["http://ca.gov.vn/pki/pub/crt/rootcag2.crt"],
        &[
            "http://ca.gov.vn/pki/pub/crl/rootcag2.crl",
            "http://ca.dcs.vn/pki/pub/crl/rootcag2.crl",
        ],
    ),
    mirror(
        "CA phục vụ các cơ quan Nhà nước G2",
        &["http://ca.gov.vn/pki/pub/crt/cpcag2.crt"],
        &["http://ca.gov.vn/pki/pub/crl/cpcag2.crl"],
    ),
    mirror(
        "CA phục vụ cho dịch vụ phần mềm G2",
        &["http://ca.gov.vn/pki/pub/crt/sscag2.crt"],
        &["http://ca.gov.vn/pki/pub/crl/sscag2.crl"],
    ),
    // The national roots. What older certificates name, public.rootca.gov.vn, answers no longer.
    mirror(
        "MIC National Root CA",
        &["https://rootca.gov.vn/crt/micnrca.crt"],
        &["https://rootca.gov.vn/crl/micnrca.crl"],
    ),
    mirror(
        "Vietnam National Root CA",
        &["https://rootca.gov.vn/crt/vnrca256.p7b"],
        &["https://rootca.gov.vn/crl/vnrca256.crl"],
    ),
    mirror(
        "Vietnam National Root CA G3",
        &["https://rootca.gov.vn/crt/vnrca-g3.p7b"],
        &[],
    ),
    mirror(
        "VIETNAM NATIONAL ROOT CA - USBTOKEN",
        &["https://rootca.gov.vn/crt/vnrca-usbtoken.p7b"],
        &["https://rootca.gov.vn/crl/vnrca-usbtoken.crl"],
    ),
    mirror(
        "VIETNAM NATIONAL ROOT CA - RS",
        &["https://rootca.gov.vn/crt/vnrca-rs.p7b"],
        &["https://rootca.gov.vn/crl/vnrca-rs.crl"],
    ),
    mirror(
        "VIETNAM NATIONAL ROOT CA - MOBILEPKI",
        &["https://rootca.gov.vn/crt/vnrca-mobilepki.p7b"],
        &["https://rootca.gov.vn/crl/vnrca-mobilepki.crl"],
    ),
    mirror(
        "VIETNAM NATIONAL ROOT CA - TSA",
        &["https://rootca.gov.vn/crt/vnrca-tsa.p7b"],
        &["https://rootca.gov.vn/crl/vnrca-tsa.crl"],
    ),
    mirror(
        "VIETNAM NATIONAL ROOT CA - EMA",
        &["https://rootca.gov.vn/crt/vnrca-ema.p7b"],
        &["https://rootca.gov.vn/crl/vnrca-ema.crl"],
    ),
];

const COMMON_NAME: &str = "2.5.4.3";

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::crypto::fixtures;
    use crate::x509::Certificate;

    #[test]
    fn the_list_knows_the_names_that_the_national_certificates_bear() {
        let mut known = Vec::new();
        for file in [
            "vgca-g1-root",
            "vgca-g1-cp",
            "vgca-g1-btc",
            "vgca-g2-root",
            "vgca-g2-cp",
            "neac-g1-mic-national-root",
            "neac-g2-vietnam-national-root",
            "neac-g3-vietnam-national-root",
            "neac-2025-root-usbtoken",
            "neac-2025-root-remote-signing",
            "neac-2025-root-mobilepki",
            "neac-2025-root-tsa",
            "neac-2026-root-ema",
        ] {
            let Some(pem) = fixtures::data(&format!("vn-pki/{file}.pem")) else {
                return;
            };
            let certificate = Certificate::many_from_pem_or_der(&pem).unwrap().remove(0);
            let mirror = mirror_of(certificate.subject());
            known.push(mirror.unwrap_or_else(|| panic!("{file} has no mirror")));
            // Where the certificate itself names the place of its issuer's list, the list knows it.
            if certificate.is_self_issued()
                && let Some(address) = certificate.crl_addresses().first()
            {
                assert!(mirror.unwrap().lists.contains(&address.as_str()), "{file}");
            }
        }
        known.dedup();
        assert_eq!(known.len(), 13);
        let unknown = "public-bkavca-2015";
        let pem = fixtures::data(&format!("vn-pki/{unknown}.pem")).unwrap();
        let certificate = Certificate::many_from_pem_or_der(&pem).unwrap().remove(0);
        assert!(mirror_of(certificate.subject()).is_none());
    }
}
