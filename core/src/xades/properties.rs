//! Qualifying properties (EN 319 132-1; TS 101 903 in its versions 1.1.1 to 1.4.1): who signed and
//! when, as signed; time-stamps and validation data, as added later.

use crate::crypto::{Hasher, sha256};
use crate::der::{Reader, Tag};
use crate::limits::Limits;
use crate::time::Time;
use crate::tsp::TimeStampToken;
use crate::validate::{Material, NamedCertificate, Stamp};
use crate::xades::element::{child, is_named, octets, serial};
use crate::xades::reference::{Document, Reference, Trouble, method};
use crate::xades::{DS, XADES, XADES141, algorithm};
use crate::xml::{ElementId, Index, Method, Namespace};

/// Where the properties of a signature are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Properties {
    /// `QualifyingProperties`.
    pub(crate) qualifying: Option<ElementId>,
    /// The `Object` around it.
    pub(crate) object: Option<ElementId>,
    /// `SignedProperties`.
    pub(crate) signed: Option<ElementId>,
    /// `UnsignedSignatureProperties`.
    pub(crate) unsigned: Option<ElementId>,
}

impl Properties {
    /// Finds them in the objects of a signature; the first of several.
    pub(crate) fn find(index: &Index<'_>, objects: &[ElementId]) -> Self {
        for object in objects {
            let qualifying = index
                .children(*object)
                .find(|id| is_xades(index, *id, "QualifyingProperties"));
            let Some(qualifying) = qualifying else {
                continue;
            };
            let inside = |parent, name: &str| {
                let mut children = index.children(parent);
                children.find(|id| is_xades(index, *id, name))
            };
            let unsigned = inside(qualifying, "UnsignedProperties");
            return Self {
                qualifying: Some(qualifying),
                object: Some(*object),
                signed: inside(qualifying, "SignedProperties"),
                unsigned: unsigned.and_then(|all| inside(all, "UnsignedSignatureProperties")),
            };
        }
        Self::default()
    }
}

/// What the signed properties say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signed {
    /// `SigningTime`.
    pub(crate) time: Option<Time>,
    /// `SigningCertificateV2`, else `SigningCertificate`.
    pub(crate) certificates: Vec<NamedCertificate>,
    /// Elements that hold time-stamps over the content.
    pub(crate) stamps: Vec<ElementId>,
}

impl Signed {
    /// Reads them.
    pub(crate) fn read(index: &Index<'_>, signed: ElementId) -> Self {
        let mut all = Self::default();
        for group in index.children(signed) {
            if is_xades(index, group, "SignedSignatureProperties") {
                let find = |name: &str| {
                    let mut children = index.children(group);
                    children.find(|id| is_xades(index, *id, name))
                };
                all.time = find("SigningTime").and_then(|id| time(&index.text(id)));
                let named = find("SigningCertificateV2").or_else(|| find("SigningCertificate"));
                for certificate in named
                    .into_iter()
                    .flat_map(|id| index.children(id))
                    .take(MOST)
                {
                    all.certificates.push(named_certificate(index, certificate));
                }
            } else if is_xades(index, group, "SignedDataObjectProperties") {
                all.stamps.extend(index.children(group).filter(|id| {
                    is_xades(index, *id, "AllDataObjectsTimeStamp")
                        || is_xades(index, *id, "IndividualDataObjectsTimeStamp")
                }));
            }
        }
        all
    }
}

/// The time of `xs:dateTime`. Without a zone, as older systems of Viet Nam write it, it is the local
/// time there.
pub(crate) fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let parsed: Result<Time, _> = text.parse();
    parsed.ok().or_else(|| format!("{text}+07:00").parse().ok())
}

fn named_certificate(index: &Index<'_>, certificate: ElementId) -> NamedCertificate {
    let find = |name: &str| {
        let mut children = index.children(certificate);
        children.find(|id| is_xades(index, *id, name))
    };
    let digest = find("CertDigest").and_then(|digest| {
        let method = child(index, digest, DS, "DigestMethod")?;
        let uri = index.attribute(method, "Algorithm")?;
        let value = octets(index, child(index, digest, DS, "DigestValue")?)?;
        Some((algorithm::digest(&uri).ok()?, value))
    });
    let old = find("IssuerSerial").and_then(|id| {
        let number = child(index, id, DS, "X509SerialNumber")?;
        serial(&index.text(number))
    });
    let new = find("IssuerSerialV2").and_then(|id| serial_of_der(&octets(index, id)?));
    NamedCertificate {
        digest,
        serial: old.or(new),
    }
}

