"""From words and their places to type, fields and remarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.recognise.read import reading_of
from intake.recognise.reading import Reading
from intake.recognise.words import Word
from tests.testkit.page_text import words_of

BIRTH = """\
ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHƯỜNG HỒNG GIANG        Độc lập - Tự do - Hạnh phúc

              GIẤY KHAI SINH
                Số: 127/2019

Họ, chữ đệm, tên: NGUYỄN HOÀNG YẾN NHI ......................
Ngày, tháng, năm sinh: 17/09/2019 .........................
Ghi bằng chữ: Ngày mười bảy tháng chín năm hai nghìn không trăm mười chín
Giới tính: Nữ         Dân tộc: Kinh       Quốc tịch: Việt Nam
Nơi sinh: Bệnh viện Phụ sản Sông Hồng
Quê quán: xã Đường Lâm, thành phố Hà Nội
Số định danh cá nhân: 001319004827

Họ, chữ đệm, tên người mẹ: TRẦN THỊ NGỌC DUYÊN
Năm sinh: 1990        Dân tộc: Tày       Quốc tịch: Việt Nam
Họ, chữ đệm, tên người cha: NGUYỄN VĂN KHƯƠNG
Nơi đăng ký khai sinh: UBND phường Hồng Giang
Ngày, tháng, năm đăng ký: 02/10/2019

                                  NGƯỜI KÝ GIẤY KHAI SINH
                                    Lê Thị Thu Hường
"""

DIPLOMA = """\
        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
             Độc lập - Tự do - Hạnh phúc
                   HIỆU TRƯỞNG
          TRƯỜNG ĐẠI HỌC KỸ NGHỆ SÔNG HỒNG
                      cấp
            BẰNG TỐT NGHIỆP ĐẠI HỌC
   Cho:                 Trần Thị Minh Anh
   Sinh ngày:           15/08/1990
   Ngành đào tạo:       Công nghệ thông tin
   Xếp loại tốt nghiệp:   Giỏi

                              Hà Nội, ngày 15 tháng 7 năm 2013
                                      HIỆU TRƯỞNG

   Số hiệu: SH130731
   Số vào sổ cấp bằng: 2013/CNTT-0386      Đặng Hữu Phước
"""

STAMP = """\


CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH
Số chứng thực: 004711   Quyển số: 02/2024-SCT/BS
Ngày 05 tháng 11 năm 2024
CHỦ TỊCH
Ngô Văn Sáng
"""

DECISION = """\
UBND TỈNH TUYÊN QUANG        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
     SỞ TƯ PHÁP                 Độc lập - Tự do - Hạnh phúc
   Số: 110/QĐ-STP            Tuyên Quang, ngày 28 tháng 6 năm 2018

                      QUYẾT ĐỊNH
             Ban hành Quy chế cung cấp thông tin
                 GIÁM ĐỐC SỞ TƯ PHÁP TUYÊN QUANG
Căn cứ Luật Tiếp cận thông tin ngày 06 tháng 4 năm 2016;
Căn cứ Quyết định số 222/QĐ-UBND ngày 28/7/2015 của UBND tỉnh;
                      QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế cung cấp thông tin.
                                          GIÁM ĐỐC

                                        Nguyễn Thị Thược
