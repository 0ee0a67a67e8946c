//! Marks as objects of a PDF (ISO 32000-2 §12.5.5, §8.10): one form for each size and turn, the
//! pictures and the fonts that it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::appearance::place::Set;
use crate::appearance::{Archival, icc};
use crate::error::{Error, ErrorKind};
use crate::font::{Embedded, FONT_OBJECTS, Font, flate_stream, number, packed, plain_stream};
use crate::page::Page;
use crate::pdf::Reference;
use crate::pdf::append::NewObject;
use crate::picture::{Data, Picture};

/// What was drawn.
pub(crate) struct Drawn {
    /// The forms with what they use.
    pub(crate) objects: Vec<NewObject>,
    /// Where they are shown, in the order of the marks.
    pub(crate) widgets: Vec<Widget>,
}

/// A widget that shows a form.
pub(crate) struct Widget {
    /// The page, by index.
    pub(crate) page: usize,
    /// /Rect
    pub(crate) rectangle: [f64; 4],
    /// /N of /AP
    pub(crate) appearance: Reference,
    /// The widget of the scene, by index, where it is there already.
    pub(crate) known: Option<usize>,
}

/// Draws marks; `next` gives the numbers of new objects.
pub(crate) fn draw(
    sets: &[Set],
    pages: &[Page<'_>],
    archival: Archival,
    next: &mut dyn FnMut() -> Result<Reference, Error>,
) -> Result<Drawn, Error> {
    let mut objects = Vec::new();
    let fonts = fonts(sets, archival, next, &mut objects)?;
    let colours = match archival {
        Archival::No => None,
        _ => {
            let id = next()?;
            let body = flate_stream("/N 3/Alternate/DeviceRGB", &packed(&icc::srgb())?);
            objects.push(NewObject { id, body });
            Some(id)
        }
    };
    let mut widgets = Vec::new();
    for set in sets.iter().filter(|set| !set.spots.is_empty()) {
        let image = match &set.picture {
            Some(boxed) => Some(image(
                &boxed.picture,
                archival,
                colours,
                next,
                &mut objects,
            )?),
            None => None,
        };
        // Turn and size with the form that was drawn for them.
        let mut forms: Vec<([i8; 6], [String; 4], Reference)> = Vec::new();
        for spot in &set.spots {
            let page = pages
                .get(spot.page)
                .ok_or_else(|| Error::new(ErrorKind::Internal, "page"))?;
            let matrix = page.geometry.matrix();
            let (width, height) = (spot.area.width, spot.area.height);
            let shape = [width, height, spot.offset.0, spot.offset.1].map(number);
            let known = forms
                .iter()
                .find(|(turn, size, _)| (*turn, size) == (matrix, &shape));
            let appearance = match known {
                Some((.., id)) => *id,
                None => {
                    let body = form(
                        set,
                        (width, height),
                        spot.offset,
                        matrix,
                        image,
                        &fonts,
                        colours,
                    )?;
                    let id = next()?;
                    objects.push(NewObject { id, body });
                    forms.push((matrix, shape, id));
                    id
                }
            };
            widgets.push(Widget {
                page: spot.page,
                rectangle: page.geometry.to_user(&spot.area),
                appearance,
                known: spot.known,
            });
        }
    }
    Ok(Drawn { objects, widgets })
}

/// The fonts that the texts need, by their keys, each embedded once.
fn fonts(
    sets: &[Set],
    archival: Archival,
    next: &mut dyn FnMut() -> Result<Reference, Error>,
    objects: &mut Vec<NewObject>,
) -> Result<BTreeMap<String, (Reference, Embedded)>, Error> {
    let mut used: BTreeMap<&str, (&Font, BTreeSet<char>)> = BTreeMap::new();
    let shown = sets.iter().filter(|set| !set.spots.is_empty());
    for text in shown.filter_map(|set| set.text.as_ref()) {
        let entry = used.entry(text.font.key());
        let (_, characters) = entry.or_insert_with(|| (&text.font, BTreeSet::new()));
        for line in &text.lines {
            let letters = text.font.letters(&line.text)?;
            characters.extend(letters.iter().map(|letter| letter.character));
        }
    }
    let mut fonts = BTreeMap::new();
    for (key, (font, characters)) in used {
        let embedded = Embedded::new(font, &characters)?;
        let lists_codes = archival == Archival::First;
        let mut ids = Vec::new();
        for _ in 0..FONT_OBJECTS {
            ids.push(next()?);
        }
        let numbers: [u32; FONT_OBJECTS] = ids
            .iter()
            .map(|id| id.number)
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| Error::new(ErrorKind::Internal, "objects of a font"))?;
        let bodies = embedded.bodies(&numbers, lists_codes);
        let keep = if lists_codes {
            FONT_OBJECTS
        } else {
            // The last one, the list of the codes, nobody refers to.
            FONT_OBJECTS - 1
        };
        for (id, body) in ids.iter().zip(bodies).take(keep) {
            objects.push(NewObject { id: *id, body });
        }
        if let Some(first) = ids.first() {
            fonts.insert(key.to_owned(), (*first, embedded));
        }
    }
    Ok(fonts)
}

