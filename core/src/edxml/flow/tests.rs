//! The whole diagram, walked; and that neither order nor repetition changes anything.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use crate::edxml::flow::*;
use crate::edxml::{Envelope, EnvelopeBuilder};
use crate::limits::Limits;

const ID: &str = "G99.07,2025/11/03,318/VP-TH";

fn build(value: &Value) -> Vec<u8> {
    let limits = Limits::default();
    let builder = EnvelopeBuilder::from_json(value, |_| Ok(Vec::new())).unwrap();
    let now = "2025-11-03T14:05:00+07:00".parse().unwrap();
    builder.finish(now, &limits).unwrap()
}

/// A document of this number with a business action.
fn document(number: &str, minute: u32, business: Value) -> Vec<u8> {
    build(&json!({
        "header": {
            "from": { "organ_id": "G99.07", "organ_name": "Văn phòng" },
            "to": [{ "organ_id": "H99", "organ_name": "Tỉnh" }, { "organ_id": "H98" }],
            "document_id": format!("G99.07,2025/11/03,{number}/VP-TH"),
            "code": { "code_number": number, "code_notation": "VP-TH" },
            "promulgation_info": { "promulgation_date": "2025-11-03" },
            "subject": "V/v rà soát", "steering_type": 0,
        },
        "business": business,
        "trace": [{ "organ_id": "G99.07", "timestamp": format!("2025-11-03T14:{minute:02}:00+07:00") }],
    }))
}

fn first() -> Vec<u8> {
    document("318", 0, json!({ "bussiness_doc_type": 0 }))
}

/// A status of H99 at this minute, about the first document.
fn status(code: &str, minute: u32) -> Vec<u8> {
    status_of("H99", code, minute, json!({ "document_id": ID }))
}

fn status_of(organ: &str, code: &str, minute: u32, about: Value) -> Vec<u8> {
    let (by, to) = if code == "13" {
        ("G99.07", organ)
    } else {
        (organ, "G99.07")
    };
    let mut answered = about;
    answered["organ_id"] = json!(to);
    build(&json!({
        "kind": "status", "header": { "from": { "organ_id": by } },
        "status": {
            "response_for": answered, "status_code": code, "description": "lý do",
            "timestamp": format!("2025-11-03T14:{minute:02}:30+07:00"),
        },
    }))
}

fn flow(messages: &[Vec<u8>]) -> Flow {
    let mut flow = Flow::new();
    for message in messages {
        flow.apply(&Envelope::read(message, &Limits::default()).unwrap());
    }
    flow
}

/// The state at H99 and the kinds of the anomalies.
fn walked(messages: &[Vec<u8>]) -> (State, Vec<AnomalyKind>) {
    let documents = flow(messages).documents();
    let document = &documents[0];
    assert_eq!(document.document_id.as_deref(), Some(ID));
    let receiver = document
        .receivers
        .iter()
        .find(|r| r.organ_id == "H99")
        .unwrap();
    let anomalies = document.anomalies.iter().map(|anomaly| anomaly.kind);
    (receiver.state, anomalies.collect())
}

/// The first document, then these statuses one minute apart.
fn after(codes: &[&str]) -> (State, Vec<AnomalyKind>) {
    let mut messages = vec![first()];
    messages.extend((1..).zip(codes).map(|(minute, code)| status(code, minute)));
    walked(&messages)
}

