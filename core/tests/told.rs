//! What a reader must not miss: the first sentence and the ten criteria say what is held against a
//! signature, and nothing is said that was not found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::Path;

use common::only;
use kyso::report::{Criterion, Report};
use kyso::{Lang, Policy, Revocation, SignatureReport, Time, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued, PersonProfile, Settings,
};

/// The first second of 2026, in seconds.
const NOW: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

fn vector(name: &str, policy: Policy) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let trust = TrustStore::from_pem(&fs::read(root.join("trust/root.pem")).unwrap()).unwrap();
    let at = "2026-06-01T19:00:00+07:00".parse().unwrap();
    let input = fs::read(root.join(name).join("input.pdf")).unwrap();
    Verifier::new(at).trust(trust).policy(policy).verify(&input)
}

fn first_line(report: &Report, lang: Lang) -> String {
    report.to_text(lang).lines().next().unwrap().to_owned()
}

fn answer(signature: &SignatureReport, number: &str) -> Criterion {
    let mut all = signature.criteria().unwrap().iter();
    all.find(|(other, _)| *other == number).unwrap().1
}

fn evidence(signature: &SignatureReport, number: &str, lang: Lang) -> (String, Vec<&'static str>) {
    let mut all = signature.criteria_with_evidence(lang).into_iter();
    let one = all.find(|one| one.number == number).unwrap();
    (one.evidence, one.reasons)
}

/// An authority and a person whose certificate ends after so many days.
struct World {
    authority: Authority,
    person: Issued,
}

fn ending(days: i64) -> World {
    let authority = Authority::new(&Settings::quick(NOW)).unwrap();
    let mut recipe = authority.person_recipe(&PersonProfile::example());
    recipe.not_after = NOW + days * DAY;
    World {
        person: authority.issue_custom(&recipe).unwrap(),
        authority,
    }
}

impl World {
    /// Signed, as the signer claims, on this day.
    fn signed(&self, claimed: Option<i64>) -> Vec<u8> {
        let mut pdf = SignedPdf::new();
        pdf.sign(&PdfSignature::new(), |protected| {
            let mut recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected))
                .with_chain(&[&self.authority.issuing]);
            recipe.signing_time = claimed.map(|day| NOW + day * DAY);
            recipe.signed_by(&self.person)?.to_der()
        })
        .unwrap();
        pdf.octets().to_vec()
    }

    fn list(&self, issuer: &Issued, day: i64, entries: Vec<CrlEntry>) -> Vec<u8> {
        let mut list = CrlRecipe::new(NOW + day * DAY, NOW + (day + 7) * DAY);
        list.number = Some(300);
        list.entries = entries;
        list.signed_by(issuer).unwrap()
    }

    fn judged(&self, file: &[u8], day: i64, lists: &[Vec<u8>]) -> Report {
        let root = &self.authority.root.certificate_der;
        let mut verifier = Verifier::new(Time::from_unix(NOW + day * DAY))
            .trust(TrustStore::from_der_many([root]).unwrap());
        for list in lists {
            verifier.add_evidence(list).unwrap();
        }
        verifier.verify(file)
    }
}

#[test]
fn a_document_that_was_changed_is_not_called_intact_in_the_first_sentence() {
    let report = vector("pdf-content-replaced", Policy::default());
    let line = first_line(&report, Lang::Vi);
    assert!(
        line.contains("nhưng tài liệu đã bị thay đổi sau khi ký (trang 1: nội dung bị thay"),
        "{line}"
    );
    let signature = only(&report);
    assert_eq!(answer(signature, "2.4"), Criterion::Failed);
    let (told, reasons) = evidence(signature, "2.4", Lang::En);
    assert!(told.contains("changed after signing"), "{told}");
    assert!(reasons.contains(&"changes.forbidden"), "{reasons:?}");
    // What may or may not cover the content leaves integrity open.
    let report = vector("pdf-annotation-added", Policy::default());
    let line = first_line(&report, Lang::En);
    assert!(line.contains("; but annotations were added"), "{line}");
    assert_eq!(answer(only(&report), "2.4"), Criterion::Unknown);
    let report = vector("pdf-table", Policy::default());
    assert_eq!(answer(only(&report), "2.4"), Criterion::Passed);
}

