//! Pictures that the tests draw themselves, and pages as pdftoppm renders them.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use std::fs;

use crate::common::{Folder, run};

pub(crate) const RESOLUTION: f64 = 150.0;

/// A blue stroke with soft edges on a transparent ground, from side to side and from top to bottom.
pub(crate) fn signature_png() -> Vec<u8> {
    let (width, height) = (600_u32, 300_u32);
    let mut pixels = vec![0_u8; (width * height * 4) as usize];
    let mut dot = |x: f64, y: f64| {
        for across in -6..=6 {
            for down in -6..=6 {
                let (x, y) = (x as i64 + across, y as i64 + down);
                let inside =
                    (0..i64::from(width)).contains(&x) && (0..i64::from(height)).contains(&y);
                if !inside {
                    continue;
                }
                let far = ((across * across + down * down) as f64).sqrt();
                let opacity = ((6.5 - far) * 120.0).clamp(0.0, 255.0) as u8;
                let at = (y as usize * width as usize + x as usize) * 4;
                pixels[at..at + 3].copy_from_slice(&[20, 50, 170]);
                pixels[at + 3] = pixels[at + 3].max(opacity);
            }
        }
    };
    let steps = 6_000;
    for step in 0..=steps {
        let t = f64::from(step) / f64::from(steps);
        let x = 5.0 + t * 589.0;
        let wave = (t * 21.0).sin() * (1.0 - t * 0.35);
        dot(x, 149.5 - wave * 144.0 / 0.975);
    }
    // A stroke down at the end, as high as the picture.
    for step in 0..=288 {
        dot(560.0, 5.5 + f64::from(step));
    }
    png(width, height, ::png::ColorType::Rgba, None, &pixels)
}

/// A red ring with a star, 34 mm at 300 dots an inch, its rim at the sides of the picture.
pub(crate) fn seal_png() -> Vec<u8> {
    let size = 402_i64;
    let centre = size as f64 / 2.0;
    let mut pixels = Vec::new();
    for y in 0..size {
        for x in 0..size {
            let (dx, dy) = (x as f64 + 0.5 - centre, y as f64 + 0.5 - centre);
            let radius = (dx * dx + dy * dy).sqrt();
            let angle = dy.atan2(dx) + std::f64::consts::FRAC_PI_2;
            let fifth = std::f64::consts::TAU / 5.0;
            let within = (angle.rem_euclid(fifth) - fifth / 2.0).abs();
            let star = 80.0 * (0.38 + 0.62 * (within / (fifth / 2.0)).powi(2));
            let ring = (centre - 9.0..=centre).contains(&radius)
                || (centre - 60.0..=centre - 56.0).contains(&radius);
            let opacity = if ring || radius < star { 230 } else { 0 };
            pixels.extend_from_slice(&[200, 16, 20, opacity]);
        }
    }
    let size = size as u32;
    png(size, size, ::png::ColorType::Rgba, Some(11_811), &pixels)
}

pub(crate) fn png(
    width: u32,
    height: u32,
    colour: ::png::ColorType,
    dots: Option<u32>,
    data: &[u8],
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut out, width, height);
    encoder.set_color(colour);
    encoder.set_depth(::png::BitDepth::Eight);
    if let Some(dots) = dots {
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

/// A page as pixels.
pub(crate) struct Rendered {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<u8>,
}

/// A rectangle in millimetres from the upper left corner of the visible page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Box {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

/// Renders a page, from 1, what is visible of it.
pub(crate) fn render(pdf: &[u8], page: u32) -> Rendered {
    let folder = Folder::new();
    let file = folder.write("in.pdf", pdf);
    let page = page.to_string();
    let resolution = RESOLUTION.to_string();
    let out = folder.path("page");
    run(
        "pdftoppm",
        &[
            &"-r",
            &resolution,
            &"-f",
            &page,
            &"-l",
            &page,
            &"-cropbox",
            &"-singlefile",
            &file,
            &out,
        ],
    );
    let octets = fs::read(folder.path("page.ppm")).unwrap();
    let mut words = Vec::new();
    let mut at = 0;
    while words.len() < 4 {
        let end = at
            + octets[at..]
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap();
        words.push(String::from_utf8(octets[at..end].to_vec()).unwrap());
        at = end + 1;
    }
    assert_eq!(words[0], "P6");
    Rendered {
        width: words[1].parse().unwrap(),
        height: words[2].parse().unwrap(),
        pixels: octets[at..].to_vec(),
    }
}

impl Rendered {
    pub(crate) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        self.pixels[at..at + 3].try_into().unwrap()
    }

    /// Where this page differs from another in what `counts` says of a pixel.
    pub(crate) fn ink(&self, before: &Self, counts: impl Fn([u8; 3]) -> bool) -> Option<Box> {
        assert_eq!((self.width, self.height), (before.width, before.height));
        let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
        for y in 0..self.height {
            for x in 0..self.width {
                let (now, then) = (self.pixel(x, y), before.pixel(x, y));
                let apart: u16 = now
                    .iter()
                    .zip(then)
                    .map(|(a, b)| u16::from(a.abs_diff(b)))
                    .sum();
                if apart > 120 && counts(now) {
                    (left, right) = (left.min(x), right.max(x + 1));
                    (top, bottom) = (top.min(y), bottom.max(y + 1));
                }
            }
        }
        let millimetres = |pixels: usize| pixels as f64 * 25.4 / RESOLUTION;
        (right > 0).then(|| Box {
            left: millimetres(left),
            top: millimetres(top),
            right: millimetres(right),
            bottom: millimetres(bottom),
        })
    }
}

