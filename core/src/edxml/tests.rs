//! Behaviour of the whole room: the samples of the field, hostile input, there and back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::edxml::*;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::time::Time;

pub(super) fn data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("KYSO_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let folder = root.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

pub(super) fn now() -> Time {
    "2025-11-03T14:05:00+07:00".parse().unwrap()
}

pub(super) fn limits() -> Limits {
    Limits::default()
}

pub(super) fn header() -> Value {
    json!({
        "from": { "organ_id": "G99.07", "organ_name": "Văn phòng Bộ Thử Nghiệm" },
        "to": [{ "organ_id": "H99" }, { "organ_id": "000.00.21.H98", "email": "a@example.vn" }],
        "document_id": "G99.07,2025/11/03,318/VP-TH",
        "code": { "code_number": "318", "code_notation": "VP-TH" },
        "promulgation_info": { "place": "Hà Nội", "promulgation_date": "2025-11-03" },
        "document_type": { "type": 2, "type_name": "Công văn" },
        "subject": "V/v rà soát <năm 2026> & \"kế hoạch\"",
        "signer_info": { "full_name": "Lê Thị Ví Dụ" },
        "due_date": "2025-12-01",
        "other_info": { "priority": 2, "page_amount": 1, "direction": false,
                        "appendixes": { "appendix": ["Một", "Hai"] } },
        "response_for": [{ "organ_id": "H99", "code": "77/UBND-TH", "promulgation_date": "2025-10-20" }],
        "steering_type": 1,
        "to_places": { "place": ["Lưu: VT"] },
    })
}

pub(super) fn builder() -> EnvelopeBuilder<'static> {
    let value = json!({ "header": header() });
    EnvelopeBuilder::from_json(&value, |_| Ok(Vec::new())).unwrap()
}

fn read(bytes: &[u8]) -> Envelope<'_> {
    Envelope::read(bytes, &limits()).unwrap()
}

fn refused(builder: &EnvelopeBuilder<'_>, rule: &str) {
    let error = builder.finish(now(), &limits()).unwrap_err();
    let detail = error.detail();
    assert!(detail.starts_with(&format!("{rule}: ")), "{rule}: {detail}");
}

fn with(change: impl Fn(&mut Value)) -> EnvelopeBuilder<'static> {
    let mut value = json!({ "header": header() });
    change(&mut value);
    EnvelopeBuilder::from_json(&value, |_| Ok(Vec::new())).unwrap()
}

