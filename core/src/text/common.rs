//! What administrative Vietnamese is made of: common syllables and pairs of them. Counted in published
//! laws and decrees, with the words of letters, reports and names added.

/// Syllables with a marked letter, the most common first.
pub(super) const SYLLABLES: &str = "\
    đến người từ hoặc năm tội đồng phạm phạt của bị các có gây công định thương chất thì điều \
    trở tù hợp lên thể bộ hành trường một tổn hại này số cơ thuộc không dưới tiền và với về mà \
    dụng sản chức đây tích ngày tài báo được làm án thông khác hình sức tại khỏe vụ luật cấm \
    đối lệ tỷ tên pháp nhiệm thực còn chính động nhân mục thiệt học túy nào sử đã giữ giá \
    quyền việc lợi hiện tổ mã tháng vật hạn lý những khoản là tạo phân nhất xuất cải trái thời \
    sự đ hiểm phép tổng tuổi hóa nghiêm trọng hội phòng quản hàng nước xã trị kết quốc lượng \
    tế xử trách đảm bảo tự chết dẫn toàn bán khối đó quả cấp chỉ chấp mỗi phương hoạt muối \
    phải kiểm tính vào mại nghiệp chiếm đặc bất nghề vực nếu đoạt chế chuyển nhà mét kilôgam \
    cứu thuốc quyết tiện dùng ý đường chủ chưa để lần biệt điểm nghĩa nghị tình giả tái đủ \
    phần rừng giám bản vì lĩnh dân áp xóa hậu điện môi thân hiệu mức thủ phụ liệu cây nạn thần \
    tử đích thẩm lực vũ cần loại dịch mạng ở cố xâm hòa việt phủ chiến trình bệnh văn trừ quá \
    cá tịch phiện lại đang vệ tòa thải vận cộng nhưng tồn đình chuẩn liên phẩm đoạn tư tâm sát \
    trữ loài nghiên giáo khí lập chống kỹ cáo đơn nghiệm trên bắt giới hủy kỷ cứ thành năng \
    nhiều nhận tiếp biết thủy cảnh rất biên sống thiết phát kiện ngoài nhằm căn soát đầu thuật \
    trước dục sở đổi quân trốn vuông trực bình giảm hưởng tàng chứng ký lá nguyên hệ tác trật \
    buộc mình miễn nội cấu đất trạng giấy thường vượt hải bổ nông phá đưa ảnh xét quý hướng \
    viễn mới độ ích tố hồ xạ khiển chương chữa loạn chuyên ít rối như thuế thị hữu hoại tạm \
    xấu hộ cản trưởng nhiễm gỗ yếu trúc nhựa cụ lộ buôn sửa lục chịu chứa kỳ thức tín vĩnh mật \
    cùng vốn nữ bỏ máy khả dạng giải cưỡng tuyên đời hơn vùng bằng nuôi tương bí ứng hỗn biện \
    vô dâm cư đương độc phục đấu địa nặng trợ đúng tàu thống cầu hiếm thú họ nơi tiêu sơ \
    mililít sắt viên trú tiết rõ ô thiên ép ngân kèm ước bố vẫn hối nhập nhóm trả lưu đánh yên \
    bắc hết nghệ vị lãnh thái nguồn bởi đề nghiện tập sách diện biểu nghèo tục khó trồng nổ \
    côca thổ cách thấy tán truyền lệnh phí khoán xây phúc cả cũng xảo quyệt đe triển thật \
    phóng nđ hà kể nhẹ ngăn lâm thất thác niêm kế viện đi dự kéo đóng tờ giết dọa lịch dưỡng \
    toán súng rễ cành mọi đại lệch rắn ủy lớn hư kích mặt thuận dựng yết bạc nằm tiến nhiên \
    khẩu lôi gửi nộp cử phận sóc lỏng ngô dương phú cà sơn yêu biển sẽ hiếp hỏng khỏi từng xác \
    bức cháy tỉnh khẩn giác biến hoàn lớp thiếu tuyệt phố dầu tất chặn mệnh thấp xuống dã đặt \
    khiếu nại chậm hạnh xúc tướng kịp bồi lương khắc giúp ngoại mở đáng muốn khủng giấu bà thế \
    tránh thử tật rồi đạo luân thẻ nụ túc sẵn giữa ngừa ấy mạnh nữa giờ khuyết tốt ngắn phường \
    trấn tuyển thư bò hêrôin côcain phối dấu đua già khăn thách ngược đảo đăng khoáng rác đạn \
    tộc hồng niệm cướp mềm thích thúc nhũng dài cạnh họp lãng hôn bên cầm nguyện tăng mất vợ \
    chồng rời phó đào thoại ưu đai lúa săn bụi khô tươi tuyến bảng khởi lời hỏi đều xúi giục \
    mẹ cũ tuần thiểu đê huyện lây đoàn cận dối quảng lũ lúc miền quyên hạt dù chúng tắc rộng \
    rượu nói nhỏ tước sĩ sớm sỹ gặp mạo nhục lạm phê hỗ hoạch cục chữ trận nguyễn hùng ytế dỗ \
    đổ lấy thuê chăm thoát máu thỏa thầu tiên gốc dây đội quận đốc đà nẵng thơ huế sài gòn \
    kính đính rà niên cựu trần lê hoàng huỳnh võ đặng bùi đỗ đức dũng tuấn hương ngọc mỹ yến \
    khánh đắk lắk bến trà trăng liêu kiên tháp tây phước rịa vũng lạng kạn lào bái châu thọ \
    hưng hãy chẳng chả vậy nên đâu lắm kém gần hẹp đẹp muộn viết đọc nhìn hiểu nhớ quên nghĩ \
    đợi chờ sàng mẫu ngữ nghỉ lễ tết đán thưởng sâu núi lụt hán bão cúm lợn trâu tôm gạo sắn \
    chè mía sạch tiếng ồn trì cập tôn tụng xảy đạt ràng quỹ luận hoãn dữ tháo lái hơi thở nồng \
    cồn cổng thứ đồ đầy dụ tệ trí huấn luyện chỗ tẩu chối nhượng tách chạy chuộc cóc gián mắc \
    trục hèn riêng hồi hạ bầu trưng lấp xả tiểu địch ăn cuộc cắp kiếm chấm dứt gồm khấu lỗi \
    lạc tàn chăn dỡ mộ đãi lừa cổ tê chướng ngại gọi ngũ nhật bào trộm bạo ông khách khống kê \
    chôn nhiễu trệ lọt phiên dược ương nitơ béo avà chú hiển cặp tuân ngưỡng cực tượng góp đau \
    lận thăm dò thập khám đá vé đốt khuất đông môn tải cỡ ống gác thắng đẳng vẹn mặc giật tìm \
    tối liệt ốm thù xuyên tráo tấn âm thôi cửa duyệt chỉnh lấn cảng thảo côn khái nền tặng đẩy \
    cháu chị ác liền trò bón giống túng chào cán rẽ tầng cô khiêu thờ cúng kháng trọt sổ dư nợ \
    thụ khảo nhốt rủ rê xẻ đèn cọc dải súc luồng tần sân ngưng xuỳ thô phổ tỏa diệt lính đỡ \
    nâng quán vấn điệp nửa chừng câu hứa hẹn phù xá cống ổn đa ân khôi cân bớt sắc tùy khiến \
    thêm ấn lậu sông tuệ kiến dạy đắc bịa thầy vứt đẻ quẫn bách mô ngôn chí mượn cắt chép lãi \
    nhánh thiệp nhãn rải ngà sừng tô gắn lưới phán mìn lựu cối pháo mồ mả hài cốt đồi trụy \
    tống lược hiến chóng mưu năn thềm trời rằng phản bội rửa chặt chẽ ruột nã trừng tới nhắc \
    kề chánh hỏa hoạn rút đáp phiếu bác bờ bãi dừng lật tức doạ tạc nề tưởng sợ diễn gạt bóc \
    lột bưu dòng suất phôi trương lựa chọn trắc mầm kiểu gấu hổ ngặt cất phế trơn nhọn gương \
    lề hè đèo dốc tốc cược gìn xê tà vẹt mốc rào chắn dọn dành móc thả xùy cáp ngầm lòng lắp \
    xứ mê dị đoan gá chiếu bá bậc đắn đói ngừng đòi khoẻ quấy thiện bốn soạn gì vết ngờ rủi \
    gắng thừa chác hãn rệt bì lầm lành răn tiềm thám hằn phỉ báng tụ rợ đứa trẻ ức xít đàm cự \
    nhầm mát tảo tồi đớn vét đong đo đếm hạch gấp bù nắm giường kìm hãm dìm tẩy bạch gói đọng \
    dàn xếp cát sỏi thôn ngư ngụ thuỷ lở sụt ngập đậu mạn nhường còi chuông kẻng ánh sáng phút \
    tường lửa trạm vàng sàn chơi nhọc hoảng nương rẫy hố thuyền phách bói bóng sắp lối vây đọa \
    nhạc dắt cường chiểu thóa mạ đập náo lơ trễ loạt lộn tảng chủng khóa bày sẻ nối bước vướng \
    triệu đảng đôn nhở dõi mỏng cuối sư";

