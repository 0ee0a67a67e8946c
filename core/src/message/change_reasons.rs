//! What is said about later changes, in findings and in reasons.

use std::fmt::Write as _;

use crate::message::Lang;
use crate::verdict::{CertificationFault, Change, ChangeFault, ChangeKind};

/// Page, field, what, object, revision: `page 2: content replaced; object 14, revision 3`.
pub(crate) fn change(change: &Change, lang: Lang) -> String {
    let mut text = change_brief(change, lang);
    text.push_str("; ");
    // Writing to a string cannot fail.
    if let Some(object) = change.object {
        let _ = write!(text, "{} {object}, ", lang.pick("đối tượng", "object"));
    }
    let _ = write!(
        text,
        "{} {}",
        lang.pick("phiên bản", "revision"),
        change.revision
    );
    text
}

/// Page, field and what, for a sentence: `page 2: content replaced`.
pub(crate) fn change_brief(change: &Change, lang: Lang) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    if let Some(page) = change.page {
        let _ = write!(text, "{} {page}: ", lang.pick("trang", "page"));
    }
    if let Some(field) = &change.field {
        let _ = write!(text, "{} “{field}”: ", lang.pick("trường", "field"));
    }
    text.push_str(
        told(change).map_or_else(|| phrase(change.kind, lang), |(vi, en)| lang.pick(vi, en)),
    );
    if let Some(detail) = &change.detail {
        let _ = write!(text, " ({detail})");
    }
    text
}

/// What the detail makes of a kind, where that says more to a person.
fn told(change: &Change) -> Option<(&'static str, &'static str)> {
    let detail = change.detail.as_deref()?;
    match (change.kind, detail) {
        (ChangeKind::Catalog, "/Names" | "/AF") => Some((
            "tệp đính kèm hoặc danh mục tên bị thêm, đổi",
            "attached files or named places added or changed",
        )),
        (ChangeKind::Catalog, "/Outlines") => {
            Some(("mục lục (bookmark) bị đổi", "bookmarks changed"))
        }
        (ChangeKind::AnnotationAdded, widget) if widget.starts_with("Widget") => {
            Some(("thêm ô biểu mẫu", "form field drawn on the page"))
        }
        (ChangeKind::AnnotationChanged, widget) if widget.starts_with("Widget") => {
            Some(("ô biểu mẫu bị sửa", "form field on the page changed"))
        }
        (ChangeKind::AnnotationRemoved, widget) if widget.starts_with("Widget") => {
            Some(("ô biểu mẫu bị xóa", "form field on the page removed"))
        }
        _ => None,
    }
}

