//! Every numbered rule broken and kept: in each mode its outcome, the element's path, the raw text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use serde_json::json;

use crate::edxml::Outcome::{Accept, Reject, Warn};
use crate::edxml::tests::{altered, builder, data, limits, now};
use crate::edxml::*;

/// An envelope that breaks a rule, and what each mode has to say of it.
struct Broken {
    rule: &'static str,
    bytes: Vec<u8>,
    strict: Outcome,
    lenient: Outcome,
    /// What the path ends with.
    path: &'static str,
    raw: &'static str,
}

/// Breaks a rule whose breach strict mode refuses and lenient mode tells.
fn told(rule: &'static str, bytes: Vec<u8>, path: &'static str, raw: &'static str) -> Broken {
    Broken {
        rule,
        bytes,
        strict: Reject,
        lenient: Warn,
        path,
        raw,
    }
}

fn warned(rule: &'static str, bytes: Vec<u8>, path: &'static str, raw: &'static str) -> Broken {
    Broken {
        strict: Warn,
        ..told(rule, bytes, path, raw)
    }
}

fn refused(rule: &'static str, bytes: Vec<u8>, path: &'static str, raw: &'static str) -> Broken {
    Broken {
        lenient: Reject,
        ..told(rule, bytes, path, raw)
    }
}

