//! Raising the level of signatures that are there, whoever made them (EN 319 142-1 §5.4 to §5.6):
//! [`extend`]. Nothing that is there is touched; what is added stands behind it.
//!
//! What is stored is what a verdict rested on, and nothing else. Nothing is handed out before the
//! result was verified: for B-LT from what stands in the file alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::cms::SignedData;
use crate::crypto::{Digest, sha256};
use crate::error::{Error, ErrorKind, Place};
use crate::evidence::{Evidence, Origin, Recorder, Used, UsedPlace};
use crate::limits::Limits;
use crate::message::Lang;
use crate::pades::{self, DssKind, LayRequest, SignatureKind, StoreRequest, SubFilter};
use crate::path::PathInputs;
use crate::policy::Revocation;
use crate::report::{PathAnswer, Report, SignatureReport};
use crate::sign::stamp::{self, TimeStamper};
use crate::sign::{Patch, Signed, digest_of_all};
use crate::time::Time;
use crate::tsp::TimeStampToken;
use crate::verdict::{Indication, Reason, StampFault, SubIndication};
use crate::verify::Verifier;
use crate::x509::Certificate;

/// Raises signatures of a PDF, whoever made them. `verifier` says by whose trust and rules their
/// evidence is gathered, at what time, and whether the network may be asked for it.
///
/// ```
/// use kyso::sign::{self, RaiseTo, TimeStamper};
///
/// # fn demo(pdf: &[u8], verifier: &kyso::Verifier, tsa: &dyn TimeStamper) -> Result<(), kyso::Error> {
/// let raised = sign::extend(pdf, verifier).time_stamper(tsa).to(RaiseTo::BLta)?;
/// assert!(raised.to_vec().starts_with(pdf));
/// # Ok(())
/// # }
/// ```
pub fn extend<'i, 'v>(input: &'i [u8], verifier: &'v Verifier) -> Extending<'i, 'v> {
    Extending {
        input,
        verifier,
        field: None,
        stamper: None,
    }
}

/// To what level a signature is raised (EN 319 142-1 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RaiseTo {
    /// B-T: a trusted time. A signature that has none gets a document time-stamp.
    BT,
    /// B-LT: with all that is needed to verify it, in the file.
    BLt,
    /// B-LTA: with a document time-stamp over all of that. Of a signature that has one already, the
    /// evidence for the last time-stamp is gathered before the new one is made: its renewal.
    BLta,
}

impl FromStr for RaiseTo {
    type Err = Error;

    /// The words of the command line: `b-t`, `b-lt`, `b-lta`.
    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "b-t" => Ok(Self::BT),
            "b-lt" => Ok(Self::BLt),
            "b-lta" => Ok(Self::BLta),
            _ => Err(Error::new(
                ErrorKind::Misuse,
                "signatures are raised to b-t, b-lt or b-lta",
            )
            .in_vietnamese("chữ ký được nâng lên b-t, b-lt hoặc b-lta")),
        }
    }
}

/// A PDF whose signatures are about to be raised.
#[derive(Clone, Copy)]
pub struct Extending<'i, 'v> {
    input: &'i [u8],
    verifier: &'v Verifier,
    field: Option<&'v str>,
    stamper: Option<&'v dyn TimeStamper>,
}

impl fmt::Debug for Extending<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extending")
            .field("input", &self.input.len())
            .field("field", &self.field)
            .field("stamps", &self.stamper.is_some())
            .finish_non_exhaustive()
    }
}

impl<'i, 'v> Extending<'i, 'v> {
    /// Only the signature of this field, by its full name; by default every signature of the file.
    /// The others then only have to be worth no less afterwards.
    #[must_use]
    pub fn field(mut self, name: &'v str) -> Self {
        self.field = Some(name);
        self
    }

    /// Who gives time-stamps. Not needed for B-LT where the signatures have a proven time.
    #[must_use]
    pub fn time_stamper(mut self, stamper: &'v dyn TimeStamper) -> Self {
        self.stamper = Some(stamper);
        self
    }

