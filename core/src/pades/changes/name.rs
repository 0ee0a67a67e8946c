//! What a changed object is called.

use crate::pdf::{Dictionary, Object};
use crate::verdict::ChangeKind;

/// The kind of an object that is part of what is shown.
pub(super) fn content(old: &Object<'_>, page: Option<u32>) -> ChangeKind {
    let dictionary = old.dictionary();
    let named = |key: &str, names: &[&str]| {
        dictionary.is_some_and(|dictionary| {
            let value = dictionary.get(key);
            names.iter().any(|name| value.is_name(name))
        })
    };
    let has = |keys: &[&str]| {
        dictionary.is_some_and(|dictionary| keys.iter().any(|key| dictionary.has(key)))
    };
    if named("Type", &["Font", "FontDescriptor", "CMap", "Encoding"])
        || has(&["Length1", "Length3", "CIDSystemInfo", "FontDescriptor"])
        || named("Subtype", &["CIDFontType0C", "Type1C", "OpenType"])
    {
        ChangeKind::Font
    } else if named("Subtype", &["Image"]) {
        ChangeKind::Image
    } else if named("Type", &["OCG", "OCMD"]) || has(&["OCGs"]) {
        ChangeKind::OptionalContent
    } else if named("Type", &["Action"]) || has(&["JS"]) {
        ChangeKind::Action
    } else if page.is_none() {
        ChangeKind::Object
    } else {
        match old {
            Object::Stream(_) | Object::Array(_) => ChangeKind::PageContent,
            _ => ChangeKind::PageResources,
        }
    }
}

/// The kind of a key of a page.
pub(super) fn page_key(key: &str) -> ChangeKind {
    match key {
        "Contents" => ChangeKind::PageContent,
        "Resources" => ChangeKind::PageResources,
        "MediaBox" | "CropBox" | "BleedBox" | "TrimBox" | "ArtBox" | "UserUnit" => {
            ChangeKind::PageBoxes
        }
        "Rotate" => ChangeKind::PageRotation,
        "Parent" | "Kids" | "Count" => ChangeKind::PageTree,
        "AA" => ChangeKind::Action,
        _ => ChangeKind::PageOther,
    }
}

/// The kind of a key of the catalog.
pub(super) fn catalog_key(key: &str) -> ChangeKind {
    match key {
        "Pages" => ChangeKind::PageTree,
        "OpenAction" | "AA" => ChangeKind::Action,
        "OCProperties" => ChangeKind::OptionalContent,
        "Perms" => ChangeKind::Permissions,
        _ => ChangeKind::Catalog,
    }
}

/// The type of an annotation and its box, as a person can look for it: `FreeText [50 50 200 80]`.
pub(super) fn annotation(dictionary: &Dictionary<'_>) -> String {
    let subtype = match dictionary.get("Subtype") {
        Object::Name(name) => name.text(),
        _ => String::from("?"),
    };
    match dictionary.get("Rect") {
        Object::Array(area) => {
            let area: Vec<String> = area
                .iter()
                .take(4)
                .map(|side| match side {
                    Object::Integer(side) => side.to_string(),
                    Object::Real(side) => side.to_string(),
                    _ => String::from("?"),
                })
                .collect();
            format!("{subtype} [{}]", area.join(" "))
        }
        _ => subtype,
    }
}
