//! Stream filters (ISO 32000-2 §7.4), as far as the structure of a file needs them: Flate,
//! ASCIIHex, ASCII85 and RunLength, with the predictors.
//!
//! Refused as unsupported: LZW and the image filters; content streams are never decoded. What a
//! stream expands to is bounded before it is written.

use flate2::{Decompress, FlushDecompress, Status};

use crate::error::{Error, ErrorKind};
use crate::pdf::lex::is_space;
use crate::pdf::object::{Dictionary, Object, hex_octets};

/// The filters of a stream with their parameters, in the order of decoding.
pub(super) struct Filters<'a>(pub(super) Vec<(Object<'a>, Option<Dictionary<'a>>)>);

impl Filters<'_> {
    /// Whether the data stand in the file as they are.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the crypt filter that comes first, if one does (§7.4.10).
    pub(super) fn crypt(&self) -> Option<Vec<u8>> {
        let (filter, parameters) = self.0.first()?;
        if !filter.is_name("Crypt") {
            return None;
        }
        Some(match parameters.as_ref().map(|found| found.get("Name")) {
            Some(Object::Name(name)) => name.text().into_bytes(),
            _ => b"Identity".to_vec(),
        })
    }

    /// Decodes; no step may give more than `most` octets.
    pub(super) fn decode(&self, data: &[u8], most: u64) -> Result<Vec<u8>, Error> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut octets: Option<Vec<u8>> = None;
        for (place, (filter, parameters)) in self.0.iter().enumerate() {
            let input = octets.as_deref().unwrap_or(data);
            let Object::Name(name) = filter else {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    "a stream filter that is no name",
                ));
            };
            let is = |long, short| name.is(long) || name.is(short);
            let output = if is("FlateDecode", "Fl") {
                unpredict(inflate(input, most)?, parameters.as_ref())?
            } else if is("ASCIIHexDecode", "AHx") {
                let end = memchr::memchr(b'>', input).unwrap_or(input.len());
                hex_octets(input.get(..end).unwrap_or_default())
            } else if is("ASCII85Decode", "A85") {
                ascii85(input)?
            } else if is("RunLengthDecode", "RL") {
                run_length(input, most)?
            } else if name.is("Crypt") && (place == 0 || identity(parameters.as_ref())) {
                // The first one was taken off before; elsewhere only the identity makes sense.
                input.to_vec()
            } else {
                let what = format!("the stream filter {}", name.text());
                return Err(Error::new(ErrorKind::Unsupported, what));
            };
            if output.len() > most {
                return Err(too_large());
            }
            octets = Some(output);
        }
        Ok(octets.unwrap_or_else(|| data.to_vec()))
    }
}

fn identity(parameters: Option<&Dictionary<'_>>) -> bool {
    parameters.is_none_or(|parameters| {
        !parameters.has("Name") || parameters.get("Name").is_name("Identity")
    })
}

/// Inflates; a stream that is cut or whose check sum is wrong gives what could be read, as every
/// reader of real files does.
fn inflate(input: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let mut state = Decompress::new(true);
    let mut output = Vec::new();
    loop {
        if output.len() == output.capacity() {
            output.reserve(output.len().clamp(FIRST_BUFFER, LARGEST_STEP));
        }
        let taken = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let before = output.len();
        let rest = input.get(taken..).unwrap_or_default();
        let status = state.decompress_vec(rest, &mut output, FlushDecompress::None);
        if output.len() > most {
            return Err(too_large());
        }
        let stuck = output.len() == before
            && usize::try_from(state.total_in()).unwrap_or(usize::MAX) == taken
            && output.len() < output.capacity();
        match status {
            Ok(Status::StreamEnd) => return Ok(output),
            Ok(_) if !stuck => {}
            Ok(_) | Err(_) if !output.is_empty() => return Ok(output),
            Ok(_) | Err(_) if input.is_empty() => return Ok(output),
            Ok(_) => {
                return Err(Error::new(
                    ErrorKind::Malformed,
                    "a Flate stream that is cut",
                ));
            }
            Err(error) => {
                let error =
                    Error::new(ErrorKind::Malformed, "a broken Flate stream").caused_by(error);
                return Err(error);
            }
        }
    }
}

