//! [`OrganCode`]: the identifier codes of agencies, of 2016 and of 2020, and how the two relate.

use std::fmt;

/// An identifier code (mã định danh).
///
/// ```
/// use kyso::edxml::{CodeForm, OrganCode};
///
/// let old = OrganCode::parse("000.02.02.H37").unwrap();
/// assert_eq!((old.form(), old.level(), old.root()), (CodeForm::Of2016, 3, "H37"));
/// assert_eq!(old.suggested_2020().as_deref(), Some("H37.02.02"));
/// let new = OrganCode::parse("H37.02.02").unwrap();
/// assert_eq!((new.form(), new.level(), new.root()), (CodeForm::Of2020, 3, "H37"));
/// assert_eq!(new.suggested_2016().as_deref(), Some("000.02.02.H37"));
/// assert_eq!(new.parent().as_deref(), Some("H37.02"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrganCode<'c> {
    text: &'c str,
    form: CodeForm,
}

/// The two forms of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodeForm {
    /// `V1V2V3.Z1Z2.Y1Y2.MX1X2`, 13 characters, read from right to left (QCVN 102:2016).
    Of2016,
    /// Groups of digits and capital letters from level 1 down, at most 35 characters (Decision
    /// 20/2020/QĐ-TTg, article 4).
    Of2020,
}

impl<'c> OrganCode<'c> {
    /// A code; nothing for a text that is none. Whether anybody holds it is for a
    /// [`Directory`](crate::edxml::Directory) to say.
    pub fn parse(text: &'c str) -> Option<Self> {
        let form = if is_of_2016(text) {
            CodeForm::Of2016
        } else if is_of_2020(text) {
            CodeForm::Of2020
        } else {
            return None;
        };
        Some(Self { text, form })
    }

    /// As it stands. Codes are compared as texts; the two forms are never equal.
    pub fn as_str(self) -> &'c str {
        self.text
    }

    /// The form that it has.
    pub fn form(self) -> CodeForm {
        self.form
    }

    /// How far down it stands: 1 for ministries and provinces.
    pub fn level(self) -> usize {
        match self.form {
            CodeForm::Of2016 => {
                let below = self.groups().into_iter().rev();
                let deepest = (1..).zip(below).filter(|(_, group)| !is_zero(group)).last();
                deepest.map_or(1, |(level, _)| level)
            }
            CodeForm::Of2020 => self.groups().len(),
        }
    }

    /// The code of level 1, such as `H37`.
    pub fn root(self) -> &'c str {
        let groups = self.groups();
        let root = match self.form {
            CodeForm::Of2016 => groups.last(),
            CodeForm::Of2020 => groups.first(),
        };
        root.copied().unwrap_or_default()
    }

    /// The code of the level above, by form alone; nothing above level 1.
    pub fn parent(self) -> Option<String> {
        match self.form {
            CodeForm::Of2020 => self
                .text
                .rsplit_once('.')
                .map(|(above, _)| above.to_owned()),
            CodeForm::Of2016 => {
                let level = self.level();
                (level > 1).then(|| {
                    let mut groups = self.groups();
                    let at = groups.len().saturating_sub(level);
                    let zeros = if at == 0 { "000" } else { "00" };
                    if let Some(group) = groups.get_mut(at) {
                        *group = zeros;
                    }
                    groups.join(".")
                })
            }
        }
    }

    /// Whether it names a node of the interchange itself, and no addressee (`…W00`).
    pub fn is_node(self) -> bool {
        self.text.ends_with("W00")
    }

    /// What a code of 2016 would be in the form of 2020, by rule: the groups from right to left
    /// without the zeros at the end. Only a suggestion, since codes were given anew as well.
    pub fn suggested_2020(self) -> Option<String> {
        let mut groups = self.groups();
        groups.reverse();
        while groups.len() > 1 && groups.last().is_some_and(|group| is_zero(group)) {
            groups.pop();
        }
        (self.form == CodeForm::Of2016).then(|| groups.join("."))
    }

    /// What a code of 2020 would be in the form of 2016, where it has such a form. Only a suggestion.
    pub fn suggested_2016(self) -> Option<String> {
        let groups = self.groups();
        let group = |at: usize, zeros: &'static str| groups.get(at).copied().unwrap_or(zeros);
        let code = format!(
            "{}.{}.{}.{}",
            group(3, "000"),
            group(2, "00"),
            group(1, "00"),
            group(0, "")
        );
        (self.form == CodeForm::Of2020 && groups.len() <= 4 && is_of_2016(&code)).then_some(code)
    }

    fn groups(self) -> Vec<&'c str> {
        self.text.split('.').collect()
    }
}

impl fmt::Display for OrganCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

fn is_zero(group: &str) -> bool {
    group.bytes().all(|b| b == b'0')
}

fn is_of_2016(text: &str) -> bool {
    let digits = |group: &str, count: usize| {
        group.len() == count && group.bytes().all(|b| b.is_ascii_digit())
    };
    let groups: Vec<&str> = text.split('.').collect();
    let [v, z, y, m] = groups.as_slice() else {
        return false;
    };
    let letter = m.bytes().next().is_some_and(|b| b.is_ascii_uppercase());
    digits(v, 3)
        && digits(z, 2)
        && digits(y, 2)
        && letter
        && m.get(1..).is_some_and(|m| digits(m, 2))
}

/// Groups of digits and capital letters between dots, at most 35 characters. The form of 2016 is one
/// of these.
fn is_of_2020(text: &str) -> bool {
    let is_group = |group: &str| {
        let mut bytes = group.bytes();
        !group.is_empty() && bytes.all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    text.len() <= 35 && text.split('.').all(is_group)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn the_two_grammars_and_their_levels_are_told_apart() {
        let code = |text| OrganCode::parse(text).unwrap();
        for (text, form, level, parent) in [
            ("000.00.00.G22", CodeForm::Of2016, 1, None),
            ("000.00.15.H51", CodeForm::Of2016, 2, Some("000.00.00.H51")),
            ("000.02.15.H51", CodeForm::Of2016, 3, Some("000.00.15.H51")),
            ("007.02.15.H51", CodeForm::Of2016, 4, Some("000.02.15.H51")),
            ("G22", CodeForm::Of2020, 1, None),
            ("H37.DN.001", CodeForm::Of2020, 3, Some("H37.DN")),
            ("28.22.H17", CodeForm::Of2020, 3, Some("28.22")),
            ("0101234567", CodeForm::Of2020, 1, None),
        ] {
            let code = code(text);
            assert_eq!(
                (code.form(), code.level(), code.parent().as_deref()),
                (form, level, parent)
            );
        }
        for text in [
            "",
            ".",
            "G22.",
            "g22",
            "G 22",
            "null",
            "vxp.saas.03",
            &"A".repeat(36),
            "Đ22",
        ] {
            assert_eq!(OrganCode::parse(text), None, "{text}");
        }
        assert!(code("000.00.00.W00").is_node());
    }

    #[test]
    fn a_suggestion_there_and_back_is_the_same_code() {
        for old in [
            "000.00.00.G22",
            "000.00.15.H51",
            "000.02.15.H51",
            "007.02.15.H51",
        ] {
            let new = OrganCode::parse(old).unwrap().suggested_2020().unwrap();
            let back = OrganCode::parse(&new).unwrap().suggested_2016();
            assert_eq!(back.as_deref(), Some(old));
        }
        for none in ["H37.DN.001", "0101234567", "G22.1.2.3.4"] {
            assert_eq!(OrganCode::parse(none).unwrap().suggested_2016(), None);
        }
    }
}
