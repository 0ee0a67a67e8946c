//! The single values of an envelope: texts, codes, integers, dates, times; each read, written and put
//! into JSON and out of it.

use serde_json::Value;

use crate::edxml::date::{self, DateText, Form, TimeText};
use crate::edxml::record::{Item, Reading, is_organ_code, write_text, wrong};
use crate::edxml::rules::Weight;
use crate::error::Error;
use crate::xml::{ElementId, Writer};

impl Item for String {
    fn read(reading: &mut Reading<'_>, element: ElementId, rule: &'static str) -> Option<Self> {
        let text = reading.leaf(element);
        let is_code = matches!(rule, "I1" | "I3");
        let padded = is_code && text.len() != reading.index.text(element).len();
        if is_code && !text.is_empty() && (padded || !is_organ_code(&text)) {
            let raw = reading.index.text(element);
            reading.findings.add(rule, element, &raw);
        }
        if rule.is_empty() && !text.is_ascii() {
            reading.look_at(element, &text);
        }
        (!text.is_empty()).then_some(text)
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.clone()))
    }

    fn from_json(value: &Value, at: &str) -> Result<Option<Self>, Error> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return Err(wrong(at, "a text is expected here")),
        };
        Ok((!text.is_empty()).then_some(text))
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        write_text(writer, element, self)
    }
}

impl Item for i64 {
    fn read(reading: &mut Reading<'_>, element: ElementId, rule: &'static str) -> Option<Self> {
        let text = reading.leaf(element);
        if text.is_empty() {
            // The SDK throws on an empty SteeringType; anywhere else empty is absent.
            if rule == "C1" {
                reading.findings.add(rule, element, "");
            }
            return None;
        }
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let is_integer = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let value: Option<Self> = text.parse().ok().filter(|_| is_integer);
        let allowed = match (rule, value) {
            (_, None) => false,
            ("C1", Some(value)) => (0..=3).contains(&value),
            ("C2", Some(value)) => (0..=4).contains(&value),
            ("C4", Some(value)) => (0..=3).contains(&value) && text.len() == 1,
            ("C5", Some(value)) => (0..=1).contains(&value) && text.len() == 1,
            // Numbers of copies and pages; a class or kind has no such bound.
            ("C3", Some(value)) if reading.index.local_name(element).ends_with("Amount") => {
                value >= 0
            }
            _ => true,
        };
        if !allowed {
            reading.findings.add(rule, element, &text);
        } else if (rule, value) == ("C1", Some(3)) {
            // One integrator's list is shifted by one; told in both modes, refused in none.
            reading
                .findings
                .push(rule, element, "", &text, Weight::Light);
        }
        value
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::from(*self))
    }

    fn from_json(value: &Value, at: &str) -> Result<Option<Self>, Error> {
        let number = match value {
            Value::Null => return Ok(None),
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(wrong(at, "an integer is expected here")),
        }
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        write_text(writer, element, &self.to_string())
    }
}

impl Item for bool {
    fn read(reading: &mut Reading<'_>, element: ElementId, rule: &'static str) -> Option<Self> {
        let text = reading.leaf(element);
        match &*text {
            "" => None,
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => {
                reading.findings.add(rule, element, &text);
                None
            }
        }
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::Bool(*self))
    }

    fn from_json(value: &Value, at: &str) -> Result<Option<Self>, Error> {
        match value {
            Value::Null => Ok(None),
            Value::Bool(value) => Ok(Some(*value)),
            _ => Err(wrong(at, "true or false is expected here")),
        }
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        write_text(writer, element, if *self { "true" } else { "false" })
    }
}

impl Item for DateText {
    fn read(reading: &mut Reading<'_>, element: ElementId, _: &'static str) -> Option<Self> {
        let text = reading.leaf(element);
        if text.is_empty() {
            return None;
        }
        let (value, form) = date::read_date(&text);
        match form {
            Form::Exact => {}
            Form::Other => reading.findings.add("D1", element, &text),
            Form::Impossible => reading.findings.add("D2", element, &text),
        }
        Some(value)
    }

    fn to_json(&self) -> Option<Value> {
        self.date().map(|date| Value::String(date.to_string()))
    }

    fn from_json(value: &Value, at: &str) -> Result<Option<Self>, Error> {
        let Some(text) = String::from_json(value, at)? else {
            return Ok(None);
        };
        match date::read_date(&text) {
            (DateText::Date(date), _) => Ok(Some(Self::Date(date))),
            _ => Err(wrong(at, "a date such as 2025-11-03 is expected here")),
        }
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        match self {
            Self::Date(date) => write_text(writer, element, &date.slashed()),
            Self::Raw(text) => write_text(writer, element, text),
        }
    }
}

impl Item for TimeText {
    fn read(reading: &mut Reading<'_>, element: ElementId, rule: &'static str) -> Option<Self> {
        let text = reading.leaf(element);
        if text.is_empty() {
            return None;
        }
        let (value, form) = date::read_time(&text);
        if form != Form::Exact {
            reading.findings.add(rule, element, &text);
        }
        Some(value)
    }

    fn to_json(&self) -> Option<Value> {
        self.time().map(|time| Value::String(time.to_string()))
    }

    fn from_json(value: &Value, at: &str) -> Result<Option<Self>, Error> {
        let Some(text) = String::from_json(value, at)? else {
            return Ok(None);
        };
        match date::read_time(&text) {
            (TimeText::Time(time), _) => Ok(Some(Self::Time(time))),
            _ => Err(wrong(
                at,
                "a time such as 2025-11-03T14:05:00+07:00 is expected here",
            )),
        }
    }

    fn write(&self, writer: &mut Writer, element: &'static str) -> Result<(), Error> {
        match self {
            Self::Time(time) => write_text(writer, element, &date::write_time(*time)),
            Self::Raw(text) => write_text(writer, element, text),
        }
    }
}
