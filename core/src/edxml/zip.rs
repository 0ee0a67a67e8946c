//! The zip that wraps one attachment: its directory, its one entry, and writing such a zip.
//!
//! Only what edXML packing needs (PKWARE APPNOTE 6.3): stored and deflated entries, no zip64, no
//! encryption, no split archives. Entry names are never used as paths. Local header and directory
//! must agree, because the official SDK reads the former and other readers the latter.

use std::fmt;
use std::io::{self, Read, Take};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::error::{Error, ErrorKind};

/// What a zip's directory says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Listing {
    /// No directory that could be read.
    Damaged,
    /// Part of an archive of several volumes.
    Split,
    /// No file at all.
    Empty,
    /// Exactly one file.
    One(Entry),
    /// Several files; none of them where the directory is too long to be listed.
    Many(Vec<Entry>),
}

/// The one file of a wrapping zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_encrypted: bool,
    pub(super) packed: u64,
    pub(super) size: u64,
    raw_name: Vec<u8>,
    method: u16,
    crc: u32,
    /// Where its local header begins.
    local: u64,
}

impl Entry {
    /// Whether it is packed in a way that is read here.
    pub(super) fn is_readable(&self) -> bool {
        !self.is_encrypted && matches!(self.method, STORED | DEFLATED)
    }
}

/// Reads the directory from the last octets of a zip of `total` octets; [`TAIL`] of them suffice.
pub(super) fn list(tail: &[u8], total: u64) -> Listing {
    let Some((end, end_at)) = find_end(tail) else {
        return Listing::Damaged;
    };
    let Some([disk, first_disk, here, entries]) = words(end, 4) else {
        return Listing::Damaged;
    };
    if disk != 0 || first_disk != 0 || here != entries {
        return Listing::Split;
    }
    if entries == 0 {
        return Listing::Empty;
    }
    let before = total.saturating_sub(u64::try_from(tail.len()).unwrap_or(0));
    let start = long(end, 16).and_then(|at| usize::try_from(at.checked_sub(before)?).ok());
    let Some(mut rest) = start.and_then(|start| tail.get(start..end_at)) else {
        // The directory of many entries may begin before the tail; one entry's never does.
        return if entries == 1 {
            Listing::Damaged
        } else {
            Listing::Many(Vec::new())
        };
    };
    let mut files = Vec::new();
    for _ in 0..entries.min(DIRECTORY_ENTRIES) {
        let Some((entry, after)) = directory_entry(rest) else {
            return Listing::Damaged;
        };
        rest = after;
        if !entry.name.ends_with('/') {
            files.push(entry);
        }
    }
    let only = if files.len() == 1 { files.pop() } else { None };
    match only {
        _ if entries > DIRECTORY_ENTRIES => Listing::Many(Vec::new()),
        // A reader that begins at the first octet must see the same file.
        Some(entry) if entries == 1 && entry.local == 0 => Listing::One(entry),
        Some(entry) if entries > 1 => Listing::Many(vec![entry]),
        Some(_) => Listing::Damaged,
        None if files.is_empty() => Listing::Empty,
        None => Listing::Many(files),
    }
}

/// One file of a zip as a stream. The caller has held `entry.size` against the limits; the stream
/// gives no more than that, and ends with an error where the file is not what the zip says.
pub(super) struct Unzip<R: Read> {
    data: Data<R>,
    crc: Crc,
    left: u64,
    expected: u32,
    is_checked: bool,
}

enum Data<R: Read> {
    Stored(Take<R>),
    Deflated(DeflateDecoder<Take<R>>),
}

impl<R: Read> Unzip<R> {
    /// Reads as far as the file's own data; the local header has to agree with the directory.
    pub(super) fn new(mut zip: R, entry: &Entry) -> Result<Self, Error> {
        if entry.is_encrypted {
            let detail = "A5: the wrapping zip is encrypted";
            return Err(Error::new(ErrorKind::Unsupported, detail));
        }
        let disagree = || damaged("A3: the wrapping zip's headers disagree");
        let skipped = io::copy(&mut zip.by_ref().take(entry.local), &mut io::sink());
        let mut header = [0; LOCAL_HEADER];
        let began = skipped.is_ok_and(|skipped| skipped == entry.local)
            && zip.read_exact(&mut header).is_ok();
        let name = usize::from(short(&header, 26).unwrap_or(0));
        let extra = usize::from(short(&header, 28).unwrap_or(0));
        let mut names = vec![0; name.saturating_add(extra)];
        let agrees = began
            && zip.read_exact(&mut names).is_ok()
            && header.starts_with(LOCAL_MARK)
            && short(&header, 8) == Some(entry.method)
            && names.get(..name) == Some(entry.raw_name.as_slice())
            && short(&header, 6).is_some_and(|flags| flags & ENCRYPTED == 0);
        if !agrees {
            return Err(disagree());
        }
        let packed = zip.take(entry.packed);
        let data = match entry.method {
            STORED => Data::Stored(packed),
            DEFLATED => Data::Deflated(DeflateDecoder::new(packed)),
            _ => {
                let detail = "A3: the wrapping zip's compression method";
                return Err(Error::new(ErrorKind::Unsupported, detail));
            }
        };
        Ok(Self {
            data,
            crc: Crc::new(),
            left: entry.size,
            expected: entry.crc,
            is_checked: false,
        })
    }

