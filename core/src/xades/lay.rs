//! Laying a new signature: the text of the `Signature` element, its place in the document, and what
//! has to be signed. No octet of the input is rewritten.

use std::fmt::Write as _;
use std::ops::Range;

use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm};
use crate::error::{Error, ErrorKind, Place};
use crate::limits::Limits;
use crate::time::Time;
use crate::verdict::XmlFault;
use crate::x509::Certificate;
use crate::xades::algorithm::{digest_uri, signature_uri};
use crate::xades::element::lies_in;
use crate::xades::reference::{Document, ENVELOPED, Trouble};
use crate::xades::{C14N, DS, EXC_C14N, XADES, references};
use crate::xml::{ElementId, Index, Method};

/// What a new signature is over, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The whole document, which the signature stands in.
    Enveloped,
    /// The document's root, which stands in the signature; anything but XML as base64.
    Enveloping,
    /// Elements of the document, by their identifiers.
    Parts(Vec<String>),
}

/// How the signature is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// XAdES B-B.
    Xades,
    /// Plain XMLDSig.
    Xmldsig,
    /// As the tax and invoice systems of Viet Nam write it (profile 7a): the role that signs.
    Tax { role: String },
}

/// A request for a new signature.
pub(crate) struct LayRequest<'r> {
    pub(crate) reach: Reach,
    pub(crate) style: Style,
    /// The identifier or the path of the element to put the signature into, as its last child.
    pub(crate) into: Option<&'r str>,
    /// The identifier of the signature.
    pub(crate) id: Option<&'r str>,
    pub(crate) at: Time,
    pub(crate) certificates: &'r [Certificate],
    pub(crate) algorithm: &'r SignatureAlgorithm,
}

/// Where a signature goes: pieces of the input with new text around and between them.
#[derive(Clone, Debug)]
pub(crate) struct Laid {
    /// What stands before everything; empty but for an enveloping signature.
    pub(crate) before: Vec<u8>,
    /// The first piece of the input.
    pub(crate) head: Range<usize>,
    /// What stands between the pieces.
    pub(crate) inserted: Vec<u8>,
    /// The second piece of the input.
    pub(crate) tail: Range<usize>,
    /// Where the signature value goes, within `before` and `inserted` put together.
    pub(crate) hole: usize,
    /// What has to be signed: the canonical `SignedInfo`.
    pub(crate) message: Vec<u8>,
    /// The identifier of the signature.
    pub(crate) id: String,
}

impl Laid {
    /// The signed document.
    pub(crate) fn document(&self, input: &[u8], value: &str) -> Vec<u8> {
        let piece = |range: &Range<usize>| input.get(range.clone()).unwrap_or_default();
        let (before, inserted) = self.filled(value);
        [&before, piece(&self.head), &inserted, piece(&self.tail)].concat()
    }

    /// The new text with the signature value in it.
    pub(crate) fn filled(&self, value: &str) -> (Vec<u8>, Vec<u8>) {
        let put = |text: &[u8], at: usize| {
            let (head, tail) = text.split_at_checked(at).unwrap_or((text, b""));
            [head, value.as_bytes(), tail].concat()
        };
        match self.hole.checked_sub(self.before.len()) {
            Some(at) => (self.before.clone(), put(&self.inserted, at)),
            None => (put(&self.before, self.hole), self.inserted.clone()),
        }
    }
}

/// Lays a signature into a document.
pub(crate) fn lay(input: &[u8], request: &LayRequest<'_>, limits: &Limits) -> Result<Laid, Error> {
    let own = request.certificates.first();
    let own = own.ok_or_else(|| misuse("no certificate of the signer was given"))?;
    let index = match Index::read(input, limits) {
        Ok(index) => Some(index),
        // Anything at all can stand in a signature, as base64.
        Err(_) if request.reach == Reach::Enveloping => None,
        Err(fault) => return Err(fault.into()),
    };
    if index.as_ref().is_some_and(Index::is_converted) {
        let detail = "signing XML in another encoding than UTF-8";
        return Err(Error::new(ErrorKind::Unsupported, detail));
    }
    let id = identifier(index.as_ref(), request)?;
    let mut text = Text::new(request, own, &id)?;
    let mut laid = match (&request.reach, &index) {
        (Reach::Enveloping, None) => {
            let octets = base64_simd::STANDARD.encode_to_string(input);
            text.enveloping(&octets, true);
            text.laid(0..0, 0..0)
        }
        (Reach::Enveloping, Some(index)) => {
            text.enveloping("", false);
            text.laid(index.span(index.root()), input.len()..input.len())
        }
        (reach, Some(index)) => {
            let (into, around) = place(index, request, limits)?;
            let at = index.inner(into).end;
            text.inserted(index, reach, into, limits)?;
            let (open, close): (Vec<String>, Vec<String>) = around
                .iter()
                .map(|name| (format!("<{name}>"), format!("</{name}>")))
                .unzip();
            text.wrap(&open.concat(), &close.into_iter().rev().collect::<String>());
            text.laid(0..at, at..input.len())
        }
        (_, None) => return Err(misuse("the document cannot be read")),
    };
    laid.id.clone_from(&id);
    digest(input, &mut laid, &text.digests, limits)?;
    Ok(laid)
}

