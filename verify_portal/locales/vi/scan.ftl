## Con dấu trong mã QR
check-seal = Con dấu trong mã QR
check-seal-passed = Con dấu do cơ quan chứng thực ký, và mọi điều con dấu ghi đều khớp với sổ đăng ký. Con dấu có thể bị chép sang giấy khác: hãy so với tờ giấy.
check-seal-warned-unregistered = Con dấu là thật, nhưng sổ đăng ký không có bản sao này.
check-seal-skipped-no-key = Trang này chưa có khóa công khai của con dấu nên chưa kiểm tra con dấu.
check-seal-failed-malformed = Phần sau dấu # không phải là một con dấu nguyên vẹn: bị cắt mất một phần, hoặc không phải của hệ thống này.
check-seal-failed-forged = Không khóa nào của cơ quan chứng thực đã ký con dấu này: con dấu bị sửa hoặc bị làm giả.
check-seal-failed-key-not-in-use = Con dấu ký bằng một khóa cũ, và khóa đó không được dùng vào ngày ghi trên con dấu.
check-seal-failed-other-code = Con dấu là thật nhưng của bản sao khác: mã trong con dấu khác mã trong đường dẫn.
check-seal-failed-differs = { $field ->
    [book] Con dấu là thật, nhưng quyển số ghi trong đó khác với sổ đăng ký.
    [number] Con dấu là thật, nhưng số chứng thực ghi trong đó khác với sổ đăng ký.
    [place] Con dấu là thật, nhưng vị trí trong danh sách trạng thái ghi trong đó khác với sổ đăng ký.
    [document_type] Con dấu là thật, nhưng loại giấy tờ ghi trong đó khác với sổ đăng ký.
    [holder_name] Con dấu là thật, nhưng họ tên ghi trong đó khác với sổ đăng ký.
    [unit_name] Con dấu là thật, nhưng đơn vị chứng thực ghi trong đó khác với sổ đăng ký.
    [page_count] Con dấu là thật, nhưng số trang ghi trong đó khác với sổ đăng ký.
   *[certified_on] Con dấu là thật, nhưng ngày chứng thực ghi trong đó khác với sổ đăng ký.
    }
result-sealed-heading = Con dấu trong mã QR ghi
result-sealed-lead = So từng dòng với tờ giấy bạn đang cầm. Khác một dòng là con dấu đã bị chép từ bản sao khác.
fact-sealed-holder = Họ tên
fact-number = Số chứng thực
fact-book = Quyển số
