//! What a signature covers, as octets: [`Verifier::covered`].

use crate::error::{Error, ErrorKind, Place};
use crate::pades;
use crate::report::Kind;
use crate::verdict::{Indication, Reason};
use crate::verify::{Verifier, kind};

impl Verifier {
    /// What signature number `number` of a PDF covers, counted from 1: the signatures in the order of
    /// [`Report::signatures`](crate::Report::signatures), then the document time-stamps. Nothing later than the signature is in
    /// it, so that it can be shown to a person as what was signed.
    ///
    /// [`ErrorKind::Misuse`]: there is no signature of this number. [`ErrorKind::Malformed`]: its byte
    /// range is broken, or the octets are no longer those that were signed.
    /// [`ErrorKind::Unsupported`]: the file is no PDF.
    ///
    /// ```
    /// # fn demo(verifier: &kyso::Verifier, pdf: &[u8]) -> Result<(), kyso::Error> {
    /// let covered = verifier.covered(pdf, 1)?;
    /// assert!(pdf.starts_with(covered.revision()));
    /// println!("{}: {} bytes", covered.id(), covered.revision().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn covered<'b>(&self, bytes: &'b [u8], number: usize) -> Result<Covered<'b>, Error> {
        let kind = kind(bytes);
        if kind != Kind::Pdf {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "handing out what was signed of anything but a PDF",
            ));
        }
        pades::find_with(bytes, self.ceilings(), self.secret())?;
        let report = self.verify(bytes);
        let all = report.signatures.iter().chain(&report.document_timestamps);
        let signature = number
            .checked_sub(1)
            .and_then(|index| all.clone().nth(index));
        let signature = signature.ok_or_else(|| {
            let count = all.count();
            Error::new(
                ErrorKind::Misuse,
                format!("the file has {count} signatures"),
            )
            .in_vietnamese(format!("tệp có {count} chữ ký"))
            .at(Place::Part(format!("--revision {number}")))
        })?;
        let broken = |what: &'static str| {
            Error::new(ErrorKind::Malformed, what).at(Place::Part(signature.id().to_owned()))
        };
        let faulty = signature
            .reasons()
            .any(|reason| matches!(reason, Reason::ByteRange(_) | Reason::Contents(_)));
        let range = signature
            .coverage()
            .and_then(|coverage| coverage.byte_range.as_deref())
            .and_then(|range| <[i64; 4]>::try_from(range).ok());
        let (Some(range), false) = (range, faulty) else {
            return Err(broken("the byte range of the signature"));
        };
        if signature.integrity().digest_intact == Some(false) {
            return Err(broken("the octets are no longer those that were signed"));
        }
        let covered = range.map(|number| usize::try_from(number).ok());
        let [Some(0), Some(first), Some(second), Some(rest)] = covered else {
            return Err(broken("the byte range of the signature"));
        };
        let end = second.checked_add(rest);
        let (Some(revision), Some(head), Some(tail)) = (
            end.and_then(|end| bytes.get(..end)),
            bytes.get(..first),
            end.and_then(|end| bytes.get(second..end)),
        ) else {
            return Err(broken("the byte range of the signature"));
        };
        Ok(Covered {
            id: signature.id().to_owned(),
            indication: signature.indication(),
            revision,
            ranges: [head, tail],
        })
    }
}

/// What a signature covers: see [`Verifier::covered`].
#[derive(Clone, Debug)]
pub struct Covered<'b> {
    id: String,
    indication: Indication,
    revision: &'b [u8],
    ranges: [&'b [u8]; 2],
}

impl<'b> Covered<'b> {
    /// The signature, as the report names it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the signature is worth. What it covers is handed out whatever that is, as long as the
    /// octets are those that were signed.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// The file from its first octet to the end of what is covered, the signature's own value
    /// included: a PDF that can be opened and verified by itself.
    pub fn revision(&self) -> &'b [u8] {
        self.revision
    }

    /// The octets that were digested: the revision without the signature's value.
    pub fn ranges(&self) -> [&'b [u8]; 2] {
        self.ranges
    }
}
