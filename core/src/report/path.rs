//! [`PathReport`]: the answer about a certificate by itself, JSON `kyso-path/1`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::message::{Lang, visible};
use crate::report::{ChainLink, json};
use crate::verdict::{self, Reason, SubIndication};

/// Whether a certificate has a path to an anchor that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathAnswer {
    /// It has, and every status that is demanded is good.
    Valid,
    /// It breaks a rule.
    Invalid,
    /// Something is missing to say: an issuer, a status.
    Indeterminate,
}

impl PathAnswer {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Indeterminate => "indeterminate",
        }
    }
}

/// The answer about a certificate by itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PathReport {
    /// Whether its path holds.
    pub path: PathAnswer,
    /// The path, from the certificate upwards, as far as it could be built.
    pub chain: Vec<ChainLink>,
    /// Everything that was found, the gravest first.
    pub reasons: Vec<Reason>,
}

impl PathReport {
    pub(crate) fn new(chain: Vec<ChainLink>, mut reasons: Vec<Reason>, holds: bool) -> Self {
        reasons.sort_by_key(verdict::gravity);
        let mut lowering = reasons
            .iter()
            .filter(|reason| reason.indication().is_some());
        let path = match (verdict::headline(&reasons), holds) {
            (None, true) => PathAnswer::Valid,
            (None, false) => PathAnswer::Indeterminate,
            (Some(_), _) if lowering.all(Reason::lacks_something) => PathAnswer::Indeterminate,
            (Some(_), _) => PathAnswer::Invalid,
        };
        Self {
            path,
            chain,
            reasons,
        }
    }

    /// The constant of EN 319 102-1 that the gravest reason leads to.
    pub fn sub_indication(&self) -> Option<SubIndication> {
        verdict::headline(&self.reasons).and_then(|(_, sub)| sub)
    }

    /// The exit status of the command line: 0 valid, 1 invalid, 2 indeterminate.
    pub fn exit(&self) -> u8 {
        match self.path {
            PathAnswer::Valid => 0,
            PathAnswer::Invalid => 1,
            PathAnswer::Indeterminate => 2,
        }
    }

    /// One line of JSON (`kyso-path/1`), without a line end.
    pub fn to_json(&self, lang: Lang) -> String {
        let reasons: Vec<Value> = self
            .reasons
            .iter()
            .map(|reason| json::reason(reason, lang))
            .collect();
        let chain: Vec<Value> = self.chain.iter().map(json::link).collect();
        json::to_string(&json!({
            "schema": "kyso-path/1",
            "path": self.path.as_str(),
            "sub_indication": self.sub_indication().map(SubIndication::as_str),
            "reasons": reasons,
            "chain": chain,
        }))
    }

    /// The answer for a person; nothing from a certificate reaches the text unescaped.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut text = match self.path {
            PathAnswer::Valid => {
                lang.pick("HỢP LỆ – chuỗi chứng thư đạt.", "VALID – the path holds.")
            }
            PathAnswer::Invalid => lang.pick(
                "KHÔNG HỢP LỆ – chuỗi chứng thư không đạt.",
                "INVALID – the path does not hold.",
            ),
            PathAnswer::Indeterminate => lang.pick(
                "CHƯA ĐỦ CĂN CỨ – còn thiếu dữ liệu để kết luận.",
                "UNDECIDED – something is missing to say.",
            ),
        }
        .to_owned();
        for (position, link) in self.chain.iter().enumerate() {
            let status = match link.revocation {
                "good" => lang.pick("chưa bị thu hồi", "not revoked"),
                "revoked" => lang.pick("đã bị thu hồi hoặc tạm dừng", "revoked or on hold"),
                "not-needed" => lang.pick("gốc tin cậy", "trust anchor"),
                _ => lang.pick("chưa rõ tình trạng", "status not known"),
            };
            let number = position.saturating_add(1);
            let subject = visible(&link.subject);
            // Writing to a string cannot fail.
            let _ = write!(text, "\n  {number}. {subject} – {status}");
        }
        for reason in &self.reasons {
            let kind = if reason.indication().is_some() {
                lang.pick("Lý do", "Reason")
            } else {
                lang.pick("Lưu ý", "Note")
            };
            let message = reason.message(lang);
            let _ = write!(
                text,
                "\n  {kind}: {} [{}]",
                visible(&message),
                reason.code()
            );
            let advice = reason.advice(lang);
            if !advice.is_empty() {
                let _ = write!(text, "\n    → {}", visible(&advice));
            }
        }
        text
    }
}
