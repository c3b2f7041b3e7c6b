# Trang ki-ốt của người dân.
error-consent-missing = Cần có sự đồng ý của bạn trước khi chụp khuôn mặt và thẻ căn cước. Nếu không đồng ý, hãy đến quầy.
error-unknown-unit = Ki-ốt này chưa được gán cho đơn vị nào ({ $unit }). Vui lòng báo cán bộ.
error-weak-token = Khóa truy cập hồ sơ không hợp lệ. Vui lòng bắt đầu lại.
error-upload-damaged = Tệp bị lỗi khi truyền. Vui lòng gửi lại.
error-too-many-scans = Mỗi hồ sơ nhận tối đa { $limit } tệp. Hãy ghép các trang thành một tệp PDF.
error-dossier-incomplete = { $missing ->
    [scan] Chưa có ảnh bản chính.
    [card_front] Chưa có ảnh mặt trước thẻ căn cước.
   *[face] Chưa có ảnh khuôn mặt.
} Hãy bổ sung rồi gửi lại.
error-invalid-email = Địa chỉ email chưa đúng. Hãy sửa lại hoặc để trống.
error-copy-not-ready = Bản sao chưa được cấp. Hãy chờ đến bước cuối.

kiosk-title = Chứng thực bản sao điện tử
kiosk-lead = Bạn quét bản chính, cán bộ đối chiếu và ký số, bạn nhận bản sao điện tử kiểm tra được ở mọi nơi.
kiosk-language = Ngôn ngữ
kiosk-language-vi = Tiếng Việt
kiosk-language-en = English
kiosk-skip = Đến nội dung chính
kiosk-steps = Các bước
kiosk-step-consent = Đồng ý
kiosk-step-scan = Bản chính
kiosk-step-person = Thẻ, khuôn mặt
kiosk-step-review = Kiểm tra
kiosk-step-progress = Kết quả
kiosk-back = Quay lại
kiosk-next = Tiếp tục
kiosk-done = Xong, xóa màn hình
kiosk-cancel = Hủy và xóa
kiosk-noscript = Trang này cần JavaScript. Vui lòng dùng ki-ốt khác hoặc đến quầy.
kiosk-money = { $amount } đ
kiosk-offline = Mất kết nối mạng. Những gì đã gửi vẫn còn; trang sẽ tự thử lại.

consent-heading = Trước khi bắt đầu
consent-bring = Bạn cần có
consent-bring-original = Bản chính giấy tờ cần sao
consent-bring-card = Thẻ căn cước của bạn
consent-bring-minutes = Khoảng 3 đến 5 phút
consent-what = Dữ liệu được xử lý
consent-original = Ảnh bản chính, để làm bản sao và để cán bộ đối chiếu.
consent-card = Ảnh thẻ căn cước, để xác định người yêu cầu.
consent-face = Ảnh khuôn mặt, để so sánh với ảnh trên thẻ. Đây là dữ liệu cá nhân nhạy cảm (sinh trắc học). Máy chỉ gợi ý, cán bộ là người quyết định.
consent-rights = Bạn có thể dừng lại bất cứ lúc nào trước khi gửi; ảnh đã chụp sẽ bị xóa. Sau khi gửi, bạn có thể rút lại sự đồng ý tại quầy. Nếu không đồng ý, bạn vẫn được phục vụ tại quầy.
consent-agree = Tôi đồng ý để ảnh khuôn mặt và ảnh thẻ căn cước của tôi được xử lý cho mục đích trên.
consent-start = Bắt đầu

scan-heading = Quét bản chính
scan-lead = Chụp hoặc tải lên từng trang, theo thứ tự. Nhận tệp JPEG, PNG, TIFF, PDF; mỗi tệp không quá 50 MB.
scan-camera = Chụp bằng máy ảnh
scan-upload = Chọn tệp
scan-drop = hoặc kéo tệp vào đây
scan-list = Các trang đã nhận
scan-none = Chưa có trang nào.
scan-page = Trang { $number }
scan-remove = Xóa
scan-retake = Chụp lại
scan-sending = Đang nhận và kiểm tra…
scan-ok = Đã nhận, rõ nét
scan-pages = { $count } trang
scan-fix = Nên chụp lại
scan-keep-note = Bạn vẫn có thể gửi; cán bộ sẽ xem xét.

