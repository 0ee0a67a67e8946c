//! Where marks come to lie: [`place`].

use crate::appearance::content::{PictureBox, TextBox};
use crate::appearance::words::{ambiguous, no_blank, not_above, not_found};
use crate::appearance::{Corner, MILLIMETRE, Mark, PageChoice, Placed, Position, Shows, fault};
use crate::error::{Error, ErrorKind};
use crate::page::text::{Found, Rows};
use crate::page::{Area, Page};
use crate::pdf::File;
use crate::time::Time;

/// What marks are placed by beside the pages.
pub(crate) struct Scene<'s> {
    pub(crate) at: Time,
    /// The name of the organisation that signs, where it is known.
    pub(crate) organisation: Option<&'s str>,
    /// The name of the signer, where it is known.
    pub(crate) signer: Option<&'s str>,
    /// The widgets of signature fields that are seen, those of the field to be signed among them.
    pub(crate) fields: Vec<SceneField>,
    /// The full name of the field to be signed, where it is there already.
    pub(crate) field: Option<String>,
}

/// A widget of a signature field.
pub(crate) struct SceneField {
    pub(crate) name: String,
    pub(crate) is_signed: bool,
    /// The index of its page, and where it is there.
    pub(crate) page: usize,
    pub(crate) area: Area,
    /// Where the pictures are that it shows, if it shows some.
    pub(crate) picture: Option<Area>,
}

impl SceneField {
    /// What a hand has signed there: the scan, else the whole widget.
    fn signature(&self) -> Area {
        self.picture.unwrap_or(self.area)
    }
}

/// A mark with everything known: what is drawn, and where.
pub(crate) struct Set {
    pub(crate) picture: Option<PictureBox>,
    pub(crate) text: Option<TextBox>,
    /// The size of the mark, in points.
    pub(crate) size: (f64, f64),
    pub(crate) spots: Vec<Spot>,
}

/// Where a mark is drawn.
pub(crate) struct Spot {
    pub(crate) page: usize,
    /// The widget's area.
    pub(crate) area: Area,
    /// The mark within the widget: from its upper left corner.
    pub(crate) offset: (f64, f64),
    /// The widget of the scene that shows it, where it is there already.
    pub(crate) known: Option<usize>,
}

/// Places marks on the pages, in their order.
pub(crate) fn place<'a>(
    file: &File<'a>,
    pages: &[Page<'a>],
    marks: &[Mark],
    scene: &Scene<'_>,
) -> Result<(Vec<Set>, Vec<Placed>), Error> {
    if marks.len() > MOST_MARKS {
        return Err(Error::new(ErrorKind::TooLarge, "marks of one signature"));
    }
    let mut placer = Placer {
        file,
        pages,
        scene,
        rows: Vec::new(),
    };
    let mut sets = Vec::new();
    let mut placed = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        let (set, overlap) = placer.set(mark)?;
        for spot in &set.spots {
            let Some(page) = pages.get(spot.page) else {
                continue;
            };
            let drawn = Area {
                left: spot.area.left + spot.offset.0,
                top: spot.area.top + spot.offset.1,
                width: set.size.0,
                height: set.size.1,
            };
            placed.push(Placed {
                mark: index,
                page: u32::try_from(spot.page + 1).unwrap_or(u32::MAX),
                left: drawn.left / MILLIMETRE,
                top: drawn.top / MILLIMETRE,
                width: drawn.width / MILLIMETRE,
                height: drawn.height / MILLIMETRE,
                rectangle: page.geometry.to_user(&drawn),
                overlap,
            });
        }
        sets.push(set);
        if placed.len() > MOST_WIDGETS {
            return Err(Error::new(ErrorKind::TooLarge, "widgets of one signature"));
        }
    }
    Ok((sets, placed))
}

pub(super) struct Placer<'p, 'a> {
    file: &'p File<'a>,
    pages: &'p [Page<'a>],
    pub(super) scene: &'p Scene<'p>,
    /// The text of pages that were looked at, by index.
    rows: Vec<(usize, Rows)>,
}

