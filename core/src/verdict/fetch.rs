//! Why something was not fetched: [`FetchFault`].

/// Why the answer of an address could not be had, or could not be used. None of these lowers a
/// verdict by itself: what is missing for it does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FetchFault {
    /// The address is none that is asked: no http or https, a user name in it, a host or port that
    /// is not permitted, characters that readers of addresses understand differently.
    Address {
        /// What is wrong with it, in English.
        what: &'static str,
    },
    /// The address stands in a certificate that no anchored path vouches for, and on no list.
    NotListed,
    /// The host is, or resolved to, an address that is not public.
    Forbidden {
        /// The network address.
        ip: String,
    },
    /// The host could not be found or did not take the connection.
    Unreachable {
        /// The technical phrase.
        detail: String,
    },
    /// No whole answer came in time.
    Timeout,
    /// The answer sends elsewhere; that is never followed.
    Redirect {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is a refusal.
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is larger than the limit.
    TooLarge {
        /// The limit, in octets.
        limit: u64,
    },
    /// The answer came and is not what was asked for, or does not verify.
    Unusable {
        /// What is wrong with it, in English.
        what: &'static str,
    },
    /// The OCSP responder did not answer the question (`OCSPResponseStatus`, RFC 6960 §4.2.1).
    Declined {
        /// The status: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired,
        /// 6 unauthorized.
        status: u64,
    },
    /// The OCSP response answers another request than ours (RFC 9654).
    Nonce,
    /// So many requests were made for one file already.
    Budget {
        /// Which ceiling, in English.
        what: &'static str,
    },
    /// What had been kept in the cache was changed or cut.
    CacheDamaged,
}

impl FetchFault {
    /// The stable code, such as `fetch.timeout`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "fetch.address",
            Self::NotListed => "fetch.not_listed",
            Self::Forbidden { .. } => "fetch.forbidden",
            Self::Unreachable { .. } => "fetch.unreachable",
            Self::Timeout => "fetch.timeout",
            Self::Redirect { .. } => "fetch.redirect",
            Self::Status { .. } => "fetch.status",
            Self::TooLarge { .. } => "fetch.too_large",
            Self::Unusable { .. } => "fetch.unusable",
            Self::Declined { .. } => "fetch.declined",
            Self::Nonce => "fetch.nonce",
            Self::Budget { .. } => "fetch.budget",
            Self::CacheDamaged => "fetch.cache_damaged",
        }
    }
}
