//! What later revisions changed, and whether the signatures permit it: [`judge`].
//!
//! Each revision is compared with the one before, once, object by object as far as it touched them
//! ([`step`]); each change gets a name and a [`Level`]. Each signature then folds the changes that
//! come after the revision it covers, under its own permissions ([`permit`]).
//!
//! | level | allowed by |
//! |---|---|
//! | evidence: validation data, document time-stamps that show nothing, metadata | every signature (ISO 32000-2 §12.8.5.3) |
//! | form: filling in and signing | all but P=1; not in a locked field |
//! | annotations | P=3, and even then a person has to look |
//! | never | nobody |
//!
//! A new signature field that draws something is permitted only if its signature is trusted: that is
//! left to [`crate::validate`] as a condition.

mod compare;
mod form;
mod map;
mod name;
mod permit;
mod step;

use std::collections::HashMap;
use std::rc::Rc;

use crate::error::{Error, ErrorKind};
use crate::pades::{PdfSignature, SignatureKind, content};
use crate::pdf::{File, Object, Reference};
use crate::report::{Changes, Conditions, ContentJudgement, NewSignature};
use crate::verdict::{CertificationFault, Change, ChangeFault, ChangeKind, ContentDoubt, Reason};

use map::{Map, SIGNATURE};
pub(crate) use permit::Lock;
use permit::Permission;
use step::Step;

/// Who may permit a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Permitted after every signature.
    Evidence,
    /// Filling in and signing.
    Form,
    /// An annotation was added.
    NewAnnotation,
    /// An annotation that was signed with the document was changed or removed.
    OldAnnotation,
    /// Permitted by nobody.
    Never,
}

/// A change with what decides about it.
struct Named {
    change: Change,
    level: Level,
    /// Where it is a new signature field.
    new_field: Option<NewField>,
}

impl Named {
    fn new(change: Change, level: Level) -> Self {
        Self {
            change,
            level,
            new_field: None,
        }
    }
}

/// A new signature field.
#[derive(Clone, Copy)]
struct NewField {
    /// Its signature, as an index; `None` without one.
    signature: Option<usize>,
    /// Whether it draws something.
    is_visible: bool,
    /// Whether the signature is a document time-stamp, which says nothing about who drew that.
    is_stamp: bool,
    /// The revision, from 0, that brought the field: where a signature covers it, it waits for
    /// anybody.
    since: usize,
}

/// Judges what each signature has to know, and writes it into them.
pub(super) fn judge(file: &File<'_>, signatures: &mut [PdfSignature<'_>]) {
    if signatures.is_empty() {
        return;
    }
    if file.numbers().len() > file.limits().pdf_objects {
        let reason = Reason::Content {
            what: ContentDoubt::TooMany,
            object: None,
        };
        for signature in signatures {
            signature.content = ContentJudgement::new(vec![reason.clone()], None);
        }
        return;
    }
    let story = Story::of(file, signatures);
    let judged: Vec<ContentJudgement> = match &story {
        Ok(story) => (0..signatures.len())
            .map(|index| story.judgement(file, signatures, index))
            .collect(),
        // What a locked file does not show is said of the file as a whole.
        Err(error) if error.kind() == ErrorKind::Locked => signatures
            .iter()
            .map(|signature| {
                // Behind the end of the file there is nothing, whatever it shows.
                let is_last = signature.coverage.whole_file == Some(true);
                ContentJudgement::new(Vec::new(), is_last.then_some(Changes::None))
            })
            .collect(),
        Err(error) => {
            let reason = Reason::Limit {
                what: error.detail().to_owned(),
            };
            let unknown = ContentJudgement::new(vec![reason], None);
            vec![unknown; signatures.len()]
        }
    };
    for (signature, judged) in signatures.iter_mut().zip(judged) {
        signature.content = judged;
    }
}

/// Everything that was found about the revisions of a file.
struct Story {
    /// By revision, from 0.
    steps: Vec<Vec<Named>>,
    doubts: Vec<map::Doubt>,
    /// For each signature, what it permits.
    permissions: Vec<Permission>,
    /// What stands after the end of the last revision.
    trailing: Option<Named>,
    /// The new signature fields that draw something, in the order of the revisions.
    new_signatures: Rc<[NewSignature]>,
}