#[test]
fn a_digest_that_could_not_be_computed_is_not_said_to_differ() {
    for name in ["pdf-truncated", "pdf-rewritten"] {
        let report = vector(name, Policy::default());
        let Some(signature) = report.signatures().first() else {
            continue;
        };
        let compared = signature
            .reasons()
            .any(|reason| reason.code() == "integrity.digest_mismatch");
        let text = report.to_text(Lang::En);
        assert_eq!(text.contains("does NOT match"), compared, "{text}");
        assert_eq!(text.contains("is NOT the signed one"), compared, "{text}");
        assert_eq!(answer(signature, "2.4"), Criterion::Failed);
    }
    // A range that reaches past the end: nothing can be hashed.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let mut input = fs::read(root.join("pdf-table/input.pdf")).unwrap();
    let at = input.windows(10).position(|w| w == b"/ByteRange").unwrap();
    let end = at + input[at..].iter().position(|octet| *octet == b']').unwrap();
    let last = (at..end)
        .rev()
        .find(|i| input[*i].is_ascii_digit())
        .unwrap();
    let first = (at..last)
        .rev()
        .find(|i| !input[*i].is_ascii_digit())
        .unwrap()
        + 1;
    input[first..=last].fill(b'9');
    let trust = TrustStore::default();
    let report = Verifier::new(Time::from_unix(NOW))
        .trust(trust)
        .verify(&input);
    let text = report.to_text(Lang::Vi);
    assert!(text.contains("[pdf.byte_range]"), "{text}");
    assert!(text.contains("Toàn vẹn: chưa tính được"), "{text}");
    assert!(!text.contains("KHÔNG khớp"), "{text}");
    assert!(!text.contains("KHÔNG còn nguyên vẹn"), "{text}");
    // The contract of the JSON: such bytes do not have the signed digest.
    assert_eq!(only(&report).integrity().digest_intact, Some(false));
}

#[test]
fn a_revoked_certificate_is_told_first_with_how_the_signer_s_own_time_lies_to_it() {
    let world = ending(300);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let entry = CrlEntry::new(&world.person, NOW + 5 * DAY).unwrap();
    let lists = [world.list(root, 9, vec![]), world.list(ca, 9, vec![entry])];
    for (claimed, held) in [
        (Some(6), "trước cả giờ ký mà người ký tự khai"),
        (
            Some(1),
            "giờ ký tự khai ở trước đó nhưng không có gì chứng minh",
        ),
        (None, "không có gì chứng minh chữ ký được lập trước đó"),
    ] {
        let report = world.judged(&world.signed(claimed), 10, &lists);
        let line = first_line(&report, Lang::Vi);
        let revoked = "chứng thư đã bị thu hồi từ 2026-01-06 07:00:00 +07:00";
        for part in [revoked, held] {
            assert!(line.contains(part), "{line}");
            let (told, _) = evidence(only(&report), "1.1", Lang::Vi);
            assert!(told.contains(part), "{told}");
        }
        assert_eq!(answer(only(&report), "1.1"), Criterion::Failed);
        assert_eq!(answer(only(&report), "1.2"), Criterion::Failed);
    }
}

