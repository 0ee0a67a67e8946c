//! One `Signature` element: read strictly, its references digested, its time-stamps made ready.

use std::rc::Rc;

use crate::limits::Limits;
use crate::report::{Changes, ContentJudgement, Coverage, Finding};
use crate::validate::{Candidate, Material, Opened, Part, Profile, Protected};
use crate::verdict::{Reason, XmlFault};
use crate::xades::element::{has_asides, is_named, lies_in, octets};
use crate::xades::key_info::KeyInfo;
use crate::xades::properties::{
    Around, Properties, Signed, Unsigned, is_counter_place, time, value_name,
};
use crate::xades::reach::{Covered, Manifest, Role};
use crate::xades::reference::{Document, Reference, Target, Trouble, method};
use crate::xades::{DS, algorithm};
use crate::xml::{ElementId, Index};

/// Every `Signature` of a document, in its order; and whether there are more than the limit.
pub(crate) fn find(index: &Index<'_>, limits: &Limits) -> (Vec<ElementId>, bool) {
    let mut all = index
        .elements()
        .filter(|id| is_named(index, *id, DS, "Signature"));
    let found: Vec<ElementId> = all.by_ref().take(limits.signatures).collect();
    (found, all.next().is_some())
}

/// The references of a signature, in order; nothing for one that is not built as it must be.
pub(crate) fn references(
    document: &Document<'_, '_>,
    signature: ElementId,
) -> Vec<Option<Reference>> {
    let index = document.index;
    let Some(signed_info) = Parts::of(index, signature).signed_info else {
        return Vec::new();
    };
    index
        .children(signed_info)
        .filter(|id| is_named(index, *id, DS, "Reference"))
        .take(REFERENCES)
        .map(|id| Reference::read(document, id, signature))
        .collect()
}

/// A signature, read and digested.
#[derive(Debug)]
pub(crate) struct Dsig {
    /// The element.
    pub(crate) element: ElementId,
    /// What it is called: its `Id`, else its path.
    pub(crate) id: String,
    /// Its references.
    pub(crate) references: Vec<Reference>,
    /// What each covers, as far as it could be found.
    pub(crate) covered: Vec<Covered>,
    /// What is wrong with its form and reach.
    pub(crate) form: Vec<Reason>,
    /// What the report says of its reach.
    pub(crate) findings: Vec<Finding>,
    /// Whether the document element is covered.
    pub(crate) whole: bool,
    opened: Opened,
}

/// The parts of a `Signature`, the first of each.
#[derive(Default)]
struct Parts {
    signed_info: Option<ElementId>,
    value: Option<ElementId>,
    key_info: Option<ElementId>,
    objects: Vec<ElementId>,
    is_odd: bool,
}

impl Parts {
    /// `SignedInfo, SignatureValue, KeyInfo?, Object*`, and nothing else.
    fn of(index: &Index<'_>, signature: ElementId) -> Self {
        let mut parts = Self::default();
        let mut stage = 0;
        for child in index.children(signature) {
            let place = match index.local_name(child) {
                _ if !is_named(index, child, DS, index.local_name(child)) => 9,
                "SignedInfo" => 1,
                "SignatureValue" => 2,
                "KeyInfo" => 3,
                "Object" => 4,
                _ => 9,
            };
            let follows = match place {
                1 | 2 => stage + 1 == place,
                3 => stage == 2,
                4 => stage >= 2,
                _ => false,
            };
            parts.is_odd |= !follows;
            match place {
                1 => _ = parts.signed_info.get_or_insert(child),
                2 => _ = parts.value.get_or_insert(child),
                3 => _ = parts.key_info.get_or_insert(child),
                4 if parts.objects.len() < OBJECTS => parts.objects.push(child),
                4 => parts.is_odd = true,
                _ => {}
            }
            if place != 9 {
                stage = stage.max(place);
            }
        }
        parts.is_odd |= parts.signed_info.is_none() || parts.value.is_none();
        parts
    }
}

impl Dsig {
    /// Reads a `Signature` and digests everything that judgement needs.
    pub(crate) fn read(document: &Document<'_, '_>, element: ElementId) -> Self {
        let index = document.index;
        let path = index.path(element);
        let id = index
            .attribute(element, "Id")
            .filter(|id| !id.is_empty())
            .map_or_else(|| path.clone(), std::borrow::Cow::into_owned);
        let mut dsig = Self {
            element,
            id,
            references: Vec::new(),
            covered: Vec::new(),
            form: Vec::new(),
            findings: Vec::new(),
            whole: false,
            opened: Opened {
                format: "XMLDSIG",
                ..Opened::default()
            },
        };
        let parts = Parts::of(index, element);
        if parts.is_odd {
            dsig.fault(XmlFault::Malformed, path.clone());
        }
        if let Err(Trouble::Limit) = dsig.fill(document, &parts) {
            dsig.form.push(Reason::Limit {
                what: "octets that are canonicalised".into(),
            });
        }
        dsig
    }

