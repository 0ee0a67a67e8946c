//! Dates and times as envelopes write them: [`Date`], [`DateText`], [`TimeText`].
//!
//! `yyyy/MM/dd` and `yyyy/MM/dd HH:mm:ss`, the latter without a zone and read as the time of
//! Viet Nam. Other spellings seen in the field are understood and told (rules D1 and D3); a date
//! that the calendar does not have is never turned into another one (D2).

use std::fmt;

use crate::error::{Error, ErrorKind};
use crate::time::Time;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Date {
    /// The year, 0 to 9999.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

/// A date of an envelope: its value, or the text that is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateText {
    /// A day.
    Date(Date),
    /// What stands there instead.
    Raw(String),
}

/// A time of an envelope: its value, or the text that is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeText {
    /// An instant, shown at UTC+7.
    Time(Time),
    /// What stands there instead.
    Raw(String),
}

impl Date {
    /// A day, or an error where the calendar does not have it.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, Error> {
        let date = (i64::from(year), month, day);
        Time::from_parts(date, (0, 0, 0), 0)
            .map(|_| Self { year, month, day })
            .map_err(|_| {
                Error::new(
                    ErrorKind::Malformed,
                    "a date that the calendar does not have",
                )
            })
    }

    /// As envelopes write it: `2025/11/03`.
    pub fn slashed(self) -> String {
        format!("{:04}/{:02}/{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for Date {
    /// As ISO 8601 writes it: `2025-11-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl DateText {
    /// The day, where there is one.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Raw(_) => None,
        }
    }
}

impl TimeText {
    /// The instant, where there is one.
    pub fn time(&self) -> Option<Time> {
        match self {
            Self::Time(time) => Some(*time),
            Self::Raw(_) => None,
        }
    }
}

/// How well a text kept to the form that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Exact,
    Other,
    /// Understood, but the calendar does not have it.
    Impossible,
}

/// The day that a text means.
pub(super) fn read_date(text: &str) -> (DateText, Form) {
    let raw = || DateText::Raw(text.to_owned());
    // A time of day behind the date is left aside: `2025/11/03 00:00:00`.
    let (day, behind) = match text.split_once([' ', 'T']) {
        Some((day, behind)) => (day, Some(behind)),
        None => (text, None),
    };
    let Some((date, exact)) = day_of(day) else {
        return (raw(), Form::Other);
    };
    if behind.is_some_and(|behind| clock_of(behind).is_none()) {
        return (raw(), Form::Other);
    }
    match date {
        Some(date) if exact && behind.is_none() => (DateText::Date(date), Form::Exact),
        Some(date) => (DateText::Date(date), Form::Other),
        None => (raw(), Form::Impossible),
    }
}

/// The instant that a text means; without a zone, at UTC+7.
pub(super) fn read_time(text: &str) -> (TimeText, Form) {
    if let Ok(time) = text.parse::<Time>() {
        return (TimeText::Time(time.at_offset(Time::VIET_NAM)), Form::Other);
    }
    let raw = || TimeText::Raw(text.to_owned());
    let Some((day, clock)) = text.split_once([' ', 'T']) else {
        return (raw(), Form::Other);
    };
    let (Some((Some(date), exact_day)), Some((clock, exact_clock))) =
        (day_of(day), clock_of(clock))
    else {
        return (raw(), Form::Other);
    };
    let exact = exact_day && exact_clock && text.get(10..11) == Some(" ");
    let date = (i64::from(date.year), date.month, date.day);
    match Time::from_parts(date, clock, Time::VIET_NAM) {
        Ok(time) if exact && clock.2 < 60 => (TimeText::Time(time), Form::Exact),
        Ok(time) => (TimeText::Time(time), Form::Other),
        Err(_) => (raw(), Form::Impossible),
    }
}

/// A time as envelopes write it: `2025/11/03 14:05:00`, at UTC+7.
pub(super) fn write_time(time: Time) -> String {
    let local = time.at_offset(Time::VIET_NAM);
    let ((year, month, day), (hour, minute, second)) = (local.date(), local.clock());
    format!("{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// The day (none where the calendar lacks it) and whether it is written `yyyy/MM/dd`.
fn day_of(text: &str) -> Option<(Option<Date>, bool)> {
    let (mark, parts): (char, Vec<&str>) = if text.contains('/') {
        ('/', text.split('/').collect())
    } else {
        ('-', text.split('-').collect())
    };
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let (year, month, day) = if a.len() == 4 {
        (a, b, c)
    } else if c.len() == 4 {
        (c, b, a)
    } else {
        return None;
    };
    let is_number = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let exact = mark == '/' && a.len() == 4 && b.len() == 2 && c.len() == 2;
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    Some((Date::new(year, month, day).ok(), exact))
}

/// Hour, minute and second, and whether they are written `HH:mm:ss`.
fn clock_of(text: &str) -> Option<((u8, u8, u8), bool)> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut parts = whole.split(':').map(|part| {
        let digits = matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u8>().ok()).flatten()
    });
    let clock = (
        parts.next()??,
        parts.next()??,
        parts.next().unwrap_or(Some(0))?,
    );
    (parts.next().is_none()).then_some((clock, text.len() == 8 && whole.len() == 8))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_the_field_are_understood_and_only_one_is_exact() {
        let day = DateText::Date(Date::new(2024, 3, 5).unwrap());
        assert_eq!(read_date("2024/03/05"), (day.clone(), Form::Exact));
        for text in [
            "2024-03-05",
            "2024/3/5",
            "05/03/2024",
            "2024/03/05 00:00:00",
            "2024-03-05T01:02:03",
        ] {
            assert_eq!(read_date(text), (day.clone(), Form::Other), "{text}");
        }
        for text in [
            "",
            "2024",
            "5/3/24",
            "2024/03/05 x",
            "a/b/c",
            "+024/03/05",
            "2024/03/05/06",
        ] {
            assert!(
                matches!(read_date(text), (DateText::Raw(_), Form::Other)),
                "{text}"
            );
        }
        assert!(matches!(
            read_date("2014/02/30"),
            (DateText::Raw(_), Form::Impossible)
        ));
    }

    #[test]
    fn a_time_without_a_zone_is_that_of_viet_nam() {
        let (time, form) = read_time("2025/11/03 14:05:00");
        let time = time.time().unwrap();
        assert_eq!(
            (time.to_string().as_str(), form),
            ("2025-11-03T14:05:00+07:00", Form::Exact)
        );
        assert_eq!(write_time(time.utc()), "2025/11/03 14:05:00");
        for text in [
            "03/11/2025 14:05:00",
            "2025-11-03T07:05:00Z",
            "2025-11-03T14:05:00",
            "2025/11/3 14:5",
        ] {
            let (other, form) = read_time(text);
            assert_eq!((other.time(), form), (Some(time), Form::Other), "{text}");
        }
        assert!(read_time("2025/11/03").0.time().is_none());
        assert!(read_time("2025/11/03 25:00:00").0.time().is_none());
    }
}
