//! `kyso cert show`, and what is said of a certificate wherever one is shown.

use std::fmt::Write as _;
use std::path::Path;

use kyso::message::visible;
use kyso::path::PathInputs;
use kyso::report::json_line;
use kyso::trust::{AuthorityRole, Pin, Purpose, Tree, pin_of};
use kyso::x509::{Attribute, Name, Role};
use kyso::{Certificate, Time};
use serde_json::{Map, Value, json};

use crate::args::{Cert, Format, Inputs, Judge};
use crate::failure::{Failure, status};
use crate::input;
use crate::language::{Lang, pick};
use crate::ledger::hex;
use crate::output::print;

/// Does what the verb says.
pub(crate) fn run(verb: Cert, lang: Lang) -> Result<u8, Failure> {
    match verb {
        Cert::Show { file, format } => show(&file, format, lang),
        Cert::Verify {
            file,
            judge,
            inputs,
            format,
        } => verify(&file, &judge, inputs, format, lang),
    }
}

fn verify(
    file: &Path,
    judge: &Judge,
    inputs: Inputs,
    format: Format,
    lang: Lang,
) -> Result<u8, Failure> {
    let certificates = input::some_certificates(file)?;
    let Some(certificate) = certificates.first() else {
        return Ok(status::UNDECIDED);
    };
    let inputs = PathInputs {
        policies: (!inputs.policy_oid.is_empty()).then_some(inputs.policy_oid),
        require_explicit_policy: inputs.require_explicit_policy,
        inhibit_policy_mapping: inputs.inhibit_policy_mapping,
        inhibit_any_policy: inputs.inhibit_any_policy,
        ..PathInputs::default()
    };
    let answer = judge.verifier(lang)?.certificate(certificate, &inputs);
    print(&match format {
        Format::Json => answer.to_json(lang),
        Format::Text => answer.to_text(lang),
    })?;
    Ok(answer.exit())
}

fn show(file: &Path, format: Format, lang: Lang) -> Result<u8, Failure> {
    let certificates = input::some_certificates(file)?;
    match format {
        Format::Json => {
            let all: Vec<Value> = certificates.iter().map(object).collect();
            let said = json!({
                "schema": "kyso-cert/1",
                "file": file.to_string_lossy(),
                "certificates": all,
            });
            print(&json_line(&said))?;
        }
        Format::Text => {
            let all: Vec<String> = certificates.iter().map(|each| text(each, lang)).collect();
            print(&all.join("\n"))?;
        }
    }
    Ok(status::DONE)
}

/// A certificate as JSON.
pub(crate) fn object(certificate: &Certificate) -> Value {
    let identity = certificate.identity();
    let mut identifiers = Map::new();
    for (name, value) in [
        ("tax_code", identity.tax_code),
        ("citizen_id", identity.citizen_id),
        ("email", identity.email),
    ] {
        if let Some(value) = value {
            identifiers.insert(name.into(), json!(value));
        }
    }
    let pin = pin_of(certificate);
    json!({
        "subject": certificate.subject().to_string(),
        "issuer": certificate.issuer().to_string(),
        "common_name": identity.common_name,
        "organisation": identity.organisation,
        "units": identity.units,
        "managing_unit": managing_unit(certificate),
        "title": identity.title,
        "locality": identity.locality,
        "province": identity.province,
        "country": identity.country,
        "subject_parts": parts(certificate.subject()),
        "issuer_parts": parts(certificate.issuer()),
        "role": role(identity.role).0,
        "identifiers": identifiers,
        "serial": certificate.serial_hex(),
        "not_before": certificate.not_before().to_string(),
        "not_after": certificate.not_after().to_string(),
        "sha256": certificate.sha256_hex(),
        "key": {
            "kind": format!("{:?}", certificate.public_key().kind()),
            "bits": certificate.public_key().bits(),
        },
        "signature_algorithm": certificate.signature_algorithm_name(),
        "authority": certificate.is_ca() == Some(true),
        "self_issued": certificate.is_self_issued(),
        "tree": tree(pin.map_or(Tree::Operator, |pin| pin.tree)),
        "pinned": pin.map(pin_object),
        "faults": certificate.faults(),
    })
}

