//! An envelope as text for a person.

use kyso::edxml::{Breach, Mode, Outcome, codes};
use kyso::message::visible;
use serde_json::Value;

use crate::language::{Lang, pick};

/// What the envelope says, the most important first. `said` is its JSON form.
pub(super) fn text(said: &Value, breaches: &[Breach], lang: Lang) -> String {
    let mut page = Page {
        lang,
        out: String::new(),
    };
    page.title(said);
    page.addresses(said);
    page.document(said);
    page.status(said);
    page.attachments(said);
    page.breaches(breaches);
    page.out
}

/// One sentence on the outcome of a check.
pub(super) fn outcome(outcome: Outcome, mode: &str, lang: Lang) -> String {
    let (vi, en) = match outcome {
        Outcome::Accept => ("đúng mọi quy tắc", "keeps every rule"),
        Outcome::Warn => ("dùng được, có điều cần lưu ý", "acceptable, with warnings"),
        _ => ("không đạt", "to be rejected"),
    };
    format!("{} ({mode})", pick(lang, vi, en))
}

struct Page {
    lang: Lang,
    out: String,
}

impl Page {
    fn title(&mut self, said: &Value) {
        let (vi, en) = match said["kind"].as_str() {
            Some("status") => ("Bản tin trạng thái edXML", "edXML status message"),
            _ => ("Văn bản edXML", "edXML document"),
        };
        let title = pick(self.lang, vi, en);
        let dialect = visible(said["dialect"].as_str().unwrap_or("?"));
        self.out.push_str(&format!("{title} ({dialect})\n"));
    }

    fn addresses(&mut self, said: &Value) {
        let header = &said["header"];
        self.field(0, "Nơi gửi", "From", organ(&header["from"]));
        for receiver in header["to"].as_array().into_iter().flatten() {
            self.field(0, "Nơi nhận", "To", organ(receiver));
        }
    }

    fn document(&mut self, said: &Value) {
        let header = &said["header"];
        let code: Vec<&str> = ["code_number", "code_notation"]
            .iter()
            .filter_map(|part| header["code"][part].as_str())
            .collect();
        self.field(0, "Số, ký hiệu", "Number", filled(code.join("/")));
        let issued = &header["promulgation_info"];
        let date = [
            issued["place"].as_str(),
            issued["promulgation_date"].as_str(),
        ];
        let date: Vec<&str> = date.into_iter().flatten().collect();
        self.field(0, "Ban hành", "Issued", filled(date.join(", ")));
        self.field(
            0,
            "Loại văn bản",
            "Type",
            word(&header["document_type"]["type_name"]),
        );
        self.field(0, "Trích yếu", "Subject", word(&header["subject"]));
        self.field(0, "Nội dung", "Content", word(&header["content"]));
        let signer = &header["signer_info"];
        let signer: Vec<&str> = ["competence", "position", "full_name"]
            .iter()
            .filter_map(|part| signer[part].as_str())
            .collect();
        self.field(
            0,
            "Người ký (ghi trên gói tin)",
            "Signer (as printed)",
            filled(signer.join(" ")),
        );
        let priority = header["other_info"]["priority"]
            .as_i64()
            .filter(|value| *value > 0);
        self.code(priority, "Độ khẩn", "Urgency", codes::priority);
        let steering = header["steering_type"].as_i64().filter(|value| *value > 0);
        self.code(steering, "Loại chỉ đạo", "Steering", codes::steering);
        let business = &said["business"];
        let kind = business["bussiness_doc_type"].as_i64();
        self.code(kind, "Nghiệp vụ", "Action", codes::business);
        self.field(
            0,
            "Lý do",
            "Reason",
            word(&business["bussiness_doc_reason"]),
        );
        self.field(0, "Hạn xử lý", "Due", word(&header["due_date"]));
        self.field(0, "Mã văn bản", "Document id", word(&header["document_id"]));
        for answered in header["response_for"].as_array().into_iter().flatten() {
            self.field(0, "Trả lời văn bản", "Answers", answers(answered));
        }
        for passed in said["trace"].as_array().into_iter().flatten() {
            let hop = [word(&passed["organ_id"]), word(&passed["timestamp"])];
            let hop: Vec<String> = hop.into_iter().flatten().collect();
            self.field(0, "Đã qua", "Passed", filled(hop.join(", ")));
        }
    }

