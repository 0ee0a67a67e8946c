//! Envelopes of every kind of message, made up by the hundreds: built, checked, shown, unpacked and
//! built again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::io::Read;

use kyso::edxml::{EnvelopeBuilder, Mode, Outcome};
use kyso::{Envelope, Error, ErrorKind, Limits, Time};
use serde_json::{Map, Value, json};

/// Chances that are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn text(&mut self) -> Value {
        let words = [
            "V/v",
            "rà soát",
            "danh mục",
            "<b>",
            "&amp;",
            "\"kế hoạch\"",
            "năm\t2026",
            "Ủy ban",
            "]]>",
            "a\r\nb",
            "Đường",
            "\u{1f4c4}",
            "é",
            "--",
            "cid:x",
            "'nháy'",
        ];
        let count = 1 + self.below(6);
        json!(
            (0..count)
                .map(|_| self.one(&words))
                .collect::<Vec<_>>()
                .join(" ")
        )
    }

    fn code(&mut self) -> Value {
        json!(self.one(&[
            "G99",
            "G99.07",
            "H37.DN.001",
            "000.00.00.G22",
            "001.02.15.H51",
            "A01"
        ]))
    }

    fn date(&mut self) -> Value {
        json!(format!(
            "20{:02}-{:02}-{:02}",
            10 + self.below(20),
            1 + self.below(12),
            1 + self.below(28)
        ))
    }

    fn time(&mut self) -> Value {
        let (hour, minute) = (self.below(24), self.below(60));
        json!(format!(
            "{}T{hour:02}:{minute:02}:00+07:00",
            self.date().as_str().unwrap()
        ))
    }
}

/// Some of these members.
fn some(members: Vec<(&str, Value)>, chance: &mut Chance) -> Value {
    let members = members.into_iter();
    let kept: Map<String, Value> = members
        .filter(|_| chance.often())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Value::Object(kept)
}

fn organ(chance: &mut Chance) -> Value {
    let more = vec![
        ("organization_in_charge", chance.text()),
        ("organ_name", chance.text()),
        ("organ_add", chance.text()),
        ("email", json!("a@example.vn")),
        ("telephone", json!("(84-4) 3821 5137")),
        ("fax", json!("1")),
        ("website", json!("example.vn")),
    ];
    let mut organ = some(more, chance);
    organ["organ_id"] = chance.code();
    organ
}

fn header(chance: &mut Chance) -> Value {
    let other = vec![
        ("priority", json!(chance.below(5))),
        ("sphere_of_promulgation", chance.text()),
        ("typer_notation", chance.text()),
        ("promulgation_amount", json!(chance.below(50))),
        ("page_amount", json!(chance.below(50))),
        ("reply_fors", chance.text()),
        ("reference_codes", chance.text()),
        ("direction", json!(chance.often())),
        (
            "appendixes",
            json!({ "appendix": [chance.text(), chance.text()] }),
        ),
    ];
    let answered = vec![
        ("code", json!("77/UBND-TH")),
        ("document_id", chance.text()),
        ("promulgation_date", chance.date()),
    ];
    let mut answered = some(answered, chance);
    answered["organ_id"] = chance.code();
    let mut kind = some(
        vec![
            ("type_detail", json!(chance.below(9))),
            ("type_name", chance.text()),
        ],
        chance,
    );
    kind["type"] = json!(chance.below(20));
    let more = vec![
        ("document_type", kind),
        ("content", chance.text()),
        (
            "signer_info",
            json!({ "competence": "KT.", "position": chance.text(), "full_name": chance.text() }),
        ),
        ("due_date", chance.date()),
        ("other_info", json!({ "priority": 0 })),
        ("response_for", json!([answered.clone(), answered])),
        ("response_for_task", json!({ "task_code": [chance.text()] })),
        ("application_type", json!("MCDT_DT")),
        ("to_places", json!({ "place": [chance.text(), "Lưu: VT"] })),
        (
            "other",
            json!([{ "after": "From", "xml": "<x:y xmlns:x=\"urn:x\">1</x:y>" }]),
        ),
    ];
    let mut header = some(more, chance);
    if header.get("other_info").is_some() {
        header["other_info"] = some(other, chance);
    }
    let from = organ(chance);
    let (number, notation, date) = (chance.below(9_000), "VP-TH", chance.date());
    let slashed = date.as_str().unwrap().replace('-', "/");
    header["document_id"] = json!(format!(
        "{},{slashed},{number}/{notation}",
        from["organ_id"].as_str().unwrap()
    ));
    header["from"] = from;
    let receivers = ["H01", "H02", "H03", "000.00.00.H04"];
    let count = 1 + chance.below(4);
    header["to"] = receivers[..count]
        .iter()
        .map(|code| {
            let mut to = organ(chance);
            to["organ_id"] = json!(code);
            to
        })
        .collect();
    header["code"] = json!({ "code_number": number.to_string(), "code_notation": notation });
    header["promulgation_info"] = json!({ "place": "Hà Nội", "promulgation_date": date });
    header["subject"] = chance.text();
    header["steering_type"] = json!(chance.below(3));
    header
}

