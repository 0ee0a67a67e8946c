//! Every reason there is, produced through the public door: `docs/VERDICTS.md` names for each code
//! the vector or the case that shows it, and here each of them is held against what the verifier
//! really answers. A code that nothing produces fails, and so does one that the page does not have.
//!
//! To add a case: one line in `cases`, named as the row in `core/src/message/facts/` names it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
mod reasons_made;
mod xml_made;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kyso::report::Report;
use kyso::{Reason, TrustStore, Verifier};
use reasons_made::Case;

/// Codes that no input of today leads to, each with why it is there all the same. The test fails
/// when one of them is produced, so that the list can only shrink.
const NOT_PRODUCED: [(&str, &str); 3] = [
    (
        "changes.appearance_differs",
        "the made documents have no form fields; core/src/pades/changes/tests.rs shows it",
    ),
    (
        "content.before_header",
        "the made documents begin with their header; core/src/pades/changes/tests.rs shows it",
    ),
    (
        "path.anchor_ended",
        "no root of today's store has an end before its certificate's own",
    ),
];

#[test]
fn every_reason_is_produced_by_the_vector_or_case_that_its_row_names() {
    let page = rows();
    assert!(page.len() > 80, "{}", page.len());
    let mut produced: BTreeMap<String, BTreeSet<Found>> = BTreeMap::new();
    let mut missing = BTreeSet::new();
    for (name, input) in vectors() {
        produced.insert(name, all(&judged_vector(&input)));
    }
    for Case { name, found } in reasons_made::cases() {
        match found {
            Some(found) => {
                let twice = produced.insert(name.to_owned(), found);
                assert!(twice.is_none(), "{name} is there twice");
            }
            None => {
                missing.insert(name.to_owned());
            }
        }
    }
    let mut wrong = Vec::new();
    for (code, Row { shown, .. }) in &page {
        let excused = NOT_PRODUCED.iter().any(|(other, _)| other == code);
        match produced.get(shown) {
            Some(found) if found.iter().any(|(other, _)| other == code) => {}
            Some(found) => wrong.push(format!("{code}: {shown} gives {found:?}")),
            None if excused || missing.contains(shown) => {}
            None => wrong.push(format!("{code}: there is no {shown}")),
        }
    }
    let every: BTreeSet<Found> = produced.values().flatten().copied().collect();
    for (code, constant) in &every {
        match page.get(*code) {
            None => wrong.push(format!("{code} is not in docs/VERDICTS.md")),
            // What a token's own verdict is differs from token to token.
            Some(_) if *code == "time_stamp.not_passed" => {}
            Some(row) if row.constants.iter().any(|other| other == constant) => {}
            Some(_) => wrong.push(format!("{code} leads to {constant}, too")),
        }
        if NOT_PRODUCED.iter().any(|(other, _)| other == code) {
            wrong.push(format!("{code} is produced: take it off the list"));
        }
    }
    for name in produced.keys().chain(&missing) {
        let is_vector = root().join(name).is_dir();
        if !is_vector && !page.values().any(|row| row.shown == *name) {
            wrong.push(format!("{name} shows nothing that the page names"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A code and the constant that it leads to.
type Found = (&'static str, &'static str);

/// What the page says about a code.
struct Row {
    constants: Vec<String>,
    shown: String,
}

/// Each row of the page's tables, by its code.
fn rows() -> BTreeMap<String, Row> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/VERDICTS.md");
    let page = fs::read_to_string(page).unwrap();
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| [`")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let word = |cell: &str| cell.split('`').nth(1).unwrap().to_owned();
        let (code, shown) = (word(cells[0]), word(cells[cells.len() - 1]));
        let constants = cells[1].trim().split(", ").map(str::to_owned).collect();
        assert!(rows.insert(code, Row { constants, shown }).is_none());
    }
    rows
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors")
}

fn vectors() -> Vec<(String, PathBuf)> {
    fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("expect.json").is_file())
        .map(|folder| {
            let mut inputs = fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            let input = inputs.find(|path| path.file_stem().is_some_and(|stem| stem == "input"));
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            (name, input.unwrap())
        })
        .collect()
}

fn judged_vector(input: &Path) -> Report {
    let trust = TrustStore::from_pem(&fs::read(root().join("trust/root.pem")).unwrap()).unwrap();
    let at = "2026-06-01T19:00:00+07:00".parse().unwrap();
    Verifier::new(at)
        .trust(trust)
        .verify(&fs::read(input).unwrap())
}

fn found(reason: &Reason) -> Found {
    let constant = match (reason.indication(), reason.sub_indication()) {
        (_, Some(sub)) => sub.as_str(),
        (Some(indication), None) => indication.as_str(),
        (None, None) => "–",
    };
    (reason.code(), constant)
}

/// Every code anywhere in a report, with its constant.
fn all(report: &Report) -> BTreeSet<Found> {
    let mut every = BTreeSet::new();
    let signatures = report
        .signatures()
        .iter()
        .chain(report.document_timestamps());
    for signature in signatures {
        every.extend(signature.reasons().map(found));
        for stamp in signature.timestamps() {
            every.extend(stamp.reasons.iter().map(found));
        }
    }
    every.extend(report.reasons().iter().map(found));
    for attachment in report.attachments() {
        every.extend(attachment.report.iter().flat_map(all));
    }
    every
}
