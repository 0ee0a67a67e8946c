//! The story of a document in words and as data.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::edxml::codes;
use crate::edxml::flow::fold::{Change, DocumentFlow, Next, ReceiverFlow};
use crate::edxml::flow::message::{Act, Message, Party};
use crate::message::{Lang, visible};
use crate::time::Time;

pub(super) fn tell(documents: &[DocumentFlow], lang: Lang) -> String {
    let stories: Vec<String> = documents
        .iter()
        .map(|document| story(document, lang))
        .collect();
    stories.join("\n")
}

fn story(document: &DocumentFlow, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |depth: usize, text: &str| {
        let _ = writeln!(out, "{}{text}", "  ".repeat(depth));
    };
    line(0, &title(document, lang));
    if let Some(subject) = &document.subject {
        let label = lang.pick("Trích yếu", "Subject");
        line(1, &format!("{label}: {}", visible(subject)));
    }
    if !document.is_known {
        line(
            1,
            lang.pick(
                "Không có chính văn bản trong các bản tin đã đưa.",
                "The document itself is not among the messages given.",
            ),
        );
    }
    line(1, lang.pick("Diễn biến:", "What happened:"));
    for message in &document.messages {
        line(2, &happened(message, lang));
    }
    line(1, lang.pick("Hiện nay:", "Now:"));
    for receiver in &document.receivers {
        line(2, &stands(receiver, lang));
    }
    if !document.anomalies.is_empty() {
        line(1, lang.pick("Điều bất thường:", "What is odd:"));
        for anomaly in &document.anomalies {
            let text = anomaly.kind.text(lang);
            let who = visible(&anomaly.organ_id);
            let code = anomaly
                .code
                .as_deref()
                .map(|code| format!(" {}", visible(code)));
            let at = moment(anomaly.at, lang);
            line(
                2,
                &format!("{at}, {who}{}: {text}", code.unwrap_or_default()),
            );
        }
    }
    out
}

fn title(document: &DocumentFlow, lang: Lang) -> String {
    let name = document.code.as_ref().or(document.document_id.as_ref());
    let name = name.map_or_else(|| "?".to_owned(), |name| visible(name));
    let date = document.date.map(|date| match lang {
        Lang::Vi => format!(" ngày {:02}/{:02}/{:04}", date.day, date.month, date.year),
        _ => format!(" of {date}"),
    });
    let from = match (&document.from_name, &document.from) {
        (Some(name), Some(code)) => format!("{} ({})", visible(name), visible(code)),
        (Some(one), None) | (None, Some(one)) => visible(one),
        (None, None) => "?".to_owned(),
    };
    let (word, of) = (lang.pick("Văn bản", "Document"), lang.pick("của", "from"));
    format!("{word} {name}{} {of} {from}", date.unwrap_or_default())
}

fn happened(message: &Message, lang: Lang) -> String {
    let at = moment((message.at != i64::MAX).then_some(message.at), lang);
    let by = called(&message.by);
    let to: Vec<String> = message.to.iter().map(called).collect();
    let to = to.join(", ");
    let what = match &message.act {
        Act::Send => format!(
            "{} {to}",
            lang.pick("gửi văn bản tới", "sends the document to")
        ),
        Act::Revoke => format!(
            "{} {to}",
            lang.pick("gửi văn bản thu hồi tới", "sends a revocation to")
        ),
        Act::Update => format!(
            "{} {to}",
            lang.pick("gửi văn bản cập nhật tới", "sends an update to")
        ),
        Act::Replace => format!(
            "{} {to}",
            lang.pick("gửi văn bản thay thế tới", "sends a replacement to")
        ),
        Act::Deliver => lang
            .pick(
                "đã được trục chuyển văn bản tới",
                "was handed the document by the axis",
            )
            .to_owned(),
        Act::Status(code) => {
            let meaning = codes::status(code, lang).unwrap_or("?");
            let verb = lang.pick("báo", "reports");
            format!("{verb} {} – {meaning}", visible(code))
        }
    };
    let reason = message
        .reason
        .as_deref()
        .map(|reason| format!(": {}", visible(reason)));
    format!("{at}  {by} {what}{}", reason.unwrap_or_default())
}

