//! A PDF beyond 4 GiB: a sparse file, signed and verified through a map.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::time::Instant;

use desk::Desk;

/// Writes a PDF with one stream of this many zeros, which take no room on the disk, before its pages.
fn sparse(path: &std::path::Path, zeros: u64) {
    let mut file = File::create(path).unwrap();
    let mut places = Vec::new();
    let mut object = |file: &mut File, text: &str| {
        places.push(file.stream_position().unwrap());
        file.write_all(text.as_bytes()).unwrap();
    };
    file.write_all(b"%PDF-1.7\n").unwrap();
    object(
        &mut file,
        &format!("1 0 obj\n<</Length {zeros}>>\nstream\n"),
    );
    let zeros = i64::try_from(zeros).unwrap();
    file.seek(SeekFrom::Current(zeros)).unwrap();
    file.write_all(b"\nendstream\nendobj\n").unwrap();
    object(
        &mut file,
        "2 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n",
    );
    object(
        &mut file,
        "3 0 obj\n<</Type/Pages/Kids[4 0 R]/Count 1>>\nendobj\n",
    );
    object(
        &mut file,
        "4 0 obj\n<</Type/Page/Parent 3 0 R/MediaBox[0 0 100 100]/Contents 1 0 R>>\nendobj\n",
    );
    let at = file.stream_position().unwrap();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for place in places {
        table.push_str(&format!("{place:010} 00000 n \n"));
    }
    table.push_str(&format!(
        "trailer\n<</Size 5/Root 2 0 R>>\nstartxref\n{at}\n%%EOF\n"
    ));
    file.write_all(table.as_bytes()).unwrap();
}

#[test]
fn a_file_of_more_than_4_gib_is_signed_and_verified_in_little_memory() {
    if std::env::var_os("KYSO_LARGE").is_none() {
        println!("skipped: it reads 4.5 GB several times; KYSO_LARGE=1 runs it");
        return;
    }
    let desk = Desk::new();
    sparse(&desk.path("large.pdf"), (9 << 29) + 12_345);
    let began = Instant::now();
    desk.sign("large.pdf", "signed.pdf", &[]).exits(0);
    println!("signed in {:?}", began.elapsed());
    let began = Instant::now();
    let words = [
        "verify",
        "signed.pdf",
        "--revocation",
        "none",
        "--trust",
        "authority/root.pem",
        "--format",
        "json",
    ];
    let report = desk.run(&words).exits(0).json().remove(0);
    println!("verified in {:?}", began.elapsed());
    let coverage = &report["signatures"][0]["coverage"];
    assert_eq!(coverage["whole_file"], true);
    let beyond = coverage["byte_range"][1].as_u64().unwrap();
    assert!(beyond > 1 << 32, "{beyond}");
}
