//! `kyso doctor`: what it prints, and its exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;

#[test]
fn a_signed_file_gets_warnings_and_a_text_file_is_no_patient() {
    let desk = Desk::new();
    desk.sign("in.pdf", "out.pdf", &[]).exits(0);
    let ran = desk
        .run(&["doctor", "out.pdf", "--format", "json"])
        .exits(2);
    let json = &ran.json()[0];
    assert_eq!(json["schema"], "kyso-doctor/1");
    assert_eq!(json["file"], "out.pdf");
    let symptoms = json["symptoms"].as_array().unwrap();
    assert!(
        symptoms
            .iter()
            .any(|one| one["code"] == "evidence.no_time_stamp")
    );
    let text = desk
        .run(&["--lang", "vi", "doctor", "out.pdf"])
        .exits(2)
        .text();
    assert!(text.contains("CẢNH BÁO evidence.no_time_stamp"), "{text}");
    desk.write("text.txt", "no document");
    desk.run(&["doctor", "text.txt"]).exits(65);
    desk.run(&["doctor", "gone.pdf"]).exits(66);
}