fn replaced(bytes: Vec<u8>, pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from_utf8(bytes).unwrap();
    for (from, to) in pairs {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text.into_bytes()
}

fn good() -> Vec<u8> {
    altered("<?xml", "<?xml")
}

fn status() -> Vec<u8> {
    let received = good();
    let received = Envelope::read(&received, &limits()).unwrap();
    let from = Organ {
        organ_id: Some("H99".to_owned()),
        ..Organ::default()
    };
    let reply = status_reply(&received, "03", Some("Đã tiếp nhận"), from, now()).unwrap();
    reply.finish(now(), &limits()).unwrap()
}

fn status_with(from: &str, to: &str) -> Vec<u8> {
    replaced(status(), &[(from, to)])
}

/// A good document with this business action inside.
fn business(inside: &str) -> Vec<u8> {
    let at = "<edXML:BussinessDocType>0</edXML:BussinessDocType>";
    altered(at, inside)
}

/// A good document with other octets as its attachment.
fn attached(content: &[u8], name: &str, label: &str) -> Vec<u8> {
    let encoded = |octets: &[u8]| base64_simd::STANDARD.encode_to_string(octets);
    let bytes = altered(&encoded(b"%PDF-1.4"), &encoded(content));
    replaced(bytes, &[("a.pdf", name), ("application/pdf", label)])
}

/// A zip of several files, made of zips of one.
fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let one = zip::wrap(name, content).unwrap();
        let record = one.len() - 22 - 46 - name.len();
        let mut entry = one[record..one.len() - 22].to_vec();
        entry[42..46].copy_from_slice(&(out.len() as u32).to_le_bytes());
        out.extend(&one[..record]);
        directory.extend(entry);
    }
    let (count, at) = (files.len() as u16, out.len() as u32);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn wide() -> Vec<u8> {
    let text = replaced(good(), &[("UTF-8", "UTF-16")]);
    let text = String::from_utf8(text).unwrap();
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn moved_attachments() -> Vec<u8> {
    let text = String::from_utf8(good()).unwrap();
    let start = text.find("  <AttachmentEncoded>").unwrap();
    let block = text[start..text.find("</edXML>").unwrap()].to_owned();
    let end = "  </edXML:edXMLEnvelope>";
    let text = text.replace(&block, "");
    text.replace(end, &format!("{block}{end}")).into_bytes()
}

fn locked_zip() -> Vec<u8> {
    let mut locked = zip::wrap("x.pdf", b"%PDF-1.4").unwrap();
    let directory = locked.len() - 22 - 5 - 46;
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    locked
}

fn bomb() -> Vec<u8> {
    let mut bomb = zip::wrap("x.pdf", &b"0123456789abcdef".repeat(80_000)).unwrap();
    let at = bomb.len() - 22 - 5 - 46 + 24;
    bomb[at..at + 4].copy_from_slice(&(1u32 << 30).to_le_bytes());
    bomb
}

fn broken_markup() -> Vec<Broken> {
    let q102 = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
    let mut not_utf8 = good();
    let at = not_utf8.windows(6).position(|w| w == b"VP-TH<").unwrap();
    not_utf8[at] = 0xff;
    let deep = format!("<edXML:From>{}{}", "<a>".repeat(70), "</a>".repeat(70));
    let receivers = "<edXML:To><edXML:OrganId>H1</edXML:OrganId></edXML:To>".repeat(1_000);
    let soap = "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\" \
                xmlns:e=\"http://www.e-doc.vn/Schema/\"><S:Header><e:MessageHeader/></S:Header></S:Envelope>";
    let soc = format!(
        "<edXMLEnvelope xmlns=\"{q102}\"><edXMLBody><AVReport/></edXMLBody></edXMLEnvelope>"
    );
    let flat = "<edXMLEnvelope xmlns=\"http://www.go.vn/eDoc\"><MessageHeader/></edXMLEnvelope>";
    vec![
        refused(
            "X1",
            altered("</edXML>\r\n", "</edXML>\r\nx"),
            "/",
            "text before or after",
        ),
        refused("X1", altered("<?xml", "\u{a0}<?xml"), "/", ""),
        refused(
            "X1",
            altered("<edXML:Subject>", "<edXML:Subjekt>"),
            "/",
            "not well formed",
        ),
        warned("X2", altered("<?xml", "\u{feff}<?xml"), "/edXML", "BOM"),
        told("X2", wide(), "/edXML", "UTF-16"),
        refused(
            "X2",
            altered("UTF-8", "ISO-8859-1"),
            "/",
            "an encoding other than",
        ),
        refused("X2b", not_utf8, "/", "octets that are not UTF-8"),
        refused(
            "X2b",
            altered("UTF-8", "UTF-16"),
            "/",
            "the octets are not in the encoding",
        ),
        refused(
            "X3",
            altered("<edXML ", "<!DOCTYPE edXML><edXML "),
            "/",
            "DOCTYPE",
        ),
        refused(
            "X3",
            altered("V/v", "&vv;"),
            "/",
            "an entity that is not built in",
        ),
        told(
            "X5",
            altered("<edXML:Subject>", "<edXML:Subject x:y=\"\">"),
            "/Subject",
            "edXML:Subject",
        ),
        refused("X6", altered("<edXML:From>", &deep), "/", "nested too deep"),
        refused(
            "X6",
            altered("<edXML:To>", &format!("{receivers}<edXML:To>")),
            "MessageHeader/To",
            "1002",
        ),
        told(
            "N1",
            altered(&format!("<edXML xmlns=\"{q102}\""), "<edXML"),
            "/edXML",
            "edXML",
        ),
        told("N1", flat.into(), "/edXMLEnvelope", "flat-govn"),
        refused("N1", soap.into(), "/", "SOAP-2803"),
        refused("N1", soc.into_bytes(), "/", "SOC report"),
        refused("N1", b"<edXML xmlns='urn:x'/>".to_vec(), "/", "edXML"),
        warned(
            "N2",
            replaced(good(), &[("edXML:", "e:"), ("xmlns:edXML", "xmlns:e")]),
            "/edXMLEnvelope",
            "e:edXMLEnvelope",
        ),
        warned(
            "N2",
            altered(
                "<AttachmentName>a.pdf</AttachmentName>",
                &format!("<p:AttachmentName xmlns:p=\"{q102}\">a.pdf</p:AttachmentName>"),
            ),
            "/AttachmentName",
            "p:AttachmentName",
        ),
        told(
            "N3",
            altered(
                "<edXML:Subject>",
                "<f:Content xmlns:f=\"urn:f\">x</f:Content><edXML:Subject>",
            ),
            "/Content",
            "urn:f",
        ),
        warned(
            "N4",
            replaced(good(), &[("edXML:Bussiness>", "edXML:Business>")]),
            "/Business",
            "Business",
        ),
        told(
            "S1",
            moved_attachments(),
            "/edXMLEnvelope/AttachmentEncoded",
            "AttachmentEncoded",
        ),
        refused(
            "S2",
            replaced(good(), &[("MessageHeader", "MessagesHeader")]),
            "edXMLHeader/MessageHeader",
            "",
        ),
        refused(
            "S2",
            replaced(good(), &[("edXMLHeader", "edXMLHead")]),
            "edXMLEnvelope/edXMLHeader/MessageHeader",
            "",
        ),
        told(
            "S2b",
            replaced(good(), &[("edXMLManifest", "edXMLList")]),
            "edXMLBody/edXMLManifest",
            "",
        ),
        refused(
            "S3",
            altered("<edXML:To>", "<edXML:From/><edXML:To>"),
            "/From[2]",
            "From",
        ),
        refused(
            "S3",
            altered(
                "<AttachmentEncoded>",
                "<AttachmentEncoded/><AttachmentEncoded>",
            ),
            "/AttachmentEncoded[2]",
            "AttachmentEncoded",
        ),
        refused(
            "S3",
            altered("<ContentId>", "<ContentId/><ContentId>"),
            "Attachment/ContentId[2]",
            "ContentId",
        ),
        warned(
            "S4",
            altered("<edXML:From>", "<edXML:Sender/><edXML:From>"),
            "/Sender",
            "Sender",
        ),
        warned(
            "S4",
            altered("<edXML:Place>", "<edXML:Place><b/>"),
            "/Place/b",
            "b",
        ),
    ]
}

fn broken_header() -> Vec<Broken> {
    let long = format!("<edXML:OrganId>{}", "A.".repeat(16));
    let organ = |to: &str| altered("<edXML:OrganId>G99.07", to);
    let date = |to: &str| {
        let end = "</edXML:PromulgationDate>\r\n        </edXML:PromulgationInfo>";
        altered(&format!("2025/11/03{end}"), &format!("{to}{end}"))
    };
    let trace = |to: &str| {
        let at = "<edXML:OrganId>G99.07</edXML:OrganId>\r\n          <edXML:Timestamp>";
        altered(at, &format!("{to}<edXML:Timestamp>"))
    };
    let organ_id = "MessageHeader/From/OrganId";
    let promulgated = "PromulgationInfo/PromulgationDate";
    vec![
        told("H1", organ("<edXML:OrganId>"), organ_id, ""),
        told(
            "H1",
            replaced(good(), &[("edXML:From>", "edXML:Sender>")]),
            organ_id,
            "",
        ),
        told(
            "H2",
            replaced(
                good(),
                &[
                    ("<edXML:OrganId>H99<", "<edXML:OrganId><"),
                    ("000.00.21.H98", ""),
                ],
            ),
            "To[1]/OrganId",
            "",
        ),
        told(
            "H2",
            replaced(good(), &[("edXML:To>", "edXML:Receiver>")]),
            "MessageHeader/To/OrganId",
            "",
        ),
        told(
            "H3",
            altered("<edXML:CodeNumber>318", "<edXML:CodeNumber>"),
            "Code/CodeNumber",
            "",
        ),
        told(
            "H3",
            altered("<edXML:CodeNotation>VP-TH", "<edXML:CodeNotation> "),
            "Code/CodeNotation",
            "",
        ),
        told(
            "H4",
            altered("G99.07,2025/11/03,318/VP-TH", ""),
            "MessageHeader/DocumentId",
            "",
        ),
        told("H5", date(""), promulgated, ""),
        told(
            "H6",
            replaced(
                good(),
                &[("V/v rà soát &lt;năm 2026&gt; &amp; \"kế hoạch\"", " \t ")],
            ),
            "MessageHeader/Subject",
            "",
        ),
        told(
            "H7",
            altered("<edXML:SteeringType>1", "<edXML:SteeringType>"),
            "MessageHeader/SteeringType",
            "",
        ),
        told("D1", date("2025-11-03"), promulgated, "2025-11-03"),
        told("D1", date("2025/11/3"), promulgated, "2025/11/3"),
        told("D1", date("03/11/2025"), promulgated, "03/11/2025"),
        told(
            "D1",
            date("2025/11/03 08:00:00"),
            promulgated,
            "2025/11/03 08:00:00",
        ),
        told("D1", date("hôm nay"), promulgated, "hôm nay"),
        told("D2", date("2014/02/30"), promulgated, "2014/02/30"),
        told(
            "D2",
            altered("2025/12/01", "2025/13/01"),
            "/DueDate",
            "2025/13/01",
        ),
        told(
            "D3",
            altered("2025/11/03 14", "2025-11-03T14"),
            "/Timestamp",
            "2025-11-03T14:05:00",
        ),
        told(
            "D3",
            altered("2025/11/03 14", "03/11/2025 14"),
            "/Timestamp",
            "03/11/2025 14:05:00",
        ),
        told("D3", altered("2025/11/03 14:05:00", ""), "/Timestamp", ""),
        told(
            "C1",
            altered("<edXML:SteeringType>1", "<edXML:SteeringType>"),
            "/SteeringType",
            "",
        ),
        told(
            "C1",
            altered("<edXML:SteeringType>1", "<edXML:SteeringType>có"),
            "/SteeringType",
            "có",
        ),
        told(
            "C1",
            altered("<edXML:SteeringType>1", "<edXML:SteeringType>4"),
            "/SteeringType",
            "4",
        ),
        warned(
            "C1",
            altered("<edXML:SteeringType>1", "<edXML:SteeringType>3"),
            "/SteeringType",
            "3",
        ),
        told(
            "C2",
            altered("<edXML:Priority>2", "<edXML:Priority>5"),
            "/Priority",
            "5",
        ),
        told(
            "C2",
            altered("<edXML:Priority>2", "<edXML:Priority>khẩn"),
            "/Priority",
            "khẩn",
        ),
        told(
            "C3",
            altered("<edXML:PageAmount>1", "<edXML:PageAmount>1.5"),
            "/PageAmount",
            "1.5",
        ),
        told(
            "C3",
            altered("<edXML:PageAmount>1", "<edXML:PageAmount>-1"),
            "/PageAmount",
            "-1",
        ),
        told(
            "C3",
            altered("<edXML:Type>2", "<edXML:Type>công văn"),
            "/Type",
            "công văn",
        ),
        told(
            "C4",
            business("<edXML:BussinessDocType>00</edXML:BussinessDocType>"),
            "/BussinessDocType",
            "00",
        ),
        told(
            "C4",
            business("<edXML:BussinessDocType>4</edXML:BussinessDocType>"),
            "/BussinessDocType",
            "4",
        ),
        told(
            "C4",
            business("<edXML:Paper>0</edXML:Paper>"),
            "Bussiness/BussinessDocType",
            "",
        ),
        told(
            "C5",
            business(
                "<edXML:BussinessDocType>0</edXML:BussinessDocType><edXML:Paper>12</edXML:Paper>",
            ),
            "/Paper",
            "12",
        ),
        told(
            "C5",
            business(
                "<edXML:BussinessDocType>0</edXML:BussinessDocType><edXML:Paper>01</edXML:Paper>",
            ),
            "/Paper",
            "01",
        ),
        told("I1", organ("<edXML:OrganId> G99.07"), organ_id, " G99.07"),
        told("I1", organ("<edXML:OrganId>g99.07"), organ_id, "g99.07"),
        told("I1", organ("<edXML:OrganId>G99..07"), organ_id, "G99..07"),
        told(
            "I1",
            organ(&long),
            organ_id,
            "A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.",
        ),
        warned("I2", altered("000.00.21.H98", "H99"), "/To[2]", "H99"),
        told(
            "I3",
            trace("<edXML:OrganId>null</edXML:OrganId>"),
            "TraceHeader/OrganId",
            "null",
        ),
        told("I3", trace(""), "TraceHeader/OrganId", ""),
        warned(
            "I4",
            altered(
                "G99.07,2025/11/03,318/VP-TH",
                "1f0c7a52-0000-4000-8000-00000000000a",
            ),
            "/DocumentId",
            "1f0c7a52",
        ),
        warned(
            "I5",
            altered("G99.07,2025/11/03,318/VP-TH", "G99.07,2025/11/04,318/VP-TH"),
            "/DocumentId",
            "2025/11/04",
        ),
        warned(
            "I5",
            altered("G99.07,2025/11/03,318/VP-TH", "G98,2025/11/03,318/VP-TH"),
            "/DocumentId",
            "G98",
        ),
    ]
}

fn broken_rest() -> Vec<Broken> {
    let kind = |n: u8| format!("<edXML:BussinessDocType>{n}</edXML:BussinessDocType>");
    let id = "<edXML:DocumentId>G99.07,2025/11/01,310/VP-TH</edXML:DocumentId>";
    let changed = |inside: &str| {
        format!("<edXML:BussinessDocumentInfo>{inside}</edXML:BussinessDocumentInfo>")
    };
    let replaces = |inside: &str| {
        let list = "edXML:ReplacementInfoList";
        format!("<{list}><edXML:ReplacementInfo>{inside}</edXML:ReplacementInfo></{list}>")
    };
    let content = "/ContentTransferEncoded";
    let plain = base64_simd::STANDARD.encode_to_string(b"%PDF-1.4");
    let two = zip_of(&[("a.pdf", b"%PDF-1"), ("b.pdf", b"%PDF-2")]);
    let empty = zip_of(&[]);
    let other = zip_of(&[("a.exe", b"MZ")]);
    let wrapped = zip::wrap("x.pdf", b"%PDF-1.4").unwrap();
    let astray = zip::wrap("../x.pdf", b"%PDF-1.4").unwrap();
    let signature = |inside: &str| {
        let at = "</edXML:TraceHeaderList>";
        altered(at, &format!("{at}{inside}"))
    };
    let id_line = "<edXML:ContentId>cid:";
    let twice = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        let start = text.find("<Attachment>").unwrap();
        let end = text.find("</Attachment>").unwrap() + "</Attachment>".len();
        let block = text[start..end].to_owned();
        text.replace(&block, &format!("{block}{block}"))
            .into_bytes()
    };
    let encoded = "</edXML:edXMLEnvelope>\r\n<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId>\
                   <AttachmentName>a.pdf</AttachmentName><edXML:ContentTransferEncoded \
                   xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">AAAA</edXML:ContentTransferEncoded>\
                   </Attachment></AttachmentEncoded>";
    vec![
        told(
            "B1",
            replaced(
                business(&kind(1)),
                &[("<edXML:ResponseFor>", "<edXML:ResponseFor><!-- -->")],
            ),
            "Bussiness/DocumentId",
            "",
        ),
        told(
            "B2",
            business(&format!(
                "{}{}",
                kind(2),
                changed("<edXML:DocumentInfo>1</edXML:DocumentInfo>")
            )),
            "Bussiness/DocumentId",
            "",
        ),
        told(
            "B2",
            business(&format!("{id}{}", kind(2))),
            "Bussiness/BussinessDocumentInfo",
            "",
        ),
        told(
            "B2",
            business(&format!(
                "{id}{}{}",
                kind(2),
                changed("<edXML:DocumentReceiver>1</edXML:DocumentReceiver>")
            )),
            "BussinessDocumentInfo/ReceiverList",
            "",
        ),
        told(
            "B3",
            business(&kind(3)),
            "Bussiness/ReplacementInfoList",
            "",
        ),
        told(
            "B3",
            business(&format!("{}{}", kind(3), replaces(id))),
            "Bussiness/ReplacementInfoList",
            "",
        ),
        refused("A1", altered(&plain, "JVB$"), content, "$"),
        refused(
            "A1",
            replaced(good(), &[("ContentTransferEncoded", "ContentEncoded")]),
            "Attachment/ContentTransferEncoded",
            "",
        ),
        refused("A1", altered(&plain, "AAAAA"), content, ""),
        told("A1b", altered(&plain, "JVBERi0xLjQ"), content, "="),
        told("A1b", altered(&plain, "JVBERi0xLj-_"), content, "- _"),
        told("A1b", altered(&plain, ""), content, ""),
        told(
            "A2",
            attached(b"%PDF-1.4", "a.pdf", "application/zip"),
            "/Attachment",
            "application/zip",
        ),
        told(
            "A2",
            attached(&wrapped, "a.pdf", "application/pdf"),
            "/Attachment",
            "application/pdf",
        ),
        told(
            "A2",
            attached(&two, "a.pdf", "application/pdf"),
            "/Attachment",
            "application/pdf",
        ),
        told(
            "A2",
            attached(&two, "a.zip", "text/plain"),
            "/Attachment",
            "text/plain",
        ),
        told(
            "A3",
            attached(&two, "a.pdf", "application/zip"),
            content,
            "a.pdf, b.pdf",
        ),
        told(
            "A3",
            attached(&other, "a.pdf", "application/zip"),
            content,
            "a.exe",
        ),
        refused(
            "A3",
            attached(&empty, "a.pdf", "application/zip"),
            content,
            "",
        ),
        told(
            "A4",
            replaced(good(), &[("a.pdf", "../a.pdf")]),
            "Reference",
            "../a.pdf",
        ),
        told(
            "A4",
            replaced(good(), &[("a.pdf", "a\\b.pdf")]),
            "Attachment",
            "a\\b.pdf",
        ),
        told(
            "A4",
            replaced(good(), &[("a.pdf", "a&#x202e;fdp.exe")]),
            "Attachment",
            "a\u{202e}fdp.exe",
        ),
        told(
            "A4",
            replaced(good(), &[("a.pdf", "&lt;b&gt;.pdf")]),
            "Attachment",
            "<b>.pdf",
        ),
        told(
            "A4",
            attached(&astray, "a.pdf", "application/zip"),
            content,
            "../x.pdf",
        ),
        refused(
            "A5",
            attached(&bomb(), "a.pdf", "application/zip"),
            content,
            "1073741824 / ",
        ),
        refused(
            "A5",
            attached(&locked_zip(), "a.pdf", "application/zip"),
            content,
            "x.pdf",
        ),
        refused(
            "A5",
            attached(&locked_zip(), "a.pdf", "application/pdf"),
            content,
            "x.pdf",
        ),
        told(
            "M1",
            altered("<ContentId>cid:", "<ContentId>cid:x"),
            "/Attachment",
            "x",
        ),
        told(
            "M1",
            altered(id_line, "<edXML:ContentId>cid:y"),
            "/Reference",
            "y",
        ),
        refused("M2", twice(good()), "/Attachment[2]", ""),
        warned(
            "M3",
            altered("<ContentId>cid:", "<ContentId>"),
            "/Attachment",
            "",
        ),
        warned(
            "M3",
            altered("<ContentId>cid:", "<ContentId>cid:cid:"),
            "/Attachment",
            "cid:cid:",
        ),
        warned(
            "M4",
            altered("<AttachmentName>a.pdf", "<AttachmentName>b.pdf"),
            "/Attachment",
            "a.pdf / b.pdf",
        ),
        told(
            "T1",
            status_with("<edXML:StatusCode>03", "<edXML:StatusCode>07"),
            "/StatusCode",
            "07",
        ),
        told(
            "T1",
            status_with("<edXML:StatusCode>03", "<edXML:StatusCode>3"),
            "/StatusCode",
            "3",
        ),
        told(
            "T1",
            status_with("<edXML:StatusCode>03", "<edXML:StatusCode>"),
            "/StatusCode",
            "",
        ),
        told(
            "T2",
            status_with("<edXML:OrganId>H99", "<edXML:OrganId>"),
            "From/OrganId",
            "",
        ),
        told(
            "T2",
            status_with("<edXML:OrganId>G99.07</edXML:OrganId>", ""),
            "ResponseFor/OrganId",
            "",
        ),
        told(
            "T2",
            replaced(
                status(),
                &[
                    ("<edXML:Code>318/VP-TH</edXML:Code>", ""),
                    (
                        "<edXML:DocumentId>G99.07,2025/11/03,318/VP-TH</edXML:DocumentId>",
                        "",
                    ),
                ],
            ),
            "ResponseFor/DocumentId",
            "",
        ),
        told(
            "T3",
            status_with(
                "<edXML:Timestamp>2025/11/03 14:05:00",
                "<edXML:Timestamp>03/11/2025 14:05:00",
            ),
            "/Timestamp",
            "03/11/2025 14:05:00",
        ),
        told(
            "T3",
            status_with("<edXML:Timestamp>2025/11/03 14:05:00</edXML:Timestamp>", ""),
            "MessageHeader/Timestamp",
            "",
        ),
        told(
            "T4",
            status_with("</edXML:edXMLEnvelope>", encoded),
            "/AttachmentEncoded",
            "",
        ),
        warned(
            "G4",
            signature(
                "<Signature><SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"/></Signature>",
            ),
            "Signature/SignatureMethod",
            "#rsa-sha1",
        ),
        warned(
            "G5",
            signature("<Signature><X509Certificate>MIIFqTCCBJG</X509Certificate></Signature>"),
            "Signature/X509Certificate",
            "MIIFqTCCBJG",
        ),
        warned(
            "G1",
            signature("<Signature/>"),
            "/Signature",
            "http://www.mic.gov.vn/TBT/QCVN_102_2016",
        ),
        warned(
            "G1",
            signature("<edXML:DigitalSignature>x</edXML:DigitalSignature>"),
            "/DigitalSignature",
            "DigitalSignature",
        ),
    ]
}

