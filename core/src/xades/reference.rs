//! References: what they select, what their transforms make of it, and its digest (W3C XMLDSig 1.1
//! §4.4.3).
//!
//! Carried out are the transforms of the allow-list alone: enveloped-signature, once and first;
//! canonicalisation; base64 as the last of an element named by its identifier; XPath filter 2.0 in
//! the one form that takes signatures out. At most three for a reference. Everything is read from
//! the document at hand: no address, no file.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::crypto::{Digest, DigestAlgorithm, Hasher};
use crate::limits::Limits;
use crate::verdict::XmlFault;
use crate::xades::element::{bound, has_asides, is_named, lies_in, octets, unbase64};
use crate::xades::{DS, EXC_C14N, FILTER2, algorithm};
use crate::xml::{
    ElementId, Index, Method, canonicalize, canonicalize_document, canonicalize_element,
};

/// A document with what all its signatures share.
pub(crate) struct Document<'i, 'a> {
    pub(crate) index: &'i Index<'a>,
    pub(crate) limits: &'i Limits,
    identifiers: HashMap<Cow<'i, str>, (ElementId, u32)>,
    /// Octets that may still be canonicalised.
    budget: Cell<u64>,
    /// Paths that were told already: each costs a walk over all siblings.
    paths: RefCell<HashMap<ElementId, String>>,
}

impl<'i, 'a> Document<'i, 'a> {
    /// Collects the identifiers.
    pub(crate) fn new(index: &'i Index<'a>, limits: &'i Limits) -> Self {
        let mut identifiers: HashMap<Cow<'i, str>, (ElementId, u32)> = HashMap::new();
        let mut add = |value: Cow<'i, str>, id: ElementId| {
            let entry = identifiers.entry(value).or_insert((id, 0));
            entry.1 = entry.1.saturating_add(1);
        };
        for (literal, id) in index.identifiers() {
            if literal.contains(['&', '\t', '\n', '\r']) {
                // As a reader sees it, not as it is spelled.
                for attribute in index.attributes(id) {
                    if attribute.name.eq_ignore_ascii_case("id") {
                        add(attribute.value, id);
                    }
                }
            } else {
                add(Cow::Borrowed(literal), id);
            }
        }
        let size = u64::try_from(index.document().len()).unwrap_or(u64::MAX);
        Self {
            index,
            limits,
            identifiers,
            paths: RefCell::new(HashMap::new()),
            budget: Cell::new(limits.xml_work.saturating_add(size.saturating_mul(2))),
        }
    }

    /// The path of an element.
    pub(crate) fn path(&self, element: ElementId) -> String {
        let mut paths = self.paths.borrow_mut();
        let path = paths.entry(element);
        path.or_insert_with(|| self.index.path(element)).clone()
    }

    /// The one element of an identifier.
    pub(crate) fn by_id(&self, id: &str) -> Result<ElementId, XmlFault> {
        match self.identifiers.get(id) {
            None => Err(XmlFault::NotFound),
            Some((element, 1)) => Ok(*element),
            Some(_) => Err(XmlFault::DuplicateId),
        }
    }

    /// Takes this many octets from what may still be canonicalised.
    fn take(&self, octets: usize) -> Result<(), Trouble> {
        // Small pieces cost, too.
        let octets = u64::try_from(octets).unwrap_or(u64::MAX);
        let octets = octets.saturating_add(EACH);
        let left = self
            .budget
            .get()
            .checked_sub(octets)
            .ok_or(Trouble::Limit)?;
        self.budget.set(left);
        Ok(())
    }

    /// The canonical octets of an element, in pieces.
    pub(crate) fn canonical(
        &self,
        element: ElementId,
        without: &[ElementId],
        method: &Method,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Trouble> {
        // Every tag around it is read each time, for what it declares.
        let mut around = 0_usize;
        let mut current = self.index.parent(element);
        while let Some(id) = current {
            let tag = self.index.span(id).start..self.index.inner(id).start;
            around = around.saturating_add(tag.len());
            current = self.index.parent(id);
        }
        let octets = self.index.span(element).len();
        self.take(octets.saturating_add(around.saturating_mul(4)))?;
        let made = canonicalize_element(self.index, element, without, method, self.limits, sink);
        made.map_err(|_| Trouble::Fault(XmlFault::Malformed))
    }
}

/// Why octets could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Fault(XmlFault),
    Limit,
}

impl From<XmlFault> for Trouble {
    fn from(fault: XmlFault) -> Self {
        Self::Fault(fault)
    }
}

/// What a reference selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The whole document.
    Document,
    /// An element with all that is in it.
    Element(ElementId),
}

/// A `Reference` as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// Its `Id`.
    pub(crate) id: Option<String>,
    /// Its `URI`; nothing where it has none.
    pub(crate) uri: Option<String>,
    /// The digest algorithm, or its URI where it is not offered.
    pub(crate) algorithm: Result<DigestAlgorithm, String>,
    /// The digest that it states.
    pub(crate) value: Vec<u8>,
    /// What it selects and how; or why that cannot be done.
    pub(crate) selected: Result<Selected, XmlFault>,
}

