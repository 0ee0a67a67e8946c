//! [`time_stamps`]: a time-stamping service over HTTP.

use kyso::Error;
use kyso::sign::TimeStampService;

use crate::rules::Rules;

/// The time-stamping service behind these addresses, the first one first, through a proxy where one
/// is named. Their hosts and ports may be anywhere, on this machine too: the operator names them,
/// and no document does. No other host is connected to.
///
/// ```
/// let service = kyso_fetch::time_stamps(&["http://127.0.0.1:3318/tsa"], None)?;
/// # let _ = service;
/// # Ok::<(), kyso::Error>(())
/// ```
///
/// # Errors
///
/// [`kyso::ErrorKind::Misuse`] without an address, for one that is no http or https address, and for
/// a proxy that is none.
pub fn time_stamps<A: AsRef<str>>(
    addresses: &[A],
    proxy: Option<&str>,
) -> Result<TimeStampService, Error> {
    let mut rules = Rules::new();
    for address in addresses {
        rules = rules.service(address.as_ref())?;
    }
    if let Some(proxy) = proxy {
        rules = rules.proxy(proxy);
    }
    TimeStampService::new(rules.http()?, addresses)
}