/// A good envelope with one text in it changed.
pub(super) fn altered(from: &str, to: &str) -> Vec<u8> {
    let built = builder()
        .attach("a.pdf", &b"%PDF-1.4"[..])
        .finish(now(), &limits());
    let text = String::from_utf8(built.unwrap()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn rules(bytes: &[u8]) -> Vec<&'static str> {
    let (_, breaches) = Envelope::check(bytes, &limits());
    breaches.iter().map(|breach| breach.rule).collect()
}

#[test]
fn every_sample_of_the_field_is_read_or_refused_in_one_clear_sentence() {
    let Some(folder) = data("edxml") else { return };
    // Name, attachments or the words of the refusal, some of the rules that must be told.
    let table: [(&str, Result<usize, &str>, &[&str]); 22] = [
        (
            "axis-received-2019-signature-in-wrong-namespace",
            Ok(1),
            &["G1", "I4"],
        ),
        (
            "axis-received-2025-pdf-label-zip-bytes",
            Ok(1),
            &["A2", "I1", "I3"],
        ),
        ("axis-received-2025-utf8-corrupted-pdf", Ok(1), &["I1"]),
        (
            "gateway-built-2-attachments-no-business",
            Ok(2),
            &["I1", "I4"],
        ),
        (
            "gateway-built-3-attachments-text-plain-zip-bytes",
            Ok(3),
            &["A2", "A2", "A2"],
        ),
        ("gateway-minimal-hand-written", Ok(1), &["H3", "H5", "H7"]),
        ("legacy-soap-2803-shape-header", Err("SOAP-2803"), &["N1"]),
        (
            "legacy-soap-512-shape-attachments",
            Err("SOAP-512"),
            &["N1"],
        ),
        ("lgsp-shape-flat-govn", Ok(1), &["N1", "I4"]),
        ("lgsp-shape-layered", Ok(1), &["N2", "M3"]),
        ("profile-good-document", Ok(2), &[]),
        ("profile-good-status-03", Ok(0), &[]),
        ("vxp-jmeter-template-bad-base64", Err("A1: "), &["X5", "A1"]),
        ("vxp-sdk-new-prolog-garbage", Err("X1: "), &["X1"]),
        ("vxp-sdk-replacement", Ok(1), &["G1"]),
        ("vxp-sdk-revocation", Ok(1), &["G1"]),
        ("vxp-sdk-status-01-sdk-built", Ok(0), &[]),
        ("vxp-sdk-status-02", Ok(0), &[]),
        ("vxp-sdk-status-03-hand-ordered", Ok(0), &[]),
        ("vxp-sdk-status-13", Ok(0), &[]),
        ("vxp-sdk-status-15", Ok(0), &[]),
        ("vxp-sdk-update", Ok(1), &["A3", "G1", "I5"]),
    ];
    for (name, expected, told) in table {
        let ending = if name.starts_with("legacy") {
            "xml"
        } else {
            "edxml"
        };
        let bytes = std::fs::read(folder.join(format!("{name}.{ending}"))).unwrap();
        let mut rules = rules(&bytes);
        match (Envelope::read(&bytes, &limits()), expected) {
            (Ok(envelope), Ok(count)) => {
                assert_eq!(envelope.attachments().len(), count, "{name}");
                for attachment in envelope.attachments() {
                    let content = attachment.bytes(&limits()).unwrap();
                    assert_eq!(content.len() as u64, attachment.size(), "{name}");
                    if attachment.safe_name().ends_with(".pdf") {
                        assert!(content.starts_with(b"%PDF"), "{name}");
                    }
                }
                assert_eq!(envelope.to_json()["schema"], "kyso-envelope/1");
            }
            (Err(error), Err(words)) => {
                assert!(error.detail().contains(words), "{name}: {error}");
                assert!(error.place().is_some(), "{name}");
            }
            (got, expected) => panic!("{name}: {got:?}, expected {expected:?}"),
        }
        println!("{name}: {rules:?}");
        if told.is_empty() && !name.contains("sdk") {
            assert!(rules.is_empty(), "{name}: {rules:?}");
        }
        for rule in told {
            let at = rules.iter().position(|r| r == rule);
            rules.remove(at.unwrap_or_else(|| panic!("{name}: {rule} not in {rules:?}")));
        }
    }
}

#[test]
fn the_written_profile_is_the_one_of_the_good_samples() {
    let Some(folder) = data("edxml") else { return };
    for name in ["profile-good-document", "profile-good-status-03"] {
        let bytes = std::fs::read(folder.join(format!("{name}.edxml"))).unwrap();
        let envelope = read(&bytes);
        let shown = envelope.to_json();
        let contents = contents(&envelope);
        let built = rebuild(&shown, &contents);
        // Zip octets differ between deflaters; all else is equal but for the ends of lines.
        let lines = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let lines = text.lines().map(str::to_owned);
            lines
                .filter(|l| !l.contains("ContentTransferEncoded"))
                .collect()
        };
        assert_eq!(lines(&built), lines(&bytes), "{name}");
        assert_eq!(self::contents(&read(&built)), contents, "{name}");
    }
}

pub(super) fn contents(envelope: &Envelope<'_>) -> Vec<Vec<u8>> {
    let attachments = envelope.attachments();
    attachments.map(|a| a.bytes(&limits()).unwrap()).collect()
}

pub(super) fn rebuild(shown: &Value, contents: &[Vec<u8>]) -> Vec<u8> {
    let mut left = contents.iter();
    let load = |_: &AttachmentSpec| -> Result<Vec<u8>, Error> { Ok(left.next().unwrap().clone()) };
    let builder = EnvelopeBuilder::from_json(shown, load).unwrap();
    builder.finish(now(), &limits()).unwrap()
}

