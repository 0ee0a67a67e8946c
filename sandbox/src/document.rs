//! A decision as the offices write it: one A4 page in the form of Decree 30/2020/NĐ-CP,
//! Appendix I, as PDF/A-2u.
//!
//! The bytes depend on the content alone; nothing random and no clock goes into them. It is a
//! sample to sign, not a word processor: text that does not fit on the page is refused.

use krilla::Document;
use krilla::SerializeSettings;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;

use crate::error::{SandboxError, bad_document};
use crate::typeset::{Measure, Run, Sheet, Style, Typeface};

/// What a decision says. All text is NFC; what the form wants in capitals is put so here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision<'a> {
    /// The body above the issuing one, where the form names it.
    pub superior: Option<&'a str>,
    /// The issuing body; a line feed breaks its line in the head.
    pub agency: &'a str,
    /// The number; `None` leaves the blank that the clerk fills in after signing.
    pub number: Option<&'a str>,
    /// The sign after the number: kind of document and body, such as `QĐ-UBND`.
    pub sign: &'a str,
    /// The place of issue.
    pub place: &'a str,
    /// The date of issue.
    pub date: IssueDate,
    /// What the decision is about, as the line under the heading says it.
    pub title: &'a str,
    /// Who decides, with office: the line before the grounds.
    pub authority: &'a str,
    /// The legal grounds, one paragraph each, with their closing mark.
    pub grounds: &'a [&'a str],
    /// The articles without `Điều n.`, one paragraph each.
    pub paragraphs: &'a [&'a str],
    /// On whose behalf is signed, such as `TM. Ủy ban nhân dân`.
    pub on_behalf_of: Option<&'a str>,
    /// The signer's office.
    pub signer_office: &'a str,
    /// The signer's full name.
    pub signer_name: &'a str,
    /// The lines under `Nơi nhận`, with their closing marks, without the hyphen.
    pub recipients: &'a [&'a str],
}

/// The date of issue, or the blanks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum IssueDate {
    /// Day and month are filled in by the clerk.
    Blank {
        /// The year, which is printed in advance.
        year: u16,
    },
    /// The whole date.
    Given {
        /// The year.
        year: u16,
        /// The month, 1 to 12.
        month: u8,
        /// The day, 1 to 31.
        day: u8,
    },
}

/// A rectangle on the page in PDF's user space: points, origin at the lower left.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rectangle {
    /// The left edge.
    pub x: f32,
    /// The lower edge.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
}

/// Where on the page the things are that a visible signature has to do with.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct Places {
    /// The number or its blank, after `Số:`.
    pub number: Rectangle,
    /// The day or its blank.
    pub day: Rectangle,
    /// The month or its blank.
    pub month: Rectangle,
    /// The line of the signer's office.
    pub office: Rectangle,
    /// The room between the office and the full name.
    pub signature: Rectangle,
    /// The line of the signer's full name.
    pub name: Rectangle,
}

/// A drawn decision.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Drawn {
    /// The file.
    pub pdf: Vec<u8>,
    /// Where things stand on its one page.
    pub places: Places,
}

/// Draws a decision; see [`draw_decision`].
///
/// # Errors
/// As [`draw_decision`].
pub fn decision_pdf(decision: &Decision<'_>) -> Result<Vec<u8>, SandboxError> {
    Ok(draw_decision(decision)?.pdf)
}

/// Draws a decision and says where on the page the blanks and the signature's room are.
///
/// # Errors
/// [`SandboxError::TooLong`] when it needs a second page, [`SandboxError::Document`] for a
/// character without a glyph (text that is not NFC among them) or a date that cannot be.
pub fn draw_decision(decision: &Decision<'_>) -> Result<Drawn, SandboxError> {
    let typeface = Typeface::load()?;
    // Decree 30/2020 leaves the text between 13 and 14 points; the larger is tried first.
    for body in [14.0, 13.5, 13.0] {
        let mut layout = Layout::new(&typeface, body);
        if let Some(places) = layout.lay(decision)? {
            let pdf = render(decision, &layout.sheet)?;
            return Ok(Drawn { pdf, places });
        }
    }
    Err(SandboxError::TooLong)
}

