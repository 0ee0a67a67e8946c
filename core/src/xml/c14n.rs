//! Canonical XML: [`Method`] and [`canonicalize`].
//!
//! W3C Canonical XML 1.0 (REC-xml-c14n-20010315), 1.1 (REC-xml-c14n11-20080502) and Exclusive XML
//! Canonicalization 1.0 (REC-xml-exc-c14n-20020718), each with and without comments, of a whole
//! document or of an element with all that is in it, whole elements left out (the signature inside
//! what it signs).
//!
//! One pass over quick-xml's events, octets handed on as they come: no tree, and no memory that
//! grows with the document. What grows is the nesting, which [`Limits`] bounds.
//!
//! Refused: a DOCTYPE, entities that are not built in, prefixes that nothing declares, relative
//! namespace names (W3C, 2000: their canonical form is undefined).

#![deny(clippy::indexing_slicing, clippy::as_conversions)]

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::error::Error;
use crate::limits::Limits;
use crate::xml::index::{Attribute, ElementId, Fault, FaultKind, Index};
use crate::xml::lexical::{
    Encoding, MARK, declaration, decode, fault, forbidden_character, instruction, is_space,
    parse_tag, referenced, split_name,
};

/// A canonicalisation method, as `CanonicalizationMethod` and `Transform` name it by URI.
///
/// ```
/// use kyso::xml::Method;
///
/// let method = Method::from_uri("http://www.w3.org/2001/10/xml-exc-c14n#").unwrap();
/// assert_eq!(method.uri(), "http://www.w3.org/2001/10/xml-exc-c14n#");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    kind: Kind,
    comments: bool,
    /// `InclusiveNamespaces/@PrefixList` of the exclusive method; the default namespace is "".
    inclusive: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Inclusive10,
    Inclusive11,
    Exclusive,
}

impl Method {
    /// Canonical XML 1.0 without comments: what a reference without transforms is digested by.
    pub fn inclusive() -> Self {
        Self::plain(Kind::Inclusive10, false)
    }

    /// Exclusive canonicalisation without comments, with these prefixes treated inclusively; `""`
    /// or `#default` is the default namespace.
    pub fn exclusive(inclusive: impl IntoIterator<Item = String>) -> Self {
        let prefixes = inclusive.into_iter();
        Self {
            inclusive: prefixes
                .map(|prefix| match prefix.as_str() {
                    "#default" => String::new(),
                    _ => prefix,
                })
                .collect(),
            ..Self::plain(Kind::Exclusive, false)
        }
    }

    /// The method of this URI; nothing for a URI that names none.
    pub fn from_uri(uri: &str) -> Option<Self> {
        let row = METHODS.iter().find(|row| row.0 == uri)?;
        Some(Self::plain(row.1, row.2))
    }

    /// The URI that names the method.
    pub fn uri(&self) -> &'static str {
        let is_own = |row: &&(&str, Kind, bool)| row.1 == self.kind && row.2 == self.comments;
        METHODS.iter().find(is_own).map_or("", |row| row.0)
    }

    /// The same method with `InclusiveNamespaces/@PrefixList`, white space between the prefixes.
    /// Nothing for a method that is not exclusive.
    pub fn with_prefix_list(self, list: &str) -> Option<Self> {
        (self.kind == Kind::Exclusive).then(|| Self {
            comments: self.comments,
            ..Self::exclusive(list.split_ascii_whitespace().map(str::to_owned))
        })
    }

    /// The same method, comments left out.
    #[must_use]
    pub fn without_comments(self) -> Self {
        Self {
            comments: false,
            ..self
        }
    }

    fn plain(kind: Kind, comments: bool) -> Self {
        Self {
            kind,
            comments,
            inclusive: Vec::new(),
        }
    }
}

