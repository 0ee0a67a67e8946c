//! Runs the content of a page (ISO 32000-2 §9.4) as far as text needs it, and takes down each glyph
//! with its place on the visible page.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::page::letters::PageFont;
use crate::page::text::Glyph;
use crate::page::{Page, number};
use crate::pdf::{Array, Dictionary, File, Object, Operations, Reference};

/// The glyphs of a page in the order they are drawn.
pub(super) fn glyphs<'a>(file: &File<'a>, page: &Page<'a>) -> Result<Vec<Glyph>, Error> {
    let newest = file.newest();
    let mut content = Vec::new();
    let mut streams = Vec::new();
    match file.get(&page.dictionary, "Contents", newest)? {
        Object::Array(list) => {
            for part in list.iter().take(MOST_STREAMS) {
                streams.push(file.resolve(part, newest)?);
            }
        }
        one => streams.push(one),
    }
    for stream in streams {
        if let Object::Stream(stream) = stream {
            content.extend_from_slice(&file.decode(&stream, newest)?);
            content.push(b'\n');
        }
        if content.len() > MOST_CONTENT {
            return Err(Error::new(ErrorKind::TooLarge, "the content of a page"));
        }
    }
    let resources = page.resources.dictionary().cloned();
    let mut reader = Reader {
        file,
        page,
        glyphs: Vec::new(),
        fonts: HashMap::new(),
        left: MOST_OPERATIONS,
    };
    reader.run(Arc::from(content), resources.as_ref(), IDENTITY, 0)?;
    Ok(reader.glyphs)
}

/// Runs content streams.
struct Reader<'r, 'a> {
    file: &'r File<'a>,
    page: &'r Page<'a>,
    glyphs: Vec<Glyph>,
    fonts: HashMap<Reference, Option<Rc<PageFont>>>,
    /// How many operations may still be looked at.
    left: usize,
}

pub(super) type Matrix = [f64; 6];

