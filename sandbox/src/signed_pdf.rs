//! A small PDF that is signed, given evidence and time-stamped, revision by revision: files of
//! the levels B-B to B-LTA (ETSI EN 319 142-1), and ones that fall short of them.
//!
//! It knows the one page of [`plain_pdf`](crate::plain_pdf) and no other file: it reads nothing.

use crate::error::{SandboxError, bad_document};
use crate::hash::Hash;
use crate::plain_pdf::{BODIES, CONTENT_NUMBER, ID, pdf_with_table};

/// A signature or document time-stamp to be put into a PDF.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct PdfSignature {
    /// `/Type`: `Sig`, or `DocTimeStamp`.
    pub kind: String,
    /// `/SubFilter`.
    pub sub_filter: String,
    /// The field's name; `None` counts on: `Signature1`, `Signature2`.
    pub field: Option<String>,
    /// `/M`, Unix time; written in Vietnamese time.
    pub time: Option<i64>,
    /// The widget's rectangle; `None` shows nothing.
    pub rectangle: Option<[f32; 4]>,
    /// The room for the CMS, in octets.
    pub room: usize,
    /// Further members of the signature dictionary, as they are.
    pub extra: String,
}

impl PdfSignature {
    /// An invisible PAdES signature (`ETSI.CAdES.detached`) with room for 16 KiB.
    pub fn new() -> Self {
        PdfSignature {
            kind: "Sig".to_owned(),
            sub_filter: "ETSI.CAdES.detached".to_owned(),
            field: None,
            time: None,
            rectangle: None,
            room: 16_384,
            extra: String::new(),
        }
    }

    /// A document time-stamp (`ETSI.RFC3161`).
    pub fn document_time_stamp() -> Self {
        PdfSignature {
            kind: "DocTimeStamp".to_owned(),
            sub_filter: "ETSI.RFC3161".to_owned(),
            ..Self::new()
        }
    }
}

impl Default for PdfSignature {
    fn default() -> Self {
        Self::new()
    }
}

/// What a document security store holds (ISO 32000-2 §12.8.4.3), all DER.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PdfEvidence {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Lists.
    pub crls: Vec<Vec<u8>>,
    /// Whole `OCSPResponse`s.
    pub ocsps: Vec<Vec<u8>>,
    /// Whether a `VRI` names them for the latest signature too.
    pub vri: bool,
}

/// A PDF in the making. Each call appends one revision; nothing written is changed.
///
/// ```
/// use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
/// use kyso_sandbox::{Authority, CmsRecipe, CrlRecipe, Hash, PersonProfile, Settings};
/// use kyso_sandbox::TimeStampRecipe;
///
/// let now = 1_767_225_600;
/// let authority = Authority::new(&Settings::quick(now))?;
/// let person = authority.person(&PersonProfile::example())?;
/// let tsa = authority.time_stamper()?;
/// let mut pdf = SignedPdf::new();
/// pdf.sign(&PdfSignature::new(), |protected| {
///     let recipe = CmsRecipe::new(Hash::Sha256, &Hash::Sha256.of(protected));
///     let signed = recipe.signed_by(&person)?;
///     let stamp = TimeStampRecipe::over(Hash::Sha256, signed.signature(), now);
///     signed.time_stamped(stamp.signed_by(&tsa)?).to_der()
/// })?;
/// pdf.add_evidence(&PdfEvidence {
///     certificates: vec![authority.issuing.certificate_der.clone()],
///     crls: vec![CrlRecipe::new(now, now + 86_400).signed_by(&authority.issuing)?],
///     ..PdfEvidence::default()
/// });
/// pdf.sign(&PdfSignature::document_time_stamp(), |protected| {
///     TimeStampRecipe::over(Hash::Sha256, protected, now).signed_by(&tsa)
/// })?;
/// assert!(pdf.octets().ends_with(b"%%EOF\n"));
/// # Ok::<(), kyso_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedPdf {
    octets: Vec<u8>,
    next: u32,
    fields: Vec<u32>,
    store: Option<Store>,
    latest: Option<Vec<u8>>,
}

/// The object numbers of a document security store.
#[derive(Clone, Debug)]
struct Store {
    number: u32,
    certificates: Vec<u32>,
    crls: Vec<u32>,
    ocsps: Vec<u32>,
    /// By the hash of the signature's contents.
    vri: Vec<(String, [Vec<u32>; 3])>,
}

impl SignedPdf {
    /// The page of [`pdf_with_table`], unsigned.
    pub fn new() -> Self {
        SignedPdf {
            octets: pdf_with_table(),
            next: CONTENT_NUMBER + 1,
            fields: Vec::new(),
            store: None,
            latest: None,
        }
    }