impl Story {
    fn of(file: &File<'_>, signatures: &[PdfSignature<'_>]) -> Result<Self, Error> {
        let count = file.revisions().len();
        let first = signatures.iter().filter_map(covered).min();
        let base = first.unwrap_or(file.newest());
        let by_object: HashMap<(u32, usize), usize> = signatures
            .iter()
            .enumerate()
            .filter_map(|(index, signature)| {
                let (number, _) = signature.object?;
                let written = usize::try_from(signature.written_in).ok()?.checked_sub(1)?;
                Some(((number, written), index))
            })
            .collect();
        let mut map = Map::of(file, base)?;
        let mut permissions = vec![Permission::default(); signatures.len()];
        permit(file, &map, base, signatures, &mut permissions)?;
        orphans(file, &mut map, base)?;
        let mut steps: Vec<Vec<Named>> = Vec::new();
        steps.resize_with(count, Vec::new);
        let touched = file.touched();
        let mut differences: HashMap<usize, Vec<u32>> = HashMap::new();
        for (revision, number) in file.hybrid_differences() {
            differences.entry(revision).or_default().push(number);
        }
        if let Some((_, numbers)) = differences.iter().find(|(revision, _)| **revision <= base) {
            map.doubt(ContentDoubt::Hidden, numbers.first().copied());
        }
        if foreign_header(file) {
            map.doubt(ContentDoubt::BeforeHeader, None);
        }
        let mut kept = 0_usize;
        for revision in base + 1..count {
            let mut numbers = touched.get(revision).cloned().unwrap_or_default();
            numbers.sort_unstable();
            numbers.dedup();
            let mut step = Step::new(&map, file, &by_object, revision);
            for number in differences.get(&revision).into_iter().flatten() {
                step.forbid(ChangeKind::HybridDiffers, Some(*number));
            }
            let named = step.judge(&numbers)?;
            kept += named.len();
            if kept > MOST_KEPT {
                return Err(Error::new(ErrorKind::TooLarge, "changes of all revisions"));
            }
            map.extend(revision, &numbers)?;
            let unreached = numbers.iter().filter(|number| map.get(**number).0 == 0);
            let unreached: Vec<u32> = unreached.copied().collect();
            documents(file, &mut map, revision, &unreached)?;
            permit(file, &map, revision, signatures, &mut permissions)?;
            if let Some(place) = steps.get_mut(revision) {
                *place = named;
            }
        }
        let trailing = unlisted(file, &mut map, &mut steps)?;
        inherit(signatures, &mut permissions);
        let new_signatures = steps.iter().flatten().filter_map(|named| {
            let field = named.new_field?;
            let hangs_on_it = field.is_visible && !field.is_stamp;
            Some(NewSignature {
                candidate: field.signature.filter(|_| hangs_on_it)?,
                change: named.change.clone(),
                since: u32::try_from(field.since + 1).unwrap_or(u32::MAX),
            })
        });
        let new_signatures = new_signatures.collect();
        Ok(Self {
            new_signatures,
            steps,
            doubts: map.doubts,
            permissions,
            trailing,
        })
    }

    fn judgement(
        &self,
        file: &File<'_>,
        signatures: &[PdfSignature<'_>],
        index: usize,
    ) -> ContentJudgement {
        let Some(signature) = signatures.get(index) else {
            return ContentJudgement::default();
        };
        let whole = signature.coverage.whole_file == Some(true);
        let covered = covered(signature).or(whole.then(|| file.newest()));
        let mut fold = Fold {
            covered,
            ..Fold::default()
        };
        for doubt in &self.doubts {
            if covered.is_none_or(|covered| doubt.revision <= covered) {
                fold.reasons.push(Reason::Content {
                    what: doubt.what,
                    object: doubt.object,
                });
            }
        }
        certification(signatures, index, &mut fold.reasons);
        let Some(covered) = covered else {
            // Its range ends within a revision, which is a fault of its own.
            if let Some(change) = rebuilt(file, signature) {
                fold.take(&Named::new(change, Level::Never), &Permission::default());
                return fold.judgement(Some(Changes::Forbidden));
            }
            return ContentJudgement::new(fold.reasons, None);
        };
        let default = Permission::default();
        let permission = self.permissions.get(index).unwrap_or(&default);
        let later = self.steps.get(covered + 1..).unwrap_or_default();
        for named in later.iter().flatten() {
            fold.take(named, permission);
        }
        if let Some(trailing) = self.trailing.as_ref().filter(|_| !whole) {
            fold.take(trailing, permission);
        }
        let first = u32::try_from(covered + 2).unwrap_or(u32::MAX);
        let before = |new: &NewSignature| new.change.revision < first;
        fold.conditions = Conditions {
            all: self.new_signatures.clone(),
            from: self.new_signatures.partition_point(before),
            covered: first.saturating_sub(1),
            // With level 1 the field itself is the violation.
            certified: permission.level.is_some(),
        };
        let none = later.is_empty() && (whole || self.trailing.is_none());
        fold.judgement(none.then_some(Changes::None))
    }
}

