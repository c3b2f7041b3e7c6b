## Nút tải phiếu trên trang kết quả
receipt-heading = Phiếu kết quả để lưu hồ sơ
receipt-lead = Phiếu ghi kết quả tại thời điểm tải về, có chữ ký số của cổng và bằng chứng kèm theo. Ai nhận phiếu cũng kiểm tra lại được, không cần mạng, không cần hỏi chúng tôi.
receipt-download-pdf = Tải phiếu (PDF)
receipt-download-json = Tải cho phần mềm (JSON)

## Trên phiếu in
receipt-title = Phiếu kết quả kiểm tra
receipt-issued-by = Cổng kiểm tra bản sao chứng thực điện tử { $portal }
receipt-row-code = Mã được hỏi
receipt-row-digest = Dấu vân tay SHA-256 của tệp được hỏi
receipt-row-checked-at = Thời điểm kiểm tra
receipt-row-status = Tình trạng của bản sao mang mã này
receipt-status = { $status ->
    [valid] Đang có hiệu lực
    [superseded] Đã có bản thay thế
    [suspended] Đang tạm dừng hiệu lực
   *[revoked] Đã bị hủy bỏ
    }
receipt-row-since = Kể từ
receipt-row-reason = Lý do
receipt-copy-heading = Bản sao trong sổ đăng ký
receipt-copy-erased = Thông tin của bản sao đã được xóa theo yêu cầu; bằng chứng vẫn còn.
receipt-copy-word = Phần này do cổng ghi theo sổ đăng ký, để đối chiếu; bằng chứng trong tệp kèm không chứa các thông tin này.
receipt-proof-heading = Bằng chứng kèm theo
receipt-row-log = Sổ công khai, tính đến mục thứ { $size }
receipt-row-root = Gốc cây băm đã ký
receipt-row-cosigned = Nhân chứng đã ký
receipt-row-entries = Mọi mục của sổ về bản sao này
receipt-entry = { $what }, mục thứ { $ordinal }, lúc { $time } ngày { $day }
receipt-no-entry = Không có mục nào về mã này.
receipt-no-proof = Không bằng chứng nào cho thấy được là một tệp không có trong sổ: riêng điều này dựa vào lời của cổng.
receipt-moment = Kết quả đúng vào thời điểm ghi trên; sau đó có thể đã khác. Phiếu này không phải là bản sao chứng thực.
receipt-again-code = Quét mã để hỏi lại kết quả hiện nay
receipt-again-home = Quét mã để mở cổng kiểm tra
receipt-check = Kiểm tra phiếu này, không cần mạng, bằng lệnh:
receipt-attached = Lời chứng có chữ ký số và các bằng chứng nằm trong tệp { $file } đính kèm trong PDF này.
receipt-qr = Mã QR dẫn đến { $address }

## Từ chối
problem-receipt-nothing-title = Không có gì để lập phiếu
problem-receipt-nothing-detail = Mã hoặc dấu vân tay SHA-256 chưa đúng dạng nên chưa có gì được kiểm tra. Hãy xem lại rồi thử lại.
problem-receipt-later-title = Chưa lập được phiếu
problem-receipt-later-detail = Lỗi ở phía chúng tôi, không nói lên điều gì về bản sao. Hãy thử lại sau ít giây.
problem-receipt-not-made-title = Cổng này không lập phiếu dạng này
problem-receipt-not-made-detail = Cổng chưa được cấp khóa ký phiếu. Bạn vẫn có thể tra cứu và tải bằng chứng.