fn broken_text() -> Vec<Broken> {
    let subject = |to: &str| altered("V/v rà soát &lt;năm 2026&gt; &amp; \"kế hoạch\"", to);
    let lost = "nâng cao nhn thc, hc tp, đào to nguồn nhân lực, bo đảm kinh phí thc hiện";
    vec![
        warned(
            "V1",
            subject("Uû ban nh©n d©n tØnh NghÖ An"),
            "/Subject",
            "text.tcvn3",
        ),
        warned("V1", subject("rà soa\u{301}t"), "/Subject", "→ rà soát"),
        warned("V1", subject("thƣờng trực"), "/Subject", "→ thường trực"),
        warned("V2", subject(lost), "/Subject", "text.letters_lost"),
    ]
}

fn broken() -> Vec<Broken> {
    let mut all = broken_markup();
    all.extend(broken_text());
    all.extend(broken_header());
    all.extend(broken_rest());
    all
}

/// Envelopes in which a rule is at stake and kept, in both modes.
fn kept() -> Vec<(&'static str, Vec<u8>)> {
    let at = "</edXML:TraceHeaderList>";
    let from = "<edXML:CodeNumber>318</edXML:CodeNumber>\r\n          <edXML:CodeNotation>VP-TH</edXML:CodeNotation>";
    let turned =
        "<edXML:CodeNotation>VP-TH</edXML:CodeNotation><edXML:CodeNumber>318</edXML:CodeNumber>";
    vec![
        (
            "X4",
            altered(
                "<edXML:PageAmount>1<",
                "<edXML:PageAmount>1<!-- 9 -->2<![CDATA[5]]>&#x36;<?p x?><",
            ),
        ),
        ("S5", altered(from, turned)),
        (
            "H8",
            altered(
                "<edXML:DueDate>",
                "<edXML:ResponseFor></edXML:ResponseFor><edXML:DueDate>",
            ),
        ),
        ("H8", altered("<edXML:Place>", "<edXML:Place> ").to_vec()),
        (
            "G6",
            altered(at, &format!("{at}<edXML:DigitalSignature />")),
        ),
        ("X3", altered("V/v", "V&#47;v &amp; &quot;&apos;")),
        (
            "A2",
            attached(
                &zip_of(&[("[Content_Types].xml", b"x"), ("word/a.xml", b"y")]),
                "a.docx",
                "application/docx",
            ),
        ),
        (
            "A2",
            attached(&zip_of(&[("b.txt", b"x")]), "a.zip", "application/zip"),
        ),
        (
            "A3",
            attached(
                &zip::wrap("x.pdf", b"%PDF").unwrap(),
                "a.pdf",
                "application/zip",
            ),
        ),
        ("A1", altered("JVBERi0xLjQ=", "JVBE\r\n Ri0x\tLjQ=")),
        (
            "B1",
            business(
                "<edXML:DocumentId>G99.07,2025/11/01,310/VP-TH</edXML:DocumentId><edXML:BussinessDocType>1</edXML:BussinessDocType>",
            ),
        ),
        (
            "I1",
            altered(
                "G99.07</edXML:OrganId>\r\n          <edXML:OrganName>",
                "000.00.07.G99</edXML:OrganId>\r\n          <edXML:OrganName>",
            ),
        ),
    ]
}