/// Pairs with a marked letter, the most common first; `_` stands between the two.
pub(super) const PAIRS: &str = "\
    phạm_tội bị_phạt thì_bị trở_lên phạt_tù năm_đến trường_hợp tù_từ đồng_đến quy_định \
    một_trong trong_các sau_đây đến_dưới hoặc_gây thuộc_một tội_thuộc các_trường hại_cho \
    hợp_sau công_báo sức_khỏe cơ_thể tỷ_lệ tổn_hại tài_sản gây_tổn phạt_tiền tổn_thương \
    thương_cơ lệ_tổn cho_sức khỏe_của bộ_công tiền_từ gây_thương thương_tích tích_hoặc vi_phạm \
    định_tại có_thể hành_vi đối_với thiệt_hại ma_túy sử_dụng thể_của gây_thiệt chất_ma \
    người_trở các_chất tổ_chức hình_phạt người_nào thực_hiện người_phạm hoặc_phạt thông_tin \
    chức_vụ khoa_học giam_giữ năm_hoặc công_thương cải_tạo cơ_quan tên_khoa tạo_không \
    không_giam thể_bị mã_thông tháng_đến đồng_phân tên_chất với_tỷ danh_mục nghiêm_trọng \
    phạt_cải công_an còn_có trách_nhiệm giữ_đến lên_mà nhất_định tội_còn stt_tên đồng_hoặc \
    người_với đồng_trở bộ_luật tội_phạm hại_về đã_bị mà_tổng xã_hội về_tài người_khác hợp_quy \
    quản_lý điều_này những_người luật_này người_này định_từ tổng_tỷ của_những của_bộ trị_giá \
    đảm_nhiệm nhiệm_chức kết_án nguy_hiểm cấm_đảm người_bị trái_phép tiền_chất với_người \
    làm_chết bị_kết pháp_luật công_việc hoạt_động hoặc_làm chấp_hành của_người của_mỗi \
    mỗi_người thuộc_trường làm_công việc_nhất chiếm_đoạt phương_tiện hành_nghề thương_mại \
    có_tổ cấm_hành nghề_hoặc giao_thông hình_sự của_các y_tế an_toàn đặc_biệt lợi_dụng \
    pháp_nhân nhân_thương bị_xử tại_khoản quốc_phòng tại_điều mà_còn này_từ còn_vi nhà_nước \
    định_về sản_từ định_của thời_hạn lĩnh_vực khối_lượng quyết_định sản_xuất thi_hành tái_phạm \
    án_tích hành_chính giá_từ xóa_án có_khối người_dưới áp_dụng phạm_nguy xử_phạt mục_đích \
    về_hành hoặc_đã bị_cấm quyền_hạn lượng_từ hậu_quả dẫn_xuất xuất_của trong_trường vi_này \
    thẩm_quyền việt_nam nhiệm_hình tội_này thu_lợi lợi_bất bất_chính hàng_hóa người_từ \
    chính_phủ môi_trường lần_trở của_cơ về_tội có_thẩm phạt_vi phạm_hành chính_về nghị_định \
    tồn_tại phạm_quy mua_bán thực_vật được_xóa số_lượng thông_đường dụng_chức nạn_nhân \
    này_hoặc chưa_được và_muối án_về thuốc_phiện giám_định chất_sau tòa_án xử_lý vận_chuyển \
    kỹ_thuật nghiên_cứu không_có được_sử cố_ý quan_có đoạt_tài tích_mà vì_mục muối_của thần_và \
    tù_chung chung_thân hợp_pháp thể_từ dụng_trong trong_lĩnh xâm_phạm thời_gian căn_cứ \
    kiểm_nghiệm đích_quốc thể_tồn tại_của các_tiền chất_tên bộ_nn một_phần mà_tỷ tài_liệu \
    tội_trong các_tội có_trách dẫn_đến mét_vuông trong_nghiên tàng_trữ của_chất thủ_đoạn \
    tính_chất mét_khối cần_sa gây_hậu biệt_nghiêm cho_người tội_vi một_số trái_pháp bản_án \
    động_vật của_đồng hiện_một của_nạn kỷ_luật bổ_sung bảo_vệ mại_phạm hiện_hành đình_chỉ \
    nếu_không sản_trị nhân_dân đối_quang giáo_dục người_đó rất_nghiêm tịch_thu điện_tử hạn_chế \
    nông_nghiệp cá_nhân kiểm_soát các_hành công_trình tình_trạng chính_từ không_thuộc của_pháp \
    có_tính trọng_hoặc hành_án kilôgam_đến bộ_y điều_kiện bị_kiểm mã_số lợi_ích có_thời \
    bảo_đảm ban_hành trật_tự các_điều toàn_bộ bảo_hiểm với_số người_có vi_của chỉ_hoạt hội_chủ \
    chủ_nghĩa các_quy hành_hình trong_những này_mà và_tiền quan_quản quốc_gia nghĩa_vụ công_vụ \
    nguy_cấp ảnh_hưởng học_và lao_động gây_rối người_hoặc phụ_nữ các_danh mục_chất túy_và \
    phụ_lục các_đồng chất_đó phân_có hoặc_trong vực_y cấu_trúc liên_quan thông_mã số_tin \
    cas_hàng nhiệm_vụ từ_đủ điều_khiển tội_quy cộng_hòa hòa_xã nghĩa_việt hiệu_lực phép_chất \
    điểm_a phần_hoặc hoặc_toàn bộ_tài các_khoản và_các cản_trở sản_của lý_kỷ định_này \
    chịu_trách dùng_thủ tại_các tội_xâm vũ_khí khả_năng tâm_thần tuổi_phạm buôn_bán thu_một \
    rối_loạn hoặc_người hoặc_tịch hàng_giả đời_sống sống_xã định_hoặc hoặc_từ bí_mật y_học \
    và_đời hướng_thần hỗn_hợp lý_bộ những_trường tuổi_đến vượt_quá vũ_lực tội_gây và_hành \
    các_điểm dùng_vũ ở_thể sửa_đổi về_quản biện_pháp tử_hình hoặc_có bán_trái chuẩn_bị \
    loạn_tâm đã_được chất_chuyên chuyên_nghiệp được_áp nước_ngoài quân_sự người_đang tổng_hợp \
    gây_ảnh quả_nghiêm khác_mà ứng_dụng mà_không người_không hiểm_cho chính_quyền như_sau \
    trong_một án_có hoặc_các đường_sắt kinh_tế không_được văn_hóa bị_phạm hiện_tội cấm_kinh \
    động_trong hoặc_tù hưởng_xấu hoặc_cấm có_giá hệ_thống chất_hướng hoặc_tội số_lĩnh huy_động \
    xấu_đến gam_đến túy_khác nước_cộng đề_nghị theo_nghị túy_được ninh_hoặc thc_và và_ester \
    thương_bộ hoặc_không tình_tiết động_vốn có_thai khoản_này đồng_nhưng luật_về khác_ở \
    tiện_giao bộ_trưởng phục_vụ từ_ngày cây_cần không_phải cơ_sở trong_thời cư_trú vực_nhất \
    định_hình mức_hình hóa_đơn dịch_vụ sa_hoặc dụng_các về_các của_chính chất_có toàn_xã \
    viễn_thông hối_lộ cấm_huy phạm_pháp phạt_như nào_thực theo_đề kịp_thời dụng_đối tại_một \
    phạm_các cảnh_cáo đến_an cho_phép hại_từ loài_thực và_môi văn_bản của_nhà lãnh_thổ tư_pháp \
    khó_khăn lên_hoặc biên_giới chứng_khoán đầu_tư giá_trị tương_đương đương_với hồ_sơ \
    văn_phòng lý_nhà nghiệp_và trừ_trường xảo_quyệt ít_nghiêm giám_sát ý_làm về_an vật_chất \
    tại_điểm tiếp_tục công_tác chất_thải chết_người tự_sát vụ_nhất lượng_của phóng_xạ định_đặc \
    biệt_của dụng_hạn chế_trong quá_trình chất_được công_ước một_chất học_của phân_đối chỉ_huy \
    phải_chấp cho_xã mạng_máy máy_tính mạng_viễn mà_biết biết_là về_một khác_trị doanh_nghiệp \
    mại_còn tích_từ côca_có quả_thuốc đường_bộ gây_nghiện ủy_ban ban_nhân phải_chịu trực_tiếp \
    thời_hiệu dụng_trái có_khả khai_thác xây_dựng giấy_tờ đăng_ký đơn_vị hóa_chất có_hiệu \
    chủ_tịch của_mình vô_ý phạm_rất hủy_hoại tội_sản tiện_điện trong_tình hoặc_bị tính_mạng \
    động_có đe_dọa phạt_chung phạt_cảnh đường_thủy tự_do nhiệm_quản quốc_tế tội_có phạm_đặc \
    trao_đổi tội_làm thực_tế bị_hại tù_có quản_chế chiến_đấu là_có sai_lệch bị_đình diện_tích \
    khu_vực kilôgam_trở cấm_sử chất_gây thú_y lực_thi kể_từ công_nghệ giải_quyết truy_cứu \
    cứu_trách thân_hoặc hoặc_tử nhận_thức người_chuẩn cấm_hoạt các_loại người_được dữ_liệu \
    đưa_vào hành_công vốn_từ niêm_yết số_tiền gỗ_loài quy_chuẩn toàn_giao định_số hiện_các \
    có_liên công_dân này_quy đã_chấp yêu_cầu xét_xử nhưng_đã qua_biên bán_hàng lôi_kéo nữ_mà \
    còn_bị định_các cứ_luật luật_hình kèm_theo nghiện_và ether_có trừ_khi ether_của đó_nằm \
    nằm_trong mục_khác chất_thiết thiết_yếu gia_vào vào_cấu trúc_chất có_ứng dụng_hợp \
    pháp_trong nước_về cp_ngày phối_hợp học_mã nhựa_cần có_chứa nhựa_thuốc phải_là học_n \
    mã_cas khi_một một_tâm tâm_bất bất_đối gây_ra hình_thức được_thực thiết_bị vi_khác \
    hoặc_lợi chiến_tranh ngân_sách giấy_phép cung_cấp công_chức bộ_phận tố_cáo các_phương \
    với_rừng thể_rắn thể_lỏng về_việc xuất_bản chức_chính luật_số có_nhiều ý_gây với_tội \
    phạm_nghiêm công_cụ động_của phá_hoại người_mà huy_hoặc hại_hoặc các_hình cấm_cư vĩnh_viễn \
    địa_phương đã_tuyên thương_binh tài_chính thu_hồi thể_thao khiếu_nại hạn_từ giá_bán \
    giá_niêm giá_ghi trong_hóa không_đủ loài_động cá_thể chuẩn_kỹ phạm_vi thủ_tướng chất_và \
    cập_nhật sở_hữu những_hành giảm_nhẹ nguy_hại tinh_thần quá_mức hoặc_tài phạt_chính \
    động_vĩnh tạm_giữ buộc_người chữa_bệnh thể_quyết dịch_bệnh hoặc_thực tài_nguyên thủy_sản \
    có_giấy vật_liệu phát_triển dụng_danh danh_nghĩa rừng_sản có_sử trong_chiến người_ký \
    hà_nội luật_tổ việc_sử này_trong trước_ngày các_bộ ngang_bộ thành_phố trung_ương chủ_trì \
    xem_xét lá_cây có_các có_hành điều_luật tội_được mức_cao cao_nhất chương_trình phép_hoặc \
    phạm_an nhằm_chống không_thực tội_mới vật_nguy thị_trấn nào_có phận_cơ nhưng_thuộc kết_quả \
    viên_chức nghĩa_cơ có_diện ra_môi sửa_chữa gia_đình đoạn_tinh ngăn_chặn khác_có miễn_trách \
    hư_hỏng ninh_quốc quyền_nhân truyền_thông được_miễn là_người bị_bắt phạt_bổ thiên_tai \
    phạt_đã vật_hoang hoang_dã hoặc_dưới ép_buộc nào_lợi hiếm_nhóm điều_động mật_công bộ_nông \
    các_tổ hợp_với quả_của cụ_thể khai_báo bồi_thường tiết_giảm thống_nhất mức_độ tội_cố \
    làm_hư tội_chiếm phần_mềm phát_tán khủng_bố hoặc_chiếm điểm_b quy_trình với_các chuyển_đổi \
    điều_hành các_loài không_bảo mật_nhà làm_sai cán_bộ làm_người làm_nạn tiếp_nhận sản_hoặc \
    d_khoản trong_công rắn_có tổng_số nghị_của chất_ban hành_kèm mục_i túy_tuyệt tuyệt_đối \
    đối_cấm chất_này mục_ii tế_theo mục_iii mục_iv bộ_quốc này_có quyền_danh cây_anh anh_túc \
    chứa_chất chất_bị dạng_hỗn bất_kỳ phân_lập lập_thể mà_tên có_một phân_phi phi_đối \
    đồng_phạm hành_xong xong_hình hướng_dẫn nguyên_nhân và_điều khung_hình từ_trên tội_không \
    tội_mua che_giấu báo_cáo năm_đối án_quyết phạm_khác tạm_giam khuyết_tật hoàn_cảnh khẩn_cấp \
    hành_được quyền_địa nếu_có chỉ_đạo thực_phẩm trong_hoạt không_đúng nội_dung lực_hoặc \
    đào_tạo phạt_quản đoạn_khác ích_vật chất_khác khác_phạm hoặc_đình tài_khoản dự_án \
    thông_thường dụng_công dụng_chất hoặc_cao mdma_có lỏng_có thể_tích túy_trở đó_tương \
    lượng_chất túy_quy điểm_từ từ_điểm đến_điểm trở_giao trình_giao khiển_phương vận_tải \
    đường_không hạ_tầng có_chiến và_công thành_phần do_bộ khắc_phục khác_của pháp_của của_công \
    án_treo độ_nguy giết_người phạm_hoặc chặt_chẽ phạt_đối trốn_tránh hiệu_quả lý_do già_yếu \
    vật_thuộc các_tình động_cơ trạng_khẩn đủ_các người_phải hiệu_thi hành_bản để_được hoặc_đặc \
    gian_thử thử_thách tín_dụng quy_chế giữa_các vụ_hoặc pháp_trị đảm_an kéo_người ký_kết \
    nguồn_vốn cây_côca địa_điểm thủ_tục hội_đồng vực_có chiến_sự là_chỉ phòng_chính độc_lập \
    chưa_có công_bố thể_được phạt_được với_pháp vụ_án nâng_cao tội_hoặc của_họ giới_hạn \
    phạm_quyền cứ_vào tội_phá cưỡng_ép điều_tra biết_rõ không_thể không_áp mệnh_lệnh vào_việc \
    hàng_tháng không_quá người_già đại_biểu lên_đối ngân_hàng quan_hệ trú_từ nào_cố khỏe_hoặc \
    người_đến c_và và_d trái_quy vật_phạm bảo_quản sở_thông ý_kiến tháng_năm số_liệu lưu_trữ \
    kinh_phí phê_duyệt rừng_đặc đặc_dụng rừng_phòng phòng_hộ hữu_cơ cơ_khó khó_phân phân_hủy \
    chất_phóng dân_tỉnh nông_thôn cao_côca mililít_đến kiểm_tra nghệ_thông thống_thông \
    tăng_cường thường_trực liệu_bí chữ_ký quá_hạn thời_kỳ kỳ_họp lý_của công_nghiệp thu_được \
    hóa_học cũng_bị còn_lại được_quy người_thực tự_nguyện loại_trừ của_hành định_khác \
    thì_không phá_hủy khí_quân quân_dụng chống_chính gia_hoặc hợp_không khác_hoặc bị_tạm \
    án_phạt sản_là xác_định thì_tòa với_hình cùng_loại phạt_cao mức_quy về_bảo năng_thực \
    được_phép dọa_dùng nhân_mà nhân_từ nào_vi nhóm_iia thải_ra quả_cây hoặc_lá phiện_khô \
    khô_có phiện_tươi tươi_có định_kỳ ký_số kỷ_niệm dân_huyện dân_xã thị_xã phó_chủ giám_đốc \
    văn_thư kế_hoạch nội_vụ triển_khai cải_cách trực_tuyến người_dân giải_pháp mục_tiêu \
    nghị_quyết thông_tư kính_gửi nơi_nhận kính_trình thay_thế rà_soát đính_kèm hội_nghị \
    cuộc_họp tham_dự trình_bày đánh_giá khen_thưởng mạng_lưới du_lịch đề_án chiến_lược \
    quy_hoạch cả_nước hồ_chí chí_minh đà_nẵng hải_phòng cần_thơ nghệ_an thanh_hóa quảng_ninh \
    chia_sẻ kết_nối liên_thông đổi_số bước_đầu vướng_mắc chất_lượng tiến_độ đúng_hạn sau_ngày \
    ngày_tháng quý_i hàng_năm hàng_quý giai_đoạn tỷ_đồng triệu_đồng phản_ánh kiến_nghị cử_tri \
    thường_vụ đảng_ủy tỉnh_ủy huyện_ủy thành_ủy mặt_trận đoàn_thể thanh_niên cựu_chiến \
    chiến_binh đẩy_mạnh khẩn_trương nghiêm_túc đồng_bộ toàn_diện hoàn_thiện hoàn_thành cho_ý \
    góp_ý tham_mưu đôn_đốc nhắc_nhở theo_dõi lưu_văn gửi_nhận được_gửi có_chữ tốt_hơn \
    còn_thiếu còn_mỏng nhân_lực nguồn_nhân quan_tâm đúng_mức pháp_lý mỗi_năm mỗi_ngày \
    cuối_tháng đầu_năm kỳ_báo nhiệm_kỳ kỹ_năng kỹ_sư ký_ban chi_tiết các_sở sở_ban thư_điện \
    dưới_dạng trình_chủ của_giám và_truyền trưởng_bộ là_hóa trong_quá và_quản phát_hiện \
    quan_đến cây_thuốc không_còn của_một được_coi coi_là chế_độ lần_đầu thì_có có_điều tàu_bay \
    định_trong phạm_ít giữ_hoặc tuổi_trở nhằm_chiếm hoặc_cố đua_xe thuật_quân xúi_giục ở_lại \
    hợp_có hiện_nhiệm hết_thời mà_có lưu_hành hợp_hình đang_bị của_bản ô_nhiễm cho_tính \
    được_giao nào_dùng luật_từ di_vật lịch_sử cho_tài chế_biến của_hàng thuộc_danh giao_dịch \
    có_số tiền_bảo loài_nguy trang_bị đến_người có_chức khởi_kiện vực_công này_và bản_có \
    các_chế hợp_thu được_từ một_loại phòng_ngừa để_phạm kiểm_sát xâm_hại của_nước sự_về tội_là \
    trước_khi các_biện tội_cưỡng tội_cướp chuyển_trái hoặc_phương chất_kích kích_thích \
    thích_mạnh khác_để kích_động hiện_hoặc chính_đáng tiến_bộ trọng_do bị_áp vào_thời \
    đang_chấp tội_đối phạt_của phần_hai được_giảm của_luật chứng_từ nhập_khẩu giả_mạo dục_tại \
    hoặc_dùng đến_hậu nào_trong vì_vụ vụ_lợi hoặc_về giả_tương hàng_thật kế_toán hỗ_trợ \
    không_chấp được_ngăn chặn_kịp động_hoặc bỏ_trốn quả_rất định_quy chống_ma được_sửa \
    sung_bởi bởi_luật hành_nghị ether_và chất_là dung_môi chất_xúc xúc_tác tác_dùng dùng_trong \
    trình_sản xuất_chất an_có nước_các trường_thuộc thuộc_phạm vi_quản nhiệm_ban hành_danh \
    mục_và và_tổ phủ_quy nhân_sản doanh_hợp các_văn thủ_trưởng trưởng_cơ các_cơ i_các ii_các \
    iii_các iv_các chế_phẩm phẩm_từ của_cây các_hỗn từ_cây từ_thuốc lá_khat ester_công là_chất \
    quyền_các học_công bộ_ytế acid_mã thương_stt chất_trong nếu_cấu trúc_hóa hợp_rs đều_bị \
    nhiều_hơn hơn_một trúc_có đối_mà chất_chỉ chỉ_ghi ghi_một loại_đồng quang_đó tố_giác \
    lập_công tha_tù tù_trước trước_thời cộng_đồng khi_có tiến_hành viện_kiểm là_tội và_mức \
    nhất_của và_có dâm_người tội_tổ chế_tạo mạnh_khác kiện_khác để_thực vật_phẩm hoặc_trốn \
    c_khoản là_hình mà_mình phòng_vệ cần_thiết bắt_giữ tội_mà đúng_quy và_khoản túy_hoặc \
    dụng_biện án_hình định_được để_người miễn_chấp phần_hình có_tội người_lao giả_là \
    thị_trường hiểm_y sản_phẩm chứa_chấp chăm_sóc giới_hoặc từ_khu phi_thuế thuế_quan quan_vào \
    vào_nội nội_địa ngược_lại hoặc_hàng tiền_thuế đoạt_tiền thỏa_thuận đất_trồng thác_trái \
    vật_thông hiếm_được được_ưu ưu_tiên tiên_bảo thuộc_phụ ước_về về_buôn bán_quốc tế_các \
    nguồn_phóng bệnh_nguy thể_lớp việc_sản vào_sử làm_lộ của_hối vụ_thi nhân_có hoặc_theo \
    về_phòng vụ_của chủ_quyền ích_của đoạn_xảo đủ_điều tố_tụng xảy_ra có_nghĩa ích_hợp \
    tăng_nặng năm_tù cưỡng_dâm xuất_trái đoạt_chất a_khoản ngoài_hoặc tội_trốn chưa_đạt \
    việc_phạm người_đồng hoặc_vật trả_lại rõ_ràng là_tình giữ_người lệnh_của lại_thực \
    khi_người thay_đổi hoặc_một công_cộng tiền_phạt trong_việc";
