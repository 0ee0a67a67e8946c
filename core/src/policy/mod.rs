//! What is accepted, and until when: [`Policy`], plain dated data that shows itself in the report
//! by name and SHA-256.
//!
//! A policy can only narrow or date what is accepted. There is no switch in it that skips a check,
//! and a key that is not known is an error, so that none can be smuggled in. Dated rules are judged
//! at the *proven* time of the signature, else at the validation time.
//!
//! The built-in policies are TOML texts like anybody's own; `docs/POLICY.md` describes the format.

mod read;

use std::fmt::Write as _;

use crate::crypto::{self, KeyKind, SignatureAlgorithm};
use crate::error::Error;
use crate::time::Time;

/// The rules a signature is judged by.
///
/// ```
/// let policy = kyso::Policy::default();
/// assert_eq!(policy.name(), "default");
/// assert!(kyso::Policy::named("path-only").is_some());
/// assert!(kyso::Policy::named("anything-goes").is_none());
///
/// let own = policy.to_toml().replace("\"default\"", "\"ours\"");
/// assert_eq!(kyso::Policy::from_toml(&own)?.name(), "ours");
/// assert!(kyso::Policy::from_toml(&format!("skip = true\n{own}")).is_err());
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    name: String,
    title_vi: String,
    title_en: String,
    sources: Vec<Source>,
    digests: Vec<DigestRule>,
    keys: Vec<KeyRule>,
    rsa_pkcs1: RsaPkcs1,
    time_stamp_demanded: bool,
    longest_delay: Option<i64>,
    status_age: i64,
    clock_tolerance: i64,
    catalogue: Option<Time>,
    revocation: Revocation,
}

/// An instrument that a policy rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// Its name.
    pub instrument: String,
    /// The part of it.
    pub item: String,
    /// In force since.
    pub from: Option<Time>,
    /// In force until.
    pub until: Option<Time>,
}

/// One hash that may be used, and its last moment for each use; no moment: without end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DigestRule {
    name: String,
    document: Option<Time>,
    imprint: Option<Time>,
    token: Option<Time>,
    status: Option<Time>,
}

/// Keys of a kind from a size on; the rule with the greatest size not above the key's counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyRule {
    kind: KeyFamily,
    min_bits: u32,
    until: Option<Time>,
    foreseen_end: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyFamily {
    Rsa,
    Ec,
}

/// What RSA PKCS#1 v1.5 over a document means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RsaPkcs1 {
    Accepted,
    Note,
    Indeterminate,
}

/// Whether the certificate status counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Revocation {
    /// Every certificate below the anchor needs evidence of its status.
    #[default]
    Required,
    /// Missing evidence does not count; evidence that is present is obeyed, and the report says so.
    None,
}

impl Revocation {
    /// The word on the command line: `required` or `none`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::None => "none",
        }
    }
}

/// What an algorithm is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// The digest over a document.
    Document,
    /// The signature over the attributes.
    Signature,
    /// The imprint of a time-stamp.
    Imprint,
    /// The signature of a time-stamp token.
    Token,
    /// The signature of a CRL or an OCSP response.
    Status,
}

/// What the policy says of an algorithm at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acceptance {
    /// Accepted.
    Accepted,
    /// Accepted, and a departure to be named.
    Departure,
    /// It was accepted until this moment.
    Ended { since: Time },
    /// Not accepted at any time.
    Refused,
}

impl Acceptance {
    /// Whether it may be relied on.
    pub(crate) fn holds(self) -> bool {
        matches!(self, Self::Accepted | Self::Departure)
    }
}

impl Default for Policy {
    fn default() -> Self {
        // The text is a part of the program and a test reads each of them.
        read::policy(DEFAULT).unwrap_or_else(|_| Self::closed())
    }
}

