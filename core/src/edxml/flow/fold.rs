//! From the messages to the state at each receiver.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::edxml::Date;
use crate::edxml::check::STATUS_CODES;
use crate::edxml::flow::message::{self, Act, Key, Message};
use crate::time::Time;

/// One document and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentFlow {
    /// `DocumentId`, where any message says it.
    pub document_id: Option<String>,
    /// `number/notation`.
    pub code: Option<String>,
    /// Date of issue.
    pub date: Option<Date>,
    /// The code of who sent it.
    pub from: Option<String>,
    /// The name of who sent it.
    pub from_name: Option<String>,
    /// Trích yếu.
    pub subject: Option<String>,
    /// Whether the document itself was among the messages.
    pub is_known: bool,
    /// The state at each receiver, in the order of the document.
    pub receivers: Vec<ReceiverFlow>,
    /// What breaks the order of the interchange, in the order of time.
    pub anomalies: Vec<Anomaly>,
    pub(super) messages: Vec<Message>,
}

/// One receiver of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiverFlow {
    /// Its identifier code.
    pub organ_id: String,
    /// Its name, where a message says it.
    pub name: Option<String>,
    /// The state now.
    pub state: State,
    /// The state without regard to changes that were asked for.
    pub progress: State,
    /// The change asked for last, until it is refused.
    pub change: Option<Change>,
    /// The messages that may come next.
    pub next: Vec<Next>,
}

/// Where a document stands at a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum State {
    /// Sent, and nothing heard since.
    Sent,
    /// The axis has handed it over.
    Delivered,
    /// 01.
    Arrived,
    /// 02; nothing follows.
    Refused,
    /// 03.
    Accepted,
    /// 04.
    Assigned,
    /// 05.
    InProgress,
    /// 06.
    Finished,
    /// 13, or a document that revokes, updates or replaces it, not answered yet.
    ChangeAsked,
    /// Given back: 15 after 13 or after a revocation.
    Revoked,
    /// 15 after an update.
    Updated,
    /// 15 after a replacement.
    Replaced,
}

/// What a sender asks to be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Change {
    /// Status 13.
    TakeBack,
    /// A document of the business type 1.
    Revoke,
    /// A document of the business type 2.
    Update,
    /// A document of the business type 3.
    Replace,
}

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Party {
    /// The sender of the document.
    Sender,
    /// The receiver.
    Receiver,
}

/// A message that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Next {
    /// The receiver may send this status.
    Status(&'static str),
    /// The sender may ask for this.
    Ask(Change),
}

/// Something that breaks the order of the interchange.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Anomaly {
    /// When, where the message says so.
    pub at: Option<i64>,
    /// Whose message it is.
    pub organ_id: String,
    /// The status code of the message, where it is a status.
    pub code: Option<String>,
    /// What is wrong with it.
    pub kind: AnomalyKind,
}

/// The kinds of [`Anomaly`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AnomalyKind {
    /// A status about a document that is not among the messages.
    NoDocument,
    /// Two different documents have one identifier.
    TwoDocuments,
    /// A status code that nothing defines.
    UnknownCode,
    /// A status of an agency that the document did not go to.
    NotAReceiver,
    /// A change asked for by another agency than the sender.
    NotTheSender,
    /// A status that is addressed to another agency than the sender.
    Misaddressed,
    /// A status after the document was refused.
    AfterRefusal,
    /// A status after the document was given back or replaced.
    AfterEnd,
    /// A status that lies behind one that came earlier.
    Backwards,
    /// A refusal after the document was accepted.
    LateRefusal,
    /// An answer to a change that nobody asked for.
    NotAsked,
    /// A change asked for after the document was refused, given back or replaced.
    AskedInVain,
    /// A message without a time, counted as the last.
    NoTime,
    /// A status that is older than the document.
    BeforeDocument,
}

