//! The reader against real and broken files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::limits::Limits;

/// The folder of test data, where there is one.
pub(crate) fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("KYSO_DATA").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no test data at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// Every PDF below a folder of the test data, with its path below it.
pub(crate) fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Some(root) = data().map(|data| data.join(folder)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "pdf") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_corpus_opens_but_for_encrypted_and_broken_files() {
    let mut refused = Vec::new();
    for (name, bytes) in files("corpus/pdf") {
        match File::open(&bytes, &Limits::default()) {
            Ok(file) => {
                let root = file.catalog(file.newest());
                if !root.as_ref().is_ok_and(Option::is_some) {
                    println!("no catalog in {name}: {:?}", root.err());
                }
            }
            Err(error) => refused.push(format!("{name}: {error:?}")),
        }
    }
    println!("{}", refused.join("\n"));
    assert!(refused.len() <= 50, "{} refused", refused.len());
}

#[test]
fn a_linearised_file_and_a_hybrid_have_the_revisions_that_they_were_written_in() {
    for (name, bytes) in files("attacks/benign") {
        let file = File::open(&bytes, &Limits::default()).unwrap();
        for (index, revision) in file.revisions().iter().enumerate() {
            // Each is a file of its own, with the same revisions up to there.
            let alone = File::open(&bytes[..revision.end], &Limits::default()).unwrap();
            assert_eq!(alone.revisions(), &file.revisions()[..=index], "{name}");
        }
        let styles: Vec<_> = file
            .sections()
            .iter()
            .map(|section| section.style)
            .collect();
        match name.as_str() {
            "linearised-signed.pdf" => assert_eq!((styles.len(), file.revisions().len()), (3, 2)),
            "hybrid-xref.pdf" => assert!(styles.contains(&Style::Hybrid), "{styles:?}"),
            "xref-stream-update.pdf" => assert!(styles.contains(&Style::Stream)),
            _ => {}
        }
    }
}