/// An identifier that the document has not, nor with anything behind it that is made of it.
fn identifier(index: Option<&Index<'_>>, request: &LayRequest<'_>) -> Result<String, Error> {
    let is_free = |id: &str| {
        let clash = |known: &str| {
            known
                .strip_prefix(id)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                || known.strip_prefix("Object-") == Some(id)
        };
        !index.is_some_and(|index| index.identifiers().any(|(known, _)| clash(known)))
    };
    if let Some(id) = request.id {
        return match is_name(id) && is_free(id) {
            true => Ok(id.to_owned()),
            false => Err(misuse(
                "an identifier that is no name, or stands in the document",
            )),
        };
    }
    if let (Style::Tax { role }, Reach::Parts(parts)) = (&request.style, &request.reach) {
        let data = parts.first().map_or("", String::as_str);
        let id = format!("{role}-{data}");
        return match is_name(&id) && is_free(&id) {
            true => Ok(id),
            false => Err(misuse("this role has signed already, or its name is none")),
        };
    }
    (1..=MOST_SIGNATURES)
        .map(|number| format!("sig-{number}"))
        .find(|id| is_free(id))
        .ok_or_else(|| Error::new(ErrorKind::TooLarge, "signatures of one file"))
}

/// Whether a text can be an identifier: a name without a colon, in ASCII or letters of other scripts.
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    first.is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// The element that the signature is put into, and the names of elements to put around it.
fn place(
    index: &Index<'_>,
    request: &LayRequest<'_>,
    limits: &Limits,
) -> Result<(ElementId, Vec<String>), Error> {
    let mut around = Vec::new();
    let named = |parent: ElementId, name: &str| {
        let mut children = index.children(parent);
        children.find(|id| index.local_name(*id) == name)
    };
    let into = match (request.into, &request.style) {
        (Some(path), _) if path.starts_with('/') => along(index, path)?,
        (Some(id), _) => Document::new(index, limits)
            .by_id(id)
            .map_err(|fault| of_fault(fault, format!("#{id}")))?,
        (None, Style::Tax { role }) => match named(index.root(), CONTAINER) {
            Some(container) => named(container, role).unwrap_or_else(|| {
                around.push(role.clone());
                container
            }),
            None => {
                around.extend([CONTAINER.to_owned(), role.clone()]);
                index.root()
            }
        },
        (None, _) => index.root(),
    };
    if index.inner(into).end == index.span(into).end {
        let detail = "an element without an end tag has no room for a signature";
        return Err(Error::new(ErrorKind::Unsupported, detail).at(Place::Element(index.path(into))));
    }
    Ok((into, around))
}

/// The element of a path as reports write it: `/HDon/DSCKS/NBan`, `/a/b[2]`.
fn along(index: &Index<'_>, path: &str) -> Result<ElementId, Error> {
    let missing = || {
        let detail = "there is no element of this path";
        Error::new(ErrorKind::Misuse, detail).at(Place::Element(path.to_owned()))
    };
    let mut steps = path.split('/').skip(1);
    let root = index.root();
    if steps.next() != Some(index.local_name(root)) {
        return Err(missing());
    }
    let mut element = root;
    for step in steps {
        let (name, number) = match step.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
            Some((name, number)) => (name, number.parse().map_err(|_| missing())?),
            None => (step, 1_usize),
        };
        let mut children = index
            .children(element)
            .filter(|id| index.local_name(*id) == name);
        let position = number.checked_sub(1).ok_or_else(missing)?;
        element = children.nth(position).ok_or_else(missing)?;
    }
    Ok(element)
}

