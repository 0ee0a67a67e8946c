//! A dossier whose parts contradict one another: exactly what is wrong is told, in both languages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{World, world};
use kyso::edxml::{Directory, EnvelopeBuilder};
use kyso::message::Lang;
use kyso::policy::{Policy, Revocation};
use kyso::{Limits, Report, Time};
use kyso_sandbox::document::{Decision, IssueDate, decision_pdf};
use kyso_sandbox::{Issued, KeyKind, OrganisationProfile};
use serde_json::{Value, json};

/// The decision of today, signed by the chairman and sealed by his office.
fn decision(world: &World) -> Vec<u8> {
    let (year, month, day) = world.now.date();
    let mut decision = Decision::example();
    decision.date = IssueDate::Given {
        year: u16::try_from(year).unwrap(),
        month,
        day,
    };
    let pdf = decision_pdf(&decision).unwrap();
    sign(
        world,
        &sign(world, &pdf, &world.person, world.now),
        &world.organisation,
        world.now,
    )
}

fn sign(world: &World, pdf: &[u8], by: &Issued, at: Time) -> Vec<u8> {
    kyso::sign::pdf(pdf, at)
        .sign(&world.key(by))
        .unwrap()
        .to_vec()
}

/// The office's certificate that ended yesterday.
fn ended(world: &World) -> Issued {
    let mut recipe = world
        .authority
        .organisation_recipe(&OrganisationProfile::example());
    recipe.key = kyso_sandbox::KeySource::Fresh(KeyKind::P256);
    recipe.not_after = world.now.unix() - 86_400;
    world.authority.issue_custom(&recipe).unwrap()
}

fn envelope(world: &World, number: &str, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (year, month, day) = world.now.date();
    let description = json!({ "header": {
        "from": { "organ_id": "H99", "organ_name": "UBND tỉnh Ví Dụ" },
        "to": [{ "organ_id": "G99" }],
        "document_id": format!("H99,{year:04}/{month:02}/{day:02},{number}/QĐ-UBND"),
        "code": { "code_number": number, "code_notation": "QĐ-UBND" },
        "promulgation_info": { "promulgation_date": format!("{year:04}-{month:02}-{day:02}") },
        "signer_info": { "position": "Chủ tịch", "full_name": "Nguyễn Văn Thử" },
        "subject": "Về việc ban hành Quy chế thử nghiệm chữ ký số", "steering_type": 0,
    } });
    let mut builder = EnvelopeBuilder::from_json(&description, |_| Ok(Vec::new())).unwrap();
    for (name, content) in files {
        builder = builder.attach(name, content.as_slice());
    }
    builder.finish(world.now, &Limits::default()).unwrap()
}

fn verify(world: &World, bytes: &[u8]) -> Report {
    let policy = Policy::default().revocation(Revocation::None);
    let verifier = world.verifier().policy(policy);
    verifier.verify(bytes)
}

