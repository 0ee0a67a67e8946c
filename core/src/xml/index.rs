//! [`Index`]: where every element of an XML document begins and ends, and what it is called.
//!
//! One pass over quick-xml's events. quick-xml finds the tokens; what it leaves open of well-formedness
//! (XML 1.0: forbidden characters, names, attributes, references, one root, nothing around it) is
//! checked here, because two parsers that disagree about a document are an attack on its signature.
//!
//! Refused: a DOCTYPE, any entity but the five built-in ones, encodings other than UTF-8, UTF-16 and ISO-8859-1,
//! documents over the limits of depth, attributes and elements.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::xml::lexical::{
    Encoding, MARK, declaration, decode, fault, forbidden_character, instruction, is_space,
    normal_lines, parse_tag, referenced, runs, split_name,
};

/// A document and the place of each of its elements. Text is decoded only when asked for.
///
/// ```
/// use kyso::xml::{Index, Namespace};
///
/// let index = Index::read(b"<a xmlns='urn:x'>1<!-- -->2</a>", &kyso::Limits::default())?;
/// assert_eq!(index.local_name(index.root()), "a");
/// assert_eq!(index.namespace(index.root()), Namespace::Uri("urn:x"));
/// assert_eq!(index.text(index.root()), "12");
/// # Ok::<(), kyso::Error>(())
/// ```
#[derive(Debug)]
pub struct Index<'a> {
    text: Cow<'a, str>,
    elements: Vec<Element>,
    namespaces: Vec<String>,
    identifiers: Vec<(Range<usize>, ElementId)>,
    unbound: Vec<ElementId>,
    encoding: Encoding,
}

/// One element of an [`Index`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(u32);

/// What a name is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Namespace<'i> {
    /// The name has no prefix and no default namespace is in scope.
    None,
    /// The name has a prefix that nothing declares; Namespaces in XML 1.0 §5 makes that an error.
    Unbound,
    /// The namespace name.
    Uri(&'i str),
}

/// One attribute, namespace declarations included.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribute<'i> {
    /// The prefix, empty where there is none.
    pub prefix: &'i str,
    /// The name after the prefix.
    pub name: &'i str,
    /// The value, references resolved and white space normalised (XML 1.0 §3.3.3).
    pub value: Cow<'i, str>,
    /// Where the value stands in the document, without its quotes.
    pub span: Range<usize>,
}

/// A run of character data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece<'i> {
    /// Text as it stands, line ends not yet normalised.
    Literal(&'i str),
    /// What a character or built-in entity reference stands for.
    Character(char),
}

/// Why a document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The class of the fault.
    pub kind: FaultKind,
    /// Octets from the start of the input.
    pub offset: usize,
    /// A short phrase in English.
    pub detail: &'static str,
}

/// The classes of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// Not well-formed XML, or something stands before or after the document.
    NotWellFormed,
    /// Declared in an encoding that is not read.
    Encoding,
    /// Octets that the declared encoding does not have.
    InvalidOctets,
    /// A document type declaration, or an entity that is not built in.
    DocumentType,
    /// A limit of [`Limits`] was reached.
    Limit,
}

#[derive(Clone, Copy, Debug)]
struct Element {
    parent: u32,
    first_child: u32,
    next_sibling: u32,
    start: u32,
    open_end: u32,
    close_start: u32,
    end: u32,
    namespace: u32,
    /// Octets of the whole name.
    name: u16,
}

impl<'a> Index<'a> {
    /// Reads a whole document.
    pub fn read(input: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        let (text, encoding) = decode(input)?;
        if u32::try_from(text.len()).is_err() {
            return fault(FaultKind::Limit, 0, "an XML document of 4 GiB or more");
        }
        if let Some(offset) = forbidden_character(&text) {
            let detail = "a character that XML 1.0 forbids";
            return fault(FaultKind::NotWellFormed, offset, detail);
        }
        let mut builder = Builder::new(&text, limits);
        builder.run(encoding)?;
        let Builder {
            elements,
            namespaces,
            identifiers,
            unbound,
            ..
        } = builder;
        Ok(Self {
            elements,
            namespaces: namespaces.into_iter().map(Cow::into_owned).collect(),
            identifiers,
            unbound,
            encoding,
            text,
        })
    }

