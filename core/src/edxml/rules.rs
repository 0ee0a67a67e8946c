//! The numbered rules of the envelope ([`Rule`]) and where one is not kept ([`Breach`]).
//!
//! Two modes: strict is what this library writes and what a conformance check demands, lenient is
//! for reading what others wrote. The numbers are this project's; QCVN 102:2016 has none.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

use crate::error::{Error, ErrorKind, Place};
use crate::message::{Lang, visible};
use crate::xml::{ElementId, Index};

/// How much is demanded of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// What is written and what a conformance check demands.
    Strict,
    /// What is read in the real world.
    Lenient,
}

/// What a mode makes of a breach; the gravest is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing to report.
    Accept,
    /// The envelope is returned and the finding told.
    Warn,
    /// No envelope is returned.
    Reject,
}

impl Outcome {
    /// The word of the JSON form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Warn => "warn",
            Self::Reject => "reject",
        }
    }
}

/// One numbered rule.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its number, such as `D2`.
    pub id: &'static str,
    /// The usual outcome of breaking it in strict mode.
    pub strict: Outcome,
    /// The usual outcome of breaking it in lenient mode.
    pub lenient: Outcome,
    vi: &'static str,
    en: &'static str,
}

impl Rule {
    /// Every rule, in the order of the table they come from.
    pub fn all() -> &'static [Self] {
        &RULES
    }

    /// The rule of this number.
    pub fn of(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id == id)
    }

    /// What the rule demands, as one sentence without a full stop.
    pub fn text(&self, lang: Lang) -> &'static str {
        lang.pick(self.vi, self.en)
    }
}

/// A place where a rule is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breach {
    /// The rule's number.
    pub rule: &'static str,
    /// The element, such as `/edXML/edXMLEnvelope/edXMLHeader/MessageHeader/To[2]/OrganId`.
    pub path: String,
    /// What stands there, shortened where it is long; empty where something is missing.
    pub raw: String,
    strict: Outcome,
    lenient: Outcome,
    kind: ErrorKind,
    offset: usize,
}

impl Breach {
    /// What this mode makes of it.
    pub fn outcome(&self, mode: Mode) -> Outcome {
        match mode {
            Mode::Strict => self.strict,
            Mode::Lenient => self.lenient,
        }
    }

    /// The rule and what was found instead, in one sentence.
    pub fn message(&self, lang: Lang) -> String {
        let text = Rule::of(self.rule).map_or("", |rule| rule.text(lang));
        if self.raw.is_empty() {
            text.to_owned()
        } else {
            let found = lang.pick("thấy", "found");
            format!("{text} ({found} \"{}\")", visible(&self.raw))
        }
    }

    /// A breach of the document as a whole, which ends reading in either mode.
    pub(super) fn of_document(rule: &'static str, raw: &str, kind: ErrorKind) -> Self {
        Self {
            rule,
            path: "/".to_owned(),
            raw: shorten(raw),
            strict: Outcome::Reject,
            lenient: Outcome::Reject,
            kind,
            offset: 0,
        }
    }

    /// The error of who would write it.
    pub(super) fn misuse(&self) -> Error {
        self.error(match self.kind {
            ErrorKind::TooLarge => ErrorKind::TooLarge,
            _ => ErrorKind::Misuse,
        })
    }

    fn error(&self, kind: ErrorKind) -> Error {
        let detail = format!("{}: {}", self.rule, self.message(Lang::En));
        Error::new(kind, detail).at(Place::Element(self.path.clone()))
    }

    /// The error that lenient reading ends with, where it does.
    pub(super) fn fatal(&self) -> Option<Error> {
        (self.lenient == Outcome::Reject).then(|| self.error(self.kind))
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = visible(&self.path);
        write!(f, "{}: {} ({path})", self.rule, self.message(Lang::En))
    }
}

/// The breaches found so far; ordered by place when they are handed out.
pub(super) struct Findings<'i> {
    index: &'i Index<'i>,
    found: Vec<Breach>,
    counts: HashMap<(&'static str, Outcome), usize>,
}

/// How a breach departs from its rule's usual outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Weight {
    Usual,
    /// A warning in both modes.
    Light,
    /// Refused in both modes, with an error of this kind.
    Fatal(ErrorKind),
}

