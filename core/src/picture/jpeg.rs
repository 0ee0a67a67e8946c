//! The header of a JPEG (ITU-T T.81 annex B): size, colours, resolution. The data are not decoded.

use crate::error::Error;
use crate::picture::{Data, Pixels, density, fault, sides};

pub(super) fn read(octets: &[u8]) -> Result<Pixels, Error> {
    // Readers draw what there is of a cut one; a signature should not show half of a seal.
    let is_whole = memchr::memmem::rfind(octets, END_OF_IMAGE).is_some();
    let mut at = START_OF_IMAGE.len();
    let mut resolution = None;
    loop {
        // Any number of fill octets may stand before a marker.
        let marker = loop {
            match (octets.get(at), octets.get(at + 1)) {
                (Some(0xff), Some(0xff)) => at += 1,
                (Some(0xff), Some(&marker)) => break marker,
                _ => return Err(broken()),
            }
        };
        at += 2;
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            continue;
        }
        let length = octets.get(at..at + 2).and_then(|two| two.try_into().ok());
        let length = usize::from(u16::from_be_bytes(length.ok_or_else(broken)?));
        let segment = octets.get(at + 2..at + length).ok_or_else(broken)?;
        at += length;
        match marker {
            // JFIF, with its units a side.
            0xe0 if segment.starts_with(b"JFIF\0") => {
                if let Some([unit, a, b, c, d]) = segment.get(7..12) {
                    let across = f64::from(u16::from_be_bytes([*a, *b]));
                    let down = f64::from(u16::from_be_bytes([*c, *d]));
                    resolution = match unit {
                        1 => density(across / 25.4, down / 25.4),
                        2 => density(across / 10.0, down / 10.0),
                        _ => None,
                    };
                }
            }
            0xc0..=0xc2 => {
                let Some(&[bits, h1, h2, w1, w2, colours, ..]) = segment.first_chunk::<6>() else {
                    return Err(broken());
                };
                let width = u32::from(u16::from_be_bytes([w1, w2]));
                let height = u32::from(u16::from_be_bytes([h1, h2]));
                sides(width, height)?;
                if bits != 8 {
                    return Err(fault(
                        "a JPEG of other than 8 bits a colour",
                        "tệp JPEG không dùng 8 bit cho mỗi màu",
                    ));
                }
                if !matches!(colours, 1 | 3) {
                    return Err(fault(
                        "a JPEG in CMYK; convert it to RGB",
                        "tệp JPEG dùng hệ màu CMYK; hãy chuyển sang RGB",
                    ));
                }
                if !is_whole {
                    return Err(fault("a JPEG that is cut", "tệp JPEG bị cắt"));
                }
                return Ok(Pixels {
                    width,
                    height,
                    density: resolution,
                    data: Data::Jpeg {
                        octets: octets.to_vec(),
                        colours,
                    },
                });
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err(fault(
                    "a JPEG of a kind that PDF does not know",
                    "tệp JPEG thuộc loại mà PDF không dùng được",
                ));
            }
            0xd9 | 0xda => return Err(broken()),
            _ => {}
        }
    }
}

fn broken() -> Error {
    fault("a JPEG that cannot be read", "tệp JPEG không đọc được")
}

const START_OF_IMAGE: &[u8] = b"\xff\xd8";
const END_OF_IMAGE: &[u8] = b"\xff\xd9";
