//! The national authorities by SHA-256 of their whole certificate.
//!
//! No fingerprint is confirmed by its authority in writing; most have two independent public
//! witnesses. Adding one here is a change to be reviewed like code.

use crate::time::Time;
use crate::x509::Certificate;

/// Which tree an authority belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tree {
    /// The government's own: Ban Cơ yếu Chính phủ.
    Vgca,
    /// The public one: National Electronic Authentication Centre.
    Neac,
    /// Given by the operator.
    Operator,
}

/// What an authority does in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthorityRole {
    /// Anchors paths.
    Root,
    /// Issues certificates of signers.
    Issuing,
    /// Issues certificates of time-stamp units.
    TsaIssuing,
}

/// What a path is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// The signature of a document.
    DocumentSignature,
    /// A time-stamp token.
    TimeStamp,
    /// The attestation of a data message.
    Attestation,
}

/// One known authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pin {
    /// SHA-256 of the certificate.
    pub sha256: [u8; 32],
    /// The common name of its subject; the SHA-256 alone identifies it.
    pub name: &'static str,
    /// Its tree.
    pub tree: Tree,
    /// Its generation within the tree.
    pub generation: &'static str,
    /// What it does.
    pub role: AuthorityRole,
    /// What paths that end in it, or pass through it, may be wanted for.
    pub purposes: &'static [Purpose],
    /// Not trusted for times before this; the certificate's own begin holds in any case.
    pub trusted_from: Option<Time>,
    /// Not trusted for times after this; the certificate's own end holds in any case.
    pub trusted_until: Option<Time>,
    /// The certificate may be signed with SHA-1: an issuing authority's from before 2017, whose
    /// octets are pinned here, so that no collision can replace it.
    pub allows_sha1: bool,
}

/// Every known authority.
pub fn pins() -> &'static [Pin] {
    &PINS
}

/// The day at which the list of [`pins`] was the newest known.
pub fn pins_as_of() -> Time {
    Time::from_unix(AS_OF)
}

/// The pin of exactly this certificate.
pub fn pin_of(certificate: &Certificate) -> Option<&'static Pin> {
    let sha256 = certificate.sha256();
    PINS.iter().find(|pin| pin.sha256 == sha256)
}

const fn pin(
    tree: Tree,
    generation: &'static str,
    role: AuthorityRole,
    purposes: &'static [Purpose],
    sha256: &str,
    name: &'static str,
) -> Pin {
    Pin {
        sha256: octets(sha256),
        name,
        tree,
        generation,
        role,
        purposes,
        trusted_from: None,
        trusted_until: None,
        allows_sha1: false,
    }
}

const fn root(tree: Tree, generation: &'static str, sha256: &str, name: &'static str) -> Pin {
    pin(tree, generation, AuthorityRole::Root, BOTH, sha256, name)
}

const fn issuing(tree: Tree, generation: &'static str, sha256: &str, name: &'static str) -> Pin {
    pin(tree, generation, AuthorityRole::Issuing, BOTH, sha256, name)
}

/// An issuing authority whose certificate of before 2017 is signed with SHA-1.
const fn old(tree: Tree, generation: &'static str, sha256: &str, name: &'static str) -> Pin {
    Pin {
        allows_sha1: true,
        ..issuing(tree, generation, sha256, name)
    }
}

/// 64 hexadecimal digits; anything else does not compile.
const fn octets(hex: &str) -> [u8; 32] {
    const fn digit(letter: u8) -> u8 {
        match letter {
            b'0'..=b'9' => letter - b'0',
            _ => letter - b'a' + 10,
        }
    }
    let hex = hex.as_bytes();
    assert!(hex.len() == 64);
    let mut octets = [0; 32];
    let mut at = 0;
    while at < 32 {
        octets[at] = digit(hex[2 * at]) * 16 + digit(hex[2 * at + 1]);
        at += 1;
    }
    octets
}

/// VGCA's roots issue the certificates of their time-stamp units directly; the older national
/// roots licensed authorities that offer both.
const BOTH: &[Purpose] = &[Purpose::DocumentSignature, Purpose::TimeStamp];

/// 2026-11-22T00:00:00Z.
const AS_OF: i64 = 1_795_305_600;

