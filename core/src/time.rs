//! [`Time`]: an instant in UTC, to the second, and its five spellings.
//!
//! UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5), RFC 3339, PDF dates (ISO 32000-2 §7.9.4) and
//! `xs:dateTime`. Nothing here reads a clock: the doors pass the time in.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// Seconds since 1970-01-01T00:00:00Z, with the offset it was written in kept for display.
///
/// Two times are equal when they are the same instant; the offset does not count.
///
/// ```
/// let a: kyso::Time = "2026-02-04T16:29:58+07:00".parse()?;
/// let b: kyso::Time = "2026-02-04T09:29:58Z".parse()?;
/// assert_eq!(a, b);
/// assert_eq!(a.to_string(), "2026-02-04T16:29:58+07:00");
/// assert_eq!(a.utc().to_string(), "2026-02-04T09:29:58Z");
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Time {
    seconds: i64,
    offset_minutes: i16,
}

/// A date and a time of day as they stand in a document, without a zone.
struct Civil {
    year: i64,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Time {
    /// Viet Nam's offset, UTC+7, without summer time, in minutes.
    pub const VIET_NAM: i16 = 7 * 60;

    /// From seconds since 1970-01-01T00:00:00Z. Years 0 to 9999 are representable; beyond, the
    /// value is clamped.
    pub fn from_unix(seconds: i64) -> Self {
        Self {
            seconds: seconds.clamp(MIN_SECONDS, MAX_SECONDS),
            offset_minutes: 0,
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.seconds
    }

    /// The same instant, to be shown in UTC.
    #[must_use]
    pub fn utc(self) -> Self {
        Self {
            offset_minutes: 0,
            ..self
        }
    }

    /// The same instant, to be shown at this offset from UTC, in minutes.
    #[must_use]
    pub fn at_offset(self, minutes: i16) -> Self {
        let minutes = minutes.clamp(-14 * 60, 14 * 60);
        // RFC 5280's "no expiry", 9999-12-31T23:59:59Z, has no local year that can be written.
        let local = self.seconds + i64::from(minutes) * 60;
        let writable = (MIN_SECONDS..=MAX_SECONDS).contains(&local);
        Self {
            offset_minutes: if writable { minutes } else { 0 },
            ..self
        }
    }

    /// The offset it is shown at, in minutes east of UTC.
    pub fn offset_minutes(self) -> i16 {
        self.offset_minutes
    }

    /// ASN.1 UTCTime as RFC 5280 §4.1.2.5.1 reads it: `YYMMDDHHMMSSZ`, years 1950 to 2049. Seconds
    /// may be missing and a numeric offset may stand for `Z`, as older certificates have it.
    pub fn from_utc_time(text: &[u8]) -> Result<Self, Error> {
        let mut s = Scan(text);
        let year = s.digits(2)?;
        let year = if year >= 50 { 1900 + year } else { 2000 + year };
        s.clock_then_zone(year)
    }

    /// ASN.1 GeneralizedTime: `YYYYMMDDHHMMSS[.f]Z`. A fraction is dropped.
    pub fn from_generalized_time(text: &[u8]) -> Result<Self, Error> {
        let mut s = Scan(text);
        let year = s.digits(4)?;
        s.clock_then_zone(year)
    }

    /// A PDF date: `D:YYYYMMDDHHmmSSOHH'mm'`, every part after the year optional (ISO 32000-2
    /// §7.9.4). Without a zone it is taken as UTC.
    pub fn from_pdf_date(text: &[u8]) -> Result<Self, Error> {
        let mut s = Scan(text.strip_prefix(b"D:").unwrap_or(text));
        let mut c = Civil {
            year: s.digits(4)?,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
        };
        for part in [
            &mut c.month,
            &mut c.day,
            &mut c.hour,
            &mut c.minute,
            &mut c.second,
        ] {
            if !s.0.first().is_some_and(u8::is_ascii_digit) {
                break;
            }
            *part = s.two()?;
        }
        let offset = match s.take() {
            None | Some(b'Z' | b'z') => 0,
            Some(sign @ (b'+' | b'-')) => {
                let hours = i16::from(s.two()?);
                s.skip(b'\'');
                let minutes = if s.0.first().is_some_and(u8::is_ascii_digit) {
                    i16::from(s.two()?)
                } else {
                    0
                };
                signed(sign, hours * 60 + minutes)
            }
            Some(_) => return Err(bad("PDF date")),
        };
        c.at(offset)
    }

    /// A PDF date at this time's own offset: `D:20260204162958+07'00'`.
    pub fn to_pdf_date(self) -> String {
        let c = self.civil();
        let (sign, h, m) = self.offset_parts();
        let zone = if self.offset_minutes == 0 {
            "Z".to_owned()
        } else {
            format!("{sign}{h:02}'{m:02}'")
        };
        format!(
            "D:{:04}{:02}{:02}{:02}{:02}{:02}{zone}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    /// The date of this time at its own offset, as year, month and day.
    pub fn date(self) -> (i64, u8, u8) {
        let c = self.civil();
        (c.year, c.month, c.day)
    }

    /// From a date and a time of day at an offset from UTC in minutes. Fails on a date that the
    /// calendar does not have (2014-02-30 is not 2 March).
    pub fn from_parts(
        date: (i64, u8, u8),
        clock: (u8, u8, u8),
        offset_minutes: i16,
    ) -> Result<Self, Error> {
        Civil {
            year: date.0,
            month: date.1,
            day: date.2,
            hour: clock.0,
            minute: clock.1,
            second: clock.2,
        }
        .at(offset_minutes)
    }

    /// Hour, minute and second at its own offset.
    pub fn clock(self) -> (u8, u8, u8) {
        let c = self.civil();
        (c.hour, c.minute, c.second)
    }

    fn civil(self) -> Civil {
        let local = self.seconds + i64::from(self.offset_minutes) * 60;
        let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        let part = |v: i64| u8::try_from(v).unwrap_or(0);
        Civil {
            year,
            month,
            day,
            hour: part(rest / 3_600),
            minute: part(rest / 60 % 60),
            second: part(rest % 60),
        }
    }

    fn offset_parts(self) -> (char, u16, u16) {
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let minutes = self.offset_minutes.unsigned_abs();
        (sign, minutes / 60, minutes % 60)
    }
}

impl FromStr for Time {
    type Err = Error;

    /// RFC 3339 or `xs:dateTime`: `2026-02-04T16:29:58+07:00`. A fraction of a second is dropped;
    /// a missing zone (allowed by `xs:dateTime`) is an error, because the instant is not known.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut s = Scan(text.as_bytes());
        let year = s.digits(4)?;
        s.expect(b'-')?;
        let month = s.two()?;
        s.expect(b'-')?;
        let day = s.two()?;
        match s.take() {
            Some(b'T' | b't' | b' ') => {}
            _ => return Err(bad("RFC 3339 time")),
        }
        let hour = s.two()?;
        s.expect(b':')?;
        let minute = s.two()?;
        s.expect(b':')?;
        let second = s.two()?;
        s.fraction();
        let offset = match s.take() {
            Some(b'Z' | b'z') => 0,
            Some(sign @ (b'+' | b'-')) => {
                let hours = i16::from(s.two()?);
                s.expect(b':')?;
                signed(sign, hours * 60 + i16::from(s.two()?))
            }
            _ => return Err(bad("RFC 3339 time without a zone")),
        };
        s.end()?;
        Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }
        .at(offset)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )?;
        if self.offset_minutes == 0 {
            return f.write_str("Z");
        }
        let (sign, h, m) = self.offset_parts();
        write!(f, "{sign}{h:02}:{m:02}")
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.seconds.cmp(&other.seconds)
    }
}

impl std::hash::Hash for Time {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.seconds.hash(state);
    }
}

