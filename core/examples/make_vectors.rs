//! Makes the inputs of `test-vectors/` anew, with keys that are thrown away:
//!
//! ```sh
//! cargo run -p kyso --example make_vectors
//! KYSO_UPDATE=1 cargo test -p kyso --test vectors
//! ```
//!
//! The second command writes the reports that the inputs must produce; read their difference
//! before committing it. `qpdf` has to be installed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kyso::crypto::{DigestAlgorithm, SignatureAlgorithm};
use kyso::edxml::{Organ, status_reply};
use kyso::sign::{self, Profile};
use kyso::{Certificate, Envelope, EnvelopeBuilder, Limits, LocalKey, Signer, Time, Verifier};
use kyso_sandbox::{
    Attribute, Authority, Issued, KeyKind, KeySource, OrganisationProfile, PersonProfile, Recipe,
    Settings, SubjectName, plain_pdf,
};
use serde_json::json;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors");
    let made = Made::new(folder);

    let table = plain_pdf::pdf_with_table();
    let signed = made.sign(&table, &made.person());
    made.write("pdf-table", "input.pdf", &signed);
    let stream = made.sign(&plain_pdf::pdf_with_xref_stream(), &made.person());
    made.write("pdf-xref-stream", "input.pdf", &stream);
    made.write(
        "pdf-hybrid",
        "input.pdf",
        &made.sign(&plain_pdf::pdf_hybrid(), &made.person()),
    );
    let twice = made.sign(&signed, &made.organisation());
    made.write("pdf-signed-twice", "input.pdf", &twice);
    let pss = SignatureAlgorithm::rsa_pss(DigestAlgorithm::Sha256);
    let pss = made.organisation().with_algorithm(pss).unwrap();
    made.write("pdf-rsa-pss", "input.pdf", &made.sign(&table, &pss));
    let old = sign::pdf(&table, made.at)
        .profile(Profile::Pkcs7)
        .reserve(0);
    let old = old.sign(&made.organisation()).unwrap().to_vec();
    made.write("pdf-adbe-pkcs7", "input.pdf", &old);
    made.write(
        "pdf-untrusted-signer",
        "input.pdf",
        &made.sign(&table, &made.stranger()),
    );
    made.write("pdf-unsigned", "input.pdf", &table);

    let mut changed = signed.clone();
    let box_at = changed
        .windows(9)
        .position(|at| at == b"/MediaBox")
        .unwrap();
    changed[box_at + 11] ^= 1;
    made.write("pdf-changed-byte", "input.pdf", &changed);
    made.write(
        "pdf-changed-signature-value",
        "input.pdf",
        &made.spoil_value(&signed),
    );
    let content =
        "<< /Length 44 >>\nstream\nBT /F1 14 Tf 85 760 Td (Van ban da sua) Tj ET \nendstream";
    let replaced = updated(&signed, &[(5, content)]);
    made.write("pdf-content-replaced", "input.pdf", &replaced);
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>\
                /Contents 5 0 R/Annots[7 0 R 9 0 R]>>";
    let note = "<</Type/Annot/Subtype/FreeText/Rect[80 740 300 780]/DA(/F1 14 Tf)\
                /Contents(So 99/QD)/P 3 0 R>>";
    let annotated = updated(&signed, &[(3, page), (9, note)]);
    made.write("pdf-annotation-added", "input.pdf", &annotated);
    made.write("pdf-rewritten", "input.pdf", &qpdf(&signed));
    made.write("pdf-truncated", "input.pdf", &signed[..signed.len() - 900]);
    made.write(
        "text",
        "input.txt",
        "Đây không phải là văn bản điện tử.\n".as_bytes(),
    );

    let envelope = made.envelope(&signed);
    made.write("edxml-document", "input.edxml", &envelope);
    made.write(
        "edxml-changed-attachment",
        "input.edxml",
        &made.envelope(&changed),
    );
    made.write("edxml-status", "input.edxml", &made.status(&envelope));

    let root = made.authority.root.certificate_pem();
    fs::create_dir_all(made.folder.join("trust")).unwrap();
    fs::write(made.folder.join("trust/root.pem"), root).unwrap();
}

struct Made {
    folder: PathBuf,
    at: Time,
    authority: Authority,
}

impl Made {
    fn new(folder: PathBuf) -> Self {
        let at: Time = "2026-05-04T08:30:00+07:00".parse().unwrap();
        let authority = Authority::new(&Settings::quick(at.unix())).unwrap();
        Self {
            folder,
            at,
            authority,
        }
    }

    fn person(&self) -> LocalKey {
        self.key(&self.authority.person(&PersonProfile::example()).unwrap())
    }

    fn organisation(&self) -> LocalKey {
        let mut recipe = self
            .authority
            .organisation_recipe(&OrganisationProfile::example());
        recipe.key = KeySource::Fresh(KeyKind::Rsa2048);
        self.key(&self.authority.issue_custom(&recipe).unwrap())
    }