impl Placer<'_, '_> {
    fn set(&mut self, mark: &Mark) -> Result<(Set, Option<f64>), Error> {
        match &mark.position {
            Position::Open => Err(fault(
                "nobody said where the mark goes",
                "chưa cho biết vị trí cần đặt",
            )),
            Position::Corner(corner, across, down) => {
                let content = self.content(mark, None)?;
                let (across, down) = (length(*across)?, length(*down)?);
                let spots = self.chosen(mark)?.into_iter().map(|index| {
                    let page = self.page(index)?;
                    let (width, height) = page.geometry.size();
                    let (from_left, from_top) = match corner {
                        Corner::TopLeft => (across, down),
                        Corner::TopRight => (width - across - content.size.0, down),
                        Corner::BottomLeft => (across, height - down - content.size.1),
                        Corner::BottomRight => (
                            width - across - content.size.0,
                            height - down - content.size.1,
                        ),
                    };
                    self.spot(index, from_left, from_top, content.size)
                });
                let spots = spots.collect::<Result<Vec<_>, _>>()?;
                if mark.page != PageChoice::All && matches!(mark.shows, Shows::Text { .. }) {
                    for spot in &spots {
                        self.refuse_covered(spot)?;
                    }
                }
                Ok((content.set(spots), None))
            }
            Position::Relative(across, down) => {
                if !(0.0..=1.0).contains(across) || !(0.0..=1.0).contains(down) {
                    return Err(fault(
                        "parts of the page are from 0 to 1",
                        "vị trí tương đối phải từ 0 đến 1",
                    ));
                }
                let content = self.content(mark, None)?;
                let spots = self.chosen(mark)?.into_iter().map(|index| {
                    let (width, height) = self.page(index)?.geometry.size();
                    self.spot(index, across * width, down * height, content.size)
                });
                let spots = spots.collect::<Result<Vec<_>, _>>()?;
                Ok((content.set(spots), None))
            }
            Position::Between(office, name) => self.between(mark, office, name),
            Position::Blank(words, behind) => self.blank(mark, words, *behind),
            Position::Year(year) => self.year(mark, *year),
            Position::OverSignature(field) => self.over(mark, field.as_deref()),
            Position::Field => self.in_field(mark),
        }
    }

    // ---- where

