//! How far signatures reach: which elements are covered, by path and span, and which are not.

use std::collections::HashSet;
use std::ops::Range;

use crate::error::Place;
use crate::report::Finding;
use crate::verdict::{Reason, XmlFault};
use crate::xades::element::{is_named, lies_in};
use crate::xades::properties::Properties;
use crate::xades::reference::{Document, Reference, Selected, Target};
use crate::xades::signature::Dsig;
use crate::xades::{DS, XINCLUDE};
use crate::xml::{ElementId, Index, Namespace};

/// What one reference covers.
#[derive(Clone, Debug)]
pub(crate) struct Covered {
    /// The document or the element.
    pub(crate) target: Target,
    /// What it is to the signature.
    pub(crate) role: Role,
    /// The path of the element; of the document, that of its root.
    pub(crate) path: String,
    /// Where it stands, in octets.
    pub(crate) span: Range<usize>,
    /// Whether what is signed is what its base64 text decodes to.
    pub(crate) decoded: bool,
    /// Whether its octets have the signed digest.
    pub(crate) is_intact: bool,
}

/// What a covered element is to its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Content.
    Content,
    /// The value of another signature.
    Counter,
    /// A part of the signature itself, or nothing.
    Own,
}

impl Covered {
    pub(crate) fn new(
        document: &Document<'_, '_>,
        signature: ElementId,
        selected: &Selected,
        properties: Properties,
        is_intact: bool,
    ) -> Self {
        let index = document.index;
        let element = match selected.target {
            Target::Document => index.root(),
            Target::Element(element) => element,
        };
        let role = match selected.target {
            Target::Document if element == signature => Role::Own,
            Target::Document => Role::Content,
            Target::Element(element) => role(index, signature, element, properties),
        };
        Self {
            target: selected.target,
            role,
            path: document.path(element),
            span: match selected.target {
                Target::Document => 0..index.document().len(),
                Target::Element(element) => index.span(element),
            },
            decoded: selected.decoded,
            is_intact,
        }
    }
}

fn role(
    index: &Index<'_>,
    signature: ElementId,
    element: ElementId,
    properties: Properties,
) -> Role {
    if is_blank(index, element) {
        return Role::Own;
    }
    let around = std::iter::successors(Some(element), |id| index.parent(*id));
    let nearest = around
        .take_while(|id| *id != signature)
        .find(|id| is_named(index, *id, DS, "Signature"));
    if is_named(index, element, DS, "SignatureValue") && nearest.is_some() {
        return Role::Counter;
    }
    if !lies_in(index, element, signature) || element == signature {
        return Role::Content;
    }
    if nearest.is_some() {
        return Role::Content;
    }
    // Inside its own signature only what an Object holds is content, and not its own properties.
    let object = std::iter::successors(Some(element), |id| index.parent(*id))
        .find(|id| index.parent(*id) == Some(signature));
    let Some(object) = object.filter(|id| is_named(index, *id, DS, "Object")) else {
        return Role::Own;
    };
    let only_properties = index
        .children(object)
        .all(|id| index.local_name(id) == "SignatureProperties")
        && index.children(object).next().is_some();
    if Some(object) == properties.object || only_properties {
        Role::Own
    } else {
        Role::Content
    }
}

/// Whether nothing stands in an element: no element, no text, no attribute that says something.
fn is_blank(index: &Index<'_>, element: ElementId) -> bool {
    index.children(element).next().is_none()
        && index.text(element).trim().is_empty()
        && index.attributes(element).iter().all(|attribute| {
            attribute.prefix == "xmlns"
                || attribute.name == "xmlns"
                || attribute.name.eq_ignore_ascii_case("id")
        })
}

/// The entries of a signed `Manifest` (XMLDSig 1.1 §5.1): reported, and held against the document.
pub(crate) struct Manifest {
    /// What each entry is.
    pub(crate) findings: Vec<Finding>,
    /// Whether at least one entry has its digest.
    pub(crate) holds: bool,
    /// An entry that does not.
    pub(crate) broken: Option<String>,
}

