# Lời nhắc về giấy tờ tùy thân và khuôn mặt: cho cán bộ xem, không tự từ chối hồ sơ.
flag-card-qr-missing = Không đọc được mã QR trên thẻ. Hãy đối chiếu với thông tin in trên thẻ.
flag-card-qr-foreign = Mã QR trong ảnh không phải của thẻ căn cước.
flag-card-back-missing = Chưa có ảnh mặt sau của thẻ.
flag-card-zone-unread = Không đọc được dòng chữ máy đọc (MRZ) ở mặt sau thẻ.
flag-card-check-digit = Số kiểm tra trong dòng chữ máy đọc không khớp ({ $part ->
    [document_number] số thẻ
    [number] số định danh
    [born_on] ngày sinh
    [expires_on] ngày hết hạn
   *[composite] toàn dòng
}): có thể máy đọc nhầm hoặc thẻ bị sửa.
flag-card-document-number = Số thẻ trong dòng chữ máy đọc không phải chín chữ số cuối của số định danh.
flag-card-sources-differ = Mã QR và dòng chữ máy đọc ghi khác nhau: { $part ->
    [number] số định danh
    [full_name] họ và tên
    [born_on] ngày sinh
   *[sex] giới tính
}.
flag-card-number-birth-year = Năm sinh trong số định danh khác ngày sinh trên thẻ.
flag-card-number-sex = Giới tính trong số định danh khác giới tính trên thẻ.
flag-card-number-place = Ba chữ số đầu của số định danh không phải mã tỉnh hay mã quốc gia nào.
flag-card-born-later = Ngày sinh trên thẻ sau ngày hôm nay.
flag-card-issue-date = Ngày cấp thẻ trước ngày sinh hoặc sau ngày hôm nay.
flag-card-expired = Thẻ đã hết hạn ngày { $date }.
flag-face-card-none = Không thấy khuôn mặt trong ảnh thẻ. Hãy so sánh bằng mắt.
flag-face-live-none = Không thấy khuôn mặt trong ảnh chụp. Hãy chụp lại, nhìn thẳng, đủ sáng.
flag-face-card-several = Ảnh thẻ có { $count } khuôn mặt, không rõ là ai. Hãy so sánh bằng mắt.
flag-face-live-several = Ảnh chụp có { $count } khuôn mặt. Chỉ để người nộp hồ sơ đứng trước máy.
flag-face-card-nearest = Ảnh thẻ có { $count } khuôn mặt; đã so sánh khuôn mặt lớn nhất.
flag-face-live-nearest = Ảnh chụp có { $count } khuôn mặt; đã so sánh khuôn mặt gần nhất.
flag-face-card-small = Khuôn mặt trên ảnh thẻ chỉ rộng { $width } điểm ảnh: kết quả so khuôn mặt kém tin cậy.
flag-face-live-small = Khuôn mặt trong ảnh chụp chỉ rộng { $width } điểm ảnh: kết quả so khuôn mặt kém tin cậy.
flag-face-differs = Khuôn mặt có vẻ không phải của chủ thẻ. Hãy so sánh bằng mắt.
flag-holder-unnamed = Không đọc được tên người trên giấy tờ để đối chiếu với thẻ.
flag-holder-differs = Giấy tờ ghi tên { $document }, thẻ ghi { $card }. Có thể là giấy tờ của người khác.
flag-holder-spelling = Tên viết khác dấu: giấy tờ ghi { $document }, thẻ ghi { $card }.
flag-holder-number = Giấy tờ ghi số { $document }, thẻ ghi số { $card }.
flag-holder-birth = Giấy tờ ghi ngày sinh { $document }, thẻ ghi { $card }.