/// The revision, from 0, that a signature covers.
fn covered(signature: &PdfSignature<'_>) -> Option<usize> {
    usize::try_from(signature.coverage.revision?)
        .ok()?
        .checked_sub(1)
}

/// The permissions of the signatures that cover this revision, without those of earlier ones.
fn permit<'a>(
    file: &File<'a>,
    map: &Map<'_, 'a>,
    revision: usize,
    signatures: &[PdfSignature<'_>],
    permissions: &mut [Permission],
) -> Result<(), Error> {
    for (signature, permission) in signatures.iter().zip(permissions) {
        if covered(signature) != Some(revision) {
            continue;
        }
        permission.restrict(signature.certification);
        permission.locks.extend(signature.locks.iter().cloned());
        // The field that holds it, by what the map knows about its dictionary.
        let Some((number, _)) = signature.object else {
            continue;
        };
        let (roles, owner) = map.get(number);
        let field = (roles & SIGNATURE != 0).then(|| map.field(owner)).flatten();
        let Some(number) = field.map(|field| field.number) else {
            continue;
        };
        let Some((generation, _)) = file.listed(number, revision) else {
            continue;
        };
        let field = file.resolve(
            Object::Reference(Reference { number, generation }),
            revision,
        );
        if let Ok(field) = field
            && let Some(field) = field.dictionary()
        {
            permission.lock(file, field, revision)?;
        }
    }
    Ok(())
}