/// The canonical form of a whole document, handed out in pieces as it is made.
///
/// ```
/// use kyso::xml::{Method, canonicalize};
///
/// let mut octets = Vec::new();
/// canonicalize(
///     b"<?xml version='1.0'?><a  c='2' b=\"1\"/>",
///     &Method::inclusive(),
///     &kyso::Limits::default(),
///     |piece| octets.extend_from_slice(piece),
/// )?;
/// assert_eq!(octets, b"<a b=\"1\" c=\"2\"></a>");
/// # Ok::<(), kyso::Error>(())
/// ```
///
/// # Errors
///
/// `Malformed` for what is not well formed and for a DOCTYPE, `Unsupported` for another encoding
/// than UTF-8, UTF-16 and ISO-8859-1, `TooLarge` beyond a limit. Pieces may have been handed out by then.
pub fn canonicalize(
    input: &[u8],
    method: &Method,
    limits: &Limits,
    sink: impl FnMut(&[u8]),
) -> Result<(), Error> {
    let (text, encoding) = decode(input)?;
    if let Some(offset) = forbidden_character(&text) {
        let detail = "a character that XML 1.0 forbids";
        return Ok(fault(FaultKind::NotWellFormed, offset, detail)?);
    }
    let base = match encoding {
        Encoding::Utf8WithMark => MARK.len(),
        _ => 0,
    };
    let mut run = Run::new(&text, method, limits, sink);
    run.document(base, encoding)?;
    run.flush();
    Ok(())
}

/// The canonical form of an element with everything in it but the elements left out: the subset
/// that a reference by id selects. Namespaces, and for the inclusive methods attributes of the
/// namespace `xml`, come from around it.
///
/// # Errors
///
/// As [`canonicalize`].
pub fn canonicalize_element(
    index: &Index<'_>,
    element: ElementId,
    without: &[ElementId],
    method: &Method,
    limits: &Limits,
    sink: impl FnMut(&[u8]),
) -> Result<(), Error> {
    let text = index.document();
    let mut run = Run::new(text, method, limits, sink);
    let mut around = Vec::new();
    let mut current = index.parent(element);
    while let Some(id) = current {
        around.push(id);
        current = index.parent(id);
    }
    around.reverse();
    for id in around {
        run.surround(index.attributes(id), index.span(id).start)?;
    }
    run.leave_out(index, without);
    run.element(index.span(element))?;
    run.flush();
    Ok(())
}

/// The canonical form of a document that is indexed already, with elements left out.
///
/// # Errors
///
/// As [`canonicalize`].
pub fn canonicalize_document(
    index: &Index<'_>,
    without: &[ElementId],
    method: &Method,
    limits: &Limits,
    sink: impl FnMut(&[u8]),
) -> Result<(), Error> {
    let mut run = Run::new(index.document(), method, limits, sink);
    run.leave_out(index, without);
    let base = match index.encoding() {
        Encoding::Utf8WithMark => MARK.len(),
        _ => 0,
    };
    run.document(base, index.encoding())?;
    run.flush();
    Ok(())
}

struct Run<'t, 'm, S> {
    text: &'t str,
    method: &'m Method,
    limits: &'m Limits,
    sink: S,
    buffer: Vec<u8>,
    /// Declarations in scope, the innermost last.
    scope: Vec<Binding<'t>>,
    /// Declarations written by elements that are open, the innermost last.
    written: Vec<Binding<'t>>,
    open: Vec<Open<'t>>,
    /// Attributes of the namespace `xml` from around the apex.
    inherited: Vec<(&'t str, Cow<'t, str>)>,
    /// Where elements begin that are left out, in order.
    without: Vec<usize>,
    /// Scratch space, kept between elements.
    namespaces: Vec<Binding<'t>>,
    attributes: Vec<(Cow<'t, str>, Attribute<'t>)>,
}

/// A prefix and its namespace; "" for the default namespace, and for none.
type Binding<'t> = (&'t str, Cow<'t, str>);

struct Open<'t> {
    name: &'t str,
    scope: usize,
    written: usize,
}

