//! The client against servers of its own, on the loopback address.

use super::*;

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A server that hands each connection to a function, and counts them.
struct Server {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    /// What the last client sent.
    sent: Arc<Mutex<String>>,
}

impl Server {
    fn new(answer: impl Fn(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let sent: Arc<Mutex<String>> = Arc::default();
        let (count, note) = (asked.clone(), sent.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                stream
                    .set_read_timeout(Some(Duration::from_secs(5)))
                    .unwrap();
                *note.lock().unwrap() = request(&mut stream);
                answer(&mut stream);
                let _ = stream.shutdown(Shutdown::Both);
            }
        });
        Self {
            address,
            asked,
            sent,
        }
    }

    fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(move |stream| {
            let _ = stream.write_all(&answer);
        })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn sent(&self) -> String {
        self.sent.lock().unwrap().clone()
    }

    fn address(&self) -> Address {
        Address::parse(&format!("http://{}/page", self.address)).unwrap()
    }
}

/// Headers and body of what a client sends.
fn request(stream: &mut TcpStream) -> String {
    let mut octets = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&octets).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.trim().parse::<usize>().unwrap());
            if body.len() >= length {
                break;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => octets.extend_from_slice(&buffer[..read]),
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

fn page(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn client() -> Http {
    Rules::new()
        .loopback()
        .patience(Duration::from_secs(2), Duration::from_secs(3))
        .http()
        .unwrap()
}

fn get(http: &Http, address: Address) -> Result<Vec<u8>, FetchFault> {
    let request = Request::new(address, Wanted::Crl, None, 1_000);
    http.fetch(&request).map_err(|error| error.fault().clone())
}

#[test]
fn a_get_and_a_post_bring_the_body_back() {
    let server = Server::saying(page("octets"));
    assert_eq!(get(&client(), server.address()).unwrap(), b"octets");
    let sent = server.sent();
    assert!(sent.starts_with("GET /page HTTP/1.1\r\n"), "{sent}");
    let lower = sent.to_ascii_lowercase();
    assert!(lower.contains("user-agent: kyso/"), "{sent}");
    // A packed answer would be no list, and could unpack to any size.
    assert!(!lower.contains("gzip"), "{sent}");

    let question = Request::new(server.address(), Wanted::Ocsp, Some(b"abc".to_vec()), 1_000);
    assert_eq!(client().fetch(&question).unwrap(), b"octets");
    let sent = server.sent();
    assert!(sent.starts_with("POST /page HTTP/1.1\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\nabc"), "{sent}");
    let lower = sent.to_ascii_lowercase();
    assert!(
        lower.contains("content-type: application/ocsp-request"),
        "{sent}"
    );
    assert!(
        !lower.contains("cookie") && !lower.contains("authorization"),
        "{sent}"
    );
}

#[test]
fn a_chunked_body_and_one_that_ends_with_the_connection_are_whole() {
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
    let server = Server::saying(chunked);
    assert_eq!(get(&client(), server.address()).unwrap(), b"abcdef");
    let server = Server::saying("HTTP/1.0 200 OK\r\n\r\nabcdef");
    assert_eq!(get(&client(), server.address()).unwrap(), b"abcdef");
}

#[test]
fn a_redirect_of_any_kind_is_an_answer_and_is_not_followed() {
    let target = Server::saying(page("octets"));
    for status in [301, 302, 303, 307, 308] {
        let location = target.address();
        let server = Server::saying(format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        ));
        assert_eq!(
            get(&client(), server.address()),
            Err(FetchFault::Redirect { status })
        );
        let question = Request::new(server.address(), Wanted::Ocsp, Some(b"abc".to_vec()), 1_000);
        let error = client().fetch(&question).unwrap_err();
        assert_eq!(error.fault(), &FetchFault::Redirect { status });
    }
    assert_eq!(target.asked(), 0);
}

#[test]
fn a_status_that_is_no_success_brings_no_body() {
    for status in [201, 204, 400, 401, 403, 404, 407, 500, 503] {
        let server = Server::saying(format!(
            "HTTP/1.1 {status} No\r\nContent-Length: 0\r\nWWW-Authenticate: Basic\r\n\r\n"
        ));
        assert_eq!(
            get(&client(), server.address()),
            Err(FetchFault::Status { status })
        );
    }
}

#[test]
fn an_answer_is_cut_at_the_limit_whether_it_says_its_size_or_not() {
    let too_large = Err(FetchFault::TooLarge { limit: 1_000 });
    let exact = Server::saying(page(&"x".repeat(1_000)));
    assert_eq!(get(&client(), exact.address()).unwrap().len(), 1_000);
    let one_more = Server::saying(page(&"x".repeat(1_001)));
    assert_eq!(get(&client(), one_more.address()), too_large);
    let claims = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx");
    assert_eq!(get(&client(), claims.address()), too_large);
    // Without an end: nothing but the limit stops it.
    let endless = |head: &'static str, part: &'static [u8]| {
        Server::new(move |stream| {
            let _ = stream.write_all(head.as_bytes());
            while stream.write_all(part).is_ok() {}
        })
    };
    let unsaid = endless("HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 512]);
    assert_eq!(get(&client(), unsaid.address()), too_large);
    let chunked = endless(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"4\r\nxxxx\r\n",
    );
    assert_eq!(get(&client(), chunked.address()), too_large);
    let headers = endless("HTTP/1.1 200 OK\r\n", b"X-Header: yes\r\n");
    assert!(get(&client(), headers.address()).is_err());
}

#[test]
fn a_slow_server_is_left_when_the_time_is_up_wherever_it_is_slow() {
    let impatient = || {
        Rules::new()
            .loopback()
            .patience(Duration::from_millis(500), Duration::from_millis(700))
            .http()
            .unwrap()
    };
    let mute = Server::new(|_| thread::sleep(Duration::from_secs(4)));
    let drip = |head: &'static str| {
        Server::new(move |stream| {
            let _ = stream.write_all(head.as_bytes());
            for _ in 0..40 {
                thread::sleep(Duration::from_millis(100));
                if stream.write_all(b"x").is_err() {
                    return;
                }
            }
        })
    };
    let slow_body = drip("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    let slow_head = drip("HTTP/1.1 200 OK\r\nX: ");
    for server in [mute, slow_body, slow_head] {
        let begun = Instant::now();
        assert_eq!(
            get(&impatient(), server.address()),
            Err(FetchFault::Timeout)
        );
        assert!(
            begun.elapsed() < Duration::from_secs(3),
            "{:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn what_is_no_http_or_is_cut_short_is_no_answer() {
    for answer in [
        "",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
    ] {
        let server = Server::saying(answer);
        let got = get(&client(), server.address());
        assert!(got.is_err(), "{answer:?} gave {got:?}");
    }
}

#[test]
fn nothing_connects_where_the_rules_forbid_it() {
    let server = Server::saying(page("octets"));
    let port = server.address.port();
    let strict = Rules::new().http().unwrap();
    assert!(matches!(
        get(&strict, server.address()),
        Err(FetchFault::Forbidden { .. })
    ));
    for host in [
        "localhost",
        "127.0.0.2",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        let address = Address::parse(&format!("http://{host}:{port}/")).unwrap();
        assert!(
            matches!(get(&client(), address), Err(FetchFault::Forbidden { .. })),
            "{host}"
        );
    }
    assert_eq!(server.asked(), 0);
}

#[test]
fn a_name_that_resolves_to_this_machine_is_not_connected_to() {
    let server = Server::saying(page("octets"));
    let target = server.address;
    let rules = Rules::new()
        .loopback()
        .allow(&format!("pki.example.vn:{}", target.port()));
    let rules = rules.unwrap();
    let lookup = Lookup::by(rules.clone(), move |_, _| Ok(vec![target]));
    let http = Http::with(rules, None, None, lookup);
    let address = Address::parse(&format!("http://pki.example.vn:{}/", target.port())).unwrap();
    assert_eq!(
        get(&http, address),
        Err(FetchFault::Forbidden {
            ip: "127.0.0.1".into()
        })
    );
    assert_eq!(server.asked(), 0);
}

#[test]
fn what_failed_is_not_tried_again_at_once() {
    let server = Server::saying("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    let http = client();
    for _ in 0..3 {
        let answer = get(&http, server.address());
        assert_eq!(answer, Err(FetchFault::Status { status: 404 }));
    }
    assert_eq!(server.asked(), 1);
    // Another page of the same server is another question.
    let other = Address::parse(&format!("http://{}/other", server.address)).unwrap();
    let _ = get(&http, other);
    assert_eq!(server.asked(), 2);
    // A responder is asked about each certificate.
    let question =
        |body: &[u8]| Request::new(server.address(), Wanted::Ocsp, Some(body.to_vec()), 1_000);
    let http = client();
    let _ = http.fetch(&question(b"a"));
    let _ = http.fetch(&question(b"b"));
    assert_eq!(server.asked(), 4);
    // A server that is not there is not there for any page.
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let first = Address::parse(&format!("http://{gone}/a")).unwrap();
    let second = Address::parse(&format!("http://{gone}/b")).unwrap();
    let fault = get(&http, first).unwrap_err();
    assert!(matches!(fault, FetchFault::Unreachable { .. }), "{fault:?}");
    let begun = Instant::now();
    assert_eq!(get(&http, second), Err(fault));
    assert!(begun.elapsed() < Duration::from_millis(100));
}

#[test]
fn https_wants_a_certificate_that_the_public_roots_vouch_for() {
    // No TLS at all on the other side.
    let server = Server::saying(page("octets"));
    let address = Address::parse(&format!("https://{}/", server.address)).unwrap();
    assert!(get(&client(), address).is_err());
}

fn by_proxy(server: &Server, name: &str) -> Http {
    Rules::new()
        .proxy(format!("http://{name}{}", server.address))
        .patience(Duration::from_secs(2), Duration::from_secs(1))
        .http()
        .unwrap()
}

#[test]
fn plain_http_goes_to_the_proxy_by_its_whole_address_and_needs_no_tunnel() {
    let proxy = Server::saying(page("by proxy"));
    let http = by_proxy(&proxy, "");
    let address = || Address::parse("http://ca.gov.vn/a.crl?b").unwrap();
    assert_eq!(get(&http, address()).unwrap(), b"by proxy");
    let sent = proxy.sent();
    assert!(
        sent.starts_with("GET http://ca.gov.vn/a.crl?b HTTP/1.0\r\nHost: ca.gov.vn\r\n"),
        "{sent}"
    );
    assert!(!sent.contains("Authorization"), "{sent}");

    let question = Request::new(address(), Wanted::Ocsp, Some(b"abc".to_vec()), 1_000);
    let named = by_proxy(&proxy, "an%20:b%3Ac@");
    assert_eq!(named.fetch(&question).unwrap(), b"by proxy");
    let sent = proxy.sent();
    assert!(
        sent.starts_with("POST http://ca.gov.vn/a.crl?b HTTP/1.0\r\n"),
        "{sent}"
    );
    assert!(sent.ends_with("\r\n\r\nabc"), "{sent}");
    // "an :b:c"
    assert!(
        sent.contains("\r\nProxy-Authorization: Basic YW4gOmI6Yw==\r\n"),
        "{sent}"
    );

    // An address that is written out is refused before the proxy hears of it.
    let before = proxy.asked();
    for refused in ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/"] {
        let address = Address::parse(refused).unwrap();
        assert!(matches!(
            get(&http, address),
            Err(FetchFault::Forbidden { .. })
        ));
    }
    assert_eq!(proxy.asked(), before);
}

#[test]
fn an_answer_by_proxy_is_held_to_the_same_limits() {
    let address = || Address::parse("http://ca.gov.vn/a.crl").unwrap();
    let by = |answer: &str| get(&by_proxy(&Server::saying(answer), ""), address());
    assert_eq!(by("HTTP/1.0 200 OK\r\n\r\nabc").unwrap(), b"abc");
    assert_eq!(
        by("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc").unwrap(),
        b"ab"
    );
    assert_eq!(
        by("HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n"),
        Err(FetchFault::Redirect { status: 302 })
    );
    assert_eq!(
        by("HTTP/1.1 403 No\r\n\r\n"),
        Err(FetchFault::Status { status: 403 })
    );
    let too_large = Err(FetchFault::TooLarge { limit: 1_000 });
    assert_eq!(by(&page(&"x".repeat(1_001))), too_large);
    assert_eq!(
        by("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nx"),
        too_large
    );
    for wrong in [
        "",
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 2\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ] {
        let got = by(wrong);
        assert!(
            matches!(got, Err(FetchFault::Unusable { .. })),
            "{wrong:?} gave {got:?}"
        );
    }
    let endless = |head: &'static str, part: &'static [u8]| {
        Server::new(move |stream| {
            let _ = stream.write_all(head.as_bytes());
            while stream.write_all(part).is_ok() {}
        })
    };
    let flood = endless("HTTP/1.0 200 OK\r\n\r\n", &[b'x'; 512]);
    assert_eq!(get(&by_proxy(&flood, ""), address()), too_large);
    let headers = endless("HTTP/1.0 200 OK\r\n", b"X-Header: yes\r\n");
    assert!(get(&by_proxy(&headers, ""), address()).is_err());
    let drip = Server::new(|stream| {
        let _ = stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n");
        for _ in 0..40 {
            thread::sleep(Duration::from_millis(100));
            if stream.write_all(b"x").is_err() {
                return;
            }
        }
    });
    let begun = Instant::now();
    assert_eq!(
        get(&by_proxy(&drip, ""), address()),
        Err(FetchFault::Timeout)
    );
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[test]
fn https_goes_through_a_tunnel_and_only_an_http_proxy_is_one() {
    let proxy = Server::saying("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    let address = Address::parse("https://rootca.gov.vn/crl/a.crl").unwrap();
    assert!(get(&by_proxy(&proxy, ""), address).is_err());
    let sent = proxy.sent();
    assert!(sent.starts_with("CONNECT rootca.gov.vn:443 "), "{sent}");
    for wrong in ["", "socks5://127.0.0.1:1080", "ftp://x"] {
        assert!(Rules::new().proxy(wrong).http().is_err(), "{wrong}");
    }
    let secret = Rules::new()
        .proxy("ftp://user:geheim@x")
        .http()
        .unwrap_err();
    assert!(!secret.to_string().contains("geheim"));
}

#[test]
fn a_time_stamp_is_asked_for_again_although_it_failed_a_moment_ago() {
    let server = Server::saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    let address = server.address().to_string();
    let http = Rules::new().service(&address).unwrap().http().unwrap();
    let body = Some(b"question".to_vec());
    let request = Request::new(server.address(), Wanted::TimeStamp, body, 1_000);
    for asked in 1..=2 {
        let fault = http.fetch(&request).unwrap_err();
        assert_eq!(*fault.fault(), FetchFault::Status { status: 503 });
        assert_eq!(server.asked(), asked);
    }
    assert!(server.sent().contains("application/timestamp-query"));
    // To name one port says nothing about another.
    let beside = Rules::new().service("http://127.0.0.1:1/").unwrap();
    let fault = beside.http().unwrap().fetch(&request).unwrap_err();
    assert!(matches!(fault.fault(), FetchFault::Forbidden { .. }));
    assert_eq!(server.asked(), 2);
}