impl Civil {
    fn at(&self, offset_minutes: i16) -> Result<Time, Error> {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = *self;
        // A leap second (60) is read as the second before it; no signer's clock means more by it.
        let in_range = (0..=9_999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60
            && offset_minutes.abs() <= 14 * 60;
        if !in_range {
            return Err(bad("time out of range"));
        }
        let clock = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second.min(59));
        let seconds = days_of(year, month, day) * 86_400 + clock - i64::from(offset_minutes) * 60;
        Ok(Time {
            seconds,
            offset_minutes,
        })
    }
}

/// A cursor over the octets of one time.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn skip(&mut self, byte: u8) {
        if self.0.first() == Some(&byte) {
            self.0 = &self.0[1..];
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        match self.take() {
            Some(b) if b == byte => Ok(()),
            _ => Err(bad("time")),
        }
    }

    fn digits(&mut self, count: usize) -> Result<i64, Error> {
        let mut value = 0;
        for _ in 0..count {
            match self.take() {
                Some(b @ b'0'..=b'9') => value = value * 10 + i64::from(b - b'0'),
                _ => return Err(bad("time")),
            }
        }
        Ok(value)
    }

    fn two(&mut self) -> Result<u8, Error> {
        Ok(u8::try_from(self.digits(2)?).unwrap_or(u8::MAX))
    }

    fn fraction(&mut self) {
        if let [b'.' | b',', rest @ ..] = self.0 {
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            self.0 = &rest[digits..];
        }
    }

    fn end(&self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(bad("time with something behind it"))
        }
    }

    /// Month to second, then `Z` or a numeric zone: what both ASN.1 times have after the year.
    fn clock_then_zone(&mut self, year: i64) -> Result<Time, Error> {
        let (month, day, hour, minute) = (self.two()?, self.two()?, self.two()?, self.two()?);
        let second = if self.0.first().is_some_and(u8::is_ascii_digit) {
            self.two()?
        } else {
            0
        };
        self.fraction();
        let offset = match self.take() {
            Some(b'Z') => 0,
            Some(sign @ (b'+' | b'-')) => {
                let hours = i16::from(self.two()?);
                signed(sign, hours * 60 + i16::from(self.two()?))
            }
            _ => return Err(bad("ASN.1 time without a zone")),
        };
        self.end()?;
        Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }
        .at(offset)
    }
}

