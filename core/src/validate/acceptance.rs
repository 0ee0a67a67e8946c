//! Acceptance of algorithms and keys (EN 319 102-1 clause 5.2.8.4.1) by the policy.
//!
//! Nothing proves a time yet, so everything is judged at the validation time: an algorithm that has
//! ended by then does not pass, whatever time the signature claims.

use crate::crypto::{KeyKind, SignatureAlgorithm};
use crate::validate::Context;
use crate::verdict::{Reason, Used};
use crate::x509::Certificate;

/// Judges what the signature itself was made with.
pub(crate) fn signature(
    digest: Option<&'static str>,
    algorithm: Option<&SignatureAlgorithm>,
    context: &Context<'_>,
    found: &mut Vec<Reason>,
) {
    let own = algorithm
        .and_then(SignatureAlgorithm::digest)
        .map(|hash| hash.name());
    let weak = |name: &&str| !context.policy.accepts_digest(name, context.at);
    if let Some(name) = digest.filter(weak) {
        found.push(Reason::WeakAlgorithm {
            used: Used::Document,
            algorithm: name.to_owned(),
        });
    }
    // The signature's own hash is nearly always the document's; it is named once then.
    if let Some(name) = own.filter(weak).filter(|own| digest != Some(*own)) {
        found.push(Reason::WeakAlgorithm {
            used: Used::Signature,
            algorithm: name.to_owned(),
        });
    }
    if matches!(algorithm, Some(SignatureAlgorithm::RsaPkcs1(_))) {
        found.push(Reason::RsaPkcs1);
    }
}

/// Judges the signer's key.
pub(crate) fn key(certificate: &Certificate, context: &Context<'_>, found: &mut Vec<Reason>) {
    let key = certificate.public_key();
    if key.kind() == KeyKind::Rsa && !context.policy.accepts_rsa(key.bits()) {
        found.push(Reason::WeakKey {
            used: Used::Signature,
            bits: key.bits(),
        });
    }
}
