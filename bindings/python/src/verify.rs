//! Verifying, and the report on its way to Python.

use std::path::PathBuf;

use kyso::bundle::Difference;
use kyso::{Bundle, Lang, Limits, Policy, Revocation, Time, TrustStore};
use kyso_map::{Existing, write_whole};
use pyo3::prelude::*;

use crate::error::{Fault, work};
use crate::input::{Given, Source, files, lang as lang_of, time};
use crate::network::{Asked, Network};

/// The settings of `kyso.Verifier`.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Verifier {
    trust: TrustStore,
    evidence: Vec<Vec<u8>>,
    /// Evidence bundles: the verdict about their files is given again.
    bundles: Vec<Bundle>,
    policy: Policy,
    at: Option<String>,
    network: Network,
    password: Option<Vec<u8>>,
    limits: Limits,
}

#[pymethods]
impl Verifier {
    #[new]
    #[allow(clippy::too_many_arguments)] // each is one setting
    fn new(
        py: Python<'_>,
        trust: Option<Vec<Given>>,
        evidence: Vec<Given>,
        at: Option<String>,
        policy: &str,
        revocation: &str,
        online: Option<Asked>,
        cache: Option<PathBuf>,
        password: Option<Vec<u8>>,
        limits: Vec<(String, u64)>,
    ) -> Result<Self, Fault> {
        let mut ceilings = Limits::default();
        for (name, value) in limits {
            if !ceilings.set(&name, value) {
                return Err(Fault::usage("there is no limit of this name", "limits"));
            }
        }
        let revocation = match revocation {
            "required" => Revocation::Required,
            "none" => Revocation::None,
            _ => return Err(Fault::usage("revocation is required or none", "revocation")),
        };
        let policy = Policy::of(policy)
            .map_err(|_| Fault::usage("a policy is a built-in name or the TOML of one", "policy"))?
            .revocation(revocation);
        // A wrong time is a fault of the settings, found when they are built.
        time(at.as_deref(), "at")?;
        let network = Network::new(online, cache)?;
        let (trust, (evidence, bundles)) = work(py, || Ok((anchors(trust)?, hints(evidence)?)))?;
        Ok(Self {
            trust,
            evidence,
            bundles,
            policy,
            at,
            network,
            password,
            limits: ceilings,
        })
    }

    fn verify(
        &self,
        py: Python<'_>,
        source: Source,
        name: Option<String>,
        evidence_out: Option<PathBuf>,
    ) -> Result<Report, Fault> {
        let name = name.or_else(|| source.name());
        work(py, || {
            let at = time(self.at.as_deref(), "at")?.at_offset(Time::VIET_NAM);
            let mut verifier = self.made(at)?;
            let octets = source.open()?;
            let name = name.as_deref();
            let kept = self.bundle_of(&octets)?;
            if let Some(bundle) = kept {
                verifier = verifier.as_of(bundle)?;
                if self.at.is_some() {
                    verifier = verifier.at(at);
                }
            }
            let (mut report, mut differences) = (None, None);
            if let Some(bundle) = kept {
                let again = verifier.reprove(bundle, &octets, name)?;
                (report, differences) = (Some(again.report), Some(again.differences));
            }
            if let Some(path) = evidence_out {
                let (judged, bundle) = verifier.verify_and_keep(&octets, name);
                report = Some(judged);
                write_whole(&path, Existing::Replace, |out| {
                    out.write_all(bundle.as_bytes())
                })
                .map_err(|error| Fault::output(&path, error))?;
            }
            let report = report.unwrap_or_else(|| {
                let report = verifier.verify(&octets);
                match name {
                    Some(name) => report.named(name),
                    None => report,
                }
            });
            Ok(Report(Findings::Made(Box::new(Made::new(
                report,
                differences,
            )))))
        })
    }

