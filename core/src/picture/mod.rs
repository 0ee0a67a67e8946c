//! Pictures that visible signatures show: [`Picture`], from PNG (with transparency) or JPEG.
//!
//! A PNG is decoded and written anew, so that nothing of its file reaches the document but its
//! pixels; a JPEG's data go into the document as they are, since decoding it would lose something.
//!
//! Refused: pictures of more than [`MOST_PIXELS`](Picture::MOST_PIXELS) pixels, JPEG in CMYK (its
//! colours mean nothing without a profile of the press), JPEG of other than 8 bits, and every other
//! kind of file.

mod jpeg;
mod png;

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};

/// A picture, read and found good.
///
/// ```
/// use kyso::picture::Picture;
///
/// // One white pixel, as a PNG.
/// # let png: &[u8] = &[
/// #     0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52,
/// #     0, 0, 0, 1, 0, 0, 0, 1, 0x08, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49,
/// #     0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0, 1, 1, 1, 0, 0x1c, 0xb0, 0x8c, 0x99,
/// #     0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
/// # ];
/// let picture = Picture::read(png)?;
/// assert_eq!((picture.width(), picture.height()), (1, 1));
/// assert!(picture.size_millimetres().is_none()); // the file names no resolution
/// assert!(Picture::read(b"GIF89a").is_err());
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Clone)]
pub struct Picture(Arc<Pixels>);

/// What a picture consists of.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Pixels a millimetre, across and down.
    density: Option<(f64, f64)>,
    pub(crate) data: Data,
}

/// The data of a picture.
pub(crate) enum Data {
    /// A JPEG file of one colour (grey) or three.
    Jpeg { octets: Vec<u8>, colours: u8 },
    /// Samples of 8 bits, row by row.
    Raster {
        samples: Vec<u8>,
        colours: u8,
        /// One sample a pixel, 255 for opaque; `None` where every pixel is.
        alpha: Option<Vec<u8>>,
    },
}

impl Picture {
    /// The most pixels that a picture may have: a seal of 50 mm at 1200 dpi has a sixth of it.
    pub const MOST_PIXELS: u64 = 32 << 20;

    /// Reads a picture; its kind is told by its octets.
    ///
    /// # Errors
    ///
    /// `Appearance` for octets that are no whole PNG or JPEG and for what the module refuses;
    /// `TooLarge` for a picture of too many pixels.
    pub fn read(octets: &[u8]) -> Result<Self, Error> {
        let pixels = if octets.starts_with(b"\x89PNG\r\n\x1a\n") {
            png::read(octets)?
        } else if octets.starts_with(b"\xff\xd8\xff") {
            jpeg::read(octets)?
        } else {
            return Err(fault(
                "a picture that is neither PNG nor JPEG",
                "hình ảnh không phải PNG hay JPEG",
            ));
        };
        Ok(Self(Arc::new(pixels)))
    }

    /// Its width in pixels.
    pub fn width(&self) -> u32 {
        self.0.width
    }

    /// Its height in pixels.
    pub fn height(&self) -> u32 {
        self.0.height
    }

    /// Width and height in millimetres by the resolution that the file names; `None` where it names
    /// none.
    pub fn size_millimetres(&self) -> Option<(f64, f64)> {
        let (across, down) = self.0.density?;
        Some((
            f64::from(self.0.width) / across,
            f64::from(self.0.height) / down,
        ))
    }

    /// Whether some of its pixels let the page show through.
    pub fn has_transparency(&self) -> bool {
        matches!(&self.0.data, Data::Raster { alpha: Some(_), .. })
    }

    /// Height by width, where a pixel is a square or what the file says of its sides.
    pub(crate) fn height_by_width(&self) -> f64 {
        let (across, down) = self.0.density.unwrap_or((1.0, 1.0));
        f64::from(self.0.height) / down * across / f64::from(self.0.width)
    }

    /// What it consists of.
    pub(crate) fn pixels(&self) -> &Pixels {
        &self.0
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("width", &self.width())
            .field("height", &self.height())
            .finish_non_exhaustive()
    }
}

/// Width and height, if they are within what is read.
fn sides(width: u32, height: u32) -> Result<(), Error> {
    if width == 0 || height == 0 {
        return Err(fault(
            "a picture without pixels",
            "hình ảnh không có điểm ảnh",
        ));
    }
    if u64::from(width) * u64::from(height) > Picture::MOST_PIXELS {
        return Err(Error::new(ErrorKind::TooLarge, "the pixels of a picture")
            .in_vietnamese("số điểm ảnh của hình"));
    }
    Ok(())
}

/// A density in pixels a millimetre, if it is one that a picture can have.
fn density(across: f64, down: f64) -> Option<(f64, f64)> {
    let is_sound = |value: f64| value.is_finite() && (0.04..=4_000.0).contains(&value);
    (is_sound(across) && is_sound(down)).then_some((across, down))
}

fn fault(english: impl Into<Cow<'static, str>>, vietnamese: &'static str) -> Error {
    Error::new(ErrorKind::Appearance, english).in_vietnamese(vietnamese)
}

#[cfg(test)]
mod tests;
