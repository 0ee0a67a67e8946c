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

    // What is none of the national ones comes in by its fingerprint, or when asked for.
    let unasked = ["trust", "import", "authority/root.pem", "--format", "json"];
    let refused = desk.run(&unasked).exits(2);
    assert!(refused.err.contains("--accept SHA256"), "{refused:?}");
    assert_eq!(refused.json()[0]["certificates"][0]["added"], false);
    let digest = refused.json()[0]["certificates"][0]["sha256"].to_string();
    let digest = digest.trim_matches('"').to_owned();
    let dry = [&unasked[..], &["--accept", "any", "--dry-run"]].concat();
    let dry = desk.run(&dry).exits(0).json();
    assert_eq!(dry[0]["certificates"][0]["added"], true);
    assert!(!desk.path("trust").exists());
    let wrong = format!("{:x>64}", "").replace('x', "0");
    desk.run(&[&unasked[..], &["--accept", &wrong]].concat())
        .exits(2);
    desk.run(&[&unasked[..], &["--accept", &digest[..12]]].concat())
        .exits(64);

    let import = [&unasked[..], &["--accept", &digest]].concat();
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
    desk.run(&["trust", "remove", &sha256[..12], "--dry-run"])
        .exits(0);
    assert!(desk.path("trust").join(format!("{sha256}.cer")).is_file());
    desk.run(&["trust", "remove", &sha256[..12]]).exits(0);
    let log = String::from_utf8(desk.read("trust/log.jsonl")).unwrap();
    let actions: Vec<String> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|entry| {
            assert_eq!(entry["sha256"], sha256);
            entry["action"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(actions, ["import", "remove"]);
    assert_eq!(
        desk.run(&["trust", "list", "--format", "json"]).json()[0]["certificates"],
        serde_json::json!([])
    );
}

#[test]
fn a_folder_is_imported_and_what_holds_no_certificate_is_65() {
    let desk = Desk::new();
    // root, issuing, organisation, person, time-stamper, responder: keys, password and index are
    // ignored, and `any` means authorities.
    let import = ["trust", "import", "authority", "--accept", "any"];
    let ran = desk.run(&import).exits(2);
    assert!(ran.err.contains("4 certificates were left out"), "{ran:?}");
    let list = || desk.run(&["trust", "list", "--format", "json"]).json();
    assert_eq!(list()[0]["certificates"].as_array().unwrap().len(), 2);
    let person = ["cert", "show", "authority/person.pem", "--format", "json"];
    let person = desk.run(&person).json();
    let digest = person[0]["certificates"][0]["sha256"].as_str().unwrap();
    let import = [
        "trust",
        "import",
        "authority/person.pem",
        "--accept",
        digest,
    ];
    let ran = desk.run(&import).exits(0);
    assert!(
        ran.text().contains("trusted for its own signatures alone"),
        "{ran:?}"
    );
    assert_eq!(list()[0]["certificates"].as_array().unwrap().len(), 3);
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

/// The folder of national certificates, where it is.
fn national() -> Option<std::path::PathBuf> {
    let data = std::env::var_os("KYSO_DATA").map(std::path::PathBuf::from);
    let data = data.unwrap_or_else(|| {
        std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"))
    });
    let folder = data.join("vn-pki");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no {} (KYSO_DATA)", folder.display());
    None
}

#[test]
fn both_national_trees_come_in_by_their_pins_with_what_they_are_for() {
    let Some(folder) = national() else { return };
    let folder = folder.to_str().unwrap();
    let desk = Desk::bare();
    let diff = ["trust", "diff", folder, "--format", "json"];
    let before = desk.run(&diff).exits(0).json();
    assert_eq!(before[0]["schema"], "kyso-trust-diff/1");
    let changes = |said: &serde_json::Value, change: &str| {
        let certificates = said["certificates"].as_array().unwrap();
        let fitting = certificates.iter().filter(|each| each["change"] == change);
        fitting.count()
    };
    assert_eq!(changes(&before[0], "add"), 26);
    desk.run(&["trust", "import", folder]).exits(0);
    assert_eq!(changes(&desk.run(&diff).json()[0], "known"), 26);
    // What lies in one file alone, in PKCS#7 of either encoding.
    for (file, absent) in [
        ("neac-2025-root-remote-signing.ber.p7b", 25),
        ("neac-g3-vietnam-national-root.der.p7b", 25),
    ] {
        let path = format!("{folder}/{file}");
        let one = desk
            .run(&["trust", "diff", &path, "--format", "json"])
            .json();
        assert_eq!(changes(&one[0], "known"), 1, "{file}");
        assert_eq!(changes(&one[0], "absent"), absent, "{file}");
    }
    let listed = desk.run(&["trust", "list", "--format", "json"]).json();
    let certificates = listed[0]["certificates"].as_array().unwrap();
    for tree in ["vgca", "neac"] {
        let of_tree = certificates.iter().filter(|each| each["tree"] == tree);
        assert!(of_tree.count() > 8, "{tree}");
    }
    let tsa = certificates
        .iter()
        .find(|each| each["pinned"]["generation"] == "2025 TSA")
        .unwrap();
    assert_eq!(tsa["pinned"]["purposes"], serde_json::json!(["time-stamp"]));
    assert_eq!(tsa["pinned"]["role"], "root");
    let exceptions = certificates
        .iter()
        .filter(|each| each["pinned"]["algorithm_exception"] == "SHA-1");
    assert_eq!(exceptions.count(), 11);
    assert_eq!(listed[0]["not_loaded"], serde_json::json!([]));
    assert_eq!(listed[0]["is_old"], false);
    assert_eq!(listed[0]["log"]["entries"], 26);
    let text = desk.run(&["trust", "list", "--lang", "vi"]).text();
    assert!(text.contains("cây VGCA, thế hệ G1: gốc"), "{text}");
    assert!(text.contains("Thời hạn: 2010-03-10"), "{text}");
}

#[test]
fn a_national_root_that_was_removed_is_not_trusted_wherever_it_is_met() {
    let Some(folder) = national() else { return };
    let root = folder.join("vgca-g2-root.pem");
    let issuing = folder.join("vgca-g2-cp.pem");
    let (root, issuing) = (root.to_str().unwrap(), issuing.to_str().unwrap());
    let desk = Desk::bare();
    let verify = [
        "cert",
        "verify",
        issuing,
        "--revocation",
        "none",
        "--evidence",
        root,
    ];
    // By its pin, in an empty store.
    desk.run(&verify).exits(0);
    let digest = "f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8";
    let ran = desk.run(&["trust", "remove", &digest[..16]]).exits(0);
    assert!(ran.text().contains("no longer trusted"), "{ran:?}");
    desk.run(&verify).exits(2);
    let listed = desk.run(&["trust", "list", "--format", "json"]).json();
    assert_eq!(listed[0]["removed"][0], digest);
    // The reason names what was removed and how to trust it again, since evidence cannot.
    let text = desk.run(&verify).text();
    assert!(text.contains("path.authority_removed"), "{text}");
    assert!(text.contains("kyso trust import"), "{text}");
    assert!(!text.contains("path.issuer_not_found"), "{text}");
    let text = desk.run(&["trust", "list"]).text();
    let name = "RootCA chuyên dùng Chính phủ G2";
    assert!(
        text.contains(name) && text.contains("REMOVED on 20"),
        "{text}"
    );
    let text = desk.run(&["trust", "diff", root]).text();
    assert!(text.contains("would be trusted again"), "{text}");
    let again = desk.run(&["trust", "import", "--dry-run", root]).text();
    assert!(again.contains("it was removed"), "{again}");
    desk.run(&["trust", "import", root]).exits(0);
    desk.run(&verify).exits(0);
    // A list of removals that cannot be read stops the work: it may have held this one.
    desk.write("trust/removed.txt", "kyso-trust-removed/1\nf04b\n");
    desk.run(&verify).exits(65);
}

#[test]
fn an_old_store_is_told_and_changes_no_verdict_and_a_log_that_cannot_be_written_stops_nothing() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    // A folder stands where the log should.
    std::fs::create_dir_all(desk.path("trust/log.jsonl")).unwrap();
    let import = ["trust", "import", "authority/root.pem", "--accept", "any"];
    let ran = desk.run(&import).exits(0);
    assert!(ran.err.contains("log.jsonl"), "{ran:?}");
    std::fs::remove_dir(desk.path("trust/log.jsonl")).unwrap();
    let verify = [
        "verify",
        "out.pdf",
        "--revocation",
        "none",
        "--format",
        "json",
    ];
    let now = desk.run(&verify).exits(0);
    assert!(now.err.is_empty(), "{now:?}");
    desk.write(
        "trust/log.jsonl",
        "{\"at\":\"2020-01-01T00:00:00+07:00\",\"action\":\"import\",\"previous\":null}\n",
    );
    let old = desk.run(&verify).exits(0);
    assert!(old.err.contains("days old"), "{old:?}");
    assert!(
        desk.run(&["trust", "list"])
            .err
            .contains("older than a year")
    );
}

#[test]
fn a_revocation_list_is_no_anchor_and_is_told_where_it_belongs() {
    let Some(folder) = national() else { return };
    let list = folder.join("../corpus/x509/pkits/GoodCACRL.crl");
    if !list.is_file() {
        println!("skipped: no {}", list.display());
        return;
    }
    let desk = Desk::bare();
    let ran = desk
        .run(&["trust", "import", list.to_str().unwrap()])
        .exits(65);
    assert!(ran.err.contains("--evidence"), "{ran:?}");
}

#[test]
fn every_national_certificate_is_shown_with_its_agency_and_its_names_part_by_part() {
    let Some(folder) = national() else { return };
    let desk = Desk::bare();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".pem") && !name.ends_with(".p7b") {
            continue;
        }
        let file = path.to_str().unwrap();
        let shown = desk
            .run(&["cert", "show", file, "--format", "json"])
            .exits(0);
        for certificate in shown.json()[0]["certificates"].as_array().unwrap() {
            seen += 1;
            assert_eq!(certificate["authority"], true, "{name}");
            let tree = if name.starts_with("vgca") {
                "vgca"
            } else {
                "neac"
            };
            assert_eq!(certificate["tree"], tree, "{name}");
            let parts = certificate["subject_parts"].as_array().unwrap();
            // The country first, but for the roots since 2025, which begin with the common name, as
            // some public authorities do.
            let first = &parts[0][0]["type"];
            let is_late = name.contains("neac-2025") || name.contains("neac-2026");
            let wanted = if is_late { "2.5.4.3" } else { "2.5.4.6" };
            assert!(*first == wanted || name.starts_with("public-"), "{name}");
        }
        let text = desk
            .run(&["cert", "show", file, "--lang", "vi"])
            .exits(0)
            .text();
        assert!(text.contains("Tin cậy: cây "), "{name}: {text}");
        if name.starts_with("vgca") {
            let unit = "Đơn vị quản lý chứng thư: Ban ";
            assert!(text.contains(unit), "{name}: {text}");
        }
    }
    assert_eq!(seen, 28);
}

#[test]
fn a_persons_certificate_shows_number_unit_and_agency_in_the_order_of_nearness() {
    let desk = Desk::new();
    let shown = desk
        .run(&["cert", "show", "authority/person.pem", "--format", "json"])
        .exits(0)
        .json();
    let certificate = &shown[0]["certificates"][0];
    let parts = certificate["subject_parts"].as_array().unwrap();
    let of = |oid: &str| -> Vec<String> {
        parts
            .iter()
            .filter(|part| part[0]["type"] == oid)
            .map(|part| part[0]["value"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut wanted = [of("2.5.4.10"), of("2.5.4.11")].concat();
    if parts[0][0]["type"] == "2.5.4.6" {
        wanted.reverse();
    }
    assert!(!wanted.is_empty());
    assert_eq!(certificate["managing_unit"], wanted.join(", "));
}
