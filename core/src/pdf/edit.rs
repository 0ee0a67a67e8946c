//! Objects written again with one thing changed, everything else octet for octet as it was.

use crate::pdf::object::{Array, Dictionary};

/// The text of a dictionary with these values set. A key that is not there is added at the front:
/// at the end it might become the value of a key that lacks one.
pub(crate) fn with_values(dictionary: &Dictionary<'_>, values: &[(&str, &[u8])]) -> Vec<u8> {
    let mut text = dictionary.raw().octets().to_vec();
    let mut known = Vec::new();
    let mut added = Vec::new();
    for (key, value) in values {
        match dictionary.value_range(key) {
            Some(range) => known.push((range, *value)),
            None => {
                added.extend_from_slice(format!("/{key} ").as_bytes());
                added.extend_from_slice(value);
            }
        }
    }
    // From the end, so that the positions before stay what they were.
    known.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, value) in known {
        if range.end <= text.len() {
            text.splice(range, b" ".iter().chain(value).copied());
        }
    }
    if !added.is_empty() {
        added.push(b'\n');
    }
    let open = b"<<".len().min(text.len());
    text.splice(open..open, added);
    text
}

/// The text of an array with one more element at its end.
pub(crate) fn with_element(array: &Array<'_>, element: &[u8]) -> Vec<u8> {
    let mut text = array.raw().octets().to_vec();
    let close = text.len().saturating_sub(b"]".len());
    text.splice(close..close, b" ".iter().chain(element).copied());
    text
}