/// What `q` keeps and `Q` brings back.
#[derive(Clone)]
struct State {
    current: Matrix,
    font: Option<Rc<PageFont>>,
    size: f64,
    character_gap: f64,
    word_gap: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

impl<'a> Reader<'_, 'a> {
    fn run(
        &mut self,
        content: Arc<[u8]>,
        resources: Option<&Dictionary<'a>>,
        at: Matrix,
        depth: usize,
    ) -> Result<(), Error> {
        let mut state = State {
            current: at,
            font: None,
            size: 0.0,
            character_gap: 0.0,
            word_gap: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut kept: Vec<State> = Vec::new();
        let (mut text, mut line) = (IDENTITY, IDENTITY);
        for operation in Operations::new(content, OPERAND_DEPTH) {
            self.left = self.left.checked_sub(1).ok_or_else(too_much)?;
            let operands = &operation.operands;
            let value = |index: usize| operands.get(index).and_then(number).unwrap_or(0.0);
            match operation.operator.as_slice() {
                b"q" if kept.len() < MOST_KEPT => kept.push(state.clone()),
                b"Q" => {
                    if let Some(before) = kept.pop() {
                        state = before;
                    }
                }
                b"cm" => state.current = times(&matrix(operands), &state.current),
                b"BT" => (text, line) = (IDENTITY, IDENTITY),
                b"Tf" => {
                    state.size = value(1);
                    state.font = match operands.first() {
                        Some(Object::Name(name)) => self.font(&name.text(), resources)?,
                        _ => None,
                    };
                }
                b"Tc" => state.character_gap = value(0),
                b"Tw" => state.word_gap = value(0),
                b"Tz" => state.scale = value(0) / 100.0,
                b"TL" => state.leading = value(0),
                b"Ts" => state.rise = value(0),
                b"Tm" => {
                    line = matrix(operands);
                    text = line;
                }
                b"Td" | b"TD" => {
                    if operation.operator == b"TD" {
                        state.leading = -value(1);
                    }
                    line = times(&[1.0, 0.0, 0.0, 1.0, value(0), value(1)], &line);
                    text = line;
                }
                b"T*" => {
                    line = times(&[1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], &line);
                    text = line;
                }
                b"Tj" => self.show(operands.first(), &state, &mut text)?,
                b"'" | b"\"" => {
                    let mut shown = operands.first();
                    if operation.operator == b"\"" {
                        state.word_gap = value(0);
                        state.character_gap = value(1);
                        shown = operands.get(2);
                    }
                    line = times(&[1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], &line);
                    text = line;
                    self.show(shown, &state, &mut text)?;
                }
                b"TJ" => {
                    if let Some(Object::Array(parts)) = operands.first() {
                        self.show_parts(parts, &state, &mut text)?;
                    }
                }
                b"Do" if depth < MOST_FORMS => {
                    if let Some(Object::Name(name)) = operands.first() {
                        self.form(&name.text(), resources, &state, depth)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn show_parts(
        &mut self,
        parts: &Array<'_>,
        state: &State,
        text: &mut Matrix,
    ) -> Result<(), Error> {
        for part in parts.iter() {
            match number(&part) {
                Some(back) => {
                    let step = -back / 1000.0 * state.size * state.scale;
                    *text = times(&[1.0, 0.0, 0.0, 1.0, step, 0.0], text);
                }
                None => self.show(Some(&part), state, text)?,
            }
        }
        Ok(())
    }

    fn show(
        &mut self,
        shown: Option<&Object<'_>>,
        state: &State,
        text: &mut Matrix,
    ) -> Result<(), Error> {
        let (Some(Object::String(string)), Some(font)) = (shown, &state.font) else {
            return Ok(());
        };
        for coded in font.codes(&string.octets()) {
            self.left = self.left.checked_sub(1).ok_or_else(too_much)?;
            let gap = if coded.is_blank { state.word_gap } else { 0.0 };
            let width = coded.width * state.size * state.scale;
            let all = times(
                &[state.size, 0.0, 0.0, state.size, 0.0, state.rise],
                &times(text, &state.current),
            );
            let full = times(text, &state.current);
            self.place(coded.text, &all, &full, width, state.rise);
            let step = width + (state.character_gap + gap) * state.scale;
            *text = times(&[1.0, 0.0, 0.0, 1.0, step, 0.0], text);
        }
        Ok(())
    }

    /// Takes a glyph down, if it stands upright on what is visible.
    fn place(&mut self, text: String, all: &Matrix, full: &Matrix, width: f64, rise: f64) {
        let geometry = self.page.geometry;
        let point = |x: f64, y: f64| {
            let (x, y) = apply(full, x, y);
            geometry.to_visible(x, y)
        };
        let (left, base) = point(0.0, rise);
        let (right, end) = point(width, rise);
        let up = {
            let (x, y) = apply(all, 0.0, 1.0);
            geometry.to_visible(x, y)
        };
        let size = base - up.1;
        let (page_width, page_height) = geometry.size();
        let is_seen = left <= page_width && right >= 0.0 && (0.0..=page_height).contains(&base);
        let is_level = (end - base).abs() <= size * SLOPE && (up.0 - left).abs() <= size * LEAN;
        let is_sound = [left, right, base, size].iter().all(|one| one.is_finite());
        let has_sense = !text.is_empty() && right >= left && size > 0.5;
        if is_seen && is_level && is_sound && has_sense && self.glyphs.len() < MOST_GLYPHS {
            self.glyphs.push(Glyph {
                text,
                left,
                right,
                base,
                size,
            });
        }
    }

    fn font(
        &mut self,
        name: &str,
        resources: Option<&Dictionary<'a>>,
    ) -> Result<Option<Rc<PageFont>>, Error> {
        let newest = self.file.newest();
        let Some(resources) = resources else {
            return Ok(None);
        };
        let fonts = self.file.get(resources, "Font", newest)?;
        let Some(fonts) = fonts.dictionary() else {
            return Ok(None);
        };
        let value = fonts.get(name);
        let id = value.reference();
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(known.clone());
        }
        let font = self.file.resolve(value, newest)?;
        let font = match font.dictionary() {
            Some(font) => Some(Rc::new(PageFont::read(self.file, font)?)),
            None => None,
        };
        if let Some(id) = id
            && self.fonts.len() < MOST_FONTS
        {
            self.fonts.insert(id, font.clone());
        }
        Ok(font)
    }

    fn form(
        &mut self,
        name: &str,
        resources: Option<&Dictionary<'a>>,
        state: &State,
        depth: usize,
    ) -> Result<(), Error> {
        let newest = self.file.newest();
        let Some(own) = resources else { return Ok(()) };
        let objects = self.file.get(own, "XObject", newest)?;
        let Some(objects) = objects.dictionary() else {
            return Ok(());
        };
        let Object::Stream(stream) = self.file.get(objects, name, newest)? else {
            return Ok(());
        };
        if !stream.dictionary.get("Subtype").is_name("Form") {
            return Ok(());
        }
        let at = match self.file.get(&stream.dictionary, "Matrix", newest)? {
            Object::Array(values) => {
                let values: Vec<Object<'_>> = values.iter().take(6).collect();
                matrix(&values)
            }
            _ => IDENTITY,
        };
        let inner = self.file.get(&stream.dictionary, "Resources", newest)?;
        let inner = inner.dictionary().cloned();
        let content = self.file.decode(&stream, newest)?;
        self.left = self
            .left
            .checked_sub(content.len() / 16)
            .ok_or_else(too_much)?;
        let at = times(&at, &state.current);
        self.run(
            Arc::from(&*content),
            inner.as_ref().or(resources),
            at,
            depth + 1,
        )
    }
}

fn too_much() -> Error {
    Error::new(ErrorKind::TooLarge, "the content of a page")
}

pub(super) fn matrix(operands: &[Object<'_>]) -> Matrix {
    let mut values = IDENTITY;
    if operands.len() >= values.len() {
        for (value, operand) in values.iter_mut().zip(operands) {
            *value = number(operand).unwrap_or(0.0);
        }
    }
    values
}

/// First `a`, then `b` (§8.3.4).
pub(super) fn times(a: &Matrix, b: &Matrix) -> Matrix {
    let [a0, a1, a2, a3, a4, a5] = *a;
    let [b0, b1, b2, b3, b4, b5] = *b;
    [
        a0 * b0 + a1 * b2,
        a0 * b1 + a1 * b3,
        a2 * b0 + a3 * b2,
        a2 * b1 + a3 * b3,
        a4 * b0 + a5 * b2 + b4,
        a4 * b1 + a5 * b3 + b5,
    ]
}

pub(super) fn apply(matrix: &Matrix, x: f64, y: f64) -> (f64, f64) {
    let [a, b, c, d, e, f] = *matrix;
    (a * x + c * y + e, b * x + d * y + f)
}

pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
const SLOPE: f64 = 0.02;
/// Slanted letters lean by a third at most.
const LEAN: f64 = 0.4;
const OPERAND_DEPTH: usize = 16;
const MOST_STREAMS: usize = 4_096;
const MOST_CONTENT: usize = 64 << 20;
const MOST_OPERATIONS: usize = 8_000_000;
const MOST_GLYPHS: usize = 400_000;
const MOST_KEPT: usize = 256;
const MOST_FORMS: usize = 8;
const MOST_FONTS: usize = 1_024;
