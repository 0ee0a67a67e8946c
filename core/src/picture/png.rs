//! PNG (ISO/IEC 15948), decoded by the crate `png` within bounds.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations, Unit};

use crate::error::Error;
use crate::picture::{Data, Picture, Pixels, density, fault, sides};

pub(super) fn read(octets: &[u8]) -> Result<Pixels, Error> {
    // Sixteen bits and four channels a pixel, and what the decoder needs beside.
    let most = usize::try_from(Picture::MOST_PIXELS).unwrap_or(usize::MAX);
    let limits = Limits {
        bytes: most.saturating_mul(8).saturating_add(1 << 20),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(octets), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(broken)?;
    let info = reader.info();
    let (width, height) = (info.width, info.height);
    sides(width, height)?;
    let density = info.pixel_dims.and_then(|dims| match dims.unit {
        Unit::Meter => density(f64::from(dims.xppu) / 1e3, f64::from(dims.yppu) / 1e3),
        Unit::Unspecified => None,
    });
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| fault("a picture that cannot be read", "hình ảnh không đọc được"))?;
    let mut buffer = vec![0; size];
    let frame = reader.next_frame(&mut buffer).map_err(broken)?;
    buffer.truncate(frame.buffer_size());
    let (samples, colours, alpha) = match frame.color_type {
        ColorType::Grayscale => (buffer, 1, None),
        ColorType::Rgb => (buffer, 3, None),
        ColorType::GrayscaleAlpha => apart(&buffer, 1),
        ColorType::Rgba => apart(&buffer, 3),
        ColorType::Indexed => {
            return Err(fault(
                "a picture that cannot be read",
                "hình ảnh không đọc được",
            ));
        }
    };
    Ok(Pixels {
        width,
        height,
        density,
        data: Data::Raster {
            samples,
            colours,
            alpha,
        },
    })
}

/// Colours and transparency apart. Where nothing shows, white stands: whatever an editor left there
/// is nobody's business, and it packs better.
fn apart(pixels: &[u8], colours: u8) -> (Vec<u8>, u8, Option<Vec<u8>>) {
    let width = usize::from(colours);
    let count = pixels.len() / (width + 1);
    let mut samples = Vec::with_capacity(count * width);
    let mut alpha = Vec::with_capacity(count);
    for pixel in pixels.chunks_exact(width + 1) {
        let Some((&opacity, colour)) = pixel.split_last() else {
            continue;
        };
        if opacity == 0 {
            samples.resize(samples.len() + width, 0xff);
        } else {
            samples.extend_from_slice(colour);
        }
        alpha.push(opacity);
    }
    let is_opaque = alpha.iter().all(|&opacity| opacity == 0xff);
    (samples, colours, (!is_opaque).then_some(alpha))
}

fn broken(error: png::DecodingError) -> Error {
    if matches!(error, png::DecodingError::LimitsExceeded) {
        return sides(u32::MAX, u32::MAX)
            .err()
            .unwrap_or_else(|| fault("a picture that cannot be read", "hình ảnh không đọc được"));
    }
    fault("a PNG that cannot be read", "tệp PNG không đọc được").caused_by(error)
}
