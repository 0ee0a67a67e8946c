//! From what was found in the file to what judgement takes: [`Candidate`]s with their digests, and
//! the file's findings in both languages.

use std::borrow::Cow;

use crate::cms::{SignedData, identifiers};
use crate::crypto::DigestAlgorithm;
use crate::der::Reader;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::{self, Lang};
use crate::pades::{
    self, AFTER_END, BEFORE_HEADER, DUPLICATE_KEY, ENCRYPTED, ENCRYPTED_LOCKED, FIELD_VALUE,
    NO_FIELD, OFFSETS_FROM_HEADER, PdfFindings, PdfSignature, REPAIR_DIFFERS, SCAN_INCOMPLETE,
    SEED_VALUE, SignatureKind, SubFilter, UNLISTED, UNREADABLE, USAGE_RIGHTS, WRONG_PASSWORD,
    digests,
};
use crate::pdf::odd::Odd;
use crate::report::{Coverage, Finding};
use crate::tsp::{TimeStampToken, TstInfo};
use crate::validate::{Bare, Candidate, Profile, Protected};
use crate::verdict::{ByteRangeFault, ContentsFault, Reason};

/// A candidate for each signature and document time-stamp, and the SHA-256 of the whole file. The
/// file is read once for all digests of one algorithm.
pub(crate) fn candidates<'f>(
    bytes: &[u8],
    found: &'f PdfFindings<'_>,
    limits: &Limits,
) -> (Vec<Candidate<'f>>, [u8; 32]) {
    let mut candidates: Vec<Candidate<'f>> = Vec::with_capacity(found.signatures.len());
    let mut requests = vec![(whole(bytes), DigestAlgorithm::Sha256)];
    let mut owners = Vec::new();
    for (index, signature) in found.signatures.iter().enumerate() {
        let candidate = candidate(signature, limits);
        if let Some(range) = signature.digest_range {
            for algorithm in wanted(&candidate, limits) {
                requests.push((range, algorithm));
                owners.push(index);
            }
        }
        candidates.push(candidate);
    }
    let mut answers = digests(bytes, &requests).into_iter();
    let mut sha256 = [0; 32];
    if let Some(Ok(digest)) = answers.next() {
        sha256.copy_from_slice(digest.as_bytes());
    }
    for (owner, answer) in owners.into_iter().zip(answers) {
        let Some(candidate) = candidates.get_mut(owner) else {
            continue;
        };
        match answer {
            Ok(digest) => candidate.protected.0.push(digest),
            Err(error) => candidate.form.push(Reason::Limit {
                what: error.detail().to_owned(),
            }),
        }
    }
    (candidates, sha256)
}

fn whole(bytes: &[u8]) -> [u64; 4] {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    [0, length, length, 0]
}

/// The digests that a signature needs over its protected bytes.
fn wanted(candidate: &Candidate<'_>, limits: &Limits) -> Vec<DigestAlgorithm> {
    let Some(Ok((cms, _))) = &candidate.cms else {
        return match candidate.profile {
            Profile::X509RsaSha1 => vec![DigestAlgorithm::Sha1],
            _ => Vec::new(),
        };
    };
    match candidate.profile {
        Profile::Pkcs7Sha1 => vec![DigestAlgorithm::Sha1],
        Profile::DocumentTimeStamp if cms.content.is_some() => {
            let content = cms.content.as_deref().unwrap_or_default();
            let info = TstInfo::parse(content, limits).ok();
            info.and_then(|info| info.imprint.algorithm)
                .into_iter()
                .collect()
        }
        _ => {
            let mut wanted: Vec<DigestAlgorithm> = Vec::new();
            for signer in cms.signer_infos.iter().take(1) {
                wanted.extend(signer.digest());
                let attributes = signer.signed_attributes.as_ref();
                let content = attributes
                    .into_iter()
                    .flat_map(|all| all.values_of(identifiers::CONTENT_TIME_STAMP));
                // An archive time-stamp of version 3 is over the digest of the content, too.
                let archive = signer
                    .unsigned_attributes
                    .iter()
                    .flat_map(|all| all.values_of(identifiers::ARCHIVE_TIME_STAMP_V3));
                let tokens = content.take(MOST_CONTENT_STAMPS).chain(archive);
                for octets in tokens.take(MOST_STAMPS) {
                    let token = TimeStampToken::parse(octets, limits).ok();
                    let algorithm = token.and_then(|token| token.info.imprint.algorithm);
                    if let Some(algorithm) = algorithm.filter(|other| !wanted.contains(other)) {
                        wanted.push(algorithm);
                    }
                }
            }
            wanted
        }
    }
}

