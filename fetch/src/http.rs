//! [`Http`]: the client.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kyso::fetch::{Address, Fetch, FetchError, Request, Wanted};
use kyso::verdict::FetchFault;
use kyso::{Error, ErrorKind, Place};
use ureq::unversioned::transport::DefaultConnector;

use crate::forward::{Failure, Proxy};
use crate::lookup::{Lookup, Refused, Shared};
use crate::rules::Rules;

/// Asks by HTTP/1.1, over TLS 1.2 or later where the address says https. Threads may share it.
///
/// What failed is remembered for five minutes, so that a thousand files of one authority whose
/// server is down cost one wait and not a thousand.
///
/// ```no_run
/// use kyso::{Time, Verifier};
/// use kyso_fetch::{DiskCache, Rules};
///
/// # fn demo(now: Time, pdf: &[u8], folder: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::new(now)
///     .fetch(Rules::new().http()?)
///     .cache(DiskCache::open(folder)?);
/// let report = verifier.verify(pdf);
/// # Ok(())
/// # }
/// ```
pub struct Http {
    agent: ureq::Agent,
    rules: Rules,
    lookup: Arc<Lookup>,
    proxy: Option<Proxy>,
    failed: Mutex<HashMap<String, (Instant, FetchFault)>>,
}

impl Http {
    /// A client that keeps these rules.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for a proxy that is no http address.
    pub fn new(rules: Rules) -> Result<Self, Error> {
        let (mut proxy, mut forward) = (None, None);
        if let Some(text) = rules.proxy_address() {
            let wrong = || {
                Error::new(
                    ErrorKind::Misuse,
                    "a proxy is an address such as http://host:3128",
                )
                .at(Place::Part(hidden(text)))
            };
            let made = ureq::Proxy::new(text).map_err(|_| wrong())?;
            if made.protocol() != ureq::ProxyProtocol::Http {
                return Err(wrong());
            }
            forward = Some(Proxy {
                host: made.host().to_owned(),
                port: made.port(),
                authorization: made.username().map(|name| {
                    let both = format!("{name}:{}", made.password().unwrap_or_default());
                    let text = base64_simd::STANDARD.encode_to_string(both);
                    format!("Basic {text}")
                }),
            });
            proxy = Some(made);
        }
        let host = forward.as_ref();
        let host = host.map(|proxy| (proxy.host.clone(), proxy.port));
        let lookup = Lookup::new(rules.clone(), host);
        Ok(Self::with(rules, proxy, forward, lookup))
    }

    fn with(
        rules: Rules,
        proxy: Option<ureq::Proxy>,
        forward: Option<Proxy>,
        lookup: Lookup,
    ) -> Self {
        let lookup = Arc::new(lookup);
        let config = ureq::Agent::config_builder()
            // Never the environment's.
            .proxy(proxy)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("kyso/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(rules.connect))
            .timeout_connect(Some(rules.connect))
            .timeout_global(Some(rules.total))
            .max_response_header_size(HEADERS)
            // Each connection is one that was looked up and permitted for this very question.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .build();
        Self {
            agent: ureq::Agent::with_parts(
                config,
                DefaultConnector::default(),
                Shared(lookup.clone()),
            ),
            rules,
            lookup,
            proxy: forward,
            failed: Mutex::new(HashMap::new()),
        }
    }

    fn ask(&self, request: &Request) -> Result<Vec<u8>, FetchFault> {
        self.rules.permits(&request.address)?;
        if let (Some(proxy), false) = (&self.proxy, request.address.is_secure()) {
            let answer = proxy.ask(request, &self.rules, &self.lookup);
            let answer = answer.map_err(|failure| match failure {
                Failure::Fault(fault) => fault,
                Failure::Io(error) => io_fault(&error),
                Failure::Ureq(error) => fault(error),
            })?;
            success(answer.status)?;
            return Ok(answer.body);
        }
        let address = request.address.to_string();
        let accept = request.wanted.accept();
        let answer = match &request.body {
            Some(body) => {
                let asked = self.agent.post(&address).header("Accept", accept);
                let asked = match request.wanted.content_type() {
                    Some(kind) => asked.header("Content-Type", kind),
                    None => asked,
                };
                asked.send(body.as_slice())
            }
            None => self.agent.get(&address).header("Accept", accept).call(),
        };
        let answer = answer.map_err(fault)?;
        success(answer.status().as_u16())?;
        let limit = request.limit;
        let body = answer.into_body();
        if body.content_length().is_some_and(|length| length > limit) {
            return Err(FetchFault::TooLarge { limit });
        }
        let mut octets = Vec::new();
        let mut reader = body.into_reader().take(limit.saturating_add(1));
        reader
            .read_to_end(&mut octets)
            .map_err(|error| match ureq_error(error) {
                Ok(error) => fault(error),
                Err(error) => io_fault(&error),
            })?;
        if u64::try_from(octets.len()).unwrap_or(u64::MAX) > limit {
            return Err(FetchFault::TooLarge { limit });
        }
        Ok(octets)
    }

    /// What failed lately: the whole server, or this very address.
    fn known(&self, address: &Address) -> Option<FetchFault> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.retain(|_, (since, _)| since.elapsed() < FORGIVEN);
        let mut keys = [server(address), address.to_string()].into_iter();
        keys.find_map(|key| failed.get(&key).map(|(_, fault)| fault.clone()))
    }

