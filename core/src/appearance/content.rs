//! What a mark consists of, and how large it is.

use crate::appearance::place::{Placer, Set, Spot};
use crate::appearance::{Align, Line, MILLIMETRE, Mark, PictureKind, Shows, fault, iso};
use crate::error::Error;
use crate::font::{Font, Measures};
use crate::page::Area;
use crate::picture::Picture;

/// A picture within a mark.
pub(crate) struct PictureBox {
    pub(crate) picture: Picture,
    /// From the upper left corner of the mark.
    pub(crate) area: Area,
}

/// Lines of text within a mark.
pub(crate) struct TextBox {
    pub(crate) font: Font,
    pub(crate) size: f64,
    pub(crate) lines: Vec<TextLine>,
}

/// A line of text.
pub(crate) struct TextLine {
    pub(crate) text: String,
    /// From the left side of the mark.
    pub(crate) left: f64,
    /// The base line, from the upper side of the mark.
    pub(crate) base: f64,
}

/// A mark's contents before it is known where it goes.
pub(super) struct Content {
    pub(super) picture: Option<PictureBox>,
    pub(super) text: Option<TextBox>,
    pub(super) size: (f64, f64),
    /// For text: from the upper side of the mark to its first base line.
    pub(super) base: f64,
}

impl Placer<'_, '_> {
    /// What the mark shows, with its size; a signature has the size of the room.
    pub(super) fn content(&self, mark: &Mark, room: Option<(f64, f64)>) -> Result<Content, Error> {
        match &mark.shows {
            Shows::Picture { picture, kind } => {
                let size = picture_size(mark, picture, *kind, room)?;
                let area = Area {
                    left: 0.0,
                    top: 0.0,
                    width: size.0,
                    height: size.1,
                };
                Ok(Content {
                    picture: Some(PictureBox {
                        picture: picture.clone(),
                        area,
                    }),
                    text: None,
                    size,
                    base: 0.0,
                })
            }
            Shows::Text { picture, lines } => self.text(mark, picture.as_ref(), lines),
        }
    }

    fn text(
        &self,
        mark: &Mark,
        picture: Option<&Picture>,
        lines: &[Line],
    ) -> Result<Content, Error> {
        let size = mark.font_size.unwrap_or(TEXT_SIZE);
        if !(SMALLEST_TEXT..=LARGEST_TEXT).contains(&size) {
            return Err(fault(
                "letters of 4 to 200 points",
                "cỡ chữ phải từ 4 đến 200",
            ));
        }
        let font = mark.font.clone().unwrap_or_else(Font::serif);
        let Measures { ascent, descent } = font.measures()?;
        let mut texts = Vec::new();
        for line in lines {
            let text = self.line(mark, line)?;
            if text.trim().is_empty() {
                continue;
            }
            let width = font.width(&text)? * size / 1000.0;
            texts.push((text, width));
        }
        if texts.is_empty() || texts.len() > MOST_LINES {
            return Err(fault("a text of 1 to 64 lines", "cần từ 1 đến 64 dòng chữ"));
        }
        let widest = texts.iter().map(|(_, width)| *width).fold(0.0, f64::max);
        let step = size * LEADING;
        let inner = (ascent + descent) * size / 1000.0;
        let base = (step - inner) / 2.0 + ascent * size / 1000.0;
        let height = down(texts.len()) * step;
        // An emblem stands before the text, as high as it.
        let emblem = picture.map(|picture| {
            let width = height / picture.height_by_width();
            PictureBox {
                picture: picture.clone(),
                area: Area {
                    left: 0.0,
                    top: 0.0,
                    width,
                    height,
                },
            }
        });
        let indent = emblem
            .as_ref()
            .map_or(0.0, |emblem| emblem.area.width + size / 2.0);
        let lines = texts.into_iter().enumerate().map(|(index, (text, width))| {
            let left = match mark.align {
                Align::Left => indent,
                Align::Right => indent + widest - width,
            };
            TextLine {
                text,
                left,
                base: down(index) * step + base,
            }
        });
        let lines = lines.collect();
        Ok(Content {
            picture: emblem,
            text: Some(TextBox { font, size, lines }),
            size: (indent + widest, height),
            base,
        })
    }

    fn line(&self, mark: &Mark, line: &Line) -> Result<String, Error> {
        let known = |prefix: &str, name: Option<&str>, english, vietnamese| {
            let name = name.ok_or_else(|| fault(english, vietnamese))?;
            Ok(format!("{prefix}{name}"))
        };
        match line {
            Line::Text(text) => Ok(text.clone()),
            Line::Organisation(prefix) => known(
                prefix,
                mark.organisation.as_deref().or(self.scene.organisation),
                "the organisation's name is not known; give it",
                "chưa biết tên cơ quan; hãy cung cấp",
            ),
            Line::Signer(prefix) => known(
                prefix,
                self.scene.signer,
                "the signer's name is not known; give it",
                "chưa biết tên người ký; hãy cung cấp",
            ),
            Line::Time(prefix) => Ok(format!("{prefix}{}", iso(self.scene.at, mark.separator))),
        }
    }
}

impl Content {
    pub(super) fn set(self, spots: Vec<Spot>) -> Set {
        Set {
            picture: self.picture,
            text: self.text,
            size: self.size,
            spots,
        }
    }
}

fn picture_size(
    mark: &Mark,
    picture: &Picture,
    kind: PictureKind,
    room: Option<(f64, f64)>,
) -> Result<(f64, f64), Error> {
    let shape = picture.height_by_width();
    if !(FLATTEST..=1.0 / FLATTEST).contains(&shape) {
        return Err(fault(
            "a picture a thousand times as long as wide",
            "hình ảnh quá dài hoặc quá dẹt",
        ));
    }
    let width = match (mark.width, picture.size_millimetres(), kind, room) {
        (Some(width), ..) => {
            if !(0.5..=2_000.0).contains(&width) {
                return Err(fault(
                    "a width from 0.5 to 2000 mm",
                    "chiều rộng phải từ 0,5 đến 2000 mm",
                ));
            }
            width * MILLIMETRE
        }
        (None, _, PictureKind::Signature, Some((widest, highest))) => widest.min(highest / shape),
        (None, Some((width, _)), ..) => width * MILLIMETRE,
        (None, None, ..) => {
            return Err(fault(
                "the size of the picture is not known: its file names no resolution; give its width",
                "không biết kích thước hình: tệp không ghi độ phân giải; hãy cho chiều rộng",
            ));
        }
    };
    Ok((width, width * shape))
}

/// A small count as a number.
fn down(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

const TEXT_SIZE: f64 = 10.0;
const SMALLEST_TEXT: f64 = 4.0;
const LARGEST_TEXT: f64 = 200.0;
/// Single spacing, as word processors set Times New Roman.
const LEADING: f64 = 1.15;
const MOST_LINES: usize = 64;
const FLATTEST: f64 = 0.001;