/// A form that shows a mark upright, its lower left corner at the origin.
fn form(
    set: &Set,
    (width, height): (f64, f64),
    (across, down): (f64, f64),
    matrix: [i8; 6],
    image: Option<Reference>,
    fonts: &BTreeMap<String, (Reference, Embedded)>,
    colours: Option<Reference>,
) -> Result<Vec<u8>, Error> {
    let mut content = String::new();
    let mut resources = String::new();
    if let (Some(boxed), Some(id)) = (&set.picture, image) {
        let area = boxed.area;
        let _ = writeln!(
            content,
            "q {} 0 0 {} {} {} cm /I Do Q",
            number(area.width),
            number(area.height),
            number(across + area.left),
            number(height - down - area.bottom()),
        );
        let _ = write!(resources, "/XObject<</I {} 0 R>>", id.number);
    }
    if let Some(text) = &set.text {
        let (id, embedded) = fonts
            .get(text.font.key())
            .ok_or_else(|| Error::new(ErrorKind::Internal, "font"))?;
        let colour = match colours {
            None => "0 g",
            Some(id) => {
                let _ = write!(resources, "/ColorSpace<</C[/ICCBased {} 0 R]>>", id.number);
                "/C cs 0 0 0 sc"
            }
        };
        let _ = writeln!(content, "BT {colour} /F {} Tf", number(text.size));
        for line in &text.lines {
            let letters = text.font.letters(&line.text)?;
            let string = embedded.encode(letters.iter().map(|letter| letter.character))?;
            let _ = writeln!(
                content,
                "1 0 0 1 {} {} Tm {string} Tj",
                number(across + line.left),
                number(height - down - line.base),
            );
        }
        content.push_str("ET\n");
        let _ = write!(resources, "/Font<</F {} 0 R>>", id.number);
    }
    let turn = if matrix == [1, 0, 0, 1, 0, 0] {
        String::new()
    } else {
        format!("/Matrix[{}]", matrix.map(|one| one.to_string()).join(" "))
    };
    let entries = format!(
        "/Type/XObject/Subtype/Form/BBox[0 0 {} {}]{turn}/Resources<<{resources}>>",
        number(width),
        number(height),
    );
    Ok(plain_stream(&entries, content.as_bytes()))
}

/// A picture, with its mask where it has one.
fn image(
    picture: &Picture,
    archival: Archival,
    space: Option<Reference>,
    next: &mut dyn FnMut() -> Result<Reference, Error>,
    objects: &mut Vec<NewObject>,
) -> Result<Reference, Error> {
    let head = |colours: u8, more: &str| {
        let space = match (space, colours) {
            (None, 1) => "/DeviceGray".to_owned(),
            (None, _) => "/DeviceRGB".to_owned(),
            (Some(_), 1) => GREY.to_owned(),
            (Some(id), _) => format!("[/ICCBased {} 0 R]", id.number),
        };
        format!(
            "/Type/XObject/Subtype/Image/Width {}/Height {}/BitsPerComponent 8/ColorSpace {space}{more}",
            picture.width(),
            picture.height()
        )
    };
    let body = match &picture.pixels().data {
        Data::Jpeg { octets, colours } => {
            plain_stream(&head(*colours, "/Filter/DCTDecode"), octets)
        }
        Data::Raster {
            samples,
            colours,
            alpha: None,
        } => flate_stream(&head(*colours, ""), &packed(samples)?),
        Data::Raster {
            samples,
            colours,
            alpha: Some(alpha),
        } => {
            let mask = next()?;
            let size = format!(
                "/Type/XObject/Subtype/Image/Width {}/Height {}",
                picture.width(),
                picture.height()
            );
            if archival.allows_transparency() {
                let entries = format!("{size}/BitsPerComponent 8/ColorSpace/DeviceGray");
                let body = flate_stream(&entries, &packed(alpha)?);
                objects.push(NewObject { id: mask, body });
                let more = format!("/SMask {} 0 R", mask.number);
                flate_stream(&head(*colours, &more), &packed(samples)?)
            } else {
                let width = usize::try_from(picture.width()).unwrap_or(usize::MAX);
                let entries = format!("{size}/BitsPerComponent 1/ImageMask true");
                let body = flate_stream(&entries, &packed(&stencil(alpha, width))?);
                objects.push(NewObject { id: mask, body });
                let more = format!("/Mask {} 0 R", mask.number);
                let samples = on_white(samples, alpha, usize::from(*colours));
                flate_stream(&head(*colours, &more), &packed(&samples)?)
            }
        }
    };
    let id = next()?;
    objects.push(NewObject { id, body });
    Ok(id)
}

/// One bit a pixel, set where the page shows (§8.9.6.3), rows filled up to whole octets.
fn stencil(alpha: &[u8], width: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(alpha.len() / 8 + 1);
    for row in alpha.chunks(width.max(1)) {
        for eight in row.chunks(8) {
            let bits = eight.iter().enumerate().fold(0, |bits: u8, (at, opacity)| {
                bits | u8::from(*opacity < SHOWS) << (7 - at)
            });
            out.push(bits);
        }
    }
    out
}

/// The colours as they look on white paper.
fn on_white(samples: &[u8], alpha: &[u8], colours: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(samples.len());
    for (pixel, &opacity) in samples.chunks(colours.max(1)).zip(alpha) {
        for &sample in pixel {
            let mixed = u16::from(sample) * u16::from(opacity) + 255 * (255 - u16::from(opacity));
            out.push(u8::try_from(mixed / 255).unwrap_or(u8::MAX));
        }
    }
    out
}

/// Grey independent of a device (§8.6.5.2).
const GREY: &str = "[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]";
/// From this opacity on a pixel is drawn where there is no half.
const SHOWS: u8 = 96;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stencil_has_a_bit_a_pixel_and_whole_octets_a_row() {
        let alpha = [255, 0, 0, 255, 255, 255, 255, 255, 0, 255];
        assert_eq!(stencil(&alpha, 5), [0b0110_0000, 0b0001_0000]);
        assert_eq!(stencil(&alpha, 10), [0b0110_0000, 0b1000_0000]);
    }

    #[test]
    fn half_transparent_red_is_pink_on_white() {
        assert_eq!(on_white(&[255, 0, 0], &[128], 3), [255, 127, 127]);
        assert_eq!(on_white(&[9], &[255], 1), [9]);
    }
}
