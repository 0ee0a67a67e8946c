//! A page as a picture, for whoever is about to sign it.

use crate::failure::Failure;

/// Draws a page (from 1) at 150 dots an inch, as PNG.
#[cfg(feature = "preview")]
pub(crate) fn page(pdf: Vec<u8>, page: u32) -> Result<Vec<u8>, Failure> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    let index = usize::try_from(page)
        .ok()
        .and_then(|page| page.checked_sub(1));
    // The renderer is another's, and pages may be hostile: a defect of its own costs the picture.
    let drawn = catch_unwind(AssertUnwindSafe(|| draw(pdf, index?)));
    drawn.ok().flatten().ok_or_else(|| {
        Failure::said(
            kyso::ErrorKind::Appearance,
            format!("không vẽ được trang {page}"),
            format!("page {page} cannot be drawn"),
        )
    })
}

#[cfg(feature = "preview")]
fn draw(pdf: Vec<u8>, index: usize) -> Option<Vec<u8>> {
    use hayro::hayro_interpret::InterpreterSettings;
    use hayro::hayro_syntax::Pdf;
    use hayro::vello_cpu::color::palette::css::WHITE;
    use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

    let pdf = Pdf::new(pdf).ok()?;
    let page = pdf.pages().get(index)?;
    let (width, height) = page.render_dimensions();
    // Pages of plans are drawn smaller: a picture has sides of at most so many dots.
    let scale = SCALE.min(MOST_DOTS / width.max(height).max(1.0));
    let pixels = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    pixels.into_png().ok()
}

/// Without the renderer there is no picture.
#[cfg(not(feature = "preview"))]
pub(crate) fn page(_: Vec<u8>, _: u32) -> Result<Vec<u8>, Failure> {
    Err(crate::failure::not_offered("--preview"))
}

#[cfg(feature = "preview")]
const SCALE: f32 = 150.0 / 72.0;
#[cfg(feature = "preview")]
const MOST_DOTS: f32 = 4_000.0;
