//! [`Directory`]: who holds which identifier code, and who held it at a date.
//!
//! The agency list of the axis, imported from JSON or CSV. An agency has a code in the form of 2016
//! and one of 2020; a code may have passed from one agency to another, so a question about a code
//! has a date. Nothing is built in: the list is the operator's.

use std::collections::HashMap;

use serde_json::Value;

use crate::edxml::Date;
use crate::edxml::date::read_date;
use crate::error::{Error, ErrorKind, Place};
use crate::text;

/// One agency, for the time that it held its codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agency {
    /// `code` of the axis' list.
    pub code: Option<String>,
    /// `code102` of the axis' list.
    pub code102: Option<String>,
    /// Name.
    pub name: String,
    /// The code of the agency above.
    pub parent: Option<String>,
    /// The first day on which it held its codes; open where the list does not say.
    pub valid_from: Option<Date>,
    /// The last day on which it held its codes; open where the list does not say.
    pub valid_until: Option<Date>,
}

/// Who held a code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held<'d> {
    /// No agency ever had this code.
    Unknown,
    /// It was nobody's on that day; who had it before or after.
    NotThen(Vec<&'d Agency>),
    /// One agency.
    By(&'d Agency),
    /// The list says that several had it on that day.
    BySeveral(Vec<&'d Agency>),
}

/// The agencies by their codes.
///
/// ```
/// use kyso::edxml::{Date, Directory, Held};
///
/// let list = r#"[
///   { "code": "000.00.00.G99", "code102": "G99", "name": "Bộ Cũ", "period": "2016-04-01/2025-02-28" },
///   { "code": "000.00.00.G99", "code102": "G99", "name": "Bộ Mới", "valid_from": "2025-03-01" }
/// ]"#;
/// let directory = Directory::read(list.as_bytes())?;
/// let name = |date| match directory.holder("G99", date) {
///     Held::By(agency) => agency.name.as_str(),
///     _ => "?",
/// };
/// assert_eq!(name(Date::new(2019, 5, 1)?), "Bộ Cũ");
/// assert_eq!(name(Date::new(2026, 5, 1)?), "Bộ Mới");
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Directory {
    agencies: Vec<Agency>,
    by_code: HashMap<String, Vec<usize>>,
}

impl Directory {
    /// Reads a list: JSON, an array or an object that holds one, or CSV with a line of names and
    /// `,`, `;` or a tab between them.
    ///
    /// Known members: `code`, `code102`, `name`, `parent`, `valid_from`, `valid_until`, `period`
    /// (`FROM/UNTIL`), and the axis' other spellings of them (`pcode`, `parentCode`, `organName`, …).
    /// Others are passed over.
    ///
    /// # Errors
    ///
    /// `Malformed` for what is no such list, or holds an entry without a code or with a date that is
    /// none; `TooLarge` beyond a million agencies.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| malformed("the agency list is not UTF-8", None).caused_by(e))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let agencies = if text.trim_start().starts_with(['[', '{']) {
            of_json(text)?
        } else {
            of_csv(text)?
        };
        Self::of(agencies)
    }

    /// A directory of these agencies.
    ///
    /// # Errors
    ///
    /// `TooLarge` beyond a million agencies.
    pub fn of(agencies: Vec<Agency>) -> Result<Self, Error> {
        if agencies.len() > AGENCIES {
            let detail = "an agency list of more than a million entries";
            return Err(Error::new(ErrorKind::TooLarge, detail));
        }
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::with_capacity(agencies.len());
        for (at, agency) in agencies.iter().enumerate() {
            for code in agency.codes() {
                let holders = by_code.entry(code.to_owned()).or_default();
                if holders.last() != Some(&at) {
                    holders.push(at);
                }
            }
        }
        Ok(Self { agencies, by_code })
    }

    /// Every agency, in the order of the list.
    pub fn agencies(&self) -> &[Agency] {
        &self.agencies
    }

    /// Everybody who ever had this code. Codes are compared as they stand: the form of 2016 and that
    /// of 2020 are equal only where the list says so.
    pub fn holders(&self, code: &str) -> impl Iterator<Item = &Agency> {
        let holders = self.by_code.get(code.trim());
        let places = holders.into_iter().flatten();
        places.filter_map(|at| self.agencies.get(*at))
    }

    /// Who held this code on that day.
    pub fn holder(&self, code: &str, on: Date) -> Held<'_> {
        let all: Vec<&Agency> = self.holders(code).collect();
        let then: Vec<&Agency> = all
            .iter()
            .copied()
            .filter(|agency| agency.is_valid(on))
            .collect();
        match (all.is_empty(), then.as_slice()) {
            (true, _) => Held::Unknown,
            (false, []) => Held::NotThen(all),
            (false, [one]) => Held::By(one),
            (false, _) => Held::BySeveral(then),
        }
    }

    /// The agency above, on that day.
    pub fn parent(&self, agency: &Agency, on: Date) -> Option<&Agency> {
        match self.holder(agency.parent.as_deref()?, on) {
            Held::By(parent) => Some(parent),
            _ => None,
        }
    }

    /// How many agencies there are.
    pub fn len(&self) -> usize {
        self.agencies.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.agencies.is_empty()
    }
}