impl Decision<'static> {
    /// A decision of the invented province Ví Dụ that says of itself that it is a sample.
    pub fn example() -> Self {
        Decision {
            superior: None,
            agency: "Ủy ban nhân dân\ntỉnh Ví Dụ",
            number: Some("15"),
            sign: "QĐ-UBND",
            place: "Ví Dụ",
            date: IssueDate::Given {
                year: 2026,
                month: 1,
                day: 5,
            },
            title: "Về việc ban hành Quy chế thử nghiệm chữ ký số",
            authority: "Chủ tịch Ủy ban nhân dân tỉnh Ví Dụ",
            grounds: &[
                "Căn cứ Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023;",
                "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về \
                 công tác văn thư;",
                "Theo đề nghị của Chánh Văn phòng Ủy ban nhân dân tỉnh Ví Dụ.",
            ],
            paragraphs: &[
                "Ban hành kèm theo Quyết định này Quy chế thử nghiệm chữ ký số trên văn bản \
                 điện tử của các cơ quan thuộc tỉnh Ví Dụ.",
                "Quyết định này là văn bản mẫu dùng để thử phần mềm; tên cơ quan, địa danh và \
                 người ký đều do người soạn đặt ra, không có giá trị pháp lý.",
                "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc các sở và Thủ trưởng các cơ \
                 quan có liên quan chịu trách nhiệm thi hành Quyết định này./.",
            ],
            on_behalf_of: None,
            signer_office: "Chủ tịch",
            signer_name: "Nguyễn Văn Thử",
            recipients: &[
                "Như Điều 3;",
                "Các phòng, ban thuộc Văn phòng;",
                "Lưu: VT, TN.",
            ],
        }
    }
}

/// The page being laid out; `y` is the last baseline set, from the top.
struct Layout<'a> {
    sheet: Sheet<'a>,
    body: f32,
    y: f32,
}

/// Where the head left its blanks.
struct Blanks {
    number: Rectangle,
    day: Rectangle,
    month: Rectangle,
}

impl<'a> Layout<'a> {
    fn new(typeface: &'a Typeface, body: f32) -> Self {
        Layout {
            sheet: Sheet::new(typeface),
            body,
            y: TOP,
        }
    }

    /// Lays everything out; `None` when the page is too short for it.
    fn lay(&mut self, decision: &Decision<'_>) -> Result<Option<Places>, SandboxError> {
        let blanks = self.head(decision)?;
        self.heading(decision)?;
        self.text(decision)?;
        let (office, name) = self.closing(decision)?;
        if self.y > PAGE_HEIGHT - BOTTOM {
            return Ok(None);
        }
        let lower = name.y + name.height;
        let signature = Rectangle {
            x: CLOSING_CENTRE - CLOSING_WIDTH / 2.0,
            y: lower,
            width: CLOSING_WIDTH,
            height: office.y - lower,
        };
        let Blanks { number, day, month } = blanks;
        Ok(Some(Places {
            number,
            day,
            month,
            office,
            signature,
            name,
        }))
    }

    /// The two columns: body and number on the left, nation, motto, place and date on the right.
    fn head(&mut self, decision: &Decision<'_>) -> Result<Blanks, SandboxError> {
        let right_width = self.sheet.width(Style::Bold, HEAD, NATION)?;
        let right = PAGE_WIDTH - RIGHT - right_width / 2.0;
        let left_width = TEXT_WIDTH - right_width - COLUMN_GAP;
        let left = LEFT + left_width / 2.0;

        let mut left_y = TOP + HEAD;
        if let Some(superior) = decision.superior {
            let capitals = superior.to_uppercase();
            for line in self
                .sheet
                .broken(Style::Regular, HEAD, &capitals, left_width)?
            {
                self.sheet
                    .centre(left, left_y, Style::Regular, HEAD, &line)?;
                left_y += HEAD_LEADING;
            }
        }
        let mut agency_width: f32 = 0.0;
        for part in decision.agency.to_uppercase().lines() {
            for line in self.sheet.broken(Style::Bold, HEAD, part, left_width)? {
                let (_, width) = self.sheet.centre(left, left_y, Style::Bold, HEAD, &line)?;
                agency_width = agency_width.max(width);
                left_y += HEAD_LEADING;
            }
        }
        // Between a third and a half of the name's line (Appendix I, II.2).
        self.sheet
            .rule(left, left_y - HEAD_LEADING + RULE_BELOW, agency_width * 0.4);

        let mut right_y = TOP + HEAD;
        self.sheet
            .centre(right, right_y, Style::Bold, HEAD, NATION)?;
        right_y += HEAD_LEADING + 1.0;
        let motto = self
            .sheet
            .centre(right, right_y, Style::Bold, HEAD_LARGE, MOTTO)?;
        // As long as the line above it (Appendix I, II.1).
        self.sheet.rule(right, right_y + RULE_BELOW, motto.1);

        self.y = (left_y - HEAD_LEADING).max(right_y) + 26.0;
        let number = self.pieces(left, Style::Regular, &number_pieces(decision))?;
        let date = self.pieces(right, Style::Italic, &date_pieces(decision)?)?;
        let [number, ..] = number.as_slice() else {
            return Err(bad_document("no number"));
        };
        let [day, month, ..] = date.as_slice() else {
            return Err(bad_document("no date"));
        };
        Ok(Blanks {
            number: *number,
            day: *day,
            month: *month,
        })
    }

