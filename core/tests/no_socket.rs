//! The library touches nothing: no source of it names a socket, a file, a process, the environment
//! or a clock, and nothing that it is built from is an HTTP client.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What would open a connection.
const SOCKETS: [&str; 10] = [
    "std::net",
    "net::Tcp",
    "net::Udp",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "unix::net",
    "UnixStream",
    "process::Command",
];

/// What only a door may touch.
const DOORS: [&str; 6] = [
    "std::fs",
    "std::env::var",
    "std::env::args",
    "SystemTime",
    "Instant::now",
    "std::thread",
];

/// Crates that open sockets, or wait for them.
const CLIENTS: [&str; 16] = [
    "ureq",
    "ureq-proto",
    "rustls",
    "native-tls",
    "openssl",
    "hyper",
    "reqwest",
    "curl",
    "minreq",
    "attohttpc",
    "isahc",
    "tokio",
    "async-std",
    "smol",
    "mio",
    "socket2",
];

#[test]
fn no_source_of_the_library_names_a_socket_a_file_the_environment_or_a_clock() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let core = sources(&here.join("src"));
    let map = sources(&here.join("../map/src"));
    assert!(core.len() > 100 && map.len() > 2);
    let mut wrong = Vec::new();
    for file in core.iter().chain(&map) {
        let text = code(file);
        let is_core = core.contains(file);
        let forbidden = SOCKETS
            .iter()
            .chain(DOORS.iter().filter(|_| is_core))
            .filter(|word| text.contains(**word));
        wrong.extend(forbidden.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_that_the_library_is_built_from_is_a_client() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let lock: toml::Table = fs::read_to_string(lock).unwrap().parse().unwrap();
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let dependencies = package.get("dependencies").and_then(|d| d.as_array());
        let names = dependencies.into_iter().flatten().map(|dependency| {
            let text = dependency.as_str().unwrap();
            text.split(' ').next().unwrap().to_owned()
        });
        needs.entry(name.to_owned()).or_default().extend(names);
    }
    // The other way round, so that the list of clients is known to say something.
    assert!(closure("kyso-fetch", &needs).contains("ureq"));
    for room in ["kyso", "kyso-map"] {
        let all = closure(room, &needs);
        assert!(!all.is_empty());
        let clients: Vec<_> = CLIENTS.iter().filter(|name| all.contains(**name)).collect();
        assert!(clients.is_empty(), "{room} is built from {clients:?}");
    }
}

fn closure(from: &str, needs: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        for next in needs.get(&name).into_iter().flatten() {
            if all.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    all
}

/// The code of a file: comments and what only tests use left out.
fn code(file: &Path) -> String {
    let name = file.file_name().unwrap().to_str().unwrap();
    if name.contains("tests") || ["fixtures.rs", "catalogue.rs", "openssl.rs"].contains(&name) {
        return String::new();
    }
    if file.components().any(|part| part.as_os_str() == "tests") {
        return String::new();
    }
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("\n#[cfg(test)]\n#[allow").next().unwrap();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}