fn of<'b>(rule: &str, breaches: &'b [Breach]) -> Vec<&'b Breach> {
    breaches
        .iter()
        .filter(|breach| breach.rule == rule)
        .collect()
}

#[test]
fn every_rule_is_broken_and_kept_in_each_mode() {
    let document = Envelope::check(&good(), &limits()).1;
    let status = Envelope::check(&status(), &limits()).1;
    assert_eq!((document, status), (vec![], vec![]));
    let mut broken_rules = BTreeSet::new();
    for Broken {
        rule,
        bytes,
        strict,
        lenient,
        path,
        raw,
    } in broken()
    {
        broken_rules.insert(rule);
        let (_, breaches) = Envelope::check(&bytes, &limits());
        let found = of(rule, &breaches);
        let fits = |breach: &&&Breach| {
            breach.outcome(Mode::Strict) == strict
                && breach.outcome(Mode::Lenient) == lenient
                && breach.path.ends_with(path)
                && breach.raw.contains(raw)
                && (!raw.is_empty() || breach.raw.len() < 120)
        };
        assert!(
            found.iter().any(|breach| fits(&breach)),
            "{rule} {path} {raw}: {breaches:?}"
        );
        // Lenient reading hands out an envelope exactly where nothing is refused.
        let refused = breaches.iter().any(|b| b.outcome(Mode::Lenient) == Reject);
        assert_eq!(
            Envelope::read(&bytes, &limits()).is_err(),
            refused,
            "{rule} {raw}"
        );
        // Same input, same findings, in the order of the document.
        assert_eq!(Envelope::check(&bytes, &limits()).1, breaches);
    }
    let mut kept_rules = BTreeSet::new();
    for (rule, bytes) in kept() {
        kept_rules.insert(rule);
        let (_, breaches) = Envelope::check(&bytes, &limits());
        assert!(of(rule, &breaches).is_empty(), "{rule}: {breaches:?}");
        let at_most = if rule == "I1" { Warn } else { Accept };
        let worst = breaches.iter().map(|b| b.outcome(Mode::Lenient)).max();
        assert!(
            worst.unwrap_or(Accept) <= Warn.max(at_most),
            "{rule}: {breaches:?}"
        );
    }
    for rule in Rule::all().iter().filter(|rule| !rule.id.starts_with('O')) {
        let accepts = (rule.strict, rule.lenient) == (Accept, Accept);
        assert!(
            broken_rules.contains(rule.id) || accepts,
            "{} is never broken",
            rule.id
        );
        // What no rule is broken by keeps them all; rules that only accept have an own example.
        assert!(
            !accepts || kept_rules.contains(rule.id),
            "{} has no example",
            rule.id
        );
    }
}

