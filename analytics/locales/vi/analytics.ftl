### Bảng theo dõi cấp bản sao điện tử. Số và ngày được định dạng sẵn trước khi đưa vào câu.

app-title = Theo dõi cấp bản sao
as-of = Số liệu lúc { $moment } (giờ Hà Nội)
refresh = Cập nhật số liệu
reading = Đang đọc số liệu…
language = Ngôn ngữ
language-vi = Tiếng Việt
language-en = English

page-overview = Tổng quan
page-breakdown = Đơn vị và giấy tờ
page-savings = Tiết kiệm

## Bộ lọc
filter-period = Thời gian
filter-unit = Đơn vị
filter-document-type = Loại giấy tờ
filter-all-unit = Tất cả đơn vị
filter-all-document-type = Tất cả loại giấy tờ
filter-days = Từ ngày – đến ngày
period-today = Hôm nay
period-week = 7 ngày qua
period-month = 30 ngày qua
period-year = Từ đầu năm
period-all = Toàn bộ
period-chosen = Chọn ngày…
period-incomplete = Hãy chọn cả ngày bắt đầu và ngày kết thúc.
period-shown = Từ { $first } đến { $last }

## Các con số chính
kpi-title = Các con số chính
kpi-copies = Bản sao đã cấp
kpi-copies-note = { $pages } trang
kpi-time = Thời gian xử lý
kpi-time-note = trung vị; 90% xong trong { $p90 }
kpi-goal = Xong trong 5 phút
kpi-goal-note = mục tiêu 3–5 phút
kpi-refused = Từ chối
kpi-refused-note = trên số hồ sơ đã có quyết định
kpi-waiting = Đang chờ
kpi-waiting-note = hồ sơ nhận trong kỳ, chưa xong
kpi-sheets = Giấy tiết kiệm
kpi-sheets-value = { $n } tờ
kpi-sheets-note = ít nhất, so với chụp trên giấy
kpi-hours = Công tiết kiệm
kpi-hours-value = { $n } giờ
kpi-hours-note = ít nhất, so với 15 phút làm tay

duration-minutes = { $n } phút
duration-hours = { $n } giờ
duration-days = { $n } ngày

## Bản sao mỗi ngày
copies-per-day = Bản sao mỗi ngày
copies-per-day-summary =
    { $span ->
        [1] Cấp { $copies } bản sao trong ngày { $day }.
       *[other] Cấp { $copies } bản sao trong { $days } ngày, trung bình { $mean } bản mỗi ngày; nhiều nhất ngày { $day }: { $most } bản.
    }
column-day = Ngày
column-copies = Bản sao
column-pages = Trang
column-p50 = Trung vị
column-p90 = 90%
column-goal = Trong 5 phút
column-hour = Giờ
column-per-day = Bình quân ngày
column-unit = Đơn vị
column-document-type = Loại giấy tờ
column-refused = Từ chối
column-waiting = Đang chờ
show-table = Xem bảng số liệu

## Thời gian xử lý
processing-time = Thời gian xử lý
processing-time-explained = Từ lúc công dân nộp đến lúc nhận bản sao, kể cả thời gian chờ. So với 15 phút làm tay và mục tiêu 3–5 phút.
processing-time-summary = Một nửa số hồ sơ xong trong { $p50 }, 90% xong trong { $p90 }; { $goal } xong trong 5 phút.
processing-time-axis = phút
processing-time-axis-log = phút (thang lôgarit)
series-p50 = Trung vị (50%)
series-p90 = 90% hồ sơ
reference-by-hand = 15’ làm tay
reference-goal = 5’ mục tiêu
reference-stretch = 3’ mục tiêu

## Theo giờ
by-hour = Bản sao theo giờ trong ngày
by-hour-summary = Nhiều nhất lúc { $hour } giờ: { $n } bản, bình quân mỗi ngày có cấp.
by-hour-axis = giờ trong ngày