    /// Raises the signatures. The whole file is copied once; see [`Signed::patch`] for what is added.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] where a signature is broken, its evidence is not complete, or another
    /// signature would be worth less: the reason is named, with the certificate and the addresses
    /// where its status can be asked; [`ErrorKind::Misuse`] without a needed time-stamper, for an
    /// unknown field, and where the signatures have the level already; [`ErrorKind::Fetch`] where no
    /// time-stamp is to be had; `Malformed`, `Unsupported` or `TooLarge` for a file that cannot be
    /// extended.
    pub fn to(self, level: RaiseTo) -> Result<Signed<'i>, Error> {
        let mut work = Work::new(self)?;
        match level {
            RaiseTo::BT => work.raise_to_b_t()?,
            RaiseTo::BLt => {
                let stamped = work.stamp_where_needed()?;
                let stored = work.store()?;
                if !stamped && !stored {
                    return Err(has_it_already());
                }
            }
            RaiseTo::BLta => {
                work.stamp_where_needed()?;
                work.store()?;
                work.stamp()?;
            }
        }
        work.finish(level)
    }

    /// Adds a document time-stamp and nothing else, to a file with signatures or without: it proves
    /// that all that stands in the file existed at its time.
    ///
    /// # Errors
    ///
    /// As [`to`](Self::to).
    pub fn document_time_stamp(self) -> Result<Signed<'i>, Error> {
        let mut work = Work::new(self)?;
        work.stamp()?;
        work.finish(RaiseTo::BT)
    }
}

/// Refuses a signer whose path and status cannot be proven now: after the key was used it would be
/// too late to find out.
pub(super) fn refuse_unprovable(
    own: &Certificate,
    chain: &[Certificate],
    verifier: &Verifier,
) -> Result<(), Error> {
    let (_, policy, _, _) = verifier.judging();
    let policy = policy.clone().revocation(Revocation::Required);
    let verifier = verifier.clone().policy(policy).evidence(chain.to_vec());
    let answer = verifier.certificate(own, &PathInputs::default());
    if answer.path == PathAnswer::Valid {
        return Ok(());
    }
    let gravest = answer
        .reasons
        .iter()
        .find(|reason| reason.indication().is_some());
    Err(match gravest {
        Some(reason) => of_reason(reason),
        None => Error::new(ErrorKind::Refused, "the path of the signer's certificate"),
    })
}

/// A file that grows, and what is known about it.
struct Work<'i, 'v> {
    input: &'i [u8],
    bytes: Vec<u8>,
    verifier: Verifier,
    field: Option<&'v str>,
    stamper: Option<&'v dyn TimeStamper>,
    limits: Limits,
    at: Time,
    /// All that verdicts rested on so far.
    gathered: Evidence,
    before: Judged,
}

/// A verdict and what it rested on.
struct Judged {
    report: Report,
    used: Used,
    /// The signatures and time-stamps in the order of the file.
    entries: Vec<Entry>,
}

/// A signature or document time-stamp of the file.
struct Entry {
    /// Its place among those of its kind in the report.
    place: usize,
    is_stamp: bool,
    /// The octets of /Contents with their padding, where they can be read.
    contents: Option<Vec<u8>>,
    /// SHA-256 of each certificate in its CMS.
    own: BTreeSet<[u8; 32]>,
}

impl Judged {
    fn of(bytes: &[u8], verifier: &Verifier) -> Result<Self, Error> {
        let limits = verifier.ceilings();
        let found = pades::find_with(bytes, limits, verifier.secret())?;
        let recorder = Recorder::default();
        let report = verifier.recording(recorder.clone()).verify(bytes);
        let (used, _) = recorder.take();
        let (mut signatures, mut stamps) = (0, 0);
        let entries = found.signatures.iter().map(|signature| {
            let is_stamp = signature.kind == SignatureKind::DocumentTimeStamp;
            let count = if is_stamp {
                &mut stamps
            } else {
                &mut signatures
            };
            let place = *count;
            *count += 1;
            let contents = signature
                .contents
                .as_ref()
                .ok()
                .map(|octets| octets.to_vec());
            let own = contents
                .as_deref()
                .and_then(|octets| SignedData::parse(octets, limits).ok())
                .map(|cms| cms.certificates.iter().map(|der| sha256(der)).collect());
            Entry {
                place,
                is_stamp,
                own: own.unwrap_or_default(),
                contents,
            }
        });
        let entries = entries.collect();
        Ok(Self {
            report,
            used,
            entries,
        })
    }