#[test]
fn what_is_read_leniently_is_read_as_what_it_means() {
    let subject = altered("<edXML:PageAmount>1<", "<edXML:PageAmount>1<!-- -->25<");
    let envelope = Envelope::read(&subject, &limits()).unwrap();
    assert_eq!(
        envelope.header().other_info.as_ref().unwrap().page_amount,
        Some(125)
    );
    let short = status_with("<edXML:StatusCode>03", "<edXML:StatusCode>3");
    let envelope = Envelope::read(&short, &limits()).unwrap();
    assert_eq!(
        envelope.status().unwrap().status_code.as_deref(),
        Some("03")
    );
    let padded = altered("<edXML:OrganId>G99.07", "<edXML:OrganId> G99.07");
    let envelope = Envelope::read(&padded, &limits()).unwrap();
    let from = envelope.header().from.as_ref().unwrap();
    assert_eq!(from.organ_id.as_deref(), Some("G99.07"));
    let foreign = altered(
        "<edXML:Subject>",
        "<f:Content xmlns:f=\"urn:f\">x</f:Content><edXML:Subject>",
    );
    let envelope = Envelope::read(&foreign, &limits()).unwrap();
    assert_eq!(envelope.header().content, None);
    let flat = "<edXMLEnvelope xmlns=\"http://www.go.vn/eDoc\"><MessageHeader><Subject>V/v</Subject>\
                </MessageHeader><Manifest><Attachment><FileName>a.txt</FileName><Content>dGV4dA==</Content>\
                </Attachment></Manifest></edXMLEnvelope>";
    let envelope = Envelope::read(flat.as_bytes(), &limits()).unwrap();
    assert_eq!(envelope.dialect(), Dialect::FlatGovn);
    assert_eq!(envelope.header().subject.as_deref(), Some("V/v"));
    let attachment = envelope.attachments().next().unwrap();
    assert_eq!(
        (attachment.name(), &*attachment.bytes(&limits()).unwrap()),
        ("a.txt", &b"text"[..])
    );
}

