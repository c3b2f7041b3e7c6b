# Trang ki-ốt của người dân.
error-consent-missing = Cần có sự đồng ý của bạn trước khi chụp khuôn mặt và thẻ căn cước. Nếu không đồng ý, hãy đến quầy.
error-unknown-unit = Ki-ốt này chưa được gắn với đơn vị nào ({ $unit }). Vui lòng báo cán bộ.
error-weak-token = Khóa của hồ sơ không đúng dạng. Hãy bắt đầu lại.
error-upload-damaged = Tệp bị hỏng trên đường truyền. Hãy gửi lại.
error-too-many-scans = Mỗi hồ sơ nhận tối đa { $limit } tệp. Hãy ghép các trang thành một tệp PDF.
error-dossier-incomplete = { $missing ->
    [scan] Chưa có ảnh bản chính.
    [card_front] Chưa có ảnh mặt trước thẻ căn cước.
   *[face] Chưa có ảnh khuôn mặt.
} Hãy bổ sung rồi gửi lại.
error-invalid-email = Địa chỉ email chưa đúng. Hãy sửa lại hoặc để trống.
error-copy-not-ready = Bản sao chưa được cấp. Hãy chờ đến bước cuối.

kiosk-title = Chứng thực bản sao điện tử
kiosk-lead = Quét bản chính, cán bộ đối chiếu và ký số, bạn nhận bản sao điện tử có thể kiểm tra ở bất cứ đâu.
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
consent-what = Chúng tôi xử lý dữ liệu gì
consent-original = Ảnh bản chính, để làm bản sao và để cán bộ đối chiếu.
consent-card = Ảnh thẻ căn cước, để biết ai yêu cầu.
consent-face = Ảnh khuôn mặt, để so với ảnh trên thẻ. Đây là dữ liệu sinh trắc học, thuộc loại nhạy cảm. Máy chỉ gợi ý, cán bộ quyết định.
consent-rights = Bạn có thể dừng lại bất cứ lúc nào trước khi gửi; ảnh đã chụp sẽ bị xóa. Sau khi gửi, bạn có thể rút lại sự đồng ý tại quầy. Nếu không đồng ý, bạn vẫn được phục vụ tại quầy.
consent-agree = Tôi đồng ý cho xử lý ảnh khuôn mặt và ảnh thẻ căn cước của tôi vào việc này.
consent-start = Bắt đầu

scan-heading = Quét bản chính
scan-lead = Chụp hoặc tải lên từng trang, theo thứ tự. Nhận JPEG, PNG, TIFF, PDF, mỗi tệp đến 50 MB.
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
scan-keep-note = Bạn vẫn có thể gửi; cán bộ sẽ xem.

person-heading = Thẻ căn cước và khuôn mặt
person-front = Mặt trước thẻ
person-front-hint = Đủ bốn góc, không lóa
person-back = Mặt sau thẻ
person-back-hint = Có mã QR hoặc dòng mã máy đọc
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
review-fee-rule = Thông tư 226/2016/TT-BTC: 2.000 đ một trang cho trang 1 và 2, từ trang 3 là 1.000 đ, nhiều nhất 200.000 đ một bản.
review-fee-subsidy = Thành phố hỗ trợ
review-fee-net = Bạn trả
review-email = Email liên hệ
review-email-hint = Không bắt buộc. Cán bộ dùng khi cần hỏi thêm.
review-send = Gửi hồ sơ
review-sending = Đang gửi…

progress-heading = Hồ sơ của bạn
progress-number = Số hồ sơ
progress-received = Nhận lúc
progress-station-received = Đã nhận hồ sơ
progress-station-reading = Máy đọc giấy tờ
progress-station-officer = Cán bộ đối chiếu
progress-station-signing = Ký số và ghi sổ
progress-station-ready = Bản sao sẵn sàng
progress-now = đang làm
progress-passed = xong
progress-phone = Xem tiếp trên điện thoại
progress-phone-hint = Quét mã này để theo dõi và nhận bản sao trên điện thoại. Ai có mã này đều xem được hồ sơ: đừng đưa cho người khác.
progress-wait = Bạn có thể chờ tại đây hoặc quét mã để xem tiếp trên điện thoại. Hồ sơ nhận sau 15 giờ được trả vào ngày làm việc kế tiếp.

ready-heading = Bản sao của bạn đã sẵn sàng
ready-code = Mã xác thực
ready-book = Số chứng thực
ready-book-value = { $number }, quyển { $book }
ready-download = Tải bản sao (PDF)
ready-proof = Tải bằng chứng ghi sổ
ready-check = Kiểm tra tại cổng công khai
ready-print = Bản in từ tệp này là bản in từ bản sao điện tử: người nhận kiểm tra bằng mã in trên giấy. Bản sao có giá trị là tệp PDF có chữ ký số.

refused-heading = Hồ sơ không được chứng thực
refused-ground = Căn cứ (Nghị định 23/2015, Điều 22)
refused-reason = Lý do của cán bộ
refused-next = Bạn có thể làm gì
refused-next-text = Mang bản chính đến quầy để được giải thích, bổ sung theo lý do trên rồi nộp lại. Bạn không mất phí cho hồ sơ bị từ chối và có quyền khiếu nại.

idle-heading = Bạn còn ở đây không?
idle-text = Để giữ kín thông tin của bạn, màn hình sẽ tự xóa sau { $seconds } giây.
idle-stay = Tôi vẫn ở đây

take-title = Bản sao của bạn
take-missing = Đường dẫn thiếu thông tin. Hãy quét lại mã trên ki-ốt.
