//! Whether two objects are the same value, and what a list gained and lost.

use std::collections::HashSet;

use crate::error::{Error, ErrorKind};
use crate::pdf::{Array, Elements, File, Object, Reference};

/// The same value, whatever white space it is written with. References are equal when they name the
/// same object: what that object is now is compared where it was touched.
pub(super) fn same(file: &File<'_>, old: &Object<'_>, new: &Object<'_>) -> bool {
    let mut never = |_: Reference, _: Reference| false;
    pairs(file, old, new, &mut never)
}

/// The same value, references followed where they differ: a renumbered copy of an object is the
/// same. `before` and `after` are the revisions by which the two sides are read.
pub(super) fn same_resolved<'a>(
    file: &File<'a>,
    (old, before): (&Object<'a>, usize),
    (new, after): (&Object<'a>, usize),
) -> Result<bool, Error> {
    let mut known: HashSet<(Reference, Reference)> = HashSet::new();
    let mut waiting = vec![(old.clone(), new.clone())];
    while let Some((old, new)) = waiting.pop() {
        if known.len() > MOST_FOLLOWED {
            return Err(Error::new(
                ErrorKind::TooLarge,
                "objects compared behind one reference",
            ));
        }
        let (old, new) = match (&old, &new) {
            (Object::Reference(a), Object::Reference(b)) => {
                let (a, b) = (*a, *b);
                // An untouched object is the same; a touched one is compared in its own place.
                if a == b || !known.insert((a, b)) {
                    continue;
                }
                (file.resolve(old, before)?, file.resolve(new, after)?)
            }
            (Object::Reference(_), _) | (_, Object::Reference(_)) => {
                (file.resolve(old, before)?, file.resolve(new, after)?)
            }
            _ => (old, new),
        };
        let mut differ = |a: Reference, b: Reference| {
            waiting.push((Object::Reference(a), Object::Reference(b)));
            true
        };
        if !pairs(file, &old, &new, &mut differ) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Compares two values without following references; `differ` says whether two references that are
/// not equal may pass for now.
fn pairs(
    file: &File<'_>,
    old: &Object<'_>,
    new: &Object<'_>,
    differ: &mut dyn FnMut(Reference, Reference) -> bool,
) -> bool {
    let mut waiting = vec![Frame::One(old.clone(), new.clone())];
    while let Some(frame) = waiting.pop() {
        let (old, new) = match frame {
            Frame::One(old, new) => (old, new),
            Frame::Arrays(mut a, mut b) => match (a.next(), b.next()) {
                (None, None) => continue,
                (Some(old), Some(new)) => {
                    waiting.push(Frame::Arrays(a, b));
                    (old, new)
                }
                _ => return false,
            },
        };
        let alike = match (&old, &new) {
            (Object::Null, Object::Null) => true,
            (Object::Boolean(a), Object::Boolean(b)) => a == b,
            (Object::Integer(a), Object::Integer(b)) => a == b,
            (Object::Real(a), Object::Real(b)) => a == b,
            (Object::Name(a), Object::Name(b)) => a.is_same(b),
            (Object::String(a), Object::String(b)) => a.octets() == b.octets(),
            (Object::Reference(a), Object::Reference(b)) => a == b || differ(*a, *b),
            (Object::Array(a), Object::Array(b)) => {
                if a.raw().octets() != b.raw().octets() {
                    let (a, b) = a.behind_common(b);
                    waiting.push(Frame::Arrays(a, b));
                }
                true
            }
            (Object::Stream(a), Object::Stream(b)) => {
                if file.stream_data(a) != file.stream_data(b) {
                    return false;
                }
                waiting.push(Frame::One(
                    Object::Dictionary(a.dictionary.clone()),
                    Object::Dictionary(b.dictionary.clone()),
                ));
                true
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => {
                if a.raw().octets() == b.raw().octets() {
                    continue;
                }
                // A key written twice lets two readers see two values.
                if a.keys().count() != b.keys().count() || !b.doubled().is_empty() {
                    return false;
                }
                for key in a.keys() {
                    let name = key.text();
                    match (a.raw_value(&name), b.raw_value(&name)) {
                        (Some(old), Some(new)) if old.octets() == new.octets() => {}
                        (Some(_), Some(_)) => {
                            waiting.push(Frame::One(a.get(&name), b.get(&name)));
                        }
                        _ => return false,
                    }
                }
                true
            }
            _ => false,
        };
        if !alike {
            return false;
        }
    }
    true
}

enum Frame<'a> {
    One(Object<'a>, Object<'a>),
    Arrays(Elements<'a>, Elements<'a>),
}

/// What an array of references gained and lost, and whether what stayed kept its order.
#[derive(Default)]
pub(super) struct Growth<'a> {
    pub(super) added: Vec<Object<'a>>,
    pub(super) removed: Vec<Object<'a>>,
    pub(super) in_order: bool,
}

/// Compares two lists of references; direct elements are compared as they are written.
pub(super) fn growth<'a>(old: Option<&Array<'a>>, new: Option<&Array<'a>>) -> Growth<'a> {
    let mut growth = Growth {
        in_order: true,
        ..Growth::default()
    };
    let nothing = || None.into_iter().flatten();
    let all = |array: &Array<'a>| Some(array.iter()).into_iter().flatten();
    // Both in step, as long as they agree: what an ordinary update does costs no memory.
    let (olds, news) = match (old, new) {
        (Some(old), Some(new)) => {
            let (old, new) = old.behind_common(new);
            (
                Some(old).into_iter().flatten(),
                Some(new).into_iter().flatten(),
            )
        }
        (Some(old), None) => (all(old), nothing()),
        (None, Some(new)) => (nothing(), all(new)),
        (None, None) => (nothing(), nothing()),
    };
    let (mut olds, mut news) = (olds.peekable(), news.peekable());
    let mut left: Vec<Object<'a>> = Vec::new();
    while let (Some(a), Some(b)) = (olds.peek(), news.peek()) {
        if key(a) != key(b) {
            break;
        }
        olds.next();
        news.next();
    }
    let rest: Vec<Object<'a>> = olds.collect();
    let mut at = 0;
    for new in news {
        if rest.get(at).is_some_and(|old| key(old) == key(&new)) {
            at += 1;
        } else {
            left.push(new);
        }
    }
    // What was not met in order is either gone or stands elsewhere.
    let still: HashSet<Key> = left.iter().map(key).collect();
    let missing: HashSet<Key> = rest.get(at..).unwrap_or_default().iter().map(key).collect();
    for old in rest.into_iter().skip(at) {
        if still.contains(&key(&old)) {
            growth.in_order = false;
        } else {
            growth.removed.push(old);
        }
    }
    growth.added = left
        .into_iter()
        .filter(|new| !missing.contains(&key(new)))
        .collect();
    growth
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Reference(Reference),
    Direct(Vec<u8>),
}

fn key(object: &Object<'_>) -> Key {
    match object {
        Object::Reference(id) => Key::Reference(*id),
        Object::Dictionary(dictionary) => Key::Direct(dictionary.raw().octets().to_vec()),
        Object::Array(array) => Key::Direct(array.raw().octets().to_vec()),
        Object::Integer(number) => Key::Direct(number.to_string().into_bytes()),
        Object::Name(name) => Key::Direct(name.octets().to_vec()),
        Object::String(string) => Key::Direct(string.octets()),
        _ => Key::Direct(Vec::new()),
    }
}

const MOST_FOLLOWED: usize = 100_000;