#[test]
fn the_files_of_a_zip_that_wraps_several_are_shown_and_none_is_chosen() {
    let two = zip_of(&[("a.pdf", b"%PDF-1"), ("thư mục/b.pdf", b"%PDF-2")]);
    let bytes = attached(&two, "a.pdf", "application/zip");
    let envelope = Envelope::read(&bytes, &limits()).unwrap();
    let attachment = envelope.attachments().next().unwrap();
    assert_eq!(attachment.bytes(&limits()).unwrap(), two);
    let names: Vec<&str> = attachment.entries().map(|entry| entry.name).collect();
    assert_eq!(names, ["a.pdf", "thư mục/b.pdf"]);
    for (number, expected) in [(0, b"%PDF-1"), (1, b"%PDF-2")] {
        let mut out = Vec::new();
        let mut reader = attachment.entry_reader(number, &limits()).unwrap();
        std::io::Read::read_to_end(&mut reader, &mut out).unwrap();
        assert_eq!(out, expected);
    }
    assert!(attachment.entry_reader(2, &limits()).is_err());
    let shown = envelope.to_json();
    assert_eq!(
        shown["attachments"][0]["entries"][1]["name"],
        "thư mục/b.pdf"
    );
}

#[test]
fn unknown_elements_and_their_order_survive_reading_and_writing() {
    let q102 = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
    let one = "<x:One xmlns:x=\"urn:x\" a=\"&quot;1\">v<y xmlns=\"urn:y\"></y></x:One>";
    let two = format!("<edXML:Two xmlns:edXML=\"{q102}\">2</edXML:Two>");
    let pairs = [
        ("<edXML:From>", format!("{one}<edXML:From>")),
        ("</edXML:From>", format!("{two}{one}</edXML:From>{two}")),
        ("<edXML:edXMLBody>", format!("{one}<edXML:edXMLBody>")),
        (
            "<AttachmentEncoded>",
            format!("{two}<AttachmentEncoded>{one}"),
        ),
        (
            "</AttachmentName>",
            format!("</AttachmentName><Format>f</Format>{one}{two}"),
        ),
        (
            "</edXML:TraceHeader>",
            format!("{two}</edXML:TraceHeader>{one}"),
        ),
        (
            "</edXML:Reference>",
            format!("{one}</edXML:Reference>{two}"),
        ),
    ];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (*a, b.as_str())).collect();
    let bytes = replaced(good(), &pairs);
    let envelope = Envelope::read(&bytes, &limits()).unwrap();
    let written = EnvelopeBuilder::of(&envelope, &limits()).unwrap();
    let written = written.finish(now(), &limits()).unwrap();
    let text = String::from_utf8(written.clone()).unwrap();
    for element in [one, &two] {
        let before = String::from_utf8(bytes.clone()).unwrap();
        assert_eq!(
            text.matches(element).count(),
            before.matches(element).count(),
            "{text}"
        );
    }
    let order = |text: &str| -> Vec<String> {
        let elements = text
            .split('<')
            .map(|tag| tag.split([' ', '>', '/']).next().unwrap());
        elements
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(order(&text), order(&String::from_utf8(bytes).unwrap()));
    // Through the JSON form as well, and a second time without any further change.
    let again = Envelope::read(&written, &limits()).unwrap();
    let builder = EnvelopeBuilder::from_json(&again.to_json(), |_| Ok(&b"%PDF-1.4"[..])).unwrap();
    assert_eq!(builder.finish(now(), &limits()).unwrap(), written);
    for xml in [
        "x",
        "<a>",
        "<a/><b/>",
        "<p:a/>",
        "<!DOCTYPE a><a/>",
        "<a/> ",
    ] {
        let other = json!({ "header": { "other": [{ "xml": xml }] } });
        assert!(
            EnvelopeBuilder::from_json(&other, |_| Ok(Vec::new())).is_err(),
            "{xml}"
        );
    }
}