impl AnomalyKind {
    /// Stable words for programs.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// One sentence, without a full stop.
    pub fn text(self, lang: crate::message::Lang) -> &'static str {
        let (_, vi, en) = self.row();
        lang.pick(vi, en)
    }

    #[rustfmt::skip]
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NoDocument => ("flow.no_document", "trạng thái của một văn bản không có trong các bản tin đã đưa",
                "a status about a document that is not among the messages given"),
            Self::TwoDocuments => ("flow.two_documents", "hai văn bản khác nhau mang cùng một định danh",
                "two different documents have one identifier"),
            Self::UnknownCode => ("flow.unknown_code", "mã trạng thái không có trong danh mục",
                "a status code that no list has"),
            Self::NotAReceiver => ("flow.not_a_receiver", "trạng thái của cơ quan không phải nơi nhận văn bản",
                "a status of an agency that the document did not go to"),
            Self::NotTheSender => ("flow.not_the_sender", "yêu cầu thay đổi không đến từ nơi gửi văn bản",
                "a change that is asked for by another agency than the sender"),
            Self::Misaddressed => ("flow.misaddressed", "trạng thái gửi tới cơ quan không phải nơi gửi văn bản",
                "a status that is addressed to another agency than the sender"),
            Self::AfterRefusal => ("flow.after_refusal", "trạng thái xuất hiện sau khi đã từ chối tiếp nhận",
                "a status after the document was refused"),
            Self::AfterEnd => ("flow.after_end", "trạng thái xuất hiện sau khi văn bản đã được lấy lại hoặc thay thế",
                "a status after the document was given back or replaced"),
            Self::Backwards => ("flow.backwards", "trạng thái lùi về bước trước",
                "a status that goes back to an earlier step"),
            Self::LateRefusal => ("flow.late_refusal", "từ chối sau khi đã tiếp nhận",
                "a refusal after the document was accepted"),
            Self::NotAsked => ("flow.not_asked", "trả lời một yêu cầu thay đổi chưa từng có",
                "an answer to a change that nobody asked for"),
            Self::AskedInVain => ("flow.asked_in_vain", "yêu cầu thay đổi một văn bản đã bị từ chối, lấy lại hoặc thay thế",
                "a change asked of a document that was refused, given back or replaced"),
            Self::NoTime => ("flow.no_time", "bản tin không có thời điểm, được xếp sau cùng",
                "a message without a time, counted as the last"),
            Self::BeforeDocument => ("flow.before_document", "trạng thái có thời điểm trước khi văn bản được gửi",
                "a status that is older than the document"),
        }
    }
}

impl State {
    /// The word of the JSON form.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// In a few words.
    pub fn text(self, lang: crate::message::Lang) -> &'static str {
        let (_, vi, en) = self.row();
        lang.pick(vi, en)
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Sent => ("sent", "đã gửi, chưa có phản hồi", "sent, nothing heard"),
            Self::Delivered => ("delivered", "trục đã chuyển tới", "delivered by the axis"),
            Self::Arrived => ("arrived", "đã đến", "arrived"),
            Self::Refused => ("refused", "bị từ chối tiếp nhận", "refused"),
            Self::Accepted => ("accepted", "đã tiếp nhận", "accepted"),
            Self::Assigned => ("assigned", "đã phân công", "assigned"),
            Self::InProgress => ("in_progress", "đang xử lý", "in progress"),
            Self::Finished => ("finished", "đã hoàn thành", "finished"),
            Self::ChangeAsked => (
                "change_asked",
                "đang chờ trả lời yêu cầu",
                "a change is asked for",
            ),
            Self::Revoked => ("revoked", "đã được lấy lại", "given back"),
            Self::Updated => ("updated", "đã cập nhật", "updated"),
            Self::Replaced => ("replaced", "đã được thay thế", "replaced"),
        }
    }
}

impl Change {
    /// The word of the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Self::TakeBack => "take_back",
            Self::Revoke => "revoke",
            Self::Update => "update",
            Self::Replace => "replace",
        }
    }
}

/// What has happened at one receiver so far.
struct At {
    progress: State,
    change: Option<Change>,
    is_agreed: bool,
}

impl At {
    fn state(&self) -> State {
        match (self.change, self.is_agreed) {
            (None, _) => self.progress,
            (Some(_), false) => State::ChangeAsked,
            (Some(Change::TakeBack | Change::Revoke), true) => State::Revoked,
            (Some(Change::Update), true) => State::Updated,
            (Some(Change::Replace), true) => State::Replaced,
        }
    }

    fn report(&mut self, code: &str) -> Option<AnomalyKind> {
        let state = self.state();
        let reported = match code {
            "01" => State::Arrived,
            "02" => State::Refused,
            "03" => State::Accepted,
            "04" => State::Assigned,
            "05" => State::InProgress,
            "06" => State::Finished,
            "15" | "16" => {
                if state != State::ChangeAsked {
                    // The same answer twice is no other answer.
                    let again = code == "15" && self.is_agreed;
                    return (!again).then_some(AnomalyKind::NotAsked);
                }
                self.is_agreed = code == "15";
                if code == "16" {
                    self.change = None;
                }
                return None;
            }
            _ => return Some(AnomalyKind::UnknownCode),
        };
        if reported == self.progress {
            return None;
        }
        if matches!(state, State::Revoked | State::Replaced) {
            return Some(AnomalyKind::AfterEnd);
        }
        match (self.progress, reported) {
            (State::Refused, _) => return Some(AnomalyKind::AfterRefusal),
            (
                State::Accepted | State::Assigned | State::InProgress | State::Finished,
                State::Refused,
            ) => {
                return Some(AnomalyKind::LateRefusal);
            }
            (now, reported) if reported < now && state != State::Updated => {
                return Some(AnomalyKind::Backwards);
            }
            _ => self.progress = reported,
        }
        None
    }

