//! [`TimeStampService`]: time-stamps over HTTP (RFC 3161 §3.4) from one address or from a pool of
//! them, through whatever [`Fetch`] the caller hands in. There is no socket here.

use std::fmt;
use std::sync::Arc;

use crate::crypto::{Digest, DigestAlgorithm, random};
use crate::der::Oid;
use crate::error::{Error, ErrorKind, Place};
use crate::fetch::{Address, Fetch, Request, Wanted};
use crate::limits::Limits;
use crate::message::{self, Lang};
use crate::sign::stamp::{self, TimeStamper};
use crate::tsp::{self, TimeStampResponse, TimeStampToken};
use crate::verdict::FetchFault;

/// A time-stamping service behind one or several addresses.
///
/// The addresses are asked in the order given, each with a nonce of its own; one that refuses, does
/// not answer or answers with a token that proves nothing is passed over for the next. Only what
/// may pass by itself (no connection, no answer in time, a server that is busy) is asked for again,
/// and no more often than [`attempts`](Self::attempts) says.
///
/// An answer is used only if it was granted, carries the nonce, the imprint and the policy that
/// were asked for, verifies under the certificate in it, and that certificate is one for
/// time-stamps alone.
///
/// ```
/// use kyso::fetch::Recorded;
/// use kyso::sign::{Level, TimeStampService};
/// use kyso::{LocalKey, Time, sign};
///
/// # fn demo(input: &[u8], key: &LocalKey, now: Time, client: Recorded) -> Result<(), kyso::Error> {
/// let service = TimeStampService::new(client, ["http://tsa.example/", "http://tsa2.example/"])?;
/// let signed = sign::pdf(input, now).sign_at(key, Level::BT(&service))?;
/// # let _ = signed; Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TimeStampService {
    fetch: Arc<dyn Fetch + Send + Sync>,
    addresses: Vec<Address>,
    digest: DigestAlgorithm,
    policy: Option<Oid>,
    attempts: u32,
}

impl TimeStampService {
    /// The service behind these addresses, the first one first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] without an address, or for one that is no http or https address.
    pub fn new<I>(fetch: impl Fetch + Send + Sync + 'static, addresses: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item: AsRef<str>>,
    {
        let mut pool = Vec::new();
        for text in addresses {
            let text = text.as_ref();
            let address = Address::parse(text).map_err(|fault| {
                Error::new(ErrorKind::Misuse, message::fetch_fault(&fault, Lang::En))
                    .in_vietnamese(message::fetch_fault(&fault, Lang::Vi))
                    .at(Place::Part(text.to_owned()))
            })?;
            pool.push(address);
        }
        if pool.is_empty() || pool.len() > MOST_ADDRESSES {
            return Err(Error::new(
                ErrorKind::Misuse,
                "a time-stamping service needs from 1 to 16 addresses",
            ));
        }
        Ok(Self {
            fetch: Arc::new(fetch),
            addresses: pool,
            digest: DigestAlgorithm::Sha256,
            policy: None,
            attempts: DEFAULT_ATTEMPTS,
        })
    }

    /// The hash of the imprint: SHA-256 (the default), SHA-384 or SHA-512.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for any other: it may not be used for new time-stamps.
    pub fn digest(mut self, algorithm: DigestAlgorithm) -> Result<Self, Error> {
        if !super::signer::may_create(algorithm) {
            return Err(Error::new(
                ErrorKind::Misuse,
                format!("{algorithm} may not be used for new time-stamps"),
            ));
        }
        self.digest = algorithm;
        Ok(self)
    }

    /// The policy that is asked for (`reqPolicy`); a token under another one is not used. Without
    /// it the service chooses.
    #[must_use]
    pub fn policy(mut self, policy: Oid) -> Self {
        self.policy = Some(policy);
        self
    }

    /// How often an address is asked at most where what stands in the way may pass by itself; 3 by
    /// default, from 1 to 10.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.clamp(1, MOST_ATTEMPTS);
        self
    }

    /// One question to one address.
    fn ask(&self, address: &Address, digest: &Digest) -> Result<Vec<u8>, Refused> {
        let mut nonce = random::<NONCE>().ok_or_else(|| {
            Refused::for_good(Error::new(ErrorKind::Internal, "no random numbers"))
        })?;
        // Never zero in front: services differ in whether they write such an octet back.
        if let Some(first) = nonce.first_mut() {
            *first = *first & 0x7f | 0x40;
        }
        let question =
            tsp::request(digest, self.policy.as_ref(), Some(&nonce)).map_err(Refused::for_good)?;
        let request = Request::new(
            address.clone(),
            Wanted::TimeStamp,
            Some(question),
            ANSWER_LIMIT,
        );
        let answer = self.fetch.fetch(&request).map_err(|error| Refused {
            may_pass: may_pass(error.fault()),
            vi: message::fetch_fault(error.fault(), Lang::Vi),
            en: message::fetch_fault(error.fault(), Lang::En),
        })?;
        self.token(&answer, digest, &nonce)
    }