    fn report(&self, entry: &Entry) -> Option<&SignatureReport> {
        match entry.is_stamp {
            true => self.report.document_timestamps().get(entry.place),
            false => self.report.signatures().get(entry.place),
        }
    }

    /// Whether each chosen signature has a time by a time-stamp that passed: its own, or one of the
    /// document behind it. One of this very second is as good, and proves nothing to the report yet.
    fn have_time(&self, field: Option<&str>) -> bool {
        let mut rest = self.entries.iter();
        while let Some(entry) = rest.next() {
            let Some(report) = self.report(entry) else {
                continue;
            };
            if entry.is_stamp || field.is_some_and(|field| report.id() != field) {
                continue;
            }
            let passed = |stamp: &Entry| {
                let report = self.report(stamp).filter(|_| stamp.is_stamp);
                report.is_some_and(|report| report.indication() == Indication::TotalPassed)
            };
            if report.signing_time().proven.is_none() && !rest.clone().any(passed) {
                return false;
            }
        }
        true
    }

    /// The signatures that are to be raised.
    fn chosen<'j>(
        &'j self,
        field: Option<&'j str>,
    ) -> impl Iterator<Item = &'j SignatureReport> + 'j {
        let all = self.report.signatures().iter();
        all.filter(move |signature| field.is_none_or(|field| signature.id() == field))
    }
}

impl<'i, 'v> Work<'i, 'v> {
    fn new(asked: Extending<'i, 'v>) -> Result<Self, Error> {
        let (at, policy, _, limits) = asked.verifier.judging();
        // Evidence is what this is about: rules that ask for none would make half of it.
        let policy = policy.clone().revocation(Revocation::Required);
        let verifier = asked.verifier.clone().policy(policy);
        let before = Judged::of(asked.input, &verifier)?;
        let mut work = Self {
            input: asked.input,
            bytes: asked.input.to_vec(),
            field: asked.field,
            stamper: asked.stamper,
            limits: limits.clone(),
            at,
            gathered: Evidence::new(limits),
            verifier,
            before,
        };
        let used = std::mem::take(&mut work.before.used);
        work.gather(&used);
        Ok(work)
    }

    // ---- judging

    /// The file as it is now, by all that is at hand and may be asked for.
    fn judge(&mut self) -> Result<Judged, Error> {
        let judged = Judged::of(&self.bytes, &self.verifier.clone().at(self.at))?;
        self.gather(&judged.used);
        Ok(judged)
    }

    /// The file as it is now, by what stands in it and what was gathered.
    fn judge_by(&self, evidence: Evidence) -> Result<Judged, Error> {
        let verifier = self.verifier.with_evidence(evidence).at(self.at);
        Judged::of(&self.bytes, &verifier)
    }

    /// Keeps what a verdict rested on, and moves the time behind what was issued since the call
    /// began: in the file nobody sees any more that it was fetched for it.
    fn gather(&mut self, used: &Used) {
        let origin = |place: &UsedPlace| match place {
            UsedPlace::Online => Origin::Online,
            _ => Origin::Operator,
        };
        let latest = crate::revocation::latest(self.at);
        let mut newest = self.at;
        let mut note = |place: &UsedPlace, time: Time| {
            if *place == UsedPlace::Online && time <= latest && time > newest {
                newest = time.at_offset(newest.offset_minutes());
            }
        };
        for (certificate, place) in used.certificates.values() {
            let _ = self.gathered.add(certificate.clone(), origin(place));
        }
        for (crl, place) in used.crls.values() {
            note(place, crl.this_update());
            let _ = self.gathered.add_crl(crl.clone(), origin(place));
        }
        for (response, place) in used.ocsps.values() {
            for single in response.responses() {
                note(place, single.this_update);
            }
            let _ = self.gathered.add_ocsp(response.clone(), origin(place));
        }
        self.at = newest;
    }

