//! One signature dictionary (ISO 32000-2 table 255), read with every fault named.

use std::borrow::Cow;

use crate::error::Error;
use crate::pades::changes::Lock;
use crate::pades::digest::inside;
use crate::pades::{
    ByteRangeFault, ContentsFault, Coverage, PdfSignature, SignatureKind, SubFilter,
};
use crate::pdf::{Dictionary, File, Object, Reference, Text, count_digits, is_space, text};
use crate::report::ContentJudgement;
use crate::time::Time;

/// A signature dictionary and where it was found.
pub(super) struct Found<'a> {
    pub(super) dictionary: Dictionary<'a>,
    /// The object that it stands in.
    pub(super) object: Option<Reference>,
    /// The revision, from 0, by which references in it are resolved.
    pub(super) seen_in: usize,
    /// The revision, from 0, that wrote it.
    pub(super) written_in: usize,
    /// Whether no cross-reference lists it, though its numbers fit its own place.
    pub(super) unlisted: bool,
}

/// Reads dictionaries of one file.
pub(super) struct Reader<'f, 'a> {
    file: &'f File<'a>,
    /// After the last octet of the file that is not white space.
    content_end: usize,
}

/// /Contents with what is told about it.
struct Contents<'a> {
    octets: Result<Cow<'a, [u8]>, ContentsFault>,
    faulty: Option<Vec<u8>>,
    /// Where the string stands in the file, with its brackets.
    range: Option<(usize, usize)>,
    white_space: bool,
}

