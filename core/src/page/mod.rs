//! The pages of a PDF as a reader sees them: which there are, what is visible of them and which way
//! is up ([`Geometry`]), and the text on them with its place ([`text`]).
//!
//! Places are measured on the visible page, upright as it is shown: in points of 1/72 inch from its
//! upper left corner, to the right and down. /CropBox, /Rotate and /UserUnit (ISO 32000-2 §7.7.3.3)
//! come in here and nowhere else.

mod cmap;
mod letters;
mod reader;
mod shown;
pub(crate) mod text;

use std::collections::HashSet;

pub(crate) use shown::pictures;

use crate::error::{Error, ErrorKind, Place};
use crate::pdf::{Array, Dictionary, File, Object, Reference};

/// A page of the newest revision, with what it inherits.
pub(crate) struct Page<'a> {
    pub(crate) id: Reference,
    pub(crate) dictionary: Dictionary<'a>,
    pub(crate) geometry: Geometry,
    resources: Object<'a>,
}

/// A rectangle on the visible page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Where two areas lie over one another.
    pub(crate) fn common(&self, other: &Self) -> Option<Self> {
        let left = self.left.max(other.left);
        let top = self.top.max(other.top);
        let width = self.right().min(other.right()) - left;
        let height = self.bottom().min(other.bottom()) - top;
        (width > 0.0 && height > 0.0).then_some(Self {
            left,
            top,
            width,
            height,
        })
    }
}

/// How user space lies on the visible page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// What is visible, in user space: left, bottom, right, top.
    seen: [f64; 4],
    turn: Turn,
    /// Points in a unit of user space.
    unit: f64,
}

/// By how much the page is turned clockwise when it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    No,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Geometry {
    /// Width and height of the visible page, in points.
    pub(crate) fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.seen;
        let (across, up) = ((right - left) * self.unit, (top - bottom) * self.unit);
        match self.turn {
            Turn::No | Turn::Half => (across, up),
            Turn::Quarter | Turn::ThreeQuarters => (up, across),
        }
    }

    /// A point of user space on the visible page.
    pub(crate) fn to_visible(self, x: f64, y: f64) -> (f64, f64) {
        let [left, bottom, right, top] = self.seen;
        let (x, y) = match self.turn {
            Turn::No => (x - left, top - y),
            Turn::Quarter => (y - bottom, x - left),
            Turn::Half => (right - x, y - bottom),
            Turn::ThreeQuarters => (top - y, right - x),
        };
        (x * self.unit, y * self.unit)
    }

    /// A rectangle of user space (two opposite corners) on the visible page.
    pub(crate) fn area(self, [a, b, c, d]: [f64; 4]) -> Area {
        let (x1, y1) = self.to_visible(a, b);
        let (x2, y2) = self.to_visible(c, d);
        Area {
            left: x1.min(x2),
            top: y1.min(y2),
            width: (x1 - x2).abs(),
            height: (y1 - y2).abs(),
        }
    }

    /// An area of the visible page in user space: left, bottom, right, top.
    pub(crate) fn to_user(self, area: &Area) -> [f64; 4] {
        let [left, bottom, right, top] = self.seen;
        let [from, to] = [
            (area.left / self.unit, area.top / self.unit),
            (area.right() / self.unit, area.bottom() / self.unit),
        ];
        match self.turn {
            Turn::No => [left + from.0, top - to.1, left + to.0, top - from.1],
            Turn::Quarter => [left + from.1, bottom + from.0, left + to.1, bottom + to.0],
            Turn::Half => [right - to.0, bottom + from.1, right - from.0, bottom + to.1],
            Turn::ThreeQuarters => [right - to.1, top - to.0, right - from.1, top - from.0],
        }
    }

    /// The matrix that keeps what is drawn upright on the visible page.
    pub(crate) fn matrix(self) -> [i8; 6] {
        match self.turn {
            Turn::No => [1, 0, 0, 1, 0, 0],
            Turn::Quarter => [0, 1, -1, 0, 0, 0],
            Turn::Half => [-1, 0, 0, -1, 0, 0],
            Turn::ThreeQuarters => [0, -1, 1, 0, 0, 0],
        }
    }

    /// The area moved by as little as brings it onto the visible page, its size unchanged.
    pub(crate) fn inside(self, area: Area) -> Area {
        let (width, height) = self.size();
        Area {
            left: area.left.min(width - area.width).max(0.0),
            top: area.top.min(height - area.height).max(0.0),
            ..area
        }
    }
}

/// A node of the page tree to be looked at, with what it inherits.
struct Node<'a> {
    id: Reference,
    inherited: [Object<'a>; 4],
}

