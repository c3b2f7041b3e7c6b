## Chung
site-name = Bản Sao
site-tagline = Tra cứu bản sao điện tử có chứng thực
skip-to-content = Bỏ qua, đến nội dung chính
language-name-vi = Tiếng Việt
language-name-en = English
language-label = Ngôn ngữ
footer-independent = Mọi câu trả lời đều kèm bằng chứng mà bạn tự kiểm tra được, không cần tin chúng tôi.
footer-privacy = Trang này không đặt cookie theo dõi. Mã bạn tra cứu không được ghi vào nhật ký.
nav-label = Các cách kiểm tra
nav-check = Kiểm tra
nav-scan = Quét mã QR
nav-batch = Nhiều bản sao
nav-revoked = Đã bị hủy bỏ
footer-api = Tài liệu API
footer-log = Điểm kiểm của sổ công khai
day = { $day }/{ $month }/{ $year }
moment = { $time } ngày { $day } (giờ Việt Nam)

## Trang chủ
home-title = Kiểm tra một bản sao
home-lead = Bản sao điện tử này có thật, còn nguyên vẹn và còn hiệu lực không?
home-code-heading = Nhập mã trên bản sao
home-code-label = Mã xác thực
home-code-hint = 18 chữ và số, chia ba nhóm. Gõ hoa hay thường, có dấu gạch hay không đều được.
home-code-button = Tra cứu
home-where-picture = Chân trang bản sao có mã QR, bên cạnh là mã xác thực
home-where-printed = Mã xác thực
home-where-heading = Mã nằm ở đâu?
home-where =
    Ở chân mỗi trang của bản sao, sau chữ “Mã xác thực”.
    Ngay bên cạnh mã QR: quét bằng điện thoại thì trang kết quả mở ra luôn.
    Trong thư điện tử hoặc tin nhắn gửi kèm bản sao.

## Phán quyết
verdict-valid-title = { $asked ->
    [file] Hợp lệ, còn nguyên vẹn
    [digest] Hợp lệ, còn nguyên vẹn
   *[code] Mã hợp lệ
    }
verdict-valid-meaning = { $asked ->
    [file] Tệp này giống từng bit với bản sao đã chứng thực và bản sao còn hiệu lực.
    [digest] Tệp này giống từng bit với bản sao đã chứng thực và bản sao còn hiệu lực.
    [photo] Mã QR trong ảnh là của một bản sao đã chứng thực, còn hiệu lực. Ảnh không cho biết nội dung trên giấy có bị sửa hay không.
   *[code] Mã này là của một bản sao đã chứng thực, còn hiệu lực. Mã không cho biết tờ giấy hay tệp bạn đang cầm có bị sửa hay không.
    }
verdict-valid-next = { $asked ->
    [file] Bạn có thể dùng tệp này. Hãy giữ tệp gốc: in ra hoặc lưu lại bằng phần mềm khác sẽ làm mất dấu vân tay.
    [digest] Bạn có thể dùng tệp này. Hãy giữ tệp gốc: in ra hoặc lưu lại bằng phần mềm khác sẽ làm mất dấu vân tay.
   *[code]
        { $facts ->
            [gone] Thông tin để so đã được xóa, nên chỉ tệp PDF gốc mới cho biết nội dung có đúng không.
           *[shown] So thông tin dưới đây với bản sao bạn đang cầm: loại giấy tờ, đơn vị, ngày, số trang, chữ cái đầu của họ tên.
        }
        Muốn chắc chắn về nội dung, hãy xin tệp PDF gốc và kiểm tra tệp đó.
    }

verdict-superseded-title = Đã có bản thay thế
verdict-superseded-meaning = Bản sao này từng hợp lệ nhưng đã được thay bằng bản khác{ $published ->
        [no] .
       *[yes] { " " }theo Quyết định số { $decision } ngày { $decided_on }.
    }
verdict-superseded-next =
    Đừng nhận bản sao này. Hãy yêu cầu người nộp đưa bản mới.
    Nếu có thắc mắc, hãy hỏi đơn vị đã chứng thực.

