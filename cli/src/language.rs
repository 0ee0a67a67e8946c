//! The language of what is said.

pub(crate) use kyso::Lang;

use std::env;

use crate::args::LangWord;

/// The language of the locale, as POSIX finds it.
pub(crate) fn of_environment() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
        .map_or(Lang::En, |locale| Lang::from_locale(&locale))
}

/// The one of two texts that a language asks for.
pub(crate) fn pick<T>(lang: Lang, vi: T, en: T) -> T {
    match lang {
        Lang::Vi => vi,
        _ => en,
    }
}

impl From<LangWord> for Lang {
    fn from(word: LangWord) -> Self {
        match word {
            LangWord::Vi => Self::Vi,
            LangWord::En => Self::En,
        }
    }
}