    /// Puts a centred line made of pieces and returns the places of the marked ones.
    fn pieces(
        &mut self,
        centre: f32,
        style: Style,
        pieces: &[(String, Piece)],
    ) -> Result<Vec<Rectangle>, SandboxError> {
        let line: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        let (mut x, _) = self
            .sheet
            .centre(centre, self.y, style, HEAD_LARGE, &line)?;
        let mut marked = Vec::new();
        for (text, piece) in pieces {
            let width = self.sheet.width(style, HEAD_LARGE, text)?;
            if *piece == Piece::Marked {
                marked.push(line_box(x, self.y, width, HEAD_LARGE));
            }
            x += width;
        }
        Ok(marked)
    }

    /// `QUYẾT ĐỊNH`, what about, and who decides.
    fn heading(&mut self, decision: &Decision<'_>) -> Result<(), SandboxError> {
        let body = self.body;
        self.y += 40.0;
        self.sheet
            .centre(MIDDLE, self.y, Style::Bold, body, "QUYẾT ĐỊNH")?;
        let mut width = 0.0;
        for line in self
            .sheet
            .broken(Style::Bold, body, decision.title, TITLE_WIDTH)?
        {
            self.y += self.leading();
            width = self
                .sheet
                .centre(MIDDLE, self.y, Style::Bold, body, &line)?
                .1;
        }
        self.sheet.rule(MIDDLE, self.y + RULE_BELOW, width * 0.4);
        self.y += 14.0;
        for line in self.sheet.broken(
            Style::Bold,
            body,
            &decision.authority.to_uppercase(),
            TITLE_WIDTH,
        )? {
            self.y += self.leading();
            self.sheet
                .centre(MIDDLE, self.y, Style::Bold, body, &line)?;
        }
        self.y += 4.0;
        Ok(())
    }

    /// The grounds, the word that decides, and the articles.
    fn text(&mut self, decision: &Decision<'_>) -> Result<(), SandboxError> {
        for ground in decision.grounds {
            self.paragraph(&[Run {
                style: Style::Italic,
                text: ground,
            }])?;
        }
        self.y += self.leading() + PARAGRAPH_GAP + 2.0;
        self.sheet
            .centre(MIDDLE, self.y, Style::Bold, self.body, "QUYẾT ĐỊNH:")?;
        self.y += 2.0;
        for (number, text) in (1..).zip(decision.paragraphs) {
            let label = format!("Điều {number}.");
            let runs = [
                Run {
                    style: Style::Bold,
                    text: &label,
                },
                Run {
                    style: Style::Regular,
                    text,
                },
            ];
            self.paragraph(&runs)?;
        }
        Ok(())
    }

    fn paragraph(&mut self, runs: &[Run<'_>]) -> Result<(), SandboxError> {
        let measure = Measure {
            left: LEFT,
            width: TEXT_WIDTH,
            indent: INDENT,
            size: self.body,
            leading: self.leading(),
        };
        self.y += self.leading() + PARAGRAPH_GAP;
        self.y = self.sheet.paragraph(measure, self.y, runs)?;
        Ok(())
    }

    /// The recipients on the left, office and name on the right; returns the boxes of those two.
    fn closing(&mut self, decision: &Decision<'_>) -> Result<(Rectangle, Rectangle), SandboxError> {
        let body = self.body;
        self.y += self.leading() + 10.0;
        let mut left_y = self.y;
        self.sheet.put(
            LEFT,
            left_y,
            Style::BoldItalic,
            RECIPIENTS_HEAD,
            "Nơi nhận:",
        )?;
        for recipient in decision.recipients {
            left_y += RECIPIENTS * 1.17;
            self.sheet.put(
                LEFT,
                left_y,
                Style::Regular,
                RECIPIENTS,
                &format!("- {recipient}"),
            )?;
        }

        if let Some(whom) = decision.on_behalf_of {
            let capitals = whom.to_uppercase();
            self.sheet
                .centre(CLOSING_CENTRE, self.y, Style::Bold, body, &capitals)?;
            self.y += self.leading();
        }
        let capitals = decision.signer_office.to_uppercase();
        let (x, width) = self
            .sheet
            .centre(CLOSING_CENTRE, self.y, Style::Bold, body, &capitals)?;
        let office = line_box(x, self.y, width, body);
        self.y += SIGNATURE_HEIGHT + self.leading();
        let (x, width) = self.sheet.centre(
            CLOSING_CENTRE,
            self.y,
            Style::Bold,
            body,
            decision.signer_name,
        )?;
        let name = line_box(x, self.y, width, body);
        self.y = self.y.max(left_y);
        Ok((office, name))
    }

    fn leading(&self) -> f32 {
        self.body * LEADING
    }
}

/// Whether the place of a piece of a line is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Plain,
    Marked,
}

