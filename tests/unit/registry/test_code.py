"""Codes survive people: every single slip is caught, and named where that is possible."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.code import ALPHABET, code_hash, find_codes, new_code, parse_code
from registry.errors import MalformedCode

codes = st.integers(0, 2**80 - 1).map(lambda number: new_code(lambda bits: number))
positions = st.integers(0, 17)


def grouped(symbols: list[str]) -> str:
    return "-".join("".join(symbols[at : at + 6]) for at in (0, 6, 12))


def symbols_of(code: str) -> list[str]:
    return list(code.replace("-", ""))


def test_codes_ask_for_eighty_random_bits_and_carry_them_all() -> None:
    asked: list[int] = []

    def random_bits(bits: int) -> int:
        asked.append(bits)
        return int("0123456789ABCDEFGHJK", 36) % 2**80

    code = new_code(random_bits)
    number = 0
    for symbol in symbols_of(code)[:16]:
        number = number * 32 + ALPHABET.index(symbol)
    assert asked == [80]
    assert number == int("0123456789ABCDEFGHJK", 36) % 2**80
    assert len(code) == 20


@given(codes)
def test_a_fresh_code_is_its_own_printed_form(code: str) -> None:
    assert parse_code(code) == code


@given(codes)
def test_typed_with_look_alikes_in_any_case_and_spacing(code: str) -> None:
    typed = code.replace("0", "o").replace("1", "l").lower().replace("-", " \u2013 ")
    assert parse_code(f"  {typed}\n") == code
    assert parse_code(code.replace("1", "I").replace("0", "O").replace("-", "")) == code


@given(codes, positions, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_located(code: str, at: int, wrong: str) -> None:
    symbols = symbols_of(code)
    if symbols[at] == wrong:
        return
    symbols[at] = wrong
    with pytest.raises(MalformedCode) as refused:
        parse_code(grouped(symbols))
    assert (refused.value.hint, refused.value.position) == ("character", at)
    assert code not in str(refused.value)


@given(codes, st.integers(0, 16))
def test_a_swap_of_neighbours_is_caught(code: str, at: int) -> None:
    symbols = symbols_of(code)
    if symbols[at] == symbols[at + 1]:
        return
    symbols[at], symbols[at + 1] = symbols[at + 1], symbols[at]
    with pytest.raises(MalformedCode) as refused:
        parse_code(grouped(symbols))
    if at < 13:  # further right, a single wrong character would explain it just as well
        assert (refused.value.hint, refused.value.position) == ("swapped", at)


@pytest.mark.parametrize(
    ("text", "hint", "position"),
    [
        ("", "length", None),
        ("0" * 17, "length", None),
        ("0" * 19, "length", None),
        ("00000U-000000-000000", "alphabet", 5),
        ("000000-00000Đ-000000", "alphabet", 11),
        ("123456-000000-000000", "several", None),
    ],
)
def test_what_is_no_code_says_why(text: str, hint: str, position: int | None) -> None:
    with pytest.raises(MalformedCode) as refused:
        parse_code(text)
    assert (refused.value.hint, refused.value.position) == (hint, position)


@given(codes, codes)
def test_codes_are_found_in_addresses_and_printed_text(one: str, other: str) -> None:
    text = (
        f"HTTPS://BANSAO.HANOI.GOV.VN/C/{one}#a-b_c Mã: {other.lower()}; "
        f"{one.replace('-', '')}; AAAAAA-AAAAAA-AAAAAA 1{one}"
    )
    assert find_codes(text) == list(dict.fromkeys([one, other]))


def test_the_log_holds_a_hash_of_the_symbols_alone() -> None:
    code = new_code(lambda bits: 1)
    symbols = code.replace("-", "")
    assert code_hash(code) == hashlib.sha256(f"bansao code v1\n{symbols}".encode()).digest()
    assert code_hash(symbols.lower()) == code_hash(code)
