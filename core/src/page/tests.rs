//! Boxes, turns and text of pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::text::Rows;
use super::*;
use crate::limits::Limits;

/// A file of these pages, each with its own entries and content; no cross-reference but a table.
fn file(pages: &[(&str, &str)], fonts: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = vec![0];
    let mut object = |body: String| {
        places.push(out.len());
        let number = places.len() - 1;
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    };
    object("<</Type/Catalog/Pages 2 0 R>>".into());
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", 3 + at * 2))
        .collect();
    let kids = kids.join(" ");
    object(format!(
        "<</Type/Pages/Kids[{kids}]/Count 1/MediaBox[0 0 595 842]/Resources<</Font<<{fonts}>>>>>>"
    ));
    for (at, (entries, content)) in pages.iter().enumerate() {
        object(format!(
            "<</Type/Page/Parent 2 0 R/Contents {} 0 R{entries}>>",
            4 + at * 2
        ));
        object(format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", places.len()).as_bytes());
    for at in &places[1..] {
        out.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes());
    }
    let size = places.len();
    out.extend_from_slice(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    out
}

const HELVETICA: &str =
    "/F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

fn rows(entries: &str, content: &str, fonts: &str) -> Rows {
    let octets = file(&[(entries, content)], fonts);
    let file = File::open(&octets, &Limits::default()).unwrap();
    let pages = pages(&file, usize::MAX).unwrap();
    Rows::read(&file, &pages[0]).unwrap()
}

#[test]
fn places_go_to_user_space_and_back_for_every_turn() {
    for turn in [Turn::No, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
        let geometry = Geometry {
            seen: [-20.0, 30.0, 380.0, 730.0],
            turn,
            unit: 1.5,
        };
        let area = Area {
            left: 40.0,
            top: 25.0,
            width: 90.0,
            height: 30.0,
        };
        let back = geometry.area(geometry.to_user(&area));
        for (a, b) in [
            (area.left, back.left),
            (area.top, back.top),
            (area.width, back.width),
            (area.height, back.height),
        ] {
            assert!((a - b).abs() < 1e-9, "{turn:?} {area:?} {back:?}");
        }
        let inside = geometry.inside(Area {
            left: 10_000.0,
            top: -50.0,
            ..area
        });
        assert!(inside.top.abs() < 1e-9 && (inside.right() - geometry.size().0).abs() < 1e-9);
    }
}

#[test]
fn what_is_cropped_beyond_the_media_is_not_seen() {
    let octets = file(
        &[
            ("/CropBox[-50 -50 400 700]", ""),
            ("/CropBox[900 900 1000 1000]/Rotate 450", ""),
            ("/MediaBox[595 842 0 0]/Rotate -90", ""),
        ],
        "",
    );
    let file = File::open(&octets, &Limits::default()).unwrap();
    let pages = pages(&file, usize::MAX).unwrap();
    let sizes: Vec<(f64, f64)> = pages.iter().map(|page| page.geometry.size()).collect();
    assert_eq!(sizes, [(400.0, 700.0), (842.0, 595.0), (842.0, 595.0)]);
}

#[test]
fn words_are_found_however_they_are_cut_spaced_and_written() {
    let ways = [
        "BT /F1 10 Tf 100 500 Td (So: \\(Ban chinh\\)) Tj ET",
        "BT /F1 10 Tf 100 500 Td [(S) 0 (o) 0 (:) -278 (\\(Ban) -278 (chinh\\))] TJ ET",
        "BT /F1 10 Tf 1 0 0 1 100 500 Tm (So:) Tj 1 0 0 1 120 500 Tm (\\(Ban) Tj 22 0 Td (chinh\\)) Tj ET",
        "q 0.5 0 0 0.5 50 250 cm BT /F1 20 Tf 100 500 Td (So: \\(Ban chinh\\)) Tj ET Q",
    ];
    for way in ways {
        let found = rows("", way, HELVETICA).find("SỐ:");
        assert_eq!(found.len(), 1, "{way}");
        let found = &found[0];
        assert!((found.area.left - 100.0).abs() < 0.01 && (found.base - 342.0).abs() < 0.01);
        // S, o and the colon.
        assert!(
            (found.area.width - 15.01).abs() < 0.02,
            "{}",
            found.area.width
        );
        assert!(
            !found.is_exact && found.next.starts_with("(ban"),
            "{found:?}"
        );
    }
    let all = rows("", ways[0], HELVETICA);
    assert!(all.find("So:")[0].is_exact);
    assert!(all.find("an").is_empty() && all.find("Ban chin").is_empty());
    assert_eq!(all.find("bản  CHÍNH").len(), 1);
}

#[test]
fn the_room_behind_words_reaches_to_the_next_letter_dots_aside() {
    let content = "BT /F1 10 Tf 100 500 Td (So: ....... ) Tj 80 0 Td (/QD) Tj ET";
    let found = rows("", content, HELVETICA).find("số:");
    assert!((found[0].room.unwrap() - (180.0 - 115.01)).abs() < 0.02);
    assert_eq!(found[0].next, "/qd");
}

#[test]
fn a_composite_font_is_read_by_its_map_and_its_widths() {
    let map = "1 begincodespacerange <0000> <FFFF> endcodespacerange \
               1 beginbfrange <0010> <0012> <0053> endbfrange \
               2 beginbfchar <0020> <1ED1> <0021> <006F03020301> endbfchar";
    let fonts = "/F1<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R\
        /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/DW 500/W[16[700 100] 32 33 600]>>]>>";
    let content = "BT /F1 10 Tf 100 500 Td <0010002000100021> Tj ET";
    let octets = file(&[("", content), ("", map)], fonts);
    let file = File::open(&octets, &Limits::default()).unwrap();
    let pages = pages(&file, usize::MAX).unwrap();
    let found = Rows::read(&file, &pages[0]).unwrap().find("so so");
    assert_eq!(found.len(), 1);
    assert!((found[0].area.width - 26.0).abs() < 1e-9);
    assert!(found[0].line == "SốSố");
}

#[test]
fn glyph_names_say_which_letters_they_are() {
    let fonts = "/F1<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 65/Widths[500 500 500]\
        /Encoding<</Differences[65/Abreve/uni1ED1/dcroat]>>>>";
    let found = rows("", "BT /F1 10 Tf 100 500 Td (ABC) Tj ET", fonts).find("Ă ố đ");
    assert!(found[0].is_exact);
    assert!((found[0].area.width - 15.0).abs() < 1e-9);
}

#[test]
fn text_that_does_not_run_from_left_to_right_is_not_looked_at() {
    let up = "BT /F1 10 Tf 0 1 -1 0 100 500 Tm (So:) Tj ET";
    assert!(rows("", up, HELVETICA).find("So:").is_empty());
    assert_eq!(rows("/Rotate 90", up, HELVETICA).find("So:").len(), 1);
}

#[test]
fn broken_content_and_odd_numbers_end_in_rows_and_never_in_a_panic() {
    for content in [
        "BT /F1 1e9 Tf (a) Tj",
        "BT /F1 99999999999999999999 Tf 1 0 0 1 1 1 Tm (a) Tj",
        "0 0 0 0 0 0 cm BT /F1 10 Tf (a) Tj",
        "Q Q Q BT (no font) Tj /F9 1 Tf (a) Tj ET",
        "BT /F1 10 Tf [[[(a)]]] TJ (unfinished",
        "1 2 3 4 5 6 7 8 Tm cm TJ Tj Do Do",
    ] {
        let _ = rows("", content, HELVETICA).find("a");
    }
}