"""


def read_text(text: str) -> Reading:
    return reading_of(words_of(text), page_count=1)


def fields(reading: Reading) -> dict[str, str]:
    return {field.name: field.value for field in reading.fields}


def flags(reading: Reading) -> set[tuple[str, str]]:
    return {(flag.code, flag.about) for flag in reading.flags}


def test_a_birth_certificate_gives_the_childs_facts() -> None:
    reading = read_text(BIRTH)
    assert (reading.document_type, reading.title) == ("birth_certificate", "GIẤY KHAI SINH")
    assert fields(reading) == {
        "number": "127/2019",
        "holder_name": "NGUYỄN HOÀNG YẾN NHI",
        "birth_date": "2019-09-17",
        "birth_date_in_words": "Ngày mười bảy tháng chín năm hai nghìn không trăm mười chín",
        "sex": "Nữ",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "birth_place": "Bệnh viện Phụ sản Sông Hồng",
        "home_town": "xã Đường Lâm, thành phố Hà Nội",
        "personal_id": "001319004827",
        "mother_name": "TRẦN THỊ NGỌC DUYÊN",
        "father_name": "NGUYỄN VĂN KHƯƠNG",
        "registry": "UBND phường Hồng Giang",
        "registration_date": "2019-10-02",
        "signatory": "Lê Thị Thu Hường",
    }
    assert flags(reading) == set()


def test_a_diploma_has_both_numbers_and_its_own_date() -> None:
    reading = read_text(DIPLOMA)
    assert (reading.document_type, reading.title) == ("diploma", "BẰNG TỐT NGHIỆP ĐẠI HỌC")
    assert fields(reading) == {
        "holder_name": "Trần Thị Minh Anh",
        "birth_date": "1990-08-15",
        "major": "Công nghệ thông tin",
        "rank": "Giỏi",
        "issue_date": "2013-07-15",
        "issue_place": "Hà Nội",
        "number": "SH130731",
        "register_number": "2013/CNTT-0386",
        "signatory": "Đặng Hữu Phước",
    }
    assert flags(reading) == set()


def test_a_decisions_number_is_that_of_its_head_not_of_its_grounds() -> None:
    reading = read_text(DECISION)
    assert (reading.document_type, reading.title) == ("decision", "QUYẾT ĐỊNH")
    assert fields(reading) == {
        "number": "110/QĐ-STP",
        "issue_date": "2018-06-28",
        "issue_place": "Tuyên Quang",
        "agency": "UBND TỈNH TUYÊN QUANG SỞ TƯ PHÁP",
        "subject": "Ban hành Quy chế cung cấp thông tin",
        "signatory": "Nguyễn Thị Thược",
    }


def test_an_old_certification_stamp_lends_nothing_to_the_document() -> None:
    reading = read_text(BIRTH.replace("Số: 127/2019", "") + STAMP)
    told = fields(reading)
    assert "number" not in told
    assert told["registration_date"] == "2019-10-02"
    assert told["signatory"] == "Lê Thị Thu Hường"
    assert ("flag-old-certification", "document") in flags(reading)
    assert ("flag-number-missing", "number") in flags(reading)


@pytest.mark.parametrize(
    ("printed", "changed", "expected"),
    [
        ("17/09/2019", "18/09/2019", ("flag-date-words-differ", "birth_date_in_words")),
        ("001319004827", "001318004827", ("flag-id-birth-year", "personal_id")),
        ("Giới tính: Nữ", "Giới tính: Nam", ("flag-id-sex", "personal_id")),
        ("đăng ký: 02/10/2019", "đăng ký: 02/01/2019",
         ("flag-registered-before-birth", "registration_date")),
        ("mười bảy", "mười bxy", ("flag-date-words-unread", "birth_date_in_words")),
        ("GIẤY KHAI SINH\n", "GIẤY KHAI SINH\n  MẬT\n", ("flag-secret-mark", "document")),
        ("127/2019", "", ("flag-number-missing", "number")),
        ("GIẤY KHAI SINH\n", "GIẤY KHAI SINH\n              (BẢN SAO)\n",
         ("flag-marked-as-copy", "document")),
    ],
)  # fmt: skip
def test_a_birth_certificates_contradictions_are_shown(
    printed: str, changed: str, expected: tuple[str, str]
) -> None:
    assert expected in flags(read_text(BIRTH.replace(printed, changed, 1)))


@pytest.mark.parametrize(
    ("printed", "changed", "expected"),
    [
        ("Số hiệu: SH130731", "", ("flag-number-missing", "number")),
        ("Số vào sổ cấp bằng: 2013/CNTT-0386", "", ("flag-number-missing", "register_number")),
        ("tháng 7 năm 2013", "tháng 7 năm 1995", ("flag-issue-date-implausible", "issue_date")),
    ],
)
def test_a_diplomas_contradictions_are_shown(
    printed: str, changed: str, expected: tuple[str, str]
) -> None:
    assert expected in flags(read_text(DIPLOMA.replace(printed, changed)))


@pytest.mark.parametrize(
    ("title", "document_type"),
    [
        ("BẰNG THẠC SĨ", "diploma"),
        ("BANG TOT NGHIEP TRUNG HOC PHO THONG", "diploma"),
        ("GIÁY KHAl SlNH", "birth_certificate"),
        ("GIẤY CHỨNG NHẬN KẾT HÔN", "marriage_certificate"),
        ("CĂN CƯỚC CÔNG DÂN", "id_card"),
        ("GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT", "land_use_certificate"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ\nDOANH NGHIỆP", "business_licence"),
        ("QUYẾT ĐINH", "decision"),
        ("Quyết định", "other"),
        ("KẾ HOẠCH", "other"),
        ("Bạn ấy nói về giấy khai sinh của mình", "other"),
    ],
)
def test_titles_name_the_type(title: str, document_type: str) -> None:
    assert read_text(title + "\nvà một dòng chữ thường ở dưới").document_type == document_type


def test_a_document_of_no_form_keeps_its_own_title() -> None:
    reading = read_text(
        "UBND TỈNH ĐẮK LẮK       CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: 243/KH-UBND          Độc lập - Tự do - Hạnh phúc\n\n"
        "          KÉ HOẠCH\n   Chuyển đổi số năm 2023"
    )
    assert (reading.document_type, reading.title) == ("other", "KẾ HOẠCH")
    assert ("flag-type-unknown", "document_type") in flags(reading)


def test_a_business_licences_number_is_checked() -> None:
    text = (
        "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP\nMã số doanh nghiệp: {}\n"
        "Đăng ký lần đầu: ngày 12 tháng 3 năm 2010\n"
        "Đăng ký thay đổi lần thứ: 4, ngày 05 tháng 6 năm 2021\n"
        "Tên công ty viết bằng tiếng Việt: CÔNG TY TNHH SÔNG HỒNG\n"
        "Địa chỉ trụ sở chính: Số 8 phố Mẫu, Hà Nội"
    )
    right, wrong = read_text(text.format("0100109106")), read_text(text.format("0100109107"))
    assert fields(right) == {
        "enterprise_number": "0100109106",
        "first_registration_date": "2010-03-12",
        "amendment_date": "2021-06-05",
        "holder_name": "CÔNG TY TNHH SÔNG HỒNG",
        "address": "Số 8 phố Mẫu, Hà Nội",
    }
    mark = ("flag-enterprise-number", "enterprise_number")
    assert mark not in flags(right)
    assert mark in flags(wrong)


def test_an_identity_cards_values_stand_below_their_labels() -> None:
    reading = read_text(
        "        CĂN CƯỚC CÔNG DÂN\n"
        "Số / No.: 001190000027\n"
        "Họ và tên /Fullname\n"
        "TRẦN THỊ MINH ANH\n"
        "Ngày sinh / Date of birth: 15/08/1990\n"
        "Giới tính / Sex: Nữ   Quốc tịch / Nationality: Việt Nam\n"
    )
    told = fields(reading)
    assert reading.document_type == "id_card"
    assert told["holder_name"] == "TRẦN THỊ MINH ANH"
    assert (told["personal_id"], told["birth_date"]) == ("001190000027", "1990-08-15")
    assert (told["sex"], told["nationality"]) == ("Nữ", "Việt Nam")


def test_a_surname_misread_in_capitals_is_mended() -> None:
    assert fields(read_text(BIRTH.replace("NGUYỄN", "NGUYÊN")))["holder_name"].startswith("NGUYỄN ")


def test_a_page_without_text_is_a_remark_not_a_failure() -> None:
    reading = reading_of([], page_count=2)
    assert (reading.document_type, reading.title, reading.text) == ("other", "", ("", ""))
    assert flags(reading) == {("flag-no-text", "document")}


def test_a_household_book_is_remarked_on() -> None:
    assert ("flag-household-book", "document") in flags(read_text("SỔ HỘ KHẨU\nHọ và tên chủ hộ"))


@given(
    st.lists(
        st.builds(
            Word,
            text=st.text(min_size=1, max_size=12).filter(str.strip),
            confidence=st.floats(0, 1),
            left=st.integers(0, 2000),
            top=st.integers(0, 3000),
            width=st.integers(1, 400),
            height=st.integers(1, 80),
            page=st.integers(0, 1),
            line=st.tuples(st.just(1), st.integers(1, 3), st.integers(1, 9)),
        ),
        max_size=40,
    )
)
def test_whatever_the_engine_sees_becomes_a_reading(words: list[Word]) -> None:
    reading = reading_of(words, page_count=2)
    assert 0 <= reading.confidence <= 1


def test_a_mended_surname_is_told_to_the_officer() -> None:
    misread = BIRTH.replace("NGUYỄN HOÀNG YẾN NHI", "NGUYÊN HOÀNG YẾN NHI")
    mended = reading_of(words_of(misread), page_count=1)
    assert ("holder_name", "NGUYỄN HOÀNG YẾN NHI") in [(f.name, f.value) for f in mended.fields]
    assert [flag.about for flag in mended.flags if flag.code == "flag-surname-mended"] == [
        "holder_name"
    ]
    read_well = reading_of(words_of(BIRTH), page_count=1)
    assert "flag-surname-mended" not in [flag.code for flag in read_well.flags]
