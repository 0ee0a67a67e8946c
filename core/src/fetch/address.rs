//! [`Address`]: an http or https address that everybody reads alike, and [`Reach`]: what kind of
//! network an IP address belongs to.
//!
//! Addresses come out of certificates. Readers of URLs differ about user names, backslashes,
//! percent signs in hosts and numbers that stand for IP addresses; whatever they could differ about
//! is refused here, and what is asked is written anew from the parts.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;

use crate::verdict::FetchFault;

/// An http or https address (RFC 9110 §4.2), read strictly.
///
/// ```
/// use kyso::fetch::Address;
///
/// let address = Address::parse("HTTP://CA.gov.vn/pki/pub/crl/cpcag2.crl")?;
/// assert_eq!(address.to_string(), "http://ca.gov.vn/pki/pub/crl/cpcag2.crl");
/// assert_eq!((address.host().to_string().as_str(), address.port()), ("ca.gov.vn", 80));
/// for refused in ["ftp://ca.gov.vn/", "http://ca.gov.vn@10.0.0.1/", "http://0x7f.1/"] {
///     assert!(Address::parse(refused).is_err());
/// }
/// # Ok::<(), kyso::verdict::FetchFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    is_secure: bool,
    host: Host,
    port: u16,
    path: String,
}

/// The host of an [`Address`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name, in lower case and without a dot at its end.
    Name(String),
    /// An IP address.
    Ip(IpAddr),
}

impl Address {
    /// Reads an address. Gives [`FetchFault::Address`] for anything that is not plainly one.
    pub fn parse(text: &str) -> Result<Self, FetchFault> {
        let refuse = |what| Err(FetchFault::Address { what });
        if text.len() > LONGEST {
            return refuse("too long");
        }
        if !text.bytes().all(is_plain) {
            return refuse("characters that do not stand in an address");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return refuse("no scheme");
        };
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return refuse("a scheme that is not http or https"),
        };
        if rest.contains('#') {
            return refuse("a fragment");
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return refuse("a user name or password");
        }
        let (host, port) = host_and_port(authority)?;
        let path = match path {
            "" => "/".to_owned(),
            path if path.starts_with('?') => format!("/{path}"),
            path => path.to_owned(),
        };
        Ok(Self {
            is_secure,
            host,
            port: port.unwrap_or(if is_secure { 443 } else { 80 }),
            path,
        })
    }

    /// Whether it is https.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port: 80 or 443 where the address names none.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path with the query, beginning with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether this address lies under a prefix: the same scheme, host and port, and a path that
    /// begins as the prefix's does and climbs nowhere (no `..`, no percent sign, no query).
    pub fn is_under(&self, prefix: &Self) -> bool {
        let is_straight = !self.path.contains("..") && !self.path.contains(['%', '?', ';']);
        self.is_secure == prefix.is_secure
            && self.host == prefix.host
            && self.port == prefix.port
            && (self.path == prefix.path
                || (is_straight
                    && prefix.path.ends_with('/')
                    && self.path.starts_with(&prefix.path)))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.is_secure {
            ("https", 443)
        } else {
            ("http", 80)
        };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != usual {
            write!(f, ":{}", self.port)?;
        }
        f.write_str(&self.path)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ip(IpAddr::V4(ip)) => write!(f, "{ip}"),
            Self::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]"),
        }
    }
}

fn host_and_port(authority: &str) -> Result<(Host, Option<u16>), FetchFault> {
    let refuse = |what| FetchFault::Address { what };
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (inside, behind) = rest
            .split_once(']')
            .ok_or_else(|| refuse("an IPv6 address that does not end"))?;
        let ip: Ipv6Addr = inside
            .parse()
            .map_err(|_| refuse("no IPv6 address in brackets"))?;
        let port = match behind {
            "" => None,
            behind => Some(
                behind
                    .strip_prefix(':')
                    .ok_or_else(|| refuse("something behind an IPv6 address"))?,
            ),
        };
        (Host::Ip(IpAddr::V6(ip)), port)
    } else {
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        (named(host)?, port)
    };
    let Some(port) = port else {
        return Ok((host, None));
    };
    if port.is_empty() || port.len() > 5 || !port.bytes().all(|c| c.is_ascii_digit()) {
        return Err(refuse("a port that is no number"));
    }
    match port.parse::<u16>() {
        Ok(port) if port > 0 => Ok((host, Some(port))),
        _ => Err(refuse("a port that does not exist")),
    }
}