/// ```text
/// IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber CertificateSerialNumber }
/// ```
fn serial_of_der(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader::new(der, Limits::default().asn1_depth);
    let mut fields = outer.expect(Tag::SEQUENCE).ok()?.reader().ok()?;
    fields.expect(Tag::SEQUENCE).ok()?;
    let number = fields.expect(Tag::INTEGER).ok()?;
    Some(number.integer().ok()?.to_vec())
}

/// The parts of a signature that its time-stamps are over.
pub(crate) struct Around<'s> {
    pub(crate) signed_info: ElementId,
    pub(crate) value: ElementId,
    pub(crate) key_info: Option<ElementId>,
    pub(crate) objects: &'s [ElementId],
    pub(crate) properties: Properties,
    pub(crate) references: &'s [Reference],
}

/// What stands among the unsigned properties.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unsigned {
    /// The time-stamps, those of the signed properties first.
    pub(crate) stamps: Vec<Stamp>,
    /// The validation data, in order.
    pub(crate) material: Vec<Material>,
    has_certificates: bool,
    has_status: bool,
    has_stamp: bool,
    has_archive: bool,
    /// Whether there is something of the extended forms (references without values).
    is_extended: bool,
    /// Whether a time-stamp is over such references.
    has_refs_stamp: bool,
    /// Whether there are more time-stamps than are read.
    pub(crate) is_cut: bool,
}

impl Unsigned {
    /// Reads the time-stamps and the validation data, and digests what the time-stamps are over.
    pub(crate) fn read(
        document: &Document<'_, '_>,
        around: &Around<'_>,
        signed: &Signed,
    ) -> Result<Self, Trouble> {
        let index = document.index;
        let mut all = Self::default();
        for element in &signed.stamps {
            all.stamp(document, around, *element, "content", None)?;
        }
        let Some(unsigned) = around.properties.unsigned else {
            return Ok(all);
        };
        let mut before: Vec<ElementId> = Vec::new();
        for property in index.children(unsigned) {
            if before.len() >= PROPERTIES {
                all.is_cut = true;
                break;
            }
            if !matches!(index.namespace(property), Namespace::Uri(uri) if is_space(uri)) {
                before.push(property);
                continue;
            }
            match index.local_name(property) {
                "SignatureTimeStamp" => {
                    all.has_stamp = true;
                    all.stamp(document, around, property, "signature", None)?;
                }
                "SigAndRefsTimeStamp" | "SigAndRefsTimeStampV2" => {
                    all.is_extended = true;
                    all.has_refs_stamp = true;
                    all.stamp(document, around, property, "signature", Some(&before))?;
                }
                "RefsOnlyTimeStamp" | "RefsOnlyTimeStampV2" => {
                    all.is_extended = true;
                    all.has_refs_stamp = true;
                    all.stamp(document, around, property, "archive", Some(&before))?;
                }
                "ArchiveTimeStamp" | "ArchiveTimeStampV2" => {
                    all.has_archive = true;
                    all.stamp(document, around, property, "archive", Some(&before))?;
                }
                "CertificateValues" | "AttrAuthoritiesCertValues" => {
                    all.has_certificates = true;
                    all.values(index, property);
                }
                "RevocationValues" | "AttributeRevocationValues" => {
                    all.has_status = true;
                    all.values(index, property);
                }
                "TimeStampValidationData" | "AnyValidationData" => all.values(index, property),
                "CompleteCertificateRefs"
                | "CompleteCertificateRefsV2"
                | "CompleteRevocationRefs" => all.is_extended = true,
                _ => {}
            }
            before.push(property);
        }
        Ok(all)
    }