## Theo đơn vị và loại giấy tờ
by-unit = Theo đơn vị
by-document-type = Theo loại giấy tờ
by-channel = Theo nơi nhận
column-channel = Nơi nhận
channel-kiosk = Ki-ốt
channel-counter = Quầy
channel-online = Trực tuyến
channel-vehicle = Xe lưu động
document-type-diploma = Bằng tốt nghiệp
document-type-birth-certificate = Giấy khai sinh
document-type-marriage-certificate = Giấy chứng nhận kết hôn
document-type-id-card = Thẻ căn cước
document-type-land-use-certificate = Giấy chứng nhận quyền sử dụng đất
document-type-business-licence = Giấy chứng nhận đăng ký doanh nghiệp
document-type-decision = Quyết định hành chính
document-type-other = Giấy tờ khác
document-type-unread = Chưa nhận dạng
units-equal-names = { $name } ({ $code })

## Tiết kiệm
savings-paper = Giấy không phải chụp
savings-paper-result = { $sheets } tờ giấy
savings-paper-assumption = Giả định: làm tay thì mỗi hồ sơ có { $copies } bản chụp của toàn bộ { $pages } trang bản chính, mỗi tờ { $per-sheet } trang; lời chứng ghi vào trang cuối nên không thêm tờ nào.
savings-paper-source = Căn cứ: Nghị định 23/2015/NĐ-CP, Điều 20 (lời chứng ghi vào trang cuối; phân biệt “trang” và “tờ”). Số trang lấy từ hồ sơ. Người dân thường xin nhiều bản: hãy đổi số bản ở trên để ước lượng; mặc định là mức thấp nhất.
savings-copies = Số bản chụp mỗi hồ sơ nếu làm tay
savings-both-sides = Chụp hai mặt giấy
savings-work = Giờ công của cán bộ
savings-work-result = { $hours } giờ, bằng { $days } ngày công
savings-work-assumption = Giả định: làm tay mất { $minutes } phút mỗi hồ sơ. Trừ đi toàn bộ thời gian xử lý của bản sao điện tử, kể cả thời gian chờ; hồ sơ lâu hơn { $minutes } phút tính là không tiết kiệm. Một ngày công là 8 giờ.
savings-work-source = Căn cứ: { $minutes } phút làm tay, mục tiêu 3–5 phút, là con số của đề án ki-ốt thông minh Hà Nội. Đây là mức thấp nhất, không phải thời gian cán bộ thực làm.
savings-by-document-type = Tiết kiệm theo loại giấy tờ
column-sheets = Tờ giấy
column-hours = Giờ công

## Khi không có số liệu
empty-title = Chưa có bản sao nào
empty-text = Hệ thống chưa cấp bản sao nào. Khi bản sao đầu tiên được ký và vào sổ, số liệu sẽ hiện ở đây.
empty-received = Đã nhận { $n } hồ sơ, đang chờ xử lý { $waiting }.
empty-selection-title = Chưa có bản sao nào trong phạm vi đã chọn
empty-selection-text = Hãy chọn khoảng thời gian dài hơn, hoặc bỏ bớt đơn vị và loại giấy tờ.

error-title = Chưa xem được số liệu
error-not-configured = Bảng theo dõi chưa được cấu hình: thiếu địa chỉ cơ sở dữ liệu (BANSAO_DATABASE_URL) hoặc mật khẩu của vai trò analytics_reader. Hãy báo quản trị viên.
error-database-unreachable = Không kết nối được cơ sở dữ liệu. Việc cấp bản sao không phụ thuộc trang này. Hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo quản trị viên.
error-views-missing = Cơ sở dữ liệu chưa có các khung nhìn thống kê của phiên bản này. Quản trị viên hãy chạy “bansao db migrate”.
error-analytics = Có lỗi khi đọc số liệu. Hãy thử lại; nếu vẫn lỗi, hãy báo quản trị viên.

privacy = Số liệu lấy từ các khung nhìn không chứa dữ liệu cá nhân.