/// What is known of a national authority, as JSON.
pub(crate) fn pin_object(pin: &Pin) -> Value {
    let time = |time: Option<Time>| time.map(|time| time.to_string());
    json!({
        "sha256": hex(&pin.sha256),
        "name": pin.name,
        "tree": tree(pin.tree),
        "generation": pin.generation,
        "role": authority(pin.role).0,
        "purposes": pin.purposes.iter().map(|wanted| purpose(*wanted).0).collect::<Vec<_>>(),
        "trusted_from": time(pin.trusted_from),
        "trusted_until": time(pin.trusted_until),
        "algorithm_exception": pin.allows_sha1.then_some("SHA-1"),
    })
}

/// The unit that manages the certificate (Circular 15/2025/TT-BKHCN Art. 6(5)b), the nearest first:
/// units and organisation of the name, in whichever order the name has its parts. A body does not
/// manage itself where a larger one is named.
fn managing_unit(certificate: &Certificate) -> Option<String> {
    let subject = certificate.subject();
    let of = |wanted: &[&str]| -> Vec<(usize, String)> {
        let parts = subject.parts().iter().enumerate();
        let fitting =
            parts.flat_map(|(position, part)| part.iter().map(move |each| (position, each)));
        fitting
            .filter(|(_, each)| wanted.contains(&each.oid.as_str()))
            .map(|(position, each)| (position, each.value.clone()))
            .collect()
    };
    let own = of(&[COMMON_NAME]);
    let own_name = own.first().map(|(_, value)| value.as_str());
    let mut units = of(&[UNIT, ORGANISATION]);
    // The specialised authority writes the country first, the roots of 2025 the common name.
    let country_first = match (of(&[COUNTRY]).first(), own.first()) {
        (Some((country, _)), Some((name, _))) => country < name,
        _ => true,
    };
    if country_first {
        units.reverse();
    }
    units.retain(|(_, value)| Some(value.as_str()) != own_name);
    let words: Vec<String> = units.into_iter().map(|(_, value)| value).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The parts of a name in the certificate's own order.
fn parts(name: &Name) -> Vec<Value> {
    let one = |part: &Vec<Attribute>| -> Vec<Value> {
        part.iter()
            .map(|each| json!({ "type": each.oid, "value": each.value }))
            .collect()
    };
    name.parts().iter().map(|part| json!(one(part))).collect()
}

/// A certificate as text.
pub(crate) fn text(certificate: &Certificate, lang: Lang) -> String {
    let identity = certificate.identity();
    let key = certificate.public_key();
    let mut page = Page {
        lang,
        out: String::new(),
    };
    let name = identity.common_name.as_deref().unwrap_or("–");
    let (_, vi, en) = role(identity.role);
    let kind = match certificate.is_ca() {
        Some(true) => pick(lang, "cơ quan cấp chứng thư", "authority"),
        _ => pick(lang, vi, en),
    };
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(page.out, "{} ({kind})", visible(name));
    page.field(
        "Chủ thể",
        "Subject",
        Some(certificate.subject().to_string()),
    );
    page.field("Nơi cấp", "Issuer", Some(certificate.issuer().to_string()));
    page.field(
        "Đơn vị quản lý chứng thư",
        "Managing unit",
        managing_unit(certificate),
    );
    page.field("Chức vụ", "Title", identity.title);
    page.field("Mã số thuế", "Tax code", identity.tax_code);
    page.field("Số định danh cá nhân", "Citizen id", identity.citizen_id);
    page.field("Thư điện tử", "E-mail", identity.email);
    page.field("Số hiệu", "Serial number", Some(certificate.serial_hex()));
    let period = [certificate.not_before(), certificate.not_after()]
        .map(|time| moment(time.at_offset(Time::VIET_NAM)))
        .join(" – ");
    page.field("Thời hạn", "Valid", Some(period));
    let algorithm = certificate.signature_algorithm_name();
    let key = pick(
        lang,
        format!(
            "{} {} bit, được ký bằng {algorithm}",
            key.kind().name(),
            key.bits()
        ),
        format!(
            "{} {} bit, signed with {algorithm}",
            key.kind().name(),
            key.bits()
        ),
    );
    page.field("Khóa", "Key", Some(key));
    page.field("SHA-256", "SHA-256", Some(certificate.sha256_hex()));
    page.field("Tin cậy", "Trust", Some(standing(certificate, lang)));
    for fault in certificate.faults() {
        page.field("Sai sót", "Fault", Some((*fault).to_owned()));
    }
    page.out
}

/// Whether the built-in pins know it, in words.
pub(crate) fn standing(certificate: &Certificate, lang: Lang) -> String {
    let Some(pin) = pin_of(certificate) else {
        return pick(
            lang,
            "không thuộc các gốc quốc gia đã biết; chỉ được tin khi người dùng tự nạp",
            "none of the known national ones; trusted only when the operator says so",
        )
        .to_owned();
    };
    let (_, vi, en) = authority(pin.role);
    let purposes: Vec<&str> = pin
        .purposes
        .iter()
        .map(|wanted| pick(lang, purpose(*wanted).1, purpose(*wanted).2))
        .collect();
    let (tree, generation, purposes) = (
        tree(pin.tree).to_uppercase(),
        pin.generation,
        purposes.join(", "),
    );
    let role = pick(lang, vi, en);
    let mut text = match lang {
        Lang::Vi => format!("cây {tree}, thế hệ {generation}: {role}; dùng cho {purposes}"),
        _ => format!("tree {tree}, generation {generation}: {role}; for {purposes}"),
    };
    for (vi, en, time) in [
        ("tin từ", "trusted from", pin.trusted_from),
        ("tin đến", "trusted until", pin.trusted_until),
    ] {
        if let Some(time) = time {
            // Writing to a text cannot fail.
            let _ = write!(text, "; {} {}", pick(lang, vi, en), moment(time));
        }
    }
    if pin.allows_sha1 {
        text.push_str(pick(
            lang,
            "; chữ ký SHA-1 trên chứng thư này được chấp nhận như lịch sử",
            "; its own signature with SHA-1 is accepted as history",
        ));
    }
    text
}

struct Page {
    lang: Lang,
    out: String,
}

impl Page {
    fn field(&mut self, vi: &str, en: &str, value: Option<String>) {
        if let Some(value) = value {
            let label = pick(self.lang, vi, en);
            let _ = writeln!(self.out, "  {label}: {}", visible(&value));
        }
    }
}

/// ISO 8601 with a space for the T.
fn moment(time: Time) -> String {
    time.to_string()
        .replacen('T', " ", 1)
        .replacen('+', " +", 1)
}

fn tree(tree: Tree) -> &'static str {
    match tree {
        Tree::Vgca => "vgca",
        Tree::Neac => "neac",
        _ => "operator",
    }
}

