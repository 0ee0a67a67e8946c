//! What one envelope tells the flow, taken out of it.

use crate::edxml::{Date, Envelope, Kind, Organ, ResponseFor, TimeText};
use crate::time::Time;

/// One message. Two that say the same at the same time are the same message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Message {
    /// Seconds since 1970; the greatest where the message says no time, so that it comes last.
    pub(super) at: i64,
    pub(super) act: Act,
    pub(super) by: Party,
    /// The document itself, or the one that a status is about.
    pub(super) about: Key,
    pub(super) to: Vec<Party>,
    pub(super) reason: Option<String>,
    pub(super) subject: Option<String>,
    /// What tells two documents of one identifier apart.
    pub(super) content: Vec<(String, u64)>,
    /// The documents that a change is about, with the receivers where it names them.
    pub(super) targets: Vec<(Key, Vec<String>)>,
}

/// What a message does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    Send,
    Revoke,
    Update,
    Replace,
    Deliver,
    Status(String),
}

/// A sender or receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Party {
    pub(super) organ_id: String,
    pub(super) name: Option<String>,
}

/// What a document is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) document_id: Option<String>,
    /// `number/notation` as it stands.
    pub(super) code: Option<String>,
    pub(super) date: Option<(u16, u8, u8)>,
    pub(super) organ_id: Option<String>,
}

impl Message {
    pub(super) fn of(envelope: &Envelope<'_>) -> Self {
        match envelope.kind() {
            Kind::Document => Self::document(envelope),
            Kind::Status => Self::status(envelope),
        }
    }

    pub(super) fn delivery(document_id: &str, organ_id: &str, at: Time) -> Self {
        Self {
            at: at.unix(),
            act: Act::Deliver,
            by: Party {
                organ_id: organ_id.to_owned(),
                name: None,
            },
            about: Key {
                document_id: Some(document_id.to_owned()),
                ..Key::default()
            }
            .completed(),
            to: Vec::new(),
            reason: None,
            subject: None,
            content: Vec::new(),
            targets: Vec::new(),
        }
    }

    fn document(envelope: &Envelope<'_>) -> Self {
        let header = envelope.header();
        let by = party(header.from.as_ref());
        let issued = header.promulgation_info.as_ref();
        let date = issued.and_then(|issued| issued.promulgation_date.as_ref()?.date());
        let about = Key {
            document_id: header.document_id.clone(),
            code: header.code.as_ref().and_then(|code| code.joined()),
            date: date.map(day),
            organ_id: Some(by.organ_id.clone()).filter(|id| !id.is_empty()),
        };
        let sent = envelope.trace().first();
        let sent = sent.and_then(|hop| hop.timestamp.as_ref()?.time());
        let midnight = date.and_then(|date| {
            let parts = (i64::from(date.year), date.month, date.day);
            Time::from_parts(parts, (0, 0, 0), Time::VIET_NAM).ok()
        });
        let business = envelope.business();
        let act = match business.and_then(|business| business.kind) {
            Some(1) => Act::Revoke,
            Some(2) => Act::Update,
            Some(3) => Act::Replace,
            _ => Act::Send,
        };
        let named = |id: &String| Key {
            document_id: Some(id.clone()),
            ..Key::default()
        };
        let own = business.and_then(|business| business.document_id.as_ref());
        let answered = header.response_for.iter();
        let answered = answered.filter_map(|answered| answered.document_id.as_ref());
        let targets = match act {
            Act::Revoke => own.or(answered.clone().next()).into_iter().map(named),
            Act::Update => own.into_iter().map(named),
            _ => None.into_iter().map(named),
        };
        let mut targets: Vec<(Key, Vec<String>)> =
            targets.map(|key| (key.completed(), Vec::new())).collect();
        let list = business.and_then(|business| business.replacement_info_list.as_ref());
        for info in list.iter().flat_map(|list| &list.replacement_info) {
            let receivers = info.organ_id_list.as_ref();
            let receivers = receivers.map(|list| list.organ_id.clone());
            if let (Act::Replace, Some(id)) = (&act, &info.document_id) {
                targets.push((named(id).completed(), receivers.unwrap_or_default()));
            }
        }
        let files = envelope.attachments();
        Self {
            at: sent.or(midnight).map_or(i64::MAX, Time::unix),
            act,
            by,
            about: about.completed(),
            to: header.to.iter().map(|to| party(Some(to))).collect(),
            reason: business.and_then(|business| business.reason.clone()),
            subject: header.subject.clone(),
            content: files
                .map(|file| (file.name().to_owned(), file.size()))
                .collect(),
            targets,
        }
    }

