//! The dossier as a whole: what the envelope's header says, held against the text of its documents and
//! against the certificates and times of their signatures.
//!
//! Every difference is a finding with both values; none changes a verdict, since the header is signed
//! by nobody in practice and text on a page can be read wrongly. Nothing is compared with text that
//! lost letters, and what is not there to be compared is not told.

use crate::edxml::{Date, Envelope, Header};
use crate::error::Place;
use crate::limits::Limits;
use crate::page;
use crate::page::text::Rows;
use crate::pdf::File;
use crate::report::{Finding, Kind, Report, SignatureReport};
use crate::text::{self, alike, examine, glance};
use crate::time::Time;

/// One attachment, as far as it was looked into.
pub(super) struct Part<'p> {
    pub(super) name: &'p str,
    /// What its pages say, where it is a document with text.
    pub(super) text: Option<String>,
    pub(super) report: Option<&'p Report>,
}

/// What the pages of a PDF say; nothing of another file, or of one whose pages cannot be read.
pub(super) fn words_of(bytes: &[u8], limits: &Limits, password: Option<&[u8]>) -> Option<String> {
    if super::kind(bytes) != Kind::Pdf {
        return None;
    }
    let file = File::open_with(bytes, limits, password).ok()?;
    let mut text = String::new();
    for page in page::pages(&file, PAGES).ok()? {
        let Ok(rows) = Rows::read(&file, &page) else {
            continue;
        };
        for line in rows.lines() {
            text.push_str(&line);
            text.push('\n');
        }
        if text.len() > OCTETS {
            let end = (0..=OCTETS).rev().find(|at| text.is_char_boundary(*at));
            text.truncate(end.unwrap_or(0));
            break;
        }
    }
    (!text.trim().is_empty()).then_some(text)
}

/// Every difference, in the order of the header.
pub(super) fn differences(envelope: &Envelope<'_>, parts: &[Part<'_>]) -> Vec<Finding> {
    let header = envelope.header();
    let mut out = Vec::new();
    let texts: Vec<(usize, Words)> = parts
        .iter()
        .enumerate()
        .filter_map(|(at, part)| Some((at, Words::of(part.text.as_deref()?))))
        .collect();
    let main = main_document(header, parts, &texts);
    let signatures: Vec<&SignatureReport> = main
        .and_then(|at| parts.get(at)?.report)
        .map(|report| report.signatures().iter().collect())
        .unwrap_or_default();
    let name = main
        .and_then(|at| parts.get(at))
        .map_or("", |part| part.name);
    let words = texts
        .iter()
        .find(|(at, _)| Some(*at) == main)
        .map(|(_, words)| words);
    match words {
        Some(words) if words.is_reliable => {
            number(header, words, name, &mut out);
            date(header, words, name, &mut out);
        }
        Some(words) => out.push(finding(
            "dossier.text_unreliable",
            name,
            format!(
                "văn bản trên trang không đáng tin cậy ({}), nên không đem so sánh",
                words.damage
            ),
            format!(
                "the text of the page is not to be relied on ({}) and was not compared",
                words.damage
            ),
        )),
        None => {}
    }
    let words = words.filter(|words| words.is_reliable);
    agency(header, words, &signatures, name, &mut out);
    signer(header, words, &signatures, name, &mut out);
    times(header, &signatures, name, &mut out);
    appendices(parts, main, &mut out);
    out
}

/// The text of a page, as it is searched.
struct Words {
    /// One space between words, letters composed.
    plain: String,
    alike: String,
    is_reliable: bool,
    damage: &'static str,
}

impl Words {
    fn of(page: &str) -> Self {
        let examined = examine(page);
        let words: Vec<&str> = examined.text.split_whitespace().collect();
        let plain = words.join(" ");
        Self {
            alike: alike(&plain),
            plain,
            is_reliable: examined.is_reliable,
            damage: examined.damage.last().map_or("", |damage| damage.code()),
        }
    }
}

