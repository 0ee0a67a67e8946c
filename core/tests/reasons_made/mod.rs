//! The cases behind `docs/VERDICTS.md`: signed files made afresh by the sandbox, each with the one
//! fault that its name says.

mod der;
mod document;
mod envelope;
mod online;
mod status;
mod trust;
mod xml;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use kyso::report::Report;
use kyso::{Certificate, Policy, Revocation, Time, TrustStore, Verifier};
use kyso_sandbox::signed_pdf::{PdfSignature, SignedPdf};
use kyso_sandbox::{
    Authority, CmsRecipe, CrlEntry, CrlRecipe, Hash, Issued, PersonProfile, SandboxError, Settings,
    SignedCms, TimeStampRecipe,
};

/// A case, and the codes that it gave; `None` where data or a program that it needs is missing.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) found: Option<BTreeSet<crate::Found>>,
}

fn case(name: &'static str, report: Report) -> Case {
    Case {
        name,
        found: Some(super::all(&report)),
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut all = document::cases();
    all.extend(trust::cases());
    all.extend(status::cases());
    all.extend(envelope::cases());
    all.extend(online::cases());
    all.extend(xml::cases());
    all
}

/// The first second of 2026.
const NOW: i64 = 1_767_225_600;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Keys of P-256 under a root and its issuing authority.
struct World {
    now: i64,
    authority: Authority,
    person: Issued,
    tsa: Issued,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| World::at(NOW))
}

impl World {
    fn at(now: i64) -> Self {
        let authority = Authority::new(&Settings::quick(now)).unwrap();
        World {
            now,
            person: authority.person(&PersonProfile::example()).unwrap(),
            tsa: authority.time_stamper().unwrap(),
            authority,
        }
    }

    fn trust(&self) -> TrustStore {
        let root = self.authority.root.certificate_pem();
        TrustStore::from_pem(root.as_bytes()).unwrap()
    }

    /// A token over `octets`.
    fn stamp(&self, octets: &[u8], change: impl FnOnce(&mut TimeStampRecipe)) -> Vec<u8> {
        let mut recipe = TimeStampRecipe::over(Hash::Sha256, octets, self.now);
        change(&mut recipe);
        recipe.signed_by(&self.tsa).unwrap()
    }

    /// A list of an issuer, issued a minute after `now`.
    fn list(&self, issuer: &Issued, entries: Vec<CrlEntry>) -> Vec<u8> {
        let mut list = CrlRecipe::new(self.now + 60, self.now + 7 * DAY);
        list.number = Some(1);
        list.entries = entries;
        list.signed_by(issuer).unwrap()
    }

    /// A day later, with the issuing certificate and good lists of root and issuing authority.
    fn judge(&self) -> Judge<'_> {
        Judge {
            world: self,
            after: DAY,
            policy: Policy::default(),
            trust: Some(self.trust()),
            issuing: Some(self.authority.issuing.certificate_der.clone()),
            root_list: Some(self.list(&self.authority.root, Vec::new())),
            issuing_list: Some(self.list(&self.authority.issuing, Vec::new())),
            more: Vec::new(),
        }
    }
}

/// By what a file is judged.
struct Judge<'w> {
    world: &'w World,
    /// Seconds after the signing.
    after: i64,
    policy: Policy,
    trust: Option<TrustStore>,
    issuing: Option<Vec<u8>>,
    root_list: Option<Vec<u8>>,
    issuing_list: Option<Vec<u8>>,
    more: Vec<Vec<u8>>,
}

impl Judge<'_> {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn verifier(self) -> Verifier {
        let at = Time::from_unix(self.world.now + self.after);
        let mut verifier = Verifier::new(at).policy(self.policy);
        if let Some(trust) = self.trust {
            verifier = verifier.trust(trust);
        }
        let given = [self.issuing, self.root_list, self.issuing_list];
        for evidence in given.into_iter().flatten().chain(self.more) {
            verifier.add_evidence(&evidence).unwrap();
        }
        verifier
    }

    fn verify(self, file: &[u8]) -> Report {
        self.verifier().verify(file)
    }
}

/// With `--revocation none`.
fn no_status() -> Policy {
    Policy::default().revocation(Revocation::None)
}

fn recipe(protected: &[u8]) -> CmsRecipe {
    CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected))
}

/// A file with one signature of `make`'s making over the protected bytes.
fn file(make: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    file_as(&PdfSignature::new(), make)
}

fn file_as(signature: &PdfSignature, make: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    pdf_as(SignedPdf::new(), signature, make).into_octets()
}

fn pdf_as(
    mut pdf: SignedPdf,
    signature: &PdfSignature,
    make: impl FnOnce(&[u8]) -> Vec<u8>,
) -> SignedPdf {
    pdf.sign(signature, |protected| -> Result<_, SandboxError> {
        Ok(make(protected))
    })
    .unwrap();
    pdf
}

/// Signed by `signer` as the changed recipe says.
fn signed(signer: &Issued, change: impl FnOnce(&mut CmsRecipe)) -> Vec<u8> {
    file(|protected| {
        let mut recipe = recipe(protected);
        change(&mut recipe);
        recipe.signed_by(signer).unwrap().to_der().unwrap()
    })
}

/// Signed by the person of the world, and finished by `finish`: with time-stamps, for one.
fn finished(
    signer: &Issued,
    change: impl FnOnce(&[u8], &mut CmsRecipe),
    finish: impl FnOnce(SignedCms) -> SignedCms,
) -> Vec<u8> {
    file(|protected| {
        let mut recipe = recipe(protected);
        change(protected, &mut recipe);
        finish(recipe.signed_by(signer).unwrap()).to_der().unwrap()
    })
}

/// Signed by the person, with one time-stamp over the signature.
fn stamped(world: &World, change: impl FnOnce(&mut TimeStampRecipe)) -> Vec<u8> {
    finished(
        &world.person,
        |_, _| {},
        |signed| {
            let token = world.stamp(signed.signature(), change);
            signed.time_stamped(token)
        },
    )
}

fn plain(world: &World) -> Vec<u8> {
    signed(&world.person, |_| {})
}

/// Every occurrence of some bytes is replaced by as many others; it must be there.
#[track_caller]
fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = bytes
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| *window == from)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "{}", String::from_utf8_lossy(from));
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

fn certificate(issued: &Issued) -> Certificate {
    Certificate::from_der(&issued.certificate_der).unwrap()
}