    /// The level, as the parts that are there say; what they are worth is judged elsewhere.
    pub(crate) fn format(&self, is_named: bool) -> &'static str {
        let has_values = self.has_status || (self.has_certificates && self.has_archive);
        match (self.has_stamp, has_values, self.has_archive) {
            _ if !is_named => "XAdES",
            (true, true, true) if !self.is_extended => "XAdES-BASELINE-LTA",
            (true, true, false) if !self.is_extended => "XAdES-BASELINE-LT",
            (_, _, true) => "XAdES-A",
            (_, true, false) if self.is_extended => "XAdES-X-L",
            (true, ..) if self.has_refs_stamp => "XAdES-X",
            (true, ..) if self.is_extended => "XAdES-C",
            (true, ..) => "XAdES-BASELINE-T",
            (false, ..) => "XAdES-BASELINE-B",
        }
    }

    /// Every certificate, list and response inside a property.
    fn values(&mut self, index: &Index<'_>, property: ElementId) {
        let mut open: Vec<ElementId> = vec![property];
        while let Some(element) = open.pop() {
            if self.material.len() >= MATERIAL {
                return;
            }
            let octets = || octets(index, element);
            match index.local_name(element) {
                "EncapsulatedX509Certificate" => {
                    self.material.extend(octets().map(Material::Certificate));
                }
                "EncapsulatedCRLValue" => self.material.extend(octets().map(Material::Crl)),
                "EncapsulatedOCSPValue" => self.material.extend(octets().map(Material::Ocsp)),
                _ => {
                    let children: Vec<ElementId> = index.children(element).collect();
                    open.extend(children.into_iter().rev());
                }
            }
        }
    }

    /// Each token in a time-stamp property, with the digest of what it has to be over. `before` holds
    /// the unsigned properties that stand before it, where it covers any.
    fn stamp(
        &mut self,
        document: &Document<'_, '_>,
        around: &Around<'_>,
        property: ElementId,
        kind: &'static str,
        before: Option<&[ElementId]>,
    ) -> Result<(), Trouble> {
        let index = document.index;
        let named = child(index, property, DS, "CanonicalizationMethod").filter(|id| {
            index
                .attribute(*id, "Algorithm")
                .is_some_and(|uri| !uri.is_empty())
        });
        let canonical = match named {
            Some(element) => method(index, element),
            None => Some(Method::inclusive()),
        };
        let covers_values = index.local_name(property).starts_with("ArchiveTimeStamp");
        let tokens = index.children(property).filter(|id| {
            is_xades(index, *id, "EncapsulatedTimeStamp") || is_xades(index, *id, "XMLTimeStamp")
        });
        for element in tokens {
            if self.stamps.len() >= STAMPS {
                self.is_cut = true;
                return Ok(());
            }
            let token = octets(index, element).unwrap_or_default();
            let algorithm = TimeStampToken::parse(&token, document.limits)
                .ok()
                .and_then(|token| token.info.imprint.algorithm);
            let over = match (&canonical, algorithm) {
                (Some(canonical), Some(algorithm)) => {
                    let mut hasher = Hasher::new(algorithm);
                    let sink = &mut |piece: &[u8]| hasher.update(piece);
                    match imprint(document, around, property, before, canonical, sink) {
                        Ok(()) => Some(hasher.finish()),
                        Err(Trouble::Limit) => return Err(Trouble::Limit),
                        Err(Trouble::Fault(_)) => None,
                    }
                }
                _ => None,
            };
            self.stamps.push(Stamp {
                kind,
                token,
                over,
                covers_value: kind == "archive" && covers_values,
                material: if covers_values {
                    self.material.len()
                } else {
                    0
                },
                stamps: if covers_values { self.stamps.len() } else { 0 },
            });
        }
        Ok(())
    }
}

