//! Text of before Unicode, read as if it were Latin: TCVN3 (ABC), VNI, VISCII, windows-1258; and
//! UTF-8 read so. Each mapping is one to one, so what was meant can be told.

use crate::text::letters::compose;

/// The text that was meant, if these are the characters that TCVN3 became.
pub(super) fn tcvn3(text: &str) -> String {
    text.chars().map(|c| of_table(c, '\u{a1}', TCVN3)).collect()
}

/// The text that was meant, if these are the characters that VISCII became.
pub(super) fn viscii(text: &str) -> String {
    let letter = |c: char| match octet(c) {
        Some(octet @ 0x80..) => VISCII
            .chars()
            .nth(usize::from(octet).saturating_sub(0x80))
            .unwrap_or(c),
        Some(0x02) => 'Ẳ',
        Some(0x05) => 'Ẵ',
        Some(0x06) => 'Ẫ',
        Some(0x14) => 'Ỷ',
        Some(0x19) => 'Ỹ',
        Some(0x1e) => 'Ỵ',
        _ => c,
    };
    text.chars().map(letter).collect()
}

/// The text that was meant, if these are the characters that windows-1258 became.
pub(super) fn windows_1258(text: &str) -> String {
    let letter = |c: char| match c {
        'Ã' => 'Ă',
        'ã' => 'ă',
        'Ð' => 'Đ',
        'ð' => 'đ',
        'Õ' => 'Ơ',
        'õ' => 'ơ',
        'Ý' => 'Ư',
        'ý' => 'ư',
        'Ì' => '\u{300}',
        'Ò' => '\u{309}',
        'Þ' => '\u{303}',
        'ì' => '\u{301}',
        'ò' => '\u{323}',
        'þ' => '₫',
        c => c,
    };
    let decoded: String = text.chars().map(letter).collect();
    compose(&decoded).into_owned()
}

/// The text that was meant, if these are the characters that UTF-8 became.
pub(super) fn utf8(text: &str) -> Option<String> {
    let octets: Option<Vec<u8>> = text.chars().map(octet).collect();
    String::from_utf8(octets?).ok()
}