    fn fill(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.data {
            Data::Stored(data) => data.read(out),
            Data::Deflated(data) => data.read(out),
        }
    }

    /// The end of the file: no octet more, none less, and the right sum.
    fn end(&mut self) -> io::Result<usize> {
        if !self.is_checked {
            self.is_checked = true;
            let more = self.fill(&mut [0; 1])?;
            if more > 0 || self.left > 0 || self.crc.sum() != self.expected {
                let error = damaged("A3: the wrapping zip is damaged");
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
        }
        Ok(0)
    }
}

impl<R: Read> Read for Unzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(out.len());
        if out.is_empty() {
            return Ok(0);
        }
        let room = out.get_mut(..most).unwrap_or_default();
        let count = if room.is_empty() { 0 } else { self.fill(room)? };
        if count == 0 {
            return self.end();
        }
        self.crc.update(room.get(..count).unwrap_or_default());
        self.left = self
            .left
            .saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}

impl<R: Read> fmt::Debug for Unzip<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unzip")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

fn damaged(detail: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, detail)
}

/// A zip with this one file, the same octets each time: no clock, no random name.
pub(super) fn wrap(name: &str, content: &[u8]) -> Result<Vec<u8>, Error> {
    let too_large = || {
        Error::new(
            ErrorKind::TooLarge,
            "A5: a file too large for a wrapping zip",
        )
    };
    let size = u32::try_from(content.len()).map_err(|_| too_large())?;
    let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    let deflated = std::io::Write::write_all(&mut encoder, content)
        .and_then(|()| encoder.finish())
        .map_err(|e| Error::new(ErrorKind::Internal, "deflate").caused_by(e))?;
    // A reader's own limit on the ratio would refuse what packs too well.
    let packs_too_well = content.len() / RATIO > deflated.len();
    let (method, data) = if packs_too_well || deflated.len() >= content.len() {
        (STORED, content)
    } else {
        (DEFLATED, deflated.as_slice())
    };
    let packed = u32::try_from(data.len()).map_err(|_| too_large())?;
    let mut crc = Crc::new();
    crc.update(content);
    let flags: u16 = if name.is_ascii() { 0 } else { UTF8_NAME };
    // Version 2.0, flags, method, 1980-01-01 00:00, CRC, sizes, length of name, no extra field.
    let mut common = Vec::new();
    for word in [20, flags, method, 0, FIRST_DAY] {
        common.extend(word.to_le_bytes());
    }
    for word in [crc.sum(), packed, size] {
        common.extend(word.to_le_bytes());
    }
    common.extend(name_length.to_le_bytes());
    common.extend([0, 0]);

    let mut out = Vec::with_capacity(data.len().saturating_add(256));
    out.extend(LOCAL_MARK);
    out.extend(&common);
    out.extend(name.as_bytes());
    out.extend(data);
    let directory = out.len();
    out.extend(DIRECTORY_MARK);
    out.extend([20, 3]);
    out.extend(&common);
    // No comment, disk 0, no internal attributes, rw-------, local header at 0.
    out.extend([0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x01, 0, 0, 0, 0]);
    out.extend(name.as_bytes());
    let length = out.len().saturating_sub(directory);
    out.extend(END_MARK);
    out.extend([0, 0, 0, 0, 1, 0, 1, 0]);
    out.extend(
        u32::try_from(length)
            .map_err(|_| too_large())?
            .to_le_bytes(),
    );
    out.extend(
        u32::try_from(directory)
            .map_err(|_| too_large())?
            .to_le_bytes(),
    );
    out.extend([0, 0]);
    Ok(out)
}

/// The end record: the last one whose comment reaches exactly to the end.
fn find_end(tail: &[u8]) -> Option<(&[u8], usize)> {
    let from = tail
        .len()
        .saturating_sub(END_RECORD.saturating_add(COMMENT));
    let last = tail.len().checked_sub(END_RECORD)?;
    (from..=last).rev().find_map(|at| {
        let record = tail.get(at..)?;
        let comment = record.starts_with(END_MARK).then(|| short(record, 20))??;
        let reaches = usize::from(comment).checked_add(END_RECORD)? == record.len();
        reaches.then_some((record, at))
    })
}

