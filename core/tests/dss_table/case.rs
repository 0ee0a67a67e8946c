//! One case: what is signed by whom, what is stamped, what is said about whom, and when it is
//! judged. And the file, the anchors and the evidence made of it.

use kyso_sandbox::signed_pdf::{PdfEvidence, PdfSignature, SignedPdf};
use kyso_sandbox::{CmsRecipe, Hash, Issued, SandboxError, Scheme, SignedCms, TimeStampRecipe};

use crate::world::{DAY, HOUR, NOW, SIGNED, World};

/// How far a signature has come (ETSI EN 319 142-1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Level {
    /// No trusted time.
    B,
    /// A signature time-stamp.
    T,
    /// No signature time-stamp, and a document time-stamp instead.
    D,
    /// T, and the evidence in the file.
    Lt,
    /// LT, and a document time-stamp over the evidence.
    Lta,
}

impl Level {
    pub(crate) const ALL: [Level; 5] = [Level::B, Level::T, Level::D, Level::Lt, Level::Lta];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::B => "B",
            Level::T => "T",
            Level::D => "D",
            Level::Lt => "LT",
            Level::Lta => "LTA",
        }
    }
}

/// A time-stamp to be.
pub(crate) struct Stamp {
    pub(crate) by: &'static Issued,
    pub(crate) time: i64,
    pub(crate) hash: Hash,
    /// Spoils the recipe.
    pub(crate) change: ChangeToken,
}

impl Stamp {
    pub(crate) fn new(by: &'static Issued, time: i64) -> Self {
        Stamp {
            by,
            time,
            hash: Hash::Sha256,
            change: Box::new(|_| ()),
        }
    }

    pub(crate) fn with(mut self, change: impl Fn(&mut TimeStampRecipe) + 'static) -> Self {
        self.change = Box::new(change);
        self
    }

    fn over(&self, octets: &[u8]) -> Result<Vec<u8>, SandboxError> {
        let mut recipe = TimeStampRecipe::over(self.hash, octets, self.time);
        (self.change)(&mut recipe);
        recipe.signed_by(self.by)
    }
}

/// What is at hand besides the file, or in it.
#[derive(Clone, Default)]
pub(crate) struct Evidence {
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) ocsps: Vec<Vec<u8>>,
}

/// Changes the recipe of a token.
type ChangeToken = Box<dyn Fn(&mut TimeStampRecipe)>;
/// Changes the recipe of a signature.
type Change = Box<dyn Fn(&mut CmsRecipe)>;
/// Changes a finished file.
type Spoil = Box<dyn Fn(&mut Vec<u8>)>;
/// Changes a made signature.
type Finish = Box<dyn Fn(SignedCms) -> SignedCms>;

/// A line of the table.
pub(crate) struct Case {
    pub(crate) name: String,
    /// When it is judged.
    pub(crate) at: i64,
    pub(crate) sub_filter: &'static str,
    /// `/M`.
    pub(crate) claimed: Option<i64>,
    pub(crate) signer: &'static Issued,
    /// Further certificates of the CMS.
    pub(crate) chain: Vec<&'static Issued>,
    pub(crate) hash: Hash,
    pub(crate) scheme: Option<Scheme>,
    pub(crate) change: Change,
    pub(crate) finish: Finish,
    pub(crate) content_stamps: Vec<Stamp>,
    pub(crate) stamps: Vec<Stamp>,
    /// Whether the evidence goes into the file.
    pub(crate) stored: bool,
    pub(crate) document_stamps: Vec<Stamp>,
    pub(crate) evidence: Evidence,
    pub(crate) anchors: Vec<&'static Issued>,
    /// Further signatures of the same file, one after the other.
    pub(crate) then: Vec<Case>,
    /// Spoils the finished file.
    pub(crate) spoil: Spoil,
}