#[test]
fn a_pass_without_any_word_on_revocation_says_so_in_its_first_sentence() {
    let policy = || Policy::default().revocation(Revocation::None);
    let report = vector("pdf-table", policy());
    let line = first_line(&report, Lang::Vi);
    assert!(line.starts_with("HỢP LỆ"), "{line}");
    assert!(
        line.contains("(chưa kiểm tra tình trạng thu hồi)"),
        "{line}"
    );
    let line = first_line(&vector("pdf-signed-twice", policy()), Lang::En);
    assert!(line.contains("(revocation status not checked)"), "{line}");
    assert!(report.to_json(Lang::En).contains("\"revocation\":\"none\""));
    let report = vector("pdf-table", Policy::default());
    assert!(
        report
            .to_json(Lang::En)
            .contains("\"revocation\":\"required\"")
    );
    assert!(!first_line(&report, Lang::Vi).contains("chưa kiểm tra"));
    // Evidence that is at hand is obeyed, so that nothing is left unchecked.
    let world = ending(300);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let anchor = TrustStore::from_der_many([&root.certificate_der]).unwrap();
    let mut verifier = Verifier::new(Time::from_unix(NOW + 10 * DAY))
        .trust(anchor)
        .policy(policy());
    for list in [world.list(root, 9, vec![]), world.list(ca, 9, vec![])] {
        verifier.add_evidence(&list).unwrap();
    }
    let line = first_line(&verifier.verify(&world.signed(Some(1))), Lang::En);
    assert!(!line.contains("not checked"), "{line}");
}

#[test]
fn where_nothing_is_known_about_the_time_the_criteria_say_unknown_not_failed() {
    let world = ending(100);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let lists = [world.list(root, 199, vec![]), world.list(ca, 199, vec![])];
    // The signer claims a time within the period, or none: nobody knows.
    for claimed in [Some(1), None] {
        let report = world.judged(&world.signed(claimed), 200, &lists);
        let signature = only(&report);
        for number in ["1.1", "2.3"] {
            assert_eq!(answer(signature, number), Criterion::Unknown, "{claimed:?}");
        }
        let text = report.to_text(Lang::Vi);
        assert!(text.contains("Hiệu lực lúc ký: chưa đủ căn cứ"), "{text}");
    }
    // By the signer's own word it had ended.
    let report = world.judged(&world.signed(Some(150)), 200, &lists);
    assert_eq!(answer(only(&report), "1.1"), Criterion::Failed);
    let line = first_line(&report, Lang::En);
    let own = "at the very time that the signer claims the certificate had ended (2026-04-11";
    assert!(line.contains(own), "{line}");
    // Without a path nobody vouches for the period.
    let verifier = Verifier::new(Time::from_unix(NOW + 200 * DAY));
    let report = verifier.verify(&world.signed(Some(1)));
    assert_eq!(answer(only(&report), "1.1"), Criterion::Unknown);
}

#[test]
fn a_known_status_names_the_list_that_it_is_known_by() {
    let world = ending(300);
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let lists = [world.list(root, 9, vec![]), world.list(ca, 9, vec![])];
    let report = world.judged(&world.signed(Some(1)), 10, &lists);
    let (told, _) = evidence(only(&report), "1.2", Lang::Vi);
    let source = "không bị thu hồi theo CRL số 300, phát hành 2026-01-10 07:00:00 +07:00, kế tiếp 2026-01-17 07:00:00 +07:00";
    assert_eq!(told.matches(source).count(), 2, "{told}");
    let link = &only(&report).chain()[0];
    assert_eq!(link.status.as_ref().unwrap().number.as_deref(), Some("300"));
    let none = world.judged(&world.signed(Some(1)), 10, &[]);
    assert!(only(&none).chain()[0].status.is_none());
}

#[test]
fn an_empty_store_is_said_to_know_the_national_roots_all_the_same() {
    let world = ending(300);
    let report = Verifier::new(Time::from_unix(NOW + DAY)).verify(&world.signed(Some(0)));
    let text = report.to_text(Lang::En);
    assert!(
        text.contains("A national root is trusted all the same"),
        "{text}"
    );
}