    /// The document as characters. Offsets and spans count its octets; they are those of the input
    /// unless the input [had to be converted](Self::is_converted).
    pub fn document(&self) -> &str {
        &self.text
    }

    /// Whether the input was UTF-16 and had to be converted.
    pub fn is_utf16(&self) -> bool {
        self.encoding == Encoding::Utf16
    }

    /// Whether the input was no UTF-8 and had to be converted.
    pub fn is_converted(&self) -> bool {
        matches!(self.encoding, Encoding::Utf16 | Encoding::Latin1)
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether a byte order mark stands before a UTF-8 document.
    pub fn has_byte_order_mark(&self) -> bool {
        self.encoding == Encoding::Utf8WithMark
    }

    /// The document element.
    pub fn root(&self) -> ElementId {
        ElementId(0)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Never true: a document has at least its root.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Every element in document order.
    pub fn elements(&self) -> impl Iterator<Item = ElementId> + '_ {
        (0u32..).zip(&self.elements).map(|(at, _)| ElementId(at))
    }

    /// The elements or attributes' elements whose prefix nothing declares.
    pub fn unbound(&self) -> &[ElementId] {
        &self.unbound
    }

    /// Every attribute called `Id`, `ID`, `id`, `xml:id` or `wsu:Id` (OASIS WS-Security): its literal
    /// value and its element.
    pub fn identifiers(&self) -> impl Iterator<Item = (&str, ElementId)> + '_ {
        let text = self.document();
        self.identifiers
            .iter()
            .map(|(span, id)| (text.get(span.clone()).unwrap_or_default(), *id))
    }

    /// The name without its prefix.
    pub fn local_name(&self, id: ElementId) -> &str {
        let name = self.qualified_name(id);
        name.split_once(':').map_or(name, |(_, local)| local)
    }

    /// The prefix, empty where there is none.
    pub fn prefix(&self, id: ElementId) -> &str {
        self.qualified_name(id)
            .split_once(':')
            .map_or("", |(p, _)| p)
    }

    /// The name as it stands in the tag.
    pub fn qualified_name(&self, id: ElementId) -> &str {
        let element = self.element(id);
        let start = at(element.start).saturating_add(1);
        self.slice(start..start.saturating_add(usize::from(element.name)))
    }

    /// The namespace that the element's name is bound to.
    pub fn namespace(&self, id: ElementId) -> Namespace<'_> {
        match self.element(id).namespace {
            NO_NAMESPACE => Namespace::None,
            UNBOUND => Namespace::Unbound,
            number => Namespace::Uri(self.namespaces.get(at(number)).map_or("", String::as_str)),
        }
    }

    /// The element around this one.
    pub fn parent(&self, id: ElementId) -> Option<ElementId> {
        some(self.element(id).parent)
    }

    /// The elements directly inside this one, in document order.
    pub fn children(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let first = some(self.element(id).first_child);
        std::iter::successors(first, |child| some(self.element(*child).next_sibling))
    }

    /// From the first octet of the start tag to the last of the end tag.
    pub fn span(&self, id: ElementId) -> Range<usize> {
        let element = self.element(id);
        at(element.start)..at(element.end)
    }

    /// What stands between the tags.
    pub fn inner(&self, id: ElementId) -> Range<usize> {
        let element = self.element(id);
        at(element.open_end)..at(element.close_start)
    }

    /// The attributes of an element, namespace declarations included, in document order.
    pub fn attributes(&self, id: ElementId) -> Vec<Attribute<'_>> {
        let element = self.element(id);
        let tag = at(element.start)..at(element.open_end);
        // The tag was parsed once already, so nothing can fail here any more.
        parse_tag(&self.text, tag)
            .map(|(_, attributes)| attributes)
            .unwrap_or_default()
    }

    /// The value of an attribute without a prefix.
    pub fn attribute(&self, id: ElementId, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.attributes(id).into_iter();
        attributes
            .find(|a| a.prefix.is_empty() && a.name == name)
            .map(|a| a.value)
    }

    /// The character data directly inside an element: comments and processing instructions dropped,
    /// references resolved, the text of child elements left out, line ends normalised.
    pub fn text(&self, id: ElementId) -> Cow<'_, str> {
        let pieces = self.pieces(id);
        match pieces.as_slice() {
            [] => Cow::Borrowed(""),
            [Piece::Literal(text)] => normal_lines(text),
            _ => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Literal(text) => out.push_str(&normal_lines(text)),
                        Piece::Character(c) => out.push(c),
                    }
                }
                Cow::Owned(out)
            }
        }
    }

    /// The runs of character data directly inside an element.
    pub fn pieces(&self, id: ElementId) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut from = self.inner(id).start;
        for child in self.children(id) {
            let span = self.span(child);
            runs(self.slice(from..span.start), &mut pieces);
            from = span.end;
        }
        runs(self.slice(from..self.inner(id).end), &mut pieces);
        pieces
    }

    /// A path for people: local names from the root, counted from 1 where siblings share a name.
    pub fn path(&self, id: ElementId) -> String {
        let mut steps = Vec::new();
        let mut current = Some(id);
        while let Some(id) = current {
            let name = self.local_name(id);
            let parent = self.parent(id);
            let (mut before, mut after) = (0usize, false);
            for sibling in parent.into_iter().flat_map(|p| self.children(p)) {
                if sibling != id && self.local_name(sibling) == name {
                    if sibling > id {
                        after = true;
                        break;
                    }
                    before = before.saturating_add(1);
                }
            }
            steps.push(if before > 0 || after {
                format!("/{name}[{}]", before.saturating_add(1))
            } else {
                format!("/{name}")
            });
            current = parent;
        }
        steps.reverse();
        steps.concat()
    }

    fn element(&self, id: ElementId) -> &Element {
        self.elements.get(at(id.0)).unwrap_or(&NO_ELEMENT)
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }
}