impl Policy {
    /// A built-in policy by name; `None` for any other.
    ///
    /// - `default`: the law in force at the proven signing time;
    /// - `circular-15-2025-strict`: as `default`, and RSA PKCS#1 v1.5 does not pass, since
    ///   Circular 15/2025/TT-BKHCN App. I 1.2 names RSASSA-PSS;
    /// - `state-practice`: as `default`, and a time-stamp is demanded, as every real state
    ///   signature has one;
    /// - `path-only`: RFC 5280 alone, for paths.
    pub fn named(name: &str) -> Option<Self> {
        let text = match name {
            "default" => DEFAULT,
            "circular-15-2025-strict" => STRICT,
            "state-practice" => PRACTICE,
            "path-only" => PATH_ONLY,
            _ => return None,
        };
        read::policy(text).ok()
    }

    /// The names of the built-in policies.
    pub const NAMES: [&'static str; 4] = [
        "default",
        "circular-15-2025-strict",
        "state-practice",
        "path-only",
    ];

    /// A policy from its TOML text. An unknown key, a missing rule or a value that makes no sense is
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) and names the key.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        read::policy(text)
    }

    /// A built-in policy by its name, else the policy of a TOML text: what the doors take as one
    /// argument. [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) for anything else.
    pub fn of(name_or_toml: &str) -> Result<Self, Error> {
        match Self::named(name_or_toml) {
            Some(policy) => Ok(policy),
            None => Self::from_toml(name_or_toml),
        }
    }

    /// Accepts nothing: what stands where a text could not be read.
    fn closed() -> Self {
        Self {
            name: "closed".into(),
            title_vi: String::new(),
            title_en: String::new(),
            sources: Vec::new(),
            digests: Vec::new(),
            keys: Vec::new(),
            rsa_pkcs1: RsaPkcs1::Indeterminate,
            time_stamp_demanded: true,
            longest_delay: None,
            status_age: 0,
            clock_tolerance: 0,
            catalogue: None,
            revocation: Revocation::Required,
        }
    }

    /// The same policy with another rule about the certificate status.
    #[must_use]
    pub fn revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }

    /// Whether the certificate status counts.
    pub fn revocation_rule(&self) -> Revocation {
        self.revocation
    }

    /// The policy's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, in a language.
    pub fn title(&self, lang: crate::Lang) -> &str {
        lang.pick(&self.title_vi, &self.title_en)
    }

    /// The instruments it rests on.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The instruments in force at a time (R-001): what a verdict about that time may cite.
    pub fn in_force(&self, at: Time) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(move |source| {
            source.from.is_none_or(|from| from <= at)
                && source.until.is_none_or(|until| at <= until)
        })
    }

    /// The policy as TOML in one spelling, the text that [`sha256`](Policy::sha256) is taken over.
    pub fn to_toml(&self) -> String {
        let quote = |text: &str| serde_json::Value::from(text).to_string();
        let mut text = String::new();
        // Writing to a string cannot fail.
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "{key} = {value}");
        };
        line("name", quote(&self.name));
        line("title_vi", quote(&self.title_vi));
        line("title_en", quote(&self.title_en));
        line("revocation", quote(self.revocation.as_str()));
        line("status_age_hours", (self.status_age / HOUR).to_string());
        line("clock_tolerance_seconds", self.clock_tolerance.to_string());
        line(
            "rsa_pkcs1",
            quote(match self.rsa_pkcs1 {
                RsaPkcs1::Accepted => "accepted",
                RsaPkcs1::Note => "note",
                RsaPkcs1::Indeterminate => "indeterminate",
            }),
        );
        line(
            "time_stamp",
            quote(if self.time_stamp_demanded {
                "demanded"
            } else {
                "optional"
            }),
        );
        if let Some(delay) = self.longest_delay {
            line("longest_delay_seconds", delay.to_string());
        }
        if let Some(catalogue) = self.catalogue {
            line("catalogue", catalogue.to_string());
        }
        for source in &self.sources {
            line("\n[[source]]\ninstrument", quote(&source.instrument));
            line("item", quote(&source.item));
            for (key, time) in [("from", source.from), ("until", source.until)] {
                if let Some(time) = time {
                    line(key, time.to_string());
                }
            }
        }
        for rule in &self.keys {
            line(
                "\n[[key]]\nkind",
                quote(match rule.kind {
                    KeyFamily::Rsa => "RSA",
                    KeyFamily::Ec => "EC",
                }),
            );
            line("min_bits", rule.min_bits.to_string());
            for (key, time) in [("until", rule.until), ("foreseen_end", rule.foreseen_end)] {
                if let Some(time) = time {
                    line(key, time.to_string());
                }
            }
        }
        for rule in &self.digests {
            line("\n[[digest]]\nname", quote(&rule.name));
            for (key, time) in [
                ("document", rule.document),
                ("imprint", rule.imprint),
                ("token", rule.token),
                ("status", rule.status),
            ] {
                if let Some(time) = time {
                    line(key, time.to_string());
                }
            }
        }
        text
    }

    /// SHA-256 of [`to_toml`](Policy::to_toml).
    pub fn sha256(&self) -> [u8; 32] {
        crypto::sha256(self.to_toml().as_bytes())
    }

    /// Whether a hash of this name protects, for this use, at this time.
    pub(crate) fn digest(&self, name: &str, usage: Use, at: Time) -> Acceptance {
        let Some(rule) = self.digests.iter().find(|rule| rule.name == name) else {
            return Acceptance::Refused;
        };
        let until = match usage {
            Use::Document | Use::Signature => rule.document,
            Use::Imprint => rule.imprint,
            Use::Token => rule.token,
            Use::Status => rule.status,
        };
        match until {
            Some(until) if at > until => Acceptance::Ended { since: until },
            _ => Acceptance::Accepted,
        }
    }

    /// Whether a key of this kind and size protects at this time.
    pub(crate) fn key(&self, kind: KeyKind, bits: u32, at: Time) -> Acceptance {
        let family = match kind {
            KeyKind::Rsa => KeyFamily::Rsa,
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 | KeyKind::Ed25519 => KeyFamily::Ec,
            // What cannot be computed is said where it should have been.
            _ => return Acceptance::Accepted,
        };
        let rule = self
            .keys
            .iter()
            .filter(|rule| rule.kind == family && rule.min_bits <= bits)
            .max_by_key(|rule| rule.min_bits);
        match rule {
            None => Acceptance::Refused,
            Some(rule) => match (rule.until, rule.foreseen_end) {
                (Some(until), _) if at > until => Acceptance::Ended { since: until },
                // The catalogue's ends that lie after its own date are plans, so they warn.
                (_, Some(end)) if at >= end => match self.catalogue {
                    Some(date) if end <= date => Acceptance::Ended { since: end },
                    _ => Acceptance::Departure,
                },
                _ => Acceptance::Accepted,
            },
        }
    }

    /// Whether the policy takes keys that no law of today takes: then paths rest on them too.
    pub(crate) fn accepts_short_keys(&self, at: Time) -> bool {
        self.key(KeyKind::Rsa, 1_024, at).holds()
    }

    /// What the padding of a signature over a document means.
    pub(crate) fn scheme(&self, algorithm: &SignatureAlgorithm) -> Acceptance {
        match (algorithm, self.rsa_pkcs1) {
            (SignatureAlgorithm::RsaPkcs1(_), RsaPkcs1::Note) => Acceptance::Departure,
            (SignatureAlgorithm::RsaPkcs1(_), RsaPkcs1::Indeterminate) => Acceptance::Refused,
            _ => Acceptance::Accepted,
        }
    }

    /// Whether status of this age is fresh. `window` is what its issuer says: `nextUpdate -
    /// thisUpdate`, in seconds; without it the policy's own longest age counts.
    pub(crate) fn is_fresh(&self, age: i64, window: Option<i64>) -> bool {
        age <= window
            .unwrap_or(self.status_age)
            .saturating_add(self.clock_tolerance)
    }

    /// Whether a signature has to carry a time-stamp.
    pub(crate) fn demands_time_stamp(&self) -> bool {
        self.time_stamp_demanded
    }

    /// The most seconds between the claimed time and the time-stamp.
    pub(crate) fn longest_delay(&self) -> Option<i64> {
        self.longest_delay
    }
}