impl<'i> Findings<'i> {
    pub(super) fn new(index: &'i Index<'i>) -> Self {
        Self {
            index,
            found: Vec::new(),
            counts: HashMap::new(),
        }
    }

    pub(super) fn add(&mut self, rule: &'static str, element: ElementId, raw: &str) {
        self.push(rule, element, "", raw, Weight::Usual);
    }

    /// Something is missing: `below` is its path under the element where it should be.
    pub(super) fn missing(&mut self, rule: &'static str, element: ElementId, below: &str) {
        self.push(rule, element, below, "", Weight::Usual);
    }

    pub(super) fn push(
        &mut self,
        rule: &'static str,
        element: ElementId,
        below: &str,
        raw: &str,
        weight: Weight,
    ) {
        let usual =
            Rule::of(rule).map_or((Outcome::Warn, Outcome::Warn), |r| (r.strict, r.lenient));
        let (strict, lenient, kind) = match weight {
            Weight::Usual => (usual.0, usual.1, ErrorKind::Malformed),
            Weight::Light => (Outcome::Warn, Outcome::Warn, ErrorKind::Malformed),
            Weight::Fatal(kind) => (Outcome::Reject, Outcome::Reject, kind),
        };
        // Each rule and outcome is counted apart, so that many light findings hide no grave one.
        let count = self.counts.entry((rule, strict.max(lenient))).or_default();
        *count = count.saturating_add(1);
        if *count > OF_ONE_RULE {
            return;
        }
        let mut path = self.index.path(element);
        if !below.is_empty() {
            path.push('/');
            path.push_str(below);
        }
        self.found.push(Breach {
            rule,
            path,
            raw: shorten(raw),
            strict,
            lenient,
            kind,
            offset: self.index.span(element).start,
        });
    }

    /// In document order; of two at one place, the graver first.
    pub(super) fn finish(mut self) -> Vec<Breach> {
        self.found
            .sort_by_key(|breach| (breach.offset, Reverse(breach.lenient)));
        self.found
    }
}

fn shorten(raw: &str) -> String {
    let mut out: String = raw.chars().take(RAW_CHARACTERS).collect();
    if out.len() < raw.len() {
        out.push('…');
    }
    out
}

const fn rule(
    id: &'static str,
    strict: Outcome,
    lenient: Outcome,
    vi: &'static str,
    en: &'static str,
) -> Rule {
    Rule {
        id,
        strict,
        lenient,
        vi,
        en,
    }
}

/// How many breaches of one rule are told.
const OF_ONE_RULE: usize = 200;
const RAW_CHARACTERS: usize = 200;

const A: Outcome = Outcome::Accept;
const W: Outcome = Outcome::Warn;
const R: Outcome = Outcome::Reject;

