"""What the officer's form shows and what is kept of it."""

from hypothesis import given
from hypothesis import strategies as some

from intake.desk.correction import Correction, as_read, as_shown, as_stored, normalised
from intake.recognise.reading import Field, Reading


def reading(**fields: str) -> Reading:
    return Reading(
        document_type="diploma",
        title="Bằng tốt nghiệp đại học",
        fields=tuple(Field(name=n, value=v, confidence=0.9) for n, v in fields.items()),
        text=(),
        confidence=0.9,
        flags=(),
    )


def test_the_holder_stands_apart_from_the_other_fields() -> None:
    correction = as_read(reading(holder_name="Trần Thị Minh Anh", number="SH130731"), None)
    assert correction.holder_name == "Trần Thị Minh Anh"
    assert correction.fields == {"number": "SH130731"}


def test_what_is_kept_is_tidy() -> None:
    typed = Correction(
        document_type="diploma",
        title="  Ba\u0306\u0300ng  to\u0302\u0301t nghiệp ",
        holder_name="Trần\u00a0Thị  Anh",
        fields={"issue_date": "15/7/2013", "rank": "  ", "number": " SH 1 "},
    )
    kept = normalised(typed)
    assert kept.title == "Bằng tốt nghiệp"
    assert kept.holder_name == "Trần Thị Anh"
    assert kept.fields == {"issue_date": "2013-07-15", "number": "SH 1"}


def test_dates_are_shown_as_people_write_them() -> None:
    assert as_shown("2013-07-15") == "15/07/2013"
    assert as_stored("31/02/2013") == "31/02/2013"
    assert as_stored("SH/2013") == "SH/2013"


@given(some.dates())
def test_a_date_survives_the_form(day: object) -> None:
    assert as_stored(as_shown(str(day))) == str(day)
