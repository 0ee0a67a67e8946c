//! Samples for tests: made by the `openssl` command in a directory of their own, or lying in the
//! corpus. Keys live as long as the test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory in which the `openssl` command runs; removed when dropped.
pub(crate) struct Openssl(PathBuf);

impl Openssl {
    /// `None`, with a printed line, where there is no such command.
    pub(crate) fn found() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "kyso-cms-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let this = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&this.0).unwrap();
        if !this.run("version") {
            eprintln!("skipped: no openssl command");
            return None;
        }
        Some(this)
    }

    /// Runs the command with these arguments; answers whether it succeeded.
    pub(crate) fn run(&self, arguments: &str) -> bool {
        let ran = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output();
        match ran {
            Ok(output) => {
                if !output.status.success() {
                    eprintln!("{arguments}: {}", String::from_utf8_lossy(&output.stderr));
                }
                output.status.success()
            }
            Err(_) => false,
        }
    }

    /// A self-signed certificate `NAME.pem` and `NAME.der` with its key `NAME.key`.
    pub(crate) fn signer(&self, name: &str, key: &str, extensions: &str) {
        let request = format!(
            "req -x509 {key} -nodes -keyout {name}.key -out {name}.pem -days 10 \
             -subj /C=VN/O=Thu/CN={name} {extensions}"
        );
        assert!(self.run(&request));
        assert!(self.run(&format!("x509 -in {name}.pem -outform DER -out {name}.der")));
        assert!(self.run(&format!(
            "x509 -in {name}.pem -noout -pubkey -out {name}.pub"
        )));
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, octets: &[u8]) {
        fs::write(self.0.join(name), octets).unwrap();
    }
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Every file in a folder of the test data, by name; empty, with a printed line, without them.
pub(crate) fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let data = std::env::var_os("KYSO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let Ok(entries) = fs::read_dir(data.join(folder)) else {
        eprintln!("skipped: no test data in {folder}");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// An elliptic key, because it makes small samples.
pub(crate) const EC: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
/// An RSA key.
pub(crate) const RSA: &str = "-newkey rsa:2048";
