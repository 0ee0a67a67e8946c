//! The classes of fault by the names that the catalogue of attacks uses: [`Class`].

use std::fmt;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The class of a finding, by the typed verdicts of the catalogue of attacks: coarser than
        /// a reason's [`code`](crate::Reason::code), finer than a
        /// [`SubIndication`](crate::SubIndication). Test suites and other verifiers can be compared
        /// by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Class {
            $($(#[$doc])* $name,)*
        }

        impl Class {
            /// The word, such as `digest_mismatch`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

classes! {
    /// Nothing speaks against the signature: the reason only informs.
    Valid = "valid";
    /// A part that is mandatory is missing, or cannot be read.
    Malformed = "malformed";
    /// There is no signature where one belongs.
    NoSignature = "no_signature";
    /// It cannot be judged here.
    Unsupported = "unsupported";
    /// A safety limit was reached.
    Limit = "limit";
    /// The protected bytes do not have the signed digest.
    DigestMismatch = "digest_mismatch";
    /// The signature value does not verify.
    SignatureInvalid = "signature_invalid";
    /// The `/ByteRange` is not what it must be.
    ByteRange = "byte_range";
    /// Bytes stand behind the end of what is covered.
    TrailingData = "trailing_data";
    /// Something other than zeros follows the CMS.
    ContentsPadding = "contents_padding";
    /// The document was changed after it was signed.
    ModifiedAfterSigning = "modified_after_signing";
    /// A change that the certification forbids.
    DocmdpViolation = "docmdp_violation";
    /// A certification that is not made as it must be.
    DocmdpMisuse = "docmdp_misuse";
    /// A locked field was changed.
    FieldmdpViolation = "fieldmdp_violation";
    /// An annotation was added after signing.
    AnnotationAfterSigning = "annotation_after_signing";
    /// A field shows another value than it holds.
    ValueAppearanceMismatch = "value_appearance_mismatch";
    /// Objects that no table leads to, and that a later table could.
    HiddenObjects = "hidden_objects";
    /// A reference to nothing, which could be supplied later.
    DanglingReference = "dangling_reference";
    /// Content that stands outside of what is signed.
    ExternalContent = "external_content";
    /// Scripts and actions.
    ActiveContent = "active_content";
    /// One signature used in several places.
    DuplicateSignatureReference = "duplicate_signature_reference";
    /// A signature that was taken out of the document.
    SignatureRemoved = "signature_removed";
    /// A signature where none belongs.
    SignatureMisplaced = "signature_misplaced";
    /// A signature of another purpose.
    NotADocumentSignature = "not_a_document_signature";
    /// The signature does not cover what it seems to cover.
    Coverage = "coverage";
    /// An identifier that stands twice.
    DuplicateId = "duplicate_id";
    /// A transform that is not on the list.
    TransformNotAllowed = "transform_not_allowed";
    /// A reference that leads out of the document.
    ExternalReference = "external_reference";
    /// A document type definition.
    DtdForbidden = "dtd_forbidden";
    /// Text that two readers would read in two ways.
    AmbiguousText = "ambiguous_text";
    /// The manifest and the attachments disagree.
    ManifestMismatch = "manifest_mismatch";
    /// A name that is dangerous as a file name.
    UnsafeName = "unsafe_name";
    /// Text that could steer a terminal.
    UnsafeText = "unsafe_text";
    /// Mandatory signed attributes are missing.
    SignedAttributesMissing = "signed_attributes_missing";
    /// No signed attribute names the signing certificate.
    SigningCertificateMissing = "signing_certificate_missing";
    /// The signed attribute names another certificate.
    SigningCertificateMismatch = "signing_certificate_mismatch";
    /// The signer's certificate is not there.
    KeyNotFound = "key_not_found";
    /// A weak algorithm.
    WeakAlgorithm = "weak_algorithm";
    /// A key that is too small.
    WeakKey = "weak_key";
    /// No path to an anchor.
    Untrusted = "untrusted";
    /// The path breaks a rule of RFC 5280.
    Chain = "chain";
    /// A certificate used for what it was not made for.
    KeyUsage = "key_usage";
    /// After the end of a certificate.
    Expired = "expired";
    /// Before the begin of a certificate.
    NotYetValid = "not_yet_valid";
    /// A revoked certificate.
    Revoked = "revoked";
    /// The status is not known.
    RevocationUnknown = "revocation_unknown";
    /// A time-stamp that proves nothing.
    TimestampInvalid = "timestamp_invalid";
    /// Times that contradict each other.
    TimeInconsistent = "time_inconsistent";
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