/// The document that the header speaks of: the one that bears its number, else the first that is
/// signed, else the first that can be.
fn main_document(header: &Header, parts: &[Part<'_>], texts: &[(usize, Words)]) -> Option<usize> {
    let code = header.code.as_ref().and_then(|code| code.joined());
    let bears = code.and_then(|code| {
        let code = squeezed(&code);
        let bears =
            |words: &Words| own_number(&words.plain).is_some_and(|own| squeezed(&own) == code);
        texts
            .iter()
            .find(|(_, words)| bears(words))
            .map(|(at, _)| *at)
    });
    let is_signed = |part: &&Part<'_>| part.report.is_some_and(|r| !r.signatures().is_empty());
    let place = |wanted: &dyn Fn(&&Part<'_>) -> bool| parts.iter().position(|part| wanted(&part));
    bears
        .or_else(|| place(&|part| is_signed(part)))
        .or_else(|| place(&|part| part.report.is_some()))
}

fn number(header: &Header, words: &Words, name: &str, out: &mut Vec<Finding>) {
    let said = header.code.as_ref().and_then(|code| code.joined());
    let (Some(said), Some(found)) = (said, own_number(&words.plain)) else {
        return;
    };
    if squeezed(&said) != squeezed(&found) {
        out.push(differs(
            "dossier.number",
            name,
            ("số, ký hiệu", "number and notation"),
            &said,
            &found,
        ));
    }
}

fn date(header: &Header, words: &Words, name: &str, out: &mut Vec<Finding>) {
    let (Some(said), Some(found)) = (issued(header), own_date(&words.alike)) else {
        return;
    };
    if said != found {
        let (said, found) = (said.to_string(), found.to_string());
        out.push(differs(
            "dossier.date",
            name,
            ("ngày ban hành", "date of issue"),
            &said,
            &found,
        ));
    }
}

/// The issuing agency: told where neither the page nor any certificate names it.
fn agency(
    header: &Header,
    words: Option<&Words>,
    signatures: &[&SignatureReport],
    name: &str,
    out: &mut Vec<Finding>,
) {
    let Some(from) = &header.from else { return };
    let said = [&from.organ_name, &from.organization_in_charge];
    let said: Vec<&str> = said
        .into_iter()
        .filter_map(|name| name.as_deref())
        .collect();
    let trusted = |name: &&str| glance(name).is_reliable;
    let Some(first) = said.first().copied().filter(|_| said.iter().all(trusted)) else {
        return;
    };
    let subjects: Vec<String> = signatures
        .iter()
        .filter_map(|signature| signature.signer())
        .filter(|signer| signer.role == "organisation")
        .map(|signer| signer.common_name.clone())
        .collect();
    if subjects.is_empty() {
        return;
    }
    let is_named = said.iter().any(|said| {
        let on_page = words.is_some_and(|words| words.alike.contains(&alike(said)));
        on_page || subjects.iter().any(|subject| overlaps(said, subject))
    });
    if !is_named {
        let found = subjects.join(", ");
        out.push(differs(
            "dossier.agency",
            name,
            ("cơ quan ban hành", "issuing agency"),
            first,
            &found,
        ));
    }
}

/// The signer as printed, against the people who signed and the page.
fn signer(
    header: &Header,
    words: Option<&Words>,
    signatures: &[&SignatureReport],
    name: &str,
    out: &mut Vec<Finding>,
) {
    let Some(info) = &header.signer_info else {
        return;
    };
    if let Some(said) = info
        .full_name
        .as_deref()
        .filter(|said| glance(said).is_reliable)
    {
        let people: Vec<&str> = signatures
            .iter()
            .filter_map(|signature| signature.signer())
            .filter(|signer| signer.role == "person")
            .map(|signer| signer.common_name.as_str())
            .collect();
        if !people.is_empty() && !people.iter().any(|person| overlaps(said, person)) {
            let found = people.join(", ");
            out.push(differs(
                "dossier.signer",
                name,
                ("người ký", "signer"),
                said,
                &found,
            ));
        }
    }
    let position = info.position.as_deref().filter(|said| !said.is_ascii());
    if let (Some(said), Some(words)) = (position, words)
        && glance(said).is_reliable
        && !words.alike.contains(&alike(said))
        && has_signer_line(words, info.full_name.as_deref())
    {
        out.push(finding(
            "dossier.position",
            name,
            format!("chức vụ người ký trên gói tin (“{said}”) không có trên trang"),
            format!("the signer's position in the header (“{said}”) is not on the page"),
        ));
    }
}

/// Whether the page is one on which the signer's position would stand.
fn has_signer_line(words: &Words, name: Option<&str>) -> bool {
    name.is_some_and(|name| words.alike.contains(&alike(name)))
}

/// When the organisation signed, against the date of issue.
fn times(header: &Header, signatures: &[&SignatureReport], name: &str, out: &mut Vec<Finding>) {
    let Some(issued) = issued(header) else { return };
    let midnight = Time::from_parts(
        (i64::from(issued.year), issued.month, issued.day),
        (0, 0, 0),
        Time::VIET_NAM,
    );
    let Ok(midnight) = midnight else { return };
    for signature in signatures {
        let is_body = signature
            .signer()
            .is_some_and(|signer| signer.role == "organisation");
        let time = signature.signing_time();
        let Some(time) = time.proven.or(time.claimed).filter(|_| is_body) else {
            continue;
        };
        let after = time.unix().saturating_sub(midnight.unix());
        if !(0..LATE).contains(&after) {
            let found = time.at_offset(Time::VIET_NAM).to_string();
            let said = issued.to_string();
            let what = (
                "ngày ban hành và thời điểm cơ quan ký",
                "date of issue and the organisation's signing time",
            );
            out.push(differs("dossier.time", name, what, &said, &found));
        }
    }
}

/// Decree 30/2020, App. I: an appendix in a file of its own bears the organisation's signature. Those
/// that could carry one and do not are told where they are judged.
fn appendices(parts: &[Part<'_>], main: Option<usize>, out: &mut Vec<Finding>) {
    let is_signed = |part: &Part<'_>| part.report.is_some_and(|r| !r.signatures().is_empty());
    if !main.and_then(|at| parts.get(at)).is_some_and(is_signed) {
        return;
    }
    for (at, part) in parts.iter().enumerate() {
        if Some(at) != main && part.report.is_none() {
            out.push(finding(
                "dossier.appendix_not_signed",
                part.name,
                "tệp đính kèm riêng không có chữ ký số của cơ quan (Nghị định 30/2020, Phụ lục I)".to_owned(),
                "a separate attachment without the organisation's signature (Decree 30/2020, App. I)".to_owned(),
            ));
        }
    }
}

fn issued(header: &Header) -> Option<Date> {
    header
        .promulgation_info
        .as_ref()?
        .promulgation_date
        .as_ref()?
        .date()
}

/// The number of the document itself: what stands behind `Số:`, where it is filled in.
fn own_number(plain: &str) -> Option<String> {
    let mut rest = plain;
    while let Some(at) = rest.find(['S', 's']) {
        let here = rest.get(at..)?;
        rest = here.get(1..)?;
        let label = ["Số:", "SỐ:", "số:", "Số :"]
            .into_iter()
            .find(|label| here.starts_with(label));
        let Some(behind) = label.and_then(|label| here.get(label.len()..)) else {
            continue;
        };
        let behind = behind.trim_start();
        let Some((number, notation)) = behind.split_once('/') else {
            continue;
        };
        let number = number.trim();
        let is_number = !number.is_empty()
            && number.len() <= 12
            && number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_alphanumeric());
        let notation = notation.trim_start();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '–' | '/' | '.' | '&');
        let end = notation.find(|c| !is_part(c)).unwrap_or(notation.len());
        let notation = notation.get(..end)?.trim_end_matches(['.', '-', '/']);
        if is_number && !notation.is_empty() {
            return Some(format!("{number}/{notation}"));
        }
    }
    None
}

/// The first date of the page in words: `ngày 3 tháng 11 năm 2025`.
fn own_date(alike: &str) -> Option<Date> {
    let mut words = alike
        .split(' ')
        .map(|word| word.trim_matches([',', '.', ';', ')', '(']))
        .peekable();
    while let Some(word) = words.next() {
        if word != "ngày" {
            continue;
        }
        let mut ahead = words.clone();
        let day = ahead.next().and_then(|day| day.parse().ok());
        let month = (ahead.next() == Some("tháng"))
            .then(|| ahead.next()?.parse().ok())
            .flatten();
        let year = (ahead.next() == Some("năm"))
            .then(|| ahead.next()?.parse().ok())
            .flatten();
        if let (Some(day), Some(month), Some(year)) = (day, month, year)
            && let Ok(date) = Date::new(year, month, day)
        {
            return Some(date);
        }
    }
    None
}

/// Whether one name holds the other, marks aside where one of the two is written without any.
fn overlaps(a: &str, b: &str) -> bool {
    let (a, b) = if a.is_ascii() || b.is_ascii() {
        (alike(&text::bare(a)), alike(&text::bare(b)))
    } else {
        (alike(a), alike(b))
    };
    !a.is_empty() && !b.is_empty() && (a.contains(&b) || b.contains(&a))
}

fn squeezed(text: &str) -> String {
    let folded = text::fold(text);
    folded
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == '–' { '-' } else { c })
        .collect()
}

