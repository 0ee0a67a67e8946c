//! [`Writer`]: XML text whose every octet is decided, so that the same values give the same bytes.
//!
//! It refuses the characters that XML 1.0 §2.2 forbids instead of writing a document that no parser
//! would read back.

use std::fmt;

/// Writes elements one below the other, indented by two spaces.
///
/// ```
/// use kyso::xml::Writer;
///
/// let mut writer = Writer::new("\n");
/// writer.open("list", &[])?;
/// writer.leaf("item", &[("kind", "a\"b")], "1 < 2")?;
/// writer.close();
/// assert!(writer.finish().ends_with("  <item kind=\"a&quot;b\">1 &lt; 2</item>\n</list>\n"));
/// # Ok::<(), kyso::xml::Forbidden>(())
/// ```
#[derive(Debug)]
pub struct Writer {
    out: String,
    line_end: &'static str,
    open: Vec<&'static str>,
    pieces: Vec<String>,
}

/// A character that XML 1.0 §2.2 does not allow in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forbidden {
    /// The character.
    pub character: char,
}

impl Writer {
    /// A document that begins with the XML declaration; lines end as told.
    pub fn new(line_end: &'static str) -> Self {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        out.push_str(line_end);
        Self {
            out,
            line_end,
            open: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// Makes room for this many more octets at once.
    pub fn reserve(&mut self, octets: usize) {
        self.out.reserve(octets);
    }

    /// Opens an element on a line of its own.
    pub fn open(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
    ) -> Result<(), Forbidden> {
        self.start(name, attributes)?;
        self.out.push('>');
        self.out.push_str(self.line_end);
        self.open.push(name);
        Ok(())
    }

    /// Closes the element opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.end(name);
        }
    }

    /// An element that holds only text.
    pub fn leaf(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> Result<(), Forbidden> {
        self.start(name, attributes)?;
        self.out.push('>');
        escape(text, Within::Text, &mut self.out)?;
        self.end(name);
        Ok(())
    }

    /// An element that holds octets as one unbroken line of base64 (RFC 4648 §4, padded).
    pub fn base64(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        octets: &[u8],
    ) -> Result<(), Forbidden> {
        self.start(name, attributes)?;
        self.out.push('>');
        base64_simd::STANDARD.encode_append(octets, &mut self.out);
        self.end(name);
        Ok(())
    }

    /// An element as it stands, on lines of its own. The caller has made sure that it is one.
    pub fn raw(&mut self, element: &str) {
        self.indent();
        self.out.push_str(element);
        self.out.push_str(self.line_end);
    }

    /// An element whose text is put in later, by who takes the document in pieces
    /// ([`finish_around`](Self::finish_around)).
    pub fn hole(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
    ) -> Result<(), Forbidden> {
        self.start(name, attributes)?;
        self.out.push('>');
        self.pieces.push(std::mem::take(&mut self.out));
        self.end(name);
        Ok(())
    }

    /// The document in pieces: between each two of them goes the text of a [`hole`](Self::hole).
    pub fn finish_around(mut self) -> Vec<String> {
        while !self.open.is_empty() {
            self.close();
        }
        self.pieces.push(self.out);
        self.pieces
    }

    /// An element with nothing in it.
    pub fn empty(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
    ) -> Result<(), Forbidden> {
        self.start(name, attributes)?;
        self.out.push_str(" />");
        self.out.push_str(self.line_end);
        Ok(())
    }

    /// The document, once every element is closed.
    pub fn finish(self) -> String {
        self.finish_around().concat()
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<(), Forbidden> {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            escape(value, Within::Attribute, &mut self.out)?;
            self.out.push('"');
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self.out.push_str(self.line_end);
    }

    fn indent(&mut self) {
        for _ in &self.open {
            self.out.push_str("  ");
        }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = u32::from(self.character);
        write!(f, "the character U+{code:04X}, which XML 1.0 forbids")
    }
}

impl std::error::Error for Forbidden {}

#[derive(Clone, Copy, PartialEq)]
enum Within {
    Text,
    Attribute,
}

/// Escapes so that a parser gives back the very characters: white space that the parser would
/// normalise (XML 1.0 §2.11, §3.3.3) becomes a character reference.
fn escape(text: &str, within: Within, out: &mut String) -> Result<(), Forbidden> {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' if within == Within::Attribute => out.push_str("&quot;"),
            '\t' if within == Within::Attribute => out.push_str("&#9;"),
            '\n' if within == Within::Attribute => out.push_str("&#10;"),
            c if is_allowed(c) => out.push(c),
            character => return Err(Forbidden { character }),
        }
    }
    Ok(())
}

/// Whether a character may stand in an XML 1.0 document (§2.2, production 2).
pub(super) fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_xml_forbids_is_refused_and_not_written() {
        for c in ['\0', '\u{1b}', '\u{b}', '\u{fffe}', '\u{ffff}'] {
            let text = format!("a{c}");
            let fault = Writer::new("\n").leaf("a", &[], &text).unwrap_err();
            assert_eq!(fault.character, c);
        }
        assert!(Writer::new("\n").leaf("a", &[], "\t\r\n é").is_ok());
    }

    #[test]
    fn what_is_left_open_is_closed_at_the_end() {
        let mut writer = Writer::new("\n");
        writer.open("a", &[]).unwrap();
        writer.open("b", &[]).unwrap();
        writer.base64("c", &[], b"\xff\xfe").unwrap();
        writer.empty("d", &[]).unwrap();
        writer.hole("e", &[]).unwrap();
        writer.raw("<f/>");
        assert_eq!(
            writer.finish().lines().skip(1).collect::<Vec<_>>(),
            [
                "<a>",
                "  <b>",
                "    <c>//4=</c>",
                "    <d />",
                "    <e></e>",
                "    <f/>",
                "  </b>",
                "</a>"
            ]
        );
    }
}
