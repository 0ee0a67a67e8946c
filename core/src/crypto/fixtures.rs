//! What tests of several rooms share: the field's files, and the `openssl` command line.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A file of the shared test data, or nothing (said aloud) where it is not there.
pub(crate) fn data(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("KYSO_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let bytes = std::fs::read(root.join(path)).ok();
    if bytes.is_none() {
        println!("skipped: {path} is not there (set KYSO_DATA)");
    }
    bytes
}

/// A directory in which `openssl` makes keys and certificates, removed at the end.
pub(crate) struct Workshop(PathBuf);

impl Workshop {
    /// Nothing (said aloud) where there is no `openssl`.
    pub(crate) fn open() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let there = Command::new("openssl").arg("version").output().is_ok();
        if !there {
            println!("skipped: there is no openssl here");
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("kyso-test-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).ok()?;
        Some(Self(directory))
    }

    /// Runs `openssl` with these words in the directory; whether it succeeded.
    pub(crate) fn try_run(&self, words: &str) -> bool {
        let output = Command::new("openssl")
            .args(words.split_whitespace())
            .current_dir(&self.0)
            .output()
            .unwrap();
        if !output.status.success() {
            println!(
                "openssl {words}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        output.status.success()
    }

    /// Runs `openssl` with these words in the directory.
    pub(crate) fn run(&self, words: &str) {
        assert!(self.try_run(words), "openssl {words}");
    }

    /// Reads a file of the directory.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    /// Writes a file of the directory.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(name), bytes).unwrap();
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
