//! PDF files (ISO 32000-2 §7): a lazy reader that keeps revisions apart ([`File`]), text strings
//! ([`text`]), and a writer that only appends ([`append`]).
//!
//! The objects are our own: doubled keys and the octets as written must stay visible, since what
//! two readers understand differently is how signed files are attacked.

pub(crate) mod append;
mod content;
pub(crate) mod crypt;
pub(crate) mod edit;
mod file;
mod filter;
mod indirect;
mod landmarks;
mod lex;
mod object;
pub(crate) mod odd;
pub(crate) mod repair;
mod revision;
pub(crate) mod text;
mod xref;

pub(crate) use content::Operations;
pub(crate) use file::{File, Loaded};
pub(crate) use lex::is_space;
pub(crate) use object::{Array, Dictionary, Elements, Object, Reference, Text, count_digits};
pub(crate) use xref::Place;

#[cfg(test)]
pub(crate) use {object::Source, xref::Style};

#[cfg(test)]
pub(crate) mod tests;
