//! [`Flow`]: what became of documents, told from the messages about them.
//!
//! Messages are a set: they may be given in any order and twice, and the state is folded from all of
//! them in the order of their own times. Each receiver has a state of its own. What breaks the order
//! of the interchange (QCVN 102:2016, Decision 28/2018/QĐ-TTg) is an [`Anomaly`] and never fatal,
//! since real systems skip, repeat and forget statuses.

mod fold;
mod message;
mod story;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::edxml::Envelope;
use crate::message::Lang;
use crate::time::Time;

pub use fold::{Anomaly, AnomalyKind, Change, DocumentFlow, Next, Party, ReceiverFlow, State};

use message::Message;

/// The messages about one or several documents, sent and received.
///
/// ```
/// use kyso::edxml::{Envelope, EnvelopeBuilder, Organ, flow::{Flow, State}, status_reply};
/// use serde_json::json;
///
/// let header = json!({ "header": {
///     "from": { "organ_id": "G99.07" }, "to": [{ "organ_id": "H99" }],
///     "document_id": "G99.07,2025/11/03,318/VP-TH",
///     "code": { "code_number": "318", "code_notation": "VP-TH" },
///     "promulgation_info": { "promulgation_date": "2025-11-03" },
///     "subject": "V/v rà soát danh mục", "steering_type": 0,
/// } });
/// let (now, limits) = ("2025-11-03T14:05:00+07:00".parse()?, kyso::Limits::default());
/// let bytes = EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new()))?.finish(now, &limits)?;
/// let document = Envelope::read(&bytes, &limits)?;
/// let from = document.header().to[0].clone();
/// let answer = status_reply(&document, "03", None, from, now)?.finish(now, &limits)?;
///
/// let mut flow = Flow::new();
/// flow.apply(&Envelope::read(&answer, &limits)?);
/// flow.apply(&document);
/// flow.apply(&document);
/// let documents = flow.documents();
/// assert_eq!(documents[0].receivers[0].state, State::Accepted);
/// assert!(documents[0].anomalies.is_empty());
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Flow {
    messages: BTreeSet<Message>,
}

impl Flow {
    /// No message yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a message, sent or received. One that was taken in already changes nothing.
    pub fn apply(&mut self, envelope: &Envelope<'_>) {
        self.messages.insert(Message::of(envelope));
    }

    /// Takes in that the axis handed a document to a receiver: no message of the envelope says so.
    pub fn delivered(&mut self, document_id: &str, organ_id: &str, at: Time) {
        self.messages
            .insert(Message::delivery(document_id, organ_id, at));
    }

    /// Every document that the messages speak of, with the state at each receiver.
    pub fn documents(&self) -> Vec<DocumentFlow> {
        fold::documents(&self.messages)
    }

    /// The story of each document, for a person. Nothing in it needs to be escaped again.
    pub fn tell(&self, lang: Lang) -> String {
        story::tell(&self.documents(), lang)
    }

    /// The same as data: `kyso-envelope-flow/1`.
    ///
    /// `documents` is an array; each has `document_id`, `code`, `date`, `from`, `subject`,
    /// `messages` (`at`, `by`, `act`, `code`, `to`, `reason`), `receivers` (`organ_id`, `name`, `state`,
    /// `progress`, `change`, `next`) and `anomalies` (`code`, `organ_id`, `at`, `message_vi`,
    /// `message_en`).
    pub fn to_json(&self) -> Value {
        story::to_json(&self.documents())
    }
}
