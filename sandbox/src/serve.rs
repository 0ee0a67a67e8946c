//! The service on a socket of the loopback address: HTTP/1.1, one question a connection.
//!
//! It is meant for the machine it runs on and binds nothing but 127.0.0.1. Questions are bounded
//! in size and time all the same, so that a client gone wrong holds up nobody for long.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::SandboxError;
use crate::service::{Answer, Service, text};

/// A running service; it ends when this is dropped.
///
/// ```no_run
/// use kyso_sandbox::Server;
/// use std::path::Path;
/// use std::time::{SystemTime, UNIX_EPOCH};
///
/// let clock = || {
///     let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
///     i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
/// };
/// let server = Server::start(Path::new("authority"), 0, clock)?;
/// println!("http://{}", server.address());
/// server.wait();
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    workers: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves the authority of a folder on 127.0.0.1, on a free port if `port` is 0. `clock`
    /// tells the present in Unix time.
    ///
    /// # Errors
    /// What [`Service::open`] gives, and [`SandboxError::Io`] when the port cannot be had.
    pub fn start(
        folder: &Path,
        port: u16,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Result<Self, SandboxError> {
        Self::on(
            TcpListener::bind((Ipv4Addr::LOCALHOST, port))?,
            folder,
            clock,
        )
    }

    /// The same on a port that was taken beforehand, so that an authority can be drawn whose
    /// certificates point at it.
    ///
    /// # Errors
    /// What [`Service::open`] gives, and [`SandboxError::Io`] for a listener that others than this
    /// machine can reach.
    pub fn on(
        listener: TcpListener,
        folder: &Path,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Result<Self, SandboxError> {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "not a loopback address");
            return Err(error.into());
        }
        let service = Arc::new(Service::open(folder)?);
        let clock: Arc<dyn Fn() -> i64 + Send + Sync> = Arc::new(clock);
        let listener = Arc::new(listener);
        let ends = Arc::new(AtomicBool::new(false));
        let mut server = Server {
            address,
            ends,
            workers: Vec::new(),
        };
        for _ in 0..WORKERS {
            let (service, clock) = (Arc::clone(&service), Arc::clone(&clock));
            let (listener, ends) = (Arc::clone(&listener), Arc::clone(&server.ends));
            let work = move || {
                while !ends.load(Ordering::SeqCst) {
                    match listener.accept() {
                        // What goes wrong on one connection is its client's concern.
                        Ok((stream, _)) if !ends.load(Ordering::SeqCst) => {
                            let _ = serve(stream, &service, &*clock);
                        }
                        Ok(_) => {}
                        // Out of sockets, as a rule: it passes.
                        Err(_) => thread::sleep(Duration::from_millis(50)),
                    }
                }
            };
            server.workers.push(thread::Builder::new().spawn(work)?);
        }
        Ok(server)
    }

    /// The address and port that answer.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        for worker in std::mem::take(&mut self.workers) {
            let _ = worker.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        // Each connection wakes one worker, which then sees that it is over.
        for _ in &self.workers {
            let _ = TcpStream::connect_timeout(&self.address, PATIENCE);
        }
        for worker in std::mem::take(&mut self.workers) {
            let _ = worker.join();
        }
    }
}

fn serve(stream: TcpStream, service: &Service, clock: &dyn Fn() -> i64) -> io::Result<()> {
    let mut line = Line {
        stream,
        read: Vec::new(),
        until: Instant::now() + PATIENCE,
    };
    let (answer, head_only) = match question(&mut line) {
        Ok(asked) => {
            let answer = service.answer(&asked.method, &asked.target, &asked.body, clock());
            (answer, asked.method == "HEAD")
        }
        Err(Refused::Gone) => return Ok(()),
        Err(Refused::With(status, why)) => (text(status, why), false),
    };
    line.answer(&answer, head_only)
}

/// A question as it came.
struct Asked {
    method: String,
    target: String,
    body: Vec<u8>,
}

