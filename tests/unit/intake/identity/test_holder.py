from datetime import date

import pytest

from intake.identity.holder import BIRTH_FIELD, NAME_FIELD, NUMBER_FIELD
from intake.identity.id_card import IdCard, Source
from intake.identity.identity import Identity, compare_with_document
from intake.recognise.reading import Field, Reading


def person(source: Source = "qr", full_name: str = "Trần Thị Hoà") -> Identity:
    card = IdCard(
        number="001190000027",
        old_number="012345678",
        full_name=full_name,
        born_on=date(1990, 8, 15),
        sex="female",
        sources=(source,),
    )
    return Identity(card=card, face=None, flags=[])


def document(**told: str) -> Reading:
    fields = tuple(Field(name=name, value=value, confidence=0.9) for name, value in told.items())
    return Reading(
        document_type="diploma", title="", fields=fields, text=(), confidence=0.9, flags=()
    )


def remarks(identity: Identity, **told: str) -> list[tuple[str, str]]:
    return [
        (flag.code, flag.severity) for flag in compare_with_document(identity, document(**told))
    ]


def test_the_holders_own_document_has_no_remarks() -> None:
    told = {NAME_FIELD: "TRẦN THỊ HOÀ", NUMBER_FIELD: "001190000027", BIRTH_FIELD: "1990-08-15"}
    assert remarks(person(), **told) == []
    assert remarks(person(), **(told | {NUMBER_FIELD: "012345678"})) == []


@pytest.mark.parametrize("name", ["Trần Thị Hòa", "Trần Thị Hoa", "TRAN THI HOA"])
def test_the_same_name_with_other_marks_is_pointed_out(name: str) -> None:
    assert remarks(person(), **{NAME_FIELD: name}) == [("flag-holder-spelling", "warn")]


def test_a_zone_knows_no_marks_and_contradicts_none() -> None:
    assert remarks(person("mrz", "TRAN THI HOA"), **{NAME_FIELD: "Trần Thị Hoà"}) == []


def test_somebody_elses_document_is_no_alarm_and_its_number_is_not_compared() -> None:
    told = {NAME_FIELD: "Trần Văn Nam", NUMBER_FIELD: "001211000001", BIRTH_FIELD: "2011-01-01"}
    assert remarks(person(), **told) == [("flag-holder-differs", "warn")]


@pytest.mark.parametrize("field", ["wife_name", "mother_name"])
def test_a_wife_and_a_mother_bring_papers_that_concern_them(field: str) -> None:
    told = {NAME_FIELD: "Lê Văn Con", field: "Trần Thị Hoà", BIRTH_FIELD: "2020-01-01"}
    assert remarks(person(), **told) == []
    assert remarks(person(), **(told | {field: "Trần Thị Hòa"})) == [
        ("flag-holder-spelling", "warn")
    ]


def test_a_namesake_is_an_alarm() -> None:
    told = {NAME_FIELD: "Trần Thị Hoà", NUMBER_FIELD: "001190000028", BIRTH_FIELD: "1990-08-16"}
    assert remarks(person(), **told) == [
        ("flag-holder-number", "alarm"),
        ("flag-holder-birth", "alarm"),
    ]


def test_without_names_there_is_nothing_to_compare() -> None:
    assert remarks(person()) == [("flag-holder-unnamed", "info")]
    assert remarks(person(), **{NAME_FIELD: " "}) == [("flag-holder-unnamed", "info")]
    assert compare_with_document(Identity(card=None, face=None, flags=[]), document()) == []
