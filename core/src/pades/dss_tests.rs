//! Stores of every shape that others write, grown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::dss::related_name;
use super::{DssKind, StoreRequest, find, lay_evidence};
use crate::error::ErrorKind;
use crate::limits::Limits;
use crate::pdf::File;

/// A PDF of these objects, numbered from 1; the first is the catalog.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut text = String::from("%PDF-1.7\n");
    let size = objects.len() + 1;
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for (number, body) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
    }
    let at = text.len();
    format!("{text}{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF").into_bytes()
}

const OLD: &str = "<</Length 3>>\nstream\nold\nendstream";

/// What the newest revision stores, by kind.
fn stored(file: &[u8]) -> Vec<(DssKind, String)> {
    let found = find(file, &Limits::default()).unwrap();
    let items = found.dss.items.iter();
    let mut all: Vec<_> = items
        .map(|item| (item.kind, String::from_utf8_lossy(&item.der).into_owned()))
        .collect();
    all.sort_by_key(|(kind, text)| (DssKind::ALL.iter().position(|k| k == kind), text.clone()));
    all
}

fn grown(input: &[u8], request: &StoreRequest<'_>) -> Option<Vec<u8>> {
    let tail = lay_evidence(input, request, &Limits::default()).unwrap()?;
    Some([input, &tail].concat())
}

#[test]
fn a_store_of_any_shape_keeps_what_it_holds_and_gains_what_is_new() {
    let pages = "<</Type/Pages/Kids[]/Count 0>>";
    let shapes: [&[&str]; 6] = [
        // An object of its own, arrays within.
        &[
            "<</Pages 2 0 R/DSS 4 0 R>>",
            pages,
            OLD,
            "<</Certs[3 0 R]>>",
        ],
        // Arrays that are objects, and a key that nobody knows.
        &[
            "<</Pages 2 0 R/DSS 4 0 R>>",
            pages,
            OLD,
            "<</Certs 5 0 R/Odd 1>>",
            "[3 0 R]",
        ],
        // In the catalog itself.
        &["<</Pages 2 0 R/DSS<</Type/DSS/Certs[3 0 R]>>>>", pages, OLD],
        // With entries of others: within, and as an object.
        &[
            "<</Pages 2 0 R/DSS 4 0 R>>",
            pages,
            OLD,
            "<</Certs[3 0 R]/VRI<</AAAA<</Cert[3 0 R]>>>>>>",
        ],
        &[
            "<</Pages 2 0 R/DSS 4 0 R>>",
            pages,
            OLD,
            "<</Certs[3 0 R]/VRI 5 0 R>>",
            "<</AAAA<</Cert[3 0 R]>>>>",
        ],
        // In the catalog itself, its parts objects of their own.
        &[
            "<</Pages 2 0 R/DSS<</Certs 4 0 R/CRLs[]/VRI 5 0 R>>>>",
            pages,
            OLD,
            "[3 0 R]",
            "<</AAAA<</Cert[3 0 R]>>>>",
        ],
    ];
    let request = StoreRequest {
        items: vec![
            (DssKind::Certificate, b"old"),
            (DssKind::Certificate, b"new"),
            (DssKind::Crl, b"list"),
            (DssKind::Ocsp, b"answer"),
        ],
        related: vec![(b"contents\0\0", vec![0, 1, 3])],
    };
    let name = related_name(b"contents\0\0");
    for objects in shapes {
        let input = pdf(objects);
        let file = grown(&input, &request).unwrap();
        assert!(file.starts_with(&input));
        let told: Vec<(DssKind, &str)> = vec![
            (DssKind::Certificate, "new"),
            (DssKind::Certificate, "old"),
            (DssKind::Crl, "list"),
            (DssKind::Ocsp, "answer"),
        ];
        let found = stored(&file);
        let found: Vec<(DssKind, &str)> = found.iter().map(|(k, t)| (*k, t.as_str())).collect();
        assert_eq!(found, told, "{objects:?}");
        let opened = File::open(&file, &Limits::default()).unwrap();
        let newest = opened.newest();
        let catalog = opened.catalog(newest).unwrap().unwrap();
        let store = opened
            .get(catalog.object.dictionary().unwrap(), "DSS", newest)
            .unwrap();
        let store = store.dictionary().unwrap();
        assert_eq!(store.has("Odd"), objects.iter().any(|o| o.contains("Odd")));
        let related = opened.get(store, "VRI", newest).unwrap();
        let related = related.dictionary().unwrap();
        assert_eq!(
            related.has("AAAA"),
            objects.iter().any(|o| o.contains("AAAA"))
        );
        let entry = opened.get(related, &name, newest).unwrap();
        let entry = entry.dictionary().unwrap();
        let count = |key| {
            let list = opened.get(entry, key, newest).unwrap();
            list.array().map_or(0, |list| list.iter().count())
        };
        assert_eq!((count("Cert"), count("CRL"), count("OCSP")), (2, 0, 1));
        // Once more adds nothing: what is there is found, its entry too.
        assert!(grown(&file, &request).is_none(), "{objects:?}");
    }
}

#[test]
fn the_name_of_an_entry_is_the_digest_of_the_whole_string_with_its_padding() {
    // SHA-1 of "abc", upper-case.
    assert_eq!(
        related_name(b"abc"),
        "A9993E364706816ABA3E25717850C26C9CD0D89D"
    );
    assert_ne!(related_name(b"abc\0"), related_name(b"abc"));
}

#[test]
fn a_store_that_is_no_store_is_not_written_over() {
    let pages = "<</Type/Pages/Kids[]/Count 0>>";
    let input = pdf(&["<</Pages 2 0 R/DSS 3 0 R>>", pages, "<</Certs/Name>>"]);
    let request = StoreRequest {
        items: vec![(DssKind::Crl, b"list")],
        related: Vec::new(),
    };
    let refused = lay_evidence(&input, &request, &Limits::default()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Malformed);
    let input = pdf(&["<</Pages 2 0 R/DSS 3 0 R>>", pages, "(text)"]);
    let refused = lay_evidence(&input, &request, &Limits::default());
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn more_than_is_taken_is_a_limit() {
    let pages = "<</Type/Pages/Kids[]/Count 0>>";
    let limits = Limits {
        evidence_items: 2,
        ..Limits::default()
    };
    let objects = [
        "<</Pages 2 0 R/DSS<</Certs[3 0 R 3 0 R 3 0 R]>>>>",
        pages,
        OLD,
    ];
    let refused = lay_evidence(&pdf(&objects), &StoreRequest::default(), &limits).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::TooLarge);
}
