//! The rules that hold between values, or that ask for one: H, I, B, T and M of the table.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::edxml::attachment::strip_cid;
use crate::edxml::date::{DateText, Form, read_date};
use crate::edxml::header::{Header, Status};
use crate::edxml::names::is_plain_name;
use crate::edxml::read::{Layers, Parts};
use crate::edxml::record::{Reading, is_organ_code};
use crate::edxml::rules::Weight;
use crate::edxml::{Dialect, Kind};
use crate::error::ErrorKind;
use crate::limits::Limits;
use crate::xml::{ElementId, Index};

/// Checks everything that one element alone does not tell.
pub(super) fn parts(reading: &mut Reading<'_>, parts: &Parts, layers: &Layers, limits: &Limits) {
    let Some(message) = layers.message else {
        return;
    };
    match &parts.status {
        Some(status) => check_status(reading, message, &parts.header, status),
        None => {
            check_header(reading, message, &parts.header, limits);
            check_document_id(reading, message, &parts.header);
            check_business(reading, message, layers, parts);
        }
    }
    if let Some(trace) = layers.trace {
        check_trace(reading, trace);
    }
    if parts.kind == Kind::Status {
        if let Some(extra) = layers.encoded.filter(|_| !parts.attachments.is_empty()) {
            reading.findings.add("T4", extra, "");
        }
    } else if layers.manifest.is_none() && parts.dialect != Dialect::FlatGovn {
        let at = layers.body.or(layers.envelope).unwrap_or(message);
        reading.findings.missing("S2b", at, "edXMLManifest");
    }
    check_manifest(reading, layers, parts);
}

fn check_header(reading: &mut Reading<'_>, message: ElementId, header: &Header, limits: &Limits) {
    let from = header.from.as_ref();
    let code = header.code.as_ref();
    let issued = header.promulgation_info.as_ref();
    let receivers = header.to.iter().filter(|to| to.organ_id.is_some());
    for (rule, is_there, path) in [
        (
            "H1",
            from.is_some_and(|f| f.organ_id.is_some()),
            &["From", "OrganId"][..],
        ),
        ("H2", receivers.clone().next().is_some(), &["To", "OrganId"]),
        (
            "H3",
            code.is_some_and(|c| c.code_number.is_some()),
            &["Code", "CodeNumber"],
        ),
        (
            "H3",
            code.is_some_and(|c| c.code_notation.is_some()),
            &["Code", "CodeNotation"],
        ),
        ("H4", header.document_id.is_some(), &["DocumentId"]),
        (
            "H5",
            issued.is_some_and(|i| i.promulgation_date.is_some()),
            &["PromulgationInfo", "PromulgationDate"],
        ),
        ("H6", header.subject.is_some(), &["Subject"]),
        ("H7", header.steering_type.is_some(), &["SteeringType"]),
    ] {
        // A value that is there and not understood has a finding of its own.
        let (element, below) = locate(reading.index, message, path);
        let has_text = below.is_empty() && !reading.index.text(element).trim().is_empty();
        if !is_there && !has_text {
            reading.findings.missing(rule, element, &below);
        }
    }
    let mut seen = HashSet::new();
    let twice = receivers.clone().filter_map(|to| to.organ_id.as_deref());
    if twice.clone().any(|code| !seen.insert(code)) {
        let elements = named(reading.index, message, "To");
        let mut seen = HashSet::new();
        for (to, element) in header.to.iter().zip(elements) {
            if let Some(code) = to.organ_id.as_deref().filter(|code| !seen.insert(*code)) {
                reading.findings.add("I2", element, code);
            }
        }
    }
    if header.to.len() > limits.receivers {
        let weight = Weight::Fatal(ErrorKind::TooLarge);
        let raw = header.to.len().to_string();
        reading.findings.push("X6", message, "To", &raw, weight);
    }
}