    fn page(&self, index: usize) -> Result<&Page<'_>, Error> {
        self.pages.get(index).ok_or_else(|| {
            let count = self.pages.len();
            fault(
                format!("page {}: the document has {count}", index + 1),
                format!("trang {}: văn bản chỉ có {count} trang", index + 1),
            )
        })
    }

    /// The pages that a mark goes on.
    fn chosen(&self, mark: &Mark) -> Result<Vec<usize>, Error> {
        Ok(match mark.page {
            PageChoice::Found => vec![0],
            PageChoice::Last => vec![self.pages.len().saturating_sub(1)],
            PageChoice::All => (0..self.pages.len()).collect(),
            PageChoice::Number(number) => vec![self.numbered(number)?],
        })
    }

    fn numbered(&self, number: u32) -> Result<usize, Error> {
        let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        let index = index.ok_or_else(|| fault("pages begin with 1", "số trang bắt đầu từ 1"))?;
        self.page(index)?;
        Ok(index)
    }

    /// The pages that words are looked for on.
    fn searched(&self, mark: &Mark) -> Result<Vec<usize>, Error> {
        match mark.page {
            PageChoice::Found => Ok((0..self.pages.len().min(MOST_SEARCHED)).collect()),
            PageChoice::All => Err(fault(
                "a mark for every page stands at a corner",
                "dấu trên mọi trang phải đặt theo góc trang",
            )),
            _ => self.chosen(mark),
        }
    }

    fn spot(
        &self,
        page: usize,
        left: f64,
        top: f64,
        (width, height): (f64, f64),
    ) -> Result<Spot, Error> {
        let area = Area {
            left,
            top,
            width,
            height,
        };
        let geometry = self.page(page)?.geometry;
        let (page_width, page_height) = geometry.size();
        if width > page_width || height > page_height {
            return Err(fault(
                "a mark that is larger than the page",
                "hình lớn hơn trang",
            ));
        }
        Ok(Spot {
            page,
            area: geometry.inside(area),
            offset: (0.0, 0.0),
            known: None,
        })
    }

    fn rows(&mut self, index: usize) -> Result<&Rows, Error> {
        if let Some(known) = self.rows.iter().position(|(page, _)| *page == index) {
            return match self.rows.get(known) {
                Some((_, rows)) => Ok(rows),
                None => Err(Error::new(ErrorKind::Internal, "rows")),
            };
        }
        let page = self
            .pages
            .get(index)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "page"))?;
        let rows = Rows::read(self.file, page)?;
        if self.rows.len() >= MOST_KEPT_PAGES {
            self.rows.clear();
        }
        self.rows.push((index, rows));
        match self.rows.last() {
            Some((_, rows)) => Ok(rows),
            None => Err(Error::new(ErrorKind::Internal, "rows")),
        }
    }

    /// Text that the law gives a corner must not lie over other text or over another signature.
    fn refuse_covered(&mut self, spot: &Spot) -> Result<(), Error> {
        let area = spot.area;
        let page = spot.page;
        let over_text = match self.rows(page) {
            Ok(rows) => rows.any_in(&area),
            // What cannot be read cannot be looked through, and does not hinder signing.
            Err(_) => false,
        };
        let over_mark = self.scene.fields.iter().any(|field| {
            field.page == page && field.is_signed && field.area.common(&area).is_some()
        });
        if over_text || over_mark {
            let (left, top) = (area.left / MILLIMETRE, area.top / MILLIMETRE);
            return Err(fault(
                format!(
                    "the place {left:.0} mm from the left and {top:.0} mm from the top of page {} \
                     is taken; give another",
                    page + 1
                ),
                format!(
                    "vị trí cách mép trái {left:.0} mm, mép trên {top:.0} mm của trang {} đã có \
                     nội dung; hãy chọn vị trí khác",
                    page + 1
                ),
            ));
        }
        Ok(())
    }

    /// Everywhere that words stand, with their pages; written exactly so before the rest.
    fn find(&mut self, mark: &Mark, words: &str) -> Result<Vec<(usize, Found)>, Error> {
        let mut all = Vec::new();
        for index in self.searched(mark)? {
            let rows = self.rows(index)?;
            all.extend(rows.find(words).into_iter().map(|found| (index, found)));
            if all.len() > MOST_FOUND {
                break;
            }
        }
        if all.iter().any(|(_, found)| found.is_exact) {
            all.retain(|(_, found)| found.is_exact);
        }
        Ok(all)
    }

    fn between(
        &mut self,
        mark: &Mark,
        office: &str,
        name: &str,
    ) -> Result<(Set, Option<f64>), Error> {
        let mut names = self.find(mark, name)?;
        let offices = self.find(mark, office)?;
        if offices.is_empty() {
            return Err(not_found(office));
        }
        if names.is_empty() {
            return Err(not_found(name));
        }
        // The line of the name has nothing beside it; within a sentence it is another mention.
        if names.iter().any(|(_, found)| found.is_alone) {
            names.retain(|(_, found)| found.is_alone);
        }
        let mut pairs = Vec::new();
        for (page, name) in &names {
            let above = offices.iter().filter(|(other, office)| {
                let apart = centre(&office.area) - centre(&name.area);
                other == page
                    && office.base < name.base - name.size
                    && apart.abs() <= (office.area.width.max(name.area.width)).max(SAME_BLOCK)
            });
            // The office stands right above the name, not in a paragraph before it.
            let nearest = above.max_by(|(_, a), (_, b)| a.base.total_cmp(&b.base));
            if let Some((_, office)) = nearest {
                pairs.push((*page, office, name));
            }
        }
        let (page, office, name) = match pairs.as_slice() {
            [one] => *one,
            [] => return Err(not_above(office, name, &names)),
            several => {
                let several = several.iter().map(|(page, _, name)| (*page, *name));
                return Err(ambiguous(name, several));
            }
        };
        let top = office.area.bottom();
        let bottom = name.area.top;
        let room = bottom - top;
        if mark.width.is_none() && room < LEAST_ROOM {
            return Err(fault(
                format!(
                    "there are {:.1} mm between “{}” and “{}”: too little for a signature",
                    room / MILLIMETRE,
                    office.line,
                    name.line
                ),
                format!(
                    "giữa “{}” và “{}” chỉ có {:.1} mm, không đủ chỗ cho chữ ký",
                    office.line,
                    name.line,
                    room / MILLIMETRE
                ),
            ));
        }
        let content = self.content(mark, Some((WIDEST_SIGNATURE, room)))?;
        let across = centre(&office.area).midpoint(centre(&name.area));
        let spot = self.spot(
            page,
            across - content.size.0 / 2.0,
            top.midpoint(bottom) - content.size.1 / 2.0,
            content.size,
        )?;
        Ok((content.set(vec![spot]), None))
    }

    fn blank(
        &mut self,
        mark: &Mark,
        words: &str,
        behind: Option<&str>,
    ) -> Result<(Set, Option<f64>), Error> {
        let content = self.content(mark, None)?;
        let all = self.find(mark, words)?;
        if all.is_empty() {
            return Err(not_found(words));
        }
        let behind = behind.map(|behind| match behind {
            "tháng" => "thang",
            "năm" => "nam",
            other => other,
        });
        let fits = |found: &Found| match behind {
            Some(behind) => found.next.starts_with(behind),
            None => {
                // Wider than the blanks between words, or there is none.
                let needed = content.size.0 + found.size * 0.8;
                !found.next.starts_with(char::is_alphanumeric)
                    || found.room.is_some_and(|room| room >= needed)
            }
        };
        let mut open: Vec<&(usize, Found)> = all.iter().filter(|(_, found)| fits(found)).collect();
        // The head of the document stands on its first page; a form further down is another's.
        if mark.page == PageChoice::Found
            && let Some((first, _)) = open.first().map(|(page, found)| (*page, found))
        {
            open.retain(|(page, _)| *page == first);
        }
        let (page, found) = match open.as_slice() {
            [(page, found)] => (*page, found),
            [] => return Err(no_blank(words, &all)),
            several => {
                let several = several.iter().map(|(page, found)| (*page, found));
                return Err(ambiguous(words, several));
            }
        };
        let needed = content.size.0;
        // A blank before what is filled in, and one behind it where a word follows.
        let pad = found.size / 4.0;
        let behind_pad = if found.next.starts_with(char::is_alphanumeric) {
            pad
        } else {
            0.0
        };
        let is_column = |room: f64| behind.is_none() && room > needed * 6.0;
        let left = match found.room.filter(|room| !is_column(*room)) {
            Some(room) if room + 0.2 < needed => {
                return Err(fault(
                    format!(
                        "the blank behind “{words}” has {:.1} mm, and {:.1} mm are needed",
                        room / MILLIMETRE,
                        needed / MILLIMETRE
                    ),
                    format!(
                        "chỗ trống sau “{words}” rộng {:.1} mm, cần {:.1} mm",
                        room / MILLIMETRE,
                        needed / MILLIMETRE
                    ),
                ));
            }
            Some(room) if room < needed + pad + behind_pad => {
                found.area.right() + (room - needed) / 2.0
            }
            Some(room) => found.area.right() + pad + (room - pad - behind_pad - needed) / 2.0,
            None => found.area.right() + pad,
        };
        let spot = self.spot(page, left, found.base - content.base, content.size)?;
        Ok((content.set(vec![spot]), None))
    }

    /// Behind the `năm` of the line that holds the blanks for day and month.
    fn year(&mut self, mark: &Mark, year: u16) -> Result<(Set, Option<f64>), Error> {
        let content = self.content(mark, None)?;
        let dates: Vec<(usize, Found)> = self.find(mark, "ngày")?;
        let mut dates = dates.iter().filter_map(|(page, found)| {
            let rest = found.next.strip_prefix("thangnam")?;
            Some((*page, found, rest))
        });
        let (page, line, rest) = dates
            .next()
            .ok_or_else(|| not_found("ngày … tháng … năm"))?;
        let printed: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if printed.len() == 4 {
            if printed == year.to_string() {
                return Ok((content.set(Vec::new()), None));
            }
            return Err(fault(
                format!("the document is of the year {printed}, not of {year}"),
                format!("văn bản ghi năm {printed}, không phải năm {year}"),
            ));
        }
        let years = self.rows(page)?.find("năm");
        let same_line = |found: &&Found| (found.base - line.base).abs() < 1.0;
        let last = years.iter().rfind(same_line);
        let last = last.ok_or_else(|| not_found("năm"))?;
        let pad = last.size / 4.0;
        let spot = self.spot(
            page,
            last.area.right() + pad,
            last.base - content.base,
            content.size,
        )?;
        Ok((content.set(vec![spot]), None))
    }

    /// Over the left third of an earlier signature, half of it above and half below.
    fn over(&mut self, mark: &Mark, field: Option<&str>) -> Result<(Set, Option<f64>), Error> {
        let content = self.content(mark, None)?;
        let signed = self.scene.fields.iter().filter(|one| {
            one.is_signed
                && match field {
                    Some(name) => one.name == name,
                    // Smaller than this nobody signs by hand: a number, a date.
                    None => {
                        let signature = one.signature();
                        signature.width >= LEAST_SEEN.0 && signature.height >= LEAST_SEEN.1
                    }
                }
                && match mark.page {
                    PageChoice::Found | PageChoice::All => true,
                    PageChoice::Last => one.page + 1 == self.pages.len(),
                    PageChoice::Number(number) => usize::try_from(number) == Ok(one.page + 1),
                }
        });
        let signed: Vec<&SceneField> = signed.collect();
        let under = match signed.as_slice() {
            [one] => *one,
            [] => {
                return Err(fault(
                    "no signature that the page shows is there to put the seal over",
                    "không có hình chữ ký nào trên trang để đóng dấu lên",
                ));
            }
            several => {
                let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
                let names = names.join(", ");
                return Err(fault(
                    format!("several signatures are shown; name one of the fields {names}"),
                    format!("có nhiều hình chữ ký; hãy nêu tên một trường trong số: {names}"),
                ));
            }
        };
        let signature = under.signature();
        let third = signature.left + signature.width / 3.0;
        let middle = signature.top + signature.height / 2.0;
        let spot = self.spot(
            under.page,
            third - content.size.0,
            middle - content.size.1 / 2.0,
            content.size,
        )?;
        let covered = spot.area.common(&signature);
        let overlap = covered.map_or(0.0, |area| area.width) / signature.width;
        Ok((content.set(vec![spot]), Some(overlap)))
    }

    fn in_field(&mut self, mark: &Mark) -> Result<(Set, Option<f64>), Error> {
        let Some(name) = &self.scene.field else {
            return Err(fault(
                "the field to be signed is not there; name one that is",
                "chưa có trường chữ ký; hãy nêu tên một trường có sẵn",
            ));
        };
        let own =
            self.scene.fields.iter().enumerate().filter(|(_, one)| {
                one.name == *name && one.area.width > 0.0 && one.area.height > 0.0
            });
        let own: Vec<(usize, &SceneField)> = own.collect();
        let smallest = own
            .iter()
            .fold(None, |least: Option<(f64, f64)>, (_, one)| {
                let (width, height) = (one.area.width, one.area.height);
                Some(least.map_or((width, height), |(w, h)| (w.min(width), h.min(height))))
            });
        let Some(room) = smallest else {
            return Err(fault(
                "the field to be signed has no room on the page",
                "trường chữ ký không có diện tích trên trang",
            ));
        };
        let content = self.content(mark, Some(room))?;
        if content.size.0 > room.0 + 0.01 || content.size.1 > room.1 + 0.01 {
            return Err(fault(
                format!(
                    "the field has {:.1} × {:.1} mm, and {:.1} × {:.1} mm are needed",
                    room.0 / MILLIMETRE,
                    room.1 / MILLIMETRE,
                    content.size.0 / MILLIMETRE,
                    content.size.1 / MILLIMETRE
                ),
                format!(
                    "trường rộng {:.1} × {:.1} mm, cần {:.1} × {:.1} mm",
                    room.0 / MILLIMETRE,
                    room.1 / MILLIMETRE,
                    content.size.0 / MILLIMETRE,
                    content.size.1 / MILLIMETRE
                ),
            ));
        }
        let spots = own.iter().map(|(index, one)| Spot {
            page: one.page,
            area: one.area,
            offset: (
                (one.area.width - content.size.0) / 2.0,
                (one.area.height - content.size.1) / 2.0,
            ),
            known: Some(*index),
        });
        let spots = spots.collect();
        Ok((content.set(spots), None))
    }
}

