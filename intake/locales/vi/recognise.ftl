error-recogniser-failed = Bộ nhận dạng chữ tạm thời không hoạt động. Hồ sơ vẫn nguyên vẹn; vui lòng nhập thông tin bằng tay hoặc thử lại sau.

# Tên các trường thông tin đọc được.
field-holder-name = Họ tên người được cấp
field-birth-date = Ngày sinh
field-birth-date-in-words = Ngày sinh ghi bằng chữ
field-sex = Giới tính
field-ethnicity = Dân tộc
field-nationality = Quốc tịch
field-birth-place = Nơi sinh
field-home-town = Quê quán
field-residence = Nơi cư trú
field-personal-id = Số định danh cá nhân
field-mother-name = Họ tên mẹ
field-father-name = Họ tên cha
field-wife-name = Họ tên vợ
field-husband-name = Họ tên chồng
field-registry = Nơi đăng ký
field-registration-date = Ngày đăng ký
field-number = Số, số hiệu
field-book = Quyển số
field-register-number = Số vào sổ
field-major = Ngành đào tạo
field-rank = Xếp loại tốt nghiệp
field-graduation-year = Năm tốt nghiệp
field-issue-date = Ngày cấp, ngày ban hành
field-issue-place = Nơi cấp, nơi ban hành
field-expiry-date = Có giá trị đến
field-agency = Cơ quan ban hành
field-subject = Trích yếu
field-signatory = Người ký
field-serial = Số phát hành
field-parcel = Thửa đất số
field-map-sheet = Tờ bản đồ số
field-area = Diện tích
field-address = Địa chỉ
field-enterprise-number = Mã số doanh nghiệp
field-first-registration-date = Ngày đăng ký lần đầu
field-amendment-date = Ngày thay đổi gần nhất

# Tên trường mà lưu ý nói tới; $field là tên trong hệ thống.
field-name = { $field ->
    [holder_name] { field-holder-name }
    [birth_date] { field-birth-date }
    [birth_date_in_words] { field-birth-date-in-words }
    [sex] { field-sex }
    [ethnicity] { field-ethnicity }
    [nationality] { field-nationality }
    [birth_place] { field-birth-place }
    [home_town] { field-home-town }
    [residence] { field-residence }
    [personal_id] { field-personal-id }
    [mother_name] { field-mother-name }
    [father_name] { field-father-name }
    [wife_name] { field-wife-name }
    [husband_name] { field-husband-name }
    [registry] { field-registry }
    [registration_date] { field-registration-date }
    [number] { field-number }
    [book] { field-book }
    [register_number] { field-register-number }
    [major] { field-major }
    [rank] { field-rank }
    [graduation_year] { field-graduation-year }
    [issue_date] { field-issue-date }
    [issue_place] { field-issue-place }
    [expiry_date] { field-expiry-date }
    [agency] { field-agency }
    [subject] { field-subject }
    [signatory] { field-signatory }
    [serial] { field-serial }
    [parcel] { field-parcel }
    [map_sheet] { field-map-sheet }
    [area] { field-area }
    [address] { field-address }
    [enterprise_number] { field-enterprise-number }
    [first_registration_date] { field-first-registration-date }
    [amendment_date] { field-amendment-date }
   *[other] { $field }
}

# Lưu ý khi đọc giấy tờ, để cán bộ đối chiếu.
flag-no-text = Không đọc được chữ nào trên bản quét. Hãy xem hình ảnh và nhập thông tin bằng tay.
flag-reading-unsure = Chữ đọc được chỉ chắc chắn khoảng { $percent }%. Hãy đối chiếu từng trường với hình ảnh.
flag-type-unknown = Chưa nhận ra loại giấy tờ. Hãy chọn loại và nhập tên giấy tờ.
flag-field-missing = Chưa đọc được: { field-name }.
flag-number-missing = Không thấy trên giấy tờ: { field-name }. Hãy kiểm tra bản chính.
flag-field-unsure = Đọc chưa chắc chắn: { field-name }. Hãy đối chiếu với hình ảnh.
flag-surname-mended = Máy đọc họ là { $surname } sau khi tự sửa dấu: { field-name }. Hãy đối chiếu với hình ảnh.
flag-id-birth-year = Số định danh cho biết năm sinh { $number }, còn giấy tờ ghi { $date }.
flag-id-sex = Giới tính theo số định danh khác với giới tính ghi trên giấy tờ.
flag-date-words-differ = Ngày sinh ghi bằng số ({ $digits }) khác ngày sinh ghi bằng chữ ({ $words }).
flag-date-words-unread = Không đọc rõ ngày sinh ghi bằng chữ. Hãy đối chiếu với ngày ghi bằng số.
flag-issue-date-implausible = Theo ngày cấp, người được cấp bằng mới { $age } tuổi. Hãy kiểm tra ngày sinh và ngày cấp.
flag-registered-before-birth = Ngày đăng ký khai sinh trước ngày sinh.
flag-enterprise-number = Chữ số kiểm tra của mã số doanh nghiệp không khớp.
flag-old-certification = Trên giấy có dấu chứng thực bản sao trước đây: đây có thể không phải bản chính.
flag-marked-as-copy = Giấy tờ ghi “bản sao”. Hãy kiểm tra đó là bản sao cấp từ sổ gốc.
flag-secret-mark = Giấy tờ đóng dấu mật hoặc ghi rõ không được sao chụp (Điều 22 Nghị định 23/2015/NĐ-CP).
flag-household-book = Sổ hộ khẩu, sổ tạm trú không còn giá trị chứng minh nơi cư trú từ ngày 01/01/2023.
