//! Setting lines of text: widths, breaking, justifying, and drawing what was laid out.
//!
//! One glyph a character and no kerning, as the word processors of the offices do it; every
//! Vietnamese letter with its marks is one character in NFC, so this needs no shaping engine.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use ttf_parser::Face;

use crate::error::{SandboxError, bad_document};

/// The four cuts of the typeface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

/// Words of one style; a paragraph is a list of them.
#[derive(Clone, Debug)]
pub(crate) struct Run<'a> {
    pub(crate) style: Style,
    pub(crate) text: &'a str,
}

/// One of the cuts, for measuring and for drawing.
struct Cut {
    face: Face<'static>,
    font: Font,
}

/// Liberation Serif, whose widths are those of Times New Roman.
pub(crate) struct Typeface {
    cuts: [Cut; 4],
}

impl Typeface {
    pub(crate) fn load() -> Result<Self, SandboxError> {
        let cut = |octets: &'static [u8]| {
            let face = Face::parse(octets, 0).map_err(bad_document)?;
            let font = Font::new(octets.into(), 0).ok_or_else(|| bad_document("bad font"))?;
            Ok::<_, SandboxError>(Cut { face, font })
        };
        Ok(Typeface {
            cuts: [cut(REGULAR)?, cut(BOLD)?, cut(ITALIC)?, cut(BOLD_ITALIC)?],
        })
    }

    /// The width of `text` in points.
    pub(crate) fn width(&self, style: Style, size: f32, text: &str) -> Result<f32, SandboxError> {
        let glyphs = self.glyphs(style, text, 0.0)?;
        Ok(glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * size)
    }

    fn cut(&self, style: Style) -> &Cut {
        let [regular, bold, italic, bold_italic] = &self.cuts;
        match style {
            Style::Regular => regular,
            Style::Bold => bold,
            Style::Italic => italic,
            Style::BoldItalic => bold_italic,
        }
    }

    /// Glyphs with advances in ems; `gap` ems are added to every space.
    fn glyphs(&self, style: Style, text: &str, gap: f32) -> Result<Vec<KrillaGlyph>, SandboxError> {
        let face = &self.cut(style).face;
        let em = f32::from(face.units_per_em());
        let glyph = |(at, character): (usize, char)| {
            // A combining mark means text that is not NFC: it would be set beside its letter.
            let id = Some(character)
                .filter(|character| !('\u{300}'..='\u{36f}').contains(character))
                .and_then(|character| face.glyph_index(character))
                .ok_or_else(|| bad_document(format!("no glyph for {character:?}")))?;
            let advance = f32::from(face.glyph_hor_advance(id).unwrap_or(0)) / em;
            let advance = if character == ' ' {
                advance + gap
            } else {
                advance
            };
            let range = at..at + character.len_utf8();
            let id = GlyphId::new(u32::from(id.0));
            Ok(KrillaGlyph::new(id, advance, 0.0, 0.0, 0.0, range, None))
        };
        text.char_indices().map(glyph).collect()
    }
}

/// What stands on the page, laid out and not yet drawn. Coordinates in points from the top left.
pub(crate) struct Sheet<'a> {
    typeface: &'a Typeface,
    texts: Vec<Text>,
    rules: Vec<(f32, f32, f32)>,
}

struct Text {
    x: f32,
    baseline: f32,
    style: Style,
    size: f32,
    gap: f32,
    text: String,
}