/// The pages in their order, at most so many.
///
/// # Errors
///
/// `Malformed` where there is none, or one without a place to draw on; `TooLarge` for a tree of more
/// nodes than any document has.
pub(crate) fn pages<'a>(file: &File<'a>, most: usize) -> Result<Vec<Page<'a>>, Error> {
    let newest = file.newest();
    let missing = || Error::new(ErrorKind::Malformed, "no page");
    let catalog = file.catalog(newest)?.ok_or_else(missing)?;
    let catalog = catalog.object.dictionary().ok_or_else(missing)?;
    let root = catalog.get("Pages").reference().ok_or_else(missing)?;
    let mut stack = vec![Node {
        id: root,
        inherited: [Object::Null, Object::Null, Object::Null, Object::Null],
    }];
    let mut visited = HashSet::new();
    let mut pages = Vec::new();
    while let Some(node) = stack.pop() {
        if !visited.insert(node.id) {
            continue;
        }
        if visited.len() > MOST_NODES {
            return Err(Error::new(ErrorKind::TooLarge, "nodes of the page tree"));
        }
        let Some(loaded) = file.load(node.id, newest)? else {
            continue;
        };
        let Some(dictionary) = loaded.object.dictionary().cloned() else {
            continue;
        };
        let mut inherited = node.inherited;
        for (slot, key) in inherited.iter_mut().zip(INHERITED) {
            let own = file.get(&dictionary, key, newest)?;
            if !own.is_null() {
                *slot = own;
            }
        }
        match file.get(&dictionary, "Kids", newest)? {
            Object::Array(kids) if !dictionary.get("Type").is_name("Page") => {
                let first = stack.len();
                for kid in kids.iter().take(MOST_NODES) {
                    if let Some(id) = kid.reference() {
                        stack.push(Node {
                            id,
                            inherited: inherited.clone(),
                        });
                    }
                }
                stack.get_mut(first..).unwrap_or_default().reverse();
            }
            _ => {
                let [media, crop, rotate, resources] = inherited;
                let geometry = geometry(file, &dictionary, &media, &crop, &rotate)
                    .map_err(|error| error.at(place(node.id)))?;
                pages.push(Page {
                    id: node.id,
                    dictionary,
                    geometry,
                    resources,
                });
                if pages.len() >= most {
                    break;
                }
            }
        }
    }
    if pages.is_empty() {
        return Err(missing());
    }
    Ok(pages)
}

fn geometry(
    file: &File<'_>,
    page: &Dictionary<'_>,
    media: &Object<'_>,
    crop: &Object<'_>,
    rotate: &Object<'_>,
) -> Result<Geometry, Error> {
    let newest = file.newest();
    let media = match media {
        Object::Array(sides) => rectangle(file, sides)?,
        // What readers take where there is none: US Letter.
        _ => [0.0, 0.0, 612.0, 792.0],
    };
    let mut seen = media;
    if let Object::Array(sides) = crop {
        // §14.11.2: beyond the media there is nothing to see.
        let [a, b, c, d] = rectangle(file, sides)?;
        let cut = [
            a.max(media[0]),
            b.max(media[1]),
            c.min(media[2]),
            d.min(media[3]),
        ];
        if cut[2] > cut[0] && cut[3] > cut[1] {
            seen = cut;
        }
    }
    let turn = match rotate.integer().unwrap_or(0).rem_euclid(360) {
        90 => Turn::Quarter,
        180 => Turn::Half,
        270 => Turn::ThreeQuarters,
        _ => Turn::No,
    };
    let unit = number(&file.get(page, "UserUnit", newest)?).filter(|unit| *unit > 0.0);
    let geometry = Geometry {
        seen,
        turn,
        unit: unit.unwrap_or(1.0),
    };
    let (width, height) = geometry.size();
    let is_sound = |side: f64| side.is_finite() && (1.0..=LARGEST).contains(&side);
    if is_sound(width) && is_sound(height) && seen.iter().all(|side| side.abs() <= LARGEST) {
        Ok(geometry)
    } else {
        Err(Error::new(ErrorKind::Malformed, "the size of a page"))
    }
}

/// Four numbers as left, bottom, right, top, whichever corners they name.
pub(crate) fn rectangle(file: &File<'_>, sides: &Array<'_>) -> Result<[f64; 4], Error> {
    let mut values = [0.0; 4];
    let mut elements = sides.iter();
    for value in &mut values {
        let side = elements.next().unwrap_or(Object::Null);
        let side = file.resolve(side, file.newest())?;
        *value = number(&side)
            .filter(|side| side.is_finite())
            .ok_or_else(|| Error::new(ErrorKind::Malformed, "a rectangle"))?;
    }
    let [a, b, c, d] = values;
    Ok([a.min(c), b.min(d), a.max(c), b.max(d)])
}

/// A number, whichever way it is written.
pub(crate) fn number(object: &Object<'_>) -> Option<f64> {
    match object {
        // Beyond what a page can hold the last digits do not matter.
        Object::Integer(value) => i32::try_from(*value).ok().map(f64::from),
        Object::Real(value) => Some(*value),
        _ => None,
    }
}

fn place(id: Reference) -> Place {
    Place::Object {
        number: id.number,
        revision: None,
    }
}

const INHERITED: [&str; 4] = ["MediaBox", "CropBox", "Rotate", "Resources"];
const MOST_NODES: usize = 100_000;
/// In points; 200 inches times the largest /UserUnit that readers take.
const LARGEST: f64 = 1_080_000.0;

#[cfg(test)]
mod tests;
