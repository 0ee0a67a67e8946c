//! One indirect object (ISO 32000-2 §7.3.10) read at its offset, and where a stream's data stand
//! (§7.3.8).

use crate::error::{Error, ErrorKind};
use crate::pdf::filter::Filters;
use crate::pdf::lex::{Kind, Lexer, broken, integer};
use crate::pdf::object::{Object, Reference, Source, Stream};
use crate::pdf::odd::Odd;

/// An indirect object.
pub(super) struct Indirect<'a> {
    pub(super) object: Object<'a>,
    /// Where the object ends, `endobj` included where it is there.
    pub(super) end: usize,
    /// What is odd about how it is written.
    pub(super) odd: Vec<Odd>,
}

/// Reads the object whose number stands at `at`, white space before it allowed. `source` is the text
/// that its parts are views of, the same `bytes`; `length` resolves an indirect /Length.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    source: &Source<'a>,
    at: usize,
    depth: usize,
    length: &dyn Fn(Reference) -> Option<usize>,
) -> Result<Indirect<'a>, Error> {
    let mut lexer = Lexer::new(bytes, at);
    let number = lexer.next()?;
    let generation = lexer.next()?;
    let keyword = lexer.next()?;
    if number.kind != Kind::Number
        || generation.kind != Kind::Number
        || !lexer.is_word(keyword, b"obj")
    {
        return Err(broken("no indirect object at its offset", at));
    }
    integer(lexer.octets(number))
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| broken("an object number", at))?;
    let next = lexer.peek()?;
    if lexer.is_word(next, b"endobj") {
        // `7 0 obj endobj` is the null object.
        return Ok(Indirect {
            object: Object::Null,
            end: next.end,
            odd: Vec::new(),
        });
    }
    let (object, mut end) = Object::read(source, lexer.at, depth)?;
    lexer.at = end;
    let Object::Dictionary(dictionary) = object else {
        let odd = ending(&lexer, &mut end);
        return Ok(Indirect { object, end, odd });
    };
    if !lexer
        .peek()
        .is_ok_and(|token| lexer.is_word(token, b"stream"))
    {
        let odd = ending(&lexer, &mut end);
        return Ok(Indirect {
            object: Object::Dictionary(dictionary),
            end,
            odd,
        });
    }
    lexer.next()?;
    let start = data_start(bytes, lexer.at);
    let stated = match dictionary.get("Length") {
        Object::Integer(length) => usize::try_from(length).ok(),
        Object::Reference(reference) => length(reference),
        _ => None,
    };
    let stated = stated.and_then(|length| {
        let data_end = start
            .checked_add(length)
            .filter(|&end| end <= bytes.len())?;
        Some((
            data_end,
            closing(&Lexer::new(bytes, data_end), b"endstream")?,
        ))
    });
    let mut odd = Vec::new();
    let (data_end, mut end) = match stated {
        Some(found) => found,
        // A wrong /Length: the keyword decides, as in other readers.
        None => {
            odd.push(Odd::StreamLength);
            search_end(bytes, start)?
        }
    };
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before == Some(&b'\r') {
        odd.push(Odd::StreamLineEnd);
    }
    lexer.at = end;
    odd.extend(ending(&lexer, &mut end));
    Ok(Indirect {
        object: Object::Stream(Stream {
            dictionary,
            data: start..data_end,
        }),
        end,
        odd,
    })
}

/// Moves the end behind `endobj`, where it comes next.
fn ending(lexer: &Lexer<'_>, end: &mut usize) -> Vec<Odd> {
    match closing(lexer, b"endobj") {
        Some(found) => {
            *end = found;
            Vec::new()
        }
        None => vec![Odd::EndMissing],
    }
}

/// The filters of a stream; `resolve` follows references.
pub(super) fn filters<'a>(
    stream: &Stream<'a>,
    most: usize,
    resolve: &dyn Fn(Object<'a>) -> Result<Object<'a>, Error>,
) -> Result<Filters<'a>, Error> {
    let either = |long, short| {
        let found = stream.dictionary.get(long);
        resolve(if found.is_null() {
            stream.dictionary.get(short)
        } else {
            found
        })
    };
    if stream.dictionary.has("F") && !matches!(stream.dictionary.get("F"), Object::Null) {
        // Never loaded: what is in another file is not part of this one.
        return Err(Error::new(
            ErrorKind::Unsupported,
            "a stream in another file",
        ));
    }
    let names: Vec<_> = match resolve(stream.dictionary.get("Filter"))? {
        Object::Null => Vec::new(),
        Object::Array(array) => array.iter().take(most + 1).collect(),
        name => vec![name],
    };
    if names.len() > most {
        return Err(Error::new(ErrorKind::TooLarge, "filters of a PDF stream"));
    }
    let parameters: Vec<_> = match either("DecodeParms", "DP")? {
        Object::Array(array) => array.iter().take(names.len()).collect(),
        one => vec![one],
    };
    let mut parameters = parameters.into_iter();
    let mut filters = Vec::with_capacity(names.len());
    for name in names {
        let parameters = resolve(parameters.next().unwrap_or(Object::Null))?;
        filters.push((resolve(name)?, parameters.dictionary().cloned()));
    }
    Ok(Filters(filters))
}

/// The end of this keyword, where it comes next.
fn closing(lexer: &Lexer<'_>, keyword: &[u8]) -> Option<usize> {
    let mut lexer = lexer.clone();
    let token = lexer.next().ok()?;
    lexer.is_word(token, keyword).then_some(token.end)
}

/// Where the data begin: after the one end of line that follows the keyword (§7.3.8.1). A lone
/// carriage return and blanks before the end of line are allowed, since files have them.
fn data_start(bytes: &[u8], keyword_end: usize) -> usize {
    let rest = bytes.get(keyword_end..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take_while(|&&c| c == b' ' || c == b'\t')
        .count();
    let blanks = match rest.get(blanks) {
        Some(b'\r' | b'\n') => blanks,
        _ => 0,
    };
    let line_end = match (rest.get(blanks), rest.get(blanks + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    };
    keyword_end + blanks + line_end
}

fn search_end(bytes: &[u8], start: usize) -> Result<(usize, usize), Error> {
    let rest = bytes.get(start..).unwrap_or_default();
    let found = memchr::memmem::find(rest, b"endstream")
        .ok_or_else(|| broken("a stream that does not end", bytes.len()))?;
    let data = rest.get(..found).unwrap_or_default();
    let line_end = match data {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => 0,
    };
    Ok((start + found - line_end, start + found + b"endstream".len()))
}