fn staff(chance: &mut Chance) -> Value {
    json!({ "department": chance.text(), "staff": chance.text(), "mobile": "84900000000" })
}

fn business(kind: usize, chance: &mut Chance) -> Value {
    let mut business = some(
        vec![
            ("bussiness_doc_reason", chance.text()),
            ("paper", json!(chance.below(2))),
            ("staff_info", json!([staff(chance), staff(chance)])),
        ],
        chance,
    );
    business["bussiness_doc_type"] = json!(kind);
    let id = json!("G99.07,2025/11/01,310/VP-TH");
    match kind {
        1 => business["document_id"] = id,
        2 => {
            business["document_id"] = id;
            business["bussiness_document_info"] = json!({
                "document_info": chance.below(2), "document_receiver": 1,
                "receiver_list": { "receiver": [{ "organ_id": "H41", "receiver_type": 0 },
                                                 { "organ_id": "H14", "receiver_type": 1 }] },
            });
        }
        3 => {
            let one = json!({ "document_id": id, "organ_id_list": { "organ_id": ["H41", "H14"] } });
            business["replacement_info_list"] = json!({ "replacement_info": [one.clone(), one] });
        }
        _ => {}
    }
    business
}

/// A description and the contents of its attachments.
fn made(number: usize, chance: &mut Chance) -> (Value, Vec<Vec<u8>>) {
    if number % 5 == 4 {
        let codes = ["01", "02", "03", "04", "05", "06", "13", "15", "16"];
        let mut status = some(
            vec![("staff_info", staff(chance)), ("timestamp", chance.time())],
            chance,
        );
        status["status_code"] = json!(codes[(number / 5) % codes.len()]);
        status["description"] = chance.text();
        status["response_for"] = json!({ "organ_id": "G99", "code": "318/VP-TH",
            "promulgation_date": chance.date(), "document_id": "G99,2025/11/03,318/VP-TH" });
        let header = json!({ "from": organ(chance) });
        return (
            json!({ "kind": "status", "header": header, "status": status }),
            Vec::new(),
        );
    }
    let names = [
        "a.pdf",
        "b.docx",
        "Phụ lục.xlsx",
        "README",
        "c.TXT",
        "d.doc",
        "e.zip",
        "f.pptx",
    ];
    let (mut attachments, mut contents) = (Vec::new(), Vec::new());
    for at in 0..chance.below(5) {
        let name = chance.one(&names);
        let mut attachment = some(
            vec![
                ("id", json!(format!("{number}-{at}"))),
                ("description", chance.text()),
                ("field_name", chance.text()),
                ("mime_type", json!("text/plain")),
                ("format", json!("x")),
            ],
            chance,
        );
        attachment["name"] = json!(format!("{at} {name}"));
        if !name.ends_with(".zip") && chance.below(4) == 0 {
            attachment["content_type"] =
                json!(chance.one(&["application/octet-stream", "application/zip", "image/png"]));
        }
        contents.push(if name.ends_with(".zip") {
            [b"PK\x05\x06", &[0; 18][..]].concat()
        } else {
            let size = 1 + chance.below(5_000);
            (0..size)
                .map(|_| u8::try_from(chance.below(256)).unwrap())
                .collect()
        });
        attachments.push(attachment);
    }
    let mut description = json!({ "header": header(chance), "attachments": attachments });
    if chance.often() {
        description["business"] = business(number % 5, chance);
    }
    if chance.often() {
        let hops = 1 + chance.below(3);
        description["trace"] = (0..hops)
            .map(|_| json!({ "organ_id": chance.code(), "timestamp": chance.time() }))
            .collect();
    }
    (description, contents)
}

