//! [`Rules`]: which hosts may be connected to.

use std::net::IpAddr;
use std::time::Duration;

use kyso::fetch::{Address, Host, Reach};
use kyso::verdict::FetchFault;
use kyso::{Error, ErrorKind, Place};

/// Which hosts may be connected to, and for how long. The default: public addresses alone, on the
/// ports 80 and 443, without a proxy.
///
/// ```
/// use kyso_fetch::Rules;
///
/// // A server of one's own network, by name: it may have a private address.
/// let rules = Rules::new().allow("ca.btc")?.allow("pki.coquan.vn:8080")?;
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rules {
    loopback: bool,
    allowed: Vec<(Host, Option<u16>)>,
    services: Vec<(Host, u16)>,
    proxy: Option<String>,
    pub(crate) connect: Duration,
    pub(crate) total: Duration,
}

impl Rules {
    /// Public hosts alone; 5 seconds to connect, 30 for the whole answer.
    pub fn new() -> Self {
        Self {
            loopback: false,
            allowed: Vec::new(),
            services: Vec::new(),
            proxy: None,
            connect: Duration::from_secs(5),
            total: Duration::from_secs(30),
        }
    }

    /// Also permits 127.0.0.1, on every port: for `kyso sandbox`, to develop against.
    #[must_use]
    pub fn loopback(mut self) -> Self {
        self.loopback = true;
        self
    }

    /// Also permits this host (`NAME`, `NAME:PORT` or an IP address) to have a private address, and
    /// the port where one is given. Never one of the addresses of [`Reach::Never`], nor loopback.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for what is no host.
    pub fn allow(mut self, host: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::new(
                ErrorKind::Misuse,
                "a host, or a host and its port, is expected",
            )
            .at(Place::Part(host.to_owned()))
        };
        if host.contains('/') {
            return Err(wrong());
        }
        let address = Address::parse(&format!("http://{host}/")).map_err(|_| wrong())?;
        // A port that is written is meant, 80 too.
        let has_port = host
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.contains(']'));
        let port = has_port.then(|| address.port());
        self.allowed.push((address.host().clone(), port));
        Ok(self)
    }

    /// Also permits the host and port of this address wherever it is, on this machine or in a
    /// private network: a service that the operator names, such as for time-stamps. Never one of
    /// the addresses of [`Reach::Never`].
    ///
    /// ```
    /// let rules = kyso_fetch::Rules::new().service("http://tsa.coquan.local:8080/tsa")?;
    /// # Ok::<(), kyso::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for what is no http or https address.
    pub fn service(mut self, address: &str) -> Result<Self, Error> {
        let address = Address::parse(address).map_err(|_| {
            Error::new(ErrorKind::Misuse, "an http or https address is expected")
                .in_vietnamese("cần một địa chỉ http hoặc https")
                .at(Place::Part(address.to_owned()))
        })?;
        self.services.push((address.host().clone(), address.port()));
        Ok(self)
    }

    /// Asks through this proxy (`http://host:port`). The proxy then looks hosts up, and has to keep
    /// them from private addresses itself; the environment's proxies are never used.
    #[must_use]
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// How long to wait for a connection, and for a whole answer.
    #[must_use]
    pub fn patience(mut self, connect: Duration, total: Duration) -> Self {
        self.connect = connect;
        self.total = total;
        self
    }

    /// A client that keeps these rules.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] for a proxy that is no http address.
    #[cfg(feature = "http")]
    pub fn http(self) -> Result<crate::Http, Error> {
        crate::Http::new(self)
    }

    #[cfg(feature = "http")]
    pub(crate) fn proxy_address(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Whether an address may be asked at all, before anything is looked up.
    pub(crate) fn permits(&self, address: &Address) -> Result<(), FetchFault> {
        if self.is_service(address.host(), address.port()) {
            return match address.host() {
                Host::Ip(ip) => self.permits_ip(address.host(), address.port(), *ip),
                Host::Name(_) => Ok(()),
            };
        }
        match address.host() {
            Host::Ip(ip) => self.permits_ip(address.host(), address.port(), *ip)?,
            Host::Name(name) => {
                let is_own = name == "localhost"
                    || !name.contains('.')
                    || OWN.iter().any(|suffix| name.ends_with(suffix));
                if is_own && !self.allows(address.host(), address.port()) {
                    return Err(FetchFault::Forbidden { ip: name.clone() });
                }
            }
        }
        let is_usual = matches!(
            (address.is_secure(), address.port()),
            (false, 80) | (true, 443)
        );
        let is_loopback =
            matches!(address.host(), Host::Ip(ip) if Reach::of(*ip) == Reach::Loopback);
        if is_usual || is_loopback || self.allows_port(address.host(), address.port()) {
            return Ok(());
        }
        Err(FetchFault::Address {
            what: "a port that is not the usual one",
        })
    }

    /// Whether the host may be connected to at this IP address.
    pub(crate) fn permits_ip(&self, host: &Host, port: u16, ip: IpAddr) -> Result<(), FetchFault> {
        let is_permitted = match Reach::of(ip) {
            Reach::Public => true,
            Reach::Private => self.allows(host, port) || self.is_service(host, port),
            // Written so in the address: a name that resolves to it is not the sandbox.
            Reach::Loopback => {
                self.loopback && *host == Host::Ip(ip) || self.is_service(host, port)
            }
            Reach::Never => false,
        };
        if is_permitted {
            Ok(())
        } else {
            Err(FetchFault::Forbidden { ip: ip.to_string() })
        }
    }

    fn is_service(&self, host: &Host, port: u16) -> bool {
        self.services
            .iter()
            .any(|(name, number)| name == host && *number == port)
    }

    fn allows(&self, host: &Host, port: u16) -> bool {
        self.allowed
            .iter()
            .any(|(name, number)| name == host && number.is_none_or(|number| number == port))
    }

    fn allows_port(&self, host: &Host, port: u16) -> bool {
        self.allowed
            .iter()
            .any(|(name, number)| name == host && *number == Some(port))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::new()
    }
}