    fn status(envelope: &Envelope<'_>) -> Self {
        let by = party(envelope.header().from.as_ref());
        let status = envelope.status().cloned().unwrap_or_default();
        let code = status.status_code.unwrap_or_default();
        let answered = status.response_for.unwrap_or_default();
        let mut about = key_of(&answered);
        // Code 13 is the sender's own and names the receiver; every other names the sender.
        let addressee = answered.organ_id.clone();
        about.organ_id = if code == "13" {
            Some(by.organ_id.clone())
        } else {
            addressee.clone()
        };
        Self {
            at: moment(status.timestamp.as_ref()).map_or(i64::MAX, Time::unix),
            act: Act::Status(code),
            by,
            about: about.completed(),
            to: addressee
                .into_iter()
                .map(|organ_id| Party {
                    organ_id,
                    name: None,
                })
                .collect(),
            reason: status.description,
            subject: None,
            content: Vec::new(),
            targets: Vec::new(),
        }
    }
}

impl Key {
    /// Fills in what the recommended three-part identifier says.
    fn completed(mut self) -> Self {
        let parts = self.document_id.as_deref().map(|id| id.splitn(3, ','));
        let parts: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        if let [organ, date, code] = parts.as_slice() {
            self.code.get_or_insert_with(|| (*code).to_owned());
            self.organ_id.get_or_insert_with(|| (*organ).to_owned());
            if let Some(date) = crate::edxml::date::read_date(date).0.date() {
                self.date.get_or_insert(day(date));
            }
        }
        self
    }

    /// Whether two names mean one document: by the identifier, else by number, date and issuer.
    pub(super) fn means(&self, other: &Self) -> bool {
        let numbers = self.number().zip(other.number());
        let same_number = numbers.is_some_and(|(a, b)| a == b);
        match (self.identifier(), other.identifier()) {
            (Some(a), Some(b)) => a == b || same_number && is_opaque(&a) != is_opaque(&b),
            _ => same_number,
        }
    }

    /// The identifier as it is compared: without regard to case, as receivers do.
    pub(super) fn identifier(&self) -> Option<String> {
        self.document_id.as_deref().map(folded)
    }

    /// Number and notation, date and issuer, where all are known.
    pub(super) fn number(&self) -> Option<Number> {
        let (code, organ) = self.code.as_deref().zip(self.organ_id.as_deref())?;
        Some((folded(code), self.date?, folded(organ)))
    }
}

/// Number and notation, date of issue, issuer.
pub(super) type Number = (String, (u16, u8, u8), String);

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// An identifier that does not say number and date.
fn is_opaque(id: &str) -> bool {
    id.split(',').count() < 3
}

fn key_of(answered: &ResponseFor) -> Key {
    let date = answered.promulgation_date.as_ref().and_then(|d| d.date());
    Key {
        document_id: answered.document_id.clone(),
        code: answered.code.clone(),
        date: date.map(day),
        organ_id: answered.organ_id.clone(),
    }
}

fn party(organ: Option<&Organ>) -> Party {
    Party {
        organ_id: organ.and_then(|o| o.organ_id.clone()).unwrap_or_default(),
        name: organ.and_then(|o| o.organ_name.clone()),
    }
}

fn moment(text: Option<&TimeText>) -> Option<Time> {
    text.and_then(TimeText::time)
}

fn day(date: Date) -> (u16, u8, u8) {
    (date.year, date.month, date.day)
}
