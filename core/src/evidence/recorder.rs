//! [`Recorder`]: which pieces of evidence a verdict rested on, noted by the checks themselves.
//!
//! It changes no answer and is there only for a call that wants to keep its evidence. What is noted
//! counts once the judgement of a file is done: one that is judged again starts afresh.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::crypto::sha256;
use crate::evidence::{Evidence, Origin};
use crate::ocsp::OcspResponse;
use crate::x509::{Certificate, Crl};

/// Where something that a verdict rested on stood. Of several places the first here counts, since
/// what stands there needs not be kept beside the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// In the file itself.
    File,
    /// In the trust store.
    Store,
    /// In an OCSP response.
    Status,
    /// With the operator, in a cache or in an earlier bundle.
    Beside,
    /// On the network: fetched for the call.
    Online,
}

/// What the verdict about a file rested on, each by its SHA-256.
#[derive(Clone, Debug, Default)]
pub(crate) struct Used {
    pub(crate) certificates: BTreeMap<[u8; 32], (Certificate, Place)>,
    pub(crate) crls: BTreeMap<[u8; 32], (Crl, Place)>,
    pub(crate) ocsps: BTreeMap<[u8; 32], (OcspResponse, Place)>,
    pub(crate) tokens: BTreeMap<[u8; 32], Vec<u8>>,
    /// The certificates that ended paths.
    pub(crate) anchors: BTreeSet<[u8; 32]>,
    /// Which of the certificates, lists and responses each signature of a PDF needed, by its place
    /// among the candidates.
    pub(crate) by_signature: BTreeMap<usize, BTreeSet<[u8; 32]>>,
}

/// Takes the notes. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    certificates: BTreeMap<[u8; 32], Certificate>,
    status: BTreeSet<[u8; 32]>,
    tokens: BTreeMap<[u8; 32], Vec<u8>>,
    anchors: BTreeSet<[u8; 32]>,
    /// The signature that is being judged.
    about: Option<usize>,
    by_signature: BTreeMap<usize, BTreeSet<[u8; 32]>>,
    done: Used,
    /// What else was at hand besides the file.
    at_hand: Used,
}

impl Recorder {
    /// A judgement begins: what an earlier one of the same file noted does not count.
    pub(crate) fn begin(&self) {
        let mut notes = self.notes();
        *notes = Notes {
            done: std::mem::take(&mut notes.done),
            at_hand: std::mem::take(&mut notes.at_hand),
            ..Notes::default()
        };
    }

    /// What is noted from now on is about the signature at this place among the candidates.
    pub(crate) fn about(&self, signature: usize) {
        self.notes().about = Some(signature);
    }