#[test]
fn what_is_built_reads_back_equal_and_what_is_shown_builds_the_same_octets() {
    let files: [(&str, &[u8]); 5] = [
        ("318-VP-TH.pdf", b"%PDF-1.7 x"),
        ("Phụ lục.xlsx", &[9; 5_000]),
        ("ghi chú.txt", b""),
        ("README", b"no extension"),
        ("gói.zip", &zip::wrap("b.txt", b"opaque").unwrap()),
    ];
    let mut builder = builder();
    for (name, content) in files {
        builder = builder.attach(name, content);
    }
    let first = builder.finish(now(), &limits()).unwrap();
    assert_eq!(first, builder.finish(now(), &limits()).unwrap());
    let envelope = read(&first);
    assert_eq!(envelope.breaches(), []);
    let shown = envelope.to_json();
    assert_eq!(
        shown["header"]["other_info"]["appendixes"]["appendix"][1],
        "Hai"
    );
    assert_eq!(
        shown["header"]["promulgation_info"]["promulgation_date"],
        "2025-11-03"
    );
    assert_eq!(shown["trace"][0]["timestamp"], "2025-11-03T14:05:00+07:00");
    assert_eq!(shown["business"]["bussiness_doc_type"], 0);
    for (member, value) in header().as_object().unwrap() {
        assert_eq!(&shown["header"][member], value, "{member}");
    }
    for (attachment, (name, content)) in envelope.attachments().zip(files) {
        assert_eq!(attachment.name(), name);
        assert_eq!(attachment.bytes(&limits()).unwrap(), content);
        assert_eq!(
            attachment.is_wrapped(),
            !name.ends_with(".pdf") && !name.ends_with(".zip")
        );
    }
    assert_eq!(rebuild(&shown, &contents(&envelope)), first);
    let text = String::from_utf8(first).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(!text.contains("cid:cid:"));
}

#[test]
fn a_received_document_is_answered_with_a_status_that_breaks_no_rule() {
    let document = builder().finish(now(), &limits()).unwrap();
    let received = read(&document);
    let from = Organ {
        organ_id: Some("H99".to_owned()),
        ..Organ::default()
    };
    let reply = status_reply(&received, "03", Some("Đã tiếp nhận"), from.clone(), now()).unwrap();
    let bytes = reply.finish(now(), &limits()).unwrap();
    let answer = read(&bytes);
    assert_eq!(answer.breaches(), []);
    assert_eq!(answer.kind(), Kind::Status);
    let shown = answer.to_json();
    assert_eq!(
        shown,
        json!({
            "schema": "kyso-envelope/1", "kind": "status", "dialect": "Q102",
            "header": { "from": { "organ_id": "H99" } },
            "status": {
                "response_for": {
                    "organ_id": "G99.07", "code": "318/VP-TH",
                    "document_id": "G99.07,2025/11/03,318/VP-TH", "promulgation_date": "2025-11-03",
                },
                "status_code": "03", "description": "Đã tiếp nhận",
                "timestamp": "2025-11-03T14:05:00+07:00",
            },
        })
    );
    assert_eq!(rebuild(&shown, &[]), bytes);
    let refuse = status_reply(&received, "02", None, from.clone(), now()).unwrap();
    assert!(refuse.finish(now(), &limits()).is_err());
    assert!(status_reply(&received, "07", None, from.clone(), now()).is_err());
    assert!(status_reply(&answer, "01", None, from.clone(), now()).is_err());
    // Two receivers: code 13 must say which.
    let ask = status_reply(&received, "13", Some("lý do"), from, now()).unwrap();
    refused(&ask, "T2");
    assert!(ask.addressee("H99").finish(now(), &limits()).is_ok());
}

