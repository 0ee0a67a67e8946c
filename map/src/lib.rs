//! Files for the doors of kyso, whose core touches none: opened as a memory map, or by reading where
//! the file may change underneath; folders of certificates; output that appears whole or not at all.
//!
//! A map lets a 1 GB file be verified in a few megabytes of memory of its own. The price is that a
//! file cut short by another process while it is mapped raises SIGBUS on Unix: for files on network
//! shares, or that others may write, use [`Access::Read`].
//!
//! ```
//! let path = std::env::temp_dir().join("kyso-map-example.txt");
//! std::fs::write(&path, b"abc")?;
//! let input = kyso_map::open(&path, kyso_map::Access::Map)?;
//! assert_eq!(&input[..], b"abc");
//! # Ok::<(), std::io::Error>(())
//! ```

#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod folder;
mod output;

pub use folder::{cache_folder, files, trust_files, trust_folder};
pub use output::{Existing, write_whole};

use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Access {
    /// As a private, read-only memory map; small and unmappable files are read.
    #[default]
    Map,
    /// By reading it whole.
    Read,
}

/// The bytes of an open file.
#[derive(Debug)]
pub struct Input(Bytes);

#[derive(Debug)]
enum Bytes {
    Map(memmap2::Mmap),
    Vec(Vec<u8>),
}

impl Deref for Input {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Map(map) => map,
            Bytes::Vec(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Input {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Bytes::Vec(bytes))
    }
}

/// Opens a file.
///
/// # Errors
///
/// Those of the operating system; a folder is an error of the kind `IsADirectory`.
pub fn open(path: &Path, access: Access) -> io::Result<Input> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    // A pipe or device has no length to map, and a small file costs less to read than to map.
    if access == Access::Map && metadata.is_file() && metadata.len() >= SMALL {
        // SAFETY: the map is private and read-only, and `Input` hands out shared slices only. The
        // one thing that Rust cannot see is another process changing the file meanwhile; the
        // documentation of this crate names it and offers `Access::Read` for such files.
        let map = unsafe { memmap2::Mmap::map(&file) };
        if let Ok(map) = map {
            #[cfg(unix)]
            // Verifying reads nearly every byte once, in order. Advice may fail without harm.
            let _ = map.advise(memmap2::Advice::Sequential);
            return Ok(Input(Bytes::Map(map)));
        }
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Input(Bytes::Vec(bytes)))
}

/// Reads standard input to its end.
///
/// # Errors
///
/// Those of the operating system.
pub fn stdin() -> io::Result<Input> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(Input(Bytes::Vec(bytes)))
}

const SMALL: u64 = 64 * 1024;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_map_and_a_read_give_the_same_bytes_for_large_and_small_files() {
        let folder = std::env::temp_dir().join(format!("kyso-map-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for size in [0, 1, 200_000] {
            let path = folder.join(size.to_string());
            let bytes: Vec<u8> = (0..size).map(|i: u32| i.to_le_bytes()[0]).collect();
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(&open(&path, Access::Map).unwrap()[..], &bytes[..]);
            assert_eq!(&open(&path, Access::Read).unwrap()[..], &bytes[..]);
        }
        assert!(open(&folder, Access::Map).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
