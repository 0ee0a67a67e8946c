//! `kyso_report`: what was found. The common answers have functions; everything else is the JSON.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use kyso::bundle::Difference;
use kyso::report::json_line;
use kyso::{Bundle, Lang, Report};

use crate::border::{Caller, Handle, c_string};
use crate::status::{KYSO_INDICATION_NONE, indication, kyso_indication, kyso_lang, lang};

/// What was found in one file. Any number of threads may read one report at the same time.
#[allow(non_camel_case_types)]
pub struct kyso_report(());

impl Handle for kyso_report {
    type Value = Answered;
    const TAG: u64 = u64::from_be_bytes(*b"ky1repor");
    const NAME: &'static str = "kyso_report";
}

/// A report, with its texts as C wants them.
pub(crate) struct Answered {
    report: Report,
    error_code: Option<CString>,
    signatures: Vec<Texts>,
    json: [OnceLock<CString>; 2],
    text: [OnceLock<CString>; 2],
    evidence: Option<Bundle>,
    differences: Option<[CString; 2]>,
}

struct Texts {
    sub_indication: Option<CString>,
    signer: Option<CString>,
}

impl Answered {
    pub(crate) fn new(report: Report) -> Self {
        let signatures = report
            .signatures()
            .iter()
            .map(|signature| Texts {
                sub_indication: signature.sub_indication().map(|sub| c_string(sub.as_str())),
                signer: signature
                    .signer()
                    .map(|signer| c_string(signer.common_name.as_str())),
            })
            .collect();
        Self {
            error_code: report.error().map(|error| c_string(error.code)),
            signatures,
            report,
            json: [const { OnceLock::new() }; 2],
            text: [const { OnceLock::new() }; 2],
            evidence: None,
            differences: None,
        }
    }

    /// With what the verdict rested on.
    pub(crate) fn with_evidence(self, bundle: Bundle) -> Self {
        Self {
            evidence: Some(bundle),
            ..self
        }
    }

    /// With in what it differs from a verdict that was kept.
    pub(crate) fn compared(self, differences: &[Difference]) -> Self {
        let told = [Lang::En, Lang::Vi].map(|lang| {
            let all: Vec<serde_json::Value> = differences
                .iter()
                .map(|each| {
                    serde_json::json!({ "code": each.code(), "message": each.message(lang) })
                })
                .collect();
            c_string(json_line(&serde_json::Value::Array(all)))
        });
        Self {
            differences: Some(told),
            ..self
        }
    }
}

/// The gravest indication of everything in the file; `KYSO_INDICATION_NONE` when it carries no
/// signature, and for NULL. Only `KYSO_TOTAL_PASSED` is good.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_indication(report: *const kyso_report) -> kyso_indication {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(KYSO_INDICATION_NONE, || {
        Ok(indication(caller.shared(report)?.report.indication()))
    })
}

/// The exit status that the command line gives for this file: 0 every signature passed, 1 at least
/// one failed, 2 at least one is indeterminate or there is none, 65 the input is no document; 70
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_exit(report: *const kyso_report) -> i32 {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(EXIT_INTERNAL, || {
        Ok(i32::from(caller.shared(report)?.report.exit()))
    })
}

/// Why the file could not be read as its kind, as a code such as `input.malformed`; NULL where it
/// could.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_error_code(report: *const kyso_report) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let answered = caller.shared(report)?;
        Ok(answered
            .error_code
            .as_ref()
            .map_or(ptr::null(), |code| code.as_ptr()))
    })
}

/// How many signatures the file itself carries; those inside the attachments of an envelope are in
/// the JSON. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_signature_count(report: *const kyso_report) -> usize {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(0, || Ok(caller.shared(report)?.report.signatures().len()))
}

/// The indication of one signature, counted from 0; `KYSO_INDICATION_NONE` where there is none of
/// that number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_signature_indication(
    report: *const kyso_report,
    index: usize,
) -> kyso_indication {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(KYSO_INDICATION_NONE, || {
        let answered = caller.shared(report)?;
        let signature = answered.report.signatures().get(index);
        Ok(indication(
            signature.map(|signature| signature.indication()),
        ))
    })
}

/// The sub-indication of one signature, such as `HASH_FAILURE`; NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_signature_sub_indication(
    report: *const kyso_report,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let answered = caller.shared(report)?;
        let text = answered
            .signatures
            .get(index)
            .and_then(|texts| texts.sub_indication.as_ref());
        Ok(text.map_or(ptr::null(), |text| text.as_ptr()))
    })
}

/// Who signed: the common name in the signer's certificate, as it stands there (it is data: escape
/// it before you show it). NULL where the certificate cannot be identified. That a name is here
/// says nothing about whether the signature holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_signature_signer(
    report: *const kyso_report,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let answered = caller.shared(report)?;
        let text = answered
            .signatures
            .get(index)
            .and_then(|texts| texts.signer.as_ref());
        Ok(text.map_or(ptr::null(), |text| text.as_ptr()))
    })
}

/// The whole report as one line of JSON (`kyso-report/1`), with messages in a language. NULL for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_json(
    report: *const kyso_report,
    language: kyso_lang,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let answered = caller.shared(report)?;
        let language = lang(language);
        let text = of_language(&answered.json, language)
            .get_or_init(|| c_string(answered.report.to_json(language)));
        Ok(text.as_ptr())
    })
}

/// The report as text for a person; nothing in it can steer a terminal. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_text(
    report: *const kyso_report,
    language: kyso_lang,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let answered = caller.shared(report)?;
        let language = lang(language);
        let text = of_language(&answered.text, language)
            .get_or_init(|| c_string(answered.report.to_text(language)));
        Ok(text.as_ptr())
    })
}

/// The evidence bundle (kyso-evidence/1) of a report of `kyso_verifier_verify_and_keep`: octets to be
/// kept as they are, owned by the report; their number is written to `len`, which may not be NULL.
/// NULL and 0 for any other report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_evidence(
    report: *const kyso_report,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let len = caller.out("len", len)?;
        let octets = caller.shared(report).ok().and_then(|answered| {
            let octets = answered.evidence.as_ref()?.as_bytes();
            Some((octets.as_ptr(), octets.len()))
        });
        let (start, count) = octets.unwrap_or((ptr::null(), 0));
        len.set(count);
        Ok(start)
    })
}

/// In what a report of `kyso_verifier_reprove` differs from the one that was kept: a JSON array of
/// objects with `code` and `message`; `[]` where it is the same. NULL for any other report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_differences(
    report: *const kyso_report,
    language: kyso_lang,
) -> *const c_char {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.answer(ptr::null(), || {
        let answered = caller.shared(report)?;
        let Some([en, vi]) = &answered.differences else {
            return Ok(ptr::null());
        };
        Ok(match lang(language) {
            Lang::Vi => vi.as_ptr(),
            _ => en.as_ptr(),
        })
    })
}

/// Ends a report. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_report_free(report: *mut kyso_report) {
    // SAFETY: the caller keeps the rules of kyso.h.
    let caller = unsafe { Caller::promises() };
    caller.free(report);
}

fn of_language(texts: &[OnceLock<CString>; 2], language: Lang) -> &OnceLock<CString> {
    let [en, vi] = texts;
    match language {
        Lang::Vi => vi,
        _ => en,
    }
}

const EXIT_INTERNAL: i32 = 70;
