"""The papers that people bring: the titles that name them and the labels of their fields.

Wordings follow the forms of TT 21/2019/TT-BGDĐT (diplomas), TT 04/2020/TT-BTP (civil status), NĐ
30/2020/NĐ-CP (administrative papers), TT 10/2024/TT-BTNMT (land use), TT 68/2025/TT-BTC
(enterprises) and their predecessors, which remain valid originals.
"""

from typing import Final, Literal

import msgspec

from intake.recognise.reading import DocumentType

Kind = Literal["text", "name", "date", "words", "code", "personal_id", "sex"]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """Printed `phrases` before a value. An empty `field` only ends the value before it.

    `over` values may run on in the next row.
    """

    field: str
    phrases: tuple[str, ...]
    kind: Kind = "text"
    over: bool = False


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """`titles` as printed, the most telling first. `main` fields are missed when absent.

    `dated` says where the line "…, ngày … tháng … năm …" with the issue date stands; `signed`
    whether the signatory's name is looked for below his title.
    """

    titles: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    main: tuple[str, ...] = ()
    dated: Literal["", "first", "last"] = ""
    signed: bool = False


_CIVIL_STATUS: Final = (
    Label(field="number", phrases=("Số",), kind="code"),
    Label(field="book", phrases=("Quyển số",), kind="code"),
    Label(field="ethnicity", phrases=("Dân tộc",)),
    Label(field="nationality", phrases=("Quốc tịch",)),
    Label(field="", phrases=("Năm sinh",)),
    Label(field="", phrases=("Nơi cư trú", "Nơi thường trú/tạm trú", "Nơi thường trú")),
    Label(field="", phrases=("Giấy tờ tùy thân", "Giấy tờ tuỳ thân")),
)

