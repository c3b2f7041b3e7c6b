"""Finding a machine-readable zone in what OCR made of it (pure).

Digits are read as the letters they resemble and runs of `<` are miscounted. Both are mended where
the format leaves one choice only; the check digits then tell whether the mending was right.
"""

import re

from intake.identity.mrz import LINE_LENGTH, Mrz, parse_mrz

LOOKALIKES = str.maketrans("OQDUCILZSBGTA", "0900011258674")
DIGIT = "[0-9OQDUCILZSBGTA]"
FILLER = "[<KC]"

# The code of a Vietnamese card's zone is always ID, whatever was read in its place; a last 0 often
# comes out as `0O`.
FIRST = re.compile(rf"VNM({DIGIT}{{9}})({DIGIT})({DIGIT}{{12}}){FILLER}{{0,4}}({DIGIT})O?$")
SECOND = re.compile(
    rf"({DIGIT}{{6}})({DIGIT})([MF<])({DIGIT}{{6}})({DIGIT})VNM{FILLER}*({DIGIT})O?$"
)
NAME = re.compile(r"([A-Z]{1,29}<[A-Z<]*)")
# After two fillers no name goes on; letters in the rest are fillers misread.
NAME_END = re.compile(r"(?<=[A-Z])<<(?=<)[A-Z<]*$|<<[<KCE]*$")


def find_mrz(text: str) -> Mrz | None:
    """The zone among recognised lines, the one with the fewest wrong check digits; None if none."""
    lines = ["".join(line.split()).upper().replace("«", "<<") for line in text.splitlines()]
    lines = [line for line in lines if line]
    zones = (_zone(lines[i : i + 3]) for i in range(len(lines) - 2))
    found = [zone for zone in zones if zone is not None]
    return min(found, key=lambda zone: len(zone.wrong_checks), default=None)


def _zone(lines: list[str]) -> Mrz | None:
    first, second, name = (
        FIRST.search(lines[0]),
        SECOND.search(lines[1]),
        NAME.search(lines[2]),
    )
    if first is None or second is None or name is None:
        return None
    document, document_check, number, number_check = _digits(first)
    born, born_check, sex, expires, expires_check, total = second.groups()
    born, born_check, expires, expires_check, total = (
        part.translate(LOOKALIKES) for part in (born, born_check, expires, expires_check, total)
    )
    dates = f"{born}{born_check}{sex}{expires}{expires_check}VNM"
    return parse_mrz(
        (
            f"IDVNM{document}{document_check}{number}<<{number_check}",
            f"{dates:<<29}{total}",
            f"{NAME_END.sub('', name[1])[:LINE_LENGTH]:<<30}",
        )
    )


def _digits(found: re.Match[str]) -> list[str]:
    return [part.translate(LOOKALIKES) for part in found.groups()]
