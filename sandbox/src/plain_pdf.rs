//! Small and large PDF files written by hand, for what a drawing crate does not let one choose:
//! how the cross-references are kept, and how big the file is.
//!
//! The small ones hold the same page in the three ways ISO 32000-2 knows: a classical table
//! (§7.5.4), a cross-reference stream with object streams (§7.5.7, §7.5.8), and both at once for
//! old readers (§7.5.8.4). Linearised files are not written here: their hint tables would be a
//! second program; `qpdf --linearize` makes one of any of these.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// One page, its cross-references in a classical table.
pub fn pdf_with_table() -> Vec<u8> {
    let mut file = File::new();
    for (number, body) in (1..).zip(BODIES) {
        file.object(number, body.as_bytes());
    }
    file.stream(CONTENT_NUMBER, "", CONTENT);
    let start = file.octets.len();
    file.table(CONTENT_NUMBER + 1, &[]);
    let size = CONTENT_NUMBER + 1;
    file.text(&format!(
        "trailer\n<< /Size {size} /Root 1 0 R /ID {ID} >>\n"
    ));
    file.end(start)
}

/// The same page, every object but the content in a compressed object stream, and a compressed
/// cross-reference stream with the `Up` predictor, as most producers write them today.
pub fn pdf_with_xref_stream() -> Vec<u8> {
    let mut file = File::new();
    file.stream(CONTENT_NUMBER, "", CONTENT);
    file.object_stream(OBJECT_STREAM_NUMBER, &BODIES);
    let start = file.octets.len();
    let mut entries = vec![Entry::Free];
    entries.extend((0..BODIES.len()).map(|index| Entry::Packed(OBJECT_STREAM_NUMBER, index)));
    entries.push(Entry::At(file.offset(CONTENT_NUMBER)));
    entries.push(Entry::At(file.offset(OBJECT_STREAM_NUMBER)));
    entries.push(Entry::At(start));
    let size = XREF_STREAM_NUMBER + 1;
    let members = format!("/Size {size} /Root 1 0 R /ID {ID} ");
    file.xref_stream(XREF_STREAM_NUMBER, &members, &entries);
    file.end(start)
}

/// The same page in a hybrid-reference file: a classical table in which the page's font is free,
/// and a cross-reference stream named by `/XRefStm` that finds it in an object stream.
pub fn pdf_hybrid() -> Vec<u8> {
    let mut file = File::new();
    let [catalogue, pages, page, font] = BODIES;
    for (number, body) in [(1, catalogue), (2, pages), (3, page)] {
        file.object(number, body.as_bytes());
    }
    file.stream(CONTENT_NUMBER, "", CONTENT);
    file.object_stream_of(OBJECT_STREAM_NUMBER, &[(FONT_NUMBER, font)]);
    let hidden = file.octets.len();
    let entries = [
        Entry::Packed(OBJECT_STREAM_NUMBER, 0),
        Entry::At(file.offset(OBJECT_STREAM_NUMBER)),
        Entry::At(hidden),
    ];
    let size = XREF_STREAM_NUMBER + 1;
    let members = format!(
        "/Size {size} /Index [{FONT_NUMBER} 1 {OBJECT_STREAM_NUMBER} 2] /Root 1 0 R /ID {ID} "
    );
    file.xref_stream(XREF_STREAM_NUMBER, &members, &entries);
    let table = file.octets.len();
    file.table(
        size,
        &[FONT_NUMBER, OBJECT_STREAM_NUMBER, XREF_STREAM_NUMBER],
    );
    let members = format!("/Size {size} /Root 1 0 R /ID {ID}");
    file.text(&format!(
        "trailer\n<< {members} >>\nstartxref\n{table}\n%%EOF\n"
    ));
    // The hidden objects are free in the earlier section; the later one, itself empty, names the
    // stream (§7.5.8.4). Word writes its files so.
    let start = file.octets.len();
    file.text(&format!(
        "xref\n0 0\ntrailer\n<< {members} /Prev {table} /XRefStm {hidden} >>\n"
    ));
    file.end(start)
}

