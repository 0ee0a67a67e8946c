//! What a newcomer sees who types `kyso` and nothing else.

use crate::language::{Lang, pick};

/// The five things to begin with.
pub(crate) fn text(lang: Lang) -> String {
    pick(lang, VI, EN).to_owned()
}

const VI: &str = "\
kyso – ký số, kiểm tra và trao đổi văn bản điện tử. Năm việc để bắt đầu:

  1. Xem thử từ đầu đến cuối         kyso demo thu-nghiem
  2. Kiểm tra chữ ký của một tệp     kyso verify quyet-dinh.pdf
  3. Ký một tệp PDF                  kyso sign pdf vao.pdf -o ra.pdf --p12 khoa.p12
  4. Mở một gói tin edXML            kyso envelope show van-ban.edxml
  5. Nạp chứng thư gốc để tin cậy    kyso trust import thu-muc-chung-thu/

Mọi lệnh đều có --help. Kết quả bằng tiếng Anh: --lang en. Không lệnh nào tự kết nối mạng.
";

const EN: &str = "\
kyso – sign, verify and exchange the documents of a state. Five things to begin with:

  1. See it all once, end to end     kyso demo demo
  2. Verify the signatures of a file kyso verify quyet-dinh.pdf
  3. Sign a PDF                      kyso sign pdf in.pdf -o out.pdf --p12 key.p12
  4. Open an edXML envelope          kyso envelope show van-ban.edxml
  5. Fill the trust store            kyso trust import folder-of-certificates/

Every verb takes --help. Results in Vietnamese: --lang vi. No verb opens a network connection.
";
