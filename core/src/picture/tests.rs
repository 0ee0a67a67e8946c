//! What is read of pictures, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

/// A PNG, written by the crate that reads it: only what is ours is tested here.
pub(crate) fn png(
    width: u32,
    height: u32,
    colour: ::png::ColorType,
    dots_a_metre: Option<u32>,
    data: &[u8],
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut out, width, height);
    encoder.set_color(colour);
    encoder.set_depth(::png::BitDepth::Eight);
    if let Some(dots) = dots_a_metre {
        encoder.set_pixel_dims(Some(::png::PixelDimensions {
            xppu: dots,
            yppu: dots,
            unit: ::png::Unit::Meter,
        }));
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    out
}

/// The head of a JPEG, and its end.
fn jpeg(colours: u8, bits: u8, width: u16, unit: u8) -> Vec<u8> {
    let mut out = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x02".to_vec();
    out.push(unit);
    out.extend_from_slice(&[1, 44, 1, 44, 0, 0]);
    out.extend_from_slice(&[0xff, 0xc0, 0, 8 + 3 * colours, bits, 0, 20]);
    out.extend_from_slice(&width.to_be_bytes());
    out.push(colours);
    for colour in 0..colours {
        out.extend_from_slice(&[colour + 1, 0x11, 0]);
    }
    out.extend_from_slice(b"\xff\xda\xff\xd9");
    out
}

#[test]
fn a_png_comes_apart_into_colours_and_transparency() {
    let data = [10, 20, 30, 255, 40, 50, 60, 0];
    let picture = Picture::read(&png(2, 1, ::png::ColorType::Rgba, Some(11_811), &data)).unwrap();
    let Data::Raster {
        samples,
        colours,
        alpha,
    } = &picture.pixels().data
    else {
        panic!()
    };
    assert_eq!((*colours, picture.has_transparency()), (3, true));
    // What does not show is white.
    assert_eq!(samples, &[10, 20, 30, 255, 255, 255]);
    assert_eq!(alpha.as_deref(), Some(&[255, 0][..]));
    let (width, _) = picture.size_millimetres().unwrap();
    assert!((width - 2.0 / 11.811).abs() < 1e-9);
}

#[test]
fn a_png_whose_pixels_are_all_opaque_has_no_transparency() {
    let data = [10, 255, 40, 255];
    let octets = png(1, 2, ::png::ColorType::GrayscaleAlpha, None, &data);
    let picture = Picture::read(&octets).unwrap();
    assert!(!picture.has_transparency());
    assert!(picture.size_millimetres().is_none());
    assert!((picture.height_by_width() - 2.0).abs() < 1e-12);
}

#[test]
fn the_head_of_a_jpeg_tells_size_and_resolution() {
    let picture = Picture::read(&jpeg(3, 8, 30, 1)).unwrap();
    assert_eq!((picture.width(), picture.height()), (30, 20));
    let (width, _) = picture.size_millimetres().unwrap();
    assert!((width - 2.54).abs() < 1e-9);
    assert!(
        Picture::read(&jpeg(1, 8, 30, 0))
            .unwrap()
            .size_millimetres()
            .is_none()
    );
}

#[test]
fn what_cannot_be_shown_is_refused_by_name() {
    let cut = {
        let mut octets = jpeg(3, 8, 30, 1);
        octets.truncate(octets.len() - 2);
        octets
    };
    for (octets, word) in [
        (jpeg(4, 8, 30, 1), "CMYK"),
        (jpeg(3, 12, 30, 1), "8 bits"),
        (jpeg(3, 8, 0, 1), "without pixels"),
        (cut, "cut"),
        (b"GIF89a".to_vec(), "neither"),
        (b"\xff\xd8\xff".to_vec(), "cannot be read"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "cannot be read"),
        (Vec::new(), "neither"),
    ] {
        let error = Picture::read(&octets).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Appearance);
        assert!(error.detail().contains(word), "{}", error.detail());
    }
}

#[test]
fn a_head_that_promises_more_pixels_than_anybody_needs_costs_nothing() {
    let mut octets = png(1, 1, ::png::ColorType::Rgba, None, &[0; 4]);
    octets[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    octets[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let sum = crc(&octets[12..29]);
    octets[29..33].copy_from_slice(&sum.to_be_bytes());
    let error = Picture::read(&octets).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let error = Picture::read(&{
        let mut octets = jpeg(3, 8, u16::MAX, 1);
        let at = memchr::memmem::find(&octets, b"\xff\xc0").unwrap();
        octets[at + 5..at + 7].copy_from_slice(&u16::MAX.to_be_bytes());
        octets
    })
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[test]
fn cut_and_damaged_pictures_end_in_an_error_or_a_picture_and_never_in_a_panic() {
    let data: Vec<u8> = (0..64_u8).flat_map(|n| [n, n * 3, 200, n * 4]).collect();
    for whole in [
        png(8, 8, ::png::ColorType::Rgba, Some(5_000), &data),
        jpeg(3, 8, 30, 1),
    ] {
        for length in 0..whole.len() {
            let _ = Picture::read(&whole[..length]);
        }
        let mut octets = whole.clone();
        for at in 0..octets.len() {
            for flip in [0x01, 0x80, 0xff] {
                octets[at] ^= flip;
                let _ = Picture::read(&octets);
                octets[at] ^= flip;
            }
        }
    }
}

fn crc(octets: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for octet in octets {
        sum ^= u32::from(*octet);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            };
        }
    }
    !sum
}
