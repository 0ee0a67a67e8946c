//! Every level, key and form of file, made here and judged by EU DSS, pyHanko and pdfsig; and files
//! signed by pyHanko, raised here to B-LTA and judged as such.
//!
//! EU DSS is built by `./test dss` and found through `KYSO_DSS`; without it the table is skipped,
//! saying so. The other two are asked where they are there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use common::net::Net;
use common::{Folder, World, have, openssl, qpdf, run, world};
use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::sign::{self, Level, RaiseTo, TimeStampService};
use kyso::{ErrorKind, LocalKey, Time, Verifier};
use kyso_sandbox::{CrlRecipe, Issued, plain_pdf};
use serde_json::Value;

const DAY: i64 = 86_400;
const LEVELS: [&str; 4] = ["b-b", "b-t", "b-lt", "b-lta"];

/// Lists by hand, time-stamps from this process.
struct Desk {
    folder: Folder,
    p384: LocalKey,
    keys: [LocalKey; 3],
    now: Time,
    verifier: Verifier,
    stamps: TimeStampService,
    root: PathBuf,
    lists: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let world = world();
        let folder = Folder::new();
        // Its certificate begins when it is made, so all that follows is later.
        let p384 = p384(world, &folder);
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let now = i64::try_from(elapsed.as_secs()).unwrap() + 1;
        let root = folder.write("root.pem", world.authority.root.certificate_pem());
        let lists = folder.path("lists");
        fs::create_dir(&lists).unwrap();
        let mut verifier = world.verifier().at(Time::from_unix(now));
        for (name, issuer) in [
            ("root.crl", &world.authority.root),
            ("issuing.crl", &world.authority.issuing),
        ] {
            let mut list = CrlRecipe::new(now, now + 7 * DAY);
            list.number = Some(1);
            let list = list.signed_by(issuer).unwrap();
            verifier.add_evidence(&list).unwrap();
            fs::write(lists.join(name), list).unwrap();
        }
        let net = Net::new(&world.authority, &[], now);
        Self {
            stamps: TimeStampService::new(net, ["http://tsa.example.vn/"]).unwrap(),
            folder,
            p384,
            keys: [
                world.organisation_key(),
                world.pss_key(),
                world.person_key(),
            ],
            now: Time::from_unix(now).at_offset(Time::VIET_NAM),
            verifier,
            root,
            lists,
        }
    }

    fn level<'d>(&'d self, name: &str) -> Level<'d> {
        match name {
            "b-b" => Level::BB,
            "b-t" => Level::BT(&self.stamps),
            "b-lt" => Level::BLt(&self.stamps, &self.verifier),
            _ => Level::BLta(&self.stamps, &self.verifier),
        }
    }

    /// What EU DSS says of each file, by its name; evidence is given to those that carry none.
    fn eu_dss(&self, peer: &Path, files: &BTreeMap<String, PathBuf>) -> BTreeMap<String, Value> {
        let empty = self.folder.path("empty");
        let _ = fs::create_dir(&empty);
        let at = self.now.utc().to_string();
        let mut jobs = String::new();
        for (name, file) in files {
            let is_alone = name.contains("b-lt");
            let evidence = if is_alone { &empty } else { &self.lists };
            let paths = [file, &self.root, evidence].map(|path| path.display().to_string());
            writeln!(jobs, "{name}\t{at}\t{}", paths.join("\t")).unwrap();
        }
        let list = self.folder.write("jobs.tsv", jobs);
        let answers = self.folder.path("answers.jsonl");
        let class_path = format!("{0}/classes:{0}/lib/*", peer.display());
        run(
            "java",
            &[
                &"-Xmx1g",
                &"-cp",
                &class_path,
                &"peer.Peer",
                &list,
                &answers,
            ],
        );
        let text = fs::read_to_string(answers).unwrap();
        let all: BTreeMap<String, Value> = text
            .lines()
            .map(|line| {
                let answer: Value = serde_json::from_str(line).unwrap();
                (answer["name"].as_str().unwrap().to_owned(), answer)
            })
            .collect();
        assert!(all.keys().eq(files.keys()));
        all
    }

    /// What pyHanko says of each file.
    fn pyhanko(&self, python: &Path, files: &BTreeMap<String, PathBuf>) -> BTreeMap<String, Value> {
        let script = common::script("pyhanko_levels.py");
        let mut words: Vec<&dyn AsRef<OsStr>> = vec![&script, &self.root, &self.lists];
        words.extend(files.values().map(|file| file as &dyn AsRef<OsStr>));
        let found = common::json(&run(python, &words));
        let of = |path: &PathBuf| found[path.to_str().unwrap()].clone();
        files
            .iter()
            .map(|(name, path)| (name.clone(), of(path)))
            .collect()
    }
}

