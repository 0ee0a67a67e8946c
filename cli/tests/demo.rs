//! `kyso demo` and `kyso sandbox init`, as a newcomer types them.

#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;

#[test]
fn the_demo_leaves_its_files_tells_its_verdicts_and_hides_nothing() {
    let desk = Desk::bare();
    let told = desk.run(&["demo", "thử nghiệm", "--lang", "vi"]).exits(0);
    assert_eq!(told.err, "");
    let text = told.text();
    for name in [
        "quyet-dinh.pdf",
        "quyet-dinh.signed-1.pdf",
        "quyet-dinh.signed.pdf",
        "van-ban.json",
        "van-ban.edxml",
        "trang-thai-03.edxml",
        "bao-cao.json",
        "bao-cao.txt",
        "README.txt",
        "authority/root.pem",
        "authority/issuing.crl",
    ] {
        assert!(desk.path("thử nghiệm").join(name).is_file(), "{name}");
    }
    // Three that are signed, and nothing left open.
    assert_eq!(text.matches("   HỢP LỆ").count(), 3, "{text}");
    assert!(!text.contains("CHƯA ĐỦ CĂN CỨ"), "{text}");
    assert!(!text.contains("--revocation"), "{text}");
    assert_eq!(
        String::from_utf8(desk.read("thử nghiệm/README.txt")).unwrap(),
        text
    );
    let report: serde_json::Value =
        serde_json::from_slice(&desk.read("thử nghiệm/bao-cao.json")).unwrap();
    assert_eq!(report["indication"], "TOTAL-PASSED");
    let signatures = report["attachments"][0]["report"]["signatures"]
        .as_array()
        .unwrap();
    assert_eq!(signatures.len(), 2);
    for signature in signatures {
        assert_eq!(signature["integrity"]["signature_intact"], true);
        assert_eq!(signature["chain"].as_array().unwrap().len(), 3);
        assert_eq!(signature["chain"][0]["revocation"], "good");
        assert_eq!(signature["chain"][1]["revocation"], "good");
    }
    repeat_by_hand(&desk, &text);

    desk.run(&["demo", "thử nghiệm"]).exits(74);
    desk.write("thử nghiệm/mine.txt", "mine");
    desk.run(&["demo", "thử nghiệm", "--force"]).exits(0);
    assert_eq!(desk.read("thử nghiệm/mine.txt"), b"mine");
}

/// Types the commands that the demo printed.
fn repeat_by_hand(desk: &Desk, told: &str) {
    let commands: Vec<&str> = told
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("$ "))
        .filter(|command| !command.contains("sandbox init"))
        .collect();
    assert!(commands.len() >= 5, "{told}");
    for command in commands {
        let force = if command.contains(" -o ") {
            " --force"
        } else {
            ""
        };
        let script = command.replacen("kyso", "\"$KYSO\"", 1) + force;
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(desk.folder())
            .env("KYSO", env!("CARGO_BIN_EXE_kyso"))
            .output()
            .unwrap();
        let expected = if command.contains(" verify ") { 2 } else { 0 };
        assert_eq!(output.status.code(), Some(expected), "{script}: {output:?}");
    }
}

#[test]
fn a_sandbox_is_made_once_and_its_password_file_is_the_password() {
    let desk = Desk::new();
    desk.run(&["sandbox", "init", "mine"]).exits(0);
    let again = desk.run(&["sandbox", "init", "mine"]).exits(74);
    assert_eq!(again.err.lines().count(), 1, "{again:?}");
    let words = [
        "sign",
        "pdf",
        "in.pdf",
        "-o",
        "out.pdf",
        "--p12",
        "mine/organisation.p12",
        "--password-file",
        "mine/password.txt",
    ];
    desk.run(&words).exits(0);
}
