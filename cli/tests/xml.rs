//! `kyso sign xml`, `kyso xml`: what is signed, what a reference digests, which role signed what.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod desk;

use desk::Desk;
use kyso_sandbox::PASSWORD;

const NOTICE: &str =
    "<TBao><DLTBao Id=\"d1\"><MST>01</MST></DLTBao><STBao Id=\"n1\">5</STBao></TBao>";

fn sign(desk: &Desk, input: &str, output: &str, more: &[&str]) -> desk::Ran {
    desk.write("password", PASSWORD);
    let mut words = vec![
        "sign",
        "xml",
        input,
        "-o",
        output,
        "--p12",
        "authority/person.p12",
        "--password-file",
        "password",
    ];
    words.extend(more);
    desk.run(&words)
}

#[test]
fn a_document_is_signed_verified_and_handed_out() {
    let desk = Desk::new();
    desk.write("in.xml", NOTICE);
    sign(&desk, "in.xml", "out.xml", &[]).exits(0);
    let report = desk
        .run(&[
            "verify",
            "out.xml",
            "--format",
            "json",
            "--revocation",
            "none",
            "--trust",
            "authority/root.pem",
            "--evidence",
            "authority/issuing.pem",
        ])
        .exits(0)
        .json();
    assert_eq!(report[0]["kind"], "xml");
    let signature = &report[0]["signatures"][0];
    assert_eq!(signature["format"], "XAdES-BASELINE-B");
    assert_eq!(signature["coverage"]["whole_file"], true);
    assert_eq!(signature["counter_signature"], false);
    desk.run(&["verify", "out.xml", "--revision", "1", "-o", "covered.xml"])
        .exits(0);
    assert_eq!(desk.read("covered.xml"), NOTICE.as_bytes());
    let octets = desk
        .run(&["xml", "c14n", "out.xml", "--reference", "0"])
        .exits(0);
    assert_eq!(octets.out, NOTICE.as_bytes());
    desk.run(&["xml", "c14n", "out.xml", "--reference", "2"])
        .exits(64);
    desk.run(&["xml", "c14n", "in.xml", "--reference", "0"])
        .exits(64);
    // A changed one.
    let text = String::from_utf8(desk.read("out.xml")).unwrap();
    desk.write("other.xml", text.replacen(">01<", ">02<", 1));
    desk.run(&["verify", "other.xml"]).exits(1);
    desk.run(&["verify", "other.xml", "--revision", "1", "-o", "none.xml"])
        .exits(65);
    assert!(!desk.path("none.xml").exists());
}

#[test]
fn the_roles_of_a_tax_message_are_told() {
    let desk = Desk::new();
    desk.write("in.xml", NOTICE);
    let tax = ["--profile", "tax", "--role"];
    let with = |role, parts: &[&'static str]| [&tax[..], &[role], parts].concat();
    sign(
        &desk,
        "in.xml",
        "one.xml",
        &with("TTCQT", &["--part", "d1"]),
    )
    .exits(0);
    let both = with("CQT", &["--part", "d1", "--part", "n1"]);
    sign(&desk, "one.xml", "two.xml", &both).exits(0);
    let told = desk
        .run(&["xml", "roles", "two.xml", "--format", "json"])
        .exits(0);
    let told = &told.json()[0];
    assert_eq!(told["schema"], "kyso-xml-roles/1");
    let [head, office] = [&told["signatures"][0], &told["signatures"][1]];
    assert_eq!(head["role"], "TTCQT");
    assert_eq!(head["covers_number"], false);
    assert_eq!(office["covers"][1], "/TBao/STBao");
    assert_eq!(office["covers_number"], true);
    assert!(
        head["departures"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one == "algorithm")
    );
    sign(&desk, "in.xml", "none.xml", &["--profile", "tax"]).exits(64);
    sign(&desk, "in.xml", "none.xml", &["--part", "zz"]).exits(64);
    sign(&desk, "in.xml", "none.xml", &["--level", "b-t"]).exits(64);
    assert!(!desk.path("none.xml").exists());
}