fn stands(receiver: &ReceiverFlow, lang: Lang) -> String {
    let party = Party {
        organ_id: receiver.organ_id.clone(),
        name: receiver.name.clone(),
    };
    let mut text = format!("{}: {}", called(&party), receiver.state.text(lang));
    if receiver.state != receiver.progress {
        let _ = write!(text, " ({})", receiver.progress.text(lang));
    }
    let statuses: Vec<&str> = receiver
        .next
        .iter()
        .filter_map(|next| match next {
            Next::Status(code) => Some(*code),
            Next::Ask(_) => None,
        })
        .collect();
    if !statuses.is_empty() {
        let label = lang.pick("có thể báo tiếp", "may report next");
        let _ = write!(text, "; {label} {}", statuses.join(", "));
    }
    text
}

fn called(party: &Party) -> String {
    match &party.name {
        Some(name) => format!("{} ({})", visible(name), visible(&party.organ_id)),
        None if party.organ_id.is_empty() => "?".to_owned(),
        None => visible(&party.organ_id),
    }
}

fn moment(at: Option<i64>, lang: Lang) -> String {
    let Some(at) = at else {
        return lang.pick("(không có thời điểm)", "(no time)").to_owned();
    };
    let time = Time::from_unix(at).at_offset(Time::VIET_NAM);
    let ((year, month, day), (hour, minute, second)) = (time.date(), time.clock());
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

pub(super) fn to_json(documents: &[DocumentFlow]) -> Value {
    let list: Vec<Value> = documents.iter().map(document).collect();
    json!({ "schema": "kyso-envelope-flow/1", "documents": list })
}

fn document(document: &DocumentFlow) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    };
    put(
        "document_id",
        document.document_id.as_ref().map(|id| json!(id)),
    );
    put("code", document.code.as_ref().map(|code| json!(code)));
    put("date", document.date.map(|date| json!(date.to_string())));
    put("from", document.from.as_ref().map(|from| json!(from)));
    put(
        "subject",
        document.subject.as_ref().map(|subject| json!(subject)),
    );
    put("is_known", Some(json!(document.is_known)));
    put(
        "messages",
        Some(document.messages.iter().map(message).collect()),
    );
    put(
        "receivers",
        Some(document.receivers.iter().map(receiver).collect()),
    );
    let anomalies = document.anomalies.iter().map(|anomaly| {
        json!({
            "code": anomaly.kind.code(),
            "organ_id": anomaly.organ_id,
            "status_code": anomaly.code,
            "at": anomaly.time().map(|at| at.to_string()),
            "message_vi": anomaly.kind.text(Lang::Vi),
            "message_en": anomaly.kind.text(Lang::En),
        })
    });
    put("anomalies", Some(anomalies.collect()));
    Value::Object(object)
}

fn message(message: &Message) -> Value {
    let at = (message.at != i64::MAX).then(|| {
        let time = Time::from_unix(message.at).at_offset(Time::VIET_NAM);
        time.to_string()
    });
    let (act, code) = match &message.act {
        Act::Send => ("send", None),
        Act::Revoke => (Change::Revoke.name(), None),
        Act::Update => (Change::Update.name(), None),
        Act::Replace => (Change::Replace.name(), None),
        Act::Deliver => ("deliver", None),
        Act::Status(code) => ("status", Some(code)),
    };
    let to: Vec<&str> = message.to.iter().map(|to| to.organ_id.as_str()).collect();
    json!({
        "at": at,
        "by": message.by.organ_id,
        "act": act,
        "status_code": code,
        "to": to,
        "reason": message.reason,
    })
}

fn receiver(receiver: &ReceiverFlow) -> Value {
    let next: Vec<String> = receiver
        .next
        .iter()
        .map(|next| match next {
            Next::Status(code) => (*code).to_owned(),
            Next::Ask(change) => change.name().to_owned(),
        })
        .collect();
    json!({
        "organ_id": receiver.organ_id,
        "name": receiver.name,
        "state": receiver.state.name(),
        "progress": receiver.progress.name(),
        "change": receiver.change.map(Change::name),
        "next": next,
    })
}