    /// The file as it now is.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// The file as it now is.
    pub fn into_octets(self) -> Vec<u8> {
        self.octets
    }

    /// Appends a revision with a signature field. `make` gets the octets that the signature
    /// protects and answers the CMS, or the time-stamp token.
    ///
    /// # Errors
    /// What `make` answers, and [`SandboxError::Document`] when the room is too small.
    pub fn sign(
        &mut self,
        signature: &PdfSignature,
        make: impl FnOnce(&[u8]) -> Result<Vec<u8>, SandboxError>,
    ) -> Result<(), SandboxError> {
        let (value, field) = (self.next, self.next + 1);
        self.next += 2;
        self.fields.push(field);
        let count = self.fields.len();
        let name = match &signature.field {
            Some(name) => name.clone(),
            None => format!("Signature{count}"),
        };
        let [left, bottom, right, top] = signature.rectangle.unwrap_or_default();
        let time = match signature.time {
            Some(unix) => format!("/M ({}) ", pdf_time(unix)?),
            None => String::new(),
        };
        let hole = "0".repeat(signature.room * 2);
        let dictionary = format!(
            "<< /Type /{} /Filter /Adobe.PPKLite /SubFilter /{} {time}{} {RANGE} /Contents <{hole}> >>",
            signature.kind, signature.sub_filter, signature.extra
        );
        let widget = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T ({name}) /V {value} 0 R \
             /P 3 0 R /Rect [{left} {bottom} {right} {top}] >>"
        );
        let start = self.octets.len();
        self.revise(&[
            (1, self.catalogue().into_bytes()),
            (3, self.page().into_bytes()),
            (value, dictionary.into_bytes()),
            (field, widget.into_bytes()),
        ]);
        self.fill(start, hole.len(), make)
    }

    /// Writes the byte range and what `make` makes of it into the latest revision.
    fn fill(
        &mut self,
        start: usize,
        digits: usize,
        make: impl FnOnce(&[u8]) -> Result<Vec<u8>, SandboxError>,
    ) -> Result<(), SandboxError> {
        let missing = || bad_document("the hole for the signature is not there");
        let range = find(&self.octets, start, RANGE).ok_or_else(missing)?;
        let hole = find(&self.octets, range, "/Contents <").ok_or_else(missing)?;
        let open = hole + "/Contents ".len();
        let after = open + digits + 2;
        let rest = self.octets.len() - after;
        let text = format!("/ByteRange [0 {open} {after} {rest}]");
        let text = format!("{text:width$}", width = RANGE.len());
        write_at(&mut self.octets, range, text.as_bytes());
        let protected = [
            self.octets.get(..open).unwrap_or_default(),
            self.octets.get(after..).unwrap_or_default(),
        ];
        let mut contents = make(&protected.concat())?;
        if contents.len() * 2 > digits {
            return Err(bad_document(format!(
                "a signature of {} octets in room for {}",
                contents.len(),
                digits / 2
            )));
        }
        contents.resize(digits / 2, 0);
        let hex: String = contents
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        write_at(&mut self.octets, open + 1, hex.as_bytes());
        self.latest = Some(contents);
        Ok(())
    }

    /// Appends a revision with a document security store that holds this and all it held before.
    pub fn add_evidence(&mut self, evidence: &PdfEvidence) {
        let mut objects: Vec<(u32, Vec<u8>)> = Vec::new();
        let mut store = self.store.take().unwrap_or_else(|| Store {
            number: self.number(),
            certificates: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            vri: Vec::new(),
        });
        let mut put = |list: &[Vec<u8>]| -> Vec<u32> {
            list.iter()
                .map(|der| {
                    let number = self.number();
                    objects.push((number, stream(der)));
                    number
                })
                .collect()
        };
        let added = [
            put(&evidence.certificates),
            put(&evidence.crls),
            put(&evidence.ocsps),
        ];
        let [certificates, crls, ocsps] = &added;
        store.certificates.extend(certificates);
        store.crls.extend(crls);
        store.ocsps.extend(ocsps);
        if let (true, Some(contents)) = (evidence.vri, &self.latest) {
            let hash = Hash::Sha1.of(contents);
            let name: String = hash.iter().map(|octet| format!("{octet:02X}")).collect();
            store.vri.push((name, added));
        }
        objects.push((store.number, store.body().into_bytes()));
        self.store = Some(store);
        objects.push((1, self.catalogue().into_bytes()));
        self.revise(&objects);
    }

    /// Appends a revision of any objects: a number and the body between `obj` and `endobj`.
    /// Numbers beyond those in use are reserved with [`SignedPdf::number`].
    pub fn revise(&mut self, objects: &[(u32, Vec<u8>)]) {
        let previous = last_start(&self.octets);
        let mut objects: Vec<&(u32, Vec<u8>)> = objects.iter().collect();
        objects.sort_by_key(|(number, _)| *number);
        let mut table = String::new();
        for (number, body) in objects {
            let offset = self.octets.len();
            table.push_str(&format!("{number} 1\n{offset:010} 00000 n \n"));
            self.text(&format!("{number} 0 obj\n"));
            self.octets.extend_from_slice(body);
            self.text("\nendobj\n");
        }
        let start = self.octets.len();
        let size = self.next;
        self.text(&format!(
            "xref\n{table}trailer\n<< /Size {size} /Root 1 0 R /ID {ID} /Prev {previous} >>\n\
             startxref\n{start}\n%%EOF\n"
        ));
    }

    /// A fresh object number.
    pub fn number(&mut self) -> u32 {
        let number = self.next;
        self.next += 1;
        number
    }

    fn text(&mut self, text: &str) {
        self.octets.extend_from_slice(text.as_bytes());
    }

    fn catalogue(&self) -> String {
        let [catalogue, ..] = BODIES;
        let mut members = String::new();
        if !self.fields.is_empty() {
            let fields = references(&self.fields);
            members.push_str(&format!("/AcroForm << /Fields [{fields}] /SigFlags 3 >> "));
        }
        if let Some(store) = &self.store {
            members.push_str(&format!("/DSS {} 0 R ", store.number));
        }
        with_members(catalogue, &members)
    }

    fn page(&self) -> String {
        let [_, _, page, _] = BODIES;
        with_members(page, &format!("/Annots [{}] ", references(&self.fields)))
    }
}