impl<'t, 'm, S: FnMut(&[u8])> Run<'t, 'm, S> {
    fn new(text: &'t str, method: &'m Method, limits: &'m Limits, sink: S) -> Self {
        Self {
            text,
            method,
            limits,
            sink,
            buffer: Vec::with_capacity(BUFFER.saturating_add(BUFFER / 4)),
            scope: Vec::new(),
            written: Vec::new(),
            open: Vec::new(),
            inherited: Vec::new(),
            without: Vec::new(),
            namespaces: Vec::new(),
            attributes: Vec::new(),
        }
    }

    /// Takes in what an element around the apex declares.
    fn surround(&mut self, attributes: Vec<Attribute<'t>>, from: usize) -> Result<(), Fault> {
        for attribute in attributes {
            match (attribute.prefix, attribute.name) {
                ("", "xmlns") => self.declare("", attribute.value, from)?,
                ("xmlns", prefix) => self.declare(prefix, attribute.value, from)?,
                ("xml", name) => self.inherit(name, attribute.value),
                _ => {}
            }
        }
        Ok(())
    }

    /// §2.4 of 1.0: every attribute of the namespace `xml`, the nearest value. §2.4 of 1.1: xml:lang
    /// and xml:space the same way, xml:base joined, xml:id and others not.
    fn inherit(&mut self, name: &'t str, value: Cow<'t, str>) {
        let known = self.inherited.iter_mut().find(|known| known.0 == name);
        match (self.method.kind, name) {
            (Kind::Exclusive, _) => {}
            (Kind::Inclusive11, "base") => match known {
                Some(known) => known.1 = Cow::Owned(join(&known.1, &value)),
                None => self.inherited.push((name, value)),
            },
            (Kind::Inclusive11, "lang" | "space") | (Kind::Inclusive10, _) => match known {
                Some(known) => known.1 = value,
                None => self.inherited.push((name, value)),
            },
            (Kind::Inclusive11, _) => {}
        }
    }

    /// The document: instructions and comments around the root, each on a line of its own.
    fn document(&mut self, base: usize, encoding: Encoding) -> Result<(), Fault> {
        let mut reader = Reader::from_str(self.text.get(base..).unwrap_or_default());
        reader.config_mut().check_comments = true;
        let mut from = base;
        let mut seen_root = false;
        loop {
            let (event, to) = self.event(&mut reader, base, from)?;
            let span = from..to;
            match event {
                Event::Start(_) | Event::Empty(_) if seen_root => {
                    return fault(FaultKind::NotWellFormed, from, "a second root element");
                }
                Event::Start(_) => {
                    seen_root = true;
                    self.inside(&mut reader, span, base)?;
                    from = self.position(&reader, base);
                    continue;
                }
                Event::Empty(_) => {
                    seen_root = true;
                    self.empty(span)?;
                }
                Event::Text(_) => {
                    let text = self.text.get(span).unwrap_or_default();
                    if !text.bytes().all(is_space) {
                        return fault(FaultKind::NotWellFormed, from, AROUND_THE_ROOT);
                    }
                }
                Event::Comment(_) => {
                    if self.method.comments {
                        self.aside(span, seen_root);
                    }
                }
                Event::PI(_) => {
                    instruction(self.text, span.clone())?;
                    self.aside(span, seen_root);
                }
                Event::Decl(_) => declaration(self.text, span, base, encoding)?,
                Event::DocType(_) => {
                    let detail = "a document type declaration (DOCTYPE)";
                    return fault(FaultKind::DocumentType, from, detail);
                }
                Event::Eof => break,
                _ => return fault(FaultKind::NotWellFormed, from, AROUND_THE_ROOT),
            }
            from = to;
        }
        match seen_root {
            true => Ok(()),
            false => fault(
                FaultKind::NotWellFormed,
                self.text.len(),
                "a document without an element",
            ),
        }
    }