/// The octets that a time-stamp property is over (EN 319 132-1 §5.2.8, §5.3, §5.5.2, annex A.1.5; the
/// older forms of TS 101 903 differ in which of the objects and references count).
fn imprint(
    document: &Document<'_, '_>,
    around: &Around<'_>,
    property: ElementId,
    before: Option<&[ElementId]>,
    canonical: &Method,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), Trouble> {
    let index = document.index;
    let name = index.local_name(property);
    let put = |element: ElementId, sink: &mut dyn FnMut(&[u8])| {
        document.canonical(element, &[], canonical, sink)
    };
    match name {
        "SignatureTimeStamp" => put(around.value, sink),
        "AllDataObjectsTimeStamp" => {
            for reference in around.references {
                let is_properties = reference.selected.as_ref().is_ok_and(|selected| {
                    around.properties.signed.is_some_and(|signed| {
                        selected.target == crate::xades::reference::Target::Element(signed)
                    })
                });
                if !is_properties {
                    reference.octets(document, Some(canonical), sink)?;
                }
            }
            Ok(())
        }
        "IndividualDataObjectsTimeStamp" => {
            for include in index.children(property) {
                if !is_xades(index, include, "Include") {
                    continue;
                }
                let uri = index.attribute(include, "URI").unwrap_or_default();
                let id = uri.strip_prefix('#').unwrap_or(&uri);
                let reference = around.references.iter();
                let mut named = reference.filter(|one| one.id.as_deref() == Some(id));
                let (Some(reference), None) = (named.next(), named.next()) else {
                    return Err(crate::verdict::XmlFault::NotFound.into());
                };
                reference.octets(document, Some(canonical), sink)?;
            }
            Ok(())
        }
        "SigAndRefsTimeStamp"
        | "SigAndRefsTimeStampV2"
        | "RefsOnlyTimeStamp"
        | "RefsOnlyTimeStampV2" => {
            let with_signature = name.starts_with("Sig");
            if with_signature {
                put(around.value, sink)?;
            }
            let is_new = name.ends_with("V2");
            for element in before.unwrap_or_default() {
                let counts = match index.local_name(*element) {
                    "SignatureTimeStamp" => with_signature,
                    "CompleteCertificateRefs" | "AttributeCertificateRefs" => !is_new,
                    "CompleteCertificateRefsV2" | "AttributeCertificateRefsV2" => is_new,
                    "CompleteRevocationRefs" | "AttributeRevocationRefs" => true,
                    _ => false,
                };
                if counts {
                    put(*element, sink)?;
                }
            }
            Ok(())
        }
        _ => {
            for reference in around.references {
                reference.octets(document, Some(canonical), sink)?;
            }
            put(around.signed_info, sink)?;
            put(around.value, sink)?;
            if let Some(key_info) = around.key_info {
                put(key_info, sink)?;
            }
            for element in before.unwrap_or_default() {
                put(*element, sink)?;
            }
            let is_new = index.namespace(property) == Namespace::Uri(XADES141);
            for object in around.objects {
                let is_referenced = || {
                    around.references.iter().any(|reference| {
                        reference.selected.as_ref().is_ok_and(|selected| {
                            selected.target == crate::xades::reference::Target::Element(*object)
                        })
                    })
                };
                if Some(*object) == around.properties.object || (!is_new && is_referenced()) {
                    continue;
                }
                put(*object, sink)?;
            }
            Ok(())
        }
    }
}

/// The name that time-stamps prove for the signature value.
pub(crate) fn value_name(value: &[u8]) -> [u8; 32] {
    sha256(value)
}

fn is_space(uri: &str) -> bool {
    XADES.contains(&uri) || uri == XADES141
}

/// Whether an element has this name in one of the namespaces of XAdES.
pub(crate) fn is_xades(index: &Index<'_>, id: ElementId, name: &str) -> bool {
    index.local_name(id) == name
        && matches!(index.namespace(id), Namespace::Uri(uri) if is_space(uri))
}

/// Whether the element is a counter-signature's place.
pub(crate) fn is_counter_place(index: &Index<'_>, id: ElementId) -> bool {
    is_xades(index, id, "CounterSignature") && !is_named(index, id, DS, "Object")
}

/// References to certificates of one signature; real ones have a handful.
const MOST: usize = 64;
/// Unsigned properties of one signature that are read.
const PROPERTIES: usize = 4_000;
/// Time-stamps of one signature that are read.
const STAMPS: usize = 200;
/// Certificates, lists and responses of one signature that are read.
const MATERIAL: usize = 4_000;
