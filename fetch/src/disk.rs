//! [`DiskCache`]: what was fetched, kept in a folder.
//!
//! A file each: one line `kyso-cache/1 SINCE UNTIL SHA256` (times in seconds since 1970), then the
//! octets as they came. Named by what was asked. Nothing in it is trusted: what is read here has to
//! verify like everything else, and a file whose octets have another SHA-256 than its line says is
//! passed over.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use kyso::Time;
use kyso::crypto::sha256;
use kyso::fetch::{Cache, CacheFault, CacheKey, Kept, Wanted};
use kyso_map::{Existing, write_whole};

use crate::now;

/// Keeps what was fetched in a folder. Several processes may share it.
#[derive(Debug)]
pub struct DiskCache {
    folder: PathBuf,
    most: u64,
    /// Octets in the folder, as far as this process knows.
    octets: Mutex<u64>,
}

impl DiskCache {
    /// Opens a folder, and makes it where it is missing, for this user alone. It holds at most
    /// 256 MiB; what has ended and what is oldest goes first.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        Self::with_most(folder.into(), MOST)
    }

    fn with_most(folder: PathBuf, most: u64) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        let octets = items(&folder)?.iter().map(|item| item.size).sum();
        Ok(Self {
            folder,
            most,
            octets: Mutex::new(octets),
        })
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        let ending = match key.wanted() {
            Wanted::Ocsp => "ocsp",
            Wanted::Crl => "crl",
            _ => "crt",
        };
        self.folder.join(format!("{}.{ending}", key.to_hex()))
    }

    /// Makes room: what has ended first, then what is oldest, until half is free.
    fn tidy(&self) -> u64 {
        let Ok(mut all) = items(&self.folder) else {
            return 0;
        };
        all.sort_by_key(|item| item.changed);
        let mut octets: u64 = all.iter().map(|item| item.size).sum();
        let has_ended = |item: &Item| {
            let line = first_line(&item.path);
            line.is_none_or(|line| line.until < now())
        };
        let (ended, lasting): (Vec<Item>, Vec<Item>) = all.into_iter().partition(has_ended);
        for item in &ended {
            let _ = fs::remove_file(&item.path);
            octets = octets.saturating_sub(item.size);
        }
        for item in &lasting {
            if octets <= self.most / 2 {
                break;
            }
            let _ = fs::remove_file(&item.path);
            octets = octets.saturating_sub(item.size);
        }
        octets
    }
}

impl Cache for DiskCache {
    fn get(&self, key: &CacheKey) -> Result<Option<Kept>, CacheFault> {
        let path = self.path(key);
        let Ok(metadata) = fs::metadata(&path) else {
            return Ok(None);
        };
        let damaged = || {
            // It would only be found damaged again.
            let _ = fs::remove_file(&path);
            CacheFault
        };
        if metadata.len() > LARGEST || !metadata.is_file() {
            return Err(damaged());
        }
        let Ok(bytes) = fs::read(&path) else {
            return Ok(None);
        };
        let end = bytes.iter().take(LINE).position(|octet| *octet == b'\n');
        let (line, octets) = bytes
            .split_at_checked(end.map_or(0, |end| end.saturating_add(1)))
            .ok_or_else(damaged)?;
        let line = Line::read(line).ok_or_else(damaged)?;
        if line.sha256 != hex(&sha256(octets)) {
            return Err(damaged());
        }
        if line.until < now() {
            let _ = fs::remove_file(&path);
            return Ok(None);
        }
        Ok(Some(Kept {
            octets: octets.to_vec(),
            since: line.since,
        }))
    }

    fn put(&self, key: &CacheKey, octets: &[u8], until: Time) {
        let size = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        if size > self.most / 4 {
            return;
        }
        let mut held = self.octets.lock().unwrap_or_else(PoisonError::into_inner);
        if held.saturating_add(size) > self.most {
            *held = self.tidy();
        }
        let line = format!(
            "{MARK} {} {} {}\n",
            now().unix(),
            until.unix(),
            hex(&sha256(octets))
        );
        let written = write_whole(&self.path(key), Existing::Replace, |out| {
            out.write_all(line.as_bytes())?;
            out.write_all(octets)
        });
        if written.is_ok() {
            *held = held.saturating_add(size);
        }
    }
}

/// The first line of a file.
struct Line {
    since: Time,
    until: Time,
    sha256: String,
}