    /// Notes a fault, once.
    pub(crate) fn fault(&mut self, fault: XmlFault, what: String) {
        let reason = Reason::Xml { fault, what };
        if !self.form.contains(&reason) {
            self.form.push(reason);
        }
    }

    fn fill(&mut self, document: &Document<'_, '_>, parts: &Parts) -> Result<(), Trouble> {
        let index = document.index;
        if let Some(key_info) = parts.key_info {
            let info = KeyInfo::read(index, key_info);
            if info.is_damaged {
                self.fault(XmlFault::Malformed, index.path(key_info));
            }
            self.opened.certificates = info.certificates;
            self.opened.key = info.key;
            self.opened.serials = info.serials;
            let crls = info.crls.into_iter().map(Material::Crl);
            self.opened.material = crls.collect();
        }
        let value = parts.value.and_then(|value| octets(index, value));
        let has_value = value.as_ref().is_some_and(|value| !value.is_empty());
        self.opened.value = value.unwrap_or_default();
        self.opened.value_sha256 = value_name(&self.opened.value);
        for part in [parts.signed_info, parts.value].into_iter().flatten() {
            if has_asides(index, part) {
                self.fault(XmlFault::Ambiguous, index.path(part));
            }
        }
        let Some(signed_info) = parts.signed_info else {
            return Ok(());
        };
        self.signed_info(document, signed_info)?;
        // The value of an algorithm that is not offered may look like anything.
        if let Some(value) = parts.value
            && !has_value
            && !matches!(self.opened.algorithm, Some(Err(_)))
        {
            self.fault(XmlFault::Malformed, index.path(value));
        }
        self.digest(document)?;
        let properties = Properties::find(index, &parts.objects);
        self.cover(document, parts, properties);
        let mut signed = Signed::default();
        if let Some(element) = properties.signed {
            if self.signs(index, element) {
                signed = Signed::read(index, element);
            } else {
                self.fault(XmlFault::PropertiesNotSigned, index.path(element));
            }
        }
        self.opened.claimed = signed.time.or_else(|| self.plain_time(index, parts));
        self.opened.demands_name = properties.qualifying.is_some()
            && !parts.key_info.is_some_and(|info| self.signs(index, info));
        if let Some(value) = parts.value {
            let around = Around {
                signed_info,
                value,
                key_info: parts.key_info,
                objects: &parts.objects,
                properties,
                references: &self.references,
            };
            let unsigned = Unsigned::read(document, &around, &signed)?;
            if unsigned.is_cut {
                self.form.push(Reason::Limit {
                    what: "time-stamps of one signature".into(),
                });
            }
            if properties.qualifying.is_some() {
                self.opened.format = unsigned.format(!signed.certificates.is_empty());
            }
            // What stood in KeyInfo stands before all of it.
            let first = self.opened.material.len();
            self.opened.stamps = unsigned.stamps;
            for stamp in &mut self.opened.stamps {
                stamp.material = stamp.material.saturating_add(first);
            }
            self.opened.material.extend(unsigned.material);
        }
        self.opened.named = signed.certificates;
        let place = index.parent(self.element);
        self.opened.is_counter = place.is_some_and(|id| is_counter_place(index, id))
            || self.covered.iter().any(|one| one.role == Role::Counter);
        Ok(())
    }

    /// `CanonicalizationMethod, SignatureMethod, Reference+`, and the octets that are signed.
    fn signed_info(
        &mut self,
        document: &Document<'_, '_>,
        signed_info: ElementId,
    ) -> Result<(), Trouble> {
        let index = document.index;
        let mut children = index.children(signed_info);
        let mut next = |name: &str| children.next().filter(|id| is_named(index, *id, DS, name));
        let canonicalization = next("CanonicalizationMethod");
        let signature_method = next("SignatureMethod");
        let (Some(canonicalization), Some(signature_method)) = (canonicalization, signature_method)
        else {
            self.fault(XmlFault::Malformed, index.path(signed_info));
            return Ok(());
        };
        self.opened.algorithm = Some(algorithm::signature(index, signature_method));
        for (position, child) in children.enumerate() {
            if position >= REFERENCES {
                self.form.push(Reason::Limit {
                    what: "references of one signature".into(),
                });
                break;
            }
            let is_one = is_named(index, child, DS, "Reference");
            match Reference::read(document, child, self.element).filter(|_| is_one) {
                Some(reference) => self.references.push(reference),
                None => self.fault(XmlFault::Malformed, index.path(child)),
            }
        }
        if self.references.is_empty() {
            self.fault(XmlFault::Malformed, index.path(signed_info));
        }
        let Some(method) = method(index, canonicalization) else {
            let uri = index.attribute(canonicalization, "Algorithm");
            let uri = uri.unwrap_or_default().into_owned();
            // The octets that the value is over cannot be made.
            self.opened.algorithm = Some(Err(uri.clone()));
            self.fault(XmlFault::Transform, uri);
            return Ok(());
        };
        let mut message = Vec::new();
        document.canonical(signed_info, &[], &method, &mut |piece| {
            message.extend_from_slice(piece);
        })?;
        self.opened.message = message;
        Ok(())
    }

