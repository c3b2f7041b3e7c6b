# Lời chung của tiếp nhận: lỗi, trạng thái, căn cứ từ chối.
product = Bản Sao
error-intake = Chưa thực hiện được. Vui lòng thử lại hoặc hỏi cán bộ.
error-dossier-not-found = Không có hồ sơ này, hoặc hồ sơ không phải của bạn.
error-wrong-state = Hồ sơ đã sang bước khác nên không làm được việc này nữa. Tải lại trang để xem trạng thái mới.
error-blob-missing = Hệ thống không tìm thấy tệp đã lưu của hồ sơ. Cán bộ quản trị đã được báo.
error-blob-damaged = Tệp đã lưu của hồ sơ bị hỏng. Cán bộ quản trị đã được báo.
error-bad-request = Yêu cầu gửi lên không đúng dạng.
error-forbidden = Phiên làm việc của trang này đã cũ. Hãy tải lại trang rồi làm lại.
error-not-found = Không có trang này.
error-too-large-request = Dữ liệu gửi lên quá lớn.
error-too-many-requests = Quá nhiều yêu cầu trong một phút. Vui lòng chờ một lát.
error-disk-full = Máy chủ hết chỗ lưu nên chưa nhận được. Dữ liệu đã gửi trước đó vẫn còn; hãy thử lại sau ít phút. Mã sự cố { $incident }.
error-unavailable = Hệ thống tạm thời gián đoạn. Không có gì bị mất; hãy thử lại sau ít phút. Mã sự cố { $incident }.
error-unknown = Có sự cố ở phía chúng tôi. Không có gì bị mất; hãy thử lại. Nếu vẫn lỗi, báo cán bộ mã sự cố { $incident }.

state-opened = Đang chuẩn bị
state-submitted = Đã nhận
state-reading = Đang đọc
state-review = Chờ cán bộ
state-certifying = Đang ký
state-issued = Đã cấp
state-refused = Từ chối

ground-1 = Bản chính bị tẩy xóa, sửa chữa, thêm, bớt nội dung không hợp lệ
ground-2 = Bản chính bị hư hỏng, cũ nát, không xác định được nội dung
ground-3 = Bản chính đóng dấu mật, hoặc ghi rõ không được sao chụp
ground-4 = Nội dung trái pháp luật, đạo đức xã hội
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