    /// One element and all that is in it.
    fn element(&mut self, span: Range<usize>) -> Result<(), Fault> {
        let base = span.start;
        let text = self.text.get(span).unwrap_or_default();
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let (event, to) = self.event(&mut reader, base, base)?;
        match event {
            Event::Start(_) => self.inside(&mut reader, base..to, base),
            Event::Empty(_) => self.empty(base..to),
            _ => fault(
                FaultKind::NotWellFormed,
                base,
                "no element where one begins",
            ),
        }
    }

    /// From a start tag to its end tag.
    fn inside(
        &mut self,
        reader: &mut Reader<&'t [u8]>,
        start: Range<usize>,
        base: usize,
    ) -> Result<(), Fault> {
        let mut skipped = 0_usize;
        let mut from = start.end;
        if self.is_left_out(start.start) {
            skipped = 1;
        } else {
            self.start(start)?;
        }
        while skipped > 0 || !self.open.is_empty() {
            let (event, to) = self.event(reader, base, from)?;
            let span = from..to;
            from = to;
            if skipped > 0 {
                match event {
                    Event::Start(_) => skipped = skipped.saturating_add(1),
                    Event::End(_) => skipped = skipped.saturating_sub(1),
                    Event::Eof => return self.cut(),
                    _ => {}
                }
                continue;
            }
            match event {
                Event::Start(_) if self.is_left_out(span.start) => skipped = 1,
                Event::Empty(_) if self.is_left_out(span.start) => {}
                Event::Start(_) => self.start(span)?,
                Event::Empty(_) => self.empty(span)?,
                Event::End(_) => self.end(),
                Event::Text(_) => {
                    let text = self.text.get(span.clone()).unwrap_or_default();
                    if text.contains("]]>") {
                        return fault(FaultKind::NotWellFormed, span.start, "`]]>` in text");
                    }
                    self.characters(text);
                }
                Event::CData(_) => {
                    let text = self.text.get(span).unwrap_or_default();
                    let text = text.strip_prefix("<![CDATA[").unwrap_or(text);
                    self.characters(text.strip_suffix("]]>").unwrap_or(text));
                }
                Event::GeneralRef(_) => {
                    let reference = self.text.get(span.clone()).unwrap_or_default();
                    let character = referenced(reference, span.start)?;
                    match character {
                        // A line end that is written as a reference is no line end (§2.3).
                        '\r' => self.put(b"&#xD;"),
                        other => self.characters(other.encode_utf8(&mut [0; 4])),
                    }
                }
                Event::Comment(_) if self.method.comments => {
                    let text = self.text.get(span).unwrap_or_default();
                    self.lines(text);
                }
                Event::PI(_) => {
                    instruction(self.text, span.clone())?;
                    self.instruction(span);
                }
                Event::Comment(_) => {}
                Event::Eof => return self.cut(),
                _ => return fault(FaultKind::NotWellFormed, span.start, "markup out of place"),
            }
        }
        Ok(())
    }

    fn event(
        &self,
        reader: &mut Reader<&'t [u8]>,
        base: usize,
        from: usize,
    ) -> Result<(Event<'t>, usize), Fault> {
        let event = reader.read_event();
        let to = self.position(reader, base);
        match event {
            Ok(event) => Ok((event, to)),
            Err(_) => fault(
                FaultKind::NotWellFormed,
                from,
                "the markup is not well formed",
            ),
        }
    }

    fn position(&self, reader: &Reader<&'t [u8]>, base: usize) -> usize {
        usize::try_from(reader.buffer_position())
            .unwrap_or(usize::MAX)
            .saturating_add(base)
            .min(self.text.len())
    }

    fn cut<T>(&self) -> Result<T, Fault> {
        let detail = "the document ends before its last element does";
        fault(FaultKind::NotWellFormed, self.text.len(), detail)
    }

    fn leave_out(&mut self, index: &Index<'_>, without: &[ElementId]) {
        self.without = without.iter().map(|id| index.span(*id).start).collect();
        self.without.sort_unstable();
    }

    fn is_left_out(&self, start: usize) -> bool {
        !self.without.is_empty() && self.without.binary_search(&start).is_ok()
    }

