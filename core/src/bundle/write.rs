//! A bundle as a document: members in a fixed order, items by kind and SHA-256, no white space.

use serde_json::{Map, Value, json};

use crate::bundle::{Facts, Item, ItemKind, SCHEMA};
use crate::crypto::hex;
use crate::evidence::{Used, UsedPlace};
use crate::report::json_line;
use crate::time::Time;

/// The items of what was used, in the order of the document: kind, then SHA-256.
pub(super) fn items(used: Used) -> Vec<Item> {
    let mut items = Vec::new();
    let mut put = |kind, sha256, from, anchor, der: &[u8]| {
        items.push(Item {
            kind,
            sha256,
            from,
            anchor,
            der: der.to_vec(),
        });
    };
    for (sha256, (certificate, place)) in &used.certificates {
        let is_anchor = used.anchors.contains(sha256);
        let (kind, der) = (ItemKind::Certificate, certificate.der());
        put(kind, *sha256, word(*place), is_anchor, der);
    }
    for (sha256, (crl, place)) in &used.crls {
        put(ItemKind::Crl, *sha256, word(*place), false, crl.der());
    }
    for (sha256, (response, place)) in &used.ocsps {
        let (kind, der) = (ItemKind::Ocsp, response.der());
        put(kind, *sha256, word(*place), false, der);
    }
    for (sha256, octets) in &used.tokens {
        put(ItemKind::TimeStamp, *sha256, FILE, false, octets);
    }
    items
}

/// The document.
pub(super) fn document(facts: &Facts, items: &[Item], reports: &[Value; 2]) -> String {
    let [en, vi] = reports;
    let hashes =
        |values: &[[u8; 32]]| -> Vec<String> { values.iter().map(|sha256| hex(sha256)).collect() };
    let document = json!({
        "schema": SCHEMA,
        "file": {
            "name": facts.name,
            "sha256": hex(&facts.sha256),
            "size": facts.size,
            "kind": facts.kind,
        },
        "validation": {
            "at": facts.at.to_string(),
            "policy": facts.policy.name(),
            "policy_sha256": hex(&facts.policy.sha256()),
            "revocation": facts.policy.revocation_rule().as_str(),
            "trust_sha256": hex(&facts.trust_sha256),
            "offline": facts.offline,
            "version": facts.version,
        },
        "policy": facts.policy.to_toml(),
        "trust": {
            "certificates": hashes(&facts.loaded),
            "removed": hashes(&facts.taken_out),
        },
        "items": items.iter().map(item).collect::<Vec<_>>(),
        "reproved": facts.reproved,
        "report": { "en": en, "vi": vi },
    });
    line(&document)
}

/// See [`super::tombstone`].
pub(super) fn tombstone(
    bundle: &[u8; 32],
    file: &[u8; 32],
    at: Time,
    who: Option<&str>,
    why: Option<&str>,
) -> String {
    line(&json!({
        "schema": "kyso-evidence-cancelled/1",
        "bundle_sha256": hex(bundle),
        "file_sha256": hex(file),
        "cancelled_at": at.to_string(),
        "who": who,
        "why": why,
    }))
}

/// As a line of a file.
pub(super) fn line(value: &Value) -> String {
    let mut text = json_line(value);
    text.push('\n');
    text
}

fn item(item: &Item) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("kind", json!(item.kind.as_str()));
    put("sha256", json!(hex(&item.sha256)));
    put("from", json!(item.from));
    if item.anchor {
        put("anchor", json!(true));
    }
    let der = base64_simd::STANDARD.encode_to_string(&item.der);
    put("der", json!(der));
    Value::Object(object)
}

fn word(place: UsedPlace) -> &'static str {
    match place {
        UsedPlace::File => FILE,
        UsedPlace::Store => "store",
        UsedPlace::Status => "status",
        UsedPlace::Beside => "beside",
        UsedPlace::Online => "online",
    }
}

/// Every word for where an item stood.
pub(super) const PLACES: [&str; 5] = [FILE, "store", "status", "beside", "online"];
const FILE: &str = "file";