/// I4 and I5: the three-part form, and that its parts are those of the header.
fn check_document_id(reading: &mut Reading<'_>, message: ElementId, header: &Header) {
    let Some(id) = header.document_id.as_deref() else {
        return;
    };
    let (element, _) = locate(reading.index, message, &["DocumentId"]);
    let mut parts = id.splitn(3, ',').map(str::trim);
    let (Some(organ), Some(day), Some(code)) = (parts.next(), parts.next(), parts.next()) else {
        reading.findings.add("I4", element, id);
        return;
    };
    let (DateText::Date(date), Form::Exact) = read_date(day) else {
        reading.findings.add("I4", element, id);
        return;
    };
    if !is_organ_code(organ) || !code.contains('/') {
        reading.findings.add("I4", element, id);
        return;
    }
    let from = header.from.as_ref().and_then(|f| f.organ_id.as_deref());
    let issued = header.promulgation_info.as_ref();
    let issued = issued.and_then(|i| i.promulgation_date.as_ref()?.date());
    let joined = header.code.as_ref().and_then(|code| code.joined());
    let differs = from.is_some_and(|from| from != organ)
        || issued.is_some_and(|issued| issued != date)
        || joined.is_some_and(|joined| joined.to_lowercase() != code.to_lowercase());
    if differs {
        reading.findings.add("I5", element, id);
    }
}

/// B1 to B3: what each business action must name.
fn check_business(reading: &mut Reading<'_>, message: ElementId, layers: &Layers, parts: &Parts) {
    let (Some(business), Some(trace)) = (parts.trace.business.as_ref(), layers.trace) else {
        return;
    };
    let index = reading.index;
    let element = index
        .children(trace)
        .find(|e| matches!(index.local_name(*e), "Bussiness" | "Business"))
        .unwrap_or(message);
    match business.kind {
        Some(1) => {
            let mut answered = parts.header.response_for.iter();
            let named = business.document_id.is_some() || answered.any(|r| r.document_id.is_some());
            if !named {
                reading.findings.missing("B1", element, "DocumentId");
            }
        }
        Some(2) => {
            if business.document_id.is_none() {
                reading.findings.missing("B2", element, "DocumentId");
            }
            let info = business.document_info.as_ref();
            if info.is_none() {
                reading
                    .findings
                    .missing("B2", element, "BussinessDocumentInfo");
            }
            let receivers = info.is_some_and(|info| {
                info.document_receiver == Some(1)
                    && info
                        .receiver_list
                        .as_ref()
                        .is_none_or(|l| l.receiver.is_empty())
            });
            if receivers {
                let below = "BussinessDocumentInfo/ReceiverList";
                reading.findings.missing("B2", element, below);
            }
        }
        Some(3) => {
            let list = business.replacement_info_list.as_ref();
            let complete = list.is_some_and(|list| {
                let each_names = list.replacement_info.iter().all(|info| {
                    let receivers = info.organ_id_list.as_ref();
                    info.document_id.is_some() && receivers.is_some_and(|r| !r.organ_id.is_empty())
                });
                !list.replacement_info.is_empty() && each_names
            });
            if !complete {
                reading
                    .findings
                    .missing("B3", element, "ReplacementInfoList");
            }
        }
        _ => {}
    }
    if business.kind.is_none() {
        // A value that is no integer was told as it was read.
        let (at, below) = locate(index, element, &["BussinessDocType"]);
        if !below.is_empty() {
            reading.findings.missing("C4", at, &below);
        }
    }
}

/// I3 and D3 of a `TraceHeader` that lacks its code or time.
fn check_trace(reading: &mut Reading<'_>, trace: ElementId) {
    for header in named(reading.index, trace, "TraceHeader") {
        for (rule, name) in [("I3", "OrganId"), ("D3", "Timestamp")] {
            let (at, below) = locate(reading.index, header, &[name]);
            if !below.is_empty() || reading.index.text(at).trim().is_empty() {
                reading.findings.missing(rule, at, &below);
            }
        }
    }
}

fn check_status(reading: &mut Reading<'_>, message: ElementId, header: &Header, status: &Status) {
    let code = text_of(reading.index, message, "StatusCode");
    if !STATUS_CODES.contains(&&*code) {
        let (element, below) = locate(reading.index, message, &["StatusCode"]);
        reading
            .findings
            .push("T1", element, &below, &code, Weight::Usual);
    }
    let from = header.from.as_ref();
    let answered = status.response_for.as_ref();
    let names = answered.is_some_and(|a| a.code.is_some() || a.document_id.is_some());
    for (is_there, path) in [
        (
            from.is_some_and(|f| f.organ_id.is_some()),
            &["From", "OrganId"],
        ),
        (
            answered.is_some_and(|a| a.organ_id.is_some()),
            &["ResponseFor", "OrganId"],
        ),
        (names, &["ResponseFor", "DocumentId"]),
    ] {
        if !is_there {
            let (element, below) = locate(reading.index, message, path);
            reading.findings.missing("T2", element, &below);
        }
    }
    if status.timestamp.is_none() {
        let (element, below) = locate(reading.index, message, &["Timestamp"]);
        reading.findings.missing("T3", element, &below);
    }
}