    fn doctor(
        &self,
        py: Python<'_>,
        source: Source,
        name: Option<String>,
        lang: &str,
    ) -> Result<(String, String, u8), Fault> {
        let lang = lang_of(lang)?;
        let name = name.or_else(|| source.name());
        work(py, || {
            let found = self
                .made(time(self.at.as_deref(), "at")?.at_offset(Time::VIET_NAM))?
                .doctor(&source.open()?)?;
            let found = match name {
                Some(name) => found.named(name),
                None => found,
            };
            Ok((found.to_json(lang), found.to_text(lang), found.exit()))
        })
    }

    fn covered(&self, py: Python<'_>, source: Source, number: usize) -> Result<Vec<u8>, Fault> {
        work(py, || {
            let content = source.open()?;
            Ok(self
                .made(time(self.at.as_deref(), "at")?.at_offset(Time::VIET_NAM))?
                .covered(&content, number)?
                .revision()
                .to_vec())
        })
    }
}

impl Verifier {
    /// The time of the settings, where one was given.
    pub(crate) fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// The verifier of these settings at this time.
    pub(crate) fn made(&self, at: Time) -> Result<kyso::Verifier, Fault> {
        let mut verifier = kyso::Verifier::new(at)
            .trust(self.trust.clone())
            .policy(self.policy.clone())
            .limits(self.limits.clone());
        if let Some(password) = &self.password {
            verifier = verifier.password(password.as_slice());
        }
        let mut verifier = self.network.add_to(verifier)?;
        for content in &self.evidence {
            // What is no evidence was passed over when the settings were built.
            let _ = verifier.add_evidence(content);
        }
        Ok(verifier)
    }

    /// The bundle of this file, by its digest. Where bundles were given, one has to be there.
    fn bundle_of(&self, octets: &[u8]) -> Result<Option<&Bundle>, Fault> {
        if self.bundles.is_empty() {
            return Ok(None);
        }
        let about = kyso::crypto::sha256(octets);
        let mut bundles = self.bundles.iter();
        let found = bundles.find(|bundle| *bundle.file_sha256() == about);
        match found {
            Some(bundle) => Ok(Some(bundle)),
            None => Err(Fault::usage(
                "the evidence bundle is about another file",
                "evidence",
            )),
        }
    }
}

/// A report, and in what it differs from the one that was kept.
struct Made {
    report: kyso::Report,
    differences: Option<Vec<Difference>>,
}

impl Made {
    fn new(report: kyso::Report, differences: Option<Vec<Difference>>) -> Self {
        Self {
            report,
            differences,
        }
    }
}

/// A report, as it was made or as it came out of a pickle.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Report(Findings);

enum Findings {
    Made(Box<Made>),
    Kept(State),
}

/// Everything that Python can ask of a report: JSON and text in English and Vietnamese, the exit
/// status, and the same of each attachment.
#[derive(Clone, FromPyObject, IntoPyObject)]
pub(crate) struct State(String, String, String, String, u8, Vec<Option<State>>);

#[pymethods]
impl Report {
    fn to_json(&self, lang: &str) -> Result<String, Fault> {
        let lang = lang_of(lang)?;
        Ok(match &self.0 {
            Findings::Made(made) => made.report.to_json(lang),
            Findings::Kept(state) if lang == Lang::Vi => state.1.clone(),
            Findings::Kept(state) => state.0.clone(),
        })
    }

    fn to_text(&self, lang: &str) -> Result<String, Fault> {
        let lang = lang_of(lang)?;
        Ok(match &self.0 {
            Findings::Made(made) => made.report.to_text(lang),
            Findings::Kept(state) if lang == Lang::Vi => state.3.clone(),
            Findings::Kept(state) => state.2.clone(),
        })
    }

    fn exit_status(&self) -> u8 {
        match &self.0 {
            Findings::Made(made) => made.report.exit(),
            Findings::Kept(state) => state.4,
        }
    }