#[test]
fn what_the_strict_rules_refuse_is_not_written() {
    refused(&with(|v| v["header"]["from"] = json!(null)), "H1");
    refused(&with(|v| v["header"]["to"] = json!([])), "H2");
    refused(
        &with(|v| v["header"]["code"]["code_number"] = json!("")),
        "H3",
    );
    refused(&with(|v| v["header"]["document_id"] = json!(null)), "H4");
    refused(
        &with(|v| v["header"]["promulgation_info"] = json!({})),
        "H5",
    );
    refused(&with(|v| v["header"]["subject"] = json!("  ")), "H6");
    refused(&with(|v| v["header"]["steering_type"] = json!(null)), "H7");
    refused(&with(|v| v["header"]["steering_type"] = json!(4)), "C1");
    refused(
        &with(|v| v["header"]["other_info"]["priority"] = json!(5)),
        "C2",
    );
    refused(
        &with(|v| v["header"]["from"]["organ_id"] = json!("g99")),
        "I1",
    );
    refused(
        &with(|v| v["business"] = json!({ "bussiness_doc_type": 1 })),
        "B1",
    );
    refused(
        &with(|v| v["business"] = json!({ "business_doc_type": 2 })),
        "B2",
    );
    refused(
        &with(|v| v["business"] = json!({ "bussiness_doc_type": 3 })),
        "B3",
    );
    refused(&with(|v| v["header"]["subject"] = json!("a\u{1}b")), "W3");
    refused(
        &with(|v| v["header"]["subject"] = json!("a\u{ffff}b")),
        "W3",
    );
    refused(&builder().attach("../a.pdf", &b"x"[..]), "A4");
    refused(&builder().attach("", &b"x"[..]), "A4");
    refused(&builder().attach("a.pdf", &b""[..]), "A1b");
    let twice = NewAttachment {
        id: Some("cid:1".to_owned()),
        name: "a.pdf".to_owned(),
        content: b"x"[..].into(),
        ..NewAttachment::default()
    };
    refused(&builder().attach_as(twice.clone()).attach_as(twice), "M2");
    let status = Status {
        status_code: Some("7".to_owned()),
        ..Status::default()
    };
    refused(&EnvelopeBuilder::status(Organ::default(), status), "T2");
}

#[test]
fn a_member_that_the_form_does_not_have_is_refused_by_name() {
    for (value, at) in [
        (json!({ "header": { "organid": "x" } }), "header.organid"),
        (json!({ "headers": {} }), "headers"),
        (
            json!({ "header": { "to": [{ "organ": "x" }] } }),
            "header.to[0].organ",
        ),
        (
            json!({ "header": { "due_date": "2014-02-30" } }),
            "header.due_date",
        ),
        (
            json!({ "header": { "steering_type": "one" } }),
            "header.steering_type",
        ),
        (
            json!({ "attachments": [{ "file": "x" }] }),
            "attachments[0].file",
        ),
        (json!({ "kind": "letter" }), "kind"),
        (json!([]), "description"),
    ] {
        let error = EnvelopeBuilder::from_json(&value, |_| Ok(Vec::new())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse);
        assert_eq!(error.place().unwrap().to_string(), at);
    }
}

