//! `--online` and `--cache`, from the program to a server and back; and that without `--online` no
//! socket is opened, by what the system saw.

#![cfg(feature = "online")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod desk;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use desk::{Desk, Ran};
use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued, OcspRecipe, OcspRequest, OcspStatus,
    PersonProfile, Settings,
};
use serde_json::Value;

const DAY: i64 = 86_400;

/// An authority whose certificates name the server that answers here.
struct Town {
    desk: Desk,
    authority: Authority,
    person: Issued,
    now: i64,
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
    is_revoked: Arc<Mutex<bool>>,
}

impl Town {
    fn new() -> Self {
        let desk = Desk::bare();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let now = i64::try_from(now).unwrap();
        let mut settings = Settings::quick(now);
        settings.base_address = format!("http://{}", listener.local_addr().unwrap());
        let authority = Authority::new(&settings).unwrap();
        let base = settings.base_address.clone();
        let town = Self {
            person: authority.person(&PersonProfile::example()).unwrap(),
            authority,
            now,
            base,
            asked: Arc::default(),
            is_revoked: Arc::default(),
            desk,
        };
        let root = town.authority.root.certificate_pem();
        town.desk.write("root.pem", root);
        town.serve(listener);
        town
    }

    fn serve(&self, listener: TcpListener) {
        let (asked, is_revoked) = (self.asked.clone(), self.is_revoked.clone());
        let (authority, person) = (self.authority.clone(), self.person.clone());
        let now = self.now;
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                stream
                    .set_read_timeout(Some(Duration::from_secs(5)))
                    .unwrap();
                let (path, body) = request(&mut stream);
                asked.lock().unwrap().push(path.clone());
                let is_revoked = *is_revoked.lock().unwrap();
                let list = |issuer: &Issued| {
                    let mut list = CrlRecipe::new(now - 60, now + DAY);
                    list.number = Some(1);
                    if is_revoked {
                        list.entries = vec![CrlEntry::new(&person, now - 30).unwrap()];
                    }
                    list.signed_by(issuer).unwrap()
                };
                let answer = match path.as_str() {
                    "/ocsp" => OcspRequest::read(&body).map(|question| {
                        let status = if is_revoked {
                            OcspStatus::Revoked {
                                at: now - 30,
                                reason: None,
                            }
                        } else {
                            OcspStatus::Good
                        };
                        let issuing = &authority.issuing;
                        let mut answer =
                            OcspRecipe::about(&person, issuing, status, now, now + DAY).unwrap();
                        answer.nonce = question.nonce;
                        answer.signed_by(issuing).unwrap()
                    }),
                    "/root.crl" => Some(list(&authority.root)),
                    "/issuing.crl" => Some(list(&authority.issuing)),
                    "/issuing.crt" => Some(authority.issuing.certificate_der.clone()),
                    _ => None,
                };
                let (status, octets) = match answer {
                    Some(octets) => ("200 OK", octets),
                    None => ("404 Not Found", Vec::new()),
                };
                let length = octets.len();
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
                let _ = stream.write_all(&[head.as_bytes(), &octets].concat());
            }
        });
    }

    /// Signed, with these certificates beside the signer's, and status that was good a minute ago.
    fn signed(&self, name: &str, certificates: &[&Issued], evidence: Option<PdfEvidence>) {
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
            recipe.certificates = certificates
                .iter()
                .map(|issued| issued.certificate_der.clone())
                .collect();
            recipe.signed_by(&self.person)?.to_der()
        })
        .unwrap();
        if let Some(evidence) = evidence {
            pdf.add_evidence(&evidence);
        }
        self.desk.write(name, pdf.octets());
    }

    fn run(&self, file: &str, more: &[&str]) -> Ran {
        let mut words = vec!["verify", "--format", "json", file, "--trust", "root.pem"];
        words.extend(more);
        let mut command = self.desk.command(&words);
        command.env("KYSO_CACHE_DIR", self.desk.path("own-cache"));
        // An environment that would lead astray.
        command
            .env("http_proxy", "http://127.0.0.1:9")
            .env("HTTP_PROXY", "http://127.0.0.1:9");
        command.env("ALL_PROXY", "http://127.0.0.1:9");
        Ran::from(command.output().unwrap())
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut octets = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        if let Some(end) = octets.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&octets[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.trim().parse::<usize>().unwrap());
            if octets.len() >= end + 4 + length {
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                return (path, octets[end + 4..].to_vec());
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return (String::new(), Vec::new()),
            Ok(read) => octets.extend_from_slice(&buffer[..read]),
        }
    }
}