#[test]
fn what_is_streamed_out_is_what_is_built_in_memory_and_is_refused_alike() {
    let two = zip_of(&[("a.pdf", b"%PDF-1"), ("b.pdf", b"%PDF-2")]);
    let files: [(&str, &[u8], Option<&str>); 9] = [
        ("a.pdf", b"%PDF-1.7", None),
        ("b.txt", b"", None),
        ("c.zip", &two, None),
        ("d.zip", b"no zip", None),
        ("e.pdf", &two, None),
        ("f.pdf", b"", None),
        ("g.xlsx", &two, Some("application/vnd.ms-excel")),
        ("h.pdf", &zip::wrap("x.pdf", b"%PDF").unwrap(), None),
        ("../i.pdf", b"%PDF", None),
    ];
    let mut accepted = 0;
    for (name, content, label) in files {
        let attachment = NewAttachment {
            name: name.to_owned(),
            content: content.into(),
            content_type: label.map(str::to_owned),
            ..NewAttachment::default()
        };
        let builder = builder().attach_as(attachment);
        let finished = builder.finish(now(), &limits());
        match builder.lay(now(), &limits()) {
            Ok(laid) => {
                let mut out = Vec::new();
                laid.write_to(&mut out).unwrap();
                assert_eq!(out, finished.unwrap(), "{name}");
                assert_eq!(Envelope::check(&out, &limits()).1, [], "{name}");
                accepted += 1;
            }
            Err(error) => assert_eq!(error.detail(), finished.unwrap_err().detail(), "{name}"),
        }
    }
    assert_eq!(accepted, 4);
}

