//! What an envelope says: [`Header`], [`TraceHeader`], [`Business`], [`Status`] and their parts.
//!
//! Members carry the regulation's element names in snake case. Values are as they stand, trimmed;
//! an empty element is absent, and nothing is made up for one that is missing.

use crate::edxml::date::{DateText, TimeText};
use crate::edxml::record::record;

record! {
    /// `MessageHeader` of a document (QCVN 102:2016, elements 1.1 to 1.14). Of a status only
    /// `from` is filled in here; the rest is its [`Status`].
    Header {
        /// Issuing agency (cơ quan ban hành).
        from: Option<Organ> = "From", "";
        /// Receivers (nơi nhận), one each.
        to: Vec<Organ> = "To", "";
        /// Identifier of the document, usually `code,yyyy/MM/dd,number/notation`.
        document_id: Option<String> = "DocumentId", "";
        /// Number and notation (số, ký hiệu).
        code: Option<Code> = "Code", "";
        /// Place and date of issue.
        promulgation_info: Option<PromulgationInfo> = "PromulgationInfo", "";
        /// Class of the document (loại văn bản).
        document_type: Option<DocumentType> = "DocumentType", "";
        /// Subject (trích yếu).
        subject: Option<String> = "Subject", "";
        /// Summary of contents (nội dung).
        content: Option<String> = "Content", "";
        /// Signer as printed; no cryptographic meaning.
        signer_info: Option<SignerInfo> = "SignerInfo", "";
        /// Due date (hạn xử lý).
        due_date: Option<DateText> = "DueDate", "";
        /// Urgency, copies, pages, appendices.
        other_info: Option<OtherInfo> = "OtherInfo", "";
        /// Documents that this one answers.
        response_for: Vec<ResponseFor> = "ResponseFor", "";
        /// 0 not steering, 1 steering, 2 report on steering (loại chỉ đạo).
        steering_type: Option<i64> = "SteeringType", "C1";
        /// Tasks of the Government Office (an extension of the SDK).
        response_for_task: Option<ResponseForTask> = "ResponseForTask", "";
        /// Application (an extension of the SDK).
        application_type: Option<String> = "ApplicationType", "";
        /// Where copies go for information or filing; not delivery addresses.
        to_places: Option<ToPlaces> = "ToPlaces", "";
    }
}

record! {
    /// An agency with its address.
    Organ {
        /// Identifier code (mã định danh), at most 35 characters.
        organ_id: Option<String> = "OrganId", "I1";
        /// Governing agency (cơ quan chủ quản).
        organization_in_charge: Option<String> = "OrganizationInCharge", "";
        /// Name.
        organ_name: Option<String> = "OrganName", "";
        /// Postal address.
        organ_add: Option<String> = "OrganAdd", "";
        /// E-mail.
        email: Option<String> = "Email", "";
        /// Telephone, free form.
        telephone: Option<String> = "Telephone", "";
        /// Fax, free form.
        fax: Option<String> = "Fax", "";
        /// Website.
        website: Option<String> = "Website", "";
    }
}

record! {
    /// Number and notation.
    Code {
        /// Number (số); letters occur.
        code_number: Option<String> = "CodeNumber", "";
        /// Notation (ký hiệu), such as `VPCP-TTĐT`.
        code_notation: Option<String> = "CodeNotation", "";
    }
}

record! {
    /// Place and date of issue.
    PromulgationInfo {
        /// Place (địa danh).
        place: Option<String> = "Place", "";
        /// Date of issue (ngày ban hành).
        promulgation_date: Option<DateText> = "PromulgationDate", "D1";
    }
}

record! {
    /// Class of a document.
    DocumentType {
        /// Class; no closed list is known.
        kind: Option<i64> = "Type", "C3";
        /// Kind within the class.
        type_detail: Option<i64> = "TypeDetail", "C3";
        /// Name of the class, such as `Công văn`.
        type_name: Option<String> = "TypeName", "";
    }
}

