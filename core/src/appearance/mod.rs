//! What a signature shows on the pages: [`Mark`]s, in the forms that Vietnamese law draws them
//! (Decree 30/2020/NĐ-CP, Appendix I; Circular 05/2025/TT-BNV, Art. 8 and 41).
//!
//! A mark says what is drawn and where: at millimetres from a corner, between two lines of text,
//! in the blank behind a word, over an earlier signature, or in a field that waits for it. What it
//! comes to on the page is told by [`Placed`]. Nothing is guessed: words that are not found, or found
//! twice, are an error that names what there is. Sizes given are kept; what would stand out of the
//! page is moved in, never shrunk.
//!
//! Text is written with an embedded subset of a font ([`crate::font`]) and can be taken out again;
//! pictures lie where the page shows through them. In PDF/A colours get a space of their own, and
//! where its part or level knows no transparency a mask takes its place.

mod archival;
mod content;
mod describe;
mod draw;
mod icc;
mod place;
mod words;

use crate::error::{Error, ErrorKind};
use crate::font::Font;
use crate::picture::Picture;
use crate::time::Time;

pub(crate) use archival::Archival;
pub(crate) use draw::draw;
pub(crate) use place::{Scene, SceneField, place};

/// One thing that a signature shows.
///
/// ```
/// use kyso::appearance::{Corner, Mark};
/// use kyso::picture::Picture;
///
/// # fn demo(scan: &[u8], seal: &[u8]) -> Result<(), kyso::Error> {
/// let signature = Mark::signature(Picture::read(scan)?).between("CHỦ TỊCH", "Nguyễn Văn A");
/// let seal = Mark::seal(Picture::read(seal)?).width(34.0).over_signature();
/// let number = Mark::number("15");
/// let copy = Mark::copy("SAO Y").at(Corner::TopRight, 15.0, 7.0);
/// # let _ = (signature, seal, number, copy); Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Mark {
    shows: Shows,
    position: Position,
    page: PageChoice,
    width: Option<f64>,
    font: Option<Font>,
    font_size: Option<f64>,
    organisation: Option<String>,
    separator: char,
    align: Align,
}