#[rustfmt::skip]
static RULES: [Rule; 64] = [
    rule("X1", R, R, "XML phải đúng cú pháp, không có gì đứng trước khai báo hay sau phần tử gốc",
        "the XML is well formed, with nothing before the declaration and nothing after the root"),
    rule("X2", R, W, "mã hóa ký tự là UTF-8, không có dấu thứ tự byte (BOM)",
        "the encoding is UTF-8 without a byte order mark"),
    rule("X2b", R, R, "mọi byte đều hợp lệ trong bảng mã đã khai báo",
        "every octet is valid in the declared encoding"),
    rule("X3", R, R, "không có DOCTYPE, không có thực thể nào ngoài năm thực thể dựng sẵn",
        "there is no DOCTYPE and no entity but the five built-in ones"),
    rule("X4", A, A, "CDATA, chú thích và chỉ thị xử lý không làm đổi văn bản",
        "CDATA, comments and processing instructions do not change a text"),
    rule("X5", R, W, "mọi tiền tố không gian tên đều được khai báo", "every prefix is bound"),
    rule("X6", R, R, "gói tin nằm trong các giới hạn về kích thước, độ sâu và số phần tử",
        "the envelope keeps the limits of size, depth and number"),
    rule("N1", R, W, "các phần tử thuộc không gian tên của QCVN 102",
        "the elements are in the namespace of QCVN 102"),
    rule("N2", W, W, "tiền tố là edXML ở đúng chỗ cần có và vắng mặt ở chỗ không cần",
        "the prefix is edXML where one is due, and none elsewhere"),
    rule("N3", R, W, "tên phần tử quen thuộc trong không gian tên khác không được dùng làm giá trị",
        "a known name in a foreign namespace is not that field"),
    rule("N4", W, W, "tên phần tử viết là Bussiness…, như trong quy chuẩn",
        "the name is spelt Bussiness…, as in the regulation"),
    rule("S1", R, W, "các phần tử lồng nhau đúng cấu trúc; AttachmentEncoded nằm ngay dưới phần tử gốc",
        "the elements are nested as laid down; AttachmentEncoded is a child of the root"),
    rule("S2", R, R, "phải có edXMLHeader và MessageHeader", "edXMLHeader and MessageHeader are present"),
    rule("S2b", R, W, "văn bản phải có edXMLBody/edXMLManifest",
        "a document has edXMLBody/edXMLManifest"),
    rule("S3", R, R, "phần tử chỉ được có một lần không xuất hiện hai lần",
        "an element that may occur once does not occur twice"),
    rule("S4", W, W, "phần tử này không có trong quy chuẩn", "the element is one that the regulation knows"),
    rule("S5", A, A, "thứ tự các phần tử cùng cấp là tùy ý", "the order of siblings is free"),
    rule("H1", R, W, "phải có mã định danh nơi gửi (From/OrganId)", "From/OrganId is present"),
    rule("H2", R, W, "phải có ít nhất một nơi nhận có mã định danh (To/OrganId)",
        "at least one To/OrganId is present"),
    rule("H3", R, W, "phải có số và ký hiệu (CodeNumber, CodeNotation)",
        "Code/CodeNumber and Code/CodeNotation are present"),
    rule("H4", R, W, "phải có định danh văn bản (DocumentId)", "DocumentId is present"),
    rule("H5", R, W, "phải có ngày ban hành (PromulgationDate)", "PromulgationDate is present"),
    rule("H6", R, W, "trích yếu (Subject) không được trống", "Subject is not blank"),
    rule("H7", R, W, "phải có loại chỉ đạo (SteeringType)", "SteeringType is present"),
    rule("H8", A, A, "phần tử rỗng được coi là không có", "an empty element counts as absent"),
    rule("D1", R, W, "ngày viết theo dạng yyyy/MM/dd", "dates are written yyyy/MM/dd"),
    rule("D2", R, W, "ngày phải có trong lịch", "the date exists in the calendar"),
    rule("D3", R, W, "thời điểm viết theo dạng yyyy/MM/dd HH:mm:ss",
        "times are written yyyy/MM/dd HH:mm:ss"),
    rule("C1", R, W, "SteeringType là số nguyên từ 0 đến 2", "SteeringType is an integer from 0 to 2"),
    rule("C2", R, W, "Priority là số nguyên từ 0 đến 4", "Priority is an integer from 0 to 4"),
    rule("C3", R, W, "giá trị phải là số nguyên", "the value is an integer"),
    rule("C4", R, W, "BussinessDocType là 0, 1, 2 hoặc 3", "BussinessDocType is 0, 1, 2 or 3"),
    rule("C5", R, W, "giá trị là 0 hoặc 1", "the value is 0 or 1"),
    rule("I1", R, W, "mã định danh gồm các nhóm chữ số và chữ in hoa cách nhau bằng dấu chấm, không quá 35 ký tự",
        "an identifier code is groups of digits and capital letters set apart by dots, at most 35 characters"),
    rule("I2", W, W, "không có nơi nhận nào lặp lại", "no code occurs twice in To"),
    rule("I3", R, W, "mỗi TraceHeader có OrganId là một mã định danh", "each TraceHeader has an OrganId that is a code"),
    rule("I4", W, W, "DocumentId có dạng mã,ngày,số/ký hiệu", "DocumentId has the form code,date,number/notation"),
    rule("I5", W, W, "các phần của DocumentId khớp với nơi gửi, ngày ban hành, số và ký hiệu",
        "the parts of DocumentId equal From/OrganId, PromulgationDate and the code"),
    rule("B1", R, W, "thu hồi (loại 1) phải nêu DocumentId của văn bản bị thu hồi",
        "a revocation (type 1) names the DocumentId it revokes"),
    rule("B2", R, W, "cập nhật (loại 2) phải có DocumentId và BussinessDocumentInfo; đổi nơi nhận thì phải có ReceiverList",
        "an update (type 2) has DocumentId and BussinessDocumentInfo, and a ReceiverList when receivers change"),
    rule("B3", R, W, "thay thế (loại 3) phải nêu từng văn bản bị thay và nơi nhận của nó",
        "a replacement (type 3) names each document replaced and its receivers"),
    rule("A1", R, R, "nội dung tệp đính kèm phải là base64", "an attachment's content is base64"),
    rule("A1b", R, W, "base64 dùng bảng chữ chuẩn, có đệm, không rỗng",
        "the base64 uses the standard alphabet, is padded and is not empty"),
    rule("A2", R, W, "ContentType khớp với nội dung (zip hay không)",
        "ContentType agrees with the octets (zip or not)"),
    rule("A3", R, W, "tệp zip bọc ngoài có đúng một tệp, cùng phần mở rộng với AttachmentName",
        "a wrapping zip has exactly one file, of the extension that AttachmentName has"),
    rule("A4", R, W, "AttachmentName là tên tệp đơn thuần, không có đường dẫn hay ký tự điều khiển",
        "AttachmentName is a plain file name"),
    rule("A5", R, R, "kích thước và tỷ lệ nén của tệp đính kèm nằm trong giới hạn, zip không mã hóa, không chia phần",
        "attachments keep the limits of size and ratio, and their zips are neither encrypted nor split"),
    rule("M1", R, W, "manifest và tệp đính kèm khớp nhau từng cặp theo ContentId",
        "manifest and attachments correspond one to one by ContentId"),
    rule("M2", R, R, "không có hai ContentId giống nhau", "no ContentId occurs twice"),
    rule("M3", W, W, "ContentId bắt đầu bằng đúng một cid:", "a ContentId begins with exactly one cid:"),
    rule("M4", W, W, "AttachmentName giống nhau ở manifest và ở tệp đính kèm",
        "AttachmentName is equal in manifest and attachment"),
    rule("T1", R, W, "StatusCode là một mã hai chữ số: 01–06, 13, 15 hoặc 16",
        "StatusCode is one of the two-digit codes 01 to 06, 13, 15 and 16"),
    rule("T2", R, W, "trạng thái có From/OrganId và ResponseFor/OrganId kèm Code hoặc DocumentId",
        "a status has From/OrganId, and ResponseFor/OrganId with Code or DocumentId"),
    rule("T3", R, W, "thời điểm của trạng thái viết theo dạng yyyy/MM/dd HH:mm:ss",
        "a status has its Timestamp, written yyyy/MM/dd HH:mm:ss"),
    rule("T4", R, W, "trạng thái không có tệp đính kèm", "a status has no attachments"),
    rule("G1", W, W, "Signature thuộc không gian tên XMLDSig", "Signature is in the namespace of XMLDSig"),
    rule("G4", W, W, "chữ ký không dùng SHA-1", "the signature does not use SHA-1"),
    rule("G5", W, W, "chứng thư trong chữ ký còn nguyên vẹn", "the certificate in the signature is whole"),
    rule("V1", W, W, "văn bản dùng Unicode dựng sẵn (TCVN 6909)",
        "text is in composed Unicode (TCVN 6909)"),
    rule("V2", W, W, "văn bản không bị mất chữ", "text has all its letters"),
    rule("O1", W, W, "mã định danh có trong danh bạ cơ quan", "the code is in the agency directory"),
    rule("O2", W, W, "mã định danh đang được dùng vào ngày của bản tin",
        "the code was somebody's on the day of the message"),
    rule("O3", W, W, "tên cơ quan khớp với danh bạ", "the name is that of the agency directory"),
    rule("G6", A, A, "DigitalSignature rỗng nghĩa là không có chữ ký",
        "an empty DigitalSignature means that there is no signature"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_written_twice_and_lenient_is_never_harder_than_strict() {
        for (at, rule) in RULES.iter().enumerate() {
            assert!(rule.lenient <= rule.strict, "{}", rule.id);
            assert!(RULES[at + 1..].iter().all(|other| other.id != rule.id));
            assert!(!rule.text(Lang::Vi).ends_with('.') && !rule.text(Lang::En).ends_with('.'));
        }
    }
}
