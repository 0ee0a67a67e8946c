//! Who a certificate is for, in the two styles of the country.

use crate::name::{Attribute, SubjectName};

/// Which of the two trees the name is written like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Naming {
    /// The specialised government tree: country first, then place, parent body and units.
    #[default]
    State,
    /// The public authorities: a tax code or citizen number as `UID`, no units.
    Public,
}

/// An organisation's certificate, what the public calls its seal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrganisationProfile {
    /// How the name is written.
    pub naming: Naming,
    /// The body itself; becomes the common name.
    pub name: String,
    /// The body above it; becomes `O`.
    pub parent: String,
    /// Units, outermost first; each an `OU` of its own ([`Naming::State`] only).
    pub units: Vec<String>,
    /// The place; becomes `L` (state) or `ST` (public).
    pub place: String,
    /// The tax code without prefix; written `UID=MST:…` ([`Naming::Public`] only).
    pub tax_code: Option<String>,
    /// The address; becomes `E`.
    pub email: Option<String>,
}

/// A person's certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonProfile {
    /// How the name is written.
    pub naming: Naming,
    /// The office or rank, put in front of the name in the common name as some bodies do.
    pub office: Option<String>,
    /// The full name.
    pub name: String,
    /// The body; becomes `O`.
    pub organisation: String,
    /// Units, outermost first; each an `OU` of its own ([`Naming::State`] only).
    pub units: Vec<String>,
    /// The place; becomes `L` (state) or `ST` (public).
    pub place: String,
    /// The citizen number without prefix; written `UID=CCCD:…`.
    pub citizen_id: Option<String>,
    /// The address; becomes `E`.
    pub email: Option<String>,
}

impl OrganisationProfile {
    /// The people's committee of the invented province Ví Dụ, in the state's style.
    pub fn example() -> Self {
        OrganisationProfile {
            naming: Naming::State,
            name: "Ủy ban nhân dân tỉnh Ví Dụ".to_owned(),
            parent: "Tỉnh Ví Dụ".to_owned(),
            units: vec!["Văn phòng Ủy ban nhân dân tỉnh Ví Dụ".to_owned()],
            place: "Ví Dụ".to_owned(),
            tax_code: None,
            email: None,
        }
    }

    /// An invented company in the public authorities' style, with a tax code of noughts.
    pub fn public_example() -> Self {
        OrganisationProfile {
            naming: Naming::Public,
            name: "Công ty TNHH Thử Nghiệm Ví Dụ".to_owned(),
            parent: "Công ty TNHH Thử Nghiệm Ví Dụ".to_owned(),
            units: Vec::new(),
            place: "Ví Dụ".to_owned(),
            tax_code: Some("0000000000".to_owned()),
            email: None,
        }
    }

    pub(crate) fn subject(&self) -> SubjectName {
        let user_id = self.tax_code.as_ref().map(|code| format!("MST:{code}"));
        subject(&Parts {
            naming: self.naming,
            place: &self.place,
            organisation: &self.parent,
            units: &self.units,
            common_name: &self.name,
            user_id: user_id.as_deref().filter(|_| self.naming == Naming::Public),
            email: self.email.as_deref(),
        })
    }
}

impl PersonProfile {
    /// The chairman of the invented province, in the state's style, with two units.
    pub fn example() -> Self {
        PersonProfile {
            naming: Naming::State,
            office: Some("Chủ tịch".to_owned()),
            name: "Nguyễn Văn Thử".to_owned(),
            organisation: "Ủy ban nhân dân tỉnh Ví Dụ".to_owned(),
            units: vec![
                "Lãnh đạo Ủy ban nhân dân tỉnh".to_owned(),
                "Thường trực Ủy ban nhân dân tỉnh".to_owned(),
            ],
            place: "Ví Dụ".to_owned(),
            citizen_id: None,
            email: Some("nguyenvanthu@vidu.example".to_owned()),
        }
    }

    /// A citizen in the public authorities' style. No province has the code 000.
    pub fn public_example() -> Self {
        PersonProfile {
            naming: Naming::Public,
            office: None,
            name: "Trần Thị Mẫu".to_owned(),
            organisation: "Cá nhân".to_owned(),
            units: Vec::new(),
            place: "Ví Dụ".to_owned(),
            citizen_id: Some("000000000000".to_owned()),
            email: None,
        }
    }

    pub(crate) fn subject(&self) -> SubjectName {
        let common_name = match &self.office {
            Some(office) => format!("{office} {}", self.name),
            None => self.name.clone(),
        };
        let user_id = self
            .citizen_id
            .as_ref()
            .map(|number| format!("CCCD:{number}"));
        subject(&Parts {
            naming: self.naming,
            place: &self.place,
            organisation: &self.organisation,
            units: &self.units,
            common_name: &common_name,
            user_id: user_id.as_deref(),
            email: self.email.as_deref(),
        })
    }
}

struct Parts<'a> {
    naming: Naming,
    place: &'a str,
    organisation: &'a str,
    units: &'a [String],
    common_name: &'a str,
    user_id: Option<&'a str>,
    email: Option<&'a str>,
}

fn subject(parts: &Parts<'_>) -> SubjectName {
    let name = SubjectName::new().with(Attribute::Country, "VN");
    let mut name = match parts.naming {
        Naming::State => parts.units.iter().fold(
            name.with(Attribute::Locality, parts.place)
                .with(Attribute::Organisation, parts.organisation),
            |name, unit| name.with(Attribute::Unit, unit),
        ),
        Naming::Public => name
            .with(Attribute::Province, parts.place)
            .with(Attribute::Organisation, parts.organisation),
    };
    name = name.with(Attribute::CommonName, parts.common_name);
    if let Some(user_id) = parts.user_id {
        name = name.with(Attribute::UserId, user_id);
    }
    if let Some(email) = parts.email {
        name = name.with(Attribute::Email, email);
    }
    name
}
