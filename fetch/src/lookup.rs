//! Looking hosts up, and passing on only the addresses that may be connected to.

use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use kyso::fetch::Host;
use kyso::verdict::FetchFault;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::rules::Rules;

/// Looks a host up once. The connection is made to what is given back here and to nothing else, so
/// a name server that answers differently the second time (DNS rebinding) changes nothing.
pub(crate) struct Lookup {
    rules: Rules,
    /// The operator's proxy: it may be anywhere.
    proxy: Option<(String, u16)>,
    names: Box<Names>,
}

/// How a name and a port become addresses.
type Names = dyn Fn(&str, u16) -> std::io::Result<Vec<SocketAddr>> + Send + Sync;

impl Lookup {
    /// By the system's resolver.
    pub(crate) fn new(rules: Rules, proxy: Option<(String, u16)>) -> Self {
        Self {
            rules,
            proxy,
            names: Box::new(|_, _| Ok(Vec::new())),
        }
        .system()
    }

    fn system(mut self) -> Self {
        let patience = self.rules.connect;
        self.names = Box::new(move |host, port| {
            // The system's call has no limit of time: it is left behind where it does not return.
            let (sender, answer) = mpsc::sync_channel(1);
            let host = host.to_owned();
            thread::Builder::new()
                .name("kyso-lookup".into())
                .spawn(move || {
                    let found = (host.as_str(), port).to_socket_addrs();
                    let _ = sender.send(found.map(Iterator::collect));
                })?;
            match answer.recv_timeout(patience) {
                Ok(found) => found,
                Err(RecvTimeoutError::Timeout) => Err(std::io::ErrorKind::TimedOut.into()),
                Err(RecvTimeoutError::Disconnected) => Err(std::io::ErrorKind::Other.into()),
            }
        });
        self
    }

    /// By a table, for tests.
    #[cfg(test)]
    pub(crate) fn by(
        rules: Rules,
        names: impl Fn(&str, u16) -> std::io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            rules,
            proxy: None,
            names: Box::new(names),
        }
    }

    /// The addresses that a host may be connected to at.
    pub(crate) fn find(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, ureq::Error> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let ip = bare.parse::<IpAddr>().ok();
        let found = match ip {
            Some(ip) => vec![SocketAddr::new(ip, port)],
            None => (self.names)(host, port).map_err(|error| match error.kind() {
                std::io::ErrorKind::TimedOut => refused(FetchFault::Timeout),
                _ => ureq::Error::HostNotFound,
            })?,
        };
        let is_proxy = self
            .proxy
            .as_ref()
            .is_some_and(|proxy| proxy.0 == host && proxy.1 == port);
        if is_proxy {
            return Ok(found);
        }
        let named = ip.map_or_else(|| Host::Name(host.to_ascii_lowercase()), Host::Ip);
        let mut permitted = Vec::new();
        let mut fault = None;
        for address in found {
            match self.rules.permits_ip(&named, port, address.ip()) {
                Ok(()) => permitted.push(address),
                Err(why) => fault = fault.or(Some(why)),
            }
        }
        match (permitted.is_empty(), fault) {
            (false, _) => Ok(permitted),
            (true, Some(fault)) => Err(refused(fault)),
            (true, None) => Err(ureq::Error::HostNotFound),
        }
    }
}

/// A lookup on its way into ureq.
#[derive(Debug)]
pub(crate) struct Shared(pub(crate) Arc<Lookup>);

impl Resolver for Shared {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let is_secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        let mut found = self.empty();
        for address in self.0.find(host, port)?.into_iter().take(ADDRESSES) {
            found.push(address);
        }
        Ok(found)
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("rules", &self.rules)
            .finish()
    }
}

/// A fault of ours on its way through ureq.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) FetchFault);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code())
    }
}

impl std::error::Error for Refused {}

fn refused(fault: FetchFault) -> ureq::Error {
    ureq::Error::Other(Box::new(Refused(fault)))
}

/// Addresses of one host that are tried.
const ADDRESSES: usize = 4;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn lookup(rules: Rules, table: &'static [&'static str]) -> Lookup {
        Lookup::by(rules, move |_, port| {
            let ips = table.iter().map(|ip| ip.parse::<IpAddr>().unwrap());
            Ok(ips.map(|ip| SocketAddr::new(ip, port)).collect())
        })
    }

    fn fault(result: Result<Vec<SocketAddr>, ureq::Error>) -> FetchFault {
        match result {
            Err(ureq::Error::Other(error)) => error.downcast::<Refused>().unwrap().0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_name_that_resolves_to_an_address_that_is_not_public_is_refused() {
        for ip in [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
        ] {
            let table: &'static [&'static str] = Box::leak(Box::new([ip]));
            let found = lookup(Rules::new().loopback(), table).find("ca.example.vn", 80);
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!(fault(found), FetchFault::Forbidden { ip: ip.to_string() });
        }
    }

    #[test]
    fn of_several_addresses_only_the_public_ones_are_connected_to() {
        let lookup = lookup(
            Rules::new(),
            &["127.0.0.1", "203.162.0.1", "10.0.0.1", "2001:ee0::1"],
        );
        let found = lookup.find("ca.example.vn", 80).unwrap();
        let ips: Vec<String> = found
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        assert_eq!(ips, ["203.162.0.1", "2001:ee0::1"]);
    }

    #[test]
    fn a_host_is_looked_up_once_and_connected_to_at_that_very_address() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        // The second answer would be another: nobody asks for it.
        let lookup = Lookup::by(Rules::new(), |_, port| {
            let first = ASKED.fetch_add(1, Ordering::SeqCst) == 0;
            let ip = if first { "203.162.0.1" } else { "127.0.0.1" };
            Ok(vec![SocketAddr::new(ip.parse().unwrap(), port)])
        });
        let uri: Uri = "http://ca.example.vn/x".parse().unwrap();
        let after = ureq::unversioned::transport::time::Duration::NotHappening;
        let timeout = NextTimeout {
            after,
            reason: ureq::Timeout::Resolve,
            ..NextTimeout::default()
        };
        let lookup = Shared(Arc::new(lookup));
        let found = lookup.resolve(&uri, &Config::default(), timeout).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "203.162.0.1:80");
        assert_eq!(ASKED.load(Ordering::SeqCst), 1);
    }
}