    // ---- the steps

    fn raise_to_b_t(&mut self) -> Result<(), Error> {
        self.refuse_broken()?;
        let is_stamped = |signature: &SignatureReport| {
            let mut stamps = signature.timestamps().iter();
            stamps.any(|stamp| stamp.kind == "signature")
        };
        if self.before.have_time(self.field) || self.before.chosen(self.field).all(is_stamped) {
            return Err(has_it_already());
        }
        self.stamp()
    }

    /// Without a signature there is nothing to raise; a broken one stays broken.
    fn refuse_broken(&self) -> Result<(), Error> {
        if self.before.chosen(self.field).next().is_none() {
            let error = Error::new(ErrorKind::Misuse, "there is no such signature to extend")
                .in_vietnamese("không có chữ ký nào như vậy để nâng mức");
            return Err(match self.field {
                Some(field) => error.at(Place::Part(field.to_owned())),
                None => error,
            });
        }
        for signature in self.before.chosen(self.field) {
            let integrity = signature.integrity();
            let is_intact =
                [integrity.digest_intact, integrity.signature_intact] == [Some(true); 2];
            if !is_intact || signature.indication() == Indication::TotalFailed {
                return Err(refused(signature));
            }
        }
        Ok(())
    }

    /// Time-stamps the file where a signature has no proven time; whether it did.
    fn stamp_where_needed(&mut self) -> Result<bool, Error> {
        self.refuse_broken()?;
        if self.before.have_time(self.field) {
            return Ok(false);
        }
        // What would be refused anyway costs no time-stamp.
        let hopeless = self.before.chosen(self.field).find(|signature| {
            signature.indication() != Indication::TotalPassed && !is_about_time(signature)
        });
        if let Some(signature) = hopeless {
            return Err(refused(signature));
        }
        self.stamp()?;
        Ok(true)
    }

    /// Stores what the verdicts rest on; whether anything was not there yet.
    fn store(&mut self) -> Result<bool, Error> {
        let judged = self.judge()?;
        for signature in judged.chosen(self.field) {
            if signature.indication() != Indication::TotalPassed {
                return Err(refused(signature));
            }
        }
        // The last time-stamp is what all else rests on from now on.
        let last = judged.entries.iter().rev().find(|entry| entry.is_stamp);
        if let Some(stamp) = last.and_then(|entry| judged.report(entry))
            && stamp.indication() != Indication::TotalPassed
        {
            return Err(refused(stamp));
        }
        let pieces = Pieces::of(&judged, self.field);
        let tail = pades::lay_evidence(&self.bytes, &pieces.request(), &self.limits)?;
        let is_new = tail.is_some();
        self.bytes.extend(tail.unwrap_or_default());
        // From what stands in the file alone, as whoever gets it will judge it.
        let alone = self.judge_by(Evidence::new(&self.limits))?;
        for signature in alone.chosen(self.field) {
            if signature.indication() != Indication::TotalPassed {
                return Err(refused(signature));
            }
        }
        Ok(is_new)
    }

