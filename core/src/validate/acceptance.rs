//! Acceptance of algorithms and keys (EN 319 102-1 clause 5.2.8.4.1) by the policy.
//!
//! What the signature itself was made with is judged at its best proven time; what its certificates
//! were made with, at the time they are proven to have existed (clause 5.5.4 step 10: the best
//! signature time proves nothing about them).

use crate::crypto::SignatureAlgorithm;
use crate::path::ValidPath;
use crate::policy::{Acceptance, Use};
use crate::report::AcceptedAlgorithms;
use crate::time::Time;
use crate::validate::freshness::Moment;
use crate::validate::{Context, Existence};
use crate::verdict::{Reason, Used};
use crate::x509::Certificate;

/// Judges what a signature was made with: digest, signature algorithm, key, and the certificates of
/// its path. Hands out the witness where the policy refuses none of it.
pub(crate) struct Made<'m> {
    /// The digests over the document; real signatures have one.
    pub(crate) digests: &'m [&'static str],
    /// The signature algorithm.
    pub(crate) algorithm: Option<&'m SignatureAlgorithm>,
    /// The signing certificate.
    pub(crate) certificate: Option<&'m Certificate>,
    /// Its path, where one was found.
    pub(crate) path: Option<&'m ValidPath>,
    /// Whether this is a time-stamp token.
    pub(crate) is_token: bool,
}

impl Made<'_> {
    pub(crate) fn check(
        &self,
        moment: Moment,
        context: &Context<'_>,
        existence: &Existence,
        found: &mut Vec<Reason>,
    ) -> Option<AcceptedAlgorithms> {
        let mut judge = Judge {
            moment,
            context,
            refused: Vec::new(),
            notes: Vec::new(),
        };
        let (document, signature) = if self.is_token {
            ((Use::Token, Used::Token), (Use::Token, Used::Token))
        } else {
            (
                (Use::Document, Used::Document),
                (Use::Signature, Used::Signature),
            )
        };
        for name in self.digests {
            judge.digest(name, document.0, document.1.clone());
        }
        let own = self
            .algorithm
            .and_then(SignatureAlgorithm::digest)
            .map(|hash| hash.name());
        // The signature's own hash is nearly always the document's; it is named once then.
        if let Some(name) = own.filter(|own| !self.digests.contains(own)) {
            judge.digest(name, signature.0, signature.1.clone());
        }
        if let Some(algorithm) = self.algorithm {
            judge.scheme(algorithm, signature.0);
        }
        if let Some(certificate) = self.certificate {
            judge.key(certificate, signature.1, moment.best);
        }
        for certificate in self.path.map(ValidPath::certificates).unwrap_or_default() {
            let known = existence.of(&certificate.sha256());
            let used = Used::Certificate(certificate.subject().to_string());
            judge.key(certificate, used, known);
        }
        let witness = AcceptedAlgorithms::check(&judge.refused);
        found.append(&mut judge.refused);
        found.append(&mut judge.notes);
        witness
    }
}

struct Judge<'j> {
    moment: Moment,
    context: &'j Context<'j>,
    refused: Vec<Reason>,
    notes: Vec<Reason>,
}

impl Judge<'_> {
    fn digest(&mut self, name: &str, usage: Use, used: Used) {
        let best = self.moment.best;
        let algorithm = name.to_owned();
        match self.context.policy.digest(name, usage, best) {
            Acceptance::Accepted => {
                self.history(name, usage, used);
            }
            Acceptance::Departure => {
                self.note(Reason::AlgorithmEnding { used, algorithm });
            }
            Acceptance::Ended { since } => {
                let reason = match self.moment.after.filter(|after| *after >= since) {
                    Some(stamped) => Reason::WeakAlgorithmProven {
                        used,
                        algorithm,
                        stamped,
                    },
                    None => Reason::WeakAlgorithm { used, algorithm },
                };
                self.refused.push(reason);
            }
            Acceptance::Refused => {
                self.refused.push(Reason::WeakAlgorithm { used, algorithm });
            }
        }
    }

    /// Accepted then; when it is not accepted any longer now, a reader is told.
    fn history(&mut self, name: &str, usage: Use, used: Used) {
        let now = self.context.policy.digest(name, usage, self.context.at);
        if let Acceptance::Ended { .. } | Acceptance::Refused = now {
            self.note(Reason::AlgorithmHistory {
                used,
                algorithm: name.to_owned(),
                stamped: self.moment.best,
            });
        }
    }

    fn scheme(&mut self, algorithm: &SignatureAlgorithm, usage: Use) {
        if usage == Use::Token {
            return;
        }
        let judged = self.context.policy.scheme(algorithm);
        match (algorithm, judged) {
            (_, Acceptance::Accepted) => {}
            (SignatureAlgorithm::RsaPkcs1(_), Acceptance::Departure) => {
                self.note(Reason::RsaPkcs1);
            }
            (_, Acceptance::Departure) => self.note(Reason::AlgorithmEnding {
                used: Used::Signature,
                algorithm: algorithm.name().to_owned(),
            }),
            (SignatureAlgorithm::RsaPkcs1(_), _) => self.refused.push(Reason::RsaPkcs1Refused),
            (_, _) => self.refused.push(Reason::WeakAlgorithm {
                used: Used::Signature,
                algorithm: algorithm.name().to_owned(),
            }),
        }
    }

    fn key(&mut self, certificate: &Certificate, used: Used, at: Time) {
        let key = certificate.public_key();
        match self.context.policy.key(key.kind(), key.bits(), at) {
            Acceptance::Accepted => {}
            Acceptance::Departure => self.note(Reason::AlgorithmEnding {
                used,
                algorithm: format!("{} {}", key.kind().name(), key.bits()),
            }),
            Acceptance::Ended { .. } | Acceptance::Refused => {
                self.refused.push(Reason::WeakKey {
                    used,
                    bits: key.bits(),
                });
            }
        }
    }

    fn note(&mut self, reason: Reason) {
        if !self.notes.contains(&reason) {
            self.notes.push(reason);
        }
    }
}
