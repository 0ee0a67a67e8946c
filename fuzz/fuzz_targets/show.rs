//! Any bytes as a PDF that a visible signature is drawn on, as a picture and as a font.
#![no_main]

use kyso::appearance::{Corner, Mark};
use kyso::font::Font;
use kyso::picture::Picture;
use kyso::{Time, sign};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let at = Time::from_unix(1_780_000_000);
    let draft = |mark: Mark| sign::pdf(bytes, at).show(mark).draft(&[]);
    let text = || Mark::text(["Số 15"]);
    let drawn = draft(text().at(Corner::TopRight, 10.0, 10.0).on_all_pages());
    if let Ok(drawn) = drawn {
        // What is drawn is a PDF that begins with the input.
        assert!(drawn.bytes.starts_with(bytes));
        assert!(!drawn.placed.is_empty());
    }
    let _ = draft(text().after("o"));
    let _ = draft(text().over_signature());
    let _ = draft(text().between("a", "e"));
    let _ = Picture::read(bytes);
    if let Ok(font) = Font::read(bytes) {
        let _ = draft(text().font(font).at(Corner::TopLeft, 10.0, 10.0));
    }
});
