//! Whatever the octets, there is an answer, soon and within limits.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use cpu_time::ThreadTime;

use super::lay::{LayRequest, lay};
use super::lay_tests::page;
use super::*;
use crate::crypto::DigestAlgorithm;
use crate::error::ErrorKind;
use crate::limits::Limits;
use crate::pdf::tests::files;

fn request() -> LayRequest<'static> {
    LayRequest {
        sub_filter: SubFilter::AdbePkcs7Detached,
        field_name: None,
        reserve: 32,
        signed_at: crate::Time::from_unix(1_800_000_000),
        reason: None,
        location: None,
        name: None,
        contact_info: None,
        marks: &[],
        organisation: None,
    }
}

/// The file with a signature laid after it.
fn with_signature(input: &[u8]) -> Vec<u8> {
    let laid = lay(input, &request(), &Limits::default()).unwrap();
    [input, &laid.tail].concat()
}

/// A table, and a file with cross-reference and object streams, both small.
fn small_files() -> Vec<Vec<u8>> {
    let mut small = vec![with_signature(&page(
        "/AcroForm<</Fields[]>>",
        "",
        "null",
        "null",
    ))];
    let packed = files("corpus/pdf")
        .into_iter()
        .map(|(_, octets)| octets)
        .filter(|octets| {
            octets.len() < 8_000
                && memchr::memmem::find(octets, b"/ObjStm").is_some()
                && find(octets, &Limits::default()).is_ok()
        });
    small.extend(
        packed
            .min_by_key(Vec::len)
            .map(|octets| with_signature(&octets)),
    );
    small
}

