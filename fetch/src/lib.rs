//! Status evidence and time-stamps over HTTP for kyso, whose core opens no socket; and what was fetched, kept on
//! disk.
//!
//! The addresses that are asked come out of certificates, so whoever writes a certificate would like
//! to choose what this machine connects to. Therefore ([`Rules`]): http and https on their own ports
//! only, no redirects, no user names, no proxy but the one that the operator names, limits of time and
//! size; and a host is connected to only at an address that was looked up, found to be public, and is
//! the very one that the connection is made to, so that a second look-up cannot answer differently.

#![forbid(unsafe_code)]

mod disk;
#[cfg(feature = "http")]
mod forward;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod lookup;
mod memory;
#[cfg_attr(not(feature = "http"), allow(dead_code))] // what a client would go by
mod rules;
#[cfg(feature = "http")]
mod stamps;

pub use disk::DiskCache;
#[cfg(feature = "http")]
pub use http::Http;
pub use memory::MemoryCache;
pub use rules::Rules;
#[cfg(feature = "http")]
pub use stamps::time_stamps;

use std::time::{SystemTime, UNIX_EPOCH};

use kyso::Time;

/// Now, by the system's clock.
fn now() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