    fn attachments(&self) -> Vec<Option<Self>> {
        match &self.0 {
            Findings::Made(made) => made
                .report
                .attachments()
                .iter()
                .map(|attachment| attachment.report.clone())
                .map(|report| {
                    let made = report.map(|report| Made::new(report, None));
                    made.map(|made| Self(Findings::Made(Box::new(made))))
                })
                .collect(),
            Findings::Kept(state) => state
                .5
                .iter()
                .map(|inner| inner.clone().map(|inner| Self(Findings::Kept(inner))))
                .collect(),
        }
    }

    /// In what it differs from the verdict in a bundle, as codes and sentences; nothing where there
    /// was none.
    fn differences(&self, lang: &str) -> Result<Option<Vec<(&'static str, String)>>, Fault> {
        let lang = lang_of(lang)?;
        let Findings::Made(made) = &self.0 else {
            return Ok(None);
        };
        let Some(differences) = &made.differences else {
            return Ok(None);
        };
        let told = differences.iter();
        Ok(Some(
            told.map(|each| (each.code(), each.message(lang))).collect(),
        ))
    }

    fn state(&self) -> State {
        match &self.0 {
            Findings::Made(made) => state(&made.report),
            Findings::Kept(state) => state.clone(),
        }
    }
}

/// A report out of what `Report.state` gave.
#[pyfunction]
pub(crate) fn report_from_state(state: State) -> Report {
    Report(Findings::Kept(state))
}

fn state(report: &kyso::Report) -> State {
    let inner = report.attachments().iter();
    State(
        report.to_json(Lang::En),
        report.to_json(Lang::Vi),
        report.to_text(Lang::En),
        report.to_text(Lang::Vi),
        report.exit(),
        inner
            .map(|attachment| attachment.report.as_ref().map(state))
            .collect(),
    )
}

fn anchors(given: Option<Vec<Given>>) -> Result<TrustStore, Fault> {
    let mut all = Vec::new();
    let Some(given) = given else {
        let folder = kyso_map::trust_folder().unwrap_or_default();
        let files = kyso_map::trust_files().map_err(|error| Fault::input(&folder, error))?;
        // With what was removed from it.
        return Ok(TrustStore::from_files(
            files.iter().map(|(_, content)| content),
        )?);
    };
    for item in given {
        let before = all.len();
        all.extend(files(vec![item])?.iter().flat_map(|content| found(content)));
        // Each thing given has to hold some; in a folder, other files are passed over.
        if all.len() == before {
            return Err(Fault::usage("no certificate in what was given", "trust"));
        }
    }
    if all.is_empty() {
        return Err(Fault::usage("nothing was given", "trust"));
    }
    store(&all)
}

fn store(certificates: &[kyso::Certificate]) -> Result<TrustStore, Fault> {
    let octets = certificates.iter().map(kyso::Certificate::der);
    Ok(TrustStore::from_der_many(octets)?)
}

/// What is evidence, and evidence bundles. Files that hold neither certificates, CRLs nor OCSP
/// responses are passed over; a bundle that cannot be read is not.
fn hints(given: Vec<Given>) -> Result<(Vec<Vec<u8>>, Vec<Bundle>), Fault> {
    let (bundles, others): (Vec<_>, Vec<_>) = files(given)?
        .into_iter()
        .partition(|content| Bundle::is_one(content));
    let bundles: Result<Vec<Bundle>, kyso::Error> = bundles
        .iter()
        .map(|content| Bundle::from_bytes(content))
        .collect();
    let evidence = others
        .into_iter()
        .filter(|content| {
            kyso::evidence::Evidence::new(&kyso::Limits::default())
                .add_bytes(content, kyso::evidence::Origin::Operator)
                .is_ok()
        })
        .collect();
    Ok((evidence, bundles?))
}

fn found(content: &[u8]) -> Vec<kyso::Certificate> {
    kyso::Certificate::many_from_pem_or_der(content).unwrap_or_default()
}
