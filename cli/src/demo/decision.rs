//! What the demo's decision says, and the envelope around it.

use kyso::Time;
use kyso_sandbox::SandboxError;
use kyso_sandbox::document::{Decision, IssueDate, decision_pdf};
use serde_json::json;

/// The decision, dated today.
pub(super) fn pdf(today: Time) -> Result<Vec<u8>, SandboxError> {
    let (year, month, day) = today.date();
    decision_pdf(&Decision {
        date: IssueDate::Given {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month,
            day,
        },
        ..Decision::example()
    })
}

/// The description that `kyso envelope build` takes.
pub(super) fn description(today: Time) -> String {
    let decision = Decision::example();
    let (year, month, day) = today.date();
    let number = decision.number.unwrap_or("15");
    let description = json!({
        "schema": "kyso-envelope/1",
        "kind": "document",
        "header": {
            "from": {
                "organ_id": SENDER.0,
                "organ_name": SENDER.1,
                "organ_add": "Số 1 đường Thử Nghiệm, tỉnh Ví Dụ",
            },
            "to": [{ "organ_id": RECEIVER.0, "organ_name": RECEIVER.1 }],
            "document_id": format!("{},{year:04}/{month:02}/{day:02},{number}/{}", SENDER.0, decision.sign),
            "code": { "code_number": number, "code_notation": decision.sign },
            "promulgation_info": {
                "place": decision.place,
                "promulgation_date": format!("{year:04}-{month:02}-{day:02}"),
            },
            "document_type": { "type_name": "Quyết định" },
            "subject": decision.title,
            "signer_info": {
                "position": decision.signer_office,
                "full_name": decision.signer_name,
            },
            "other_info": { "priority": 0, "page_amount": 1 },
            "steering_type": 0,
        },
        "attachments": [{
            "path": "quyet-dinh.signed.pdf",
            "name": format!("{number}-{}.pdf", "QD-UBND"),
            "content_type": "application/pdf",
            "description": decision.title,
        }],
    });
    format!("{description:#}\n")
}

/// Codes in the form of Decision 20/2020; no province has 99.
const SENDER: (&str, &str) = ("H99", "Ủy ban nhân dân tỉnh Ví Dụ");
const RECEIVER: (&str, &str) = ("H99.07", "Sở Thử nghiệm tỉnh Ví Dụ");