/// The text that was meant, if these are the characters that VNI became.
pub(super) fn vni(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let pair = VNI.iter().find(|(from, _)| {
            let second = from.chars().count() == 2;
            second && rest.starts_with(from)
        });
        let found = pair.or_else(|| VNI.iter().find(|(from, _)| rest.starts_with(from)));
        let used = match found {
            Some((from, to)) => {
                out.push(*to);
                from.len()
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

fn of_table(c: char, first: char, table: &str) -> char {
    let at = u32::from(c).checked_sub(u32::from(first));
    let letter = at.and_then(|at| table.chars().nth(usize::try_from(at).ok()?));
    letter.filter(|letter| *letter != '·').unwrap_or(c)
}

/// The octet that windows-1252 reads as this character.
fn octet(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0..=0xff => u8::try_from(code).ok(),
        _ => {
            let at = WINDOWS_1252.chars().position(|special| special == c)?;
            u8::try_from(at).ok()?.checked_add(0x80)
        }
    }
}

/// From A1 to FE; `·` where TCVN3 has nothing.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ······àảãáạ·ằẳẵắ·······ặầẩẫấậè·ẻẽéẹềểễếệìỉ···ĩíịò·ỏõóọồổỗốộờởỡớợù·ủũúụừửữứựỳỷỹýỵ";
/// From 80 to FF (RFC 1456).
const VISCII: &str = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ";
/// From 80 to 9F.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
/// Letter by letter; those of two characters are looked for first.
#[rustfmt::skip]
const VNI: [(&str, char); 134] = [
    ("aù", 'á'), ("aø", 'à'), ("aû", 'ả'), ("aõ", 'ã'), ("aï", 'ạ'), ("aê", 'ă'), ("aé", 'ắ'), ("aè", 'ằ'),
    ("aú", 'ẳ'), ("aü", 'ẵ'), ("aë", 'ặ'), ("aâ", 'â'), ("aá", 'ấ'), ("aà", 'ầ'), ("aå", 'ẩ'), ("aã", 'ẫ'),
    ("aä", 'ậ'), ("eù", 'é'), ("eø", 'è'), ("eû", 'ẻ'), ("eõ", 'ẽ'), ("eï", 'ẹ'), ("eâ", 'ê'), ("eá", 'ế'),
    ("eà", 'ề'), ("eå", 'ể'), ("eã", 'ễ'), ("eä", 'ệ'), ("í", 'í'), ("ì", 'ì'), ("æ", 'ỉ'), ("ó", 'ĩ'),
    ("ò", 'ị'), ("où", 'ó'), ("oø", 'ò'), ("oû", 'ỏ'), ("oõ", 'õ'), ("oï", 'ọ'), ("oâ", 'ô'), ("oá", 'ố'),
    ("oà", 'ồ'), ("oå", 'ổ'), ("oã", 'ỗ'), ("oä", 'ộ'), ("ô", 'ơ'), ("ôù", 'ớ'), ("ôø", 'ờ'), ("ôû", 'ở'),
    ("ôõ", 'ỡ'), ("ôï", 'ợ'), ("uù", 'ú'), ("uø", 'ù'), ("uû", 'ủ'), ("uõ", 'ũ'), ("uï", 'ụ'), ("ö", 'ư'),
    ("öù", 'ứ'), ("öø", 'ừ'), ("öû", 'ử'), ("öõ", 'ữ'), ("öï", 'ự'), ("yù", 'ý'), ("yø", 'ỳ'), ("yû", 'ỷ'),
    ("yõ", 'ỹ'), ("î", 'ỵ'), ("ñ", 'đ'),
    ("AÙ", 'Á'), ("AØ", 'À'), ("AÛ", 'Ả'), ("AÕ", 'Ã'), ("AÏ", 'Ạ'), ("AÊ", 'Ă'), ("AÉ", 'Ắ'), ("AÈ", 'Ằ'),
    ("AÚ", 'Ẳ'), ("AÜ", 'Ẵ'), ("AË", 'Ặ'), ("AÂ", 'Â'), ("AÁ", 'Ấ'), ("AÀ", 'Ầ'), ("AÅ", 'Ẩ'), ("AÃ", 'Ẫ'),
    ("AÄ", 'Ậ'), ("EÙ", 'É'), ("EØ", 'È'), ("EÛ", 'Ẻ'), ("EÕ", 'Ẽ'), ("EÏ", 'Ẹ'), ("EÂ", 'Ê'), ("EÁ", 'Ế'),
    ("EÀ", 'Ề'), ("EÅ", 'Ể'), ("EÃ", 'Ễ'), ("EÄ", 'Ệ'), ("Í", 'Í'), ("Ì", 'Ì'), ("Æ", 'Ỉ'), ("Ó", 'Ĩ'),
    ("Ò", 'Ị'), ("OÙ", 'Ó'), ("OØ", 'Ò'), ("OÛ", 'Ỏ'), ("OÕ", 'Õ'), ("OÏ", 'Ọ'), ("OÂ", 'Ô'), ("OÁ", 'Ố'),
    ("OÀ", 'Ồ'), ("OÅ", 'Ổ'), ("OÃ", 'Ỗ'), ("OÄ", 'Ộ'), ("Ô", 'Ơ'), ("ÔÙ", 'Ớ'), ("ÔØ", 'Ờ'), ("ÔÛ", 'Ở'),
    ("ÔÕ", 'Ỡ'), ("ÔÏ", 'Ợ'), ("UÙ", 'Ú'), ("UØ", 'Ù'), ("UÛ", 'Ủ'), ("UÕ", 'Ũ'), ("UÏ", 'Ụ'), ("Ö", 'Ư'),
    ("ÖÙ", 'Ứ'), ("ÖØ", 'Ừ'), ("ÖÛ", 'Ử'), ("ÖÕ", 'Ữ'), ("ÖÏ", 'Ự'), ("YÙ", 'Ý'), ("YØ", 'Ỳ'), ("YÛ", 'Ỷ'),
    ("YÕ", 'Ỹ'), ("Î", 'Ỵ'), ("Ñ", 'Đ'),
];
