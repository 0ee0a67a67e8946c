//! A font as PDF embeds it (ISO 32000-2 §9.7, §9.8, §9.10): a subset of its glyphs, their widths, and
//! the characters that they stand for.
//!
//! A code is a character, not a glyph: two characters that share a glyph (a blank and a no-break
//! blank) stay two when the text is taken out again.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;
use subsetter::GlyphRemapper;
use ttf_parser::GlyphId;

use crate::crypto::sha256;
use crate::error::{Error, ErrorKind};
use crate::font::{Font, face, fault, missing};

/// A subset of a font, ready to be written: object bodies that name one another by the numbers they
/// are given.
pub(crate) struct Embedded {
    /// The characters in the order of their codes, which begin with 1.
    characters: Vec<char>,
    name: String,
    widths: String,
    descriptor: String,
    program: Vec<u8>,
    pub(super) program_length: usize,
    glyph_of_code: Vec<u8>,
    to_unicode: Vec<u8>,
}

/// How many objects an embedded font consists of.
pub(crate) const FONT_OBJECTS: usize = 7;

impl Embedded {
    /// The subset that these characters need; they are in NFC.
    pub(crate) fn new(font: &Font, characters: &BTreeSet<char>) -> Result<Self, Error> {
        let face = face(&font.octets)?;
        let mut remapper = GlyphRemapper::new();
        let mut widths = String::new();
        let mut glyph_of_code = vec![0, 0];
        let em = f64::from(face.units_per_em());
        let scaled = |value: i16| f64::from(value) * 1000.0 / em;
        for &character in characters {
            let glyph = face
                .glyph_index(character)
                .ok_or_else(|| missing(character))?;
            let advance = face.glyph_hor_advance(glyph).unwrap_or(0);
            let _ = write!(widths, "{} ", number(f64::from(advance) * 1000.0 / em));
            glyph_of_code.extend_from_slice(&remapper.remap(glyph.0).to_be_bytes());
        }
        let program = subsetter::subset(&font.octets, 0, &remapper).map_err(|error| {
            fault("a font that cannot be cut down", "không cắt được phông chữ")
                .caused_by(std::io::Error::other(error.to_string()))
        })?;
        let missing_width = face.glyph_hor_advance(GlyphId(0)).unwrap_or(0);
        let mut name = super::postscript_name(&face);
        if name.is_empty() {
            name.push_str("Font");
        }
        // §9.9.2: six letters tell one subset of a font from another.
        let used: String = characters.iter().collect();
        let tag: String = sha256(&[font.key().as_bytes(), used.as_bytes()].concat())
            .iter()
            .take(6)
            .map(|octet| char::from(b'A' + octet % 26))
            .collect();
        let name = format!("{tag}+{name}");
        let bounds = face.global_bounding_box();
        let flags = if face.is_italic() {
            SYMBOLIC | ITALIC_FLAG
        } else {
            SYMBOLIC
        };
        let descriptor = format!(
            "/Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{} {} {} {}]/ItalicAngle {}\
             /Ascent {}/Descent {}/CapHeight {}/StemV {}/MissingWidth {}",
            number(scaled(bounds.x_min)),
            number(scaled(bounds.y_min)),
            number(scaled(bounds.x_max)),
            number(scaled(bounds.y_max)),
            number(f64::from(face.italic_angle())),
            number(scaled(face.ascender())),
            number(scaled(face.descender())),
            number(scaled(face.capital_height().unwrap_or(face.ascender()))),
            if face.is_bold() { 140 } else { 80 },
            number(f64::from(missing_width) * 1000.0 / em),
        );
        let characters: Vec<char> = characters.iter().copied().collect();
        let to_unicode = packed(to_unicode(&characters).as_bytes())?;
        Ok(Self {
            to_unicode,
            characters,
            name,
            widths,
            descriptor,
            program_length: program.len(),
            program: packed(&program)?,
            glyph_of_code: packed(&glyph_of_code)?,
        })
    }

    /// A text, in NFC, as a string of the font's codes with its brackets.
    pub(crate) fn encode(&self, text: impl Iterator<Item = char>) -> Result<String, Error> {
        let mut out = String::from("<");
        for character in text {
            let place = self.characters.binary_search(&character);
            let place = place.map_err(|_| missing(character))?;
            let _ = write!(out, "{:04X}", place + 1);
        }
        out.push('>');
        Ok(out)
    }

    /// The bodies of its objects; the first is the font itself. `numbers` are theirs, in order.
    /// `lists_codes` says whether the subset's codes are listed, which PDF/A-1 asks for (ISO 19005-1
    /// §6.3.5).
    pub(crate) fn bodies(
        &self,
        numbers: &[u32; FONT_OBJECTS],
        lists_codes: bool,
    ) -> [Vec<u8>; FONT_OBJECTS] {
        let [_, descendant, descriptor, program, map, unicode, codes] = numbers;
        let name = &self.name;
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
             /DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
        );
        let cid_font = format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /FontDescriptor {descriptor} 0 R/CIDToGIDMap {map} 0 R/DW 0/W[1[{}]]>>",
            self.widths.trim_end()
        );
        let mut described = format!("<<{}/FontFile2 {program} 0 R", self.descriptor);
        if lists_codes {
            let _ = write!(described, "/CIDSet {codes} 0 R");
        }
        described.push_str(">>");
        // Code 0 and one for each character, the highest bit first.
        let count = self.characters.len() + 1;
        let mut bits = vec![0xff_u8; count / 8];
        if !count.is_multiple_of(8) {
            bits.push(!(0xff_u8 >> (count % 8)));
        }
        let length = format!("/Length1 {}", self.program_length);
        [
            font.into_bytes(),
            cid_font.into_bytes(),
            described.into_bytes(),
            flate_stream(&length, &self.program),
            flate_stream("", &self.glyph_of_code),
            flate_stream("", &self.to_unicode),
            plain_stream("", &bits),
        ]
    }
}

/// A stream of data that are packed already.
pub(crate) fn flate_stream(entries: &str, packed: &[u8]) -> Vec<u8> {
    plain_stream(&format!("{entries}/Filter/FlateDecode"), packed)
}

/// A stream with these data as they are.
pub(crate) fn plain_stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<<{entries}/Length {}>>\nstream\n", data.len()).into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

/// Data packed for a Flate stream.
pub(crate) fn packed(data: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let write = encoder.write_all(data).and_then(|()| encoder.finish());
    write.map_err(|error| Error::new(ErrorKind::Internal, "packing a stream").caused_by(error))
}

/// A number as PDF writes it, to a ten-thousandth.
pub(crate) fn number(value: f64) -> String {
    let mut text = format!("{value:.4}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

/// The map from codes to characters (§9.10.3).
fn to_unicode(characters: &[char]) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let coded: Vec<(usize, char)> = (1..).zip(characters.iter().copied()).collect();
    // §9.7.5.4: at most a hundred lines a block.
    for block in coded.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", block.len());
        for (code, character) in block {
            let _ = write!(map, "<{code:04X}> <");
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}

/// §9.8.2: not the standard Latin character set alone.
const SYMBOLIC: u32 = 1 << 2;
const ITALIC_FLAG: u32 = 1 << 6;