verdict-suspended-title = Đang tạm dừng hiệu lực
verdict-suspended-meaning = Bản sao này có thật nhưng hiệu lực đang tạm dừng để xem xét lại{ $published ->
        [no] .
       *[yes] { " " }theo Quyết định số { $decision } ngày { $decided_on }.
    }
verdict-suspended-next =
    Tạm thời chưa nên nhận bản sao này.
    Tra cứu lại sau, hoặc hỏi đơn vị đã chứng thực.

verdict-revoked-title = Đã bị hủy bỏ
verdict-revoked-meaning = { $published ->
    [no] Bản sao này đã bị hủy bỏ giá trị pháp lý.
   *[yes] Bị hủy bỏ giá trị pháp lý theo Quyết định số { $decision } ngày { $decided_on }.
    }
verdict-revoked-next =
    Đừng nhận bản sao này, dù bản in hay tệp trông vẫn nguyên vẹn.
    Nếu có thắc mắc, hãy hỏi đơn vị đã ra quyết định và nêu số quyết định ở trên.

verdict-altered-title = { $asked ->
    [file] Không đúng với bản gốc
   *[code] Mã QR không đúng với sổ đăng ký
    }
verdict-altered-meaning = { $asked ->
    [file] Tệp mang mã của một bản sao đã chứng thực nhưng không phải là bản sao đó: nội dung đã bị thay đổi, hoặc đây là bản quét, bản lưu lại.
   *[code] Mã là của một bản sao đã chứng thực, nhưng con dấu trong mã QR không phải của bản sao đó: bị làm giả, bị cắt mất một phần, hoặc lấy từ bản khác.
    }
verdict-altered-next = { $asked ->
    [file]
        Đừng dựa vào tệp này.
        Hãy xin người nộp đúng tệp PDF đã nhận từ cơ quan chứng thực, chưa mở ra lưu lại, rồi kiểm tra lại.
        Nếu nghi ngờ giả mạo, hãy giữ tệp và báo cho đơn vị đã chứng thực.
   *[code]
        Đừng dựa vào giấy tờ mang mã QR này.
        Hãy quét lại mã QR ở trang cuối; nếu bạn dán đường dẫn, hãy chép đủ cả phần sau dấu #.
        Vẫn như vậy thì hãy xin tệp PDF gốc để kiểm tra, và báo cho đơn vị đã chứng thực.
    }

verdict-unknown-title = Không có trong sổ đăng ký
verdict-unknown-meaning = { $asked ->
    [file] Sổ đăng ký không ghi nhận tệp này, cũng không ghi nhận mã nào trong tệp. Tệp không do hệ thống này cấp.
    [digest] Sổ đăng ký không có tệp nào mang dấu vân tay này.
    [photo] Mã QR trong ảnh đúng dạng nhưng không có trong sổ đăng ký.
   *[code] Mã đúng dạng, các ký tự kiểm tra khớp, nhưng không bản sao nào được cấp mã này.
    }
verdict-unknown-next = { $asked ->
    [file]
        Đừng coi tệp này là bản sao có chứng thực của hệ thống này.
        Nếu nơi khác cấp, hãy kiểm tra tại trang tra cứu của nơi đó.
    [digest]
        Nếu có tệp, hãy kiểm tra toàn bộ tệp để biết tệp mang mã nào và ai đã ký.
   *[code]
        Kiểm tra lại xem mã có phải của hệ thống này không: chân trang ghi rõ tên hệ thống.
        Đừng coi giấy tờ mang mã này là bản sao có chứng thực.
        Nếu giấy tờ trông như thật, hãy báo cho đơn vị có tên trên giấy.
    }

verdict-malformed-title = { $asked ->
    [code] Mã chưa đúng
    [digest] Dấu vân tay chưa đúng
    [photo] Ảnh không có mã để kiểm tra
   *[file] Tệp này không kiểm tra được
    }