    fn empty(&mut self, span: Range<usize>) -> Result<(), Fault> {
        if self.is_left_out(span.start) {
            return Ok(());
        }
        self.start(span)?;
        self.end();
        Ok(())
    }

    fn start(&mut self, span: Range<usize>) -> Result<(), Fault> {
        let from = span.start;
        if self.open.len() >= self.limits.xml_depth {
            return fault(FaultKind::Limit, from, "elements nested too deep");
        }
        let (name, attributes) = parse_tag(self.text, span)?;
        if attributes.len() > self.limits.xml_attributes {
            return fault(FaultKind::Limit, from, "too many attributes");
        }
        let open = Open {
            name,
            scope: self.scope.len(),
            written: self.written.len(),
        };
        self.attributes.clear();
        self.namespaces.clear();
        let mut plain = std::mem::take(&mut self.attributes);
        for attribute in attributes {
            match (attribute.prefix, attribute.name) {
                ("", "xmlns") => self.declare("", attribute.value, from)?,
                ("xmlns", prefix) => self.declare(prefix, attribute.value, from)?,
                _ => plain.push((Cow::Borrowed(""), attribute)),
            }
        }
        self.distinct_declarations(open.scope, from)?;
        for (namespace, attribute) in &mut plain {
            if !attribute.prefix.is_empty() {
                *namespace = self.bound(attribute.prefix, from)?;
            }
        }
        let is_apex = self.open.is_empty();
        if is_apex {
            self.import(&mut plain);
        }
        plain.sort_by(|a, b| (&*a.0, a.1.name).cmp(&(&*b.0, b.1.name)));
        for pair in plain.windows(2) {
            if let [a, b] = pair
                && a.0 == b.0
                && a.1.name == b.1.name
            {
                return fault(FaultKind::NotWellFormed, from, "an attribute stands twice");
            }
        }
        let (prefix, _) = split_name(name);
        if !prefix.is_empty() {
            self.bound(prefix, from)?;
        }
        match self.method.kind {
            Kind::Exclusive => self.utilised(prefix, &plain),
            _ => self.changed(open.scope, is_apex),
        }
        self.put(b"<");
        self.put(name.as_bytes());
        let mut namespaces = std::mem::take(&mut self.namespaces);
        namespaces.sort_by(|a, b| a.0.cmp(b.0));
        for (prefix, uri) in &namespaces {
            self.put(match prefix.is_empty() {
                true => b" xmlns",
                false => b" xmlns:",
            });
            self.put(prefix.as_bytes());
            self.put(b"=\"");
            self.value(uri);
            self.put(b"\"");
        }
        for (_, attribute) in &plain {
            self.put(b" ");
            if !attribute.prefix.is_empty() {
                self.put(attribute.prefix.as_bytes());
                self.put(b":");
            }
            self.put(attribute.name.as_bytes());
            self.put(b"=\"");
            self.value(&attribute.value);
            self.put(b"\"");
        }
        self.put(b">");
        self.written.append(&mut namespaces);
        self.namespaces = namespaces;
        self.attributes = plain;
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.put(b"</");
        self.put(open.name.as_bytes());
        self.put(b">");
        self.scope.truncate(open.scope);
        self.written.truncate(open.written);
    }

    fn declare(&mut self, prefix: &'t str, uri: Cow<'t, str>, from: usize) -> Result<(), Fault> {
        let is_xml = &*uri == XML_NAMESPACE;
        let bad = |detail| fault(FaultKind::NotWellFormed, from, detail);
        match prefix {
            // Namespaces in XML 1.0 §3: xml is bound to its own name alone, xmlns to nothing.
            "xml" if is_xml => return Ok(()),
            "xml" | "xmlns" => return bad("the prefix xml or xmlns is bound to something else"),
            _ if is_xml || &*uri == XMLNS_NAMESPACE => {
                return bad("a reserved namespace is bound to another prefix");
            }
            "" => {}
            _ if uri.is_empty() => return bad("a prefix is bound to nothing"),
            _ => {}
        }
        if !uri.is_empty() && !is_absolute(&uri) {
            return bad("a relative namespace name");
        }
        self.scope.push((prefix, uri));
        Ok(())
    }

