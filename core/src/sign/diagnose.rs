//! What a device or service signed instead of what it was asked to sign: [`SignedInstead`].
//!
//! Two-step signing fails in the same dozen ways everywhere: a digest hashed once more, its
//! hexadecimal text signed, the document's digest signed instead of that of the attributes, another
//! padding. The public key tells which; a person can then tell the maker of the service.

use crate::crypto::{
    self, Digest, DigestAlgorithm, KeyKind, PublicKey, SignatureAlgorithm, ToVerify,
};
use crate::message::Lang;

/// What a signature value turned out to be over, when it was not over the signed attributes in the
/// algorithm that was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedInstead {
    /// The digest was taken for a message and hashed once more.
    DigestHashedAgain,
    /// The hexadecimal text of the digest was taken for a message.
    HexadecimalText,
    /// The base64 text of the digest was taken for a message.
    Base64Text,
    /// The digest of the document itself, not that of the signed attributes.
    DocumentDigest,
    /// The digest of the document, hashed once more.
    DocumentDigestHashedAgain,
    /// The signed attributes under the tag they have in the file (`[0]`) instead of `SET OF`
    /// (RFC 5652 §5.4).
    AttributesAsInFile,
    /// PKCS#1 v1.5 padding around the bare digest, without the DigestInfo of RFC 8017 §9.2: what
    /// PKCS#11's `CKM_RSA_PKCS` does when it is handed a digest alone.
    WithoutDigestInfo,
    /// The right thing in another algorithm.
    Algorithm(SignatureAlgorithm),
    /// Nothing that is recognised: most often another key.
    Unknown,
}

impl SignedInstead {
    /// One sentence for a person, with what to do.
    pub fn message(self, lang: Lang) -> String {
        let (vi, en): (&str, &str) = match self {
            Self::DigestHashedAgain => (
                "dịch vụ đã băm giá trị băm thêm một lần nữa; hãy yêu cầu ký đúng giá trị băm, hoặc gửi thông điệp thay cho giá trị băm",
                "the service hashed the digest once more; have the digest signed as it is, or send the message in its place",
            ),
            Self::HexadecimalText => (
                "dịch vụ đã ký chuỗi chữ hex của giá trị băm; hãy gửi giá trị băm ở dạng nhị phân",
                "the service signed the hexadecimal text of the digest; send the digest as octets",
            ),
            Self::Base64Text => (
                "dịch vụ đã ký chuỗi base64 của giá trị băm; hãy gửi giá trị băm ở dạng nhị phân",
                "the service signed the base64 text of the digest; send the digest as octets",
            ),
            Self::DocumentDigest => (
                "dịch vụ đã ký giá trị băm của tài liệu, không phải của thuộc tính được ký; hãy gửi giá trị băm mà bước chuẩn bị in ra",
                "the service signed the digest of the document, not that of the signed attributes; send the digest that preparing printed",
            ),
            Self::DocumentDigestHashedAgain => (
                "dịch vụ đã băm lại giá trị băm của tài liệu rồi ký; hãy gửi giá trị băm mà bước chuẩn bị in ra, và yêu cầu ký đúng giá trị đó",
                "the service hashed the digest of the document once more and signed that; send the digest that preparing printed, to be signed as it is",
            ),
            Self::AttributesAsInFile => (
                "dịch vụ đã ký thuộc tính với thẻ [0] như trong tệp; RFC 5652 mục 5.4 đòi thẻ SET OF",
                "the service signed the attributes under the tag [0] that they have in the file; RFC 5652 §5.4 wants SET OF",
            ),
            Self::WithoutDigestInfo => (
                "thiết bị đã ký giá trị băm trần, thiếu DigestInfo (RFC 8017 mục 9.2); với CKM_RSA_PKCS phải tự thêm DigestInfo",
                "the device signed the bare digest without DigestInfo (RFC 8017 §9.2); with CKM_RSA_PKCS the caller has to add it",
            ),
            Self::Algorithm(algorithm) => {
                return match lang {
                    Lang::Vi => format!(
                        "giá trị đã ký đúng nội dung nhưng bằng {algorithm}; hãy chuẩn bị lại với --algorithm {algorithm}"
                    ),
                    Lang::En => format!(
                        "the right octets were signed, but with {algorithm}; prepare again with --algorithm {algorithm}"
                    ),
                };
            }
            Self::Unknown => (
                "chữ ký không thuộc chứng thư này: có lẽ là của khóa khác",
                "the signature does not belong to this certificate: most likely another key made it",
            ),
        };
        match lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
        .to_owned()
    }
}