/// Digests what each reference selects, and makes what has to be signed.
fn digest(input: &[u8], laid: &mut Laid, places: &[usize], limits: &Limits) -> Result<(), Error> {
    // The text as it will be, but for the digests and the value.
    let unsigned = laid.document(input, "");
    let mut values = Vec::new();
    {
        let index = Index::read(&unsigned, limits)?;
        let document = Document::new(&index, limits);
        let signature = own(&document, &laid.id)?;
        for reference in references(&document, signature) {
            let reference = reference.ok_or_else(|| misuse("a reference that cannot be read"))?;
            let digest = reference
                .digest(&document)
                .map_err(|trouble| match trouble {
                    Trouble::Limit => {
                        Error::new(ErrorKind::TooLarge, "octets that are canonicalised")
                    }
                    Trouble::Fault(fault) => of_fault(fault, reference.name()),
                })?;
            let digest = digest.ok_or_else(|| misuse("a digest that is not offered"))?;
            values.push(base64_simd::STANDARD.encode_to_string(digest.as_bytes()));
        }
    }
    if values.len() != places.len() {
        return Err(misuse("a reference that cannot be read"));
    }
    for (value, at) in values.iter().zip(places) {
        let (text, at) = match at.checked_sub(laid.before.len()) {
            Some(at) => (&mut laid.inserted, at),
            None => (&mut laid.before, *at),
        };
        let end = at.saturating_add(value.len());
        if let Some(hole) = text.get_mut(at..end) {
            hole.copy_from_slice(value.as_bytes());
        }
    }
    let unsigned = laid.document(input, "");
    let index = Index::read(&unsigned, limits)?;
    let document = Document::new(&index, limits);
    let signature = own(&document, &laid.id)?;
    let signed_info = index.children(signature).next();
    let signed_info = signed_info.ok_or_else(|| misuse("a signature without SignedInfo"))?;
    let method = index
        .children(signed_info)
        .next()
        .and_then(|element| crate::xades::reference::method(&index, element))
        .unwrap_or_else(Method::inclusive);
    let mut message = Vec::new();
    let made = document.canonical(signed_info, &[], &method, &mut |piece| {
        message.extend_from_slice(piece);
    });
    made.map_err(|_| Error::new(ErrorKind::TooLarge, "octets that are canonicalised"))?;
    laid.message = message;
    Ok(())
}

fn own(document: &Document<'_, '_>, id: &str) -> Result<ElementId, Error> {
    let found = document.by_id(id);
    found.map_err(|fault| of_fault(fault, format!("#{id}")))
}

/// The text of a signature as it grows.
struct Text<'r> {
    request: &'r LayRequest<'r>,
    own: &'r Certificate,
    id: &'r str,
    digest: DigestAlgorithm,
    digest_uri: &'static str,
    method_uri: String,
    before: String,
    inserted: String,
    digests: Vec<usize>,
    hole: usize,
}

impl<'r> Text<'r> {
    fn new(request: &'r LayRequest<'r>, own: &'r Certificate, id: &'r str) -> Result<Self, Error> {
        let digest = request
            .algorithm
            .digest()
            .unwrap_or(DigestAlgorithm::Sha512);
        let unknown = || {
            let detail = format!("{} has no name in XML signatures", request.algorithm);
            Error::new(ErrorKind::Unsupported, detail)
        };
        Ok(Self {
            request,
            own,
            id,
            digest,
            digest_uri: digest_uri(digest).ok_or_else(unknown)?,
            method_uri: signature_uri(request.algorithm).ok_or_else(unknown)?,
            before: String::new(),
            inserted: String::new(),
            digests: Vec::new(),
            hole: 0,
        })
    }

    fn laid(&self, head: Range<usize>, tail: Range<usize>) -> Laid {
        Laid {
            before: self.before.clone().into_bytes(),
            head,
            inserted: self.inserted.clone().into_bytes(),
            tail,
            hole: self.hole,
            message: Vec::new(),
            id: String::new(),
        }
    }

    /// Puts text around a signature within the document.
    fn wrap(&mut self, open: &str, close: &str) {
        self.inserted.insert_str(0, open);
        self.inserted.push_str(close);
        self.hole = self.hole.saturating_add(open.len());
        for place in &mut self.digests {
            *place = place.saturating_add(open.len());
        }
    }

