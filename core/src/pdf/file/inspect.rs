//! Views over everything that a file lists: what is in use, what each revision touched, where texts
//! stand, and what is odd.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind};
use crate::pdf::file::{File, starts_object};
use crate::pdf::landmarks::Landmarks;
use crate::pdf::object::{Reference, Stream};
use crate::pdf::odd::{Odd, Oddity};
use crate::pdf::xref::{Entry, Place, Section};

impl<'a> File<'a> {
    /// What is odd about the structure, as far as it was read; each kind of oddity once for a place,
    /// and no more than a few.
    pub(crate) fn oddities(&self) -> Vec<Oddity> {
        self.odd.borrow().clone()
    }

    /// Looks whether every entry that counts leads to an object of its number; what does not is one
    /// of the [oddities](File::oddities).
    pub(crate) fn look_for_missing(&self) -> Result<(), Error> {
        for same in self.entries.chunk_by(|a, b| a.number == b.number) {
            let Some(first) = same.first() else { continue };
            let counting = self.entry(first.number, self.newest());
            if let Some(Place::Offset(at)) = counting.map(|entry| entry.place())
                && starts_object(self.bytes, at, Some(first.number)).is_none()
            {
                self.odd(Odd::ObjectMissing, at, first.number);
            }
        }
        // A cross-reference stream beside a table is read like the table itself.
        for revision in self.revisions() {
            let sections = self.sections().get(revision.sections.clone());
            for section in sections.unwrap_or_default() {
                if let Some(beside) = section.beside.filter(|at| *at >= revision.end) {
                    self.odd(Odd::BeyondRevision, beside, 0);
                }
            }
        }
        self.charge(self.entries.len())
    }

    /// Every object that is in use in the newest revision, by number.
    pub(crate) fn in_use(&self) -> impl Iterator<Item = Reference> {
        let newest = self.newest();
        self.entries
            .chunk_by(|a, b| a.number == b.number)
            .filter_map(move |same| {
                let entry = self.entry(same.first()?.number, newest)?;
                let Entry {
                    number, generation, ..
                } = entry;
                (entry.place() != Place::Free).then_some(Reference { number, generation })
            })
    }

    /// For every entry that is in use: its number, where its text or the object stream that holds it
    /// stands, and whether it is the one that counts in the newest revision. A number that the
    /// newest revision frees has no text that counts.
    pub(in crate::pdf) fn each_position(&self, mut take: impl FnMut(u32, usize, bool)) {
        let newest = self.newest();
        let mut streams: HashMap<(u32, usize), Option<usize>> = HashMap::new();
        for same in self.entries.chunk_by(|a, b| a.number == b.number) {
            // What a newer section than the last revision's says is seen by nobody.
            let counting = self.entry(same.first().map_or(0, |entry| entry.number), newest);
            let counting = counting.map(|entry| (entry.rank, entry.place()));
            for entry in same {
                let at = match entry.place() {
                    Place::Free => continue,
                    Place::Offset(at) => Some(at),
                    Place::InStream { stream, .. } => {
                        let revision = self.revision_of(entry.rank);
                        *streams.entry((stream, revision)).or_insert_with(|| {
                            match self.entry(stream, revision).map(|entry| entry.place()) {
                                Some(Place::Offset(at)) => Some(at),
                                _ => None,
                            }
                        })
                    }
                };
                if let Some(at) = at {
                    let counts = counting == Some((entry.rank, entry.place()));
                    take(entry.number, at, counts);
                }
            }
        }
    }

    /// The number of the indirect object that begins at a place.
    pub(in crate::pdf) fn number_at(&self, at: usize) -> Option<u32> {
        starts_object(self.bytes, at, None).map(|id| id.number)
    }

    /// Where the cross-reference sections stand, those beside a hybrid's table too.
    pub(in crate::pdf) fn section_places(&self) -> impl Iterator<Item = usize> {
        let both = |section: &Section<'a>| [Some(section.at), section.beside];
        self.sections.iter().flat_map(both).flatten()
    }

