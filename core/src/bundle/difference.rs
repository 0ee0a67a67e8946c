//! [`Difference`]: in what a verdict that was given again differs from the one that was kept.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::bundle::{Bundle, Item};
use crate::message::Lang;
use crate::report::{Report, report_value};
use crate::time::Time;

/// In what a verdict that was given again differs from the one in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The verdict is another: the indication, a reason, a path, a time.
    Verdict {
        /// The indication in the bundle.
        kept: String,
        /// The indication now.
        now: String,
    },
    /// The trust store is another. Anchors come from the store alone.
    Trust {
        /// Certificates that the store held then and does not hold now, by SHA-256.
        missing: Vec<[u8; 32]>,
        /// How many it holds now that it did not hold then.
        more: usize,
    },
    /// It was judged at another time.
    Time {
        /// The time in the bundle.
        kept: Time,
        /// The time now.
        now: Time,
    },
    /// It was judged by other rules, the one about the certificates' status among them.
    Policy {
        /// The name and the status rule in the bundle.
        kept: String,
        /// Those now.
        now: String,
    },
    /// The verdict rests on evidence that the bundle does not hold, by SHA-256.
    Lacking(Vec<[u8; 32]>),
    /// The bundle holds evidence that the verdict does not rest on, by SHA-256.
    Unused(Vec<[u8; 32]>),
    /// Another version of the library judged; only codes, times and paths were compared.
    Version {
        /// The version in the bundle.
        kept: String,
        /// This version.
        now: String,
    },
}

impl Difference {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Verdict { .. } => "evidence.other_verdict",
            Self::Trust { .. } => "evidence.other_trust",
            Self::Time { .. } => "evidence.other_time",
            Self::Policy { .. } => "evidence.other_policy",
            Self::Lacking(_) => "evidence.lacking",
            Self::Unused(_) => "evidence.unused",
            Self::Version { .. } => "evidence.other_version",
        }
    }

    /// Whether it is a difference of the circumstances alone. Another verdict and evidence that does
    /// not fit are not.
    pub fn is_circumstance(&self) -> bool {
        !matches!(
            self,
            Self::Verdict { .. } | Self::Lacking(_) | Self::Unused(_)
        )
    }

    /// One sentence.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Verdict { kept, now }, Lang::Vi) if kept == now => {
                format!("kết quả kiểm tra khác kết quả đã lưu, dù kết luận vẫn là {now}")
            }
            (Self::Verdict { kept, now }, Lang::En) if kept == now => {
                format!(
                    "the report differs from the one kept, though the indication is {now} still"
                )
            }
            (Self::Verdict { kept, now }, Lang::Vi) => {
                format!("kết luận là {now}, kết luận đã lưu là {kept}")
            }
            (Self::Verdict { kept, now }, Lang::En) => {
                format!("the indication is {now}, the one kept is {kept}")
            }
            (Self::Trust { missing, more }, Lang::Vi) => format!(
                "kho tin cậy khác với khi lưu: thiếu {} chứng thư, thêm {more}; gói chứng cứ không \
                 tự đem lại gốc tin cậy",
                missing.len()
            ),
            (Self::Trust { missing, more }, Lang::En) => format!(
                "the trust store is not the one of then: {} certificates are missing, {more} are \
                 new; a bundle brings no trust of its own",
                missing.len()
            ),
            (Self::Time { kept, now }, Lang::Vi) => {
                format!("kiểm tra tại thời điểm {now}, không phải {kept}")
            }
            (Self::Time { kept, now }, Lang::En) => {
                format!("it was judged at {now}, not at {kept}")
            }
            (Self::Policy { kept, now }, Lang::Vi) => {
                format!("kiểm tra theo chính sách {now}, không phải {kept}")
            }
            (Self::Policy { kept, now }, Lang::En) => {
                format!("it was judged by the policy {now}, not by {kept}")
            }
            (Self::Lacking(items), Lang::Vi) => format!(
                "kết quả dựa trên {} chứng cứ không có trong gói",
                items.len()
            ),
            (Self::Lacking(items), Lang::En) => format!(
                "the verdict rests on {} pieces of evidence that the bundle does not hold",
                items.len()
            ),
            (Self::Unused(items), Lang::Vi) => {
                format!("gói có {} chứng cứ mà kết quả không dựa vào", items.len())
            }
            (Self::Unused(items), Lang::En) => format!(
                "the bundle holds {} pieces of evidence that the verdict does not rest on",
                items.len()
            ),
            (Self::Version { kept, now }, Lang::Vi) => format!(
                "kiểm tra bằng phiên bản {now}, không phải {kept}: chỉ so mã, thời điểm và đường dẫn"
            ),
            (Self::Version { kept, now }, Lang::En) => {
                format!("version {now} judged, not {kept}: codes, times and paths were compared")
            }
        }
    }
}