    /// Everything up to what is signed, and from there on.
    fn enveloping(&mut self, content: &str, is_base64: bool) {
        let id = self.id;
        let transform = if is_base64 { BASE64 } else { EXC_C14N };
        let (kind, mime) = match is_base64 {
            true => (
                " Encoding=\"http://www.w3.org/2000/09/xmldsig#base64\"",
                "application/octet-stream",
            ),
            false => ("", "text/xml"),
        };
        let target = format!("#{id}-object");
        let (text, places, hole) = self.head(&[(target, vec![transform])]);
        self.digests = places;
        self.hole = hole;
        self.before = text;
        let _ = write!(self.before, "<ds:Object Id=\"{id}-object\"{kind}>{content}");
        self.inserted = "</ds:Object>".into();
        self.inserted.push_str(&self.properties(1, mime));
        self.inserted.push_str("</ds:Signature>");
    }

    /// A signature within the document.
    fn inserted(
        &mut self,
        index: &Index<'_>,
        reach: &Reach,
        into: ElementId,
        limits: &Limits,
    ) -> Result<(), Error> {
        let document = Document::new(index, limits);
        let is_tax = matches!(self.request.style, Style::Tax { .. });
        let mut references = Vec::new();
        if is_tax {
            references.push((format!("#Object-{}", self.id), Vec::new()));
        }
        match reach {
            Reach::Parts(parts) => {
                for part in parts {
                    let element = document
                        .by_id(part)
                        .map_err(|fault| of_fault(fault, format!("#{part}")))?;
                    let is_around = lies_in(index, into, element);
                    if is_tax && is_around {
                        let detail = "this profile signs no element that the signature stands in";
                        return Err(misuse(detail));
                    }
                    references.push((
                        format!("#{part}"),
                        match (is_tax, is_around) {
                            (true, _) => Vec::new(),
                            (false, true) => vec![ENVELOPED, EXC_C14N],
                            (false, false) => vec![EXC_C14N],
                        },
                    ));
                }
            }
            _ if is_tax => return Err(misuse("this profile signs elements by identifiers")),
            _ => references.push((String::new(), vec![ENVELOPED, EXC_C14N])),
        }
        let count = references.len();
        let (text, places, hole) = self.head(&references);
        self.digests = places;
        self.hole = hole;
        self.inserted = text;
        let end = match is_tax {
            true => self.tax_object(),
            false => self.properties(count, "text/xml") + "</ds:Signature>",
        };
        self.inserted.push_str(&end);
        Ok(())
    }

    /// `SignedInfo`, `SignatureValue` and `KeyInfo`; where the digests and the value go.
    fn head(&self, references: &[(String, Vec<&str>)]) -> (String, Vec<usize>, usize) {
        let is_tax = matches!(self.request.style, Style::Tax { .. });
        let (p, xmlns) = if is_tax {
            ("", "xmlns")
        } else {
            ("ds:", "xmlns:ds")
        };
        let id = self.id;
        let canonical = if is_tax { C14N } else { EXC_C14N };
        // Nothing can fail while writing to a string.
        let mut text = String::new();
        let _ = write!(
            text,
            "<{p}Signature {xmlns}=\"{DS}\" Id=\"{id}\"><{p}SignedInfo>\
             <{p}CanonicalizationMethod Algorithm=\"{canonical}\"></{p}CanonicalizationMethod>\
             <{p}SignatureMethod Algorithm=\"{}\"></{p}SignatureMethod>",
            self.method_uri
        );
        let mut places = Vec::new();
        let empty = vec![0; self.digest.output_len()];
        let empty = base64_simd::STANDARD.encode_to_string(&empty);
        let is_xades = self.request.style == Style::Xades;
        let properties = (format!("#{id}-properties"), vec![EXC_C14N]);
        let last = is_xades.then_some(&properties);
        for (position, (uri, transforms)) in references.iter().chain(last).enumerate() {
            let _ = write!(text, "<{p}Reference");
            if is_xades {
                let _ = match position < references.len() {
                    true => write!(text, " Id=\"{id}-ref-{position}\""),
                    false => write!(text, " Type=\"{SIGNED_PROPERTIES}\""),
                };
            }
            let _ = write!(text, " URI=\"{}\">", escaped(uri));
            if !transforms.is_empty() {
                let _ = write!(text, "<{p}Transforms>");
                for transform in transforms {
                    let _ = write!(
                        text,
                        "<{p}Transform Algorithm=\"{transform}\"></{p}Transform>"
                    );
                }
                let _ = write!(text, "</{p}Transforms>");
            }
            let _ = write!(
                text,
                "<{p}DigestMethod Algorithm=\"{}\"></{p}DigestMethod><{p}DigestValue>",
                self.digest_uri
            );
            places.push(text.len());
            let _ = write!(text, "{empty}</{p}DigestValue></{p}Reference>");
        }
        let _ = match is_xades {
            true => write!(
                text,
                "</{p}SignedInfo><{p}SignatureValue Id=\"{id}-value\">"
            ),
            false => write!(text, "</{p}SignedInfo><{p}SignatureValue>"),
        };
        let hole = text.len();
        let _ = write!(text, "</{p}SignatureValue><{p}KeyInfo><{p}X509Data>");
        if is_tax {
            let subject = self.own.subject().to_string();
            let _ = write!(
                text,
                "<X509SubjectName>{}</X509SubjectName>",
                escaped(&subject)
            );
        }
        let chain = if is_tax { 1 } else { usize::MAX };
        for certificate in self.request.certificates.iter().take(chain) {
            let der = base64_simd::STANDARD.encode_to_string(certificate.der());
            let _ = write!(text, "<{p}X509Certificate>{der}</{p}X509Certificate>");
        }
        let _ = write!(text, "</{p}X509Data></{p}KeyInfo>");
        (text, places, hole)
    }