fn phrase(kind: ChangeKind, lang: Lang) -> &'static str {
    use ChangeKind as K;
    let (vi, en) = match kind {
        K::ValidationData => (
            "bổ sung hoặc bỏ bớt dữ liệu kiểm tra chữ ký (DSS)",
            "validation data added or dropped (DSS)",
        ),
        K::DocumentTimeStamp => (
            "thêm dấu thời gian của tài liệu",
            "document time-stamp added",
        ),
        K::Metadata => ("siêu dữ liệu thay đổi", "metadata changed"),
        K::UnusedFreed => (
            "giải phóng số hiệu đối tượng không dùng đến",
            "unused object numbers given up",
        ),
        K::Signature => (
            "ký vào trường chữ ký có sẵn",
            "signature put into its field",
        ),
        K::SignatureField => (
            "thêm chữ ký kèm trường chữ ký mới",
            "signature added with a field of its own",
        ),
        K::EmptySignatureField => (
            "thêm trường chữ ký chưa có chữ ký",
            "signature field without a signature added",
        ),
        K::FieldValue => ("điền giá trị vào biểu mẫu", "form field filled in"),
        K::FieldValueNotShown => (
            "giá trị đổi nhưng hình hiển thị vẫn như cũ",
            "value changed, appearance still shows the old one",
        ),
        K::FormAdditions => (
            "bổ sung tài nguyên hoặc mặc định của biểu mẫu",
            "form resources or defaults added",
        ),
        K::Structure => ("cấu trúc lô-gic được bổ sung", "logical structure extended"),
        K::AnnotationAdded => ("thêm chú thích", "annotation added"),
        K::AnnotationChanged => ("chú thích bị sửa", "annotation changed"),
        K::AnnotationRemoved => ("chú thích bị xóa", "annotation removed"),
        K::PageContent => ("nội dung bị thay", "content replaced"),
        K::PageResources => ("tài nguyên bị thay", "resources replaced"),
        K::Font => ("phông chữ bị thay", "font replaced"),
        K::Image => ("hình ảnh bị thay", "image replaced"),
        K::PageBoxes => ("khổ hoặc khung trang bị đổi", "page boxes changed"),
        K::PageRotation => ("hướng xoay trang bị đổi", "page rotation changed"),
        K::PageOther => ("thuộc tính trang bị đổi", "page attribute changed"),
        K::PageTree => (
            "các trang hoặc thứ tự trang bị đổi",
            "pages or their order changed",
        ),
        K::Catalog => ("danh mục tài liệu bị đổi", "document catalog changed"),
        K::OptionalContent => (
            "trạng thái các lớp nội dung bị đổi",
            "layers or their state changed",
        ),
        K::Action => (
            "hành động hoặc mã chạy bị thêm, sửa",
            "action or script added or changed",
        ),
        K::FormDefaults => (
            "mặc định hiển thị của biểu mẫu bị đổi",
            "defaults that fields are drawn by changed",
        ),
        K::Form => ("biểu mẫu bị đổi", "form changed"),
        K::FieldAdded => ("thêm trường biểu mẫu", "form field added"),
        K::FieldRemoved => ("trường biểu mẫu bị xóa", "form field removed"),
        K::FieldChanged => (
            "trường biểu mẫu bị sửa ngoài giá trị của nó",
            "form field changed beyond its value",
        ),
        K::FieldAppearance => (
            "hình hiển thị của trường bị thay mà giá trị không đổi",
            "appearance replaced, value unchanged",
        ),
        K::SignatureReplaced => ("chữ ký bị gỡ hoặc thay", "signature removed or replaced"),
        K::SignatureAppearance => (
            "hình chữ ký bị dời hoặc vẽ lại",
            "signature moved or drawn anew",
        ),
        K::Permissions => (
            "quyền chứng nhận (/Perms) bị đổi",
            "certification (/Perms) changed",
        ),
        K::Encryption => ("cách mã hóa tệp bị đổi", "encryption changed"),
        K::ObjectRemoved => ("đối tượng bị xóa", "object removed"),
        K::ObjectSupplied => (
            "đối tượng còn thiếu lúc ký được thêm vào",
            "object that was missing when signed was supplied",
        ),
        K::Generation => (
            "thế hệ của đối tượng bị nâng",
            "generation of the object raised",
        ),
        K::OldText => (
            "bản cũ của đối tượng được dùng lại",
            "an older text of the object was put back",
        ),
        K::WithoutPurpose => (
            "lần cập nhật chỉ ghi lại đối tượng cũ, không rõ mục đích",
            "an update that writes old objects again, for no purpose that shows",
        ),
        K::HybridDiffers => (
            "hai bảng tham chiếu của cùng phiên bản nói khác nhau",
            "the two cross-references of one revision disagree",
        ),
        K::Unlisted => (
            "đối tượng mang số hiệu đang dùng mà bảng tham chiếu không nhắc tới",
            "an object with a number in use that no cross-reference lists",
        ),
        K::TrailingBytes => ("có dữ liệu sau phần cuối", "bytes after the end"),
        K::TrailingObjects => ("có đối tượng sau phần cuối", "objects after the end"),
        K::Rebuilt => (
            "bảng tham chiếu được lập lại, bỏ phiên bản đã ký",
            "cross-reference rebuilt without the signed revision",
        ),
        K::Object => ("đối tượng bị thay", "object replaced"),
    };
    lang.pick(vi, en)
}

/// How many further changes there are, for a finding.
pub(crate) fn further(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("và {count} thay đổi khác"),
        Lang::En if count == 1 => "and 1 further change".to_owned(),
        Lang::En => format!("and {count} further changes"),
    }
}