#[test]
fn every_revision_of_the_corpus_opens_as_a_file_of_its_own() {
    let mut odd = Vec::new();
    for (name, bytes) in files("corpus/pdf") {
        let Ok(file) = File::open(&bytes, &Limits::default()) else {
            continue;
        };
        for revision in file.revisions() {
            if File::open(&bytes[..revision.end], &Limits::default()).is_err() {
                odd.push(format!("{name}: {revision:?}"));
            }
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn values_come_back_as_they_were_meant() {
    let text = b"<</A(a\\(b\\)\\101\\\r\nc\\n(d))/B<4142 4>/C[1 2 3 0 R -5 +6 .5]/D#20x/N/E<</F null>>/A 1>>";
    let (object, end) = Object::read(&Source::File(text), 0, 128).unwrap();
    assert_eq!(end, text.len());
    let dictionary = object.dictionary().unwrap();
    assert_eq!(dictionary.get("A").integer(), Some(1));
    assert_eq!(dictionary.doubled(), ["A"]);
    let first = dictionary.iter().next().unwrap().1;
    let Object::String(first) = first else {
        panic!()
    };
    assert_eq!(first.octets(), b"a(b)Ac\n(d)");
    let Object::String(hex) = dictionary.get("B") else {
        panic!()
    };
    assert_eq!((hex.octets(), hex.is_hex()), (b"AB@".to_vec(), true));
    let array = dictionary.get("C");
    let elements: Vec<_> = array.array().unwrap().iter().collect();
    assert_eq!(elements.len(), 6);
    assert_eq!(elements[0].integer(), Some(1));
    let third = Reference {
        number: 3,
        generation: 0,
    };
    assert!(elements[2].reference() == Some(third));
    assert_eq!(
        (elements[3].integer(), elements[4].integer()),
        (Some(-5), Some(6))
    );
    assert!(matches!(elements[5], Object::Real(half) if half == 0.5));
    assert!(dictionary.get("D x").is_name("N"));
    assert!(dictionary.get("E").dictionary().unwrap().get("F").is_null());
}

#[test]
fn what_does_not_end_is_an_error_and_not_a_value() {
    for text in [
        "<</A 1",
        "[1 2",
        "(a",
        "<41",
        "<</A[1>>",
        "[<</A 1]>>",
        "<</A 1 endobj>>",
        "",
        "]",
    ] {
        assert!(
            Object::read(&Source::File(text.as_bytes()), 0, 128).is_err(),
            "{text}"
        );
    }
    let deep = "[".repeat(129) + &"]".repeat(129);
    assert!(Object::read(&Source::File(deep.as_bytes()), 0, 128).is_err());
    let deep = "[".repeat(128) + &"]".repeat(128);
    assert!(Object::read(&Source::File(deep.as_bytes()), 0, 128).is_ok());
}

#[test]
fn no_genuine_document_divides_readers_and_what_does_is_named() {
    for (folder, genuine) in [
        ("vn-pdf", true),
        ("attacks/benign", true),
        ("corpus/pdf/rub-shadow", false),
    ] {
        let mut divided = 0_usize;
        for (name, bytes) in files(folder) {
            let Ok(file) = File::open(&bytes, &Limits::default()) else {
                continue;
            };
            for (_, id, revision) in file.in_file() {
                let _ = file.load(id, revision);
            }
            file.look_for_missing().unwrap();
            let odd = file.oddities().iter().any(|odd| odd.kind.divides_readers());
            let differs = !repair::differences(&file).unwrap().is_empty();
            divided += usize::from(odd || differs);
            assert!(!genuine || !odd && !differs, "{folder}/{name}");
        }
        assert!(
            genuine || divided > 3 || files(folder).is_empty(),
            "{divided}"
        );
    }
}

/// The objects that `qpdf` finds, by number; nothing where it had to rebuild the table or is absent.
fn by_qpdf(path: &Path) -> Option<Vec<(u32, Place)>> {
    let output = std::process::Command::new("qpdf")
        .args(["--show-xref", "--password="])
        .arg(path)
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| {
        let (id, rest) = line.split_once(": ")?;
        let number = id.split('/').next()?.parse().ok()?;
        let numbers: Vec<u64> = rest
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|word| word.parse().ok())
            .collect();
        let place = match *numbers {
            [at] => Place::Offset(at.try_into().ok()?),
            [stream, index] => Place::InStream {
                stream: stream.try_into().ok()?,
                index: index.try_into().ok()?,
            },
            _ => return None,
        };
        Some((number, place))
    };
    Some(text.lines().filter_map(line).collect())
}

#[test]
fn the_strict_walk_finds_the_objects_where_qpdf_finds_them() {
    let Some(root) = data() else { return };
    let mut compared = 0_usize;
    let mut wrong = Vec::new();
    for folder in ["corpus/pdf", "attacks/benign", "vn-pdf"] {
        for (name, bytes) in files(folder) {
            // Large files bring nothing new and cost time.
            if bytes.len() > 2_000_000 {
                continue;
            }
            let (Ok(file), Some(theirs)) = (
                File::open(&bytes, &Limits::default()),
                by_qpdf(&root.join(folder).join(&name)),
            ) else {
                continue;
            };
            compared += 1;
            let odd = file.oddities().iter().any(|odd| odd.kind.divides_readers());
            for (number, place) in theirs {
                let ours = (0..3).find_map(|generation| {
                    let id = Reference { number, generation };
                    file.place(id, file.newest()).map(|found| found.0)
                });
                // Offsets there count from the header where it is not at the start.
                let same = match (ours, place) {
                    (Some(Place::Offset(ours)), Place::Offset(theirs)) => {
                        ours == theirs || ours == theirs + file.header()
                    }
                    // An object at offset 0 is none.
                    (None | Some(Place::Free), Place::Offset(0)) => true,
                    (Some(ours), theirs) => ours == theirs,
                    (None, _) => false,
                };
                if !same && !odd {
                    wrong.push(format!("{folder}/{name}: {number}: {ours:?} {place:?}"));
                }
            }
        }
    }
    println!("{compared} files compared");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A file of three objects, its table written by `table` from their offsets.
fn with_table(table: &dyn Fn(&[usize]) -> String, trailer: &str) -> Vec<u8> {
    let mut text = String::from("%PDF-1.7\n");
    let mut places = Vec::new();
    for body in [
        "1 0 obj\n<</Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Kids[]/X 3 0 R>>\nendobj\n",
        "3 0 obj\n(text)\nendobj\n",
    ] {
        places.push(text.len());
        text.push_str(body);
    }
    let at = text.len();
    let table = table(&places);
    text.push_str(&format!(
        "{table}trailer\n<<{trailer}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n"
    ));
    text.into_bytes()
}

fn odd_codes(file: &File<'_>) -> Vec<&'static str> {
    for (_, id, revision) in file.in_file() {
        file.load(id, revision).unwrap();
    }
    file.look_for_missing().unwrap();
    file.oddities().iter().map(|odd| odd.kind.code()).collect()
}

#[test]
fn oddities_of_real_tables_are_read_and_named() {
    let entries = |places: &[usize], end: &str| -> String {
        let lines = places.iter().map(|at| format!("{at:010} 00000 n{end}"));
        lines.collect()
    };
    let free = "0000000000 65535 f";
    type Table<'t> = Box<dyn Fn(&[usize]) -> String + 't>;
    let cases: Vec<(&str, Table<'_>, &str, &[&str])> = vec![
        (
            "as the standard has it",
            Box::new(|at| format!("xref\n0 4\n{free} \n{}", entries(at, " \n"))),
            "/Size 4",
            &[],
        ),
        (
            "19 octets",
            Box::new(|at| format!("xref\n0 4\n{free}\n{}", entries(at, "\n"))),
            "/Size 4",
            &["pdf.xref_entry_width"],
        ),
        (
            "carriage returns alone",
            Box::new(|at| format!("xref\r0 4\r{free}\r{}", entries(at, "\r"))),
            "/Size 4",
            &["pdf.xref_entry_width"],
        ),
        (
            "more blanks",
            Box::new(|at| format!("xref \n0  4 \n {free} \n{}", entries(at, " \n"))),
            "/Size 4",
            &[],
        ),
        (
            "a comment among the entries",
            Box::new(|at| format!("xref\n0 4 %four\n{free} \n{}", entries(at, " \n"))),
            "/Size 4",
            &["pdf.xref_entry_width"],
        ),
        (
            "from one",
            Box::new(|at| format!("xref\n1 4\n{free} \n{}", entries(at, " \n"))),
            "/Size 4",
            &["pdf.xref_first_number"],
        ),
        (
            "fewer than said",
            Box::new(|at| format!("xref\n0 9\n{free} \n{}", entries(at, " \n"))),
            "/Size 4",
            &["pdf.xref_entry_count"],
        ),
        (
            "more than said",
            Box::new(|at| format!("xref\n0 2\n{free} \n{}", entries(at, " \n"))),
            "/Size 4",
            &["pdf.xref_entry_count"],
        ),
        (
            "a size that is too small",
            Box::new(|at| format!("xref\n0 4\n{free} \n{}", entries(at, " \n"))),
            "/Size 3",
            &["pdf.size"],
        ),
        (
            "an entry that leads nowhere",
            Box::new(|at| {
                let at = [at[0], at[1], at[2] + 3];
                format!("xref\n0 4\n{free} \n{}", entries(&at, " \n"))
            }),
            "/Size 4",
            &["pdf.object_missing"],
        ),
    ];
    for (what, table, trailer, wanted) in cases {
        let bytes = with_table(&*table, trailer);
        let file = File::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(odd_codes(&file), wanted, "{what}");
        let missing = wanted == ["pdf.object_missing"];
        for number in 1..=3 {
            let id = Reference {
                number,
                generation: 0,
            };
            let loaded = file.load(id, 0).unwrap();
            assert_eq!(
                loaded.is_some(),
                !(missing && number == 3),
                "{what}: {number}"
            );
        }
    }
}

#[test]
fn a_prefix_a_shifted_startxref_and_odd_previous_sections_are_read_or_refused() {
    let plain = |at: &[usize]| -> String {
        let lines: String = at.iter().map(|at| format!("{at:010} 00000 n \n")).collect();
        format!("xref\n0 4\n0000000000 65535 f \n{lines}")
    };
    let bytes = with_table(&plain, "/Size 4");
    let limits = Limits::default();
    // Something before the header: offsets count from there.
    let prefixed = [b"MIME-Version: 1.0\r\n\r\n".as_slice(), &bytes].concat();
    let file = File::open(&prefixed, &limits).unwrap();
    assert_eq!((file.header(), file.base()), (21, 21));
    assert!(file.catalog(0).unwrap().is_some());
    // A startxref that is some octets off.
    let text = String::from_utf8(bytes.clone()).unwrap();
    let at: usize = text
        .split("startxref\n")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    for shift in [-5_isize, 3] {
        let wrong = at.checked_add_signed(shift).unwrap();
        let shifted = text.replace(&format!("startxref\n{at}"), &format!("startxref\n{wrong}"));
        let file = File::open(shifted.as_bytes(), &limits).unwrap();
        assert_eq!(odd_codes(&file), ["pdf.xref_misplaced"], "{shift}");
    }
    let far = text.replace(&format!("startxref\n{at}"), "startxref\n20");
    assert!(File::open(far.as_bytes(), &limits).is_err());
    // An update whose /Prev is a real is read; one whose /Prev could mean two things is not.
    for (previous, wanted) in [
        (format!("{at}"), Some(Vec::new())),
        (format!("{at}.0"), Some(vec!["pdf.prev_real"])),
        (format!("{at} 0 R"), None),
        (String::from("(x)"), None),
    ] {
        let here = text.len();
        let update = format!(
            "{text}xref\n0 0\ntrailer\n<</Size 4/Root 1 0 R/Prev {previous}>>\nstartxref\n{here}\n%%EOF\n"
        );
        let opened = File::open(update.as_bytes(), &limits);
        let codes = opened.ok().map(|file| odd_codes(&file));
        assert_eq!(codes, wanted, "{previous}");
    }
}

#[test]
fn oddities_of_objects_are_read_and_named() {
    for (body, wanted) in [
        ("<</Length 4>>stream\nabcd\nendstream\nendobj", vec![]),
        (
            "<</Length 9>>stream\nabcd\nendstream\nendobj",
            vec!["pdf.stream_length"],
        ),
        (
            "<<>>stream\nabcd\nendstream\nendobj",
            vec!["pdf.stream_length"],
        ),
        (
            "<</Length 4>>stream\rabcd\nendstream\nendobj",
            vec!["pdf.stream_line_end"],
        ),
        (
            "<</Length 4>>stream\nabcd\nendstream\n",
            vec!["pdf.endobj_missing"],
        ),
        ("(text)\n", vec!["pdf.endobj_missing"]),
    ] {
        let text = format!("%PDF-1.7\n1 0 obj\n{body}\n");
        let at = text.len();
        let text = format!(
            "{text}xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n\
             trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n"
        );
        let file = File::open(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(odd_codes(&file), wanted, "{body}");
        let id = Reference {
            number: 1,
            generation: 0,
        };
        if let Object::Stream(stream) = file.load(id, 0).unwrap().unwrap().object {
            assert_eq!(file.stream_data(&stream), b"abcd", "{body}");
        }
    }
}