impl Line {
    fn read(line: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
        let mut words = text.split(' ');
        if words.next()? != MARK {
            return None;
        }
        let since = words.next()?.parse().ok()?;
        let until = words.next()?.parse().ok()?;
        let sha256 = words.next()?.to_owned();
        words.next().is_none().then_some(Self {
            since: Time::from_unix(since),
            until: Time::from_unix(until),
            sha256,
        })
    }
}

fn first_line(path: &Path) -> Option<Line> {
    let mut start = Vec::new();
    let file = fs::File::open(path).ok()?;
    let limit = u64::try_from(LINE).unwrap_or(u64::MAX);
    io::Read::read_to_end(&mut io::Read::take(file, limit), &mut start).ok()?;
    let end = start.iter().position(|octet| *octet == b'\n')?;
    Line::read(start.get(..=end)?)
}

struct Item {
    path: PathBuf,
    size: u64,
    changed: SystemTime,
}

/// The files that are ours: 64 hexadecimal digits and one of three endings.
fn items(folder: &Path) -> io::Result<Vec<Item>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name
            .to_str()
            .and_then(|name| name.split_once('.'))
            .is_some_and(|(stem, ending)| {
                stem.len() == 64
                    && stem.bytes().all(|c| c.is_ascii_hexdigit())
                    && matches!(ending, "ocsp" | "crl" | "crt")
            });
        if let (true, Ok(metadata)) = (is_ours, entry.metadata()) {
            all.push(Item {
                path: entry.path(),
                size: metadata.len(),
                changed: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            });
        }
    }
    Ok(all)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

const MARK: &str = "kyso-cache/1";
/// Octets of all files together.
const MOST: u64 = 256 << 20;
/// Octets of one file.
const LARGEST: u64 = 64 << 20;
/// Octets of the first line.
const LINE: usize = 160;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kyso::fetch::Address;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("kyso-disk-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn key(number: usize) -> CacheKey {
        let address = Address::parse(&format!("http://ca.example/{number}.crl")).unwrap();
        CacheKey::new(Wanted::Crl, &address, None)
    }

    fn later() -> Time {
        Time::from_unix(now().unix() + 1_000)
    }

    #[test]
    fn what_is_put_in_comes_out_in_another_process_until_it_ends() {
        let folder = folder("keeps");
        DiskCache::open(&folder)
            .unwrap()
            .put(&key(1), b"octets", later());
        let cache = DiskCache::open(&folder).unwrap();
        let kept = cache.get(&key(1)).unwrap().unwrap();
        assert_eq!(kept.octets, b"octets");
        assert!((now().unix() - kept.since.unix()).abs() < 60);
        assert_eq!(cache.get(&key(2)), Ok(None));
        let ended = Time::from_unix(now().unix() - 1);
        cache.put(&key(1), b"octets", ended);
        assert_eq!(cache.get(&key(1)), Ok(None));
        assert!(items(&folder).unwrap().is_empty(), "what ended is removed");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_that_was_changed_cut_or_emptied_is_a_fault_and_is_removed() {
        let folder = folder("damage");
        let cache = DiskCache::open(&folder).unwrap();
        let path = cache.path(&key(1));
        cache.put(&key(1), b"octets", later());
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        let cut = whole[..whole.len() - 1].to_vec();
        for bytes in [changed, cut, Vec::new(), b"text".to_vec(), vec![0; 1_000]] {
            fs::write(&path, &bytes).unwrap();
            assert_eq!(cache.get(&key(1)), Err(CacheFault));
            assert!(!path.exists());
            assert_eq!(cache.get(&key(1)), Ok(None));
        }
        fs::create_dir(&path).unwrap();
        assert_eq!(cache.get(&key(1)), Err(CacheFault));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_full_folder_loses_what_has_ended_then_what_is_oldest_and_no_file_of_others() {
        let folder = folder("full");
        let cache = DiskCache::with_most(folder.clone(), 20_000).unwrap();
        let other = folder.join("notes.txt");
        fs::write(&other, vec![0; 50_000]).unwrap();
        for number in 0..30 {
            cache.put(&key(number), &[7; 2_000], later());
        }
        let held: u64 = items(&folder).unwrap().iter().map(|item| item.size).sum();
        assert!(held <= 24_000, "{held}");
        assert!(cache.get(&key(29)).unwrap().is_some());
        assert!(other.exists());
        cache.put(&key(100), &[7; 6_000], later());
        assert_eq!(cache.get(&key(100)), Ok(None), "too large for its share");
        fs::remove_dir_all(&folder).unwrap();
    }
}
