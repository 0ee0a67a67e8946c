//! Reading a bundle, strictly.

use serde::Deserialize;
use serde_json::Value;

use crate::bundle::write::{self, PLACES};
use crate::bundle::{Bundle, Facts, Item, ItemKind, SCHEMA};
use crate::crypto::{hex, sha256};
use crate::error::{Error, ErrorKind};
use crate::ocsp::OcspResponse;
use crate::policy::Policy;
use crate::time::Time;
use crate::trust::fingerprint_of;
use crate::x509::{Certificate, Crl};

#[derive(Deserialize)]
struct Document {
    file: FileText,
    validation: ValidationText,
    policy: String,
    trust: TrustText,
    items: Vec<ItemText>,
    reproved: bool,
    report: Reports,
}

#[derive(Deserialize)]
struct FileText {
    name: Option<String>,
    sha256: String,
    size: u64,
    kind: String,
}

#[derive(Deserialize)]
struct ValidationText {
    at: String,
    trust_sha256: String,
    offline: bool,
    version: String,
}

#[derive(Deserialize)]
struct TrustText {
    certificates: Vec<String>,
    removed: Vec<String>,
}

#[derive(Deserialize)]
struct ItemText {
    kind: String,
    sha256: String,
    from: String,
    #[serde(default)]
    anchor: bool,
    der: String,
}

#[derive(Deserialize)]
struct Reports {
    en: Value,
    vi: Value,
}

/// See [`Bundle::from_bytes`].
pub(super) fn bundle(bytes: &[u8]) -> Result<Bundle, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::new(ErrorKind::TooLarge, "evidence bundle"));
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| malformed("no JSON"))?;
    match value.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => {}
        Some("kyso-evidence-cancelled/1") => {
            return Err(malformed("the record of one that was cancelled"));
        }
        Some(later) if later.starts_with("kyso-evidence/") => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("an evidence bundle of another version: {later}"),
            ));
        }
        _ => return Err(malformed("its schema is not kyso-evidence/1")),
    }
    let document = Document::deserialize(value).map_err(|error| malformed(&error.to_string()))?;
    let facts = facts(
        document.file,
        document.validation,
        &document.policy,
        document.trust,
    )?;
    let facts = Facts {
        reproved: document.reproved,
        ..facts
    };
    let items: Vec<Item> = document
        .items
        .into_iter()
        .map(item)
        .collect::<Result<_, _>>()?;
    let reports = [document.report.en, document.report.vi];
    for report in &reports {
        let about = report.get("sha256").and_then(Value::as_str);
        if about != Some(hex(&facts.sha256).as_str()) {
            return Err(malformed("its report is about another file"));
        }
    }
    // One spelling: the order of members and items, no white space, every derived value as it has to
    // be, and nothing that is not read.
    let text = write::document(&facts, &items, &reports);
    let is_sorted = items
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if (a.kind, a.sha256) < (b.kind, b.sha256)));
    if text.as_bytes() != bytes || !is_sorted {
        return Err(malformed("not in the one spelling that it has"));
    }
    Ok(Bundle {
        text,
        facts,
        items,
        reports,
    })
}

fn facts(
    file: FileText,
    validation: ValidationText,
    policy: &str,
    trust: TrustText,
) -> Result<Facts, Error> {
    let at: Time = validation
        .at
        .parse()
        .map_err(|_| malformed("validation.at"))?;
    let (loaded, taken_out) = (hashes(&trust.certificates)?, hashes(&trust.removed)?);
    let trust_sha256 = digest(&validation.trust_sha256)?;
    if fingerprint_of(&loaded, &taken_out) != trust_sha256 {
        return Err(malformed("trust is not what trust_sha256 says"));
    }
    Ok(Facts {
        name: file.name,
        sha256: digest(&file.sha256)?,
        size: file.size,
        kind: file.kind,
        at,
        policy: Policy::from_toml(policy)?,
        loaded,
        taken_out,
        trust_sha256,
        offline: validation.offline,
        version: validation.version,
        reproved: false,
    })
}

fn item(text: ItemText) -> Result<Item, Error> {
    let kind = ItemKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text.kind)
        .ok_or_else(|| malformed("an item of unknown kind"))?;
    let from = PLACES
        .into_iter()
        .find(|place| *place == text.from)
        .ok_or_else(|| malformed("an item from an unknown place"))?;
    let der = base64_simd::STANDARD
        .decode_to_vec(&text.der)
        .map_err(|_| malformed("an item that is no base64"))?;
    let named = digest(&text.sha256)?;
    if sha256(&der) != named {
        let kind = kind.as_str();
        return Err(malformed(&format!(
            "the {kind} {} has another digest",
            text.sha256
        )));
    }
    let is_whole = match kind {
        ItemKind::Certificate => Certificate::from_der(&der).is_ok(),
        ItemKind::Crl => Crl::from_der(&der).is_ok(),
        ItemKind::Ocsp => OcspResponse::from_der(&der).is_ok(),
        // A record of what the file holds, also of one that cannot be read.
        ItemKind::TimeStamp => true,
    };
    if !is_whole || text.anchor && kind != ItemKind::Certificate {
        return Err(malformed("an item that is not of its kind"));
    }
    Ok(Item {
        kind,
        sha256: named,
        from,
        anchor: text.anchor,
        der,
    })
}

fn hashes(texts: &[String]) -> Result<Vec<[u8; 32]>, Error> {
    let all: Vec<[u8; 32]> = texts
        .iter()
        .map(|text| digest(text))
        .collect::<Result<_, _>>()?;
    let is_sorted = all.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    is_sorted
        .then_some(all)
        .ok_or_else(|| malformed("fingerprints out of order"))
}

/// 64 lower-case hexadecimal digits.
fn digest(text: &str) -> Result<[u8; 32], Error> {
    let wrong = || malformed("a SHA-256 that is none");
    let mut octets = [0; 32];
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => Some(letter.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(letter.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    };
    if text.len() != 64 {
        return Err(wrong());
    }
    for (octet, pair) in octets.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else {
            return Err(wrong());
        };
        let (high, low) = digit(*high).zip(digit(*low)).ok_or_else(wrong)?;
        *octet = high.wrapping_mul(16) | low;
    }
    Ok(octets)
}

fn malformed(detail: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("evidence bundle: {detail}"))
}

/// A bundle holds a few lists, of which the largest known has some tens of megabytes.
const LARGEST: usize = 512 << 20;