/// The measure a paragraph is set to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub(crate) left: f32,
    pub(crate) width: f32,
    pub(crate) indent: f32,
    pub(crate) size: f32,
    pub(crate) leading: f32,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(typeface: &'a Typeface) -> Self {
        Sheet {
            typeface,
            texts: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// The width of `text` in points.
    pub(crate) fn width(&self, style: Style, size: f32, text: &str) -> Result<f32, SandboxError> {
        self.typeface.width(style, size, text)
    }

    /// Puts a line at `x` and returns its width.
    pub(crate) fn put(
        &mut self,
        x: f32,
        baseline: f32,
        style: Style,
        size: f32,
        text: &str,
    ) -> Result<f32, SandboxError> {
        let width = self.typeface.width(style, size, text)?;
        self.texts.push(Text {
            x,
            baseline,
            style,
            size,
            gap: 0.0,
            text: text.to_owned(),
        });
        Ok(width)
    }

    /// Puts a line centred on `centre` and returns where it begins and its width.
    pub(crate) fn centre(
        &mut self,
        centre: f32,
        baseline: f32,
        style: Style,
        size: f32,
        text: &str,
    ) -> Result<(f32, f32), SandboxError> {
        let x = centre - self.typeface.width(style, size, text)? / 2.0;
        Ok((x, self.put(x, baseline, style, size, text)?))
    }

    /// Draws a thin rule of `width` centred on `centre`.
    pub(crate) fn rule(&mut self, centre: f32, y: f32, width: f32) {
        self.rules.push((centre - width / 2.0, y, width));
    }

    /// Breaks `text` into lines no wider than `width`; a longer word stands alone.
    pub(crate) fn broken(
        &self,
        style: Style,
        size: f32,
        text: &str,
        width: f32,
    ) -> Result<Vec<String>, SandboxError> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            if let Some(line) = lines.last_mut() {
                let longer = format!("{line} {word}");
                if self.typeface.width(style, size, &longer)? <= width {
                    *line = longer;
                    continue;
                }
            }
            lines.push(word.to_owned());
        }
        Ok(lines)
    }

    /// Sets a justified paragraph whose first baseline is `baseline` and returns the baseline of
    /// its last line.
    pub(crate) fn paragraph(
        &mut self,
        measure: Measure,
        mut baseline: f32,
        runs: &[Run<'_>],
    ) -> Result<f32, SandboxError> {
        let lines = self.paragraph_lines(measure, runs)?;
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.iter().enumerate() {
            let indent = if number == 0 { measure.indent } else { 0.0 };
            let spaces = line
                .iter()
                .map(|(_, text)| text.matches(' ').count())
                .sum::<usize>();
            let natural = self.line_width(measure.size, line)?;
            let rest = measure.width - indent - natural;
            let spaces = u16::try_from(spaces).unwrap_or(u16::MAX);
            let gap = if number == last || spaces == 0 {
                0.0
            } else {
                rest / f32::from(spaces) / measure.size
            };
            let mut x = measure.left + indent;
            for (style, text) in line {
                let text = text.clone();
                let glyphs = self.typeface.glyphs(*style, &text, gap)?;
                let width = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * measure.size;
                self.texts.push(Text {
                    x,
                    baseline,
                    style: *style,
                    size: measure.size,
                    gap,
                    text,
                });
                x += width;
            }
            if number < last {
                baseline += measure.leading;
            }
        }
        Ok(baseline)
    }

    fn paragraph_lines(
        &self,
        measure: Measure,
        runs: &[Run<'_>],
    ) -> Result<Vec<Vec<(Style, String)>>, SandboxError> {
        let mut lines: Vec<Vec<(Style, String)>> = vec![Vec::new()];
        let mut used = measure.indent;
        for run in runs {
            let space = self.typeface.width(run.style, measure.size, " ")?;
            for word in run.text.split_whitespace() {
                let width = self.typeface.width(run.style, measure.size, word)?;
                let starts = lines.last().is_none_or(Vec::is_empty);
                if !starts && used + space + width > measure.width {
                    lines.push(Vec::new());
                    used = 0.0;
                }
                let Some(line) = lines.last_mut() else {
                    continue;
                };
                match line.last_mut() {
                    None => line.push((run.style, word.to_owned())),
                    Some((style, text)) => {
                        // The space belongs to the earlier piece, so that no piece begins with
                        // one and extracted text keeps it.
                        text.push(' ');
                        used += space;
                        if *style == run.style {
                            text.push_str(word);
                        } else {
                            line.push((run.style, word.to_owned()));
                        }
                    }
                }
                used += width;
            }
        }
        Ok(lines)
    }

    fn line_width(&self, size: f32, line: &[(Style, String)]) -> Result<f32, SandboxError> {
        let mut width = 0.0;
        for (style, text) in line {
            width += self.typeface.width(*style, size, text)?;
        }
        Ok(width)
    }

    /// Draws everything in black.
    pub(crate) fn draw(&self, surface: &mut Surface<'_>) -> Result<(), SandboxError> {
        surface.set_fill(Some(Fill {
            paint: rgb::Color::black().into(),
            ..Fill::default()
        }));
        for text in &self.texts {
            let glyphs = self.typeface.glyphs(text.style, &text.text, text.gap)?;
            let font = self.typeface.cut(text.style).font.clone();
            let start = Point::from_xy(text.x, text.baseline);
            surface.draw_glyphs(start, &glyphs, font, &text.text, text.size, false);
        }
        for (x, y, width) in &self.rules {
            let mut path = PathBuilder::new();
            if let Some(rectangle) = Rect::from_xywh(*x, *y, *width, RULE_HEIGHT) {
                path.push_rect(rectangle);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Ok(())
    }
}

const RULE_HEIGHT: f32 = 0.6;

const REGULAR: &[u8] = include_bytes!("../assets/LiberationSerif-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../assets/LiberationSerif-Bold.ttf");
const ITALIC: &[u8] = include_bytes!("../assets/LiberationSerif-Italic.ttf");
const BOLD_ITALIC: &[u8] = include_bytes!("../assets/LiberationSerif-BoldItalic.ttf");