/// M1 to M4 and A4: the manifest against the attachments.
fn check_manifest(reading: &mut Reading<'_>, layers: &Layers, parts: &Parts) {
    let index = reading.index;
    let lines = layers.manifest.map(|m| named(index, m, "Reference"));
    let lines = lines.unwrap_or_default();
    // The manifest drops a line without any value, so the elements are asked themselves.
    let mut listed: HashMap<String, String> = HashMap::new();
    let mut order = Vec::new();
    for element in lines {
        let id = text_of(index, element, "ContentId");
        let name = text_of(index, element, "AttachmentName");
        check_id(reading, element, &id);
        check_name(reading, element, &name);
        let id = strip_cid(&id).to_owned();
        if id.is_empty() {
            reading.findings.missing("M1", element, "ContentId");
            continue;
        }
        match listed.entry(id) {
            Entry::Occupied(line) => reading.findings.add("M2", element, line.key()),
            Entry::Vacant(line) => {
                order.push((line.key().clone(), element));
                line.insert(name);
            }
        }
    }
    let mut carried: HashSet<String> = HashSet::new();
    for stored in &parts.attachments {
        let Some(element) = stored.element else {
            continue;
        };
        if parts.dialect == Dialect::FlatGovn {
            // No manifest and no identifiers: there is nothing to be held against each other.
            check_name(reading, element, stored.name.as_deref().unwrap_or_default());
            continue;
        }
        let raw = stored.content_id.clone().unwrap_or_default();
        let own_name = text_of(index, element, "AttachmentName");
        check_id(reading, element, &raw);
        check_name(reading, element, &own_name);
        let id = strip_cid(&raw).to_owned();
        let line = listed.get(&id);
        if id.is_empty() || line.is_none() {
            reading.findings.add("M1", element, &id);
        }
        if let Some(name) = line.filter(|name| **name != own_name) {
            let raw = format!("{name} / {own_name}");
            reading.findings.add("M4", element, &raw);
        }
        if !id.is_empty() && !carried.insert(id.clone()) {
            reading.findings.add("M2", element, &id);
        }
    }
    for (id, element) in order {
        if !carried.contains(&id) {
            reading.findings.add("M1", element, &id);
        }
    }
}

fn check_id(reading: &mut Reading<'_>, element: ElementId, raw: &str) {
    let prefixes = raw
        .strip_prefix("cid:")
        .map(|rest| rest.starts_with("cid:"));
    if !raw.is_empty() && prefixes != Some(false) {
        reading.findings.add("M3", element, raw);
    }
}

fn check_name(reading: &mut Reading<'_>, element: ElementId, name: &str) {
    if name.is_empty() {
        reading.findings.missing("A4", element, "AttachmentName");
    } else if !is_plain_name(name) {
        reading.findings.add("A4", element, name);
    }
}

/// The deepest element of a path that is there, and what of the path is not.
fn locate(index: &Index<'_>, from: ElementId, path: &[&str]) -> (ElementId, String) {
    let mut element = from;
    let mut rest = path;
    while let [name, after @ ..] = rest {
        let Some(child) = index
            .children(element)
            .find(|e| index.local_name(*e) == *name)
        else {
            break;
        };
        element = child;
        rest = after;
    }
    (element, rest.join("/"))
}

pub(super) fn named(index: &Index<'_>, parent: ElementId, name: &str) -> Vec<ElementId> {
    let children = index.children(parent);
    children.filter(|e| index.local_name(*e) == name).collect()
}

fn text_of(index: &Index<'_>, parent: ElementId, name: &str) -> String {
    let child = index
        .children(parent)
        .find(|e| index.local_name(*e) == name);
    child.map_or_else(String::new, |child| index.text(child).trim().to_owned())
}

/// The processing statuses of Decision 28/2018/QĐ-TTg that were seen.
pub(super) const STATUS_CODES: [&str; 9] = ["01", "02", "03", "04", "05", "06", "13", "15", "16"];
