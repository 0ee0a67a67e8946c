//! Verifying, and the report on its way to Python.

use kyso::{Lang, Limits, Policy, Revocation, Time, TrustStore};
use pyo3::prelude::*;

use crate::error::{Fault, work};
use crate::input::{Given, Source, files, lang as lang_of, time};

/// The settings of `kyso.Verifier`.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Verifier {
    trust: TrustStore,
    evidence: Vec<Vec<u8>>,
    policy: Policy,
    at: Option<String>,
    password: Option<Vec<u8>>,
    limits: Limits,
}

#[pymethods]
impl Verifier {
    #[new]
    fn new(
        py: Python<'_>,
        trust: Option<Vec<Given>>,
        evidence: Vec<Given>,
        at: Option<String>,
        policy: &str,
        revocation: &str,
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
        let (trust, evidence) = work(py, || Ok((anchors(trust)?, hints(evidence)?)))?;
        Ok(Self {
            trust,
            evidence,
            policy,
            at,
            password,
            limits: ceilings,
        })
    }

    fn verify(
        &self,
        py: Python<'_>,
        source: Source,
        name: Option<String>,
    ) -> Result<Report, Fault> {
        let name = name.or_else(|| source.name());
        work(py, || {
            let verifier = self.made()?;
            let report = verifier.verify(&source.open()?);
            let report = match name {
                Some(name) => report.named(name),
                None => report,
            };
            Ok(Report(Findings::Made(Box::new(report))))
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
            let found = self.made()?.doctor(&source.open()?)?;
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
            Ok(self.made()?.covered(&content, number)?.revision().to_vec())
        })
    }
}

impl Verifier {
    /// The verifier of these settings, as the clock stands.
    fn made(&self) -> Result<kyso::Verifier, Fault> {
        let at = time(self.at.as_deref(), "at")?.at_offset(Time::VIET_NAM);
        let mut verifier = kyso::Verifier::new(at)
            .trust(self.trust.clone())
            .policy(self.policy.clone())
            .limits(self.limits.clone());
        if let Some(password) = &self.password {
            verifier = verifier.password(password.as_slice());
        }
        for content in &self.evidence {
            // What is no evidence was passed over when the settings were built.
            let _ = verifier.add_evidence(content);
        }
        Ok(verifier)
    }
}

/// A report, as it was made or as it came out of a pickle.
#[pyclass(frozen, module = "kyso._kyso")]
pub(crate) struct Report(Findings);

enum Findings {
    Made(Box<kyso::Report>),
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
            Findings::Made(report) => report.to_json(lang),
            Findings::Kept(state) if lang == Lang::Vi => state.1.clone(),
            Findings::Kept(state) => state.0.clone(),
        })
    }

    fn to_text(&self, lang: &str) -> Result<String, Fault> {
        let lang = lang_of(lang)?;
        Ok(match &self.0 {
            Findings::Made(report) => report.to_text(lang),
            Findings::Kept(state) if lang == Lang::Vi => state.3.clone(),
            Findings::Kept(state) => state.2.clone(),
        })
    }

    fn exit_status(&self) -> u8 {
        match &self.0 {
            Findings::Made(report) => report.exit(),
            Findings::Kept(state) => state.4,
        }
    }

    fn attachments(&self) -> Vec<Option<Self>> {
        match &self.0 {
            Findings::Made(report) => report
                .attachments()
                .iter()
                .map(|attachment| attachment.report.clone())
                .map(|report| report.map(|report| Self(Findings::Made(Box::new(report)))))
                .collect(),
            Findings::Kept(state) => state
                .5
                .iter()
                .map(|inner| inner.clone().map(|inner| Self(Findings::Kept(inner))))
                .collect(),
        }
    }

    fn state(&self) -> State {
        match &self.0 {
            Findings::Made(report) => state(report),
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
        all.extend(files.iter().flat_map(|(_, content)| found(content)));
        return store(&all);
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

/// Files that hold neither certificates, CRLs nor OCSP responses are passed over.
fn hints(given: Vec<Given>) -> Result<Vec<Vec<u8>>, Fault> {
    Ok(files(given)?
        .into_iter()
        .filter(|content| {
            kyso::evidence::Evidence::new(&kyso::Limits::default())
                .add_bytes(content, kyso::evidence::Origin::Operator)
                .is_ok()
        })
        .collect())
}

fn found(content: &[u8]) -> Vec<kyso::Certificate> {
    kyso::Certificate::many_from_pem_or_der(content).unwrap_or_default()
}
