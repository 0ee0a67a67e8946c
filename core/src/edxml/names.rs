//! File names: what `AttachmentName` may be, and the plain name made of one that may not.
//!
//! Names are data and never paths. A plain name is one that Windows and a shell take as a file too.

use std::collections::HashSet;

use crate::edxml::attachment::Stored;

/// Gives every attachment a file name of its own.
pub(super) fn name_safely(attachments: &mut [Stored]) {
    let mut taken: HashSet<String> = HashSet::new();
    for (number, stored) in (1usize..).zip(attachments) {
        let name = safe_name(stored.name.as_deref().unwrap_or_default(), number);
        let (stem, dotted) = match name.rsplit_once('.') {
            Some((stem, extension)) => (stem, format!(".{extension}")),
            None => (name.as_str(), String::new()),
        };
        let mut unique = name.clone();
        // The number of the attachment comes second, so that a thousand equal names stay cheap.
        let mut suffix = number;
        while !taken.insert(unique.to_lowercase()) {
            unique = format!("{stem} ({suffix}){dotted}");
            suffix = suffix.saturating_add(1);
        }
        stored.safe_name = unique;
    }
}

/// A name without path, control or direction, that Windows and a shell take as a plain file too.
fn safe_name(name: &str, number: usize) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c));
    let replaced = visible.map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        c => c,
    });
    let whole: String = replaced.collect();
    let trimmed = whole
        .trim_start_matches(|c: char| c == '.' || c.is_whitespace())
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let mut out = shorten(trimmed);
    let stem = out.split('.').next().unwrap_or_default().trim_end();
    let upper = stem.to_ascii_uppercase();
    let is_port = ["COM", "LPT"].iter().any(|port| {
        let rest = upper.strip_prefix(port);
        rest.is_some_and(|rest| rest.chars().count() == 1)
    });
    if is_port || matches!(&*upper, "CON" | "PRN" | "AUX" | "NUL") || out.starts_with('-') {
        out.insert(0, '_');
    }
    if out.is_empty() {
        out = format!("attachment-{number}");
    }
    out
}

/// At most [`NAME_OCTETS`] octets, the extension kept.
fn shorten(name: &str) -> String {
    if name.len() <= NAME_OCTETS {
        return name.to_owned();
    }
    let (stem, dotted) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut out = String::new();
    for c in stem.chars() {
        if out
            .len()
            .saturating_add(c.len_utf8())
            .saturating_add(dotted.len())
            > NAME_OCTETS
        {
            break;
        }
        out.push(c);
    }
    out.push_str(&dotted);
    out
}

/// Whether `AttachmentName` is a plain file name (A4).
pub(super) fn is_plain_name(name: &str) -> bool {
    let foreign =
        |c: char| matches!(c, '/' | '\\' | '<' | '>') || c.is_control() || is_invisible(c);
    !name.contains(foreign) && !name.contains("..") && name != "."
}

/// Characters that change how a name looks without being seen.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// What follows the last dot of a name, in lower case.
pub(super) fn extension(name: &str) -> String {
    name.rsplit_once('.')
        .map_or_else(String::new, |(_, extension)| extension.to_lowercase())
}

const NAME_OCTETS: usize = 200;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn safe(names: &[&str]) -> Vec<String> {
        let mut stored: Vec<Stored> = names
            .iter()
            .map(|name| {
                let mut stored = Stored::default();
                stored.name = (!name.is_empty()).then(|| (*name).to_owned());
                stored
            })
            .collect();
        name_safely(&mut stored);
        stored.into_iter().map(|s| s.safe_name).collect()
    }

    #[test]
    fn a_hostile_name_becomes_a_plain_one_and_no_two_are_equal() {
        assert_eq!(
            safe(&[
                "../../etc/passwd",
                "C:\\Windows\\a.pdf",
                "/etc/passwd",
                "..",
                "",
                ".bashrc",
                "-rf",
                "nul.txt",
                "com1",
                "a\u{202e}fdp.exe",
                "x\u{0}\u{1b}[31m.pdf",
                "a<b>:c.pdf",
                "Phụ lục.xlsx",
                "PHỤ LỤC.XLSX",
                "a. ",
            ]),
            [
                "passwd",
                "a.pdf",
                "passwd (3)",
                "attachment-4",
                "attachment-5",
                "bashrc",
                "_-rf",
                "_nul.txt",
                "_com1",
                "afdp.exe",
                "x[31m.pdf",
                "a_b__c.pdf",
                "Phụ lục.xlsx",
                "PHỤ LỤC (14).XLSX",
                "a",
            ]
        );
        let long = "ă".repeat(400) + ".pdf";
        let names = safe(&[&long, &long]);
        assert!(
            names
                .iter()
                .all(|n| n.len() <= NAME_OCTETS + 8 && n.ends_with(".pdf"))
        );
        assert_ne!(names[0], names[1]);
    }
}
