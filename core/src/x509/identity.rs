//! [`Identity`]: whom a certificate speaks for, as Vietnamese certificates write it.
//!
//! Two profiles are known. Public CAs put the tax code (`MST:`) and the number of a citizen's card
//! (`CMND:`, `CCCD:`) into one or several UID attributes; the government's own CA (VGCA) marks
//! nothing, and its certificates for bodies and for persons differ in the name alone.

use crate::x509::name::{
    COMMON_NAME, COUNTRY, EMAIL, GIVEN_NAME, LOCALITY, Name, ORGANISATION, ORGANISATION_IDENTIFIER,
    PROVINCE, SERIAL_NUMBER, SURNAME, TITLE, UNIT, USER_ID, folded,
};

/// What a certificate's subject says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// Common name: the person or the body.
    pub common_name: Option<String>,
    /// Organisation: of a body usually the one above it.
    pub organisation: Option<String>,
    /// Organisational units in the certificate's order.
    pub units: Vec<String>,
    /// Title or office.
    pub title: Option<String>,
    /// Locality.
    pub locality: Option<String>,
    /// Province or city.
    pub province: Option<String>,
    /// Country, two letters.
    pub country: Option<String>,
    /// E-mail address, of the name or else of the alternative names.
    pub email: Option<String>,
    /// Tax code (mã số thuế), with its branch suffix such as `-029`.
    pub tax_code: Option<String>,
    /// Number of a citizen's card (CMND or CCCD). Personal: a report may mask it.
    pub citizen_id: Option<String>,
    /// A guess at what kind of signer it is.
    pub role: Role,
}

/// Whether a certificate is a person's or a body's. A guess, and said to be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A person.
    Person,
    /// A body: an agency, a company.
    Organisation,
    /// The certificate does not tell.
    #[default]
    Unknown,
}

impl Identity {
    /// Reads a subject. `issuer` tells the country where the subject does not; `email` is the address of the alternative
    /// names, used where the name has none.
    ///
    /// The role is guessed so, the first that applies:
    /// 1. a citizen's number, title, surname or given name: a person (also beside a tax code: the
    ///    public CAs' certificate of a person within a company);
    /// 2. a tax code: an organisation;
    /// 3. of Viet Nam (`C=VN`), common name begins with a rank, an office or a form of address
    ///    (`Thiếu tá …`, `Cục trưởng …`): a person;
    /// 4. of Viet Nam, common name begins with the word for a kind of body (`Bộ …`, `Ủy ban …`,
    ///    `Cổng thông tin …`): an organisation. Names without diacritics are matched
    ///    without them, save the words that are a surname then;
    /// 5. else it is not known.
    pub fn of(subject: &Name, issuer: &Name, email: Option<&str>) -> Self {
        let first = |oid| subject.values(oid).next().map(str::to_owned);
        let mut identity = Self {
            common_name: first(COMMON_NAME),
            organisation: first(ORGANISATION),
            units: subject.values(UNIT).map(str::to_owned).collect(),
            title: first(TITLE),
            locality: first(LOCALITY),
            province: first(PROVINCE),
            country: first(COUNTRY),
            email: first(EMAIL).or_else(|| email.map(str::to_owned)),
            ..Self::default()
        };
        for oid in [USER_ID, SERIAL_NUMBER, ORGANISATION_IDENTIFIER] {
            for value in subject.values(oid) {
                identity.take_number(value, oid == USER_ID);
            }
        }
        let has_personal_name = [TITLE, SURNAME, GIVEN_NAME]
            .iter()
            .any(|oid| subject.values(oid).next().is_some());
        identity.role = if identity.citizen_id.is_some() || has_personal_name {
            Role::Person
        } else if identity.tax_code.is_some() {
            Role::Organisation
        } else if is_vietnamese(subject) || is_vietnamese(issuer) {
            by_first_words(identity.common_name.as_deref().unwrap_or_default())
        } else {
            Role::Unknown
        };
        identity
    }

