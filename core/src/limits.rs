//! Every ceiling in one place: [`Limits`].
//!
//! Hostile input is normal input. Each reader asks here before it allocates, recurses or repeats,
//! and a limit that was reached is reported as a limit, never as "valid".

/// The ceilings that hostile input runs into. All sizes are in bytes.
///
/// The defaults are those of the attack catalogue that this library is tested against; they are
/// far above what real state documents need.
///
/// ```
/// let limits = kyso::Limits::default();
/// assert_eq!(limits.asn1_depth, 32);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Nesting of PDF arrays and dictionaries.
    pub pdf_depth: usize,
    /// Revisions (cross-reference sections) of one PDF.
    pub pdf_revisions: usize,
    /// How many indirect references are followed one after another.
    pub pdf_references: usize,
    /// Decoded size of one PDF stream.
    pub pdf_stream: u64,
    /// Decoded size of all PDF streams that one file makes us decode.
    pub pdf_streams_total: u64,
    /// Octets that reading the objects of one PDF may cost, beyond twice the size of the file.
    pub pdf_work: u64,
    /// Objects of one PDF object stream.
    pub pdf_stream_objects: usize,
    /// Filters of one PDF stream.
    pub pdf_filters: usize,
    /// Cross-reference entries of one PDF, all sections together.
    pub pdf_xref_entries: usize,
    /// Objects of one PDF that are looked at for what they may hide; a file of more is not judged.
    pub pdf_objects: usize,
    /// Fields of one form.
    pub pdf_fields: usize,
    /// Signatures of one file.
    pub signatures: usize,
    /// Nesting of ASN.1 values.
    pub asn1_depth: usize,
    /// Octets of one CMS structure.
    pub cms_size: usize,
    /// Certificates, CRLs and other items taken from one file.
    pub evidence_items: usize,
    /// Octets of revocation lists read while looking certificates up, for one file.
    pub crl_octets: u64,
    /// Questions asked over the network for one file.
    pub fetches: usize,
    /// Questions asked of one host for one file.
    pub fetches_per_host: usize,
    /// Size of one revocation list that is fetched; other answers may have a sixteenth of it.
    pub fetch_size: u64,
    /// Size of everything fetched for one file.
    pub fetch_total: u64,
    /// Certificates of one path.
    pub path_length: usize,
    /// Signature checks while building one path.
    pub path_signature_checks: usize,
    /// Name comparisons while building one path.
    pub path_name_checks: usize,
    /// Nesting of XML elements.
    pub xml_depth: usize,
    /// Attributes of one XML element.
    pub xml_attributes: usize,
    /// Elements of one XML document.
    pub xml_elements: usize,
    /// Octets that are canonicalised for the signatures of one XML file, beyond twice its size.
    pub xml_work: u64,
    /// Size of one envelope as XML.
    pub envelope_size: u64,
    /// Nesting of elements in an envelope.
    pub envelope_depth: usize,
    /// Attachments of one envelope.
    pub attachments: usize,
    /// Receivers of one envelope.
    pub receivers: usize,
    /// Size of one attachment after decoding.
    pub attachment_size: u64,
    /// Size of all attachments of one envelope that lie in a wrapping zip, after inflating. Those
    /// that lie there as they are have the size of the envelope as their limit.
    pub attachments_total: u64,
    /// Ratio of inflated to packed size of an attachment, beyond one mebibyte.
    pub attachment_ratio: u64,
}

/// What a limit is counted in.
trait Count: Copy {
    fn of(value: u64) -> Self;
    fn value(self) -> u64;
}

impl Count for u64 {
    fn of(value: u64) -> Self {
        value
    }

    fn value(self) -> u64 {
        self
    }
}

impl Count for usize {
    fn of(value: u64) -> Self {
        Self::try_from(value).unwrap_or(Self::MAX)
    }

    fn value(self) -> u64 {
        u64::try_from(self).unwrap_or(u64::MAX)
    }
}

macro_rules! named {
    ($($name:ident),* $(,)?) => {
        impl Limits {
            /// The names of all limits, as the doors take them: those of the fields.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// Sets a limit by its name; whether there is one of this name.
            ///
            /// ```
            /// let mut limits = kyso::Limits::default();
            /// assert!(limits.set("pdf_revisions", 20));
            /// assert_eq!(limits.pdf_revisions, 20);
            /// assert!(!limits.set("pages", 1));
            /// ```
            #[must_use]
            pub fn set(&mut self, name: &str, value: u64) -> bool {
                match name {
                    $(stringify!($name) => self.$name = Count::of(value),)*
                    _ => return false,
                }
                true
            }

            /// A limit by its name.
            pub fn get(&self, name: &str) -> Option<u64> {
                match name {
                    $(stringify!($name) => Some(self.$name.value()),)*
                    _ => None,
                }
            }
        }
    };
}

named!(
    pdf_depth,
    pdf_revisions,
    pdf_references,
    pdf_stream,
    pdf_streams_total,
    pdf_work,
    pdf_stream_objects,
    pdf_filters,
    pdf_xref_entries,
    pdf_objects,
    pdf_fields,
    signatures,
    asn1_depth,
    cms_size,
    evidence_items,
    crl_octets,
    fetches,
    fetches_per_host,
    fetch_size,
    fetch_total,
    path_length,
    path_signature_checks,
    path_name_checks,
    xml_depth,
    xml_attributes,
    xml_elements,
    xml_work,
    envelope_size,
    envelope_depth,
    attachments,
    receivers,
    attachment_size,
    attachments_total,
    attachment_ratio,
);

impl Default for Limits {
    fn default() -> Self {
        Self {
            pdf_depth: 128,
            pdf_revisions: 1_000,
            pdf_references: 64,
            pdf_stream: 64 << 20,
            pdf_streams_total: 256 << 20,
            pdf_work: 256 << 20,
            pdf_stream_objects: 1 << 20,
            pdf_filters: 4,
            pdf_xref_entries: 8_388_608,
            pdf_objects: 2_000_000,
            pdf_fields: 20_000,
            signatures: 1_000,
            asn1_depth: 32,
            cms_size: 16 << 20,
            evidence_items: 4_000,
            crl_octets: 1 << 30,
            fetches: 40,
            fetches_per_host: 24,
            fetch_size: 32 << 20,
            fetch_total: 128 << 20,
            path_length: 10,
            path_signature_checks: 100,
            path_name_checks: 1_000,
            xml_depth: 256,
            xml_attributes: 256,
            xml_elements: 4_000_000,
            xml_work: 256 << 20,
            envelope_size: 1 << 30,
            envelope_depth: 64,
            attachments: 1_000,
            receivers: 1_000,
            attachment_size: 64 << 20,
            attachments_total: 256 << 20,
            attachment_ratio: 200,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn every_limit_has_its_name() {
        let text = format!("{:?}", Limits::default());
        let fields = text.matches(": ").count();
        assert_eq!(Limits::NAMES.len(), fields, "{text}");
        for name in Limits::NAMES {
            let mut limits = Limits::default();
            assert!(limits.set(name, 7));
            assert_eq!(limits.get(name), Some(7));
            assert_ne!(limits, Limits::default());
        }
    }
}