fn number_pieces(decision: &Decision<'_>) -> Vec<(String, Piece)> {
    let number = decision.number.unwrap_or(NUMBER_BLANK);
    vec![
        ("Số: ".to_owned(), Piece::Plain),
        (number.to_owned(), Piece::Marked),
        (format!("/{}", decision.sign), Piece::Plain),
    ]
}

fn date_pieces(decision: &Decision<'_>) -> Result<Vec<(String, Piece)>, SandboxError> {
    let (year, month, day) = match decision.date {
        IssueDate::Blank { year } => (year, DATE_BLANK.to_owned(), DATE_BLANK.to_owned()),
        IssueDate::Given { year, month, day } => {
            if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
                return Err(bad_document(format!("no such day: {year}-{month}-{day}")));
            }
            // Days below 10 and the first two months take a nought (Appendix I, II.4).
            let month = if month < 3 {
                format!("0{month}")
            } else {
                month.to_string()
            };
            (year, month, format!("{day:02}"))
        }
    };
    Ok(vec![
        (format!("{}, ngày ", decision.place), Piece::Plain),
        (day, Piece::Marked),
        (" tháng ".to_owned(), Piece::Plain),
        (month, Piece::Marked),
        (format!(" năm {year}"), Piece::Plain),
    ])
}

/// The box of a line from its baseline, in PDF's user space.
fn line_box(x: f32, baseline: f32, width: f32, size: f32) -> Rectangle {
    let descent = size * 0.22;
    Rectangle {
        x,
        y: PAGE_HEIGHT - baseline - descent,
        width,
        height: size * 1.12,
    }
}

fn render(decision: &Decision<'_>, sheet: &Sheet<'_>) -> Result<Vec<u8>, SandboxError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .finish()
        .map_err(|cause| bad_document(format!("{cause:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    // PDF/A wants a date and no clock may be asked: the morning of the date of issue, or of New
    // Year's Day where that is still blank.
    let (year, month, day) = match decision.date {
        IssueDate::Blank { year } => (year, 1, 1),
        IssueDate::Given { year, month, day } => (year, month, day),
    };
    let drawn_at = DateTime::new(year)
        .month(month)
        .day(day)
        .hour(8)
        .minute(0)
        .second(0);
    let metadata = Metadata::new()
        .title(format!("Quyết định {}", lower_first(decision.title)))
        .authors(vec![decision.agency.replace('\n', " ")])
        .creator("kyso-sandbox".to_owned())
        .language("vi".to_owned())
        .creation_date(drawn_at.utc_offset_hour(7).utc_offset_minute(0));
    document.set_metadata(metadata);

    let page = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT);
    let page = page.ok_or_else(|| bad_document("no page of that size"))?;
    let mut page = document.start_page_with(page);
    let mut surface = page.surface();
    sheet.draw(&mut surface)?;
    surface.finish();
    page.finish();
    document
        .finish()
        .map_err(|cause| bad_document(format!("{cause:?}")))
}

/// `Về việc …` runs on after `Quyết định` with a small letter.
fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

// All in points. Margins of Decree 30/2020, Appendix I, I.2: 20 mm above and below, 30 mm on the
// left, 20 mm on the right.
const PAGE_WIDTH: f32 = 595.276;
const PAGE_HEIGHT: f32 = 841.89;
const TOP: f32 = 56.693;
const BOTTOM: f32 = 56.693;
const LEFT: f32 = 85.039;
const RIGHT: f32 = 56.693;
const TEXT_WIDTH: f32 = PAGE_WIDTH - LEFT - RIGHT;
const MIDDLE: f32 = LEFT + TEXT_WIDTH / 2.0;
const TITLE_WIDTH: f32 = TEXT_WIDTH * 0.85;
const INDENT: f32 = 36.0;
const COLUMN_GAP: f32 = 12.0;
const CLOSING_WIDTH: f32 = 220.0;
const CLOSING_CENTRE: f32 = PAGE_WIDTH - RIGHT - CLOSING_WIDTH / 2.0;
// Room for a seal of 36 mm beside the signature.
const SIGNATURE_HEIGHT: f32 = 92.0;

const HEAD: f32 = 12.0;
const HEAD_LARGE: f32 = 13.0;
const HEAD_LEADING: f32 = 15.5;
const LEADING: f32 = 1.25;
const PARAGRAPH_GAP: f32 = 6.0;
const RULE_BELOW: f32 = 5.5;
const RECIPIENTS_HEAD: f32 = 12.0;
const RECIPIENTS: f32 = 11.0;

const NUMBER_BLANK: &str = "          ";
const DATE_BLANK: &str = "      ";

const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
