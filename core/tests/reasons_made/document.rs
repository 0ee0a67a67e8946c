//! The form of a signature, its CMS, its cryptography, and what a file may hide.

use kyso::Limits;
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{CertificateReference, CmsAttribute, Hash, Scheme};

use super::der::{self, Node, sequence, tlv};
use super::{
    Case, DAY, HOUR, NOW, case, file, file_as, finished, pdf_as, plain, recipe, replaced, signed,
    world,
};

pub(super) fn cases() -> Vec<Case> {
    let mut all = form();
    all.extend(cms());
    all.extend(content());
    all
}

fn form() -> Vec<Case> {
    let world = world();
    let judged = |file: &[u8]| world.judge().verify(file);
    let good = plain(world);
    let named = |sub_filter: &str| {
        let mut signature = PdfSignature::new();
        signature.sub_filter = sub_filter.to_owned();
        file_as(&signature, |protected| {
            recipe(protected)
                .signed_by(&world.person)
                .unwrap()
                .to_der()
                .unwrap()
        })
    };
    let mut doubled = PdfSignature::new();
    doubled.extra = "/Filter /Adobe.PPKLite".to_owned();
    let by_person = |protected: &[u8]| {
        let signed = recipe(protected).signed_by(&world.person).unwrap();
        signed.to_der().unwrap()
    };
    // The signature is object 6 and its field 7; a second field takes the same value.
    let mut shared = pdf_as(SignedPdf::new(), &PdfSignature::new(), by_person);
    let second = shared.number();
    shared.revise(&[
        (
            1,
            format!(
                "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R {second} 0 R] \
                 /SigFlags 3 >> >>"
            )
            .into_bytes(),
        ),
        (
            second,
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Again) /V 6 0 R /Rect [0 0 0 0] >>"
                .to_vec(),
        ),
    ]);
    let mut removed = pdf_as(SignedPdf::new(), &PdfSignature::new(), by_person);
    removed.revise(&[(1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec())]);
    // The file is written anew without its form; the signature's dictionary stays.
    let bare = rewritten_without_a_form(&good);
    let padded = file(|protected| [by_person(protected), vec![1, 2, 3]].concat());
    vec![
        case(
            "sub-filter-missing",
            judged(&replaced(good.clone(), b"/SubFilter", b"/SubFiltre")),
        ),
        case("signature-key-twice", judged(&file_as(&doubled, by_person))),
        case(
            "byte-range-starts-late",
            judged(&replaced(
                good.clone(),
                b"/ByteRange [0 ",
                b"/ByteRange [1 ",
            )),
        ),
        case("contents-zero", judged(&file(|_| Vec::new()))),
        case("contents-padding", judged(&padded)),
        case("rewritten-without-field", judged(&bare)),
        case("one-signature-in-two-fields", judged(shared.octets())),
        case("signature-field-removed", judged(removed.octets())),
        case("sub-filter-unknown", judged(&named("X.Unknown"))),
        case("sub-filter-pkcs7-sha1", judged(&named("adbe.pkcs7.sha1"))),
        case(
            "signature-typed-as-time-stamp",
            judged(&file(|protected| world.stamp(protected, |_| {}))),
        ),
    ]
}

/// One revision with the old signature dictionary, which nothing refers to.
fn rewritten_without_a_form(good: &[u8]) -> Vec<u8> {
    let start = super::super::common::find(good, b"6 0 obj");
    let end = start + super::super::common::find(&good[start..], b"endobj") + b"endobj".len();
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = "xref\n0 7\n0000000000 65535 f \n".to_owned();
    let objects: [&[u8]; 6] = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj",
        b"4 0 obj\n<< >>\nendobj",
        b"5 0 obj\n<< >>\nendobj",
        &good[start..end],
    ];
    for object in objects {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend_from_slice(object);
        out.push(b'\n');
    }
    let at = out.len();
    out.extend_from_slice(table.as_bytes());
    out.extend_from_slice(
        format!("trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").as_bytes(),
    );
    out
}