enum Refused {
    /// The client went away or was too slow.
    Gone,
    With(u16, &'static str),
}

impl From<io::Error> for Refused {
    fn from(_: io::Error) -> Self {
        Refused::Gone
    }
}

/// Reads a question: request line, fields, and a body of the length they say.
fn question(line: &mut Line) -> Result<Asked, Refused> {
    let malformed = || Refused::With(400, "this is no question in HTTP/1.1\n");
    let head = line.head()?;
    let head = String::from_utf8(head).map_err(|_| malformed())?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(malformed());
    };
    if !version.starts_with("HTTP/1.") {
        return Err(malformed());
    }
    let mut length: Option<usize> = None;
    let mut expects = false;
    for field in lines {
        let (name, value) = field.split_once(':').ok_or_else(malformed)?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            let told: usize = value.parse().map_err(|_| malformed())?;
            if length.is_some_and(|earlier| earlier != told) {
                return Err(malformed());
            }
            length = Some(told);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(Refused::With(411, "a body needs a Content-Length\n"));
        } else if name.eq_ignore_ascii_case("expect") {
            expects = value.eq_ignore_ascii_case("100-continue");
        }
    }
    let length = match length {
        Some(length) if length > LONGEST_BODY => {
            return Err(Refused::With(413, "the body is too long\n"));
        }
        Some(length) => length,
        None if method == "POST" => {
            return Err(Refused::With(411, "a body needs a Content-Length\n"));
        }
        None => 0,
    };
    if expects && length > 0 {
        line.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    // An address in whole, as for a proxy, means its path.
    let target = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    };
    Ok(Asked {
        method: method.to_owned(),
        target: target.to_owned(),
        body: line.body(length)?,
    })
}

/// A connection and what was read of it, until its time is up.
struct Line {
    stream: TcpStream,
    read: Vec<u8>,
    until: Instant,
}

impl Line {
    /// Everything up to the empty line, which is taken away.
    fn head(&mut self) -> Result<Vec<u8>, Refused> {
        loop {
            let end = self.read.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                let rest = self.read.split_off(end + 4);
                let mut head = std::mem::replace(&mut self.read, rest);
                head.truncate(end);
                return Ok(head);
            }
            if self.read.len() > LONGEST_HEAD {
                return Err(Refused::With(431, "the head is too long\n"));
            }
            self.more()?;
        }
    }

    fn body(&mut self, length: usize) -> Result<Vec<u8>, Refused> {
        while self.read.len() < length {
            self.more()?;
        }
        let mut body = std::mem::take(&mut self.read);
        body.truncate(length);
        Ok(body)
    }

    fn more(&mut self) -> Result<(), Refused> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Refused::Gone);
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut buffer = [0_u8; 4096];
        match self.stream.read(&mut buffer)? {
            0 => Err(Refused::Gone),
            count => {
                self.read.extend(buffer.iter().take(count));
                Ok(())
            }
        }
    }

    fn answer(mut self, answer: &Answer, head_only: bool) -> io::Result<()> {
        let reason = match answer.status {
            200 => "OK",
            404 => "Not Found",
            405 => "Method Not Allowed",
            411 => "Length Required",
            413 => "Content Too Large",
            431 => "Request Header Fields Too Large",
            500 => "Internal Server Error",
            _ => "Bad Request",
        };
        let head = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n",
            answer.status,
            answer.content_type,
            answer.body.len()
        );
        self.stream.set_write_timeout(Some(PATIENCE))?;
        self.stream.write_all(head.as_bytes())?;
        if !head_only {
            self.stream.write_all(&answer.body)?;
        }
        self.stream.flush()?;
        // Closing over unread octets would reset the connection before the answer is read.
        self.stream.shutdown(std::net::Shutdown::Write)?;
        self.stream.set_read_timeout(Some(LINGER))?;
        let mut rest = [0_u8; 4096];
        let mut left = LONGEST_BODY;
        while let Ok(count) = self.stream.read(&mut rest) {
            left = left.saturating_sub(count);
            if count == 0 || left == 0 || Instant::now() > self.until {
                break;
            }
        }
        Ok(())
    }
}

const WORKERS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(10);
const LINGER: Duration = Duration::from_millis(200);
const LONGEST_HEAD: usize = 16 * 1024;
const LONGEST_BODY: usize = 256 * 1024;
