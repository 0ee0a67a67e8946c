//! Archive time-stamps inside a signature: what they have to be over, and what they prove (EN 319
//! 122-1 §5.5.2, §5.5.3; the older form of TS 101 733 §6.4.1; EN 319 102-1 clause 5.6.2.3).
//!
//! The newest is judged first, at the validation time; what it covers is proven by it, so that an
//! older one, whose certificates have ended since, is judged at the time of the newer.

use crate::cms::identifiers::{
    ARCHIVE_TIME_STAMP_V2, ARCHIVE_TIME_STAMP_V3, ATS_HASH_INDEX, ATS_HASH_INDEX_V2,
    ATS_HASH_INDEX_V3,
};
use crate::cms::{AlgorithmIdentifier, SignedData, SignerInfo};
use crate::crypto::{Digest, DigestAlgorithm, Hasher, sha256};
use crate::der::{Oid, Reader, Tag, write};
use crate::error::Error;
use crate::limits::Limits;
use crate::policy::{Acceptance, Use};
use crate::time::Time;
use crate::tsp::TimeStampToken;
use crate::validate::timestamp::{self, ARCHIVE, Token};
use crate::validate::with_time::MOST_STAMPS;
use crate::validate::{Context, Existence, Protected, collect};
use crate::verdict::{Reason, StampFault};

/// An archive time-stamp as it stands among the unsigned attributes.
struct Archive<'a> {
    form: Oid,
    octets: &'a [u8],
    time: Option<Time>,
}

/// What a signature is that its archive time-stamps are over.
pub(crate) struct Archived<'a> {
    pub(crate) cms: &'a SignedData<'a>,
    /// All octets of the CMS.
    pub(crate) octets: &'a [u8],
    pub(crate) signer: &'a SignerInfo<'a>,
    /// Digests of a content that stands elsewhere.
    pub(crate) protected: &'a Protected,
}

impl<'a> Archived<'a> {
    /// Judges each archive time-stamp, the newest first, and notes what those prove that passed.
    pub(crate) fn judge(&self, context: &Context<'_>, existence: &mut Existence) -> Vec<Token> {
        let limits = context.limits;
        let mut found = self.stamps(limits);
        // Those that cannot be read come first and prove nothing. The sort is stable.
        found.sort_by_key(|stamp| std::cmp::Reverse(stamp.time));
        let mut tokens = Vec::new();
        for stamp in &found {
            let read = TimeStampToken::parse(stamp.octets, limits).ok();
            let index = read
                .as_ref()
                .filter(|_| stamp.form == ARCHIVE_TIME_STAMP_V3)
                .map(|token| Index::of(token, limits));
            let mut token = match self.imprint(stamp, index.as_ref(), limits) {
                Some(imprint) => {
                    timestamp::token(stamp.octets, ARCHIVE, imprint, context, existence)
                }
                None => {
                    let mut token =
                        timestamp::token(stamp.octets, ARCHIVE, |_| None, context, existence);
                    token.found.retain(|reason| !is_mismatch(reason));
                    token.found.push(fault(stamp.time, StampFault::NotJudged));
                    token
                }
            };
            if token.found.iter().any(is_mismatch) {
                token.found.retain(|reason| !is_mismatch(reason));
                token.found.push(fault(stamp.time, StampFault::Imprint));
            }
            let mut covered = Vec::new();
            match &index {
                Some(Ok(index)) => {
                    if let Err(why) = self.indexed(index, stamp, context, &mut covered) {
                        token.found.push(fault(stamp.time, why));
                    }
                }
                Some(Err(why)) => token.found.push(fault(stamp.time, why.clone())),
                None => self.before(stamp, &found, limits, &mut covered),
            }
            if crate::verdict::headline(&token.found).is_some() {
                token.proven = None;
            }
            if let Some(time) = token.proven {
                existence.prove(sha256(&self.signer.signature), time);
                for object in covered {
                    existence.prove(object, time);
                }
            }
            tokens.push(token);
        }
        tokens
    }