impl Fault {
    /// A fault that a reader above finds before the document is looked into.
    pub fn new(kind: FaultKind, offset: usize, detail: &'static str) -> Self {
        Self {
            kind,
            offset,
            detail,
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault.kind {
            FaultKind::Limit => ErrorKind::TooLarge,
            FaultKind::Encoding => ErrorKind::Unsupported,
            _ => ErrorKind::Malformed,
        };
        let offset = u64::try_from(fault.offset).unwrap_or(u64::MAX);
        Self::new(kind, fault.detail).at(Place::Offset(offset))
    }
}

/// The one pass.
struct Builder<'t> {
    text: &'t str,
    limits: &'t Limits,
    elements: Vec<Element>,
    identifiers: Vec<(Range<usize>, ElementId)>,
    unbound: Vec<ElementId>,
    namespaces: Vec<Cow<'t, str>>,
    numbers: HashMap<Cow<'t, str>, u32>,
    /// For each prefix the namespaces declared for it, the innermost last.
    scope: HashMap<&'t str, Vec<u32>>,
    open: Vec<Open<'t>>,
}

struct Open<'t> {
    id: u32,
    last_child: u32,
    declared: Vec<&'t str>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, limits: &'t Limits) -> Self {
        let mut builder = Self {
            text,
            limits,
            elements: Vec::new(),
            identifiers: Vec::new(),
            unbound: Vec::new(),
            namespaces: Vec::new(),
            numbers: HashMap::new(),
            scope: HashMap::new(),
            open: Vec::new(),
        };
        let xml = builder.number(Cow::Borrowed(XML_NAMESPACE));
        builder.scope.insert("xml", vec![xml]);
        builder
    }

    fn run(&mut self, encoding: Encoding) -> Result<(), Fault> {
        let base = if encoding == Encoding::Utf8WithMark {
            MARK.len()
        } else {
            0
        };
        let mut reader = Reader::from_str(self.text.get(base..).unwrap_or_default());
        reader.config_mut().check_comments = true;
        let mut from = base;
        loop {
            let event = reader.read_event();
            let to = usize::try_from(reader.buffer_position())
                .unwrap_or(usize::MAX)
                .saturating_add(base)
                .min(self.text.len());
            let Ok(event) = event else {
                let detail = "the markup is not well formed";
                return fault(FaultKind::NotWellFormed, from, detail);
            };
            let span = from..to;
            match event {
                Event::Start(_) => self.start(span)?,
                Event::Empty(_) => {
                    self.start(span)?;
                    self.end(to..to);
                }
                Event::End(_) => self.end(span),
                Event::Text(_) => self.characters(span)?,
                Event::GeneralRef(_) => self.reference(span)?,
                Event::CData(_) if self.open.is_empty() => {
                    return fault(FaultKind::NotWellFormed, from, AROUND_THE_ROOT);
                }
                Event::CData(_) | Event::Comment(_) => {}
                Event::Decl(_) => declaration(self.text, span, base, encoding)?,
                Event::PI(_) => instruction(self.text, span)?,
                Event::DocType(_) => {
                    let detail = "a document type declaration (DOCTYPE)";
                    return fault(FaultKind::DocumentType, from, detail);
                }
                Event::Eof => break,
            }
            from = to;
        }
        if !self.open.is_empty() || self.elements.is_empty() {
            let detail = "the document ends before its last element does";
            return fault(FaultKind::NotWellFormed, self.text.len(), detail);
        }
        Ok(())
    }

    fn start(&mut self, span: Range<usize>) -> Result<(), Fault> {
        let from = span.start;
        if self.open.is_empty() && !self.elements.is_empty() {
            return fault(FaultKind::NotWellFormed, from, "a second root element");
        }
        if self.open.len() >= self.limits.xml_depth {
            return fault(FaultKind::Limit, from, "elements nested too deep");
        }
        if self.elements.len() >= self.limits.xml_elements {
            return fault(FaultKind::Limit, from, "too many elements");
        }
        let (name, attributes) = parse_tag(self.text, span.clone())?;
        if attributes.len() > self.limits.xml_attributes {
            return fault(FaultKind::Limit, from, "too many attributes");
        }
        let declared = self.declare(from, &attributes)?;
        let (prefix, _) = split_name(name);
        let id = u32::try_from(self.elements.len()).unwrap_or(NOTHING);
        let namespace = self.resolve(prefix, id);
        self.check_attributes(from, id, &attributes)?;
        let parent = self.open.last_mut().map_or(NOTHING, |open| {
            let before = std::mem::replace(&mut open.last_child, id);
            let parent = open.id;
            let link = if before == NOTHING {
                self.elements
                    .get_mut(at(parent))
                    .map(|p| &mut p.first_child)
            } else {
                self.elements
                    .get_mut(at(before))
                    .map(|b| &mut b.next_sibling)
            };
            if let Some(link) = link {
                *link = id;
            }
            parent
        });
        self.elements.push(Element {
            parent,
            first_child: NOTHING,
            next_sibling: NOTHING,
            start: short(span.start),
            open_end: short(span.end),
            close_start: short(span.end),
            end: short(span.end),
            namespace,
            name: u16::try_from(name.len()).unwrap_or(0),
        });
        self.open.push(Open {
            id,
            last_child: NOTHING,
            declared,
        });
        Ok(())
    }

    fn end(&mut self, span: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        for prefix in open.declared {
            if let Some(stack) = self.scope.get_mut(prefix) {
                stack.pop();
            }
        }
        if let Some(element) = self.elements.get_mut(at(open.id)) {
            element.close_start = short(span.start);
            element.end = short(span.end);
        }
    }

    fn characters(&self, span: Range<usize>) -> Result<(), Fault> {
        let from = span.start;
        let text = self.text.get(span).unwrap_or_default();
        if self.open.is_empty() {
            if !text.bytes().all(is_space) {
                return fault(FaultKind::NotWellFormed, from, AROUND_THE_ROOT);
            }
        } else if text.contains("]]>") {
            return fault(FaultKind::NotWellFormed, from, "`]]>` in text");
        }
        Ok(())
    }

    fn reference(&self, span: Range<usize>) -> Result<(), Fault> {
        if self.open.is_empty() {
            return fault(FaultKind::NotWellFormed, span.start, AROUND_THE_ROOT);
        }
        let from = span.start;
        referenced(self.text.get(span).unwrap_or_default(), from).map(|_| ())
    }

    /// Takes in the namespace declarations of a start tag; gives the prefixes they bind.
    fn declare(
        &mut self,
        from: usize,
        attributes: &[Attribute<'t>],
    ) -> Result<Vec<&'t str>, Fault> {
        let mut declared = Vec::new();
        for attribute in attributes {
            let prefix = match (attribute.prefix, attribute.name) {
                ("", "xmlns") => "",
                ("xmlns", prefix) => prefix,
                _ => continue,
            };
            let uri = attribute.value.clone();
            let reserved = (prefix == "xml") != (uri == XML_NAMESPACE)
                || prefix == "xmlns"
                || uri == XMLNS_NAMESPACE;
            if reserved || (uri.is_empty() && !prefix.is_empty()) {
                let detail = "a namespace declaration that is not allowed";
                return fault(FaultKind::NotWellFormed, from, detail);
            }
            if declared.len() >= NAMESPACES {
                return fault(FaultKind::Limit, from, "too many namespace declarations");
            }
            let number = if uri.is_empty() {
                NO_NAMESPACE
            } else {
                self.number(uri)
            };
            self.scope.entry(prefix).or_default().push(number);
            declared.push(prefix);
        }
        Ok(declared)
    }

    fn number(&mut self, uri: Cow<'t, str>) -> u32 {
        if let Some(number) = self.numbers.get(&uri) {
            return *number;
        }
        let number = short(self.namespaces.len());
        self.namespaces.push(uri.clone());
        self.numbers.insert(uri, number);
        number
    }

    fn resolve(&mut self, prefix: &str, id: u32) -> u32 {
        let bound = self.scope.get(prefix).and_then(|stack| stack.last());
        match bound {
            Some(number) => *number,
            None if prefix.is_empty() => NO_NAMESPACE,
            None => {
                if self.unbound.last() != Some(&ElementId(id)) {
                    self.unbound.push(ElementId(id));
                }
                UNBOUND
            }
        }
    }

    /// No attribute twice, neither by its name nor by what the name is bound to.
    fn check_attributes(
        &mut self,
        from: usize,
        id: u32,
        attributes: &[Attribute<'t>],
    ) -> Result<(), Fault> {
        let mut names = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let namespace = match attribute.prefix {
                "" => (NO_NAMESPACE, ""),
                "xmlns" => (XMLNS_PREFIX, ""),
                prefix => match self.resolve(prefix, id) {
                    UNBOUND => (UNBOUND, prefix),
                    number => (number, ""),
                },
            };
            names.push((namespace, attribute.name));
            let named_id = attribute.name.eq_ignore_ascii_case("id");
            let is_utility = || match namespace {
                (number, "") => self
                    .namespaces
                    .get(at(number))
                    .is_some_and(|n| n == UTILITY),
                _ => false,
            };
            if named_id && (matches!(attribute.prefix, "" | "xml") || is_utility()) {
                self.identifiers
                    .push((attribute.span.clone(), ElementId(id)));
            }
        }
        names.sort_unstable();
        if names
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a == b))
        {
            return fault(FaultKind::NotWellFormed, from, "an attribute twice");
        }
        Ok(())
    }
}