record! {
    /// Signer as printed.
    SignerInfo {
        /// Competence (quyền hạn): `TL.`, `KT.`.
        competence: Option<String> = "Competence", "";
        /// Position (chức vụ).
        position: Option<String> = "Position", "";
        /// Full name (họ tên).
        full_name: Option<String> = "FullName", "";
    }
}

record! {
    /// Urgency, copies, pages, appendices.
    OtherInfo {
        /// 0 normal, 1 urgent, 2 very urgent, 3 express, 4 express at a set hour (độ khẩn).
        priority: Option<i64> = "Priority", "C2";
        /// Sphere of circulation (phạm vi lưu hành).
        sphere_of_promulgation: Option<String> = "SphereOfPromulgation", "";
        /// Notation of who drafted or typed it.
        typer_notation: Option<String> = "TyperNotation", "";
        /// Number of copies (số lượng bản).
        promulgation_amount: Option<i64> = "PromulgationAmount", "C3";
        /// Number of pages (số trang).
        page_amount: Option<i64> = "PageAmount", "C3";
        /// An extension of the SDK.
        reply_fors: Option<String> = "ReplyFors", "";
        /// An extension of the SDK.
        reference_codes: Option<String> = "ReferenceCodes", "";
        /// An extension of the SDK.
        direction: Option<bool> = "Direction", "C5";
        /// Names of appendices (phụ lục).
        appendixes: Option<Appendixes> = "Appendixes", "";
    }
}

record! {
    /// Names of appendices.
    Appendixes {
        /// One name each.
        appendix: Vec<String> = "Appendix", "";
    }
}

record! {
    /// Tasks of the Government Office.
    ResponseForTask {
        /// One code each.
        task_code: Vec<String> = "TaskCode", "";
    }
}

record! {
    /// Where copies go.
    ToPlaces {
        /// One place each.
        place: Vec<String> = "Place", "";
    }
}

record! {
    /// The document answered, or reported on by a status.
    ResponseFor {
        /// Who issued the document answered; of a status, whom the status is for.
        organ_id: Option<String> = "OrganId", "I1";
        /// `number/notation` in one text.
        code: Option<String> = "Code", "";
        /// Identifier of that document.
        document_id: Option<String> = "DocumentId", "";
        /// Its date of issue.
        promulgation_date: Option<DateText> = "PromulgationDate", "D1";
    }
}

record! {
    /// A system that the envelope passed.
    TraceHeader {
        /// Its identifier code.
        organ_id: Option<String> = "OrganId", "I3";
        /// When.
        timestamp: Option<TimeText> = "Timestamp", "D3";
    }
}

record! {
    /// `TraceHeaderList`: what the message does, and the systems it passed.
    Trace {
        /// The business action.
        business: Option<Business> = "Bussiness", "";
        /// The systems passed, the first first.
        passed: Vec<TraceHeader> = "TraceHeader", "";
    }
}

record! {
    /// `Bussiness` (the regulation's spelling): the action (nghiệp vụ).
    Business {
        /// The document revoked or updated.
        document_id: Option<String> = "DocumentId", "";
        /// 0 new, 1 revoke, 2 update, 3 replace.
        kind: Option<i64> = "BussinessDocType", "C4";
        /// Reason (lý do).
        reason: Option<String> = "BussinessDocReason", "";
        /// 1: a paper copy is sent too.
        paper: Option<i64> = "Paper", "C5";
        /// What an update changes.
        document_info: Option<BusinessDocumentInfo> = "BussinessDocumentInfo", "";
        /// What a replacement replaces.
        replacement_info_list: Option<ReplacementInfoList> = "ReplacementInfoList", "";
        /// Clerks (người xử lý); personal data.
        staff_info: Vec<StaffInfo> = "StaffInfo", "";
    }
}