verdict-malformed-meaning = { $asked ->
    [code] Không mã nào có dạng như vậy, nên thường là do gõ nhầm. Điều này chưa nói gì về bản sao.
    [digest] Dấu vân tay SHA-256 phải gồm đúng 64 chữ số thập lục phân.
    [photo] Trong ảnh không đọc được mã QR nào chứa mã bản sao. Điều này chưa nói gì về bản sao.
   *[file] { $fault ->
        [empty] Tệp rỗng, không có dữ liệu nào bên trong. Điều này chưa nói gì về bản sao.
        [too-large] Tệp lớn hơn 50 MB. Điều này chưa nói gì về bản sao.
        [incomplete] Tệp bị thiếu phần cuối, thường là do tải về chưa xong. Điều này chưa nói gì về bản sao.
        [misnamed] Tệp mang tên PDF nhưng thật ra là ảnh. Điều này chưa nói gì về bản sao.
       *[other] Tệp không phải PDF, cũng không phải ảnh có mã QR. Điều này chưa nói gì về bản sao.
        }
    }
verdict-malformed-next = { $asked ->
    [code]
        So lại từng nhóm sáu ký tự với bản sao rồi gõ lại.
        Hoặc quét mã QR bên cạnh mã bằng máy ảnh của điện thoại.
    [digest] Chọn tệp ở trang chủ: dấu vân tay được tính giúp bạn.
    [photo]
        Chụp lại gần hơn, đủ sáng, mã QR nằm trọn trong ảnh.
        Hoặc gõ mã in cạnh mã QR.
   *[file] { $fault ->
        [incomplete] Hãy tải lại tệp, chờ tải xong hẳn, rồi kiểm tra tệp vừa tải.
       *[other] Hãy chọn đúng tệp PDF đã nhận từ cơ quan chứng thực, hoặc gõ mã in trên bản sao.
        }
    }

verdict-unavailable-title = Tạm thời chưa trả lời được
verdict-unavailable-meaning = Lỗi ở phía chúng tôi. Bản sao của bạn không bị coi là sai vì việc này.
verdict-unavailable-next =
    Thử lại sau ít phút. Bạn không cần làm gì khác.
    Đừng từ chối giấy tờ của ai chỉ vì câu trả lời này.

## Kết quả
result-next-heading = Nên làm gì
result-facts-heading = Sổ đăng ký ghi
result-facts-lead = So với bản sao bạn đang cầm. Nếu có điểm nào khác, bản sao đó không đáng tin.
result-facts-erased = Thông tin về người yêu cầu đã được xóa theo yêu cầu của họ. Bản sao vẫn có trong sổ và bằng chứng vẫn nguyên vẹn.
result-code = Mã
result-checked-at = Tra cứu lúc
result-reasons-heading = Vì sao
result-reasons-lead = Chúng tôi đã kiểm tra lần lượt:
result-signatures-heading = Chữ ký trong tệp
result-proof-heading = Bằng chứng
result-proof-lead = Câu trả lời tính theo điểm kiểm này của sổ công khai. Tải bằng chứng về, ai cũng kiểm tra được bằng công cụ của mình, kể cả khi không có mạng.
result-proof-download = Tải bằng chứng (.tlog-proof)
result-absence = { $known ->
    [yes] Bằng chứng thứ hai cho thấy, đến điểm kiểm này, sổ không giấu quyết định nào về mã này.
   *[no] Bằng chứng này cho thấy, đến điểm kiểm này, sổ không ghi mục nào về mã này.
    }