#[test]
fn each_rule_of_reading_is_told_where_it_is_broken() {
    let q102 = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
    for (from, to, rule) in [
        ("<edXML ", "<!DOCTYPE edXML><edXML ", "X3"),
        ("</edXML>\r\n", "</edXML>\r\nx", "X1"),
        ("<edXML:Subject>", "<edXML:Subject x:y=\"\">", "X5"),
        ("<?xml", "\u{feff}<?xml", "X2"),
        ("UTF-8", "ISO-8859-1", "X2"),
        ("UTF-8", "UTF-16", "X2b"),
        (
            "<edXML:Subject>",
            &format!("<Subject xmlns=\"{q102}\">"),
            "X1",
        ),
        ("<edXML:From>", "<edXML:Sender/><edXML:From>", "S4"),
        ("<edXML:To>", "<edXML:From/><edXML:To>", "S3"),
        ("<edXML:Place>", "<edXML:Place/><edXML:Place>", "S3"),
        (
            "2025/11/03</edXML:PromulgationDate>",
            "2025-11-03</edXML:PromulgationDate>",
            "D1",
        ),
        (
            "2025/11/03</edXML:PromulgationDate>",
            "2025/02/29</edXML:PromulgationDate>",
            "D2",
        ),
        ("2025/11/03 14", "2025/11/03T14", "D3"),
        ("<edXML:SteeringType>1", "<edXML:SteeringType>", "C1"),
        ("<edXML:SteeringType>1", "<edXML:SteeringType>3", "C1"),
        ("<edXML:Priority>2", "<edXML:Priority>x", "C2"),
        ("<edXML:PageAmount>1", "<edXML:PageAmount>1.5", "C3"),
        (
            "<edXML:BussinessDocType>0",
            "<edXML:BussinessDocType>00",
            "C4",
        ),
        ("<edXML:OrganId>G99.07", "<edXML:OrganId> G99.07", "I1"),
        ("<edXML:OrganId>000.00.21.H98", "<edXML:OrganId>H99", "I2"),
        (",318/VP-TH", ",318", "I4"),
        (",318/VP-TH", ",319/VP-TH", "I5"),
        ("JVBE", "J$BE", "A1"),
        ("LjQ=<", "LjQ<", "A1b"),
        (
            "<ContentType>application/pdf",
            "<ContentType>application/zip",
            "A2",
        ),
        ("<AttachmentName>a.pdf", "<AttachmentName>../a.pdf", "A4"),
        ("<AttachmentName>a.pdf", "<AttachmentName>b.pdf", "M4"),
        ("<ContentId>cid:", "<ContentId>cid:x", "M1"),
        ("<ContentId>cid:", "<ContentId>cid:cid:", "M3"),
        ("<ContentId>cid:", "<ContentId>", "M3"),
    ] {
        let rules = rules(&altered(from, to));
        assert!(rules.contains(&rule), "{to}: {rule} not in {rules:?}");
    }
    let spelt = altered("<edXML:Bussiness>", "<edXML:Business>");
    let spelt = String::from_utf8(spelt).unwrap();
    let spelt = spelt.replace("</edXML:Bussiness>", "</edXML:Business>");
    assert_eq!(rules(spelt.as_bytes()), ["N4"]);
    assert!(read(spelt.as_bytes()).business().is_some());
    let foreign = altered("xmlns:edXML=\"http", "xmlns:edXML=\"xhttp");
    assert!(rules(&foreign).contains(&"N3"));
}

#[test]
fn text_is_the_same_whatever_markup_stands_in_it() {
    let bytes = altered(
        "<edXML:PageAmount>1<",
        "<edXML:PageAmount>1<!-- 9 -->2<![CDATA[5]]>&#x36;<",
    );
    let envelope = read(&bytes);
    let info = envelope.header().other_info.as_ref().unwrap();
    assert_eq!(info.page_amount, Some(1256));
    assert_eq!(envelope.breaches(), []);
}

#[test]
fn unusual_but_lawful_packings_are_unwrapped_by_content() {
    let wrapped = zip::wrap("x.PDF", b"%PDF-1.4 wrapped").unwrap();
    let encoded = |content: &[u8]| base64_simd::STANDARD.encode_to_string(content);
    let plain = encoded(b"%PDF-1.4");
    let payload = |encoded: String| {
        let bytes = altered(&plain, &encoded);
        let envelope = Envelope::read(&bytes, &limits())?;
        let attachment = envelope.attachments().next().unwrap();
        attachment.bytes(&limits())
    };
    assert_eq!(payload(encoded(&wrapped)).unwrap(), b"%PDF-1.4 wrapped");
    let mut lines = encoded(&wrapped);
    lines.insert_str(8, "\r\n  ");
    assert_eq!(payload(lines).unwrap(), b"%PDF-1.4 wrapped");
    assert_eq!(
        payload(encoded(b"%PDF-1.4>>?").replace('/', "_")).unwrap(),
        b"%PDF-1.4>>?"
    );
    let other = zip::wrap("x.txt", b"text").unwrap();
    assert_eq!(payload(encoded(&other)).unwrap(), other);
    // A bomb in a wrapping zip: declared large, refused before anything is inflated.
    let mut bomb = zip::wrap("x.pdf", &b"0123456789abcdef".repeat(80_000)).unwrap();
    let at = bomb.len() - 22 - 5 - 46 + 24;
    bomb[at..at + 4].copy_from_slice(&(1u32 << 30).to_le_bytes());
    let error = payload(encoded(&bomb)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.detail().starts_with("A5: "), "{error}");
}