    fn stamps(&self, limits: &Limits) -> Vec<Archive<'a>> {
        let unsigned = self.signer.unsigned_attributes.iter();
        let mut found = Vec::new();
        for form in [ARCHIVE_TIME_STAMP_V3, ARCHIVE_TIME_STAMP_V2] {
            let all = unsigned.clone().flat_map(|all| all.values_of(form));
            for octets in all.take(MOST_STAMPS) {
                let token = TimeStampToken::parse(octets, limits).ok();
                found.push(Archive {
                    form,
                    octets,
                    time: token.map(|token| token.info.gen_time),
                });
            }
        }
        found
    }

    /// How to compute what the token has to be over; `None` where what it needs is not at hand.
    fn imprint<'i>(
        &'i self,
        stamp: &'i Archive<'a>,
        index: Option<&'i Result<Index<'a>, StampFault>>,
        limits: &'i Limits,
    ) -> Option<Box<dyn FnOnce(DigestAlgorithm) -> Option<Digest> + 'i>> {
        if stamp.form == ARCHIVE_TIME_STAMP_V3 {
            let index = index.and_then(|index| index.as_ref().ok());
            return Some(Box::new(move |algorithm| self.version_3(algorithm, index?)));
        }
        // The content itself is hashed among the rest, so its digest alone does not help.
        self.cms.content.as_ref()?;
        Some(Box::new(move |algorithm| {
            let said = TimeStampToken::parse(stamp.octets, limits).ok()?.info;
            let with_header = self.version_2(algorithm, stamp, true, limits).ok()?;
            // Producers differ in whether the unsigned attributes keep their own header.
            if said.covers(&with_header) {
                return Some(with_header);
            }
            self.version_2(algorithm, stamp, false, limits).ok()
        }))
    }

    /// EN 319 122-1 §5.5.3: the type of the content, its digest, the signer's fields from version to
    /// signature as they stand, and the index.
    fn version_3(&self, algorithm: DigestAlgorithm, index: &Index<'_>) -> Option<Digest> {
        let content = match &self.cms.content {
            Some(content) => Digest::of(algorithm, content),
            None => self.protected.by(algorithm)?.clone(),
        };
        let mut hasher = Hasher::new(algorithm);
        hasher.update(&write::oid(&self.cms.content_type));
        hasher.update(content.as_bytes());
        hasher.update(self.signer.up_to_signature);
        hasher.update(index.full);
        Some(hasher.finish())
    }

    /// TS 101 733 §6.4.1: the content with its type, certificates and lists, and the signer's fields
    /// with all unsigned attributes but archive time-stamps that are not older.
    fn version_2(
        &self,
        algorithm: DigestAlgorithm,
        stamp: &Archive<'_>,
        with_header: bool,
        limits: &Limits,
    ) -> Result<Digest, Error> {
        let mut hasher = Hasher::new(algorithm);
        for part in parts(self.octets, limits)? {
            hasher.update(part);
        }
        hasher.update(self.signer.up_to_signature);
        let mut attributes = Vec::new();
        for attribute in self.signer.unsigned_attributes.iter().flatten() {
            let is_archive =
                [ARCHIVE_TIME_STAMP_V2, ARCHIVE_TIME_STAMP_V3].contains(&attribute.oid);
            let is_older = |octets: &&[u8]| {
                let token = TimeStampToken::parse(octets, limits).ok();
                token.map(|token| token.info.gen_time) < stamp.time
            };
            if !is_archive || attribute.values.iter().all(is_older) {
                attributes.extend_from_slice(attribute.full);
            }
        }
        if with_header {
            attributes = write::tlv(UNSIGNED, &attributes);
        }
        hasher.update(&attributes);
        Ok(hasher.finish())
    }

    /// Everything that the index names. Each entry has to be something that is there.
    fn indexed(
        &self,
        index: &Index<'_>,
        stamp: &Archive<'_>,
        context: &Context<'_>,
        covered: &mut Vec<[u8; 32]>,
    ) -> Result<(), StampFault> {
        let algorithm = index.algorithm;
        let at = stamp.time.unwrap_or(context.at);
        let accepted = context.policy.digest(algorithm.name(), Use::Imprint, at);
        if !matches!(accepted, Acceptance::Accepted | Acceptance::Departure) {
            return Err(StampFault::ImprintUnsupported {
                algorithm: algorithm.name().to_owned(),
            });
        }
        let mut left = index.entries.clone();
        let mut take = |kind: usize, octets: &[u8]| {
            let hash = Digest::of(algorithm, octets);
            let list = left.get_mut(kind);
            let position = list.as_ref().and_then(|list| {
                list.iter()
                    .position(|entry| entry.as_slice() == hash.as_bytes())
            });
            match (list, position) {
                (Some(list), Some(position)) => {
                    list.swap_remove(position);
                    true
                }
                _ => false,
            }
        };
        let cms = self.cms;
        for der in cms.certificates.iter().chain(&cms.other_certificates) {
            if take(0, der) {
                covered.push(sha256(der));
            }
        }
        for der in &cms.crls {
            if take(1, der) {
                covered.push(sha256(der));
            }
        }
        for other in &cms.other_revocation {
            // The whole choice is named, or what DSS names: the choice as it would be written.
            let choice = other
                .format
                .map(|format| write::context(1, &[write::oid(&format), other.value.to_vec()]));
            if choice.is_some_and(|choice| take(1, &choice)) {
                covered.push(sha256(other.value));
            }
        }
        for attribute in self.signer.unsigned_attributes.iter().flatten() {
            let kind = write::oid(&attribute.oid);
            let whole = !index.by_value && take(2, attribute.full);
            for value in &attribute.values {
                if whole || (index.by_value && take(2, &[&kind, *value].concat())) {
                    collect::value_objects(attribute.oid, value, context.limits, covered);
                }
            }
        }
        if left.iter().any(|list| !list.is_empty()) {
            return Err(StampFault::Malformed {
                detail: "ats-hash-index names what is not there".into(),
            });
        }
        Ok(())
    }

    /// Everything that an older archive time-stamp covers: all but archive time-stamps that are not
    /// older than it.
    fn before(
        &self,
        stamp: &Archive<'_>,
        all: &[Archive<'_>],
        limits: &Limits,
        covered: &mut Vec<[u8; 32]>,
    ) {
        let is_later = |value: &[u8]| {
            all.iter()
                .any(|other| other.octets == value && other.time >= stamp.time)
        };
        collect::own_objects(self.cms, covered);
        for attribute in self.signer.unsigned_attributes.iter().flatten() {
            // An attribute is in the imprint whole or not at all.
            if attribute.values.iter().any(|value| is_later(value)) {
                continue;
            }
            for value in &attribute.values {
                collect::value_objects(attribute.oid, value, limits, covered);
            }
        }
    }
}

