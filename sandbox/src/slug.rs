//! File names out of Vietnamese names.

/// Small letters without marks, digits, and one hyphen for whatever lies between; `holder` when
/// nothing is left.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(letter) => out.push(letter),
            None if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            None => {}
        }
        if out.len() >= LONGEST {
            break;
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() {
        return "holder".to_owned();
    }
    out.to_owned()
}

fn plain(letter: char) -> Option<char> {
    if letter.is_ascii_alphanumeric() {
        return Some(letter);
    }
    MARKED
        .iter()
        .find(|(_, marked)| marked.contains(letter))
        .map(|(letter, _)| *letter)
}

const LONGEST: usize = 48;

const MARKED: [(char, &str); 7] = [
    ('a', "àáảãạăằắẳẵặâầấẩẫậ"),
    ('d', "đ"),
    ('e', "èéẻẽẹêềếểễệ"),
    ('i', "ìíỉĩị"),
    ('o', "òóỏõọôồốổỗộơờớởỡợ"),
    ('u', "ùúủũụưừứửữự"),
    ('y', "ỳýỷỹỵ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vietnamese_name_becomes_a_plain_file_name() {
        for (name, file) in [
            ("Trần Thị Mẫu", "tran-thi-mau"),
            ("Ủy ban nhân dân tỉnh Ví Dụ", "uy-ban-nhan-dan-tinh-vi-du"),
            ("ĐẶNG VĂN-Ý (2)", "dang-van-y-2"),
            ("../..", "holder"),
            ("北京", "holder"),
            ("", "holder"),
        ] {
            assert_eq!(slug(name), file);
        }
        assert_eq!(slug(&"a".repeat(500)).len(), LONGEST);
    }
}
