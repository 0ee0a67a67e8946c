//! How places that do not suit are told to a person.

use crate::appearance::{MILLIMETRE, fault};
use crate::error::Error;
use crate::page::text::Found;

pub(super) fn not_found(words: &str) -> Error {
    fault(
        format!("no text “{words}” is on the page"),
        format!("không tìm thấy chữ “{words}” trên trang"),
    )
}

pub(super) fn not_above(office: &str, name: &str, names: &[(usize, Found)]) -> Error {
    let places = listed(names.iter().map(|(page, found)| (*page, found)));
    fault(
        format!(
            "“{office}” does not stand above “{name}”, which is at {}",
            places.0
        ),
        format!("“{office}” không đứng trên “{name}” ở {}", places.1),
    )
}

pub(super) fn no_blank(words: &str, all: &[(usize, Found)]) -> Error {
    let places = listed(all.iter().map(|(page, found)| (*page, found)));
    fault(
        format!(
            "there is no blank to fill behind “{words}”, which is at {}",
            places.0
        ),
        format!(
            "sau “{words}” không có chỗ trống để điền; chữ này ở {}",
            places.1
        ),
    )
}

pub(super) fn ambiguous<'f>(words: &str, all: impl Iterator<Item = (usize, &'f Found)>) -> Error {
    let places = listed(all);
    fault(
        format!(
            "“{words}” is there several times; choose a page or more words: {}",
            places.0
        ),
        format!(
            "“{words}” có nhiều chỗ; hãy chọn trang hoặc nêu thêm chữ: {}",
            places.1
        ),
    )
}

/// Places as a person finds them, in English and in Vietnamese.
fn listed<'f>(all: impl Iterator<Item = (usize, &'f Found)>) -> (String, String) {
    let mut texts = (Vec::new(), Vec::new());
    for (page, found) in all.take(MOST_LISTED) {
        let (left, top) = (found.area.left / MILLIMETRE, found.base / MILLIMETRE);
        let line: String = found.line.chars().take(LONGEST_LINE).collect();
        texts.0.push(format!(
            "page {} at {left:.0} × {top:.0} mm, “{line}”",
            page + 1
        ));
        texts.1.push(format!(
            "trang {} tại {left:.0} × {top:.0} mm, “{line}”",
            page + 1
        ));
    }
    (texts.0.join("; "), texts.1.join("; "))
}

const MOST_LISTED: usize = 6;
const LONGEST_LINE: usize = 60;
