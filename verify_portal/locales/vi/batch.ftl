## Tra cứu cả bảng
home-batch = Có nhiều bản sao? Tra cứu cả bảng Excel hoặc CSV một lần
batch-title = Tra cứu cả bảng
batch-lead = Gửi bảng có mã bản sao, nhận lại chính bảng đó kèm kết quả từng dòng.
batch-form-heading = Chọn bảng
batch-again-heading = Tra cứu bảng khác
batch-file-label = Chọn tệp Excel (.xlsx) hoặc CSV
batch-file-drop = Kéo tệp thả vào đây, hoặc
batch-file-hint = Tối đa { $most } dòng, 5 MB. Mỗi dòng một mã bản sao, nội dung mã QR hoặc dấu vân tay SHA-256.
batch-choice-label = Cột chứa mã
batch-choice-find = Tự nhận ra
batch-choice-hint = Thường không cần chọn.
batch-choice-option = { $heading ->
    [none] Cột { $letters }
   *[other] Cột { $letters }: { $heading }
    }
batch-button = Tra cứu
batch-private = Bảng được đọc một lần để tra cứu rồi bỏ. Họ tên và các cột khác không được lưu, không ghi vào nhật ký.
batch-sending = Đang gửi bảng: { $percent }%
batch-working = Đã nhận bảng. Đang đọc và tra cứu từng dòng…
batch-failed = Chưa gửi được bảng. Hãy kiểm tra mạng rồi thử lại.
batch-file-name = ket-qua-tra-cuu

## Kết quả
batch-result-heading = { $lines ->
   *[other] Đã tra cứu { $lines } dòng
    }
batch-result-download = Tải bảng kết quả
batch-result-kept = Các cột của bạn được giữ nguyên, kết quả nằm ở các cột cuối.
batch-result-values = Công thức được thay bằng giá trị đã lưu trong tệp.
batch-read-heading = Bảng đã được đọc thế nào
batch-result-column = Cột chứa mã
batch-result-column-value = { $heading ->
    [none] { $letters } (không có tiêu đề)
   *[other] { $letters } – “{ $heading }”
    }
batch-result-sheet = Trang tính
batch-result-sheet-note = Các trang tính khác không được đọc.
batch-result-lines = Dòng trong bảng
batch-result-lines-value = { $first } đến { $last }
batch-result-encoding = Bảng mã chữ
batch-result-encoding-guess = Windows-1258 (đoán; nếu chữ bị sai, hãy lưu tệp ở dạng UTF-8)
batch-result-checkpoint = Sổ công khai
batch-result-checkpoint-value = { $size } mục
batch-result-wrong-column = Không đúng cột? Chọn lại cột bên dưới rồi gửi lại bảng.
batch-summary-heading = Tóm tắt
batch-summary-code-only = Mã đúng chưa có nghĩa là nội dung trên giấy đúng: so thông tin trong bảng với bản sao bạn đang cầm.
batch-troubled-heading = Những dòng cần xem lại
batch-troubled-row = Dòng
batch-troubled-code = Mã trong bảng
batch-troubled-why = Kết quả
batch-troubled-empty = (ô trống)
batch-troubled-more = { $count ->
   *[other] Còn { $count } dòng nữa trong bảng kết quả.
    }
batch-word-valid = Mã hợp lệ hoặc tệp nguyên vẹn
batch-word-superseded = Đã có bản thay thế
batch-word-suspended = Đang tạm dừng hiệu lực
batch-word-revoked = Đã bị hủy bỏ
batch-word-altered = Không đúng với bản gốc
batch-word-unknown = Không có trong sổ đăng ký
batch-word-malformed = Mã chưa đúng
batch-word-unavailable = Chưa trả lời được, hãy gửi lại sau

## Cột thêm vào bảng
batch-column-result = Kết quả
batch-column-verdict = verdict
batch-column-explanation = Giải thích
batch-column-code = Mã được tra
batch-column-document-type = Loại giấy tờ
batch-column-unit = Đơn vị chứng thực
batch-column-certified-on = Ngày chứng thực
batch-column-holder = Họ tên (đã che)
batch-column-decision = Quyết định
batch-column-checkpoint-size = Số mục của sổ khi tra
batch-column-checked-at = Tra lúc (giờ Việt Nam)

## Bảng không tra cứu được
batch-refused-title = Bảng này chưa tra cứu được
batch-refused-empty = Bảng không có dòng nào để tra cứu.
batch-refused-too-large = Tệp lớn hơn 5 MB. Hãy chép các dòng cần tra sang một bảng mới rồi gửi bảng đó.
batch-refused-too-many-lines = Có hơn { $most } dòng. Hãy chia ra, mỗi lần gửi nhiều nhất { $most } dòng.
batch-refused-too-many-rows = Trang tính có quá nhiều hàng, tính cả hàng trống. Hãy chép các dòng cần tra sang một bảng mới rồi gửi bảng đó.
batch-refused-too-many-columns = Bảng có quá nhiều cột. Hãy giữ lại các cột cần thiết rồi gửi lại.
batch-refused-no-codes = Không thấy cột nào chứa mã bản sao. Hãy chọn cột chứa mã rồi gửi lại.
batch-refused-no-such-column = Bảng không có cột đã chọn.
batch-refused-old-format = Tệp là Excel kiểu cũ (.xls) hoặc có đặt mật khẩu. Hãy lưu thành .xlsx không có mật khẩu rồi gửi lại.
batch-refused-not-a-table = Tệp không phải bảng Excel (.xlsx) hay CSV.
batch-refused-too-costly = Tệp quá phức tạp để đọc. Hãy chép các dòng cần tra sang một bảng mới rồi gửi bảng đó.
batch-refused-unreadable = Tệp bị hỏng nên không đọc được. Hãy mở bằng Excel, lưu lại rồi gửi bản vừa lưu.
batch-refused-no-questions = Gửi một đối tượng JSON có danh sách “questions”; mỗi phần tử có đúng một trong: code, qr, sha256.
