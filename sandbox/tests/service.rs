//! The folder of an authority and its service, asked by OpenSSL and by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod tools;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use kyso_sandbox::{
    Authority, Folder, FolderFault, Issuer, OrganisationProfile, PersonProfile, Revocation,
    RevocationReason, SandboxError, Server, Settings,
};
use tools::{Answer, ask, directory};

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const AT: &str = "1767225600";

struct World {
    path: PathBuf,
    server: Server,
}

impl World {
    /// An authority whose certificates point at its own service.
    fn new(name: &str) -> Self {
        let path = directory(name);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = Settings::quick(NOW);
        settings.base_address = format!("http://{address}");
        Authority::new(&settings).unwrap().write_to(&path).unwrap();
        let server = Server::on(listener, &path, || NOW).unwrap();
        World { path, server }
    }

    fn folder(&self) -> Folder {
        Folder::open(&self.path).unwrap()
    }

    fn openssl(&self, words: &str) -> Answer {
        let words: Vec<&str> = words.split_whitespace().collect();
        ask(&self.path, "openssl", &words)
    }

    fn revoke(&self, file: &str, at: i64, reason: RevocationReason) {
        let mut folder = self.folder();
        let serial = folder.find(file).unwrap().serial.clone();
        let reason = Some(reason);
        folder.revoke(&serial, Revocation { at, reason }).unwrap();
    }

    fn ocsp(&self, file: &str, issuer: &str, more: &str) -> String {
        let address = self.server.address();
        let url = format!("http://{address}/ocsp");
        self.openssl(&format!(
            "ocsp -issuer {issuer}.pem -cert {file}.pem -CAfile root.pem -verify_other issuing.pem \
             -url {url} -attime {AT} -validity_period 2000000000 {more}"
        ))
        .text
    }

    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let question = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        exchange(self.server.address(), question.as_bytes())
    }

    fn post(&self, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        exchange(self.server.address(), &[head.as_bytes(), body].concat())
    }
}

/// Sends a question and reads the answer: status and body.
fn exchange(to: SocketAddr, question: &[u8]) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(to).unwrap();
    let _ = stream.write_all(question);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let status = String::from_utf8_lossy(answer.get(9..12).unwrap_or_default());
    let status = status.parse().unwrap_or(0);
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = answer.split_off(body.map_or(answer.len(), |at| at + 4));
    (status, body)
}

#[test]
fn a_revocation_counts_at_once_by_ocsp_and_by_list() {
    let world = World::new("service-revocation");
    let text = world.ocsp("person", "issuing", "");
    assert!(text.contains("Response verify OK"), "{text}");
    assert!(text.contains("person.pem: good"), "{text}");
    let lists = "verify -attime 1767225600 -crl_check -crl_download -CAfile root.pem \
                 -untrusted issuing.pem";
    let good = world.openssl(&format!("{lists} person.pem"));
    assert!(good.well, "{}", good.text);

    world.revoke("person", NOW - 10, RevocationReason::KeyCompromise);
    let text = world.ocsp("person", "issuing", "-no_nonce");
    assert!(text.contains("person.pem: revoked"), "{text}");
    assert!(text.contains("Reason: keyCompromise"), "{text}");
    let revoked = world.openssl(&format!("{lists} person.pem"));
    assert!(
        revoked.text.contains("certificate revoked"),
        "{}",
        revoked.text
    );
    assert!(world.openssl(&format!("{lists} organisation.pem")).well);

    // The root answers for its own, and an issuing authority can fall too.
    let text = world.ocsp("issuing", "root", "");
    assert!(text.contains("issuing.pem: good"), "{text}");
    world.revoke("issuing", NOW - 5, RevocationReason::CaCompromise);
    let text = world.ocsp("issuing", "root", "");
    assert!(text.contains("issuing.pem: revoked"), "{text}");
    let fallen = world.openssl(&format!("{lists} issuing.pem"));
    assert!(
        fallen.text.contains("certificate revoked"),
        "{}",
        fallen.text
    );
}