fn candidate<'f>(signature: &'f PdfSignature<'_>, limits: &Limits) -> Candidate<'f> {
    let profile = match (&signature.kind, &signature.sub_filter) {
        (SignatureKind::DocumentTimeStamp, _) => Profile::DocumentTimeStamp,
        (_, SubFilter::EtsiCadesDetached) => Profile::Pades,
        (_, SubFilter::AdbePkcs7Detached) => Profile::Pkcs7Detached,
        (_, SubFilter::AdbePkcs7Sha1) => Profile::Pkcs7Sha1,
        (_, SubFilter::AdbeX509RsaSha1) => Profile::X509RsaSha1,
        _ => Profile::Other,
    };
    let octets = match (&signature.contents, &signature.faulty_contents) {
        (Ok(octets), _) => Some(&**octets),
        // What can be read of a faulty string is still computed, so that the report tells both.
        (Err(_), Some(octets)) => Some(octets.as_slice()),
        (Err(_), None) => None,
    };
    let nothing = octets.is_some_and(|octets| octets.iter().all(|octet| *octet == 0));
    let mut form = form(signature);
    if nothing && signature.contents.is_ok() {
        form.push(Reason::Contents(ContentsFault::Empty));
    }
    let octets = octets.filter(|_| !nothing);
    let mut bare = None;
    let cms = match (profile, octets) {
        (_, None) => None,
        (Profile::X509RsaSha1, Some(octets)) => {
            bare = Some(Bare {
                signature: octet_string(octets, limits),
                certificates: signature.certificates.iter().map(Vec::as_slice).collect(),
            });
            None
        }
        (_, Some(octets)) if octets.len() > limits.cms_size => {
            Some(Err(Error::new(ErrorKind::TooLarge, "size of the CMS")))
        }
        (_, Some(octets)) => Some(SignedData::parse(octets, limits).map(|cms| (cms, octets))),
    };
    Candidate {
        id: signature.id.clone(),
        profile,
        form,
        coverage: coverage(signature),
        cms,
        bare,
        opened: None,
        protected: Protected::default(),
        claimed: signature.signed_at,
        // What covers nobody knows which bytes lies before no time-stamp.
        covered_end: signature
            .byte_range
            .as_ref()
            .map_or(u64::MAX, |[_, _, start, length]| {
                start.saturating_add(*length)
            }),
        gap_start: signature
            .byte_range
            .as_ref()
            .map_or(0, |[start, length, ..]| start.saturating_add(*length)),
        content: signature.content.clone(),
    }
}

/// Content time-stamps whose digests are computed; real signatures have one.
const MOST_CONTENT_STAMPS: usize = 4;
/// The same with archive time-stamps.
const MOST_STAMPS: usize = 16;

fn coverage(signature: &PdfSignature<'_>) -> Coverage {
    let mut coverage = Coverage::default();
    coverage.byte_range.clone_from(&signature.raw_byte_range);
    coverage.whole_file = signature.coverage.whole_file;
    coverage.revision = signature.coverage.revision;
    coverage.revisions = Some(signature.coverage.revisions);
    coverage.changes = signature.content.changes();
    coverage.findings = signature.content.findings();
    coverage
}

/// What is wrong or odd with the dictionary and its place in the form.
fn form(signature: &PdfSignature<'_>) -> Vec<Reason> {
    let mut form = Vec::new();
    if signature.rewritten {
        form.push(Reason::RewrittenAfterSigning);
    }
    match &signature.sub_filter {
        SubFilter::Missing => form.push(Reason::SignatureDictionary { key: "SubFilter" }),
        SubFilter::Other(name) => form.push(Reason::SubFilterUnsupported { name: name.clone() }),
        SubFilter::AdbePkcs7Sha1 => form.push(Reason::SubFilterLegacy {
            name: "adbe.pkcs7.sha1",
        }),
        SubFilter::AdbeX509RsaSha1 => form.push(Reason::SubFilterLegacy {
            name: "adbe.x509.rsa_sha1",
        }),
        _ => {}
    }
    if !signature.type_is_right {
        form.push(Reason::SignatureType);
    }
    if let Err(fault) = signature.byte_range {
        form.push(byte_range(fault));
    }
    if let Err(fault) = &signature.contents {
        form.push(contents(*fault));
    }
    for key in &signature.duplicate_keys {
        form.push(Reason::DuplicateKey { key: key.clone() });
    }
    match signature.field_count {
        0 => form.push(Reason::SignatureWithoutField),
        1 => {}
        _ => form.push(Reason::SignatureShared),
    }
    if signature.removed_from_current && signature.field_count > 0 {
        form.push(Reason::SignatureRemoved);
    }
    form
}