    fn digest(&mut self, document: &Document<'_, '_>) -> Result<(), Trouble> {
        let mut faults = Vec::new();
        let mut limit = Ok(());
        for reference in &self.references {
            let (computed, fault) = match reference.digest(document) {
                Ok(computed) => (computed, None),
                Err(Trouble::Fault(fault)) => (None, Some(fault)),
                Err(Trouble::Limit) => {
                    limit = Err(Trouble::Limit);
                    (None, None)
                }
            };
            if let Some(fault) = fault {
                faults.push((fault, reference.name()));
            }
            self.opened.parts.push(Part {
                algorithm: reference.algorithm.clone(),
                signed: reference.value.clone(),
                computed,
                is_unsupported: fault == Some(XmlFault::Transform) || reference.algorithm.is_err(),
            });
        }
        for (fault, name) in faults {
            self.fault(fault, name);
        }
        limit
    }

    /// What each reference covers.
    fn cover(&mut self, document: &Document<'_, '_>, parts: &Parts, properties: Properties) {
        let index = document.index;
        let mut covered = Vec::new();
        let mut faults = Vec::new();
        for (reference, part) in self.references.iter().zip(&self.opened.parts) {
            let Ok(selected) = &reference.selected else {
                continue;
            };
            let is_intact = part
                .computed
                .as_ref()
                .is_some_and(|computed| computed.as_bytes() == part.signed);
            let mut one = Covered::new(document, self.element, selected, properties, is_intact);
            if let Target::Element(element) = selected.target
                && is_named(index, element, DS, "Manifest")
            {
                let manifest = Manifest::read(document, element, self.element);
                one.role = if manifest.holds {
                    Role::Content
                } else {
                    Role::Own
                };
                if let Some(broken) = &manifest.broken {
                    faults.push((XmlFault::Manifest, broken.clone()));
                }
                self.findings.extend(manifest.findings);
            }
            covered.push(one);
        }
        let _ = parts;
        self.covered = covered;
        for (fault, what) in faults {
            self.fault(fault, what);
        }
        let has_content = self
            .covered
            .iter()
            .any(|one| matches!(one.role, Role::Content | Role::Counter));
        // A reference that could not be followed says so by itself.
        let all_followed = self.references.iter().all(|one| one.selected.is_ok());
        if !has_content && all_followed && !self.references.is_empty() {
            self.fault(XmlFault::NothingSigned, self.id.clone());
        }
    }

    /// Whether a reference covers this element of the signature itself.
    fn signs(&self, index: &Index<'_>, element: ElementId) -> bool {
        self.covered.iter().any(|one| match one.target {
            Target::Element(target) => {
                lies_in(index, element, target) && lies_in(index, target, self.element)
            }
            Target::Document => false,
        })
    }

    /// `SigningTime` in a signed `SignatureProperty`, as tax and invoice systems of Viet Nam write it,
    /// in no namespace.
    fn plain_time(&self, index: &Index<'_>, parts: &Parts) -> Option<crate::time::Time> {
        for object in &parts.objects {
            if !self.signs(index, *object) {
                continue;
            }
            let groups = index.children(*object).take(8);
            let properties = groups.flat_map(|group| index.children(group).take(8));
            let mut inside = properties.flat_map(|property| index.children(property).take(8));
            if let Some(element) = inside.find(|id| index.local_name(*id) == "SigningTime") {
                return time(&index.text(element));
            }
        }
        None
    }

    /// What judgement takes of it.
    pub(crate) fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Hands it to judgement.
    pub(crate) fn candidate(self) -> Candidate<'static> {
        let content = ContentJudgement::new(Vec::new(), Some(Changes::None));
        let coverage = Coverage {
            whole_file: Some(self.whole),
            changes: content.changes(),
            findings: self.findings,
            ..Coverage::default()
        };
        Candidate {
            id: self.id,
            profile: Profile::Opened,
            form: self.form,
            coverage,
            cms: None,
            bare: None,
            opened: Some(Rc::new(self.opened)),
            protected: Protected::default(),
            claimed: None,
            covered_end: u64::MAX,
            gap_start: 0,
            content,
        }
    }
}

/// Objects of one signature; real ones have a handful.
const OBJECTS: usize = 1_000;
/// References of one signature.
const REFERENCES: usize = 2_000;