/// ```text
/// ATSHashIndexV3 ::= SEQUENCE {
///   hashIndAlgorithm       AlgorithmIdentifier,
///   certificatesHashIndex  SEQUENCE OF OCTET STRING,
///   crlsHashIndex          SEQUENCE OF OCTET STRING,
///   unsignedAttrValuesHashIndex SEQUENCE OF OCTET STRING }
/// ```
///
/// The older two leave the algorithm out where it is SHA-256, and name whole attributes.
struct Index<'a> {
    full: &'a [u8],
    algorithm: DigestAlgorithm,
    by_value: bool,
    entries: [Vec<Vec<u8>>; 3],
}

impl<'a> Index<'a> {
    /// The one index among the unsigned attributes of the token's signer.
    fn of(token: &TimeStampToken<'a>, limits: &Limits) -> Result<Self, StampFault> {
        let malformed = |detail: &str| StampFault::Malformed {
            detail: detail.to_owned(),
        };
        let mut found = None;
        for signer in token.signed_data.signer_infos.iter().take(1) {
            for attribute in signer.unsigned_attributes.iter().flatten() {
                if [ATS_HASH_INDEX, ATS_HASH_INDEX_V2, ATS_HASH_INDEX_V3].contains(&attribute.oid) {
                    match (found, attribute.values.as_slice()) {
                        (None, [value]) => found = Some((attribute.oid, *value)),
                        _ => return Err(malformed("more than one ats-hash-index")),
                    }
                }
            }
        }
        let (form, full) = found.ok_or_else(|| malformed("no ats-hash-index"))?;
        let (algorithm, entries) =
            Self::read(full, limits).map_err(|_| malformed("an ats-hash-index"))?;
        let algorithm = match algorithm {
            None => DigestAlgorithm::Sha256,
            Some(identifier) => {
                identifier
                    .digest()
                    .ok_or_else(|| StampFault::ImprintUnsupported {
                        algorithm: identifier.oid.to_string(),
                    })?
            }
        };
        Ok(Self {
            full,
            algorithm,
            by_value: form == ATS_HASH_INDEX_V3,
            entries,
        })
    }