/// What could have been signed.
pub(super) struct Asked<'a> {
    pub(super) key: &'a PublicKey,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) attributes: &'a [u8],
    pub(super) document: &'a Digest,
}

impl Asked<'_> {
    /// The value in the form that a CMS holds, where it is right in any of the forms in which
    /// devices hand it out: as it is; r and s of ECDSA side by side (PKCS#11, IEEE P1363); RSA with
    /// its last octet first (Microsoft CryptoAPI). Only what verifies is taken.
    pub(super) fn right(&self, value: Vec<u8>) -> Result<Vec<u8>, Vec<u8>> {
        let fits = |value: &[u8]| {
            let data = ToVerify::Message(self.attributes);
            crypto::verify(self.key, &self.algorithm, data, value).is_ok()
        };
        if fits(&value) {
            return Ok(value);
        }
        let other = match self.key.kind() {
            KeyKind::Rsa => Some(value.iter().rev().copied().collect()),
            kind => crypto::ecdsa_from_fixed(kind, &value),
        };
        match other {
            Some(other) if fits(&other) => Ok(other),
            _ => Err(value),
        }
    }

    /// What a value is over that is not right.
    pub(super) fn instead(&self, value: &[u8]) -> SignedInstead {
        let hash = self.algorithm.digest().unwrap_or(DigestAlgorithm::Sha512);
        let digest = Digest::of(hash, self.attributes);
        let hexadecimal = digest.to_hex();
        let upper = hexadecimal.to_ascii_uppercase();
        let base64 = base64_simd::STANDARD.encode_to_string(digest.as_bytes());
        let mut in_file = self.attributes.to_vec();
        if let Some(tag) = in_file.first_mut() {
            *tag = CONTEXT_0;
        }
        let messages: [(&[u8], SignedInstead); 6] = [
            (digest.as_bytes(), SignedInstead::DigestHashedAgain),
            (hexadecimal.as_bytes(), SignedInstead::HexadecimalText),
            (upper.as_bytes(), SignedInstead::HexadecimalText),
            (base64.as_bytes(), SignedInstead::Base64Text),
            (
                self.document.as_bytes(),
                SignedInstead::DocumentDigestHashedAgain,
            ),
            (&in_file, SignedInstead::AttributesAsInFile),
        ];
        let forms = self.forms(value);
        let fits = |algorithm: &SignatureAlgorithm, data: ToVerify<'_>| {
            forms
                .iter()
                .any(|value| crypto::verify(self.key, algorithm, data, value).is_ok())
        };
        for (message, instead) in messages {
            if fits(&self.algorithm, ToVerify::Message(message)) {
                return instead;
            }
        }
        if fits(&self.algorithm, ToVerify::Digest(self.document)) {
            return SignedInstead::DocumentDigest;
        }
        for algorithm in others(self.key.kind()) {
            if fits(&algorithm, ToVerify::Message(self.attributes)) {
                return SignedInstead::Algorithm(algorithm);
            }
        }
        let bare = forms
            .iter()
            .filter_map(|value| crypto::pkcs1_payload(self.key, value))
            .any(|payload| payload == digest.as_bytes());
        match bare {
            true => SignedInstead::WithoutDigestInfo,
            false => SignedInstead::Unknown,
        }
    }

    fn forms(&self, value: &[u8]) -> Vec<Vec<u8>> {
        let mut forms = vec![value.to_vec()];
        match self.key.kind() {
            KeyKind::Rsa => forms.push(value.iter().rev().copied().collect()),
            kind => forms.extend(crypto::ecdsa_from_fixed(kind, value)),
        }
        forms
    }
}

/// Algorithms that a device may have used unasked.
fn others(kind: KeyKind) -> Vec<SignatureAlgorithm> {
    let hashes = [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha1,
    ];
    hashes
        .into_iter()
        .flat_map(|digest| match kind {
            KeyKind::Rsa => vec![
                SignatureAlgorithm::RsaPkcs1(digest),
                SignatureAlgorithm::rsa_pss(digest),
            ],
            _ => vec![SignatureAlgorithm::Ecdsa(digest)],
        })
        .collect()
}

/// `[0]`, constructed: the tag of the signed attributes in the file.
const CONTEXT_0: u8 = 0xa0;