fn named(host: &str) -> Result<Host, FetchFault> {
    let refuse = |what| Err(FetchFault::Address { what });
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if host.is_empty() || host.len() > 253 {
        return refuse("no host");
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
    };
    if !host.split('.').all(is_label) {
        return refuse("a host that is no name");
    }
    // A last part that is a number makes the whole an IPv4 address for some readers, in decimal,
    // octal or hexadecimal and with one to four parts; only the usual form is read.
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number = last.bytes().all(|c| c.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_hexdigit()));
    if is_number {
        return match host.parse::<Ipv4Addr>() {
            Ok(ip) => Ok(Host::Ip(IpAddr::V4(ip))),
            Err(_) => refuse("an IP address in an unusual form"),
        };
    }
    Ok(Host::Name(host))
}

/// The printable characters of RFC 3986, those left out that readers turn into others.
fn is_plain(c: u8) -> bool {
    c.is_ascii_graphic()
        && !matches!(
            c,
            b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}'
        )
}

/// What kind of network an IP address belongs to (the registries of special addresses, RFC 6890).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The public network.
    Public,
    /// A network of one's own (RFC 1918, RFC 4193) or of a provider (RFC 6598).
    Private,
    /// This very machine, by the one address 127.0.0.1.
    Loopback,
    /// An address that no server of the kind we ask has: other loopback addresses, link-local ones
    /// (where clouds hand out their secrets), multicast, documentation, tests, reserved ones, and
    /// forms that hide another address.
    Never,
}

impl Reach {
    /// What kind of network this address belongs to. An address that carries an IPv4 address inside
    /// (mapped, or translated by RFC 6052) is public where that one is, and nothing else.
    ///
    /// ```
    /// use kyso::fetch::Reach;
    ///
    /// let of = |text: &str| Reach::of(text.parse().unwrap());
    /// assert_eq!(of("203.162.0.1"), Reach::Public);
    /// assert_eq!(of("10.0.0.1"), Reach::Private);
    /// assert_eq!(of("169.254.169.254"), Reach::Never);
    /// assert_eq!(of("::ffff:10.0.0.1"), Reach::Never);
    /// ```
    pub fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => of_v4(ip),
            IpAddr::V6(ip) => of_v6(ip),
        }
    }
}

fn of_v4(ip: Ipv4Addr) -> Reach {
    if ip == Ipv4Addr::LOCALHOST {
        return Reach::Loopback;
    }
    match ip.octets() {
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Reach::Private,
        // This network, loopback, link-local.
        [0 | 127, ..] | [169, 254, ..] => Reach::Never,
        // Protocol assignments, documentation, 6to4 relays, tests.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => Reach::Never,
        [198, 51, 100, _] | [203, 0, 113, _] => Reach::Never,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => Reach::Never,
        _ => Reach::Public,
    }
}

fn of_v6(ip: Ipv6Addr) -> Reach {
    let inside = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        match of_v4(Ipv4Addr::new(a, b, c, d)) {
            Reach::Public => Reach::Public,
            _ => Reach::Never,
        }
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            inside(high, low)
        }
        [0xfc00..=0xfdff, ..] => Reach::Private,
        // Teredo, ORCHID, tests and other assignments; documentation; 6to4.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] => Reach::Never,
        [0x3fff, 0..=0xfff, ..] => Reach::Never,
        // The only space that is given out (RFC 4291 §2.4).
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Never,
    }
}