fn role(role: Role) -> (&'static str, &'static str, &'static str) {
    match role {
        Role::Person => ("person", "cá nhân", "person"),
        Role::Organisation => ("organisation", "tổ chức", "organisation"),
        _ => ("unknown", "không rõ loại chủ thể", "holder of unknown kind"),
    }
}

fn authority(role: AuthorityRole) -> (&'static str, &'static str, &'static str) {
    match role {
        AuthorityRole::Root => ("root", "gốc", "root"),
        AuthorityRole::Issuing => (
            "issuing",
            "CA cấp dưới, không phải gốc",
            "issuing CA, no root",
        ),
        AuthorityRole::TsaIssuing => (
            "tsa-issuing",
            "CA cấp chứng thư dấu thời gian, không phải gốc",
            "issuing CA of time-stamp servers, no root",
        ),
        _ => ("other", "khác", "other"),
    }
}

fn purpose(purpose: Purpose) -> (&'static str, &'static str, &'static str) {
    match purpose {
        Purpose::DocumentSignature => (
            "document-signature",
            "chữ ký trên văn bản",
            "signatures of documents",
        ),
        Purpose::TimeStamp => ("time-stamp", "dấu thời gian", "time-stamps"),
        Purpose::Attestation => (
            "attestation",
            "chứng thực thông điệp dữ liệu",
            "attestation of data messages",
        ),
        _ => ("other", "việc khác", "other things"),
    }
}

/// Attribute types of names (X.520).
const COMMON_NAME: &str = "2.5.4.3";
const COUNTRY: &str = "2.5.4.6";
const ORGANISATION: &str = "2.5.4.10";
const UNIT: &str = "2.5.4.11";