result-absence-download = Tải bằng chứng về mã (.map-proof)
result-print = In trang này
result-correct-heading = Sửa lại mã
result-again-heading = Kiểm tra bản sao khác
result-typed = Bạn đã gõ
result-mistake = Có lẽ sai ở ký tự được đánh dấu
result-retry = Thử lại
result-retry-after = Có thể thử lại sau { $seconds } giây.
fact-document-type = Loại giấy tờ
fact-unit = Đơn vị chứng thực
fact-certified-on = Ngày chứng thực
fact-page-count = Số trang bản chính
fact-holder = Họ tên (che bớt)
fact-decision = Quyết định
fact-decision-value = Số { $number }, ngày { $day }
checkpoint-origin = Sổ
checkpoint-size = Số mục
checkpoint-root = Gốc cây băm
checkpoint-cosigned = Nhân chứng đã ký
checkpoint-cosigned-value = { $witness }, lúc { $time } ngày { $day }
checkpoint-not-cosigned = Chưa có nhân chứng nào ký điểm kiểm này
checkpoint-note = Điểm kiểm đã ký, nguyên văn
status-list-place = Danh sách trạng thái
status-list-place-value = Danh sách { $list }, vị trí { $idx }
outcome-passed = Đạt
outcome-failed = Không đạt
outcome-warned = Lưu ý
outcome-skipped = Không xét
signature-role-officer = Người thực hiện chứng thực
signature-role-seal = Con dấu của cơ quan
signature-role-other = Người ký khác
signature-intact = Nội dung được ký còn nguyên
signature-broken = Nội dung được ký đã bị sửa
signature-trusted = Chứng thư đáng tin
signature-untrusted = Chứng thư không thuộc hệ thống này
signature-entire = Bao trùm toàn bộ tệp
signature-partial = Không bao trùm toàn bộ tệp
signature-timestamped = Có dấu thời gian
signature-unread = Không đọc được chữ ký này
signature-unnamed = Không ghi tên
signature-signed-at = Ký lúc { $time } ngày { $day }

## Quá trình hiệu lực
history-heading = Quá trình hiệu lực
history-issued = Được chứng thực và ghi vào sổ
history-suspended = Tạm dừng hiệu lực
history-reinstated = Khôi phục hiệu lực
history-revoked = Bị hủy bỏ giá trị pháp lý
history-superseded = Được thay bằng bản khác
history-erased = Thông tin cá nhân đã được xóa theo yêu cầu
history-decision = Quyết định số { $number } ngày { $day }
history-reason = Lý do: { $reason }
history-entered = Ghi vào sổ lúc { $time } ngày { $day }, mục thứ { $ordinal }
history-successor = Sổ ghi có bản mới thay thế, nhưng không công khai mã của bản mới. Người giữ bản mới có mã đó: hãy nhập mã để kiểm tra.
on-heading = Hiệu lực vào ngày { $day }
on-answer = { $verdict ->
    [valid] Vào ngày { $day }, bản sao này còn hiệu lực.
    [suspended] Vào ngày { $day }, bản sao này đang tạm dừng hiệu lực.
    [revoked] Vào ngày { $day }, bản sao này đã bị hủy bỏ.
    [superseded] Vào ngày { $day }, bản sao này đã được thay bằng bản khác.
   *[none] Đến hết ngày { $day }, sổ chưa ghi bản sao này.
    }
on-only-that-day = Câu này chỉ nói về ngày đó, theo những gì đã ghi vào sổ đến hết ngày (giờ Việt Nam). Hiệu lực hôm nay là kết quả ở đầu trang.
on-label = Xem hiệu lực vào một ngày đã qua
on-button = Xem

## Danh sách hủy bỏ
revoked-title = Bản sao đã bị hủy bỏ
revoked-lead = Các bản sao chứng thực đã bị hủy bỏ giá trị pháp lý theo quyết định, mới nhất ở trên.
revoked-filter-heading = Lọc danh sách
revoked-unit = Đơn vị chứng thực
revoked-every-unit = Tất cả đơn vị
revoked-month = Tháng ra quyết định
revoked-filter-button = Lọc
revoked-list-heading = Danh sách
revoked-decision = Quyết định
revoked-copy = Bản sao
revoked-book-line = Số { $number }, quyển { $book }
revoked-certified-on = chứng thực ngày { $day }
revoked-reason = Lý do
revoked-no-reason = Không nêu
revoked-entry = Trong sổ công khai
revoked-proof = Bằng chứng mục { $ordinal }
revoked-none = Không có bản sao nào bị hủy bỏ trong phần danh sách này.
revoked-pages = Các trang của danh sách
revoked-newest = Về mới nhất
revoked-older = Cũ hơn
revoked-about-heading = Danh sách này là gì
revoked-about =
    Quyết định hủy bỏ được công khai theo điều 7 Thông tư 01/2020/TT-BTP.
    Danh sách nêu đơn vị, số và quyển chứng thực để người giữ giấy tờ đối chiếu; không nêu tên người và không nêu mã bản sao, vì mã mở ra thông tin về người.
    Muốn biết một bản sao còn hiệu lực hay không, hãy tra cứu mã của bản sao đó ở trang chủ.
    Danh sách tính đến { $size } mục của sổ công khai.