FORMS: Final[dict[DocumentType, Form]] = {
    "diploma": Form(
        titles=(
            "BẰNG TỐT NGHIỆP ĐẠI HỌC",
            "BẰNG TỐT NGHIỆP CAO ĐẲNG",
            "BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG",
            "BẰNG TỐT NGHIỆP TRUNG HỌC CƠ SỞ",
            "BẰNG TỐT NGHIỆP TRUNG CẤP",
            "BẰNG CỬ NHÂN",
            "BẰNG KỸ SƯ",
            "BẰNG KIẾN TRÚC SƯ",
            "BẰNG BÁC SĨ",
            "BẰNG DƯỢC SĨ",
            "BẰNG THẠC SĨ",
            "BẰNG TIẾN SĨ",
            "BẰNG TỐT NGHIỆP",
        ),
        labels=(
            Label(
                field="holder_name",
                phrases=("Cho ông/bà", "Cho ông", "Cho bà", "Cấp cho", "Cho"),
                kind="name",
            ),
            Label(
                field="birth_date",
                phrases=("Sinh ngày", "Ngày sinh", "Ngày, tháng, năm sinh"),
                kind="date",
            ),
            Label(field="major", phrases=("Ngành đào tạo", "Chuyên ngành", "Ngành"), over=True),
            Label(field="rank", phrases=("Xếp loại tốt nghiệp", "Hạng tốt nghiệp", "Xếp loại")),
            Label(field="graduation_year", phrases=("Năm tốt nghiệp",)),
            Label(field="", phrases=("Hình thức đào tạo", "Nơi sinh", "Giới tính", "Dân tộc")),
            Label(field="number", phrases=("Số hiệu bằng", "Số hiệu"), kind="code"),
            Label(
                field="register_number",
                phrases=(
                    "Số vào sổ gốc cấp văn bằng",
                    "Số vào sổ cấp bằng",
                    "Số vào sổ gốc",
                    "Số vào sổ",
                ),
                kind="code",
            ),
        ),
        main=("holder_name", "birth_date", "major", "issue_date", "number", "register_number"),
        dated="last",
        signed=True,
    ),
    "birth_certificate": Form(
        titles=("GIẤY KHAI SINH", "TRÍCH LỤC KHAI SINH"),
        labels=(
            *_CIVIL_STATUS,
            Label(
                field="mother_name",
                phrases=("Họ, chữ đệm, tên người mẹ", "Họ và tên người mẹ", "Họ và tên mẹ"),
                kind="name",
            ),
            Label(
                field="father_name",
                phrases=("Họ, chữ đệm, tên người cha", "Họ và tên người cha", "Họ và tên cha"),
                kind="name",
            ),
            Label(
                field="",
                phrases=("Họ, chữ đệm, tên người đi khai sinh", "Họ và tên người đi khai sinh"),
            ),
            Label(
                field="holder_name",
                phrases=(
                    "Họ, chữ đệm, tên người được khai sinh",
                    "Họ, chữ đệm, tên",
                    "Họ và tên",
                ),
                kind="name",
            ),
            Label(field="birth_date", phrases=("Ngày, tháng, năm sinh", "Ngày sinh"), kind="date"),
            Label(
                field="birth_date_in_words",
                phrases=("ghi bằng chữ", "bằng chữ"),
                kind="words",
                over=True,
            ),
            Label(field="sex", phrases=("Giới tính", "Nam, nữ"), kind="sex"),
            Label(field="birth_place", phrases=("Nơi sinh",), over=True),
            Label(field="home_town", phrases=("Quê quán", "Nguyên quán"), over=True),
            Label(field="personal_id", phrases=("Số định danh cá nhân",), kind="personal_id"),
            Label(field="registry", phrases=("Nơi đăng ký khai sinh", "Nơi đăng ký"), over=True),
            Label(
                field="registration_date",
                phrases=("Ngày, tháng, năm đăng ký", "Ngày đăng ký"),
                kind="date",
            ),
        ),
        main=("number", "holder_name", "birth_date", "sex", "mother_name", "registry"),
        dated="last",
        signed=True,
    ),
    "marriage_certificate": Form(
        titles=("GIẤY CHỨNG NHẬN KẾT HÔN", "TRÍCH LỤC KẾT HÔN"),
        labels=(
            *_CIVIL_STATUS,
            Label(
                field="wife_name",
                phrases=("Họ, chữ đệm, tên vợ", "Họ và tên vợ"),
                kind="name",
            ),
            Label(
                field="husband_name",
                phrases=("Họ, chữ đệm, tên chồng", "Họ và tên chồng"),
                kind="name",
            ),
            Label(field="", phrases=("Ngày, tháng, năm sinh",)),
            Label(field="registry", phrases=("Nơi đăng ký kết hôn", "Nơi đăng ký"), over=True),
            Label(
                field="registration_date",
                phrases=("Ngày, tháng, năm đăng ký", "Ngày đăng ký"),
                kind="date",
            ),
        ),
        main=("number", "husband_name", "wife_name", "registration_date"),
        dated="last",
        signed=True,
    ),
    "id_card": Form(
        titles=("CĂN CƯỚC CÔNG DÂN", "THẺ CĂN CƯỚC", "CĂN CƯỚC", "CHỨNG MINH NHÂN DÂN"),
        labels=(
            Label(
                field="personal_id",
                phrases=(
                    "Số định danh cá nhân / Personal identification number",
                    "Số / No.",
                    "Số:",
                ),
                kind="personal_id",
            ),
            Label(
                field="holder_name",
                phrases=(
                    "Họ, chữ đệm và tên khai sinh / Full name",
                    "Họ và tên / Full name",
                    "Họ và tên",
                ),
                kind="name",
            ),
            Label(
                field="birth_date",
                phrases=(
                    "Ngày, tháng, năm sinh / Date of birth",
                    "Ngày sinh / Date of birth",
                    "Sinh ngày",
                ),
                kind="date",
            ),
            Label(field="sex", phrases=("Giới tính / Sex", "Giới tính"), kind="sex"),
            Label(field="nationality", phrases=("Quốc tịch / Nationality", "Quốc tịch")),
            Label(
                field="home_town", phrases=("Quê quán / Place of origin", "Nguyên quán"), over=True
            ),
            Label(
                field="residence",
                phrases=(
                    "Nơi thường trú / Place of residence",
                    "Nơi cư trú / Place of residence",
                    "Nơi thường trú",
                ),
                over=True,
            ),
            Label(
                field="expiry_date",
                phrases=("Có giá trị đến / Date of expiry", "Có giá trị đến", "Date of expiry"),
                kind="date",
            ),
        ),
        main=("personal_id", "holder_name", "birth_date", "sex"),
    ),
    "decision": Form(
        titles=("QUYẾT ĐỊNH",),
        labels=(Label(field="number", phrases=("Số",), kind="code"),),
        main=("number", "issue_date", "subject"),
        dated="first",
        signed=True,
    ),
    "land_use_certificate": Form(
        titles=(
            (
                "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở"
                " VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT"
            ),
            "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT",
            "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT",
        ),
        labels=(
            Label(field="holder_name", phrases=("Ông", "Bà", "Hộ ông", "Hộ bà"), kind="name"),
            Label(field="parcel", phrases=("Thửa đất số",), kind="code"),
            Label(field="map_sheet", phrases=("Tờ bản đồ số",), kind="code"),
            Label(field="area", phrases=("Diện tích",)),
            Label(field="address", phrases=("Địa chỉ",), over=True),
            Label(
                field="register_number",
                phrases=("Số vào sổ cấp GCN", "Số vào sổ cấp Giấy chứng nhận"),
                kind="code",
            ),
        ),
        main=("serial", "parcel", "map_sheet", "register_number"),
        dated="last",
        signed=True,
    ),
    "business_licence": Form(
        titles=(
            "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP",
            "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH",
            "GIẤY CHỨNG NHẬN ĐĂNG KÝ KINH DOANH",
        ),
        labels=(
            Label(
                field="enterprise_number",
                phrases=("Mã số doanh nghiệp", "Mã số hộ kinh doanh", "Mã số thuế"),
                kind="code",
            ),
            Label(
                field="holder_name",
                phrases=(
                    "Tên công ty viết bằng tiếng Việt",
                    "Tên doanh nghiệp viết bằng tiếng Việt",
                    "Tên hộ kinh doanh",
                    "Tên doanh nghiệp",
                ),
                over=True,
            ),
            Label(
                field="", phrases=("Tên công ty viết bằng tiếng nước ngoài", "Tên công ty viết tắt")
            ),
            Label(
                field="address",
                phrases=("Địa chỉ trụ sở chính", "Địa chỉ trụ sở", "Địa chỉ kinh doanh"),
                over=True,
            ),
            Label(field="first_registration_date", phrases=("Đăng ký lần đầu",), kind="date"),
            Label(field="amendment_date", phrases=("Đăng ký thay đổi lần thứ",), kind="date"),
            Label(field="", phrases=("Vốn điều lệ", "Điện thoại", "Người đại diện theo pháp luật")),
        ),
        main=("enterprise_number", "holder_name", "address"),
        signed=True,
    ),
}

# Fields whose value is a person's name.
PERSONS: Final = frozenset(
    {"signatory"}
    | {label.field for form in FORMS.values() for label in form.labels if label.kind == "name"}
)