    /// `MST:`, `CMND:` or `CCCD:` and a number; bare, only in UID and only where its length leaves
    /// no doubt: 10 digits (or 10-3) are a tax code, 9 or 12 a citizen's number.
    fn take_number(&mut self, value: &str, may_be_bare: bool) {
        let value = value.trim();
        let (mark, number) = match value.split_once(':') {
            Some((mark, number)) => (mark.trim().to_ascii_uppercase(), number.trim()),
            None => (String::new(), value),
        };
        if number.is_empty() {
            return;
        }
        let slot = match mark.as_str() {
            "MST" => &mut self.tax_code,
            "CMND" | "CCCD" => &mut self.citizen_id,
            "" if may_be_bare && is_tax_code(number) => &mut self.tax_code,
            "" if may_be_bare && is_citizen_id(number) => &mut self.citizen_id,
            _ => return,
        };
        slot.get_or_insert_with(|| number.to_owned());
    }
}

fn is_tax_code(number: &str) -> bool {
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    match number.split_once('-') {
        Some((code, branch)) => digits(code, 10) && digits(branch, 3),
        None => digits(number, 10),
    }
}

fn is_citizen_id(number: &str) -> bool {
    matches!(number.len(), 9 | 12) && number.bytes().all(|b| b.is_ascii_digit())
}

fn is_vietnamese(name: &Name) -> bool {
    name.values(COUNTRY)
        .any(|country| country.eq_ignore_ascii_case("VN"))
}

fn by_first_words(common_name: &str) -> Role {
    let name = format!("{} ", folded(common_name));
    let plain = name.is_ascii();
    let begins = |words: &[&str]| {
        words.iter().any(|words| {
            let words = if plain {
                if SURNAMES_WHEN_PLAIN.contains(words) {
                    return false;
                }
                without_marks(words)
            } else {
                (*words).to_owned()
            };
            name.strip_prefix(words.as_str())
                .is_some_and(|rest| rest.starts_with(' '))
        })
    };
    // Offices first: "Cục trưởng …" is a person, "Cục …" a body.
    if begins(PERSONS) {
        Role::Person
    } else if begins(BODIES) {
        Role::Organisation
    } else {
        Role::Unknown
    }
}

/// Vietnamese letters without their marks.
fn without_marks(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'á' | 'ả' | 'ã' | 'ạ' | 'ă' | 'ằ' | 'ắ' | 'ẳ' | 'ẵ' | 'ặ' | 'â' | 'ầ' | 'ấ' | 'ẩ'
        | 'ẫ' | 'ậ' => 'a',
        'đ' => 'd',
        'è' | 'é' | 'ẻ' | 'ẽ' | 'ẹ' | 'ê' | 'ề' | 'ế' | 'ể' | 'ễ' | 'ệ' => 'e',
        'ì' | 'í' | 'ỉ' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ó' | 'ỏ' | 'õ' | 'ọ' | 'ô' | 'ồ' | 'ố' | 'ổ' | 'ỗ' | 'ộ' | 'ơ' | 'ờ' | 'ớ' | 'ở'
        | 'ỡ' | 'ợ' => 'o',
        'ù' | 'ú' | 'ủ' | 'ũ' | 'ụ' | 'ư' | 'ừ' | 'ứ' | 'ử' | 'ữ' | 'ự' => 'u',
        'ỳ' | 'ý' | 'ỷ' | 'ỹ' | 'ỵ' => 'y',
        other => other,
    };
    text.chars().map(plain).collect()
}

const PERSONS: &[&str] = &[
    "ông",
    "bà",
    "đồng chí",
    "đại tướng",
    "thượng tướng",
    "trung tướng",
    "thiếu tướng",
    "đại tá",
    "thượng tá",
    "trung tá",
    "thiếu tá",
    "đại úy",
    "thượng úy",
    "trung úy",
    "thiếu úy",
    "bộ trưởng",
    "thứ trưởng",
    "tổng cục trưởng",
    "phó tổng cục trưởng",
    "cục trưởng",
    "phó cục trưởng",
    "chi cục trưởng",
    "phó chi cục trưởng",
    "vụ trưởng",
    "phó vụ trưởng",
    "viện trưởng",
    "phó viện trưởng",
    "trưởng ban",
    "phó trưởng ban",
    "trưởng phòng",
    "phó trưởng phòng",
    "chánh văn phòng",
    "phó chánh văn phòng",
    "chánh thanh tra",
    "chủ tịch",
    "phó chủ tịch",
    "bí thư",
    "phó bí thư",
    "giám đốc",
    "phó giám đốc",
    "tổng giám đốc",
    "hiệu trưởng",
    "phó hiệu trưởng",
];