revoked-feed = Bản tin Atom
revoked-json = JSON
revoked-status-lists = Danh sách trạng thái để kiểm tra không cần mạng
revoked-feed-title = Hủy bỏ: số { $number }, quyển { $book }, { $unit }

## Loại giấy tờ
document-type-diploma = Văn bằng, chứng chỉ
document-type-birth_certificate = Giấy khai sinh
document-type-marriage_certificate = Giấy chứng nhận kết hôn
document-type-id_card = Căn cước
document-type-decision = Quyết định hành chính
document-type-land_use_certificate = Giấy chứng nhận quyền sử dụng đất
document-type-business_licence = Giấy đăng ký kinh doanh
document-type-other = Giấy tờ khác

## Danh mục kiểm tra
check-address = Địa chỉ trong mã QR
check-address-warned = Mã QR dẫn tới { $host }, không phải trang này. Câu trả lời dưới đây là của chúng tôi; đừng tin trang kia.
check-code = Mã
check-code-passed = Đúng dạng, các ký tự kiểm tra khớp.
check-code-passed-in-file = Đọc được mã trong tệp, các ký tự kiểm tra khớp.
check-code-skipped-digest = Chỉ có dấu vân tay, mã nằm trong tệp.
check-code-skipped-none-in-file = Không có mã bản sao nào đọc được từ tệp.
check-code-failed-length = Mã phải có đúng 18 chữ và số, không kể dấu gạch.
check-code-failed-alphabet = Ký tự thứ { $place } của nhóm { $group } không bao giờ có trong mã: mã không dùng chữ U và không dùng dấu.
check-code-failed-character = Có lẽ sai ở ký tự thứ { $place } của nhóm { $group }.
check-code-failed-swapped = Có lẽ ký tự thứ { $place } của nhóm { $group } và ký tự liền sau bị đổi chỗ cho nhau.
check-code-failed-ambiguous = Có nhiều hơn một mã, không rõ bạn hỏi mã nào. Hãy kiểm tra từng mã một.
check-code-failed-several = Các ký tự kiểm tra không khớp, có lẽ sai nhiều hơn một ký tự.
check-log = Sổ đăng ký
check-log-passed = Có trong sổ: mục thứ { $ordinal } trên { $size } mục.
check-log-failed-code = Không có trong { $size } mục của sổ.
check-log-failed-photo = Không có trong { $size } mục của sổ.
check-log-failed-digest = Không mục nào trong { $size } mục của sổ mang dấu vân tay này.
check-log-failed-file = Cả dấu vân tay của tệp lẫn mã trong tệp đều không có trong { $size } mục của sổ.
check-log-skipped-unpublished = Bản sao vừa được cấp, sổ công khai sẽ có trong giây lát.
check-log-skipped-registry = Không kết nối được với sổ đăng ký.
check-log-skipped-examiners = Có quá nhiều tệp đang chờ kiểm tra.
check-log-skipped-examiners-down = Bộ phận đọc tệp của trang này đang không chạy. Sự việc đã được báo cho người vận hành.
check-log-skipped-unproven = Sổ đăng ký không đưa ra được bằng chứng đúng, nên chúng tôi không trả lời. Sự việc đã được báo cho người vận hành.
check-proof = Bằng chứng
check-proof-passed = Đã chứng minh được mục thứ { $ordinal } nằm trong sổ { $size } mục; chữ ký của sổ đúng.
check-status = Hiệu lực
check-status-passed-valid = Không tìm thấy quyết định nào tạm dừng, thay thế hay hủy bỏ.
check-status-passed-erased = Không tìm thấy quyết định nào tạm dừng, thay thế hay hủy bỏ. Thông tin cá nhân đã được xóa.
check-status-failed-superseded = Đã có bản thay thế.
check-status-failed-suspended = Đang tạm dừng hiệu lực.
check-status-failed-revoked = Đã bị hủy bỏ.
check-content = Nội dung
check-content-passed = Dấu vân tay SHA-256 của tệp đúng là dấu vân tay đã đăng ký.
check-content-skipped-code = Chỉ có mã, chưa có tệp: nội dung chưa được so.
check-content-skipped-photo = Ảnh chụp không so được với bản đã đăng ký.
check-content-failed-not-ours = Dấu vân tay khác, và không chữ ký nào trong tệp là của người đã ký bản sao này.
check-content-failed-bytes-changed = Dấu vân tay khác: có chỗ trong phần đã ký bị sửa sau khi ký.
check-content-failed-added-after-seal = Dấu vân tay khác: có phần được thêm vào tệp sau khi cơ quan đóng dấu.
check-content-failed-differs = Dấu vân tay khác với bản đã đăng ký.
check-content-failed-empty = Tệp rỗng.
check-content-failed-too-large = Tệp lớn hơn mức cho phép.
check-content-failed-incomplete = Tệp PDF không có phần kết thúc: tệp chưa trọn vẹn.
check-content-failed-misnamed = Tệp mang tên PDF nhưng là ảnh.
check-content-failed-not-a-document = Tệp không phải PDF hay ảnh.
check-content-failed-photo-without-code = Không đọc được mã QR của bản sao trong ảnh.
check-content-failed-digest = Không phải dấu vân tay SHA-256.
check-signatures = Chữ ký
check-signatures-passed = Cả { $all } chữ ký đều nguyên vẹn và đáng tin.
check-signatures-skipped-code = Chữ ký nằm trong tệp, mã không cho biết.
check-signatures-skipped-digest = Tệp trùng khớp từng bit, nên chữ ký vẫn là chữ ký lúc cấp.
check-signatures-warned-unread = Không đọc được chữ ký trong tệp.
check-signatures-failed-none = Tệp không có chữ ký số nào.
check-signatures-failed-broken = Chỉ { $sound } trên { $all } chữ ký còn đúng; có chữ ký không còn khớp với nội dung.
check-signatures-failed-uncovered = { $sound } trên { $all } chữ ký còn đúng, nhưng không chữ ký nào bao trùm toàn bộ tệp: có phần được thêm vào sau.
check-signatures-failed-untrusted = Chỉ { $sound } trên { $all } chữ ký còn đúng; có chữ ký của người ngoài hệ thống này.

