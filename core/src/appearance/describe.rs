//! Marks described in JSON, so that every door names them by the same words: [`Mark::described`].

use serde::Deserialize;

use crate::appearance::{Corner, Mark, fault};
use crate::error::{Error, ErrorKind, Place};
use crate::font::Font;
use crate::picture::Picture;

/// The members of a description.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Description {
    form: String,
    text: Option<Lines>,
    document: Option<String>,
    kind: Option<String>,
    organisation: Option<String>,
    value: Option<Value>,
    width: Option<f64>,
    font_size: Option<f64>,
    italic: Option<bool>,
    bold: Option<bool>,
    page: Option<PageWord>,
    corner: Option<String>,
    x: Option<f64>,
    y: Option<f64>,
    relative: Option<[f64; 2]>,
    between: Option<[String; 2]>,
    after: Option<String>,
    over: Option<String>,
    in_field: Option<bool>,
    blank_before_time: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Lines {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PageWord {
    Number(u32),
    Word(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Number(u16),
    Text(String),
}

impl Mark {
    /// A mark described by a JSON object, for doors that speak no Rust. `picture` is the picture that
    /// it shows, where it shows one.
    ///
    /// `form` is one of `signature`, `seal`, `picture`, `appendix`, `copy`, `digitised`,
    /// `archive-copy`, `portal`, `number`, `day`, `month`, `year`, `text`. What the form says comes in
    /// `document` (number and sign, for `appendix`), `kind` (for `copy`), `organisation`, `value` (for
    /// number and date), `text` (a line, or a list of them). Where it goes: `corner` (`top-left`, …)
    /// with `x` and `y` in millimetres; `relative` (two parts of the page); `between` (two texts);
    /// `after` (a text); `over` (the name of a signature's field, or `signature` for the only one);
    /// `in_field`. Further `page` (a number, `last` or `all`), `width` in millimetres, `font_size` in
    /// points, `bold`, `italic`, `blank_before_time`.
    ///
    /// ```
    /// use kyso::appearance::Mark;
    ///
    /// let mark = Mark::described(r#"{"form":"copy","kind":"SAO Y","organisation":"Sở Ví Dụ"}"#, None)?;
    /// assert!(Mark::described(r#"{"form":"seal"}"#, None).is_err()); // the picture is missing
    /// # let _ = mark; Ok::<(), kyso::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `Misuse` for a description that is none; `Appearance` for values that cannot be.
    pub fn described(json: &str, picture: Option<Picture>) -> Result<Self, Error> {
        let misuse = |what: String| {
            Error::new(ErrorKind::Misuse, what).at(Place::Part("the description of a mark".into()))
        };
        let description: Description =
            serde_json::from_str(json).map_err(|error| misuse(error.to_string()))?;
        let Description {
            form,
            text,
            document,
            kind,
            organisation,
            value,
            width,
            font_size,
            italic,
            bold,
            page,
            corner,
            x,
            y,
            relative,
            between,
            after,
            over,
            in_field,
            blank_before_time,
        } = description;
        let needs = |what: &str| misuse(format!("{form} needs {what}"));
        let shown = || picture.clone().ok_or_else(|| needs("a picture"));
        let mut mark = match form.as_str() {
            "signature" => Self::signature(shown()?),
            "seal" => Self::seal(shown()?),
            "picture" => Self::picture(shown()?),
            "appendix" => Self::appendix(document.ok_or_else(|| needs("document"))?),
            "copy" => Self::copy(kind.ok_or_else(|| needs("kind"))?),
            "digitised" => Self::digitised(),
            "archive-copy" => Self::archive_copy(),
            "portal" => Self::portal(picture.clone()),
            "number" => Self::number(match value.ok_or_else(|| needs("value"))? {
                Value::Number(number) => number.to_string(),
                Value::Text(text) => text,
            }),
            "day" | "month" | "year" => {
                let number = match value.ok_or_else(|| needs("value"))? {
                    Value::Number(number) => Some(number),
                    Value::Text(text) => text.parse().ok(),
                };
                let number = number.ok_or_else(|| needs("value as a whole number"))?;
                let small = u8::try_from(number).unwrap_or(u8::MAX);
                match form.as_str() {
                    "day" => Self::day(small)?,
                    "month" => Self::month(small)?,
                    _ => Self::year(number)?,
                }
            }
            "text" => match text {
                Some(Lines::One(line)) => Self::text([line]),
                Some(Lines::Several(lines)) => Self::text(lines),
                None => return Err(needs("text")),
            },
            _ => return Err(misuse(format!("there is no form “{form}”"))),
        };
        let takes_picture = matches!(form.as_str(), "signature" | "seal" | "picture" | "portal");
        if picture.is_some() && !takes_picture {
            return Err(misuse(format!("{form} shows no picture")));
        }
        let places = [
            corner.is_some(),
            relative.is_some(),
            between.is_some(),
            after.is_some(),
            over.is_some(),
            in_field == Some(true),
        ];
        if places.iter().filter(|given| **given).count() > 1 {
            return Err(misuse("more than one place for a mark".into()));
        }
        if let Some(corner) = corner {
            let corner = Corner::named(&corner)
                .ok_or_else(|| misuse(format!("there is no corner “{corner}”")))?;
            mark = mark.at(corner, x.unwrap_or(0.0), y.unwrap_or(0.0));
        } else if x.is_some() || y.is_some() {
            return Err(misuse("x and y need a corner".into()));
        }
        if let Some([across, down]) = relative {
            mark = mark.at_relative(across, down);
        }
        if let Some([office, name]) = between {
            mark = mark.between(office, name);
        }
        if let Some(words) = after {
            mark = mark.after(words);
        }
        match over.as_deref() {
            Some("signature") => mark = mark.over_signature(),
            Some(field) => mark = mark.over_field(field),
            None => {}
        }
        if in_field == Some(true) {
            mark = mark.in_field();
        }
        match page {
            Some(PageWord::Number(number)) => mark = mark.on_page(number),
            Some(PageWord::Word(word)) if word == "last" => mark = mark.on_last_page(),
            Some(PageWord::Word(word)) if word == "all" => mark = mark.on_all_pages(),
            Some(PageWord::Word(word)) => {
                let number = word.parse();
                mark = mark.on_page(number.map_err(|_| misuse(format!("page “{word}”")))?);
            }
            None => {}
        }
        if let Some(width) = width {
            mark = mark.width(width);
        }
        if let Some(points) = font_size {
            mark = mark.font_size(points);
        }
        match (bold, italic) {
            (Some(true), Some(true)) => {
                return Err(fault(
                    "letters that are bold and slanted at once",
                    "chữ vừa đậm vừa nghiêng",
                ));
            }
            (Some(true), _) => mark = mark.font(Font::serif_bold()),
            (_, Some(true)) => mark = mark.font(Font::serif_italic()),
            _ => {}
        }
        if let Some(name) = organisation {
            mark = mark.organisation(name);
        }
        if blank_before_time == Some(true) {
            mark = mark.blank_before_time();
        }
        Ok(mark)
    }
}