impl<'f, 'a> Reader<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>) -> Self {
        let content_end = file.bytes().iter().rposition(|&octet| !is_space(octet));
        Self {
            file,
            content_end: content_end.map_or(0, |last| last + 1),
        }
    }

    /// After the last octet of the file that is not white space.
    pub(super) fn content_end(&self) -> usize {
        self.content_end
    }

    /// Reads a dictionary; whatever it lacks, there is an answer.
    pub(super) fn read(&self, found: &Found<'a>) -> Result<PdfSignature<'a>, Error> {
        let Found {
            dictionary,
            object,
            seen_in,
            written_in,
            ..
        } = found;
        let revisions = u32::try_from(self.file.revisions().len()).unwrap_or(u32::MAX);
        let get = |key: &str| self.value(dictionary, key, *seen_in);
        let sub_filter = match get("SubFilter") {
            Object::Name(name) => sub_filter(&name.text()),
            _ => SubFilter::Missing,
        };
        let stated = match get("Type") {
            Object::Null => None,
            Object::Name(name) => Some(name.text()),
            _ => Some(String::new()),
        };
        let kind = match (&sub_filter, stated.as_deref()) {
            (SubFilter::EtsiRfc3161, _) | (_, Some("DocTimeStamp")) => {
                SignatureKind::DocumentTimeStamp
            }
            _ => SignatureKind::Signature,
        };
        let type_is_right = match (&sub_filter, stated.as_deref()) {
            (_, None) => true,
            (SubFilter::EtsiRfc3161, Some(stated)) => stated == "DocTimeStamp",
            (_, Some(stated)) => stated == "Sig",
        };
        let contents = self.contents(dictionary, *seen_in);
        let numbers = numbers(&get("ByteRange"));
        let raw_byte_range = numbers.clone().ok();
        let range = numbers.and_then(|numbers| four(&numbers));
        let cut = range
            .ok()
            .and_then(|range| inside(self.file.bytes(), &range).map(|cut| (range, cut)));
        let gap_is_contents = cut.is_some_and(|(_, [start, length, second, _])| {
            contents.range == Some((start + length, second))
        });
        let end = cut.map(|(_, [_, _, second, rest])| second + rest);
        let revision = end.and_then(|end| self.revision_ending(end));
        let all = end.is_some_and(|end| end >= self.content_end);
        let covers_revision_end = revision.is_some() || all;
        let byte_range = range.and_then(|range| {
            let [start, length, second, _] = range;
            if start != 0 {
                Err(ByteRangeFault::NotFromStart)
            } else if length >= second {
                Err(ByteRangeFault::Overlap)
            } else if cut.is_none() {
                Err(ByteRangeFault::BeyondEnd)
            } else if !gap_is_contents {
                Err(ByteRangeFault::GapIsNotContents)
            } else if !covers_revision_end {
                Err(ByteRangeFault::EndsInside)
            } else {
                Ok(range)
            }
        });
        let spans = match cut {
            Some((_, [start, length, second, rest])) => {
                let piece = |from, length| self.file.bytes().get(from..from + length);
                [
                    piece(start, length).unwrap_or_default(),
                    piece(second, rest).unwrap_or_default(),
                ]
            }
            None => [[].as_slice(); 2],
        };
        let string = |key: &str| match get(key) {
            Object::String(string) => Some(string.octets()),
            _ => None,
        };
        let words = |key: &str| string(key).map(|octets| text::decode(&octets));
        let raw_signed_at = string("M");
        Ok(PdfSignature {
            id: String::new(),
            kind,
            sub_filter,
            filter: match get("Filter") {
                Object::Name(name) => Some(name.text()),
                _ => None,
            },
            type_is_right,
            byte_range,
            raw_byte_range,
            rewritten: range.is_ok_and(|range| self.rewritten(&range, &contents)),
            contents: contents.octets,
            faulty_contents: contents.faulty,
            contents_have_white_space: contents.white_space,
            certificates: self.certificates(&get("Cert"), *seen_in),
            spans,
            digest_range: cut.map(|(range, _)| range),
            coverage: Coverage {
                byte_range: range.ok(),
                whole_file: range
                    .ok()
                    .map(|[start, ..]| start == 0 && gap_is_contents && all),
                revision: revision.and_then(|revision| u32::try_from(revision + 1).ok()),
                revisions,
                covers_revision_end,
            },
            later_revision: end.is_some_and(|end| end < self.content_end),
            gap_is_contents,
            duplicate_keys: dictionary.doubled(),
            field_count: 0,
            removed_from_current: false,
            signed_at: raw_signed_at
                .as_deref()
                .and_then(|text| Time::from_pdf_date(text).ok()),
            raw_signed_at: raw_signed_at.map(|octets| text::decode(&octets)),
            name: words("Name"),
            reason: words("Reason"),
            location: words("Location"),
            contact_info: words("ContactInfo"),
            certification: self
                .certification(dictionary, *seen_in)
                .map(|(level, _)| level),
            certification_is_odd: self
                .certification(dictionary, *seen_in)
                .is_some_and(|(_, is_odd)| is_odd),
            locks: self.locks(dictionary, *seen_in),
            object: object.map(|id| (id.number, id.generation)),
            content: ContentJudgement::default(),
            written_in: u32::try_from(written_in + 1).unwrap_or(u32::MAX),
        })
    }

    /// Whether the dictionary grants usage rights instead of signing the document.
    pub(super) fn grants_usage(&self, dictionary: &Dictionary<'a>, revision: usize) -> bool {
        self.transforms(dictionary, revision)
            .iter()
            .any(|transform| {
                let method = self.value(transform, "TransformMethod", revision);
                method.is_name("UR3") || method.is_name("UR")
            })
    }

    /// The revision, from 0, whose end this is.
    fn revision_ending(&self, end: usize) -> Option<usize> {
        let revisions = self.file.revisions();
        let last = revisions
            .partition_point(|revision| revision.marker_end <= end)
            .checked_sub(1)?;
        let revision = revisions.get(last)?;
        let near = end - revision.marker_end <= MOST_WHITE_SPACE;
        (near && revision.ends_at(end, self.file.bytes())).then_some(last)
    }

    fn contents(&self, dictionary: &Dictionary<'a>, revision: usize) -> Contents<'a> {
        let fault = |fault, faulty: Option<Vec<u8>>| Contents {
            octets: Err(fault),
            faulty: faulty.filter(|octets| !octets.is_empty()),
            range: None,
            white_space: false,
        };
        let string = match dictionary.get("Contents") {
            Object::Null => return fault(ContentsFault::Missing, None),
            Object::String(string) => string,
            Object::Reference(_) => {
                let octets = match self.value(dictionary, "Contents", revision) {
                    Object::String(string) => Some(string.written_octets()),
                    _ => None,
                };
                return fault(ContentsFault::Indirect, octets);
            }
            _ => return fault(ContentsFault::NotAString, None),
        };
        let Some(range) = string.raw().file_range() else {
            return fault(ContentsFault::InObjectStream, Some(string.written_octets()));
        };
        let (why, white_space) = hexadecimal(&string);
        // Never decrypted (ISO 32000-2 §7.6.2).
        let octets = string.written_octets();
        let (octets, faulty) = match why {
            None => (Ok(Cow::Owned(octets)), None),
            Some(why) => (Err(why), Some(octets).filter(|octets| !octets.is_empty())),
        };
        Contents {
            octets,
            faulty,
            range: Some((range.start, range.end)),
            white_space,
        }
    }

    /// Whether the range speaks of a file that this one no longer is: it reaches beyond the end, or
    /// its gap is somewhere else than /Contents and no /Contents at all.
    fn rewritten(&self, range: &[u64; 4], contents: &Contents<'_>) -> bool {
        let [start, length, second, _] = *range;
        let Some(width) = second.checked_sub(length).filter(|&width| width > 1) else {
            return false;
        };
        if start != 0 || length == 0 {
            return false;
        }
        let Some((from, to)) = contents.range else {
            // A tool that writes strings its own way, or packs them into object streams.
            return !matches!(
                contents.octets,
                Err(ContentsFault::Missing | ContentsFault::Indirect)
            );
        };
        let from_there = u64::try_from(from).unwrap_or(u64::MAX);
        if from_there.abs_diff(length) <= SLOPPY {
            return false;
        }
        let at = |at: u64| {
            usize::try_from(at)
                .ok()
                .and_then(|at| self.file.bytes().get(at))
        };
        u64::try_from(to - from).is_ok_and(|own| own == width)
            || at(length) != Some(&b'<')
            || inside(self.file.bytes(), range).is_none()
    }

    fn certificates(&self, value: &Object<'a>, revision: usize) -> Vec<Vec<u8>> {
        let most = self.file.limits().evidence_items;
        match value {
            Object::String(string) => vec![string.octets()],
            Object::Array(array) => array
                .iter()
                .take(most)
                .filter_map(|element| match self.file.resolve(element, revision) {
                    Ok(Object::String(string)) => Some(string.octets()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The strictest level that a DocMDP transform grants, and whether one is none of the standard's.
    fn certification(&self, dictionary: &Dictionary<'a>, revision: usize) -> Option<(u8, bool)> {
        let transforms = self.transforms(dictionary, revision);
        let certifying = transforms.iter().filter(|transform| {
            self.value(transform, "TransformMethod", revision)
                .is_name("DocMDP")
        });
        let levels = certifying.map(|transform| {
            let parameters = self.value(transform, "TransformParams", revision);
            let level = parameters.dictionary().map_or(Object::Null, |parameters| {
                self.value(parameters, "P", revision)
            });
            match level {
                Object::Null | Object::Integer(2) => (2, false),
                Object::Integer(3) => (3, false),
                Object::Integer(1) => (1, false),
                _ => (1, true),
            }
        });
        let levels: Vec<(u8, bool)> = levels.collect();
        let strictest = levels.iter().map(|(level, _)| *level).min()?;
        Some((strictest, levels.iter().any(|(_, is_odd)| *is_odd)))
    }

    /// What the FieldMDP transforms of a dictionary lock.
    fn locks(&self, dictionary: &Dictionary<'a>, revision: usize) -> Vec<Lock> {
        let transforms = self.transforms(dictionary, revision);
        let locking = transforms.iter().filter(|transform| {
            self.value(transform, "TransformMethod", revision)
                .is_name("FieldMDP")
        });
        locking
            .map(
                |transform| match self.value(transform, "TransformParams", revision) {
                    Object::Dictionary(parameters) => Lock::read(self.file, &parameters, revision),
                    _ => Lock::All,
                },
            )
            .collect()
    }

    /// The signature reference dictionaries (§12.8.1, table 256).
    fn transforms(&self, dictionary: &Dictionary<'a>, revision: usize) -> Vec<Dictionary<'a>> {
        match self.value(dictionary, "Reference", revision) {
            Object::Array(array) => array
                .iter()
                .take(MOST_TRANSFORMS)
                .filter_map(|element| {
                    self.file
                        .resolve(element, revision)
                        .ok()?
                        .dictionary()
                        .cloned()
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// A value with references followed; `Null` where it cannot be read.
    fn value(&self, dictionary: &Dictionary<'a>, key: &str, revision: usize) -> Object<'a> {
        self.file
            .get(dictionary, key, revision)
            .unwrap_or(Object::Null)
    }
}

/// What is wrong with a string that must be hexadecimal, and whether it holds white space.
fn hexadecimal(string: &Text<'_>) -> (Option<ContentsFault>, bool) {
    if !string.is_hex() {
        return (Some(ContentsFault::NotHexadecimal), false);
    }
    let raw = string.raw().octets();
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    let digits = count_digits(inner);
    let spaces = if digits == inner.len() {
        0
    } else {
        inner.iter().filter(|&&octet| is_space(octet)).count()
    };
    let fault = if digits + spaces != inner.len() {
        Some(ContentsFault::ForeignCharacters)
    } else if digits == 0 {
        Some(ContentsFault::Empty)
    } else if digits % 2 == 1 {
        Some(ContentsFault::OddDigits)
    } else {
        None
    };
    (fault, spaces > 0)
}

fn numbers(value: &Object<'_>) -> Result<Vec<i64>, ByteRangeFault> {
    match value {
        Object::Null => Err(ByteRangeFault::Missing),
        Object::Array(array) => array
            .iter()
            .take(MOST_NUMBERS)
            .map(|element| element.integer().ok_or(ByteRangeFault::NotIntegers))
            .collect(),
        _ => Err(ByteRangeFault::NotIntegers),
    }
}

fn four(numbers: &[i64]) -> Result<[u64; 4], ByteRangeFault> {
    let Ok(four) = <[i64; 4]>::try_from(numbers) else {
        return Err(ByteRangeFault::NotFour);
    };
    if four.iter().any(|&number| number < 0) {
        return Err(ByteRangeFault::Negative);
    }
    Ok(four.map(i64::unsigned_abs))
}

fn sub_filter(name: &str) -> SubFilter {
    match name {
        "adbe.pkcs7.detached" => SubFilter::AdbePkcs7Detached,
        "ETSI.CAdES.detached" => SubFilter::EtsiCadesDetached,
        "adbe.pkcs7.sha1" => SubFilter::AdbePkcs7Sha1,
        "adbe.x509.rsa_sha1" => SubFilter::AdbeX509RsaSha1,
        "ETSI.RFC3161" => SubFilter::EtsiRfc3161,
        other => SubFilter::Other(other.to_owned()),
    }
}

const MOST_NUMBERS: usize = 64;
const MOST_TRANSFORMS: usize = 64;
const MOST_WHITE_SPACE: usize = 64 << 10;
/// A gap that begins so near to /Contents is meant to be it.
const SLOPPY: u64 = 16;
