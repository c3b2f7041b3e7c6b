"""Whether a document names the holder of the identity card (pure)."""

from intake.flag import Flag, Severity
from intake.identity.id_card import IdCard
from intake.identity.name import plain, same_letters
from intake.recognise.reading import Reading

# What `recognise` calls the person whom the document is about, and others whom it may concern.
NAME_FIELD, NUMBER_FIELD, BIRTH_FIELD = "holder_name", "personal_id", "birth_date"
CONCERNED_FIELDS = ("wife_name", "husband_name", "mother_name", "father_name")


def holder_flags(card: IdCard, reading: Reading) -> list[Flag]:
    """Remarks on name, number and birth date in the document against the card's.

    A document about somebody else is common (a parent brings a child's), hence no alarm; but one
    that bears the holder's name with another number or birth date is about a namesake or altered.
    """
    told = {field.name: field.value for field in reading.fields if field.value.strip()}
    names = {field: told[field] for field in (NAME_FIELD, *CONCERNED_FIELDS) if field in told}
    if not names:
        return [Flag(code="flag-holder-unnamed", severity="info", about=NAME_FIELD)]
    alike = [field for field, name in names.items() if plain(name) == plain(card.full_name)]
    if not alike:
        field, name = next(iter(names.items()))
        return [_remark("flag-holder-differs", "warn", field, (name, card.full_name))]
    flags, field = [], alike[0]
    if "qr" in card.sources and not same_letters(names[field], card.full_name):
        flags.append(_remark("flag-holder-spelling", "warn", field, (names[field], card.full_name)))
    return flags + _contradictions(card, told) if field == NAME_FIELD else flags


def _contradictions(card: IdCard, told: dict[str, str]) -> list[Flag]:
    number, born = told.get(NUMBER_FIELD), told.get(BIRTH_FIELD)
    flags = []
    if number is not None and number not in {card.number, card.old_number}:
        flags.append(_remark("flag-holder-number", "alarm", NUMBER_FIELD, (number, card.number)))
    if born is not None and born != card.born_on.isoformat():
        shown = _shown(born), f"{card.born_on:%d/%m/%Y}"
        flags.append(_remark("flag-holder-birth", "alarm", BIRTH_FIELD, shown))
    return flags


def _remark(code: str, severity: Severity, about: str, compared: tuple[str, str]) -> Flag:
    values = {"document": compared[0], "card": compared[1]}
    return Flag(code=code, severity=severity, about=about, values=values)


def _shown(iso: str) -> str:
    """dd/mm/yyyy, as people write dates here."""
    return "/".join(reversed(iso.split("-")))