#[test]
fn every_edge_of_the_diagram_leads_where_it_should() {
    let fine = |state| (state, vec![]);
    assert_eq!(after(&[]), fine(State::Sent));
    assert_eq!(after(&["01"]), fine(State::Arrived));
    assert_eq!(after(&["01", "02"]), fine(State::Refused));
    assert_eq!(after(&["01", "03"]), fine(State::Accepted));
    assert_eq!(after(&["01", "03", "04"]), fine(State::Assigned));
    assert_eq!(after(&["01", "03", "04", "05"]), fine(State::InProgress));
    assert_eq!(
        after(&["01", "03", "04", "05", "06"]),
        fine(State::Finished)
    );
    // Skipped forward and repeated.
    assert_eq!(after(&["03", "05"]), fine(State::InProgress));
    assert_eq!(after(&["03", "03"]), fine(State::Accepted));
    assert_eq!(after(&["03", "13"]), fine(State::ChangeAsked));
    assert_eq!(after(&["03", "13", "15"]), fine(State::Revoked));
    assert_eq!(after(&["03", "13", "15", "15"]), fine(State::Revoked));
    assert_eq!(after(&["03", "13", "16"]), fine(State::Accepted));
    assert_eq!(after(&["03", "13", "05", "16"]), fine(State::InProgress));
    for (kind, state) in [
        (1, State::Revoked),
        (2, State::Updated),
        (3, State::Replaced),
    ] {
        let business = match kind {
            3 => json!({ "bussiness_doc_type": 3, "replacement_info_list": { "replacement_info": [
                { "document_id": ID, "organ_id_list": { "organ_id": ["H99"] } }] } }),
            _ => json!({ "bussiness_doc_type": kind, "document_id": ID,
                "bussiness_document_info": { "document_info": 1 } }),
        };
        let asked = [first(), status("03", 1), document("319", 2, business)];
        assert_eq!(walked(&asked), fine(State::ChangeAsked));
        let agreed = [&asked[..], &[status("15", 3)]].concat();
        assert_eq!(walked(&agreed), fine(state));
        let refused = [&asked[..], &[status("16", 3)]].concat();
        assert_eq!(walked(&refused), fine(State::Accepted));
        // A replacement is for the receivers that it names.
        let other = &flow(&asked).documents()[0].receivers[1];
        let expected = if kind == 3 {
            State::Sent
        } else {
            State::ChangeAsked
        };
        assert_eq!((other.organ_id.as_str(), other.state), ("H98", expected));
    }
}

#[test]
fn what_breaks_the_order_is_told_and_ends_nothing() {
    use AnomalyKind::*;
    assert_eq!(after(&["02", "03"]), (State::Refused, vec![AfterRefusal]));
    assert_eq!(after(&["06", "05"]), (State::Finished, vec![Backwards]));
    assert_eq!(after(&["03", "02"]), (State::Accepted, vec![LateRefusal]));
    assert_eq!(after(&["03", "15"]), (State::Accepted, vec![NotAsked]));
    assert_eq!(after(&["02", "13"]), (State::Refused, vec![AskedInVain]));
    assert_eq!(after(&["13", "15", "05"]), (State::Revoked, vec![AfterEnd]));
    let about = || json!({ "document_id": ID });
    let stranger = [first(), status_of("H01", "03", 1, about())];
    assert_eq!(walked(&stranger), (State::Sent, vec![NotAReceiver]));
    let early = [document("318", 30, json!({})), status("01", 1)];
    assert_eq!(walked(&early), (State::Arrived, vec![BeforeDocument]));
    assert_eq!(
        walked(&[status("03", 1)]),
        (State::Accepted, vec![NoDocument])
    );
    let mut other = String::from_utf8(first()).unwrap();
    other = other.replace("V/v rà soát", "V/v khác");
    assert_eq!(
        walked(&[first(), other.into_bytes()]),
        (State::Sent, vec![TwoDocuments])
    );
    let text = String::from_utf8(status("03", 1)).unwrap();
    let unknown = text
        .replace("<edXML:StatusCode>03", "<edXML:StatusCode>07")
        .into_bytes();
    assert_eq!(
        walked(&[first(), unknown]),
        (State::Sent, vec![UnknownCode])
    );
    let elsewhere = text.replace(">G99.07<", ">H98<").into_bytes();
    assert_eq!(
        walked(&[first(), elsewhere]),
        (State::Accepted, vec![Misaddressed])
    );
    let timeless = text.replace("2025/11/03 14:01:30", "").into_bytes();
    assert_eq!(
        walked(&[first(), timeless]),
        (State::Accepted, vec![NoTime])
    );
    let foreign = String::from_utf8(status("13", 1)).unwrap();
    let foreign = foreign.replacen(">G99.07<", ">H01<", 1).into_bytes();
    assert_eq!(
        walked(&[first(), foreign]),
        (State::Sent, vec![NotTheSender])
    );
}

#[test]
fn a_status_finds_its_document_by_identifier_or_by_number_date_and_issuer() {
    for about in [
        json!({ "document_id": ID }),
        json!({ "document_id": "g99.07,2025/11/03,318/vp-th" }),
        json!({ "code": "318/vp-th", "promulgation_date": "2025-11-03" }),
        json!({ "document_id": "1f0c7a52-0000-4000-8000-00000000000a", "code": "318/VP-TH",
            "promulgation_date": "2025-11-03" }),
    ] {
        let messages = [first(), status_of("H99", "03", 1, about)];
        assert_eq!(walked(&messages), (State::Accepted, vec![]));
    }
    let other = json!({ "code": "319/VP-TH", "promulgation_date": "2025-11-03" });
    assert_eq!(
        flow(&[first(), status_of("H99", "03", 1, other)])
            .documents()
            .len(),
        2
    );
}