#[test]
fn a_path_that_is_not_built_names_its_obstacle_in_the_scope_of_use() {
    let world = ending(300);
    let root = kyso::Certificate::from_der(&world.authority.root.certificate_der).unwrap();
    let trust = TrustStore::from_der_many([root.der()]).unwrap();
    let removed = Verifier::new(Time::from_unix(NOW + DAY)).trust(trust.without(root.sha256()));
    let report = removed.verify(&world.signed(Some(0)));
    let (told, reasons) = evidence(only(&report), "1.4", Lang::En);
    assert!(told.contains("was removed from the trust store"), "{told}");
    assert!(reasons.contains(&"path.authority_removed"), "{reasons:?}");
    // A certificate that is signed with SHA-1, in a document of 2016.
    let data = |name: &str| common::data(name);
    let (Some(file), Some(root), Some(issuer)) = (
        data("vn-pdf/stale-blhs-2015-rewritten-large.pdf"),
        data("vn-pki/vgca-g1-root.pem"),
        data("vn-pki/vgca-g1-cp.pem"),
    ) else {
        return;
    };
    let trust = TrustStore::from_bytes_many([root, issuer]).unwrap();
    let report = Verifier::new(Time::from_unix(NOW))
        .trust(trust)
        .verify(&file);
    let signature = &report.signatures()[0];
    let (told, reasons) = evidence(signature, "1.4", Lang::Vi);
    assert!(told.contains("SHA-1"), "{told}");
    assert!(reasons.contains(&"algorithm.weak"), "{reasons:?}");
    assert_eq!(answer(signature, "1.1"), Criterion::Unknown);
}

#[test]
fn several_signatures_of_one_kind_are_counted_and_whoever_signed_twice_is_named_once() {
    let report = vector("pdf-signed-twice", Policy::default());
    let line = first_line(&report, Lang::En);
    assert!(
        line.starts_with("UNDECIDED – 2/2 signatures are undecided: "),
        "{line}"
    );
    let of_two = vector(
        "pdf-signed-twice",
        Policy::default().revocation(Revocation::None),
    );
    let line = first_line(&of_two, Lang::Vi);
    assert!(line.starts_with("HỢP LỆ – 2/2 chữ ký đạt: "), "{line}");
}

#[test]
fn advice_names_the_option_that_helps() {
    let file = vector("pdf-content-replaced", Policy::default());
    let text = file.to_text(Lang::Vi);
    assert!(
        text.contains("kyso verify TỆP --revision N -o RA.pdf"),
        "{text}"
    );
    assert!(text.contains("(lấy ra: --revision 1)"), "{text}");
    // An --at of before the signing is named where it is the likely cause.
    let world = ending(300);
    let early = world
        .judged(&world.signed(Some(5)), 1, &[])
        .to_text(Lang::En);
    assert!(early.contains("Where --at was given"), "{early}");
    // A list of after the time used.
    let (root, ca) = (&world.authority.root, &world.authority.issuing);
    let lists = [world.list(root, 9, vec![]), world.list(ca, 9, vec![])];
    let early = world
        .judged(&world.signed(Some(1)), 2, &lists)
        .to_text(Lang::En);
    assert!(
        early.contains("Verify again with an --at of after it was issued"),
        "{early}"
    );
    assert!(early.contains("no usable CRL"), "{early}");
}

#[test]
fn a_name_that_nobody_vouches_for_is_said_to_be_the_certificate_s() {
    let world = ending(300);
    let file = world.signed(Some(0));
    let report = Verifier::new(Time::from_unix(NOW + DAY)).verify(&file);
    let line = first_line(&report, Lang::Vi);
    assert!(line.contains("người dùng chứng thư mang tên “"), "{line}");
    assert!(
        line.contains("” (chưa nối được tới gốc tin cậy) ký lúc"),
        "{line}"
    );
}

#[test]
fn a_file_that_was_cut_or_written_anew_is_told_so_before_what_follows_from_it() {
    let text = vector("pdf-truncated", Policy::default()).to_text(Lang::En);
    assert!(text.contains("download it again"), "{text}");
    let text = vector("pdf-rewritten", Policy::default()).to_text(Lang::En);
    let first = text
        .lines()
        .find(|line| line.trim_start().starts_with("Reason: "));
    assert!(
        first.unwrap().contains("[pdf.rewritten_after_signing]"),
        "{text}"
    );
}