const DEFAULT: &str = include_str!("default.toml");
const STRICT: &str = include_str!("circular-15-2025-strict.toml");
const PRACTICE: &str = include_str!("state-practice.toml");
const PATH_ONLY: &str = include_str!("path-only.toml");
const HOUR: i64 = 3_600;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn sha_1_is_accepted_until_the_end_of_2016_and_md5_never() {
        let policy = Policy::default();
        let before = time("2016-12-31T23:59:59+07:00");
        let after = time("2017-01-01T00:00:00+07:00");
        assert!(policy.digest("SHA-1", Use::Document, before).holds());
        assert!(!policy.digest("SHA-1", Use::Document, after).holds());
        assert!(policy.digest("SHA-1", Use::Imprint, after).holds());
        assert!(policy.digest("SHA-256", Use::Document, after).holds());
        assert!(!policy.digest("MD5", Use::Document, before).holds());
    }

    #[test]
    fn every_built_in_policy_reads_and_writes_itself_the_same() {
        for name in Policy::NAMES {
            let policy = Policy::named(name).unwrap();
            assert_eq!(policy.name(), name);
            let again = Policy::from_toml(&policy.to_toml()).unwrap();
            assert_eq!(policy, again);
            assert_eq!(policy.sha256(), again.sha256());
        }
        assert_eq!(Policy::default().name(), "default");
    }

    #[test]
    fn the_hash_of_a_policy_changes_with_what_it_demands() {
        let strict = Policy::default();
        let lax = strict.clone().revocation(Revocation::None);
        assert_ne!(strict.sha256(), lax.sha256());
    }

    #[test]
    fn a_policy_cannot_skip_a_check_and_says_which_key_is_wrong() {
        let text = Policy::default().to_toml();
        for (wrong, named) in [
            ("skip_revocation = true\n", "skip_revocation"),
            ("revocation = \"sometimes\"\n", "revocation"),
            ("name = 3\n", "name"),
        ] {
            let key = named.to_owned() + " = ";
            let kept: String = text
                .lines()
                .filter(|line| !line.starts_with(&key))
                .map(|line| format!("{line}\n"))
                .collect();
            let error = Policy::from_toml(&(wrong.to_owned() + &kept)).unwrap_err();
            assert!(error.detail().contains(named), "{}", error.detail());
        }
        let no_digest = text.split("\n[[digest]]").next().unwrap();
        assert!(Policy::from_toml(no_digest).is_err());
        assert!(Policy::from_toml(&"[[[[".repeat(10_000)).is_err());
        assert!(Policy::from_toml(&" ".repeat(2_000_000)).is_err());
    }

    #[test]
    fn a_circular_is_cited_only_while_it_is_in_force() {
        let policy = Policy::default();
        let cited = |at: &str| -> Vec<String> {
            policy
                .in_force(time(at))
                .map(|source| source.instrument.clone())
                .collect()
        };
        let now = cited("2026-11-24T00:00:00+07:00");
        assert!(now.iter().any(|name| name.contains("15/2025")));
        assert!(!now.iter().any(|name| name.contains("22/2020")));
        let then = cited("2022-08-25T00:00:00+07:00");
        assert!(then.iter().any(|name| name.contains("22/2020")));
        assert!(!then.iter().any(|name| name.contains("15/2025")));
    }

    #[test]
    fn the_announced_end_of_rsa_2048_warns_and_1024_bits_never_pass() {
        let policy = Policy::default();
        let late = time("2030-01-01T00:00:00+07:00");
        assert_eq!(policy.key(KeyKind::Rsa, 2_048, late), Acceptance::Departure);
        assert_eq!(policy.key(KeyKind::Rsa, 4_096, late), Acceptance::Accepted);
        assert_eq!(policy.key(KeyKind::Rsa, 1_024, late), Acceptance::Refused);
    }
}