    #[allow(clippy::type_complexity)] // two things that are named where they are used
    fn read(
        full: &'a [u8],
        limits: &Limits,
    ) -> Result<(Option<AlgorithmIdentifier<'a>>, [Vec<Vec<u8>>; 3]), Error> {
        let mut outer = Reader::new(full, limits.asn1_depth);
        let mut fields = outer.expect(Tag::SEQUENCE)?.reader()?;
        outer.finish()?;
        let mut sequences = Vec::new();
        while !fields.is_empty() {
            crate::cms::check_count(sequences.len(), 4)?;
            sequences.push(fields.expect(Tag::SEQUENCE)?);
        }
        let algorithm = match sequences.len() {
            4 => Some(AlgorithmIdentifier::of(&sequences.remove(0))?),
            _ => None,
        };
        let mut entries = [Vec::new(), Vec::new(), Vec::new()];
        if sequences.len() != entries.len() {
            return Err(Error::new(
                crate::error::ErrorKind::Malformed,
                "an ats-hash-index of other fields",
            ));
        }
        for (list, sequence) in entries.iter_mut().zip(&sequences) {
            let mut items = sequence.reader()?;
            while !items.is_empty() {
                crate::cms::check_count(list.len(), limits.evidence_items)?;
                list.push(items.octet_string()?.into_owned());
            }
        }
        Ok((algorithm, entries))
    }
}

/// `encapContentInfo`, `certificates` and `crls` of a `SignedData`, each with all its octets.
fn parts<'a>(octets: &'a [u8], limits: &Limits) -> Result<Vec<&'a [u8]>, Error> {
    let mut file = Reader::new(octets, limits.asn1_depth);
    let mut info = file.expect(Tag::SEQUENCE)?.reader()?;
    info.oid()?;
    let mut explicit = info.expect(Tag::context(0))?.reader()?;
    let mut fields = explicit.expect(Tag::SEQUENCE)?.reader()?;
    fields.expect(Tag::INTEGER)?;
    fields.expect(Tag::SET)?;
    let mut parts = vec![fields.expect(Tag::SEQUENCE)?.full()];
    for number in [0, 1] {
        parts.extend(
            fields
                .optional(Tag::context(number))?
                .map(|part| part.full()),
        );
    }
    Ok(parts)
}

fn is_mismatch(reason: &Reason) -> bool {
    matches!(reason, Reason::DigestMismatch { .. })
}

fn fault(time: Option<Time>, fault: StampFault) -> Reason {
    Reason::TimeStamp {
        kind: ARCHIVE,
        time,
        fault,
    }
}

/// `[1] IMPLICIT UnsignedAttributes`.
const UNSIGNED: u8 = 0xa1;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
