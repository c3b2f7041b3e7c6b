# Chữ in trên bản sao điện tử.
copy-title = Bản sao điện tử chứng thực từ bản chính, mã { $code }
copy-attestation = Chứng thực bản sao đúng với bản chính
copy-number = Số chứng thực: { $number }
copy-book = Quyển số: { $book }
copy-date = Ngày { $day } tháng { $month } năm { $year }
copy-certifier = Người thực hiện chứng thực
copy-certifier-note = (ký, ghi rõ họ, tên và đóng dấu)
copy-facts = Thông tin bản sao
copy-fact-original = Bản chính
copy-fact-holder = Cấp cho
copy-fact-pages = Số trang bản chính
copy-fact-unit = Cơ quan chứng thực
copy-fact-code = Mã xác thực
copy-scan = Quét mã QR hoặc nhập mã xác thực để kiểm tra:
copy-foot-code = Mã xác thực: { $code }
copy-foot-source = Bản in từ bản sao điện tử, nguồn: { $source }.
copy-foot-check = Kiểm tra tại { $address }
copy-foot-page = Trang { $page }/{ $pages }
copy-page-image = Ảnh chụp bản chính, trang { $page }
copy-qr-image = Mã QR dẫn đến trang kiểm tra bản sao { $code }
copy-foreign = Certified electronic copy of a paper original. Check its validity at { $address } with the code { $code }.
copy-source = Hệ thống cấp bản sao điện tử { $unit }

# Chữ ký và con dấu hiển thị.
stamp-signed-by = Ký bởi: { $name }
stamp-signed-at = Thời gian ký: { $time }
signature-reason-officer = Chung thuc ban sao dung voi ban chinh, BANSAO { $code }
signature-reason-seal = Dau cua co quan chung thuc, BANSAO { $code }

# Lỗi khi chứng thực.
error-certification-failed = Chưa chứng thực được bản sao. Hồ sơ vẫn còn nguyên; hệ thống sẽ tiếp tục từ bước đang dở.
error-not-ordered = Hồ sơ chưa có quyết định chứng thực của người có thẩm quyền.
error-may-not-certify = { $why ->
    [unknown-unit] Đơn vị { $unit } chưa có trong danh bạ thẩm quyền. Đề nghị quản trị hệ thống bổ sung.
    [unknown-officer] Bạn chưa có trong danh bạ thẩm quyền. Đề nghị quản trị hệ thống bổ sung.
    [other-unit] Bạn không giữ chức vụ tại đơn vị { $unit } nên không được chứng thực thay đơn vị này. Hồ sơ phải do cán bộ của đơn vị ký.
    [out-of-office] Hiện bạn không giữ chức vụ nào nên không được chứng thực.
    [not-delegated] Bạn chưa được Chủ tịch ủy quyền hoặc phân công chứng thực. Hồ sơ phải do Chủ tịch hoặc người được ủy quyền ký.
    [delegation-expired] Văn bản ủy quyền chứng thực cho bạn đã hết hiệu lực từ { $since }. Chỉ ký khi đã có văn bản mới, hoặc trình Chủ tịch ký.
    [unknown-certificate] Chứng thư số của bạn chưa có trong danh bạ thẩm quyền. Đề nghị quản trị hệ thống bổ sung.
    [unknown-seal] Con dấu số của đơn vị { $unit } chưa có trong danh bạ thẩm quyền. Đề nghị quản trị hệ thống bổ sung.
    [certificate-of-another] Chứng thư số của tài khoản này là của người khác. Đề nghị quản trị hệ thống kiểm tra.
    [seal-of-another-unit] Con dấu số không phải của đơn vị { $unit }. Đề nghị quản trị hệ thống kiểm tra.
    [certificate-expired] Chứng thư số của bạn hoặc của con dấu không có hiệu lực vào lúc này ({ $since }). Phải gia hạn trước khi ký.
    [certificate-revoked] Chứng thư số của bạn hoặc của con dấu không còn giá trị từ { $since }. Hãy ký bằng chứng thư số mới.
   *[other] Hiện bạn không được chứng thực thay đơn vị này.
} Hồ sơ và số chứng thực (nếu đã có) vẫn được giữ nguyên.
error-nothing-to-certify = Hồ sơ không có trang nào để chứng thực. Hãy quét lại bản chính.
error-unreadable-page = Không dùng được ảnh trang { $page }. Hãy quét lại trang này.
error-time-stamp-unavailable = Dịch vụ cấp dấu thời gian không trả lời. Bản sao chưa được cấp; hãy thử lại sau ít phút.
error-time-stamp-refused = Dịch vụ cấp dấu thời gian từ chối yêu cầu. Bản sao chưa được cấp; hãy báo quản trị hệ thống.
error-signing-key-unusable = Không dùng được khóa ký { $signer }. Vui lòng báo quản trị hệ thống kiểm tra tệp khóa và mật khẩu.
error-no-space-left = Ổ đĩa đã đầy nên chưa lưu được bản sao. Hãy giải phóng dung lượng rồi thử lại; chưa có bản sao nào được cấp.
error-registry-not-reached = Chưa kết nối được với sổ đăng ký bản sao. Bản sao chưa được cấp; hệ thống sẽ tự làm tiếp.
error-intake-not-reached = Mất kết nối với cơ sở dữ liệu. Bản sao chưa được cấp; hệ thống sẽ tự làm tiếp.
error-checkpoint-late = Sổ đăng ký đã nhận bản sao nhưng chưa công bố. Bản sao sẽ được trả khi công bố xong.
