//! Text damaged by the mappings of the field, repaired or marked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::text::letters::{is_marked_letter, lower};
use crate::text::*;

/// A plan and a report in the words of administration.
const LONG: &str = "ỦY BAN NHÂN DÂN TỈNH. Căn cứ Luật Tổ chức chính quyền địa phương; căn cứ Nghị định của Chính phủ về \
    việc gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước. Theo đề nghị của Giám đốc \
    Sở Thông tin và Truyền thông, Ủy ban nhân dân tỉnh ban hành kế hoạch ứng dụng công nghệ thông tin, phát triển \
    chính quyền số và bảo đảm an toàn thông tin mạng. Mục tiêu: văn bản trao đổi giữa các cơ quan nhà nước dưới \
    dạng điện tử, có chữ ký số; hồ sơ thủ tục hành chính được tiếp nhận và xử lý trực tuyến; báo cáo định kỳ \
    được gửi qua hệ thống thông tin báo cáo. Nhiệm vụ và giải pháp: hoàn thiện môi trường pháp lý, nâng cao nhận \
    thức, đào tạo nguồn nhân lực, phát triển hạ tầng kỹ thuật, bảo đảm kinh phí thực hiện từ ngân sách địa \
    phương. Tổ chức thực hiện: Các sở, ban, ngành, Ủy ban nhân dân các huyện, thành phố, thị xã có trách nhiệm \
    xây dựng kế hoạch chi tiết, triển khai đúng tiến độ, định kỳ báo cáo kết quả về Sở Thông tin và Truyền thông \
    trước ngày cuối tháng để tổng hợp, trình Chủ tịch Ủy ban nhân dân tỉnh xem xét, quyết định. Trong quá trình \
    thực hiện, nếu có khó khăn, vướng mắc, các đơn vị kịp thời phản ánh để được hướng dẫn giải quyết. Những kết \
    quả đã đạt được: hệ thống quản lý văn bản và điều hành được triển khai đồng bộ từ tỉnh đến xã; người dân và \
    doanh nghiệp được phục vụ tốt hơn; tỷ lệ hồ sơ giải quyết đúng hạn đạt mức cao; cán bộ, công chức sử dụng thư \
    điện tử công vụ trong công việc. Tồn tại, hạn chế: một số đơn vị chưa quan tâm đúng mức; hạ tầng còn thiếu; \
    nhân lực còn mỏng; việc chia sẻ dữ liệu giữa các ngành còn hạn chế. Nơi nhận: Thủ tướng Chính phủ; Văn phòng; \
    các bộ, cơ quan ngang bộ; lưu: văn thư.";

/// Octets of an encoding read as windows-1252.
fn encoded(text: &str, table: &dyn Fn(char) -> Option<String>) -> String {
    text.chars()
        .map(|c| table(c).unwrap_or_else(|| c.to_string()))
        .collect()
}

/// The inverse of a reading, letter by letter.
fn inverse(read: impl Fn(&str) -> String) -> impl Fn(char) -> Option<String> {
    let characters: Vec<char> = ('\u{80}'..='\u{ff}')
        .chain("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".chars())
        .collect();
    move |letter| {
        let one = characters.iter().map(char::to_string);
        let two = "aeouyAEOUY"
            .chars()
            .chain(['ô', 'ö', 'Ô', 'Ö'])
            .flat_map(|base| characters.iter().map(move |mark| format!("{base}{mark}")));
        let wanted = letter.to_string();
        (!letter.is_ascii())
            .then(|| two.chain(one).find(|coded| read(coded) == wanted))
            .flatten()
    }
}

#[test]
fn text_of_before_unicode_is_recognised_and_repaired_to_the_letter() {
    let long = LONG.replace("ỦY BAN NHÂN DÂN TỈNH. ", "");
    let short = "Ủy ban nhân dân tỉnh Nghệ An, Đà Nẵng, quyết định phê duyệt kế hoạch";
    type Read = fn(&str) -> String;
    let readings: [(Damage, Read); 3] = [
        (Damage::Tcvn3, legacy::tcvn3),
        (Damage::Vni, legacy::vni),
        (Damage::Viscii, legacy::viscii),
    ];
    for (damage, reading) in readings {
        let table = inverse(reading);
        for text in [long.as_str(), short, "Nguyễn Văn Thử"] {
            // TCVN3 has no capitals with a tone; its capitals are another font.
            let text = if damage == Damage::Tcvn3 {
                text.replace('Ủ', "U")
            } else {
                text.to_owned()
            };
            let damaged = encoded(&text, &table);
            assert_ne!(damaged, text);
            let examined = examine(&damaged);
            assert_eq!(
                (&*examined.text, examined.damage.as_slice()),
                (&*text, &[damage][..]),
                "{damaged}"
            );
            assert!(examined.is_reliable);
        }
    }
}

#[test]
fn windows_1258_and_utf_8_read_as_latin_are_repaired() {
    let marks = [
        ('\u{300}', 'Ì'),
        ('\u{309}', 'Ò'),
        ('\u{303}', 'Þ'),
        ('\u{301}', 'ì'),
        ('\u{323}', 'ò'),
    ];
    let letters = [('ă', 'ã'), ('đ', 'ð'), ('Đ', 'Ð'), ('ơ', 'õ'), ('ư', 'ý')];
    let mut damaged = String::new();
    let text = "Sở Thông tin và Truyền thông đề nghị được hướng dẫn việc gửi văn bản";
    for c in text.chars() {
        let vowel = letters::Vowel::of(c).filter(|vowel| vowel.tone > 0);
        let base = vowel.map_or(c, |vowel| vowel.base());
        damaged.push(
            letters
                .iter()
                .find(|(from, _)| *from == base)
                .map_or(base, |(_, to)| *to),
        );
        if let Some(vowel) = vowel {
            damaged.push(marks[vowel.tone - 1].1);
        }
    }
    let examined = examine(&damaged);
    assert_eq!(
        (&*examined.text, examined.damage.as_slice()),
        (text, &[Damage::Windows1258][..]),
        "{damaged}"
    );

    let latin = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let read_wrong = |octet: &u8| match octet {
        0x80..=0x9f => latin.chars().nth(usize::from(octet - 0x80)).unwrap(),
        octet => char::from(*octet),
    };
    let damaged: String = text.as_bytes().iter().map(read_wrong).collect();
    let examined = examine(&damaged);
    assert_eq!(
        (&*examined.text, examined.damage.as_slice()),
        (text, &[Damage::Utf8AsLatin][..])
    );
}