/// Names that mean this machine or this network, whoever looks them up.
const OWN: [&str; 4] = [".localhost", ".local", ".internal", ".home.arpa"];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn permits(rules: &Rules, address: &str) -> bool {
        rules.permits(&Address::parse(address).unwrap()).is_ok()
    }

    #[test]
    fn only_public_hosts_on_their_own_ports_are_asked() {
        let rules = Rules::new();
        assert!(permits(&rules, "http://ca.gov.vn/x"));
        assert!(permits(&rules, "https://rootca.gov.vn/x"));
        assert!(permits(&rules, "http://203.162.0.1/x"));
        for refused in [
            "http://ca.gov.vn:8080/x",
            "http://ca.gov.vn:443/x",
            "https://rootca.gov.vn:80/x",
            "http://ca.gov.vn:22/",
            "http://localhost/x",
            "http://LOCALHOST./x",
            "http://a.localhost/x",
            "http://intranet/x",
            "http://printer.local/x",
            "http://metadata.google.internal/x",
            "http://127.0.0.1/x",
            "http://127.0.0.1:18999/x",
            "http://127.0.0.2/x",
            "http://10.1.2.3/x",
            "http://169.254.169.254/latest/meta-data/",
            "http://0.0.0.0/x",
            "http://[::1]/x",
            "http://[::ffff:127.0.0.1]/x",
            "http://[fe80::1]/x",
            "http://[fd00::1]/x",
        ] {
            assert!(!permits(&rules, refused), "{refused}");
        }
    }

    #[test]
    fn loopback_is_permitted_by_its_number_alone_and_nothing_else_with_it() {
        let rules = Rules::new().loopback();
        assert!(permits(&rules, "http://127.0.0.1:8888/ocsp"));
        for refused in [
            "http://127.0.0.2:8888/",
            "http://[::1]:8888/",
            "http://[::ffff:127.0.0.1]:8888/",
            "http://localhost:8888/",
            "http://10.0.0.1/",
        ] {
            assert!(!permits(&rules, refused), "{refused}");
        }
        let name = Host::Name("ca.example.vn".into());
        let ip = "127.0.0.1".parse().unwrap();
        assert!(rules.permits_ip(&name, 80, ip).is_err());
    }

    #[test]
    fn a_host_that_the_operator_allows_may_be_private_and_never_link_local_or_loopback() {
        let rules = Rules::new()
            .allow("ca.btc")
            .and_then(|rules| rules.allow("pki.coquan.vn:8080"))
            .and_then(|rules| rules.allow("10.1.2.3"))
            .unwrap();
        let at = |host: &str, port, ip: &str| {
            let host = Host::Name(host.into());
            rules.permits_ip(&host, port, ip.parse().unwrap()).is_ok()
        };
        assert!(at("ca.btc", 80, "10.0.0.5") && at("ca.btc", 80, "fd00::1"));
        assert!(!at("ca.btc", 80, "127.0.0.1") && !at("ca.btc", 80, "169.254.169.254"));
        assert!(!at("other.btc", 80, "10.0.0.5"));
        assert!(permits(&rules, "http://ca.btc/x") && !permits(&rules, "http://ca.btc:81/x"));
        assert!(permits(&rules, "http://pki.coquan.vn:8080/x"));
        assert!(!permits(&rules, "http://pki.coquan.vn:8081/x"));
        assert!(permits(&rules, "http://10.1.2.3/x") && !permits(&rules, "http://10.1.2.4/x"));
        for wrong in [
            "",
            "http://ca.btc",
            "ca.btc/x",
            "a b",
            "user@ca.btc",
            "ca.btc:0",
        ] {
            assert!(Rules::new().allow(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_service_that_the_operator_names_may_be_anywhere_and_nothing_beside_it() {
        let rules = Rules::new()
            .service("http://127.0.0.1:3318/tsa")
            .and_then(|rules| rules.service("http://localhost:8080/"))
            .and_then(|rules| rules.service("http://tsa.noibo/"))
            .and_then(|rules| rules.service("http://169.254.169.254/"))
            .unwrap();
        assert!(permits(&rules, "http://127.0.0.1:3318/tsa"));
        assert!(permits(&rules, "http://localhost:8080/tsa"));
        assert!(permits(&rules, "http://tsa.noibo/"));
        for refused in [
            "http://127.0.0.1:3319/tsa",
            "http://127.0.0.1/",
            "http://localhost/",
            "http://tsa.noibo:81/",
            "http://169.254.169.254/",
        ] {
            assert!(!permits(&rules, refused), "{refused}");
        }
        let at = |host: &str, port, ip: &str| {
            let host = Host::Name(host.into());
            rules.permits_ip(&host, port, ip.parse().unwrap()).is_ok()
        };
        assert!(at("localhost", 8080, "127.0.0.1") && at("tsa.noibo", 80, "10.0.0.5"));
        assert!(!at("localhost", 80, "127.0.0.1") && !at("tsa.noibo", 80, "169.254.169.254"));
        assert!(!at("ca.example.vn", 80, "127.0.0.1"));
        assert!(Rules::new().service("ftp://tsa/").is_err());
    }
}