    /// Appends a document time-stamp over all that is there.
    fn stamp(&mut self) -> Result<(), Error> {
        let stamper = self.stamper.ok_or_else(no_stamper)?;
        let algorithm = stamper.digest_algorithm();
        let trial = stamp::token(stamper, &Digest::of(algorithm, b""))?;
        let mut reserve = trial.len().saturating_add(stamp::TOKEN_MARGIN);
        for _ in 0..STAMPS_TRIED {
            let laid = pades::lay(
                &self.bytes,
                &LayRequest {
                    sub_filter: SubFilter::EtsiRfc3161,
                    field_name: None,
                    reserve,
                    signed_at: self.at,
                    reason: None,
                    location: None,
                    name: None,
                    contact_info: None,
                    marks: &[],
                    organisation: None,
                },
                &self.limits,
            )?;
            let digest = digest_of_all(&self.bytes, &laid.tail, &laid.hole, algorithm);
            let token = stamp::token(stamper, &digest)?;
            let mut tail = laid.tail;
            let digits = crate::crypto::hex(&token);
            let room = tail
                .get_mut(laid.hole)
                .and_then(|hole| hole.get_mut(..digits.len()));
            let Some(room) = room else {
                // No key was used for it, so it is simply asked for again.
                reserve = token.len().saturating_add(stamp::TOKEN_MARGIN);
                continue;
            };
            room.copy_from_slice(digits.as_bytes());
            self.bytes.append(&mut tail);
            let time = TimeStampToken::parse(&token, &self.limits)?.info.gen_time;
            if time > self.at {
                self.at = time.at_offset(self.at.offset_minutes());
            }
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Fetch,
            "the time-stamping service answers with tokens of ever other sizes",
        ))
    }

    /// Judges the result: what was there is worth no less, and what is new holds.
    fn finish(self, level: RaiseTo) -> Result<Signed<'i>, Error> {
        let after = self.judge_by(self.gathered.clone())?;
        for (old, new) in self.before.entries.iter().zip(&after.entries) {
            let (Some(before), Some(now)) = (self.before.report(old), after.report(new)) else {
                continue;
            };
            let is_same = old.contents == new.contents && before.id() == now.id();
            if !is_same || rank(now) > rank(before) {
                return Err(refused(now));
            }
        }
        if after.entries.len() < self.before.entries.len() {
            return Err(Error::new(ErrorKind::Internal, "a signature was lost"));
        }
        for entry in after.entries.iter().skip(self.before.entries.len()) {
            if let Some(stamp) = after.report(entry)
                && !holds(stamp, level)
            {
                return Err(refused(stamp));
            }
        }
        let at = u64::try_from(self.input.len())
            .map_err(|_| Error::new(ErrorKind::TooLarge, "size of the input"))?;
        let added = self.bytes.get(self.input.len()..).unwrap_or_default();
        Ok(Signed::new(self.input, Patch::new(at, added.to_vec())))
    }
}

/// What the chosen signatures and the time-stamps need.
struct Pieces<'j> {
    items: Vec<(DssKind, &'j [u8])>,
    related: Vec<(&'j [u8], Vec<usize>)>,
}

impl<'j> Pieces<'j> {
    fn of(judged: &'j Judged, field: Option<&str>) -> Self {
        let mut pieces = Self {
            items: Vec::new(),
            related: Vec::new(),
        };
        let mut places: BTreeMap<[u8; 32], usize> = BTreeMap::new();
        let none = BTreeSet::new();
        for (position, entry) in judged.entries.iter().enumerate() {
            let Some(report) = judged.report(entry) else {
                continue;
            };
            let is_wanted = match entry.is_stamp {
                true => report.indication() == Indication::TotalPassed,
                false => field.is_none_or(|field| report.id() == field),
            };
            if !is_wanted {
                continue;
            }
            let used = &judged.used;
            let needed = used.by_signature.get(&position).unwrap_or(&none);
            let mut own = Vec::new();
            let mut take = |kind, sha256: [u8; 32], der: &'j [u8]| {
                let place = *places.entry(sha256).or_insert_with(|| {
                    pieces.items.push((kind, der));
                    pieces.items.len() - 1
                });
                own.push(place);
            };
            for (sha256, (certificate, _)) in &used.certificates {
                if needed.contains(sha256) && !entry.own.contains(sha256) {
                    take(DssKind::Certificate, *sha256, certificate.der());
                }
            }
            for (sha256, (crl, _)) in &used.crls {
                if needed.contains(sha256) {
                    take(DssKind::Crl, *sha256, crl.der());
                }
            }
            for (sha256, (response, _)) in &used.ocsps {
                if needed.contains(sha256) {
                    take(DssKind::Ocsp, *sha256, response.der());
                }
            }
            if let Some(contents) = &entry.contents {
                pieces.related.push((contents, own));
            }
        }
        pieces
    }

    fn request(&self) -> StoreRequest<'j> {
        StoreRequest {
            items: self.items.clone(),
            related: self.related.clone(),
        }
    }
}