/// Octets of an address. Real ones have less than 200.
const LONGEST: usize = 2_048;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn every_special_network_is_told_from_the_public_one_on_both_of_its_edges() {
        use Reach::{Loopback, Never, Private, Public};
        let table = [
            ("0.0.0.0", Never),
            ("0.255.255.255", Never),
            ("1.0.0.0", Public),
            ("9.255.255.255", Public),
            ("10.0.0.0", Private),
            ("10.255.255.255", Private),
            ("11.0.0.0", Public),
            ("100.63.255.255", Public),
            ("100.64.0.0", Private),
            ("100.127.255.255", Private),
            ("100.128.0.0", Public),
            ("126.255.255.255", Public),
            ("127.0.0.0", Never),
            ("127.0.0.1", Loopback),
            ("127.0.0.2", Never),
            ("127.255.255.255", Never),
            ("128.0.0.0", Public),
            ("169.253.255.255", Public),
            ("169.254.0.0", Never),
            ("169.254.169.254", Never),
            ("169.254.255.255", Never),
            ("169.255.0.0", Public),
            ("172.15.255.255", Public),
            ("172.16.0.0", Private),
            ("172.31.255.255", Private),
            ("172.32.0.0", Public),
            ("191.255.255.255", Public),
            ("192.0.0.0", Never),
            ("192.0.0.255", Never),
            ("192.0.1.0", Public),
            ("192.0.2.0", Never),
            ("192.0.2.255", Never),
            ("192.0.3.0", Public),
            ("192.88.98.255", Public),
            ("192.88.99.0", Never),
            ("192.88.99.255", Never),
            ("192.88.100.0", Public),
            ("192.167.255.255", Public),
            ("192.168.0.0", Private),
            ("192.168.255.255", Private),
            ("192.169.0.0", Public),
            ("198.17.255.255", Public),
            ("198.18.0.0", Never),
            ("198.19.255.255", Never),
            ("198.20.0.0", Public),
            ("198.51.99.255", Public),
            ("198.51.100.0", Never),
            ("198.51.100.255", Never),
            ("198.51.101.0", Public),
            ("203.0.112.255", Public),
            ("203.0.113.0", Never),
            ("203.0.113.255", Never),
            ("203.0.114.0", Public),
            ("223.255.255.255", Public),
            ("224.0.0.0", Never),
            ("239.255.255.255", Never),
            ("240.0.0.0", Never),
            ("255.255.255.255", Never),
            ("::", Never),
            ("::1", Never),
            ("::2", Never),
            ("::127.0.0.1", Never),
            ("::203.162.0.1", Never),
            ("::ffff:127.0.0.1", Never),
            ("::ffff:10.0.0.1", Never),
            ("::ffff:169.254.169.254", Never),
            ("::ffff:0.0.0.0", Never),
            ("::ffff:203.162.0.1", Public),
            ("::ffff:0:203.162.0.1", Never),
            ("64:ff9b::127.0.0.1", Never),
            ("64:ff9b::192.168.1.1", Never),
            ("64:ff9b::203.162.0.1", Public),
            ("64:ff9b:1::203.162.0.1", Never),
            ("100::1", Never),
            ("1fff:ffff::", Never),
            ("2000::", Public),
            ("2001::1", Never),
            ("2001:0:4136:e378::1", Never),
            ("2001:2::1", Never),
            ("2001:10::1", Never),
            ("2001:20::1", Never),
            ("2001:1ff:ffff::", Never),
            ("2001:200::1", Public),
            ("2001:db7::1", Public),
            ("2001:db8::1", Never),
            ("2001:db8:ffff::1", Never),
            ("2001:db9::1", Public),
            ("2001:ee0::1", Public),
            ("2002:7f00:1::", Never),
            ("2002:cba2:1::", Never),
            ("2003::1", Public),
            ("2400::1", Public),
            ("3ffe::1", Public),
            ("3fff::1", Never),
            ("3fff:fff::1", Never),
            ("3fff:1000::1", Public),
            ("4000::1", Never),
            ("5f00::1", Never),
            ("fbff::1", Never),
            ("fc00::1", Private),
            ("fdff:ffff::1", Private),
            ("fe00::1", Never),
            ("fe80::1", Never),
            ("febf::1", Never),
            ("fec0::1", Never),
            ("ff00::1", Never),
            ("ff02::1", Never),
            ("ffff::1", Never),
        ];
        for (text, reach) in table {
            assert_eq!(Reach::of(text.parse().unwrap()), reach, "{text}");
        }
    }

    #[test]
    fn an_ipv4_address_in_any_other_spelling_is_refused_and_never_taken_for_a_name() {
        for text in [
            "http://2130706433/",
            "http://0x7f000001/",
            "http://017700000001/",
            "http://127.1/",
            "http://127.0.1/",
            "http://0177.0.0.1/",
            "http://127.0.0.01/",
            "http://0x7f.0.0.1/",
            "http://127.0.0.0x1/",
            "http://1.2.3.4.5/",
            "http://256.1.1.1/",
            "http://4294967296/",
            "http://a.0x/",
            "http://a.1/",
            "http://127.0.0.1../",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        for (text, reach) in [
            ("http://127.0.0.1/", Reach::Loopback),
            ("http://127.0.0.1./", Reach::Loopback),
            ("http://10.0.0.1:80/x", Reach::Private),
            ("http://[::1]/", Reach::Never),
            ("http://[::ffff:7f00:1]:80/", Reach::Never),
            ("http://[::FFFF:127.0.0.1]/", Reach::Never),
        ] {
            let Host::Ip(ip) = Address::parse(text).unwrap().host else {
                panic!("{text} is no name");
            };
            assert_eq!(Reach::of(ip), reach, "{text}");
        }
    }

    #[test]
    fn what_readers_of_addresses_differ_about_is_refused() {
        for text in [
            "",
            "ca.gov.vn/x",
            "//ca.gov.vn/x",
            "http:ca.gov.vn/x",
            "ldap://ca.gov.vn/cn=x",
            "ftp://ca.gov.vn/x",
            "file:///etc/passwd",
            "gopher://ca.gov.vn/",
            "http://",
            "http:///x",
            "http://user@ca.gov.vn/",
            "http://user:secret@ca.gov.vn/",
            "http://ca.gov.vn@127.0.0.1/",
            "http://127.0.0.1\\@ca.gov.vn/",
            "http://ca.gov.vn\\x",
            "http://ca.gov.vn#@127.0.0.1/",
            "http://ca.gov.vn/x#y",
            "http://ca.gov.vn:/",
            "http://ca.gov.vn:0/",
            "http://ca.gov.vn:65536/",
            "http://ca.gov.vn:+80/",
            "http://ca.gov.vn:80:80/",
            "http://ca%2egov.vn/",
            "http://127%2e0.0.1/",
            "http://ca.gov..vn/",
            "http://.gov.vn/",
            "http://ca gov.vn/",
            "http://ca.gov.vn/a b",
            "http://ca.gov.vn/a\r\nHost: x",
            "http://ca.gov.vn/\u{0}",
            "http://cà.gov.vn/",
            "http://１２７.0.0.1/",
            "http://[::1/",
            "http://[::1]x/",
            "http://[fe80::1%25eth0]/",
            "http://[1.2.3.4]/",
            "http://[]/",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        let long = format!("http://ca.gov.vn/{}", "a".repeat(LONGEST));
        assert!(Address::parse(&long).is_err());
    }

    #[test]
    fn what_is_asked_is_written_anew_from_the_parts() {
        for (text, anew) in [
            ("HTTP://Ca.Gov.VN", "http://ca.gov.vn/"),
            ("http://ca.gov.vn:80/a?b=c", "http://ca.gov.vn/a?b=c"),
            (
                "https://rootca.gov.vn:443/crl/x",
                "https://rootca.gov.vn/crl/x",
            ),
            ("https://rootca.gov.vn:80/x", "https://rootca.gov.vn:80/x"),
            ("http://a-b_c.vn?x", "http://a-b_c.vn/?x"),
            ("http://[2001:EE0:0::1]:8080/", "http://[2001:ee0::1]:8080/"),
            (
                "http://h.vn/CertEnroll/CA%20So.crl",
                "http://h.vn/CertEnroll/CA%20So.crl",
            ),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.to_string(), anew);
            assert_eq!(Address::parse(anew).unwrap(), address);
        }
    }

    #[test]
    fn an_address_is_under_a_prefix_only_on_the_same_server_and_without_climbing() {
        let is_under = |address: &str, prefix: &str| {
            Address::parse(address)
                .unwrap()
                .is_under(&Address::parse(prefix).unwrap())
        };
        let prefix = "http://ca.gov.vn/pki/";
        assert!(is_under("http://CA.gov.vn/pki/pub/crt/cp.crt", prefix));
        assert!(is_under("http://ca.gov.vn/a.crt", "http://ca.gov.vn/a.crt"));
        for elsewhere in [
            "https://ca.gov.vn/pki/x",
            "http://ca.gov.vn:8080/pki/x",
            "http://ca.gov.vn.evil.example/pki/x",
            "http://evil-ca.gov.vn/pki/x",
            "http://ca.gov.vn/other/x",
            "http://ca.gov.vn/pki/../admin",
            "http://ca.gov.vn/pki/%2e%2e/admin",
            "http://ca.gov.vn/pki/x?do=something",
            "http://ca.gov.vn/pki/x;y",
        ] {
            assert!(!is_under(elsewhere, prefix), "{elsewhere}");
        }
        assert!(!is_under(
            "http://ca.gov.vn/a.crtx",
            "http://ca.gov.vn/a.crt"
        ));
        assert!(!is_under("http://ca.gov.vn/ab/x", "http://ca.gov.vn/a"));
    }
}