/// Takes back a predictor (§7.4.4.4).
fn unpredict(data: Vec<u8>, parameters: Option<&Dictionary<'_>>) -> Result<Vec<u8>, Error> {
    let Some(parameters) = parameters else {
        return Ok(data);
    };
    let number = |key, absent| match parameters.get(key) {
        Object::Integer(value) => usize::try_from(value).ok(),
        _ => Some(absent),
    };
    let bad = || Error::new(ErrorKind::Malformed, "parameters of a predictor");
    let predictor = number("Predictor", 1).ok_or_else(bad)?;
    if predictor <= 1 {
        return Ok(data);
    }
    let colours = number("Colors", 1)
        .filter(|n| (1..=64).contains(n))
        .ok_or_else(bad)?;
    let bits = number("BitsPerComponent", 8)
        .filter(|n| matches!(n, 1 | 2 | 4 | 8 | 16))
        .ok_or_else(bad)?;
    let columns = number("Columns", 1).filter(|&n| n >= 1).ok_or_else(bad)?;
    let pixel = colours * bits;
    let row = columns.checked_mul(pixel).ok_or_else(bad)?.div_ceil(8);
    let pixel = pixel.div_ceil(8);
    match predictor {
        2 if bits == 8 => Ok(tiff(data, row, pixel)),
        2 => Err(Error::new(
            ErrorKind::Unsupported,
            "a TIFF predictor over other than 8 bits",
        )),
        10..=15 => Ok(png(&data, row, pixel)),
        _ => Err(bad()),
    }
}

fn tiff(mut data: Vec<u8>, row: usize, pixel: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for at in pixel..line.len() {
            let left = octet(line, at.checked_sub(pixel));
            if let Some(value) = line.get_mut(at) {
                *value = value.wrapping_add(left);
            }
        }
    }
    data
}

fn png(data: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut output = Vec::with_capacity(data.len());
    // No row is longer than the data, so a hostile /Columns allocates nothing.
    let mut above: Vec<u8> = Vec::new();
    for line in data.chunks(row.saturating_add(1)) {
        let Some((&kind, line)) = line.split_first() else {
            break;
        };
        let mut current = line.to_vec();
        for at in 0..current.len() {
            let left = octet(&current, at.checked_sub(pixel));
            let up = octet(&above, Some(at));
            let predicted = match kind {
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => paeth(left, up, octet(&above, at.checked_sub(pixel))),
                _ => 0,
            };
            if let Some(value) = current.get_mut(at) {
                *value = value.wrapping_add(predicted);
            }
        }
        output.extend_from_slice(&current);
        above = current;
    }
    output
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let estimate = a + b - c;
    let (to_left, to_up) = ((estimate - a).abs(), (estimate - b).abs());
    let to_corner = (estimate - c).abs();
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}

fn octet(line: &[u8], at: Option<usize>) -> u8 {
    at.and_then(|at| line.get(at)).copied().unwrap_or_default()
}

fn ascii85(input: &[u8]) -> Result<Vec<u8>, Error> {
    let bad = || Error::new(ErrorKind::Malformed, "a broken ASCII85 stream");
    let mut output = Vec::with_capacity(input.len());
    let mut value = 0_u64;
    let mut digits = 0_usize;
    for &octet in input.iter().filter(|&&octet| !is_space(octet)) {
        match octet {
            b'~' => break,
            b'z' if digits == 0 => output.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                value = value * 85 + u64::from(octet - b'!');
                digits += 1;
                if digits == 5 {
                    let word = u32::try_from(value).map_err(|_| bad())?;
                    output.extend_from_slice(&word.to_be_bytes());
                    (value, digits) = (0, 0);
                }
            }
            _ => return Err(bad()),
        }
    }
    if digits > 1 {
        for _ in digits..5 {
            value = value * 85 + 84;
        }
        let word = u32::try_from(value).map_err(|_| bad())?.to_be_bytes();
        output.extend_from_slice(word.get(..digits - 1).unwrap_or_default());
    }
    Ok(output)
}

fn run_length(input: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let mut output = Vec::new();
    let mut rest = input;
    while let Some((&length, tail)) = rest.split_first() {
        let count = usize::from(length);
        match length {
            0..=127 => {
                let run = tail.get(..=count).unwrap_or(tail);
                output.extend_from_slice(run);
                rest = tail.get(run.len()..).unwrap_or_default();
            }
            128 => break,
            _ => {
                let Some((&octet, tail)) = tail.split_first() else {
                    break;
                };
                output.resize(output.len() + 257 - count, octet);
                rest = tail;
            }
        }
        if output.len() > most {
            return Err(too_large());
        }
    }
    Ok(output)
}

fn too_large() -> Error {
    Error::new(ErrorKind::TooLarge, "a decoded PDF stream")
}

const FIRST_BUFFER: usize = 16 << 10;
const LARGEST_STEP: usize = 8 << 20;