impl Box {
    pub(crate) fn times(&self, factor: f64) -> Self {
        Self {
            left: self.left * factor,
            top: self.top * factor,
            right: self.right * factor,
            bottom: self.bottom * factor,
        }
    }

    #[track_caller]
    pub(crate) fn assert_near(&self, wanted: &Self, what: &str) {
        self.assert_within(wanted, 0.5, what);
    }

    #[track_caller]
    pub(crate) fn assert_within(&self, wanted: &Self, tolerance: f64, what: &str) {
        let pairs = [
            (self.left, wanted.left),
            (self.top, wanted.top),
            (self.right, wanted.right),
            (self.bottom, wanted.bottom),
        ];
        for (found, wanted_side) in pairs {
            assert!(
                (found - wanted_side).abs() <= tolerance,
                "{what}: {self:?} instead of {wanted:?}"
            );
        }
    }
}

pub(crate) fn is_blue([red, _, blue]: [u8; 3]) -> bool {
    blue > 120 && red < 140
}

pub(crate) fn is_red([red, green, blue]: [u8; 3]) -> bool {
    red > 120 && green < 110 && blue < 110
}

pub(crate) fn is_black(pixel: [u8; 3]) -> bool {
    pixel.iter().all(|one| *one < 110)
}

/// The text of a PDF as pdftotext takes it out.
pub(crate) fn text_of(pdf: &[u8], options: &[&str]) -> String {
    let folder = Folder::new();
    let file = folder.write("in.pdf", pdf);
    let mut words: Vec<&dyn AsRef<std::ffi::OsStr>> = Vec::new();
    words.extend(options.iter().map(|one| one as &dyn AsRef<_>));
    let out = "-".to_owned();
    words.push(&file);
    words.push(&out);
    String::from_utf8(run("pdftotext", &words).stdout).unwrap()
}

/// A small PDF: a text at the lower left of each page's media, and what the pages are given.
pub(crate) fn pages_pdf(entries: &[&str], more: &[(u32, Vec<u8>)], catalog: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |number: u32, body: &[u8]| {
        places.push((number, out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\nendobj\n");
    };
    let kids: Vec<String> = (0..entries.len())
        .map(|index| format!("{} 0 R", index + 10))
        .collect();
    object(
        1,
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").as_bytes(),
    );
    let pages = format!(
        "<</Type/Pages/Kids[{}]/Count {}/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 595 842]>>",
        kids.join(" "),
        entries.len()
    );
    object(2, pages.as_bytes());
    object(
        3,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    );
    let content = b"BT /F1 12 Tf 60 60 Td (Office) Tj 0 -50 Td (Name) Tj ET";
    let mut stream = format!("<</Length {}>>\nstream\n", content.len()).into_bytes();
    stream.extend_from_slice(content);
    stream.extend_from_slice(b"\nendstream");
    object(4, &stream);
    for (number, entries) in (10..).zip(entries) {
        let content = match entries.contains("/Contents") {
            true => "",
            false => "/Contents 4 0 R",
        };
        let page = format!("<</Type/Page/Parent 2 0 R{content}{entries}>>");
        object(number, page.as_bytes());
    }
    for (number, body) in more {
        object(*number, body);
    }
    let size = places.iter().map(|(number, _)| *number).max().unwrap() + 1;
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {size}\n").as_bytes());
    for number in 0..size {
        let line = match places.iter().find(|(known, _)| *known == number) {
            Some((_, at)) => format!("{at:010} 00000 n \n"),
            None => "0000000000 65535 f \n".to_owned(),
        };
        out.extend_from_slice(line.as_bytes());
    }
    let trailer = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(trailer.as_bytes());
    out
}
