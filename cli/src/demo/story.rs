//! The demo in plain words, printed as it happens and kept for its README.

use std::path::Path;

use kyso::message::visible;
use kyso::{Indication, Report};

use crate::demo::Place;
use crate::failure::{Failure, shown};
use crate::language::{Lang, pick};
use crate::output::{print, quoted, quoted_path};

/// What has been told so far.
pub(super) struct Story {
    lang: Lang,
    told: String,
    steps: usize,
}

impl Story {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            lang,
            told: String::new(),
            steps: 0,
        }
    }

    /// Everything that was told.
    pub(super) fn told(&self) -> &str {
        &self.told
    }

    pub(super) fn opening(&mut self, place: &Place) -> Result<(), Failure> {
        let folder = shown(&place.folder);
        self.tell(&pick(
            self.lang,
            format!(
                "Một văn bản điện tử đi từ lúc soạn đến lúc được tiếp nhận, tất cả trong thư mục \
                 {folder}.\nMọi cơ quan, người và khóa ở đây đều do chương trình đặt ra, không có giá \
                 trị pháp lý. Không bước nào nối mạng.\nNhững dòng bắt đầu bằng $ là lệnh đã chạy; có \
                 thể tự gõ lại, thêm --force khi tệp kết quả đã có."
            ),
            format!(
                "An electronic document goes its way from drafting to receipt, all in the folder \
                 {folder}.\nEvery body, person and key in it is invented and has no legal value. No \
                 step uses the network.\nLines that begin with $ are the commands that were run; you \
                 can type them yourself, with --force where the output is there already."
            ),
        ))
    }

    pub(super) fn authority(&mut self, place: &Place) -> Result<(), Failure> {
        let folder = place.authority.to_string_lossy().into_owned();
        self.step(
            "Tạo một hệ thống chứng thư thử nghiệm: CA gốc, CA cấp dưới, một tổ chức, một cá nhân.",
            "Make a throw-away authority: a root, an issuing CA, an organisation, a person.",
        )?;
        self.command(&["kyso", "sandbox", "init", &folder].map(str::to_owned))
    }

    pub(super) fn decision(&mut self, place: &Place) -> Result<(), Failure> {
        self.step(
            "Soạn một quyết định một trang theo thể thức Nghị định 30/2020/NĐ-CP.",
            "Draft a decision of one page in the form of Decree 30/2020/NĐ-CP.",
        )?;
        self.file(&place.unsigned)
    }

    pub(super) fn person(&mut self, place: &Place, words: &[String]) -> Result<(), Failure> {
        self.step(
            "Chủ tịch ký bằng chứng thư cá nhân. Tệp gốc giữ nguyên từng byte; chữ ký nối vào sau.",
            "The chairman signs with a personal certificate. The file stays byte for byte as it was; \
             the signature is put behind it.",
        )?;
        self.command(words)?;
        self.file(&place.once)
    }

    pub(super) fn organisation(&mut self, place: &Place, words: &[String]) -> Result<(), Failure> {
        self.step(
            "Văn thư ký bằng chứng thư của cơ quan, sau chữ ký thứ nhất mà không đụng đến nó.",
            "The clerk signs with the organisation's certificate, behind the first signature and \
             without touching it.",
        )?;
        self.command(words)?;
        self.file(&place.signed)
    }

    pub(super) fn envelope(&mut self, place: &Place, words: &[String]) -> Result<(), Failure> {
        let description = shown(&place.description);
        self.step(
            &format!("Đóng gói edXML theo QCVN 102:2016/BTTTT để gửi đi, theo mô tả trong {description}."),
            &format!("Put it into an edXML envelope (QCVN 102:2016/BTTTT), as {description} describes it."),
        )?;
        self.command(words)?;
        self.file(&place.envelope)
    }

    pub(super) fn answer(&mut self, place: &Place, words: &[String]) -> Result<(), Failure> {
        self.step(
            "Bên nhận trả lời bằng trạng thái 03: đã tiếp nhận.",
            "The receiver answers with status 03: received.",
        )?;
        self.command(words)?;
        self.file(&place.status)
    }

    pub(super) fn lists(&mut self, words: &[String]) -> Result<(), Failure> {
        self.step(
            "CA công bố danh sách chứng thư bị thu hồi: chưa có chứng thư nào.",
            "The authorities publish their lists of revoked certificates: there is none yet.",
        )?;
        self.command(words)
    }

    pub(super) fn verifying(&mut self, words: &[String]) -> Result<(), Failure> {
        self.step(
            "Kiểm tra mọi tệp, với CA gốc thử nghiệm làm gốc tin cậy, các danh sách thu hồi và chính sách \
             mặc định.",
            "Verify every file, with the throw-away root as the anchor, the lists of revoked \
             certificates, and by the default policy.",
        )?;
        self.command(words)
    }

    /// The first sentence of a report.
    pub(super) fn verdict(&mut self, file: &Path, report: &Report) -> Result<(), Failure> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let text = report.to_text(self.lang);
        let first = text.lines().next().unwrap_or_default();
        self.tell(&format!("   {}\n      {first}", visible(&name)))
    }

    /// Why nothing is called valid: each different reason once.
    pub(super) fn why(&mut self, reports: &[Report]) -> Result<(), Failure> {
        let mut reasons: Vec<(&str, String)> = Vec::new();
        let mut signed = reports.iter().flat_map(Report::signatures).peekable();
        let is_open = signed
            .clone()
            .any(|signature| signature.indication() == Indication::Indeterminate);
        if signed.peek().is_none() || !is_open {
            return Ok(());
        }
        for reason in signed.flat_map(|signature| signature.reasons()) {
            let code = reason.code();
            if reason.indication().is_some() && reasons.iter().all(|known| known.0 != code) {
                reasons.push((code, visible(&reason.message(self.lang))));
            }
        }
        self.tell(pick(
            self.lang,
            "\nVì sao “CHƯA ĐỦ CĂN CỨ” dù chữ ký còn nguyên vẹn? kyso chỉ nói “HỢP LỆ” khi đã đủ căn \
             cứ; ở đây còn thiếu:",
            "\nWhy “UNDECIDED” although the signatures are intact? kyso says “VALID” only when \
             everything is known, and here is missing:",
        ))?;
        for (code, message) in reasons {
            self.tell(&format!("   • {message} [{code}]"))?;
        }
        Ok(())
    }

    pub(super) fn closing(&mut self, place: &Place) -> Result<(), Failure> {
        let [texts, report, summary, signed] =
            [&place.texts, &place.report, &place.summary, &place.signed].map(|path| shown(path));
        let to_show = quoted_path(&place.envelope);
        self.tell(&pick(
            self.lang,
            format!(
                "\nBáo cáo đầy đủ: {texts}; của gói tin, cho máy đọc: {report}; bản kể này: {summary}.\n\
                 Thử tiếp:\n   $ kyso envelope show {to_show}\n   Sửa một byte đã ký trong {signed} rồi kiểm \
                 tra lại: kết quả là KHÔNG HỢP LỆ."
            ),
            format!(
                "\nThe full reports: {texts}; the envelope's for programs: {report}; this account: \
                 {summary}.\nGo on:\n   $ kyso envelope show {to_show}\n   Change a signed byte of {signed} and \
                 verify it again: it is NOT VALID then."
            ),
        ))
    }

    /// A command as it can be typed.
    fn command(&mut self, words: &[String]) -> Result<(), Failure> {
        let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        self.tell(&format!("   $ {}", quoted.join(" ")))
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        self.tell(&format!("   → {}", shown(path)))
    }

    fn step(&mut self, vi: &str, en: &str) -> Result<(), Failure> {
        self.steps += 1;
        let text = pick(self.lang, vi, en);
        self.tell(&format!("\n{}. {text}", self.steps))
    }

    fn tell(&mut self, text: &str) -> Result<(), Failure> {
        let line = format!("{text}\n");
        self.told.push_str(&line);
        print(&line)
    }
}
