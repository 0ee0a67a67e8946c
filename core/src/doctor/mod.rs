//! What is odd about a file and what it will suffer from: [`Verifier::doctor`].
//!
//! A diagnosis, never a verdict: it looks at more than a signature needs (fonts, text, the end of
//! certificates) and judges nothing. What each signature is worth is said by [`Verifier::verify`].

mod fonts;
mod pdf;
mod report;
mod words;

use serde_json::{Value, json};

use crate::crypto::{hex, sha256};
use crate::error::{Error, ErrorKind, Place};
use crate::message::{Lang, visible};
use crate::report::{Kind, Report, json_line};
use crate::time::Time;
use crate::verify::{Verifier, kind};

/// How much a symptom matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Somebody, some reader or some later day will have trouble with it.
    Warning,
    /// It stands against the file now: a verifier refuses it, or readers see different documents.
    Grave,
}

impl Severity {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Grave => "grave",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symptom {
    /// Stable code, such as `font.not_embedded`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where, as far as that can be said.
    pub place: Option<Place>,
    /// What: a name, a number; text of the file, not escaped.
    pub detail: String,
    said: [String; 2],
    advice: [String; 2],
}

impl Symptom {
    /// A symptom in the words that its code has.
    fn new(code: &'static str, severity: Severity, place: Option<Place>, detail: String) -> Self {
        let [vi, en, advice_vi, advice_en] = words::of(code);
        Self {
            code,
            severity,
            place,
            detail,
            said: [vi.to_owned(), en.to_owned()],
            advice: [advice_vi.to_owned(), advice_en.to_owned()],
        }
    }

    /// One sentence for a person.
    pub fn message(&self, lang: Lang) -> String {
        let [vi, en] = &self.said;
        let text = lang.pick(vi.as_str(), en.as_str());
        if self.detail.is_empty() {
            text.to_owned()
        } else {
            format!("{text}: {}", self.detail)
        }
    }

    /// What to do about it; empty where nothing is to be done.
    pub fn advice(&self, lang: Lang) -> &str {
        let [vi, en] = &self.advice;
        lang.pick(vi, en)
    }
}

/// Everything that was found about one file, the gravest first.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    file: Option<String>,
    kind: Kind,
    sha256: [u8; 32],
    at: Time,
    symptoms: Vec<Symptom>,
}

