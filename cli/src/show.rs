//! What a signature shows: options and files become the library's marks; the page drawn before a key
//! is touched.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use kyso::appearance::{Corner, Mark, Placed};
use kyso::message::visible;
use kyso::picture::Picture;
use kyso::sign::PdfSigning;
use kyso::{Certificate, ErrorKind};
use serde_json::{Map, Value, json};

use crate::args::{Preview, Show};
use crate::failure::{Failure, shown};
use crate::input;
use crate::language::{Lang, pick};
use crate::output;

impl Show {
    /// Hands what is to be shown to the library.
    pub(crate) fn apply<'i>(&self, mut signing: PdfSigning<'i>) -> Result<PdfSigning<'i>, Failure> {
        if let Some(path) = &self.marks {
            for mark in of_file(path)? {
                signing = signing.show(mark);
            }
        }
        if let Some(mark) = self.mark()? {
            signing = signing.show(mark);
        }
        Ok(signing)
    }

    fn mark(&self) -> Result<Option<Mark>, Failure> {
        let Some(look) = self.look else {
            return Ok(None);
        };
        let mut members = Map::new();
        members.insert("form".into(), json!(look.word()));
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                members.insert(name.into(), value);
            }
        };
        put("width", self.width.map(Value::from));
        put("document", self.document.clone().map(Value::from));
        put("kind", self.copy_kind.clone().map(Value::from));
        put("organisation", self.organisation.clone().map(Value::from));
        put("font_size", self.font_size.map(Value::from));
        put("after", self.after.clone().map(Value::from));
        put("over", self.over.clone().map(Value::from));
        put("page", self.page.clone().map(Value::from));
        put("between", self.between.clone().map(Value::from));
        put(
            "text",
            (!self.text.is_empty()).then(|| self.text.clone().into()),
        );
        put("in_field", self.in_field.then_some(Value::Bool(true)));
        let picture = self.picture.as_deref().map(picture).transpose()?;
        let json = Value::Object(members).to_string();
        let mut mark = Mark::described(&json, picture)?;
        if let Some(place) = &self.at {
            mark = at(mark, place)?;
        }
        Ok(Some(mark))
    }
}

/// A picture in a file.
pub(crate) fn picture(path: &Path) -> Result<Picture, Failure> {
    let octets = input::open(path)?;
    Picture::read(&octets).map_err(|error| Failure::about(path, error))
}

/// The mark at `[PAGE:]CORNER:MM:MM`.
pub(crate) fn at(mark: Mark, place: &str) -> Result<Mark, Failure> {
    let wrong = || {
        let place = visible(place);
        Failure::usage(
            format!("{place}: cần GÓC:MM:MM, ví dụ top-right:15:7"),
            format!("{place}: CORNER:MM:MM is expected, such as top-right:15:7"),
        )
    };
    let mut parts: Vec<&str> = place.split(':').collect();
    let mark = match parts.as_slice() {
        [page, _, _, _] => {
            let page = page.parse().map_err(|_| wrong())?;
            parts.remove(0);
            mark.on_page(page)
        }
        _ => mark,
    };
    let [corner, across, down] = parts.as_slice() else {
        return Err(wrong());
    };
    let corner = Corner::named(corner).ok_or_else(wrong)?;
    // A comma is what Vietnamese writes before the tenths.
    let number = |text: &str| text.replace(',', ".").parse::<f64>().map_err(|_| wrong());
    Ok(mark.at(corner, number(across)?, number(down)?))
}

/// The marks that a file describes.
fn of_file(path: &Path) -> Result<Vec<Mark>, Failure> {
    let octets = input::open(path)?;
    let wrong = |what: String| {
        let (path, what) = (shown(path), visible(&what));
        Failure::usage(
            format!("{path}: cần một mảng JSON các mô tả: {what}"),
            format!("{path}: a JSON array of descriptions is expected: {what}"),
        )
    };
    let list: Vec<Map<String, Value>> =
        serde_json::from_slice(&octets).map_err(|error| wrong(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let marks = list.into_iter().map(|mut members| {
        let picture = match members.remove("picture") {
            None => None,
            Some(Value::String(name)) => Some(picture(&folder.join(name))?),
            Some(_) => return Err(wrong("picture is a path".into())),
        };
        let json = Value::Object(members).to_string();
        Mark::described(&json, picture).map_err(|error| Failure::about(path, error))
    });
    marks.collect()
}

impl Preview {
    /// Draws the page as it will look. `certificates` are those known without touching a key.
    pub(crate) fn draw(
        &self,
        path: &Path,
        signing: PdfSigning<'_>,
        certificates: &[Certificate],
        force: bool,
        lang: Lang,
    ) -> Result<(), Failure> {
        let Some(to) = &self.preview else {
            return Ok(());
        };
        let existing = output::existing(force);
        output::check(to, existing)?;
        let draft = signing
            .draft(certificates)
            .map_err(|error| Failure::about(path, error))?;
        let first = draft.placed.first().map_or(1, |placed| placed.page);
        let page = self.preview_page.unwrap_or(first);
        let picture = crate::preview::page(draft.bytes, page)?;
        output::write(to, existing, |out| out.write_all(&picture))?;
        if !output::is_dash(to) {
            for placed in &draft.placed {
                output::note(&told(placed, lang));
            }
            let to = shown(to);
            output::note(&pick(
                lang,
                format!("Trang {page} sẽ trông như trong {to}; chưa ký gì."),
                format!("Page {page} will look as in {to}; nothing is signed yet."),
            ));
        }
        Ok(())
    }

    /// Asks a person at a terminal, after the page was drawn; others are not asked.
    pub(crate) fn confirm(&self, lang: Lang) -> Result<(), Failure> {
        if self.preview.is_none() || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(());
        }
        let question = pick(lang, "Ký như vậy? [c/K] ", "Sign it like this? [y/N] ");
        let mut standard_error = io::stderr().lock();
        let _ = write!(standard_error, "{question}");
        let _ = standard_error.flush();
        let mut answer = String::new();
        let _ = io::stdin().lock().read_line(&mut answer);
        let answer = answer.trim().to_lowercase();
        if ["y", "yes", "c", "có", "co"].contains(&answer.as_str()) {
            return Ok(());
        }
        Err(Failure::said(
            ErrorKind::SignerRefused,
            "không ký theo ý người dùng",
            "not signed, as you said",
        ))
    }
}

/// Where a mark was put, for a person.
fn told(placed: &Placed, lang: Lang) -> String {
    let Placed {
        page,
        left,
        top,
        width,
        height,
        ..
    } = placed;
    let mut line = pick(
        lang,
        format!(
            "Trang {page}: cách trái {left:.1} mm, cách trên {top:.1} mm, kích thước {width:.1} × {height:.1} mm"
        ),
        format!(
            "Page {page}: {left:.1} mm from the left, {top:.1} mm from the top, {width:.1} × {height:.1} mm"
        ),
    );
    if let Some(overlap) = placed.overlap {
        let percent = overlap * 100.0;
        line.push_str(&pick(
            lang,
            format!(", trùm {percent:.0} % chiều rộng chữ ký"),
            format!(", over {percent:.0} % of the signature's width"),
        ));
    }
    line
}
