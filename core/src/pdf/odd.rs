//! What is odd about the structure of a file, though it can be read.
//!
//! Each oddity was met in real files and is read the same way by the readers that were compared; it
//! is named because another reader may rebuild the table over it ([`crate::pdf::repair`] says where
//! that would show something else).

/// One oddity and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oddity {
    /// What is odd.
    pub(crate) kind: Odd,
    /// The offset of the section or object.
    pub(crate) at: usize,
    /// The object, where it is one's.
    pub(crate) number: Option<u32>,
}

/// What can be odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Odd {
    /// A cross-reference section stands some octets beside the offset that names it.
    SectionMisplaced,
    /// Entries of a table that are not 20 octets long.
    EntryWidth,
    /// A first subsection that begins at 1 though it holds the head of the free list.
    FirstNumber,
    /// A subsection, or a cross-reference stream, with more or fewer entries than it says.
    EntryCount,
    /// A /Prev that is a real number.
    PrevReal,
    /// An object in use whose number is not below /Size.
    Size,
    /// A stream whose /Length is missing or wrong.
    StreamLength,
    /// The keyword `stream` followed by a carriage return alone.
    StreamLineEnd,
    /// An object without `endobj`.
    EndMissing,
    /// An entry whose offset leads to no object of its number.
    ObjectMissing,
    /// An object that reaches over the end of the revision that lists it: later octets supply it.
    BeyondRevision,
}

impl Odd {
    /// All of them.
    pub(crate) const ALL: [Self; 11] = [
        Self::SectionMisplaced,
        Self::EntryWidth,
        Self::FirstNumber,
        Self::EntryCount,
        Self::PrevReal,
        Self::Size,
        Self::StreamLength,
        Self::StreamLineEnd,
        Self::EndMissing,
        Self::ObjectMissing,
        Self::BeyondRevision,
    ];

    /// Whether readers disagree about what the file then shows, so that nothing about it passes.
    pub(crate) fn divides_readers(self) -> bool {
        matches!(
            self,
            Self::Size | Self::StreamLength | Self::ObjectMissing | Self::BeyondRevision
        )
    }

    /// The stable code of the finding.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::SectionMisplaced => "pdf.xref_misplaced",
            Self::EntryWidth => "pdf.xref_entry_width",
            Self::FirstNumber => "pdf.xref_first_number",
            Self::EntryCount => "pdf.xref_entry_count",
            Self::PrevReal => "pdf.prev_real",
            Self::Size => "pdf.size",
            Self::StreamLength => "pdf.stream_length",
            Self::StreamLineEnd => "pdf.stream_line_end",
            Self::EndMissing => "pdf.endobj_missing",
            Self::ObjectMissing => "pdf.object_missing",
            Self::BeyondRevision => "pdf.object_beyond_revision",
        }
    }

    /// What it says, in Vietnamese and English.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SectionMisplaced => (
                "Bảng tham chiếu không nằm đúng vị trí được ghi",
                "A cross-reference section does not stand where it is said to be",
            ),
            Self::EntryWidth => (
                "Các dòng của bảng tham chiếu không dài đúng 20 byte",
                "Entries of the cross-reference table are not 20 bytes long",
            ),
            Self::FirstNumber => (
                "Bảng tham chiếu bắt đầu từ 1 thay vì 0",
                "The cross-reference table begins at 1 instead of 0",
            ),
            Self::EntryCount => (
                "Số dòng của bảng tham chiếu khác số đã ghi",
                "The cross-reference has more or fewer entries than it says",
            ),
            Self::PrevReal => (
                "/Prev là số thực thay vì số nguyên",
                "/Prev is a real number instead of an integer",
            ),
            Self::Size => (
                "Có đối tượng mang số vượt quá /Size",
                "An object has a number that is not below /Size",
            ),
            Self::StreamLength => (
                "Luồng có /Length thiếu hoặc sai",
                "A stream whose /Length is missing or wrong",
            ),
            Self::StreamLineEnd => (
                "Sau từ khóa stream chỉ có ký tự CR",
                "The keyword stream is followed by a carriage return alone",
            ),
            Self::EndMissing => ("Đối tượng thiếu endobj", "An object without endobj"),
            Self::ObjectMissing => (
                "Bảng tham chiếu chỉ tới nơi không có đối tượng đó",
                "The cross-reference points to where there is no such object",
            ),
            Self::BeyondRevision => (
                "Đối tượng nằm ngoài phiên bản khai báo nó, do phần thêm vào sau cung cấp",
                "An object lies beyond the revision that lists it; what was appended later supplies it",
            ),
        }
    }
}
