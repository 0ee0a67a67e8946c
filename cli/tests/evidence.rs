//! Evidence bundles: `verify --evidence-out`, `verify --evidence`, and `kyso evidence`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;
use serde_json::Value;

const ROOT: [&str; 4] = ["--trust", "authority/root.pem", "--format", "json"];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    desk
}

#[test]
fn a_report_is_had_again_to_the_octet_from_the_file_the_bundle_and_the_store() {
    let desk = desk();
    let keep = ["--revocation", "none", "--evidence-out", "kept.json"];
    let first = desk
        .run(&[&["verify", "out.pdf"][..], &ROOT, &keep].concat())
        .exits(0);
    let verify = ["verify", "out.pdf", "--evidence", "kept.json"];
    let again = desk.run(&[&verify[..], &ROOT].concat()).exits(0);
    assert_eq!(again.text(), first.text());
    assert!(again.err.contains("the same as was kept"), "{again:?}");
    assert!(again.err.contains("as of"), "{again:?}");

    // An output that is there is not lost.
    let words = [&["verify", "out.pdf"][..], &ROOT, &keep].concat();
    desk.run(&words).exits(74);
    desk.run(&[&words[..], &["--force"]].concat()).exits(0);

    // What is given on the command line goes before what the bundle says.
    let strict = [&verify[..], &ROOT, &["--revocation", "required"]].concat();
    let strict = desk.run(&strict).exits(2);
    assert!(strict.err.contains("default (none)"), "{strict:?}");

    // The anchors are the store's; that of the bundle is taken only when it is named for that.
    let stranger = desk.run(&verify).exits(2);
    assert!(stranger.err.contains("trust store"), "{stranger:?}");
    desk.run(&[&verify[..], &["--trust", "kept.json"]].concat())
        .exits(0);

    let other = [&["verify", "in.pdf", "--evidence", "kept.json"][..], &ROOT].concat();
    let other = desk.run(&other).exits(65);
    let message = other.json()[0]["error"]["message"].to_string();
    assert!(message.contains("another file"), "{other:?}");

    let text = String::from_utf8(desk.read("kept.json")).unwrap();
    desk.write("changed.json", text.replacen("\"size\":", "\"size\": ", 1));
    let words = ["verify", "out.pdf", "--evidence", "changed.json"];
    desk.run(&words).exits(65);
}

#[test]
fn several_files_have_their_bundles_in_a_folder_and_each_finds_its_own() {
    let desk = desk();
    desk.sign("out.pdf", "twice.pdf", &[]).exits(0);
    let files = ["verify", "out.pdf", "twice.pdf", "in.pdf"];
    let keep = ["--revocation", "none", "--evidence-out"];
    desk.run(&[&files[..], &ROOT, &keep, &["kept.json"]].concat())
        .exits(64);
    let first = desk.run(&[&files[..], &ROOT, &keep, &["kept/"]].concat());
    assert_eq!(std::fs::read_dir(desk.path("kept")).unwrap().count(), 3);
    let again = desk.run(&[&files[..], &ROOT, &["--evidence", "kept"]].concat());
    assert_eq!(again.text(), first.text());
    assert_eq!(again.exit, first.exit);
    // A file without one is judged without one, where a folder was named.
    desk.write("text.txt", "no document");
    let more = ["verify", "text.txt", "out.pdf", "--evidence", "kept"];
    let mixed = desk.run(&[&more[..], &ROOT].concat()).exits(65).json();
    assert_eq!(mixed[1]["indication"], "TOTAL-PASSED");
}

#[test]
fn rules_of_the_bundles_own_are_taken_only_when_asked_for() {
    let desk = desk();
    let rules = desk.run(&["evidence", "show", "none.json"]).exits(66);
    assert!(rules.err.starts_with("kyso: "));
    let keep = ["--evidence-out", "plain.json"];
    desk.run(&[&["verify", "out.pdf"][..], &ROOT, &keep].concat())
        .exits(2);
    let toml = desk
        .run(&["evidence", "show", "plain.json", "--policy"])
        .exits(0)
        .text();
    desk.write(
        "rules.toml",
        toml.replace("name = \"default\"", "name = \"ours\""),
    );
    let keep = ["--policy", "rules.toml", "--evidence-out", "ours.json"];
    let first = desk
        .run(&[&["verify", "out.pdf"][..], &ROOT, &keep].concat())
        .exits(2);
    let verify = [&["verify", "out.pdf", "--evidence", "ours.json"][..], &ROOT].concat();
    let refused = desk.run(&verify).json();
    assert_eq!(refused[0]["error"]["code"], "misuse");
    for policy in ["bundle", "rules.toml"] {
        let again = desk.run(&[&verify[..], &["--policy", policy]].concat());
        assert_eq!(again.exits(2).text(), first.text());
    }
}