fn differs(
    code: &'static str,
    name: &str,
    (vi, en): (&str, &str),
    said: &str,
    found: &str,
) -> Finding {
    finding(
        code,
        name,
        format!("{vi}: gói tin ghi “{said}”, văn bản hoặc chữ ký cho thấy “{found}”"),
        format!("{en}: the header says “{said}”, the document or its signatures say “{found}”"),
    )
}

fn finding(code: &'static str, name: &str, message_vi: String, message_en: String) -> Finding {
    Finding {
        code,
        place: (!name.is_empty()).then(|| Place::Part(name.to_owned())),
        message_vi,
        message_en,
    }
}

/// Attachments whose text is read.
pub(super) const READ: usize = 4;
/// Pages of one document.
const PAGES: usize = 12;
/// Octets of text of one document.
const OCTETS: usize = 24 << 10;
/// How much later than the date of issue an organisation signs at most: a month.
const LATE: i64 = 31 * 86_400;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::edxml::EnvelopeBuilder;
    use crate::limits::Limits;

    const PAGE: &str = "BỘ THỬ NGHIỆM\nVĂN PHÒNG\nSố: 318/VP-TH\nHà Nội, ngày 03 tháng 11 năm 2025\nCăn cứ Quyết \
        định số 12/QĐ-TTg ngày 01 tháng 02 năm 2020\nCHÁNH VĂN PHÒNG\nLê Thị Ví Dụ";

    fn codes(page: &str) -> Vec<&'static str> {
        let header = json!({ "header": {
            "from": { "organ_id": "G99.07", "organ_name": "Văn phòng Bộ Thử Nghiệm" }, "to": [{ "organ_id": "H99" }],
            "document_id": "G99.07,2025/11/03,318/VP-TH",
            "code": { "code_number": "318", "code_notation": "VP-TH" },
            "promulgation_info": { "promulgation_date": "2025-11-03" },
            "signer_info": { "position": "Chánh Văn phòng", "full_name": "Lê Thị Ví Dụ" },
            "subject": "V/v rà soát", "steering_type": 0,
        } });
        let (now, limits) = (
            "2025-11-03T14:05:00+07:00".parse().unwrap(),
            Limits::default(),
        );
        let builder = EnvelopeBuilder::from_json(&header, |_| Ok(Vec::new())).unwrap();
        let bytes = builder.finish(now, &limits).unwrap();
        let envelope = Envelope::read(&bytes, &limits).unwrap();
        let report = crate::Verifier::new(now).verify(b"%PDF-1.7");
        let part = Part {
            name: "a.pdf",
            text: Some(page.to_owned()),
            report: Some(&report),
        };
        differences(&envelope, &[part])
            .iter()
            .map(|finding| finding.code)
            .collect()
    }

    #[test]
    fn a_page_that_says_what_the_header_says_gives_no_finding() {
        assert_eq!(codes(PAGE), Vec::<&str>::new());
        assert_eq!(
            codes(&PAGE.replace("318/VP-TH", "318 / VP–TH")),
            Vec::<&str>::new()
        );
        assert_eq!(codes("trang không có gì"), Vec::<&str>::new());
        // The blanks of a document that is not numbered yet say nothing.
        assert_eq!(
            codes(&PAGE.replace("318/VP-TH", "     /VP-TH")),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn each_thing_that_differs_is_one_finding_with_both_values() {
        assert_eq!(
            codes(&PAGE.replace("318/VP-TH", "319/VP-TH")),
            ["dossier.number"]
        );
        assert_eq!(
            codes(&PAGE.replace("318/VP-TH", "318/VP-KT")),
            ["dossier.number"]
        );
        assert_eq!(codes(&PAGE.replace("ngày 03", "ngày 13")), ["dossier.date"]);
        assert_eq!(
            codes(
                &PAGE
                    .replace("CHÁNH", "PHÓ CHÁNH")
                    .replace("VĂN PHÒNG\nLê", "VP\nLê")
            ),
            Vec::<&str>::new()
        );
        assert_eq!(
            codes(&PAGE.replace("CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG")),
            ["dossier.position"]
        );
    }

    #[test]
    fn a_page_that_was_damaged_is_repaired_first_or_not_compared() {
        let lost: String = PAGE.chars().filter(|c| !"ăôệịâơ".contains(*c)).collect();
        let lost = lost.replace("318", "319");
        let told = codes(&format!("{lost} nhn thc, hc tp, xx nhn vin"));
        assert!(told == ["dossier.text_unreliable"], "{told:?}");
        let odd = PAGE.replace('ư', "ƣ").replace("318", "319");
        assert_eq!(codes(&odd), ["dossier.number"]);
    }

    #[test]
    fn names_are_compared_as_people_read_them() {
        assert!(overlaps("Nguyen Van Thu", "Nguyễn Văn Thử"));
        assert!(overlaps(
            "UBND tỉnh Nghệ An",
            "Uỷ ban nhân dân Tỉnh Nghệ An"
        ));
        assert!(!overlaps("Nguyễn Văn Thu", "Nguyễn Văn Thử"));
        assert!(!overlaps("", "Nguyễn Văn Thử"));
    }
}