static PINS: [Pin; 26] = [
    // Cơ quan chứng thực số chuyên dùng Chính phủ, 2010 and 2018.
    root(
        Tree::Vgca,
        "G1",
        "f7bc89054cec7f12730d7b8cd3eb7955b163835087e5eb873edfb584763b3f90",
        "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
    ),
    old(
        Tree::Vgca,
        "G1",
        "75e969c07ba35c29c72bbc1bfb880f20f3891a619b00b77eb02ca6160736a1fe",
        "Co quan chung thuc so Chinh phu",
    ),
    old(
        Tree::Vgca,
        "G1",
        "a262cfa489dbbe666f8b89fab832547809874d5a06fa9f7a38fc227ebdf40514",
        "Co quan chung thuc so Bo Tai chinh",
    ),
    old(
        Tree::Vgca,
        "G1",
        "ecbf8428266c549eb1bfdc2715270d5b9dff3bbbe2d3f0c33e0fd91f70b2d943",
        "Co quan chung thuc so Bo Cong an",
    ),
    old(
        Tree::Vgca,
        "G1",
        "6e218b3ebc2f31b0d03205c64fd7e8920fb47187d37afcdb4cb2bb4178bf4635",
        "Co quan chung thuc so Dang Cong san",
    ),
    old(
        Tree::Vgca,
        "G1",
        "3c4281296f92d292cc952295fe41ad7d0b37438ff1d143b56c4642cc1b14bd93",
        "Cơ quan chứng thực số Bộ Ngoại giao",
    ),
    root(
        Tree::Vgca,
        "G2",
        "f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8",
        "RootCA chuyên dùng Chính phủ G2",
    ),
    issuing(
        Tree::Vgca,
        "G2",
        "d8cab7a4aef92e6bb2509d7c61cee7b44f3731b2d21074963530277b366fae4b",
        "CA phục vụ các cơ quan Nhà nước G2",
    ),
    issuing(
        Tree::Vgca,
        "G2",
        "e4b402e3cb4cacc0a20d21fa49bce76beb4eb47ba7ffb7a8f71c554dbe561a81",
        "CA phục vụ các cơ quan Đảng G2",
    ),
    // The national roots of 2008, 2014, 2024, and since 2025 one for each way of holding the key.
    root(
        Tree::Neac,
        "G1",
        "ca918d635bb130bec97639e6aabf7edbc4eb1310f8058b9419f467ae0230ad8c",
        "MIC National Root CA",
    ),
    root(
        Tree::Neac,
        "G2",
        "bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7",
        "Vietnam National Root CA",
    ),
    root(
        Tree::Neac,
        "G3",
        "7b3269e7d79aebbfae5095f45bbb7074771e690cb7df02b441062b12f7690ece",
        "Vietnam National Root CA G3",
    ),
    root(
        Tree::Neac,
        "2025 USBTOKEN",
        "41803135f13a6359866e7e6f76dafd598d496836944a52dd1fad66b3bf2ee63b",
        "VIETNAM NATIONAL ROOT CA - USBTOKEN",
    ),
    root(
        Tree::Neac,
        "2025 RS",
        "12afeba2545f6fc0f31ec130f31bf2d16184a2b5b7cebcb43cfd1ba35dd4ea46",
        "VIETNAM NATIONAL ROOT CA - RS",
    ),
    root(
        Tree::Neac,
        "2025 MOBILEPKI",
        "c75535d65c0ff7480a3d6f393d56da5f7c92ddcc071f4e9166c3f8d660ef836c",
        "VIETNAM NATIONAL ROOT CA - MOBILEPKI",
    ),
    pin(
        Tree::Neac,
        "2025 TSA",
        AuthorityRole::Root,
        &[Purpose::TimeStamp],
        "d343b3c5132f7d1676c3560025aefef036fceec073c33f18e075b3a21c8f8552",
        "VIETNAM NATIONAL ROOT CA - TSA",
    ),
    pin(
        Tree::Neac,
        "2026 EMA",
        AuthorityRole::Root,
        &[Purpose::Attestation],
        "0d765aedfe7b12c7d11c7b5737507f24db22f8afe24be140eb5801cb0853a8f9",
        "VIETNAM NATIONAL ROOT CA - EMA",
    ),
    // VNPT-CA SHA2 under G2.
    issuing(
        Tree::Neac,
        "G2",
        "7d6ba5245317f9ed5d8bc765a4634d26ac6340d36b9f584df3b52d9c4a81a306",
        "VNPT-CA SHA2",
    ),
    // Expired authorities under G1, for old documents: VNPT, Newtel, Bkav, CA2, Viettel, FPT.
    old(
        Tree::Neac,
        "G1",
        "068927b4c1a38ae4db1e8f59a71a8c643d9dfbb53a674862387bd5aa7386247b",
        "VNPT Certification Authority",
    ),
    old(
        Tree::Neac,
        "G1",
        "27ab09408347ee182186d2a21e82feda0a4e0f84441525ba1de74a7e87401eba",
        "NEWTEL-CA",
    ),
    old(
        Tree::Neac,
        "G1",
        "ddab3aa11600215c08ca4ccbc18be5204c171a48081a6cd73a95aa868e1258af",
        "BkavCA",
    ),
    old(
        Tree::Neac,
        "G1",
        "22a088dedd18b017409157ccdce931236492df259459e7fac424574dd06380e2",
        "CA2",
    ),
    old(
        Tree::Neac,
        "G1",
        "684caf190176d13158808ef193b2d20575399a87fd9e8c5bedc09065a184841a",
        "Viettel-CA",
    ),
    old(
        Tree::Neac,
        "G1",
        "406ba8be66ead6d01672f1e137cc35a778e2f289edd3f9e7580964190b83c761",
        "FPT Certification Authority",
    ),
    // SmartSign and Safe-CA of 2017: too late for the exception.
    issuing(
        Tree::Neac,
        "G1",
        "591e6796472780fcf98d2e6797c8249457726dee54a264307d9b51193cdbd5fd",
        "SmartSign",
    ),
    issuing(
        Tree::Neac,
        "G1",
        "4e66e0073c9c217dbfa80697b0096fa61d71c1f32b29a12c2e2c37c0cac35881",
        "SAFE-CA",
    ),
];