impl Agency {
    /// Its codes, each once.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let code = self.code.as_deref();
        let other = self.code102.as_deref().filter(|other| Some(*other) != code);
        code.into_iter().chain(other)
    }

    /// Whether it held its codes on that day.
    pub fn is_valid(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= on)
            && self.valid_until.is_none_or(|until| on <= until)
    }

    /// Whether a name is this agency's, [spelling aside](text::alike).
    pub fn is_called(&self, name: &str) -> bool {
        text::alike(&self.name) == text::alike(name)
    }

    fn take(&mut self, name: &str, value: &str, line: usize) -> Result<(), Error> {
        let value = value.trim();
        if value.is_empty() || value == "null" {
            return Ok(());
        }
        let wrong = || malformed("a date that is none in the agency list", Some(line));
        let date = |text: &str| read_date(text.trim()).0.date().ok_or_else(wrong);
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        match name.to_ascii_lowercase().as_str() {
            "code" | "organid" | "code2016" => self.code = Some(value.to_owned()),
            "code102" | "code2020" | "codeqd20" | "madinhdanh" => {
                self.code102 = Some(value.to_owned())
            }
            "name" | "organname" | "ten" => value.clone_into(&mut self.name),
            "parent" | "pcode" | "parentcode" | "parentid" => self.parent = Some(value.to_owned()),
            "validfrom" | "from" | "startdate" => self.valid_from = Some(date(value)?),
            "validuntil" | "validto" | "until" | "to" | "enddate" => {
                self.valid_until = Some(date(value)?)
            }
            "period" => {
                let (from, until) = value.split_once('/').unwrap_or((value, ""));
                if !from.trim().is_empty() && from.trim() != ".." {
                    self.valid_from = Some(date(from)?);
                }
                if !until.trim().is_empty() && until.trim() != ".." {
                    self.valid_until = Some(date(until)?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Refuses an entry that names nobody, or whose time ends before it begins.
    fn complete(self, line: usize) -> Result<Self, Error> {
        if self.code.is_none() && self.code102.is_none() {
            return Err(malformed("an agency without a code", Some(line)));
        }
        let backwards = self
            .valid_from
            .zip(self.valid_until)
            .is_some_and(|(a, b)| b < a);
        if backwards {
            return Err(malformed(
                "an agency whose time ends before it begins",
                Some(line),
            ));
        }
        Ok(self)
    }
}

fn of_json(text: &str) -> Result<Vec<Agency>, Error> {
    let value: Value = serde_json::from_str(text)
        .map_err(|e| malformed("the agency list is not JSON", None).caused_by(e))?;
    let list = match &value {
        Value::Array(list) => Some(list),
        Value::Object(members) => members.values().find_map(Value::as_array),
        _ => None,
    };
    let list = list.ok_or_else(|| malformed("the agency list holds no array", None))?;
    let entries = (1..).zip(list);
    let agencies = entries.map(|(number, entry)| {
        let Value::Object(members) = entry else {
            return Err(malformed("an agency that is no object", Some(number)));
        };
        let mut agency = Agency::default();
        for (name, value) in members {
            match value {
                Value::String(text) => agency.take(name, text, number)?,
                Value::Number(value) => agency.take(name, &value.to_string(), number)?,
                // `parent` may be the agency itself.
                Value::Object(parent) if name == "parent" => {
                    let code = parent.get("code").or_else(|| parent.get("code102"));
                    agency.parent = code.and_then(Value::as_str).map(str::to_owned);
                }
                _ => {}
            }
        }
        agency.complete(number)
    });
    agencies.collect()
}

fn of_csv(text: &str) -> Result<Vec<Agency>, Error> {
    let mut records = records(text).into_iter();
    let names = records.next().unwrap_or_default();
    let has_code = |name: &String| name.trim().to_ascii_lowercase().contains("code");
    if !names.iter().any(has_code) {
        return Err(malformed("the agency list has no column `code`", Some(1)));
    }
    let records = (2..).zip(records);
    let filled = records.filter(|(_, fields)| fields.iter().any(|field| !field.trim().is_empty()));
    let agencies = filled.map(|(line, fields)| {
        let mut agency = Agency::default();
        for (name, value) in names.iter().zip(&fields) {
            agency.take(name, value, line)?;
        }
        agency.complete(line)
    });
    agencies.collect()
}

/// The fields of each line (RFC 4180); the separator is the one that the first line has most of.
fn records(text: &str) -> Vec<Vec<String>> {
    let first = text.lines().next().unwrap_or_default();
    let most = [',', ';', '\t']
        .into_iter()
        .max_by_key(|mark| first.matches(*mark).count());
    let mark = most.unwrap_or(',');
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' if !quoted => {}
            c if c == mark && !quoted => record.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

fn malformed(detail: &'static str, entry: Option<usize>) -> Error {
    let error = Error::new(ErrorKind::Malformed, detail);
    match entry {
        Some(entry) => error.at(Place::Part(format!("entry {entry}"))),
        None => error,
    }
}

const AGENCIES: usize = 1_000_000;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn date(text: &str) -> Date {
        read_date(text).0.date().unwrap()
    }

    #[test]
    fn json_and_csv_of_the_same_list_are_the_same_directory() {
        let json = r#"{ "data": [
            { "id": 7, "code": "000.00.00.H99", "code102": "H99", "name": "Tỉnh \"Mẫu\"", "pcode": null },
            { "code": "000.00.01.H99", "code102": "H99.01", "name": "Sở, một", "parent": { "code": "000.00.00.H99" },
              "period": "2016-04-01/2025-06-30" }
        ] }"#;
        let csv = "code;code102;name;parent;valid_from;valid_until\r\n\
            000.00.00.H99;H99;\"Tỉnh \"\"Mẫu\"\"\";;;\r\n\r\n\
            000.00.01.H99;H99.01;Sở, một;000.00.00.H99;01/04/2016;2025/06/30\r\n";
        let a = Directory::read(json.as_bytes()).unwrap();
        let b = Directory::read(csv.as_bytes()).unwrap();
        assert_eq!(a.agencies(), b.agencies());
        let Held::By(department) = a.holder("H99.01", date("2025-06-30")) else {
            panic!()
        };
        assert!(department.is_called("  SỞ,  Một"));
        let parent = a.parent(department, date("2020-01-01")).unwrap();
        assert_eq!(parent.code102.as_deref(), Some("H99"));
        assert_eq!(
            a.holder("H99.01", date("2025-07-01")),
            Held::NotThen(vec![department])
        );
        assert_eq!(a.holder("H98", date("2025-07-01")), Held::Unknown);
        // Form for form: nothing is equated that the list does not equate.
        assert_eq!(a.holder("000.00.02.H99", date("2025-07-01")), Held::Unknown);
    }

    #[test]
    fn a_code_that_two_agencies_hold_at_once_is_told() {
        let list = "code,name\nH1,A\nH1,B\n";
        let directory = Directory::read(list.as_bytes()).unwrap();
        assert!(
            matches!(directory.holder("H1", date("2025-07-01")), Held::BySeveral(two) if two.len() == 2)
        );
    }

    #[test]
    fn what_is_no_list_is_refused_by_its_entry() {
        for (list, detail) in [
            ("", "no column"),
            ("name\nA\n", "no column"),
            ("[1]", "no object"),
            ("{}", "no array"),
            ("[{\"name\":\"A\"}]", "without a code"),
            ("code,valid_from\nH1,2014-02-30\n", "date that is none"),
            ("code,period\nH1,2020-01-01/2019-01-01\n", "ends before"),
            ("[", "not JSON"),
        ] {
            let error = Directory::read(list.as_bytes()).unwrap_err();
            assert!(error.detail().contains(detail), "{list}: {error}");
        }
        assert!(Directory::read(b"\xff").is_err());
    }

    #[test]
    fn of_120_000_agencies_one_is_found_in_microseconds() {
        let agencies = (0..120_000).map(|n| Agency {
            code: Some(format!(
                "{:03}.{:02}.{:02}.H{:02}",
                n % 1_000,
                n / 1_000 % 10,
                n / 10_000,
                n % 63
            )),
            code102: Some(format!("H{:02}.{n}", n % 63)),
            name: format!("Cơ quan {n}"),
            ..Agency::default()
        });
        let directory = Directory::of(agencies.collect()).unwrap();
        assert_eq!(directory.len(), 120_000);
        let (start, on) = (Instant::now(), date("2025-07-01"));
        for n in 0..100_000 {
            let code = format!("H{:02}.{n}", n % 63);
            assert!(matches!(directory.holder(&code, on), Held::By(_)));
        }
        // Ten microseconds each even without optimisation on a busy machine.
        assert!(
            start.elapsed().as_micros() < 1_000_000,
            "{:?}",
            start.elapsed()
        );
    }
}