    fn status(&mut self, said: &Value) {
        let status = &said["status"];
        let code =
            status["status_code"]
                .as_str()
                .map(|code| match codes::status(code, self.lang) {
                    Some(meaning) => format!("{code} – {meaning}"),
                    None => code.to_owned(),
                });
        self.field(0, "Trạng thái", "Status", code);
        self.field(0, "Diễn giải", "Description", word(&status["description"]));
        self.field(0, "Thời điểm", "Time", word(&status["timestamp"]));
        self.field(
            0,
            "Cho văn bản",
            "Of the document",
            answers(&status["response_for"]),
        );
        self.field(
            0,
            "Gửi tới",
            "Addressed to",
            word(&status["response_for"]["organ_id"]),
        );
    }

    fn attachments(&mut self, said: &Value) {
        let Some(attachments) = said["attachments"].as_array() else {
            return;
        };
        let title = pick(self.lang, "Tệp đính kèm", "Attachments");
        self.out
            .push_str(&format!("{title}: {}\n", attachments.len()));
        for (index, attachment) in attachments.iter().enumerate() {
            let name = visible(attachment["name"].as_str().unwrap_or_default());
            let size = match attachment["size"].as_u64() {
                Some(size) => format!("{size} byte"),
                None => pick(self.lang, "không mở được", "cannot be opened").to_owned(),
            };
            self.out
                .push_str(&format!("  {}. {name} ({size})\n", index + 1));
            self.field(
                2,
                "Ghi ra với tên",
                "Extracted as",
                word(&attachment["safe_name"]),
            );
            self.field(2, "Mô tả", "Description", word(&attachment["description"]));
            self.field(2, "SHA-256", "SHA-256", word(&attachment["sha256"]));
            self.field(2, "Lỗi", "Error", word(&attachment["error"]["message"]));
        }
    }

    fn breaches(&mut self, breaches: &[Breach]) {
        let told: Vec<&Breach> = breaches
            .iter()
            .filter(|breach| breach.outcome(Mode::Lenient) > Outcome::Accept)
            .collect();
        if told.is_empty() {
            return;
        }
        let title = pick(self.lang, "Điều cần lưu ý", "To be noted");
        self.out.push_str(&format!("{title}: {}\n", told.len()));
        for breach in told {
            let (message, path) = (breach.message(self.lang), visible(&breach.path));
            self.out.push_str(&format!(
                "  {}: {}\n      {path}\n",
                breach.rule,
                visible(&message)
            ));
        }
    }

    /// A number of a code list, with what it says.
    fn code(
        &mut self,
        value: Option<i64>,
        vi: &str,
        en: &str,
        text: fn(i64, Lang) -> Option<&'static str>,
    ) {
        let lang = self.lang;
        let said = value.map(|value| match text(value, lang) {
            Some(text) => format!("{value} – {text}"),
            None => value.to_string(),
        });
        self.field(0, vi, en, said);
    }

    fn field(&mut self, depth: usize, vi: &str, en: &str, value: Option<String>) {
        let Some(value) = value else { return };
        let (indent, label) = ("  ".repeat(depth + 1), pick(self.lang, vi, en));
        self.out
            .push_str(&format!("{indent}{label}: {}\n", visible(&value)));
    }
}

fn organ(organ: &Value) -> Option<String> {
    match (word(&organ["organ_name"]), word(&organ["organ_id"])) {
        (Some(name), Some(code)) => Some(format!("{name} ({code})")),
        (name, code) => name.or(code),
    }
}

fn answers(answered: &Value) -> Option<String> {
    let parts = [word(&answered["code"]), word(&answered["document_id"])];
    filled(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn word(value: &Value) -> Option<String> {
    filled(match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