    /// A prefix that one tag declares twice.
    fn distinct_declarations(&self, first: usize, from: usize) -> Result<(), Fault> {
        let own = self.scope.get(first..).unwrap_or_default();
        for (position, (prefix, _)) in own.iter().enumerate() {
            let before = own.get(..position).unwrap_or_default();
            if before.iter().any(|other| other.0 == *prefix) {
                return fault(FaultKind::NotWellFormed, from, "an attribute stands twice");
            }
        }
        Ok(())
    }

    fn in_scope(&self, prefix: &str) -> Option<&Cow<'t, str>> {
        let found = self.scope.iter().rev().find(|binding| binding.0 == prefix);
        found.map(|binding| &binding.1)
    }

    fn written_value(&self, prefix: &str) -> Option<&Cow<'t, str>> {
        let found = self
            .written
            .iter()
            .rev()
            .find(|binding| binding.0 == prefix);
        found.map(|binding| &binding.1)
    }

    fn bound(&self, prefix: &str, from: usize) -> Result<Cow<'t, str>, Fault> {
        if prefix == "xml" {
            return Ok(Cow::Borrowed(XML_NAMESPACE));
        }
        match self.in_scope(prefix) {
            Some(uri) => Ok(uri.clone()),
            None => fault(
                FaultKind::NotWellFormed,
                from,
                "a prefix that nothing declares",
            ),
        }
    }

    /// Attributes of the namespace `xml` from around the apex, unless it has its own; its own
    /// xml:base is joined in 1.1.
    fn import(&mut self, plain: &mut Vec<(Cow<'t, str>, Attribute<'t>)>) {
        for (name, value) in std::mem::take(&mut self.inherited) {
            let own = plain
                .iter_mut()
                .find(|(_, own)| own.prefix == "xml" && own.name == name);
            match own {
                Some((_, own)) if self.method.kind == Kind::Inclusive11 && name == "base" => {
                    own.value = Cow::Owned(join(&value, &own.value));
                }
                Some(_) => {}
                None => plain.push((
                    Cow::Borrowed(XML_NAMESPACE),
                    Attribute {
                        prefix: "xml",
                        name,
                        value,
                        span: 0..0,
                    },
                )),
            }
        }
    }

    /// Inclusive: what this element declares (the apex: everything in scope), unless the nearest
    /// written value is the same.
    fn changed(&mut self, first: usize, is_apex: bool) {
        let from = if is_apex { 0 } else { first };
        for position in (from..self.scope.len()).rev() {
            let Some((prefix, _)) = self.scope.get(position) else {
                continue;
            };
            let prefix = *prefix;
            if self.namespaces.iter().any(|known| known.0 == prefix) {
                continue;
            }
            self.render(prefix);
        }
    }

    /// Exclusive: the prefixes that the element itself uses, and those of the list.
    fn utilised(&mut self, prefix: &'t str, plain: &[(Cow<'t, str>, Attribute<'t>)]) {
        self.render(prefix);
        for (_, attribute) in plain {
            if !attribute.prefix.is_empty() {
                self.render(attribute.prefix);
            }
        }
        let method = self.method;
        for listed in &method.inclusive {
            let found = self.scope.iter().rev().find(|b| b.0 == listed);
            if let Some((prefix, _)) = found {
                let prefix = *prefix;
                self.render(prefix);
            }
        }
    }

    fn render(&mut self, prefix: &'t str) {
        if prefix == "xml" || self.namespaces.iter().any(|known| known.0 == prefix) {
            return;
        }
        let now = self.in_scope(prefix).map_or("", |uri| uri);
        let before = self.written_value(prefix).map_or("", |uri| uri);
        // No default namespace and an empty one are the same; prefixes are never bound to "".
        if now == before {
            return;
        }
        let uri = self.in_scope(prefix).cloned().unwrap_or_default();
        self.namespaces.push((prefix, uri));
    }

    /// A comment or an instruction beside the root: LF behind those before it, before those behind.
    fn aside(&mut self, span: Range<usize>, seen_root: bool) {
        if seen_root {
            self.put(b"\n");
        }
        let is_instruction = self
            .text
            .get(span.clone())
            .is_some_and(|text| text.starts_with("<?"));
        if is_instruction {
            self.instruction(span);
        } else {
            let text = self.text.get(span).unwrap_or_default();
            self.lines(text);
        }
        if !seen_root {
            self.put(b"\n");
        }
    }

    /// `<?target data?>`: one space between, none without data.
    fn instruction(&mut self, span: Range<usize>) {
        let text = self.text.get(span).unwrap_or_default();
        let inside = text.strip_prefix("<?").unwrap_or(text);
        let inside = inside.strip_suffix("?>").unwrap_or(inside);
        let end = inside.find(|c: char| c.is_ascii_whitespace());
        let (target, data) = inside
            .split_at_checked(end.unwrap_or(inside.len()))
            .unwrap_or((inside, ""));
        let data = data.trim_start_matches([' ', '\t', '\r', '\n']);
        self.put(b"<?");
        self.put(target.as_bytes());
        if !data.is_empty() {
            self.put(b" ");
            self.lines(data);
        }
        self.put(b"?>");
    }

    /// Text as it stands, line ends made one LF each (XML 1.0 §2.11).
    fn lines(&mut self, text: &str) {
        let mut rest = text;
        while let Some(found) = memchr::memchr(b'\r', rest.as_bytes()) {
            self.put(rest.get(..found).unwrap_or_default().as_bytes());
            self.put(b"\n");
            let after = rest.get(found.saturating_add(1)..).unwrap_or_default();
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
        self.put(rest.as_bytes());
    }

    /// Character data: `&`, `<` and `>` as references, line ends one LF each.
    fn characters(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut from = 0_usize;
        // Megabytes of base64 are one run: the search for four octets runs in wide registers.
        let marks = memchr::memchr3_iter(b'&', b'<', b'>', bytes);
        if memchr::memchr(b'\r', bytes).is_none() {
            for at in marks {
                self.run_and_mark(bytes, from, at);
                from = at.saturating_add(1);
            }
            self.put(bytes.get(from..).unwrap_or_default());
            return;
        }
        for (at, octet) in bytes.iter().enumerate() {
            match octet {
                b'&' | b'<' | b'>' => self.run_and_mark(bytes, from, at),
                b'\r' => {
                    self.put(bytes.get(from..at).unwrap_or_default());
                    // Of CR LF the LF is what stays.
                    if bytes.get(at.saturating_add(1)) != Some(&b'\n') {
                        self.put(b"\n");
                    }
                }
                _ => continue,
            }
            from = at.saturating_add(1);
        }
        self.put(bytes.get(from..).unwrap_or_default());
    }

    fn run_and_mark(&mut self, bytes: &[u8], from: usize, at: usize) {
        self.put(bytes.get(from..at).unwrap_or_default());
        self.put(match bytes.get(at) {
            Some(b'&') => b"&amp;",
            Some(b'<') => b"&lt;",
            _ => b"&gt;",
        });
    }

    /// An attribute's value, normalised already (§2.3).
    fn value(&mut self, value: &str) {
        let bytes = value.as_bytes();
        let mut from = 0_usize;
        for (at, octet) in bytes.iter().enumerate() {
            let written: &[u8] = match octet {
                b'&' => b"&amp;",
                b'<' => b"&lt;",
                b'"' => b"&quot;",
                b'\t' => b"&#x9;",
                b'\n' => b"&#xA;",
                b'\r' => b"&#xD;",
                _ => continue,
            };
            self.put(bytes.get(from..at).unwrap_or_default());
            self.put(written);
            from = at.saturating_add(1);
        }
        self.put(bytes.get(from..).unwrap_or_default());
    }

    fn put(&mut self, octets: &[u8]) {
        // A hash is fed in large pieces; large pieces of the input are not copied.
        if octets.len() >= BUFFER {
            self.flush();
            (self.sink)(octets);
            return;
        }
        self.buffer.extend_from_slice(octets);
        if self.buffer.len() >= BUFFER {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if !self.buffer.is_empty() {
            (self.sink)(&self.buffer);
            self.buffer.clear();
        }
    }
}

/// Whether a namespace name is an absolute URI reference: it begins with a scheme (RFC 3986 §3.1).
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'))
    })
}

