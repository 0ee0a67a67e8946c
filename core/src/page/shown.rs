//! Where an annotation shows pictures (ISO 32000-2 §12.5.5): real signatures have their scan or seal
//! somewhere within a larger widget, and what lies over it is measured from the picture.

use std::sync::Arc;

use crate::error::Error;
use crate::page::reader::{IDENTITY, Matrix, apply, matrix, times};
use crate::page::rectangle;
use crate::pdf::{Dictionary, File, Object, Operations};

/// The rectangle in user space around all pictures that a widget's normal appearance draws; `None`
/// where it draws none, or cannot be read.
pub(crate) fn pictures<'a>(
    file: &File<'a>,
    widget: &Dictionary<'a>,
    place: [f64; 4],
) -> Result<Option<[f64; 4]>, Error> {
    let newest = file.newest();
    let appearance = file.get(widget, "AP", newest)?;
    let Some(appearance) = appearance.dictionary() else {
        return Ok(None);
    };
    let Object::Stream(form) = file.get(appearance, "N", newest)? else {
        return Ok(None);
    };
    let Object::Array(sides) = file.get(&form.dictionary, "BBox", newest)? else {
        return Ok(None);
    };
    let Ok([left, bottom, right, top]) = rectangle(file, &sides) else {
        return Ok(None);
    };
    let own = matrix_of(file, &form.dictionary)?;
    let mut search = Search {
        file,
        found: Vec::new(),
        left: MOST_OPERATIONS,
    };
    let Ok(()) = search.run(Object::Stream(form), None, own, 0) else {
        return Ok(None);
    };
    // The box that the form's own matrix makes of its /BBox is brought onto the widget.
    let corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
    let from = around(corners.iter().map(|(x, y)| apply(&own, *x, *y)));
    let (Some(from), Some(drawn)) = (from, around(search.found.into_iter())) else {
        return Ok(None);
    };
    let scale = |from: f64, to: f64| if from > 0.0 { to / from } else { 0.0 };
    let across = scale(from[2] - from[0], place[2] - place[0]);
    let up = scale(from[3] - from[1], place[3] - place[1]);
    let onto = |x: f64, y: f64| {
        (
            place[0] + (x - from[0]) * across,
            place[1] + (y - from[1]) * up,
        )
    };
    let (x1, y1) = onto(drawn[0], drawn[1]);
    let (x2, y2) = onto(drawn[2], drawn[3]);
    // What reaches out of the widget is cut off.
    let seen = [
        x1.max(place[0]),
        y1.max(place[1]),
        x2.min(place[2]),
        y2.min(place[3]),
    ];
    let is_there =
        seen.iter().all(|side| side.is_finite()) && seen[0] < seen[2] && seen[1] < seen[3];
    Ok(is_there.then_some(seen))
}

/// The rectangle around points.
fn around(points: impl Iterator<Item = (f64, f64)>) -> Option<[f64; 4]> {
    points.fold(None, |so_far, (x, y)| {
        Some(match so_far {
            None => [x, y, x, y],
            Some([a, b, c, d]) => [a.min(x), b.min(y), c.max(x), d.max(y)],
        })
    })
}

fn matrix_of<'a>(file: &File<'a>, form: &Dictionary<'a>) -> Result<Matrix, Error> {
    Ok(match file.get(form, "Matrix", file.newest())? {
        Object::Array(values) => {
            let values: Vec<Object<'_>> = values.iter().take(6).collect();
            matrix(&values)
        }
        _ => IDENTITY,
    })
}

struct Search<'f, 'a> {
    file: &'f File<'a>,
    /// The corners of pictures.
    found: Vec<(f64, f64)>,
    left: usize,
}

impl<'a> Search<'_, 'a> {
    fn run(
        &mut self,
        form: Object<'a>,
        outer: Option<&Dictionary<'a>>,
        at: Matrix,
        depth: usize,
    ) -> Result<(), Error> {
        let newest = self.file.newest();
        let Object::Stream(stream) = form else {
            return Ok(());
        };
        let own = self.file.get(&stream.dictionary, "Resources", newest)?;
        let resources = own.dictionary().or(outer).cloned();
        let content = self.file.decode(&stream, newest)?;
        let mut current = at;
        let mut kept = Vec::new();
        for operation in Operations::new(Arc::from(&*content), 8) {
            let Some(left) = self.left.checked_sub(1) else {
                return Ok(());
            };
            self.left = left;
            match operation.operator.as_slice() {
                b"q" if kept.len() < MOST_KEPT => kept.push(current),
                b"Q" => current = kept.pop().unwrap_or(current),
                b"cm" => current = times(&matrix(&operation.operands), &current),
                b"BI" => self.picture(&current),
                b"Do" => {
                    let Some(Object::Name(name)) = operation.operands.first() else {
                        continue;
                    };
                    let Some(resources) = &resources else {
                        continue;
                    };
                    let objects = self.file.get(resources, "XObject", newest)?;
                    let Some(objects) = objects.dictionary() else {
                        continue;
                    };
                    let object = self.file.get(objects, &name.text(), newest)?;
                    let Some(dictionary) = object.dictionary().cloned() else {
                        continue;
                    };
                    if dictionary.get("Subtype").is_name("Image") {
                        self.picture(&current);
                    } else if dictionary.get("Subtype").is_name("Form") && depth < MOST_FORMS {
                        let inner = matrix_of(self.file, &dictionary)?;
                        let at = times(&inner, &current);
                        self.run(object, resources.into(), at, depth + 1)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A picture fills the unit square (§8.9.4). One that would hardly be seen is none: forms of old
    /// layers draw such.
    fn picture(&mut self, at: &Matrix) {
        let corners =
            [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| apply(at, x, y));
        if let Some([a, b, c, d]) = around(corners.into_iter())
            && c - a >= LEAST_SIDE
            && d - b >= LEAST_SIDE
        {
            self.found.extend(corners);
        }
    }
}

const MOST_OPERATIONS: usize = 200_000;
const MOST_KEPT: usize = 64;
const MOST_FORMS: usize = 6;
const LEAST_SIDE: f64 = 4.0;
