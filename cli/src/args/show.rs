//! What a signature shows on the pages, and the clerk's step.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::Making;

/// What the signature shows on the pages; nothing by default.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// What it shows, as Vietnamese law draws it: a person's signature, an organisation's seal, the
    /// texts of an appendix or a copy; or any text or picture.
    #[arg(
        long = "form",
        value_enum,
        value_name = "FORM",
        help_heading = "What is shown"
    )]
    pub(crate) look: Option<Look>,
    /// The picture of `signature`, `seal`, `picture` or `portal`: PNG (with transparency) or JPEG.
    #[arg(
        long,
        value_name = "FILE",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) picture: Option<PathBuf>,
    /// The picture's width in millimetres; by default its true size, or for `signature` what fits.
    #[arg(
        long,
        value_name = "MM",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) width: Option<f64>,
    /// Number and sign of the document, for `appendix`.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) document: Option<String>,
    /// The kind of copy, for `copy`: "SAO Y", "SAO LỤC", "TRÍCH SAO".
    #[arg(
        long,
        value_name = "TEXT",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) copy_kind: Option<String>,
    /// The organisation's name where it is shown; by default that of the certificate.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) organisation: Option<String>,
    /// A line of text, for `text` (repeatable).
    #[arg(
        long,
        value_name = "LINE",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) text: Vec<String>,
    /// The size of letters in points.
    #[arg(
        long,
        value_name = "POINTS",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) font_size: Option<f64>,
    /// Millimetres from a corner of the page as it is seen: top-left, top-right, bottom-left or
    /// bottom-right, across, down.
    #[arg(
        long = "at",
        value_name = "CORNER:MM:MM",
        requires = "look",
        group = "place",
        help_heading = "What is shown"
    )]
    pub(crate) at: Option<String>,
    /// In the middle between two lines of the page's text: the office and the full name.
    #[arg(
        long,
        num_args = 2,
        value_names = ["OFFICE", "NAME"],
        requires = "look",
        group = "place",
        help_heading = "What is shown"
    )]
    pub(crate) between: Option<Vec<String>>,
    /// In the blank behind these words of the page's text.
    #[arg(
        long,
        value_name = "WORDS",
        requires = "look",
        group = "place",
        help_heading = "What is shown"
    )]
    pub(crate) after: Option<String>,
    /// Over the left third of the signature in this field; `signature` means the only one shown.
    #[arg(
        long,
        value_name = "FIELD",
        requires = "look",
        group = "place",
        help_heading = "What is shown"
    )]
    pub(crate) over: Option<String>,
    /// In the field that --field names, which waits for it.
    #[arg(
        long,
        requires = "look",
        requires = "field",
        group = "place",
        help_heading = "What is shown"
    )]
    pub(crate) in_field: bool,
    /// A page number, `last`, or `all`; by default the page where the words are found, else the first.
    #[arg(
        long,
        value_name = "PAGE",
        requires = "look",
        help_heading = "What is shown"
    )]
    pub(crate) page: Option<String>,
    /// Several things at once: a JSON array of descriptions (see docs/FORMS.md), each with its
    /// `picture` as a path relative to FILE. They are drawn in their order, below --form.
    #[arg(long, value_name = "FILE", help_heading = "What is shown")]
    pub(crate) marks: Option<PathBuf>,
}

/// The forms that a signature is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Look {
    /// A competent person's signature (Decree 30/2020, Appendix I).
    Signature,
    /// An organisation's seal at true size over a third of the person's signature (the same).
    Seal,
    /// Any picture at its true size.
    Picture,
    /// On a separate appendix: number and sign, time (the same).
    Appendix,
    /// On an electronic copy: kind of copy, organisation, time (the same).
    Copy,
    /// On a digitised document: organisation, time (Circular 05/2025, Art. 8).
    Digitised,
    /// On an archive's authenticated copy: BẢN SAO (Circular 05/2025, Art. 41).
    ArchiveCopy,
    /// As portals do it: signer, organisation, time, and an emblem if one is given.
    Portal,
    /// Any text.
    Text,
}

impl Look {
    /// The word of a description.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Seal => "seal",
            Self::Picture => "picture",
            Self::Appendix => "appendix",
            Self::Copy => "copy",
            Self::Digitised => "digitised",
            Self::ArchiveCopy => "archive-copy",
            Self::Portal => "portal",
            Self::Text => "text",
        }
    }
}

/// The page as it will look.
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// First draw the page as it will look into a PNG. Without -o nothing is signed and no key is
    /// touched; with it, a person at a terminal is asked before.
    #[arg(long, value_name = "FILE")]
    pub(crate) preview: Option<PathBuf>,
    /// The page that is drawn; by default that of the first thing shown.
    #[arg(long, value_name = "PAGE", requires = "preview")]
    pub(crate) preview_page: Option<u32>,
}

/// The clerk's step.
#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The PDF that the competent person has signed, with blanks for number and date; `-` is standard
    /// input.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The number of the document.
    #[arg(long, value_name = "N")]
    pub(crate) number: String,
    /// The date of issue. A year that the document has printed already must be this one.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) date: (u16, u8, u8),
    /// The organisation's seal: PNG (with transparency) or JPEG.
    #[arg(long, value_name = "FILE")]
    pub(crate) seal: Option<PathBuf>,
    /// The seal's width in millimetres; by default what the picture's resolution says.
    #[arg(long, value_name = "MM", requires = "seal")]
    pub(crate) seal_width: Option<f64>,
    /// The field of the signature that the seal is put over, where several are shown.
    #[arg(long, value_name = "FIELD", requires = "seal")]
    pub(crate) over: Option<String>,
    /// Another place for the seal: millimetres from a corner of the page as it is seen.
    #[arg(
        long,
        value_name = "[PAGE:]CORNER:MM:MM",
        requires = "seal",
        conflicts_with = "over"
    )]
    pub(crate) seal_at: Option<String>,
    /// Another place for the number.
    #[arg(long, value_name = "[PAGE:]CORNER:MM:MM")]
    pub(crate) number_at: Option<String>,
    /// Another place for the day.
    #[arg(long, value_name = "[PAGE:]CORNER:MM:MM")]
    pub(crate) day_at: Option<String>,
    /// Another place for the month.
    #[arg(long, value_name = "[PAGE:]CORNER:MM:MM")]
    pub(crate) month_at: Option<String>,
    /// Another place for the year, which then is drawn whatever is printed.
    #[arg(long, value_name = "[PAGE:]CORNER:MM:MM")]
    pub(crate) year_at: Option<String>,
    #[command(flatten)]
    pub(crate) making: Making,
}

fn date(text: &str) -> Result<(u16, u8, u8), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let read = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            (year.parse().ok()).zip(month.parse().ok().zip(day.parse().ok()))
        }
        _ => None,
    };
    let (year, (month, day)) = read.ok_or("a date is written like 2026-11-26")?;
    Ok((year, month, day))
}