fn byte_range(fault: pades::ByteRangeFault) -> Reason {
    use pades::ByteRangeFault as P;
    Reason::ByteRange(match fault {
        P::Missing => ByteRangeFault::Missing,
        P::NotIntegers | P::NotFour => ByteRangeFault::NotFourIntegers,
        P::Negative => ByteRangeFault::OutOfRange,
        P::NotFromStart => ByteRangeFault::StartsLate,
        P::Overlap => ByteRangeFault::Overlap,
        P::BeyondEnd => ByteRangeFault::PastTheEnd,
        P::GapIsNotContents => ByteRangeFault::GapIsNotContents,
        P::EndsInside => ByteRangeFault::EndsInsideRevision,
    })
}

fn contents(fault: pades::ContentsFault) -> Reason {
    use pades::ContentsFault as P;
    Reason::Contents(match fault {
        P::Missing => ContentsFault::Missing,
        P::Indirect | P::NotAString | P::NotHexadecimal | P::InObjectStream => {
            ContentsFault::NotHexString
        }
        P::OddDigits => ContentsFault::OddDigits,
        P::ForeignCharacters => ContentsFault::ForeignCharacter,
        P::Empty => ContentsFault::Empty,
    })
}

/// The content of the OCTET STRING that `adbe.x509.rsa_sha1` wraps its value in; the octets as they
/// are where there is none.
fn octet_string<'o>(octets: &'o [u8], limits: &Limits) -> Cow<'o, [u8]> {
    Reader::new(octets, limits.asn1_depth)
        .octet_string()
        .unwrap_or(Cow::Borrowed(octets))
}

/// The findings of the file in both languages.
pub(crate) fn findings(found: &PdfFindings<'_>) -> Vec<Finding> {
    found
        .findings
        .iter()
        .map(|finding| {
            let (vi, en) = words(finding.code);
            let with = |text: &str, lang| {
                if finding.detail.is_empty() {
                    text.to_owned()
                } else {
                    format!("{text}: {}", message::detail(&finding.detail, lang))
                }
            };
            Finding {
                code: finding.code,
                place: Some(finding.place.clone()),
                message_vi: with(vi, Lang::Vi),
                message_en: with(en, Lang::En),
            }
        })
        .collect()
}

fn words(code: &str) -> (&'static str, &'static str) {
    match code {
        USAGE_RIGHTS => (
            "Chữ ký quyền sử dụng (usage rights), không phải chữ ký của tài liệu",
            "A usage-rights signature; it is no signature of the document",
        ),
        NO_FIELD => (
            "Từ điển chữ ký không có trường nào trỏ tới",
            "A signature dictionary that no field refers to",
        ),
        UNLISTED => (
            "Từ điển chữ ký nằm trong những byte mà bảng tham chiếu không nhắc tới",
            "A signature dictionary in bytes that no cross-reference speaks of",
        ),
        FIELD_VALUE => (
            "Trường chữ ký có giá trị không phải từ điển",
            "A signature field whose value is no dictionary",
        ),
        UNREADABLE => (
            "Không đọc được một đối tượng mà biểu mẫu cần",
            "An object that the form needs cannot be read",
        ),
        BEFORE_HEADER => (
            "Có dữ liệu trước phần đầu %PDF-",
            "There are bytes before the header %PDF-",
        ),
        OFFSETS_FROM_HEADER => (
            "Vị trí trong bảng tham chiếu tính từ phần đầu, không từ đầu tệp",
            "Offsets count from the header, not from the start of the file",
        ),
        AFTER_END => (
            "Có dữ liệu sau phần cuối của phiên bản cuối cùng",
            "There are bytes after the end of the last revision",
        ),
        DUPLICATE_KEY => (
            "Một mục xuất hiện hai lần trong cùng từ điển",
            "A key stands twice in one dictionary",
        ),
        SCAN_INCOMPLETE => (
            "Chưa xem hết các luồng đối tượng để tìm chữ ký còn sót",
            "Not every object stream was looked through for signatures left behind",
        ),
        SEED_VALUE => (
            "Chữ ký không đúng như trường chữ ký đòi hỏi (seed value)",
            "A signature is not what its field demanded (seed value)",
        ),
        ENCRYPTED => ("Tệp được mã hóa", "The file is encrypted"),
        ENCRYPTED_LOCKED => (
            "Tệp được mã hóa; cần mật khẩu để xét nội dung",
            "The file is encrypted; a password is needed to look at its content",
        ),
        WRONG_PASSWORD => (
            "Tệp được mã hóa; mật khẩu đã cho không mở được",
            "The file is encrypted; the password that was given does not open it",
        ),
        REPAIR_DIFFERS => (
            "Trình đọc tự dựng lại bảng tham chiếu sẽ thấy đối tượng khác ở đây",
            "A reader that rebuilds the cross-reference would see another object here",
        ),
        other => Odd::ALL
            .into_iter()
            .find(|odd| odd.code() == other)
            .map_or(("Điểm bất thường", "Something odd"), Odd::words),
    }
}
