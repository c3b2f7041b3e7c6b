## Kiểm tra tệp trên trang chủ
home-file-heading = Hoặc kiểm tra tệp PDF, ảnh chụp
home-file-lead = Có tệp PDF thì đây là cách chắc chắn nhất: chỉ cần một dấu phẩy bị sửa là nhận ra.
home-file-label = Chọn tệp PDF, hoặc ảnh chụp mã QR
home-file-drop = Kéo tệp thả vào trang này, hoặc
home-file-button = Tải lên và kiểm tra
home-file-private = Dấu vân tay của tệp được tính ngay trên máy bạn và chỉ dấu vân tay được gửi đi. Tệp chỉ được tải lên nếu sau đó bạn đồng ý. Tối đa 50 MB.
home-file-private-noscript = Bấm nút này là tải tệp lên máy chủ của chúng tôi. Tệp được đọc một lần để kiểm tra rồi bỏ, không lưu lại. Tối đa 50 MB.
file-hashing = Đang tính dấu vân tay của tệp trên máy bạn…
file-asking = Đang hỏi sổ đăng ký…
file-uploading = Đang tải tệp lên và kiểm tra. Có thể mất đến nửa phút; xin đừng đóng trang.
file-unknown-heading = Sổ đăng ký không có tệp giống hệt như thế này
file-unknown-lead = Nếu đây là bản sao của chúng tôi thì nó đã bị thay đổi, hoặc là bản quét, bản lưu lại. Muốn biết tệp mang mã nào, ai đã ký và chỗ nào bị thay đổi thì phải tải tệp lên. Đến giờ mới chỉ có dấu vân tay của tệp được gửi đi.
file-photo-heading = Đây là ảnh chụp
file-photo-lead = Chúng tôi có thể đọc mã QR trong ảnh, nhưng phải tải ảnh lên. Đến giờ mới chỉ có dấu vân tay của ảnh được gửi đi. Bạn cũng có thể gõ mã in cạnh mã QR vào ô ở trên.
file-photo-scan = Đọc ảnh ngay trên máy bạn, không tải lên
file-if-uploaded-heading = Nếu bạn tải lên:
file-if-uploaded =
    Tệp được đọc một lần và bị xóa ngay sau khi bạn nhận được câu trả lời.
    Không lưu lại, không ghi vào nhật ký, không chuyển cho ai.
    Chỉ bạn thấy câu trả lời.
file-upload = Đồng ý, tải lên và kiểm tra
file-decline = Không tải lên
file-declined = Tệp không được tải lên. Bạn có thể chọn tệp khác.
file-empty = Tệp rỗng (0 byte). Hãy tải hoặc chép lại tệp rồi chọn lại.
file-too-large = Tệp lớn hơn 50 MB nên không kiểm tra được. Bạn vẫn có thể tra mã in trên bản sao.
file-several = Mỗi lần chỉ kiểm tra được một tệp. Hãy thả từng tệp một.
file-unreadable = Trình duyệt không đọc được tệp này. Hãy chép tệp ra nơi khác trên máy rồi chọn lại.
file-failed = Chưa hỏi được sổ đăng ký. Tệp của bạn không có lỗi gì; hãy thử lại sau ít phút.
file-again = Thử lại

## Phần bị thêm vào sau bản sao đã đăng ký
changes-heading = Chỗ bị thay đổi
changes-lead = Phần đầu của tệp đúng là bản sao đã đăng ký, còn nguyên. Sau đó có { $bytes } byte được thêm vào. Phần thêm vào:
changes-page-replaced = Trang { $number } đã bị thay bằng trang khác.
changes-page-added = Trang { $number } được thêm vào.
changes-page-removed = Trang { $registered } của bản đã đăng ký bị bỏ đi.
changes-page-moved = { $number ->
        [0] Trang { $registered } của bản đã đăng ký bị chuyển chỗ.
       *[other] Trang { $number } bị chuyển đến chỗ này.
    }
