//! What the author of a form demanded of a signature in a field: the seed value dictionary of the
//! field (ISO 32000-2 §12.7.5.5, tables 238 and 239).
//!
//! It binds the program that signs, and lowers no verdict afterwards: the signer signed what he
//! signed. Where a signature is not what was demanded, that is a finding with both values. Only
//! what is marked as required counts; what it is about is read as the field stood before it was
//! signed.

use crate::cms::SignedData;
use crate::pades::{PdfSignature, SubFilter};
use crate::pdf::{Dictionary, File, Object, Reference, text};
use crate::x509::Certificate;

/// What a signature is not, although its field demands it: each as `SubFilter: found ≠ wanted`.
pub(super) fn unmet<'a>(
    file: &File<'a>,
    field: Reference,
    revision: usize,
    signature: &PdfSignature<'a>,
) -> Vec<String> {
    // The revision that signed may have taken the demands away.
    let before = revision.checked_sub(1);
    let seed = before
        .into_iter()
        .chain([revision])
        .find_map(|revision| seed(file, field, revision).map(|seed| (seed, revision)));
    match seed {
        Some((seed, revision)) => Demands {
            file,
            seed,
            revision,
            unmet: Vec::new(),
        }
        .check(signature),
        None => Vec::new(),
    }
}

fn seed<'a>(file: &File<'a>, field: Reference, revision: usize) -> Option<Dictionary<'a>> {
    let field = file.load(field, revision).ok()??;
    let seed = field.object.dictionary()?.get("SV");
    file.resolve(seed, revision).ok()?.dictionary().cloned()
}

struct Demands<'f, 'a> {
    file: &'f File<'a>,
    seed: Dictionary<'a>,
    revision: usize,
    unmet: Vec<String>,
}

