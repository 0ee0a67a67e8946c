//! By what is judged: the options `--trust`, `--evidence`, `--at`, `--policy`, `--revocation`.

use std::fs;
use std::path::Path;

use kyso::message::visible;
use kyso::{Certificate, ErrorKind, Policy, Revocation, Time, TrustStore, Verifier};

use crate::args::{Judge, Status};
use crate::failure::{Failure, shown};
use crate::input;
use crate::output::{is_dash, note};

impl Judge {
    /// A verifier that judges by these options.
    pub(crate) fn verifier(&self) -> Result<Verifier, Failure> {
        let at = match self.at {
            Some(at) => at,
            None => input::now()?,
        };
        let mut verifier = Verifier::new(at.at_offset(Time::VIET_NAM))
            .trust(self.store()?)
            .policy(self.policy()?);
        for path in &self.evidence {
            evidence(path, &mut verifier)?;
        }
        self.network.add_to(verifier)
    }

    fn policy(&self) -> Result<Policy, Failure> {
        let policy = match Policy::named(&self.policy) {
            Some(policy) => policy,
            None => {
                let file = Path::new(&self.policy);
                let names = Policy::NAMES.join(", ");
                let name = visible(&self.policy);
                let text = fs::read_to_string(file).map_err(|_| {
                    Failure::usage(
                        format!("“{name}” không phải chính sách có sẵn ({names}), cũng không phải tệp TOML đọc được"),
                        format!("“{name}” is neither a built-in policy ({names}) nor a TOML file that can be read"),
                    )
                })?;
                Policy::from_toml(&text)?
            }
        };
        Ok(policy.revocation(match self.revocation {
            Status::Required => Revocation::Required,
            Status::None => Revocation::None,
        }))
    }

    fn store(&self) -> Result<TrustStore, Failure> {
        if self.trust.is_empty() {
            return own_store();
        }
        let mut anchors = Vec::new();
        for path in &self.trust {
            let found = input::certificates(path)?;
            if found.is_empty() {
                return Err(Failure::usage(
                    format!("--trust {}: không có chứng thư nào ở đó", shown(path)),
                    format!("--trust {}: there is no certificate in it", shown(path)),
                ));
            }
            anchors.extend(found);
        }
        Ok(store(&anchors)?)
    }
}

/// What a file or folder holds that helps to judge. Files that are nothing of the kind are passed
/// over; one that was named so is spoken of.
fn evidence(path: &Path, verifier: &mut Verifier) -> Result<(), Failure> {
    if is_dash(path) || !path.is_dir() {
        let bytes = input::open(path)?;
        return match verifier.add_evidence(&bytes) {
            Err(error) if error.kind() == ErrorKind::TooLarge => Err(error.into()),
            Err(_) => {
                // It may have been a slip; nothing rests on it, so the work goes on.
                note(&format!(
                    "kyso: --evidence {}: neither certificate, CRL nor OCSP response / không phải \
                     chứng thư, CRL hay trả lời OCSP",
                    shown(path)
                ));
                Ok(())
            }
            Ok(_) => Ok(()),
        };
    }
    let files = kyso_map::files(path).map_err(|error| Failure::unreadable(path, &error))?;
    for (_, bytes) in files {
        match verifier.add_evidence(&bytes) {
            Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The operator's own trust store; empty where there is none.
fn own_store() -> Result<TrustStore, Failure> {
    let files = kyso_map::trust_files().map_err(|error| {
        let folder = kyso_map::trust_folder().unwrap_or_default();
        Failure::unreadable(&folder, &error)
    })?;
    let certificates: Vec<Certificate> = files
        .iter()
        .filter_map(|(_, bytes)| Certificate::many_from_pem_or_der(bytes).ok())
        .flatten()
        .collect();
    Ok(store(&certificates)?)
}

/// A trust store of these certificates.
pub(crate) fn store(certificates: &[Certificate]) -> Result<TrustStore, kyso::Error> {
    let mut store = TrustStore::new();
    for certificate in certificates {
        store.add(certificate.clone())?;
    }
    Ok(store)
}