    /// The token of an answer, if it is one to use.
    fn token(&self, answer: &[u8], digest: &Digest, nonce: &[u8]) -> Result<Vec<u8>, Refused> {
        let limits = Limits::default();
        let response = TimeStampResponse::parse(answer, &limits).map_err(|_| {
            Refused::said(
                "trả lời không phải của dịch vụ dấu thời gian",
                "the answer is no time-stamp response",
            )
        })?;
        let (true, Some(octets)) = (response.is_granted(), response.token) else {
            return Err(Refused::declined(&response));
        };
        let info = TimeStampToken::parse(octets, &limits)
            .map_err(Refused::for_good)?
            .info;
        if info.nonce.as_deref() != Some(nonce) {
            return Err(Refused::said(
                "trả lời dành cho một yêu cầu khác (nonce không khớp)",
                "the answer is to another request (its nonce differs)",
            ));
        }
        if self
            .policy
            .as_ref()
            .is_some_and(|policy| *policy != info.policy)
        {
            return Err(Refused::said(
                format!("dấu theo chính sách khác ({})", info.policy),
                format!("the token is under another policy ({})", info.policy),
            ));
        }
        stamp::usable(octets, digest).map_err(Refused::for_good)
    }
}

impl TimeStamper for TimeStampService {
    fn time_stamp(&self, digest: &Digest) -> Result<Vec<u8>, Error> {
        let mut told: Vec<(&Address, Refused)> = Vec::new();
        for attempt in 0..self.attempts {
            if attempt > 0 {
                self.fetch.pause(attempt);
            }
            for address in &self.addresses {
                let known = told.iter_mut().find(|(asked, _)| *asked == address);
                if known.as_ref().is_some_and(|(_, refused)| !refused.may_pass) {
                    continue;
                }
                match (self.ask(address, digest), known) {
                    (Ok(token), _) => return Ok(token),
                    (Err(refused), Some(known)) => known.1 = refused,
                    (Err(refused), None) => told.push((address, refused)),
                }
            }
            if told.iter().all(|(_, refused)| !refused.may_pass) {
                break;
            }
        }
        Err(none_to_be_had(&told))
    }

    fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest
    }
}

impl fmt::Debug for TimeStampService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeStampService")
            .field("addresses", &self.addresses)
            .field("digest", &self.digest)
            .field("policy", &self.policy)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Why an address gave no token.
struct Refused {
    /// Whether asking again may help.
    may_pass: bool,
    vi: String,
    en: String,
}

impl Refused {
    fn said(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            may_pass: false,
            vi: vi.into(),
            en: en.into(),
        }
    }

    fn for_good(error: Error) -> Self {
        Self::said(error.detail_in(Lang::Vi), error.detail_in(Lang::En))
    }

    /// RFC 3161 §2.4.2: the status, the words and the reason that the service gives.
    fn declined(response: &TimeStampResponse<'_>) -> Self {
        let failure = response.failure.map_or("", |failure| failure.name());
        let words = message::visible(&response.text);
        let parts = [failure, &*words]
            .into_iter()
            .filter(|part| !part.is_empty());
        let why = parts.collect::<Vec<_>>().join(": ");
        let status = response.status;
        Self {
            may_pass: response.failure.is_some_and(|failure| failure.may_pass()),
            vi: format!("dịch vụ từ chối (trạng thái {status}) {why}")
                .trim_end()
                .to_owned(),
            en: format!("the service refuses (status {status}) {why}")
                .trim_end()
                .to_owned(),
        }
    }
}

fn none_to_be_had(told: &[(&Address, Refused)]) -> Error {
    let list = |of: fn(&Refused) -> &str| {
        let each = told.iter().map(|(address, refused)| {
            format!(
                "{}: {}",
                message::visible(&address.to_string()),
                of(refused)
            )
        });
        each.collect::<Vec<_>>().join("; ")
    };
    Error::new(
        ErrorKind::Fetch,
        format!(
            "no time-stamp was to be had: {}",
            list(|refused| &refused.en)
        ),
    )
    .in_vietnamese(format!(
        "không lấy được dấu thời gian: {}",
        list(|refused| &refused.vi)
    ))
}

/// Whether what stands in the way may be gone in a moment.
fn may_pass(fault: &FetchFault) -> bool {
    match fault {
        FetchFault::Unreachable { .. } | FetchFault::Timeout => true,
        FetchFault::Status { status } => matches!(status, 408 | 425 | 429 | 500 | 502..=504),
        // An answer that was cut.
        FetchFault::Unusable { .. } => true,
        _ => false,
    }
}

/// Octets of a nonce: 64 bits that nobody guesses.
const NONCE: usize = 8;
/// Real answers have 2 to 8 KB.
const ANSWER_LIMIT: u64 = 256 * 1024;
const DEFAULT_ATTEMPTS: u32 = 3;
const MOST_ATTEMPTS: u32 = 10;
const MOST_ADDRESSES: usize = 16;