/// What is drawn.
#[derive(Clone, Debug)]
enum Shows {
    Picture {
        picture: Picture,
        kind: PictureKind,
    },
    Text {
        picture: Option<Picture>,
        lines: Vec<Line>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PictureKind {
    /// A hand's signature: of any size that fits.
    Signature,
    /// A seal, or another picture: of its own size.
    TrueSize,
}

/// A line of text, some of which is known only when signing.
#[derive(Clone, Debug)]
enum Line {
    Text(String),
    Organisation(&'static str),
    Signer(&'static str),
    Time(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

/// Where a mark goes.
#[derive(Clone, Debug, PartialEq)]
enum Position {
    /// Nobody said yet.
    Open,
    /// Millimetres from a corner to the nearest corner of the mark.
    Corner(Corner, f64, f64),
    /// Parts of the page's width and height, to the upper left corner of the mark.
    Relative(f64, f64),
    /// In the middle of the room between two lines of text.
    Between(String, String),
    /// In the blank behind these words, with what has to stand behind it.
    Blank(String, Option<&'static str>),
    /// In the blank at the end of the line of the date, or nowhere where the year is printed there.
    Year(u16),
    /// Over the left third of an earlier signature.
    OverSignature(Option<String>),
    /// In the field that is signed.
    Field,
}

/// A corner of the visible page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Corner {
    /// Above on the left.
    TopLeft,
    /// Above on the right.
    TopRight,
    /// Below on the left.
    BottomLeft,
    /// Below on the right.
    BottomRight,
}

/// Which pages a mark goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageChoice {
    /// The one where its words are found, else the first.
    Found,
    Number(u32),
    Last,
    All,
}

/// Where a mark was put.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Placed {
    /// Which mark, counted from 0 in the order they were added.
    pub mark: usize,
    /// The page, from 1.
    pub page: u32,
    /// Millimetres from the left side of the visible page.
    pub left: f64,
    /// Millimetres from its upper side.
    pub top: f64,
    /// Width in millimetres.
    pub width: f64,
    /// Height in millimetres.
    pub height: f64,
    /// The same in the page's user space (`/Rect`): left, bottom, right, top.
    pub rectangle: [f64; 4],
    /// For a mark over an earlier signature: the part of that signature's width that it covers.
    pub overlap: Option<f64>,
}

impl Mark {
    fn new(shows: Shows, position: Position) -> Self {
        Self {
            shows,
            position,
            page: PageChoice::Found,
            width: None,
            font: None,
            font_size: None,
            organisation: None,
            separator: 'T',
            align: Align::Left,
        }
    }

    /// The scan of a competent person's signature (Decree 30, Appendix I): between the line of the
    /// office and the full name, of any size, its sides kept in proportion. It should be blue on a
    /// transparent ground. Say [where](Self::between) it goes.
    pub fn signature(picture: Picture) -> Self {
        let kind = PictureKind::Signature;
        Self::new(Shows::Picture { picture, kind }, Position::Open)
    }

    /// The seal of an organisation (Decree 30, Appendix I): red, of its true size, over the left third
    /// of the person's signature that the file carries. The size is that of the picture's resolution
    /// or the [`width`](Self::width) given; neither is an error.
    pub fn seal(picture: Picture) -> Self {
        let kind = PictureKind::TrueSize;
        Self::new(
            Shows::Picture { picture, kind },
            Position::OverSignature(None),
        )
    }

    /// Any other picture, of its true size. Say where it goes.
    pub fn picture(picture: Picture) -> Self {
        let kind = PictureKind::TrueSize;
        Self::new(Shows::Picture { picture, kind }, Position::Open)
    }

    /// What an organisation's signature on a separate appendix shows (Decree 30, Appendix I): number
    /// and sign of the document and the time of signing, upper right on the first page, 10 pt.
    pub fn appendix(number_and_sign: impl Into<String>) -> Self {
        Self::corner_text(vec![Line::Text(number_and_sign.into()), Line::Time("")])
    }

    /// What an organisation's signature on an electronic copy shows (Decree 30, Appendix I): the kind
    /// of copy (`SAO Y`, `SAO LỤC`, `TRÍCH SAO`), the organisation and the time of signing.
    pub fn copy(kind: impl Into<String>) -> Self {
        Self::corner_text(vec![
            Line::Text(kind.into()),
            Line::Organisation(""),
            Line::Time(""),
        ])
    }

    /// What an organisation's signature on a digitised document shows (Circular 05/2025, Art. 8): the
    /// organisation and the time of signing; no seal.
    pub fn digitised() -> Self {
        Self::corner_text(vec![Line::Organisation(""), Line::Time("")])
    }

    /// What an archive's signature on an authenticated copy shows (Circular 05/2025, Art. 41).
    pub fn archive_copy() -> Self {
        let mut mark = Self::corner_text(vec![Line::Text("BẢN SAO".into())]);
        mark.font = Some(Font::serif_bold());
        mark.font_size = Some(FILLED);
        mark
    }

    /// As the portals of the government and the gazette do it: signer, organisation and time, upper
    /// left on the first page, 7 pt, with or without an emblem before them.
    pub fn portal(emblem: Option<Picture>) -> Self {
        let lines = vec![
            Line::Signer("Ký bởi: "),
            Line::Organisation("Cơ quan: "),
            Line::Time("Ngày ký: "),
        ];
        let mut mark = Self::new(
            Shows::Text {
                picture: emblem,
                lines,
            },
            Position::Corner(Corner::TopLeft, PORTAL_LEFT, MARGIN_TOP),
        );
        mark.font_size = Some(7.0);
        mark.separator = ' ';
        mark
    }

    /// The number of a document, in the blank between `Số:` and its sign; a single digit gets its
    /// zero, as the decree asks for.
    pub fn number(number: impl Into<String>) -> Self {
        Self::filling(padded(number.into()), "Số:", "/", Font::serif())
    }

    /// The day of issue, in the blank between `ngày` and `tháng`.
    ///
    /// # Errors
    ///
    /// `Appearance` for a day that no month has.
    pub fn day(day: u8) -> Result<Self, Error> {
        if !(1..=31).contains(&day) {
            return Err(fault("a day from 1 to 31", "ngày phải từ 1 đến 31"));
        }
        let text = format!("{day:02}");
        Ok(Self::filling(text, "ngày", "tháng", Font::serif_italic()))
    }

    /// The month of issue, in the blank between `tháng` and `năm`.
    ///
    /// # Errors
    ///
    /// `Appearance` for a month that no year has.
    pub fn month(month: u8) -> Result<Self, Error> {
        if !(1..=12).contains(&month) {
            return Err(fault("a month from 1 to 12", "tháng phải từ 1 đến 12"));
        }
        // The decree asks for the zero before the first two months, so that nobody adds a digit.
        let text = if month < 3 {
            format!("{month:02}")
        } else {
            month.to_string()
        };
        Ok(Self::filling(text, "tháng", "năm", Font::serif_italic()))
    }

    /// The year of issue, in the blank behind `năm` in the line of the date. Most documents have it
    /// printed in advance: then nothing is drawn, and another year than the printed one is refused
    /// when signing.
    ///
    /// # Errors
    ///
    /// `Appearance` for a year of other than four digits.
    pub fn year(year: u16) -> Result<Self, Error> {
        if !(1000..=9999).contains(&year) {
            return Err(fault("a year of four digits", "năm phải có bốn chữ số"));
        }
        let mut mark = Self::filling(year.to_string(), "năm", "", Font::serif_italic());
        mark.position = Position::Year(year);
        Ok(mark)
    }

    /// Lines of text, 10 pt. Say where they go.
    pub fn text<L: Into<String>>(lines: impl IntoIterator<Item = L>) -> Self {
        let lines = lines.into_iter().map(|line| Line::Text(line.into()));
        Self::new(
            Shows::Text {
                picture: None,
                lines: lines.collect(),
            },
            Position::Open,
        )
    }

    fn corner_text(lines: Vec<Line>) -> Self {
        let mut mark = Self::new(
            Shows::Text {
                picture: None,
                lines,
            },
            Position::Corner(Corner::TopRight, MARGIN_RIGHT, MARGIN_TOP),
        );
        mark.align = Align::Right;
        mark
    }

    fn filling(text: String, before: &str, behind: &'static str, font: Font) -> Self {
        let mut mark = Self::new(
            Shows::Text {
                picture: None,
                lines: vec![Line::Text(text)],
            },
            Position::Blank(before.to_owned(), Some(behind)),
        );
        mark.font = Some(font);
        mark.font_size = Some(FILLED);
        mark
    }

    /// So many millimetres from a corner of the visible page, as it is shown, to the mark.
    #[must_use]
    pub fn at(mut self, corner: Corner, across: f64, down: f64) -> Self {
        self.position = Position::Corner(corner, across, down);
        if matches!(self.shows, Shows::Text { .. }) {
            self.align = match corner {
                Corner::TopRight | Corner::BottomRight => Align::Right,
                Corner::TopLeft | Corner::BottomLeft => Align::Left,
            };
        }
        self
    }

    /// At parts of the visible page's width and height (0 to 1, from the upper left).
    #[must_use]
    pub fn at_relative(mut self, across: f64, down: f64) -> Self {
        self.position = Position::Relative(across, down);
        self
    }

    /// In the middle between two lines of the page's text: that of the office, and that of the full
    /// name below it. Case, diacritics and blanks do not matter.
    #[must_use]
    pub fn between(mut self, office: impl Into<String>, name: impl Into<String>) -> Self {
        self.position = Position::Between(office.into(), name.into());
        self
    }

    /// In the blank behind these words, on their line.
    #[must_use]
    pub fn after(mut self, words: impl Into<String>) -> Self {
        self.position = Position::Blank(words.into(), None);
        self
    }

    /// Over the left third of the one signature that the file shows already.
    #[must_use]
    pub fn over_signature(mut self) -> Self {
        self.position = Position::OverSignature(None);
        self
    }

    /// Over the left third of the signature in this field.
    #[must_use]
    pub fn over_field(mut self, field: impl Into<String>) -> Self {
        self.position = Position::OverSignature(Some(field.into()));
        self
    }

    /// In the field that is signed, which has to be there already: as large as it allows.
    #[must_use]
    pub fn in_field(mut self) -> Self {
        self.position = Position::Field;
        self
    }

    /// On this page, from 1; by default where its words are found, else the first.
    #[must_use]
    pub fn on_page(mut self, page: u32) -> Self {
        self.page = PageChoice::Number(page);
        self
    }

    /// On the last page.
    #[must_use]
    pub fn on_last_page(mut self) -> Self {
        self.page = PageChoice::Last;
        self
    }

    /// On every page, at the same place: one signature, a widget on each.
    #[must_use]
    pub fn on_all_pages(mut self) -> Self {
        self.page = PageChoice::All;
        self
    }

    /// The width of a picture in millimetres; its height follows.
    #[must_use]
    pub fn width(mut self, millimetres: f64) -> Self {
        self.width = Some(millimetres);
        self
    }

    /// Another font for its text.
    #[must_use]
    pub fn font(mut self, font: Font) -> Self {
        self.font = Some(font);
        self
    }

    /// Another size of its letters, in points.
    #[must_use]
    pub fn font_size(mut self, points: f64) -> Self {
        self.font_size = Some(points);
        self
    }

    /// The organisation's name where its form shows one; by default that of the certificate.
    #[must_use]
    pub fn organisation(mut self, name: impl Into<String>) -> Self {
        self.organisation = Some(name.into());
        self
    }

    /// A blank instead of the `T` between date and time of day.
    #[must_use]
    pub fn blank_before_time(mut self) -> Self {
        self.separator = ' ';
        self
    }

    /// Whether its place is one in the field that is signed.
    pub(crate) fn is_in_field(&self) -> bool {
        self.position == Position::Field
    }
}

/// The clerk's step (Decree 30/2020/NĐ-CP, Art. 15 to
/// 18): number, date and the organisation's seal, put on a document that a competent person has signed
/// without them, all in one signature.
///
/// ```
/// use kyso::appearance::Issue;
/// use kyso::picture::Picture;
///
/// # fn demo(input: &[u8], now: kyso::Time, seal: &[u8], key: &kyso::LocalKey) -> Result<(), kyso::Error> {
/// let issue = Issue::new("15", (2026, 11, 26))?.seal(Picture::read(seal)?);
/// let signed = kyso::sign::pdf(input, now).issue(&issue).sign(key)?;
/// # let _ = signed; Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Issue {
    number: Mark,
    day: Mark,
    month: Mark,
    year: Mark,
    seal: Option<Mark>,
}

impl Issue {
    /// A number and a date (year, month, day), each in its blank in the head of the document.
    ///
    /// # Errors
    ///
    /// `Appearance` for a date that is none.
    pub fn new(
        number: impl Into<String>,
        (year, month, day): (u16, u8, u8),
    ) -> Result<Self, Error> {
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            _ => 31,
        };
        if day > last {
            return Err(fault(
                "a day that the month has",
                "ngày không có trong tháng",
            ));
        }
        Ok(Self {
            number: Mark::number(number),
            day: Mark::day(day)?,
            month: Mark::month(month)?,
            year: Mark::year(year)?,
            seal: None,
        })
    }

    /// The organisation's seal over the left third of the person's signature, of the size that the
    /// picture's resolution names.
    #[must_use]
    pub fn seal(self, picture: Picture) -> Self {
        self.seal_mark(Mark::seal(picture))
    }

    /// The seal as a mark of its own size and place.
    #[must_use]
    pub fn seal_mark(mut self, mark: Mark) -> Self {
        self.seal = Some(mark);
        self
    }

    /// Another place or look for the number: what `change` makes of its mark.
    #[must_use]
    pub fn number(mut self, change: impl FnOnce(Mark) -> Mark) -> Self {
        self.number = change(self.number);
        self
    }

    /// Another place or look for the day.
    #[must_use]
    pub fn day(mut self, change: impl FnOnce(Mark) -> Mark) -> Self {
        self.day = change(self.day);
        self
    }

    /// Another place or look for the month.
    #[must_use]
    pub fn month(mut self, change: impl FnOnce(Mark) -> Mark) -> Self {
        self.month = change(self.month);
        self
    }

    /// Another place or look for the year.
    #[must_use]
    pub fn year(mut self, change: impl FnOnce(Mark) -> Mark) -> Self {
        self.year = change(self.year);
        self
    }

    /// Its marks in the order they are drawn: number, day, month, year, seal.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        [&self.number, &self.day, &self.month, &self.year]
            .into_iter()
            .chain(&self.seal)
    }
}

impl Corner {
    /// The corner by its word: `top-left`, `top-right`, `bottom-left`, `bottom-right`.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "top-left" => Self::TopLeft,
            "top-right" => Self::TopRight,
            "bottom-left" => Self::BottomLeft,
            "bottom-right" => Self::BottomRight,
            _ => return None,
        })
    }
}

