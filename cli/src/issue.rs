//! `kyso issue`: the clerk's step, number, date and seal in one signature.

use kyso::appearance::{Issue, Mark};

use crate::args;
use crate::failure::Failure;
use crate::language::Lang;
use crate::show::{at, picture};
use crate::sign::{announced, make};

/// Issues a document.
pub(crate) fn run(arguments: args::Issue, lang: Lang) -> Result<u8, Failure> {
    let issue = marks(&arguments)?;
    let written = make(&arguments.input, arguments.making, lang, &|signing| {
        Ok(signing.issue(&issue))
    })?;
    Ok(announced(written, lang))
}

fn marks(arguments: &args::Issue) -> Result<Issue, Failure> {
    let moved = |mark: Mark, place: &Option<String>| match place {
        Some(place) => at(mark, place),
        None => Ok(mark),
    };
    let mut issue = Issue::new(arguments.number.as_str(), arguments.date)?;
    let mut failure = None;
    let mut changed = |mark: Mark, place: &Option<String>| {
        moved(mark.clone(), place).unwrap_or_else(|wrong| {
            failure = Some(wrong);
            mark
        })
    };
    issue = issue
        .number(|mark| changed(mark, &arguments.number_at))
        .day(|mark| changed(mark, &arguments.day_at))
        .month(|mark| changed(mark, &arguments.month_at))
        .year(|mark| changed(mark, &arguments.year_at));
    if let Some(path) = &arguments.seal {
        let mut seal = Mark::seal(picture(path)?);
        if let Some(width) = arguments.seal_width {
            seal = seal.width(width);
        }
        if let Some(field) = &arguments.over {
            seal = seal.over_field(field.as_str());
        }
        issue = issue.seal_mark(changed(seal, &arguments.seal_at));
    }
    match failure {
        Some(failure) => Err(failure),
        None => Ok(issue),
    }
}
