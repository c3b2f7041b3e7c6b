## Con dấu trong mã QR
check-seal = Con dấu trong mã QR
check-seal-passed = Con dấu do cơ quan chứng thực ký, và mọi điều con dấu ghi đều khớp với sổ đăng ký. Con dấu có thể bị chép sang giấy khác: hãy so với tờ giấy.
check-seal-warned-unregistered = Con dấu là thật, nhưng sổ đăng ký không có bản sao này.
check-seal-skipped-no-key = Trang này chưa có khóa công khai của con dấu nên chưa kiểm tra con dấu.
check-seal-failed-malformed = Phần sau dấu # không phải là một con dấu nguyên vẹn: bị cắt mất một phần, hoặc không phải của hệ thống này.
check-seal-failed-forged = Không khóa nào của cơ quan chứng thực đã ký con dấu này: con dấu bị sửa hoặc bị làm giả.
check-seal-failed-key-not-in-use = Con dấu ký bằng một khóa cũ, và khóa đó không được dùng vào ngày ghi trên con dấu.
check-seal-failed-other-code = Con dấu là thật nhưng của bản sao khác: mã trong con dấu khác mã trong đường dẫn.
check-seal-failed-differs = { $field ->
    [book] Con dấu là thật, nhưng quyển số ghi trong đó khác với sổ đăng ký.
    [number] Con dấu là thật, nhưng số chứng thực ghi trong đó khác với sổ đăng ký.
    [place] Con dấu là thật, nhưng vị trí trong danh sách trạng thái ghi trong đó khác với sổ đăng ký.
    [document_type] Con dấu là thật, nhưng loại giấy tờ ghi trong đó khác với sổ đăng ký.
    [holder_name] Con dấu là thật, nhưng họ tên ghi trong đó khác với sổ đăng ký.
    [unit_name] Con dấu là thật, nhưng đơn vị chứng thực ghi trong đó khác với sổ đăng ký.
    [page_count] Con dấu là thật, nhưng số trang ghi trong đó khác với sổ đăng ký.
   *[certified_on] Con dấu là thật, nhưng ngày chứng thực ghi trong đó khác với sổ đăng ký.
    }
result-sealed-heading = Con dấu trong mã QR ghi
result-sealed-lead = So từng dòng với tờ giấy bạn đang cầm. Khác một dòng là con dấu đã bị chép từ bản sao khác.
fact-sealed-holder = Họ tên
fact-number = Số chứng thực
fact-book = Quyển số

## Trang quét mã QR
scan-app-name = Bản Sao: quét mã QR
scan-app-short-name = Quét bản sao
scan-title = Quét mã QR của bản sao
scan-lead = Con dấu trong mã QR được kiểm tra ngay trên máy của bạn, kể cả khi không có mạng.
scan-link = Quét mã QR bằng máy ảnh
scan-where = Mã QR có con dấu là mã lớn ở trang cuối của bản sao. Đặt mã nằm gọn trong khung, đủ sáng, cách khoảng một gang tay.
scan-video = Hình từ máy ảnh
scan-start = Bật máy ảnh
scan-stop = Tắt máy ảnh
scan-torch = Đèn
scan-picture = Chọn ảnh
scan-paste = Cũng có thể dán (Ctrl+V) một ảnh chụp mã QR, hoặc đường dẫn đọc được từ mã QR.
scan-asking = Đang hỏi thêm sổ đăng ký…
scan-checked = Đã kiểm tra những gì
scan-again = Quét mã khác
scan-full = Xem câu trả lời đầy đủ
scan-newer = Trang này đã có bản mới.
scan-newer-button = Dùng bản mới
scan-no-script = Trang quét cần JavaScript. Bạn vẫn có thể quét bằng ứng dụng máy ảnh của điện thoại để mở trang kết quả, hoặc tải ảnh mã QR lên ở trang chủ.
scan-offline-heading = Dùng khi không có mạng
scan-offline-lead = Mở trang này một lần khi có mạng, rồi chọn “Thêm vào màn hình chính” hoặc “Cài đặt ứng dụng” trong trình duyệt. Sau đó trang quét được cả khi không có mạng, nhờ khóa công khai và danh sách trạng thái đã lưu. Danh sách càng cũ thì càng có thể thiếu quyết định mới; quá 24 giờ thì không dùng để kết luận nữa.
scan-private = Hình ảnh không rời khỏi máy này. Khi có mạng, nội dung mã QR được gửi tới sổ đăng ký để hỏi và không được lưu lại. Trang không lưu gì về bản sao bạn quét.

