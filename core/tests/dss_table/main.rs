//! The same judgement as EU DSS, the reference implementation of EN 319 102-1, over several hundred
//! signatures that are good, revoked, ended, stamped and broken; or a line in
//! `test-vectors/diverge.toml` with the clause.
//!
//! The peer is built by `./test dss` and found through `KYSO_DSS`; without it the table is skipped,
//! saying so. The signatures are made by the sandbox, which shares no code with the library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../common/mod.rs"]
mod common;

mod case;
mod cases;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use case::Case;
use common::Folder;
use kyso::{Time, TrustStore, Verifier};
use serde_json::Value;

/// An indication with its sub-indication.
type Judgement = (String, Option<String>);

#[test]
fn several_hundred_signatures_are_judged_as_eu_dss_judges_them() {
    let Some(peer) = std::env::var_os("KYSO_DSS").map(PathBuf::from) else {
        println!("skipped: no EU DSS (KYSO_DSS); ./test dss builds it");
        return;
    };
    let cases = cases::cases();
    let mut names = BTreeSet::new();
    for case in &cases {
        assert!(names.insert(&case.name), "two cases named {}", case.name);
    }
    assert!(cases.len() >= 300, "{} cases", cases.len());

    let folder = Folder::new();
    let kept = std::env::var_os("KYSO_DSS_KEEP").map(PathBuf::from);
    let place = kept.clone().unwrap_or_else(|| folder.path("cases"));
    let mut jobs = String::new();
    let mut ours = BTreeMap::new();
    for case in &cases {
        let here = place.join(case.name.replace('/', "_"));
        let file = write(case, &here);
        let at = Time::from_unix(case.at).utc().to_string();
        let paths = ["file.pdf", "trust", "evidence"].map(|name| here.join(name));
        let columns = paths.each_ref().map(|path| path.display().to_string());
        writeln!(jobs, "{}\t{at}\t{}", case.name, columns.join("\t")).unwrap();
        ours.insert(case.name.clone(), judge(case, &file));
    }
    let theirs = ask(&peer, &folder, &jobs, kept.is_some());
    let verdict = Table::compare(&ours, &theirs, &divergences());
    println!("{}", verdict.counts());
    assert!(verdict.faults.is_empty(), "{}", verdict.faults.join("\n"));
}

// ---- the two judges

fn write(case: &Case, here: &Path) -> Vec<u8> {
    let file = case
        .file()
        .unwrap_or_else(|error| panic!("{}: {error}", case.name));
    for folder in ["trust", "evidence"] {
        fs::create_dir_all(here.join(folder)).unwrap();
    }
    fs::write(here.join("file.pdf"), &file).unwrap();
    for (number, anchor) in case.anchors.iter().enumerate() {
        let path = here.join(format!("trust/{number}.crt"));
        fs::write(path, &anchor.certificate_der).unwrap();
    }
    for (number, evidence) in case.beside().into_iter().enumerate() {
        fs::write(here.join(format!("evidence/{number}")), evidence).unwrap();
    }
    file
}

/// Ours: the indication and sub-indication of each signature by its field's name.
fn judge(case: &Case, file: &[u8]) -> BTreeMap<String, Judgement> {
    let anchors = case.anchors.iter().map(|anchor| &anchor.certificate_der);
    let mut verifier =
        Verifier::new(Time::from_unix(case.at)).trust(TrustStore::from_der_many(anchors).unwrap());
    for evidence in case.beside() {
        // What cannot be read counts for nothing, on both sides.
        let _ = verifier.add_evidence(evidence);
    }
    let report = verifier.verify(file);
    let signatures = report.signatures().iter().map(|signature| {
        let sub = signature
            .sub_indication()
            .map(|sub| sub.as_str().to_owned());
        let indication = signature.indication().as_str().to_owned();
        (signature.id().to_owned(), (indication, sub))
    });
    signatures.collect()
}

/// Theirs, for all cases in one run.
fn ask(
    peer: &Path,
    folder: &Folder,
    jobs: &str,
    with_reports: bool,
) -> BTreeMap<String, BTreeMap<String, Judgement>> {
    let (list, answers) = (folder.write("jobs.tsv", jobs), folder.path("answers.jsonl"));
    let class_path = format!("{0}/classes:{0}/lib/*", peer.display());
    let reports = folder.path("reports");
    let mut words: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![
        &"-Xmx1g",
        &"-cp",
        &class_path,
        &"peer.Peer",
        &list,
        &answers,
    ];
    if with_reports {
        fs::create_dir_all(&reports).unwrap();
        words.push(&reports);
    }
    common::run("java", &words);
    let text = fs::read_to_string(&answers).unwrap();
    if with_reports {
        let kept = PathBuf::from(std::env::var_os("KYSO_DSS_KEEP").unwrap());
        fs::write(kept.join("answers.jsonl"), &text).unwrap();
        for report in fs::read_dir(&reports).unwrap() {
            let report = report.unwrap();
            fs::copy(report.path(), kept.join(report.file_name())).unwrap();
        }
    }
    text.lines().map(answer).collect()
}

fn answer(line: &str) -> (String, BTreeMap<String, Judgement>) {
    let answer: Value = serde_json::from_str(line).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let name = text(&answer["name"]).unwrap();
    if let Some(error) = answer["error"].as_str() {
        println!("{name}: EU DSS gives up: {error}");
    }
    let signatures = answer["signatures"].as_array().unwrap().iter();
    let signatures = signatures.map(|signature| {
        let indication = text(&signature["indication"]).unwrap();
        let field = text(&signature["field"]).unwrap_or_default();
        (field, (indication, text(&signature["sub_indication"])))
    });
    (name, signatures.collect())
}