## Sự cố
problem-back = Về trang chủ
problem-400-title = Yêu cầu chưa đúng
problem-400-detail = Hãy gửi đúng một trong: một tệp, một dấu vân tay SHA-256, một mã, hoặc nội dung mã QR.
problem-404-title = Không có trang này
problem-404-detail = Địa chỉ có thể đã gõ nhầm. Bạn vẫn có thể tra cứu từ trang chủ.
problem-405-title = Không nhận phương thức này
problem-405-detail = Địa chỉ này không nhận yêu cầu gửi theo phương thức đó.
problem-413-title = Tệp quá lớn
problem-413-detail = Tệp lớn hơn 50 MB nên không kiểm tra được. Bạn vẫn có thể tra cứu bằng mã.
problem-415-title = Loại dữ liệu không nhận được
problem-415-detail = Hãy gửi tệp bằng biểu mẫu, PDF, hoặc JSON.
problem-429-title = Bạn tra cứu quá nhiều trong thời gian ngắn
problem-429-detail = Hãy chờ ít phút rồi thử lại. Giới hạn này giữ cho ai cũng tra cứu được.
problem-500-title = Có lỗi ở phía chúng tôi
problem-500-detail = Sự cố đã được ghi lại. Hãy thử lại sau ít phút.
problem-503-title = Tạm thời chưa phục vụ được
problem-503-detail = Hãy thử lại sau ít giây.
