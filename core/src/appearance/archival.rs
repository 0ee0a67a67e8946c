//! What kind of archival file (ISO 19005) a PDF says it is, as far as drawing on it has to obey.

use crate::error::Error;
use crate::pdf::{File, Object};

/// What may be drawn in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archival {
    /// No PDF/A: anything.
    No,
    /// PDF/A-1: no transparency, and the codes of embedded subsets are listed (ISO 19005-1 §6.4,
    /// §6.3.5).
    First,
    /// PDF/A-2 and later. Transparency needs an output intent, or a blending space on each page
    /// (ISO 19005-2 §6.2.10), which signing does not add.
    Later {
        /// Whether there is an output intent.
        has_intent: bool,
    },
}

impl Archival {
    /// Reads what the document says of itself in its metadata.
    pub(crate) fn of(file: &File<'_>) -> Result<Self, Error> {
        let newest = file.newest();
        let Some(catalog) = file.catalog(newest)? else {
            return Ok(Self::No);
        };
        let Some(catalog) = catalog.object.dictionary() else {
            return Ok(Self::No);
        };
        let Object::Stream(metadata) = file.get(catalog, "Metadata", newest)? else {
            return Ok(Self::No);
        };
        let Ok(packet) = file.decode(&metadata, newest) else {
            return Ok(Self::No);
        };
        let mut part = None;
        for at in memchr::memmem::find_iter(&packet, b"pdfaid:part") {
            let rest = packet.get(at..).unwrap_or_default().iter().take(REACH);
            // `pdfaid:part="2"` or `<pdfaid:part>2<`
            part = part.or(rest.copied().find(u8::is_ascii_digit));
        }
        let intents = file.get(catalog, "OutputIntents", newest)?;
        let has_intent = matches!(&intents, Object::Array(list) if list.iter().next().is_some());
        Ok(match part {
            None => Self::No,
            Some(b'1') => Self::First,
            Some(_) => Self::Later { has_intent },
        })
    }

    /// Whether pictures may let the page show through in degrees.
    pub(crate) fn allows_transparency(self) -> bool {
        match self {
            Self::No => true,
            Self::First => false,
            Self::Later { has_intent } => has_intent,
        }
    }
}

const REACH: usize = 24;
