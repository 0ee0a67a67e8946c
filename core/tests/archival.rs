//! PDF/A stays PDF/A when it is signed visibly: veraPDF judges each file before and after.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;
mod forms_made;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use common::*;
use forms_made::*;
use kyso::appearance::{Corner, Mark};
use kyso::picture::Picture;
use kyso::sign;
use kyso_sandbox::document::{Decision, decision_pdf};

/// Text, a picture with soft edges, one in grey and one in colour without any.
fn marks() -> [Mark; 4] {
    let grey = png(
        40,
        40,
        ::png::ColorType::Grayscale,
        Some(3_000),
        &[90; 1_600],
    );
    let colour = png(40, 40, ::png::ColorType::Rgb, Some(3_000), &[90; 4_800]);
    let at = |mark: Mark, across| mark.at(Corner::BottomLeft, across, 40.0);
    let shown = |octets: &[u8]| Mark::picture(Picture::read(octets).unwrap());
    [
        at(Mark::text(["15/QĐ-UBND", "Quyết định"]), 12.0).on_all_pages(),
        at(shown(&seal_png()), 40.0),
        at(shown(&grey), 80.0),
        at(shown(&colour), 100.0),
    ]
}

fn signed(pdf: &[u8]) -> Vec<u8> {
    let world = world();
    let signing = sign::pdf(pdf, world.now);
    let signing = marks().into_iter().fold(signing, sign::PdfSigning::show);
    signing.sign(&world.organisation_key()).unwrap().to_vec()
}

/// The files of a folder and below that say they are PDF/A, and small ones of each part.
fn claiming(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            claiming(&path, found);
        } else if path.to_string_lossy().ends_with(".pdf") {
            let octets = fs::read(&path).unwrap();
            let claim = b"pdfaid:part";
            if octets.windows(claim.len()).any(|window| window == claim) {
                found.push(path);
            }
        }
    }
}

#[test]
fn files_that_are_archival_stay_so_when_they_are_signed_visibly() {
    let Some(peer) = std::env::var_os("KYSO_VERAPDF").map(PathBuf::from) else {
        println!("skipped: no veraPDF (KYSO_VERAPDF); ./test archival builds it");
        return;
    };
    let folder = Folder::new();
    let mut inputs =
        vec![folder.write("decision.pdf", decision_pdf(&Decision::example()).unwrap())];
    let data = std::env::var_os("KYSO_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    claiming(&data.join("corpus/pdf"), &mut inputs);
    let before = judged(&peer, &inputs);
    let mut pairs = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let (flavour, verdict) = &before[input];
        // What was broken before cannot be kept.
        if verdict == "compliant" {
            let output = folder.write(&format!("{number}.pdf"), signed(&fs::read(input).unwrap()));
            pairs.push((input, flavour.clone(), output));
        }
    }
    let outputs: Vec<PathBuf> = pairs.iter().map(|(.., output)| output.clone()).collect();
    let after = judged(&peer, &outputs);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (input, flavour, output) in pairs {
        let (now, verdict) = &after[&output];
        *counts.entry(flavour.clone()).or_default() += 1;
        if (now.as_str(), verdict.as_str()) != (flavour.as_str(), "compliant") {
            wrong.push(format!("{} {flavour} {now} {verdict}", input.display()));
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!counts.is_empty());
}

/// What veraPDF says of each file: the flavour, and `compliant` or what is broken.
fn judged(peer: &Path, files: &[PathBuf]) -> BTreeMap<PathBuf, (String, String)> {
    let class_path = format!(
        "{}:{}/*",
        peer.join("classes").display(),
        peer.join("lib").display()
    );
    let mut words: Vec<&dyn AsRef<OsStr>> = vec![&"-Xmx1g", &"-cp", &class_path, &"peer.VeraPdf"];
    words.extend(files.iter().map(|file| file as &dyn AsRef<OsStr>));
    let output = run("java", &words);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, flavour, verdict] = columns.as_slice() else {
            panic!("{line}");
        };
        let verdict = (flavour.to_string(), verdict.to_string());
        (PathBuf::from(file), verdict)
    });
    lines.collect()
}