fn cms() -> Vec<Case> {
    let world = world();
    let person = &world.person;
    let judged = |file: &[u8]| world.judge().verify(file);
    let by_person = |protected: &[u8]| {
        let signed = recipe(protected).signed_by(person).unwrap();
        signed.to_der().unwrap()
    };
    // The outermost length is left open, as many signers write it.
    let ber = file(|protected| {
        let mut content = Node::read(&by_person(protected));
        let children: Vec<u8> = content.children().iter().flat_map(Node::write).collect();
        [&[0x30, 0x80][..], &children, &[0, 0]].concat()
    });
    let nobody = file(|protected| {
        let mut cms = Node::read(&by_person(protected));
        let signed_data = &mut cms.children()[1].children()[0];
        signed_data
            .children()
            .last_mut()
            .unwrap()
            .children()
            .clear();
        cms.write()
    });
    let digest_twice = |recipe: &mut kyso_sandbox::CmsRecipe| {
        let digest = tlv(0x04, &recipe.digest);
        recipe
            .extra
            .push(CmsAttribute::new("1.2.840.113549.1.9.4", digest));
    };
    let unsorted = |resigned: bool| {
        file(|protected| {
            let mut cms = Node::read(&by_person(protected));
            let signer = der::signer_info(&mut cms);
            let attributes = der::attributes(signer);
            attributes.reverse();
            let octets: Vec<u8> = attributes.iter().flat_map(Node::write).collect();
            if resigned {
                let signature = person
                    .sign_with(Scheme::Usual(Hash::Sha256), &tlv(0x31, &octets))
                    .unwrap();
                *der::value(signer) = Node::Primitive(0x04, signature);
            }
            cms.write()
        })
    };
    let other_digest = file(|protected| {
        // SHA-256 is 2.16.840.1.101.3.4.2.1; nobody has given 2.99 a meaning.
        let sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        let mut unknown = sha256;
        unknown[8] = 99;
        replaced(by_person(protected), &sha256, &unknown)
    });
    let another = world
        .authority
        .person(&kyso_sandbox::PersonProfile::public_example())
        .unwrap();
    vec![
        case(
            "cms-malformed",
            judged(&file(|_| vec![0x30, 0x03, 0x02, 0x01, 0x05])),
        ),
        case("cms-in-ber", judged(&ber)),
        case(
            "cms-content-present",
            judged(&signed(person, |recipe| {
                recipe.content = Some(b"something else".to_vec());
            })),
        ),
        case("signer-info-none", judged(&nobody)),
        case(
            "signed-attributes-absent",
            judged(&signed(person, |recipe| recipe.signed_attributes = false)),
        ),
        case(
            "message-digest-twice",
            judged(&signed(person, digest_twice)),
        ),
        case("attributes-not-sorted", judged(&unsorted(true))),
        case("attributes-resorted", judged(&unsorted(false))),
        case(
            "algorithms-disagree",
            judged(&signed(person, |recipe| {
                recipe.scheme = Scheme::Usual(Hash::Sha384);
            })),
        ),
        case("algorithm-unsupported", judged(&other_digest)),
        case(
            "signer-not-attached",
            judged(&signed(person, |recipe| recipe.own_certificate = false)),
        ),
        case(
            "signer-exchanged",
            judged(&signed(person, |recipe| {
                let other = another.certificate_der.clone();
                recipe.reference = CertificateReference::ToAnother(other);
            })),
        ),
        case(
            "signer-serial-differs",
            judged(&signed(person, |recipe| {
                recipe.reference = CertificateReference::Absent;
                recipe.extra.push(reference_with_another_serial(person));
            })),
        ),
        case(
            "signer-unnamed",
            judged(&signed(person, |recipe| {
                recipe.reference = CertificateReference::Absent;
            })),
        ),
        case(
            "signing-time-future",
            judged(&signed(person, |recipe| {
                recipe.signing_time = Some(NOW + 10 * DAY);
            })),
        ),
        case("signing-time-unknown", judged(&plain(world))),
        case(
            "signing-time-local",
            judged(&finished(
                person,
                |_, recipe| recipe.signing_time = Some(NOW + 7 * HOUR),
                |signed| {
                    let token = world.stamp(signed.signature(), |_| {});
                    signed.time_stamped(token)
                },
            )),
        ),
        case(
            "signing-time-differs",
            judged(&finished(
                person,
                |_, recipe| recipe.signing_time = Some(NOW - HOUR),
                |signed| {
                    let token = world.stamp(signed.signature(), |_| {});
                    signed.time_stamped(token)
                },
            )),
        ),
    ]
}

/// signing-certificate-v2 (RFC 5035 §3) with the right hash and another serial number.
fn reference_with_another_serial(signer: &kyso_sandbox::Issued) -> CmsAttribute {
    let certificate = super::certificate(signer);
    let hash = tlv(0x04, &Hash::Sha256.of(&signer.certificate_der));
    let issuer = sequence(&[&tlv(0xa4, certificate.issuer().der())]);
    let issuer_serial = sequence(&[&issuer, &[0x02, 0x01, 0x05]]);
    let id = sequence(&[&hash, &issuer_serial]);
    let value = sequence(&[&sequence(&[&id])]);
    CmsAttribute::new("1.2.840.113549.1.9.16.2.47", value)
}

