//! What an XML signature covers, as octets: [`Verifier::covered_xml`].

use std::ops::Range;

use crate::edxml::Envelope;
use crate::error::{Error, ErrorKind, Place};
use crate::report::Kind;
use crate::verdict::Indication;
use crate::verify::{Verifier, kind};
use crate::xades::{self, Document, Dsig, Role};
use crate::xml::{ElementId, Index};

impl Verifier {
    /// What signature number `number` of an XML document covers, counted from 1 in the order of
    /// [`Report::signatures`](crate::Report::signatures); of an envelope, one of its header's.
    ///
    /// Every part is handed out as the very octets that were digested, so that nobody has to look for
    /// an element by its name and finds another one than was signed.
    ///
    /// ```
    /// # fn demo(verifier: &kyso::Verifier, xml: &[u8]) -> Result<(), kyso::Error> {
    /// let covered = verifier.covered_xml(xml, 1)?;
    /// if covered.indication() == kyso::Indication::TotalPassed {
    ///     for part in covered.parts() {
    ///         println!("{}: {} octets", part.path(), part.octets().len());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `Misuse`: there is no signature of this number. `Malformed`: a part no longer has the signed
    /// digest, or cannot be found. `Unsupported`: the file is neither XML nor an envelope, or a
    /// reference leads out of it.
    pub fn covered_xml(&self, bytes: &[u8], number: usize) -> Result<CoveredXml, Error> {
        let limits = self.ceilings();
        let read;
        let envelope;
        let (index, elements): (&Index<'_>, Vec<ElementId>) = match kind(bytes) {
            Kind::Xml => {
                read = Index::read(bytes, limits)?;
                let (elements, _) = xades::find(&read, limits);
                (&read, elements)
            }
            Kind::Edxml => {
                envelope = Envelope::read(bytes, limits)?;
                (envelope.index(), envelope.header_signatures().to_vec())
            }
            _ => {
                let detail = "handing out what an XML signature covers of anything but XML";
                return Err(Error::new(ErrorKind::Unsupported, detail));
            }
        };
        let count = elements.len();
        let element = number
            .checked_sub(1)
            .and_then(|at| elements.get(at).copied());
        let element = element.ok_or_else(|| {
            Error::new(
                ErrorKind::Misuse,
                format!("the file has {count} XML signatures"),
            )
            .in_vietnamese(format!("tệp có {count} chữ ký XML"))
            .at(Place::Part(format!("--revision {number}")))
        })?;
        let document = Document::new(index, limits);
        let dsig = Dsig::read(&document, element);
        let broken = |what: &'static str, place: String| {
            Error::new(ErrorKind::Malformed, what).at(Place::Part(place))
        };
        let mut parts = Vec::new();
        for reference in &dsig.references {
            if reference.selected.is_err() {
                let what = "a reference that leads nowhere, or cannot be followed";
                return Err(broken(what, reference.name()));
            }
        }
        for (reference, covered) in dsig.references.iter().zip(&dsig.covered) {
            if !covered.is_intact {
                let what = "the octets are no longer those that were signed";
                return Err(broken(what, reference.name()));
            }
            if covered.role == Role::Own {
                continue;
            }
            let mut octets = Vec::new();
            let made = reference.octets(&document, None, &mut |piece| {
                octets.extend_from_slice(piece);
            });
            made.map_err(|_| Error::new(ErrorKind::TooLarge, "octets that are canonicalised"))?;
            parts.push(CoveredPart {
                path: covered.path.clone(),
                span: covered.span.clone(),
                octets,
                is_decoded: covered.decoded,
            });
        }
        let report = self.verify(bytes);
        let signature = report.signatures.get(number.saturating_sub(1));
        let signature = signature.ok_or_else(|| broken("the signature", dsig.id.clone()))?;
        Ok(CoveredXml {
            id: signature.id().to_owned(),
            indication: signature.indication(),
            parts,
        })
    }
}

/// What an XML signature covers: see [`Verifier::covered_xml`].
#[derive(Clone, Debug)]
pub struct CoveredXml {
    id: String,
    indication: Indication,
    parts: Vec<CoveredPart>,
}

impl CoveredXml {
    /// The signature, as the report names it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the signature is worth. What it covers is handed out whatever that is, as long as the
    /// octets are those that were signed.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// The parts of the document that are covered, in the order of the references; parts of the
    /// signature itself are left out.
    pub fn parts(&self) -> &[CoveredPart] {
        &self.parts
    }
}

/// One part of a document that a signature covers.
#[derive(Clone, Debug)]
pub struct CoveredPart {
    path: String,
    span: Range<usize>,
    octets: Vec<u8>,
    is_decoded: bool,
}

impl CoveredPart {
    /// The path of the element, as reports write it; of a whole document that of its root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where it stands in the document, in octets of the text as UTF-8.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The octets that were digested: canonical XML in UTF-8, without what the transforms took out.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Whether the octets are what the base64 text of the element decodes to, and no XML.
    pub fn is_decoded(&self) -> bool {
        self.is_decoded
    }
}