changes-page-content = Trang { $number }: nội dung in trên trang bị sửa hoặc bị che.
changes-page-annotation = Trang { $number }: có ghi chú, nét vẽ hay dấu đóng được thêm vào hoặc bị gỡ đi.
changes-page-form-field = Trang { $number }: có ô điền được thêm vào hoặc được điền.
changes-page-signature = Trang { $number }: có chữ ký được thêm vào, bị sửa hoặc bị gỡ đi.
changes-signature-removed = { $name ->
        [Officer] Chữ ký của người thực hiện chứng thực đã bị gỡ bỏ.
        [Seal] Con dấu của cơ quan đã bị gỡ bỏ.
       *[other] Chữ ký “{ $name }” đã bị gỡ bỏ.
    }
changes-signature-added = { $name ->
        [Officer] Ở chỗ chữ ký của người thực hiện chứng thực là một chữ ký khác.
        [Seal] Ở chỗ con dấu của cơ quan là một chữ ký khác.
       *[other] Chữ ký “{ $name }” được thêm vào.
    }
changes-field = Ô điền “{ $name }” được thêm vào, được điền hoặc bị xóa trống.
changes-catalog = Thiết đặt chung của tài liệu bị sửa: { $keys }.
changes-metadata-only = Chỉ thông tin mô tả tệp (tên, ngày giờ…) bị sửa; không trang nào thay đổi.
changes-no-page = Chúng tôi không thấy trang nào bị thay đổi.
changes-nothing = Phần thêm vào không làm thay đổi gì nhìn thấy được.
changes-unread = Không đọc được phần thêm vào, nên không nói được nó làm thay đổi gì.
changes-pictures-lead = Trước là bản sao như đã đăng ký, sau là tệp như đang hiển thị. Cả hai được vẽ từ chính tệp bạn gửi, chỉ cho lần trả lời này; chúng tôi không giữ lại.
changes-registered-page = Như đã đăng ký: trang { $number }
changes-registered-none = Như đã đăng ký
changes-submitted-page = Như trong tệp gửi đến: trang { $number }
changes-submitted-none = Như trong tệp gửi đến
changes-no-such-page = Không có trang này.
changes-not-drawn = Không vẽ được trang này.
changes-objects = { $count } đối tượng trong tệp bị khác đi
changes-objects-cut = Liệt kê { $shown } đối tượng đầu trong số { $count }.
changes-object = Đối tượng
changes-object-change = Thay đổi
changes-object-part = Dùng để làm gì
changes-object-pages = Trang
changes-object-added = Thêm vào
changes-object-changed = Bị sửa
changes-object-removed = Bị bỏ
changes-part-content = Nội dung in trên trang
changes-part-annotation = Ghi chú trên trang
changes-part-form-field = Ô điền
changes-part-signature = Chữ ký
changes-part-metadata = Thông tin mô tả tệp
changes-part-catalog = Thiết đặt của tài liệu
changes-part-document = Phần khác của tài liệu
changes-part-unused = Không chỗ nào dùng đến

## Chữ ký
signatures-of-others = Tệp này có người ký, nhưng sổ đăng ký không có bản sao nào như vậy. Chỉ chữ ký thì chưa phải là bản sao của hệ thống này: hãy hỏi người hoặc nơi có tên dưới đây.
signature-claimed = Tên này do chứng thư trong tệp tự ghi (nơi cấp ghi là: { $issuer }); chúng tôi chưa xác minh là của ai.
signature-about-officer = Xác nhận bản sao đúng với bản chính.
signature-about-seal = Đóng dấu bản sao nhân danh cơ quan.
signature-about-time-stamp = Cho biết tệp đã có ở dạng này từ lúc nào; không phải chữ ký của ai.
signature-role-time-stamp = Dịch vụ cấp dấu thời gian
signature-revocation-good = Lúc ký, chứng thư chưa bị thu hồi
signature-revocation-revoked = Chứng thư đã bị thu hồi