fn some(id: u32) -> Option<ElementId> {
    (id != NOTHING).then_some(ElementId(id))
}

/// Offsets are kept in 32 bits: the document was refused where they do not fit.
fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn at(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";
/// The namespace of `wsu:Id`.
const UTILITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const AROUND_THE_ROOT: &str = "text before or after the document's one root element";
/// Namespace declarations of one element.
const NAMESPACES: usize = 64;
const NOTHING: u32 = u32::MAX;
const NO_NAMESPACE: u32 = u32::MAX;
const UNBOUND: u32 = u32::MAX - 1;
const XMLNS_PREFIX: u32 = u32::MAX - 2;
const NO_ELEMENT: Element = Element {
    parent: NOTHING,
    first_child: NOTHING,
    next_sibling: NOTHING,
    start: 0,
    open_end: 0,
    close_start: 0,
    end: 0,
    namespace: NO_NAMESPACE,
    name: 0,
};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Index<'_>, Fault> {
        Index::read(text.as_bytes(), &Limits::default())
    }

    fn kind(text: &str) -> FaultKind {
        read(text).map(|_| ()).unwrap_err().kind
    }

    #[test]
    fn spans_names_and_namespaces_are_those_of_the_document() {
        let text =
            "<?xml version='1.0'?>\n<a xmlns='urn:1' xmlns:p='urn:2'><p:b/><c xmlns=''>x</c></a>\n";
        let index = read(text).unwrap();
        let children: Vec<_> = index.children(index.root()).collect();
        assert_eq!(&text[index.span(children[0])], "<p:b/>");
        assert_eq!(index.namespace(children[0]), Namespace::Uri("urn:2"));
        assert_eq!(index.prefix(children[0]), "p");
        assert_eq!(&text[index.inner(children[1])], "x");
        assert_eq!(index.namespace(children[1]), Namespace::None);
        assert_eq!(index.path(children[1]), "/a/c");
        assert_eq!(index.attribute(index.root(), "xmlns").unwrap(), "urn:1");
    }

    #[test]
    fn text_is_the_same_with_comments_sections_and_references_in_it() {
        let index =
            read("<a>1<!-- < -->2<![CDATA[<&]]>&lt;&#x41;<?p x?><b>no</b>\r\n5\r</a>").unwrap();
        assert_eq!(index.text(index.root()), "12<&<A\n5\n");
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "x<a/>",
            "<a/>x",
            " <?xml version='1.0'?><a/>",
            "<a b='1' b='2'/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
            "<a b=1/>",
            "<a b='<'/>",
            "<a b='1'c='2'/>",
            "<a b/>",
            "<a>]]></a>",
            "<a>\u{1}</a>",
            "<a>&#0;</a>",
            "<a>& </a>",
            "<1a/>",
            "<a:b:c/>",
            "<a><!-- -- --></a>",
            "<a xmlns:p=''/>",
            "<a/><![CDATA[x]]>",
            "<a><?xml version='1.0'?></a>",
        ] {
            assert_eq!(kind(text), FaultKind::NotWellFormed, "{text}");
        }
    }

    #[test]
    fn a_document_type_and_foreign_entities_are_refused() {
        assert_eq!(kind("<!DOCTYPE a><a/>"), FaultKind::DocumentType);
        assert_eq!(
            kind("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"),
            FaultKind::DocumentType
        );
        assert_eq!(kind("<a>&x;</a>"), FaultKind::DocumentType);
        assert_eq!(kind("<a b='&x;'/>"), FaultKind::DocumentType);
    }

    #[test]
    fn an_encoding_that_lies_is_refused_and_utf_16_is_read() {
        assert_eq!(
            kind("<?xml version='1.0' encoding='utf-16'?><a/>"),
            FaultKind::InvalidOctets
        );
        assert_eq!(
            kind("<?xml version='1.0' encoding='utf-7'?><a/>"),
            FaultKind::Encoding
        );
        let wide: Vec<u8> = "\u{feff}<?xml version='1.0' encoding='UTF-16'?><a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let index = Index::read(&wide, &Limits::default()).unwrap();
        assert!(index.is_utf16());
        assert_eq!(index.text(index.root()), "é");
        let fault = Index::read(b"<a>\xff</a>", &Limits::default()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::InvalidOctets);
    }

    #[test]
    fn an_unbound_prefix_is_told_and_not_fatal() {
        let index = read("<a x:y='1'><z:b/></a>").unwrap();
        assert_eq!(index.unbound().len(), 2);
        let child = index.children(index.root()).next().unwrap();
        assert_eq!(index.namespace(child), Namespace::Unbound);
    }

    #[test]
    fn depth_attributes_and_elements_have_limits() {
        let limits = Limits {
            xml_depth: 3,
            xml_elements: 5,
            ..Limits::default()
        };
        let limited = |text: &str| Index::read(text.as_bytes(), &limits).map(|_| ());
        assert!(limited("<a><a><a/></a></a>").is_ok());
        assert_eq!(
            limited("<a><a><a><a/></a></a></a>").unwrap_err().kind,
            FaultKind::Limit
        );
        assert_eq!(
            limited("<a><b/><b/><b/><b/><b/></a>").unwrap_err().kind,
            FaultKind::Limit
        );
        let many: String = (0..300).map(|n| format!(" a{n}=''")).collect();
        assert_eq!(kind(&format!("<a{many}/>")), FaultKind::Limit);
    }

    #[test]
    fn identifiers_of_every_spelling_are_collected() {
        let index = read("<a Id='1'><b ID='2'/><c xml:id='3'/><d id='1'/></a>").unwrap();
        let values: Vec<_> = index.identifiers().map(|(value, _)| value).collect();
        assert_eq!(values, ["1", "2", "3", "1"]);
    }
}