    fn ask(&mut self, change: Change) -> Option<AnomalyKind> {
        if matches!(
            self.state(),
            State::Refused | State::Revoked | State::Replaced
        ) {
            return Some(AnomalyKind::AskedInVain);
        }
        self.change = Some(change);
        self.is_agreed = false;
        None
    }

    fn next(&self) -> Vec<Next> {
        let state = self.state();
        if matches!(state, State::Refused | State::Revoked | State::Replaced) {
            return Vec::new();
        }
        let forward: &[&'static str] = match self.progress {
            State::Sent | State::Delivered => &["01", "02", "03", "04", "05", "06"],
            State::Arrived => &["02", "03", "04", "05", "06"],
            State::Accepted => &["04", "05", "06"],
            State::Assigned => &["05", "06"],
            State::InProgress => &["06"],
            _ => &[],
        };
        let answers: &[&'static str] = match state {
            State::ChangeAsked => &["15", "16"],
            _ => &[],
        };
        let statuses = answers.iter().chain(forward).map(|code| Next::Status(code));
        let asks = [
            Change::TakeBack,
            Change::Revoke,
            Change::Update,
            Change::Replace,
        ];
        statuses.chain(asks.map(Next::Ask)).collect()
    }
}

/// Every document that the messages speak of.
pub(super) fn documents(messages: &BTreeSet<Message>) -> Vec<DocumentFlow> {
    let mut groups = Groups::default();
    let is_document = |message: &&Message| !matches!(message.act, Act::Status(_) | Act::Deliver);
    let (sent, heard): (Vec<&Message>, Vec<&Message>) = messages.iter().partition(is_document);
    // Documents first: they say most about themselves. Then what they change, then what is heard.
    for message in &sent {
        groups.put(&message.about, message);
    }
    for message in &sent {
        for (target, _) in &message.targets {
            if !target.means(&message.about) {
                groups.put(target, message);
            }
        }
    }
    for message in heard {
        groups.put(&message.about, message);
    }
    let groups = groups.list.into_iter();
    groups.map(|(key, of)| fold(&key, &of)).collect()
}

/// The messages by the document that they are about.
#[derive(Default)]
struct Groups<'m> {
    list: Vec<(Key, Vec<&'m Message>)>,
    by_identifier: HashMap<String, usize>,
    by_number: HashMap<message::Number, Vec<usize>>,
}

impl<'m> Groups<'m> {
    fn put(&mut self, key: &Key, message: &'m Message) {
        let (identifier, number) = (key.identifier(), key.number());
        let by_identifier = identifier
            .as_ref()
            .and_then(|id| self.by_identifier.get(id));
        let alike = number
            .as_ref()
            .and_then(|number| self.by_number.get(number));
        let by_number = alike.into_iter().flatten().find(|at| {
            let known = self.list.get(**at);
            known.is_some_and(|(known, _)| known.means(key))
        });
        let known = by_identifier.or(by_number).copied();
        if let Some((_, messages)) = known.and_then(|at| self.list.get_mut(at)) {
            messages.push(message);
            return;
        }
        let at = self.list.len();
        self.list.push((key.clone(), vec![message]));
        if let Some(identifier) = identifier {
            self.by_identifier.insert(identifier, at);
        }
        if let Some(number) = number {
            self.by_number.entry(number).or_default().push(at);
        }
    }
}

fn fold(key: &Key, messages: &[&Message]) -> DocumentFlow {
    let mut out = DocumentFlow {
        document_id: key.document_id.clone(),
        code: key.code.clone(),
        date: key.date.and_then(|(y, m, d)| Date::new(y, m, d).ok()),
        from: key.organ_id.clone(),
        ..DocumentFlow::default()
    };
    let mut messages: Vec<&Message> = messages.to_vec();
    messages.sort_by_key(|message| (message.at, message.act.clone(), message.by.clone()));
    messages.dedup();
    let is_own = |message: &Message| {
        !matches!(message.act, Act::Status(_) | Act::Deliver) && message.about.means(key)
    };
    let own: Vec<&Message> = messages.iter().copied().filter(|m| is_own(m)).collect();
    let first = own.first().copied();
    if let Some(first) = first {
        out.is_known = true;
        out.from = Some(first.by.organ_id.clone()).filter(|id| !id.is_empty());
        out.from_name.clone_from(&first.by.name);
        out.subject.clone_from(&first.subject);
    }
    let mut receivers = Receivers::default();
    for to in own.iter().flat_map(|message| &message.to) {
        receivers.at(to);
    }
    for pair in own.windows(2) {
        if let [a, b] = pair
            && a.act == Act::Send
            && b.act == Act::Send
            && (&a.subject, &a.content) != (&b.subject, &b.content)
        {
            out.tell(b, None, AnomalyKind::TwoDocuments);
        }
    }
    for message in &messages {
        step(&mut out, &mut receivers, key, message, first);
    }
    let names = receivers.order.iter();
    out.receivers = names
        .filter_map(|id| receivers.known.get(id).map(|(name, at)| (id, name, at)))
        .map(|(organ_id, name, at)| ReceiverFlow {
            organ_id: organ_id.clone(),
            name: name.clone(),
            state: at.state(),
            progress: at.progress,
            change: at.change,
            next: at.next(),
        })
        .collect();
    out.messages = messages.into_iter().cloned().collect();
    out
}

