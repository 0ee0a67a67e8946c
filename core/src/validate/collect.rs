//! Certificates that a candidate brings along, for the pool that paths are built from.

use crate::cms::SignedData;
use crate::evidence::{Evidence, Origin};
use crate::limits::Limits;
use crate::tsp::TimeStampToken;
use crate::validate::candidate::Candidate;

impl Candidate<'_> {
    /// Adds every certificate of the signature and of its time-stamps. Real tokens carry the root of
    /// their tree, which a pin may recognise.
    pub(crate) fn collect(&self, evidence: &mut Evidence, limits: &Limits) {
        if let Some(bare) = &self.bare {
            for der in &bare.certificates {
                // Octets that are no certificate, and those beyond the limit, help nobody.
                let _ = evidence.add_der(der, Origin::Signature);
            }
        }
        let Some(Ok((cms, _))) = &self.cms else {
            return;
        };
        add(cms, evidence, Origin::Signature);
        for signer in &cms.signer_infos {
            let Some(unsigned) = &signer.unsigned_attributes else {
                continue;
            };
            for token in unsigned.signature_time_stamps() {
                if let Ok(token) = TimeStampToken::parse(token, limits) {
                    add(&token.signed_data, evidence, Origin::TimeStamp);
                }
            }
        }
    }
}

fn add(cms: &SignedData<'_>, evidence: &mut Evidence, origin: Origin) {
    for der in &cms.certificates {
        let _ = evidence.add_der(der, origin);
    }
}