/// A revision that does nothing but say that the file is encrypted.
fn encrypted_later(mut file: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&file).into_owned();
    let previous = text.rsplit("startxref").next().unwrap();
    let previous: usize = previous.split_whitespace().next().unwrap().parse().unwrap();
    let (at, word) = (file.len(), "a".repeat(32));
    let update = format!(
        "xref\n0 0\ntrailer\n<< /Size 99 /Root 1 0 R /Prev {previous} /Encrypt << /Filter /Standard \
         /V 1 /R 2 /P -4 /O ({word}) /U ({word}) >> >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.extend_from_slice(update.as_bytes());
    file
}

fn content() -> Vec<Case> {
    let world = world();
    let by_person = |protected: &[u8]| {
        let signed = recipe(protected).signed_by(&world.person).unwrap();
        signed.to_der().unwrap()
    };
    // The font of the page is the object that no signature touches.
    let with = |more: &str| {
        let mut pdf = SignedPdf::new();
        let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman ";
        pdf.revise(&[(4, format!("{font}{more}").into_bytes())]);
        pdf_as(pdf, &PdfSignature::new(), by_person).into_octets()
    };
    let judged = |more: &str| world.judge().verify(&with(more));
    let transform = |method: &str, parameters: &str| {
        let mut signature = PdfSignature::new();
        signature.extra = format!(
            "/Reference [<< /TransformMethod /{method} /TransformParams << {parameters} >> >>]"
        );
        signature
    };
    let certifying = |level: u8| transform("DocMDP", &format!("/P {level}"));
    let twice = |first: &PdfSignature, second: &PdfSignature| {
        let pdf = pdf_as(SignedPdf::new(), first, by_person);
        pdf_as(pdf, second, by_person).into_octets()
    };
    let plain_signature = PdfSignature::new();
    // The name of the field ends early, so that the field draws something.
    let mut drawn = PdfSignature::new();
    drawn.field = Some("Second) /AP << /N 5 0 R >> /TU (".into());
    drawn.rectangle = Some([10.0, 10.0, 90.0, 30.0]);
    let by_stranger = |protected: &[u8]| {
        let subject = kyso_sandbox::SubjectName::new()
            .with(kyso_sandbox::Attribute::Country, "VN")
            .with(kyso_sandbox::Attribute::CommonName, "Stranger");
        let stranger = kyso_sandbox::Recipe::new(
            subject,
            kyso_sandbox::KeyKind::P256,
            NOW - DAY,
            NOW + 365 * DAY,
        );
        let stranger = stranger.self_signed().unwrap();
        let signed = recipe(protected).signed_by(&stranger).unwrap();
        signed.to_der().unwrap()
    };
    let strange = |first: &PdfSignature| {
        let pdf = pdf_as(SignedPdf::new(), first, by_person);
        pdf_as(pdf, &drawn, by_stranger).into_octets()
    };
    let trailing = [plain(world), b"rubbish".to_vec()].concat();
    let verify = |octets: &[u8]| world.judge().verify(octets);
    let mut few = Limits::default();
    few.pdf_objects = 3;
    let many = world.judge().verifier().limits(few).verify(&plain(world));
    let mut short = Limits::default();
    short.path_signature_checks = 0;
    let spent = world.judge().verifier().limits(short).verify(&plain(world));
    vec![
        case(
            "changes-certification",
            verify(&twice(&certifying(1), &plain_signature)),
        ),
        case(
            "changes-field-locked",
            verify(&twice(
                &transform("FieldMDP", "/Action /All"),
                &plain_signature,
            )),
        ),
        case("changes-untrusted-field", verify(&strange(&certifying(2)))),
        case(
            "changes-field-not-settled",
            verify(&strange(&plain_signature)),
        ),
        case("changes-trailing-bytes", verify(&trailing)),
        case(
            "certification-not-first",
            verify(&twice(&plain_signature, &certifying(2))),
        ),
        case(
            "certification-unknown-level",
            verify(&twice(&certifying(7), &plain_signature)),
        ),
        case("content-dangling", judged("/Note 99 0 R >>")),
        case("content-active", judged("/JS (app.alert\\(1\\)) >>")),
        case("content-external", judged("/More << /FS /URL >> >>")),
        case(
            "content-hidden",
            judged(">>\nendobj\n5 0 obj\n<< /Hidden true >>"),
        ),
        case("content-doubled-key", judged("/Name /A /Name /B >>")),
        case("content-too-many-objects", many),
        case(
            "content-repair",
            judged(">>\nendobj\n5 0 obj\n<< /Length 2 >>\nstream\nBT\nendstream"),
        ),
        case(
            "content-structure",
            judged("/Length 99 >>\nstream\nBT\nendstream"),
        ),
        case(
            "content-encryption-changed",
            world.judge().verify(&encrypted_later(plain(world))),
        ),
        case("limit-of-path-checks", spent),
    ]
}
