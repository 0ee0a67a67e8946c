//! Fonts (ISO 32000-2 §9): not embedded, without a way back to text, or of the encodings before
//! Unicode that Vietnamese documents still carry.

use crate::doctor::{Severity, Symptom};
use crate::error::Place;
use crate::pdf::{Dictionary, File, Object};

/// Adds what is wrong with a font.
pub(super) fn look<'a>(
    file: &File<'a>,
    font: &Dictionary<'a>,
    number: u32,
    symptoms: &mut Vec<Symptom>,
) {
    let revision = file.newest();
    let get = |dictionary: &Dictionary<'a>, key: &str| {
        // What cannot be read is a symptom of its own.
        file.get(dictionary, key, revision).unwrap_or(Object::Null)
    };
    let subtype = match get(font, "Subtype") {
        Object::Name(name) => name.text(),
        _ => return,
    };
    // The parts of a composite font are looked at through it.
    if matches!(subtype.as_str(), "CIDFontType0" | "CIDFontType2" | "Type3") {
        return;
    }
    let name = match get(font, "BaseFont") {
        Object::Name(name) => name.text(),
        _ => String::from("?"),
    };
    let plain = match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 => rest,
        _ => name.as_str(),
    };
    let mut say = |code, severity| {
        let place = Place::Object {
            number,
            revision: None,
        };
        symptoms.push(Symptom::new(code, severity, Some(place), plain.to_owned()));
    };
    let holder = if subtype == "Type0" {
        match get(font, "DescendantFonts") {
            Object::Array(all) => {
                let first = all.iter().next().unwrap_or(Object::Null);
                let first = file.resolve(first, revision).unwrap_or(Object::Null);
                first.dictionary().cloned()
            }
            _ => None,
        }
    } else {
        Some(font.clone())
    };
    let descriptor = holder.map(|holder| get(&holder, "FontDescriptor"));
    let embedded = descriptor
        .as_ref()
        .and_then(Object::dictionary)
        .is_some_and(|found| {
            ["FontFile", "FontFile2", "FontFile3"]
                .iter()
                .any(|key| found.has(key))
        });
    if !embedded {
        say("font.not_embedded", Severity::Warning);
    }
    let lower = plain.to_lowercase();
    if lower.starts_with(".vn") || lower.starts_with("vni-") {
        say("font.before_unicode", Severity::Warning);
    }
    match get(font, "ToUnicode") {
        Object::Stream(map) => {
            let text = file.decode(&map, revision).unwrap_or_default();
            // A map is made of hexadecimal code points.
            let replaced = text
                .windows(6)
                .any(|six| six.eq_ignore_ascii_case(b"<FFFD>"));
            if replaced {
                say("text.replacement_character", Severity::Warning);
            }
        }
        _ if subtype == "Type0" => say("font.no_to_unicode", Severity::Warning),
        _ => {
            let own = get(font, "Encoding");
            if own.dictionary().is_some_and(|own| own.has("Differences")) {
                say("font.no_to_unicode", Severity::Note);
            }
        }
    }
}

/// Whether text shows that it was made in an encoding before Unicode, or lost letters.
pub(super) fn damage(text: &str) -> Option<&'static str> {
    if text.contains('\u{fffd}') {
        return Some("text.replacement_character");
    }
    let letters: Vec<char> = text.chars().collect();
    let pairs = || {
        letters
            .windows(2)
            .filter_map(|pair| <&[char; 2]>::try_from(pair).ok())
    };
    // TCVN3 («.VnTime»): signs of Latin-1 that no word has beside a letter.
    let tcvn3 = pairs()
        .filter(|[a, b]| {
            // «đ» begins a syllable, the vowels follow something.
            *a == '®' && b.is_alphabetic() || a.is_ascii_alphabetic() && TCVN3.contains(*b)
        })
        .count();
    // VNI («VNI-Times»): a vowel followed by the letter that stands for its marks.
    let vni = pairs().filter(|pair| VNI.contains(pair)).count();
    (tcvn3 >= 2 || vni >= 3).then_some("text.before_unicode")
}

const TCVN3: &str = "¸µ¶·¹¨©ª«¬";
const VNI: [&[char; 2]; 16] = [
    &['a', 'ù'],
    &['a', 'ø'],
    &['a', 'û'],
    &['a', 'õ'],
    &['a', 'ï'],
    &['a', 'á'],
    &['a', 'à'],
    &['a', 'å'],
    &['e', 'á'],
    &['e', 'à'],
    &['e', 'å'],
    &['e', 'ä'],
    &['o', 'á'],
    &['o', 'ä'],
    &['ö', 'ô'],
    &['ñ', 'ò'],
];

#[cfg(test)]
mod tests {
    use super::damage;

    #[test]
    fn text_of_encodings_before_unicode_is_told_from_text_of_today() {
        for text in [
            "QuyÕt ®Þnh vÒ viÖc bæ nhiÖm c¸n bé",
            "Céng hoµ x· héi chñ nghÜa",
        ] {
            assert_eq!(damage(text), Some("text.before_unicode"), "{text}");
        }
        let vni = "Coäng hoøa xaõ hoäi chuû nghóa: quyeát ñònh";
        assert_eq!(damage(vni), Some("text.before_unicode"));
        assert_eq!(damage("Quy\u{fffd}t"), Some("text.replacement_character"));
        for text in [
            "Cộng hòa xã hội chủ nghĩa Việt Nam",
            "Société à responsabilité, Québec",
            "© 2026 Acme® 10 µm",
            "Microsoft® Word",
        ] {
            assert_eq!(damage(text), None, "{text}");
        }
    }
}
