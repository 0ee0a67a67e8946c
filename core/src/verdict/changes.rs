//! What later revisions of a PDF changed: [`Change`], its [`ChangeKind`], and why it lowers a
//! verdict, [`ChangeFault`].

use crate::message::{self, Lang};
use crate::verdict::{Indication, SubIndication};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What kind of change a later revision made (ISO 32000-2 §12.8.2).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $($(#[$doc])* $name,)*
        }

        impl ChangeKind {
            /// The stable code of the finding that names such a change.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Every kind there is.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

kinds! {
    // ---- what is added without changing what is shown
    /// Validation data were added, extended or dropped (/DSS).
    ValidationData = "change.validation_data",
    /// A document time-stamp that shows nothing.
    DocumentTimeStamp = "change.document_time_stamp",
    /// Metadata: /Info, XMP, /Extensions, /Version and their like.
    Metadata = "change.metadata",
    /// Object numbers that nothing refers to were given up.
    UnusedFreed = "change.unused_freed",
    // ---- signing and filling in
    /// A signature was put into a field that was there.
    Signature = "change.signature",
    /// A signature was added with a field of its own.
    SignatureField = "change.signature_field",
    /// A signature field without a signature was added.
    EmptySignatureField = "change.empty_signature_field",
    /// A form field was filled in.
    FieldValue = "change.field_value",
    /// A form field was filled in, and its appearance still shows what it showed before.
    FieldValueNotShown = "change.field_value_not_shown",
    /// Resources of the form or defaults that were not there were added.
    FormAdditions = "change.form_additions",
    /// The logical structure grew.
    Structure = "change.structure",
    // ---- annotations
    /// An annotation was added.
    AnnotationAdded = "change.annotation_added",
    /// An annotation was changed.
    AnnotationChanged = "change.annotation_changed",
    /// An annotation was removed.
    AnnotationRemoved = "change.annotation_removed",
    // ---- what is never permitted
    /// The content of a page.
    PageContent = "change.page_content",
    /// The resources of a page.
    PageResources = "change.page_resources",
    /// A font or what belongs to one.
    Font = "change.font",
    /// An image.
    Image = "change.image",
    /// The boxes of a page.
    PageBoxes = "change.page_boxes",
    /// The rotation of a page.
    PageRotation = "change.page_rotation",
    /// Another key of a page.
    PageOther = "change.page",
    /// The pages or their order.
    PageTree = "change.page_tree",
    /// The document catalog.
    Catalog = "change.catalog",
    /// The layers and what of them is shown.
    OptionalContent = "change.optional_content",
    /// An action or a script.
    Action = "change.action",
    /// Defaults by which form fields are drawn (/DA, /DR, /NeedAppearances, /XFA).
    FormDefaults = "change.form_defaults",
    /// The form.
    Form = "change.form",
    /// A form field that is no signature was added.
    FieldAdded = "change.field_added",
    /// A form field was removed.
    FieldRemoved = "change.field_removed",
    /// A form field was renamed, retyped, moved or hidden.
    FieldChanged = "change.field_changed",
    /// The appearance of a form field changed and its value did not.
    FieldAppearance = "change.field_appearance",
    /// A signature was removed or replaced.
    SignatureReplaced = "change.signature_replaced",
    /// The signature field was moved or drawn anew.
    SignatureAppearance = "change.signature_appearance",
    /// The certification was dropped or pointed elsewhere (/Perms).
    Permissions = "change.permissions",
    /// How the file is encrypted.
    Encryption = "change.encryption",
    /// An object was removed.
    ObjectRemoved = "change.object_removed",
    /// An object that was missing was supplied.
    ObjectSupplied = "change.object_supplied",
    /// The generation of an object was raised.
    Generation = "change.generation",
    /// An older text of an object was put back.
    OldText = "change.old_text",
    /// Objects were listed or written again without any change: an update without a purpose.
    WithoutPurpose = "change.without_purpose",
    /// The two views of a hybrid cross-reference differ.
    HybridDiffers = "change.hybrid_differs",
    /// An object that no cross-reference lists, with a number that is in use.
    Unlisted = "change.unlisted_object",
    /// Bytes after the end of the last revision.
    TrailingBytes = "change.trailing_bytes",
    /// Objects after the end of the last revision.
    TrailingObjects = "change.trailing_objects",
    /// The cross-reference was written anew and the signed revision is no longer part of it.
    Rebuilt = "change.cross_reference_rebuilt",
    /// Any other object.
    Object = "change.object",
}

/// One change of a later revision, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// The page, counted from 1.
    pub page: Option<u32>,
    /// The object.
    pub object: Option<u32>,
    /// The revision that made it, counted from 1.
    pub revision: u32,
    /// The full name of the form field.
    pub field: Option<String>,
    /// A word from the file: a key, a type of annotation with its box.
    pub detail: Option<String>,
}

impl Change {
    pub(crate) fn new(kind: ChangeKind, revision: u32) -> Self {
        Self {
            kind,
            page: None,
            object: None,
            revision,
            field: None,
            detail: None,
        }
    }

    /// The sentence: page, field, what, object, revision.
    ///
    /// ```
    /// # fn demo(change: &kyso::verdict::Change) {
    /// println!("{}", change.message(kyso::Lang::En));
    /// # }
    /// ```
    pub fn message(&self, lang: Lang) -> String {
        message::change(self, lang)
    }
}

/// Why a change lowers a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeFault {
    /// Nobody may change this in a signed document.
    Forbidden,
    /// The certification (DocMDP) does not allow it.
    Certification,
    /// The field is locked (FieldMDP).
    FieldLock,
    /// Annotations after a signature: what is shown may differ from what was signed.
    Annotation,
    /// A field's value and its appearance differ.
    Appearance,
    /// A signature field was added whose signature is not trusted.
    UntrustedField,
    /// A signature field was added, and whether its signature is trusted is not known.
    UnsettledField,
    /// Bytes after the end.
    Trailing,
}

impl ChangeFault {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Forbidden => "changes.forbidden",
            Self::Certification => "changes.certification",
            Self::FieldLock => "changes.field_locked",
            Self::Annotation => "changes.annotation",
            Self::Appearance => "changes.appearance_differs",
            Self::UntrustedField => "changes.untrusted_field",
            Self::UnsettledField => "changes.field_not_settled",
            Self::Trailing => "changes.trailing_bytes",
        }
    }

    pub(super) fn effect(self) -> (Option<Indication>, Option<SubIndication>) {
        let sub = match self {
            Self::Forbidden | Self::Certification | Self::FieldLock | Self::UntrustedField => {
                SubIndication::FormatFailure
            }
            Self::Annotation | Self::Appearance | Self::UnsettledField | Self::Trailing => {
                SubIndication::Custom
            }
        };
        (Some(sub.indication()), Some(sub))
    }
}

/// What is wrong with a certification (DocMDP, ISO 32000-2 §12.8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificationFault {
    /// Another signature was there before.
    NotFirst,
    /// Its level is none of 1, 2, 3; it counts as 1.
    UnknownLevel,
}

impl CertificationFault {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NotFirst => "certification.not_first",
            Self::UnknownLevel => "certification.unknown_level",
        }
    }
}
