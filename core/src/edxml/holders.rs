//! Codes and names held against an agency directory (O1 to O3), where one is given.

use crate::edxml::check::named;
use crate::edxml::date::Date;
use crate::edxml::directory::{Directory, Held};
use crate::edxml::header::Organ;
use crate::edxml::read::Parts;
use crate::edxml::record::Reading;
use crate::text;
use crate::time::Time;
use crate::xml::ElementId;

/// Tells what the directory knows better. A document is held against the day of its issue, a status
/// against its own.
pub(super) fn tell(reading: &mut Reading<'_>, parts: &Parts, directory: &Directory) {
    let Some(message) = parts.message else {
        return;
    };
    let on = day(parts);
    let (from, to) = (parts.header.from.iter(), parts.header.to.iter());
    let elements = named(reading.index, message, "From").into_iter();
    let receivers = named(reading.index, message, "To").into_iter();
    let organs: Vec<(ElementId, &Organ)> = elements.zip(from).chain(receivers.zip(to)).collect();
    for (element, organ) in organs {
        one(reading, element, organ, on, directory);
    }
}

fn one(
    reading: &mut Reading<'_>,
    element: ElementId,
    organ: &Organ,
    on: Option<Date>,
    directory: &Directory,
) {
    let Some(code) = organ.organ_id.as_deref() else {
        return;
    };
    let place = |reading: &Reading<'_>, name: &str| {
        let child = named(reading.index, element, name).first().copied();
        child.unwrap_or(element)
    };
    let at = place(reading, "OrganId");
    let held = match on {
        Some(on) => directory.holder(code, on),
        None => match directory.holders(code).collect::<Vec<_>>().as_slice() {
            [] => Held::Unknown,
            [one] => Held::By(one),
            several => Held::BySeveral(several.to_vec()),
        },
    };
    let holders = match held {
        Held::Unknown => {
            reading.findings.add("O1", at, code);
            return;
        }
        Held::NotThen(others) => {
            let names: Vec<&str> = others.iter().map(|agency| agency.name.as_str()).collect();
            reading
                .findings
                .add("O2", at, &format!("{code}: {}", names.join(", ")));
            return;
        }
        Held::By(agency) => vec![agency],
        Held::BySeveral(agencies) => agencies,
    };
    let Some(name) = organ.organ_name.as_deref() else {
        return;
    };
    // A name that lost letters on its way says nothing about who is meant.
    let examined = text::glance(name);
    let has_names = holders.iter().any(|agency| !agency.name.is_empty());
    if examined.is_reliable && has_names && !holders.iter().any(|a| a.is_called(&examined.text)) {
        let known: Vec<&str> = holders.iter().map(|agency| agency.name.as_str()).collect();
        let at = place(reading, "OrganName");
        reading
            .findings
            .add("O3", at, &format!("{name} / {}", known.join(", ")));
    }
}

fn day(parts: &Parts) -> Option<Date> {
    let of_time = |time: Time| {
        let (year, month, day) = time.at_offset(Time::VIET_NAM).date();
        Date::new(u16::try_from(year).ok()?, month, day).ok()
    };
    match &parts.status {
        Some(status) => status.timestamp.as_ref()?.time().and_then(of_time),
        None => {
            let issued = parts.header.promulgation_info.as_ref()?;
            issued.promulgation_date.as_ref()?.date()
        }
    }
}