#[test]
fn a_directory_says_whose_code_it_was_and_by_which_name() {
    let list = "code,name,valid_from,valid_until\nG99.07,Văn phòng Bộ Thử Nghiệm,,2025-11-03\n\
                H99,Tỉnh Mẫu,2026-01-01,\n";
    let directory = Directory::read(list.as_bytes()).unwrap();
    let told = |bytes: &[u8]| {
        let (_, breaches) = Envelope::check_against(bytes, &limits(), &directory);
        let told = breaches
            .iter()
            .map(|b| format!("{} {} {}", b.rule, b.path, b.raw));
        told.collect::<Vec<String>>()
    };
    let message = "/edXML/edXMLEnvelope/edXMLHeader/MessageHeader";
    assert_eq!(
        told(&good()),
        [
            format!("O2 {message}/To[1]/OrganId H99: Tỉnh Mẫu"),
            format!("O1 {message}/To[2]/OrganId 000.00.21.H98"),
        ]
    );
    let other = altered("Văn phòng Bộ Thử Nghiệm", "VP Bộ Khác");
    let named = "VP Bộ Khác / Văn phòng Bộ Thử Nghiệm";
    assert!(told(&other).contains(&format!("O3 {message}/From/OrganName {named}")));
    let short = altered("Văn phòng Bộ Thử Nghiệm", "VP BỘ THỬ NGHIỆM");
    assert_eq!(told(&short).len(), 2);
    assert_eq!(Envelope::check(&good(), &limits()).1, []);
}

/// What each mode makes of a sample, and the rules it breaks.
type Told = (&'static str, Outcome, Outcome, &'static [&'static str]);

#[test]
fn the_outcome_of_every_sample_follows_from_the_rules() {
    let Some(folder) = data("edxml") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "md") {
            continue;
        }
        seen += 1;
        let (_, breaches) = Envelope::check(&std::fs::read(&path).unwrap(), &limits());
        let worst = |mode| {
            breaches
                .iter()
                .map(|b| b.outcome(mode))
                .max()
                .unwrap_or(Accept)
        };
        let rules: BTreeSet<&str> = breaches.iter().map(|b| b.rule).collect();
        let rules: Vec<&str> = rules.into_iter().collect();
        let row = SAMPLES.iter().find(|row| row.0 == name);
        let (_, strict, lenient, expected) = row.unwrap_or_else(|| panic!("{name}: {rules:?}"));
        assert_eq!(
            (worst(Mode::Strict), worst(Mode::Lenient)),
            (*strict, *lenient),
            "{name}"
        );
        assert_eq!(rules, *expected, "{name}: {breaches:#?}");
    }
    assert_eq!(seen, SAMPLES.len());
}

/// Why: the gateways' codes are lower case (I1), their traces name `null` or nobody (I3), their
/// identifiers are UUIDs (I4); the SDK's examples carry a signature in the wrong namespace (G1) by
/// SHA-1 (G4) with a certificate that is cut short (G5), dates that contradict the identifier (I5),
/// and a zip whose entry is called `.edxml` under the name of a `.doc` (A3).
const SAMPLES: &[Told] = &[
    // Every value is in order; the identifier, the moved signature and a name whose letters stand
    // apart from their marks are only told.
    (
        "axis-received-2019-signature-in-wrong-namespace",
        Warn,
        Warn,
        &["G1", "G4", "I4", "V1"],
    ),
    // A zip under the label of a PDF: strict refuses, lenient takes what the octets are.
    (
        "axis-received-2025-pdf-label-zip-bytes",
        Reject,
        Warn,
        &["A2", "I1", "I3", "I4"],
    ),
    // That the PDF is damaged is no rule of the envelope; it is found where the PDF is judged.
    (
        "axis-received-2025-utf8-corrupted-pdf",
        Reject,
        Warn,
        &["I1", "I3", "I4"],
    ),
    (
        "gateway-built-2-attachments-no-business",
        Reject,
        Warn,
        &["I1", "I3", "I4"],
    ),
    (
        "gateway-built-3-attachments-text-plain-zip-bytes",
        Reject,
        Warn,
        &["A2", "I1", "I3", "I4"],
    ),
    // Nearly everything that strict demands is missing; nothing that reading needs is.
    (
        "gateway-minimal-hand-written",
        Reject,
        Warn,
        &["H3", "H5", "H7", "I1", "I4"],
    ),
    // Dialects that are recognised and not read.
    ("legacy-soap-2803-shape-header", Reject, Reject, &["N1"]),
    ("legacy-soap-512-shape-attachments", Reject, Reject, &["N1"]),
    // A dialect that is read, leniently alone.
    ("lgsp-shape-flat-govn", Reject, Warn, &["I4", "N1"]),
    // An identifier without `cid:` and a content without its prefix: told, refused by no mode.
    ("lgsp-shape-layered", Warn, Warn, &["M3", "N2"]),
    ("profile-good-document", Accept, Accept, &[]),
    ("profile-good-status-03", Accept, Accept, &[]),
    // The content is a place holder of the load test, and no base64.
    (
        "vxp-jmeter-template-bad-base64",
        Reject,
        Reject,
        &["A1", "G4", "I4", "V1", "X5"],
    ),
    // Four characters before the declaration.
    ("vxp-sdk-new-prolog-garbage", Reject, Reject, &["X1"]),
    (
        "vxp-sdk-replacement",
        Reject,
        Warn,
        &["A3", "G1", "G4", "G5", "I5"],
    ),
    (
        "vxp-sdk-revocation",
        Reject,
        Warn,
        &["A3", "G1", "G4", "G5", "I5"],
    ),
    // The order of siblings is free, so the one ordered by hand is as good as the others.
    ("vxp-sdk-status-01-sdk-built", Accept, Accept, &[]),
    ("vxp-sdk-status-02", Accept, Accept, &[]),
    ("vxp-sdk-status-03-hand-ordered", Accept, Accept, &[]),
    ("vxp-sdk-status-13", Accept, Accept, &[]),
    ("vxp-sdk-status-15", Accept, Accept, &[]),
    (
        "vxp-sdk-update",
        Reject,
        Warn,
        &["A3", "G1", "G4", "G5", "I5"],
    ),
];