person-heading = Thẻ căn cước và khuôn mặt
person-front = Mặt trước thẻ
person-front-hint = Thấy đủ bốn góc, không bị lóa
person-back = Mặt sau thẻ
person-back-hint = Có mã QR hoặc dòng chữ máy đọc
person-face = Khuôn mặt
person-face-hint = Nhìn thẳng, bỏ khẩu trang và kính râm
person-optional = không bắt buộc
person-camera = Chụp
person-upload = Chọn tệp
person-again = Làm lại
person-received = Đã nhận

camera-heading = Máy ảnh
camera-shoot = Chụp
camera-close = Đóng
camera-denied = Không mở được máy ảnh. Hãy cho phép dùng máy ảnh, hoặc chọn tệp.

review-heading = Kiểm tra rồi gửi
review-original = Bản chính
review-person = Thẻ và khuôn mặt
review-complete = Đủ
review-change = Sửa
review-fee = Phí chứng thực
review-fee-pages = { $pages } trang
review-fee-rule = Theo Thông tư 226/2016/TT-BTC: 2.000 đ/trang cho hai trang đầu, 1.000 đ/trang từ trang thứ ba, tối đa 200.000 đ/bản.
review-fee-subsidy = Thành phố hỗ trợ
review-fee-net = Số tiền phải nộp
review-email = Email liên hệ
review-email-hint = Không bắt buộc. Cán bộ dùng để liên hệ khi cần.
review-send = Gửi hồ sơ
review-sending = Đang gửi…

progress-heading = Hồ sơ của bạn
progress-number = Số hồ sơ
progress-received = Nhận lúc
progress-station-received = Đã nhận hồ sơ
progress-station-reading = Máy đọc giấy tờ
progress-station-officer = Cán bộ đối chiếu
progress-station-signing = Ký số và vào sổ
progress-station-ready = Trả bản sao
progress-now = đang thực hiện
progress-passed = đã xong
progress-phone = Xem tiếp trên điện thoại
progress-phone-hint = Quét mã này để theo dõi và nhận bản sao trên điện thoại. Ai có mã này cũng xem được hồ sơ: không đưa mã cho người khác.
progress-wait = Bạn có thể chờ tại đây hoặc quét mã để xem tiếp trên điện thoại. Hồ sơ nhận sau 15 giờ được trả kết quả vào ngày làm việc tiếp theo.

ready-heading = Bản sao của bạn đã sẵn sàng
ready-code = Mã xác thực
ready-book = Số chứng thực
ready-book-value = { $number }, quyển số { $book }
ready-download = Tải bản sao (PDF)
ready-proof = Tải bằng chứng vào sổ
ready-check = Kiểm tra trên cổng tra cứu
ready-print = Bản sao có giá trị là tệp PDF có chữ ký số. Nếu in ra giấy, người nhận kiểm tra bằng mã in trên từng trang.

refused-heading = Hồ sơ không được chứng thực
refused-ground = Căn cứ (Điều 22 Nghị định 23/2015/NĐ-CP)
refused-reason = Lý do của cán bộ
refused-next = Bạn có thể làm gì
refused-next-text = Bạn có thể mang bản chính đến quầy để được hướng dẫn, bổ sung theo lý do trên rồi nộp lại. Hồ sơ bị từ chối không thu phí. Bạn có quyền khiếu nại.

idle-heading = Bạn còn ở đây không?
idle-text = Để bảo vệ thông tin của bạn, màn hình sẽ tự xóa sau { $seconds } giây.
idle-stay = Tôi vẫn ở đây

take-title = Bản sao của bạn
take-missing = Đường dẫn thiếu thông tin. Hãy quét lại mã trên ki-ốt.