#[test]
fn a_hold_is_lifted_and_a_revocation_for_good_is_not() {
    let world = World::new("service-hold");
    world.revoke("person", NOW - 10, RevocationReason::CertificateHold);
    assert!(
        world
            .ocsp("person", "issuing", "")
            .contains("certificateHold")
    );
    let mut folder = world.folder();
    let serial = folder.find("person").unwrap().serial.clone();
    folder.lift(&serial).unwrap();
    assert!(
        world
            .ocsp("person", "issuing", "")
            .contains("person.pem: good")
    );
    let fault = |answer: Result<(), SandboxError>| match answer {
        Err(SandboxError::Folder(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let not_held = FolderFault::NotOnHold("person".to_owned());
    assert_eq!(fault(folder.lift(&serial)), not_held);
    let revocation = Revocation {
        at: NOW,
        reason: None,
    };
    folder.revoke(&serial, revocation).unwrap();
    let again = FolderFault::RevokedAlready("person".to_owned());
    assert_eq!(fault(folder.revoke(&serial, revocation)), again);
    assert_eq!(fault(folder.lift(&serial)), not_held);
    let unknown = FolderFault::Unknown("ff".to_owned());
    assert_eq!(fault(folder.revoke("ff", revocation)), unknown);
}

#[test]
fn holders_are_added_beside_each_other_and_found_again() {
    let world = World::new("service-holders");
    let mut folder = world.folder();
    let authority = folder.authority(NOW);
    let recipe = authority.person_recipe(&PersonProfile::public_example());
    let first = folder.issue(None, &recipe).unwrap();
    let second = folder.issue(None, &recipe).unwrap();
    let names = |files: &[PathBuf]| -> Vec<String> {
        files
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(
        names(&first.files),
        [
            "tran-thi-mau.pem",
            "tran-thi-mau.key.pem",
            "tran-thi-mau.p12",
            "index.json"
        ]
    );
    assert_eq!(names(&second.files)[0], "tran-thi-mau-2.pem");
    let agency = authority.organisation_recipe(&OrganisationProfile::public_example());
    folder.issue(Some("cong-ty"), &agency).unwrap();
    assert!(folder.issue(Some("cong-ty"), &agency).is_err());
    for bad in ["", "../x", "a/b", ".x", "-x", "a b"] {
        assert!(folder.issue(Some(bad), &agency).is_err(), "{bad:?}");
    }
    // The folder as another command finds it.
    let folder = world.folder();
    assert_eq!(folder.records().len(), 8);
    let record = folder.find("cong-ty").unwrap().clone();
    assert_eq!(record.name, "Công ty TNHH Thử Nghiệm Ví Dụ");
    let with_colons: Vec<String> = record
        .serial
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8_lossy(pair).to_uppercase())
        .collect();
    for word in [
        record.serial.clone(),
        format!("0x{}", record.serial),
        with_colons.join(":"),
    ] {
        assert_eq!(folder.find(&word).unwrap(), &record, "{word}");
    }
    let pem = fs::read(world.path.join("cong-ty.pem")).unwrap();
    assert_eq!(folder.find_certificate(&pem).unwrap(), &record);
    assert!(folder.find("").is_err() && folder.find("nobody").is_err());
    assert!(folder.find_certificate(b"nothing").is_err());
    let stranger = Authority::new(&Settings::quick(NOW)).unwrap();
    let stranger = stranger.person(&PersonProfile::example()).unwrap();
    assert!(folder.find_certificate(&stranger.certificate_der).is_err());
    assert!(
        world
            .ocsp("cong-ty", "issuing", "")
            .contains("cong-ty.pem: good")
    );
}

#[test]
fn many_at_once_lose_nothing_and_a_lock_that_stays_is_named() {
    let path = directory("service-lock");
    let settings = Settings::quick(NOW);
    Authority::new(&settings).unwrap().write_to(&path).unwrap();
    let issue = |number: usize| {
        let mut folder = Folder::open(&path).unwrap();
        let recipe = folder
            .authority(NOW)
            .person_recipe(&PersonProfile::example());
        folder.issue(Some(&format!("p{number}")), &recipe).unwrap();
    };
    std::thread::scope(|scope| {
        for number in 0..12 {
            scope.spawn(move || issue(number));
        }
    });
    let mut folder = Folder::open(&path).unwrap();
    assert_eq!(folder.records().len(), 5 + 12);
    assert!(!path.join("index.lock").exists());
    fs::write(path.join("index.lock"), b"").unwrap();
    let serial = folder.find("p3").unwrap().serial.clone();
    let revocation = Revocation {
        at: NOW,
        reason: None,
    };
    let answer = folder.revoke(&serial, revocation);
    assert!(
        matches!(answer, Err(SandboxError::Folder(FolderFault::Locked))),
        "{answer:?}"
    );
}

#[test]
fn a_list_of_a_time_knows_only_what_was_revoked_by_then() {
    let world = World::new("service-times");
    world.revoke("person", NOW, RevocationReason::Superseded);
    let folder = world.folder();
    let earlier = folder.crl(Issuer::Issuing, NOW - 1, NOW + 60).unwrap();
    let later = folder.crl(Issuer::Issuing, NOW, NOW + 60).unwrap();
    for (list, says) in [(earlier, false), (later, true)] {
        fs::write(world.path.join("one.crl"), list).unwrap();
        let text = world
            .openssl("crl -inform DER -in one.crl -noout -text")
            .text;
        assert_eq!(text.contains("Superseded"), says, "{text}");
    }
}

#[test]
fn a_time_stamp_is_given_over_http() {
    let world = World::new("service-time");
    fs::write(world.path.join("data"), b"data").unwrap();
    for (cert, more) in [(" -cert", ""), ("", " -untrusted time-stamper.pem")] {
        world.openssl(&format!("ts -query -data data -sha256{cert} -out question"));
        let question = fs::read(world.path.join("question")).unwrap();
        let (status, body) = world.post("/tsa", &question);
        assert_eq!(status, 200);
        fs::write(world.path.join("answer"), body).unwrap();
        let check = format!(
            "ts -verify -queryfile question -in answer -CAfile root.pem -attime {AT}{more}"
        );
        let answer = world.openssl(&check);
        assert!(answer.well, "{}", answer.text);
    }
    world.openssl("ts -query -data data -sha256 -tspolicy 1.2.3 -out question");
    let question = fs::read(world.path.join("question")).unwrap();
    let (_, body) = world.post("/tsa", &question);
    fs::write(world.path.join("answer"), body).unwrap();
    let text = world.openssl("ts -reply -in answer -text").text;
    assert!(text.contains("Rejected"), "{text}");
}

#[test]
fn certificates_lists_and_a_question_in_an_address_are_answered() {
    let world = World::new("service-get");
    for name in ["root", "issuing"] {
        let (status, body) = world.get(&format!("/{name}.crt"));
        assert_eq!(status, 200);
        fs::write(world.path.join("got.crt"), &body).unwrap();
        let text = world.openssl("x509 -inform DER -in got.crt").text;
        let kept = fs::read_to_string(world.path.join(format!("{name}.pem"))).unwrap();
        assert_eq!(text, kept);
        let (status, body) = world.get(&format!("/{name}.crl"));
        fs::write(world.path.join("got.crl"), &body).unwrap();
        let check = format!("crl -inform DER -in got.crl -noout -CAfile {name}.pem");
        assert!(status == 200 && world.openssl(&check).text.contains("verify OK"));
    }
    world.openssl("ocsp -issuer issuing.pem -cert person.pem -reqout question");
    let question = fs::read(world.path.join("question")).unwrap();
    let base64 = base64_simd::STANDARD.encode_to_string(&question);
    let escaped = base64
        .replace('+', "%2B")
        .replace('/', "%2f")
        .replace('=', "%3D");
    for path in [base64, escaped] {
        let (status, body) = world.get(&format!("/ocsp/{path}"));
        assert_eq!(status, 200);
        fs::write(world.path.join("answer"), body).unwrap();
        let answer = world.openssl(&format!(
            "ocsp -reqin question -respin answer -CAfile root.pem -verify_other issuing.pem \
             -attime {AT} -resp_text"
        ));
        let text = answer.text;
        assert!(text.contains("Cert Status: good"), "{text}");
        assert!(text.contains("Response verify OK"), "{text}");
    }
    assert_eq!(world.get("/").0, 200);
    assert_eq!(world.get("/cps").0, 200);
    for path in [
        "/root.key.pem",
        "/index.json",
        "/../index.json",
        "/issuing",
        "/x.crl",
    ] {
        assert_eq!(world.get(path).0, 404, "{path}");
    }
}

#[test]
fn strange_questions_get_an_error_and_hold_up_nobody() {
    let world = World::new("service-strange");
    let to = world.server.address();
    let malformed = [0x30, 0x03, 0x0a, 0x01, 0x01];
    assert_eq!(world.post("/ocsp", b"nonsense"), (200, malformed.to_vec()));
    assert_eq!(world.get("/ocsp/%zz").1, malformed);
    assert_eq!(world.get("/ocsp").0, 405);
    let other = Authority::new(&Settings::quick(NOW)).unwrap();
    fs::write(
        world.path.join("other.pem"),
        other.issuing.certificate_pem(),
    )
    .unwrap();
    let text = world.ocsp("person", "other", "");
    assert!(text.contains("unauthorized (6)"), "{text}");
    for (question, status) in [
        (&b"GET / HTTP/1.1 x\r\n\r\n"[..], 400),
        (b"GET /\r\n\r\n", 400),
        (b"\xff\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"PUT /tsa HTTP/1.1\r\n\r\n", 405),
        (b"POST /tsa HTTP/1.1\r\n\r\n", 411),
        (
            b"POST /tsa HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            411,
        ),
        (b"POST /tsa HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (
            b"POST /tsa HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400,
        ),
        (
            b"POST /tsa HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
            413,
        ),
        (b"GET http://127.0.0.1/cps HTTP/1.1\r\n\r\n", 200),
    ] {
        let text = String::from_utf8_lossy(question).into_owned();
        assert_eq!(exchange(to, question).0, status, "{text}");
    }
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    assert_eq!(exchange(to, long.as_bytes()).0, 431);

    // Three that say nothing take three of the workers; the fourth still answers.
    let idle: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(to).unwrap()).collect();
    let begun = Instant::now();
    assert_eq!(world.get("/cps").0, 200);
    assert!(begun.elapsed() < Duration::from_secs(5));
    for stream in idle {
        stream.shutdown(Shutdown::Both).unwrap();
    }
    // A head of HEAD, and a question that waits to be asked on.
    let head = b"HEAD /cps HTTP/1.1\r\n\r\n";
    assert_eq!(exchange(to, head), (200, Vec::new()));
    let mut stream = TcpStream::connect(to).unwrap();
    let waits = b"POST /tsa HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(waits).unwrap();
    let mut told = [0_u8; 25];
    stream.read_exact(&mut told).unwrap();
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"x").unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    drop(stream);
    let path = world.path.clone();
    drop(world);
    assert!(TcpStream::connect(to).is_err());
    // Nobody else on the network is served.
    let open = TcpListener::bind("0.0.0.0:0").unwrap();
    assert!(Server::on(open, &path, || NOW).is_err());
}

#[test]
fn a_folder_that_is_none_or_was_spoilt_is_refused_by_name() {
    let path = directory("service-spoilt");
    let fault = || match Folder::open(&path) {
        Err(SandboxError::Folder(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(), FolderFault::Missing("index.json".to_owned()));
    let authority = Authority::new(&Settings::quick(NOW)).unwrap();
    authority.write_to(&path).unwrap();
    let index = fs::read_to_string(path.join("index.json")).unwrap();
    for (old, new) in [
        ("kyso-sandbox/1", "kyso-sandbox/2"),
        ("\"issuing\"", "\"nobody\""),
        ("p-256", "p-257"),
        ("T00:00:00Z", "T25:00:00Z"),
        ("]", ""),
    ] {
        fs::write(path.join("index.json"), index.replace(old, new)).unwrap();
        assert!(matches!(fault(), FolderFault::BadIndex(_)), "{new}");
    }
    fs::write(path.join("index.json"), &index).unwrap();
    assert!(Folder::open(&path).is_ok());
    fs::remove_file(path.join("issuing.key.pem")).unwrap();
    assert_eq!(fault(), FolderFault::Missing("issuing.key.pem".to_owned()));
}