#[test]
fn oi_and_marks_apart_are_put_right() {
    let examined = examine("Quyết định thƣờng trực ĐƢỜNG");
    assert_eq!(examined.text, "Quyết định thường trực ĐƯỜNG");
    assert_eq!(examined.damage, [Damage::OiForU]);
    let apart = "Quye\u{302}\u{301}t đi\u{323}nh, Ủy ban nha\u{302}n da\u{302}n";
    let examined = examine(apart);
    assert_eq!(examined.text, "Quyết định, Ủy ban nhân dân");
    assert_eq!(
        (examined.damage.as_slice(), examined.is_reliable),
        (&[Damage::Decomposed][..], true)
    );
}

/// Replaces each marked letter by one character, as a font without a map does.
fn substituted(text: &str, first: u32, step: u32) -> String {
    let mut seen: Vec<char> = Vec::new();
    text.chars()
        .map(|c| {
            if !is_marked_letter(c) {
                return c;
            }
            let at = seen
                .iter()
                .position(|known| *known == c)
                .unwrap_or_else(|| {
                    seen.push(c);
                    seen.len() - 1
                });
            char::from_u32(first + u32::try_from(at).unwrap() * step).unwrap()
        })
        .collect()
}

#[test]
fn letters_substituted_one_to_one_are_repaired_to_the_letter() {
    for (first, step) in [(0xa7, 1), (0x139, 1), (0x4e0, 3), (0xe000, 2)] {
        let damaged = substituted(LONG, first, step);
        let examined = examine(&damaged);
        assert_eq!(examined.damage, [Damage::Substituted], "{damaged}");
        assert!(examined.is_reliable);
        assert_eq!(examined.text, LONG, "{first:x}");
    }
}

#[test]
fn letters_that_are_lost_are_told_and_nothing_counts_on_the_text() {
    let lost: String = LONG
        .chars()
        .filter(|c| !matches!(lower(*c), 'ọ' | 'ẻ' | 'õ' | 'â' | 'ỗ' | 'ề'))
        .collect();
    let examined = examine(&lost);
    assert_eq!(
        (examined.damage.as_slice(), examined.is_reliable),
        (&[Damage::LettersLost][..], false)
    );
    assert_eq!(examined.text, lost);
    // Two letters that became one are lost too: no table can tell them apart.
    let merged = |c: char| match lower(c) {
        'ậ' | 'ấ' | 'ầ' | 'â' => 'ộ',
        _ => c,
    };
    let merged: String = LONG.chars().map(merged).collect();
    let merged = substituted(&merged, 0x4e0, 1);
    let examined = examine(&merged);
    assert!(!examined.is_reliable, "{examined:?}");
    let replaced: String = LONG
        .chars()
        .map(|c| if is_marked_letter(c) { '\u{fffd}' } else { c })
        .collect();
    assert!(!examine(&replaced).is_reliable);
}

#[test]
fn good_text_is_left_alone() {
    for text in [
        LONG,
        "",
        "V/v rà soát danh mục",
        "TL. BO TRUONG Cuc truong cuc ung dung cong nghe thong tin",
        "Email: vanthu@example.gov.vn, số 12/QĐ-UBND ngày 03/11/2025",
        "Công ty TNHH Müller & Söhne Việt Nam",
        "Đắk Lắk, Kon Tum, Pleiku, Krông Pắc",
        "Tiếng Việt – “ngoặc kép” … €100",
        "Café Nguyễn",
    ] {
        let examined = examine(text);
        assert_eq!((&*examined.text, examined.is_reliable), (text, true));
        assert!(examined.damage.is_empty(), "{text}: {examined:?}");
    }
}

#[test]
fn any_text_is_looked_at_in_little_time() {
    let mut hostile = String::new();
    for n in 0..60_000u32 {
        hostile.extend(char::from_u32(0xa1 + n % 5_000));
        hostile.push(if n % 3 == 0 { ' ' } else { 'a' });
    }
    let start = std::time::Instant::now();
    let _ = examine(&hostile);
    assert!(
        start.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn common_syllables_have_the_form_of_syllables() {
    let odd: Vec<&str> = syllable::common()
        .filter(|word| !syllable::is_syllable(word))
        .collect();
    assert!(odd.len() * 100 < syllable::common().count() * 2, "{odd:?}");
    for word in [
        "hc", "nhn", "đu", "quốc", "gì", "giữ", "nghiêng", "khuya", "thuở",
    ] {
        let expected = !matches!(word, "hc" | "nhn");
        assert_eq!(syllable::is_syllable(word), expected, "{word}");
    }
    for word in ["các", "càc", "kác", "nge", "ngh", "ăn", "tộị", "Ạ"] {
        let expected = matches!(word, "các" | "ăn" | "Ạ");
        assert_eq!(syllable::is_syllable(word), expected, "{word}");
    }
}
