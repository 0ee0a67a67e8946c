//! The profile of the tax authority's and e-invoice systems of Viet Nam (7a): which role signed what,
//! and in what a signature departs from the profile. What a signature is worth is told elsewhere.

use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::xades::element::{child, is_named};
use crate::xades::reach::Role;
use crate::xades::reference::{Document, Target};
use crate::xades::signature::{Dsig, find};
use crate::xades::{C14N, DS, algorithm};
use crate::xml::{ElementId, Index, Namespace};

/// One signature of a tax message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoleSignature {
    /// The role, as the element around the signature is called: `NBan`, `NMua`, `NNT`, `TTCQT`, `CQT`.
    pub role: String,
    /// The identifier of the signature; its path where it has none.
    pub id: String,
    /// The paths of the elements that it covers, its own object left out.
    pub covers: Vec<String>,
    /// Whether it covers the number (`STBao`); nothing where the message has no number. The head of an
    /// office signs before there is one, so that `Some(false)` is normal for that role.
    pub covers_number: Option<bool>,
    /// In what it departs from the profile.
    pub departures: Vec<RoleDeparture>,
}

/// A departure from profile 7a.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RoleDeparture {
    /// It does not stand in `DSCKS`, in an element named as the role.
    Place,
    /// Its identifier is not the role and the identifier of the data.
    Identifier,
    /// Its first reference is not its own object, or no data follow.
    References,
    /// A reference has transforms.
    Transforms,
    /// Another canonicalisation than Canonical XML 1.0.
    Canonicalization,
    /// Another algorithm than RSA PKCS#1 with SHA-256.
    Algorithm,
    /// `KeyInfo` is not the subject's name and one certificate.
    KeyInfo,
    /// No signing time in no namespace in its own object.
    SigningTime,
}

impl RoleDeparture {
    /// The word of JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Identifier => "identifier",
            Self::References => "references",
            Self::Transforms => "transforms",
            Self::Canonicalization => "canonicalization",
            Self::Algorithm => "algorithm",
            Self::KeyInfo => "key_info",
            Self::SigningTime => "signing_time",
        }
    }
}

/// Every signature of a message, in the order of the document.
pub(crate) fn roles(document: &Document<'_, '_>) -> Vec<RoleSignature> {
    let index = document.index;
    let (signatures, _) = find(index, document.limits);
    let number = index
        .elements()
        .find(|id| index.local_name(*id) == "STBao")
        .map(|id| index.span(id));
    signatures
        .into_iter()
        .map(|element| {
            let dsig = Dsig::read(document, element);
            let role = index.parent(element);
            let content = || dsig.covered.iter().filter(|one| one.role != Role::Own);
            RoleSignature {
                role: role.map_or("", |id| index.local_name(id)).to_owned(),
                covers: content().map(|one| one.path.clone()).collect(),
                covers_number: number.as_ref().map(|number| {
                    content()
                        .any(|one| one.span.start <= number.start && number.end <= one.span.end)
                }),
                departures: departures(index, element, &dsig),
                id: dsig.id,
            }
        })
        .collect()
}

fn departures(index: &Index<'_>, signature: ElementId, dsig: &Dsig) -> Vec<RoleDeparture> {
    let mut found = Vec::new();
    let mut expect = |holds: bool, departure: RoleDeparture| {
        if !holds {
            found.push(departure);
        }
    };
    let role = index.parent(signature);
    let container = role.and_then(|role| index.parent(role));
    expect(
        container.is_some_and(|id| index.local_name(id) == "DSCKS"),
        RoleDeparture::Place,
    );
    let name = |at: usize| {
        let reference = dsig.references.get(at)?;
        reference.uri.as_deref()?.strip_prefix('#')
    };
    let data = name(1).unwrap_or_default();
    let role = role.map_or("", |id| index.local_name(id));
    expect(
        dsig.id == format!("{role}-{data}"),
        RoleDeparture::Identifier,
    );
    let is_own = name(0).and_then(|name| name.strip_prefix("Object-")) == Some(&dsig.id);
    expect(is_own && !data.is_empty(), RoleDeparture::References);
    let signed_info = child(index, signature, DS, "SignedInfo");
    let references = signed_info.into_iter().flat_map(|id| index.children(id));
    let mut references = references.filter(|id| is_named(index, *id, DS, "Reference"));
    expect(
        !references.any(|id| child(index, id, DS, "Transforms").is_some()),
        RoleDeparture::Transforms,
    );
    let named = |name| {
        let element = child(index, signed_info?, DS, name)?;
        Some((element, index.attribute(element, "Algorithm")?))
    };
    let method = named("CanonicalizationMethod");
    expect(
        method.is_some_and(|(_, uri)| uri == C14N),
        RoleDeparture::Canonicalization,
    );
    let made = named("SignatureMethod").map(|(id, _)| algorithm::signature(index, id));
    let expected = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let mut digests = dsig.references.iter();
    expect(
        made == Some(Ok(expected))
            && digests.all(|one| one.algorithm == Ok(DigestAlgorithm::Sha256)),
        RoleDeparture::Algorithm,
    );
    let data =
        child(index, signature, DS, "KeyInfo").and_then(|info| child(index, info, DS, "X509Data"));
    let items = data.into_iter().flat_map(|data| index.children(data));
    let items: Vec<&str> = items.map(|id| index.local_name(id)).collect();
    expect(
        items == ["X509SubjectName", "X509Certificate"],
        RoleDeparture::KeyInfo,
    );
    let object = dsig.covered.first().and_then(|one| match one.target {
        Target::Element(id) if index.parent(id) == Some(signature) => Some(id),
        _ => None,
    });
    let groups = object.into_iter().flat_map(|id| index.children(id));
    let properties = groups.flat_map(|id| index.children(id));
    let mut times = properties.flat_map(|id| index.children(id));
    expect(
        times.any(|id| {
            index.local_name(id) == "SigningTime" && index.namespace(id) == Namespace::None
        }),
        RoleDeparture::SigningTime,
    );
    found
}