record! {
    /// What an update changes.
    BusinessDocumentInfo {
        /// 1: the document's information changed.
        document_info: Option<i64> = "DocumentInfo", "C5";
        /// 1: its receivers changed.
        document_receiver: Option<i64> = "DocumentReceiver", "C5";
        /// The receivers that changed.
        receiver_list: Option<ReceiverList> = "ReceiverList", "";
    }
}

record! {
    /// The receivers that an update changes.
    ReceiverList {
        /// One each.
        receiver: Vec<Receiver> = "Receiver", "";
    }
}

record! {
    /// A receiver removed or added.
    Receiver {
        /// Its identifier code.
        organ_id: Option<String> = "OrganId", "I1";
        /// 0 removed, 1 added.
        kind: Option<i64> = "ReceiverType", "C5";
    }
}

record! {
    /// What a replacement replaces.
    ReplacementInfoList {
        /// One document each.
        replacement_info: Vec<ReplacementInfo> = "ReplacementInfo", "";
    }
}

record! {
    /// A document that is replaced.
    ReplacementInfo {
        /// Its identifier.
        document_id: Option<String> = "DocumentId", "";
        /// Its receivers.
        organ_id_list: Option<OrganIdList> = "OrganIdList", "";
    }
}

record! {
    /// Receivers of a document that is replaced.
    OrganIdList {
        /// One code each.
        organ_id: Vec<String> = "OrganId", "I1";
    }
}

record! {
    /// A clerk; personal data.
    StaffInfo {
        /// Department.
        department: Option<String> = "Department", "";
        /// Number of the department.
        department_id: Option<String> = "DepartmentId", "";
        /// Name.
        staff: Option<String> = "Staff", "";
        /// Number of the person.
        staff_id: Option<String> = "StaffId", "";
        /// E-mail.
        email: Option<String> = "Email", "";
        /// Telephone.
        mobile: Option<String> = "Mobile", "";
    }
}

record! {
    /// What a status message says, beside who sends it.
    Status {
        /// The document reported on, and whom the status is for.
        response_for: Option<ResponseFor> = "ResponseFor", "";
        /// Clerk; personal data.
        staff_info: Option<StaffInfo> = "StaffInfo", "";
        /// Two digits: 01 arrived, 02 refused, 03 accepted, 04 assigned, 05 in progress,
        /// 06 finished, 13 asks to take back, 15 agrees, 16 refuses to give back.
        status_code: Option<String> = "StatusCode", "";
        /// Text, reason.
        description: Option<String> = "Description", "";
        /// When.
        timestamp: Option<TimeText> = "Timestamp", "T3";
    }
}

record! {
    /// One line of the manifest: an attachment that the message says it has.
    Reference {
        /// Identifier, with the `cid:` it was written with.
        content_id: Option<String> = "ContentId", "";
        /// Label of the content; the official SDK writes `application/zip` whatever it is.
        content_type: Option<String> = "ContentType", "";
        /// Description.
        description: Option<String> = "Description", "";
        /// File name.
        attachment_name: Option<String> = "AttachmentName", "";
    }
}

record! {
    /// The manifest.
    Manifest {
        /// One line for each attachment.
        reference: Vec<Reference> = "Reference", "";
    }
}

impl Header {
    /// The identifier that the law's practice recommends, made of the sender's code, the date of
    /// issue, the number and the notation: `G99.07,2025/11/03,318/VP-TH`.
    pub fn recommended_document_id(&self) -> Option<String> {
        let organ = self.from.as_ref()?.organ_id.as_ref()?;
        let issued = self
            .promulgation_info
            .as_ref()?
            .promulgation_date
            .as_ref()?;
        let code = self.code.as_ref()?.joined()?;
        Some(format!("{organ},{},{code}", issued.date()?.slashed()))
    }
}

impl Code {
    /// `number/notation`, where both are there.
    pub fn joined(&self) -> Option<String> {
        let (number, notation) = (self.code_number.as_ref()?, self.code_notation.as_ref()?);
        Some(format!("{number}/{notation}"))
    }
}