/// What a reference selects and what its transforms make of it.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// What.
    pub(crate) target: Target,
    /// The elements taken out of it.
    pub(crate) without: Vec<ElementId>,
    /// The canonicalisations, one after the other; none where the result is left to the default.
    methods: Vec<Method>,
    /// Whether the text is decoded at the end.
    pub(crate) decoded: bool,
    /// Whether comments are selected: an XPointer does, a bare name does not (§4.4.3.3).
    comments: bool,
}

impl Reference {
    /// Reads a `Reference` of the signature `own`; nothing where it is not built as the schema says.
    pub(crate) fn read(
        document: &Document<'_, '_>,
        element: ElementId,
        own: ElementId,
    ) -> Option<Self> {
        let index = document.index;
        let mut children = index.children(element).peekable();
        let transforms = children.next_if(|id| is_named(index, *id, DS, "Transforms"));
        let method = children
            .next()
            .filter(|id| is_named(index, *id, DS, "DigestMethod"))?;
        let value = children
            .next()
            .filter(|id| is_named(index, *id, DS, "DigestValue"))?;
        if children.next().is_some() {
            return None;
        }
        let attribute = |name: &str| index.attribute(element, name).map(Cow::into_owned);
        let uri = attribute("URI");
        let algorithm = index.attribute(method, "Algorithm").unwrap_or_default();
        Some(Self {
            id: attribute("Id"),
            algorithm: algorithm::digest(&algorithm),
            value: octets(index, value)?,
            selected: select(document, uri.as_deref(), transforms, own),
            uri,
        })
    }

    /// What it is called in reports.
    pub(crate) fn name(&self) -> String {
        match &self.uri {
            Some(uri) => format!("URI=\"{uri}\""),
            None => "Reference without URI".into(),
        }
    }

    /// The digest of the octets.
    pub(crate) fn digest(&self, document: &Document<'_, '_>) -> Result<Option<Digest>, Trouble> {
        let Ok(algorithm) = self.algorithm else {
            return Ok(None);
        };
        let mut hasher = Hasher::new(algorithm);
        self.octets(document, None, &mut |piece| hasher.update(piece))?;
        Ok(Some(hasher.finish()))
    }

    /// Whether the octets have the stated digest once these elements are taken out, too.
    pub(crate) fn holds_without(
        &self,
        document: &Document<'_, '_>,
        further: &[ElementId],
    ) -> Result<bool, Trouble> {
        let (Ok(algorithm), Ok(selected)) = (&self.algorithm, &self.selected) else {
            return Ok(false);
        };
        let mut selected = selected.clone();
        selected.without.extend_from_slice(further);
        let mut hasher = Hasher::new(*algorithm);
        selected.octets(document, None, &mut |piece| hasher.update(piece))?;
        Ok(hasher.finish().as_bytes() == self.value)
    }