impl Manifest {
    pub(crate) fn read(
        document: &Document<'_, '_>,
        manifest: ElementId,
        signature: ElementId,
    ) -> Self {
        let index = document.index;
        let mut all = Self {
            findings: Vec::new(),
            holds: false,
            broken: None,
        };
        for (position, entry) in index.children(manifest).enumerate() {
            let reference = Reference::read(document, entry, signature);
            let Some(reference) = reference.filter(|_| position < ENTRIES) else {
                all.broken = Some(index.path(entry));
                break;
            };
            let name = reference.name();
            let computed = reference.digest(document).ok().flatten();
            let (vi, en) = match computed {
                Some(computed) if computed.as_bytes() == reference.value => {
                    all.holds = true;
                    ("mục của Manifest khớp", "an entry of the manifest holds")
                }
                Some(_) => {
                    all.broken.get_or_insert_with(|| name.clone());
                    (
                        "mục của Manifest không khớp",
                        "an entry of the manifest does not hold",
                    )
                }
                None => (
                    "mục của Manifest không kiểm tra được trong tệp này",
                    "an entry of the manifest cannot be checked within this file",
                ),
            };
            all.findings.push(finding(
                "xml.manifest_entry",
                index.path(entry),
                format!("{vi}: {name}"),
                format!("{en}: {name}"),
            ));
        }
        all
    }
}

/// Notes for every signature what it covers and what it does not, and what speaks against that.
pub(crate) fn reach(document: &Document<'_, '_>, all: &mut [Dsig]) {
    let index = document.index;
    let signatures = Spans::new(
        index
            .elements()
            .filter(|id| is_named(index, *id, DS, "Signature"))
            .map(|id| index.span(id)),
    );
    let include = index
        .elements()
        .find(|id| index.namespace(*id) == Namespace::Uri(XINCLUDE))
        .map(|id| index.path(id));
    let everything = Spans::new(all.iter().flat_map(|dsig| content(&dsig.covered)));
    let wrapped = wrapped(index, all, &everything, &signatures);
    for dsig in all {
        if let Some(path) = &include {
            dsig.fault(XmlFault::Include, path.clone());
        }
        if let Some(path) = &wrapped
            && dsig.covered.iter().any(|one| one.role == Role::Content)
        {
            dsig.fault(XmlFault::Wrapped, path.clone());
        }
        let own = Spans::new(content(&dsig.covered));
        describe(index, dsig, &own, &signatures);
    }
}

fn content(covered: &[Covered]) -> impl Iterator<Item = Range<usize>> + '_ {
    covered
        .iter()
        .filter(|one| one.role != Role::Own)
        .map(|one| one.span.clone())
}

/// Names what is covered, and the largest parts that are not.
fn describe(index: &Index<'_>, dsig: &mut Dsig, own: &Spans, signatures: &Spans) {
    let mut findings = Vec::new();
    let mut named: HashSet<(usize, usize, bool)> = HashSet::new();
    for one in dsig.covered.iter().filter(|one| one.role != Role::Own) {
        if !named.insert((one.span.start, one.span.end, one.is_intact)) {
            continue;
        }
        let (vi, en) = match (one.is_intact, one.decoded) {
            (true, false) => ("đã ký, còn nguyên", "signed and intact"),
            (true, true) => (
                "đã ký, còn nguyên (nội dung sau khi giải mã base64)",
                "signed and intact (what its base64 text decodes to)",
            ),
            (false, _) => ("đã ký, không còn khớp", "signed and changed since"),
        };
        let span = format!("{}–{}", one.span.start, one.span.end);
        findings.push(finding(
            "xml.covered",
            one.path.clone(),
            format!("{vi}; byte {span}"),
            format!("{en}; octets {span}"),
        ));
    }
    let root = index.root();
    let mut further = 0_usize;
    let mut shown = 0_usize;
    let mut open = vec![root];
    let mut visited = 0_usize;
    while let Some(element) = open.pop() {
        visited = visited.saturating_add(1);
        if visited > VISITED {
            // A thousand signatures in a file of millions of elements are not each walked to the end.
            further = further.saturating_add(1);
            break;
        }
        let span = index.span(element);
        if own.covers(&span) {
            continue;
        }
        let is_signature = is_named(index, element, DS, "Signature");
        let is_around = own.begins_inside(&span) || signatures.begins_inside(&span);
        let is_part = element == dsig.element
            || (is_signature && !own.begins_inside(&span))
            || is_own_part(index, element, dsig.element);
        if is_part && element != dsig.element {
            continue;
        }
        if is_around || element == dsig.element {
            let children: Vec<ElementId> = index.children(element).take(VISITED).collect();
            open.extend(children.into_iter().rev());
            continue;
        }
        if shown >= SHOWN {
            further = further.saturating_add(1);
            continue;
        }
        shown = shown.saturating_add(1);
        let span = format!("{}–{}", span.start, span.end);
        findings.push(finding(
            "xml.not_covered",
            index.path(element),
            format!("không được ký; byte {span}"),
            format!("not signed; octets {span}"),
        ));
    }
    if further > 0 {
        findings.push(Finding {
            code: "xml.not_covered",
            place: None,
            message_vi: format!("và ít nhất {further} phần tử khác không được ký"),
            message_en: format!("and at least {further} further elements are not signed"),
        });
    }
    dsig.whole = own.covers(&index.span(root)) || (root == dsig.element && shown == 0);
    findings.append(&mut dsig.findings);
    dsig.findings = findings;
}