/// Millimetres from a side as points.
fn length(millimetres: f64) -> Result<f64, Error> {
    if (0.0..=FARTHEST).contains(&millimetres) {
        Ok(millimetres * MILLIMETRE)
    } else {
        Err(fault(
            "a distance from 0 to 10000 mm",
            "khoảng cách phải từ 0 đến 10000 mm",
        ))
    }
}

fn centre(area: &Area) -> f64 {
    area.left + area.width / 2.0
}

/// 50 mm: no wider is a signature made that is given no width.
const WIDEST_SIGNATURE: f64 = 50.0 * MILLIMETRE;
/// 8 mm.
const LEAST_ROOM: f64 = 8.0 * MILLIMETRE;
/// How far the middles of office and name may lie apart, where both are short.
const SAME_BLOCK: f64 = 30.0 * MILLIMETRE;
/// 15 × 8 mm.
const LEAST_SEEN: (f64, f64) = (15.0 * MILLIMETRE, 8.0 * MILLIMETRE);
const FARTHEST: f64 = 10_000.0;
const MOST_MARKS: usize = 32;
const MOST_WIDGETS: usize = 5_000;
const MOST_SEARCHED: usize = 1_000;
const MOST_KEPT_PAGES: usize = 8;
const MOST_FOUND: usize = 256;