/// The xml:base that stands for two, one inside the other (Canonical XML 1.1 §2.4): RFC 3986 §5.2
/// with the changes made there. The outer one may be relative; `..` that lead above it stay.
fn join(outer: &str, inner: &str) -> String {
    if inner.is_empty() {
        // An empty reference is the outer one without its fragment, and here its query goes along.
        return outer.split(['#']).next().unwrap_or_default().to_owned();
    }
    if is_absolute(inner) {
        return inner.to_owned();
    }
    let (scheme, rest) = match is_absolute(outer).then(|| outer.split_once(':')).flatten() {
        Some((scheme, rest)) => (format!("{scheme}:"), rest),
        None => (String::new(), outer),
    };
    if inner.starts_with("//") {
        return format!("{scheme}{inner}");
    }
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find(['/', '?', '#']).unwrap_or(after.len());
            let (authority, path) = after.split_at_checked(end).unwrap_or((after, ""));
            (format!("//{authority}"), path)
        }
        None => (String::new(), rest),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (inner_path, inner_rest) = match inner.find(['?', '#']) {
        Some(end) => inner.split_at_checked(end).unwrap_or((inner, "")),
        None => (inner, ""),
    };
    let merged = if inner_path.is_empty() {
        path.to_owned()
    } else if inner_path.starts_with('/') {
        without_dots(inner_path)
    } else {
        let folder = match path.rfind('/') {
            Some(end) => path.get(..=end).unwrap_or_default(),
            None if !authority.is_empty() => "/",
            None => "",
        };
        // A last segment of `..` is a folder.
        let folder = match path {
            ".." => "../".to_owned(),
            _ if path.ends_with("/..") => format!("{path}/"),
            _ => folder.to_owned(),
        };
        without_dots(&format!("{folder}{inner_path}"))
    };
    format!("{scheme}{authority}{merged}{inner_rest}")
}