/// Writes a PDF of about `megabytes` million octets: pages with one uncompressed, incompressible
/// image of at most three megabytes each, and a classical table. The same size gives the same
/// octets. Memory does not grow with the size but for ten octets an object.
///
/// # Errors
/// What `writer` answers, and [`io::ErrorKind::InvalidInput`] beyond the ten digits that an
/// offset has in a classical table.
pub fn large_pdf(writer: &mut impl Write, megabytes: u32) -> io::Result<()> {
    if megabytes > 9_900 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "beyond ten digits of offset",
        ));
    }
    let mut out = Counted { writer, written: 0 };
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let mut offsets: Vec<u64> = Vec::new();
    let mut kids = String::new();
    let mut left = u64::from(megabytes) * 1_000_000;
    out.write_all(HEADER)?;

    // Numbers 1 and 2 are the catalogue and the page tree, written last, when all pages are
    // known; each page then takes three: itself, its content and its image.
    let mut number = 3;
    while left > 0 || kids.is_empty() {
        let rows = (left.div_ceil(IMAGE_ROW)).clamp(1, IMAGE_ROWS);
        let (content, image) = (number + 1, number + 2);
        kids.push_str(&format!("{number} 0 R "));
        offsets.push(out.written);
        write!(
            out,
            "{number} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
             /Contents {content} 0 R /Resources << /XObject << /Im {image} 0 R >> >> >>\nendobj\n"
        )?;
        offsets.push(out.written);
        let length = LARGE_CONTENT.len();
        write!(
            out,
            "{content} 0 obj\n<< /Length {length} >>\nstream\n{LARGE_CONTENT}"
        )?;
        out.write_all(b"\nendstream\nendobj\n")?;
        offsets.push(out.written);
        let length = rows * IMAGE_ROW;
        write!(
            out,
            "{image} 0 obj\n<< /Type /XObject /Subtype /Image /Width {IMAGE_WIDTH} \
             /Height {rows} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Length {length} >>\n\
             stream\n"
        )?;
        for _ in 0..rows {
            out.write_all(&noise.row())?;
        }
        out.write_all(b"\nendstream\nendobj\n")?;
        left = left.saturating_sub(length);
        number += 3;
    }

    let catalogue = out.written;
    out.write_all(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")?;
    let pages = out.written;
    let count = offsets.len() / 3;
    write!(
        out,
        "2 0 obj\n<< /Type /Pages /Count {count} /Kids [{kids}] >>\nendobj\n"
    )?;
    let start = out.written;
    write!(out, "xref\n0 {number}\n0000000000 65535 f \n")?;
    for offset in [catalogue, pages].iter().chain(&offsets) {
        writeln!(out, "{offset:010} 00000 n ")?;
    }
    write!(
        out,
        "trailer\n<< /Size {number} /Root 1 0 R /ID {ID} >>\nstartxref\n{start}\n%%EOF\n"
    )?;
    out.flush()
}

/// Where an object is, for a cross-reference stream.
enum Entry {
    Free,
    At(usize),
    /// In which object stream, and as the how manieth of it.
    Packed(u32, usize),
}

/// A file in the making, which knows where its objects begin.
struct File {
    octets: Vec<u8>,
    offsets: Vec<(u32, usize)>,
}

impl File {
    fn new() -> Self {
        File {
            octets: HEADER.to_vec(),
            offsets: Vec::new(),
        }
    }

    fn text(&mut self, text: &str) {
        self.octets.extend_from_slice(text.as_bytes());
    }

    fn object(&mut self, number: u32, body: &[u8]) {
        self.offsets.push((number, self.octets.len()));
        self.text(&format!("{number} 0 obj\n"));
        self.octets.extend_from_slice(body);
        self.text("\nendobj\n");
    }