fn try_all(octets: &[u8]) {
    let start = ThreadTime::now();
    let found = find(octets, &Limits::default());
    if let Ok(found) = found {
        let requests: Vec<_> = found
            .signatures
            .iter()
            .filter_map(|one| Some((one.digest_range?, DigestAlgorithm::Sha256)))
            .collect();
        assert!(digests(octets, &requests).iter().all(Result::is_ok));
        for one in &found.signatures {
            let whole = one.coverage.whole_file == Some(true);
            assert!(!whole || one.gap_is_contents && !one.later_revision);
        }
    }
    let _ = lay(octets, &request(), &Limits::default());
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn every_prefix_has_an_answer() {
    for octets in small_files() {
        for end in 0..octets.len() {
            try_all(&octets[..end]);
        }
    }
}

#[test]
fn every_changed_octet_has_an_answer() {
    for octets in small_files() {
        for at in 0..octets.len() {
            let mut changed = octets.clone();
            for value in [octets[at] ^ 1, *b" <(/9-\0\xff".get(at % 8).unwrap()] {
                changed[at] = value;
                try_all(&changed);
            }
        }
    }
}

#[test]
fn four_times_as_many_signed_revisions_cost_far_less_than_their_square() {
    let signed = |revisions: usize| {
        let mut octets = page("", "", "null", "null");
        for _ in 0..revisions {
            octets = with_signature(&octets);
        }
        octets
    };
    let limits = Limits::default();
    // Two runs of one machine are compared, the fastest of each, since machines are noisy.
    let fastest = |octets: &[u8]| {
        let times = (0..3).map(|_| {
            let start = ThreadTime::now();
            find(octets, &limits).unwrap();
            start.elapsed()
        });
        times.min().unwrap()
    };
    let octets = signed(200);
    let (few, many) = (fastest(&signed(50)), fastest(&octets));
    println!("50 revisions: {few:?}; 200: {many:?}");
    assert!(many < few * 12, "{few:?} {many:?}");
    let found = find(&octets, &limits).unwrap();
    assert_eq!(found.signatures.len(), 200);
    for (index, one) in found.signatures.iter().enumerate() {
        assert!(one.byte_range.is_ok());
        assert_eq!(one.coverage.revision, u32::try_from(index + 2).ok());
        assert_eq!(one.later_revision, index < 199);
        assert!(!one.removed_from_current);
    }
}

#[test]
fn a_large_file_is_looked_through_at_the_speed_of_memory() {
    // One long stream of octets that look like nothing, and a signature after it.
    let mut word = 1_u64;
    let noise: Vec<u8> = (0..8_000_000)
        .flat_map(|_| {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            word.to_le_bytes()
        })
        .collect();
    let mut octets = page("", "", "NOISE", "null");
    let at = memchr::memmem::find(&octets, b"NOISE").unwrap();
    let head = format!("<</Length {}>>stream\n", noise.len());
    let rest = octets.split_off(at + 5);
    octets.truncate(at);
    octets.extend_from_slice(head.as_bytes());
    octets.extend_from_slice(&noise);
    octets.extend_from_slice(b"\nendstream");
    let grown = octets.len() - at - 5;
    let shift = |offset: &str| format!("{:010}", offset.parse::<usize>().unwrap() + grown);
    let rest = String::from_utf8(rest).unwrap();
    let xref = rest.find("startxref\n").unwrap() + 10;
    let end = xref + rest[xref..].find('\n').unwrap();
    let five = rest.find("00000 n \ntrailer").unwrap() - 11;
    let rest = format!(
        "{}{}{}{}{}",
        &rest[..five],
        shift(&rest[five..five + 10]),
        &rest[five + 10..xref],
        shift(&rest[xref..end]),
        &rest[end..]
    );
    octets.extend_from_slice(rest.as_bytes());
    let octets = with_signature(&octets);
    let start = ThreadTime::now();
    let found = find(&octets, &Limits::default()).unwrap();
    let took = start.elapsed();
    assert_eq!(found.signatures.len(), 1);
    assert!(found.signatures[0].byte_range.is_ok());
    let rate = octets.len() as f64 / took.as_secs_f64() / 1e9;
    println!("find: {} octets in {took:?}, {rate:.1} GB/s", octets.len());
    let start = ThreadTime::now();
    let all = u64::try_from(octets.len()).unwrap();
    let ranges = [found.signatures[0].digest_range.unwrap(), [0, all, all, 0]];
    let requests: Vec<_> = ranges
        .iter()
        .map(|&range| (range, DigestAlgorithm::Sha256))
        .collect();
    assert!(digests(&octets, &requests).iter().all(Result::is_ok));
    println!("digests of range and file together: {:?}", start.elapsed());
    assert!(took < Duration::from_secs(1));
}

#[test]
fn a_hundred_thousand_hits_and_a_huge_table_stay_quick() {
    let limits = Limits::default();
    // Strings that look like signatures in one dictionary that no field refers to.
    let many = "/ByteRange[0 1 2 3]/Contents<00>".repeat(30_000);
    let octets = page("", "", &format!("<<{many}>>"), "null");
    let start = ThreadTime::now();
    let found = find(&octets, &limits).unwrap();
    assert_eq!(found.signatures.len(), 1);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    // One field listed very often.
    let many = "4 0 R ".repeat(30_000);
    let octets = page(
        &format!("/AcroForm<</Fields[{many}]>>"),
        "",
        "<</FT/Sig/T(a)>>",
        "null",
    );
    let start = ThreadTime::now();
    assert!(find(&octets, &limits).unwrap().signatures.is_empty());
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    // A field that is its own kid.
    let octets = page(
        "/AcroForm<</Fields[4 0 R]>>",
        "",
        "<</FT/Sig/Kids[4 0 R 5 0 R]>>",
        "<</Kids[4 0 R]>>",
    );
    assert!(find(&octets, &limits).unwrap().signatures.is_empty());
    // A table of a million entries.
    let mut text = String::from("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n");
    let at = text.len();
    text.push_str("xref\n0 1000000\n0000000000 65535 f \n0000000009 00000 n \n");
    text.push_str(&"0000000009 00000 n \n".repeat(999_998));
    text.push_str(&format!(
        "trailer<</Root 1 0 R/Size 1000000>>\nstartxref\n{at}\n%%EOF\n"
    ));
    let start = ThreadTime::now();
    assert!(
        find(text.as_bytes(), &limits)
            .unwrap()
            .signatures
            .is_empty()
    );
    println!("a million entries: {:?}", start.elapsed());
    // A subsection that promises more than there can be.
    let text = text.replace("0 1000000", "0 4294967290");
    assert!(find(text.as_bytes(), &limits).is_ok());
}

#[test]
fn objects_that_each_run_to_the_end_of_the_file_meet_a_limit() {
    let mut text = String::from("%PDF-1.7\n1 0 obj<</AcroForm<</Fields[");
    for number in 2..3_000 {
        text.push_str(&format!("{number} 0 R "));
    }
    text.push_str("]>>>>endobj\n");
    let mut offsets = vec![9];
    for number in 2..3_000 {
        offsets.push(text.len());
        text.push_str(&format!("{number} 0 obj("));
    }
    text.push_str(&" 1".repeat(4_000_000));
    let at = text.len();
    text.push_str("xref\n1 2999\n");
    for offset in offsets {
        text.push_str(&format!("{offset:010} 00000 n \n"));
    }
    text.push_str(&format!(
        "trailer<</Root 1 0 R/Size 3000>>\nstartxref\n{at}\n%%EOF\n"
    ));
    let start = ThreadTime::now();
    let found = find(text.as_bytes(), &Limits::default());
    println!("{:?} {:?}", found.as_ref().err(), start.elapsed());
    assert_eq!(found.unwrap_err().kind(), ErrorKind::TooLarge);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_chain_of_too_many_revisions_is_a_limit() {
    let mut octets = page("", "", "null", "null");
    for _ in 0..20 {
        octets = with_signature(&octets);
    }
    let limits = Limits {
        pdf_revisions: 20,
        ..Limits::default()
    };
    assert_eq!(
        find(&octets, &limits).unwrap_err().kind(),
        ErrorKind::TooLarge
    );
}

/// Changes a few places of a file: octets, digits, pieces moved or dropped, words put in.
fn mutate(octets: &mut Vec<u8>, next: &mut impl FnMut(usize) -> usize) {
    const WORDS: [&[u8]; 8] = [
        b"<<",
        b">>",
        b"[",
        b"/Kids",
        b" 0 R",
        b"99999999999999999999",
        b"-1",
        b"stream\n",
    ];
    for _ in 0..=next(6) {
        let at = next(octets.len());
        match next(5) {
            0 => octets[at] = next(256).to_le_bytes()[0],
            1 => drop(octets.drain(at..(at + next(40)).min(octets.len()))),
            2 => {
                let from = next(octets.len());
                let piece = octets[from..(from + next(200)).min(octets.len())].to_vec();
                octets.splice(at..at, piece);
            }
            3 => {
                if let Some(step) = octets[at..].iter().position(u8::is_ascii_digit) {
                    octets[at + step] = b'0' + next(10).to_le_bytes()[0];
                }
            }
            _ => drop(octets.splice(at..at, WORDS[next(8)].iter().copied())),
        }
        if octets.is_empty() {
            octets.push(0);
        }
    }
}

#[test]
fn changed_files_of_the_corpus_have_an_answer_and_what_is_laid_is_found() {
    let mut all: Vec<_> = ["corpus/pdf", "attacks/pdf", "attacks/benign"]
        .map(files)
        .concat();
    all.retain(|(_, octets)| octets.len() < 60_000);
    if all.is_empty() {
        return;
    }
    let runs = std::env::var("KYSO_RUNS").map_or(2_000, |runs| runs.parse().unwrap());
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below.max(1)).unwrap()).unwrap()
    };
    for run in 0..runs {
        let (name, octets) = &all[next(all.len())];
        let mut octets = octets.clone();
        mutate(&mut octets, &mut next);
        try_all(&octets);
        let Ok(laid) = lay(&octets, &request(), &Limits::default()) else {
            continue;
        };
        let output = [octets.as_slice(), &laid.tail].concat();
        let found = find(&output, &Limits::default()).unwrap();
        let ours = found
            .signatures
            .iter()
            .find(|one| one.byte_range == Ok(laid.byte_range));
        let whole = ours.and_then(|ours| ours.coverage.whole_file);
        assert_eq!(whole, Some(true), "{name}, run {run}");
    }
}

