//! Plain http through the operator's proxy: the whole address goes to the proxy (RFC 9112 §3.2.2).
//!
//! ureq tunnels to every port, and proxies commonly tunnel to 443 alone. This asks by HTTP/1.0, so
//! that an answer ends with its length or with the connection and is in one piece.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use kyso::fetch::Request;
use kyso::verdict::FetchFault;

use crate::lookup::Lookup;
use crate::rules::Rules;

/// The proxy, and what it wants to know of whoever asks.
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `Basic …`, where the operator gave a name.
    pub(crate) authorization: Option<String>,
}

/// What came: the status, and the body of a success.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Proxy {
    /// Asks within the time of the rules.
    pub(crate) fn ask(
        &self,
        request: &Request,
        rules: &Rules,
        lookup: &Lookup,
    ) -> Result<Answer, Failure> {
        let until = Instant::now() + rules.total;
        let mut stream = self.connect(rules, lookup)?;
        let left = |stream: &TcpStream| -> io::Result<()> {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            stream.set_read_timeout(Some(left))?;
            stream.set_write_timeout(Some(left))
        };
        left(&stream)?;
        stream.write_all(&self.written(request))?;
        let mut octets = Vec::new();
        let mut buffer = vec![0; BUFFER];
        let mut head: Option<Head> = None;
        loop {
            left(&stream)?;
            let read = match stream.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            octets.extend_from_slice(buffer.get(..read).unwrap_or_default());
            if head.is_none() {
                if let Some(end) = end_of_head(&octets) {
                    let body = octets.split_off(end);
                    head = Some(Head::read(&octets)?);
                    octets = body;
                } else if read == 0 || octets.len() > HEADERS {
                    return Err(Failure::Fault(NOT_HTTP));
                }
            }
            let Some(head) = &head else { continue };
            if head.status != 200 {
                return Ok(Answer {
                    status: head.status,
                    body: Vec::new(),
                });
            }
            let size = u64::try_from(octets.len()).unwrap_or(u64::MAX);
            let limit = request.limit;
            if size > limit || head.length.is_some_and(|length| length > limit) {
                return Err(Failure::Fault(FetchFault::TooLarge { limit }));
            }
            let is_whole = match head.length {
                Some(length) if size >= length => {
                    octets.truncate(usize::try_from(length).unwrap_or(usize::MAX));
                    true
                }
                Some(_) if read == 0 => {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                Some(_) => false,
                None => read == 0,
            };
            if is_whole {
                return Ok(Answer {
                    status: head.status,
                    body: octets,
                });
            }
        }
    }

    fn connect(&self, rules: &Rules, lookup: &Lookup) -> Result<TcpStream, Failure> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for address in lookup.find(&self.host, self.port).map_err(Failure::Ureq)? {
            match TcpStream::connect_timeout(&address, rules.connect) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last.into())
    }

    fn written(&self, request: &Request) -> Vec<u8> {
        let address = &request.address;
        let method = if request.body.is_some() {
            "POST"
        } else {
            "GET"
        };
        let mut text = format!("{method} {address} HTTP/1.0\r\nHost: {}", address.host());
        if address.port() != 80 {
            text.push_str(&format!(":{}", address.port()));
        }
        text.push_str(concat!("\r\nUser-Agent: kyso/", env!("CARGO_PKG_VERSION")));
        text.push_str("\r\nAccept: ");
        text.push_str(request.wanted.accept());
        if let Some(authorization) = &self.authorization {
            text.push_str("\r\nProxy-Authorization: ");
            text.push_str(authorization);
        }
        if let Some(kind) = request.wanted.content_type() {
            text.push_str("\r\nContent-Type: ");
            text.push_str(kind);
        }
        if let Some(body) = &request.body {
            text.push_str(&format!("\r\nContent-Length: {}", body.len()));
        }
        text.push_str("\r\nConnection: close\r\n\r\n");
        let mut octets = text.into_bytes();
        octets.extend(request.body.iter().flatten());
        octets
    }
}

/// What stood in the way, before it has a name.
pub(crate) enum Failure {
    Fault(FetchFault),
    Io(io::Error),
    Ureq(ureq::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What is read of an answer's first lines.
struct Head {
    status: u16,
    length: Option<u64>,
}

impl Head {
    fn read(octets: &[u8]) -> Result<Self, Failure> {
        let wrong = || Failure::Fault(NOT_HTTP);
        let text = std::str::from_utf8(octets).map_err(|_| wrong())?;
        let mut lines = text.split("\r\n");
        let first = lines.next().ok_or_else(wrong)?;
        let mut words = first.splitn(3, ' ');
        if !words.next().is_some_and(|word| word.starts_with("HTTP/1.")) {
            return Err(wrong());
        }
        let status = words.next().and_then(|word| word.parse().ok());
        let status = status.filter(|status| (100..1_000).contains(status));
        let mut length = None;
        for line in lines {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                let said = value.parse::<u64>().map_err(|_| wrong())?;
                if length.is_some_and(|length| length != said) {
                    return Err(wrong());
                }
                length = Some(said);
            }
            // Not allowed towards HTTP/1.0, and not to be taken for the body.
            if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(wrong());
            }
        }
        Ok(Self {
            status: status.ok_or_else(wrong)?,
            length,
        })
    }
}

/// Where the body begins.
fn end_of_head(octets: &[u8]) -> Option<usize> {
    let at = octets.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(at.saturating_add(4))
}

const NOT_HTTP: FetchFault = FetchFault::Unusable { what: "not HTTP" };
/// Octets of all headers of an answer.
const HEADERS: usize = 16 * 1024;
const BUFFER: usize = 16 * 1024;