/// See [`Bundle::compare`].
pub(super) fn between(kept: &Bundle, report: &Report, later: &Bundle) -> Vec<Difference> {
    let mut found = Vec::new();
    let (then, now) = (&kept.facts, &later.facts);
    let same_version = then.version == now.version;
    let kept_report = essence(kept.report(Lang::En), same_version);
    let new_report = essence(&report_value(report, Lang::En), same_version);
    if verdict_of(&kept_report) != verdict_of(&new_report) {
        found.push(Difference::Verdict {
            kept: kept.indication().to_owned(),
            now: later.indication().to_owned(),
        });
    }
    if then.trust_sha256 != now.trust_sha256 {
        let held = |facts: &super::Facts| -> BTreeSet<[u8; 32]> {
            let loaded = facts.loaded.iter().copied();
            loaded
                .filter(|sha256| !facts.taken_out.contains(sha256))
                .collect()
        };
        let (before, after) = (held(then), held(now));
        found.push(Difference::Trust {
            missing: before.difference(&after).copied().collect(),
            more: after.difference(&before).count(),
        });
    }
    if then.at.unix() != now.at.unix() {
        found.push(Difference::Time {
            kept: then.at,
            now: now.at,
        });
    }
    if then.policy != now.policy {
        let words = |facts: &super::Facts| {
            let policy = &facts.policy;
            format!("{} ({})", policy.name(), policy.revocation_rule().as_str())
        };
        found.push(Difference::Policy {
            kept: words(then),
            now: words(now),
        });
    }
    let names =
        |items: &[Item]| -> BTreeSet<[u8; 32]> { items.iter().map(|item| item.sha256).collect() };
    let (before, after) = (names(&kept.items), names(&later.items));
    let lacking: Vec<[u8; 32]> = after.difference(&before).copied().collect();
    if !lacking.is_empty() {
        found.push(Difference::Lacking(lacking));
    }
    let unused: Vec<[u8; 32]> = before.difference(&after).copied().collect();
    if !unused.is_empty() {
        found.push(Difference::Unused(unused));
    }
    if !same_version {
        found.push(Difference::Version {
            kept: then.version.clone(),
            now: now.version.clone(),
        });
    }
    found
}

/// What two reports of one verdict have in common: not the name that the file went by, nor whether
/// the network might be asked; and between versions of the library no sentence.
pub(crate) fn essence(report: &Value, same_version: bool) -> Value {
    let mut report = report.clone();
    if let Value::Object(members) = &mut report {
        members.remove("file");
    }
    // Reports hold reports, one in another: a list of what waits, not a call for each.
    let mut waiting = vec![&mut report];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                members.remove("offline");
                if let Some(Value::Array(reasons)) = members.get_mut("reasons") {
                    // What was not had from the network lowers nothing, and nobody asks again.
                    let is_about_network = |reason: &Value| {
                        let code = reason.get("code").and_then(Value::as_str);
                        code.is_some_and(|code| code.starts_with("fetch."))
                    };
                    reasons.retain(|reason| !is_about_network(reason));
                }
                if !same_version {
                    for name in ["version", "message", "advice"] {
                        members.remove(name);
                    }
                }
                waiting.extend(members.values_mut());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    report
}

/// An essence without the circumstances, which are told apart.
fn verdict_of(essence: &Value) -> Value {
    let mut report = essence.clone();
    let mut waiting = vec![&mut report];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                members.remove("validation");
                waiting.extend(members.values_mut());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    report
}
