//! What a new signature shows ([`crate::appearance`]): found places, drawn forms, and the widgets
//! that show them.

use crate::appearance::{Archival, Mark, Placed, Scene, SceneField, draw, place};
use crate::error::{Error, ErrorKind, Place};
use crate::font::number;
use crate::pades::lay::{Update, written};
use crate::page::{Page, pages, pictures, rectangle};
use crate::pdf::append::NewObject;
use crate::pdf::edit::with_values;
use crate::pdf::{Dictionary, File, Object, Reference, text};
use crate::time::Time;

/// What marks are drawn by.
pub(super) struct ShowRequest<'r> {
    pub(super) marks: &'r [Mark],
    pub(super) at: Time,
    pub(super) organisation: Option<&'r str>,
    pub(super) signer: Option<&'r str>,
    /// The full name of the field to be signed, where it is there already.
    pub(super) field: Option<&'r str>,
}

/// Marks that were placed and drawn.
pub(super) struct Shown<'a> {
    pub(super) pages: Vec<Page<'a>>,
    pub(super) objects: Vec<NewObject>,
    pub(super) widgets: Vec<ShownWidget<'a>>,
    pub(super) placed: Vec<Placed>,
}

/// A widget that shows a mark.
pub(super) struct ShownWidget<'a> {
    /// Its page, by index.
    pub(super) page: usize,
    /// /Rect
    pub(super) rectangle: [f64; 4],
    /// /N of /AP
    pub(super) appearance: Reference,
    /// The widget where it is there already.
    pub(super) known: Option<(Reference, Dictionary<'a>)>,
}

/// Places and draws the marks; `next` gives the numbers of new objects.
pub(super) fn show<'a>(
    file: &File<'a>,
    request: &ShowRequest<'_>,
    next: &mut dyn FnMut() -> Result<Reference, Error>,
) -> Result<Shown<'a>, Error> {
    let in_field = request.marks.iter().filter(|mark| mark.is_in_field());
    match (request.field, in_field.count(), request.marks.len()) {
        (Some(_), 1, 1) | (None, ..) => {}
        (Some(field), ..) => {
            let what = "a field that is there already shows one mark, in its own place";
            return Err(Error::new(ErrorKind::Misuse, what)
                .in_vietnamese("trường có sẵn chỉ thể hiện một hình, ngay tại vị trí của trường")
                .at(Place::Part(field.to_owned())));
        }
    }
    let pages = pages(file, usize::MAX)?;
    let (fields, widgets) = seen(file, &pages)?;
    let scene = Scene {
        at: request.at,
        organisation: request.organisation,
        signer: request.signer,
        fields,
        field: request.field.map(str::to_owned),
    };
    let (sets, placed) = place(file, &pages, request.marks, &scene)?;
    let drawn = draw(&sets, &pages, Archival::of(file)?, next)?;
    let shown = drawn.widgets.into_iter().map(|widget| ShownWidget {
        page: widget.page,
        rectangle: widget.rectangle,
        appearance: widget.appearance,
        known: widget.known.and_then(|known| widgets.get(known).cloned()),
    });
    Ok(Shown {
        widgets: shown.collect(),
        objects: drawn.objects,
        pages,
        placed,
    })
}