fn build(description: &Value, contents: &[Vec<u8>], now: Time) -> Vec<u8> {
    let mut left = contents.iter();
    let load = |_: &_| -> Result<&[u8], Error> { Ok(left.next().unwrap().as_slice()) };
    let builder = EnvelopeBuilder::from_json(description, load).unwrap();
    let limits = Limits::default();
    let laid = builder
        .lay(now, &limits)
        .unwrap_or_else(|e| panic!("{e}\n{description}"));
    let mut out = Vec::new();
    laid.write_to(&mut out).unwrap();
    assert_eq!(builder.finish(now, &limits).unwrap(), out);
    out
}

#[test]
fn five_hundred_envelopes_of_every_kind_are_the_same_after_there_and_back() {
    let (limits, mut chance) = (Limits::default(), Chance(11));
    let now: Time = "2026-11-26T08:00:00+07:00".parse().unwrap();
    let later: Time = "2030-01-01T00:00:00Z".parse().unwrap();
    let mut kinds = BTreeSet::new();
    for number in 0..500 {
        let (description, contents) = made(number, &mut chance);
        let bytes = build(&description, &contents, now);
        let (_, breaches) = Envelope::check(&bytes, &limits);
        // The one thing that strict has to say is what we put in: an unknown element (S4).
        let odd: Vec<_> = breaches
            .iter()
            .filter(|breach| breach.rule != "S4")
            .collect();
        assert!(odd.is_empty(), "{odd:?}\n{description}");
        assert!(
            breaches
                .iter()
                .all(|b| b.outcome(Mode::Strict) < Outcome::Reject)
        );

        let envelope = Envelope::read(&bytes, &limits).unwrap();
        let shown = envelope.to_json();
        let taken: Vec<Vec<u8>> = envelope
            .attachments()
            .map(|attachment| {
                let mut out = Vec::new();
                let mut reader = attachment.reader(&limits).unwrap();
                reader.read_to_end(&mut out).unwrap();
                assert_eq!(out, attachment.bytes(&limits).unwrap());
                out
            })
            .collect();
        assert_eq!(taken, contents, "{description}");
        assert_eq!(build(&shown, &taken, later), bytes, "{description}");
        let copied = EnvelopeBuilder::of(&envelope, &limits).unwrap();
        assert_eq!(copied.finish(later, &limits).unwrap(), bytes);
        kinds.insert(match envelope.status() {
            Some(status) => format!("status {}", status.status_code.as_deref().unwrap()),
            None => format!("document {:?}", envelope.business().unwrap().kind.unwrap()),
        });
    }
    assert_eq!(kinds.len(), 4 + 9, "{kinds:?}");
}

/// An envelope with so many attachments of so many octets each, written as a stream.
fn large(attachments: usize, octets: usize) -> Result<Vec<u8>, Error> {
    let content: Vec<u8> = (0..octets)
        .map(|n| u8::try_from(n * 31 % 251).unwrap())
        .collect();
    let (mut description, _) = made(0, &mut Chance(1));
    let listed = (0..attachments).map(|n| json!({ "name": format!("{n}.pdf") }));
    description["attachments"] = listed.collect();
    let builder = EnvelopeBuilder::from_json(&description, |_| Ok(content.as_slice())).unwrap();
    let now: Time = "2026-11-26T08:00:00+07:00".parse().unwrap();
    let mut out = Vec::new();
    builder
        .lay(now, &Limits::default())?
        .write_to(&mut out)
        .unwrap();
    Ok(out)
}

#[test]
fn a_thousand_attachments_are_read_one_after_the_other_as_streams() {
    let limits = Limits::default();
    let bytes = large(1_000, 40_000).unwrap();
    let envelope = Envelope::read(&bytes, &limits).unwrap();
    assert_eq!(envelope.attachments().len(), 1_000);
    let mut total = 0u64;
    for attachment in envelope.attachments() {
        let mut reader = attachment.reader(&limits).unwrap();
        total += std::io::copy(&mut reader, &mut std::io::sink()).unwrap();
    }
    assert_eq!(total, 40_000_000);
    let error = large(1_001, 10).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}