    fn stream(&mut self, number: u32, members: &str, data: &[u8]) {
        let mut body = format!("<< {members}/Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.object(number, &body);
    }

    /// An object stream of `bodies`, numbered from 1.
    fn object_stream(&mut self, number: u32, bodies: &[&str]) {
        let numbered: Vec<_> = (1..).zip(bodies.iter().copied()).collect();
        self.object_stream_of(number, &numbered);
    }

    fn object_stream_of(&mut self, number: u32, bodies: &[(u32, &str)]) {
        let mut index = String::new();
        let mut packed = String::new();
        for (each, body) in bodies {
            index.push_str(&format!("{each} {} ", packed.len()));
            packed.push_str(body);
            packed.push('\n');
        }
        let data = deflate(format!("{index}{packed}").as_bytes());
        let (count, first) = (bodies.len(), index.len());
        let members = format!("/Type /ObjStm /N {count} /First {first} /Filter /FlateDecode ");
        self.stream(number, &members, &data);
    }

    fn xref_stream(&mut self, number: u32, members: &str, entries: &[Entry]) {
        let mut rows = Vec::new();
        let mut above = [0_u8; 5];
        for entry in entries {
            let (kind, second, third) = match entry {
                Entry::Free => (0_u8, 0, u8::MAX),
                Entry::At(offset) => (1, *offset, 0),
                Entry::Packed(stream, index) => (
                    2,
                    usize::try_from(*stream).unwrap_or(usize::MAX),
                    u8::try_from(*index).unwrap_or(u8::MAX),
                ),
            };
            // These files are a few thousand octets: three octets of offset are plenty.
            let [low, middle, high, ..] = second.to_le_bytes();
            let row = [kind, high, middle, low, third];
            rows.push(2);
            rows.extend(
                row.iter()
                    .zip(above)
                    .map(|(octet, above)| octet.wrapping_sub(above)),
            );
            above = row;
        }
        let members = format!(
            "/Type /XRef {members}/W [1 3 1] /Filter /FlateDecode \
             /DecodeParms << /Predictor 12 /Columns 5 >> "
        );
        self.stream(number, &members, &deflate(&rows));
    }

    fn offset(&self, number: u32) -> usize {
        self.offsets
            .iter()
            .find(|(each, _)| *each == number)
            .map_or(0, |(_, offset)| *offset)
    }

    /// A classical table of the objects below `size`; those `concealed` are written as free.
    fn table(&mut self, size: u32, concealed: &[u32]) {
        self.text(&format!("xref\n0 {size}\n0000000000 65535 f \n"));
        for number in 1..size {
            let line = if concealed.contains(&number) {
                "0000000000 65535 f \n".to_owned()
            } else {
                format!("{:010} 00000 n \n", self.offset(number))
            };
            self.text(&line);
        }
    }

    fn end(mut self, start: usize) -> Vec<u8> {
        self.text(&format!("startxref\n{start}\n%%EOF\n"));
        self.octets
    }
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

/// A writer that knows how far it has come.
struct Counted<'a, W> {
    writer: &'a mut W,
    written: u64,
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let count = self.writer.write(octets)?;
        self.written += u64::try_from(count).unwrap_or(u64::MAX);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Octets no compressor can shorten: xorshift64* (Vigna 2016), the same every time.
struct Noise(u64);

impl Noise {
    fn row(&mut self) -> [u8; IMAGE_ROW as usize] {
        let mut row = [0_u8; IMAGE_ROW as usize];
        for octets in row.chunks_mut(8) {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            let word = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes();
            octets.copy_from_slice(&word[..octets.len()]);
        }
        row
    }
}

const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
pub(crate) const ID: &str =
    "[<6b79736f2d73616e64626f782d303031> <6b79736f2d73616e64626f782d303031>]";

const FONT_NUMBER: u32 = 4;
pub(crate) const CONTENT_NUMBER: u32 = 5;
const OBJECT_STREAM_NUMBER: u32 = 6;
const XREF_STREAM_NUMBER: u32 = 7;

/// Objects 1 to 4.
pub(crate) const BODIES: [&str; 4] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
     /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
];

const CONTENT: &[u8] = b"BT /F1 14 Tf 85 760 Td (Van ban thu nghiem) Tj ET";
const LARGE_CONTENT: &str = "q 595 0 0 842 0 0 cm /Im Do Q";

const IMAGE_WIDTH: u64 = 1024;
const IMAGE_ROW: u64 = IMAGE_WIDTH * 3;
/// 977 rows of 3,072 octets are three megabytes.
const IMAGE_ROWS: u64 = 977;