    fn key(&self, holder: &Issued) -> LocalKey {
        let issuing = Certificate::from_der(&self.authority.issuing.certificate_der).unwrap();
        local(holder).with_chain([issuing])
    }

    /// Somebody who certifies himself.
    fn stranger(&self) -> LocalKey {
        let name = "Nguyễn Tự Xưng";
        let subject = SubjectName::new()
            .with(Attribute::Country, "VN")
            .with(Attribute::CommonName, name);
        let (from, to) = (self.at.unix() - 3_600, self.at.unix() + 365 * 86_400);
        local(
            &Recipe::new(subject, KeyKind::P256, from, to)
                .self_signed()
                .unwrap(),
        )
    }

    /// With as little room as there may be, to keep the files small.
    fn sign(&self, input: &[u8], signer: &dyn Signer) -> Vec<u8> {
        let signing = sign::pdf(input, self.at)
            .reason("Phát hành văn bản")
            .reserve(0);
        signing.sign(signer).unwrap().to_vec()
    }

    /// Another digit at the end of the signature value, the last thing before the padding.
    fn spoil_value(&self, signed: &[u8]) -> Vec<u8> {
        let report = Verifier::new(self.at).verify(signed);
        let range = report.signatures()[0]
            .coverage()
            .unwrap()
            .byte_range
            .clone()
            .unwrap();
        let start = usize::try_from(range[1]).unwrap() + 1;
        let digits = |from: usize| std::str::from_utf8(&signed[start + from..][..4]).unwrap();
        // SEQUENCE with a length of two octets.
        assert_eq!(digits(0), "3082");
        let length = usize::from(u16::from_str_radix(digits(4), 16).unwrap()) + 4;
        let mut spoilt = signed.to_vec();
        let last = &mut spoilt[start + 2 * length - 1];
        *last = if *last == b'1' { b'2' } else { b'1' };
        spoilt
    }

    fn envelope(&self, pdf: &[u8]) -> Vec<u8> {
        let description = json!({ "header": {
            "from": { "organ_id": "G99.07", "organ_name": "Ủy ban nhân dân tỉnh Ví Dụ" },
            "to": [{ "organ_id": "H99", "organ_name": "Sở Thử Nghiệm tỉnh Ví Dụ" }],
            "document_id": "G99.07,2026/05/04,12/QĐ-UBND",
            "code": { "code_number": "12", "code_notation": "QĐ-UBND" },
            "promulgation_info": { "place": "Ví Dụ", "promulgation_date": "2026-05-04" },
            "document_type": { "type": 2, "type_name": "Quyết định" },
            "subject": "Về việc thử nghiệm liên thông văn bản điện tử",
            "steering_type": 0,
        } });
        EnvelopeBuilder::from_json(&description, |_| Ok(Vec::new()))
            .unwrap()
            .attach("12-QD-UBND.pdf", pdf.to_vec())
            .finish(self.at, &Limits::default())
            .unwrap()
    }

    fn status(&self, envelope: &[u8]) -> Vec<u8> {
        let limits = Limits::default();
        let received = Envelope::read(envelope, &limits).unwrap();
        let mut from = Organ::default();
        from.organ_id = Some("H99".to_owned());
        let reply = status_reply(&received, "03", Some("Đã tiếp nhận"), from, self.at).unwrap();
        reply.finish(self.at, &limits).unwrap()
    }

    fn write(&self, name: &str, file: &str, bytes: &[u8]) {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(file), bytes).unwrap();
        println!("{name}: {} bytes", bytes.len());
    }
}

/// The file with an update that nobody signed.
fn updated(before: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(before);
    let previous = text.rsplit("startxref").next().unwrap();
    let previous: u64 = previous.split_whitespace().next().unwrap().parse().unwrap();
    let mut out = before.to_vec();
    let mut table = String::from("xref\n");
    for (number, body) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let at = out.len();
    let trailer =
        format!("trailer\n<</Size 10/Root 1 0 R/Prev {previous}>>\nstartxref\n{at}\n%%EOF\n");
    out.extend_from_slice((table + &trailer).as_bytes());
    out
}

fn local(holder: &Issued) -> LocalKey {
    let (key, certificate) = (holder.private_key_pem(), holder.certificate_pem());
    LocalKey::from_pem(key.as_bytes(), certificate.as_bytes(), None).unwrap()
}

/// As a tool that "optimises" rewrites a file.
fn qpdf(input: &[u8]) -> Vec<u8> {
    let folder = std::env::temp_dir().join(format!("kyso-make-vectors-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (from, to) = (folder.join("in.pdf"), folder.join("out.pdf"));
    fs::write(&from, input).unwrap();
    let mut command = Command::new("qpdf");
    command.args(["--object-streams=generate", "--deterministic-id"]);
    let status = command.arg(&from).arg(&to).status().unwrap();
    assert!(status.success(), "qpdf: {status}");
    let output = fs::read(to).unwrap();
    fs::remove_dir_all(folder).unwrap();
    output
}