fn codes(report: &Value) -> Vec<String> {
    let reasons = report["signatures"][0]["reasons"].as_array().unwrap();
    reasons
        .iter()
        .map(|reason| reason["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_signature_passes_online_and_later_from_the_cache_alone() {
    let town = Town::new();
    let all = [&town.authority.issuing];
    town.signed("a.pdf", &all, None);
    let offline = town.run("a.pdf", &[]).exits(2).json();
    assert_eq!(offline[0]["validation"]["offline"], true);
    assert!(town.asked().is_empty());

    let online = ["--online", "--online-loopback"];
    let report = town.run("a.pdf", &online).exits(0).json();
    assert_eq!(report[0]["indication"], "TOTAL-PASSED");
    assert_eq!(report[0]["validation"]["offline"], false);
    assert_eq!(report[0]["signatures"][0]["chain"][0]["revocation"], "good");
    assert_eq!(town.asked(), ["/ocsp", "/root.crl"]);

    // Kept in the folder of the environment; given by name it serves without a network.
    let kept = town.run("a.pdf", &["--cache", "own-cache"]).exits(0).json();
    assert_eq!(kept[0]["validation"]["offline"], true);
    // And a second run online asks nobody again.
    town.run("a.pdf", &online).exits(0);
    assert!(town.asked().is_empty());

    // A changed file of the cache is passed over, and said.
    for entry in fs::read_dir(town.desk.path("own-cache")).unwrap() {
        let path = entry.unwrap().path();
        let mut octets = fs::read(&path).unwrap();
        *octets.last_mut().unwrap() ^= 1;
        fs::write(&path, octets).unwrap();
    }
    let damaged = town.run("a.pdf", &["--cache", "own-cache"]).exits(2).json();
    assert!(codes(&damaged[0]).contains(&"fetch.cache_damaged".into()));
    assert!(town.asked().is_empty());
}

#[test]
fn online_alone_never_asks_this_machine() {
    let town = Town::new();
    town.signed("a.pdf", &[&town.authority.issuing], None);
    let report = town.run("a.pdf", &["--online"]).exits(2).json();
    assert!(codes(&report[0]).contains(&"fetch.forbidden".into()));
    assert!(town.asked().is_empty());
    // The sandbox's permission does not help where another root is trusted: nobody vouches for the
    // addresses then.
    let other = Authority::new(&Settings::quick(town.now)).unwrap();
    town.desk.write("other.pem", other.root.certificate_pem());
    let words = ["verify", "a.pdf", "--trust", "other.pem", "--online"];
    let words = [&words[..], &["--online-loopback", "--cache", "other"]].concat();
    town.desk.run(&words).exits(2);
    assert!(town.asked().is_empty());
    // Nor does a permission for a private network.
    let allow = ["--online", "--online-allow", "127.0.0.1"];
    town.run("a.pdf", &allow).exits(2);
    assert!(town.asked().is_empty());
}

#[test]
fn a_newer_revocation_online_beats_an_older_good_in_the_file() {
    let town = Town::new();
    let list = |issuer: &Issued| {
        let mut list = CrlRecipe::new(town.now - 600, town.now + DAY);
        list.number = Some(1);
        list.signed_by(issuer).unwrap()
    };
    let evidence = PdfEvidence {
        certificates: vec![town.authority.issuing.certificate_der.clone()],
        crls: vec![list(&town.authority.root), list(&town.authority.issuing)],
        vri: true,
        ..PdfEvidence::default()
    };
    town.signed("a.pdf", &[], Some(evidence));
    town.run("a.pdf", &[]).exits(0);
    *town.is_revoked.lock().unwrap() = true;
    let online = ["--online", "--online-loopback"];
    let report = town.run("a.pdf", &online).exits(2).json();
    assert_eq!(
        report[0]["signatures"][0]["chain"][0]["revocation"],
        "revoked"
    );
    assert_eq!(
        report[0]["signatures"][0]["sub_indication"],
        "REVOKED_NO_POE"
    );
}

#[test]
fn a_missing_issuer_is_fetched_from_the_operators_list_alone() {
    let town = Town::new();
    town.signed("a.pdf", &[], None);
    let base = format!("{}/", town.base);
    let online = ["--online", "--online-loopback"];
    let report = town.run("a.pdf", &online).exits(2).json();
    assert!(codes(&report[0]).contains(&"fetch.not_listed".into()));
    assert!(town.asked().is_empty());
    let listed = ["--online", "--online-loopback", "--online-issuers", &base];
    town.run("a.pdf", &listed).exits(0);
    assert_eq!(town.asked()[0], "/issuing.crt");

    town.desk.write("person.pem", town.person.certificate_pem());
    let words = ["cert", "verify", "person.pem", "--trust", "root.pem"];
    let words = [&words[..], &listed, &["--cache", "another"]].concat();
    town.desk.run(&words).exits(0);
    assert!(town.asked().contains(&"/ocsp".into()));
}

#[test]
fn the_options_around_online_are_held_to_it() {
    let desk = Desk::new();
    desk.sign("in.pdf", "a.pdf", &[]).exits(0);
    for wrong in [
        &["--online-loopback"][..],
        &["--online-allow", "ca.btc"],
        &["--proxy", "http://proxy:3128"],
        &["--online", "--online-allow", "http://ca.btc/"],
        &["--online", "--proxy", "socks5://proxy"],
        &["--online", "--online-issuers", "ldap://ca.btc/"],
    ] {
        let words = [&["verify", "a.pdf"], wrong].concat();
        desk.run(&words).exits(64);
    }
    desk.write("file", "");
    let ran = desk.run(&["verify", "a.pdf", "--cache", "file/under"]);
    assert_eq!(ran.exit, 74, "{ran:?}");
}

#[test]
fn without_online_no_socket_is_opened_whatever_the_file() {
    let town = Town::new();
    town.signed("a.pdf", &[&town.authority.issuing], None);
    town.signed("b.pdf", &[], None);
    town.desk.write("text", "no document");
    town.desk.write("person.pem", town.person.certificate_pem());
    let verify = |more: &[&'static str]| {
        let words = ["verify", "a.pdf", "b.pdf", "text", "--trust", "root.pem"];
        [&words[..], more].concat()
    };
    let quiet = [
        verify(&[]),
        verify(&["--jobs", "3"]),
        verify(&["--cache", "a-cache", "--policy", "state-practice"]),
        vec!["cert", "verify", "person.pem", "--trust", "root.pem"],
        vec!["cert", "show", "person.pem"],
        vec!["trust", "list"],
    ];
    for words in &quiet {
        let Some(calls) = town.network_calls(words) else {
            return;
        };
        assert_eq!(calls, Vec::<String>::new(), "{words:?}");
    }
    // The same eyes do see one.
    let loud = verify(&["--online", "--online-loopback"]);
    let calls = town.network_calls(&loud).unwrap();
    assert!(
        calls.iter().any(|call| call.contains("connect(")),
        "{calls:?}"
    );
}

impl Town {
    /// The calls about sockets that the system saw; nothing where nobody can look.
    fn network_calls(&self, words: &[&str]) -> Option<Vec<String>> {
        let trace = self.desk.path("trace");
        let mut command = Command::new("strace");
        command
            .args(["-f", "-qq", "-e", "trace=network", "-o"])
            .arg(&trace)
            .arg(env!("CARGO_BIN_EXE_kyso"))
            .args(words)
            .current_dir(self.desk.folder())
            .env("KYSO_TRUST_DIR", self.desk.path("trust"))
            .env("KYSO_CACHE_DIR", self.desk.path("strace-cache"));
        let ran = command.output();
        let was_seen = ran.as_ref().is_ok_and(|ran| {
            let error = String::from_utf8_lossy(&ran.stderr);
            matches!(ran.status.code(), Some(0..=2 | 65)) && !error.contains("ptrace")
        });
        if !was_seen {
            eprintln!("skipped: strace is not there or may not look");
            return None;
        }
        let text = fs::read_to_string(&trace).unwrap();
        fs::remove_file(&trace).unwrap();
        let is_call = |line: &&str| line.contains('(') && !line.contains("SIGCHLD");
        Some(text.lines().filter(is_call).map(str::to_owned).collect())
    }
}

#[test]
fn files_that_tempt_to_fetch_are_not_obeyed_online_either() {
    let folder = std::env::var_os("KYSO_DATA")
        .map_or_else(|| PathBuf::from("../../shared/data"), PathBuf::from)
        .join("attacks");
    let Ok(text) = fs::read_to_string(folder.join("manifest.json")) else {
        eprintln!("skipped: no attacks in KYSO_DATA");
        return;
    };
    let Ok(listener) = TcpListener::bind("127.0.0.1:18999") else {
        eprintln!("skipped: somebody listens at 127.0.0.1:18999");
        return;
    };
    listener.set_nonblocking(true).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let items = manifest["items"].as_array().unwrap();
    let desk = Desk::bare();
    let mut tried = 0;
    for item in items {
        if item["canary"] != true {
            continue;
        }
        let path = folder.join(item["file"].as_str().unwrap());
        let trust = folder.join("trust/root.pem");
        let words = [
            "verify",
            path.to_str().unwrap(),
            "--trust",
            trust.to_str().unwrap(),
            "--online",
            "--cache",
            "cache",
        ];
        desk.run(&words);
        tried += 1;
        assert!(listener.accept().is_err(), "{} was obeyed", path.display());
    }
    assert!(tried > 0);
}