impl Diagnosis {
    /// Names the file, for the answer alone.
    #[must_use]
    pub fn named(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// What was found, the gravest first.
    pub fn symptoms(&self) -> &[Symptom] {
        &self.symptoms
    }

    /// The gravest; `None` for a file without any symptom.
    pub fn severity(&self) -> Option<Severity> {
        self.symptoms.iter().map(|symptom| symptom.severity).max()
    }

    /// The exit status of the command line: 0 nothing but notes, 2 warnings, 1 something grave.
    pub fn exit(&self) -> u8 {
        match self.severity() {
            None | Some(Severity::Note) => 0,
            Some(Severity::Warning) => 2,
            Some(Severity::Grave) => 1,
        }
    }

    /// One line of JSON, `kyso-doctor/1`.
    pub fn to_json(&self, lang: Lang) -> String {
        let symptoms: Vec<Value> = self
            .symptoms
            .iter()
            .map(|symptom| {
                json!({
                    "code": symptom.code,
                    "severity": symptom.severity.as_str(),
                    "place": symptom.place.as_ref().map(ToString::to_string),
                    "message": symptom.message(lang),
                    "advice": symptom.advice(lang),
                })
            })
            .collect();
        json_line(&json!({
            "schema": "kyso-doctor/1",
            "file": self.file,
            "kind": self.kind.as_str(),
            "sha256": hex(&self.sha256),
            "at": self.at.to_string(),
            "severity": self.severity().map(Severity::as_str),
            "symptoms": symptoms,
        }))
    }

    /// Text for a person.
    pub fn to_text(&self, lang: Lang) -> String {
        let count = |severity| {
            let found = self
                .symptoms
                .iter()
                .filter(|found| found.severity == severity);
            found.count()
        };
        let (grave, warnings, notes) = (
            count(Severity::Grave),
            count(Severity::Warning),
            count(Severity::Note),
        );
        let mut out = match lang {
            Lang::Vi => {
                format!("{grave} điểm nghiêm trọng, {warnings} cảnh báo, {notes} điều cần biết")
            }
            Lang::En => format!("{grave} grave, {warnings} warnings, {notes} notes"),
        };
        if let Some(file) = &self.file {
            out = format!("{}: {out}", visible(file));
        }
        out.push('\n');
        for symptom in &self.symptoms {
            let word = match (symptom.severity, lang) {
                (Severity::Grave, Lang::Vi) => "NGHIÊM TRỌNG",
                (Severity::Grave, Lang::En) => "GRAVE",
                (Severity::Warning, Lang::Vi) => "CẢNH BÁO",
                (Severity::Warning, Lang::En) => "WARNING",
                (Severity::Note, Lang::Vi) => "GHI CHÚ",
                (Severity::Note, Lang::En) => "NOTE",
            };
            let place = symptom.place.as_ref().map(|place| format!(" ({place})"));
            let said = format!("{}{}", symptom.message(lang), place.unwrap_or_default());
            out.push_str(&format!("  {word} {}: {}\n", symptom.code, visible(&said)));
            let advice = symptom.advice(lang);
            if !advice.is_empty() {
                out.push_str(&format!("    → {}\n", visible(advice)));
            }
        }
        out
    }
}

impl Verifier {
    /// Looks a file over: its structure, encryption, fonts and text, what acts in it or hides, weak
    /// algorithms, certificates that end soon, evidence that is missing. Before signing it says what
    /// the signed file would suffer from, after signing what it does.
    ///
    /// [`ErrorKind::Malformed`] for a file that is no document at all.
    ///
    /// ```
    /// use kyso::{Time, Verifier};
    ///
    /// let diagnosis = Verifier::new(Time::from_unix(1_780_000_000)).doctor(b"%PDF-1.7 cut")?;
    /// assert_eq!(diagnosis.exit(), 1);
    /// println!("{}", diagnosis.to_text(kyso::Lang::Vi));
    /// # Ok::<(), kyso::Error>(())
    /// ```
    pub fn doctor(&self, bytes: &[u8]) -> Result<Diagnosis, Error> {
        let kind = kind(bytes);
        if kind == Kind::Unknown {
            return Err(Error::new(
                ErrorKind::Malformed,
                "neither PDF, XML, edXML nor CMS",
            ));
        }
        let report = self.verify(bytes);
        let mut symptoms = Vec::new();
        if kind == Kind::Pdf {
            pdf::look(bytes, self.ceilings(), self.secret(), &mut symptoms);
        }
        self.about(&report, None, &mut symptoms);
        symptoms.sort_by_key(|symptom: &Symptom| std::cmp::Reverse(symptom.severity));
        let mut seen = std::collections::HashSet::new();
        symptoms.retain(|symptom| {
            let place = symptom.place.as_ref().map(ToString::to_string);
            seen.insert((symptom.code, place, symptom.detail.clone()))
        });
        symptoms.truncate(MOST_SYMPTOMS);
        Ok(Diagnosis {
            file: None,
            kind,
            sha256: sha256(bytes),
            at: report.validation().at,
            symptoms,
        })
    }

    /// What a report says that matters here, its attachments' too.
    fn about(&self, found: &Report, part: Option<&str>, symptoms: &mut Vec<Symptom>) {
        report::look(found, part, symptoms);
        for attachment in found.attachments() {
            if let Some(inner) = &attachment.report {
                self.about(inner, Some(&attachment.name), symptoms);
            }
        }
    }
}

const MOST_SYMPTOMS: usize = 1_000;