    /// The verdict rested on these certificates.
    pub(crate) fn certificates<'c>(&self, certificates: impl IntoIterator<Item = &'c Certificate>) {
        let mut notes = self.notes();
        for certificate in certificates {
            let sha256 = certificate.sha256();
            notes.relate(sha256);
            let entry = notes.certificates.entry(sha256);
            entry.or_insert_with(|| certificate.clone());
        }
    }

    /// A path ended in this certificate.
    pub(crate) fn anchor(&self, certificate: &Certificate) {
        self.certificates([certificate]);
        self.notes().anchors.insert(certificate.sha256());
    }

    /// It rested on the refusal of the list or response with this SHA-256: no signature needs it.
    pub(crate) fn refused(&self, sha256: [u8; 32]) {
        self.notes().status.insert(sha256);
    }

    /// It rested on the list or response with this SHA-256.
    pub(crate) fn status(&self, sha256: [u8; 32]) {
        let mut notes = self.notes();
        notes.relate(sha256);
        notes.status.insert(sha256);
    }

    /// It rested on this time-stamp token.
    pub(crate) fn token(&self, octets: &[u8]) {
        let mut notes = self.notes();
        let entry = notes.tokens.entry(sha256(octets));
        entry.or_insert_with(|| octets.to_vec());
    }

    /// The judgement of a file is done; `is_stored` says what the trust store holds.
    pub(crate) fn end(&self, evidence: &Evidence, is_stored: impl Fn(&Certificate) -> bool) {
        let mut notes = self.notes();
        let notes = &mut *notes;
        let certificate_place = |certificate: &Certificate| {
            let origins = evidence.origins(certificate);
            place(origins, is_stored(certificate))
        };
        for (sha256, certificate) in std::mem::take(&mut notes.certificates) {
            let place = certificate_place(&certificate);
            keep(&mut notes.done.certificates, sha256, certificate, place);
        }
        for certificate in evidence.certificates() {
            let (sha256, place) = (certificate.sha256(), certificate_place(certificate));
            if place > Place::Status {
                let kept = &mut notes.at_hand.certificates;
                keep(kept, sha256, certificate.clone(), place);
            }
        }
        for crl in evidence.crls() {
            let (sha256, place) = (crl.sha256(), status_place(evidence, &crl.sha256()));
            if notes.status.contains(&sha256) {
                keep(&mut notes.done.crls, sha256, crl.clone(), place);
            } else if place > Place::Status {
                keep(&mut notes.at_hand.crls, sha256, crl.clone(), place);
            }
        }
        for response in evidence.ocsps() {
            let (sha256, place) = (
                response.sha256(),
                status_place(evidence, &response.sha256()),
            );
            if notes.status.contains(&sha256) {
                keep(&mut notes.done.ocsps, sha256, response.clone(), place);
            } else if place > Place::Status {
                keep(&mut notes.at_hand.ocsps, sha256, response.clone(), place);
            }
        }
        notes.status.clear();
        notes.done.tokens.append(&mut notes.tokens);
        notes.done.anchors.append(&mut notes.anchors);
        notes.done.by_signature.append(&mut notes.by_signature);
    }

    /// What all the files judged since rested on, and what else was at hand besides the files.
    pub(crate) fn take(&self) -> (Used, Used) {
        let mut notes = self.notes();
        let notes = &mut *notes;
        (
            std::mem::take(&mut notes.done),
            std::mem::take(&mut notes.at_hand),
        )
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        // A thread that panicked while it held the lock left notes that are whole all the same.
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Notes {
    fn relate(&mut self, sha256: [u8; 32]) {
        if let Some(signature) = self.about {
            self.by_signature
                .entry(signature)
                .or_default()
                .insert(sha256);
        }
    }
}

impl Used {
    /// The same and all of another.
    pub(crate) fn and(mut self, other: Self) -> Self {
        for (sha256, (item, place)) in other.certificates {
            keep(&mut self.certificates, sha256, item, place);
        }
        for (sha256, (item, place)) in other.crls {
            keep(&mut self.crls, sha256, item, place);
        }
        for (sha256, (item, place)) in other.ocsps {
            keep(&mut self.ocsps, sha256, item, place);
        }
        self
    }
}

/// Keeps a thing; the files inside an envelope are judged apart, and what one of them carries
/// another may need beside it.
fn keep<T>(kept: &mut BTreeMap<[u8; 32], (T, Place)>, sha256: [u8; 32], item: T, place: Place) {
    let known = kept.entry(sha256).or_insert((item, place));
    known.1 = known.1.max(place);
}

fn status_place(evidence: &Evidence, sha256: &[u8; 32]) -> Place {
    place(evidence.status_origins(sha256), false)
}

fn place(origins: &[Origin], is_stored: bool) -> Place {
    let in_file = [Origin::Signature, Origin::TimeStamp, Origin::Dss];
    if origins.iter().any(|origin| in_file.contains(origin)) {
        Place::File
    } else if is_stored || origins.is_empty() {
        Place::Store
    } else if origins.contains(&Origin::Revocation) {
        Place::Status
    } else if origins.contains(&Origin::Online) {
        Place::Online
    } else {
        Place::Beside
    }
}