#[test]
fn the_limits_of_number_and_size_are_kept() {
    let bytes = builder()
        .attach("a.txt", &b"text"[..])
        .attach("b.txt", &b"text"[..])
        .finish(now(), &limits())
        .unwrap();
    let kind = |change: fn(&mut Limits)| {
        let mut limits = limits();
        change(&mut limits);
        Envelope::read(&bytes, &limits)
            .map(|_| ())
            .unwrap_err()
            .kind()
    };
    assert_eq!(kind(|l| l.attachments = 1), ErrorKind::TooLarge);
    assert_eq!(kind(|l| l.receivers = 1), ErrorKind::TooLarge);
    assert_eq!(kind(|l| l.attachment_size = 3), ErrorKind::TooLarge);
    assert_eq!(kind(|l| l.attachments_total = 7), ErrorKind::TooLarge);
    assert_eq!(kind(|l| l.envelope_size = 100), ErrorKind::TooLarge);
    assert_eq!(kind(|l| l.envelope_depth = 3), ErrorKind::TooLarge);
}

#[test]
fn a_header_signature_is_told_and_not_judged() {
    let signed = |inserted: &str| {
        let at = "</edXML:TraceHeaderList>";
        altered(at, &format!("{at}{inserted}"))
    };
    let state = |inserted: &str| read(&signed(inserted)).header_signature();
    assert_eq!(state(""), HeaderSignature::Absent);
    assert_eq!(
        state("<edXML:DigitalSignature/>"),
        HeaderSignature::Placeholder
    );
    assert_eq!(state("<Signature/>"), HeaderSignature::NotXmldsig);
    let ds = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    assert_eq!(state(ds), HeaderSignature::Present);
    assert_eq!(read(&signed(ds)).header_signatures().len(), 1);
    let two = signed(&format!("{ds}{ds}"));
    let error = Envelope::read(&two, &limits()).unwrap_err();
    assert!(error.detail().starts_with("S3: "));
}

#[test]
fn hostile_xml_is_answered_quickly_and_without_a_panic() {
    for folder in ["attacks/xml", "attacks/bomb"] {
        let Some(folder) = data(folder) else { return };
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "xml") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let start = Instant::now();
            let answer = Envelope::read(&bytes, &limits());
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(start.elapsed() < Duration::from_secs(3), "{name}");
            if name.starts_with("dtd") || name.contains("laughs") || name.contains("quadratic") {
                assert!(answer.unwrap_err().detail().starts_with("X3: "), "{name}");
            } else if name.contains("deep") {
                assert_eq!(answer.unwrap_err().kind(), ErrorKind::TooLarge);
            } else if let Ok(envelope) = answer {
                envelope.to_json();
                for attachment in envelope.attachments() {
                    assert!(!attachment.safe_name().contains(['/', '\\']), "{name}");
                }
            }
        }
    }
}

#[test]
fn every_single_changed_byte_gives_an_envelope_or_an_error() {
    let bytes = builder()
        .attach("a.pdf", &b"%PDF"[..])
        .attach("b.txt", &b"text text text"[..])
        .finish(now(), &limits())
        .unwrap();
    for at in 0..bytes.len() {
        for change in [0x01u8, 0x20, 0x80] {
            let mut bad = bytes.clone();
            bad[at] ^= change;
            if let Ok(envelope) = Envelope::read(&bad, &limits()) {
                for attachment in envelope.attachments() {
                    let _ = attachment.bytes(&limits());
                }
                let _ = envelope.to_json();
            }
        }
    }
    for end in 0..bytes.len() {
        let cut = bytes.get(..end).unwrap();
        assert!(Envelope::read(cut, &limits()).is_err() || end + 2 >= bytes.len());
    }
}