/// RSA with both paddings, P-256, and P-384 by OpenSSL.
fn keys(desk: &Desk) -> [(&'static str, &LocalKey); 4] {
    let [pkcs1, pss, p256] = &desk.keys;
    [
        ("rsa-pkcs1", pkcs1),
        ("rsa-pss", pss),
        ("p-256", p256),
        ("p-384", &desk.p384),
    ]
}

fn p384(world: &World, folder: &Folder) -> LocalKey {
    let issuing = &world.authority.issuing;
    let (key, request, own) = (
        folder.path("k.pem"),
        folder.path("r.pem"),
        folder.path("c.pem"),
    );
    let extensions = folder.write(
        "x.cnf",
        "keyUsage=critical,digitalSignature,nonRepudiation\nauthorityKeyIdentifier=keyid\n\
         subjectKeyIdentifier=hash\n",
    );
    let issuer = folder.write("issuing.pem", issuing.certificate_pem());
    let issuer_key = folder.write("issuing.key", issuing.private_key_pem());
    let words = "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -subj /C=VN/CN=P384";
    openssl(words, &[("-keyout", &key), ("-out", &request)]);
    openssl(
        "x509 -req -days 30 -sha384 -set_serial 77",
        &[
            ("-in", &request),
            ("-CA", &issuer),
            ("-CAkey", &issuer_key),
            ("-extfile", &extensions),
            ("-out", &own),
        ],
    );
    let [key, own] = [key, own].map(|path| fs::read(path).unwrap());
    let chain = [issuing, &world.authority.root]
        .map(|issued: &Issued| kyso::Certificate::from_der(&issued.certificate_der).unwrap());
    LocalKey::from_pem(&key, &own, None)
        .unwrap()
        .with_algorithm(SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha384))
        .unwrap()
        .with_chain(chain.to_vec())
}

fn forms() -> Vec<(&'static str, Vec<u8>)> {
    let table = plain_pdf::pdf_with_table();
    let first = sign::pdf(&table, world().now).sign(&world().person_key());
    let mut forms = vec![
        ("table", table.clone()),
        ("stream", plain_pdf::pdf_with_xref_stream()),
        ("hybrid", plain_pdf::pdf_hybrid()),
        ("second", first.unwrap().to_vec()),
    ];
    if have("qpdf") {
        forms.push(("linearised", qpdf(&table, &["--linearize"])));
    }
    forms
}