const BODIES: &[&str] = &[
    "cổng",
    "công báo",
    "bộ",
    "sở",
    "ban",
    "cục",
    "vụ",
    "tổng cục",
    "chi cục",
    "ủy ban",
    "uỷ ban",
    "ubnd",
    "hđnd",
    "hội đồng",
    "văn phòng",
    "phòng",
    "thanh tra",
    "trung tâm",
    "viện",
    "học viện",
    "trường",
    "đại học",
    "bệnh viện",
    "công an",
    "bộ đội",
    "tòa án",
    "toà án",
    "viện kiểm sát",
    "kho bạc",
    "kiểm toán",
    "bảo hiểm",
    "ngân hàng",
    "tổng công ty",
    "công ty",
    "tập đoàn",
    "quỹ",
    "hội",
    "liên đoàn",
    "đảng bộ",
    "đảng ủy",
    "huyện ủy",
    "tỉnh ủy",
    "thành ủy",
    "quận ủy",
    "mặt trận",
    "đoàn",
    "chính phủ",
    "quốc hội",
    "thuế",
    "hải quan",
    "cơ quan",
    "tổng liên đoàn",
];

/// Words of [`BODIES`] and [`PERSONS`] that are, without marks, how some family or given name is
/// written too (Bàn, Vũ, Bà, Đoàn, Quý, Ông).
const SURNAMES_WHEN_PLAIN: &[&str] = &["ban", "vụ", "bà", "ông", "đoàn", "quỹ", "thuế", "cổng"];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::x509::name::tests::name;

    fn vgca() -> Name {
        name(&[(COUNTRY, "VN"), (ORGANISATION, "Ban Cơ yếu Chính phủ")])
    }

    fn public() -> Name {
        name(&[(COMMON_NAME, "X-CA"), (ORGANISATION, "X")])
    }

    #[test]
    fn a_tax_code_alone_is_an_organisation_and_beside_a_card_number_a_person() {
        let company = name(&[(USER_ID, "MST:0100000000-029"), (COMMON_NAME, "CÔNG TY A")]);
        let company = Identity::of(&company, &public(), None);
        assert_eq!(company.tax_code.as_deref(), Some("0100000000-029"));
        assert_eq!(company.role, Role::Organisation);
        let employee = name(&[
            (COMMON_NAME, "TRẦN THỊ B"),
            (USER_ID, "mst: 0100000000"),
            (USER_ID, "CCCD:001000000000"),
        ]);
        let employee = Identity::of(&employee, &public(), Some("b@example.vn"));
        assert_eq!(employee.citizen_id.as_deref(), Some("001000000000"));
        assert_eq!(employee.tax_code.as_deref(), Some("0100000000"));
        assert_eq!(employee.email.as_deref(), Some("b@example.vn"));
        assert_eq!(employee.role, Role::Person);
    }

    #[test]
    fn a_bare_number_is_taken_from_uid_alone_and_by_its_length() {
        let read = |oid, value| Identity::of(&name(&[(oid, value)]), &public(), None);
        assert!(read(USER_ID, "0100000000").tax_code.is_some());
        assert!(read(USER_ID, "010000000").citizen_id.is_some());
        assert_eq!(read(USER_ID, "user01").role, Role::Unknown);
        assert!(read(SERIAL_NUMBER, "0100000000").tax_code.is_none());
        assert!(read(SERIAL_NUMBER, "MST:0100000000").tax_code.is_some());
    }

    #[test]
    fn vietnamese_certificates_are_told_apart_by_their_first_words() {
        let role = |common_name, issuer: &Name| {
            Identity::of(&name(&[(COMMON_NAME, common_name)]), issuer, None).role
        };
        assert_eq!(role("Bộ Tài chính", &vgca()), Role::Organisation);
        assert_eq!(role("ỦY BAN NHÂN DÂN TỈNH A", &vgca()), Role::Organisation);
        assert_eq!(role("CUC THUE TINH A", &vgca()), Role::Organisation);
        assert_eq!(role("Cục trưởng Nguyễn Văn A", &vgca()), Role::Person);
        assert_eq!(role("Thieu ta Nguyen Van A", &vgca()), Role::Person);
        assert_eq!(role("Nguyễn Văn A", &vgca()), Role::Unknown);
        assert_eq!(role("Ban Van A", &vgca()), Role::Unknown);
        assert_eq!(role("Bộ Tài chính", &public()), Role::Unknown);
    }
}