/// A file with a table of these objects, from 1; the first is the catalog.
fn table(objects: &[String], between: &str) -> Vec<u8> {
    let mut text = String::from("%PDF-1.7\n");
    let mut entries = String::new();
    for (number, body) in (1..).zip(objects) {
        entries.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
    }
    text.push_str(between);
    let (at, size) = (text.len(), objects.len() + 1);
    text.push_str(&format!(
        "xref\n0 {size}\n0000000000 65535 f \n{entries}trailer\n<</Size {size}/Root 1 0 R>>\n\
         startxref\n{at}\n%%EOF"
    ));
    text.into_bytes()
}

#[test]
fn a_flood_of_byte_ranges_outside_of_all_objects_is_searched_once() {
    let catalog = String::from("<</Type/Catalog>>");
    for (before, after) in [
        ("", ""),
        ("9 0 obj <</A[", ""),
        ("9 0 obj <</A[", "]>> endobj"),
        ("9 0 obj [", "] endobj"),
        ("9 0 obj <</A<<", "1>>>> endobj"),
        ("9 0 obj <</Length 220000>> stream\n", "endstream endobj"),
    ] {
        let flood = format!("{before}{}{after}", "/ByteRange ".repeat(20_000));
        let octets = table(std::slice::from_ref(&catalog), &flood);
        let start = ThreadTime::now();
        let _ = find(&octets, &Limits::default());
        let taken = start.elapsed();
        assert!(
            taken < Duration::from_secs(30),
            "{before}…{after} {taken:?}"
        );
    }
}

