//! The report as JSON, `kyso-report/1`.

use std::io;

use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::{Map, Value, json};

use crate::crypto::hex;
use crate::message::Lang;
use crate::report::{
    ChainLink, Coverage, Finding, Report, SignatureReport, SignerReport, TimeStampReport,
    Validation,
};
use crate::time::Time;
use crate::verdict::Reason;

/// One line of JSON.
pub(crate) fn report(report: &Report, lang: Lang) -> String {
    to_string(&report_value(report, lang))
}

/// A value as one line of JSON, in which every character that could steer a terminal, forge a line,
/// reorder text or open a tag is written as a `\u` escape: the same to every reader of JSON. All JSON
/// that the doors print goes through here.
///
/// ```
/// let value = serde_json::json!({ "name": "a\u{202e}b" });
/// assert_eq!(kyso::report::json_line(&value), "{\"name\":\"a\\u202eb\"}");
/// ```
pub fn to_string(value: &Value) -> String {
    let mut out = Vec::new();
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut out, Escaping(CompactFormatter));
    // Writing a value of strings, numbers and booleans into memory cannot fail.
    let _ = serde::Serialize::serialize(value, &mut serializer);
    String::from_utf8(out).unwrap_or_default()
}

/// The report as a value.
pub(crate) fn report_value(r: &Report, lang: Lang) -> Value {
    let attachments: Vec<Value> = r
        .attachments
        .iter()
        .map(|attachment| {
            json!({
                "name": attachment.name,
                "report": attachment.report.as_ref().map(|inner| report_value(inner, lang)),
            })
        })
        .collect();
    json!({
        "schema": "kyso-report/1",
        "file": r.file,
        "kind": r.kind.as_str(),
        "sha256": hex(&r.sha256),
        "indication": r.indication().map_or("NONE", |indication| indication.as_str()),
        "error": r.error.as_ref().map(|error| json!({
            "code": error.code,
            "message": error.message(lang),
        })),
        "validation": validation(&r.validation),
        "signatures": list(&r.signatures, |s| signature(s, lang)),
        "document_timestamps": list(&r.document_timestamps, |s| signature(s, lang)),
        "attachments": attachments,
        "reasons": list(&r.reasons, |x| reason(x, lang)),
        "findings": list(&r.findings, |x| finding(x, lang)),
    })
}

fn list<T>(items: &[T], one: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(one).collect())
}

fn validation(v: &Validation) -> Value {
    json!({
        "at": v.at.to_string(),
        "policy": v.policy,
        "policy_sha256": hex(&v.policy_sha256),
        "trust_sha256": hex(&v.trust_sha256),
        "revocation": v.revocation.as_str(),
        "offline": v.offline,
        "version": v.version,
    })
}

fn signature(s: &SignatureReport, lang: Lang) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("id", json!(s.id));
    put("format", json!(s.format));
    if !s.document_timestamp {
        put("counter_signature", json!(s.counter_signature));
    }
    put("indication", json!(s.indication().as_str()));
    put(
        "sub_indication",
        json!(s.sub_indication().map(|sub| sub.as_str())),
    );
    put(
        "reasons",
        Value::Array(s.reasons().map(|r| reason(r, lang)).collect()),
    );
    put(
        "integrity",
        json!({
            "digest_intact": s.integrity.digest_intact,
            "signature_intact": s.integrity.signature_intact,
        }),
    );
    put(
        "coverage",
        s.coverage
            .as_ref()
            .map_or(Value::Null, |c| coverage(c, lang)),
    );
    put(
        "algorithms",
        json!({
            "digest": s.algorithms.digest,
            "signature": s.algorithms.signature,
            "key_bits": s.algorithms.key_bits,
        }),
    );
    put(
        "signer",
        s.signer
            .as_ref()
            .map_or(Value::Null, |x| signer(x, s.document_timestamp)),
    );
    put(
        "signing_time",
        json!({
            "claimed": s.signing_time.claimed.map(local),
            "proven": s.signing_time.proven.map(local),
        }),
    );
    put("chain", list(&s.chain, link));
    put("timestamps", list(&s.timestamps, |t| timestamp(t, lang)));
    if let Some(criteria) = &s.criteria {
        let map: Map<String, Value> = criteria
            .iter()
            .map(|(number, answer)| (number.to_owned(), json!(answer.as_str())))
            .collect();
        put("criteria", Value::Object(map));
        let evidence: Map<String, Value> = s
            .criteria_with_evidence(lang)
            .into_iter()
            .map(|one| {
                let told = json!({ "evidence": one.evidence, "reasons": one.reasons });
                (one.number.to_owned(), told)
            })
            .collect();
        put("criteria_evidence", Value::Object(evidence));
    }
    Value::Object(out)
}

pub(super) fn link(link: &ChainLink) -> Value {
    json!({
        "subject": link.subject,
        "sha256": hex(&link.sha256),
        "trust_anchor": link.trust_anchor,
        "tree": link.tree,
        "revocation": link.revocation,
        "status": link.status.as_ref().map(|status| json!({
            "source": status.source,
            "number": status.number,
            "this_update": local(status.this_update),
            "next_update": status.next_update.map(local),
            "sha256": hex(&status.sha256),
        })),
    })
}

pub(super) fn reason(r: &Reason, lang: Lang) -> Value {
    json!({ "code": r.code(), "message": r.message(lang), "advice": r.advice(lang) })
}

fn finding(f: &Finding, lang: Lang) -> Value {
    json!({
        "code": f.code,
        "place": f.place.as_ref().map(ToString::to_string),
        "message": f.message(lang),
    })
}

fn coverage(c: &Coverage, lang: Lang) -> Value {
    json!({
        "byte_range": c.byte_range,
        "whole_file": c.whole_file,
        "revision": c.revision,
        "revisions": c.revisions,
        "changes": c.changes.map(|changes| changes.as_str()),
        "findings": list(&c.findings, |f| finding(f, lang)),
    })
}

fn signer(s: &SignerReport, document_timestamp: bool) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("subject", json!(s.subject));
    put("common_name", json!(s.common_name));
    put("organisation", json!(s.organisation));
    if !document_timestamp {
        put("role", json!(s.role));
    }
    let identifiers: Map<String, Value> = s
        .identifiers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    put("identifiers", Value::Object(identifiers));
    put("serial", json!(s.serial));
    put("sha256", json!(hex(&s.sha256)));
    put("not_before", json!(local(s.not_before)));
    put("not_after", json!(local(s.not_after)));
    put("issuer", json!(s.issuer));
    Value::Object(out)
}

fn timestamp(t: &TimeStampReport, lang: Lang) -> Value {
    json!({
        "kind": t.kind,
        "time": t.time.map(local),
        "indication": t.indication,
        "reasons": list(&t.reasons, |r| reason(r, lang)),
    })
}

/// Times of signatures and certificates are shown at Viet Nam's offset.
fn local(time: Time) -> String {
    time.at_offset(Time::VIET_NAM).to_string()
}

struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(crate::message::is_hidden) {
            let (before, after) = rest.split_at(at);
            self.0.write_string_fragment(writer, before)?;
            let mut chars = after.chars();
            if let Some(hidden) = chars.next() {
                let mut units = [0u16; 2];
                for unit in hidden.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        self.0.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_steers_a_terminal_is_escaped_and_reads_back_the_same() {
        let name = "a\u{1b}[31m\u{202e}\u{9b}đỏ\u{e0041}";
        let text = to_string(&json!({ "name": name }));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{e0041}']));
        assert!(text.contains("đỏ"));
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["name"], name);
    }
}
