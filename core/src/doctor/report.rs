//! Symptoms from a report: weak algorithms, certificates near their end, evidence that is missing.

use crate::doctor::{Severity, Symptom};
use crate::error::Place;
use crate::message::Lang;
use crate::report::{Kind, Report, SignatureReport};
use crate::verdict::{Indication, Reason};

/// Adds what a report says that matters for the file's future.
pub(super) fn look(report: &Report, part: Option<&str>, symptoms: &mut Vec<Symptom>) {
    if let Some(error) = report.error() {
        symptoms.push(Symptom {
            code: "document.unreadable",
            severity: Severity::Grave,
            place: part.map(|part| Place::Part(part.to_owned())),
            detail: String::new(),
            said: [error.message_vi.clone(), error.message_en.clone()],
            advice: [String::new(), String::new()],
        });
        return;
    }
    for finding in report.findings() {
        // What a look at the file itself says is not said twice.
        if report.kind() == Kind::Pdf && part.is_none() && SAID_ELSEWHERE.contains(&finding.code) {
            continue;
        }
        symptoms.push(Symptom {
            code: finding.code,
            severity: Severity::Note,
            place: finding.place.clone(),
            detail: String::new(),
            said: [
                finding.message(Lang::Vi).to_owned(),
                finding.message(Lang::En).to_owned(),
            ],
            advice: [String::new(), String::new()],
        });
    }
    for signature in report.signatures() {
        one(signature, report, part, false, symptoms);
    }
    for stamp in report.document_timestamps() {
        one(stamp, report, part, true, symptoms);
    }
}

fn one(
    signature: &SignatureReport,
    report: &Report,
    part: Option<&str>,
    is_stamp: bool,
    symptoms: &mut Vec<Symptom>,
) {
    let name = match part {
        Some(part) => format!("{part}: {}", signature.id()),
        None => signature.id().to_owned(),
    };
    let place = || Some(Place::Part(name.clone()));
    for reason in signature.reasons() {
        let lowers = reason.indication();
        // Trust and status are the verifier's business; what is broken, weak or odd is ours.
        let ours = [
            "algorithm.",
            "integrity.",
            "pdf.",
            "cms.",
            "content.",
            "changes.",
            "policy.",
            "limit.",
        ]
        .iter()
        .any(|group| reason.code().starts_with(group));
        if !ours || matches!(reason, Reason::ContentNotJudged) {
            continue;
        }
        symptoms.push(Symptom {
            code: reason.code(),
            severity: match lowers {
                None => Severity::Note,
                Some(Indication::TotalFailed) => Severity::Grave,
                Some(_) => Severity::Warning,
            },
            place: place(),
            detail: String::new(),
            said: [reason.message(Lang::Vi), reason.message(Lang::En)],
            advice: [reason.advice(Lang::Vi), reason.advice(Lang::En)],
        });
    }
    let mut say = |code, severity, detail| {
        symptoms.push(Symptom::new(code, severity, place(), detail));
    };
    let at = report.validation().at;
    if let Some(signer) = signature.signer() {
        let left = signer.not_after.unix().saturating_sub(at.unix());
        let date = crate::message::vn(signer.not_after);
        if left < 0 {
            say("certificate.ended", Severity::Warning, date);
        } else if left < SOON {
            say("certificate.ends_soon", Severity::Warning, date);
        }
    }
    if is_stamp {
        return;
    }
    if signature.signing_time().proven.is_none() {
        // A token that is there and does not pass lacks something else than a token.
        let code = match signature.timestamps().is_empty() {
            true => "evidence.no_time_stamp",
            false => "evidence.time_stamp_not_proven",
        };
        say(code, Severity::Warning, String::new());
    }
    let long_term = ["-LT", "-LTA"]
        .iter()
        .any(|level| signature.format().ends_with(level));
    if !long_term {
        say(
            "evidence.no_status_stored",
            Severity::Note,
            signature.format().to_owned(),
        );
    }
}

/// A certificate that ends within so many seconds ends soon: ninety days.
const SOON: i64 = 90 * 86_400;
/// Codes of findings that the look at the file itself has, with its own advice.
const SAID_ELSEWHERE: [&str; 15] = [
    "pdf.repair_differs",
    "pdf.encrypted",
    "pdf.encrypted_locked",
    "pdf.encrypted_wrong_password",
    "pdf.xref_misplaced",
    "pdf.xref_entry_width",
    "pdf.xref_first_number",
    "pdf.xref_entry_count",
    "pdf.prev_real",
    "pdf.size",
    "pdf.stream_length",
    "pdf.stream_line_end",
    "pdf.endobj_missing",
    "pdf.object_missing",
    "pdf.object_beyond_revision",
];
