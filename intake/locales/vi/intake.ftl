# Lời chung của tiếp nhận: lỗi, trạng thái, căn cứ từ chối.
product = Bản Sao
error-intake = Chưa thực hiện được. Vui lòng thử lại hoặc hỏi cán bộ.
error-dossier-not-found = Không tìm thấy hồ sơ này, hoặc bạn không có quyền xem.
error-wrong-state = Hồ sơ đã chuyển sang bước khác nên không thực hiện được thao tác này. Vui lòng tải lại trang để xem trạng thái mới.
error-dossier-erased = Thông tin cá nhân và các tệp của hồ sơ này đã được xóa.
error-file-purged = Tệp này đã được xóa theo thời hạn lưu giữ. Kết quả của hồ sơ vẫn còn.
error-blob-missing = Hệ thống không tìm thấy tệp đã lưu của hồ sơ. Vui lòng báo quản trị hệ thống.
error-blob-damaged = Tệp đã lưu của hồ sơ bị hỏng. Vui lòng báo quản trị hệ thống.
error-bad-request = Yêu cầu gửi lên không đúng dạng.
error-forbidden = Trang này mở đã quá lâu. Vui lòng tải lại trang rồi thực hiện lại.
error-not-found = Không tìm thấy trang này.
error-too-large-request = Dữ liệu gửi lên quá lớn.
error-too-many-requests = Quá nhiều yêu cầu trong một phút. Vui lòng chờ một lát.
error-disk-full = Máy chủ đã hết dung lượng lưu trữ nên chưa nhận được. Dữ liệu đã gửi trước đó vẫn còn; vui lòng thử lại sau ít phút. Mã sự cố: { $incident }.
error-unavailable = Hệ thống tạm thời gián đoạn. Dữ liệu đã gửi vẫn còn; vui lòng thử lại sau ít phút. Mã sự cố: { $incident }.
error-unknown = Hệ thống gặp sự cố. Dữ liệu đã gửi vẫn còn; vui lòng thử lại. Nếu vẫn lỗi, vui lòng báo cán bộ mã sự cố { $incident }.

state-opened = Đang chuẩn bị
state-submitted = Đã nhận
state-reading = Đang đọc
state-review = Chờ đối chiếu
state-certifying = Đang ký
state-issued = Đã cấp
state-refused = Đã từ chối
state-withdrawn = Đã rút

ground-1 = Bản chính bị tẩy xóa, sửa chữa, thêm, bớt nội dung không hợp lệ
ground-2 = Bản chính bị hư hỏng, cũ nát, không xác định được nội dung
ground-3 = Bản chính đóng dấu mật của cơ quan có thẩm quyền, hoặc không đóng dấu mật nhưng ghi rõ không được sao chụp
ground-4 = Bản chính có nội dung trái pháp luật, đạo đức xã hội; tuyên truyền, kích động chiến tranh, chống chế độ; xuyên tạc lịch sử; xúc phạm danh dự, nhân phẩm, uy tín của cá nhân, tổ chức; vi phạm quyền công dân
ground-5 = Giấy tờ nước ngoài chưa được hợp pháp hóa lãnh sự
ground-6 = Giấy tờ do cá nhân tự lập, không có xác nhận và đóng dấu của cơ quan có thẩm quyền

type-diploma = Bằng tốt nghiệp
type-birth-certificate = Giấy khai sinh
type-marriage-certificate = Giấy chứng nhận kết hôn
type-id-card = Thẻ căn cước
type-decision = Quyết định hành chính
type-land-use-certificate = Giấy chứng nhận quyền sử dụng đất
type-business-licence = Giấy chứng nhận đăng ký doanh nghiệp
type-other = Giấy tờ khác
