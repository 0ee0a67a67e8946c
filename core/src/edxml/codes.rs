//! The code lists of the regulation in words: status, business action, urgency, steering.

use crate::message::Lang;

/// What a status code says (Decision 28/2018/QĐ-TTg); nothing for a code that was never seen.
///
/// ```
/// use kyso::edxml::codes;
/// use kyso::message::Lang;
///
/// assert_eq!(codes::status("03", Lang::Vi), Some("đã tiếp nhận"));
/// assert_eq!(codes::status("07", Lang::En), None);
/// ```
pub fn status(code: &str, lang: Lang) -> Option<&'static str> {
    let (vi, en) = match code {
        "01" => ("đã đến", "arrived"),
        "02" => ("từ chối tiếp nhận", "refused"),
        "03" => ("đã tiếp nhận", "accepted"),
        "04" => ("đã phân công", "assigned"),
        "05" => ("đang xử lý", "in progress"),
        "06" => ("hoàn thành", "finished"),
        "13" => ("yêu cầu lấy lại", "asked back"),
        "15" => (
            "đồng ý cho lấy lại hoặc cập nhật",
            "giving back or updating agreed",
        ),
        "16" => (
            "từ chối cho lấy lại hoặc cập nhật",
            "giving back or updating refused",
        ),
        _ => return None,
    };
    Some(lang.pick(vi, en))
}

/// What a business action (`BussinessDocType`) says.
pub fn business(kind: i64, lang: Lang) -> Option<&'static str> {
    let (vi, en) = match kind {
        0 => ("văn bản mới", "new"),
        1 => ("thu hồi", "revocation"),
        2 => ("cập nhật", "update"),
        3 => ("thay thế", "replacement"),
        _ => return None,
    };
    Some(lang.pick(vi, en))
}

/// What an urgency (`Priority`) says.
pub fn priority(value: i64, lang: Lang) -> Option<&'static str> {
    let (vi, en) = match value {
        0 => ("thường", "normal"),
        1 => ("khẩn", "urgent"),
        2 => ("thượng khẩn", "very urgent"),
        3 => ("hỏa tốc", "express"),
        4 => ("hỏa tốc hẹn giờ", "express at a set hour"),
        _ => return None,
    };
    Some(lang.pick(vi, en))
}

/// What a steering type (`SteeringType`) says.
pub fn steering(value: i64, lang: Lang) -> Option<&'static str> {
    let (vi, en) = match value {
        0 => ("không phải chỉ đạo", "not steering"),
        1 => ("chỉ đạo", "steering"),
        2 => ("báo cáo chỉ đạo", "report on steering"),
        _ => return None,
    };
    Some(lang.pick(vi, en))
}
