//! Fonts that visible signatures are written with: [`Font`].
//!
//! A font that this library ships ([`Font::serif`]), with the widths of Times New Roman and every
//! Vietnamese letter, or one that the caller brings. One glyph a character and no kerning, as the
//! word processors of the offices write: text is brought into NFC first, where every Vietnamese
//! letter with its marks is one character, so this needs no shaping engine.
//!
//! Refused: a character without a glyph (a combining mark that is left over in NFC among them), as an
//! error that names it; fonts without TrueType outlines; fonts whose maker forbids embedding.

mod embed;

use std::borrow::Cow;
use std::sync::Arc;

use ttf_parser::{Face, Permissions};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, ErrorKind};

pub(crate) use embed::{Embedded, FONT_OBJECTS, flate_stream, number, packed, plain_stream};

/// A font with TrueType outlines.
///
/// ```
/// use kyso::font::Font;
///
/// let font = Font::serif();
/// // Composed and decomposed text have the same width, here in thousandths of the size.
/// let (nfc, nfd) = (font.width("ế")?, font.width("e\u{302}\u{301}")?);
/// assert_eq!(nfc, nfd);
/// assert!(font.width("Số: 15/QĐ-UBND").is_ok());
/// // A letter that it lacks is an error that names the letter.
/// assert!(font.width("字").unwrap_err().detail().contains("U+5B57"));
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Font {
    octets: Cow<'static, [u8]>,
    /// What tells one font from another.
    key: Arc<str>,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Font").field(&self.key).finish()
    }
}

/// A character with its width in thousandths of the font size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Letter {
    pub(crate) character: char,
    pub(crate) width: f64,
}

/// The measures of a font, in thousandths of its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measures {
    /// How far letters reach above the base line, marks included.
    pub(crate) ascent: f64,
    /// How far they reach below it, a positive number.
    pub(crate) descent: f64,
}

impl Font {
    /// Kyso Serif, upright: Liberation Serif cut down to Latin and Vietnamese, whose widths are those
    /// of Times New Roman. SIL Open Font License 1.1.
    pub fn serif() -> Self {
        Self::shipped(REGULAR, "KysoSerif-Regular")
    }

    /// The same, slanted.
    pub fn serif_italic() -> Self {
        Self::shipped(ITALIC, "KysoSerif-Italic")
    }

    /// The same, bold.
    pub fn serif_bold() -> Self {
        Self::shipped(BOLD, "KysoSerif-Bold")
    }

    fn shipped(octets: &'static [u8], key: &str) -> Self {
        Self {
            octets: Cow::Borrowed(octets),
            key: key.into(),
        }
    }

    /// A font of the caller's, from the octets of a TrueType file (`.ttf`, or an OpenType file with
    /// TrueType outlines).
    ///
    /// # Errors
    ///
    /// `Appearance` for octets that are no such font, for outlines of another kind, and for a font
    /// whose maker forbids embedding it or a part of it.
    pub fn read(octets: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let octets: Vec<u8> = octets.into();
        if octets.len() > MOST_OCTETS {
            return Err(Error::new(ErrorKind::TooLarge, "the size of a font"));
        }
        let name = {
            let face = face(&octets)?;
            if face.tables().glyf.is_none() {
                return Err(fault(
                    "a font without TrueType outlines",
                    "phông chữ không có đường nét TrueType",
                ));
            }
            let forbids = matches!(face.permissions(), Some(Permissions::Restricted));
            if forbids || !face.is_subsetting_allowed() {
                return Err(fault(
                    "a font that may not be embedded",
                    "phông chữ không được phép nhúng",
                ));
            }
            let mut name = postscript_name(&face);
            if name.is_empty() {
                name.push_str("Font");
            }
            name
        };
        let digest = crate::crypto::hex(&crate::crypto::sha256(&octets));
        Ok(Self {
            octets: Cow::Owned(octets),
            key: format!("{name} {digest}").into(),
        })
    }

    /// The width of a text in thousandths of the font size.
    ///
    /// # Errors
    ///
    /// `Appearance` for a character that the font does not have; it is named.
    pub fn width(&self, text: &str) -> Result<f64, Error> {
        Ok(self.letters(text)?.iter().map(|letter| letter.width).sum())
    }

    /// The letters of a text, in NFC.
    pub(crate) fn letters(&self, text: &str) -> Result<Vec<Letter>, Error> {
        let face = face(&self.octets)?;
        let em = f64::from(face.units_per_em());
        let letters = text.nfc().map(|character| {
            // Drawn by itself a mark would stand beside its letter.
            let is_mark = unicode_normalization::char::is_combining_mark(character);
            let glyph = face
                .glyph_index(character)
                .filter(|glyph| !is_mark && !character.is_control() && glyph.0 != 0)
                .ok_or_else(|| missing(character))?;
            let width = face.glyph_hor_advance(glyph).unwrap_or(0);
            Ok(Letter {
                character,
                width: f64::from(width) * 1000.0 / em,
            })
        });
        letters.collect()
    }

    /// Its measures.
    pub(crate) fn measures(&self) -> Result<Measures, Error> {
        let face = face(&self.octets)?;
        let em = f64::from(face.units_per_em());
        Ok(Measures {
            ascent: f64::from(face.ascender()) * 1000.0 / em,
            descent: -f64::from(face.descender()) * 1000.0 / em,
        })
    }

    /// What tells this font from others.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }
}

fn face(octets: &[u8]) -> Result<Face<'_>, Error> {
    Face::parse(octets, 0).map_err(|error| {
        fault("a font that cannot be read", "phông chữ không đọc được").caused_by(error)
    })
}

/// The PostScript name, of such characters as a PDF name may hold as they are.
fn postscript_name(face: &Face<'_>) -> String {
    let names = face.names();
    let name = names
        .into_iter()
        .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
        .find_map(|name| name.to_string())
        .unwrap_or_default();
    name.chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .take(MOST_NAME)
        .collect()
}

fn missing(character: char) -> Error {
    let number = u32::from(character);
    // What cannot be shown, or would join the quotation marks, is named by its number alone.
    let bare = character.is_control()
        || character.is_whitespace()
        || unicode_normalization::char::is_combining_mark(character);
    let named = if bare {
        format!("U+{number:04X}")
    } else {
        format!("“{character}” (U+{number:04X})")
    };
    fault(
        format!("the font has no glyph for {named}"),
        format!("phông chữ không có ký tự {named}"),
    )
}

fn fault(english: impl Into<Cow<'static, str>>, vietnamese: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Appearance, english).in_vietnamese(vietnamese)
}

const REGULAR: &[u8] = include_bytes!("../../assets/KysoSerif-Regular.ttf");
const ITALIC: &[u8] = include_bytes!("../../assets/KysoSerif-Italic.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/KysoSerif-Bold.ttf");
const MOST_OCTETS: usize = 32 << 20;
const MOST_NAME: usize = 63;

#[cfg(test)]
mod tests;