/// The widgets of signature fields that the pages list.
#[allow(clippy::type_complexity)]
fn seen<'a>(
    file: &File<'a>,
    pages: &[Page<'a>],
) -> Result<(Vec<SceneField>, Vec<(Reference, Dictionary<'a>)>), Error> {
    let newest = file.newest();
    let mut fields = Vec::new();
    let mut widgets = Vec::new();
    for (page, leaf) in pages.iter().enumerate() {
        let Object::Array(list) = file.get(&leaf.dictionary, "Annots", newest)? else {
            continue;
        };
        for element in list.iter().take(MOST_ANNOTATIONS) {
            let Some(id) = element.reference() else {
                continue;
            };
            let annotation = file.resolve(element, newest)?;
            let Some(widget) = annotation.dictionary() else {
                continue;
            };
            if !widget.get("Subtype").is_name("Widget") {
                continue;
            }
            let Some((name, is_signed)) = field_of(file, widget)? else {
                continue;
            };
            let flags = file.get(widget, "F", newest)?.integer().unwrap_or(0);
            let Object::Array(sides) = file.get(widget, "Rect", newest)? else {
                continue;
            };
            let Ok(sides) = rectangle(file, &sides) else {
                continue;
            };
            if flags & UNSEEN != 0 || widgets.len() >= MOST_FIELDS {
                continue;
            }
            fields.push(SceneField {
                name,
                is_signed,
                page,
                area: leaf.geometry.area(sides),
                picture: pictures(file, widget, sides)?.map(|sides| leaf.geometry.area(sides)),
            });
            widgets.push((id, widget.clone()));
        }
    }
    Ok((fields, widgets))
}

/// The full name of the signature field that a widget belongs to, and whether it is signed.
fn field_of(file: &File<'_>, widget: &Dictionary<'_>) -> Result<Option<(String, bool)>, Error> {
    let newest = file.newest();
    let mut names = Vec::new();
    let (mut kind, mut is_signed) = (None, false);
    let mut node = widget.clone();
    for _ in 0..MOST_PARENTS {
        if let Object::String(name) = file.get(&node, "T", newest)? {
            names.push(text::decode(&name.octets()));
        }
        if kind.is_none() && node.has("FT") {
            kind = Some(file.get(&node, "FT", newest)?.is_name("Sig"));
        }
        is_signed |= !file.get(&node, "V", newest)?.is_null();
        let parent = file.get(&node, "Parent", newest)?;
        match parent.dictionary() {
            Some(parent) => node = parent.clone(),
            None => break,
        }
    }
    names.reverse();
    Ok((kind == Some(true)).then(|| (names.join("."), is_signed)))
}

impl<'a> Update<'_, 'a> {
    /// Adds a field with a widget for each mark and page: one object where there is one widget, else
    /// a field with its widgets below it (§12.7.5.1).
    pub(super) fn add_shown_field(
        &mut self,
        name: &str,
        signature: Reference,
        shown: &Shown<'a>,
    ) -> Result<(), Error> {
        let field = self.number()?;
        let head = format!("/FT/Sig/T{}/V {}", text::encode(name), written(signature));
        let mut on_pages: Vec<(usize, Vec<Reference>)> = Vec::new();
        let mut kids = Vec::new();
        for widget in &shown.widgets {
            let id = match shown.widgets.len() {
                1 => field,
                _ => self.number()?,
            };
            let page = shown.pages.get(widget.page);
            let page = page.ok_or_else(|| Error::new(ErrorKind::Internal, "page"))?;
            let body = format!(
                "<</Type/Annot/Subtype/Widget{}/F 132/Rect[{}]/P {}/AP<</N {}>>>>",
                // Inherited anyway (§12.7.4.1), and told again: pdfsig looks for it in each widget.
                if id == field {
                    head.clone()
                } else {
                    format!("/Parent {}/V {}", written(field), written(signature))
                },
                widget.rectangle.map(number).join(" "),
                written(page.id),
                written(widget.appearance),
            );
            self.objects.push(NewObject {
                id,
                body: body.into_bytes(),
            });
            kids.push(id);
            match on_pages.iter_mut().find(|(index, _)| *index == widget.page) {
                Some((_, list)) => list.push(id),
                None => on_pages.push((widget.page, vec![id])),
            }
        }
        if kids != [field] {
            let kids: Vec<String> = kids.iter().copied().map(written).collect();
            let body = format!("<<{head}/Kids[{}]>>", kids.join(" "));
            self.objects.push(NewObject {
                id: field,
                body: body.into_bytes(),
            });
        }
        for (index, widgets) in on_pages {
            let page = shown.pages.get(index);
            let page = page.ok_or_else(|| Error::new(ErrorKind::Internal, "page"))?;
            let listed = self.extend_all(&page.dictionary, "Annots", &widgets)?;
            if let Some(annotations) = listed {
                let body = with_values(&page.dictionary, &[("Annots", &annotations)]);
                self.objects.push(NewObject { id: page.id, body });
            }
        }
        self.form(Some(field))
    }
}

/// Hidden, NoView (§12.5.3).
const UNSEEN: i64 = 1 << 1 | 1 << 5;
const MOST_ANNOTATIONS: usize = 10_000;
const MOST_FIELDS: usize = 20_000;
const MOST_PARENTS: usize = 32;
