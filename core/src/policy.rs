//! What is accepted, and until when: [`Policy`], plain data that shows itself in the report by name
//! and SHA-256.
//!
//! A policy can only narrow or date what is accepted; it has no switch that skips a check. Dated
//! rules are judged at the *proven* time of the signature, else at the validation time.

use std::fmt::Write as _;

use crate::crypto;
use crate::time::Time;

/// The rules a signature is judged by.
///
/// ```
/// let policy = kyso::Policy::default();
/// assert_eq!(policy.name(), "default");
/// assert!(kyso::Policy::named("path-only").is_some());
/// assert!(kyso::Policy::named("anything-goes").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    name: &'static str,
    digests: Vec<DigestRule>,
    rsa_bits: u32,
    ec_bits: u32,
    revocation: Revocation,
}

/// One hash that may be used, and its last moment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DigestRule {
    name: &'static str,
    until: Option<Time>,
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

impl Default for Policy {
    fn default() -> Self {
        Self {
            name: "default",
            digests: digests(),
            rsa_bits: 2_048,
            ec_bits: 256,
            revocation: Revocation::Required,
        }
    }
}

impl Policy {
    /// A built-in policy by name: `default` (the law of the signing time) or `path-only` (RFC 5280
    /// alone). `None` for any other name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::default()),
            "path-only" => Some(Self {
                name: "path-only",
                ..Self::default()
            }),
            _ => None,
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
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The policy as TOML, the text that [`sha256`](Policy::sha256) is taken over.
    pub fn to_toml(&self) -> String {
        let mut text = format!(
            "name = \"{}\"\nrevocation = \"{}\"\nmin_rsa_bits = {}\nmin_ec_bits = {}\n",
            self.name,
            self.revocation.as_str(),
            self.rsa_bits,
            self.ec_bits
        );
        for rule in &self.digests {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n[[digest]]\nname = \"{}\"\n", rule.name);
            if let Some(until) = rule.until {
                let _ = writeln!(text, "until = {until}");
            }
        }
        text
    }

    /// SHA-256 of [`to_toml`](Policy::to_toml).
    pub fn sha256(&self) -> [u8; 32] {
        crypto::sha256(self.to_toml().as_bytes())
    }

    /// Whether a hash of this name protects at this time.
    pub(crate) fn accepts_digest(&self, name: &str, at: Time) -> bool {
        self.digests
            .iter()
            .any(|rule| rule.name == name && rule.until.is_none_or(|until| at <= until))
    }

    /// Whether an RSA key of this size protects.
    pub(crate) fn accepts_rsa(&self, bits: u32) -> bool {
        bits >= self.rsa_bits
    }
}

/// Circular 15/2025/TT-BKHCN App. I 1.3, and SHA-1 as history: over a document it passes only until
/// the end of 2016, which nothing can prove before time-stamps are judged.
fn digests() -> Vec<DigestRule> {
    let open = |name| DigestRule { name, until: None };
    let mut all: Vec<DigestRule> = [
        "SHA-256",
        "SHA-384",
        "SHA-512",
        "SHA-512/224",
        "SHA-512/256",
        "SHA3-224",
        "SHA3-256",
        "SHA3-384",
        "SHA3-512",
    ]
    .into_iter()
    .map(open)
    .collect();
    all.push(DigestRule {
        name: "SHA-1",
        // 2016-12-31T23:59:59+07:00
        until: Some(Time::from_unix(1_483_203_599)),
    });
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sha_1_is_accepted_until_the_end_of_2016_and_md5_never() {
        let policy = Policy::default();
        let before = "2016-12-31T23:59:59+07:00".parse().unwrap();
        let after = "2017-01-01T00:00:00+07:00".parse().unwrap();
        assert!(policy.accepts_digest("SHA-1", before));
        assert!(!policy.accepts_digest("SHA-1", after));
        assert!(policy.accepts_digest("SHA-256", after));
        assert!(!policy.accepts_digest("MD5", before));
    }

    #[test]
    fn the_hash_of_a_policy_changes_with_what_it_demands() {
        let strict = Policy::default();
        let lax = strict.clone().revocation(Revocation::None);
        assert_ne!(strict.sha256(), lax.sha256());
    }
}
