//! By what is judged: the options `--trust`, `--evidence`, `--at`, `--policy`, `--revocation`.

use kyso::message::visible;
use kyso::{Certificate, Policy, Revocation, Time, TrustStore, Verifier};

use crate::args::{Judge, Status};
use crate::failure::{Failure, not_offered, shown};
use crate::input;

impl Judge {
    /// A verifier that judges by these options.
    pub(crate) fn verifier(&self) -> Result<Verifier, Failure> {
        if self.online {
            return Err(not_offered("--online"));
        }
        let at = match self.at {
            Some(at) => at,
            None => input::now()?,
        };
        Ok(Verifier::new(at.at_offset(Time::VIET_NAM))
            .trust(self.store()?)
            .evidence(self.evidence()?)
            .policy(self.policy()?))
    }

    fn policy(&self) -> Result<Policy, Failure> {
        let policy = Policy::named(&self.policy).ok_or_else(|| {
            let name = visible(&self.policy);
            Failure::usage(
                format!(
                    "không có chính sách tên “{name}”: hãy dùng default hoặc path-only; đọc chính \
                     sách từ tệp thì chưa có trong phiên bản này"
                ),
                format!(
                    "there is no policy named “{name}”: use default or path-only; reading a policy \
                     from a file is not offered yet"
                ),
            )
        })?;
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

    fn evidence(&self) -> Result<Vec<Certificate>, Failure> {
        let mut all = Vec::new();
        for path in &self.evidence {
            all.extend(input::certificates(path)?);
        }
        Ok(all)
    }
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
