//! Policies as TOML.

use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::policy::{DigestRule, HOUR, KeyFamily, KeyRule, Policy, Revocation, RsaPkcs1, Source};
use crate::time::Time;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    name: String,
    title_vi: String,
    title_en: String,
    revocation: Rule,
    status_age_hours: u32,
    clock_tolerance_seconds: u32,
    rsa_pkcs1: Padding,
    time_stamp: Stamp,
    longest_delay_seconds: Option<u32>,
    catalogue: Option<toml::value::Datetime>,
    #[serde(default)]
    source: Vec<SourceText>,
    key: Vec<KeyText>,
    digest: Vec<DigestText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Rule {
    Required,
    None,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Padding {
    Accepted,
    Note,
    Indeterminate,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stamp {
    Optional,
    Demanded,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceText {
    instrument: String,
    item: String,
    from: Option<toml::value::Datetime>,
    until: Option<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    kind: Kind,
    min_bits: u32,
    until: Option<toml::value::Datetime>,
    foreseen_end: Option<toml::value::Datetime>,
}

#[derive(Deserialize)]
enum Kind {
    #[serde(rename = "RSA")]
    Rsa,
    #[serde(rename = "EC")]
    Ec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DigestText {
    name: String,
    document: Option<toml::value::Datetime>,
    imprint: Option<toml::value::Datetime>,
    token: Option<toml::value::Datetime>,
    status: Option<toml::value::Datetime>,
}

/// See [`Policy::from_toml`].
pub(super) fn policy(text: &str) -> Result<Policy, Error> {
    if text.len() > LONGEST {
        return Err(Error::new(ErrorKind::TooLarge, "policy"));
    }
    let text: Text = toml::from_str(text).map_err(|error| malformed(&error.to_string()))?;
    if text.name.is_empty() || text.digest.is_empty() || text.key.is_empty() {
        return Err(malformed("a policy needs name, key and digest"));
    }
    for (position, rule) in text.digest.iter().enumerate() {
        let known = crate::crypto::DigestAlgorithm::named(&rule.name);
        let is_first = !text
            .digest
            .iter()
            .take(position)
            .any(|other| other.name == rule.name);
        if !known || !is_first {
            return Err(malformed(&format!(
                "digest: {:?} is not known or stands twice",
                rule.name
            )));
        }
    }
    Ok(Policy {
        name: text.name,
        title_vi: text.title_vi,
        title_en: text.title_en,
        sources: text
            .source
            .into_iter()
            .map(|source| {
                Ok(Source {
                    instrument: source.instrument,
                    item: source.item,
                    from: time("source.from", source.from)?,
                    until: time("source.until", source.until)?,
                })
            })
            .collect::<Result<_, Error>>()?,
        digests: text
            .digest
            .into_iter()
            .map(|rule| {
                Ok(DigestRule {
                    name: rule.name,
                    document: time("digest.document", rule.document)?,
                    imprint: time("digest.imprint", rule.imprint)?,
                    token: time("digest.token", rule.token)?,
                    status: time("digest.status", rule.status)?,
                })
            })
            .collect::<Result<_, Error>>()?,
        keys: text
            .key
            .into_iter()
            .map(|rule| {
                Ok(KeyRule {
                    kind: match rule.kind {
                        Kind::Rsa => KeyFamily::Rsa,
                        Kind::Ec => KeyFamily::Ec,
                    },
                    min_bits: rule.min_bits,
                    until: time("key.until", rule.until)?,
                    foreseen_end: time("key.foreseen_end", rule.foreseen_end)?,
                })
            })
            .collect::<Result<_, Error>>()?,
        rsa_pkcs1: match text.rsa_pkcs1 {
            Padding::Accepted => RsaPkcs1::Accepted,
            Padding::Note => RsaPkcs1::Note,
            Padding::Indeterminate => RsaPkcs1::Indeterminate,
        },
        time_stamp_demanded: matches!(text.time_stamp, Stamp::Demanded),
        longest_delay: text.longest_delay_seconds.map(i64::from),
        status_age: i64::from(text.status_age_hours).saturating_mul(HOUR),
        clock_tolerance: i64::from(text.clock_tolerance_seconds),
        catalogue: time("catalogue", text.catalogue)?,
        revocation: match text.revocation {
            Rule::Required => Revocation::Required,
            Rule::None => Revocation::None,
        },
    })
}

/// A moment with its offset; TOML's local dates say too little.
fn time(key: &str, value: Option<toml::value::Datetime>) -> Result<Option<Time>, Error> {
    value
        .map(|value| {
            value
                .to_string()
                .parse()
                .map_err(|_| malformed(&format!("{key}: a date and time with offset is wanted")))
        })
        .transpose()
}

fn malformed(detail: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("policy: {detail}"))
}

/// A policy text is a page or two.
const LONGEST: usize = 1 << 20;