/// A number of a single digit with its zero.
fn padded(number: String) -> String {
    match number.as_bytes() {
        [digit] if digit.is_ascii_digit() => format!("0{number}"),
        _ => number,
    }
}

/// ISO 8601 at Viet Nam's offset, whatever the offset of the time given.
fn iso(at: Time, separator: char) -> String {
    let text = at.at_offset(Time::VIET_NAM).to_string();
    match separator {
        // As the portals write it, with a blank before the offset, too.
        ' ' => text.replace('T', " ").replace('+', " +"),
        _ => text,
    }
}

fn fault(
    english: impl Into<std::borrow::Cow<'static, str>>,
    vietnamese: impl Into<std::borrow::Cow<'static, str>>,
) -> Error {
    Error::new(ErrorKind::Appearance, english).in_vietnamese(vietnamese)
}

/// Points in a millimetre.
const MILLIMETRE: f64 = 72.0 / 25.4;
/// The size of number and date on a document, in points.
const FILLED: f64 = 13.0;
/// Within the upper margin of the decree's page, 20 to 25 mm, in line with its right margin, 15 to
/// 20 mm.
const MARGIN_RIGHT: f64 = 15.0;
const MARGIN_TOP: f64 = 6.0;
const PORTAL_LEFT: f64 = 10.0;

#[cfg(test)]
mod tests;