/// One entry of the directory, and what follows.
fn directory_entry(record: &[u8]) -> Option<(Entry, &[u8])> {
    record.starts_with(DIRECTORY_MARK).then_some(())?;
    let flags = short(record, 8)?;
    let name_end = DIRECTORY_RECORD.checked_add(usize::from(short(record, 28)?))?;
    let extra = usize::from(short(record, 30)?);
    let comment = usize::from(short(record, 32)?);
    let raw_name = record.get(DIRECTORY_RECORD..name_end)?;
    let after = record.get(name_end.checked_add(extra)?.checked_add(comment)?..)?;
    let (packed, size, local) = (long(record, 20)?, long(record, 24)?, long(record, 42)?);
    // Zip64 writes all ones and the numbers elsewhere; no attachment is that large.
    let is_zip64 = [packed, size, local].contains(&u64::from(u32::MAX));
    let entry = Entry {
        name: String::from_utf8_lossy(raw_name).into_owned(),
        is_encrypted: flags & ENCRYPTED != 0,
        packed,
        size,
        raw_name: raw_name.to_vec(),
        method: short(record, 10)?,
        crc: u32::try_from(long(record, 16)?).ok()?,
        local,
    };
    (!is_zip64).then_some((entry, after))
}

fn short(octets: &[u8], at: usize) -> Option<u16> {
    let pair = octets.get(at..at.checked_add(2)?)?;
    pair.try_into().ok().map(u16::from_le_bytes)
}

fn long(octets: &[u8], at: usize) -> Option<u64> {
    let four = octets.get(at..at.checked_add(4)?)?;
    four.try_into().ok().map(u32::from_le_bytes).map(u64::from)
}

fn words(octets: &[u8], at: usize) -> Option<[u16; 4]> {
    Some([
        short(octets, at)?,
        short(octets, at.checked_add(2)?)?,
        short(octets, at.checked_add(4)?)?,
        short(octets, at.checked_add(6)?)?,
    ])
}

/// How many octets at the end of a zip hold the directory of one entry, whatever its names.
pub(super) const TAIL: usize = END_RECORD + COMMENT + DIRECTORY_RECORD + 3 * COMMENT;
/// How a zip begins: with a file, empty, or as the first of several volumes.
pub(super) const HEADS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
const LOCAL_MARK: &[u8] = b"PK\x03\x04";
const DIRECTORY_MARK: &[u8] = b"PK\x01\x02";
const END_MARK: &[u8] = b"PK\x05\x06";
const LOCAL_HEADER: usize = 30;
const DIRECTORY_RECORD: usize = 46;
const END_RECORD: usize = 22;
const COMMENT: usize = 65_535;
const DIRECTORY_ENTRIES: u16 = 64;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const ENCRYPTED: u16 = 1;
const UTF8_NAME: u16 = 0x800;
/// 1980-01-01 as MS-DOS counts days.
const FIRST_DAY: u16 = 0x21;
/// Half of the ratio that reading refuses by default.
const RATIO: usize = 100;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn extract(zip: &[u8], entry: &Entry) -> Result<Vec<u8>, io::Error> {
        let mut out = Vec::new();
        let mut unzip = Unzip::new(zip, entry).map_err(io::Error::other)?;
        unzip.read_to_end(&mut out)?;
        Ok(out)
    }

    fn one(zip: &[u8]) -> Entry {
        match list(zip, zip.len() as u64) {
            Listing::One(entry) => entry,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrapped_comes_out_again_and_twice_wrapped_is_the_same() {
        for content in [&b""[..], b"x", &[7; 3_000], &b"abcdefgh".repeat(900_000)] {
            let zip = wrap("a.txt", content).unwrap();
            assert_eq!(zip, wrap("a.txt", content).unwrap());
            let entry = one(&zip);
            assert_eq!(entry.name, "a.txt");
            assert_eq!(extract(&zip, &entry).unwrap(), content);
        }
    }

    #[test]
    fn every_changed_byte_gives_the_content_or_an_error() {
        let content = b"the quick brown fox jumps over the lazy dog, the quick brown fox".repeat(3);
        let zip = wrap("a.txt", &content).unwrap();
        for at in 0..zip.len() {
            for change in [1u8, 0x80, 0xff] {
                let mut bad = zip.clone();
                bad[at] ^= change;
                if let Listing::One(entry) = list(&bad, bad.len() as u64)
                    && let Ok(out) = extract(&bad, &entry)
                {
                    assert_eq!(out, content);
                }
            }
        }
        for end in 0..zip.len() {
            assert_eq!(list(&zip[..end], end as u64), Listing::Damaged);
        }
    }

    #[test]
    fn a_false_size_is_refused_and_not_allocated() {
        let mut zip = wrap("a.txt", &[b'a'; 2_000]).unwrap();
        let at = zip.len() - END_RECORD - 5 - DIRECTORY_RECORD + 24;
        zip[at..at + 4].copy_from_slice(&0x7fff_ffffu32.to_le_bytes());
        assert!(extract(&zip, &one(&zip)).is_err());
    }
}
