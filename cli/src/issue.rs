//! `kyso issue`: the clerk's step, number, date and seal in one signature.

use kyso::appearance::{Issue, Mark};

use crate::args;
use crate::extend::Raising;
use crate::failure::{Failure, status};
use crate::input;
use crate::language::Lang;
use crate::show::{at, picture};
use crate::sign::{Request, announce, write_signed};

/// Issues a document.
pub(crate) fn run(mut arguments: args::Issue, lang: Lang) -> Result<u8, Failure> {
    let raising = Raising::new(std::mem::take(&mut arguments.raise), lang)?;
    let issue = marks(&arguments)?;
    let input = input::open(&arguments.input)?;
    let at = input::now()?;
    let start = || {
        Ok(arguments
            .form
            .apply(kyso::sign::pdf(&input, at))
            .issue(&issue))
    };
    write_signed(
        &Request {
            path: &arguments.input,
            output: arguments.output.as_deref(),
            key: &arguments.key,
            algorithm: arguments.algorithm,
            preview: &arguments.preview,
            raising: &raising,
            force: arguments.force,
        },
        &start,
        lang,
    )?;
    if let Some(output) = &arguments.output {
        announce(output, lang);
    }
    Ok(status::DONE)
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