fn rank(signature: &SignatureReport) -> u8 {
    match signature.indication() {
        Indication::TotalPassed => 0,
        Indication::Indeterminate => 1,
        Indication::TotalFailed => 2,
    }
}

/// Whether a new time-stamp is what the level wants. The status of its own certificates is gathered
/// when it is renewed: what is issued before it says nothing about them at its time.
fn holds(stamp: &SignatureReport, level: RaiseTo) -> bool {
    let integrity = stamp.integrity();
    let is_intact = [integrity.digest_intact, integrity.signature_intact] == [Some(true); 2];
    let mut lowering = stamp
        .reasons()
        .filter(|reason| reason.indication().is_some());
    is_intact
        && match level {
            RaiseTo::BT => stamp.indication() != Indication::TotalFailed,
            _ => lowering.all(|reason| {
                let waits = reason.sub_indication() == Some(SubIndication::TryLater);
                waits && matches!(reason, Reason::Status { .. })
            }),
        }
}

/// Whether a proven time answers all that stands against the signature: one of now answers only
/// those rules that demand one.
fn is_about_time(signature: &SignatureReport) -> bool {
    let demanded = |reason: &Reason| {
        let fault = match reason {
            Reason::TimeStamp { fault, .. } => Some(fault),
            _ => None,
        };
        fault == Some(&StampFault::Demanded)
    };
    let mut lowering = signature
        .reasons()
        .filter(|reason| reason.indication().is_some());
    lowering.all(demanded)
}

/// What stands against a signature and its time-stamps, in the words of the report: each certificate
/// and each address that a person has to see to.
fn refused(signature: &SignatureReport) -> Error {
    let inner = signature
        .timestamps()
        .iter()
        .flat_map(|stamp| &stamp.reasons);
    let lowering = |reason: &&Reason| reason.indication().is_some();
    let is_summary = |reason: &&Reason| {
        matches!(
            reason,
            Reason::TimeStamp {
                fault: StampFault::NotPassed { .. },
                ..
            }
        )
    };
    let all: Vec<&Reason> = signature.reasons().chain(inner).filter(lowering).collect();
    let mut told: Vec<&Reason> = Vec::new();
    let (summaries, rest): (Vec<&Reason>, Vec<&Reason>) = all.into_iter().partition(is_summary);
    for reason in rest.into_iter().chain(summaries) {
        let is_new = !told.contains(&reason);
        if is_new && told.len() < REASONS_TOLD && (told.is_empty() || !is_summary(&reason)) {
            told.push(reason);
        }
    }
    let text = |lang| {
        let each: Vec<String> = told.iter().map(|reason| reason.message(lang)).collect();
        each.join("; ")
    };
    let error = match told.is_empty() {
        false => Error::new(ErrorKind::Refused, text(Lang::En)).in_vietnamese(text(Lang::Vi)),
        true => Error::new(ErrorKind::Refused, signature.indication().as_str()),
    };
    error.at(Place::Part(signature.id().to_owned()))
}

fn of_reason(reason: &Reason) -> Error {
    Error::new(ErrorKind::Refused, reason.message(Lang::En)).in_vietnamese(reason.message(Lang::Vi))
}

pub(super) fn no_stamper() -> Error {
    Error::new(
        ErrorKind::Misuse,
        "a time-stamping service is needed for this level (--tsa)",
    )
    .in_vietnamese("mức này cần một dịch vụ cấp dấu thời gian (--tsa)")
}

fn has_it_already() -> Error {
    Error::new(
        ErrorKind::Misuse,
        "the signatures have this level already: there is nothing to add",
    )
    .in_vietnamese("các chữ ký đã đạt mức này, không có gì để thêm")
}

/// Reasons that are named in one refusal.
const REASONS_TOLD: usize = 4;
/// How often a token may be larger than the one before.
const STAMPS_TRIED: usize = 3;