    /// The properties of XAdES B-B (EN 319 132-1 §6.3); nothing for the other styles.
    fn properties(&self, references: usize, mime: &str) -> String {
        if self.request.style != Style::Xades {
            return String::new();
        }
        let (id, [space, ..]) = (self.id, XADES);
        let digest = Digest::of(self.digest, self.own.der());
        let digest = base64_simd::STANDARD.encode_to_string(digest.as_bytes());
        let mut formats = String::new();
        for position in 0..references {
            let _ = write!(
                formats,
                "<xades:DataObjectFormat ObjectReference=\"#{id}-ref-{position}\">\
                 <xades:MimeType>{mime}</xades:MimeType></xades:DataObjectFormat>"
            );
        }
        format!(
            "<ds:Object><xades:QualifyingProperties xmlns:xades=\"{space}\" Target=\"#{id}\">\
             <xades:SignedProperties Id=\"{id}-properties\"><xades:SignedSignatureProperties>\
             <xades:SigningTime>{}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert>\
             <xades:CertDigest><ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>\
             {digest}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>\
             </xades:SignedSignatureProperties><xades:SignedDataObjectProperties>{formats}\
             </xades:SignedDataObjectProperties></xades:SignedProperties>\
             </xades:QualifyingProperties></ds:Object>",
            self.request.at, self.digest_uri
        )
    }

    /// The object of profile 7a: the signing time as local time, in no namespace.
    fn tax_object(&self) -> String {
        let id = self.id;
        let at = self.request.at.at_offset(Time::VIET_NAM);
        let ((year, month, day), (hour, minute, second)) = (at.date(), at.clock());
        format!(
            "<Object Id=\"Object-{id}\"><SignatureProperties xmlns=\"\"><SignatureProperty \
             Id=\"SigningTime-{id}\" Target=\"#{id}\"><SigningTime>{year:04}-{month:02}-{day:02}T\
             {hour:02}:{minute:02}:{second:02}</SigningTime></SignatureProperty>\
             </SignatureProperties></Object></Signature>"
        )
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn of_fault(fault: XmlFault, what: String) -> Error {
    let (kind, detail) = match fault {
        XmlFault::NotFound => (ErrorKind::Misuse, "there is no element of this identifier"),
        XmlFault::DuplicateId => (ErrorKind::Malformed, "an identifier that stands twice"),
        _ => (ErrorKind::Misuse, "this cannot be signed"),
    };
    Error::new(kind, detail).at(Place::Part(what))
}

fn misuse(detail: &'static str) -> Error {
    Error::new(ErrorKind::Misuse, detail)
}

const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
/// Where profile 7a keeps its signatures.
const CONTAINER: &str = "DSCKS";
const MOST_SIGNATURES: usize = 1_000;