#[test]
fn utf_16_is_read_and_told() {
    let text = String::from_utf8(altered("encoding=\"UTF-8\"", "encoding=\"UTF-16\"")).unwrap();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let envelope = read(&wide);
    assert_eq!(
        envelope.header().subject,
        read(&altered("a", "a")).header().subject
    );
    assert_eq!(envelope.breaches()[0].rule, "X2");
}

#[test]
fn a_wrapping_zip_that_is_empty_or_encrypted_is_refused() {
    let labelled = |zip: &[u8]| {
        let encoded = base64_simd::STANDARD.encode_to_string(zip);
        let plain = base64_simd::STANDARD.encode_to_string(b"%PDF-1.4");
        let text = String::from_utf8(altered(&plain, &encoded)).unwrap();
        text.replace("application/pdf", "application/zip")
    };
    let mut empty = b"PK\x05\x06".to_vec();
    empty.extend([0; 18]);
    let error = Envelope::read(labelled(&empty).as_bytes(), &limits()).map(|_| ());
    assert!(error.unwrap_err().detail().starts_with("A3: "));
    let mut locked = zip::wrap("x.pdf", b"%PDF-1.4").unwrap();
    let directory = locked.len() - 22 - 5 - 46;
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    let error = Envelope::read(labelled(&locked).as_bytes(), &limits()).unwrap_err();
    assert!(error.detail().starts_with("A5: "));
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let mut split = zip::wrap("x.pdf", b"%PDF-1.4").unwrap();
    let end = split.len() - 22;
    split[end + 4] = 1;
    assert!(Envelope::read(labelled(&split).as_bytes(), &limits()).is_err());
}

#[test]
fn an_entry_name_is_never_a_path() {
    let wrapped = zip::wrap("../../x.pdf", b"%PDF-1.4 inside").unwrap();
    let encoded = base64_simd::STANDARD.encode_to_string(&wrapped);
    let plain = base64_simd::STANDARD.encode_to_string(b"%PDF-1.4");
    let bytes = altered(&plain, &encoded);
    let envelope = read(&bytes);
    assert!(
        envelope
            .breaches()
            .iter()
            .any(|b| b.rule == "A4" && b.raw == "../../x.pdf")
    );
    let attachment = envelope.attachments().next().unwrap();
    assert_eq!(attachment.safe_name(), "a.pdf");
    assert_eq!(attachment.bytes(&limits()).unwrap(), b"%PDF-1.4 inside");
}

#[test]
fn many_attachments_beside_a_long_manifest_are_matched_in_one_pass() {
    let id = "cid:".repeat(400);
    let lines: String = (0..2_000)
        .map(|n| format!("<e:Reference><e:ContentId>{id}x{n}</e:ContentId></e:Reference>"))
        .collect();
    let attachments: String = (0..800)
        .map(|n| format!("<Attachment><ContentId>{n}</ContentId></Attachment>"))
        .collect();
    let text = format!(
        "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\" \
         xmlns:e=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><e:edXMLEnvelope><e:edXMLHeader>\
         <e:MessageHeader/></e:edXMLHeader><e:edXMLBody><e:edXMLManifest>{lines}\
         </e:edXMLManifest></e:edXMLBody></e:edXMLEnvelope>\
         <AttachmentEncoded>{attachments}</AttachmentEncoded></edXML>"
    );
    let start = Instant::now();
    let (dialect, _) = super::read::check(text.as_bytes(), &limits(), None);
    let taken = start.elapsed();
    assert_eq!(dialect, Some(Dialect::Q102));
    assert!(taken < Duration::from_secs(8), "{taken:?}");
}