// ---- the comparison

/// Where the two are known to differ: the name of a case, with `*` for any part of it, and the
/// name of the reason.
struct Divergence {
    pattern: String,
    rule: String,
    used: std::cell::Cell<usize>,
}

fn divergences() -> Vec<Divergence> {
    let text = include_str!("../../../test-vectors/diverge.toml");
    let known: toml::Table = text.parse().unwrap();
    let rules = known["dss-rules"].as_table().unwrap();
    let lines = known["dss"].as_table().unwrap();
    for rule in rules.keys() {
        let is_used = lines.values().any(|named| named.as_str() == Some(rule));
        assert!(is_used, "no case differs by the rule {rule}");
    }
    lines
        .iter()
        .map(|(pattern, rule)| {
            let rule = rule.as_str().unwrap();
            assert!(rules.contains_key(rule), "{pattern}: no rule {rule}");
            Divergence {
                pattern: pattern.clone(),
                rule: rule.to_owned(),
                used: std::cell::Cell::new(0),
            }
        })
        .collect()
}

#[derive(Default)]
struct Table {
    faults: Vec<String>,
    same: usize,
    known: usize,
    same_sub: usize,
    by_group: BTreeMap<String, (usize, usize)>,
    by_rule: BTreeMap<String, usize>,
    by_indication: BTreeMap<String, usize>,
    subs: BTreeMap<(String, String), usize>,
}

impl Table {
    fn compare(
        ours: &BTreeMap<String, BTreeMap<String, Judgement>>,
        theirs: &BTreeMap<String, BTreeMap<String, Judgement>>,
        divergences: &[Divergence],
    ) -> Self {
        let mut table = Self::default();
        let none = BTreeMap::new();
        for (name, our) in ours {
            let their = theirs.get(name).unwrap_or(&none);
            table.line(name, our, their, divergences);
        }
        for known in divergences {
            if known.used.get() == 0 {
                let line = format!("{}: no case differs any longer", known.pattern);
                table.faults.push(line);
            }
        }
        table
    }

    fn line(
        &mut self,
        name: &str,
        our: &BTreeMap<String, Judgement>,
        their: &BTreeMap<String, Judgement>,
        divergences: &[Divergence],
    ) {
        let indications = |all: &BTreeMap<String, Judgement>| -> Vec<String> {
            all.iter()
                .map(|(field, (indication, _))| format!("{field} {indication}"))
                .collect()
        };
        let is_same = indications(our) == indications(their) && !our.is_empty();
        let group = name.split('/').next().unwrap_or_default().to_owned();
        let counts = self.by_group.entry(group).or_default();
        counts.0 += 1;
        let known = divergences.iter().find(|known| fits(&known.pattern, name));
        match (is_same, known) {
            (true, None) => self.same += 1,
            (false, Some(known)) => {
                self.known += 1;
                *self.by_rule.entry(known.rule.clone()).or_default() += 1;
                counts.1 += 1;
                known.used.set(known.used.get() + 1);
            }
            (true, Some(known)) => self.faults.push(format!(
                "{name}: the same, although {} says that they differ",
                known.pattern
            )),
            (false, None) => self
                .faults
                .push(format!("{name}: ours {our:?}, theirs {their:?}")),
        }
        for (field, (indication, sub)) in our {
            *self.by_indication.entry(indication.clone()).or_default() += 1;
            let Some((_, other)) = their.get(field) else {
                continue;
            };
            let shown = |sub: &Option<String>| sub.clone().unwrap_or_default();
            if sub == other {
                self.same_sub += 1;
            } else if is_same {
                *self.subs.entry((shown(sub), shown(other))).or_default() += 1;
            }
        }
    }

    fn counts(&self) -> String {
        let mut text = String::new();
        let all: usize = self.by_group.values().map(|(all, _)| all).sum();
        writeln!(text, "cases by group (all, known to differ):").unwrap();
        for (group, (all, known)) in &self.by_group {
            writeln!(text, "  {group:18}{all:5}{known:5}").unwrap();
        }
        writeln!(text, "known to differ, by rule:").unwrap();
        for (rule, count) in &self.by_rule {
            writeln!(text, "  {rule:20}{count:4}").unwrap();
        }
        writeln!(text, "our indications:").unwrap();
        for (indication, count) in &self.by_indication {
            writeln!(text, "  {indication:18}{count:5}").unwrap();
        }
        writeln!(
            text,
            "{all} cases: {} the same indication, {} known to differ, {} others; {} the same \
             sub-indication too",
            self.same,
            self.known,
            all - self.same - self.known,
            self.same_sub
        )
        .unwrap();
        writeln!(
            text,
            "same indication, other sub-indication (ours, theirs):"
        )
        .unwrap();
        for ((ours, theirs), count) in &self.subs {
            writeln!(text, "  {count:4} {ours:34} {theirs}").unwrap();
        }
        text
    }
}

/// Whether a name fits a pattern in which `*` stands for any part between two strokes, or several
/// at the end.
fn fits(pattern: &str, name: &str) -> bool {
    let (mut wanted, mut parts) = (pattern.split('/').peekable(), name.split('/'));
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) if wanted.peek().is_none() => return true,
            (Some(wanted), Some(part)) if wanted == "*" || wanted == part => {}
            _ => return false,
        }
    }
}

#[test]
fn a_star_stands_for_one_part_of_a_name_and_at_the_end_for_any() {
    assert!(fits("a/*/c", "a/b/c"));
    assert!(!fits("a/*/c", "a/b/d"));
    assert!(fits("a/*", "a/b/c"));
    assert!(!fits("a/b", "a/b/c"));
    assert!(!fits("*/b", "a/c"));
}