/// `remove_dot_segments` as Canonical XML 1.1 §2.4 changes it: of a relative path, leading `..` stay,
/// and several slashes become one.
fn without_dots(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_in_folder = false;
    for segment in path.split('/') {
        ends_in_folder = true;
        match segment {
            "" | "." => {}
            ".." => match kept.last() {
                Some(&"..") | None if !is_rooted => kept.push(".."),
                _ => {
                    kept.pop();
                }
            },
            _ => {
                kept.push(segment);
                ends_in_folder = false;
            }
        }
    }
    let mut out = String::new();
    if is_rooted {
        out.push('/');
    }
    out.push_str(&kept.join("/"));
    if ends_in_folder && !kept.is_empty() {
        out.push('/');
    }
    out
}

/// What a canonicalisation method's URI says: which one, and whether comments stay.
const METHODS: [(&str, Kind, bool); 6] = [
    (
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        Kind::Inclusive10,
        false,
    ),
    (
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        Kind::Inclusive10,
        true,
    ),
    (
        "http://www.w3.org/2006/12/xml-c14n11",
        Kind::Inclusive11,
        false,
    ),
    (
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
        Kind::Inclusive11,
        true,
    ),
    (
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        Kind::Exclusive,
        false,
    ),
    (
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        Kind::Exclusive,
        true,
    ),
];
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";
const AROUND_THE_ROOT: &str = "something other than comments around the root element";
const BUFFER: usize = 16 * 1_024;