fn step(
    out: &mut DocumentFlow,
    receivers: &mut Receivers,
    key: &Key,
    message: &Message,
    first: Option<&Message>,
) {
    if message.at == i64::MAX {
        out.tell(message, None, AnomalyKind::NoTime);
    }
    let is_sender = out
        .from
        .as_ref()
        .is_none_or(|from| *from == message.by.organ_id);
    match &message.act {
        Act::Send => {}
        Act::Deliver => {
            let at = receivers.at(&message.by);
            at.progress = at.progress.max(State::Delivered);
        }
        Act::Revoke | Act::Update | Act::Replace => {
            let change = match message.act {
                Act::Revoke => Change::Revoke,
                Act::Update => Change::Update,
                _ => Change::Replace,
            };
            let target = message.targets.iter().find(|(target, _)| target.means(key));
            let Some((_, named)) = target else { return };
            if !is_sender {
                out.tell(message, None, AnomalyKind::NotTheSender);
            }
            let asked: Vec<&message::Party> = message
                .to
                .iter()
                .filter(|to| named.is_empty() || named.contains(&to.organ_id))
                .collect();
            for to in asked {
                if let Some(kind) = receivers.at(to).ask(change) {
                    out.tell(message, None, kind);
                }
            }
        }
        Act::Status(code) if code == "13" => {
            if !is_sender {
                out.tell(message, Some(code), AnomalyKind::NotTheSender);
                return;
            }
            for to in &message.to {
                if out.is_known && !receivers.is_known(to) {
                    out.tell(message, Some(code), AnomalyKind::NotAReceiver);
                } else if let Some(kind) = receivers.at(to).ask(Change::TakeBack) {
                    out.tell(message, Some(code), kind);
                }
            }
        }
        Act::Status(code) => {
            if !STATUS_CODES.contains(&code.as_str()) {
                out.tell(message, Some(code), AnomalyKind::UnknownCode);
                return;
            }
            match first {
                None => out.tell(message, Some(code), AnomalyKind::NoDocument),
                Some(first) if message.at < first.at => {
                    out.tell(message, Some(code), AnomalyKind::BeforeDocument);
                }
                Some(_) => {}
            }
            if out.is_known && !receivers.is_known(&message.by) {
                out.tell(message, Some(code), AnomalyKind::NotAReceiver);
                return;
            }
            let from = out.from.clone();
            let elsewhere = |to: &message::Party| from.as_ref().is_some_and(|f| *f != to.organ_id);
            if out.is_known && message.to.iter().any(elsewhere) {
                out.tell(message, Some(code), AnomalyKind::Misaddressed);
            }
            if let Some(kind) = receivers.at(&message.by).report(code) {
                out.tell(message, Some(code), kind);
            }
        }
    }
}

/// The receivers, each once, in the order in which they were named.
#[derive(Default)]
struct Receivers {
    order: Vec<String>,
    known: BTreeMap<String, (Option<String>, At)>,
}

impl Receivers {
    fn is_known(&self, party: &message::Party) -> bool {
        self.known.contains_key(&party.organ_id)
    }

    fn at(&mut self, party: &message::Party) -> &mut At {
        let id = &party.organ_id;
        if !self.known.contains_key(id) {
            self.order.push(id.clone());
        }
        let new = || {
            let at = At {
                progress: State::Sent,
                change: None,
                is_agreed: false,
            };
            (party.name.clone(), at)
        };
        &mut self.known.entry(id.clone()).or_insert_with(new).1
    }
}

impl DocumentFlow {
    fn tell(&mut self, message: &Message, code: Option<&String>, kind: AnomalyKind) {
        let anomaly = Anomaly {
            at: (message.at != i64::MAX).then_some(message.at),
            organ_id: message.by.organ_id.clone(),
            code: code.cloned(),
            kind,
        };
        if !self.anomalies.contains(&anomaly) {
            self.anomalies.push(anomaly);
        }
    }
}

impl Anomaly {
    /// When, at Viet Nam's offset.
    pub fn time(&self) -> Option<Time> {
        self.at
            .map(|at| Time::from_unix(at).at_offset(Time::VIET_NAM))
    }
}
