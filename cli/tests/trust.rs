//! `kyso trust` and `kyso cert`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;

#[test]
fn a_certificate_is_imported_once_used_without_trust_and_removed_by_its_digest() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    let anchored = || {
        let report = desk
            .run(&["verify", "out.pdf", "--format", "json"])
            .exits(2)
            .json();
        report[0]["signatures"][0]["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .all(|reason| !reason["code"].as_str().unwrap().starts_with("path."))
    };
    assert!(!anchored());
    let empty = desk.run(&["trust", "list"]).exits(0);
    assert!(empty.text().contains("kyso trust import"), "{empty:?}");

    let import = ["trust", "import", "authority/root.pem", "--format", "json"];
    let first = desk.run(&import).exits(0).json();
    assert_eq!(first[0]["schema"], "kyso-trust/1");
    assert_eq!(first[0]["certificates"][0]["added"], true);
    assert_eq!(first[0]["certificates"][0]["tree"], "operator");
    assert_eq!(
        desk.run(&import).exits(0).json()[0]["certificates"][0]["added"],
        false
    );
    assert!(anchored());

    let listed = desk
        .run(&["trust", "list", "--format", "json"])
        .exits(0)
        .json();
    let certificates = listed[0]["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 1);
    let sha256 = certificates[0]["sha256"].as_str().unwrap();
    assert!(desk.path("trust").join(format!("{sha256}.cer")).is_file());

    desk.run(&["trust", "remove", &sha256[..7]]).exits(64);
    desk.run(&["trust", "remove", "0123456789abcdef"]).exits(66);
    desk.run(&["trust", "remove", &sha256[..12]]).exits(0);
    assert_eq!(
        desk.run(&["trust", "list", "--format", "json"]).json()[0]["certificates"],
        serde_json::json!([])
    );
}

#[test]
fn a_folder_is_imported_and_what_holds_no_certificate_is_65() {
    let desk = Desk::new();
    // root, issuing, organisation, person, time-stamper, responder: keys, password and index are
    // ignored.
    desk.run(&["trust", "import", "authority"]).exits(0);
    let listed = desk.run(&["trust", "list", "--format", "json"]).json();
    assert_eq!(listed[0]["certificates"].as_array().unwrap().len(), 6);
    desk.run(&["trust", "import", "in.pdf"]).exits(65);
    desk.run(&["trust", "import", "gone"]).exits(66);
}

#[test]
fn what_a_certificate_says_is_shown() {
    let desk = Desk::new();
    let shown = desk
        .run(&["cert", "show", "authority/person.pem", "--format", "json"])
        .exits(0);
    let certificate = &shown.json()[0]["certificates"][0];
    assert_eq!(certificate["common_name"], "Chủ tịch Nguyễn Văn Thử");
    assert_eq!(certificate["authority"], false);
    assert!(certificate["pinned"].is_null());
    let text = desk
        .run(&["cert", "show", "authority/person.pem", "--lang", "vi"])
        .exits(0)
        .text();
    assert!(
        text.contains("Nơi cấp: ") && text.contains("SHA-256: "),
        "{text}"
    );
    desk.run(&["cert", "show", "in.pdf"]).exits(65);
}
