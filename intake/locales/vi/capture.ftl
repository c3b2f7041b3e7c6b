# Vì sao không nhận được bản quét.
error-unreadable-scan = Không đọc được tệp này như một bản quét. Vui lòng quét lại giấy tờ.
error-empty-file = Tệp rỗng. Vui lòng chọn lại bản quét hoặc quét lại.
error-wrong-type = Hệ thống không mở được loại tệp này. Vui lòng dùng tệp JPEG, PNG, TIFF hoặc PDF.
error-damaged-file = Tệp bị hỏng hoặc thiếu dữ liệu. Vui lòng quét lại giấy tờ hoặc chép lại tệp.
error-password-protected = Tệp PDF bị khóa bằng mật khẩu hoặc chứng thư. Vui lòng lưu lại không khóa, hoặc quét từ bản giấy.
error-too-large = Tệp lớn hơn { $limit_mib } MB. Vui lòng quét ở 300 dpi hoặc chia thành nhiều tệp.
error-too-many-pages = Tệp có hơn { $limit } trang. Vui lòng chia thành nhiều hồ sơ.
error-too-many-pixels = Ảnh quá lớn: chỉ nhận tối đa { $limit_megapixels } triệu điểm ảnh. Vui lòng quét ở 300 dpi.
error-too-few-pixels = Ảnh quá nhỏ để thấy được một trang giấy. Vui lòng quét ở 300 dpi.
error-bounded-task-failed = Không xử lý được tệp. Vui lòng thử lại hoặc dùng bản quét khác.
error-task-timeout = Việc xử lý kéo dài quá { $seconds } giây nên đã dừng. Vui lòng thử lại.
error-task-memory = Việc xử lý cần hơn { $mib } MB bộ nhớ nên đã dừng. Vui lòng dùng ảnh nhỏ hơn.
error-task-crashed = Việc xử lý tệp bị gián đoạn. Vui lòng quét lại giấy tờ.
error-no-process = Hệ thống tạm thời chưa mở được tệp; tệp không có lỗi. Vui lòng thử lại sau ít phút.
error-decode-timeout = Việc mở tệp kéo dài quá { $seconds } giây nên đã dừng. Vui lòng quét lại giấy tờ.
error-decode-memory = Việc mở tệp cần hơn { $mib } MB bộ nhớ nên đã dừng. Vui lòng quét ở 300 dpi.
error-decode-crashed = Tệp sai cấu trúc nên không mở được. Vui lòng quét lại giấy tờ.

# Chất lượng hình ảnh.
flag-page-blurred = Trang { $page } bị mờ. Hãy đối chiếu chữ nhỏ với bản chính hoặc quét lại.
flag-page-faint = Trang { $page } nhạt: chữ và nền giấy ít tương phản.
flag-page-coarse = Trang { $page } chỉ có { $dpi } điểm trên inch, chữ nhỏ có thể không đọc được.
flag-page-glare = Một phần trang { $page } bị lóa sáng.
flag-page-askew = Trang { $page } bị nghiêng { $degrees } độ và đã được chỉnh thẳng. Hãy kiểm tra để không thiếu nội dung.
flag-page-cut-top = Trang { $page }: chữ bị cắt ở mép trên.
flag-page-cut-right = Trang { $page }: chữ bị cắt ở mép phải.
flag-page-cut-bottom = Trang { $page }: chữ bị cắt ở mép dưới.
flag-page-cut-left = Trang { $page }: chữ bị cắt ở mép trái.