    /// The octets that are digested, in pieces. `default` is the canonicalisation of a result that
    /// is still a set of nodes; Canonical XML 1.0 where it is not given.
    pub(crate) fn octets(
        &self,
        document: &Document<'_, '_>,
        default: Option<&Method>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Trouble> {
        let selected = self.selected.as_ref().map_err(|fault| *fault)?;
        selected.octets(document, default, sink)
    }
}

impl Selected {
    /// As [`Reference::octets`].
    pub(crate) fn octets(
        &self,
        document: &Document<'_, '_>,
        default: Option<&Method>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Trouble> {
        let index = document.index;
        if self.decoded {
            let Target::Element(element) = self.target else {
                return Err(XmlFault::Transform.into());
            };
            document.take(index.span(element).len())?;
            let octets = unbase64(&index.text(element)).ok_or(XmlFault::Malformed)?;
            sink(&octets);
            return Ok(());
        }
        let inclusive = Method::inclusive();
        let first = self.methods.first().or(default).unwrap_or(&inclusive);
        let first = match self.comments {
            true => first.clone(),
            false => first.clone().without_comments(),
        };
        let further = self.methods.get(1..).unwrap_or_default();
        if further.is_empty() {
            return self.canonical(document, &first, sink);
        }
        let mut octets = Vec::new();
        self.canonical(document, &first, &mut |piece| {
            octets.extend_from_slice(piece)
        })?;
        for (position, method) in further.iter().enumerate() {
            document.take(octets.len())?;
            let mut next = Vec::new();
            let is_last = position.saturating_add(1) == further.len();
            let made = canonicalize(&octets, method, document.limits, |piece| match is_last {
                true => sink(piece),
                false => next.extend_from_slice(piece),
            });
            made.map_err(|_| Trouble::Fault(XmlFault::Malformed))?;
            octets = next;
        }
        Ok(())
    }

    fn canonical(
        &self,
        document: &Document<'_, '_>,
        method: &Method,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Trouble> {
        match self.target {
            Target::Element(element) => document.canonical(element, &self.without, method, sink),
            Target::Document => {
                document.take(document.index.document().len())?;
                let (index, limits) = (document.index, document.limits);
                canonicalize_document(index, &self.without, method, limits, sink)
                    .map_err(|_| Trouble::Fault(XmlFault::Malformed))
            }
        }
    }
}

fn select(
    document: &Document<'_, '_>,
    uri: Option<&str>,
    transforms: Option<ElementId>,
    own: ElementId,
) -> Result<Selected, XmlFault> {
    let index = document.index;
    let mut comments = false;
    let target = match uri {
        Some("") => Target::Document,
        Some(uri) => {
            let name = uri.strip_prefix('#').ok_or(XmlFault::External)?;
            if name == "xpointer(/)" {
                comments = true;
                Target::Document
            } else if let Some(id) = pointed(name) {
                comments = true;
                Target::Element(document.by_id(id)?)
            } else if name.is_empty() || name.contains('(') {
                return Err(XmlFault::External);
            } else {
                Target::Element(document.by_id(name)?)
            }
        }
        None => return Err(XmlFault::External),
    };
    let mut selected = Selected {
        target,
        without: Vec::new(),
        methods: Vec::new(),
        decoded: false,
        comments,
    };
    let Some(transforms) = transforms else {
        return Ok(selected);
    };
    for (position, transform) in index.children(transforms).enumerate() {
        if position >= TRANSFORMS || selected.decoded {
            return Err(XmlFault::Transform);
        }
        if !is_named(index, transform, DS, "Transform") {
            return Err(XmlFault::Malformed);
        }
        let uri = index.attribute(transform, "Algorithm").unwrap_or_default();
        match &*uri {
            ENVELOPED if position == 0 => selected.without.push(own),
            FILTER2 if selected.methods.is_empty() => {
                let taken = subtracted(index, transform, own).ok_or(XmlFault::Transform)?;
                selected.without.extend(taken);
            }
            BASE64 if position == 0 && matches!(target, Target::Element(_)) => {
                let Target::Element(element) = target else {
                    return Err(XmlFault::Transform);
                };
                if index.children(element).next().is_some() {
                    return Err(XmlFault::Transform);
                }
                // Two readers may take two texts of it otherwise.
                if has_asides(index, element) {
                    return Err(XmlFault::Ambiguous);
                }
                selected.decoded = true;
            }
            _ => {
                let method = method(index, transform).ok_or(XmlFault::Transform)?;
                selected.methods.push(method);
            }
        }
    }
    // A transform that takes everything out signs nothing.
    if let Target::Element(element) = target
        && selected
            .without
            .iter()
            .any(|taken| lies_in(index, element, *taken))
    {
        return Err(XmlFault::NothingSigned);
    }
    Ok(selected)
}

/// The identifier in `xpointer(id('…'))`, the other form that XMLDSig knows.
fn pointed(name: &str) -> Option<&str> {
    let inside = name.strip_prefix("xpointer(id(")?.strip_suffix("))")?;
    let id = match inside.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'')?,
        None => inside.strip_prefix('"')?.strip_suffix('"')?,
    };
    (!id.is_empty() && !id.contains(['\'', '"', '(', ')'])).then_some(id)
}

/// The canonicalisation that a `Transform` or `CanonicalizationMethod` names.
pub(crate) fn method(index: &Index<'_>, element: ElementId) -> Option<Method> {
    let uri = index.attribute(element, "Algorithm")?;
    let method = Method::from_uri(&uri)?;
    let mut children = index.children(element);
    let Some(list) = children.next() else {
        return Some(method);
    };
    if children.next().is_some() || !is_named(index, list, EXC_C14N, "InclusiveNamespaces") {
        return None;
    }
    let prefixes = index.attribute(list, "PrefixList").unwrap_or_default();
    method.with_prefix_list(&prefixes)
}

/// The signatures that an XPath filter of the one known form takes out.
fn subtracted(index: &Index<'_>, transform: ElementId, own: ElementId) -> Option<Vec<ElementId>> {
    let mut children = index.children(transform);
    let filter = children
        .next()
        .filter(|id| is_named(index, *id, FILTER2, "XPath"))?;
    let is_only = children.next().is_none() && index.children(filter).next().is_none();
    if !is_only || index.attribute(filter, "Filter")? != "subtract" || has_asides(index, filter) {
        return None;
    }
    let text = index.text(filter);
    let text = text.trim();
    let named = |rest: &str| {
        let prefix = rest.strip_suffix("Signature")?.strip_suffix(':')?;
        (bound(index, filter, prefix)? == DS).then_some(())
    };
    if let Some(rest) = text.strip_prefix("here()/ancestor::") {
        named(rest.strip_suffix("[1]")?)?;
        return Some(vec![own]);
    }
    let rest = text
        .strip_prefix("/descendant::")
        .or_else(|| text.strip_prefix("//"))?;
    named(rest)?;
    let mut taken: Vec<ElementId> = Vec::new();
    for element in index.elements() {
        let is_inside = taken
            .last()
            .is_some_and(|last| lies_in(index, element, *last));
        if !is_inside && is_named(index, element, DS, "Signature") {
            taken.push(element);
        }
    }
    Some(taken)
}

pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
/// What a piece costs beside its octets.
const EACH: u64 = 2_048;
/// Transforms of one reference.
const TRANSFORMS: usize = 3;