impl Default for SignedPdf {
    fn default() -> Self {
        Self::new()
    }
}

impl Store {
    fn body(&self) -> String {
        let mut body = "<< /Type /DSS ".to_owned();
        body.push_str(&lists([
            ("Certs", &self.certificates),
            ("CRLs", &self.crls),
            ("OCSPs", &self.ocsps),
        ]));
        if !self.vri.is_empty() {
            body.push_str("/VRI << ");
            for (name, [certificates, crls, ocsps]) in &self.vri {
                let lists = lists([("Cert", certificates), ("CRL", crls), ("OCSP", ocsps)]);
                body.push_str(&format!("/{name} << {lists}>> "));
            }
            body.push_str(">> ");
        }
        body.push_str(">>");
        body
    }
}

fn lists(of: [(&str, &Vec<u32>); 3]) -> String {
    let mut members = String::new();
    for (name, numbers) in of {
        if !numbers.is_empty() {
            members.push_str(&format!("/{name} [{}] ", references(numbers)));
        }
    }
    members
}

fn references(numbers: &[u32]) -> String {
    let each: Vec<String> = numbers
        .iter()
        .map(|number| format!("{number} 0 R"))
        .collect();
    each.join(" ")
}

/// A dictionary of one of the plain page's objects, with further members.
fn with_members(body: &str, members: &str) -> String {
    let open = body.strip_suffix(">>").unwrap_or(body);
    format!("{open}{members}>>")
}

fn stream(data: &[u8]) -> Vec<u8> {
    let mut body = format!("<< /Length {} >>\nstream\n", data.len()).into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

fn find(octets: &[u8], from: usize, text: &str) -> Option<usize> {
    let rest = octets.get(from..)?;
    let at = rest
        .windows(text.len())
        .position(|window| window == text.as_bytes())?;
    Some(from + at)
}

fn write_at(octets: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = octets.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

/// The number after the last `startxref`, which this module or [`pdf_with_table`] wrote.
fn last_start(octets: &[u8]) -> usize {
    let tail = octets.get(octets.len().saturating_sub(64)..);
    let tail = String::from_utf8_lossy(tail.unwrap_or_default()).into_owned();
    let number = tail
        .rsplit_once("startxref\n")
        .and_then(|(_, after)| after.lines().next())
        .and_then(|line| line.parse().ok());
    number.unwrap_or(0)
}

/// A date of PDF at seven hours east (ISO 32000-2 §7.9.4).
fn pdf_time(unix: i64) -> Result<String, SandboxError> {
    let local = crate::asn1::civil(unix.saturating_add(7 * 3_600))?;
    Ok(format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minutes(),
        local.seconds()
    ))
}

/// Room for three numbers of ten digits.
const RANGE: &str = "/ByteRange [0                                 ]";