    /// The numbers of the objects in an object stream at this place of the file.
    pub(in crate::pdf) fn numbers_in_stream(
        &self,
        stream: &Stream<'a>,
        at: usize,
        revision: usize,
    ) -> Result<Vec<u32>, Error> {
        let found = match self.cached(at) {
            Some(found) => found,
            None => match self.indexed(stream, at, revision) {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::TooLarge => return Err(error),
                Err(_) => return Ok(Vec::new()),
            },
        };
        self.charge(found.index.len())?;
        Ok(found.index.iter().map(|(number, _)| *number).collect())
    }

    /// The objects in the object streams of the newest revision whose text holds these octets, and
    /// whether every stream was looked through before `most` octets were decoded.
    pub(crate) fn search_streams(
        &self,
        octets: &[u8],
        most: u64,
    ) -> Result<(Vec<Reference>, bool), Error> {
        let newest = self.newest();
        let mut found = Vec::new();
        let mut streams: Vec<u32> = self
            .entries
            .chunk_by(|a, b| a.number == b.number)
            .filter_map(|same| match same.last()?.place() {
                Place::InStream { stream, .. } => Some(stream),
                _ => None,
            })
            .collect();
        streams.sort_unstable();
        streams.dedup();
        let first = self.decoded.get();
        for number in streams {
            if self.decoded.get().saturating_sub(first) > most {
                return Ok((found, false));
            }
            let stream = match self.object_stream(number, newest) {
                Ok(Some(stream)) => stream,
                Err(error) if error.kind() == ErrorKind::TooLarge => return Ok((found, false)),
                _ => continue,
            };
            for at in memchr::memmem::find_iter(&stream.octets, octets) {
                let nearest = stream.index.iter().filter(|(_, start)| *start <= at);
                let Some(&(object, _)) = nearest.max_by_key(|(_, start)| *start) else {
                    continue;
                };
                let id = Reference {
                    number: object,
                    generation: 0,
                };
                self.charge(stream.index.len())?;
                let here = self.place(id, newest);
                let here = here.is_some_and(|(place, _)| {
                    matches!(place, Place::InStream { stream, .. } if stream == number)
                });
                if here && found.last() != Some(&id) {
                    found.push(id);
                }
            }
        }
        Ok((found, true))
    }

    /// The object numbers that each revision gave entries to; for the first revision, nothing.
    pub(crate) fn touched(&self) -> Vec<Vec<u32>> {
        let mut touched = vec![Vec::new(); self.revisions.len()];
        if self.revisions.len() < 2 {
            return touched;
        }
        for entry in &self.entries {
            let revision = self.revision_of(entry.rank);
            if revision > 0
                && let Some(numbers) = touched.get_mut(revision)
            {
                numbers.push(entry.number);
            }
        }
        touched
    }

    /// Where certain words stand, found the first time that somebody asks.
    pub(in crate::pdf) fn landmarks(&self) -> &Landmarks {
        self.landmarks.get_or_init(|| Landmarks::of(self))
    }

    /// Where the objects that stand in the file itself begin, all revisions together, in order.
    pub(crate) fn offsets(&self) -> Vec<usize> {
        let places = || {
            self.entries.iter().filter_map(|entry| match entry.place() {
                Place::Offset(at) => Some(at),
                _ => None,
            })
        };
        let mut offsets = Vec::with_capacity(places().count());
        offsets.extend(places());
        offsets.sort_unstable();
        offsets
    }

    /// Every object that stands in the file itself, with the revision that wrote it, in the order
    /// of the file.
    pub(crate) fn in_file(&self) -> Vec<(usize, Reference, usize)> {
        let mut found: Vec<_> = self.listed_at(|_| true).collect();
        found.sort_unstable();
        found
    }

    /// Every object that stands in the file itself at a wanted offset, with the revision that wrote
    /// it, by number.
    pub(in crate::pdf) fn listed_at(
        &self,
        wanted: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = (usize, Reference, usize)> {
        self.entries.iter().filter_map(move |entry| {
            let Place::Offset(at) = entry.place() else {
                return None;
            };
            let Entry {
                number,
                generation,
                rank,
                ..
            } = *entry;
            wanted(at).then(|| (at, Reference { number, generation }, self.revision_of(rank)))
        })
    }
}
