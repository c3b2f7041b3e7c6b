"""Whether a document names the holder of the identity card (pure)."""

from intake.flag import Flag
from intake.identity.id_card import IdCard
from intake.identity.name import plain, same_letters
from intake.recognise.reading import Reading

# What `recognise` calls the person whom the document is about.
NAME_FIELD, NUMBER_FIELD, BIRTH_FIELD = "holder_name", "personal_id", "birth_date"


def holder_flags(card: IdCard, reading: Reading) -> list[Flag]:
    """Remarks on name, number and birth date in the document against the card's.

    A document about somebody else is common (a parent brings a child's), hence no alarm; but one
    that bears the holder's name with another number or birth date is about a namesake or altered.
    """
    told = {field.name: field.value for field in reading.fields if field.value.strip()}
    name = told.get(NAME_FIELD)
    if name is None:
        return [Flag(code="flag-holder-unnamed", severity="info", about=NAME_FIELD)]
    values = {"document": name, "card": card.full_name}
    if plain(name) != plain(card.full_name):
        return [Flag(code="flag-holder-differs", severity="warn", about=NAME_FIELD, values=values)]
    flags = []
    if "qr" in card.sources and not same_letters(name, card.full_name):
        flags.append(
            Flag(code="flag-holder-spelling", severity="warn", about=NAME_FIELD, values=values)
        )
    return flags + _contradictions(card, told)


def _contradictions(card: IdCard, told: dict[str, str]) -> list[Flag]:
    number, born = told.get(NUMBER_FIELD), told.get(BIRTH_FIELD)
    flags = []
    if number is not None and number not in {card.number, card.old_number}:
        values = {"document": number, "card": card.number}
        flags.append(
            Flag(code="flag-holder-number", severity="alarm", about=NUMBER_FIELD, values=values)
        )
    if born is not None and born != card.born_on.isoformat():
        values = {"document": _shown(born), "card": f"{card.born_on:%d/%m/%Y}"}
        flags.append(
            Flag(code="flag-holder-birth", severity="alarm", about=BIRTH_FIELD, values=values)
        )
    return flags


def _shown(iso: str) -> str:
    """dd/mm/yyyy, as people write dates here."""
    return "/".join(reversed(iso.split("-")))