/// The message and the advice of a reason about later changes.
pub(super) fn reason(
    fault: ChangeFault,
    change: &Change,
    more: u32,
    lang: Lang,
) -> (String, &'static str) {
    let what = match fault {
        ChangeFault::Forbidden => lang.pick(
            "Tài liệu đã bị thay đổi sau khi ký",
            "The document was changed after signing",
        ),
        ChangeFault::Certification => lang.pick(
            "Thay đổi sau khi ký vượt quá mức mà chữ ký chứng nhận cho phép",
            "A later change goes beyond what the certification allows",
        ),
        ChangeFault::FieldLock => lang.pick(
            "Một trường đã bị khóa khi ký lại bị thay đổi",
            "A field that was locked by signing was changed",
        ),
        ChangeFault::Annotation => lang.pick(
            "Sau khi ký có chú thích được thêm hoặc sửa, có thể che nội dung đã ký",
            "Annotations were added or changed after signing; they may cover what was signed",
        ),
        ChangeFault::Appearance => lang.pick(
            "Giá trị của trường và hình hiển thị của nó không khớp",
            "The value of a field and its appearance do not fit",
        ),
        ChangeFault::UntrustedField => lang.pick(
            "Sau khi chứng nhận có trường chữ ký mới mà chữ ký trong đó không đúng hoặc không được tin cậy",
            "After certification a signature field was added whose signature is broken or not trusted",
        ),
        ChangeFault::UnsettledField => lang.pick(
            "Sau khi ký có trường chữ ký mới mà chưa xác định được chữ ký trong đó có tin cậy không",
            "A signature field was added later, and whether its signature is trusted cannot be told",
        ),
        ChangeFault::Trailing => lang.pick(
            "Sau phần cuối của tệp còn dữ liệu mà chữ ký không bảo vệ",
            "After the end of the file stand bytes that no signature protects",
        ),
    };
    let mut text = format!("{what}: {}", self::change(change, lang));
    if more > 0 {
        let _ = write!(
            text,
            "; {}",
            further(usize::try_from(more).unwrap_or(usize::MAX), lang)
        );
    }
    let advice = match fault {
        ChangeFault::Forbidden
        | ChangeFault::Certification
        | ChangeFault::FieldLock
        | ChangeFault::UntrustedField => lang.pick(
            "Chỉ phần được ký là đáng tin. Lấy đúng phần mà chữ ký thứ N đã ký: kyso verify TỆP --revision N -o RA.pdf; hoặc xin lại bản do người ký phát hành.",
            "Only the signed revision can be relied on. What signature N signed: kyso verify FILE --revision N -o OUT.pdf; or ask the signer for the file as issued.",
        ),
        ChangeFault::Annotation | ChangeFault::Appearance | ChangeFault::Trailing => lang.pick(
            "Hãy đối chiếu với đúng phần mà chữ ký thứ N đã ký (kyso verify TỆP --revision N -o RA.pdf), hoặc xin bản không có phần thêm này.",
            "Compare with what signature N signed (kyso verify FILE --revision N -o OUT.pdf), or ask for a file without this addition.",
        ),
        ChangeFault::UnsettledField => lang.pick(
            "Hãy xem kết quả của chữ ký thêm sau; khi nó xác minh được thì thay đổi này được chấp nhận.",
            "Look at the result of the later signature; once it verifies, this change is accepted.",
        ),
    };
    (text, advice)
}

/// The message and the advice about a certification.
pub(super) fn certification(fault: CertificationFault, lang: Lang) -> (String, &'static str) {
    let text = match fault {
        CertificationFault::NotFirst => lang.pick(
            "Chữ ký chứng nhận không phải là chữ ký đầu tiên của tài liệu",
            "The certifying signature is not the first signature of the document",
        ),
        CertificationFault::UnknownLevel => lang.pick(
            "Mức cho phép của chữ ký chứng nhận không thuộc 1, 2, 3; được hiểu là mức 1",
            "The level of the certification is none of 1, 2, 3; it is taken as 1",
        ),
    };
    (
        text.to_owned(),
        lang.pick(
            "Hãy hỏi người ký: phần mềm ký đã dùng chứng nhận không đúng chuẩn.",
            "Ask the signer: the signing software used certification in a way the standard does not have.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_knows_by_a_name_is_called_by_it_and_one_is_no_plural() {
        let told = |kind, detail: &str| {
            let mut change = Change::new(kind, 2);
            change.detail = Some(detail.to_owned());
            change_brief(&change, Lang::Vi)
        };
        let files = told(ChangeKind::Catalog, "/Names");
        assert!(files.starts_with("tệp đính kèm"), "{files}");
        let outline = told(ChangeKind::Catalog, "/Outlines");
        assert!(outline.starts_with("mục lục"), "{outline}");
        let field = told(ChangeKind::AnnotationAdded, "Widget [0 0 10 10]");
        assert!(field.starts_with("thêm ô biểu mẫu"), "{field}");
        let note = told(ChangeKind::AnnotationAdded, "FreeText [0 0 10 10]");
        assert!(note.starts_with("thêm chú thích"), "{note}");
        assert_eq!(further(1, Lang::En), "and 1 further change");
    }

    #[test]
    fn every_kind_of_change_has_a_code_of_its_own_and_a_phrase_in_both_languages() {
        let mut codes = Vec::new();
        for kind in ChangeKind::ALL {
            assert!(!codes.contains(&kind.code()), "{}", kind.code());
            codes.push(kind.code());
            assert_ne!(phrase(*kind, Lang::Vi), phrase(*kind, Lang::En));
        }
    }
}
