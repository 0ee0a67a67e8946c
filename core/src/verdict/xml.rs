//! What can be found about the form and the reach of an XML signature: [`XmlFault`].

use crate::verdict::{Indication, SubIndication};

/// What is wrong, or worth knowing, about an XML signature (W3C XMLDSig 1.1; EN 319 132-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum XmlFault {
    /// The `Signature` element is not built as its schema says.
    Malformed,
    /// An identifier that a reference names stands more than once.
    DuplicateId,
    /// A reference leads out of the document, or says nothing about where to.
    External,
    /// A reference names an identifier that is not there.
    NotFound,
    /// A reference asks for a transform, or the signature for a canonicalisation, that is not on
    /// the list of those that are carried out.
    Transform,
    /// Nothing but parts of the signature itself is signed.
    NothingSigned,
    /// Comments or instructions inside a value: two readers would read two values.
    Ambiguous,
    /// An element of the same name as a signed one stands elsewhere and is not signed.
    Wrapped,
    /// A part that has to be signed is not.
    NotCovered,
    /// The document asks for content from elsewhere (XInclude).
    Include,
    /// Certificates or keys in `KeyInfo` contradict each other.
    KeyInfo,
    /// `SignedProperties` are there and not signed.
    PropertiesNotSigned,
    /// The entries of a signed `Manifest` do not hold.
    Manifest,
    /// Text of an envelope's header could steer a terminal or reorder what is shown.
    UnsafeText,
    /// A header signature of an envelope that is broken; the file is held by that, not failed.
    HeaderBroken,
    /// Without what a relay appended behind it, the header is what was signed.
    TraceAdded,
}

impl XmlFault {
    /// Every one.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 16] = [
        Self::Malformed,
        Self::DuplicateId,
        Self::External,
        Self::NotFound,
        Self::Transform,
        Self::NothingSigned,
        Self::Ambiguous,
        Self::Wrapped,
        Self::NotCovered,
        Self::Include,
        Self::KeyInfo,
        Self::PropertiesNotSigned,
        Self::Manifest,
        Self::UnsafeText,
        Self::HeaderBroken,
        Self::TraceAdded,
    ];

    /// The stable code, such as `xml.duplicate_id`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Malformed => "xml.malformed",
            Self::DuplicateId => "xml.duplicate_id",
            Self::External => "xml.reference_external",
            Self::NotFound => "xml.reference_not_found",
            Self::Transform => "xml.transform_unsupported",
            Self::NothingSigned => "xml.nothing_signed",
            Self::Ambiguous => "xml.ambiguous_text",
            Self::Wrapped => "xml.wrapped",
            Self::NotCovered => "xml.not_covered",
            Self::Include => "xml.include",
            Self::KeyInfo => "xml.key_info",
            Self::PropertiesNotSigned => "xml.properties_not_signed",
            Self::Manifest => "xml.manifest",
            Self::UnsafeText => "envelope.unsafe_text",
            Self::HeaderBroken => "envelope.header_signature.broken",
            Self::TraceAdded => "envelope.header_signature.trace_added",
        }
    }

    /// What it leads to; nothing for what only informs.
    pub(crate) fn effect(self) -> (Option<Indication>, Option<SubIndication>) {
        use SubIndication as S;
        let sub = match self {
            Self::Malformed | Self::DuplicateId | Self::Ambiguous => S::FormatFailure,
            Self::External | Self::NotFound => S::SignedDataNotFound,
            Self::Transform
            | Self::NothingSigned
            | Self::Wrapped
            | Self::NotCovered
            | Self::PropertiesNotSigned => S::SigConstraintsFailure,
            Self::KeyInfo => S::NoSigningCertificateFound,
            Self::Include | Self::Manifest | Self::UnsafeText | Self::HeaderBroken => S::Custom,
            Self::TraceAdded => return (None, None),
        };
        (Some(sub.indication()), Some(sub))
    }
}