scan-say-starting = Đang mở máy ảnh. Nếu trình duyệt hỏi, hãy chọn “Cho phép”.
scan-say-looking = Đang tìm mã QR…
scan-say-reading = Đang đọc ảnh…
scan-say-no-code = Không thấy mã QR nào trong ảnh. Hãy chụp gần hơn, đủ sáng, mã nằm trọn trong ảnh.
scan-say-no-picture = Không đọc được ảnh này. Hãy chọn ảnh khác, hoặc tải lại trang.
scan-say-no-reader = Trình duyệt này không chạy được bộ đọc mã QR. Hãy cập nhật trình duyệt, hoặc gõ mã in trên bản sao ở trang chủ.
scan-say-camera-insecure = Trình duyệt chỉ cho dùng máy ảnh trên trang có kết nối an toàn (https). Bạn vẫn có thể chọn ảnh chụp mã QR.
scan-say-camera-refused = Trang chưa được phép dùng máy ảnh. Hãy cho phép máy ảnh trong phần cài đặt của trình duyệt cho trang này rồi bấm lại, hoặc chọn ảnh chụp mã QR.
scan-say-camera-absent = Máy này không có máy ảnh dùng được. Hãy chọn ảnh chụp mã QR.
scan-say-camera-busy = Máy ảnh không mở được, có thể ứng dụng khác đang dùng. Hãy đóng ứng dụng đó rồi bấm lại, hoặc chọn ảnh chụp mã QR.
scan-say-just-now = vừa xong
scan-say-online = Đang có mạng.
scan-say-offline = Đang không có mạng.
scan-say-held = Danh sách trạng thái trên máy này được ký { $age } (lúc { $at }).
scan-say-held-nothing = Máy này chưa có khóa công khai hoặc danh sách trạng thái. Hãy mở trang khi có mạng.
scan-say-held-unsupported = Trình duyệt này không kiểm tra được chữ ký Ed25519 của con dấu. Hãy cập nhật trình duyệt và mở trang bằng địa chỉ https; khi có mạng, sổ đăng ký vẫn trả lời được.
scan-say-kept = Trang này đã được lưu trên máy để dùng khi không có mạng.
scan-say-not-kept = Trình duyệt này không lưu được trang để dùng khi không có mạng.
scan-say-elsewhere = Mã QR dẫn tới { $host }, không phải trang này. Đừng mở địa chỉ đó: trang ấy có thể là giả, dù con dấu là thật.
scan-say-facts-compare = So từng dòng với tờ giấy bạn đang cầm. Khác một dòng là con dấu đã bị chép từ bản sao khác: đừng nhận tờ giấy đó.
scan-say-facts-of-another = Con dấu này là của bản sao có những thông tin dưới đây, không phải của mã in trên tờ giấy.
scan-say-check-seal = Con dấu
scan-say-check-status = Tình trạng
scan-say-check-age = Tuổi của danh sách
scan-say-check-registry = Sổ đăng ký
scan-say-list-old = Danh sách được ký { $age }, đã có danh sách mới hơn. Quyết định sau lúc { $at } không có trong đó.
scan-say-registry-offline = Không có mạng, hoặc sổ đăng ký không trả lời: chỉ kiểm tra được trên máy này.
scan-say-registry-too-often = Bạn hỏi sổ đăng ký quá nhiều trong thời gian ngắn. Hãy chờ ít phút rồi quét lại.
scan-say-registry-failed = Sổ đăng ký trả lời không đúng dạng. Hãy thử lại sau ít phút.
scan-say-registry-answered = Sổ đăng ký trả lời: “{ $verdict }”, tính đến { $size } mục.
scan-say-seal-genuine = Cơ quan chứng thực đã ký con dấu này. Con dấu có thể bị chép sang giấy khác, nên hãy so những gì con dấu ghi với tờ giấy.
scan-say-seal-none-title = Mã QR này không có con dấu
scan-say-seal-none = Đây là mã ở chân trang, chỉ chứa địa chỉ tra cứu. Khi không có mạng, hãy quét mã QR lớn ở trang cuối.
scan-say-seal-unsupported-title = Chưa kiểm tra được con dấu
scan-say-seal-unsupported = Trình duyệt này không kiểm tra được chữ ký Ed25519. Hãy cập nhật trình duyệt và mở trang bằng địa chỉ https, hoặc kết nối mạng để hỏi sổ đăng ký.
scan-say-seal-no-keys-title = Chưa kiểm tra được con dấu
scan-say-seal-no-keys = Máy này chưa có khóa công khai của con dấu. Hãy kết nối mạng rồi quét lại.
scan-say-seal-malformed-title = Con dấu không nguyên vẹn
scan-say-seal-malformed = Phần sau dấu # không phải là một con dấu trọn vẹn: bị cắt mất một phần, hoặc không phải của hệ thống này. Hãy quét lại; vẫn như vậy thì đừng dựa vào tờ giấy này.
scan-say-seal-forged-title = Con dấu không thật
scan-say-seal-forged = Không khóa nào của cơ quan chứng thực đã ký con dấu này: con dấu bị sửa hoặc bị làm giả. Đừng dựa vào tờ giấy này.
scan-say-seal-key-not-in-use-title = Con dấu không được chấp nhận
scan-say-seal-key-not-in-use = Con dấu ký bằng một khóa cũ, và khóa đó không được dùng vào ngày ghi trên con dấu. Đừng dựa vào tờ giấy này.
scan-say-seal-other-code-title = Con dấu của bản sao khác
scan-say-seal-other-code = Con dấu là thật nhưng được lấy từ một bản sao khác: mã trong con dấu khác mã trong đường dẫn. Đừng dựa vào tờ giấy này.
scan-say-seal-foreign-title = Không phải mã QR của bản sao
scan-say-seal-foreign = Mã QR này không chứa mã bản sao nào. Điều này chưa nói gì về giấy tờ; hãy quét mã QR in ở chân trang hoặc trang cuối.
scan-say-status-valid-title = Con dấu thật; còn hiệu lực theo danh sách ký { $age }
scan-say-status-valid = Theo danh sách trạng thái ký lúc { $at } (sổ có { $size } mục), không quyết định nào hủy, dừng hay thay bản sao này. Quyết định sau lúc đó thì danh sách không biết.
scan-say-status-revoked-title = Đã bị hủy bỏ
scan-say-status-revoked = Con dấu là thật, nhưng bản sao đã bị hủy bỏ giá trị pháp lý, theo danh sách trạng thái ký lúc { $at }. Đừng nhận bản sao này.
scan-say-status-suspended-title = Đang tạm dừng hiệu lực, theo danh sách ký { $age }
scan-say-status-suspended = Con dấu là thật, nhưng hiệu lực của bản sao đang tạm dừng, theo danh sách trạng thái ký lúc { $at }. Chưa nên nhận; hãy hỏi lại khi có mạng.
scan-say-status-superseded-title = Đã có bản thay thế
scan-say-status-superseded = Con dấu là thật, nhưng bản sao đã được thay bằng bản khác, theo danh sách trạng thái ký lúc { $at }. Hãy yêu cầu bản mới.
scan-say-status-too-old-title = Con dấu thật; chưa biết còn hiệu lực hay không
scan-say-status-too-old = Danh sách trạng thái trên máy này được ký { $age }, quá cũ để kết luận. Hãy kết nối mạng rồi quét lại.
scan-say-status-no-list-title = Con dấu thật; chưa biết còn hiệu lực hay không
scan-say-status-no-list = Máy này chưa có danh sách trạng thái của bản sao này. Hãy kết nối mạng rồi quét lại.
scan-say-status-no-place-title = Con dấu thật; chưa biết còn hiệu lực hay không
scan-say-status-no-place = Bản sao này có trước khi có danh sách trạng thái, nên chỉ hỏi được khi có mạng.
scan-say-status-clock-title = Con dấu thật; chưa biết còn hiệu lực hay không
scan-say-status-clock = Đồng hồ của máy này chạy chậm: danh sách trạng thái ký sau giờ của máy. Hãy chỉnh lại giờ rồi quét lại.