#[test]
fn bundles_are_kept_listed_checked_and_cancelled_with_a_log() {
    let desk = desk();
    let keep = ["--revocation", "none", "--evidence-out", "kept.json"];
    desk.run(&[&["verify", "out.pdf"][..], &ROOT, &keep].concat())
        .exits(0);
    let store = ["--store", "archive"];
    let words = ["--who", "Văn thư", "--why", "lưu 10 năm"];
    let keep = [&["evidence", "keep", "kept.json"][..], &store, &words].concat();
    desk.run(&keep).exits(0);
    desk.run(&keep).exits(0);
    desk.run(&[&["evidence", "keep", "in.pdf"][..], &store].concat())
        .exits(65);

    let list = [&["evidence", "list"][..], &store, &["--format", "json"]].concat();
    let listed = desk.run(&list).exits(0).json();
    let bundle = &listed[0]["bundles"][0];
    assert_eq!(bundle["file"], "out.pdf");
    assert_eq!(bundle["indication"], "TOTAL-PASSED");
    assert_eq!(bundle["who"], "Văn thư");
    assert_eq!(listed[0]["log"]["entries"], 1);
    let id = bundle["bundle_sha256"].as_str().unwrap().to_owned();

    let check = |file: &str, status: i32| -> Value {
        let words = [&["evidence", "check", file][..], &store, &ROOT].concat();
        desk.run(&words).exits(status).json().remove(0)
    };
    assert_eq!(check("out.pdf", 0)["outcome"], "same");
    assert_eq!(check("in.pdf", 2)["outcome"], "none");
    // Without the anchors the verdict is another.
    let alone = [&["evidence", "check", "out.pdf"][..], &store].concat();
    desk.run(&alone).exits(1);

    let shown = desk
        .run(&["evidence", "show", "kept.json", "--lang", "vi"])
        .exits(0)
        .text();
    assert!(
        shown.contains("TOTAL-PASSED") && shown.contains("gốc tin cậy"),
        "{shown}"
    );

    let cancel = ["evidence", "cancel", &id[..12], "--why", "hết thời hạn"];
    // Deleting for good asks for both words.
    desk.run(&[&cancel[..], &store].concat()).exits(64);
    let who = ["--who", "Văn thư"];
    desk.run(&[&cancel[..], &who, &store].concat()).exits(0);
    let place = |name: String| desk.path("archive").join(name);
    assert!(!place(format!("{id}.json")).exists());
    let grave = std::fs::read_to_string(place(format!("{id}.cancelled.json"))).unwrap();
    let grave: Value = serde_json::from_str(&grave).unwrap();
    assert_eq!(grave["bundle_sha256"], id);
    assert_eq!(grave["why"], "hết thời hạn");
    assert!(grave.get("items").is_none());
    let listed = desk.run(&list).exits(0).json();
    assert_eq!(listed[0]["bundles"].as_array().unwrap().len(), 0);
    assert_eq!(listed[0]["cancelled"][0]["bundle_sha256"], id);
    desk.run(&keep).exits(64);

    // The log shows what was done to it, and to what it speaks of.
    let log = place("log.jsonl".into());
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replacen("10 năm", "20 năm", 1)).unwrap();
    let listed = desk.run(&list).exits(1).json();
    assert_eq!(listed[0]["log"]["broken_at"], 1);
}

#[test]
fn a_bundle_that_was_taken_away_or_changed_in_the_folder_is_told() {
    let desk = desk();
    let keep = ["--evidence-out", "kept.json"];
    desk.run(&[&["verify", "out.pdf"][..], &ROOT, &keep].concat())
        .exits(2);
    let store = ["--store", "archive"];
    desk.run(&[&["evidence", "keep", "kept.json"][..], &store].concat())
        .exits(0);
    let list = [&["evidence", "list"][..], &store, &["--format", "json"]].concat();
    let listed = desk.run(&list).exits(0).json();
    let id = listed[0]["bundles"][0]["bundle_sha256"].as_str().unwrap();
    let place = desk.path("archive").join(format!("{id}.json"));
    let text = std::fs::read_to_string(&place).unwrap();
    std::fs::write(&place, text.replace("out.pdf", "oot.pdf")).unwrap();
    assert_eq!(
        desk.run(&list).exits(1).json()[0]["bundles"][0]["intact"],
        false
    );
    std::fs::remove_file(&place).unwrap();
    assert_eq!(desk.run(&list).exits(1).json()[0]["missing"][0], id);
}

#[test]
fn a_folder_without_evidence_is_not_listed_as_if_all_were_well() {
    let desk = desk();
    std::fs::create_dir_all(desk.path("anything")).unwrap();
    let list = ["evidence", "list", "--store", "anything"];
    let ran = desk.run(&list);
    assert_ne!(ran.exit, 0, "{ran:?}");
}