fn signed(sign: u8, minutes: i16) -> i16 {
    if sign == b'-' { -minutes } else { minutes }
}

fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::Malformed, what)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
fn days_of(year: i64, month: u8, day: u8) -> i64 {
    let (m, d) = (i64::from(month), i64::from(day));
    let y = if m <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date of a day counted from 1970-01-01: the inverse of [`days_of`].
fn date_of(days: i64) -> (i64, u8, u8) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let part = |v: i64| u8::try_from(v).unwrap_or(1);
    (year, part(month), part(day))
}

/// 0000-01-01T00:00:00Z.
const MIN_SECONDS: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z.
const MAX_SECONDS: i64 = 253_402_300_799;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn t(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn the_five_spellings_of_one_instant_are_equal() {
        let expected = t("2026-02-04T09:29:58Z");
        assert_eq!(Time::from_utc_time(b"260204092958Z").unwrap(), expected);
        assert_eq!(
            Time::from_generalized_time(b"20260204092958.5Z").unwrap(),
            expected
        );
        assert_eq!(
            Time::from_pdf_date(b"D:20260204162958+07'00'").unwrap(),
            expected
        );
        assert_eq!(t("2026-02-04T16:29:58.25+07:00"), expected);
        assert_eq!(expected.unix(), 1_770_197_398);
    }

    #[test]
    fn a_pdf_date_is_written_and_read_back_at_its_own_offset() {
        let time = t("2022-08-25T17:04:09+07:00");
        assert_eq!(time.to_pdf_date(), "D:20220825170409+07'00'");
        assert_eq!(
            Time::from_pdf_date(time.to_pdf_date().as_bytes()).unwrap(),
            time
        );
        assert_eq!(time.utc().to_pdf_date(), "D:20220825100409Z");
        assert_eq!(
            Time::from_pdf_date(b"D:2016").unwrap(),
            t("2016-01-01T00:00:00Z")
        );
    }

    #[test]
    fn a_date_that_the_calendar_does_not_have_is_refused() {
        assert!("2014-02-30T00:00:00Z".parse::<Time>().is_err());
        assert!("2100-02-29T00:00:00Z".parse::<Time>().is_err());
        assert!("2024-02-29T24:00:00Z".parse::<Time>().is_err());
        assert!("2024-02-29T00:00:00".parse::<Time>().is_err());
        assert!(Time::from_utc_time(b"2602").is_err());
        assert!(Time::from_pdf_date(b"D:20261399").is_err());
    }

    #[test]
    fn the_end_of_time_is_shown_in_utc_where_no_local_year_can_be_written() {
        let end = Time::from_generalized_time(b"99991231235959Z").unwrap();
        let shown = end.at_offset(Time::VIET_NAM).to_string();
        assert_eq!(shown, "9999-12-31T23:59:59Z");
    }

    #[test]
    fn every_day_of_four_centuries_comes_back_as_itself() {
        for days in -146_097..146_097 {
            let (y, m, d) = date_of(days);
            assert_eq!(days_of(y, m, d), days);
        }
    }
}