impl<'a> Demands<'_, 'a> {
    fn check(mut self, signature: &PdfSignature<'a>) -> Vec<String> {
        let seed = self.seed.clone();
        let flags = self.get(&seed, "Ff").integer().unwrap_or(0);
        let is_required = |bit: u32| flags & (1 << bit) != 0;
        if is_required(0)
            && let Object::Name(wanted) = self.get(&seed, "Filter")
        {
            let wanted = [wanted.text()];
            self.compare("Filter", signature.filter.as_deref(), &wanted);
        }
        if is_required(1) {
            let wanted = self.words(&seed, "SubFilter");
            self.compare("SubFilter", sub_filter(&signature.sub_filter), &wanted);
        }
        if is_required(3) {
            self.reasons(&seed, signature);
        }
        if let Object::Dictionary(wanted) = self.get(&seed, "MDP")
            && let Some(level) = self.get(&wanted, "P").integer()
        {
            // Zero asks for a signature that certifies nothing.
            let found = signature.certification.map_or(0, i64::from);
            if found != level {
                self.unmet.push(format!("MDP: {found} ≠ {level}"));
            }
        }
        let octets = signature.contents.as_deref().unwrap_or_default();
        if let Ok(cms) = SignedData::parse(octets, self.file.limits()) {
            self.cms(&seed, is_required(6), &cms);
        }
        self.unmet
    }

    /// Reasons; a single full stop asks for none (table 238).
    fn reasons(&mut self, seed: &Dictionary<'a>, signature: &PdfSignature<'a>) {
        let wanted = self.words(seed, "Reasons");
        let reason = signature.reason.as_deref().filter(|text| !text.is_empty());
        let none_wanted = wanted.is_empty() || wanted == ["."];
        if none_wanted && reason.is_none() {
            return;
        }
        self.compare("Reason", reason, &wanted);
    }

    fn cms(&mut self, seed: &Dictionary<'a>, digest_is_required: bool, cms: &SignedData<'_>) {
        let Some(signer) = cms.signer_infos.first() else {
            return;
        };
        if digest_is_required {
            let wanted = self.words(seed, "DigestMethod");
            let found = signer.digest().map(|digest| digest.name().replace('-', ""));
            let known: Vec<String> = wanted.iter().map(|name| name.replace('-', "")).collect();
            if !known.iter().any(|name| found.as_deref() == Some(name)) {
                let found = signer.digest().map(|digest| digest.name());
                self.compare("DigestMethod", found, &wanted);
            }
        }
        if let Object::Dictionary(wanted) = self.get(seed, "TimeStamp")
            && self.get(&wanted, "Ff").integer().unwrap_or(0) & 1 != 0
        {
            let stamps = signer.unsigned_attributes.iter();
            let mut stamps = stamps.flat_map(|all| all.signature_time_stamps());
            if stamps.next().is_none() {
                self.unmet.push(String::from("TimeStamp"));
            }
        }
        if let Object::Dictionary(wanted) = self.get(seed, "Cert") {
            let certificates = cms.certificates.iter();
            let certificates = certificates.filter_map(|der| Certificate::from_der(der).ok());
            let is_signing = signer.sid.matcher();
            let signing = certificates.into_iter().find(|one| is_signing(one));
            if let Some(signing) = signing {
                self.certificate(&wanted, &signing);
            }
        }
    }

    /// Table 239: who may sign, and who must have issued the certificate.
    fn certificate(&mut self, wanted: &Dictionary<'a>, signing: &Certificate) {
        let flags = self.get(wanted, "Ff").integer().unwrap_or(0);
        let listed = |key| {
            let strings = self.strings(wanted, key);
            let read = strings
                .iter()
                .filter_map(|der| Certificate::from_der(der).ok());
            read.collect::<Vec<_>>()
        };
        let (subjects, issuers) = (listed("Subject"), listed("Issuer"));
        if flags & 1 != 0 && !subjects.iter().any(|one| one.der() == signing.der()) {
            let found = signing.subject().to_string();
            self.unmet
                .push(said("Cert Subject", Some(&found), &holders(&subjects)));
        }
        if flags & 2 != 0 && !issuers.iter().any(|one| one.subject() == signing.issuer()) {
            let found = signing.issuer().to_string();
            self.unmet
                .push(said("Cert Issuer", Some(&found), &holders(&issuers)));
        }
    }

    fn compare(&mut self, key: &str, found: Option<&str>, wanted: &[String]) {
        if !wanted.iter().any(|wanted| found == Some(wanted)) {
            self.unmet.push(said(key, found, wanted));
        }
    }

    fn get(&self, dictionary: &Dictionary<'a>, key: &str) -> Object<'a> {
        let found = self.file.get(dictionary, key, self.revision);
        found.unwrap_or(Object::Null)
    }

    /// The names and texts of a list.
    fn words(&self, dictionary: &Dictionary<'a>, key: &str) -> Vec<String> {
        let list = self.list(dictionary, key).into_iter();
        list.filter_map(|element| match element {
            Object::Name(name) => Some(name.text()),
            Object::String(string) => Some(text::decode(&string.octets())),
            _ => None,
        })
        .collect()
    }

    fn strings(&self, dictionary: &Dictionary<'a>, key: &str) -> Vec<Vec<u8>> {
        let list = self.list(dictionary, key).into_iter();
        list.filter_map(|element| match element {
            Object::String(string) => Some(string.octets()),
            _ => None,
        })
        .collect()
    }

    fn list(&self, dictionary: &Dictionary<'a>, key: &str) -> Vec<Object<'a>> {
        match self.get(dictionary, key) {
            Object::Array(list) => {
                let list = list.iter().take(MOST_LISTED);
                let resolved = list.map(|element| self.file.resolve(element, self.revision));
                resolved.filter_map(Result::ok).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn holders(certificates: &[Certificate]) -> Vec<String> {
    let names = certificates.iter().map(|one| one.subject().to_string());
    names.collect()
}

fn said(key: &str, found: Option<&str>, wanted: &[String]) -> String {
    format!("{key}: {} ≠ {}", found.unwrap_or("–"), wanted.join(" | "))
}

fn sub_filter(found: &SubFilter) -> Option<&str> {
    Some(match found {
        SubFilter::EtsiCadesDetached => "ETSI.CAdES.detached",
        SubFilter::EtsiRfc3161 => "ETSI.RFC3161",
        SubFilter::AdbePkcs7Detached => "adbe.pkcs7.detached",
        SubFilter::AdbePkcs7Sha1 => "adbe.pkcs7.sha1",
        SubFilter::AdbeX509RsaSha1 => "adbe.x509.rsa_sha1",
        SubFilter::Other(name) => name,
        SubFilter::Missing => return None,
    })
}

/// Demands of one kind that are looked at.
const MOST_LISTED: usize = 64;