#[test]
fn every_level_key_and_form_is_good_for_eu_dss_pyhanko_and_pdfsig() {
    let Some(peer) = std::env::var_os("KYSO_DSS").map(PathBuf::from) else {
        println!("skipped: no EU DSS (KYSO_DSS); ./test dss builds it");
        return;
    };
    let desk = Desk::new();
    let mut files = BTreeMap::new();
    for (form, input) in forms() {
        for (key_name, key) in keys(&desk) {
            for level in LEVELS {
                let name = format!("{level} {key_name} {form}");
                let signed = sign::pdf(&input, desk.now).sign_at(key, desk.level(level));
                let signed = signed.unwrap_or_else(|error| panic!("{name}: {error}"));
                let file = signed.to_vec();
                assert!(file.starts_with(&input), "{name}");
                let path = desk.folder.write(&name.replace(' ', "_"), &file);
                files.insert(name, path);
            }
        }
    }
    println!("{} files", files.len());
    let mut faults = Vec::new();
    for (name, answer) in desk.eu_dss(&peer, &files) {
        faults.extend(dss_fault(&name, &answer).map(|fault| format!("EU DSS, {name}: {fault}")));
    }
    if let Some(python) = common::python_with_pyhanko() {
        for (name, answer) in desk.pyhanko(&python, &files) {
            let fault = pyhanko_fault(&name, &answer);
            faults.extend(fault.map(|fault| format!("pyHanko, {name}: {fault}")));
        }
    }
    if have("pdfsig") {
        for (name, path) in &files {
            let said = run("pdfsig", &[&"-nocert", path]);
            let said = String::from_utf8_lossy(&said.stdout).into_owned();
            // It does not look into document time-stamps.
            let valid = said.matches("Signature is Valid.").count();
            let signatures = if name.ends_with("second") { 2 } else { 1 };
            if valid < signatures || said.contains("Signature is Invalid") {
                faults.push(format!("pdfsig, {name}: {said}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What EU DSS has against a file that has to be good at its level.
fn dss_fault(name: &str, answer: &Value) -> Option<String> {
    let level = name.split(' ').next().unwrap();
    let wanted = match level {
        "b-b" => "PAdES-BASELINE-B",
        "b-t" => "PAdES-BASELINE-T",
        "b-lt" => "PAdES-BASELINE-LT",
        _ => "PAdES-BASELINE-LTA",
    };
    let signatures = answer["signatures"].as_array().unwrap();
    let newest = if name.ends_with("second") {
        "Signature2"
    } else {
        "Signature1"
    };
    let is_good = !signatures.is_empty()
        && signatures.iter().all(|signature| {
            signature["indication"] == "TOTAL-PASSED"
                && (signature["field"] != newest || signature["format"] == wanted)
        });
    let stamps = answer["timestamps"].as_array().map_or(0, Vec::len);
    let expected = match level {
        "b-b" => 0,
        "b-lta" => 2,
        _ => 1,
    };
    (!is_good || stamps != expected).then(|| answer.to_string())
}

fn pyhanko_fault(name: &str, answer: &Value) -> Option<String> {
    let level = name.split(' ').next().unwrap();
    let newest = answer["signatures"].as_array().and_then(|all| all.last());
    let first = answer["signatures"].as_array().and_then(|all| all.first());
    let Some((newest, first)) = newest.zip(first) else {
        return Some(answer.to_string());
    };
    let changes = match (level, name.ends_with("second")) {
        ("b-b" | "b-t", false) => "NONE",
        (_, false) => "LTA_UPDATES",
        (_, true) => "FORM_FILLING",
    };
    let is_stored = level.starts_with("b-lt");
    let is_good = newest["bottom_line"] == true
        && first["bottom_line"] == true
        && first["changes"] == changes
        && newest["stamped"] == (level != "b-b")
        && newest["named"] == is_stored
        && answer["stamps"].as_array().is_some_and(|stamps| {
            stamps.len() == usize::from(level == "b-lta")
                && stamps.iter().all(|stamp| *stamp == true)
        });
    (!is_good).then(|| answer.to_string())
}

#[test]
fn files_signed_by_pyhanko_are_raised_and_judged_b_lta_by_eu_dss() {
    let Some(peer) = std::env::var_os("KYSO_DSS").map(PathBuf::from) else {
        println!("skipped: no EU DSS (KYSO_DSS); ./test dss builds it");
        return;
    };
    let Some(python) = common::python_with_pyhanko() else {
        return;
    };
    const PASSWORD: &str = "thu nghiem";
    let world = world();
    let desk = Desk::new();
    let (issuing, root) = (&world.authority.issuing, &world.authority.root);
    let p12 = |name, holder: &Issued| {
        let container = holder.pkcs12(PASSWORD, &[issuing, root]).unwrap();
        desk.folder.write(name, container)
    };
    let (rsa, curve) = (
        p12("rsa.p12", &world.organisation),
        p12("ec.p12", &world.person),
    );
    let script = common::script("pyhanko_sign.py");
    let mut files = BTreeMap::new();
    for (form, input) in forms() {
        if form == "hybrid" {
            continue; // pyHanko does not sign these unless told to be lax.
        }
        let input = desk.folder.write("in.pdf", input);
        let out = desk.folder.path(form);
        fs::create_dir(&out).unwrap();
        run(&python, &[&script, &input, &rsa, &curve, &PASSWORD, &out]);
        for entry in fs::read_dir(&out).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let theirs = fs::read(&path).unwrap();
            let mut file = theirs.clone();
            for level in [RaiseTo::BT, RaiseTo::BLt, RaiseTo::BLta, RaiseTo::BLta] {
                let raised = sign::extend(&file, &desk.verifier)
                    .time_stamper(&desk.stamps)
                    .to(level)
                    .unwrap_or_else(|error| panic!("{name} {form} {level:?}: {error}"));
                file = raised.to_vec();
            }
            assert!(file.starts_with(&theirs));
            let name = format!("b-lta {name} {form}");
            let path = desk.folder.write(&name.replace(' ', "_"), &file);
            files.insert(name, path);
        }
    }
    println!("{} files", files.len());
    let mut faults = Vec::new();
    for (name, answer) in desk.eu_dss(&peer, &files) {
        let signatures = answer["signatures"].as_array().unwrap();
        let is_good = !signatures.is_empty()
            && signatures.iter().all(|signature| {
                let format = signature["format"].as_str().unwrap();
                let wanted = match name.contains("adbe") && signature["field"] == "Theirs" {
                    true => "PKCS7-LTA",
                    false => "PAdES-BASELINE-LTA",
                };
                signature["indication"] == "TOTAL-PASSED" && format == wanted
            });
        if !is_good {
            faults.push(format!("EU DSS, {name}: {answer}"));
        }
    }
    for (name, answer) in desk.pyhanko(&python, &files) {
        let signatures = answer["signatures"].as_array().cloned().unwrap_or_default();
        let stamps = answer["stamps"].as_array().cloned().unwrap_or_default();
        let is_good = !signatures.is_empty()
            && signatures
                .iter()
                .all(|signature| signature["bottom_line"] == true && signature["named"] == true)
            && stamps.len() == 3
            && stamps.iter().all(|stamp| *stamp == true);
        if !is_good {
            faults.push(format!("pyHanko, {name}: {answer}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_encrypted_file_is_refused_and_not_half_extended() {
    if !have("qpdf") {
        return;
    }
    let desk = Desk::new();
    let options = ["--encrypt", "", "owner", "256", "--"];
    let input = qpdf(&plain_pdf::pdf_with_table(), &options);
    let extending = sign::extend(&input, &desk.verifier).time_stamper(&desk.stamps);
    let refused = extending.document_time_stamp().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported, "{refused}");
}