/// Each signature is bound by what the signatures of the revisions that it covers permit.
fn inherit(signatures: &[PdfSignature<'_>], permissions: &mut [Permission]) {
    let mut order: Vec<(usize, usize)> = signatures
        .iter()
        .enumerate()
        .filter_map(|(index, signature)| Some((covered(signature)?, index)))
        .collect();
    order.sort_unstable();
    let mut so_far = Permission::default();
    for (_, index) in order {
        let Some(own) = permissions.get_mut(index) else {
            continue;
        };
        so_far.restrict(own.level);
        let room = MOST_LOCKS.saturating_sub(so_far.locks.len());
        if own.locks.len() > room {
            // More locks than anybody uses: everything is locked.
            so_far.locks = vec![Lock::All];
        } else {
            so_far.locks.append(&mut own.locks);
        }
        if so_far.locks.iter().any(|lock| matches!(lock, Lock::All)) {
            so_far.locks = vec![Lock::All];
        }
        *own = so_far.clone();
    }
}

/// What is wrong with the certification of a signature.
fn certification(signatures: &[PdfSignature<'_>], index: usize, reasons: &mut Vec<Reason>) {
    let Some(own) = signatures.get(index) else {
        return;
    };
    if own.certification.is_none() {
        return;
    }
    if own.certification_is_odd {
        reasons.push(Reason::Certification {
            fault: CertificationFault::UnknownLevel,
        });
    }
    let is_earlier = |other: &PdfSignature<'_>| {
        other.kind == SignatureKind::Signature
            && covered(other).zip(covered(own)).is_some_and(|(a, b)| a < b)
    };
    if signatures.iter().any(is_earlier) {
        reasons.push(Reason::Certification {
            fault: CertificationFault::NotFirst,
        });
    }
}

/// Whether something other than white space stands before the header: another file to another
/// reader.
fn foreign_header(file: &File<'_>) -> bool {
    let before = file.bytes().get(..file.header()).unwrap_or_default();
    let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
    !before.iter().all(|&octet| crate::pdf::is_space(octet))
}

/// A signature whose range ends with a whole file of its own that the newest cross-reference no
/// longer knows.
fn rebuilt(file: &File<'_>, signature: &PdfSignature<'_>) -> Option<Change> {
    let [_, _, start, length] = signature.digest_range?;
    let end = usize::try_from(start.checked_add(length)?).ok()?;
    let head = file.bytes().get(..end)?.trim_ascii_end();
    let is_file = signature.gap_is_contents && head.ends_with(b"%%EOF");
    is_file.then(|| Change::new(ChangeKind::Rebuilt, signature.coverage.revisions))
}

/// Catalogs and page trees that nothing leads to, in the earliest signed revision.
fn orphans(file: &File<'_>, map: &mut Map<'_, '_>, revision: usize) -> Result<(), Error> {
    let unreached: Vec<u32> = map.unreached(revision).collect();
    documents(file, map, revision, &unreached)
}

fn documents(
    file: &File<'_>,
    map: &mut Map<'_, '_>,
    revision: usize,
    unreached: &[u32],
) -> Result<(), Error> {
    for &number in unreached {
        let Some((generation, _)) = file.listed(number, revision) else {
            continue;
        };
        let loaded = match file.load(Reference { number, generation }, revision) {
            Ok(Some(loaded)) => loaded,
            Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
            _ => continue,
        };
        if loaded.object.dictionary().is_some_and(content::is_document)
            || content::is_veiled_object_stream(file, &loaded.object, revision)
        {
            map.doubt(ContentDoubt::Hidden, Some(number));
            return Ok(());
        }
    }
    Ok(())
}

/// Texts of objects that no cross-reference leads to, and what stands after the last revision.
fn unlisted(
    file: &File<'_>,
    map: &mut Map<'_, '_>,
    steps: &mut [Vec<Named>],
) -> Result<Option<Named>, Error> {
    let hidden = content::hidden(file, &|number| map.get(number).0 != 0)?;
    let revisions = file.revisions();
    let end = revisions.last().map_or(0, |last| last.end);
    let after = file.bytes().get(end..).unwrap_or_default();
    let has_object = memchr::memmem::find_iter(after, b"obj").any(|at| {
        let before = at.checked_sub(1).and_then(|before| after.get(before));
        before.is_none_or(|octet| *octet != b'd')
    });
    for text in hidden {
        let revision = revisions.partition_point(|revision| revision.end <= text.at);
        let Some(step) = steps.get_mut(revision) else {
            continue;
        };
        map.doubts.push(map::Doubt {
            what: ContentDoubt::Hidden,
            revision,
            object: Some(text.number),
        });
        if !text.is_document || map.get(text.number).0 != 0 {
            let number = u32::try_from(revision + 1).unwrap_or(u32::MAX);
            let mut change = Change::new(ChangeKind::Unlisted, number);
            change.object = Some(text.number);
            step.push(Named::new(change, Level::Never));
        }
    }
    let first = &mut map.doubts;
    first.sort_by_key(|doubt| doubt.revision);
    let mut seen = Vec::new();
    first.retain(|doubt| {
        let is_new = !seen.contains(&doubt.what);
        seen.push(doubt.what);
        is_new
    });
    let is_blank = after.iter().all(|&octet| crate::pdf::is_space(octet));
    let count = u32::try_from(revisions.len()).unwrap_or(u32::MAX);
    Ok((!is_blank).then(|| {
        let kind = if has_object {
            ChangeKind::TrailingObjects
        } else {
            ChangeKind::TrailingBytes
        };
        let mut change = Change::new(kind, count);
        change.detail = Some(format!("{} B", after.len()));
        Named::new(change, Level::Never)
    }))
}

/// What a signature makes of the changes after it.
#[derive(Default)]
struct Fold {
    reasons: Vec<Reason>,
    /// Changes that lower the verdict, as many as are shown.
    wrong: Vec<Change>,
    /// Changes that are permitted, as many as are shown.
    fine: Vec<Change>,
    /// How many were left out.
    further: usize,
    faults: Vec<(ChangeFault, Change, u32)>,
    is_forbidden: bool,
    conditions: Conditions,
    /// The revision, from 0, that the signature covers.
    covered: Option<usize>,
}

impl Fold {
    fn take(&mut self, named: &Named, permission: &Permission) {
        let Named {
            change,
            level,
            new_field,
        } = named;
        let certified = permission.level;
        let is_locked = || {
            let field = change.field.as_deref();
            field.is_some_and(|field| permission.is_locked(field))
        };
        let fault = match (level, certified) {
            (Level::Never, _) if change.kind == ChangeKind::TrailingBytes => {
                Some(ChangeFault::Trailing)
            }
            (Level::Never, _) if is_locked() => Some(ChangeFault::FieldLock),
            (Level::Never, _) => Some(ChangeFault::Forbidden),
            (Level::NewAnnotation | Level::OldAnnotation, Some(1 | 2)) => {
                Some(ChangeFault::Certification)
            }
            (Level::OldAnnotation, None) => Some(ChangeFault::Forbidden),
            (Level::NewAnnotation | Level::OldAnnotation, _) => Some(ChangeFault::Annotation),
            (Level::Form, Some(1)) => Some(ChangeFault::Certification),
            (Level::Form, _) if is_locked() => Some(ChangeFault::FieldLock),
            (Level::Form, _) => match (new_field, change.kind) {
                // Signed into a field that the signature itself covers.
                (Some(field), _) if self.covered.is_some_and(|own| field.since <= own) => None,
                (Some(field), _) => field_added(*field, certified.is_some()),
                (None, ChangeKind::FieldValueNotShown) => Some(ChangeFault::Appearance),
                _ => None,
            },
            (Level::Evidence, _) => None,
        };
        if let Some(fault) = fault {
            self.is_forbidden |=
                !matches!(fault, ChangeFault::Annotation | ChangeFault::Appearance);
            match self.faults.iter_mut().find(|(known, ..)| *known == fault) {
                Some((_, first, more)) => {
                    // What a reader sees changed is what to tell first.
                    if weight(change.kind) < weight(first.kind) {
                        *first = change.clone();
                    }
                    *more = more.saturating_add(1);
                }
                None => self.faults.push((fault, change.clone(), 0)),
            }
        }
        let list = if fault.is_some() {
            &mut self.wrong
        } else {
            &mut self.fine
        };
        if list.len() < MOST_NAMED {
            list.push(change.clone());
        } else {
            self.further += 1;
        }
    }

    fn judgement(self, changes: Option<Changes>) -> ContentJudgement {
        let changes = match changes {
            _ if self.is_forbidden => Changes::Forbidden,
            Some(changes) => changes,
            None => Changes::Permitted,
        };
        let mut reasons = self.reasons;
        for (fault, change, more) in self.faults {
            reasons.push(Reason::Changes {
                fault,
                change: Box::new(change),
                more,
            });
        }
        // What is wrong is named before what is not.
        let mut named = self.wrong;
        named.extend(self.fine);
        ContentJudgement::new(reasons, Some(changes)).with(named, self.further, self.conditions)
    }
}

/// How much a change weighs with a reader, the most least: what is shown comes before what is not.
fn weight(kind: ChangeKind) -> u8 {
    match kind {
        ChangeKind::PageContent | ChangeKind::PageTree => 0,
        ChangeKind::Image | ChangeKind::Font | ChangeKind::PageResources => 1,
        ChangeKind::FieldValue
        | ChangeKind::FieldAppearance
        | ChangeKind::FieldValueNotShown
        | ChangeKind::SignatureReplaced
        | ChangeKind::SignatureAppearance
        | ChangeKind::AnnotationAdded
        | ChangeKind::AnnotationChanged
        | ChangeKind::AnnotationRemoved => 2,
        ChangeKind::OptionalContent | ChangeKind::PageBoxes | ChangeKind::PageRotation => 3,
        _ => 4,
    }
}

/// A new signature field; what the signature of one that draws something is worth is settled later.
fn field_added(field: NewField, certified: bool) -> Option<ChangeFault> {
    match field.signature {
        Some(_) if field.is_stamp && field.is_visible => Some(if certified {
            ChangeFault::Certification
        } else {
            ChangeFault::Annotation
        }),
        Some(_) => None,
        None if certified => Some(ChangeFault::Certification),
        None if field.is_visible => Some(ChangeFault::Annotation),
        None => None,
    }
}

/// Changes that one signature's report names; the rest are counted.
const MOST_NAMED: usize = 16;
/// Changes of all revisions that are kept.
const MOST_KEPT: usize = 100_000;
/// Locks that one signature is bound by, all earlier ones together.
const MOST_LOCKS: usize = 256;

#[cfg(test)]
mod sneaked;
#[cfg(test)]
mod tests;