#[test]
fn a_long_name_over_many_fields_is_a_limit_and_fills_no_memory() {
    let catalog = String::from("<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>");
    let kids: String = (0..2_000).map(|kid| format!("<</T({kid})>>")).collect();
    let parent = format!("<</FT/Sig/T({})/Kids[{kids}]>>", "a".repeat(200_000));
    let error = find(&table(&[catalog, parent], ""), &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[test]
fn many_objects_with_wrong_places_in_one_long_object_stream_are_a_limit() {
    let (listed, fields) = (100_000_usize, 10_000_usize);
    let mut index: String = (0..listed).map(|n| format!("{} 0 ", 900_000 + n)).collect();
    index.extend((0..fields).map(|n| format!("{} 0 ", 10 + n)));
    let first = index.len();
    let names: String = (0..fields).map(|n| format!("{} 0 R ", 10 + n)).collect();
    let mut text = format!("%PDF-1.7\n1 0 obj\n<</AcroForm<</Fields[{names}]>>>>\nendobj\n");
    let stream = text.len();
    text.push_str(&format!(
        "2 0 obj\n<</N {}/First {first}/Length {}>>stream\n{index}<<>>\nendstream\nendobj\n",
        listed + fields,
        first + 4
    ));
    let mut rows = vec![vec![1, 0, 0, 0, 9, 0, 0], vec![1, 0, 0, 0, 0, 0, 0]];
    rows[1][1..5].copy_from_slice(&u32::try_from(stream).unwrap().to_be_bytes());
    for field in 0..fields {
        let [high, low] = u16::try_from(field).unwrap().to_be_bytes();
        rows.push(vec![2, 0, 0, 0, 2, high, low]);
    }
    let rows = rows.concat();
    let at = text.len();
    let mut octets = text.into_bytes();
    octets.extend_from_slice(
        format!(
            "3 0 obj\n<</Type/XRef/Size 11000/Root 1 0 R/W[1 4 2]/Index[1 2 10 {fields}]\
             /Length {}>>stream\n",
            rows.len()
        )
        .as_bytes(),
    );
    octets.extend_from_slice(&rows);
    octets.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF").as_bytes());
    let error = find(&octets, &Limits::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}