    fn remember(&self, request: &Request, fault: &FetchFault) {
        let key = match fault {
            FetchFault::Unreachable { .. } | FetchFault::Timeout => server(&request.address),
            // A responder may refuse one question and answer the next.
            _ if request.body.is_some() => return,
            _ => request.address.to_string(),
        };
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() < REMEMBERED {
            failed.insert(key, (Instant::now(), fault.clone()));
        }
    }
}

impl Fetch for Http {
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, FetchError> {
        let refuse = |fault| FetchError::new(&request.address, fault);
        if request.wanted == Wanted::TimeStamp {
            // Whoever needs a time-stamp decides how often a service is asked again, and an older
            // failure must not answer for it.
            return self.ask(request).map_err(refuse);
        }
        let answer = match self.known(&request.address) {
            Some(fault) => Err(fault),
            None => self
                .ask(request)
                .inspect_err(|fault| self.remember(request, fault)),
        };
        answer.map_err(refuse)
    }

    /// A quarter of a second, then twice as long each time, up to two seconds.
    fn pause(&self, attempt: u32) {
        let doubled = attempt.saturating_sub(1).min(3);
        std::thread::sleep(FIRST_PAUSE * 2_u32.pow(doubled));
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// Whether the status is the one that brings what was asked for.
fn success(status: u16) -> Result<(), FetchFault> {
    match status {
        200 => Ok(()),
        300..=399 => Err(FetchFault::Redirect { status }),
        _ => Err(FetchFault::Status { status }),
    }
}

/// Names a server apart from every address: a space stands in none.
fn server(address: &Address) -> String {
    format!("{} {}", address.host(), address.port())
}

/// A proxy's address without the password in it.
fn hidden(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    }
}

/// ureq hands its own errors through readers inside those of the system.
fn ureq_error(error: io::Error) -> Result<ureq::Error, io::Error> {
    match error.get_ref() {
        Some(inner) if inner.is::<ureq::Error>() => Ok(ureq::Error::from(error)),
        _ => Err(error),
    }
}

fn fault(error: ureq::Error) -> FetchFault {
    let unreachable = |detail: String| FetchFault::Unreachable { detail };
    match error {
        ureq::Error::Other(other) => match other.downcast::<Refused>() {
            Ok(refused) => refused.0,
            Err(other) => unreachable(other.to_string()),
        },
        ureq::Error::Timeout(_) => FetchFault::Timeout,
        ureq::Error::Io(error) => io_fault(&error),
        ureq::Error::HostNotFound => unreachable("no such host".into()),
        ureq::Error::Protocol(_) => FetchFault::Unusable { what: "not HTTP" },
        error => unreachable(error.to_string()),
    }
}

fn io_fault(error: &io::Error) -> FetchFault {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => FetchFault::Timeout,
        io::ErrorKind::UnexpectedEof => FetchFault::Unusable {
            what: "an answer that was cut",
        },
        io::ErrorKind::ConnectionRefused => FetchFault::Unreachable {
            detail: "connection refused".into(),
        },
        // Texts of the system differ by language; the kind does not.
        kind => FetchFault::Unreachable {
            detail: kind.to_string(),
        },
    }
}

/// Octets of all headers of an answer.
const HEADERS: usize = 16 * 1024;
/// How long is waited before a service is asked for the second time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// How long a failure is remembered.
const FORGIVEN: Duration = Duration::from_secs(300);
/// Failures that are remembered.
const REMEMBERED: usize = 10_000;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