impl Case {
    /// A signature of this level at [`SIGNED`], judged at [`NOW`], the evidence still to come.
    pub(crate) fn new(world: &'static World, level: Level, signer: &'static Issued) -> Self {
        let mut case = Case {
            name: String::new(),
            at: NOW,
            sub_filter: "ETSI.CAdES.detached",
            claimed: Some(SIGNED),
            signer,
            chain: vec![&world.issuing],
            hash: Hash::Sha256,
            scheme: None,
            change: Box::new(|_| ()),
            finish: Box::new(|signed| signed),
            content_stamps: Vec::new(),
            stamps: Vec::new(),
            stored: false,
            document_stamps: Vec::new(),
            evidence: Evidence::default(),
            anchors: vec![&world.root],
            then: Vec::new(),
            spoil: Box::new(|_| ()),
        };
        if matches!(level, Level::T | Level::Lt | Level::Lta) {
            case.stamps.push(Stamp::new(&world.tsa, SIGNED + 5));
        }
        if level == Level::D {
            let stamp = Stamp::new(&world.tsa, SIGNED + HOUR);
            case.document_stamps.push(stamp);
        }
        if matches!(level, Level::Lt | Level::Lta) {
            case.stored = true;
        }
        if level == Level::Lta {
            // After the evidence, whose usual time is a day before now.
            let stamp = Stamp::new(&world.tsa, NOW - DAY / 2);
            case.document_stamps.push(stamp);
        }
        case
    }

    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    pub(crate) fn at(mut self, at: i64) -> Self {
        self.at = at;
        self
    }

    pub(crate) fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.certificates.extend(evidence.certificates);
        self.evidence.crls.extend(evidence.crls);
        self.evidence.ocsps.extend(evidence.ocsps);
        self
    }

    pub(crate) fn crl(mut self, list: Vec<u8>) -> Self {
        self.evidence.crls.push(list);
        self
    }

    pub(crate) fn ocsp(mut self, response: Vec<u8>) -> Self {
        self.evidence.ocsps.push(response);
        self
    }

    pub(crate) fn changed(mut self, change: impl Fn(&mut CmsRecipe) + 'static) -> Self {
        self.change = Box::new(change);
        self
    }

    pub(crate) fn finished(mut self, finish: impl Fn(SignedCms) -> SignedCms + 'static) -> Self {
        self.finish = Box::new(finish);
        self
    }

    /// The file.
    pub(crate) fn file(&self) -> Result<Vec<u8>, SandboxError> {
        let mut pdf = SignedPdf::new();
        self.append(&mut pdf)?;
        for next in &self.then {
            next.append(&mut pdf)?;
        }
        let mut octets = pdf.into_octets();
        (self.spoil)(&mut octets);
        Ok(octets)
    }

    fn append(&self, pdf: &mut SignedPdf) -> Result<(), SandboxError> {
        let mut place = PdfSignature::new();
        place.time = self.claimed;
        place.sub_filter = self.sub_filter.to_owned();
        pdf.sign(&place, |protected| self.cms(protected))?;
        if self.stored {
            pdf.add_evidence(&PdfEvidence {
                certificates: self.evidence.certificates.clone(),
                crls: self.evidence.crls.clone(),
                ocsps: self.evidence.ocsps.clone(),
                ..PdfEvidence::default()
            });
        }
        for stamp in &self.document_stamps {
            pdf.sign(&PdfSignature::document_time_stamp(), |protected| {
                stamp.over(protected)
            })?;
        }
        Ok(())
    }

    fn cms(&self, protected: &[u8]) -> Result<Vec<u8>, SandboxError> {
        let mut recipe = CmsRecipe::new(self.hash, &self.hash.of(protected));
        if let Some(scheme) = self.scheme {
            recipe.scheme = scheme;
        }
        let chain = self.chain.iter();
        recipe.certificates = chain.map(|issued| issued.certificate_der.clone()).collect();
        for stamp in &self.content_stamps {
            recipe.content_time_stamps.push(stamp.over(protected)?);
        }
        (self.change)(&mut recipe);
        let mut signed = (self.finish)(recipe.signed_by(self.signer)?);
        for stamp in &self.stamps {
            let token = stamp.over(signed.signature())?;
            signed = signed.time_stamped(token);
        }
        signed.to_der()
    }

    /// What is given beside the file.
    pub(crate) fn beside(&self) -> Vec<&Vec<u8>> {
        if self.stored {
            return Vec::new();
        }
        let Evidence {
            certificates,
            crls,
            ocsps,
        } = &self.evidence;
        certificates.iter().chain(crls).chain(ocsps).collect()
    }
}