/// Whether an element is a part of the signature that is no content: its properties among them.
fn is_own_part(index: &Index<'_>, element: ElementId, signature: ElementId) -> bool {
    if index.parent(element) != Some(signature) {
        return false;
    }
    let is_object = is_named(index, element, DS, "Object");
    let is_about = |id: ElementId| {
        matches!(
            index.local_name(id),
            "QualifyingProperties" | "SignatureProperties" | "Manifest"
        )
    };
    !is_object || index.children(element).all(is_about)
}

/// The path of an element that is called as a signed one, and that no signature covers: a reader who
/// looks for the name finds the one or the other.
fn wrapped(
    index: &Index<'_>,
    all: &[Dsig],
    everything: &Spans,
    signatures: &Spans,
) -> Option<String> {
    let mut names: HashSet<(&str, String)> = HashSet::new();
    let key = |id: ElementId| {
        let namespace = match index.namespace(id) {
            Namespace::Uri(uri) => uri.to_owned(),
            _ => String::new(),
        };
        (index.local_name(id), namespace)
    };
    for one in all.iter().flat_map(|dsig| &dsig.covered) {
        match one.target {
            Target::Element(element)
                if one.role == Role::Content && index.namespace(element) != Namespace::Uri(DS) =>
            {
                names.insert(key(element));
            }
            Target::Document if one.role == Role::Content => return None,
            _ => {}
        }
    }
    if names.is_empty() {
        return None;
    }
    let locals: HashSet<&str> = names.iter().map(|(local, _)| *local).collect();
    index
        .elements()
        .filter(|id| locals.contains(index.local_name(*id)) && names.contains(&key(*id)))
        .find(|id| {
            let span = index.span(*id);
            !everything.covers(&span) && !signatures.covers(&span)
        })
        .map(|id| index.path(id))
}

/// Reasons for the parts that a signature has to cover and does not.
pub(crate) fn demanded(index: &Index<'_>, covered: &[Covered], parts: &[ElementId]) -> Vec<Reason> {
    let own = Spans::new(content(covered));
    let missing = parts.iter().filter(|id| !own.covers(&index.span(**id)));
    missing
        .take(SHOWN)
        .map(|id| Reason::Xml {
            fault: XmlFault::NotCovered,
            what: index.path(*id),
        })
        .collect()
}

/// Spans of elements: two of them are apart, or one lies in the other.
struct Spans(Vec<Range<usize>>);

impl Spans {
    /// The outermost, in order.
    fn new(spans: impl Iterator<Item = Range<usize>>) -> Self {
        let mut all: Vec<Range<usize>> = spans.collect();
        all.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut outermost: Vec<Range<usize>> = Vec::new();
        for span in all {
            if outermost.last().is_none_or(|last| span.end > last.end) {
                outermost.push(span);
            }
        }
        Self(outermost)
    }

    fn covers(&self, span: &Range<usize>) -> bool {
        let after = self.0.partition_point(|one| one.start <= span.start);
        let before = after.checked_sub(1).and_then(|at| self.0.get(at));
        before.is_some_and(|one| span.end <= one.end)
    }

    fn begins_inside(&self, span: &Range<usize>) -> bool {
        let first = self.0.partition_point(|one| one.start < span.start);
        self.0.get(first).is_some_and(|one| one.start < span.end)
    }
}

fn finding(code: &'static str, path: String, message_vi: String, message_en: String) -> Finding {
    Finding {
        code,
        place: Some(Place::Element(path)),
        message_vi,
        message_en,
    }
}

/// Parts that are not signed, as many as a report names.
const SHOWN: usize = 16;
/// Elements that are looked at for what a signature leaves out.
const VISITED: usize = 20_000;
/// Entries of one manifest.
const ENTRIES: usize = 1_000;