#[test]
fn messages_in_any_order_and_twice_give_the_same_state() {
    let revocation = document(
        "319",
        6,
        json!({ "bussiness_doc_type": 1, "document_id": ID }),
    );
    let messages = [
        first(),
        status("01", 1),
        status("03", 2),
        status_of("H98", "02", 3, json!({ "document_id": ID })),
        status("05", 4),
        revocation,
        status("15", 8),
    ];
    let expected = flow(&messages).to_json();
    assert_eq!(expected["documents"][0]["receivers"][0]["state"], "revoked");
    // A shuffle that is the same each time.
    let mut seed = 7usize;
    for _ in 0..200 {
        let mut order: Vec<usize> = (0..messages.len()).chain(0..messages.len()).collect();
        for at in (1..order.len()).rev() {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, (seed >> 33) % (at + 1));
        }
        let shuffled: Vec<Vec<u8>> = order.iter().map(|at| messages[*at].clone()).collect();
        assert_eq!(flow(&shuffled).to_json(), expected);
    }
}

#[test]
fn what_may_come_next_is_what_the_diagram_allows() {
    let next = |codes: &[&str]| {
        let mut messages = vec![first()];
        messages.extend((1..).zip(codes).map(|(minute, code)| status(code, minute)));
        let documents = flow(&messages).documents();
        let next = documents[0].receivers[0].next.clone();
        let codes = next.iter().filter_map(|next| match next {
            Next::Status(code) => Some(*code),
            Next::Ask(_) => None,
        });
        let asks = next
            .iter()
            .filter(|next| matches!(next, Next::Ask(_)))
            .count();
        (codes.collect::<Vec<_>>().join(" "), asks)
    };
    assert_eq!(next(&[]), ("01 02 03 04 05 06".to_owned(), 4));
    assert_eq!(next(&["01"]), ("02 03 04 05 06".to_owned(), 4));
    assert_eq!(next(&["04"]), ("05 06".to_owned(), 4));
    assert_eq!(next(&["06"]), (String::new(), 4));
    assert_eq!(next(&["02"]), (String::new(), 0));
    assert_eq!(next(&["03", "13"]), ("15 16 04 05 06".to_owned(), 4));
    assert_eq!(next(&["03", "13", "15"]), (String::new(), 0));
    // Whatever may come next breaks nothing when it comes.
    for codes in [&[][..], &["01"], &["03"], &["05"], &["03", "13"]] {
        for code in next(codes).0.split(' ').filter(|code| !code.is_empty()) {
            let (_, anomalies) = after(&[codes, &[code]].concat());
            assert_eq!(anomalies, vec![], "{codes:?} {code}");
        }
    }
}

#[test]
fn the_story_is_told_in_both_languages_and_names_everybody() {
    let flow = flow(&[first(), status("01", 1), status("03", 2), status("01", 3)]);
    let vi = flow.tell(crate::message::Lang::Vi);
    for words in [
        "Văn bản 318/VP-TH ngày 03/11/2025 của Văn phòng (G99.07)",
        "2025-11-03 14:00:00  Văn phòng (G99.07) gửi văn bản tới Tỉnh (H99), H98",
        "2025-11-03 14:02:30  H99 báo 03 – đã tiếp nhận: lý do",
        "Tỉnh (H99): đã tiếp nhận; có thể báo tiếp 04, 05, 06",
        "H98: đã gửi, chưa có phản hồi",
        "2025-11-03 14:03:30, H99 01: trạng thái lùi về bước trước",
    ] {
        assert!(vi.contains(words), "{words}\n{vi}");
    }
    let en = flow.tell(crate::message::Lang::En);
    for words in [
        "H99 reports 03 – accepted",
        "a status that goes back to an earlier step",
    ] {
        assert!(en.contains(words), "{words}\n{en}");
    }
}

#[test]
fn what_the_axis_delivered_is_known_before_any_status() {
    let mut flow = flow(&[first()]);
    flow.delivered(ID, "H99", "2025-11-03T14:01:00+07:00".parse().unwrap());
    assert_eq!(flow.documents()[0].receivers[0].state, State::Delivered);
}
