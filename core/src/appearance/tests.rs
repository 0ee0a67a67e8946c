//! What marks say before it is known where they go.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

#[test]
fn a_number_of_one_digit_gets_its_zero_and_others_stay() {
    for (given, shown) in [
        ("7", "07"),
        ("15", "15"),
        ("0", "00"),
        ("7a", "7a"),
        ("", ""),
    ] {
        assert_eq!(padded(given.to_owned()), shown);
    }
}

#[test]
fn the_time_is_iso_8601_with_viet_nams_offset() {
    let at = Time::from_unix(1_770_197_398);
    assert_eq!(iso(at.at_offset(-300), 'T'), "2026-02-04T16:29:58+07:00");
    assert_eq!(iso(at, ' '), "2026-02-04 16:29:58 +07:00");
}

#[test]
fn corners_have_words() {
    assert_eq!(Corner::named("bottom-left"), Some(Corner::BottomLeft));
    assert_eq!(Corner::named("left-bottom"), None);
}
