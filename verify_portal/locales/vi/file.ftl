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
changes-pictures-lead = Bên trái là bản sao như đã đăng ký, bên phải là tệp như đang hiển thị. Cả hai được vẽ từ chính tệp bạn gửi, chỉ cho lần trả lời này; chúng tôi không giữ lại.
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
