//! Letters, widths and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_vietnamese_letter_has_a_glyph_in_each_cut_composed_and_decomposed() {
    let bases = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯYđĐ";
    let marks = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];
    for font in [Font::serif(), Font::serif_italic(), Font::serif_bold()] {
        for base in bases.chars() {
            for mark in marks {
                if "đĐ".contains(base) && !mark.is_empty() {
                    continue;
                }
                let text = format!("{base}{mark}");
                let composed: String = text.nfc().collect();
                let decomposed: String = text.nfd().collect();
                assert_eq!(composed.chars().count(), 1);
                let letters = font.letters(&composed).unwrap();
                assert_eq!(letters, font.letters(&decomposed).unwrap());
                assert!(letters[0].width > 0.0);
            }
        }
    }
}

#[test]
fn the_widths_are_those_of_times_new_roman() {
    let font = Font::serif();
    // From the metrics that Adobe publishes for Times-Roman.
    for (text, width) in [("0", 500.0), ("A", 722.0), ("m", 778.0), (" ", 250.0)] {
        assert!((font.width(text).unwrap() - width).abs() < 0.6, "{text}");
    }
}

#[test]
fn a_letter_that_the_font_lacks_is_an_error_that_names_it() {
    for (text, named) in [
        ("số 字", "“字” (U+5B57)"),
        ("a\nb", "U+000A"),
        // No letter is composed of these.
        ("x\u{323}", "U+0323"),
        ("a\u{202e}b", "U+202E"),
    ] {
        let error = Font::serif().width(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Appearance);
        assert!(error.detail().contains(named), "{}", error.detail());
    }
}

#[test]
fn octets_that_are_no_truetype_font_are_refused() {
    for octets in [&b""[..], b"OTTO\0\x01", b"%PDF-1.7", &REGULAR[..900]] {
        let error = Font::read(octets).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Appearance, "{error}");
    }
    assert!(Font::read(REGULAR).is_ok());
}

#[test]
fn a_damaged_font_ends_in_an_error_or_in_text_and_never_in_a_panic() {
    let mut octets = REGULAR.to_vec();
    let step = octets.len() / 400;
    for at in (0..octets.len()).step_by(step) {
        let kept = octets[at];
        octets[at] ^= 0x5a;
        if let Ok(font) = Font::read(octets.as_slice())
            && font.letters("Quyết định 15").is_ok()
        {
            let characters: BTreeSet<char> = "Quyết định 15".chars().collect();
            let _ = Embedded::new(&font, &characters);
        }
        octets[at] = kept;
    }
}

#[test]
fn a_subset_holds_the_letters_asked_for_and_no_others() {
    let characters: BTreeSet<char> = "Sở Tư pháp".chars().collect();
    let font = Font::serif();
    let embedded = Embedded::new(&font, &characters).unwrap();
    assert!(embedded.program_length < 8_000);
    assert!(embedded.encode("Sở".chars()).is_ok());
    assert!(embedded.encode("z".chars()).is_err());
    assert_eq!(embedded.encode("  ".chars()).unwrap(), "<00010001>");
    let bodies = embedded.bodies(&[1, 2, 3, 4, 5, 6, 7], true);
    let descriptor = String::from_utf8_lossy(&bodies[2]).into_owned();
    assert!(descriptor.contains("+KysoSerif-Regular") && descriptor.contains("/CIDSet 7 0 R"));
    // The same text gives the same octets.
    let again = Embedded::new(&font, &characters).unwrap();
    assert_eq!(bodies, again.bodies(&[1, 2, 3, 4, 5, 6, 7], true));
}

#[test]
fn numbers_are_written_without_needless_digits() {
    for (value, text) in [
        (500.0, "500"),
        (0.5, "0.5"),
        (-0.00001, "0"),
        (250.25, "250.25"),
    ] {
        assert_eq!(embed::number(value), text);
    }
}