/// Everything that is told against the dossier: of the file, then of each signature in it.
fn told(report: &Report) -> Vec<String> {
    let value: Value = serde_json::from_str(&report.to_json(Lang::En)).unwrap();
    let codes = |list: &Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.map(|one| one["code"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut out = codes(&value["findings"]);
    out.extend(codes(&value["reasons"]));
    for attachment in value["attachments"].as_array().unwrap() {
        for signature in attachment["report"]["signatures"]
            .as_array()
            .into_iter()
            .flatten()
        {
            if signature["indication"] != "TOTAL-PASSED" {
                let name = attachment["name"].as_str().unwrap();
                out.push(format!(
                    "{name}: {}",
                    signature["sub_indication"].as_str().unwrap()
                ));
            }
        }
    }
    out
}

#[test]
fn a_dossier_that_holds_together_is_told_nothing_against() {
    let world = world();
    let files = [("15-QD-UBND.pdf", decision(world))];
    let report = verify(world, &envelope(world, "15", &files));
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(report.indication(), Some(kyso::Indication::TotalPassed));
}

#[test]
fn a_wrong_attachment_a_changed_number_an_ended_certificate_and_an_unsigned_appendix_are_four_findings()
 {
    let world = world();
    let plain = kyso_sandbox::plain_pdf::pdf_with_table();
    let earlier = Time::from_unix(world.now.unix() - 2 * 86_400);
    let mut wrong = sign(world, &plain, &world.organisation, world.now);
    let at = common::find(&wrong, b"%PDF-1.") + 7;
    wrong[at] = if wrong[at] == b'4' { b'5' } else { b'4' };
    let files = [
        ("15-QD-UBND.pdf", decision(world)),
        ("Phu luc 1.pdf", sign(world, &plain, &ended(world), earlier)),
        ("Phu luc 2.pdf", wrong),
        ("Phu luc 3.xlsx", b"so lieu".to_vec()),
    ];
    let report = verify(world, &envelope(world, "16", &files));
    assert_eq!(
        told(&report),
        [
            "dossier.number",
            "dossier.appendix_not_signed",
            "Phu luc 1.pdf: OUT_OF_BOUNDS_NOT_REVOKED",
            "Phu luc 2.pdf: HASH_FAILURE",
        ]
    );
    assert_eq!(report.indication(), Some(kyso::Indication::TotalFailed));
    let (vi, en) = (report.to_text(Lang::Vi), report.to_text(Lang::En));
    for words in [
        "gói tin ghi “16/QĐ-UBND”",
        "“15/QĐ-UBND”",
        "tệp đính kèm riêng không có chữ ký số",
    ] {
        assert!(vi.contains(words), "{words}\n{vi}");
    }
    for words in [
        "the header says “16/QĐ-UBND”",
        "“15/QĐ-UBND”",
        "a separate attachment without",
    ] {
        assert!(en.contains(words), "{words}\n{en}");
    }
}

#[test]
fn a_directory_says_what_it_knows_better_and_changes_no_verdict() {
    let world = world();
    let bytes = envelope(world, "15", &[("15-QD-UBND.pdf", decision(world))]);
    let list = "code,name\nH99,Ủy ban nhân dân tỉnh Ví Dụ\nG99,Bộ\n";
    let policy = || Policy::default().revocation(Revocation::None);
    let verify = |list: &str| {
        let directory = Directory::read(list.as_bytes()).unwrap();
        let verifier = world.verifier().policy(policy()).directory(directory);
        verifier.verify(&bytes)
    };
    assert_eq!(told(&verify(list)), Vec::<String>::new());
    let report = verify(&list.replace("G99", "G98").replace("Ví Dụ", "Khác"));
    assert_eq!(told(&report), ["envelope.rule", "envelope.rule"]);
    assert_eq!(report.indication(), Some(kyso::Indication::TotalPassed));
    let text = report.to_text(Lang::En);
    assert!(text.contains("O1: ") && text.contains("O3: "), "{text}");
}

#[test]
fn another_signer_agency_or_date_in_the_header_is_told_with_both_values() {
    let world = world();
    let files = [("15-QD-UBND.pdf", decision(world))];
    let good = String::from_utf8(envelope(world, "15", &files)).unwrap();
    let (year, month, day) = world.now.date();
    let date = format!("<edXML:PromulgationDate>{year:04}/{month:02}/{day:02}");
    for (from, to, codes) in [
        ("Nguyễn Văn Thử", "Trần Văn Khác", &["dossier.signer"][..]),
        ("UBND tỉnh Ví Dụ", "Sở Khác", &["dossier.agency"]),
        (
            &*date,
            "<edXML:PromulgationDate>2020/01/01",
            &["dossier.date", "dossier.time"],
        ),
        (
            "<edXML:Position>Chủ tịch",
            "<edXML:Position>Chánh Thanh tra",
            &["dossier.position"],
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let told = told(&verify(world, good.replace(from, to).as_bytes()));
        let told: Vec<&str> = told
            .iter()
            .map(String::as_str)
            .filter(|t| *t != "envelope.rule")
            .collect();
        assert_eq!(told, codes, "{to}");
    }
}
